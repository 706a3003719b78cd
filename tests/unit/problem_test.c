/* problem: whole printed messages, positions in sources of every kind, a full list, JSON that a
 * strict reader takes, and a list that never fails for lack of memory. */
#include "test.h"

#include <jansson.h>

static struct problems *ps;
static struct buffer out;

static int begin(void **state)
{
    (void)state;
    ps = problems_new();
    buffer_init(&out);
    return ps == NULL;
}

static int end(void **state)
{
    (void)state;
    problems_free(ps);
    buffer_deinit(&out);
    return 0;
}

static const char *printed(void)
{
    buffer_clear(&out);
    problems_print(ps, false, &out);
    buffer_byte(&out, '\0');
    assert_false(out.failed);
    return out.at;
}

static source_id source(const char *bytes)
{
    return problems_source(ps, TEXT("pack.yaml"), text_from_c(bytes));
}

static void add(source_id s, uint32_t start, uint32_t behind)
{
    problem_add(ps, PROBLEM_CANNOT_READ, (struct span){s, start, behind}, "this", "why", NULL);
}

static void test_a_problem_in_full(void **state)
{
    (void)state;
    source_id s = source("id: core\nrules:\n  - when: blance > 3\n");
    problem_add(ps, PROBLEM_CANNOT_READ, (struct span){s, 26, 32},
                problem_quote(ps, TEXT("blance")), "there is no such question", NULL);
    problem_note(ps, (struct span){s, 0, 2}, "questions are listed from here");
    problem_note(ps, SPAN_NONE, "ids are case-sensitive");
    problem_help(ps, problem_format(ps, "did you mean %s?", "'balance'"));
    assert_string_equal("pack.yaml:3:11: error[E0003]: 'blance' cannot be read: there is no such "
                        "question\n"
                        "   3 |   - when: blance > 3\n"
                        "     |           ^~~~~~\n"
                        "pack.yaml:1:1: note: questions are listed from here\n"
                        "   1 | id: core\n"
                        "     | ^~\n"
                        "  note: ids are case-sensitive\n"
                        "  help: did you mean 'balance'?\n",
                        printed());
}

static void test_a_problem_nowhere(void **state)
{
    (void)state;
    problem_add(ps, PROBLEM_STDOUT_CLOSED, SPAN_NONE, NULL, NULL, NULL);
    problem_help(ps, "open it");
    assert_string_equal("error[E0008]: standard output is closed\n  help: open it\n", printed());
}

static void test_arguments(void **state)
{
    (void)state;
    problem_add(ps, PROBLEM_CANNOT_READ, SPAN_NONE, "{1}{0}", NULL, NULL);
    problem_add(ps, PROBLEM_CANNOT_READ, SPAN_NONE, "%n%s", "\x1b[2J", NULL);
    assert_string_equal("{1}{0} cannot be read: ", problems_at(ps, 0)->message);
    assert_string_equal("error[E0003]: {1}{0} cannot be read: \n"
                        "error[E0003]: %n%s cannot be read: \\x1B[2J\n",
                        printed());
}

struct caret {
    const char *bytes;
    uint32_t start, end;
    const char *place, *line, *marks;
};

static const struct caret CARETS[] = {
    /* at the end of a file, without a last line end and with one */
    {"ab", 2, 2, "1:3", "   1 | ab", "     |   ^"},
    {"ab\n", 3, 3, "2:1", "   2 | ", "     | ^"},
    {"", 0, 0, "1:1", "   1 | ", "     | ^"},
    {"ab", 900, 999, "1:3", "   1 | ab", "     |   ^"},
    {"ab", 1, 0, "1:2", "   1 | ab", "     |  ^"},
    /* columns are code points, the caret stands under columns of the terminal */
    {"d\xC3\xA9lai: x", 8, 9, "1:8", "   1 | d\xC3\xA9lai: x", "     |        ^"},
    {"\xE6\x97\xA5: x", 5, 6, "1:4", "   1 | \xE6\x97\xA5: x", "     |     ^"},
    {"\xE6\x97\xA5x", 0, 3, "1:1", "   1 | \xE6\x97\xA5x", "     | ^~"},
    /* what is hidden is shown, and the marks are as wide as what is shown */
    {"a\x1b[31m", 1, 2, "1:2", "   1 | a\\x1B[31m", "     |  ^~~~"},
    {"a\xFFz", 1, 2, "1:2", "   1 | a\\xFFz", "     |  ^~~~"},
    {"a\xFFz", 2, 3, "1:3", "   1 | a\\xFFz", "     |      ^"},
    {"\tid: x", 0, 1, "1:1", "   1 |     id: x", "     | ^~~~"},
    {"\tid: x", 1, 3, "1:2", "   1 |     id: x", "     |     ^~"},
    /* line ends: LF, CRLF, CR */
    {"a\nb\r\nc\rd", 2, 3, "2:1", "   2 | b", "     | ^"},
    {"a\nb\r\nc\rd", 3, 4, "2:2", "   2 | b", "     |  ^"},
    {"a\nb\r\nc\rd", 4, 5, "2:3", "   2 | b", "     |  ^"},
    {"a\nb\r\nc\rd", 5, 6, "3:1", "   3 | c", "     | ^"},
    {"a\nb\r\nc\rd", 7, 8, "4:1", "   4 | d", "     | ^"},
    {"\r\n\r\nx", 4, 5, "3:1", "   3 | x", "     | ^"},
    {"\n\n\nx", 1, 1, "2:1", "   2 | ", "     | ^"},
    {"a\r", 2, 2, "2:1", "   2 | ", "     | ^"},
    /* over several lines: to the end of the first */
    {"abc\ndef", 1, 6, "1:2", "   1 | abc", "     |  ^~"},
    /* a byte order mark is not a column */
    {"\xEF\xBB\xBFid: x", 3, 5, "1:1", "   1 | id: x", "     | ^~"},
    {"\xEF\xBB\xBFid: x", 0, 3, "1:1", "   1 | id: x", "     | ^"},
    {"\xEF\xBB\xBF\nid: x", 4, 6, "2:1", "   2 | id: x", "     | ^~"},
};

static void test_carets(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CARETS / sizeof CARETS[0]; i++) {
        const struct caret *c = &CARETS[i];
        char expected[512];
        snprintf(expected, sizeof expected,
                 "pack.yaml:%s: error[E0003]: this cannot be read: why\n%s\n%s\n", c->place,
                 c->line, c->marks);
        end(NULL);
        begin(NULL);
        add(source(c->bytes), c->start, c->end);
        assert_string_equal(expected, printed());
    }
}

/* Back and forth in one source, against counting from its start. */
static void test_places_in_any_order(void **state)
{
    (void)state;
    static const char bytes[] = "a\r\nbb\rccc\n\n\xC3\xA9\xC3\xA9x\r\n\r\n\rz";
    source_id s = source(bytes);
    for (uint32_t i = 0; i < 3000; i++) {
        uint32_t offset = i * 7919u % (uint32_t)sizeof bytes;
        uint32_t line = 1, column = 1;
        for (uint32_t k = 0; k < offset; k++) {
            bool crlf = bytes[k] == '\r' && bytes[k + 1] == '\n';
            if ((bytes[k] == '\r' && !crlf) || bytes[k] == '\n') {
                line++;
                column = 1;
            } else if ((bytes[k] & 0xC0) != 0x80) {
                column++;
            }
        }
        struct place p = problems_place(ps, (struct span){s, offset, offset});
        assert_int_equal(line, p.line);
        assert_int_equal(column, p.column);
        assert_text("pack.yaml", p.file);
    }
    assert_int_equal(0, problems_place(ps, SPAN_NONE).line);
    assert_int_equal(0, problems_place(ps, (struct span){99, 0, 0}).line);
}

/* Sources of many chunks, with CRLF over every border; each place against the one before it. */
static void test_places_in_large_sources(void **state)
{
    (void)state;
    enum { PERIOD = 7, LINES = 60000 };
    char *bytes = malloc(PERIOD * LINES);
    for (int i = 0; i < LINES; i++)
        memcpy(bytes + i * PERIOD, "abcde\r\n", PERIOD);
    source_id s = problems_source(ps, TEXT("large"), (struct text){bytes, PERIOD * LINES});
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t offset = (uint32_t)((uint64_t)i * 1000003u % (PERIOD * LINES + 1));
        struct place p = problems_place(ps, (struct span){s, offset, offset});
        assert_int_equal(offset / PERIOD + 1, p.line);
        assert_int_equal(offset % PERIOD + 1, p.column);
    }
    free(bytes);
}

/* 16 MiB in one line, a full list with notes to its start: no more than a moment. */
static void test_one_endless_line(void **state)
{
    (void)state;
    uint32_t size = LIMIT_PACK_FILE;
    char *bytes = malloc(size);
    memset(bytes, 0x27, size);
    source_id s = problems_source(ps, TEXT("large"), (struct text){bytes, size});
    free(bytes);
    for (uint32_t i = 0; i < 10; i++) {
        add(s, size - i, size);
        problem_note(ps, (struct span){s, 0, size}, "from here");
    }
    const char *text = printed();
    assert_memory_equal("large:1:16777217: ", text, 18);
    assert_true(strlen(text) < (size_t)10 * 1000);
}

static void test_long_lines_are_cut(void **state)
{
    (void)state;
    char line[1001];
    memset(line, 'x', 1000);
    memcpy(line + 500, "HERE", 4);
    line[1000] = '\0';
    add(source(line), 500, 504);
    const char *second = strchr(printed(), '\n') + 1;
    const char *marks = strchr(second, '\n') + 1;
    assert_memory_equal(" 1 | \xE2\x80\xA6xxx", second + 2, 11);
    assert_true((size_t)(marks - second) < 130);
    size_t here = (size_t)(strstr(second, "HERE") - second);
    size_t caret = strcspn(marks, "^");
    assert_int_equal(here - 2, caret); /* the ellipsis is three bytes and one column */
    assert_string_equal("^~~~\n", marks + caret);
}

static void test_colors(void **state)
{
    (void)state;
    add(source("ab"), 0, 1);
    problem_help(ps, "help");
    problems_print(ps, true, &out);
    buffer_byte(&out, '\0');
    assert_string_equal(
        "\x1b[1mpack.yaml:1:1: \x1b[0m\x1b[1;31merror[E0003]: \x1b[0mthis cannot be read: why\n"
        "   1 | ab\n     | \x1b[1;31m^\x1b[0m\n  \x1b[1;32mhelp: \x1b[0mhelp\n",
        out.at);
    assert_null(strchr(printed(), '\x1b'));
}

static void test_quoting(void **state)
{
    (void)state;
    assert_string_equal("''", problem_quote(ps, (struct text){NULL, 0}));
    assert_string_equal("'a\\x1B\\x00\xC3\xA9'", problem_quote(ps, TEXT("a\x1b\0\xC3\xA9")));
    char longer[LIMIT_QUOTED + 2];
    memset(longer, 'y', sizeof longer);
    const char *whole = problem_quote(ps, (struct text){longer, LIMIT_QUOTED});
    assert_int_equal(LIMIT_QUOTED + 2, strlen(whole));
    const char *cut = problem_quote(ps, (struct text){longer, LIMIT_QUOTED + 1});
    assert_string_equal("yy\xE2\x80\xA6'", cut + strlen(cut) - 6);
    assert_int_equal(LIMIT_QUOTED + 5, strlen(cut));
    memcpy(longer + LIMIT_QUOTED - 1, "\xC3\xA9", 2); /* never half a letter */
    cut = problem_quote(ps, (struct text){longer, LIMIT_QUOTED + 2});
    assert_string_equal("yy\xE2\x80\xA6'", cut + strlen(cut) - 6);
    assert_int_equal(LIMIT_QUOTED + 4, strlen(cut));
    memset(longer, 0x80, sizeof longer); /* bytes that never were letters */
    assert_non_null(strstr(problem_quote(ps, (struct text){longer, sizeof longer}), "\\x80"));
    assert_string_equal("0.75", problem_number(ps, 0.75));
    assert_string_equal("1234567", problem_count_text(ps, 1234567));
    assert_string_equal("3 of x", problem_format(ps, "%d of %s", 3, "x"));
}

static void test_counting(void **state)
{
    (void)state;
    assert_false(problems_has_error(ps));
    assert_int_equal(0, problems_exit(ps));
    problem_add(ps, PROBLEM_TOO_MANY, SPAN_NONE, "1", NULL, NULL);
    assert_false(problems_has_error(ps));
    assert_int_equal(0, problems_exit(ps));
    problem_add(ps, PROBLEM_OUTPUT_LINK, SPAN_NONE, "x", NULL, NULL);
    problem_add(ps, PROBLEM_OUTPUT_EXISTS, SPAN_NONE, "x", NULL, NULL);
    assert_true(problems_has_error(ps));
    assert_int_equal(EXIT_IO, problems_exit(ps)); /* of the first error */
    assert_int_equal(3, problems_count(ps, SEVERITY_NOTE));
    assert_int_equal(2, problems_count(ps, SEVERITY_WARNING));
    assert_int_equal(2, problems_count(ps, SEVERITY_ERROR));
    assert_true(problems_has(ps, PROBLEM_OUTPUT_EXISTS));
    assert_false(problems_has(ps, PROBLEM_BUG));
    assert_int_equal(3, problems_kept(ps));
}

static void test_a_full_list(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LIMIT_PROBLEMS + 5; i++)
        problem_add(ps, PROBLEM_TOO_MANY, SPAN_NONE, problem_count_text(ps, i), NULL, NULL);
    problem_help(ps, "about one that is not kept");
    assert_int_equal(LIMIT_PROBLEMS, problems_kept(ps));
    assert_null(problems_at(ps, LIMIT_PROBLEMS - 1)->help);
    assert_string_equal("problems not shown: 199", problems_at(ps, LIMIT_PROBLEMS - 1)->message);
    /* An error takes the place of the last note, and help goes to it. */
    problem_add(ps, PROBLEM_STDOUT_CLOSED, SPAN_NONE, NULL, NULL, NULL);
    problem_help(ps, "open it");
    assert_int_equal(LIMIT_PROBLEMS, problems_kept(ps));
    assert_int_equal(LIMIT_PROBLEMS + 6, problems_count(ps, SEVERITY_NOTE));
    assert_string_equal("open it", problems_at(ps, LIMIT_PROBLEMS - 1)->help);
    assert_string_equal("problems not shown: 198", problems_at(ps, LIMIT_PROBLEMS - 2)->message);
    assert_int_equal(EXIT_IO, problems_exit(ps));
    static const char last[] = "\nnote[N0002]: problems not shown: 6\n";
    const char *text = printed();
    assert_string_equal(last, text + strlen(text) - (sizeof last - 1));
    for (unsigned i = 0; i < LIMIT_PROBLEMS + 5; i++)
        problem_add(ps, PROBLEM_BUG, SPAN_NONE, "x", NULL, NULL);
    assert_int_equal(LIMIT_PROBLEMS, problems_kept(ps));
    assert_int_equal(PROBLEM_STDOUT_CLOSED, problems_at(ps, 0)->code);
    assert_int_equal(EXIT_IO, problems_exit(ps));
}

static void test_sorting(void **state)
{
    (void)state;
    source_id first = source("abc"), second = source("def");
    add(second, 1, 1);
    add(first, 2, 2);
    problem_add(ps, PROBLEM_BUG, SPAN_NONE, "a", NULL, NULL);
    add(second, 0, 1);
    problem_note(ps, SPAN_NONE, "of second 0");
    add(first, 2, 3);
    problems_sort(ps);
    problem_help(ps, "goes nowhere after sorting");
    static const uint32_t starts[] = {0, 2, 2, 0, 1};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(starts[i], problems_at(ps, i)->span.start);
        assert_null(problems_at(ps, i)->help);
    }
    assert_int_equal(PROBLEM_BUG, problems_at(ps, 0)->code);
    assert_int_equal(2, problems_at(ps, 1)->span.end); /* as added */
    assert_int_equal(1, problems_at(ps, 3)->note_count);
}

static void test_json(void **state)
{
    (void)state;
    problems_json(ps, &out);
    assert_text("[]", buffer_view(&out));
    buffer_clear(&out);
    source_id s = source("a: \x1b\xFF\nb");
    problem_add(ps, PROBLEM_CANNOT_READ, (struct span){s, 3, 6}, "\"q\"\n", "why", NULL);
    problem_note(ps, (struct span){s, 6, 7}, "first");
    problem_note(ps, SPAN_NONE, "second");
    problem_help(ps, "do");
    for (unsigned i = 0; i < LIMIT_PROBLEMS; i++)
        problem_add(ps, PROBLEM_BUG, SPAN_NONE, "x", NULL, NULL);
    problems_json(ps, &out);
    json_error_t error;
    json_t *array = json_loadb(out.at, out.size, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(array);
    assert_int_equal(LIMIT_PROBLEMS + 1, json_array_size(array));
    json_t *p = json_array_get(array, 0), *note = json_array_get(json_object_get(p, "notes"), 0);
    assert_string_equal("E0003", json_string_value(json_object_get(p, "code")));
    assert_string_equal("error", json_string_value(json_object_get(p, "severity")));
    assert_string_equal("pack.yaml", json_string_value(json_object_get(p, "file")));
    assert_string_equal("\"q\"\n cannot be read: why",
                        json_string_value(json_object_get(p, "message")));
    assert_string_equal("do", json_string_value(json_object_get(p, "help")));
    assert_int_equal(1, json_integer_value(json_object_get(p, "line")));
    assert_int_equal(4, json_integer_value(json_object_get(p, "column")));
    assert_int_equal(2, json_integer_value(json_object_get(p, "end_line")));
    assert_int_equal(1, json_integer_value(json_object_get(p, "end_column")));
    assert_int_equal(2, json_integer_value(json_object_get(note, "line")));
    p = json_array_get(array, LIMIT_PROBLEMS);
    assert_string_equal("N0002", json_string_value(json_object_get(p, "code")));
    assert_string_equal("problems not shown: 1", json_string_value(json_object_get(p, "message")));
    json_decref(array);
}

static void test_spans_of_scalars(void **state)
{
    (void)state;
    struct scalar plain = {TEXT("balance"), {1, 10, 17}, NULL};
    struct span p = scalar_span(plain, 2, 5);
    assert_int_equal(1, p.source);
    assert_int_equal(12, p.start);
    assert_int_equal(15, p.end);
    p = scalar_span(plain, 7, 99);
    assert_int_equal(17, p.start);
    assert_int_equal(17, p.end);
    p = scalar_span(plain, 99, 3);
    assert_int_equal(17, p.start);
    assert_int_equal(17, p.end);
    /* "a\tb" at 10, in quotes: the tab is two bytes there */
    static const uint32_t origin[] = {11, 12, 14};
    struct scalar quoted = {TEXT("a\tb"), {1, 10, 16}, origin};
    p = scalar_span(quoted, 1, 2);
    assert_int_equal(12, p.start);
    assert_int_equal(14, p.end);
    p = scalar_span(quoted, 2, 3);
    assert_int_equal(14, p.start);
    assert_int_equal(15, p.end);
    p = scalar_span(quoted, 3, 3);
    assert_int_equal(15, p.start);
    assert_int_equal(15, p.end);
    struct scalar empty = {TEXT(""), {1, 10, 12}, origin};
    p = scalar_span(empty, 0, 0);
    assert_int_equal(10, p.start);
}

/* The list of codes itself: numbers and names are one to one, errors say what the exit is. */
static void test_the_codes(void **state)
{
    (void)state;
    char label[8], other[8];
    assert_string_equal("E0003", problem_code_label(PROBLEM_CANNOT_READ, label));
    for (unsigned i = 0; i < PROBLEM_COUNT; i++) {
        enum problem_code code = (enum problem_code)i, found = PROBLEM_COUNT;
        problem_code_label(code, label);
        assert_true(problem_code_find(text_from_c(label), &found));
        if (found != code)
            fail_msg("%s stands for two codes", label);
        end(NULL);
        begin(NULL);
        problem_add(ps, code, SPAN_NONE, "A", "B", "C");
        const char *message = problems_at(ps, 0)->message;
        size_t size = strlen(message);
        if (strchr(message, '{') || size == 0 || message[size - 1] == '.')
            fail_msg("%s: %s", label, message);
        assert_int_equal(label[0] == 'E', problems_has_error(ps));
        assert_int_equal(label[0] == 'E', problems_exit(ps) != 0);
        if (i > 0)
            for (unsigned k = 0; k < i; k++) /* also when only their letters differ */
                if (strcmp(problem_code_label((enum problem_code)k, other) + 1, label + 1) == 0)
                    fail_msg("%s and %s have one number", other, label);
    }
    enum problem_code found = PROBLEM_COUNT;
    assert_true(problem_code_find(TEXT("e0003"), &found));
    assert_int_equal(PROBLEM_CANNOT_READ, found);
    assert_false(problem_code_find(TEXT("W0003"), &found));
    assert_false(problem_code_find(TEXT("E003"), &found));
    assert_false(problem_code_find(TEXT("E00030"), &found));
    assert_false(problem_code_find(TEXT(""), &found));
}

/* PROBLEM_NO_MEMORY comes from a list that has none, and a NULL list is one. */
static void test_no_list(void **state)
{
    (void)state;
    problem_add(NULL, PROBLEM_BUG, SPAN_NONE, "x", NULL, NULL);
    problem_note(NULL, SPAN_NONE, "x");
    problem_help(NULL, "x");
    problems_sort(NULL);
    problems_free(NULL);
    assert_string_equal("", problem_quote(NULL, TEXT("x")));
    assert_string_equal("", problem_format(NULL, "x"));
    assert_int_equal(0, problems_source(NULL, TEXT("x"), TEXT("y")));
    assert_int_equal(0, problems_source_bytes(NULL, 1).size);
    assert_true(problems_has_error(NULL));
    assert_true(problems_has(NULL, PROBLEM_NO_MEMORY));
    assert_int_equal(EXIT_LIMIT, problems_exit(NULL));
    assert_int_equal(1, problems_count(NULL, SEVERITY_ERROR));
    problems_print(NULL, false, &out);
    problems_json(NULL, &out);
    assert_text("error[E0001]: there is not enough memory to go on\n"
                "[{\"code\":\"E0001\",\"severity\":\"error\","
                "\"message\":\"there is not enough memory to go on\"}]",
                buffer_view(&out));
}

static void test_taking_another_list(void **state)
{
    (void)state;
    struct problems *other = problems_new();
    problem_add(ps, PROBLEM_TOO_MANY, SPAN_NONE, "1", NULL, NULL);
    for (unsigned i = 0; i < LIMIT_PROBLEMS + 3; i++)
        problem_add(other, PROBLEM_OUTPUT_LINK, SPAN_NONE, "x", NULL, NULL);
    problems_take(ps, other);
    problems_free(other);
    problems_take(NULL, ps);
    assert_int_equal(LIMIT_PROBLEMS + 4, problems_count(ps, SEVERITY_NOTE));
    assert_int_equal(LIMIT_PROBLEMS + 3, problems_count(ps, SEVERITY_ERROR));
    assert_string_equal("x is a symbolic link, which is not followed", problems_at(ps, 9)->message);
    assert_int_equal(EXIT_IO, problems_exit(ps));
    assert_true(problems_has(ps, PROBLEM_OUTPUT_LINK));
    problems_take(ps, NULL);
    assert_true(problems_has(ps, PROBLEM_NO_MEMORY));
}

static void take_with_notes(void *ctx)
{
    (void)ctx;
    struct problems *from = problems_new(), *to = problems_new();
    problem_add(from, PROBLEM_CANNOT_READ, SPAN_NONE, "x", "y", NULL);
    problem_note(from, SPAN_NONE, "a note");
    problem_help(from, "help");
    problem_add(to, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    problems_take(to, from);
    assert_true(problems_has(to, PROBLEM_NO_MEMORY));
    const struct problem *first = problems_at(to, 0);
    assert_string_equal("there is not enough memory to go on", first->message);
    assert_null(first->help);
    if (test_failed_allocations() == 0)
        assert_string_equal("help", problems_at(to, 1)->help);
    problems_free(from);
    problems_free(to);
}

static void test_taking_without_memory(void **state)
{
    (void)state;
    test_each_allocation(take_with_notes, NULL);
}

static void report_all(void *ctx)
{
    (void)ctx;
    struct problems *list = problems_new();
    struct buffer b;
    buffer_init(&b);
    source_id s = problems_source(list, TEXT("f"), TEXT("text"));
    for (int i = 0; i < 30; i++) {
        problem_add(list, PROBLEM_CANNOT_READ, (struct span){s, 1, 2},
                    problem_quote(list, TEXT("some text")), problem_number(list, 0.5), NULL);
        problem_note(list, SPAN_NONE, problem_format(list, "%s", "a note"));
        problem_help(list, "help");
    }
    problems_sort(list);
    assert_true(problems_has_error(list));
    bool short_of_memory = test_failed_allocations() > 0;
    if (short_of_memory)
        assert_true(problems_has(list, PROBLEM_NO_MEMORY));
    if (!short_of_memory)
        assert_int_equal(30, problems_count(list, SEVERITY_NOTE));
    problems_print(list, true, &b);
    problems_json(list, &b);
    buffer_deinit(&b);
    problems_free(list);
}

static void test_without_memory(void **state)
{
    (void)state;
    test_each_allocation(report_all, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

TEST_MAIN(20, TEST(test_a_problem_in_full), TEST(test_a_problem_nowhere), TEST(test_arguments),
          TEST(test_carets), TEST(test_places_in_any_order), TEST(test_places_in_large_sources),
          TEST(test_one_endless_line), TEST(test_long_lines_are_cut), TEST(test_colors),
          TEST(test_quoting), TEST(test_counting), TEST(test_a_full_list), TEST(test_sorting),
          TEST(test_json), TEST(test_spans_of_scalars), TEST(test_the_codes), TEST(test_no_list),
          TEST(test_without_memory), TEST(test_taking_another_list),
          TEST(test_taking_without_memory))
