/* In: quick, long, or one seed. Out: how many pairs of a pack and a case the engine and the oracle
 * agree on, how many completions stay within their bounds; the last line is "N passed, N failed".
 * The one idea: seeds are dealt out to processes, one for each core.
 *
 *     oracle quick          20,000 pairs, 20,000 completions
 *     oracle long           1,000,000 pairs, 1,000,000 completions
 *     oracle seed N [M]     the pack of seed N (up to M) alone
 *     oracle bugs           each seeded bug must be found; needs a build with ENTENTE_SEEDED_BUGS
 */
#include "oracle/workload.h"

#include "base/base.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_JOBS = 64, MOST_FAILURES = 3, BUG_PACKS = 300 };

/* --- a folder for packs ----------------------------------------------------------------------- */

static void make_folder(char path[4096])
{
    const char *root = getenv("TMPDIR");
    snprintf(path, 4096, "%s/entente-oracle-XXXXXX", root ? root : "/tmp");
    if (!mkdtemp(path)) {
        fprintf(stderr, "%s cannot be made\n", path);
        exit(4);
    }
}

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)s;
    (void)type;
    (void)walk;
    return remove(path);
}

static void remove_folder(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* --- many packs ------------------------------------------------------------------------------- */

static void print_totals(const struct totals *t)
{
    printf("%llu packs, %llu pairs of a pack and a case, %llu numbers, equal to the last bit\n",
           (unsigned long long)t->packs, (unsigned long long)t->pairs,
           (unsigned long long)t->numbers);
    printf("%llu completions within their bounds\n", (unsigned long long)t->completions);
    printf("%llu interviews, which asked %llu of %llu, end as the whole questionnaire does\n",
           (unsigned long long)t->interviews, (unsigned long long)t->asked,
           (unsigned long long)t->asked_of);
}

static int print_result(uint64_t passed, uint64_t failed)
{
    printf("%llu passed, %llu failed\n", (unsigned long long)passed, (unsigned long long)failed);
    return failed > 0 || passed == 0;
}

/* Seeds first, first + step, ... until there are so many pairs. */
static void run_seeds(uint64_t first, uint64_t step, uint64_t pairs, struct totals *totals)
{
    char folder[4096];
    make_folder(folder);
    struct workload w = {.folder = folder};
    for (uint64_t seed = first; totals->pairs < pairs && totals->failed < MOST_FAILURES;
         seed += step)
        workload_pack(&w, seed, totals);
    remove_folder(folder);
}

/* A process that writes its totals into a pipe; returns the end to read. */
static int start_job(uint64_t first, uint64_t step, uint64_t pairs)
{
    int ends[2];
    fflush(stdout);
    if (pipe(ends) != 0)
        abort();
    pid_t pid = fork();
    if (pid < 0)
        abort();
    if (pid > 0) {
        close(ends[1]);
        return ends[0];
    }
    close(ends[0]);
    struct totals totals = {.packs = 0};
    run_seeds(first, step, pairs, &totals);
    fflush(stdout);
    bool written = write(ends[1], &totals, sizeof totals) == (ssize_t)sizeof totals;
    exit(written ? 0 : 1);
}

static int run_many(uint64_t pairs)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t jobs = cores < 1 ? 1 : cores > MOST_JOBS ? MOST_JOBS : (uint64_t)cores;
    int pipes[MOST_JOBS];
    struct totals all = {.packs = 0};
    for (uint64_t i = 0; i < jobs; i++)
        pipes[i] = start_job(1 + i, jobs, (pairs + jobs - 1) / jobs);
    for (uint64_t i = 0; i < jobs; i++) {
        struct totals one;
        int status = 1;
        bool whole = read(pipes[i], &one, sizeof one) == (ssize_t)sizeof one;
        close(pipes[i]);
        wait(&status);
        if (!whole)
            printf("a process ended early\n");
        if (whole)
            totals_add(&all, &one);
        all.failed += !whole || status != 0;
    }
    print_totals(&all);
    return print_result(all.packs > all.failed ? all.packs - all.failed : 0, all.failed);
}

static int run_some(uint64_t from, uint64_t to)
{
    char folder[4096];
    make_folder(folder);
    struct workload w = {.folder = folder};
    struct totals totals = {.packs = 0};
    for (uint64_t seed = from; seed <= to; seed++)
        workload_pack(&w, seed, &totals);
    remove_folder(folder);
    print_totals(&totals);
    return print_result(totals.packs - totals.failed, totals.failed);
}

/* --- it bites --------------------------------------------------------------------------------- */

#ifdef ENTENTE_SEEDED_BUGS
extern int infer_seeded_bug;

static const struct {
    const char *name, *what;
} BUGS[] = {
#define BUG(name, what) {#name, what},
#include "infer/bugs.def"
#undef BUG
};

/* Bugs count from 1, in the order of the list; 0 is none. */
static struct totals find_bug(const struct workload *w, int bug)
{
    struct totals totals = {.packs = 0};
    infer_seeded_bug = bug;
    for (uint64_t seed = 1; seed <= BUG_PACKS && totals.failed == 0; seed++)
        workload_pack(w, seed, &totals);
    infer_seeded_bug = 0;
    return totals;
}

static int run_bugs(void)
{
    char folder[4096];
    int count = (int)(sizeof BUGS / sizeof *BUGS), found = 0;
    make_folder(folder);
    struct workload w = {.folder = folder, .quiet = true, .only_twins = true};
    uint64_t sound = find_bug(&w, 0).failed;
    if (sound > 0)
        printf("something is found without a bug too\n");
    for (int i = 0; i < count; i++) {
        struct totals totals = find_bug(&w, i + 1);
        found += totals.failed > 0;
        printf("%-24s %s after %llu pairs: %s\n", BUGS[i].name,
               totals.failed ? "found" : "NOT FOUND", (unsigned long long)totals.pairs,
               BUGS[i].what);
    }
    remove_folder(folder);
    return print_result((uint64_t)found, (uint64_t)(count - found) + sound);
}
#else
static int run_bugs(void)
{
    fprintf(stderr, "this build has no seeded bugs\n");
    return 2;
}
#endif

static bool read_seed(const char *text, uint64_t *seed)
{
    double x;
    if (number_parse(text_from_c(text), &x) != NUMBER_OK || x < 0)
        return false;
    *seed = (uint64_t)x;
    return true;
}

int main(int argc, char **argv)
{
    uint64_t from, to;
    const char *what = argc > 1 ? argv[1] : "quick";
    if (strcmp(what, "quick") == 0)
        return run_many(20000);
    if (strcmp(what, "long") == 0)
        return run_many(1000000);
    if (strcmp(what, "bugs") == 0)
        return run_bugs();
    if (strcmp(what, "seed") == 0 && argc > 2 && read_seed(argv[2], &from) &&
        read_seed(argv[argc > 3 ? 3 : 2], &to))
        return run_some(from, to);
    fprintf(stderr, "usage: oracle [quick | long | bugs | seed N [M]]\n");
    return 2;
}
