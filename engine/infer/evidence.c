/* In: strengths of rules. Out: certainties and verdicts of a conclusion. Next: higher layers,
 * report. Products of (1 - e) in the order of rule ids (docs/semantics.md: EMYCIN's combination,
 * free of order); the upper end is kept apart only for subjects where it differs from the lower. */
#include "infer/state.h"

#include <string.h>

static void begin(struct infer *in, uint32_t words, bool against)
{
    struct evidence *e = &in->evidence;
    bool favour_too = !e->used;
    e->used = true;
    for (uint32_t w = 0; w < words; w++)
        for (int end = 0; end < 2; end++) {
            if (favour_too)
                in->kernels->start(e->in_favour[end] + 64 * w, 0, 1);
            if (against && !e->against_used)
                in->kernels->start(e->against[end] + 64 * w, 0, 1);
        }
    e->against_used |= against;
}

/* A rule of strength 1, 0 or [0, 1]. */
static void fire_flat(struct infer *in, uint32_t word, uint64_t surely, uint64_t maybe, double c)
{
    struct evidence *e = &in->evidence;
    bool favour = c > 0;
    double factor = favour ? 1 - c : 1 + c;
    double **v = favour ? e->in_favour : e->against;
    bool straight = favour || SEEDED(AGAINST_ENDS_SWAPPED);
    if (!favour && SEEDED(AGAINST_FORGOTTEN))
        return;
    if (SEEDED(UPPER_END_DROPPED))
        maybe = surely;
    in->kernels->multiply(v[END_LO] + 64 * word, straight ? surely : maybe, factor);
    in->kernels->multiply(v[END_HI] + 64 * word, straight ? maybe : surely, factor);
}

/* The first rule of a conclusion, in a tile of one word: nothing to multiply yet. */
static void start_flat(struct infer *in, uint64_t surely, uint64_t maybe, double c)
{
    struct evidence *e = &in->evidence;
    e->used = true;
    in->kernels->start(e->in_favour[END_LO], surely, 1 - c);
    in->kernels->start(e->in_favour[END_HI], SEEDED(UPPER_END_DROPPED) ? surely : maybe, 1 - c);
}

static struct interval lowest(const struct infer *in, const uint32_t *numbers, uint32_t count,
                              uint32_t k, bool surely)
{
    struct interval s = {surely ? 1 : 0, 1};
    for (uint32_t a = 0; a < count; a++) {
        struct interval v = number_at(in->numbers[numbers[a]], k);
        if (SEEDED(STRENGTH_IS_ONE))
            continue;
        if (SEEDED(MINIMUM_IS_LAST))
            s = (struct interval){surely ? 1 : 0, 1};
        s.lo = v.lo < s.lo ? v.lo : s.lo;
        s.hi = v.hi < s.hi ? v.hi : s.hi;
    }
    if (s.lo < 0)
        s.lo = 0;
    return s;
}

static void apply(struct evidence *e, uint32_t k, struct interval evidence, bool favour)
{
    double **v = favour ? e->in_favour : e->against;
    v[END_LO][k] *= 1 - (favour ? evidence.lo : evidence.hi);
    v[END_HI][k] *= 1 - (favour ? evidence.hi : evidence.lo);
}

static void collect(struct evidence *e, uint32_t k, struct interval evidence, bool favour)
{
    double **v = favour ? e->group_favour : e->group_against;
    uint64_t mark = UINT64_C(1) << (k % 64);
    if (!(e->group_seen[k / 64] & mark)) {
        e->group_seen[k / 64] |= mark;
        for (int end = 0; end < 2; end++)
            e->group_favour[end][k] = e->group_against[end][k] = 0;
    }
    v[END_LO][k] = evidence.lo > v[END_LO][k] ? evidence.lo : v[END_LO][k];
    v[END_HI][k] = evidence.hi > v[END_HI][k] ? evidence.hi : v[END_HI][k];
}

enum { GRADED = 8 }; /* columns a rule's lowest strength is taken over at once */

/* A graded rule in favour, all subjects of a word together. */
static void fire_graded(struct infer *in, const struct instr *i, const uint32_t *numbers,
                        uint32_t word, uint64_t surely, uint64_t maybe)
{
    struct evidence *e = &in->evidence;
    struct ends columns[GRADED];
    for (uint32_t a = 0; a < i->a; a++)
        columns[a] = ends_of(in->numbers[numbers[a]], word);
    in->kernels->weaken(e->in_favour[END_LO] + 64 * word, surely, i->x, columns, i->a, false);
    in->kernels->weaken(e->in_favour[END_HI] + 64 * word, maybe, i->x, columns, i->a, true);
}

/* A graded rule against, or one of a group: subject by subject. */
static void fire_each(struct infer *in, const struct instr *i, const uint32_t *numbers,
                      uint32_t word, uint64_t surely, uint64_t maybe)
{
    struct evidence *e = &in->evidence;
    bool favour = i->x > 0;
    double c = favour ? i->x : -i->x;
    for (uint64_t m = maybe; m; m &= m - 1) {
        uint32_t at = (uint32_t)__builtin_ctzll(m), k = 64 * word + at;
        struct interval s = lowest(in, numbers, i->a, k, surely >> at & 1);
        struct interval evidence = {c * s.lo, c * s.hi};
        if (e->group_left && !SEEDED(GROUP_ADDED_UP))
            collect(e, k, evidence, favour);
        else
            apply(e, k, evidence, favour);
    }
}

static void end_group(struct infer *in, uint32_t words)
{
    struct evidence *e = &in->evidence;
    for (uint32_t w = 0; w < words; w++)
        for (uint64_t m = e->group_seen[w]; m; m &= m - 1) {
            uint32_t k = 64 * w + (uint32_t)__builtin_ctzll(m);
            apply(e, k, (struct interval){e->group_favour[0][k], e->group_favour[1][k]}, true);
            if (e->against_used)
                apply(e, k, (struct interval){e->group_against[0][k], e->group_against[1][k]},
                      false);
        }
}

static void run_fire(struct infer *in, const struct instr *i)
{
    const uint32_t *args = in->p->args + i->from;
    uint32_t words = words_of(in, (enum scope)i->scope);
    struct evidence *e = &in->evidence;
    for (uint32_t w = 0; w < words; w++) {
        uint64_t surely = in->live[i->scope][w], maybe = surely;
        for (uint32_t k = 0; k < i->count; k++) {
            const uint64_t *a = planes_at(in, args[k]) + 2 * w;
            surely &= a[0];
            maybe &= a[1];
        }
        if (!maybe)
            continue;
        if (!e->used && words == 1 && i->x > 0 && !i->a && !e->group_left) {
            start_flat(in, surely, maybe, i->x);
            continue;
        }
        begin(in, words, i->x < 0);
        if (i->a && i->a <= GRADED && i->x > 0 && !e->group_left && !SEEDED(STRENGTH_IS_ONE) &&
            !SEEDED(MINIMUM_IS_LAST))
            fire_graded(in, i, args + i->count, w, surely, maybe);
        else if (i->a || e->group_left)
            fire_each(in, i, args + i->count, w, surely, maybe);
        else
            fire_flat(in, w, surely, maybe, i->x);
    }
    if (e->group_left && --e->group_left == 0)
        end_group(in, words);
}

static double certainty(double p, double n)
{
    return p < n ? 1 - p / n : p > n ? n / p - 1 : 0;
}

/* With evidence against there are quotients: subject by subject. */
static struct concluded conclude_word(const struct evidence *e, struct column_pair out,
                                      uint32_t word, double least)
{
    struct concluded c = {0, 0, 0, 0};
    for (uint32_t k = 64 * word; k < 64 * word + 64; k++) {
        uint64_t mark = UINT64_C(1) << (k % 64);
        double lo = certainty(e->in_favour[END_LO][k], e->against[END_LO][k]);
        double hi = certainty(e->in_favour[END_HI][k], e->against[END_HI][k]);
        out.lo[k] = lo;
        out.hi[k] = hi;
        c.not_zero |= lo != 0 ? mark : 0;
        c.apart |= lo != hi ? mark : 0;
        c.surely |= lo >= least ? mark : 0;
        c.maybe |= hi >= least ? mark : 0;
    }
    return c;
}

/* Gives the certainties; of the lower ones which are not 0, of both which reach the threshold. */
static void certainties(struct infer *in, const struct instr *i, uint32_t words, uint64_t *not_zero,
                        uint64_t *verdicts)
{
    const struct evidence *e = &in->evidence;
    double least = i->x - CERTAINTY_REACH;
    if (!e->used) {
        in->numbers[i->dst] = (struct column_pair){in->zeros, in->zeros, NULL};
        memset(not_zero, 0, words * sizeof *not_zero);
        memset(verdicts, 0, 2 * words * sizeof *verdicts);
        return;
    }
    uint64_t *apart = in->apart + (size_t)i->question * in->words;
    struct column_pair out = {own_lo(in, i->dst), own_hi(in, i->dst), apart};
    for (uint32_t w = 0; w < words; w++) {
        struct concluded c = e->against_used
                                 ? conclude_word(e, out, w, least)
                                 : in->kernels->conclude(out.lo + 64 * w, out.hi + 64 * w,
                                                         e->in_favour[END_LO] + 64 * w,
                                                         e->in_favour[END_HI] + 64 * w, least);
        not_zero[w] = c.not_zero;
        apart[w] = c.apart;
        verdicts[2 * w] = c.surely;
        verdicts[2 * w + 1] = c.maybe;
    }
    in->numbers[i->dst] = out;
}

/* needs: where they do not surely hold nothing can be said. */
static bool withhold(struct infer *in, const struct instr *i)
{
    bool any = false;
    const uint64_t *met = planes_at(in, i->a);
    uint64_t *apart = in->apart + (size_t)i->question * in->words;
    uint32_t words = words_of(in, (enum scope)i->scope);
    for (uint32_t w = 0; w < words; w++) {
        uint64_t unmet = ~met[2 * w] & in->live[i->scope][w];
        if (!unmet)
            continue;
        any = true;
        if (in->numbers[i->dst].lo == in->zeros) {
            own(in, i->dst);
            in->numbers[i->dst].apart = apart;
            memset(in->numbers[i->dst].lo, 0, 64 * (size_t)words * sizeof(double));
            memset(apart, 0, words * sizeof *apart);
        }
        apart[w] |= unmet;
        for (; unmet; unmet &= unmet - 1) {
            uint32_t k = 64 * w + (uint32_t)__builtin_ctzll(unmet);
            in->numbers[i->dst].lo[k] = -1;
            in->numbers[i->dst].hi[k] = 1;
        }
    }
    return any;
}

static void verdicts(struct infer *in, uint32_t number, uint32_t planes, double threshold,
                     uint32_t words)
{
    uint64_t *out = planes_at(in, planes);
    if (SEEDED(THRESHOLD_STRICT))
        threshold += 0.01;
    for (uint32_t w = 0; w < words; w++) {
        uint64_t lo, hi;
        in->kernels->below(ends_of(in->numbers[number], w), threshold - CERTAINTY_REACH, &lo, &hi);
        out[2 * w] = ~lo;
        out[2 * w + 1] = ~hi;
    }
}

static void over_partners(struct infer *in, uint32_t from, uint32_t to)
{
    struct column_pair v = in->numbers[from];
    if (in->single || v.lo == in->zeros) {
        in->numbers[to] = v;
        return;
    }
    struct column_pair out = own(in, to);
    for (uint32_t k = 0; k < in->count[SCOPE_PARTNERSHIP]; k++) {
        struct rows partners = partners_of(in, k);
        double lo = partners.from < partners.to ? v.lo[partners.from] : 0;
        double hi = partners.from < partners.to ? number_at(v, partners.from).hi : 0;
        for (uint32_t p = partners.from + 1; p < partners.to; p++) {
            if (SEEDED(PARTNERS_AVERAGED)) {
                lo = (lo + v.lo[p]) / 2;
                hi = (hi + number_at(v, p).hi) / 2;
                continue;
            }
            if (SEEDED(PARTNERS_LOWEST)) {
                lo = v.lo[p] < lo ? v.lo[p] : lo;
                hi = number_at(v, p).hi < hi ? number_at(v, p).hi : hi;
                continue;
            }
            lo = v.lo[p] > lo ? v.lo[p] : lo;
            hi = number_at(v, p).hi > hi ? number_at(v, p).hi : hi;
        }
        out.lo[k] = lo;
        out.hi[k] = hi;
    }
}

static void run_conclude(struct infer *in, const struct instr *i)
{
    enum scope scope = (enum scope)i->scope;
    uint32_t of_case = in->p->lo_hi[SCOPE_PARTNERSHIP][i->question];
    uint32_t planes = in->p->verdicts[SCOPE_PARTNERSHIP][i->question];
    uint32_t words = words_of(in, SCOPE_PARTNERSHIP);
    uint64_t *not_zero = in->not_zero + (size_t)i->question * in->words;
    certainties(in, i, words_of(in, scope), not_zero, planes_at(in, i->b));
    in->evidence.used = in->evidence.against_used = false;
    bool withheld = i->a != NONE && !SEEDED(NEEDS_IGNORED) && withhold(in, i);
    if (withheld || SEEDED(THRESHOLD_STRICT))
        verdicts(in, i->dst, i->b, i->x, words_of(in, scope));
    if (scope == SCOPE_PARTNER) {
        over_partners(in, i->dst, of_case);
        if (in->single)
            memcpy(planes_at(in, planes), planes_at(in, i->b), 2 * words * sizeof(uint64_t));
        else if (i->edge)
            verdicts(in, of_case, planes, i->x, words);
    }
    struct column_pair v = in->numbers[of_case];
    bool again = withheld || (scope == SCOPE_PARTNER && !in->single && v.lo != in->zeros);
    for (uint32_t w = 0; w < words; w++)
        not_zero[w] = (again ? ~in->kernels->equal(v.lo + 64 * w, 0) : not_zero[w]) &
                      in->live[SCOPE_PARTNERSHIP][w];
}

void run_evidence(struct infer *in, const struct instr *i)
{
    if (i->op == OP_FIRE)
        run_fire(in, i);
    else if (i->op == OP_CONCLUDE)
        run_conclude(in, i);
    else {
        in->evidence.group_left = i->count;
        memset(in->evidence.group_seen, 0, in->words * sizeof *in->evidence.group_seen);
    }
}
