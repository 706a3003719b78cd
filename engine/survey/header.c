/* In: the first bytes of a table. Out: its separator and the names of its columns. Next: columns.
 * The separator is the one under which most names are known ones; then the one that makes most
 * columns; a first line "sep=;" or the option settle it. */
#include "survey/columns.h"
#include "survey/split.h"

#include <stdlib.h>

enum { HEAD_BYTES = 256 << 10 }; /* looked at first; a longer header is read on */

static const char SEPARATORS[] = {',', ';', '\t', '|'};

struct head {
    char *memory, *bytes; /* bytes has SCAN_PAD around */
    size_t size, capacity;
    bool ends;   /* nothing follows */
    size_t from; /* where the header begins: behind a byte order mark and "sep=" */
};

static void release_head(void *head)
{
    free(((struct head *)head)->memory);
    ((struct head *)head)->memory = NULL;
}

static void release_split(void *split)
{
    split_deinit(split);
}

static bool grow_head(struct head *h, size_t capacity, struct problems *problems)
{
    char *moved = realloc(h->memory, capacity + 2 * SCAN_PAD);
    if (!moved) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return false;
    }
    h->memory = moved;
    h->bytes = moved + SCAN_PAD;
    h->capacity = capacity;
    memset(h->memory, '\n', SCAN_PAD);
    return true;
}

static bool fill_head(struct head *h, struct source *s, struct problems *problems)
{
    size_t got;
    if (!source_read(s, h->bytes + h->size, h->capacity - h->size, &got, problems))
        return false;
    h->size += got;
    h->ends = s->at_end;
    memset(h->bytes + h->size, '\n', SCAN_PAD);
    return true;
}

/* The first record under a separator: [*start, *end). False where it is not whole in `size`. */
static bool first_record(struct split *s, const struct head *h, size_t size, size_t *start,
                         size_t *end, bool *no_memory)
{
    split_restart(s);
    const char *bytes = h->bytes + h->from;
    size -= h->from;
    if (!split_run(s, bytes, size, h->ends && size == h->size - h->from)) {
        *no_memory = true;
        return false;
    }
    if (s->count == 0) {
        *start = *end = h->from;
        return false;
    }
    *start = h->from + s->starts[0];
    *end = h->from + (s->count > 1 ? s->starts[1] : s->start);
    while (*end > *start && scan_is_line_end(h->bytes[*end - 1]))
        --*end;
    return true;
}

/* Cells of a record. A name is copied into the arena with its quotes undone. */
struct cells_of {
    struct text *names;
    uint32_t count;
    const char *fault; /* NULL, or what is wrong */
    uint32_t fault_at; /* with which, from 0 */
};

static struct text plain_name(struct arena *a, const char *p, const char *end)
{
    if (p == end || *p != '"')
        return arena_text(a, (struct text){p, (size_t)(end - p)});
    char *name = arena_alloc(a, (size_t)(end - p));
    size_t n = 0;
    for (const char *q = p + 1; q + 1 < end; q++) {
        name[n++] = *q;
        q += *q == '"';
    }
    return (struct text){name, n};
}

static void cells_of_record(struct arena *a, const char *p, const char *end, char separator,
                            size_t max_field, struct cells_of *out)
{
    size_t capacity = 0;
    *out = (struct cells_of){0};
    for (;;) {
        const char *stop = p;
        if (p < end && *p == '"') {
            if (split_quoted(p, end, true, separator, max_field, &stop) != QUOTED_WHOLE) {
                out->fault = "its quotes do not close";
                out->fault_at = out->count;
                return;
            }
            stop++;
        } else {
            while (stop < end && *stop != separator)
                stop++;
        }
        if (out->count <= LIMIT_COLUMNS) {
            out->names = arena_grow(a, out->names, out->count, &capacity, sizeof *out->names);
            struct text name = plain_name(a, p, stop);
            out->names[out->count] = name;
            if (!out->fault && (memchr(name.at, 0, name.size) || utf8_valid(name) != name.size)) {
                out->fault = "its name is not text in UTF-8";
                out->fault_at = out->count;
            }
        }
        out->count++;
        if (stop == end)
            return;
        p = stop + 1;
    }
}

static bool is_name(struct text t, const char *option, const char *usual)
{
    return text_is(t, option ? option : usual);
}

static bool is_known(const struct columns *c, struct text name)
{
    const struct survey_options *o = c->options;
    if (is_name(name, o->case_column, "case") || is_name(name, o->partner_column, "partner") ||
        is_name(name, o->respondent_column, "respondent"))
        return true;
    for (size_t i = 0; i < o->keep_count; i++)
        if (text_is(name, o->keep[i]))
            return true;
    return kb_question(c->kb, name) != NONE;
}

/* How well a separator fits: names known first, columns then. */
static uint64_t fitness(struct arena *a, const struct columns *c, const struct head *h,
                        size_t start, size_t end, char separator)
{
    struct cells_of cells;
    uint64_t known = 0;
    cells_of_record(a, h->bytes + start, h->bytes + end, separator, LIMIT_FIELD, &cells);
    uint32_t kept = cells.count < LIMIT_COLUMNS ? cells.count : LIMIT_COLUMNS;
    for (uint32_t i = 0; i < kept; i++)
        known += is_known(c, cells.names[i]);
    return known << 32 | cells.count;
}

/* "sep=;" on a line of its own, which some spreadsheets write. */
static void take_sep_line(struct head *h, char *separator)
{
    const char *p = h->bytes + h->from;
    size_t left = h->size - h->from, n = 0;
    bool quoted = left > 0 && p[0] == '"';
    n += quoted;
    if (left < n + 5 || (memcmp(p + n, "sep=", 4) != 0 && memcmp(p + n, "SEP=", 4) != 0))
        return;
    char c = p[n + 4];
    n += 5;
    if (quoted && n < left && p[n] == '"')
        n++;
    if (n < left && !scan_is_line_end(p[n]))
        return;
    *separator = c;
    h->from += n;
}

static char choose_separator(struct arena *a, const struct columns *c, struct split *s,
                             const struct head *h, size_t size, bool *no_memory)
{
    uint64_t best = 0;
    char chosen = ',';
    for (size_t i = 0; i < sizeof SEPARATORS && !*no_memory; i++) {
        size_t start, end;
        s->separator = SEPARATORS[i];
        if (!first_record(s, h, size, &start, &end, no_memory))
            continue;
        uint64_t fit = fitness(a, c, h, start, end, SEPARATORS[i]);
        if (fit > best) {
            best = fit;
            chosen = SEPARATORS[i];
        }
    }
    return chosen;
}

static bool header_fault(const struct table *t, const struct cells_of *cells,
                         struct problems *problems)
{
    const char *file = problem_quote(problems, t->source.name);
    if (cells->count > LIMIT_COLUMNS) {
        problem_add(problems, PROBLEM_COLUMNS_MANY, SPAN_NONE, file,
                    problem_count_text(problems, LIMIT_COLUMNS), NULL);
        problem_help(problems, "leave out the columns that are not needed");
        return false;
    }
    problem_add(problems, PROBLEM_HEADER_BROKEN, SPAN_NONE, file,
                problem_count_text(problems, cells->fault_at + 1), cells->fault);
    return false;
}

static bool keep_carry(struct table *t, const struct head *h, size_t from,
                       struct problems *problems)
{
    if (t->source.is_regular)
        return true;
    t->carry_size = h->size - from;
    t->carry_ends = h->ends;
    t->carry = malloc(t->carry_size + 1);
    if (!t->carry) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return false;
    }
    memcpy(t->carry, h->bytes + from, t->carry_size);
    return true;
}

static bool read_names(struct arena *a, struct table *t, struct head *h, size_t start, size_t end,
                       size_t max_field, struct problems *problems)
{
    struct cells_of cells = {0};
    if (end > start)
        cells_of_record(a, h->bytes + start, h->bytes + end, t->separator, max_field, &cells);
    if (cells.fault || cells.count > LIMIT_COLUMNS)
        return header_fault(t, &cells, problems);
    t->names = cells.names;
    t->column_count = cells.count;
    if (end < h->size && h->bytes[end] == '\r' && end + 1 < h->size && h->bytes[end + 1] == '\n')
        end++;
    end += end < h->size;
    t->data_at = end;
    t->header_lines = scan_count_lines(h->bytes, end);
    return keep_carry(t, h, end, problems);
}

/* The header among the bytes at hand; a short look first, it is rarely longer. */
static bool find_header(struct arena *a, const struct columns *c, const struct table *t,
                        const struct head *h, struct split *s, size_t *start, size_t *end,
                        bool *no_memory)
{
    for (size_t look = 4096;; look *= 8) {
        size_t size = look < h->size ? look : h->size;
        char separator =
            t->separator ? t->separator : choose_separator(a, c, s, h, size, no_memory);
        s->separator = separator;
        if (*no_memory)
            return false;
        if (first_record(s, h, size, start, end, no_memory))
            return true;
        if (*no_memory || size == h->size)
            return false;
    }
}

static bool refuse_long(const struct table *t, const struct split *s, struct problems *problems)
{
    problem_add(problems, PROBLEM_HEADER_LONG, SPAN_NONE, problem_quote(problems, t->source.name),
                problem_count_text(problems, s->max_record), NULL);
    problem_help(problems, "look whether this is the right file, and whether its lines end");
    return false;
}

static bool header_of(struct arena *a, const struct columns *c, struct table *t, struct head *h,
                      struct split *s, struct problems *problems)
{
    bool no_memory = false;
    size_t start = 0, end = 0;
    if (!grow_head(h, HEAD_BYTES, problems) || !fill_head(h, &t->source, problems) ||
        !sniff_table(&t->source, (struct text){h->bytes, h->size}, problems))
        return false;
    if (h->size >= 3 && memcmp(h->bytes, "\xEF\xBB\xBF", 3) == 0)
        h->from = 3;
    take_sep_line(h, &t->separator);
    while (!find_header(a, c, t, h, s, &start, &end, &no_memory) && !no_memory && !h->ends) {
        if (h->size > s->max_record + s->max_field)
            return refuse_long(t, s, problems);
        if (!grow_head(h, h->capacity * 2, problems) || !fill_head(h, &t->source, problems))
            return false;
    }
    if (no_memory) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return false;
    }
    t->separator = s->separator;
    if (end - start > s->max_record)
        return refuse_long(t, s, problems);
    return read_names(a, t, h, start, end, s->max_field, problems);
}

size_t columns_max_record(size_t max_field)
{
    return max_field > LIMIT_RECORD / 2 ? 2 * max_field : (size_t)LIMIT_RECORD;
}

bool columns_read_header(struct arena *a, const struct columns *c, struct table *t,
                         struct problems *problems)
{
    /* Released with the arena as well: a jump out of it must not lose the buffer. */
    struct head *h = arena_alloc(a, sizeof *h);
    struct split *s = arena_alloc(a, sizeof *s);
    size_t max_field = c->options->max_field ? c->options->max_field : LIMIT_FIELD;
    arena_defer(a, release_head, h);
    arena_defer(a, release_split, s);
    split_init(s, ',', max_field, columns_max_record(max_field));
    bool ok = header_of(a, c, t, h, s, problems);
    release_head(h);
    split_deinit(s);
    return ok;
}
