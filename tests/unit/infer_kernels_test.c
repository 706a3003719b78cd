/* infer_kernels_test: whatever kernels this processor can run give the portable ones' bits. A NaN
 * is a NaN: which payload a product of two keeps is the processor's choice. */
#include "infer/kernels.h"
#include "test.h"

#include <math.h>

enum { ROUNDS = 4000, COLUMNS = 6, MAX_CODES = 250, STRIDE = 3 };

/* None, one, all, few, many, any. */
static uint64_t random_mask(void)
{
    switch (test_below(6)) {
    case 0: return 0;
    case 1: return UINT64_C(1) << test_below(64);
    case 2: return ~UINT64_C(0);
    case 3: return test_random() & test_random() & test_random();
    case 4: return test_random() | test_random() | test_random();
    default: return test_random();
    }
}

static double random_number(bool odd)
{
    static const double ODD[] = {NAN,    -NAN,    INFINITY, -INFINITY, -0.0,   0.0,
                                 5e-324, -5e-324, 1e308,    -1e308,    1e-308, 4503599627370497.5};
    static const double USUAL[] = {0, 1, 0.5, 0.1, 0.7, 1 - 0.7, 2, 5, 0.3, 1e-9, 0.4 - 1e-9, 2.5};
    if (odd && test_below(4) == 0)
        return ODD[test_below(sizeof ODD / sizeof ODD[0])];
    if (test_below(2))
        return USUAL[test_below(sizeof USUAL / sizeof USUAL[0])];
    double x = (double)(test_random() >> 11) / 9007199254740992.0;
    return odd ? (x - 0.5) * 10 : x;
}

static void fill(double *v, bool odd)
{
    bool equal = test_below(8) == 0;
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

static void fill_bytes(uint8_t *v)
{
    uint32_t span = test_below(3) ? 8 : 256;
    for (int i = 0; i < 64; i++)
        v[i] = (uint8_t)(test_below(8) ? test_below(span) : 250 + test_below(6));
}

static void equal_bytes_round(const struct kernels *portable, const struct kernels *k)
{
    uint8_t v[64];
    fill_bytes(v);
    uint8_t x = test_below(2) ? v[test_below(64)] : (uint8_t)test_below(256);
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

/* The subjects of packed entries, and the entry of each. */
static uint32_t entry_of(uint64_t some, int subject)
{
    return (uint32_t)__builtin_popcountll(some & ((UINT64_C(1) << subject) - 1));
}

static void order_round(const struct kernels *portable, const struct kernels *k)
{
    double lo[72], hi[72];
    uint64_t a[4], b[4];
    fill(lo, true);
    fill(hi, true);
    struct ends v = {lo, test_below(8) ? hi : lo, random_mask()};
    double x = test_below(2) ? lo[test_below(64)] : random_number(true);
    portable->below(v.lo, v.hi, v.some, x, &a[0], &a[1]);
    portable->at_most(v.lo, v.hi, v.some, x, &a[2], &a[3]);
    k->below(v.lo, v.hi, v.some, x, &b[0], &b[1]);
    k->at_most(v.lo, v.hi, v.some, x, &b[2], &b[3]);
    assert_memory_equal(a, b, sizeof a);
    for (int i = 0; i < 64; i++) {
        bool has = v.some >> i & 1;
        uint32_t e = entry_of(v.some, i);
        assert_int_equal(has && lo[e] < x, a[0] >> i & 1);
        assert_int_equal(has && v.hi[e] < x, a[1] >> i & 1);
        assert_int_equal(has && lo[e] <= x, a[2] >> i & 1);
        assert_int_equal(has && v.hi[e] <= x, a[3] >> i & 1);
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
    uint32_t count = test_below(8) ? test_below(8) : test_below(MAX_CODES + 1),
             stride = 1 + test_below(STRIDE);
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

static void extract_round(const struct kernels *portable, const struct kernels *k)
{
    uint64_t bits = random_mask(), where = random_mask(), out = k->extract(bits, where);
    assert_int_equal(portable->extract(bits, where), out);
    for (int i = 0; i < 64; i++)
        if (where >> i & 1)
            assert_int_equal(bits >> i & 1, out >> entry_of(where, i) & 1);
}

static void test_extract(void **state)
{
    (void)state;
    each_round(extract_round);
}

static void fill_packed(double *v)
{
    fill(v, false);
    for (int k = 0; k < 64; k++)
        if (test_below(6) == 0)
            v[k] = -v[k];
}

static uint64_t first_bits(uint64_t some)
{
    uint32_t n = (uint32_t)__builtin_popcountll(some);
    return n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

static void lowest_round(const struct kernels *portable, const struct kernels *k)
{
    double out[2][128], lo[COLUMNS][72], hi[COLUMNS][72];
    struct ends columns[COLUMNS];
    uint32_t count = test_below(COLUMNS + 1);
    uint64_t some = random_mask();
    for (uint32_t a = 0; a < count; a++) {
        fill_packed(lo[a]);
        fill_packed(hi[a]);
        columns[a] = (struct ends){lo[a], hi[a], random_mask()};
    }
    portable->lowest(columns, count, some, out[0]);
    k->lowest(columns, count, some, out[1]);
    assert_numbers(out[0], out[1], first_bits(some));
    assert_numbers(out[0] + 64, out[1] + 64, first_bits(some));
    for (int i = 0; i < 64; i++) {
        double least = 1;
        for (uint32_t a = 0; a < count; a++) {
            double x = columns[a].some >> i & 1 ? lo[a][entry_of(columns[a].some, i)] : 0;
            least = x < least ? x : least;
        }
        if (some >> i & 1)
            assert_true(out[1][entry_of(some, i)] == (least < 0 ? 0 : least));
    }
}

static void test_lowest(void **state)
{
    (void)state;
    each_round(lowest_round);
}

static void fold_round(const struct kernels *portable, const struct kernels *k)
{
    double v[64], out[3][64];
    fill(v, false);
    fill(out[0], false);
    memcpy(out[1], out[0], sizeof out[0]);
    memcpy(out[2], out[0], sizeof out[0]);
    const double *from = test_below(4) ? v : NULL;
    uint64_t bits = random_mask();
    enum fold how = (enum fold)test_below(3);
    portable->fold(out[0], from, bits, how);
    k->fold(out[1], from, bits, how);
    assert_numbers(out[0], out[1], ~UINT64_C(0));
    for (int i = 0; i < 64; i++) {
        double x = bits >> i & 1 ? (from ? v[i] : 1) : 0, y = out[2][i];
        assert_true(out[1][i] == (how == FOLD_SET ? x : (how == FOLD_LOWEST) == (x < y) ? x : y));
    }
}

static void test_fold(void **state)
{
    (void)state;
    each_round(fold_round);
}

static void tables_round(const struct kernels *portable, const struct kernels *k)
{
    uint8_t code[64];
    double table[104], out[2][64], v[64];
    uint16_t steps[2][64];
    uint32_t points = 1 + (test_below(2) ? test_below(8) : test_below(102));
    fill_bytes(code);
    for (int i = 0; i < 104; i++)
        table[i] = random_number(false);
    portable->look_up(code, points, table, out[0]);
    k->look_up(code, points, table, out[1]);
    assert_memory_equal(out[0], out[1], sizeof out[0]);
    for (int i = 0; i < 64; i++) {
        assert_true(out[1][i] == table[code[i] < points ? code[i] : 0]);
        v[i] = test_below(5) == 0
                   ? 0
                   : ((double)test_below(20001) - 10000) / 10000 + (test_below(2) ? 0 : 5e-5);
        v[i] = v[i] > 1 ? 1 : v[i];
    }
    portable->steps(v, steps[0]);
    k->steps(v, steps[1]);
    assert_memory_equal(steps[0], steps[1], sizeof steps[0]);
    for (int i = 0; i < 64; i++)
        assert_int_equal(steps[1][i], v[i] == 0 ? 0xFFFF : (int)floor(v[i] * 10000 + 0.5) + 10000);
}

static void test_tables(void **state)
{
    (void)state;
    each_round(tables_round);
}

static double strengths[COLUMNS][2][72];

/* Rules in favour; `sides`: against too, and in groups. */
static uint32_t fill_rules(struct fired *rules, bool sides)
{
    uint32_t count = test_below(COLUMNS + 1), left = 0; /* of the group */
    for (uint32_t r = 0; r < count; r++) {
        double e = random_number(false);
        e = e > 1 ? 1 : e;
        rules[r] =
            (struct fired){.at = {random_mask(), random_mask()}, .evidence = e, .rest = 1 - e};
        for (int end = 0; end < 2; end++)
            fill(strengths[r][end], false);
        if (test_below(2))
            for (int end = 0; end < 2; end++)
                rules[r].strength[end] = strengths[r][end];
        if (!sides)
            continue;
        if (left == 0 && test_below(3) == 0)
            left = 1 + test_below(count - r);
        rules[r].against = test_below(3) == 0;
        rules[r].grouped = left > 0;
        rules[r].ends_group = left == 1;
        left -= left > 0;
    }
    return count;
}

static double evidence_at(const struct fired *r, int end, int subject, uint32_t entry)
{
    if (!(r->at[end] >> subject & 1))
        return 0;
    return r->strength[end] ? r->evidence * r->strength[end][entry] : r->evidence;
}

/* What rules leave, for and against. */
static void leave(const struct fired *rules, uint32_t count, int end, int subject, uint32_t entry,
                  double left[2])
{
    double highest[2] = {0, 0};
    left[0] = left[1] = 1;
    for (const struct fired *r = rules; r < rules + count; r++) {
        double e = evidence_at(r, end, subject, entry), *most = &highest[r->against];
        if (!r->grouped)
            left[r->against] *= 1 - e;
        else
            *most = e > *most ? e : *most;
        for (int side = 0; r->ends_group && side < 2; side++) {
            left[side] *= 1 - highest[side];
            highest[side] = 0;
        }
    }
}

static void evidence_round(const struct kernels *portable, const struct kernels *k, bool sides)
{
    double v[2][2][72]; /* portable or not; end */
    uint64_t some = random_mask(), reach[2][2];
    struct fired rules[COLUMNS], packed[2][COLUMNS];
    uint32_t count = fill_rules(rules, sides);
    double least = count && test_below(2) && rules[0].evidence > 0 ? 1 - rules[0].rest : 0.4;
    memcpy(packed[0], rules, sizeof rules);
    memcpy(packed[1], rules, sizeof rules);
    for (int way = 0; way < 2; way++) {
        const struct kernels *by = way ? k : portable;
        if (sides)
            by->weigh(packed[way], count, some, v[way][0], v[way][1], least, reach[way]);
        else
            by->combine(rules, count, some, v[way][0], v[way][1], least, reach[way]);
    }
    assert_numbers(v[0][0], v[1][0], first_bits(some));
    assert_numbers(v[0][1], v[1][1], first_bits(some));
    assert_memory_equal(reach[0], reach[1], sizeof reach[0]);
    for (int i = 0; i < 128; i++) {
        int subject = i % 64, end = i / 64;
        bool has = some >> subject & 1;
        uint32_t e = entry_of(some, subject);
        double left[2];
        if (!has) {
            assert_int_equal(0, reach[1][end] >> subject & 1);
            continue;
        }
        leave(rules, count, end, subject, e, left);
        double p = left[0], n = left[1];
        double c = !sides || p < n ? 1 - p / n : p > n ? n / p - 1 : 0;
        assert_true(v[1][end][e] == c);
        assert_int_equal(c >= least, reach[1][end] >> subject & 1);
    }
}

static void combine_round(const struct kernels *portable, const struct kernels *k)
{
    evidence_round(portable, k, false);
}

static void weigh_round(const struct kernels *portable, const struct kernels *k)
{
    evidence_round(portable, k, true);
}

static void test_combine(void **state)
{
    (void)state;
    each_round(combine_round);
}

static void test_weigh(void **state)
{
    (void)state;
    each_round(weigh_round);
}

TEST_MAIN(10, cmocka_unit_test(test_list), cmocka_unit_test(test_equal_bytes),
          cmocka_unit_test(test_order), cmocka_unit_test(test_codes),
          cmocka_unit_test(test_extract), cmocka_unit_test(test_lowest),
          cmocka_unit_test(test_fold), cmocka_unit_test(test_tables),
          cmocka_unit_test(test_combine), cmocka_unit_test(test_weigh))
