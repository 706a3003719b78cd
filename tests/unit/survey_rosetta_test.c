/* One questionnaire as four tools export it: every file says, through one mapping, what
 * rosetta/expected.json says (its README tells what is right to differ). */
#include "test.h"

#include "survey/survey.h"
#include <jansson.h>

#define FOLDER "tests/unit/rosetta/"

static const struct kb *kb;
static json_t *expected;

static uint32_t question(const char *id)
{
    uint32_t q = kb_question(kb, text_from_c(id));
    assert_true(q != NONE);
    return q;
}

static void check_scales(const struct cases *c, uint32_t row, json_t *answers)
{
    const char *id;
    json_t *is;
    json_object_foreach(answers, id, is)
    {
        const struct column *column = &c->columns[question(id)];
        assert_int_equal(column->code[row], json_is_null(is) ? CODE_BLANK : json_integer_value(is));
    }
}

/* What a code stands for, as the file calls it. */
static void check_role(const struct cases *c, uint32_t row, json_t *wanted)
{
    uint32_t q = question("role");
    const char *role = json_is_true(json_object_get(wanted, "role_is_other"))
                           ? "Autre"
                           : json_string_value(json_object_get(wanted, "role"));
    uint8_t code = c->columns[q].code[row];
    assert_in_range(code, 1, kb->questions[q].choice_count);
    assert_text(role, kb->questions[q].choices[code - 1].label);
}

static void check_obstacles(const struct cases *c, uint32_t row, json_t *wanted)
{
    uint32_t q = question("obstacles");
    const struct column *column = &c->columns[q];
    uint64_t ticked = 0;
    size_t i;
    json_t *label;
    json_array_foreach(wanted, i, label) for (uint32_t k = 0; k < kb->questions[q].choice_count;
                                              k++) ticked |=
        (uint64_t)text_is(kb->questions[q].choices[k].label, json_string_value(label)) << k;
    assert_int_equal(__builtin_popcountll(ticked), json_array_size(wanted));
    if (json_is_null(wanted)) {
        assert_int_not_equal(column->code[row], 1);
        return;
    }
    assert_int_equal(column->code[row], 1);
    assert_int_equal(column->ticked[row], ticked);
}

static void check_rest(const struct cases *c, uint32_t row, json_t *wanted)
{
    const struct column *time = &c->columns[question("time_percent")];
    const struct column *comment = &c->columns[question("comment")];
    json_t *percent = json_object_get(wanted, "time_percent"),
           *said = json_object_get(wanted, "comment");
    assert_int_equal(time->code[row], json_is_null(percent) ? CODE_BLANK : 1);
    if (!json_is_null(percent))
        assert_true(time->number[row] == json_real_value(percent));
    assert_int_equal(comment->code[row], json_is_null(said) ? CODE_BLANK : 1);
    if (!json_is_null(said))
        assert_text(json_string_value(said), comment->texts[row]);
}

static void check_block(const struct survey_block *b, uint32_t first)
{
    for (uint32_t i = 0; i < b->cases->case_count; i++) {
        const struct cases *c = b->cases;
        json_t *wanted = json_array_get(json_object_get(expected, "rows"), first + i);
        uint32_t row = c->respondent_from[c->partner_from[i]];
        assert_non_null(wanted);
        assert_text(json_string_value(json_object_get(wanted, "side")),
                    c->partner_names[c->partner_from[i]]);
        check_scales(c, row, json_object_get(wanted, "answers"));
        check_role(c, row, wanted);
        check_obstacles(c, row, json_object_get(wanted, "obstacles"));
        check_rest(c, row, wanted);
    }
}

static void check_file(const char *path, uint32_t rows, uint32_t abandoned)
{
    const char *const files[] = {path};
    struct survey_options o = {
        .files = files, .file_count = 1, .each_row = true, .map = FOLDER "map.yaml"};
    struct problems *problems = problems_new();
    struct survey *s = survey_new(kb, &o, problems);
    assert_non_null(s);
    struct survey_parser *p = survey_parser_new(s, problems);
    struct survey_chunk *c = NULL;
    struct survey_block block;
    struct survey_counts counts;
    uint32_t seen = 0;
    while (survey_read(s, &c, problems) && c) {
        survey_parser_start(p, c);
        while (survey_parse(p, &block, problems) && block.cases) {
            check_block(&block, seen);
            seen += block.cases->case_count;
        }
        survey_parser_counts(p, &counts);
        assert_true(survey_done(s, p, c, problems));
    }
    assert_false(problems_has_error(problems));
    assert_int_equal(seen, rows);
    assert_int_equal(counts.read, rows);
    assert_int_equal(counts.used, rows);
    assert_int_equal(counts.abandoned, abandoned);
    survey_parser_free(p);
    survey_free(s);
    problems_free(problems);
}

static void test_every_file_says_the_same(void **state)
{
    (void)state;
    check_file(FOLDER "limesurvey_full_long_fr.csv", 6, 1);
    check_file(FOLDER "qualtrics_numeric_3headers.csv", 6, 1);
    check_file(FOLDER "surveymonkey_condensed_2headers.csv", 6, 0);
    check_file(FOLDER "googleforms_fr.csv", 5, 0);
}

int main(void)
{
    static const char *const PACKS[] = {FOLDER "pack"};
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_file_says_the_same)};
    struct kb_options o = {.packs = PACKS, .pack_count = 1};
    struct problems *problems = problems_new();
    struct kb *loaded = kb_new(&o, problems);
    json_error_t error;
    expected = json_load_file(FOLDER "expected.json", 0, &error);
    kb = loaded;
    int failed = loaded && expected ? test_main(tests, 1, 1) : 1;
    json_decref(expected);
    kb_free(loaded);
    problems_free(problems);
    return failed;
}
