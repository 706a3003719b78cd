/* In: a fuzz target, inputs to begin with. Out: inputs that break it, each in a file. Next: `run`
 * counts. The target runs in a child, whose input is in memory shared with the parent: however the
 * child ends, the parent knows on what. The same -seed and -runs give the same inputs (in variant
 * fuzz also what was seen of them decides; it is the same from run to run). */
#include "driver.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    FAILURES = 8,
    ENDED_HANG = 77,
    ENDED_LEAK = 78,
    TICKS = 20 /* a second of processor time */
};

/* What the children and their parent share. */
struct shared {
    struct corpus corpus;
    uint8_t seen[COVERAGE_SIZE];
    uint64_t random, runs;
    size_t begun; /* inputs of the corpus that were run as they are */
    size_t branches;
    bool ended;
    size_t size; /* of the input at hand */
    uint8_t input[1 << 20];
};

struct options {
    uint64_t runs, seconds, seed;
    size_t longest;
    unsigned timeout;
    const char *prefix;
    bool replay; /* files only: each is run once */
};

static struct shared *shared;
static struct options options = {
    .runs = UINT64_MAX, .seconds = 0, .seed = 1, .longest = 4096, .timeout = 1, .prefix = ""};
static const char *program;
static uint64_t deadline; /* milliseconds; 0: none */

/* --- what the sanitizers know, where they are there ------------------------------------------- */

int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void *, size_t),
                                              void (*)(const volatile void *))
    __attribute__((weak));
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static volatile long blocks;

static void on_malloc(const volatile void *p, size_t size)
{
    (void)p;
    (void)size;
    __atomic_fetch_add(&blocks, 1, __ATOMIC_RELAXED);
}

static void on_free(const volatile void *p)
{
    __atomic_fetch_sub(&blocks, p != NULL, __ATOMIC_RELAXED);
}

/* --- one child -------------------------------------------------------------------------------- */

static volatile sig_atomic_t ticks;

/* Not the clock on the wall: others may use the machine. */
static void on_tick(int sig)
{
    (void)sig;
    if (++ticks > (sig_atomic_t)(TICKS * options.timeout))
        _exit(ENDED_HANG);
}

static void start_ticking(void)
{
    struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    struct itimerval every = {{0, 1000000 / TICKS}, {0, 1000000 / TICKS}};
    sigaction(SIGPROF, &action, NULL);
    setitimer(ITIMER_PROF, &every, NULL);
}

/* Runs the input at hand. A check for leaks takes long, so only where blocks are left; the first
 * runs leave what the target keeps. */
static size_t run_input(void)
{
    uint8_t *exact = malloc(shared->size ? shared->size : 1); /* the sanitizer guards its end */
    if (!exact)
        abort();
    memcpy(exact, shared->input, shared->size);
    long before = blocks;
    ticks = 0;
    coverage_start();
    LLVMFuzzerTestOneInput(exact, shared->size);
    size_t fresh = coverage_new(shared->seen);
    ticks = 0;
    bool grew = blocks != before;
    free(exact);
    static unsigned checks;
    if (grew && checks < 200 && __lsan_do_recoverable_leak_check) {
        checks++;
        if (__lsan_do_recoverable_leak_check() != 0)
            _exit(ENDED_LEAK);
    }
    return fresh;
}

static bool add_input(struct text t)
{
    struct corpus *c = &shared->corpus;
    if (c->count == sizeof c->inputs / sizeof c->inputs[0] || c->used + t.size > sizeof c->bytes)
        return false;
    memcpy(c->bytes + c->used, t.at, t.size);
    c->inputs[c->count].at = c->used;
    c->inputs[c->count++].size = t.size;
    c->used += t.size;
    return true;
}

static void take_input(struct text t)
{
    shared->size = t.size < sizeof shared->input ? t.size : sizeof shared->input;
    memcpy(shared->input, t.at, shared->size);
}

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void child(size_t seeds)
{
    if (__sanitizer_install_malloc_and_free_hooks)
        __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
    start_ticking();
    while (shared->begun < seeds) {
        take_input(corpus_at(&shared->corpus, shared->begun++));
        shared->branches += run_input();
    }
    while (shared->runs < options.runs && (!deadline || now() < deadline)) {
        shared->runs++;
        shared->size = mutate(&shared->corpus, &shared->random, shared->input, options.longest);
        size_t fresh = run_input();
        shared->branches += fresh;
        if (fresh)
            add_input((struct text){(const char *)shared->input, shared->size});
    }
    struct itimerval never = {{0, 0}, {0, 0}};
    setitimer(ITIMER_PROF, &never, NULL);
    shared->ended = true;
    exit(0); /* and the last check for leaks */
}

/* --- the parent ------------------------------------------------------------------------------- */

/* How the child ended. One that stands still without using the processor is ended after a while. */
static int wait_for(pid_t pid)
{
    const unsigned longest = 20u * options.timeout; /* seconds */
    uint64_t runs = UINT64_MAX, since = now();
    int status = 0;
    for (;;) {
        pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == pid)
            return status;
        if (shared->runs + shared->begun != runs) {
            runs = shared->runs + shared->begun;
            since = now();
        } else if (now() - since > 1000u * longest) {
            kill(pid, SIGKILL);
        }
        nanosleep(&(struct timespec){0, 20000000}, NULL);
    }
}

static const char *how(int status)
{
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGKILL ? "stood still" : strsignal(WTERMSIG(status));
    switch (WEXITSTATUS(status)) {
    case ENDED_HANG: return "took too long";
    case ENDED_LEAK: return "left memory behind";
    default: return "ended";
    }
}

/* Keeps the input, unless it came from a file of its own. */
static void report(int status)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < shared->size; i++)
        hash = (hash ^ shared->input[i]) * UINT64_C(1099511628211);
    char path[4096];
    snprintf(path, sizeof path, "%s%016llx", options.prefix, (unsigned long long)hash);
    FILE *f = options.replay ? NULL : fopen(path, "wb");
    if (f) {
        fwrite(shared->input, 1, shared->size, f);
        fclose(f);
    }
    printf("%s: %s, exit code %d (seed %llu, run %llu)%s%s\n", program, how(status),
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
           (unsigned long long)options.seed, (unsigned long long)shared->runs,
           f ? "; see it again with " : "", f ? path : "");
    fflush(stdout);
}

static unsigned run_children(void)
{
    unsigned failures = 0;
    size_t seeds = shared->corpus.count;
    while (!shared->ended && failures < FAILURES) {
        fflush(NULL);
        pid_t pid = fork();
        if (pid < 0) {
            perror("fork");
            exit(2);
        }
        if (pid == 0)
            child(seeds);
        int status = wait_for(pid);
        if (status != 0) {
            report(status);
            failures++;
        }
    }
    return failures;
}

/* --- inputs to begin with --------------------------------------------------------------------- */

static void read_input(const char *path)
{
    static char bytes[1 << 20];
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(2);
    }
    size_t size = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    if (!add_input((struct text){bytes, size}))
        exit(2);
}

static int is_file(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* True for a folder, whose files are read. */
static bool read_inputs(const char *path)
{
    struct dirent **list;
    int count = scandir(path, &list, is_file, by_bytes);
    if (count < 0) {
        read_input(path);
        return false;
    }
    for (int i = 0; i < count; i++) {
        char file[4096];
        snprintf(file, sizeof file, "%s/%s", path, list[i]->d_name);
        read_input(file);
        free(list[i]);
    }
    free(list);
    return true;
}

static bool option(const char *argument, const char *name, uint64_t *out)
{
    double x;
    size_t size = strlen(name);
    if (strncmp(argument, name, size) != 0)
        return false;
    if (number_parse(text_from_c(argument + size), &x) != NUMBER_OK || x < 0) {
        fprintf(stderr, "%s: not a number: %s\n", program, argument);
        exit(2);
    }
    *out = (uint64_t)x;
    return true;
}

static void take_option(const char *argument)
{
    uint64_t n = 0;
    if (option(argument, "-runs=", &n))
        options.runs = n;
    else if (option(argument, "-max_total_time=", &n))
        options.seconds = n;
    else if (option(argument, "-seed=", &n))
        options.seed = n;
    else if (option(argument, "-max_len=", &n))
        options.longest = n < sizeof shared->input ? (size_t)n : sizeof shared->input;
    else if (option(argument, "-timeout=", &n))
        options.timeout = (unsigned)n;
    else if (strncmp(argument, "-artifact_prefix=", 17) == 0)
        options.prefix = argument + 17;
    else {
        fprintf(stderr, "%s: no such option: %s\n", program, argument);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    bool has_folder = false;
    program = argv[0];
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (shared == MAP_FAILED) {
        perror("mmap");
        return 2;
    }
    for (int i = 1; i < argc; i++)
        if (argv[i][0] == '-')
            take_option(argv[i]);
        else
            has_folder |= read_inputs(argv[i]);
    options.replay = !has_folder && shared->corpus.count > 0;
    if (!has_folder)
        options.runs = 0;
    if (shared->corpus.count == 0)
        add_input(FUZZ_NOTHING);
    shared->random = options.seed * UINT64_C(0x9E3779B97F4A7C15) | 1;
    deadline = options.seconds ? now() + options.seconds * 1000 : 0;
    size_t seeds = shared->corpus.count;
    unsigned failures = run_children();
    printf("%s: seed %llu, %zu inputs to begin with, %llu made of them, %zu steps new, %u failed\n",
           program, (unsigned long long)options.seed, seeds, (unsigned long long)shared->runs,
           shared->branches, failures);
    return failures ? 1 : 0;
}
