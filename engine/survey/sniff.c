/* In: the first bytes of an input. Out: whether they are a table and in which encoding, or what
 * they are instead and what to type. Next: header reads the names. We do not decompress: no bombs.
 */
#include "survey/source.h"

#include <string.h>

struct magic {
    const char *bytes;
    size_t size;
    const char *what;
    const char
        *tool; /* writes the contents to its output when the name is put behind it, or NULL */
    const char *advice; /* where there is no such tool */
};

static const char WEB_PAGE[] =
    "export the survey as CSV in UTF-8; a page is also what a tool gives whom it does not know";

/* What people give by mistake. To add one: a row. */
static const struct magic MAGICS[] = {
    {"\x1F\x8B", 2, "compressed with gzip", "gzip -dc", NULL},
    {"BZh", 3, "compressed with bzip2", "bzip2 -dc", NULL},
    {"\xFD"
     "7zXZ\0",
     6, "compressed with xz", "xz -dc", NULL},
    {"\x28\xB5\x2F\xFD", 4, "compressed with zstd", "zstd -dc", NULL},
    {"7z\xBC\xAF\x27\x1C", 6, "a 7z archive", "7z x -so", NULL},
    {"\xD0\xCF\x11\xE0", 4, "an old Excel workbook or another Office document", NULL,
     "open it in the spreadsheet and save the sheet as \"CSV UTF-8\""},
    {"$FL2", 4, "an SPSS file", NULL, "export it from SPSS as CSV in UTF-8"},
    {"%PDF", 4, "a PDF", NULL, "export the survey as CSV in UTF-8"},
    {"SQLite format 3", 15, "an SQLite database", NULL, "export its table as CSV"},
    {"PAR1", 4, "a Parquet file", NULL, "export its table as CSV"},
    {"\x89PNG", 4, "a picture", NULL, "export the survey as CSV in UTF-8"},
    {"\xFF\xD8\xFF", 3, "a picture", NULL, "export the survey as CSV in UTF-8"},
    {"GIF8", 4, "a picture", NULL, "export the survey as CSV in UTF-8"},
    {"\x7F"
     "ELF",
     4, "a program", NULL, "name the export of a survey"},
    {"<!DOCTYPE html", 14, "a web page", NULL, WEB_PAGE},
    {"<!doctype html", 14, "a web page", NULL, WEB_PAGE},
    {"<html", 5, "a web page", NULL, WEB_PAGE},
};

/* Standard input has no name to type. */
static bool is_input(const struct source *s)
{
    return strcmp(s->path, "-") == 0;
}

/* The name as a shell reads it back; bytes that are not plain become ?. */
static const char *in_quotes(const struct source *s, struct problems *problems)
{
    char name[160];
    size_t n = 0;
    name[n++] = '\'';
    for (size_t i = 0; i < s->name.size && n < LIMIT_QUOTED; i++) {
        char c = s->name.at[i];
        name[n++] = (unsigned char)c < ' ' || c == '\'' || c == 0x7F ? '?' : c;
    }
    name[n++] = '\'';
    return problem_format(problems, "%.*s", (int)n, name);
}

static bool refuse(const struct source *s, enum problem_code code, const char *what,
                   const char *help, struct problems *problems)
{
    problem_add(problems, code, SPAN_NONE, problem_quote(problems, s->name), what, NULL);
    problem_help(problems, help);
    return false;
}

static const char *piped(const struct source *s, const char *tool, struct problems *problems)
{
    if (is_input(s))
        return problem_format(problems, "convert it on the way in: ... | %s | entente diagnose -",
                              tool);
    return problem_format(problems, "type: %s %s | entente diagnose -", tool,
                          in_quotes(s, problems));
}

static bool is_zip(struct text t)
{
    return t.size >= 4 && memcmp(t.at, "PK\3\4", 4) == 0;
}

static bool holds(struct text t, const char *word)
{
    return memmem(t.at, t.size, word, strlen(word)) != NULL;
}

static bool refuse_zip(const struct source *s, struct text head, struct problems *problems)
{
    if (holds(head, "opendocument"))
        return refuse(s, PROBLEM_SURVEY_NOT_TABLE, "an OpenDocument file",
                      "open it in the spreadsheet and save the sheet as CSV in UTF-8", problems);
    return refuse(s, PROBLEM_SURVEY_NOT_TABLE, "a zip archive", piped(s, "unzip -p", problems),
                  problems);
}

/* Without a byte order mark: letters of a table in UTF-16 have a NUL on one side, nearly
 * always the same. */
static enum encoding utf16_without_mark(struct text t)
{
    size_t n = t.size < 256 ? t.size & ~(size_t)1 : 256;
    size_t even = 0, odd = 0;
    for (size_t i = 0; i < n; i += 2) {
        even += t.at[i] == '\0';
        odd += t.at[i + 1] == '\0';
    }
    if (n >= 8 && odd * 10 >= n * 4 && even * 20 <= n)
        return ENCODING_UTF16LE;
    return n >= 8 && even * 10 >= n * 4 && odd * 20 <= n ? ENCODING_UTF16BE : ENCODING_UTF8;
}

static bool is_1252(unsigned char c)
{
    return c >= 0x80 && c != 0x81 && c != 0x8D && c != 0x8F && c != 0x90 && c != 0x9D;
}

/* Windows-1252: bytes that are not UTF-8 in the header or on two lines, all of them characters
 * there, and not one character of UTF-8 beyond ASCII. One bad row alone is a bad row. */
static bool looks_1252(struct text t)
{
    size_t line = 0, counted = SIZE_MAX, lines = 0;
    for (size_t i = 0; i < t.size; i++) {
        unsigned char c = (unsigned char)t.at[i];
        line += c == '\n';
        if (c < 0x80)
            continue;
        size_t left = t.size - i;
        if (!is_1252(c) || utf8_valid((struct text){t.at + i, left < 4 ? left : 4}) != 0)
            return false;
        lines += line == 0 ? 2 : line != counted;
        counted = line;
    }
    return lines >= 2;
}

bool sniff_table(const struct source *s, struct text head, struct problems *problems)
{
    for (size_t i = 0; i < sizeof MAGICS / sizeof MAGICS[0]; i++) {
        const struct magic *m = &MAGICS[i];
        if (head.size < m->size || memcmp(head.at, m->bytes, m->size) != 0)
            continue;
        return refuse(s, PROBLEM_SURVEY_NOT_TABLE, m->what,
                      m->tool ? piped(s, m->tool, problems) : m->advice, problems);
    }
    return !is_zip(head) || refuse_zip(s, head, problems);
}

enum encoding sniff_encoding(struct text head, const char **because)
{
    *because = "it begins with a byte order mark";
    if (text_starts(head, "\xFF\xFE"))
        return ENCODING_UTF16LE;
    if (text_starts(head, "\xFE\xFF"))
        return ENCODING_UTF16BE;
    *because = "every second byte of its first letters is NUL";
    enum encoding e = utf16_without_mark(head);
    if (e != ENCODING_UTF8)
        return e;
    *because = "its bytes are no UTF-8, and all of them are letters there";
    return looks_1252(head) ? ENCODING_WINDOWS_1252 : ENCODING_UTF8;
}
