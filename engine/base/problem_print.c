/* problem_print: problems for people and for programs.
 * In: a list. Out: text with excerpts and carets, or JSON. The one idea: lines and columns exist
 * only here, found in the list's copy of the source; everything shown passes buffer_visible, and
 * the caret stands under the visible form. */
#include "base/problem.h"

#include "base/number.h"
#include "base/problem_list.h"
#include "base/utf8.h"
#include <string.h>

enum { SHOWN_BEFORE = 60, SHOWN = 100, TAB_WIDTH = 4 }; /* code points of a line */

static const char *const SEVERITIES[SEVERITY_COUNT] = {
    [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};

static const char *const COLORS[SEVERITY_COUNT] = {[SEVERITY_NOTE] = "\x1b[1;36m",
                                                   [SEVERITY_WARNING] = "\x1b[1;33m",
                                                   [SEVERITY_ERROR] = "\x1b[1;31m"};
static const char BOLD[] = "\x1b[1m", GREEN[] = "\x1b[1;32m", PLAIN[] = "\x1b[0m";

struct printer {
    const struct problems *ps;
    struct buffer *out;
    bool color;
};

static bool is_tail(char c)
{
    return (c & 0xC0) == 0x80;
}

/* Size of the code point at `at`; a byte that is not UTF-8 counts as one. */
static size_t step(struct text bytes, size_t at)
{
    unsigned char c = (unsigned char)bytes.at[at];
    size_t n = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (n == 1 || n > bytes.size - at)
        return 1;
    return utf8_valid((struct text){bytes.at + at, n}) == n ? n : 1;
}

/* Moves `at`, the line that byte `from` stands in, to the one that byte `to` stands in. */
static void pass_lines(struct text bytes, size_t from, size_t to, struct problem_line *at)
{
    for (size_t i = from; i < to; i++) {
        char c = bytes.at[i];
        if (c != '\n' && c != '\r')
            continue;
        if (c == '\r' && i + 1 < bytes.size && bytes.at[i + 1] == '\n')
            continue; /* the LF behind it ends the line */
        at->line++;
        at->start = (uint32_t)i + 1;
    }
}

/* Each byte of a source is looked at once, and then at most a chunk for each place. */
static void seek_line(struct problem_source *s, uint32_t offset)
{
    size_t chunk = offset / PROBLEM_CHUNK;
    for (; s->marked <= chunk; s->marked++) {
        size_t from = (s->marked - 1) * PROBLEM_CHUNK;
        s->marks[s->marked] = s->marks[s->marked - 1];
        pass_lines(s->bytes, from, from + PROBLEM_CHUNK, &s->marks[s->marked]);
    }
    struct problem_line at = s->marks[chunk];
    pass_lines(s->bytes, chunk * PROBLEM_CHUNK, offset, &at);
    s->line = at.line;
    s->line_start = at.start;
}

static size_t step_back(struct text bytes, size_t at)
{
    size_t n = 1;
    while (n < 4 && n < at && is_tail(bytes.at[at - n]))
        n++;
    return at - n;
}

static uint32_t clamp(uint32_t offset, size_t size)
{
    return offset <= size ? offset : (uint32_t)size;
}

/* A byte order mark is no column. */
static uint32_t text_start(const struct problem_source *s)
{
    return s->line == 1 && text_starts(s->bytes, "\xEF\xBB\xBF") ? 3 : s->line_start;
}

struct place problems_place(const struct problems *ps, struct span span)
{
    struct problem_source *s = problems_find_source(ps, span.source);
    if (s == NULL)
        return (struct place){{NULL, 0}, 0, 0};
    uint32_t offset = clamp(span.start, s->bytes.size);
    seek_line(s, offset);
    uint32_t column = 1;
    for (size_t i = text_start(s); i < offset; i++)
        column += !is_tail(s->bytes.at[i]);
    return (struct place){s->name, s->line, column};
}

/* The line that was sought, or as much of it as can be shown around `offset`. */
static struct text line_at(const struct problem_source *s, uint32_t offset)
{
    size_t start = text_start(s), end = start < offset ? offset : start;
    while (end > start && (s->bytes.at[end - 1] == '\r' || s->bytes.at[end - 1] == '\n'))
        end--; /* offset is on the LF of a CRLF */
    size_t enough = end + (size_t)4 * (SHOWN + 1);
    while (end < s->bytes.size && end < enough && s->bytes.at[end] != '\n' &&
           s->bytes.at[end] != '\r')
        end++;
    return (struct text){s->bytes.at + start, end - start};
}

static void paint(struct printer *p, const char *color)
{
    if (p->color)
        buffer_c(p->out, color);
}

/* Writes one code point visibly; returns the columns it takes. */
static size_t show(struct buffer *out, struct text c)
{
    if (c.at[0] == '\t') {
        buffer_repeat(out, ' ', TAB_WIDTH);
        return TAB_WIDTH;
    }
    size_t before = out->size;
    buffer_visible(out, c);
    if (out->failed)
        return 0;
    return utf8_width((struct text){out->at + before, out->size - before});
}

struct marks {
    size_t pad, width; /* columns before and under the span */
};

/* The part of a line around start..end, with what is left out said by an ellipsis. */
static struct marks show_line(struct buffer *out, struct text line, size_t start, size_t end)
{
    size_t from = start, points;
    for (points = 0; from > 0 && points < SHOWN_BEFORE; points++)
        from = step_back(line, from);
    struct marks m = {0, 0};
    if (from > 0) {
        buffer_c(out, "\xE2\x80\xA6");
        m.pad = 1;
    }
    size_t i = from;
    for (points = 0; i < line.size && points < SHOWN; points++) {
        size_t n = step(line, i);
        size_t width = show(out, (struct text){line.at + i, n});
        if (i < start)
            m.pad += width;
        else if (i < end)
            m.width += width;
        i += n;
    }
    if (i < line.size)
        buffer_c(out, "\xE2\x80\xA6");
    return m;
}

static size_t digits(uint32_t n)
{
    size_t size = 1;
    while (n >= 10) {
        n /= 10;
        size++;
    }
    return size;
}

static void excerpt(struct printer *p, struct span span, const char *color)
{
    struct problem_source *s = problems_find_source(p->ps, span.source);
    uint32_t offset = clamp(span.start, s->bytes.size);
    seek_line(s, offset);
    struct text line = line_at(s, offset);
    size_t from = text_start(s);
    size_t start = offset > from ? offset - from : 0;
    size_t end = clamp(span.end, s->bytes.size);
    end = end > from ? end - from : 0;
    start = start < line.size ? start : line.size;
    end = end < line.size ? end : line.size;

    buffer_repeat(p->out, ' ', digits(s->line) < 4 ? 4 - digits(s->line) : 0);
    buffer_unsigned(p->out, s->line);
    buffer_c(p->out, " | ");
    struct marks m = show_line(p->out, line, start, end);
    buffer_c(p->out, "\n");
    buffer_repeat(p->out, ' ', digits(s->line) < 4 ? 4 : digits(s->line));
    buffer_c(p->out, " | ");
    buffer_repeat(p->out, ' ', m.pad);
    paint(p, color);
    buffer_byte(p->out, '^');
    buffer_repeat(p->out, '~', m.width > 1 ? m.width - 1 : 0);
    paint(p, PLAIN);
    buffer_byte(p->out, '\n');
}

/* "file:line:column: ", or nothing where the span points nowhere. */
static void location(struct printer *p, struct span span)
{
    struct place at = problems_place(p->ps, span);
    if (at.line == 0)
        return;
    paint(p, BOLD);
    buffer_visible(p->out, at.file);
    buffer_byte(p->out, ':');
    buffer_unsigned(p->out, at.line);
    buffer_byte(p->out, ':');
    buffer_unsigned(p->out, at.column);
    buffer_c(p->out, ": ");
    paint(p, PLAIN);
}

static void heading(struct printer *p, enum severity severity, const char *label)
{
    paint(p, COLORS[severity]);
    buffer_c(p->out, SEVERITIES[severity]);
    if (label) {
        buffer_byte(p->out, '[');
        buffer_c(p->out, label);
        buffer_byte(p->out, ']');
    }
    buffer_c(p->out, ": ");
    paint(p, PLAIN);
}

static void sentence(struct printer *p, const char *text)
{
    buffer_visible(p->out, text_from_c(text));
    buffer_byte(p->out, '\n');
}

static void print(struct printer *p, const struct problem *problem)
{
    char label[8];
    location(p, problem->span);
    heading(p, problem->severity, problem_code_label(problem->code, label));
    sentence(p, problem->message);
    if (problems_find_source(p->ps, problem->span.source))
        excerpt(p, problem->span, COLORS[problem->severity]);
    for (size_t i = 0; i < problem->note_count; i++) {
        const struct problem_note *note = &problem->notes[i];
        bool somewhere = problems_find_source(p->ps, note->span.source) != NULL;
        if (!somewhere)
            buffer_c(p->out, "  ");
        location(p, note->span);
        heading(p, SEVERITY_NOTE, NULL);
        sentence(p, note->text);
        if (somewhere)
            excerpt(p, note->span, COLORS[SEVERITY_NOTE]);
    }
    if (problem->help) {
        buffer_c(p->out, "  ");
        paint(p, GREEN);
        buffer_c(p->out, "help: ");
        paint(p, PLAIN);
        sentence(p, problem->help);
    }
}

/* The problem that says how many are not shown, with its message in `message`; false where all are.
 */
static bool describe_rest(const struct problems *ps, struct buffer *message, struct problem *out)
{
    size_t rest = problems_count(ps, SEVERITY_NOTE) - problems_kept(ps);
    buffer_init(message);
    if (rest == 0)
        return false;
    char digits[32];
    digits[number_unsigned(digits, rest)] = '\0';
    problem_message(PROBLEM_TOO_MANY, (const char *const[3]){digits, NULL, NULL}, message);
    buffer_byte(message, '\0');
    *out = (struct problem){.code = PROBLEM_TOO_MANY, .severity = SEVERITY_NOTE};
    out->message = message->failed ? "" : message->at;
    return true;
}

void problems_print(const struct problems *ps, bool color, struct buffer *out)
{
    struct printer p = {ps, out, color};
    struct buffer message;
    struct problem rest;
    for (size_t i = 0; i < problems_kept(ps); i++)
        print(&p, problems_at(ps, i));
    if (describe_rest(ps, &message, &rest))
        print(&p, &rest);
    buffer_deinit(&message);
}

static void json_member(struct buffer *out, const char *key, struct text value)
{
    buffer_byte(out, ',');
    buffer_json(out, text_from_c(key));
    buffer_byte(out, ':');
    buffer_json(out, value);
}

static void json_count(struct buffer *out, const char *key, uint32_t n)
{
    buffer_byte(out, ',');
    buffer_json(out, text_from_c(key));
    buffer_byte(out, ':');
    buffer_unsigned(out, n);
}

/* ,"file":..,"line":..,"column":..,"end_line":..,"end_column":.. or nothing. */
static void json_place(const struct problems *ps, struct span span, struct buffer *out)
{
    struct place start = problems_place(ps, span);
    if (start.line == 0)
        return;
    uint32_t behind = span.end > span.start ? span.end : span.start;
    struct place end = problems_place(ps, (struct span){span.source, behind, behind});
    json_member(out, "file", start.file);
    json_count(out, "line", start.line);
    json_count(out, "column", start.column);
    json_count(out, "end_line", end.line);
    json_count(out, "end_column", end.column);
}

static void json_problem(const struct problems *ps, const struct problem *p, struct buffer *out)
{
    char label[8];
    buffer_c(out, "{\"code\":");
    buffer_json(out, text_from_c(problem_code_label(p->code, label)));
    json_member(out, "severity", text_from_c(SEVERITIES[p->severity]));
    json_place(ps, p->span, out);
    json_member(out, "message", text_from_c(p->message));
    if (p->help)
        json_member(out, "help", text_from_c(p->help));
    if (p->note_count)
        buffer_c(out, ",\"notes\":[");
    for (size_t i = 0; i < p->note_count; i++) {
        buffer_c(out, i ? ",{\"message\":" : "{\"message\":");
        buffer_json(out, text_from_c(p->notes[i].text));
        json_place(ps, p->notes[i].span, out);
        buffer_byte(out, '}');
    }
    buffer_c(out, p->note_count ? "]}" : "}");
}

void problems_json(const struct problems *ps, struct buffer *out)
{
    struct buffer message;
    struct problem rest;
    buffer_byte(out, '[');
    for (size_t i = 0; i < problems_kept(ps); i++) {
        if (i)
            buffer_byte(out, ',');
        json_problem(ps, problems_at(ps, i), out);
    }
    if (describe_rest(ps, &message, &rest)) {
        buffer_byte(out, ',');
        json_problem(ps, &rest, out);
    }
    buffer_deinit(&message);
    buffer_byte(out, ']');
}
