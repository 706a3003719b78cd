/* checkpoint: how far a batch is, as bytes beside its output and back; private to api.
 *
 *     entente checkpoint 0.1.0      which program, and what it works on: if one of these differs
 *     pack, options, inputs         the run is another one
 *     place, key, counts            where the input goes on, and what was counted in front of it
 *     report, rejects               the temporaries, and how many bytes of them belong to it
 *     sum                           of everything above
 *
 * A checkpoint is right if writing what was read gives the same bytes: damage needs no other check.
 */
#ifndef ENTENTE_CHECKPOINT_H
#define ENTENTE_CHECKPOINT_H

#include "api/api.h"

enum { REPORT, REJECTS, OUTPUTS };

struct checkpoint {
    struct text version;
    uint64_t pack, options, inputs; /* digests */
    uint64_t complete;              /* 1: nothing is left but to put the outputs in their places */
    struct survey_place place;
    struct tally tally;
    struct {
        struct text part; /* the name of the temporary; empty: there is no such output */
        uint64_t size, digest;
    } outputs[OUTPUTS];
};

void checkpoint_write(const struct checkpoint *c, struct buffer *out);
/* Texts are in the arena. False where the bytes are not those of a checkpoint; *other_version where
 * they may be, of another version. Inside arena_run. */
bool checkpoint_read(struct arena *a, struct text bytes, struct checkpoint *c, bool *other_version);

#endif
