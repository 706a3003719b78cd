/* suggest: which word is near enough, and against a plain recursive distance as the oracle. */
#include "test.h"

static const char *nearest(const char *word, const char *const *candidates)
{
    struct suggest s;
    suggest_init(&s, text_from_c(word));
    for (; *candidates; candidates++)
        suggest_offer(&s, text_from_c(*candidates));
    return s.best.size ? s.best.at : "";
}

#define NEAREST(word, ...) nearest(word, (const char *const[]){__VA_ARGS__, NULL})

static void test_near_words(void **state)
{
    (void)state;
    assert_string_equal("trust", NEAREST("trsut", "risk", "trust", "truth"));
    assert_string_equal("load_balanced", NEAREST("load_balance", "load_balanced", "risk"));
    assert_string_equal("questions", NEAREST("qestions", "rules", "questions"));
    assert_string_equal("trust", NEAREST("trust", "trusty", "trust"));
    assert_string_equal("recognition", NEAREST("recogniton", "recognition"));
    assert_string_equal("communication", NEAREST("comunicatoin", "communication"));
}

static void test_far_words(void **state)
{
    (void)state;
    assert_string_equal("", NEAREST("trust", "risk", "load"));
    assert_string_equal("", NEAREST("if", "of", "is")); /* a third of two letters is none */
    assert_string_equal("yes", NEAREST("yas", "yes"));
    assert_string_equal("", NEAREST("yes", "no", "yea_or"));
    assert_string_equal("", NEAREST("communication", "comxxxxcation"));
    assert_string_equal("", NEAREST("", "a", ""));
    assert_string_equal("", NEAREST("abcdef", ""));
}

static void test_the_first_of_equals(void **state)
{
    (void)state;
    assert_string_equal("cat_b", NEAREST("cat_a", "cat_b", "cat_c"));
    assert_string_equal("cat_a", NEAREST("cat_a", "cat_b", "cat_a", "cat_c"));
}

static void test_long_words_are_left_alone(void **state)
{
    (void)state;
    static char word[5000], other[5000];
    memset(word, 'a', sizeof word);
    memset(other, 'a', sizeof other);
    struct suggest s;
    suggest_init(&s, (struct text){word, sizeof word});
    suggest_offer(&s, (struct text){other, sizeof other - 1});
    assert_int_equal(0, s.best.size);
    suggest_init(&s, (struct text){word, 128});
    suggest_offer(&s, (struct text){other, 127});
    assert_int_equal(127, s.best.size);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned plain(const char *a, size_t i, const char *b, size_t j)
{
    if (i == 0 || j == 0)
        return (unsigned)(i + j);
    unsigned d = plain(a, i - 1, b, j - 1) + (a[i - 1] != b[j - 1]);
    d = least(d, plain(a, i - 1, b, j) + 1);
    d = least(d, plain(a, i, b, j - 1) + 1);
    if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d = least(d, plain(a, i - 2, b, j - 2) + 1);
    return d;
}

static void test_against_the_plain_distance(void **state)
{
    (void)state;
    uint32_t r = 1;
    for (int n = 0; n < 3000; n++) {
        char a[8], b[8];
        size_t sizes[2];
        for (int which = 0; which < 2; which++) {
            r = r * 1664525u + 1013904223u;
            sizes[which] = 3 + (r >> 28) % 4;
            for (size_t i = 0; i < sizes[which]; i++) {
                r = r * 1664525u + 1013904223u;
                (which ? b : a)[i] = (char)('a' + (r >> 30) % 3);
            }
        }
        unsigned expected = plain(a, sizes[0], b, sizes[1]);
        struct suggest s;
        suggest_init(&s, (struct text){a, sizes[0]});
        unsigned allowed = s.distance - 1;
        suggest_offer(&s, (struct text){b, sizes[1]});
        assert_int_equal(expected <= allowed ? expected : allowed + 1, s.distance);
        assert_int_equal(expected <= allowed, s.best.size > 0);
    }
}

TEST_MAIN(5, cmocka_unit_test(test_near_words), cmocka_unit_test(test_far_words),
          cmocka_unit_test(test_the_first_of_equals),
          cmocka_unit_test(test_long_words_are_left_alone),
          cmocka_unit_test(test_against_the_plain_distance))
