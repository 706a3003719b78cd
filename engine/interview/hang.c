/* In: a conclusion or condition that is not settled. Out: marks on the cells that could still move
 * it. Next: choose.c. Only what is not settled is followed, from rules to leaves to premises: a
 * strength whose bounds meet cannot be moved by any answer. */
#include "interview/asking.h"

#include <string.h>

void hang_clear(struct interview *iv, uint8_t mark)
{
    for (uint32_t i = 0; i < iv->cell_count; i++)
        iv->marks[i] &= (uint8_t)~mark;
}

void hang_start(struct interview *iv)
{
    memset(iv->seen, 0, (size_t)iv->kb->conclusion_count * (iv->partner_count + 1));
}

/* --- cells -------------------------------------------------------------------------------------
 */

static void mark_cell(struct interview *iv, uint8_t mark, uint32_t cell)
{
    bool surely;
    if (iv->given[cell] || (iv->marks[cell] & mark) || !cell_is_asked_here(iv, cell) ||
        !cell_applies(iv, cell, &surely))
        return;
    iv->marks[cell] |= mark;
    if (surely)
        return;
    uint32_t row = cell_row(iv, cell);
    hang_condition(iv, mark, iv->kb->questions[cell_question(iv, cell)].ask_if,
                   row == NONE ? NONE : iv->rows[row].partner);
}

/* Of a partner's respondents, NONE: everybody's; a fact: the one cell. */
static void mark_question(struct interview *iv, uint8_t mark, uint32_t q, uint32_t partner)
{
    if (iv->kb->questions[q].about_partnership) {
        mark_cell(iv, mark, cell_of(iv, q, NONE));
        return;
    }
    uint32_t from = partner == NONE ? 0 : iv->first_row[partner];
    uint32_t to = partner == NONE ? iv->row_count : iv->first_row[partner + 1];
    for (uint32_t r = from; r < to; r++)
        mark_cell(iv, mark, cell_of(iv, q, r));
}

/* --- leaves ------------------------------------------------------------------------------------
 */

struct reading {
    struct interview *iv;
    uint8_t mark;
    uint32_t partner;
};

static void mark_ask_if(struct reading *r, uint32_t q)
{
    const struct node *ask_if = r->iv->kb->questions[q].ask_if;
    if (!ask_if)
        return;
    if (r->partner != NONE || r->iv->kb->questions[q].about_partnership) {
        hang_condition(r->iv, r->mark, ask_if,
                       r->iv->kb->questions[q].about_partnership ? NONE : r->partner);
        return;
    }
    for (uint32_t p = 0; p < r->iv->partner_count; p++)
        hang_condition(r->iv, r->mark, ask_if, p);
}

static void read_node(const struct node *n, void *ctx)
{
    struct reading *r = ctx;
    if (n->kind == NODE_ANSWERED_SHARE || n->kind == NODE_STRAIGHT_LINED) {
        for (uint32_t q = 0; q < r->iv->kb->question_count; q++)
            mark_question(r->iv, r->mark, q, r->partner);
        return;
    }
    if (node_reads(n->kind) == READS_CONCLUSION)
        hang_conclusion(r->iv, r->mark, n->ref, r->partner);
    if (node_reads(n->kind) != READS_QUESTION)
        return;
    bool all = n->kind == NODE_GAP || n->kind == NODE_DISAGREE;
    struct reading of = {r->iv, r->mark, all ? NONE : r->partner};
    mark_ask_if(&of, n->ref);
    mark_question(r->iv, r->mark, n->ref, of.partner);
}

static bool is_pinned(const struct interview *iv, const struct node *n, uint32_t partner)
{
    struct interval s;
    return !infer_node(iv->base, n, partner == NONE ? 0 : partner, &s) || s.lo == s.hi;
}

void hang_condition(struct interview *iv, uint8_t mark, const struct node *n, uint32_t partner)
{
    if (n->scope == SCOPE_PARTNERSHIP)
        partner = NONE;
    if (is_pinned(iv, n, partner))
        return;
    if (n->kind == NODE_ANY || n->kind == NODE_ALL) {
        for (uint32_t p = 0; p < iv->partner_count; p++)
            hang_condition(iv, mark, n->args[0], p);
        return;
    }
    if (n->kind == NODE_AND || n->kind == NODE_OR) {
        for (uint32_t i = 0; i < n->count; i++)
            hang_condition(iv, mark, n->args[i], partner);
        return;
    }
    struct reading r = {iv, mark, partner};
    node_walk(n, read_node, &r);
}

/* --- conclusions -------------------------------------------------------------------------------
 */

static bool see(struct interview *iv, uint32_t conclusion, uint32_t partner)
{
    uint32_t s = partner == NONE ? iv->partner_count : partner;
    uint8_t *seen = &iv->seen[(size_t)conclusion * (iv->partner_count + 1) + s];
    bool is_new = !*seen;
    *seen = 1;
    return is_new;
}

static void hang_rule(struct interview *iv, uint8_t mark, uint32_t rule, uint32_t partner)
{
    const struct rule *r = &iv->kb->rules[rule];
    struct interval s = infer_rule(iv->base, rule, partner == NONE ? 0 : partner);
    if (s.lo < s.hi)
        hang_condition(iv, mark, r->when, partner);
}

void hang_premises(struct interview *iv, uint8_t mark, uint32_t rule, const struct node *n,
                   uint32_t partner)
{
    if (n->kind == NODE_ANY || n->kind == NODE_ALL)
        for (uint32_t p = 0; p < iv->partner_count; p++)
            hang_premises(iv, mark, rule, n->args[0], p);
    if (n->kind == NODE_AND || n->kind == NODE_OR)
        for (uint32_t i = 0; i < n->count; i++)
            hang_premises(iv, mark, rule, n->args[i], partner);
    if ((n->kind != NODE_PREMISE && n->kind != NODE_PRESENT) || n->negated)
        return;
    hang_rule(iv, mark, rule, iv->kb->rules[rule].each_partnership ? NONE : partner);
    if (base_verdict(iv, n->ref, partner) == VERDICT_UNDETERMINED)
        hang_conclusion(iv, mark, n->ref, partner);
}

static void hang_subject(struct interview *iv, uint8_t mark, uint32_t conclusion, uint32_t partner)
{
    const struct conclusion *co = &iv->kb->conclusions[conclusion];
    struct interval now = base_certainty(iv, conclusion, partner);
    if (now.lo == now.hi || !see(iv, conclusion, partner))
        return;
    if (co->needs && !iv->needs_aside)
        hang_condition(iv, mark, co->needs, NONE);
    for (uint32_t k = 0; k < co->rule_count; k++) {
        const struct rule *r = &iv->kb->rules[co->rules[k]];
        if (partner != NONE || r->each_partnership) {
            hang_rule(iv, mark, co->rules[k], r->each_partnership ? NONE : partner);
            continue;
        }
        for (uint32_t p = 0; p < iv->partner_count; p++)
            hang_rule(iv, mark, co->rules[k], p);
    }
}

/* partner NONE and a conclusion about partners: all of them. */
void hang_conclusion(struct interview *iv, uint8_t mark, uint32_t conclusion, uint32_t partner)
{
    if (iv->kb->conclusions[conclusion].about_partnership) {
        hang_subject(iv, mark, conclusion, NONE);
        return;
    }
    for (uint32_t p = 0; p < iv->partner_count; p++)
        if (partner == NONE || partner == p)
            hang_subject(iv, mark, conclusion, p);
}
