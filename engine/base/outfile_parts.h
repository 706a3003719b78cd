/* outfile_parts: private to outfile*.c. What an output is made of, and the table of temporaries
 * that a signal handler may remove. */
#ifndef ENTENTE_OUTFILE_PARTS_H
#define ENTENTE_OUTFILE_PARTS_H

#include "base/outfile.h"

enum {
    NAME_KEPT = 64, /* bytes of the target's name in the others: they fit wherever it fits */
    NAME_ROOM = NAME_KEPT + 48,
};

struct slot;

struct outfile {
    int file, directory, lock; /* -1: none */
    bool renames;              /* to appear by a rename; else the bytes go straight to `file` */
    bool standard, force, failed, closed_pipe;
    bool was_killed;  /* its lock lay there, and nobody held it */
    const char *note; /* the word of the note beside it, which goes when it appears; or NULL */
    bool kept;        /* the temporary outlives the run, with its first kept_size bytes */
    uint64_t kept_size;
    struct slot *slot;
    const char *name; /* of the target in its directory: points into path */
    char part[NAME_ROOM], lock_name[NAME_ROOM];
    char path[];
};

/* openat that never gives 0 to 2; mode 0600. */
int outfile_open_at(int directory, const char *name, int flags);
/* fsync; a file system where there is nothing to sync is fine. */
int outfile_sync_descriptor(int file);
/* .NAME.WORD, cut so that it is a name wherever the target's is; long names that begin alike
 * differ. */
void outfile_name(const struct outfile *f, const char *word, char out[NAME_ROOM]);

/* outfile_note.c: removes temporaries of runs for this target that were killed. With the lock held.
 */
void outfile_sweep(const struct outfile *f);

/* outfile_slots.c: NULL where the table is full: then a signal leaves the temporary behind. part
 * NULL: only the lock is to be removed. */
struct slot *slot_arm(int directory, const char *part, const char *lock);
void slot_disarm(struct slot *s); /* NULL is fine */

#endif
