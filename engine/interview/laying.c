/* In: the answers so far. Out: the open case inferred, and hypothetical cases beside it: the same
 * case with one more answer. Next: settle.c, choose.c. A block of what-ifs is what the column
 * engine is fast at, so all of them are laid out first and run together. */
#include "interview/asking.h"

static bool no_memory(struct interview *iv)
{
    problem_add(iv->problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    iv->failed = true;
    return false;
}

static uint32_t row_of_cell(const struct interview *iv, uint32_t cell)
{
    uint32_t row = cell_row(iv, cell);
    return row == NONE ? 0 : row;
}

static bool lay_case(const struct interview *iv, struct cases *b)
{
    uint32_t first = b->respondent_count;
    bool ok = cases_add_case(b, iv->title, true);
    for (uint32_t p = 0; ok && p < iv->partner_count; p++) {
        ok = cases_add_partner(b, iv->partners[p]);
        for (uint32_t r = iv->first_row[p]; ok && r < iv->first_row[p + 1]; r++)
            ok = cases_add_respondent(b);
    }
    for (uint32_t q = 0; ok && q < iv->kb->question_count; q++)
        for (uint32_t r = 1; iv->kb->questions[q].about_partnership && r < iv->row_count; r++)
            cases_set(b, q, first + r, &(struct answer){.code = CODE_SKIPPED, .text = {"", 0}});
    for (uint32_t cell = 0; ok && cell < iv->cell_count; cell++)
        if (iv->given[cell])
            cases_set(b, cell_question(iv, cell), first + row_of_cell(iv, cell),
                      &iv->answers[cell]);
    return ok;
}

bool base_start(struct interview *iv)
{
    iv->base_block = cases_new(iv->kb, &iv->put);
    return (iv->base_block && lay_case(iv, iv->base_block)) || no_memory(iv);
}

void base_set(struct interview *iv, uint32_t cell)
{
    cases_set(iv->base_block, cell_question(iv, cell), row_of_cell(iv, cell), &iv->answers[cell]);
}

static bool note_tile(const struct infer *in, const struct tile *t, void *ctx)
{
    struct interview *iv = ctx;
    (void)in;
    iv->tile = *t;
    return true;
}

bool base_run(struct interview *iv)
{
    iv->failed = !infer_run(iv->base, iv->base_block, note_tile, iv, iv->problems);
    return !iv->failed;
}

struct interval base_certainty(const struct interview *iv, uint32_t conclusion, uint32_t partner)
{
    bool whole = partner == NONE || iv->kb->conclusions[conclusion].about_partnership;
    return infer_certainty(iv->base, conclusion, whole ? SCOPE_PARTNERSHIP : SCOPE_PARTNER,
                           whole ? 0 : partner);
}

enum verdict base_verdict(const struct interview *iv, uint32_t conclusion, uint32_t partner)
{
    bool whole = partner == NONE || iv->kb->conclusions[conclusion].about_partnership;
    return infer_verdict(iv->base, conclusion, whole ? SCOPE_PARTNERSHIP : SCOPE_PARTNER,
                         whole ? 0 : partner);
}

bool what_start(struct interview *iv)
{
    if (!iv->what) {
        iv->what_program = program_new(iv->kb, &iv->put, PROGRAM_WITHOUT_NEEDS, iv->problems);
        iv->what = iv->what_program ? infer_new(iv->what_program, iv->problems) : NULL;
        iv->what_block = iv->what ? cases_new(iv->kb, &iv->put) : NULL;
        if (!iv->what_block)
            return no_memory(iv);
    }
    cases_clear(iv->what_block);
    return true;
}

bool what_add(struct interview *iv, uint32_t cell, const struct answer *a)
{
    uint32_t first = iv->what_block->respondent_count;
    if (!lay_case(iv, iv->what_block))
        return no_memory(iv);
    if (cell != NONE)
        cases_set(iv->what_block, cell_question(iv, cell), first + row_of_cell(iv, cell), a);
    return true;
}

struct each {
    void (*call)(void *ctx, uint32_t index, const struct tile *t, uint32_t tile_case);
    void *ctx;
};

static bool each_tile(const struct infer *in, const struct tile *t, void *ctx)
{
    struct each *e = ctx;
    (void)in;
    for (uint32_t c = 0; c < t->case_count; c++)
        e->call(e->ctx, t->case_from + c, t, c);
    return true;
}

bool what_run(struct interview *iv,
              void (*call)(void *ctx, uint32_t index, const struct tile *t, uint32_t tile_case),
              void *ctx)
{
    struct each e = {call, ctx};
    iv->failed = !infer_run(iv->what, iv->what_block, each_tile, &e, iv->problems);
    return !iv->failed;
}
