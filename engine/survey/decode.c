/* In: raw bytes in an encoding. Out: UTF-8. Next: source hands it on as if the file held it.
 * The one idea: one code point after another through one switch; files that are UTF-8 never come
 * here. */
#include "survey/decode.h"

#include <string.h>

static const struct {
    const char *word, *also, *people;
} ENCODINGS[] = {
#define ENCODING(name, word, also, people) [ENCODING_##name] = {word, also, people},
#include "survey/encodings.def"
#undef ENCODING
};

_Static_assert(sizeof ENCODINGS / sizeof ENCODINGS[0] == ENCODING_COUNT, "an encoding in no row");

static bool is_word(struct text t, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i < t.size && i < size; i++) {
        char c = t.at[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) != word[i])
            return false;
    }
    return t.size == size;
}

enum encoding encoding_find(struct text word)
{
    for (enum encoding e = 0; e < ENCODING_COUNT; e++)
        if (is_word(word, ENCODINGS[e].word) || is_word(word, ENCODINGS[e].also))
            return e;
    return ENCODING_COUNT;
}

const char *encoding_word(enum encoding e)
{
    return e < ENCODING_COUNT ? ENCODINGS[e].word : NULL;
}

const char *encoding_for_people(enum encoding e)
{
    return ENCODINGS[e].people;
}

bool encoding_unknown(struct text word, struct span at, struct problems *problems)
{
    problem_add(problems, PROBLEM_ENCODING_UNKNOWN, at, problem_quote(problems, word), NULL, NULL);
    struct buffer all;
    buffer_init(&all);
    for (enum encoding e = 0; e < ENCODING_COUNT; e++) {
        buffer_c(&all, e ? ", " : "");
        buffer_c(&all, ENCODINGS[e].word);
    }
    problem_help(problems, problem_format(problems, "it is one of %.*s", (int)all.size,
                                          all.size ? all.at : ""));
    buffer_deinit(&all);
    return false;
}

/* Bytes 0x80 to 0x9F of Windows-1252 (the mapping that Unicode publishes); 0: not defined. */
static const uint16_t HIGH_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static size_t put(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

static uint32_t unit(const struct decoder *d, size_t at)
{
    uint32_t a = (unsigned char)d->raw[at], b = (unsigned char)d->raw[at + 1];
    return d->encoding == ENCODING_UTF16LE ? a | b << 8 : a << 8 | b;
}

/* One letter of UTF-16; 0: more raw bytes are needed. */
static size_t decode_16(struct decoder *d, char out[4])
{
    size_t left = d->size - d->at;
    if (left < 2) {
        if (!d->ended || left == 0)
            return 0;
        out[0] = (char)0xFF; /* half a unit at the end */
        d->at = d->size;
        return 1;
    }
    uint32_t c = unit(d, d->at);
    if (c >= 0xD800 && c < 0xDC00) {
        if (left < 4 && !d->ended)
            return 0;
        uint32_t low = left < 4 ? 0 : unit(d, d->at + 2);
        if (low >= 0xDC00 && low < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            d->at += 2;
        }
    }
    d->at += 2;
    return put(out, c);
}

static size_t decode_1252(struct decoder *d, char out[4])
{
    if (d->at == d->size)
        return 0;
    unsigned char c = (unsigned char)d->raw[d->at++];
    uint32_t high = c >= 0x80 && c < 0xA0 ? HIGH_1252[c - 0x80] : c;
    if (high)
        return put(out, high);
    out[0] = (char)c;
    return 1;
}

static size_t decode_one(struct decoder *d, char out[4])
{
    switch (d->encoding) {
    case ENCODING_UTF16LE:
    case ENCODING_UTF16BE: return decode_16(d, out);
    default: return decode_1252(d, out);
    }
}

char *decoder_room(struct decoder *d, size_t *room)
{
    memmove(d->raw, d->raw + d->at, d->size - d->at);
    d->size -= d->at;
    d->at = 0;
    *room = sizeof d->raw - d->size;
    return d->raw + d->size;
}

size_t decoder_take(struct decoder *d, char *out, size_t room)
{
    size_t n = 0;
    for (;;) {
        size_t fits = d->spilled < room - n ? d->spilled : room - n;
        memcpy(out + n, d->spill, fits);
        n += fits;
        d->spilled -= fits;
        memmove(d->spill, d->spill + fits, d->spilled);
        if (n == room)
            return n;
        while (room - n >= sizeof d->spill) {
            size_t size = decode_one(d, out + n);
            if (size == 0)
                return n;
            n += size;
        }
        if (n < room && (d->spilled = decode_one(d, d->spill)) == 0)
            return n;
    }
}

bool decoder_is_done(const struct decoder *d)
{
    return d->ended && d->at == d->size && d->spilled == 0;
}
