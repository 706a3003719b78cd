/* Bad input, case by case: the numbers in the names are those of docs/faults.md. */
#include "survey_kit.h"

#include <pthread.h>
#include <sys/resource.h>

static const char HEADER[] = "q1,q2,q3,comment\n";

static void add_rows(struct buffer *b, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        buffer_c(b, i % 2 ? "1,2,3,fine\n" : "5,,4,\n");
}

static void assert_refused(const char *content, int status, const char *what)
{
    struct run r;
    run_c(&r, content, NO_OPTIONS);
    assert_false(r.opened);
    assert_int_equal(r.exit, status);
    assert_holds(&r.problems, what);
    run_deinit(&r);
}

static void assert_refused_bytes(struct text content, int status, const char *what)
{
    struct run r;
    run_texts(&r, &content, 1, NO_OPTIONS);
    assert_false(r.opened);
    assert_int_equal(r.exit, status);
    assert_holds(&r.problems, what);
    run_deinit(&r);
}

/* One file by its path. */
static void run_path(struct run *r, const char *path)
{
    const char *const files[] = {path};
    struct survey_options o = {.files = files, .file_count = 1};
    run_survey(r, &o);
}

static void test_43_missing_file_or_folder(void **state)
{
    (void)state;
    struct run r;
    run_path(&r, "/nowhere/export.csv");
    assert_int_equal(r.exit, EXIT_IO);
    assert_holds(&r.problems, "'/nowhere/export.csv' cannot be read: No such file or directory");
    run_deinit(&r);
    run_path(&r, "/");
    assert_int_equal(r.exit, EXIT_IO);
    assert_holds(&r.problems, "'/' cannot be read: Is a directory");
    run_deinit(&r);
}

static void test_44_empty_files(void **state)
{
    (void)state;
    static const char *const EMPTY[] = {"", "\n", "\r\n\n\r", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"};
    struct run r;
    for (size_t i = 0; i < sizeof EMPTY / sizeof *EMPTY; i++) {
        run_c(&r, EMPTY[i], NO_OPTIONS);
        assert_true(r.opened);
        assert_int_equal(r.exit, 0);
        assert_int_equal(r.counts.read, 0);
        assert_holds(&r.problems, "N2006");
        run_deinit(&r);
    }
    static const char *const ROWLESS[] = {"q1,q2", "q1,q2\n", "q1,q2\r\n\r\n\n\n", "\nq1,q2\n\n"};
    for (size_t i = 0; i < sizeof ROWLESS / sizeof *ROWLESS; i++) {
        run_c(&r, ROWLESS[i], NO_OPTIONS);
        assert_true(r.opened);
        assert_int_equal(r.exit, 0);
        assert_int_equal(r.counts.read, 0);
        assert_int_equal(r.put, 2);
        assert_int_equal(r.problems.size, 0);
        run_deinit(&r);
    }
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

static void add_wide_row(struct buffer *b, unsigned columns, bool header)
{
    for (unsigned i = 0; i < columns; i++) {
        if (header && i != columns - 2) {
            buffer_c(b, "column_");
            buffer_unsigned(b, i);
        } else {
            buffer_c(b, header ? "q1" : "4");
        }
        buffer_byte(b, i + 1 < columns ? ',' : '\n');
    }
}

static void test_49_many_columns(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    add_wide_row(&b, 10000, true);
    add_wide_row(&b, 10000, false);
    add_wide_row(&b, 9999, false);
    add_wide_row(&b, 10000, false);
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, NO_OPTIONS);
    assert_text("row 1[: 4]\nrow 3[: 4]\n", buffer_view(&r.cases));
    assert_int_equal(r.ignored, 9999);
    assert_holds(&r.rejects, "f1,3,column_9999,,\"TOO FEW FIELDS: the row has 9999 fields");
    run_deinit(&r);
    buffer_clear(&b);
    add_wide_row(&b, 100000, true);
    assert_refused_bytes(buffer_view(&b), EXIT_USAGE, "has more than 16384 columns");
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
    assert_refused_bytes(buffer_view(&b), EXIT_USAGE, "longer than 2097152 bytes");
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

static void test_52_encodings(void **state)
{
    (void)state;
    assert_run("\xEF\xBB\xBFq1,comment\n1,d\xC3\xA9lai\n", NO_OPTIONS,
               "row 1[: 1 <d\xC3\xA9lai>]\n", "");
    assert_refused_bytes(TEXT("\xFF\xFEq\0"
                              "1\0\n\0"
                              "1\0\n\0"),
                         EXIT_USAGE, "is written in UTF-16, not in UTF-8");
    assert_refused_bytes(TEXT("q\0"
                              "1\0,\0q\0"
                              "2\0\n\0"
                              "1\0\n\0"),
                         EXIT_USAGE, "iconv -f UTF-16LE -t UTF-8 'f1' | entente diagnose -");
    assert_refused_bytes(TEXT("\0q\0"
                              "1\0,\0q\0"
                              "2\0\n\0"
                              "1\0\n"),
                         EXIT_USAGE, "UTF-16BE");
    assert_refused("q1,comment\n1,d\xE9lai\n2,cr\xE9\xE9\n", EXIT_USAGE,
                   "iconv -f WINDOWS-1252 -t UTF-8 'f1' | entente diagnose -");
    assert_refused("q1,commentaire d\xE9taill\xE9\n1,a\n", EXIT_USAGE, "E2002");
    /* Single bad rows are bad rows. */
    assert_run("q1,comment\n1,a\n2,d\xE9lai\n3,b\n", NO_OPTIONS, "row 1[: 1 <a>]\nrow 3[: 3 <b>]\n",
               "f1,3,comment,d\\xE9lai,\"NOT UTF-8: byte 2 of the field is not UTF-8; convert the "
               "export with iconv, or correct the field\"\n");
    assert_run(
        "q1,comment\n1,\xC3\xA9\n2,\xE9t\xE9\n3,\xE9\n", NO_OPTIONS, "row 1[: 1 <\xC3\xA9>]\n",
        "f1,3,comment,\\xE9t\\xE9,\"NOT UTF-8: byte 1 of the field is not UTF-8; convert the "
        "export with iconv, or correct the field\"\n"
        "f1,4,comment,\\xE9,\"NOT UTF-8: byte 1 of the field is not UTF-8; convert the "
        "export with iconv, or correct the field\"\n");
    /* Composed and decomposed letters become the same. */
    assert_run("q1,comment\n1,de\xCC\x81lai\n", NO_OPTIONS, "row 1[: 1 <d\xC3\xA9lai>]\n", "");
}

static void test_53_separators(void **state)
{
    (void)state;
    static const char SEPARATORS[] = {';', '\t', '|'};
    for (size_t i = 0; i < sizeof SEPARATORS; i++) {
        char content[] = "q1,x,comment\n1,a,\"b,c\"\n";
        for (char *p = content; *p; p++)
            if (*p == ',')
                *p = SEPARATORS[i];
        struct run r;
        run_c(&r, content, NO_OPTIONS);
        assert_int_equal(r.separator, SEPARATORS[i]);
        assert_int_equal(r.counts.used, 1);
        assert_holds(&r.problems, "N2014");
        run_deinit(&r);
    }
    assert_run("sep=;\nq1;comment\n1;a,b\n9;c\n", NO_OPTIONS, "row 1[: 1 <a,b>]\n",
               "f1,4,q1,9,\"OUTSIDE THE RANGE: write a whole number from 1 to 5; or dk, na or "
               "nothing\"\n");
    assert_run("\xEF\xBB\xBF\"sep=|\"\r\nq1|q2\r\n1|2\r\n", NO_OPTIONS, "row 1[: 1 2]\n", "");
    assert_run("q1:q2\n1:2\n", (struct survey_options){.separator = ':'}, "row 1[: 1 2]\n", "");
    struct run r;
    run_c(&r, "q1\"q2\n", (struct survey_options){.separator = '"'});
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, "E2021");
    run_deinit(&r);
}

static void test_54_columns(void **state)
{
    (void)state;
    assert_refused("q1,x,q1\n1,2,3\n", EXIT_USAGE, "'f1' has two columns called 'q1'");
    assert_refused("case,q1,case\n", EXIT_USAGE, "they are columns 1 and 3");
    assert_run("q1,x,x,,\n1,2,3,4,5\n", NO_OPTIONS, "row 1[: 1]\n", "");
    assert_refused("name,age of firm\n1,2\n", EXIT_USAGE,
                   "no column of 'f1' is a question of the pack");
    struct run r;
    run_c(&r, "q1,sectr,comments\n1,a,b\n", NO_OPTIONS);
    assert_int_equal(r.ignored, 2);
    assert_holds(&r.problems, "the column 'sectr' of 'f1' is ignored; the nearest question without "
                              "a column is 'sector'");
    run_deinit(&r);
    run_c(&r, "q1,dossier\n1,a\n", (struct survey_options){.case_column = "dosier"});
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, "'f1' has no column called 'dosier'");
    assert_holds(&r.problems, "did you mean 'dossier'?");
    run_deinit(&r);
    const char *const keep[] = {"x", "y"};
    run_c(&r, "q1,x\n1,a\n", (struct survey_options){.keep = keep, .keep_count = 2});
    assert_holds(&r.problems, "E2011");
    run_deinit(&r);
    assert_refused("q1,\"q2\n1,2\n", EXIT_USAGE, "column 2 in the header of 'f1' cannot be read");
    assert_refused("q1,\"q2\"x\n1,2\n", EXIT_USAGE, "E2008");
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

/* What happens to a file between the look at its header and its end. */
static void assert_changed(void (*change)(const char *path), const char *how)
{
    char *folder = test_folder_new(), path[400];
    kit_write(folder, "export.csv", "q1\n1\n2\n3\n");
    assert_true(snprintf(path, sizeof path, "%s/export.csv", folder) < (int)sizeof path);
    const char *const files[] = {path};
    struct survey_options o = {.files = files, .file_count = 1};
    struct problems *ps = problems_new();
    struct survey_chunk *c;
    struct survey *s = survey_new(kit_kb(), &o, ps);
    assert_non_null(s);
    change(path);
    assert_false(survey_read(s, &c, ps));
    assert_int_equal(problems_exit(ps), EXIT_IO);
    struct buffer b;
    buffer_init(&b);
    problems_print(ps, false, &b);
    assert_holds(&b, how);
    buffer_deinit(&b);
    survey_free(s);
    problems_free(ps);
    test_folder_free(folder);
}

static void grow_file(const char *path)
{
    FILE *f = fopen(path, "a");
    fputs("4\n", f);
    fclose(f);
}

static void shrink_file(const char *path)
{
    assert_int_equal(truncate(path, 5), 0);
}

static void replace_file(const char *path)
{
    char other[420];
    snprintf(other, sizeof other, "%s.new", path);
    FILE *f = fopen(other, "w");
    fputs("q1\n1\n2\n3\n", f);
    fclose(f);
    assert_int_equal(rename(other, path), 0);
}

static void remove_file(const char *path)
{
    assert_int_equal(unlink(path), 0);
}

static void test_61_file_changes_while_it_is_read(void **state)
{
    (void)state;
    assert_changed(grow_file, "changed while it was read: it grew");
    assert_changed(shrink_file, "it shrank");
    assert_changed(replace_file, "changed while it was read");
    assert_changed(remove_file, "cannot be read: No such file");
}

static void test_62_standard_input(void **state)
{
    (void)state;
    struct run r;
    int kept = dup(STDIN_FILENO);
    close(STDIN_FILENO);
    run_path(&r, "-");
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, "standard input is closed");
    run_deinit(&r);
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal >= 0 && isatty(terminal)) {
        dup2(terminal, STDIN_FILENO);
        run_path(&r, "-");
        assert_int_equal(r.exit, EXIT_USAGE);
        assert_holds(&r.problems, "standard input is the terminal");
        run_deinit(&r);
    }
    if (terminal > STDIN_FILENO)
        close(terminal);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "q1\n1\n7\n", 7), 7);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    run_path(&r, "-");
    assert_text("row 1[: 1]\n", buffer_view(&r.cases));
    assert_holds(&r.rejects, "standard input,3,q1,7,");
    run_deinit(&r);
    const char *const twice[] = {"-", "-"};
    struct survey_options o = {.files = twice, .file_count = 2};
    run_survey(&r, &o);
    assert_holds(&r.problems, "E2020");
    run_deinit(&r);
    o.file_count = 0;
    run_survey(&r, &o);
    assert_holds(&r.problems, "E2019");
    run_deinit(&r);
    if (ends[0] != STDIN_FILENO)
        close(ends[0]);
    if (kept >= 0) {
        dup2(kept, STDIN_FILENO);
        close(kept);
    }
}

static void test_62_input_is_output(void **state)
{
    (void)state;
    struct kit_file f = kit_open(TEXT("q1\n1\n"));
    const char *const files[] = {f.path};
    struct survey_options o = {.files = files, .file_count = 1};
    struct problems *ps = problems_new();
    struct survey *s = survey_new(kit_kb(), &o, ps);
    assert_true(survey_is_input(s, f.path));
    assert_false(survey_is_input(s, "/dev/null"));
    assert_false(survey_is_input(s, "/nowhere"));
    survey_free(s);
    problems_free(ps);
    kit_close(&f);
}

static void test_63_files_that_are_no_tables(void **state)
{
    (void)state;
    assert_refused_bytes(TEXT("\x1F\x8B\x08\0\0\0"), EXIT_USAGE,
                         "gzip -dc 'f1' | entente diagnose -");
    assert_refused_bytes(TEXT("PK\3\4....[Content_Types].xml"), EXIT_USAGE, "is an Excel workbook");
    assert_refused_bytes(TEXT("PK\3\4....export.csv"), EXIT_USAGE,
                         "unzip -p 'f1' | entente diagnose -");
    assert_refused_bytes(TEXT("BZh91AY"), EXIT_USAGE, "bzip2 -dc");
    assert_refused_bytes(TEXT("\xFD"
                              "7zXZ\0\0"),
                         EXIT_USAGE, "xz -dc");
    assert_refused_bytes(TEXT("\x28\xB5\x2F\xFD\x24"), EXIT_USAGE, "zstd -dc");
    assert_refused_bytes(TEXT("\xD0\xCF\x11\xE0\xA1\xB1"), EXIT_USAGE, "old Excel workbook");
    assert_refused_bytes(TEXT("%PDF-1.7"), EXIT_USAGE, "not a table in plain text");
}

/* Writes into a pipe from another thread: `size` bytes, `step` at a time. */
struct feed {
    int to;
    struct text bytes;
    size_t step, repeats;
    useconds_t pause;
};

static void *feed_pipe(void *feed)
{
    struct feed *f = feed;
    for (size_t i = 0; i < f->repeats; i++)
        for (size_t at = 0; at < f->bytes.size;) {
            size_t n = f->bytes.size - at < f->step ? f->bytes.size - at : f->step;
            ssize_t written = write(f->to, f->bytes.at + at, n);
            if (written <= 0)
                break;
            at += (size_t)written;
            if (f->pause)
                usleep(f->pause);
        }
    close(f->to);
    return NULL;
}

static void run_feed(struct run *r, struct feed f, const char *head, struct survey_options o)
{
    int ends[2];
    char path[64];
    pthread_t thread;
    assert_int_equal(pipe(ends), 0);
    assert_true(write(ends[1], head, strlen(head)) > 0);
    f.to = ends[1];
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    const char *const files[] = {path};
    o.files = files;
    o.file_count = 1;
    assert_int_equal(pthread_create(&thread, NULL, feed_pipe, &f), 0);
    run_survey(r, &o);
    close(ends[0]);
    pthread_join(thread, NULL);
}

static void count_waits(void *ctx)
{
    ++*(int *)ctx;
}

static void test_65_slow_pipe(void **state)
{
    (void)state;
    struct run r;
    int waits = 0;
    run_feed(&r, (struct feed){.bytes = TEXT("1\n2\n"), .step = 4, .repeats = 1, .pause = 1200000},
             "q1\n", (struct survey_options){.waiting = count_waits, .ctx = &waits});
    assert_int_equal(r.counts.used, 2);
    assert_int_equal(waits, 1);
    run_deinit(&r);
}

static void test_90_short_reads(void **state)
{
    (void)state;
    struct run r;
    run_feed(&r,
             (struct feed){.bytes = TEXT("1,\"a\r\n\"\"b\"\r\n2,c\r\n"), .step = 1, .repeats = 300},
             "q1,comment\r\n", NO_OPTIONS);
    assert_int_equal(r.counts.used, 600);
    assert_int_equal(r.counts.rejected, 0);
    run_deinit(&r);
}

static long peak_kib(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}

/* 256 MiB without a line end, then a row: rejected, the row is read, memory stays flat. */
static void test_66_line_without_end(void **state)
{
    (void)state;
    static char block[1 << 20];
    struct run r;
    long before;
    memset(block, 'a', sizeof block);
    run_c(&r, "q1\n1\n", NO_OPTIONS);
    run_deinit(&r);
    before = peak_kib();
    run_feed(&r,
             (struct feed){.bytes = {block, sizeof block}, .step = sizeof block, .repeats = 256},
             "q1,comment\n1,ok\n2,", NO_OPTIONS);
    assert_int_equal(r.counts.read, 2);
    assert_holds(&r.rejects, "FIELD TOO LONG");
    assert_true(peak_kib() - before < 64 << 10);
    run_deinit(&r);
    block[0] = block[100] = ',';
    block[sizeof block - 1] = ',';
    run_feed(&r, (struct feed){.bytes = {block, sizeof block}, .step = sizeof block, .repeats = 4},
             "q1,comment\n", NO_OPTIONS);
    assert_int_equal(r.counts.read, 1);
    assert_holds(&r.rejects, "ROW TOO LONG: a row may have 2097152 bytes");
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
    static const char *const GOOD[] = {"3.5",       "0",    "-1000",
                                       "999999.25", " 12 ", "0.000000000000001"};
    static const char *const BAD[] = {"\"3,5\"",  "\"1 234,5\"", "\"1,234\"", "\"1.234,5\"",
                                      "1e309",    "1e5",         "-0",        "NaN",
                                      "inf",      "0x1p3",       "0x10",      "+1",
                                      "1.",       ".5",          "010",       "1234567890123456",
                                      "\xD9\xA3", "- 1",         "1_000"};
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
    run_c(&r, "q1,budget\n1,\"3,5\"\n", NO_OPTIONS);
    assert_holds(&r.rejects, "NOT A NUMBER: a comma; write 0.7; write a number");
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

static void test_89_odd_file_names(void **state)
{
    (void)state;
    char *folder = test_folder_new(), path[512];
    struct run r;
    kit_write(folder, "-a\nb\x1B[1m\xFF.csv", "q1\n9\n");
    snprintf(path, sizeof path, "%s/-a\nb\x1B[1m\xFF.csv", folder);
    run_path(&r, path);
    assert_holds(&r.rejects, "-a\\x0Ab\\x1B[1m\\xFF.csv,2,q1,9,");
    run_deinit(&r);
    test_folder_free(folder);
}

TEST_MAIN(25, cmocka_unit_test(test_43_missing_file_or_folder),
          cmocka_unit_test(test_44_empty_files),
          cmocka_unit_test(test_45_too_few_and_too_many_fields),
          cmocka_unit_test(test_46_unclosed_quote),
          cmocka_unit_test(test_47_quotes_in_the_wrong_place),
          cmocka_unit_test(test_48_field_of_10_mb), cmocka_unit_test(test_49_many_columns),
          cmocka_unit_test(test_50_nul_bytes), cmocka_unit_test(test_51_line_ends_mixed),
          cmocka_unit_test(test_52_encodings), cmocka_unit_test(test_53_separators),
          cmocka_unit_test(test_54_columns), cmocka_unit_test(test_56_answers_that_do_not_fit),
          cmocka_unit_test(test_58_counts_are_64_bit),
          cmocka_unit_test(test_61_file_changes_while_it_is_read),
          cmocka_unit_test(test_62_standard_input), cmocka_unit_test(test_62_input_is_output),
          cmocka_unit_test(test_63_files_that_are_no_tables), cmocka_unit_test(test_65_slow_pipe),
          cmocka_unit_test(test_66_line_without_end), cmocka_unit_test(test_67_every_row_bad),
          cmocka_unit_test(test_68_106_formulas), cmocka_unit_test(test_70_71_numbers),
          cmocka_unit_test(test_89_odd_file_names), cmocka_unit_test(test_90_short_reads))
