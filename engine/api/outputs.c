/* In: what a batch writes. Out: files that appear whole, and notes of how far it is. Next: the
 * disk. The order is everything: bytes onto the disk, then the note that speaks of them; the
 * rejected rows get their name first, the report last, and then the note goes. */
#include "api/outputs.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NOTE_BYTES = 4 << 20 }; /* a key in it may have LIMIT_FIELD bytes, twice */

static const char NOTE[] = "checkpoint";

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static const char *shown(struct outputs *o)
{
    return problem_quote(o->problems, text_from_c(o->batch->output));
}

/* --- opening --------------------------------------------------------------------------------- */

static bool is_kept(const struct outputs *o)
{
    return o->file[REPORT] && outfile_is_renamed(o->file[REPORT]) &&
           (!o->batch->rejects || outfile_is_renamed(o->file[REJECTS]));
}

static void read_note(void *ctx)
{
    struct outputs *o = ctx;
    bool other_version;
    if (!checkpoint_read(&o->arena, buffer_view(&o->found), &o->note, &other_version))
        o->note.outputs[REPORT].part = (struct text){NULL, 0};
}

/* Without --resume. What is kept is not thrown away unless that is said; where the run before had
 * its outputs in place, or somebody removed them, nothing is kept. */
static bool leave_behind(struct outputs *o)
{
    struct checkpoint *c = &o->note;
    if (!arena_run(&o->arena, read_note, o))
        return api_no_memory(o->problems);
    if (!o->batch->force && c->outputs[REPORT].part.at &&
        outfile_is_left(o->file[REPORT], c->outputs[REPORT].part)) {
        problem_add(o->problems, PROBLEM_OUTPUT_UNFINISHED, SPAN_NONE, shown(o), NULL, NULL);
        problem_help(o->problems, "--resume goes on with it; --force begins at the start");
        return false;
    }
    for (int i = 0; i < OUTPUTS; i++)
        if (o->file[i] && c->outputs[i].part.at)
            outfile_remove_left(o->file[i], c->outputs[i].part);
    outfile_remove_note(o->file[REPORT]);
    return true;
}

static bool refuse_resume(struct outputs *o, const char *why)
{
    problem_add(o->problems, PROBLEM_RESUME_NOWHERE, SPAN_NONE, why, NULL, NULL);
    return false;
}

bool outputs_open(struct outputs *o, const struct entente_batch *b, struct problems *problems)
{
    const char *const names[OUTPUTS] = {b->output, b->rejects};
    *o = (struct outputs){.batch = b, .problems = problems};
    arena_init(&o->arena, 0);
    buffer_init(&o->found);
    if (!outputs_are_apart(b, problems))
        return false;
    for (int i = 0; i < OUTPUTS; i++) {
        if (i != REPORT && !names[i])
            continue;
        o->file[i] = outfile_open(names[i], b->force, b->resume, problems);
        if (!o->file[i])
            return false;
    }
    if (b->resume && !is_kept(o))
        return refuse_resume(o, "the outputs are not files");
    o->was_found = outfile_is_renamed(o->file[REPORT]) &&
                   outfile_read_note(o->file[REPORT], NOTE, NOTE_BYTES, &o->found);
    return !o->was_found || b->resume || leave_behind(o);
}

/* --- what run it is --------------------------------------------------------------------------- */

/* Everything that changes the outputs. Threads do not. */
static uint64_t identify_options(const struct entente_batch *b, const struct kb *kb)
{
    const struct entente_input *in = &b->input;
    const char *const words[] = {in->case_column, in->partner_column, in->respondent_column,
                                 in->encoding,    in->dialect,        in->map,
                                 in->sheet,       in->decimal,        in->wave_column,
                                 b->rejects};
    const uint64_t numbers[] = {in->each_row,
                                in->sorted,
                                in->memory,
                                in->max_field,
                                (uint64_t)(unsigned char)in->separator,
                                in->drop_abandoned,
                                in->keep_previews,
                                in->keep_personal,
                                in->quote_text,
                                (uint64_t)in->duplicates,
                                in->skip_rows,
                                (uint64_t)b->format,
                                (uint64_t)b->columns,
                                b->findings,
                                b->compare,
                                b->raw_csv,
                                b->look.color,
                                b->look.whole_plan,
                                b->look.width,
                                b->min_respondents};
    struct digest d;
    digest_init(&d);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        digest_string(&d, words[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        digest_number(&d, numbers[i]);
    for (size_t i = 0; i < in->keep_count; i++)
        digest_string(&d, in->keep[i]);
    digest_text(&d, kb->language);
    return digest_value(&d);
}

static uint64_t identify_packs(const struct kb *kb)
{
    struct digest d;
    digest_init(&d);
    digest_text(&d, kb->name);
    digest_number(&d, kb->digest);
    digest_number(&d, kb->texts_digest);
    return digest_value(&d);
}

static bool identify(const struct outputs *o, struct checkpoint *c, struct problems *problems)
{
    struct digest inputs;
    digest_init(&inputs);
    c->version = text_from_c(ENTENTE_VERSION);
    c->pack = identify_packs(o->kb);
    c->options = identify_options(o->batch, o->kb);
    bool ok = survey_identify(o->survey, &inputs, problems);
    c->inputs = digest_value(&inputs);
    return ok;
}

/* --- going on -----------------------------------------------------------------------------------
 */

static bool refuse(struct outputs *o, enum problem_code code, const char *why)
{
    problem_add(o->problems, code, SPAN_NONE, shown(o), why, NULL);
    problem_help(o->problems, "--force instead of --resume begins at the start");
    return false;
}

static bool check_same(struct outputs *o, const struct checkpoint *now)
{
    const struct checkpoint *then = &o->note;
    if (then->pack != now->pack)
        return refuse(o, PROBLEM_RESUME_OTHER, "the packs, or their language, have changed");
    if (then->inputs != now->inputs)
        return refuse(o, PROBLEM_RESUME_OTHER, "an input has changed, or is another file");
    if (then->options != now->options)
        return refuse(o, PROBLEM_RESUME_OTHER, "it had other options");
    return true;
}

/* An output that has its name already was complete: only the run's end is missing. */
static bool adopt(struct outputs *o, int which)
{
    uint64_t size = o->note.outputs[which].size, digest = o->note.outputs[which].digest;
    struct outfile *f = o->file[which];
    o->size[which] = size;
    if (outfile_adopt(f, o->note.outputs[which].part, size, digest, &o->digest[which]))
        return true;
    if (!o->note.complete || !outfile_is_done(f, size, digest))
        return refuse(o, PROBLEM_RESUME_DAMAGED,
                      which == REPORT ? "the unfinished report" : "the rejected rows");
    if (which == REPORT)
        outfile_remove_note(f);
    outfile_free(f);
    o->file[which] = NULL;
    return true;
}

struct resuming {
    struct outputs *o;
    struct checkpoint now;
    bool ok;
};

static void resume(void *ctx)
{
    struct resuming *r = ctx;
    struct outputs *o = r->o;
    bool other_version;
    if (!checkpoint_read(&o->arena, buffer_view(&o->found), &o->note, &other_version)) {
        r->ok = other_version
                    ? refuse(o, PROBLEM_RESUME_OTHER, "it was of another version of Entente")
                    : refuse(o, PROBLEM_RESUME_DAMAGED, "the note of how far it was");
        return;
    }
    r->ok = check_same(o, &r->now);
    for (int i = OUTPUTS; r->ok && i-- > 0;) /* the report came last */
        if (o->file[i])
            r->ok = adopt(o, i);
}

static bool go_on(struct outputs *o)
{
    struct resuming r = {.o = o};
    if (!identify(o, &r.now, o->problems))
        return false;
    if (!arena_run(&o->arena, resume, &r))
        return api_no_memory(o->problems);
    if (!r.ok)
        return false;
    o->is_noted = o->is_identified = o->is_digesting = true;
    problem_add(o->problems, PROBLEM_RESUMED, SPAN_NONE, shown(o),
                problem_count_text(o->problems, o->note.tally.rows.read),
                problem_count_text(o->problems, o->note.tally.cases));
    return true;
}

static bool begin(struct outputs *o)
{
    for (int i = 0; i < OUTPUTS; i++)
        if (o->file[i] && !outfile_begin(o->file[i], o->problems))
            return false;
    if (o->batch->resume)
        problem_add(o->problems, PROBLEM_RESUME_NONE, SPAN_NONE, shown(o), NULL, NULL);
    return true;
}

bool outputs_begin(struct outputs *o, const struct kb *kb, const struct survey *s, bool *resumed)
{
    o->kb = kb;
    o->survey = s;
    o->can_resume = is_kept(o) && survey_can_resume(s) && o->batch->checkpoint > 0;
    if (o->batch->resume && !survey_can_resume(s))
        return refuse_resume(o, "an input is not a file that can be read from the middle");
    *resumed = o->batch->resume && o->was_found;
    o->last = now();
    return *resumed ? go_on(o) : begin(o);
}

/* --- writing ------------------------------------------------------------------------------------
 */

bool outputs_write(struct outputs *o, int which, struct text t)
{
    if (!o->file[which] || t.size == 0)
        return true;
    o->size[which] += t.size;
    if (o->is_digesting)
        digest_text(&o->digest[which], t);
    return outfile_write(o->file[which], t, o->problems);
}

bool outputs_is_closed_pipe(const struct outputs *o)
{
    return o->file[REPORT] && outfile_is_closed_pipe(o->file[REPORT]);
}

/* --- how far it is ------------------------------------------------------------------------------
 */

static int note_all(struct outputs *o)
{
    struct buffer bytes;
    int error = o->is_identified || identify(o, &o->note, NULL) ? 0 : EIO;
    o->is_identified = !error;
    for (int i = 0; i < OUTPUTS && !error; i++) {
        o->note.outputs[i].part = (struct text){NULL, 0};
        if (!o->file[i])
            continue;
        if (!o->is_digesting)
            error = outfile_digest(o->file[i], o->size[i], &o->digest[i]);
        o->note.outputs[i].part = outfile_part(o->file[i]);
        o->note.outputs[i].size = o->size[i];
        o->note.outputs[i].digest = digest_value(&o->digest[i]);
    }
    o->is_digesting |= !error;
    buffer_init(&bytes);
    checkpoint_write(&o->note, &bytes);
    if (!error)
        error = bytes.failed ? -1 : outfile_write_note(o->file[REPORT], NOTE, buffer_view(&bytes));
    buffer_deinit(&bytes);
    return error;
}

static bool sync_all(struct outputs *o)
{
    bool ok = true;
    for (int i = 0; i < OUTPUTS && ok; i++)
        ok = !o->file[i] || outfile_sync(o->file[i], o->problems);
    return ok;
}

static bool note(struct outputs *o, const struct survey_place *place, const struct tally *tally,
                 bool complete)
{
    if (!sync_all(o))
        return false;
    o->note.place = *place;
    o->note.tally = *tally;
    o->note.complete = complete;
    int error = note_all(o);
    if (error == 0) {
        o->is_noted = true;
        for (int i = 0; i < OUTPUTS; i++)
            if (o->file[i])
                outfile_keep(o->file[i], o->size[i]);
    } else if (!o->is_warned) {
        o->is_warned = true;
        problem_add(o->problems, PROBLEM_NOT_NOTED, SPAN_NONE, shown(o),
                    error < 0 ? "there is not enough memory"
                              : problem_format(o->problems, "%s", strerror(error)),
                    NULL);
    }
    o->last = now();
    return true;
}

bool outputs_note(struct outputs *o, const struct survey_place *place, const struct tally *tally,
                  bool at_once)
{
    if (o->can_resume && o->file[REPORT] && (at_once || now() - o->last >= o->batch->checkpoint))
        return note(o, place, tally, false);
    return true;
}

/* --- the end ------------------------------------------------------------------------------------
 */

static bool commit(struct outputs *o, int which)
{
    struct outfile *f = o->file[which];
    o->file[which] = NULL;
    return !f || outfile_commit(f, o->problems);
}

/* With two outputs a note stands beside them while they get their names one after the other. */
bool outputs_commit(struct outputs *o, const struct survey_place *place, const struct tally *tally)
{
    if (o->can_resume && o->file[REPORT] && (o->is_noted || o->file[REJECTS]))
        if (!note(o, place, tally, true))
            return false;
    if (!commit(o, REJECTS))
        return false;
    o->is_left = !commit(o, REPORT);
    return !o->is_left;
}

bool outputs_commit_rejects(struct outputs *o)
{
    return commit(o, REJECTS);
}

static bool can_be_kept(const struct outputs *o)
{
    return o->is_noted && o->file[REPORT] && !problems_has(o->problems, PROBLEM_SURVEY_CHANGED);
}

void outputs_close(struct outputs *o, bool keep)
{
    keep = o->is_noted && (o->is_left || (keep && can_be_kept(o)));
    if (keep) {
        problem_add(o->problems, PROBLEM_RESUME_KEPT, SPAN_NONE, shown(o),
                    problem_count_text(o->problems, o->note.tally.rows.read),
                    problem_count_text(o->problems, o->note.tally.cases));
        problem_help(o->problems, "the same command with --resume goes on");
    } else if (o->is_noted && o->file[REPORT]) {
        outfile_remove_note(o->file[REPORT]);
    }
    for (int i = 0; i < OUTPUTS; i++) {
        if (o->file[i] && o->is_noted && !keep)
            outfile_give_up(o->file[i]);
        outfile_free(o->file[i]);
    }
    buffer_deinit(&o->found);
    arena_deinit(&o->arena);
}
