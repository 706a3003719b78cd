/* In: calls about an interview. Out: what the interview stage says, as texts. Next: the cli. A
 * question is shown as a struct of views; they live in one arena that is emptied for the next. */
#include "api/api.h"

#include <stdlib.h>

struct entente_interview *api_interview(const struct kb *kb, struct interview *inner,
                                        struct problems *problems)
{
    struct entente_interview *iv = inner ? calloc(1, sizeof *iv) : NULL;
    if (!iv) {
        if (inner)
            api_no_memory(problems);
        interview_free(inner);
        return NULL;
    }
    iv->iv = inner;
    iv->kb = kb;
    arena_init(&iv->texts, 0);
    return iv;
}

void entente_interview_free(struct entente_interview *iv)
{
    if (!iv)
        return;
    interview_free(iv->iv);
    arena_deinit(&iv->texts);
    free(iv);
}

struct beginning {
    struct arena *arena;
    const struct entente_interview_options *o;
    struct interview_options inner;
};

static void begin(void *ctx)
{
    struct beginning *b = ctx;
    struct text *names = arena_array(b->arena, b->o->partner_count + 1, sizeof *names);
    uint32_t *people = arena_array(b->arena, b->o->partner_count + 1, sizeof *people);
    for (size_t i = 0; i < b->o->partner_count; i++) {
        names[i] = text_from_c(b->o->partners[i]);
        people[i] = b->o->people ? b->o->people[i] : 1;
    }
    b->inner = (struct interview_options){.title = text_from_c(b->o->title),
                                          .partners = names,
                                          .people = people,
                                          .partner_count = (uint32_t)b->o->partner_count,
                                          .short_form = b->o->short_form,
                                          .all = b->o->all};
}

struct entente_interview *entente_interview_new(const struct entente_kb *kb,
                                                const struct entente_interview_options *options,
                                                struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct arena arena;
    struct beginning b = {.arena = &arena, .o = options};
    struct interview *inner = NULL;
    if (options->partner_count > LIMIT_PARTNERS) {
        problem_add(ps, PROBLEM_SHEET_PARTNERS, SPAN_NONE, problem_count_text(ps, LIMIT_PARTNERS),
                    NULL, NULL);
        return NULL;
    }
    arena_init(&arena, 0);
    if (arena_run(&arena, begin, &b))
        inner = interview_new(kb_inside(kb), &b.inner, ps);
    else
        api_no_memory(ps);
    arena_deinit(&arena);
    return api_interview(kb_inside(kb), inner, ps);
}

_Static_assert(ENTENTE_BLANK_CSV == (int)BLANK_CSV && ENTENTE_BLANK_YAML == (int)BLANK_YAML &&
                   ENTENTE_BLANK_MARKDOWN == (int)BLANK_MARKDOWN,
               "forms inside and outside are the same");

bool entente_blank_write(const struct entente_kb *kb, enum entente_blank kind,
                         const struct entente_interview_options *options, entente_write write,
                         void *ctx, struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct arena arena;
    struct beginning b = {.arena = &arena, .o = options};
    struct buffer out;
    arena_init(&arena, 0);
    buffer_init(&out);
    bool ok = arena_run(&arena, begin, &b) || api_no_memory(ps);
    if (ok)
        blank_write(kb_inside(kb), (enum blank)kind, &b.inner, &out);
    ok = ok && api_write(&out, write, ctx, ps);
    buffer_deinit(&out);
    arena_deinit(&arena);
    return ok;
}

static uint32_t partner_called(const struct interview *iv, struct text name)
{
    for (uint32_t p = 0; p < interview_partner_count(iv); p++)
        if (text_equal(interview_partner(iv, p), name))
            return p;
    return NONE;
}

bool entente_interview_only(struct entente_interview *iv, const char *partner,
                            struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct suggest near;
    uint32_t p = partner ? partner_called(iv->iv, text_from_c(partner)) : NONE;
    if (!partner || p != NONE) {
        interview_only(iv->iv, p);
        return true;
    }
    suggest_init(&near, text_from_c(partner));
    for (uint32_t i = 0; i < interview_partner_count(iv->iv); i++)
        suggest_offer(&near, interview_partner(iv->iv, i));
    problem_add(ps, PROBLEM_INTERVIEW_PARTNER, SPAN_NONE, problem_quote(ps, text_from_c(partner)),
                NULL, NULL);
    if (near.best.size)
        problem_help(ps, problem_format(ps, "did you mean %s?", problem_quote(ps, near.best)));
    return false;
}

struct entente_text entente_interview_title(const struct entente_interview *iv)
{
    return text_outside(interview_title(iv->iv));
}

/* --- answers from elsewhere --------------------------------------------------------------------
 */

static bool same_answer(const struct answer *a, const struct answer *b)
{
    return a->code == b->code && a->number == b->number && a->ticked == b->ticked &&
           text_equal(a->text, b->text);
}

static bool take_answer(struct entente_interview *iv, struct cell_at at, const struct answer *a,
                        struct problems *problems)
{
    const struct question *q = &iv->kb->questions[at.question];
    const struct answer *had = interview_answer(iv->iv, at);
    if (had && same_answer(had, a))
        return true;
    if (had)
        problem_add(problems, PROBLEM_INTERVIEW_CONFLICT, SPAN_NONE,
                    at.row == NONE
                        ? "the partnership"
                        : problem_quote(problems, interview_partner(iv->iv, interview_row_partner(
                                                                                iv->iv, at.row))),
                    problem_quote(problems, q->id), NULL);
    return interview_set(iv->iv, at, a, problems);
}

static bool take_row(struct entente_interview *iv, const struct sheet_row *from, uint32_t row,
                     struct problems *problems)
{
    bool ok = true;
    for (size_t i = 0; ok && i < from->count; i++) {
        const struct sheet_answer *s = &from->answers[i];
        bool fact = iv->kb->questions[s->question].about_partnership;
        bool nothing = s->answer.code == CODE_BLANK || (fact && s->answer.code == CODE_SKIPPED);
        if (!nothing && (fact || row != NONE) && interview_is_put(iv->iv, s->question))
            ok = take_answer(iv, (struct cell_at){s->question, fact ? NONE : row}, &s->answer,
                             problems);
    }
    return ok;
}

bool entente_interview_take(struct entente_interview *iv, const struct entente_case *c,
                            struct entente_problems *problems)
{
    const struct sheet_case *s = &c->sheet;
    bool ok = take_row(iv, &s->facts, NONE, problems_inside(problems));
    for (uint32_t r = 0; ok && r < s->row_count; r++) {
        uint32_t p = partner_called(iv->iv, s->partners[s->rows[r].partner]), person = 0, row;
        for (uint32_t before = 0; before < r; before++)
            person += s->rows[before].partner == s->rows[r].partner;
        if (p == NONE)
            continue;
        row = interview_row_of(iv->iv, p, person);
        if (row < interview_row_count(iv->iv) && interview_row_partner(iv->iv, row) == p)
            ok = take_row(iv, &s->rows[r], row, problems_inside(problems));
    }
    return ok;
}

/* --- asking ------------------------------------------------------------------------------------
 */

/* Whatever was shown before. */
static void forget_texts(struct entente_interview *iv)
{
    arena_reset(&iv->texts);
    iv->known_count = iv->open_count = 0;
}

struct showing {
    struct entente_interview *iv;
    struct cell_at at;
    struct entente_asking *out;
};

static struct entente_text kept(struct arena *a, const struct buffer *b)
{
    char *copy = arena_try(a, b->size + 1);
    for (size_t i = 0; copy && i < b->size; i++)
        copy[i] = b->at[i];
    return (struct entente_text){copy, copy ? b->size : 0};
}

struct entente_text api_answer(struct arena *a, const struct question *q,
                               const struct answer *answer)
{
    struct buffer b;
    buffer_init(&b);
    answer_write(q, answer, &b);
    struct entente_text t = kept(a, &b);
    buffer_deinit(&b);
    return t;
}

struct entente_text api_answer_words(struct arena *a, const struct question *q,
                                     const struct answer *answer)
{
    bool one = q->kind == KIND_ONE_OF, many = q->kind == KIND_MANY_OF && answer->ticked;
    if (answer->code == CODE_BLANK || answer->code >= CODE_SKIPPED || !(one || many))
        return api_answer(a, q, answer);
    struct buffer b;
    buffer_init(&b);
    for (uint32_t i = 0; i < q->choice_count; i++) {
        if (one ? answer->code != i + 1 : !(answer->ticked >> i & 1))
            continue;
        buffer_c(&b, b.size ? ", " : "");
        buffer_text(&b, q->choices[i].label.size ? q->choices[i].label : q->choices[i].id);
    }
    struct entente_text t = kept(a, &b);
    buffer_deinit(&b);
    return t;
}

static void show(struct showing *s)
{
    const struct kb *kb = s->iv->kb;
    const struct interview *iv = s->iv->iv;
    const struct question *q = &kb->questions[s->at.question];
    const struct answer *a = interview_answer(iv, s->at);
    struct entente_asking *o = s->out;
    *o = (struct entente_asking){
        .id = text_outside(q->id),
        .text = text_outside(q->text),
        .help = text_outside(q->help),
        .unit = text_outside(q->unit),
        .kind = text_outside(text_from_c(answer_kind_name(q->kind))),
        .lo = q->lo,
        .hi = q->hi,
        .ends = {text_outside(q->ends[0]), text_outside(q->ends[1])},
        .choice_count = q->kind == KIND_ONE_OF || q->kind == KIND_MANY_OF ? q->choice_count : 0};
    if (q->dimension != NONE)
        o->section = text_outside(kb->dimensions[q->dimension].label);
    if (s->at.row != NONE) {
        uint32_t p = interview_row_partner(iv, s->at.row), first = interview_row_of(iv, p, 0);
        o->partner = text_outside(interview_partner(iv, p));
        o->person = s->at.row - first + 1;
        for (uint32_t r = first; r < interview_row_count(iv) && interview_row_partner(iv, r) == p;
             r++)
            o->people++;
    }
    if (a) {
        o->value = api_answer(&s->iv->texts, q, a);
        o->words = api_answer_words(&s->iv->texts, q, a);
    }
}

bool entente_interview_now(struct entente_interview *iv, struct entente_asking *out,
                           struct entente_problems *problems)
{
    struct showing s = {.iv = iv, .out = out};
    if (!interview_now(iv->iv, &iv->now, problems_inside(problems)))
        return false;
    forget_texts(iv);
    s.at = iv->now;
    show(&s);
    out->place = interview_place(iv->iv) + 1;
    out->left = interview_left(iv->iv);
    return true;
}

struct entente_text entente_interview_choice(const struct entente_interview *iv, size_t i,
                                             struct entente_text *label)
{
    const struct question *q = &iv->kb->questions[iv->now.question];
    if (i >= q->choice_count || !q->choices) {
        *label = (struct entente_text){"", 0};
        return *label;
    }
    *label = text_outside(q->choices[i].label.size ? q->choices[i].label : q->choices[i].id);
    return text_outside(q->choices[i].id);
}

static bool refuse(const struct question *q, struct text value, struct problems *ps)
{
    struct buffer allowed;
    buffer_init(&allowed);
    answer_allowed(&allowed, q, value);
    problem_add(ps, PROBLEM_SHEET_ANSWER, SPAN_NONE, problem_quote(ps, value),
                problem_quote(ps, q->id),
                problem_format(ps, "%.*s", (int)allowed.size, allowed.size ? allowed.at : ""));
    buffer_deinit(&allowed);
    return false;
}

bool entente_interview_answer(struct entente_interview *iv, const char *value,
                              struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    const struct question *q = &iv->kb->questions[iv->now.question];
    struct answer a;
    enum answer_fault f = answer_read(q, text_from_c(value), &iv->texts, &a);
    if (f == ANSWER_NO_MEMORY)
        return api_no_memory(ps);
    if (f != ANSWER_OK)
        return refuse(q, text_from_c(value), ps);
    return interview_set(iv->iv, iv->now, &a, ps);
}

bool entente_interview_back(struct entente_interview *iv)
{
    return interview_back(iv->iv);
}

size_t entente_interview_count(const struct entente_interview *iv)
{
    return interview_asked(iv->iv);
}

size_t entente_interview_put(const struct entente_interview *iv)
{
    size_t n = 0;
    for (uint32_t q = 0; q < iv->kb->question_count; q++)
        if (interview_is_put(iv->iv, q))
            n += iv->kb->questions[q].about_partnership ? 1 : interview_row_count(iv->iv);
    return n;
}

bool entente_interview_at(struct entente_interview *iv, size_t i, struct entente_asking *out)
{
    struct showing s = {.iv = iv, .out = out};
    if (i >= interview_asked(iv->iv))
        return false;
    forget_texts(iv);
    s.at = interview_asked_at(iv->iv, (uint32_t)i);
    show(&s);
    out->place = i + 1;
    return true;
}

void entente_interview_go(struct entente_interview *iv, size_t i)
{
    interview_go(iv->iv, i < UINT32_MAX ? (uint32_t)i : UINT32_MAX);
}

/* --- what is known -----------------------------------------------------------------------------
 */

struct laying_case {
    const struct interview *iv;
    struct entente_case *to;
};

static void lay(void *ctx)
{
    struct laying_case *l = ctx;
    interview_sheet(l->iv, &l->to->sheet, &l->to->arena);
}

struct entente_case *entente_interview_case(const struct entente_interview *iv,
                                            struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct entente_case *c = api_case_new(iv->kb, interview_title(iv->iv), FORM_GIVEN, ps);
    struct laying_case l = {iv->iv, c};
    if (!c)
        return NULL;
    c->open = true;
    if (arena_run(&c->arena, lay, &l))
        return c;
    entente_case_free(c);
    api_no_memory(ps);
    return NULL;
}
