/* In: as kernels.c. Out: the same bits, four subjects at a time. Next: kernels.c chooses. */
#include "infer/kernels_wide.h"

#ifdef __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi2,popcnt")))

AVX2 static uint64_t equal_bytes_avx2(const uint8_t *v, uint8_t x)
{
    const __m256i key = _mm256_set1_epi8((char)x);
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)v);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(v + 32));
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, key)) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, key)) << 32;
}

AVX2 static uint64_t codes_avx2(const uint8_t *v, uint32_t count, uint64_t *out, uint32_t stride)
{
    uint64_t none = ~UINT64_C(0);
    for (uint32_t c = 0; c < count; c++) {
        uint64_t is = equal_bytes_avx2(v, (uint8_t)(c + 1));
        out[(size_t)c * stride] = is;
        none &= ~is;
    }
    return none;
}

#define AVX2_ENDS(name, compare)                                                               \
    AVX2 static void name(const double *lo, const double *hi, uint64_t some, double x,         \
                          uint64_t *is_lo, uint64_t *is_hi)                                    \
    {                                                                                          \
        const __m256d key = _mm256_set1_pd(x);                                                 \
        uint32_t count = (uint32_t)_mm_popcnt_u64(some);                                       \
        uint64_t low = 0, high = 0;                                                            \
        for (uint32_t k = 0; k < count; k += 4) {                                              \
            __m256d a = _mm256_loadu_pd(lo + k), b = _mm256_loadu_pd(hi + k);                  \
            low |= (uint64_t)(uint32_t)_mm256_movemask_pd(_mm256_cmp_pd(a, key, compare)) << k; \
            high |= (uint64_t)(uint32_t)_mm256_movemask_pd(_mm256_cmp_pd(b, key, compare))     \
                    << k;                                                                      \
        }                                                                                      \
        *is_lo = _pdep_u64(low, some);                                                         \
        *is_hi = _pdep_u64(high, some);                                                        \
    }
AVX2_ENDS(below_avx2, _CMP_LT_OQ)
AVX2_ENDS(at_most_avx2, _CMP_LE_OQ)

AVX2 static uint64_t extract_avx2(uint64_t bits, uint64_t where)
{
    return _pext_u64(bits, where);
}

/* All ones in the lanes of the four lowest bits. */
AVX2 static __m256d lanes(uint64_t bits)
{
    const __m256i lane = _mm256_set_epi64x(8, 4, 2, 1);
    __m256i four = _mm256_set1_epi64x((long long)(bits & 15));
    return _mm256_castsi256_pd(_mm256_cmpeq_epi64(_mm256_and_si256(four, lane), lane));
}

/* Four packed subjects at a time: a rule's bits choose between what it leaves and 1. */
AVX2 static void combine_avx2(const struct fired *rules, uint32_t count, uint64_t some, double *lo,
                              double *hi, double least, uint64_t reach[2])
{
    const __m256d one = _mm256_set1_pd(1), from = _mm256_set1_pd(least);
    uint32_t subjects = (uint32_t)_mm_popcnt_u64(some);
    uint64_t surely = 0, maybe = 0;
    for (uint32_t k = 0; k < subjects; k += 4) {
        __m256d x = one, y = one;
        for (uint32_t r = 0; r < count; r++) {
            const double *const *strength = rules[r].strength;
            __m256d rest = _mm256_set1_pd(rules[r].rest), rest_hi = rest;
            if (strength[0]) {
                __m256d e = _mm256_set1_pd(rules[r].evidence);
                rest = _mm256_sub_pd(one, _mm256_mul_pd(e, _mm256_loadu_pd(strength[0] + k)));
                rest_hi = _mm256_sub_pd(one, _mm256_mul_pd(e, _mm256_loadu_pd(strength[1] + k)));
            }
            __m256d sure = lanes(_pext_u64(rules[r].at[0], some) >> k);
            __m256d may = lanes(_pext_u64(rules[r].at[1], some) >> k);
            x = _mm256_mul_pd(x, _mm256_blendv_pd(one, rest, sure));
            y = _mm256_mul_pd(y, _mm256_blendv_pd(one, rest_hi, may));
        }
        x = _mm256_sub_pd(one, x);
        y = _mm256_sub_pd(one, y);
        _mm256_storeu_pd(lo + k, x);
        _mm256_storeu_pd(hi + k, y);
        surely |= (uint64_t)(uint32_t)_mm256_movemask_pd(_mm256_cmp_pd(x, from, _CMP_GE_OQ)) << k;
        maybe |= (uint64_t)(uint32_t)_mm256_movemask_pd(_mm256_cmp_pd(y, from, _CMP_GE_OQ)) << k;
    }
    reach[0] = _pdep_u64(surely, some);
    reach[1] = _pdep_u64(maybe, some);
}

WIDE_LOOPS(avx2, AVX2)

const struct kernels kernels_of_avx2 = {
    "avx2",          equal_bytes_avx2, below_avx2,      at_most_avx2,
    codes_avx2,      extract_avx2,     lowest_portable, fold_avx2,
    steps_avx2,      look_up_portable, combine_avx2,    weigh_avx2,
};

#endif
