/* cases: a block of cases in columns, and what its respondents answered.
 *
 *     case      |   0    |      1       |            partner_from[case]
 *     partner   | 0  | 1 |  2  | 3 |  4 |            respondent_from[partner]
 *     respondent|0|1 | 2 |3|4|5| 6 | 7  |            row of every answer column
 *
 * Three levels, ragged, by offsets: the partners of case c are partner_from[c] up to
 * partner_from[c + 1], the respondents of partner p respondent_from[p] up to respondent_from[p +
 * 1]. Every question that is put has a column of code bytes, a row a respondent:
 *
 *     kind          code                                   beside it
 *     scale         value - lo + 1 (1..101)                -
 *     yesno         YESNO_NO, YESNO_YES                    -
 *     one_of        1..250, the choice                     -
 *     number        1                                      number[row]
 *     many_of       1                                      ticked[row], bit (code - 1) a choice
 *     text          1 whole, 2 cut at LIMIT_PATTERN_TEXT   texts[row], valid UTF-8, form C
 *
 *     0 not asked (blank), 253 skipped, 254 don't know, 255 not applicable
 *
 * A block is filled by one thread (survey, sheets, tests) and read by infer; it owns its columns;
 * names and texts are views that must live as long as the block is used. cases_clear empties it
 * and keeps the memory: after the largest block nothing is allocated. */
#ifndef ENTENTE_CASES_H
#define ENTENTE_CASES_H

#include "program/program.h"

enum {
    BLOCK_CASES = 1024, /* at most, in a block */
    CODE_BLANK = 0,
    CODE_SKIPPED = 253,
    CODE_UNSURE = 254, /* don't know */
    CODE_NA = 255,
    TEXT_CUT = 2
};

struct column {
    uint8_t *code;
    double *number;     /* KIND_NUMBER */
    uint64_t *ticked;   /* KIND_MANY_OF */
    struct text *texts; /* KIND_TEXT */
    bool put;
    bool has_na; /* some row of this block is CODE_NA */
};

struct cases {
    const struct kb *kb;
    uint32_t case_count, partner_count, respondent_count;
    uint32_t *partner_from;    /* [case_count + 1] */
    uint32_t *respondent_from; /* [partner_count + 1] */
    bool *open;                /* [case_count]: the interview still runs */
    struct text *case_names, *partner_names;
    struct column *columns; /* by question; code NULL where not put */
    bool single;            /* so far no case got a second partner: ask cases_is_single */
    bool any_open;
    /* private: capacities */
    uint32_t case_capacity, partner_capacity, respondent_capacity;
};

/* NULL when memory is short. Columns for the questions of `put` only. */
struct cases *cases_new(const struct kb *kb, const struct put *put);
void cases_free(struct cases *c);
void cases_clear(struct cases *c);

/* Every case has one partner with one respondent: rows, partners and cases are the same. */
bool cases_is_single(const struct cases *c);

/* Appends; answers of a new respondent are all blank. False when memory is short. */
bool cases_add_case(struct cases *c, struct text name, bool open);
bool cases_add_partner(struct cases *c, struct text name); /* to the last case */
bool cases_add_respondent(struct cases *c);                /* to the last partner */
/* Room for n respondents in all, so that a reader can fill rows in columns directly. */
bool cases_reserve(struct cases *c, uint32_t cases, uint32_t partners, uint32_t respondents);

/* One parsed answer, not yet in a block. */
struct answer {
    uint8_t code;
    double number;
    uint64_t ticked;
    struct text text; /* valid UTF-8, form C, at most LIMIT_PATTERN_TEXT bytes */
};

/* One answer, as text: a number, choice id, yes/no, text, "dk", "na", empty; many_of:
 * ids separated by spaces, commas or semicolons. Gives why it does not fit, or ANSWER_OK. */
enum answer_fault {
    ANSWER_OK,
    ANSWER_NOT_NUMBER,
    ANSWER_NOT_WHOLE,
    ANSWER_OUTSIDE, /* the scale or the range */
    ANSWER_NOT_CHOICE,
    ANSWER_NOT_YESNO,
    ANSWER_NOT_TEXT, /* not valid UTF-8, or a NUL */
    ANSWER_NO_MEMORY,
    ANSWER_FAULT_COUNT
};
/* Text that is not ASCII is folded into `scratch`, which must outlive the answer; NULL when t is
 * known to be folded. */
enum answer_fault answer_parse(const struct question *q, struct text t, struct arena *scratch,
                               struct answer *out);

/* And back; "skip" where it was passed over. Not of a blank. */
void answer_write(const struct question *q, const struct answer *a, struct buffer *out);

/* Puts an answer into a row. */
void cases_set(struct cases *c, uint32_t question, uint32_t row, const struct answer *a);

/* --- one case written by hand: an answer sheet, a case of tests.yaml, the calls of a program ----
 *
 *     form + facts + respondents ──▶ which questions are put ──▶ a block of one case
 *
 * Rows are respondents in the order given; the block has them partner by partner, partners in the
 * order of first mention. A fact stands in the first respondent's row; the others have skipped it.
 * Everything is in the arena, inside arena_run. */
struct sheet_answer {
    uint32_t question;
    struct answer answer;
};

struct sheet_row {
    uint32_t partner; /* in partners */
    struct sheet_answer *answers;
    size_t count, capacity;
};

struct sheet_case {
    const struct kb *kb;
    struct arena *arena;
    bool *put; /* by question */
    struct text *partners;
    uint32_t partner_count;
    size_t partner_capacity;
    struct idmap partner_of; /* name -> index */
    struct sheet_row *rows;
    uint32_t row_count;
    size_t row_capacity;
    struct sheet_row facts;
};

/* form: which questions are put whether they occur or not; what occurs is put. */
void sheet_init(struct sheet_case *s, const struct kb *kb, enum pack_form form, struct arena *a);
/* Reads what the YAML says: of a sheet, or of a test. False and a problem for everything that does
 * not fit; `at` is the place of the whole. */
bool sheet_read(struct sheet_case *s, const struct entries *facts,
                const struct pack_respondent *respondents, unsigned count, struct span at,
                struct problems *problems);
/* A respondent who speaks for a partner: the row's number, or NONE and a problem. */
uint32_t sheet_respondent(struct sheet_case *s, struct text partner, struct span at,
                          struct problems *problems);
/* One answer; row NONE: a fact about the partnership. Copies the value. */
bool sheet_answer(struct sheet_case *s, uint32_t row, struct text question, struct text value,
                  struct problems *problems);
/* One parsed answer in a row, whatever it is about; its text is a view. */
void sheet_set(struct sheet_case *s, struct sheet_row *row, uint32_t question,
               const struct answer *a);

struct put sheet_put(const struct sheet_case *s); /* a view */
/* The block; its names and texts are views into the arena. Owned by the caller; not inside
 * arena_run. NULL and a problem when memory is short. */
struct cases *sheet_block_new(const struct sheet_case *s, struct text name, bool open,
                              struct problems *problems);

/* What may be answered to a question, as the end of a message: "write a whole number from 1 to 5;
 * or dk, na or nothing"; in front of it, why `value` is no number where that says more. */
void answer_allowed(struct buffer *out, const struct question *q, struct text value);

#endif
