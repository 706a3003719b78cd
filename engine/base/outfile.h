/* outfile: an output that appears at its path whole, or not at all.
 *
 *     DIR/.NAME.RANDOM.part  (O_EXCL, 0600)  ──fsync──rename──▶  DIR/NAME
 *
 * The temporary stands beside the target, so the rename stays in one file system. An existing
 * target is refused without `force`, also one that appears in between (RENAME_NOREPLACE, link); a
 * symbolic link is never followed: it is refused. A device or a FIFO is written to directly,
 * nothing is renamed. Two runs for one target: the second is refused through a lock (flock on
 * DIR/.NAME.lock, removed after). Where it lies there and nobody holds it, a run was killed, and
 * what it has left is removed. Every failed open, write, fsync, rename, close adds a problem and
 * removes the temporary. Descriptors 0 to 2 are never used for files: what is printed cannot end up
 * in one. SIGPIPE and SIGXFSZ are to be ignored by the program. */
#ifndef ENTENTE_OUTFILE_H
#define ENTENTE_OUTFILE_H

#include "base/digest.h"
#include "base/problem.h"

struct outfile; /* one thread at a time */

/* path NULL or "-": standard output (checked to be open for writing, so a program that opens its
 * closed descriptors read-only on /dev/null is told the truth; nothing is renamed). NULL and a
 * problem where it cannot be made: asked before any work is done. */
struct outfile *outfile_new(const char *path, bool force, struct problems *problems);
/* Writes at once (callers hold big buffers). Short writes and EINTR are continued. False and one
 * problem at the first failure; a closed pipe sets outfile_is_closed_pipe and adds no problem. */
bool outfile_write(struct outfile *f, struct text t, struct problems *problems);
bool outfile_is_closed_pipe(const struct outfile *f);
/* Makes it appear and frees f. False and a problem where that fails; nothing stays behind
 * (except: when only the folder's fsync fails the file is there, and the problem says so). After a
 * failed write: false, without another problem. */
bool outfile_commit(struct outfile *f, struct problems *problems);
void outfile_free(struct outfile *f); /* NULL is fine; without commit nothing appears */
/* Removes temporaries of this process that are still open: for a signal handler, which it is safe
 * in. */
void outfile_remove_all(void);

/* --- a run that may end and be gone on with -----------------------------------------------------
 *
 *     open (the lock is held) ──▶ read_note ──▶ adopt, or begin ──▶ write, sync, write_note, keep
 *
 * A note is a small file DIR/.NAME.WORD beside the output: how far the run is. */

/* outfile_new in two steps. resume: a target that exists is no mistake before outfile_begin. */
struct outfile *outfile_open(const char *path, bool force, bool resume, struct problems *problems);
bool outfile_begin(struct outfile *f, struct problems *problems); /* with a new temporary */
/* Goes on behind the first `size` bytes of a temporary that another run has left, which must have
 * this digest, then in *so_far; what stands behind them is cut off. False, and no problem, where it
 * is not such a one. */
bool outfile_adopt(struct outfile *f, struct text part, uint64_t size, uint64_t digest,
                   struct digest *so_far);
/* The target is there already, with exactly these bytes. */
bool outfile_is_done(const struct outfile *f, uint64_t size, uint64_t digest);

/* The digest of the first `size` bytes written, which are read again. 0, or errno. */
int outfile_digest(const struct outfile *f, uint64_t size, struct digest *out);

bool outfile_is_renamed(const struct outfile *f); /* else it can be neither kept nor adopted */
struct text outfile_part(const struct outfile *f); /* the name of the temporary */
/* Puts what was written onto the disk. False and a problem: it is lost, whatever is tried. */
bool outfile_sync(struct outfile *f, struct problems *problems);
/* From now on the temporary stays, with its first `size` bytes, where nothing is committed. */
void outfile_keep(struct outfile *f, uint64_t size);
void outfile_give_up(struct outfile *f); /* and now it does not */

/* The note, or false where there is none. One that cannot be read, or is longer than `limit`, is
 * empty. A note that was read or written goes when the output appears; words are literals. */
bool outfile_read_note(struct outfile *f, const char *word, size_t limit, struct buffer *out);
/* Whole or not at all, on the disk when it returns. 0, or errno. */
int outfile_write_note(struct outfile *f, const char *word, struct text note);
void outfile_remove_note(struct outfile *f);
/* A temporary that another run has left: whether it is there; removes it. */
bool outfile_is_left(const struct outfile *f, struct text part);
void outfile_remove_left(const struct outfile *f, struct text part);

#endif
