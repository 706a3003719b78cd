/* In: value planes, number columns. Out: planes of comparisons. Next: planes.c.
 * 64 subjects to a word; a comparison with NaN (what a division by 0 gave) is unknown. */
#include "infer/state.h"

#ifdef __SSE2__
#include <emmintrin.h>

uint64_t bits_equal_bytes(const uint8_t *v, uint8_t x)
{
    const __m128i key = _mm_set1_epi8((char)x);
    uint64_t bits = 0;
    for (int k = 0; k < 4; k++) {
        __m128i at = _mm_loadu_si128((const __m128i *)(const void *)(v + 16 * k));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(at, key)) << (16 * k);
    }
    return bits;
}

#define BITS_OF_DOUBLES(name, compare)                                                             \
    uint64_t name(const double *v, double x)                                                       \
    {                                                                                              \
        const __m128d key = _mm_set1_pd(x);                                                        \
        uint64_t bits = 0;                                                                         \
        for (int k = 0; k < 32; k++)                                                               \
            bits |= (uint64_t)(uint32_t)_mm_movemask_pd(compare(_mm_loadu_pd(v + 2 * k), key))     \
                    << (2 * k);                                                                    \
        return bits;                                                                               \
    }
BITS_OF_DOUBLES(bits_below, _mm_cmplt_pd)
BITS_OF_DOUBLES(bits_at_most, _mm_cmple_pd)
BITS_OF_DOUBLES(bits_equal, _mm_cmpeq_pd)

#else

uint64_t bits_equal_bytes(const uint8_t *v, uint8_t x)
{
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++)
        bits |= (uint64_t)(v[k] == x) << k;
    return bits;
}

#define BITS_OF_DOUBLES(name, relation)                                                            \
    uint64_t name(const double *v, double x)                                                       \
    {                                                                                              \
        uint64_t bits = 0;                                                                         \
        for (int k = 0; k < 64; k++)                                                               \
            bits |= (uint64_t)(v[k] relation x) << k;                                              \
        return bits;                                                                               \
    }
BITS_OF_DOUBLES(bits_below, <)
BITS_OF_DOUBLES(bits_at_most, <=)
BITS_OF_DOUBLES(bits_equal, ==)

#endif

static uint64_t not_a_number(const double *v)
{
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++)
        bits |= (uint64_t)(v[k] != v[k]) << k;
    return bits;
}

struct two {
    uint64_t surely, maybe;
};

/* [lo, hi] r x for 64 subjects. Above is "neither at most nor NaN". */
static struct two compare_word(const double *lo, const double *hi, enum relation r, double x)
{
    uint64_t nan = not_a_number(lo);
    struct two t;
    switch (r) {
    case LESS:
        t = (struct two){bits_below(hi, x), bits_below(lo, x)};
        break;
    case LESS_EQUAL:
        if (SEEDED(AT_MOST_IS_BELOW)) {
            t = (struct two){bits_below(hi, x), bits_below(lo, x)};
            break;
        }
        t = (struct two){bits_at_most(hi, x), bits_at_most(lo, x)};
        break;
    case GREATER:
        t = (struct two){~bits_at_most(lo, x), ~bits_at_most(hi, x)};
        break;
    case GREATER_EQUAL:
        t = (struct two){~bits_below(lo, x), ~bits_below(hi, x)};
        break;
    default: {
        uint64_t is = bits_equal(lo, x) & bits_equal(hi, x);
        uint64_t may = bits_at_most(lo, x) & ~bits_below(hi, x);
        t = r == EQUAL ? (struct two){is, may} : (struct two){~may, ~is};
        break;
    }
    }
    t.surely &= ~nan;
    if (!SEEDED(DIVISION_IS_NO))
        t.maybe |= nan;
    else
        t.maybe &= ~nan;
    return t;
}

static void compare_to(const struct infer *in, const struct instr *i)
{
    struct column_pair v = in->numbers[i->a];
    uint64_t *out = planes_at(in, i->dst);
    for (uint32_t w = 0; w < words_of(in, (enum scope)i->scope); w++) {
        struct two t = compare_word(v.lo + 64 * w, v.hi + 64 * w, (enum relation)i->relation, i->x);
        out[2 * w] = t.surely;
        out[2 * w + 1] = t.maybe;
    }
}

static void compare_pair(struct interval a, struct interval b, enum relation r, bool *surely,
                         bool *maybe)
{
    if (a.lo != a.lo || b.lo != b.lo) {
        *surely = false;
        *maybe = true;
        return;
    }
    switch (r) {
    case LESS:
        *surely = a.hi < b.lo;
        *maybe = a.lo < b.hi;
        break;
    case LESS_EQUAL:
        *surely = a.hi <= b.lo;
        *maybe = a.lo <= b.hi;
        break;
    case GREATER:
        *surely = a.lo > b.hi;
        *maybe = a.hi > b.lo;
        break;
    case GREATER_EQUAL:
        *surely = a.lo >= b.hi;
        *maybe = a.hi >= b.lo;
        break;
    default: {
        bool is = a.lo == a.hi && b.lo == b.hi && a.lo == b.lo;
        bool may = a.lo <= b.hi && b.lo <= a.hi;
        *surely = r == EQUAL ? is : !may;
        *maybe = r == EQUAL ? may : !is;
        break;
    }
    }
}

static void compare_columns(const struct infer *in, const struct instr *i)
{
    struct column_pair a = in->numbers[i->a], b = in->numbers[i->b];
    uint64_t *out = planes_at(in, i->dst);
    for (uint32_t k = 0; k < in->count[i->scope]; k++) {
        bool surely, maybe;
        compare_pair((struct interval){a.lo[k], a.hi[k]}, (struct interval){b.lo[k], b.hi[k]},
                     (enum relation)i->relation, &surely, &maybe);
        put_bits(out, k, surely, maybe);
    }
}

static void in_set(const struct infer *in, const struct instr *i)
{
    const uint32_t *codes = in->p->args + i->from;
    const struct question *q = &in->kb->questions[i->question];
    const uint64_t *equals = in->equals + (size_t)i->b * in->words;
    uint64_t *out = planes_at(in, i->dst);
    for (uint32_t w = 0; w < words_of(in, (enum scope)i->scope); w++) {
        uint64_t is = 0;
        for (uint32_t k = 0; k < i->count; k++)
            is |= equals[(size_t)(codes[k] - 1) * in->words + w];
        uint64_t none = equals[(size_t)q->choice_count * in->words + w];
        out[2 * w] = is | (i->edge & 1 || SEEDED(UNKNOWN_IS_YES) ? none : 0);
        out[2 * w + 1] = is | (i->edge & 2 && !SEEDED(UNKNOWN_IS_NO) ? none : 0);
    }
}

void run_compare(struct infer *in, const struct instr *i)
{
    bool by_code = i->op == OP_SET ||
                   (i->op == OP_SCALE && (in->single || i->scope == SCOPE_RESPONDENT));
    if (by_code)
        in_set(in, i);
    else if (i->op == OP_COMPARE)
        compare_columns(in, i);
    else
        compare_to(in, i);
}
