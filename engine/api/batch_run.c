/* In: files, a kb, options. Out: a report and the rejected rows. Next: the cli.
 * Threads take chunks in order, work on them apart, and put what came out into a ring of slots;
 * whoever completes the next slot in order writes it, so the output is the same for any number. */
#include "api/outputs.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SLOTS_PER_JOB = 4,
    THREAD_STACK = 1 << 20,
    FLUSH = 128 << 10,        /* bytes of one slot that go out early when it is their turn */
    /* Bytes of input from which it pays to make patterns ready for many texts (decision 5), and to
     * have more than one thread. */
    LONG_INPUT = 64 << 10
};

struct slot {
    struct buffer out, rejects;
    struct survey_rows rows;   /* to be stored */
    struct survey_place place; /* behind its chunk */
    struct tally tally;
    bool ready;
};

struct run {
    const struct kb *kb;
    const struct entente_batch *batch;
    struct entente_summary *summary;
    struct problems *problems; /* under `writing` */
    struct survey *survey;
    struct program *program;
    struct report *report;
    struct outputs outputs; /* under `writing` */
    struct survey_place place; /* behind what is written */
    struct tally tally;
    bool is_complete; /* another run has done everything but the end */
    struct buffer examples; /* the first rejected rows */
    unsigned example_count;

    pthread_mutex_t reading; /* survey_read, survey_chunk_recycle */
    uint64_t read;           /* chunks taken */
    bool ended;
    pthread_mutex_t writing;
    pthread_cond_t written_one;
    atomic_uint_least64_t written; /* chunks written */
    atomic_bool failed;
    atomic_uint_least64_t bytes, bytes_all; /* of the input, for progress */
    struct slot *slots;
    unsigned slot_count, jobs;
    bool spilling; /* a thread writes rows to the temporary file; under `writing` */
};

struct worker {
    struct run *run;
    pthread_t thread;
    struct survey_parser *parser;
    struct infer *infer;
    struct report_pen *pen;
    struct problems *problems;
    struct survey_block block;
    uint64_t chunk;
    struct slot *slot;
    struct infer_counts patterns; /* of all chunks so far */
    struct report_counts sides;
    struct report_changes changes;
};

static void fail(struct run *r)
{
    pthread_mutex_lock(&r->writing);
    atomic_store(&r->failed, true);
    pthread_cond_broadcast(&r->written_one);
    pthread_mutex_unlock(&r->writing);
}

/* Under `writing`. */
static bool put_out(struct run *r, struct slot *s)
{
    bool ok = !s->out.failed && !s->rejects.failed;
    if (!ok)
        api_no_memory(r->problems);
    ok = ok && outputs_write(&r->outputs, REPORT, buffer_view(&s->out)) &&
         outputs_write(&r->outputs, REJECTS, buffer_view(&s->rejects));
    buffer_clear(&s->out);
    buffer_clear(&s->rejects);
    return ok;
}

/* Under `writing`. */
static void tell_progress(struct run *r, bool waiting)
{
    if (!r->batch->progress)
        return;
    struct entente_progress p = {.rows = r->tally.rows.read,
                                 .cases = r->tally.cases,
                                 .bytes = atomic_load(&r->bytes),
                                 .bytes_all = atomic_load(&r->bytes_all),
                                 .waiting = waiting};
    r->batch->progress(r->batch->ctx, &p);
}

/* Under `reading`, or before there are threads. */
static void note_bytes(struct run *r)
{
    uint64_t done, all;
    if (!r->survey)
        return;
    survey_progress(r->survey, &done, &all);
    atomic_store(&r->bytes, done);
    atomic_store(&r->bytes_all, all);
}

/* Inside survey_new and survey_read. */
static void on_waiting(void *ctx)
{
    struct run *r = ctx;
    note_bytes(r);
    pthread_mutex_lock(&r->writing);
    tell_progress(r, true);
    pthread_mutex_unlock(&r->writing);
}

/* Lines of CSV, without the header. */
static void keep_examples(struct run *r, struct text rejects)
{
    for (size_t i = 0; i < rejects.size && r->example_count < SUMMARY_REJECTS; i++) {
        buffer_byte(&r->examples, rejects.at[i]);
        r->example_count += rejects.at[i] == '\n'; /* a line end in a cell is written out */
    }
}

/* Under `writing`: the rows of the next slot. Where they would make another spill while one is
 * written, only waits: the slot may be another thread's then. */
static bool store(struct run *r, struct slot *s, struct survey_spill **spill, bool *stored)
{
    *stored = !r->spilling || !survey_is_full(r->survey);
    if (!*stored) {
        pthread_cond_wait(&r->written_one, &r->writing);
        return true;
    }
    bool ok = survey_store(r->survey, &s->rows, r->spilling ? NULL : spill, r->problems);
    r->spilling |= *spill != NULL;
    return ok;
}

/* Under `writing`: writes what is complete, in order, until there is something to spill. */
static bool write_ready(struct run *r, struct survey_spill **spill)
{
    bool ok = true, stored;
    *spill = NULL;
    while (ok && !*spill) {
        uint64_t at = atomic_load(&r->written);
        struct slot *s = &r->slots[at % r->slot_count];
        ok = !atomic_load(&r->failed); /* else the first that failed is behind */
        if (!ok || !s->ready)
            break;
        ok = store(r, s, spill, &stored);
        if (!ok || !stored)
            continue;
        keep_examples(r, buffer_view(&s->rejects));
        ok = put_out(r, s);
        tally_add(&r->tally, &s->tally);
        r->place = s->place;
        s->ready = false;
        s->tally = (struct tally){.cases = 0};
        atomic_store(&r->written, at + 1);
        ok = ok && rejects_are_few(r->batch, &r->tally.rows, false, r->problems);
        ok = ok && outputs_note(&r->outputs, &r->place, &r->tally, false);
    }
    tell_progress(r, false);
    return ok;
}

/* The chunk's slot is complete, or what failed has been said. */
static void finish_slot(struct worker *w, bool ok)
{
    struct run *r = w->run;
    struct survey_spill *spill = NULL;
    pthread_mutex_lock(&r->writing);
    w->slot->ready = ok;
    for (;;) {
        ok = ok && write_ready(r, &spill);
        if (!ok)
            atomic_store(&r->failed, true);
        pthread_cond_broadcast(&r->written_one);
        if (!ok || !spill)
            break;
        pthread_mutex_unlock(&r->writing);
        ok = survey_spill(r->survey, spill, w->problems);
        spill = NULL;
        pthread_mutex_lock(&r->writing);
        r->spilling = false;
    }
    pthread_mutex_unlock(&r->writing);
    survey_spill_free(spill);
}

static bool on_tile(const struct infer *in, const struct tile *t, void *ctx)
{
    struct worker *w = ctx;
    struct run *r = w->run;
    struct slot *s = w->slot;
    report_tile(w->pen, in, t, &w->block, &s->out);
    s->tally.cases += t->case_count;
    if (s->out.failed) {
        api_no_memory(w->problems);
        return false;
    }
    if (s->out.size < FLUSH || atomic_load(&r->written) != w->chunk)
        return true;
    pthread_mutex_lock(&r->writing);
    bool ok = outputs_write(&r->outputs, REPORT, buffer_view(&s->out));
    buffer_clear(&s->out);
    pthread_mutex_unlock(&r->writing);
    return ok;
}

/* The slot of a chunk, once what was in it is written; false where something failed meanwhile. */
static bool wait_for_slot(struct worker *w, uint64_t chunk)
{
    struct run *r = w->run;
    w->chunk = chunk;
    w->slot = &r->slots[chunk % r->slot_count];
    pthread_mutex_lock(&r->writing);
    while (chunk - atomic_load(&r->written) >= r->slot_count && !atomic_load(&r->failed))
        pthread_cond_wait(&r->written_one, &r->writing);
    bool is_free = chunk - atomic_load(&r->written) < r->slot_count;
    pthread_mutex_unlock(&r->writing);
    return is_free;
}

/* Under `reading`: until the rows of all chunks are stored. False where something failed. */
static bool wait_for_all(struct run *r)
{
    pthread_mutex_lock(&r->writing);
    while ((atomic_load(&r->written) < r->read || r->spilling) && !atomic_load(&r->failed))
        pthread_cond_wait(&r->written_one, &r->writing);
    pthread_mutex_unlock(&r->writing);
    return !atomic_load(&r->failed);
}

/* Under `reading`. */
static bool read_chunk(struct worker *w, struct survey_chunk **chunk)
{
    struct run *r = w->run;
    if (!survey_read(r->survey, chunk, w->problems))
        return false;
    if (*chunk || !survey_is_waiting(r->survey))
        return true;
    return !wait_for_all(r) || survey_read(r->survey, chunk, w->problems);
}

/* The next chunk and the slot for what comes of it. NULL at the end, or where something failed. */
static struct survey_chunk *take(struct worker *w)
{
    struct run *r = w->run;
    struct survey_chunk *chunk = NULL;
    pthread_mutex_lock(&r->reading);
    if (!r->ended && !atomic_load(&r->failed)) {
        if (r->batch->stop && r->batch->stop(r->batch->ctx)) {
            r->summary->stopped = r->ended = true;
        } else if (!read_chunk(w, &chunk)) {
            chunk = NULL;
            fail(r);
        } else if (!chunk) {
            r->ended = true;
        }
        note_bytes(r);
    }
    if (chunk && wait_for_slot(w, r->read++)) {
        survey_place(r->survey, &w->slot->place);
    } else if (chunk) {
        survey_chunk_recycle(r->survey, chunk);
        chunk = NULL;
    }
    pthread_mutex_unlock(&r->reading);
    return chunk;
}

static bool work_on(struct worker *w, struct survey_chunk *chunk)
{
    bool ok = true;
    survey_parser_start(w->parser, chunk);
    while (ok && (ok = survey_parse(w->parser, &w->block, w->problems)) && w->block.cases)
        ok = infer_run(w->infer, w->block.cases, on_tile, w, w->problems);
    buffer_text(&w->slot->rejects, survey_parser_rejects(w->parser));
    survey_parser_counts(w->parser, &w->slot->tally.rows);
    struct infer_counts c = infer_counts(w->infer), *before = &w->patterns;
    w->slot->tally.patterns = (struct infer_counts){c.pattern_limits - before->pattern_limits,
                                                    c.texts_cut - before->texts_cut};
    *before = c;
    struct report_counts sides = report_counts(w->pen);
    w->slot->tally.sides = (struct report_counts){sides.few - w->sides.few,
                                                  sides.beside - w->sides.beside};
    w->sides = sides;
    w->slot->tally.changes = report_changes_since(w->pen, &w->changes);
    survey_parser_rows(w->parser, &w->slot->rows);
    return ok;
}

static void *work(void *ctx)
{
    struct worker *w = ctx;
    struct run *r = w->run;
    struct survey_chunk *chunk;
    while ((chunk = take(w))) {
        bool ok = work_on(w, chunk);
        finish_slot(w, ok);
        /* after the slot is out: who waits for one holds `reading` */
        pthread_mutex_lock(&r->reading);
        survey_chunk_recycle(r->survey, chunk);
        pthread_mutex_unlock(&r->reading);
        if (!ok)
            break;
    }
    return NULL;
}

static bool worker_init(struct worker *w, struct run *r)
{
    *w = (struct worker){.run = r, .problems = problems_new()};
    if (!w->problems)
        return false;
    w->parser = survey_parser_new(r->survey, w->problems);
    w->infer = w->parser ? infer_new(r->program, w->problems) : NULL;
    w->pen = w->infer ? report_pen_new(r->report, w->problems) : NULL;
    return w->pen != NULL;
}

static void worker_deinit(struct worker *w, struct problems *problems)
{
    if (w->problems && problems)
        problems_take(problems, w->problems);
    report_pen_free(w->pen);
    infer_free(w->infer);
    survey_parser_free(w->parser);
    problems_free(w->problems);
}

/* Stacks of their own size: the limit of the process may be far smaller, or far larger. */
static bool start_thread(struct worker *w)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    bool ok = pthread_attr_setstacksize(&attributes, THREAD_STACK) == 0 &&
              pthread_create(&w->thread, &attributes, work, w) == 0;
    pthread_attr_destroy(&attributes);
    return ok;
}

/* As many threads as can be had; this one works too. */
static void run_workers(struct run *r)
{
    struct worker *w = calloc(r->jobs, sizeof *w);
    unsigned started = 0;
    if (!w || !worker_init(&w[0], r)) {
        atomic_store(&r->failed, true);
        if (w)
            worker_deinit(&w[0], r->problems);
        if (!problems_has_error(r->problems))
            api_no_memory(r->problems);
        free(w);
        return;
    }
    for (started = 1; started < r->jobs; started++) {
        if (worker_init(&w[started], r) && start_thread(&w[started]))
            continue;
        worker_deinit(&w[started], NULL);
        break;
    }
    work(&w[0]);
    for (unsigned k = 1; k < started; k++)
        pthread_join(w[k].thread, NULL);
    for (unsigned k = 0; k < started; k++)
        worker_deinit(&w[k], r->problems);
    r->summary->jobs = started;
    free(w);
}

/* Or nobody knows how long it is. */
static bool is_long(const struct run *r)
{
    uint64_t bytes = atomic_load(&r->bytes_all);
    return bytes == 0 || bytes > LONG_INPUT;
}

static unsigned jobs_wanted(const struct run *r)
{
    long processors = r->batch->jobs ? (long)r->batch->jobs
                      : is_long(r)   ? sysconf(_SC_NPROCESSORS_ONLN)
                                     : 1;
    return processors < 1 ? 1 : processors > (long)LIMIT_JOBS ? LIMIT_JOBS : (unsigned)processors;
}

/* Outputs first, so that what cannot be written is said before any work is done. */
static bool open_all(struct run *r)
{
    const struct entente_batch *b = r->batch;
    struct report_options ro = {.format = (enum report_format)b->format,
                                .columns = (enum report_columns)b->columns,
                                .findings = b->findings,
                                .compare = b->compare,
                                .raw_csv = b->raw_csv,
                                .color = b->look.color,
                                .whole_plan = b->look.whole_plan,
                                .width = b->look.width,
                                .min_respondents = b->min_respondents};
    struct survey_options so = api_survey_options(&b->input);
    so.compare = b->compare;
    so.waiting = on_waiting;
    so.ctx = r;
    if (!outputs_open(&r->outputs, b, r->problems))
        return false;
    r->survey = survey_new(r->kb, &so, r->problems);
    if (!r->survey)
        return false;
    note_bytes(r);
    unsigned flags = report_needs(&ro);
    if (is_long(r))
        flags |= PROGRAM_BATCH;
    r->program = program_new(r->kb, survey_put(r->survey), flags, r->problems);
    r->report = r->program ? report_new(r->program, r->survey, &ro, r->problems) : NULL;
    return r->report != NULL;
}

static bool start(struct run *r)
{
    r->jobs = jobs_wanted(r);
    r->slot_count = r->jobs * SLOTS_PER_JOB;
    r->slots = calloc(r->slot_count, sizeof *r->slots);
    if (!r->slots) {
        api_no_memory(r->problems);
        return false;
    }
    for (unsigned k = 0; k < r->slot_count; k++) {
        buffer_init(&r->slots[k].out);
        buffer_init(&r->slots[k].rejects);
        survey_rows_init(&r->slots[k].rows);
    }
    bool resumed;
    if (!outputs_begin(&r->outputs, r->kb, r->survey, &resumed))
        return false;
    if (resumed) {
        r->place = r->outputs.note.place;
        r->tally = r->outputs.note.tally;
        r->is_complete = r->outputs.note.complete;
        return r->is_complete || survey_resume(r->survey, &r->place, r->problems);
    }
    report_head(r->report, &r->slots[0].out);
    buffer_c(&r->slots[0].rejects, "file,line,byte,column,value,reason\n");
    return put_out(r, &r->slots[0]);
}

static void close_all(struct run *r)
{
    for (unsigned k = 0; r->slots && k < r->slot_count; k++) {
        buffer_deinit(&r->slots[k].out);
        buffer_deinit(&r->slots[k].rejects);
        survey_rows_deinit(&r->slots[k].rows);
    }
    free(r->slots);
    report_free(r->report);
    program_free(r->program);
    survey_free(r->survey);
    buffer_deinit(&r->examples);
}

/* Whatever ends a run before its time leaves what was noted, unless the run itself is wrong. */
static bool is_worth_keeping(const struct run *r)
{
    int code = problems_exit(r->problems);
    return code == 0 || code == EXIT_IO || code == EXIT_LIMIT;
}

static bool finish(struct run *r)
{
    const struct survey_counts *c = &r->tally.rows;
    if (atomic_load(&r->failed) || problems_has_error(r->problems))
        return false;
    if (r->summary->stopped) {
        outputs_note(&r->outputs, &r->place, &r->tally, r->outputs.is_noted);
        return false;
    }
    if (c->read != c->used + c->rejected + c->left_out) {
        problem_add(r->problems, PROBLEM_BUG, SPAN_NONE,
                    "rows read are not rows used, rejected and left out", NULL, NULL);
        return false;
    }
    return rejects_are_few(r->batch, c, true, r->problems) &&
           outputs_commit(&r->outputs, &r->place, &r->tally);
}

static bool run_all(struct run *r)
{
    bool started = open_all(r) && start(r);
    if (started && !r->is_complete)
        run_workers(r);
    r->summary->closed_pipe = outputs_is_closed_pipe(&r->outputs);
    if (!started)
        return false;
    r->summary->abandoned_dropped = r->batch->input.drop_abandoned;
    r->summary->previews_kept = r->batch->input.keep_previews;
    r->summary->first_counts = r->batch->input.duplicates == ENTENTE_FIRST;
    summary_fill(r->summary, r->kb, r->survey, r->program, &r->tally, buffer_view(&r->examples));
    if (finish(r))
        return true;
    if (problems_has(r->problems, PROBLEM_REJECTS_MANY))
        outputs_commit_rejects(&r->outputs);
    return false;
}

bool entente_batch_run(const struct entente_kb *kb, const struct entente_batch *batch,
                       struct entente_summary *summary, struct entente_problems *problems)
{
    struct run r = {.kb = kb_inside(kb),
                    .batch = batch,
                    .summary = summary,
                    .problems = problems_inside(problems)};
    *summary = (struct entente_summary){0};
    buffer_init(&r.examples);
    pthread_mutex_init(&r.reading, NULL);
    pthread_mutex_init(&r.writing, NULL);
    pthread_cond_init(&r.written_one, NULL);
    bool ok = run_all(&r);
    close_all(&r);
    outputs_close(&r.outputs, !ok && is_worth_keeping(&r));
    pthread_cond_destroy(&r.written_one);
    pthread_mutex_destroy(&r.writing);
    pthread_mutex_destroy(&r.reading);
    return ok;
}
