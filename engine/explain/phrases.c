/* phrases: the table of phrases.def, and how its holes are filled.
 * In: a language, a phrase, texts for its holes. Out: bytes in a buffer. The one idea: a sentence
 * is one entry with holes, never glued from words, so that each language keeps its own order. */
#include "explain/phrases.h"

static const struct text PHRASES[PHRASE_COUNT][TONGUE_COUNT] = {
#define PHRASE(name, english, french) \
    [PHRASE_##name] = {{(english), sizeof(english) - 1}, {(french), sizeof(french) - 1}},
#include "explain/phrases.def"
#undef PHRASE
};

enum tongue tongue_find(struct text language)
{
    bool french = text_starts(language, "fr") &&
                  (language.size == 2 || language.at[2] == '-' || language.at[2] == '_');
    return french ? TONGUE_FRENCH : TONGUE_ENGLISH;
}

struct text phrase_text(enum tongue t, enum phrase p)
{
    return PHRASES[p][t];
}

void phrase_put(struct buffer *out, enum tongue t, enum phrase p, struct text a, struct text b)
{
    struct text s = PHRASES[p][t];
    size_t written = 0;
    for (size_t i = 0; i + 2 < s.size; i++) {
        if (s.at[i] != '{' || s.at[i + 2] != '}')
            continue;
        buffer_text(out, (struct text){s.at + written, i - written});
        buffer_text(out, s.at[i + 1] == '0' ? a : b);
        written = i + 3;
    }
    buffer_text(out, (struct text){s.at + written, s.size - written});
}

void phrase_counted(struct buffer *out, enum tongue t, enum phrase one, enum phrase many,
                    uint64_t n)
{
    bool singular = t == TONGUE_FRENCH ? n < 2 : n == 1;
    char digits[32];
    struct text number = {digits, number_unsigned(digits, n)};
    phrase_put(out, t, singular ? one : many, number, TEXT(""));
}

struct text phrase_number(enum tongue t, char out[32], double x, int decimals)
{
    struct text number = {out, number_fixed(out, x, decimals)};
    for (size_t i = 0; t == TONGUE_FRENCH && i < number.size; i++)
        out[i] = out[i] == '.' ? ',' : out[i];
    return number;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

void buffer_flowing(struct buffer *out, struct text t)
{
    size_t i = 0;
    bool first = true;
    while (i < t.size) {
        size_t from = i;
        while (i < t.size && !is_blank(t.at[i]))
            i++;
        if (i > from) {
            if (!first)
                buffer_byte(out, ' ');
            first = false;
            buffer_visible(out, (struct text){t.at + from, i - from});
        }
        while (i < t.size && is_blank(t.at[i]))
            i++;
    }
}
