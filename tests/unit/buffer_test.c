/* buffer: growth, failure that is remembered, JSON strings, text made visible. */
#include "test.h"

#include <jansson.h>

static void test_growth(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    assert_int_equal(0, buffer_view(&b).size);
    buffer_text(&b, (struct text){NULL, 0});
    for (int i = 0; i < 10000; i++)
        buffer_byte(&b, (char)('a' + i % 26));
    assert_int_equal(10000, b.size);
    for (int i = 0; i < 10000; i++)
        assert_int_equal('a' + i % 26, b.at[i]);
    size_t capacity = b.capacity;
    buffer_clear(&b);
    assert_int_equal(capacity, b.capacity);
    buffer_c(&b, "x=");
    buffer_unsigned(&b, 42);
    buffer_repeat(&b, '-', 3);
    buffer_repeat(&b, '-', 0);
    buffer_fixed(&b, 0.82, 4);
    assert_text("x=42---0.8200", buffer_view(&b));
    buffer_deinit(&b);
    assert_null(b.at);
}

static void test_failure_is_remembered(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, "kept");
    test_fail_allocation(1, false);
    buffer_repeat(&b, 'x', 1000);
    assert_true(b.failed);
    buffer_c(&b, "ignored");
    assert_text("kept", buffer_view(&b));
    assert_false(buffer_reserve(&b, 0));
    buffer_clear(&b);
    assert_false(b.failed);
    assert_true(buffer_reserve(&b, 1000));
    test_fail_allocation(0, false);
    assert_false(buffer_reserve(&b, SIZE_MAX));
    assert_true(b.failed);
    buffer_deinit(&b);
}

static void json(struct text t, const char *expected)
{
    struct buffer b;
    buffer_init(&b);
    buffer_json(&b, t);
    assert_text(expected, buffer_view(&b));
    buffer_deinit(&b);
}

static void test_json_strings(void **state)
{
    (void)state;
    json((struct text){NULL, 0}, "\"\"");
    json(TEXT("plain"), "\"plain\"");
    json(TEXT("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
    json(TEXT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
    json(TEXT("\0\x1b\x1f\x7f"), "\"\\u0000\\u001B\\u001F\x7f\"");
    json(TEXT("d\xC3\xA9lai"), "\"d\xC3\xA9lai\"");
    json(TEXT("a\xFFz\xC3"), "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\"");
    json(TEXT("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

/* Whatever the bytes, a strict JSON reader takes the string. */
static void test_json_is_always_valid(void **state)
{
    (void)state;
    uint32_t r = 7;
    struct buffer b;
    buffer_init(&b);
    for (int i = 0; i < 20000; i++) {
        char bytes[12];
        for (size_t k = 0; k < sizeof bytes; k++) {
            r = r * 1664525u + 1013904223u;
            bytes[k] = (char)(r >> 24);
        }
        buffer_clear(&b);
        buffer_json(&b, (struct text){bytes, sizeof bytes});
        json_error_t error;
        json_t *read = json_loadb(
            b.at, b.size, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
        if (read == NULL)
            fail_msg("%s: %.*s", error.text, (int)b.size, b.at);
        json_decref(read);
    }
    buffer_deinit(&b);
}

static void visible(struct text t, const char *expected)
{
    struct buffer b;
    buffer_init(&b);
    buffer_visible(&b, t);
    assert_text(expected, buffer_view(&b));
    buffer_deinit(&b);
}

static void test_yaml_strings(void **state)
{
    (void)state;
    static const char *const PAIRS[][2] = {
        {"", "\"\""},
        {"a \"b\" \\ c", "\"a \\\"b\\\" \\\\ c\""},
        {"two\nlines\tand a tab", "\"two\\nlines\\tand a tab\""},
        {"\r\x1B\x7F.", "\"   .\""},
        {"\xC2\x85\xC2\x9F\xE2\x80\xA8\xEF\xBB\xBF\xEF\xBF\xBF.", "\"     .\""},
        {"\xC3\xA9\xF0\x9F\x98\x80\xFF\xC3", "\"\xC3\xA9\xF0\x9F\x98\x80  \""},
    };
    for (size_t i = 0; i < sizeof PAIRS / sizeof PAIRS[0]; i++) {
        struct buffer b;
        buffer_init(&b);
        buffer_yaml(&b, text_from_c(PAIRS[i][0]));
        assert_text(PAIRS[i][1], buffer_view(&b));
        buffer_deinit(&b);
    }
}

static void test_what_is_made_visible(void **state)
{
    (void)state;
    visible(TEXT("d\xC3\xA9lai \xE6\x97\xA5 \xF0\x9F\x98\x80"),
            "d\xC3\xA9lai \xE6\x97\xA5 \xF0\x9F\x98\x80");
    visible(TEXT("\x1b]0;title\x07"), "\\x1B]0;title\\x07");
    visible(TEXT("a\0b\r\n\t\x7f"), "a\\x00b\\x0D\\x0A\\x09\\x7F");
    visible(TEXT("\xC2\x9B"), "\\u{9B}");                     /* the 8-bit CSI */
    visible(TEXT("\xE2\x80\xAEgpj.exe"), "\\u{202E}gpj.exe"); /* right-to-left override */
    visible(TEXT("\xE2\x81\xA6x\xE2\x81\xA9"), "\\u{2066}x\\u{2069}");
    visible(TEXT("a\xE2\x80\x8B"
                 "b"),
            "a\\u{200B}b"); /* zero width space */
    visible(TEXT("\xE2\x80\xA8"), "\\u{2028}");
    visible(TEXT("\xEF\xBB\xBF"), "\\u{FEFF}");
    visible(TEXT("\xF3\xA0\x81\x81"), "\\u{E0041}"); /* a tag */
    visible(TEXT("a\xFF\xC3"), "a\\xFF\\xC3");
    visible(TEXT("\xEF\xBF\xBE"), "\\u{FFFE}"); /* no character */
    visible(TEXT("\xED\xA0\x80"), "\\xED\\xA0\\x80");
    visible(TEXT("l\xE2\x80\x99\xC3\xA9t\xC3\xA9"), "l\xE2\x80\x99\xC3\xA9t\xC3\xA9");
}

static void write_all(void *ctx)
{
    (void)ctx;
    struct buffer b;
    buffer_init(&b);
    for (int i = 0; i < 40; i++) {
        buffer_json(&b, TEXT("a\"b\xFF"));
        buffer_visible(&b, TEXT("\x1b\xC2\x9B"));
        buffer_unsigned(&b, 12);
        buffer_fixed(&b, 0.5, 2);
        buffer_repeat(&b, ' ', 9);
    }
    assert_true(!b.failed == (test_failed_allocations() == 0));
    buffer_deinit(&b);
}

static void test_without_memory(void **state)
{
    (void)state;
    test_each_allocation(write_all, NULL);
}

TEST_MAIN(7, cmocka_unit_test(test_growth), cmocka_unit_test(test_failure_is_remembered),
          cmocka_unit_test(test_json_strings), cmocka_unit_test(test_json_is_always_valid),
          cmocka_unit_test(test_yaml_strings), cmocka_unit_test(test_what_is_made_visible),
          cmocka_unit_test(test_without_memory))
