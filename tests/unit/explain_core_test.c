/* explain over the core pack and drawn cases: the product that a proof shows is the certainty that
 * the evaluator found; every format says something, whatever was answered. */
#include "unit/report_world.h"

#include "explain/proof.h"
#include <jansson.h>
#include <math.h>

enum { DRAWN_CASES = 40 };

static uint64_t seed = 20;

static unsigned draw(unsigned below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % below;
}

static void draw_answer(struct world *w, uint32_t question, uint32_t row, unsigned blanks)
{
    static const char *const COMMENTS[] = {"", "Les objectifs sont trop flous.", "rien à dire"};
    static const uint8_t DECLINED[] = {CODE_BLANK, CODE_SKIPPED, CODE_UNSURE, CODE_NA};
    const struct question *q = &w->kb->questions[question];
    struct answer a = {.code = 1};
    if (draw(10) < blanks) {
        a.code = DECLINED[draw(4)];
    } else if (q->kind == KIND_NUMBER) {
        a.number = q->lo + draw((unsigned)(q->hi - q->lo) + 1);
    } else if (q->kind == KIND_MANY_OF) {
        a.ticked = draw(1u << q->choice_count);
    } else if (q->kind == KIND_TEXT) {
        a.text = text_from_c(COMMENTS[draw(3)]);
        a.code = a.text.size > 0;
    } else {
        a.code = (uint8_t)(1 + draw(q->choice_count));
    }
    cases_set(w->cases, question, row, &a);
}

static void draw_cases(struct world *w)
{
    static const char *const PARTNERS[] = {"un", "deux", "trois"};
    for (unsigned c = 0; c < DRAWN_CASES; c++) {
        unsigned blanks = draw(8);
        world_case(w, "drawn", draw(3) == 0);
        for (unsigned p = 0, partners = 1 + draw(3); p < partners; p++) {
            world_partner(w, PARTNERS[p]);
            for (unsigned r = 0, n = 1 + draw(3); r < n; r++) {
                assert_true(cases_add_respondent(w->cases));
                for (uint32_t q = 0; q < w->kb->question_count; q++)
                    draw_answer(w, q, w->cases->respondent_count - 1, blanks);
            }
        }
    }
}

static void check_proof(const struct proof *p)
{
    if (!p->needs_met || p->verdict == VERDICT_NOT_ASSESSED)
        return;
    assert_true(fabs(p->lowest.certainty - p->certainty.lo) < 1e-12);
    assert_true(fabs(p->highest.certainty - p->certainty.hi) < 1e-12);
}

static void check_how(struct world *w, const struct case_view *v, uint32_t c)
{
    struct arena a;
    arena_init(&a, 0);
    uint32_t count;
    struct proof **proofs = proof_new(&a, v, c, &count);
    for (uint32_t i = 0; i < count; i++)
        check_proof(proofs[i]);
    struct buffer b;
    buffer_init(&b);
    explain_how(&a, v, c, w->kb->language, &b);
    assert_false(b.failed);
    assert_false(text_holds(buffer_view(&b), "\033"));
    buffer_clear(&b);
    explain_how_json(&a, v, c, &b);
    json_t *j = json_loadb(b.at, b.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(j);
    json_decref(j);
    buffer_deinit(&b);
    arena_deinit(&a);
}

static void look(struct world *w, const struct infer *in, const struct tile *t, void *ctx)
{
    (void)ctx;
    for (uint32_t c = 0; c < t->case_count; c++) {
        struct arena a;
        arena_init(&a, 0);
        struct case_view v;
        explain_case(&a, in, t, c, EXPLAIN_FINDINGS, &v);
        for (uint32_t i = 1; i < v.finding_count; i++)
            assert_true(v.findings[i - 1].verdict < v.findings[i].verdict ||
                        v.findings[i - 1].certainty.lo >= v.findings[i].certainty.lo);
        for (uint32_t i = 0; i < w->kb->conclusion_count; i++)
            check_how(w, &v, i);
        arena_deinit(&a);
    }
}

static void test_proofs_multiply_to_the_certainty(void **state)
{
    (void)state;
    struct world w = {.problems = problems_new()};
    world_load(&w, "rules/core", "goals_shared recognition");
    draw_cases(&w);
    world_run(&w, look, NULL);
    world_close(&w);
}

static void check_lines(struct text t, size_t count)
{
    size_t lines = 0;
    while (t.size > 0) {
        const char *end = memchr(t.at, '\n', t.size);
        assert_non_null(end);
        size_t size = (size_t)(end - t.at);
        json_t *j = json_loadb(t.at, size, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(j);
        json_decref(j);
        t = (struct text){end + 1, t.size - size - 1};
        lines++;
    }
    assert_int_equal(lines, count);
}

static void test_reports_of_the_core_pack(void **state)
{
    (void)state;
    struct world w = {.problems = problems_new()};
    world_load(&w, "rules/core", NULL);
    draw_cases(&w);
    for (int f = 0; f < REPORT_COUNT; f++)
        for (unsigned k = 0; k < 3; k++) {
            struct report_options o = {.format = (enum report_format)f,
                                       .columns = (enum report_columns)k,
                                       .findings = k == 1,
                                       .width = 20 + 40 * k};
            struct text t = report_of(&w, &o);
            assert_true(t.size > DRAWN_CASES);
            if (f == REPORT_JSONL)
                check_lines(t, DRAWN_CASES);
        }
    world_close(&w);
}

TEST_MAIN(2, cmocka_unit_test(test_proofs_multiply_to_the_certainty),
          cmocka_unit_test(test_reports_of_the_core_pack))
