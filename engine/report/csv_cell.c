/* csv_cell: one text cell, right for a CSV reader and harmless for a spreadsheet.
 * In: a text, or a raw cell of the input. Out: a cell (RFC 4180). The one idea: words of 8 bytes
 * tell at once whether a cell is plain, as nearly all are; then it is only copied. */
#include "report/layout.h"

#include <string.h>

/* First bytes that make a spreadsheet run a cell (OWASP, CSV injection). */
static bool is_risky(char c)
{
    switch (c) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case '\0': return true;
    default: return false;
    }
}

static size_t skip_digits(struct text t, size_t i)
{
    while (i < t.size && t.at[i] >= '0' && t.at[i] <= '9')
        i++;
    return i;
}

/* -5, +3.5, -0,25, -1e-3: what a spreadsheet reads as a number is no formula. */
static bool is_number(struct text t)
{
    size_t i = t.size > 0 && (t.at[0] == '-' || t.at[0] == '+');
    size_t whole = skip_digits(t, i);
    if (whole == i)
        return false;
    i = whole;
    if (i + 1 < t.size && (t.at[i] == '.' || t.at[i] == ',')) {
        size_t fraction = skip_digits(t, i + 1);
        i = fraction > i + 1 ? fraction : i;
    }
    if (i + 1 < t.size && (t.at[i] == 'e' || t.at[i] == 'E')) {
        size_t sign = i + 1 + (t.at[i + 1] == '-' || t.at[i + 1] == '+');
        size_t exponent = skip_digits(t, sign);
        i = exponent > sign ? exponent : i;
    }
    return i == t.size;
}

static bool is_formula(struct text t)
{
    return t.size > 0 && is_risky(t.at[0]) && !is_number(t);
}

static bool needs_quotes(struct text t)
{
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] == ',' || t.at[i] == '"' || t.at[i] == '\n' || t.at[i] == '\r')
            return true;
    return false;
}

static void quoted(struct buffer *out, struct text t, bool guarded)
{
    buffer_byte(out, '"');
    if (guarded)
        buffer_byte(out, '\'');
    size_t written = 0;
    for (size_t i = 0; i < t.size; i++) {
        if (t.at[i] != '"')
            continue;
        buffer_text(out, (struct text){t.at + written, i + 1 - written});
        written = i;
    }
    buffer_text(out, (struct text){t.at + written, t.size - written});
    buffer_byte(out, '"');
}

void csv_text(struct buffer *out, struct text t, bool raw)
{
    bool guarded = !raw && is_formula(t);
    if (needs_quotes(t)) {
        quoted(out, t, guarded);
        return;
    }
    if (guarded)
        buffer_byte(out, '\'');
    buffer_text(out, t);
}

void csv_kept(struct buffer *out, struct text t, bool raw)
{
    if (t.size < 2 || t.at[0] != '"' || t.at[t.size - 1] != '"') {
        csv_text(out, t, raw);
        return;
    }
    struct text inside = {t.at + 1, t.size - 2};
    if (raw || !is_formula(inside)) {
        buffer_text(out, t);
        return;
    }
    buffer_c(out, "\"'");
    buffer_text(out, inside);
    buffer_byte(out, '"');
}

/* --- the fast way ----------------------------------------------------------------------------- */

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

static inline uint64_t has_byte(uint64_t word, unsigned char c)
{
    uint64_t x = word ^ EACH_BYTE(c);
    return (x - EACH_BYTE(1)) & ~x & EACH_BYTE(0x80);
}

/* Not 0 where a comma, a quote or a control character may stand in the word. */
static inline uint64_t suspects(uint64_t word)
{
    uint64_t control = (word - EACH_BYTE(0x20)) & ~word & EACH_BYTE(0x80);
    return control | has_byte(word, ',') | has_byte(word, '"');
}

static inline uint64_t load8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Under 8 bytes: as a word whose other bytes repeat some of them. */
static inline uint64_t load_short(const char *at, size_t size)
{
    if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, at, 4);
        memcpy(&last, at + size - 4, 4);
        return first | (uint64_t)last << 32;
    }
    uint64_t a = (unsigned char)at[0], b = (unsigned char)at[size / 2];
    uint64_t c = (unsigned char)at[size - 1];
    return a | b << 8 | c << 16 | EACH_BYTE('x') << 24;
}

char *csv_kept_plain(char *o, struct text t, bool raw)
{
    if (t.size == 0)
        return o;
    if (is_risky(t.at[0]) && !raw)
        return NULL;
    if (t.size < 8) {
        if (suspects(load_short(t.at, t.size)))
            return NULL;
        for (size_t i = 0; i < t.size; i++)
            o[i] = t.at[i];
        return o + t.size;
    }
    uint64_t last = load8(t.at + t.size - 8), found = suspects(last);
    for (size_t i = 0; i + 8 < t.size; i += 8) {
        uint64_t word = load8(t.at + i);
        found |= suspects(word);
        memcpy(o + i, &word, sizeof word);
    }
    memcpy(o + t.size - 8, &last, sizeof last);
    return found ? NULL : o + t.size;
}
