/* Printing, parsing and the normal form, on random conditions.
 *
 * A text with all its brackets is made at random and parsed to a tree; its canonical text must
 * parse to an equal tree, print again as itself, and lose no brackets without changing; its normal
 * form must say the same for every assignment of its leaves. */
#include "test.h"

#include "unit/lang_names.h"

enum { ROUNDS = 4000, SOUPS = 30000, ASSIGNMENTS = 8, PEOPLE = 2 };

static const char *one_of(const char *const *list, uint32_t n)
{
    return list[test_below(n)];
}
#define ONE_OF(...)                            \
    one_of((const char *const[]){__VA_ARGS__}, \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void put_number(struct buffer *out, unsigned depth, bool respondent);
static void put_condition(struct buffer *out, unsigned depth, bool respondent);

static void put_bracketed(struct buffer *out, unsigned depth, bool respondent, bool number)
{
    buffer_byte(out, '(');
    if (number)
        put_number(out, depth, respondent);
    else
        put_condition(out, depth, respondent);
    buffer_byte(out, ')');
}

static void put_number_leaf(struct buffer *out, unsigned depth, bool respondent)
{
    if (respondent || test_below(3)) {
        buffer_c(out, ONE_OF("trust", "load_balanced", "context_change", "budget", "3", "-2",
                             "0.25", "12", "100"));
        return;
    }
    if (test_below(3)) {
        buffer_c(out, ONE_OF("mean(trust)", "min(budget)", "max(trust)", "spread(trust)",
                             "gap(budget)", "certainty(imbalance)", "respondents", "partners",
                             "answered_share", "straight_lined", "age_months"));
        return;
    }
    buffer_c(out, ONE_OF("count", "share"));
    put_bracketed(out, depth > 2 ? 2 : depth, true, false);
}

static void put_number(struct buffer *out, unsigned depth, bool respondent)
{
    if (depth == 0 || test_below(3) == 0) {
        put_number_leaf(out, depth, respondent);
        return;
    }
    if (test_below(5) == 0) {
        buffer_byte(out, '-');
        put_bracketed(out, depth - 1, respondent, true);
        return;
    }
    put_bracketed(out, depth - 1, respondent, true);
    buffer_c(out, ONE_OF(" + ", " - ", " * ", " / "));
    put_bracketed(out, depth - 1, respondent, true);
}

static void put_leaf(struct buffer *out, bool respondent)
{
    if (respondent || test_below(2)) {
        buffer_c(out, ONE_OF("charter", "charter = no", "charter in (yes, no)", "role = leader",
                             "role != leader", "role in (leader, equal)", "pair != first",
                             "odd = \"in\"", "odd in (\"in\", all, yes)", "letters in (a1, c1, j1)",
                             "letters != d1", "wishes includes time", "comment matches /a\\/b/i",
                             "comment matches /x/", "comment = \"d'accord\"",
                             "comment != 'say \"no\"'", "comment = \"a\"\"b'\"", "answered(trust)",
                             "unknown(role)", "trust in (1, 2.5, 5)", "trust between 2 and 3",
                             "budget in (-1, 0)", "trust <= 2", "3 > trust"));
        return;
    }
    buffer_c(out, ONE_OF("imbalance", "fragile", "present(rigidity)", "disagree(role)",
                         "grade(trust, 4, 2)", "grade(budget, -1.5, 0)", "partner = \"pme\"",
                         "partner != \"pme\"", "partner matches /^p/", "signed", "sector = health",
                         "goals includes growth", "gap(trust) >= 2", "share(charter) > 0.5",
                         "certainty(fragile) > 0.25", "partner in (\"a\", \"b\")"));
}

static void put_comparison(struct buffer *out, unsigned depth, bool respondent)
{
    buffer_byte(out, '(');
    put_number(out, depth, respondent);
    if (test_below(4)) {
        buffer_c(out, ONE_OF(") < (", ") <= (", ") > (", ") >= (", ") = (", ") != ("));
        put_number(out, depth, respondent);
    } else {
        buffer_c(out, ") between (");
        put_number(out, depth, respondent);
        buffer_c(out, ") and (");
        put_number(out, depth, respondent);
    }
    buffer_byte(out, ')');
}

static void put_condition(struct buffer *out, unsigned depth, bool respondent)
{
    if (depth == 0) {
        put_leaf(out, respondent);
        return;
    }
    switch (test_below(respondent ? 6 : 8)) {
    case 0: put_leaf(out, respondent); break;
    case 1: put_comparison(out, depth - 1, respondent); break;
    case 2:
        buffer_c(out, "not ");
        put_bracketed(out, depth - 1, respondent, false);
        break;
    case 6:
    case 7:
        buffer_c(out, ONE_OF("any", "all"));
        put_bracketed(out, depth - 1, false, false);
        break;
    default: {
        const char *by = ONE_OF(" and ", " or ");
        for (uint32_t i = 0, n = 2 + test_below(3); i < n; i++) {
            if (i)
                buffer_c(out, by);
            put_bracketed(out, depth - 1, respondent, false);
        }
    }
    }
}

struct session {
    struct arena *arena;
    struct pattern_set patterns;
    struct problems *problems;
};

static const struct node *parse(struct session *s, struct text t)
{
    struct scalar scalar = {.value = t, .span = {0, 0, (uint32_t)t.size}};
    return condition_new(s->arena, scalar, SCOPE_PARTNER, &FIXTURE_NAMES, &s->patterns,
                         s->problems);
}

static struct text printed(struct session *s, const struct node *n)
{
    struct buffer b;
    buffer_init(&b);
    condition_print(n, &FIXTURE_NAMES_OF, &b);
    struct text t = arena_text(s->arena, buffer_view(&b));
    buffer_deinit(&b);
    return t;
}

/* Without the pair of brackets that opens at `open`. False where it belongs to a call or a list. */
static bool without_pair(struct text t, size_t open, struct buffer *out)
{
    size_t close = open, depth = 0;
    char quote = '\0';
    bool called =
        open > 0 && t.at[open - 1] != ' ' && t.at[open - 1] != '(' && t.at[open - 1] != '-';
    bool listed = open >= 3 && memcmp(t.at + open - 3, "in ", 3) == 0;
    if (called || listed)
        return false;
    do {
        const char c = t.at[close];
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? '\0' : c;
        depth += !quote && c == '(';
        depth -= !quote && c == ')';
        close++;
    } while (depth > 0);
    buffer_clear(out);
    buffer_text(out, (struct text){t.at, open});
    buffer_text(out, (struct text){t.at + open + 1, close - open - 2});
    buffer_text(out, (struct text){t.at + close, t.size - close});
    return true;
}

static void check_least_brackets(struct session *s, const struct node *n, struct text t)
{
    struct buffer less;
    buffer_init(&less);
    char quote = '\0';
    for (size_t i = 0; i < t.size; i++) {
        const char c = t.at[i];
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? '\0' : c;
        if (quote || c != '(' || !without_pair(t, i, &less))
            continue;
        const struct node *other = parse(s, buffer_view(&less));
        if (other && node_equal(n, other))
            fail_msg("%.*s needs not all its brackets", (int)t.size, t.at);
    }
    buffer_deinit(&less);
}

/* What a leaf says of one of the people, in one of many worlds. */
static bool says(const struct node *n, uint64_t world, unsigned person)
{
    struct node plain = *n;
    plain.negated = false;
    uint64_t draw = world + person * 0x9E3779B97F4A7C15u;
    if (n->kind == NODE_CHOICE_IN) {
        draw = (draw ^ n->ref * 0xBF58476D1CE4E5B9u) * 0x94D049BB133111EBu;
        return n->set[1 + (draw >> 40) % (n->set_size - 1)] != n->negated;
    }
    /* Conditions inside numbers change with the normal form: what kind it is must do. */
    plain.count = 0;
    draw = (draw ^ node_hash(&plain)) * 0x94D049BB133111EBu;
    return (draw >> 63) != n->negated;
}

static bool holds(const struct node *n, uint64_t world, unsigned person)
{
    bool all = n->kind == NODE_AND || n->kind == NODE_ALL;
    switch (n->kind) {
    case NODE_NOT: return !holds(n->args[0], world, person);
    case NODE_AND:
    case NODE_OR:
        for (uint32_t i = 0; i < n->count; i++)
            if (holds(n->args[i], world, person) != all)
                return !all;
        return all;
    case NODE_ANY:
    case NODE_ALL:
        for (unsigned p = 0; p < PEOPLE; p++)
            if (holds(n->args[0], world, p) != all)
                return !all;
        return all;
    default: return says(n, world, person);
    }
}

static void no_not(const struct node *n, void *ctx)
{
    (void)ctx;
    assert_int_not_equal(n->kind, NODE_NOT);
    for (uint32_t i = 0; i < n->count; i++)
        if (n->kind == NODE_AND || n->kind == NODE_OR)
            assert_int_not_equal(n->kind, n->args[i]->kind);
    if (n->negated) {
        assert_int_equal(node_type(n->kind), TYPE_CONDITION);
        assert_int_not_equal(n->kind, NODE_CHOICE_IN);
    }
}

static void check_normal(struct session *s, const struct node *n)
{
    const struct node *normal = condition_normal(s->arena, n);
    node_walk(normal, no_not, NULL);
    assert_true(node_equal(normal, condition_normal(s->arena, normal)));
    for (uint64_t i = 0; i < ASSIGNMENTS; i++) {
        uint64_t world = i * 0xD6E8FEB86659FD93u;
        assert_int_equal(holds(n, world, 0), holds(normal, world, 0));
    }
    struct text t = printed(s, normal);
    const struct node *again = parse(s, t);
    if (again == NULL || !node_equal(normal, condition_normal(s->arena, again)))
        fail_msg("the normal form %.*s is read back as something else", (int)t.size, t.at);
}

static void spans_inside(const struct node *n, void *ctx)
{
    const struct text *t = ctx;
    assert_true(n->span.start < n->span.end && n->span.end <= t->size);
    for (uint32_t i = 0; i < n->count; i++)
        assert_true(n->span.start <= n->args[i]->span.start && n->args[i]->span.end <= n->span.end);
}

struct round {
    struct session session;
    bool parsed;
};

static void run_round(void *ctx)
{
    struct round *r = ctx;
    struct session *s = &r->session;
    struct buffer b;
    pattern_set_init(&s->patterns, s->arena);
    buffer_init(&b);
    put_condition(&b, 1 + test_below(5), false);
    struct text written = arena_text(s->arena, buffer_view(&b));
    buffer_deinit(&b);
    const struct node *n = parse(s, written);
    /* Constants may have come to lie outside a range, and nothing else may be wrong. */
    for (size_t i = 0; i < problems_kept(s->problems); i++) {
        const struct problem *p = problems_at(s->problems, i);
        if (p->severity == SEVERITY_ERROR && p->code != PROBLEM_CONDITION_RANGE &&
            p->code != PROBLEM_CONDITION_BOUNDS && p->code != PROBLEM_CONDITION_ZERO)
            fail_msg("%.*s: %s", (int)written.size, written.at, p->message);
    }
    if (n == NULL)
        return;
    r->parsed = true;
    node_walk(n, spans_inside, &written);
    struct text t = printed(s, n);
    const struct node *again = parse(s, t);
    if (again == NULL || !node_equal(n, again))
        fail_msg("%.*s\nis printed as\n%.*s\nand read back as something else", (int)written.size,
                 written.at, (int)t.size, t.at);
    assert_int_equal(node_hash(n), node_hash(again));
    assert_true(text_equal(t, printed(s, again)));
    check_least_brackets(s, n, t);
    check_normal(s, n);
}

static void test_random_trees(void **state)
{
    (void)state;
    unsigned parsed = 0;
    for (size_t i = test_times(ROUNDS); i > 0; i--) {
        struct arena arena;
        arena_init(&arena, 0);
        struct round r = {.session = {.arena = &arena, .problems = problems_new()}};
        assert_true(arena_run(&arena, run_round, &r));
        parsed += r.parsed;
        problems_free(r.session.problems);
        arena_deinit(&arena);
    }
    assert_true(parsed > test_times(ROUNDS) / 2);
}

static void put_literal(struct buffer *out)
{
    uint32_t digits = 1 + test_below(15), decimals = test_below(digits + 1);
    buffer_byte(out, (char)('1' + test_below(9)));
    for (uint32_t i = 1; i < digits - decimals; i++)
        buffer_byte(out, (char)('0' + test_below(10)));
    if (decimals == 0)
        return;
    if (decimals == digits)
        out->at[out->size - 1] = '0';
    buffer_byte(out, '.');
    for (uint32_t i = 0; i < decimals; i++)
        buffer_byte(out, (char)('0' + test_below(10)));
}

static void run_number(void *ctx)
{
    struct session *s = ctx;
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, "respondents >= ");
    put_literal(&b);
    struct text written = arena_text(s->arena, buffer_view(&b));
    buffer_deinit(&b);
    const struct node *n = parse(s, written);
    assert_non_null(n);
    struct text t = printed(s, n);
    assert_true(t.size <= written.size);
    const struct node *again = parse(s, t);
    assert_non_null(again);
    assert_true(node_equal(n, again));
}

static void test_numbers_are_printed_exactly(void **state)
{
    (void)state;
    for (size_t i = test_times(ROUNDS); i > 0; i--) {
        struct arena arena;
        arena_init(&arena, 0);
        struct session s = {.arena = &arena, .problems = problems_new()};
        assert_true(arena_run(&arena, run_number, &s));
        problems_free(s.problems);
        arena_deinit(&arena);
    }
}

static void run_hashes(void *ctx)
{
    struct session *s = ctx;
    pattern_set_init(&s->patterns, s->arena);
    static const char *const DIFFERENT[] = {"trust <= 2",
                                            "trust < 2",
                                            "trust <= 3",
                                            "recognition <= 2",
                                            "not trust <= 2",
                                            "any(trust <= 2)",
                                            "all(trust <= 2)",
                                            "share(trust <= 2) > 0.5",
                                            "grade(trust, 4, 2)",
                                            "grade(trust, 2, 4)",
                                            "role = leader",
                                            "role != leader",
                                            "pair = first",
                                            "charter",
                                            "comment = \"a\"",
                                            "comment = \"b\"",
                                            "remark = \"a\"",
                                            "partner = \"a\"",
                                            "comment matches /a/",
                                            "comment matches /a/i",
                                            "wishes includes time",
                                            "wishes includes money",
                                            "imbalance",
                                            "present(imbalance)",
                                            "rigidity",
                                            "charter and imbalance",
                                            "charter or imbalance",
                                            "imbalance and charter"};
    const struct node *nodes[sizeof DIFFERENT / sizeof DIFFERENT[0]];
    const size_t count = sizeof DIFFERENT / sizeof DIFFERENT[0];
    for (size_t i = 0; i < count; i++) {
        nodes[i] = parse(s, text_from_c(DIFFERENT[i]));
        assert_non_null(nodes[i]);
        for (size_t j = 0; j < i; j++) {
            assert_false(node_equal(nodes[i], nodes[j]));
            assert_true(node_hash(nodes[i]) != node_hash(nodes[j]));
        }
    }
}

static void test_different_trees_are_different(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    struct session s = {.arena = &arena, .problems = problems_new()};
    assert_true(arena_run(&arena, run_hashes, &s));
    problems_free(s.problems);
    arena_deinit(&arena);
}

/* Words and signs in any order: a tree or an error, never both, never anything worse. */
static void put_soup(struct buffer *out)
{
    for (uint32_t i = 0, n = 1 + test_below(12); i < n; i++) {
        if (test_below(3))
            buffer_byte(out, ' ');
        buffer_c(out, ONE_OF("trust", "budget", "charter", "role", "leader", "wishes", "time",
                             "comment", "partner", "imbalance", "sector", "health", "unknwn", "yes",
                             "no", "respondents", "answered_share", "mean", "gap", "count", "share",
                             "any", "all", "grade", "answered", "certainty", "present", "disagree",
                             "and", "or", "not", "between", "in", "matches", "includes", "AND",
                             "&&", "!", "==", "<>", "et", "is", "(", "(", ")", ")", ",", "+", "-",
                             "*", "/", "<", "<=", ">", ">=", "=", "!=", "1", "2", "3.5", "07",
                             "0,5", "1e3", "\"a\"", "'b'", "\"", "/x/", "/x/i", "/(/", "/", "%",
                             "\xC3\xA9", "\xE2\x80\x8B", "\xC2\xA0", "\xE2\x80\x9C", "\n"));
    }
}

static void run_soup(void *ctx)
{
    struct round *r = ctx;
    struct session *s = &r->session;
    struct buffer b;
    pattern_set_init(&s->patterns, s->arena);
    buffer_init(&b);
    put_soup(&b);
    struct text written = arena_text(s->arena, buffer_view(&b));
    buffer_deinit(&b);
    const struct node *n = parse(s, written);
    for (size_t i = 0; i < problems_kept(s->problems); i++) {
        struct span span = problems_at(s->problems, i)->span;
        assert_true(span.start <= span.end && span.end <= written.size);
    }
    if ((n == NULL) != problems_has_error(s->problems))
        fail_msg("a tree and an error, or neither: %.*s", (int)written.size, written.at);
    if (n == NULL)
        return;
    r->parsed = true;
    const struct node *again = parse(s, printed(s, n));
    assert_non_null(again);
    assert_true(node_equal(n, again));
}

static void test_soup(void **state)
{
    (void)state;
    unsigned parsed = 0;
    for (size_t i = test_times(SOUPS); i > 0; i--) {
        struct arena arena;
        arena_init(&arena, 0);
        struct round r = {.session = {.arena = &arena, .problems = problems_new()}};
        assert_true(arena_run(&arena, run_soup, &r));
        parsed += r.parsed;
        problems_free(r.session.problems);
        arena_deinit(&arena);
    }
    assert_true(parsed > 0);
}

TEST_MAIN(4, cmocka_unit_test(test_random_trees), cmocka_unit_test(test_soup),
          cmocka_unit_test(test_numbers_are_printed_exactly),
          cmocka_unit_test(test_different_trees_are_different))
