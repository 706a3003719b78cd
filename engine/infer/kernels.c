/* In: 64 numbers, 64 bytes. Out: bits, products. Next: compare.c, evidence.c.
 * The portable loops first, then what AVX2 and AVX-512 make of them. */
#include "infer/kernels.h"

#include <stddef.h>

static double upper(struct ends v, int k)
{
    return v.apart >> k & 1 ? v.hi[k] : v.lo[k];
}

static uint64_t equal_portable(const double *v, double x)
{
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++)
        bits |= (uint64_t)(v[k] == x) << k;
    return bits;
}

static uint64_t equal_bytes_portable(const uint8_t *v, uint8_t x)
{
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++)
        bits |= (uint64_t)(v[k] == x) << k;
    return bits;
}

static void below_portable(struct ends v, double x, uint64_t *lo, uint64_t *hi)
{
    *lo = *hi = 0;
    for (int k = 0; k < 64; k++) {
        *lo |= (uint64_t)(v.lo[k] < x) << k;
        *hi |= (uint64_t)(upper(v, k) < x) << k;
    }
}

static void at_most_portable(struct ends v, double x, uint64_t *lo, uint64_t *hi)
{
    *lo = *hi = 0;
    for (int k = 0; k < 64; k++) {
        *lo |= (uint64_t)(v.lo[k] <= x) << k;
        *hi |= (uint64_t)(upper(v, k) <= x) << k;
    }
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

static void weaken_portable(double *v, uint64_t bits, double c, const struct ends *columns,
                            uint32_t count, bool hi)
{
    for (; bits; bits &= bits - 1) {
        int k = __builtin_ctzll(bits);
        double least = 1;
        for (uint32_t a = 0; a < count; a++) {
            double x = hi ? upper(columns[a], k) : columns[a].lo[k];
            least = x < least ? x : least;
        }
        double evidence = c * least;
        v[k] *= 1 - evidence;
    }
}

static struct concluded conclude_portable(double *lo, double *hi, const double *p_lo,
                                          const double *p_hi, double least)
{
    struct concluded c = {0, 0, 0, 0};
    for (int k = 0; k < 64; k++) {
        double x = 1 - p_lo[k], y = 1 - p_hi[k];
        lo[k] = x;
        if (x != y)
            hi[k] = y;
        c.not_zero |= (uint64_t)(x != 0) << k;
        c.apart |= (uint64_t)(x != y) << k;
        c.surely |= (uint64_t)(x >= least) << k;
        c.maybe |= (uint64_t)(y >= least) << k;
    }
    return c;
}

static const struct kernels portable = {
    "portable",     equal_portable,    equal_bytes_portable, below_portable,  at_most_portable,
    codes_portable, multiply_portable, start_portable,       weaken_portable, conclude_portable,
};

const struct kernels *kernels_portable(void)
{
    return &portable;
}

#ifdef __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static uint64_t equal_avx2(const double *v, double x)
{
    const __m256d key = _mm256_set1_pd(x);
    uint64_t bits = 0;
    for (int k = 0; k < 16; k++)
        bits |= (uint64_t)(uint32_t)_mm256_movemask_pd(
                    _mm256_cmp_pd(_mm256_loadu_pd(v + 4 * k), key, _CMP_EQ_OQ))
                << (4 * k);
    return bits;
}

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

/* Upper ends that differ are few: they are looked at one by one. */
#define AVX2_ENDS(name, compare, relation)                                          \
    AVX2 static void name(struct ends v, double x, uint64_t *lo, uint64_t *hi)      \
    {                                                                               \
        const __m256d key = _mm256_set1_pd(x);                                      \
        uint64_t bits = 0;                                                          \
        for (int k = 0; k < 16; k++)                                                \
            bits |= (uint64_t)(uint32_t)_mm256_movemask_pd(                         \
                        _mm256_cmp_pd(_mm256_loadu_pd(v.lo + 4 * k), key, compare)) \
                    << (4 * k);                                                     \
        *lo = bits;                                                                 \
        for (uint64_t m = v.apart; m; m &= m - 1) {                                 \
            int k = __builtin_ctzll(m);                                             \
            bits = (bits & ~(m & -m)) | (uint64_t)(v.hi[k] relation x) << k;        \
        }                                                                           \
        *hi = bits;                                                                 \
    }
AVX2_ENDS(below_avx2, _CMP_LT_OQ, <)
AVX2_ENDS(at_most_avx2, _CMP_LE_OQ, <=)

/* Four subjects at a time: their bits, each in its lane, choose between factor and 1. */
AVX2 static void multiply_avx2(double *v, uint64_t bits, double factor)
{
    const __m256i lane = _mm256_set_epi64x(8, 4, 2, 1);
    const __m256d one = _mm256_set1_pd(1), by = _mm256_set1_pd(factor);
    for (int k = 0; k < 16; k++) {
        uint64_t four = bits >> (4 * k) & 15;
        if (!four)
            continue;
        __m256i has =
            _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x((long long)four), lane), lane);
        __m256d f = _mm256_blendv_pd(one, by, _mm256_castsi256_pd(has));
        _mm256_storeu_pd(v + 4 * k, _mm256_mul_pd(_mm256_loadu_pd(v + 4 * k), f));
    }
}

static const struct kernels avx2 = {
    "avx2",     equal_avx2,    equal_bytes_avx2, below_avx2,      at_most_avx2,
    codes_avx2, multiply_avx2, start_portable,   weaken_portable, conclude_portable,
};

#define AVX512 __attribute__((target("avx512f,avx512bw")))
#define EIGHT(bits, k) ((__mmask8)((bits) >> (8 * (k))))

AVX512 static uint64_t equal_avx512(const double *v, double x)
{
    const __m512d key = _mm512_set1_pd(x);
    uint64_t bits = 0;
    for (int k = 0; k < 8; k++)
        bits |= (uint64_t)_mm512_cmp_pd_mask(_mm512_loadu_pd(v + 8 * k), key, _CMP_EQ_OQ)
                << (8 * k);
    return bits;
}

AVX512 static uint64_t equal_bytes_avx512(const uint8_t *v, uint8_t x)
{
    return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(v), _mm512_set1_epi8((char)x));
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

#define AVX512_ENDS(name, compare)                                                \
    AVX512 static void name(struct ends v, double x, uint64_t *lo, uint64_t *hi)  \
    {                                                                             \
        const __m512d key = _mm512_set1_pd(x);                                    \
        uint64_t low = 0, high = 0;                                               \
        for (int k = 0; k < 8; k++) {                                             \
            __m512d a = _mm512_loadu_pd(v.lo + 8 * k);                            \
            __m512d b = _mm512_mask_loadu_pd(a, EIGHT(v.apart, k), v.hi + 8 * k); \
            low |= (uint64_t)_mm512_cmp_pd_mask(a, key, compare) << (8 * k);      \
            high |= (uint64_t)_mm512_cmp_pd_mask(b, key, compare) << (8 * k);     \
        }                                                                         \
        *lo = low;                                                                \
        *hi = high;                                                               \
    }
AVX512_ENDS(below_avx512, _CMP_LT_OQ)
AVX512_ENDS(at_most_avx512, _CMP_LE_OQ)

AVX512 static void multiply_avx512(double *v, uint64_t bits, double factor)
{
    const __m512d by = _mm512_set1_pd(factor);
    uint64_t over_two = bits & (bits - 1);
    if (!(over_two & (over_two - 1))) {
        multiply_portable(v, bits, factor);
        return;
    }
    for (int k = 0; k < 8; k++) {
        __m512d at = _mm512_loadu_pd(v + 8 * k);
        _mm512_storeu_pd(v + 8 * k, _mm512_mask_mul_pd(at, EIGHT(bits, k), at, by));
    }
}

AVX512 static void start_avx512(double *v, uint64_t bits, double factor)
{
    const __m512d one = _mm512_set1_pd(1), by = _mm512_set1_pd(factor);
    for (int k = 0; k < 8; k++)
        _mm512_storeu_pd(v + 8 * k, _mm512_mask_mov_pd(one, EIGHT(bits, k), by));
}

AVX512 static void weaken_avx512(double *v, uint64_t bits, double c, const struct ends *columns,
                                 uint32_t count, bool hi)
{
    const __m512d one = _mm512_set1_pd(1), by = _mm512_set1_pd(c);
    for (int k = 0; k < 8; k++) {
        __mmask8 has = EIGHT(bits, k);
        if (!has)
            continue;
        __m512d least = one;
        for (uint32_t a = 0; a < count; a++) {
            __mmask8 apart = (__mmask8)(hi ? EIGHT(columns[a].apart, k) : 0);
            __m512d x = _mm512_loadu_pd(columns[a].lo + 8 * k);
            least = _mm512_min_pd(_mm512_mask_loadu_pd(x, apart, columns[a].hi + 8 * k), least);
        }
        __m512d factor = _mm512_sub_pd(one, _mm512_mul_pd(by, least));
        __m512d at = _mm512_loadu_pd(v + 8 * k);
        _mm512_storeu_pd(v + 8 * k, _mm512_mask_mul_pd(at, has, at, factor));
    }
}

AVX512 static struct concluded conclude_avx512(double *lo, double *hi, const double *p_lo,
                                               const double *p_hi, double least)
{
    const __m512d one = _mm512_set1_pd(1), from = _mm512_set1_pd(least);
    struct concluded c = {0, 0, 0, 0};
    for (int k = 0; k < 8; k++) {
        __m512d x = _mm512_sub_pd(one, _mm512_loadu_pd(p_lo + 8 * k));
        __m512d y = _mm512_sub_pd(one, _mm512_loadu_pd(p_hi + 8 * k));
        __mmask8 apart = _mm512_cmp_pd_mask(x, y, _CMP_NEQ_UQ);
        _mm512_storeu_pd(lo + 8 * k, x);
        if (apart)
            _mm512_storeu_pd(hi + 8 * k, y);
        c.apart |= (uint64_t)apart << (8 * k);
        c.not_zero |= (uint64_t)_mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_NEQ_UQ) << (8 * k);
        c.surely |= (uint64_t)_mm512_cmp_pd_mask(x, from, _CMP_GE_OQ) << (8 * k);
        c.maybe |= (uint64_t)_mm512_cmp_pd_mask(y, from, _CMP_GE_OQ) << (8 * k);
    }
    return c;
}

static const struct kernels avx512 = {
    "avx512",     equal_avx512,    equal_bytes_avx512, below_avx512,  at_most_avx512,
    codes_avx512, multiply_avx512, start_avx512,       weaken_avx512, conclude_avx512,
};

static const struct kernels *const all[] = {&portable, &avx2, &avx512};

static uint32_t runnable(void)
{
    if (!__builtin_cpu_supports("avx2"))
        return 1;
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") ? 3 : 2;
}

#else

static const struct kernels *const all[] = {&portable};

static uint32_t runnable(void)
{
    return 1;
}

#endif

const struct kernels *kernels_at(uint32_t i)
{
    return i < runnable() ? all[i] : NULL;
}

const struct kernels *kernels_best(void)
{
    return all[runnable() - 1];
}
