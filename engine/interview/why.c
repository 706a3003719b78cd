/* In: the cell to be asked. Out: how the diagnoses stand, and what each answer would do to them.
 * Next: the api words it. The same block of what-ifs that chose the question, looked at one
 * conclusion at a time. */
#include "interview/asking.h"

#include <math.h>

struct asking_why {
    struct interview *iv;
    struct reasons *out;
    uint32_t cell, partner;
    struct interval *all; /* [value + 1][conclusion]: as it stands first */
};

static void note_certainties(void *ctx, uint32_t index, const struct tile *t, uint32_t tile_case)
{
    struct asking_why *w = ctx;
    struct interview *iv = w->iv;
    uint32_t first = t->block->partner_from[t->case_from + tile_case] - t->partner_from;
    for (uint32_t c = 0; c < iv->kb->conclusion_count; c++) {
        bool whole = w->partner == NONE || iv->kb->conclusions[c].about_partnership;
        w->all[index * iv->kb->conclusion_count + c] =
            infer_certainty(iv->what, c, whole ? SCOPE_PARTNERSHIP : SCOPE_PARTNER,
                            whole ? tile_case : first + w->partner);
    }
}

static double moved(struct interval a, struct interval b)
{
    return fabs(a.lo - b.lo) + fabs(a.hi - b.hi);
}

static void insert(struct reasons *out, struct effect e)
{
    uint32_t at = out->effect_count++;
    for (; at > 0 && out->effects[at - 1].weight < e.weight; at--)
        out->effects[at] = out->effects[at - 1];
    out->effects[at] = e;
}

static void gather(void *ctx)
{
    struct asking_why *w = ctx;
    struct interview *iv = w->iv;
    uint32_t count = iv->kb->conclusion_count;
    w->out->effects = arena_array(&iv->scratch, count, sizeof *w->out->effects);
    for (uint32_t c = 0; c < count; c++) {
        struct effect e = {.conclusion = c, .partner = w->partner, .now = w->all[c]};
        if (iv->kb->conclusions[c].about_partnership)
            e.partner = NONE;
        if (!iv->target[c])
            continue;
        e.then = arena_array(&iv->scratch, w->out->value_count, sizeof *e.then);
        for (uint32_t v = 0; v < w->out->value_count; v++) {
            e.then[v] = w->all[(v + 1) * count + c];
            e.weight += moved(e.now, e.then[v]);
        }
        if (e.weight > 1e-9)
            insert(w->out, e);
    }
}

static void make_room(void *ctx)
{
    struct asking_why *w = ctx;
    struct interview *iv = w->iv;
    w->out->values = arena_array(&iv->scratch, VALUES_TRIED + 1, sizeof *w->out->values);
    w->out->value_count = values_of(&iv->kb->questions[cell_question(iv, w->cell)], w->out->values);
    w->all =
        arena_array(&iv->scratch, (w->out->value_count + (size_t)1) * iv->kb->conclusion_count + 1,
                    sizeof *w->all);
}

struct all_certainties {
    const struct interview *iv;
    struct interval *out;
};

static void note_standing(void *ctx, uint32_t index, const struct tile *t, uint32_t tile_case)
{
    struct all_certainties *a = ctx;
    (void)index;
    (void)t;
    for (uint32_t c = 0; c < a->iv->kb->conclusion_count; c++)
        a->out[c] = infer_certainty(a->iv->what, c, SCOPE_PARTNERSHIP, tile_case);
}

bool interview_standing(struct interview *iv, struct interval *out, struct problems *problems)
{
    struct all_certainties a = {iv, out};
    iv->problems = problems;
    return what_start(iv) && what_add(iv, NONE, NULL) && what_run(iv, note_standing, &a);
}

bool interview_why(struct interview *iv, struct cell_at at, struct reasons *out,
                   struct problems *problems)
{
    struct asking_why w = {.iv = iv, .out = out, .cell = cell_of(iv, at.question, at.row)};
    w.partner = at.row == NONE ? NONE : iv->rows[at.row].partner;
    iv->problems = problems;
    *out = (struct reasons){.value_count = 0};
    arena_reset(&iv->scratch);
    bool ok = arena_run(&iv->scratch, make_room, &w);
    ok = ok && what_start(iv) && what_add(iv, NONE, NULL);
    for (uint32_t v = 0; ok && v < out->value_count; v++)
        ok = what_add(iv, w.cell, &out->values[v]);
    ok = ok && what_run(iv, note_certainties, &w) && arena_run(&iv->scratch, gather, &w);
    if (!ok)
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    return ok;
}
