/* proof_text: a proof for people, in lines.
 * In: proofs. Out: indented text in one of the languages of phrases.def. The one idea: everything
 * is said with the numbers that were used, so that it can be checked by hand. */
#include "explain/proof.h"

enum { STEP = 2, LONGEST_CONDITION = 200 };

struct writer {
    const struct case_view *v;
    enum tongue tongue;
    struct buffer *out;
    struct buffer scratch;
    unsigned indent;
};

/* --- small pieces ----------------------------------------------------------------------------- */

static void start(struct writer *w)
{
    buffer_repeat(w->out, ' ', w->indent);
}

static void end(struct writer *w)
{
    buffer_byte(w->out, '\n');
}

static void say(struct writer *w, enum phrase p)
{
    buffer_text(w->out, phrase_text(w->tongue, p));
}

static void heading(struct writer *w, enum phrase p)
{
    start(w);
    say(w, p);
    end(w);
    w->indent += STEP;
}

static void certainty(struct writer *w, double x)
{
    buffer_fixed(w->out, x, 4);
}

static void interval(struct writer *w, struct interval x)
{
    if (x.lo == x.hi) {
        certainty(w, x.lo);
        return;
    }
    buffer_byte(w->out, '[');
    certainty(w, x.lo);
    buffer_c(w->out, ", ");
    certainty(w, x.hi);
    buffer_byte(w->out, ']');
}

/* A value that was read: at most four places, no zeros at the end. */
static void value(struct writer *w, double x)
{
    char digits[32];
    size_t size = number_fixed(digits, x, 4);
    while (digits[size - 1] == '0')
        size--;
    if (digits[size - 1] == '.')
        size--;
    buffer_text(w->out, (struct text){digits, size});
}

static void values(struct writer *w, struct interval x)
{
    if (x.lo == x.hi) {
        value(w, x.lo);
        return;
    }
    buffer_byte(w->out, '[');
    value(w, x.lo);
    buffer_c(w->out, ", ");
    value(w, x.hi);
    buffer_byte(w->out, ']');
}

static void condition(struct writer *w, const struct node *n)
{
    buffer_clear(&w->scratch);
    condition_print(n, &kb_of(w->v)->names_of, &w->scratch);
    struct text t = buffer_view(&w->scratch);
    size_t cut = t.size;
    if (cut > LONGEST_CONDITION) {
        cut = LONGEST_CONDITION;
        while (cut > 0 && ((unsigned char)t.at[cut] & 0xC0) == 0x80)
            cut--;
    }
    buffer_flowing(w->out, (struct text){t.at, cut});
    if (cut < t.size)
        buffer_c(w->out, "…");
}

static void name_partner(struct writer *w, uint32_t partner)
{
    if (partner == NONE) {
        say(w, PHRASE_THE_PARTNERSHIP);
        return;
    }
    struct text name = partner_name(w->v, partner);
    if (name.size > 0) {
        buffer_visible(w->out, name);
        return;
    }
    say(w, PHRASE_PARTNER);
    buffer_byte(w->out, ' ');
    buffer_unsigned(w->out, partner + 1);
}

static void verdict(struct writer *w, enum verdict v)
{
    static const enum phrase WORDS[] = {PHRASE_PRESENT, PHRASE_UNDETERMINED, PHRASE_ABSENT,
                                        PHRASE_NOT_ASSESSED};
    say(w, WORDS[v]);
}

static void verdict_and_certainty(struct writer *w, enum verdict v, struct interval x)
{
    say(w, PHRASE_COLON);
    verdict(w, v);
    if (v == VERDICT_NOT_ASSESSED)
        return;
    say(w, PHRASE_COMMA_CERTAINTY);
    interval(w, x);
}

static void answers(struct writer *w, uint32_t n)
{
    phrase_counted(w->out, w->tongue, PHRASE_ONE_ANSWER, PHRASE_MANY_ANSWERS, n);
}

/* --- what a leaf read ------------------------------------------------------------------------- */

static void state_of_question(struct writer *w, const struct read *r)
{
    buffer_c(w->out, " (");
    switch (r->state) {
    case READ_UNANSWERED: say(w, PHRASE_NO_ANSWER); break;
    case READ_NOT_APPLICABLE: say(w, PHRASE_DOES_NOT_APPLY); break;
    case READ_NOT_PUT: say(w, PHRASE_NOT_PUT); break;
    case READ_FEW_PARTNERS: say(w, PHRASE_FEW_PARTNERS); break;
    case READ_UNSETTLED:
        answers(w, r->answers);
        say(w, PHRASE_COMMA_UNSETTLED);
        break;
    default: answers(w, r->answers); break;
    }
    buffer_byte(w->out, ')');
}

static void read_choice(struct writer *w, const struct read *r)
{
    const struct question *q = &kb_of(w->v)->questions[r->question];
    if (r->code == 0 || r->code == CODE_NA)
        return;
    buffer_c(w->out, " = ");
    if (q->kind == KIND_YESNO)
        buffer_c(w->out, r->code == YESNO_YES ? "yes" : "no");
    else
        buffer_text(w->out, q->choices[r->code - 1].id);
}

static void read_of_question(struct writer *w, const struct read *r)
{
    bool named = r->node->kind == NODE_DISAGREE || node_type(r->node->kind) == TYPE_NUMBER;
    if (named)
        condition(w, r->node);
    else
        buffer_text(w->out, kb_of(w->v)->questions[r->question].id);
    if (r->is_number && r->state != READ_NOT_APPLICABLE) {
        buffer_c(w->out, " = ");
        values(w, r->value);
    }
    read_choice(w, r);
    state_of_question(w, r);
}

static void read_of_conclusion(struct writer *w, const struct leaf *l, const struct read *r)
{
    bool fact = kb_of(w->v)->conclusions[r->conclusion].about_partnership;
    buffer_text(w->out, kb_of(w->v)->conclusions[r->conclusion].id);
    if (r->is_number) {
        buffer_c(w->out, " = ");
        interval(w, r->value);
    }
    buffer_c(w->out, " (");
    verdict(w, verdict_of(w->v, r->conclusion, fact ? NONE : l->partner));
    buffer_byte(w->out, ')');
}

static void read_one(struct writer *w, const struct leaf *l, const struct read *r)
{
    if (r->question != NONE) {
        read_of_question(w, r);
    } else if (r->conclusion != NONE) {
        read_of_conclusion(w, l, r);
    } else if (r->node->kind == NODE_PARTNER_IS || r->node->kind == NODE_PARTNER_MATCHES) {
        buffer_c(w->out, "partner = ");
        name_partner(w, l->partner);
    } else {
        condition(w, r->node);
        buffer_c(w->out, " = ");
        values(w, r->value);
    }
}

static void reads(struct writer *w, const struct leaf *l)
{
    if (l->over_partners) {
        name_partner(w, l->partner);
        say(w, PHRASE_COLON);
    }
    for (uint32_t i = 0; i < l->read_count; i++) {
        if (i > 0)
            buffer_c(w->out, ", ");
        read_one(w, l, &l->reads[i]);
    }
}

static void truth(struct writer *w, const struct leaf *l)
{
    if (!l->in_play) {
        say(w, PHRASE_OUT_OF_PLAY_WORD);
        return;
    }
    bool sharp = (l->strength.lo == 0 || l->strength.lo == 1) &&
                 (l->strength.hi == 0 || l->strength.hi == 1);
    if (!sharp)
        interval(w, l->strength);
    else
        say(w, l->strength.lo == 1   ? PHRASE_TRUE
               : l->strength.hi == 1 ? PHRASE_UNKNOWN
                                     : PHRASE_FALSE);
}

static void leaf_lines(struct writer *w, const struct proof_rule *r)
{
    for (uint32_t i = 0; i < r->leaf_count; i++) {
        start(w);
        if (r->leaf_count > 1) {
            condition(w, r->leaves[i].node);
            say(w, PHRASE_COLON);
            truth(w, &r->leaves[i]);
            say(w, PHRASE_SEMICOLON);
        }
        reads(w, &r->leaves[i]);
        end(w);
    }
}

/* --- a rule ----------------------------------------------------------------------------------- */

static void proof_lines(struct writer *w, const struct proof *p, bool whole);

static void name_rule(struct writer *w, const struct proof *p, const struct proof_rule *r)
{
    buffer_text(w->out, r->rule->id);
    if (p->partner == NONE && r->partner != NONE) {
        buffer_c(w->out, ", ");
        name_partner(w, r->partner);
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
    heading(w, PHRASE_HANGS_ON);
    for (uint32_t i = 0; i < r->unanswered_count; i++) {
        const struct unanswered *u = &r->unanswered[i];
        const struct question *q = &kb_of(w->v)->questions[u->question];
        start(w);
        buffer_text(w->out, q->id);
        say(w, PHRASE_COLON);
        say(w, PHRASE_QUOTE_OPEN);
        buffer_flowing(w->out, q->text);
        say(w, PHRASE_QUOTE_CLOSE);
        if (u->partner != NONE) {
            buffer_c(w->out, " (");
            name_partner(w, u->partner);
            buffer_byte(w->out, ')');
        }
        end(w);
    }
    w->indent -= STEP;
}

/* What no rule spoke for or against is said by the leaf already. */
static bool is_worth_opening(const struct proof *p)
{
    return p->term_count > 0 || !p->needs_met || p->verdict == VERDICT_NOT_ASSESSED;
}

static void premise_lines(struct writer *w, const struct proof_rule *r)
{
    w->indent += STEP;
    for (uint32_t i = 0; i < r->premise_count; i++) {
        const struct premise *p = &r->premises[i];
        if (p->proof) {
            if (is_worth_opening(p->proof))
                proof_lines(w, p->proof, false);
            continue;
        }
        start(w);
        buffer_text(w->out, kb_of(w->v)->conclusions[p->conclusion].id);
        say(w, p->above ? PHRASE_SHOWN_ABOVE : PHRASE_TOO_DEEP);
        end(w);
    }
    w->indent -= STEP;
}

static void product_of_rule(struct writer *w, const struct proof_rule *r)
{
    double weight = r->rule->certainty < 0 ? -r->rule->certainty : r->rule->certainty;
    start(w);
    say(w, PHRASE_STRENGTH);
    interval(w, r->strength);
    say(w, PHRASE_TIMES_CERTAINTY);
    certainty(w, weight);
    buffer_c(w->out, " = ");
    interval(w, r->evidence);
    end(w);
}

static void rule_lines(struct writer *w, const struct proof *p, const struct proof_rule *r)
{
    start(w);
    name_rule(w, p, r);
    place(w, r->rule);
    if (r->rule->because.size > 0) {
        say(w, PHRASE_COLON);
        buffer_flowing(w->out, r->rule->because);
    }
    end(w);
    w->indent += STEP;
    start(w);
    say(w, PHRASE_IF);
    condition(w, r->rule->written ? r->rule->written : r->rule->when);
    end(w);
    w->indent += STEP;
    leaf_lines(w, r);
    w->indent -= STEP;
    premise_lines(w, r);
    product_of_rule(w, r);
    unanswered_lines(w, r);
    w->indent -= STEP;
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
            heading(w, title);
        any = true;
        rule_lines(w, p, &p->rules[i]);
    }
    if (any)
        w->indent -= STEP;
}

static void idle_lines(struct writer *w, const struct proof *p)
{
    bool any = false;
    for (uint32_t i = 0; i < p->rule_count; i++) {
        const struct proof_rule *r = &p->rules[i];
        if (r->state != RULE_IDLE)
            continue;
        if (!any)
            heading(w, PHRASE_WITHOUT_EFFECT);
        any = true;
        start(w);
        name_rule(w, p, r);
        say(w, PHRASE_COLON);
        for (uint32_t k = 0; k < r->leaf_count; k++) {
            if (k > 0)
                say(w, PHRASE_SEMICOLON);
            reads(w, &r->leaves[k]);
        }
        end(w);
    }
    if (any)
        w->indent -= STEP;
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
            heading(w, PHRASE_OUT_OF_PLAY);
        any = true;
        start(w);
        buffer_text(w->out, r->rule->id);
        if (r->not_put_count > 0)
            say(w, PHRASE_QUESTIONS_NOT_PUT);
        for (uint32_t k = 0; k < r->not_put_count; k++) {
            buffer_c(w->out, k ? ", " : "");
            buffer_text(w->out, kb_of(w->v)->questions[r->not_put[k]].id);
        }
        end(w);
    }
    if (any)
        w->indent -= STEP;
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
        certainty(w, x);
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
    certainty(w, x);
}

static void quotient(struct writer *w, const struct proof_end *e)
{
    if (e->p == e->n) {
        buffer_c(w->out, "P = N");
    } else {
        bool in_favour = e->p < e->n;
        buffer_c(w->out, in_favour ? "1 - P/N = 1 - " : "N/P - 1 = ");
        certainty(w, in_favour ? e->p : e->n);
        buffer_c(w->out, " / ");
        certainty(w, in_favour ? e->n : e->p);
        buffer_c(w->out, in_favour ? "" : " - 1");
    }
    buffer_c(w->out, e->p == e->n ? ", 0" : " = ");
    if (e->p != e->n)
        certainty(w, e->certainty);
}

static void end_line(struct writer *w, const struct proof *p, bool lowest, enum phrase title)
{
    const struct proof_end *e = lowest ? &p->lowest : &p->highest;
    start(w);
    say(w, title);
    bool in_favour = has_factor(p, false, lowest), against = has_factor(p, true, lowest);
    if (!in_favour && !against) {
        certainty(w, 0);
    } else if (!against) {
        buffer_c(w->out, "1 - ");
        factors(w, p, false, lowest);
        buffer_c(w->out, " = ");
        certainty(w, e->certainty);
    } else {
        side_line(w, p, false, lowest, e->p);
        buffer_c(w->out, ", ");
        side_line(w, p, true, lowest, e->n);
        buffer_c(w->out, ", ");
        quotient(w, e);
    }
    end(w);
}

static void group_lines(struct writer *w, const struct proof *p)
{
    for (uint32_t i = 0; i < p->term_count; i++) {
        if (p->terms[i].rule_count < 2)
            continue;
        start(w);
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
        end(w);
    }
}

static void product_lines(struct writer *w, const struct proof *p)
{
    if (p->term_count == 0) {
        start(w);
        say(w, PHRASE_NO_EVIDENCE);
        end(w);
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
    start(w);
    say(w, PHRASE_NEEDS_NOT_MET);
    condition(w, kb_of(w->v)->conclusions[p->conclusion].needs);
    end(w);
}

static void body_lines(struct writer *w, const struct proof *p, bool whole)
{
    if (p->verdict == VERDICT_NOT_ASSESSED) {
        start(w);
        say(w, PHRASE_NO_RULE_COULD_SPEAK);
        end(w);
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
    start(w);
    if (!whole) {
        name_conclusion(w, p->conclusion);
        buffer_c(w->out, ", ");
    }
    name_partner(w, p->partner);
    verdict_and_certainty(w, p->verdict, p->certainty);
    end(w);
    w->indent += STEP;
    body_lines(w, p, whole);
    w->indent -= STEP;
}

void explain_how(struct arena *a, const struct case_view *v, uint32_t conclusion,
                 struct text language, struct buffer *out)
{
    uint32_t count;
    struct proof **proofs = proof_new(a, v, conclusion, &count);
    struct writer w = {.v = v, .tongue = tongue_find(language), .out = out};
    buffer_init(&w.scratch);
    name_conclusion(&w, conclusion);
    verdict_and_certainty(&w, verdict_of(v, conclusion, NONE), certainty_of(v, conclusion, NONE));
    say(&w, PHRASE_COMMA_THRESHOLD);
    certainty(&w, kb_of(v)->conclusions[conclusion].threshold);
    end(&w);
    for (uint32_t i = 0; i < count; i++) {
        end(&w);
        proof_lines(&w, proofs[i], true);
    }
    if (w.scratch.failed)
        out->failed = true;
    buffer_deinit(&w.scratch);
}
