/* jsonschema: the tables as a JSON Schema, for editors that check while one types.
 * In: the tables. Out: JSON. The idea: nothing is said twice; what the loader refuses and a schema
 * can say, the schema says too. */
#include "pack/tables.h"

static void put_text(struct buffer *out, const char *c)
{
    buffer_json(out, text_from_c(c));
}

static void put_pattern(struct buffer *out, const char *pattern)
{
    buffer_c(out, "{\"type\":\"string\",\"pattern\":");
    put_text(out, pattern);
    buffer_c(out, "}");
}

static void put_scalar(struct buffer *out, const cyaml_schema_value_t *value)
{
    switch (table_type(value)) {
    case CELL_ID: put_pattern(out, "^[a-z][a-z0-9_]{0,63}$"); break;
    case CELL_REMEDY_ID: put_pattern(out, "^[A-Za-z][A-Za-z0-9_]{0,63}$"); break;
    case CELL_NUMBER: buffer_c(out, "{\"type\":\"number\"}"); break;
    case CELL_BOOLEAN: buffer_c(out, "{\"type\":\"boolean\"}"); break;
    case CELL_VERSION: put_pattern(out, "^[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}$"); break;
    case CELL_LANGUAGE: put_pattern(out, "^[a-z]{2,3}$"); break;
    case CELL_NAME: buffer_c(out, "{\"type\":[\"string\",\"number\"],\"maxLength\":256}"); break;
    case CELL_WORD: {
        const char *const *words = word_list(table_words(value));
        buffer_c(out, "{\"enum\":[");
        for (size_t i = 0; words[i]; i++) {
            buffer_c(out, i > 0 ? "," : "");
            put_text(out, words[i]);
        }
        buffer_c(out, "]}");
        break;
    }
    default: buffer_c(out, "{\"type\":[\"string\",\"number\"]}"); break;
    }
}

static void put_value(struct buffer *out, const cyaml_schema_value_t *value);

/* What an item that overrides an inherited one may leave out is asked for in all others only. */
static void put_required(struct buffer *out, const cyaml_schema_field_t *fields)
{
    bool overrides = table_field(fields, TEXT("override")) != NULL;
    size_t count = 0;
    buffer_c(out, overrides ? ",\"required\":[\"id\"],\"if\":{\"required\":[\"override\"],"
                              "\"properties\":{\"override\":{\"const\":true}}},"
                              "\"else\":{\"required\":["
                            : ",\"required\":[");
    for (; fields->key; fields++) {
        if (!table_required(&fields->value))
            continue;
        buffer_c(out, count++ > 0 ? "," : "");
        put_text(out, fields->key);
    }
    buffer_c(out, overrides ? "]}" : "]");
}

static void put_mapping(struct buffer *out, const cyaml_schema_field_t *fields)
{
    buffer_c(out, "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
    for (const cyaml_schema_field_t *f = fields; f->key; f++) {
        buffer_c(out, f > fields ? "," : "");
        put_text(out, f->key);
        buffer_c(out, ":");
        put_value(out, &f->value);
    }
    buffer_c(out, "}");
    put_required(out, fields);
    buffer_c(out, "}");
}

static void put_list(struct buffer *out, const cyaml_schema_value_t *value)
{
    buffer_c(out, "{\"type\":\"array\",\"items\":");
    put_value(out, value->sequence.entry);
    if (value->sequence.min > 0) {
        buffer_c(out, ",\"minItems\":");
        buffer_unsigned(out, value->sequence.min);
    }
    if (value->sequence.max != CYAML_UNLIMITED) {
        buffer_c(out, ",\"maxItems\":");
        buffer_unsigned(out, value->sequence.max);
    }
    buffer_c(out, "}");
}

static void put_value(struct buffer *out, const cyaml_schema_value_t *value)
{
    switch (value->type) {
    case CYAML_STRING: put_scalar(out, value); break;
    case CYAML_SEQUENCE: put_list(out, value); break;
    case CYAML_MAPPING: put_mapping(out, value->mapping.fields); break;
    default: /* answers: a value, a list of choices, or nothing */
        buffer_c(out, "{\"type\":\"object\",\"additionalProperties\":{\"type\":[\"string\","
                      "\"number\",\"boolean\",\"null\",\"array\"]}}");
        break;
    }
}

void pack_schema_json(struct buffer *out)
{
    buffer_c(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$defs\":{");
    for (int table = 0; table < TABLE_COUNT; table++) {
        buffer_c(out, table > 0 ? "," : "");
        put_text(out, table_file((enum table)table));
        buffer_c(out, ":");
        put_value(out, table_schema((enum table)table));
    }
    buffer_c(out, "},\"anyOf\":[");
    for (int table = 0; table < TABLE_COUNT; table++) {
        struct buffer reference;
        buffer_init(&reference);
        buffer_c(&reference, "#/$defs/");
        buffer_c(&reference, table_file((enum table)table));
        buffer_c(out, table > 0 ? ",{\"$ref\":" : "{\"$ref\":");
        buffer_json(out, buffer_view(&reference));
        buffer_c(out, "}");
        out->failed = out->failed || reference.failed;
        buffer_deinit(&reference);
    }
    buffer_c(out, "]}\n");
}
