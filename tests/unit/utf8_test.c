/* utf8: every code point, every bad form; the fast path of folding against utf8proc itself. */
#include "test.h"

#include <utf8proc.h>

static size_t encode(uint32_t c, char out[4])
{
    return (size_t)utf8proc_encode_char((utf8proc_int32_t)c, (utf8proc_uint8_t *)out);
}

static bool is_surrogate(uint32_t c)
{
    return c >= 0xD800 && c <= 0xDFFF;
}

static void test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        if (is_surrogate(c))
            continue;
        struct text t = {bytes, encode(c, bytes)};
        uint32_t back;
        assert_int_equal(t.size, utf8_valid(t));
        assert_int_equal(t.size, utf8_next(t, &back));
        assert_int_equal(c, back);
        assert_int_equal(c < 0x80, utf8_is_ascii(t));
        for (size_t cut = 1; cut < t.size; cut++)
            assert_int_equal(0, utf8_valid((struct text){bytes, cut}));
    }
}

static void test_bad_forms(void **state)
{
    (void)state;
    static const struct {
        struct text bytes;
        size_t good;
    } cases[] = {
        {{"", 0}, 0},
        {{"\x80", 1}, 0},
        {{"a\xFF", 2}, 1},
        {{"\xC0\x80", 2}, 0},         /* overlong NUL */
        {{"\xC1\xBF", 2}, 0},         /* overlong */
        {{"\xE0\x80\xAF", 3}, 0},     /* overlong */
        {{"\xE0\x9F\xBF", 3}, 0},     /* overlong */
        {{"\xF0\x80\x80\xAF", 4}, 0}, /* overlong */
        {{"\xF0\x8F\xBF\xBF", 4}, 0}, /* overlong */
        {{"\xED\xA0\x80", 3}, 0},     /* surrogate */
        {{"\xED\xBF\xBF", 3}, 0},     /* surrogate */
        {{"\xF4\x90\x80\x80", 4}, 0}, /* over U+10FFFF */
        {{"\xF5\x80\x80\x80", 4}, 0},
        {{"\xFE\xFF\0a", 4}, 0},            /* UTF-16 */
        {{"0123456789\xE9t\xE9", 13}, 10},  /* Latin 1 */
        {{"0123456789abcdef\xC3", 17}, 16}, /* cut short */
        {{"\xC3\xA9\xC3\xA9\xC3(", 6}, 4},
        {{"\0\0\0\0\0\0\0\0\0\x80", 10}, 9}, /* NUL is UTF-8; refusing it is the reader's */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(cases[i].good, utf8_valid(cases[i].bytes));
    assert_int_equal(0, utf8_valid((struct text){NULL, 0}));
    assert_true(utf8_is_ascii((struct text){NULL, 0}));
}

static void fold(struct text t, struct buffer *out)
{
    buffer_clear(out);
    assert_true(utf8_fold(t, out));
}

static void test_folding(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    fold(TEXT("plain"), &b);
    assert_text("plain", buffer_view(&b));
    fold(TEXT("de\xCC\x81lai"), &b);
    assert_text("d\xC3\xA9lai", buffer_view(&b));
    fold(TEXT("d\xC3\xA9lai"), &b);
    assert_text("d\xC3\xA9lai", buffer_view(&b));
    fold(TEXT("l\xE2\x80\x99\xC5\x93uvre"), &b);
    assert_text("l\xE2\x80\x99\xC5\x93uvre", buffer_view(&b));
    fold(TEXT("a\0e\xCC\x81"), &b);
    assert_int_equal(4, b.size);
    fold((struct text){NULL, 0}, &b);
    assert_int_equal(0, b.size);
    buffer_clear(&b);
    buffer_c(&b, "kept:");
    assert_true(utf8_fold(TEXT("e\xCC\x81"), &b));
    assert_text("kept:\xC3\xA9", buffer_view(&b));
    buffer_deinit(&b);
}

static void assert_folds_as_utf8proc(struct text t, struct buffer *b)
{
    utf8proc_uint8_t *expected = NULL;
    utf8proc_ssize_t size =
        utf8proc_map((const utf8proc_uint8_t *)t.at, (utf8proc_ssize_t)t.size, &expected,
                     (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    assert_true(size >= 0);
    fold(t, b);
    assert_int_equal(size, b->size);
    assert_memory_equal(expected, b->at, b->size);
    free(expected);
}

/* Each code point alone, behind a letter, and before a combining accent. */
static void test_the_fast_path_changes_nothing(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    for (uint32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 61) {
        char bytes[8] = "e";
        if (is_surrogate(c))
            continue;
        size_t size = encode(c, bytes + 1);
        assert_folds_as_utf8proc((struct text){bytes + 1, size}, &b);
        assert_folds_as_utf8proc((struct text){bytes, size + 1}, &b);
        memcpy(bytes + 1 + size, "\xCC\x81", 2);
        assert_folds_as_utf8proc((struct text){bytes, size + 3}, &b);
    }
    buffer_deinit(&b);
}

static void test_widths(void **state)
{
    (void)state;
    assert_int_equal(0, utf8_width(TEXT("")));
    assert_int_equal(4, utf8_width(TEXT("abcd")));
    assert_int_equal(5, utf8_width(TEXT("d\xC3\xA9lai")));
    assert_int_equal(5, utf8_width(TEXT("de\xCC\x81lai")));
    assert_int_equal(4, utf8_width(TEXT("\xE6\x97\xA5\xE6\x9C\xAC")));
    assert_int_equal(3, utf8_width(TEXT("a\xFFz")));
}

static void fold_one(void *ctx)
{
    (void)ctx;
    struct buffer b;
    buffer_init(&b);
    bool done = utf8_fold(TEXT("de\xCC\x81lai"), &b);
    assert_true(done == !b.failed);
    assert_true(done || test_failed_allocations() > 0);
    buffer_deinit(&b);
}

static void test_without_memory(void **state)
{
    (void)state;
    test_each_allocation(fold_one, NULL);
}

TEST_MAIN(6, cmocka_unit_test(test_every_code_point), cmocka_unit_test(test_bad_forms),
          cmocka_unit_test(test_folding), cmocka_unit_test(test_the_fast_path_changes_nothing),
          cmocka_unit_test(test_widths), cmocka_unit_test(test_without_memory))
