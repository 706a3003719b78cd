/* In: one case as YAML entries or as calls. Out: which questions are put, and a block of one case.
 * Next: program and infer. Answers are read where they are given, so each problem has its place;
 * the block is made at the end, when it is known what occurs. */
#include "cases/cases.h"

#include <string.h>

enum { CHOICES_SHOWN = 12 };

void sheet_init(struct sheet_case *s, const struct kb *kb, enum pack_form form, struct arena *a)
{
    *s = (struct sheet_case){.kb = kb, .arena = a};
    idmap_init(&s->partner_of, a);
    s->put = arena_array(a, kb->question_count + (size_t)1, sizeof *s->put);
    for (uint32_t q = 0; q < kb->question_count; q++)
        s->put[q] = form == FORM_LONG || (form == FORM_SHORT && kb->questions[q].in_short_form);
}

/* --- what may be said ------------------------------------------------------------------------ */

static void add_number(struct buffer *out, double x)
{
    char digits[32];
    buffer_text(out, (struct text){digits, number_short(digits, x)});
}

static void add_choices(struct buffer *out, const struct question *q)
{
    for (uint32_t i = 0; i < q->choice_count && i < CHOICES_SHOWN; i++) {
        buffer_c(out, i ? ", " : "");
        buffer_text(out, q->choices[i].id);
    }
    if (q->choice_count > CHOICES_SHOWN) {
        buffer_c(out, " or one of ");
        buffer_unsigned(out, q->choice_count - CHOICES_SHOWN);
        buffer_c(out, " more");
    }
}

static void add_number_fault(struct buffer *out, const struct question *q, struct text value)
{
    double x;
    if (q->kind != KIND_SCALE && q->kind != KIND_NUMBER)
        return;
    enum number_fault f = number_parse(text_trim(value), &x);
    if (f == NUMBER_OK || f == NUMBER_EMPTY || f == NUMBER_NOT_DECIMAL)
        return;
    buffer_c(out, number_fault_text(f));
    buffer_c(out, "; ");
}

void answer_allowed(struct buffer *out, const struct question *q, struct text value)
{
    add_number_fault(out, q, value);
    buffer_c(out, "write ");
    switch (q->kind) {
    case KIND_SCALE:
    case KIND_NUMBER:
        buffer_c(out, q->kind == KIND_SCALE ? "a whole number from " : "a number from ");
        add_number(out, q->lo);
        buffer_c(out, " to ");
        add_number(out, q->hi);
        break;
    case KIND_YESNO: buffer_c(out, "yes, no"); break;
    case KIND_MANY_OF:
        buffer_c(out, "any of these, with spaces between: ");
        add_choices(out, q);
        break;
    case KIND_ONE_OF: add_choices(out, q); break;
    default: buffer_c(out, "text in UTF-8"); break;
    }
    buffer_c(out, "; or dk, na or nothing");
}

/* --- what was said --------------------------------------------------------------------------- */

/* A question's index, or NONE and a problem; facts and answers are not mixed up. */
static uint32_t find_question(const struct sheet_case *s, struct text id, bool is_fact,
                              struct span at, struct problems *problems)
{
    uint32_t q = kb_question(s->kb, id);
    if (q != NONE && s->kb->questions[q].about_partnership == is_fact)
        return q;
    if (q != NONE) {
        problem_add(problems, is_fact ? PROBLEM_SHEET_IS_ANSWER : PROBLEM_SHEET_IS_FACT, at,
                    problem_quote(problems, id), NULL, NULL);
        return NONE;
    }
    struct suggest near;
    suggest_init(&near, id);
    for (uint32_t i = 0; i < s->kb->question_count; i++)
        suggest_offer(&near, s->kb->questions[i].id);
    problem_add(problems, PROBLEM_SHEET_QUESTION, at, problem_quote(problems, id), NULL, NULL);
    if (near.best.size)
        problem_help(problems, problem_format(problems, "did you mean %s?",
                                              problem_quote(problems, near.best)));
    return NONE;
}

static void refuse_answer(const struct question *q, struct text value, bool is_list, struct span at,
                          struct problems *problems)
{
    struct buffer allowed;
    buffer_init(&allowed);
    if (is_list && q->kind != KIND_MANY_OF)
        buffer_c(&allowed, "a list goes only with questions where several choices may be ticked; ");
    answer_allowed(&allowed, q, value);
    problem_add(
        problems, PROBLEM_SHEET_ANSWER, at, problem_quote(problems, value),
        problem_quote(problems, q->id),
        problem_format(problems, "%.*s", (int)allowed.size, allowed.size ? allowed.at : ""));
    buffer_deinit(&allowed);
}

void sheet_set(struct sheet_case *s, struct sheet_row *row, uint32_t question,
               const struct answer *a)
{
    row->answers =
        arena_grow(s->arena, row->answers, row->count, &row->capacity, sizeof *row->answers);
    row->answers[row->count++] = (struct sheet_answer){question, *a};
    s->put[question] = true;
}

static bool set_value(struct sheet_case *s, struct sheet_row *row, uint32_t question,
                      struct text value, bool is_list, struct span at, struct problems *problems)
{
    const struct question *q = &s->kb->questions[question];
    struct answer a;
    s->put[question] = true; /* also where the answer is none: it was asked */
    enum answer_fault fault = is_list && q->kind != KIND_MANY_OF
                                  ? ANSWER_NOT_CHOICE
                                  : answer_parse(q, value, s->arena, &a);
    if (fault == ANSWER_NO_MEMORY)
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    else if (fault != ANSWER_OK)
        refuse_answer(q, value, is_list, at, problems);
    else
        sheet_set(s, row, question, &a);
    return fault == ANSWER_OK;
}

bool sheet_answer(struct sheet_case *s, uint32_t row, struct text question, struct text value,
                  struct problems *problems)
{
    uint32_t q = find_question(s, question, row == NONE, SPAN_NONE, problems);
    return q != NONE && set_value(s, row == NONE ? &s->facts : &s->rows[row], q,
                                  arena_text(s->arena, value), false, SPAN_NONE, problems);
}

uint32_t sheet_respondent(struct sheet_case *s, struct text partner, struct span at,
                          struct problems *problems)
{
    uint32_t p = idmap_get(&s->partner_of, partner);
    if (p == IDMAP_NONE && s->partner_count == LIMIT_PARTNERS) {
        problem_add(problems, PROBLEM_SHEET_PARTNERS, at,
                    problem_count_text(problems, LIMIT_PARTNERS), NULL, NULL);
        return NONE;
    }
    if (p == IDMAP_NONE) {
        struct text name = arena_text(s->arena, partner);
        p = idmap_put(&s->partner_of, name, s->partner_count);
        s->partners = arena_grow(s->arena, s->partners, s->partner_count, &s->partner_capacity,
                                 sizeof *s->partners);
        s->partners[s->partner_count++] = name;
    }
    s->rows = arena_grow(s->arena, s->rows, s->row_count, &s->row_capacity, sizeof *s->rows);
    s->rows[s->row_count] = (struct sheet_row){.partner = p};
    return s->row_count++;
}

/* The value of an entry as one text; ids of a list with spaces between. */
static struct text value_of(struct arena *a, const struct entry *e)
{
    if (!e->is_list)
        return e->count ? cell_text(&e->values[0]) : (struct text){"", 0};
    size_t size = 0, n = 0;
    for (uint32_t i = 0; i < e->count; i++)
        size += e->values[i].size + (size_t)1;
    char *joined = arena_alloc(a, size + 1);
    for (uint32_t i = 0; i < e->count; i++) {
        struct text t = cell_text(&e->values[i]);
        if (t.size)
            memcpy(joined + n, t.at, t.size);
        n += t.size;
        joined[n++] = ' ';
    }
    return (struct text){joined, n};
}

static bool read_entries(struct sheet_case *s, struct sheet_row *row, const struct entries *entries,
                         struct problems *problems)
{
    bool ok = true;
    for (uint32_t i = 0; i < entries->count; i++) {
        const struct entry *e = &entries->at[i];
        uint32_t q = find_question(s, cell_text(&e->key), row == &s->facts, e->key.span, problems);
        struct span at = e->count ? e->values[0].span : e->key.span;
        if (q == NONE || !set_value(s, row, q, value_of(s->arena, e), e->is_list, at, problems))
            ok = false;
    }
    return ok;
}

bool sheet_read(struct sheet_case *s, const struct entries *facts,
                const struct pack_respondent *respondents, unsigned count, struct span at,
                struct problems *problems)
{
    if (facts->count == 0 && count == 0) {
        problem_add(problems, PROBLEM_SHEET_EMPTY, at, NULL, NULL, NULL);
        return false;
    }
    bool ok = read_entries(s, &s->facts, facts, problems);
    for (unsigned i = 0; i < count; i++) {
        const struct pack_respondent *r = &respondents[i];
        uint32_t row = sheet_respondent(s, cell_text(&r->partner), r->partner.span, problems);
        if (row == NONE)
            return false;
        if (!read_entries(s, &s->rows[row], &r->answers, problems))
            ok = false;
    }
    return ok;
}

/* --- the block ------------------------------------------------------------------------------- */

struct put sheet_put(const struct sheet_case *s)
{
    struct put put = {.questions = s->put};
    for (uint32_t q = 0; q < s->kb->question_count; q++)
        put.count += s->put[q] && s->kb->questions[q].kind != KIND_TEXT;
    return put;
}

static void set_row(struct cases *c, const struct sheet_row *row, uint32_t at)
{
    for (size_t i = 0; i < row->count; i++)
        cases_set(c, row->answers[i].question, at, &row->answers[i].answer);
}

static bool add_row(const struct sheet_case *s, struct cases *c, const struct sheet_row *row)
{
    uint32_t at = c->respondent_count;
    if (!cases_add_respondent(c))
        return false;
    if (at == 0)
        set_row(c, &s->facts, at);
    else
        for (uint32_t q = 0; q < s->kb->question_count; q++)
            if (s->kb->questions[q].about_partnership)
                cases_set(c, q, at, &(struct answer){.code = CODE_SKIPPED, .text = {"", 0}});
    if (row)
        set_row(c, row, at);
    return true;
}

static bool add_rows(const struct sheet_case *s, struct cases *c, uint32_t partner)
{
    bool ok = true;
    for (uint32_t r = 0; ok && r < s->row_count; r++)
        if (s->rows[r].partner == partner)
            ok = add_row(s, c, &s->rows[r]);
    return ok;
}

static bool fill(const struct sheet_case *s, struct cases *c, struct text name, bool open)
{
    bool ok = cases_add_case(c, name, open);
    for (uint32_t p = 0; ok && p < s->partner_count; p++)
        ok = cases_add_partner(c, s->partners[p]) && add_rows(s, c, p);
    if (ok && s->partner_count == 0)
        ok = cases_add_partner(c, (struct text){"", 0}) && add_row(s, c, NULL);
    return ok;
}

struct cases *sheet_block_new(const struct sheet_case *s, struct text name, bool open,
                              struct problems *problems)
{
    struct put put = sheet_put(s);
    struct cases *c = cases_new(s->kb, &put);
    if (c && fill(s, c, name, open))
        return c;
    cases_free(c);
    problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    return NULL;
}
