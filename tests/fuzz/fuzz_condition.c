/* In: a scope, and below it a condition. Out: what must hold of every tree: its text parses to an
 * equal tree and prints as itself, its normal form too; a tree or an error, never both, never
 * neither; every problem stands inside the condition. */
#include "fuzz.h"

#include "unit/lang_names.h"

struct round {
    struct arena *arena;
    struct pattern_set patterns;
    struct text written;
    enum scope scope;
    struct problems *problems;
};

static const struct node *parse(struct round *r, struct text t, struct problems *problems)
{
    struct scalar scalar = {.value = t, .span = {0, 0, (uint32_t)t.size}};
    return condition_new(r->arena, scalar, r->scope, &FIXTURE_NAMES, &r->patterns, problems);
}

static struct text printed(struct round *r, const struct node *n)
{
    struct buffer b;
    buffer_init(&b);
    condition_print(n, &FIXTURE_NAMES_OF, &b);
    struct text t = arena_text(r->arena, buffer_view(&b));
    buffer_deinit(&b);
    return t;
}

static void spans_inside(const struct node *n, void *ctx)
{
    const struct text *t = ctx;
    FUZZ_CHECK(n->span.start < n->span.end && n->span.end <= t->size, *t, FUZZ_NOTHING);
}

/* The same again; `n` prints as `t`. Where the text of it is longer than what was written it may
 * run into a limit. */
static void check_text(struct round *r, const struct node *n, struct text t)
{
    struct problems *problems = problems_new();
    const struct node *again = parse(r, t, problems);
    FUZZ_CHECK(again, r->written, t);
    FUZZ_CHECK(node_equal(n, again) && node_hash(n) == node_hash(again), r->written, t);
    FUZZ_CHECK(text_equal(t, printed(r, again)), t, printed(r, again));
    problems_free(problems);
}

static void check_normal(struct round *r, const struct node *n)
{
    const struct node *normal = condition_normal(r->arena, n);
    FUZZ_CHECK(node_equal(normal, condition_normal(r->arena, normal)), r->written, FUZZ_NOTHING);
    struct text t = printed(r, normal);
    struct problems *problems = problems_new();
    const struct node *again = parse(r, t, problems);
    FUZZ_CHECK(again && node_equal(normal, condition_normal(r->arena, again)), r->written, t);
    problems_free(problems);
}

static void run_round(void *ctx)
{
    struct round *r = ctx;
    pattern_set_init(&r->patterns, r->arena);
    const struct node *n = parse(r, r->written, r->problems);
    FUZZ_CHECK((n == NULL) == problems_has_error(r->problems), r->written, FUZZ_NOTHING);
    for (size_t i = 0; i < problems_kept(r->problems); i++) {
        const struct problem *p = problems_at(r->problems, i);
        FUZZ_CHECK(p->span.start <= p->span.end && p->span.end <= r->written.size + 1, r->written,
                   text_from_c(p->message));
    }
    if (n == NULL)
        return;
    node_walk(n, spans_inside, &r->written);
    check_text(r, n, printed(r, n));
    check_normal(r, n);
}

static enum scope scope_from(struct text line)
{
    return text_is(line, "partnership")  ? SCOPE_PARTNERSHIP
           : text_is(line, "respondent") ? SCOPE_RESPONDENT
                                         : SCOPE_PARTNER;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct text t = {(const char *)data, size};
    struct round r = {.arena = &arena, .problems = problems_new()};
    arena_init(&arena, 0);
    r.scope = scope_from(fuzz_line(&t));
    r.written = t;
    FUZZ_CHECK(arena_run(&arena, run_round, &r), t, FUZZ_NOTHING);
    problems_free(r.problems);
    arena_deinit(&arena);
    return 0;
}
