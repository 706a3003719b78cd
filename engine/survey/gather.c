/* In: a range of cases. Out: their rows, in the order in which they stood in the export. Next:
 * parser groups them. What is in the spool is read in one piece a run; runs come in the order in
 * which they were written, so a stable counting sort keeps each case's rows as they came. */
#include "survey/survey_state.h"

#include <stdlib.h>

void gathered_deinit(struct gathered *g)
{
    buffer_deinit(&g->bytes);
    free(g->rows);
    free(g->from);
    *g = (struct gathered){0};
}

static bool read_runs(struct gathered *g, const struct stored *s, uint32_t from, uint32_t to,
                      bool *no_memory, struct problems *problems)
{
    buffer_clear(&g->bytes);
    for (size_t i = 0; i < s->run_count; i++) {
        uint64_t begin, end;
        sorted_run_range(&s->runs[i], from, to, &begin, &end);
        size_t size = (size_t)(end - begin);
        *no_memory = !buffer_reserve(&g->bytes, size);
        if (*no_memory || !spool_read(s->spool, begin, g->bytes.at + g->bytes.size, size, problems))
            return false;
        g->bytes.size += size;
    }
    return true;
}

static bool room_for_cases(struct gathered *g, size_t cases)
{
    if (cases > g->from_capacity) {
        uint32_t *moved = realloc(g->from, 2 * cases * sizeof *moved);
        if (!moved)
            return false;
        g->from = moved;
        g->from_capacity = 2 * cases;
    }
    memset(g->from, 0, cases * sizeof *g->from);
    return true;
}

static bool room_for_rows(struct gathered *g)
{
    if (g->row_count <= g->row_capacity)
        return true;
    const struct packed_row **moved = realloc(g->rows, 2 * g->row_count * sizeof *moved);
    if (!moved)
        return false;
    g->rows = moved;
    g->row_capacity = 2 * g->row_count;
    return true;
}

/* Neighbours of the range may stand among what was read. */
static bool is_wanted(const struct packed_row *row, uint32_t from, uint32_t to)
{
    return row->of_case >= from && row->of_case < to;
}

static void count_read(struct gathered *g, uint32_t from, uint32_t to)
{
    const char *end = g->bytes.at + g->bytes.size;
    for (const struct packed_row *row = (const void *)g->bytes.at; (const char *)row < end;
         row = packed_next(row))
        if (is_wanted(row, from, to)) {
            g->from[row->of_case - from + 1]++;
            g->row_count++;
        }
}

bool gather_rows(struct gathered *g, const struct stored *s, uint32_t from, uint32_t to,
                 struct problems *problems)
{
    const struct pile *p = &s->pile;
    bool no_memory = !room_for_cases(g, (size_t)(to - from) + 1);
    if (no_memory || !read_runs(g, s, from, to, &no_memory, problems))
        return !no_memory ? false : survey_no_memory(problems);
    g->row_count = p->from[to] - p->from[from];
    count_read(g, from, to);
    if (!room_for_rows(g))
        return survey_no_memory(problems);
    for (uint32_t c = from; c < to; c++)
        g->from[c - from + 1] += g->from[c - from] + p->from[c + 1] - p->from[c];
    const char *end = g->bytes.at + g->bytes.size;
    for (const struct packed_row *row = (const void *)g->bytes.at; (const char *)row < end;
         row = packed_next(row))
        if (is_wanted(row, from, to))
            g->rows[g->from[row->of_case - from]++] = row;
    for (uint32_t c = from; c < to; c++)
        for (uint32_t i = p->from[c]; i < p->from[c + 1]; i++)
            g->rows[g->from[c - from]++] = p->order[i];
    return true;
}
