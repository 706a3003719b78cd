/* pile: packed rows of many cases; sorted by case in memory, and put aside as a run in a file.
 *
 *     segments  packed rows, in the order in which they came; a row stands in one
 *     order     after pile_sort: the rows by case, each case's as they came
 *     from      after pile_sort: where in `order` a case begins
 *
 * A run is a sorted pile in the spool, with a list of where its cases begin: one place a granule of
 * cases, so that the list takes a small share of what it points into. */
#ifndef ENTENTE_PILE_H
#define ENTENTE_PILE_H

#include "survey/packed.h"

struct segment {
    char *at;
    size_t size, capacity;
};

struct pile { /* zero: empty */
    struct segment *segments;
    size_t segment_count, segment_capacity;
    size_t filled; /* segments with rows; the last of them takes the next */
    uint64_t size; /* bytes of the rows */
    uint32_t row_count;
    const struct packed_row **order; /* [row_count] */
    uint32_t *from;                  /* [case_count + 1] */
    uint32_t case_count;
    size_t order_capacity, from_capacity;
};

struct sorted_run {
    uint64_t *at; /* [count + 1]: in the spool, where the rows of case i * granule begin */
    uint32_t granule, count;
};

void pile_deinit(struct pile *p);
void pile_clear(struct pile *p); /* keeps the memory */
/* Adds a copy. False when memory is short. */
bool pile_add(struct pile *p, const struct packed_row *row);
/* Bytes it takes, those of sorting included. */
uint64_t pile_memory(const struct pile *p);
/* Cases are numbered below case_count. False when memory is short. */
bool pile_sort(struct pile *p, uint32_t case_count);

/* Writes a sorted pile. False and a problem. */
bool sorted_run_write(struct sorted_run *r, const struct pile *p, struct spool *spool,
                      struct problems *problems);
void sorted_run_deinit(struct sorted_run *r);
/* Where the rows of cases [from, to) stand, those of some neighbours perhaps among them. */
void sorted_run_range(const struct sorted_run *r, uint32_t from, uint32_t to, uint64_t *begin,
                      uint64_t *end);

#endif
