/* In: a kb. Out: the first interview whose end differs from that of the whole questionnaire. Next:
 * workload.c. The full sheet is drawn first, so that the interview and the whole see one and the
 * same respondents; every kind of answer is drawn, `na` and "don't know" too. */
#include "oracle/interviews.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PARTNERS = 3, MOST_PEOPLE = 2 };

struct outcome {
    enum verdict *verdict; /* by conclusion */
    enum level *level;     /* of those present */
    uint32_t *plan, plan_count;
};

struct holding {
    struct random *r;
    const struct kb *kb;
    struct interview *iv;
    struct interviews *out;
    struct problems *problems;
    struct answer *full; /* [row][question], facts last */
    uint32_t rows;
    struct arena arena;
    struct sheet_case sheet;
    const struct infer *in;
    const struct tile *tile;
    struct outcome *to;
};

static void *need(void *p)
{
    if (!p)
        abort();
    return p;
}

static bool wrong(struct holding *h, const char *what, struct text id)
{
    if (!h->out->wrong)
        snprintf(h->out->what, sizeof h->out->what, "an interview: %s%s%.*s", what,
                 id.size ? ": " : "", (int)id.size, id.size ? id.at : "");
    h->out->wrong = true;
    return false;
}

/* --- answers ---------------------------------------------------------------------------------- */

static struct answer drawn(struct holding *h, const struct question *q)
{
    static const uint8_t declined[] = {CODE_UNSURE, CODE_NA, CODE_SKIPPED};
    struct answer a = {.code = 1, .text = {"", 0}};
    if (random_chance(h->r, 0.2)) {
        a.code = declined[random_below(h->r, 3)];
        return a;
    }
    switch (q->kind) {
    case KIND_NUMBER: a.number = q->lo + (q->hi - q->lo) * random_below(h->r, 9) / 8; break;
    case KIND_MANY_OF: a.ticked = random_next(h->r) & ((UINT64_C(1) << q->choice_count) - 1); break;
    case KIND_TEXT: a.text = text_from_c(random_texts[random_below(h->r, RANDOM_TEXTS)]); break;
    default: a.code = (uint8_t)random_between(h->r, 1, q->choice_count); break;
    }
    return a;
}

static void draw_all(struct holding *h)
{
    uint32_t count = h->kb->question_count;
    h->rows = interview_row_count(h->iv);
    h->full = need(calloc((size_t)(h->rows + 1) * count + 1, sizeof *h->full));
    for (uint32_t i = 0; i < (h->rows + 1) * count; i++)
        h->full[i] = drawn(h, &h->kb->questions[i % count]);
}

static const struct answer *said(const struct holding *h, struct cell_at at)
{
    uint32_t row = at.row == NONE ? h->rows : at.row;
    return &h->full[row * h->kb->question_count + at.question];
}

/* --- what follows ----------------------------------------------------------------------------- */

static void look(void *ctx)
{
    struct holding *h = ctx;
    struct case_view v;
    explain_case(&h->arena, h->in, h->tile, 0, EXPLAIN_PLAN | EXPLAIN_NO_PROFILE, &v);
    struct outcome *o = h->to;
    o->verdict = arena_array(&h->arena, h->kb->conclusion_count, sizeof *o->verdict);
    o->level = arena_array(&h->arena, h->kb->conclusion_count, sizeof *o->level);
    o->plan = arena_array(&h->arena, h->kb->remedy_count, sizeof *o->plan);
    for (uint32_t c = 0; c < h->kb->conclusion_count; c++)
        o->verdict[c] = infer_verdict(h->in, c, SCOPE_PARTNERSHIP, 0);
    for (uint32_t i = 0; i < v.finding_count; i++)
        if (v.findings[i].verdict == VERDICT_PRESENT)
            o->level[v.findings[i].conclusion] = v.findings[i].level;
    for (uint32_t i = 0; i < v.plan_count; i++) {
        bool wanted = false;
        for (uint32_t k = 0; k < v.plan[i].treat_count; k++)
            wanted |= interview_is_target(h->iv, v.plan[i].treats[k]);
        if (wanted)
            o->plan[o->plan_count++] = v.plan[i].remedy;
    }
}

static bool on_tile(const struct infer *in, const struct tile *t, void *ctx)
{
    struct holding *h = ctx;
    h->in = in;
    h->tile = t;
    return arena_run(&h->arena, look, h);
}

static bool conclude(struct holding *h, const struct cases *block, struct outcome *to)
{
    struct put put = sheet_put(&h->sheet);
    struct program *p = program_new(h->kb, &put, PROGRAM_REPORT, h->problems);
    struct infer *in = p ? infer_new(p, h->problems) : NULL;
    *to = (struct outcome){.plan_count = 0};
    h->to = to;
    bool ok = in && infer_run(in, block, on_tile, h, h->problems);
    infer_free(in);
    program_free(p);
    return ok;
}

static bool compare(struct holding *h, const struct outcome *early, const struct outcome *whole)
{
    for (uint32_t c = 0; c < h->kb->conclusion_count; c++) {
        if (!interview_is_target(h->iv, c))
            continue;
        if (early->verdict[c] != whole->verdict[c])
            return wrong(h, "another verdict", h->kb->conclusions[c].id);
        if (early->verdict[c] == VERDICT_PRESENT && early->level[c] != whole->level[c])
            return wrong(h, "another severity", h->kb->conclusions[c].id);
    }
    if (early->plan_count != whole->plan_count)
        return wrong(h, "another number of remedies", (struct text){"", 0});
    for (uint32_t i = 0; i < early->plan_count; i++)
        if (early->plan[i] != whole->plan[i])
            return wrong(h, "another plan", h->kb->remedies[whole->plan[i]].id);
    return true;
}

static void take_sheet(void *ctx)
{
    struct holding *h = ctx;
    interview_sheet(h->iv, &h->sheet, &h->arena);
}

static bool compare_ends(struct holding *h)
{
    struct outcome early, whole;
    if (!arena_run(&h->arena, take_sheet, h))
        return wrong(h, "no memory", (struct text){"", 0});
    struct cases *open = sheet_block_new(&h->sheet, TEXT("case"), true, h->problems);
    struct cases *closed = sheet_block_new(&h->sheet, TEXT("case"), false, h->problems);
    for (uint32_t r = 0; closed && r <= h->rows; r++)
        for (uint32_t q = 0; q < h->kb->question_count; q++)
            if (h->kb->questions[q].about_partnership == (r == h->rows))
                cases_set(closed, q, r == h->rows ? 0 : r, &h->full[r * h->kb->question_count + q]);
    bool ok = open && closed && conclude(h, open, &early) && conclude(h, closed, &whole) &&
              compare(h, &early, &whole);
    cases_free(open);
    cases_free(closed);
    return ok;
}

static bool hold(struct holding *h)
{
    struct cell_at at;
    uint32_t left = UINT32_MAX;
    draw_all(h);
    while (interview_now(h->iv, &at, h->problems)) {
        if (interview_left(h->iv) >= left)
            return wrong(h, "the bound did not shrink", h->kb->questions[at.question].id);
        left = interview_left(h->iv);
        if (!interview_set(h->iv, at, said(h, at), h->problems))
            return false;
    }
    h->out->held++;
    h->out->asked += interview_asked(h->iv);
    for (uint32_t q = 0; q < h->kb->question_count; q++)
        h->out->put += h->kb->questions[q].about_partnership ? 1 : h->rows;
    return !problems_has_error(h->problems) && compare_ends(h);
}

bool interviews_check(struct random *r, const struct kb *kb, struct interviews *i,
                      struct problems *problems)
{
    const struct text names[] = {TEXT("a"), TEXT("b"), TEXT("c")};
    uint32_t people[MOST_PARTNERS];
    for (int p = 0; p < MOST_PARTNERS; p++)
        people[p] = random_between(r, 1, MOST_PEOPLE);
    struct interview_options o = {.title = TEXT("case"),
                                  .partners = names,
                                  .people = people,
                                  .partner_count = random_between(r, 1, MOST_PARTNERS)};
    struct holding h = {.r = r, .kb = kb, .out = i, .problems = problems};
    h.iv = interview_new(kb, &o, problems);
    arena_init(&h.arena, 0);
    bool ok = h.iv && hold(&h);
    arena_deinit(&h.arena);
    free(h.full);
    interview_free(h.iv);
    return ok;
}
