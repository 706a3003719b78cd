/* In: a seed. Out: a pack and its blocks, compared (twins.c) and completed (soundness.c); what is
 * wrong is made small (shrink.c) and printed. Next: oracle_main.c. The one idea: a pack and all
 * its blocks follow from one number, so that number reruns a difference. */
#include "oracle/workload.h"

#include "oracle/interviews.h"
#include "oracle/random_pack.h"
#include "oracle/shrink.h"
#include "oracle/soundness.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PUTS = 2, BLOCKS = 6, INTERVIEWS = 8, SHRINK_COMPLETIONS = 40 };

/* One pack that is at work. */
struct run {
    const struct workload *workload;
    uint64_t seed;
    struct totals *totals;
    struct random random;
    struct problems *problems;
};

static void *need(void *p)
{
    if (!p)
        abort();
    return p;
}

void totals_add(struct totals *to, const struct totals *more)
{
    to->packs += more->packs;
    to->pairs += more->pairs;
    to->completions += more->completions;
    to->interviews += more->interviews;
    to->asked += more->asked;
    to->asked_of += more->asked_of;
    to->numbers += more->numbers;
    to->failed += more->failed;
}

/* --- showing what is wrong -------------------------------------------------------------------- */

/* ctx: the kind, which must be the same. */
static bool shows_twins(const struct kb *kb, const struct put *put, const struct cases *block,
                        void *ctx, char what[512])
{
    struct problems *problems = need(problems_new());
    struct twins *t = twins_new(kb, put, problems);
    bool shows = t && !twins_compare(t, block, problems) && strcmp(t->kind, ctx) == 0;
    if (shows)
        memcpy(what, t->what, sizeof t->what);
    twins_free(t);
    problems_free(problems);
    return shows;
}

/* The completions are the same for every candidate. */
static bool shows_unsound(const struct kb *kb, const struct put *put, const struct cases *block,
                          void *ctx, char what[512])
{
    struct problems *problems = need(problems_new());
    struct soundness s = {.completions = 0};
    struct random r;
    (void)ctx;
    random_seed(&r, 1);
    soundness_check(&r, kb, put, block, SHRINK_COMPLETIONS, &s, problems);
    if (s.broken)
        memcpy(what, s.what, sizeof s.what);
    cases_free(s.broken_by);
    problems_free(problems);
    return s.broken;
}

static void print(const struct run *run, const char *what, const struct buffer *more)
{
    printf("seed %llu: %s\n%.*s", (unsigned long long)run->seed, what, (int)more->size,
           more->size ? more->at : "");
    fflush(stdout);
}

static void print_shrunk(const struct run *run, const struct kb *kb, const struct put *put,
                         const struct cases *block, const char *what, shows_difference shows,
                         void *ctx, const struct cases *completed)
{
    struct buffer out;
    if (run->workload->quiet)
        return;
    buffer_init(&out);
    if (completed) {
        buffer_c(&out, "by this completion:\n");
        shrink_print_cases(completed, &out);
    }
    buffer_c(&out, "made small: ");
    shrink(run->workload->folder, kb, put, block, shows, ctx, &out);
    print(run, what, &out);
    buffer_deinit(&out);
}

/* --- blocks ----------------------------------------------------------------------------------- */

/* A shape and how many cases: small blocks, such that span many tiles, and crowds. */
static uint32_t some_shape(struct random *r, enum random_shape *shape)
{
    uint32_t drawn = random_below(r, 100);
    *shape = drawn == 0 ? SHAPE_CROWD : drawn < 20 ? SHAPE_SINGLE : SHAPE_PAIRS;
    if (*shape == SHAPE_CROWD)
        return random_between(r, 1, 4);
    return random_chance(r, 0.1) ? random_between(r, 60, 200) : random_between(r, 1, 16);
}

static bool compare(struct run *run, struct twins *t, const struct cases *block)
{
    char kind[sizeof t->kind];
    run->totals->pairs += block->case_count;
    if (twins_compare(t, block, run->problems))
        return true;
    memcpy(kind, t->kind, sizeof kind);
    print_shrunk(run, t->kb, &t->put, block, t->what, shows_twins, kind, NULL);
    return false;
}

static bool complete(struct run *run, const struct twins *t, const struct cases *block)
{
    struct soundness s = {.completions = 0};
    if (run->workload->only_twins)
        return true;
    bool sound = soundness_check(&run->random, t->kb, &t->put, block, 1, &s, run->problems);
    run->totals->completions += s.completions;
    if (s.broken)
        print_shrunk(run, t->kb, &t->put, block, s.what, shows_unsound, NULL, s.broken_by);
    cases_free(s.broken_by);
    return sound;
}

static bool run_block(struct run *run, struct twins *t)
{
    struct arena arena;
    struct cases *block = need(cases_new(t->kb, &t->put));
    enum random_shape shape;
    uint32_t count = some_shape(&run->random, &shape);
    arena_init(&arena, 0);
    random_cases(&run->random, block, &arena, shape, count);
    bool right = compare(run, t, block) && complete(run, t, block);
    cases_free(block);
    arena_deinit(&arena);
    return right;
}

static bool run_put(struct run *run, const struct kb *kb)
{
    bool *questions = need(calloc(kb->question_count + 1, sizeof *questions));
    struct put put;
    random_put(&run->random, kb, questions, &put);
    struct twins *t = twins_new(kb, &put, run->problems);
    bool right = t != NULL;
    for (int b = 0; b < BLOCKS && right; b++)
        right = run_block(run, t);
    run->totals->numbers += t ? t->numbers : 0;
    twins_free(t);
    free(questions);
    return right;
}

static bool hold_interviews(struct run *run, const struct kb *kb)
{
    struct interviews held = {.held = 0};
    bool right = true;
    for (int i = 0; i < INTERVIEWS && right && !run->workload->only_twins; i++)
        right = interviews_check(&run->random, kb, &held, run->problems);
    struct totals found = {.interviews = held.held, .asked = held.asked, .asked_of = held.put};
    totals_add(run->totals, &found);
    struct buffer none;
    buffer_init(&none);
    if (held.wrong && !run->workload->quiet)
        print(run, held.what, &none);
    return right;
}

bool workload_pack(const struct workload *w, uint64_t seed, struct totals *totals)
{
    struct run run = {.workload = w, .seed = seed, .totals = totals};
    run.problems = need(problems_new());
    random_seed(&run.random, seed);
    struct kb *kb = random_pack_write(&run.random, w->folder)
                        ? pack_load_folder(w->folder, run.problems)
                        : NULL;
    bool right = kb != NULL;
    for (int i = 0; i < PUTS && right; i++)
        right = run_put(&run, kb);
    right = right && hold_interviews(&run, kb);
    if (problems_has_error(run.problems) && !w->quiet) {
        struct buffer out;
        buffer_init(&out);
        problems_print(run.problems, false, &out);
        print(&run, "problems", &out);
        buffer_deinit(&out);
    }
    right = right && !problems_has_error(run.problems);
    totals->packs++;
    totals->failed += !right;
    if (kb)
        kb_free(kb);
    problems_free(run.problems);
    return right;
}
