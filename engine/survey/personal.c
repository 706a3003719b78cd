/* In: headers and the first rows. Out: which columns are about people. Next: leaving.c decides what
 * leaves. By its name a column is believed at once; by its values where one is an e-mail address,
 * which nothing else looks like, or a fifth look like what numbers may look like by chance. */
#include "survey/personal.h"

#include "survey/batch.h"

enum {
    HEADER_WORDS = 6, /* a longer header is a question, whatever words are in it */
    RECORDS = 200,    /* looked at */
    CELLS = 1 << 16,  /* of them, in all */
    TEXT_WORDS = 6    /* a cell of so many is something somebody wrote */
};

/* --- headers -----------------------------------------------------------------------------------
 */

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* "Adresse e-mail" as " adresse e mail ". */
static struct text spaced(struct arena *a, struct text loose, unsigned *words)
{
    char *out = arena_alloc(a, loose.size + 2);
    size_t n = 0;
    *words = 0;
    out[n++] = ' ';
    for (size_t i = 0; i < loose.size; i++) {
        bool in_word = is_word_byte(loose.at[i]);
        *words += in_word && out[n - 1] == ' ';
        if (in_word || out[n - 1] != ' ')
            out[n++] = in_word ? loose.at[i] : ' ';
    }
    if (out[n - 1] != ' ')
        out[n++] = ' ';
    return (struct text){out, n};
}

static bool has_word(struct text header, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 1; i + size < header.size; i++)
        if (header.at[i - 1] == ' ' && header.at[i + size] == ' ' &&
            memcmp(header.at + i, word, size) == 0)
            return true;
    return false;
}

static enum personal kind_of_header(struct arena *a, struct text name)
{
    static const struct {
        enum personal kind;
        const char *word;
    } WORDS[] = {
#define PERSONAL_WORD(kind, word) {PERSONAL_##kind, word},
#include "survey/personal.def"
    };
    static const char *const NOT[] = {
#define PERSONAL_NOT(word) word,
#include "survey/personal.def"
    };
    unsigned words;
    struct text header = spaced(a, heading_loose(a, name), &words);
    if (words > HEADER_WORDS)
        return PERSONAL_NONE;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (!has_word(header, WORDS[i].word))
            continue;
        bool is_other = false;
        for (size_t n = 0; WORDS[i].kind == PERSONAL_NAME && n < sizeof NOT / sizeof NOT[0]; n++)
            is_other |= has_word(header, NOT[n]);
        if (!is_other)
            return WORDS[i].kind;
    }
    return PERSONAL_NONE;
}

/* --- values ------------------------------------------------------------------------------------
 */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Somewhere in it, what is written around an @ with a dot behind it. */
static bool has_email(struct text t)
{
    for (size_t i = 1; i + 1 < t.size; i++) {
        size_t end = i + 1, dot = 0;
        if (t.at[i] != '@' || !(is_letter(t.at[i - 1]) || is_digit(t.at[i - 1])))
            continue;
        for (; end < t.size && (is_letter(t.at[end]) || is_digit(t.at[end]) || t.at[end] == '-' ||
                                (t.at[end] == '.' && end > i + 1));
             end++)
            dot = t.at[end] == '.' ? end : dot;
        if (dot && end - dot > 2 && is_letter(t.at[dot + 1]))
            return true;
    }
    return false;
}

static bool is_ipv4(struct text t)
{
    unsigned parts = 0, digits = 0, value = 0;
    for (size_t i = 0; i <= t.size; i++) {
        if (i < t.size && is_digit(t.at[i])) {
            value = value * 10 + (unsigned)(t.at[i] - '0');
            if (++digits > 3 || value > 255)
                return false;
            continue;
        }
        if (digits == 0 || (i < t.size && t.at[i] != '.'))
            return false;
        parts++;
        digits = value = 0;
    }
    return parts == 4;
}

/* A time has two colons, and is none. */
static bool is_ipv6(struct text t)
{
    unsigned colons = 0;
    bool doubled = false;
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        if (c == ':') {
            colons++;
            doubled |= i > 0 && t.at[i - 1] == ':';
        } else if (!is_digit(c) && !((c | 32) >= 'a' && (c | 32) <= 'f') && c != '.') {
            return false;
        }
    }
    return t.size > 2 && t.size < 46 && (colons == 7 || (doubled && colons >= 2 && colons <= 7));
}

/* +33 6 12 34 56 78, 06.12.34.56.78, (555) 123-4567; not a date, not a decimal. */
static bool is_phone(struct text t)
{
    unsigned digits = 0, dots = 0;
    char first = t.size ? t.at[0] : '\0';
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        digits += is_digit(c);
        dots += c == '.';
        bool is_space =
            c == ' ' || c == '\xC2' || c == '\xA0' || c == '\xE2' || c == '\x80' || c == '\xAF';
        if (!is_digit(c) && !is_space && !strchr(".-()/+", c))
            return false;
    }
    if (dots == 1)
        return false;
    if (first == '+')
        return digits >= 8 && digits <= 15;
    if (first == '(')
        return digits >= 9 && digits <= 12;
    return first == '0' && t.size > 1 && t.at[1] >= '1' && t.at[1] <= '9' && digits == 10;
}

enum personal personal_value(struct text t)
{
    t = text_trim(t);
    if (memchr(t.at, '@', t.size) && has_email(t))
        return PERSONAL_EMAIL;
    if (t.size > 45)
        return PERSONAL_NONE;
    return is_ipv4(t) || is_ipv6(t) ? PERSONAL_IP : is_phone(t) ? PERSONAL_PHONE : PERSONAL_NONE;
}

static bool is_written(struct text t)
{
    unsigned words = 0;
    for (size_t i = 0; i < t.size; i++)
        words += t.at[i] != ' ' && (i == 0 || t.at[i - 1] == ' ');
    return words >= TEXT_WORDS;
}

/* --- columns -----------------------------------------------------------------------------------
 */

struct seen {
    uint32_t filled, of[PERSONAL_COUNT];
};

static void look_at_record(struct arena *a, const struct table *t, struct text record,
                           size_t max_field, struct seen *seen)
{
    const char *p = record.at, *end = p + record.size, *stop;
    for (uint32_t i = 0; i < t->column_count; i++) {
        if (row_cell(p, end, t->separator, max_field, &stop) != CAUSE_NONE)
            return;
        struct text raw = {p, (size_t)(stop - p)};
        struct text value = raw.size && raw.at[0] == '"' ? cell_plain(raw, a) : raw;
        if (value.at && text_trim(value).size) {
            seen[i].filled++;
            seen[i].of[personal_value(value)]++;
            seen[i].of[PERSONAL_TEXT] += is_written(value);
        }
        if (stop == end)
            return;
        p = stop + 1;
    }
}

static enum personal kind_of_values(const struct seen *s)
{
    if (s->of[PERSONAL_EMAIL] > 0)
        return PERSONAL_EMAIL;
    for (unsigned k = PERSONAL_NONE + 1; k < PERSONAL_TEXT; k++)
        if (s->of[k] > 0 && s->of[k] * 5 >= s->filled)
            return (enum personal)k;
    return s->filled && s->of[PERSONAL_TEXT] * 2 > s->filled ? PERSONAL_TEXT : PERSONAL_NONE;
}

void personal_look(struct arena *a, struct table *t, const struct head *h, const struct split *s)
{
    struct seen *seen = arena_array(a, t->column_count + (size_t)1, sizeof *seen);
    size_t last = t->header_rows + RECORDS < s->count ? t->header_rows + RECORDS : s->count;
    for (size_t i = t->header_rows; i < last && (i - t->header_rows) * t->column_count < CELLS; i++)
        look_at_record(a, t, head_record(s, h, i), s->max_field, seen);
    for (uint32_t i = 0; i < t->column_count; i++) {
        enum personal kind = kind_of_header(a, t->headings[i].text);
        if (kind == PERSONAL_NONE && t->headings[i].code.size)
            kind = kind_of_header(a, t->headings[i].code);
        t->headings[i].personal = kind == PERSONAL_NONE ? kind_of_values(&seen[i]) : kind;
    }
}
