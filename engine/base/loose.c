/* In: a text as somebody typed it. Out: what it has in common with the same text typed by somebody
 * else. Next: labels and headers are compared so.
 * The one idea: first what Unicode keeps apart and people do not (apostrophes, dashes, ligatures),
 * then compatibility decomposition without marks and capitals, then single spaces. */
#include "base/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

/* U+00B4 and the like would become a space with an accent. */
static const char *alike(uint32_t c)
{
    switch (c) {
    case 0x60:
    case 0xB4:
    case 0x2B9:
    case 0x2BC:
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x2032: return "'";
    case 0xAB:
    case 0xBB:
    case 0x201C:
    case 0x201D:
    case 0x201E: return "\"";
    case 0x2212: return "-";
    case 0x152:
    case 0x153: return "oe";
    case 0xC6:
    case 0xE6: return "ae";
    default: return c >= 0x2010 && c <= 0x2015 ? "-" : NULL;
    }
}

static void add_alike(struct buffer *out, struct text t)
{
    for (size_t i = 0, n; i < t.size; i += n) {
        uint32_t c;
        n = utf8_next((struct text){t.at + i, t.size - i}, &c);
        const char *other = c < ' ' || c == 0x7F || c == 0xA0 ? " " : alike(c);
        if (other)
            buffer_c(out, other);
        else if (c < 0x80)
            buffer_byte(out, (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
        else
            buffer_text(out, (struct text){t.at + i, n});
    }
}

/* Single spaces, none at the ends; from `from` on. */
static void close_gaps(struct buffer *b, size_t from)
{
    size_t to = from;
    for (size_t i = from; i < b->size; i++)
        if (b->at[i] != ' ' || (to > from && b->at[to - 1] != ' '))
            b->at[to++] = b->at[i];
    b->size = to > from && b->at[to - 1] == ' ' ? to - 1 : to;
}

bool utf8_loose(struct text t, struct buffer *out)
{
    size_t from = out->size;
    add_alike(out, t);
    if (out->failed)
        return false;
    struct text added = {out->size > from ? out->at + from : "", out->size - from};
    if (!utf8_is_ascii(added)) {
        utf8proc_uint8_t *bare = NULL;
        utf8proc_ssize_t n = utf8proc_map(
            (const utf8proc_uint8_t *)added.at, (utf8proc_ssize_t)added.size, &bare,
            (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE));
        out->size = from;
        if (n < 0)
            out->failed = true;
        else
            buffer_text(out, (struct text){(const char *)bare, (size_t)n});
        free(bare);
    }
    if (!out->failed)
        close_gaps(out, from);
    return !out->failed;
}
