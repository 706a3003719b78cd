/* Faults 52, 53 and 70: encodings, separators and decimal commas as spreadsheets and survey tools
 * write them. Every input is also read in small chunks: what is read never depends on them. */
#include "survey_kit.h"

#include <string.h>

/* The same table in UTF-16, with a byte order mark or without. */
static void add_16(struct buffer *out, const char *utf8, bool big, bool mark)
{
    struct text t = text_from_c(utf8);
    uint32_t c = 0xFEFF;
    for (size_t i = 0; mark || i < t.size; mark = false) {
        if (!mark)
            i += utf8_next((struct text){t.at + i, t.size - i}, &c);
        uint32_t units[2] = {c, 0};
        if (c > 0xFFFF) {
            units[0] = 0xD800 + ((c - 0x10000) >> 10);
            units[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        for (int k = 0; k < (c > 0xFFFF ? 2 : 1); k++) {
            buffer_byte(out, (char)(big ? units[k] >> 8 : units[k] & 255));
            buffer_byte(out, (char)(big ? units[k] & 255 : units[k] >> 8));
        }
    }
}

static void assert_reads(struct text bytes, struct survey_options o, const char *cases,
                         const char *rejects, const char *said)
{
    static const size_t CHUNKS[] = {0, 1, 7};
    for (size_t i = 0; i < sizeof CHUNKS / sizeof CHUNKS[0]; i++) {
        struct run r;
        o.chunk = CHUNKS[i];
        run_texts(&r, &bytes, 1, o);
        assert_text(cases, buffer_view(&r.cases));
        assert_text(rejects, buffer_view(&r.rejects));
        if (said)
            assert_holds(&r.problems, said);
        run_deinit(&r);
    }
}

static void test_52_utf_16(void **state)
{
    (void)state;
    static const char TABLE[] = "q1\tcomment\r\n1\td\xC3\xA9lai \xE2\x82\xAC \xF0\x9F\x98\x80\r\n"
                                "2\t\"two\r\nlines\"\r\n";
    static const char CASES[] = "row 1[: 1 <d\xC3\xA9lai \xE2\x82\xAC \xF0\x9F\x98\x80>]\n"
                                "row 2[: 2 <two\r\nlines>]\n";
    for (int i = 0; i < 4; i++) {
        struct buffer b;
        buffer_init(&b);
        add_16(&b, TABLE, i & 1, i & 2);
        assert_reads(buffer_view(&b), NO_OPTIONS, CASES, "",
                     i & 1 ? "note[N2002]: 'f1' is read as UTF-16BE"
                           : "note[N2002]: 'f1' is read as UTF-16LE");
        buffer_deinit(&b);
    }
}

/* Half a pair, and half a letter at the end of the file: their rows alone are bad. */
static void test_52_broken_utf_16(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    add_16(&b, "q1,comment\n1,x\n2,", false, true);
    buffer_text(&b, TEXT("\x3D\xD8"
                         "a\0\n\0"));
    add_16(&b, "3,y\n4,z", false, false);
    buffer_byte(&b, '!');
    assert_reads(buffer_view(&b), NO_OPTIONS, "row 1[: 1 <x>]\nrow 3[: 3 <y>]\n",
                 "f1,3,comment,\\xED\\xA0\\xBDa,\"NOT UTF-8: byte 1 of the field is not UTF-8; say "
                 "--encoding, or correct the field\"\n"
                 "f1,5,comment,z\\xFF,\"NOT UTF-8: byte 2 of the field is not UTF-8; say "
                 "--encoding, or correct the field\"\n",
                 NULL);
    buffer_deinit(&b);
}

static void test_52_windows_1252(void **state)
{
    (void)state;
    assert_reads(TEXT("q1;comment\r\n1;d\xE9lai \x9C\x80\x85\r\n2;cr\xE9\xE9 \x92\r\n"), NO_OPTIONS,
                 "row 1[: 1 <d\xC3\xA9lai \xC5\x93\xE2\x82\xAC\xE2\x80\xA6>]\n"
                 "row 2[: 2 <cr\xC3\xA9\xC3\xA9 \xE2\x80\x99>]\n",
                 "", "note[N2002]: 'f1' is read as Windows-1252: its bytes are no UTF-8");
    assert_reads(TEXT("q1,commentaire d\xE9taill\xE9\n1,a\n"), NO_OPTIONS, "row 1[: 1]\n", "",
                 "N2002");
}

static void test_52_said_encoding(void **state)
{
    (void)state;
    struct survey_options o = {.encoding = "Windows-1252"};
    assert_reads(TEXT("q1,comment\n1,\xE9\n2,\x81\n"), o, "row 1[: 1 <\xC3\xA9>]\n",
                 "f1,3,comment,\\x81,\"NOT UTF-8: byte 1 of the field is not UTF-8; say "
                 "--encoding, or correct the field\"\n",
                 NULL);
    o.encoding = "utf-8";
    assert_reads(TEXT("q1,comment\n1,\xE9\n2,\xE8\n3,a\n"), o, "row 3[: 3 <a>]\n",
                 "f1,2,comment,\\xE9,\"NOT UTF-8: byte 1 of the field is not UTF-8; say "
                 "--encoding, or correct the field\"\n"
                 "f1,3,comment,\\xE8,\"NOT UTF-8: byte 1 of the field is not UTF-8; say "
                 "--encoding, or correct the field\"\n",
                 NULL);
    struct run r;
    run_c(&r, "q1\n1\n", (struct survey_options){.encoding = "ebcdic"});
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, "error[E2023]: there is no encoding called 'ebcdic'");
    run_deinit(&r);
}

/* A pipe cannot be read twice: what was decoded to find the header is handed on. */
static void test_52_pipe(void **state)
{
    (void)state;
    int ends[2];
    char path[64];
    struct buffer b;
    struct run r;
    buffer_init(&b);
    add_16(&b, "q1,comment\n1,\xC3\xA9\n", false, true);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], b.at, b.size), (ssize_t)b.size);
    close(ends[1]);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    const char *const files[] = {path};
    run_survey(&r, &(struct survey_options){.files = files, .file_count = 1});
    assert_text("row 1[: 1 <\xC3\xA9>]\n", buffer_view(&r.cases));
    run_deinit(&r);
    close(ends[0]);
    buffer_deinit(&b);
}

/* Long texts of another encoding, so that letters fall on every border. */
static void test_52_long(void **state)
{
    (void)state;
    struct buffer b, cases;
    buffer_init(&b);
    buffer_init(&cases);
    buffer_c(&b, "q1;comment\n");
    for (int i = 1; i <= 9000; i++) {
        buffer_c(&b, "1;");
        buffer_repeat(&b, '\xE9', (size_t)(i % 83));
        buffer_c(&b, "a\n");
        buffer_c(&cases, "row ");
        buffer_unsigned(&cases, (uint64_t)i);
        buffer_c(&cases, "[: 1 <");
        for (int k = 0; k < i % 83; k++)
            buffer_c(&cases, "\xC3\xA9");
        buffer_c(&cases, "a>]\n");
    }
    struct run r;
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, (struct survey_options){.chunk = 1000});
    assert_int_equal(r.cases.size, cases.size);
    assert_memory_equal(r.cases.at, cases.at, cases.size);
    run_deinit(&r);
    buffer_deinit(&b);
    buffer_deinit(&cases);
}

/* No name is known in these: what is said before the file is refused tells the separator. */
static void assert_separator(const char *content, const char *said)
{
    struct run r;
    run_c(&r, content, NO_OPTIONS);
    assert_false(r.opened);
    if (said)
        assert_holds(&r.problems, said);
    else
        assert_false(buffer_holds(&r.problems, "N2014"));
    run_deinit(&r);
}

/* By rows of one length, quotes taken exactly; counting characters would be wrong in each. */
static void test_53_even_rows(void **state)
{
    (void)state;
    assert_separator("a, b, c, d;e\n\"x, y, z\";1\n2, 3;2\n", "semicolons");
    assert_separator("\"a;b\";\"c,d\"\n\"1;2\";\"q,1\"\n", "semicolons");
    assert_separator("Name|x, y\nA|1, 2\nB|1\nC|4, 5, 6\n", "vertical bars");
    assert_separator("a\tb\n1,5\t2,5\n3,5\t4\n", "tabs");
    assert_separator("one\n1\n2\n", NULL);
    assert_separator("a,b\n\"x;y;z\",1\n\"x;y\",2\n", NULL);
    assert_separator("a,b;c;d\n1,\"x;y\"\n2,\"z\"\n", NULL);
    /* Known names come first, whatever the rows look like. */
    assert_run("q1,x;y;z\n1,a\n2,b;c\n", NO_OPTIONS, "row 1[: 1]\nrow 2[: 2]\n", "");
}

static void test_70_decimal_comma(void **state)
{
    (void)state;
    assert_run("q1;budget\n1;3,5\n1;1 234,5\n1;1\xE2\x80\xAF"
               "234\n1;1.234,5\n1;1,234.5\n"
               "1;-0,25\n1;0,125\n1;12,3456\n3,0;1.234.567\n",
               NO_OPTIONS,
               "row 1[: 1 3.5]\nrow 2[: 1 1234.5]\nrow 3[: 1 1234]\nrow 4[: 1 1234.5]\n"
               "row 5[: 1 1234.5]\nrow 6[: 1 -0.25]\nrow 7[: 1 0.125]\nrow 8[: 1 12.3456]\n"
               "",
               "f1,10,budget,1.234.567,\"OUTSIDE THE RANGE: write a number from -1000 to 1000000; "
               "or dk, na or nothing\"\n");
    static const char TWO[] = "q1;budget\n1;1,234\n1;1.234\n";
    struct run r;
    run_c(&r, TWO, NO_OPTIONS);
    assert_text("row 2[: 1 1.234]\n", buffer_view(&r.cases));
    assert_holds(&r.rejects, "f1,2,budget,\"1,234\",\"NOT A NUMBER");
    run_deinit(&r);
    run_c(&r, TWO, (struct survey_options){.decimal = "comma"});
    assert_text("row 1[: 1 1.234]\n", buffer_view(&r.cases));
    assert_int_equal(r.counts.rejected, 1);
    run_deinit(&r);
    assert_run(TWO, (struct survey_options){.decimal = "point"},
               "row 1[: 1 1234]\nrow 2[: 1 1.234]\n", "");
}

static void test_70_no_number(void **state)
{
    (void)state;
    static const char *const NONE_OF_THEM[] = {
        ",5",       "5,",       "1,,5", "1 23",      "1.23,4", "1,2.3,4", "12 %",
        "1 2345,6", "1,234,56", "- 5",  "1\xC2\xA0", "--1",    "1 234 5"};
    for (size_t i = 0; i < sizeof NONE_OF_THEM / sizeof NONE_OF_THEM[0]; i++) {
        char out[40];
        size_t n = number_plain(text_from_c(NONE_OF_THEM[i]), NUMBER_SIGN_ANY, out);
        if (n)
            print_error("%s reads as %.*s\n", NONE_OF_THEM[i], (int)n, out);
        assert_int_equal(n, 0);
    }
}

TEST_MAIN(9, cmocka_unit_test(test_52_utf_16), cmocka_unit_test(test_52_broken_utf_16),
          cmocka_unit_test(test_52_windows_1252), cmocka_unit_test(test_52_said_encoding),
          cmocka_unit_test(test_52_pipe), cmocka_unit_test(test_52_long),
          cmocka_unit_test(test_53_even_rows), cmocka_unit_test(test_70_decimal_comma),
          cmocka_unit_test(test_70_no_number))
