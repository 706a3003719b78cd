/* archive: the parts of a zip file, as spreadsheets write them; private to the survey.
 *
 *     part part ... part │ directory: an entry a part, its name and place │ end: where that is
 *
 * The file is in memory and stays there; a part is unpacked piece by piece and owned by its reader.
 * Packed with deflate or stored, with 64-bit fields or without. What is encrypted, packed in
 * another way, spread over several files, or not where its entry says, is broken. */
#ifndef ENTENTE_ARCHIVE_H
#define ENTENTE_ARCHIVE_H

#include "base/base.h"

#define ZLIB_CONST /* what is unpacked is not written to */
#include <zlib.h>

/* What reading a part came to. */
enum part { PART_READ, PART_ABSENT, PART_BROKEN, PART_LARGE, PART_NO_MEMORY };

struct archive {
    struct text bytes, directory;
};

struct archive_part {
    struct text packed; /* what is stored: what is left of it */
    z_stream stream;
    bool is_stored;
    uint32_t checksum, wanted;
};

/* PART_BROKEN where the directory is not whole, PART_LARGE where it has too many entries. */
enum part archive_open(struct archive *a, struct text bytes);

/* The first part of this name, letter for letter. Where it is PART_READ, archive_part_close. */
enum part archive_part_open(const struct archive *a, struct text name, struct archive_part *p);
void archive_part_close(struct archive_part *p);

/* The next bytes, `size` of them or all there are; *got 0 at the end, where all were as they were
 * packed. ctx is a struct archive_part. */
enum part archive_part_read(void *ctx, char *at, size_t size, size_t *got);

#endif
