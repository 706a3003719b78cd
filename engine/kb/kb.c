/* kb: from names of packs to a knowledge base.
 * In: options. Out: the kb, or problems. The idea: the packs are merged first (pack), then every
 * list is filled in the order in which it is needed by the next; names are looked up in one map.
 * Where a pack disables something, all is built once to see what rests on it, then again without.
 * Next: program compiles it. */
#include "kb/kb_build.h"
#include <stdlib.h>
#include <string.h>

/* The value of an id in kb->ids is its index * 2, + 1 for a conclusion. */

static uint32_t find(const struct kb *kb, struct text id, bool conclusion)
{
    uint32_t value = idmap_get(&kb->ids, id);
    return value != IDMAP_NONE && (value & 1) == conclusion ? value >> 1 : NONE;
}

uint32_t kb_question(const struct kb *kb, struct text id)
{
    return find(kb, id, false);
}

uint32_t kb_conclusion(const struct kb *kb, struct text id)
{
    return find(kb, id, true);
}

static bool find_name(const void *ctx, struct text id, struct name *out)
{
    const struct kb *kb = ctx;
    uint32_t value = idmap_get(&kb->ids, id);
    if (value == IDMAP_NONE)
        return false;
    uint32_t i = value >> 1;
    if (value & 1) {
        *out = (struct name){.kind = NAME_CONCLUSION,
                             .index = i,
                             .about_partnership = kb->conclusions[i].about_partnership};
        return true;
    }
    const struct question *q = &kb->questions[i];
    *out = (struct name){.kind = NAME_QUESTION,
                         .index = i,
                         .about_partnership = q->about_partnership,
                         .answer = q->kind,
                         .lo = q->lo,
                         .hi = q->hi,
                         .choices = q->choice_ids,
                         .choice_count = q->choice_ids ? q->choice_count : 0};
    return true;
}

static struct text list_name(const void *ctx, size_t i)
{
    const struct kb *kb = ctx;
    if (i < kb->question_count)
        return kb->questions[i].id;
    i -= kb->question_count;
    return i < kb->conclusion_count ? kb->conclusions[i].id : (struct text){NULL, 0};
}

static struct text question_name(const void *ctx, uint32_t index)
{
    return ((const struct kb *)ctx)->questions[index].id;
}

static struct text conclusion_name(const void *ctx, uint32_t index)
{
    return ((const struct kb *)ctx)->conclusions[index].id;
}

static struct text choice_name(const void *ctx, uint32_t question, uint32_t code)
{
    const struct question *q = &((const struct kb *)ctx)->questions[question];
    if (q->kind == KIND_YESNO)
        return code == YESNO_YES ? TEXT("yes") : TEXT("no");
    return q->choice_ids && code >= 1 && code <= q->choice_count ? q->choice_ids[code - 1]
                                                                 : (struct text){NULL, 0};
}

static void clear(struct kb *kb, struct arena *arena, struct model *model)
{
    *kb = (struct kb){.arena = arena,
                      .model = model,
                      .digest = model->digest,
                      .texts_digest = model->texts_digest};
    kb->names = (struct names){kb, find_name, list_name};
    kb->names_of = (struct names_of){kb, question_name, conclusion_name, choice_name};
    pattern_set_init(&kb->patterns, arena);
    idmap_init(&kb->ids, arena);
}

static void name_kb(struct kb *kb)
{
    const struct model *m = kb->model;
    size_t size = 0;
    for (uint32_t i = 0; i < m->pack_count; i++)
        size += m->packs[i]->id.size + 1 + m->packs[i]->version.size + 3;
    char *name = arena_alloc(kb->arena, size + 1), *at = name;
    for (uint32_t i = 0; i < m->pack_count; i++) {
        const struct cell *parts[] = {&m->packs[i]->id, &m->packs[i]->version};
        if (i > 0)
            at = (char *)memcpy(at, " + ", 3) + 3;
        for (int k = 0; k < 2; k++) {
            if (k > 0)
                *at++ = ' ';
            at = (char *)memcpy(at, parts[k]->value, parts[k]->size) + parts[k]->size;
        }
    }
    kb->name = (struct text){name, (size_t)(at - name)};
    const struct pack *last = m->packs[m->pack_count - 1];
    kb->title = cell_text(&last->title);
    kb->language = m->language;
}

bool kb_has_failed(const struct kb_build *b)
{
    return problems_count(b->problems, SEVERITY_ERROR) > b->errors;
}

static struct kb_build *new_build(struct arena *arena, struct model *model, struct kb *kb,
                                  struct problems *problems)
{
    struct kb_build *b = arena_alloc(arena, sizeof *b);
    clear(kb, arena, model);
    b->kb = kb;
    b->model = model;
    b->arena = arena;
    b->problems = problems;
    b->errors = problems_count(problems, SEVERITY_ERROR);
    b->needs = arena_array(arena, model->pack_count, sizeof(struct node *));
    b->needs_known = arena_array(arena, model->pack_count, sizeof(bool));
    idmap_init(&b->scales, arena);
    idmap_init(&b->dimensions, arena);
    return b;
}

static bool build(struct kb_build *b)
{
    kb_add_dimensions(b);
    kb_add_questions(b);
    kb_add_conclusions(b);
    kb_compile_questions(b);
    kb_compile_conclusions(b);
    kb_add_rules(b);
    kb_add_remedies(b);
    return !kb_has_failed(b);
}

struct request {
    const struct kb_options *options;
    struct problems *problems;
    struct arena *arena;
    struct kb *kb;
};

static void load(void *ctx)
{
    struct request *r = ctx;
    struct pack_options options = {.packs = r->options->packs,
                                   .pack_count = r->options->pack_count,
                                   .language = r->options->language,
                                   .with_tests = r->options->with_tests,
                                   .all_texts = r->options->all_texts};
    struct model *model = pack_load(r->arena, &options, r->problems);
    if (!model)
        return;
    struct kb *kb = arena_alloc(r->arena, sizeof *kb);
    struct kb_build *b = new_build(r->arena, model, kb, r->problems);
    if (!build(b))
        return;
    kb_order_questions(b);
    if (kb_has_failed(b))
        return;
    if (kb_prune(b)) {
        b = new_build(r->arena, model, kb, r->problems);
        if (!build(b))
            return;
        kb_order_questions(b);
    }
    kb_find_layers(b);
    if (kb_has_failed(b))
        return;
    kb_warn(b);
    name_kb(kb);
    r->kb = kb;
}

struct kb *kb_new(const struct kb_options *options, struct problems *problems)
{
    struct request r = {options, problems, malloc(sizeof(struct arena)), NULL};
    bool done = false;
    if (r.arena) {
        arena_init(r.arena, 0);
        done = arena_run(r.arena, load, &r);
        problems_sort(problems);
    }
    if (done && r.kb)
        return r.kb;
    if (!done)
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    if (r.arena)
        arena_deinit(r.arena);
    free(r.arena);
    return NULL;
}

void kb_free(struct kb *kb)
{
    if (!kb)
        return;
    struct arena *arena = kb->arena;
    arena_deinit(arena);
    free(arena);
}

const char *level_name(enum level l)
{
    return l == LEVEL_NONE ? NULL : word_list(WORDS_LEVEL)[l];
}

const char *conclusion_kind_name(enum conclusion_kind k)
{
    return word_list(WORDS_CONCLUSION_KIND)[k];
}

const char *answer_kind_name(enum answer_kind k)
{
    return word_list(WORDS_QUESTION_KIND)[k];
}
