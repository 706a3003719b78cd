/* reads: what the leaves of a condition read, for a subject, and what they came to.
 * In: a condition of normal form and the tile. Out: leaves with the values they read. Next:
 * proof.c, unanswered.c. The one idea: everything is asked of infer; what is only a state of a
 * question (not put, nobody answered) is read from the block. */
#include "explain/reads.h"

enum scope subject_scope(uint32_t partner)
{
    return partner == NONE ? SCOPE_PARTNERSHIP : SCOPE_PARTNER;
}

uint32_t subject_of(const struct case_view *v, uint32_t partner)
{
    return partner == NONE ? v->tile_case : v->partner_from + partner;
}

const struct kb *kb_of(const struct case_view *v)
{
    return v->tile->block->kb;
}

struct interval explain_certainty(const struct case_view *v, uint32_t conclusion, uint32_t partner)
{
    enum scope scope = subject_scope(partner);
    uint32_t subject = subject_of(v, partner);
    return infer_certainty(v->in, conclusion, scope, subject);
}

enum verdict verdict_of(const struct case_view *v, uint32_t conclusion, uint32_t partner)
{
    return infer_verdict(v->in, conclusion, subject_scope(partner), subject_of(v, partner));
}

static uint32_t block_partner(const struct case_view *v, uint32_t partner)
{
    return v->tile->partner_from + v->partner_from + partner;
}

struct text partner_name(const struct case_view *v, uint32_t partner)
{
    return v->tile->block->partner_names[block_partner(v, partner)];
}

uint32_t leading_partner(const struct case_view *v, uint32_t conclusion)
{
    if (kb_of(v)->conclusions[conclusion].about_partnership || v->partners == 0)
        return NONE;
    uint32_t best = 0;
    struct interval at_best = explain_certainty(v, conclusion, 0);
    for (uint32_t p = 1; p < v->partners; p++) {
        struct interval x = explain_certainty(v, conclusion, p);
        if (x.lo < at_best.lo || (x.lo == at_best.lo && x.hi <= at_best.hi))
            continue;
        best = p;
        at_best = x;
    }
    return best;
}

void each_leaf(const struct case_view *v, const struct node *n, uint32_t partner,
               bool over_partners,
               void (*visit)(void *ctx, const struct node *leaf, uint32_t partner,
                             bool over_partners),
               void *ctx)
{
    if (n->kind == NODE_ANY || n->kind == NODE_ALL) {
        for (uint32_t p = 0; p < v->partners; p++)
            each_leaf(v, n->args[0], p, true, visit, ctx);
    } else if (n->kind == NODE_OR || n->kind == NODE_AND || n->kind == NODE_NOT) {
        for (uint32_t i = 0; i < n->count; i++)
            each_leaf(v, n->args[i], partner, over_partners, visit, ctx);
    } else {
        visit(ctx, n, partner, over_partners);
    }
}

/* --- respondents of a subject ----------------------------------------------------------------- */

struct rows {
    uint32_t from, to;
};

static struct rows rows_of(const struct case_view *v, uint32_t partner)
{
    const uint32_t *from = v->tile->block->respondent_from;
    if (partner == NONE)
        return (struct rows){from[block_partner(v, 0)], from[block_partner(v, v->partners)]};
    return (struct rows){from[block_partner(v, partner)], from[block_partner(v, partner) + 1]};
}

static bool is_put(const struct case_view *v, uint32_t question)
{
    return v->tile->block->columns[question].put;
}

static bool is_answer(const struct case_view *v, uint32_t question, uint32_t row)
{
    const struct column *c = &v->tile->block->columns[question];
    bool blank_text = c->texts && c->code[row] == CODE_BLANK;
    return c->code[row] != CODE_BLANK && c->code[row] < CODE_SKIPPED && !blank_text;
}

/* Facts are answered by whichever respondent of the case. */
static uint32_t answers_of(const struct case_view *v, uint32_t question, uint32_t partner,
                           uint32_t *asked)
{
    struct rows r = rows_of(v, kb_of(v)->questions[question].about_partnership ? NONE : partner);
    uint32_t answers = 0;
    *asked = 0;
    for (uint32_t i = r.from; i < r.to; i++) {
        answers += is_answer(v, question, i);
        *asked += v->tile->block->columns[question].code[i] != CODE_NA;
    }
    return answers;
}

/* --- reads ------------------------------------------------------------------------------------ */

struct reader {
    struct arena *arena;
    const struct case_view *v;
    struct leaf *leaf;
    size_t capacity; /* of leaf->reads */
};

static struct read *add_read(struct reader *r, const struct node *n)
{
    struct leaf *l = r->leaf;
    l->reads = arena_grow(r->arena, l->reads, l->read_count, &r->capacity, sizeof *l->reads);
    struct read *read = &l->reads[l->read_count++];
    *read = (struct read){.node = n, .question = NONE, .conclusion = NONE};
    return read;
}

static void settle_number(const struct reader *r, struct read *read)
{
    uint32_t subject = subject_of(r->v, r->leaf->partner);
    struct interval value;
    bool applicable = true;
    read->is_number = infer_node(r->v->in, read->node, subject, &read->value);
    if (read->question != NONE &&
        infer_value(r->v->in, read->question, subject_scope(r->leaf->partner), subject, &value,
                    &applicable) &&
        !read->is_number && read->node->kind == NODE_QUESTION) {
        read->value = value;
        read->is_number = true;
    }
    if (!applicable)
        read->state = READ_NOT_APPLICABLE;
    else if (read->is_number && read->value.lo < read->value.hi)
        read->state = read->answers ? READ_UNSETTLED : READ_UNANSWERED;
}

static void settle_code(const struct reader *r, struct read *read)
{
    bool is_fact = kb_of(r->v)->questions[read->question].about_partnership;
    uint32_t partner = is_fact ? NONE : r->leaf->partner;
    read->code =
        infer_code(r->v->in, read->question, subject_scope(partner), subject_of(r->v, partner));
    if (read->code == CODE_NA)
        read->state = READ_NOT_APPLICABLE;
    else if (read->code == 0)
        read->state = read->answers ? READ_UNSETTLED : READ_UNANSWERED;
}

static void read_question(struct reader *r, const struct node *n, bool number)
{
    struct read *read = add_read(r, n);
    read->question = n->ref;
    if (!is_put(r->v, n->ref)) {
        read->state = READ_NOT_PUT;
        return;
    }
    bool over_partners = n->kind == NODE_GAP || n->kind == NODE_DISAGREE;
    uint32_t asked;
    read->answers = answers_of(r->v, n->ref, over_partners ? NONE : r->leaf->partner, &asked);
    enum answer_kind kind = kb_of(r->v)->questions[n->ref].kind;
    if (over_partners && r->v->partners < 2)
        read->state = READ_FEW_PARTNERS;
    else if (number)
        settle_number(r, read);
    else if ((kind == KIND_YESNO || kind == KIND_ONE_OF) && !over_partners)
        settle_code(r, read);
    else if (read->answers == 0)
        read->state = asked ? READ_UNANSWERED : READ_NOT_APPLICABLE;
}

static void read_conclusion(struct reader *r, const struct node *n)
{
    struct read *read = add_read(r, n);
    read->conclusion = n->ref;
    uint32_t partner = kb_of(r->v)->conclusions[n->ref].about_partnership ? NONE : r->leaf->partner;
    if (verdict_of(r->v, n->ref, partner) == VERDICT_NOT_ASSESSED) {
        read->state = READ_NOT_ASSESSED;
        return;
    }
    read->value = explain_certainty(r->v, n->ref, partner);
    read->is_number = true;
    if (verdict_of(r->v, n->ref, partner) == VERDICT_UNDETERMINED)
        read->state = READ_UNSETTLED;
}

static void read_node(struct reader *r, const struct node *n)
{
    switch (node_reads(n->kind)) {
    case READS_QUESTION: read_question(r, n, node_type(n->kind) == TYPE_NUMBER); return;
    case READS_CONCLUSION: read_conclusion(r, n); return;
    case READS_NOTHING: break;
    }
    switch (n->kind) {
    case NODE_COUNT:
    case NODE_SHARE:
    case NODE_RESPONDENTS:
    case NODE_PARTNERS:
    case NODE_ANSWERED_SHARE:
    case NODE_STRAIGHT_LINED: settle_number(r, add_read(r, n)); return;
    case NODE_PARTNER_IS:
    case NODE_PARTNER_MATCHES: add_read(r, n); return;
    default:
        for (uint32_t i = 0; i < n->count; i++)
            read_node(r, n->args[i]);
    }
}

struct leaves {
    struct arena *arena;
    const struct case_view *v;
    struct leaf *at;
    size_t count, capacity;
};

static void add_leaf(void *ctx, const struct node *leaf, uint32_t partner, bool over_partners)
{
    struct leaves *to = ctx;
    to->at = arena_grow(to->arena, to->at, to->count, &to->capacity, sizeof *to->at);
    struct leaf *l = &to->at[to->count++];
    *l = (struct leaf){.node = leaf, .partner = partner, .over_partners = over_partners};
    l->in_play = infer_node(to->v->in, leaf, subject_of(to->v, partner), &l->strength);
    if (!l->in_play)
        l->strength = (struct interval){0, 0};
    struct reader r = {to->arena, to->v, l, 0};
    read_node(&r, leaf);
}

struct leaf *leaves_of(struct arena *a, const struct case_view *v, const struct node *when,
                       uint32_t partner, uint32_t *count)
{
    struct leaves to = {.arena = a, .v = v};
    each_leaf(v, when, partner, false, add_leaf, &to);
    *count = (uint32_t)to.count;
    return to.at;
}
