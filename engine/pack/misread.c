/* misread: from libyaml's few words to a sentence that says what to mend.
 * In: libyaml's error. Out: one problem. The idea: most failures of people who are no programmers
 * are four: a tab, a comment in the middle of a text, ": " in an unquoted text, and indentation. */
#include "pack/misread.h"
#include <string.h>

/* libyaml's words, ours, and what helps. To add one: a row. */
static const struct phrase {
    const char *libyaml, *cause, *help;
    bool at_context; /* the start of what is not finished says more than its end */
} phrases[] = {
    {"mapping values are not allowed", "a colon and a space stand inside an unquoted text",
     "put the whole text in quotes, or write it as a block: a `>` behind the key, and the text "
     "indented on the next lines",
     false},
    {"did not find expected key", "this line is neither a key of the mapping above nor a new one",
     "indent the keys of one mapping by the same number of spaces; quote a text that goes on "
     "behind a quoted word",
     false},
    {"did not find expected '-' indicator", "this line is no entry of the list above",
     "begin every entry of a list with `- `, indented by the same number of spaces", false},
    {"block sequence entries are not allowed", "a list begins where none may stand",
     "write the list on the lines below its key, or in brackets: [a, b]", false},
    {"could not find expected ':'", "a key without its colon",
     "write `key: value`, with a space behind the colon", false},
    {"did not find expected ',' or ']'", "a list in brackets is not closed",
     "write [a, b, c]; quote an entry that holds a bracket or a colon", true},
    {"did not find expected ',' or '}'", "a mapping in braces is not closed",
     "write {key: value, key: value}; quote a text that holds a comma, a brace or a colon", true},
    {"found unexpected end of stream", "a quoted text is not closed",
     "write the closing quote; inside '...' a quote is written twice", true},
    {"found unexpected document indicator", "a quoted text is not closed",
     "write the closing quote", true},
    {"found unknown escape character", "a backslash that stands for nothing",
     "use single quotes, where a backslash is just a backslash, or write it twice", false},
    {"found invalid Unicode character escape", "an escape for a character that does not exist",
     NULL, false},
    {"did not find expected hexdecimal number", "an escape without its digits",
     "use single quotes, where a backslash is just a backslash", false},
    {"found character that cannot start any token", "no text may begin with this sign unquoted",
     "put the whole text in quotes", false},
    {"did not find the expected", "text stands behind what is complete already",
     "quote the whole text", false},
    {"did not find expected <document start>", "text stands behind what is complete already",
     "a file is one list, or one mapping: indent its lines alike", false},
    {"did not find expected node content", "a value is missing here", NULL, false},
    {"did not find expected comment or line break",
     "text stands behind the `>` or `|` that begins a block", "write the text on the next lines",
     false},
    {"did not find expected alphabetic or numeric", "a `*` or `&` begins an unquoted text",
     "put the whole text in quotes", false},
    {"mapping keys are not allowed", "a `? ` begins an unquoted text",
     "put the whole text in quotes", false},
    {"found undefined tag handle", "a `!` begins an unquoted text", "put the whole text in quotes",
     true},
};

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool comment_behind(struct text bytes, size_t end, size_t *start, size_t *stop)
{
    size_t at = end;
    while (at < bytes.size && is_blank(bytes.at[at]))
        at++;
    if (at == end || at == bytes.size || bytes.at[at] != '#')
        return false;
    *start = at;
    while (at < bytes.size && !is_line_end(bytes.at[at]))
        at++;
    *stop = at;
    return true;
}

/* A tab in the indentation of the line of `at`, or at it. */
static bool find_tab(struct text bytes, size_t at, size_t *tab)
{
    if (at > bytes.size)
        at = bytes.size;
    size_t line = at;
    while (line > 0 && !is_line_end(bytes.at[line - 1]))
        line--;
    for (size_t i = line; i < bytes.size && (is_blank(bytes.at[i]) || i == line); i++)
        if (bytes.at[i] == '\t') {
            *tab = i;
            return true;
        }
    *tab = at;
    return at < bytes.size && bytes.at[at] == '\t';
}

static size_t code_point_end(struct text bytes, size_t at)
{
    if (at >= bytes.size)
        return at;
    at++;
    while (at < bytes.size && ((unsigned char)bytes.at[at] & 0xC0) == 0x80)
        at++;
    return at;
}

static bool report_tab(const struct misread *e, struct problems *problems)
{
    size_t tab;
    if (!find_tab(e->bytes, e->at, &tab))
        return false;
    problem_add(problems, PROBLEM_YAML_TAB,
                (struct span){e->source, (uint32_t)tab, (uint32_t)tab + 1}, NULL, NULL, NULL);
    problem_help(problems, "replace the tab by spaces: two for each level");
    return true;
}

static bool report_cut(const struct misread *e, struct problems *problems)
{
    size_t start, stop;
    if (!e->last || e->last->style != STYLE_PLAIN || e->last->value.size == 0 ||
        !comment_behind(e->bytes, e->last->end, &start, &stop) || e->at < stop)
        return false;
    problem_add(problems, PROBLEM_YAML_COMMENT_CUTS,
                (struct span){e->source, (uint32_t)start, (uint32_t)stop}, NULL, NULL, NULL);
    problem_note(
        problems,
        (struct span){e->source, (uint32_t)e->at, (uint32_t)code_point_end(e->bytes, e->at)},
        "so this line is no part of it");
    problem_help(problems,
                 "move the comment to a line of its own above the key, or quote the text");
    return true;
}

/* U+2028, U+2029 and U+0085 end a line for YAML, but not for an editor. The last one in the line
 * of `at` or the line before. */
static bool find_separator(struct text bytes, size_t at, struct span *out)
{
    int lines = 0;
    for (size_t i = at < bytes.size ? at : bytes.size; i-- > 0 && lines < 2;) {
        const unsigned char *p = (const unsigned char *)bytes.at + i;
        lines += *p == '\n' || (*p == '\r' && p[1] != '\n');
        bool wide = *p == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9);
        if (!wide && !(*p == 0xC2 && p[1] == 0x85))
            continue;
        out->start = (uint32_t)i;
        out->end = (uint32_t)(i + (wide ? 3 : 2));
        return true;
    }
    return false;
}

void misread_report(const struct misread *e, struct problems *problems)
{
    if (report_tab(e, problems) || report_cut(e, problems))
        return;
    const char *said = e->problem ? e->problem : "it breaks off";
    const struct phrase *phrase = NULL;
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0] && !phrase; i++)
        if (strncmp(said, phrases[i].libyaml, strlen(phrases[i].libyaml)) == 0)
            phrase = &phrases[i];
    size_t at = phrase && phrase->at_context && e->context ? e->context_at : e->at;
    struct span span = {e->source, (uint32_t)at, (uint32_t)code_point_end(e->bytes, at)};
    problem_add(problems, PROBLEM_YAML_SYNTAX, span, phrase ? phrase->cause : said, NULL, NULL);
    if (find_separator(e->bytes, e->at, &span)) {
        problem_note(problems, span, "an invisible line separator, where a line ends for YAML");
        problem_help(problems, "remove it");
    } else if (phrase && phrase->help) {
        problem_help(problems, phrase->help);
    }
}
