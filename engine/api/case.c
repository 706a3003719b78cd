/* In: calls, an answer sheet, or one case of an export. Out: a handle with what was answered.
 * Next: result.c. Whatever a case comes from, it becomes the same sheet of respondents and their
 * answers (cases.h). */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

static enum pack_form form_inside(enum entente_form form)
{
    return form == ENTENTE_FORM_SHORT ? FORM_SHORT
                                      : (form == ENTENTE_FORM_LONG ? FORM_LONG : FORM_GIVEN);
}

/* What the calls below hand into the arena of a case. */
struct call {
    struct entente_case *c;
    struct text name;
    enum pack_form form;
    uint32_t row;
    struct text question, value;
    struct problems *problems;
    bool ok;
};

static void begin(void *ctx)
{
    struct call *call = ctx;
    struct entente_case *c = call->c;
    c->name = arena_text(&c->arena, call->name);
    sheet_init(&c->sheet, c->kb, call->form, &c->arena);
}

struct entente_case *api_case_new(const struct kb *kb, struct text name, enum pack_form form,
                                  struct problems *problems)
{
    struct entente_case *c = calloc(1, sizeof *c);
    if (!c) {
        api_no_memory(problems);
        return NULL;
    }
    c->kb = kb;
    arena_init(&c->arena, 0);
    struct call call = {.c = c, .name = name, .form = form};
    if (arena_run(&c->arena, begin, &call))
        return c;
    entente_case_free(c);
    api_no_memory(problems);
    return NULL;
}

struct entente_case *entente_case_new(const struct entente_kb *kb, const char *name,
                                      enum entente_form form, struct entente_problems *problems)
{
    return api_case_new(kb_inside(kb), text_from_c(name), form_inside(form),
                        problems_inside(problems));
}

size_t entente_case_partner_count(const struct entente_case *c)
{
    return c->sheet.partner_count;
}

struct entente_text entente_case_partner(const struct entente_case *c, size_t i, unsigned *people)
{
    *people = 0;
    if (i >= c->sheet.partner_count)
        return (struct entente_text){"", 0};
    for (uint32_t r = 0; r < c->sheet.row_count; r++)
        *people += c->sheet.rows[r].partner == i;
    return text_outside(c->sheet.partners[i]);
}

void entente_case_free(struct entente_case *c)
{
    if (!c)
        return;
    arena_deinit(&c->arena);
    free(c);
}

void entente_case_set_open(struct entente_case *c, bool open)
{
    c->open = open;
}

static void add_respondent(void *ctx)
{
    struct call *call = ctx;
    call->row = sheet_respondent(&call->c->sheet, call->name, SPAN_NONE, call->problems);
}

int entente_case_respondent(struct entente_case *c, const char *partner,
                            struct entente_problems *problems)
{
    struct call call = {
        .c = c, .name = text_from_c(partner), .problems = problems_inside(problems)};
    if (!arena_run(&c->arena, add_respondent, &call)) {
        api_no_memory(call.problems);
        return -1;
    }
    return call.row == NONE ? -1 : (int)call.row;
}

static void add_answer(void *ctx)
{
    struct call *call = ctx;
    call->ok =
        sheet_answer(&call->c->sheet, call->row, call->question, call->value, call->problems);
}

static bool answer(struct entente_case *c, uint32_t row, const char *question, const char *value,
                   struct entente_problems *problems)
{
    struct call call = {.c = c,
                        .row = row,
                        .question = text_from_c(question),
                        .value = text_from_c(value),
                        .problems = problems_inside(problems)};
    if (!arena_run(&c->arena, add_answer, &call))
        return api_no_memory(call.problems);
    return call.ok;
}

bool entente_case_answer(struct entente_case *c, int respondent, const char *question,
                         const char *value, struct entente_problems *problems)
{
    if (respondent >= 0 && (uint32_t)respondent < c->sheet.row_count)
        return answer(c, (uint32_t)respondent, question, value, problems);
    problem_add(problems_inside(problems), PROBLEM_NO_RESPONDENT, SPAN_NONE,
                problem_number(problems_inside(problems), respondent), NULL, NULL);
    return false;
}

bool entente_case_fact(struct entente_case *c, const char *question, const char *value,
                       struct entente_problems *problems)
{
    return answer(c, NONE, question, value, problems);
}

/* --- one case of an export ------------------------------------------------------------------- */

struct finding_case {
    const struct kb *kb;
    const struct entente_input *input;
    const char *name; /* NULL: the only one */
    struct problems *problems;
    struct entente_case *found;
    bool several;
    uint64_t seen, rejected;
    struct text another; /* of several: the second one's name, as an example */
    struct suggest near;
    struct arena names;
};

static const char *described(struct finding_case *f)
{
    const char *file = f->input->files[0];
    return file[0] == '-' && !file[1] ? "the input" : problem_quote(f->problems, text_from_c(file));
}

struct copying {
    struct entente_case *to;
    const struct cases *from;
    uint32_t at;
    const struct put *put;
    struct problems *problems;
    bool ok;
};

static void copy_respondent(struct copying *c, struct sheet_row *row, uint32_t respondent)
{
    for (uint32_t q = 0; q < c->to->kb->question_count; q++) {
        const struct column *col = &c->from->columns[q];
        if (!col->put || !c->put->questions[q])
            continue;
        struct answer a = {.code = col->code[respondent], .text = {"", 0}};
        if (col->number)
            a.number = col->number[respondent];
        if (col->ticked)
            a.ticked = col->ticked[respondent];
        if (col->texts)
            a.text = arena_text(&c->to->arena, col->texts[respondent]);
        sheet_set(&c->to->sheet, row, q, &a);
    }
}

static void copy_case(void *ctx)
{
    struct copying *c = ctx;
    const struct cases *b = c->from;
    c->to->open = b->open[c->at];
    for (uint32_t q = 0; q < c->to->kb->question_count; q++)
        c->to->sheet.put[q] = c->put->questions[q];
    for (uint32_t p = b->partner_from[c->at]; p < b->partner_from[c->at + 1]; p++)
        for (uint32_t r = b->respondent_from[p]; r < b->respondent_from[p + 1]; r++) {
            uint32_t row =
                sheet_respondent(&c->to->sheet, b->partner_names[p], SPAN_NONE, c->problems);
            if (row == NONE)
                return;
            copy_respondent(c, &c->to->sheet.rows[row], r);
        }
    c->ok = true;
}

static bool take_case(struct finding_case *f, const struct survey *s, const struct cases *block,
                      uint32_t at)
{
    f->found = api_case_new(f->kb, block->case_names[at], FORM_GIVEN, f->problems);
    struct copying c = {
        .to = f->found, .from = block, .at = at, .put = survey_put(s), .problems = f->problems};
    if (!f->found)
        return false;
    if (arena_run(&f->found->arena, copy_case, &c))
        return c.ok;
    return api_no_memory(f->problems);
}

/* The names of a block live until the next one. */
static void offer_name(struct finding_case *f, struct text name)
{
    suggest_offer(&f->near, name);
    if (f->near.best.at == name.at)
        f->near.best = arena_text(&f->names, name);
    if (!f->near.best.at)
        f->near.best.size = 0;
}

/* By its name; where that is personal, also by what a report calls it: its first row. */
static bool is_wanted(const struct finding_case *f, const struct survey *s,
                      const struct survey_block *b, uint32_t i)
{
    char digits[32];
    if (!f->name || text_is(b->cases->case_names[i], f->name))
        return true;
    return survey_has_personal_cases(s) && strncmp(f->name, "row ", 4) == 0 &&
           text_is((struct text){digits, number_unsigned(digits, b->rows[i])}, f->name + 4);
}

/* False where the search is over. */
static bool search_block(struct finding_case *f, const struct survey *s,
                         const struct survey_block *b, bool *ok)
{
    const struct cases *block = b->cases;
    for (uint32_t i = 0; i < block->case_count; i++) {
        f->seen++;
        if (!is_wanted(f, s, b, i)) {
            offer_name(f, block->case_names[i]);
        } else if (f->found) {
            f->several = true;
            f->another = arena_text(&f->names, block->case_names[i]);
            return false;
        } else {
            *ok = take_case(f, s, block, i);
            if (!*ok || f->name)
                return false;
        }
    }
    return true;
}

static bool search_chunk(struct finding_case *f, const struct survey *s, struct survey_parser *p,
                         struct survey_chunk *chunk, bool *ok)
{
    struct survey_block block;
    struct survey_counts counts;
    bool go_on = true;
    survey_parser_start(p, chunk);
    while (go_on && (*ok = survey_parse(p, &block, f->problems)) && block.cases)
        go_on = search_block(f, s, &block, ok);
    survey_parser_counts(p, &counts);
    f->rejected += counts.rejected;
    return go_on && *ok;
}

static bool search(struct finding_case *f)
{
    struct survey_options o = api_survey_options(f->input);
    struct survey *s = survey_new(f->kb, &o, f->problems);
    struct survey_parser *p = s ? survey_parser_new(s, f->problems) : NULL;
    struct survey_chunk *chunk = NULL;
    bool ok = p != NULL, go_on = ok;
    while (go_on && (ok = survey_read(s, &chunk, f->problems)) && chunk) {
        go_on = search_chunk(f, s, p, chunk, &ok);
        ok = survey_done(s, p, chunk, f->problems) && ok;
        go_on = go_on && ok;
    }
    survey_parser_free(p);
    survey_free(s);
    return ok;
}

static bool judge(struct finding_case *f)
{
    struct problems *ps = f->problems;
    if (f->several) {
        problem_add(ps, PROBLEM_CASE_SEVERAL, SPAN_NONE, described(f), NULL, NULL);
        problem_help(ps, problem_format(ps, "name one, for example --case %s",
                                        problem_quote(ps, f->another)));
        return false;
    }
    if (f->found) {
        if (f->rejected > 0) {
            problem_add(ps, PROBLEM_CASE_ROWS_REJECTED, SPAN_NONE, described(f),
                        problem_count_text(ps, f->rejected), NULL);
            problem_help(ps, "entente diagnose --rejects FILE says which rows, and why");
        }
        return true;
    }
    if (f->name && f->seen > 0)
        problem_add(ps, PROBLEM_CASE_UNKNOWN, SPAN_NONE, described(f),
                    problem_quote(ps, text_from_c(f->name)), NULL);
    else
        problem_add(ps, PROBLEM_CASE_NONE, SPAN_NONE, described(f), NULL, NULL);
    if (f->near.best.size)
        problem_help(ps, problem_format(ps, "did you mean %s?", problem_quote(ps, f->near.best)));
    else if (f->name && f->seen > 0)
        problem_help(ps, "entente diagnose names its cases, each at the beginning of a row");
    return false;
}

struct entente_case *entente_case_load(const struct entente_kb *kb,
                                       const struct entente_input *input, const char *name,
                                       struct entente_problems *problems)
{
    struct finding_case f = {
        .kb = kb_inside(kb), .input = input, .name = name, .problems = problems_inside(problems)};
    arena_init(&f.names, 0);
    suggest_init(&f.near, text_from_c(name));
    bool ok = search(&f) && judge(&f);
    arena_deinit(&f.names);
    if (ok)
        return f.found;
    entente_case_free(f.found);
    return NULL;
}
