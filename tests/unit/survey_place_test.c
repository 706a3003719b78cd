/* A survey that is gone on with: behind every chunk, another survey that begins there gives the
 * rest, and nothing else (fault 76); and each rejected cell is at the byte that is told. */
#include "survey_kit.h"

/* Over contents in files; behind `behind` chunks a new survey goes on (0: none). */
static void run_in_two(struct run *r, const struct text *contents, size_t count,
                       struct survey_options o, size_t behind)
{
    struct kit_file files[4];
    const char *paths[4];
    struct problems *ps = problems_new();
    for (size_t i = 0; i < count; i++) {
        files[i] = kit_open(contents[i]);
        paths[i] = files[i].path;
    }
    o.files = paths;
    o.file_count = count;
    o.quote_text = o.keep_personal = true;
    run_init(r);
    struct survey *s = survey_new(kit_kb(), &o, ps);
    assert_non_null(s);
    assert_true(survey_can_resume(s));
    struct survey_parser *p = survey_parser_new(s, ps);
    struct survey_chunk *c;
    while (survey_read(s, &c, ps) && c) {
        struct survey_place at;
        assert_true(run_chunk(r, s, p, c, ps));
        assert_true(survey_done(s, p, c, ps));
        if (++r->chunks != behind)
            continue;
        char key[64] = "";
        survey_place(s, &at);
        if (at.last_key.at) {
            memcpy(key, at.last_key.at, at.last_key.size);
            at.last_key.at = key;
        }
        survey_parser_free(p);
        survey_free(s);
        s = survey_new(kit_kb(), &o, ps);
        assert_true(survey_resume(s, &at, ps));
        p = survey_parser_new(s, ps);
    }
    assert_false(problems_has_error(ps));
    survey_parser_free(p);
    survey_free(s);
    problems_free(ps);
    for (size_t i = 0; i < count; i++) {
        kit_rename(&r->rejects, files[i].path, i + 1);
        kit_close(&files[i]);
    }
}

static size_t is_gone_on_with(const struct text *contents, size_t count, struct survey_options o)
{
    struct run whole, r;
    run_in_two(&whole, contents, count, o, 0);
    for (size_t behind = 1; behind <= whole.chunks; behind++) {
        run_in_two(&r, contents, count, o, behind);
        if (!text_equal(buffer_view(&whole.cases), buffer_view(&r.cases)) ||
            !text_equal(buffer_view(&whole.rejects), buffer_view(&r.rejects)) ||
            memcmp(&whole.counts, &r.counts, sizeof r.counts) != 0)
            fail_msg("behind chunk %zu of %zu the rest is another", behind, whole.chunks);
        run_deinit(&r);
    }
    size_t chunks = whole.chunks;
    run_deinit(&whole);
    return chunks;
}

/* Rows with line ends in cells, with mistakes, with a row that is too long. */
static struct text make_rows(struct buffer *b, int from, int to, bool sorted)
{
    buffer_init(b);
    buffer_c(b, "case,partner,q1,comment\n");
    for (int i = from; i < to; i++) {
        char row[120];
        snprintf(row, sizeof row, "k%04d,p%d,%d,%s\n", sorted ? i / 3 : i * 7 % 50, i % 2,
                 1 + i % 6, i % 5 ? "plain" : "\"two\nlines, \"\"quoted\"\"\"");
        buffer_text(b, text_from_c(row));
        if (i == from + (to - from) * 3 / 4) {
            buffer_c(b, "k");
            buffer_repeat(b, 'x', 3 << 20);
            buffer_c(b, "\nk9,\"never closed\n");
        }
    }
    return buffer_view(b);
}

static void test_76_any_chunk_can_be_the_last(void **state)
{
    (void)state;
    struct buffer a, b;
    struct text two[2] = {make_rows(&a, 0, 6000, false), make_rows(&b, 6000, 7000, false)};
    assert_true(is_gone_on_with(two, 2,
                                (struct survey_options){
                                    .each_row = true, .max_field = 500, .chunk = 2000}) > 10);
    assert_true(is_gone_on_with(two, 2, (struct survey_options){.max_field = 500, .chunk = 2000}) >
                0);
    buffer_deinit(&a);
    buffer_deinit(&b);
}

static void test_76_sorted(void **state)
{
    (void)state;
    struct buffer a, b;
    buffer_init(&a);
    buffer_init(&b);
    buffer_c(&a, "case,q1\n");
    buffer_c(&b, "q1,case\n");
    for (int i = 0; i < 400; i++) {
        char row[40];
        if (i < 240)
            snprintf(row, sizeof row, "k%03d,%d\n", i / 3, 1 + i % 6);
        else
            snprintf(row, sizeof row, "%d,k%03d\n", 1 + i % 6, i / 3);
        buffer_text(i < 240 ? &a : &b, text_from_c(row));
    }
    struct text two[2] = {buffer_view(&a), buffer_view(&b)};
    assert_true(is_gone_on_with(two, 2, (struct survey_options){.sorted = true, .chunk = 300}) > 6);
    buffer_deinit(&a);
    buffer_deinit(&b);
}

static void test_76_other_letters(void **state)
{
    (void)state;
    struct buffer a, wide;
    struct text rows = make_rows(&a, 0, 20000, false);
    buffer_init(&wide);
    buffer_text(&wide, TEXT("\xFF\xFE"));
    for (size_t i = 0; i < rows.size; i++) {
        buffer_byte(&wide, rows.at[i]);
        buffer_byte(&wide, '\0');
    }
    struct text one[1] = {buffer_view(&wide)};
    const struct survey_options o = {.each_row = true, .max_field = 500, .chunk = 30000};
    assert_true(is_gone_on_with(one, 1, o) > 1);
    buffer_deinit(&a);
    buffer_deinit(&wide);
}

static const char *number_after(const char *p, uint64_t *n)
{
    for (*n = 0; *p >= '0' && *p <= '9'; p++)
        *n = *n * 10 + (uint64_t)(*p - '0');
    return p;
}

/* Whatever stands in front: a mark, lines, quotes, a row of which most was not kept. */
static void test_rejects_say_the_byte(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    for (size_t chunk = 300; chunk < 5 << 20; chunk *= 20) {
        buffer_init(&b);
        buffer_text(&b, TEXT("\xEF\xBB\xBFsep=,\r\nq1,comment\r\n"));
        for (int i = 0; i < 300; i++) {
            buffer_text(&b, i % 7 ? TEXT("3,fine\r\n") : TEXT("@9@,\"two\r\nlines\"\r\n"));
            if (i % 120 == 100) {
                buffer_c(&b, "1,");
                buffer_repeat(&b, 'x', 5 << 20);
                buffer_c(&b, "\n");
            }
        }
        struct text t = buffer_view(&b);
        kit_shows_bytes = true;
        run_texts(&r, &t, 1, (struct survey_options){.chunk = chunk});
        kit_shows_bytes = false;
        unsigned found = 0;
        buffer_byte(&r.rejects, '\0');
        for (const char *line = r.rejects.at; *line; line = strchr(line, '\n') + 1) {
            uint64_t number, byte;
            const char *p = number_after(strchr(line, ',') + 1, &number);
            number_after(p + 1, &byte);
            if (!strstr(line, "@9@") || strstr(line, "@9@") > strchr(line, '\n'))
                continue;
            found++;
            assert_memory_equal(t.at + byte - 1, "@9@", 3);
        }
        assert_int_equal(found, 43);
        run_deinit(&r);
        buffer_deinit(&b);
    }
}

TEST_MAIN(4, cmocka_unit_test(test_76_any_chunk_can_be_the_last), cmocka_unit_test(test_76_sorted),
          cmocka_unit_test(test_76_other_letters), cmocka_unit_test(test_rejects_say_the_byte))
