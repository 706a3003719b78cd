/* In: names of packs. Out: the knowledge base. Next: program.
 * Everything in one arena; a problem of severity error means there is no kb. */
#include "kb/build.h"

#include <stdlib.h>

static void name_packs(struct build *b)
{
    struct kb *kb = b->kb;
    struct model *m = b->model;
    struct buffer name;
    buffer_init(&name);
    for (uint32_t k = 0; k < m->pack_count; k++) {
        bool extended = false;
        for (uint32_t later = k + 1; later < m->pack_count; later++)
            extended |= m->packs[later]->ancestors >> k & 1;
        if (extended)
            continue;
        if (name.size)
            buffer_c(&name, " + ");
        buffer_text(&name, cell_text(&m->packs[k]->id));
        buffer_byte(&name, ' ');
        buffer_text(&name, cell_text(&m->packs[k]->version));
    }
    if (m->pack_count) {
        kb->title = cell_text(&m->packs[m->pack_count - 1]->title);
        kb->language = cell_text(&m->packs[m->pack_count - 1]->language);
    }
    kb->name = name.failed ? (struct text){"", 0} : arena_text(kb->arena, buffer_view(&name));
    buffer_deinit(&name);
}

static void load(void *ctx)
{
    struct build *b = ctx;
    struct kb *kb = b->kb;
    struct arena *a = kb->arena;
    const struct kb_options *o = b->options;
    struct pack_options po = {.packs = o->packs,
                              .pack_count = o->pack_count,
                              .language = o->language,
                              .with_tests = o->with_tests,
                              .all_texts = o->all_texts};
    b->model = pack_load(a, &po, b->problems);
    if (!b->model)
        return;
    kb->model = b->model;
    kb->digest = b->model->digest;
    pattern_set_init(&kb->patterns, a);
    idmap_init(&kb->ids, a);
    idmap_init(&b->disabled, a);
    idmap_init(&b->rules, a);
    idmap_init(&b->remedies, a);
    idmap_init(&b->scales, a);
    idmap_init(&b->dimensions, a);
    names_init(kb);
    name_packs(b);
    build_questions(b);
    build_conclusions(b);
    build_rules(b);
    build_conditions(b);
    build_remedies(b);
    build_texts(b);
    if (problems_has_error(b->problems))
        return;
    build_layers(b);
    build_question_order(b);
}

struct kb *kb_new(const struct kb_options *options, struct problems *problems)
{
    struct kb *kb = calloc(1, sizeof *kb);
    struct build b = {.kb = kb, .options = options, .problems = problems};
    if (kb && (kb->arena = calloc(1, sizeof *kb->arena))) {
        arena_init(kb->arena, 0);
        if (arena_run(kb->arena, load, &b)) {
            problems_sort(problems);
            if (b.model && !problems_has_error(problems))
                return kb;
        } else
            problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    } else
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    kb_free(kb);
    return NULL;
}

void kb_free(struct kb *kb)
{
    if (!kb)
        return;
    if (kb->arena)
        arena_deinit(kb->arena);
    free(kb->arena);
    free(kb);
}

const char *level_name(enum level l)
{
    static const char *const names[] = {NULL, "low", "medium", "high"};
    return names[l];
}

const char *conclusion_kind_name(enum conclusion_kind k)
{
    static const char *const names[] = {"finding", "diagnosis", "strength"};
    return names[k];
}

const char *answer_kind_name(enum answer_kind k)
{
    static const char *const names[] = {"scale", "number", "yesno", "one_of", "many_of", "text"};
    return names[k];
}
