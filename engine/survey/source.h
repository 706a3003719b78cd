/* source: one input, a file, a pipe or standard input, read once from front to back.
 *
 * A regular file is closed between the look at its header and its turn, so that many files need
 * few descriptors; that it is still the same file (device, inode, size, time) is checked when it is
 * opened again and when it has been read. Never mapped: a file that shrinks must not kill us. */
#ifndef ENTENTE_SOURCE_H
#define ENTENTE_SOURCE_H

#include "survey/decode.h"
#include <sys/stat.h>

struct source {
    const char *path; /* "-": standard input; not owned */
    struct text name; /* for people and for the rejects */
    int fd;           /* -1: closed */
    bool is_regular;
    struct stat first; /* as it was when it was opened first */
    uint64_t offset;   /* bytes read, as they stand in the file */
    bool at_end;
    bool is_whole;              /* all of it was read with its header (a workbook) */
    struct decoder *decoder;    /* NULL: the file is read as it is */
    void (*waiting)(void *ctx); /* NULL, or called when a second passes without input */
    void *ctx;
};

/* Opens and notes what the file is. False and a problem where that fails. */
bool source_open(struct source *s, const char *path, struct problems *problems);
void source_close(struct source *s);
/* Closes a regular file until source_resume opens it again at `offset`; one with a decoder goes on
 * where it stood. */
void source_pause(struct source *s);
bool source_resume(struct source *s, uint64_t offset, struct problems *problems);

/* Fills `at` with up to `size` bytes, fewer only at the end; *got the number. At the end of a
 * regular file, whether it changed meanwhile is checked. False and a problem where reading fails.
 */
bool source_read(struct source *s, char *at, size_t size, size_t *got, struct problems *problems);

/* Whether the first bytes are those of a table. If not (compressed, a workbook): false and a
 * problem that says what to type. */
bool sniff_table(const struct source *s, struct text head, struct problems *problems);
/* How its letters are written, and why that is believed. */
enum encoding sniff_encoding(struct text head, const char **because);

#endif
