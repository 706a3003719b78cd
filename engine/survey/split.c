/* In: bytes as they come. Out: where records begin. Next: reader cuts chunks there, batch reads
 * cells. The one serial pass over everything, so it looks at line ends and quotes only. */
#include "survey/split.h"

#include <stdlib.h>

void split_init(struct split *s, char separator, size_t max_field, size_t max_record)
{
    *s = (struct split){.separator = separator, .max_field = max_field, .max_record = max_record};
}

void split_deinit(struct split *s)
{
    free(s->starts);
    s->starts = NULL;
    s->capacity = 0;
}

void split_restart(struct split *s)
{
    s->count = 0;
    s->at = s->start = 0;
    s->undecided = s->is_broken = false;
    s->lines = s->quoted_lines = 0;
}

static bool make_room(struct split *s)
{
    if (s->count + 64 <= s->capacity)
        return true;
    size_t larger = s->capacity ? s->capacity * 2 : 4096;
    uint32_t *moved = realloc(s->starts, larger * sizeof *moved);
    if (!moved)
        return false;
    s->starts = moved;
    s->capacity = larger;
    return true;
}

/* The next quote or NUL in [p, end), or end. */
static const char *find_quote(const char *p, const char *end)
{
    while (p < end) {
        uint32_t high, bits = scan_quotes(p, &high);
        if (bits == 0) {
            p += 16;
            continue;
        }
        p += __builtin_ctz(bits);
        if (p < end && *p == '\0') {
            p++;
            continue;
        }
        return p < end ? p : end;
    }
    return end;
}

enum quoted split_quoted(const char *open, const char *end, bool last, char separator,
                         size_t max_field, const char **close)
{
    const char *p = open + 1;
    bool is_long = (size_t)(end - p) > max_field;
    const char *stop = is_long ? p + max_field + 1 : end; /* the content is max_field at most */
    for (;;) {
        p = find_quote(p, stop);
        if (p == stop)
            return is_long ? QUOTED_LONG : last ? QUOTED_OPEN : QUOTED_UNDECIDED;
        *close = p;
        if (p + 1 == end)
            return last ? QUOTED_WHOLE : QUOTED_UNDECIDED;
        if (p[1] == '"') {
            p += 2;
            if (p > stop)
                return QUOTED_LONG;
            continue;
        }
        return p[1] == separator || scan_is_line_end(p[1]) ? QUOTED_WHOLE : QUOTED_TEXT_BEHIND;
    }
}

/* Where to go on from the opening quote at `open`: behind the closing one, or at the line end that
 * ends the record. False: not decided yet. */
static bool pass_quoted(struct split *s, const char *bytes, size_t open, size_t size, bool last)
{
    const char *close = NULL, *quote = bytes + open, *end = bytes + size;
    enum quoted q = split_quoted(quote, end, last, s->separator, s->max_field, &close);
    s->undecided = q == QUOTED_UNDECIDED;
    if (s->undecided) {
        s->at = open;
        return false;
    }
    if (q != QUOTED_WHOLE) {
        s->at = open;
        s->is_broken = true;
        return true;
    }
    size_t behind = (size_t)(close - bytes) + 1;
    size_t longest = s->start + s->max_record;
    if (behind > longest) { /* a line end inside the quotes may end a record that is too long */
        const char *from = bytes + (open > longest ? open : longest);
        const char *line_end = scan_line_end(from, close);
        if (line_end < close)
            behind = (size_t)(line_end - bytes);
    }
    s->quoted_lines += scan_count_lines(quote, (size_t)(bytes + behind - quote));
    s->at = behind;
    return true;
}

static inline void end_line(struct split *s, const char *bytes, size_t pos)
{
    s->starts[s->count] = (uint32_t)s->start;
    s->count += pos > s->start;
    s->lines += s->quoted_lines + !(bytes[pos] == '\n' && (bytes + pos)[-1] == '\r');
    s->quoted_lines = 0;
    s->start = pos + 1;
}

enum passed { PASSED, PASS_AGAIN, PASS_QUOTED };

/* A short cell in quotes, with no line end and no quote in it: its closing quote is the next mark.
 */
static inline bool is_short_quoted(const struct split *s, const char *bytes, size_t open,
                                   size_t close, size_t size)
{
    return bytes[close] == '"' && close + 1 < size && close - open - 1 <= s->max_field &&
           (bytes[close + 1] == s->separator || scan_is_line_end(bytes[close + 1]));
}

/* The marks of one step of 64 bytes from s->at. PASS_QUOTED: at an opening quote that needs a
 * closer look, PASS_AGAIN: a step from there will see more of it; both leave s->at there. */
static inline enum passed pass_marks(struct split *s, const char *bytes, uint64_t marks,
                                     size_t size)
{
    const size_t at = s->at;
    while (marks) {
        size_t pos = at + (size_t)__builtin_ctzll(marks);
        marks &= marks - 1;
        if (bytes[pos] != '"') {
            end_line(s, bytes, pos);
            continue;
        }
        if (pos != s->start && bytes[pos - 1] != s->separator)
            continue;
        if (marks && is_short_quoted(s, bytes, pos, at + (size_t)__builtin_ctzll(marks), size)) {
            marks &= marks - 1;
            continue;
        }
        s->at = pos;
        return marks == 0 && pos > at ? PASS_AGAIN : PASS_QUOTED;
    }
    s->at = size - at < 64 ? size : at + 64;
    return PASSED;
}

SCAN_LOOP bool run(struct split *s, const char *bytes, size_t size, bool last,
                   uint64_t (*ends)(const char *))
{
    while (s->at < size) {
        if (!make_room(s))
            return false;
        if (s->is_broken) {
            s->at = (size_t)(scan_line_end(bytes + s->at, bytes + size) - bytes);
            s->is_broken = s->at == size;
            continue;
        }
        uint64_t marks = ends(bytes + s->at);
        if (size - s->at < 64)
            marks &= (UINT64_C(1) << (size - s->at)) - 1;
        if (pass_marks(s, bytes, marks, size) == PASS_QUOTED &&
            !pass_quoted(s, bytes, s->at, size, last))
            return true;
    }
    if (last && s->start < size) {
        if (!make_room(s))
            return false;
        s->starts[s->count++] = (uint32_t)s->start;
        s->start = size;
    }
    return true;
}

#if SCAN_SSE2
SCAN_AVX2 static bool run_avx2(struct split *s, const char *bytes, size_t size, bool last)
{
    return run(s, bytes, size, last, scan_ends_avx2);
}
#endif

bool split_run(struct split *s, const char *bytes, size_t size, bool last)
{
    /* A CR at the very end may be half of a line end. */
    if (!last && size > s->at && bytes[size - 1] == '\r')
        size--;
#if SCAN_SSE2
    if (scan_is_wide())
        return run_avx2(s, bytes, size, last);
#endif
    return run(s, bytes, size, last, scan_ends);
}
