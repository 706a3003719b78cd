/* In: an open export. Out: the values of each column in its first rows. Next: propose looks what
 * they could be. */
#include "survey/sample.h"

enum { SAMPLE_BYTES = 200 }; /* longer cells are no labels */

static void note_number(struct sample_column *c, struct text value)
{
    double x;
    char plain[40];
    size_t size = number_plain(value, NUMBER_SIGN_ANY, plain);
    if (number_parse((struct text){plain, size}, &x) != NUMBER_OK)
        return;
    c->lo = c->numbers == 0 || x < c->lo ? x : c->lo;
    c->hi = c->numbers == 0 || x > c->hi ? x : c->hi;
    c->numbers++;
}

/* Among the values kept: whether it is one of them, or there is no room for more. */
static bool is_counted(struct sample_column *c, struct text loose)
{
    for (uint32_t i = 0; i < c->value_count; i++)
        if (text_equal(c->values[i].loose, loose)) {
            c->values[i].count++;
            return true;
        }
    c->has_more |= c->value_count == SAMPLE_VALUES;
    return c->value_count == SAMPLE_VALUES;
}

static void note_value(struct arena *a, struct sample_column *c, struct text value)
{
    struct buffer b;
    buffer_init(&b);
    bool ok = value.size <= SAMPLE_BYTES && utf8_loose(value, &b);
    bool is_new = ok && b.size > 0 && !is_counted(c, buffer_view(&b));
    c->filled += value.size > SAMPLE_BYTES || b.size > 0;
    c->has_more |= value.size > SAMPLE_BYTES;
    if (!is_new && !b.failed) {
        if (b.size)
            note_number(c, value);
        buffer_deinit(&b);
        return;
    }
    note_number(c, value);
    struct text loose = heading_keep(a, &b);
    c->values[c->value_count++] = (struct sample_value){arena_text(a, value), loose, 1};
}

static void note_row(struct arena *a, const struct table *t, const char *p, const char *end,
                     size_t max_field, struct sample *out)
{
    const char *stop;
    out->rows++;
    for (uint32_t i = 0; i < t->column_count; i++) {
        if (row_cell(p, end, t->separator, max_field, &stop) != CAUSE_NONE)
            return;
        struct text value = cell_plain((struct text){p, (size_t)(stop - p)}, a);
        if (value.at && utf8_valid(value) == value.size)
            note_value(a, &out->columns[i], value);
        if (stop == end)
            return;
        p = stop + 1;
    }
}

static const char *record_end(const struct survey_chunk *c, size_t i)
{
    const char *end = c->bytes + (i + 1 < c->record_count ? c->starts[i + 1] : c->size);
    while (scan_is_line_end(end[-1]))
        end--;
    return end;
}

struct noting {
    struct arena *arena;
    const struct survey *survey;
    const struct survey_chunk *chunk;
    struct sample *out;
};

static bool is_enough(const struct sample *out, const struct table *t)
{
    return out->rows >= SAMPLE_ROWS || (uint64_t)out->rows * t->column_count >= SAMPLE_CELLS;
}

static void note_chunk(void *ctx)
{
    struct noting *n = ctx;
    const struct table *t = &n->survey->tables[0];
    const struct survey_chunk *c = n->chunk;
    if (!n->out->columns)
        n->out->columns = arena_array(n->arena, t->column_count + 1, sizeof *n->out->columns);
    for (size_t i = 0; c && i < c->record_count && !is_enough(n->out, t); i++)
        note_row(n->arena, t, c->bytes + c->starts[i], record_end(c, i), n->survey->max_field,
                 n->out);
}

bool sample_read(struct arena *a, struct survey *s, struct sample *out, struct problems *problems)
{
    bool ok = true;
    *out = (struct sample){.rows = 0};
    do {
        struct survey_chunk *c;
        if (!reader_next(s, &c, problems))
            return false;
        struct noting n = {a, s, c, out};
        ok = arena_run(a, note_chunk, &n) || survey_no_memory(problems);
        survey_chunk_free(c);
        if (!c)
            break;
    } while (ok && s->reader.table == 0 && !is_enough(out, &s->tables[0]));
    return ok;
}
