/* tell: the pieces of a proof for people.
 * In: numbers, names, leaves. Out: words of one language. Next: proof_text.c. The one idea:
 * whatever packs and people wrote is made visible here and nowhere else. */
#include "explain/tell.h"

enum { LONGEST_CONDITION = 200, LONGEST_PATTERN = 60 }; /* characters shown */

/* --- small pieces ----------------------------------------------------------------------------- */

void tell_indent(struct writer *w)
{
    buffer_repeat(w->out, ' ', w->indent);
}

void tell_end(struct writer *w)
{
    buffer_byte(w->out, '\n');
}

void tell(struct writer *w, enum phrase p)
{
    buffer_text(w->out, phrase_text(w->tongue, p));
}

void tell_heading(struct writer *w, enum phrase p)
{
    tell_indent(w);
    tell(w, p);
    tell_end(w);
    w->indent += TELL_STEP;
}

void tell_certainty(struct writer *w, double x)
{
    buffer_fixed(w->out, x, 4);
}

static void between(struct writer *w, struct interval x, void (*put)(struct writer *, double))
{
    if (x.lo == x.hi) {
        put(w, x.lo);
        return;
    }
    buffer_byte(w->out, '[');
    put(w, x.lo);
    buffer_c(w->out, ", ");
    put(w, x.hi);
    buffer_byte(w->out, ']');
}

void tell_interval(struct writer *w, struct interval x)
{
    between(w, x, tell_certainty);
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

void tell_condition(struct writer *w, const struct node *n)
{
    buffer_clear(&w->scratch);
    condition_print_short(n, &kb_of(w->v)->names_of, LONGEST_PATTERN, &w->scratch);
    w->out->failed = w->out->failed || w->scratch.failed;
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

void tell_partner(struct writer *w, uint32_t partner)
{
    if (partner == NONE) {
        tell(w, PHRASE_THE_PARTNERSHIP);
        return;
    }
    struct text name = partner_name(w->v, partner);
    if (name.size > 0) {
        buffer_visible(w->out, name);
        return;
    }
    tell(w, PHRASE_PARTNER);
    buffer_byte(w->out, ' ');
    buffer_unsigned(w->out, partner + 1);
}

static void verdict(struct writer *w, enum verdict v)
{
    static const enum phrase WORDS[] = {PHRASE_PRESENT, PHRASE_UNDETERMINED, PHRASE_ABSENT,
                                        PHRASE_NOT_ASSESSED};
    tell(w, WORDS[v]);
}

void tell_verdict(struct writer *w, enum verdict v, struct interval x)
{
    tell(w, PHRASE_COLON);
    verdict(w, v);
    if (v == VERDICT_NOT_ASSESSED)
        return;
    tell(w, PHRASE_COMMA_CERTAINTY);
    tell_interval(w, x);
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
    case READ_UNANSWERED: tell(w, PHRASE_NO_ANSWER); break;
    case READ_NOT_APPLICABLE: tell(w, PHRASE_DOES_NOT_APPLY); break;
    case READ_NOT_PUT: tell(w, PHRASE_NOT_PUT); break;
    case READ_FEW_PARTNERS: tell(w, PHRASE_FEW_PARTNERS); break;
    case READ_UNSETTLED:
        answers(w, r->answers);
        tell(w, PHRASE_COMMA_UNSETTLED);
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
        tell_condition(w, r->node);
    else
        buffer_text(w->out, kb_of(w->v)->questions[r->question].id);
    if (r->is_number && r->state != READ_NOT_APPLICABLE) {
        buffer_c(w->out, " = ");
        between(w, r->value, value);
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
        tell_interval(w, r->value);
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
        tell_partner(w, l->partner);
    } else {
        tell_condition(w, r->node);
        buffer_c(w->out, " = ");
        between(w, r->value, value);
    }
}

void tell_reads(struct writer *w, const struct leaf *l)
{
    if (l->over_partners) {
        tell_partner(w, l->partner);
        tell(w, PHRASE_COLON);
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
        tell(w, PHRASE_OUT_OF_PLAY_WORD);
        return;
    }
    bool sharp = (l->strength.lo == 0 || l->strength.lo == 1) &&
                 (l->strength.hi == 0 || l->strength.hi == 1);
    if (!sharp)
        tell_interval(w, l->strength);
    else
        tell(w, l->strength.lo == 1   ? PHRASE_TRUE
                : l->strength.hi == 1 ? PHRASE_UNKNOWN
                                      : PHRASE_FALSE);
}

void tell_leaves(struct writer *w, const struct proof_rule *r)
{
    for (uint32_t i = 0; i < r->leaf_count; i++) {
        tell_indent(w);
        if (r->leaf_count > 1) {
            tell_condition(w, r->leaves[i].node);
            tell(w, PHRASE_COLON);
            truth(w, &r->leaves[i]);
            tell(w, PHRASE_SEMICOLON);
        }
        tell_reads(w, &r->leaves[i]);
        tell_end(w);
    }
}
