/* report: the door: which format, what it needs, and the way of a tile to its writer.
 * In: options, tiles. Out: bytes in a buffer. Next: write_*.c. The one idea: what is the same for
 * every case is laid out once, and shared by all threads; a pen is all that a thread owns. */
#include "report/between.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word, *suffix, *suffix2;
    unsigned needs;
} FORMATS[REPORT_COUNT] = {
#define REPORT(name, word, suffix, suffix2, needs) {word, suffix, suffix2, needs},
#include "report/formats.def"
#undef REPORT
};

bool report_format_find(struct text name, enum report_format *out)
{
    for (int i = 0; i < REPORT_COUNT; i++)
        if (text_is(name, FORMATS[i].word)) {
            *out = (enum report_format)i;
            return true;
        }
    return false;
}

bool report_format_of_file(struct text path, enum report_format *out)
{
    for (int i = 0; i < REPORT_COUNT; i++)
        if (text_ends(path, FORMATS[i].suffix) ||
            (FORMATS[i].suffix2[0] && text_ends(path, FORMATS[i].suffix2))) {
            *out = (enum report_format)i;
            return true;
        }
    return false;
}

const char *report_format_name(enum report_format f)
{
    return FORMATS[f].word;
}

static bool is_certainty_only(const struct report_options *o)
{
    return !o->compare && o->format == REPORT_CSV && o->columns == COLUMNS_CERTAINTY;
}

unsigned report_needs(const struct report_options *o)
{
    return is_certainty_only(o) ? (unsigned)PROGRAM_CERTAINTY : FORMATS[o->format].needs;
}

/* --- the layout ------------------------------------------------------------------------------- */

struct laying {
    struct report *r;
    struct buffer scratch;
};

static void lay_digits(struct report *r)
{
    struct digits *digits = arena_array(&r->arena, 2 * CERTAINTY_STEPS + 1, sizeof digits[0]);
    r->digits = digits;
    for (int i = -CERTAINTY_STEPS; i <= CERTAINTY_STEPS; i++, digits++) {
        int size = i < 0 ? -i : i, sign = i < 0;
        if (sign)
            digits->at[0] = '-';
        digits->at[sign] = (char)('0' + size / CERTAINTY_STEPS);
        digits->at[sign + 1] = '.';
        for (int k = sign + 5, rest = size; k > sign + 1; k--, rest /= 10)
            digits->at[k] = (char)('0' + rest % 10);
    }
}

struct text layout_piece(struct report *r, const struct buffer *b)
{
    r->incomplete = r->incomplete || b->failed;
    return arena_text(&r->arena, buffer_view(b));
}

static void lay_out(void *ctx)
{
    struct laying *l = ctx;
    lay_digits(l->r);
    if (l->r->options.format == REPORT_CSV && l->r->options.compare)
        layout_changes(l->r, &l->scratch);
    else if (l->r->options.format == REPORT_CSV)
        layout_csv(l->r, &l->scratch);
    if (l->r->options.format == REPORT_JSONL)
        layout_jsonl(l->r, &l->scratch);
}

struct report *report_new(const struct program *p, const struct survey *s,
                          const struct report_options *o, struct problems *problems)
{
    struct report *r = calloc(1, sizeof *r);
    if (r == NULL) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return NULL;
    }
    arena_init(&r->arena, 0);
    r->program = p;
    r->kb = program_kb(p);
    r->survey = s;
    r->options = *o;
    r->tongue = tongue_find(r->kb->language);
    r->keep_count = s ? survey_keep_count(s) : 0;
    r->hides_cases = s && survey_hides_cases(s);
    r->hides_partners = s && survey_hides_partners(s);
    struct laying l = {.r = r};
    buffer_init(&l.scratch);
    bool ok = arena_run(&r->arena, lay_out, &l) && !r->incomplete;
    buffer_deinit(&l.scratch);
    if (ok)
        return r;
    report_free(r);
    problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    return NULL;
}

void report_free(struct report *r)
{
    if (r == NULL)
        return;
    arena_deinit(&r->arena);
    free(r);
}

struct report_pen *report_pen_new(const struct report *r, struct problems *problems)
{
    struct report_pen *pen = calloc(1, sizeof *pen);
    if (pen) {
        pen->r = r;
        arena_init(&pen->arena, 0);
        buffer_init(&pen->line);
        buffer_init(&pen->scratch);
        pen->packed = calloc((size_t)r->column_count + 1, sizeof *pen->packed);
        pen->cells = calloc((size_t)r->column_count * 64 + 1, sizeof *pen->cells);
        pen->before = calloc((size_t)r->kb->conclusion_count + 1, sizeof *pen->before);
        if (pen->cells && pen->packed && pen->before)
            return pen;
    }
    report_pen_free(pen);
    problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    return NULL;
}

void report_pen_free(struct report_pen *pen)
{
    if (pen == NULL)
        return;
    arena_deinit(&pen->arena);
    buffer_deinit(&pen->line);
    buffer_deinit(&pen->scratch);
    free(pen->cells);
    free(pen->packed);
    free(pen->before);
    free(pen);
}

void report_head(const struct report *r, struct buffer *out)
{
    buffer_text(out, r->head);
}

/* --- tiles ------------------------------------------------------------------------------------ */

static unsigned explain_options(const struct report *r)
{
    if (r->options.compare)
        return EXPLAIN_NO_PROFILE | EXPLAIN_PLAN;
    bool csv = r->options.format == REPORT_CSV;
    return (r->options.findings && !csv ? (unsigned)EXPLAIN_FINDINGS : 0) |
           (csv ? (unsigned)(EXPLAIN_NO_PROFILE | EXPLAIN_PLAN) : 0);
}

struct text report_case_name(const struct report *r, const struct survey_block *b,
                             const struct tile *t, uint32_t c, char room[MADE_NAME])
{
    uint32_t at = t->case_from + c;
    if (!r->hides_cases)
        return t->block->case_names[at];
    memcpy(room, "row ", 4);
    return (struct text){room, 4 + number_unsigned(room + 4, b->rows[at])};
}

struct text report_partner_name(const struct one_case *c, uint32_t partner)
{
    const struct tile *t = c->tile;
    if (c->pen->r->hides_partners)
        return (struct text){"", 0};
    return t->block->partner_names[t->partner_from + c->view->partner_from + partner];
}

struct report_counts report_counts(const struct report_pen *pen)
{
    return pen->counts;
}

/* The csv has no figures of single sides. */
static void find_sides(struct one_case *c)
{
    struct report_pen *pen = c->pen;
    c->sides = NULL;
    if (pen->r->options.format == REPORT_CSV || pen->r->options.min_respondents < 2)
        return;
    c->sides = explain_sides(&pen->arena, c->view, pen->r->options.min_respondents);
    for (uint32_t p = 0; c->sides && p < c->view->partners; p++) {
        pen->counts.few += c->sides[p] == SIDE_FEW;
        pen->counts.beside += c->sides[p] == SIDE_BESIDE;
    }
}

static void write_case(void *ctx)
{
    struct one_case *c = ctx;
    const struct report *r = c->pen->r;
    struct case_view v;
    explain_case(&c->pen->arena, c->in, c->tile, c->tile_case, explain_options(r), &v);
    if (r->options.compare) {
        write_changes(c->pen, &v, c->block, c->out);
        return;
    }
    c->view = &v;
    find_sides(c);
    switch (r->options.format) {
    case REPORT_CSV: write_csv_case(c); break;
    case REPORT_JSONL: write_jsonl_case(c); break;
    case REPORT_TEXT:
    case REPORT_MARKDOWN: write_page(c); break;
    case REPORT_COUNT: break;
    }
    c->view = NULL;
}

void report_tile(struct report_pen *pen, const struct infer *in, const struct tile *t,
                 const struct survey_block *block, struct buffer *out)
{
    if (is_certainty_only(&pen->r->options)) {
        write_certainties(pen, in, t, block, out);
        return;
    }
    struct one_case c = {.pen = pen, .in = in, .tile = t, .block = block, .out = out};
    for (; c.tile_case < t->case_count && !out->failed; c.tile_case++) {
        if (!arena_run(&pen->arena, write_case, &c))
            out->failed = true;
        arena_reset(&pen->arena);
    }
}

/* --- changes between waves -------------------------------------------------------------------- */

_Static_assert(CHANGE_COUNT == (int)REPORT_CHANGES, "every change is counted");

struct report_changes report_changes_since(const struct report_pen *pen,
                                           struct report_changes *before)
{
    struct report_changes now = {.pairs = pen->pairs, .single = pen->single}, since;
    since = (struct report_changes){.pairs = now.pairs - before->pairs,
                                    .single = now.single - before->single};
    for (int i = 0; i < CHANGE_COUNT; i++) {
        now.changes[i] = pen->changes[i];
        since.changes[i] = now.changes[i] - before->changes[i];
    }
    *before = now;
    return since;
}
