/* spelling: ids, numbers, booleans, words, versions, read strictly, the same everywhere.
 * In: a scalar and its table row. Out: true, or a problem that says what to write instead.
 * Next: scalar_number gives the value of what has passed. */
#include "pack/spelling.h"
#include <string.h>

static void add(const struct ground *g, enum problem_code code, const struct tree *t,
                const char *key, const char *second)
{
    problem_add(g->problems, code, tree_span(g->source, t), key,
                problem_quote(g->problems, t->value), second);
}

/* The first code point that no id may hold, as U+0430; or NULL where all are ASCII. */
static const char *foreign(const struct ground *g, struct text t)
{
    for (size_t i = 0; i < t.size;) {
        uint32_t code;
        size_t size = utf8_next((struct text){t.at + i, t.size - i}, &code);
        if (code >= 0x80)
            return problem_format(g->problems, "U+%04X", (unsigned)code);
        i += size;
    }
    return NULL;
}

static bool is_id(struct text t, bool capitals)
{
    if (!capitals || t.size == 0 || t.size > LIMIT_ID)
        return text_is_id(t);
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || ((c < '0' || c > '9') && c != '_')))
            return false;
    }
    return true;
}

/* What the id would be with small letters and underscores, if that is an id; else NULL. */
static const char *mended_id(const struct ground *g, struct text t)
{
    char out[LIMIT_ID];
    if (t.size == 0 || t.size > sizeof out)
        return NULL;
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        out[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '-' || c == ' ' || c == '.' ? '_' : c;
    }
    if (!text_is_id((struct text){out, t.size}))
        return NULL;
    return problem_format(g->problems, "write `%.*s`", (int)t.size, out);
}

static bool check_id(const struct ground *g, const char *key, const struct tree *t, bool capitals)
{
    if (is_id(t->value, capitals))
        return true;
    if (t->value.size > LIMIT_ID) {
        add(g, PROBLEM_ID_LONG, t, key, problem_count_text(g->problems, LIMIT_ID));
        return false;
    }
    const char *code_point = foreign(g, t->value);
    if (code_point) {
        add(g, PROBLEM_ID_FOREIGN, t, key, code_point);
        problem_help(g->problems, "type the id anew with the letters a to z; letters of other "
                                  "alphabets may look the same");
        return false;
    }
    add(g, PROBLEM_ID_SPELLING, t, key, NULL);
    const char *mended = mended_id(g, t->value);
    problem_help(g->problems,
                 mended ? mended : "begin with a letter, then small letters, digits and _");
    return false;
}

static bool check_number(const struct ground *g, const char *key, const struct tree *t)
{
    double number;
    enum number_fault fault =
        t->style == STYLE_PLAIN ? number_parse(t->value, &number) : NUMBER_NOT_DECIMAL;
    if (fault == NUMBER_OK)
        return true;
    add(g, PROBLEM_NUMBER_SPELLING, t, key,
        t->style == STYLE_PLAIN ? number_fault_text(fault)
                                : "a quoted text; write it without quotes");
    return false;
}

static bool check_boolean(const struct ground *g, const char *key, const struct tree *t)
{
    if (t->style == STYLE_PLAIN && (text_is(t->value, "true") || text_is(t->value, "false")))
        return true;
    add(g, PROBLEM_BOOLEAN_SPELLING, t, key, NULL);
    problem_help(g->problems, "write `true` or `false`");
    return false;
}

static bool check_word(const struct ground *g, enum word_list list, const char *key,
                       const struct tree *t)
{
    struct suggest near;
    suggest_init(&near, t->value);
    const char *const *words = word_list(list);
    const char *all = "";
    for (size_t i = 0; words[i]; i++) {
        if (text_is(t->value, words[i]))
            return true;
        suggest_offer(&near, text_from_c(words[i]));
        all = i == 0 ? words[0]
                     : problem_format(g->problems, words[i + 1] ? "%s, %s" : "%s or %s", all,
                                      words[i]);
    }
    add(g, PROBLEM_WORD_UNKNOWN, t, key, all);
    if (near.best.size > 0)
        problem_help(g->problems, problem_format(g->problems, "did you mean `%.*s`?",
                                                 (int)near.best.size, near.best.at));
    return false;
}

bool version_parse(struct text t, unsigned out[3])
{
    size_t i = 0;
    for (int part = 0; part < 3; part++) {
        size_t first = i;
        out[part] = 0;
        for (; i < t.size && i - first < 4 && t.at[i] >= '0' && t.at[i] <= '9'; i++)
            out[part] = out[part] * 10 + (unsigned)(t.at[i] - '0');
        bool leading_zero = i - first > 1 && t.at[first] == '0';
        if (i == first || leading_zero || (part < 2 && (i == t.size || t.at[i++] != '.')))
            return false;
    }
    return i == t.size;
}

static bool check_version(const struct ground *g, const char *key, const struct tree *t)
{
    unsigned parts[3];
    if (version_parse(t->value, parts))
        return true;
    add(g, PROBLEM_VERSION_SPELLING, t, key, NULL);
    problem_help(g->problems, "write three numbers with dots between, such as 1.0.0");
    return false;
}

static bool check_language(const struct ground *g, const char *key, const struct tree *t)
{
    bool good = t->value.size == 2 || t->value.size == 3;
    for (size_t i = 0; good && i < t->value.size; i++)
        good = t->value.at[i] >= 'a' && t->value.at[i] <= 'z';
    if (good)
        return true;
    add(g, PROBLEM_LANGUAGE_SPELLING, t, key, NULL);
    problem_help(g->problems, "write two or three small letters, such as fr or en");
    return false;
}

static bool check_name(const struct ground *g, const char *key, const struct tree *t)
{
    if (t->value.size <= LIMIT_NAME && !memchr(t->value.at, '\n', t->value.size))
        return true;
    add(g, PROBLEM_NAME_LONG, t, key, problem_count_text(g->problems, LIMIT_NAME));
    return false;
}

/* Characters that cannot be seen, or that change the direction of what follows. */
static bool is_hidden(uint32_t c)
{
    return c == 0x061C || c == 0x180E || c == 0x200B || c == 0x200E || c == 0x200F ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* What looks as if a program were to put something in: %s, %n, {0}, {name}. */
static size_t placeholder_at(struct text t, size_t i)
{
    if (t.at[i] == '%')
        return i + 1 < t.size && memchr("sdnuxfgcpi", t.at[i + 1], 10) &&
                       (i + 2 == t.size || !((t.at[i + 2] >= 'a' && t.at[i + 2] <= 'z') ||
                                             (unsigned char)t.at[i + 2] >= 0x80))
                   ? 2
                   : 0;
    if (t.at[i] != '{')
        return 0;
    size_t end = i + 1;
    while (end < t.size && ((t.at[end] >= 'a' && t.at[end] <= 'z') || t.at[end] == '_' ||
                            (t.at[end] >= '0' && t.at[end] <= '9')))
        end++;
    return end < t.size && t.at[end] == '}' ? end + 1 - i : 0;
}

static struct span part_of(const struct ground *g, const struct tree *t, size_t start, size_t end)
{
    return scalar_span(tree_scalar(g->arena, g->source, g->bytes, t, true), start, end);
}

static void check_text(const struct ground *g, const char *key, const struct tree *t)
{
    struct text v = t->value;
    for (size_t i = 0; i < v.size;) {
        uint32_t code = (unsigned char)v.at[i];
        size_t size = code < 0x80 ? 1 : utf8_next((struct text){v.at + i, v.size - i}, &code);
        if (code >= 0x80 && is_hidden(code)) {
            problem_add(g->problems, PROBLEM_TEXT_HIDDEN, part_of(g, t, i, i + size), key,
                        problem_format(g->problems, "U+%04X", (unsigned)code), NULL);
            problem_help(g->problems, "remove it, if it is not meant");
            return;
        }
        size_t length = code == '%' || code == '{' ? placeholder_at(v, i) : 0;
        if (length > 0) {
            problem_add(g->problems, PROBLEM_TEXT_PLACEHOLDER, part_of(g, t, i, i + length), key,
                        problem_quote(g->problems, (struct text){v.at + i, length}), NULL);
            problem_help(g->problems, "write the text without it");
            return;
        }
        i += size;
    }
}

bool spelling_check(const struct ground *g, const cyaml_schema_value_t *schema, const char *key,
                    const struct tree *t)
{
    switch (table_type(schema)) {
    case CELL_ID: return check_id(g, key, t, false);
    case CELL_REMEDY_ID: return check_id(g, key, t, true);
    case CELL_NUMBER: return check_number(g, key, t);
    case CELL_BOOLEAN: return check_boolean(g, key, t);
    case CELL_WORD: return check_word(g, table_words(schema), key, t);
    case CELL_VERSION: return check_version(g, key, t);
    case CELL_LANGUAGE: return check_language(g, key, t);
    case CELL_NAME: return check_name(g, key, t);
    case CELL_TEXT: check_text(g, key, t); return true;
    default: return true;
    }
}

double scalar_number(const cyaml_schema_value_t *schema, struct text value)
{
    double number = 0;
    switch (table_type(schema)) {
    case CELL_NUMBER: number_parse(value, &number); break;
    case CELL_BOOLEAN: number = text_is(value, "true"); break;
    case CELL_WORD: {
        const char *const *words = word_list(table_words(schema));
        for (size_t i = 0; words[i]; i++)
            if (text_is(value, words[i]))
                number = (double)i;
        break;
    }
    default: break;
    }
    return number;
}
