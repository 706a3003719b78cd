/* In: cells of a column. Out: the codes of those whose bytes came before. Next: cell, which reads the
 * others, and has them kept here. The one idea: no branch depends on what a cell says, so answers as
 * people give them cost no wrong guess of the processor: two bytes choose a candidate, one comparison
 * decides. */
#include "survey/spellings.h"

void spellings_init(struct spellings *s)
{
    memset(s, 0, sizeof *s);
    memset(s->bytes[0], 1, sizeof s->bytes[0]); /* under a mask of 0 nothing is 1 */
}

static inline size_t key_of(char c)
{
    return (unsigned char)c % SPELLING_BITS;
}

/* `wide`: bytes that are compared, a constant for the compiler to know. */
static inline uint64_t read_cells(const struct spellings *s, const char **at, uint32_t count,
                                  uint64_t skip, uint8_t *to, size_t stride, size_t wide)
{
    const size_t first = s->first;
    uint64_t unknown = 0;
    for (uint32_t r = 0; r < count; r++, to += stride) {
        if (skip >> r & 1)
            continue;
        const char *p = at[r];
        size_t key = key_of(p[first]);
        size_t i = s->which[key * SPELLING_BITS + key_of(p[s->second[key]])];
        bool same = scan_same(p, s->bytes[i], s->mask[i], wide);
        *to = s->code[i];
        at[r] = p + (same ? s->size[i] : 0);
        unknown |= (uint64_t)!same << r;
    }
    return unknown;
}

uint64_t spellings_read(const struct spellings *s, const char **at, uint32_t count, uint64_t skip,
                        uint8_t *to, size_t stride)
{
    return s->is_long ? read_cells(s, at, count, skip, to, stride, SPELLING_BYTES)
                      : read_cells(s, at, count, skip, to, stride, SPELLING_BYTES / 2);
}

bool spellings_know(const struct spellings *s, const char *p, uint8_t *code, size_t *size)
{
    for (size_t i = 1; i <= s->count; i++) {
        if (!scan_same(p, s->bytes[i], s->mask[i], SPELLING_BYTES))
            continue;
        *code = s->code[i];
        *size = s->size[i];
        return true;
    }
    return false;
}

/* --- which bytes tell them apart -------------------------------------------------------------- */

/* Of the spellings in `group`, the place, within all of them, where most bytes differ. */
static uint8_t telling(const struct spellings *s, uint32_t group)
{
    uint8_t best = 0;
    int most = 0;
    for (size_t at = 0; at < SPELLING_BYTES; at++) {
        uint32_t seen = 0;
        for (size_t i = 1; i <= s->count; i++) {
            if ((group >> i & 1) == 0)
                continue;
            if (s->size[i] <= at)
                return best;
            seen |= UINT32_C(1) << key_of((char)s->bytes[i][at]);
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
    for (size_t i = 1; i <= s->count; i++)
        groups[key_of((char)s->bytes[i][s->first])] |= UINT32_C(1) << i;
    for (size_t key = 0; key < SPELLING_BITS; key++)
        s->second[key] = groups[key] ? telling(s, groups[key]) : 0;
    for (size_t i = s->count; i > 0; i--) {
        size_t key = key_of((char)s->bytes[i][s->first]);
        s->which[key * SPELLING_BITS + key_of((char)s->bytes[i][s->second[key]])] = (uint8_t)i;
    }
}

void spellings_learn(struct spellings *s, struct text cell, uint8_t code)
{
    if (s->count == SPELLINGS || cell.size > SPELLING_BYTES)
        return;
    for (size_t i = 0; i + 1 < cell.size; i++)
        if (scan_is_line_end(cell.at[i]))
            return;
    size_t n = ++s->count;
    memcpy(s->bytes[n], cell.at, cell.size);
    memset(s->mask[n], 0xFF, cell.size);
    s->size[n] = (uint8_t)cell.size;
    s->code[n] = code;
    s->is_long |= cell.size > SPELLING_BYTES / 2;
    tell_apart(s);
}
