/* In: chunks of bytes of an export whose cases are scattered, later chunks of cases. Out: of the
 * former, rows to be stored; of the latter, their rows in the parser's store. Next: blocks fills a
 * block from the store. */
#include "survey/parsing.h"

enum { AHEAD = 8 }; /* stored rows asked for before they are read */

/* A chunk of bytes: its rows are to be stored. */
bool scattered_pack(struct survey_parser *p, struct problems *problems)
{
    struct intake *in = &p->intake;
    const struct survey *s = p->survey;
    uint32_t table = (uint32_t)(in->chunk->table - s->tables);
    for (;;) {
        arena_reset(&in->scratch);
        if (!intake_read(in))
            return survey_no_memory(problems);
        if (in->batch.count == 0)
            break;
        for (uint32_t i = 0; i < in->batch.count; i++) {
            if (batch_is_out(&in->batch, i)) {
                intake_out(in, i);
                continue;
            }
            struct new_row n = intake_new_row(in, i);
            survey_rows_add(&p->rows, s, &n, table, intake_row_line(in, i));
            intake_taken(in, i);
        }
        in->next += in->batch.count;
    }
    return (!p->rows.rows.failed && !p->rows.names.failed) || survey_no_memory(problems);
}

void survey_parser_rows(struct survey_parser *p, struct survey_rows *out)
{
    struct survey_rows empty = *out;
    *out = p->rows;
    p->rows = empty;
}

static void reject_stored(struct survey_parser *p, const struct packed_row *row,
                          struct text partner)
{
    uint32_t table;
    uint64_t line;
    packed_where(row, &table, &line);
    const struct table *t = &p->survey->tables[table];
    struct fault f = {
        .cause = CAUSE_TOO_MANY_PARTNERS, .column = t->partner_column, .value = partner};
    intake_reject(&p->intake, t, &f, line, 0);
}

/* Adds a row that was stored; false when memory is short. */
static bool add_stored(struct survey_parser *p, const struct packed_row *row)
{
    const struct survey *s = p->survey;
    const struct booked *c = &s->stored.book.cases[row->of_case];
    struct survey_counts *counts = &p->intake.counts;
    struct new_row n = {.name = casebook_name(&s->stored.book, row->of_case),
                        .row = c->row,
                        .block = batch_row(&p->intake.batch, 0),
                        .kept = s->stored.book.kept + row->of_case * s->options.keep_count,
                        .open = c->is_open};
    packed_read(row, &s->columns.layout, &n);
    enum added r = rowstore_add(&p->store, &n);
    counts->read += s->table_count == 0; /* rows of answer sheets are read as they are used */
    counts->used += r != NOT_ADDED_PARTNERS;
    counts->repeated_respondents += r == ADDED_AGAIN;
    if (r == NOT_ADDED_PARTNERS)
        reject_stored(p, row, n.partner);
    return r != NOT_ADDED_MEMORY;
}

static bool is_of_one_case(const struct gathered *g, size_t i)
{
    return i > 0 && i < g->row_count && g->rows[i - 1]->of_case == g->rows[i]->of_case;
}

/* Each case's rows wave by wave, where waves are compared. */
static bool sort_waves(struct survey_parser *p)
{
    struct gathered *g = &p->gathered;
    for (size_t from = 0, to = 0; p->waves && from < g->row_count; from = to) {
        for (to = from + 1; is_of_one_case(g, to);)
            to++;
        if (!waves_sort(&p->sorting, &p->survey->columns.layout, g->rows + from, to - from))
            return false;
    }
    return true;
}

/* Whether a case begins with the row: what was, is no longer the same. */
static bool begins_case(const struct survey_parser *p, size_t i)
{
    const struct gathered *g = &p->gathered;
    return !is_of_one_case(g, i) ||
           (p->waves &&
            waves_differ(&p->sorting, &p->survey->columns.layout, g->rows[i - 1], g->rows[i]));
}

/* In front of row `i`, which begins a case, ends the one before; behind it, notes the new one. */
static void end_wave(struct survey_parser *p, size_t i)
{
    if (p->waves && p->store.case_count)
        p->waves[p->store.case_count - 1].is_last = !is_of_one_case(&p->gathered, i);
}

static void begin_wave(struct survey_parser *p, size_t i)
{
    uint32_t c = p->store.case_count - 1;
    if (p->waves)
        p->waves[c] = (struct survey_wave){.name = p->store.cases[c].wave,
                                           .is_first = !is_of_one_case(&p->gathered, i)};
}

/* A chunk of cases: the rows of all of them. */
static bool gather_chunk(struct survey_parser *p, struct problems *problems)
{
    const struct survey_chunk *c = p->intake.chunk;
    if (p->is_gathered)
        return true;
    if (!gather_rows(&p->gathered, &p->survey->stored, c->case_from, c->case_to, problems))
        return false;
    p->next_row = 0;
    p->is_gathered = true;
    return sort_waves(p) || survey_no_memory(problems);
}

/* The next of them, as a block. */
bool scattered_parse(struct survey_parser *p, struct problems *problems)
{
    struct gathered *g = &p->gathered;
    rowstore_clear(&p->store);
    if (!gather_chunk(p, problems))
        return false;
    for (; p->next_row < g->row_count; p->next_row++) {
        size_t i = p->next_row;
        if (i + AHEAD < g->row_count)
            packed_expect(g->rows[i + AHEAD]);
        bool begins = begins_case(p, i);
        if (begins)
            end_wave(p, i);
        if (begins && parser_is_full(p))
            break;
        if (!add_stored(p, g->rows[i]))
            return survey_no_memory(problems);
        if (begins)
            begin_wave(p, i);
    }
    if (p->next_row == g->row_count)
        end_wave(p, g->row_count);
    return rowstore_arrange(&p->store) || survey_no_memory(problems);
}
