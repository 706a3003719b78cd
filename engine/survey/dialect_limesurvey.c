/* LimeSurvey: one header row of codes, of texts, or of both ("code. text"); arrays are Q1[SQ001],
 * or "Stem [item]" where texts are written. */
#include "survey/dialect.h"

static const char *const CODES[] = {"submitdate", "lastpage", "startlanguage", "seed", NULL};
/* The same in full headings, one language a row. */
static const char *const FULL[][5] = {
    {"Response ID", "Date submitted", "Last page", "Start language", NULL},
    {"ID de la r\xC3\xA9ponse", "Date de soumission", "Derni\xC3\xA8re page",
     "Langue de d\xC3\xA9part", NULL},
    {"Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", NULL},
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The size of a code at the start of a header: Q1, Q1[SQ001], Q1[SQ001][1]; brackets in *arrays. */
static size_t code_size(struct text t, unsigned *arrays)
{
    size_t n = 0;
    *arrays = 0;
    while (n < t.size && is_word(t.at[n]))
        n++;
    while (n > 0 && n < t.size && t.at[n] == '[') {
        size_t i = n + 1;
        while (i < t.size && is_word(t.at[i]))
            i++;
        if (i == n + 1 || i == t.size || t.at[i] != ']')
            break;
        n = i + 1;
        ++*arrays;
    }
    return n;
}

/* What the header of a code and a text has between them: ". " or "._."; 0: it is no such header. */
static size_t between_size(struct text t, size_t code)
{
    struct text rest = {t.at + code, t.size - code};
    if (code == 0)
        return 0;
    return text_starts(rest, "._.") ? 3 : text_starts(rest, ". ") ? 2 : 0;
}

unsigned limesurvey_recognise(const struct first_rows *r, const char **because)
{
    unsigned arrays, found = 0;
    struct text array = {NULL, 0};
    if (first_names(r, CODES) >= 2) {
        *because = "columns such as submitdate and lastpage";
        return 100;
    }
    for (size_t i = 0; i < sizeof FULL / sizeof FULL[0]; i++)
        if (first_names(r, FULL[i]) >= 2) {
            *because = because_column(r, "columns such as ", text_from_c(FULL[i][2]));
            return 100;
        }
    for (uint32_t i = 0; r->count && i < r->at[0].count; i++) {
        struct text name = r->at[0].names[i];
        size_t code = code_size(name, &arrays);
        if (arrays == 0 || (code < name.size && between_size(name, code) == 0))
            continue;
        array = (struct text){name.at, code};
        found++;
    }
    if (found < 2)
        return 0;
    *because = because_column(r, "codes of arrays, such as ", array);
    return 80;
}

static bool is_submission(struct text name)
{
    bool is_one = text_is(name, "submitdate");
    for (size_t i = 0; i < sizeof FULL / sizeof FULL[0]; i++)
        is_one |= text_is(name, FULL[i][1]);
    return is_one;
}

void limesurvey_headings(const struct first_rows *r, size_t header_rows, struct heading *out)
{
    (void)header_rows;
    for (uint32_t i = 0; i < r->at[0].count; i++) {
        struct text name = first_cell(r, 0, i);
        unsigned arrays;
        size_t code = code_size(name, &arrays), between = between_size(name, code);
        struct heading *h = &out[i];
        h->shown = name;
        h->status = is_submission(name) ? STATUS_SUBMITTED : STATUS_NONE;
        if (code == name.size) {
            h->code = h->text = name;
            continue;
        }
        struct text text = {name.at, name.size};
        if (between) {
            h->code = (struct text){name.at, code};
            text = (struct text){name.at + code + between, name.size - code - between};
        }
        h->text = heading_plain(r->arena, text);
        h->item = heading_bracketed(h->text);
    }
}
