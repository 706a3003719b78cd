/* In: packed rows. Out: the same, by case; in memory, or as a run in a file. Next: gather. The one
 * idea: cases are numbered, so a counting sort finds their order, and no row is compared. */
#include "survey/pile.h"

#include <stdlib.h>

enum {
    SEGMENT_BYTES = 1 << 20,
    AHEAD = 12,              /* rows asked for before they are copied */
    WRITE_BYTES = 1 << 20,   /* at once */
    GRANULE_BYTES = 4 << 10, /* of a run for one place in its list */
    MOST_ROWS = INT32_MAX
};

void pile_deinit(struct pile *p)
{
    for (size_t i = 0; i < p->segment_count; i++)
        free(p->segments[i].at);
    free(p->segments);
    free(p->order);
    free(p->from);
    *p = (struct pile){0};
}

void pile_clear(struct pile *p)
{
    for (size_t i = 0; i < p->filled; i++)
        p->segments[i].size = 0;
    p->filled = 0;
    p->size = p->row_count = p->case_count = 0;
}

static bool has_room(const struct pile *p, size_t i, size_t size)
{
    return i < p->segment_count && p->segments[i].capacity - p->segments[i].size >= size;
}

/* Segment `i`, empty, for at least `size` bytes. */
static bool make_segment(struct pile *p, size_t i, size_t size)
{
    if (i == p->segment_capacity) {
        size_t larger = p->segment_capacity ? 2 * p->segment_capacity : 64;
        struct segment *segments = realloc(p->segments, larger * sizeof *segments);
        if (!segments)
            return false;
        p->segments = segments;
        p->segment_capacity = larger;
    }
    if (i == p->segment_count)
        p->segments[p->segment_count++] = (struct segment){0};
    size_t capacity = size < SEGMENT_BYTES ? SEGMENT_BYTES : size;
    free(p->segments[i].at);
    p->segments[i] = (struct segment){.at = malloc(capacity), .capacity = capacity};
    if (!p->segments[i].at)
        p->segments[i].capacity = 0;
    return p->segments[i].at != NULL;
}

bool pile_add(struct pile *p, const struct packed_row *row)
{
    if (p->filled == 0 || !has_room(p, p->filled - 1, row->size)) {
        if (!has_room(p, p->filled, row->size) && !make_segment(p, p->filled, row->size))
            return false;
        p->filled++;
    }
    struct segment *s = &p->segments[p->filled - 1];
    memcpy(s->at + s->size, row, row->size);
    s->size += row->size;
    p->size += row->size;
    p->row_count++;
    return true;
}

/* Full where no more rows can be numbered. */
uint64_t pile_memory(const struct pile *p)
{
    return p->row_count < MOST_ROWS ? p->size + p->row_count * sizeof *p->order : UINT64_MAX;
}

static bool room_to_sort(struct pile *p)
{
    if (p->row_count > p->order_capacity || !p->order) {
        free(p->order);
        p->order_capacity = p->row_count;
        p->order = malloc((p->row_count + (size_t)1) * sizeof *p->order);
    }
    size_t from = (size_t)p->case_count + 2;
    if (from > p->from_capacity) {
        free(p->from);
        p->from_capacity = from;
        p->from = malloc(from * sizeof *p->from);
    }
    if (!p->order || !p->from) {
        p->order_capacity = p->from_capacity = 0;
        return false;
    }
    memset(p->from, 0, from * sizeof *p->from);
    return true;
}

static const struct packed_row *first_row(const struct segment *s)
{
    return (const struct packed_row *)(const void *)s->at;
}

bool pile_sort(struct pile *p, uint32_t case_count)
{
    p->case_count = case_count;
    if (!room_to_sort(p))
        return false;
    /* Behind the sums, from[c + 1] is where the next row of c goes; in the end, where c + 1 begins.
     */
    uint32_t *next = p->from + 1;
    for (size_t i = 0; i < p->filled; i++) {
        const char *end = p->segments[i].at + p->segments[i].size;
        for (const struct packed_row *row = first_row(&p->segments[i]); (const char *)row < end;
             row = packed_next(row))
            next[row->of_case + 1]++;
    }
    for (uint32_t c = 0; c < case_count; c++)
        next[c + 1] += next[c];
    for (size_t i = 0; i < p->filled; i++) {
        const char *end = p->segments[i].at + p->segments[i].size;
        for (const struct packed_row *row = first_row(&p->segments[i]); (const char *)row < end;
             row = packed_next(row))
            p->order[next[row->of_case]++] = row;
    }
    return true;
}

/* --- runs ------------------------------------------------------------------------------------- */

void sorted_run_deinit(struct sorted_run *r)
{
    free(r->at);
    *r = (struct sorted_run){0};
}

/* The list of places; the rows follow each other from `at` on. */
static bool note_places(struct sorted_run *r, const struct pile *p, uint64_t at)
{
    uint64_t granule = 1 + (uint64_t)p->case_count * GRANULE_BYTES / (p->size + 1);
    r->granule = granule < p->case_count ? (uint32_t)granule : p->case_count;
    r->count = (p->case_count + r->granule - 1) / r->granule;
    r->at = malloc((r->count + (size_t)1) * sizeof *r->at);
    return r->at != NULL && (r->at[0] = at, true);
}

bool sorted_run_write(struct sorted_run *r, const struct pile *p, struct spool *spool,
                      struct problems *problems)
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
                packed_expect(p->order[i + AHEAD]);
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

void sorted_run_range(const struct sorted_run *r, uint32_t from, uint32_t to, uint64_t *begin,
                      uint64_t *end)
{
    uint64_t last = ((uint64_t)to + r->granule - 1) / r->granule;
    uint64_t first = from / r->granule;
    *begin = r->at[first < r->count ? first : r->count];
    *end = r->at[last < r->count ? last : r->count];
}
