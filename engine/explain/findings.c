/* findings: what is present, undetermined, absent and not assessed in one case, with its rules.
 * In: the columns of a tile. Out: the lists of a struct case_view. Next: plan.c, profile.c. The one
 * idea: a verdict pass counts, so that every list is allocated once at its size. */
#include "explain/explain.h"

#include "explain/parts.h"
#include "explain/reads.h"

struct gatherer {
    struct arena *arena;
    const struct case_view *v;
    struct finding *to;
    size_t capacity; /* of to->causes */
};

/* Keeps the list in pack order. */
static void add_cause(struct gatherer *g, uint32_t conclusion)
{
    struct finding *f = g->to;
    uint32_t at = f->cause_count;
    while (at > 0 && f->causes[at - 1] >= conclusion)
        at--;
    if (at < f->cause_count && f->causes[at] == conclusion)
        return;
    f->causes = arena_grow(g->arena, f->causes, f->cause_count, &g->capacity, sizeof *f->causes);
    for (uint32_t i = f->cause_count; i > at; i--)
        f->causes[i] = f->causes[i - 1];
    f->causes[at] = conclusion;
    f->cause_count++;
}

static void gather_cause(void *ctx, const struct node *leaf, uint32_t partner, bool over_partners)
{
    struct gatherer *g = ctx;
    (void)over_partners;
    if ((leaf->kind != NODE_PREMISE && leaf->kind != NODE_PRESENT) || leaf->negated)
        return;
    if (kb_of(g->v)->conclusions[leaf->ref].about_partnership)
        partner = NONE;
    if (verdict_of(g->v, leaf->ref, partner) == VERDICT_PRESENT)
        add_cause(g, leaf->ref);
}

static bool fired(const struct case_view *v, uint32_t rule, uint32_t partner)
{
    return infer_rule(v->in, rule, subject_of(v, partner)).lo > 0;
}

/* Whether a rule surely fired for a subject of the case; collects causes of those in favour. */
static bool fired_at_all(struct gatherer *g, uint32_t rule)
{
    const struct case_view *v = g->v;
    const struct rule *r = &kb_of(v)->rules[rule];
    bool any = false;
    uint32_t subjects = r->each_partnership ? 1 : v->partners;
    for (uint32_t i = 0; i < subjects; i++) {
        uint32_t partner = r->each_partnership ? NONE : i;
        if (!fired(v, rule, partner))
            continue;
        any = true;
        if (r->certainty < 0)
            return true;
        each_leaf(v, r->when, partner, false, gather_cause, g);
    }
    return any;
}

static void gather_rules(struct arena *a, const struct case_view *v, struct finding *f)
{
    const struct kb *kb = kb_of(v);
    const struct conclusion *c = &kb->conclusions[f->conclusion];
    uint32_t *both = arena_array(a, (size_t)c->rule_count * 2, sizeof *both);
    f->rules = both;
    f->rules_against = both + c->rule_count;
    struct gatherer g = {a, v, f, 0};
    for (uint32_t i = 0; i < c->rule_count; i++) {
        uint32_t rule = c->rules[i];
        if (!fired_at_all(&g, rule))
            continue;
        if (kb->rules[rule].certainty > 0)
            f->rules[f->rule_count++] = rule;
        else
            f->rules_against[f->rule_against_count++] = rule;
    }
}

/* docs/semantics.md, "Severity": the highest among the partners where it is present, else the
 * first's. */
static void find_level(const struct case_view *v, struct finding *f)
{
    const struct conclusion *c = &kb_of(v)->conclusions[f->conclusion];
    f->level_partner = c->about_partnership ? NONE : 0;
    f->level = c->level;
    if (c->level == LEVEL_NONE || (!c->about_partnership && v->partners == 0))
        return;
    bool found = c->about_partnership;
    f->level = infer_level(v->in, f->conclusion, subject_of(v, f->level_partner));
    for (uint32_t p = 0; !c->about_partnership && p < v->partners; p++) {
        if (verdict_of(v, f->conclusion, p) != VERDICT_PRESENT)
            continue;
        enum level l = infer_level(v->in, f->conclusion, subject_of(v, p));
        if (found && l <= f->level)
            continue;
        f->level = l;
        f->level_partner = p;
        found = true;
    }
    int by = infer_level_by(v->in, f->conclusion, subject_of(v, f->level_partner));
    f->level_because = by > 0 ? c->high_when : by < 0 ? c->low_when : NULL;
}

static int compare_findings(const struct kb *kb, const struct finding *a, const struct finding *b)
{
    if (a->verdict != b->verdict)
        return a->verdict < b->verdict ? -1 : 1;
    if (a->certainty.lo != b->certainty.lo)
        return a->certainty.lo > b->certainty.lo ? -1 : 1;
    if (a->certainty.hi != b->certainty.hi)
        return a->certainty.hi > b->certainty.hi ? -1 : 1;
    return text_compare(kb->conclusions[a->conclusion].id, kb->conclusions[b->conclusion].id);
}

static void swap_findings(struct finding *a, struct finding *b)
{
    struct finding kept = *a;
    *a = *b;
    *b = kept;
}

static void sift(const struct kb *kb, struct finding *f, uint32_t from, uint32_t count)
{
    for (;;) {
        uint32_t child = from * 2 + 1;
        if (child >= count)
            return;
        if (child + 1 < count && compare_findings(kb, &f[child], &f[child + 1]) < 0)
            child++;
        if (compare_findings(kb, &f[from], &f[child]) >= 0)
            return;
        swap_findings(&f[from], &f[child]);
        from = child;
    }
}

/* A heap, since qsort may allocate. */
static void sort_findings(const struct kb *kb, struct finding *f, uint32_t count)
{
    for (uint32_t i = count / 2; i-- > 0;)
        sift(kb, f, i, count);
    for (uint32_t last = count; last-- > 1;) {
        swap_findings(&f[0], &f[last]);
        sift(kb, f, 0, last);
    }
}

static void list_verdicts(struct arena *a, bool findings, struct case_view *v)
{
    const struct kb *kb = kb_of(v);
    uint8_t *verdicts = arena_array(a, kb->conclusion_count, 1);
    uint32_t counts[4] = {0};
    for (uint32_t c = 0; c < kb->conclusion_count; c++) {
        bool inner = kb->conclusions[c].kind == CONCLUSION_FINDING && !findings;
        verdicts[c] = inner ? UINT8_MAX : (uint8_t)verdict_of(v, c, NONE);
        if (!inner)
            counts[verdicts[c]]++;
    }
    v->findings =
        arena_array(a, counts[VERDICT_PRESENT] + counts[VERDICT_UNDETERMINED], sizeof *v->findings);
    v->absent = arena_array(a, counts[VERDICT_ABSENT], sizeof *v->absent);
    v->not_assessed = arena_array(a, counts[VERDICT_NOT_ASSESSED], sizeof *v->not_assessed);
    for (uint32_t c = 0; c < kb->conclusion_count; c++) {
        bool inner = kb->conclusions[c].kind == CONCLUSION_FINDING;
        if (verdicts[c] == VERDICT_PRESENT || verdicts[c] == VERDICT_UNDETERMINED)
            v->findings[v->finding_count++] = (struct finding){
                .conclusion = c,
                .verdict = (enum verdict)verdicts[c],
                .certainty = explain_certainty(v, c, NONE),
            };
        else if (verdicts[c] == VERDICT_ABSENT && !inner)
            v->absent[v->absent_count++] = c;
        else if (verdicts[c] == VERDICT_NOT_ASSESSED && !inner)
            v->not_assessed[v->not_assessed_count++] = c;
    }
}

static bool is_planned_for(const struct case_view *v, const struct finding *f)
{
    return f->verdict == VERDICT_PRESENT &&
           kb_of(v)->conclusions[f->conclusion].kind == CONCLUSION_DIAGNOSIS;
}

void explain_case(struct arena *a, const struct infer *in, const struct tile *t, uint32_t tile_case,
                  unsigned options, struct case_view *out)
{
    const struct cases *block = t->block;
    uint32_t from = block->partner_from[t->case_from + tile_case];
    uint32_t to = block->partner_from[t->case_from + tile_case + 1];
    *out = (struct case_view){
        .in = in,
        .tile = t,
        .tile_case = tile_case,
        .partner_from = from - t->partner_from,
        .partners = to - from,
        .respondents = block->respondent_from[to] - block->respondent_from[from],
        .answered = infer_answered_share(in, SCOPE_PARTNERSHIP, tile_case),
    };
    list_verdicts(a, (options & EXPLAIN_FINDINGS) != 0, out);
    for (uint32_t i = 0; i < out->finding_count; i++) {
        if ((options & EXPLAIN_PLAN) && !is_planned_for(out, &out->findings[i]))
            continue;
        gather_rules(a, out, &out->findings[i]);
        find_level(out, &out->findings[i]);
    }
    sort_findings(kb_of(out), out->findings, out->finding_count);
    make_plan(a, out);
    if ((options & EXPLAIN_NO_PROFILE) == 0)
        make_profile(a, out);
}

bool explain_speaks_where_present(const struct case_view *v, uint32_t rule)
{
    const struct rule *r = &kb_of(v)->rules[rule];
    if (r->each_partnership)
        return fired(v, rule, NONE);
    bool whole = kb_of(v)->conclusions[r->conclusion].about_partnership;
    for (uint32_t p = 0; p < v->partners; p++)
        if (fired(v, rule, p) &&
            (whole || verdict_of(v, r->conclusion, p) == VERDICT_PRESENT))
            return true;
    return false;
}

const char *verdict_name(enum verdict v)
{
    static const char *const NAMES[] = {"present", "undetermined", "absent", "not_assessed"};
    return (unsigned)v < sizeof NAMES / sizeof NAMES[0] ? NAMES[v] : "";
}
