/* In: 64 numbers, 64 bytes. Out: bits, products. Next: compare.c, evidence.c.
 * The portable loops, which say what the others must give, and who is chosen. */
#include "infer/kernels_wide.h"

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

void lowest_portable(const struct ends *columns, uint32_t count, uint64_t some, double *out)
{
    int n = 0;
    for (uint64_t m = some; m; m &= m - 1, n++)
        out[n] = out[64 + n] = 1;
    for (uint32_t a = 0; a < count; a++)
        weaken(columns[a], some, out);
    for (int k = 0; k < n; k++)
        out[k] = out[k] > 0 ? out[k] : 0;
}

static double left_by(const struct fired *r, int end, int k)
{
    return r->strength[end] ? 1 - r->evidence * r->strength[end][k] : r->rest;
}

static void combine_portable(const struct fired *rules, uint32_t count, uint64_t some, double *lo,
                             double *hi, double least, uint64_t reach[2])
{
    reach[0] = reach[1] = 0;
    for (int k = 0; some; some &= some - 1, k++) {
        uint64_t at = some & -some;
        double x = 1, y = 1;
        for (const struct fired *r = rules; r < rules + count; r++) {
            if (r->at[0] & at)
                x *= left_by(r, 0, k);
            if (r->at[1] & at)
                y *= left_by(r, 1, k);
        }
        lo[k] = 1 - x;
        hi[k] = 1 - y;
        reach[0] |= lo[k] >= least ? at : 0;
        reach[1] |= hi[k] >= least ? at : 0;
    }
}

void look_up_portable(const uint8_t *code, uint32_t points, const double *table, double *out)
{
    for (int k = 0; k < 64; k++)
        out[k] = table[code[k] < points ? code[k] : 0];
}

WIDE_LOOPS(portable, )

static const struct kernels portable = {
    "portable",       equal_bytes_portable, below_portable, at_most_portable,
    codes_portable,   extract_portable,     lowest_portable, fold_portable,
    steps_portable,   look_up_portable,     combine_portable, weigh_portable,
};

const struct kernels *kernels_portable(void)
{
    return &portable;
}

#ifdef __x86_64__

static const struct kernels *const all[] = {&portable, &kernels_of_avx2, &kernels_of_avx512};

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
