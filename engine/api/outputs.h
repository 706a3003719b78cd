/* outputs: where a batch writes: the report, the rejected rows, and beside them a note of how far
 * it is, so that a run that is interrupted can be gone on with; private to api.
 *
 *     write ──▶ temporaries ──every few seconds: fsync──▶ note (checkpoint.h) ──at the end──▶ names
 *
 * The note speaks only of bytes that are on the disk; whoever goes on cuts off what stands behind
 * them. All calls behind outputs_begin under one lock of the caller's. */
#ifndef ENTENTE_OUTPUTS_H
#define ENTENTE_OUTPUTS_H

#include "api/checkpoint.h"

struct outputs {
    const struct entente_batch *batch;
    struct problems *problems;
    const struct kb *kb;
    const struct survey *survey;
    struct outfile *file[OUTPUTS]; /* NULL: there is none, or it has its name already */
    uint64_t size[OUTPUTS];        /* bytes written */
    struct digest digest[OUTPUTS]; /* of them, once `is_digesting` */
    struct arena arena;            /* of `note` */
    struct buffer found;           /* the note of an interrupted run */
    struct checkpoint note;
    bool was_found;
    bool can_resume;    /* the run can be noted */
    bool is_identified; /* the note says which run it is */
    bool is_digesting;  /* since the first note: a short run does without */
    bool is_noted;
    bool is_warned;
    bool is_left; /* the report could not be given its name */
    double last; /* when it was noted, or begun */
};

/* Looks at the places and locks them; no bytes go anywhere. False and a problem. Close in any case.
 */
bool outputs_open(struct outputs *o, const struct entente_batch *b, struct problems *problems);
/* Begins; or goes on with what was interrupted: then o->note says from where, and *resumed. */
bool outputs_begin(struct outputs *o, const struct kb *kb, const struct survey *s, bool *resumed);
bool outputs_write(struct outputs *o, int which, struct text t);
/* Notes how far the run is, where it is time (or `now`). What cannot be noted is a warning; what
 * cannot be put onto the disk, false and a problem. */
bool outputs_note(struct outputs *o, const struct survey_place *place, const struct tally *tally,
                  bool now);
/* Everything appears. */
bool outputs_commit(struct outputs *o, const struct survey_place *place, const struct tally *tally);
/* The rejected rows alone appear. */
bool outputs_commit_rejects(struct outputs *o);
/* keep: what was noted is kept, and said. */
void outputs_close(struct outputs *o, bool keep);

/* places.c: no output is an input, or the other output. False and a problem. */
bool outputs_are_apart(const struct entente_batch *b, struct problems *problems);
bool outputs_is_closed_pipe(const struct outputs *o);

#endif
