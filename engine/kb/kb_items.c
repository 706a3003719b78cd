/* kb_items: what conclusions, rules, questions and remedies have in common while they are resolved.
 * In: cells. Out: places, compiled conditions, indices, or problems at the cell. */
#include "kb/kb_build.h"
#include <math.h>

/* Looking for near names takes time: a pack with thousands of mistakes gets the first few. */
enum { SUGGESTIONS_MOST = 20 };

struct place kb_place(struct kb_build *b, const struct item *item)
{
    source_id source = item->at.span.source;
    if (source >= b->file_count) {
        size_t count = (size_t)source * 2 + 16;
        struct text *files = arena_array(b->arena, count, sizeof *files);
        for (size_t i = 0; i < b->file_count; i++)
            files[i] = b->files[i];
        b->files = files;
        b->file_count = count;
    }
    if (!b->files[source].at)
        b->files[source] =
            arena_text(b->arena, problems_place(b->problems, (struct span){source, 0, 0}).file);
    return (struct place){b->files[source], item->at.line, item->at.column};
}

/* Whether a condition is its own normal form, so that one tree serves as both. */
struct normal_walk {
    bool is_normal;
};

static void look_for_not(const struct node *n, void *ctx)
{
    struct normal_walk *w = ctx;
    if (n->kind == NODE_NOT)
        w->is_normal = false;
    for (uint32_t i = 0; (n->kind == NODE_AND || n->kind == NODE_OR) && i < n->count; i++)
        if (n->args[i]->kind == n->kind)
            w->is_normal = false;
}

const struct node *kb_condition(struct kb_build *b, const struct cell *c, enum scope scope,
                                const struct node **written)
{
    if (!cell_given(c))
        return NULL;
    const struct node *n = condition_new(b->arena, cell_scalar(c), scope, &b->kb->names,
                                         &b->kb->patterns, b->problems);
    if (written)
        *written = n;
    if (!n)
        return NULL;
    struct normal_walk walk = {true};
    node_walk(n, look_for_not, &walk);
    return walk.is_normal ? n : condition_normal(b->arena, n);
}

uint32_t kb_named_conclusion(struct kb_build *b, const struct cell *id, const char *key)
{
    uint32_t found = kb_conclusion(b->kb, cell_text(id));
    if (found != NONE)
        return found;
    bool is_question = kb_question(b->kb, cell_text(id)) != NONE;
    problem_add(b->problems, is_question ? PROBLEM_NOT_CONCLUSION : PROBLEM_CONCLUSION_UNKNOWN,
                id->span, key, problem_quote(b->problems, cell_text(id)), NULL);
    struct suggest near;
    suggest_init(&near, cell_text(id));
    if (b->suggestions++ < SUGGESTIONS_MOST)
        for (uint32_t i = 0; i < b->kb->conclusion_count; i++)
            suggest_offer(&near, b->kb->conclusions[i].id);
    problem_help(b->problems, near.best.size > 0
                                  ? problem_format(b->problems, "did you mean `%.*s`?",
                                                   (int)near.best.size, near.best.at)
                              : is_question ? "name a conclusion, from the list `conclusions:`"
                                            : "add it to `conclusions:`, or correct the id");
    return NONE;
}

bool kb_in_range(struct kb_build *b, const struct cell *c, const char *key, double lo, double hi,
                 bool whole)
{
    if (!cell_given(c) ||
        (c->number >= lo && c->number <= hi && (!whole || floor(c->number) == c->number)))
        return true;
    problem_add(
        b->problems, PROBLEM_NUMBER_OUTSIDE, c->span, key, problem_quote(b->problems, cell_text(c)),
        problem_format(b->problems, "%s from %s to %s", whole ? "a whole number" : "a number",
                       problem_number(b->problems, lo), problem_number(b->problems, hi)));
    return false;
}

struct text *kb_texts(struct kb_build *b, const struct cells *cells)
{
    struct text *texts = arena_array(b->arena, cells->count, sizeof *texts);
    for (unsigned i = 0; i < cells->count; i++)
        texts[i] = cell_text(&cells->at[i]);
    return texts;
}

void kb_check_id(struct kb_build *b, const struct cell *id, const char *kind)
{
    if (!lang_is_reserved(cell_text(id)))
        return;
    problem_add(b->problems, PROBLEM_ID_RESERVED, id->span,
                problem_quote(b->problems, cell_text(id)), kind, NULL);
    problem_help(b->problems,
                 problem_format(b->problems, "write `%s_` and a word that says more", id->value));
}
