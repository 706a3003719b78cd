/* infer_memory_test: memory that is short ends the making of a program, of an infer, or a run with
 * a problem; after the largest block a run asks for none. */
#include "unit/explain_world.h"

#include "infer/state.h"

static const struct world_file FILES[] = {
    WORLD_PACK,
    {"questions.yaml", "- {id: s, kind: scale, scale: agreement, text: T}\n"
                       "- {id: n, kind: number, range: [0, 100], text: T, ask_if: y}\n"
                       "- {id: y, kind: yesno, text: T}\n"
                       "- {id: x, kind: text, text: T}\n"},
    {"rules.yaml",
     "conclusions:\n"
     "  - {id: c, kind: diagnosis, label: C, summary: S, severity: {level: medium, high_when: s <= "
     "1}}\n"
     "  - {id: d, kind: finding, label: D, about: partnership, needs: answered_share >= 0.1}\n"
     "rules:\n"
     "  - {id: a, conclude: c, certainty: 0.5, when: 'grade(s, 4, 2) and n <= 50', group: g}\n"
     "  - {id: b, conclude: c, certainty: -0.5, when: 'x matches /late|délai/i', group: g}\n"
     "  - {id: e, conclude: c, certainty: 0.3, when: 'share(s <= 2 and y) > 0.5 or gap(s) > 1'}\n"
     "  - {id: f, conclude: d, certainty: 0.7, when: 'c or x matches /a(?=b)/'}\n"},
    {"remedies.yaml",
     "- {id: R1, title: T, treats: [c], steps: [{who: W, what: W}], effort: 1, impact: 1, horizon: "
     "weeks, sign: S, when: s <= 3}\n"},
};
enum { FILE_COUNT = sizeof FILES / sizeof FILES[0] };

struct trial {
    struct world *w;
    const struct program *program;
    unsigned flags;
    double sum; /* of what a run came to */
};

static bool add_up(const struct infer *in, const struct tile *t, void *ctx)
{
    struct trial *trial = ctx;
    for (uint32_t c = 0; c < trial->w->kb->conclusion_count; c++)
        for (uint32_t k = 0; k < t->case_count; k++) {
            struct interval i = infer_certainty(in, c, SCOPE_PARTNERSHIP, k);
            trial->sum += i.lo + 2 * i.hi;
        }
    return true;
}

static void assert_said(bool done, const struct problems *problems)
{
    assert_int_equal(done, !problems_has_error(problems));
    assert_true(done || test_failed_allocations() > 0);
}

static void make_program(void *ctx)
{
    struct trial *t = ctx;
    struct problems *problems = problems_new();
    if (!problems)
        return;
    struct program *p = program_new(t->w->kb, &t->w->put, t->flags, problems);
    assert_said(p != NULL, problems);
    program_free(p);
    problems_free(problems);
}

static void test_program_memory(void **state)
{
    (void)state;
    static const unsigned FLAGS[] = {PROGRAM_CERTAINTY, PROGRAM_REPORT, PROGRAM_BATCH,
                                     PROGRAM_REPORT | PROGRAM_TRACE | PROGRAM_BATCH};
    struct world w;
    world_open(&w, FILES, FILE_COUNT, NULL);
    for (size_t i = 0; i < sizeof FLAGS / sizeof FLAGS[0]; i++) {
        struct trial t = {.w = &w, .flags = FLAGS[i]};
        test_each_allocation(make_program, &t);
    }
    world_close(&w);
}

static void add_cases(struct world *w, uint32_t cases, uint32_t partners, uint32_t respondents)
{
    for (uint32_t k = 0; k < cases; k++) {
        world_case(w, "c", false);
        for (uint32_t p = 0; p < partners; p++) {
            world_partner(w, "p");
            for (uint32_t r = 0; r < respondents; r++)
                world_respondent(w, (k + p + r) % 3 ? "s=1 n=20 y=yes x=late" : "s=4 y=dk x=ab");
        }
    }
}

static void make_and_run(void *ctx)
{
    struct trial *t = ctx;
    struct problems *problems = problems_new();
    if (!problems)
        return;
    struct infer *in = infer_new(t->program, problems);
    assert_said(in != NULL, problems);
    if (in)
        assert_said(infer_run(in, t->w->cases, add_up, t, problems), problems);
    infer_free(in);
    problems_free(problems);
}

/* A case of 200 partners makes the registers grow in the middle of a run. */
static void test_infer_memory(void **state)
{
    (void)state;
    for (int batch = 0; batch < 2; batch++) {
        struct world w;
        world_open(&w, FILES, FILE_COUNT, NULL);
        add_cases(&w, 3, 2, 1);
        add_cases(&w, 1, 200, 1);
        add_cases(&w, 3, 1, 2);
        struct program *p = program_new(
            w.kb, &w.put, batch ? PROGRAM_BATCH | PROGRAM_REPORT : PROGRAM_CERTAINTY, w.problems);
        assert_non_null(p);
        struct trial t = {.w = &w, .program = p};
        test_each_allocation(make_and_run, &t);
        program_free(p);
        world_close(&w);
    }
}

/* Where growing failed, the next block is done all the same. */
static void test_goes_on(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, FILES, FILE_COUNT, NULL);
    struct trial t = {.w = &w};
    add_cases(&w, 3, 2, 2);
    assert_true(infer_run(w.infer, w.cases, add_up, &t, w.problems));
    double sum = t.sum;
    for (unsigned long n = 1; n < 30; n++) {
        struct problems *problems = problems_new();
        cases_clear(w.cases);
        add_cases(&w, 1, 64 * (uint32_t)n + 64, 1);
        test_fail_allocation(n, false);
        bool done = infer_run(w.infer, w.cases, add_up, &t, problems);
        unsigned long failed = test_failed_allocations();
        test_fail_allocation(0, false);
        assert_int_equal(failed == 0, done);
        cases_clear(w.cases);
        add_cases(&w, 3, 2, 2);
        t.sum = 0;
        if (infer_run(w.infer, w.cases, add_up, &t, w.problems))
            assert_true(t.sum == sum);
        problems_free(problems);
    }
    world_close(&w);
}

/* Every allocation would fail, and none is asked for. */
static void test_nothing_more(void **state)
{
    (void)state;
    for (int batch = 0; batch < 2; batch++) {
        struct world w;
        world_open(&w, FILES, FILE_COUNT, NULL);
        struct trial t = {.w = &w};
        struct program *p =
            program_new(w.kb, &w.put, batch ? PROGRAM_BATCH : PROGRAM_REPORT, w.problems);
        struct infer *in = p ? infer_new(p, w.problems) : NULL;
        assert_non_null(in);
        static const uint32_t SHAPES[][3] = {{1, 130, 2}, {70, 1, 1}, {1, 100, 1}, {40, 3, 2}};
        for (size_t i = 0; i < sizeof SHAPES / sizeof SHAPES[0]; i++) {
            cases_clear(w.cases);
            add_cases(&w, SHAPES[i][0], SHAPES[i][1], SHAPES[i][2]);
            if (i > 0)
                test_fail_allocation(1, true);
            bool done = infer_run(in, w.cases, add_up, &t, w.problems);
            unsigned long asked = test_failed_allocations();
            test_fail_allocation(0, false);
            assert_true(done);
            assert_int_equal(0, asked);
            assert_int_equal((SHAPES[i][1] + 63) / 64, in->words); /* a small tile is small again */
        }
        infer_free(in);
        program_free(p);
        world_close(&w);
    }
}

TEST_MAIN(4, cmocka_unit_test(test_program_memory), cmocka_unit_test(test_infer_memory),
          cmocka_unit_test(test_goes_on), cmocka_unit_test(test_nothing_more))
