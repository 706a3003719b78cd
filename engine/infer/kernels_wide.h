/* kernels_wide: loops that compilers make wide by themselves, written once for every processor, and
 * the doors of the files that are for one. Private to the kernels. */
#ifndef ENTENTE_KERNELS_WIDE_H
#define ENTENTE_KERNELS_WIDE_H

#include "infer/kernels.h"

#include <stddef.h>

/* The portable ones where the processor's own would be no better, or do not fit. */
void lowest_portable(const struct ends *columns, uint32_t count, uint64_t some, double *out);
void look_up_portable(const uint8_t *code, const struct span_row *table, uint32_t points,
                      double *lo, double *hi);
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

WIDE void multiply_wide(double *restrict product, const double *restrict strength, uint64_t bits,
                        double c, uint32_t count)
{
    for (uint32_t from = 0; from < count; from += 8)
        for (int k = (int)from; k < (int)from + 8; k++)
            product[k] *= 1 - c * or_zero(strength, k, bits);
}

WIDE void raise_wide(double *restrict highest, const double *restrict strength, uint64_t bits,
                     double c, uint32_t count)
{
    for (uint32_t from = 0; from < count; from += 8)
        for (int k = (int)from; k < (int)from + 8; k++) {
            double e = c * or_zero(strength, k, bits);
            highest[k] = e > highest[k] ? e : highest[k];
        }
}

/* x - 1 is -(1 - x) to the last bit, so one division does for both. */
WIDE void settle_wide(const double *restrict p, const double *restrict n, uint32_t count,
                      double *restrict out)
{
    for (uint32_t from = 0; from < count; from += 8)
        for (uint32_t k = from; k < from + 8; k++) {
            double less = p[k] < n[k] ? p[k] : n[k], more = p[k] < n[k] ? n[k] : p[k];
            double size = 1 - less / more;
            out[k] = p[k] < n[k] ? size : p[k] > n[k] ? -size : 0;
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
    target static void multiply_##name(double *product, const double *strength, uint64_t bits,    \
                                       double c, uint32_t count)                                  \
    {                                                                                             \
        if (strength)                                                                             \
            multiply_wide(product, strength, bits, c, count);                                     \
        else                                                                                      \
            multiply_wide(product, NULL, bits, c, count);                                         \
    }                                                                                             \
    target static void raise_##name(double *highest, const double *strength, uint64_t bits,       \
                                    double c, uint32_t count)                                     \
    {                                                                                             \
        if (strength)                                                                             \
            raise_wide(highest, strength, bits, c, count);                                        \
        else                                                                                      \
            raise_wide(highest, NULL, bits, c, count);                                            \
    }                                                                                             \
    target static void settle_##name(const double *p, const double *n, uint32_t count,            \
                                     double *out)                                                 \
    {                                                                                             \
        settle_wide(p, n, count, out);                                                            \
    }                                                                                             \
    target static void steps_##name(const double *v, uint16_t *out)                               \
    {                                                                                             \
        steps_wide(v, out);                                                                       \
    }

#endif
