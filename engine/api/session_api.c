/* In: paths of session files. Out: interviews, and the files of interviews. Next: the cli. A
 * session is read whole within its limit before anything is made of it, and appears whole or not at
 * all. */
#include "api/api.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot_read(struct problems *ps, const char *path, const char *why)
{
    problem_add(ps, PROBLEM_CANNOT_READ, SPAN_NONE, problem_quote(ps, text_from_c(path)), why,
                NULL);
    return false;
}

static bool read_bytes(int file, size_t size, struct buffer *out)
{
    if (!buffer_reserve(out, size + 1))
        return false;
    while (out->size <= size) {
        ssize_t n = read(file, out->at + out->size, size + 1 - out->size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        out->size += (size_t)n;
    }
    return true;
}

static bool read_session(const char *path, struct buffer *out, struct problems *ps)
{
    struct stat s;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
    if (file < 0 || fstat(file, &s) != 0) {
        int e = errno;
        if (file >= 0)
            close(file);
        return cannot_read(ps, path, strerror(e));
    }
    bool ok = false;
    if (!S_ISREG(s.st_mode))
        cannot_read(ps, path, "it is not a regular file");
    else if (s.st_size > (off_t)LIMIT_SESSION)
        problem_add(ps, PROBLEM_SESSION_LONG, SPAN_NONE, problem_quote(ps, text_from_c(path)),
                    problem_count_text(ps, LIMIT_SESSION), NULL);
    else if (!read_bytes(file, (size_t)s.st_size, out))
        ok = out->failed ? api_no_memory(ps) : cannot_read(ps, path, strerror(errno));
    else
        ok = true;
    close(file);
    return ok;
}

bool entente_interview_save(const struct entente_interview *iv, const char *path,
                            struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct buffer b;
    buffer_init(&b);
    session_write(iv->iv, &b);
    struct outfile *f = b.failed ? NULL : outfile_new(path, true, ps);
    if (b.failed)
        api_no_memory(ps);
    bool ok = f && outfile_write(f, buffer_view(&b), ps);
    if (ok)
        ok = outfile_commit(f, ps);
    else
        outfile_free(f);
    buffer_deinit(&b);
    return ok;
}

struct entente_interview *entente_interview_load(const struct entente_kb *kb, const char *path,
                                                 struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct interview *inner = NULL;
    struct buffer b;
    buffer_init(&b);
    if (read_session(path, &b, ps))
        inner = session_read(kb_inside(kb), text_from_c(path), buffer_view(&b), ps);
    buffer_deinit(&b);
    return api_interview(kb_inside(kb), inner, ps);
}

struct entente_interview *entente_interview_over(const struct entente_interview *iv,
                                                 const struct entente_kb *kb,
                                                 struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct interview *inner = NULL;
    struct buffer b;
    buffer_init(&b);
    session_write(iv->iv, &b);
    if (b.failed)
        api_no_memory(ps);
    else
        inner = session_read(kb_inside(kb), interview_title(iv->iv), buffer_view(&b), ps);
    buffer_deinit(&b);
    if (inner)
        interview_go(inner, interview_place(iv->iv));
    return api_interview(kb_inside(kb), inner, ps);
}

bool entente_session_read(const char *path, struct entente_session *out,
                          struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct session_head head;
    struct buffer b;
    struct arena *a = calloc(1, sizeof *a);
    *out = (struct entente_session){.details = a};
    if (!a)
        return api_no_memory(ps);
    arena_init(a, 0);
    buffer_init(&b);
    bool ok = read_session(path, &b, ps) &&
              session_peek(text_from_c(path), buffer_view(&b), a, &head, ps);
    buffer_deinit(&b);
    if (!ok)
        return false;
    out->title = text_outside(head.title);
    out->pack = text_outside(head.pack);
    out->answers = head.answers;
    out->partners = head.partners;
    out->short_form = head.is_short;
    return true;
}

void entente_session_deinit(struct entente_session *s)
{
    if (s->details)
        arena_deinit(s->details);
    free(s->details);
    s->details = NULL;
}

bool entente_interview_sheet(const struct entente_interview *iv, entente_write write, void *ctx,
                             struct entente_problems *problems)
{
    struct buffer b;
    buffer_init(&b);
    sheet_write(iv->iv, &b);
    bool ok = api_write(&b, write, ctx, problems_inside(problems));
    buffer_deinit(&b);
    return ok;
}
