/* merge: overrides and `disable`, from the extended packs to those that extend them.
 * In: the items of every pack, in order. Out: one list of each kind in the model, or problems with
 * both places. The idea: an override is a struct of the same table in which only what changes is
 * given, so one walk over the table applies any of them. Next: kb resolves the names. */
#include "pack/merge.h"
#include <string.h>

struct list {
    struct item **at;
    size_t count, capacity;
};

/* Value of an id: kind above, index below. */
enum { INDEX_BITS = 28 };

/* Questions and conclusions share one namespace. */
enum space {
    SPACE_SCALES,
    SPACE_DIMENSIONS,
    SPACE_FACTS,
    SPACE_RULES,
    SPACE_REMEDIES,
    SPACE_COUNT
};

static const struct {
    enum space space;
    uint32_t limit;
} kinds[ITEM_COUNT] = {
    [ITEM_SCALE] = {SPACE_SCALES, LIMIT_QUESTIONS},
    [ITEM_DIMENSION] = {SPACE_DIMENSIONS, LIMIT_QUESTIONS},
    [ITEM_QUESTION] = {SPACE_FACTS, LIMIT_QUESTIONS},
    [ITEM_CONCLUSION] = {SPACE_FACTS, LIMIT_CONCLUSIONS},
    [ITEM_RULE] = {SPACE_RULES, LIMIT_RULES},
    [ITEM_REMEDY] = {SPACE_REMEDIES, LIMIT_REMEDIES},
};

struct merge {
    struct model *model;
    struct arena *scratch;
    struct problems *problems;
    struct list lists[ITEM_COUNT];
    struct idmap ids[SPACE_COUNT];
    bool full[ITEM_COUNT];
    unsigned suggestions;
};

/* Looking for near names takes time: a pack with thousands of mistakes gets the first few. */
enum { SUGGESTIONS_MOST = 20 };

static const char *pack_name(const struct merge *m, uint32_t pack)
{
    return problem_quote(m->problems, cell_text(&m->model->packs[pack]->id));
}

static void offer(struct suggest *near, const struct merge *m, enum item_kind kind, uint32_t pack)
{
    for (size_t i = 0; i < m->lists[kind].count; i++) {
        const struct item *item = m->lists[kind].at[i];
        if (item->pack != pack && model_extends(m->model, pack, item->pack))
            suggest_offer(near, cell_text(&item->id));
    }
}

static void help_near(struct merge *m, struct suggest *near, const char *otherwise)
{
    problem_help(m->problems, near->best.size == 0
                                  ? otherwise
                                  : problem_format(m->problems, "did you mean `%.*s`?",
                                                   (int)near->best.size, near->best.at));
}

static void merge_fields(const cyaml_schema_field_t *fields, char *into, const char *from);

static void merge_field(const cyaml_schema_field_t *f, char *into, const char *from)
{
    void *target = into + f->data_offset;
    const void *given = from + f->data_offset;
    char *pointer, *old;
    memcpy(&pointer, given, sizeof pointer);
    if (!pointer)
        return;
    switch (f->value.type) {
    case CYAML_STRING: memcpy(target, given, sizeof(struct cell)); break;
    case CYAML_SEQUENCE:
        if (f->value.sequence.entry->type == CYAML_STRING) {
            memcpy(target, given, sizeof(struct cells));
        } else {
            memcpy(target, given, sizeof pointer);
            memcpy(into + f->count_offset, from + f->count_offset, f->count_size);
        }
        break;
    case CYAML_MAPPING:
        memcpy(&old, target, sizeof old);
        if (old)
            merge_fields(f->value.mapping.fields, old, pointer);
        else
            memcpy(target, given, sizeof pointer);
        break;
    default: break;
    }
}

static void merge_fields(const cyaml_schema_field_t *fields, char *into, const char *from)
{
    for (; fields->key; fields++)
        if (fields->data_offset != offsetof(struct item, id.value) ||
            fields->value.type != CYAML_STRING)
            merge_field(fields, into, from);
}

static void apply(struct item *into, const struct item *from, enum item_kind kind)
{
    merge_fields(item_fields(kind), (char *)into, (const char *)from);
    into->at = from->at;
    into->changed_by = from->pack;
    into->changed = from->id.span;
}

static void report_twice(struct merge *m, enum problem_code code, const struct item *item,
                         enum item_kind kind, struct span first, const char *first_note,
                         const char *pack)
{
    problem_add(m->problems, code, item->id.span, problem_quote(m->problems, cell_text(&item->id)),
                item_kind_name(kind), pack);
    problem_note(m->problems, first, first_note);
}

static void meet(struct merge *m, struct item *item, enum item_kind kind, struct item *old,
                 enum item_kind old_kind)
{
    bool override = cell_true(&item->override);
    const char *there = problem_format(m->problems, "it is a %s here", item_kind_name(old_kind));
    if (old->pack == item->pack) {
        report_twice(m, PROBLEM_ITEM_TWICE, item, kind, old->id.span, there, NULL);
        problem_help(m->problems, "give one of the two another id");
    } else if (!model_extends(m->model, item->pack, old->pack)) {
        report_twice(m, PROBLEM_ITEM_BETWEEN_PACKS, item, kind, old->id.span, there,
                     pack_name(m, old->pack));
        problem_help(m->problems, "the two packs cannot be loaded together; rename it in one");
    } else if (old_kind != kind) {
        report_twice(m, PROBLEM_ITEM_OTHER_KIND, item, kind, old->id.span, there, NULL);
        problem_help(m->problems, "give it another id");
    } else if (!override) {
        report_twice(m, PROBLEM_ITEM_INHERITED, item, kind, old->id.span, there,
                     pack_name(m, old->pack));
        problem_help(m->problems, "to change the inherited one, add `override: true` and give only "
                                  "what changes; else give it another id");
    } else if (old->changed_by == item->pack) {
        report_twice(m, PROBLEM_ITEM_TWICE, item, kind, old->changed, "it is overridden here too",
                     NULL);
        problem_help(m->problems, "write the two overrides as one");
    } else if (old->changed_by != MODEL_NONE &&
               !model_extends(m->model, item->pack, old->changed_by)) {
        report_twice(m, PROBLEM_OVERRIDE_CONFLICT, item, kind, old->changed, "the other override",
                     pack_name(m, old->changed_by));
        problem_help(m->problems, "load one of the two packs, or let one extend the other");
    } else if (old->disabled.source != 0) {
        report_twice(m, PROBLEM_OVERRIDE_DISABLED, item, kind, old->disabled, "it is disabled here",
                     NULL);
        problem_help(m->problems, "load one of the two packs, or drop the override");
    } else {
        apply(old, item, kind);
    }
}

static void add(struct merge *m, struct item *item, enum item_kind kind)
{
    struct list *list = &m->lists[kind];
    if (list->count == kinds[kind].limit) {
        if (!m->full[kind])
            problem_add(m->problems, PROBLEM_ITEMS_MANY, item->id.span, item_kind_name(kind),
                        problem_count_text(m->problems, kinds[kind].limit), NULL);
        m->full[kind] = true;
        return;
    }
    uint32_t index = (uint32_t)list->count;
    uint32_t value = (uint32_t)kind << INDEX_BITS | index;
    uint32_t found = idmap_put(&m->ids[kinds[kind].space], cell_text(&item->id), value);
    if (found != value) {
        enum item_kind old_kind = (enum item_kind)(found >> INDEX_BITS);
        struct item *old = m->lists[old_kind].at[found & ((1u << INDEX_BITS) - 1)];
        meet(m, item, kind, old, old_kind);
        return;
    }
    list->at = arena_grow(m->scratch, list->at, list->count, &list->capacity, sizeof *list->at);
    list->at[list->count++] = item;
    if (!cell_true(&item->override))
        return;
    struct suggest near;
    suggest_init(&near, cell_text(&item->id));
    if (m->suggestions++ < SUGGESTIONS_MOST)
        offer(&near, m, kind, item->pack);
    problem_add(m->problems, PROBLEM_OVERRIDE_NOTHING, item->id.span,
                problem_quote(m->problems, cell_text(&item->id)), item_kind_name(kind), NULL);
    help_near(m, &near, "remove `override: true`, or let the pack extend the one that has it");
}

static struct item *find(const struct merge *m, enum item_kind kind, struct text id)
{
    uint32_t found = idmap_get(&m->ids[kinds[kind].space], id);
    if (found == IDMAP_NONE || (enum item_kind)(found >> INDEX_BITS) != kind)
        return NULL;
    return m->lists[kind].at[found & ((1u << INDEX_BITS) - 1)];
}

static void disable(struct merge *m, uint32_t pack, const struct cell *id)
{
    struct suggest near;
    suggest_init(&near, cell_text(id));
    bool found = false;
    const struct item *own = NULL;
    for (int kind = ITEM_QUESTION; kind < ITEM_COUNT; kind++) {
        struct item *item = find(m, (enum item_kind)kind, cell_text(id));
        if (item && item->pack == pack)
            own = item;
        if (!item || item->pack == pack || !model_extends(m->model, pack, item->pack))
            continue;
        found = true;
        if (item->changed_by != MODEL_NONE && !model_extends(m->model, pack, item->changed_by)) {
            problem_add(m->problems, PROBLEM_OVERRIDE_DISABLED, id->span,
                        problem_quote(m->problems, cell_text(id)),
                        item_kind_name((enum item_kind)kind), NULL);
            problem_note(m->problems, item->changed, "it is overridden here");
            problem_help(m->problems, "load one of the two packs, or drop the override");
        }
        if (item->disabled.source == 0)
            item->disabled = id->span;
    }
    if (found)
        return;
    for (int kind = ITEM_QUESTION; kind < ITEM_COUNT && m->suggestions < SUGGESTIONS_MOST; kind++)
        offer(&near, m, (enum item_kind)kind, pack);
    m->suggestions++;
    problem_add(m->problems, PROBLEM_DISABLE_UNKNOWN, id->span,
                problem_quote(m->problems, cell_text(id)), NULL, NULL);
    if (own)
        problem_note(m->problems, own->id.span, "it is this pack's own");
    help_near(m, &near,
              own ? "remove the item itself"
                  : "disable takes ids of questions, conclusions, rules and remedies of the packs "
                    "that this one extends");
}

/* The list of one kind, as what its items are. */
#define GIVE(kind, type, member, number)                                               \
    do {                                                                               \
        const struct list *list = &m->lists[kind];                                     \
        model->number = (uint32_t)list->count;                                         \
        model->member = arena_array(model->arena, list->count, sizeof *model->member); \
        for (size_t i = 0; i < list->count; i++)                                       \
            model->member[i] = (type *)(void *)list->at[i];                            \
    } while (0)

static void give(struct merge *m)
{
    struct model *model = m->model;
    GIVE(ITEM_SCALE, struct pack_scale, scales, scale_count);
    GIVE(ITEM_DIMENSION, struct pack_dimension, dimensions, dimension_count);
    GIVE(ITEM_QUESTION, struct pack_question, questions, question_count);
    GIVE(ITEM_CONCLUSION, struct pack_conclusion, conclusions, conclusion_count);
    GIVE(ITEM_RULE, struct pack_rule, rules, rule_count);
    GIVE(ITEM_REMEDY, struct pack_remedy, remedies, remedy_count);
}

void merge_parts(struct model *model, struct arena *scratch, const struct part *parts,
                 size_t part_count, struct problems *problems)
{
    struct merge *m = arena_alloc(scratch, sizeof *m);
    m->model = model;
    m->scratch = scratch;
    m->problems = problems;
    for (int i = 0; i < SPACE_COUNT; i++)
        idmap_init(&m->ids[i], scratch);
    size_t next = 0;
    for (uint32_t pack = 0; pack < model->pack_count; pack++) {
        for (; next < part_count && parts[next].pack == pack; next++) {
            const struct part *part = &parts[next];
            size_t size = item_size(part->kind);
            for (unsigned i = 0; i < part->count; i++) {
                struct item *item = (void *)(part->items + i * size);
                item->pack = pack;
                item->changed_by = MODEL_NONE;
                add(m, item, part->kind);
            }
        }
        const struct cells *disabled = &model->packs[pack]->disable;
        for (unsigned i = 0; i < disabled->count; i++)
            disable(m, pack, &disabled->at[i]);
    }
    give(m);
}
