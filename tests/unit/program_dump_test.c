/* program_dump_test: the listing of a pack that uses every operation, and what the compiler leaves
 * out of it: what is not put, and what is there already. */
#include "unit/explain_world.h"

static const char QUESTIONS[] =
    "- {id: s, kind: scale, scale: agreement, text: T}\n"
    "- {id: t, kind: scale, scale: agreement, text: T, ask_if: y}\n"
    "- {id: n, kind: number, range: [0, 100], text: T}\n"
    "- {id: y, kind: yesno, text: T}\n"
    "- {id: o, kind: one_of, text: T, choices: [{id: a, label: A}, {id: b, label: B}]}\n"
    "- {id: m, kind: many_of, text: T, choices: [{id: a, label: A}, {id: b, label: B}]}\n"
    "- {id: x, kind: text, text: T}\n"
    "- {id: fy, kind: yesno, about: partnership, text: T}\n"
    "- {id: fn, kind: number, about: partnership, range: [0, 100], text: T}\n";

static const char RULES[] =
    "conclusions:\n"
    "  - {id: c, kind: finding, label: C}\n"
    "  - {id: d, kind: diagnosis, label: D, summary: S, needs: answered_share >= 0.5}\n"
    "  - {id: e, kind: finding, about: partnership, label: E}\n"
    "rules:\n"
    "  - {id: a01, conclude: c, certainty: 0.5, when: s <= 2}\n"
    "  - {id: a02, conclude: c, certainty: 0.5, when: 'o = a and not y', group: g}\n"
    "  - {id: a03, conclude: c, certainty: -0.5, when: t > 3, group: g}\n"
    "  - {id: a04, conclude: c, certainty: 0.5, when: 'n / 2 + s * 3 - fn >= -n'}\n"
    "  - {id: a05, conclude: c, certainty: 0.5, when: 'mean(n) - min(s) > 1 or max(s) = 5'}\n"
    "  - {id: a06, conclude: c, certainty: 0.5, when: 'spread(s) > 2 or gap(s) > 2'}\n"
    "  - {id: a07, conclude: c, certainty: 0.5, when: 'count(s <= 2) > 1'}\n"
    "  - {id: a08, conclude: c, certainty: 0.5, when: 'share(s <= 2 and y) > 0.5'}\n"
    "  - {id: a09, conclude: c, certainty: 0.5, when: 'respondents > 1 and partners > 1'}\n"
    "  - {id: a10, conclude: c, certainty: 0.5, when: 'straight_lined > 0.5'}\n"
    "  - {id: a11, conclude: c, certainty: 0.5, when: 'x matches /late|délai/i'}\n"
    "  - {id: a12, conclude: c, certainty: 0.5, when: 'x = \"none\"'}\n"
    "  - {id: a13, conclude: c, certainty: 0.5, when: 'partner = \"pme\"'}\n"
    "  - {id: a14, conclude: c, certainty: 0.5, when: 'partner matches /^p/'}\n"
    "  - {id: a15, conclude: c, certainty: 0.5, when: 'm includes a and answered(n)'}\n"
    "  - {id: a16, conclude: c, certainty: 0.5, when: 'unknown(n) or disagree(o)'}\n"
    "  - {id: b01, conclude: d, certainty: 0.5, when: 'any(s <= 2) and not all(s <= 2)'}\n"
    "  - {id: b02, conclude: d, certainty: 0.5, when: 'grade(s, 4, 2) and grade(n, 0, 10) or y'}\n"
    "  - {id: b03, conclude: d, certainty: 0.5, when: 'not grade(s, 4, 2)'}\n"
    "  - {id: b04, conclude: d, certainty: 0.5, when: 'c or grade(s, 4, 2)'}\n"
    "  - {id: b05, conclude: d, certainty: 0.5, when: 'any(c) or fy'}\n"
    "  - {id: b06, conclude: d, certainty: 0.5, when: 'all(grade(s, 4, 2))'}\n"
    "  - {id: b07, conclude: d, certainty: 0.5, when: 'grade(gap(s), 0, 2)'}\n"
    "  - {id: e01, conclude: e, certainty: 0.5, when: 's <= 2 and t <= 2 or mean(s) > 4', each: "
    "partnership}\n"
    "  - {id: e02, conclude: e, certainty: 0.5, when: 's <= 2'}\n"
    "  - {id: e03, conclude: e, certainty: -0.5, when: 'd', each: partnership}\n"
    "  - {id: e04, conclude: e, certainty: -0.5, when: 'disagree(s) and 2 < n'}\n";

static struct text dump(struct world *w, const struct program *p)
{
    struct buffer b;
    buffer_init(&b);
    program_dump(p, &b);
    assert_false(b.failed);
    struct text t = arena_text(&w->arena, buffer_view(&b));
    buffer_deinit(&b);
    return t;
}

static void open_rules(struct world *w, const char *rules, const char *not_put)
{
    const struct world_file files[] = {
        WORLD_PACK, {"questions.yaml", QUESTIONS}, {"rules.yaml", rules}};
    world_open(w, files, 3, not_put);
}

static struct program *plain_program(struct world *w)
{
    struct program *p = program_new(w->kb, &w->put, PROGRAM_CERTAINTY, w->problems);
    world_check(w, p != NULL);
    return p;
}

static uint32_t count_of(const struct program *p, enum op op)
{
    uint32_t n = 0;
    for (size_t k = 0; k < p->code_count; k++)
        n += p->code[k].op == op;
    for (size_t k = 0; k < p->inner_count; k++)
        n += p->inner[k].op == op;
    for (size_t k = 0; k < p->single_count; k++)
        n += p->single_code[k].op == op && op == OP_SKIP; /* which is nowhere else */
    return n;
}

static void test_listing(void **state)
{
    (void)state;
    struct world w;
    open_rules(&w, RULES, NULL);
    struct program *p = plain_program(&w);
    world_golden(&w, "program_dump.txt", dump(&w, p));
    program_free(p);
    world_close(&w);
}

/* Nothing is in ops.def that the pack above does not bring about, apart from what folds away. */
static void test_every_op(void **state)
{
    (void)state;
    struct world w;
    open_rules(&w, RULES, NULL);
    struct program *p = plain_program(&w);
    bool all = true;
    for (int op = 0; op < OP_COUNT_; op++)
        if (count_of(p, (enum op)op) == 0) {
            print_error("no rule makes: %s\n", op_name((enum op)op));
            all = false;
        }
    assert_true(all);
    program_free(p);
    world_close(&w);
}

static void test_not_put(void **state)
{
    (void)state;
    struct world w;
    open_rules(&w, RULES, "s t n x m o fn");
    struct program *p = plain_program(&w);
    world_golden(&w, "program_dump_not_put.txt", dump(&w, p));
    assert_false(program_is_in_play(p, 0));
    program_free(p);
    world_close(&w);
    open_rules(&w, RULES, "s t n y x m o fn fy");
    p = plain_program(&w);
    assert_true(program_is_assessed(p, world_conclusion(&w, "c")));
    assert_false(program_is_assessed(p, world_conclusion(&w, "e")));
    program_free(p);
    world_close(&w);
}

/* Equal comparisons, values and strengths are made once, over all rules; a negation is one too. */
static void test_made_once(void **state)
{
    (void)state;
    static const char SAME[] =
        "conclusions:\n"
        "  - {id: c, kind: finding, label: C}\n"
        "  - {id: d, kind: finding, label: D}\n"
        "rules:\n"
        "  - {id: a, conclude: c, certainty: 0.5, when: 'n + s > 4'}\n"
        "  - {id: b, conclude: c, certainty: 0.6, when: 'n + s > 4 and y'}\n"
        "  - {id: d, conclude: d, certainty: 0.7, when: 'not n + s <= 4 and y'}\n"
        "  - {id: e, conclude: d, certainty: 0.8, when: 'x matches /a/ or x matches /a/i'}\n"
        "  - {id: f, conclude: d, certainty: 0.9, when: 'x matches /a/'}\n"
        "  - {id: g, conclude: d, certainty: 0.9, when: 'grade(s, 1, 5) and grade(n, 1, 5)'}\n"
        "  - {id: h, conclude: c, certainty: 0.9, when: 'grade(s, 1, 5) and grade(n, 1, 5)'}\n";
    struct world w;
    open_rules(&w, SAME, NULL);
    struct program *p = plain_program(&w);
    assert_int_equal(1, count_of(p, OP_ADD));
    assert_int_equal(2, count_of(p, OP_VALUE));
    assert_int_equal(3, count_of(p, OP_COMPARE_TO)); /* one a grade */
    assert_int_equal(2, count_of(p, OP_MATCHES));
    assert_int_equal(2, count_of(p, OP_GRADE));
    for (size_t a = 0; a < p->code_count; a++)
        for (size_t b = 0; b < a; b++)
            assert_false(op_gives_planes((enum op)p->code[a].op) &&
                         p->code[a].op == p->code[b].op && p->code[a].dst == p->code[b].dst);
    program_free(p);
    world_close(&w);
}

TEST_MAIN(4, cmocka_unit_test(test_listing), cmocka_unit_test(test_every_op),
          cmocka_unit_test(test_not_put), cmocka_unit_test(test_made_once))
