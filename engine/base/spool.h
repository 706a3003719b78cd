/* spool: bytes put aside in a temporary file that has no name.
 *
 *     spool_write ──▶ | bytes in the order written | ──▶ spool_read, from anywhere
 *
 * The file is readable by its owner only and has no name from the start (O_TMPFILE; where the file
 * system cannot do that, it is made under a random name, O_EXCL, and unlinked at once): whatever
 * ends the program, nothing stays behind. One thread at a time. */
#ifndef ENTENTE_SPOOL_H
#define ENTENTE_SPOOL_H

#include "base/problem.h"

struct spool;

/* In the folder TMPDIR names, else in /var/tmp. NULL and a problem. */
struct spool *spool_new(struct problems *problems);
void spool_free(struct spool *s);
uint64_t spool_size(const struct spool *s);
/* At the end. Short writes and EINTR are continued. */
bool spool_write(struct spool *s, struct text t, struct problems *problems);
/* Exactly `size` bytes, which have been written. */
bool spool_read(const struct spool *s, uint64_t from, void *to, size_t size,
                struct problems *problems);

#endif
