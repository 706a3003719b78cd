/* In: the names of the columns of every table. Out: which questions are put, where each cell of a
 * row goes, what is ignored. Next: batch follows the steps. A question is put when any table has
 * its column; a row of a table without it has skipped it. */
#include "survey/mapping.h"
#include "survey/personal.h"
#include "survey/remarks.h"

bool column_is(const struct table *t, uint32_t i, struct text name)
{
    const struct heading *h = &t->headings[i];
    return text_equal(h->shown, name) || (h->code.size && text_equal(h->code, name));
}

static uint32_t column_of(const struct table *t, struct text name)
{
    for (uint32_t i = 0; i < t->column_count; i++)
        if (column_is(t, i, name))
            return i;
    return NONE;
}

/* A key column: the one the option names must be there, then the one of the mapping counts, the
 * usual name may be. Where one table has it, all must. */
static bool find_key(struct table *tables, size_t count, enum key key, const char *option,
                     bool *has, struct problems *problems)
{
    static const char *const usual[KEY_COUNT] = {"case", "partner", "respondent", "wave"};
    struct text name = text_from_c(option ? option : usual[key]);
    bool ok = true;
    *has = option != NULL;
    for (size_t i = 0; i < count; i++) {
        if (option || tables[i].keys[key] == NONE)
            tables[i].keys[key] = column_of(&tables[i], name);
        *has |= tables[i].keys[key] != NONE;
    }
    for (size_t i = 0; *has && i < count; i++)
        if (tables[i].column_count && tables[i].keys[key] == NONE)
            ok = remark_missing(&tables[i], name, problems);
    return ok;
}

static bool find_kept(const struct columns *c, const struct table *t, struct problems *problems)
{
    bool ok = true;
    for (size_t i = 0; t->column_count && i < c->options->keep_count; i++) {
        struct text name = text_from_c(c->options->keep[i]);
        if (column_of(t, name) == NONE)
            ok = remark_missing(t, name, problems);
    }
    return ok;
}

/* By its code, else as it stands, else without what HTML and spreadsheets put around it. */
static uint32_t question_called(const struct columns *c, const struct heading *h)
{
    uint32_t q = h->code.size ? kb_question(c->kb, h->code) : NONE;
    if (q == NONE)
        q = kb_question(c->kb, h->shown);
    return q == NONE ? kb_question(c->kb, h->text) : q;
}

uint32_t columns_question(const struct columns *c, const struct table *t, uint32_t column)
{
    const struct use *u = &t->uses[column];
    if (t->is_mapped && u->question != NONE)
        return u->reading || !mapping_has(t, u->question) ? u->question : NONE;
    uint32_t q = question_called(c, &t->headings[column]);
    return t->is_mapped && q != NONE && !u->reading && mapping_has(t, q) ? NONE : q;
}

static void find_roles(struct arena *a, const struct columns *c, struct table *t, uint32_t column)
{
    static const unsigned roles[KEY_COUNT] = {ROLE_CASE, ROLE_PARTNER, ROLE_RESPONDENT, ROLE_WAVE};
    const struct survey_options *o = c->options;
    struct use *u = &t->uses[column];
    size_t capacity = 0;
    for (int k = 0; k < KEY_COUNT; k++)
        if (c->has_key[k] && t->keys[k] != NONE &&
            (t->keys[k] == column || text_equal(t->names[column], t->names[t->keys[k]])))
            u->roles |= roles[k];
    for (uint32_t i = 0; i < o->keep_count; i++) {
        if (!column_is(t, column, text_from_c(o->keep[i])))
            continue;
        u->roles |= ROLE_KEEP;
        u->keep = arena_grow(a, u->keep, u->keep_count, &capacity, sizeof *u->keep);
        u->keep[u->keep_count++] = i;
    }
    if (t->headings[column].status != STATUS_NONE)
        u->roles |= ROLE_STATUS;
    u->question = columns_question(c, t, column);
    if (u->question != NONE)
        u->roles |= ROLE_QUESTION;
}

/* Two columns of one name, where the name means something. */
static bool check_twice(struct arena *a, const struct columns *c, const struct table *t,
                        struct problems *problems)
{
    struct idmap seen;
    bool ok = true;
    idmap_init(&seen, a);
    for (uint32_t i = 0; i < t->column_count; i++) {
        const struct use *u = &t->uses[i];
        if (u->reading && u->reading->of)
            continue;
        struct text name = u->question != NONE ? c->kb->questions[u->question].id : t->names[i];
        uint32_t first = idmap_put(&seen, name, i);
        if (first == i || (u->roles & ~(unsigned)ROLE_STATUS) == 0)
            continue;
        problem_add(problems, PROBLEM_COLUMN_TWICE, SPAN_NONE,
                    problem_quote(problems, t->source.name), problem_quote(problems, name), NULL);
        problem_help(problems,
                     problem_format(problems, "they are columns %u and %u: rename or remove one",
                                    (unsigned)first + 1, (unsigned)i + 1));
        ok = false;
    }
    return ok;
}

static uint32_t *count_beside(struct layout *l, enum answer_kind kind)
{
    switch (kind) {
    case KIND_NUMBER: return &l->number_count;
    case KIND_MANY_OF: return &l->ticked_count;
    case KIND_TEXT: return &l->text_count;
    default: return NULL;
    }
}

void layout_make(struct arena *a, struct layout *l, const struct kb *kb, const uint32_t *questions,
                 uint32_t count)
{
    *l = (struct layout){.slots = arena_array(a, count, sizeof *l->slots),
                         .facts = arena_array(a, count, sizeof *l->facts),
                         .slot_of = arena_array(a, kb->question_count, sizeof *l->slot_of)};
    for (uint32_t q = 0; q < kb->question_count; q++)
        l->slot_of[q] = NONE;
    for (uint32_t i = 0; i < count; i++) {
        const struct question *of = &kb->questions[questions[i]];
        uint32_t *beside = count_beside(l, of->kind);
        l->slots[i] =
            (struct slot){questions[i], of, beside ? (*beside)++ : 0, of->about_partnership};
        l->slot_of[questions[i]] = i;
        if (of->about_partnership)
            l->facts[l->fact_count++] = i;
    }
    l->slot_count = count;
    l->numbers_at = (count + 15) & ~(size_t)15;
    l->ticked_at = l->numbers_at + l->number_count * sizeof(double);
    l->texts_at = l->ticked_at + l->ticked_count * sizeof(uint64_t);
    l->stride = (l->texts_at + l->text_count * sizeof(struct text) + 15) & ~(size_t)15;
}

static void make_slots(struct arena *a, struct columns *c, struct table *tables, size_t count)
{
    uint32_t *order = arena_array(a, c->kb->question_count, sizeof *order);
    uint32_t n = 0;
    for (size_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < tables[i].column_count; j++) {
            uint32_t q = tables[i].uses[j].question;
            if (q == NONE || c->put[q])
                continue;
            c->put[q] = true;
            order[n++] = q;
        }
    layout_make(a, &c->layout, c->kb, order, n);
    for (size_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < tables[i].column_count; j++) {
            uint32_t q = tables[i].uses[j].question;
            tables[i].uses[j].slot = q == NONE ? NONE : c->layout.slot_of[q];
        }
}

/* --- steps ------------------------------------------------------------------------------------ */

/* A scale has a digit that is an answer by itself. */
static bool has_digits(const struct question *q)
{
    return q->kind == KIND_SCALE && q->lo <= 9 && q->hi >= 0;
}

static void set_piece(struct piece *k, uint32_t i, const struct question *q)
{
    double lo = q->lo > 0 ? q->lo : 0, hi = q->hi < 9 ? q->hi : 9;
    k->least[i] = (uint8_t)('0' + (int)lo);
    k->width[i] = (uint8_t)(hi - lo);
    k->code[i] = (uint8_t)(lo - q->lo + 1);
}

static uint32_t choice_hash(struct text id)
{
    return (uint32_t)text_hash(id);
}

static void make_choices(struct arena *a, struct choice_table *t, const struct question *q)
{
    uint32_t size = 8;
    while (size < 2 * q->choice_count)
        size *= 2;
    t->mask = size - 1;
    t->codes = arena_array(a, size, 1);
    for (uint32_t i = 0; i < q->choice_count; i++) {
        uint32_t at = choice_hash(q->choices[i].id) & t->mask;
        while (t->codes[at])
            at = (at + 1) & t->mask;
        t->codes[at] = (uint8_t)(i + 1);
    }
}

uint8_t choice_find(const struct choice_table *t, const struct question *q, struct text id)
{
    uint32_t at = choice_hash(id) & t->mask;
    while (t->codes[at] && !text_equal(q->choices[t->codes[at] - 1].id, id))
        at = (at + 1) & t->mask;
    return t->codes[at];
}

struct making {
    struct arena *arena;
    const struct layout *layout;
    struct step *steps;
    size_t count, capacity;
};

static struct step *add_step(struct making *m, enum step_kind kind, uint32_t column)
{
    m->steps = arena_grow(m->arena, m->steps, m->count, &m->capacity, sizeof *m->steps);
    struct step *s = &m->steps[m->count++];
    *s = (struct step){.kind = kind, .column = column, .count = 1, .slot = NONE};
    return s;
}

static void add_cell(struct making *m, uint32_t column, const struct use *u, bool ends_row)
{
    struct step *s = add_step(m, STEP_CELL, column);
    s->roles = u->roles;
    s->slot = u->slot;
    s->reading = u->reading;
    s->keep = u->keep;
    s->keep_count = u->keep_count;
    s->ends_row = ends_row;
    if (u->slot == NONE || u->reading)
        return;
    const struct question *q = m->layout->slots[u->slot].of;
    if (q->kind == KIND_ONE_OF)
        make_choices(m->arena, &s->choices, q);
    if (has_digits(q)) {
        s->pieces = arena_array(m->arena, 1, sizeof *s->pieces);
        set_piece(s->pieces, 0, q);
    }
}

static void add_column(struct making *m, uint32_t column, const struct use *u, bool ends_row)
{
    struct step *last = m->count ? &m->steps[m->count - 1] : NULL;
    if (!ends_row && u->roles == 0) {
        if (last && last->kind == STEP_SKIP)
            last->count++;
        else
            add_step(m, STEP_SKIP, column);
    } else if (!ends_row && u->roles == ROLE_QUESTION && !u->reading &&
               has_digits(m->layout->slots[u->slot].of)) {
        if (last && last->kind == STEP_RUN && last->slot + last->count == u->slot)
            last->count++;
        else
            add_step(m, STEP_RUN, column)->slot = u->slot;
    } else {
        add_cell(m, column, u, ends_row);
    }
}

static void make_pieces(struct making *m, struct step *s)
{
    s->pieces = arena_array(m->arena, (s->count + 7) / 8, sizeof *s->pieces);
    for (uint32_t i = 0; i < s->count; i++) {
        struct piece *k = &s->pieces[i / 8];
        set_piece(k, i % 8, m->layout->slots[s->slot + i].of);
        k->cells = i % 8 + 1;
    }
    for (uint32_t i = s->count; i % 8; i++)
        s->pieces[i / 8].width[i % 8] = 255;
}

static void make_steps(struct arena *a, const struct columns *c, struct table *t)
{
    struct making m = {.arena = a, .layout = &c->layout};
    bool *here = arena_array(a, c->layout.slot_count, sizeof *here);
    for (uint32_t i = 0; i < t->column_count; i++) {
        const struct use *u = &t->uses[i];
        if (u->slot != NONE)
            here[u->slot] = true;
        add_column(&m, i, u, i + 1 == t->column_count);
        if (u->roles & ROLE_STATUS)
            m.steps[m.count - 1].status = t->headings[i].status;
    }
    for (uint32_t i = 0; i < t->closing_count; i++)
        t->closings[i].slot = c->layout.slot_of[t->closings[i].question];
    t->case_column = t->keys[KEY_CASE];
    t->partner_column = t->keys[KEY_PARTNER];
    for (size_t i = 0; i < m.count; i++)
        if (m.steps[i].kind == STEP_RUN)
            make_pieces(&m, &m.steps[i]);
    t->steps = m.steps;
    t->step_count = (uint32_t)m.count;
    t->absent = arena_array(a, c->layout.slot_count, sizeof *t->absent);
    for (uint32_t i = 0; i < c->layout.slot_count; i++)
        if (!here[i])
            t->absent[t->absent_count++] = i;
}

/* What is compared must have a name that is the same in each wave. */
static bool check_waves(const struct columns *c, const struct table *tables,
                        struct problems *problems)
{
    const char *file = problem_quote(problems, tables[0].source.name);
    if (!c->has_key[KEY_CASE] && c->constant_case.size == 0) {
        problem_add(problems, PROBLEM_COMPARE_NO_CASE, SPAN_NONE, file, NULL, NULL);
        problem_help(problems, "--case COLUMN says which column names the partnership");
        return false;
    }
    if (c->has_key[KEY_WAVE] || c->wave_by_file)
        return true;
    problem_add(problems, PROBLEM_COMPARE_NO_WAVE, SPAN_NONE, file, NULL, NULL);
    problem_help(problems, "--wave COLUMN says which column names the wave; or name two files, the "
                           "earlier one first");
    return false;
}

bool columns_settle(struct arena *a, struct columns *c, struct survey_options *o,
                    struct table *tables, size_t count, struct problems *problems)
{
    const char *const named[KEY_COUNT] = {o->case_column, o->partner_column, o->respondent_column,
                                          o->wave_column};
    bool ok = true, any_header = false;
    for (int k = 0; k < KEY_COUNT; k++)
        ok &= find_key(tables, count, (enum key)k, named[k], &c->has_key[k], problems);
    if (o->each_row)
        c->has_key[KEY_CASE] = c->has_key[KEY_WAVE] = false;
    c->has_case = c->has_key[KEY_CASE] || c->has_key[KEY_WAVE] || c->constant_case.size > 0;
    c->has_case &= !o->each_row;
    c->wave_by_file = o->compare && !c->has_key[KEY_WAVE] && count > 1;
    ok &= !o->compare || check_waves(c, tables, problems);
    for (size_t i = 0; i < count; i++)
        tables[i].closes |= c->has_key[KEY_WAVE];
    c->has_partner = c->has_key[KEY_PARTNER];
    c->has_respondent = c->has_key[KEY_RESPONDENT] && o->duplicates != DUPLICATES_ALL;
    personal_settle(o, c, tables, count, problems);
    for (size_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < tables[i].column_count; j++)
            find_roles(a, c, &tables[i], j);
    make_slots(a, c, tables, count);
    for (size_t i = 0; i < count; i++) {
        any_header |= tables[i].column_count > 0;
        ok &= find_kept(c, &tables[i], problems);
        ok &= check_twice(a, c, &tables[i], problems);
    }
    remark_keys(c, tables, count, problems);
    remark_ignored(a, c, tables, count, problems);
    for (size_t i = 0; i < count; i++) {
        if (tables[i].column_count == 0)
            remark_empty(&tables[i], problems);
        else if (tables[i].separator != ',')
            remark_separator(&tables[i], problems);
    }
    if (any_header && c->layout.slot_count == 0)
        ok = remark_no_question(c, &tables[0], problems);
    for (size_t i = 0; ok && i < count; i++)
        make_steps(a, c, &tables[i]);
    return ok;
}
