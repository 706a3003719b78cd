/* write_page: one case for people: what holds, what does not, why, and where to begin.
 * In: a case view. Out: paragraphs on a page (terminal or Markdown). The one idea: the order is
 * that of a conversation with both partners: strengths first, then what is wrong and what to do,
 * then honestly what is not known. */
#include "report/page.h"

enum { MOST_QUESTIONS = 6 };

struct teller {
    struct page page;
    const struct one_case *c;
    struct arena *arena;
    const struct report *r;
    const struct kb *kb;
    const struct case_view *v;
};

/* --- small pieces ----------------------------------------------------------------------------- */

static void name_partner(struct teller *t, uint32_t partner)
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

static struct text label_of(const struct teller *t, uint32_t conclusion)
{
    const struct conclusion *c = &t->kb->conclusions[conclusion];
    return c->label.size > 0 ? c->label : c->id;
}

static void labels(struct teller *t, const uint32_t *conclusions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        page_c(&t->page, i ? ", " : "");
        page_text(&t->page, label_of(t, conclusions[i]));
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
    page_strong(p, label_of(t, f->conclusion));
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
        name_partner(t, p);
        page_c(&t->page, " (");
        page_certainty(&t->page,
                       infer_certainty(t->v->in, f->conclusion, SCOPE_PARTNER, at).lo);
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
    because(t, f->rules, f->rule_count, PHRASE_BECAUSE);
    because(t, f->rules_against, f->rule_against_count, PHRASE_SPEAKS_AGAINST);
    if (f->cause_count > 0) {
        page_phrase(&t->page, PHRASE_COMES_FROM);
        labels(t, f->causes, f->cause_count);
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
        page_text(&t->page, label_of(t, at));
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

/* --- what to do ------------------------------------------------------------------------------- */

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

static void remedy(struct teller *t, const struct planned *planned)
{
    struct page *p = &t->page;
    const struct remedy *r = &t->kb->remedies[planned->remedy];
    page_strong(p, r->title);
    page_c(p, " (");
    page_text(p, r->id);
    page_c(p, ")");
    page_end(p, 1, MARK_NUMBER);
    page_phrase(p, PHRASE_FOR_DIAGNOSES);
    labels(t, planned->treats, planned->treat_count);
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

static void plan(struct teller *t)
{
    if (t->v->plan_count > 0)
        page_heading(&t->page, PHRASE_PLAN);
    for (uint32_t i = 0; i < t->v->plan_count; i++)
        remedy(t, &t->v->plan[i]);
}

/* --- what is not known ------------------------------------------------------------------------ */

static void question(struct teller *t, const struct unanswered *u)
{
    const struct question *q = &t->kb->questions[u->question];
    page_phrase(&t->page, PHRASE_QUOTE_OPEN);
    page_text(&t->page, q->text.size > 0 ? q->text : q->id);
    page_phrase(&t->page, PHRASE_QUOTE_CLOSE);
    if (u->partner != NONE && t->v->partners > 1 && !is_side_hidden(t->c, u->partner)) {
        page_c(&t->page, " (");
        name_partner(t, u->partner);
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

static void questions(struct teller *t, uint32_t conclusion)
{
    struct unanswered *list;
    uint32_t count = explain_unanswered(t->arena, t->v, conclusion, &list);
    count = join_hidden(t, list, count);
    if (count == 0)
        return;
    page_phrase(&t->page, PHRASE_WOULD_SETTLE);
    page_end(&t->page, 2, MARK_NONE);
    uint32_t shown = count <= MOST_QUESTIONS ? count : MOST_QUESTIONS - 1;
    for (uint32_t i = 0; i < shown; i++)
        question(t, &list[i]);
    if (shown == count)
        return;
    page_counted(&t->page, PHRASE_AND_MORE_ONE, PHRASE_AND_MORE_MANY, count - shown);
    page_end(&t->page, 3, MARK_BULLET);
}

static void open_line(struct teller *t, const struct finding *f)
{
    char lo[32], hi[32];
    struct text a = {lo, number_fixed(lo, f->certainty.lo, 4)};
    struct text b = {hi, number_fixed(hi, f->certainty.hi, 4)};
    page_strong(&t->page, label_of(t, f->conclusion));
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
        page_text(p, label_of(t, n->ref));
    } else if (n->kind == NODE_ALL && n->args[0]->kind == NODE_PRESENT && !n->args[0]->negated) {
        page_phrase_with(p, PHRASE_NEEDS_EVERY, label_of(t, n->args[0]->ref), TEXT(""));
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
        page_strong(&t->page, label_of(t, f->conclusion));
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
        questions(t, f->conclusion);
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
    labels(t, t->v->not_assessed, t->v->not_assessed_count);
    page_end(&t->page, 1, MARK_NONE);
}

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
            page_c(&t->page, p ? ", " : "");
            if (t->v->partners > 1) {
                name_partner(t, p);
                page_c(&t->page, " ");
            }
            if (is_side_hidden(t->c, p))
                page_phrase(&t->page, PHRASE_NOT_SHOWN);
            else if (e->answers[p] > 0)
                buffer_fixed(t->page.line, e->score[p], 1);
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
        name_partner(t, p);
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
        name_partner(t, i);
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
    plan(&t);
    undecided(&t);
    not_looked_at(&t);
    if (r->options.findings)
        present(&t, CONCLUSION_FINDING, false, PHRASE_INNER, MARK_BULLET);
    profile(&t);
    hidden(&t);
    page_close(&t.page);
}
