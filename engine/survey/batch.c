/* In: where rows stand. Out: their answers in row blocks, and which rows are dead. Next: fill turns
 * blocks into columns; rowstore keeps them. The hot loops: runs of scale cells, eight at a time. */
#include "survey/mapped.h"

#include <stdlib.h>

bool batch_init(struct batch *b, const struct columns *c, size_t max_field, struct arena *scratch)
{
    *b = (struct batch){.columns = c, .max_field = max_field, .scratch = scratch};
    b->keep_count = c->options->keep_count;
    size_t keep = b->keep_count ? b->keep_count : 1;
    /* 16 more: a piece may write past the last slot, a tile may read past it. */
    size_t size = BATCH_ROWS * c->layout.stride + 16;
    b->kept = calloc(BATCH_ROWS * keep, sizeof *b->kept);
    b->rows = malloc(size);
    bool has_spellings = mapped_init(b);
    if (!b->kept || !b->rows || !has_spellings) {
        batch_deinit(b);
        return false;
    }
    memset(b->rows, 0, size);
    return true;
}

void batch_deinit(struct batch *b)
{
    mapped_deinit(b);
    free(b->kept);
    free(b->rows);
    b->kept = NULL;
    b->rows = NULL;
}

void batch_fail(struct batch *b, uint32_t row, enum cause cause, uint32_t column, struct text value,
                const char *place)
{
    b->dead |= UINT64_C(1) << row;
    b->fault[row] =
        (struct fault){.cause = cause, .column = column, .value = value, .place = place};
}

static void place_rows(struct batch *b, const char *bytes, const uint32_t *starts, uint32_t count,
                       size_t behind)
{
    for (uint32_t i = 0; i < count; i++) {
        const char *end = bytes + (i + 1 < count ? starts[i + 1] : behind);
        while (scan_is_line_end(end[-1]))
            end--;
        b->start[i] = b->at[i] = bytes + starts[i];
        b->end[i] = end;
    }
}

/* Columns this table does not have: their questions were not asked here. */
static void skip_absent(struct batch *b)
{
    const struct layout *l = &b->columns->layout;
    for (uint32_t i = 0; i < b->table->absent_count; i++) {
        const struct slot *s = &l->slots[b->table->absent[i]];
        for (uint32_t r = 0; r < b->count; r++) {
            uint8_t *row = batch_row(b, r);
            row[b->table->absent[i]] = CODE_SKIPPED;
            if (s->of->kind == KIND_TEXT)
                layout_texts(l, row)[s->beside] = (struct text){"", 0};
        }
    }
}

/* Cells that are a digit in quotes, or two quotes, as exports that quote everything have them: how
 * many of the piece's, and behind them in *at. */
static uint32_t read_quoted_digits(const char **at, const struct piece *k, char separator,
                                   uint8_t *to)
{
    const char *p = *at;
    uint32_t i = 0;
    for (; i < k->cells && p[0] == '"'; i++) {
        unsigned above = ((unsigned)(unsigned char)p[1] - k->least[i]) & 255u;
        if (above <= k->width[i] && p[2] == '"' && p[3] == separator) {
            to[i] = (uint8_t)(above + k->code[i]);
            p += 4;
        } else if (p[1] == '"' && p[2] == separator) {
            to[i] = CODE_BLANK;
            p += 3;
        } else {
            break;
        }
    }
    *at = p;
    return i;
}

/* A piece that is not simple: some cells empty, or longer than a digit, or quoted. */
static void read_hard_piece(struct batch *b, const struct step *s, uint32_t from, uint32_t row)
{
    const struct piece *k = &s->pieces[from / 8];
    uint8_t codes[8], *to = batch_row(b, row) + s->slot + from;
    size_t used = scan_piece_gaps(b->at[row], k, k->cells, b->table->separator, codes);
    if (used) {
        for (uint32_t i = 0; i < k->cells; i++)
            to[i] = codes[i];
        b->at[row] += used;
        return;
    }
    uint32_t i = from + read_quoted_digits(&b->at[row], k, b->table->separator, to);
    for (; i < from + k->cells && !batch_is_dead(b, row); i++)
        cell_read_scale(b, s, i, row);
}

/* One piece of a run, for all rows. Locals, because a byte written may alias anything. */
static inline void read_piece(struct batch *b, const struct step *s, uint32_t from, uint32_t cells)
{
    const struct piece *k = &s->pieces[from / 8];
    const scan_wide separator = scan_spread(b->table->separator);
    const size_t stride = b->columns->layout.stride;
    const uint32_t count = b->count;
    uint8_t *to = b->rows + s->slot + from;
    for (uint32_t r = 0; r < count; r++, to += stride) {
        uint8_t codes[8];
        if (batch_is_dead(b, r))
            continue;
        size_t used = scan_piece(b->at[r], k, cells, separator, codes);
        if (used && cells == 8)
            memcpy(to, codes, 8);
        else if (used)
            for (uint32_t i = 0; i < cells; i++)
                to[i] = codes[i];
        else
            read_hard_piece(b, s, from, r);
        b->at[r] += used;
    }
}

static void read_run(struct batch *b, const struct step *s)
{
    uint32_t from = 0;
    for (; from + 8 <= s->count; from += 8)
        read_piece(b, s, from, 8);
    if (from < s->count)
        read_piece(b, s, from, s->count - from);
}

/* Behind the count-th separator from p, if no quote stands in front of it; else NULL. */
static const char *skip_plain(const char *p, const char *end, char separator, uint32_t count)
{
    for (; p < end; p += 64) {
        size_t left = (size_t)(end - p);
        uint64_t within = left < 64 ? (UINT64_C(1) << left) - 1 : ~UINT64_C(0);
        uint64_t separators = scan_byte(p, separator) & within;
        uint64_t quotes = scan_byte(p, '"') & within;
        for (; separators; separators &= separators - 1) {
            if (--count > 0)
                continue;
            uint64_t in_front = (separators & -separators) - 1;
            return quotes & in_front ? NULL : p + __builtin_ctzll(separators) + 1;
        }
        if (quotes)
            return NULL;
    }
    return NULL;
}

static void skip_cells(struct batch *b, const struct step *s, uint32_t row)
{
    const char *p = b->at[row], *end = b->end[row], *stop;
    for (uint32_t i = 0; i < s->count; i++) {
        enum cause cause = row_cell(p, end, b->table->separator, b->max_field, &stop);
        if (cause == CAUSE_NONE && stop == end)
            cause = CAUSE_TOO_FEW_FIELDS;
        if (cause != CAUSE_NONE) {
            batch_fail(b, row, cause, s->column + i, (struct text){p, (size_t)(stop - p)}, p);
            return;
        }
        p = stop + 1;
    }
    b->at[row] = p;
}

static void skip_columns(struct batch *b, const struct step *s)
{
    for (uint32_t r = 0; r < b->count; r++) {
        if (batch_is_dead(b, r))
            continue;
        const char *p = skip_plain(b->at[r], b->end[r], b->table->separator, s->count);
        if (p)
            b->at[r] = p;
        else
            skip_cells(b, s, r);
    }
}

/* A row longer than a field may be is looked at as a whole first: then no cell of it is too long.
 */
static void check_lengths(struct batch *b)
{
    for (uint32_t r = 0; r < b->count; r++) {
        if ((size_t)(b->end[r] - b->start[r]) <= b->max_field)
            continue;
        struct shape shape;
        row_shape(b->table, b->start[r], b->end[r], b->max_field, NONE, &shape);
        if (shape.fault.cause != CAUSE_NONE) {
            b->dead |= UINT64_C(1) << r;
            b->fault[r] = shape.fault;
        }
    }
}

bool batch_read(struct batch *b, const struct table *t, const char *bytes, const uint32_t *starts,
                uint32_t count, size_t behind)
{
    b->table = t;
    b->count = count;
    b->dead = b->abandoned = b->previews = b->left_out = 0;
    b->no_memory = false;
    if (b->columns->layout.text_count)
        memset(b->cut, 0, sizeof b->cut);
    place_rows(b, bytes, starts, count, behind);
    check_lengths(b);
    if (t->absent_count)
        skip_absent(b);
    if (t->closes)
        memset(b->reached, 0, sizeof b->reached);
    for (uint32_t i = 0; i < t->step_count; i++) {
        const struct step *s = &t->steps[i];
        if (s->kind == STEP_RUN)
            read_run(b, s);
        else if (s->kind == STEP_SKIP)
            skip_columns(b, s);
        else
            cells_read(b, s);
    }
    if (t->closes)
        mapped_close(b);
    return !b->no_memory;
}
