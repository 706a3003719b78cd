/* In: an output that is open, its lock held. Out: notes beside it, and temporaries that outlive
 * their run. Next: api's checkpoint. What another run has left is believed only as far as its
 * digest goes: a plain file of ours, under one name. */
#include "base/outfile_parts.h"

#include "base/digest.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 << 10 };

/* One read that is continued where it was short; fewer bytes only at the end, -1 and errno. */
static ssize_t read_piece(int file, char *at, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t n = read(file, at + done, size - done);
        if (n < 0 && errno != EINTR)
            return -1;
        if (n == 0)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)done;
}

static bool write_whole(int file, struct text t)
{
    while (t.size > 0) {
        ssize_t n = write(file, t.at, t.size);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            t = (struct text){t.at + n, t.size - (size_t)n};
    }
    return true;
}

/* --- temporaries that are left -----------------------------------------------------------------
 */

static bool is_ours(int file, uint64_t *size)
{
    struct stat st;
    if (fstat(file, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_nlink != 1)
        return false;
    *size = (uint64_t)st.st_size;
    return true;
}

/* Leaves the file at `size`; false and errno where it is shorter, or cannot be read. */
static bool read_digest(int file, uint64_t size, struct digest *d)
{
    char piece[PIECE];
    digest_init(d);
    while (d->size < size) {
        uint64_t left = size - d->size;
        ssize_t n = read_piece(file, piece, left < PIECE ? (size_t)left : PIECE);
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            return false;
        }
        digest_text(d, (struct text){piece, (size_t)n});
    }
    return true;
}

static bool has_digest(int file, uint64_t size, uint64_t expected, struct digest *d)
{
    return read_digest(file, size, d) && digest_value(d) == expected;
}

int outfile_digest(const struct outfile *f, uint64_t size, struct digest *out)
{
    int file = outfile_open_at(f->directory, f->part, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    int error = file >= 0 && read_digest(file, size, out) ? 0 : errno;
    if (file >= 0)
        close(file);
    return error;
}

/* A name that make_part gives, in C; the note it stands in may be anybody's. */
static bool part_name(struct text part, char out[NAME_ROOM])
{
    if (part.size >= NAME_ROOM || !text_starts(part, ".") || !text_ends(part, ".part") ||
        memchr(part.at, '/', part.size) || memchr(part.at, '\0', part.size))
        return false;
    memcpy(out, part.at, part.size);
    out[part.size] = '\0';
    return true;
}

bool outfile_adopt(struct outfile *f, struct text part, uint64_t size, uint64_t digest,
                   struct digest *so_far)
{
    char name[NAME_ROOM] = "";
    uint64_t there = 0;
    if (!f->renames || !part_name(part, name))
        return false;
    int file = outfile_open_at(f->directory, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return false;
    if (!is_ours(file, &there) || there < size || !has_digest(file, size, digest, so_far) ||
        ftruncate(file, (off_t)size) != 0) {
        close(file);
        return false;
    }
    memcpy(f->part, name, sizeof name);
    f->file = file;
    outfile_keep(f, size);
    return true;
}

/* .NAME.0123456789abcdef.part */
static bool is_part_of(const char *name, const char *start, size_t size)
{
    struct text t = text_from_c(name);
    if (t.size != size + 16 + 5 || memcmp(name, start, size) != 0 || !text_ends(t, ".part"))
        return false;
    for (size_t i = size; i < size + 16; i++)
        if (!strchr("0123456789abcdef", name[i]))
            return false;
    return true;
}

void outfile_sweep(const struct outfile *f)
{
    char start[NAME_ROOM];
    outfile_name(f, "", start);
    int folder = outfile_open_at(f->directory, ".", O_RDONLY | O_DIRECTORY);
    DIR *d = folder < 0 ? NULL : fdopendir(folder);
    if (d == NULL) {
        if (folder >= 0)
            close(folder);
        return;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        if (is_part_of(e->d_name, start, strlen(start)))
            unlinkat(f->directory, e->d_name, 0);
    closedir(d);
}

bool outfile_is_done(const struct outfile *f, uint64_t size, uint64_t digest)
{
    uint64_t there = 0;
    struct digest d;
    int file = outfile_open_at(f->directory, f->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return false;
    bool is = is_ours(file, &there) && there == size && has_digest(file, size, digest, &d);
    close(file);
    return is;
}

bool outfile_is_left(const struct outfile *f, struct text part)
{
    char name[NAME_ROOM];
    struct stat st;
    return f->renames && part_name(part, name) &&
           fstatat(f->directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

void outfile_remove_left(const struct outfile *f, struct text part)
{
    char name[NAME_ROOM];
    if (f->renames && part_name(part, name))
        unlinkat(f->directory, name, 0);
}

struct text outfile_part(const struct outfile *f)
{
    return text_from_c(f->part);
}

/* The slot no longer names the temporary: a handler removes the lock alone. */
void outfile_keep(struct outfile *f, uint64_t size)
{
    f->kept_size = size;
    if (f->kept)
        return;
    f->kept = true;
    slot_disarm(f->slot);
    f->slot = slot_arm(f->directory, NULL, f->lock_name);
}

void outfile_give_up(struct outfile *f)
{
    f->kept = false;
}

/* --- notes ---------------------------------------------------------------------------------------
 */

bool outfile_read_note(struct outfile *f, const char *word, size_t limit, struct buffer *out)
{
    char name[NAME_ROOM];
    uint64_t there = 0;
    outfile_name(f, word, name);
    int file = outfile_open_at(f->directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0 && errno == ENOENT)
        return false;
    f->note = word;
    if (file >= 0 && is_ours(file, &there) && there <= limit &&
        buffer_reserve(out, (size_t)there + 1)) {
        ssize_t got = read_piece(file, out->at + out->size, (size_t)there);
        out->size += got > 0 ? (size_t)got : 0;
    }
    if (file >= 0)
        close(file);
    return true;
}

static int put_note(int directory, const char *part, const char *name, struct text note)
{
    unlinkat(directory, part, 0); /* of a run that was killed here */
    int file = outfile_open_at(directory, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    if (file < 0)
        return errno;
    bool ok = write_whole(file, note) && outfile_sync_descriptor(file) == 0;
    int error = errno;
    if (close(file) != 0 && ok && errno != EINTR) {
        error = errno;
        ok = false;
    }
    if (ok && renameat(directory, part, directory, name) != 0) {
        error = errno;
        ok = false;
    }
    if (!ok) {
        unlinkat(directory, part, 0);
        return error;
    }
    return outfile_sync_descriptor(directory) == 0 || errno == EBADF ? 0 : errno;
}

int outfile_write_note(struct outfile *f, const char *word, struct text note)
{
    char name[NAME_ROOM], part[NAME_ROOM], part_word[NAME_ROOM - NAME_KEPT - 20];
    size_t size = strlen(word);
    memcpy(part_word, word, size);
    memcpy(part_word + size, "~", 2);
    outfile_name(f, word, name);
    outfile_name(f, part_word, part);
    f->note = word;
    return put_note(f->directory, part, name, note);
}

void outfile_remove_note(struct outfile *f)
{
    char name[NAME_ROOM];
    if (!f->note)
        return;
    outfile_name(f, f->note, name);
    unlinkat(f->directory, name, 0);
    f->note = NULL;
}
