/* In: a header as a tool wrote it. Out: its text: HTML and entities undone, kinds of spaces made
 * one. Next: mapping compares it. What is shown to people is the header as it was found. */
#include "survey/dialect.h"

enum { ENTITY_BYTES = 12 };

static const struct {
    const char *name, *utf8;
} ENTITIES[] = {
#define ENTITY(name, utf8) {name, utf8},
#include "survey/entities.def"
#undef ENTITY
};

static void add_code_point(struct buffer *out, uint32_t c)
{
    if (c < 0x80)
        buffer_byte(out, c < ' ' ? ' ' : (char)c);
    else if (c < 0x800) {
        buffer_byte(out, (char)(0xC0 | c >> 6));
        buffer_byte(out, (char)(0x80 | (c & 63)));
    } else if (c < 0x10000) {
        buffer_byte(out, (char)(0xE0 | c >> 12));
        buffer_byte(out, (char)(0x80 | (c >> 6 & 63)));
        buffer_byte(out, (char)(0x80 | (c & 63)));
    } else {
        buffer_byte(out, (char)(0xF0 | c >> 18));
        buffer_byte(out, (char)(0x80 | (c >> 12 & 63)));
        buffer_byte(out, (char)(0x80 | (c >> 6 & 63)));
        buffer_byte(out, (char)(0x80 | (c & 63)));
    }
}

/* &#233; and &#xE9;, without the ampersand and the semicolon. */
static bool add_number(struct buffer *out, struct text t)
{
    bool is_hex = t.size > 1 && (t.at[1] == 'x' || t.at[1] == 'X');
    uint32_t c = 0, base = is_hex ? 16 : 10;
    size_t from = is_hex ? 2 : 1;
    for (size_t i = from; i < t.size; i++) {
        char d = t.at[i];
        uint32_t digit = d >= '0' && d <= '9'             ? (uint32_t)(d - '0')
                         : is_hex && d >= 'a' && d <= 'f' ? (uint32_t)(d - 'a' + 10)
                         : is_hex && d >= 'A' && d <= 'F' ? (uint32_t)(d - 'A' + 10)
                                                          : base;
        c = c * base + digit;
        if (digit == base || c > 0x10FFFF)
            return false;
    }
    if (t.size <= from || c == 0 || (c >= 0xD800 && c < 0xE000))
        return false;
    add_code_point(out, c);
    return true;
}

/* The entity at t, if there is one: its size. */
static size_t add_entity(struct buffer *out, struct text t)
{
    size_t n = 1;
    while (n < t.size && n < ENTITY_BYTES && t.at[n] != ';')
        n++;
    if (n >= t.size || t.at[n] != ';')
        return 0;
    struct text name = {t.at + 1, n - 1};
    if (name.size > 1 && name.at[0] == '#')
        return add_number(out, name) ? n + 1 : 0;
    for (size_t i = 0; i < sizeof ENTITIES / sizeof ENTITIES[0]; i++)
        if (text_is(name, ENTITIES[i].name)) {
            buffer_c(out, ENTITIES[i].utf8);
            return n + 1;
        }
    return 0;
}

/* <b>, </p>, <br/>: its size; "a < b" is none. */
static size_t tag_size(struct text t)
{
    if (t.size < 3 || !((t.at[1] >= 'a' && t.at[1] <= 'z') || (t.at[1] >= 'A' && t.at[1] <= 'Z') ||
                        t.at[1] == '/' || t.at[1] == '!'))
        return 0;
    for (size_t i = 1; i < t.size && t.at[i] != '<'; i++)
        if (t.at[i] == '>')
            return i + 1;
    return 0;
}

static size_t space_size(struct text t)
{
    unsigned char c = (unsigned char)t.at[0];
    if (c <= ' ')
        return 1;
    if (text_starts(t, "\xC2\xA0") || text_starts(t, "\xC2\xAD"))
        return 2;
    return text_starts(t, "\xE2\x80\xAF") || text_starts(t, "\xE2\x80\x89") ||
                   text_starts(t, "\xE2\x80\x8B") || text_starts(t, "\xEF\xBB\xBF")
               ? 3
               : 0;
}

static void add_space(struct buffer *out)
{
    if (out->size && out->at[out->size - 1] != ' ')
        buffer_byte(out, ' ');
}

static void write_plain(struct text t, struct buffer *out)
{
    for (size_t i = 0, n; i < t.size; i += n) {
        struct text rest = {t.at + i, t.size - i};
        if (rest.at[0] == '&' && (n = add_entity(out, rest)) > 0) {
            if (out->size && out->at[out->size - 1] == ' ') { /* it was a space */
                out->size--;
                add_space(out);
            }
            continue;
        }
        n = rest.at[0] == '<' ? tag_size(rest) : space_size(rest);
        if (n > 0) {
            add_space(out);
            continue;
        }
        buffer_byte(out, rest.at[0]);
        n = 1;
    }
    while (out->size && out->at[out->size - 1] == ' ')
        out->size--;
}

struct text heading_keep(struct arena *a, struct buffer *b)
{
    char *copy = b->failed ? NULL : arena_try(a, b->size + 1);
    struct text t = {copy, b->size};
    if (copy && b->size)
        memcpy(copy, b->at, b->size);
    buffer_deinit(b);
    if (!copy)
        arena_alloc(a, SIZE_MAX); /* no memory: leaves the run */
    return t;
}

struct text heading_plain(struct arena *a, struct text t)
{
    struct buffer b;
    buffer_init(&b);
    write_plain(t, &b);
    return heading_keep(a, &b);
}

struct text heading_loose(struct arena *a, struct text t)
{
    struct buffer b;
    buffer_init(&b);
    if (utf8_valid(t) != t.size)
        return t;
    utf8_loose(t, &b);
    return heading_keep(a, &b);
}

struct text heading_bracketed(struct text t)
{
    unsigned depth = 0;
    if (t.size < 3 || t.at[t.size - 1] != ']')
        return TEXT("");
    for (size_t i = t.size; i-- > 0;) {
        depth += t.at[i] == ']';
        depth -= t.at[i] == '[';
        if (depth == 0)
            return text_trim((struct text){t.at + i + 1, t.size - i - 2});
    }
    return TEXT("");
}
