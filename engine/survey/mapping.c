/* In: a mapping file and the columns of tables. Out: what each column is for, and through which
 * reading. Next: columns makes steps of it. The one idea: entries are looked for one after another;
 * of several for one question those count whose column is there, so one file may serve the layouts
 * of several tools. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "survey/mapping.h"
#include "survey/dialect.h"

#include <pcre2.h>

struct mapping *mapping_load(struct arena *a, const char *path, struct problems *problems)
{
    struct mapping *m = arena_alloc(a, sizeof *m);
    struct source s;
    size_t got = 0;
    if (!source_open(&s, path, problems))
        return NULL;
    m->name = arena_text(a, s.name);
    char *bytes = arena_try(a, LIMIT_SHEET + 1);
    bool ok = bytes && source_read(&s, bytes, LIMIT_SHEET + 1, &got, problems);
    source_close(&s);
    if (!bytes)
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    if (!ok)
        return NULL;
    if (got > LIMIT_SHEET) {
        problem_add(problems, PROBLEM_MAP_LONG, SPAN_NONE, problem_quote(problems, m->name),
                    problem_count_text(problems, LIMIT_SHEET), NULL);
        return NULL;
    }
    struct text all = {bytes, got};
    source_id id = problems_source(problems, m->name, all);
    if (id == 0) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return NULL;
    }
    return pack_map_load(a, id, all, &m->read, problems) ? m : NULL;
}

/* --- finding columns -------------------------------------------------------------------------- */

/* As headers compare: HTML undone, then loosely. */
static struct text loose_header(struct arena *a, struct text t)
{
    return heading_loose(a, heading_plain(a, t));
}

static void find_header(struct arena *a, const struct table *t, struct text header, uint32_t *found,
                        uint32_t *count)
{
    struct text wanted = loose_header(a, header);
    for (uint32_t i = 0; i < t->column_count; i++)
        if (text_equal(t->headings[i].loose_text, wanted) ||
            text_equal(t->headings[i].loose_shown, wanted))
            found[(*count)++] = i;
    if (*count)
        return;
    for (uint32_t i = 0; i < t->column_count; i++)
        if (t->headings[i].item.size && text_equal(t->headings[i].loose_item, wanted))
            found[(*count)++] = i;
}

void mapping_loosen(struct arena *a, struct table *t)
{
    for (uint32_t i = 0; i < t->column_count; i++) {
        struct heading *h = &t->headings[i];
        h->loose_text = loose_header(a, h->text);
        h->loose_shown = loose_header(a, h->shown);
        h->loose_item = loose_header(a, h->item);
    }
}

static void release_code(void *p)
{
    pcre2_code_free(p);
}

static void release_data(void *p)
{
    pcre2_match_data_free(p);
}

static void release_context(void *p)
{
    pcre2_match_context_free(p);
}

static bool matches(const pcre2_code *code, pcre2_match_data *data, pcre2_match_context *context,
                    struct text t)
{
    return t.size && utf8_valid(t) == t.size &&
           pcre2_match(code, (PCRE2_SPTR)t.at, t.size, 0, 0, data, context) >= 0;
}

static bool find_pattern(struct arena *a, const struct table *t, const struct cell *cell,
                         uint32_t *found, uint32_t *count, struct problems *problems)
{
    struct text pattern = cell_text(cell);
    int error = 0;
    size_t offset = 0;
    pcre2_code *code = NULL;
    if (pattern.size <= LIMIT_PATTERN)
        code =
            pcre2_compile((PCRE2_SPTR)pattern.at, pattern.size,
                          PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &offset, NULL);
    if (!code && error == PCRE2_ERROR_HEAP_FAILED) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return false;
    }
    if (!code) {
        PCRE2_UCHAR message[160] = "it is too long";
        if (error)
            pcre2_get_error_message(error, message, sizeof message);
        problem_add(problems, PROBLEM_MAP_PATTERN, cell->span, problem_quote(problems, pattern),
                    problem_format(problems, "%s", (const char *)message), NULL);
        return false;
    }
    arena_defer(a, release_code, code);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    if (data)
        arena_defer(a, release_data, data);
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    if (context)
        arena_defer(a, release_context, context);
    if (!data || !context) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return false;
    }
    pcre2_set_match_limit(context, LIMIT_PATTERN_MATCH);
    pcre2_set_depth_limit(context, LIMIT_PATTERN_MATCH);
    for (uint32_t i = 0; i < t->column_count; i++) {
        const struct heading *h = &t->headings[i];
        if (matches(code, data, context, h->code) || matches(code, data, context, h->text) ||
            matches(code, data, context, h->shown))
            found[(*count)++] = i;
    }
    return true;
}

bool mapping_find(struct arena *a, const struct table *t, const struct finder *f, uint32_t *found,
                  uint32_t *count, struct problems *problems)
{
    *count = 0;
    if (cell_given(f->column) + cell_given(f->header) + cell_given(f->pattern) != 1) {
        problem_add(problems, PROBLEM_MAP_FINDER, f->at, NULL, NULL, NULL);
        return false;
    }
    if (cell_given(f->pattern))
        return find_pattern(a, t, f->pattern, found, count, problems);
    if (cell_given(f->header)) {
        find_header(a, t, cell_text(f->header), found, count);
        return true;
    }
    for (uint32_t i = 0; i < t->column_count; i++)
        if (column_is(t, i, cell_text(f->column)))
            found[(*count)++] = i;
    return true;
}

/* --- binding ---------------------------------------------------------------------------------- */

struct binding {
    struct arena *arena;
    struct columns *columns;
    const struct mapping *mapping;
    struct table *table;
    struct problems *problems;
    uint32_t *found; /* [column_count] */
    size_t closing_capacity;
    bool ok;
};

/* The one column an entry means; NONE where there is none, or several and a problem. */
static uint32_t find_one(struct binding *b, const struct finder *f, struct text what)
{
    uint32_t n;
    if (!mapping_find(b->arena, b->table, f, b->found, &n, b->problems)) {
        b->ok = false;
        return NONE;
    }
    if (n == 0)
        return NONE;
    if (n == 1)
        return b->found[0];
    const struct table *t = b->table;
    problem_add(b->problems, PROBLEM_MAP_SEVERAL, f->at, problem_quote(b->problems, t->source.name),
                problem_quote(b->problems, what), NULL);
    problem_note(
        b->problems, SPAN_NONE,
        problem_format(b->problems, "columns %u, %s, and %u, %s", (unsigned)b->found[0] + 1,
                       problem_quote(b->problems, t->names[b->found[0]]), (unsigned)b->found[1] + 1,
                       problem_quote(b->problems, t->names[b->found[1]])));
    b->ok = false;
    return NONE;
}

static void give(struct binding *b, uint32_t column, uint32_t question, struct reading *r,
                 struct span at)
{
    struct use *u = &b->table->uses[column];
    if (!r) {
        b->ok = false;
        return;
    }
    if (u->reading && u->reading->of) {
        problem_add(b->problems, PROBLEM_MAP_COLUMN_TWICE, at,
                    problem_quote(b->problems, b->table->names[column]),
                    problem_quote(b->problems, u->reading->of->id), NULL);
        b->ok = false;
        return;
    }
    r->index = b->columns->reading_count++;
    r->follows = false;
    u->question = question;
    u->reading = r;
    b->table->is_mapped = true;
}

static void add_closing(struct binding *b, uint32_t question, uint32_t last)
{
    struct table *t = b->table;
    t->closings = arena_grow(b->arena, t->closings, t->closing_count, &b->closing_capacity,
                             sizeof *t->closings);
    t->closings[t->closing_count++] = (struct closing){NONE, question, last};
    t->closes = true;
}

static void bind_options(struct binding *b, const struct map_question *q, uint32_t question)
{
    const struct question *of = &b->columns->kb->questions[question];
    bool has_options = of->kind == KIND_MANY_OF || of->kind == KIND_ONE_OF;
    uint32_t last = NONE;
    for (unsigned i = 0; i < q->options_count; i++) {
        const struct map_option *o = &q->options[i];
        struct finder f = {&o->column, &o->header, &o->pattern, o->at.span};
        uint8_t choice = 0;
        for (uint32_t k = 0; k < of->choice_count && has_options; k++)
            if (text_equal(of->choices[k].id, cell_text(&o->choice)))
                choice = (uint8_t)(k + 1);
        if (!choice) {
            problem_add(b->problems, PROBLEM_MAP_VALUE, o->choice.span,
                        problem_quote(b->problems, cell_text(&o->choice)),
                        problem_quote(b->problems, of->id), NULL);
            b->ok = false;
            continue;
        }
        uint32_t column = find_one(b, &f, cell_text(&o->choice));
        if (column == NONE)
            continue;
        struct text item = b->table->headings[column].item;
        give(b, column, question,
             reading_new_option(b->arena, b->mapping, q, of, choice,
                                item.size ? item : b->table->headings[column].text),
             o->at.span);
        if (last == NONE || column > last)
            last = column;
    }
    if (last != NONE && q->blank.number != 0 && of->kind == KIND_MANY_OF)
        add_closing(b, question, last);
}

static void bind_question(struct binding *b, const struct map_question *q)
{
    uint32_t question = kb_question(b->columns->kb, cell_text(&q->question));
    if (question == NONE) {
        struct suggest near;
        suggest_init(&near, cell_text(&q->question));
        for (uint32_t i = 0; i < b->columns->kb->question_count; i++)
            suggest_offer(&near, b->columns->kb->questions[i].id);
        problem_add(b->problems, PROBLEM_MAP_QUESTION, q->question.span,
                    problem_quote(b->problems, cell_text(&q->question)), NULL, NULL);
        if (near.best.size)
            problem_help(b->problems, problem_format(b->problems, "did you mean %s?",
                                                     problem_quote(b->problems, near.best)));
        b->ok = false;
        return;
    }
    if (q->options_count) {
        bind_options(b, q, question);
        return;
    }
    struct finder f = {&q->column, &q->header, &q->pattern, q->at.span};
    uint32_t column = find_one(b, &f, cell_text(&q->question));
    if (column == NONE)
        return;
    const struct question *of = &b->columns->kb->questions[question];
    give(b, column, question, reading_new(b->arena, b->mapping, q, of, b->problems), q->at.span);
    if (of->kind == KIND_MANY_OF && q->blank.number != 0)
        add_closing(b, question, column);
}

static void bind_key(struct binding *b, const struct map_key *k, enum key key, const char *name)
{
    if (!k)
        return;
    if (cell_given(&k->value) && key == KEY_CASE) {
        b->columns->constant_case = arena_text(b->arena, cell_text(&k->value));
        b->table->closes = true;
        return;
    }
    struct finder f = {&k->column, &k->header, &k->pattern, k->at.span};
    uint32_t column = find_one(b, &f, text_from_c(name));
    struct reading *r = reading_new_key(b->arena, b->mapping, k, &b->ok, b->problems);
    if (column == NONE) {
        if (b->ok && b->table->column_count) {
            problem_add(b->problems, PROBLEM_MAP_NO_KEY, k->at.span,
                        problem_quote(b->problems, b->table->source.name), name, NULL);
            b->ok = false;
        }
        return;
    }
    b->table->keys[key] = column;
    b->table->closes |= key == KEY_WAVE;
    if (r) {
        r->index = b->columns->reading_count++;
        b->table->uses[column].reading = r;
    }
}

/* Of columns that answer one question, all but the first fill in; joined in the order of columns.
 */
static void mark_followers(const struct columns *c, struct table *t, struct arena *a)
{
    bool *seen = arena_array(a, c->kb->question_count + 1, sizeof *seen);
    for (uint32_t i = 0; i < t->column_count; i++) {
        struct use *u = &t->uses[i];
        if (!u->reading || !u->reading->of)
            continue;
        struct reading *r = arena_alloc(a, sizeof *r);
        *r = *u->reading;
        r->follows = seen[u->question];
        u->reading = r;
        seen[u->question] = true;
    }
}

static void warn_unplaced(struct binding *b, unsigned entry)
{
    const struct map_question *all = b->mapping->read.questions, *q = &all[entry];
    uint32_t question = kb_question(b->columns->kb, cell_text(&q->question));
    for (unsigned i = 0; i < entry; i++)
        if (text_equal(cell_text(&all[i].question), cell_text(&q->question)))
            return;
    if (question == NONE || mapping_has(b->table, question) || b->table->column_count == 0)
        return;
    problem_add(b->problems, PROBLEM_MAP_NO_COLUMN, q->question.span,
                problem_quote(b->problems, b->table->source.name),
                problem_quote(b->problems, cell_text(&q->question)), NULL);
}

bool mapping_bind(struct arena *a, struct columns *c, const struct mapping *m, struct table *tables,
                  size_t count, struct problems *problems)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        struct table *t = &tables[i];
        struct binding b = {.arena = a,
                            .columns = c,
                            .mapping = m,
                            .table = t,
                            .problems = problems,
                            .found = arena_array(a, t->column_count + 1, sizeof *b.found),
                            .ok = true};
        mapping_loosen(a, t);
        bind_key(&b, m->read.case_key, KEY_CASE, "case");
        bind_key(&b, m->read.partner, KEY_PARTNER, "partner");
        bind_key(&b, m->read.respondent, KEY_RESPONDENT, "respondent");
        bind_key(&b, m->read.wave, KEY_WAVE, "wave");
        for (unsigned k = 0; k < m->read.questions_count; k++)
            bind_question(&b, &m->read.questions[k]);
        mark_followers(c, t, a);
        for (unsigned k = 0; b.ok && k < m->read.questions_count; k++)
            warn_unplaced(&b, k);
        ok &= b.ok;
    }
    return ok;
}

bool mapping_has(const struct table *t, uint32_t question)
{
    for (uint32_t i = 0; i < t->column_count; i++)
        if (t->uses[i].question == question && t->uses[i].reading)
            return true;
    return false;
}
