/* explain: what the columns of one case mean: causes, the plan, profile, and HOW.
 *
 *     tile of infer ──explain_case──▶ findings, plan, profile      (struct case_view)
 *                   ──explain_how───▶ the proof of one conclusion, as text or JSON
 *
 * Takes a tile of infer (PROGRAM_REPORT; explain_how and explain_unanswered also PROGRAM_TRACE) and
 * a case of it; gives lists in the caller's arena (inside arena_run). Reads the one evaluation;
 * computes no truth of its own. A view lives as long as the tile and the arena. */
#ifndef ENTENTE_EXPLAIN_H
#define ENTENTE_EXPLAIN_H

#include "explain/phrases.h"
#include "infer/infer.h"

/* What is to be said of one conclusion of one case. */
struct finding {
    uint32_t conclusion;
    enum verdict verdict;
    struct interval certainty;
    enum level level;                 /* LEVEL_NONE where it has none */
    const struct node *level_because; /* high_when or low_when where that set it, else NULL */
    uint32_t level_partner;           /* the partner (of the case) whose level it is */
    uint32_t *rules;                  /* that surely fired for it, by id: lower strength over 0 */
    uint32_t rule_count;
    uint32_t *rules_against; /* likewise, negative certainty */
    uint32_t rule_against_count;
    uint32_t *causes; /* present conclusions among the premises (not negated) of `rules`,
                         each for the subject for which the rule fired; in pack order */
    uint32_t cause_count;
};

struct profile_entry {
    uint32_t dimension;
    double *score;     /* [partner of the case] 0..100; only where answers > 0 */
    uint32_t *answers; /* [partner] how many of its questions were answered */
};

struct planned {
    uint32_t remedy;
    uint32_t *treats; /* the present diagnoses it is for, in the order of the remedy */
    uint32_t treat_count;
};

struct case_view {
    const struct infer *in;
    const struct tile *tile;
    uint32_t tile_case;              /* of the tile */
    uint32_t partner_from, partners; /* of the tile */
    struct finding *findings; /* present first, then undetermined; each by lo down, hi down, id */
    uint32_t finding_count;
    uint32_t *absent; /* diagnoses and strengths, in pack order */
    uint32_t absent_count;
    uint32_t *not_assessed; /* likewise */
    uint32_t not_assessed_count;
    struct planned *plan; /* docs/semantics.md, "The plan" */
    uint32_t plan_count;
    struct profile_entry *profile; /* dimensions with a scale question that is put, in pack order */
    uint32_t profile_count;
    uint32_t respondents;
    struct interval answered;
};

enum explain_options {
    EXPLAIN_FINDINGS = 1,   /* conclusions of kind CONCLUSION_FINDING too */
    EXPLAIN_NO_PROFILE = 2, /* the profile is not asked for */
    EXPLAIN_PLAN = 4        /* rules, causes and levels only of what the plan is made from: the
                               present diagnoses */
};

/* Everything about one case. */
void explain_case(struct arena *a, const struct infer *in, const struct tile *t, uint32_t tile_case,
                  unsigned options, struct case_view *out);

/* Whose own figures may be shown, where a side needs at least so many respondents: an enum hiding
 * for each partner of the case, or NULL where all may. Inside arena_run. */
enum hiding {
    SIDE_SHOWN,
    SIDE_FEW,   /* too few respondents */
    SIDE_BESIDE /* enough, but the hidden one could be computed from it */
};
uint8_t *explain_sides(struct arena *a, const struct case_view *v, uint32_t least);

/* A rule judged for a partner of the case; with NONE (rules `each: partnership`), for the case. */
enum rule_state {
    RULE_FIRED,       /* surely: even the lower strength is over 0 */
    RULE_POSSIBLE,    /* an answer may make it fire */
    RULE_IDLE,        /* surely not */
    RULE_OUT_OF_PLAY, /* or its conclusion is not assessed: it was not looked at */
    RULE_STATE_COUNT
};
enum rule_state explain_rule_state(const struct case_view *v, uint32_t rule, uint32_t partner);

/* A rule surely fired for a partner for whom its conclusion is present (or for the partnership):
 * what another partner says does not argue about it. */
bool explain_speaks_where_present(const struct case_view *v, uint32_t rule);

/* The certainty of a conclusion for a partner of the case (from 0), or with NONE for the case. */
struct interval explain_certainty(const struct case_view *v, uint32_t conclusion, uint32_t partner);

/* A question without the answer that would say more. */
struct unanswered {
    uint32_t question;
    uint32_t partner; /* of the case; NONE for facts of the partnership */
};

/* The questions on which an undetermined conclusion still hangs, through its premises too: each
 * once, in the order of the questions. Returns how many. */
uint32_t explain_unanswered(struct arena *a, const struct case_view *v, uint32_t conclusion,
                            struct unanswered **out);

/* The `needs` of a conclusion surely hold for the case, or it has none. */
bool explain_needs_met(const struct case_view *v, uint32_t conclusion);

/* HOW conclusion c was reached, as text for people: each rule, each condition with the value read,
 * per partner; the arithmetic of the certainty in numbers; what spoke against; which unanswered
 * questions could still change it. Appends lines to `out`, in `language` ("fr", else English). */
void explain_how(struct arena *a, const struct case_view *v, uint32_t conclusion,
                 struct text language, struct buffer *out);
/* The same as one JSON object, without a line end. */
void explain_how_json(struct arena *a, const struct case_view *v, uint32_t conclusion,
                      struct buffer *out);

/* WHY NOT: the rules in favour of a conclusion that do not fire, those first of which the fewest
 * conditions are missing, each with what it read. The case must have been traced. */
void explain_why_not(struct arena *a, const struct case_view *v, uint32_t conclusion,
                     struct text language, bool json, struct buffer *out);

/* What all respondents of a partner would answer; partner NONE: a fact. */
struct change {
    uint32_t question, partner;
    struct answer to;
};
/* WHAT IF: what opens, closes, moves with other answers. These run the rules again: false and a
 * problem where memory is short. */
bool explain_what_if(const struct case_view *v, const struct change *changes, size_t count,
                     struct text language, bool json, struct buffer *out,
                     struct problems *problems);
/* The smallest sets of answer changes that make a present diagnosis absent: up to three changes all
 * of the smallest size are found for certain, beyond that one by a search, and said so. In
 * arena_run. */
bool explain_clear(struct arena *a, const struct case_view *v, uint32_t conclusion,
                   struct text language, bool json, struct buffer *out, struct problems *problems);
/* Single changes, one after another, that clear the most of what is present. In arena_run. */
bool explain_ways(struct arena *a, const struct case_view *v, struct text language, bool json,
                  struct buffer *out, struct problems *problems);

/* "present", "undetermined", "absent", "not_assessed": as in JSON. */
const char *verdict_name(enum verdict v);

#endif
