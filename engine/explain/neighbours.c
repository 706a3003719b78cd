/* In: the case of a view, changes. Out: neighbours of it, inferred in one block. Next: whatif.c,
 * clearing.c. Only what is asked about is compiled, so that thousands of neighbours cost little. */
#include "explain/neighbours.h"

#include "explain/reads.h"

bool neighbours_init(struct neighbours *n, const struct case_view *v, const bool *wanted,
                     struct problems *problems)
{
    const struct kb *kb = kb_of(v);
    const struct put put = *program_put(infer_program(v->in));
    *n = (struct neighbours){.v = v, .base = v->tile->block, .problems = problems};
    n->base_case = v->tile->case_from + v->tile_case;
    n->program =
        program_new_for(kb, &put, wanted ? PROGRAM_CERTAINTY : PROGRAM_REPORT, wanted, problems);
    n->infer = n->program ? infer_new(n->program, problems) : NULL;
    n->block = n->infer ? cases_new(kb, &put) : NULL;
    if (n->block)
        return true;
    if (n->infer)
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    neighbours_deinit(n);
    return false;
}

void neighbours_deinit(struct neighbours *n)
{
    cases_free(n->block);
    infer_free(n->infer);
    program_free(n->program);
    *n = (struct neighbours){0};
}

void neighbours_clear(struct neighbours *n)
{
    cases_clear(n->block);
}

/* Among answers to come a blank of a closed case stays what it is there: declined; a text, empty.
 */
static struct answer answer_of(const struct neighbours *n, uint32_t q, uint32_t row, bool opened)
{
    const struct column *c = &n->base->columns[q];
    struct answer a = {.code = c->code[row], .text = {"", 0}};
    if (c->number)
        a.number = c->number[row];
    if (c->ticked)
        a.ticked = c->ticked[row];
    if (c->texts && a.code < CODE_SKIPPED && a.code != CODE_BLANK)
        a.text = c->texts[row];
    if (a.code == CODE_BLANK && opened)
        a.code = c->texts ? 1 : CODE_SKIPPED;
    return a;
}

static bool copy_case(struct neighbours *n, bool open)
{
    const struct cases *b = n->base;
    bool was_open = b->open[n->base_case];
    bool ok = cases_add_case(n->block, b->case_names[n->base_case], open || was_open);
    for (uint32_t p = b->partner_from[n->base_case]; ok && p < b->partner_from[n->base_case + 1];
         p++) {
        ok = cases_add_partner(n->block, b->partner_names[p]);
        for (uint32_t r = b->respondent_from[p]; ok && r < b->respondent_from[p + 1]; r++) {
            uint32_t at = n->block->respondent_count;
            ok = cases_add_respondent(n->block);
            for (uint32_t q = 0; ok && q < kb_of(n->v)->question_count; q++) {
                if (!b->columns[q].put)
                    continue;
                struct answer a = answer_of(n, q, r, open && !was_open);
                cases_set(n->block, q, at, &a);
            }
        }
    }
    return ok;
}

/* Of a partner everybody; of a fact the first respondent, whose answer it is. */
static void set_change(struct neighbours *n, uint32_t first_partner, const struct change *c,
                       bool open)
{
    struct cases *b = n->block;
    struct answer blank = {.code = CODE_BLANK, .text = {"", 0}};
    bool fact = c->partner == NONE;
    uint32_t p = first_partner + (fact ? 0 : c->partner);
    uint32_t from = b->respondent_from[p];
    uint32_t to = fact ? from + 1 : b->respondent_from[p + 1];
    for (uint32_t r = from; r < to; r++)
        cases_set(b, c->question, r, open ? &blank : &c->to);
    struct answer skipped = {.code = CODE_SKIPPED, .text = {"", 0}};
    for (uint32_t r = to; fact && r < b->respondent_count; r++)
        cases_set(b, c->question, r, &skipped);
}

bool neighbours_add(struct neighbours *n, const struct change *changes, size_t count, bool open)
{
    uint32_t first = n->block->partner_count;
    if (!copy_case(n, open)) {
        problem_add(n->problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        set_change(n, first, &changes[i], open);
    return true;
}

struct each_neighbour {
    void (*call)(void *ctx, uint32_t index, const struct infer *in, const struct tile *t,
                 uint32_t tile_case);
    void *ctx;
};

static bool each_tile(const struct infer *in, const struct tile *t, void *ctx)
{
    struct each_neighbour *e = ctx;
    for (uint32_t c = 0; c < t->case_count; c++)
        e->call(e->ctx, t->case_from + c, in, t, c);
    return true;
}

bool neighbours_run(struct neighbours *n,
                    void (*each)(void *ctx, uint32_t index, const struct infer *in,
                                 const struct tile *t, uint32_t tile_case),
                    void *ctx)
{
    struct each_neighbour e = {each, ctx};
    return infer_run(n->infer, n->block, each_tile, &e, n->problems);
}

static double above(double threshold, double certainty)
{
    return certainty >= threshold - 1e-9 ? 0.01 + certainty - threshold : 0;
}

double neighbour_above(const struct case_view *v, const struct infer *in, const struct tile *t,
                       uint32_t tile_case, uint32_t conclusion, bool surely)
{
    const struct conclusion *co = &kb_of(v)->conclusions[conclusion];
    uint32_t at = t->case_from + tile_case, from = t->block->partner_from[at] - t->partner_from;
    double sum = 0;
    if (co->about_partnership) {
        struct interval c = infer_certainty(in, conclusion, SCOPE_PARTNERSHIP, tile_case);
        return above(co->threshold, surely ? c.lo : c.hi);
    }
    for (uint32_t p = 0; p < v->partners; p++) {
        struct interval c = infer_certainty(in, conclusion, SCOPE_PARTNER, from + p);
        sum += above(co->threshold, surely ? c.lo : c.hi);
    }
    return sum;
}

/* --- what may be changed ------------------------------------------------------------------------
 */

struct wanting {
    const struct kb *kb;
    bool *conclusions, *questions;
    bool grew;
};

static void want(const struct node *n, void *ctx)
{
    struct wanting *w = ctx;
    enum node_reads reads = node_reads(n->kind);
    bool *of = reads == READS_CONCLUSION ? w->conclusions
               : reads == READS_QUESTION ? w->questions
                                         : NULL;
    if (!of || of[n->ref])
        return;
    of[n->ref] = w->grew = true;
}

static void want_condition(struct wanting *w, const struct node *n)
{
    if (n)
        node_walk(n, want, w);
}

static void want_all(struct wanting *w)
{
    do {
        w->grew = false;
        for (uint32_t c = 0; c < w->kb->conclusion_count; c++) {
            const struct conclusion *co = &w->kb->conclusions[c];
            if (!w->conclusions[c])
                continue;
            want_condition(w, co->needs);
            for (uint32_t k = 0; k < co->rule_count; k++)
                want_condition(w, w->kb->rules[co->rules[k]].when);
        }
        for (uint32_t q = 0; q < w->kb->question_count; q++)
            if (w->questions[q])
                want_condition(w, w->kb->questions[q].ask_if);
    } while (w->grew);
}

bool *conclusions_read(struct arena *a, const struct kb *kb, uint32_t conclusion)
{
    struct wanting w = {kb, arena_array(a, kb->conclusion_count + (size_t)1, 1),
                        arena_array(a, kb->question_count + (size_t)1, 1), false};
    w.conclusions[conclusion] = true;
    want_all(&w);
    return w.conclusions;
}

static bool has_value(const struct case_view *v, uint32_t q, uint32_t partner)
{
    const struct cases *b = v->tile->block;
    uint32_t p = v->tile->partner_from + v->partner_from + partner;
    for (uint32_t r = b->respondent_from[p]; r < b->respondent_from[p + 1]; r++) {
        uint8_t code = b->columns[q].code[r];
        if (code != CODE_BLANK && code < CODE_SKIPPED)
            return true;
    }
    return false;
}

size_t actionable(struct arena *a, const struct case_view *v, const bool *wanted,
                  struct change **out)
{
    const struct kb *kb = kb_of(v);
    struct wanting w = {kb, arena_array(a, kb->conclusion_count + (size_t)1, 1),
                        arena_array(a, kb->question_count + (size_t)1, 1), false};
    size_t n = 0;
    for (uint32_t c = 0; c < kb->conclusion_count; c++)
        w.conclusions[c] = !wanted || wanted[c];
    want_all(&w);
    *out = arena_array(a, (size_t)kb->question_count * v->partners, sizeof **out);
    for (uint32_t q = 0; q < kb->question_count; q++) {
        enum answer_kind kind = kb->questions[q].kind;
        bool can =
            kind == KIND_SCALE || kind == KIND_YESNO || kind == KIND_ONE_OF || kind == KIND_MANY_OF;
        if (!w.questions[q] || !can || kb->questions[q].about_partnership ||
            !v->tile->block->columns[q].put)
            continue;
        for (uint32_t p = 0; p < v->partners; p++)
            if (has_value(v, q, p))
                (*out)[n++] = (struct change){.question = q, .partner = p};
    }
    return n;
}

/* What the partner's first respondent with a value said. */
static struct answer said(const struct case_view *v, const struct change *c)
{
    const struct cases *b = v->tile->block;
    const struct column *col = &b->columns[c->question];
    uint32_t p = v->tile->partner_from + v->partner_from + (c->partner == NONE ? 0 : c->partner);
    struct answer a = {.code = CODE_BLANK, .text = {"", 0}};
    for (uint32_t r = b->respondent_from[p]; r < b->respondent_from[p + 1]; r++) {
        if (col->code[r] == CODE_BLANK || col->code[r] >= CODE_SKIPPED)
            continue;
        a.code = col->code[r];
        a.ticked = col->ticked ? col->ticked[r] : 0;
        a.number = col->number ? col->number[r] : 0;
        break;
    }
    return a;
}

/* All respondents of the partner say this already. */
static bool is_said(const struct case_view *v, const struct change *c, const struct answer *a)
{
    const struct cases *b = v->tile->block;
    const struct column *col = &b->columns[c->question];
    uint32_t p = v->tile->partner_from + v->partner_from + c->partner;
    for (uint32_t r = b->respondent_from[p]; r < b->respondent_from[p + 1]; r++)
        if (col->code[r] != a->code || (col->ticked && col->ticked[r] != a->ticked))
            return false;
    return true;
}

/* many_of: with one choice more or less. */
bool other_value(const struct case_view *v, const struct change *c, uint32_t i, struct answer *out)
{
    const struct question *q = &kb_of(v)->questions[c->question];
    uint32_t count = q->kind == KIND_YESNO ? 2 : q->choice_count, seen = 0;
    struct answer now = said(v, c);
    for (uint32_t k = 0; k < count; k++) {
        *out = (struct answer){.code = (uint8_t)(k + 1), .text = {"", 0}};
        if (q->kind == KIND_MANY_OF) {
            out->code = 1;
            out->ticked = now.ticked ^ UINT64_C(1) << k;
        }
        if (!is_said(v, c, out) && seen++ == i)
            return true;
    }
    return false;
}

uint32_t distance_of(const struct case_view *v, const struct change *c)
{
    const struct question *q = &kb_of(v)->questions[c->question];
    struct answer now = said(v, c);
    if (q->kind != KIND_SCALE)
        return 1;
    return now.code > c->to.code ? (uint32_t)now.code - c->to.code
                                 : (uint32_t)c->to.code - now.code;
}

/* --- saying it ---------------------------------------------------------------------------------
 */

static void put_value(const struct question *q, const struct answer *a, struct buffer *out)
{
    if (a->code == CODE_BLANK || a->code == CODE_SKIPPED)
        buffer_byte(out, '-');
    else if (q->kind == KIND_TEXT && a->code < CODE_SKIPPED)
        buffer_visible(out, a->text);
    else
        answer_write(q, a, out);
}

void put_changes(const struct case_view *v, enum tongue t, const struct change *changes,
                 size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct question *q = &kb_of(v)->questions[changes[i].question];
        struct answer now = said(v, &changes[i]);
        buffer_c(out, i ? ", " : "");
        if (changes[i].partner != NONE && partner_name(v, changes[i].partner).size) {
            buffer_visible(out, partner_name(v, changes[i].partner));
            buffer_text(out, phrase_text(t, PHRASE_COLON));
        }
        buffer_text(out, q->id);
        buffer_byte(out, ' ');
        if (q->kind == KIND_TEXT && now.code != CODE_BLANK && now.code < CODE_SKIPPED)
            buffer_c(out, "\xE2\x80\xA6"); /* what somebody wrote is not quoted */
        else
            put_value(q, &now, out);
        buffer_c(out, " → ");
        put_value(q, &changes[i].to, out);
    }
}

void put_changes_json(const struct case_view *v, const struct change *changes, size_t count,
                      struct buffer *out)
{
    struct buffer value;
    buffer_init(&value);
    buffer_c(out, "\"changes\":[");
    for (size_t i = 0; i < count; i++) {
        const struct question *q = &kb_of(v)->questions[changes[i].question];
        buffer_c(out, i ? ",{\"question\":" : "{\"question\":");
        buffer_json(out, q->id);
        buffer_c(out, ",\"partner\":");
        if (changes[i].partner == NONE)
            buffer_c(out, "null");
        else
            buffer_json(out, partner_name(v, changes[i].partner));
        buffer_c(out, ",\"to\":");
        buffer_clear(&value);
        put_value(q, &changes[i].to, &value);
        buffer_json(out, buffer_view(&value));
        buffer_byte(out, '}');
    }
    buffer_byte(out, ']');
    out->failed |= value.failed;
    buffer_deinit(&value);
}
