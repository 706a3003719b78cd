/* kb_layers: in which order conclusions and questions can be known.
 * In: compiled rules. Out: the layer of each conclusion, an order of the questions; or the circle
 * that makes one impossible. The idea: one depth-first walk without recursion over a graph in
 * arrays; what it leaves last depends only on what it left before. */
#include "kb/kb_build.h"
#include <string.h>

/* What node i rests on: edges[from[i]] up to edges[from[i + 1]]. */
struct edge {
    uint32_t to;
    uint32_t via; /* the rule; NONE: `needs`, or ask_if */
    struct span span;
};

struct graph {
    struct kb_build *b;
    uint32_t count;
    size_t *from;
    struct edge *edges;
    size_t edge_count, edge_capacity;
    uint32_t via; /* while edges are added */
    bool of_questions;
};

static void add_edge(const struct node *n, void *ctx)
{
    struct graph *g = ctx;
    if (node_reads(n->kind) != (g->of_questions ? READS_QUESTION : READS_CONCLUSION))
        return;
    g->edges =
        arena_grow(g->b->arena, g->edges, g->edge_count, &g->edge_capacity, sizeof *g->edges);
    g->edges[g->edge_count++] = (struct edge){n->ref, g->via, n->span};
}

enum color { WHITE, GRAY, BLACK };

struct frame {
    uint32_t node;
    size_t next; /* edge */
};

struct search {
    struct graph *graph;
    uint8_t *color;
    struct frame *stack;
    uint32_t depth;
    uint32_t *order; /* what a node rests on comes before it */
    uint32_t ordered;
    unsigned circles;
};

static struct text name_of(const struct graph *g, uint32_t i)
{
    return g->of_questions ? g->b->kb->questions[i].id : g->b->kb->conclusions[i].id;
}

static struct span place_of(const struct graph *g, uint32_t i)
{
    const struct model *m = g->b->model;
    return g->of_questions ? m->questions[i]->item.id.span : m->conclusions[i]->item.id.span;
}

enum { CIRCLES_MOST = 10, CIRCLE_SHOWN = 12 };

/* The stack from `first` to its top, and back: each rests on the next. */
static void report_circle(struct search *s, uint32_t first)
{
    struct graph *g = s->graph;
    struct problems *problems = g->b->problems;
    if (s->circles++ >= CIRCLES_MOST)
        return;
    uint32_t length = s->depth - first;
    const char *loop = "";
    for (uint32_t i = 0; i < length && i < CIRCLE_SHOWN; i++) {
        struct text id = name_of(g, s->stack[first + i].node);
        loop = problem_format(problems, "%s%.*s <- ", loop, (int)id.size, id.at);
    }
    struct text start = name_of(g, s->stack[first].node);
    loop = problem_format(problems, "%s%s%.*s", loop, length > CIRCLE_SHOWN ? "... <- " : "",
                          (int)start.size, start.at);
    for (uint32_t i = 0; i < length && i < CIRCLE_SHOWN; i++) {
        const struct edge *e = &g->edges[s->stack[first + i].next - 1];
        struct text id = name_of(g, s->stack[first + i].node), on = name_of(g, e->to);
        if (i == 0)
            problem_add(problems, g->of_questions ? PROBLEM_ASK_IF_CYCLE : PROBLEM_RULE_CYCLE,
                        place_of(g, s->stack[first].node), loop, NULL, NULL);
        const char *what = "its `needs`";
        if (g->of_questions)
            what = "its `ask_if`";
        else if (e->via != NONE)
            what = problem_format(problems, "the rule %s", g->b->kb->rules[e->via].id.at);
        problem_note(problems, e->span,
                     problem_format(problems, "%.*s rests on %.*s by %s", (int)id.size, id.at,
                                    (int)on.size, on.at, what));
    }
    problem_help(problems, g->of_questions ? "remove one of these conditions"
                                           : "take one of these premises out, or conclude a "
                                             "finding of its own from what both rest on");
}

static void visit(struct search *s, uint32_t root)
{
    struct graph *g = s->graph;
    s->stack[0] = (struct frame){root, g->from[root]};
    s->depth = 1;
    s->color[root] = GRAY;
    while (s->depth > 0) {
        struct frame *f = &s->stack[s->depth - 1];
        if (f->next == g->from[f->node + 1]) {
            s->color[f->node] = BLACK;
            s->order[s->ordered++] = f->node;
            s->depth--;
            continue;
        }
        uint32_t to = g->edges[f->next++].to;
        if (s->color[to] == WHITE) {
            s->color[to] = GRAY;
            s->stack[s->depth++] = (struct frame){to, g->from[to]};
        } else if (s->color[to] == GRAY) {
            uint32_t first = s->depth - 1;
            while (s->stack[first].node != to)
                first--;
            report_circle(s, first);
        }
    }
}

static uint32_t *order_nodes(struct graph *g)
{
    struct arena *a = g->b->arena;
    struct search s = {.graph = g,
                       .color = arena_alloc(a, g->count),
                       .stack = arena_array(a, g->count + 1, sizeof *s.stack),
                       .order = arena_array(a, g->count, sizeof *s.order)};
    for (uint32_t i = 0; i < g->count; i++)
        if (s.color[i] == WHITE)
            visit(&s, i);
    return s.order;
}

void kb_find_layers(struct kb_build *b)
{
    struct kb *kb = b->kb;
    struct graph g = {.b = b, .count = kb->conclusion_count};
    g.from = arena_array(b->arena, (size_t)g.count + 1, sizeof *g.from);
    for (uint32_t i = 0; i < g.count; i++) {
        const struct conclusion *c = &kb->conclusions[i];
        g.from[i] = g.edge_count;
        g.via = NONE;
        if (c->needs)
            node_walk(c->needs, add_edge, &g);
        for (uint32_t k = 0; k < c->rule_count; k++) {
            g.via = c->rules[k];
            if (kb->rules[g.via].when)
                node_walk(kb->rules[g.via].when, add_edge, &g);
        }
    }
    g.from[g.count] = g.edge_count;
    const uint32_t *order = order_nodes(&g);
    for (uint32_t i = 0; i < g.count; i++) {
        struct conclusion *c = &kb->conclusions[order[i]];
        for (size_t e = g.from[order[i]]; e < g.from[order[i] + 1]; e++) {
            uint32_t below = kb->conclusions[g.edges[e].to].layer;
            if (c->layer <= below)
                c->layer = below + 1;
        }
        if (kb->layer_count <= c->layer)
            kb->layer_count = c->layer + 1;
    }
}

void kb_order_questions(struct kb_build *b)
{
    struct kb *kb = b->kb;
    struct graph g = {.b = b, .count = kb->question_count, .of_questions = true, .via = NONE};
    g.from = arena_array(b->arena, (size_t)g.count + 1, sizeof *g.from);
    for (uint32_t i = 0; i < g.count; i++) {
        g.from[i] = g.edge_count;
        if (kb->questions[i].ask_if)
            node_walk(kb->questions[i].ask_if, add_edge, &g);
    }
    g.from[g.count] = g.edge_count;
    kb->question_order = order_nodes(&g);
}
