/* Notes of how far a batch is: what is written is read back; whatever else stands there is refused
 * (fault 85). And temporaries that outlive their run are believed only as what they are (86). */
#include "api/checkpoint.h"

#include "unit/outfile_world.h"

#include <sys/stat.h>

static struct checkpoint example(void)
{
    struct checkpoint c = {.version = text_from_c(ENTENTE_VERSION),
                           .pack = UINT64_MAX,
                           .options = 1,
                           .inputs = 0,
                           .complete = 0,
                           .place = {.chunks = 7,
                                     .table = 1,
                                     .data = UINT64_C(1) << 40,
                                     .rows = 123456,
                                     .line = 123460,
                                     .table_begins = true,
                                     .last_key = TEXT("k\n \0y")}};
    c.tally.cases = 99;
    c.tally.rows.read = 123456;
    c.tally.rows.causes[3] = 5;
    c.outputs[REPORT].part = TEXT(".out.csv.0123456789abcdef.part");
    c.outputs[REPORT].size = 1000;
    c.outputs[REPORT].digest = 5;
    c.outputs[REJECTS].part = (struct text){NULL, 0};
    return c;
}

struct noting {
    struct arena arena;
    struct text bytes;
    struct checkpoint read;
    bool ok, other_version;
};

static void read_it(void *ctx)
{
    struct noting *n = ctx;
    n->ok = checkpoint_read(&n->arena, n->bytes, &n->read, &n->other_version);
}

static bool reads(struct text bytes, struct noting *n)
{
    *n = (struct noting){.bytes = bytes};
    arena_init(&n->arena, 0);
    assert_true(arena_run(&n->arena, read_it, n));
    return n->ok;
}

static void test_what_is_written_is_read(void **state)
{
    (void)state;
    struct checkpoint c = example();
    struct buffer b;
    struct noting n;
    buffer_init(&b);
    checkpoint_write(&c, &b);
    assert_true(reads(buffer_view(&b), &n));
    assert_int_equal(n.read.place.data, c.place.data);
    assert_int_equal(n.read.pack, UINT64_MAX);
    assert_true(n.read.place.table_begins);
    assert_true(text_equal(n.read.place.last_key, c.place.last_key));
    assert_true(text_equal(n.read.outputs[REPORT].part, c.outputs[REPORT].part));
    assert_null(n.read.outputs[REJECTS].part.at);
    assert_memory_equal(&n.read.tally, &c.tally, sizeof c.tally);
    arena_deinit(&n.arena);
    buffer_deinit(&b);
}

static void test_85_anything_else_is_refused(void **state)
{
    (void)state;
    struct checkpoint c = example();
    struct buffer b;
    struct noting n;
    buffer_init(&b);
    checkpoint_write(&c, &b);
    for (size_t i = 0; i <= b.size; i++) { /* an end, anywhere */
        assert_int_equal(reads((struct text){b.at, i}, &n), i == b.size);
        arena_deinit(&n.arena);
    }
    for (size_t i = 0; i < b.size; i++) /* a byte, any other */
        for (int bit = 0; bit < 8; bit++) {
            b.at[i] ^= (char)(1 << bit);
            assert_false(reads(buffer_view(&b), &n));
            b.at[i] ^= (char)(1 << bit);
            arena_deinit(&n.arena);
        }
    buffer_byte(&b, '\n'); /* something behind */
    assert_false(reads(buffer_view(&b), &n));
    arena_deinit(&n.arena);
    buffer_clear(&b);
    c.version = TEXT("99.0.0");
    checkpoint_write(&c, &b);
    assert_false(reads(buffer_view(&b), &n));
    assert_true(n.other_version);
    arena_deinit(&n.arena);
    buffer_deinit(&b);
}

/* --- temporaries ---------------------------------------------------------------------------------
 */

static uint64_t digest_of(const char *bytes)
{
    struct digest d;
    digest_init(&d);
    digest_text(&d, text_from_c(bytes));
    return digest_value(&d);
}

static struct text leave(char *name)
{
    struct outfile *f = outfile_new("out", false, ps);
    assert_true(outfile_write(f, TEXT("half of it, and more"), ps));
    assert_true(outfile_sync(f, ps));
    struct text part = outfile_part(f);
    memcpy(name, part.at, part.size + 1);
    outfile_keep(f, 10);
    assert_int_equal(outfile_write_note(f, "checkpoint", TEXT("a note")), 0);
    outfile_free(f);
    return (struct text){name, part.size};
}

static void test_a_kept_temporary_is_adopted(void **state)
{
    (void)state;
    char name[200];
    struct digest d;
    struct buffer note;
    struct text part = leave(name);
    assert_int_equal(2, entries()); /* the temporary and the note; no lock */
    holds(name, "half of it");
    buffer_init(&note);
    struct outfile *f = outfile_open("out", false, true, ps);
    assert_true(outfile_read_note(f, "checkpoint", 100, &note));
    assert_text("a note", buffer_view(&note));
    assert_true(outfile_is_left(f, part));
    assert_true(outfile_adopt(f, part, 7, digest_of("half of"), &d));
    assert_int_equal(d.size, 7);
    assert_true(outfile_write(f, TEXT(" them"), ps));
    assert_true(outfile_commit(f, ps));
    holds("out", "half of them");
    assert_int_equal(1, entries()); /* and the note is gone */
    no_problem();
    buffer_deinit(&note);
}

static void test_86_what_is_not_ours_is_not_adopted(void **state)
{
    (void)state;
    char name[200];
    struct digest d;
    struct text part = leave(name);
    uint64_t right = digest_of("half of it");
    put("elsewhere", "half of it");
    struct outfile *f = outfile_open("out", false, true, ps);
    assert_false(outfile_adopt(f, part, 11, right, &d));     /* longer than it is */
    assert_false(outfile_adopt(f, part, 10, right + 1, &d)); /* other bytes */
    static const char *const NAMES[] = {"elsewhere", "../out.part", ".a/b.part", "/tmp/x.part", "",
                                        "."};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        assert_false(outfile_adopt(f, text_from_c(NAMES[i]), 10, right, &d));
    assert_int_equal(symlink("elsewhere", ".link.part"), 0);
    assert_false(outfile_adopt(f, TEXT(".link.part"), 10, right, &d));
    assert_int_equal(link("elsewhere", ".hard.part"), 0);
    assert_false(outfile_adopt(f, TEXT(".hard.part"), 10, right, &d));
    assert_int_equal(mkfifo(".pipe.part", 0600), 0);
    assert_false(outfile_adopt(f, TEXT(".pipe.part"), 10, right, &d));
    assert_true(outfile_adopt(f, part, 10, right, &d));
    outfile_give_up(f);
    outfile_free(f);
    assert_int_equal(access(name, F_OK), -1);
    holds("elsewhere", "half of it");
    no_problem();
}

/* A signal takes what nobody can go on with, and leaves what was noted. */
static void test_a_signal_leaves_what_is_kept(void **state)
{
    (void)state;
    struct outfile *f = outfile_new("out", false, ps);
    assert_true(outfile_write(f, TEXT("bytes"), ps));
    outfile_keep(f, 5);
    outfile_remove_all();
    assert_int_equal(1, entries());
    outfile_give_up(f);
    outfile_free(f);
    assert_int_equal(0, entries());
    no_problem();
}

/* Of what was left, only temporaries of this very name are swept away. */
static void test_a_sweep_takes_its_own_alone(void **state)
{
    (void)state;
    static const char *const OTHERS[] = {".out.0123456789abcde.part", ".out.0123456789abcdeg.part",
                                         ".out.b.0123456789abcdef.part",
                                         ".out.0123456789abcdef.par", "out.0123456789abcdef.part"};
    put(".out.lock", "");
    put(".out.0123456789abcdef.part", "of a run that was killed");
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++)
        put(OTHERS[i], "somebody's");
    assert_true(write_whole("out", false));
    assert_int_equal(sizeof OTHERS / sizeof OTHERS[0] + 1, entries());
    assert_int_equal(access(".out.0123456789abcdef.part", F_OK), -1);
    no_problem();
}

/* How bytes were cut makes no difference to their digest; any other byte does. */
static void test_digest(void **state)
{
    (void)state;
    char bytes[100];
    struct digest whole, pieces;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 37);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        digest_init(&whole);
        digest_text(&whole, (struct text){bytes, size});
        for (size_t cut = 0; cut <= size; cut++) {
            digest_init(&pieces);
            digest_text(&pieces, (struct text){bytes, cut});
            digest_text(&pieces, (struct text){bytes + cut, size - cut});
            assert_true(digest_value(&whole) == digest_value(&pieces));
        }
        for (size_t i = 0; i < size; i++) {
            bytes[i] ^= 1;
            digest_init(&pieces);
            digest_text(&pieces, (struct text){bytes, size});
            bytes[i] ^= 1;
            assert_true(digest_value(&whole) != digest_value(&pieces));
        }
    }
    digest_init(&whole);
    digest_text(&whole, TEXT("a\0"));
    digest_init(&pieces);
    digest_text(&pieces, TEXT("a"));
    assert_true(digest_value(&whole) != digest_value(&pieces)); /* zeros count */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
TEST_MAIN(7, cmocka_unit_test(test_what_is_written_is_read),
          cmocka_unit_test(test_85_anything_else_is_refused),
          TEST(test_a_kept_temporary_is_adopted), TEST(test_86_what_is_not_ours_is_not_adopted),
          TEST(test_a_signal_leaves_what_is_kept), TEST(test_a_sweep_takes_its_own_alone),
          cmocka_unit_test(test_digest))
