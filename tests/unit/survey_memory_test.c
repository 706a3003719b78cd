/* A survey when memory is short: it says so and leaks nothing; and once it is warm it needs none.
 */
#include "survey_kit.h"

struct short_of_memory {
    struct survey_options options;
    uint64_t cases; /* that there are */
};

static void run_once(void *ctx)
{
    struct short_of_memory *m = ctx;
    struct problems *ps = problems_new();
    if (!ps)
        return;
    struct survey_block block;
    struct survey_chunk *c = NULL;
    struct survey *s = survey_new(kit_kb(), &m->options, ps);
    struct survey_parser *p = s ? survey_parser_new(s, ps) : NULL;
    bool ok = p != NULL;
    uint64_t cases = 0;
    while (ok && (ok = survey_read(s, &c, ps)) && c) {
        survey_parser_start(p, c);
        while ((ok = survey_parse(p, &block, ps)) && block.cases)
            cases += block.cases->case_count;
        ok = survey_done(s, p, c, ps) && ok;
    }
    if (ok)
        assert_int_equal(cases, m->cases);
    else
        assert_int_equal(problems_exit(ps), EXIT_LIMIT);
    survey_parser_free(p);
    survey_free(s);
    problems_free(ps);
}

static void starve(const char *name, const char *content, struct survey_options o, uint64_t cases)
{
    char *folder = test_folder_new(), path[300];
    kit_kb();
    kit_write(folder, name, content);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    const char *const files[] = {path};
    o.files = files;
    o.file_count = 1;
    struct short_of_memory m = {.options = o, .cases = cases};
    test_each_allocation(run_once, &m);
    test_folder_free(folder);
}

static const char EXPORT[] =
    "case,partner,respondent,q1,comment,budget,x\n"
    "a,p,r,1,\"d\xC3\xA9 \"\"x\"\"\",3,\nb,p,r,2,e\xCC\x81,1,\nb,p,r,,,7,\n"
    "b,q,s,9,,,\nc,\"q\"\"\",,4,,,y\n";

static void test_101_102_exports(void **state)
{
    (void)state;
    const char *const keep[] = {"x"};
    starve("e.csv", EXPORT, (struct survey_options){.keep = keep, .keep_count = 1}, 3);
    starve("e.csv", EXPORT, (struct survey_options){.sorted = true, .chunk = 50}, 3);
    starve("e.csv", "q1,comment\n1,\"a\"\"b\"\n9,\n2,e\xCC\x81\n3,\n", NO_OPTIONS, 3);
}

/* Another encoding, a dialect, labels, choices, keys that are made. */
static void test_101_102_mapping(void **state)
{
    (void)state;
    struct kit_file map = kit_open(
        TEXT("case: {column: c, values: [{label: A, is: B}]}\nwave: {column: w}\n"
             "questions: [{question: q1, header: \"L'\xC3\xA9\", labels: agreement},\n"
             "  {question: tools, column: t, blank: none}, {question: ready, pattern: '^r'}]\n"));
    starve("e.csv",
           "c;w;\"l&rsquo;\xE9\";t;r;lastpage;seed\na;1;d'accord;mail, phone;oui;1;2\n"
           "a;2;9;mail;;;\nb;2;Pas d\x92"
           "accord;;non;;\n",
           (struct survey_options){.map = map.path}, 2);
    kit_close(&map);
}

static void propose_once(void *ctx)
{
    struct survey_options *o = ctx;
    struct problems *ps = problems_new();
    struct buffer out;
    buffer_init(&out);
    if (ps && !survey_propose(kit_kb(), o, NULL, NULL, &out, ps))
        assert_int_equal(problems_exit(ps), EXIT_LIMIT);
    buffer_deinit(&out);
    problems_free(ps);
}

static void test_101_102_proposal(void **state)
{
    (void)state;
    struct kit_file f = kit_open(TEXT("case,One,Tools [M],Tools [P],\"Ready \xC3\xA0 go\"\n"
                                      "a,D'accord,1,0,\"a \"\"b\"\"\"\nb,perhaps,,,\n"));
    const char *const files[] = {f.path};
    struct survey_options o = {.files = files, .file_count = 1};
    kit_kb();
    test_each_allocation(propose_once, &o);
    kit_close(&f);
}

static void test_101_102_sheets(void **state)
{
    (void)state;
    starve("s.yaml", "respondents:\n  - {partner: a, answers: {q1: 1, comment: e\xCC\x81}}\n",
           NO_OPTIONS, 1);
}

/* After some chunks every allocation fails, and nothing is missed. */
static void warm_up(struct survey_options o)
{
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, "case,partner,q1,comment,budget,tools\n");
    for (int i = 0; i < 40000; i++) {
        char row[120];
        snprintf(row, sizeof row, "k%05d,p%d,%d,%s,%d,mail phone\n", i / 4, i % 3, 1 + i % 5,
                 i % 7 ? "d\xC3\xA9lai" : "\"a \"\"b\"\"\"", i % 13);
        buffer_text(&b, text_from_c(row));
    }
    struct kit_file f = kit_open(buffer_view(&b));
    const char *const files[] = {f.path};
    struct problems *ps = problems_new();
    struct survey_block block;
    struct survey_chunk *c;
    uint64_t rows = 0;
    int chunks = 0;
    o.files = files;
    o.file_count = 1;
    struct survey *s = survey_new(kit_kb(), &o, ps);
    struct survey_parser *p = survey_parser_new(s, ps);
    for (; survey_read(s, &c, ps) && c; chunks++) {
        if (chunks == 6 || chunks == 12)
            test_fail_allocation(chunks == 6, true); /* not at the end: the last key is kept */
        survey_parser_start(p, c);
        while (survey_parse(p, &block, ps) && block.cases)
            rows += block.cases->respondent_count;
        survey_chunk_recycle(s, c);
        assert_int_equal(test_failed_allocations(), 0);
    }
    assert_true(chunks > 12);
    assert_int_equal(rows, 40000);
    assert_int_equal(problems_count(ps, SEVERITY_NOTE), 0);
    survey_parser_free(p);
    survey_free(s);
    problems_free(ps);
    kit_close(&f);
    buffer_deinit(&b);
}

static void test_warm_blocks_allocate_nothing(void **state)
{
    (void)state;
    warm_up((struct survey_options){.each_row = true, .chunk = 64000});
    warm_up((struct survey_options){.sorted = true, .chunk = 64000});
}

TEST_MAIN(5, cmocka_unit_test(test_101_102_exports), cmocka_unit_test(test_101_102_mapping),
          cmocka_unit_test(test_101_102_proposal), cmocka_unit_test(test_101_102_sheets),
          cmocka_unit_test(test_warm_blocks_allocate_nothing))
