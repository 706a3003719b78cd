/* In: answer sheets, as the pack stage reads them. Out: their cases in the store, and which
 * questions are put: those of the form, or those that occur. Next: parser, as for any stored case.
 * A fact stands in the row of the first respondent; the others have skipped it. */
#include "survey/survey_state.h"

struct sheet {
    struct source source;
    source_id id;
    struct text name; /* of the case */
    struct pack_sheet read;
    bool *put; /* by question */
};

struct sheets {
    struct survey *survey;
    struct sheet *list;
    size_t count;
    struct rowstore *store;
    struct problems *problems;
    bool ok;
};

bool sheet_is_name(const char *path)
{
    struct text t = text_from_c(path);
    return text_ends(t, ".yaml") || text_ends(t, ".yml");
}

/* --- reading -----------------------------------------------------------------------------------
 */

static bool read_bytes(struct arena *a, struct source *s, struct text *out,
                       struct problems *problems)
{
    size_t room = LIMIT_SHEET + 1, got;
    if (s->is_regular && (uint64_t)s->first.st_size < LIMIT_SHEET)
        room = (size_t)s->first.st_size + 1;
    char *bytes = arena_alloc(a, room);
    bool ok = source_read(s, bytes, room, &got, problems);
    *out = (struct text){bytes, got};
    if (!ok || got <= LIMIT_SHEET)
        return ok;
    problem_add(problems, PROBLEM_SHEET_LONG, SPAN_NONE, problem_quote(problems, s->name),
                problem_count_text(problems, LIMIT_SHEET), NULL);
    return false;
}

/* Without a case key: the file's name without folder and suffix. */
static struct text name_of_file(const char *path)
{
    struct text t = text_from_c(path);
    for (size_t i = t.size; i-- > 0;)
        if (t.at[i] == '/') {
            t = (struct text){t.at + i + 1, t.size - i - 1};
            break;
        }
    t.size -= text_ends(t, ".yaml") ? 5 : 4;
    return t;
}

static bool read_sheet(struct sheets *m, const char *path)
{
    struct arena *a = &m->survey->arena;
    struct sheet *s = &m->list[m->count++];
    struct text bytes;
    if (!source_open(&s->source, path, m->problems))
        return false;
    bool ok = read_bytes(a, &s->source, &bytes, m->problems);
    source_close(&s->source);
    if (!ok)
        return false;
    m->survey->total_bytes += bytes.size;
    s->id = problems_source(m->problems, s->source.name, bytes);
    if (s->id == 0)
        return survey_no_memory(m->problems);
    if (!pack_sheet_load(a, s->id, bytes, &s->read, m->problems))
        return false;
    s->name = cell_given(&s->read.name) ? cell_text(&s->read.name) : name_of_file(path);
    for (size_t i = 0; i + 1 < m->count; i++) {
        if (!text_equal(m->list[i].name, s->name))
            continue;
        problem_add(m->problems, PROBLEM_SHEET_TWICE, s->read.name.span,
                    problem_quote(m->problems, m->list[i].source.name),
                    problem_quote(m->problems, s->source.name),
                    problem_quote(m->problems, s->name));
        return false;
    }
    return true;
}

/* --- which questions ---------------------------------------------------------------------------
 */

static bool refuse_question(struct sheets *m, const struct cell *key)
{
    const struct kb *kb = m->survey->kb;
    struct suggest near;
    suggest_init(&near, cell_text(key));
    for (uint32_t q = 0; q < kb->question_count; q++)
        suggest_offer(&near, kb->questions[q].id);
    problem_add(m->problems, PROBLEM_SHEET_QUESTION, key->span,
                problem_quote(m->problems, cell_text(key)), NULL, NULL);
    if (near.best.size)
        problem_help(m->problems, problem_format(m->problems, "did you mean %s?",
                                                 problem_quote(m->problems, near.best)));
    return false;
}

/* Checks the keys of facts or answers and notes which questions occur. */
static bool check_keys(struct sheets *m, struct sheet *s, const struct entries *entries, bool facts)
{
    bool ok = true;
    for (uint32_t i = 0; i < entries->count; i++) {
        const struct cell *key = &entries->at[i].key;
        uint32_t q = kb_question(m->survey->kb, cell_text(key));
        if (q == NONE) {
            ok = refuse_question(m, key);
            continue;
        }
        if (m->survey->kb->questions[q].about_partnership != facts) {
            problem_add(m->problems, facts ? PROBLEM_SHEET_IS_ANSWER : PROBLEM_SHEET_IS_FACT,
                        key->span, problem_quote(m->problems, cell_text(key)), NULL, NULL);
            ok = false;
        }
        s->put[q] = true;
    }
    return ok;
}

static bool check_sheet(struct sheets *m, struct sheet *s)
{
    const struct kb *kb = m->survey->kb;
    const struct pack_sheet *r = &s->read;
    unsigned form = cell_given(&r->form) ? (unsigned)r->form.number : FORM_GIVEN;
    s->put = arena_array(&m->survey->arena, kb->question_count + 1, sizeof *s->put);
    bool ok = check_keys(m, s, &r->facts, true);
    for (unsigned i = 0; i < r->respondents_count; i++)
        ok &= check_keys(m, s, &r->respondents[i].answers, false);
    for (uint32_t q = 0; q < kb->question_count; q++) {
        s->put[q] |= form == FORM_LONG || (form == FORM_SHORT && kb->questions[q].in_short_form);
        m->survey->columns.put[q] |= s->put[q];
    }
    if (r->facts.count == 0 && r->respondents_count == 0) {
        problem_add(m->problems, PROBLEM_SHEET_EMPTY, r->at.span, NULL, NULL, NULL);
        ok = false;
    }
    return ok;
}

static void make_layout(struct survey *s)
{
    uint32_t *order = arena_array(&s->arena, s->kb->question_count, sizeof *order);
    uint32_t n = 0;
    for (uint32_t q = 0; q < s->kb->question_count; q++)
        if (s->columns.put[q])
            order[n++] = q;
    layout_make(&s->arena, &s->columns.layout, s->kb, order, n);
}

/* --- answers -----------------------------------------------------------------------------------
 */

static bool refuse_answer(struct sheets *m, const struct entry *e, const struct question *q,
                          struct text value)
{
    struct buffer allowed;
    buffer_init(&allowed);
    if (e->is_list && q->kind != KIND_MANY_OF)
        buffer_c(&allowed, "a list goes only with questions where several choices may be ticked; ");
    reject_number_fault(&allowed, q, value);
    reject_allowed(&allowed, q);
    problem_add(m->problems, PROBLEM_SHEET_ANSWER, e->count ? e->values[0].span : e->key.span,
                problem_quote(m->problems, value), problem_quote(m->problems, q->id),
                problem_format(m->problems, "%.*s", (int)allowed.size, allowed.at));
    buffer_deinit(&allowed);
    return false;
}

/* The value of an entry as one text; ids of a list with spaces between. */
static struct text value_of(struct arena *a, const struct entry *e)
{
    if (!e->is_list)
        return e->count ? cell_text(&e->values[0]) : (struct text){"", 0};
    size_t size = 0;
    for (uint32_t i = 0; i < e->count; i++)
        size += e->values[i].size + 1;
    char *joined = arena_alloc(a, size + 1);
    size_t n = 0;
    for (uint32_t i = 0; i < e->count; i++) {
        struct text t = cell_text(&e->values[i]);
        if (t.size)
            memcpy(joined + n, t.at, t.size);
        n += t.size;
        joined[n++] = ' ';
    }
    return (struct text){joined, n};
}

static bool set_answers(struct sheets *m, const struct entries *entries, uint8_t *row)
{
    const struct layout *l = &m->survey->columns.layout;
    bool ok = true;
    for (uint32_t i = 0; i < entries->count; i++) {
        const struct entry *e = &entries->at[i];
        uint32_t q = kb_question(m->survey->kb, cell_text(&e->key));
        struct text value = value_of(&m->survey->arena, e);
        const struct question *of = &m->survey->kb->questions[q];
        struct answer answer;
        enum answer_fault fault = e->is_list && of->kind != KIND_MANY_OF
                                      ? ANSWER_NOT_CHOICE
                                      : answer_parse(of, value, &m->survey->arena, &answer);
        if (fault == ANSWER_OK)
            layout_set(l, l->slot_of[q], row, &answer);
        else if (fault == ANSWER_NO_MEMORY)
            ok = survey_no_memory(m->problems);
        else
            ok = refuse_answer(m, e, of, value);
    }
    return ok;
}

/* A row with nothing in it: what the sheet does not put, and facts of all but the first, skipped.
 */
static uint8_t *blank_row(struct sheets *m, const struct sheet *s, bool is_first)
{
    const struct layout *l = &m->survey->columns.layout;
    uint8_t *row = arena_alloc(&m->survey->arena, l->stride + 16);
    for (uint32_t i = 0; i < l->slot_count; i++) {
        bool asked = s->put[l->slots[i].question] && (is_first || !l->slots[i].is_fact);
        struct answer answer = {.code = asked ? CODE_BLANK : CODE_SKIPPED, .text = {"", 0}};
        layout_set(l, i, row, &answer);
    }
    return row;
}

static bool add_row(struct sheets *m, const struct sheet *s, const struct pack_respondent *r,
                    uint64_t number)
{
    bool is_first = r == NULL || r == s->read.respondents;
    uint8_t *row = blank_row(m, s, is_first);
    bool ok = !is_first || set_answers(m, &s->read.facts, row);
    if (r)
        ok &= set_answers(m, &r->answers, row);
    if (!ok)
        return false;
    struct new_row n = {.name = s->name,
                        .partner = r ? cell_text(&r->partner) : (struct text){"", 0},
                        .respondent = {"", 0},
                        .row = number,
                        .block = row};
    enum added added = rowstore_add(m->store, &n);
    if (added == ADDED)
        return true;
    if (added == NOT_ADDED_LIMIT)
        return survey_over_limit(m->survey, "the answer sheets", m->problems);
    if (added != NOT_ADDED_PARTNERS)
        return survey_no_memory(m->problems);
    problem_add(m->problems, PROBLEM_SHEET_PARTNERS, r->partner.span,
                problem_count_text(m->problems, LIMIT_PARTNERS), NULL, NULL);
    return false;
}

static void read_all(void *ctx)
{
    struct sheets *m = ctx;
    struct survey *s = m->survey;
    const struct survey_options *o = &s->options;
    uint64_t rows = 0;
    m->list = arena_array(&s->arena, o->file_count, sizeof *m->list);
    for (size_t i = 0; i < o->file_count; i++)
        m->ok &= read_sheet(m, o->files[i]);
    for (size_t i = 0; m->ok && i < m->count; i++)
        m->ok &= check_sheet(m, &m->list[i]);
    if (!m->ok)
        return;
    make_layout(s);
    rowstore_init(m->store, &s->columns.layout, 0, true, false, o->memory);
    for (size_t i = 0; i < m->count; i++) {
        const struct pack_sheet *r = &m->list[i].read;
        if (r->respondents_count == 0)
            m->ok &= add_row(m, &m->list[i], NULL, ++rows);
        for (unsigned j = 0; j < r->respondents_count; j++)
            m->ok &= add_row(m, &m->list[i], &r->respondents[j], ++rows);
    }
    s->intake.counts.read = s->intake.counts.used = rows;
}

bool sheets_read(struct survey *s, struct problems *problems)
{
    struct sheets m = {.survey = s, .store = &s->store, .problems = problems, .ok = true};
    if (!arena_run(&s->arena, read_all, &m))
        m.ok = survey_no_memory(problems);
    for (size_t i = 0; i < m.count; i++)
        source_close(&m.list[i].source);
    if (!m.ok)
        return false;
    s->is_stored = true;
    return rowstore_arrange(&s->store) || survey_no_memory(problems);
}
