/* In: the first bytes of a table. Out: its encoding, separator, the names of its columns. Next:
 * columns. A first line "sep=;" or the option settle the separator; else separator.c finds it. */
#include "survey/personal.h"
#include "survey/workbook.h"

#include <stdlib.h>

enum {
    HEAD_BYTES = 256 << 10, /* read first; a longer header is read on */
    LOOK_BYTES = 32 << 10, /* of which so many are looked at, and more where they hold fewer than */
    HEAD_RECORDS = 8       /* records */
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

bool head_split(struct split *s, const struct head *h, size_t size)
{
    split_restart(s);
    size -= h->from;
    return split_run(s, h->bytes + h->from, size, h->ends && size == h->size - h->from);
}

struct text head_record(const struct split *s, const struct head *h, size_t i)
{
    const char *start = h->bytes + h->from + s->starts[i];
    const char *end = h->bytes + h->from + (i + 1 < s->count ? s->starts[i + 1] : s->start);
    while (end > start && scan_is_line_end(end[-1]))
        end--;
    return (struct text){start, (size_t)(end - start)};
}

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

void head_cells(struct arena *a, struct text record, char separator, size_t max_field,
                struct head_cells *out)
{
    const char *p = record.at, *end = p + record.size;
    size_t capacity = 0;
    *out = (struct head_cells){0};
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

/* "sep=;" on a line of its own, which some spreadsheets write; what was told counts more. */
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
    if ((n < left && !scan_is_line_end(p[n])) || c == '\0' || !separator_is_usable(c))
        return;
    *separator = *separator ? *separator : c;
    h->from += n;
}

static bool header_fault(const struct table *t, const struct head_cells *cells,
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
    if (t->source.is_regular && !t->source.decoder && !t->source.is_whole)
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

/* Where the data begins: behind the i-th record and its line end. */
static size_t behind_record(const struct head *h, const struct split *s, size_t i)
{
    struct text record = head_record(s, h, i);
    size_t end = (size_t)(record.at + record.size - h->bytes);
    if (end < h->size && h->bytes[end] == '\r' && end + 1 < h->size && h->bytes[end + 1] == '\n')
        end++;
    return end + (end < h->size);
}

static void note_dialect(const struct table *t, const char *because, struct problems *problems)
{
    problem_add(problems, PROBLEM_DIALECT, SPAN_NONE, problem_quote(problems, t->source.name),
                dialect_for_people(t->dialect), because);
    problem_help(problems, "--dialect says otherwise");
}

static bool check_cells(const struct table *t, const struct head_cells *cells,
                        struct problems *problems)
{
    return (!cells->fault && cells->count <= LIMIT_COLUMNS) || header_fault(t, cells, problems);
}

/* The rows of the header, and what the columns are called. */
static bool name_columns(struct arena *a, const struct columns *c, struct table *t,
                         const struct first_rows *r, struct problems *problems)
{
    const char *because = NULL;
    t->dialect = c->dialect;
    if (c->dialect == DIALECT_COUNT) {
        t->dialect = dialect_guess(r, &because);
        if (t->dialect != DIALECT_PLAIN)
            note_dialect(t, because, problems);
    }
    t->header_rows = dialect_count_headers(t->dialect, r);
    for (size_t i = 0; i < t->header_rows && i < r->count; i++)
        if (!check_cells(t, &r->at[i], problems))
            return false;
    t->column_count = r->at[0].count;
    t->headings = arena_array(a, t->column_count, sizeof *t->headings);
    t->names = arena_array(a, t->column_count, sizeof *t->names);
    t->uses = arena_array(a, t->column_count, sizeof *t->uses);
    dialect_name_columns(t->dialect, r, t->header_rows, t->headings);
    for (uint32_t i = 0; i < t->column_count; i++) {
        t->names[i] = t->headings[i].shown;
        t->uses[i].question = t->uses[i].slot = NONE;
    }
    return true;
}

/* A line or two of one cell above rows of several, all as long. */
static void suggest_skip(const struct table *t, const struct first_rows *r,
                         struct problems *problems)
{
    size_t n = 0;
    while (n < r->count && r->at[n].count < 2)
        n++;
    if (n == 0 || n + 2 > r->count || r->at[n].count != r->at[n + 1].count)
        return;
    problem_add(problems, PROBLEM_ROWS_ABOVE, SPAN_NONE, problem_quote(problems, t->source.name),
                problem_count_text(problems, n), NULL);
    problem_help(problems, problem_format(problems, "is the header below? --skip-rows %zu", n));
}

static bool read_names(struct arena *a, const struct columns *c, struct table *t, struct head *h,
                       const struct split *s, struct problems *problems)
{
    struct first_rows r = {.arena = a, .problems = problems};
    struct head_cells *rows = arena_array(a, HEAD_RECORDS, sizeof *rows);
    size_t end = h->size;
    r.at = rows;
    for (; r.count < HEAD_RECORDS && r.count < s->count; r.count++) {
        head_cells(a, head_record(s, h, r.count), t->separator, s->max_field, &rows[r.count]);
        if (r.count == 0 && !check_cells(t, &rows[0], problems))
            return false;
    }
    if (r.count > 0) {
        suggest_skip(t, &r, problems);
        if (!name_columns(a, c, t, &r, problems))
            return false;
        personal_look(a, t, h, s);
        end = behind_record(h, s, t->header_rows < r.count ? t->header_rows - 1 : r.count - 1);
    }
    t->data_at = end;
    t->header_lines = scan_count_lines(h->bytes, end);
    return keep_carry(t, h, end, problems);
}

/* Splits the bytes at hand under the separator that fits; a short look first. Whether there is a
 * whole record. */
static bool find_header(struct arena *a, const struct columns *c, const struct table *t,
                        const struct head *h, struct split *s, bool *no_memory)
{
    for (size_t look = LOOK_BYTES;; look *= 8) {
        size_t size = look < h->size ? look : h->size;
        s->separator = t->separator ? t->separator : separator_choose(a, c, s, h, size, no_memory);
        *no_memory = *no_memory || !head_split(s, h, size);
        if (*no_memory)
            return false;
        if (s->count >= HEAD_RECORDS || size == h->size)
            return s->count > 0;
    }
}

static bool refuse_long(const struct table *t, const struct split *s, struct problems *problems)
{
    problem_add(problems, PROBLEM_HEADER_LONG, SPAN_NONE, problem_quote(problems, t->source.name),
                problem_count_text(problems, s->max_record), NULL);
    problem_help(problems, "look whether this is the right file, and whether its lines end");
    return false;
}

static void note_encoding(const struct table *t, enum encoding e, const char *because,
                          struct problems *problems)
{
    problem_add(problems, PROBLEM_SURVEY_ENCODING, SPAN_NONE,
                problem_quote(problems, t->source.name), encoding_for_people(e), because);
    problem_help(problems, "--encoding says otherwise");
}

/* From here on the source gives UTF-8; what was read already is decoded here. */
static bool decode_head(struct arena *a, struct table *t, struct head *h, enum encoding e,
                        struct problems *problems)
{
    struct head raw = *h;
    struct decoder *d = arena_alloc(a, sizeof *d);
    size_t done = 0, room;
    *h = (struct head){.ends = false};
    if (!grow_head(h, 3 * raw.size + 3, problems)) {
        *h = raw;
        return false;
    }
    d->encoding = e;
    while (done < raw.size) {
        char *to = decoder_room(d, &room);
        size_t n = raw.size - done < room ? raw.size - done : room;
        memcpy(to, raw.bytes + done, n);
        d->size += n;
        done += n;
        d->ended = raw.ends && done == raw.size;
        h->size += decoder_take(d, h->bytes + h->size, h->capacity - h->size);
    }
    t->source.decoder = d;
    t->source.at_end = h->ends = raw.ends;
    memset(h->bytes + h->size, '\n', SCAN_PAD);
    release_head(&raw);
    return true;
}

/* All bytes of a workbook. */
static bool fill_whole(struct head *h, struct source *s, const struct table *t,
                       struct problems *problems)
{
    while (!h->ends) {
        if (h->size > LIMIT_WORKBOOK) {
            problem_add(problems, PROBLEM_WORKBOOK_LARGE, SPAN_NONE,
                        problem_quote(problems, t->source.name), "as it is stored", NULL);
            return false;
        }
        if (!grow_head(h, h->capacity * 2, problems) || !fill_head(h, s, problems))
            return false;
    }
    return true;
}

/* The bytes of a workbook become those of the sheet as CSV. */
static bool unpack_head(const struct columns *c, struct table *t, struct head *h,
                        struct problems *problems)
{
    struct buffer csv;
    if (!fill_whole(h, &t->source, t, problems))
        return false;
    buffer_init(&csv);
    bool ok = workbook_read((struct text){h->bytes, h->size}, t->source.name, c->options->sheet,
                            &csv, problems);
    h->size = 0;
    ok = ok && (csv.size <= h->capacity || grow_head(h, csv.size, problems));
    if (ok) {
        if (csv.size)
            memcpy(h->bytes, csv.at, csv.size);
        h->size = csv.size;
        memset(h->bytes + h->size, '\n', SCAN_PAD);
        t->source.is_whole = true;
        t->separator = ',';
    }
    buffer_deinit(&csv);
    return ok;
}

static bool find_encoding(struct arena *a, const struct columns *c, struct table *t, struct head *h,
                          struct problems *problems)
{
    const char *because = NULL;
    struct text head = {h->bytes, h->size};
    if (workbook_is(head))
        return unpack_head(c, t, h, problems);
    if (!sniff_table(&t->source, head, problems))
        return false;
    if (c->options->sheet)
        problem_add(problems, PROBLEM_SHEET_IGNORED, SPAN_NONE,
                    problem_quote(problems, t->source.name), NULL, NULL);
    enum encoding e = c->encoding;
    if (e == ENCODING_COUNT) {
        e = sniff_encoding(head, &because);
        if (e != ENCODING_UTF8)
            note_encoding(t, e, because, problems);
    }
    if (e != ENCODING_UTF8 && !decode_head(a, t, h, e, problems))
        return false;
    if (h->size >= 3 && memcmp(h->bytes, "\xEF\xBB\xBF", 3) == 0)
        h->from = 3;
    return true;
}

/* Lines that somebody wrote above the table. */
static void skip_lines(struct head *h, size_t lines)
{
    for (; lines > 0 && h->from < h->size; lines--) {
        const char *end = scan_line_end(h->bytes + h->from, h->bytes + h->size);
        h->from = (size_t)(end - h->bytes);
        if (h->from + 1 < h->size && end[0] == '\r' && end[1] == '\n')
            h->from++;
        h->from += h->from < h->size;
    }
}

static bool header_of(struct arena *a, const struct columns *c, struct table *t, struct head *h,
                      struct split *s, struct problems *problems)
{
    bool no_memory = false;
    if (!grow_head(h, HEAD_BYTES, problems) || !fill_head(h, &t->source, problems) ||
        !find_encoding(a, c, t, h, problems))
        return false;
    take_sep_line(h, &t->separator);
    skip_lines(h, c->options->skip_rows);
    while (!find_header(a, c, t, h, s, &no_memory) && !no_memory && !h->ends) {
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
    if (s->count > 0 && head_record(s, h, 0).size > s->max_record)
        return refuse_long(t, s, problems);
    return read_names(a, c, t, h, s, problems);
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
    t->dialect = DIALECT_PLAIN; /* of a file with nothing in it too */
    arena_defer(a, release_head, h);
    arena_defer(a, release_split, s);
    split_init(s, ',', max_field, columns_max_record(max_field));
    bool ok = header_of(a, c, t, h, s, problems);
    release_head(h);
    split_deinit(s);
    return ok;
}
