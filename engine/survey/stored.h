/* stored: what is kept of an export whose cases are scattered, until all of it is read.
 *
 *     rows of chunks, in order ──survey_store──▶ casebook + pile ──survey_spill──▶ runs in the
 * spool all of it ──▶ chunks of cases ──gather
 *
 * Names of cases stay in memory; rows share what is left of the limit between the pile that grows
 * and the one that is being written. */
#ifndef ENTENTE_STORED_H
#define ENTENTE_STORED_H

#include "survey/casebook.h"
#include "survey/pile.h"

#include <stdatomic.h>

struct stored { /* zero and stored_init */
    struct casebook book;
    struct pile pile;  /* sorted once everything is read */
    struct pile spare; /* the one that was spilled last, empty */
    struct spool *spool;
    struct sorted_run *runs;
    size_t run_count, run_capacity;
    atomic_uint_least64_t run_memory; /* bytes of their lists */
    uint64_t memory;                  /* bytes that all of it may take */
    atomic_uint
        pending; /* chunks of rows that are not stored yet, and spilled where they must be */
    bool is_read, is_grouped;
    uint32_t next_case; /* to be handed out */
    uint32_t *ids;      /* of the cases of a chunk's rows */
    size_t id_capacity;
};

struct survey_spill {
    struct pile pile;
    uint32_t case_count; /* that there were when it was full */
};

void stored_init(struct stored *s, uint32_t keep_count, uint64_t memory);
void stored_deinit(struct stored *s);

#endif
