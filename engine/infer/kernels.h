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

/* A rule, for the lower end and the upper: where it counts, and how strongly, packed as the result
 * is (NULL: fully). What its evidence is then, and what that leaves of 1. */
struct fired {
    uint64_t at[2];
    const double *strength[2];
    double evidence, rest;
    bool against;             /* what it leaves is a product of its own */
    bool grouped, ends_group; /* of a group only the highest evidence counts, on either side */
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
    /* out[k], for 64 of them: v[k], in [-1, 1], in steps of 1/10000 over -1; 0xFFFF: 0 */
    void (*steps)(const double *v, uint16_t *out);
    /* out[k]: table[code[k]], table[0] for codes of `points` and more, for 64 of them. The table
     * has room for a multiple of 8. */
    void (*look_up)(const uint8_t *code, uint32_t points, const double *table, double *out);
    /* lo, hi, packed by `some`: 1 minus the product p of what rules leave. Bits, at their subjects,
     * where lo and hi are at least `least` (over 0). Room for a multiple of 8 entries. */
    void (*combine)(const struct fired *rules, uint32_t count, uint64_t some, double *lo,
                    double *hi, double least, uint64_t reach[2]);
    /* The same where there are groups, or rules against, which leave the product n: 1 - p/n where
     * p < n, n/p - 1 where p > n, 0 where they are equal. The rules' bits are packed in place. */
    void (*weigh)(struct fired *rules, uint32_t count, uint64_t some, double *lo, double *hi,
                  double least, uint64_t reach[2]);
};

const struct kernels *kernels_portable(void);
const struct kernels *kernels_best(void); /* of this processor */
/* Those that this processor can run, the portable ones first; NULL behind the last. */
const struct kernels *kernels_at(uint32_t i);

#endif
