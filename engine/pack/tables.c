/* tables: the one place where the keys of the files stand.
 * Read by shape.c (what is wrong), libcyaml (the values), cells.c (the places), merge.c (overrides)
 * and the JSON Schema. To add a key: a member in pack.h, a row here, a line in pack-format.md. */
#include "pack/tables.h"
#include <string.h>

#define OPTIONAL CYAML_FLAG_OPTIONAL
#define REQUIRED (CYAML_FLAG_OPTIONAL | TABLE_REQUIRED)

#define SCALAR(key, type, S, member)                                                    \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | (type), struct S, member.value, 0, \
                           CYAML_UNLIMITED)
#define TEXT_(key, S, member, need) SCALAR(key, (need) | TABLE_TYPE(CELL_TEXT), S, member)
#define ID(key, S, member, need) SCALAR(key, (need) | TABLE_TYPE(CELL_ID), S, member)
#define NAME(key, S, member, need) SCALAR(key, (need) | TABLE_TYPE(CELL_NAME), S, member)
#define CONDITION(key, S, member, need) SCALAR(key, (need) | TABLE_TYPE(CELL_CONDITION), S, member)
#define NUMBER(key, S, member, need) SCALAR(key, (need) | TABLE_TYPE(CELL_NUMBER), S, member)
#define WORD(key, S, member, words, need) SCALAR(key, (need) | TABLE_WORDS(words), S, member)
#define FOREIGN(key, S, member, need) SCALAR(key, (need) | TABLE_TYPE(CELL_FOREIGN), S, member)
#define OVERRIDE(S) SCALAR("override", OPTIONAL | TABLE_TYPE(CELL_BOOLEAN), S, item.override)

/* A list of scalars, into a struct cells. */
#define SCALARS(key, S, member, entry, min, max, need)                                    \
    CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_POINTER | (need), struct S, member.values, \
                               member.count, entry, min, max)
/* A list of mappings, into an array and its count. */
#define MAPPINGS(key, S, member, entry, min, max, need) \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | (need), struct S, member, entry, min, max)
#define MAPPING(key, S, member, fields, need) \
    CYAML_FIELD_MAPPING_PTR(key, CYAML_FLAG_POINTER | (need), struct S, member, fields)
/* A mapping with free keys, which libcyaml passes over, into a struct entries. */
#define ENTRIES(key_, S, member)                                           \
    {                                                                      \
        .key = key_, .data_offset = offsetof(struct S, member), .value = { \
            .type = CYAML_IGNORE,                                          \
            .flags = CYAML_FLAG_OPTIONAL                                   \
        }                                                                  \
    }

#define SCALAR_ENTRY(type)                                                        \
    {                                                                             \
        CYAML_VALUE_STRING(CYAML_FLAG_POINTER | (type), char, 0, CYAML_UNLIMITED) \
    }

static const cyaml_schema_value_t text_entry = SCALAR_ENTRY(TABLE_TYPE(CELL_TEXT));
static const cyaml_schema_value_t foreign_entry = SCALAR_ENTRY(TABLE_TYPE(CELL_FOREIGN));
static const cyaml_schema_value_t name_entry = SCALAR_ENTRY(TABLE_TYPE(CELL_NAME));
static const cyaml_schema_value_t id_entry = SCALAR_ENTRY(TABLE_TYPE(CELL_ID));
static const cyaml_schema_value_t any_id_entry = SCALAR_ENTRY(TABLE_TYPE(CELL_REMEDY_ID));
static const cyaml_schema_value_t number_entry = SCALAR_ENTRY(TABLE_TYPE(CELL_NUMBER));

#define ENTRY(name, S, fields)                 \
    static const cyaml_schema_value_t name = { \
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct S, fields)}

/* pack.yaml */

static const cyaml_schema_field_t scale_fields[] = {
    ID("id", pack_scale, item.id, REQUIRED),
    SCALARS("range", pack_scale, range, &number_entry, 2, 2, REQUIRED),
    SCALARS("ends", pack_scale, ends, &text_entry, 2, 2, REQUIRED),
    OVERRIDE(pack_scale),
    CYAML_FIELD_END,
};
ENTRY(scale_entry, pack_scale, scale_fields);

static const cyaml_schema_field_t dimension_fields[] = {
    ID("id", pack_dimension, item.id, REQUIRED),
    TEXT_("label", pack_dimension, label, REQUIRED),
    OVERRIDE(pack_dimension),
    CYAML_FIELD_END,
};
ENTRY(dimension_entry, pack_dimension, dimension_fields);

static const cyaml_schema_field_t defaults_fields[] = {
    NUMBER("holds_from", pack_defaults, holds_from, OPTIONAL),
    CONDITION("needs", pack_defaults, needs, OPTIONAL),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t pack_fields[] = {
    ID("id", pack, id, REQUIRED),
    SCALAR("version", REQUIRED | TABLE_TYPE(CELL_VERSION), pack, version),
    SCALAR("language", REQUIRED | TABLE_TYPE(CELL_LANGUAGE), pack, language),
    TEXT_("title", pack, title, REQUIRED),
    SCALAR("requires", OPTIONAL | TABLE_TYPE(CELL_VERSION), pack, requires),
    SCALARS("extends", pack, extends, &name_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    SCALARS("disable", pack, disable, &any_id_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    MAPPINGS("scales", pack, scales, &scale_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    MAPPINGS("dimensions", pack, dimensions, &dimension_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    MAPPING("defaults", pack, defaults, defaults_fields, OPTIONAL),
    CYAML_FIELD_END,
};

/* questions.yaml */

static const cyaml_schema_field_t choice_fields[] = {
    ID("id", pack_choice, id, REQUIRED),
    TEXT_("label", pack_choice, label, REQUIRED),
    CYAML_FIELD_END,
};
ENTRY(choice_entry, pack_choice, choice_fields);

static const cyaml_schema_field_t question_fields[] = {
    ID("id", pack_question, item.id, REQUIRED),
    WORD("kind", pack_question, kind, WORDS_QUESTION_KIND, REQUIRED),
    WORD("about", pack_question, about, WORDS_ABOUT, OPTIONAL),
    WORD("form", pack_question, form, WORDS_FORM, OPTIONAL),
    TEXT_("text", pack_question, text, REQUIRED),
    TEXT_("help", pack_question, help, OPTIONAL),
    ID("dimension", pack_question, dimension, OPTIONAL),
    WORD("best", pack_question, best, WORDS_BEST, OPTIONAL),
    ID("scale", pack_question, scale, OPTIONAL),
    SCALARS("range", pack_question, range, &number_entry, 2, 2, OPTIONAL),
    TEXT_("unit", pack_question, unit, OPTIONAL),
    MAPPINGS("choices", pack_question, choices, &choice_entry, 1, LIMIT_CHOICES, OPTIONAL),
    NUMBER("effort", pack_question, effort, OPTIONAL),
    CONDITION("ask_if", pack_question, ask_if, OPTIONAL),
    OVERRIDE(pack_question),
    CYAML_FIELD_END,
};
ENTRY(question_entry, pack_question, question_fields);

/* rules.yaml */

static const cyaml_schema_field_t severity_fields[] = {
    WORD("level", pack_severity, level, WORDS_LEVEL, OPTIONAL),
    CONDITION("high_when", pack_severity, high_when, OPTIONAL),
    CONDITION("low_when", pack_severity, low_when, OPTIONAL),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t conclusion_fields[] = {
    ID("id", pack_conclusion, item.id, REQUIRED),
    WORD("kind", pack_conclusion, kind, WORDS_CONCLUSION_KIND, REQUIRED),
    WORD("about", pack_conclusion, about, WORDS_ABOUT, OPTIONAL),
    TEXT_("label", pack_conclusion, label, REQUIRED),
    TEXT_("summary", pack_conclusion, summary, OPTIONAL),
    NUMBER("holds_from", pack_conclusion, holds_from, OPTIONAL),
    MAPPING("severity", pack_conclusion, severity, severity_fields, OPTIONAL),
    CONDITION("needs", pack_conclusion, needs, OPTIONAL),
    SCALARS("source", pack_conclusion, source, &name_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    OVERRIDE(pack_conclusion),
    CYAML_FIELD_END,
};
ENTRY(conclusion_entry, pack_conclusion, conclusion_fields);

static const cyaml_schema_field_t rule_fields[] = {
    ID("id", pack_rule, item.id, REQUIRED),
    CONDITION("when", pack_rule, when, REQUIRED),
    WORD("each", pack_rule, each, WORDS_ABOUT, OPTIONAL),
    ID("conclude", pack_rule, conclude, REQUIRED),
    NUMBER("certainty", pack_rule, certainty, REQUIRED),
    TEXT_("because", pack_rule, because, OPTIONAL),
    SCALARS("source", pack_rule, source, &name_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    ID("group", pack_rule, group, OPTIONAL),
    OVERRIDE(pack_rule),
    CYAML_FIELD_END,
};
ENTRY(rule_entry, pack_rule, rule_fields);

static const cyaml_schema_field_t rules_file_fields[] = {
    MAPPINGS("conclusions", rules_file, conclusions, &conclusion_entry, 0, CYAML_UNLIMITED,
             OPTIONAL),
    MAPPINGS("rules", rules_file, rules, &rule_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    CYAML_FIELD_END,
};

/* remedies.yaml */

static const cyaml_schema_field_t step_fields[] = {
    TEXT_("who", pack_step, who, REQUIRED),
    TEXT_("what", pack_step, what, REQUIRED),
    CYAML_FIELD_END,
};
ENTRY(step_entry, pack_step, step_fields);

static const cyaml_schema_field_t remedy_fields[] = {
    SCALAR("id", REQUIRED | TABLE_TYPE(CELL_REMEDY_ID), pack_remedy, item.id),
    TEXT_("title", pack_remedy, title, REQUIRED),
    SCALARS("treats", pack_remedy, treats, &id_entry, 1, CYAML_UNLIMITED, REQUIRED),
    CONDITION("when", pack_remedy, when, OPTIONAL),
    MAPPINGS("steps", pack_remedy, steps, &step_entry, 1, CYAML_UNLIMITED, REQUIRED),
    TEXT_("sign", pack_remedy, sign, OPTIONAL),
    NUMBER("effort", pack_remedy, effort, REQUIRED),
    NUMBER("impact", pack_remedy, impact, REQUIRED),
    WORD("horizon", pack_remedy, horizon, WORDS_HORIZON, REQUIRED),
    OVERRIDE(pack_remedy),
    CYAML_FIELD_END,
};
ENTRY(remedy_entry, pack_remedy, remedy_fields);

/* text.<lang>.yaml */

static const cyaml_schema_field_t translation_fields[] = {
    SCALAR("of", REQUIRED | TABLE_TYPE(CELL_REMEDY_ID), pack_translation, of),
    TEXT_("text", pack_translation, text, OPTIONAL),
    TEXT_("help", pack_translation, help, OPTIONAL),
    TEXT_("unit", pack_translation, unit, OPTIONAL),
    MAPPINGS("choices", pack_translation, choices, &choice_entry, 1, LIMIT_CHOICES, OPTIONAL),
    TEXT_("label", pack_translation, label, OPTIONAL),
    TEXT_("summary", pack_translation, summary, OPTIONAL),
    TEXT_("because", pack_translation, because, OPTIONAL),
    TEXT_("title", pack_translation, title, OPTIONAL),
    MAPPINGS("steps", pack_translation, steps, &step_entry, 1, CYAML_UNLIMITED, OPTIONAL),
    TEXT_("sign", pack_translation, sign, OPTIONAL),
    SCALARS("ends", pack_translation, ends, &text_entry, 2, 2, OPTIONAL),
    CYAML_FIELD_END,
};
ENTRY(translation_entry, pack_translation, translation_fields);

/* tests.yaml and answer sheets */

static const cyaml_schema_field_t respondent_fields[] = {
    NAME("partner", pack_respondent, partner, OPTIONAL),
    ENTRIES("answers", pack_respondent, answers),
    CYAML_FIELD_END,
};
ENTRY(respondent_entry, pack_respondent, respondent_fields);

static const cyaml_schema_field_t present_fields[] = {
    ID("id", pack_present, id, REQUIRED),
    NAME("partner", pack_present, partner, OPTIONAL),
    NUMBER("at_least", pack_present, at_least, OPTIONAL),
    NUMBER("at_most", pack_present, at_most, OPTIONAL),
    WORD("severity", pack_present, severity, WORDS_LEVEL, OPTIONAL),
    CYAML_FIELD_END,
};
ENTRY(present_entry, pack_present, present_fields);

static const cyaml_schema_field_t link_fields[] = {
    ID("id", pack_link, id, REQUIRED),
    ID("of", pack_link, of, REQUIRED),
    CYAML_FIELD_END,
};
ENTRY(link_entry, pack_link, link_fields);

static const cyaml_schema_field_t expect_fields[] = {
    MAPPINGS("present", pack_expect, present, &present_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    SCALARS("absent", pack_expect, absent, &id_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    SCALARS("undetermined", pack_expect, undetermined, &id_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    SCALARS("not_assessed", pack_expect, not_assessed, &id_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    MAPPINGS("because", pack_expect, because, &link_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    SCALARS("remedies", pack_expect, remedies, &any_id_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t test_fields[] = {
    ID("id", pack_test, id, REQUIRED),
    WORD("form", pack_test, form, WORDS_TEST_FORM, OPTIONAL),
    ENTRIES("facts", pack_test, facts),
    MAPPINGS("respondents", pack_test, respondents, &respondent_entry, 0, CYAML_UNLIMITED,
             OPTIONAL),
    MAPPING("expect", pack_test, expect, expect_fields, REQUIRED),
    CYAML_FIELD_END,
};
ENTRY(test_entry, pack_test, test_fields);

static const cyaml_schema_field_t sheet_fields[] = {
    NAME("case", pack_sheet, name, OPTIONAL),
    WORD("form", pack_sheet, form, WORDS_TEST_FORM, OPTIONAL),
    SCALAR("open", OPTIONAL | TABLE_TYPE(CELL_BOOLEAN), pack_sheet, open),
    ENTRIES("facts", pack_sheet, facts),
    MAPPINGS("respondents", pack_sheet, respondents, &respondent_entry, 0, CYAML_UNLIMITED,
             OPTIONAL),
    CYAML_FIELD_END,
};

/* mappings */

static const cyaml_schema_field_t map_value_fields[] = {
    FOREIGN("label", map_value, label, REQUIRED),
    FOREIGN("is", map_value, is, REQUIRED),
    CYAML_FIELD_END,
};
ENTRY(map_value_entry, map_value, map_value_fields);

static const cyaml_schema_field_t map_labels_fields[] = {
    ID("id", map_labels, id, REQUIRED),
    MAPPINGS("values", map_labels, values, &map_value_entry, 1, CYAML_UNLIMITED, REQUIRED),
    CYAML_FIELD_END,
};
ENTRY(map_labels_entry, map_labels, map_labels_fields);

#define FINDS(S)                                                                    \
    FOREIGN("column", S, column, OPTIONAL), FOREIGN("header", S, header, OPTIONAL), \
        FOREIGN("pattern", S, pattern, OPTIONAL)

static const cyaml_schema_field_t map_key_fields[] = {
    FINDS(map_key),
    ID("labels", map_key, labels, OPTIONAL),
    FOREIGN("value", map_key, value, OPTIONAL),
    MAPPINGS("values", map_key, values, &map_value_entry, 1, CYAML_UNLIMITED, OPTIONAL),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t map_option_fields[] = {
    ID("choice", map_option, choice, REQUIRED),
    FINDS(map_option),
    CYAML_FIELD_END,
};
ENTRY(map_option_entry, map_option, map_option_fields);

static const cyaml_schema_field_t map_question_fields[] = {
    ID("question", map_question, question, REQUIRED),
    FINDS(map_question),
    ID("labels", map_question, labels, OPTIONAL),
    MAPPINGS("values", map_question, values, &map_value_entry, 1, CYAML_UNLIMITED, OPTIONAL),
    SCALARS("from", map_question, from, &number_entry, 2, 2, OPTIONAL),
    WORD("best", map_question, best, WORDS_BEST, OPTIONAL),
    SCALARS("missing", map_question, missing, &foreign_entry, 1, CYAML_UNLIMITED, OPTIONAL),
    FOREIGN("joined", map_question, joined, OPTIONAL),
    WORD("blank", map_question, blank, WORDS_BLANK, OPTIONAL),
    ID("other", map_question, other, OPTIONAL),
    MAPPINGS("options", map_question, options, &map_option_entry, 1, LIMIT_MANY_CHOICES, OPTIONAL),
    CYAML_FIELD_END,
};
ENTRY(map_question_entry, map_question, map_question_fields);

static const cyaml_schema_field_t map_fields[] = {
    NAME("dialect", pack_map, dialect, OPTIONAL),
    NAME("encoding", pack_map, encoding, OPTIONAL),
    FOREIGN("separator", pack_map, separator, OPTIONAL),
    WORD("decimal", pack_map, decimal, WORDS_DECIMAL, OPTIONAL),
    MAPPING("case", pack_map, case_key, map_key_fields, OPTIONAL),
    MAPPING("partner", pack_map, partner, map_key_fields, OPTIONAL),
    MAPPING("respondent", pack_map, respondent, map_key_fields, OPTIONAL),
    MAPPING("wave", pack_map, wave, map_key_fields, OPTIONAL),
    SCALARS("missing", pack_map, missing, &foreign_entry, 1, CYAML_UNLIMITED, OPTIONAL),
    MAPPINGS("labels", pack_map, labels, &map_labels_entry, 0, CYAML_UNLIMITED, OPTIONAL),
    MAPPINGS("questions", pack_map, questions, &map_question_entry, 0, LIMIT_COLUMNS, OPTIONAL),
    CYAML_FIELD_END,
};

#define LIST_OF(S, entry)                                                              \
    {                                                                                  \
        CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, struct S, &entry, 0, CYAML_UNLIMITED) \
    }
#define ONE_OF(S, fields)                                         \
    {                                                             \
        CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct S, fields) \
    }

static const struct {
    const char *file;
    cyaml_schema_value_t schema;
} tables[TABLE_COUNT] = {
    [TABLE_PACK] = {"pack.yaml", ONE_OF(pack, pack_fields)},
    [TABLE_QUESTIONS] = {"questions.yaml", LIST_OF(pack_question, question_entry)},
    [TABLE_RULES] = {"rules.yaml", ONE_OF(rules_file, rules_file_fields)},
    [TABLE_REMEDIES] = {"remedies.yaml", LIST_OF(pack_remedy, remedy_entry)},
    [TABLE_TEXTS] = {"text.yaml", LIST_OF(pack_translation, translation_entry)},
    [TABLE_TESTS] = {"tests.yaml", LIST_OF(pack_test, test_entry)},
    [TABLE_SHEET] = {"sheet.yaml", ONE_OF(pack_sheet, sheet_fields)},
    [TABLE_MAP] = {"map.yaml", ONE_OF(pack_map, map_fields)},
};

const cyaml_schema_value_t *table_schema(enum table table)
{
    return &tables[table].schema;
}

const char *table_file(enum table table)
{
    return tables[table].file;
}

static const struct {
    const char *name;
    const cyaml_schema_value_t *entry;
} items[ITEM_COUNT] = {
    [ITEM_SCALE] = {"scale", &scale_entry},
    [ITEM_DIMENSION] = {"dimension", &dimension_entry},
    [ITEM_QUESTION] = {"question", &question_entry},
    [ITEM_CONCLUSION] = {"conclusion", &conclusion_entry},
    [ITEM_RULE] = {"rule", &rule_entry},
    [ITEM_REMEDY] = {"remedy", &remedy_entry},
};

const cyaml_schema_field_t *item_fields(enum item_kind kind)
{
    return items[kind].entry->mapping.fields;
}

const char *item_kind_name(enum item_kind kind)
{
    return items[kind].name;
}

size_t item_size(enum item_kind kind)
{
    return items[kind].entry->data_size;
}

const char *const *word_list(enum word_list list)
{
    static const char *const lists[WORDS_COUNT][8] = {
        [WORDS_QUESTION_KIND] = {"scale", "number", "yesno", "one_of", "many_of", "text"},
        [WORDS_ABOUT] = {"partner", "partnership"},
        [WORDS_FORM] = {"short", "long"},
        [WORDS_BEST] = {"high", "low"},
        [WORDS_CONCLUSION_KIND] = {"finding", "diagnosis", "strength"},
        [WORDS_LEVEL] = {"none", "low", "medium", "high"},
        [WORDS_HORIZON] = {"weeks", "months", "years"},
        [WORDS_TEST_FORM] = {"short", "long", "given"},
        [WORDS_DECIMAL] = {"point", "comma"},
        [WORDS_BLANK] = {"unanswered", "none"},
    };
    return lists[list];
}

enum cell_type table_type(const cyaml_schema_value_t *value)
{
    return (enum cell_type)((unsigned)value->flags >> 16 & 15);
}

enum word_list table_words(const cyaml_schema_value_t *value)
{
    return (enum word_list)((unsigned)value->flags >> 20 & 63);
}

bool table_required(const cyaml_schema_value_t *value)
{
    return (value->flags & TABLE_REQUIRED) != 0;
}

const cyaml_schema_field_t *table_field(const cyaml_schema_field_t *fields, struct text key)
{
    for (; fields->key; fields++)
        if (strncmp(fields->key, key.at, key.size) == 0 && fields->key[key.size] == '\0')
            return fields;
    return NULL;
}
