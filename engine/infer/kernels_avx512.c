/* In: as kernels.c. Out: the same bits, eight subjects at a time. Next: kernels.c chooses. */
#include "infer/kernels_wide.h"

#ifdef __x86_64__
#include <immintrin.h>

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

AVX512 static uint64_t extract_avx512(uint64_t bits, uint64_t where)
{
    return _pext_u64(bits, where);
}

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
            const double *const *strength = rules[r].strength;
            __m512d rest = _mm512_set1_pd(rules[r].rest), rest_hi = rest;
            if (strength[0]) {
                __m512d e = _mm512_set1_pd(rules[r].evidence);
                rest = _mm512_sub_pd(one, _mm512_mul_pd(e, _mm512_loadu_pd(strength[0] + k)));
                rest_hi = _mm512_sub_pd(one, _mm512_mul_pd(e, _mm512_loadu_pd(strength[1] + k)));
            }
            x = _mm512_mask_mul_pd(x, (__mmask8)(_pext_u64(rules[r].at[0], some) >> k), x, rest);
            y = _mm512_mask_mul_pd(y, (__mmask8)(_pext_u64(rules[r].at[1], some) >> k), y, rest_hi);
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

AVX512 static void lower_to(double *out, __mmask8 pull, __m512d v)
{
    v = _mm512_min_pd(_mm512_maskz_expand_pd(pull, v), _mm512_loadu_pd(out));
    _mm512_storeu_pd(out, v);
}

AVX512 static void repack_avx512(struct ends from, struct shared s, double *out)
{
    double lo[72], hi[72];
    if (s.from <= 8 && s.to <= 8) { /* mostly: in one register */
        __mmask8 press = (__mmask8)s.press, pull = (__mmask8)s.pull;
        lower_to(out, pull, _mm512_maskz_compress_pd(press, _mm512_loadu_pd(from.lo)));
        lower_to(out + 64, pull, _mm512_maskz_compress_pd(press, _mm512_loadu_pd(from.hi)));
        return;
    }
    for (uint32_t k = 0, n = 0; k < s.from; k += 8) {
        __mmask8 m = (__mmask8)(s.press >> k);
        _mm512_storeu_pd(lo + n, _mm512_maskz_compress_pd(m, _mm512_loadu_pd(from.lo + k)));
        _mm512_storeu_pd(hi + n, _mm512_maskz_compress_pd(m, _mm512_loadu_pd(from.hi + k)));
        n += (uint32_t)_mm_popcnt_u32(m);
    }
    for (uint32_t k = 0, n = 0; k < s.to; k += 8) {
        __mmask8 m = (__mmask8)(s.pull >> k);
        lower_to(out + k, m, _mm512_loadu_pd(lo + n));
        lower_to(out + 64 + k, m, _mm512_loadu_pd(hi + n));
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
        repack_avx512(columns[a], s, out);
    }
    for (uint32_t k = 0; k < n; k += 8)
        _mm512_storeu_pd(out + k, _mm512_max_pd(_mm512_loadu_pd(out + k), _mm512_setzero_pd()));
}

AVX512 static __m512d settle(__m512d p, __m512d n)
{
    const __m512d one = _mm512_set1_pd(1), zero = _mm512_setzero_pd();
    __m512d less = _mm512_min_pd(p, n), more = _mm512_max_pd(p, n);
    if (_mm512_cmp_pd_mask(more, one, _CMP_NEQ_UQ)) /* evidence of both kinds: few subjects */
        less = _mm512_div_pd(less, more);
    __m512d size = _mm512_sub_pd(one, less);
    __mmask8 against = _mm512_cmp_pd_mask(p, n, _CMP_GT_OQ);
    __mmask8 some = _mm512_cmp_pd_mask(p, n, _CMP_NEQ_OQ);
    return _mm512_maskz_mov_pd(some, _mm512_mask_sub_pd(size, against, zero, size));
}

/* What rules leave at one end, for and against; of a group on either side the highest evidence. */
struct weighing {
    __m512d p, n, highest_p, highest_n;
};

AVX512 static inline __attribute__((always_inline)) void
weigh_rule(struct weighing *w, const struct fired *r, int end, uint32_t k)
{
    const __m512d one = _mm512_set1_pd(1), zero = _mm512_setzero_pd();
    const __mmask8 against = r->against ? 0xFF : 0, favour = (__mmask8)~against;
    const __mmask8 at = (__mmask8)(r->at[end] >> k);
    __m512d e = _mm512_maskz_mov_pd(at, _mm512_set1_pd(r->evidence));
    if (r->strength[end])
        e = _mm512_maskz_mul_pd(at, e, _mm512_loadu_pd(r->strength[end] + k));
    if (!r->grouped) {
        __m512d rest = _mm512_sub_pd(one, e);
        w->p = _mm512_mask_mul_pd(w->p, favour, w->p, rest);
        w->n = _mm512_mask_mul_pd(w->n, against, w->n, rest);
        return;
    }
    w->highest_p = _mm512_mask_max_pd(w->highest_p, favour, e, w->highest_p);
    w->highest_n = _mm512_mask_max_pd(w->highest_n, against, e, w->highest_n);
    if (r->ends_group) {
        w->p = _mm512_mul_pd(w->p, _mm512_sub_pd(one, w->highest_p));
        w->n = _mm512_mul_pd(w->n, _mm512_sub_pd(one, w->highest_n));
        w->highest_p = w->highest_n = zero;
    }
}

AVX512 static void weigh_avx512(struct fired *rules, uint32_t count, uint64_t some,
                                double *lo, double *hi, double least, uint64_t reach[2])
{
    const __m512d one = _mm512_set1_pd(1), zero = _mm512_setzero_pd();
    const __m512d from = _mm512_set1_pd(least);
    uint32_t subjects = (uint32_t)_mm_popcnt_u64(some);
    uint64_t surely = 0, maybe = 0;
    for (uint32_t r = 0; r < count; r++)
        for (int end = 0; end < 2; end++)
            rules[r].at[end] = _pext_u64(rules[r].at[end], some);
    for (uint32_t k = 0; k < subjects; k += 8) {
        struct weighing low = {one, one, zero, zero}, high = low;
        for (uint32_t r = 0; r < count; r++) {
            const struct fired *f = &rules[r];
            weigh_rule(&low, f, 0, k);
            weigh_rule(&high, f, 1, k);
        }
        __m512d x = settle(low.p, low.n);
        __m512d y = settle(high.p, high.n);
        _mm512_storeu_pd(lo + k, x);
        _mm512_storeu_pd(hi + k, y);
        surely |= (uint64_t)_mm512_cmp_pd_mask(x, from, _CMP_GE_OQ) << k;
        maybe |= (uint64_t)_mm512_cmp_pd_mask(y, from, _CMP_GE_OQ) << k;
    }
    reach[0] = _pdep_u64(surely, some);
    reach[1] = _pdep_u64(maybe, some);
}

AVX512 static void steps_avx512(const double *v, uint16_t *out)
{
    const __m512d by = _mm512_set1_pd(10000), half = _mm512_set1_pd(0.5);
    const __m256i over = _mm256_set1_epi32(10000);
    for (int k = 0; k < 64; k += 8) {
        __m512d x = _mm512_loadu_pd(v + k);
        __mmask8 zero = _mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_EQ_OQ);
        x = _mm512_floor_pd(_mm512_add_pd(_mm512_mul_pd(x, by), half));
        __m512i n = _mm512_cvtepi32_epi64(_mm256_add_epi32(_mm512_cvtpd_epi32(x), over));
        n = _mm512_mask_mov_epi64(n, zero, _mm512_set1_epi64(0xFFFF));
        _mm_storeu_si128((__m128i *)(void *)(out + k), _mm512_cvtepi64_epi16(n));
    }
}

/* A table of 8 is one register. */
AVX512 static void look_up_avx512(const uint8_t *code, uint32_t points, const double *table,
                                  double *out)
{
    if (points > 8) {
        look_up_portable(code, points, table, out);
        return;
    }
    const __m512d from = _mm512_loadu_pd(table);
    const __m512i most = _mm512_set1_epi64((long long)points);
    for (int k = 0; k < 64; k += 8) {
        __m512i c =
            _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(const void *)(code + k)));
        c = _mm512_maskz_mov_epi64(_mm512_cmplt_epu64_mask(c, most), c);
        _mm512_storeu_pd(out + k, _mm512_permutexvar_pd(c, from));
    }
}

const struct kernels kernels_of_avx512 = {
    "avx512",        equal_bytes_avx512, below_avx512,  at_most_avx512,
    codes_avx512,    extract_avx512,       lowest_avx512, fold_avx512,
    steps_avx512,    look_up_avx512,     combine_avx512, weigh_avx512,
};

#endif
