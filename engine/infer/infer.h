/* infer: runs a program over a block of cases and lets the results be read, tile by tile.
 *
 *     block (up to 1024 cases) ──▶ tile: up to 64 cases with 64 partners (one word a plane; more
 *     where one case alone has more partners) ──▶ whole program ──▶ the caller reads it; the next
 *
 * Takes a program and blocks; gives certainties and strengths as columns that are valid inside the
 * tile callback only; owns its registers. One struct infer a thread; the program is shared. After
 * the largest tile nothing is allocated. Tiles come in the order of the cases. */
#ifndef ENTENTE_INFER_H
#define ENTENTE_INFER_H

#include "cases/cases.h"
#include "program/program.h"

struct infer;

struct tile {
    const struct cases *block;
    uint32_t case_from, case_count;       /* of the block */
    uint32_t partner_from, partner_count; /* of the block */
};

struct interval {
    double lo, hi;
};

enum verdict { VERDICT_PRESENT, VERDICT_UNDETERMINED, VERDICT_ABSENT, VERDICT_NOT_ASSESSED };

struct infer *infer_new(const struct program *p, struct problems *problems); /* NULL: no memory */
void infer_free(struct infer *in);
const struct program *infer_program(const struct infer *in);

/* False when memory is short or the callback says so (then it has added the problem). */
bool infer_run(struct infer *in, const struct cases *block,
               bool (*tile)(const struct infer *in, const struct tile *t, void *ctx), void *ctx,
               struct problems *problems);

/* --- inside the tile callback; subjects count from 0 in the tile ------------------------------ */

/* Of every conclusion for a case (docs/semantics.md, "Verdicts", for partner conclusions), of those
 * about a partner for partners too. [0, 0] where not assessed. */
struct interval infer_certainty(const struct infer *in, uint32_t conclusion, enum scope scope,
                                uint32_t subject);

/* The lower certainties of a tile's cases (64 at most): one for each bit of `some`, in order; the
 * others are 0. */
struct packed {
    const double *lo;
    uint64_t some;
};
void infer_packed(const struct infer *in, const uint32_t *conclusions, uint32_t count,
                  struct packed *out);
/* 64 certainties in steps of 1/10000 over -1, halves up; NO_STEPS is 0. */
enum { NO_STEPS = 0xFFFF };
void infer_steps(const struct infer *in, const double *certainties, uint16_t steps[64]);

enum verdict infer_verdict(const struct infer *in, uint32_t conclusion, enum scope scope,
                           uint32_t subject);

/* PROGRAM_REPORT. The level of one subject where the conclusion is about that scope. */
enum level infer_level(const struct infer *in, uint32_t conclusion, uint32_t subject);
/* Which condition set it: 1 high_when, -1 low_when, 0 neither. */
int infer_level_by(const struct infer *in, uint32_t conclusion, uint32_t subject);
/* In an open case: the levels it may still come to. */
void infer_levels(const struct infer *in, uint32_t conclusion, uint32_t subject, enum level *lowest,
                  enum level *highest);
/* Whether a remedy fits hangs on answers: it may, and it may not. */
bool infer_remedy_is_open(const struct infer *in, uint32_t remedy, uint32_t tile_case);
bool infer_remedy_fits(const struct infer *in, uint32_t remedy,
                       uint32_t tile_case); /* when not surely false */
/* Strength of a rule's condition for a subject: of a partner rule, a partner of the tile; of a
 * partnership rule, a case. [0, 0] where it is out of play or its conclusion is not assessed. */
struct interval infer_rule(const struct infer *in, uint32_t rule, uint32_t subject);

/* Facts and consolidated answers; computed when asked, so asking costs. */
struct interval infer_answered_share(const struct infer *in, enum scope scope, uint32_t subject);
/* Scale and number: the value. Not put: false. */
bool infer_value(const struct infer *in, uint32_t question, enum scope scope, uint32_t subject,
                 struct interval *out, bool *applicable);
/* yesno, one_of: the consolidated code; 0 unknown, CODE_NA not applicable. */
uint8_t infer_code(const struct infer *in, uint32_t question, enum scope scope, uint32_t subject);
/* How many respondents of a partner answered. */
uint32_t infer_answers(const struct infer *in, uint32_t question, uint32_t tile_partner);

/* PROGRAM_TRACE. What a node of rules[rule].when (or of any normal-form condition of the kb) came
 * to, for a subject of the scope it stands in: a strength for conditions, a value for numbers.
 * False for nodes inside count and share, and for those out of play. */
bool infer_node(const struct infer *in, const struct node *n, uint32_t subject,
                struct interval *out);

/* Patterns given up at a limit, and texts cut before matching, since infer_new. */
struct infer_counts {
    uint64_t pattern_limits, texts_cut;
};
struct infer_counts infer_counts(const struct infer *in);

#endif
