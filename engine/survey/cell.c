/* In: one cell. Out: an answer in the row's block, a key, a kept cell, or a fault. Next: batch. The
 * usual forms of each kind are read here; everything else is for answer_parse to say. */
#include "survey/mapped.h"

enum { NUMBER_BYTES = 60 }; /* of a number with its spaces; what is longer is none */

struct one_cell {
    const char *stop; /* a separator, or the end of the row */
    struct text value;
    bool is_ascii;
};

static inline enum cause read_unquoted(const char *p, const char *end, char separator,
                                       struct one_cell *c)
{
    uint32_t not_ascii = 0;
    for (const char *q = p;; q += 16) {
        uint32_t high, stops = scan_stops(q, separator, &high);
        for (; stops; stops &= stops - 1) {
            uint32_t i = (uint32_t)__builtin_ctz(stops);
            c->stop = q + i;
            if (c->stop >= end || *c->stop == separator) {
                c->value = (struct text){p, (size_t)(c->stop - p)};
                c->is_ascii = (not_ascii | (high & ((1u << i) - 1))) == 0;
                return CAUSE_NONE;
            }
            if (*c->stop == '"')
                return CAUSE_UNQUOTED_VALUE;
            if (*c->stop == '\0')
                return CAUSE_NUL_BYTE;
        }
        not_ascii |= high;
    }
}

static struct text undouble(struct arena *scratch, const char *p, size_t size)
{
    char *to = arena_try(scratch, size);
    size_t n = 0;
    for (size_t i = 0; to && i < size; i++) {
        to[n++] = p[i];
        i += p[i] == '"';
    }
    return (struct text){to, n};
}

struct text cell_plain(struct text raw, struct arena *scratch)
{
    if (raw.size < 2 || raw.at[0] != '"')
        return raw;
    struct text inside = {raw.at + 1, raw.size - 2};
    return memchr(inside.at, '"', inside.size) ? undouble(scratch, inside.at, inside.size) : inside;
}

/* The cell ends in `end` at the latest: a line end stands there, so a quote there is none. */
static enum cause read_quoted(struct batch *b, const char *p, const char *end, char separator,
                              struct one_cell *c)
{
    uint32_t not_ascii = 0;
    bool doubled = false;
    const char *q = p + 1;
    while (q < end) {
        uint32_t high, bits = scan_quotes(q, &high);
        if (bits == 0) {
            not_ascii |= high;
            q += 16;
            continue;
        }
        uint32_t i = (uint32_t)__builtin_ctz(bits);
        not_ascii |= high & ((1u << i) - 1);
        q += i;
        if (q >= end)
            break;
        if (*q == '\0')
            return CAUSE_NUL_BYTE;
        if (q + 1 < end && q[1] == '"') {
            doubled = true;
            q += 2;
            continue;
        }
        c->stop = q + 1;
        if (c->stop < end && *c->stop != separator)
            return CAUSE_UNQUOTED_VALUE;
        c->value = (struct text){p + 1, (size_t)(q - p - 1)};
        c->is_ascii = not_ascii == 0;
        if (doubled)
            c->value = undouble(b->scratch, c->value.at, c->value.size);
        b->no_memory |= c->value.at == NULL;
        return CAUSE_NONE;
    }
    return CAUSE_UNCLOSED_QUOTE;
}

/* No byte of 0xCC or more: every character is below U+0300. */
static bool is_composed(struct text t)
{
    return !scan_reaches(t.at, t.size, 0xCC) || utf8_is_composed(t);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* A text that answer_parse would take as it stands; valid UTF-8 is known. */
static bool is_plain_text(const struct one_cell *c)
{
    struct text t = c->value;
    return t.size > 2 && t.size <= LIMIT_PATTERN_TEXT && !is_space(t.at[0]) &&
           (c->is_ascii || is_composed(t));
}

static uint8_t quick_code(const struct step *s, const struct question *q, const struct one_cell *c)
{
    if (q->kind == KIND_ONE_OF)
        return choice_find(&s->choices, q, c->value);
    if (q->kind != KIND_YESNO)
        return 0;
    return text_is(c->value, "yes") ? YESNO_YES : text_is(c->value, "no") ? YESNO_NO : 0;
}

static const enum cause ANSWER_CAUSES[ANSWER_FAULT_COUNT] = {
    [ANSWER_OK] = CAUSE_NONE,
    [ANSWER_NOT_NUMBER] = CAUSE_NOT_A_NUMBER,
    [ANSWER_NOT_WHOLE] = CAUSE_NOT_WHOLE,
    [ANSWER_OUTSIDE] = CAUSE_OUTSIDE,
    [ANSWER_NOT_CHOICE] = CAUSE_NOT_A_CHOICE,
    [ANSWER_NOT_YESNO] = CAUSE_NOT_YES_OR_NO,
    [ANSWER_NOT_TEXT] = CAUSE_NOT_UTF8,
    [ANSWER_NO_MEMORY] = CAUSE_NONE,
};

/* A number may be written as people write it: 3,5 or 1 234. */
static enum answer_fault parse_answer(struct batch *b, const struct question *q, struct text value,
                                      struct answer *a)
{
    enum number_sign sign = b->columns->decimal;
    bool is_number = q->kind == KIND_NUMBER || q->kind == KIND_SCALE;
    enum answer_fault f = ANSWER_NOT_NUMBER;
    if (!is_number || sign != NUMBER_SIGN_COMMA || !memchr(value.at, '.', value.size))
        f = answer_parse(q, value, b->scratch, a);
    if (f != ANSWER_NOT_NUMBER || !is_number || value.size > NUMBER_BYTES)
        return f;
    char plain[40];
    size_t size = number_plain(value, sign, plain);
    return size ? answer_parse(q, (struct text){plain, size}, b->scratch, a) : f;
}

static enum cause take_answer(struct batch *b, const struct step *s, uint32_t slot, uint32_t row,
                              const struct one_cell *c)
{
    const struct layout *l = &b->columns->layout;
    const struct question *q = l->slots[slot].of;
    struct answer a = {.code = CODE_BLANK, .text = {"", 0}};
    if (s->reading) {
        enum cause cause;
        enum mapped m = mapped_read(b, s->reading, slot, row, c->value, &a, &cause);
        if (m == MAPPED_DONE && cause == CAUSE_NONE) {
            layout_set(l, slot, batch_row(b, row), &a);
            b->said = a.code;
            b->is_said = true;
        }
        if (m != MAPPED_PLAIN) {
            if (b->table->closes && batch_row(b, row)[slot] != CODE_BLANK)
                b->reached[row] = s->column;
            return cause;
        }
        b->reached[row] = s->column;
    } else if (c->value.size == 0 || (a.code = quick_code(s, q, c)) != 0) {
        layout_set(l, slot, batch_row(b, row), &a);
        return CAUSE_NONE;
    }
    if (q->kind == KIND_TEXT && is_plain_text(c)) {
        a.code = 1;
        a.text = c->value;
    } else {
        enum answer_fault f = parse_answer(b, q, c->value, &a);
        b->no_memory |= f == ANSWER_NO_MEMORY;
        if (f != ANSWER_OK && f != ANSWER_NO_MEMORY)
            return ANSWER_CAUSES[f];
        b->cut[row] = (uint16_t)(b->cut[row] + (q->kind == KIND_TEXT && a.code == TEXT_CUT));
    }
    layout_set(l, slot, batch_row(b, row), &a);
    return CAUSE_NONE;
}

/* Steps over a cell that ends at `stop`. */
static inline void step_over(struct batch *b, uint32_t row, uint32_t column, bool ends_row,
                             const char *stop)
{
    if ((stop == b->end[row]) == ends_row) {
        b->at[row] = stop + 1;
        return;
    }
    batch_fail(b, row, ends_row ? CAUSE_TOO_MANY_FIELDS : CAUSE_TOO_FEW_FIELDS, column + 1,
               (struct text){stop, 0}, stop);
}

/* Of tools that say so: whether the person finished, and was one. */
static void take_status(struct batch *b, const struct step *s, uint32_t row, struct text value)
{
    const uint64_t bit = UINT64_C(1) << row;
    if (status_is_abandoned(s->status, value))
        b->abandoned |= bit;
    if (status_is_preview(s->status, value))
        b->previews |= bit;
    b->left_out |= (b->columns->drops_abandoned ? b->abandoned & bit : 0) |
                   (b->columns->drops_previews ? b->previews & bit : 0);
}

struct text key_plain(struct text value, struct arena *scratch)
{
    struct buffer composed;
    value = text_trim(value);
    if (utf8_is_ascii(value) || utf8_valid(value) < value.size)
        return value;
    buffer_init(&composed);
    bool ok = utf8_fold(value, &composed);
    char *copy = ok ? arena_try(scratch, composed.size) : NULL;
    if (copy)
        memcpy(copy, composed.at, composed.size);
    value = (struct text){copy, composed.size};
    buffer_deinit(&composed);
    return value;
}

/* What a whole cell is for. */
static enum cause take_roles(struct batch *b, const struct step *s, uint32_t row,
                             const struct one_cell *c, const char *raw)
{
    if (s->roles & (ROLE_CASE | ROLE_PARTNER | ROLE_RESPONDENT | ROLE_WAVE)) {
        struct text value = text_trim(c->value);
        if (s->reading && !s->reading->of)
            value = mapped_key(b, s->reading, value);
        value = key_plain(value, b->scratch);
        b->no_memory |= value.at == NULL;
        if (s->roles & ROLE_CASE) {
            if (value.size == 0)
                return CAUSE_NO_CASE;
            b->key[row] = value;
        }
        if (s->roles & ROLE_PARTNER)
            b->partner[row] = value;
        if (s->roles & ROLE_RESPONDENT)
            b->respondent[row] = value;
        if (s->roles & ROLE_WAVE)
            b->wave[row] = value;
    }
    if (s->roles & ROLE_STATUS)
        take_status(b, s, row, c->value);
    for (uint32_t i = 0; i < s->keep_count; i++)
        b->kept[row * b->keep_count + s->keep[i]] = (struct text){raw, (size_t)(c->stop - raw)};
    return s->roles & ROLE_QUESTION ? take_answer(b, s, s->slot, row, c) : CAUSE_NONE;
}

/* Any cell; `slot` NONE: s->roles says what it is for, else it answers that slot. */
static void read_any(struct batch *b, const struct step *s, uint32_t column, uint32_t slot,
                     bool ends_row, uint32_t row)
{
    const char *p = b->at[row], *end = b->end[row];
    struct one_cell c = {.stop = p, .value = {p, 0}};
    enum cause cause = p < end && *p == '"' ? read_quoted(b, p, end, b->table->separator, &c)
                                            : read_unquoted(p, end, b->table->separator, &c);
    size_t offset = (size_t)(c.stop - p);
    if (b->no_memory)
        return;
    if (cause == CAUSE_NONE && !c.is_ascii) {
        offset = utf8_valid(c.value);
        cause = offset == c.value.size ? CAUSE_NONE : CAUSE_NOT_UTF8;
    }
    if (cause == CAUSE_NONE)
        cause = slot == NONE ? take_roles(b, s, row, &c, p) : take_answer(b, s, slot, row, &c);
    if (cause == CAUSE_NONE) {
        step_over(b, row, column, ends_row, c.stop);
        return;
    }
    batch_fail(b, row, cause, column, c.value, p);
    b->fault[row].offset = offset;
}

/* An empty cell, a digit, a digit in quotes; the rest is for read_any. */
static bool read_digit(struct batch *b, const struct piece *k, uint32_t i, uint8_t *code,
                       const char **stop, uint32_t row)
{
    const char *p = *stop, *end = b->end[row];
    const char separator = b->table->separator;
    if (p == end || *p == separator) {
        *code = CODE_BLANK;
        return true;
    }
    bool quoted = *p == '"';
    p += quoted;
    unsigned above = ((unsigned)(unsigned char)*p - k->least[i]) & 255u;
    if (above > k->width[i] || (quoted && *++p != '"'))
        return false;
    p++;
    *stop = p;
    *code = (uint8_t)(above + k->code[i]);
    return p == end || *p == separator;
}

void cell_read_scale(struct batch *b, const struct step *run, uint32_t i, uint32_t row)
{
    const char *stop = b->at[row];
    uint8_t code;
    if (!read_digit(b, &run->pieces[i / 8], i % 8, &code, &stop, row)) {
        read_any(b, run, run->column + i, run->slot + i, false, row);
        return;
    }
    batch_row(b, row)[run->slot + i] = code;
    step_over(b, row, run->column + i, false, stop);
}

/* A column nobody reads, at the end of the row. */
static void read_ignored(struct batch *b, const struct step *s, uint32_t row)
{
    const char *p = b->at[row], *stop;
    enum cause cause = row_cell(p, b->end[row], b->table->separator, b->max_field, &stop);
    if (cause == CAUSE_NONE)
        step_over(b, row, s->column, s->ends_row, stop);
    else
        batch_fail(b, row, cause, s->column, (struct text){p, (size_t)(stop - p)}, p);
}

static void read_scale(struct batch *b, const struct step *s, uint32_t row)
{
    const char *stop = b->at[row];
    uint8_t code;
    if (!read_digit(b, s->pieces, 0, &code, &stop, row)) {
        read_any(b, s, s->column, NONE, s->ends_row, row);
        return;
    }
    batch_row(b, row)[s->slot] = code;
    step_over(b, row, s->column, s->ends_row, stop);
}

/* Most texts of an export are empty. */
static void read_text(struct batch *b, const struct step *s, uint32_t row)
{
    const struct layout *l = &b->columns->layout;
    const char *p = b->at[row];
    if (p != b->end[row] && *p != b->table->separator) {
        read_any(b, s, s->column, NONE, s->ends_row, row);
        return;
    }
    uint8_t *block = batch_row(b, row);
    block[s->slot] = CODE_BLANK;
    layout_texts(l, block)[l->slots[s->slot].beside] = (struct text){"", 0};
    step_over(b, row, s->column, s->ends_row, p);
}

/* Keys and kept cells without quotes and in ASCII, which nearly all are. */
static inline void read_name(struct batch *b, const struct step *s, uint32_t row)
{
    const char *p = b->at[row], *end = b->end[row];
    struct one_cell c;
    if (p == end || *p == '"' || is_space(*p) ||
        read_unquoted(p, end, b->table->separator, &c) != CAUSE_NONE || !c.is_ascii ||
        c.value.size == 0 || is_space(c.value.at[c.value.size - 1])) {
        read_any(b, s, s->column, NONE, s->ends_row, row);
        return;
    }
    if (s->roles & ROLE_CASE)
        b->key[row] = c.value;
    if (s->roles & ROLE_PARTNER)
        b->partner[row] = c.value;
    if (s->roles & ROLE_RESPONDENT)
        b->respondent[row] = c.value;
    if (s->roles & ROLE_WAVE)
        b->wave[row] = c.value;
    if (s->roles & ROLE_STATUS)
        take_status(b, s, row, c.value);
    for (uint32_t i = 0; i < s->keep_count; i++)
        b->kept[row * b->keep_count + s->keep[i]] = c.value;
    step_over(b, row, s->column, s->ends_row, c.stop);
}

/* A code that was said by a known spelling. */
static inline void take_code(struct batch *b, const struct step *s, uint32_t row, uint8_t code)
{
    uint8_t *said = &batch_row(b, row)[s->slot];
    if (s->reading->option)
        mapped_option(b, s->reading, s->slot, row, code);
    else
        *said = code;
    if (*said != CODE_BLANK)
        b->reached[row] = s->column;
}

/* Cells whose spelling is not known are read as any, and their spelling then is. */
static void read_spelling(struct batch *b, const struct step *s, struct spellings *own,
                          uint32_t row)
{
    const char *p = b->at[row];
    const struct spelling *known = spellings_find(own, p);
    if (known) {
        b->at[row] = p + known->size;
        take_code(b, s, row, known->code);
        return;
    }
    b->is_said = false;
    read_any(b, s, s->column, NONE, s->ends_row, row);
    if (b->is_said && !batch_is_dead(b, row))
        spellings_learn(own, (struct text){p, (size_t)(b->at[row] - p)}, b->said);
}

/* A column of codes read through a mapping. */
static void read_codes(struct batch *b, const struct step *s)
{
    struct spellings *own = &b->spellings[s->reading->index];
    uint8_t codes[BATCH_ROWS];
    const uint64_t rows = ~b->dead & ~UINT64_C(0) >> (BATCH_ROWS - b->count);
    const bool goes_straight = !s->reading->option && !b->table->closes;
    uint64_t unknown = goes_straight ? spellings_read(own, b->at, rows, b->rows + s->slot,
                                                      b->columns->layout.stride)
                                     : spellings_read(own, b->at, rows, codes, 1);
    for (uint64_t left = goes_straight ? 0 : rows & ~unknown; left; left &= left - 1) {
        uint32_t r = (uint32_t)__builtin_ctzll(left);
        take_code(b, s, r, codes[r]);
    }
    for (; unknown; unknown &= unknown - 1)
        read_spelling(b, s, own, (uint32_t)__builtin_ctzll(unknown));
}

void cells_read(struct batch *b, const struct step *s)
{
    const struct question *q =
        s->roles == ROLE_QUESTION ? b->columns->layout.slots[s->slot].of : NULL;
    if (q && s->reading && mapped_is_code(s->reading)) {
        read_codes(b, s);
        return;
    }
    for (uint32_t r = 0; r < b->count; r++) {
        if (batch_is_dead(b, r))
            continue;
        if (s->roles == 0)
            read_ignored(b, s, r);
        else if (s->reading)
            read_any(b, s, s->column, NONE, s->ends_row, r);
        else if ((s->roles & ROLE_QUESTION) == 0)
            read_name(b, s, r);
        else if (q && s->pieces)
            read_scale(b, s, r);
        else if (q && q->kind == KIND_TEXT)
            read_text(b, s, r);
        else
            read_any(b, s, s->column, NONE, s->ends_row, r);
    }
}
