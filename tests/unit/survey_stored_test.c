/* Rows that wait for their case: names and their numbers, rows as bytes, runs in a temporary file,
 * waves; and what is said where the file cannot be had. */
#include "survey_kit.h"

#include "survey/survey_state.h"

/* --- names ------------------------------------------------------------------------------------ */

/* Short ones, ones that just fit, long ones, and the empty one. */
static struct text name_at(uint32_t i, char out[64])
{
    int size = snprintf(out, 64, "%.*s%u", (int)(i % 5) * 4, "abcdefghijklmnopqrstuvwx", i / 3);
    return (struct text){out, i == 0 ? 0 : (size_t)size};
}

static void test_names_have_numbers(void **state)
{
    (void)state;
    enum { NAMES = 5000, ROWS = 20000 };
    static uint32_t number_of[NAMES], ids[ROWS], wanted[ROWS];
    struct casebook book;
    struct buffer names;
    uint64_t random = 5;
    uint32_t count = 0;
    char name[64], note[32];
    buffer_init(&names);
    casebook_init(&book, 1);
    memset(number_of, 255, sizeof number_of);
    for (uint32_t i = 0; i < ROWS; i++) {
        uint32_t n = kit_random(&random) % NAMES;
        struct text kept = {note, (size_t)snprintf(note, sizeof note, "\"row %u\"", i)};
        if (number_of[n] == UINT32_MAX)
            number_of[n] = count++;
        wanted[i] = number_of[n];
        named_write(&names, name_at(n, name), i, n % 2, &kept, 1);
    }
    /* in two goes, of which the second knows most of them */
    size_t half = 0;
    for (uint32_t i = 0; i < ROWS / 2; i++)
        half += ((const struct named *)(const void *)(names.at + half))->size;
    assert_true(casebook_put(&book, names.at, ROWS / 2, ids));
    assert_true(casebook_put(&book, names.at + half, ROWS / 2, ids + ROWS / 2));
    assert_memory_equal(ids, wanted, sizeof ids);
    assert_int_equal(book.count, count);
    for (uint32_t n = 0; n < NAMES; n++) {
        if (number_of[n] == UINT32_MAX)
            continue;
        const struct booked *c = &book.cases[number_of[n]];
        struct text kept = {note,
                            (size_t)snprintf(note, sizeof note, "\"row %u\"", (unsigned)c->row)};
        assert_true(text_equal(casebook_name(&book, number_of[n]), name_at(n, name)));
        assert_int_equal(c->is_open, n % 2);
        assert_true(text_equal(book.kept[number_of[n]], kept));
    }
    casebook_deinit(&book);
    buffer_deinit(&names);
}

static void test_57_names_that_are_nearly_equal(void **state)
{
    (void)state;
    static const char *const NAMES[] = {
        "Alpes-Bois", "alpes bois", "Alpesbois",         "1.2", "12", "1-2",
        "+",          "-",          "\xC3\x89t\xC3\xA9", "ete"};
    enum { COUNT = sizeof NAMES / sizeof *NAMES };
    uint32_t ids[COUNT];
    struct alike alike[COUNT];
    struct casebook book;
    struct buffer names;
    size_t count;
    buffer_init(&names);
    casebook_init(&book, 0);
    for (uint32_t i = 0; i < COUNT; i++)
        named_write(&names, text_from_c(NAMES[i]), 1, false, NULL, 0);
    assert_true(casebook_put(&book, names.at, COUNT, ids));
    assert_int_equal(book.count, COUNT);
    assert_true(casebook_alike(&book, alike, COUNT, &count));
    assert_int_equal(count, 3);
    static const struct alike expected[] = {{0, 1}, {0, 2}, {8, 9}};
    assert_memory_equal(alike, expected, sizeof expected);
    assert_true(casebook_alike(&book, alike, 1, &count)); /* all are counted */
    assert_int_equal(count, 3);
    casebook_deinit(&book);
    buffer_deinit(&names);
}

/* --- rows ------------------------------------------------------------------------------------- */

/* Names and texts longer than a size byte holds, numbers, ticks; from memory and from the file. */
static void test_long_texts_wait_whole(void **state)
{
    (void)state;
    struct buffer b;
    struct run whole, spilled;
    buffer_init(&b);
    buffer_c(&b, "case,partner,respondent,q1,comment,budget,tools\n");
    for (int i = 0; i < 3000; i++) {
        buffer_c(&b, "c");
        buffer_unsigned(&b, (uint64_t)(i * 7 % 100));
        buffer_byte(&b, ',');
        buffer_repeat(&b, 'p', (size_t)(i % 300));
        buffer_c(&b, ",r");
        buffer_repeat(&b, 'r', (size_t)(i % 256));
        buffer_unsigned(&b, (uint64_t)i);
        buffer_c(&b, i % 2 ? ",3," : ",,");
        buffer_repeat(&b, 'x', (size_t)(i % 3000));
        buffer_c(&b, i % 3 ? ",2.5,mail phone\n" : ",,\n");
    }
    struct text t = buffer_view(&b);
    run_texts(&whole, &t, 1, (struct survey_options){.chunk = 5000});
    run_texts(&spilled, &t, 1, (struct survey_options){.chunk = 5000, .memory = 200 << 10});
    assert_int_equal(whole.exit, 0);
    assert_int_equal(whole.case_count, 100);
    assert_true(text_equal(buffer_view(&whole.cases), buffer_view(&spilled.cases)));
    run_deinit(&whole);
    run_deinit(&spilled);
    buffer_deinit(&b);
}

/* A run says where any cases stand, whatever its granules are. */
static void test_runs_know_their_cases(void **state)
{
    (void)state;
    enum { CASES = 3000, ROWS = 40000 };
    struct layout l = {.slot_count = 3};
    uint8_t block[16] = {1, 2, 3};
    struct pile pile = {0};
    struct sorted_run run = {0};
    struct buffer row, read;
    struct problems *ps = problems_new();
    struct spool *spool = spool_new(ps);
    uint64_t random = 3;
    buffer_init(&row);
    buffer_init(&read);
    assert_non_null(spool);
    assert_true(spool_write(spool, TEXT("what was there before"), ps));
    for (uint64_t i = 0; i < ROWS; i++) {
        struct new_row n = {.partner = TEXT("p"), .block = block};
        buffer_clear(&row);
        packed_write(&row, &l, &n, 0, i);
        struct packed_row *p = (struct packed_row *)(void *)row.at;
        p->of_case = kit_random(&random) % CASES;
        assert_true(pile_add(&pile, p));
    }
    assert_true(pile_sort(&pile, CASES));
    assert_true(sorted_run_write(&run, &pile, spool, ps));
    for (uint32_t from = 0; from < CASES; from += 1 + kit_random(&random) % 200) {
        uint32_t to = from + 1 + kit_random(&random) % 50;
        to = to < CASES ? to : CASES;
        uint64_t begin, end, line, before = 0;
        sorted_run_range(&run, from, to, &begin, &end);
        buffer_clear(&read);
        assert_true(buffer_reserve(&read, end - begin));
        assert_true(spool_read(spool, begin, read.at, end - begin, ps));
        uint32_t table, of_case = 0, found = 0;
        const struct packed_row *p = (const void *)read.at;
        for (; (const char *)p < read.at + (end - begin); p = packed_next(p)) {
            packed_where(p, &table, &line);
            assert_true(p->of_case >= of_case); /* cases ascend, rows of one as they came */
            assert_true(p->of_case > of_case || found == 0 || line > before || before == 0);
            of_case = p->of_case;
            before = line;
            found += of_case >= from && of_case < to;
        }
        assert_int_equal(found, pile.from[to] - pile.from[from]);
    }
    uint64_t begin, end; /* cases that came later are not in it */
    sorted_run_range(&run, CASES + 5, CASES + 9, &begin, &end);
    assert_int_equal(begin, end);
    sorted_run_deinit(&run);
    pile_deinit(&pile);
    spool_free(spool);
    problems_free(ps);
    buffer_deinit(&row);
    buffer_deinit(&read);
}

/* --- the temporary file ----------------------------------------------------------------------- */

static void test_75_no_temporary_file(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, "case,q1\n");
    for (int i = 0; i < 5000; i++)
        buffer_c(&b, i % 2 ? "a,1\n" : "b,2\n");
    struct text t = buffer_view(&b);
    const char *was = getenv("TMPDIR");
    char *kept = was ? strdup(was) : NULL;
    setenv("TMPDIR", "/nowhere/at/all", 1);
    run_texts(&r, &t, 1, (struct survey_options){.memory = 100 << 10, .chunk = 2000});
    assert_int_equal(r.exit, EXIT_IO);
    assert_holds(&r.problems, "E0012");
    assert_holds(&r.problems,
                 "the temporary file in '/nowhere/at/all' cannot be used: No such file");
    assert_holds(&r.problems, "set TMPDIR to a folder with more room");
    run_deinit(&r);
    run_texts(&r, &t, 1, NO_OPTIONS); /* none is needed */
    assert_int_equal(r.exit, 0);
    run_deinit(&r);
    if (kept)
        setenv("TMPDIR", kept, 1);
    else
        unsetenv("TMPDIR");
    free(kept);
    buffer_deinit(&b);
}

static void test_59_names_that_do_not_fit(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, "case,q1\n");
    for (int i = 0; i < 2000; i++) {
        buffer_c(&b, "a partnership with a long name ");
        buffer_unsigned(&b, (uint64_t)i);
        buffer_c(&b, ",1\n");
    }
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, (struct survey_options){.memory = 64 << 10, .chunk = 2000});
    assert_int_equal(r.exit, EXIT_LIMIT);
    assert_holds(&r.problems, "E2017");
    assert_holds(&r.problems, "the names of the cases do not fit into");
    assert_holds(&r.problems, "allow more memory, or sort the rows by case and say --sorted");
    run_deinit(&r);
    buffer_deinit(&b);
}

/* --- waves ------------------------------------------------------------------------------------ */

/* The cases of a block with their waves: "name: wave, wave." a partnership. */
static void waves_of(const char *content, struct survey_options o, struct buffer *out)
{
    struct kit_file f = kit_open(text_from_c(content));
    const char *const files[] = {f.path};
    struct problems *ps = problems_new();
    struct survey_block block;
    struct survey_chunk *c = NULL;
    o.files = files;
    o.file_count = 1;
    o.compare = true;
    struct survey *s = survey_new(kit_kb(), &o, ps);
    assert_non_null(s);
    struct survey_parser *p = survey_parser_new(s, ps);
    while (survey_read(s, &c, ps) && c) {
        survey_parser_start(p, c);
        while (survey_parse(p, &block, ps) && block.cases)
            for (uint32_t i = 0; i < block.cases->case_count; i++) {
                if (block.waves[i].is_first)
                    buffer_text(out, block.cases->case_names[i]);
                buffer_c(out, block.waves[i].is_first ? ": " : ", ");
                buffer_text(out, block.waves[i].name);
                buffer_byte(out, ' ');
                buffer_unsigned(out, block.cases->partner_count);
                buffer_c(out, block.waves[i].is_last ? ".\n" : "");
            }
        assert_true(survey_done(s, p, c, ps));
    }
    assert_false(problems_has_error(ps));
    survey_parser_free(p);
    survey_free(s);
    problems_free(ps);
    kit_close(&f);
}

static void test_waves_follow_each_other(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    waves_of("case,wave,q1\na,10,1\nb,2024-02,2\na,9,3\nb,2023-11,4\na,09,5\na,10,1\nb,,1\n"
             "c,T2 2023,1\nc,T10 2022,1\nc,T2,1\nc,b,1\nc,\xC3\xA9,1\n",
             NO_OPTIONS, &b);
    assert_text("a: 09 11, 9 11, 10 11.\nb:  11, 2023-11 11, 2024-02 11.\n"
                "c: T2 11, T2 2023 11, T10 2022 11, b 11, \xC3\xA9 11.\n",
                buffer_view(&b));
    buffer_deinit(&b);
}

/* More waves than a block has cases: they go on in the next block. */
static void test_many_waves(void **state)
{
    (void)state;
    struct buffer b, waves, expected;
    buffer_init(&b);
    buffer_init(&waves);
    buffer_init(&expected);
    buffer_c(&b, "case,wave,q1\n");
    for (uint64_t i = 0; i < 2500; i++) {
        buffer_c(&b, "a,");
        buffer_unsigned(&b, i * 1801 % 2500);
        buffer_c(&b, ",1\n");
    }
    buffer_byte(&b, '\0');
    waves_of(b.at, NO_OPTIONS, &waves);
    buffer_c(&expected, "a: 0 1024");
    for (uint64_t i = 1; i < 2500; i++) {
        buffer_c(&expected, ", ");
        buffer_unsigned(&expected, i);
        buffer_c(&expected, i < 2048 ? " 1024" : " 452");
    }
    buffer_c(&expected, ".\n");
    assert_true(text_equal(buffer_view(&waves), buffer_view(&expected)));
    buffer_deinit(&b);
    buffer_deinit(&waves);
    buffer_deinit(&expected);
}

/* A wave is a case of its own, where nothing is compared. */
static void test_a_wave_makes_a_case(void **state)
{
    (void)state;
    assert_run("case,wave,q1\na,1,1\na,2,2\nb,,3\na,1,4\n", NO_OPTIONS,
               "a \xC2\xB7 1[: 1, 4]\na \xC2\xB7 2[: 2]\nb[: 3]\n", "");
    assert_run("case,when,q1\na,1,1\na,2,2\n", (struct survey_options){.wave_column = "when"},
               "a \xC2\xB7 1[: 1]\na \xC2\xB7 2[: 2]\n", "");
}

TEST_MAIN(9, cmocka_unit_test(test_names_have_numbers),
          cmocka_unit_test(test_57_names_that_are_nearly_equal),
          cmocka_unit_test(test_long_texts_wait_whole),
          cmocka_unit_test(test_runs_know_their_cases), cmocka_unit_test(test_75_no_temporary_file),
          cmocka_unit_test(test_59_names_that_do_not_fit),
          cmocka_unit_test(test_waves_follow_each_other), cmocka_unit_test(test_many_waves),
          cmocka_unit_test(test_a_wave_makes_a_case))
