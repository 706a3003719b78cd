/* outfile_fault_test: whole or not at all where the system fails (faults 80, 86, 88, 90). The
 * system calls below stand in front of the C library's for the engine linked into this binary, so
 * each can be made to fail. */
#include "unit/outfile_world.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum call { WRITE, FSYNC, CLOSE, RENAME, RENAME2, LINK, OPEN, FLOCK, RANDOM, CALLS };

static struct {
    int nth, error; /* the nth call fails with error; nth 0: none */
    int count;
} plan[CALLS];
static bool interrupting;   /* every second call gives EINTR, every write one byte */
static bool random_is_zero; /* getrandom gives zeros once, then ones */

static void plan_nothing(void)
{
    memset(plan, 0, sizeof plan);
    interrupting = random_is_zero = false;
}

static void plan_fault(enum call call, int nth, int error)
{
    plan[call].nth = nth;
    plan[call].error = error;
    plan[call].count = 0;
}

static bool is_planned(enum call call)
{
    int n = ++plan[call].count;
    if (n == plan[call].nth) {
        errno = plan[call].error;
        return true;
    }
    if (interrupting && n % 2) {
        errno = EINTR;
        return true;
    }
    return false;
}

ssize_t write(int file, const void *at, size_t size)
{
    if (is_planned(WRITE))
        return -1;
    return syscall(SYS_write, file, at, interrupting && size ? (size_t)1 : size);
}

int fsync(int file)
{
    return is_planned(FSYNC) ? -1 : (int)syscall(SYS_fsync, file);
}

/* Closes in any case, as Linux does when it reports an error. */
int close(int file)
{
    bool fails = is_planned(CLOSE);
    int error = errno;
    int result = (int)syscall(SYS_close, file);
    if (!fails)
        return result;
    errno = error;
    return -1;
}

int renameat(int from, const char *old, int to, const char *new)
{
    return is_planned(RENAME) ? -1 : (int)syscall(SYS_renameat2, from, old, to, new, 0);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    return is_planned(RENAME2) ? -1 : (int)syscall(SYS_renameat2, from, old, to, new, flags);
}

int linkat(int from, const char *old, int to, const char *new, int flags)
{
    return is_planned(LINK) ? -1 : (int)syscall(SYS_linkat, from, old, to, new, flags);
}

int openat(int directory, const char *name, int flags, ...)
{
    return is_planned(OPEN) ? -1 : (int)syscall(SYS_openat, directory, name, flags, 0600);
}

int flock(int file, int operation)
{
    return is_planned(FLOCK) ? -1 : (int)syscall(SYS_flock, file, operation);
}

ssize_t getrandom(void *at, size_t size, unsigned flags)
{
    if (is_planned(RANDOM))
        return -1;
    if (!random_is_zero)
        return syscall(SYS_getrandom, at, size, flags);
    memset(at, plan[RANDOM].count > 1 ? 0xFF : 0, size);
    return (ssize_t)size;
}

static int begin_planless(void **state)
{
    plan_nothing();
    return begin(state);
}

static int end_planless(void **state)
{
    plan_nothing();
    return end(state);
}

static void test_a_full_device(void **state)
{
    (void)state;
    struct outfile *f = outfile_new("/dev/full", false, ps);
    assert_non_null(f);
    assert_false(outfile_write(f, TEXT("x"), ps));
    assert_false(outfile_write(f, TEXT("x"), ps)); /* says it once */
    assert_false(outfile_commit(f, ps));
    one_problem(PROBLEM_CANNOT_WRITE, "'/dev/full' cannot be written: No space left on device");
}

static void test_a_failed_write_frees_the_disk_at_once(void **state)
{
    (void)state;
    put("out", "old");
    struct outfile *f = outfile_new("out", true, ps);
    assert_true(outfile_write(f, TEXT("x"), ps));
    plan_fault(WRITE, 1, ENOSPC);
    assert_false(outfile_write(f, TEXT("y"), ps));
    assert_int_equal(1, entries());
    assert_false(outfile_commit(f, ps));
    one_problem(PROBLEM_CANNOT_WRITE, "'out' cannot be written: No space left on device");
    holds("out", "old");
}

static void test_file_size_limit(void **state)
{
    (void)state;
    struct rlimit old, small;
    assert_int_equal(0, getrlimit(RLIMIT_FSIZE, &old));
    small = (struct rlimit){1000, old.rlim_max};
    char bytes[3000];
    memset(bytes, 'x', sizeof bytes);
    struct outfile *f = outfile_new("out", false, ps);
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &small));
    bool written = outfile_write(f, (struct text){bytes, sizeof bytes}, ps);
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &old));
    assert_false(written);
    assert_false(outfile_commit(f, ps));
    one_problem(PROBLEM_CANNOT_WRITE, "'out' cannot be written: File too large");
    assert_int_equal(0, entries());
}

static void test_descriptor_limit(void **state)
{
    (void)state;
    if (getenv("VALGRIND"))
        return; /* it refuses a descriptor after the file was made, which Linux does not */
    struct rlimit old, small;
    assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &old));
    for (rlim_t n = 3; n < 9; n++) {
        small = (struct rlimit){n, old.rlim_max};
        assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &small));
        struct outfile *f = outfile_new("out", false, ps);
        assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &old));
        if (f)
            outfile_free(f);
        else
            one_problem(PROBLEM_CANNOT_WRITE, NULL);
        assert_int_equal(0, entries());
    }
}

/* Every step of the commit fails in turn: it is said, and nothing is there. */
static void test_every_step_that_fails(void **state)
{
    (void)state;
    static const struct {
        enum call call;
        int nth;
        bool force;
    } steps[] = {{FSYNC, 1, false},   {FSYNC, 1, true},  {CLOSE, 1, false}, {CLOSE, 1, true},
                 {RENAME2, 1, false}, {RENAME, 1, true}, {OPEN, 1, false},  {OPEN, 2, false},
                 {OPEN, 3, false},    {RANDOM, 1, false}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        plan_nothing();
        plan_fault(steps[i].call, steps[i].nth, EIO);
        bool done = write_whole("out", steps[i].force);
        plan_nothing();
        assert_false(done);
        assert_int_equal(1, problems_count(ps, SEVERITY_NOTE));
        if (!strstr(problems_at(ps, 0)->message, "Input/output error"))
            fail_msg("step %zu: %s", i, problems_at(ps, 0)->message);
        one_problem(PROBLEM_CANNOT_WRITE, NULL);
        assert_int_equal(0, entries());
    }
}

static void test_failed_replacement_keeps_the_old(void **state)
{
    (void)state;
    put("out", "old");
    static const enum call calls[] = {FSYNC, CLOSE, RENAME};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        plan_fault(calls[i], 1, EIO);
        assert_false(write_whole("out", true));
        plan_nothing();
        one_problem(PROBLEM_CANNOT_WRITE, "'out' cannot be written: Input/output error");
        holds("out", "old");
        assert_int_equal(1, entries());
    }
}

static void test_folder_sync_fails(void **state)
{
    (void)state;
    plan_fault(FSYNC, 2, EIO);
    assert_false(write_whole("out", false));
    one_problem(PROBLEM_CANNOT_WRITE, "'out' cannot be written: it is there, but may not outlast a "
                                      "power failure: Input/output error");
    holds("out", "some bytes\n");
    assert_int_equal(1, entries());
}

static void test_file_systems_that_can_less(void **state)
{
    (void)state;
    plan_fault(FSYNC, 1, EINVAL);
    assert_true(write_whole("nosync", false));
    plan_fault(FLOCK, 1, ENOLCK);
    assert_true(write_whole("nolock", false));
    plan_fault(RENAME2, 1, EINVAL);
    assert_true(write_whole("norename2", false));
    plan_fault(RENAME2, 1, ENOSYS);
    plan_fault(LINK, 1, EPERM);
    assert_false(write_whole("nolink", false)); /* rather than a race that could replace */
    one_problem(PROBLEM_CANNOT_WRITE, "'nolink' cannot be written: Operation not permitted");
    assert_int_equal(3, entries());
}

/* What appears after it was looked at is not replaced. */
static void test_a_target_that_appears_in_between(void **state)
{
    (void)state;
    static const int errors[] = {0, ENOSYS};
    for (size_t i = 0; i < 2; i++) {
        struct outfile *f = outfile_new("out", false, ps);
        assert_true(outfile_write(f, TEXT("ours"), ps));
        put("out", "theirs");
        plan_fault(RENAME2, errors[i] ? 1 : 0, errors[i]);
        assert_false(outfile_commit(f, ps));
        one_problem(PROBLEM_OUTPUT_EXISTS, "'out' exists already");
        holds("out", "theirs");
        assert_int_equal(1, entries());
        assert_int_equal(0, unlink("out"));
    }
}

static void test_planted_names(void **state)
{
    (void)state;
    put("theirs", "old");
    assert_int_equal(0, symlink("theirs", ".out.0000000000000000.part"));
    random_is_zero = true;
    assert_true(write_whole("out", false));
    no_problem();
    assert_int_equal(2, plan[RANDOM].count);
    holds("theirs", "old");
    assert_int_equal(0, symlink("theirs", ".two.lock"));
    refuses("two", false, PROBLEM_CANNOT_WRITE, NULL);
    holds("theirs", "old");
    assert_int_equal(0, mkfifo(".three.lock", 0600));
    assert_true(write_whole("three", false)); /* no hang */
}

static void test_interrupted_everywhere(void **state)
{
    (void)state;
    interrupting = true;
    bool done = write_whole("new", false) && write_whole("new", true);
    interrupting = false;
    no_problem();
    assert_true(done);
    holds("new", "some bytes\n");
    assert_int_equal(1, entries());
}

static void write_once(void *ctx)
{
    (void)ctx;
    struct problems *list = problems_new();
    struct outfile *f = outfile_new("out", true, list);
    assert_true(f || test_failed_allocations() > 0);
    assert_true(f || problems_exit(list) == EXIT_LIMIT);
    if (f)
        assert_true(outfile_write(f, TEXT("x"), list) && outfile_commit(f, list));
    assert_null(outfile_new("missing/out", false, list));
    assert_true(problems_has_error(list));
    problems_free(list);
}

static void test_without_memory(void **state)
{
    (void)state;
    test_each_allocation(write_once, NULL);
    assert_int_equal(1, entries());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_planless, end_planless)

TEST_MAIN(12, TEST(test_a_full_device), TEST(test_a_failed_write_frees_the_disk_at_once),
          TEST(test_file_size_limit), TEST(test_descriptor_limit), TEST(test_every_step_that_fails),
          TEST(test_failed_replacement_keeps_the_old), TEST(test_folder_sync_fails),
          TEST(test_file_systems_that_can_less), TEST(test_a_target_that_appears_in_between),
          TEST(test_planted_names), TEST(test_interrupted_everywhere), TEST(test_without_memory))
