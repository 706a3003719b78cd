/* proof: HOW a conclusion was reached, as a tree.
 * In: a tile with its trace. Out: proofs, for proof_text.c and proof_json.c. The one idea: the tree
 * only repeats what the evaluation left behind; the product is multiplied again from the same
 * evidence in the same order, so that its numbers can be shown. */
#include "explain/proof.h"

struct seen {
    uint32_t conclusion, partner;
};

struct prover {
    struct arena *arena;
    const struct case_view *v;
    struct seen *seen; /* opened already */
    size_t seen_count, seen_capacity;
    unsigned depth;
};

static struct proof *prove(struct prover *p, uint32_t conclusion, uint32_t partner);

static bool is_new(struct prover *p, uint32_t conclusion, uint32_t partner)
{
    for (size_t i = 0; i < p->seen_count; i++)
        if (p->seen[i].conclusion == conclusion && p->seen[i].partner == partner)
            return false;
    p->seen = arena_grow(p->arena, p->seen, p->seen_count, &p->seen_capacity, sizeof *p->seen);
    p->seen[p->seen_count++] = (struct seen){conclusion, partner};
    return true;
}

/* --- a rule ----------------------------------------------------------------------------------- */

static struct interval evidence_of(const struct rule *r, struct interval strength)
{
    double weight = r->certainty < 0 ? -r->certainty : r->certainty;
    return (struct interval){weight * strength.lo, weight * strength.hi};
}

enum rule_state explain_rule_state(const struct case_view *v, uint32_t rule, uint32_t partner)
{
    uint32_t subject = subject_of(v, partner);
    struct interval strength = infer_rule(v->in, rule, subject), ignored;
    if (strength.lo > 0)
        return RULE_FIRED;
    if (strength.hi > 0)
        return RULE_POSSIBLE;
    return infer_node(v->in, kb_of(v)->rules[rule].when, subject, &ignored) ? RULE_IDLE
                                                                            : RULE_OUT_OF_PLAY;
}

static bool has_premise(const struct proof_rule *r, uint32_t conclusion, uint32_t partner)
{
    for (uint32_t i = 0; i < r->premise_count; i++)
        if (r->premises[i].conclusion == conclusion && r->premises[i].partner == partner)
            return true;
    return false;
}

static void open_premises(struct prover *p, struct proof_rule *r)
{
    size_t capacity = 0;
    for (uint32_t i = 0; i < r->leaf_count; i++)
        for (uint32_t k = 0; k < r->leaves[i].read_count; k++) {
            uint32_t c = r->leaves[i].reads[k].conclusion;
            if (c == NONE)
                continue;
            uint32_t partner = kb_of(p->v)->conclusions[c].about_partnership ? NONE
                               : r->leaves[i].partner != NONE                ? r->leaves[i].partner
                                                              : leading_partner(p->v, c);
            if (has_premise(r, c, partner))
                continue;
            r->premises =
                arena_grow(p->arena, r->premises, r->premise_count, &capacity, sizeof *r->premises);
            struct premise *to = &r->premises[r->premise_count++];
            *to = (struct premise){.conclusion = c, .partner = partner};
            to->proof = prove(p, c, partner);
            to->above = to->proof == NULL && p->depth < PROOF_DEPTH;
        }
}

static void list_unanswered(struct prover *p, struct proof_rule *r)
{
    struct unanswered_list list = {.arena = p->arena};
    for (uint32_t i = 0; i < r->leaf_count; i++)
        leaf_unanswered(p->v, &r->leaves[i], &list);
    unanswered_sort(&list);
    r->unanswered = list.at;
    r->unanswered_count = (uint32_t)list.count;
}

static struct proof_rule prove_rule(struct prover *p, const struct rule *rule, uint32_t partner)
{
    struct proof_rule r = {.rule = rule, .partner = partner};
    uint32_t index = (uint32_t)(rule - kb_of(p->v)->rules);
    r.strength = infer_rule(p->v->in, index, subject_of(p->v, partner));
    r.evidence = evidence_of(rule, r.strength);
    r.state = explain_rule_state(p->v, index, partner);
    if (r.state == RULE_OUT_OF_PLAY) {
        r.not_put_count = questions_not_put(p->arena, p->v, rule->when, &r.not_put);
        return r;
    }
    r.leaves = leaves_of(p->arena, p->v, rule->when, partner, &r.leaf_count);
    if (r.state == RULE_IDLE)
        return r;
    if (r.strength.lo < r.strength.hi)
        list_unanswered(p, &r);
    open_premises(p, &r);
    return r;
}

static void prove_rules(struct prover *p, const struct conclusion *c, struct proof *to)
{
    const struct kb *kb = kb_of(p->v);
    bool per_partner = to->partner == NONE;
    size_t most = (size_t)c->rule_count * (per_partner && p->v->partners > 1 ? p->v->partners : 1);
    to->rules = arena_array(p->arena, most, sizeof *to->rules);
    for (uint32_t i = 0; i < c->rule_count; i++) {
        const struct rule *r = &kb->rules[c->rules[i]];
        if (!per_partner || r->each_partnership) {
            to->rules[to->rule_count++] = prove_rule(p, r, to->partner);
            continue;
        }
        for (uint32_t k = 0; k < p->v->partners; k++)
            to->rules[to->rule_count++] = prove_rule(p, r, k);
    }
}

/* --- the product ------------------------------------------------------------------------------ */

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* One rule over its subjects: the highest of the partners for, the lowest against
 * (docs/semantics.md, "Certainty"). Returns the index behind it. */
static uint32_t reduce(const struct proof *pr, uint32_t from, struct interval *out)
{
    const struct rule *r = pr->rules[from].rule;
    *out = pr->rules[from].evidence;
    uint32_t i = from + 1;
    for (; i < pr->rule_count && pr->rules[i].rule == r; i++) {
        struct interval e = pr->rules[i].evidence;
        if (r->certainty > 0)
            *out = (struct interval){larger(out->lo, e.lo), larger(out->hi, e.hi)};
        else
            *out = (struct interval){smaller(out->lo, e.lo), smaller(out->hi, e.hi)};
    }
    return i;
}

static struct proof_term *term_of(struct proof *pr, const struct rule *r)
{
    for (uint32_t i = 0; r->group.size > 0 && i < pr->term_count; i++)
        if (text_equal(pr->terms[i].first->group, r->group))
            return &pr->terms[i];
    struct proof_term *t = &pr->terms[pr->term_count++];
    *t = (struct proof_term){.first = r};
    return t;
}

static void list_terms(struct arena *a, struct proof *pr)
{
    pr->terms = arena_array(a, pr->rule_count, sizeof *pr->terms);
    for (uint32_t i = 0; i < pr->rule_count;) {
        const struct proof_rule *r = &pr->rules[i];
        struct interval e;
        i = reduce(pr, i, &e);
        struct proof_term *t = term_of(pr, r->rule);
        if (r->state == RULE_OUT_OF_PLAY)
            continue;
        if (t->rule_count++ == 0)
            t->first = r->rule;
        struct interval *side = r->rule->certainty > 0 ? &t->in_favour : &t->against;
        *side = (struct interval){larger(side->lo, e.lo), larger(side->hi, e.hi)};
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < pr->term_count; i++)
        if (pr->terms[i].in_favour.hi > 0 || pr->terms[i].against.hi > 0)
            pr->terms[kept++] = pr->terms[i];
    pr->term_count = kept;
}

static double certainty_from(double p, double n)
{
    return p < n ? 1 - p / n : p > n ? n / p - 1 : 0;
}

/* lo from the lowest for and the highest against, hi from the opposite. */
static void multiply(struct proof *pr)
{
    pr->lowest = pr->highest = (struct proof_end){1, 1, 0};
    for (uint32_t i = 0; i < pr->term_count; i++) {
        const struct proof_term *t = &pr->terms[i];
        pr->lowest.p *= 1 - t->in_favour.lo;
        pr->lowest.n *= 1 - t->against.hi;
        pr->highest.p *= 1 - t->in_favour.hi;
        pr->highest.n *= 1 - t->against.lo;
    }
    pr->lowest.certainty = certainty_from(pr->lowest.p, pr->lowest.n);
    pr->highest.certainty = certainty_from(pr->highest.p, pr->highest.n);
}

/* --- a conclusion ----------------------------------------------------------------------------- */

/* NULL where it is opened already, or too deep. */
static struct proof *prove(struct prover *p, uint32_t conclusion, uint32_t partner)
{
    if (p->depth >= PROOF_DEPTH || !is_new(p, conclusion, partner))
        return NULL;
    struct proof *pr = arena_alloc(p->arena, sizeof *pr);
    *pr = (struct proof){
        .conclusion = conclusion,
        .partner = partner,
        .verdict = verdict_of(p->v, conclusion, partner),
        .certainty = explain_certainty(p->v, conclusion, partner),
        .needs_met = explain_needs_met(p->v, conclusion),
    };
    p->depth++;
    prove_rules(p, &kb_of(p->v)->conclusions[conclusion], pr);
    p->depth--;
    list_terms(p->arena, pr);
    multiply(pr);
    return pr;
}

struct proof **proof_new(struct arena *a, const struct case_view *v, uint32_t conclusion,
                         uint32_t *count)
{
    struct prover p = {.arena = a, .v = v};
    bool about_partnership = kb_of(v)->conclusions[conclusion].about_partnership;
    *count = about_partnership ? 1 : v->partners;
    struct proof **proofs = arena_array(a, *count, sizeof(struct proof *));
    for (uint32_t i = 0; i < *count; i++)
        proofs[i] = prove(&p, conclusion, about_partnership ? NONE : i);
    return proofs;
}

const char *rule_state_name(enum rule_state s)
{
    static const char *const NAMES[RULE_STATE_COUNT] = {"fired", "possible", "idle", "out_of_play"};
    return NAMES[s];
}

const char *read_state_name(enum read_state s)
{
    static const char *const NAMES[READ_STATE_COUNT] = {
        "known",   "unanswered",   "unsettled",   "not_applicable",
        "not_put", "not_assessed", "few_partners"};
    return NAMES[s];
}
