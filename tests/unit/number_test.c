/* number: what is read and refused (faults 13, 71), rounding half up, round trips against the C
 * library as the oracle. */
#include "test.h"

#include <float.h>
#include <locale.h>
#include <math.h>

static void reads(const char *text, double expected)
{
    double x = -99;
    enum number_fault f = number_parse(text_from_c(text), &x);
    if (f != NUMBER_OK || memcmp(&x, &expected, sizeof x) != 0)
        fail_msg("%s reads as %.17g (%s), not %.17g", text, x, number_fault_text(f), expected);
}

static void refuses(const char *text, enum number_fault expected)
{
    double x = -99;
    enum number_fault f = number_parse(text_from_c(text), &x);
    if (f != expected || x != -99)
        fail_msg("%s: %s, not %s", text, number_fault_text(f), number_fault_text(expected));
}

static void test_decimals_are_read(void **state)
{
    (void)state;
    reads("0", 0.0);
    reads("7", 7.0);
    reads("0.7", 0.7);
    reads("-0.25", -0.25);
    reads("10", 10.0);
    reads("100.50", 100.5);
    reads("0.0", 0.0);
    reads("0.1", 0.1);
    reads("0.3", 0.3);
    reads("999999999999999", 999999999999999.0);
    reads("-99999999999999.9", -99999999999999.9);
    reads("0.000000000000001", 1e-15);
    reads("0.0000000123456789012345", 1.23456789012345e-8); /* 22 places, 15 digits */
}

static void test_what_is_refused(void **state)
{
    (void)state;
    refuses("", NUMBER_EMPTY);
    const char *const commas[] = {"3,14", "0,7", "1,234", "1.234,5", "-0,5", "1,2,3", ",5"};
    for (size_t i = 0; i < sizeof commas / sizeof commas[0]; i++)
        refuses(commas[i], NUMBER_COMMA);
    const char *const zeros[] = {"010", "00", "-01", "00.5", "007.5"};
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
        refuses(zeros[i], NUMBER_LEADING_ZERO);
    const char *const exponents[] = {"1e3", "1e999", "1E+3", "1.5e-3", "-2e2", "1e309", ".5e1"};
    for (size_t i = 0; i < sizeof exponents / sizeof exponents[0]; i++)
        refuses(exponents[i], NUMBER_EXPONENT);
    const char *const specials[] = {".nan", ".NaN", "nan",   "NaN",   "inf",
                                    "-inf", ".inf", "-.Inf", "+.INF", "Infinity"};
    for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++)
        refuses(specials[i], NUMBER_SPECIAL);
    refuses("0x10", NUMBER_HEX);
    refuses("-0XFF", NUMBER_HEX);
    refuses("0x1p3", NUMBER_HEX);
    refuses("-0", NUMBER_NEGATIVE_ZERO);
    refuses("-0.00", NUMBER_NEGATIVE_ZERO);
    refuses("9223372036854775808", NUMBER_TOO_LONG);
    refuses("1000000000000000", NUMBER_TOO_LONG);
    refuses("0.1234567890123456", NUMBER_TOO_LONG);
    refuses("0.00000000000000000000000", NUMBER_TOO_LONG); /* 23 places */
    const char *const others[] = {
        "12abc", "5x",  "+5",       ".5",    "5.",   "-",   "--1", "1 234", " 1",  "1 ",  "1.2.3",
        "abc",   "yes", "\xD9\xA3", "1_000", "0o10", "0b1", "1e",  "e3",    "1e+", "-.5", ".",
        ",",     "0x",  "nanx",     "1\n",   "\t1",  "1-",  "½",   "١٢",    "10%"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        refuses(others[i], NUMBER_NOT_DECIMAL);
}

static void test_four_hundred_digits(void **state)
{
    (void)state;
    char digits[401];
    memset(digits, '9', 400);
    digits[400] = '\0';
    refuses(digits, NUMBER_TOO_LONG);
    digits[1] = '.';
    refuses(digits, NUMBER_TOO_LONG);
    double x = 5;
    assert_int_equal(NUMBER_NOT_DECIMAL, number_parse(TEXT("1\0"), &x));
    assert_true(x == 5);
}

static void test_every_fault_has_a_text(void **state)
{
    (void)state;
    for (unsigned f = 0; f < NUMBER_FAULT_COUNT; f++)
        assert_true(strlen(number_fault_text((enum number_fault)f)) > 5);
}

static uint64_t random_state = 42;
static uint64_t next_random(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return random_state >> 11;
}

/* The C library rounds correctly, and is far from the code under test. */
static void test_reading_rounds_as_the_c_library(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        char text[64];
        unsigned places = (unsigned)(next_random() % 16);
        uint64_t digits = next_random() % 1000000000000000u;
        for (uint64_t cut = next_random() % 15; cut; cut--)
            digits /= 10;
        snprintf(text, sizeof text, "%s%.*f", next_random() % 2 ? "-" : "", (int)places,
                 (double)digits / pow(10, places));
        double expected = atof(text), x = 0;
        enum number_fault f = number_parse(text_from_c(text), &x);
        if (f == NUMBER_OK)
            assert_true(x == expected);
        else
            assert_true(f == NUMBER_TOO_LONG || f == NUMBER_NEGATIVE_ZERO);
    }
}

static void writes(double x, int decimals, const char *expected)
{
    char out[32];
    size_t size = number_fixed(out, x, decimals);
    assert_true(size <= 32);
    assert_text(expected, ((struct text){out, size}));
}

static void test_rounding_is_half_up(void **state)
{
    (void)state;
    writes(0.82, 4, "0.8200");
    writes(0, 4, "0.0000");
    writes(-0.0, 2, "0.00");
    writes(-0.00004, 4, "0.0000");
    writes(-0.00005, 4, "0.0000"); /* half up: towards +infinity */
    writes(-0.00006, 4, "-0.0001");
    writes(0.00005, 4, "0.0001");
    writes(0.5, 0, "1");
    writes(-0.5, 0, "0");
    writes(1.5, 0, "2");
    writes(-1.5, 0, "-1");
    writes(2.5, 0, "3");
    writes(0.99995, 4, "1.0000");
    writes(-0.8200, 4, "-0.8200");
    writes(95, 1, "95.0");
    writes(6.25, 1, "6.3");
    writes(99.95, 1, "100.0");
    writes(0.123456789, 9, "0.123456789");
    writes(0.1, 9, "0.100000000");
}

static void test_large_numbers_are_whole(void **state)
{
    (void)state;
    writes(999999999999999.0, 0, "999999999999999");
    writes(999999999999999.0, 9, "999999999999999.000000000");
    writes(-999999999999999.0, 4, "-999999999999999.0000");
    writes(123456789012.5, 9, "123456789012.500000000");
    writes(123456789012.5, 0, "123456789013");
    writes(-123456789012.5, 0, "-123456789012");
    writes(4503599627370.5, 3, "4503599627370.500");
    writes(12345678901234.75, 1, "12345678901234.8");
    writes(-12345678901234.75, 1, "-12345678901234.7");
    writes(1e15, 2, "?");
    writes(-1e300, 2, "?");
    writes(HUGE_VAL, 2, "?");
    writes((double)NAN, 2, "?");
    writes(0.5, -3, "1");
    writes(0.5, 99, "0.500000000");
}

static void test_certainties_follow_the_formula(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        double x = (double)next_random() / 9007199254740992.0 * 2 - 1;
        char expected[64], out[33];
        snprintf(expected, sizeof expected, "%.4f", floor(x * 10000 + 0.5) / 10000);
        out[number_fixed(out, x, 4)] = '\0';
        assert_string_equal(strcmp(expected, "-0.0000") == 0 ? "0.0000" : expected, out);
    }
}

static void test_short_form(void **state)
{
    (void)state;
    static const struct {
        double x;
        const char *text;
    } cases[] = {{0, "0"},         {1, "1"},       {100, "100"},       {0.1, "0.1"},
                 {-0.25, "-0.25"}, {1200, "1200"}, {0.1 + 0.2, "0.3"}, {1e15, "?"},
                 {10.5, "10.5"},   {1e-10, "0"},   {-1e-10, "0"},      {2.0 / 3, "0.666666667"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[32];
        size_t size = number_short(out, cases[i].x);
        assert_text(cases[i].text, ((struct text){out, size}));
    }
}

static void test_short_form_reads_back(void **state)
{
    (void)state;
    for (unsigned thousandths = 0; thousandths <= 100000; thousandths++) {
        double x = thousandths / 1000.0, back = -1;
        char out[32];
        size_t size = number_short(out, x);
        assert_int_equal(NUMBER_OK, number_parse((struct text){out, size}, &back));
        assert_true(x == back);
    }
}

static void test_counts(void **state)
{
    (void)state;
    char out[32];
    assert_text("0", ((struct text){out, number_unsigned(out, 0)}));
    size_t size = number_unsigned(out, UINT64_MAX);
    assert_text("18446744073709551615", ((struct text){out, size}));
}

/* The program never sets LC_NUMERIC; a library it loads might. There is no comma locale on every
 * machine, so the test is skipped in silence where none is found. */
static void test_no_locale_matters(void **state)
{
    (void)state;
    const char *const names[] = {"fr_FR.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "C.UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!setlocale(LC_NUMERIC, names[i]))
            continue;
        reads("0.7", 0.7);
        refuses("0,7", NUMBER_COMMA);
        writes(0.7, 2, "0.70");
        refuses("INF", NUMBER_SPECIAL);
    }
    setlocale(LC_NUMERIC, "C");
}

TEST_MAIN(12, cmocka_unit_test(test_decimals_are_read), cmocka_unit_test(test_what_is_refused),
          cmocka_unit_test(test_four_hundred_digits), cmocka_unit_test(test_every_fault_has_a_text),
          cmocka_unit_test(test_reading_rounds_as_the_c_library),
          cmocka_unit_test(test_rounding_is_half_up),
          cmocka_unit_test(test_large_numbers_are_whole),
          cmocka_unit_test(test_certainties_follow_the_formula), cmocka_unit_test(test_short_form),
          cmocka_unit_test(test_short_form_reads_back), cmocka_unit_test(test_counts),
          cmocka_unit_test(test_no_locale_matters))
