/* write_page: one case for people: what holds, what does not, why, and where to begin.
 * In: a case view. Out: paragraphs on a page (terminal or Markdown). The one idea: the order is
 * that of a conversation with both partners: strengths first, then what is wrong and what to do,
 * then honestly what is not known. */
#include "report/teller.h"

/* --- small pieces ----------------------------------------------------------------------------- */

void teller_partner(struct teller *t, uint32_t partner)
{
    struct text name = report_partner_name(t->c, partner);
    if (name.size > 0) {
        page_text(&t->page, name);
        return;
    }
    char digits[32];
    page_phrase(&t->page, PHRASE_PARTNER);
    page_c(&t->page, " ");
    page_text(&t->page, (struct text){digits, number_unsigned(digits, partner + 1)});
}

struct text teller_label(const struct teller *t, uint32_t conclusion)
{
    const struct conclusion *c = &t->kb->conclusions[conclusion];
    return c->label.size > 0 ? c->label : c->id;
}

void teller_labels(struct teller *t, const uint32_t *conclusions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        page_c(&t->page, i ? ", " : "");
        page_text(&t->page, teller_label(t, conclusions[i]));
    }
}

static bool is_of(const struct teller *t, const struct finding *f, enum verdict verdict,
                  enum conclusion_kind kind)
{
    return f->verdict == verdict && t->kb->conclusions[f->conclusion].kind == kind;
}

static enum phrase how_sure(double certainty)
{
    return certainty >= 0.8   ? PHRASE_ALMOST_CERTAIN
           : certainty >= 0.6 ? PHRASE_VERY_LIKELY
           : certainty >= 0.4 ? PHRASE_LIKELY
                              : PHRASE_POSSIBLE;
}

/* --- what is present -------------------------------------------------------------------------- */

static void present_line(struct teller *t, const struct finding *f, enum mark mark)
{
    static const enum phrase LEVELS[LEVEL_COUNT] = {
        [LEVEL_LOW] = PHRASE_LEVEL_LOW,
        [LEVEL_MEDIUM] = PHRASE_LEVEL_MEDIUM,
        [LEVEL_HIGH] = PHRASE_LEVEL_HIGH,
    };
    struct page *p = &t->page;
    page_strong(p, teller_label(t, f->conclusion));
    page_phrase(p, PHRASE_COLON);
    page_phrase(p, how_sure(f->certainty.lo));
    page_c(p, " (");
    page_certainty(p, f->certainty.lo);
    page_c(p, ")");
    if (f->level != LEVEL_NONE) {
        page_c(p, ", ");
        page_phrase(p, LEVELS[f->level]);
    }
    page_end(p, 1, mark);
}

static void seen_by(struct teller *t, const struct finding *f)
{
    if (t->v->partners < 2 || t->kb->conclusions[f->conclusion].about_partnership)
        return;
    bool any = false;
    for (uint32_t p = 0; p < t->v->partners; p++) {
        uint32_t at = t->v->partner_from + p;
        if (is_side_hidden(t->c, p) ||
            infer_verdict(t->v->in, f->conclusion, SCOPE_PARTNER, at) != VERDICT_PRESENT)
            continue;
        if (any)
            page_c(&t->page, ", ");
        else
            page_phrase(&t->page, PHRASE_SEEN_BY);
        any = true;
        teller_partner(t, p);
        page_c(&t->page, " (");
        page_certainty(&t->page, infer_certainty(t->v->in, f->conclusion, SCOPE_PARTNER, at).lo);
        page_c(&t->page, ")");
    }
    if (any)
        page_end(&t->page, 2, MARK_NONE);
}

static void because(struct teller *t, const uint32_t *rules, uint32_t count, enum phrase title)
{
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        struct text because = t->kb->rules[rules[i]].because;
        if (because.size == 0 || !explain_speaks_where_present(t->v, rules[i]))
            continue;
        if (!any) {
            page_phrase(&t->page, title);
            page_end(&t->page, 2, MARK_NONE);
        }
        any = true;
        page_text(&t->page, because);
        page_end(&t->page, 3, MARK_BULLET);
    }
}

static void present_details(struct teller *t, const struct finding *f)
{
    const struct conclusion *c = &t->kb->conclusions[f->conclusion];
    if (c->summary.size > 0) {
        page_text(&t->page, c->summary);
        page_end(&t->page, 2, MARK_NONE);
    }
    seen_by(t, f);
    because(t, f->reasons, f->rule_count, PHRASE_BECAUSE);
    because(t, f->reasons_against, f->rule_against_count, PHRASE_SPEAKS_AGAINST);
    if (f->cause_count > 0) {
        page_phrase(&t->page, PHRASE_COMES_FROM);
        teller_labels(t, f->causes, f->cause_count);
        page_end(&t->page, 2, MARK_NONE);
    }
}

/* Without a level a diagnosis is a statement about the answers. */
static bool is_about_answers(const struct teller *t, uint32_t conclusion)
{
    const struct conclusion *c = &t->kb->conclusions[conclusion];
    return c->kind == CONCLUSION_DIAGNOSIS && c->level == LEVEL_NONE;
}

static uint32_t present(struct teller *t, enum conclusion_kind kind, bool about_answers,
                        enum phrase heading, enum mark mark)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < t->v->finding_count; i++) {
        const struct finding *f = &t->v->findings[i];
        if (!is_of(t, f, VERDICT_PRESENT, kind) ||
            is_about_answers(t, f->conclusion) != about_answers)
            continue;
        if (count++ == 0)
            page_heading(&t->page, heading);
        present_line(t, f, mark);
        present_details(t, f);
    }
    return count;
}

/* Absent diagnoses: those with some evidence, or those without. */
static void absent(struct teller *t, bool faint)
{
    bool any = false;
    for (uint32_t i = 0; i < t->v->absent_count; i++) {
        const uint32_t at = t->v->absent[i];
        double lo = infer_certainty(t->v->in, at, SCOPE_PARTNERSHIP, t->v->tile_case).lo;
        if (t->kb->conclusions[at].kind != CONCLUSION_DIAGNOSIS || is_about_answers(t, at) ||
            (lo > 0) != faint)
            continue;
        if (any)
            page_c(&t->page, ", ");
        else
            page_phrase(&t->page, faint ? PHRASE_FAINT : PHRASE_NOT_NOTED);
        any = true;
        page_text(&t->page, teller_label(t, at));
    }
    if (any)
        page_end(&t->page, 1, MARK_NONE);
}

static bool is_decided(const struct teller *t)
{
    for (uint32_t i = 0; i < t->v->finding_count; i++)
        if (is_of(t, &t->v->findings[i], VERDICT_UNDETERMINED, CONCLUSION_DIAGNOSIS))
            return false;
    return true;
}

static void problems(struct teller *t)
{
    present(t, CONCLUSION_DIAGNOSIS, true, PHRASE_ABOUT_ANSWERS, MARK_OPEN);
    if (present(t, CONCLUSION_DIAGNOSIS, false, PHRASE_PROBLEMS, MARK_BAD) == 0) {
        page_heading(&t->page, PHRASE_PROBLEMS);
        page_phrase(&t->page, is_decided(t) ? PHRASE_NOTHING_PRESENT : PHRASE_NOTHING_YET);
        page_end(&t->page, 1, MARK_NONE);
    }
    absent(t, true);
    absent(t, false);
}

/* --- the profile -------------------------------------------------------------------------------
 */

static void profile(struct teller *t)
{
    if (t->v->profile_count > 0)
        page_heading(&t->page, PHRASE_PROFILE);
    for (uint32_t i = 0; i < t->v->profile_count; i++) {
        const struct profile_entry *e = &t->v->profile[i];
        const struct dimension *d = &t->kb->dimensions[e->dimension];
        page_text(&t->page, d->label.size > 0 ? d->label : d->id);
        page_phrase(&t->page, PHRASE_COLON);
        for (uint32_t p = 0; p < t->v->partners; p++) {
            if (p > 0)
                page_phrase(&t->page, PHRASE_BOUNDS);
            if (t->v->partners > 1) {
                teller_partner(t, p);
                page_c(&t->page, " ");
            }
            if (is_side_hidden(t->c, p))
                page_phrase(&t->page, PHRASE_NOT_SHOWN);
            else if (e->answers[p] > 0)
                page_number(&t->page, e->score[p], 1);
            else
                page_phrase(&t->page, PHRASE_NO_ANSWER);
        }
        page_end(&t->page, 1, MARK_NONE);
    }
}

static void hidden(struct teller *t)
{
    char digits[32];
    bool any = false;
    struct text least = {digits, number_unsigned(digits, t->r->options.min_respondents)};
    for (uint32_t p = 0; p < t->v->partners; p++) {
        if (!is_side_hidden(t->c, p))
            continue;
        if (any)
            page_c(&t->page, ", ");
        else
            page_phrase_with(&t->page, PHRASE_SIDES_HIDDEN, least, TEXT(""));
        any = true;
        teller_partner(t, p);
    }
    if (any)
        page_end(&t->page, 1, MARK_NONE);
}

/* --- the case --------------------------------------------------------------------------------- */

static void head(struct teller *t)
{
    struct page *p = &t->page;
    const struct case_view *v = t->v;
    char room[MADE_NAME];
    page_text(p, report_case_name(t->r, t->c->block, v->tile, v->tile_case, room));
    page_title(p);
    bool named = v->partners > 1 || (v->partners == 1 && report_partner_name(t->c, 0).size > 0);
    for (uint32_t i = 0; i < v->partners && named; i++) {
        if (i > 0 && i + 1 == v->partners)
            page_phrase(p, PHRASE_AND);
        else
            page_c(p, i ? ", " : "");
        teller_partner(t, i);
    }
    page_c(p, named ? ", " : "");
    page_counted(p, PHRASE_CASE_LINE_ONE, PHRASE_CASE_LINE_MANY, v->respondents);
    page_c(p, ", ");
    char digits[32];
    struct text share = {digits, number_fixed(digits, v->answered.lo * 100, 0)};
    page_phrase_with(p, PHRASE_ANSWERED_SHARE, share, TEXT(""));
    page_end(p, 0, MARK_NONE);
}

void write_page(const struct one_case *c)
{
    struct report_pen *pen = c->pen;
    const struct report *r = pen->r;
    struct teller t = {
        .c = c,
        .page = {.out = c->out,
                 .line = &pen->line,
                 .scratch = &pen->scratch,
                 .tongue = r->tongue,
                 .markdown = r->options.format == REPORT_MARKDOWN,
                 .color = r->options.color && r->options.format == REPORT_TEXT,
                 .width = r->options.width ? r->options.width : 80},
        .arena = &pen->arena,
        .r = r,
        .kb = r->kb,
        .v = c->view,
    };
    buffer_clear(&pen->line);
    head(&t);
    present(&t, CONCLUSION_STRENGTH, false, PHRASE_STRENGTHS, MARK_GOOD);
    problems(&t);
    tell_plan(&t);
    tell_open(&t);
    if (r->options.findings)
        present(&t, CONCLUSION_FINDING, false, PHRASE_INNER, MARK_BULLET);
    profile(&t);
    hidden(&t);
    page_close(&t.page);
}
