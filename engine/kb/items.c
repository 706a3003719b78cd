/* In: the model's items. Out: the kb's arrays, names resolved. Next: layers.c, texts.c.
 * Every item is looked at whatever is wrong with others, so that all problems come at once. */
#include "kb/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_disabled(const struct item *i)
{
    return i->disabled.source != 0;
}

static struct place place_at(struct build *b, const struct item *i)
{
    source_id source = i->at.span.source;
    if (source != b->place_source) {
        struct place p = problems_place(b->problems, (struct span){source, 0, 0});
        b->place_source = source;
        b->place_file = arena_text(b->kb->arena, p.file);
    }
    return (struct place){b->place_file, i->at.line, i->at.column};
}

static void add_twice(struct build *b, const struct cell *id, struct span first)
{
    problem_add(b->problems, PROBLEM_ID_TWICE, id->span, problem_quote(b->problems, cell_text(id)),
                NULL, NULL);
    problem_note(b->problems, first, "it stands here first");
}

static void claim(struct build *b, struct idmap *map, const struct cell *id, uint32_t value,
                  struct span first)
{
    if (idmap_put(map, cell_text(id), value) != value)
        add_twice(b, id, first);
}

static const char *quote(struct build *b, const struct cell *c)
{
    return problem_quote(b->problems, cell_text(c));
}

static void propose(struct build *b, const struct idmap *map, struct text id)
{
    struct suggest s;
    struct text candidate;
    suggest_init(&s, id);
    for (size_t k = 0; map == &b->kb->ids && (candidate = b->kb->names.list(b->kb, k)).size; k++)
        suggest_offer(&s, candidate);
    for (uint32_t k = 0; map == &b->scales && k < b->model->scale_count; k++)
        suggest_offer(&s, cell_text(&b->model->scales[k]->item.id));
    for (uint32_t k = 0; map == &b->dimensions && k < b->kb->dimension_count; k++)
        suggest_offer(&s, b->kb->dimensions[k].id);
    if (s.best.size)
        problem_help(b->problems, problem_format(b->problems, "did you mean `%.*s`?",
                                                 (int)s.best.size, s.best.at));
}

/* The index an id stands for; a problem with a proposal where it stands for none. */
static uint32_t resolve(struct build *b, const struct idmap *map, const struct cell *c,
                        const char *what, enum problem_code code)
{
    struct text id = cell_text(c);
    uint32_t at = idmap_get(map, id);
    if (at != IDMAP_NONE)
        return at;
    problem_add(b->problems, code, c->span, quote(b, c), what, NULL);
    propose(b, map, id);
    return NONE;
}

/* --- questions ---------------------------------------------------------------------------------- */

static bool whole_range(struct build *b, const struct cells *range, double *lo, double *hi,
                        bool whole)
{
    if (range->count != 2)
        return false;
    *lo = range->at[0].number;
    *hi = range->at[1].number;
    if (!(*lo < *hi)) {
        problem_add(b->problems, PROBLEM_RANGE_ORDER, range->at[0].span,
                    problem_number(b->problems, *lo), problem_number(b->problems, *hi), NULL);
        return false;
    }
    if (whole && (*lo != floor(*lo) || *hi != floor(*hi) || *hi - *lo + 1 > LIMIT_SCALE_POINTS)) {
        problem_add(b->problems, PROBLEM_SCALE_POINTS, range->at[0].span,
                    problem_number(b->problems, LIMIT_SCALE_POINTS), NULL, NULL);
        return false;
    }
    return true;
}

static void take_scale(struct build *b, const struct pack_question *p, struct question *q)
{
    if (!cell_given(&p->scale)) {
        problem_add(b->problems, PROBLEM_SCALE_MISSING, p->item.id.span, quote(b, &p->item.id), NULL,
                    NULL);
        return;
    }
    uint32_t at = resolve(b, &b->scales, &p->scale, "scale", PROBLEM_REFERENCE_UNKNOWN);
    if (at == NONE)
        return;
    const struct pack_scale *s = b->model->scales[at];
    if (whole_range(b, &s->range, &q->lo, &q->hi, true))
        q->choice_count = (uint32_t)(q->hi - q->lo + 1);
    for (unsigned e = 0; e < 2 && e < s->ends.count; e++)
        q->ends[e] = cell_text(&s->ends.at[e]);
}

static void take_choices(struct build *b, const struct pack_question *p, struct question *q)
{
    unsigned limit = q->kind == KIND_MANY_OF ? LIMIT_MANY_CHOICES : LIMIT_CHOICES;
    struct arena *a = b->kb->arena;
    if (p->choices_count == 0 || p->choices_count > limit) {
        problem_add(b->problems, PROBLEM_CHOICE_COUNT, p->item.id.span, quote(b, &p->item.id),
                    problem_number(b->problems, limit), NULL);
        return;
    }
    q->choices = arena_array(a, p->choices_count, sizeof *q->choices);
    q->choice_ids = arena_array(a, p->choices_count, sizeof *q->choice_ids);
    q->choice_count = p->choices_count;
    for (unsigned k = 0; k < p->choices_count; k++) {
        struct text id = cell_text(&p->choices[k].id);
        q->choices[k] = (struct choice){id, cell_text(&p->choices[k].label)};
        q->choice_ids[k] = id;
        if (text_is(id, "dk") || text_is(id, "na"))
            problem_add(b->problems, PROBLEM_CHOICE_STATE, p->choices[k].id.span,
                        quote(b, &p->choices[k].id), NULL, NULL);
        for (unsigned m = 0; m < k; m++)
            if (text_equal(q->choice_ids[m], id))
                add_twice(b, &p->choices[k].id, p->choices[m].id.span);
    }
}

static void take_kind(struct build *b, const struct pack_question *p, struct question *q)
{
    switch (q->kind) {
    case KIND_SCALE:
        take_scale(b, p, q);
        break;
    case KIND_NUMBER:
        if (p->range.count != 2)
            problem_add(b->problems, PROBLEM_RANGE_MISSING, p->item.id.span, quote(b, &p->item.id),
                        NULL, NULL);
        else
            whole_range(b, &p->range, &q->lo, &q->hi, false);
        break;
    case KIND_YESNO:
        q->choice_count = 2;
        break;
    case KIND_ONE_OF:
    case KIND_MANY_OF:
        take_choices(b, p, q);
        break;
    default:
        break;
    }
}

static void check_id(struct build *b, const struct cell *id)
{
    if (lang_is_reserved(cell_text(id)))
        problem_add(b->problems, PROBLEM_ID_RESERVED, id->span, quote(b, id), NULL, NULL);
}

static void take_question(struct build *b, const struct pack_question *p, struct question *q)
{
    q->id = cell_text(&p->item.id);
    q->kind = (enum answer_kind)p->kind.number;
    q->about_partnership = p->about.number > 0;
    q->in_short_form = cell_given(&p->form) && p->form.number == 0;
    q->best_low = p->best.number > 0;
    q->effort = cell_given(&p->effort) ? (unsigned)p->effort.number : 1;
    q->dimension = cell_given(&p->dimension)
                       ? resolve(b, &b->dimensions, &p->dimension, "dimension",
                                 PROBLEM_REFERENCE_UNKNOWN)
                       : NONE;
    q->text = cell_text(&p->text);
    q->help = cell_text(&p->help);
    q->unit = cell_text(&p->unit);
    q->place = place_at(b, &p->item);
    check_id(b, &p->item.id);
    take_kind(b, p, q);
}

static void build_lists(struct build *b)
{
    struct model *m = b->model;
    struct kb *kb = b->kb;
    for (uint32_t k = 0; k < m->scale_count; k++)
        idmap_put(&b->scales, cell_text(&m->scales[k]->item.id), k);
    kb->dimensions = arena_array(kb->arena, m->dimension_count, sizeof *kb->dimensions);
    kb->dimension_count = m->dimension_count;
    for (uint32_t k = 0; k < m->dimension_count; k++) {
        kb->dimensions[k].id = cell_text(&m->dimensions[k]->item.id);
        kb->dimensions[k].label = cell_text(&m->dimensions[k]->label);
        idmap_put(&b->dimensions, kb->dimensions[k].id, k);
    }
}

void build_questions(struct build *b)
{
    struct model *m = b->model;
    struct kb *kb = b->kb;
    build_lists(b);
    kb->questions = arena_array(kb->arena, m->question_count, sizeof *kb->questions);
    b->questions = arena_array(kb->arena, m->question_count, sizeof(void *));
    for (uint32_t k = 0; k < m->question_count; k++) {
        struct pack_question *p = m->questions[k];
        if (is_disabled(&p->item)) {
            idmap_put(&b->disabled, cell_text(&p->item.id), k);
            continue;
        }
        uint32_t at = kb->question_count++;
        b->questions[at] = p;
        take_question(b, p, &kb->questions[at]);
        claim(b, &kb->ids, &p->item.id, at, SPAN_NONE);
    }
}

/* --- conclusions -------------------------------------------------------------------------------- */

static double default_threshold(const struct build *b)
{
    double threshold = 0.5;
    for (uint32_t k = 0; k < b->model->pack_count; k++) {
        const struct pack_defaults *d = b->model->packs[k]->defaults;
        if (d && cell_given(&d->holds_from))
            threshold = d->holds_from.number;
    }
    return threshold;
}

static void take_level(struct build *b, const struct pack_conclusion *p, struct conclusion *c)
{
    c->level = c->kind == CONCLUSION_DIAGNOSIS ? LEVEL_MEDIUM : LEVEL_NONE;
    if (!p->severity)
        return;
    if (c->kind != CONCLUSION_DIAGNOSIS) {
        problem_add(b->problems, PROBLEM_SEVERITY_KIND, p->severity->at.span,
                    quote(b, &p->item.id), NULL, NULL);
        return;
    }
    if (cell_given(&p->severity->level))
        c->level = (enum level)p->severity->level.number;
}

static void take_source(struct build *b, const struct cells *from, struct text **to, uint32_t *count)
{
    *to = arena_array(b->kb->arena, from->count, sizeof **to);
    *count = from->count;
    for (unsigned k = 0; k < from->count; k++)
        (*to)[k] = cell_text(&from->at[k]);
}

void build_conclusions(struct build *b)
{
    struct model *m = b->model;
    struct kb *kb = b->kb;
    double threshold = default_threshold(b);
    kb->conclusions = arena_array(kb->arena, m->conclusion_count, sizeof *kb->conclusions);
    b->conclusions = arena_array(kb->arena, m->conclusion_count, sizeof(void *));
    for (uint32_t k = 0; k < m->conclusion_count; k++) {
        struct pack_conclusion *p = m->conclusions[k];
        if (is_disabled(&p->item)) {
            idmap_put(&b->disabled, cell_text(&p->item.id), k);
            continue;
        }
        uint32_t at = kb->conclusion_count++;
        struct conclusion *c = &kb->conclusions[at];
        b->conclusions[at] = p;
        c->id = cell_text(&p->item.id);
        c->kind = (enum conclusion_kind)p->kind.number;
        c->about_partnership = p->about.number > 0;
        c->label = cell_text(&p->label);
        c->summary = cell_text(&p->summary);
        c->threshold = cell_given(&p->holds_from) ? p->holds_from.number : threshold;
        c->place = place_at(b, &p->item);
        take_level(b, p, c);
        take_source(b, &p->source, &c->source, &c->source_count);
        check_id(b, &p->item.id);
        uint32_t other = idmap_get(&kb->ids, c->id);
        claim(b, &kb->ids, &p->item.id, at | IS_CONCLUSION,
              other == IDMAP_NONE        ? SPAN_NONE
              : other & IS_CONCLUSION ? b->conclusions[other & ~IS_CONCLUSION]->item.id.span
                                         : b->questions[other]->item.id.span);
    }
}

/* --- rules -------------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const struct pack_rule *x = *(struct pack_rule *const *)a, *y = *(struct pack_rule *const *)b;
    return text_compare(cell_text(&x->item.id), cell_text(&y->item.id));
}

static void note_gone(struct build *b, const struct item *item, struct text which)
{
    problem_add(b->problems, PROBLEM_DISABLED_WITH, item->id.span, quote(b, &item->id),
                problem_quote(b->problems, which), NULL);
}

static bool stays(struct build *b, const struct pack_rule *p)
{
    struct text which;
    if (is_disabled(&p->item))
        return false;
    if (idmap_get(&b->disabled, cell_text(&p->conclude)) != IDMAP_NONE)
        which = cell_text(&p->conclude);
    else if (!rests_on_disabled(b, &p->when, &which))
        return true;
    note_gone(b, &p->item, which);
    return false;
}

static void take_rule(struct build *b, const struct pack_rule *p, struct rule *r)
{
    r->id = cell_text(&p->item.id);
    r->each_partnership = p->each.number > 0;
    r->certainty = p->certainty.number;
    r->group = cell_text(&p->group);
    r->because = cell_text(&p->because);
    r->place = place_at(b, &p->item);
    r->conclusion = NONE;
    take_source(b, &p->source, &r->source, &r->source_count);
    if (r->certainty == 0)
        problem_add(b->problems, PROBLEM_CERTAINTY_ZERO, p->certainty.span, quote(b, &p->item.id),
                    NULL, NULL);
    uint32_t to = resolve(b, &b->kb->ids, &p->conclude, "conclusion", PROBLEM_REFERENCE_UNKNOWN);
    if (to != NONE && !(to & IS_CONCLUSION))
        problem_add(b->problems, PROBLEM_CONCLUDES_QUESTION, p->conclude.span,
                    quote(b, &p->conclude), NULL, NULL);
    else if (to != NONE)
        r->conclusion = to & ~IS_CONCLUSION;
    if (r->conclusion != NONE && r->each_partnership &&
        !b->kb->conclusions[r->conclusion].about_partnership)
        problem_add(b->problems, PROBLEM_CONCLUDES_PARTNER, p->conclude.span, quote(b, &p->item.id),
                    quote(b, &p->conclude), NULL);
    r->when = build_condition(b, &p->when,
                              r->each_partnership ? SCOPE_PARTNERSHIP : SCOPE_PARTNER, &r->written);
}

static void link_rules(struct build *b)
{
    struct kb *kb = b->kb;
    for (uint32_t r = 0; r < kb->rule_count; r++)
        if (kb->rules[r].conclusion != NONE)
            kb->conclusions[kb->rules[r].conclusion].rule_count++;
    for (uint32_t c = 0; c < kb->conclusion_count; c++) {
        struct conclusion *co = &kb->conclusions[c];
        co->rules = arena_array(kb->arena, co->rule_count, sizeof *co->rules);
        co->rule_count = 0;
    }
    for (uint32_t r = 0; r < kb->rule_count; r++) {
        if (kb->rules[r].conclusion == NONE)
            continue;
        struct conclusion *co = &kb->conclusions[kb->rules[r].conclusion];
        co->rules[co->rule_count++] = r;
    }
}

/* ask_if decides what is put: it may read answers only, or it would turn in a circle. */
static void check_ask_if(const struct node *n, void *ctx)
{
    struct build *b = ctx;
    if (n->kind == NODE_PREMISE || n->kind == NODE_PRESENT || n->kind == NODE_CERTAINTY ||
        n->kind == NODE_ANSWERED_SHARE || n->kind == NODE_STRAIGHT_LINED)
        problem_add(b->problems, PROBLEM_ASK_IF_READS, n->span, NULL, NULL, NULL);
}

/* `needs: nothing` says that nothing is needed, whatever the default. */
static const struct node *needs_of(struct build *b, const struct pack_conclusion *p)
{
    const struct cell *needs = &p->needs;
    for (uint32_t k = 0; !cell_given(&p->needs) && k < b->model->pack_count; k++) {
        const struct pack_defaults *d = b->model->packs[k]->defaults;
        if (d && cell_given(&d->needs))
            needs = &d->needs;
    }
    if (text_is(cell_text(needs), "nothing"))
        return NULL;
    return build_condition(b, needs, SCOPE_PARTNERSHIP, NULL);
}

void build_conditions(struct build *b)
{
    struct kb *kb = b->kb;
    for (uint32_t k = 0; k < kb->question_count; k++) {
        const struct pack_question *p = b->questions[k];
        kb->questions[k].ask_if =
            build_condition(b, &p->ask_if,
                            kb->questions[k].about_partnership ? SCOPE_PARTNERSHIP : SCOPE_PARTNER,
                            NULL);
        if (kb->questions[k].ask_if)
            node_walk(kb->questions[k].ask_if, check_ask_if, b);
    }
    for (uint32_t k = 0; k < kb->conclusion_count; k++) {
        const struct pack_conclusion *p = b->conclusions[k];
        struct conclusion *c = &kb->conclusions[k];
        enum scope about = c->about_partnership ? SCOPE_PARTNERSHIP : SCOPE_PARTNER;
        c->needs = needs_of(b, p);
        if (p->severity) {
            c->high_when = build_condition(b, &p->severity->high_when, about, NULL);
            c->low_when = build_condition(b, &p->severity->low_when, about, NULL);
        }
    }
}

void build_rules(struct build *b)
{
    struct model *m = b->model;
    struct kb *kb = b->kb;
    b->rules_by_id = arena_array(kb->arena, m->rule_count, sizeof(void *));
    for (uint32_t k = 0; k < m->rule_count; k++)
        if (stays(b, m->rules[k]))
            b->rules_by_id[kb->rule_count++] = m->rules[k];
    if (kb->rule_count)
        qsort(b->rules_by_id, kb->rule_count, sizeof(void *), by_id);
    kb->rules = arena_array(kb->arena, kb->rule_count, sizeof *kb->rules);
    for (uint32_t k = 0; k < kb->rule_count; k++) {
        take_rule(b, b->rules_by_id[k], &kb->rules[k]);
        if (k && by_id(&b->rules_by_id[k - 1], &b->rules_by_id[k]) == 0)
            add_twice(b, &b->rules_by_id[k]->item.id, b->rules_by_id[k - 1]->item.id.span);
    }
    link_rules(b);
}

/* --- remedies ----------------------------------------------------------------------------------- */

static void take_treats(struct build *b, const struct pack_remedy *p, struct remedy *r)
{
    r->treats = arena_array(b->kb->arena, p->treats.count, sizeof *r->treats);
    for (unsigned k = 0; k < p->treats.count; k++) {
        const struct cell *c = &p->treats.at[k];
        if (idmap_get(&b->disabled, cell_text(c)) != IDMAP_NONE)
            continue;
        uint32_t to = resolve(b, &b->kb->ids, c, "conclusion", PROBLEM_REFERENCE_UNKNOWN);
        if (to != NONE && to & IS_CONCLUSION)
            r->treats[r->treat_count++] = to & ~IS_CONCLUSION;
        else if (to != NONE)
            problem_add(b->problems, PROBLEM_CONCLUDES_QUESTION, c->span, quote(b, c), NULL, NULL);
    }
}

static const char *const horizons[] = {"weeks", "months", "years"};

static void take_remedy(struct build *b, const struct pack_remedy *p, struct remedy *r)
{
    r->id = cell_text(&p->item.id);
    r->title = cell_text(&p->title);
    r->sign = cell_text(&p->sign);
    r->horizon = cell_given(&p->horizon) ? text_from_c(horizons[(int)p->horizon.number])
                                         : (struct text){"", 0};
    r->effort = (unsigned)p->effort.number;
    r->impact = (unsigned)p->impact.number;
    r->place = place_at(b, &p->item);
    r->steps = arena_array(b->kb->arena, p->steps_count, sizeof *r->steps);
    r->step_count = p->steps_count;
    for (unsigned k = 0; k < p->steps_count; k++)
        r->steps[k] = (struct remedy_step){cell_text(&p->steps[k].who), cell_text(&p->steps[k].what)};
    r->when = build_condition(b, &p->when, SCOPE_PARTNERSHIP, NULL);
}

void build_remedies(struct build *b)
{
    struct model *m = b->model;
    struct kb *kb = b->kb;
    struct text which;
    kb->remedies = arena_array(kb->arena, m->remedy_count, sizeof *kb->remedies);
    b->remedies_of = arena_array(kb->arena, m->remedy_count, sizeof(void *));
    for (uint32_t k = 0; k < m->remedy_count; k++) {
        struct pack_remedy *p = m->remedies[k];
        struct remedy r = {0};
        if (is_disabled(&p->item))
            continue;
        take_treats(b, p, &r);
        if (p->treats.count && r.treat_count == 0) {
            if (!problems_has_error(b->problems))
                note_gone(b, &p->item, cell_text(&p->treats.at[0]));
            continue;
        }
        if (rests_on_disabled(b, &p->when, &which)) {
            note_gone(b, &p->item, which);
            continue;
        }
        take_remedy(b, p, &r);
        claim(b, &b->remedies, &p->item.id, kb->remedy_count, SPAN_NONE);
        b->remedies_of[kb->remedy_count] = p;
        kb->remedies[kb->remedy_count++] = r;
    }
}
