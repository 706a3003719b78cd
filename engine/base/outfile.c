/* outfile: an output that appears whole or not at all.
 * In: a path, then bytes. Out: a file at the path, or nothing and a problem. The one idea:
 * everything happens beside the target, through one descriptor of its directory, so no later change
 * of a path can lead elsewhere; the name is given only to bytes that are on the disk. */
#include "base/outfile_parts.h"

#include "base/idmap.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS = 100 };

/* One problem about this output, and no more for it. */
static bool fail(struct outfile *f, struct problems *problems, const char *reason)
{
    f->failed = true;
    const char *shown =
        f->standard ? "standard output" : problem_quote(problems, text_from_c(f->path));
    problem_add(problems, PROBLEM_CANNOT_WRITE, SPAN_NONE, shown, reason, NULL);
    return false;
}

static bool refuse(struct outfile *f, struct problems *problems, enum problem_code code,
                   const char *help)
{
    f->failed = true;
    problem_add(problems, code, SPAN_NONE, problem_quote(problems, text_from_c(f->path)), NULL,
                NULL);
    if (help)
        problem_help(problems, help);
    return false;
}

static bool refuse_existing(struct outfile *f, struct problems *problems)
{
    return refuse(f, problems, PROBLEM_OUTPUT_EXISTS, "--force replaces it");
}

int outfile_open_at(int directory, const char *name, int flags)
{
    int file;
    do {
        file = openat(directory, name, flags | O_CLOEXEC | O_NOCTTY, 0600);
    } while (file < 0 && errno == EINTR);
    /* 0 to 2 may be closed: what others print must never end up in this file. */
    if (file >= 0 && file <= 2) {
        int moved = fcntl(file, F_DUPFD_CLOEXEC, 3);
        int error = errno;
        close(file);
        if (moved < 0 && (flags & O_EXCL))
            unlinkat(directory, name, 0);
        errno = error;
        file = moved;
    }
    return file;
}

/* What is kept ends where it is known to be right; the rest only fills the disk. */
static void cut(struct outfile *f)
{
    int result;
    do {
        result = ftruncate(f->file, (off_t)f->kept_size);
    } while (result != 0 && errno == EINTR); /* else whoever adopts it does it */
}

static void release(struct outfile *f)
{
    if (f->file >= 0 && f->kept)
        cut(f);
    if (f->file >= 0 && !f->standard)
        close(f->file);
    f->file = -1;
    if (f->renames && f->part[0] && !f->kept)
        unlinkat(f->directory, f->part, 0);
    slot_disarm(f->slot); /* before the lock is let go: a handler must not remove another run's */
    f->slot = NULL;
    if (f->lock >= 0) {
        unlinkat(f->directory, f->lock_name, 0); /* while it is held, or it is another's */
        close(f->lock);
        f->lock = -1;
    }
    if (f->directory >= 0)
        close(f->directory);
    f->directory = -1;
    f->part[0] = '\0';
}

void outfile_free(struct outfile *f)
{
    if (f == NULL)
        return;
    release(f);
    free(f);
}

/* Writes NAME, cut to NAME_KEPT bytes between two code points. */
static void keep_name(const struct outfile *f, char out[NAME_KEPT + 1])
{
    size_t size = strlen(f->name);
    if (size > NAME_KEPT) {
        size = NAME_KEPT;
        while (size > NAME_KEPT - 3 && ((unsigned char)f->name[size] & 0xC0) == 0x80)
            size--;
    }
    memcpy(out, f->name, size);
    out[size] = '\0';
}

void outfile_name(const struct outfile *f, const char *word, char out[NAME_ROOM])
{
    char kept[NAME_KEPT + 1];
    keep_name(f, kept);
    if (strlen(f->name) <= NAME_KEPT)
        snprintf(out, NAME_ROOM, ".%s.%s", kept, word);
    else
        snprintf(out, NAME_ROOM, ".%s.%016llx.%s", kept,
                 (unsigned long long)text_hash(text_from_c(f->name)), word);
}

/* 1: held; 0: another run holds it; -1: errno. A file system without locks is worked on without. */
static int try_lock(struct outfile *f)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        struct stat held, named;
        const int how = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
        int lock = outfile_open_at(f->directory, f->lock_name, how | O_EXCL);
        bool existed = lock < 0 && errno == EEXIST;
        if (existed)
            lock = outfile_open_at(f->directory, f->lock_name, how);
        if (lock < 0)
            return -1;
        int result;
        do {
            result = flock(lock, LOCK_EX | LOCK_NB);
        } while (result != 0 && errno == EINTR);
        if (result != 0 && errno == EWOULDBLOCK) {
            close(lock);
            return 0;
        }
        /* The holder removes the file: what was locked may no longer be what the name means. */
        if (fstat(lock, &held) == 0 &&
            fstatat(f->directory, f->lock_name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
            held.st_ino == named.st_ino && held.st_dev == named.st_dev) {
            f->lock = lock;
            f->was_killed = existed && result == 0;
            return 1;
        }
        close(lock);
    }
    errno = EAGAIN;
    return -1;
}

static bool make_part(struct outfile *f)
{
    char word[24];
    for (int i = 0; i < ATTEMPTS; i++) {
        uint64_t random;
        if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) {
            if (errno == EINTR)
                continue;
            return false;
        }
        snprintf(word, sizeof word, "%016llx.part", (unsigned long long)random);
        outfile_name(f, word, f->part);
        f->file = outfile_open_at(f->directory, f->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
        if (f->file >= 0)
            return true;
        f->part[0] = '\0';
        if (errno != EEXIST)
            return false;
    }
    return false;
}

static bool open_directory(struct outfile *f, struct problems *problems)
{
    char *slash = strrchr(f->path, '/');
    f->name = slash ? slash + 1 : f->path;
    const char *directory = ".";
    if (slash == f->path) {
        directory = "/";
    } else if (slash) {
        *slash = '\0';
        directory = f->path;
    }
    f->directory = outfile_open_at(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY);
    if (f->directory < 0 && errno == EACCES)
        f->directory = outfile_open_at(AT_FDCWD, directory, O_PATH | O_DIRECTORY);
    int error = errno;
    if (slash && slash != f->path)
        *slash = '/';
    if (f->directory >= 0)
        return true;
    fail(f, problems, problem_format(problems, "its folder cannot be opened: %s", strerror(error)));
    if (error == ENOENT)
        problem_help(problems, "make the folder first, or name one that is there");
    return false;
}

/* A device or a FIFO: its bytes cannot be renamed into place, they go there. */
static bool open_direct(struct outfile *f, struct problems *problems)
{
    struct stat now;
    f->file = outfile_open_at(f->directory, f->name, O_WRONLY | O_NOFOLLOW);
    if (f->file < 0)
        return fail(f, problems, strerror(errno));
    if (fstat(f->file, &now) == 0 && S_ISREG(now.st_mode))
        return refuse_existing(f, problems); /* it has become a file since it was looked at */
    return true;
}

static bool take_lock(struct outfile *f, struct problems *problems)
{
    outfile_name(f, "lock", f->lock_name);
    int held = try_lock(f);
    if (held == 0)
        return refuse(f, problems, PROBLEM_OUTPUT_BUSY, NULL);
    if (held < 0)
        return fail(f, problems, strerror(errno));
    f->renames = true;
    f->slot = slot_arm(f->directory, NULL, f->lock_name);
    return true;
}

static bool open_target(struct outfile *f, bool resume, struct problems *problems)
{
    struct stat target;
    if (f->path[0] == '\0')
        return fail(f, problems, "the path is empty");
    if (!open_directory(f, problems))
        return false;
    if (f->name[0] == '\0')
        return fail(f, problems, strerror(EISDIR));
    if (fstatat(f->directory, f->name, &target, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT)
            return fail(f, problems, strerror(errno));
        return take_lock(f, problems);
    }
    if (S_ISLNK(target.st_mode))
        return refuse(f, problems, PROBLEM_OUTPUT_LINK, "give the path it leads to");
    if (S_ISDIR(target.st_mode))
        return fail(f, problems, strerror(EISDIR));
    bool replaces = f->force || (resume && S_ISREG(target.st_mode));
    if ((S_ISREG(target.st_mode) || S_ISBLK(target.st_mode)) && !replaces)
        return refuse_existing(f, problems);
    return S_ISREG(target.st_mode) ? take_lock(f, problems) : open_direct(f, problems);
}

static bool open_standard(struct outfile *f, struct problems *problems)
{
    f->standard = true;
    f->file = STDOUT_FILENO;
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
        return true;
    problem_add(problems, PROBLEM_STDOUT_CLOSED, SPAN_NONE, NULL, NULL, NULL);
    return false;
}

struct outfile *outfile_open(const char *path, bool force, bool resume, struct problems *problems)
{
    bool standard = path == NULL || strcmp(path, "-") == 0;
    size_t size = standard ? 0 : strlen(path);
    struct outfile *f = calloc(1, sizeof *f + size + 1);
    if (f == NULL) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return NULL;
    }
    f->file = f->directory = f->lock = -1;
    f->force = force;
    if (size)
        memcpy(f->path, path, size);
    if (standard ? open_standard(f, problems) : open_target(f, resume, problems))
        return f;
    outfile_free(f);
    return NULL;
}

bool outfile_begin(struct outfile *f, struct problems *problems)
{
    struct stat target;
    if (!f->renames)
        return true;
    if (!f->force && fstatat(f->directory, f->name, &target, AT_SYMLINK_NOFOLLOW) == 0)
        return refuse_existing(f, problems);
    if (f->was_killed)
        outfile_sweep(f);
    if (!make_part(f))
        return fail(f, problems, strerror(errno));
    slot_disarm(f->slot);
    f->slot = slot_arm(f->directory, f->part, f->lock_name);
    return true;
}

struct outfile *outfile_new(const char *path, bool force, struct problems *problems)
{
    struct outfile *f = outfile_open(path, force, false, problems);
    if (f == NULL || outfile_begin(f, problems))
        return f;
    outfile_free(f);
    return NULL;
}

bool outfile_is_renamed(const struct outfile *f)
{
    return f->renames;
}

/* Standard output may have been made non-blocking by whoever shares it. */
static void wait_until_writable(int file)
{
    struct pollfd p = {.fd = file, .events = POLLOUT};
    poll(&p, 1, -1);
}

bool outfile_write(struct outfile *f, struct text t, struct problems *problems)
{
    while (!f->failed && t.size > 0) {
        ssize_t n = write(f->file, t.at, t.size);
        if (n >= 0) {
            t = (struct text){t.at + n, t.size - (size_t)n};
        } else if (errno == EAGAIN) {
            wait_until_writable(f->file);
        } else if (errno == EPIPE) {
            f->failed = f->closed_pipe = true;
        } else if (errno != EINTR) {
            fail(f, problems, strerror(errno));
            release(f); /* at once: what fills the disk is this file */
        }
    }
    return !f->failed;
}

bool outfile_is_closed_pipe(const struct outfile *f)
{
    return f->closed_pipe;
}

int outfile_sync_descriptor(int file)
{
    int result;
    do {
        result = fsync(file);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && (errno == EINVAL || errno == ENOTSUP))
        return 0; /* there is nothing to sync in this file system */
    return result;
}

bool outfile_sync(struct outfile *f, struct problems *problems)
{
    if (f->failed)
        return false;
    return outfile_sync_descriptor(f->file) == 0 || fail(f, problems, strerror(errno));
}

/* Gives the part its name. Without force, by means that cannot replace what came in between. */
static int put_once(const struct outfile *f)
{
    if (f->force)
        return renameat(f->directory, f->part, f->directory, f->name);
    int result = renameat2(f->directory, f->part, f->directory, f->name, RENAME_NOREPLACE);
    if (result == 0 || (errno != EINVAL && errno != ENOSYS))
        return result;
    return linkat(f->directory, f->part, f->directory, f->name, 0);
}

static int put_in_place(const struct outfile *f)
{
    int result;
    do {
        result = put_once(f);
    } while (result != 0 && errno == EINTR);
    return result;
}

static bool commit_renamed(struct outfile *f, struct problems *problems)
{
    if (outfile_sync_descriptor(f->file) != 0)
        return fail(f, problems, strerror(errno));
    int closed = close(f->file);
    f->file = -1;
    if (closed != 0 && errno != EINTR)
        return fail(f, problems, strerror(errno));
    if (put_in_place(f) != 0)
        return errno == EEXIST && !f->force ? refuse_existing(f, problems)
                                            : fail(f, problems, strerror(errno));
    outfile_remove_note(f);
    /* A folder that may be written but not read is held by O_PATH, which gives EBADF. */
    if (outfile_sync_descriptor(f->directory) != 0 && errno != EBADF)
        return fail(f, problems,
                    problem_format(problems,
                                   "it is there, but may not outlast a "
                                   "power failure: %s",
                                   strerror(errno)));
    return true;
}

/* A network file system reports what it could not write at the close: of a copy, for standard
 * output stays open. */
static bool commit_direct(struct outfile *f, struct problems *problems)
{
    int copy = fcntl(f->file, F_DUPFD_CLOEXEC, 3);
    if (copy >= 0 && close(copy) != 0 && errno != EINTR)
        return fail(f, problems, strerror(errno));
    return true;
}

bool outfile_commit(struct outfile *f, struct problems *problems)
{
    bool done =
        !f->failed && (f->renames ? commit_renamed(f, problems) : commit_direct(f, problems));
    outfile_free(f);
    return done;
}
