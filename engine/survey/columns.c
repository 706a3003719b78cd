/* In: the names of the columns of every table. Out: which questions are put, where each cell of a
 * row goes, what is ignored. Next: batch follows the steps. A question is put when any table has
 * its column; a row of a table without it has skipped it. */
#include "survey/columns.h"

enum {
    NEAR_NAMES = 20, /* at most so many "did you mean" notes */
    KEY_NAME = 32    /* letters of a header compared with case, partner, respondent */
};

/* What one column is for. */
struct use {
    unsigned roles;
    uint32_t slot;
    uint32_t *keep;
    uint32_t keep_count;
};

static bool add_missing(const struct table *t, struct text name, struct problems *problems)
{
    struct suggest near;
    suggest_init(&near, name);
    for (uint32_t i = 0; i < t->column_count; i++)
        suggest_offer(&near, t->names[i]);
    problem_add(problems, PROBLEM_COLUMN_MISSING, SPAN_NONE,
                problem_quote(problems, t->source.name), problem_quote(problems, name), NULL);
    if (near.best.size)
        problem_help(problems, problem_format(problems, "did you mean %s?",
                                              problem_quote(problems, near.best)));
    return false;
}

static uint32_t column_of(const struct table *t, struct text name)
{
    for (uint32_t i = 0; i < t->column_count; i++)
        if (text_equal(t->names[i], name))
            return i;
    return NONE;
}

/* A key column: the one the option names must be there, the usual name may be. Where one table has
 * it, all must. */
static bool find_key(struct table *tables, size_t count, const char *option, const char *usual,
                     bool *has, struct problems *problems)
{
    struct text name = text_from_c(option ? option : usual);
    *has = option != NULL;
    for (size_t i = 0; i < count; i++)
        *has |= column_of(&tables[i], name) != NONE;
    bool ok = true;
    for (size_t i = 0; *has && i < count; i++)
        if (tables[i].column_count && column_of(&tables[i], name) == NONE)
            ok = add_missing(&tables[i], name, problems);
    return ok;
}

static bool find_kept(const struct columns *c, const struct table *t, struct problems *problems)
{
    bool ok = true;
    for (size_t i = 0; t->column_count && i < c->options->keep_count; i++) {
        struct text name = text_from_c(c->options->keep[i]);
        if (column_of(t, name) == NONE)
            ok = add_missing(t, name, problems);
    }
    return ok;
}

static unsigned key_roles(const struct columns *c, struct text name)
{
    const struct survey_options *o = c->options;
    unsigned roles = 0;
    if (c->has_case && text_is(name, o->case_column ? o->case_column : "case"))
        roles |= ROLE_CASE;
    if (c->has_partner && text_is(name, o->partner_column ? o->partner_column : "partner"))
        roles |= ROLE_PARTNER;
    if (c->has_respondent &&
        text_is(name, o->respondent_column ? o->respondent_column : "respondent"))
        roles |= ROLE_RESPONDENT;
    return roles;
}

static struct use use_of(struct arena *a, const struct columns *c, struct text name)
{
    const struct survey_options *o = c->options;
    struct use u = {.roles = key_roles(c, name), .slot = NONE};
    size_t capacity = 0;
    for (uint32_t i = 0; i < o->keep_count; i++) {
        if (!text_is(name, o->keep[i]))
            continue;
        u.roles |= ROLE_KEEP;
        u.keep = arena_grow(a, u.keep, u.keep_count, &capacity, sizeof *u.keep);
        u.keep[u.keep_count++] = i;
    }
    uint32_t q = kb_question(c->kb, name);
    if (q != NONE) {
        u.roles |= ROLE_QUESTION;
        u.slot = c->layout.slot_of[q];
    }
    return u;
}

/* Two columns of one name, where the name means something. */
static bool check_twice(struct arena *a, const struct columns *c, const struct table *t,
                        struct problems *problems)
{
    struct idmap seen;
    bool ok = true;
    idmap_init(&seen, a);
    for (uint32_t i = 0; i < t->column_count; i++) {
        uint32_t first = idmap_put(&seen, t->names[i], i);
        if (first == i || use_of(a, c, t->names[i]).roles == 0)
            continue;
        problem_add(problems, PROBLEM_COLUMN_TWICE, SPAN_NONE,
                    problem_quote(problems, t->source.name), problem_quote(problems, t->names[i]),
                    NULL);
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

static void make_slots(struct arena *a, struct columns *c, const struct table *tables, size_t count)
{
    uint32_t *order = arena_array(a, c->kb->question_count, sizeof *order);
    uint32_t n = 0;
    for (size_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < tables[i].column_count; j++) {
            uint32_t q = kb_question(c->kb, tables[i].names[j]);
            if (q == NONE || c->put[q])
                continue;
            c->put[q] = true;
            order[n++] = q;
        }
    layout_make(a, &c->layout, c->kb, order, n);
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
    s->keep = u->keep;
    s->keep_count = u->keep_count;
    s->ends_row = ends_row;
    if (u->slot == NONE)
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
    } else if (!ends_row && u->roles == ROLE_QUESTION && has_digits(m->layout->slots[u->slot].of)) {
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
        struct use u = use_of(a, c, t->names[i]);
        if (u.slot != NONE)
            here[u.slot] = true;
        if (u.roles & ROLE_CASE)
            t->case_column = i;
        if (u.roles & ROLE_PARTNER)
            t->partner_column = i;
        add_column(&m, i, &u, i + 1 == t->column_count);
    }
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

/* --- what to say -------------------------------------------------------------------------------
 */

/* A column that is nearly called like a question without a column. */
static bool note_near(const struct columns *c, const struct table *t, struct text name,
                      struct problems *problems)
{
    struct suggest near;
    suggest_init(&near, name);
    for (uint32_t q = 0; q < c->kb->question_count; q++)
        if (!c->put[q])
            suggest_offer(&near, c->kb->questions[q].id);
    if (near.best.size == 0)
        return false;
    problem_add(problems, PROBLEM_COLUMN_NEAR, SPAN_NONE, problem_quote(problems, name),
                problem_quote(problems, t->source.name), problem_quote(problems, near.best));
    return true;
}

static void list_ignored(struct arena *a, struct columns *c, const struct table *tables,
                         size_t count, struct problems *problems)
{
    struct idmap seen;
    size_t capacity = 0, looked_at = 0, notes = 0;
    idmap_init(&seen, a);
    for (size_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < tables[i].column_count; j++) {
            struct text name = tables[i].names[j];
            if (use_of(a, c, name).roles || idmap_get(&seen, name) != IDMAP_NONE)
                continue;
            idmap_put(&seen, name, j);
            c->ignored = arena_grow(a, c->ignored, c->ignored_count, &capacity, sizeof name);
            c->ignored[c->ignored_count++] = name;
            if (notes < NEAR_NAMES && looked_at++ < 20 * NEAR_NAMES)
                notes += note_near(c, &tables[i], name, problems);
        }
}

static bool refuse_no_question(const struct columns *c, const struct table *t,
                               struct problems *problems)
{
    problem_add(problems, PROBLEM_NO_QUESTIONS, SPAN_NONE, problem_quote(problems, t->source.name),
                NULL, NULL);
    const char *first = c->kb->question_count ? problem_quote(problems, c->kb->questions[0].id)
                                              : "(the pack asks nothing)";
    problem_help(
        problems,
        problem_format(problems,
                       "the header of an export holds ids of questions, such as %s; `case`, "
                       "`partner` and `respondent` may stand beside them",
                       first));
    return false;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* "Case ID" as caseid: what is written otherwise only compares equal. */
static struct text folded(struct text name, char out[KEY_NAME])
{
    size_t n = 0;
    for (size_t i = 0; i < name.size && n < KEY_NAME; i++) {
        char c = name.at[i];
        if (is_letter_or_digit(c))
            out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (struct text){out, n};
}

/* A column that looks like the key: other capitals, signs around, an id behind; or a letter wrong. */
static uint32_t column_like(const struct columns *c, const struct table *t, const char *usual)
{
    static const char *const behind[] = {"", "id", "key", "name"};
    struct suggest near;
    uint32_t nearest = NONE;
    for (uint32_t i = 0; i < t->column_count; i++) {
        char letters[KEY_NAME];
        struct text name = folded(t->names[i], letters);
        size_t size = strlen(usual);
        if (kb_question(c->kb, t->names[i]) != NONE || key_roles(c, t->names[i]))
            continue;
        for (size_t k = 0; k < sizeof behind / sizeof behind[0]; k++)
            if (name.size > size && memcmp(name.at, usual, size) == 0
                    ? text_is((struct text){name.at + size, name.size - size}, behind[k])
                    : k == 0 && text_is(name, usual))
                return i;
        suggest_init(&near, text_from_c(usual));
        suggest_offer(&near, name);
        if (near.best.size && nearest == NONE)
            nearest = i;
    }
    return nearest;
}

/* Where no table has a key column, all rows are taken apart, or together; that must not pass in
 * silence where a column looks like it. */
static void warn_key(const struct columns *c, const struct table *tables, size_t count,
                     const char *usual, const char *taken_as, struct problems *problems)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t like = column_like(c, &tables[i], usual);
        if (like == NONE)
            continue;
        const char *name = problem_quote(problems, tables[i].names[like]);
        problem_add(problems, PROBLEM_KEY_NEAR, SPAN_NONE,
                    problem_quote(problems, tables[i].source.name),
                    problem_format(problems, "'%s', and %s is not it", usual, name), taken_as);
        problem_help(problems, problem_format(problems, "did you mean --%s %s?", usual, name));
        return;
    }
}

static void warn_keys(const struct columns *c, const struct table *tables, size_t count,
                      struct problems *problems)
{
    if (c->options->each_row)
        return;
    if (!c->has_case)
        warn_key(c, tables, count, "case", "every row is a case of its own", problems);
    if (!c->has_partner)
        warn_key(c, tables, count, "partner", "all rows of a case speak for one partner", problems);
    if (!c->has_respondent)
        warn_key(c, tables, count, "respondent", "every row is another person", problems);
}

static void note_empty(const struct table *t, struct problems *problems)
{
    problem_add(problems, PROBLEM_SURVEY_EMPTY, SPAN_NONE, problem_quote(problems, t->source.name),
                NULL, NULL);
}

static void note_separator(const struct table *t, struct problems *problems)
{
    const char *what = t->separator == ';'    ? "semicolons"
                       : t->separator == '\t' ? "tabs"
                       : t->separator == '|'  ? "vertical bars"
                                              : NULL;
    char c[2] = {t->separator, '\0'};
    problem_add(problems, PROBLEM_SEPARATOR, SPAN_NONE, problem_quote(problems, t->source.name),
                what ? what : problem_quote(problems, text_from_c(c)), NULL);
}

bool columns_settle(struct arena *a, struct columns *c, struct table *tables, size_t count,
                    struct problems *problems)
{
    const struct survey_options *o = c->options;
    bool ok = find_key(tables, count, o->case_column, "case", &c->has_case, problems);
    ok &= find_key(tables, count, o->partner_column, "partner", &c->has_partner, problems);
    ok &= find_key(tables, count, o->respondent_column, "respondent", &c->has_respondent, problems);
    c->has_case &= !o->each_row;
    make_slots(a, c, tables, count);
    bool any_header = false;
    for (size_t i = 0; i < count; i++) {
        any_header |= tables[i].column_count > 0;
        ok &= find_kept(c, &tables[i], problems);
        ok &= check_twice(a, c, &tables[i], problems);
    }
    warn_keys(c, tables, count, problems);
    list_ignored(a, c, tables, count, problems);
    for (size_t i = 0; i < count; i++) {
        if (tables[i].column_count == 0)
            note_empty(&tables[i], problems);
        else if (tables[i].separator != ',')
            note_separator(&tables[i], problems);
    }
    if (any_header && c->layout.slot_count == 0)
        ok = refuse_no_question(c, &tables[0], problems);
    for (size_t i = 0; ok && i < count; i++) {
        tables[i].case_column = tables[i].partner_column = NONE;
        make_steps(a, c, &tables[i]);
    }
    return ok;
}
