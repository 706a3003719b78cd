/* In: tables, one after another. Out: chunks of whole records, whole cases in sorted mode. Next:
 * parser. The buffer is always filled to its end before it is split, so where chunks end depends
 * on the bytes only, not on how a pipe delivers them. */
#include "survey/survey_state.h"

#include <stdlib.h>

enum { DISCARD_BYTES = 64 << 10, CARRY_BYTES = 64 << 10 };

void reader_init(struct survey *s)
{
    s->reader = (struct reader){0};
    arena_init(&s->reader.scratch, 0);
}

void reader_deinit(struct survey *s)
{
    split_deinit(&s->reader.split);
    free(s->reader.carry);
    free(s->reader.gaps);
    arena_deinit(&s->reader.scratch);
}

/* --- chunks ----------------------------------------------------------------------------------- */

static bool grow_chunk(struct survey_chunk *c, size_t capacity)
{
    if (capacity <= c->capacity)
        return true;
    char *moved = realloc(c->memory, capacity + 2 * SCAN_PAD);
    if (!moved)
        return false;
    c->memory = moved;
    c->bytes = moved + SCAN_PAD;
    c->capacity = capacity;
    memset(c->memory, '\n', SCAN_PAD);
    return true;
}

struct survey_chunk *chunk_take(struct survey *s)
{
    struct survey_chunk *c = s->free_chunks;
    if (c)
        s->free_chunks = c->next_free;
    else
        c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->next_free = NULL;
    c->table = NULL;
    c->size = 0;
    c->record_count = c->gap_count = 0;
    return c;
}

void survey_chunk_free(struct survey_chunk *c)
{
    if (!c)
        return;
    free(c->memory);
    free(c->starts);
    free(c->gaps);
    free(c);
}

void survey_chunk_recycle(struct survey *s, struct survey_chunk *c)
{
    if (!c)
        return;
    c->next_free = s->free_chunks;
    s->free_chunks = c;
}

/* --- tables one after another ------------------------------------------------------------------
 */

static bool take_carry(struct reader *r, const char *bytes, size_t size)
{
    if (size > r->carry_capacity) {
        size_t larger = size < CARRY_BYTES ? CARRY_BYTES : 2 * size;
        char *moved = realloc(r->carry, larger);
        if (!moved)
            return false;
        r->carry = moved;
        r->carry_capacity = larger;
    }
    if (size)
        memcpy(r->carry, bytes, size);
    r->carry_size = size;
    return true;
}

/* Reads over bytes that were read in another run: what cannot be sought in. */
static bool read_over(struct survey *s, uint64_t bytes, struct problems *problems)
{
    struct reader *r = &s->reader;
    struct source *source = &s->tables[r->table].source;
    size_t from_carry = bytes < r->carry_size ? (size_t)bytes : r->carry_size, got = 1;
    if (r->carry_size)
        memmove(r->carry, r->carry + from_carry, r->carry_size - from_carry);
    r->carry_size -= from_carry;
    bytes -= from_carry;
    char *scratch = bytes ? malloc(DISCARD_BYTES) : NULL;
    if (bytes && !scratch)
        return survey_no_memory(problems);
    bool ok = true;
    for (; ok && bytes > 0 && got > 0; bytes -= got)
        ok = source_read(source, scratch, bytes < DISCARD_BYTES ? (size_t)bytes : DISCARD_BYTES,
                         &got, problems);
    free(scratch);
    return ok;
}

bool reader_open(struct survey *s, uint64_t data, struct problems *problems)
{
    struct reader *r = &s->reader;
    struct table *t = &s->tables[r->table];
    bool seeks = !t->carry;
    if (!source_resume(&t->source, t->data_at + (seeks ? data : 0), problems))
        return false;
    r->carry_size = r->gap_count = 0;
    r->data = data;
    if (t->carry) {
        if (!take_carry(r, t->carry, t->carry_size))
            return survey_no_memory(problems);
        free(t->carry);
        t->carry = NULL;
        t->source.at_end = t->carry_ends;
    }
    if (!seeks && data && !read_over(s, data, problems))
        return false;
    split_deinit(&r->split);
    split_init(&r->split, t->separator, s->max_field, columns_max_record(s->max_field));
    r->line = t->header_lines + 1;
    r->is_open = true;
    r->table_begins = true;
    return true;
}

/* --- order of keys -----------------------------------------------------------------------------
 */

static const char *record_end(const struct survey_chunk *c, const struct split *s, size_t i)
{
    const char *end = c->bytes + (i + 1 < s->count ? s->starts[i + 1] : s->start);
    while (scan_is_line_end(end[-1]))
        end--;
    return end;
}

bool reader_key(const struct survey *s, const struct table *t, const char *start, const char *end,
                struct arena *scratch, struct text *key, bool *no_memory)
{
    struct shape shape;
    row_shape(t, start, end, s->max_field, t->case_column, &shape);
    if (shape.fault.cause != CAUSE_NONE || !shape.key.at)
        return false;
    *key = cell_plain(shape.key, scratch);
    if (key->at)
        *key = key_plain(*key, scratch);
    *no_memory |= key->at == NULL;
    return key->at && key->size > 0;
}

static const char *shown_key(const struct survey *s, struct text key, struct problems *problems)
{
    return s->columns.hides_cases ? "(not shown)" : problem_quote(problems, key);
}

bool key_order_problem(const struct survey *s, const struct table *t, uint64_t line,
                       struct text key, struct text before, struct problems *problems)
{
    problem_add(problems, PROBLEM_KEY_ORDER, SPAN_NONE,
                problem_format(problems, "%s, line %llu", problem_quote(problems, t->source.name),
                               (unsigned long long)line),
                shown_key(s, key, problems), shown_key(s, before, problems));
    problem_help(problems, "leave --sorted out, or sort the rows by case, byte by byte (LC_ALL=C)");
    return false;
}

struct boundary {
    size_t records; /* the chunk holds so many; 0: no case ends in it for certain */
    bool failed;
};

static uint64_t line_of(const struct survey_chunk *c, const char *place)
{
    return c->first_line + scan_count_lines(c->bytes, (size_t)(place - c->bytes));
}

/* The last place where a case ends: from the back, the first two keys that differ. */
static struct boundary find_boundary(struct survey *s, const struct survey_chunk *c,
                                     struct problems *problems)
{
    struct reader *r = &s->reader;
    struct text next = {NULL, 0}, key;
    size_t next_record = 0;
    bool no_memory = false;
    arena_reset(&r->scratch);
    for (size_t i = r->split.count; i-- > 0;) {
        const char *start = c->bytes + r->split.starts[i];
        if (!reader_key(s, c->table, start, record_end(c, &r->split, i), &r->scratch, &key,
                        &no_memory)) {
            if (no_memory)
                return (struct boundary){0, !survey_no_memory(problems)};
            continue;
        }
        int order = next.at ? text_compare(key, next) : 0;
        if (order < 0)
            return (struct boundary){next_record, false};
        if (order > 0) {
            uint64_t line = line_of(c, c->bytes + r->split.starts[next_record]);
            key_order_problem(s, c->table, line, next, key, problems);
            return (struct boundary){0, true};
        }
        next = key;
        next_record = i;
    }
    return (struct boundary){0, false};
}

/* The first key of a table comes behind the last one of the table before. */
static bool check_first_key(struct survey *s, const struct survey_chunk *c,
                            struct problems *problems)
{
    struct reader *r = &s->reader;
    struct text key;
    bool no_memory = false;
    for (size_t i = 0; r->table_begins && i < r->split.count; i++) {
        const char *start = c->bytes + r->split.starts[i];
        if (!reader_key(s, c->table, start, record_end(c, &r->split, i), &r->scratch, &key,
                        &no_memory))
            continue;
        r->table_begins = false;
        int order = r->last_key.at ? text_compare(r->last_key, key) : -1;
        if (order > 0)
            return key_order_problem(s, c->table, line_of(c, start), key, r->last_key, problems);
        if (order < 0)
            return true;
        problem_add(problems, PROBLEM_CASE_IN_TWO_FILES, SPAN_NONE,
                    problem_quote(problems, c->table->source.name), shown_key(s, key, problems),
                    NULL);
        problem_help(problems, "join the two files, or leave --sorted out");
        return false;
    }
    return !no_memory || survey_no_memory(problems);
}

/* At the end of a table: its last key is remembered for the next one. */
static bool keep_last_key(struct survey *s, const struct survey_chunk *c, struct problems *problems)
{
    struct reader *r = &s->reader;
    struct buffer *last = &s->tables[r->table].last_key;
    struct text key;
    bool no_memory = false;
    for (size_t i = r->split.count; i-- > 0;)
        if (reader_key(s, c->table, c->bytes + r->split.starts[i], record_end(c, &r->split, i),
                       &r->scratch, &key, &no_memory)) {
            buffer_text(last, key);
            r->last_key = buffer_view(last);
            break;
        }
    return (!no_memory && !last->failed) || survey_no_memory(problems);
}

/* --- one chunk ---------------------------------------------------------------------------------
 */

static bool add_gap(struct gap **gaps, size_t *count, size_t *capacity, struct gap gap)
{
    if (*count == *capacity) {
        size_t larger = *capacity ? 2 * *capacity : 4;
        struct gap *moved = realloc(*gaps, larger * sizeof *moved);
        if (!moved)
            return false;
        *gaps = moved;
        *capacity = larger;
    }
    (*gaps)[(*count)++] = gap;
    return true;
}

uint64_t chunk_byte(const struct survey_chunk *c, const char *place)
{
    size_t at = (size_t)(place - c->bytes);
    uint64_t byte = c->first_byte + at + 1;
    if (c->table->source.decoder || c->table->source.is_whole)
        return 0;
    for (size_t i = 0; i < c->gap_count && c->gaps[i].at <= at; i++)
        byte += c->gaps[i].bytes;
    return byte;
}

/* Drops what follows a row that is too long, up to its line end, so that memory stays flat. The row
 * keeps one byte more than is allowed. */
static bool discard(struct survey *s, struct survey_chunk *c, struct problems *problems)
{
    struct reader *r = &s->reader;
    struct source *source = &s->tables[r->table].source;
    size_t kept = r->split.start + r->split.max_record + 1, got = c->size - kept;
    uint64_t dropped = 0;
    if (!grow_chunk(c, kept + DISCARD_BYTES))
        return survey_no_memory(problems);
    if (c->aim < kept + DISCARD_BYTES)
        c->aim = kept + DISCARD_BYTES;
    for (;;) {
        const char *from = c->bytes + kept, *end = from + got;
        memset(c->bytes + kept + got, '\n', SCAN_PAD);
        const char *line_end = scan_line_end(from, end);
        dropped += (uint64_t)(line_end - from);
        if (line_end < end) {
            memmove(c->bytes + kept, line_end, (size_t)(end - line_end));
            c->size = kept + (size_t)(end - line_end);
            break;
        }
        c->size = kept;
        if (source->at_end)
            break;
        if (!source_read(source, c->bytes + kept, DISCARD_BYTES, &got, problems))
            return false;
    }
    r->split.at = kept;
    return add_gap(&c->gaps, &c->gap_count, &c->gap_capacity, (struct gap){kept, dropped}) ||
           survey_no_memory(problems);
}

static bool fill_chunk(struct survey *s, struct survey_chunk *c, struct problems *problems)
{
    size_t got;
    if (!source_read(&s->tables[s->reader.table].source, c->bytes + c->size, c->aim - c->size, &got,
                     problems))
        return false;
    c->size += got;
    memset(c->bytes + c->size, '\n', SCAN_PAD);
    return true;
}

static bool grow_for_case(struct survey *s, struct survey_chunk *c, struct problems *problems)
{
    c->aim *= 2;
    if (s->mode == MODE_SORTED && c->aim > s->options.memory)
        return survey_over_limit(
            s, "the rows of one case",
            "allow more memory, or look whether the case column is the right one", problems);
    return grow_chunk(c, c->aim) || survey_no_memory(problems);
}

/* Fills the chunk until a place to cut it is known: *records of its records, *size bytes. */
static bool complete_chunk(struct survey *s, struct survey_chunk *c, size_t *records,
                           struct problems *problems)
{
    struct reader *r = &s->reader;
    struct source *source = &s->tables[r->table].source;
    for (;;) {
        if (!fill_chunk(s, c, problems))
            return false;
        if (!split_run(&r->split, c->bytes, c->size, source->at_end))
            return survey_no_memory(problems);
        *records = r->split.count;
        if (source->at_end)
            return true;
        if (!r->split.undecided && c->size - r->split.start > r->split.max_record) {
            if (!discard(s, c, problems))
                return false;
            continue;
        }
        if (s->mode == MODE_SORTED) {
            struct boundary b = find_boundary(s, c, problems);
            *records = b.records;
            if (b.failed)
                return false;
        }
        if (*records > 0 || (r->split.start > 0 && r->split.count == 0))
            return true;
        if (c->size >= c->aim && !grow_for_case(s, c, problems))
            return false;
    }
}

/* Gaps behind the chunk's end go with the carry. */
static bool cut_gaps(struct reader *r, struct survey_chunk *c, size_t size)
{
    size_t own = 0;
    r->data += size;
    while (own < c->gap_count && c->gaps[own].at < size)
        r->data += c->gaps[own++].bytes;
    r->gap_count = 0;
    for (size_t i = own; i < c->gap_count; i++)
        if (!add_gap(&r->gaps, &r->gap_count, &r->gap_capacity,
                     (struct gap){c->gaps[i].at - size, c->gaps[i].bytes}))
            return false;
    c->gap_count = own;
    return true;
}

/* Gives the chunk its records and keeps the rest of the bytes for the next one. */
static bool cut_chunk(struct survey *s, struct survey_chunk *c, size_t records,
                      struct problems *problems)
{
    struct reader *r = &s->reader;
    struct split *split = &r->split;
    size_t size = records < split->count ? split->starts[records] : split->start;
    uint64_t lines = split->lines - scan_count_lines(c->bytes + size, split->start - size);
    if (!take_carry(r, c->bytes + size, c->size - size) || !cut_gaps(r, c, size))
        return survey_no_memory(problems);
    c->size = size;
    memset(c->bytes + size, '\n', SCAN_PAD);
    uint32_t *starts = c->starts;
    size_t capacity = c->start_capacity;
    c->starts = split->starts;
    c->start_capacity = split->capacity;
    split->starts = starts;
    split->capacity = capacity;
    c->record_count = records;
    c->is_line_each = lines == records && size > 0 && scan_is_line_end(c->bytes[size - 1]);
    c->first_row = r->rows;
    r->rows += records;
    r->line += lines;
    return true;
}

static bool make_chunk(struct survey *s, struct survey_chunk *c, struct problems *problems)
{
    struct reader *r = &s->reader;
    struct table *t = &s->tables[r->table];
    size_t records = 0;
    c->table = t;
    c->first_line = r->line;
    c->aim = r->carry_size > s->options.chunk / 2 ? 2 * r->carry_size : s->options.chunk;
    if (!grow_chunk(c, c->aim))
        return survey_no_memory(problems);
    if (r->carry_size)
        memcpy(c->bytes, r->carry, r->carry_size);
    c->size = r->carry_size;
    c->first_byte = t->data_at + r->data;
    for (size_t i = 0; i < r->gap_count; i++)
        if (!add_gap(&c->gaps, &c->gap_count, &c->gap_capacity, r->gaps[i]))
            return survey_no_memory(problems);
    split_restart(&r->split);
    if (!complete_chunk(s, c, &records, problems))
        return false;
    bool ends = t->source.at_end;
    if (s->mode == MODE_SORTED &&
        (!check_first_key(s, c, problems) || (ends && !keep_last_key(s, c, problems))))
        return false;
    if (!cut_chunk(s, c, records, problems))
        return false;
    if (ends) {
        source_close(&t->source);
        r->is_open = false;
        r->table++;
    }
    return true;
}

bool reader_next(struct survey *s, struct survey_chunk **chunk, struct problems *problems)
{
    struct reader *r = &s->reader;
    *chunk = NULL;
    while (r->table < s->table_count) {
        if (s->tables[r->table].column_count == 0) { /* empty: checked when its header was read */
            source_close(&s->tables[r->table].source);
            r->table++;
            continue;
        }
        if (!r->is_open && !reader_open(s, 0, problems))
            return false;
        struct survey_chunk *c = chunk_take(s);
        if (!c)
            return survey_no_memory(problems);
        if (!make_chunk(s, c, problems)) {
            survey_chunk_free(c);
            return false;
        }
        if (c->record_count > 0) {
            *chunk = c;
            return true;
        }
        survey_chunk_recycle(s, c);
    }
    return true;
}
