/* In: the patterns a program matches against its text questions. Out: for each question automata
 * that find them all in one pass over a text. Next: infer/match.c.
 * One automaton a question is the aim. Patterns that together make too many states are shared out,
 * and what is left when the program's budget is spent is PCRE2's. */
#include "program/scanner.h"
#include "program/automaton.h"
#include "program/program.h"

#include <stdlib.h>

/* Wide patterns double the states of each other. */
enum { WIDE_TOGETHER = 4 };

/* Bytes last longer than work: a step read counts as several threads moved. An item that PCRE2 was
 * asked about counts as the characters it went through. */
enum { STEP_COSTS = 16 };

struct asked {
    uint32_t question;
    const struct pattern *pattern;
};

/* Of a program. */
struct gathering {
    struct program *p;
    struct arena shared; /* the sets, and what is asked */
    struct arena work;   /* of one question */
    struct arena attempt;
    struct charsets sets;
    struct asked *asked; /* by question, then by pattern */
    size_t asked_count, asked_capacity;
    struct budget left;

    /* Of a question. */
    struct scanner *s;
    const struct asked *first, *end;
    struct route *routes; /* by slot */
    struct budget granted;
};

static void spend(struct budget *b, size_t threads)
{
    b->threads -= threads < b->threads ? threads : b->threads;
}

/* Patterns of the question that can be read get slots. */
static void parse_patterns(struct gathering *g)
{
    struct scanner *s = g->s;
    for (const struct asked *a = g->first; a < g->end && g->granted.threads > 0; a++) {
        const size_t sets = g->sets.count;
        struct route *route = &g->routes[s->count];
        if (automaton_parse(&g->sets, &g->work, a->pattern, s->count, false, route)) {
            s->slots[s->count++].pattern = a->pattern;
            spend(&g->granted, STEP_COSTS * (size_t)route->count);
        }
        spend(&g->granted, POSITIONS * (g->sets.count - sets));
    }
}

static void build(struct gathering *g, const struct route **routes, uint32_t count);

/* A pattern too large even alone is looked for more loosely. */
static void build_stretched(struct gathering *g, const struct route *alone)
{
    const uint32_t slot = (uint32_t)(alone - g->routes);
    struct route stretched;
    if (!automaton_parse(&g->sets, &g->work, g->s->slots[slot].pattern, slot, true, &stretched) ||
        stretched.count == alone->count)
        return;
    g->routes[slot] = stretched;
    build(g, &alone, 1);
}

struct attempt {
    struct gathering *g;
    const struct route *const *routes;
    uint32_t count;
    struct budget left;
    bool too_large;
    struct automaton *made;
};

static void attempt(void *ctx)
{
    struct attempt *a = ctx;
    a->made = automaton_build(&a->g->p->arena, &a->g->attempt, &a->g->sets, a->routes, a->count,
                              &a->left, &a->too_large);
}

/* What does not go together goes in halves; what does not go alone is left to PCRE2. */
static void build(struct gathering *g, const struct route **routes, uint32_t count)
{
    struct scanner *s = g->s;
    if (count == 0 || g->granted.threads == 0)
        return;
    struct attempt a = {.g = g, .routes = routes, .count = count, .left = g->granted};
    if (count == 1 && a.left.threads > 8 * LIMIT_PATTERN_THREADS)
        a.left.threads = 8 * LIMIT_PATTERN_THREADS;
    const size_t before = a.left.threads;
    const bool whole = arena_run(&g->attempt, attempt, &a);
    arena_reset(&g->attempt);
    if (!whole || (!a.made && !a.too_large))
        arena_alloc(&g->work, SIZE_MAX); /* no memory: leaves the run */
    spend(&g->granted, before - a.left.threads);
    g->granted.cells = a.left.cells;
    if (a.made) {
        s->automata[s->automaton_count++] = a.made;
        for (uint32_t k = 0; k < count; k++) {
            struct scan_slot *slot = &s->slots[routes[k] - g->routes];
            slot->scanned = true;
            slot->decides = !routes[k]->loose;
        }
    } else if (count > 1) {
        build(g, routes, count / 2);
        build(g, routes + count / 2, count - count / 2);
    } else
        build_stretched(g, routes[0]);
}

static void build_question(void *ctx)
{
    struct gathering *g = ctx;
    const struct scanner *s = g->s;
    g->routes = arena_array(&g->work, (size_t)(g->end - g->first), sizeof *g->routes);
    parse_patterns(g);
    const struct route **list = arena_array(&g->work, s->count, sizeof(void *));
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < s->count; slot++)
        if (!g->routes[slot].wide)
            list[count++] = &g->routes[slot];
    build(g, list, count);
    count = 0;
    for (uint32_t slot = 0; slot < s->count; slot++) {
        if (g->routes[slot].wide)
            list[count++] = &g->routes[slot];
        if (count == WIDE_TOGETHER || slot + 1 == s->count) {
            build(g, list, count);
            count = 0;
        }
    }
}

/* Memory of the program. No jump past the arenas here: a failure leaves the run of `shared`. */
static void *keep(struct gathering *g, size_t count, size_t size)
{
    void *at = arena_try(&g->p->arena, count * size);
    return at ? at : arena_alloc(&g->shared, SIZE_MAX);
}

/* A question may spend by the number of its patterns, of what is left for all. */
static struct scanner *make_scanner(struct gathering *g)
{
    struct scanner *s = keep(g, 1, sizeof *s);
    const size_t patterns = (size_t)(g->end - g->first),
                 most = LIMIT_PATTERN_THREADS * (10 + patterns);
    s->question = g->first->question;
    s->slots = keep(g, patterns, sizeof *s->slots);
    s->automata = keep(g, patterns, sizeof(void *));
    g->s = s;
    g->granted = g->left;
    if (g->granted.threads > most)
        g->granted.threads = most;
    const size_t before = g->granted.threads;
    const bool whole = arena_run(&g->work, build_question, g);
    arena_reset(&g->work);
    if (!whole)
        arena_alloc(&g->shared, SIZE_MAX); /* leaves the run */
    spend(&g->left, before - g->granted.threads);
    g->left.cells = g->granted.cells;
    return s->automaton_count ? s : NULL;
}

static void note(struct gathering *g, const struct instr *code, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (code[k].op != OP_MATCHES)
            continue;
        g->asked =
            arena_grow(&g->shared, g->asked, g->asked_count, &g->asked_capacity, sizeof *g->asked);
        g->asked[g->asked_count++] = (struct asked){code[k].question, code[k].node->pattern};
    }
}

static int compare(const void *a, const void *b)
{
    const struct asked *x = a, *y = b;
    if (x->question != y->question)
        return x->question < y->question ? -1 : 1;
    return (x->pattern->index > y->pattern->index) - (x->pattern->index < y->pattern->index);
}

/* In order, each pair once. */
static void list_asked(struct gathering *g)
{
    size_t kept = 0;
    note(g, g->p->code, g->p->code_count);
    note(g, g->p->inner, g->p->inner_count);
    if (g->asked_count)
        qsort(g->asked, g->asked_count, sizeof *g->asked, compare);
    for (size_t k = 0; k < g->asked_count; k++)
        if (kept == 0 || compare(&g->asked[kept - 1], &g->asked[k]) != 0)
            g->asked[kept++] = g->asked[k];
    g->asked_count = kept;
}

static void make_all(void *ctx)
{
    struct gathering *g = ctx;
    list_asked(g);
    if (g->asked_count == 0)
        return;
    charsets_init(&g->sets, &g->shared);
    const struct asked *behind = g->asked + g->asked_count;
    for (g->first = g->asked; g->first < behind; g->first = g->end) {
        for (g->end = g->first; g->end < behind && g->end->question == g->first->question;)
            g->end++;
        g->p->scanners[g->first->question] = make_scanner(g);
    }
}

void scanners_make(struct program *p)
{
    struct gathering g = {.p = p, .left = {LIMIT_SCANNER_THREADS, LIMIT_SCANNER_CELLS}};
    arena_init(&g.shared, 0);
    arena_init(&g.work, 0);
    arena_init(&g.attempt, 0);
    const bool whole = arena_run(&g.shared, make_all, &g);
    arena_deinit(&g.attempt);
    arena_deinit(&g.work);
    arena_deinit(&g.shared);
    if (!whole)
        arena_alloc(&p->arena, SIZE_MAX); /* leaves the program's run */
}

const struct scan_slot *scanner_find(const struct scanner *s, const struct pattern *pattern)
{
    uint32_t from = 0, to = s->count;
    while (from < to) {
        const uint32_t middle = from + (to - from) / 2;
        if (s->slots[middle].pattern->index < pattern->index)
            from = middle + 1;
        else
            to = middle;
    }
    const struct scan_slot *slot = &s->slots[from];
    return from < s->count && slot->pattern == pattern && slot->scanned ? slot : NULL;
}

void scanner_scan(const struct scanner *s, const struct scan_text *texts, uint32_t count,
                  uint64_t *planes, size_t words)
{
    for (uint32_t k = 0; k < s->automaton_count; k++)
        automaton_scan(s->automata[k], texts, count, planes, words);
}
