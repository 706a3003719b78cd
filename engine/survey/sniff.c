/* In: the first bytes of an input. Out: whether they are a table in UTF-8, or what they are instead
 * and what to type. Next: columns reads the header. We do not decompress: no bombs. */
#include "survey/source.h"

#include <string.h>

struct magic {
    const char *bytes;
    size_t size;
    const char *what;
    const char *command; /* %s is the file's name in quotes; NULL: `advice` holds no name */
    const char *advice;
};

/* What people give by mistake. To add one: a row. */
static const struct magic MAGICS[] = {
    {"\x1F\x8B", 2, "compressed with gzip", "gzip -dc %s | entente diagnose -", NULL},
    {"BZh", 3, "compressed with bzip2", "bzip2 -dc %s | entente diagnose -", NULL},
    {"\xFD" "7zXZ\0", 6, "compressed with xz", "xz -dc %s | entente diagnose -", NULL},
    {"\x28\xB5\x2F\xFD", 4, "compressed with zstd", "zstd -dc %s | entente diagnose -", NULL},
    {"7z\xBC\xAF\x27\x1C", 6, "a 7z archive", "7z x -so %s | entente diagnose -", NULL},
    {"\xD0\xCF\x11\xE0", 4, "an old Excel workbook or another Office document", NULL,
     "open it in the spreadsheet and save the sheet as \"CSV UTF-8\""},
    {"$FL2", 4, "an SPSS file", NULL, "export it from SPSS as CSV in UTF-8"},
    {"%PDF", 4, "a PDF", NULL, "export the survey as CSV in UTF-8"},
    {"SQLite format 3", 15, "an SQLite database", NULL, "export its table as CSV"},
    {"PAR1", 4, "a Parquet file", NULL, "export its table as CSV"},
};

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
                   const char *command, struct problems *problems)
{
    problem_add(problems, code, SPAN_NONE, problem_quote(problems, s->name), what, NULL);
    problem_help(problems, command);
    return false;
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
    if (holds(head, "xl/") || holds(head, "[Content_Types].xml"))
        return refuse(s, PROBLEM_SURVEY_NOT_TABLE, "an Excel workbook",
                      "open it in the spreadsheet and save the sheet as \"CSV UTF-8\", or type: "
                      "soffice --headless --convert-to csv:\"Text - txt - csv (StarCalc)\":44,34,76 FILE",
                      problems);
    if (holds(head, "opendocument"))
        return refuse(s, PROBLEM_SURVEY_NOT_TABLE, "an OpenDocument file",
                      "open it in the spreadsheet and save the sheet as CSV in UTF-8", problems);
    return refuse(
        s, PROBLEM_SURVEY_NOT_TABLE, "a zip archive",
        problem_format(problems, "unzip -p %s | entente diagnose -", in_quotes(s, problems)),
        problems);
}

static bool refuse_encoding(const struct source *s, const char *what, const char *iconv,
                            struct problems *problems)
{
    return refuse(s, PROBLEM_SURVEY_ENCODING, what,
                  problem_format(problems, "iconv -f %s -t UTF-8 %s | entente diagnose -", iconv,
                                 in_quotes(s, problems)),
                  problems);
}

/* Without a byte order mark: letters of a table in UTF-16 have a NUL on one side, always the same. */
static const char *utf16_without_mark(struct text t)
{
    size_t n = t.size < 256 ? t.size & ~(size_t)1 : 256;
    size_t even = 0, odd = 0;
    for (size_t i = 0; i < n; i += 2) {
        even += t.at[i] == '\0';
        odd += t.at[i + 1] == '\0';
    }
    if (n >= 8 && odd * 10 >= n * 4 && even == 0)
        return "UTF-16LE";
    return n >= 8 && even * 10 >= n * 4 && odd == 0 ? "UTF-16BE" : NULL;
}

static bool sniff_utf16(const struct source *s, struct text t, struct problems *problems)
{
    if (t.size >= 2 && (memcmp(t.at, "\xFF\xFE", 2) == 0 || memcmp(t.at, "\xFE\xFF", 2) == 0))
        return refuse_encoding(s, "in UTF-16", "UTF-16", problems);
    const char *name = utf16_without_mark(t);
    return name == NULL ||
           refuse_encoding(s, problem_format(problems, "in %s", name), name, problems);
}

/* A byte Windows-1252 has a letter or a typographic sign for, beside a letter or a space. */
static bool is_1252(struct text t, size_t i)
{
    unsigned char c = (unsigned char)t.at[i];
    if (c == 0x81 || c == 0x8D || c == 0x8F || c == 0x90 || c == 0x9D || c < 0x80)
        return false;
    unsigned char before = i > 0 ? (unsigned char)t.at[i - 1] : ' ';
    unsigned char after = i + 1 < t.size ? (unsigned char)t.at[i + 1] : ' ';
    return before < 0x80 && after < 0x80 && before >= ' ' && after != '\0';
}

/* Windows-1252: bytes that are not UTF-8 on two lines or more (or in the header), all of them
 * possible there, and not one character of UTF-8 beyond ASCII. One bad row alone is a bad row. */
static bool sniff_1252(const struct source *s, struct text t, struct problems *problems)
{
    size_t lines = 0, line = 0, counted = SIZE_MAX;
    for (size_t i = 0; i < t.size; i++) {
        line += t.at[i] == '\n';
        if ((unsigned char)t.at[i] < 0x80)
            continue;
        struct text rest = {t.at + i, t.size - i < 4 ? t.size - i : 4};
        if (utf8_valid(rest) != 0 || (rest.size < 4 && i > 0))
            return true;
        if (!is_1252(t, i))
            return true;
        if (line != counted)
            lines++;
        counted = line;
        if (line == 0)
            lines = 2;
        if (lines >= 2 && i > t.size / 2)
            break;
    }
    return lines < 2 || refuse_encoding(s, "in Windows-1252 (or Latin-1)", "WINDOWS-1252", problems);
}

bool sniff_table(const struct source *s, struct text head, struct problems *problems)
{
    for (size_t i = 0; i < sizeof MAGICS / sizeof MAGICS[0]; i++) {
        const struct magic *m = &MAGICS[i];
        if (head.size < m->size || memcmp(head.at, m->bytes, m->size) != 0)
            continue;
        return refuse(s, PROBLEM_SURVEY_NOT_TABLE, m->what,
                      m->command ? problem_format(problems, m->command, in_quotes(s, problems))
                                 : m->advice,
                      problems);
    }
    if (is_zip(head))
        return refuse_zip(s, head, problems);
    return sniff_utf16(s, head, problems) && sniff_1252(s, head, problems);
}
