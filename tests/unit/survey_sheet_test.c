/* Answer sheets; and what happens to a survey when memory is short. */
#include "survey_kit.h"

/* Sheets s0.yaml, s1.yaml ... in a folder of their own. */
static void run_sheets(struct run *r, const char *const *contents, size_t count)
{
    char *folder = test_folder_new(), paths[4][300], name[32];
    const char *files[4];
    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "s%zu.yaml", i);
        kit_write(folder, name, contents[i]);
        snprintf(paths[i], sizeof paths[i], "%s/%s", folder, name);
        files[i] = paths[i];
    }
    struct survey_options o = {.files = files, .file_count = count};
    run_survey(r, &o);
    test_folder_free(folder);
}

static void assert_sheet(const char *content, const char *cases)
{
    struct run r;
    run_sheets(&r, &content, 1);
    if (!r.opened)
        print_error("%.*s\n", (int)r.problems.size, r.problems.at);
    assert_true(r.opened);
    assert_text(cases, buffer_view(&r.cases));
    run_deinit(&r);
}

static void assert_no_sheet(const char *content, const char *what)
{
    struct run r;
    run_sheets(&r, &content, 1);
    assert_false(r.opened);
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, what);
    run_deinit(&r);
}

static void test_answers_of_every_kind(void **state)
{
    (void)state;
    assert_sheet(
        "case: V2\nfacts: {age: 18, sector: health}\nrespondents:\n"
        "  - {partner: pme, answers: {q1: 1, q2: dk, comment: D\xC3\xA9lai, ready: yes}}\n"
        "  - {partner: eq, answers: {q1: na, tools: [mail, portal], budget: -2.5, q2: ~}}\n"
        "  - {partner: pme, answers: {q1: null, q2: \"3\", comment: \"\"}}\n",
        "V2[pme: 1 dk 18 . yes health . <D\xC3\xA9lai>, . 3 - . . - . . | "
        "eq: na . - -2.5 . - {mail portal} .]\n");
}

static void test_forms_say_what_is_put(void **state)
{
    (void)state;
    struct run r;
    const char *content = "form: short\nrespondents:\n  - {partner: a, answers: {q1: 2, q9: 3}}\n";
    assert_sheet(content, "s0[a: 2 . 3]\n");
    content = "form: long\nrespondents:\n  - {partner: a, answers: {q1: 2}}\n";
    run_sheets(&r, &content, 1);
    assert_int_equal(r.put, kit_kb()->question_count - 1);
    run_deinit(&r);
    content = "form: given\nrespondents:\n  - {partner: a, answers: {q1: 2, q3: null}}\n";
    run_sheets(&r, &content, 1);
    assert_int_equal(r.put, 2);
    assert_int_equal(r.counts.read, 1);
    run_deinit(&r);
}

static void test_facts_alone(void **state)
{
    (void)state;
    assert_sheet("case: x\nfacts: {age: 18}\n", "x[: 18]\n");
}

static void test_several_sheets(void **state)
{
    (void)state;
    struct run r;
    const char *const two[] = {"case: b\nrespondents:\n  - {partner: p, answers: {q1: 1}}\n",
                               "case: a\nrespondents:\n  - {partner: p, answers: {q2: 2}}\n"};
    run_sheets(&r, two, 2);
    assert_text("b[p: 1 -]\na[p: - 2]\n", buffer_view(&r.cases));
    run_deinit(&r);
    const char *const same[] = {two[0], two[0]};
    run_sheets(&r, same, 2);
    assert_holds(&r.problems, "are both about the case 'b'");
    run_deinit(&r);
    const char *const mixed[] = {"a.yaml", "b.csv"};
    struct survey_options o = {.files = mixed, .file_count = 2};
    run_survey(&r, &o);
    assert_holds(&r.problems, "'a.yaml' is an answer sheet and 'b.csv' is an export");
    run_deinit(&r);
}

static void test_sheets_that_are_wrong(void **state)
{
    (void)state;
    assert_no_sheet("respondents:\n  - {partner: a, answers: {q1: 7}}\n",
                    "'7' is no answer to 'q1': write a whole number from 1 to 5");
    assert_no_sheet("respondents:\n  - {partner: a, answers: {budget: 1e5}}\n",
                    "an exponent; write 1000, not 1e3; write a number from -1000 to 1000000");
    assert_no_sheet("respondents:\n  - {partner: a, answers: {q1: [1, 2]}}\n",
                    "a list goes only with questions where several choices may be ticked");
    assert_no_sheet("respondents:\n  - {partner: a, answers: {tols: [mail]}}\n",
                    "there is no question called 'tols'");
    assert_no_sheet("respondents:\n  - {partner: a, answers: {age: 3}}\n",
                    "'age' is about the partnership; it stands under facts");
    assert_no_sheet("facts: {q1: 3}\n", "'q1' is about a partner; it stands under the answers");
    assert_no_sheet("case: x\n", "the answer sheet holds no answers");
    assert_no_sheet("respondents: [\n", "error");
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, "case: x\nrespondents:\n");
    for (unsigned i = 0; i <= LIMIT_PARTNERS; i++) {
        buffer_c(&b, "  - {partner: p");
        buffer_unsigned(&b, i);
        buffer_c(&b, ", answers: {q1: 1}}\n");
    }
    buffer_byte(&b, '\0');
    const char *content = b.at;
    run_sheets(&r, &content, 1);
    assert_int_equal(r.exit, EXIT_LIMIT);
    assert_holds(&r.problems, "the case has more than 1024 partners");
    run_deinit(&r);
    buffer_clear(&b);
    buffer_repeat(&b, '#', LIMIT_SHEET + 1);
    buffer_byte(&b, '\0');
    content = b.at;
    run_sheets(&r, &content, 1);
    assert_holds(&r.problems, "is longer than 4194304 bytes");
    run_deinit(&r);
    buffer_deinit(&b);
}

/* --- memory -------------------------------------------------------------------------------------
 */

struct short_of_memory {
    const char *content;
    struct survey_options options;
    const char *suffix;
    struct buffer whole; /* the cases with all memory there is */
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
        survey_chunk_free(c);
    }
    if (ok)
        assert_int_equal(cases, 3);
    else
        assert_int_equal(problems_exit(ps), EXIT_LIMIT);
    survey_parser_free(p);
    survey_free(s);
    problems_free(ps);
}

static void starve(const char *name, const char *content, struct survey_options o)
{
    char *folder = test_folder_new(), path[300];
    kit_kb();
    kit_write(folder, name, content);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    const char *const files[] = {path};
    o.files = files;
    o.file_count = 1;
    struct short_of_memory m = {.options = o};
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
    starve("e.csv", EXPORT, (struct survey_options){.keep = keep, .keep_count = 1});
    starve("e.csv", EXPORT, (struct survey_options){.sorted = true, .chunk = 50});
    starve("e.csv", "q1,comment\n1,\"a\"\"b\"\n9,\n2,e\xCC\x81\n3,\n", NO_OPTIONS);
}

TEST_MAIN(6, cmocka_unit_test(test_answers_of_every_kind),
          cmocka_unit_test(test_forms_say_what_is_put), cmocka_unit_test(test_facts_alone),
          cmocka_unit_test(test_several_sheets), cmocka_unit_test(test_sheets_that_are_wrong),
          cmocka_unit_test(test_101_102_exports))
