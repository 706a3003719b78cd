/* io: a shim (LD_PRELOAD) over the calls that read and write files, and the one that makes threads.
 *
 *     FAULT_IO=n           the n-th of these calls fails (1: the first), with the error of
 *     FAULT_ERRNO=NAME     ENOSPC (default) or EIO
 *     FAULT_IO_ONLY=CALL   of this kind only: read, write, fsync, close, rename, open, thread
 *     FAULT_IO=short       every read and write does one byte only
 *     FAULT_IO=eintr       every other read, write, fsync and open is interrupted first
 *     FAULT_REPORT=FILE    at exit one line: calls, failed ones
 *
 * Counts from the start of main on. A close that fails has closed. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum mode { COUNT, SHORT, INTERRUPT };

static enum mode mode;
static bool on;
static unsigned long fail_at, calls, failed;
static int error = ENOSPC;
static const char *only;

#define NEXT(name) ((__typeof__(&name))next(#name))

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

/* Whether this call fails; errno is set. */
static bool fails(const char *kind)
{
    if (!on || (only && strcmp(only, kind) != 0))
        return false;
    unsigned long n = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (mode == INTERRUPT) {
        bool can_be = strcmp(kind, "close") != 0 && strcmp(kind, "rename") != 0;
        errno = EINTR;
        return can_be && n % 2 == 1;
    }
    if (mode == SHORT || n != fail_at)
        return false;
    failed++;
    errno = error;
    return true;
}

ssize_t read(int fd, void *at, size_t size)
{
    if (fails("read"))
        return -1;
    return NEXT(read)(fd, at, on && mode == SHORT && size ? 1 : size);
}

ssize_t pread(int fd, void *at, size_t size, off_t from)
{
    if (fails("read"))
        return -1;
    return NEXT(pread)(fd, at, on && mode == SHORT && size ? 1 : size, from);
}

ssize_t write(int fd, const void *at, size_t size)
{
    if (fd != STDERR_FILENO && fails("write"))
        return -1;
    return NEXT(write)(fd, at, on && mode == SHORT && size ? 1 : size);
}

int fsync(int fd)
{
    return fails("fsync") ? -1 : NEXT(fsync)(fd);
}

int close(int fd)
{
    bool bad = fails("close");
    int was = errno, status = NEXT(close)(fd);
    if (!bad)
        return status;
    errno = was;
    return -1;
}

int renameat(int a, const char *from, int b, const char *to)
{
    return fails("rename") ? -1 : NEXT(renameat)(a, from, b, to);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    return fails("rename") ? -1 : NEXT(renameat2)(a, from, b, to, flags);
}

int linkat(int a, const char *from, int b, const char *to, int flags)
{
    return fails("rename") ? -1 : NEXT(linkat)(a, from, b, to, flags);
}

static mode_t mode_behind(int flags, va_list rest)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t m = mode_behind(flags, rest);
    va_end(rest);
    return fails("open") ? -1 : NEXT(open)(path, flags, m);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t m = mode_behind(flags, rest);
    va_end(rest);
    return fails("open") ? -1 : NEXT(openat)(folder, path, flags, m);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*start)(void *), void *ctx)
{
    return fails("thread") ? EAGAIN : NEXT(pthread_create)(thread, how, start, ctx);
}

__attribute__((constructor)) static void start(void)
{
    const char *what = getenv("FAULT_IO"), *name = getenv("FAULT_ERRNO");
    only = getenv("FAULT_IO_ONLY");
    if (name && strcmp(name, "EIO") == 0)
        error = EIO;
    if (what && strcmp(what, "short") == 0)
        mode = SHORT;
    else if (what && strcmp(what, "eintr") == 0)
        mode = INTERRUPT;
    for (const char *p = what; p && *p >= '0' && *p <= '9'; p++)
        fail_at = fail_at * 10 + (unsigned long)(*p - '0');
    on = true;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("FAULT_REPORT");
    on = false;
    FILE *f = path ? fopen(path, "w") : NULL;
    if (!f)
        return;
    fprintf(f, "%lu %lu\n", calls, failed);
    fclose(f);
}
