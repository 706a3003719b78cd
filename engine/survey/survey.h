/* survey: exports and answer sheets, from bytes to blocks of cases.
 *
 *     files ──reader──▶ chunks of whole records ──parser──▶ blocks of cases (struct cases)
 *             one, in order                     one a thread  + kept cells + rejected rows
 *
 * A chunk ends where a record ends and, in sorted mode, where a case ends; where chunks end depends
 * on the bytes only, so any number of threads gives the same result.
 * Where the rows of a case stand anywhere, parsing a chunk gives no blocks but rows to be stored,
 * which is done in the order of chunks; what is over the limit of memory goes to a temporary file.
 * When all rows are stored, chunks of cases follow, which are parsed like the rest.
 * A question is put when any file has its column; the rows of a file without it have skipped it.
 * Takes files, a kb and options; gives blocks; a chunk owns its bytes, a block's views point into
 * the chunk's bytes and the parser's scratch, so they live until the parser's next block. */
#ifndef ENTENTE_SURVEY_H
#define ENTENTE_SURVEY_H

#include "infer/infer.h"

/* Values that did not fit, each once: of a run in one thread. */
struct survey_tally;
struct survey_misfit {
    struct text column, value;
    const char *cause; /* survey_cause_name */
    uint64_t rows;
};
struct survey_tally *survey_tally_new(void); /* NULL when memory is short */
void survey_tally_free(struct survey_tally *t);
/* The most frequent first, sorted once all is read; *others: rows of values not kept. False when
 * memory was short. */
bool survey_tally_list(struct survey_tally *t, const struct survey_misfit **list, size_t *count,
                       uint64_t *others);

struct survey_options {
    const char *const *files; /* "-" is standard input */
    size_t file_count;
    /* NULL: the default names */
    const char *case_column, *partner_column, *respondent_column, *wave_column;
    bool compare; /* the waves of a case follow each other, as cases of one name */
    bool each_row, sorted;
    const char *const *keep; /* columns carried through */
    size_t keep_count;
    uint64_t memory;      /* bytes for rows that wait for their case; 0: the default, 256 MiB */
    size_t max_field;     /* 0: LIMIT_FIELD */
    char separator;       /* 0: found out */
    const char *encoding; /* a word of encodings.def, or NULL: found out */
    const char *dialect;  /* a word of dialects.def, or NULL: found out */
    const char *map;      /* a mapping file, or NULL */
    bool drop_abandoned;  /* rows of people who did not finish, where the tool says so */
    bool keep_previews;   /* rows of nobody, where the tool says so */
    bool keep_personal;   /* columns about people may leave: kept, as names, in rejects */
    bool quote_text;      /* and so may free texts */
    enum { DUPLICATES_LAST, DUPLICATES_FIRST, DUPLICATES_ALL } duplicates; /* which one counts */
    size_t skip_rows;           /* lines in front of the header */
    const char *sheet;          /* of a workbook; NULL: the first that is a table */
    const char *decimal;        /* "point", "comma", or NULL: what a number alone tells */
    size_t chunk;               /* bytes of a chunk, 0: the default; small ones are for tests */
    struct survey_tally *tally; /* NULL, or where rejected values are counted */
    void (*waiting)(void *ctx); /* NULL, or called when input takes over a second */
    void *ctx;
};

struct survey;
struct survey_chunk;  /* bytes on their way to a parser */
struct survey_parser; /* one a thread */

/* Opens the files and reads their headers. NULL and problems where that fails (exit codes 2, 4).
 * An export, or one answer sheet (.yaml, .yml), or several. */
struct survey *survey_new(const struct kb *kb, const struct survey_options *o,
                          struct problems *problems);
void survey_free(struct survey *s);

const struct put *survey_put(const struct survey *s); /* which questions are put */
bool survey_is_grouped(const struct survey *s);       /* several rows may be one case */
bool survey_has_cases(const struct survey *s);        /* the export names its cases */
/* Their names are personal data that does not leave: a report numbers them. */
bool survey_hides_cases(const struct survey *s);
bool survey_hides_partners(const struct survey *s);
bool survey_has_personal_cases(const struct survey *s); /* hidden or not */
size_t survey_keep_count(const struct survey *s);
struct text survey_keep_name(const struct survey *s, size_t i);

/* The next chunk, in order; *chunk NULL at the end, or where it waits for all rows to be stored.
 * Not for two threads at once. False and a problem where reading failed (also: the file changed
 * meanwhile). */
bool survey_read(struct survey *s, struct survey_chunk **chunk, struct problems *problems);
/* Whether the next chunk can be had only when the rows of all chunks are stored and spilled. */
bool survey_is_waiting(const struct survey *s);
void survey_chunk_free(struct survey_chunk *c);
/* Gives the chunk's memory back for the next one: cheaper than free. Same thread rule as read. */
void survey_chunk_recycle(struct survey *s, struct survey_chunk *c);

/* Where a chunk ends: what a later run must know to go on behind it. Where all rows are stored, the
 * later run reads them all again, and only hands out less. */
struct survey_place {
    uint64_t chunks; /* handed out */
    uint64_t table;  /* of the next chunk */
    uint64_t data;   /* bytes of the table's rows in front of it */
    uint64_t rows, line;
    bool table_begins;    /* sorted: no key of the table has come yet */
    struct text last_key; /* sorted: of the tables before; at NULL where there is none */
};
/* All inputs can be read once more, from any place: files, not pipes. */
bool survey_can_resume(const struct survey *s);
/* Behind the chunk read last; same thread rule as read. The key lives as long as the survey. */
void survey_place(const struct survey *s, struct survey_place *out);
/* Before the first chunk: goes on behind a place. False and a problem. */
bool survey_resume(struct survey *s, const struct survey_place *p, struct problems *problems);
/* Which files are read: name, size, time, first bytes; and the mapping. False and a problem. */
bool survey_identify(const struct survey *s, struct digest *d, struct problems *problems);

struct survey_parser *survey_parser_new(const struct survey *s, struct problems *problems);
void survey_parser_free(struct survey_parser *p);

/* Which wave of its case a case is. */
struct survey_wave {
    struct text name;
    bool is_first, is_last;
};

struct survey_block {
    const struct cases *cases;
    const struct survey_wave *waves; /* [case], where waves are compared */
    const struct text *kept; /* [case][keep_count]: raw CSV cells, as they stood (with quotes) */
    const uint64_t *rows;    /* [case]: number of the case's first data row, from 1 */
};

void survey_parser_start(struct survey_parser *p, struct survey_chunk *c);
/* The chunk's next block of at most BLOCK_CASES cases; block->cases NULL at the chunk's end.
 * False and a problem when a limit or memory ends the run. */
bool survey_parse(struct survey_parser *p, struct survey_block *block, struct problems *problems);

/* Rows that wait for their case. */
struct survey_rows {
    struct buffer rows, names;
    uint32_t count;
};
void survey_rows_init(struct survey_rows *r);
void survey_rows_deinit(struct survey_rows *r);
/* Moves the chunk's rows out of the parser, once it is parsed; `out` is empty before, and remains
 * so where nothing waits. */
void survey_parser_rows(struct survey_parser *p, struct survey_rows *out);
/* Stores them and leaves them empty: chunk by chunk in their order, also where there are none, one
 * thread at a time. In *spill what must go to the file now, by survey_spill, or NULL; `spill` NULL:
 * nothing goes there now. False and a problem. */
struct survey_spill;
bool survey_store(struct survey *s, struct survey_rows *rows, struct survey_spill **spill,
                  struct problems *problems);
/* While a spill is written: whether storing should wait for it. */
bool survey_is_full(const struct survey *s);
/* Writes a spill, or NULL, and frees it. Beside everything else, but one after another. */
bool survey_spill(struct survey *s, struct survey_spill *spill, struct problems *problems);
void survey_spill_free(struct survey_spill *spill);
/* For one thread alone: stores and spills what was parsed of a chunk, and recycles it. */
bool survey_done(struct survey *s, struct survey_parser *p, struct survey_chunk *c,
                 struct problems *problems);

/* Rejected rows of the chunk so far, as CSV lines: file,line,byte,column,value,reason. */
struct text survey_parser_rejects(const struct survey_parser *p);

/* Counts; a parser's own, added up by survey_counts_add. read = used + rejected + left_out, always.
 */
enum { SURVEY_CAUSES = 16 };
struct survey_counts {
    uint64_t read, used, rejected;  /* rows */
    uint64_t left_out;              /* not wanted: previews, and who did not finish */
    uint64_t abandoned, previews;   /* rows, used or left out */
    uint64_t causes[SURVEY_CAUSES]; /* rejected, by cause */
    uint64_t repeated_respondents;  /* the last answer counted */
    uint64_t texts_cut;
    uint64_t fact_conflicts; /* cases whose rows give different partnership facts */
};
void survey_parser_counts(struct survey_parser *p, struct survey_counts *since_start);
void survey_counts_add(struct survey_counts *to, const struct survey_counts *from);
const char *survey_cause_name(unsigned cause); /* "TOO FEW FIELDS", "FIELD TOO LONG", ... */

/* A column that a proposal is not sure about, and which questions it may answer: the best first. */
enum { SURVEY_CANDIDATES = 5, SURVEY_EXAMPLES = 3 };
struct survey_candidate {
    uint32_t question;
    struct text text; /* the question's */
    unsigned sure;    /* of 100 */
};
struct survey_doubt {
    size_t number; /* of the column, from 1 */
    struct text column, values[SURVEY_EXAMPLES];
    size_t value_count, candidate_count;
    struct survey_candidate candidates[SURVEY_CANDIDATES];
};
/* Which candidate it is, from 1; 0: none of them; below 0: nothing more is to be asked. */
typedef int survey_ask(void *ctx, const struct survey_doubt *d);

/* Appends a mapping of the first file's columns to questions, as YAML with comments: a proposal.
 * `ask`, if not NULL, decides about columns in doubt. False and problems. */
bool survey_propose(const struct kb *kb, const struct survey_options *o, survey_ask *ask, void *ctx,
                    struct buffer *out, struct problems *problems);

/* Which separator a table has; 0 for answer sheets. */
char survey_separator(const struct survey *s, size_t file);
/* Whether the file at this path is read by the survey: it must not be written. */
bool survey_is_input(const struct survey *s, const char *path);

/* What the header told: columns ignored, but for those a note was about; questions without one. */
size_t survey_ignored_count(const struct survey *s);
struct text survey_ignored(const struct survey *s, size_t i);

/* Progress: bytes read, and of how many (0: unknown). */
void survey_progress(const struct survey *s, uint64_t *done, uint64_t *total);

#endif
