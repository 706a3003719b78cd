/* In: which columns are about people, what is asked for. Out: what leaves, and what is said about
 * it. Next: the report, the rejects. Named by --keep is not yet asked for: what a column holds may
 * be a surprise to whoever names it. */
#include "survey/personal.h"

enum { NAMED = 6 }; /* columns in one note */

static const char *const WHAT[PERSONAL_COUNT] = {
    NULL,
#define PERSONAL(kind, what, option) what,
#include "survey/personal.def"
};

static const char *const SWITCHES[PERSONAL_COUNT] = {
    NULL,
#define PERSONAL(kind, what, option) option,
#include "survey/personal.def"
};

bool personal_may_leave(const struct survey_options *o, unsigned kind)
{
    return kind == PERSONAL_NONE || (kind == PERSONAL_TEXT ? o->quote_text : o->keep_personal);
}

enum personal personal_of(const struct columns *c, const struct table *t, uint32_t column)
{
    uint32_t q = columns_question(c, t, column);
    if (q != NONE)
        return c->kb->questions[q].kind == KIND_TEXT ? PERSONAL_TEXT : PERSONAL_NONE;
    return (enum personal)t->headings[column].personal;
}

static void help(unsigned kind, struct problems *problems)
{
    problem_help(problems, problem_format(problems, "%s lets it out", SWITCHES[kind]));
}

/* --- kept columns --------------------------------------------------------------------------------
 */

static enum personal kind_of_kept(const struct columns *c, const struct table *tables, size_t count,
                                  struct text name)
{
    for (size_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < tables[i].column_count; j++) {
            enum personal kind = PERSONAL_NONE;
            if (column_is(&tables[i], j, name))
                kind = personal_of(c, &tables[i], j);
            if (!personal_may_leave(c->options, kind))
                return kind;
        }
    return PERSONAL_NONE;
}

static void leave_out(struct survey_options *o, const struct columns *c, const struct table *tables,
                      size_t count, struct problems *problems)
{
    const char **keep = (const char **)(uintptr_t)o->keep; /* ours: in the survey's arena */
    size_t n = 0;
    for (size_t i = 0; i < o->keep_count; i++) {
        struct text name = text_from_c(keep[i]);
        enum personal kind = kind_of_kept(c, tables, count, name);
        if (kind == PERSONAL_NONE) {
            keep[n++] = keep[i];
            continue;
        }
        problem_add(problems, PROBLEM_PERSONAL_LEFT_OUT, SPAN_NONE, problem_quote(problems, name),
                    WHAT[kind], NULL);
        help(kind, problems);
    }
    o->keep_count = n;
}

/* --- keys ----------------------------------------------------------------------------------------
 */

/* The table whose key column is about people; NULL where none is. */
static const struct table *find_personal(const struct columns *c, const struct table *tables,
                                         size_t count, enum key key)
{
    for (size_t i = 0; c->has_key[key] && i < count; i++) {
        uint32_t column = tables[i].keys[key];
        if (column == NONE || tables[i].column_count == 0)
            continue;
        unsigned kind = tables[i].headings[column].personal;
        if (kind != PERSONAL_NONE && kind != PERSONAL_TEXT)
            return &tables[i];
    }
    return NULL;
}

static bool hides(const struct columns *c, const struct table *t, enum key key,
                  struct problems *problems)
{
    if (t && !c->options->keep_personal) {
        uint32_t column = t->keys[key];
        unsigned kind = t->headings[column].personal;
        problem_add(problems, PROBLEM_PERSONAL_KEY, SPAN_NONE,
                    problem_quote(problems, t->names[column]), WHAT[kind],
                    key == KEY_CASE ? "cases are called by their first row"
                                    : "partners are numbered in each case");
        help(kind, problems);
        return true;
    }
    return false;
}

/* --- what else there is --------------------------------------------------------------------------
 */

static void note_others(const struct columns *c, const struct table *t, struct problems *problems)
{
    const char *all = "";
    uint32_t found = 0;
    for (uint32_t i = 0; i < t->column_count; i++) {
        unsigned kind = t->headings[i].personal;
        if (kind == PERSONAL_NONE || kind == PERSONAL_TEXT || columns_question(c, t, i) != NONE)
            continue;
        if (found++ < NAMED)
            all = problem_format(problems, "%s%s%s (%s)", all, found > 1 ? ", " : "",
                                 problem_quote(problems, t->names[i]), WHAT[kind]);
    }
    if (found > NAMED)
        all = problem_format(problems, "%s and %u more", all, (unsigned)found - NAMED);
    if (found)
        problem_add(problems, PROBLEM_PERSONAL_FOUND, SPAN_NONE,
                    problem_quote(problems, t->source.name), all, NULL);
}

void personal_settle(struct survey_options *o, struct columns *c, const struct table *tables,
                     size_t count, struct problems *problems)
{
    for (size_t i = 0; !o->keep_personal && i < count; i++)
        note_others(c, &tables[i], problems);
    leave_out(o, c, tables, count, problems);
    const struct table *of_cases = c->has_case ? find_personal(c, tables, count, KEY_CASE) : NULL;
    c->personal_cases = of_cases != NULL;
    c->hides_cases = hides(c, of_cases, KEY_CASE, problems);
    c->hides_partners =
        hides(c, find_personal(c, tables, count, KEY_PARTNER), KEY_PARTNER, problems);
}

struct text personal_shown(const struct columns *c, const struct table *t, uint32_t column,
                           bool is_whole_row, struct text value)
{
    const struct survey_options *o = c->options;
    unsigned kind =
        is_whole_row || column >= t->column_count ? PERSONAL_TEXT : personal_of(c, t, column);
    bool shown = value.size == 0 || (personal_may_leave(o, kind) &&
                                     (o->keep_personal || personal_value(value) == PERSONAL_NONE));
    return shown ? value : TEXT("(not shown)");
}
