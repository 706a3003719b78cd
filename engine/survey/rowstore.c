/* In: rows as they come, with the names of their case, partner and respondent. Out: rows in the
 * order of cases. Next: fill. Two hash indices and two counting sorts; no row is moved. */
#include "survey/rowstore.h"

#include <stdlib.h>

enum { SEGMENT_ROWS = 1024 };

struct seat_name {
    uint32_t of_case;
    struct text partner;
};

struct respondent_name {
    uint32_t seat;
    struct text respondent;
};

void rowstore_init(struct rowstore *s, const struct layout *l, uint32_t keep_count,
                   bool has_respondent)
{
    *s = (struct rowstore){.layout = l,
                           .keep_count = keep_count,
                           .has_respondent = has_respondent};
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
    index_deinit(&s->by_seat);
    index_deinit(&s->by_respondent);
    *s = (struct rowstore){0};
}

void rowstore_clear(struct rowstore *s)
{
    s->row_count = s->seat_count = s->case_count = 0;
    index_clear(&s->by_seat);
    index_clear(&s->by_respondent);
}

/* --- memory ----------------------------------------------------------------------------------- */

/* Makes room for one more of `size` bytes each; `larger` is how many then fit. */
static bool grow(void *array, uint32_t count, uint32_t capacity, uint32_t larger, size_t size)
{
    void **at = array;
    if (count < capacity || size == 0)
        return true;
    void *moved = realloc(*at, larger * size);
    if (moved)
        *at = moved;
    return moved != NULL;
}

static uint32_t doubled(uint32_t capacity)
{
    return capacity == 0 ? SEGMENT_ROWS : capacity < UINT32_MAX / 2 ? 2 * capacity : UINT32_MAX - 1;
}

/* --- adding ----------------------------------------------------------------------------------- */

static uint32_t hash_of(struct text t, uint32_t with)
{
    return index_hash((text_hash(t) ^ with) * UINT64_C(0x9E3779B97F4A7C15));
}

static bool same_seat(const void *owner, uint32_t id, const void *wanted)
{
    const struct seat *seat = &((const struct rowstore *)owner)->seats[id];
    const struct seat_name *w = wanted;
    return seat->of_case == w->of_case && text_equal(seat->partner, w->partner);
}

static bool same_respondent(const void *owner, uint32_t id, const void *wanted)
{
    const struct rowstore *s = owner;
    const struct respondent_name *w = wanted;
    return s->row_seat[id] == w->seat && text_equal(s->row_respondent[id], w->respondent);
}

static bool is_of_last(const struct rowstore *s, const struct new_row *n)
{
    if (s->case_count == 0)
        return false;
    const struct stored_case *last = &s->cases[s->case_count - 1];
    return text_equal(last->name, n->name) && text_equal(last->wave, n->wave);
}

static enum added case_of(struct rowstore *s, const struct new_row *n)
{
    uint32_t larger = doubled(s->case_capacity);
    if (is_of_last(s, n))
        return ADDED;
    if (!grow(&s->kept, s->case_count, s->case_capacity, larger, s->keep_count * sizeof *s->kept) ||
        !grow(&s->cases, s->case_count, s->case_capacity, larger, sizeof *s->cases))
        return NOT_ADDED_MEMORY;
    if (s->case_count == s->case_capacity)
        s->case_capacity = larger;
    s->cases[s->case_count] =
        (struct stored_case){.name = n->name, .wave = n->wave, .row = n->row, .open = n->open};
    for (uint32_t i = 0; i < s->keep_count; i++)
        s->kept[(size_t)s->case_count * s->keep_count + i] = n->kept[i];
    s->case_count++;
    return ADDED;
}

static bool index_seat(struct rowstore *s, uint32_t seat)
{
    if (!index_grow(&s->by_seat))
        return false;
    const struct seat *of = &s->seats[seat];
    struct seat_name wanted = {of->of_case, of->partner};
    uint32_t hash = hash_of(of->partner, of->of_case);
    index_put(&s->by_seat, index_find(&s->by_seat, hash, same_seat, s, &wanted), hash, seat);
    return true;
}

/* Nearly every case has two partners or three: those are walked. NONE where there is no such seat.
 */
static uint32_t find_seat(const struct rowstore *s, uint32_t of_case, struct text partner)
{
    const struct stored_case *c = &s->cases[of_case];
    if (c->seat_count > SEATS_WALKED) {
        struct seat_name wanted = {of_case, partner};
        const struct index_slot *slot =
            index_find(&s->by_seat, hash_of(partner, of_case), same_seat, s, &wanted);
        return slot->hash ? slot->id : NONE;
    }
    uint32_t seat = c->seat_count ? c->last_seat : NONE;
    while (seat != NONE && !text_equal(s->seats[seat].partner, partner))
        seat = s->seats[seat].before;
    return seat;
}

/* Where a case gets more than are walked, all of its seats go into the index. */
static bool index_seats(struct rowstore *s, uint32_t of_case)
{
    const struct stored_case *c = &s->cases[of_case];
    if (c->seat_count <= SEATS_WALKED)
        return true;
    bool ok = index_seat(s, c->last_seat);
    if (c->seat_count == SEATS_WALKED + 1)
        for (uint32_t i = s->seats[c->last_seat].before; ok && i != NONE; i = s->seats[i].before)
            ok = index_seat(s, i);
    return ok;
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
    if (!grow(&s->seats, s->seat_count, s->seat_capacity, larger, sizeof *s->seats))
        return NOT_ADDED_MEMORY;
    if (s->seat_count == s->seat_capacity)
        s->seat_capacity = larger;
    struct stored_case *c = &s->cases[of_case];
    s->seats[s->seat_count] = (struct seat){
        .partner = n->partner, .of_case = of_case, .before = c->seat_count ? c->last_seat : NONE};
    c->seat_count++;
    *out = c->last_seat = s->seat_count++;
    return index_seats(s, of_case) ? ADDED : NOT_ADDED_MEMORY;
}

static bool grow_rows(struct rowstore *s)
{
    uint32_t larger = doubled(s->row_capacity);
    size_t respondent = s->has_respondent ? sizeof *s->row_respondent : 0;
    if (!grow(&s->row_respondent, s->row_count, s->row_capacity, larger, respondent) ||
        !grow(&s->row_seat, s->row_count, s->row_capacity, larger, sizeof *s->row_seat))
        return false;
    if (s->row_count == s->row_capacity)
        s->row_capacity = larger;
    return true;
}

static bool grow_segments(struct rowstore *s)
{
    if (s->row_count / SEGMENT_ROWS < s->segment_count)
        return true;
    uint32_t larger = doubled((uint32_t)s->segment_capacity);
    if (!grow(&s->segments, (uint32_t)s->segment_count, (uint32_t)s->segment_capacity, larger,
              sizeof *s->segments))
        return false;
    if (s->segment_count == s->segment_capacity)
        s->segment_capacity = larger;
    uint8_t *segment = malloc(SEGMENT_ROWS * s->layout->stride);
    if (segment)
        s->segments[s->segment_count++] = segment;
    return segment != NULL;
}

/* The row of a respondent who answered before, or where a new row goes. */
static enum added row_of(struct rowstore *s, const struct new_row *n, uint32_t seat, uint32_t *out)
{
    *out = s->row_count;
    if (!grow_rows(s) || !grow_segments(s))
        return NOT_ADDED_MEMORY;
    if (!s->has_respondent || n->respondent.size == 0)
        return ADDED;
    if (!index_grow(&s->by_respondent))
        return NOT_ADDED_MEMORY;
    struct respondent_name wanted = {seat, n->respondent};
    uint32_t hash = hash_of(n->respondent, seat);
    struct index_slot *slot = index_find(&s->by_respondent, hash, same_respondent, s, &wanted);
    if (slot->hash) {
        *out = slot->id;
        return ADDED_AGAIN;
    }
    index_put(&s->by_respondent, slot, hash, s->row_count);
    return ADDED;
}

enum added rowstore_add(struct rowstore *s, const struct new_row *n)
{
    uint32_t seat, row;
    if (s->row_count >= UINT32_MAX - SEGMENT_ROWS)
        return NOT_ADDED_MEMORY;
    enum added r = case_of(s, n);
    if (r == ADDED)
        r = seat_of(s, n, s->case_count - 1, &seat);
    if (r == ADDED)
        r = row_of(s, n, seat, &row);
    if (r != ADDED && r != ADDED_AGAIN)
        return r;
    if (r == ADDED) {
        s->row_seat[row] = seat;
        if (s->has_respondent)
            s->row_respondent[row] = n->respondent;
        s->row_count++;
    }
    if (r == ADDED || !s->keeps_first)
        memcpy(rowstore_block(s, row), n->block, s->layout->stride);
    return r;
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
