/* In: any bytes. Out: what must hold of texts: UTF-8 is what a slow twin says it is, folding twice
 * is folding once, JSON strings are read back (by jansson) as what they were, what is made visible
 * is plain; numbers come back from their own text. */
#include "fuzz.h"

#include <jansson.h>
#include <utf8proc.h>

/* The size of the character at the front, 0 where there is none: RFC 3629, byte by byte. */
static size_t naive_character(struct text t)
{
    static const uint32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)t.at[0];
    size_t n = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    uint32_t point = n == 1 ? first : first & (0x7Fu >> n);
    if (n == 0 || n > t.size || first >= 0xF8)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if (((unsigned char)t.at[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | ((unsigned char)t.at[i] & 0x3F);
    }
    bool good = point >= LEAST[n] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
    return good ? n : 0;
}

static size_t naive_valid(struct text t)
{
    size_t at = 0, n;
    while (at < t.size && (n = naive_character((struct text){t.at + at, t.size - at})) > 0)
        at += n;
    return at;
}

static void check_points(struct text t)
{
    for (size_t at = 0; at < t.size;) {
        struct text rest = {t.at + at, t.size - at};
        uint32_t point;
        utf8proc_int32_t expected;
        size_t n = utf8_next(rest, &point);
        FUZZ_CHECK(n == naive_character(rest), t, rest);
        FUZZ_CHECK((utf8proc_ssize_t)n == utf8proc_iterate((const utf8proc_uint8_t *)rest.at,
                                                           (utf8proc_ssize_t)rest.size,
                                                           &expected) &&
                       point == (uint32_t)expected,
                   t, rest);
        at += n;
    }
}

static void check_fold(struct text t)
{
    struct buffer once, twice;
    buffer_init(&once);
    buffer_init(&twice);
    bool folded = utf8_fold(t, &once) && utf8_fold(buffer_view(&once), &twice);
    FUZZ_CHECK(folded && text_equal(buffer_view(&once), buffer_view(&twice)), buffer_view(&once),
               buffer_view(&twice));
    FUZZ_CHECK(utf8_valid(buffer_view(&once)) == once.size, t, buffer_view(&once));
    FUZZ_CHECK(!utf8_is_ascii(t) || text_equal(t, buffer_view(&once)), t, buffer_view(&once));
    FUZZ_CHECK(utf8_width(t) <= 2 * t.size, t, FUZZ_NOTHING);
    buffer_deinit(&once);
    buffer_deinit(&twice);
}

static void check_json(struct text t, bool valid)
{
    struct buffer b;
    json_error_t error;
    buffer_init(&b);
    buffer_json(&b, t);
    json_t *read = json_loadb(b.at, b.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    FUZZ_CHECK(read && json_is_string(read), t, buffer_view(&b));
    struct text back = {json_string_value(read), json_string_length(read)};
    FUZZ_CHECK(!valid || text_equal(t, back), t, back);
    FUZZ_CHECK(utf8_valid(buffer_view(&b)) == b.size, t, buffer_view(&b));
    json_decref(read);
    buffer_deinit(&b);
}

static void check_visible(struct text t)
{
    struct buffer b;
    buffer_init(&b);
    buffer_visible(&b, t);
    FUZZ_CHECK(utf8_valid(buffer_view(&b)) == b.size, t, buffer_view(&b));
    for (size_t i = 0; i < b.size; i++)
        FUZZ_CHECK((unsigned char)b.at[i] >= ' ' && b.at[i] != 0x7F, t, buffer_view(&b));
    buffer_deinit(&b);
}

static void check_quote(struct text t)
{
    struct problems *problems = problems_new();
    struct text quoted = text_from_c(problem_quote(problems, t));
    FUZZ_CHECK(utf8_valid(quoted) == quoted.size, t, quoted);
    problem_add(problems, PROBLEM_CANNOT_READ, SPAN_NONE, quoted.at, "", NULL);
    problems_free(problems);
}

/* The same number from its own text; what is no number is left alone. */
static void check_number(struct text t)
{
    double x = 42, again = 0;
    char digits[32];
    enum number_fault fault = number_parse(t, &x);
    if (fault != NUMBER_OK) {
        FUZZ_CHECK(x == 42 && number_fault_text(fault), t, FUZZ_NOTHING);
        return;
    }
    FUZZ_CHECK(x > -1e15 && x < 1e15, t, FUZZ_NOTHING);
    struct text fixed = {digits, number_fixed(digits, x, 9)};
    FUZZ_CHECK(fixed.size < sizeof digits && fixed.at[0] != '?', t, fixed);
    struct text brief = {digits, number_short(digits, x)};
    fault = number_parse(brief, &again);
    double off = again - x;
    /* Nine places, and digits over fifteen are too long to be read. */
    FUZZ_CHECK(fault == NUMBER_TOO_LONG || (fault == NUMBER_OK && off <= 6e-10 && off >= -6e-10), t,
               brief);
}

static void check_id(struct text t)
{
    bool good = t.size > 0 && t.size <= LIMIT_ID && t.at[0] >= 'a' && t.at[0] <= 'z';
    for (size_t i = 0; i < t.size; i++)
        good &= (t.at[i] >= 'a' && t.at[i] <= 'z') || (t.at[i] >= '0' && t.at[i] <= '9') ||
                t.at[i] == '_';
    FUZZ_CHECK(text_is_id(t) == good, t, FUZZ_NOTHING);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text t = {(const char *)data, size};
    size_t valid = utf8_valid(t);
    struct text rest = {t.at + valid, t.size - valid};
    FUZZ_CHECK(valid == naive_valid(t), t, rest);
    check_points((struct text){t.at, valid});
    check_fold((struct text){t.at, valid});
    check_json(t, valid == t.size);
    check_visible(t);
    check_quote(t);
    for (rest = t; rest.size > 0;) {
        struct text line = fuzz_line(&rest);
        check_number(line);
        check_id(line);
    }
    return 0;
}
