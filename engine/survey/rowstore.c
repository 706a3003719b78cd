/* In: rows as they come, with the names of their case, partner and respondent. Out: rows in the
 * order of cases. Next: fill. Three hash indices and two counting sorts; no row is moved. */
#include "survey/rowstore.h"

#include <stdlib.h>

enum { SEGMENT_ROWS = 1024 };

struct index_slot {
    uint32_t hash; /* 0: free */
    uint32_t id;
};

/* Whether id stands for what is looked for. */
typedef bool same(const struct rowstore *s, uint32_t id, const void *wanted);

struct seat_name {
    uint32_t of_case;
    struct text partner;
};

struct respondent_name {
    uint32_t seat;
    struct text respondent;
};

void rowstore_init(struct rowstore *s, const struct layout *l, uint32_t keep_count, bool copies,
                   bool has_respondent, uint64_t limit)
{
    *s = (struct rowstore){.layout = l,
                           .keep_count = keep_count,
                           .copies = copies,
                           .has_respondent = has_respondent,
                           .limit = limit};
    arena_init(&s->texts, 0);
}

void rowstore_deinit(struct rowstore *s)
{
    for (size_t i = 0; i < s->segment_count; i++)
        free(s->segments[i]);
    free(s->segments);
    free(s->row_seat);
    free(s->row_respondent);
    free(s->seats);
    free(s->cases);
    free(s->kept);
    free(s->seat_order);
    free(s->order);
    free(s->by_case.slots);
    free(s->by_seat.slots);
    free(s->by_respondent.slots);
    arena_deinit(&s->texts);
    *s = (struct rowstore){0};
}

static void clear_index(struct index *x)
{
    if (x->count)
        memset(x->slots, 0, x->capacity * sizeof *x->slots);
    x->count = 0;
}

void rowstore_clear(struct rowstore *s)
{
    s->row_count = s->seat_count = s->case_count = 0;
    clear_index(&s->by_case);
    clear_index(&s->by_seat);
    clear_index(&s->by_respondent);
    arena_reset(&s->texts);
}

/* --- memory ----------------------------------------------------------------------------------- */

static enum added may_take(const struct rowstore *s, uint64_t more)
{
    bool over = s->limit && s->bytes + s->texts.used + more > s->limit;
    return over ? NOT_ADDED_LIMIT : ADDED;
}

/* Makes room for one more of `size` bytes each. */
static enum added grow(struct rowstore *s, void *array, uint32_t count, uint32_t capacity,
                       uint32_t larger, size_t size)
{
    void **at = array;
    if (count < capacity || size == 0)
        return ADDED;
    uint64_t more = (uint64_t)(larger - capacity) * size;
    if (may_take(s, more) != ADDED)
        return NOT_ADDED_LIMIT;
    void *moved = realloc(*at, larger * size);
    if (!moved)
        return NOT_ADDED_MEMORY;
    *at = moved;
    s->bytes += more;
    return ADDED;
}

static uint32_t doubled(uint32_t capacity)
{
    return capacity == 0 ? SEGMENT_ROWS : capacity < UINT32_MAX / 2 ? 2 * capacity : UINT32_MAX - 1;
}

static enum added keep_text(struct rowstore *s, struct text *t)
{
    if (!s->copies)
        return ADDED;
    if (t->size == 0) {
        *t = (struct text){"", 0};
        return ADDED;
    }
    if (may_take(s, t->size) != ADDED)
        return NOT_ADDED_LIMIT;
    char *copy = arena_try(&s->texts, t->size);
    if (!copy)
        return NOT_ADDED_MEMORY;
    memcpy(copy, t->at, t->size);
    t->at = copy;
    return ADDED;
}

/* --- indices ---------------------------------------------------------------------------------- */

static uint32_t fold_hash(uint64_t h, uint64_t with)
{
    h = (h ^ with) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(h >> 32) | 1u;
}

static struct index_slot *find(const struct rowstore *s, const struct index *x, uint32_t hash,
                               same *is_same, const void *wanted)
{
    size_t mask = x->capacity - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct index_slot *slot = &x->slots[i];
        if (slot->hash == 0 || (slot->hash == hash && is_same(s, slot->id, wanted)))
            return slot;
    }
}

/* At most half full. */
static enum added grow_index(struct rowstore *s, struct index *x)
{
    if (2 * (x->count + 1) <= x->capacity)
        return ADDED;
    size_t larger = x->capacity ? 2 * x->capacity : 256;
    uint64_t more = (larger - x->capacity) * sizeof *x->slots;
    if (may_take(s, more) != ADDED)
        return NOT_ADDED_LIMIT;
    struct index_slot *slots = calloc(larger, sizeof *slots);
    if (!slots)
        return NOT_ADDED_MEMORY;
    for (size_t i = 0; i < x->capacity; i++) {
        if (x->slots[i].hash == 0)
            continue;
        size_t at = x->slots[i].hash & (larger - 1);
        while (slots[at].hash)
            at = (at + 1) & (larger - 1);
        slots[at] = x->slots[i];
    }
    free(x->slots);
    x->slots = slots;
    x->capacity = larger;
    s->bytes += more;
    return ADDED;
}

static void put(struct index *x, struct index_slot *slot, uint32_t hash, uint32_t id)
{
    *slot = (struct index_slot){hash, id};
    x->count++;
}

static bool same_case(const struct rowstore *s, uint32_t id, const void *wanted)
{
    return text_equal(s->cases[id].name, *(const struct text *)wanted);
}

static bool same_seat(const struct rowstore *s, uint32_t id, const void *wanted)
{
    const struct seat_name *w = wanted;
    return s->seats[id].of_case == w->of_case && text_equal(s->seats[id].partner, w->partner);
}

static bool same_respondent(const struct rowstore *s, uint32_t id, const void *wanted)
{
    const struct respondent_name *w = wanted;
    return s->row_seat[id] == w->seat && text_equal(s->row_respondent[id], w->respondent);
}

/* --- adding ----------------------------------------------------------------------------------- */

static enum added add_case(struct rowstore *s, const struct new_row *n)
{
    uint32_t larger = doubled(s->case_capacity);
    enum added r =
        grow(s, &s->kept, s->case_count, s->case_capacity, larger, s->keep_count * sizeof *s->kept);
    if (r == ADDED)
        r = grow(s, &s->cases, s->case_count, s->case_capacity, larger, sizeof *s->cases);
    if (r != ADDED)
        return r;
    if (s->case_count == s->case_capacity)
        s->case_capacity = larger;
    struct stored_case *c = &s->cases[s->case_count];
    *c = (struct stored_case){.name = n->name, .row = n->row, .open = n->open};
    r = keep_text(s, &c->name);
    for (uint32_t i = 0; r == ADDED && i < s->keep_count; i++) {
        struct text *kept = &s->kept[(size_t)s->case_count * s->keep_count + i];
        *kept = n->kept[i];
        r = keep_text(s, kept);
    }
    s->case_count += r == ADDED;
    return r;
}

static enum added case_of(struct rowstore *s, const struct new_row *n, uint32_t *out)
{
    *out = s->case_count - 1;
    if (s->case_count && text_equal(s->cases[s->case_count - 1].name, n->name))
        return ADDED;
    *out = s->case_count;
    if (n->is_next)
        return add_case(s, n);
    enum added r = grow_index(s, &s->by_case);
    if (r != ADDED)
        return r;
    uint32_t hash = fold_hash(text_hash(n->name), 0);
    struct index_slot *slot = find(s, &s->by_case, hash, same_case, &n->name);
    if (slot->hash) {
        *out = slot->id;
        return ADDED;
    }
    r = add_case(s, n);
    if (r == ADDED)
        put(&s->by_case, slot, hash, *out);
    return r;
}

static uint32_t seat_hash(uint32_t of_case, struct text partner)
{
    return fold_hash(text_hash(partner), of_case);
}

static enum added index_seat(struct rowstore *s, uint32_t seat)
{
    enum added r = grow_index(s, &s->by_seat);
    if (r != ADDED)
        return r;
    const struct seat *of = &s->seats[seat];
    struct seat_name wanted = {of->of_case, of->partner};
    uint32_t hash = seat_hash(of->of_case, of->partner);
    put(&s->by_seat, find(s, &s->by_seat, hash, same_seat, &wanted), hash, seat);
    return ADDED;
}

/* Nearly every case has two partners or three: those are walked. NONE where there is no such seat.
 */
static uint32_t find_seat(const struct rowstore *s, uint32_t of_case, struct text partner)
{
    const struct stored_case *c = &s->cases[of_case];
    if (c->seat_count > SEATS_WALKED) {
        struct seat_name wanted = {of_case, partner};
        const struct index_slot *slot =
            find(s, &s->by_seat, seat_hash(of_case, partner), same_seat, &wanted);
        return slot->hash ? slot->id : NONE;
    }
    uint32_t seat = c->seat_count ? c->last_seat : NONE;
    while (seat != NONE && !text_equal(s->seats[seat].partner, partner))
        seat = s->seats[seat].before;
    return seat;
}

/* Where a case gets more than are walked, all of its seats go into the index. */
static enum added index_seats(struct rowstore *s, uint32_t of_case)
{
    const struct stored_case *c = &s->cases[of_case];
    if (c->seat_count <= SEATS_WALKED)
        return ADDED;
    enum added r = index_seat(s, c->last_seat);
    if (c->seat_count == SEATS_WALKED + 1)
        for (uint32_t i = s->seats[c->last_seat].before; r == ADDED && i != NONE;
             i = s->seats[i].before)
            r = index_seat(s, i);
    return r;
}

static enum added seat_of(struct rowstore *s, const struct new_row *n, uint32_t of_case,
                          uint32_t *out)
{
    *out = find_seat(s, of_case, n->partner);
    if (*out != NONE)
        return ADDED;
    if (s->cases[of_case].seat_count >= LIMIT_PARTNERS)
        return NOT_ADDED_PARTNERS;
    uint32_t larger = doubled(s->seat_capacity);
    enum added r = grow(s, &s->seats, s->seat_count, s->seat_capacity, larger, sizeof *s->seats);
    if (r != ADDED)
        return r;
    if (s->seat_count == s->seat_capacity)
        s->seat_capacity = larger;
    struct stored_case *c = &s->cases[of_case];
    struct seat *seat = &s->seats[s->seat_count];
    *seat = (struct seat){
        .partner = n->partner, .of_case = of_case, .before = c->seat_count ? c->last_seat : NONE};
    r = keep_text(s, &seat->partner);
    if (r != ADDED)
        return r;
    c->seat_count++;
    *out = c->last_seat = s->seat_count++;
    return index_seats(s, of_case);
}

static enum added grow_rows(struct rowstore *s)
{
    uint32_t larger = doubled(s->row_capacity);
    enum added r = s->has_respondent ? grow(s, &s->row_respondent, s->row_count, s->row_capacity,
                                            larger, sizeof *s->row_respondent)
                                     : ADDED;
    if (r == ADDED)
        r = grow(s, &s->row_seat, s->row_count, s->row_capacity, larger, sizeof *s->row_seat);
    if (r != ADDED)
        return r;
    if (s->row_count == s->row_capacity)
        s->row_capacity = larger;
    if (s->row_count >> 10 < s->segment_count)
        return ADDED;
    r = grow(s, &s->segments, (uint32_t)s->segment_count, (uint32_t)s->segment_capacity,
             doubled((uint32_t)s->segment_capacity), sizeof *s->segments);
    if (r == ADDED && s->segment_count == s->segment_capacity)
        s->segment_capacity = doubled((uint32_t)s->segment_capacity);
    size_t size = SEGMENT_ROWS * s->layout->stride + 16;
    if (r == ADDED)
        r = may_take(s, size);
    if (r != ADDED)
        return r;
    uint8_t *segment = malloc(size);
    if (!segment)
        return NOT_ADDED_MEMORY;
    memset(segment + SEGMENT_ROWS * s->layout->stride, 0, 16);
    s->segments[s->segment_count++] = segment;
    s->bytes += size;
    return ADDED;
}

static enum added copy_block(struct rowstore *s, uint32_t row, const uint8_t *block)
{
    uint8_t *to = rowstore_block(s, row);
    memcpy(to, block, s->layout->stride);
    struct text *texts = layout_texts(s->layout, to);
    enum added r = ADDED;
    for (uint32_t i = 0; r == ADDED && i < s->layout->text_count; i++)
        r = keep_text(s, &texts[i]);
    return r;
}

/* The row of a respondent who answered before, or where a new row goes. */
static enum added row_of(struct rowstore *s, const struct new_row *n, uint32_t seat, uint32_t *out)
{
    *out = s->row_count;
    enum added r = grow_rows(s);
    if (r != ADDED || !s->has_respondent || n->respondent.size == 0)
        return r;
    r = grow_index(s, &s->by_respondent);
    if (r != ADDED)
        return r;
    struct respondent_name wanted = {seat, n->respondent};
    uint32_t hash = fold_hash(text_hash(n->respondent), seat);
    struct index_slot *slot = find(s, &s->by_respondent, hash, same_respondent, &wanted);
    if (slot->hash) {
        *out = slot->id;
        return ADDED_AGAIN;
    }
    put(&s->by_respondent, slot, hash, s->row_count);
    return ADDED;
}

enum added rowstore_add(struct rowstore *s, const struct new_row *n)
{
    uint32_t of_case, seat, row;
    if (s->row_count >= UINT32_MAX - SEGMENT_ROWS)
        return NOT_ADDED_LIMIT;
    enum added r = case_of(s, n, &of_case);
    if (r == ADDED)
        r = seat_of(s, n, of_case, &seat);
    if (r != ADDED)
        return r;
    r = row_of(s, n, seat, &row);
    if (r != ADDED && r != ADDED_AGAIN)
        return r;
    if (r == ADDED) {
        s->row_seat[row] = seat;
        struct text respondent = n->respondent;
        if (s->has_respondent) {
            enum added kept = keep_text(s, &respondent);
            if (kept != ADDED)
                return kept;
            s->row_respondent[row] = respondent;
        }
        s->row_count++;
    }
    if (r == ADDED_AGAIN && s->keeps_first)
        return r;
    enum added copied = copy_block(s, row, n->block);
    return copied == ADDED ? r : copied;
}

/* --- arranging -------------------------------------------------------------------------------- */

static bool room(uint32_t **array, uint32_t *capacity, uint32_t count)
{
    if (count <= *capacity && *array)
        return true;
    uint32_t larger = count + count / 2 + 16;
    uint32_t *moved = realloc(*array, larger * sizeof *moved);
    if (!moved)
        return false;
    *array = moved;
    *capacity = larger;
    return true;
}

bool rowstore_arrange(struct rowstore *s)
{
    if (!room(&s->seat_order, &s->seat_order_capacity, s->seat_count) ||
        !room(&s->order, &s->order_capacity, s->row_count))
        return false;
    /* Seats of a case stand in the order of their first rows already. */
    uint32_t from = 0;
    for (uint32_t c = 0; c < s->case_count; c++) {
        s->cases[c].seat_from = from;
        from += s->cases[c].seat_count;
        s->cases[c].seat_count = 0;
    }
    for (uint32_t i = 0; i < s->seat_count; i++) {
        struct stored_case *c = &s->cases[s->seats[i].of_case];
        s->seat_order[c->seat_from + c->seat_count++] = i;
        s->seats[i].row_count = 0;
    }
    for (uint32_t i = 0; i < s->row_count; i++)
        s->seats[s->row_seat[i]].row_count++;
    from = 0;
    for (uint32_t i = 0; i < s->seat_count; i++) {
        struct seat *seat = &s->seats[s->seat_order[i]];
        seat->row_from = from;
        from += seat->row_count;
        seat->row_count = 0;
    }
    for (uint32_t i = 0; i < s->row_count; i++) {
        struct seat *seat = &s->seats[s->row_seat[i]];
        s->order[seat->row_from + seat->row_count++] = i;
    }
    return true;
}

uint32_t rowstore_case_rows(const struct rowstore *s, uint32_t of_case)
{
    uint32_t rows = 0;
    for (uint32_t i = 0; i < s->cases[of_case].seat_count; i++)
        rows += rowstore_seat(s, of_case, i)->row_count;
    return rows;
}

static bool is_answer(uint8_t code)
{
    return code != CODE_BLANK && code < CODE_SKIPPED;
}

static bool answers_differ(const struct layout *l, uint32_t slot, uint8_t *a, uint8_t *b)
{
    const struct slot *s = &l->slots[slot];
    switch (s->of->kind) {
    case KIND_NUMBER: return layout_numbers(l, a)[s->beside] != layout_numbers(l, b)[s->beside];
    case KIND_MANY_OF: return layout_ticked(l, a)[s->beside] != layout_ticked(l, b)[s->beside];
    case KIND_TEXT:
        return !text_equal(layout_texts(l, a)[s->beside], layout_texts(l, b)[s->beside]);
    default: return a[slot] != b[slot];
    }
}

bool rowstore_facts_differ(const struct rowstore *s, uint32_t of_case)
{
    const struct layout *l = s->layout;
    uint32_t from = rowstore_seat(s, of_case, 0)->row_from;
    uint32_t rows = l->fact_count ? rowstore_case_rows(s, of_case) : 0;
    for (uint32_t f = 0; f < l->fact_count; f++) {
        uint8_t *first = NULL;
        for (uint32_t i = 0; i < rows; i++) {
            uint8_t *block = rowstore_block(s, s->order[from + i]);
            if (!is_answer(block[l->facts[f]]))
                continue;
            if (first && answers_differ(l, l->facts[f], first, block))
                return true;
            if (!first)
                first = block;
        }
    }
    return false;
}
