/* kernels_wide: loops that compilers make wide by themselves, written once for every processor, and
 * the doors of the files that are for one. Private to the kernels. */
#ifndef ENTENTE_KERNELS_WIDE_H
#define ENTENTE_KERNELS_WIDE_H

#include "infer/kernels.h"

#include <stddef.h>

/* The portable ones where the processor's own would be no better, or do not fit. */
void lowest_portable(const struct ends *columns, uint32_t count, uint64_t some, double *out);
void look_up_portable(const uint8_t *code, uint32_t points, const double *table, double *out);
#ifdef __x86_64__
extern const struct kernels kernels_of_avx2, kernels_of_avx512;
#endif

#define WIDE static inline __attribute__((always_inline))

WIDE double or_zero(const double *v, int k, uint64_t bits)
{
    double x = v ? v[k] : 1;
    return bits >> k & 1 ? x : 0;
}

WIDE void fold_wide(double *restrict out, const double *restrict v, uint64_t bits, enum fold how)
{
    if (how == FOLD_SET)
        for (int k = 0; k < 64; k++)
            out[k] = or_zero(v, k, bits);
    else if (how == FOLD_LOWEST)
        for (int k = 0; k < 64; k++) {
            double x = or_zero(v, k, bits);
            out[k] = x < out[k] ? x : out[k];
        }
    else
        for (int k = 0; k < 64; k++) {
            double x = or_zero(v, k, bits);
            out[k] = out[k] > x ? out[k] : x;
        }
}

enum { BLOCK = 8 }; /* subjects weighed at a time */

/* x - 1 is -(1 - x) to the last bit, so one division does for both. */
WIDE void settle_wide(const double *p, const double *n, double *out)
{
    for (int k = 0; k < BLOCK; k++) {
        double less = p[k] < n[k] ? p[k] : n[k], more = p[k] < n[k] ? n[k] : p[k];
        double size = 1 - less / more;
        out[k] = p[k] < n[k] ? size : p[k] > n[k] ? -size : 0;
    }
}

/* One end of a block, from entry `from` on; the rules' bits are packed. */
WIDE void weigh_end(const struct fired *rules, uint32_t count, int end, uint32_t from,
                    double *out)
{
    double product[2][BLOCK], highest[2][BLOCK] = {{0}};
    for (int k = 0; k < BLOCK; k++)
        product[0][k] = product[1][k] = 1;
    for (const struct fired *r = rules; r < rules + count; r++) {
        const double *strength = r->strength[end] ? r->strength[end] + from : NULL;
        uint64_t bits = r->at[end] >> from;
        double *x = product[r->against], *most = highest[r->against];
        for (int k = 0; k < BLOCK; k++) {
            double e = r->evidence * or_zero(strength, k, bits);
            if (r->grouped)
                most[k] = e > most[k] ? e : most[k];
            else
                x[k] *= 1 - e;
        }
        for (int k = 0; r->ends_group && k < BLOCK; k++) {
            product[0][k] *= 1 - highest[0][k];
            product[1][k] *= 1 - highest[1][k];
            highest[0][k] = highest[1][k] = 0;
        }
    }
    settle_wide(product[0], product[1], out);
}

WIDE void weigh_wide(struct fired *rules, uint32_t count, uint64_t some, double *lo,
                     double *hi, double least, uint64_t reach[2],
                     uint64_t (*extract)(uint64_t, uint64_t))
{
    uint32_t subjects = (uint32_t)__builtin_popcountll(some);
    for (uint32_t r = 0; r < count; r++)
        for (int end = 0; end < 2; end++)
            rules[r].at[end] = extract(rules[r].at[end], some);
    for (uint32_t from = 0; from < subjects; from += BLOCK) {
        weigh_end(rules, count, 0, from, lo + from);
        weigh_end(rules, count, 1, from, hi + from);
    }
    reach[0] = reach[1] = 0;
    for (; some; some &= some - 1) {
        reach[0] |= *lo++ >= least ? some & -some : 0;
        reach[1] |= *hi++ >= least ? some & -some : 0;
    }
}

WIDE void steps_wide(const double *restrict v, uint16_t *restrict out)
{
    for (int k = 0; k < 64; k++) {
        double scaled = v[k] * 10000 + 0.5;
        int n = (int)scaled;
        n -= (double)n > scaled;
        out[k] = (uint16_t)(v[k] == 0 ? 0xFFFF : n + 10000);
    }
}

#define WIDE_LOOPS(name, target)                                                                  \
    target static void fold_##name(double *out, const double *v, uint64_t bits, enum fold how)    \
    {                                                                                             \
        if (v)                                                                                    \
            fold_wide(out, v, bits, how);                                                         \
        else                                                                                      \
            fold_wide(out, NULL, bits, how);                                                      \
    }                                                                                             \
    target static void weigh_##name(struct fired *rules, uint32_t count, uint64_t some,           \
                                    double *lo, double *hi, double least, uint64_t reach[2])      \
    {                                                                                             \
        weigh_wide(rules, count, some, lo, hi, least, reach, extract_##name);                     \
    }                                                                                             \
    target static void steps_##name(const double *v, uint16_t *out)                               \
    {                                                                                             \
        steps_wide(v, out);                                                                       \
    }

#endif
