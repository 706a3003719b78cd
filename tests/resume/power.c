/* power: a shim (LD_PRELOAD) under which the power goes (faults 76, 77). What a disk may lose then:
 * bytes that were not synced, and names that were given, taken or made since their folder was.
 *
 *     POWER=n          at the n-th call that changes a file or a name, before it happens
 *     POWER_MODE=kill  as kill -9: nothing is lost that a system call has done
 *     POWER_MODE=lose  unsynced bytes and names are gone
 *     POWER_MODE=zero  likewise, but files have the length they had, and zeros where bytes were
 *     POWER_REPORT=F   at exit: how many calls there were
 *
 * For one thread. Old names are kept as hard links POWER.*, which go with the simulated crash. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 4096, CHANGES = 4096, NAME = 300 };

static struct file {
    ino_t inode;
    int fd; /* a copy: ours outlives theirs */
    off_t synced;
} files[FILES];
static int file_count;

/* Of names, since the folder was synced; the latest is undone first. */
static struct change {
    enum { MADE, GIVEN, TAKEN } what;
    int folder;
    char name[NAME], from[NAME], old[40]; /* old: what stood at the name; empty: nothing */
} changes[CHANGES];
static int change_count, link_count;

static bool on, loses, zeroes;
static long at, calls;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void forget_change(struct change *c)
{
    if (c->old[0])
        NEXT(unlinkat)(c->folder, c->old, 0);
}

static void undo(struct change *c)
{
    if (c->what == MADE)
        NEXT(unlinkat)(c->folder, c->name, 0);
    if (c->what == GIVEN)
        NEXT(renameat)(c->folder, c->name, c->folder, c->from);
    if (c->old[0])
        NEXT(renameat)(c->folder, c->old, c->folder, c->name);
}

static void lose(void)
{
    static const char zeros[4096];
    for (int i = change_count; i-- > 0;)
        undo(&changes[i]);
    for (int i = 0; i < file_count; i++) {
        struct stat st;
        if (fstat(files[i].fd, &st) != 0 || st.st_size <= files[i].synced)
            continue;
        if (!zeroes && ftruncate(files[i].fd, files[i].synced) != 0)
            abort();
        for (off_t p = files[i].synced; zeroes && p < st.st_size;) {
            size_t left = (size_t)(st.st_size - p), n = left < sizeof zeros ? left : sizeof zeros;
            ssize_t done = pwrite(files[i].fd, zeros, n, p);
            if (done <= 0)
                abort();
            p += done;
        }
    }
}

static void tick(void)
{
    if (!on || ++calls != at)
        return;
    on = false;
    if (loses)
        lose();
    else
        for (int i = 0; i < change_count; i++)
            forget_change(&changes[i]);
    kill(getpid(), SIGKILL);
}

static struct file *file_of(int fd)
{
    struct stat st;
    if (!on || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return NULL;
    for (int i = 0; i < file_count; i++)
        if (files[i].inode == st.st_ino)
            return &files[i];
    struct file *f = &files[file_count++];
    *f = (struct file){st.st_ino, fcntl(fd, F_DUPFD_CLOEXEC, 500), st.st_size};
    return f;
}

static struct change *note(int what, int folder, const char *name, bool had_old)
{
    struct change *c = &changes[change_count++];
    *c = (struct change){.what = what, .folder = folder};
    if (folder != AT_FDCWD)
        c->folder = fcntl(folder, F_DUPFD_CLOEXEC, 500);
    snprintf(c->name, NAME, "%s", name);
    if (had_old) {
        snprintf(c->old, sizeof c->old, "POWER.%d", link_count++);
        if (linkat(folder, name, c->folder, c->old, 0) != 0)
            c->old[0] = '\0';
    }
    return c;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (fd > 2 && file_of(fd))
        tick();
    return NEXT(write)(fd, bytes, size);
}

int ftruncate(int fd, off_t size)
{
    struct file *f = file_of(fd);
    if (f)
        tick();
    int done = NEXT(ftruncate)(fd, size);
    if (f && done == 0 && size < f->synced)
        f->synced = size;
    return done;
}

int fsync(int fd)
{
    struct stat st;
    struct file *f = file_of(fd);
    if (on)
        tick();
    if (on && fstat(fd, &st) == 0) {
        if (f)
            f->synced = st.st_size;
        if (S_ISDIR(st.st_mode)) {
            for (int i = 0; i < change_count; i++)
                forget_change(&changes[i]);
            change_count = 0;
        }
    }
    return NEXT(fsync)(fd);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    bool makes = on && (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
    if (makes)
        tick();
    int fd = NEXT(openat)(folder, path, flags, mode);
    if (makes && fd >= 0) {
        note(MADE, folder, path, false);
        file_of(fd);
    }
    return fd;
}

static void renaming(int folder, const char *from, const char *to)
{
    tick();
    if (on)
        snprintf(note(GIVEN, folder, to, true)->from, NAME, "%s", from);
}

int renameat(int a, const char *from, int b, const char *to)
{
    renaming(a, from, to);
    return NEXT(renameat)(a, from, b, to);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    renaming(a, from, to);
    return NEXT(renameat2)(a, from, b, to, flags);
}

int unlinkat(int folder, const char *name, int flags)
{
    struct stat st;
    bool is_there = on && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    if (is_there) {
        tick();
        note(TAKEN, folder, name, true);
    }
    return NEXT(unlinkat)(folder, name, flags);
}

__attribute__((constructor)) static void start(void)
{
    const char *n = getenv("POWER"), *mode = getenv("POWER_MODE");
    for (const char *p = n; p && *p >= '0' && *p <= '9'; p++)
        at = at * 10 + (*p - '0');
    zeroes = mode && strcmp(mode, "zero") == 0;
    loses = zeroes || (mode && strcmp(mode, "lose") == 0);
    on = n || getenv("POWER_REPORT");
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("POWER_REPORT");
    if (!on)
        return;
    on = false;
    for (int i = 0; i < change_count; i++)
        forget_change(&changes[i]);
    FILE *f = path ? fopen(path, "w") : NULL;
    if (f) {
        fprintf(f, "%ld\n", calls);
        fclose(f);
    }
}
