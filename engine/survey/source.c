/* In: a path. Out: its bytes in order, or a problem. Next: reader.
 * read(2) only: short reads, EINTR and pipes that deliver a byte a second are all the same here. */
#include "survey/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static bool fail(const struct source *s, int error, struct problems *problems)
{
    problem_add(problems, PROBLEM_CANNOT_READ, SPAN_NONE, problem_quote(problems, s->name),
                problem_format(problems, "%s", strerror(error)), NULL);
    if (error == EISDIR)
        problem_help(problems, "name the files in it");
    return false;
}

static bool changed(const struct source *s, const char *how, struct problems *problems)
{
    problem_add(problems, PROBLEM_SURVEY_CHANGED, SPAN_NONE, problem_quote(problems, s->name), how,
                NULL);
    problem_help(problems, "run it again once nothing writes to the file, or on a copy of it");
    return false;
}

static bool open_path(struct source *s, struct problems *problems)
{
    do
        s->fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (s->fd < 0 && errno == EINTR);
    return s->fd >= 0 || fail(s, errno, problems);
}

static bool open_input(struct source *s, struct problems *problems)
{
    struct stat st;
    if (fstat(STDIN_FILENO, &st) != 0) {
        problem_add(problems, PROBLEM_INPUT_CLOSED, SPAN_NONE, NULL, NULL, NULL);
        problem_help(problems, "name a file, or pipe one in: entente diagnose - < FILE");
        return false;
    }
    if (isatty(STDIN_FILENO)) {
        problem_add(problems, PROBLEM_INPUT_TERMINAL, SPAN_NONE, NULL, NULL, NULL);
        problem_help(problems, "name a file, or pipe one in: entente diagnose - < FILE");
        return false;
    }
    s->fd = STDIN_FILENO;
    return true;
}

bool source_open(struct source *s, const char *path, struct problems *problems)
{
    bool is_input = strcmp(path, "-") == 0;
    *s = (struct source){.path = path, .fd = -1};
    s->name = is_input ? TEXT("standard input") : text_from_c(path);
    if (!(is_input ? open_input(s, problems) : open_path(s, problems)))
        return false;
    if (fstat(s->fd, &s->first) != 0)
        return fail(s, errno, problems);
    s->is_regular = S_ISREG(s->first.st_mode) && !is_input;
    return !S_ISDIR(s->first.st_mode) || fail(s, EISDIR, problems);
}

void source_close(struct source *s)
{
    if (s->fd > STDIN_FILENO)
        close(s->fd);
    s->fd = -1;
}

void source_pause(struct source *s)
{
    if (s->is_regular)
        source_close(s);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* By its descriptor and by its path: it may have been written to, or another put in its place. */
static bool check_same(const struct source *s, struct problems *problems)
{
    struct stat now, at_path;
    if (fstat(s->fd, &now) != 0)
        return fail(s, errno, problems);
    if (stat(s->path, &at_path) != 0)
        return changed(s, "it was removed", problems);
    if (at_path.st_dev != now.st_dev || at_path.st_ino != now.st_ino)
        return changed(s, "another file was put in its place", problems);
    if (is_same(&s->first, &now))
        return true;
    if (s->first.st_size == now.st_size)
        return changed(s, "something wrote to it", problems);
    return changed(s, now.st_size > s->first.st_size ? "it grew" : "it shrank", problems);
}

bool source_resume(struct source *s, uint64_t offset, struct problems *problems)
{
    if (!s->is_regular)
        return true;
    if (s->decoder || s->is_whole)
        offset = s->offset;
    if (!open_path(s, problems) || !check_same(s, problems))
        return false;
    if (lseek(s->fd, (off_t)offset, SEEK_SET) < 0)
        return fail(s, errno, problems);
    s->offset = offset;
    s->at_end = false;
    return true;
}

static void wait_for_input(const struct source *s)
{
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    while (s->waiting && !s->is_regular && poll(&p, 1, 1000) == 0)
        s->waiting(s->ctx);
}

static bool read_raw(struct source *s, char *at, size_t size, size_t *got,
                     struct problems *problems)
{
    *got = 0;
    while (*got == 0 && !s->at_end) {
        wait_for_input(s);
        ssize_t n = read(s->fd, at, size);
        if (n < 0 && errno != EINTR)
            return fail(s, errno, problems);
        if (n > 0)
            *got = (size_t)n;
        s->at_end = n == 0;
    }
    s->offset += *got;
    return true;
}

static bool read_decoded(struct source *s, char *at, size_t size, size_t *got,
                         struct problems *problems)
{
    struct decoder *d = s->decoder;
    for (;;) {
        size_t room, more;
        *got += decoder_take(d, at + *got, size - *got);
        s->at_end = decoder_is_done(d);
        if (*got == size || s->at_end)
            return true;
        char *raw = decoder_room(d, &room);
        if (!read_raw(s, raw, room, &more, problems))
            return false;
        d->size += more;
        d->ended = s->at_end;
    }
}

bool source_read(struct source *s, char *at, size_t size, size_t *got, struct problems *problems)
{
    *got = 0;
    if (s->decoder && !read_decoded(s, at, size, got, problems))
        return false;
    while (!s->decoder && *got < size && !s->at_end) {
        size_t more;
        if (!read_raw(s, at + *got, size - *got, &more, problems))
            return false;
        *got += more;
    }
    if (!s->at_end || !s->is_regular)
        return true;
    if (s->offset != (uint64_t)s->first.st_size)
        return changed(s, s->offset > (uint64_t)s->first.st_size ? "it grew" : "it shrank",
                       problems);
    return check_same(s, problems);
}
