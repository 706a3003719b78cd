/* In: a case. Out: what follows from it, to be asked in any order. Next: the caller. The result
 * owns its block and the texts in it, so the case may change or go. */
#include "api/api.h"

#include <stdlib.h>

_Static_assert(ENTENTE_PRESENT == (int)VERDICT_PRESENT &&
                   ENTENTE_UNDETERMINED == (int)VERDICT_UNDETERMINED &&
                   ENTENTE_ABSENT == (int)VERDICT_ABSENT &&
                   ENTENTE_NOT_ASSESSED == (int)VERDICT_NOT_ASSESSED,
               "verdicts inside and outside are the same");

static struct entente_interval interval_outside(struct interval v)
{
    return (struct entente_interval){v.lo, v.hi};
}

static void own_texts(void *ctx)
{
    struct entente_result *r = ctx;
    struct cases *c = r->cases;
    struct arena *a = &r->arena;
    c->case_names[0] = arena_text(a, c->case_names[0]);
    for (uint32_t p = 0; p < c->partner_count; p++)
        c->partner_names[p] = arena_text(a, c->partner_names[p]);
    for (uint32_t q = 0; q < r->kb->question_count; q++)
        for (uint32_t i = 0; c->columns[q].texts && i < c->respondent_count; i++)
            c->columns[q].texts[i] = arena_text(a, c->columns[q].texts[i]);
}

static enum verdict verdict_of_case(const struct entente_result *r, uint32_t conclusion)
{
    return infer_verdict(r->inference->infer, conclusion, SCOPE_PARTNERSHIP, 0);
}

static void put_in_order(void *ctx)
{
    struct entente_result *r = ctx;
    const struct case_view *v = &r->inference->view;
    uint32_t n = 0;
    r->order = arena_array(&r->arena, r->kb->conclusion_count + (size_t)1, sizeof *r->order);
    for (uint32_t i = 0; i < v->finding_count; i++)
        r->order[n++] = v->findings[i].conclusion;
    for (uint32_t c = 0; c < r->kb->conclusion_count; c++)
        if (verdict_of_case(r, c) == VERDICT_ABSENT)
            r->order[n++] = c;
    for (uint32_t c = 0; c < r->kb->conclusion_count; c++)
        if (verdict_of_case(r, c) == VERDICT_NOT_ASSESSED)
            r->order[n++] = c;
}

static bool make(struct entente_result *r, const struct entente_case *c, struct problems *problems)
{
    struct put put = sheet_put(&c->sheet);
    r->cases = sheet_block_new(&c->sheet, c->name, c->open, problems);
    if (!r->cases)
        return false;
    if (!arena_run(&r->arena, own_texts, r))
        return api_no_memory(problems);
    r->inference = inference_new(c->kb, &put, r->cases, problems);
    if (!r->inference)
        return false;
    uint64_t given_up = infer_counts(r->inference->infer).pattern_limits;
    if (given_up)
        problem_add(problems, PROBLEM_PATTERNS_GIVEN_UP, SPAN_NONE,
                    problem_count_text(problems, given_up), NULL, NULL);
    return arena_run(&r->arena, put_in_order, r) || api_no_memory(problems);
}

struct entente_result *entente_case_infer(const struct entente_case *c,
                                          struct entente_problems *problems)
{
    struct entente_result *r = calloc(1, sizeof *r);
    if (!r) {
        api_no_memory(problems_inside(problems));
        return NULL;
    }
    r->kb = c->kb;
    arena_init(&r->arena, 0);
    if (make(r, c, problems_inside(problems)))
        return r;
    entente_result_free(r);
    return NULL;
}

void entente_result_free(struct entente_result *r)
{
    if (!r)
        return;
    inference_free(r->inference);
    cases_free(r->cases);
    arena_deinit(&r->arena);
    free(r);
}

struct entente_text entente_result_case(const struct entente_result *r)
{
    return text_outside(r->cases->case_names[0]);
}

bool entente_result_has_respondents(const struct entente_result *r, unsigned least,
                                    struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    const struct cases *c = r->cases;
    for (uint32_t p = 0; p < c->partner_count; p++) {
        if (c->respondent_from[p + 1] - c->respondent_from[p] >= least)
            continue;
        problem_add(ps, PROBLEM_SIDE_SMALL, SPAN_NONE, problem_quote(ps, c->partner_names[p]),
                    problem_count_text(ps, least), NULL);
        problem_help(ps, "without --how and the like, what the case comes to is told");
        return false;
    }
    return true;
}

/* --- conclusions ----------------------------------------------------------------------------- */

size_t entente_result_count(const struct entente_result *r)
{
    return r->kb->conclusion_count;
}

static struct entente_conclusion describe(const struct entente_result *r, uint32_t conclusion)
{
    const struct conclusion *c = &r->kb->conclusions[conclusion];
    const struct finding *f = inference_finding(r->inference, conclusion);
    const struct infer *in = r->inference->infer;
    return (struct entente_conclusion){
        .id = text_outside(c->id),
        .label = text_outside(c->label),
        .summary = text_outside(c->summary),
        .kind = text_outside(text_from_c(conclusion_kind_name(c->kind))),
        .severity = text_outside(text_from_c(f ? level_name(f->level) : NULL)),
        .verdict = (enum entente_verdict)verdict_of_case(r, conclusion),
        .certainty = interval_outside(infer_certainty(in, conclusion, SCOPE_PARTNERSHIP, 0))};
}

struct entente_conclusion entente_result_at(const struct entente_result *r, size_t i)
{
    if (i >= r->kb->conclusion_count)
        return (struct entente_conclusion){.verdict = ENTENTE_NOT_ASSESSED};
    return describe(r, r->order[i]);
}

bool entente_result_find(const struct entente_result *r, const char *id,
                         struct entente_conclusion *out)
{
    uint32_t c = kb_conclusion(r->kb, text_from_c(id));
    if (c == NONE)
        return false;
    *out = describe(r, c);
    return true;
}

size_t entente_result_partner_count(const struct entente_result *r)
{
    return r->cases->partner_count;
}

struct entente_text entente_result_partner(const struct entente_result *r, size_t i)
{
    return i < r->cases->partner_count ? text_outside(r->cases->partner_names[i])
                                       : (struct entente_text){"", 0};
}

struct entente_interval entente_result_of_partner(const struct entente_result *r, const char *id,
                                                  size_t partner)
{
    const struct infer *in = r->inference->infer;
    uint32_t c = kb_conclusion(r->kb, text_from_c(id));
    if (c == NONE || partner >= r->cases->partner_count)
        return (struct entente_interval){0, 0};
    if (r->kb->conclusions[c].about_partnership)
        return interval_outside(infer_certainty(in, c, SCOPE_PARTNERSHIP, 0));
    return interval_outside(infer_certainty(in, c, SCOPE_PARTNER, (uint32_t)partner));
}

struct entente_text entente_result_reason(const struct entente_result *r, const char *id,
                                          bool against, size_t i)
{
    uint32_t c = kb_conclusion(r->kb, text_from_c(id));
    const struct finding *f = c == NONE ? NULL : inference_finding(r->inference, c);
    uint32_t count = !f ? 0 : against ? f->rule_against_count : f->rule_count;
    if (i >= count)
        return (struct entente_text){"", 0};
    const struct rule *rule = &r->kb->rules[(against ? f->reasons_against : f->reasons)[i]];
    return text_outside(rule->because.size ? rule->because : rule->id);
}

size_t entente_result_remedy_count(const struct entente_result *r)
{
    return r->inference->view.plan_count;
}

struct entente_remedy entente_result_remedy(const struct entente_result *r, size_t i)
{
    if (i >= r->inference->view.plan_count)
        return (struct entente_remedy){.id = {"", 0}};
    const struct remedy *remedy = &r->kb->remedies[r->inference->view.plan[i].remedy];
    return (struct entente_remedy){text_outside(remedy->id), text_outside(remedy->title)};
}

/* --- reports --------------------------------------------------------------------------------- */

bool entente_result_write(const struct entente_result *r, enum entente_format format,
                          const struct entente_look *look, entente_write write, void *ctx,
                          struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct report_options o = {.format = (enum report_format)format};
    if (look) {
        o.color = look->color;
        o.whole_plan = look->whole_plan;
        o.width = look->width;
    }
    struct report *report = report_new(r->inference->program, NULL, &o, ps);
    struct report_pen *pen = report ? report_pen_new(report, ps) : NULL;
    bool ok = pen != NULL;
    if (ok) {
        struct survey_block block = {.cases = r->cases, .rows = &(uint64_t){1}};
        struct buffer b;
        buffer_init(&b);
        report_head(report, &b);
        report_tile(pen, r->inference->infer, &r->inference->tile, &block, &b);
        ok = api_write(&b, write, ctx, ps);
        buffer_deinit(&b);
    }
    report_pen_free(pen);
    report_free(report);
    return ok;
}

struct proving {
    const struct entente_result *r;
    struct arena arena;
    uint32_t conclusion;
    bool json;
    struct buffer out;
};

static void prove(void *ctx)
{
    struct proving *p = ctx;
    const struct case_view *v = &p->r->inference->view;
    if (p->json)
        explain_how_json(&p->arena, v, p->conclusion, &p->out);
    else
        explain_how(&p->arena, v, p->conclusion, p->r->kb->language, &p->out);
}

bool entente_result_how(const struct entente_result *r, const char *id, bool json,
                        entente_write write, void *ctx, struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct proving p = {.r = r, .json = json};
    p.conclusion =
        api_find_conclusion(r->kb, text_from_c(id), PROBLEM_NO_CONCLUSION, SPAN_NONE, ps);
    if (p.conclusion == NONE)
        return false;
    arena_init(&p.arena, 0);
    buffer_init(&p.out);
    bool ok =
        arena_run(&p.arena, prove, &p) ? api_write(&p.out, write, ctx, ps) : api_no_memory(ps);
    buffer_deinit(&p.out);
    arena_deinit(&p.arena);
    return ok;
}
