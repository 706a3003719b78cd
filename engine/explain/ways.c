/* In: everything that is present. Out: single changes of answers that clear the most of it, one
 * after another. Next: the api. Each step tries every change in one block and keeps the best, so it
 * is a greedy way, not the best of all ways. */
#include "explain/neighbours.h"

#include "explain/reads.h"

enum { STEPS = 5 };

struct walking {
    const struct case_view *v;
    struct neighbours n;
    struct change *list, steps[STEPS];
    size_t list_count;
    uint32_t step_count;
    uint32_t of[BLOCK_CASES];
    struct answer to[BLOCK_CASES];
    uint32_t count; /* in the block */
    /* the best of a step */
    uint32_t cleared, best_of;
    double weight; /* what is left above the thresholds */
    struct answer best_to;
    bool *present, *after; /* [conclusion]: before and after the best */
    bool *now;
};

static void judge(void *ctx, uint32_t index, const struct infer *in, const struct tile *t,
                  uint32_t tile_case)
{
    struct walking *w = ctx;
    const struct kb *kb = kb_of(w->v);
    uint32_t cleared = 0, opened = 0;
    double weight = 0;
    for (uint32_t c = 0; c < kb->conclusion_count; c++) {
        const struct conclusion *co = &kb->conclusions[c];
        bool present = infer_verdict(in, c, SCOPE_PARTNERSHIP, tile_case) == VERDICT_PRESENT;
        w->now[c] = present;
        if (co->kind != CONCLUSION_DIAGNOSIS || co->level == LEVEL_NONE)
            continue;
        cleared += w->present[c] && !present;
        opened += !w->present[c] && present;
        if (present)
            weight += neighbour_above(w->v, in, t, tile_case, c, true);
    }
    cleared = cleared > opened ? cleared - opened : 0;
    if (cleared < w->cleared || (cleared == w->cleared && weight >= w->weight - 1e-9))
        return;
    w->cleared = cleared;
    w->weight = weight;
    w->best_of = w->of[index];
    w->best_to = w->to[index];
    for (uint32_t c = 0; c < kb->conclusion_count; c++)
        w->after[c] = w->now[c];
}

static bool flush(struct walking *w)
{
    bool ok = w->count == 0 || neighbours_run(&w->n, judge, w);
    neighbours_clear(&w->n);
    w->count = 0;
    return ok;
}

static bool is_taken(const struct walking *w, const struct change *c)
{
    for (uint32_t i = 0; i < w->step_count; i++)
        if (w->steps[i].question == c->question && w->steps[i].partner == c->partner)
            return true;
    return false;
}

/* The case with the steps so far is the first neighbour: what a step has to better. */
static bool take_step(struct walking *w)
{
    struct change *next = &w->steps[w->step_count];
    w->cleared = 0;
    w->weight = 1e9;
    w->best_of = NONE;
    w->of[0] = NONE;
    w->count = 1;
    if (!neighbours_add(&w->n, w->steps, w->step_count, false) || !flush(w))
        return false;
    for (uint32_t c = 0; c < kb_of(w->v)->conclusion_count; c++)
        w->present[c] = w->after[c];
    w->cleared = 0; /* what steps before cleared is no merit of this one */
    for (size_t i = 0; i < w->list_count; i++) {
        if (is_taken(w, &w->list[i]))
            continue;
        *next = w->list[i];
        for (uint32_t k = 0; other_value(w->v, &w->list[i], k, &next->to); k++) {
            if (w->count == BLOCK_CASES && !flush(w))
                return false;
            w->of[w->count] = (uint32_t)i;
            w->to[w->count++] = next->to;
            if (!neighbours_add(&w->n, w->steps, w->step_count + 1, false))
                return false;
        }
    }
    if (!flush(w))
        return false;
    if (w->best_of != NONE) {
        *next = w->list[w->best_of];
        next->to = w->best_to;
        w->step_count++;
    }
    return true;
}

static void put_cleared(struct walking *w, enum tongue t, bool json, struct buffer *out)
{
    const struct kb *kb = kb_of(w->v);
    size_t n = 0;
    for (uint32_t c = 0; c < kb->conclusion_count; c++) {
        const struct conclusion *co = &kb->conclusions[c];
        if (co->kind != CONCLUSION_DIAGNOSIS || co->level == LEVEL_NONE || !w->present[c] ||
            w->after[c])
            continue;
        if (n == 0 && !json)
            buffer_text(out, phrase_text(t, PHRASE_CLEARS));
        buffer_c(out, n++ ? (json ? "," : ", ") : "");
        if (json)
            buffer_json(out, co->id);
        else
            buffer_text(out, co->id);
    }
    if (n == 0 && !json) {
        buffer_text(out, phrase_text(t, PHRASE_EASES));
        buffer_c(out, "…");
    }
}

static bool walk(struct walking *w, enum tongue t, bool json, struct buffer *out)
{
    for (uint32_t i = 0; i < STEPS; i++) {
        uint32_t before = w->step_count;
        if (!take_step(w))
            return false;
        if (w->step_count == before)
            break;
        if (json) {
            buffer_c(out, i ? ",{" : "{");
            put_changes_json(w->v, &w->steps[before], 1, out);
            buffer_c(out, ",\"clears\":[");
            put_cleared(w, t, true, out);
            buffer_c(out, "]}");
            continue;
        }
        buffer_c(out, "  ");
        buffer_unsigned(out, i + 1);
        buffer_c(out, ". ");
        put_changes(w->v, t, &w->steps[before], 1, out);
        buffer_text(out, phrase_text(t, PHRASE_COLON));
        put_cleared(w, t, false, out);
        buffer_byte(out, '\n');
    }
    return true;
}

bool explain_ways(struct arena *a, const struct case_view *v, struct text language, bool json,
                  struct buffer *out, struct problems *problems)
{
    enum tongue t = tongue_find(language);
    struct walking *w = arena_alloc(a, sizeof *w);
    size_t n = kb_of(v)->conclusion_count + (size_t)1;
    w->v = v; /* the rest is zero; too large to be copied over the stack */
    w->list_count = actionable(a, v, NULL, &w->list);
    w->present = arena_array(a, n, 1);
    w->after = arena_array(a, n, 1);
    w->now = arena_array(a, n, 1);
    if (!neighbours_init(&w->n, v, NULL, problems))
        return false;
    if (json)
        buffer_c(out, "{\"steps\":[");
    else {
        buffer_text(out, phrase_text(t, PHRASE_FEW_CHANGES));
        buffer_byte(out, '\n');
    }
    bool ok = walk(w, t, json, out);
    if (json)
        buffer_c(out, "]}");
    else if (ok && w->step_count == 0) {
        buffer_c(out, "  ");
        buffer_text(out, phrase_text(t, PHRASE_NOTHING_MOVES));
        buffer_byte(out, '\n');
    }
    neighbours_deinit(&w->n);
    return ok;
}
