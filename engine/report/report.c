/* report: the door: which format, what it needs, and the way of a tile to its writer.
 * In: options, tiles. Out: bytes in a buffer. Next: write_*.c. The one idea: what is the same for
 * every case is laid out once, and shared by all threads; a pen is all that a thread owns. */
#include "report/changes.h"

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

struct one_case {
    struct report_pen *pen;
    const struct infer *in;
    const struct tile *tile;
    const struct survey_block *block;
    struct buffer *out;
    uint32_t tile_case;
};

static unsigned explain_options(const struct report *r)
{
    if (r->options.compare)
        return EXPLAIN_NO_PROFILE | EXPLAIN_PLAN;
    bool csv = r->options.format == REPORT_CSV;
    return (r->options.findings && !csv ? (unsigned)EXPLAIN_FINDINGS : 0) |
           (csv ? (unsigned)(EXPLAIN_NO_PROFILE | EXPLAIN_PLAN) : 0);
}

static void write_case(void *ctx)
{
    const struct one_case *c = ctx;
    const struct report *r = c->pen->r;
    struct case_view v;
    explain_case(&c->pen->arena, c->in, c->tile, c->tile_case, explain_options(r), &v);
    if (r->options.compare) {
        write_changes(c->pen, &v, &c->block->waves[v.tile->case_from + v.tile_case], c->out);
        return;
    }
    switch (r->options.format) {
    case REPORT_CSV: write_csv_case(c->pen, &v, c->block, c->out); break;
    case REPORT_JSONL: write_jsonl_case(c->pen, &v, c->out); break;
    case REPORT_TEXT:
    case REPORT_MARKDOWN: write_page(c->pen, &v, c->out); break;
    case REPORT_COUNT: break;
    }
}

void report_tile(struct report_pen *pen, const struct infer *in, const struct tile *t,
                 const struct survey_block *block, struct buffer *out)
{
    if (is_certainty_only(&pen->r->options)) {
        write_certainties(pen, in, t, block, out);
        return;
    }
    struct one_case c = {pen, in, t, block, out, 0};
    for (; c.tile_case < t->case_count && !out->failed; c.tile_case++) {
        if (!arena_run(&pen->arena, write_case, &c))
            out->failed = true;
        arena_reset(&pen->arena);
    }
}

/* --- changes between waves -------------------------------------------------------------------- */

_Static_assert(CHANGE_COUNT == (int)REPORT_CHANGES, "every change is counted");

void report_changes_add(const struct report_pen *pen, struct report_changes *to)
{
    to->pairs += pen->pairs;
    to->single += pen->single;
    for (int i = 0; i < CHANGE_COUNT; i++)
        to->changes[i] += pen->changes[i];
}
