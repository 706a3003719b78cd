/* In: 64 numbers, 64 bytes. Out: bits, products. Next: compare.c, evidence.c.
 * The portable loops first, then what AVX2 and AVX-512 make of them. */
#include "infer/kernels.h"

#include <stddef.h>

static uint64_t equal_bytes_portable(const uint8_t *v, uint8_t x)
{
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++)
        bits |= (uint64_t)(v[k] == x) << k;
    return bits;
}

static void below_portable(const double *lo, const double *hi, uint64_t some, double x,
                           uint64_t *is_lo, uint64_t *is_hi)
{
    *is_lo = *is_hi = 0;
    for (; some; some &= some - 1) {
        *is_lo |= *lo++ < x ? some & -some : 0;
        *is_hi |= *hi++ < x ? some & -some : 0;
    }
}

static void at_most_portable(const double *lo, const double *hi, uint64_t some, double x,
                           uint64_t *is_lo, uint64_t *is_hi)
{
    *is_lo = *is_hi = 0;
    for (; some; some &= some - 1) {
        *is_lo |= *lo++ <= x ? some & -some : 0;
        *is_hi |= *hi++ <= x ? some & -some : 0;
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

static uint64_t extract_portable(uint64_t bits, uint64_t where)
{
    uint64_t out = 0;
    for (uint64_t at = 1; where; where &= where - 1, at <<= 1)
        out |= bits & where & -where ? at : 0;
    return out;
}

static double lower(double a, double b)
{
    return a < b ? a : b;
}

static void weaken(struct ends v, uint64_t some, double *out)
{
    if (v.some == ~UINT64_C(0)) {
        for (; some; some &= some - 1, out++) {
            int k = __builtin_ctzll(some);
            out[0] = lower(v.lo[k], out[0]);
            out[64] = lower(v.hi[k], out[64]);
        }
        return;
    }
    for (uint64_t m = v.some | some; m; m &= m - 1) {
        bool is = v.some & m & -m, asked = some & m & -m;
        if (asked) {
            out[0] = lower(is ? *v.lo : 0, out[0]);
            out[64] = lower(is ? *v.hi : 0, out[64]);
        }
        out += asked;
        v.lo += is;
        v.hi += is;
    }
}

static void lowest_portable(const struct ends *columns, uint32_t count, uint64_t some, double *out)
{
    int n = 0;
    for (uint64_t m = some; m; m &= m - 1, n++)
        out[n] = out[64 + n] = 1;
    for (uint32_t a = 0; a < count; a++)
        weaken(columns[a], some, out);
    for (int k = 0; k < n; k++)
        out[k] = out[k] > 0 ? out[k] : 0;
}

static double left_by(const struct fired *r, double strength)
{
    return 1 - r->evidence * strength;
}

static void combine_portable(const struct fired *rules, uint32_t count, uint64_t some, double *lo,
                             double *hi, double least, uint64_t reach[2])
{
    reach[0] = reach[1] = 0;
    for (int k = 0; some; some &= some - 1, k++) {
        uint64_t at = some & -some;
        double x = 1, y = 1;
        for (const struct fired *r = rules; r < rules + count; r++) {
            if (r->surely & at)
                x *= r->strength ? left_by(r, r->strength[k]) : r->rest;
            if (r->maybe & at)
                y *= r->strength ? left_by(r, r->strength[64 + k]) : r->rest;
        }
        lo[k] = 1 - x;
        hi[k] = 1 - y;
        reach[0] |= lo[k] >= least ? at : 0;
        reach[1] |= hi[k] >= least ? at : 0;
    }
}

/* Loops that compilers make wide by themselves, once for every processor. */
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

static void look_up_portable(const uint8_t *code, const struct span_row *table, uint32_t points,
                             double *lo, double *hi)
{
    for (int k = 0; k < 64; k++) {
        struct span_row row = table[code[k] < points ? code[k] : 0];
        lo[k] = row.lo;
        hi[k] = row.hi;
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
WIDE_LOOPS(portable, )

static const struct kernels portable = {
    "portable",       equal_bytes_portable, below_portable, at_most_portable,
    codes_portable,   extract_portable,     lowest_portable, fold_portable,
    multiply_portable, raise_portable,      settle_portable, steps_portable,
    look_up_portable,  combine_portable,
};

const struct kernels *kernels_portable(void)
{
    return &portable;
}

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
            const double *strength = rules[r].strength;
            __m256d rest = _mm256_set1_pd(rules[r].rest), rest_hi = rest;
            if (strength) {
                __m256d e = _mm256_set1_pd(rules[r].evidence);
                rest = _mm256_sub_pd(one, _mm256_mul_pd(e, _mm256_loadu_pd(strength + k)));
                rest_hi = _mm256_sub_pd(one, _mm256_mul_pd(e, _mm256_loadu_pd(strength + 64 + k)));
            }
            __m256d sure = lanes(_pext_u64(rules[r].surely, some) >> k);
            __m256d may = lanes(_pext_u64(rules[r].maybe, some) >> k);
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

static const struct kernels avx2 = {
    "avx2",          equal_bytes_avx2, below_avx2,      at_most_avx2,
    codes_avx2,      extract_avx2,     lowest_portable, fold_avx2,
    multiply_avx2,   raise_avx2,       settle_avx2,     steps_avx2,
    look_up_portable, combine_avx2,
};

#define AVX512 __attribute__((target("avx512f,avx512bw,bmi2,popcnt")))

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

#define AVX512_ENDS(name, compare)                                                       \
    AVX512 static void name(const double *lo, const double *hi, uint64_t some, double x, \
                            uint64_t *is_lo, uint64_t *is_hi)                            \
    {                                                                                    \
        const __m512d key = _mm512_set1_pd(x);                                           \
        uint32_t count = (uint32_t)_mm_popcnt_u64(some);                                 \
        uint64_t low = 0, high = 0;                                                      \
        for (uint32_t k = 0; k < count; k += 8) {                                        \
            __m512d a = _mm512_loadu_pd(lo + k), b = _mm512_loadu_pd(hi + k);            \
            low |= (uint64_t)_mm512_cmp_pd_mask(a, key, compare) << k;                   \
            high |= (uint64_t)_mm512_cmp_pd_mask(b, key, compare) << k;                  \
        }                                                                                \
        *is_lo = _pdep_u64(low, some);                                                   \
        *is_hi = _pdep_u64(high, some);                                                  \
    }
AVX512_ENDS(below_avx512, _CMP_LT_OQ)
AVX512_ENDS(at_most_avx512, _CMP_LE_OQ)

/* Eight packed subjects at a time, as nearly always all there are. */
AVX512 static void combine_avx512(const struct fired *rules, uint32_t count, uint64_t some,
                                  double *lo, double *hi, double least, uint64_t reach[2])
{
    const __m512d one = _mm512_set1_pd(1), from = _mm512_set1_pd(least);
    uint32_t subjects = (uint32_t)_mm_popcnt_u64(some);
    uint64_t surely = 0, maybe = 0;
    for (uint32_t k = 0; k < subjects; k += 8) {
        __m512d x = one, y = one;
        for (uint32_t r = 0; r < count; r++) {
            const double *strength = rules[r].strength;
            __m512d rest = _mm512_set1_pd(rules[r].rest), rest_hi = rest;
            if (strength) {
                __m512d e = _mm512_set1_pd(rules[r].evidence);
                rest = _mm512_sub_pd(one, _mm512_mul_pd(e, _mm512_loadu_pd(strength + k)));
                rest_hi = _mm512_sub_pd(one, _mm512_mul_pd(e, _mm512_loadu_pd(strength + 64 + k)));
            }
            x = _mm512_mask_mul_pd(x, (__mmask8)(_pext_u64(rules[r].surely, some) >> k), x, rest);
            y = _mm512_mask_mul_pd(y, (__mmask8)(_pext_u64(rules[r].maybe, some) >> k), y, rest_hi);
        }
        x = _mm512_sub_pd(one, x);
        y = _mm512_sub_pd(one, y);
        _mm512_storeu_pd(lo + k, x);
        _mm512_storeu_pd(hi + k, y);
        surely |= (uint64_t)_mm512_cmp_pd_mask(x, from, _CMP_GE_OQ) << k;
        maybe |= (uint64_t)_mm512_cmp_pd_mask(y, from, _CMP_GE_OQ) << k;
    }
    reach[0] = _pdep_u64(surely, some);
    reach[1] = _pdep_u64(maybe, some);
}

AVX512 static __m512d or_zeros(const double *v, int k, uint64_t bits)
{
    __mmask8 m = (__mmask8)(bits >> k);
    return v ? _mm512_maskz_loadu_pd(m, v + k) : _mm512_maskz_mov_pd(m, _mm512_set1_pd(1));
}

AVX512 static void fold_avx512(double *out, const double *v, uint64_t bits, enum fold how)
{
    for (int k = 0; k < 64; k += 8) {
        __m512d x = or_zeros(v, k, bits), at = _mm512_loadu_pd(out + k);
        if (how != FOLD_SET)
            x = how == FOLD_LOWEST ? _mm512_min_pd(x, at) : _mm512_max_pd(at, x);
        _mm512_storeu_pd(out + k, x);
    }
}

/* Both packed by some mask: what they share, pressed together and pulled apart, eight at a time. */
struct shared {
    uint64_t press, pull;
    uint32_t from, to; /* entries */
};

AVX512 static void repack_avx512(const double *from, struct shared s, double *out)
{
    double between[72];
    __m512d v = _mm512_setzero_pd();
    for (uint32_t k = 0, n = 0; k < s.from; k += 8) {
        __mmask8 m = (__mmask8)(s.press >> k);
        v = _mm512_maskz_compress_pd(m, _mm512_loadu_pd(from + k));
        if (s.from > 8 || s.to > 8)
            _mm512_storeu_pd(between + n, v);
        n += (uint32_t)_mm_popcnt_u32(m);
    }
    for (uint32_t k = 0, n = 0; k < s.to; k += 8) {
        __mmask8 m = (__mmask8)(s.pull >> k);
        if (s.from > 8 || s.to > 8)
            v = _mm512_loadu_pd(between + n);
        __m512d least = _mm512_min_pd(_mm512_maskz_expand_pd(m, v), _mm512_loadu_pd(out + k));
        _mm512_storeu_pd(out + k, least);
        n += (uint32_t)_mm_popcnt_u32(m);
    }
}

AVX512 static void lowest_avx512(const struct ends *columns, uint32_t count, uint64_t some,
                                 double *out)
{
    uint32_t n = (uint32_t)_mm_popcnt_u64(some);
    for (uint32_t k = 0; k < n; k += 8) {
        _mm512_storeu_pd(out + k, _mm512_set1_pd(1));
        _mm512_storeu_pd(out + 64 + k, _mm512_set1_pd(1));
    }
    for (uint32_t a = 0; a < count; a++) {
        uint64_t is = columns[a].some, both = is & some;
        if (both == ~UINT64_C(0)) {
            fold_avx512(out, columns[a].lo, both, FOLD_LOWEST);
            fold_avx512(out + 64, columns[a].hi, both, FOLD_LOWEST);
            continue;
        }
        struct shared s = {_pext_u64(both, is), _pext_u64(both, some),
                           (uint32_t)_mm_popcnt_u64(is), n};
        repack_avx512(columns[a].lo, s, out);
        repack_avx512(columns[a].hi, s, out + 64);
    }
    for (uint32_t k = 0; k < n; k += 8)
        _mm512_storeu_pd(out + k, _mm512_max_pd(_mm512_loadu_pd(out + k), _mm512_setzero_pd()));
}

AVX512 static void settle_avx512(const double *p, const double *n, uint32_t count, double *out)
{
    const __m512d one = _mm512_set1_pd(1), zero = _mm512_setzero_pd();
    for (uint32_t k = 0; k < count; k += 8) {
        __m512d x = _mm512_loadu_pd(p + k), y = _mm512_loadu_pd(n + k);
        __m512d less = _mm512_min_pd(x, y), more = _mm512_max_pd(x, y);
        if (_mm512_cmp_pd_mask(more, one, _CMP_NEQ_UQ)) /* evidence of both kinds: few subjects */
            less = _mm512_div_pd(less, more);
        __m512d size = _mm512_sub_pd(one, less);
        __mmask8 against = _mm512_cmp_pd_mask(x, y, _CMP_GT_OQ);
        __mmask8 some = _mm512_cmp_pd_mask(x, y, _CMP_NEQ_OQ);
        size = _mm512_mask_sub_pd(size, against, zero, size);
        _mm512_storeu_pd(out + k, _mm512_maskz_mov_pd(some, size));
    }
}

AVX512 static void steps_avx512(const double *v, uint16_t *out)
{
    const __m512d by = _mm512_set1_pd(10000), half = _mm512_set1_pd(0.5);
    const __m256i over = _mm256_set1_epi32(10000);
    for (int k = 0; k < 64; k += 8) {
        __m512d x = _mm512_loadu_pd(v + k);
        __mmask8 zero = _mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_EQ_OQ);
        x = _mm512_roundscale_pd(_mm512_add_pd(_mm512_mul_pd(x, by), half), _MM_FROUND_TO_NEG_INF);
        __m512i n = _mm512_cvtepi32_epi64(_mm256_add_epi32(_mm512_cvtpd_epi32(x), over));
        n = _mm512_mask_mov_epi64(n, zero, _mm512_set1_epi64(0xFFFF));
        _mm_storeu_si128((__m128i *)(void *)(out + k), _mm512_cvtepi64_epi16(n));
    }
}

/* A table of 8 rows is two registers. */
AVX512 static void look_up_avx512(const uint8_t *code, const struct span_row *table,
                                  uint32_t points, double *lo, double *hi)
{
    if (points > 8) {
        look_up_portable(code, table, points, lo, hi);
        return;
    }
    double ends[2][8] = {{0}};
    for (uint32_t c = 0; c < points; c++) {
        ends[0][c] = table[c].lo;
        ends[1][c] = table[c].hi;
    }
    const __m512d from_lo = _mm512_loadu_pd(ends[0]), from_hi = _mm512_loadu_pd(ends[1]);
    const __m512i most = _mm512_set1_epi64((long long)points);
    for (int k = 0; k < 64; k += 8) {
        __m512i c = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(const void *)(code + k)));
        c = _mm512_maskz_mov_epi64(_mm512_cmplt_epu64_mask(c, most), c);
        _mm512_storeu_pd(lo + k, _mm512_permutexvar_pd(c, from_lo));
        _mm512_storeu_pd(hi + k, _mm512_permutexvar_pd(c, from_hi));
    }
}

AVX512 static void multiply_avx512(double *product, const double *strength, uint64_t bits,
                                   double c, uint32_t count)
{
    const __m512d one = _mm512_set1_pd(1), by = _mm512_set1_pd(c);
    for (int k = 0; k < (int)count; k += 8) {
        if (!(bits >> k & 255))
            continue;
        __m512d rest = _mm512_sub_pd(one, _mm512_mul_pd(by, or_zeros(strength, k, bits)));
        _mm512_storeu_pd(product + k, _mm512_mul_pd(_mm512_loadu_pd(product + k), rest));
    }
}

AVX512 static void raise_avx512(double *highest, const double *strength, uint64_t bits, double c,
                                uint32_t count)
{
    const __m512d by = _mm512_set1_pd(c);
    for (int k = 0; k < (int)count; k += 8) {
        __m512d e = _mm512_mul_pd(by, or_zeros(strength, k, bits));
        _mm512_storeu_pd(highest + k, _mm512_max_pd(e, _mm512_loadu_pd(highest + k)));
    }
}

static const struct kernels avx512 = {
    "avx512",        equal_bytes_avx512, below_avx512,  at_most_avx512,
    codes_avx512,    extract_avx2,       lowest_avx512, fold_avx512,
    multiply_avx512, raise_avx512,       settle_avx512, steps_avx512,
    look_up_avx512,  combine_avx512,
};

static const struct kernels *const all[] = {&portable, &avx2, &avx512};

static uint32_t runnable(void)
{
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2") ||
        !__builtin_cpu_supports("popcnt"))
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
