/* explain_how: the proof for people, whole, in both languages; and as JSON. */
#include "unit/explain_pack.h"

#include <jansson.h>

struct asking {
    const char *conclusion;
    const char *language; /* NULL: JSON */
    struct buffer out;
};

static void look(struct world *w, const struct infer *in, const struct tile *t, void *ctx)
{
    struct asking *a = ctx;
    struct case_view v;
    explain_case(&w->arena, in, t, 0, 0, &v);
    uint32_t c = world_conclusion(w, a->conclusion);
    if (a->language)
        explain_how(&w->arena, &v, c, text_from_c(a->language), &a->out);
    else
        explain_how_json(&w->arena, &v, c, &a->out);
    assert_false(a->out.failed);
}

/* The caller frees a->out. */
static struct text how(struct world *w, struct asking *a, const char *conclusion,
                       const char *language)
{
    *a = (struct asking){.conclusion = conclusion, .language = language};
    buffer_init(&a->out);
    world_run(w, look, a);
    return buffer_view(&a->out);
}

static void golden_how(struct world *w, const char *conclusion, const char *language,
                       const char *golden)
{
    struct asking a;
    world_golden(w, golden, how(w, &a, conclusion, language));
    buffer_deinit(&a.out);
}

static bool contains(struct text t, const char *part)
{
    return t.size > 0 && memmem(t.at, t.size, part, strlen(part)) != NULL;
}

/* For, against, a group, premises; both partners. */
static void test_how_of_two_sides(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    world_case(&w, "V2", false);
    world_partner(&w, "equipementier");
    world_respondent(&w, "load_balanced=5 risk_shared=4 trust=5 suspicion=1 charter=no");
    world_partner(&w, "pme");
    world_respondent(&w, "load_balanced=1 risk_shared=2 trust=1 suspicion=4");
    world_respondent(&w, "load_balanced=1 risk_shared=1 trust=2 suspicion=5");
    golden_how(&w, "imbalance", "fr", "explain_how.sides.fr.txt");
    golden_how(&w, "imbalance", "en", "explain_how.sides.en.txt");
    golden_how(&w, "rigidity", "fr", "explain_how.any.fr.txt");
    golden_how(&w, "short_termism", "fr", "explain_how.not_assessed.fr.txt");
    world_close(&w);
}

static void blanks(struct world *w)
{
    world_case(w, "V3", false);
    world_partner(w, "");
    world_respondent(w, "load_balanced=1 risk_shared=dk trust=2 suspicion=dk charter=no");
}

/* Intervals, rules that might still count, and what they hang on. */
static void test_how_of_blanks(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    blanks(&w);
    golden_how(&w, "imbalance", "fr", "explain_how.blanks.fr.txt");
    golden_how(&w, "rigidity", "en", "explain_how.blanks.en.txt");
    world_close(&w);
}

static void test_how_json(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    blanks(&w);
    struct asking a;
    struct text t = how(&w, &a, "imbalance", NULL);
    json_error_t error;
    json_t *object = json_loadb(t.at, t.size, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(object);
    json_t *proof = json_array_get(json_object_get(object, "proofs"), 0);
    json_t *rules = json_object_get(proof, "rules");
    assert_int_equal(json_array_size(rules), 4);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rules, 1), "state")),
                        "possible");
    json_t *product = json_object_get(proof, "product");
    assert_float_equal(
        json_number_value(json_object_get(json_object_get(product, "lowest"), "certainty")), 0.7135,
        1e-9);
    json_decref(object);
    world_golden(&w, "explain_how.blanks.json", t);
    buffer_deinit(&a.out);
    world_close(&w);
}

static const struct world_file NEEDY[] = {
    WORLD_PACK,
    {"questions.yaml", "- id: trust\n"
                       "  kind: scale\n"
                       "  scale: agreement\n"
                       "  text: Confiance ?\n"
                       "- id: size\n"
                       "  kind: number\n"
                       "  range: [0, 600]\n"
                       "  text: Taille ?\n"
                       "- id: sector\n"
                       "  kind: one_of\n"
                       "  choices:\n"
                       "    - {id: health, label: Santé}\n"
                       "    - {id: cars, label: Autos}\n"
                       "  text: Secteur ?\n"
                       "- id: comment\n"
                       "  kind: text\n"
                       "  text: Autre chose ?\n"},
    {"rules.yaml",
     "conclusions:\n"
     "  - id: deep\n"
     "    kind: diagnosis\n"
     "    label: Profond\n"
     "    needs: partners >= 2 and respondents >= 3\n"
     "  - id: shallow\n"
     "    kind: diagnosis\n"
     "    label: Peu profond\n"
     "    about: partnership\n"
     "rules:\n"
     "  - id: a\n"
     "    when: gap(trust) >= 2 or spread(trust) >= 2 or size + trust > 12\n"
     "    conclude: deep\n"
     "    certainty: 0.5\n"
     "  - id: b\n"
     "    when: sector = cars and comment matches /tard/i and share(trust <= 2) >= 0.5\n"
     "    conclude: deep\n"
     "    certainty: 0.5\n"
     "  - id: c\n"
     "    when: partner = \"pme\" and answered(size) and answered_share >= 0.5\n"
     "    conclude: deep\n"
     "    certainty: -1\n"
     "  - id: d\n"
     "    when: disagree(sector) or certainty(deep) >= 0.5 or count(trust <= 2) >= 1\n"
     "    each: partnership\n"
     "    conclude: shallow\n"
     "    certainty: 1\n"},
};

/* Every kind of leaf; `needs` that are not met; control characters in names. */
static void test_how_reads_every_kind_of_leaf(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, NEEDY, sizeof NEEDY / sizeof NEEDY[0], NULL);
    world_case(&w, "a", false);
    world_partner(&w, "p\033[31m\xC2\x9B");
    world_respondent(&w, "trust=2 size=10.5 sector=cars comment=retard");
    world_respondent(&w, "trust=dk size=dk sector=health");
    golden_how(&w, "deep", "fr", "explain_how.leaves.fr.txt");
    golden_how(&w, "shallow", "en", "explain_how.leaves.en.txt");
    struct asking a;
    struct text t = how(&w, &a, "deep", NULL);
    json_t *object = json_loadb(t.at, t.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    json_decref(object);
    buffer_deinit(&a.out);
    t = how(&w, &a, "deep", "fr");
    assert_false(contains(t, "\033"));
    assert_false(contains(t, "\xC2\x9B"));
    buffer_deinit(&a.out);
    world_close(&w);
}

static void test_open_case_waits_for_blanks(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, NULL);
    world_case(&w, "a", true);
    world_partner(&w, "pme");
    world_respondent(&w, "load_balanced=1");
    world_respondent(&w, "trust=3");
    golden_how(&w, "imbalance", "fr", "explain_how.open.fr.txt");
    world_close(&w);
}

struct failing {
    struct world *w;
    const struct infer *in;
    const struct tile *t;
    struct arena arena;
    struct buffer out;
};

static void explain_all(void *ctx)
{
    struct failing *f = ctx;
    struct case_view v;
    explain_case(&f->arena, f->in, f->t, 0, EXPLAIN_FINDINGS, &v);
    for (uint32_t c = 0; c < f->w->kb->conclusion_count; c++) {
        explain_how(&f->arena, &v, c, TEXT("fr"), &f->out);
        explain_how_json(&f->arena, &v, c, &f->out);
    }
}

static void explain_once(void *ctx)
{
    struct failing *f = ctx;
    arena_init(&f->arena, 0);
    buffer_init(&f->out);
    bool ok = arena_run(&f->arena, explain_all, f) && !f->out.failed;
    assert_true(ok == (test_failed_allocations() == 0));
    buffer_deinit(&f->out);
    arena_deinit(&f->arena);
}

static void fail_in_tile(struct world *w, const struct infer *in, const struct tile *t, void *ctx)
{
    struct failing f = {.w = w, .in = in, .t = t};
    (void)ctx;
    test_each_allocation(explain_once, &f);
}

static void test_survives_failed_allocations(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    blanks(&w);
    world_run(&w, fail_in_tile, NULL);
    world_close(&w);
}

TEST_MAIN(6, cmocka_unit_test(test_how_of_two_sides), cmocka_unit_test(test_how_of_blanks),
          cmocka_unit_test(test_how_json), cmocka_unit_test(test_how_reads_every_kind_of_leaf),
          cmocka_unit_test(test_open_case_waits_for_blanks),
          cmocka_unit_test(test_survives_failed_allocations))
