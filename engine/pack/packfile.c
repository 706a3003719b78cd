/* packfile: opens the folders of packs and reads their files.
 * In: a path, or an id beside or among the installed packs. Out: bytes as a source, or a problem.
 * The idea: openat from an open folder, O_NOFOLLOW, O_NONBLOCK, fstat before reading, so that no
 * link leads out, no pipe or device hangs, nothing is read that is too big. Next: packset.c. */
#include "pack/packfile.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Something open, given back when its arena is reset: an allocation may jump while it is open. */
struct held {
    int fd;
    DIR *dir;
};

static void give_back(void *p)
{
    struct held *h = p;
    if (h->dir)
        closedir(h->dir);
    if (h->fd >= 0)
        close(h->fd);
    *h = (struct held){-1, NULL};
}

static struct held *hold(struct arena *a)
{
    struct held *h = arena_alloc(a, sizeof *h);
    *h = (struct held){-1, NULL};
    arena_defer(a, give_back, h);
    return h;
}

static int open_at(int folder, const char *name, int flags)
{
    int fd;
    do
        fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static void report_errno(struct problems *problems, struct span span, struct text path, int error)
{
    problem_add(problems, error == ENOMEM ? PROBLEM_NO_MEMORY : PROBLEM_CANNOT_READ, span,
                problem_quote(problems, path), strerror(error), NULL);
}

static struct folder *new_folder(struct arena *a, struct held *h, struct text path)
{
    struct folder *f = arena_alloc(a, sizeof *f);
    struct stat st;
    if (fstat(h->fd, &st) != 0)
        return NULL;
    *f = (struct folder){h->fd, h, path, st.st_dev, st.st_ino};
    return f;
}

void folder_close(struct folder *f)
{
    give_back(f->held);
    f->fd = -1;
}

enum folder_found folder_open(struct arena *a, struct text path, struct folder **out,
                              struct problems *problems)
{
    while (path.size > 1 && path.at[path.size - 1] == '/')
        path.size--;
    struct text kept = arena_text(a, path);
    struct held *h = hold(a);
    h->fd = open_at(AT_FDCWD, kept.at, O_DIRECTORY);
    if (h->fd >= 0 && (*out = new_folder(a, h, kept)) != NULL)
        return FOLDER_OPEN;
    int error = errno;
    if (error == ENOENT)
        return FOLDER_ABSENT;
    if (error == ENOTDIR) {
        problem_add(problems, PROBLEM_PACK_NOT_FOLDER, SPAN_NONE, problem_quote(problems, path),
                    NULL, NULL);
        problem_help(problems, "name the folder that holds pack.yaml");
        return FOLDER_REFUSED;
    }
    report_errno(problems, SPAN_NONE, path, error);
    return FOLDER_REFUSED;
}

struct text folder_join(struct arena *a, struct text folder, struct text name)
{
    if (text_is(folder, "."))
        return arena_text(a, name);
    bool slash = folder.size > 0 && folder.at[folder.size - 1] != '/';
    char *out = arena_alloc(a, folder.size + 1 + name.size + 1);
    memcpy(out, folder.at, folder.size);
    if (slash)
        out[folder.size] = '/';
    memcpy(out + folder.size + slash, name.at, name.size);
    return (struct text){out, folder.size + slash + name.size};
}

enum folder_found folder_open_in(struct arena *a, struct text parent, struct text id,
                                 struct span span, struct folder **out, struct problems *problems)
{
    struct held *outer = hold(a), *h = hold(a);
    outer->fd = open_at(AT_FDCWD, arena_c(a, parent), O_DIRECTORY);
    if (outer->fd < 0)
        return FOLDER_ABSENT;
    struct text path = folder_join(a, parent, id);
    h->fd = open_at(outer->fd, arena_c(a, id), O_DIRECTORY | O_NOFOLLOW);
    int error = errno;
    give_back(outer);
    if (h->fd >= 0 && (*out = new_folder(a, h, path)) != NULL)
        return FOLDER_OPEN;
    if (error == ENOENT)
        return FOLDER_ABSENT;
    if (error == ENOTDIR || error == ELOOP) {
        problem_add(problems, PROBLEM_PACK_LINK, span, problem_quote(problems, path), NULL, NULL);
        problem_help(problems, "put the pack's own folder there");
    } else {
        report_errno(problems, span, path, error);
    }
    return FOLDER_REFUSED;
}

struct text folder_parent(struct arena *a, struct text path)
{
    size_t last = path.size;
    while (last > 0 && path.at[last - 1] != '/')
        last--;
    struct text name = {path.at + last, path.size - last};
    if (text_is(name, ".") || text_is(name, "..") || name.size == 0)
        return folder_join(a, path, TEXT(".."));
    if (last == 0)
        return TEXT(".");
    return (struct text){path.at, last > 1 ? last - 1 : 1};
}

static int compare_names(const void *a, const void *b)
{
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

bool folder_names(struct arena *a, const struct folder *f, const char *prefix, const char *suffix,
                  size_t limit, struct names_list *out, struct problems *problems)
{
    size_t capacity = 0;
    *out = (struct names_list){NULL, 0};
    struct held *h = hold(a);
    h->fd = open_at(f->fd, ".", O_DIRECTORY);
    if (h->fd >= 0 && (h->dir = fdopendir(h->fd)) != NULL)
        h->fd = -1; /* the stream owns it now */
    if (!h->dir) {
        report_errno(problems, SPAN_NONE, f->path, errno);
        return false;
    }
    for (struct dirent *e; (e = readdir(h->dir)) != NULL;) {
        struct text name = text_from_c(e->d_name);
        if (!text_starts(name, prefix) || !text_ends(name, suffix) ||
            name.size < strlen(prefix) + strlen(suffix))
            continue;
        if (out->count == limit) {
            problem_add(problems, PROBLEM_PACK_FILES, SPAN_NONE, problem_quote(problems, f->path),
                        problem_count_text(problems, limit), prefix);
            give_back(h);
            return false;
        }
        out->at = arena_grow(a, out->at, out->count, &capacity, sizeof *out->at);
        out->at[out->count++] = arena_text(a, name);
    }
    give_back(h);
    if (out->count > 1)
        qsort(out->at, out->count, sizeof *out->at, compare_names);
    return true;
}

static enum file_found refuse(struct problems *problems, enum problem_code code, struct text path,
                              const char *second, const char *help)
{
    problem_add(problems, code, SPAN_NONE, problem_quote(problems, path), second, NULL);
    problem_help(problems, help);
    return FILE_REFUSED;
}

static enum file_found refuse_size(struct problems *problems, struct text path)
{
    return refuse(problems, PROBLEM_FILE_TOO_BIG, path,
                  problem_count_text(problems, LIMIT_PACK_FILE >> 20),
                  "split it: rules may stand in rules-*.yaml");
}

/* Reads to the end, but never more than the limit, whatever fstat has said. */
static enum file_found read_all(struct arena *scratch, int fd, size_t expected, struct text path,
                                struct text *out, struct problems *problems)
{
    size_t capacity = expected + 1, size = 0;
    char *bytes = arena_alloc(scratch, capacity);
    for (;;) {
        ssize_t got = read(fd, bytes + size, capacity - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            report_errno(problems, SPAN_NONE, path, errno);
            return FILE_REFUSED;
        }
        if (got == 0)
            break;
        size += (size_t)got;
        if (size > LIMIT_PACK_FILE)
            return refuse_size(problems, path);
        if (size == capacity) {
            char *more = arena_alloc(scratch, capacity * 2 + 4096);
            memcpy(more, bytes, size);
            bytes = more;
            capacity = capacity * 2 + 4096;
        }
    }
    *out = (struct text){bytes, size};
    return FILE_READ;
}

enum file_found file_read(struct arena *scratch, const struct folder *f, struct text name,
                          source_id *out, struct problems *problems)
{
    struct text path = folder_join(scratch, f->path, name);
    struct held *h = hold(scratch);
    h->fd = open_at(f->fd, arena_c(scratch, name), O_NOFOLLOW | O_NOCTTY);
    if (h->fd < 0 && errno == ENOENT)
        return FILE_ABSENT;
    if (h->fd < 0 && errno == ELOOP)
        return refuse(problems, PROBLEM_FILE_LINK, path, NULL, "put the file itself there");
    struct stat st;
    bool is_known = h->fd >= 0 && fstat(h->fd, &st) == 0;
    if (is_known ? !S_ISREG(st.st_mode) : h->fd < 0 && errno == ENXIO)
        return refuse(problems, PROBLEM_FILE_SPECIAL, path, NULL,
                      "a pack holds plain files only; remove it");
    if (!is_known) {
        report_errno(problems, SPAN_NONE, path, errno);
        return FILE_REFUSED;
    }
    if (st.st_size > (off_t)LIMIT_PACK_FILE)
        return refuse_size(problems, path);
    struct text bytes;
    enum file_found found = read_all(scratch, h->fd, (size_t)st.st_size, path, &bytes, problems);
    give_back(h);
    if (found != FILE_READ)
        return found;
    *out = problems_source(problems, path, bytes);
    if (*out == 0) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return FILE_REFUSED;
    }
    return FILE_READ;
}
