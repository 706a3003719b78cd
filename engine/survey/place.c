/* In: a survey that is read. Out: where it stands, and another run that goes on from there. Next:
 * api notes places beside what it has written. */
#include "survey/survey_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { HEAD = 64 << 10 }; /* bytes of a file that are compared, besides its size and time */

bool survey_can_resume(const struct survey *s)
{
    for (size_t i = 0; i < s->table_count; i++)
        if (!s->tables[i].source.is_regular)
            return false;
    return s->table_count > 0;
}

void survey_place(const struct survey *s, struct survey_place *out)
{
    const struct reader *r = &s->reader;
    *out = (struct survey_place){.chunks = s->chunks, .table = r->table, .rows = r->rows};
    if (s->mode == MODE_STORED)
        return;
    out->last_key = r->last_key;
    if (!r->is_open)
        return;
    out->data = r->data;
    out->line = r->line;
    out->table_begins = r->table_begins;
}

/* What was written of them is written; but their rows are stored once more. */
static bool skip_chunks(struct survey *s, uint64_t chunks, struct problems *problems)
{
    struct survey_parser *p = survey_parser_new(s, problems);
    struct survey_chunk *c = NULL;
    struct survey_block block;
    bool ok = p != NULL;
    while (ok && s->chunks < chunks && (ok = survey_read(s, &c, problems)) && c) {
        bool has_rows = c->table != NULL;
        survey_parser_start(p, c);
        ok = (!has_rows || survey_parse(p, &block, problems)) && survey_done(s, p, c, problems);
    }
    survey_parser_free(p);
    return ok;
}

bool survey_resume(struct survey *s, const struct survey_place *p, struct problems *problems)
{
    struct reader *r = &s->reader;
    if (s->mode == MODE_STORED)
        return skip_chunks(s, p->chunks, problems);
    s->chunks = p->chunks;
    r->table = p->table < s->table_count ? (size_t)p->table : s->table_count;
    r->rows = p->rows;
    if (p->last_key.at && r->table > 0) {
        struct buffer *last = &s->tables[r->table - 1].last_key;
        buffer_text(last, p->last_key);
        r->last_key = buffer_view(last);
        if (last->failed)
            return survey_no_memory(problems);
    }
    if (r->table == s->table_count || p->line == 0)
        return true;
    if (!reader_open(s, p->data, problems))
        return false;
    r->line = p->line;
    r->table_begins = p->table_begins;
    return true;
}

/* --- which files -------------------------------------------------------------------------------
 */

static bool add_head(struct digest *d, const char *path, size_t limit, struct problems *problems)
{
    char *head = malloc(limit);
    size_t size = 0;
    ssize_t n = 1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    while (head && fd >= 0 && n != 0 && size < limit) {
        n = read(fd, head + size, limit - size);
        if (n < 0 && errno != EINTR)
            break;
        size += n > 0 ? (size_t)n : 0;
    }
    int error = errno;
    if (fd >= 0)
        close(fd);
    bool ok = head && fd >= 0 && n >= 0;
    if (ok)
        digest_text(d, (struct text){head, size});
    free(head);
    if (!ok && !head)
        return survey_no_memory(problems);
    if (!ok)
        problem_add(problems, PROBLEM_CANNOT_READ, SPAN_NONE,
                    problem_quote(problems, text_from_c(path)),
                    problem_format(problems, "%s", strerror(error)), NULL);
    return ok;
}

bool survey_identify(const struct survey *s, struct digest *d, struct problems *problems)
{
    for (size_t i = 0; i < s->table_count; i++) {
        const struct source *source = &s->tables[i].source;
        const struct stat *st = &source->first;
        digest_string(d, source->path);
        digest_number(d, (uint64_t)st->st_ino);
        digest_number(d, (uint64_t)st->st_size);
        digest_number(d, (uint64_t)st->st_mtim.tv_sec);
        digest_number(d, (uint64_t)st->st_mtim.tv_nsec);
        if (!add_head(d, source->path, HEAD, problems))
            return false;
    }
    return !s->options.map || add_head(d, s->options.map, LIMIT_PACK_FILE, problems);
}
