/* Inputs that are not what they should be, case by case; the numbers are those of the list of
 * faults the engine must survive. Rows that are wrong: survey_rows_test.c. */
#include "survey_kit.h"

#include <pthread.h>
#include <sys/resource.h>

static void assert_refused(const char *content, int status, const char *what)
{
    struct run r;
    run_c(&r, content, NO_OPTIONS);
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
    assert_refused_bytes(buffer_view(&b), EXIT_USAGE,
                         "error[E2007]: 'f1' has more than 16384 columns");
    buffer_deinit(&b);
}

static void test_52_encodings(void **state)
{
    (void)state;
    assert_run("\xEF\xBB\xBFq1,comment\n1,d\xC3\xA9lai\n", NO_OPTIONS,
               "row 1[: 1 <d\xC3\xA9lai>]\n", "");
    /* Single bad rows are bad rows (fault 38: a pattern never sees their text). */
    assert_run("q1,comment\n1,a\n2,d\xE9lai\n3,b\n", NO_OPTIONS, "row 1[: 1 <a>]\nrow 3[: 3 <b>]\n",
               "f1,3,comment,d\\xE9lai,\"NOT UTF-8: byte 2 of the field is not UTF-8; say "
               "--encoding, or correct the field\"\n");
    assert_run("q1,comment\n1,\xC3\xA9\n2,\xE9t\xE9\n3,\xE9\n", NO_OPTIONS,
               "row 1[: 1 <\xC3\xA9>]\n",
               "f1,3,comment,\\xE9t\\xE9,\"NOT UTF-8: byte 1 of the field is not UTF-8; say "
               "--encoding, or correct the field\"\n"
               "f1,4,comment,\\xE9,\"NOT UTF-8: byte 1 of the field is not UTF-8; say "
               "--encoding, or correct the field\"\n");
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
    assert_refused("q1,x,q1\n1,2,3\n", EXIT_USAGE,
                   "error[E2010]: 'f1' has two columns called 'q1'");
    assert_refused("case,q1,case\n", EXIT_USAGE, "they are columns 1 and 3");
    assert_run("q1,x,x,,\n1,2,3,4,5\n", NO_OPTIONS, "row 1[: 1]\n", "");
    assert_refused("name,age of firm\n1,2\n", EXIT_USAGE,
                   "error[E2012]: no column of 'f1' is a question of the pack");
    struct run r;
    run_c(&r, "q1,sectr,comments,x\n1,a,b,c\n", NO_OPTIONS);
    assert_int_equal(r.ignored, 1); /* the others are noted */
    assert_holds(&r.problems,
                 "note[N2013]: the column 'sectr' of 'f1' is ignored; the nearest question without "
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
    assert_true(problems_has(ps, PROBLEM_SURVEY_CHANGED) || problems_has(ps, PROBLEM_CANNOT_READ));
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
    assert_holds(&r.problems, "error[E2004]: standard input is closed");
    run_deinit(&r);
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal >= 0 && isatty(terminal)) {
        dup2(terminal, STDIN_FILENO);
        run_path(&r, "-");
        assert_int_equal(r.exit, EXIT_USAGE);
        assert_holds(&r.problems, "error[E2003]: standard input is the terminal");
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
    assert_refused_bytes(TEXT("PK\3\4....[Content_Types].xml"), EXIT_USAGE,
                         "error[E2038]: 'f1' is a workbook that cannot be read");
    assert_refused_bytes(TEXT("PK\3\4....export.csv"), EXIT_USAGE,
                         "unzip -p 'f1' | entente diagnose -");
    assert_refused_bytes(TEXT("BZh91AY"), EXIT_USAGE, "bzip2 -dc");
    assert_refused_bytes(TEXT("\xFD"
                              "7zXZ\0\0"),
                         EXIT_USAGE, "xz -dc");
    assert_refused_bytes(TEXT("\x28\xB5\x2F\xFD\x24"), EXIT_USAGE, "zstd -dc");
    assert_refused_bytes(TEXT("\xD0\xCF\x11\xE0\xA1\xB1"), EXIT_USAGE, "old Excel workbook");
    assert_refused_bytes(TEXT("%PDF-1.7"), EXIT_USAGE,
                         "error[E2001]: 'f1' is a PDF, not a table in plain text");
    assert_refused_bytes(TEXT("\x89PNG\r\n\x1A\n"), EXIT_USAGE, "is a picture, not a table");
    assert_refused_bytes(TEXT("\xFF\xD8\xFF\xE0"), EXIT_USAGE, "is a picture, not a table");
    assert_refused_bytes(TEXT("GIF89a"), EXIT_USAGE, "is a picture, not a table");
    assert_refused_bytes(TEXT("\x7F"
                              "ELF\2\1"),
                         EXIT_USAGE, "is a program, not a table");
    assert_refused_bytes(TEXT("<!DOCTYPE html>\n<html>"), EXIT_USAGE, "is a web page, not a table");
    assert_refused_bytes(TEXT("<!doctype html>"), EXIT_USAGE, "is a web page, not a table");
    assert_refused_bytes(TEXT("<html lang=fr>"), EXIT_USAGE, "is a web page, not a table");
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

TEST_MAIN(14, cmocka_unit_test(test_43_missing_file_or_folder),
          cmocka_unit_test(test_44_empty_files), cmocka_unit_test(test_49_many_columns),
          cmocka_unit_test(test_52_encodings), cmocka_unit_test(test_53_separators),
          cmocka_unit_test(test_54_columns),
          cmocka_unit_test(test_61_file_changes_while_it_is_read),
          cmocka_unit_test(test_62_standard_input), cmocka_unit_test(test_62_input_is_output),
          cmocka_unit_test(test_63_files_that_are_no_tables), cmocka_unit_test(test_65_slow_pipe),
          cmocka_unit_test(test_90_short_reads), cmocka_unit_test(test_66_line_without_end),
          cmocka_unit_test(test_89_odd_file_names))
