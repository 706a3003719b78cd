/* In: the cases of tests.yaml. Out: expected against actual, for people or as JSON. Next: the cli.
 * What a test names is checked when the packs are loaded (test_ids.c); here every name is known.
 * Each expectation that fails is three lines: expected, actual, and the rules that fired. */
#include "api/api.h"

#include <string.h>

#define CLOSE 1e-9 /* as between a certainty and its threshold */

struct testing {
    const struct kb *kb;
    bool json;
    struct buffer out;
    struct entente_coverage *coverage; /* or NULL */
    struct entente_test_counts *counts;
    struct problems *problems;
    /* of one case */
    const struct pack *pack;
    const struct pack_test *test;
    struct arena arena;
    struct sheet_case sheet;
    struct inference *inference;
    size_t differences;
    struct buffer expected, actual, fired;
};

static const struct infer *infer_of(const struct testing *t)
{
    return t->inference->infer;
}

/* --- what is --------------------------------------------------------------------------------- */

/* partner NONE: the case. */
static struct interval certainty_of(const struct testing *t, uint32_t conclusion, uint32_t partner)
{
    enum scope scope = partner == NONE ? SCOPE_PARTNERSHIP : SCOPE_PARTNER;
    uint32_t subject = partner == NONE ? 0 : partner;
    return infer_certainty(infer_of(t), conclusion, scope, subject);
}

static enum verdict verdict_for(const struct testing *t, uint32_t conclusion, uint32_t partner)
{
    return partner == NONE ? infer_verdict(infer_of(t), conclusion, SCOPE_PARTNERSHIP, 0)
                           : infer_verdict(infer_of(t), conclusion, SCOPE_PARTNER, partner);
}

static enum level level_for(const struct testing *t, uint32_t conclusion, uint32_t partner)
{
    if (partner != NONE)
        return infer_level(infer_of(t), conclusion, partner);
    const struct finding *f = inference_finding(t->inference, conclusion);
    return f ? f->level : LEVEL_NONE;
}

/* For the partner; with NONE for one for whom the conclusion is present, or, where it is not, for
 * anyone. */
static bool rule_fired(const struct testing *t, uint32_t rule, uint32_t partner)
{
    if (partner == NONE && verdict_for(t, t->kb->rules[rule].conclusion, NONE) == VERDICT_PRESENT)
        return explain_speaks_where_present(&t->inference->view, rule);
    if (partner != NONE && !t->kb->rules[rule].each_partnership)
        return infer_rule(infer_of(t), rule, partner).lo > 0;
    uint32_t subjects =
        t->kb->rules[rule].each_partnership ? 1 : t->inference->cases->partner_count;
    for (uint32_t i = 0; i < subjects; i++)
        if (infer_rule(infer_of(t), rule, i).lo > 0)
            return true;
    return false;
}

static void add_interval(struct buffer *b, struct interval i)
{
    buffer_fixed(b, i.lo, 4);
    if (i.hi > i.lo) {
        buffer_c(b, " to ");
        buffer_fixed(b, i.hi, 4);
    }
}

static void add_short(struct buffer *b, double x)
{
    char digits[32];
    buffer_text(b, (struct text){digits, number_short(digits, x)});
}

static void add_verdict(struct buffer *b, enum verdict v)
{
    buffer_c(b, v == VERDICT_NOT_ASSESSED ? "not assessed" : verdict_name(v));
}

/* imbalance is present for pme: certainty 0.8200, severity high (present from 0.3 on) */
static void tell_actual(struct testing *t, uint32_t conclusion, uint32_t partner)
{
    const struct conclusion *c = &t->kb->conclusions[conclusion];
    struct buffer *b = &t->actual;
    enum verdict v = verdict_for(t, conclusion, partner);
    buffer_text(b, c->id);
    buffer_c(b, " is ");
    add_verdict(b, v);
    if (partner != NONE) {
        buffer_c(b, " for ");
        buffer_visible(b, t->inference->cases->partner_names[partner]);
    }
    if (v == VERDICT_NOT_ASSESSED)
        return;
    buffer_c(b, ": certainty ");
    add_interval(b, certainty_of(t, conclusion, partner));
    if (v == VERDICT_PRESENT && level_for(t, conclusion, partner) != LEVEL_NONE) {
        buffer_c(b, ", severity ");
        buffer_c(b, level_name(level_for(t, conclusion, partner)));
    }
    buffer_c(b, " (present from ");
    add_short(b, c->threshold);
    buffer_c(b, " on)");
}

static void tell_fired(struct testing *t, uint32_t conclusion, uint32_t partner)
{
    const struct conclusion *c = &t->kb->conclusions[conclusion];
    for (uint32_t i = 0; i < c->rule_count; i++) {
        if (!rule_fired(t, c->rules[i], partner))
            continue;
        buffer_c(&t->fired, t->fired.size ? ", " : "");
        buffer_text(&t->fired, t->kb->rules[c->rules[i]].id);
        buffer_c(&t->fired, " (");
        add_short(&t->fired, t->kb->rules[c->rules[i]].certainty);
        buffer_c(&t->fired, ")");
    }
    if (t->fired.size == 0)
        buffer_c(&t->fired, "no rule");
}

/* --- what differs ---------------------------------------------------------------------------- */

static void line(struct testing *t, const char *name, const struct buffer *value)
{
    buffer_repeat(&t->out, ' ', 10 - strlen(name));
    buffer_c(&t->out, name);
    buffer_c(&t->out, "  ");
    buffer_text(&t->out, buffer_view(value));
    buffer_byte(&t->out, '\n');
}

static void heading(struct testing *t)
{
    buffer_visible(&t->out, t->pack->folder);
    buffer_c(&t->out, "/tests.yaml:");
    buffer_unsigned(&t->out, t->test->at.line);
    buffer_c(&t->out, ": failed: ");
    buffer_text(&t->out, cell_text(&t->test->id));
    buffer_byte(&t->out, '\n');
}

/* Ends a difference: what stands in expected, actual, fired. */
static void differ(struct testing *t)
{
    struct buffer *parts[] = {&t->expected, &t->actual, &t->fired};
    const char *names[] = {"expected", "actual", "fired"};
    if (!t->json && t->differences == 0)
        heading(t);
    if (t->json)
        buffer_c(&t->out, t->differences ? ",{" : "{");
    for (int i = 0; i < 3; i++) {
        if (t->json) {
            buffer_c(&t->out, i ? ",\"" : "\"");
            buffer_c(&t->out, names[i]);
            buffer_c(&t->out, "\":");
            buffer_json(&t->out, buffer_view(parts[i]));
        } else if (parts[i]->size) {
            line(t, names[i], parts[i]);
        }
        t->out.failed |= parts[i]->failed;
        buffer_clear(parts[i]);
    }
    if (t->json)
        buffer_c(&t->out, "}");
    t->differences++;
}

static void expect_verdict(struct testing *t, const struct cells *ids, enum verdict wanted)
{
    for (unsigned i = 0; i < ids->count; i++) {
        uint32_t c = kb_conclusion(t->kb, cell_text(&ids->at[i]));
        if (verdict_for(t, c, NONE) == wanted) {
            coverage_note_expected(t->coverage, c, wanted);
            continue;
        }
        buffer_text(&t->expected, t->kb->conclusions[c].id);
        buffer_c(&t->expected, " is ");
        add_verdict(&t->expected, wanted);
        tell_actual(t, c, NONE);
        tell_fired(t, c, NONE);
        differ(t);
    }
}

static bool is_as_expected(const struct testing *t, const struct pack_present *p, uint32_t c,
                           uint32_t partner)
{
    struct interval certainty = certainty_of(t, c, partner);
    return verdict_for(t, c, partner) == VERDICT_PRESENT &&
           (!cell_given(&p->at_least) || certainty.lo >= p->at_least.number - CLOSE) &&
           (!cell_given(&p->at_most) || certainty.hi <= p->at_most.number + CLOSE) &&
           (!cell_given(&p->severity) ||
            level_for(t, c, partner) == (enum level)p->severity.number);
}

static void expect_present(struct testing *t, const struct pack_present *p)
{
    uint32_t c = kb_conclusion(t->kb, cell_text(&p->id)), partner = NONE;
    struct buffer *b = &t->expected;
    if (cell_given(&p->partner))
        partner = inference_partner(t->inference, cell_text(&p->partner));
    if (is_as_expected(t, p, c, partner)) {
        coverage_note_expected(t->coverage, c, VERDICT_PRESENT);
        return;
    }
    buffer_text(b, t->kb->conclusions[c].id);
    buffer_c(b, " is present");
    if (partner != NONE) {
        buffer_c(b, " for ");
        buffer_visible(b, cell_text(&p->partner));
    }
    const struct cell *bounds[] = {&p->at_least, &p->at_most};
    for (int i = 0; i < 2; i++)
        if (cell_given(bounds[i])) {
            buffer_c(b, i ? ", at most " : ", at least ");
            add_short(b, bounds[i]->number);
        }
    if (cell_given(&p->severity)) {
        buffer_c(b, ", severity ");
        buffer_text(b, cell_text(&p->severity));
    }
    tell_actual(t, c, partner);
    tell_fired(t, c, partner);
    differ(t);
}

static void add_ids(struct buffer *b, const struct kb *kb, const uint32_t *conclusions,
                    uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        buffer_c(b, i ? ", " : "");
        buffer_text(b, kb->conclusions[conclusions[i]].id);
    }
    buffer_c(b, count ? "" : "no other conclusion");
}

/* `id` is present because of `of`: that is a premise of a rule that surely fired for it. */
static void expect_link(struct testing *t, const struct pack_link *l)
{
    uint32_t effect = kb_conclusion(t->kb, cell_text(&l->id));
    uint32_t cause = kb_conclusion(t->kb, cell_text(&l->of));
    const struct finding *f = inference_finding(t->inference, effect);
    bool is_present = f && f->verdict == VERDICT_PRESENT;
    for (uint32_t i = 0; is_present && i < f->cause_count; i++)
        if (f->causes[i] == cause)
            return;
    buffer_text(&t->expected, cell_text(&l->id));
    buffer_c(&t->expected, " is present because of ");
    buffer_text(&t->expected, cell_text(&l->of));
    if (is_present) {
        buffer_text(&t->actual, cell_text(&l->id));
        buffer_c(&t->actual, " is present because of ");
        add_ids(&t->actual, t->kb, f->causes, f->cause_count);
    } else {
        tell_actual(t, effect, NONE);
    }
    tell_fired(t, effect, NONE);
    differ(t);
}

static uint32_t plan_place(const struct testing *t, struct text remedy, uint32_t from)
{
    const struct case_view *v = &t->inference->view;
    while (from < v->plan_count && !text_equal(t->kb->remedies[v->plan[from].remedy].id, remedy))
        from++;
    return from;
}

/* In this order, among those given. */
static void expect_remedies(struct testing *t, const struct cells *ids)
{
    const struct case_view *v = &t->inference->view;
    uint32_t at = 0;
    bool ok = true;
    for (unsigned i = 0; ok && i < ids->count; i++) {
        at = plan_place(t, cell_text(&ids->at[i]), at);
        ok = at < v->plan_count;
        at++;
    }
    if (ok)
        return;
    buffer_c(&t->expected, "the plan holds, in this order: ");
    for (unsigned i = 0; i < ids->count; i++) {
        buffer_c(&t->expected, i ? ", " : "");
        buffer_text(&t->expected, cell_text(&ids->at[i]));
    }
    buffer_c(&t->actual, "the plan is: ");
    for (uint32_t i = 0; i < v->plan_count; i++) {
        buffer_c(&t->actual, i ? ", " : "");
        buffer_text(&t->actual, t->kb->remedies[v->plan[i].remedy].id);
    }
    buffer_c(&t->actual, v->plan_count ? "" : "empty");
    differ(t);
}

static void compare(struct testing *t)
{
    const struct pack_expect *e = t->test->expect;
    for (unsigned i = 0; i < e->present_count; i++)
        expect_present(t, &e->present[i]);
    expect_verdict(t, &e->absent, VERDICT_ABSENT);
    expect_verdict(t, &e->undetermined, VERDICT_UNDETERMINED);
    expect_verdict(t, &e->not_assessed, VERDICT_NOT_ASSESSED);
    for (unsigned i = 0; i < e->because_count; i++)
        expect_link(t, &e->because[i]);
    expect_remedies(t, &e->remedies);
}

/* --- the cases ------------------------------------------------------------------------------- */

static void read_case(void *ctx)
{
    struct testing *t = ctx;
    const struct pack_test *test = t->test;
    enum pack_form form = cell_given(&test->form) ? (enum pack_form)test->form.number : FORM_GIVEN;
    sheet_init(&t->sheet, t->kb, form, &t->arena);
    sheet_read(&t->sheet, &test->facts, test->respondents, test->respondents_count, test->at.span,
               t->problems);
}

static void json_head(struct testing *t, bool is_first)
{
    buffer_c(&t->out, is_first ? "{\"id\":" : ",\n {\"id\":");
    buffer_json(&t->out, cell_text(&t->test->id));
    buffer_c(&t->out, ",\"pack\":");
    buffer_json(&t->out, cell_text(&t->pack->id));
    buffer_c(&t->out, ",\"line\":");
    buffer_unsigned(&t->out, t->test->at.line);
    buffer_c(&t->out, ",\"differences\":[");
}

static bool run_case(struct testing *t)
{
    arena_reset(&t->arena);
    if (!arena_run(&t->arena, read_case, t))
        return api_no_memory(t->problems);
    struct put put = sheet_put(&t->sheet);
    struct cases *cases = sheet_block_new(&t->sheet, cell_text(&t->test->id), false, t->problems);
    t->inference = cases ? inference_new(t->kb, &put, cases, t->problems) : NULL;
    bool ok = t->inference != NULL;
    if (ok) {
        bool is_first = t->counts->passed + t->counts->failed == 0;
        if (t->json)
            json_head(t, is_first);
        t->differences = 0;
        compare(t);
        coverage_note(t->coverage, &t->inference->view);
        if (t->json)
            buffer_c(&t->out, t->differences ? "],\"passed\":false}" : "],\"passed\":true}");
        *(t->differences ? &t->counts->failed : &t->counts->passed) += 1;
    }
    inference_free(t->inference);
    cases_free(cases);
    return ok;
}

static bool run_packs(struct testing *t)
{
    const struct model *m = t->kb->model;
    for (uint32_t p = 0; p < m->pack_count; p++) {
        t->pack = m->packs[p];
        for (unsigned i = 0; i < t->pack->tests_count; i++) {
            t->test = &t->pack->tests[i];
            if (!run_case(t))
                return false;
        }
    }
    return true;
}

bool entente_kb_test(const struct entente_kb *kb, bool json, struct entente_coverage *coverage,
                     entente_write write, void *ctx, struct entente_test_counts *counts,
                     struct entente_problems *problems)
{
    struct testing t = {.kb = kb_inside(kb),
                        .json = json,
                        .coverage = coverage,
                        .counts = counts,
                        .problems = problems_inside(problems)};
    struct buffer *buffers[] = {&t.out, &t.expected, &t.actual, &t.fired};
    *counts = (struct entente_test_counts){0, 0};
    for (int i = 0; i < 4; i++)
        buffer_init(buffers[i]);
    arena_init(&t.arena, 0);
    buffer_c(&t.out, json ? "[" : "");
    bool ok = run_packs(&t);
    buffer_c(&t.out, json ? "]" : "");
    ok = ok && api_write(&t.out, write, ctx, t.problems);
    arena_deinit(&t.arena);
    for (int i = 0; i < 4; i++)
        buffer_deinit(buffers[i]);
    return ok;
}
