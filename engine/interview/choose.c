/* In: the cells marked open. Out: the one to ask next. Next: the caller asks it. Each is answered
 * in thought with every value it may have; what that leaves open, on average, per unit of effort,
 * decides. So a question is worth what the engine itself says it would change. */
#include "interview/asking.h"

#include <math.h>

/* How much of the best score a question of the section just asked may lack to be put before it: so
 * much costs no question in the median (tests/bench), and half of it is no better. */
static const double SECTION_COSTS = 0.2;

enum { BLOCK_ROWS = 32768 };

uint32_t values_of(const struct question *q, struct answer *out)
{
    uint32_t n = 0, all = q->kind == KIND_YESNO ? 2 : q->choice_count;
    struct answer a = {.code = 1, .text = {"", 0}};
    switch (q->kind) {
    case KIND_TEXT: out[n++] = a; return n;
    case KIND_NUMBER:
        for (uint32_t i = 0; i < 5; i++) {
            a.number = q->lo + (q->hi - q->lo) * i / 4;
            out[n++] = a;
        }
        return n;
    case KIND_MANY_OF:
        out[n++] = a;
        for (uint32_t i = 0; i < all && n < VALUES_TRIED; i++) {
            a.ticked = UINT64_C(1) << i;
            out[n++] = a;
        }
        return n;
    default: break;
    }
    uint32_t tried = all < VALUES_TRIED ? all : VALUES_TRIED;
    for (uint32_t i = 0; i < tried; i++) { /* with both ends */
        a.code = (uint8_t)(1 + (tried > 1 ? i * (all - 1) / (tried - 1) : 0));
        out[n++] = a;
    }
    return n;
}

/* --- how open --------------------------------------------------------------------------------- */

static double open_by(double threshold, struct interval v, bool order)
{
    if (order)
        return v.hi - v.lo;
    if (v.lo >= threshold || v.hi < threshold)
        return 0;
    return 0.3 + 0.7 * (v.hi - threshold) / (1 - threshold + 1e-9);
}

static struct interval certainty_of(const struct interview *iv, const struct tile *t, uint32_t c,
                                    uint32_t tile_case, uint32_t partner)
{
    if (partner == NONE)
        return infer_certainty(iv->what, c, SCOPE_PARTNERSHIP, tile_case);
    uint32_t first = t->block->partner_from[t->case_from + tile_case] - t->partner_from;
    return infer_certainty(iv->what, c, SCOPE_PARTNER, first + partner);
}

/* What is open of the targets in a case of `what`. */
static double how_open(const struct interview *iv, const struct tile *t, uint32_t tile_case)
{
    double sum = 0;
    for (uint32_t c = 0; c < iv->kb->conclusion_count; c++) {
        const struct conclusion *co = &iv->kb->conclusions[c];
        if (!iv->target[c] || iv->settled[c] == SETTLED)
            continue;
        bool order = iv->settled[c] != SETTLED_NOT;
        double threshold = co->threshold - 1e-9;
        struct interval whole = certainty_of(iv, t, c, tile_case, NONE);
        if (!order && (whole.lo >= threshold || whole.hi < threshold))
            continue;
        if (co->about_partnership)
            sum += open_by(threshold, whole, order);
        for (uint32_t p = 0; !co->about_partnership && p < iv->partner_count; p++)
            sum += open_by(threshold, certainty_of(iv, t, c, tile_case, p), order);
    }
    return sum;
}

/* --- candidates ------------------------------------------------------------------------------- */

/* Of respondents of one partner who have yet to answer a question, the first stands for all. */
static bool is_first_of_partner(const struct interview *iv, uint32_t cell)
{
    uint32_t q = cell_question(iv, cell), row = cell_row(iv, cell);
    if (row == NONE)
        return true;
    for (uint32_t r = iv->first_row[iv->rows[row].partner]; r < row; r++)
        if (!iv->given[cell_of(iv, q, r)])
            return false;
    return true;
}

static bool is_candidate(const struct interview *iv, uint32_t cell)
{
    bool surely;
    if (!(iv->marks[cell] & MARK_OPEN) || !is_first_of_partner(iv, cell) ||
        !cell_applies(iv, cell, &surely))
        return false;
    return surely || !gate_is_open(iv, cell, MARK_OPEN);
}

/* --- trying ----------------------------------------------------------------------------------- */

static void note_trial(void *ctx, uint32_t index, const struct tile *t, uint32_t tile_case)
{
    struct interview *iv = ctx;
    uint32_t cell = iv->trials[index].cell;
    double open = how_open(iv, t, tile_case);
    if (cell == NONE)
        iv->before = open;
    else
        iv->score[cell] += iv->before - open;
}

/* The case as it is stands first in every block, to compare with. */
static bool start_block(struct interview *iv, uint32_t *count)
{
    iv->trials[0].cell = NONE;
    *count = 1;
    return what_start(iv) && what_add(iv, NONE, NULL);
}

/* Cases in a block: fewer where each has many respondents, so that memory stays small. */
static uint32_t block_room(const struct interview *iv)
{
    uint32_t room = BLOCK_ROWS / iv->row_count;
    return room > BLOCK_CASES ? BLOCK_CASES : room < 2 * VALUES_TRIED ? 2 * VALUES_TRIED : room;
}

static bool try_all(struct interview *iv)
{
    struct answer values[VALUES_TRIED + 1];
    uint32_t count;
    if (!start_block(iv, &count))
        return false;
    for (uint32_t cell = 0; cell < iv->cell_count; cell++) {
        iv->score[cell] = 0;
        iv->tries[cell] = 0;
        if (!is_candidate(iv, cell))
            continue;
        uint32_t n = values_of(&iv->kb->questions[cell_question(iv, cell)], values);
        if (count + n > block_room(iv) &&
            (!what_run(iv, note_trial, iv) || !start_block(iv, &count)))
            return false;
        for (uint32_t i = 0; i < n; i++, count++) {
            iv->trials[count].cell = cell;
            if (!what_add(iv, cell, &values[i]))
                return false;
        }
        iv->tries[cell] = n;
    }
    return what_run(iv, note_trial, iv);
}

static double worth(const struct interview *iv, uint32_t cell)
{
    unsigned effort = iv->kb->questions[cell_question(iv, cell)].effort;
    return iv->score[cell] / iv->tries[cell] / (effort ? effort : 1);
}

/* Of candidates that are as good: the question just asked, of somebody else; its section; then the
 * order of the pack. */
static unsigned nearness(const struct interview *iv, uint32_t cell)
{
    if (iv->asked_count == 0)
        return 0;
    uint32_t q = cell_question(iv, cell);
    uint32_t last = cell_question(iv, iv->asked[iv->asked_count - 1]);
    const struct question *a = &iv->kb->questions[q], *b = &iv->kb->questions[last];
    return q == last ? 2 : a->dimension != NONE && a->dimension == b->dimension;
}

uint32_t choose_next(struct interview *iv)
{
    if (!try_all(iv))
        return NONE;
    double best = -INFINITY;
    for (uint32_t cell = 0; cell < iv->cell_count; cell++)
        if (iv->tries[cell] && worth(iv, cell) > best)
            best = worth(iv, cell);
    double enough = best - SECTION_COSTS * fabs(best) - 1e-12;
    uint32_t next = NONE;
    for (uint32_t q = 0; q < iv->kb->question_count; q++)
        for (uint32_t row = 0; row <= iv->row_count; row++) {
            uint32_t cell = row * iv->kb->question_count + q;
            if (!iv->tries[cell] || worth(iv, cell) < enough)
                continue;
            if (next == NONE || nearness(iv, cell) > nearness(iv, next))
                next = cell;
        }
    return next;
}

uint32_t choose_relevant(struct interview *iv)
{
    for (uint32_t q = 0; q < iv->kb->question_count; q++)
        for (uint32_t row = 0; row <= iv->row_count; row++)
            if (is_candidate(iv, row * iv->kb->question_count + q))
                return row * iv->kb->question_count + q;
    return NONE;
}

uint32_t choose_in_order(struct interview *iv)
{
    bool surely;
    iv->left = 0;
    uint32_t next = NONE;
    for (uint32_t q = 0; q < iv->kb->question_count; q++)
        for (uint32_t row = 0; row <= iv->row_count; row++) {
            uint32_t cell = row * iv->kb->question_count + q;
            if (iv->given[cell] || !cell_is_asked_here(iv, cell) ||
                !cell_applies(iv, cell, &surely))
                continue;
            iv->left++;
            if (next == NONE && (surely || !gate_is_open(iv, cell, 0)))
                next = cell;
        }
    return next;
}
