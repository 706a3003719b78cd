/* kb_rules: conclusions, rules and remedies.
 * In: the model's items, the questions. Out: kb->conclusions, kb->rules (sorted by id, which is the
 * order in which evidence combines), kb->remedies. Next: kb_layers.c. */
#include "kb/kb_build.h"
#include <stdlib.h>

/* The nearest pack that gives a default: the one an item is defined in, then those it extends,
 * the last loaded first. */
static uint32_t pack_with_default(const struct kb_build *b, uint32_t pack, bool needs)
{
    for (uint32_t i = pack + 1; i-- > 0;) {
        const struct pack *p = b->model->packs[i];
        if (model_extends(b->model, pack, i) && p->defaults &&
            cell_given(needs ? &p->defaults->needs : &p->defaults->holds_from))
            return i;
    }
    return MODEL_NONE;
}

static bool check_threshold(struct kb_build *b, const struct cell *c)
{
    if (c->number > 0 && c->number <= 1)
        return true;
    problem_add(b->problems, PROBLEM_NUMBER_OUTSIDE, c->span, "holds_from",
                problem_quote(b->problems, cell_text(c)), "a number over 0 and up to 1");
    return false;
}

static double threshold_of(struct kb_build *b, const struct pack_conclusion *from)
{
    const double otherwise = 0.5;
    if (cell_given(&from->holds_from))
        return check_threshold(b, &from->holds_from) ? from->holds_from.number : otherwise;
    uint32_t pack = pack_with_default(b, from->item.pack, false);
    return pack == MODEL_NONE ? otherwise : b->model->packs[pack]->defaults->holds_from.number;
}

static void add_severity(struct kb_build *b, struct conclusion *c,
                         const struct pack_conclusion *from)
{
    c->level = c->kind == CONCLUSION_DIAGNOSIS ? LEVEL_MEDIUM : LEVEL_NONE;
    if (!from->severity)
        return;
    if (c->kind != CONCLUSION_DIAGNOSIS) {
        problem_add(b->problems, PROBLEM_SEVERITY_UNFIT, from->severity->at.span,
                    problem_quote(b->problems, c->id), conclusion_kind_name(c->kind), NULL);
        problem_help(b->problems, "remove `severity`, or make it a diagnosis");
    } else if (cell_given(&from->severity->level)) {
        c->level = (enum level)from->severity->level.number;
    }
}

void kb_add_conclusions(struct kb_build *b)
{
    struct kb *kb = b->kb;
    for (uint32_t i = 0; i < b->model->pack_count; i++) {
        const struct pack_defaults *d = b->model->packs[i]->defaults;
        if (d && cell_given(&d->holds_from))
            check_threshold(b, &d->holds_from);
    }
    kb->conclusion_count = b->model->conclusion_count;
    kb->conclusions = arena_array(b->arena, kb->conclusion_count, sizeof *kb->conclusions);
    for (uint32_t i = 0; i < kb->conclusion_count; i++) {
        const struct pack_conclusion *from = b->model->conclusions[i];
        struct conclusion *c = &kb->conclusions[i];
        c->id = cell_text(&from->item.id);
        c->kind = (enum conclusion_kind)from->kind.number;
        c->about_partnership = from->about.number != 0;
        c->threshold = threshold_of(b, from);
        c->label = cell_text(&from->label);
        c->summary = cell_text(&from->summary);
        c->source = kb_texts(b, &from->source);
        c->source_count = from->source.count;
        c->place = kb_place(b, &from->item);
        add_severity(b, c, from);
        kb_check_id(b, &from->item.id, "conclusion");
        idmap_put(&kb->ids, c->id, i * 2 + 1);
    }
}

static const struct node *needs_of(struct kb_build *b, const struct cell *c)
{
    return text_is(cell_text(c), "nothing") ? NULL : kb_condition(b, c, SCOPE_PARTNERSHIP, NULL);
}

static const struct node *default_needs(struct kb_build *b, uint32_t pack)
{
    uint32_t by = pack_with_default(b, pack, true);
    if (by == MODEL_NONE)
        return NULL;
    if (!b->needs_known[by])
        b->needs[by] = needs_of(b, &b->model->packs[by]->defaults->needs);
    b->needs_known[by] = true;
    return b->needs[by];
}

void kb_compile_conclusions(struct kb_build *b)
{
    for (uint32_t i = 0; i < b->kb->conclusion_count; i++) {
        const struct pack_conclusion *from = b->model->conclusions[i];
        struct conclusion *c = &b->kb->conclusions[i];
        enum scope scope = c->about_partnership ? SCOPE_PARTNERSHIP : SCOPE_PARTNER;
        if (from->severity) {
            c->high_when = kb_condition(b, &from->severity->high_when, scope, NULL);
            c->low_when = kb_condition(b, &from->severity->low_when, scope, NULL);
        }
        c->needs = cell_given(&from->needs) ? needs_of(b, &from->needs)
                                            : default_needs(b, from->item.pack);
    }
}

static int compare_rules(const void *a, const void *b)
{
    const struct pack_rule *x = *(struct pack_rule *const *)a, *y = *(struct pack_rule *const *)b;
    return text_compare(cell_text(&x->item.id), cell_text(&y->item.id));
}

static void check_certainty(struct kb_build *b, const struct cell *c)
{
    if (!kb_in_range(b, c, "certainty", -1, 1, false) || c->number != 0)
        return;
    problem_add(b->problems, PROBLEM_CERTAINTY_ZERO, c->span, NULL, NULL, NULL);
    problem_help(b->problems, "write a number between 0 and 1 for evidence, below 0 for evidence "
                              "against, or remove the rule");
}

static void check_about(struct kb_build *b, const struct pack_rule *from, const struct rule *r)
{
    if (!r->each_partnership || r->conclusion == NONE ||
        b->kb->conclusions[r->conclusion].about_partnership)
        return;
    problem_add(b->problems, PROBLEM_RULE_ABOUT, from->conclude.span,
                problem_quote(b->problems, r->id),
                problem_quote(b->problems, b->kb->conclusions[r->conclusion].id), NULL);
    problem_note(b->problems, from->each.span, "the rule looks at the partnership as a whole here");
    problem_note(b->problems, b->model->conclusions[r->conclusion]->item.id.span,
                 "the conclusion is about each partner");
    problem_help(b->problems, "remove `each: partnership`, or give the conclusion "
                              "`about: partnership`");
}

static void add_rule(struct kb_build *b, uint32_t i)
{
    const struct pack_rule *from = b->model->rules[i];
    struct rule *r = &b->kb->rules[i];
    r->id = cell_text(&from->item.id);
    r->each_partnership = from->each.number != 0;
    r->conclusion = kb_named_conclusion(b, &from->conclude, "conclude");
    r->certainty = from->certainty.number;
    r->group = cell_text(&from->group);
    r->because = cell_text(&from->because);
    r->source = kb_texts(b, &from->source);
    r->source_count = from->source.count;
    r->place = kb_place(b, &from->item);
    r->when = kb_condition(b, &from->when, r->each_partnership ? SCOPE_PARTNERSHIP : SCOPE_PARTNER,
                           &r->written);
    check_certainty(b, &from->certainty);
    check_about(b, from, r);
}

/* Rules of a conclusion, in the order of the rules: counted, then laid out. */
static void gather_rules(struct kb_build *b)
{
    struct kb *kb = b->kb;
    uint32_t *all = arena_array(b->arena, kb->rule_count, sizeof *all);
    for (uint32_t i = 0; i < kb->rule_count; i++)
        if (kb->rules[i].conclusion != NONE)
            kb->conclusions[kb->rules[i].conclusion].rule_count++;
    for (uint32_t i = 0; i < kb->conclusion_count; i++) {
        kb->conclusions[i].rules = all;
        all += kb->conclusions[i].rule_count;
        kb->conclusions[i].rule_count = 0;
    }
    for (uint32_t i = 0; i < kb->rule_count; i++)
        if (kb->rules[i].conclusion != NONE) {
            struct conclusion *c = &kb->conclusions[kb->rules[i].conclusion];
            c->rules[c->rule_count++] = i;
        }
}

void kb_add_rules(struct kb_build *b)
{
    struct model *m = b->model;
    if (m->rule_count > 1)
        qsort(m->rules, m->rule_count, sizeof *m->rules, compare_rules);
    b->kb->rule_count = m->rule_count;
    b->kb->rules = arena_array(b->arena, m->rule_count, sizeof *b->kb->rules);
    for (uint32_t i = 0; i < m->rule_count; i++)
        add_rule(b, i);
    gather_rules(b);
}

static void add_remedy(struct kb_build *b, uint32_t i)
{
    const struct pack_remedy *from = b->model->remedies[i];
    struct remedy *r = &b->kb->remedies[i];
    r->id = cell_text(&from->item.id);
    r->title = cell_text(&from->title);
    r->sign = cell_text(&from->sign);
    r->horizon = cell_text(&from->horizon);
    r->place = kb_place(b, &from->item);
    r->treats = arena_array(b->arena, from->treats.count, sizeof *r->treats);
    for (unsigned k = 0; k < from->treats.count; k++) {
        uint32_t treated = kb_named_conclusion(b, &from->treats.at[k], "treats");
        if (treated == NONE || b->treated_by[treated] == i + 1)
            continue;
        b->treated_by[treated] = i + 1;
        r->treats[r->treat_count++] = treated;
    }
    r->when = kb_condition(b, &from->when, SCOPE_PARTNERSHIP, NULL);
    r->step_count = from->steps_count;
    r->steps = arena_array(b->arena, r->step_count, sizeof *r->steps);
    for (uint32_t k = 0; k < r->step_count; k++)
        r->steps[k] =
            (struct remedy_step){cell_text(&from->steps[k].who), cell_text(&from->steps[k].what)};
    if (kb_in_range(b, &from->effort, "effort", 1, 3, true))
        r->effort = (unsigned)from->effort.number;
    if (kb_in_range(b, &from->impact, "impact", 1, 3, true))
        r->impact = (unsigned)from->impact.number;
}

void kb_add_remedies(struct kb_build *b)
{
    b->kb->remedy_count = b->model->remedy_count;
    b->kb->remedies = arena_array(b->arena, b->kb->remedy_count, sizeof *b->kb->remedies);
    b->treated_by = arena_array(b->arena, b->kb->conclusion_count, sizeof *b->treated_by);
    for (uint32_t i = 0; i < b->kb->remedy_count; i++)
        add_remedy(b, i);
}
