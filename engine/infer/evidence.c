/* In: strengths of rules. Out: certainties and verdicts of a conclusion. Next: higher layers,
 * report. Products of (1 - e) in the order of rule ids (docs/semantics.md: EMYCIN's combination,
 * free of order). Few rules fire for few subjects: only those that maybe fire are looked at, and
 * certainties are packed (state.h). */
#include "infer/state.h"

#include <string.h>

struct firings {
    const struct instr *first, *end;
};

static struct firings firings_of(const struct infer *in, const struct instr *conclude)
{
    const struct instr *first = in->p->code + conclude->from;
    return (struct firings){first, first + conclude->count};
}

/* Rules as they fire in one word of subjects, planes being `step` words apart. Gives those for whom
 * one maybe does. */
static inline uint64_t fire(const struct infer *in, struct firings rules, const uint64_t *planes,
                            size_t step, uint64_t live)
{
    uint64_t some = 0;
    struct fired *fired = in->fired;
    for (const struct instr *f = rules.first; f < rules.end; f++) {
        const uint32_t *args = in->p->args + f->from;
        uint64_t surely = live, maybe = live;
        if (f->op != OP_FIRE)
            continue;
        for (uint32_t k = 0; k < f->count; k += FIRE_PLANES) {
            const uint64_t *a = planes + args[k] * step, *b = planes + args[k + 1] * step;
            const uint64_t *c = planes + args[k + 2] * step, *d = planes + args[k + 3] * step;
            surely &= a[0] & b[0] & (c[0] & d[0]);
            maybe &= a[1] & b[1] & (c[1] & d[1]);
        }
        if (SEEDED(UPPER_END_DROPPED))
            maybe = surely;
        *fired++ = (struct fired){surely, maybe, f->x, f->y, NULL};
        some |= maybe;
    }
    return some;
}

static uint64_t fire_word(const struct infer *in, struct firings rules, enum scope scope,
                          uint32_t word)
{
    uint64_t live = in->live[scope][word];
    if (in->words == 1)
        return fire(in, rules, in->planes, 2, live);
    return fire(in, rules, in->planes + 2 * word, 2 * (size_t)in->words, live);
}

/* A column that stands as strengths do; it is in [0, 1], since it is no certainty. */
static const double *strengths_at_hand(const struct infer *in, uint32_t number, uint64_t some)
{
    struct column_pair v = in->numbers[number];
    bool same = some == ~UINT64_C(0) && in->words == 1 && !v.some && v.hi == v.lo + 64;
    return same ? v.lo : NULL;
}

/* The strengths of graded rules. False: a rule speaks against, or there are groups. */
static bool grade(const struct infer *in, struct firings rules, uint32_t word, uint64_t some)
{
    bool plain = true;
    struct fired *fired = in->fired;
    double *strength = in->strengths;
    for (const struct instr *f = rules.first; f < rules.end; f++) {
        const uint32_t *numbers = in->p->args + f->from + fire_planes(f);
        plain &= f->op == OP_FIRE && f->x > 0;
        if (f->op != OP_FIRE)
            continue;
        const double *at_hand = f->a == 1 ? strengths_at_hand(in, numbers[0], some) : NULL;
        if (at_hand && !SEEDED(STRENGTH_IS_ONE))
            fired->strength = at_hand;
        else if (f->a && fired->maybe && !SEEDED(STRENGTH_IS_ONE)) {
            uint32_t from = SEEDED(MINIMUM_IS_LAST) ? f->a - 1 : 0;
            for (uint32_t k = from; k < f->a; k++)
                in->parts[k] = ends_of(in->numbers[numbers[k]], word);
            in->kernels->lowest(in->parts + from, f->a - from, some, strength);
            fired->strength = strength;
            strength += 128;
        }
        fired++;
    }
    return plain;
}

/* --- rules that speak against, or of a group ---------------------------------------------------- */

enum { LO, HI, ENDS };

/* Of packed subjects, in favour and against: products of (1 - e), and, while a group is gone
 * through, the highest evidence of its rules. Evidence against is strongest for the lower end. */
struct evidence {
    double product[2][ENDS][64], group[2][ENDS][64];
};

static void fill(double column[2][ENDS][64], double x, uint32_t n)
{
    for (int end = 0; end < ENDS; end++)
        for (uint32_t k = 0; k < (n + 7) / 8 * 8; k++)
            column[0][end][k] = column[1][end][k] = x;
}

static void end_group(struct evidence *e, uint32_t n)
{
    for (int side = 0; side < 2; side++)
        for (int end = 0; end < ENDS; end++)
            for (uint32_t k = 0; k < n; k++)
                e->product[side][end][k] *= 1 - e->group[side][end][k];
}

static void add(const struct infer *in, const struct fired *r, uint64_t some, bool grouped,
                struct evidence *e, uint32_t n)
{
    const struct kernels *kernels = in->kernels;
    bool against = r->evidence < 0, swapped = against && !SEEDED(AGAINST_ENDS_SWAPPED);
    double c = against ? -r->evidence : r->evidence;
    if (against && SEEDED(AGAINST_FORGOTTEN))
        return;
    for (int end = 0; end < ENDS; end++) {
        uint64_t bits = kernels->extract(end == LO ? r->surely : r->maybe, some);
        const double *strength = r->strength ? r->strength + 64 * end : NULL;
        int to = swapped ? ENDS - 1 - end : end;
        if (grouped)
            kernels->raise(e->group[against][to], strength, bits, c, n);
        else
            kernels->multiply(e->product[against][to], strength, bits, c, n);
    }
}

static void combine(const struct infer *in, struct firings rules, uint64_t some, uint32_t n,
                    double *lo, double *hi)
{
    uint32_t left = 0; /* of the group */
    const struct fired *r = in->fired;
    struct evidence e;
    fill(e.product, 1, n);
    for (const struct instr *f = rules.first; f < rules.end; f++) {
        if (f->op == OP_GROUP) {
            left = SEEDED(GROUP_ADDED_UP) ? 0 : f->count;
            fill(e.group, 0, n);
            continue;
        }
        add(in, r++, some, left > 0, &e, n);
        if (left && --left == 0)
            end_group(&e, n);
    }
    in->kernels->settle(e.product[0][LO], e.product[1][LO], n, lo);
    in->kernels->settle(e.product[0][HI], e.product[1][HI], n, hi);
}

/* --- conclusions -------------------------------------------------------------------------------- */

/* Room for a packed column: the entries of one word, or all there could be. */
static struct column_pair take(struct infer *in, uint32_t reg, uint32_t words, uint32_t entries)
{
    size_t n = words == 1 ? (entries + 7) & ~7u : 64 * (size_t)words;
    double *at = in->packed_next;
    in->packed_next += 2 * n;
    in->numbers[reg] = (struct column_pair){at, at + n, in->some + (size_t)reg * in->words};
    return in->numbers[reg];
}

static uint64_t *some_of(const struct infer *in, uint32_t reg)
{
    return in->some + (size_t)reg * in->words;
}

static void reaches(const struct infer *in, struct column_pair v, uint32_t word, double least,
                    uint64_t *planes)
{
    struct ends ends = ends_of(v, word);
    uint64_t lo, hi;
    in->kernels->below(ends.lo, ends.hi, ends.some, least, &lo, &hi);
    planes[2 * word] = ends.some & ~lo;
    planes[2 * word + 1] = ends.some & ~hi;
}

/* needs: where they do not surely hold nothing can be said. */
static uint64_t unmet(const struct infer *in, const struct instr *i, uint32_t word)
{
    if (i->a == NONE || SEEDED(NEEDS_IGNORED))
        return 0;
    return ~planes_at(in, i->a)[2 * word] & in->live[i->scope][word];
}

static void withhold(const struct infer *in, struct column_pair v, uint32_t word, uint64_t from)
{
    uint64_t at = in->kernels->extract(from, v.some[word]);
    for (; at; at &= at - 1) {
        uint32_t k = 64 * word + (uint32_t)__builtin_ctzll(at);
        v.lo[k] = -1;
        v.hi[k] = 1;
    }
}

/* Where most subjects have a certainty all get one: packing would cost more than it spares. Gives
 * the number of entries. */
enum { DENSE = 40 };
static uint32_t pack_by(uint64_t *some)
{
    uint32_t n = bits_in(*some);
    if (n < DENSE)
        return n;
    *some = ~UINT64_C(0);
    return 64;
}

static void certainties(struct infer *in, const struct instr *i, uint32_t words, double least)
{
    uint64_t *planes = planes_at(in, i->b), *some = some_of(in, i->dst);
    struct column_pair v = {NULL, NULL, NULL};
    struct firings rules = firings_of(in, i);
    for (uint32_t w = 0; w < words; w++) {
        uint64_t open = unmet(in, i, w), live = in->live[i->scope][w];
        some[w] = open; /* of everybody: then no rule matters */
        if (open != live || !open)
            some[w] |= fire_word(in, rules, (enum scope)i->scope, w);
        uint32_t entries = pack_by(&some[w]);
        if (w == 0)
            v = take(in, i->dst, words, entries);
        if (open && open == live) {
            withhold(in, v, w, open);
            reaches(in, v, w, least, planes);
            continue;
        }
        bool plain = i->relation == CONCLUDE_PLAIN || grade(in, rules, w, some[w]);
        double *lo = v.lo + 64 * w, *hi = v.hi + 64 * w;
        if (plain)
            in->kernels->combine(in->fired, i->count, some[w], lo, hi, least, planes + 2 * w);
        else
            combine(in, rules, some[w], entries, lo, hi);
        if (open)
            withhold(in, v, w, open);
        if (open || !plain)
            reaches(in, v, w, least, planes);
    }
}

/* The highest of a case's partners. */
static struct interval over(struct column_pair v, struct rows partners)
{
    struct interval all = {0, 0};
    for (uint32_t p = partners.from; p < partners.to; p++) {
        struct interval one = number_at(v, p);
        bool first = p == partners.from;
        if (SEEDED(PARTNERS_AVERAGED) && !first)
            one = (struct interval){(all.lo + one.lo) / 2, (all.hi + one.hi) / 2};
        else if (SEEDED(PARTNERS_LOWEST) && !first)
            one = (struct interval){one.lo < all.lo ? one.lo : all.lo,
                                    one.hi < all.hi ? one.hi : all.hi};
        else if (!first)
            one = (struct interval){one.lo > all.lo ? one.lo : all.lo,
                                    one.hi > all.hi ? one.hi : all.hi};
        all = one;
    }
    return all;
}

static bool any_of(const struct infer *in, const uint64_t *some, struct rows partners)
{
    if (in->words == 1)
        return some[0] >> partners.from << (64 - (partners.to - partners.from)) != 0;
    return true;
}

static void over_partners(struct infer *in, const struct instr *i, uint32_t to, double least)
{
    struct column_pair v = in->numbers[i->dst];
    uint32_t words = words_of(in, SCOPE_PARTNERSHIP);
    uint32_t planes = in->p->verdicts[SCOPE_PARTNERSHIP][i->question];
    uint64_t *some = some_of(in, to);
    if (in->single) {
        in->numbers[to] = v;
        copy_planes(in, planes, i->b, words);
        return;
    }
    struct interval of_case[64];
    struct column_pair out = {NULL, NULL, NULL};
    for (uint32_t w = 0; w < words; w++) {
        uint32_t n = 0;
        some[w] = 0;
        for (uint32_t k = 64 * w; k < 64 * w + 64 && k < in->count[SCOPE_PARTNERSHIP]; k++) {
            struct rows partners = partners_of(in, k);
            if (partners.from == partners.to || !any_of(in, v.some, partners))
                continue;
            some[w] |= UINT64_C(1) << (k % 64);
            of_case[n++] = over(v, partners);
        }
        if (w == 0)
            out = take(in, to, words, n);
        for (uint32_t k = 0; k < n; k++) {
            out.lo[64 * w + k] = of_case[k].lo;
            out.hi[64 * w + k] = of_case[k].hi;
        }
        if (i->edge)
            reaches(in, out, w, least, planes_at(in, planes));
    }
}

void run_conclude(struct infer *in, const struct instr *i)
{
    enum scope scope = (enum scope)i->scope;
    double least = i->x - CERTAINTY_REACH + (SEEDED(THRESHOLD_STRICT) ? 0.01 : 0);
    certainties(in, i, words_of(in, scope), least);
    if (scope == SCOPE_PARTNER)
        over_partners(in, i, in->p->lo_hi[SCOPE_PARTNERSHIP][i->question], least);
}
