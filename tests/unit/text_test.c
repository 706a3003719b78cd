/* text: equality, order, ends, trimming, ids; always with empty views that have no bytes. */
#include "test.h"

static const struct text NOTHING = {NULL, 0};

static void test_from_c(void **state)
{
    (void)state;
    assert_int_equal(0, text_from_c(NULL).size);
    assert_int_equal(3, text_from_c("abc").size);
    assert_int_equal(4, TEXT("a\0bc").size);
}

static void test_equality(void **state)
{
    (void)state;
    assert_true(text_equal(NOTHING, TEXT("")));
    assert_true(text_equal(TEXT("a\0b"), TEXT("a\0b")));
    assert_false(text_equal(TEXT("a\0b"), TEXT("a\0c")));
    assert_false(text_equal(TEXT("a"), TEXT("ab")));
    assert_true(text_is(TEXT("trust"), "trust"));
    assert_false(text_is(TEXT("trust"), "trus"));
    assert_true(text_is(NOTHING, NULL));
}

static void test_order(void **state)
{
    (void)state;
    assert_true(text_compare(TEXT("a"), TEXT("b")) < 0);
    assert_true(text_compare(TEXT("b"), TEXT("a")) > 0);
    assert_true(text_compare(TEXT("a"), TEXT("ab")) < 0);
    assert_true(text_compare(TEXT("ab"), TEXT("a")) > 0);
    assert_int_equal(0, text_compare(NOTHING, TEXT("")));
    assert_true(text_compare(TEXT("z"), TEXT("\xC3\xA9")) < 0); /* bytes are unsigned */
}

static void test_ends(void **state)
{
    (void)state;
    assert_true(text_starts(TEXT("pack.yaml"), "pack"));
    assert_false(text_starts(TEXT("pa"), "pack"));
    assert_true(text_starts(NOTHING, ""));
    assert_true(text_ends(TEXT("pack.yaml"), ".yaml"));
    assert_true(text_ends(TEXT(".yaml"), ".yaml"));
    assert_false(text_ends(TEXT("yaml"), ".yaml"));
    assert_true(text_ends(NOTHING, ""));
    assert_false(text_ends(NOTHING, "x"));
}

static void test_trim(void **state)
{
    (void)state;
    assert_text("a b", text_trim(TEXT(" \ta b\t ")));
    assert_text("", text_trim(TEXT(" \t ")));
    assert_text("\na\n", text_trim(TEXT(" \na\n ")));
    assert_int_equal(0, text_trim(NOTHING).size);
}

static void test_id(void **state)
{
    (void)state;
    char longest[LIMIT_ID + 1];
    memset(longest, 'a', sizeof longest);
    assert_true(text_is_id(TEXT("a")));
    assert_true(text_is_id(TEXT("load_balanced2")));
    assert_true(text_is_id((struct text){longest, LIMIT_ID}));
    assert_false(text_is_id((struct text){longest, LIMIT_ID + 1}));
    const char *const others[] = {"",    "A",   "1a", "_a",       "a-b",
                                  "a b", "a.b", "aB", "\xC3\xA9", "a\n"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(text_is_id(text_from_c(others[i])));
    assert_false(text_is_id(TEXT("a\0")));
    assert_false(text_is_id(NOTHING));
}

TEST_MAIN(6, cmocka_unit_test(test_from_c), cmocka_unit_test(test_equality),
          cmocka_unit_test(test_order), cmocka_unit_test(test_ends), cmocka_unit_test(test_trim),
          cmocka_unit_test(test_id))
