/* Rows to cases: alone, sorted, stored; each way against a grouping that looks every row up in a
 * list, and against the others. */
#include "survey_kit.h"

#include <pthread.h>

#define SORTED ((struct survey_options){.sorted = true})

static void test_every_row_a_case(void **state)
{
    (void)state;
    assert_run("q1,partner\n1,pme\n2,\n9,x\n3,eq\n", NO_OPTIONS,
               "row 1[pme: 1]\nrow 2[: 2]\nrow 4[eq: 3]\n",
               "f1,4,q1,9,\"OUTSIDE THE RANGE: write a whole number from 1 to 5; or dk, na or "
               "nothing\"\n");
    assert_run("case,q1\na,1\na,2\n", (struct survey_options){.each_row = true},
               "row 1[: 1]\nrow 2[: 2]\n", "");
}

static void test_names_of_many_rows(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, "q1\n");
    for (int i = 1; i <= 12345; i++)
        buffer_c(&b, i % 97 ? "3\n" : "x\n");
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, NO_OPTIONS);
    const char *p = r.cases.at;
    char expected[32];
    for (int i = 1; i <= 12345; i++) {
        if (i % 97 == 0)
            continue;
        int n = snprintf(expected, sizeof expected, "row %d[: 3]\n", i);
        assert_memory_equal(p, expected, (size_t)n);
        p += n;
    }
    assert_ptr_equal(p, r.cases.at + r.cases.size);
    run_deinit(&r);
    buffer_deinit(&b);
}

static void test_stored_cases(void **state)
{
    (void)state;
    assert_run("case,partner,q1,age\nb,pme,1,10\na,eq,2,\nb,eq,3,\nb,pme,4,11\na,eq,5,\n",
               NO_OPTIONS, "b[pme: 1 10, 4 11 | eq: 3 .]\na[eq: 2 ., 5 .]\n", "");
    assert_run("\"case\",q1\n\"x\"\"y\",1\n\"a,b\",2\n\"x\"\"y\",3\n", NO_OPTIONS,
               "x\"y[: 1, 3]\na,b[: 2]\n", "");
    /* Keys without the spaces around them, in form C; capitals count. */
    assert_run("case,q1\nA,1\na,2\n a,3\na\t,4\n\" a \",5\n", NO_OPTIONS,
               "A[: 1]\na[: 2, 3, 4, 5]\n", "");
    assert_run("case,partner,respondent,q1\ne\xCC\x81,pe\xCC\x81 ,r\xC3\xA9,1\n"
               "\xC3\xA9,p\xC3\xA9,re\xCC\x81,2\n",
               NO_OPTIONS, "\xC3\xA9[p\xC3\xA9: 2]\n", "");
    assert_run("case,q1\ne\xCC\x81,1\n \xC3\xA9,2\n\xC3\xA9 ,3\n", SORTED, "\xC3\xA9[: 1, 2, 3]\n",
               "");
    assert_run("case,q1\nA,1\n,2\n  ,3\n", NO_OPTIONS, "A[: 1]\n",
               "f1,3,case,,NO CASE: the field that names the case is blank\n"
               "f1,4,case,  ,NO CASE: the field that names the case is blank\n");
    /* Named by options. */
    assert_run("dossier,side,q1\nd,x,1\nd,y,2\n",
               (struct survey_options){.case_column = "dossier", .partner_column = "side"},
               "d[x: 1 | y: 2]\n", "");
}

static void test_one_case_in_two_files(void **state)
{
    (void)state;
    const struct text files[] = {TEXT("case,q1\na,1\nb,2\n"),
                                 TEXT("q2,case,comment\n3,b,x\n4,c,\n")};
    struct run r;
    run_texts(&r, files, 2, NO_OPTIONS);
    assert_text("a[: 1 - -]\nb[: 2 - -, - 3 <x>]\nc[: - 4 .]\n", buffer_view(&r.cases));
    assert_int_equal(r.put, 2);
    run_deinit(&r);
    const struct text missing[] = {TEXT("case,q1\na,1\n"), TEXT("q1\n1\n")};
    run_texts(&r, missing, 2, NO_OPTIONS);
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, "'f2' has no column called 'case'");
    run_deinit(&r);
}

static void test_57_repeated_respondents(void **state)
{
    (void)state;
    struct run r;
    static const char CONTENT[] = "case,partner,respondent,q1\na,x,ann,1\na,x,bob,2\na,y,ann,3\n"
                                  "a,x,ann,4\na,x,,5\na,x,,1\na,x,\"bob\",dk\n";
    for (int sorted = 0; sorted < 2; sorted++) {
        run_c(&r, CONTENT, (struct survey_options){.sorted = sorted});
        assert_text("a[x: 4, dk, 5, 1 | y: 3]\n", buffer_view(&r.cases));
        assert_int_equal(r.counts.repeated_respondents, 2);
        assert_int_equal(r.counts.used, 7);
        run_deinit(&r);
    }
}

static void test_facts_that_differ(void **state)
{
    (void)state;
    struct run r;
    for (int sorted = 0; sorted < 2; sorted++) {
        run_c(&r,
              "case,q1,age,sector\na,1,10,health\na,2,,\na,3,10,health\nb,1,5,other\nb,1,6,other\n"
              "c,1,,health\nc,1,,other\nd,1,dk,na\nd,1,4,other\n",
              (struct survey_options){.sorted = sorted});
        assert_int_equal(r.counts.fact_conflicts, 2);
        run_deinit(&r);
    }
}

static void test_60_keys_out_of_order(void **state)
{
    (void)state;
    struct run r;
    run_c(&r, "case,q1\na,1\nb,2\nb,3\na,4\n", SORTED);
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, "'f1', line 5: the case 'a' stands behind the case 'b'");
    run_deinit(&r);
    run_c(&r, "case,q1\na,1\nB,2\n", SORTED);
    assert_holds(&r.problems, "E2015");
    run_deinit(&r);
    /* Garbage that is no row has no key; a rejected answer has one. */
    assert_run(
        "case,q1\nb,1\nzzz\n\nb,2\na\"x,3\nc,9\nd,4\n", SORTED, "b[: 1, 2]\nd[: 4]\n",
        "f1,3,q1,,\"TOO FEW FIELDS: the row has 1 fields, the header 2\"\n"
        "f1,6,case,\"a\"\"x\",\"UNQUOTED VALUE: a quote in a field that does not begin with one, "
        "or text behind a closing quote; put the whole field in quotes and double the quotes "
        "in it\"\nf1,7,q1,9,\"OUTSIDE THE RANGE: write a whole number from 1 to 5; or dk, na "
        "or nothing\"\n");
    run_c(&r, "case,q1\nb,1\nc,9\nb,2\n", SORTED);
    assert_holds(&r.problems, "line 4: the case 'b' stands behind the case 'c'");
    run_deinit(&r);
}

static void test_60_sorted_over_files(void **state)
{
    (void)state;
    struct run r;
    const struct text good[] = {TEXT("case,q1\na,1\nb,2\n"), TEXT("case,q1\n"),
                                TEXT("case,q1\nbb,3\nc,4\n")};
    run_texts(&r, good, 3, SORTED);
    assert_text("a[: 1]\nb[: 2]\nbb[: 3]\nc[: 4]\n", buffer_view(&r.cases));
    run_deinit(&r);
    const struct text again[] = {TEXT("case,q1\na,1\nb,2\n"), TEXT("case,q1\nb,3\n")};
    run_texts(&r, again, 2, SORTED);
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, "error[E2016]: 'f2': the case 'b' began in the file before");
    run_deinit(&r);
    const struct text back[] = {TEXT("case,q1\na,1\nb,2\n"), TEXT("case,q1\n,1\naa,3\n")};
    run_texts(&r, back, 2, SORTED);
    assert_holds(&r.problems, "'f2', line 3: the case 'aa' stands behind the case 'b'");
    run_deinit(&r);
}

/* --- against a list ------------------------------------------------------------------------------
 */

struct listed {
    char name[16], partner[16], respondent[16];
    int q1, q2;
};

static int compare_listed(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    int names = strcmp(x->name, y->name);
    return names ? names : x < y ? -1 : 1;
}

static void show_listed(struct buffer *out, const struct listed *l, size_t n)
{
    bool *done = calloc(n + 1, sizeof *done);
    for (size_t i = 0; i < n; i++) {
        if (done[i])
            continue;
        buffer_c(out, l[i].name);
        buffer_byte(out, '[');
        for (size_t j = i, partners = 0; j < n; j++) {
            if (done[j] || strcmp(l[i].name, l[j].name) != 0)
                continue;
            buffer_c(out, partners++ ? " | " : "");
            buffer_c(out, l[j].partner);
            for (size_t k = j, rows = 0; k < n; k++) {
                if (done[k] || strcmp(l[k].name, l[j].name) != 0 ||
                    strcmp(l[k].partner, l[j].partner) != 0)
                    continue;
                size_t last = k;
                for (size_t m = k; m < n; m++)
                    if (!done[m] && l[k].respondent[0] && strcmp(l[m].name, l[k].name) == 0 &&
                        strcmp(l[m].partner, l[k].partner) == 0 &&
                        strcmp(l[m].respondent, l[k].respondent) == 0) {
                        last = m;
                        if (m > k)
                            done[m] = true;
                    }
                done[k] = true;
                char row[32];
                snprintf(row, sizeof row, "%c %d %d", rows++ ? ',' : ':', l[last].q1, l[last].q2);
                buffer_text(out, text_from_c(row));
            }
        }
        buffer_c(out, "]\n");
    }
    free(done);
}

static size_t make_listed(struct listed *l, uint64_t *random, bool respondents)
{
    size_t n = 1 + kit_random(random) % 150, cases = 1 + kit_random(random) % 40;
    for (size_t i = 0; i < n; i++) {
        snprintf(l[i].name, sizeof l->name, "c%03u", (unsigned)(kit_random(random) % cases));
        snprintf(l[i].partner, sizeof l->partner, "p%u", (unsigned)(kit_random(random) % 3));
        snprintf(l[i].respondent, sizeof l->respondent, "%s",
                 !respondents || kit_random(random) % 3 == 0 ? ""
                 : kit_random(random) % 2                    ? "r"
                                                             : "s");
        l[i].q1 = 1 + (int)(kit_random(random) % 5);
        l[i].q2 = 1 + (int)(kit_random(random) % 5);
    }
    return n;
}

static void write_listed(struct buffer *out, const struct listed *l, size_t n, bool respondents)
{
    char row[80];
    buffer_c(out, respondents ? "q1,respondent,case,partner,q2\n" : "q1,case,partner,q2\n");
    for (size_t i = 0; i < n; i++) {
        if (respondents)
            snprintf(row, sizeof row, "%d,%s,%s,%s,%d\n", l[i].q1, l[i].respondent, l[i].name,
                     l[i].partner, l[i].q2);
        else
            snprintf(row, sizeof row, "%d,%s,%s,%d\n", l[i].q1, l[i].name, l[i].partner, l[i].q2);
        buffer_text(out, text_from_c(row));
    }
}

static void test_grouping_is_that_of_a_list(void **state)
{
    (void)state;
    uint64_t random = 7;
    struct listed rows[200];
    for (int i = 0; i < 1500; i++) {
        struct buffer content, expected;
        struct run r;
        bool sorted = i % 2;
        buffer_init(&content);
        buffer_init(&expected);
        size_t n = make_listed(rows, &random, i % 4 > 1);
        if (sorted)
            qsort(rows, n, sizeof *rows, compare_listed);
        write_listed(&content, rows, n, i % 4 > 1);
        show_listed(&expected, rows, n);
        buffer_byte(&expected, '\0');
        struct text t = buffer_view(&content);
        run_texts(&r, &t, 1,
                  (struct survey_options){.sorted = sorted,
                                          .chunk = 20 + kit_random(&random) % 400,
                                          .memory = i % 8 < 2 ? 64 << 10 : 0});
        assert_text(expected.at, buffer_view(&r.cases));
        assert_int_equal(r.counts.used, n);
        run_deinit(&r);
        buffer_deinit(&content);
        buffer_deinit(&expected);
    }
}

/* More cases than a block holds, more rows than a chunk; kept cells are those of the first row. */
static void test_many_cases(void **state)
{
    (void)state;
    const char *const keep[] = {"note", "q1"};
    struct buffer b;
    struct run r[2];
    buffer_init(&b);
    buffer_c(&b, "case,q1,note,comment\n");
    for (int i = 0; i < 30000; i++) {
        char row[80];
        snprintf(row, sizeof row, "k%05d,%d,\"n%d\",%s\n", i / 3, 1 + i % 5, i,
                 i % 7 ? "" : "\"a \"\"b\"\"\"");
        buffer_text(&b, text_from_c(row));
    }
    struct text t = buffer_view(&b);
    for (int sorted = 0; sorted < 2; sorted++) {
        run_texts(&r[sorted], &t, 1,
                  (struct survey_options){
                      .keep = keep, .keep_count = 2, .sorted = sorted, .chunk = 100000});
        assert_int_equal(r[sorted].case_count, 10000);
    }
    assert_true(text_equal(buffer_view(&r[0].cases), buffer_view(&r[1].cases)));
    assert_true(text_equal(buffer_view(&r[0].kept), buffer_view(&r[1].kept)));
    assert_true(text_starts(buffer_view(&r[0].kept), "\"n0\",1\n\"n3\",4\n\"n6\",2\n"));
    run_deinit(&r[0]);
    run_deinit(&r[1]);
    buffer_deinit(&b);
}

static void test_59_one_case_with_very_many_respondents(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, "case,q1\n");
    for (int i = 0; i < 200000; i++)
        buffer_c(&b, "one,3\n");
    struct text t = buffer_view(&b);
    for (int sorted = 0; sorted < 2; sorted++) {
        run_texts(&r, &t, 1, (struct survey_options){.sorted = sorted});
        assert_int_equal(r.case_count, 1);
        assert_int_equal(r.counts.used, 200000);
        run_deinit(&r);
        run_texts(&r, &t, 1, (struct survey_options){.sorted = sorted, .memory = 1 << 20});
        assert_int_equal(r.exit, EXIT_LIMIT);
        assert_holds(&r.problems, "E2017");
        assert_holds(&r.problems, "the rows of one case do not fit into 1 MiB of memory");
        assert_holds(&r.problems, "allow more memory, or look whether the case column");
        run_deinit(&r);
    }
    buffer_deinit(&b);
}

static void test_too_many_partners(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, "case,partner,q1\n");
    for (unsigned i = 0; i < LIMIT_PARTNERS + 2; i++) {
        buffer_c(&b, "one,p");
        buffer_unsigned(&b, i);
        buffer_c(&b, ",3\n");
    }
    buffer_c(&b, "one,p0,4\n");
    struct text t = buffer_view(&b);
    for (int sorted = 0; sorted < 2; sorted++) {
        run_texts(&r, &t, 1, (struct survey_options){.sorted = sorted});
        assert_int_equal(r.counts.rejected, 2);
        assert_int_equal(r.counts.used, LIMIT_PARTNERS + 1);
        assert_holds(&r.rejects, "f1,1026,partner,p1024,\"TOO MANY PARTNERS: a case may have 1024 "
                                 "partners; look whether");
        run_deinit(&r);
    }
    buffer_deinit(&b);
}

/* Rejects of a stored export are handed out on the way: more than a chunk of them. */
static void test_many_rejects_of_a_stored_export(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, "case,q1\n");
    for (int i = 0; i < 60000; i++)
        buffer_c(&b, i % 3 ? "a,9\n" : "b,2\n");
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, (struct survey_options){.chunk = 4096});
    assert_int_equal(r.counts.rejected, 40000);
    assert_int_equal(r.counts.used, 20000);
    assert_int_equal(r.case_count, 1);
    assert_true(r.chunks > 2);
    assert_true(text_starts(buffer_view(&r.rejects), "f1,3,q1,9,"));
    assert_holds(&r.rejects, "\nf1,60001,q1,9,");
    run_deinit(&r);
    buffer_deinit(&b);
}

/* --- several threads
 * ------------------------------------------------------------------------------ */

enum { THREADS = 4, MOST_CHUNKS = 4096 };

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct survey *survey;
    struct run *of_chunk[MOST_CHUNKS]; /* in the order of chunks */
    size_t chunks, stored;
    bool failed, spilling;
};

/* Under the lock: what was parsed of chunk `i` is stored when it is its turn, and spilled beside
 * what the others do. */
static void store_in_turn(struct shared *m, struct survey_parser *p, size_t i, struct problems *ps)
{
    struct survey_rows rows;
    struct survey_spill *spill = NULL;
    survey_rows_init(&rows);
    survey_parser_rows(p, &rows);
    while (m->stored < i || (m->spilling && survey_is_full(m->survey)))
        pthread_cond_wait(&m->changed, &m->lock);
    m->failed |= !survey_store(m->survey, &rows, m->spilling ? NULL : &spill, ps);
    m->stored++;
    pthread_cond_broadcast(&m->changed);
    if (spill) {
        m->spilling = true;
        pthread_mutex_unlock(&m->lock);
        bool ok = survey_spill(m->survey, spill, ps);
        pthread_mutex_lock(&m->lock);
        m->spilling = false;
        m->failed |= !ok;
    }
    pthread_cond_broadcast(&m->changed);
    survey_rows_deinit(&rows);
}

static void *parse_chunks(void *ctx)
{
    struct shared *m = ctx;
    struct problems *ps = problems_new();
    pthread_mutex_lock(&m->lock);
    struct survey_parser *p = survey_parser_new(m->survey, ps);
    for (;;) {
        struct survey_chunk *c = NULL;
        struct run *r = calloc(1, sizeof *r);
        run_init(r);
        bool ok;
        while ((ok = survey_read(m->survey, &c, ps)) && !c && survey_is_waiting(m->survey))
            pthread_cond_wait(&m->changed, &m->lock);
        ok = ok && c;
        size_t i = m->chunks;
        if (ok)
            m->of_chunk[m->chunks++] = r;
        pthread_mutex_unlock(&m->lock);
        if (!ok) {
            free(r);
            break;
        }
        ok = run_chunk(r, m->survey, p, c, ps);
        pthread_mutex_lock(&m->lock);
        m->failed |= !ok;
        store_in_turn(m, p, i, ps);
        survey_chunk_recycle(m->survey, c);
    }
    survey_parser_free(p);
    problems_free(ps);
    return NULL;
}

static void run_threads(struct run *all, struct text content, struct survey_options o)
{
    static struct shared m;
    struct kit_file f = kit_open(content);
    const char *const files[] = {f.path};
    struct problems *ps = problems_new();
    pthread_t threads[THREADS];
    memset(&m, 0, sizeof m);
    pthread_mutex_init(&m.lock, NULL);
    pthread_cond_init(&m.changed, NULL);
    o.files = files;
    o.file_count = 1;
    m.survey = survey_new(kit_kb(), &o, ps);
    assert_non_null(m.survey);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, parse_chunks, &m), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_false(m.failed);
    run_init(all);
    for (size_t i = 0; i < m.chunks; i++) {
        buffer_text(&all->cases, buffer_view(&m.of_chunk[i]->cases));
        buffer_text(&all->rejects, buffer_view(&m.of_chunk[i]->rejects));
        survey_counts_add(&all->counts, &m.of_chunk[i]->counts);
        run_deinit(m.of_chunk[i]);
        free(m.of_chunk[i]);
    }
    kit_rename(&all->rejects, f.path, 1);
    survey_free(m.survey);
    problems_free(ps);
    pthread_cond_destroy(&m.changed);
    pthread_mutex_destroy(&m.lock);
    kit_close(&f);
}

static void test_threads_change_nothing(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, "case,partner,q1,comment,age\n");
    for (int i = 0; i < 40000; i++) {
        char row[120];
        snprintf(row, sizeof row, "k%05d,p%d,%d,%s,%d\n", i / 4, i % 3, 1 + i % 6,
                 i % 7 ? "" : "\"d\xC3\xA9lai, \"\"e\xCC\x81\"\"\"", i % 13);
        buffer_text(&b, text_from_c(row));
    }
    struct survey_options ways[] = {{.each_row = true, .chunk = 8000},
                                    {.sorted = true, .chunk = 8000},
                                    {.chunk = 8000},
                                    {.chunk = 8000, .memory = 3 << 20}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct text t = buffer_view(&b);
        struct run one, many;
        run_texts(&one, &t, 1, ways[i]);
        run_threads(&many, t, ways[i]);
        assert_true(one.counts.rejected > 1000);
        assert_true(text_equal(buffer_view(&one.cases), buffer_view(&many.cases)));
        assert_true(text_equal(buffer_view(&one.rejects), buffer_view(&many.rejects)));
        assert_memory_equal(&one.counts, &many.counts, sizeof one.counts);
        run_deinit(&one);
        run_deinit(&many);
    }
    buffer_deinit(&b);
}

TEST_MAIN(14, cmocka_unit_test(test_every_row_a_case), cmocka_unit_test(test_names_of_many_rows),
          cmocka_unit_test(test_stored_cases), cmocka_unit_test(test_one_case_in_two_files),
          cmocka_unit_test(test_57_repeated_respondents), cmocka_unit_test(test_facts_that_differ),
          cmocka_unit_test(test_60_keys_out_of_order), cmocka_unit_test(test_60_sorted_over_files),
          cmocka_unit_test(test_grouping_is_that_of_a_list), cmocka_unit_test(test_many_cases),
          cmocka_unit_test(test_59_one_case_with_very_many_respondents),
          cmocka_unit_test(test_too_many_partners),
          cmocka_unit_test(test_many_rejects_of_a_stored_export),
          cmocka_unit_test(test_threads_change_nothing))
