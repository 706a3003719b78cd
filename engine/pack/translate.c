/* translate: catalogues laid over the items they speak of.
 * In: a merged model and its catalogues. Out: the same model with the texts of one language.
 * The idea: a key of an entry and a key of an item with the same name are the same text, so the
 * tables say what can be translated; a translation counts only for a text of its own pack or of
 * one that pack extends, because it cannot know what another pack has overridden. */
#include "pack/translate.h"
#include <string.h>

struct translate {
    struct model *model;
    struct arena *scratch;
    struct problems *problems;
    struct idmap ids[ITEM_COUNT];
    uint32_t *covered[ITEM_COUNT];    /* by item: a bit a field, while a language is looked at */
    const cyaml_schema_field_t *keys; /* of an entry */
    unsigned suggestions;
    bool all;
};

enum { SUGGESTIONS_MOST = 20, MISSING_SHOWN = 8 };

/* What is done with the entries of a catalogue. */
enum mode { MODE_CHECK, MODE_APPLY };

static struct item *item_of(const struct model *m, enum item_kind kind, uint32_t i)
{
    switch (kind) {
    case ITEM_SCALE: return &m->scales[i]->item;
    case ITEM_DIMENSION: return &m->dimensions[i]->item;
    case ITEM_QUESTION: return &m->questions[i]->item;
    case ITEM_CONCLUSION: return &m->conclusions[i]->item;
    case ITEM_RULE: return &m->rules[i]->item;
    default: return &m->remedies[i]->item;
    }
}

static uint32_t count_of(const struct model *m, enum item_kind kind)
{
    const uint32_t counts[ITEM_COUNT] = {m->scale_count,      m->dimension_count, m->question_count,
                                         m->conclusion_count, m->rule_count,      m->remedy_count};
    return counts[kind];
}

static bool is_text(const cyaml_schema_value_t *value)
{
    return value->type == CYAML_STRING && table_type(value) == CELL_TEXT;
}

/* Whether a field of an item can be translated: a text, texts, or mappings that hold texts. */
static bool is_translated(const cyaml_schema_field_t *f)
{
    if (f->value.type != CYAML_SEQUENCE)
        return is_text(&f->value);
    const cyaml_schema_value_t *entry = f->value.sequence.entry;
    return is_text(entry) || entry->type == CYAML_MAPPING;
}

static const void *at(const void *base, size_t offset)
{
    return (const char *)base + offset;
}

static bool is_given(const void *base, const cyaml_schema_field_t *f)
{
    const void *pointer;
    memcpy(&pointer, at(base, f->data_offset), sizeof pointer);
    return pointer != NULL;
}

/* A text of the field, for its place: NULL where it has none. */
static const struct cell *sample(const void *base, const cyaml_schema_field_t *f)
{
    const void *target = at(base, f->data_offset);
    if (!is_given(base, f))
        return NULL;
    if (f->value.type == CYAML_STRING)
        return target;
    if (f->value.sequence.entry->type == CYAML_STRING) {
        const struct cells *cells = target;
        return cells->count > 0 ? &cells->at[0] : NULL;
    }
    const char *first;
    memcpy(&first, target, sizeof first);
    /* Choices and steps are a position, then two cells; the second is the text of both. */
    return (const struct cell *)(const void *)(first + offsetof(struct pack_choice, label));
}

_Static_assert(offsetof(struct pack_choice, label) == offsetof(struct pack_step, what) &&
                   sizeof(struct pack_choice) == sizeof(struct pack_step),
               "choices and steps are looked at alike");

/* Whether a catalogue's pack may know the text that stands in the field now. */
static bool applies(const struct translate *t, const struct catalogue *c, const void *base,
                    const cyaml_schema_field_t *f)
{
    const struct cell *cell = sample(base, f);
    uint32_t owner = cell ? model_pack_of(t->model, cell->span.source) : MODEL_NONE;
    return owner == MODEL_NONE || model_extends(t->model, c->pack, owner);
}

static void put_choices(struct translate *t, const struct catalogue *c, struct pack_question *q,
                        const struct pack_translation *entry, enum mode mode)
{
    struct idmap given;
    idmap_init(&given, t->scratch);
    for (unsigned i = 0; i < entry->choices_count; i++)
        idmap_put(&given, cell_text(&entry->choices[i].id), i);
    size_t used = 0;
    const struct pack_choice *missing = NULL;
    for (unsigned i = 0; i < q->choices_count; i++) {
        struct pack_choice *choice = &q->choices[i];
        uint32_t found = idmap_get(&given, cell_text(&choice->id));
        if (found == IDMAP_NONE) {
            missing = choice;
            continue;
        }
        used++;
        if (mode == MODE_APPLY)
            choice->label = entry->choices[found].label;
    }
    if (mode != MODE_CHECK)
        return;
    if (used == entry->choices_count) {
        if (missing && t->all) {
            problem_add(t->problems, PROBLEM_TEXT_MISSING, entry->choices[0].at.span,
                        problem_count_text(t->problems, q->choices_count - used),
                        problem_quote(t->problems, c->language), NULL);
            problem_note(t->problems, missing->id.span, "the label of this choice");
        }
        return;
    }
    for (unsigned i = 0; i < entry->choices_count; i++) {
        struct suggest near;
        suggest_init(&near, cell_text(&entry->choices[i].id));
        for (unsigned k = 0; k < q->choices_count; k++)
            suggest_offer(&near, cell_text(&q->choices[k].id));
        if (text_equal(near.best, near.word))
            continue;
        problem_add(t->problems, PROBLEM_TEXT_CHOICE, entry->choices[i].id.span,
                    problem_quote(t->problems, near.word),
                    problem_quote(t->problems, cell_text(&q->item.id)), NULL);
        problem_note(t->problems, q->item.id.span, "the question");
        if (near.best.size > 0)
            problem_help(t->problems, problem_format(t->problems, "did you mean `%.*s`?",
                                                     (int)near.best.size, near.best.at));
    }
}

static void put_steps(struct translate *t, struct pack_remedy *r,
                      const struct pack_translation *entry, enum mode mode)
{
    if (entry->steps_count == r->steps_count) {
        if (mode == MODE_APPLY)
            r->steps = entry->steps;
    } else if (mode == MODE_CHECK) {
        problem_add(t->problems, PROBLEM_TEXT_STEPS, entry->steps[0].at.span,
                    problem_quote(t->problems, cell_text(&r->item.id)),
                    problem_count_text(t->problems, r->steps_count),
                    problem_count_text(t->problems, entry->steps_count));
        problem_note(t->problems, r->steps[0].at.span, "the steps to translate");
        problem_help(t->problems, "translate step by step, in the same order");
    }
}

static void put_field(struct translate *t, const struct catalogue *c, struct item *item,
                      const cyaml_schema_field_t *f, const struct pack_translation *entry,
                      const cyaml_schema_field_t *key, enum mode mode)
{
    if (strcmp(f->key, "choices") == 0) {
        put_choices(t, c, (struct pack_question *)(void *)item, entry, mode);
    } else if (strcmp(f->key, "steps") == 0) {
        put_steps(t, (struct pack_remedy *)(void *)item, entry, mode);
    } else if (mode == MODE_APPLY) {
        size_t size = f->value.type == CYAML_STRING ? sizeof(struct cell) : sizeof(struct cells);
        memcpy((char *)item + f->data_offset, at(entry, key->data_offset), size);
    }
}

/* Lays an entry over one item. Gives a bit for each key of the entry that the item's kind has. */
static uint32_t put_item(struct translate *t, const struct catalogue *c, enum item_kind kind,
                         uint32_t index, const struct pack_translation *entry, enum mode mode)
{
    struct item *item = item_of(t->model, kind, index);
    uint32_t fits = 0, bit = 1;
    for (const cyaml_schema_field_t *f = item_fields(kind); f->key; f++, bit <<= 1) {
        const cyaml_schema_field_t *key =
            is_translated(f) ? table_field(t->keys, text_from_c(f->key)) : NULL;
        if (!key || !is_given(entry, key))
            continue;
        fits |= (uint32_t)1 << (key - t->keys);
        /* Choices and steps are matched with those of the item, so it must have some. */
        bool matched =
            f->value.type == CYAML_SEQUENCE && f->value.sequence.entry->type == CYAML_MAPPING;
        if (!applies(t, c, item, f) || (matched && !is_given(item, f)))
            continue;
        t->covered[kind][index] |= bit;
        put_field(t, c, item, f, entry, key, mode);
    }
    return fits;
}

static void report_unknown(struct translate *t, const struct pack_translation *entry)
{
    struct suggest near;
    suggest_init(&near, cell_text(&entry->of));
    if (t->suggestions++ < SUGGESTIONS_MOST)
        for (int kind = 0; kind < ITEM_COUNT; kind++)
            for (uint32_t i = 0; i < count_of(t->model, (enum item_kind)kind); i++)
                suggest_offer(&near, cell_text(&item_of(t->model, (enum item_kind)kind, i)->id));
    problem_add(t->problems, PROBLEM_TEXT_UNKNOWN, entry->of.span,
                problem_quote(t->problems, cell_text(&entry->of)), NULL, NULL);
    problem_help(t->problems, near.best.size > 0
                                  ? problem_format(t->problems, "did you mean `%.*s`?",
                                                   (int)near.best.size, near.best.at)
                                  : "remove the entry, or correct the id");
}

static void report_unfit(struct translate *t, const struct pack_translation *entry, uint32_t fits)
{
    for (const cyaml_schema_field_t *key = t->keys; key->key; key++) {
        if (strcmp(key->key, "of") == 0 || !is_given(entry, key) || fits >> (key - t->keys) & 1)
            continue;
        const struct cell *cell = sample(entry, key);
        problem_add(t->problems, PROBLEM_TEXT_UNFIT, cell ? cell->span : entry->at.span, key->key,
                    problem_quote(t->problems, cell_text(&entry->of)), NULL);
        problem_help(t->problems, "remove the key, or correct the id behind `of`");
    }
}

static void put_entry(struct translate *t, const struct catalogue *c,
                      const struct pack_translation *entry, enum mode mode)
{
    struct text of = cell_text(&entry->of);
    uint32_t fits = 0;
    bool found = false;
    for (int kind = 0; kind < ITEM_COUNT; kind++) {
        uint32_t index = idmap_get(&t->ids[kind], of);
        if (index == IDMAP_NONE)
            continue;
        found = true;
        fits |= put_item(t, c, (enum item_kind)kind, index, entry, mode);
    }
    for (uint32_t i = 0; i < t->model->pack_count; i++) {
        struct pack *p = t->model->packs[i];
        if (!text_equal(cell_text(&p->id), of))
            continue;
        found = true;
        fits |= (uint32_t)1 << (table_field(t->keys, TEXT("title")) - t->keys);
        if (mode == MODE_APPLY && cell_given(&entry->title))
            p->title = entry->title;
    }
    if (mode == MODE_CHECK && !found)
        report_unknown(t, entry);
    else if (mode == MODE_CHECK)
        report_unfit(t, entry, fits);
}

static void check_twice(struct translate *t, const struct catalogue *c)
{
    struct idmap seen;
    idmap_init(&seen, t->scratch);
    for (uint32_t i = 0; i < c->count; i++) {
        const struct cell *of = &c->entries[i].of;
        uint32_t first = idmap_put(&seen, cell_text(of), i);
        if (first == i)
            continue;
        problem_add(t->problems, PROBLEM_TEXT_TWICE, of->span,
                    problem_quote(t->problems, cell_text(of)), NULL, NULL);
        problem_note(t->problems, c->entries[first].of.span, "it stands here already");
        problem_help(t->problems, "join the two entries");
    }
}

static void put_language(struct translate *t, struct text language, enum mode mode)
{
    for (uint32_t i = 0; i < t->model->catalogue_count; i++) {
        const struct catalogue *c = t->model->catalogues[i];
        if (!text_equal(c->language, language))
            continue;
        if (mode == MODE_CHECK)
            check_twice(t, c);
        for (unsigned k = 0; k < c->count; k++)
            put_entry(t, c, &c->entries[k], mode);
    }
}

/* The texts that no catalogue of the language covers and that are not in it anyway. */
static void warn_missing(struct translate *t, struct text language)
{
    size_t missing = 0;
    const struct cell *shown[MISSING_SHOWN];
    for (int kind = 0; kind < ITEM_COUNT; kind++)
        for (uint32_t i = 0; i < count_of(t->model, (enum item_kind)kind); i++) {
            const struct item *item = item_of(t->model, (enum item_kind)kind, i);
            uint32_t bit = 1;
            for (const cyaml_schema_field_t *f = item_fields((enum item_kind)kind); f->key;
                 f++, bit <<= 1) {
                const struct cell *cell = is_translated(f) ? sample(item, f) : NULL;
                if (!cell || t->covered[kind][i] & bit || item->disabled.source != 0)
                    continue;
                uint32_t owner = model_pack_of(t->model, cell->span.source);
                if (owner != MODEL_NONE &&
                    text_equal(cell_text(&t->model->packs[owner]->language), language))
                    continue;
                if (missing < MISSING_SHOWN)
                    shown[missing] = cell;
                missing++;
            }
        }
    if (missing == 0)
        return;
    problem_add(t->problems, PROBLEM_TEXT_MISSING, shown[0]->span,
                problem_count_text(t->problems, missing), problem_quote(t->problems, language),
                NULL);
    for (size_t i = 1; i < missing && i < MISSING_SHOWN; i++)
        problem_note(t->problems, shown[i]->span, "this one too");
    problem_help(t->problems, problem_format(t->problems, "add them to text.%.*s.yaml",
                                             (int)language.size, language.at));
}

static bool has_language(const struct model *m, struct text language)
{
    for (uint32_t i = 0; i < m->pack_count; i++)
        if (text_equal(cell_text(&m->packs[i]->language), language))
            return true;
    for (uint32_t i = 0; i < m->catalogue_count; i++)
        if (text_equal(m->catalogues[i]->language, language))
            return true;
    return false;
}

static void choose(struct translate *t, struct text language)
{
    struct model *m = t->model;
    if (has_language(m, language)) {
        put_language(t, language, MODE_APPLY);
        m->language = arena_text(m->arena, language);
        return;
    }
    m->language = cell_text(&m->packs[m->pack_count - 1]->language);
    problem_add(t->problems, PROBLEM_LANGUAGE_ABSENT, SPAN_NONE,
                problem_quote(t->problems, language), problem_quote(t->problems, m->language),
                NULL);
}

void translate(struct model *model, struct arena *scratch, struct text language, bool all,
               struct problems *problems)
{
    struct translate t = {.model = model,
                          .scratch = scratch,
                          .problems = problems,
                          .all = all,
                          .keys = table_schema(TABLE_TEXTS)->sequence.entry->mapping.fields};
    for (int kind = 0; kind < ITEM_COUNT; kind++) {
        uint32_t count = count_of(model, (enum item_kind)kind);
        idmap_init(&t.ids[kind], scratch);
        t.covered[kind] = arena_array(scratch, count, sizeof(uint32_t));
        for (uint32_t i = 0; model->catalogue_count > 0 && i < count; i++)
            idmap_put(&t.ids[kind], cell_text(&item_of(model, (enum item_kind)kind, i)->id), i);
    }
    for (uint32_t i = 0; i < model->catalogue_count; i++) {
        struct text checked = model->catalogues[i]->language;
        bool again = false;
        for (uint32_t k = 0; k < i; k++)
            again = again || text_equal(model->catalogues[k]->language, checked);
        if (again)
            continue;
        for (int kind = 0; kind < ITEM_COUNT; kind++)
            memset(t.covered[kind], 0, count_of(model, (enum item_kind)kind) * sizeof(uint32_t));
        put_language(&t, checked, MODE_CHECK);
        if (all)
            warn_missing(&t, checked);
    }
    choose(&t, language);
}
