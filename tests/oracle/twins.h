/* twins: the engine and the oracle over one knowledge base, and what they say differently. */
#ifndef ENTENTE_TWINS_H
#define ENTENTE_TWINS_H

#include "oracle/oracle.h"

enum { TWINS_PLAIN, TWINS_FULL, TWINS_BATCH, TWINS_COUNT };

/* Programs for all sets of flags, made once; blocks one after another. */
struct twins {
    const struct kb *kb;
    struct put put;
    struct oracle *oracle;
    struct program *programs[TWINS_COUNT];
    struct infer *infers[TWINS_COUNT];
    /* What was found so far. */
    uint64_t numbers; /* ends of certainties and strengths compared */
    bool differs;
    uint32_t case_index;    /* of the block; the first that differs */
    char what[512];         /* the first difference, for people */
    char kind[80];          /* what was compared, such as "verdict" */
};

/* `put` must outlive it. NULL and a problem where the engine fails. */
struct twins *twins_new(const struct kb *kb, const struct put *put, struct problems *problems);
void twins_free(struct twins *t);

/* Both over one block; false where they differ, or where the engine fails. */
bool twins_compare(struct twins *t, const struct cases *block, struct problems *problems);

#endif
