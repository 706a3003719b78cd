/* outfile: whole or not at all (faults 78 to 81, 83, 84, 86 to 90). The system calls below stand
 * in front of the C library's for the engine linked into this binary, so each can be made to fail.
 */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

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

static char *folder;
static struct problems *ps;

static int begin(void **state)
{
    (void)state;
    plan_nothing();
    folder = test_folder_new();
    ps = problems_new();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    return ps == NULL || chdir(folder) != 0;
}

static int end(void **state)
{
    (void)state;
    plan_nothing();
    problems_free(ps);
    int left = chdir("/");
    test_folder_free(folder);
    return left;
}

static unsigned entries(void)
{
    unsigned n = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(d);
    return n;
}

static void holds(const char *name, const char *expected)
{
    char bytes[256];
    int file = open(name, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    ssize_t n = read(file, bytes, sizeof bytes);
    syscall(SYS_close, file);
    assert_true(n >= 0);
    assert_text(expected, ((struct text){bytes, (size_t)n}));
}

static void put(const char *name, const char *bytes)
{
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(file >= 0);
    assert_int_equal(strlen(bytes), syscall(SYS_write, file, bytes, strlen(bytes)));
    syscall(SYS_close, file);
}

static void no_problem(void)
{
    if (problems_count(ps, SEVERITY_NOTE))
        fail_msg("%s", problems_at(ps, 0)->message);
}

/* Exactly one problem, with that code and message; then the list is emptied. */
static void one_problem(enum problem_code code, const char *message)
{
    assert_int_equal(1, problems_count(ps, SEVERITY_NOTE));
    assert_int_equal(code, problems_at(ps, 0)->code);
    if (message)
        assert_string_equal(message, problems_at(ps, 0)->message);
    problems_free(ps);
    ps = problems_new();
}

static bool write_whole(const char *path, bool force)
{
    struct outfile *f = outfile_new(path, force, ps);
    if (f == NULL)
        return false;
    bool written = outfile_write(f, TEXT("some "), ps) && outfile_write(f, TEXT("bytes\n"), ps);
    return outfile_commit(f, ps) && written;
}

static void refuses(const char *path, bool force, enum problem_code code, const char *message)
{
    unsigned before = entries();
    assert_null(outfile_new(path, force, ps));
    one_problem(code, message);
    assert_int_equal(before, entries());
}

static void test_it_appears_whole(void **state)
{
    (void)state;
    struct outfile *f = outfile_new("out.csv", false, ps);
    assert_non_null(f);
    assert_true(outfile_write(f, TEXT("some "), ps));
    assert_true(outfile_write(f, (struct text){NULL, 0}, ps));
    assert_int_equal(-1, access("out.csv", F_OK));
    assert_true(outfile_write(f, TEXT("bytes\n"), ps));
    assert_false(outfile_is_closed_pipe(f));
    assert_true(outfile_commit(f, ps));
    no_problem();
    holds("out.csv", "some bytes\n");
    assert_int_equal(1, entries());
    outfile_free(NULL);
}

static void test_without_commit_nothing_appears(void **state)
{
    (void)state;
    struct outfile *f = outfile_new("out.csv", false, ps);
    assert_true(outfile_write(f, TEXT("bytes"), ps));
    assert_int_equal(2, entries()); /* the part and the lock */
    outfile_free(f);
    assert_int_equal(0, entries());
    no_problem();
}

static void test_an_empty_output(void **state)
{
    (void)state;
    assert_true(outfile_commit(outfile_new("./empty", false, ps), ps));
    holds("empty", "");
    assert_int_equal(1, entries());
}

static void test_existing_output(void **state)
{
    (void)state;
    put("out.csv", "old");
    refuses("out.csv", false, PROBLEM_OUTPUT_EXISTS, "'out.csv' exists already");
    holds("out.csv", "old");
    assert_true(write_whole("out.csv", true));
    holds("out.csv", "some bytes\n");
    assert_int_equal(1, entries());
    no_problem();
}

static void test_links_are_not_followed(void **state)
{
    (void)state;
    put("real", "old");
    assert_int_equal(0, symlink("real", "link"));
    assert_int_equal(0, symlink("nowhere", "dangling"));
    for (int force = 0; force < 2; force++) {
        refuses("link", force, PROBLEM_OUTPUT_LINK,
                "'link' is a symbolic link, which is not followed");
        refuses("dangling", force, PROBLEM_OUTPUT_LINK, NULL);
    }
    holds("real", "old");
    /* A folder that is a link is the user's own choice. */
    assert_int_equal(0, mkdir("folder", 0700));
    assert_int_equal(0, symlink("folder", "shortcut"));
    assert_true(write_whole("shortcut/out", false));
    holds("folder/out", "some bytes\n");
}

static void test_places_where_nothing_can_be(void **state)
{
    (void)state;
    put("file", "x");
    assert_int_equal(0, mkdir("folder", 0700));
    refuses("missing/out", false, PROBLEM_CANNOT_WRITE,
            "'missing/out' cannot be written: its folder cannot be opened: No such file or "
            "directory");
    refuses("file/out", true, PROBLEM_CANNOT_WRITE,
            "'file/out' cannot be written: its folder cannot be opened: Not a directory");
    refuses("folder", true, PROBLEM_CANNOT_WRITE, "'folder' cannot be written: Is a directory");
    refuses("folder/", true, PROBLEM_CANNOT_WRITE, NULL);
    refuses(".", true, PROBLEM_CANNOT_WRITE, NULL);
    refuses("/", true, PROBLEM_CANNOT_WRITE, NULL);
    refuses("", true, PROBLEM_CANNOT_WRITE, "'' cannot be written: the path is empty");
    refuses("missing\x1b[2J\n/x", true, PROBLEM_CANNOT_WRITE,
            "'missing\\x1B[2J\\x0A/x' cannot be written: its folder cannot be opened: No such file "
            "or directory");
    assert_int_equal(EXIT_IO, (outfile_new("missing/out", false, ps), problems_exit(ps)));
}

static void test_read_only_folder(void **state)
{
    (void)state;
    assert_int_equal(0, chmod(folder, 0555));
    bool is_root = geteuid() == 0;
    if (is_root)
        assert_int_equal(0, seteuid(65534));
    struct outfile *f = outfile_new("out", false, ps);
    if (is_root)
        assert_int_equal(0, seteuid(0));
    assert_null(f);
    one_problem(PROBLEM_CANNOT_WRITE, "'out' cannot be written: Permission denied");
    assert_int_equal(0, chmod(folder, 0700));
}

static void test_folder_that_cannot_be_read(void **state)
{
    (void)state;
    assert_int_equal(0, chmod(folder, 0333));
    bool is_root = geteuid() == 0;
    if (is_root)
        assert_int_equal(0, seteuid(65534));
    bool done = write_whole("out", false);
    if (is_root)
        assert_int_equal(0, seteuid(0));
    assert_int_equal(0, chmod(folder, 0700));
    no_problem();
    assert_true(done);
    holds("out", "some bytes\n");
}

static void test_long_names(void **state)
{
    (void)state;
    char name[257], alike[257];
    memset(name, 'n', sizeof name);
    name[256] = '\0';
    refuses(name, false, PROBLEM_CANNOT_WRITE, NULL);
    name[255] = '\0';
    memcpy(alike, name, sizeof name);
    alike[254] = 'm';
    struct outfile *first = outfile_new(name, false, ps), *second = outfile_new(alike, false, ps);
    assert_non_null(first);
    assert_non_null(second); /* not one lock for both */
    assert_true(outfile_commit(first, ps));
    assert_true(outfile_commit(second, ps));
    for (size_t i = 1; i + 1 < 255; i += 2) /* é from an odd byte on, over every cut */
        memcpy(name + i, "\xC3\xA9", 2);
    assert_true(write_whole(name, false));
    assert_true(
        write_whole("\xC3\xA9\xFF\n\x1b-", false)); /* not UTF-8, line ends, all are names */
    assert_true(write_whole("./-", false));
    no_problem();
    assert_int_equal(5, entries());
}

static void test_devices_and_pipes_are_written_directly(void **state)
{
    (void)state;
    struct stat s;
    assert_true(write_whole("/dev/null", false));
    assert_int_equal(0, stat("/dev/null", &s));
    assert_true(S_ISCHR(s.st_mode));
    no_problem();
    assert_int_equal(0, mkfifo("pipe", 0600));
    int reader = open("pipe", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_true(write_whole("pipe", false));
    char bytes[32];
    assert_int_equal(11, read(reader, bytes, sizeof bytes));
    syscall(SYS_close, reader);
    assert_int_equal(1, entries());
    no_problem();
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

static void test_a_link_that_appears_in_between(void **state)
{
    (void)state;
    put("theirs", "old");
    struct outfile *f = outfile_new("out", true, ps);
    assert_true(outfile_write(f, TEXT("ours"), ps));
    assert_int_equal(0, symlink("theirs", "out"));
    assert_true(outfile_commit(f, ps)); /* the link is replaced, not followed */
    holds("theirs", "old");
    holds("out", "ours");
}

static void test_the_folder_moves(void **state)
{
    (void)state;
    assert_int_equal(0, mkdir("a", 0700));
    struct outfile *f = outfile_new("a/out", false, ps);
    assert_int_equal(0, rename("a", "b"));
    assert_int_equal(0, mkdir("a", 0700));
    assert_true(outfile_write(f, TEXT("x"), ps));
    assert_true(outfile_commit(f, ps));
    holds("b/out", "x");
    assert_int_equal(-1, access("a/out", F_OK));
}

static void test_two_runs(void **state)
{
    (void)state;
    struct outfile *first = outfile_new("out", false, ps);
    assert_int_equal(2, entries());
    assert_null(outfile_new("out", false, ps));
    one_problem(PROBLEM_OUTPUT_BUSY, "another run is writing 'out'");
    assert_int_equal(2, entries());
    assert_true(outfile_commit(first, ps));
    refuses("out", false, PROBLEM_OUTPUT_EXISTS, NULL);
    assert_true(write_whole("out", true));
    assert_int_equal(1, entries());
}

static void test_a_run_that_was_killed(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct outfile *f = outfile_new("out", false, ps);
        outfile_write(f, TEXT("half"), ps);
        kill(getpid(), SIGKILL);
    }
    int status;
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(WIFSIGNALED(status));
    assert_int_equal(-1, access("out", F_OK));
    assert_int_equal(2, entries());
    assert_true(write_whole("out", false)); /* its lock is stale */
    holds("out", "some bytes\n");
    assert_int_equal(2, entries()); /* the dead run's part, unreachable under any final name */
    no_problem();
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

static void test_mode(void **state)
{
    (void)state;
    static const mode_t masks[] = {0, 022, 077};
    put("out", "old"); /* 0644 before */
    for (size_t i = 0; i < 3; i++) {
        struct stat s;
        mode_t old = umask(masks[i]);
        bool done = write_whole("out", true);
        umask(old);
        assert_true(done);
        assert_int_equal(0, stat("out", &s));
        assert_int_equal(0600, s.st_mode & 07777);
    }
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

/* With 0, 1 and 2 closed, none of them becomes the output. */
static void test_low_descriptors_stay_free(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 3; i++)
            syscall(SYS_close, i);
        struct outfile *f = outfile_new("out", false, ps);
        syscall(SYS_write, 1, "print", 5);
        syscall(SYS_write, 2, "print", 5);
        bool free_still = fcntl(0, F_GETFD) < 0 && fcntl(1, F_GETFD) < 0 && fcntl(2, F_GETFD) < 0;
        bool ok = f && free_still && outfile_write(f, TEXT("x"), ps) && outfile_commit(f, ps);
        ok = ok && outfile_new("-", false, ps) == NULL && problems_has(ps, PROBLEM_STDOUT_CLOSED);
        _exit(ok ? 0 : 1);
    }
    int status;
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_int_equal(0, status);
    holds("out", "x");
}

/* Runs body in a child whose standard output is `file`; gives its exit status. */
static int with_stdout(int file, int (*body)(void))
{
    pid_t child = fork();
    if (child == 0) {
        dup2(file, 1);
        _exit(body());
    }
    int status;
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int write_standard(void)
{
    return !(write_whole(NULL, false) && write_whole("-", true) &&
             problems_count(ps, SEVERITY_NOTE) == 0);
}

static int refuse_standard(void)
{
    return !(outfile_new("-", false, ps) == NULL && problems_has(ps, PROBLEM_STDOUT_CLOSED));
}

static int fail_standard(void)
{
    struct outfile *f = outfile_new("-", false, ps);
    bool failed = !outfile_write(f, TEXT("x"), ps) && !outfile_is_closed_pipe(f);
    failed = failed && !outfile_commit(f, ps) && problems_count(ps, SEVERITY_ERROR) == 1;
    return !(failed && strcmp(problems_at(ps, 0)->message,
                              "standard output cannot be written: No space left on device") == 0);
}

static int lose_reader(void)
{
    struct outfile *f = outfile_new("-", false, ps);
    bool quiet = !outfile_write(f, TEXT("x"), ps) && outfile_is_closed_pipe(f) &&
                 !outfile_write(f, TEXT("x"), ps) && !outfile_commit(f, ps);
    return !(quiet && problems_count(ps, SEVERITY_NOTE) == 0);
}

static void test_standard_output(void **state)
{
    (void)state;
    int file = open("redirected", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(0, with_stdout(file, write_standard));
    holds("redirected", "some bytes\nsome bytes\n");
    syscall(SYS_close, file);
    file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(0, with_stdout(file, refuse_standard));
    syscall(SYS_close, file);
    file = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_int_equal(0, with_stdout(file, fail_standard));
    syscall(SYS_close, file);
    int ends[2];
    assert_int_equal(0, pipe2(ends, O_CLOEXEC));
    syscall(SYS_close, ends[0]);
    assert_int_equal(0, with_stdout(ends[1], lose_reader));
    syscall(SYS_close, ends[1]);
    assert_int_equal(1, entries());
}

enum { MUCH = 1 << 20 };
static char much[MUCH];

static int write_much(void)
{
    struct outfile *f = outfile_new("-", false, ps);
    return !(outfile_write(f, (struct text){much, MUCH}, ps) && outfile_commit(f, ps));
}

/* A pipe that another program has made non-blocking, read slowly. */
static void test_non_blocking_standard_output(void **state)
{
    (void)state;
    int ends[2], status;
    assert_int_equal(0, pipe2(ends, O_CLOEXEC | O_NONBLOCK));
    assert_int_equal(0, fcntl(ends[0], F_SETFL, 0));
    pid_t reader = fork();
    if (reader == 0) {
        syscall(SYS_close, ends[1]);
        char bytes[4096];
        size_t total = 0;
        for (ssize_t n; (n = read(ends[0], bytes, sizeof bytes)) > 0; usleep(100))
            total += (size_t)n;
        _exit(total == MUCH ? 0 : 1);
    }
    syscall(SYS_close, ends[0]);
    assert_int_equal(0, with_stdout(ends[1], write_much));
    syscall(SYS_close, ends[1]);
    assert_int_equal(reader, waitpid(reader, &status, 0));
    assert_int_equal(0, status);
}

static void remove_and_end(int signal)
{
    outfile_remove_all();
    _exit(signal);
}

static void test_a_signal_removes_what_is_open(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGTERM, remove_and_end);
        struct outfile *f = outfile_new("one", false, ps), *g = outfile_new("two", false, ps);
        assert_true(outfile_commit(outfile_new("done", false, ps), ps));
        outfile_write(f, TEXT("x"), ps);
        outfile_write(g, TEXT("x"), ps);
        raise(SIGTERM);
        _exit(0);
    }
    int status;
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_int_equal(SIGTERM, WEXITSTATUS(status));
    assert_int_equal(1, entries());
    holds("done", "");
}

static void test_a_child_leaves_its_parents_files(void **state)
{
    (void)state;
    struct outfile *f = outfile_new("out", false, ps);
    pid_t child = fork();
    if (child == 0) {
        outfile_remove_all();
        _exit(0);
    }
    assert_int_equal(child, waitpid(child, NULL, 0));
    assert_true(outfile_write(f, TEXT("x"), ps));
    assert_true(outfile_commit(f, ps));
    holds("out", "x");
    f = outfile_new("other", false, ps);
    outfile_remove_all(); /* and if the process does not end after all: it is said */
    assert_false(outfile_commit(f, ps));
    one_problem(PROBLEM_CANNOT_WRITE, NULL);
    assert_int_equal(1, entries());
}

static void test_more_than_the_table_holds(void **state)
{
    (void)state;
    enum { MANY = 80 };
    struct outfile *files[MANY];
    char name[16];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MANY; i++) {
            snprintf(name, sizeof name, "out%d", i);
            files[i] = outfile_new(name, round, ps);
            assert_non_null(files[i]);
        }
        for (int i = 0; i < MANY; i++)
            assert_true(outfile_commit(files[i], ps));
    }
    assert_int_equal(MANY, entries());
    no_problem();
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

TEST_MAIN(33, TEST(test_it_appears_whole), TEST(test_without_commit_nothing_appears),
          TEST(test_an_empty_output), TEST(test_existing_output), TEST(test_links_are_not_followed),
          TEST(test_places_where_nothing_can_be), TEST(test_read_only_folder),
          TEST(test_folder_that_cannot_be_read), TEST(test_long_names),
          TEST(test_devices_and_pipes_are_written_directly), TEST(test_a_full_device),
          TEST(test_a_failed_write_frees_the_disk_at_once), TEST(test_file_size_limit),
          TEST(test_descriptor_limit), TEST(test_every_step_that_fails),
          TEST(test_failed_replacement_keeps_the_old), TEST(test_folder_sync_fails),
          TEST(test_file_systems_that_can_less), TEST(test_a_target_that_appears_in_between),
          TEST(test_a_link_that_appears_in_between), TEST(test_the_folder_moves),
          TEST(test_two_runs), TEST(test_a_run_that_was_killed), TEST(test_planted_names),
          TEST(test_mode), TEST(test_interrupted_everywhere), TEST(test_low_descriptors_stay_free),
          TEST(test_standard_output), TEST(test_non_blocking_standard_output),
          TEST(test_a_signal_removes_what_is_open), TEST(test_a_child_leaves_its_parents_files),
          TEST(test_more_than_the_table_holds), TEST(test_without_memory))
