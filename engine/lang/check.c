/* check: from what was written to a tree of typed nodes.
 * In: struct syntax and the names. Out: struct node with kinds, references, ranges and scopes.
 * Next: normal.c, program. The one idea: every part is asked what it means before anything is said
 * about it, so a mistake is told in the words of the pack, and one mistake is told once. */
#include "lang/check.h"

#include "lang/pattern.h"

enum { LIST_NAMED = 8 }; /* in a help text */

struct node *check_new_node(struct checker *k, enum node_kind kind, const struct syntax *s,
                            uint32_t count)
{
    struct node *n = arena_alloc(k->context->arena, sizeof *n);
    n->kind = kind;
    n->span = scalar_span(k->context->scalar, s->start, s->end);
    n->scope = k->scope;
    n->count = count;
    n->args = count ? arena_array(k->context->arena, count, sizeof(struct node *)) : NULL;
    return n;
}

struct node *check_join(struct checker *k, enum node_kind kind, const struct syntax *s,
                        struct node **parts, uint32_t count)
{
    uint32_t total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += parts[i]->kind == kind ? parts[i]->count : 1;
    if (total == 1)
        return parts[0];
    struct node *n = check_new_node(k, kind, s, total);
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; i++)
        if (parts[i]->kind == kind)
            for (uint32_t j = 0; j < parts[i]->count; j++)
                n->args[at++] = parts[i]->args[j];
        else
            n->args[at++] = parts[i];
    return n;
}

/* `role = leader or follower`: what follows the `or` was meant for a list. */
static bool is_left_over(struct checker *k, const struct syntax *s)
{
    return s->kind == SYNTAX_NUMBER || s->kind == SYNTAX_TEXT ||
           (s->kind == SYNTAX_NAME && check_meaning(k, s).kind == MEANS_UNKNOWN);
}

/* Says so once for all that follow the equality at `at`, and gives how many they are. */
static size_t check_left_over(struct checker *k, const struct syntax *s, size_t at)
{
    struct problems *ps = k->context->problems;
    const struct syntax *equality = s->args[at];
    size_t end = at + 1;
    if (s->kind != SYNTAX_OR || equality->kind != SYNTAX_COMPARE || equality->op != NODE_EQUAL)
        return 0;
    const char *list = check_plain(k, equality->args[1]);
    for (; end < s->count && is_left_over(k, s->args[end]); end++)
        if (end < at + LIST_NAMED)
            list = problem_format(ps, "%s, %s", list, check_plain(k, s->args[end]));
    if (end == at + 1)
        return 0;
    check_condition(k, s->args[at + 1]);
    problem_help(ps, problem_format(ps, "write %s in (%s%s)", check_plain(k, equality->args[0]),
                                    list, end > at + LIST_NAMED ? ", ..." : ""));
    return end - at - 1;
}

static struct node *check_joined(struct checker *k, const struct syntax *s)
{
    struct node **parts = arena_array(k->context->scratch, s->count, sizeof *parts);
    bool whole = true;
    for (size_t i = 0; i < s->count; i++) {
        parts[i] = check_condition(k, s->args[i]);
        size_t left_over = check_left_over(k, s, i);
        whole = whole && parts[i] != NULL && left_over == 0;
        i += left_over;
    }
    if (!whole)
        return NULL;
    return check_join(k, s->kind == SYNTAX_OR ? NODE_OR : NODE_AND, s, parts, (uint32_t)s->count);
}

static struct node *check_not(struct checker *k, const struct syntax *s)
{
    struct node *inner = check_condition(k, s->args[0]);
    if (inner == NULL)
        return NULL;
    struct node *n = check_new_node(k, NODE_NOT, s, 1);
    n->args[0] = inner;
    return n;
}

/* A bare id: a yes/no question is `= yes`, a conclusion is a premise. */
static struct node *check_bare(struct checker *k, const struct syntax *s)
{
    struct meaning m = check_meaning(k, s);
    if (m.kind == MEANS_UNKNOWN)
        return check_unknown(k, s, PLACE_NAME);
    if (m.kind != MEANS_YESNO && m.kind != MEANS_CONCLUSION)
        return check_needed(k, s, &m, "a condition");
    if (!check_readable(k, s, &m.name))
        return NULL;
    struct node *n = check_new_node(k, m.kind == MEANS_YESNO ? NODE_CHOICE_IN : NODE_PREMISE, s, 0);
    n->ref = m.name.index;
    if (m.kind == MEANS_CONCLUSION)
        return n;
    n->set_size = YESNO_YES + 1;
    n->yesno = true;
    n->set = arena_alloc(k->context->arena, n->set_size);
    n->set[YESNO_YES] = 1;
    return n;
}

/* A number where a condition is wanted: first what is wrong inside it, then that it is one. */
static struct node *check_not_number(struct checker *k, const struct syntax *s)
{
    if (check_hyphenated(k, s) || check_number(k, s) == NULL)
        return NULL;
    struct meaning m = check_meaning(k, s);
    return check_needed(k, s, &m, "a condition");
}

struct node *check_condition(struct checker *k, const struct syntax *s)
{
    struct meaning m;
    switch (s->kind) {
    case SYNTAX_BAD: return NULL;
    case SYNTAX_NAME: return check_bare(k, s);
    case SYNTAX_OR:
    case SYNTAX_AND: return check_joined(k, s);
    case SYNTAX_NOT: return check_not(k, s);
    case SYNTAX_COMPARE: return check_compare(k, s);
    case SYNTAX_BETWEEN: return check_between(k, s);
    case SYNTAX_IN: return check_in(k, s);
    case SYNTAX_MATCHES: return check_matches(k, s);
    case SYNTAX_INCLUDES: return check_includes(k, s);
    case SYNTAX_CALL:
        m = check_meaning(k, s);
        return m.kind == MEANS_NUMBER ? check_not_number(k, s) : check_call(k, s);
    case SYNTAX_NUMBER:
    case SYNTAX_ARITHMETIC:
    case SYNTAX_NEGATE: return check_not_number(k, s);
    default: m = check_meaning(k, s); return check_needed(k, s, &m, "a condition");
    }
}

static struct node *check_name_number(struct checker *k, const struct syntax *s)
{
    struct meaning m = check_meaning(k, s);
    if (m.kind == MEANS_UNKNOWN)
        return check_unknown(k, s, PLACE_NAME);
    if (m.kind != MEANS_NUMBER)
        return check_needed(k, s, &m, "a number");
    if (m.word) {
        if (!check_fact(k, s, m.word))
            return NULL;
        struct node *fact = check_new_node(k, m.word->node, s, 0);
        fact->hi = 1;
        if (fact->kind == NODE_PARTNERS)
            fact->hi = LIMIT_PARTNERS;
        else if (fact->kind == NODE_RESPONDENTS)
            fact->hi = RANGE_OPEN;
        return fact;
    }
    if (!check_readable(k, s, &m.name))
        return NULL;
    struct node *n = check_new_node(k, NODE_QUESTION, s, 0);
    n->ref = m.name.index;
    n->lo = m.name.lo;
    n->hi = m.name.hi;
    return n;
}

static struct node *check_arithmetic(struct checker *k, const struct syntax *s)
{
    if (check_hyphenated(k, s))
        return NULL;
    struct node *args[2] = {NULL, NULL};
    for (size_t i = 0; i < s->count; i++)
        args[i] = check_number(k, s->args[i]);
    if (args[0] == NULL || (s->count == 2 && args[1] == NULL))
        return NULL;
    enum node_kind kind = s->kind == SYNTAX_NEGATE ? NODE_NEGATE : s->op;
    struct node *n = check_new_node(k, kind, s, (uint32_t)s->count);
    for (size_t i = 0; i < s->count; i++)
        n->args[i] = args[i];
    if (kind == NODE_DIVIDE && args[1]->lo >= 0 && args[1]->hi <= 0) {
        context_error(k->context, PROBLEM_CONDITION_ZERO, s->args[1]->start, s->args[1]->end, NULL,
                      NULL, NULL);
        return NULL;
    }
    range_of_arithmetic(n);
    return n;
}

struct node *check_number(struct checker *k, const struct syntax *s)
{
    struct meaning m;
    struct node *n;
    switch (s->kind) {
    case SYNTAX_BAD: return NULL;
    case SYNTAX_NAME: return check_name_number(k, s);
    case SYNTAX_ARITHMETIC:
    case SYNTAX_NEGATE: return check_arithmetic(k, s);
    case SYNTAX_NUMBER:
        n = check_new_node(k, NODE_NUMBER, s, 0);
        n->number = n->lo = n->hi = s->number;
        return n;
    case SYNTAX_CALL:
        m = check_meaning(k, s);
        if (m.kind != MEANS_CONDITION)
            return check_call(k, s);
        return check_call(k, s) ? check_needed(k, s, &m, "a number") : NULL;
    default: m = check_meaning(k, s); return check_needed(k, s, &m, "a number");
    }
}

struct work {
    struct context context;
    enum scope scope;
    struct node *result;
};

static void run(void *ctx)
{
    struct work *w = ctx;
    struct context *c = &w->context;
    struct checker k = {.context = c, .scope = w->scope, .inside = "count"};
    if (c->scalar.value.size >= UINT32_MAX) { /* positions are 32 bits wide */
        context_error(c, PROBLEM_CONDITION_LONG, 0, 1,
                      problem_count_text(c->problems, LIMIT_CONDITION_TOKENS), NULL, NULL);
        return;
    }
    size_t valid = utf8_valid(c->scalar.value);
    if (valid < c->scalar.value.size) {
        context_error(c, PROBLEM_CONDITION_BYTES, valid, valid + 1, NULL, NULL, NULL);
        return;
    }
    struct parsed parsed = syntax_parse(c);
    if (parsed.root == NULL)
        return;
    /* Here, where the stack is flat: PCRE2 needs some 20 KiB of it. */
    for (struct syntax *s = parsed.patterns; s; s = s->next_pattern)
        pattern_compile(c, s);
    struct node *n = check_condition(&k, parsed.root);
    w->result = c->failed ? NULL : n;
}

static void run_with_scratch(void *ctx)
{
    struct work *w = ctx;
    if (!arena_run(w->context.scratch, run, w))
        context_error(&w->context, PROBLEM_NO_MEMORY, 0, 0, NULL, NULL, NULL);
}

struct node *condition_new(struct arena *a, struct scalar s, enum scope scope,
                           const struct names *names, struct pattern_set *patterns,
                           struct problems *problems)
{
    /* The scratch stands outside both runs, so that it is given back however they end. */
    struct arena scratch;
    arena_init(&scratch, 0);
    struct work w = {.context = {.arena = a,
                                 .scratch = &scratch,
                                 .scalar = s,
                                 .names = names,
                                 .patterns = patterns,
                                 .problems = problems},
                     .scope = scope};
    if (!arena_run(a, run_with_scratch, &w)) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        w.result = NULL;
    }
    arena_deinit(&scratch);
    return w.result;
}
