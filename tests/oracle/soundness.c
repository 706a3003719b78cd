/* In: a block of cases. Out: the first completion of one of them whose certainties leave the bounds
 * that the engine gave. Next: workload.c. Only completions are made for which outer bounds are
 * promised; what those are is said above complete(). */
#include "oracle/soundness.h"

#include <stdio.h>
#include <stdlib.h>

static const double SLACK = 1e-12;

struct checker {
    struct random *r;
    const struct kb *kb;
    const struct put *put;
    const struct cases *block;
    struct soundness *out;
    bool as_it_is;          /* completes nothing: copies */
    bool *promised;         /* by conclusion: also where a closed case is completed */
    struct interval *given; /* [conclusion][subject]: partners of the block, then cases */
    struct cases *completed;
    uint32_t *partner_origin; /* of a partner of `completed`: the partner of the block */
    uint32_t *case_origin;
};

static void *need(void *p)
{
    if (!p)
        abort();
    return p;
}

/* --- who is promised anything ---------------------------------------------------------------- */

struct search {
    const struct checker *c;
    bool found;
};

static void look(const struct node *n, void *ctx)
{
    struct search *s = ctx;
    const struct question *questions = s->c->kb->questions;
    switch (n->kind) {
    case NODE_ANSWERED:
    case NODE_UNKNOWN:
    case NODE_ANSWERED_SHARE:
    case NODE_STRAIGHT_LINED: s->found = true; break;
    case NODE_MEAN:
    case NODE_MIN:
    case NODE_MAX:
    case NODE_SPREAD:
        s->found |= n->scope == SCOPE_PARTNERSHIP && !questions[n->ref].about_partnership;
        break;
    case NODE_PREMISE:
    case NODE_PRESENT:
    case NODE_CERTAINTY: s->found |= !s->c->promised[n->ref]; break;
    default: break;
    }
}

static bool has_exception(const struct checker *c, const struct node *n)
{
    struct search s = {c, false};
    if (n)
        node_walk(n, look, &s);
    return s.found;
}

/* One ask_if with an exception taints the pack: nearly everything may read its question. */
static void find_promised(struct checker *c)
{
    bool asks = false;
    for (uint32_t q = 0; q < c->kb->question_count; q++)
        asks = asks || has_exception(c, c->kb->questions[q].ask_if);
    for (uint32_t layer = 0; layer < c->kb->layer_count; layer++)
        for (uint32_t i = 0; i < c->kb->conclusion_count; i++) {
            if (c->kb->conclusions[i].layer != layer)
                continue;
            bool exception = asks || has_exception(c, c->kb->conclusions[i].needs);
            for (uint32_t k = 0; k < c->kb->rule_count; k++)
                if (c->kb->rules[k].conclusion == i)
                    exception = exception || has_exception(c, c->kb->rules[k].when);
            c->promised[i] = !exception;
        }
}

/* --- completing ------------------------------------------------------------------------------ */

static struct answer some_value(struct checker *c, uint32_t question)
{
    const struct question *q = &c->kb->questions[question];
    struct answer a = {.code = 1, .text = {"", 0}};
    switch (q->kind) {
    case KIND_NUMBER: a.number = q->lo + (q->hi - q->lo) * random_below(c->r, 101) / 100; break;
    case KIND_MANY_OF: a.ticked = random_next(c->r) & ((UINT64_C(1) << q->choice_count) - 1); break;
    case KIND_TEXT: a.text = text_from_c(random_texts[random_below(c->r, RANDOM_TEXTS)]); break;
    default: a.code = (uint8_t)random_between(c->r, 1, q->choice_count); break;
    }
    /* The ends are where bounds break. */
    if (q->kind == KIND_NUMBER && random_chance(c->r, 0.3))
        a.number = random_chance(c->r, 0.5) ? q->lo : q->hi;
    if (q->kind == KIND_SCALE && random_chance(c->r, 0.3))
        a.code = (uint8_t)(random_chance(c->r, 0.5) ? 1 : q->choice_count);
    return a;
}

static struct answer answer_at(const struct checker *c, uint32_t question, uint32_t row)
{
    const struct column *column = &c->block->columns[question];
    struct answer a = {.code = column->code[row], .text = {"", 0}};
    if (a.code == CODE_BLANK || a.code >= CODE_SKIPPED)
        return a;
    if (column->number)
        a.number = column->number[row];
    if (column->ticked)
        a.ticked = column->ticked[row];
    if (column->texts)
        a.text = column->texts[row];
    return a;
}

static bool is_declined(uint8_t code)
{
    return code == CODE_BLANK || code == CODE_SKIPPED || code == CODE_UNSURE;
}

/* Nobody answered, and somebody left it blank. */
static bool is_silent(const struct checker *c, uint32_t question, uint32_t from, uint32_t to)
{
    bool blank = false;
    for (uint32_t row = from; row < to; row++) {
        uint8_t code = c->block->columns[question].code[row];
        if (!is_declined(code) && code != CODE_NA)
            return false;
        blank = blank || code == CODE_BLANK;
    }
    return blank;
}

/* What is promised, and so is made:
 *   open case: every blank becomes a value, "don't know" or `na`; then the case is closed.
 *   closed case: a question that nobody of a partner answered (a fact: of the case), and that some
 *   left blank, gets values from those who did not say `na`; not text, where a blank is known.
 * Not compared, in closed cases: who reads answered, unknown, answered_share, straight_lined, which
 * the completion itself changes, or a mean, min, max, spread pooled over partners, from which the
 * silent ones were left out. There no blank becomes `na`: that takes what reads the question out of
 * play, also a comparison that holds for every answer.
 * Rows from..to of the block are those of one subject of the question; to_row is the first of them
 * in the completed block. */
static void complete(struct checker *c, uint32_t question, bool open, uint32_t from, uint32_t to,
                     uint32_t to_row)
{
    const struct question *q = &c->kb->questions[question];
    bool silent = !open && !c->as_it_is && q->kind != KIND_TEXT &&
                  is_silent(c, question, from, to) && random_chance(c->r, 0.7);
    for (uint32_t row = from; row < to; row++) {
        struct answer a = answer_at(c, question, row);
        if (open ? a.code == CODE_BLANK : silent && is_declined(a.code))
            a = some_value(c, question);
        if (!c->as_it_is && answer_at(c, question, row).code == CODE_BLANK &&
            random_chance(c->r, 0.15))
            a = (struct answer){.code = !open                      ? CODE_BLANK
                                        : random_chance(c->r, 0.5) ? CODE_NA
                                                                   : CODE_UNSURE,
                                .text = {"", 0}};
        cases_set(c->completed, question, to_row + row - from, &a);
    }
}

static void complete_case(struct checker *c, uint32_t index)
{
    const struct cases *b = c->block;
    struct cases *to = c->completed;
    uint32_t first_row = to->respondent_count;
    uint32_t partner_from = b->partner_from[index], partner_to = b->partner_from[index + 1];
    if (!cases_add_case(to, b->case_names[index], false))
        abort();
    c->case_origin[to->case_count - 1] = index;
    for (uint32_t p = partner_from; p < partner_to; p++) {
        if (!cases_add_partner(to, b->partner_names[p]))
            abort();
        c->partner_origin[to->partner_count - 1] = p;
        for (uint32_t row = b->respondent_from[p]; row < b->respondent_from[p + 1]; row++)
            if (!cases_add_respondent(to))
                abort();
    }
    uint32_t case_row = b->respondent_from[partner_from];
    for (uint32_t q = 0; q < c->kb->question_count; q++) {
        if (!c->put->questions[q])
            continue;
        if (c->kb->questions[q].about_partnership)
            complete(c, q, b->open[index], case_row, b->respondent_from[partner_to], first_row);
        for (uint32_t p = partner_from; p < partner_to && !c->kb->questions[q].about_partnership;
             p++)
            complete(c, q, b->open[index], b->respondent_from[p], b->respondent_from[p + 1],
                     first_row + b->respondent_from[p] - case_row);
    }
}

/* --- comparing ------------------------------------------------------------------------------- */

static struct interval *given(const struct checker *c, uint32_t conclusion, uint32_t subject)
{
    size_t subjects = c->block->partner_count + c->block->case_count;
    return &c->given[conclusion * subjects + subject];
}

static bool note_given(const struct infer *in, const struct tile *t, void *ctx)
{
    struct checker *c = ctx;
    for (uint32_t i = 0; i < c->kb->conclusion_count; i++) {
        for (uint32_t k = 0; k < t->case_count; k++)
            *given(c, i, c->block->partner_count + t->case_from + k) =
                infer_certainty(in, i, SCOPE_PARTNERSHIP, k);
        for (uint32_t p = 0; p < t->partner_count && !c->kb->conclusions[i].about_partnership; p++)
            *given(c, i, t->partner_from + p) = infer_certainty(in, i, SCOPE_PARTNER, p);
    }
    return true;
}

static void within(struct checker *c, uint32_t conclusion, struct interval now,
                   struct interval before, uint32_t case_of_completed, const char *subject)
{
    c->out->numbers += 2;
    if (c->out->broken || (now.lo >= before.lo - SLACK && now.hi <= before.hi + SLACK))
        return;
    struct text id = c->kb->conclusions[conclusion].id;
    c->out->broken = true;
    c->out->case_index = c->case_origin[case_of_completed];
    snprintf(c->out->what, sizeof c->out->what,
             "certainty of %.*s, %s: completed [%.17g, %.17g], promised [%.17g, %.17g]",
             (int)id.size, id.at, subject, now.lo, now.hi, before.lo, before.hi);
    c->out->broken_by = need(cases_new(c->kb, c->put));
}

static bool compare_completed(const struct infer *in, const struct tile *t, void *ctx)
{
    struct checker *c = ctx;
    for (uint32_t k = 0; k < t->case_count && !c->out->broken; k++) {
        uint32_t at = t->case_from + k, origin = c->case_origin[at];
        uint32_t from = t->block->partner_from[at], to = t->block->partner_from[at + 1];
        c->out->completions++;
        for (uint32_t i = 0; i < c->kb->conclusion_count; i++) {
            if (!c->block->open[origin] && !c->promised[i])
                continue;
            within(c, i, infer_certainty(in, i, SCOPE_PARTNERSHIP, k),
                   *given(c, i, c->block->partner_count + origin), at, "the partnership");
            for (uint32_t p = from; p < to && !c->kb->conclusions[i].about_partnership; p++)
                within(c, i, infer_certainty(in, i, SCOPE_PARTNER, p - t->partner_from),
                       *given(c, i, c->partner_origin[p]), at, "a partner");
        }
        if (c->out->broken) {
            struct checker copy = *c;
            copy.block = t->block;
            copy.completed = c->out->broken_by;
            copy.case_origin = need(calloc(1, sizeof *copy.case_origin));
            copy.partner_origin = need(calloc(to - from + 1, sizeof *copy.partner_origin));
            copy.as_it_is = true;
            complete_case(&copy, at);
            free(copy.case_origin);
            free(copy.partner_origin);
        }
    }
    return true;
}

bool soundness_check(struct random *r, const struct kb *kb, const struct put *put,
                     const struct cases *block, uint32_t times, struct soundness *s,
                     struct problems *problems)
{
    struct checker c = {.r = r, .kb = kb, .put = put, .block = block, .out = s};
    size_t subjects = (size_t)block->partner_count + block->case_count;
    s->broken = false;
    s->broken_by = NULL;
    c.promised = need(calloc(kb->conclusion_count + 1, sizeof *c.promised));
    c.given = need(calloc(subjects * kb->conclusion_count + 1, sizeof *c.given));
    c.partner_origin = need(calloc((size_t)block->partner_count + 1, sizeof *c.partner_origin));
    c.case_origin = need(calloc((size_t)block->case_count + 1, sizeof *c.case_origin));
    find_promised(&c);
    struct program *program = program_new(kb, put, PROGRAM_CERTAINTY, problems);
    struct infer *in = program ? infer_new(program, problems) : NULL;
    bool ran = in && infer_run(in, block, note_given, &c, problems);
    for (uint32_t i = 0; i < times && ran && !s->broken; i++) {
        c.completed = need(cases_new(kb, put));
        for (uint32_t k = 0; k < block->case_count; k++)
            complete_case(&c, k);
        ran = infer_run(in, c.completed, compare_completed, &c, problems);
        cases_free(c.completed);
    }
    infer_free(in);
    program_free(program);
    free(c.promised);
    free(c.given);
    free(c.partner_origin);
    free(c.case_origin);
    return ran && !s->broken;
}
