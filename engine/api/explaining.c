/* In: a result, and what is asked about it. Out: why not, what if, what would clear it. Next: the
 * caller writes it. The parts are explain's; here answers are read and memory is looked after. */
#include "api/api.h"

struct explaining {
    const struct entente_result *r;
    struct arena arena;
    uint32_t conclusion;
    bool json, ok;
    struct text answers;
    struct change *changes;
    size_t count, capacity;
    struct buffer out;
    struct problems *problems;
};

static const struct case_view *view_of(const struct explaining *e)
{
    return &e->r->inference->view;
}

/* Runs body in the arena and writes what it made. */
static bool explain(struct explaining *e, void (*body)(void *ctx), entente_write write, void *ctx)
{
    e->ok = true;
    arena_init(&e->arena, 0);
    buffer_init(&e->out);
    bool ok = arena_run(&e->arena, body, e) || api_no_memory(e->problems);
    ok = ok && e->ok && api_write(&e->out, write, ctx, e->problems);
    buffer_deinit(&e->out);
    arena_deinit(&e->arena);
    return ok;
}

static bool about(struct explaining *e, const struct entente_result *r, const char *id, bool json,
                  struct problems *problems)
{
    *e = (struct explaining){.r = r, .json = json, .problems = problems};
    e->conclusion =
        api_find_conclusion(r->kb, text_from_c(id), PROBLEM_NO_CONCLUSION, SPAN_NONE, problems);
    return e->conclusion != NONE;
}

static void why_not(void *ctx)
{
    struct explaining *e = ctx;
    explain_why_not(&e->arena, view_of(e), e->conclusion, e->r->kb->language, e->json, &e->out);
}

bool entente_result_why_not(const struct entente_result *r, const char *id, bool json,
                            entente_write write, void *ctx, struct entente_problems *problems)
{
    struct explaining e;
    return about(&e, r, id, json, problems_inside(problems)) && explain(&e, why_not, write, ctx);
}

static void clear(void *ctx)
{
    struct explaining *e = ctx;
    e->ok = explain_clear(&e->arena, view_of(e), e->conclusion, e->r->kb->language, e->json,
                          &e->out, e->problems);
}

bool entente_result_clear(const struct entente_result *r, const char *id, bool json,
                          entente_write write, void *ctx, struct entente_problems *problems)
{
    struct explaining e;
    return about(&e, r, id, json, problems_inside(problems)) && explain(&e, clear, write, ctx);
}

static void ways(void *ctx)
{
    struct explaining *e = ctx;
    e->ok = explain_ways(&e->arena, view_of(e), e->r->kb->language, e->json, &e->out, e->problems);
}

bool entente_result_ways(const struct entente_result *r, bool json, entente_write write, void *ctx,
                         struct entente_problems *problems)
{
    struct explaining e = {.r = r, .json = json, .problems = problems_inside(problems)};
    return explain(&e, ways, write, ctx);
}

/* --- what if ---------------------------------------------------------------------------------- */

static bool refuse(struct explaining *e, enum problem_code code, struct text what)
{
    problem_add(e->problems, code, SPAN_NONE, problem_quote(e->problems, what), NULL, NULL);
    return false;
}

static bool find_question(struct explaining *e, struct text id, uint32_t *out)
{
    const struct kb *kb = e->r->kb;
    struct suggest near;
    *out = kb_question(kb, id);
    if (*out != NONE)
        return e->r->cases->columns[*out].put || refuse(e, PROBLEM_CHANGE_NOT_PUT, id);
    suggest_init(&near, id);
    for (uint32_t q = 0; q < kb->question_count; q++)
        suggest_offer(&near, kb->questions[q].id);
    refuse(e, PROBLEM_SHEET_QUESTION, id);
    if (near.best.size)
        problem_help(e->problems, problem_format(e->problems, "did you mean %s?",
                                                 problem_quote(e->problems, near.best)));
    return false;
}

static bool read_answer(struct explaining *e, uint32_t q, struct text value, struct answer *out)
{
    struct buffer allowed;
    enum answer_fault f = answer_read(&e->r->kb->questions[q], value, &e->arena, out);
    if (f == ANSWER_OK)
        return true;
    if (f == ANSWER_NO_MEMORY)
        return api_no_memory(e->problems);
    buffer_init(&allowed);
    answer_allowed(&allowed, &e->r->kb->questions[q], value);
    problem_add(
        e->problems, PROBLEM_SHEET_ANSWER, SPAN_NONE, problem_quote(e->problems, value),
        problem_quote(e->problems, e->r->kb->questions[q].id),
        problem_format(e->problems, "%.*s", (int)allowed.size, allowed.size ? allowed.at : ""));
    buffer_deinit(&allowed);
    return false;
}

static void add_change(struct explaining *e, struct change c)
{
    e->changes = arena_grow(&e->arena, e->changes, e->count, &e->capacity, sizeof *e->changes);
    e->changes[e->count++] = c;
}

/* "buyer:trust=4" */
static bool read_change(struct explaining *e, struct text t)
{
    size_t equals = 0, colon = SIZE_MAX;
    struct change c = {.partner = NONE};
    while (equals < t.size && t.at[equals] != '=')
        equals++;
    for (size_t i = 0; i < equals; i++)
        colon = t.at[i] == ':' ? i : colon;
    if (equals == t.size || equals == 0)
        return refuse(e, PROBLEM_CHANGE_FORM, t);
    size_t from = colon == SIZE_MAX ? 0 : colon + 1;
    struct text id = text_trim((struct text){t.at + from, equals - from});
    struct text value = text_trim((struct text){t.at + equals + 1, t.size - equals - 1});
    if (!find_question(e, id, &c.question) || !read_answer(e, c.question, value, &c.to))
        return false;
    bool fact = e->r->kb->questions[c.question].about_partnership;
    if (colon != SIZE_MAX && !fact) {
        struct text partner = text_trim((struct text){t.at, colon});
        c.partner = inference_partner(e->r->inference, partner);
        if (c.partner == NONE)
            return refuse(e, PROBLEM_INTERVIEW_PARTNER, partner);
    }
    if (c.partner != NONE || fact) {
        add_change(e, c);
        return true;
    }
    for (c.partner = 0; c.partner < e->r->cases->partner_count; c.partner++)
        add_change(e, c);
    return true;
}

static void what_if(void *ctx)
{
    struct explaining *e = ctx;
    struct text rest = e->answers;
    while (e->ok && rest.size) {
        size_t n = 0;
        while (n < rest.size && rest.at[n] != ',')
            n++;
        e->ok = read_change(e, text_trim((struct text){rest.at, n}));
        rest = (struct text){rest.at + n + (n < rest.size), rest.size - n - (n < rest.size)};
    }
    if (e->ok && e->count == 0)
        e->ok = refuse(e, PROBLEM_CHANGE_FORM, e->answers);
    e->ok = e->ok && explain_what_if(view_of(e), e->changes, e->count, e->r->kb->language, e->json,
                                     &e->out, e->problems);
}

bool entente_result_what_if(const struct entente_result *r, const char *answers, bool json,
                            entente_write write, void *ctx, struct entente_problems *problems)
{
    struct explaining e = {.r = r,
                           .json = json,
                           .answers = text_from_c(answers),
                           .problems = problems_inside(problems)};
    return explain(&e, what_if, write, ctx);
}
