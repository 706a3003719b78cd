/* random_pack: valid packs and cases out of a seed, for comparing the engine with the oracle. */
#ifndef ENTENTE_RANDOM_PACK_H
#define ENTENTE_RANDOM_PACK_H

#include "infer/infer.h"

struct random { /* xoshiro256**, Blackman and Vigna 2018 */
    uint64_t state[4];
};

void random_seed(struct random *r, uint64_t seed);
uint64_t random_next(struct random *r);
uint32_t random_below(struct random *r, uint32_t n); /* 0 .. n-1; n > 0 */
bool random_chance(struct random *r, double p);
uint32_t random_between(struct random *r, uint32_t least, uint32_t most); /* both included */

/* What conditions and cases both speak of: names of partners, and texts that are answered. */
enum { RANDOM_NAMES = 8, RANDOM_TEXTS = 12 };
extern const char *const random_names[RANDOM_NAMES];
extern const char *const random_texts[RANDOM_TEXTS];

/* Writes pack.yaml, questions.yaml, rules.yaml, remedies.yaml of a random, valid pack into an
 * existing folder: every node kind, scope, kind of answer, several layers, groups, negative
 * certainties, needs, ask_if, severities, remedies. False when a file cannot be written. */
bool random_pack_write(struct random *r, const char *folder);

/* Which questions are put: mostly all, sometimes some. `questions` has room for all of kb's. */
void random_put(struct random *r, const struct kb *kb, bool *questions, struct put *put);

/* What shape a block has. */
enum random_shape {
    SHAPE_SINGLE, /* every case one partner with one respondent */
    SHAPE_PAIRS,  /* 1-4 partners, 0-9 respondents each */
    SHAPE_CROWD,  /* one case with over 64 partners among others */
    SHAPE_COUNT
};

/* Fills an empty block with `count` cases: all answer states, blanks, texts, open and closed. Names
 * and texts live in the arena (inside arena_run). */
void random_cases(struct random *r, struct cases *c, struct arena *a, enum random_shape shape,
                  uint32_t count);

/* --- between random_case.c, which lays out the files, and random_pack.c, which fills conditions */

enum { RANDOM_QUESTIONS = 12, RANDOM_CONCLUSIONS = 15, RANDOM_RULES = 40 };

struct random_range {
    double lo, hi;
};

/* What a pack has, and what the condition that is written next may read of it. */
struct random_plan {
    struct random_question {
        char id[16];
        enum answer_kind kind;
        bool about_partnership;
        uint32_t choices;          /* yesno 2; one_of, many_of: their ids are k1, k2, ... */
        struct random_range range; /* scale and number */
    } questions[RANDOM_QUESTIONS];
    uint32_t question_count;
    bool about_partnership[RANDOM_CONCLUSIONS]; /* by conclusion; their ids are c00, c01, ... */
    uint32_t conclusion_count;
    uint32_t questions_below, conclusions_below; /* the first ones are read */
    bool in_ask_if;                              /* answers only */
};

/* Appends a condition at most `depth` deep, ready to stand between single quotes of YAML. The
 * first question is a scale about the partner; at least that one may be read. */
void random_condition(struct random *r, const struct random_plan *plan, enum scope scope,
                      unsigned depth, struct buffer *out);

#endif
