/* infer_kernels_test: whatever kernels this processor can run give the portable ones' bits. A NaN
 * is a NaN: which payload a product of two keeps is the processor's choice. */
#include "infer/kernels.h"
#include "test.h"

#include <math.h>

enum { ROUNDS = 4000, COLUMNS = 6, MAX_CODES = 250, STRIDE = 3 };

static uint64_t seed = 0x9E3779B97F4A7C15u;

static uint64_t random_bits(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static uint32_t below(uint32_t n)
{
    return (uint32_t)(random_bits() >> 33) % n;
}

/* None, one, all, few, many, any. */
static uint64_t random_mask(void)
{
    switch (below(6)) {
    case 0: return 0;
    case 1: return UINT64_C(1) << below(64);
    case 2: return ~UINT64_C(0);
    case 3: return random_bits() & random_bits() & random_bits();
    case 4: return random_bits() | random_bits() | random_bits();
    default: return random_bits();
    }
}

static double random_number(bool odd)
{
    static const double ODD[] = {NAN,    -NAN,    INFINITY, -INFINITY, -0.0,   0.0,
                                 5e-324, -5e-324, 1e308,    -1e308,    1e-308, 4503599627370497.5};
    static const double USUAL[] = {0, 1, 0.5, 0.1, 0.7, 1 - 0.7, 2, 5, 0.3, 1e-9, 0.4 - 1e-9, 2.5};
    if (odd && below(4) == 0)
        return ODD[below(sizeof ODD / sizeof ODD[0])];
    if (below(2))
        return USUAL[below(sizeof USUAL / sizeof USUAL[0])];
    double x = (double)(random_bits() >> 11) / 9007199254740992.0;
    return odd ? (x - 0.5) * 10 : x;
}

static void fill(double *v, bool odd)
{
    bool equal = below(8) == 0;
    double x = random_number(odd);
    for (int k = 0; k < 64; k++)
        v[k] = equal ? x : random_number(odd);
}

static void assert_numbers(const double *expected, const double *actual, uint64_t where)
{
    for (int k = 0; k < 64; k++) {
        if (!(where >> k & 1) || (isnan(expected[k]) && isnan(actual[k])))
            continue;
        assert_memory_equal(&expected[k], &actual[k], sizeof(double));
    }
}

static void each_round(void (*body)(const struct kernels *portable, const struct kernels *k))
{
    const struct kernels *k;
    for (uint32_t i = 0; (k = kernels_at(i)) != NULL; i++)
        for (int n = 0; n < ROUNDS; n++)
            body(kernels_portable(), k);
}

static void test_list(void **state)
{
    (void)state;
    uint32_t count = 0;
    while (kernels_at(count))
        count++;
    assert_true(count >= 1);
    assert_ptr_equal(kernels_portable(), kernels_at(0));
    assert_ptr_equal(kernels_best(), kernels_at(count - 1));
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < i; k++)
            assert_string_not_equal(kernels_at(i)->name, kernels_at(k)->name);
}

static void equal_round(const struct kernels *portable, const struct kernels *k)
{
    double v[64];
    fill(v, true);
    double x = below(2) ? v[below(64)] : random_number(true);
    uint64_t bits = k->equal(v, x);
    assert_int_equal(portable->equal(v, x), bits);
    for (int i = 0; i < 64; i++)
        assert_int_equal(v[i] == x, bits >> i & 1);
}

static void test_equal(void **state)
{
    (void)state;
    each_round(equal_round);
}

static void fill_bytes(uint8_t *v)
{
    uint32_t span = below(3) ? 8 : 256;
    for (int i = 0; i < 64; i++)
        v[i] = (uint8_t)(below(8) ? below(span) : 250 + below(6));
}

static void equal_bytes_round(const struct kernels *portable, const struct kernels *k)
{
    uint8_t v[64];
    fill_bytes(v);
    uint8_t x = below(2) ? v[below(64)] : (uint8_t)below(256);
    uint64_t bits = k->equal_bytes(v, x);
    assert_int_equal(portable->equal_bytes(v, x), bits);
    for (int i = 0; i < 64; i++)
        assert_int_equal(v[i] == x, bits >> i & 1);
}

static void test_equal_bytes(void **state)
{
    (void)state;
    each_round(equal_bytes_round);
}

static void order_round(const struct kernels *portable, const struct kernels *k)
{
    double lo[64], hi[64];
    uint64_t a[4], b[4];
    fill(lo, true);
    fill(hi, true);
    struct ends v = {lo, below(8) ? hi : lo, random_mask()};
    double x = below(2) ? lo[below(64)] : random_number(true);
    portable->below(v, x, &a[0], &a[1]);
    portable->at_most(v, x, &a[2], &a[3]);
    k->below(v, x, &b[0], &b[1]);
    k->at_most(v, x, &b[2], &b[3]);
    assert_memory_equal(a, b, sizeof a);
    for (int i = 0; i < 64; i++) {
        double upper = v.apart >> i & 1 ? v.hi[i] : v.lo[i];
        assert_int_equal(lo[i] < x, a[0] >> i & 1);
        assert_int_equal(upper < x, a[1] >> i & 1);
        assert_int_equal(lo[i] <= x, a[2] >> i & 1);
        assert_int_equal(upper <= x, a[3] >> i & 1);
    }
}

static void test_order(void **state)
{
    (void)state;
    each_round(order_round);
}

/* What lies between the strides is not written. */
static void codes_round(const struct kernels *portable, const struct kernels *k)
{
    static uint64_t a[MAX_CODES * STRIDE], b[MAX_CODES * STRIDE];
    uint8_t v[64];
    fill_bytes(v);
    uint32_t count = below(8) ? below(8) : below(MAX_CODES + 1), stride = 1 + below(STRIDE);
    memset(a, 0xA5, sizeof a);
    memset(b, 0xA5, sizeof b);
    assert_int_equal(portable->codes(v, count, a, stride), k->codes(v, count, b, stride));
    assert_memory_equal(a, b, sizeof a);
}

static void test_codes(void **state)
{
    (void)state;
    each_round(codes_round);
}

static void product_round(const struct kernels *portable, const struct kernels *k)
{
    double a[64], b[64];
    bool odd = below(2);
    fill(a, odd);
    memcpy(b, a, sizeof a);
    uint64_t bits = random_mask();
    double factor = random_number(odd);
    portable->multiply(a, bits, factor);
    k->multiply(b, bits, factor);
    assert_numbers(a, b, ~UINT64_C(0));
    portable->start(a, bits, factor);
    k->start(b, bits, factor);
    assert_numbers(a, b, ~UINT64_C(0));
}

static void test_products(void **state)
{
    (void)state;
    each_round(product_round);
}

static void weaken_round(const struct kernels *portable, const struct kernels *k)
{
    double a[64], b[64], lo[COLUMNS][64], hi[COLUMNS][64];
    struct ends columns[COLUMNS];
    bool odd = below(2), upper = below(2);
    uint32_t count = below(COLUMNS + 1);
    fill(a, odd);
    memcpy(b, a, sizeof a);
    for (uint32_t i = 0; i < count; i++) {
        fill(lo[i], odd);
        fill(hi[i], odd);
        columns[i] = (struct ends){lo[i], hi[i], random_mask()};
    }
    uint64_t bits = random_mask();
    double c = random_number(odd);
    portable->weaken(a, bits, c, columns, count, upper);
    k->weaken(b, bits, c, columns, count, upper);
    assert_numbers(a, b, ~UINT64_C(0));
}

static void test_weaken(void **state)
{
    (void)state;
    each_round(weaken_round);
}

/* The upper ends count where they are apart only. */
static void conclude_round(const struct kernels *portable, const struct kernels *k)
{
    double p_lo[64], p_hi[64], lo[2][64], hi[2][64];
    bool odd = below(2);
    fill(p_lo, odd);
    memcpy(p_hi, p_lo, sizeof p_lo);
    for (uint64_t m = random_mask(); m; m &= m - 1)
        p_hi[__builtin_ctzll(m)] = random_number(odd);
    double least = below(2) ? 1 - p_lo[below(64)] : random_number(odd);
    struct concluded a = portable->conclude(lo[0], hi[0], p_lo, p_hi, least);
    struct concluded b = k->conclude(lo[1], hi[1], p_lo, p_hi, least);
    assert_memory_equal(&a, &b, sizeof a);
    assert_numbers(lo[0], lo[1], ~UINT64_C(0));
    assert_numbers(hi[0], hi[1], a.apart);
}

static void test_conclude(void **state)
{
    (void)state;
    each_round(conclude_round);
}

TEST_MAIN(8, cmocka_unit_test(test_list), cmocka_unit_test(test_equal),
          cmocka_unit_test(test_equal_bytes), cmocka_unit_test(test_order),
          cmocka_unit_test(test_codes), cmocka_unit_test(test_products),
          cmocka_unit_test(test_weaken), cmocka_unit_test(test_conclude))
