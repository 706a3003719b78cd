/* interview: which question to put next, what is settled already, and sessions that survive.
 *
 *     answers so far ──open case──▶ infer ──settle──▶ diagnoses still open, and the cells they hang
 * on ▲                                                       │ └── answer ◀── next cell ◀── choose:
 * what if each cell were answered so or so (blocks) ┘
 *
 * A cell is one question for one respondent; a fact about the partnership is one cell. Takes a kb,
 * partners and their respondents, answers; gives the next cell, a bound on how many are left, what
 * each answer would do; owns the answers, two programs and their registers. The guarantee: when no
 * cell is left, verdict, severity and remedies of every diagnosis are those of the whole
 * questionnaire, whatever its other answers are (docs/interview.md). Statements about the answers
 * (level none) are aside, unless a diagnosis rests on one. Deterministic. One thread. */
#ifndef ENTENTE_INTERVIEW_H
#define ENTENTE_INTERVIEW_H

#include "explain/explain.h"

struct interview;

struct interview_options {
    struct text title; /* of the session: the name of the case */
    const struct text *partners;
    const uint32_t *people; /* how many speak for each, at least one; NULL: one each */
    uint32_t partner_count; /* 0: one partner without a name */
    bool short_form;        /* puts the short form only */
    bool all;               /* asks everything that may apply, in the order of the pack */
};

/* NULL and a problem. The kb must outlive it. */
struct interview *interview_new(const struct kb *kb, const struct interview_options *o,
                                struct problems *problems);
void interview_free(struct interview *iv);

/* Only this partner answers here; NONE: all do. Facts are asked of whoever answers. */
void interview_only(struct interview *iv, uint32_t partner);
void interview_set_all(struct interview *iv, bool all);

/* How the next cell is found; what is settled is the same. For measuring the first against the
 * others: the first of those that still matter; the pack's order until nothing matters any more. */
enum choosing { CHOOSING_BEST, CHOOSING_RELEVANT, CHOOSING_IN_ORDER };
void interview_set_choosing(struct interview *iv, enum choosing how);

const struct kb *interview_kb(const struct interview *iv);
struct text interview_title(const struct interview *iv);
bool interview_is_short(const struct interview *iv);
bool interview_asks_all(const struct interview *iv);
uint32_t interview_partner_count(const struct interview *iv);
struct text interview_partner(const struct interview *iv, uint32_t partner);
uint32_t interview_only_partner(const struct interview *iv); /* or NONE */
uint32_t interview_row_count(const struct interview *iv);    /* respondents of all partners */
uint32_t interview_row_partner(const struct interview *iv, uint32_t row);
uint32_t interview_row_of(const struct interview *iv, uint32_t partner, uint32_t person);
bool interview_is_put(const struct interview *iv, uint32_t question);

struct cell_at {
    uint32_t question;
    uint32_t row; /* NONE: a fact about the partnership */
};

/* --- asking ---------------------------------------------------------------------------------- */

/* The cell to be asked now; false: nothing is left. After interview_back it is one that has an
 * answer. False and a problem when memory is short: look at the list. */
bool interview_now(struct interview *iv, struct cell_at *out, struct problems *problems);
/* Cells asked so far, and how many more there may be at most, the one to be asked now included.
 * After interview_now. */
uint32_t interview_asked(const struct interview *iv);
uint32_t interview_left(const struct interview *iv);

/* An answer to any cell; goes on behind it. The value is copied. */
bool interview_set(struct interview *iv, struct cell_at at, const struct answer *a,
                   struct problems *problems);
/* The answer of a cell; NULL where it has none. */
const struct answer *interview_answer(const struct interview *iv, struct cell_at at);
/* To the cell asked before; its answer and all later ones stay. False at the first. */
bool interview_back(struct interview *iv);
/* To the i-th cell asked; interview_asked(iv): behind the last. */
void interview_go(struct interview *iv, uint32_t i);
uint32_t interview_place(const struct interview *iv); /* of the cell to be asked now */
struct cell_at interview_asked_at(const struct interview *iv, uint32_t i);

/* --- what is known, and why the next one ---------------------------------------------------------
 */

/* How a diagnosis stands. */
enum settled { SETTLED, SETTLED_NOT, SETTLED_LEVEL_NOT, SETTLED_ORDER_NOT };
/* Of targets only (SETTLED for others): the verdict is open; it is present and the severity, or its
 * place among the remedies, is. After interview_now. */
enum settled interview_settled(const struct interview *iv, uint32_t conclusion);
bool interview_is_target(const struct interview *iv, uint32_t conclusion);
/* How many cells a conclusion still hangs on. */
uint32_t interview_hangs_on(struct interview *iv, uint32_t conclusion);

/* What an answer to the cell to be asked now would do to a conclusion for its partner (NONE: the
 * partnership): certainty now, and with each value tried. */
struct effect {
    uint32_t conclusion, partner;
    struct interval now;
    struct interval *then; /* [value_count] */
    double weight;         /* how much it moves, for ordering */
};
struct reasons {
    struct answer *values; /* tried, in order; of the question's kind */
    uint32_t value_count;
    struct effect *effects; /* of targets that it moves, the most first */
    uint32_t effect_count;
};
/* In the interview's arena until the next call that changes something. False: memory. */
bool interview_why(struct interview *iv, struct cell_at at, struct reasons *out,
                   struct problems *problems);

/* The case as it stands, in an arena (inside arena_run): every question of the form put, open. */
void interview_sheet(const struct interview *iv, struct sheet_case *out, struct arena *a);

/* --- sessions -------------------------------------------------------------------------------- */

/* A session as bytes, and back. Reading checks everything before anything is used: NULL and
 * problems where it is not whole. Of another version of the pack: what its ids still name is taken
 * over, the rest is told as warnings. */
void session_write(const struct interview *iv, struct buffer *out);
struct interview *session_read(const struct kb *kb, struct text name, struct text bytes,
                               struct problems *problems);
/* What a list shows of one; its texts are in the arena. False and a problem: it is no whole
 * session. */
struct session_head {
    struct text title, pack;
    uint32_t answers, partners;
    bool is_short;
};
bool session_peek(struct text name, struct text bytes, struct arena *a, struct session_head *out,
                  struct problems *problems);

/* What answer_write wrote, or somebody typed: as in an export, and "skip", as an empty one is. */
enum answer_fault answer_read(const struct question *q, struct text t, struct arena *scratch,
                              struct answer *out);

/* The answers as a sheet that diagnose reads, in YAML. */
void sheet_write(const struct interview *iv, struct buffer *out);

#endif
