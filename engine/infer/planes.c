/* In: planes and strengths. Out: and, or, not, any, all, bounds. Next: evidence.c.
 * Both planes of a word are one word operation each; only what crosses levels walks over bits. */
#include "infer/state.h"

#include <string.h>

static void run_and(const struct infer *in, const struct instr *i, bool is_and)
{
    const uint32_t *args = in->p->args + i->from;
    uint64_t *out = planes_at(in, i->dst);
    uint32_t n = 2 * words_of(in, (enum scope)i->scope);
    memcpy(out, planes_at(in, args[0]), n * sizeof *out);
    for (uint32_t k = 1; k < i->count; k++) {
        const uint64_t *a = planes_at(in, args[k]);
        for (uint32_t w = 0; w < n; w++)
            out[w] = is_and ? out[w] & a[w] : out[w] | a[w];
    }
}

static void run_invert(const struct infer *in, const struct instr *i)
{
    const uint64_t *a = planes_at(in, i->a);
    uint64_t *out = planes_at(in, i->dst);
    for (uint32_t w = 0; w < words_of(in, (enum scope)i->scope); w++) {
        out[2 * w] = SEEDED(NOT_KEEPS_MAYBE) ? 0 : ~a[2 * w + 1];
        out[2 * w + 1] = ~a[2 * w];
    }
}

static void run_bound(const struct infer *in, const struct instr *i)
{
    if (i->idle_single && i->scope == SCOPE_RESPONDENT && !in->block->any_open)
        return;
    const uint32_t *args = in->p->args + i->from;
    uint64_t *out = planes_at(in, i->dst);
    uint32_t n = 2 * words_of(in, (enum scope)i->scope);
    if (i->dst != i->a)
        memcpy(out, planes_at(in, i->a), n * sizeof *out);
    for (uint32_t k = 0; k < i->count; k++) {
        const uint64_t *a = planes_at(in, args[k]);
        for (uint32_t w = 0; w < n; w++)
            out[w] &= a[w];
    }
}

static void run_over_partners(const struct infer *in, const struct instr *i)
{
    const uint64_t *each = planes_at(in, i->a);
    uint64_t *out = planes_at(in, i->dst);
    bool all = i->op == OP_ALL;
    if (in->single) {
        memcpy(out, each, 2 * words_of(in, SCOPE_PARTNERSHIP) * sizeof *out);
        return;
    }
    for (uint32_t k = 0; k < in->count[SCOPE_PARTNERSHIP]; k++) {
        struct rows partners = partners_of(in, k);
        bool surely = all, maybe = all;
        if (!all && SEEDED(ANY_IS_FIRST))
            partners.to = partners.from + 1;
        if (all && SEEDED(ALL_WITHOUT_LAST))
            partners.to--;
        for (uint32_t p = partners.from; p < partners.to; p++) {
            surely = all ? surely && bit(each, p, 0) : surely || bit(each, p, 0);
            maybe = all ? maybe && bit(each, p, 1) : maybe || bit(each, p, 1);
        }
        put_bits(out, k, surely, maybe);
    }
}

static void run_to_partners(const struct infer *in, const struct instr *i)
{
    const uint64_t *of_case = planes_at(in, i->a);
    uint64_t *out = planes_at(in, i->dst);
    if (in->single) {
        memcpy(out, of_case, 2 * words_of(in, SCOPE_PARTNER) * sizeof *out);
        return;
    }
    for (uint32_t p = 0; p < in->count[SCOPE_PARTNER]; p++)
        put_bits(out, p, bit(of_case, in->case_of[p], 0), bit(of_case, in->case_of[p], 1));
}

void run_planes(struct infer *in, const struct instr *i)
{
    switch (i->op) {
    case OP_AND:
    case OP_OR: run_and(in, i, i->op == OP_AND); break;
    case OP_INVERT: run_invert(in, i); break;
    case OP_BOUND: run_bound(in, i); break;
    case OP_SPREAD_PLANES: run_to_partners(in, i); break;
    default: run_over_partners(in, i); break;
    }
}
