/* tables: the keys of every file, as libcyaml's schema tables. Private.
 *
 * What libcyaml does not know of a key stands in spare bits of its flags:
 *
 *     bits 16..19  enum cell_type       what the scalar must be
 *     bits 20..25  enum word_list       for CELL_WORD
 *     bit  26      required             (an item with `override: true` needs its id only)
 *
 * Every scalar is a pointer string for libcyaml; every field is optional for it, because whether
 * one is missing depends on `override`. */
#ifndef ENTENTE_TABLES_H
#define ENTENTE_TABLES_H

#include "pack/pack.h"
#include <cyaml/cyaml.h>

#define TABLE_TYPE(type) ((type) << 16)
#define TABLE_WORDS(list) (TABLE_TYPE(CELL_WORD) | (list) << 20)
#define TABLE_REQUIRED (1 << 26)

#define LIMIT_RULE_FILES 1000u /* rules-*.yaml or text.*.yaml files of one pack: bounds reading */

enum table {
    TABLE_PACK,
    TABLE_QUESTIONS,
    TABLE_RULES,
    TABLE_REMEDIES,
    TABLE_TEXTS,
    TABLE_TESTS,
    TABLE_SHEET,
    TABLE_MAP,
    TABLE_COUNT
};

/* rules.yaml as it is loaded. */
struct rules_file {
    struct position at;
    struct pack_conclusion *conclusions;
    unsigned conclusions_count;
    struct pack_rule *rules;
    unsigned rules_count;
};

const cyaml_schema_value_t *table_schema(enum table table);
const char *table_file(enum table table); /* "rules.yaml"; "text.yaml" for every language */

/* The kinds of items and the tables of their keys. */
enum item_kind {
    ITEM_SCALE,
    ITEM_DIMENSION,
    ITEM_QUESTION,
    ITEM_CONCLUSION,
    ITEM_RULE,
    ITEM_REMEDY,
    ITEM_COUNT
};
const cyaml_schema_field_t *item_fields(enum item_kind kind);
const char *item_kind_name(enum item_kind kind); /* "question" */
size_t item_size(enum item_kind kind);

enum cell_type table_type(const cyaml_schema_value_t *value);
enum word_list table_words(const cyaml_schema_value_t *value);
bool table_required(const cyaml_schema_value_t *value);
/* The field of a key, or NULL. */
const cyaml_schema_field_t *table_field(const cyaml_schema_field_t *fields, struct text key);

#endif
