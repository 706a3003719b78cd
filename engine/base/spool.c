/* In: more bytes than memory should hold. Out: the same bytes, later, from any place. Next: pile.
 * The one idea: a file without a name cannot be left behind, guessed or planted. */
#include "base/spool.h"

#include "base/descriptor.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct spool {
    int file;
    uint64_t size;
    char folder[];
};

static bool fail(const struct spool *s, const char *reason, struct problems *problems)
{
    problem_add(problems, PROBLEM_SPOOL, SPAN_NONE, problem_quote(problems, text_from_c(s->folder)),
                reason, NULL);
    problem_help(problems,
                 "set TMPDIR to a folder with more room, or sort the rows by case and say "
                 "--sorted: then no temporary file is needed");
    return false;
}

/* Where a file system has no files without a name. */
static int open_unlinked(const char *folder)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/entente-XXXXXX", folder);
    if (n < 0 || (size_t)n >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int made = mkostemp(path, O_CLOEXEC);
    if (made < 0)
        return -1;
    int file = made > 2 ? made : fcntl(made, F_DUPFD_CLOEXEC, 3);
    int error = errno;
    if (file != made)
        close(made);
    unlink(path);
    errno = error;
    return file;
}

struct spool *spool_new(struct problems *problems)
{
    const char *named = getenv("TMPDIR"), *folder = named && *named ? named : "/var/tmp";
    size_t size = strlen(folder) + 1;
    struct spool *s = malloc(sizeof *s + size);
    if (!s) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return NULL;
    }
    s->size = 0;
    memcpy(s->folder, folder, size);
    s->file = descriptor_open(AT_FDCWD, folder, O_TMPFILE | O_RDWR);
    if (s->file < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        s->file = open_unlinked(folder);
    if (s->file >= 0)
        return s;
    fail(s, strerror(errno), problems);
    free(s);
    return NULL;
}

void spool_free(struct spool *s)
{
    if (!s)
        return;
    close(s->file);
    free(s);
}

uint64_t spool_size(const struct spool *s)
{
    return s->size;
}

bool spool_write(struct spool *s, struct text t, struct problems *problems)
{
    while (t.size > 0) {
        ssize_t n = write(s->file, t.at, t.size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(s, strerror(errno), problems);
        t.at += n;
        t.size -= (size_t)n;
        s->size += (uint64_t)n;
    }
    return true;
}

bool spool_read(const struct spool *s, uint64_t from, void *to, size_t size,
                struct problems *problems)
{
    char *at = to;
    while (size > 0) {
        ssize_t n = pread(s->file, at, size, (off_t)from);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(s, n < 0 ? strerror(errno) : "it is shorter than it was", problems);
        at += n;
        from += (uint64_t)n;
        size -= (size_t)n;
    }
    return true;
}
