/* entente.h: the public interface of libentente, in the order of the pipeline:
 *
 *     packs ──load──▶ knowledge base ──▶ case ──infer──▶ result ──▶ conclusions, proof, remedies
 *                                    └─▶ batch: an export in, a report out
 *
 * Ownership: what a function called _new or _load gives is yours, and its _free takes it (NULL is
 * fine). Texts (struct entente_text) are views that live as long as the object asked.
 * Errors: a function that fails returns NULL, false or a fault and has added at least one problem
 * to the list passed last. The library never prints and never exits.
 * Threads: a knowledge base is immutable and may be shared; every other object belongs to one
 * thread at a time. No global state.
 * Certainties are in [-1, 1]; numbers that are not exactly known are intervals [lo, hi]. */
#ifndef ENTENTE_ENTENTE_H
#define ENTENTE_ENTENTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ENTENTE_API __attribute__((visibility("default")))
#else
#define ENTENTE_API
#endif

struct entente_text {
    const char *at; /* not ended by NUL */
    size_t size;
};

struct entente_interval {
    double lo, hi;
};

/* Where text goes. False ends the writing. */
typedef bool (*entente_write)(void *ctx, const char *at, size_t size);

ENTENTE_API const char *entente_version(void); /* "0.1.0" */

/* --- problems: what is wrong, where, and what would help -------------------------------------- */

struct entente_problems;

enum entente_severity { ENTENTE_NOTE, ENTENTE_WARNING, ENTENTE_ERROR };

ENTENTE_API struct entente_problems *entente_problems_new(void); /* NULL: no memory */
ENTENTE_API void entente_problems_free(struct entente_problems *problems);
ENTENTE_API size_t entente_problems_count(const struct entente_problems *problems,
                                          enum entente_severity at_least);
/* file:line:column: error[E1204]: ..., the line, a caret, notes, help; or a JSON array. */
ENTENTE_API bool entente_problems_print(const struct entente_problems *problems, bool color,
                                        entente_write write, void *ctx);
ENTENTE_API bool entente_problems_json(const struct entente_problems *problems, entente_write write,
                                       void *ctx);
/* What a process should exit with: 0 no error, 2 usage or packs, 3 rows rejected, 4 input/output,
 * 5 a limit or memory, 70 a mistake in Entente. */
ENTENTE_API int entente_problems_exit(const struct entente_problems *problems);
/* Every kind of problem there is, in the order of the pipeline. */
struct entente_code {
    char label[8];       /* "E1204" */
    const char *message; /* with {0} {1} {2} where data goes */
    const char *more;    /* what it means and how to mend it, or NULL */
};
ENTENTE_API size_t entente_code_count(void);
ENTENTE_API struct entente_code entente_code_at(size_t i);
ENTENTE_API bool entente_code_find(const char *label, struct entente_code *out);

/* --- the knowledge base ----------------------------------------------------------------------- */

struct entente_kb;

struct entente_load {
    const char *const *packs; /* folders, or names of installed ones; what they extend comes too */
    size_t pack_count;
    const char *language; /* of the texts: "fr", "en"; NULL: the pack's own */
    bool with_tests;      /* also read and check tests.yaml of the packs named */
    bool all_texts;       /* read and check every text catalogue */
};

ENTENTE_API struct entente_kb *entente_kb_load(const struct entente_load *options,
                                               struct entente_problems *problems);
ENTENTE_API void entente_kb_free(struct entente_kb *kb);
ENTENTE_API struct entente_text entente_kb_name(const struct entente_kb *kb); /* "core 1.0.0" */

struct entente_kb_counts {
    size_t questions, conclusions, rules, remedies, layers;
};
ENTENTE_API struct entente_kb_counts entente_kb_counts(const struct entente_kb *kb);
/* The column program with every question put, as a readable listing. */
ENTENTE_API struct entente_text entente_kb_language(const struct entente_kb *kb); /* of the texts */
ENTENTE_API bool entente_kb_dump_program(const struct entente_kb *kb, entente_write write,
                                         void *ctx, struct entente_problems *problems);

/* The packs' own tests (loaded with_tests): expected against actual, one report a case that
 * differs; as JSON an array with every case. coverage: NULL, or notes what the tests reach. */
struct entente_coverage;
struct entente_test_counts {
    size_t passed, failed;
};
ENTENTE_API bool entente_kb_test(const struct entente_kb *kb, bool json,
                                 struct entente_coverage *coverage, entente_write write, void *ctx,
                                 struct entente_test_counts *counts,
                                 struct entente_problems *problems);

/* What tests reach of the packs named (what these define or override, not what they inherit): rules
 * that surely fired, and surely did not, for anyone in any test; diagnoses expected to be present,
 * and absent, where that came true. The kb must outlive it. */
struct entente_coverage_counts {
    size_t rules, fired, silent;
    size_t diagnoses, present, absent;
};
ENTENTE_API struct entente_coverage *entente_coverage_new(const struct entente_kb *kb,
                                                          struct entente_problems *problems);
ENTENTE_API void entente_coverage_free(struct entente_coverage *c);
ENTENTE_API struct entente_coverage_counts entente_coverage_counts(
    const struct entente_coverage *c);
/* What is not reached, a line each with its place; or all of it as one JSON object. */
ENTENTE_API bool entente_coverage_write(const struct entente_coverage *c, bool json,
                                        entente_write write, void *ctx,
                                        struct entente_problems *problems);

/* --- a case ----------------------------------------------------------------------------------- */

struct entente_case;

enum entente_form { ENTENTE_FORM_GIVEN, ENTENTE_FORM_SHORT, ENTENTE_FORM_LONG };

/* form: which questions are put; GIVEN: those that get an answer (dk and na are answers here). */
ENTENTE_API struct entente_case *entente_case_new(const struct entente_kb *kb, const char *name,
                                                  enum entente_form form,
                                                  struct entente_problems *problems);

/* Where answers come from: exports in the plain layout, or answer sheets. Zero: the defaults. */
enum entente_duplicates { ENTENTE_LAST, ENTENTE_FIRST, ENTENTE_ALL };

struct entente_input {
    const char *const *files; /* exports or answer sheets (.yaml, .yml); "-" is standard input */
    size_t file_count;
    /* NULL: case, partner, respondent */
    const char *case_column, *partner_column, *respondent_column;
    const char *wave_column; /* NULL: wave, where there is one; each wave of a case is a case */
    bool each_row;           /* every row is a case */
    bool sorted;             /* the rows of a case stand together, cases ascend: constant memory */
    const char *const *keep; /* columns carried through */
    size_t keep_count;
    /* Bytes for rows that wait for their case, 0: 256 MiB. What does not fit goes to a temporary
     * file without a name, in the folder TMPDIR names, else in /var/tmp. */
    uint64_t memory;
    size_t max_field;     /* bytes; 0: 1 MiB */
    char separator;       /* of columns; 0: found out */
    const char *encoding; /* "utf-8", "utf-16le", "utf-16be", "windows-1252"; NULL: found out */
    const char *dialect;  /* "limesurvey", "qualtrics", ...; NULL: found out */
    const char *map;      /* a mapping file (docs/manual.md); NULL: headers are ids of questions */
    bool drop_abandoned;  /* rows of people who did not finish, where the tool says so */
    bool keep_previews;   /* rows of nobody, where the tool says so */
    /* Columns about people (e-mails, IP addresses, phone numbers, names) and free texts do not
     * leave: not as kept columns, names of cases and partners, values of rejected rows. Unless: */
    bool keep_personal;
    bool quote_text;
    enum entente_duplicates duplicates; /* of one respondent's rows in a case */
    size_t skip_rows;                   /* lines above the header */
    const char *sheet;                  /* of a workbook; NULL: the first that is a table */
    const char *decimal; /* "point" or "comma"; NULL: read where a number can only mean one */
};

/* Reads one case: by its key, or "row N" where the export names none; NULL: the only one. */
ENTENTE_API struct entente_case *entente_case_load(const struct entente_kb *kb,
                                                   const struct entente_input *input,
                                                   const char *name,
                                                   struct entente_problems *problems);
/* Its partners, and how many people answer for each. */
ENTENTE_API size_t entente_case_partner_count(const struct entente_case *c);
ENTENTE_API struct entente_text entente_case_partner(const struct entente_case *c, size_t i,
                                                     unsigned *people);
ENTENTE_API void entente_case_free(struct entente_case *c);
/* An interview that still runs: what is not answered may still be. */
ENTENTE_API void entente_case_set_open(struct entente_case *c, bool open);
/* Adds a respondent who speaks for a partner (made at first mention); its number, or -1. */
ENTENTE_API int entente_case_respondent(struct entente_case *c, const char *partner,
                                        struct entente_problems *problems);
/* An answer as in an export: "4", "yes", a choice id, several, text, "dk", "na", "". */
ENTENTE_API bool entente_case_answer(struct entente_case *c, int respondent, const char *question,
                                     const char *value, struct entente_problems *problems);
/* A fact about the partnership. */
ENTENTE_API bool entente_case_fact(struct entente_case *c, const char *question, const char *value,
                                   struct entente_problems *problems);

/* --- what follows ----------------------------------------------------------------------------- */

struct entente_result; /* holds what it needs of the case; the kb must outlive it */

enum entente_verdict {
    ENTENTE_PRESENT,
    ENTENTE_UNDETERMINED,
    ENTENTE_ABSENT,
    ENTENTE_NOT_ASSESSED
};

struct entente_conclusion {
    struct entente_text id, label, summary;
    struct entente_text kind;     /* finding, diagnosis, strength */
    struct entente_text severity; /* low, medium, high; empty where it has none */
    enum entente_verdict verdict;
    struct entente_interval certainty;
};

ENTENTE_API struct entente_result *entente_case_infer(const struct entente_case *c,
                                                      struct entente_problems *problems);
ENTENTE_API void entente_result_free(struct entente_result *r);
/* All conclusions: present first, then undetermined, absent, not assessed. */
ENTENTE_API size_t entente_result_count(const struct entente_result *r);
ENTENTE_API struct entente_conclusion entente_result_at(const struct entente_result *r, size_t i);
ENTENTE_API bool entente_result_find(const struct entente_result *r, const char *id,
                                     struct entente_conclusion *out);
ENTENTE_API size_t entente_result_partner_count(const struct entente_result *r);
ENTENTE_API struct entente_text entente_result_partner(const struct entente_result *r, size_t i);
/* [lo, hi] of one partner; conclusions about the partnership: the case's. */
ENTENTE_API struct entente_interval entente_result_of_partner(const struct entente_result *r,
                                                              const char *id, size_t partner);
/* Why it is so: the i-th reason given by a rule that surely fired for it, or against it; empty
 * behind the last. Of what is present or undetermined. */
ENTENTE_API struct entente_text entente_result_reason(const struct entente_result *r,
                                                      const char *id, bool against, size_t i);
/* The plan: remedies in the order in which to take them. */
struct entente_remedy {
    struct entente_text id, title;
};
ENTENTE_API size_t entente_result_remedy_count(const struct entente_result *r);
ENTENTE_API struct entente_remedy entente_result_remedy(const struct entente_result *r, size_t i);

enum entente_format {
    ENTENTE_TEXT,
    ENTENTE_MARKDOWN,
    ENTENTE_CSV,
    ENTENTE_JSONL,
    ENTENTE_FORMAT_COUNT
};

ENTENTE_API const char *entente_format_name(enum entente_format format);
ENTENTE_API bool entente_format_of_file(const char *path, enum entente_format *out); /* by suffix */

/* How text and Markdown look. */
struct entente_look {
    bool color;      /* text */
    bool whole_plan; /* every remedy with its steps; else the first, of the others a line each */
    unsigned width;  /* of the terminal, for text; 0: 80 */
};
/* The whole result as the batch would write it. look: NULL for a plain one. */
ENTENTE_API bool entente_result_write(const struct entente_result *r, enum entente_format format,
                                      const struct entente_look *look, entente_write write,
                                      void *ctx, struct entente_problems *problems);
ENTENTE_API struct entente_text entente_result_case(const struct entente_result *r); /* its name */
/* HOW: the proof of one conclusion, as text or as one JSON object. */
ENTENTE_API bool entente_result_how(const struct entente_result *r, const char *id, bool json,
                                    entente_write write, void *ctx,
                                    struct entente_problems *problems);

/* Explanations show what single sides answered: false and a problem where one is smaller. */
ENTENTE_API bool entente_result_has_respondents(const struct entente_result *r, unsigned least,
                                                struct entente_problems *problems);
/* WHY NOT: near misses of a conclusion, ranked; text, or one JSON object, as all of these. */
ENTENTE_API bool entente_result_why_not(const struct entente_result *r, const char *id, bool json,
                                        entente_write write, void *ctx,
                                        struct entente_problems *problems);
/* WHAT IF: what "trust=4,buyer:load=2" would open, close, move; without a partner it is
 * everybody's. */
ENTENTE_API bool entente_result_what_if(const struct entente_result *r, const char *answers,
                                        bool json, entente_write write, void *ctx,
                                        struct entente_problems *problems);
/* The fewest changes of answers that clear a diagnosis: exact up to three, else a search (said). */
ENTENTE_API bool entente_result_clear(const struct entente_result *r, const char *id, bool json,
                                      entente_write write, void *ctx,
                                      struct entente_problems *problems);
/* Which few changes clear the most, one after another. */
ENTENTE_API bool entente_result_ways(const struct entente_result *r, bool json, entente_write write,
                                     void *ctx, struct entente_problems *problems);

/* --- the interview ---------------------------------------------------------------------------- */

/* Asks only what can still change the diagnosis. When nothing is left, verdict, severity and
 * remedies of every diagnosis are those of the whole questionnaire (docs/interview.md). */
struct entente_interview;

struct entente_interview_options {
    const char *title; /* of the session and the case */
    const char *const *partners;
    const unsigned *people; /* how many answer for each partner; NULL: one */
    size_t partner_count;   /* 0: one partner without a name */
    bool short_form;        /* the questions of the short form only */
    bool all;               /* everything that may apply, in the order of the pack */
};

ENTENTE_API struct entente_interview *entente_interview_new(
    const struct entente_kb *kb, const struct entente_interview_options *options,
    struct entente_problems *problems);
ENTENTE_API void entente_interview_free(struct entente_interview *iv);
/* Only this partner answers here; NULL: all do. */
ENTENTE_API bool entente_interview_only(struct entente_interview *iv, const char *partner,
                                        struct entente_problems *problems);
/* Answers of a case, which may have been given elsewhere: the n-th respondent of a partner is the
 * n-th one here. Partners it does not have are passed over. */
ENTENTE_API bool entente_interview_take(struct entente_interview *iv, const struct entente_case *c,
                                        struct entente_problems *problems);
ENTENTE_API struct entente_text entente_interview_title(const struct entente_interview *iv);

/* One question to one person. Texts live until the next call about the interview. */
struct entente_asking {
    struct entente_text id, text, help, unit, section;
    struct entente_text kind; /* scale, number, yesno, one_of, many_of, text */
    double lo, hi;            /* scale, number */
    struct entente_text ends[2];
    size_t choice_count; /* one_of, many_of */
    struct entente_text partner;
    unsigned person, people;   /* of the partner; person 0: about the partnership as a whole */
    struct entente_text value; /* the answer it has, as in an export, or "skip"; empty: none */
    struct entente_text words; /* the same for people: labels of choices */
    size_t place, left; /* its place among those asked, from 1; how many more at most, with this */
};
/* The question to be asked now. False: nothing is left to ask, or (a problem) memory is short. */
ENTENTE_API bool entente_interview_now(struct entente_interview *iv, struct entente_asking *out,
                                       struct entente_problems *problems);
ENTENTE_API struct entente_text entente_interview_choice(const struct entente_interview *iv,
                                                         size_t i, struct entente_text *label);
/* Answers it: as in an export, or "skip". False and a problem where the value does not fit. */
ENTENTE_API bool entente_interview_answer(struct entente_interview *iv, const char *value,
                                          struct entente_problems *problems);
/* To the question before; answers stay. False at the first. */
ENTENTE_API bool entente_interview_back(struct entente_interview *iv);
/* The questions asked, in their order; and to the i-th of them, or behind the last. */
ENTENTE_API size_t entente_interview_count(const struct entente_interview *iv);
ENTENTE_API size_t entente_interview_put(const struct entente_interview *iv); /* of so many */
ENTENTE_API bool entente_interview_at(struct entente_interview *iv, size_t i,
                                      struct entente_asking *out);
ENTENTE_API void entente_interview_go(struct entente_interview *iv, size_t i);

/* The same interview over the same packs in another language. NULL, problems; the old one stays. */
ENTENTE_API struct entente_interview *entente_interview_over(const struct entente_interview *iv,
                                                             const struct entente_kb *kb,
                                                             struct entente_problems *problems);

/* The case as it stands: open, so what is missing is still to come. Yours. */
ENTENTE_API struct entente_case *entente_interview_case(const struct entente_interview *iv,
                                                        struct entente_problems *problems);
/* How the diagnoses stand: present, open, absent; each the surest first. *early: too little is
 * answered to conclude anything. After entente_interview_now; lives until the interview changes. */
enum entente_unsettled { ENTENTE_SETTLED, ENTENTE_VERDICT, ENTENTE_SEVERITY, ENTENTE_ORDER };
struct entente_standing {
    struct entente_text id, label;
    enum entente_verdict verdict;
    struct entente_interval certainty; /* as it will be once enough is answered */
    enum entente_unsettled unsettled;  /* why the interview goes on */
    size_t open_count;                 /* questions that could still move it */
};
ENTENTE_API bool entente_interview_known(struct entente_interview *iv, size_t *count, bool *early,
                                         struct entente_problems *problems);
ENTENTE_API struct entente_standing entente_interview_standing(struct entente_interview *iv,
                                                               size_t i);
/* The i-th question that could still move the standing asked for last; empty behind the last. */
ENTENTE_API struct entente_text entente_interview_open(const struct entente_interview *iv,
                                                       size_t i);

/* WHY: what each answer to the question to be asked now would do, to the diagnoses it moves most.
 * Lives until the interview changes. */
struct entente_why {
    size_t value_count, effect_count;
};
struct entente_effect {
    struct entente_text id, label, partner; /* partner empty: the partnership */
    enum entente_verdict now;
    struct entente_interval certainty;
};
ENTENTE_API bool entente_interview_why(struct entente_interview *iv, struct entente_why *out,
                                       struct entente_problems *problems);
/* In words. */
ENTENTE_API struct entente_text entente_interview_why_value(struct entente_interview *iv,
                                                            size_t value);
ENTENTE_API struct entente_effect entente_interview_why_effect(const struct entente_interview *iv,
                                                               size_t effect);
ENTENTE_API enum entente_verdict entente_interview_why_then(const struct entente_interview *iv,
                                                            size_t effect, size_t value,
                                                            struct entente_interval *certainty);

/* The questionnaire with nothing answered: the header of an export, a sheet to fill in (both of
 * which diagnose reads), a page to read. Title, partners, people and short_form count. */
enum entente_blank { ENTENTE_BLANK_CSV, ENTENTE_BLANK_YAML, ENTENTE_BLANK_MARKDOWN };
ENTENTE_API bool entente_blank_write(const struct entente_kb *kb, enum entente_blank kind,
                                     const struct entente_interview_options *options,
                                     entente_write write, void *ctx,
                                     struct entente_problems *problems);

/* The answers as a sheet that diagnose reads. */
ENTENTE_API bool entente_interview_sheet(const struct entente_interview *iv, entente_write write,
                                         void *ctx, struct entente_problems *problems);

/* Saved whole or not at all, readable by its owner only. */
ENTENTE_API bool entente_interview_save(const struct entente_interview *iv, const char *path,
                                        struct entente_problems *problems);
/* NULL and problems where it is not whole; warnings where it was saved with another version of the
 * pack, about what could not be taken over. */
ENTENTE_API struct entente_interview *entente_interview_load(const struct entente_kb *kb,
                                                             const char *path,
                                                             struct entente_problems *problems);
/* What a list of sessions shows. Yours to deinit. */
struct entente_session {
    struct entente_text title, pack;
    size_t answers, partners;
    bool short_form;
    void *details; /* private */
};
ENTENTE_API bool entente_session_read(const char *path, struct entente_session *out,
                                      struct entente_problems *problems);
ENTENTE_API void entente_session_deinit(struct entente_session *s);

/* A column of which it is not sure what question it answers, and those it may answer: the best
 * first, with how sure that is, of 100. Texts live until the call ends. */
enum { ENTENTE_MAP_CANDIDATES = 5, ENTENTE_MAP_EXAMPLES = 3 };
struct entente_map_candidate {
    struct entente_text text; /* of the question */
    unsigned sure;
};
struct entente_map_doubt {
    size_t number;                                    /* of the column, from 1 */
    struct entente_text column;                       /* what it is called */
    struct entente_text values[ENTENTE_MAP_EXAMPLES]; /* what often stands in it */
    size_t value_count, candidate_count;
    struct entente_map_candidate candidates[ENTENTE_MAP_CANDIDATES];
};
/* Which candidate it is, from 1; 0: none of them; below 0: nothing more is to be asked. */
typedef int (*entente_map_ask)(void *ctx, const struct entente_map_doubt *doubt);

/* A mapping of the columns of the input's first file to the pack's questions, proposed: YAML with
 * comments, for a person to read before it is used as input.map. `ask`, if not NULL, is called with
 * ask_ctx for columns in doubt, in their order. False and problems. */
ENTENTE_API bool entente_map_propose(const struct entente_kb *kb, const struct entente_input *input,
                                     entente_map_ask ask, void *ask_ctx, entente_write write,
                                     void *ctx, struct entente_problems *problems);

/* How an export fits the pack, as text: rows, answers, columns, values, what cannot be decided.
 * Nothing is diagnosed; the input is read once. *rejected: rows. */
ENTENTE_API bool entente_fit(const struct entente_kb *kb, const struct entente_input *input,
                             entente_write write, void *ctx, uint64_t *rejected,
                             struct entente_problems *problems);

/* --- the batch -------------------------------------------------------------------------------- */

enum entente_columns { ENTENTE_SUMMARY, ENTENTE_BOUNDS, ENTENTE_CERTAINTY };

struct entente_progress {
    uint64_t rows, cases;      /* so far */
    uint64_t bytes, bytes_all; /* of the input; bytes_all 0: not known */
    bool waiting;              /* no input for a second */
};

struct entente_batch {
    struct entente_input input;
    const char *output;  /* NULL or "-": standard output */
    const char *rejects; /* a file for rejected rows, or NULL */
    bool force;          /* replace existing outputs */
    /* Seconds between notes of how far the run is, beside the output; 0: none are made. Where one
     * was made, what ends the run early (not a mistake in the input) leaves it, and the same
     * batch with `resume` goes on from there: the outputs are those of a run in one go. */
    double checkpoint;
    bool resume;
    bool limits_rejects; /* more rejected rows than max_rejects, or a larger share, end the run */
    bool max_rejects_share; /* max_rejects is percent of the rows read */
    double max_rejects;
    enum entente_format format;
    enum entente_columns columns;
    /* Instead of every case: what changed from each wave of a partnership to the next. A wave is
     * what the wave column says (in the order of names, numbers in them by value); without one, and
     * with several files, each file is a wave, in their order. columns, findings do not matter
     * then. */
    bool compare;
    bool findings, raw_csv;
    struct entente_look look;
    unsigned jobs; /* threads; 0: one a processor */
    /* Partners for whom fewer people answer are not shown by themselves (by_partner, profile); nor
     * is the smallest of the others where theirs would follow from it. The diagnosis stays. */
    unsigned min_respondents;
    /* NULL, or called now and then */
    void (*progress)(void *ctx, const struct entente_progress *p);
    /* NULL, or asked between chunks (of 256 KiB): true ends the run; nothing appears, and what was
     * noted is kept */
    bool (*stop)(void *ctx);
    void *ctx;
};

/* What became of diagnoses and strengths from one wave to the next. What is not surely known in
 * both is NOT_COMPARABLE: undetermined or not assessed in one, or certainties that overlap. */
enum entente_change {
    ENTENTE_OPENED,   /* a diagnosis that was surely absent is surely present */
    ENTENTE_WORSENED, /* it is severer; or, as severe, surely more certain */
    ENTENTE_LOST,     /* a strength */
    ENTENTE_WEAKER,
    ENTENTE_CLOSED,
    ENTENTE_EASED,
    ENTENTE_GAINED,
    ENTENTE_STRONGER,
    ENTENTE_NOT_COMPARABLE,
    ENTENTE_UNCHANGED,
    ENTENTE_CHANGE_COUNT
};
ENTENTE_API const char *entente_change_name(enum entente_change change); /* "opened", ... */

struct entente_cause {
    const char *name; /* "VALUE OUTSIDE", ... */
    uint64_t rows;
};

struct entente_reject {
    struct entente_text file, line, byte, column, value, reason; /* as in the rejects file */
};

struct entente_summary {
    uint64_t read, used, rejected, cases; /* rows; read = used + rejected + left_out */
    uint64_t left_out;                    /* not wanted */
    uint64_t abandoned, previews;         /* rows of people who did not finish, and of nobody */
    bool abandoned_dropped, previews_kept, first_counts; /* as the input said */
    uint64_t repeated_respondents;                       /* the last answer counted */
    uint64_t fact_conflicts;          /* cases whose rows give different facts: consolidated */
    uint64_t sides_few, sides_beside; /* partners not shown by themselves: min_respondents */
    uint64_t texts_cut;      /* longer than patterns read: what they do not find is unknown */
    uint64_t pattern_limits; /* pattern matches given up: unknown */
    struct entente_cause causes[5]; /* the most frequent causes of rejection */
    size_t cause_count;
    /* of a comparison: pairs of waves, partnerships with one wave only, what changed by kind */
    uint64_t pairs, single, changes[ENTENTE_CHANGE_COUNT];
    size_t ignored_count, undecided_count; /* for entente_summary_ignored, _undecided */
    bool closed_pipe;                      /* the reader of the output went away */
    bool stopped;
    unsigned jobs; /* threads that worked */
    void *details; /* private */
};

/* Runs it. False and problems where it could not be done whole; rejected rows are no problem but a
 * count. The summary is filled in either way; entente_summary_deinit gives its memory back. */
ENTENTE_API bool entente_batch_run(const struct entente_kb *kb, const struct entente_batch *batch,
                                   struct entente_summary *summary,
                                   struct entente_problems *problems);
/* Columns of the input that are no question, but for those that a note was about; diagnoses and
 * strengths not assessed for lack of a column (the csv column not_assessed names them for every
 * case). */
ENTENTE_API struct entente_text entente_summary_ignored(const struct entente_summary *s, size_t i);
ENTENTE_API struct entente_text entente_summary_undecided(const struct entente_summary *s,
                                                          size_t i);
/* The i-th rejected row, of the first three; false behind them. */
ENTENTE_API bool entente_summary_reject(const struct entente_summary *s, size_t i,
                                        struct entente_reject *out);
ENTENTE_API void entente_summary_deinit(struct entente_summary *s);

#ifdef __cplusplus
}
#endif

#endif
