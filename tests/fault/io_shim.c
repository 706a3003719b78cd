/* io_shim: a kernel that says no, or gives little.
 * In: FAULT_CALL=kind with FAULT_ONCE=n or FAULT_FROM=n, and FAULT_ERRNO=number: that call of the
 * kind, or that and every later one, fails. FAULT_SHORT=1: reads and writes move a byte at a time;
 * FAULT_SHORT=n: one to n, by chance, the same in every run. FAULT_EINTR=1: what can be interrupted
 * is, once before every call that gets through. Out: that, and a report of how many calls of each
 * kind main made. A close that fails has closed, as on Linux. */
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* To add a kind: a line here, and the functions below. */
#define KINDS(X)                                                                                   \
    X(READ, "read", true)                                                                          \
    X(WRITE, "write", true)                                                                        \
    X(OPEN, "open", true)                                                                          \
    X(CLOSE, "close", false)                                                                       \
    X(SYNC, "fsync", true)                                                                         \
    X(RENAME, "rename", false)                                                                     \
    X(LINK, "link", false)                                                                         \
    X(STAT, "stat", false)                                                                         \
    X(SEEK, "lseek", false)                                                                        \
    X(LOCK, "flock", true)                                                                         \
    X(RANDOM, "getrandom", true)                                                                   \
    X(POLL, "poll", true)                                                                          \
    X(THREAD, "pthread_create", false)

enum kind {
#define KIND(name, word, interruptible) KIND_##name,
    KINDS(KIND)
#undef KIND
        KIND_COUNT
};

static const struct {
    const char *word;
    bool interruptible;
} KIND_TABLE[KIND_COUNT] = {
#define KIND(name, word, interruptible) {word, interruptible},
    KINDS(KIND)
#undef KIND
};

static enum kind faulty = KIND_COUNT;
static unsigned long once, from, size_limit;
static int fault_errno;
static bool interrupts;
static atomic_ulong calls[KIND_COUNT];
static atomic_ulong interrupted[KIND_COUNT]; /* odd: the next call gets through */
static atomic_ullong chance = 1;

void shim_begin(void)
{
    const char *word = getenv("FAULT_CALL");
    for (int k = 0; k < KIND_COUNT && word; k++)
        if (strcmp(KIND_TABLE[k].word, word) == 0)
            faulty = (enum kind)k;
    once = shim_number("FAULT_ONCE");
    from = shim_number("FAULT_FROM");
    fault_errno = (int)shim_number("FAULT_ERRNO");
    size_limit = shim_number("FAULT_SHORT");
    interrupts = shim_number("FAULT_EINTR") != 0;
}

void shim_end(int report)
{
    for (int k = 0; k < KIND_COUNT; k++)
        shim_report(report, KIND_TABLE[k].word, (long)atomic_load(&calls[k]));
}

/* Whether this call gets through; else errno says why not. */
static bool passes(enum kind k)
{
    if (!atomic_load(&shim_on))
        return true;
    if (interrupts && KIND_TABLE[k].interruptible &&
        atomic_fetch_add(&interrupted[k], 1) % 2 == 0) {
        errno = EINTR;
        return false;
    }
    unsigned long n = atomic_fetch_add(&calls[k], 1) + 1;
    if (k != faulty || (n != once && (from == 0 || n < from)))
        return true;
    errno = fault_errno;
    return false;
}

static size_t shortened(size_t size)
{
    if (!atomic_load(&shim_on) || size_limit == 0 || size <= 1)
        return size;
    unsigned long long random =
        atomic_fetch_add(&chance, 1) * 6364136223846793005u + 1442695040888963407u;
    size_t most = 1 + (size_t)(random >> 33) % size_limit;
    return size < most ? size : most;
}

/* --- read, write ---------------------------------------------------------------------------------- */

ssize_t read(int fd, void *at, size_t size)
{
    return passes(KIND_READ) ? syscall(SYS_read, fd, at, shortened(size)) : -1;
}

ssize_t pread(int fd, void *at, size_t size, off_t offset)
{
    return passes(KIND_READ) ? syscall(SYS_pread64, fd, at, shortened(size), offset) : -1;
}

ssize_t write(int fd, const void *at, size_t size)
{
    return passes(KIND_WRITE) ? syscall(SYS_write, fd, at, shortened(size)) : -1;
}

ssize_t pwrite(int fd, const void *at, size_t size, off_t offset)
{
    return passes(KIND_WRITE) ? syscall(SYS_pwrite64, fd, at, shortened(size), offset) : -1;
}

int fsync(int fd)
{
    return passes(KIND_SYNC) ? (int)syscall(SYS_fsync, fd) : -1;
}

int fdatasync(int fd)
{
    return passes(KIND_SYNC) ? (int)syscall(SYS_fdatasync, fd) : -1;
}

off_t lseek(int fd, off_t offset, int whence)
{
    return passes(KIND_SEEK) ? syscall(SYS_lseek, fd, offset, whence) : -1;
}

/* --- open, close ---------------------------------------------------------------------------------- */

static int open_at(int folder, const char *path, int flags, va_list rest)
{
    mode_t mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
    return passes(KIND_OPEN) ? (int)syscall(SYS_openat, folder, path, flags, mode) : -1;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    int fd = open_at(AT_FDCWD, path, flags, rest);
    va_end(rest);
    return fd;
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    int fd = open_at(folder, path, flags, rest);
    va_end(rest);
    return fd;
}

int close(int fd)
{
    bool ok = passes(KIND_CLOSE);
    int error = errno;
    int result = (int)syscall(SYS_close, fd);
    if (ok)
        return result;
    errno = error;
    return -1;
}

int flock(int fd, int operation)
{
    return passes(KIND_LOCK) ? (int)syscall(SYS_flock, fd, operation) : -1;
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    struct timespec t = {timeout / 1000, timeout % 1000 * 1000000L};
    if (!passes(KIND_POLL))
        return -1;
    return (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &t, NULL, (size_t)8);
}

ssize_t getrandom(void *at, size_t size, unsigned flags)
{
    return passes(KIND_RANDOM) ? syscall(SYS_getrandom, at, size, flags) : -1;
}

/* --- names ---------------------------------------------------------------------------------------- */

int rename(const char *old, const char *new)
{
    return passes(KIND_RENAME) ? (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0) : -1;
}

int renameat(int old_folder, const char *old, int new_folder, const char *new)
{
    return passes(KIND_RENAME) ? (int)syscall(SYS_renameat2, old_folder, old, new_folder, new, 0)
                               : -1;
}

int renameat2(int old_folder, const char *old, int new_folder, const char *new, unsigned flags)
{
    return passes(KIND_RENAME)
               ? (int)syscall(SYS_renameat2, old_folder, old, new_folder, new, flags)
               : -1;
}

int link(const char *old, const char *new)
{
    return passes(KIND_LINK) ? (int)syscall(SYS_linkat, AT_FDCWD, old, AT_FDCWD, new, 0) : -1;
}

int linkat(int old_folder, const char *old, int new_folder, const char *new, int flags)
{
    return passes(KIND_LINK) ? (int)syscall(SYS_linkat, old_folder, old, new_folder, new, flags)
                             : -1;
}

/* --- libc's, found behind this library ------------------------------------------------------------ */

typedef void function(void);

static function *next(const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    function *f;
    memcpy(&f, &symbol, sizeof f); /* ISO C has no cast for it */
    return f;
}

int stat(const char *path, struct stat *out)
{
    return passes(KIND_STAT)
               ? ((int (*)(const char *, struct stat *))next("stat"))(path, out)
               : -1;
}

int lstat(const char *path, struct stat *out)
{
    return passes(KIND_STAT)
               ? ((int (*)(const char *, struct stat *))next("lstat"))(path, out)
               : -1;
}

int fstat(int fd, struct stat *out)
{
    return passes(KIND_STAT) ? ((int (*)(int, struct stat *))next("fstat"))(fd, out) : -1;
}

int fstatat(int folder, const char *path, struct stat *out, int flags)
{
    return passes(KIND_STAT)
               ? ((int (*)(int, const char *, struct stat *, int))next("fstatat"))(folder, path,
                                                                                  out, flags)
               : -1;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                   void *ctx)
{
    typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    return passes(KIND_THREAD) ? ((create *)next("pthread_create"))(thread, attributes, body, ctx)
                               : fault_errno;
}
