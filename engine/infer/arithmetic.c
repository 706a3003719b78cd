/* In: number columns and strengths. Out: number columns. Next: compare.c, evidence.c.
 * Interval arithmetic, end by end; NaN stands for what a divisor that may be 0 leaves open. */
#include "infer/state.h"

#include <math.h>

static struct interval of_four(double a, double b, double c, double d)
{
    if (a != a || b != b || c != c || d != d)
        return (struct interval){NAN, NAN};
    double lo = a < b ? a : b, hi = a > b ? a : b;
    lo = c < lo ? c : lo;
    hi = c > hi ? c : hi;
    return (struct interval){d < lo ? d : lo, d > hi ? d : hi};
}

static struct interval combine(enum op op, struct interval a, struct interval b)
{
    switch (op) {
    case OP_ADD: return (struct interval){a.lo + b.lo, a.hi + b.hi};
    case OP_SUBTRACT: return (struct interval){a.lo - b.hi, a.hi - b.lo};
    case OP_MULTIPLY: return of_four(a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi);
    case OP_DIVIDE:
        if (!(b.lo > 0 || b.hi < 0))
            return (struct interval){NAN, NAN};
        return of_four(a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi);
    default: return (struct interval){-a.hi, -a.lo};
    }
}

static double clamped(double t, double from, double to)
{
    double g = (t - from) / (to - from);
    double most = SEEDED(GRADE_UNCLAMPED_ABOVE) ? 2 : 1;
    return g < 0 ? 0 : g > most ? most : g;
}

static struct interval grade(struct interval v, double from, double to)
{
    if (v.lo != v.lo)
        return (struct interval){0, 1};
    double a = clamped(v.lo, from, to), b = clamped(v.hi, from, to);
    return (struct interval){a < b ? a : b, a < b ? b : a};
}

/* A strength of one subject: its number counts only where its planes have a bit. */
static struct interval strength_at(const struct infer *in, uint32_t planes, uint32_t number,
                                   uint32_t k)
{
    const uint64_t *b = planes_at(in, planes);
    struct interval s =
        number == NONE ? (struct interval){1, 1} : number_at(in->numbers[number], k);
    return (struct interval){bit(b, k, 0) ? s.lo : 0, bit(b, k, 1) ? s.hi : 0};
}

static struct interval of_list(const struct infer *in, const struct instr *i, uint32_t k)
{
    const uint32_t *args = in->p->args + i->from;
    struct interval all = strength_at(in, args[0], args[1], k);
    for (uint32_t a = 2; a < i->count; a += 2) {
        struct interval s = strength_at(in, args[a], args[a + 1], k);
        bool low = i->op == OP_LOWEST;
        all.lo = (s.lo < all.lo) == low ? s.lo : all.lo;
        all.hi = (s.hi < all.hi) == low ? s.hi : all.hi;
    }
    return all;
}

static struct interval of_partners(const struct infer *in, const struct instr *i,
                                   uint32_t tile_case)
{
    struct rows partners = partners_of(in, tile_case);
    struct interval all = {0, 0};
    for (uint32_t p = partners.from; p < partners.to; p++) {
        struct interval s = strength_at(in, i->a, i->b, p);
        bool low = i->op == OP_ALL_NUMBER;
        bool first = p == partners.from;
        all.lo = first || (s.lo < all.lo) == low ? s.lo : all.lo;
        all.hi = first || (s.hi < all.hi) == low ? s.hi : all.hi;
    }
    return all;
}

static struct interval result(const struct infer *in, const struct instr *i, uint32_t k)
{
    switch (i->op) {
    case OP_CONSTANT: return (struct interval){i->x, i->x};
    case OP_SPREAD_NUMBER: return number_at(in->numbers[i->a], in->case_of[k]);
    case OP_GRADE: return grade(number_at(in->numbers[i->a], k), i->x, i->y);
    case OP_LOWEST:
    case OP_HIGHEST: return of_list(in, i, k);
    case OP_ANY_NUMBER:
    case OP_ALL_NUMBER: return of_partners(in, i, k);
    default: {
        struct interval a = number_at(in->numbers[i->a], k);
        return combine((enum op)i->op, a, i->b == NONE ? a : number_at(in->numbers[i->b], k));
    }
    }
}

void run_arithmetic(struct infer *in, const struct instr *i)
{
    if (i->op == OP_SPREAD_NUMBER && in->single) {
        in->numbers[i->dst] = in->numbers[i->a];
        return;
    }
    struct column_pair out = own(in, i->dst);
    for (uint32_t k = 0; k < in->count[i->scope]; k++) {
        struct interval v = result(in, i, k);
        out.lo[k] = v.lo;
        out.hi[k] = v.hi;
    }
}
