/* In: strengths of rules. Out: certainties and verdicts of a conclusion. Next: higher layers,
 * report. Products of (1 - e) in the order of rule ids (docs/semantics.md: EMYCIN's combination,
 * free of order). Few rules fire for few subjects: only those that maybe fire are looked at, and
 * certainties are packed (state.h). */
#include "infer/state.h"

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
        *fired++ = (struct fired){.at = {surely, maybe}, .evidence = f->x, .rest = f->y};
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

/* The strengths of graded rules. */
static void grade(const struct infer *in, struct firings rules, uint32_t word, uint64_t some)
{
    struct fired *fired = in->fired;
    double *strength = in->strengths;
    for (const struct instr *f = rules.first; f < rules.end; f++) {
        const uint32_t *numbers = in->p->args + f->from + fire_planes(f);
        if (f->op != OP_FIRE)
            continue;
        const double *at_hand = f->a == 1 ? strengths_at_hand(in, numbers[0], some) : NULL;
        if (!at_hand && f->a && fired->at[1]) {
            uint32_t from = SEEDED(MINIMUM_IS_LAST) ? f->a - 1 : 0;
            for (uint32_t k = from; k < f->a; k++)
                in->parts[k] = ends_of(in->numbers[numbers[k]], word);
            in->kernels->lowest(in->parts + from, f->a - from, some, strength);
            at_hand = strength;
            strength += 128;
        }
        if (at_hand && !SEEDED(STRENGTH_IS_ONE)) {
            fired->strength[0] = at_hand;
            fired->strength[1] = at_hand + 64;
        }
        fired++;
    }
}

/* Which rules stand in groups, which speak against: their evidence is strongest for the lower end.
 * Gives their number. */
static uint32_t take_sides(const struct infer *in, struct firings rules)
{
    struct fired *fired = in->fired;
    uint32_t left = 0; /* of the group */
    for (const struct instr *f = rules.first; f < rules.end; f++) {
        if (f->op == OP_GROUP) {
            left = SEEDED(GROUP_ADDED_UP) ? 0 : f->count;
            continue;
        }
        struct fired r = *fired;
        r.against = r.evidence < 0;
        r.evidence = r.against ? -r.evidence : r.evidence;
        r.grouped = left > 0;
        r.ends_group = left == 1;
        left -= r.grouped;
        for (int end = 0; end < 2 && r.against && !SEEDED(AGAINST_ENDS_SWAPPED); end++) {
            r.at[end] = fired->at[1 - end];
            r.strength[end] = fired->strength[1 - end];
        }
        if (r.against && SEEDED(AGAINST_FORGOTTEN))
            r.at[0] = r.at[1] = 0;
        *fired++ = r;
    }
    return (uint32_t)(fired - in->fired);
}

/* --- conclusions ------------------------------------------------------------------------------ */

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

/* From everybody: the same column every time, and no rule matters. */
static void withhold_all(struct infer *in, const struct instr *i)
{
    uint64_t *planes = planes_at(in, i->b), *some = some_of(in, i->dst);
    *some = ~UINT64_C(0);
    in->numbers[i->dst] = (struct column_pair){in->withheld[0], in->withheld[1], some};
    planes[0] = 0;
    planes[1] = *some;
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
    if (words == 1 && i->a != NONE && unmet(in, i, 0) == in->live[i->scope][0]) {
        withhold_all(in, i);
        return;
    }
    for (uint32_t w = 0; w < words; w++) {
        uint64_t open = unmet(in, i, w);
        some[w] = open | fire_word(in, rules, (enum scope)i->scope, w);
        uint32_t entries = pack_by(&some[w]);
        if (w == 0)
            v = take(in, i->dst, words, entries);
        double *lo = v.lo + 64 * w, *hi = v.hi + 64 * w;
        if (i->relation != CONCLUDE_PLAIN)
            grade(in, rules, w, some[w]);
        if (i->relation != CONCLUDE_WEIGHED)
            in->kernels->combine(in->fired, i->count, some[w], lo, hi, least, planes + 2 * w);
        else
            in->kernels->weigh(in->fired, take_sides(in, rules), some[w], lo, hi, least,
                               planes + 2 * w);
        if (open) {
            withhold(in, v, w, open);
            reaches(in, v, w, least, planes);
        }
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

/* The registers of the partnership are those behind the partner's. */
static void over_partners(struct infer *in, const struct instr *i, double least)
{
    struct column_pair v = in->numbers[i->dst];
    uint32_t words = words_of(in, SCOPE_PARTNERSHIP), to = i->dst + 1, planes = i->b + 1;
    uint64_t *some = some_of(in, to);
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
    if (scope == SCOPE_PARTNERSHIP)
        return;
    if (!in->single) {
        over_partners(in, i, least);
        return;
    }
    in->numbers[i->dst + 1] = in->numbers[i->dst];
    if (i->edge)
        copy_planes(in, i->b + 1, i->b, words_of(in, scope));
}
