/* The scanner against readings a child could check: a byte at a time, over random bytes. */
#include "survey_kit.h"
#include "survey_naive.h"

/* --- the primitives -----------------------------------------------------------------------------
 */

static void random_bytes(char *at, size_t size, const char *alphabet, uint64_t *state)
{
    size_t letters = strlen(alphabet);
    for (size_t i = 0; i < size; i++)
        at[i] = alphabet[kit_random(state) % letters];
}

/* Any byte, often one that means something. */
static void any_bytes(char *at, size_t size, uint64_t *state)
{
    random_bytes(at, size, ",\"\n\r", state);
    for (size_t i = 0; i < size; i++)
        if (kit_random(state) % 3)
            at[i] = (char)(kit_random(state) % 256);
}

static void test_marks_are_those_of_each_byte(void **state)
{
    (void)state;
    uint64_t random = 1;
    char room[64 + 64 + 64];
    for (int i = 0; i < 2000; i++) {
        random_bytes(room, sizeof room,
                     ",;\"\n\r\t\x7F\xC3\xA9"
                     "12ab ",
                     &random);
        const char *p = room + 64;
        uint64_t ends = scan_ends(p), commas = scan_byte(p, ',');
        uint32_t high, stops = scan_stops(p, ';', &high), quoted_high;
        uint32_t quotes = scan_quotes(p, &quoted_high);
        for (int j = 0; j < 64; j++) {
            char c = p[j];
            assert_int_equal(ends >> j & 1, c == '\n' || c == '\r' || c == '"');
            assert_int_equal(commas >> j & 1, c == ',');
            if (j >= 16)
                continue;
            assert_int_equal(stops >> j & 1, c == ';' || c == '"' || (unsigned char)c <= '\r');
            assert_int_equal(quotes >> j & 1, c == '"' || c == '\0');
            assert_int_equal(high >> j & 1, (unsigned char)c >= 0x80);
            assert_int_equal(quoted_high, high);
        }
        size_t n = kit_random(&random) % 65;
        bool reaches = false;
        for (size_t j = 0; j < n; j++)
            reaches |= (unsigned char)p[j] >= 0xC3;
        assert_int_equal(reaches, scan_reaches(p, n, 0xC3));
    }
}

static void test_the_wide_twins_find_the_same(void **state)
{
    (void)state;
#if SCAN_SSE2
    uint64_t random = 7;
    char room[64 + 64];
    uint8_t bytes[32];
    size_t found = 0;
    if (!scan_is_wide())
        skip();
    for (int i = 0; i < 20000; i++) {
        any_bytes(room, sizeof room, &random);
        const uint8_t *p = (const uint8_t *)room + i % 64;
        memcpy(bytes, p, 32);
        size_t at = kit_random(&random) % 32;
        bytes[at] = (uint8_t)(bytes[at] + i % 3);
        uint32_t behind = ~UINT32_C(0) << kit_random(&random) % 32;
        bool same = true;
        for (size_t j = 0; j < 32; j++)
            same &= p[j] == bytes[j] || (behind >> j & 1);
        found += same;
        assert_int_equal(same, scan_same(p, bytes, behind));
        assert_int_equal(same, scan_same_avx2(p, bytes, behind));
        assert_true(scan_ends(room + i % 64) == scan_ends_avx2(room + i % 64));
    }
    assert_in_range(found, 8000, 18000);
#endif
}

static void test_pieces_are_those_of_the_portable_twin(void **state)
{
    (void)state;
    uint64_t random = 2;
    const size_t times = test_times(200000);
    size_t simple = 0;
    for (size_t i = 0; i < times; i++) {
        struct piece k = {.cells = 1 + kit_random(&random) % 8};
        for (uint32_t j = 0; j < 8; j++) {
            k.least[j] = (uint8_t)('0' + kit_random(&random) % 2);
            k.width[j] = (uint8_t)(j < k.cells ? 4 + kit_random(&random) % 5 : 255);
            k.code[j] = (uint8_t)(1 + kit_random(&random) % 3);
        }
        char room[64 + 64 + 64];
        memset(room, ',', sizeof room);
        size_t n = 64;
        for (uint32_t j = 0; j < 12; j++) {
            uint32_t what = kit_random(&random) % 30;
            if (what > 1)
                room[n++] = (char)('1' + kit_random(&random) % (what == 2 ? 9 : 4));
            if (what == 3)
                room[n++] = '"';
            room[n++] = what == 4 ? '\n' : ',';
        }
        uint8_t a[8] = {0}, b[8] = {0};
        const char *p = room + 64;
        size_t one = scan_piece(p, &k, k.cells, scan_spread(','), a);
        assert_int_equal(one, scan_piece_portable(p, &k, k.cells, ',', 1, b));
        for (uint32_t j = 0; one && j < k.cells; j++)
            assert_int_equal(a[j], b[j]);
        size_t any = scan_piece_gaps(p, &k, k.cells, ',', a);
        assert_int_equal(any, scan_piece_portable(p, &k, k.cells, ',', 8, b));
        for (uint32_t j = 0; any && j < k.cells; j++)
            assert_int_equal(a[j], b[j]);
        simple += one > 0;
    }
    assert_true(simple > times / 4 && simple < times / 20 * 19);
}

static void test_tiles_turn_round(void **state)
{
    (void)state;
    uint64_t random = 3;
    uint8_t rows[16][32], columns[16][48], *out[16], seen[16];
    const uint8_t *in[16];
    for (int i = 0; i < 200; i++) {
        memset(seen, 0, sizeof seen);
        bool any = false;
        for (int r = 0; r < 16; r++) {
            in[r] = rows[r];
            out[r] = columns[r];
            for (int c = 0; c < 32; c++)
                rows[r][c] = (uint8_t)(kit_random(&random) % 300 % 256);
            for (int c = 5; c < 21; c++)
                any |= rows[r][c] == 255;
        }
        scan_turn(in, 5, out, 16, seen);
        for (int r = 0; r < 16; r++)
            for (int c = 0; c < 16; c++)
                assert_int_equal(columns[c][16 + r], rows[r][5 + c]);
        assert_int_equal(memchr(seen, 255, 16) != NULL, any);
    }
}

/* --- records and rows: the naive reading -------------------------------------------------------
 */

static const char ALPHABET[] = ",,,,\"\"\"\n\n\r1234567ab ";

static void test_records_are_those_of_the_naive_reading(void **state)
{
    (void)state;
    uint64_t random = 4;
    char bytes[300], padded[300 + 2 * SCAN_PAD];
    struct split s;
    struct naive v = {.b = bytes, .separator = ','};
    split_init(&s, ',', 0, 0);
    for (size_t i = test_times(250000); i > 0; i--) {
        v.n = kit_random(&random) % (i % 16 ? 60 : sizeof bytes);
        v.max_field = s.max_field = i % 3 ? 1000 : 1 + kit_random(&random) % 30;
        v.max_record = s.max_record = i % 5 ? 10000 : 2 * v.max_field;
        if (i % 4)
            random_bytes(bytes, v.n, ALPHABET, &random);
        else
            any_bytes(bytes, v.n, &random);
        naive_read(&v);
        naive_check_split(&s, &v, padded, &random);
    }
    split_deinit(&s);
}

static const char HEADER[] = "q1,q2,x,q3,q4,ten,around,q5,q6,q7,q8,ready,age,comment,q9\n";
enum { COLUMNS = 15 };

/* The row's answers as the tests show them, or nothing where it is rejected. */
static bool naive_row(const struct naive *v, const struct survey *s, size_t i,
                      struct answer *answers, char values[COLUMNS][400])
{
    const struct table *t = &s->tables[0];
    size_t p = v->starts[i], end = v->ends[i], size;
    bool good = true;
    for (uint32_t c = 0; c < COLUMNS; c++) {
        if (!naive_cell(v, &p, end, values[c], &size))
            return false;
        if ((p == end) != (c + 1 == COLUMNS))
            return false;
        p++;
        uint32_t q = kb_question(s->kb, t->names[c]);
        struct text value = {values[c], size};
        if (q != NONE)
            good &= answer_parse(&s->kb->questions[q], value, NULL, &answers[c]) == ANSWER_OK;
    }
    return good;
}

static void check_answer(const struct batch *b, uint32_t row, uint32_t slot, const struct answer *a)
{
    const struct layout *l = &b->columns->layout;
    uint8_t *block = batch_row(b, row);
    assert_int_equal(block[slot], a->code);
    if (l->slots[slot].of->kind == KIND_NUMBER && a->code == 1)
        assert_true(layout_numbers(l, block)[l->slots[slot].beside] == a->number);
    if (l->slots[slot].of->kind == KIND_TEXT)
        assert_true(text_equal(layout_texts(l, block)[l->slots[slot].beside], a->text));
}

/* A row that is right more often than not, with every kind of flaw. */
static size_t random_row(char *at, uint64_t *random)
{
    static const char *const CELLS[] = {
        "1",   "2",  "5",   "\"3\"", "",         "dk",         "na",     "6",   " 4 ",   "10", "-2",
        "yes", "no", "x,y", "a\"",   "\"a\nb\"", "\"x\"\"y\"", "\"open", "3.5", "hello", "0"};
    static const int ODDS[] = {25, 20, 10, 6, 6, 2, 2, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2};
    size_t n = 0;
    uint32_t cells = kit_random(random) % 12 ? COLUMNS : COLUMNS - 1 + 2 * (kit_random(random) % 2);
    for (uint32_t c = 0; c < cells; c++) {
        int pick = (int)(kit_random(random) % 87);
        size_t k = 0;
        for (; k + 1 < sizeof ODDS / sizeof *ODDS && pick >= ODDS[k]; k++)
            pick -= ODDS[k];
        const char *cell = CELLS[k];
        bool fits = kit_random(random) % 8 != 0;
        if (fits && c == 11)
            cell = kit_random(random) % 2 ? "yes" : "";
        else if (fits && c == 13)
            cell = kit_random(random) % 2 ? "hello" : "\"x\"\"y, z\"";
        else if (fits && k > 6)
            cell = "4";
        size_t size = strlen(cell);
        memcpy(at + n, cell, size);
        n += size;
        at[n++] = ',';
    }
    at[n - 1] = '\n';
    return n;
}

static void check_rows(const struct survey *s, struct batch *b, const struct naive *v,
                       const char *bytes, uint32_t *alive)
{
    struct answer answers[COLUMNS];
    char values[COLUMNS][400];
    for (size_t from = 0; from < v->count; from += BATCH_ROWS) {
        size_t n = v->count - from < BATCH_ROWS ? v->count - from : BATCH_ROWS;
        size_t behind = from + n < v->count ? v->starts[from + n] : v->n;
        arena_reset(b->scratch);
        assert_true(batch_read(b, &s->tables[0], bytes, v->starts + from, (uint32_t)n, behind));
        for (uint32_t r = 0; r < n; r++) {
            bool good = naive_row(v, s, from + r, answers, values);
            assert_int_equal(good, !batch_is_dead(b, r));
            if (!good)
                continue;
            ++*alive;
            for (uint32_t c = 0; c < COLUMNS; c++) {
                uint32_t q = kb_question(s->kb, s->tables[0].names[c]);
                if (q != NONE)
                    check_answer(b, r, s->columns.layout.slot_of[q], &answers[c]);
            }
        }
    }
}

static void test_rows_are_those_of_the_naive_reading(void **state)
{
    (void)state;
    struct kit_file f = kit_open(TEXT(HEADER));
    const char *const files[] = {f.path};
    struct survey_options o = {.files = files, .file_count = 1};
    struct problems *ps = problems_new();
    struct survey *s = survey_new(kit_kb(), &o, ps);
    struct arena scratch;
    struct batch b;
    arena_init(&scratch, 0);
    assert_non_null(s);
    assert_true(batch_init(&b, &s->columns, LIMIT_FIELD, &scratch));
    uint64_t random = 5;
    static char padded[16384 + 2 * SCAN_PAD];
    struct naive v = {.b = padded + SCAN_PAD,
                      .max_field = LIMIT_FIELD,
                      .max_record = LIMIT_RECORD,
                      .separator = ','};
    uint32_t alive = 0, rows = 0;
    const size_t times = test_times(4000);
    for (size_t i = 0; i < times; i++) {
        memset(padded, '\n', sizeof padded);
        v.n = 0;
        for (uint32_t n = 1 + kit_random(&random) % 100; n > 0; n--)
            v.n += random_row(padded + SCAN_PAD + v.n, &random);
        naive_read(&v);
        rows += (uint32_t)v.count;
        check_rows(s, &b, &v, padded + SCAN_PAD, &alive);
    }
    assert_true(rows > times / 3 * 100 && alive > rows / 10 && alive < rows - rows / 10);
    batch_deinit(&b);
    arena_deinit(&scratch);
    survey_free(s);
    problems_free(ps);
    kit_close(&f);
}

/* --- whole runs: chunks of any size
 * ---------------------------------------------------------------- */

static void test_chunk_sizes_change_nothing(void **state)
{
    (void)state;
    uint64_t random = 6;
    static char content[8192 * 2];
    for (int i = 0; i < 300; i++) {
        size_t n = sizeof HEADER - 1;
        memcpy(content, HEADER, n);
        for (uint32_t rows = 1 + kit_random(&random) % 60; rows > 0; rows--) {
            n += random_row(content + n, &random);
            if (kit_random(&random) % 20 == 0) {
                random_bytes(content + n, 40, ALPHABET, &random);
                n += 40;
            }
        }
        struct text t = {content, n};
        struct run whole, cut;
        run_texts(&whole, &t, 1, NO_OPTIONS);
        run_texts(&cut, &t, 1, (struct survey_options){.chunk = 16 + kit_random(&random) % 600});
        assert_true(whole.opened && cut.opened);
        assert_true(cut.chunks >= whole.chunks);
        assert_true(text_equal(buffer_view(&whole.cases), buffer_view(&cut.cases)));
        assert_true(text_equal(buffer_view(&whole.rejects), buffer_view(&cut.rejects)));
        assert_memory_equal(&whole.counts, &cut.counts, sizeof whole.counts);
        run_deinit(&whole);
        run_deinit(&cut);
    }
}

TEST_MAIN(7, cmocka_unit_test(test_marks_are_those_of_each_byte),
          cmocka_unit_test(test_the_wide_twins_find_the_same),
          cmocka_unit_test(test_pieces_are_those_of_the_portable_twin),
          cmocka_unit_test(test_tiles_turn_round),
          cmocka_unit_test(test_records_are_those_of_the_naive_reading),
          cmocka_unit_test(test_rows_are_those_of_the_naive_reading),
          cmocka_unit_test(test_chunk_sizes_change_nothing))
