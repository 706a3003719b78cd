/* problem: the list of what is wrong, and the copies of the sources it points into.
 * In: codes, spans and arguments. Out: problems with whole messages, in order. Next:
 * problem_print.c shows them. The one idea: reporting never fails. The kept problems stand in the
 * list itself, texts in its arena; when memory is short the problem is NO_MEMORY, which needs none,
 * and a NULL list behaves as a list that holds just that. */
#include "base/problem.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/problem_list.h"
#include "base/utf8.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    unsigned number;
    int exit;
    const char *more;
    struct problem plain; /* its message: the text with {0} {1} {2} unfilled */
};

static const struct row ROWS[PROBLEM_COUNT] = {
#define PROBLEM(name, number, severity, exit, text, more) \
    {number, exit, more, {PROBLEM_##name, severity, {0, 0, 0}, text, NULL, NULL, 0}},
#include "base/problems.def"
#undef PROBLEM
};

struct problems *problems_new(void)
{
    struct problems *ps = calloc(1, sizeof *ps);
    if (ps == NULL)
        return NULL;
    arena_init(&ps->arena, 0);
    return ps;
}

void problems_free(struct problems *ps)
{
    if (ps == NULL)
        return;
    arena_deinit(&ps->arena);
    free(ps);
}

static void count(struct problems *ps, const struct problem *p)
{
    ps->total[p->severity]++;
    ps->seen[p->code] = true;
    if (p->severity == SEVERITY_ERROR && !ps->has_error) {
        ps->has_error = true;
        ps->exit = ROWS[p->code].exit;
    }
}

/* Room for one more. An error takes the place of the last warning or note when the list is full:
 * what stops the run must not be hidden behind what does not. */
static bool make_room(struct problems *ps, enum severity severity)
{
    if (ps->kept < LIMIT_PROBLEMS)
        return true;
    if (severity < SEVERITY_ERROR)
        return false;
    for (size_t i = ps->kept; i-- > 0;) {
        if (ps->list[i].severity == SEVERITY_ERROR)
            continue;
        memmove(&ps->list[i], &ps->list[i + 1], (ps->kept - i - 1) * sizeof ps->list[0]);
        ps->kept--;
        return true;
    }
    return false;
}

static void keep(struct problems *ps, struct problem p)
{
    count(ps, &p);
    ps->last = NULL;
    if (make_room(ps, p.severity)) {
        ps->last = &ps->list[ps->kept++];
        *ps->last = p;
    }
}

static void say_no_memory(struct problems *ps)
{
    if (!ps->seen[PROBLEM_NO_MEMORY])
        keep(ps, ROWS[PROBLEM_NO_MEMORY].plain);
    ps->last = NULL; /* a note or help that follows is about the problem that was lost */
}

source_id problems_source(struct problems *ps, struct text name, struct text bytes)
{
    if (ps == NULL || bytes.size >= UINT32_MAX)
        return 0;
    struct text kept_name = arena_text(&ps->arena, name);
    struct text kept_bytes = arena_text(&ps->arena, bytes);
    struct problem_source *sources = arena_grow(&ps->arena, ps->sources, ps->source_count,
                                                &ps->source_capacity, sizeof *ps->sources);
    struct problem_line *marks =
        arena_array(&ps->arena, bytes.size / PROBLEM_CHUNK + 1, sizeof *marks);
    if (kept_name.at == NULL || kept_bytes.at == NULL || sources == NULL || marks == NULL) {
        say_no_memory(ps);
        return 0;
    }
    ps->sources = sources;
    marks[0].line = 1;
    sources[ps->source_count++] = (struct problem_source){
        .name = kept_name, .bytes = kept_bytes, .line = 1, .marks = marks, .marked = 1};
    return (source_id)ps->source_count;
}

struct problem_source *problems_find_source(const struct problems *ps, source_id id)
{
    return ps && id > 0 && id <= ps->source_count ? &ps->sources[id - 1] : NULL;
}

struct text problems_source_bytes(const struct problems *ps, source_id id)
{
    const struct problem_source *s = problems_find_source(ps, id);
    return s ? s->bytes : (struct text){NULL, 0};
}

struct span scalar_span(struct scalar s, size_t start, size_t end)
{
    struct span span = {s.span.source, s.span.start, s.span.start};
    if (end < start)
        end = start;
    if (end > s.value.size)
        end = s.value.size;
    if (start > end)
        start = end;
    if (s.origin == NULL || s.value.size == 0) {
        span.start += (uint32_t)start;
        span.end += (uint32_t)end;
        return span;
    }
    /* Behind the last byte there is no origin: the end is one behind the last byte's. */
    uint32_t behind = s.origin[s.value.size - 1] + 1;
    span.start = start < s.value.size ? s.origin[start] : behind;
    span.end = end < s.value.size ? s.origin[end] : behind;
    return span;
}

void problem_message(enum problem_code code, const char *const arguments[3], struct buffer *out)
{
    const char *text = ROWS[code].plain.message;
    while (*text) {
        if (text[0] == '{' && text[1] >= '0' && text[1] <= '2' && text[2] == '}') {
            buffer_c(out, arguments[text[1] - '0']);
            text += 3;
        } else {
            buffer_byte(out, *text++);
        }
    }
}

/* NULL when memory is short. */
static const char *fill(struct problems *ps, enum problem_code code, const char *a, const char *b,
                        const char *c)
{
    struct buffer message;
    buffer_init(&message);
    problem_message(code, (const char *const[3]){a, b, c}, &message);
    const char *filled = message.failed ? NULL : arena_c(&ps->arena, buffer_view(&message));
    buffer_deinit(&message);
    return filled;
}

void problem_add(struct problems *ps, enum problem_code code, struct span span, const char *a,
                 const char *b, const char *c)
{
    if (ps == NULL)
        return;
    if (code == PROBLEM_NO_MEMORY) {
        say_no_memory(ps);
        return;
    }
    struct problem p = ROWS[code].plain;
    p.span = span;
    p.message = fill(ps, code, a, b, c);
    if (p.message)
        keep(ps, p);
    else
        say_no_memory(ps);
}

void problem_note(struct problems *ps, struct span span, const char *text)
{
    struct problem *p = ps ? ps->last : NULL;
    if (p == NULL)
        return;
    struct problem_note *notes =
        arena_array(&ps->arena, p->note_count + 1, sizeof *notes); /* there are few */
    const char *copy = arena_c(&ps->arena, text_from_c(text));
    if (notes == NULL || copy == NULL) {
        say_no_memory(ps);
        return;
    }
    if (p->note_count)
        memcpy(notes, p->notes, p->note_count * sizeof *notes);
    notes[p->note_count++] = (struct problem_note){span, copy};
    p->notes = notes;
}

void problem_help(struct problems *ps, const char *text)
{
    if (ps == NULL || ps->last == NULL)
        return;
    const char *copy = arena_c(&ps->arena, text_from_c(text));
    if (copy)
        ps->last->help = copy;
    else
        say_no_memory(ps);
}

/* Hands b's bytes over to the list; "" and NO_MEMORY when memory is short. */
static const char *take(struct problems *ps, struct buffer *b)
{
    const char *copy = b->failed ? NULL : arena_c(&ps->arena, buffer_view(b));
    buffer_deinit(b);
    if (copy)
        return copy;
    say_no_memory(ps);
    return "";
}

const char *problem_quote(struct problems *ps, struct text t)
{
    if (ps == NULL)
        return "";
    bool cut = t.size > LIMIT_QUOTED;
    if (cut) {
        size_t end = LIMIT_QUOTED;
        while (end > LIMIT_QUOTED - 3 && ((unsigned char)t.at[end] & 0xC0) == 0x80)
            end--;
        t.size = end;
    }
    struct buffer b;
    buffer_init(&b);
    buffer_byte(&b, '\'');
    buffer_visible(&b, t);
    buffer_c(&b, cut ? "\xE2\x80\xA6'" : "'");
    return take(ps, &b);
}

static const char *copy_number(struct problems *ps, const char *digits, size_t size)
{
    if (ps == NULL)
        return "";
    const char *copy = arena_c(&ps->arena, (struct text){digits, size});
    if (copy)
        return copy;
    say_no_memory(ps);
    return "";
}

const char *problem_number(struct problems *ps, double x)
{
    char digits[32];
    return copy_number(ps, digits, number_short(digits, x));
}

const char *problem_count_text(struct problems *ps, uint64_t n)
{
    char digits[32];
    return copy_number(ps, digits, number_unsigned(digits, n));
}

const char *problem_format(struct problems *ps, const char *format, ...)
{
    if (ps == NULL)
        return "";
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    struct buffer b;
    buffer_init(&b);
    int size = vsnprintf(NULL, 0, format, arguments);
    if (size < 0)
        b.failed = true;
    else if (buffer_reserve(&b, (size_t)size + 1)) {
        vsnprintf(b.at, (size_t)size + 1, format, again);
        b.size = (size_t)size;
    }
    va_end(again);
    va_end(arguments);
    return take(ps, &b);
}

size_t problems_count(const struct problems *ps, enum severity at_least)
{
    if (ps == NULL)
        return 1;
    size_t n = 0;
    for (unsigned s = at_least; s < SEVERITY_COUNT; s++)
        n += ps->total[s];
    return n;
}

bool problems_has_error(const struct problems *ps)
{
    return ps == NULL || ps->has_error;
}

bool problems_has(const struct problems *ps, enum problem_code code)
{
    return ps ? ps->seen[code] : code == PROBLEM_NO_MEMORY;
}

int problems_exit(const struct problems *ps)
{
    if (ps == NULL)
        return EXIT_LIMIT;
    return ps->has_error ? ps->exit : 0;
}

static bool is_before(const struct problem *a, const struct problem *b)
{
    if (a->span.source != b->span.source)
        return a->span.source < b->span.source;
    return a->span.start < b->span.start;
}

void problems_sort(struct problems *ps)
{
    if (ps == NULL)
        return;
    for (size_t i = 1; i < ps->kept; i++) {
        struct problem p = ps->list[i];
        size_t j = i;
        for (; j > 0 && is_before(&p, &ps->list[j - 1]); j--)
            ps->list[j] = ps->list[j - 1];
        ps->list[j] = p;
    }
    ps->last = NULL;
}

size_t problems_kept(const struct problems *ps)
{
    return ps ? ps->kept : 1;
}

const struct problem *problems_at(const struct problems *ps, size_t i)
{
    return ps ? &ps->list[i] : &ROWS[PROBLEM_NO_MEMORY].plain;
}

const char *problem_code_label(enum problem_code code, char out[8])
{
    static const char LETTERS[SEVERITY_COUNT] = {
        [SEVERITY_NOTE] = 'N', [SEVERITY_WARNING] = 'W', [SEVERITY_ERROR] = 'E'};
    unsigned n = ROWS[code].number;
    out[0] = LETTERS[ROWS[code].plain.severity];
    for (int i = 4; i >= 1; i--, n /= 10)
        out[i] = (char)('0' + n % 10);
    out[5] = '\0';
    return out;
}

const char *problem_code_text(enum problem_code code)
{
    return ROWS[code].plain.message;
}

const char *problem_code_more(enum problem_code code)
{
    return ROWS[code].more;
}

bool problem_code_find(struct text label, enum problem_code *out)
{
    char upper[8], candidate[8];
    if (label.size != 5)
        return false;
    memcpy(upper, label.at, 5);
    upper[0] = (char)(upper[0] & ~0x20);
    for (unsigned code = 0; code < PROBLEM_COUNT; code++) {
        problem_code_label((enum problem_code)code, candidate);
        if (memcmp(candidate, upper, 5) == 0) {
            *out = (enum problem_code)code;
            return true;
        }
    }
    return false;
}
