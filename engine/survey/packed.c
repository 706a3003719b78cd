/* In: a row that was read. Out: its bytes, and from them the row again. Next: pile, and the parser.
 */
#include "survey/packed.h"

enum { LONG = 255, LINE_BITS = 44 };

/* --- writing ---------------------------------------------------------------------------------- */

static uint8_t *put_size(uint8_t *at, size_t size)
{
    uint32_t n = (uint32_t)size;
    *at++ = n < LONG ? (uint8_t)n : LONG;
    if (n < LONG)
        return at;
    memcpy(at, &n, sizeof n);
    return at + sizeof n;
}

static uint8_t *put_bytes(uint8_t *at, const void *from, size_t size)
{
    if (size)
        memcpy(at, from, size);
    return at + size;
}

void packed_write(struct buffer *out, const struct layout *l, const struct new_row *n,
                  uint32_t table, uint64_t line)
{
    const size_t wide = (l->number_count + (size_t)l->ticked_count) * 8,
                 most = 1 + sizeof(uint32_t);
    const struct text *texts = layout_texts(l, n->block);
    size_t room = sizeof(struct packed_row) + l->slot_count + wide + (3 + l->text_count) * most +
                  n->wave.size + n->partner.size + n->respondent.size + 3;
    for (uint32_t i = 0; i < l->text_count; i++)
        room += texts[i].size;
    if (room > UINT32_MAX || !buffer_reserve(out, room)) {
        out->failed = true;
        return;
    }
    struct packed_row *p = (struct packed_row *)(void *)(out->at + out->size);
    uint64_t where = (uint64_t)table << LINE_BITS | line;
    uint8_t *at = put_bytes((uint8_t *)(p + 1), n->block, l->slot_count);
    at = put_size(at, n->wave.size);
    at = put_bytes(at, n->wave.at, n->wave.size);
    at = put_size(at, n->partner.size);
    at = put_size(at, n->respondent.size);
    for (uint32_t i = 0; i < l->text_count; i++)
        at = put_size(at, texts[i].size);
    at = put_bytes(at, layout_numbers(l, n->block), l->number_count * sizeof(double));
    at = put_bytes(at, layout_ticked(l, n->block), l->ticked_count * sizeof(uint64_t));
    at = put_bytes(at, n->partner.at, n->partner.size);
    at = put_bytes(at, n->respondent.at, n->respondent.size);
    for (uint32_t i = 0; i < l->text_count; i++)
        at = put_bytes(at, texts[i].at, texts[i].size);
    while ((at - (uint8_t *)p) & 3)
        *at++ = 0;
    p->size = (uint32_t)(at - (uint8_t *)p);
    p->of_case = 0;
    p->where[0] = (uint32_t)where;
    p->where[1] = (uint32_t)(where >> 32);
    out->size += p->size;
}

/* --- reading ---------------------------------------------------------------------------------- */

void packed_where(const struct packed_row *p, uint32_t *table, uint64_t *line)
{
    uint64_t where = (uint64_t)p->where[1] << 32 | p->where[0];
    *table = (uint32_t)(where >> LINE_BITS);
    *line = where & ((UINT64_C(1) << LINE_BITS) - 1);
}

static const uint8_t *get_size(const uint8_t *at, size_t *size)
{
    uint32_t n = *at++;
    if (n == LONG) {
        memcpy(&n, at, sizeof n);
        at += sizeof n;
    }
    *size = n;
    return at;
}

static const uint8_t *get_bytes(const uint8_t *at, void *to, size_t size)
{
    if (size)
        memcpy(to, at, size);
    return at + size;
}

static const uint8_t *get_text(const uint8_t *at, struct text *t)
{
    t->at = (const char *)at;
    return at + t->size;
}

struct text packed_wave(const struct packed_row *p, const struct layout *l)
{
    struct text wave;
    get_text(get_size((const uint8_t *)(p + 1) + l->slot_count, &wave.size), &wave);
    return wave;
}

void packed_read(const struct packed_row *p, const struct layout *l, struct new_row *n)
{
    struct text *texts = layout_texts(l, n->block);
    const uint8_t *at = get_bytes((const uint8_t *)(p + 1), n->block, l->slot_count);
    at = get_text(get_size(at, &n->wave.size), &n->wave);
    at = get_size(at, &n->partner.size);
    at = get_size(at, &n->respondent.size);
    for (uint32_t i = 0; i < l->text_count; i++)
        at = get_size(at, &texts[i].size);
    at = get_bytes(at, layout_numbers(l, n->block), l->number_count * sizeof(double));
    at = get_bytes(at, layout_ticked(l, n->block), l->ticked_count * sizeof(uint64_t));
    at = get_text(at, &n->partner);
    at = get_text(at, &n->respondent);
    for (uint32_t i = 0; i < l->text_count; i++)
        at = get_text(at, &texts[i]);
}
