/* In: tests.yaml as loaded. Out: a problem for everything in it that the packs do not know. Next:
 * pack_tests.c, which looks nothing up in vain. Done when the packs are loaded, so that `check`
 * says it too, with the place. */
#include "api/api.h"

struct checking {
    const struct kb *kb;
    struct arena arena;
    struct problems *problems;
    const struct pack_test *test;
    bool ok;
};

static uint32_t check_id(struct checking *k, const struct cell *id)
{
    uint32_t c =
        api_find_conclusion(k->kb, cell_text(id), PROBLEM_TEST_CONCLUSION, id->span, k->problems);
    k->ok &= c != NONE;
    return c;
}

static void check_ids(struct checking *k, const struct cells *ids)
{
    for (unsigned i = 0; i < ids->count; i++)
        check_id(k, &ids->at[i]);
}

static bool is_partner(const struct pack_test *t, struct text name)
{
    for (unsigned i = 0; i < t->respondents_count; i++)
        if (text_equal(cell_text(&t->respondents[i].partner), name))
            return true;
    return false;
}

static void refuse(struct checking *k, enum problem_code code, const struct cell *c)
{
    problem_add(k->problems, code, c->span, problem_quote(k->problems, cell_text(c)), NULL, NULL);
    k->ok = false;
}

static void check_partner(struct checking *k, const struct pack_present *p, uint32_t conclusion)
{
    if (!cell_given(&p->partner))
        return;
    if (conclusion != NONE && k->kb->conclusions[conclusion].about_partnership)
        refuse(k, PROBLEM_TEST_PARTNERSHIP, &p->id);
    else if (!is_partner(k->test, cell_text(&p->partner)))
        refuse(k, PROBLEM_TEST_PARTNER, &p->partner);
}

static void check_bounds(struct checking *k, const struct pack_present *p)
{
    const struct cell *bounds[] = {&p->at_least, &p->at_most};
    for (int i = 0; i < 2; i++)
        if (cell_given(bounds[i]) && (bounds[i]->number < -1 || bounds[i]->number > 1))
            refuse(k, PROBLEM_TEST_BOUND, bounds[i]);
    if (cell_given(&p->at_least) && cell_given(&p->at_most) &&
        p->at_least.number > p->at_most.number)
        refuse(k, PROBLEM_TEST_BOUNDS_CROSSED, &p->at_least);
}

static void check_present(struct checking *k, const struct pack_present *p)
{
    uint32_t c = check_id(k, &p->id);
    check_partner(k, p, c);
    check_bounds(k, p);
    if (c != NONE && cell_given(&p->severity) && k->kb->conclusions[c].level == LEVEL_NONE &&
        p->severity.number != LEVEL_NONE)
        refuse(k, PROBLEM_TEST_NO_SEVERITY, &p->id);
}

static void check_remedies(struct checking *k, const struct cells *ids)
{
    for (unsigned i = 0; i < ids->count; i++) {
        struct text id = cell_text(&ids->at[i]);
        struct suggest near;
        suggest_init(&near, id);
        uint32_t r = 0;
        for (; r < k->kb->remedy_count && !text_equal(k->kb->remedies[r].id, id); r++)
            suggest_offer(&near, k->kb->remedies[r].id);
        if (r < k->kb->remedy_count)
            continue;
        refuse(k, PROBLEM_TEST_REMEDY, &ids->at[i]);
        if (near.best.size)
            problem_help(k->problems, problem_format(k->problems, "did you mean %s?",
                                                     problem_quote(k->problems, near.best)));
    }
}

static void check_expect(struct checking *k, const struct pack_expect *e)
{
    if (e->present_count + e->absent.count + e->undetermined.count + e->not_assessed.count +
            e->because_count + e->remedies.count ==
        0)
        problem_add(k->problems, PROBLEM_TEST_EMPTY, k->test->id.span,
                    problem_quote(k->problems, cell_text(&k->test->id)), NULL, NULL);
    for (unsigned i = 0; i < e->present_count; i++)
        check_present(k, &e->present[i]);
    check_ids(k, &e->absent);
    check_ids(k, &e->undetermined);
    check_ids(k, &e->not_assessed);
    for (unsigned i = 0; i < e->because_count; i++) {
        check_id(k, &e->because[i].id);
        check_id(k, &e->because[i].of);
    }
    check_remedies(k, &e->remedies);
}

static void check_test(void *ctx)
{
    struct checking *k = ctx;
    const struct pack_test *t = k->test;
    struct sheet_case sheet;
    sheet_init(&sheet, k->kb, FORM_GIVEN, &k->arena);
    k->ok &= sheet_read(&sheet, &t->facts, t->respondents, t->respondents_count, t->at.span,
                        k->problems);
    check_expect(k, t->expect);
}

static bool check_pack(struct checking *k, const struct pack *p)
{
    for (unsigned i = 0; i < p->tests_count; i++) {
        k->test = &p->tests[i];
        arena_reset(&k->arena);
        if (!arena_run(&k->arena, check_test, k))
            return api_no_memory(k->problems);
    }
    return true;
}

bool pack_tests_check(const struct kb *kb, struct problems *problems)
{
    struct checking k = {.kb = kb, .problems = problems, .ok = true};
    arena_init(&k.arena, 0);
    bool done = true;
    for (uint32_t p = 0; done && p < kb->model->pack_count; p++)
        done = check_pack(&k, kb->model->packs[p]);
    arena_deinit(&k.arena);
    return done && k.ok;
}
