/* In: the patterns a program matches against one question. Out: automata that find them all in one
 * pass over a text each. Next: infer/match.c.
 * One automaton is the aim. Patterns that together make too many states are shared out. */
#include "program/scanner.h"
#include "program/automaton.h"
#include "program/program.h"

/* Wide patterns double the states of each other. */
enum { WIDE_TOGETHER = 4 };

struct gathering {
    struct program *p;
    struct scanner *s;
    struct arena work; /* for what goes once the automata stand */
    struct charsets sets;
    struct route *routes; /* by slot */
    const struct pattern **patterns; /* by slot */
    size_t budget;
};

/* Patterns of the question that can be read get slots. */
static void parse_patterns(struct gathering *g)
{
    const struct program *p = g->p;
    bool *seen = arena_array(&g->work, p->pattern_count, sizeof *seen);
    for (size_t k = 0; k < p->code_count; k++) {
        const struct instr *i = &p->code[k];
        if (i->op != OP_MATCHES || i->question != g->s->question || seen[i->node->pattern->index])
            continue;
        seen[i->node->pattern->index] = true;
        if (automaton_parse(&g->sets, i->node->pattern, g->s->count, false,
                            &g->routes[g->s->count])) {
            g->patterns[g->s->count++] = i->node->pattern;
        }
    }
}

static void build(struct gathering *g, const struct route **routes, uint32_t count);

/* A pattern too large even alone is looked for more loosely. */
static void build_stretched(struct gathering *g, const struct route *alone)
{
    const uint32_t slot = (uint32_t)(alone - g->routes);
    struct route stretched;
    if (!automaton_parse(&g->sets, g->patterns[slot], slot, true, &stretched) ||
        stretched.count == alone->count)
        return;
    g->routes[slot] = stretched;
    build(g, &alone, 1);
}

/* What does not go together goes in halves; what does not go alone is left to PCRE2. */
static void build(struct gathering *g, const struct route **routes, uint32_t count)
{
    struct scanner *s = g->s;
    bool too_large = false;
    if (count == 0 || g->budget == 0)
        return;
    const size_t most = count == 1 ? 8 * LIMIT_PATTERN_THREADS : g->budget;
    const size_t granted = most < g->budget ? most : g->budget;
    size_t left = granted;
    struct automaton *a =
        automaton_build(&g->p->arena, &g->work, &g->sets, routes, count, &left, &too_large);
    g->budget -= granted - left;
    if (!a && !too_large)
        arena_alloc(&g->work, SIZE_MAX); /* no memory: leaves the run */
    if (a) {
        s->automata[s->automaton_count++] = a;
        for (uint32_t k = 0; k < count; k++) {
            const uint32_t slot = (uint32_t)(routes[k] - g->routes);
            s->slot_of[g->patterns[slot]->index] = slot;
            s->decides[g->patterns[slot]->index] = !routes[k]->loose;
        }
    } else if (count > 1) {
        build(g, routes, count / 2);
        build(g, routes + count / 2, count - count / 2);
    } else
        build_stretched(g, routes[0]);
}

static void build_all(void *ctx)
{
    struct gathering *g = ctx;
    const size_t most = g->p->pattern_count;
    g->routes = arena_array(&g->work, most, sizeof *g->routes);
    g->patterns = arena_array(&g->work, most, sizeof(void *));
    charsets_init(&g->sets, &g->work);
    parse_patterns(g);
    g->budget = LIMIT_PATTERN_THREADS * (10 + (size_t)g->s->count);
    if (g->budget > LIMIT_AUTOMATON_THREADS)
        g->budget = LIMIT_AUTOMATON_THREADS;
    const struct route **list = arena_array(&g->work, g->s->count, sizeof(void *));
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < g->s->count; slot++)
        if (!g->routes[slot].wide)
            list[count++] = &g->routes[slot];
    build(g, list, count);
    count = 0;
    for (uint32_t slot = 0; slot < g->s->count; slot++) {
        if (g->routes[slot].wide)
            list[count++] = &g->routes[slot];
        if (count == WIDE_TOGETHER || slot + 1 == g->s->count) {
            build(g, list, count);
            count = 0;
        }
    }
}

struct scanner *scanner_of(struct program *p, uint32_t question)
{
    struct scanner *s = arena_alloc(&p->arena, sizeof *s);
    s->question = question;
    s->slot_of = arena_array(&p->arena, p->pattern_count, sizeof *s->slot_of);
    s->decides = arena_array(&p->arena, p->pattern_count, sizeof *s->decides);
    s->automata = arena_array(&p->arena, p->pattern_count, sizeof(void *));
    for (size_t k = 0; k < p->pattern_count; k++)
        s->slot_of[k] = NONE;
    struct gathering g = {.p = p, .s = s};
    arena_init(&g.work, 0);
    const bool whole = arena_run(&g.work, build_all, &g);
    arena_deinit(&g.work);
    if (!whole)
        arena_alloc(&p->arena, SIZE_MAX); /* leaves the program's run */
    return s->automaton_count ? s : NULL;
}

void scanner_scan(const struct scanner *s, struct text t, uint64_t *planes, size_t words,
                  uint32_t row)
{
    for (uint32_t k = 0; k < s->automaton_count; k++)
        automaton_scan(s->automata[k], t, planes, words, row);
}
