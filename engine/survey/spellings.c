/* In: cells of a column. Out: the codes of those whose bytes came before. Next: cell, which reads
 * the others, and has them kept here. The one idea: no branch depends on what a cell says, so
 * answers as people give them cost no wrong guess of the processor: two bytes choose a candidate,
 * one comparison decides. */
#include "survey/spellings.h"

static inline size_t key_of(uint8_t c)
{
    return c % SPELLING_BITS;
}

typedef bool is_same(const uint8_t *p, const uint8_t *bytes, uint32_t behind);

SCAN_LOOP bool is_known(const struct spelling *k, const uint8_t *p, bool is_long, is_same *same)
{
    return same(p, k->bytes, (uint32_t)k->behind) &&
           (!is_long || same(p + SPELLING_HALF, k->bytes + SPELLING_HALF,
                             (uint32_t)(k->behind >> SPELLING_HALF)));
}

/* `is_long` and `same` are constants for the compiler to know. */
SCAN_LOOP uint64_t read_cells(const struct spellings *s, const char **at, uint64_t rows,
                              uint8_t *to, size_t stride, bool is_long, is_same *same)
{
    const size_t first = s->first;
    uint64_t unknown = 0;
    for (; rows; rows &= rows - 1) {
        size_t r = (size_t)__builtin_ctzll(rows);
        const uint8_t *p = (const uint8_t *)at[r];
        size_t key = key_of(p[first]);
        const struct spelling *k =
            &s->known[s->which[key * SPELLING_BITS + key_of(p[s->second[key]])]];
        if (!is_known(k, p, is_long, same)) {
            unknown |= rows & -rows;
            continue;
        }
        to[r * stride] = k->code;
        at[r] += k->size;
    }
    return unknown;
}

#if SCAN_SSE2
SCAN_AVX2 static uint64_t read_avx2(const struct spellings *s, const char **at, uint64_t rows,
                                    uint8_t *to, size_t stride)
{
    return s->is_long ? read_cells(s, at, rows, to, stride, true, scan_same_avx2)
                      : read_cells(s, at, rows, to, stride, false, scan_same_avx2);
}
#endif

uint64_t spellings_read(const struct spellings *s, const char **at, uint64_t rows, uint8_t *to,
                        size_t stride)
{
    if (s->count == 0)
        return rows;
#if SCAN_SSE2
    if (scan_is_wide())
        return read_avx2(s, at, rows, to, stride);
#endif
    return s->is_long ? read_cells(s, at, rows, to, stride, true, scan_same)
                      : read_cells(s, at, rows, to, stride, false, scan_same);
}

const struct spelling *spellings_find(const struct spellings *s, const char *p)
{
    for (const struct spelling *k = s->known; k < s->known + s->count; k++)
        if (is_known(k, (const uint8_t *)p, true, scan_same))
            return k;
    return NULL;
}

/* --- which bytes tell them apart -------------------------------------------------------------- */

/* Of the spellings in `group`, the place, within all of them, where most bytes differ. */
static uint8_t telling(const struct spellings *s, uint32_t group)
{
    uint8_t best = 0;
    int most = 0;
    for (size_t at = 0; at < SPELLING_BYTES; at++) {
        uint32_t seen = 0;
        for (size_t i = 0; i < s->count; i++) {
            if ((group >> i & 1) == 0)
                continue;
            if (s->known[i].size <= at)
                return best;
            seen |= UINT32_C(1) << key_of(s->known[i].bytes[at]);
        }
        if (__builtin_popcount(seen) > most) {
            most = __builtin_popcount(seen);
            best = (uint8_t)at;
        }
    }
    return best;
}

/* Where two spellings meet the one that came first stays: it is likely the more usual one. */
static void tell_apart(struct spellings *s)
{
    uint32_t groups[SPELLING_BITS] = {0};
    memset(s->which, 0, sizeof s->which);
    s->first = telling(s, ~UINT32_C(0));
    for (size_t i = 0; i < s->count; i++)
        groups[key_of(s->known[i].bytes[s->first])] |= UINT32_C(1) << i;
    for (size_t key = 0; key < SPELLING_BITS; key++)
        s->second[key] = groups[key] ? telling(s, groups[key]) : 0;
    for (size_t i = s->count; i-- > 0;) {
        size_t key = key_of(s->known[i].bytes[s->first]);
        s->which[key * SPELLING_BITS + key_of(s->known[i].bytes[s->second[key]])] = (uint8_t)i;
    }
}

void spellings_learn(struct spellings *s, struct text cell, uint8_t code)
{
    if (s->count == SPELLINGS || cell.size > SPELLING_BYTES)
        return;
    for (size_t i = 0; i + 1 < cell.size; i++)
        if (scan_is_line_end(cell.at[i]))
            return;
    struct spelling *k = &s->known[s->count++];
    memcpy(k->bytes, cell.at, cell.size);
    k->behind = cell.size < SPELLING_BYTES ? ~UINT64_C(0) << cell.size : 0;
    k->size = (uint8_t)cell.size;
    k->code = code;
    s->is_long |= cell.size > SPELLING_HALF;
    tell_apart(s);
}
