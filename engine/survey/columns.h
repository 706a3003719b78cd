/* columns: what the header of a table says, and how its rows are therefore read.
 *
 *     row block   | codes: a byte a slot, padded to 16 | numbers | ticked | texts |
 *
 * A slot is a question that is put. The slots are the survey's, in the order in which the first
 * table has them, so that the cells of neighbouring columns go to neighbouring bytes. A table's
 * columns become steps: runs of scale questions (read eight cells at a time), single cells, and
 * columns nobody reads. Everything here is in the survey's arena and does not change once made. */
#ifndef ENTENTE_COLUMNS_H
#define ENTENTE_COLUMNS_H

#include "survey/scan.h"
#include "survey/source.h"
#include "survey/survey.h"

struct slot {
    uint32_t question;
    const struct question *of;
    uint32_t beside; /* which of the numbers, ticked or texts is its own */
    bool is_fact;    /* about the partnership */
};

struct layout {
    struct slot *slots;
    uint32_t slot_count;
    uint32_t number_count, ticked_count, text_count;
    size_t numbers_at, ticked_at, texts_at; /* bytes into the block of a row */
    size_t stride;                          /* bytes of the block, a multiple of 16 */
    uint32_t *facts;                        /* slots about the partnership */
    uint32_t fact_count;
    uint32_t *slot_of; /* by question, or NONE */
};

static inline double *layout_numbers(const struct layout *l, uint8_t *row)
{
    return (double *)(void *)(row + l->numbers_at);
}

static inline uint64_t *layout_ticked(const struct layout *l, uint8_t *row)
{
    return (uint64_t *)(void *)(row + l->ticked_at);
}

static inline struct text *layout_texts(const struct layout *l, uint8_t *row)
{
    return (struct text *)(void *)(row + l->texts_at);
}

/* Puts an answer into a row's block. */
static inline void layout_set(const struct layout *l, uint32_t slot, uint8_t *row,
                              const struct answer *a)
{
    const struct slot *s = &l->slots[slot];
    row[slot] = a->code;
    if (s->of->kind == KIND_NUMBER)
        layout_numbers(l, row)[s->beside] = a->number;
    else if (s->of->kind == KIND_MANY_OF)
        layout_ticked(l, row)[s->beside] = a->ticked;
    else if (s->of->kind == KIND_TEXT)
        layout_texts(l, row)[s->beside] = a->text;
}

/* Ids of choices to codes, without a walk over the list. */
struct choice_table {
    uint8_t *codes; /* [mask + 1], 0: free */
    uint32_t mask;
};

enum step_kind { STEP_RUN, STEP_CELL, STEP_SKIP };

enum {
    ROLE_CASE = 1,
    ROLE_PARTNER = 2,
    ROLE_RESPONDENT = 4,
    ROLE_KEEP = 8,
    ROLE_QUESTION = 16,
    ROLE_WAVE = 32,
    ROLE_STATUS = 64
};

/* Columns that say whose a row is. */
enum key { KEY_CASE, KEY_PARTNER, KEY_RESPONDENT, KEY_WAVE, KEY_COUNT };

/* What a column is for. */
struct use {
    unsigned roles;
    uint32_t question;             /* or NONE */
    uint32_t slot;                 /* of the question, or NONE */
    const struct reading *reading; /* mapping.h; NULL: its cells are those of the plain layout */
    uint32_t *keep;
    uint32_t keep_count;
};

struct step {
    enum step_kind kind;
    unsigned roles;         /* CELL */
    bool ends_row;          /* CELL: nothing but a line end may follow; the last step is a cell */
    uint32_t column, count; /* the first column and how many */
    uint32_t slot;          /* RUN: the first; CELL with a question */
    struct piece *pieces;   /* RUN: count / 8, rounded up */
    const struct reading *reading; /* CELL: how it is read through a mapping, or NULL */
    unsigned status;               /* CELL with ROLE_STATUS: enum status */
    struct choice_table choices;   /* CELL: one_of */
    uint32_t *keep;                /* CELL: which of the kept columns it is */
    uint32_t keep_count;
};

/* One export. */
struct table {
    struct source source;
    char separator;
    uint64_t data_at;      /* bytes in front of the first data row */
    uint64_t header_lines; /* lines in front of it */
    char *carry; /* bytes read already behind data_at, of what cannot be read again; malloc */
    size_t carry_size;
    bool carry_ends;  /* nothing follows them */
    struct buffer last_key; /* sorted: once the table is read */
    unsigned dialect; /* enum dialect */
    size_t header_rows;
    struct heading *headings; /* dialect.h; a column each */
    struct text *names;       /* as they are shown */
    struct use *uses;
    uint32_t column_count;
    uint32_t keys[KEY_COUNT]; /* columns, or NONE */
    bool is_mapped;           /* some columns are read through a mapping */
    struct closing *closings; /* mapping.h */
    uint32_t closing_count;
    bool closes; /* rows are looked at once more when all their cells are read */
    uint32_t case_column, partner_column; /* or NONE */
    struct step *steps;
    uint32_t step_count;
    uint32_t *absent; /* slots without a column here: CODE_SKIPPED */
    uint32_t absent_count;
};

/* What the options say about columns, and what all headers together come to. */
struct columns {
    const struct kb *kb;
    const struct survey_options *options; /* a copy with its strings, in the survey's arena */
    struct layout layout;
    enum encoding encoding; /* ENCODING_COUNT: found out, file by file */
    unsigned dialect;       /* DIALECT_COUNT: found out, file by file */
    enum number_sign decimal;
    bool has_key[KEY_COUNT];
    bool has_case, has_partner, has_respondent;
    bool drops_abandoned, drops_previews;
    bool wave_by_file;         /* for those who compare: each file is a wave */
    bool personal_cases;              /* the case column is about people */
    bool hides_cases, hides_partners; /* so the names do not leave */
    struct text constant_case; /* all rows are one case of this name; empty: they are not */
    uint32_t reading_count;
    bool *put; /* by question */
    struct text *ignored;
    size_t ignored_count;
};

/* Reads the head of an open table: what it is, separator, names. `problems` gets what is wrong;
 * false then. Inside arena_run. */
bool columns_read_header(struct arena *a, const struct columns *c, struct table *t,
                         struct problems *problems);

/* Once all headers are read: slots, steps, what is ignored; kept columns that may not leave are
 * taken out of the options. False and problems. Inside arena_run. */
bool columns_settle(struct arena *a, struct columns *c, struct survey_options *o,
                    struct table *tables, size_t count, struct problems *problems);

/* The question a column answers, or NONE: the mapping's, else the one it is called like. */
uint32_t columns_question(const struct columns *c, const struct table *t, uint32_t column);

/* A column is called so: as it is shown, or by its code. */
bool column_is(const struct table *t, uint32_t column, struct text name);

/* The layout for the questions of `put`, in their own order (answer sheets). Inside arena_run. */
void layout_make(struct arena *a, struct layout *l, const struct kb *kb, const uint32_t *questions,
                 uint32_t count);

/* The code of a choice, 0 where there is none. */
uint8_t choice_find(const struct choice_table *t, const struct question *q, struct text id);

/* The longest row this survey takes, for a longest field. */
size_t columns_max_record(size_t max_field);

#endif
