/* Rows that are wrong, or only odd, case by case; the numbers are those of the list of faults the
 * engine must survive. Inputs as a whole: survey_inputs_test.c. */
#include "survey_kit.h"

static const char HEADER[] = "q1,q2,q3,comment\n";

static void add_rows(struct buffer *b, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        buffer_c(b, i % 2 ? "1,2,3,fine\n" : "5,,4,\n");
}

static void test_45_too_few_and_too_many_fields(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, HEADER);
    add_rows(&b, 4999);
    buffer_c(&b, "1,2\n1,2,3,a,b,c\n");
    add_rows(&b, 5000);
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, NO_OPTIONS);
    assert_int_equal(r.counts.read, 10001);
    assert_int_equal(r.counts.rejected, 2);
    assert_int_equal(r.case_count, 9999);
    assert_text("f1,5001,q3,,\"TOO FEW FIELDS: the row has 2 fields, the header 4\"\n"
                "f1,5002,,\"b,c\",\"TOO MANY FIELDS: the row has 6 fields, the header 4\"\n",
                buffer_view(&r.rejects));
    run_deinit(&r);
    buffer_deinit(&b);
}

static void test_46_unclosed_quote(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, HEADER);
    add_rows(&b, 9);
    buffer_c(&b, "1,2,3,\"never closed\n");
    add_rows(&b, 300000); /* more than the longest field */
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, NO_OPTIONS);
    assert_int_equal(r.counts.read, 300010);
    assert_int_equal(r.case_count, 300009);
    assert_text(
        "f1,11,comment,\"\"\"never closed\",\"UNCLOSED QUOTE: the quote opened at character 7 "
        "of this line is not closed; rows are read again from the next line on\"\n",
        buffer_view(&r.rejects));
    run_deinit(&r);
    buffer_deinit(&b);
    /* Before quotes that do close, and at the end of the file. */
    assert_run(
        "q1,comment\n1,\"a\n2,\"b\"\n3,\"c\"\n4,\"d", NO_OPTIONS,
        "row 2[: 2 <b>]\nrow 3[: 3 <c>]\n",
        "f1,2,comment,\"\"\"a\",\"UNCLOSED QUOTE: the quote opened at character 3 of this line is "
        "not closed; rows are read again from the next line on\"\n"
        "f1,5,comment,\"\"\"d\",\"UNCLOSED QUOTE: the quote opened at character 3 of this line is "
        "not closed; rows are read again from the next line on\"\n");
}

static void test_47_quotes_in_the_wrong_place(void **state)
{
    (void)state;
#define UNQUOTED                                                                                   \
    "\"UNQUOTED VALUE: a quote in a field that does not begin with one, or text behind a closing " \
    "quote; put the whole field in quotes and double the quotes in it\"\n"
    assert_run(
        "q1,x,comment\n1,a,say \"hi\"\n2,b\"c,d\n\"3\"4,a,b\n5,a,\"b\" \n1,\"x\ny\",\"z\n\"\n",
        NO_OPTIONS, "row 5[: 1 <z\n>]\n",
        "f1,2,comment,\"say \"\"hi\"\"\"," UNQUOTED "f1,3,x,\"b\"\"c\"," UNQUOTED
        "f1,4,q1,\"\"\"3\"\"4,a,b\"," UNQUOTED "f1,5,comment,\"\"\"b\"\" \"," UNQUOTED);
}

static void test_48_field_of_10_mb(void **state)
{
    (void)state;
    for (int quoted = 0; quoted < 3; quoted++) {
        struct buffer b;
        struct run r;
        buffer_init(&b);
        buffer_c(&b, "q1,comment\n1,");
        buffer_c(&b, quoted ? "\"" : "");
        buffer_repeat(&b, 'a', 10 << 20);
        buffer_c(&b, quoted == 1 ? "\"" : "");
        buffer_c(&b, "\n2,next\n");
        struct text t = buffer_view(&b);
        run_texts(&r, &t, 1, NO_OPTIONS);
        assert_int_equal(r.counts.read, 2);
        assert_int_equal(r.counts.rejected, 1);
        assert_text("row 2[: 2 <next>]\n", buffer_view(&r.cases));
        assert_holds(&r.rejects, "f1,2,comment,");
        assert_holds(&r.rejects, ",FIELD TOO LONG: a field may have 1048576 bytes (--max-field)\n");
        assert_true(r.rejects.size < 300);
        run_deinit(&r);
        buffer_deinit(&b);
    }
    /* A limit of one's own, and a text that is only too long for patterns. */
    assert_run("q1,comment\n1,abcdef\n2,\"abcdef\"\n3,abcde\n",
               (struct survey_options){.max_field = 5}, "row 3[: 3 <abcde>]\n",
               "f1,2,comment,abcdef,FIELD TOO LONG: a field may have 5 bytes (--max-field)\n"
               "f1,3,comment,\"\"\"abcdef\"\"\",FIELD TOO LONG: a field may have 5 bytes "
               "(--max-field)\n");
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, "q1,comment\n1,");
    buffer_repeat(&b, 'a', 20000);
    buffer_c(&b, "\n");
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, NO_OPTIONS);
    assert_int_equal(r.counts.texts_cut, 1);
    assert_int_equal(r.counts.used, 1);
    run_deinit(&r);
    buffer_deinit(&b);
}

static void test_50_nul_bytes(void **state)
{
    (void)state;
    struct text t = TEXT("q1,x,comment,q2\n1,\0,a\0b,2\n2,\0,c,3\n3,,\"a\0\",1\n\0,,,1\n");
    struct run r;
    run_texts(&r, &t, 1, (struct survey_options){.case_column = NULL});
    assert_text("row 2[: 2 3 <c>]\n", buffer_view(&r.cases));
    assert_text("f1,2,comment,,\"NUL BYTE: byte 2 of the field is NUL, which no text holds\"\n"
                "f1,4,comment,,\"NUL BYTE: byte 1 of the field is NUL, which no text holds\"\n"
                "f1,5,q1,,\"NUL BYTE: byte 1 of the field is NUL, which no text holds\"\n",
                buffer_view(&r.rejects));
    run_deinit(&r);
    struct buffer b;
    buffer_init(&b);
    buffer_repeat(&b, '\0', 100);
    assert_refused_bytes(buffer_view(&b), EXIT_USAGE, "its name is not text in UTF-8");
    buffer_repeat(&b, '\0', 8 << 20);
    assert_refused_bytes(buffer_view(&b), EXIT_USAGE,
                         "error[E2009]: the header of 'f1' is longer than 2097152 bytes");
    buffer_deinit(&b);
}

static void test_51_line_ends_mixed(void **state)
{
    (void)state;
    assert_run(
        "q1,comment\r\n1,a\r2,b\n3,c\r\n\r\n\n4,\"d\r\ne\"\n9,\"f\rg\"\r\n7,h\n5,i", NO_OPTIONS,
        "row 1[: 1 <a>]\nrow 2[: 2 <b>]\nrow 3[: 3 <c>]\nrow 4[: 4 <d\r\ne>]\n"
        "row 7[: 5 <i>]\n",
        "f1,9,q1,9,\"OUTSIDE THE RANGE: write a whole number from 1 to 5; or dk, na or "
        "nothing\"\nf1,11,q1,7,\"OUTSIDE THE RANGE: write a whole number from 1 to 5; or dk, "
        "na or nothing\"\n");
}

static void test_56_answers_that_do_not_fit(void **state)
{
    (void)state;
#define FIVE "\"OUTSIDE THE RANGE: write a whole number from 1 to 5; or dk, na or nothing\"\n"
#define NO_NUMBER(why) \
    "\"NOT A NUMBER: " why "write a whole number from 1 to 5; or dk, na or nothing\"\n"
    assert_run(
        "q1,q2\n7,1\n0,1\n-1,1\nN/A,1\n-,1\n#N/A,1\n999,1\nx,1\n2.5,1\n2.0,1\n, 3 \n  ,dk\nna,4\n",
        NO_OPTIONS, "row 10[: 2 1]\nrow 11[: . 3]\nrow 12[: . dk]\nrow 13[: na 4]\n",
        "f1,2,q1,7," FIVE "f1,3,q1,0," FIVE "f1,4,q1,-1," FIVE
        "f1,5,q1,N/A," NO_NUMBER("") "f1,6,q1,'-," NO_NUMBER("") "f1,7,q1,#N/A," NO_NUMBER(
            "") "f1,8,q1,999," FIVE
                "f1,9,q1,x," NO_NUMBER("") "f1,10,q1,2.5,\"NOT A WHOLE NUMBER: write a whole "
                                           "number from 1 to 5; or dk, na or "
                                           "nothing\"\n");
    assert_run(
        "ten,around\n10,-3\n0,3\n11,0\n9,-4\n07,1\n7,0\n", NO_OPTIONS,
        "row 1[: 10 -3]\nrow 2[: 0 3]\nrow 6[: 7 0]\n",
        "f1,4,ten,11,\"OUTSIDE THE RANGE: write a whole number from 0 to 10; or dk, na or "
        "nothing\"\nf1,5,around,-4,\"OUTSIDE THE RANGE: write a whole number from -3 to 3; or "
        "dk, na or nothing\"\nf1,6,ten,07,\"NOT A NUMBER: a leading zero, which some read as "
        "octal; write 10, not 010; write a whole number from 0 to 10; or dk, na or nothing\"\n");
    assert_run(
        "ready,sector,tools\nyes,health,mail portal\nno,,\nYes,health,\nno,Health,\nno,other,fax\n"
        "dk,na,\"phone,mail;\"\n",
        NO_OPTIONS,
        "row 1[: yes health {mail portal}]\nrow 2[: no . .]\nrow 6[: dk na {mail phone}]\n",
        "f1,4,ready,Yes,\"NOT YES OR NO: write yes, no; or dk, na or nothing\"\n"
        "f1,5,sector,Health,\"NOT A CHOICE: write automobile, health, other; or dk, na or "
        "nothing\"\nf1,6,tools,fax,\"NOT A CHOICE: write any of these, with spaces between: "
        "mail, phone, portal; or dk, na or nothing\"\n");
}

static void test_58_counts_are_64_bit(void **state)
{
    (void)state;
    struct survey_counts a = {.read = UINT64_C(5) << 32, .used = UINT64_C(5) << 32}, b = a;
    survey_counts_add(&a, &b);
    assert_true(a.read == UINT64_C(10) << 32 && a.used == a.read);
    /* Rows are numbered on over all files. */
    const struct text files[] = {TEXT("q1\n1\n2\n"), TEXT("q1\n3\n")};
    struct run r;
    run_texts(&r, files, 2, NO_OPTIONS);
    assert_text("row 1[: 1]\nrow 2[: 2]\nrow 3[: 3]\n", buffer_view(&r.cases));
    run_deinit(&r);
}

static void test_67_every_row_bad(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, "q1\n");
    for (int i = 0; i < 20000; i++)
        buffer_c(&b, i % 4 ? "9\n" : "x\n");
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, NO_OPTIONS);
    assert_int_equal(r.counts.rejected, 20000);
    assert_int_equal(r.case_count, 0);
    uint64_t causes = 0;
    for (unsigned i = 0; i < SURVEY_CAUSES; i++) {
        causes += r.counts.causes[i];
        if (r.counts.causes[i] == 15000)
            assert_string_equal(survey_cause_name(i), "OUTSIDE THE RANGE");
    }
    assert_int_equal(causes, 20000);
    assert_null(survey_cause_name(99));
    run_deinit(&r);
    buffer_deinit(&b);
}

static void test_68_106_formulas(void **state)
{
    (void)state;
    const char *const keep[] = {"x"};
    struct run r;
    run_c(&r, "q1,x,comment\n1,\"=cmd|'/c calc'!A1\",+1+1\n=1+1,@a,b\n-x,,\n\"\tz\",,\n",
          (struct survey_options){.keep = keep, .keep_count = 1});
    assert_text("row 1[: 1 <+1+1>]\n", buffer_view(&r.cases));
    assert_text("\"=cmd|'/c calc'!A1\"\n", buffer_view(&r.kept));
    assert_holds(&r.rejects, "f1,3,q1,'=1+1,");
    assert_holds(&r.rejects, "f1,4,q1,'-x,");
    assert_holds(&r.rejects, "f1,5,q1,\\x09z,");
    run_deinit(&r);
}

static void test_70_71_numbers(void **state)
{
    (void)state;
    static const char *const GOOD[] = {"3.5",       "0",     "-1000",
                                       "999999.25", " 12 ",  "0.000000000000001",
                                       "\"3,5\"",   "1 234", "\"1.234,5\""};
    static const char *const BAD[] = {
        "\"1,234\"", "1 23",  "\"1,23,4\"", "\",5\"", "1e309", "1e5", "-0",  "NaN",
        "inf",       "0x1p3", "0x10",       "+1",     "1.",    ".5",  "010", "1234567890123456",
        "\xD9\xA3",  "- 1",   "1_000"};
    struct run r;
    char content[200];
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        snprintf(content, sizeof content, "q1,budget\n1,%s\n", GOOD[i]);
        run_c(&r, content, NO_OPTIONS);
        assert_int_equal(r.counts.used, 1);
        run_deinit(&r);
    }
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        snprintf(content, sizeof content, "q1,budget\n1,%s\n", BAD[i]);
        run_c(&r, content, NO_OPTIONS);
        assert_int_equal(r.counts.rejected, 1);
        assert_holds(&r.rejects, "write a number from -1000 to 1000000; or dk, na or nothing");
        run_deinit(&r);
    }
    run_c(&r, "q1,budget\n1,\"1,234\"\n", NO_OPTIONS);
    assert_holds(&r.rejects, "NOT A NUMBER: the mark could stand between thousands or before "
                             "decimals; --decimal says which; ");
    run_deinit(&r);
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, "budget\n");
    buffer_repeat(&b, '1', 400);
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, NO_OPTIONS);
    assert_int_equal(r.counts.rejected, 1);
    assert_true(r.rejects.size < 400);
    run_deinit(&r);
    buffer_deinit(&b);
}

TEST_MAIN(11, cmocka_unit_test(test_45_too_few_and_too_many_fields),
          cmocka_unit_test(test_46_unclosed_quote),
          cmocka_unit_test(test_47_quotes_in_the_wrong_place),
          cmocka_unit_test(test_48_field_of_10_mb), cmocka_unit_test(test_50_nul_bytes),
          cmocka_unit_test(test_51_line_ends_mixed),
          cmocka_unit_test(test_56_answers_that_do_not_fit),
          cmocka_unit_test(test_58_counts_are_64_bit), cmocka_unit_test(test_67_every_row_bad),
          cmocka_unit_test(test_68_106_formulas), cmocka_unit_test(test_70_71_numbers))
