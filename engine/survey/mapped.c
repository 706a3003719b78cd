/* In: a cell of a column that is read through a mapping. Out: its answer. Next: cell puts it into
 * the row's block. The one idea: what a cell says is found here and nowhere else; where that is a
 * code, spellings remembers it, and the same bytes do not come here again. */
#include "survey/mapped.h"

#include <math.h>
#include <stdlib.h>

enum { LABEL_BYTES = 4096 /* longer cells are no labels */ };

bool mapped_init(struct batch *b)
{
    uint32_t readings = b->columns->reading_count;
    if (readings)
        b->spellings = calloc(readings, sizeof *b->spellings);
    return readings == 0 || b->spellings;
}

void mapped_deinit(struct batch *b)
{
    free(b->spellings);
    b->spellings = NULL;
}

bool mapped_is_code(const struct reading *r)
{
    return r->of && (r->option || (!r->follows && (r->of->kind == KIND_SCALE ||
                                                  r->of->kind == KIND_ONE_OF ||
                                                  r->of->kind == KIND_YESNO)));
}

/* --- labels ----------------------------------------------------------------------------------- */

/* The label a cell says, or NONE. */
static uint32_t label_of(struct batch *b, const struct reading *r, struct text value)
{
    struct buffer loose;
    if (value.size > LABEL_BYTES)
        return NONE;
    buffer_init(&loose);
    b->no_memory |= !utf8_loose(value, &loose);
    uint32_t label = idmap_get(&r->by_label, buffer_view(&loose));
    buffer_deinit(&loose);
    return label == IDMAP_NONE ? NONE : label;
}

/* --- kinds of answers ------------------------------------------------------------------------- */

/* "0 - Pas du tout", "10 (all my time)": the number in front; the size of it, 0: there is none. */
static size_t worded_number(struct text t)
{
    size_t n = t.size && t.at[0] == '-' ? 1 : 0;
    while (n < t.size && t.at[n] >= '0' && t.at[n] <= '9')
        n++;
    size_t i = n;
    while (i < t.size && t.at[i] == ' ')
        i++;
    if (n == 0 || i + 1 >= t.size)
        return 0;
    struct text rest = {t.at + i, t.size - i};
    bool is_mark = strchr("-(:=.", rest.at[0]) && (i > n || rest.at[1] == ' ');
    return is_mark ? n : 0;
}

/* A number, or one with words behind it: looked for in the loose text, which has no marks that
 * nobody sees. */
static bool find_number(struct batch *b, struct text t, double *x)
{
    char plain[40];
    size_t size = number_plain(t, b->columns->decimal, plain);
    if (number_parse((struct text){plain, size}, x) == NUMBER_OK)
        return true;
    struct buffer loose;
    buffer_init(&loose);
    b->no_memory |= !utf8_loose(t, &loose);
    struct text words = buffer_view(&loose);
    size_t worded = worded_number(words);
    size = number_plain(words, b->columns->decimal, plain);
    bool found = number_parse((struct text){plain, size}, x) == NUMBER_OK ||
                 number_parse((struct text){words.at, worded}, x) == NUMBER_OK;
    buffer_deinit(&loose);
    return found;
}

static enum cause read_scale(struct batch *b, const struct reading *r, struct text t, uint8_t *code)
{
    double x;
    if (!find_number(b, t, &x))
        return r->set ? CAUSE_UNKNOWN_LABEL : CAUSE_NOT_A_NUMBER;
    if (!r->has_from && x != floor(x))
        return CAUSE_NOT_WHOLE;
    *code = reading_scale(r, x);
    return *code ? CAUSE_NONE : CAUSE_OUTSIDE;
}

static bool is_between(const struct reading *r, char c)
{
    return c != '\0' && memchr(r->joined.at, c, r->joined.size) != NULL;
}

static size_t skip_between(const struct reading *r, struct text t, size_t i)
{
    while (i < t.size && (t.at[i] == ' ' || is_between(r, t.at[i])))
        i++;
    return i;
}

/* The longest label that stands at the start of t with a separator behind it, or NONE. */
static uint32_t first_choice(const struct reading *r, struct text t)
{
    for (uint32_t i = 0; i < r->label_count; i++) {
        struct text l = r->labels[i].loose;
        if (l.size == 0 || l.size > t.size || memcmp(l.at, t.at, l.size) != 0)
            continue;
        size_t behind = l.size;
        while (behind < t.size && t.at[behind] == ' ' && !is_between(r, ' '))
            behind++;
        if (behind == t.size || is_between(r, t.at[behind]))
            return i;
    }
    return NONE;
}

static enum cause read_joined(struct batch *b, const struct reading *r, struct text value,
                              struct answer *a)
{
    struct buffer loose;
    enum cause cause = CAUSE_NONE;
    buffer_init(&loose);
    if (!utf8_loose(value, &loose))
        b->no_memory = true;
    struct text t = buffer_view(&loose);
    a->code = 1;
    for (size_t i = skip_between(r, t, 0); i < t.size; i = skip_between(r, t, i)) {
        struct text rest = {t.at + i, t.size - i};
        uint32_t label = first_choice(r, rest);
        uint8_t choice = label == NONE ? r->other : r->labels[label].code;
        if (label == NONE && !r->other) {
            cause = CAUSE_UNKNOWN_LABEL;
            break;
        }
        if (choice == CODE_BLANK || choice >= CODE_SKIPPED)
            a->code = choice; /* a state stands alone */
        else
            a->ticked |= UINT64_C(1) << (choice - 1);
        if (label != NONE)
            i += r->labels[label].loose.size;
        while (label == NONE && i < t.size && !is_between(r, t.at[i]))
            i++;
    }
    if (a->ticked)
        a->code = 1;
    buffer_deinit(&loose);
    return cause;
}

void mapped_option(const struct batch *b, const struct reading *r, uint32_t slot, uint32_t row,
                   uint8_t said)
{
    const struct layout *l = &b->columns->layout;
    uint8_t *block = batch_row(b, row);
    uint64_t *ticked = &layout_ticked(l, block)[l->slots[slot].beside];
    if (!r->follows) {
        block[slot] = CODE_BLANK;
        *ticked = 0;
    }
    if (said != OPTION_TICKED && said != OPTION_NOT_TICKED)
        return;
    block[slot] = 1;
    if (said == OPTION_TICKED)
        *ticked |= UINT64_C(1) << (r->option - 1);
}

/* One option of a multiple choice; nothing in it says nothing. */
static enum cause read_option(struct batch *b, const struct reading *r, uint32_t slot, uint32_t row,
                              struct text value)
{
    uint32_t label = value.size ? label_of(b, r, value) : NONE;
    if (value.size && label == NONE)
        return CAUSE_UNKNOWN_LABEL;
    b->said = value.size ? r->labels[label].code : CODE_BLANK;
    b->is_said = true;
    mapped_option(b, r, slot, row, b->said);
    return CAUSE_NONE;
}

enum mapped mapped_read(struct batch *b, const struct reading *r, uint32_t slot, uint32_t row,
                        struct text value, struct answer *a, enum cause *cause)
{
    const struct question *q = r->of;
    uint8_t *block = batch_row(b, row);
    *cause = CAUSE_NONE;
    if (r->option) {
        *cause = read_option(b, r, slot, row, value);
        return MAPPED_STANDS;
    }
    if (r->follows && (value.size == 0 || block[slot] != CODE_BLANK))
        return MAPPED_STANDS;
    if (value.size == 0)
        return MAPPED_DONE;
    if (value.size == 1 && value.at[0] >= '0' && value.at[0] <= '9' &&
        (a->code = r->digit[value.at[0] - '0']) != 0)
        return MAPPED_DONE;
    a->code = CODE_BLANK;
    uint32_t label = label_of(b, r, value);
    if (label != NONE) {
        a->code = r->labels[label].code;
        a->number = r->labels[label].number;
        if (q->kind == KIND_MANY_OF && a->code != CODE_BLANK && a->code < CODE_SKIPPED) {
            a->ticked = UINT64_C(1) << (a->code - 1);
            a->code = 1;
        }
        return MAPPED_DONE;
    }
    switch (q->kind) {
    case KIND_SCALE: *cause = read_scale(b, r, text_trim(value), &a->code); break;
    case KIND_MANY_OF: *cause = read_joined(b, r, value, a); break;
    case KIND_ONE_OF:
    case KIND_YESNO:
        a->code = r->other;
        *cause = r->other ? CAUSE_NONE : CAUSE_UNKNOWN_LABEL;
        break;
    default: return MAPPED_PLAIN;
    }
    return MAPPED_DONE;
}

struct text mapped_key(struct batch *b, const struct reading *r, struct text value)
{
    uint32_t label = value.size ? label_of(b, r, value) : NONE;
    return label == NONE ? value : r->labels[label].is;
}

/* --- rows that are whole ---------------------------------------------------------------------- */

static const char BETWEEN[] = " \xC2\xB7 ";

/* A case of a wave: "key · wave"; where waves are compared, the key alone. */
static void name_case(struct batch *b, uint32_t row)
{
    const struct columns *c = b->columns;
    struct text key = c->has_key[KEY_CASE] ? b->key[row] : c->constant_case;
    struct text wave = c->has_key[KEY_WAVE] && !c->options->compare ? b->wave[row] : TEXT("");
    if (key.size == 0 || wave.size == 0) {
        b->key[row] = key.size ? key : wave;
        if (b->key[row].size == 0)
            batch_fail(b, row, CAUSE_NO_CASE, b->table->keys[KEY_WAVE], TEXT(""), b->start[row]);
        return;
    }
    char *at = arena_try(b->scratch, key.size + sizeof BETWEEN - 1 + wave.size);
    if (!at) {
        b->no_memory = true;
        return;
    }
    memcpy(at, key.at, key.size);
    memcpy(at + key.size, BETWEEN, sizeof BETWEEN - 1);
    memcpy(at + key.size + sizeof BETWEEN - 1, wave.at, wave.size);
    b->key[row] = (struct text){at, key.size + sizeof BETWEEN - 1 + wave.size};
}

void mapped_close(struct batch *b)
{
    const struct table *t = b->table;
    const struct layout *l = &b->columns->layout;
    for (uint32_t row = 0; row < b->count; row++) {
        if (batch_is_dead(b, row))
            continue;
        uint8_t *block = batch_row(b, row);
        for (uint32_t i = 0; i < t->closing_count; i++) {
            const struct closing *k = &t->closings[i];
            if (block[k->slot] != CODE_BLANK || b->reached[row] <= k->last_column)
                continue;
            block[k->slot] = 1;
            layout_ticked(l, block)[l->slots[k->slot].beside] = 0;
        }
        if (b->columns->has_case &&
            (b->columns->has_key[KEY_WAVE] || b->columns->constant_case.size))
            name_case(b, row);
    }
}
