/* oracle: the second evaluator, naive and obviously right, one case at a time.
 *
 * Takes a kb, the questions put and one case of a block; gives everything the engine gives. Written
 * from the meaning of the rules alone (docs/semantics.md, docs/decisions/0001): plain recursion
 * over the trees as they were written, plain loops over layers, no code of program and infer. It
 * stands on kb (trees, layers), cases (the columns) and infer.h for three types. Out of memory:
 * aborts.
 *
 * A subject of the case is a partner, 0 .. partners - 1, or WHOLE, the partnership. */
#ifndef ENTENTE_ORACLE_H
#define ENTENTE_ORACLE_H

#include "infer/infer.h"

#define WHOLE UINT32_MAX

/* Whether a question is for the subject (a fact of the partnership: for the case). Of a partner
 * question and WHOLE: the best standing of a partner. */
enum standing {
    STANDING_OUT,    /* not applicable */
    STANDING_UNSURE, /* its ask_if only may hold */
    STANDING_SURE
};

/* What is known about a question for a subject. */
struct known {
    struct interval ask; /* strength of ask_if */
    enum standing standing;
    struct interval value; /* scale and number, whatever the standing */
    uint32_t code;         /* yesno, one_of: 0 unknown */
    struct interval gap, disagree;
};

/* The strength of an any or all that was met before. */
struct kept {
    struct kept *next;
    const struct node *node;
    bool under_not;
    struct interval strength;
};

struct oracle {
    const struct kb *kb;
    const struct put *put;
    bool *assessed; /* by conclusion */
    bool *in_play;  /* by rule */

    /* The case that oracle_run saw last. */
    struct arena *arena;
    const struct cases *block;
    uint32_t index;
    bool open;
    uint32_t partner_from, partners;
    struct known *known;                              /* by question and subject */
    struct interval *answered_share, *straight_lined; /* by subject */
    struct interval *certainty;                       /* by conclusion and subject */
    enum level *level;
    struct interval *rule; /* by rule and subject */
    struct kept **kept;
};

struct oracle *oracle_new(const struct kb *kb, const struct put *put);
void oracle_free(struct oracle *o);
void oracle_run(struct oracle *o, const struct cases *block, uint32_t index);

/* --- results of the last case: oracle.c ------------------------------------------------------- */

/* Certainty of a conclusion about the subject; partner conclusions have one of WHOLE too. */
struct interval oracle_certainty(const struct oracle *o, uint32_t conclusion, uint32_t subject);
enum verdict oracle_verdict(const struct oracle *o, uint32_t conclusion, uint32_t subject);
/* Partner conclusions: of the partner, and of WHOLE what the case takes. */
enum level oracle_level(const struct oracle *o, uint32_t conclusion, uint32_t subject);
/* Strength of the rule's condition, for the subject the rule is for. */
struct interval oracle_rule(const struct oracle *o, uint32_t rule, uint32_t subject);
bool oracle_remedy_fits(const struct oracle *o, uint32_t remedy);
bool oracle_reaches(double certainty, double threshold);

/* The remedies of the plan, in order; returns how many. Room for remedy_count: oracle_plan.c. */
uint32_t oracle_plan(const struct oracle *o, uint32_t *remedies);
/* Score (0..100) of a dimension for a partner and how many of its questions have a value. */
double oracle_profile(const struct oracle *o, uint32_t dimension, uint32_t partner,
                      uint32_t *answered);

/* --- conditions: oracle_condition.c ----------------------------------------------------------- */

/* Strength of any condition, with or without `not` pushed down. */
struct interval oracle_strength(const struct oracle *o, const struct node *n, uint32_t subject);
/* 0 for want of questions put and conclusions assessed, in every case. */
bool oracle_is_out(const struct oracle *o, const struct node *n);

/* --- what was answered: oracle_answers.c ------------------------------------------------------ */

/* Finds out what is kept of a question, those before it in question_order known; then the facts. */
void oracle_learn(const struct oracle *o, uint32_t question);
void oracle_learn_facts(const struct oracle *o);

uint32_t oracle_rows(const struct oracle *o, uint32_t subject, uint32_t *from); /* respondents */
struct interval oracle_ask(const struct oracle *o, uint32_t question, uint32_t subject);
enum standing oracle_standing(const struct oracle *o, uint32_t question, uint32_t subject);

struct interval oracle_value(const struct oracle *o, uint32_t question, uint32_t subject);
/* mean, min, max, spread by kind of node. */
struct interval oracle_pooled(const struct oracle *o, enum node_kind kind, uint32_t question,
                              uint32_t subject);
uint32_t oracle_code(const struct oracle *o, uint32_t question, uint32_t subject);
struct interval oracle_includes(const struct oracle *o, uint32_t question, uint32_t code,
                                uint32_t subject);
/* A leaf MATCHES or TEXT_IS. */
struct interval oracle_text(const struct oracle *o, const struct node *n, uint32_t subject);
struct interval oracle_pattern(const struct pattern *p, struct text t);
struct interval oracle_answered(const struct oracle *o, uint32_t question, uint32_t subject);
struct interval oracle_unknown(const struct oracle *o, uint32_t question, uint32_t subject);
struct interval oracle_gap(const struct oracle *o, uint32_t question);
struct interval oracle_disagree(const struct oracle *o, uint32_t question);
struct interval oracle_answered_share(const struct oracle *o, uint32_t subject);
struct interval oracle_straight_lined(const struct oracle *o, uint32_t subject);

/* What one respondent said; rows count in the block. */
enum said { SAID_VALUE, SAID_NA, SAID_DECLINED, SAID_TO_COME };
enum said oracle_said(const struct oracle *o, uint32_t question, uint32_t row);
double oracle_said_number(const struct oracle *o, uint32_t question, uint32_t row);
struct interval oracle_said_text(const struct oracle *o, const struct node *n, uint32_t row);

#define INTERVAL(lo, hi) ((struct interval){(lo), (hi)})
#define MAYBE INTERVAL(0, 1)

#endif
