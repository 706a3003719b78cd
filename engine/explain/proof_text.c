/* proof_text: a proof for people, in lines.
 * In: proofs. Out: indented text in one of the languages of phrases.def. The one idea: everything
 * is said with the numbers that were used, so that it can be checked by hand. */
#include "explain/tell.h"

/* --- a rule ----------------------------------------------------------------------------------- */

static void proof_lines(struct writer *w, const struct proof *p, bool whole);

static void name_rule(struct writer *w, const struct proof *p, const struct proof_rule *r)
{
    buffer_text(w->out, r->rule->id);
    if (p->partner == NONE && r->partner != NONE) {
        buffer_c(w->out, ", ");
        tell_partner(w, r->partner);
    }
}

static void place(struct writer *w, const struct rule *r)
{
    if (r->place.line == 0)
        return;
    buffer_c(w->out, " (");
    buffer_visible(w->out, r->place.file);
    buffer_byte(w->out, ':');
    buffer_unsigned(w->out, r->place.line);
    buffer_byte(w->out, ')');
}

static void unanswered_lines(struct writer *w, const struct proof_rule *r)
{
    if (r->unanswered_count == 0)
        return;
    tell_heading(w, PHRASE_HANGS_ON);
    for (uint32_t i = 0; i < r->unanswered_count; i++) {
        const struct unanswered *u = &r->unanswered[i];
        const struct question *q = &kb_of(w->v)->questions[u->question];
        tell_indent(w);
        buffer_text(w->out, q->id);
        tell(w, PHRASE_COLON);
        tell(w, PHRASE_QUOTE_OPEN);
        buffer_flowing(w->out, q->text);
        tell(w, PHRASE_QUOTE_CLOSE);
        if (u->partner != NONE) {
            buffer_c(w->out, " (");
            tell_partner(w, u->partner);
            buffer_byte(w->out, ')');
        }
        tell_end(w);
    }
    w->indent -= TELL_STEP;
}

/* What no rule spoke for or against is said by the leaf already. */
static bool is_worth_opening(const struct proof *p)
{
    return p->term_count > 0 || !p->needs_met || p->verdict == VERDICT_NOT_ASSESSED;
}

static void premise_lines(struct writer *w, const struct proof_rule *r)
{
    w->indent += TELL_STEP;
    for (uint32_t i = 0; i < r->premise_count; i++) {
        const struct premise *p = &r->premises[i];
        if (p->proof) {
            if (is_worth_opening(p->proof))
                proof_lines(w, p->proof, false);
            continue;
        }
        tell_indent(w);
        buffer_text(w->out, kb_of(w->v)->conclusions[p->conclusion].id);
        tell(w, p->above ? PHRASE_SHOWN_ABOVE : PHRASE_TOO_DEEP);
        tell_end(w);
    }
    w->indent -= TELL_STEP;
}

static void product_of_rule(struct writer *w, const struct proof_rule *r)
{
    double weight = r->rule->certainty < 0 ? -r->rule->certainty : r->rule->certainty;
    tell_indent(w);
    tell(w, PHRASE_STRENGTH);
    tell_interval(w, r->strength);
    tell(w, PHRASE_TIMES_CERTAINTY);
    tell_certainty(w, weight);
    buffer_c(w->out, " = ");
    tell_interval(w, r->evidence);
    tell_end(w);
}

static void rule_lines(struct writer *w, const struct proof *p, const struct proof_rule *r)
{
    tell_indent(w);
    name_rule(w, p, r);
    place(w, r->rule);
    if (r->state == RULE_POSSIBLE && r->rule->certainty < 0) {
        char digits[32];
        struct text certainty = phrase_number(w->tongue, digits, r->rule->certainty, 4);
        phrase_put(w->out, w->tongue, PHRASE_WOULD_SPEAK_AGAINST, certainty, TEXT(""));
    }
    if (r->rule->because.size > 0) {
        tell(w, PHRASE_COLON);
        buffer_flowing(w->out, r->rule->because);
    }
    tell_end(w);
    w->indent += TELL_STEP;
    tell_indent(w);
    tell(w, PHRASE_IF);
    tell_condition(w, r->rule->written ? r->rule->written : r->rule->when);
    tell_end(w);
    w->indent += TELL_STEP;
    tell_leaves(w, r);
    w->indent -= TELL_STEP;
    premise_lines(w, r);
    product_of_rule(w, r);
    unanswered_lines(w, r);
    w->indent -= TELL_STEP;
}

static bool belongs(const struct proof_rule *r, enum rule_state state, bool against)
{
    return r->state == state && (state > RULE_FIRED || (r->rule->certainty < 0) == against);
}

static void rules_of(struct writer *w, const struct proof *p, enum rule_state state, bool against,
                     enum phrase title)
{
    bool any = false;
    for (uint32_t i = 0; i < p->rule_count; i++) {
        if (!belongs(&p->rules[i], state, against))
            continue;
        if (!any)
            tell_heading(w, title);
        any = true;
        rule_lines(w, p, &p->rules[i]);
    }
    if (any)
        w->indent -= TELL_STEP;
}

static void idle_lines(struct writer *w, const struct proof *p)
{
    bool any = false;
    for (uint32_t i = 0; i < p->rule_count; i++) {
        const struct proof_rule *r = &p->rules[i];
        if (r->state != RULE_IDLE)
            continue;
        if (!any)
            tell_heading(w, PHRASE_WITHOUT_EFFECT);
        any = true;
        tell_indent(w);
        name_rule(w, p, r);
        tell(w, PHRASE_COLON);
        for (uint32_t k = 0; k < r->leaf_count; k++) {
            if (k > 0)
                tell(w, PHRASE_SEMICOLON);
            tell_reads(w, &r->leaves[k]);
        }
        tell_end(w);
    }
    if (any)
        w->indent -= TELL_STEP;
}

static void out_of_play_lines(struct writer *w, const struct proof *p)
{
    bool any = false;
    const struct rule *last = NULL;
    for (uint32_t i = 0; i < p->rule_count; i++) {
        const struct proof_rule *r = &p->rules[i];
        if (r->state != RULE_OUT_OF_PLAY || r->rule == last)
            continue;
        last = r->rule;
        if (!any)
            tell_heading(w, PHRASE_OUT_OF_PLAY);
        any = true;
        tell_indent(w);
        buffer_text(w->out, r->rule->id);
        if (r->not_put_count > 0)
            tell(w, PHRASE_QUESTIONS_NOT_PUT);
        for (uint32_t k = 0; k < r->not_put_count; k++) {
            buffer_c(w->out, k ? ", " : "");
            buffer_text(w->out, kb_of(w->v)->questions[r->not_put[k]].id);
        }
        tell_end(w);
    }
    if (any)
        w->indent -= TELL_STEP;
}

/* --- the product ------------------------------------------------------------------------------ */

static double factor(const struct proof_term *t, bool against, bool lowest)
{
    struct interval x = against ? t->against : t->in_favour;
    return against == lowest ? x.hi : x.lo;
}

/* (1 - 0.7000) × (1 - 0.4000); returns how many factors it has. */
static unsigned factors(struct writer *w, const struct proof *p, bool against, bool lowest)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < p->term_count; i++) {
        double x = factor(&p->terms[i], against, lowest);
        if (x <= 0)
            continue;
        if (count++ > 0)
            buffer_c(w->out, " × ");
        buffer_c(w->out, "(1 - ");
        tell_certainty(w, x);
        buffer_byte(w->out, ')');
    }
    return count;
}

static bool has_factor(const struct proof *p, bool against, bool lowest)
{
    for (uint32_t i = 0; i < p->term_count; i++)
        if (factor(&p->terms[i], against, lowest) > 0)
            return true;
    return false;
}

static void side_line(struct writer *w, const struct proof *p, bool against, bool lowest, double x)
{
    buffer_c(w->out, against ? "N = " : "P = ");
    unsigned count = factors(w, p, against, lowest);
    if (count == 0) {
        buffer_byte(w->out, '1');
        return;
    }
    buffer_c(w->out, " = ");
    tell_certainty(w, x);
}

static void quotient(struct writer *w, const struct proof_end *e)
{
    if (e->p == e->n) {
        buffer_c(w->out, "P = N");
    } else {
        bool in_favour = e->p < e->n;
        buffer_c(w->out, in_favour ? "1 - P/N = 1 - " : "N/P - 1 = ");
        tell_certainty(w, in_favour ? e->p : e->n);
        buffer_c(w->out, " / ");
        tell_certainty(w, in_favour ? e->n : e->p);
        buffer_c(w->out, in_favour ? "" : " - 1");
    }
    buffer_c(w->out, e->p == e->n ? ", 0" : " = ");
    if (e->p != e->n)
        tell_certainty(w, e->certainty);
}

static void end_line(struct writer *w, const struct proof *p, bool lowest, enum phrase title)
{
    const struct proof_end *e = lowest ? &p->lowest : &p->highest;
    tell_indent(w);
    tell(w, title);
    bool in_favour = has_factor(p, false, lowest), against = has_factor(p, true, lowest);
    if (!in_favour && !against) {
        tell_certainty(w, 0);
    } else if (!against) {
        buffer_c(w->out, "1 - ");
        factors(w, p, false, lowest);
        buffer_c(w->out, " = ");
        tell_certainty(w, e->certainty);
    } else {
        side_line(w, p, false, lowest, e->p);
        buffer_c(w->out, ", ");
        side_line(w, p, true, lowest, e->n);
        buffer_c(w->out, ", ");
        quotient(w, e);
    }
    tell_end(w);
}

static void group_lines(struct writer *w, const struct proof *p)
{
    for (uint32_t i = 0; i < p->term_count; i++) {
        if (p->terms[i].rule_count < 2)
            continue;
        tell_indent(w);
        phrase_put(w->out, w->tongue, PHRASE_GROUP, p->terms[i].first->group, TEXT(""));
        const struct rule *last = NULL;
        for (uint32_t k = 0; k < p->rule_count; k++) {
            const struct rule *r = p->rules[k].rule;
            if (p->rules[k].state == RULE_OUT_OF_PLAY || r == last ||
                !text_equal(r->group, p->terms[i].first->group))
                continue;
            buffer_c(w->out, last ? ", " : "");
            buffer_text(w->out, r->id);
            last = r;
        }
        tell_end(w);
    }
}

static void product_lines(struct writer *w, const struct proof *p)
{
    if (p->term_count == 0) {
        tell_indent(w);
        tell(w, PHRASE_NO_EVIDENCE);
        tell_end(w);
        return;
    }
    group_lines(w, p);
    bool exact = true;
    for (uint32_t i = 0; i < p->term_count; i++)
        exact = exact && p->terms[i].in_favour.lo == p->terms[i].in_favour.hi &&
                p->terms[i].against.lo == p->terms[i].against.hi;
    if (exact) {
        end_line(w, p, true, PHRASE_PRODUCT);
        return;
    }
    end_line(w, p, true, PHRASE_PRODUCT_LOWEST);
    end_line(w, p, false, PHRASE_PRODUCT_HIGHEST);
}

/* --- a conclusion ----------------------------------------------------------------------------- */

static void needs_line(struct writer *w, const struct proof *p)
{
    if (p->needs_met)
        return;
    tell_indent(w);
    tell(w, PHRASE_NEEDS_NOT_MET);
    tell_condition(w, kb_of(w->v)->conclusions[p->conclusion].needs);
    tell_end(w);
}

static void body_lines(struct writer *w, const struct proof *p, bool whole)
{
    if (p->verdict == VERDICT_NOT_ASSESSED) {
        tell_indent(w);
        tell(w, PHRASE_NO_RULE_COULD_SPEAK);
        tell_end(w);
        out_of_play_lines(w, p);
        return;
    }
    rules_of(w, p, RULE_FIRED, false, PHRASE_IN_FAVOUR);
    rules_of(w, p, RULE_FIRED, true, PHRASE_AGAINST);
    rules_of(w, p, RULE_POSSIBLE, false, PHRASE_MIGHT_STILL);
    product_lines(w, p);
    needs_line(w, p);
    if (!whole)
        return;
    idle_lines(w, p);
    out_of_play_lines(w, p);
}

static void name_conclusion(struct writer *w, uint32_t conclusion)
{
    const struct conclusion *c = &kb_of(w->v)->conclusions[conclusion];
    if (c->label.size > 0) {
        buffer_flowing(w->out, c->label);
        buffer_c(w->out, " (");
        buffer_text(w->out, c->id);
        buffer_byte(w->out, ')');
    } else {
        buffer_text(w->out, c->id);
    }
}

static void proof_lines(struct writer *w, const struct proof *p, bool whole)
{
    tell_indent(w);
    if (!whole) {
        name_conclusion(w, p->conclusion);
        buffer_c(w->out, ", ");
    }
    tell_partner(w, p->partner);
    tell_verdict(w, p->verdict, p->certainty);
    tell_end(w);
    w->indent += TELL_STEP;
    body_lines(w, p, whole);
    w->indent -= TELL_STEP;
}

void explain_how(struct arena *a, const struct case_view *v, uint32_t conclusion,
                 struct text language, struct buffer *out)
{
    uint32_t count;
    struct proof **proofs = proof_new(a, v, conclusion, &count);
    struct writer w = {.v = v, .tongue = tongue_find(language), .out = out};
    buffer_init(&w.scratch);
    name_conclusion(&w, conclusion);
    tell_verdict(&w, verdict_of(v, conclusion, NONE), explain_certainty(v, conclusion, NONE));
    tell(&w, PHRASE_COMMA_THRESHOLD);
    tell_certainty(&w, kb_of(v)->conclusions[conclusion].threshold);
    tell_end(&w);
    for (uint32_t i = 0; i < count; i++) {
        tell_end(&w);
        proof_lines(&w, proofs[i], true);
    }
    buffer_deinit(&w.scratch);
}
