/* outfile_world: a fresh folder a test, and what is asked of it. System calls are made bare here:
 * outfile_fault_test.c stands in front of the C library's. */
#ifndef ENTENTE_OUTFILE_WORLD_H
#define ENTENTE_OUTFILE_WORLD_H

#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *folder;
static struct problems *ps;

__attribute__((unused)) static int begin(void **state)
{
    (void)state;
    folder = test_folder_new();
    ps = problems_new();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    return ps == NULL || chdir(folder) != 0;
}

__attribute__((unused)) static int end(void **state)
{
    (void)state;
    problems_free(ps);
    int left = chdir("/");
    test_folder_free(folder);
    return left;
}

__attribute__((unused)) static unsigned entries(void)
{
    unsigned n = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(d);
    return n;
}

__attribute__((unused)) static void holds(const char *name, const char *expected)
{
    char bytes[256];
    int file = open(name, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    ssize_t n = read(file, bytes, sizeof bytes);
    syscall(SYS_close, file);
    assert_true(n >= 0);
    assert_text(expected, ((struct text){bytes, (size_t)n}));
}

__attribute__((unused)) static void put(const char *name, const char *bytes)
{
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(file >= 0);
    assert_int_equal(strlen(bytes), syscall(SYS_write, file, bytes, strlen(bytes)));
    syscall(SYS_close, file);
}

__attribute__((unused)) static void no_problem(void)
{
    if (problems_count(ps, SEVERITY_NOTE))
        fail_msg("%s", problems_at(ps, 0)->message);
}

/* Exactly one problem, with that code and message; then the list is emptied. */
__attribute__((unused)) static void one_problem(enum problem_code code, const char *message)
{
    assert_int_equal(1, problems_count(ps, SEVERITY_NOTE));
    assert_int_equal(code, problems_at(ps, 0)->code);
    if (message)
        assert_string_equal(message, problems_at(ps, 0)->message);
    problems_free(ps);
    ps = problems_new();
}

__attribute__((unused)) static bool write_whole(const char *path, bool force)
{
    struct outfile *f = outfile_new(path, force, ps);
    if (f == NULL)
        return false;
    bool written = outfile_write(f, TEXT("some "), ps) && outfile_write(f, TEXT("bytes\n"), ps);
    return outfile_commit(f, ps) && written;
}

__attribute__((unused)) static void refuses(const char *path, bool force, enum problem_code code,
                                            const char *message)
{
    unsigned before = entries();
    assert_null(outfile_new(path, force, ps));
    one_problem(code, message);
    assert_int_equal(before, entries());
}

#endif
