/* In: a diagnosis that no three changes clear. Out: a set of changes that does, if the search finds
 * one. Next: clearing.c. Step by step the change that helps most is taken, where help is less
 * certainty of the diagnosis and, as long as that does not move, of what it rests on; what turns
 * out not to be needed is taken out again. */
#include "explain/neighbours.h"

#include "explain/reads.h"

#include <string.h>

/* What the certainty of a premise weighs beside the diagnosis's own. */
static const double PREMISE = 0.01;

struct searching {
    struct neighbours *n;
    uint32_t conclusion;
    const bool *wanted;
    bool surely; /* goes by the lower ends: it is enough that nothing makes it sure */
    const struct change *list;
    size_t list_count;
    struct change *set;
    uint32_t size;
    bool *used; /* [list] */
    struct trial {
        uint32_t of; /* in the list, or in the set where one is left out */
        struct answer to;
    } trials[BLOCK_CASES];
    uint32_t trial_count;
    double least; /* of what is left, and which trial left it */
    bool clears, found;
    struct trial best;
    uint32_t best_distance;
};

/* Whether it is cleared, and else how far from it. */
static double left_over(const struct searching *s, const struct infer *in, const struct tile *t,
                        uint32_t tile_case, bool *clears)
{
    const struct kb *kb = kb_of(s->n->v);
    double above = neighbour_above(s->n->v, in, t, tile_case, s->conclusion, s->surely);
    double sum = above;
    for (uint32_t c = 0; c < kb->conclusion_count; c++) {
        if (!s->wanted[c] || kb->conclusions[c].kind == CONCLUSION_STRENGTH)
            continue;
        struct interval x = infer_certainty(in, c, SCOPE_PARTNERSHIP, tile_case);
        double end = s->surely ? x.lo : x.hi;
        sum += end > 0 ? PREMISE * end : 0;
    }
    *clears = above <= 0;
    return sum;
}

static void note_best(void *ctx, uint32_t index, const struct infer *in, const struct tile *t,
                      uint32_t tile_case)
{
    struct searching *s = ctx;
    const struct trial *trial = &s->trials[index];
    bool clears;
    double left = left_over(s, in, t, tile_case, &clears);
    struct change c = s->list[trial->of];
    c.to = trial->to;
    uint32_t distance = distance_of(s->n->v, &c);
    if (clears != s->clears ? !clears
        : clears            ? distance >= s->best_distance
                            : left >= s->least - 1e-12)
        return;
    s->clears = clears;
    s->least = left;
    s->best = *trial;
    s->best_distance = distance;
    s->found = true;
}

static bool flush(struct searching *s,
                  void (*each)(void *ctx, uint32_t index, const struct infer *in,
                               const struct tile *t, uint32_t tile_case))
{
    bool ok = s->trial_count == 0 || neighbours_run(s->n, each, s);
    neighbours_clear(s->n);
    s->trial_count = 0;
    return ok;
}

/* One more change, if any helps. */
static bool take_one(struct searching *s)
{
    struct change *next = &s->set[s->size];
    s->found = false;
    for (size_t i = 0; i < s->list_count; i++) {
        if (s->used[i])
            continue;
        *next = s->list[i];
        for (uint32_t v = 0; other_value(s->n->v, &s->list[i], v, &next->to); v++) {
            if (s->trial_count == BLOCK_CASES && !flush(s, note_best))
                return false;
            s->trials[s->trial_count++] = (struct trial){(uint32_t)i, next->to};
            if (!neighbours_add(s->n, s->set, s->size + 1, false))
                return false;
        }
    }
    if (!flush(s, note_best))
        return false;
    if (s->found) {
        *next = s->list[s->best.of];
        next->to = s->best.to;
        s->used[s->best.of] = true;
        s->size++;
    }
    return true;
}

static void note_needless(void *ctx, uint32_t index, const struct infer *in, const struct tile *t,
                          uint32_t tile_case)
{
    struct searching *s = ctx;
    bool clears;
    left_over(s, in, t, tile_case, &clears);
    if (!clears || s->found)
        return;
    s->found = true;
    s->best = s->trials[index];
}

/* Until each change is needed. */
static bool leave_out(struct searching *s)
{
    struct change without[SEARCH_UP_TO];
    do {
        s->found = false;
        for (uint32_t i = 0; i < s->size && s->size > 1; i++) {
            memcpy(without, s->set, i * sizeof *without);
            memcpy(without + i, s->set + i + 1, (s->size - i - 1) * sizeof *without);
            s->trials[s->trial_count++] = (struct trial){.of = i};
            if (!neighbours_add(s->n, without, s->size - 1, false))
                return false;
        }
        if (!flush(s, note_needless))
            return false;
        if (s->found) {
            s->size--;
            memmove(s->set + s->best.of, s->set + s->best.of + 1,
                    (s->size - s->best.of) * sizeof *s->set);
        }
    } while (s->found);
    return true;
}

bool clear_by_search(struct arena *a, struct neighbours *n, uint32_t conclusion, const bool *wanted,
                     bool surely, const struct change *list, size_t count,
                     struct change set[SEARCH_UP_TO], uint32_t *size)
{
    struct searching *s = arena_alloc(a, sizeof *s);
    s->n = n;
    s->conclusion = conclusion;
    s->wanted = wanted;
    s->surely = surely;
    s->list = list;
    s->list_count = count;
    s->set = set;
    s->used = arena_array(a, count + 1, 1);
    s->least = 1e9;
    bool ok = true;
    do
        ok = take_one(s);
    while (ok && s->found && !s->clears && s->size < SEARCH_UP_TO);
    ok = ok && (!s->clears || leave_out(s));
    *size = ok && s->clears ? s->size : 0;
    return ok;
}
