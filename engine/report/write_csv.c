/* write_csv: diagnoses as CSV, three choices of columns.
 * In: certainties in columns; kept cells; for `summary` and `bounds` a case view. Out: rows. The
 * one idea: most certainties are 0 and an empty cell, so columns are gone through once for 64 cases
 * and what is not 0 is handed to its case; between such cells commas are stored 32 at a time, and a
 * certainty is 8 bytes copied from a table. */
#include "report/layout.h"

#include <string.h>

enum { CASES = 64, COMMAS = 32, ROW_ROOM = 128 };

static const char COMMA_RUN[COMMAS + 1] = ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,";

/* --- the header ------------------------------------------------------------------------------- */

static void head_cell(struct buffer *b, struct text t, bool raw)
{
    if (b->size > 0)
        buffer_byte(b, ',');
    csv_text(b, t, raw);
}

static void kept_heads(const struct report *r, struct buffer *b)
{
    for (size_t i = 0; i < r->keep_count; i++)
        head_cell(b, survey_keep_name(r->survey, i), r->options.raw_csv);
}

static void conclusion_heads(const struct report *r, struct buffer *b)
{
    for (uint32_t i = 0; i < r->column_count; i++) {
        struct text id = r->kb->conclusions[r->columns[i]].id;
        head_cell(b, id, true);
        if (r->options.columns != COLUMNS_BOUNDS)
            continue;
        head_cell(b, id, true);
        buffer_c(b, "_max");
    }
}

static void list_columns(struct report *r)
{
    const struct kb *kb = r->kb;
    r->columns = arena_array(&r->arena, kb->conclusion_count, sizeof *r->columns);
    for (uint32_t c = 0; c < kb->conclusion_count; c++)
        if (kb->conclusions[c].kind != CONCLUSION_FINDING)
            r->columns[r->column_count++] = c;
}

void layout_csv(struct report *r, struct buffer *b)
{
    list_columns(r);
    buffer_clear(b);
    if (r->options.columns == COLUMNS_CERTAINTY) {
        if (r->keep_count == 0)
            head_cell(b, TEXT("case"), true);
        kept_heads(r, b);
        conclusion_heads(r, b);
    } else {
        head_cell(b, TEXT("case"), true);
        kept_heads(r, b);
        buffer_c(b, ",partners,respondents,answered");
        conclusion_heads(r, b);
        buffer_c(b, ",present,undetermined,not_assessed,remedies");
    }
    buffer_byte(b, '\n');
    r->head = layout_piece(r, b);
}

/* --- cells ------------------------------------------------------------------------------------ */

static const struct text *kept_cells(const struct report *r, const struct survey_block *block,
                                     const struct tile *t, uint32_t c)
{
    return block->kept + (size_t)(t->case_from + c) * r->keep_count;
}

/* A cell that is not plain, written at o; then `room` more bytes. NULL when memory is short. */
static char *cell_slowly(const struct report *r, struct buffer *out, char *o, struct text t,
                         size_t room)
{
    out->size = (size_t)(o - out->at);
    if (r->keep_count > 0)
        csv_kept(out, t, r->options.raw_csv);
    else
        csv_text(out, t, r->options.raw_csv);
    return buffer_reserve(out, room) ? out->at + out->size : NULL;
}

/* --- certainty: straight from the columns ----------------------------------------------------- */

/* A column that has a certainty for every case. */
static void deal_dense(struct report_pen *pen, const struct infer *in, uint32_t column,
                       const double *lo)
{
    uint16_t steps[CASES];
    infer_steps(in, lo, steps);
    for (uint32_t c = 0; c < CASES; c++) {
        *pen->behind[c] = column << CELL_BITS | steps[c];
        pen->behind[c] += steps[c] != NO_STEPS;
    }
}

/* To each case of a tile the cells that its columns have, in order. */
static void deal_columns(struct report_pen *pen, const struct infer *in)
{
    const struct report *r = pen->r;
    uint32_t **next = pen->behind;
    for (uint32_t c = 0; c < CASES; c++)
        next[c] = pen->cells + (size_t)c * r->column_count;
    infer_packed(in, r->columns, r->column_count, pen->packed);
    for (uint32_t i = 0; i < r->column_count; i++) {
        const double *lo = pen->packed[i].lo;
        if (pen->packed[i].some == ~UINT64_C(0)) {
            deal_dense(pen, in, i, lo);
            continue;
        }
        for (uint64_t m = pen->packed[i].some; m; m &= m - 1, lo++) {
            uint32_t **to = &next[__builtin_ctzll(m)];
            **to = i << CELL_BITS | certainty_steps(*lo);
            *to += *lo < 0 || *lo > 0;
        }
    }
}

/* Nearly always one store, and no branch that depends on n. */
static inline char *put_commas(char *o, uint32_t n)
{
    memcpy(o, COMMA_RUN, COMMAS);
    for (uint32_t k = COMMAS; k < n; k += COMMAS)
        memcpy(o + k, COMMA_RUN, COMMAS);
    return o + n;
}

static inline char *certainty_cells(const struct report_pen *pen, char *o, uint32_t c)
{
    const struct digits *digits = pen->r->digits;
    uint32_t columns = pen->r->column_count, at = 0; /* columns whose comma is written */
    const uint32_t *cell = pen->cells + (size_t)c * columns, *end = pen->behind[c];
    for (; cell < end; cell++) {
        uint32_t column = *cell >> CELL_BITS;
        o = put_commas(o, column + 1 - at);
        at = column + 1;
        o = put_steps(digits, o, *cell & CELL_STEPS);
    }
    return put_commas(o, columns - at);
}

/* The cells before the certainties, and room for these. NULL when memory is short. */
static inline char *first_cells(const struct report *r, const struct survey_block *block,
                                const struct tile *t, uint32_t c, struct buffer *out)
{
    char room_of_name[MADE_NAME];
    struct text name;
    const struct text *cells = &name;
    if (r->keep_count)
        cells = kept_cells(r, block, t, c);
    else
        name = report_case_name(r, block, t, c, room_of_name);
    size_t count = r->keep_count ? r->keep_count : 1;
    size_t room = (size_t)r->column_count * (CERTAINTY_ROOM + 1) + ROW_ROOM;
    for (size_t i = 0; i < count; i++)
        room += cells[i].size + 17;
    if (out->capacity - out->size < room && !buffer_reserve(out, room))
        return NULL;
    char *o = out->at + out->size;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *o++ = ',';
        char *behind = csv_kept_plain(o, cells[i], r->options.raw_csv);
        if (behind == NULL)
            behind = cell_slowly(r, out, o, cells[i], room);
        if (behind == NULL)
            return NULL;
        o = behind;
    }
    return o;
}

void write_certainties(struct report_pen *pen, const struct infer *in, const struct tile *t,
                       const struct survey_block *block, struct buffer *out)
{
    deal_columns(pen, in);
    for (uint32_t c = 0; c < t->case_count; c++) {
        char *o = first_cells(pen->r, block, t, c, out);
        if (o == NULL)
            return;
        o = certainty_cells(pen, o, c);
        *o++ = '\n';
        out->size = (size_t)(o - out->at);
    }
}

/* --- summary and bounds: from a case view ------------------------------------------------------
 */

static char *put_cell(const struct report *r, char *o, double certainty)
{
    *o++ = ',';
    return certainty != 0 ? put_certainty(r->digits, o, certainty) : o;
}

static void certainties(const struct report *r, const struct case_view *v, struct buffer *out)
{
    if (!buffer_reserve(out, (size_t)r->column_count * 2 * (CERTAINTY_ROOM + 1)))
        return;
    char *o = out->at + out->size;
    for (uint32_t i = 0; i < r->column_count; i++) {
        struct interval c =
            infer_certainty(v->in, r->columns[i], SCOPE_PARTNERSHIP, v->tile_case);
        o = put_cell(r, o, c.lo);
        if (r->options.columns == COLUMNS_BOUNDS)
            o = put_cell(r, o, c.hi);
    }
    out->size = (size_t)(o - out->at);
}

static void list_findings(const struct case_view *v, const struct kb *kb, enum verdict verdict,
                          struct buffer *out)
{
    const char *between = ",";
    for (uint32_t i = 0; i < v->finding_count; i++) {
        if (v->findings[i].verdict != verdict)
            continue;
        buffer_c(out, between);
        buffer_text(out, kb->conclusions[v->findings[i].conclusion].id);
        between = " ";
    }
    if (*between == ',')
        buffer_byte(out, ',');
}

static void lists(const struct case_view *v, const struct kb *kb, struct buffer *out)
{
    list_findings(v, kb, VERDICT_PRESENT, out);
    list_findings(v, kb, VERDICT_UNDETERMINED, out);
    buffer_byte(out, ',');
    for (uint32_t i = 0; i < v->not_assessed_count; i++) {
        buffer_c(out, i ? " " : "");
        buffer_text(out, kb->conclusions[v->not_assessed[i]].id);
    }
    buffer_byte(out, ',');
    for (uint32_t i = 0; i < v->plan_count; i++) {
        buffer_c(out, i ? " " : "");
        buffer_text(out, kb->remedies[v->plan[i].remedy].id);
    }
}

void write_csv_case(const struct one_case *c)
{
    const struct report *r = c->pen->r;
    const struct case_view *v = c->view;
    struct buffer *out = c->out;
    char room[MADE_NAME];
    csv_text(out, report_case_name(r, c->block, v->tile, v->tile_case, room), r->options.raw_csv);
    for (size_t i = 0; i < r->keep_count; i++) {
        buffer_byte(out, ',');
        csv_kept(out, kept_cells(r, c->block, v->tile, v->tile_case)[i], r->options.raw_csv);
    }
    buffer_byte(out, ',');
    buffer_unsigned(out, v->partners);
    buffer_byte(out, ',');
    buffer_unsigned(out, v->respondents);
    buffer_byte(out, ',');
    buffer_fixed(out, v->answered.lo, 4);
    certainties(r, v, out);
    lists(v, r->kb, out);
    buffer_byte(out, '\n');
}
