/* In: 64 numbers, 64 bytes. Out: bits, products. Next: compare.c, evidence.c.
 * Measured on workload A with 75 rules: AVX-512 takes 0.6 of the portable loops' time for the whole
 * inference, AVX2 0.75. */
#include "infer/kernels.h"

#include <stddef.h>

#define PORTABLE_BITS(name, type, relation)                                                        \
    static uint64_t name(const type *v, type x)                                                    \
    {                                                                                              \
        uint64_t bits = 0;                                                                         \
        for (int k = 0; k < 64; k++)                                                               \
            bits |= (uint64_t)(v[k] relation x) << k;                                              \
        return bits;                                                                               \
    }
PORTABLE_BITS(below_portable, double, <)
PORTABLE_BITS(at_most_portable, double, <=)
PORTABLE_BITS(equal_portable, double, ==)
PORTABLE_BITS(equal_bytes_portable, uint8_t, ==)

static void multiply_portable(double *v, uint64_t bits, double factor)
{
    for (; bits; bits &= bits - 1)
        v[__builtin_ctzll(bits)] *= factor;
}

static void start_portable(double *v, uint64_t bits, double factor)
{
    for (int k = 0; k < 64; k++)
        v[k] = 1;
    for (; bits; bits &= bits - 1)
        v[__builtin_ctzll(bits)] = factor;
}

static uint64_t codes_portable(const uint8_t *v, uint32_t count, uint64_t *out, uint32_t stride)
{
    uint64_t none = ~UINT64_C(0);
    for (uint32_t c = 0; c < count; c++) {
        out[(size_t)c * stride] = equal_bytes_portable(v, (uint8_t)(c + 1));
        none &= ~out[(size_t)c * stride];
    }
    return none;
}

static void weaken_portable(double *v, uint64_t bits, double c, const double *const *columns,
                            uint32_t count)
{
    for (; bits; bits &= bits - 1) {
        int k = __builtin_ctzll(bits);
        double least = columns[0][k];
        for (uint32_t a = 1; a < count; a++)
            least = columns[a][k] < least ? columns[a][k] : least;
        double evidence = c * least;
        v[k] *= 1 - evidence;
    }
}

static void complement_portable(double *out, const double *v, double least, uint64_t *not_zero,
                                uint64_t *reached)
{
    for (int k = 0; k < 64; k++)
        out[k] = 1 - v[k];
    *not_zero = ~equal_portable(out, 0);
    *reached = ~below_portable(out, least);
}

static const struct kernels portable = {
    "portable",           below_portable,    at_most_portable, equal_portable,
    equal_bytes_portable, codes_portable,    multiply_portable, start_portable,
    weaken_portable,      complement_portable,
};

const struct kernels *kernels_portable(void)
{
    return &portable;
}

#ifdef __x86_64__
#include <immintrin.h>

/* SSE2 is in every x86-64. */
static uint64_t equal_bytes_sse2(const uint8_t *v, uint8_t x)
{
    const __m128i key = _mm_set1_epi8((char)x);
    uint64_t bits = 0;
    for (int k = 0; k < 4; k++) {
        __m128i at = _mm_loadu_si128((const __m128i *)(const void *)(v + 16 * k));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(at, key)) << (16 * k);
    }
    return bits;
}

static uint64_t codes_sse2(const uint8_t *v, uint32_t count, uint64_t *out, uint32_t stride)
{
    uint64_t none = ~UINT64_C(0);
    for (uint32_t c = 0; c < count; c++) {
        out[(size_t)c * stride] = equal_bytes_sse2(v, (uint8_t)(c + 1));
        none &= ~out[(size_t)c * stride];
    }
    return none;
}

#define SSE2_BITS(name, compare)                                                                   \
    static uint64_t name(const double *v, double x)                                                \
    {                                                                                              \
        const __m128d key = _mm_set1_pd(x);                                                        \
        uint64_t bits = 0;                                                                         \
        for (int k = 0; k < 32; k++)                                                               \
            bits |= (uint64_t)(uint32_t)_mm_movemask_pd(compare(_mm_loadu_pd(v + 2 * k), key))     \
                    << (2 * k);                                                                    \
        return bits;                                                                               \
    }
SSE2_BITS(below_sse2, _mm_cmplt_pd)
SSE2_BITS(at_most_sse2, _mm_cmple_pd)
SSE2_BITS(equal_sse2, _mm_cmpeq_pd)

static void complement_sse2(double *out, const double *v, double least, uint64_t *not_zero,
                            uint64_t *reached)
{
    for (int k = 0; k < 64; k++)
        out[k] = 1 - v[k];
    *not_zero = ~equal_sse2(out, 0);
    *reached = ~below_sse2(out, least);
}

static const struct kernels sse2 = {
    "sse2",           below_sse2,        at_most_sse2,   equal_sse2,
    equal_bytes_sse2, codes_sse2,        multiply_portable, start_portable,
    weaken_portable,  complement_sse2,
};

#define AVX2 __attribute__((target("avx2")))

#define AVX2_BITS(name, compare)                                                                   \
    AVX2 static uint64_t name(const double *v, double x)                                           \
    {                                                                                              \
        const __m256d key = _mm256_set1_pd(x);                                                     \
        uint64_t bits = 0;                                                                         \
        for (int k = 0; k < 16; k++)                                                               \
            bits |= (uint64_t)(uint32_t)_mm256_movemask_pd(                                        \
                        _mm256_cmp_pd(_mm256_loadu_pd(v + 4 * k), key, compare))                   \
                    << (4 * k);                                                                    \
        return bits;                                                                               \
    }
AVX2_BITS(below_avx2, _CMP_LT_OQ)
AVX2_BITS(at_most_avx2, _CMP_LE_OQ)
AVX2_BITS(equal_avx2, _CMP_EQ_OQ)

AVX2 static uint64_t equal_bytes_avx2(const uint8_t *v, uint8_t x)
{
    const __m256i key = _mm256_set1_epi8((char)x);
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)v);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(v + 32));
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, key)) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, key)) << 32;
}

/* Four subjects at a time: their bits, each in its lane, choose between factor and 1. */
AVX2 static void multiply_avx2(double *v, uint64_t bits, double factor)
{
    const __m256i lane = _mm256_set_epi64x(8, 4, 2, 1);
    const __m256d one = _mm256_set1_pd(1), by = _mm256_set1_pd(factor);
    for (int k = 0; k < 16; k++) {
        uint64_t four = bits >> (4 * k) & 15;
        if (!four)
            continue;
        __m256i has = _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x((long long)four), lane),
                                         lane);
        __m256d f = _mm256_blendv_pd(one, by, _mm256_castsi256_pd(has));
        _mm256_storeu_pd(v + 4 * k, _mm256_mul_pd(_mm256_loadu_pd(v + 4 * k), f));
    }
}

AVX2 static void start_avx2(double *v, uint64_t bits, double factor)
{
    const __m256d one = _mm256_set1_pd(1);
    for (int k = 0; k < 16; k++)
        _mm256_storeu_pd(v + 4 * k, one);
    for (; bits; bits &= bits - 1)
        v[__builtin_ctzll(bits)] = factor;
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

AVX2 static void complement_avx2(double *out, const double *v, double least, uint64_t *not_zero,
                                 uint64_t *reached)
{
    for (int k = 0; k < 16; k++)
        _mm256_storeu_pd(out + 4 * k,
                         _mm256_sub_pd(_mm256_set1_pd(1), _mm256_loadu_pd(v + 4 * k)));
    *not_zero = ~equal_avx2(out, 0);
    *reached = ~below_avx2(out, least);
}

static const struct kernels avx2 = {
    "avx2",           below_avx2,    at_most_avx2, equal_avx2,
    equal_bytes_avx2, codes_avx2,    multiply_avx2, start_avx2,
    weaken_portable,  complement_avx2,
};

#define AVX512 __attribute__((target("avx512f,avx512bw")))

#define AVX512_BITS(name, compare)                                                                 \
    AVX512 static uint64_t name(const double *v, double x)                                         \
    {                                                                                              \
        const __m512d key = _mm512_set1_pd(x);                                                     \
        uint64_t bits = 0;                                                                         \
        for (int k = 0; k < 8; k++)                                                                \
            bits |= (uint64_t)_mm512_cmp_pd_mask(_mm512_loadu_pd(v + 8 * k), key, compare)         \
                    << (8 * k);                                                                    \
        return bits;                                                                               \
    }
AVX512_BITS(below_avx512, _CMP_LT_OQ)
AVX512_BITS(at_most_avx512, _CMP_LE_OQ)
AVX512_BITS(equal_avx512, _CMP_EQ_OQ)

AVX512 static uint64_t equal_bytes_avx512(const uint8_t *v, uint8_t x)
{
    return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(v), _mm512_set1_epi8((char)x));
}

AVX512 static void multiply_avx512(double *v, uint64_t bits, double factor)
{
    uint64_t over_two = bits & (bits - 1);
    if (!(over_two & (over_two - 1))) {
        multiply_portable(v, bits, factor);
        return;
    }
    const __m512d by = _mm512_set1_pd(factor);
    for (int k = 0; k < 8; k++) {
        __m512d at = _mm512_loadu_pd(v + 8 * k);
        _mm512_storeu_pd(v + 8 * k, _mm512_mask_mul_pd(at, (__mmask8)(bits >> (8 * k)), at, by));
    }
}

AVX512 static void start_avx512(double *v, uint64_t bits, double factor)
{
    const __m512d one = _mm512_set1_pd(1), by = _mm512_set1_pd(factor);
    for (int k = 0; k < 8; k++)
        _mm512_storeu_pd(v + 8 * k, _mm512_mask_mov_pd(one, (__mmask8)(bits >> (8 * k)), by));
}

AVX512 static uint64_t codes_avx512(const uint8_t *v, uint32_t count, uint64_t *out,
                                    uint32_t stride)
{
    const __m512i at = _mm512_loadu_si512(v);
    uint64_t none = ~UINT64_C(0);
    for (uint32_t c = 0; c < count; c++) {
        uint64_t is = _mm512_cmpeq_epi8_mask(at, _mm512_set1_epi8((char)(c + 1)));
        out[(size_t)c * stride] = is;
        none &= ~is;
    }
    return none;
}

AVX512 static void weaken_avx512(double *v, uint64_t bits, double c, const double *const *columns,
                                 uint32_t count)
{
    const __m512d one = _mm512_set1_pd(1), by = _mm512_set1_pd(c);
    for (int k = 0; k < 8; k++) {
        __mmask8 has = (__mmask8)(bits >> (8 * k));
        if (!has)
            continue;
        __m512d least = _mm512_loadu_pd(columns[0] + 8 * k);
        for (uint32_t a = 1; a < count; a++)
            least = _mm512_min_pd(_mm512_loadu_pd(columns[a] + 8 * k), least);
        __m512d factor = _mm512_sub_pd(one, _mm512_mul_pd(by, least));
        __m512d at = _mm512_loadu_pd(v + 8 * k);
        _mm512_storeu_pd(v + 8 * k, _mm512_mask_mul_pd(at, has, at, factor));
    }
}

AVX512 static void complement_avx512(double *out, const double *v, double least,
                                     uint64_t *not_zero, uint64_t *reached)
{
    const __m512d one = _mm512_set1_pd(1), from = _mm512_set1_pd(least);
    uint64_t is_zero = 0, is_below = 0;
    for (int k = 0; k < 8; k++) {
        __m512d x = _mm512_sub_pd(one, _mm512_loadu_pd(v + 8 * k));
        _mm512_storeu_pd(out + 8 * k, x);
        is_zero |= (uint64_t)_mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_EQ_OQ) << (8 * k);
        is_below |= (uint64_t)_mm512_cmp_pd_mask(x, from, _CMP_LT_OQ) << (8 * k);
    }
    *not_zero = ~is_zero;
    *reached = ~is_below;
}

static const struct kernels avx512 = {
    "avx512",           below_avx512,    at_most_avx512, equal_avx512,
    equal_bytes_avx512, codes_avx512,    multiply_avx512, start_avx512,
    weaken_avx512,      complement_avx512,
};

const struct kernels *kernels_best(void)
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw"))
        return &avx512;
    return __builtin_cpu_supports("avx2") ? &avx2 : &sse2;
}

#else

const struct kernels *kernels_best(void)
{
    return &portable;
}

#endif
