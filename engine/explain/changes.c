/* In: a case. Out: the answers in it that can be acted on, their other values, and changes in
 * words. Next: clearing.c, ways.c, whatif.c. */
#include "explain/neighbours.h"

#include "explain/reads.h"

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

static void put_value(const struct question *q, const struct answer *a, struct text nothing,
                      struct buffer *out)
{
    if (a->code == CODE_BLANK || a->code == CODE_SKIPPED)
        buffer_text(out, nothing);
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
            put_value(q, &now, phrase_text(t, PHRASE_NO_ANSWER_YET), out);
        buffer_c(out, " → ");
        put_value(q, &changes[i].to, TEXT(""), out);
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
        put_value(q, &changes[i].to, TEXT(""), &value);
        buffer_json(out, buffer_view(&value));
        buffer_byte(out, '}');
    }
    buffer_byte(out, ']');
    out->failed |= value.failed;
    buffer_deinit(&value);
}
