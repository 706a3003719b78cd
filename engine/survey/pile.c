/* In: packed rows. Out: the same, by case; in memory, or as a run in a file. Next: gather. The one
 * idea: cases are numbered, so a counting sort finds their order, and no row is compared. */
#include "survey/pile.h"

#include <stdlib.h>

enum {
    AHEAD = 12,              /* rows asked for before they are copied */
    WRITE_BYTES = 1 << 20,   /* at once */
    GRANULE_BYTES = 4 << 10, /* of a run for one place in its list */
    MOST_ROWS = INT32_MAX
};

void pile_deinit(struct pile *p)
{
    for (size_t i = 0; i < p->part_count; i++)
        buffer_deinit(&p->parts[i]);
    free(p->parts);
    free(p->order);
    free(p->from);
    *p = (struct pile){0};
}

bool pile_add(struct pile *p, struct buffer *rows, uint32_t row_count)
{
    if (rows->size == 0)
        return true;
    if (p->part_count == p->part_capacity) {
        size_t larger = p->part_capacity ? 2 * p->part_capacity : 64;
        struct buffer *parts = realloc(p->parts, larger * sizeof *parts);
        if (!parts)
            return false;
        p->parts = parts;
        p->part_capacity = larger;
    }
    char *fitted = realloc(rows->at, rows->size); /* it waits long: without spare room */
    if (fitted)
        *rows = (struct buffer){.at = fitted, .size = rows->size, .capacity = rows->size};
    p->parts[p->part_count++] = *rows;
    p->size += rows->size;
    p->row_count += row_count;
    buffer_init(rows);
    return true;
}

uint64_t pile_memory(const struct pile *p)
{
    return p->size + p->row_count * sizeof *p->order;
}

bool pile_is_full(const struct pile *p)
{
    return p->row_count > MOST_ROWS;
}

bool pile_sort(struct pile *p, uint32_t case_count)
{
    p->case_count = case_count;
    p->from = calloc((size_t)case_count + 2, sizeof *p->from);
    p->order = malloc((p->row_count + (size_t)1) * sizeof *p->order);
    if (!p->from || !p->order)
        return false;
    /* Behind the sums, from[c + 1] is where the next row of c goes; in the end, where c + 1 begins. */
    uint32_t *next = p->from + 1;
    for (size_t i = 0; i < p->part_count; i++) {
        const char *end = p->parts[i].at + p->parts[i].size;
        for (const struct packed_row *row = (const void *)p->parts[i].at; (const char *)row < end;
             row = pile_next(row))
            next[row->of_case + 1]++;
    }
    for (uint32_t c = 0; c < case_count; c++)
        next[c + 1] += next[c];
    for (size_t i = 0; i < p->part_count; i++) {
        const char *end = p->parts[i].at + p->parts[i].size;
        for (struct packed_row *row = (void *)p->parts[i].at; (const char *)row < end;
             row = pile_next(row))
            p->order[next[row->of_case]++] = row;
    }
    return true;
}

/* --- runs ------------------------------------------------------------------------------------- */

void run_deinit(struct run *r)
{
    free(r->at);
    *r = (struct run){0};
}

/* The list of places; the rows follow each other from `at` on. */
static bool note_places(struct run *r, const struct pile *p, uint64_t at)
{
    uint64_t granule = 1 + (uint64_t)p->case_count * GRANULE_BYTES / (p->size + 1);
    r->granule = granule < p->case_count ? (uint32_t)granule : p->case_count;
    r->count = (p->case_count + r->granule - 1) / r->granule;
    r->at = malloc((r->count + (size_t)1) * sizeof *r->at);
    return r->at != NULL && (r->at[0] = at, true);
}

bool run_write(struct run *r, const struct pile *p, struct spool *spool, struct problems *problems)
{
    struct buffer out;
    buffer_init(&out);
    bool ok = note_places(r, p, spool_size(spool)) && buffer_reserve(&out, WRITE_BYTES);
    if (!ok)
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    for (uint32_t g = 0; ok && g < r->count; g++) {
        uint64_t end = (uint64_t)(g + 1) * r->granule;
        uint32_t to = p->from[end < p->case_count ? end : p->case_count];
        for (uint32_t i = p->from[(size_t)g * r->granule]; ok && i < to; i++) {
            const struct packed_row *row = p->order[i];
            if (i + AHEAD < p->row_count)
                __builtin_prefetch(p->order[i + AHEAD]);
            if (out.size + row->size > WRITE_BYTES) {
                ok = spool_write(spool, buffer_view(&out), problems);
                buffer_clear(&out);
            }
            buffer_text(&out, (struct text){(const char *)row, row->size});
        }
        r->at[g + 1] = spool_size(spool) + out.size;
    }
    if (ok && out.failed)
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    ok = ok && !out.failed && spool_write(spool, buffer_view(&out), problems);
    buffer_deinit(&out);
    return ok;
}

void run_range(const struct run *r, uint32_t from, uint32_t to, uint64_t *begin, uint64_t *end)
{
    uint64_t last = ((uint64_t)to + r->granule - 1) / r->granule;
    uint64_t first = from / r->granule;
    *begin = r->at[first < r->count ? first : r->count];
    *end = r->at[last < r->count ? last : r->count];
}
