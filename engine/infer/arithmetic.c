/* In: number columns and strengths. Out: number columns. Next: compare.c, evidence.c.
 * Interval arithmetic, end by end; NaN stands for what a divisor that may be 0 leaves open. */
#include "infer/state.h"

#include <math.h>
#include <stdlib.h>

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
    case OP_ANY_NUMBER:
    case OP_ALL_NUMBER: return of_partners(in, i, k);
    default: {
        struct interval a = number_at(in->numbers[i->a], k);
        return combine((enum op)i->op, a, i->b == NONE ? a : number_at(in->numbers[i->b], k));
    }
    }
}

static void grade_column(const struct instr *i, struct column_pair v, uint32_t count,
                         struct column_pair out)
{
    double from = i->x, width = i->y - i->x;
    double most = SEEDED(GRADE_UNCLAMPED_ABOVE) ? 2 : 1;
    for (uint32_t k = 0; k < count; k++) {
        double a = (v.lo[k] - from) / width, b = (v.hi[k] - from) / width;
        a = a < 0 ? 0 : a > most ? most : a;
        b = b < 0 ? 0 : b > most ? most : b;
        bool known = v.lo[k] == v.lo[k];
        double lo = a < b ? a : b, hi = a < b ? b : a;
        out.lo[k] = known ? lo : 0;
        out.hi[k] = known ? hi : 1;
    }
}

/* Entries of a table: codes, to a multiple of 8. */
static uint32_t codes_room(const struct infer *in, const struct instr *i)
{
    return (in->kb->questions[i->question].choice_count + 1 + 7) / 8 * 8;
}

static void tabulate(const struct infer *in, const struct instr *i, double *table)
{
    const struct question *q = &in->kb->questions[i->question];
    for (uint32_t c = 0, n = codes_room(in, i); c < n; c++) {
        bool is = c > 0 && c <= q->choice_count;
        double v = q->lo + c - 1;
        struct interval x = {is ? v : q->lo, is ? v : q->hi};
        x = grade(x, i->x, i->y);
        table[c] = x.lo;
        table[n + c] = x.hi;
    }
}

/* Where every subject has one respondent, a grade of a scale is looked up by the answer's code. */
bool prepare_grades(struct infer *in)
{
    const struct program *p = in->p;
    const struct instr *const lists[] = {p->code, p->inner};
    const size_t counts[] = {p->code_count, p->inner_count};
    size_t room = 0;
    for (int pass = 0; pass < 2; pass++) {
        double *table = in->grade_memory;
        for (int list = 0; list < 2; list++)
            for (size_t k = 0; k < counts[list]; k++) {
                const struct instr *i = &lists[list][k];
                if (i->op != OP_GRADE || i->question == NONE)
                    continue;
                if (pass == 0) {
                    room += 2 * (size_t)codes_room(in, i);
                    continue;
                }
                in->grades[i->dst] = table;
                tabulate(in, i, table);
                table += 2 * (size_t)codes_room(in, i);
            }
        if (pass == 0) {
            in->grades = calloc((size_t)p->number_count + 1, sizeof *in->grades);
            in->grade_memory = calloc(room + 1, sizeof *in->grade_memory);
            if (!in->grades || !in->grade_memory)
                return false;
        }
    }
    return true;
}

static void grade_codes(const struct infer *in, const struct instr *i, struct column_pair out)
{
    bool chunk = i->scope == SCOPE_RESPONDENT;
    const uint8_t *code =
        in->block->columns[i->question].code + (chunk ? in->chunk_row : partner_row(in, 0));
    const double *table = in->grades[i->dst];
    uint32_t points = in->kb->questions[i->question].choice_count + 1;
    in->kernels->look_up(code, points, table, out.lo);
    in->kernels->look_up(code, points, table + codes_room(in, i), out.hi);
}

/* With one side a gap may be anything. */
static void grade_of_gap(const struct infer *in, const struct instr *i, struct column_pair out)
{
    const struct question *q = &in->kb->questions[i->b];
    struct interval v = grade((struct interval){0, q->hi - q->lo}, i->x, i->y);
    for (uint32_t k = 0; k < 64; k++) {
        out.lo[k] = v.lo;
        out.hi[k] = v.hi;
    }
}

/* One word of a number as a column for each subject. */
static void spread_word(struct column_pair v, uint32_t word, double *lo, double *hi)
{
    for (uint32_t k = 0; k < 64; k++) {
        struct interval one = number_at(v, 64 * word + k);
        lo[k] = one.lo;
        hi[k] = one.hi;
    }
}

static void fold_strength(const struct infer *in, uint32_t planes, uint32_t number, uint32_t word,
                          struct column_pair out, enum fold how)
{
    const uint64_t *b = planes_at(in, planes) + 2 * word;
    double unpacked[2][64];
    const double *lo = NULL, *hi = NULL;
    if (number != NONE) {
        struct column_pair v = in->numbers[number];
        lo = v.lo + 64 * word;
        hi = v.hi + 64 * word;
        if (v.some) {
            spread_word(v, word, unpacked[0], unpacked[1]);
            lo = unpacked[0];
            hi = unpacked[1];
        }
    }
    in->kernels->fold(out.lo + 64 * word, lo, b[0], how);
    in->kernels->fold(out.hi + 64 * word, hi, b[1], how);
}

/* The lowest or highest of strengths, 64 subjects together. */
static void fold_list(const struct infer *in, const struct instr *i, struct column_pair out)
{
    const uint32_t *args = in->p->args + i->from;
    enum fold how = i->op == OP_LOWEST ? FOLD_LOWEST : FOLD_HIGHEST;
    for (uint32_t w = 0; w < words_of(in, (enum scope)i->scope); w++)
        for (uint32_t a = 0; a < i->count; a += 2)
            fold_strength(in, args[a], args[a + 1], w, out, a == 0 ? FOLD_SET : how);
}

void run_arithmetic(struct infer *in, const struct instr *i)
{
    bool one_row = in->single || i->scope == SCOPE_RESPONDENT;
    if (i->op == OP_SPREAD_NUMBER && in->single) {
        in->numbers[i->dst] = in->numbers[i->a];
        return;
    }
    struct column_pair out = own(in, i->dst);
    if (i->op == OP_LOWEST || i->op == OP_HIGHEST)
        fold_list(in, i, out);
    else if ((i->op == OP_ANY_NUMBER || i->op == OP_ALL_NUMBER) && in->single)
        fold_strength(in, i->a, i->b, 0, out, FOLD_SET);
    else if (i->op == OP_GRADE && i->question != NONE && one_row)
        grade_codes(in, i, out);
    else if (i->op == OP_GRADE && i->b != NONE && in->single)
        grade_of_gap(in, i, out);
    else if (i->op == OP_GRADE && !in->numbers[i->a].some)
        grade_column(i, in->numbers[i->a], in->count[i->scope], out);
    else
        for (uint32_t k = 0; k < in->count[i->scope]; k++) {
            struct interval v = result(in, i, k);
            out.lo[k] = v.lo;
            out.hi[k] = v.hi;
        }
}
