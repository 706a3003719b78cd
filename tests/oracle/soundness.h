/* soundness: what is said of an unfinished case must hold of every case it may become. */
#ifndef ENTENTE_SOUNDNESS_H
#define ENTENTE_SOUNDNESS_H

#include "infer/infer.h"
#include "oracle/random_pack.h"

struct soundness {
    uint64_t completions; /* made and compared */
    uint64_t numbers;     /* ends of certainties that had to lie within bounds */
    bool broken;
    uint32_t case_index;     /* of the block; the first case whose bounds are broken */
    char what[512];          /* for people */
    struct cases *broken_by; /* the completion that broke them: a block of one case, for
                                cases_free; NULL where nothing is broken */
};

/* Completes every case of the block `times` times, at random, and looks whether the engine stays
 * within the bounds it gave before. False where it does not, or where the engine fails. */
bool soundness_check(struct random *r, const struct kb *kb, const struct put *put,
                     const struct cases *block, uint32_t times, struct soundness *s,
                     struct problems *problems);

#endif
