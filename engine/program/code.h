/* code: the inside of a program, for infer and the listing.
 *
 *     registers   planes    2 words a tile word: surely, maybe; PLANE_FALSE, PLANE_TRUE first
 *                 numbers   2 columns of doubles: lo, hi; one pair a conclusion and scope
 *                 equals    1 word a tile word: code 1, code 2, ..., none of them
 *     code        in order; what is inside count and share stands in `inner`, run per respondents
 *
 * A strength is a plane register and, where it is graded, a number register that counts only where
 * the planes have a bit. A list is a run in `args`; of strengths: plane, number or NONE, ... */
#ifndef ENTENTE_CODE_H
#define ENTENTE_CODE_H

#include "kb/kb.h"

/* Which questions are put, by question. */
struct put {
    const bool *questions; /* [question_count] */
    uint32_t count;        /* of those put, text excluded */
};

enum op {
#define OP(name, result, print) OP_##name,
#include "program/ops.def"
#undef OP
    OP_COUNT_
};

enum relation { LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL };

/* The rules of a conclusion: all in favour and at full strength; in favour; against or in groups
 * too. */
enum conclude_by { CONCLUDE_PLAIN, CONCLUDE_GRADED, CONCLUDE_WEIGHED };

enum { PLANE_FALSE = 0, PLANE_TRUE = 1, PLANES_FIXED = 2 };

struct instr {
    uint8_t op;       /* enum op */
    uint8_t scope;    /* of the subjects it is for */
    uint8_t relation; /* enum relation; CONCLUDE: enum conclude_by */
    uint8_t edge;     /* SET, SCALE: 1 surely, 2 maybe where the answer is unknown;
                         COMPARE_TO: a division may have left NaN; CONCLUDE: verdicts are read */
    bool idle_single; /* nobody reads it where every case has one respondent */
    uint32_t owner;   /* the conclusion with needs that alone reads it, or NONE */
    uint32_t dst;
    uint32_t question, a, b; /* registers, or indices as the op says */
    uint32_t from, count;    /* in args, sets or inner */
    double x, y;             /* FIRE: the rule's certainty, and what it leaves of 1 */
    const struct node *node;
};

/* A strength: planes, and its number where it is graded. */
struct strength {
    uint32_t planes, number; /* number NONE: 1 or 0 as the planes say */
};

struct program {
    const struct kb *kb;
    unsigned flags;
    struct arena arena;
    bool *put_questions;
    struct put put;

    struct instr *code;
    size_t code_count, code_capacity;
    struct instr *single_code; /* what is left of it where every case has one respondent */
    size_t single_count;
    struct instr *inner;
    size_t inner_count, inner_capacity;
    uint32_t *args;
    size_t args_count, args_capacity;

    uint32_t plane_count, number_count, equals_count;
    uint32_t code_slots; /* majority code columns */
    uint32_t most_rules; /* of one conclusion */
    uint32_t most_parts; /* graded ones of one rule */

    /* by conclusion */
    bool *assessed;
    uint32_t *lo_hi[2];    /* number register by scope; partner: NONE for partnership conclusions */
    uint32_t *verdicts[2]; /* plane register by scope */
    bool *read;            /* its verdict planes are: somebody's premise */
    struct strength *high_when, *low_when; /* PROGRAM_REPORT; planes NONE where there is none */
    /* by rule */
    bool *in_play;
    struct strength *rule_strength; /* PROGRAM_REPORT, in the rule's own scope */
    /* by remedy */
    struct strength *remedy_when; /* planes PLANE_TRUE where there is none */

    /* by scope and question, what is ready: register or NONE */
    uint32_t *applies_of[2];

    /* patterns in use, with machine code where the JIT is there (PROGRAM_BATCH) */
    void **pattern_code; /* by pattern index; pcre2_code_8 *, or NULL */
    size_t pattern_count;
    struct scanner **scanners; /* by question, or NULL (PROGRAM_BATCH) */
    struct idmap traced;       /* node pointer -> index of `traces` */
    struct trace {
        uint32_t planes, number; /* NONE where it has none */
        uint8_t scope;
    } * traces;
    size_t trace_count, trace_capacity;
};

char op_result(enum op op); /* as in ops.def: 'P', 'N', 'C', 'E' or '-' */
/* Planes of a FIRE stand padded with PLANE_TRUE, so that four at a time can be read. */
enum { FIRE_PLANES = 4 };
static inline uint32_t fire_planes(const struct instr *i)
{
    return (i->count + FIRE_PLANES - 1) / FIRE_PLANES * FIRE_PLANES;
}

bool op_gives_planes(enum op op);
const char *op_name(enum op op);
const char *relation_spelling(enum relation r);

#endif
