/* write_open: what is not known, on the page of a case.
 * In: what is undetermined or not assessed in a view. Out: paragraphs. Next: write_page.c. The one
 * idea: whatever is open is said with the answers that would settle it, or with what stands in the
 * way. */
#include "report/teller.h"

enum { MOST_QUESTIONS = 6 };

static void question(struct teller *t, const struct unanswered *u)
{
    const struct question *q = &t->kb->questions[u->question];
    page_phrase(&t->page, PHRASE_QUOTE_OPEN);
    page_text(&t->page, q->text.size > 0 ? q->text : q->id);
    page_phrase(&t->page, PHRASE_QUOTE_CLOSE);
    if (u->partner != NONE && t->v->partners > 1 && !is_side_hidden(t->c, u->partner)) {
        page_c(&t->page, " (");
        teller_partner(t, u->partner);
        page_c(&t->page, ")");
    }
    page_end(&t->page, 3, MARK_BULLET);
}

/* A question that several hidden sides have not answered stands once, without a name. */
static uint32_t join_hidden(const struct teller *t, struct unanswered *list, uint32_t count)
{
    uint32_t kept = 0, last = NONE;
    for (uint32_t i = 0; i < count; i++) {
        bool is_hidden = list[i].partner != NONE && is_side_hidden(t->c, list[i].partner);
        if (is_hidden && list[i].question == last)
            continue;
        if (is_hidden)
            last = list[i].question;
        list[kept++] = list[i];
    }
    return kept;
}

/* False: no answer is missing. */
static bool questions(struct teller *t, uint32_t conclusion)
{
    struct unanswered *list;
    uint32_t count = explain_unanswered(t->arena, t->v, conclusion, &list);
    count = join_hidden(t, list, count);
    if (count == 0)
        return false;
    page_phrase(&t->page, PHRASE_WOULD_SETTLE);
    page_end(&t->page, 2, MARK_NONE);
    uint32_t shown = count <= MOST_QUESTIONS ? count : MOST_QUESTIONS - 1;
    for (uint32_t i = 0; i < shown; i++)
        question(t, &list[i]);
    if (shown == count)
        return true;
    page_counted(&t->page, PHRASE_AND_MORE_ONE, PHRASE_AND_MORE_MANY, count - shown);
    page_end(&t->page, 3, MARK_BULLET);
    return true;
}

static void open_line(struct teller *t, const struct finding *f)
{
    char lo[32], hi[32];
    struct text a = phrase_number(t->page.tongue, lo, f->certainty.lo, 4);
    struct text b = phrase_number(t->page.tongue, hi, f->certainty.hi, 4);
    page_strong(&t->page, teller_label(t, f->conclusion));
    page_phrase(&t->page, PHRASE_COLON);
    page_phrase_with(&t->page, PHRASE_BETWEEN, a, b);
    page_end(&t->page, 1, MARK_OPEN);
}

/* What is needed, in words where there are words for it, else as the rule has it. */
static void needed(struct teller *t, const struct node *n)
{
    struct page *p = &t->page;
    if (n->kind == NODE_AND) {
        for (uint32_t i = 0; i < n->count; i++) {
            if (i > 0)
                page_phrase(p, PHRASE_SEMICOLON);
            needed(t, n->args[i]);
        }
    } else if (n->kind == NODE_GREATER_EQUAL && !n->negated && n->args[0]->kind == NODE_PARTNERS &&
               n->args[1]->kind == NODE_NUMBER) {
        char digits[32];
        struct text least = {digits, number_fixed(digits, n->args[1]->number, 0)};
        page_phrase_with(p, PHRASE_NEEDS_PARTIES, least, TEXT(""));
    } else if ((n->kind == NODE_PRESENT || n->kind == NODE_PREMISE) && !n->negated) {
        page_text(p, teller_label(t, n->ref));
    } else if (n->kind == NODE_ALL && n->args[0]->kind == NODE_PRESENT && !n->args[0]->negated) {
        page_phrase_with(p, PHRASE_NEEDS_EVERY, teller_label(t, n->args[0]->ref), TEXT(""));
    } else {
        struct buffer text;
        buffer_init(&text);
        condition_print(n, &t->kb->names_of, &text);
        page_text(p, buffer_view(&text));
        p->line->failed = p->line->failed || text.failed;
        buffer_deinit(&text);
    }
}

static void needs_line(struct teller *t, const struct node *needs)
{
    page_phrase(&t->page, PHRASE_NEEDS_FIRST);
    needed(t, needs);
    page_end(&t->page, 2, MARK_NONE);
}

/* Conclusions that lack the same thing share a line. */
static void without_needs(struct teller *t, bool *told, uint32_t from)
{
    const struct case_view *v = t->v;
    const struct node *needs = t->kb->conclusions[v->findings[from].conclusion].needs;
    bool any = false;
    for (uint32_t i = from; i < v->finding_count; i++) {
        const struct finding *f = &v->findings[i];
        const struct node *other = t->kb->conclusions[f->conclusion].needs;
        if (told[i] || !other || !node_equal(needs, other) || explain_needs_met(v, f->conclusion))
            continue;
        told[i] = true;
        page_c(&t->page, any ? ", " : "");
        any = true;
        page_strong(&t->page, teller_label(t, f->conclusion));
    }
    page_end(&t->page, 1, MARK_OPEN);
    needs_line(t, needs);
    questions(t, v->findings[from].conclusion);
}

static void undecided(struct teller *t)
{
    const struct case_view *v = t->v;
    bool *told = arena_array(t->arena, v->finding_count, sizeof *told);
    bool any = false;
    for (uint32_t i = 0; i < v->finding_count; i++) {
        const struct finding *f = &v->findings[i];
        bool skipped = t->kb->conclusions[f->conclusion].kind == CONCLUSION_FINDING;
        told[i] = f->verdict != VERDICT_UNDETERMINED || skipped;
        if (told[i])
            continue;
        if (!any)
            page_heading(&t->page, PHRASE_TO_SETTLE);
        any = true;
        if (!explain_needs_met(v, f->conclusion))
            continue;
        told[i] = true;
        open_line(t, f);
        if (questions(t, f->conclusion))
            continue;
        page_phrase(&t->page, PHRASE_NO_ANSWER_SETTLES);
        page_end(&t->page, 2, MARK_NONE);
    }
    for (uint32_t i = 0; i < v->finding_count; i++)
        if (!told[i])
            without_needs(t, told, i);
}

static void not_looked_at(struct teller *t)
{
    if (t->v->not_assessed_count == 0)
        return;
    page_heading(&t->page, PHRASE_NOT_LOOKED_AT);
    page_phrase(&t->page, PHRASE_NO_QUESTION);
    teller_labels(t, t->v->not_assessed, t->v->not_assessed_count);
    page_end(&t->page, 1, MARK_NONE);
}

void tell_open(struct teller *t)
{
    undecided(t);
    not_looked_at(t);
}
