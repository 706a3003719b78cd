/* In: value planes, number columns. Out: planes of comparisons. Next: planes.c.
 * 64 subjects to a word; a comparison with NaN (what a division by 0 gave) is unknown. */
#include "infer/state.h"

struct two {
    uint64_t surely, maybe;
};

static uint64_t not_a_number(const double *v)
{
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++)
        bits |= (uint64_t)(v[k] != v[k]) << k;
    return bits;
}

/* Bits of both ends; the 0s of a packed column too. */
static inline void ends_below(const struct infer *in, struct ends v, bool with, double x,
                              uint64_t *lo, uint64_t *hi)
{
    (with ? in->kernels->at_most : in->kernels->below)(v.lo, v.hi, v.some, x, lo, hi);
    uint64_t zeros = (with ? 0 <= x : 0 < x) ? ~v.some : 0;
    *lo |= zeros;
    *hi |= zeros;
}

/* At least is "not below": NaN is looked after by who may have it. */
static inline struct two compare_order(const struct infer *in, struct ends v, enum relation r,
                                       double x)
{
    uint64_t lo, hi;
    bool with = (r == LESS_EQUAL && !SEEDED(AT_MOST_IS_BELOW)) || r == GREATER;
    ends_below(in, v, with, x, &lo, &hi);
    if (r == LESS || r == LESS_EQUAL)
        return (struct two){hi, lo};
    return (struct two){~lo, ~hi};
}

static struct two compare_equal(const struct infer *in, struct ends v, double x)
{
    uint64_t lo, hi, below_lo, below_hi;
    ends_below(in, v, true, x, &lo, &hi);
    ends_below(in, v, false, x, &below_lo, &below_hi);
    return (struct two){lo & ~below_lo & hi & ~below_hi, lo & ~below_hi};
}

/* [lo, hi] r x for 64 subjects. */
static inline struct two compare_word(const struct infer *in, const struct instr *i, uint32_t word)
{
    struct ends v = ends_of(in->numbers[i->a], word);
    enum relation r = (enum relation)i->relation;
    struct two t;
    if (r == EQUAL || r == NOT_EQUAL) {
        t = compare_equal(in, v, i->x);
        if (r == NOT_EQUAL)
            t = (struct two){~t.maybe, ~t.surely};
    } else
        t = compare_order(in, v, r, i->x);
    if (i->edge) { /* a quotient: never packed */
        uint64_t nan = not_a_number(v.lo);
        t.surely &= ~nan;
        t.maybe = SEEDED(DIVISION_IS_NO) ? t.maybe & ~nan : t.maybe | nan;
    }
    return t;
}

static void compare_to(const struct infer *in, const struct instr *i)
{
    uint64_t *out = planes_at(in, i->dst);
    enum relation r = (enum relation)i->relation;
    if (in->words == 1 && !i->edge && r != EQUAL && r != NOT_EQUAL) { /* nearly always */
        struct two t = compare_order(in, ends_of(in->numbers[i->a], 0), r, i->x);
        out[0] = t.surely;
        out[1] = t.maybe;
        return;
    }
    for (uint32_t w = 0; w < words_of(in, (enum scope)i->scope); w++) {
        struct two t = compare_word(in, i, w);
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
        compare_pair(number_at(a, k), number_at(b, k), (enum relation)i->relation, &surely, &maybe);
        put_bits(out, k, surely, maybe);
    }
}

static void in_set(const struct infer *in, const struct instr *i)
{
    const uint32_t *codes = in->p->args + i->from;
    const struct question *q = &in->kb->questions[i->question];
    const uint64_t *equals = in->equals + (size_t)i->b * in->words;
    uint64_t *out = planes_at(in, i->dst);
    if (in->words == 1) {
        uint64_t is = 0, none = equals[q->choice_count];
        for (uint32_t k = 0; k < i->count; k++)
            is |= equals[codes[k] - 1];
        out[0] = is | (i->edge & 1 || SEEDED(UNKNOWN_IS_YES) ? none : 0);
        out[1] = is | (i->edge & 2 && !SEEDED(UNKNOWN_IS_NO) ? none : 0);
        return;
    }
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
    bool by_code =
        i->op == OP_SET || (i->op == OP_SCALE && (in->single || i->scope == SCOPE_RESPONDENT));
    if (by_code)
        in_set(in, i);
    else if (i->op == OP_COMPARE)
        compare_columns(in, i);
    else
        compare_to(in, i);
}
