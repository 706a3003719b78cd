/* In: the kb's conclusions by layer, their rules by id. Out: FIRE and CONCLUDE instructions.
 * Next: infer. A partner rule that concludes about the partnership is the same rule under any
 * (evidence for) or all (evidence against), so firing knows one kind of rule only. */
#include "program/emit.h"

static enum scope about(const struct conclusion *co)
{
    return co->about_partnership ? SCOPE_PARTNERSHIP : SCOPE_PARTNER;
}

/* Which rules of a conclusion are in play; whether one of them speaks in favour, and asks: that a
 * free text does not mention something tells nothing, where more could have been asked. */
static bool note_in_play(struct compiler *c, const struct conclusion *co)
{
    bool favour = false, asks = false, could_ask = false;
    for (uint32_t k = 0; k < co->rule_count; k++) {
        const struct rule *r = &c->kb->rules[co->rules[k]];
        bool in = condition_in_play(c, r->when), text_only = condition_is_text(c, r->when);
        c->p->in_play[co->rules[k]] = in;
        favour |= in && r->certainty > 0;
        asks |= in && r->certainty > 0 && !text_only;
        could_ask |= r->certainty > 0 && !text_only;
    }
    return favour && (asks || !could_ask);
}

static bool needs_one_strength(const struct compiler *c, const struct rule *r, enum scope scope)
{
    return r->when->kind != NODE_AND || r->when->scope != scope ||
           (c->p->flags & (PROGRAM_REPORT | PROGRAM_TRACE)) != 0;
}

/* The strengths whose lowest is the rule's, for the subject of its conclusion. */
static size_t parts_of(struct compiler *c, uint32_t rule, enum scope scope, struct strength **out)
{
    const struct rule *r = &c->kb->rules[rule];
    if (!needs_one_strength(c, r, scope)) {
        *out = arena_array(&c->p->arena, r->when->count, sizeof **out);
        for (uint32_t i = 0; i < r->when->count; i++)
            (*out)[i] = compile_condition(c, r->when->args[i]);
        return r->when->count;
    }
    *out = arena_alloc(&c->p->arena, sizeof **out);
    **out = compile_condition(c, r->when);
    c->p->rule_strength[rule] = **out;
    if (r->when->scope != scope)
        **out = strength_over_partners(c, **out, r->certainty > 0);
    return 1;
}

static void fire(struct compiler *c, uint32_t rule, enum scope scope, const struct strength *parts,
                 size_t count)
{
    struct instr i = instr_new(OP_FIRE, scope);
    i.count = (uint32_t)count;
    uint32_t planes = fire_planes(&i), numbers = 0;
    uint32_t *args = arena_array(&c->p->arena, planes + count, sizeof *args);
    for (size_t k = 0; k < planes; k++)
        args[k] = k < count ? parts[k].planes : PLANE_TRUE;
    for (size_t k = 0; k < count; k++)
        if (parts[k].number != NONE)
            args[planes + numbers++] = parts[k].number;
    i.question = rule;
    i.a = numbers;
    i.from = emit_list(c, args, planes + numbers);
    i.x = c->kb->rules[rule].certainty;
    i.y = 1 - i.x;
    c->p->most_parts = numbers > c->p->most_parts ? numbers : c->p->most_parts;
    emit(c, i, NULL, 0);
}

struct ready {
    struct strength *parts;
    size_t count;
};

/* Rule k of the conclusion and rule m, k or behind it, count as one. */
static bool go_together(const struct kb *kb, const struct conclusion *co, uint32_t k, uint32_t m)
{
    return m == k || text_equal(kb->rules[co->rules[k]].group, kb->rules[co->rules[m]].group);
}

/* Rules in the order of their ids; a group at the place of its first, in play or not: what is put
 * must not change the order of a product. Gives how many instructions of the code, the last ones,
 * fire them. */
static uint32_t fire_all(struct compiler *c, const struct conclusion *co)
{
    struct ready *ready = arena_array(&c->p->arena, co->rule_count, sizeof *ready);
    bool *done = arena_array(&c->p->arena, co->rule_count, sizeof *done);
    for (uint32_t k = 0; k < co->rule_count; k++)
        if (c->p->in_play[co->rules[k]])
            ready[k].count = parts_of(c, co->rules[k], about(co), &ready[k].parts);
    size_t first = c->p->code_count;
    for (uint32_t k = 0; k < co->rule_count; k++) {
        const bool grouped = c->kb->rules[co->rules[k]].group.size > 0;
        const uint32_t end = grouped ? co->rule_count : k + 1;
        struct instr g = instr_new(OP_GROUP, about(co));
        if (done[k])
            continue;
        for (uint32_t m = k; m < end; m++)
            g.count += go_together(c->kb, co, k, m) && c->p->in_play[co->rules[m]];
        if (g.count > 1)
            emit(c, g, NULL, 0);
        for (uint32_t m = k; m < end; m++) {
            if (!go_together(c->kb, co, k, m))
                continue;
            if (c->p->in_play[co->rules[m]])
                fire(c, co->rules[m], about(co), ready[m].parts, ready[m].count);
            done[m] = true;
        }
    }
    return (uint32_t)(c->p->code_count - first);
}

static enum conclude_by concluded_by(const struct instr *rules, uint32_t count)
{
    enum conclude_by by = CONCLUDE_PLAIN;
    for (const struct instr *f = rules; f < rules + count; f++) {
        if (f->op != OP_FIRE || f->x <= 0)
            return CONCLUDE_WEIGHED;
        if (f->a > 0)
            by = CONCLUDE_GRADED;
    }
    return by;
}

static void conclude(struct compiler *c, uint32_t conclusion)
{
    struct program *p = c->p;
    const struct conclusion *co = &c->kb->conclusions[conclusion];
    p->assessed[conclusion] = note_in_play(c, co);
    for (int scope = 0; scope < 2; scope++) {
        p->lo_hi[scope][conclusion] = 0;
        p->verdicts[scope][conclusion] = PLANE_FALSE;
    }
    if (!p->assessed[conclusion] || (c->wanted && !c->wanted[conclusion]))
        return;
    struct instr i = instr_new(OP_CONCLUDE, about(co));
    i.question = conclusion;
    if (co->needs && !(p->flags & PROGRAM_WITHOUT_NEEDS)) {
        i.a = compile_condition(c, co->needs).planes;
        if (about(co) == SCOPE_PARTNER) {
            struct strength s = {i.a, NONE};
            i.a = strength_to_partners(c, s).planes;
        }
    }
    /* reports and proofs look at rules of any conclusion */
    if (i.a != NONE && !(p->flags & (PROGRAM_REPORT | PROGRAM_TRACE)))
        c->owner = conclusion;
    i.count = fire_all(c, co);
    c->owner = NONE;
    i.from = (uint32_t)p->code_count - i.count;
    i.relation = concluded_by(p->code + i.from, i.count);
    p->most_rules = i.count > p->most_rules ? i.count : p->most_rules;
    for (int scope = about(co); scope < 2; scope++) { /* the partnership's behind the partner's */
        p->lo_hi[scope][conclusion] = p->number_count++;
        p->verdicts[scope][conclusion] = p->plane_count++;
    }
    i.dst = p->lo_hi[about(co)][conclusion];
    i.b = p->verdicts[about(co)][conclusion];
    i.x = co->threshold;
    emit(c, i, NULL, 0);
}

void compile_rules(struct compiler *c)
{
    for (uint32_t layer = 0; layer < c->kb->layer_count; layer++)
        for (uint32_t k = 0; k < c->kb->conclusion_count; k++)
            if (c->kb->conclusions[k].layer == layer)
                conclude(c, k);
}

static struct strength optional(struct compiler *c, const struct node *n)
{
    return n ? compile_condition(c, n) : (struct strength){NONE, NONE};
}

void compile_report(struct compiler *c)
{
    for (uint32_t k = 0; k < c->kb->conclusion_count; k++) {
        c->p->high_when[k] = optional(c, c->kb->conclusions[k].high_when);
        c->p->low_when[k] = optional(c, c->kb->conclusions[k].low_when);
    }
    for (uint32_t r = 0; r < c->kb->remedy_count; r++)
        c->p->remedy_when[r] = optional(c, c->kb->remedies[r].when);
}
