/* In: the case of a view, changes. Out: neighbours of it, inferred in one block. Next: whatif.c,
 * clearing.c. Only what is asked about is compiled, so that thousands of neighbours cost little. */
#include "explain/neighbours.h"

#include "explain/reads.h"

#include <stdlib.h>

bool neighbours_init(struct neighbours *n, const struct case_view *v, const bool *wanted,
                     struct problems *problems)
{
    const struct kb *kb = kb_of(v);
    const struct put put = *program_put(infer_program(v->in));
    *n = (struct neighbours){.v = v, .base = v->tile->block, .problems = problems};
    n->base_case = v->tile->case_from + v->tile_case;
    n->program =
        program_new_for(kb, &put, wanted ? PROGRAM_CERTAINTY : PROGRAM_REPORT, wanted, problems);
    n->infer = n->program ? infer_new(n->program, problems) : NULL;
    n->block = n->infer ? cases_new(kb, &put) : NULL;
    if (n->block)
        return true;
    if (n->infer)
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    neighbours_deinit(n);
    return false;
}

void neighbours_deinit(struct neighbours *n)
{
    cases_free(n->block);
    infer_free(n->infer);
    program_free(n->program);
    free(n->touched);
    *n = (struct neighbours){0};
}

/* --- the block ---------------------------------------------------------------------------------
 */

/* Among answers to come a blank of a closed case stays what it is there: declined; a text, empty.
 */
static struct answer answer_of(const struct neighbours *n, uint32_t q, uint32_t row, bool opened)
{
    const struct column *c = &n->base->columns[q];
    struct answer a = {.code = c->code[row], .text = {"", 0}};
    if (c->number)
        a.number = c->number[row];
    if (c->ticked)
        a.ticked = c->ticked[row];
    if (c->texts && a.code < CODE_SKIPPED && a.code != CODE_BLANK)
        a.text = c->texts[row];
    if (a.code == CODE_BLANK && opened)
        a.code = c->texts ? 1 : CODE_SKIPPED;
    return a;
}

static bool was_open(const struct neighbours *n)
{
    return n->base->open[n->base_case];
}

static bool lay_copy(struct neighbours *n)
{
    const struct cases *b = n->base;
    bool open = n->laid_open || was_open(n);
    bool ok = cases_add_case(n->block, b->case_names[n->base_case], open);
    for (uint32_t p = b->partner_from[n->base_case]; ok && p < b->partner_from[n->base_case + 1];
         p++) {
        ok = cases_add_partner(n->block, b->partner_names[p]);
        for (uint32_t r = b->respondent_from[p]; ok && r < b->respondent_from[p + 1]; r++) {
            uint32_t at = n->block->respondent_count;
            ok = cases_add_respondent(n->block);
            for (uint32_t q = 0; ok && q < kb_of(n->v)->question_count; q++) {
                if (!b->columns[q].put)
                    continue;
                struct answer a = answer_of(n, q, r, n->laid_open && !was_open(n));
                cases_set(n->block, q, at, &a);
            }
        }
    }
    n->laid += ok;
    return ok;
}

/* The rows of a neighbour that a change is about: of a partner everybody, of a fact all (it stands
 * with the first). */
static void rows_of(const struct neighbours *n, uint32_t neighbour, uint32_t partner,
                    uint32_t *from, uint32_t *to)
{
    const struct cases *b = n->block;
    uint32_t first = b->partner_from[neighbour], past = b->partner_from[neighbour + 1];
    *from = b->respondent_from[partner == NONE ? first : first + partner];
    *to = b->respondent_from[partner == NONE ? past : first + partner + 1];
}

static void set_change(struct neighbours *n, uint32_t neighbour, const struct change *c, bool open)
{
    struct answer blank = {.code = CODE_BLANK, .text = {"", 0}};
    struct answer skipped = {.code = CODE_SKIPPED, .text = {"", 0}};
    uint32_t from, to;
    rows_of(n, neighbour, c->partner, &from, &to);
    for (uint32_t r = from; r < to; r++) {
        bool other = c->partner == NONE && r > from;
        cases_set(n->block, c->question, r, other ? &skipped : open ? &blank : &c->to);
    }
}

static void put_back(struct neighbours *n, const struct touched *t)
{
    uint32_t from, to, base = n->base->respondent_from[n->base->partner_from[n->base_case]];
    uint32_t first = n->block->respondent_from[n->block->partner_from[t->neighbour]];
    rows_of(n, t->neighbour, t->partner, &from, &to);
    for (uint32_t r = from; r < to; r++) {
        struct answer a = answer_of(n, t->question, base + r - first, n->laid_open && !was_open(n));
        cases_set(n->block, t->question, r, &a);
    }
}

void neighbours_clear(struct neighbours *n)
{
    for (size_t i = 0; i < n->touched_count; i++)
        put_back(n, &n->touched[i]);
    n->touched_count = 0;
    n->used = 0;
}

/* Copies that are open cannot serve as closed ones, nor the other way round. */
static bool lay_next(struct neighbours *n, bool open)
{
    if (n->used == 0 && open != n->laid_open) {
        cases_clear(n->block);
        n->laid = 0;
        n->laid_open = open;
    }
    return n->used < n->laid || lay_copy(n);
}

static bool touch(struct neighbours *n, const struct change *c)
{
    if (n->touched_count == n->touched_capacity) {
        size_t wanted = n->touched_capacity ? n->touched_capacity * 2 : BLOCK_CASES;
        struct touched *more = realloc(n->touched, wanted * sizeof *more);
        if (!more)
            return false;
        n->touched = more;
        n->touched_capacity = wanted;
    }
    n->touched[n->touched_count++] = (struct touched){n->used, c->question, c->partner};
    return true;
}

bool neighbours_add(struct neighbours *n, const struct change *changes, size_t count, bool open)
{
    bool ok = lay_next(n, open);
    for (size_t i = 0; ok && i < count; i++) {
        ok = touch(n, &changes[i]);
        if (ok)
            set_change(n, n->used, &changes[i], open);
    }
    if (!ok)
        problem_add(n->problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    n->used += ok;
    return ok;
}

/* The block ends behind that many copies. */
static void end_block(struct cases *b, uint32_t copies)
{
    b->case_count = copies;
    b->partner_count = b->partner_from[copies];
    b->respondent_count = b->respondent_from[b->partner_count];
}

struct each_neighbour {
    void (*call)(void *ctx, uint32_t index, const struct infer *in, const struct tile *t,
                 uint32_t tile_case);
    void *ctx;
};

static bool each_tile(const struct infer *in, const struct tile *t, void *ctx)
{
    struct each_neighbour *e = ctx;
    for (uint32_t c = 0; c < t->case_count; c++)
        e->call(e->ctx, t->case_from + c, in, t, c);
    return true;
}

bool neighbours_run(struct neighbours *n,
                    void (*each)(void *ctx, uint32_t index, const struct infer *in,
                                 const struct tile *t, uint32_t tile_case),
                    void *ctx)
{
    struct each_neighbour e = {each, ctx};
    end_block(n->block, n->used);
    bool ok = infer_run(n->infer, n->block, each_tile, &e, n->problems);
    end_block(n->block, n->laid);
    return ok;
}

static double above(double threshold, double certainty)
{
    return certainty >= threshold - 1e-9 ? 0.01 + certainty - threshold : 0;
}

double neighbour_above(const struct case_view *v, const struct infer *in, const struct tile *t,
                       uint32_t tile_case, uint32_t conclusion, bool surely)
{
    const struct conclusion *co = &kb_of(v)->conclusions[conclusion];
    uint32_t at = t->case_from + tile_case, from = t->block->partner_from[at] - t->partner_from;
    double sum = 0;
    if (co->about_partnership) {
        struct interval c = infer_certainty(in, conclusion, SCOPE_PARTNERSHIP, tile_case);
        return above(co->threshold, surely ? c.lo : c.hi);
    }
    for (uint32_t p = 0; p < v->partners; p++) {
        struct interval c = infer_certainty(in, conclusion, SCOPE_PARTNER, from + p);
        sum += above(co->threshold, surely ? c.lo : c.hi);
    }
    return sum;
}
