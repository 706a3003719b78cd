/* program: the knowledge base as a flat list of column operations, for one set of put questions.
 *
 *     kb + put ──▶ layer 0: consolidate, compare, fire, conclude ──▶ layer 1 ... ──▶ severities
 *                                                                                    and remedies
 *
 * Takes a kb and which questions are put; gives instructions over registers; owns them. A register
 * is a pair of bit planes (surely, maybe) or a pair of number columns (lo, hi), for the subjects of
 * one level: partners, partnerships, or (inside count and share) respondents. Equal operations are
 * made once. What is not put is folded away here: rules out of play are not in the program.
 * Immutable, shared by threads; refers to the kb, which must outlive it. */
#ifndef ENTENTE_PROGRAM_H
#define ENTENTE_PROGRAM_H

#include "program/code.h"
#include "program/scanner.h"

enum program_flags {
    PROGRAM_CERTAINTY =
        0,              /* lower and upper certainties of all conclusions, per subject and case */
    PROGRAM_REPORT = 1, /* and severities, remedies' conditions, which rules fired */
    PROGRAM_TRACE = 2,  /* and a register for every node of every condition, for explanations */
    PROGRAM_BATCH = 4,  /* worth compiling patterns to machine code: thousands of cases */
    PROGRAM_WITHOUT_NEEDS = 8 /* as if every `needs` held: what answers will say once enough of them
                                 are there */
};

/* NULL and a problem when memory is short. */
struct program *program_new(const struct kb *kb, const struct put *put, unsigned flags,
                            struct problems *problems);
/* Of some conclusions only, with PROGRAM_CERTAINTY: wanted, by conclusion, holds with each of them
 * whatever its rules and needs read. The others stay at [0, 0]. */
struct program *program_new_for(const struct kb *kb, const struct put *put, unsigned flags,
                                const bool *wanted, struct problems *problems);
void program_free(struct program *p);

const struct kb *program_kb(const struct program *p);
unsigned program_flags(const struct program *p);
const struct put *program_put(const struct program *p);

/* docs/semantics.md: static, for every case of the export. */
bool program_is_assessed(const struct program *p, uint32_t conclusion);
bool program_is_in_play(const struct program *p, uint32_t rule);

/* The readable listing of `entente check --dump program`. */
void program_dump(const struct program *p, struct buffer *out);

#endif
