/* kb_questions: dimensions, scales and questions.
 * In: the model's items. Out: kb->dimensions, kb->questions, their names in kb->ids.
 * The idea: a kind says which keys a question has; a key of another kind is refused, because it
 * would do nothing. Next: kb_rules.c. */
#include "kb/kb_build.h"
#include <math.h>

void kb_add_dimensions(struct kb_build *b)
{
    const struct model *m = b->model;
    b->kb->dimension_count = m->dimension_count;
    b->kb->dimensions = arena_array(b->arena, m->dimension_count, sizeof *b->kb->dimensions);
    for (uint32_t i = 0; i < m->dimension_count; i++) {
        const struct pack_dimension *d = m->dimensions[i];
        b->kb->dimensions[i] = (struct dimension){cell_text(&d->item.id), cell_text(&d->label)};
        idmap_put(&b->dimensions, cell_text(&d->item.id), i);
    }
    for (uint32_t i = 0; i < m->scale_count; i++) {
        const struct pack_scale *s = m->scales[i];
        const struct cell *lo = &s->range.at[0], *hi = &s->range.at[1];
        idmap_put(&b->scales, cell_text(&s->item.id), i);
        bool good = kb_in_range(b, lo, "range", -1000, 1000, true);
        good = kb_in_range(b, hi, "range", -1000, 1000, true) && good;
        if (good &&
            (hi->number <= lo->number || hi->number - lo->number + 1 > LIMIT_SCALE_POINTS)) {
            problem_add(b->problems, PROBLEM_RANGE_ORDER, lo->span,
                        problem_number(b->problems, lo->number),
                        problem_number(b->problems, hi->number), NULL);
            problem_note(b->problems, hi->span, "the upper end");
            problem_help(b->problems, problem_format(b->problems,
                                                     "a scale goes from a lower to a higher whole "
                                                     "number and has at most %u points",
                                                     LIMIT_SCALE_POINTS));
        }
    }
}

static void report_unfit(struct kb_build *b, const struct pack_question *q, struct span span,
                         const char *key, const char *kinds)
{
    problem_add(b->problems, PROBLEM_QUESTION_KEY_UNFIT, span, key,
                problem_quote(b->problems, cell_text(&q->item.id)),
                answer_kind_name((enum answer_kind)q->kind.number));
    problem_help(b->problems, problem_format(b->problems,
                                             "it is for questions of kind %s; remove it, "
                                             "or change the kind",
                                             kinds));
}

static void report_lacking(struct kb_build *b, const struct pack_question *q, const char *key)
{
    problem_add(b->problems, PROBLEM_QUESTION_KEY_LACKING, q->kind.span, key,
                problem_quote(b->problems, cell_text(&q->item.id)),
                answer_kind_name((enum answer_kind)q->kind.number));
    problem_help(b->problems, problem_format(b->problems, "add `%s`", key));
}

static struct span cells_span(const struct cells *c)
{
    return c->count > 0 ? c->at[0].span : SPAN_NONE;
}

static void check_keys(struct kb_build *b, const struct pack_question *q)
{
    enum answer_kind kind = (enum answer_kind)q->kind.number;
    bool chooses = kind == KIND_ONE_OF || kind == KIND_MANY_OF;
    if (kind != KIND_SCALE && cell_given(&q->scale))
        report_unfit(b, q, q->scale.span, "scale", "scale");
    if (kind != KIND_NUMBER && q->range.count > 0)
        report_unfit(b, q, cells_span(&q->range), "range", "number (a scale has its own range)");
    if (kind != KIND_NUMBER && cell_given(&q->unit))
        report_unfit(b, q, q->unit.span, "unit", "number");
    if (!chooses && q->choices_count > 0)
        report_unfit(b, q, q->choices[0].at.span, "choices", "one_of and many_of");
    if (kind == KIND_SCALE && !cell_given(&q->scale))
        report_lacking(b, q, "scale");
    if (kind == KIND_NUMBER && q->range.count == 0)
        report_lacking(b, q, "range");
    if (chooses && q->choices_count == 0)
        report_lacking(b, q, "choices");
}

static void report_name(struct kb_build *b, enum problem_code code, const struct cell *id,
                        const struct suggest *near, const char *otherwise)
{
    problem_add(b->problems, code, id->span, problem_quote(b->problems, cell_text(id)), NULL, NULL);
    problem_help(b->problems, near->best.size > 0
                                  ? problem_format(b->problems, "did you mean `%.*s`?",
                                                   (int)near->best.size, near->best.at)
                                  : otherwise);
}

static void add_scale(struct kb_build *b, struct question *q, const struct cell *id)
{
    uint32_t found = idmap_get(&b->scales, cell_text(id));
    if (found == IDMAP_NONE) {
        struct suggest near;
        suggest_init(&near, cell_text(id));
        for (uint32_t i = 0; i < b->model->scale_count && i < 100; i++)
            suggest_offer(&near, cell_text(&b->model->scales[i]->item.id));
        report_name(b, PROBLEM_SCALE_UNKNOWN, id, &near, "add it to `scales:` of pack.yaml");
        return;
    }
    const struct pack_scale *s = b->model->scales[found];
    q->lo = s->range.at[0].number;
    q->hi = s->range.at[1].number;
    if (q->hi > q->lo)
        q->choice_count = (uint32_t)(q->hi - q->lo) + 1;
    q->ends[0] = cell_text(&s->ends.at[0]);
    q->ends[1] = cell_text(&s->ends.at[1]);
}

static void add_range(struct kb_build *b, struct question *q, const struct cells *range)
{
    if (range->count != 2)
        return;
    q->lo = range->at[0].number;
    q->hi = range->at[1].number;
    if (q->lo < q->hi)
        return;
    problem_add(b->problems, PROBLEM_RANGE_ORDER, range->at[0].span,
                problem_number(b->problems, q->lo), problem_number(b->problems, q->hi), NULL);
    problem_note(b->problems, range->at[1].span, "the upper end");
    problem_help(b->problems, "write the lowest possible number first");
}

static void add_choices(struct kb_build *b, struct question *q, const struct pack_question *from)
{
    uint32_t limit = q->kind == KIND_MANY_OF ? LIMIT_MANY_CHOICES : LIMIT_CHOICES;
    q->choice_count = from->choices_count;
    if (q->choice_count > limit) {
        problem_add(b->problems, PROBLEM_CHOICES_MANY, from->item.id.span,
                    problem_quote(b->problems, q->id),
                    problem_count_text(b->problems, q->choice_count),
                    problem_count_text(b->problems, limit));
        q->choice_count = limit;
    }
    q->choices = arena_array(b->arena, q->choice_count, sizeof *q->choices);
    q->choice_ids = arena_array(b->arena, q->choice_count, sizeof *q->choice_ids);
    struct idmap seen;
    idmap_init(&seen, b->arena);
    for (uint32_t i = 0; i < q->choice_count; i++) {
        const struct pack_choice *c = &from->choices[i];
        q->choices[i] = (struct choice){cell_text(&c->id), cell_text(&c->label)};
        q->choice_ids[i] = q->choices[i].id;
        uint32_t first = idmap_put(&seen, q->choices[i].id, i);
        if (first != i) {
            problem_add(b->problems, PROBLEM_CHOICE_TWICE, c->id.span,
                        problem_quote(b->problems, q->choices[i].id), NULL, NULL);
            problem_note(b->problems, from->choices[first].id.span, "it stands here already");
            problem_help(b->problems, "give one of the two another id");
        }
        if (text_is(q->choices[i].id, "dk") || text_is(q->choices[i].id, "na")) {
            problem_add(b->problems, PROBLEM_CHOICE_STATE, c->id.span,
                        problem_quote(b->problems, q->choices[i].id), NULL, NULL);
            problem_help(b->problems, "remove the choice: every question takes dk and na");
        }
        kb_check_id(b, &c->id, "choice");
    }
}

static uint32_t find_dimension(struct kb_build *b, const struct cell *id)
{
    if (!cell_given(id))
        return NONE;
    uint32_t found = idmap_get(&b->dimensions, cell_text(id));
    if (found != IDMAP_NONE)
        return found;
    struct suggest near;
    suggest_init(&near, cell_text(id));
    for (uint32_t i = 0; i < b->kb->dimension_count && i < 100; i++)
        suggest_offer(&near, b->kb->dimensions[i].id);
    report_name(b, PROBLEM_DIMENSION_UNKNOWN, id, &near, "add it to `dimensions:` of pack.yaml");
    return NONE;
}

static void add_question(struct kb_build *b, uint32_t i)
{
    const struct pack_question *from = b->model->questions[i];
    struct question *q = &b->kb->questions[i];
    q->id = cell_text(&from->item.id);
    q->kind = (enum answer_kind)from->kind.number;
    q->about_partnership = from->about.number != 0;
    q->in_short_form = cell_given(&from->form) && from->form.number == 0;
    q->best_low = from->best.number != 0;
    q->dimension = find_dimension(b, &from->dimension);
    q->effort = 1;
    if (cell_given(&from->effort) && kb_in_range(b, &from->effort, "effort", 1, 3, true))
        q->effort = (unsigned)from->effort.number;
    q->text = cell_text(&from->text);
    q->help = cell_text(&from->help);
    q->unit = cell_text(&from->unit);
    q->place = kb_place(b, &from->item);
    /* Where the range turns out to be wrong, conditions are not blamed for it. */
    if (q->kind == KIND_SCALE || q->kind == KIND_NUMBER) {
        q->lo = -1e15;
        q->hi = 1e15;
    }
    check_keys(b, from);
    if (q->kind == KIND_SCALE && cell_given(&from->scale))
        add_scale(b, q, &from->scale);
    else if (q->kind == KIND_NUMBER)
        add_range(b, q, &from->range);
    else if (q->kind == KIND_YESNO)
        q->choice_count = 2;
    else if (q->kind == KIND_ONE_OF || q->kind == KIND_MANY_OF)
        add_choices(b, q, from);
    kb_check_id(b, &from->item.id, "question");
    if (text_is(q->id, "case") || text_is(q->id, "respondent")) {
        problem_add(b->problems, PROBLEM_QUESTION_COLUMN, from->item.id.span,
                    problem_quote(b->problems, q->id), NULL, NULL);
        problem_help(b->problems, "give the question another id");
    }
    idmap_put(&b->kb->ids, q->id, i * 2);
}

void kb_add_questions(struct kb_build *b)
{
    b->kb->question_count = b->model->question_count;
    b->kb->questions = arena_array(b->arena, b->kb->question_count, sizeof *b->kb->questions);
    for (uint32_t i = 0; i < b->kb->question_count; i++)
        add_question(b, i);
}

/* ask_if decides before anything is concluded, so it may read nothing that is. */
struct ask_walk {
    struct kb_build *b;
    bool reported;
};

static void visit_ask_if(const struct node *n, void *ctx)
{
    struct ask_walk *w = ctx;
    bool reads_conclusion =
        n->kind == NODE_PREMISE || n->kind == NODE_CERTAINTY || n->kind == NODE_PRESENT;
    bool reads_shares = n->kind == NODE_ANSWERED_SHARE || n->kind == NODE_STRAIGHT_LINED;
    if (w->reported || (!reads_conclusion && !reads_shares))
        return;
    w->reported = true;
    problem_add(w->b->problems, PROBLEM_ASK_IF_READS, n->span,
                reads_conclusion ? problem_format(w->b->problems, "the conclusion %s",
                                                  problem_quote(w->b->problems,
                                                                w->b->kb->conclusions[n->ref].id))
                                 : node_spelling(n->kind),
                NULL, NULL);
    problem_help(w->b->problems, "ask for an answer that the conclusion rests on");
}

void kb_compile_questions(struct kb_build *b)
{
    for (uint32_t i = 0; i < b->kb->question_count; i++) {
        struct question *q = &b->kb->questions[i];
        q->ask_if = kb_condition(b, &b->model->questions[i]->ask_if,
                                 q->about_partnership ? SCOPE_PARTNERSHIP : SCOPE_PARTNER, NULL);
        struct ask_walk walk = {b, false};
        if (q->ask_if)
            node_walk(q->ask_if, visit_ask_if, &walk);
    }
}
