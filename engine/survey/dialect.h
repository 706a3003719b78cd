/* dialect: how a survey tool writes its exports.
 *
 *     first records ──recognise──▶ which tool, and why ──header_rows, headings──▶ a name a column
 *
 *     heading | shown: as it stands there   | what messages and `--keep` call it
 *             | code:  Q3_1, Q1[SQ001]      | empty where the tool writes none
 *             | text:  the question         | of a grid: stem and item
 *             | item:  the row of a grid, or the option of a multiple choice; else empty
 *
 * One row in dialects.def and one file of functions a tool. Texts are in the survey's arena. */
#ifndef ENTENTE_DIALECT_H
#define ENTENTE_DIALECT_H

#include "survey/head.h"

struct heading {
    struct text shown, code, text, item;
    unsigned status;                                 /* enum status */
    unsigned personal;                               /* enum personal */
    struct text loose_shown, loose_text, loose_item; /* what a mapping compares with */
};

/* A column that says what became of the row. */
enum status {
    STATUS_NONE,
    STATUS_SUBMITTED, /* when it was: blank where the person did not finish */
    STATUS_FINISHED,  /* yes or no */
    STATUS_KIND       /* a preview, or a person */
};

enum dialect {
#define DIALECT(name, word, people, recognise, header_rows, headings) DIALECT_##name,
#include "survey/dialects.def"
#undef DIALECT
    DIALECT_COUNT
};

/* What a dialect sees: the cells of the first records. */
struct first_rows {
    struct arena *arena;
    struct problems *problems; /* for texts only */
    const struct head_cells *at;
    size_t count;
};

/* How sure it is, of 100, 0: it is not; and why. */
typedef unsigned dialect_recognise(const struct first_rows *r, const char **because);
typedef size_t dialect_header_rows(const struct first_rows *r);
/* Fills `out`, one a column of the first row. */
typedef void dialect_headings(const struct first_rows *r, size_t header_rows, struct heading *out);

#define DIALECT(name, word, people, recognise, header_rows, headings) \
    dialect_recognise recognise;                                      \
    dialect_header_rows header_rows;                                  \
    dialect_headings headings;
#include "survey/dialects.def"
#undef DIALECT

/* By its word; DIALECT_COUNT where there is none, and a problem. */
enum dialect dialect_find(struct text word, struct span at, struct problems *problems);
const char *dialect_word(enum dialect d);
const char *dialect_for_people(enum dialect d);

/* Of which tool the rows are. Inside arena_run. */
enum dialect dialect_guess(const struct first_rows *r, const char **because);
size_t dialect_count_headers(enum dialect d, const struct first_rows *r);
void dialect_name_columns(enum dialect d, const struct first_rows *r, size_t header_rows,
                          struct heading *out);

/* --- for the functions of dialects ------------------------------------------------------------ */

/* A cell of the first rows; empty where there is none. */
struct text first_cell(const struct first_rows *r, size_t row, uint32_t column);
/* The column of the first row that is called so, in capitals or not; NONE where there is none. */
uint32_t first_named(const struct first_rows *r, const char *name);
/* How many of these names, ended by NULL, the first row has. */
unsigned first_names(const struct first_rows *r, const char *const *names);
/* A header as text: entities and HTML undone, kinds of spaces single spaces. */
struct text heading_plain(struct arena *a, struct text t);
/* As texts compare loosely. */
struct text heading_loose(struct arena *a, struct text t);
/* Moves a buffer into the arena; leaves the run where memory is short. */
struct text heading_keep(struct arena *a, struct buffer *b);
/* What stands in the brackets at the end of a header: "Stem [item]"; else empty. */
struct text heading_bracketed(struct text t);
/* "because" with the name of a column in it. */
const char *because_column(const struct first_rows *r, const char *before, struct text name);

#endif
