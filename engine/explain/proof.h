/* proof: private to explain. The proof of one conclusion as a tree, before it is written down.
 *
 *     how ── proof (partner 1) ── rule ── leaf ── read
 *        │                     │      └── proof of a premise ── ...
 *        └─ proof (partner 2)  └─ terms: what entered the product */
#ifndef ENTENTE_PROOF_H
#define ENTENTE_PROOF_H

#include "explain/reads.h"

enum { PROOF_DEPTH = 8 }; /* premises of premises; deeper ones are named, not opened */

struct proof;

/* A conclusion that a rule reads. */
struct premise {
    uint32_t conclusion, partner; /* NONE: the partnership's */
    const struct proof *proof;    /* NULL: opened above, or too deep */
    bool above;
};

/* A rule judged for a subject. A partner rule about the partnership stands once a partner. */
struct proof_rule {
    const struct rule *rule;
    uint32_t partner; /* NONE: the partnership */
    enum rule_state state;
    struct interval strength;
    struct interval evidence; /* strength times |certainty| */
    struct leaf *leaves;
    uint32_t leaf_count;
    struct unanswered *unanswered; /* on which it still hangs */
    uint32_t unanswered_count;
    uint32_t *not_put; /* questions, out of play only */
    uint32_t not_put_count;
    struct premise *premises; /* fired and possible rules only */
    uint32_t premise_count;
};

/* A rule, or a group as one: a factor for, a factor against. */
struct proof_term {
    const struct rule *first; /* the lowest id in play */
    uint32_t rule_count;      /* in play, of the group */
    struct interval in_favour, against;
};

/* P, N and the certainty of one end. */
struct proof_end {
    double p, n, certainty;
};

struct proof {
    uint32_t conclusion, partner; /* NONE: about the partnership */
    enum verdict verdict;
    struct interval certainty;
    bool needs_met;
    struct proof_rule *rules; /* by id, then partner */
    uint32_t rule_count;
    struct proof_term *terms; /* in the order of the product; only those with evidence */
    uint32_t term_count;
    struct proof_end lowest, highest; /* before `needs` */
};

/* The proofs of a conclusion for each partner, or the one of the partnership. */
struct proof **proof_new(struct arena *a, const struct case_view *v, uint32_t conclusion,
                         uint32_t *count);

const char *rule_state_name(enum rule_state s);
const char *read_state_name(enum read_state s);

#endif
