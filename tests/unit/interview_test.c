/* interview: what is asked and what not, when it ends, what each answer would do, back and change.
 */
#include "unit/interview_world.h"

static struct answer drawn(const struct question *q)
{
    static const uint8_t DECLINED[] = {CODE_SKIPPED, CODE_UNSURE, CODE_NA};
    struct answer a = {.code = 1, .text = {"", 0}};
    if (test_below(8) == 0) {
        a.code = DECLINED[test_below(3)];
        return a;
    }
    if (q->kind == KIND_NUMBER)
        a.number = q->lo + test_below((unsigned)(q->hi - q->lo) + 1);
    else if (q->kind == KIND_MANY_OF)
        a.ticked = test_below(1u << q->choice_count);
    else if (q->kind == KIND_TEXT)
        a.text = TEXT("some words");
    else
        a.code = (uint8_t)(1 + test_below(q->choice_count));
    return a;
}

/* Opens, and asks as many partners with as many people each to the end with these answers; the ids
 * asked, with spaces between, until the next. */
static const char *run(struct inquiry *i, const char *const (*answers)[2], uint32_t people,
                       bool all)
{
    static char asked[2000];
    struct cell_at at;
    size_t n = 0;
    asked[0] = '\0';
    inquiry_open(i, NULL, people, people, all);
    for (const char *id = inquiry_now(i, &at); id[0]; id = inquiry_now(i, &at)) {
        const char *value = "dk";
        for (size_t k = 0; answers[k][0]; k++)
            if (strcmp(answers[k][0], id) == 0)
                value = answers[k][1];
        n += (size_t)snprintf(asked + n, sizeof asked - n, "%s ", id);
        assert_true(n < sizeof asked);
        inquiry_say(i, at, value);
    }
    return asked;
}

static void test_gate_that_fails_is_not_passed(void **state)
{
    static const char *const ANSWERS[][2] = {{"meets", "no"}, {"trust", "5"}, {NULL, NULL}};
    struct inquiry i;
    (void)state;
    const char *asked = run(&i, ANSWERS, 1, false);
    assert_null(strstr(asked, "useful"));
    assert_null(strstr(asked, "idle"));
    assert_non_null(strstr(asked, "trust"));
    inquiry_close(&i);
}

static void test_gate_stands_before_what_it_leads_to(void **state)
{
    static const char *const ANSWERS[][2] = {
        {"meets", "yes"}, {"useful", "1"}, {"trust", "3"}, {"age", "3"}, {NULL, NULL}};
    struct inquiry i;
    (void)state;
    const char *asked = run(&i, ANSWERS, 1, false);
    assert_non_null(strstr(asked, "useful"));
    assert_true(strstr(asked, "meets") < strstr(asked, "useful"));
    assert_non_null(strstr(asked, "age")); /* the severity hangs on it */
    inquiry_close(&i);
}

static void test_ends_as_soon_as_nothing_can_change(void **state)
{
    static const char *const ANSWERS[][2] = {{"meets", "no"}, {"trust", "5"}, {NULL, NULL}};
    struct inquiry i;
    (void)state;
    run(&i, ANSWERS, 1, false);
    assert_int_equal(interview_asked(i.iv), 2);
    for (uint32_t c = 0; c < i.kb->conclusion_count; c++)
        assert_int_equal(interview_settled(i.iv, c), SETTLED);
    inquiry_close(&i);
}

static void test_all_asks_all_that_applies_in_order(void **state)
{
    static const char *const ANSWERS[][2] = {{"meets", "no"}, {"trust", "5"}, {NULL, NULL}};
    struct inquiry i;
    (void)state;
    const char *asked = run(&i, ANSWERS, 1, true);
    assert_string_equal(asked, "meets trust mood tools age words idle ");
    inquiry_close(&i);
}

static void test_the_same_answers_the_same_questions(void **state)
{
    static const char *const ANSWERS[][2] = {
        {"meets", "yes"}, {"useful", "1"}, {"trust", "3"}, {"mood", "bad"}, {NULL, NULL}};
    char first[2000], second[2000];
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct inquiry i;
        snprintf(k ? second : first, 2000, "%s", run(&i, ANSWERS, 2, false));
        inquiry_close(&i);
    }
    assert_string_equal(first, second);
}

static void test_only_one_partner_is_asked(void **state)
{
    struct inquiry i;
    struct cell_at at;
    (void)state;
    inquiry_open(&i, NULL, 2, 2, false);
    interview_only(i.iv, 1);
    while (inquiry_now(&i, &at)[0]) {
        assert_true(at.row == NONE || interview_row_partner(i.iv, at.row) == 1);
        inquiry_say(&i, at, "dk");
    }
    assert_true(interview_asked(i.iv) > 0);
    interview_only(i.iv, 0);
    assert_true(inquiry_now(&i, &at)[0] != '\0'); /* the other one has not spoken */
    inquiry_close(&i);
}

static void test_back_keeps_later_answers(void **state)
{
    struct inquiry i;
    struct cell_at first, second, at;
    (void)state;
    inquiry_open(&i, NULL, 1, 1, false);
    assert_false(interview_back(i.iv));
    inquiry_now(&i, &first);
    inquiry_say(&i, first, "dk");
    inquiry_now(&i, &second);
    inquiry_say(&i, second, "dk");
    assert_true(interview_back(i.iv));
    inquiry_now(&i, &at);
    assert_int_equal(at.question, second.question);
    assert_true(interview_back(i.iv));
    inquiry_now(&i, &at);
    assert_int_equal(at.question, first.question);
    assert_false(interview_back(i.iv));
    inquiry_say(&i, first, "na");
    assert_int_equal(interview_answer(i.iv, first)->code, CODE_NA);
    assert_int_equal(interview_answer(i.iv, second)->code, CODE_UNSURE);
    inquiry_now(&i, &at);
    assert_int_equal(at.question, second.question);
    inquiry_close(&i);
}

static void test_what_ceases_to_apply_is_passed_over(void **state)
{
    struct inquiry i;
    struct cell_at at, meets = {0, 0};
    (void)state;
    inquiry_open(&i, NULL, 1, 1, true);
    assert_string_equal(inquiry_now(&i, &at), "meets");
    inquiry_say(&i, at, "yes");
    assert_string_equal(inquiry_now(&i, &at), "useful");
    inquiry_say(&i, at, "1");
    inquiry_say(&i, meets, "no");
    assert_string_equal(inquiry_now(&i, &at), "trust");
    assert_true(interview_back(i.iv));
    assert_string_equal(inquiry_now(&i, &at), "meets");
    inquiry_close(&i);
}

static void test_why_shows_what_each_answer_does(void **state)
{
    struct inquiry i;
    struct reasons r;
    struct cell_at trust = {2, 0};
    (void)state;
    inquiry_open(&i, NULL, 1, 1, false);
    assert_true(interview_why(i.iv, trust, &r, i.problems) == false || true);
    struct cell_at at;
    inquiry_now(&i, &at);
    assert_true(interview_why(i.iv, trust, &r, i.problems));
    assert_int_equal(r.value_count, 5);
    assert_int_equal(r.effect_count, 1);
    assert_int_equal(r.effects[0].conclusion, kb_conclusion(i.kb, TEXT("distrust")));
    assert_true(r.effects[0].then[0].lo >= 0.6 - 1e-9); /* trust = 1 */
    assert_true(r.effects[0].then[4].hi < 0.5);         /* trust = 5 */
    inquiry_close(&i);
}

/* Over the core pack, whatever it says: what is settled stays so when all the rest is answered. */
static void test_core_pack_ends_as_the_whole_does(void **state)
{
    (void)state;
    for (int k = 0; k < 6; k++) {
        struct inquiry i;
        struct cell_at at;
        uint32_t left = UINT32_MAX;
        inquiry_open(&i, "rules/core", 1 + (uint32_t)k % 2, 1, false);
        while (inquiry_now(&i, &at)[0]) {
            struct answer a = drawn(&i.kb->questions[at.question]);
            assert_true(interview_left(i.iv) < left);
            left = interview_left(i.iv);
            assert_true(interview_set(i.iv, at, &a, i.problems));
        }
        uint32_t count = i.kb->conclusion_count;
        enum settled *before = calloc(count, sizeof *before);
        for (uint32_t c = 0; c < count; c++)
            before[c] = interview_settled(i.iv, c);
        interview_set_all(i.iv, true);
        while (inquiry_now(&i, &at)[0]) {
            struct answer a = drawn(&i.kb->questions[at.question]);
            assert_true(interview_set(i.iv, at, &a, i.problems));
        }
        for (uint32_t c = 0; c < count; c++)
            if (before[c] == SETTLED)
                assert_int_equal(interview_settled(i.iv, c), SETTLED);
        free(before);
        inquiry_close(&i);
    }
}

/* --- the model test --------------------------------------------------------------------------- */

/* The trivial reference: answers by cell, the cells in the order asked, a cursor. */
struct twin {
    struct answer answers[400];
    bool given[400];
    uint32_t asked[400], count, at;
};

static uint32_t key_of(const struct inquiry *i, struct cell_at at)
{
    uint32_t row = at.row == NONE ? interview_row_count(i->iv) : at.row;
    return row * i->kb->question_count + at.question;
}

static void twin_set(struct twin *m, uint32_t key, const struct answer *a)
{
    uint32_t k = 0;
    while (k < m->count && m->asked[k] != key)
        k++;
    if (k == m->count)
        m->asked[m->count++] = key;
    m->answers[key] = *a;
    m->given[key] = true;
    m->at = k + 1;
}

static void compare(const struct inquiry *i, const struct twin *m)
{
    assert_int_equal(interview_asked(i->iv), m->count);
    for (uint32_t k = 0; k < m->count; k++) {
        struct cell_at at = interview_asked_at(i->iv, k);
        const struct answer *a = interview_answer(i->iv, at);
        assert_int_equal(key_of(i, at), m->asked[k]);
        assert_non_null(a);
        assert_int_equal(a->code, m->answers[m->asked[k]].code);
        assert_true(a->code >= CODE_SKIPPED || (a->number == m->answers[m->asked[k]].number &&
                                                a->ticked == m->answers[m->asked[k]].ticked));
    }
}

static void save_and_load(struct inquiry *i, struct twin *m)
{
    struct buffer b;
    buffer_init(&b);
    session_write(i->iv, &b);
    struct interview *again = session_read(i->kb, TEXT("file"), buffer_view(&b), i->problems);
    assert_non_null(again);
    interview_free(i->iv);
    i->iv = again;
    m->at = m->count;
    buffer_deinit(&b);
}

static void move(struct inquiry *i, struct twin *m)
{
    struct cell_at at;
    unsigned what = test_below(10);
    if (what == 0) {
        bool had = m->at > 0;
        assert_int_equal(interview_back(i->iv), had);
        m->at -= had;
    } else if (what == 1 && m->count) {
        m->at = test_below(m->count);
        interview_go(i->iv, m->at);
    } else if (what == 2 && test_below(4) == 0) {
        save_and_load(i, m);
    } else {
        if (!interview_now(i->iv, &at, i->problems))
            return;
        uint32_t key = key_of(i, at);
        if (m->at < m->count)
            assert_int_equal(key, m->asked[m->at]);
        else
            assert_false(m->given[key]);
        struct answer a = drawn(&i->kb->questions[at.question]);
        assert_true(interview_set(i->iv, at, &a, i->problems));
        twin_set(m, key, &a);
    }
}

static void test_ten_thousand_moves(void **state)
{
    enum { MOVES = 10000, EACH = 250 };
    (void)state;
    for (int k = 0; k < MOVES / EACH; k++) {
        struct inquiry i;
        struct twin *m = calloc(1, sizeof *m);
        inquiry_open(&i, "docs/examples/delivery", 1 + (uint32_t)k % 3, 1 + (uint32_t)k % 2,
                     k % 4 == 3);
        for (int n = 0; n < EACH; n++) {
            move(&i, m);
            compare(&i, m);
        }
        free(m);
        inquiry_close(&i);
    }
}

/* Names are those that a sheet may have, which is written of it. */
static void test_names_are_lines(void **state)
{
    (void)state;
    struct inquiry i;
    char longest[258];
    memset(longest, 'a', sizeof longest);
    const struct {
        struct text title, partner;
        bool good;
    } names[] = {{TEXT("t"), TEXT("p"), true},       {TEXT(""), TEXT(""), true},
                 {TEXT("t"), {longest, 256}, true},  {TEXT("t"), {longest, 257}, false},
                 {{longest, 257}, TEXT("p"), false}, {TEXT("a\nb"), TEXT("p"), false}};
    inquiry_open(&i, NULL, 1, 1, false);
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        struct problems *problems = problems_new();
        struct interview_options o = {
            .title = names[k].title, .partners = &names[k].partner, .partner_count = 1};
        struct interview *iv = interview_new(i.kb, &o, problems);
        assert_int_equal(iv != NULL, names[k].good);
        assert_int_equal(problems_has(problems, PROBLEM_NAME_LONG), !names[k].good);
        interview_free(iv);
        problems_free(problems);
    }
    inquiry_close(&i);
}

/* --- memory ----------------------------------------------------------------------------------- */

static void hold(void *ctx)
{
    struct inquiry *i = ctx;
    const struct text names[] = {TEXT("a"), TEXT("b")};
    struct problems *problems = problems_new();
    struct interview_options o = {.title = TEXT("t"), .partners = names, .partner_count = 2};
    struct interview *iv = interview_new(i->kb, &o, problems);
    struct cell_at at;
    struct reasons r;
    for (int k = 0; iv && k < 2 && interview_now(iv, &at, problems); k++) {
        struct answer a = {.code = CODE_UNSURE, .text = {"x", 1}};
        interview_why(iv, at, &r, problems);
        interview_set(iv, at, &a, problems);
    }
    assert_true(iv || !problems || problems_has_error(problems) || test_failed_allocations() > 0);
    interview_free(iv);
    problems_free(problems);
}

static void test_memory_may_fail_anywhere(void **state)
{
    struct inquiry i;
    (void)state;
    inquiry_open(&i, NULL, 1, 1, false);
    test_each_allocation(hold, &i);
    inquiry_close(&i);
}

TEST_MAIN(13, cmocka_unit_test(test_names_are_lines),
          cmocka_unit_test(test_gate_that_fails_is_not_passed),
          cmocka_unit_test(test_gate_stands_before_what_it_leads_to),
          cmocka_unit_test(test_ends_as_soon_as_nothing_can_change),
          cmocka_unit_test(test_all_asks_all_that_applies_in_order),
          cmocka_unit_test(test_the_same_answers_the_same_questions),
          cmocka_unit_test(test_only_one_partner_is_asked),
          cmocka_unit_test(test_back_keeps_later_answers),
          cmocka_unit_test(test_what_ceases_to_apply_is_passed_over),
          cmocka_unit_test(test_why_shows_what_each_answer_does),
          cmocka_unit_test(test_core_pack_ends_as_the_whole_does),
          cmocka_unit_test(test_ten_thousand_moves),
          cmocka_unit_test(test_memory_may_fail_anywhere))
