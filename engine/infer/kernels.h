/* kernels: the few loops over 64 subjects that the time goes into, once for every processor.
 *
 * The portable loops are the definition; the others give the same bits (one rounding an element,
 * no reordering) and are chosen when an engine is made, by what the processor has. */
#ifndef ENTENTE_KERNELS_H
#define ENTENTE_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

/* Columns of [lo, hi]: hi counts only where `apart` has a bit and is lo elsewhere. */
struct ends {
    const double *lo, *hi;
    uint64_t apart;
};

/* What a conclusion comes to, as bits. */
struct concluded {
    uint64_t not_zero;      /* lo */
    uint64_t apart;         /* hi differs from lo */
    uint64_t surely, maybe; /* lo, hi reach */
};

struct kernels {
    const char *name;
    /* one bit an element: v[k] == x */
    uint64_t (*equal)(const double *v, double x);
    uint64_t (*equal_bytes)(const uint8_t *v, uint8_t x);
    /* lo < x and hi < x; lo <= x and hi <= x */
    void (*below)(struct ends v, double x, uint64_t *lo, uint64_t *hi);
    void (*at_most)(struct ends v, double x, uint64_t *lo, uint64_t *hi);
    /* out[c * stride] = v[k] == c + 1, for c under count; gives those equal to none of them */
    uint64_t (*codes)(const uint8_t *v, uint32_t count, uint64_t *out, uint32_t stride);
    /* v[k] *= factor where there is a bit */
    void (*multiply)(double *v, uint64_t bits, double factor);
    /* v[k] = factor where there is a bit, 1 elsewhere */
    void (*start)(double *v, uint64_t bits, double factor);
    /* v[k] *= 1 - c * (lowest of the columns' lo, or of their hi, at k) where there is a bit */
    void (*weaken)(double *v, uint64_t bits, double c, const struct ends *columns, uint32_t count,
                   bool upper);
    /* lo = 1 - p_lo; hi = 1 - p_hi, written where it differs */
    struct concluded (*conclude)(double *lo, double *hi, const double *p_lo, const double *p_hi,
                                 double least);
};

const struct kernels *kernels_portable(void);
const struct kernels *kernels_best(void); /* of this processor */
/* Those that this processor can run, the portable ones first; NULL behind the last. */
const struct kernels *kernels_at(uint32_t i);

#endif
