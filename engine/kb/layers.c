/* In: conclusions, rules, what they read. Out: layers; an order of questions for ask_if. Next: program.
 * A layer is one more than the highest that is read (premises and needs); who waits for ever is in a
 * loop, which is printed. Walks keep their own stack: a chain may be as long as there are rules. */
#include "kb/build.h"

enum colour { NEW, OPEN, DONE };

/* Edges of a graph over n things: what `of` reads is reads[from[of]] .. reads[from[of + 1]]. */
struct graph {
    struct build *b;
    uint32_t count;
    uint32_t *from;
    uint32_t *reads;
    uint32_t *through; /* beside reads: the rule, or NONE (needs, ask_if) */
    size_t read_count, read_capacity, through_capacity;
    uint32_t of, rule; /* being collected */
    bool questions;    /* ask_if: nodes are questions */
};

static void add(struct graph *g, uint32_t read)
{
    struct arena *a = g->b->kb->arena;
    g->reads = arena_grow(a, g->reads, g->read_count, &g->read_capacity, sizeof *g->reads);
    g->through = arena_grow(a, g->through, g->read_count, &g->through_capacity, sizeof *g->through);
    g->through[g->read_count] = g->rule;
    g->reads[g->read_count++] = read;
}

static void collect(const struct node *n, void *ctx)
{
    struct graph *g = ctx;
    switch (n->kind) {
    case NODE_PREMISE:
    case NODE_PRESENT:
    case NODE_CERTAINTY:
        if (!g->questions)
            add(g, n->ref);
        break;
    case NODE_CHOICE_IN:
    case NODE_INCLUDES:
    case NODE_MATCHES:
    case NODE_TEXT_IS:
    case NODE_ANSWERED:
    case NODE_UNKNOWN:
    case NODE_DISAGREE:
    case NODE_QUESTION:
    case NODE_MEAN:
    case NODE_MIN:
    case NODE_MAX:
    case NODE_SPREAD:
    case NODE_GAP:
        if (g->questions)
            add(g, n->ref);
        break;
    default:
        break;
    }
}

static void walk_rules(struct graph *g, const struct conclusion *c)
{
    for (uint32_t k = 0; k < c->rule_count; k++) {
        g->rule = c->rules[k];
        node_walk(g->b->kb->rules[c->rules[k]].when, collect, g);
    }
    g->rule = NONE;
    if (c->needs)
        node_walk(c->needs, collect, g);
}

static void fill(struct graph *g, struct build *b, bool questions)
{
    struct kb *kb = b->kb;
    *g = (struct graph){.b = b, .rule = NONE, .questions = questions};
    g->count = questions ? kb->question_count : kb->conclusion_count;
    g->from = arena_array(kb->arena, g->count + 1, sizeof *g->from);
    for (uint32_t k = 0; k < g->count; k++) {
        g->from[k] = (uint32_t)g->read_count;
        if (!questions)
            walk_rules(g, &kb->conclusions[k]);
        else if (kb->questions[k].ask_if)
            node_walk(kb->questions[k].ask_if, collect, g);
    }
    g->from[g->count] = (uint32_t)g->read_count;
}

static struct text id_of(const struct graph *g, uint32_t k)
{
    return g->questions ? g->b->kb->questions[k].id : g->b->kb->conclusions[k].id;
}

static struct span span_of(const struct graph *g, uint32_t k, uint32_t rule)
{
    struct build *b = g->b;
    if (g->questions)
        return b->questions[k]->ask_if.span;
    return rule == NONE ? b->conclusions[k]->item.id.span : b->rules_by_id[rule]->when.span;
}

/* stack[from..depth) is the loop, each reading the next and the last the first. */
static void report_loop(struct graph *g, const uint32_t *stack, const uint32_t *next, uint32_t from,
                        uint32_t depth)
{
    struct buffer path;
    struct problems *ps = g->b->problems;
    buffer_init(&path);
    for (uint32_t k = from; k < depth && k < from + 20; k++) {
        buffer_text(&path, id_of(g, stack[k]));
        buffer_c(&path, " <- ");
    }
    buffer_text(&path, depth - from > 20 ? TEXT("...") : id_of(g, stack[from]));
    buffer_byte(&path, '\0');
    problem_add(ps, g->questions ? PROBLEM_ASK_LOOP : PROBLEM_RULE_LOOP,
                span_of(g, stack[from], g->through[next[from] - 1]), path.failed ? "" : path.at, NULL,
                NULL);
    for (uint32_t k = from; k < depth && k < from + 20; k++) {
        uint32_t rule = g->through[next[k] - 1];
        const char *how = g->questions  ? "is asked only if"
                          : rule == NONE ? "needs"
                                         : "is concluded here from";
        problem_note(ps, span_of(g, stack[k], rule),
                     problem_format(ps, "%.*s %s %.*s", (int)id_of(g, stack[k]).size,
                                    id_of(g, stack[k]).at, how,
                                    (int)id_of(g, g->reads[next[k] - 1]).size,
                                    id_of(g, g->reads[next[k] - 1]).at));
    }
    buffer_deinit(&path);
}

/* Depth first; gives the order in which all is read before it is needed. False where it loops. */
static bool order(struct graph *g, uint32_t *out)
{
    struct arena *a = g->b->kb->arena;
    uint8_t *colour = arena_array(a, g->count, 1);
    uint32_t *stack = arena_array(a, g->count, sizeof *stack);
    uint32_t *next = arena_array(a, g->count, sizeof *next);
    uint32_t n = 0;
    for (uint32_t root = 0; root < g->count; root++) {
        uint32_t depth = 0;
        if (colour[root] != NEW)
            continue;
        stack[0] = root;
        next[0] = g->from[root];
        colour[root] = OPEN;
        depth = 1;
        while (depth) {
            uint32_t at = stack[depth - 1];
            if (next[depth - 1] == g->from[at + 1]) {
                colour[at] = DONE;
                out[n++] = at;
                depth--;
                continue;
            }
            uint32_t to = g->reads[next[depth - 1]++];
            if (colour[to] == OPEN) {
                uint32_t from = depth - 1;
                while (stack[from] != to)
                    from--;
                report_loop(g, stack, next, from, depth);
                return false;
            }
            if (colour[to] == NEW) {
                colour[to] = OPEN;
                stack[depth] = to;
                next[depth++] = g->from[to];
            }
        }
    }
    return true;
}

void build_layers(struct build *b)
{
    struct kb *kb = b->kb;
    struct graph g;
    fill(&g, b, false);
    uint32_t *sorted = arena_array(kb->arena, g.count, sizeof *sorted);
    kb->layer_count = 0;
    if (!order(&g, sorted))
        return;
    for (uint32_t k = 0; k < g.count; k++) {
        struct conclusion *c = &kb->conclusions[sorted[k]];
        for (uint32_t r = g.from[sorted[k]]; r < g.from[sorted[k] + 1]; r++)
            if (kb->conclusions[g.reads[r]].layer + 1 > c->layer)
                c->layer = kb->conclusions[g.reads[r]].layer + 1;
        if (c->layer + 1 > kb->layer_count)
            kb->layer_count = c->layer + 1;
    }
}

void build_question_order(struct build *b)
{
    struct graph g;
    fill(&g, b, true);
    b->kb->question_order = arena_array(b->kb->arena, g.count, sizeof(uint32_t));
    order(&g, b->kb->question_order);
}
