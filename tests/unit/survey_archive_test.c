/* Zip files to their parts: the ways of writing one that spreadsheets and what makes them use, and
 * what is not as it should be. The workbook inside is tested in survey_workbook_test.c. */
#include "test.h"

#include "survey/archive.h"

enum { PARTS = 3, NAMED = 1 };
static const char *const NAMES[PARTS] = {"xl/a.xml", "xl/b.xml", "xl/a.xml"};
static const char *const TEXTS[PARTS] = {"first, first, first, first", "second", "third"};

/* How an archive is written. What is not 0 is put in the place of a field of part NAMED. */
struct how {
    bool wide, wide_end, stored, late; /* 64-bit fields; sizes behind the part, not before it */
    uint32_t flags, method, checksum, packed, at, local;
    int more_entries, more_bytes, more_from;
    uint32_t disk;
    const char *comment, *tail;
    size_t cut; /* so many bytes at the end are not there */
};

static void put(struct buffer *b, uint64_t n, int bytes)
{
    while (bytes--) {
        buffer_byte(b, (char)(n & 0xff));
        n >>= 8;
    }
}

static struct text pack(const char *text, bool stored, char out[200])
{
    z_stream s = {.next_in = (const unsigned char *)text, .avail_in = (unsigned)strlen(text)};
    if (stored)
        return text_from_c(text);
    assert_int_equal(deflateInit2(&s, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    s.next_out = (unsigned char *)out;
    s.avail_out = 200;
    assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
    size_t size = 200 - s.avail_out;
    deflateEnd(&s);
    return (struct text){out, size};
}

static void write_part(struct buffer *out, struct buffer *directory, int i, const struct how *h)
{
    char room[200];
    struct text packed = pack(TEXTS[i], h->stored, room), name = text_from_c(NAMES[i]);
    const struct how none = {0}, *x = i == NAMED ? h : &none;
    uint64_t size = strlen(TEXTS[i]), at = x->at ? x->at : out->size;
    uint64_t bytes = x->packed ? x->packed : packed.size;
    uint32_t flags = x->flags | (h->late ? 8 : 0);
    uint32_t method = x->method ? x->method : h->stored ? 0 : 8;
    uint32_t checksum =
        (uint32_t)crc32(0, (const unsigned char *)TEXTS[i], (unsigned)size) + x->checksum;

    put(out, x->local ? x->local : 0x04034b50, 4);
    put(out, 20, 2), put(out, flags, 2), put(out, method, 2), put(out, 0, 4);
    put(out, h->late ? 0 : checksum, 4);
    put(out, h->late ? 0 : packed.size, 4), put(out, h->late ? 0 : size, 4);
    put(out, name.size, 2), put(out, 5, 2);
    buffer_text(out, name);
    put(out, 0x9999, 2), put(out, 1, 2), put(out, 0, 1);
    buffer_text(out, packed);
    if (h->late)
        put(out, 0x08074b50, 4), put(out, checksum, 4), put(out, bytes, 4), put(out, size, 4);

    put(directory, 0x02014b50, 4), put(directory, 20, 2), put(directory, 20, 2);
    put(directory, flags, 2), put(directory, method, 2), put(directory, 0, 4);
    put(directory, checksum, 4);
    put(directory, h->wide ? UINT32_MAX : bytes, 4), put(directory, h->wide ? UINT32_MAX : size, 4);
    put(directory, name.size, 2), put(directory, h->wide ? 33 : 5, 2), put(directory, 4, 2);
    put(directory, 0, 8), put(directory, h->wide ? UINT32_MAX : at, 4);
    buffer_text(directory, name);
    put(directory, 0x9999, 2), put(directory, 1, 2), put(directory, 0, 1);
    if (h->wide) {
        put(directory, 1, 2), put(directory, 24, 2);
        put(directory, size, 8), put(directory, bytes, 8), put(directory, at, 8);
    }
    buffer_c(directory, "note");
}

static void write_archive(struct buffer *out, const struct how *h)
{
    struct buffer directory;
    buffer_init(&directory);
    for (int i = 0; i < PARTS; i++)
        write_part(out, &directory, i, h);
    uint64_t from = out->size + (uint64_t)h->more_from;
    uint64_t size = directory.size + (uint64_t)h->more_bytes;
    uint64_t entries = PARTS + (uint64_t)h->more_entries;
    buffer_text(out, buffer_view(&directory));
    buffer_deinit(&directory);
    if (h->wide_end) {
        uint64_t end = out->size;
        put(out, 0x06064b50, 4), put(out, 44, 8), put(out, 45, 2), put(out, 45, 2);
        put(out, 0, 4), put(out, h->disk, 4), put(out, entries, 8), put(out, entries, 8);
        put(out, size, 8), put(out, from, 8);
        put(out, 0x07064b50, 4), put(out, 0, 4), put(out, end, 8), put(out, 1, 4);
        from = size = UINT32_MAX, entries = UINT16_MAX;
    }
    const char *comment = h->comment ? h->comment : "";
    put(out, 0x06054b50, 4), put(out, h->wide_end ? 0 : h->disk, 2), put(out, 0, 2);
    put(out, entries, 2), put(out, entries, 2), put(out, size, 4), put(out, from, 4);
    put(out, strlen(comment), 2);
    buffer_c(out, comment);
    buffer_c(out, h->tail ? h->tail : "");
    out->size -= h->cut;
}

/* What reading the part of this name comes to, `step` bytes at a time. */
static enum part read_part(struct text bytes, const char *name, size_t step, struct buffer *out)
{
    struct archive a;
    struct archive_part p;
    char piece[100];
    size_t got = 0;
    enum part result = archive_open(&a, bytes);
    if (result == PART_READ)
        result = archive_part_open(&a, text_from_c(name), &p);
    if (result != PART_READ)
        return result;
    do {
        result = archive_part_read(&p, piece, step, &got);
        if (result == PART_READ)
            buffer_text(out, (struct text){piece, got});
    } while (result == PART_READ && got);
    archive_part_close(&p);
    return result;
}

/* Both names, or why the one of NAMED cannot be read; the bytes are as long as they are. */
static void assert_archive(struct how h, enum part expected)
{
    static const size_t STEPS[] = {1, 5, 100};
    struct buffer file;
    buffer_init(&file);
    write_archive(&file, &h);
    char *exact = malloc(file.size);
    assert_non_null(exact);
    memcpy(exact, file.at, file.size);
    struct text bytes = {exact, file.size};
    for (size_t i = 0; i < 3; i++) {
        struct buffer first, second;
        buffer_init(&first);
        buffer_init(&second);
        assert_int_equal(read_part(bytes, NAMES[NAMED], STEPS[i], &second), expected);
        if (expected == PART_READ) {
            assert_text(TEXTS[NAMED], buffer_view(&second));
            assert_int_equal(read_part(bytes, NAMES[0], STEPS[i], &first), PART_READ);
            assert_text(TEXTS[0], buffer_view(&first)); /* not the other of that name */
        }
        buffer_deinit(&first);
        buffer_deinit(&second);
    }
    free(exact);
    buffer_deinit(&file);
}

static void test_what_is_written(void **state)
{
    (void)state;
    for (int stored = 0; stored < 2; stored++)
        for (int wide = 0; wide < 4; wide++)
            for (int late = 0; late < 2; late++)
                assert_archive(
                    (struct how){
                        .stored = stored, .wide = wide & 1, .late = late, .wide_end = wide & 2},
                    PART_READ);
    assert_archive((struct how){.comment = "of the archive"}, PART_READ);
    assert_archive((struct how){.comment = "PK\5\6 and more, as long as an end of it"}, PART_READ);
    assert_archive((struct how){.tail = "behind it"}, PART_READ);
}

static void test_names(void **state)
{
    (void)state;
    struct buffer file, out;
    buffer_init(&file);
    buffer_init(&out);
    write_archive(&file, &(struct how){0});
    static const char *const others[] = {"xl/A.xml",  "xl/c.xml", "xl/a.xm",
                                         "xl/a.xmlx", "",         "a.xml"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(read_part(buffer_view(&file), others[i], 100, &out), PART_ABSENT);
    assert_int_equal(out.size, 0);
    buffer_deinit(&file);
    buffer_deinit(&out);
}

/* What is in an entry: 1 more than there is, elsewhere, otherwise packed, encrypted. */
static void test_broken_parts(void **state)
{
    (void)state;
    for (int stored = 0; stored < 2; stored++)
        for (int wide = 0; wide < 2; wide++) {
            struct how h = {.stored = stored, .wide = wide, .wide_end = wide};
            struct how checksum = h, flags = h, method = h, packed = h, far = h, at = h, local = h;
            checksum.checksum = 1, flags.flags = 1, method.method = 12, packed.packed = 3;
            far.packed = 5000, at.at = 100000, local.local = 0x04034b51;
            assert_archive(checksum, PART_BROKEN);
            assert_archive(flags, PART_BROKEN);
            assert_archive(method, PART_BROKEN);
            assert_archive(packed, PART_BROKEN);
            assert_archive(far, PART_BROKEN);
            assert_archive(at, PART_BROKEN);
            at.at = 1;
            assert_archive(at, PART_BROKEN);
            assert_archive(local, PART_BROKEN);
        }
}

static void test_broken_directories(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        const struct how h = {.wide_end = wide};
        struct how more = h, fewer = h, long_one = h, short_one = h, behind = h, before = h,
                   disk = h;
        more.more_entries = 1, fewer.more_entries = -1, long_one.more_bytes = 1;
        short_one.more_bytes = -1, behind.more_from = 1, before.more_from = -1, disk.disk = 1;
        assert_archive(more, PART_BROKEN);
        assert_archive(fewer, PART_BROKEN);
        assert_archive(long_one, PART_BROKEN);
        assert_archive(short_one, PART_BROKEN);
        assert_archive(behind, PART_BROKEN);
        assert_archive(before, PART_BROKEN);
        assert_archive(disk, PART_BROKEN);
    }
    assert_archive((struct how){.wide_end = true, .more_entries = 1 << 20}, PART_LARGE);
    assert_archive((struct how){.comment = "cut", .cut = 1}, PART_BROKEN);
    for (size_t cut = 1; cut < 200; cut++)
        assert_archive((struct how){.wide = true, .wide_end = true, .cut = cut}, PART_BROKEN);
}

/* Broken in any way, it ends, reads nothing outside, and gives no more than was packed. */
static void test_mutations(void **state)
{
    (void)state;
    struct buffer file;
    uint64_t random = 7;
    buffer_init(&file);
    write_archive(&file, &(struct how){.wide = true, .wide_end = true});
    char *broken = malloc(file.size);
    assert_non_null(broken);
    for (int i = 0; i < 20000; i++) {
        struct buffer out;
        buffer_init(&out);
        memcpy(broken, file.at, file.size);
        for (int k = 0; k < 1 + i % 3; k++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            broken[(random >> 33) % file.size] = "\0\1\2\6\xff\xfe\x80P"[(random >> 20) % 8];
        }
        enum part result = read_part((struct text){broken, file.size}, NAMES[NAMED], 100, &out);
        assert_true(result != PART_READ || text_is(buffer_view(&out), TEXTS[NAMED]));
        assert_true(out.size < 4096);
        buffer_deinit(&out);
    }
    free(broken);
    buffer_deinit(&file);
}

TEST_MAIN(5, cmocka_unit_test(test_what_is_written), cmocka_unit_test(test_names),
          cmocka_unit_test(test_broken_parts), cmocka_unit_test(test_broken_directories),
          cmocka_unit_test(test_mutations))
