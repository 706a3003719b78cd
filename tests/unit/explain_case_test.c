/* explain_case: findings, rules, causes, severities, the plan, the profile. */
#include "unit/explain_pack.h"

struct looking {
    unsigned options;
    void (*check)(struct world *w, const struct case_view *v);
};

static void look(struct world *w, const struct infer *in, const struct tile *t, void *ctx)
{
    struct looking *l = ctx;
    for (uint32_t c = 0; c < t->case_count; c++) {
        struct case_view v;
        explain_case(&w->arena, in, t, c, l->options, &v);
        l->check(w, &v);
    }
}

static void explain(struct world *w, unsigned options,
                    void (*check)(struct world *w, const struct case_view *v))
{
    struct looking l = {options, check};
    world_run(w, look, &l);
}

static struct text finding_ids(struct world *w, const struct case_view *v)
{
    uint32_t ids[16];
    for (uint32_t i = 0; i < v->finding_count; i++)
        ids[i] = v->findings[i].conclusion;
    return world_ids(w, ids, v->finding_count);
}

static const struct finding *finding(struct world *w, const struct case_view *v, const char *id)
{
    for (uint32_t i = 0; i < v->finding_count; i++)
        if (v->findings[i].conclusion == world_conclusion(w, id))
            return &v->findings[i];
    fail_msg("%s is not among the findings", id);
    return NULL;
}

static void check_lists(struct world *w, const struct case_view *v)
{
    assert_text("imbalance low_trust shared_ground rigidity", finding_ids(w, v));
    assert_text("", world_ids(w, v->absent, v->absent_count));
    assert_text("short_termism", world_ids(w, v->not_assessed, v->not_assessed_count));
    assert_int_equal(v->respondents, 4);
    assert_int_equal(v->partners, 2);
    assert_int_equal(finding(w, v, "rigidity")->verdict, VERDICT_PRESENT);
}

static void test_lists_are_sorted(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    two_sides(&w);
    explain(&w, 0, check_lists);
    world_close(&w);
}

static void check_rules(struct world *w, const struct case_view *v)
{
    const struct finding *f = finding(w, v, "imbalance");
    /* d_all_well speaks against, for the other partner; c_trust_leans fired for both. */
    assert_text("a_load_leans b_risk_leans c_trust_leans", world_rules(w, f->rules, f->rule_count));
    assert_text("d_all_well", world_rules(w, f->rules_against, f->rule_against_count));
    assert_text("low_trust", world_ids(w, f->causes, f->cause_count));
    f = finding(w, v, "rigidity");
    assert_text("g_rigid", world_rules(w, f->rules, f->rule_count));
    assert_text("low_trust", world_ids(w, f->causes, f->cause_count));
    f = finding(w, v, "shared_ground");
    assert_int_equal(f->cause_count, 0);
}

static void test_rules_and_causes(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    two_sides(&w);
    explain(&w, 0, check_rules);
    world_close(&w);
}

static void check_cause_of_other_side(struct world *w, const struct case_view *v)
{
    const struct finding *f = finding(w, v, "imbalance");
    assert_int_equal(f->verdict, VERDICT_PRESENT);
    assert_text("a_load_leans c_trust_leans", world_rules(w, f->rules, f->rule_count));
    assert_text("", world_ids(w, f->causes, f->cause_count));
    assert_int_equal(finding(w, v, "shared_ground")->verdict, VERDICT_PRESENT);
    assert_int_equal(v->finding_count, 2);
}

/* c_trust_leans fired through trust >= 4; nobody's trust is low. */
static void test_no_cause_through_the_other_branch(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    world_case(&w, "a", false);
    world_partner(&w, "one");
    world_respondent(&w, "load_balanced=2 risk_shared=4 trust=4 suspicion=1 charter=yes");
    explain(&w, 0, check_cause_of_other_side);
    world_close(&w);
}

static void check_levels(struct world *w, const struct case_view *v)
{
    const struct finding *f = finding(w, v, "imbalance");
    assert_int_equal(f->level, LEVEL_HIGH);
    assert_int_equal(f->level_partner, 1);
    assert_ptr_equal(f->level_because, w->kb->conclusions[f->conclusion].high_when);
    f = finding(w, v, "low_trust");
    assert_int_equal(f->level, LEVEL_LOW);
    assert_null(f->level_because);
    assert_int_equal(finding(w, v, "rigidity")->level, LEVEL_MEDIUM);
    assert_int_equal(finding(w, v, "rigidity")->level_partner, NONE);
    assert_int_equal(finding(w, v, "shared_ground")->level, LEVEL_NONE);
}

static void test_levels(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    two_sides(&w);
    explain(&w, 0, check_levels);
    world_close(&w);
}

static void check_plan(struct world *w, const struct case_view *v)
{
    /* low_trust causes imbalance and rigidity, so it comes first though its severity is low. */
    static const char *const ORDER[] = {"R02", "R01", "R04", "R03"};
    assert_int_equal(v->plan_count, 4);
    for (uint32_t i = 0; i < 4; i++)
        assert_text(ORDER[i], w->kb->remedies[v->plan[i].remedy].id);
    assert_text("imbalance low_trust", world_ids(w, v->plan[0].treats, v->plan[0].treat_count));
    assert_text("low_trust", world_ids(w, v->plan[1].treats, v->plan[1].treat_count));
}

static void test_plan_takes_causes_first(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    two_sides(&w);
    explain(&w, 0, check_plan);
    world_close(&w);
}

static void check_remedy_left_out(struct world *w, const struct case_view *v)
{
    assert_int_equal(finding(w, v, "low_trust")->verdict, VERDICT_PRESENT);
    for (uint32_t i = 0; i < v->plan_count; i++)
        assert_false(text_is(w->kb->remedies[v->plan[i].remedy].id, "R03"));
}

static void test_remedy_whose_condition_fails_is_left_out(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    world_case(&w, "a", false);
    world_partner(&w, "one");
    world_respondent(&w, "load_balanced=1 risk_shared=1 trust=1 suspicion=5 charter=yes");
    explain(&w, 0, check_remedy_left_out);
    world_close(&w);
}

static void check_profile(struct world *w, const struct case_view *v)
{
    assert_int_equal(v->profile_count, 2); /* `unused` has no question that is put */
    assert_text("balance", w->kb->dimensions[v->profile[0].dimension].id);
    assert_int_equal(v->profile[0].answers[0], 2);
    assert_float_equal(v->profile[0].score[0], 93.75, 1e-9); /* (100 + 87.5) / 2 */
    assert_float_equal(v->profile[0].score[1], 6.25, 1e-9);
    /* trust (100 + 75) / 2, suspicion turned round: (100 + 75) / 2 */
    assert_float_equal(v->profile[1].score[0], 87.5, 1e-9);
    assert_int_equal(v->profile[1].answers[1], 2);
}

static void test_profile(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    two_sides(&w);
    explain(&w, 0, check_profile);
    world_close(&w);
}

static void check_blank_profile(struct world *w, const struct case_view *v)
{
    (void)w;
    assert_int_equal(v->profile[0].answers[0], 1);
    assert_float_equal(v->profile[0].score[0], 50, 1e-9);
    assert_int_equal(v->profile[1].answers[0], 0);
}

static void test_profile_of_blanks(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    world_case(&w, "a", false);
    world_partner(&w, "one");
    world_respondent(&w, "load_balanced=3 risk_shared=dk trust=na");
    explain(&w, 0, check_blank_profile);
    world_close(&w);
}

static void check_findings(struct world *w, const struct case_view *v)
{
    assert_int_equal(finding(w, v, "role_ambiguity")->verdict, VERDICT_PRESENT);
    assert_int_equal(v->profile_count, 0);
    assert_text("imbalance rigidity shared_ground", world_ids(w, v->absent, v->absent_count));
}

static void test_options(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    world_case(&w, "a", false);
    world_partner(&w, "one");
    world_respondent(&w, "load_balanced=3 risk_shared=3 trust=3 suspicion=5 charter=yes");
    explain(&w, EXPLAIN_FINDINGS | EXPLAIN_NO_PROFILE, check_findings);
    world_close(&w);
}

static struct text unanswered_ids(struct world *w, const struct case_view *v, const char *id)
{
    struct unanswered *list;
    uint32_t count = explain_unanswered(&w->arena, v, world_conclusion(w, id), &list);
    struct buffer b;
    buffer_init(&b);
    for (uint32_t i = 0; i < count; i++) {
        buffer_c(&b, i ? " " : "");
        buffer_text(&b, w->kb->questions[list[i].question].id);
        if (list[i].partner != NONE) {
            buffer_byte(&b, '@');
            buffer_unsigned(&b, list[i].partner);
        }
    }
    struct text t = arena_text(&w->arena, buffer_view(&b));
    buffer_deinit(&b);
    return t;
}

static void check_unanswered(struct world *w, const struct case_view *v)
{
    assert_int_equal(finding(w, v, "imbalance")->verdict, VERDICT_UNDETERMINED);
    /* through low_trust and role_ambiguity, premises of c_trust_leans; the first partner is settled
     */
    assert_text("load_balanced@1 trust@1 suspicion@1", unanswered_ids(w, v, "imbalance"));
    assert_text("trust@1 suspicion@1 charter", unanswered_ids(w, v, "rigidity"));
}

static void test_unanswered_goes_through_premises(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    world_case(&w, "a", false);
    world_partner(&w, "one");
    world_respondent(&w, "load_balanced=4 risk_shared=4 trust=4 suspicion=1");
    world_partner(&w, "two");
    world_respondent(&w, "load_balanced=dk risk_shared=3");
    explain(&w, 0, check_unanswered);
    world_close(&w);
}

TEST_MAIN(10, cmocka_unit_test(test_lists_are_sorted), cmocka_unit_test(test_rules_and_causes),
          cmocka_unit_test(test_no_cause_through_the_other_branch), cmocka_unit_test(test_levels),
          cmocka_unit_test(test_plan_takes_causes_first),
          cmocka_unit_test(test_remedy_whose_condition_fails_is_left_out),
          cmocka_unit_test(test_profile), cmocka_unit_test(test_profile_of_blanks),
          cmocka_unit_test(test_options), cmocka_unit_test(test_unanswered_goes_through_premises))
