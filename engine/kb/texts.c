/* In: text catalogues of the language asked for. Out: the kb's texts in it. Next: report, explain.
 * An entry's key goes to every item of that id that has such a text. */
#include "kb/build.h"

static void put(struct text *to, const struct cell *from)
{
    if (cell_given(from))
        *to = cell_text(from);
}

static void put_question(struct question *q, const struct pack_translation *t)
{
    put(&q->text, &t->text);
    put(&q->help, &t->help);
    put(&q->unit, &t->unit);
    for (unsigned k = 0; k < t->choices_count; k++)
        for (uint32_t c = 0; q->choices && c < q->choice_count; c++)
            if (text_equal(q->choices[c].id, cell_text(&t->choices[k].id)))
                put(&q->choices[c].label, &t->choices[k].label);
}

static void put_remedy(struct build *b, struct remedy *r, const struct pack_translation *t)
{
    put(&r->title, &t->title);
    put(&r->sign, &t->sign);
    if (t->steps_count == 0)
        return;
    r->steps = arena_array(b->kb->arena, t->steps_count, sizeof *r->steps);
    r->step_count = t->steps_count;
    for (unsigned k = 0; k < t->steps_count; k++)
        r->steps[k] = (struct remedy_step){cell_text(&t->steps[k].who), cell_text(&t->steps[k].what)};
}

static void put_ends(struct build *b, struct text scale, const struct pack_translation *t)
{
    for (uint32_t q = 0; q < b->kb->question_count; q++)
        if (text_equal(cell_text(&b->questions[q]->scale), scale))
            for (unsigned e = 0; e < 2 && e < t->ends.count; e++)
                b->kb->questions[q].ends[e] = cell_text(&t->ends.at[e]);
}

/* Whether the entry was for anything of this kb. */
static bool put_entry(struct build *b, const struct pack_translation *t)
{
    struct kb *kb = b->kb;
    struct text of = cell_text(&t->of);
    bool found = idmap_get(&b->disabled, of) != IDMAP_NONE;
    uint32_t at = kb_question(kb, of);
    if (at != NONE) {
        put_question(&kb->questions[at], t);
        found = true;
    }
    if ((at = kb_conclusion(kb, of)) != NONE) {
        put(&kb->conclusions[at].label, &t->label);
        put(&kb->conclusions[at].summary, &t->summary);
        found = true;
    }
    if ((at = idmap_get(&b->rules, of)) != IDMAP_NONE) {
        put(&kb->rules[at].because, &t->because);
        found = true;
    }
    if ((at = idmap_get(&b->remedies, of)) != IDMAP_NONE) {
        put_remedy(b, &kb->remedies[at], t);
        found = true;
    }
    if ((at = idmap_get(&b->dimensions, of)) != IDMAP_NONE) {
        put(&kb->dimensions[at].label, &t->label);
        found = true;
    }
    if (idmap_get(&b->scales, of) != IDMAP_NONE) {
        put_ends(b, of, t);
        found = true;
    }
    for (uint32_t k = 0; k < b->model->pack_count; k++)
        if (text_equal(cell_text(&b->model->packs[k]->id), of)) {
            if (k + 1 == b->model->pack_count)
                put(&kb->title, &t->title);
            found = true;
        }
    return found;
}

/* A text may also be of an item that a pack disables, or of a rule that went with one. */
static bool was_there(const struct build *b, struct text of)
{
    const struct model *m = b->model;
    for (uint32_t k = 0; k < m->rule_count; k++)
        if (text_equal(cell_text(&m->rules[k]->item.id), of))
            return true;
    for (uint32_t k = 0; k < m->remedy_count; k++)
        if (text_equal(cell_text(&m->remedies[k]->item.id), of))
            return true;
    return false;
}

void build_texts(struct build *b)
{
    struct kb *kb = b->kb;
    struct text wanted = b->options->language;
    for (uint32_t r = 0; r < kb->rule_count; r++)
        idmap_put(&b->rules, kb->rules[r].id, r);
    for (uint32_t k = 0; k < b->model->catalogue_count; k++) {
        struct catalogue *c = b->model->catalogues[k];
        if (!text_equal(c->language, wanted))
            continue;
        kb->language = c->language;
        for (unsigned e = 0; e < c->count; e++) {
            const struct cell *of = &c->entries[e].of;
            if (!put_entry(b, &c->entries[e]) && !was_there(b, cell_text(of)))
                problem_add(b->problems, PROBLEM_TEXT_OF_NOTHING, of->span,
                            problem_quote(b->problems, cell_text(of)), NULL, NULL);
        }
    }
}
