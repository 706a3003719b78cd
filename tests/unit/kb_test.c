/* kb_test: what a knowledge base says, once packs are merged and names resolved. What is refused
 * is tested by the folders of tests/packs. */
#include "kb/kb.h"
#include "test.h"
#include <sys/stat.h>
#include <unistd.h>

static char before[4096];
static char *folder;

static int enter(void **state)
{
    (void)state;
    folder = test_folder_new();
    setenv("ENTENTE_RULES", "installed", 1);
    return !getcwd(before, sizeof before) || chdir(folder) != 0;
}

static int leave(void **state)
{
    (void)state;
    int failed = chdir(before);
    test_folder_free(folder);
    return failed;
}

static void put(const char *path, const char *bytes)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(1, fwrite(bytes, strlen(bytes), 1, f));
    assert_int_equal(0, fclose(f));
}

static const char BASE_RULES[] =
    "conclusions:\n"
    "  - {id: low, kind: diagnosis, label: Confiance basse, summary: Peu de confiance.}\n"
    "  - {id: sure, kind: strength, label: Confiance, holds_from: 0.7, needs: nothing}\n"
    "  - id: strain\n"
    "    kind: diagnosis\n"
    "    about: partnership\n"
    "    label: Tension\n"
    "    severity: {level: high, high_when: gap(trust) > 2, low_when: age < 6}\n"
    "rules:\n"
    "  - {id: z, when: trust <= 2, conclude: low, certainty: 0.7, because: Voilà., source: [K1, "
    "K2]}\n"
    "  - {id: b, when: low and age > 3, conclude: strain, certainty: -0.5, group: g}\n"
    "  - {id: a, when: not (low or trust < 2), conclude: sure, certainty: 1, each: partner}\n";

static void put_base(void)
{
    assert_int_equal(0, mkdir("base", 0700));
    put("base/pack.yaml", "id: base\nversion: 1.2.3\nlanguage: fr\ntitle: Le socle\n"
                          "scales: [{id: s, range: [1, 5], ends: [non, oui]}]\n"
                          "dimensions: [{id: d, label: Dimension}]\n"
                          "defaults: {holds_from: 0.4, needs: answered_share >= 0.5}\n");
    put("base/questions.yaml",
        "- {id: late, kind: yesno, text: T, ask_if: any(trust <= 2)}\n"
        "- {id: trust, kind: scale, text: Confiance, scale: s, form: short, best: low,\n"
        "   dimension: d, help: Aide, effort: 3}\n"
        "- {id: age, kind: number, about: partnership, text: Depuis, range: [0, 600], unit: mois}\n"
        "- id: sector\n"
        "  kind: one_of\n"
        "  text: Quel\n"
        "  choices: [{id: health, label: Santé}, {id: cars, label: Auto}]\n");
    put("base/rules.yaml", BASE_RULES);
    put("base/remedies.yaml",
        "- {id: R1, title: Parler, treats: [low, strain, low], steps: [{who: Tous, what: "
        "Parler}],\n"
        "   effort: 1, impact: 3, horizon: months, when: present(strain), sign: Bien}\n");
    put("base/text.en.yaml", "- {of: base, title: The base}\n"
                             "- {of: s, ends: ['no', 'yes']}\n"
                             "- {of: d, label: A dimension}\n"
                             "- {of: trust, text: Trust, help: Help}\n"
                             "- {of: age, unit: months}\n"
                             "- {of: sector, choices: [{id: cars, label: Cars}]}\n"
                             "- {of: low, label: Low trust}\n"
                             "- {of: z, because: There.}\n"
                             "- {of: R1, title: Talk, steps: [{who: All, what: Talk}]}\n");
}

static struct kb *load_with(const struct kb_options *options)
{
    struct problems *problems = problems_new();
    struct kb *kb = kb_new(options, problems);
    if (!kb) {
        struct buffer out;
        buffer_init(&out);
        problems_print(problems, false, &out);
        fail_msg("%.*s", (int)out.size, out.at);
    }
    problems_free(problems);
    return kb;
}

static struct kb *load(const char *pack, const char *language)
{
    const char *packs[] = {pack};
    struct kb_options options = {
        .packs = packs, .pack_count = 1, .language = text_from_c(language)};
    return load_with(&options);
}

static void assert_condition(const struct kb *kb, const struct node *n, const char *expected)
{
    struct buffer out;
    buffer_init(&out);
    assert_non_null(n);
    condition_print(n, &kb->names_of, &out);
    assert_text(expected, buffer_view(&out));
    buffer_deinit(&out);
}

static void test_questions(void **state)
{
    (void)state;
    put_base();
    struct kb *kb = load("base", "");
    assert_text("base 1.2.3", kb->name);
    assert_text("Le socle", kb->title);
    assert_text("fr", kb->language);
    assert_int_equal(4, kb->question_count);
    const struct question *q = &kb->questions[kb_question(kb, TEXT("trust"))];
    assert_int_equal(KIND_SCALE, q->kind);
    assert_true(q->in_short_form && q->best_low && !q->about_partnership);
    assert_true(q->lo == 1 && q->hi == 5 && q->choice_count == 5);
    assert_int_equal(3, q->effort);
    assert_text("oui", q->ends[1]);
    assert_text("Dimension", kb->dimensions[q->dimension].label);
    assert_text("base/questions.yaml", q->place.file);
    assert_int_equal(2, q->place.line);
    assert_int_equal(3, q->place.column);
    q = &kb->questions[kb_question(kb, TEXT("age"))];
    assert_true(q->about_partnership && !q->in_short_form && q->lo == 0 && q->hi == 600);
    assert_text("mois", q->unit);
    assert_int_equal(1, q->effort);
    assert_int_equal(NONE, q->dimension);
    q = &kb->questions[kb_question(kb, TEXT("sector"))];
    assert_int_equal(2, q->choice_count);
    assert_text("cars", q->choice_ids[1]);
    assert_text("Auto", q->choices[1].label);
    assert_int_equal(2, kb->questions[kb_question(kb, TEXT("late"))].choice_count);
    assert_int_equal(NONE, kb_question(kb, TEXT("low")));
    assert_int_equal(NONE, kb_question(kb, TEXT("nobody")));
    kb_free(kb);
}

/* A question whose ask_if reads another one comes behind it. */
static void test_question_order(void **state)
{
    (void)state;
    put_base();
    struct kb *kb = load("base", "");
    uint32_t at[4];
    for (uint32_t i = 0; i < 4; i++)
        at[kb->question_order[i]] = i;
    assert_true(at[kb_question(kb, TEXT("trust"))] < at[kb_question(kb, TEXT("late"))]);
    assert_condition(kb, kb->questions[kb_question(kb, TEXT("late"))].ask_if, "any(trust <= 2)");
    kb_free(kb);
}

static void test_conclusions(void **state)
{
    (void)state;
    put_base();
    struct kb *kb = load("base", "");
    const struct conclusion *low = &kb->conclusions[kb_conclusion(kb, TEXT("low"))];
    const struct conclusion *sure = &kb->conclusions[kb_conclusion(kb, TEXT("sure"))];
    const struct conclusion *strain = &kb->conclusions[kb_conclusion(kb, TEXT("strain"))];
    assert_true(low->threshold == 0.4 && sure->threshold == 0.7);
    assert_int_equal(LEVEL_MEDIUM, low->level);
    assert_int_equal(LEVEL_NONE, sure->level);
    assert_int_equal(LEVEL_HIGH, strain->level);
    assert_condition(kb, low->needs, "answered_share >= 0.5");
    assert_null(sure->needs);
    assert_condition(kb, strain->high_when, "gap(trust) > 2");
    assert_condition(kb, strain->low_when, "age < 6");
    assert_int_equal(0, low->layer);
    assert_int_equal(1, sure->layer);
    assert_int_equal(1, strain->layer);
    assert_int_equal(2, kb->layer_count);
    assert_int_equal(1, low->rule_count);
    assert_text("z", kb->rules[low->rules[0]].id);
    assert_string_equal("diagnosis", conclusion_kind_name(strain->kind));
    assert_string_equal("high", level_name(strain->level));
    assert_null(level_name(LEVEL_NONE));
    assert_string_equal("one_of", answer_kind_name(KIND_ONE_OF));
    kb_free(kb);
}

static void test_rules_and_remedies(void **state)
{
    (void)state;
    put_base();
    struct kb *kb = load("base", "");
    assert_int_equal(3, kb->rule_count);
    const struct rule *a = &kb->rules[0], *b = &kb->rules[1], *z = &kb->rules[2];
    assert_text("a", a->id);
    assert_text("b", b->id);
    assert_text("z", z->id);
    assert_condition(kb, a->written, "not (low or trust < 2)");
    assert_condition(kb, a->when, "not low and not trust < 2");
    assert_ptr_equal(z->written, z->when);
    assert_true(b->certainty == -0.5);
    assert_text("g", b->group);
    assert_text("", z->group);
    assert_text("Voilà.", z->because);
    assert_int_equal(2, z->source_count);
    assert_text("K2", z->source[1]);
    assert_text("base/rules.yaml", z->place.file);
    assert_int_equal(10, z->place.line);
    const struct remedy *r = &kb->remedies[0];
    assert_int_equal(2, r->treat_count);
    assert_int_equal(kb_conclusion(kb, TEXT("strain")), r->treats[1]);
    assert_condition(kb, r->when, "present(strain)");
    assert_true(r->effort == 1 && r->impact == 3 && r->step_count == 1);
    assert_text("months", r->horizon);
    assert_text("Tous", r->steps[0].who);
    kb_free(kb);
}

static void test_texts_of_a_language(void **state)
{
    (void)state;
    put_base();
    struct kb *kb = load("base", "en");
    assert_text("en", kb->language);
    assert_text("The base", kb->title);
    const struct question *q = &kb->questions[kb_question(kb, TEXT("trust"))];
    assert_text("Trust", q->text);
    assert_text("Help", q->help);
    assert_text("yes", q->ends[1]);
    assert_text("A dimension", kb->dimensions[0].label);
    q = &kb->questions[kb_question(kb, TEXT("sector"))];
    assert_text("Quel", q->text); /* no translation: the pack's own */
    assert_text("Santé", q->choices[0].label);
    assert_text("Cars", q->choices[1].label);
    assert_text("months", kb->questions[kb_question(kb, TEXT("age"))].unit);
    assert_text("Low trust", kb->conclusions[kb_conclusion(kb, TEXT("low"))].label);
    assert_text("Peu de confiance.", kb->conclusions[kb_conclusion(kb, TEXT("low"))].summary);
    assert_text("There.", kb->rules[2].because);
    assert_text("Talk", kb->remedies[0].steps[0].what);
    kb_free(kb);
    kb = load("base", "de");
    assert_text("fr", kb->language);
    kb_free(kb);
}

static void put_overlay(const char *language)
{
    put_base();
    assert_int_equal(0, mkdir("over", 0700));
    char pack[200];
    snprintf(pack, sizeof pack,
             "id: over\nversion: 2.0.0\nlanguage: %s\ntitle: Le dessus\n"
             "extends: [base]\ndefaults: {holds_from: 0.9}\n",
             language);
    put("over/pack.yaml", pack);
    put("over/rules.yaml",
        "conclusions:\n"
        "  - {id: low, override: true, label: Méfiance, severity: {level: low}}\n"
        "  - {id: strain, override: true, severity: {low_when: age < 9}}\n"
        "  - {id: own, kind: finding, label: À nous}\n"
        "rules:\n"
        "  - {id: z, override: true, certainty: 0.3, source: [K9]}\n"
        "  - {id: own, when: trust = 5, conclude: own, certainty: 1}\n");
}

static void test_override(void **state)
{
    (void)state;
    put_overlay("fr");
    struct kb *kb = load("over", "");
    assert_text("base 1.2.3 + over 2.0.0", kb->name);
    assert_text("Le dessus", kb->title);
    const struct rule *z = &kb->rules[3];
    assert_text("z", z->id);
    assert_true(z->certainty == 0.3);
    assert_int_equal(1, z->source_count);
    assert_text("K9", z->source[0]);
    assert_text("Voilà.", z->because);
    assert_condition(kb, z->when, "trust <= 2");
    assert_text("over/rules.yaml", z->place.file);
    const struct conclusion *low = &kb->conclusions[kb_conclusion(kb, TEXT("low"))];
    assert_text("Méfiance", low->label);
    assert_int_equal(LEVEL_LOW, low->level);
    const struct conclusion *strain = &kb->conclusions[kb_conclusion(kb, TEXT("strain"))];
    assert_int_equal(LEVEL_HIGH, strain->level);
    assert_condition(kb, strain->high_when, "gap(trust) > 2");
    assert_condition(kb, strain->low_when, "age < 9");
    /* A pack's defaults are for its own conclusions; what it does not say it inherits. */
    const struct conclusion *own = &kb->conclusions[kb_conclusion(kb, TEXT("own"))];
    assert_true(low->threshold == 0.4 && own->threshold == 0.9);
    assert_condition(kb, own->needs, "answered_share >= 0.5");
    kb_free(kb);
}

/* A translation of a text that another pack has overridden says something else. */
static void test_overridden_text_is_not_translated(void **state)
{
    (void)state;
    put_overlay("fr");
    struct kb *kb = load("over", "en");
    assert_text("Méfiance", kb->conclusions[kb_conclusion(kb, TEXT("low"))].label);
    assert_text("Trust", kb->questions[kb_question(kb, TEXT("trust"))].text);
    kb_free(kb);
    put("over/text.en.yaml", "- {of: low, label: Distrust}\n");
    kb = load("over", "en");
    assert_text("Distrust", kb->conclusions[kb_conclusion(kb, TEXT("low"))].label);
    kb_free(kb);
}

/* A pack in another language than the one it extends speaks its own. */
static void test_language_of_the_pack_named(void **state)
{
    (void)state;
    put_overlay("en");
    struct kb *kb = load("over", "");
    assert_text("en", kb->language);
    assert_text("Trust", kb->questions[kb_question(kb, TEXT("trust"))].text);
    kb_free(kb);
}

static void test_digest(void **state)
{
    (void)state;
    put_base();
    struct kb *kb = load("base", "");
    uint64_t first = kb->digest;
    kb_free(kb);
    kb = load("base", "en");
    assert_true(kb->digest == first);
    kb_free(kb);
    put("base/tests.yaml", "nonsense");
    kb = load("base", "");
    assert_true(kb->digest == first);
    kb_free(kb);
    put("base/remedies.yaml", "- {id: R1, title: Parler., treats: [low],\n"
                              "   steps: [{who: Tous, what: Parler}],\n"
                              "   effort: 1, impact: 3, horizon: months}\n");
    kb = load("base", "");
    assert_true(kb->digest != first);
    kb_free(kb);
}

static void test_tests_of_a_pack(void **state)
{
    (void)state;
    put_base();
    put("base/tests.yaml",
        "- id: alone\n"
        "  form: short\n"
        "  facts: {age: 18}\n"
        "  respondents:\n"
        "    - partner: p\n"
        "      answers: {trust: 1, late: yes, sector: [a, b], x: \"null\", y: ~, z: }\n"
        "    - {answers: {trust: dk}}\n"
        "  expect:\n"
        "    present: [{id: low, partner: p, at_least: 0.5, severity: high}]\n"
        "    absent: [sure]\n"
        "    because: [{id: low, of: strain}]\n");
    struct kb_options options = {
        .packs = (const char *const[]){"base"}, .pack_count = 1, .with_tests = true};
    struct kb *kb = load_with(&options);
    const struct pack *pack = kb->model->packs[0];
    assert_int_equal(1, pack->tests_count);
    const struct pack_test *t = &pack->tests[0];
    assert_int_equal(FORM_SHORT, (int)t->form.number);
    assert_int_equal(1, t->facts.count);
    assert_text("age", cell_text(&t->facts.at[0].key));
    assert_text("18", cell_text(t->facts.at[0].values));
    assert_int_equal(2, t->respondents_count);
    const struct entries *answers = &t->respondents[0].answers;
    assert_int_equal(6, answers->count);
    assert_true(answers->at[2].is_list && answers->at[2].count == 2);
    assert_text("b", cell_text(&answers->at[2].values[1]));
    assert_true(answers->at[3].is_quoted);
    assert_text("null", cell_text(answers->at[3].values));
    assert_text("", cell_text(answers->at[4].values));
    assert_text("", cell_text(answers->at[5].values));
    assert_false(cell_given(&t->respondents[1].partner));
    assert_true(t->expect->present[0].at_least.number == 0.5);
    assert_int_equal(LEVEL_HIGH, (int)t->expect->present[0].severity.number);
    assert_int_equal(1, t->expect->absent.count);
    assert_text("strain", cell_text(&t->expect->because[0].of));
    kb_free(kb);
}

struct sheet_call {
    struct arena arena;
    struct problems *problems;
    struct text bytes;
    struct pack_sheet sheet;
    bool good;
};

static void load_sheet(void *ctx)
{
    struct sheet_call *c = ctx;
    source_id source = problems_source(c->problems, TEXT("a.yaml"), c->bytes);
    c->good = pack_sheet_load(&c->arena, source, c->bytes, &c->sheet, c->problems);
}

static void test_answer_sheet(void **state)
{
    (void)state;
    struct sheet_call c = {.bytes = TEXT("case: V2\nform: short\nfacts: {age: 18}\n"
                                         "respondents:\n  - {partner: p, answers: {trust: 2}}\n")};
    arena_init(&c.arena, 0);
    c.problems = problems_new();
    assert_true(arena_run(&c.arena, load_sheet, &c));
    assert_true(c.good);
    assert_text("V2", cell_text(&c.sheet.name));
    assert_text("trust", cell_text(&c.sheet.respondents[0].answers.at[0].key));
    c.bytes = TEXT("case: V2\nfrom: short\n");
    assert_true(arena_run(&c.arena, load_sheet, &c));
    assert_false(c.good);
    assert_true(problems_has(c.problems, PROBLEM_KEY_UNKNOWN));
    problems_free(c.problems);
    arena_deinit(&c.arena);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, enter, leave)

TEST_MAIN(11, CASE(test_questions), CASE(test_question_order), CASE(test_conclusions),
          CASE(test_rules_and_remedies), CASE(test_texts_of_a_language), CASE(test_override),
          CASE(test_overridden_text_is_not_translated), CASE(test_language_of_the_pack_named),
          CASE(test_digest), CASE(test_tests_of_a_pack), CASE(test_answer_sheet))
