/* unanswered: which answers would still say more, and which questions were never put.
 * In: leaves that are not settled. Out: questions, with the partner who has not answered. The one
 * idea: follow only what is undetermined, from rules to leaves to premises, so that nothing is
 * asked for that could not matter. */
#include "explain/reads.h"

#include <stdlib.h>

/* --- questions of one leaf -------------------------------------------------------------------- */

struct asking {
    const struct case_view *v;
    const struct leaf *leaf;
    struct unanswered_list *to;
};

static void add_question(struct unanswered_list *to, uint32_t question, uint32_t partner)
{
    for (size_t i = 0; i < to->count; i++)
        if (to->at[i].question == question && to->at[i].partner == partner)
            return;
    to->at = arena_grow(to->arena, to->at, to->count, &to->capacity, sizeof *to->at);
    to->at[to->count++] = (struct unanswered){question, partner};
}

static bool is_declined(uint8_t code)
{
    return code == CODE_BLANK || code == CODE_SKIPPED || code == CODE_UNSURE;
}

/* Some respondent of the partner, or with `all` every one, gave no answer. */
static bool lacks_answer(const struct case_view *v, uint32_t question, uint32_t partner, bool all)
{
    const struct cases *block = v->tile->block;
    const struct column *c = &block->columns[question];
    uint32_t first = v->tile->partner_from + v->partner_from;
    uint32_t from = block->respondent_from[first + (partner == NONE ? 0 : partner)];
    uint32_t to = block->respondent_from[first + (partner == NONE ? v->partners : partner + 1)];
    bool some = from == to, every = true;
    for (uint32_t i = from; i < to; i++) {
        some = some || is_declined(c->code[i]);
        every = every && is_declined(c->code[i]);
    }
    return all ? every : some;
}

/* The partners of the subject who lack the answer; facts are the partnership's. A case that is open
 * waits for every blank, a closed one only where nobody answered. */
static void ask_partners(struct unanswered_list *to, const struct case_view *v, uint32_t question,
                         uint32_t partner, bool all)
{
    if (!v->tile->block->columns[question].put)
        return;
    if (v->tile->block->open[v->tile->case_from + v->tile_case])
        all = false;
    if (kb_of(v)->questions[question].about_partnership) {
        if (lacks_answer(v, question, NONE, all))
            add_question(to, question, NONE);
        return;
    }
    for (uint32_t p = 0; p < v->partners; p++)
        if ((partner == NONE || partner == p) && lacks_answer(v, question, p, all))
            add_question(to, question, p);
}

/* Inside count and share every respondent's answer counts. */
static void ask_inside(const struct node *n, void *ctx)
{
    const struct asking *a = ctx;
    switch (n->kind) {
    case NODE_QUESTION:
    case NODE_CHOICE_IN:
    case NODE_INCLUDES:
    case NODE_MATCHES:
    case NODE_TEXT_IS:
    case NODE_ANSWERED:
    case NODE_UNKNOWN: ask_partners(a->to, a->v, n->ref, a->leaf->partner, false); return;
    default: return;
    }
}

void leaf_unanswered(const struct case_view *v, const struct leaf *l, struct unanswered_list *to)
{
    if (!l->in_play || l->strength.lo >= l->strength.hi)
        return;
    struct asking a = {v, l, to};
    for (uint32_t i = 0; i < l->read_count; i++) {
        const struct read *r = &l->reads[i];
        enum node_kind kind = r->node->kind;
        if (kind == NODE_COUNT || kind == NODE_SHARE)
            node_walk(r->node, ask_inside, &a);
        else if (r->question != NONE)
            ask_partners(to, v, r->question,
                         kind == NODE_GAP || kind == NODE_DISAGREE ? NONE : l->partner, true);
    }
}

static int compare_unanswered(const struct unanswered *a, const struct unanswered *b)
{
    if (a->question != b->question)
        return a->question < b->question ? -1 : 1;
    return a->partner < b->partner ? -1 : a->partner > b->partner;
}

void unanswered_sort(struct unanswered_list *l)
{
    for (size_t i = 1; i < l->count; i++) {
        struct unanswered x = l->at[i];
        size_t at = i;
        for (; at > 0 && compare_unanswered(&x, &l->at[at - 1]) < 0; at--)
            l->at[at] = l->at[at - 1];
        l->at[at] = x;
    }
}

/* --- questions of a conclusion ---------------------------------------------------------------- */

struct following {
    struct arena *arena;
    const struct case_view *v;
    struct unanswered_list found;
    struct unanswered_list seen; /* (conclusion, partner) in place of (question, partner) */
};

static void follow(struct following *f, uint32_t conclusion, uint32_t partner);

static void follow_condition(struct following *f, const struct node *when, uint32_t partner)
{
    uint32_t count;
    struct leaf *leaves = leaves_of(f->arena, f->v, when, partner, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct leaf *l = &leaves[i];
        if (!l->in_play || l->strength.lo >= l->strength.hi)
            continue;
        leaf_unanswered(f->v, l, &f->found);
        for (uint32_t k = 0; k < l->read_count; k++)
            if (l->reads[k].conclusion != NONE)
                follow(f, l->reads[k].conclusion, l->partner);
    }
}

static void follow_rule(struct following *f, const struct rule *r, uint32_t partner)
{
    uint32_t index = (uint32_t)(r - kb_of(f->v)->rules);
    struct interval s = infer_rule(f->v->in, index, subject_of(f->v, partner));
    if (s.lo < s.hi)
        follow_condition(f, r->when, partner);
}

static void follow_subject(struct following *f, uint32_t conclusion, uint32_t partner)
{
    const struct kb *kb = kb_of(f->v);
    const struct conclusion *c = &kb->conclusions[conclusion];
    size_t before = f->seen.count;
    add_question(&f->seen, conclusion, partner);
    if (f->seen.count == before)
        return;
    if (!explain_needs_met(f->v, conclusion)) {
        follow_condition(f, c->needs, NONE);
        return;
    }
    for (uint32_t i = 0; i < c->rule_count; i++) {
        const struct rule *r = &kb->rules[c->rules[i]];
        if (partner != NONE || r->each_partnership) {
            follow_rule(f, r, partner);
            continue;
        }
        for (uint32_t p = 0; p < f->v->partners; p++)
            follow_rule(f, r, p);
    }
}

/* partner NONE and a conclusion about partners: all who are undetermined. */
static void follow(struct following *f, uint32_t conclusion, uint32_t partner)
{
    bool about_partnership = kb_of(f->v)->conclusions[conclusion].about_partnership;
    if (about_partnership || partner != NONE) {
        follow_subject(f, conclusion, about_partnership ? NONE : partner);
        return;
    }
    for (uint32_t p = 0; p < f->v->partners; p++)
        if (verdict_of(f->v, conclusion, p) == VERDICT_UNDETERMINED)
            follow_subject(f, conclusion, p);
}

uint32_t explain_unanswered(struct arena *a, const struct case_view *v, uint32_t conclusion,
                            struct unanswered **out)
{
    struct following f = {.arena = a, .v = v, .found = {.arena = a}, .seen = {.arena = a}};
    follow(&f, conclusion, NONE);
    unanswered_sort(&f.found);
    *out = f.found.at;
    return (uint32_t)f.found.count;
}

bool explain_needs_met(const struct case_view *v, uint32_t conclusion)
{
    const struct node *needs = kb_of(v)->conclusions[conclusion].needs;
    struct interval s;
    return needs == NULL || (infer_node(v->in, needs, v->tile_case, &s) && s.lo > 0);
}

/* --- not put ---------------------------------------------------------------------------------- */

struct unput {
    struct arena *arena;
    const struct case_view *v;
    uint32_t *at;
    size_t count, capacity;
};

static void note_unput(const struct node *n, void *ctx)
{
    struct unput *u = ctx;
    if (node_reads(n->kind) != READS_QUESTION || u->v->tile->block->columns[n->ref].put)
        return;
    for (size_t i = 0; i < u->count; i++)
        if (u->at[i] == n->ref)
            return;
    u->at = arena_grow(u->arena, u->at, u->count, &u->capacity, sizeof *u->at);
    u->at[u->count++] = n->ref;
}

uint32_t questions_not_put(struct arena *a, const struct case_view *v, const struct node *when,
                           uint32_t **out)
{
    struct unput u = {.arena = a, .v = v};
    node_walk(when, note_unput, &u);
    *out = u.at;
    return (uint32_t)u.count;
}
