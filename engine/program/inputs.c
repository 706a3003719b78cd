/* In: questions, facts, numbers of conditions. Out: instructions that make them ready. Next:
 * condition.c compares them. What a question needs (codes, planes a code, where it applies) is made
 * once and found again by asking for it. */
#include "program/emit.h"

#include <string.h>

const struct question *question_of(const struct compiler *c, uint32_t q)
{
    return &c->kb->questions[q];
}

/* --- in play ---------------------------------------------------------------------------------- */

struct reading {
    const struct compiler *c;
    bool ok;
};

static void look(const struct node *n, void *ctx)
{
    struct reading *r = ctx;
    enum node_reads what = node_reads(n->kind);
    if (what != READS_NOTHING)
        r->ok &= (what == READS_QUESTION ? r->c->p->put_questions : r->c->p->assessed)[n->ref];
}

bool condition_in_play(const struct compiler *c, const struct node *n)
{
    if (n->kind == NODE_ANY || n->kind == NODE_ALL)
        return condition_in_play(c, n->args[0]);
    if (n->kind == NODE_AND || n->kind == NODE_OR) {
        bool is_or = n->kind == NODE_OR;
        for (uint32_t i = 0; i < n->count; i++)
            if (condition_in_play(c, n->args[i]) == is_or)
                return is_or;
        return !is_or;
    }
    struct reading r = {c, true};
    node_walk(n, look, &r);
    return r.ok;
}

struct texts {
    const struct kb *kb;
    bool any, only;
};

static void look_for_texts(const struct node *n, void *ctx)
{
    struct texts *t = ctx;
    enum node_reads what = node_reads(n->kind);
    bool text = what == READS_QUESTION && t->kb->questions[n->ref].kind == KIND_TEXT;
    t->any |= text;
    t->only &= text || what == READS_NOTHING;
}

bool condition_is_text(const struct compiler *c, const struct node *n)
{
    struct texts t = {c->kb, false, true};
    node_walk(n, look_for_texts, &t);
    return t.any && t.only;
}

/* --- what a question needs -------------------------------------------------------------------- */

/* Where a question is read from: its own subject, or the narrower one it is asked about. */
enum scope question_home(const struct compiler *c, uint32_t q, enum scope scope)
{
    return question_of(c, q)->about_partnership && scope == SCOPE_PARTNER ? SCOPE_PARTNERSHIP
                                                                          : scope;
}

uint32_t question_applies(struct compiler *c, uint32_t q, enum scope scope)
{
    const struct question *qu = question_of(c, q);
    if (scope != SCOPE_RESPONDENT && c->p->applies_of[scope][q] != NONE)
        return c->p->applies_of[scope][q];
    struct instr i = instr_new(OP_APPLIES, scope);
    const uint32_t owner = c->owner;
    c->owner = NONE; /* found again without being emitted again */
    i.question = q;
    if (scope == SCOPE_PARTNERSHIP && !qu->about_partnership) {
        i.op = OP_APPLIES_ANY;
        i.a = question_applies(c, q, SCOPE_PARTNER);
    } else if (scope == SCOPE_RESPONDENT)
        i.a = c->p->applies_of[SCOPE_PARTNER][q];
    else if (qu->ask_if && condition_in_play(c, qu->ask_if))
        i.a = compile_condition(c, qu->ask_if).planes;
    uint32_t applies = emit(c, i, NULL, 0);
    if (scope != SCOPE_RESPONDENT)
        c->p->applies_of[scope][q] = applies;
    c->owner = owner;
    return applies;
}

/* Of the partnership, from what its partners come to, where they are asked. */
static uint32_t consolidated(struct compiler *c, enum op op, uint32_t q, enum scope scope)
{
    struct instr i = instr_new(op, scope);
    i.question = q;
    if (scope == SCOPE_PARTNERSHIP && !question_of(c, q)->about_partnership) {
        i.a = consolidated(c, op, q, SCOPE_PARTNER);
        i.b = question_applies(c, q, SCOPE_PARTNER);
    }
    return emit(c, i, NULL, 0);
}

uint32_t question_codes(struct compiler *c, uint32_t q, enum scope scope)
{
    return consolidated(c, OP_CODES, q, scope);
}

uint32_t question_equals(struct compiler *c, uint32_t q, enum scope scope)
{
    struct instr i = instr_new(OP_EQUALS, scope);
    i.question = q;
    i.count = question_of(c, q)->choice_count;
    if (scope != SCOPE_RESPONDENT && question_of(c, q)->kind != KIND_SCALE)
        i.a = question_codes(c, q, scope);
    return emit(c, i, NULL, 0);
}

uint32_t question_value(struct compiler *c, uint32_t q, enum scope scope)
{
    return consolidated(c, OP_VALUE, q, scope);
}

static uint32_t number_to_partners(struct compiler *c, uint32_t number)
{
    struct instr i = instr_new(OP_SPREAD_NUMBER, SCOPE_PARTNER);
    i.a = number;
    return emit(c, i, NULL, 0);
}

uint32_t planes_to_partners(struct compiler *c, uint32_t planes)
{
    if (planes < PLANES_FIXED)
        return planes;
    struct instr i = instr_new(OP_SPREAD_PLANES, SCOPE_PARTNER);
    i.a = planes;
    return emit(c, i, NULL, 0);
}

struct strength strength_to_partners(struct compiler *c, struct strength s)
{
    return (struct strength){planes_to_partners(c, s.planes),
                             s.number == NONE ? NONE : number_to_partners(c, s.number)};
}

struct strength strength_over_partners(struct compiler *c, struct strength s, bool any)
{
    struct instr i = instr_new(any ? OP_ANY : OP_ALL, SCOPE_PARTNERSHIP);
    i.a = s.planes;
    struct strength out = {emit(c, i, NULL, 0), NONE};
    if (s.number != NONE) {
        struct instr n = instr_new(any ? OP_ANY_NUMBER : OP_ALL_NUMBER, SCOPE_PARTNERSHIP);
        n.a = s.planes;
        n.b = s.number;
        out.number = emit(c, n, NULL, 0);
    }
    return out;
}

/* --- numbers ---------------------------------------------------------------------------------- */

void note_trace(struct compiler *c, const struct node *n, uint32_t planes, uint32_t number)
{
    struct program *p = c->p;
    if (!(p->flags & PROGRAM_TRACE) || c->in_respondent)
        return;
    p->traces =
        arena_grow(&p->arena, p->traces, p->trace_count, &p->trace_capacity, sizeof *p->traces);
    p->traces[p->trace_count] = (struct trace){planes, number, (uint8_t)n->scope};
    const struct node **key = arena_alloc(&p->arena, sizeof(void *));
    *key = n;
    idmap_set(&p->traced, (struct text){(const char *)key, sizeof(void *)},
              (uint32_t)p->trace_count);
    p->trace_count++;
}

/* count, share: the condition's instructions stand in `inner`, for respondents. */
static uint32_t compile_count(struct compiler *c, const struct node *n)
{
    struct program *p = c->p;
    struct instr i = instr_new(n->kind == NODE_COUNT ? OP_COUNT : OP_SHARE, n->scope);
    for (size_t k = 0; k < p->code_count; k++)
        if (p->code[k].op == i.op && p->code[k].scope == i.scope &&
            node_equal(p->code[k].node->args[0], n->args[0]))
            return p->code[k].dst;
    i.node = n;
    c->in_respondent = true;
    struct idmap outer = c->seen_inner;
    idmap_init(&c->seen_inner, &p->arena);
    uint32_t from = (uint32_t)p->inner_count;
    i.a = compile_condition(c, n->args[0]).planes;
    i.count = (uint32_t)p->inner_count - from;
    i.b = from;
    c->seen_inner = outer;
    c->in_respondent = false;
    return emit(c, i, &from, sizeof from);
}

/* Before inner code is compiled: respondents look up whether the question applies to their partner.
 */
static void prepare_inner(const struct node *n, void *ctx)
{
    if (node_reads(n->kind) == READS_QUESTION)
        question_applies(ctx, n->ref, SCOPE_PARTNER);
}

static uint32_t over_respondents(struct compiler *c, const struct node *n, enum op op)
{
    if (op == OP_MEAN && n->scope == SCOPE_PARTNER)
        return question_value(c, n->ref, SCOPE_PARTNER);
    struct instr i = instr_new(op, n->scope);
    i.question = n->ref;
    if (n->scope == SCOPE_PARTNERSHIP)
        i.b = question_applies(c, n->ref, SCOPE_PARTNER);
    return emit(c, i, NULL, 0);
}

static uint32_t binary(struct compiler *c, const struct node *n, enum op op)
{
    struct instr i = instr_new(op, n->scope);
    i.a = compile_number(c, n->args[0]);
    if (n->count > 1)
        i.b = compile_number(c, n->args[1]);
    return emit(c, i, NULL, 0);
}

static uint32_t fact(struct compiler *c, const struct node *n, enum op op)
{
    enum scope scope = op == OP_PARTNERS ? SCOPE_PARTNERSHIP : n->scope;
    struct instr i = instr_new(op, scope);
    uint32_t number = emit(c, i, NULL, 0);
    return scope == n->scope ? number : number_to_partners(c, number);
}

static uint32_t gap(struct compiler *c, const struct node *n)
{
    struct instr i = instr_new(OP_GAP, SCOPE_PARTNERSHIP);
    i.question = n->ref;
    i.a = question_value(c, n->ref, SCOPE_PARTNER);
    i.b = question_applies(c, n->ref, SCOPE_PARTNER);
    uint32_t number = emit(c, i, NULL, 0);
    return n->scope == SCOPE_PARTNERSHIP ? number : number_to_partners(c, number);
}

static uint32_t certainty(struct compiler *c, uint32_t conclusion, enum scope scope)
{
    if (scope == SCOPE_PARTNER && c->kb->conclusions[conclusion].about_partnership)
        return number_to_partners(c, c->p->lo_hi[SCOPE_PARTNERSHIP][conclusion]);
    return c->p->lo_hi[scope][conclusion];
}

static uint32_t number_of(struct compiler *c, const struct node *n)
{
    struct instr i = instr_new(OP_CONSTANT, n->scope);
    switch (n->kind) {
    case NODE_NUMBER: i.x = n->number; return emit(c, i, NULL, 0);
    case NODE_QUESTION: {
        enum scope at = question_home(c, n->ref, n->scope);
        uint32_t v = question_value(c, n->ref, at);
        return at == n->scope ? v : number_to_partners(c, v);
    }
    case NODE_CERTAINTY: return certainty(c, n->ref, n->scope);
    case NODE_MEAN: return over_respondents(c, n, OP_MEAN);
    case NODE_MIN: return over_respondents(c, n, OP_MIN);
    case NODE_MAX: return over_respondents(c, n, OP_MAX);
    case NODE_SPREAD: return over_respondents(c, n, OP_SPREAD);
    case NODE_COUNT:
    case NODE_SHARE: node_walk(n->args[0], prepare_inner, c); return compile_count(c, n);
    case NODE_GAP: return gap(c, n);
    case NODE_RESPONDENTS: return fact(c, n, OP_RESPONDENTS);
    case NODE_PARTNERS: return fact(c, n, OP_PARTNERS);
    case NODE_ANSWERED_SHARE: return fact(c, n, OP_ANSWERED_SHARE);
    case NODE_STRAIGHT_LINED: return fact(c, n, OP_STRAIGHT_LINED);
    case NODE_ADD: return binary(c, n, OP_ADD);
    case NODE_SUBTRACT: return binary(c, n, OP_SUBTRACT);
    case NODE_MULTIPLY: return binary(c, n, OP_MULTIPLY);
    case NODE_DIVIDE: return binary(c, n, OP_DIVIDE);
    default: return binary(c, n, OP_NEGATE);
    }
}

uint32_t compile_number(struct compiler *c, const struct node *n)
{
    uint32_t number = number_of(c, n);
    note_trace(c, n, NONE, number);
    return number;
}
