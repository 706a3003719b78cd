/* buffer: bytes that grow by doubling, and the two ways of writing foreign text safely (JSON,
 * terminal). In: texts and numbers. Out: one run of bytes. The one idea: failure is remembered in
 * the buffer, so writers need no checks and whoever takes the bytes asks once. */
#include "base/buffer.h"

#include "base/number.h"
#include "base/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static const char HEX[] = "0123456789ABCDEF";

void buffer_init(struct buffer *b)
{
    *b = (struct buffer){0};
}

void buffer_deinit(struct buffer *b)
{
    free(b->at);
    *b = (struct buffer){0};
}

void buffer_clear(struct buffer *b)
{
    b->size = 0;
    b->failed = false;
}

bool buffer_reserve(struct buffer *b, size_t more)
{
    if (b->failed)
        return false;
    if (more <= b->capacity - b->size)
        return true;
    if (more > SIZE_MAX / 4 || b->size > SIZE_MAX / 4) {
        b->failed = true;
        return false;
    }
    size_t wanted = b->size + more;
    size_t capacity = b->capacity ? b->capacity : 64;
    while (capacity < wanted)
        capacity *= 2;
    char *moved = realloc(b->at, capacity);
    if (moved == NULL) {
        b->failed = true;
        return false;
    }
    b->at = moved;
    b->capacity = capacity;
    return true;
}

void buffer_byte(struct buffer *b, char c)
{
    if (buffer_reserve(b, 1))
        b->at[b->size++] = c;
}

void buffer_text(struct buffer *b, struct text t)
{
    if (t.size == 0 || !buffer_reserve(b, t.size))
        return;
    memcpy(b->at + b->size, t.at, t.size);
    b->size += t.size;
}

void buffer_c(struct buffer *b, const char *c)
{
    buffer_text(b, text_from_c(c));
}

void buffer_repeat(struct buffer *b, char c, size_t n)
{
    if (n == 0 || !buffer_reserve(b, n))
        return;
    memset(b->at + b->size, c, n);
    b->size += n;
}

void buffer_unsigned(struct buffer *b, uint64_t n)
{
    if (buffer_reserve(b, 32))
        b->size += number_unsigned(b->at + b->size, n);
}

void buffer_fixed(struct buffer *b, double x, int decimals)
{
    if (buffer_reserve(b, 32))
        b->size += number_fixed(b->at + b->size, x, decimals);
}

static void escape_json(struct buffer *b, unsigned char c)
{
    switch (c) {
    case '"': buffer_c(b, "\\\""); return;
    case '\\': buffer_c(b, "\\\\"); return;
    case '\b': buffer_c(b, "\\b"); return;
    case '\f': buffer_c(b, "\\f"); return;
    case '\n': buffer_c(b, "\\n"); return;
    case '\r': buffer_c(b, "\\r"); return;
    case '\t': buffer_c(b, "\\t"); return;
    default:
        buffer_c(b, "\\u00");
        buffer_byte(b, HEX[c >> 4]);
        buffer_byte(b, HEX[c & 15]);
    }
}

static void json_valid(struct buffer *b, struct text t)
{
    size_t written = 0;
    for (size_t i = 0; i < t.size; i++) {
        unsigned char c = (unsigned char)t.at[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buffer_text(b, (struct text){t.at + written, i - written});
        escape_json(b, c);
        written = i + 1;
    }
    if (written < t.size)
        buffer_text(b, (struct text){t.at + written, t.size - written});
}

void buffer_json(struct buffer *b, struct text t)
{
    buffer_byte(b, '"');
    while (t.size > 0) {
        size_t good = utf8_valid(t);
        json_valid(b, (struct text){t.at, good});
        if (good == t.size)
            break;
        buffer_c(b, "\xEF\xBF\xBD");
        t = (struct text){t.at + good + 1, t.size - good - 1};
    }
    buffer_byte(b, '"');
}

/* What no YAML of ours holds, escaped or not (pack/bytescan.c), and its line ends beyond ASCII. */
static bool is_in_yaml(uint32_t c)
{
    if (c < 0x20)
        return c == '\t' || c == '\n';
    return c != 0x7F && !(c >= 0x80 && c < 0xA0) && c != 0x2028 && c != 0x2029 && c != 0xFEFF &&
           (c & 0xFFFE) != 0xFFFE;
}

void buffer_yaml(struct buffer *b, struct text t)
{
    buffer_byte(b, '"');
    size_t good = utf8_valid(t);
    for (size_t i = 0, n; i < t.size; i += n) {
        uint32_t c = 0;
        n = i < good ? utf8_next((struct text){t.at + i, t.size - i}, &c) : 1;
        if (is_in_yaml(c))
            json_valid(b, (struct text){t.at + i, n});
        else
            buffer_byte(b, ' ');
    }
    buffer_byte(b, '"');
}

static void escape_byte(struct buffer *b, unsigned char c)
{
    buffer_c(b, "\\x");
    buffer_byte(b, HEX[c >> 4]);
    buffer_byte(b, HEX[c & 15]);
}

static void escape_code_point(struct buffer *b, uint32_t c)
{
    int shift = 28;
    while (shift > 4 && (c >> shift) == 0)
        shift -= 4;
    buffer_c(b, "\\u{");
    for (; shift >= 0; shift -= 4)
        buffer_byte(b, HEX[(c >> shift) & 15]);
    buffer_byte(b, '}');
}

/* Controls, format characters (bidi controls, joiners, tags), line and paragraph separators: all
 * that moves the cursor or reorders what stands around it without a glyph of its own; and what is
 * no character. */
static bool is_unseen(uint32_t c)
{
    if ((c & 0xFFFE) == 0xFFFE)
        return true;
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return true;
    default: return false;
    }
}

static void visible_valid(struct buffer *b, struct text t)
{
    while (t.size > 0) {
        uint32_t c;
        size_t n = utf8_next(t, &c);
        if (c < 0x20 || c == 0x7F)
            escape_byte(b, (unsigned char)c);
        else if (c >= 0x80 && is_unseen(c))
            escape_code_point(b, c);
        else
            buffer_text(b, (struct text){t.at, n});
        t = (struct text){t.at + n, t.size - n};
    }
}

void buffer_visible(struct buffer *b, struct text t)
{
    while (t.size > 0) {
        size_t good = utf8_valid(t);
        visible_valid(b, (struct text){t.at, good});
        if (good == t.size)
            break;
        escape_byte(b, (unsigned char)t.at[good]);
        t = (struct text){t.at + good + 1, t.size - good - 1};
    }
}

struct text buffer_view(const struct buffer *b)
{
    return (struct text){b->at, b->size};
}
