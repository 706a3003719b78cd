/* In: a cell of a column that is read through a mapping. Out: its answer. Next: cell puts it into
 * the row's block. The one idea: a spelling is made loose and looked up once; then the bytes
 * themselves are known (struct spelling), which is what keeps labels as cheap as digits. */
#include "survey/mapped.h"

#include <math.h>
#include <stdlib.h>

enum {
    SPELLINGS = 64,           /* of a reading, a power of two */
    SPELLING_TRIES = 4,       /* places where one may stand */
    SPELLING_BYTES = 120,     /* of the longest kept */
    SPELLINGS_ALL = 32 << 20, /* bytes of all, as an arena's limit */
    LABEL_BYTES = 4096        /* longer cells are no labels */
};

struct spelling {
    const char *at; /* NULL: free */
    uint32_t size;
    uint32_t label; /* of the reading; UNKNOWN: it is none */
};

enum { UNKNOWN = UINT32_MAX };

struct spellings {
    struct arena texts;
    struct spelling *at; /* [readings][SPELLINGS] */
};

bool mapped_init(struct batch *b)
{
    uint32_t readings = b->columns->reading_count;
    if (readings == 0)
        return true;
    b->spellings = calloc(1, sizeof *b->spellings);
    if (!b->spellings)
        return false;
    arena_init(&b->spellings->texts, SPELLINGS_ALL);
    b->spellings->at = calloc((size_t)readings * SPELLINGS, sizeof *b->spellings->at);
    return b->spellings->at != NULL;
}

void mapped_deinit(struct batch *b)
{
    if (!b->spellings)
        return;
    arena_deinit(&b->spellings->texts);
    free(b->spellings->at);
    free(b->spellings);
    b->spellings = NULL;
}

/* --- labels ----------------------------------------------------------------------------------- */

static uint64_t word_at(const char *p, size_t size)
{
    uint64_t w = 0;
    memcpy(&w, p, size < 8 ? size : 8);
    return w;
}

static size_t place_of(struct text t)
{
    uint64_t first = word_at(t.at, t.size);
    uint64_t last = t.size > 8 ? word_at(t.at + t.size - 8, 8) : t.size;
    uint64_t middle = t.size > 16 ? word_at(t.at + t.size / 2, 8) : 0;
    uint64_t h = (first ^ (last << 7 | last >> 57) ^ (middle << 21 | middle >> 43) ^ t.size) *
                 UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(h >> 58);
}

_Static_assert(SPELLINGS == 64, "place_of gives six bits");

static uint32_t look_up(struct batch *b, const struct reading *r, struct text value)
{
    struct buffer loose;
    buffer_init(&loose);
    if (!utf8_loose(value, &loose))
        b->no_memory = true;
    uint32_t label = idmap_get(&r->by_label, buffer_view(&loose));
    buffer_deinit(&loose);
    return label == IDMAP_NONE ? UNKNOWN : label;
}

/* The label a cell says, or UNKNOWN. */
static uint32_t label_of(struct batch *b, const struct reading *r, struct text value)
{
    struct spelling *own = b->spellings->at + (size_t)r->index * SPELLINGS, *free_one = NULL;
    size_t place = place_of(value);
    for (size_t i = 0; i < SPELLING_TRIES; i++) {
        struct spelling *s = &own[(place + i) % SPELLINGS];
        if (!s->at) {
            free_one = s;
            break;
        }
        if (s->size == value.size && memcmp(s->at, value.at, value.size) == 0)
            return s->label;
    }
    if (value.size > LABEL_BYTES)
        return UNKNOWN;
    uint32_t label = look_up(b, r, value);
    char *copy = NULL;
    if (free_one && label != UNKNOWN && value.size <= SPELLING_BYTES)
        copy = arena_try(&b->spellings->texts, value.size + 1);
    if (copy) {
        memcpy(copy, value.at, value.size);
        *free_one = (struct spelling){copy, (uint32_t)value.size, label};
    }
    return label;
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
    return is_mark || text_starts(rest, "\xE2\x80\x93") ? n : 0;
}

static enum cause read_scale(struct batch *b, const struct reading *r, struct text t, uint8_t *code)
{
    char plain[40];
    double x;
    size_t size = number_plain(t, b->columns->decimal, plain), worded = worded_number(t);
    struct text number = size ? (struct text){plain, size} : (struct text){t.at, worded};
    if (number_parse(number, &x) != NUMBER_OK)
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

/* One option of a multiple choice; nothing in it says nothing. */
static enum cause read_option(struct batch *b, const struct reading *r, uint8_t *block,
                              uint32_t slot, struct text value)
{
    const struct layout *l = &b->columns->layout;
    uint64_t *ticked = &layout_ticked(l, block)[l->slots[slot].beside];
    if (!r->follows) {
        block[slot] = CODE_BLANK;
        *ticked = 0;
    }
    if (value.size == 0)
        return CAUSE_NONE;
    uint32_t label = label_of(b, r, value);
    if (label == UNKNOWN)
        return CAUSE_UNKNOWN_LABEL;
    if (r->labels[label].code == CODE_BLANK || r->labels[label].code >= CODE_SKIPPED)
        return CAUSE_NONE;
    block[slot] = 1;
    if (r->labels[label].code == OPTION_TICKED)
        *ticked |= UINT64_C(1) << (r->option - 1);
    return CAUSE_NONE;
}

enum mapped mapped_read(struct batch *b, const struct reading *r, uint32_t slot, uint32_t row,
                        struct text value, struct answer *a, enum cause *cause)
{
    const struct question *q = r->of;
    uint8_t *block = batch_row(b, row);
    *cause = CAUSE_NONE;
    if (r->option) {
        *cause = read_option(b, r, block, slot, value);
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
    if (label != UNKNOWN) {
        a->code = r->labels[label].code;
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

/* A case of a wave: "key · wave". */
static void name_case(struct batch *b, uint32_t row)
{
    const struct columns *c = b->columns;
    struct text key = c->has_key[KEY_CASE] ? b->key[row] : c->constant_case;
    struct text wave = c->has_key[KEY_WAVE] ? b->wave[row] : TEXT("");
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
