/* In: the first records of a table. Out: which tool wrote it, why, and what its columns are called.
 * Next: header takes the names; mapping looks for columns among them. The one idea: every tool
 * leaves marks of its own, and the surest one counts. What the tools' files share stands here. */
#include "survey/dialect.h"

static const struct {
    const char *word, *people;
    dialect_recognise *recognise;
    dialect_header_rows *header_rows;
    dialect_headings *headings;
} DIALECTS[] = {
#define DIALECT(name, word, people, recognise, header_rows, headings) \
    [DIALECT_##name] = {word, people, recognise, header_rows, headings},
#include "survey/dialects.def"
#undef DIALECT
};

_Static_assert(sizeof DIALECTS / sizeof DIALECTS[0] == DIALECT_COUNT, "a dialect in no row");

enum dialect dialect_find(struct text word, struct span at, struct problems *problems)
{
    struct buffer all;
    for (enum dialect d = 0; d < DIALECT_COUNT; d++)
        if (text_is(word, DIALECTS[d].word))
            return d;
    buffer_init(&all);
    for (enum dialect d = 0; d < DIALECT_COUNT; d++) {
        buffer_c(&all, d ? ", " : "");
        buffer_c(&all, DIALECTS[d].word);
    }
    problem_add(problems, PROBLEM_DIALECT_UNKNOWN, at, problem_quote(problems, word), NULL, NULL);
    problem_help(problems, problem_format(problems, "it is one of %.*s", (int)all.size,
                                          all.size ? all.at : ""));
    buffer_deinit(&all);
    return DIALECT_COUNT;
}

const char *dialect_word(enum dialect d)
{
    return d < DIALECT_COUNT ? DIALECTS[d].word : NULL;
}

const char *dialect_for_people(enum dialect d)
{
    return DIALECTS[d].people;
}

enum dialect dialect_guess(const struct first_rows *r, const char **because)
{
    enum dialect best = DIALECT_PLAIN;
    unsigned surest = 0;
    for (enum dialect d = 0; d < DIALECT_COUNT; d++) {
        const char *why = NULL;
        unsigned sure = DIALECTS[d].recognise(r, &why);
        if (sure <= surest)
            continue;
        surest = sure;
        best = d;
        *because = why;
    }
    return best;
}

size_t dialect_count_headers(enum dialect d, const struct first_rows *r)
{
    return DIALECTS[d].header_rows(r);
}

void dialect_name_columns(enum dialect d, const struct first_rows *r, size_t header_rows,
                          struct heading *out)
{
    DIALECTS[d].headings(r, header_rows, out);
}

/* --- what the tools share --------------------------------------------------------------------- */

struct text first_cell(const struct first_rows *r, size_t row, uint32_t column)
{
    return row < r->count && column < r->at[row].count ? r->at[row].names[column] : TEXT("");
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_called(struct text t, const char *name)
{
    size_t size = strlen(name);
    t = text_trim(t);
    for (size_t i = 0; t.size == size && i < size; i++)
        if (lower(t.at[i]) != lower(name[i]))
            return false;
    return t.size == size;
}

uint32_t first_named(const struct first_rows *r, const char *name)
{
    for (uint32_t i = 0; r->count && i < r->at[0].count; i++)
        if (is_called(r->at[0].names[i], name))
            return i;
    return NONE;
}

unsigned first_names(const struct first_rows *r, const char *const *names)
{
    unsigned n = 0;
    for (; *names; names++)
        n += first_named(r, *names) != NONE;
    return n;
}

const char *because_column(const struct first_rows *r, const char *before, struct text name)
{
    return problem_format(r->problems, "%s%s", before, problem_quote(r->problems, name));
}

/* --- the plain layout ------------------------------------------------------------------------- */

unsigned plain_recognise(const struct first_rows *r, const char **because)
{
    (void)r, (void)because;
    return 0;
}

size_t plain_header_rows(const struct first_rows *r)
{
    (void)r;
    return 1;
}

void plain_headings(const struct first_rows *r, size_t header_rows, struct heading *out)
{
    (void)header_rows;
    for (uint32_t i = 0; i < r->at[0].count; i++) {
        struct text name = first_cell(r, 0, i);
        struct text plain = heading_plain(r->arena, name);
        out[i] = (struct heading){
            .shown = name, .code = name, .text = plain, .item = heading_bracketed(plain)};
    }
}
