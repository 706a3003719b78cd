/* reads: private to explain. Who a condition is about, and what its leaves read. */
#ifndef ENTENTE_READS_H
#define ENTENTE_READS_H

#include "explain/explain.h"

/* A subject of a case: a partner of it (from 0), or with NONE the partnership. */
enum scope subject_scope(uint32_t partner);
uint32_t subject_of(const struct case_view *v, uint32_t partner); /* in the tile */
enum verdict verdict_of(const struct case_view *v, uint32_t conclusion, uint32_t partner);
struct text partner_name(const struct case_view *v, uint32_t partner);
const struct kb *kb_of(const struct case_view *v);

/* The partner whose conclusion is the partnership's (highest lo, then hi, the first of equals);
 * NONE where the conclusion is about the partnership. */
uint32_t leading_partner(const struct case_view *v, uint32_t conclusion);

enum read_state {
    READ_KNOWN,
    READ_UNANSWERED, /* nobody of the subject answered */
    READ_UNSETTLED,  /* answered, and still not one value: a tie, answers to come */
    READ_NOT_APPLICABLE,
    READ_NOT_PUT,
    READ_NOT_ASSESSED, /* a conclusion */
    READ_FEW_PARTNERS, /* gap or disagree with fewer than two partners */
    READ_STATE_COUNT
};

/* One thing a leaf reads: a question, a conclusion, or a fact every subject has. */
struct read {
    const struct node *node;
    uint32_t question, conclusion; /* NONE where it is not one */
    enum read_state state;
    bool is_number; /* value holds */
    struct interval value;
    uint8_t code;     /* yesno and one_of that are known */
    uint32_t answers; /* respondents of the subject who answered */
};

struct leaf {
    const struct node *node;
    uint32_t partner;   /* the subject it was judged for */
    bool over_partners; /* stands inside any or all */
    bool in_play;
    struct interval strength;
    struct read *reads;
    uint32_t read_count;
};

/* The leaves of a condition of normal form, judged for a subject, in the order written; those
 * inside any and all once a partner. */
struct leaf *leaves_of(struct arena *a, const struct case_view *v, const struct node *when,
                       uint32_t partner, uint32_t *count);

/* Appends the questions a leaf still hangs on, each (question, partner) once. */
struct unanswered_list {
    struct arena *arena;
    struct unanswered *at;
    size_t count, capacity;
};
void leaf_unanswered(const struct case_view *v, const struct leaf *l, struct unanswered_list *to);
void unanswered_sort(struct unanswered_list *l);

/* Questions of a condition that are not put, each once; returns how many. */
uint32_t questions_not_put(struct arena *a, const struct case_view *v, const struct node *when,
                           uint32_t **out);

/* Calls visit(ctx, leaf, partner, over_partners) for every leaf. */
void each_leaf(const struct case_view *v, const struct node *n, uint32_t partner,
               bool over_partners,
               void (*visit)(void *ctx, const struct node *leaf, uint32_t partner,
                             bool over_partners),
               void *ctx);

#endif
