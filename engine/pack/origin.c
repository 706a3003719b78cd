/* origin: where each byte of a scalar's value stands in the file.
 * In: a scalar, the bytes. Out: its span, and offsets where value and bytes differ (escapes,
 * folded lines, indentation). The idea: libyaml says what the value is, so it is only laid beside
 * the bytes: what is no space stands there in the same order; spaces and line ends stand for the
 * gap between. An escape gives its place to all bytes it makes. Next: conditions point there. */
#include "pack/tree.h"
#include <string.h>

struct reading {
    const char *at;
    size_t next, end; /* what is left of the scalar as written */
    size_t gap;       /* the end of a run of spaces; where it is not behind next, none is known */
};

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Behind the `>` or `|`, its indicators and its comment. */
static void skip_header(struct reading *r)
{
    while (r->next < r->end && !is_break(r->at[r->next]))
        r->next++;
    if (r->next + 1 < r->end && r->at[r->next] == '\r' && r->at[r->next + 1] == '\n')
        r->next++;
    if (r->next < r->end)
        r->next++;
}

/* Digits of an escape \xNN, \uNNNN, \UNNNNNNNN; others have none. */
static size_t escape_digits(char c)
{
    return c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
}

/* Bytes that the escape at r->next has made of value[i..]: one code point. */
static size_t take_escape(struct reading *r, struct text value, size_t i, uint32_t *origin)
{
    size_t start = r->next;
    char c = r->next + 1 < r->end ? r->at[r->next + 1] : '\0';
    r->next += 2 + escape_digits(c);
    if (r->next > r->end)
        r->next = r->end;
    size_t made = 0;
    do
        origin[i + made++] = (uint32_t)start;
    while (i + made < value.size && ((unsigned char)value.at[i + made] & 0xC0) == 0x80);
    return made;
}

/* A backslash before a line end joins the lines; the indentation behind it is dropped, but not
 * further line ends. */
static bool skip_join(struct reading *r)
{
    if (r->at[r->next] != '\\' || r->next + 1 >= r->end || !is_break(r->at[r->next + 1]))
        return false;
    r->next += 2;
    if (r->at[r->next - 1] == '\r' && r->next < r->end && r->at[r->next] == '\n')
        r->next++;
    while (r->next < r->end && is_space(r->at[r->next]))
        r->next++;
    return true;
}

/* One byte of white space of the value: a space as it stands, or the line ends it stands for. */
static void take_white(struct reading *r, char c, uint32_t *origin)
{
    size_t at = r->next;
    /* Spaces before a folded line end are dropped from the value. */
    size_t gap = r->gap > at ? r->gap : at;
    while (gap < r->end && is_space(r->at[gap]))
        gap++;
    r->gap = gap;
    bool folds = gap < r->end && is_break(r->at[gap]);
    if (at < r->end && !folds && is_space(r->at[at])) {
        *origin = (uint32_t)at;
        r->next++;
        return;
    }
    if (!folds) {
        *origin = (uint32_t)(at < r->end ? at : r->end > 0 ? r->end - 1 : 0);
        return;
    }
    *origin = (uint32_t)gap;
    r->next = gap + 1;
    if (r->at[gap] == '\r' && r->next < r->end && r->at[r->next] == '\n')
        r->next++;
    if (c != '\n') /* a folded line end: what follows on the next lines is indentation */
        while (r->next < r->end && (is_space(r->at[r->next]) || is_break(r->at[r->next])))
            r->next++;
}

static void lay_beside(struct reading *r, struct text value, enum tree_style style,
                       uint32_t *origin)
{
    for (size_t i = 0; i < value.size;) {
        char c = value.at[i];
        while (style == STYLE_DOUBLE && r->next < r->end && skip_join(r))
            ;
        if (style == STYLE_DOUBLE && r->next < r->end && r->at[r->next] == '\\') {
            i += take_escape(r, value, i, origin);
            continue;
        }
        if (is_space(c) || c == '\n') {
            take_white(r, c, &origin[i++]);
            continue;
        }
        while (r->next < r->end && r->at[r->next] != c &&
               !(style == STYLE_DOUBLE && r->at[r->next] == '\\'))
            r->next++;
        if (style == STYLE_DOUBLE && r->next < r->end && r->at[r->next] == '\\')
            continue;
        origin[i++] = (uint32_t)(r->next < r->end ? r->next : r->end > 0 ? r->end - 1 : 0);
        if (style == STYLE_SINGLE && c == '\'' && r->next < r->end)
            r->next++; /* written twice */
        if (r->next < r->end)
            r->next++;
    }
}

struct scalar tree_scalar(struct arena *a, source_id source, struct text bytes,
                          const struct tree *t, bool with_origin)
{
    struct scalar s = {t->value, {source, t->start, t->end}, NULL};
    if (t->value.at >= bytes.at && t->value.at <= bytes.at + bytes.size) {
        s.span.start = (uint32_t)(t->value.at - bytes.at);
        s.span.end = s.span.start + (uint32_t)t->value.size;
        return s;
    }
    if (!with_origin)
        return s;
    struct reading r = {bytes.at, t->start, t->end, 0};
    if (t->style == STYLE_LITERAL || t->style == STYLE_FOLDED)
        skip_header(&r);
    else if (t->style != STYLE_PLAIN)
        r.next++;
    uint32_t *origin = arena_array(a, t->value.size + 1, sizeof *origin);
    lay_beside(&r, t->value, (enum tree_style)t->style, origin);
    s.origin = origin;
    return s;
}
