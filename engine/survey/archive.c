/* In: the bytes of a zip file. Out: its parts, unpacked. Next: workbook.
 * The one idea: a place in an archive is where somebody said; it counts once the bytes there were
 * found to be inside the file and to be what they should. */
#include "survey/archive.h"

#include <limits.h>
#include <string.h>

enum { END = 22, END64 = 56, END64_AT = 20, ENTRY = 46, LOCAL = 30, COMMENT = 65535 };
enum { IS_ENCRYPTED = 1, IS_STORED = 0, IS_DEFLATED = 8, WIDE_FIELDS = 1 };
#define WIDE UINT32_MAX /* the value stands in 64 bits elsewhere */

struct entry {
    struct text name, wide;
    uint32_t flags, method, checksum;
    uint64_t size, packed, at;
};

/* --- fields ----------------------------------------------------------------------------------- */

static uint64_t field(const char *at, size_t bytes)
{
    uint64_t n = 0;
    while (bytes--)
        n = n << 8 | (unsigned char)at[bytes];
    return n;
}

static uint32_t field16(const char *at)
{
    return (uint32_t)field(at, 2);
}

static uint32_t field32(const char *at)
{
    return (uint32_t)field(at, 4);
}

/* The `size` bytes at `at`; false where they are not inside. */
static bool slice(struct text t, uint64_t at, uint64_t size, struct text *out)
{
    if (at > t.size || size > t.size - at)
        return false;
    *out = (struct text){t.at + at, (size_t)size};
    return true;
}

/* --- the directory ---------------------------------------------------------------------------- */

/* Of the fields behind an entry's name those in 64 bits; empty where there are none. */
static struct text wide_fields(struct text extra)
{
    struct text fields;
    for (size_t at = 0; slice(extra, at, 4, &fields); at += 4 + fields.size) {
        uint32_t kind = field16(fields.at);
        if (!slice(extra, at + 4, field16(fields.at + 2), &fields))
            break;
        if (kind == WIDE_FIELDS)
            return fields;
    }
    return TEXT("");
}

static bool widen(struct text *wide, uint64_t *n)
{
    struct text eight;
    if (*n != WIDE)
        return true;
    if (!slice(*wide, 0, 8, &eight))
        return false;
    *n = field(eight.at, 8);
    *wide = (struct text){wide->at + 8, wide->size - 8};
    return true;
}

/* Takes an entry off the directory; false where none is there. */
static bool next_entry(struct text *directory, struct entry *e)
{
    struct text h, extra;
    if (!slice(*directory, 0, ENTRY, &h) || memcmp(h.at, "PK\1\2", 4) != 0)
        return false;
    *e = (struct entry){.flags = field16(h.at + 8),
                        .method = field16(h.at + 10),
                        .checksum = field32(h.at + 16),
                        .packed = field32(h.at + 20),
                        .size = field32(h.at + 24),
                        .at = field32(h.at + 42)};
    size_t name = field16(h.at + 28), more = field16(h.at + 30), comment = field16(h.at + 32);
    if (!slice(*directory, ENTRY, name, &e->name) ||
        !slice(*directory, ENTRY + name, more, &extra) ||
        !slice(*directory, ENTRY + name + more, comment, &h))
        return false;
    e->wide = wide_fields(extra);
    *directory = (struct text){h.at + comment, directory->size - (ENTRY + name + more + comment)};
    return true;
}

/* Every entry is there, and nothing else. */
static enum part check_directory(struct text directory, uint64_t entries)
{
    struct entry e;
    if (entries > LIMIT_WORKBOOK_PARTS)
        return PART_LARGE;
    while (entries && next_entry(&directory, &e))
        entries--;
    return entries == 0 && directory.size == 0 ? PART_READ : PART_BROKEN;
}

/* Where the end at `at` says that the directory is. */
static enum part read_end(struct archive *a, size_t at)
{
    struct text before = {a->bytes.at, at}, end64;
    const char *end = a->bytes.at + at;
    uint64_t disks = field32(end + 4), entries = field16(end + 10), here = field16(end + 8);
    uint64_t size = field32(end + 12), from = field32(end + 16);
    if (slice(before, at - END64_AT, END64_AT, &end64) && memcmp(end64.at, "PK\6\7", 4) == 0) {
        if (!slice(before, field(end64.at + 8, 8), END64, &end64) ||
            memcmp(end64.at, "PK\6\6", 4) != 0)
            return PART_BROKEN;
        disks = field(end64.at + 16, 8);
        here = field(end64.at + 24, 8), entries = field(end64.at + 32, 8);
        size = field(end64.at + 40, 8), from = field(end64.at + 48, 8);
    }
    if (disks || here != entries || !slice(before, from, size, &a->directory))
        return PART_BROKEN;
    return check_directory(a->directory, entries);
}

enum part archive_open(struct archive *a, struct text bytes)
{
    *a = (struct archive){.bytes = bytes};
    if (bytes.size > UINT_MAX) /* zlib counts in int */
        return PART_LARGE;
    for (size_t back = END; back <= bytes.size && back <= END + COMMENT; back++) {
        const char *end = bytes.at + bytes.size - back;
        if (memcmp(end, "PK\5\6", 4) == 0 && field16(end + 20) <= back - END)
            return read_end(a, bytes.size - back);
    }
    return PART_BROKEN;
}

/* --- a part ----------------------------------------------------------------------------------- */

static bool find_entry(const struct archive *a, struct text name, struct entry *e)
{
    struct text directory = a->directory;
    while (next_entry(&directory, e))
        if (text_equal(e->name, name))
            return true;
    return false;
}

enum part archive_part_open(const struct archive *a, struct text name, struct archive_part *p)
{
    struct entry e;
    struct text local;
    *p = (struct archive_part){0};
    if (!find_entry(a, name, &e))
        return PART_ABSENT;
    if (e.flags & IS_ENCRYPTED || (e.method != IS_STORED && e.method != IS_DEFLATED) ||
        !widen(&e.wide, &e.size) || !widen(&e.wide, &e.packed) || !widen(&e.wide, &e.at) ||
        !slice(a->bytes, e.at, LOCAL, &local) || memcmp(local.at, "PK\3\4", 4) != 0 ||
        !slice(a->bytes, e.at + LOCAL + field16(local.at + 26) + field16(local.at + 28), e.packed,
               &p->packed))
        return PART_BROKEN;
    p->wanted = e.checksum;
    p->is_stored = e.method == IS_STORED;
    if (p->is_stored)
        return PART_READ;
    p->stream.next_in = (const unsigned char *)p->packed.at;
    p->stream.avail_in = (unsigned)p->packed.size;
    return inflateInit2(&p->stream, -MAX_WBITS) == Z_OK ? PART_READ : PART_NO_MEMORY;
}

void archive_part_close(struct archive_part *p)
{
    if (!p->is_stored)
        inflateEnd(&p->stream);
}

/* As much as fits; Z_STREAM_END where it was the last. */
static int copy(struct archive_part *p, char *at, size_t size, size_t *got)
{
    *got = p->packed.size < size ? p->packed.size : size;
    memcpy(at, p->packed.at, *got);
    p->packed = (struct text){p->packed.at + *got, p->packed.size - *got};
    return p->packed.size ? Z_OK : Z_STREAM_END;
}

static int unpack(struct archive_part *p, char *at, size_t size, size_t *got)
{
    int result;
    p->stream.next_out = (unsigned char *)at;
    p->stream.avail_out = (unsigned)size;
    do
        result = inflate(&p->stream, Z_NO_FLUSH);
    while (result == Z_OK && p->stream.avail_out);
    *got = size - p->stream.avail_out;
    return result;
}

enum part archive_part_read(void *ctx, char *at, size_t size, size_t *got)
{
    struct archive_part *p = ctx;
    int result = p->is_stored ? copy(p, at, size, got) : unpack(p, at, size, got);
    p->checksum = (uint32_t)crc32(p->checksum, (const unsigned char *)at, (unsigned)*got);
    if (result == Z_MEM_ERROR)
        return PART_NO_MEMORY;
    bool is_right = result == Z_STREAM_END ? p->checksum == p->wanted : result == Z_OK;
    return is_right ? PART_READ : PART_BROKEN;
}
