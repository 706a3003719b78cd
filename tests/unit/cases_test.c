/* cases_test: answers as texts, and the block they are put into. */
#include "unit/explain_world.h"

static const struct world_file FILES[] = {
    WORLD_PACK,
    {"questions.yaml",
     "- {id: s, kind: scale, scale: agreement, text: T}\n"
     "- {id: n, kind: number, range: [-10, 600], text: T}\n"
     "- {id: y, kind: yesno, text: T}\n"
     "- {id: o, kind: one_of, text: T, choices: [{id: a, label: A}, {id: b, label: B}]}\n"
     "- {id: m, kind: many_of, text: T, choices: [{id: a, label: A}, {id: b, label: B}, {id: "
     "c, label: C}]}\n"
     "- {id: x, kind: text, text: T}\n"
     "- {id: f, kind: yesno, about: partnership, text: T}\n"},
};
enum { FILE_COUNT = sizeof FILES / sizeof FILES[0] };

enum { S, N, Y, O, M, X, F };

struct parse_row {
    int question;
    const char *text;
    enum answer_fault fault;
    uint8_t code;
    double number;
    uint64_t ticked;
};

static void test_parse(void **state)
{
    (void)state;
    static const struct parse_row rows[] = {
        {S, "1", ANSWER_OK, 1, 0, 0},
        {S, " 5 ", ANSWER_OK, 5, 0, 0},
        {S, "3.0", ANSWER_OK, 3, 0, 0},
        {S, "", ANSWER_OK, CODE_BLANK, 0, 0},
        {S, " \t", ANSWER_OK, CODE_BLANK, 0, 0},
        {S, "dk", ANSWER_OK, CODE_UNSURE, 0, 0},
        {S, " na", ANSWER_OK, CODE_NA, 0, 0},
        {S, "DK", ANSWER_NOT_NUMBER, 0, 0, 0},
        {S, "0", ANSWER_OUTSIDE, 0, 0, 0},
        {S, "6", ANSWER_OUTSIDE, 0, 0, 0},
        {S, "5.5", ANSWER_OUTSIDE, 0, 0, 0},
        {S, "2.5", ANSWER_NOT_WHOLE, 0, 0, 0},
        {S, "2,5", ANSWER_NOT_NUMBER, 0, 0, 0},
        {S, "yes", ANSWER_NOT_NUMBER, 0, 0, 0},
        {S, "\xD9\xA3", ANSWER_NOT_NUMBER, 0, 0, 0},
        {N, "-10", ANSWER_OK, 1, -10, 0},
        {N, "600", ANSWER_OK, 1, 600, 0},
        {N, "3.5", ANSWER_OK, 1, 3.5, 0},
        {N, "600.5", ANSWER_OUTSIDE, 0, 0, 0},
        {N, "3,5", ANSWER_NOT_NUMBER, 0, 0, 0},
        {N, "1 234", ANSWER_NOT_NUMBER, 0, 0, 0},
        {N, "1e2", ANSWER_NOT_NUMBER, 0, 0, 0},
        {N, "1e309", ANSWER_NOT_NUMBER, 0, 0, 0},
        {N, "NaN", ANSWER_NOT_NUMBER, 0, 0, 0},
        {N, "inf", ANSWER_NOT_NUMBER, 0, 0, 0},
        {N, "0x1p3", ANSWER_NOT_NUMBER, 0, 0, 0},
        {N, "\xD9\xA3", ANSWER_NOT_NUMBER, 0, 0, 0},
        {N, "dk", ANSWER_OK, CODE_UNSURE, 0, 0},
        {Y, "yes", ANSWER_OK, YESNO_YES, 0, 0},
        {Y, "no", ANSWER_OK, YESNO_NO, 0, 0},
        {Y, "na", ANSWER_OK, CODE_NA, 0, 0},
        {Y, "oui", ANSWER_NOT_YESNO, 0, 0, 0},
        {Y, "1", ANSWER_NOT_YESNO, 0, 0, 0},
        {Y, "true", ANSWER_NOT_YESNO, 0, 0, 0},
        {O, "a", ANSWER_OK, 1, 0, 0},
        {O, " b\t", ANSWER_OK, 2, 0, 0},
        {O, "A", ANSWER_NOT_CHOICE, 0, 0, 0},
        {O, "c", ANSWER_NOT_CHOICE, 0, 0, 0},
        {O, "a b", ANSWER_NOT_CHOICE, 0, 0, 0},
        {M, "a", ANSWER_OK, 1, 0, 1},
        {M, "c a", ANSWER_OK, 1, 0, 5},
        {M, "a,b;c", ANSWER_OK, 1, 0, 7},
        {M, "b, b ,;b", ANSWER_OK, 1, 0, 2},
        {M, ";", ANSWER_OK, 1, 0, 0},
        {M, "a z", ANSWER_NOT_CHOICE, 0, 0, 0},
        {M, "a dk", ANSWER_NOT_CHOICE, 0, 0, 0},
        {M, "na", ANSWER_OK, CODE_NA, 0, 0},
        {X, "", ANSWER_OK, CODE_BLANK, 0, 0},
        {X, "dk", ANSWER_OK, CODE_UNSURE, 0, 0},
        {X, "dk!", ANSWER_OK, 1, 0, 0},
        {X, "\xC3", ANSWER_NOT_TEXT, 0, 0, 0},
        {X, "a\xFF", ANSWER_NOT_TEXT, 0, 0, 0},
        {X, "\xED\xA0\x80", ANSWER_NOT_TEXT, 0, 0, 0},
        {F, "yes", ANSWER_OK, YESNO_YES, 0, 0},
    };
    struct world w;
    world_open(&w, FILES, FILE_COUNT, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct parse_row *r = &rows[i];
        struct answer a;
        enum answer_fault f =
            answer_parse(&w.kb->questions[r->question], text_from_c(r->text), &w.answers, &a);
        if (f != r->fault)
            fail_msg("[%s]: fault %d, expected %d", r->text, (int)f, (int)r->fault);
        if (f != ANSWER_OK)
            continue;
        if (a.code != r->code || a.number != r->number || a.ticked != r->ticked)
            fail_msg("[%s]: code %d, number %g, ticked %llx", r->text, a.code, a.number,
                     (unsigned long long)a.ticked);
    }
    world_close(&w);
}

static void test_many_digits(void **state)
{
    (void)state;
    char digits[401];
    memset(digits, '1', 400);
    digits[400] = '\0';
    struct world w;
    struct answer a;
    world_open(&w, FILES, FILE_COUNT, NULL);
    assert_int_not_equal(ANSWER_OK,
                         answer_parse(&w.kb->questions[N], text_from_c(digits), &w.answers, &a));
    assert_int_equal(ANSWER_NOT_TEXT,
                     answer_parse(&w.kb->questions[X], (struct text){"a\0b", 3}, &w.answers, &a));
    assert_int_equal(ANSWER_NOT_NUMBER,
                     answer_parse(&w.kb->questions[N], TEXT("-0"), &w.answers, &a));
    world_close(&w);
}

static struct answer parse_text(struct world *w, struct text t, struct arena *scratch)
{
    struct answer a;
    assert_int_equal(ANSWER_OK, answer_parse(&w->kb->questions[X], t, scratch, &a));
    return a;
}

/* ASCII is a view; the rest is folded, unless known to be. Spaces around a text are its own. */
static void test_texts(void **state)
{
    (void)state;
    static const char ASCII[] = " late ", APART[] = "de\xCC\x81lai";
    struct world w;
    world_open(&w, FILES, FILE_COUNT, NULL);
    struct answer a = parse_text(&w, text_from_c(ASCII), &w.answers);
    assert_ptr_equal(ASCII, a.text.at);
    assert_text(" late ", a.text);
    a = parse_text(&w, text_from_c(APART), &w.answers);
    assert_text("d\xC3\xA9lai", a.text);
    a = parse_text(&w, text_from_c(APART), NULL);
    assert_ptr_equal(APART, a.text.at);
    world_close(&w);
}

/* At most 16 KiB, counted after folding, and whole characters. */
static void test_cut(void **state)
{
    (void)state;
    enum { LIMIT = LIMIT_PATTERN_TEXT };
    struct world w;
    world_open(&w, FILES, FILE_COUNT, NULL);
    char *t = arena_alloc(&w.arena, 3 * LIMIT);
    memset(t, 'a', 3 * LIMIT);
    struct answer a = parse_text(&w, (struct text){t, LIMIT}, &w.answers);
    assert_int_equal(1, a.code);
    assert_int_equal(LIMIT, a.text.size);
    a = parse_text(&w, (struct text){t, LIMIT + 1}, &w.answers);
    assert_int_equal(TEXT_CUT, a.code);
    assert_int_equal(LIMIT, a.text.size);
    memcpy(t + LIMIT - 1, "\xC3\xA9", 2);
    a = parse_text(&w, (struct text){t, LIMIT + 1}, &w.answers);
    assert_int_equal(TEXT_CUT, a.code);
    assert_int_equal(LIMIT - 1, a.text.size);
    memcpy(t + LIMIT - 3, "\xF0\x9F\x98\x80", 4);
    a = parse_text(&w, (struct text){t, LIMIT + 1}, &w.answers);
    assert_int_equal(LIMIT - 3, a.text.size);
    for (size_t i = 0; i + 3 <= 3 * LIMIT; i += 3)
        memcpy(t + i, "e\xCC\x81", 3);
    size_t letters = LIMIT / 2;
    a = parse_text(&w, (struct text){t, 3 * letters}, &w.answers);
    assert_int_equal(1, a.code);
    assert_int_equal(LIMIT, a.text.size);
    world_close(&w);
}

static void add(struct cases *c, uint32_t cases, uint32_t partners, uint32_t respondents)
{
    for (uint32_t k = 0; k < cases; k++) {
        assert_true(cases_add_case(c, TEXT("case"), false));
        for (uint32_t p = 0; p < partners; p++) {
            assert_true(cases_add_partner(c, TEXT("partner")));
            for (uint32_t r = 0; r < respondents; r++)
                assert_true(cases_add_respondent(c));
        }
    }
}

/* What stands in it stays when it grows; new rows are blank, whatever stood there before. */
static void test_growth(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, FILES, FILE_COUNT, NULL);
    struct cases *c = w.cases;
    for (int turn = 0; turn < 2; turn++) {
        add(c, 300, 2, 3);
        assert_int_equal(300, c->case_count);
        assert_int_equal(600, c->partner_count);
        assert_int_equal(1800, c->respondent_count);
        for (uint32_t k = 0; k <= 300; k++)
            assert_int_equal(2 * k, c->partner_from[k]);
        for (uint32_t k = 0; k <= 600; k++)
            assert_int_equal(3 * k, c->respondent_from[k]);
        for (uint32_t q = 0; q < w.kb->question_count; q++)
            for (uint32_t r = 0; r < 1800; r++)
                assert_int_equal(CODE_BLANK, c->columns[q].code[r]);
        for (uint32_t r = 0; r < 1800; r++) {
            assert_int_equal(0, c->columns[X].texts[r].size);
            cases_set(c, N, r, &(struct answer){.code = 1, .number = r});
            cases_set(c, M, r, &(struct answer){.code = 1, .ticked = r % 8});
            cases_set(c, X, r, &(struct answer){.code = 1, .text = TEXT("t")});
        }
        add(c, 700, 1, 1);
        for (uint32_t r = 0; r < 1800; r++) {
            assert_true(c->columns[N].code[r] == 1 && c->columns[N].number[r] == r);
            assert_true(c->columns[M].ticked[r] == r % 8);
            assert_text("t", c->columns[X].texts[r]);
        }
        assert_int_equal(CODE_BLANK, c->columns[N].code[2499]);
        cases_clear(c);
        assert_true(c->case_count == 0 && c->partner_count == 0 && c->respondent_count == 0);
    }
    world_close(&w);
}

static void test_clear_and_na(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, FILES, FILE_COUNT, "o");
    struct cases *c = w.cases;
    assert_null(c->columns[O].code);
    world_case(&w, "a", true);
    world_partner(&w, "");
    world_respondent(&w, "s=na y=dk o=a");
    assert_true(c->any_open && cases_is_single(c));
    assert_true(c->columns[S].has_na && !c->columns[Y].has_na && !c->columns[O].has_na);
    assert_int_equal(CODE_NA, c->columns[S].code[0]);
    assert_int_equal(CODE_UNSURE, c->columns[Y].code[0]);
    cases_clear(c);
    assert_true(!c->any_open && !c->columns[S].has_na && cases_is_single(c));
    world_case(&w, "a", false);
    world_partner(&w, "");
    world_respondent(&w, "");
    assert_int_equal(CODE_BLANK, c->columns[S].code[0]);
    world_close(&w);
}

/* One partner with one respondent each, and nothing less or more. */
static void test_single(void **state)
{
    (void)state;
    static const struct {
        uint32_t partners, respondents;
        bool single;
    } rows[] = {{1, 1, true}, {2, 1, false}, {1, 2, false}, {0, 0, false}, {1, 0, false}};
    struct world w;
    world_open(&w, FILES, FILE_COUNT, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cases_clear(w.cases);
        add(w.cases, 2, 1, 1);
        add(w.cases, 1, rows[i].partners, rows[i].respondents);
        assert_int_equal(rows[i].single, cases_is_single(w.cases));
        add(w.cases, 1, 1, 1);
        assert_int_equal(rows[i].single, cases_is_single(w.cases));
    }
    cases_clear(w.cases);
    add(w.cases, 1, 0, 0);
    add(w.cases, 1, 2, 1);
    assert_false(cases_is_single(w.cases));
    world_close(&w);
}

/* Refused or done; what is in the block is never lost. */
static void fill(void *ctx)
{
    const struct world *w = ctx;
    struct cases *c = cases_new(w->kb, &w->put);
    if (!c)
        return;
    uint32_t cases = 0, respondents = 0;
    for (uint32_t k = 0; k < 40; k++) {
        cases += cases_add_case(c, TEXT("case"), false);
        if (cases == 0 || !cases_add_partner(c, TEXT("")))
            continue;
        if (cases_add_respondent(c)) {
            cases_set(c, N, respondents, &(struct answer){.code = 1, .number = respondents});
            respondents++;
        }
    }
    assert_int_equal(cases, c->case_count);
    assert_int_equal(respondents, c->respondent_count);
    for (uint32_t r = 0; r < respondents; r++)
        assert_true(c->columns[N].number[r] == r);
    cases_free(c);
}

static void fold_text(void *ctx)
{
    const struct world *w = ctx;
    struct arena scratch;
    arena_init(&scratch, 0);
    struct answer a;
    enum answer_fault f = answer_parse(&w->kb->questions[X], TEXT("de\xCC\x81lai"), &scratch, &a);
    assert_true(f == ANSWER_NO_MEMORY || (f == ANSWER_OK && text_is(a.text, "d\xC3\xA9lai")));
    assert_true(f == ANSWER_OK || test_failed_allocations() > 0);
    arena_deinit(&scratch);
}

static void test_memory(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, FILES, FILE_COUNT, NULL);
    test_each_allocation(fill, &w);
    test_each_allocation(fold_text, &w);
    world_close(&w);
}

TEST_MAIN(8, cmocka_unit_test(test_parse), cmocka_unit_test(test_many_digits),
          cmocka_unit_test(test_texts), cmocka_unit_test(test_cut), cmocka_unit_test(test_growth),
          cmocka_unit_test(test_clear_and_na), cmocka_unit_test(test_single),
          cmocka_unit_test(test_memory))
