/* outfile_test: whole or not at all (faults 78, 79, 81, 83, 84, 86, 87, 89): which files appear,
 * what is refused, other runs beside this one, standard output. Where the system fails:
 * outfile_fault_test. */
#include "unit/outfile_world.h"

#include <sys/stat.h>
#include <sys/wait.h>

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
    close(reader);
    assert_int_equal(1, entries());
    no_problem();
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
    assert_int_equal(1, entries()); /* nor is the dead run's part there any more */
    no_problem();
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

/* With 0, 1 and 2 closed, none of them becomes the output. */
static void test_low_descriptors_stay_free(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 3; i++)
            close(i);
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
    close(file);
    file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(0, with_stdout(file, refuse_standard));
    close(file);
    file = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_int_equal(0, with_stdout(file, fail_standard));
    close(file);
    int ends[2];
    assert_int_equal(0, pipe2(ends, O_CLOEXEC));
    close(ends[0]);
    assert_int_equal(0, with_stdout(ends[1], lose_reader));
    close(ends[1]);
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
        close(ends[1]);
        char bytes[4096];
        size_t total = 0;
        for (ssize_t n; (n = read(ends[0], bytes, sizeof bytes)) > 0; usleep(100))
            total += (size_t)n;
        _exit(total == MUCH ? 0 : 1);
    }
    close(ends[0]);
    assert_int_equal(0, with_stdout(ends[1], write_much));
    close(ends[1]);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

TEST_MAIN(21, TEST(test_it_appears_whole), TEST(test_without_commit_nothing_appears),
          TEST(test_an_empty_output), TEST(test_existing_output), TEST(test_links_are_not_followed),
          TEST(test_places_where_nothing_can_be), TEST(test_read_only_folder),
          TEST(test_folder_that_cannot_be_read), TEST(test_long_names),
          TEST(test_devices_and_pipes_are_written_directly),
          TEST(test_a_link_that_appears_in_between), TEST(test_the_folder_moves),
          TEST(test_two_runs), TEST(test_a_run_that_was_killed), TEST(test_mode),
          TEST(test_low_descriptors_stay_free), TEST(test_standard_output),
          TEST(test_non_blocking_standard_output), TEST(test_a_signal_removes_what_is_open),
          TEST(test_a_child_leaves_its_parents_files), TEST(test_more_than_the_table_holds))
