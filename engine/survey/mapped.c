/* In: a cell of a column that is read through a mapping. Out: its answer. Next: cell puts it into
 * the row's block. The one idea: a spelling is made loose and looked up once; from then on its
 * bytes are compared where they stand, its end included, which keeps labels nearly as cheap as
 * digits: nothing is scanned, validated or copied. */
#include "survey/mapped.h"

#include <math.h>
#include <stdlib.h>

enum {
    SPELLINGS = 16,      /* of a reading that are known by their bytes */
    SPELLING_BYTES = 60, /* of the longest */
    LABEL_BYTES = 4096   /* longer cells are no labels */
};

enum { UNKNOWN = UINT32_MAX };

/* A cell as it stands in the file, with its quotes. */
struct spelling {
    uint64_t first, mask; /* its first eight bytes, where it has so many */
    uint8_t size, code;
    char bytes[SPELLING_BYTES];
};

/* Of one reading. */
struct spellings {
    uint32_t count;
    struct spelling at[SPELLINGS];
};

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

/* --- labels ----------------------------------------------------------------------------------- */

static inline uint64_t first_eight(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

/* The bytes behind the first eight; both may be read eight at a time. */
static inline bool is_rest_equal(const char *p, const char *q, size_t size)
{
    for (size_t i = 8; i + 8 <= size; i += 8)
        if (first_eight(p + i) != first_eight(q + i))
            return false;
    return size <= 8 || first_eight(p + size - 8) == first_eight(q + size - 8);
}

bool mapped_quick(const struct batch *b, const struct reading *r, const char *p, const char *end,
                  uint8_t *code, const char **stop)
{
    const struct spellings *own = &b->spellings[r->index];
    const char separator = b->table->separator;
    const uint64_t first = first_eight(p);
    const size_t left = (size_t)(end - p);
    for (uint32_t i = 0; i < own->count; i++) {
        const struct spelling *s = &own->at[i];
        if ((first & s->mask) != s->first || s->size > left || !is_rest_equal(p, s->bytes, s->size))
            continue;
        if (s->size < left && p[s->size] != separator)
            continue;
        *code = s->code;
        *stop = p + s->size;
        return true;
    }
    return false;
}

void mapped_learn(struct batch *b, const struct reading *r, struct text raw, uint8_t code)
{
    struct spellings *own = &b->spellings[r->index];
    if (own->count == SPELLINGS || raw.size > SPELLING_BYTES)
        return;
    struct spelling *s = &own->at[own->count++];
    *s = (struct spelling){.size = (uint8_t)raw.size, .code = code};
    memcpy(s->bytes, raw.at, raw.size);
    s->mask = raw.size < 8 ? (UINT64_C(1) << 8 * raw.size) - 1 : ~UINT64_C(0);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    s->mask = __builtin_bswap64(s->mask);
#endif
    s->first = first_eight(s->bytes) & s->mask;
}

/* The label a cell says, or UNKNOWN. */
static uint32_t label_of(struct batch *b, const struct reading *r, struct text value)
{
    struct buffer loose;
    if (value.size > LABEL_BYTES)
        return UNKNOWN;
    buffer_init(&loose);
    b->no_memory |= !utf8_loose(value, &loose);
    uint32_t label = idmap_get(&r->by_label, buffer_view(&loose));
    buffer_deinit(&loose);
    return label == IDMAP_NONE ? UNKNOWN : label;
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

/* The longest label that stands at the start of t with a separator behind it, or UNKNOWN. */
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
    return UNKNOWN;
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
        uint8_t choice = label == UNKNOWN ? r->other : r->labels[label].code;
        if (label == UNKNOWN && !r->other) {
            cause = CAUSE_UNKNOWN_LABEL;
            break;
        }
        if (choice == CODE_BLANK || choice >= CODE_SKIPPED)
            a->code = choice; /* a state stands alone */
        else
            a->ticked |= UINT64_C(1) << (choice - 1);
        if (label != UNKNOWN)
            i += r->labels[label].loose.size;
        while (label == UNKNOWN && i < t.size && !is_between(r, t.at[i]))
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
    uint32_t label = value.size ? label_of(b, r, value) : UNKNOWN;
    if (value.size && label == UNKNOWN)
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
        (a->code = r->digit[value.at[0] - '0']) != 0) {
        b->said = a->code;
        b->is_said = true;
        return MAPPED_DONE;
    }
    a->code = CODE_BLANK;
    uint32_t label = label_of(b, r, value);
    if (label != UNKNOWN) {
        a->code = b->said = r->labels[label].code;
        a->number = r->labels[label].number;
        b->is_said = q->kind != KIND_MANY_OF;
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
    uint32_t label = value.size ? label_of(b, r, value) : UNKNOWN;
    return label == UNKNOWN ? value : r->labels[label].is;
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
