/* write_plan: what to do, on the page of a case.
 * In: the plan of a view. Out: paragraphs. Next: write_page.c. The one idea: nobody begins with
 * twenty remedies, so the first have their steps, and the others a line each. */
#include "report/teller.h"

enum { IN_FULL = 3 };

static enum phrase graded(enum phrase first, unsigned grade)
{
    return (enum phrase)((unsigned)first + (grade < 1 ? 0 : grade > 3 ? 2 : grade - 1));
}

static void horizon(struct teller *t, struct text horizon)
{
    static const struct {
        const char *word;
        enum phrase phrase;
    } WORDS[] = {{"weeks", PHRASE_HORIZON_WEEKS},
                 {"months", PHRASE_HORIZON_MONTHS},
                 {"years", PHRASE_HORIZON_YEARS}};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (!text_is(horizon, WORDS[i].word))
            continue;
        page_c(&t->page, ", ");
        page_phrase(&t->page, WORDS[i].phrase);
    }
}

/* "For: ..."; of a remedy that keeps up what works, "To keep up: ...". */
static void treated(struct teller *t, const struct planned *planned)
{
    bool keeps = true;
    for (uint32_t i = 0; i < planned->treat_count; i++)
        keeps &= t->kb->conclusions[planned->treats[i]].kind == CONCLUSION_STRENGTH;
    page_phrase(&t->page, keeps ? PHRASE_KEEPS_UP : PHRASE_FOR_DIAGNOSES);
    teller_labels(t, planned->treats, planned->treat_count);
}

static void title(struct teller *t, const struct remedy *r)
{
    page_strong(&t->page, r->title);
    page_c(&t->page, " (");
    page_text(&t->page, r->id);
    page_c(&t->page, ")");
}

static void in_full(struct teller *t, const struct planned *planned)
{
    struct page *p = &t->page;
    const struct remedy *r = &t->kb->remedies[planned->remedy];
    title(t, r);
    page_end(p, 1, MARK_NUMBER);
    treated(t, planned);
    page_phrase(p, PHRASE_SEMICOLON);
    page_phrase(p, graded(PHRASE_EFFORT_1, r->effort));
    page_c(p, ", ");
    page_phrase(p, graded(PHRASE_IMPACT_1, r->impact));
    horizon(t, r->horizon);
    page_end(p, 2, MARK_NONE);
    for (uint32_t i = 0; i < r->step_count; i++) {
        if (r->steps[i].who.size > 0) {
            page_text(p, r->steps[i].who);
            page_phrase(p, PHRASE_COLON);
        }
        page_text(p, r->steps[i].what);
        page_end(p, 2, MARK_BULLET);
    }
    if (r->sign.size > 0) {
        page_phrase(p, PHRASE_FIRST_SIGN);
        page_text(p, r->sign);
        page_end(p, 2, MARK_NONE);
    }
}

static void in_short(struct teller *t, const struct planned *planned)
{
    title(t, &t->kb->remedies[planned->remedy]);
    page_phrase(&t->page, PHRASE_STOP);
    treated(t, planned);
    page_end(&t->page, 1, MARK_NUMBER);
}

void tell_plan(struct teller *t)
{
    const struct case_view *v = t->v;
    uint32_t full = t->r->options.whole_plan ? v->plan_count : IN_FULL;
    if (v->plan_count > 0)
        page_heading(&t->page, PHRASE_PLAN);
    for (uint32_t i = 0; i < v->plan_count; i++) {
        if (i == full)
            page_paragraph(&t->page, PHRASE_PLAN_REST);
        if (i < full)
            in_full(t, &v->plan[i]);
        else
            in_short(t, &v->plan[i]);
    }
}
