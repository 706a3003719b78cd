/* shape: does a tree have the keys, kinds and spellings its table asks for?
 * In: a tree, a table. Out: problems, each at its place. Next: libcyaml loads the same bytes by
 * the same table, cells.c adds the places. The idea: what libcyaml would read loosely (`0,8` as 0,
 * `non` as true) is refused here, so that what it loads is what stands there. */
#include "pack/shape.h"
#include "pack/misread.h"
#include "pack/spelling.h"
#include <string.h>

static struct span span_at(const struct ground *g, const struct tree *t)
{
    /* Of a collection the first line only: a caret under a whole file helps nobody. */
    if (t->kind == TREE_SCALAR)
        return tree_span(g->source, t);
    uint32_t end = t->start;
    while (end < t->end && g->bytes.at[end] != '\n' && g->bytes.at[end] != '\r')
        end++;
    return (struct span){g->source, t->start, end};
}

static bool is_missing(const struct tree *t)
{
    return t->kind == TREE_SCALAR && t->value.size == 0;
}

static const char *wanted_name(const cyaml_schema_value_t *schema)
{
    switch (schema->type) {
    case CYAML_SEQUENCE: return "a list";
    case CYAML_STRING: return "a single value";
    default: return "a mapping of keys and values";
    }
}

static const char *found_name(const struct tree *t)
{
    static const char *const names[] = {"a single value", "a mapping", "a list"};
    return names[t->kind];
}

/* "id, version, language": the keys of a mapping. */
static const char *key_list(const struct ground *g, const cyaml_schema_field_t *fields)
{
    const char *list = fields->key;
    for (fields++; fields->key; fields++)
        list = problem_format(g->problems, "%s, %s", list, fields->key);
    return list;
}

/* `key` is NULL for the whole file. */
static bool report_kind(const struct ground *g, const cyaml_schema_value_t *schema, const char *key,
                        const struct tree *t)
{
    if (is_missing(t)) {
        problem_add(g->problems, PROBLEM_KEY_EMPTY, span_at(g, t), key ? key : "",
                    wanted_name(schema), NULL);
        problem_help(g->problems, "write the value, or remove the key");
        return false;
    }
    problem_add(g->problems, PROBLEM_KEY_KIND, span_at(g, t),
                key ? problem_format(g->problems, "`%s`", key) : "this file", wanted_name(schema),
                found_name(t));
    bool plain = t->kind == TREE_SCALAR && t->value.size < 40 && utf8_is_ascii(t->value) &&
                 !memchr(t->value.at, '\n', t->value.size);
    if (key && schema->type == CYAML_SEQUENCE && schema->sequence.entry->type == CYAML_STRING &&
        plain)
        problem_help(g->problems, problem_format(g->problems,
                                                 "write it in brackets, also where it is one: "
                                                 "%s: [%.*s]",
                                                 key, (int)(t->value.size < 40 ? t->value.size : 0),
                                                 t->value.at));
    else if (schema->type == CYAML_SEQUENCE)
        problem_help(g->problems, "begin every entry with `- `");
    else if (schema->type == CYAML_STRING)
        problem_help(g->problems, "quote the text if it begins with a bracket or holds `: `");
    else if (schema->type == CYAML_MAPPING)
        problem_help(g->problems, problem_format(g->problems, "the keys here are %s",
                                                 key_list(g, schema->mapping.fields)));
    return false;
}

static bool check_value(const struct ground *g, const cyaml_schema_value_t *schema, const char *key,
                        const struct tree *t);

static void report_unknown(const struct ground *g, const cyaml_schema_field_t *fields,
                           const struct tree *key)
{
    struct suggest near;
    suggest_init(&near, key->value);
    for (const cyaml_schema_field_t *f = fields; f->key; f++)
        suggest_offer(&near, text_from_c(f->key));
    problem_add(g->problems, PROBLEM_KEY_UNKNOWN, tree_span(g->source, key),
                problem_quote(g->problems, key->value), NULL, NULL);
    if (near.best.size > 0) {
        problem_help(g->problems, problem_format(g->problems, "did you mean `%.*s`?",
                                                 (int)near.best.size, near.best.at));
        return;
    }
    problem_help(g->problems,
                 problem_format(g->problems, "the keys here are %s", key_list(g, fields)));
}

/* An item that overrides an inherited one gives only the keys that change. */
static bool is_override(const cyaml_schema_field_t *fields, const struct tree *t)
{
    const struct tree *value = tree_get(t, "override");
    return value && value->kind == TREE_SCALAR && text_is(value->value, "true") &&
           table_field(fields, TEXT("override")) != NULL;
}

/* `seen` has a bit for each field that is given. */
static bool check_missing(const struct ground *g, const cyaml_schema_field_t *fields, uint32_t seen,
                          const struct tree *t)
{
    bool good = true;
    for (const cyaml_schema_field_t *f = fields; f->key; f++, seen >>= 1) {
        if (seen & 1 || !table_required(&f->value) ||
            (strcmp(f->key, "id") != 0 && is_override(fields, t)))
            continue;
        problem_add(g->problems, PROBLEM_KEY_MISSING, span_at(g, t), f->key, NULL, NULL);
        problem_help(g->problems, problem_format(g->problems, "add `%s: ...`", f->key));
        good = false;
    }
    return good;
}

static bool check_mapping(const struct ground *g, const cyaml_schema_field_t *fields,
                          const struct tree *t)
{
    bool good = true;
    uint32_t seen = 0;
    for (const struct tree *key = t->child; key; key = key->next->next) {
        const cyaml_schema_field_t *field = table_field(fields, key->value);
        if (!field) {
            report_unknown(g, fields, key);
            good = false;
            continue;
        }
        seen |= (uint32_t)1 << (field - fields);
        good = check_value(g, &field->value, field->key, key->next) && good;
    }
    return check_missing(g, fields, seen, t) && good;
}

static bool check_list(const struct ground *g, const cyaml_schema_value_t *schema, const char *key,
                       const struct tree *t)
{
    uint32_t min = schema->sequence.min, max = schema->sequence.max;
    if (t->count < min || t->count > max) {
        const char *wanted = min == max       ? problem_format(g->problems, "%u", min)
                             : t->count < min ? problem_format(g->problems, "at least %u", min)
                                              : problem_format(g->problems, "at most %u", max);
        problem_add(g->problems, PROBLEM_LIST_COUNT, span_at(g, t), key, wanted,
                    problem_count_text(g->problems, t->count));
        return false;
    }
    bool good = true;
    for (const struct tree *entry = t->child; entry; entry = entry->next)
        good = check_value(g, schema->sequence.entry, key, entry) && good;
    return good;
}

static bool check_condition(const struct ground *g, const struct tree *t)
{
    size_t start, stop;
    if (t->style != STYLE_PLAIN || !comment_behind(g->bytes, t->end, &start, &stop))
        return true;
    problem_add(g->problems, PROBLEM_YAML_COMMENT_BEHIND,
                (struct span){g->source, (uint32_t)start, (uint32_t)stop}, NULL, NULL, NULL);
    problem_help(g->problems, "move the comment to a line of its own; if the # belongs to the "
                              "condition, quote the whole condition");
    return false;
}

/* Facts and answers: keys are the pack's, so only shapes can be checked. */
static bool check_entries(const struct ground *g, const char *name, const struct tree *t)
{
    if (t->kind != TREE_MAPPING) {
        problem_add(g->problems, PROBLEM_KEY_KIND, span_at(g, t),
                    problem_format(g->problems, "`%s`", name), "a mapping of questions and answers",
                    found_name(t));
        problem_help(g->problems, "write {question: answer, question: answer}");
        return false;
    }
    bool good = true;
    for (const struct tree *key = t->child; key; key = key->next->next) {
        const struct tree *value = key->next;
        bool fits = value->kind != TREE_MAPPING;
        if (value->kind == TREE_LIST)
            for (const struct tree *e = value->child; fits && e; e = e->next)
                fits = e->kind == TREE_SCALAR;
        if (fits)
            continue;
        problem_add(g->problems, PROBLEM_ANSWER_SHAPE, span_at(g, value),
                    problem_quote(g->problems, key->value), NULL, NULL);
        problem_help(g->problems, "write one value, or a list of choices in brackets");
        good = false;
    }
    return good;
}

static bool check_value(const struct ground *g, const cyaml_schema_value_t *schema, const char *key,
                        const struct tree *t)
{
    switch (schema->type) {
    case CYAML_STRING:
        if (t->kind != TREE_SCALAR || is_missing(t))
            return report_kind(g, schema, key, t);
        if (table_type(schema) == CELL_CONDITION && !check_condition(g, t))
            return false;
        return spelling_check(g, schema, key, t);
    case CYAML_SEQUENCE:
        return t->kind == TREE_LIST ? check_list(g, schema, key, t)
                                    : report_kind(g, schema, key, t);
    case CYAML_IGNORE: return check_entries(g, key, t);
    default:
        return t->kind == TREE_MAPPING ? check_mapping(g, schema->mapping.fields, t)
                                       : report_kind(g, schema, key, t);
    }
}

bool shape_check(const struct ground *g, const cyaml_schema_value_t *schema,
                 const struct tree *tree)
{
    return check_value(g, schema, NULL, tree);
}
