/* Answer sheets: one case in YAML. */
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
    assert_holds(&r.problems, "error[E2106]: ");
    assert_holds(&r.problems, "are both about the case 'b'");
    run_deinit(&r);
    const char *const mixed[] = {"a.yaml", "b.csv"};
    struct survey_options o = {.files = mixed, .file_count = 2};
    run_survey(&r, &o);
    assert_holds(&r.problems, "error[E2018]: 'a.yaml' is an answer sheet and 'b.csv' is an export");
    run_deinit(&r);
}

static void test_sheets_that_are_wrong(void **state)
{
    (void)state;
    assert_no_sheet("respondents:\n  - {partner: a, answers: {q1: 7}}\n",
                    "error[E2103]: '7' is no answer to 'q1': write a whole number from 1 to 5");
    assert_no_sheet("respondents:\n  - {partner: a, answers: {budget: 1e5}}\n",
                    "an exponent; write 1000, not 1e3; write a number from -1000 to 1000000");
    assert_no_sheet("respondents:\n  - {partner: a, answers: {q1: [1, 2]}}\n",
                    "a list goes only with questions where several choices may be ticked");
    assert_no_sheet("respondents:\n  - {partner: a, answers: {tols: [mail]}}\n",
                    "error[E2102]: there is no question called 'tols'");
    assert_no_sheet("respondents:\n  - {partner: a, answers: {age: 3}}\n",
                    "error[E2104]: 'age' is about the partnership; it stands under facts");
    assert_no_sheet("facts: {q1: 3}\n",
                    "error[E2105]: 'q1' is about a partner; it stands under the answers");
    assert_no_sheet("case: x\n", "error[E2108]: the answer sheet holds no answers");
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
    assert_holds(&r.problems, "error[E2107]: the case has more than 1024 partners");
    run_deinit(&r);
    buffer_clear(&b);
    buffer_repeat(&b, '#', LIMIT_SHEET + 1);
    buffer_byte(&b, '\0');
    content = b.at;
    run_sheets(&r, &content, 1);
    assert_holds(&r.problems, "error[E2101]: ");
    assert_holds(&r.problems, "is longer than 4194304 bytes");
    run_deinit(&r);
    buffer_deinit(&b);
}

TEST_MAIN(5, cmocka_unit_test(test_answers_of_every_kind),
          cmocka_unit_test(test_forms_say_what_is_put), cmocka_unit_test(test_facts_alone),
          cmocka_unit_test(test_several_sheets), cmocka_unit_test(test_sheets_that_are_wrong))
