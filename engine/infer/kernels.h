/* kernels: the few loops over 64 subjects that the time goes into, once for every processor.
 *
 * The portable loops are the definition; the others give the same bits (one rounding an element,
 * no reordering) and are chosen when an engine is made, by what the processor has. */
#ifndef ENTENTE_KERNELS_H
#define ENTENTE_KERNELS_H

#include <stdint.h>

struct kernels {
    const char *name;
    /* one bit an element: v[k] < x, v[k] <= x, v[k] == x */
    uint64_t (*below)(const double *v, double x);
    uint64_t (*at_most)(const double *v, double x);
    uint64_t (*equal)(const double *v, double x);
    uint64_t (*equal_bytes)(const uint8_t *v, uint8_t x);
    /* out[c * stride] = v[k] == c + 1, for c under count; gives those equal to none of them */
    uint64_t (*codes)(const uint8_t *v, uint32_t count, uint64_t *out, uint32_t stride);
    /* v[k] *= factor where there is a bit */
    void (*multiply)(double *v, uint64_t bits, double factor);
    /* v[k] = factor where there is a bit, 1 elsewhere */
    void (*start)(double *v, uint64_t bits, double factor);
    /* v[k] *= 1 - c * (lowest of the columns at k) where there is a bit; count > 0 */
    void (*weaken)(double *v, uint64_t bits, double c, const double *const *columns,
                   uint32_t count);
    /* out[k] = 1 - v[k]; bits of out[k] != 0 and of out[k] >= least */
    void (*complement)(double *out, const double *v, double least, uint64_t *not_zero,
                       uint64_t *reached);
};

const struct kernels *kernels_portable(void);
const struct kernels *kernels_best(void); /* of this processor */

#endif
