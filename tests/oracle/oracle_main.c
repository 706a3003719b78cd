/* In: amounts, or one seed. Out: how many pairs of a pack and a case the engine and the oracle
 * agree on; the last line is "N passed, N failed". The one idea: a pack and its blocks follow from
 * one seed, so one number reruns a difference. */
#include "oracle/shrink.h"

#include "oracle/random_pack.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PUTS = 2, BLOCKS = 6 };

struct totals {
    uint64_t packs, pairs, numbers, inexact;
    uint64_t failed;
    char inexact_what[512];
};

/* One pack, one set of questions put, blocks of cases. */
struct run {
    const char *folder;
    uint64_t seed;
    struct totals *totals;
};

static void print_problems(const struct problems *problems)
{
    struct buffer out;
    buffer_init(&out);
    problems_print(problems, false, &out);
    fwrite(out.at, 1, out.size, stdout);
    buffer_deinit(&out);
}

static bool shows_twins(const struct kb *kb, const struct put *put, const struct cases *block,
                        void *ctx, char what[512])
{
    struct problems *problems = problems_new();
    struct twins *t = twins_new(kb, put, problems);
    bool shows = t && !twins_compare(t, block, 0, problems) && strcmp(t->kind, ctx) == 0;
    if (shows)
        memcpy(what, t->what, sizeof t->what);
    twins_free(t);
    problems_free(problems);
    return shows;
}

static void report_difference(const struct run *run, const struct twins *t,
                              const struct cases *block)
{
    struct buffer out;
    printf("seed %llu, case %u: %s\n", (unsigned long long)run->seed, t->case_index, t->what);
    buffer_init(&out);
    char kind[sizeof t->kind];
    memcpy(kind, t->kind, sizeof kind);
    shrink(run->folder, t->kb, &t->put, block, shows_twins, kind, &out);
    fwrite(out.at, 1, out.size, stdout);
    fflush(stdout);
    buffer_deinit(&out);
}

/* A shape and how many cases: small blocks, such that span many tiles, and crowds. */
static uint32_t some_shape(struct random *r, enum random_shape *shape)
{
    uint32_t drawn = random_below(r, 40);
    *shape = drawn == 0 ? SHAPE_CROWD : drawn < 8 ? SHAPE_SINGLE : SHAPE_PAIRS;
    if (*shape == SHAPE_CROWD)
        return random_between(r, 1, 4);
    return random_chance(r, 0.1) ? random_between(r, 60, 200) : random_between(r, 1, 16);
}

static bool run_block(const struct run *run, struct twins *t, struct random *r,
                      struct problems *problems)
{
    struct arena arena;
    struct cases *block = cases_new(t->kb, &t->put);
    enum random_shape shape;
    uint32_t count = some_shape(r, &shape);
    arena_init(&arena, 0);
    random_cases(r, block, &arena, shape, count);
    bool same = twins_compare(t, block, 0, problems);
    run->totals->pairs += count;
    if (!same)
        report_difference(run, t, block);
    cases_free(block);
    arena_deinit(&arena);
    return same;
}

static bool run_put(const struct run *run, const struct kb *kb, struct random *r,
                    struct problems *problems)
{
    bool *questions = calloc(kb->question_count + 1, sizeof *questions);
    struct put put;
    random_put(r, kb, questions, &put);
    struct twins *t = twins_new(kb, &put, problems);
    bool same = t != NULL;
    for (int b = 0; b < BLOCKS && same; b++)
        same = run_block(run, t, r, problems);
    if (t) {
        if (t->inexact > 0 && run->totals->inexact == 0)
            memcpy(run->totals->inexact_what, t->inexact_what, sizeof t->inexact_what);
        run->totals->numbers += t->numbers;
        run->totals->inexact += t->inexact;
    }
    twins_free(t);
    free(questions);
    return same;
}

static bool run_pack(const char *folder, uint64_t seed, struct totals *totals)
{
    struct run run = {folder, seed, totals};
    struct problems *problems = problems_new();
    struct random r;
    random_seed(&r, seed);
    bool wrote = random_pack_write(&r, folder);
    struct kb *kb = wrote ? pack_load_folder(folder, problems) : NULL;
    bool same = kb != NULL;
    for (int i = 0; i < PUTS && same; i++)
        same = run_put(&run, kb, &r, problems);
    if (problems_has_error(problems)) {
        printf("seed %llu\n", (unsigned long long)seed);
        print_problems(problems);
        same = false;
    }
    totals->packs++;
    totals->failed += !same;
    if (kb)
        kb_free(kb);
    problems_free(problems);
    return same;
}

#ifdef ENTENTE_SEEDED_BUGS
extern int infer_seeded_bug;
static int *const seeded_bug = &infer_seeded_bug;
#else
static int *const seeded_bug = NULL;
#endif

static bool whole_number(const char *c, uint64_t *out)
{
    double x;
    if (number_parse(text_from_c(c), &x) != NUMBER_OK || x < 0 || x > 1e9)
        return false;
    *out = (uint64_t)x;
    return true;
}

/* oracle FIRST COUNT [BUG]: compares COUNT packs from the seed FIRST on; with BUG, its number in
 * infer/bugs.def, the engine makes that mistake and the first difference ends the run. Exits with 1
 * where engine and oracle differ. */
int main(int argc, char **argv)
{
    struct totals totals = {0};
    uint64_t first = 1, packs = 1, bug = 0;
    char folder[] = "/tmp/oracle-XXXXXX";
    if ((argc > 1 && !whole_number(argv[1], &first)) || (argc > 2 && !whole_number(argv[2], &packs)) ||
        (argc > 3 && (!whole_number(argv[3], &bug) || !seeded_bug)) || !mkdtemp(folder)) {
        fprintf(stderr, "usage: oracle FIRST COUNT [BUG]\n");
        return 2;
    }
    if (seeded_bug)
        *seeded_bug = (int)bug;
    for (uint64_t seed = first; seed < first + packs && !(bug && totals.failed); seed++)
        run_pack(folder, seed, &totals);
    static const char *const files[] = {"pack", "questions", "rules", "remedies"};
    for (size_t k = 0; k < 4; k++) {
        char path[64];
        snprintf(path, sizeof path, "%s/%s.yaml", folder, files[k]);
        unlink(path);
    }
    rmdir(folder);
    if (totals.inexact)
        printf("inexact: %s\n", totals.inexact_what);
    printf("%lu packs %lu pairs %lu numbers %lu inexact %lu bad\n", totals.packs, totals.pairs,
           totals.numbers, totals.inexact, totals.failed);
    return totals.failed > 0;
}
