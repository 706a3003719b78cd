/* In: rows of answers, each in one block of bytes. Out: a column a question. Next: infer.
 * Codes are turned round in tiles of 16 rows by 16 slots; what stands beside them is copied. */
#include "survey/fill.h"

static void find_na(struct column *c, uint32_t from, uint32_t count)
{
    c->has_na = c->has_na || memchr(c->code + from, CODE_NA, count) != NULL;
}

/* 16 slots from `slot` on, all rows. Rows behind the last repeat it; their codes are written into
 * the spare rows of the columns. */
static void turn_slots(struct cases *block, const struct layout *l, uint32_t slot,
                       uint8_t *const *rows, uint32_t count)
{
    uint8_t nowhere[64], seen_255[16] = {0}, *out[16];
    uint32_t slots = l->slot_count - slot < 16 ? l->slot_count - slot : 16;
    uint32_t from = block->respondent_count;
    for (uint32_t j = 0; j < 16; j++)
        out[j] = j < slots ? block->columns[l->slots[slot + j].question].code + from : nowhere;
    uint32_t i = 0;
    for (; i + 16 <= count; i += 16)
        scan_turn((const uint8_t *const *)rows + i, slot, out, i, seen_255);
    if (i < count) {
        const uint8_t *in[16];
        for (uint32_t j = 0; j < 16; j++)
            in[j] = rows[i + j < count ? i + j : count - 1];
        scan_turn(in, slot, out, i, seen_255);
    }
    if (memchr(seen_255, 255, sizeof seen_255))
        for (uint32_t j = 0; j < slots; j++)
            find_na(&block->columns[l->slots[slot + j].question], from, count);
}

static void copy_beside(struct cases *block, const struct layout *l, const struct slot *s,
                        uint8_t *const *rows, uint32_t count)
{
    struct column *c = &block->columns[s->question];
    uint32_t at = block->respondent_count;
    if (s->of->kind == KIND_NUMBER)
        for (uint32_t i = 0; i < count; i++)
            c->number[at + i] = layout_numbers(l, rows[i])[s->beside];
    else if (s->of->kind == KIND_MANY_OF)
        for (uint32_t i = 0; i < count; i++)
            c->ticked[at + i] = layout_ticked(l, rows[i])[s->beside];
    else if (s->of->kind == KIND_TEXT)
        for (uint32_t i = 0; i < count; i++)
            c->texts[at + i] = layout_texts(l, rows[i])[s->beside];
}

void fill_rows(struct cases *block, const struct layout *l, uint8_t *const *rows, uint32_t count)
{
    if (count == 0)
        return;
    for (uint32_t slot = 0; slot < l->slot_count; slot += 16)
        turn_slots(block, l, slot, rows, count);
    if (l->number_count + l->ticked_count + l->text_count)
        for (uint32_t i = 0; i < l->slot_count; i++)
            copy_beside(block, l, &l->slots[i], rows, count);
    block->respondent_count += count;
}

static void fill_levels(struct cases *block, const struct rowstore *s)
{
    uint32_t rows = 0;
    for (uint32_t c = 0; c < s->case_count; c++) {
        block->case_names[c] = s->cases[c].name;
        block->open[c] = s->cases[c].open;
        block->any_open |= s->cases[c].open;
        for (uint32_t i = 0; i < s->cases[c].seat_count; i++) {
            const struct seat *seat = rowstore_seat(s, c, i);
            block->partner_names[block->partner_count++] = seat->partner;
            rows += seat->row_count;
            block->respondent_from[block->partner_count] = rows;
        }
        block->single &= s->cases[c].seat_count == 1;
        block->partner_from[c + 1] = block->partner_count;
    }
    block->case_count = s->case_count;
}

bool fill_cases(struct cases *block, const struct rowstore *s)
{
    if (!cases_reserve(block, s->case_count, s->seat_count, s->row_count))
        return false;
    fill_levels(block, s);
    uint8_t *pointers[64];
    for (uint32_t i = 0; i < s->row_count; i += 64) {
        uint32_t n = s->row_count - i < 64 ? s->row_count - i : 64;
        for (uint32_t j = 0; j < n; j++)
            pointers[j] = rowstore_block(s, s->order[i + j]);
        fill_rows(block, s->layout, pointers, n);
    }
    return true;
}
