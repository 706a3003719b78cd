/* pack: from folders of YAML to one merged model.
 *
 *     bytes ──tree──▶ nodes with places ──shape──▶ checked ─┐
 *       └──────────────libcyaml (the same tables)──▶ structs ┴─cells──▶ items ──merge──▶ model
 *
 * Takes names of packs; gives a model: the items of all packs they extend, overrides applied, with
 * the place of every scalar; conditions are still scalars (kb compiles them). Everything is in the
 * caller's arena, inside arena_run; nothing refers to the problem list or to the bytes of a file.
 *
 * Every scalar of a pack file is a `struct cell`, every mapping starts with a `struct position`:
 * libcyaml loads cell.value, and one walk over (table, struct, tree) fills in the rest. To add a
 * key: a member here, a row in tables.c.
 *
 * Threads: a model belongs to one thread while it is made, and is not changed afterwards. */
#ifndef ENTENTE_PACK_H
#define ENTENTE_PACK_H

#include "lang/lang.h"
#include "pack/tree.h"

struct position {
    struct span span;
    uint32_t line, column; /* of its start, from 1 */
};

struct cell {
    char *value;            /* NULL where the key is not given; a NUL behind */
    const uint32_t *origin; /* source offset of each byte of value, or NULL: span.start + i */
    double number;          /* numbers; booleans 0 and 1; words: the index in their list */
    struct span span;
    uint32_t size;
};

struct cells {
    char **values; /* libcyaml's */
    unsigned count;
    struct cell *at; /* [count] */
};

/* A mapping with free keys: facts and answers. */
struct entry {
    struct cell key;
    struct cell *values; /* one, or those of a list; an empty value (blank, null, ~) is "" */
    uint32_t count;
    bool is_list;
    bool is_quoted; /* of a single value: a quoted 'null' is a text */
};

struct entries {
    struct entry *at;
    uint32_t count;
};

/* What every item of a pack begins with. */
struct item {
    struct position at;
    struct cell id, override;
    uint32_t pack;        /* in model.packs: where it is defined */
    uint32_t changed_by;  /* the pack whose override was applied last, or MODEL_NONE */
    struct span changed;  /* the id in that override */
    struct span disabled; /* where a pack disables it; source 0: it is not */
};

#define MODEL_NONE UINT32_MAX

struct pack_scale {
    struct item item;
    struct cells range, ends;
};

struct pack_dimension {
    struct item item;
    struct cell label;
};

struct pack_choice {
    struct position at;
    struct cell id, label;
};

struct pack_question {
    struct item item;
    struct cell kind, about, form, text, help, dimension, best, scale, unit, effort, ask_if;
    struct cells range;
    struct pack_choice *choices;
    unsigned choices_count;
};

struct pack_severity {
    struct position at;
    struct cell level, high_when, low_when;
};

struct pack_conclusion {
    struct item item;
    struct cell kind, about, label, summary, holds_from, needs;
    struct pack_severity *severity; /* or NULL */
    struct cells source;
    bool bereft; /* it had rules, and they went with something disabled */
};

struct pack_rule {
    struct item item;
    struct cell when, each, conclude, certainty, because, group;
    struct cells source;
};

struct pack_step {
    struct position at;
    struct cell who, what;
};

struct pack_remedy {
    struct item item;
    struct cell title, when, sign, effort, impact, horizon;
    struct cells treats;
    struct pack_step *steps;
    unsigned steps_count;
};

/* An entry of a text catalogue: the texts of whatever is called `of`. */
struct pack_translation {
    struct position at;
    struct cell of, text, help, unit, label, summary, because, title, sign;
    struct cells ends;
    struct pack_choice *choices;
    unsigned choices_count;
    struct pack_step *steps;
    unsigned steps_count;
};

struct catalogue {
    struct text language;
    uint32_t pack;
    source_id source;
    struct pack_translation *entries;
    unsigned count;
};

struct pack_respondent {
    struct position at;
    struct cell partner;
    struct entries answers;
};

struct pack_present {
    struct position at;
    struct cell id, partner, at_least, at_most, severity;
};

struct pack_link {
    struct position at;
    struct cell id, of;
};

struct pack_expect {
    struct position at;
    struct pack_present *present;
    unsigned present_count;
    struct cells absent, undetermined, not_assessed, remedies;
    struct pack_link *because;
    unsigned because_count;
};

/* A test case: form is a word of enum pack_form. */
enum pack_form { FORM_SHORT, FORM_LONG, FORM_GIVEN };

struct pack_test {
    struct position at;
    struct cell id, form;
    struct entries facts;
    struct pack_respondent *respondents;
    unsigned respondents_count;
    struct pack_expect *expect; /* or NULL */
};

/* A single case as a file of its own. */
struct pack_sheet {
    struct position at;
    struct cell name, form, open; /* name: the key `case` */
    struct entries facts;
    struct pack_respondent *respondents;
    unsigned respondents_count;
};

/* A mapping: which columns of an export answer which questions, and how. */
struct map_value {
    struct position at;
    struct cell label, is;
};

struct map_labels {
    struct position at;
    struct cell id;
    struct map_value *values;
    unsigned values_count;
};

/* How a column is found; the same three keys stand in questions and options. */
struct map_key {
    struct position at;
    struct cell column, header, pattern, labels, value;
    struct map_value *values;
    unsigned values_count;
};

struct map_option {
    struct position at;
    struct cell choice, column, header, pattern;
};

struct map_question {
    struct position at;
    struct cell question, column, header, pattern, labels, best, joined, blank, other;
    struct cells from, missing;
    struct map_value *values;
    unsigned values_count;
    struct map_option *options;
    unsigned options_count;
};

struct pack_map {
    struct position at;
    struct cell dialect, encoding, separator, decimal;
    struct map_key *case_key, *partner, *respondent, *wave; /* or NULL */
    struct cells missing;
    struct map_labels *labels;
    unsigned labels_count;
    struct map_question *questions;
    unsigned questions_count;
};

struct pack_defaults {
    struct position at;
    struct cell holds_from, needs;
};

struct pack {
    struct position at;
    struct cell id, version, language, title, requires;
    struct cells extends, disable;
    struct pack_scale *scales;
    unsigned scales_count;
    struct pack_dimension *dimensions;
    unsigned dimensions_count;
    struct pack_defaults *defaults; /* or NULL */
    /* beside the file */
    struct text folder; /* as named, for messages */
    uint64_t ancestors; /* bit i: extends model.packs[i], directly or not */
    bool named;         /* asked for by the user, not only extended */
    struct pack_test *tests;
    unsigned tests_count;
};

struct model {
    struct arena *arena;
    struct pack **packs; /* extended ones first */
    uint32_t pack_count;
    uint64_t digest; /* of the bytes of the files read, texts and tests left out */
    uint64_t texts_digest; /* of the text catalogues read */
    struct pack_scale **scales;
    struct pack_dimension **dimensions;
    struct pack_question **questions;
    struct pack_conclusion **conclusions;
    struct pack_rule **rules;
    struct pack_remedy **remedies;
    uint32_t scale_count, dimension_count, question_count, conclusion_count, rule_count,
        remedy_count;
    struct catalogue **catalogues;
    uint32_t catalogue_count;
    struct text language;   /* of the texts in the items: the one asked for, else the packs' own */
    uint32_t *source_packs; /* by source_id: the pack it belongs to, or MODEL_NONE */
    size_t source_capacity;
};

struct pack_options {
    const char *const *packs; /* folders, or ids of installed packs */
    size_t pack_count;
    struct text language; /* whose catalogues are read; empty: none */
    bool with_tests;      /* of the packs named, not of those they extend */
    bool all_texts;       /* every catalogue is read */
};

/* Reads and merges. NULL and problems where something is wrong: everything that is wrong with the
 * files is reported, then, if they are right, everything that is wrong between them. */
struct model *pack_load(struct arena *a, const struct pack_options *options,
                        struct problems *problems);

uint32_t model_pack_of(const struct model *m, source_id source);             /* or MODEL_NONE */
bool model_extends(const struct model *m, uint32_t pack, uint32_t ancestor); /* or is it */
/* An item is defined or was last overridden in a pack named by the user. */
bool model_is_own(const struct model *m, const struct item *item);

/* Reads an answer sheet from bytes. False and problems where it is not one. */
bool pack_sheet_load(struct arena *a, source_id source, struct text bytes, struct pack_sheet *out,
                     struct problems *problems);

/* Reads a mapping of columns from bytes; likewise. */
bool pack_map_load(struct arena *a, source_id source, struct text bytes, struct pack_map *out,
                   struct problems *problems);

struct text cell_text(const struct cell *c);     /* empty where not given */
struct scalar cell_scalar(const struct cell *c); /* for condition_new */
bool cell_given(const struct cell *c);
bool cell_true(const struct cell *c); /* a boolean that is given and true */

/* Appends a JSON Schema (2020-12) of all files, one definition a file name: "#/$defs/rules.yaml".
 */
void pack_schema_json(struct buffer *out);

/* The folder of installed packs: $ENTENTE_RULES, else the one built in. */
const char *pack_installed_folder(void);

/* What a scalar must be. */
enum cell_type {
    CELL_TEXT,
    CELL_ID,
    CELL_REMEDY_ID, /* may hold capitals */
    CELL_NAME,      /* one line: a reference of the author's, the name of a partner */
    CELL_CONDITION,
    CELL_NUMBER,
    CELL_BOOLEAN,
    CELL_WORD, /* one of a word_list */
    CELL_VERSION,
    CELL_LANGUAGE,
    CELL_FOREIGN, /* what stands in an export: any text */
    CELL_TYPE_COUNT
};

/* The words a key takes, in the order of cell.number; NULL behind the last. */
enum word_list {
    WORDS_NONE,
    WORDS_QUESTION_KIND,   /* enum answer_kind */
    WORDS_ABOUT,           /* partner, partnership: `about`, `each` */
    WORDS_FORM,            /* short, long */
    WORDS_BEST,            /* high, low */
    WORDS_CONCLUSION_KIND, /* finding, diagnosis, strength */
    WORDS_LEVEL,           /* none, low, medium, high */
    WORDS_HORIZON,         /* weeks, months, years */
    WORDS_TEST_FORM,       /* enum pack_form */
    WORDS_DECIMAL,         /* point, comma */
    WORDS_BLANK,           /* unanswered, none */
    WORDS_COUNT
};
const char *const *word_list(enum word_list list);

#endif
