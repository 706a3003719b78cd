/* utf8: validity by the table of Unicode 15, 3-7; normalisation and widths by utf8proc.
 * In: bytes. Out: the first bad offset, code points, text in form C. The one idea: nearly all text
 * is ASCII, or French that is composed already, and is passed through without being decoded. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static size_t ascii_prefix(const char *at, size_t size)
{
    size_t i = 0;
    uint64_t word;
    for (; i + 8 <= size; i += 8) {
        memcpy(&word, at + i, 8);
        if (word & 0x8080808080808080u)
            break;
    }
    while (i < size && (unsigned char)at[i] < 0x80)
        i++;
    return i;
}

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Size of the well-formed sequence at p, or 0. Only the second byte's range depends on the first.
 */
static size_t sequence(const unsigned char *p, size_t size)
{
    unsigned char c = p[0];
    if (c < 0x80)
        return 1;
    if (c < 0xC2 || c > 0xF4)
        return 0;
    if (c < 0xE0)
        return size >= 2 && is_tail(p[1]) ? 2 : 0;
    if (size < 3 || !is_tail(p[1]) || !is_tail(p[2]))
        return 0;
    if (c < 0xF0) {
        bool overlong = c == 0xE0 && p[1] < 0xA0;
        bool surrogate = c == 0xED && p[1] > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (size < 4 || !is_tail(p[3]))
        return 0;
    return (c == 0xF0 && p[1] < 0x90) || (c == 0xF4 && p[1] > 0x8F) ? 0 : 4;
}

size_t utf8_valid(struct text t)
{
    size_t i = 0;
    while (i < t.size) {
        if ((unsigned char)t.at[i] < 0x80) {
            i += ascii_prefix(t.at + i, t.size - i);
            continue;
        }
        size_t n = sequence((const unsigned char *)t.at + i, t.size - i);
        if (n == 0)
            return i;
        i += n;
    }
    return t.size;
}

bool utf8_is_ascii(struct text t)
{
    return ascii_prefix(t.at, t.size) == t.size;
}

size_t utf8_next(struct text t, uint32_t *code_point)
{
    const unsigned char *p = (const unsigned char *)t.at;
    uint32_t c = p[0];
    if (c < 0x80) {
        *code_point = c;
        return 1;
    }
    size_t n = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    c &= 0xFFu >> (n + 1);
    for (size_t i = 1; i < n; i++)
        c = c << 6 | (p[i] & 0x3Fu);
    *code_point = c;
    return n;
}

/* Every code point below U+0300 is stable in form C and none combines; so is General Punctuation
 * from U+2010 on (curly quotes, dashes). Lead bytes below 0xCC are below U+0300. */
bool utf8_is_composed(struct text t)
{
    for (size_t i = 0; i < t.size; i++) {
        unsigned char c = (unsigned char)t.at[i];
        if (c < 0xCC)
            continue;
        if (c != 0xE2 || (unsigned char)t.at[i + 1] != 0x80 || (unsigned char)t.at[i + 2] < 0x90)
            return false;
    }
    return true;
}

bool utf8_fold(struct text t, struct buffer *out)
{
    if (utf8_is_composed(t)) {
        buffer_text(out, t);
        return !out->failed;
    }
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)t.at, (utf8proc_ssize_t)t.size, &composed,
                     (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (n < 0)
        out->failed = true;
    else
        buffer_text(out, (struct text){(const char *)composed, (size_t)n});
    free(composed);
    return !out->failed;
}

size_t utf8_width(struct text t)
{
    size_t width = 0;
    while (t.size > 0) {
        size_t n = sequence((const unsigned char *)t.at, t.size);
        if (n == 0) {
            n = 1; /* shown as one replacement character */
            width++;
        } else {
            uint32_t c;
            utf8_next(t, &c);
            int w = utf8proc_charwidth((utf8proc_int32_t)c);
            width += w > 0 ? (size_t)w : 0;
        }
        t = (struct text){t.at + n, t.size - n};
    }
    return width;
}
