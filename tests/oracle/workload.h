/* workload: packs out of seeds, blocks of cases for each, and every check on every block. */
#ifndef ENTENTE_WORKLOAD_H
#define ENTENTE_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

struct totals {
    uint64_t packs, pairs, completions;   /* a pair: a pack and a case */
    uint64_t interviews, asked, asked_of; /* held; questions asked, of so many */
    uint64_t numbers;                     /* see struct twins */
    uint64_t failed;                      /* packs with a difference, a broken bound or a problem */
};

struct workload {
    const char *folder; /* where packs are written */
    bool quiet;         /* differences are counted, not shown and not made small */
    bool only_twins;    /* no completions, no interviews */
};

/* All blocks of the pack of one seed. False at the first thing that is wrong. */
bool workload_pack(const struct workload *w, uint64_t seed, struct totals *totals);

void totals_add(struct totals *to, const struct totals *more);

#endif
