/* In: the columns of tables and what became of them. Out: what is to be said about it. Next: the
 * caller's problems. What is ignored, nearly called like something, missing, empty. */
#include "survey/remarks.h"

enum {
    NEAR_NAMES = 20, /* at most so many "did you mean" notes */
    SHOWN_NAMES = 6, /* of the columns there are */
    KEY_NAME = 32    /* letters of a header compared with case, partner, respondent */
};

static const char *some_names(const struct table *t, struct problems *problems)
{
    const char *names = "its columns are";
    uint32_t n = t->column_count < SHOWN_NAMES ? t->column_count : SHOWN_NAMES;
    for (uint32_t i = 0; i < n; i++)
        names = problem_format(problems, "%s%s %s", names, i ? "," : "",
                               problem_quote(problems, t->names[i]));
    return t->column_count == n ? names : problem_format(problems, "%s and others", names);
}

bool remark_missing(const struct table *t, struct text name, struct problems *problems)
{
    struct suggest near;
    suggest_init(&near, name);
    for (uint32_t i = 0; i < t->column_count; i++)
        suggest_offer(&near, t->names[i]);
    problem_add(problems, PROBLEM_COLUMN_MISSING, SPAN_NONE,
                problem_quote(problems, t->source.name), problem_quote(problems, name), NULL);
    if (near.best.size)
        problem_help(problems, problem_format(problems, "did you mean %s?",
                                              problem_quote(problems, near.best)));
    else
        problem_help(problems, some_names(t, problems));
    return false;
}

/* A column that is nearly called like a question without a column. */
static bool note_near(const struct columns *c, const struct table *t, struct text name,
                      struct problems *problems)
{
    struct suggest near;
    suggest_init(&near, name);
    for (uint32_t q = 0; q < c->kb->question_count; q++)
        if (!c->put[q])
            suggest_offer(&near, c->kb->questions[q].id);
    if (near.best.size == 0)
        return false;
    problem_add(problems, PROBLEM_COLUMN_NEAR, SPAN_NONE, problem_quote(problems, name),
                problem_quote(problems, t->source.name), problem_quote(problems, near.best));
    return true;
}

void remark_ignored(struct arena *a, struct columns *c, const struct table *tables, size_t count,
                    struct problems *problems)
{
    struct idmap seen;
    size_t capacity = 0, looked_at = 0, notes = 0;
    idmap_init(&seen, a);
    for (size_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < tables[i].column_count; j++) {
            struct text name = tables[i].names[j];
            if (tables[i].uses[j].roles || idmap_get(&seen, name) != IDMAP_NONE)
                continue;
            idmap_put(&seen, name, j);
            if (notes < NEAR_NAMES && looked_at++ < 20 * NEAR_NAMES &&
                note_near(c, &tables[i], name, problems)) {
                notes++;
                continue;
            }
            c->ignored = arena_grow(a, c->ignored, c->ignored_count, &capacity, sizeof name);
            c->ignored[c->ignored_count++] = name;
        }
}

bool remark_no_question(const struct columns *c, const struct table *t, struct problems *problems)
{
    problem_add(problems, PROBLEM_NO_QUESTIONS, SPAN_NONE, problem_quote(problems, t->source.name),
                NULL, NULL);
    const char *first = c->kb->question_count ? problem_quote(problems, c->kb->questions[0].id)
                                              : "(the pack asks nothing)";
    problem_help(problems,
                 problem_format(
                     problems,
                     "the header of an export holds ids of questions, such as %s; `case`, "
                     "`partner` and `respondent` may stand beside them; other headers go through a "
                     "mapping (--map FILE)",
                     first));
    return false;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* "Case ID" as caseid: what is written otherwise only compares equal. */
static struct text folded(struct text name, char out[KEY_NAME])
{
    size_t n = 0;
    for (size_t i = 0; i < name.size && n < KEY_NAME; i++) {
        char c = name.at[i];
        if (is_letter_or_digit(c))
            out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (struct text){out, n};
}

/* A column that looks like the key: other capitals, signs around, an id behind; or a letter wrong.
 */
static uint32_t column_like(const struct table *t, const char *usual)
{
    static const char *const behind[] = {"", "id", "key", "name"};
    struct suggest near;
    uint32_t nearest = NONE;
    for (uint32_t i = 0; i < t->column_count; i++) {
        char letters[KEY_NAME];
        struct text name = folded(t->names[i], letters);
        size_t size = strlen(usual);
        if (t->uses[i].roles & ~(unsigned)ROLE_KEEP)
            continue;
        for (size_t k = 0; k < sizeof behind / sizeof behind[0]; k++)
            if (name.size > size && memcmp(name.at, usual, size) == 0
                    ? text_is((struct text){name.at + size, name.size - size}, behind[k])
                    : k == 0 && text_is(name, usual))
                return i;
        suggest_init(&near, text_from_c(usual));
        suggest_offer(&near, name);
        if (near.best.size && nearest == NONE)
            nearest = i;
    }
    return nearest;
}

/* Where no table has a key column, all rows are taken apart, or together; that must not pass in
 * silence where a column looks like it. */
static void warn_key(const struct table *tables, size_t count, const char *usual,
                     const char *taken_as, struct problems *problems)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t like = column_like(&tables[i], usual);
        if (like == NONE)
            continue;
        const char *name = problem_quote(problems, tables[i].names[like]);
        problem_add(problems, PROBLEM_KEY_NEAR, SPAN_NONE,
                    problem_quote(problems, tables[i].source.name),
                    problem_format(problems, "'%s', and %s is not it", usual, name), taken_as);
        problem_help(problems, problem_format(problems, "did you mean --%s %s?", usual, name));
        return;
    }
}

void remark_keys(const struct columns *c, const struct table *tables, size_t count,
                 struct problems *problems)
{
    if (c->options->each_row)
        return;
    if (!c->has_case)
        warn_key(tables, count, "case", "every row is a case of its own", problems);
    if (!c->has_partner)
        warn_key(tables, count, "partner", "all rows of a case speak for one partner", problems);
    if (!c->has_respondent)
        warn_key(tables, count, "respondent", "every row is another person", problems);
}

void remark_empty(const struct table *t, struct problems *problems)
{
    problem_add(problems, PROBLEM_SURVEY_EMPTY, SPAN_NONE, problem_quote(problems, t->source.name),
                NULL, NULL);
}

void remark_separator(const struct table *t, struct problems *problems)
{
    const char *what = t->separator == ';'    ? "semicolons"
                       : t->separator == '\t' ? "tabs"
                       : t->separator == '|'  ? "vertical bars"
                                              : NULL;
    char c[2] = {t->separator, '\0'};
    problem_add(problems, PROBLEM_SEPARATOR, SPAN_NONE, problem_quote(problems, t->source.name),
                what ? what : problem_quote(problems, text_from_c(c)), NULL);
}
