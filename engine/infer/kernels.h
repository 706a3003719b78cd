/* kernels: the few loops over 64 subjects that the time goes into, once for every processor.
 *
 * The portable loops are the definition; the others give the same bits (one rounding an element,
 * no reordering) and are chosen when an engine is made, by what the processor has. */
#ifndef ENTENTE_KERNELS_H
#define ENTENTE_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

/* Lower and upper ends, packed by `some`: an entry for each of its bits, in order; the others are
 * 0. All bits: a column as it stands. Up to eight entries behind the last may be read. */
struct ends {
    const double *lo, *hi;
    uint64_t some;
};

/* A rule: where it fires, what its evidence is at full strength and what that leaves of 1. */
struct fired {
    uint64_t surely, maybe;
    double evidence, rest;
    const double *strength; /* [64] lower, [64] upper, packed as the result is; NULL: full */
};

/* A row of a table of intervals. */
struct span_row {
    double lo, hi;
};

/* How a column of strengths goes into another: as it is, where it is lower, where it is higher. */
enum fold { FOLD_SET, FOLD_LOWEST, FOLD_HIGHEST };

struct kernels {
    const char *name;
    uint64_t (*equal_bytes)(const uint8_t *v, uint8_t x);
    /* lo < x and hi < x; lo <= x and hi <= x: bits of `some` */
    void (*below)(const double *lo, const double *hi, uint64_t some, double x, uint64_t *is_lo,
                  uint64_t *is_hi);
    void (*at_most)(const double *lo, const double *hi, uint64_t some, double x, uint64_t *is_lo,
                    uint64_t *is_hi);
    /* out[c * stride] = v[k] == c + 1, for c under count; gives those equal to none of them */
    uint64_t (*codes)(const uint8_t *v, uint32_t count, uint64_t *out, uint32_t stride);
    /* the bits at the places of `where`, as the lowest */
    uint64_t (*extract)(uint64_t bits, uint64_t where);
    /* out, packed by `some`: the lowest of the columns, in [0, 1]; [64] lower, [64] upper ends */
    void (*lowest)(const struct ends *columns, uint32_t count, uint64_t some, double *out);
    /* out[64] by v (NULL: 1) where there is a bit, by 0 elsewhere */
    void (*fold)(double *out, const double *v, uint64_t bits, enum fold how);
    /* product[k] *= 1 - e, highest[k] = e where that is higher, for k under count, where e is
     * c * strength[k] (NULL: 1) where there is a bit, 0 elsewhere. Room for a multiple of 8. */
    void (*multiply)(double *product, const double *strength, uint64_t bits, double c,
                     uint32_t count);
    void (*raise)(double *highest, const double *strength, uint64_t bits, double c,
                  uint32_t count);
    /* out[k] = 1 - p/n where p < n, n/p - 1 where p > n, 0 where they are equal, for k under count:
     * certainties by what evidence for and against leaves. Room for a multiple of 8. */
    void (*settle)(const double *p, const double *n, uint32_t count, double *out);
    /* out[k], for 64 of them: v[k], in [-1, 1], in steps of 1/10000 over -1; 0xFFFF: 0 */
    void (*steps)(const double *v, uint16_t *out);
    /* for 64 of them, lo[k], hi[k]: row code[k] of the table, 0 for codes of `points` and more */
    void (*look_up)(const uint8_t *code, const struct span_row *table, uint32_t points, double *lo,
                    double *hi);
    /* lo, hi, packed by `some`: 1 minus the product of what rules leave where they surely fire,
     * where they maybe do. Bits, at their subjects, where lo and hi are at least `least` (over 0).
     * Room for a multiple of 8 entries. */
    void (*combine)(const struct fired *rules, uint32_t count, uint64_t some, double *lo,
                    double *hi, double least, uint64_t reach[2]);
};

const struct kernels *kernels_portable(void);
const struct kernels *kernels_best(void); /* of this processor */
/* Those that this processor can run, the portable ones first; NULL behind the last. */
const struct kernels *kernels_at(uint32_t i);

#endif
