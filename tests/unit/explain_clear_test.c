/* explain_clear against trying everything: up to three changes its sets are the smallest there are.
 */
#include "unit/explain_world.h"

#include <jansson.h>

enum { CELLS = 6, ROUNDS = 40 };

static const char *const IDS[] = {"on_time", "warned", "fallback"};
static uint64_t seed = 11;

static unsigned draw(unsigned below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % below;
}

struct trying {
    struct world *w;
    uint32_t conclusion;
    uint8_t codes[CELLS]; /* [partner][question of IDS] */
    bool cleared;
};

static uint32_t values_of(int cell)
{
    return cell % 3 == 2 ? 2 : 5;
}

static void lay(struct trying *t, struct cases *b, const uint8_t *codes)
{
    cases_clear(b);
    assert_true(cases_add_case(b, TEXT("x"), false));
    for (int p = 0; p < 2; p++) {
        assert_true(cases_add_partner(b, p ? TEXT("b") : TEXT("a")));
        assert_true(cases_add_respondent(b));
        for (int k = 0; k < 3; k++) {
            struct answer a = {.code = codes[p * 3 + k], .text = {"", 0}};
            cases_set(b, kb_question(t->w->kb, text_from_c(IDS[k])), (uint32_t)p, &a);
        }
        struct answer age = {.code = p ? CODE_SKIPPED : 1, .number = 24, .text = {"", 0}};
        cases_set(b, kb_question(t->w->kb, TEXT("age_months")), (uint32_t)p, &age);
    }
}

static bool note(const struct infer *in, const struct tile *tile, void *ctx)
{
    struct trying *t = ctx;
    (void)tile;
    t->cleared = infer_verdict(in, t->conclusion, SCOPE_PARTNERSHIP, 0) == VERDICT_ABSENT;
    return true;
}

static bool is_cleared(struct trying *t, struct cases *b, const uint8_t *codes)
{
    lay(t, b, codes);
    assert_true(infer_run(t->w->infer, b, note, t, t->w->problems));
    return t->cleared;
}

/* Some values of `size` more cells from `from` on clear it. */
static bool clears(struct trying *t, struct cases *b, uint8_t *codes, int from, int size)
{
    if (size == 0)
        return is_cleared(t, b, codes);
    for (int cell = from; cell < CELLS; cell++) {
        uint8_t kept = codes[cell];
        for (uint32_t v = 1; v <= values_of(cell); v++) {
            codes[cell] = (uint8_t)v;
            if (v != kept && clears(t, b, codes, cell + 1, size - 1)) {
                codes[cell] = kept;
                return true;
            }
        }
        codes[cell] = kept;
    }
    return false;
}

struct explaining {
    struct trying *t;
    struct buffer out;
    const struct infer *in;
    const struct tile *tile;
};

static void explain(void *ctx)
{
    struct explaining *e = ctx;
    struct arena *a = &e->t->w->arena;
    struct case_view v;
    explain_case(a, e->in, e->tile, 0, EXPLAIN_FINDINGS, &v);
    assert_true(
        explain_clear(a, &v, e->t->conclusion, TEXT("en"), true, &e->out, e->t->w->problems));
}

static bool explain_tile(const struct infer *in, const struct tile *tile, void *ctx)
{
    struct explaining *e = ctx;
    e->in = in;
    e->tile = tile;
    return arena_run(&e->t->w->arena, explain, e);
}

static void compare(struct trying *t, struct cases *b, struct cases *other)
{
    int least = 0;
    struct explaining e = {.t = t};
    for (int size = 1; size <= 3 && !least; size++)
        if (clears(t, other, t->codes, 0, size))
            least = size;
    lay(t, b, t->codes);
    buffer_init(&e.out);
    assert_true(infer_run(t->w->infer, b, explain_tile, &e, t->w->problems));
    json_t *root = json_loadb(e.out.at, e.out.size, 0, NULL);
    assert_non_null(root);
    json_t *sets = json_object_get(root, "sets"), *set;
    size_t i;
    if (least) {
        assert_true(json_is_true(json_object_get(root, "exact")));
        assert_true(json_array_size(sets) > 0);
    } else {
        assert_false(json_is_true(json_object_get(root, "exact")));
    }
    json_array_foreach(sets, i, set)
    {
        size_t size = json_array_size(json_object_get(set, "changes"));
        if (least)
            assert_int_equal(size, least);
        else
            assert_true(size > 3);
    }
    json_decref(root);
    buffer_deinit(&e.out);
}

static void test_the_sets_are_the_smallest(void **state)
{
    struct world w = {.problems = problems_new()};
    unsigned present = 0;
    (void)state;
    world_load(&w, "docs/examples/delivery", NULL);
    struct cases *b = cases_new(w.kb, &w.put), *other = cases_new(w.kb, &w.put);
    assert_true(b && other);
    for (int round = 0; round < ROUNDS; round++) {
        struct trying t = {.w = &w,
                           .conclusion =
                               world_conclusion(&w, round % 2 ? "wearing_out" : "late_deliveries")};
        for (int c = 0; c < CELLS; c++)
            t.codes[c] = (uint8_t)(1 + draw(c % 3 == 2 ? 2 : draw(3) ? 2 : 5));
        lay(&t, b, t.codes);
        assert_true(infer_run(w.infer, b, note, &t, w.problems));
        bool undetermined_or_absent = t.cleared;
        if (undetermined_or_absent)
            continue;
        present++;
        compare(&t, b, other);
        arena_reset(&w.arena);
    }
    assert_true(present > 10);
    cases_free(b);
    cases_free(other);
    world_close(&w);
}

TEST_MAIN(1, cmocka_unit_test(test_the_sets_are_the_smallest))
