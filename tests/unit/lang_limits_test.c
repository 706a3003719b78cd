/* Limits of conditions and patterns, a small stack, memory that comes to its end, positions. */
#include "test.h"

#include "unit/lang_names.h"
#include <pthread.h>

/* What the instrumented code of ASan needs is not what the engine needs. */
#if defined(__SANITIZE_ADDRESS__)
enum { SMALL_STACK = 128 << 10 };
#else
enum { SMALL_STACK = 64 << 10 };
#endif

struct session {
    struct arena arena;
    struct pattern_set patterns;
    struct problems *problems;
    struct scalar scalar;
    const struct node *node;
};

static void run(void *ctx)
{
    struct session *s = ctx;
    pattern_set_init(&s->patterns, &s->arena);
    s->node = condition_new(&s->arena, s->scalar, SCOPE_PARTNER, &FIXTURE_NAMES, &s->patterns,
                            s->problems);
}

static struct session parse(struct text t)
{
    struct session s = {.problems = problems_new(),
                        .scalar = {.value = t, .span = {0, 0, (uint32_t)t.size}}};
    assert_non_null(s.problems);
    arena_init(&s.arena, 0);
    assert_true(arena_run(&s.arena, run, &s));
    return s;
}

static void finish(struct session *s)
{
    arena_deinit(&s->arena);
    problems_free(s->problems);
}

/* One problem, of this code, and no tree. */
static void only(struct text t, enum problem_code code)
{
    struct session s = parse(t);
    assert_null(s.node);
    assert_int_equal(problems_count(s.problems, SEVERITY_NOTE), 1);
    assert_int_equal(problems_at(s.problems, 0)->code, code);
    finish(&s);
}

static void says(struct text t, const char *message)
{
    struct session s = parse(t);
    assert_int_equal(problems_kept(s.problems), 1);
    assert_string_equal(problems_at(s.problems, 0)->message, message);
    finish(&s);
}

static void works(struct text t)
{
    struct session s = parse(t);
    if (s.node == NULL)
        fail_msg("%.*s: %s", (int)t.size, t.at, problems_at(s.problems, 0)->message);
    finish(&s);
}

static struct text repeated(struct buffer *b, const char *before, const char *what, size_t n,
                            const char *after)
{
    buffer_clear(b);
    buffer_c(b, before);
    for (size_t i = 0; i < n; i++)
        buffer_c(b, what);
    buffer_c(b, after);
    return buffer_view(b);
}

/* Brackets, then what stands in them, then as many closing ones. */
static struct text nested(struct buffer *b, const char *open, const char *inner, const char *close,
                          size_t n)
{
    buffer_clear(b);
    for (size_t i = 0; i < n; i++)
        buffer_c(b, open);
    buffer_c(b, inner);
    for (size_t i = 0; i < n; i++)
        buffer_c(b, close);
    return buffer_view(b);
}

/* Fault 30. */
static void test_a_million_terms_are_one_problem(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    double start = test_seconds();
    only(repeated(&b, "charter", " and charter", 1000000, ""), PROBLEM_CONDITION_LONG);
    only(repeated(&b, "charter", " or charter", 1000000, ""), PROBLEM_CONDITION_LONG);
    only(repeated(&b, "role in (leader", ", leader", 60000, ")"), PROBLEM_CONDITION_LONG);
    assert_true(test_seconds() - start < 2);
    buffer_deinit(&b);
}

static void test_many_terms_within_the_limit_work(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    works(repeated(&b, "charter", " and imbalance", LIMIT_CONDITION_TOKENS / 2 - 1, ""));
    works(repeated(&b, "charter", " or trust <= 2", LIMIT_CONDITION_TOKENS / 4 - 1, ""));
    works(repeated(&b, "trust in (1", ", 2", LIMIT_CONDITION_TOKENS / 2 - 3, ")"));
    buffer_deinit(&b);
}

static const struct {
    const char *open, *inner, *close;
    size_t most; /* that are accepted */
} NESTINGS[] = {
    {"(", "charter", ")", 63},         {"not ", "charter", "", 63},
    {"not (", "charter", ")", 31},     {"any(", "charter", ")", 62},
    {"all(any(", "charter", "))", 31}, {"-", "trust <= -2", "", 61},
    {"-(", "trust", ") <= -2", 1},     {"charter and (imbalance or (", "signed", "))", 15},
    {"(", "trust", " + 1) <= 3", 1},
};

static void test_nesting_is_bounded(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    double start = test_seconds();
    for (size_t i = 0; i < sizeof NESTINGS / sizeof NESTINGS[0]; i++) {
        works(nested(&b, NESTINGS[i].open, NESTINGS[i].inner, NESTINGS[i].close, NESTINGS[i].most));
        only(nested(&b, NESTINGS[i].open, NESTINGS[i].inner, NESTINGS[i].close, 65),
             PROBLEM_CONDITION_DEEP);
        only(nested(&b, NESTINGS[i].open, NESTINGS[i].inner, NESTINGS[i].close, 100000),
             PROBLEM_CONDITION_DEEP);
    }
    /* Chains of arithmetic are trees that lean to the left. */
    works(repeated(&b, "trust", " + trust", 62, " > 99"));
    only(repeated(&b, "trust", " + trust", 70, " > 99"), PROBLEM_CONDITION_DEEP);
    only(repeated(&b, "trust", " * 2", 9000, " > 9"), PROBLEM_CONDITION_DEEP);
    assert_true(test_seconds() - start < 2);
    buffer_deinit(&b);
}

static void use(const struct node *n, void *ctx)
{
    *(size_t *)ctx += n->count;
}

static void *on_small_stack(void *ctx)
{
    struct buffer *b = ctx;
    for (size_t i = 0; i < sizeof NESTINGS / sizeof NESTINGS[0]; i++) {
        for (size_t n = NESTINGS[i].most; n <= 100000; n += 99937) {
            struct session s =
                parse(nested(b, NESTINGS[i].open, NESTINGS[i].inner, NESTINGS[i].close, n));
            if (s.node) {
                size_t sum = 0;
                struct buffer out;
                buffer_init(&out);
                const struct node *normal = condition_normal(&s.arena, s.node);
                condition_print(normal, &FIXTURE_NAMES_OF, &out);
                node_walk(normal, use, &sum);
                assert_true(node_equal(s.node, s.node) && node_hash(normal) != sum);
                buffer_deinit(&out);
            }
            finish(&s);
        }
    }
    struct session s =
        parse(TEXT("comment matches /((((((((((((((((((((((((((((a)b)c)d)e)f)g)h)i)j)"
                   "k)l)m)n)o)p)q)r)s)t)u)v)w)x)y)z)0)1)/i"));
    assert_non_null(s.node);
    finish(&s);
    return NULL;
}

/* Faults 30 and 104: the deepest that is let in, and what is deeper. */
static void test_a_small_stack_is_enough(void **state)
{
    (void)state;
    struct buffer b;
    pthread_attr_t attributes;
    pthread_t thread;
    buffer_init(&b);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, SMALL_STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, on_small_stack, &b), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    buffer_deinit(&b);
}

/* Fault 36. */
static void test_patterns_are_bounded(void **state)
{
    (void)state;
    struct buffer b, inner;
    buffer_init(&b);
    buffer_init(&inner);
    only(repeated(&b, "comment matches /a", "a", LIMIT_PATTERN, "/"), PROBLEM_PATTERN_LONG);
    works(repeated(&b, "comment matches /a", "a", LIMIT_PATTERN - 1, "/"));
    only(repeated(&b, "comment matches /a", "|ab", 10000, "/"), PROBLEM_PATTERN_LONG);
    only(repeated(&b, "comment matches /a", "(b)", LIMIT_PATTERN_GROUPS + 1, "/"),
         PROBLEM_PATTERN_GROUPS);
    works(repeated(&b, "comment matches /a", "(b)", LIMIT_PATTERN_GROUPS, "/"));
    only(repeated(&b, "comment matches /", "(", 250, "/"), PROBLEM_PATTERN_GROUPS);
    buffer_clear(&inner);
    buffer_c(&inner, "comment matches /");
    buffer_text(&inner, nested(&b, "(a", "b", ")", 60));
    buffer_byte(&inner, '/');
    only(buffer_view(&inner), PROBLEM_PATTERN_SYNTAX);
    only(TEXT("comment matches /(((a{1,1000}){1,1000}){1,1000}){1,1000}/"), PROBLEM_PATTERN_SYNTAX);
    only(TEXT("comment matches /(a{1,65535}){1,65535}/"), PROBLEM_PATTERN_SYNTAX);
    buffer_deinit(&inner);
    buffer_deinit(&b);
}

static void test_many_problems_are_quick(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    double start = test_seconds();
    struct session s = parse(repeated(&b, "chartr", " and imbalnace", 9000, ""));
    assert_null(s.node);
    assert_int_equal(problems_count(s.problems, SEVERITY_ERROR), 9001);
    finish(&s);
    assert_true(test_seconds() - start < 2);
    buffer_deinit(&b);
}

static void test_equal_patterns_are_one(void **state)
{
    (void)state;
    struct session s =
        parse(TEXT("comment matches /a/ and remark matches /a/ or comment matches /a/i or "
                   "partner matches /a/ or comment matches /b/ or comment matches /e\xCC\x81/ or "
                   "comment matches /\xC3\xA9/"));
    assert_non_null(s.node);
    assert_int_equal(s.patterns.count, 4);
    for (size_t i = 0; i < s.patterns.count; i++) {
        assert_int_equal(s.patterns.patterns[i]->index, i);
        assert_non_null(s.patterns.patterns[i]->code);
    }
    const struct node *both = s.node->args[0];
    assert_ptr_equal(both->args[0]->pattern, both->args[1]->pattern);
    assert_ptr_not_equal(both->args[0]->pattern, s.node->args[1]->pattern);
    finish(&s);
}

static void try_all(void *ctx)
{
    struct session s = {.problems = problems_new(), .scalar = {.value = *(struct text *)ctx}};
    s.scalar.span.end = (uint32_t)s.scalar.value.size;
    arena_init(&s.arena, 0);
    bool whole = arena_run(&s.arena, run, &s);
    if (!whole || s.node == NULL)
        assert_true(!whole || s.problems == NULL || problems_has_error(s.problems));
    arena_deinit(&s.arena);
    problems_free(s.problems);
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    struct text right =
        TEXT("share(trust <= 2 and not role in (leader, equal)) >= 0.5 or comment matches "
             "/d\xC3\xA9lai|e\xCC\x81/i and partner in (\"cafe\xCC\x81\", \"b\") or any(not "
             "charter) or comment = \"a\"\"b\" or grade(trust, 4, 2)");
    struct text wrong = TEXT(
        "trusst <= 7 AND role = ledaer or comment matches /a(/ and trust <= 9 or load-balanced "
        "> 0 or chartr or wishes or comment = x and mean(charter) > 0");
    struct text broken = TEXT("1 < trust < 3");
    test_each_allocation(try_all, &right);
    test_each_allocation(try_all, &wrong);
    test_each_allocation(try_all, &broken);
}

/* A folded YAML scalar: its bytes stand on several lines of the file. */
static void test_positions_go_through_origins(void **state)
{
    (void)state;
    struct text file = TEXT("when: >\n  trust <= 2\n  and chartr\n  and comment matches /a(/\n");
    struct text value = TEXT("trust <= 2 and chartr and comment matches /a(/");
    uint32_t origin[64];
    size_t at = 10;
    for (size_t i = 0; i < value.size; i++) {
        origin[i] = (uint32_t)at;
        at += value.at[i] == ' ' && file.at[at] == '\n' ? 3 : 1;
    }
    struct session s = {.problems = problems_new()};
    source_id id = problems_source(s.problems, TEXT("rules.yaml"), file);
    s.scalar = (struct scalar){value, {id, 10, (uint32_t)file.size}, origin};
    arena_init(&s.arena, 0);
    assert_true(arena_run(&s.arena, run, &s));
    assert_null(s.node);
    problems_sort(s.problems);
    assert_int_equal(problems_kept(s.problems), 2);
    struct place name = problems_place(s.problems, problems_at(s.problems, 0)->span);
    struct place pattern = problems_place(s.problems, problems_at(s.problems, 1)->span);
    assert_int_equal(name.line, 3);
    assert_int_equal(name.column, 7);
    assert_int_equal(pattern.line, 4);
    assert_int_equal(pattern.column, 26);
    finish(&s);
}

static void test_words_are_reserved(void **state)
{
    (void)state;
    assert_true(lang_is_reserved(TEXT("and")) && lang_is_reserved(TEXT("partner")));
    assert_true(lang_is_reserved(TEXT("yes")) && lang_is_reserved(TEXT("grade")));
    assert_true(lang_is_reserved(TEXT("straight_lined")));
    assert_false(lang_is_reserved(TEXT("trust")) || lang_is_reserved(TEXT("AND")));
    assert_false(lang_is_reserved(TEXT("")) || lang_is_reserved(TEXT("an")));
}

static void test_ranges_are_kept(void **state)
{
    (void)state;
    struct session s = parse(TEXT("trust * 2 - gap(budget) > respondents and grade(trust, 4, 2) "
                                  "and trust / context_change > 1"));
    assert_non_null(s.node);
    const struct node *comparison = s.node->args[0], *grade = s.node->args[1];
    assert_true(comparison->args[0]->lo == 2 - 1100 && comparison->args[0]->hi == 10);
    assert_true(comparison->args[1]->lo == 0 && comparison->args[1]->hi > 1e300);
    assert_true(grade->lo == 4 && grade->hi == 2);
    const struct node *quotient = s.node->args[2]->args[0];
    assert_true(quotient->lo < -1e300 && quotient->hi > 1e300);
    finish(&s);
}

static void test_scopes_are_set(void **state)
{
    (void)state;
    struct session s = parse(TEXT("share(trust <= 2) > 0.5 and any(charter)"));
    assert_non_null(s.node);
    const struct node *share = s.node->args[0]->args[0], *any = s.node->args[1];
    assert_int_equal(share->scope, SCOPE_PARTNER);
    assert_int_equal(share->args[0]->scope, SCOPE_RESPONDENT);
    assert_int_equal(share->args[0]->args[0]->scope, SCOPE_RESPONDENT);
    assert_int_equal(any->args[0]->scope, SCOPE_PARTNER);
    finish(&s);
}

static void test_messages_of_limits(void **state)
{
    (void)state;
    struct buffer b;
    buffer_init(&b);
    says(repeated(&b, "charter", " and charter", 1000000, ""),
         "the condition has more than 20000 words and signs");
    says(nested(&b, "(", "charter", ")", 100000), "the condition is nested more than 64 deep");
    says(repeated(&b, "comment matches /a", "a", LIMIT_PATTERN, "/"),
         "the pattern is longer than 4096 bytes");
    says(repeated(&b, "comment matches /a", "(b)", LIMIT_PATTERN_GROUPS + 1, "/"),
         "the pattern has more than 100 opening brackets");
    buffer_deinit(&b);
}

TEST_MAIN(13, cmocka_unit_test(test_messages_of_limits),
          cmocka_unit_test(test_a_million_terms_are_one_problem),
          cmocka_unit_test(test_many_terms_within_the_limit_work),
          cmocka_unit_test(test_nesting_is_bounded), cmocka_unit_test(test_a_small_stack_is_enough),
          cmocka_unit_test(test_patterns_are_bounded),
          cmocka_unit_test(test_many_problems_are_quick),
          cmocka_unit_test(test_equal_patterns_are_one),
          cmocka_unit_test(test_memory_may_end_anywhere),
          cmocka_unit_test(test_positions_go_through_origins),
          cmocka_unit_test(test_words_are_reserved), cmocka_unit_test(test_ranges_are_kept),
          cmocka_unit_test(test_scopes_are_set))
