/* plan: what to do first (docs/semantics.md, "The plan").
 * In: the findings of a case with their causes. Out: the plan of its view. The one idea: once the
 * diagnoses stand in the order in which they are taken, a remedy belongs to the first it treats, so
 * one pass over the remedies and one sort make the plan. */
#include "explain/parts.h"

#include "explain/reads.h"

struct taking {
    const struct case_view *v;
    uint32_t
        *place; /* [conclusion]: 1 + the place among those taken; 0 not taken, or not present */
    const struct finding **left; /* present diagnoses by severity, lo, id; then strengths */
    uint32_t count;
};

/* Findings stand by lo, hi, id; here hi does not count. `from` is where its kind begins. */
static void line_up_one(struct taking *t, const struct finding *f, uint32_t from)
{
    const struct conclusion *conclusions = kb_of(t->v)->conclusions;
    uint32_t at = t->count++;
    for (; at > from; at--) {
        const struct finding *before = t->left[at - 1];
        if (before->level != f->level || before->certainty.lo != f->certainty.lo ||
            text_compare(conclusions[before->conclusion].id, conclusions[f->conclusion].id) < 0)
            break;
        t->left[at] = before;
    }
    t->left[at] = f;
}

static void line_up_kind(struct taking *t, enum conclusion_kind kind)
{
    const struct kb *kb = kb_of(t->v);
    uint32_t from = t->count;
    for (uint32_t l = LEVEL_COUNT; l-- > 0;)
        for (uint32_t i = 0; i < t->v->finding_count; i++) {
            const struct finding *f = &t->v->findings[i];
            if (f->verdict == VERDICT_PRESENT && (uint32_t)f->level == l &&
                kb->conclusions[f->conclusion].kind == kind)
                line_up_one(t, f, from);
        }
}

static void line_up(struct arena *a, struct taking *t)
{
    t->left = arena_array(a, t->v->finding_count, sizeof *t->left);
    line_up_kind(t, CONCLUSION_DIAGNOSIS);
    line_up_kind(t, CONCLUSION_STRENGTH);
}

/* Only diagnoses wait for causes, which are diagnoses. */
static bool waits(const struct kb *kb, const bool *is_left, const struct finding *f)
{
    const struct conclusion *all = kb->conclusions;
    if (all[f->conclusion].kind != CONCLUSION_DIAGNOSIS)
        return false;
    for (uint32_t i = 0; i < f->cause_count; i++)
        if (is_left[f->causes[i]] && all[f->causes[i]].kind == CONCLUSION_DIAGNOSIS)
            return true;
    return false;
}

static void take_all(struct arena *a, struct taking *t)
{
    const struct kb *kb = kb_of(t->v);
    bool *is_left = arena_array(a, kb->conclusion_count, sizeof *is_left);
    t->place = arena_array(a, kb->conclusion_count, sizeof *t->place);
    for (uint32_t i = 0; i < t->count; i++)
        is_left[t->left[i]->conclusion] = true;
    uint32_t taken = 0, from = 0;
    while (taken < t->count) {
        uint32_t i = from;
        while (i < t->count && (!is_left[t->left[i]->conclusion] || waits(kb, is_left, t->left[i])))
            i++;
        if (i == t->count)
            return; /* a loop of causes, which kb refuses */
        is_left[t->left[i]->conclusion] = false;
        t->place[t->left[i]->conclusion] = ++taken;
        while (from < t->count && !is_left[t->left[from]->conclusion])
            from++;
    }
}

struct candidate {
    const struct remedy *remedy;
    uint32_t place;
};

static bool comes_before(const struct candidate *a, const struct candidate *b)
{
    if (a->place != b->place)
        return a->place < b->place;
    if (a->remedy->impact != b->remedy->impact)
        return a->remedy->impact > b->remedy->impact;
    if (a->remedy->effort != b->remedy->effort)
        return a->remedy->effort < b->remedy->effort;
    return text_compare(a->remedy->id, b->remedy->id) < 0;
}

static void insert(struct candidate *list, uint32_t count, struct candidate c)
{
    uint32_t at = count;
    for (; at > 0 && comes_before(&c, &list[at - 1]); at--)
        list[at] = list[at - 1];
    list[at] = c;
}

static struct planned plan_one(struct arena *a, const struct taking *t, const struct remedy *r)
{
    struct planned p = {
        .remedy = (uint32_t)(r - kb_of(t->v)->remedies),
        .treats = arena_array(a, r->treat_count, sizeof *p.treats),
    };
    for (uint32_t i = 0; i < r->treat_count; i++)
        if (t->place[r->treats[i]] > 0)
            p.treats[p.treat_count++] = r->treats[i];
    return p;
}

void make_plan(struct arena *a, struct case_view *v)
{
    const struct kb *kb = kb_of(v);
    struct taking t = {.v = v};
    line_up(a, &t);
    if (t.count == 0)
        return;
    take_all(a, &t);
    struct candidate *list = arena_array(a, kb->remedy_count, sizeof *list);
    uint32_t count = 0;
    for (uint32_t i = 0; i < kb->remedy_count; i++) {
        struct candidate c = {&kb->remedies[i], UINT32_MAX};
        for (uint32_t k = 0; k < c.remedy->treat_count; k++) {
            uint32_t place = t.place[c.remedy->treats[k]];
            if (place > 0 && place < c.place)
                c.place = place;
        }
        if (c.place != UINT32_MAX && infer_remedy_fits(v->in, i, v->tile_case))
            insert(list, count++, c);
    }
    v->plan = arena_array(a, count, sizeof *v->plan);
    for (uint32_t i = 0; i < count; i++)
        v->plan[v->plan_count++] = plan_one(a, &t, list[i].remedy);
}
