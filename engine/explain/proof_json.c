/* proof_json: a proof as one JSON object.
 * In: proofs. Out: JSON. The one idea: the same tree as proof_text.c, every number and name of it,
 * keys always there, so that a reader needs no language and no guessing. */
#include "explain/proof.h"

struct writer {
    const struct case_view *v;
    struct buffer *out;
    struct buffer scratch;
};

/* --- small pieces ----------------------------------------------------------------------------- */

static void key(struct writer *w, const char *name)
{
    char last = w->out->size ? w->out->at[w->out->size - 1] : '{';
    if (last != '{')
        buffer_byte(w->out, ',');
    buffer_byte(w->out, '"');
    buffer_c(w->out, name);
    buffer_c(w->out, "\":");
}

/* Between the elements of an array. */
static void comma(struct writer *w)
{
    if (w->out->size && w->out->at[w->out->size - 1] != '[')
        buffer_byte(w->out, ',');
}

static void interval(struct writer *w, struct interval x)
{
    buffer_byte(w->out, '[');
    buffer_fixed(w->out, x.lo, 4);
    buffer_byte(w->out, ',');
    buffer_fixed(w->out, x.hi, 4);
    buffer_byte(w->out, ']');
}

static void from_scratch(struct writer *w)
{
    w->out->failed = w->out->failed || w->scratch.failed;
    buffer_json(w->out, buffer_view(&w->scratch));
}

/* What is not assessed has none. */
static void certainty(struct writer *w, enum verdict v, struct interval x)
{
    key(w, "certainty");
    if (v == VERDICT_NOT_ASSESSED)
        buffer_c(w->out, "null");
    else
        interval(w, x);
}

static void condition(struct writer *w, const struct node *n)
{
    buffer_clear(&w->scratch);
    condition_print(n, &kb_of(w->v)->names_of, &w->scratch);
    from_scratch(w);
}

static void partner(struct writer *w, uint32_t p)
{
    if (p == NONE)
        buffer_c(w->out, "null");
    else
        buffer_json(w->out, partner_name(w->v, p));
}

static void optional(struct writer *w, struct text t)
{
    if (t.size == 0)
        buffer_c(w->out, "null");
    else
        buffer_json(w->out, t);
}

static struct text question_id_of(const struct writer *w, uint32_t question)
{
    return kb_of(w->v)->questions[question].id;
}

static struct text conclusion_id_of(const struct writer *w, uint32_t conclusion)
{
    return kb_of(w->v)->conclusions[conclusion].id;
}

static void boolean(struct writer *w, bool b)
{
    buffer_c(w->out, b ? "true" : "false");
}

/* --- leaves ----------------------------------------------------------------------------------- */

static void choice(struct writer *w, const struct read *r)
{
    const struct question *q = &kb_of(w->v)->questions[r->question];
    if (q->kind == KIND_YESNO)
        buffer_c(w->out, r->code == YESNO_YES ? "\"yes\"" : "\"no\"");
    else
        buffer_json(w->out, q->choices[r->code - 1].id);
}

static void read_one(struct writer *w, const struct leaf *l, const struct read *r)
{
    comma(w);
    buffer_byte(w->out, '{');
    key(w, "of");
    if (r->conclusion != NONE)
        buffer_json(w->out, conclusion_id_of(w, r->conclusion));
    else if (r->question != NONE && node_type(r->node->kind) != TYPE_NUMBER)
        buffer_json(w->out, question_id_of(w, r->question));
    else if (r->node->kind == NODE_PARTNER_IS || r->node->kind == NODE_PARTNER_MATCHES)
        buffer_c(w->out, "\"partner\"");
    else
        condition(w, r->node);
    key(w, "value");
    if (r->is_number)
        interval(w, r->value);
    else if (r->question != NONE && r->code != 0 && r->code != CODE_NA)
        choice(w, r);
    else if (r->node->kind == NODE_PARTNER_IS || r->node->kind == NODE_PARTNER_MATCHES)
        partner(w, l->partner);
    else
        buffer_c(w->out, "null");
    key(w, "state");
    buffer_json(w->out, text_from_c(read_state_name(r->state)));
    if (r->question != NONE) {
        key(w, "answers");
        buffer_unsigned(w->out, r->answers);
    }
    buffer_byte(w->out, '}');
}

static void leaf(struct writer *w, const struct leaf *l)
{
    comma(w);
    buffer_byte(w->out, '{');
    key(w, "leaf");
    condition(w, l->node);
    key(w, "partner");
    partner(w, l->partner);
    key(w, "in_play");
    boolean(w, l->in_play);
    key(w, "strength");
    interval(w, l->strength);
    key(w, "reads");
    buffer_byte(w->out, '[');
    for (uint32_t i = 0; i < l->read_count; i++)
        read_one(w, l, &l->reads[i]);
    buffer_c(w->out, "]}");
}

/* --- rules ------------------------------------------------------------------------------------ */

static void proof_object(struct writer *w, const struct proof *p);

static void unanswered(struct writer *w, const struct proof_rule *r)
{
    key(w, "unanswered");
    buffer_byte(w->out, '[');
    for (uint32_t i = 0; i < r->unanswered_count; i++) {
        comma(w);
        buffer_byte(w->out, '{');
        key(w, "question");
        buffer_json(w->out, question_id_of(w, r->unanswered[i].question));
        key(w, "partner");
        partner(w, r->unanswered[i].partner);
        buffer_byte(w->out, '}');
    }
    buffer_byte(w->out, ']');
    key(w, "not_put");
    buffer_byte(w->out, '[');
    for (uint32_t i = 0; i < r->not_put_count; i++) {
        comma(w);
        buffer_json(w->out, question_id_of(w, r->not_put[i]));
    }
    buffer_byte(w->out, ']');
}

static void premises(struct writer *w, const struct proof_rule *r)
{
    key(w, "premises");
    buffer_byte(w->out, '[');
    for (uint32_t i = 0; i < r->premise_count; i++) {
        const struct premise *p = &r->premises[i];
        comma(w);
        buffer_byte(w->out, '{');
        key(w, "conclusion");
        buffer_json(w->out, conclusion_id_of(w, p->conclusion));
        key(w, "partner");
        partner(w, p->partner);
        key(w, "above");
        boolean(w, p->above);
        key(w, "proof");
        if (p->proof)
            proof_object(w, p->proof);
        else
            buffer_c(w->out, "null");
        buffer_byte(w->out, '}');
    }
    buffer_byte(w->out, ']');
}

static void place(struct writer *w, const struct rule *r)
{
    if (r->place.line == 0) {
        buffer_c(w->out, "null");
        return;
    }
    buffer_clear(&w->scratch);
    buffer_text(&w->scratch, r->place.file);
    buffer_byte(&w->scratch, ':');
    buffer_unsigned(&w->scratch, r->place.line);
    from_scratch(w);
}

static void rule_object(struct writer *w, const struct proof_rule *r)
{
    comma(w);
    buffer_byte(w->out, '{');
    key(w, "id");
    buffer_json(w->out, r->rule->id);
    key(w, "partner");
    partner(w, r->partner);
    key(w, "state");
    buffer_json(w->out, text_from_c(rule_state_name(r->state)));
    key(w, "place");
    place(w, r->rule);
    key(w, "because");
    optional(w, r->rule->because);
    key(w, "group");
    optional(w, r->rule->group);
    key(w, "when");
    condition(w, r->rule->written ? r->rule->written : r->rule->when);
    key(w, "certainty");
    buffer_fixed(w->out, r->rule->certainty, 4);
    key(w, "strength");
    interval(w, r->strength);
    key(w, "evidence");
    interval(w, r->evidence);
    key(w, "leaves");
    buffer_byte(w->out, '[');
    for (uint32_t i = 0; i < r->leaf_count; i++)
        leaf(w, &r->leaves[i]);
    buffer_byte(w->out, ']');
    unanswered(w, r);
    premises(w, r);
    buffer_byte(w->out, '}');
}

/* --- the product ------------------------------------------------------------------------------ */

static void end_of(struct writer *w, const char *name, const struct proof_end *e)
{
    key(w, name);
    buffer_byte(w->out, '{');
    key(w, "p");
    buffer_fixed(w->out, e->p, 4);
    key(w, "n");
    buffer_fixed(w->out, e->n, 4);
    key(w, "certainty");
    buffer_fixed(w->out, e->certainty, 4);
    buffer_byte(w->out, '}');
}

static void product(struct writer *w, const struct proof *p)
{
    key(w, "product");
    buffer_byte(w->out, '{');
    key(w, "terms");
    buffer_byte(w->out, '[');
    for (uint32_t i = 0; i < p->term_count; i++) {
        const struct proof_term *t = &p->terms[i];
        comma(w);
        buffer_byte(w->out, '{');
        key(w, t->rule_count > 1 ? "group" : "rule");
        buffer_json(w->out, t->rule_count > 1 ? t->first->group : t->first->id);
        key(w, "for");
        interval(w, t->in_favour);
        key(w, "against");
        interval(w, t->against);
        buffer_byte(w->out, '}');
    }
    buffer_byte(w->out, ']');
    end_of(w, "lowest", &p->lowest);
    end_of(w, "highest", &p->highest);
    buffer_byte(w->out, '}');
}

/* --- a conclusion ----------------------------------------------------------------------------- */

static void needs(struct writer *w, const struct proof *p)
{
    const struct node *n = kb_of(w->v)->conclusions[p->conclusion].needs;
    key(w, "needs");
    if (n == NULL) {
        buffer_c(w->out, "null");
        return;
    }
    buffer_byte(w->out, '{');
    key(w, "when");
    condition(w, n);
    key(w, "met");
    boolean(w, p->needs_met);
    buffer_byte(w->out, '}');
}

static void proof_object(struct writer *w, const struct proof *p)
{
    buffer_byte(w->out, '{');
    key(w, "conclusion");
    buffer_json(w->out, conclusion_id_of(w, p->conclusion));
    key(w, "partner");
    partner(w, p->partner);
    key(w, "verdict");
    buffer_json(w->out, text_from_c(verdict_name(p->verdict)));
    certainty(w, p->verdict, p->certainty);
    needs(w, p);
    key(w, "rules");
    buffer_byte(w->out, '[');
    for (uint32_t i = 0; i < p->rule_count; i++)
        rule_object(w, &p->rules[i]);
    buffer_byte(w->out, ']');
    product(w, p);
    buffer_byte(w->out, '}');
}

static void head(struct writer *w, uint32_t conclusion)
{
    const struct case_view *v = w->v;
    const struct conclusion *c = &kb_of(v)->conclusions[conclusion];
    key(w, "case");
    buffer_json(w->out, v->tile->block->case_names[v->tile->case_from + v->tile_case]);
    key(w, "conclusion");
    buffer_json(w->out, c->id);
    key(w, "kind");
    buffer_json(w->out, text_from_c(conclusion_kind_name(c->kind)));
    key(w, "label");
    buffer_json(w->out, c->label);
    enum verdict verdict = verdict_of(v, conclusion, NONE);
    key(w, "verdict");
    buffer_json(w->out, text_from_c(verdict_name(verdict)));
    certainty(w, verdict, explain_certainty(v, conclusion, NONE));
    key(w, "threshold");
    buffer_fixed(w->out, c->threshold, 4);
}

void explain_how_json(struct arena *a, const struct case_view *v, uint32_t conclusion,
                      struct buffer *out)
{
    uint32_t count;
    struct proof **proofs = proof_new(a, v, conclusion, &count);
    struct writer w = {.v = v, .out = out};
    buffer_init(&w.scratch);
    buffer_byte(out, '{');
    head(&w, conclusion);
    key(&w, "proofs");
    buffer_byte(out, '[');
    for (uint32_t i = 0; i < count; i++) {
        comma(&w);
        proof_object(&w, proofs[i]);
    }
    buffer_c(out, "]}");
    buffer_deinit(&w.scratch);
}
