/* pile: packed rows of many cases; sorted by case in memory, and put aside as a run in a file.
 *
 *     parts  buffers of packed rows, in the order in which they came
 *     order  after pile_sort: the rows by case, each case's as they came
 *     from   after pile_sort: where in `order` a case begins
 *
 * A run is a sorted pile in the spool, with a list of where its cases begin: one place a granule of
 * cases, so that the list takes a small share of what it points into. */
#ifndef ENTENTE_PILE_H
#define ENTENTE_PILE_H

#include "base/spool.h"
#include "survey/packed.h"

struct pile { /* zero: empty */
    struct buffer *parts;
    size_t part_count, part_capacity;
    uint64_t size; /* bytes of the rows */
    uint32_t row_count;
    struct packed_row **order; /* [row_count] */
    uint32_t *from;        /* [case_count + 1] */
    uint32_t case_count;
};

struct run {
    uint64_t *at; /* [count + 1]: in the spool, where the rows of case i * granule begin */
    uint32_t granule, count;
};

void pile_deinit(struct pile *p);
/* Takes the bytes of `rows`. False when memory is short. */
bool pile_add(struct pile *p, struct buffer *rows, uint32_t row_count);
/* Bytes it takes, those of sorting included. */
uint64_t pile_memory(const struct pile *p);
bool pile_is_full(const struct pile *p); /* no more rows can be numbered */
/* Cases are numbered below case_count. False when memory is short. */
bool pile_sort(struct pile *p, uint32_t case_count);

static inline struct packed_row *pile_next(const struct packed_row *p)
{
    return (struct packed_row *)(void *)((char *)(uintptr_t)p + p->size);
}

/* Writes a sorted pile. False and a problem. */
bool run_write(struct run *r, const struct pile *p, struct spool *spool, struct problems *problems);
void run_deinit(struct run *r);
/* Where the rows of cases [from, to) stand, those of some neighbours perhaps among them. */
void run_range(const struct run *r, uint32_t from, uint32_t to, uint64_t *begin, uint64_t *end);

#endif
