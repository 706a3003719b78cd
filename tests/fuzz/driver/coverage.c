/* In: calls that gcc's -fsanitize-coverage=trace-pc puts at every branch. Out: whether a run did
 * something new. Next: driver keeps such inputs. As AFL has it: a byte a pair of places, counted in
 * steps of two. Compiled without that option itself. */
#include "driver.h"

static uint8_t counts[COVERAGE_SIZE];
static __thread uintptr_t before;

extern const char __executable_start[];
void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
    uintptr_t here = (uintptr_t)__builtin_return_address(0) - (uintptr_t)__executable_start;
    here = (uintptr_t)((uint64_t)here * UINT64_C(0x9E3779B97F4A7C15) >> 48);
    uint8_t *count = &counts[(here ^ before) % COVERAGE_SIZE];
    *count = (uint8_t)(*count + (*count < 255));
    before = here >> 1;
}

void coverage_start(void)
{
    memset(counts, 0, sizeof counts);
    before = 0;
}

size_t coverage_new(uint8_t *seen)
{
    size_t fresh = 0;
    for (size_t i = 0; i < COVERAGE_SIZE; i += 8) {
        uint64_t eight;
        memcpy(&eight, counts + i, sizeof eight);
        for (size_t j = i; eight && j < i + 8; j++) {
            unsigned count = counts[j];
            unsigned bit = count ? 1u << (31 - __builtin_clz(count)) : 0;
            fresh += (seen[j] & bit) != bit;
            seen[j] = (uint8_t)(seen[j] | bit);
        }
    }
    return fresh;
}
