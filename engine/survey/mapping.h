/* mapping: which columns of an export answer which questions, and how their cells are read.
 *
 *     map.yaml ──pack──▶ struct pack_map ──bind, for every table──▶ table.uses[column].reading
 *
 * A reading is made before the first row and does not change: threads share it. Labels are compared
 * as utf8_loose leaves them, and whole. What a column says is brought to its question's own scale
 * here, once a label, so that a cell costs a look into a table. */
#ifndef ENTENTE_MAPPING_H
#define ENTENTE_MAPPING_H

#include "survey/dialect.h"

struct label {
    struct text loose;
    struct text is; /* keys: what stands for it */
    uint8_t code;   /* answers */
    double number;  /* of a number: what it stands for */
};

/* Of a column that is one option of a multiple choice. */
enum { OPTION_NOT_TICKED = 1, OPTION_TICKED = 2 };

struct reading {
    const struct question *of; /* NULL: a key */
    uint32_t index;            /* among all readings of the survey */
    struct idmap by_label;     /* loose: index of labels */
    struct label *labels;      /* joined choices: the longest first */
    uint32_t label_count;
    size_t label_capacity;
    uint8_t digit[10]; /* scale: the code of one digit; 0: it is none */
    bool has_from, reversed;
    double from_lo, from_hi; /* scale: the column's own */
    uint8_t option;          /* many_of: this column is that choice; 0: choices are joined */
    uint8_t other;           /* the choice an unknown label is; 0: unknown labels are refused */
    bool follows;            /* a column before it answers the same question: it fills in */
    struct text joined;      /* each of its characters may stand between choices */
    const char *set;         /* the name of its labels, for messages; or NULL */
};

/* A multiple choice in which nothing ticked means none, where something behind it is answered. */
struct closing {
    uint32_t slot, question, last_column;
};

struct mapping {
    struct pack_map read;
    struct text name; /* of the file */
};

/* Reads the file. NULL and problems. Inside arena_run. */
struct mapping *mapping_load(struct arena *a, const char *path, struct problems *problems);
/* Finds its columns in every table. False and problems. Inside arena_run. */
bool mapping_bind(struct arena *a, struct columns *c, const struct mapping *m, struct table *tables,
                  size_t count, struct problems *problems);
/* Once a table: what its headers are compared with. Inside arena_run. */
void mapping_loosen(struct arena *a, struct table *t);
/* Some column of the table answers the question through the mapping. */
bool mapping_has(const struct table *t, uint32_t question);

/* Which columns of a table an entry means: found[0..*count). False and a problem where it does not
 * say so. Inside arena_run. */
struct finder {
    const struct cell *column, *header, *pattern;
    struct span at;
};
bool mapping_find(struct arena *a, const struct table *t, const struct finder *f, uint32_t *found,
                  uint32_t *count, struct problems *problems);

/* --- readings --------------------------------------------------------------------------------- */

/* The labels and scales of one entry. False and problems. Inside arena_run. */
struct reading *reading_new(struct arena *a, const struct mapping *m, const struct map_question *q,
                            const struct question *of, struct problems *problems);
/* The labels of a key; NULL where it has none, or problems. */
struct reading *reading_new_key(struct arena *a, const struct mapping *m, const struct map_key *k,
                                bool *ok, struct problems *problems);
/* The same for one option of a multiple choice; `item` is what its column is called. */
struct reading *reading_new_option(struct arena *a, const struct mapping *m,
                                   const struct map_question *q, const struct question *of,
                                   uint8_t choice, struct text item);
/* The i-th built-in table of labels, or NULL; whether it, or a state of answers, has a label. */
const char *reading_set(size_t i);
bool reading_knows(size_t set, struct text loose);
bool reading_is_state(struct text loose);
/* Of a scale, from the column's own to the question's code; 0: it is outside. */
uint8_t reading_scale(const struct reading *r, double x);

#endif
