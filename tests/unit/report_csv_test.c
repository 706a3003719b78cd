/* report, csv: the three choices of columns, certainties as text, cells that are made safe. */
#include "unit/report_world.h"

#include "report/layout.h"
#include <math.h>

static struct text csv(struct world *w, enum report_columns columns)
{
    struct report_options o = {.format = REPORT_CSV, .columns = columns};
    return report_of(w, &o);
}

static void test_certainty(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    assert_text("case,low_trust,imbalance,rigidity,short_termism,shared_ground\n"
                "V2,0.6750,0.8322,0.4050,,0.6000\n"
                "V3,0.4500,-0.4764,0.2700,,\n"
                "V4,,-0.4444,,,0.6000\n",
                csv(&w, COLUMNS_CERTAINTY));
    world_close(&w);
}

static void test_summary(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    assert_text(
        "case,partners,respondents,answered,low_trust,imbalance,rigidity,short_termism,"
        "shared_ground,present,undetermined,not_assessed,remedies\n"
        "V2,2,4,1.0000,0.6750,0.8322,0.4050,,0.6000,imbalance low_trust shared_ground rigidity,,"
        "short_termism,R02 R01 R04 R03\n"
        "V3,1,1,0.4000,0.4500,-0.4764,0.2700,,,low_trust,rigidity imbalance,short_termism,R02 R01\n"
        "V4,1,1,1.0000,,-0.4444,,,0.6000,shared_ground,,short_termism,\n",
        csv(&w, COLUMNS_SUMMARY));
    world_close(&w);
}

static void test_bounds(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    assert_text("case,partners,respondents,answered,low_trust,low_trust_max,imbalance,"
                "imbalance_max,rigidity,rigidity_max,short_termism,short_termism_max,"
                "shared_ground,shared_ground_max,present,undetermined,not_assessed,remedies\n"
                "V2,2,4,1.0000,0.6750,0.6750,0.8322,0.8322,0.4050,0.4050,,,0.6000,0.6000,"
                "imbalance low_trust shared_ground rigidity,,short_termism,R02 R01 R04 R03\n"
                "V3,1,1,0.4000,0.4500,0.5000,-0.4764,0.8290,0.2700,0.4400,,,,,"
                "low_trust,rigidity imbalance,short_termism,R02 R01\n"
                "V4,1,1,1.0000,,,-0.4444,-0.4444,,,,,0.6000,0.6000,"
                "shared_ground,,short_termism,\n",
                csv(&w, COLUMNS_BOUNDS));
    world_close(&w);
}

/* A whole way: a file, its kept cells copied as they stood, diagnoses behind them. */
static struct text csv_of_file(struct world *w, const char *bytes, const char *const *keep,
                               size_t keep_count, bool raw)
{
    char path[4200];
    world_write(w->folder, (struct world_file){"in.csv", bytes});
    snprintf(path, sizeof path, "%s/in.csv", w->folder);
    const char *files[] = {path};
    struct survey_options so = {
        .files = files, .file_count = 1, .each_row = true, .keep = keep, .keep_count = keep_count};
    struct survey *s = survey_new(w->kb, &so, w->problems);
    world_check(w, s != NULL);
    struct report_options ro = {.format = REPORT_CSV, .columns = COLUMNS_CERTAINTY, .raw_csv = raw};
    struct program *program = program_new(w->kb, survey_put(s), report_needs(&ro), w->problems);
    struct infer *infer = infer_new(program, w->problems);
    struct survey_parser *parser = survey_parser_new(s, w->problems);
    struct reporting r = {0};
    buffer_init(&r.out);
    r.report = report_new(program, s, &ro, w->problems);
    r.pen = report_pen_new(r.report, w->problems);
    report_head(r.report, &r.out);
    struct survey_chunk *chunk;
    while (survey_read(s, &chunk, w->problems) && chunk) {
        survey_parser_start(parser, chunk);
        while (survey_parse(parser, &r.block, w->problems) && r.block.cases) {
            struct world_run run = {w, report_look, &r};
            assert_true(infer_run(infer, r.block.cases, world_tile, &run, w->problems));
        }
        survey_chunk_free(chunk);
    }
    world_check(w, !problems_has_error(w->problems));
    struct text t = arena_text(&w->arena, buffer_view(&r.out));
    report_pen_free(r.pen);
    report_free(r.report);
    buffer_deinit(&r.out);
    survey_parser_free(parser);
    infer_free(infer);
    program_free(program);
    survey_free(s);
    return t;
}

static void test_kept_columns_of_a_file(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, NULL);
    static const char *const KEEP[] = {"id", "=note"};
    assert_text("id,'=note,low_trust,imbalance,rigidity,short_termism,shared_ground\n"
                "r1,\"a, \"\"b\"\"\",,,,,0.6000\n"
                "-7,'=1+1,0.9000,0.0900,,,\n"
                "\"'@x\",,0.4500,0.0450,,,\n",
                csv_of_file(&w,
                            "id,trust,=note\n"
                            "r1,4,\"a, \"\"b\"\"\"\n"
                            "-7,1,=1+1\n"
                            "\"@x\",2,\n",
                            KEEP, 2, false));
    assert_text("id,low_trust,imbalance,rigidity,short_termism,shared_ground\n"
                "\"a,b\",,,,,0.6000\n"
                "=x,0.9000,0.0900,,,\n",
                csv_of_file(&w, "id;trust\na,b;4\n=x;1\n", KEEP, 1, true));
    assert_text("case,low_trust,imbalance,rigidity,short_termism,shared_ground\n"
                "row 1,0.9000,0.0900,,,\n",
                csv_of_file(&w, "id,trust\nx,1\n", NULL, 0, false));
    world_close(&w);
}

static struct text cell(struct buffer *b, const char *t, size_t size, bool kept, bool raw)
{
    buffer_clear(b);
    struct text in = {t, size};
    if (kept)
        csv_kept(b, in, raw);
    else
        csv_text(b, in, raw);
    return buffer_view(b);
}

struct cell_case {
    const char *in;
    size_t size;
    const char *safe, *raw;
};

#define CELL(in, safe, raw)           \
    {                                 \
        in, sizeof(in) - 1, safe, raw \
    }

/* Case 106 of the faults: first = + - @ TAB CR LF NUL. */
static void test_formula_cells_are_made_safe(void **state)
{
    (void)state;
    static const struct cell_case CELLS[] = {
        CELL("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"),
        CELL("+1+1", "'+1+1", "+1+1"),
        CELL("-2-3", "'-2-3", "-2-3"),
        CELL("@SUM(A1)", "'@SUM(A1)", "@SUM(A1)"),
        CELL("\t=1", "'\t=1", "\t=1"),
        CELL("\r=1", "\"'\r=1\"", "\"\r=1\""),
        CELL("\n=1", "\"'\n=1\"", "\"\n=1\""),
        CELL("=a,b", "\"'=a,b\"", "\"=a,b\""),
        CELL("=\"a\"", "\"'=\"\"a\"\"\"", "\"=\"\"a\"\"\""),
        CELL("-", "'-", "-"),
        CELL("-.5", "'-.5", "-.5"),
        CELL("-1e", "'-1e", "-1e"),
        /* numbers are left alone */
        CELL("-5", "-5", "-5"),
        CELL("+3.25", "+3.25", "+3.25"),
        CELL("-1e-3", "-1e-3", "-1e-3"),
        CELL("-1,5", "\"-1,5\"", "\"-1,5\""),
        CELL("a=b", "a=b", "a=b"),
        CELL("", "", ""),
        CELL("one \"two\"", "\"one \"\"two\"\"\"", "\"one \"\"two\"\"\""),
    };
    struct buffer b;
    buffer_init(&b);
    for (size_t i = 0; i < sizeof CELLS / sizeof CELLS[0]; i++) {
        assert_text(CELLS[i].safe, cell(&b, CELLS[i].in, CELLS[i].size, false, false));
        assert_text(CELLS[i].raw, cell(&b, CELLS[i].in, CELLS[i].size, false, true));
    }
    struct text nul = cell(&b, "\0x", 2, false, false);
    assert_int_equal(nul.size, 3);
    assert_memory_equal(nul.at, "'\0x", 3);
    buffer_deinit(&b);
}

/* Cells as they stood in the file, whatever its separator was. */
static void test_kept_cells(void **state)
{
    (void)state;
    static const struct cell_case CELLS[] = {
        CELL("\"=1\"", "\"'=1\"", "\"=1\""), CELL("\"a\"\"b\"", "\"a\"\"b\"", "\"a\"\"b\""),
        CELL("\"-5\"", "\"-5\"", "\"-5\""),  CELL("\"\n=1\"", "\"'\n=1\"", "\"\n=1\""),
        CELL("3,5", "\"3,5\"", "\"3,5\""),   CELL("\"", "\"\"\"\"", "\"\"\"\""),
        CELL("\"\"", "\"\"", "\"\""),        CELL("plain", "plain", "plain"),
    };
    struct buffer b;
    buffer_init(&b);
    for (size_t i = 0; i < sizeof CELLS / sizeof CELLS[0]; i++) {
        assert_text(CELLS[i].safe, cell(&b, CELLS[i].in, CELLS[i].size, true, false));
        assert_text(CELLS[i].raw, cell(&b, CELLS[i].in, CELLS[i].size, true, true));
    }
    buffer_deinit(&b);
}

/* The fast way writes what the slow one does, or nothing. */
static void test_plain_cells_agree(void **state)
{
    (void)state;
    static const char ALPHABET[] = "ab7=-\",\n \xC3\xA9";
    struct buffer b;
    buffer_init(&b);
    uint64_t seed = 1;
    for (int i = 0; i < 200000; i++) {
        char in[40], out[64];
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        size_t size = (seed >> 33) % sizeof in;
        for (size_t k = 0; k < size; k++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            unsigned r = (unsigned)(seed >> 33);
            in[k] = r % 8 ? (char)('a' + r % 26) : ALPHABET[r / 8 % (sizeof ALPHABET - 1)];
        }
        bool raw = i % 2;
        char *end = csv_kept_plain(out, (struct text){in, size}, raw);
        struct text slow = cell(&b, in, size, true, raw);
        if (end == NULL)
            continue;
        assert_int_equal(end - out, slow.size);
        assert_memory_equal(out, slow.at, slow.size);
    }
    buffer_deinit(&b);
}

/* Half up, and never -0.0000; as number_fixed, which is the reference. */
static void test_certainties_are_rounded_half_up(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, NULL);
    struct report_options o = {.format = REPORT_CSV, .columns = COLUMNS_CERTAINTY};
    struct report *r = report_new(w.program, NULL, &o, w.problems);
    assert_non_null(r);
    static const double X[] = {1,        -1,       0.82,    -0.82,    0.00005, 0.00004,
                               -0.00004, -0.00005, 0.12345, -0.12345, 0.99995, 0.99994,
                               -0.99996, 1e-300,   -1e-300, 0.5,      -0.00015};
    for (size_t i = 0; i < 20000 + sizeof X / sizeof X[0]; i++) {
        double x = i < 20000 ? ((double)i - 10000) / 9999.7 * 0.9999 : X[i - 20000];
        char out[32], reference[32];
        size_t size = (size_t)(put_certainty(r->digits, out, x) - out);
        size_t wanted = number_fixed(reference, x, 4);
        assert_int_equal(size, wanted);
        assert_memory_equal(out, reference, wanted);
    }
    report_free(r);
    world_close(&w);
}

/* 130 diagnoses: more than two words of columns; 200 cases: more than three tiles. */
static void write_wide_pack(struct buffer *questions, struct buffer *rules)
{
    buffer_c(rules, "conclusions:\n");
    for (int i = 0; i < 130; i++) {
        char line[200];
        snprintf(line, sizeof line,
                 "- {id: q%d, kind: scale, scale: agreement, text: Question %d}\n", i, i);
        buffer_c(questions, line);
        snprintf(line, sizeof line, "  - {id: d%d, kind: diagnosis, label: Diagnosis %d}\n", i, i);
        buffer_c(rules, line);
    }
    buffer_c(rules, "rules:\n");
    for (int i = 0; i < 130; i++) {
        char line[200];
        snprintf(line, sizeof line,
                 "  - {id: r%d, when: q%d <= 2, conclude: d%d, certainty: 0.%d}\n", i, i, i,
                 100 + i);
        buffer_c(rules, line);
    }
    buffer_byte(questions, '\0');
    buffer_byte(rules, '\0');
}

static void test_many_columns_and_tiles(void **state)
{
    (void)state;
    struct world w;
    struct buffer questions, rules, expected;
    buffer_init(&questions);
    buffer_init(&rules);
    buffer_init(&expected);
    write_wide_pack(&questions, &rules);
    const struct world_file files[] = {
        WORLD_PACK, {"questions.yaml", questions.at}, {"rules.yaml", rules.at}};
    world_open(&w, files, 3, NULL);
    buffer_c(&expected, "case");
    for (int i = 0; i < 130; i++) {
        buffer_c(&expected, ",d");
        buffer_unsigned(&expected, (uint64_t)i);
    }
    for (int c = 0; c < 200; c++) {
        char name[40];
        snprintf(name, sizeof name, "\ncase %d, that is", c);
        world_case(&w, arena_c(&w.arena, text_from_c(name + 1)), false);
        world_partner(&w, "");
        assert_true(cases_add_respondent(w.cases));
        buffer_c(&expected, "\n\"");
        buffer_c(&expected, name + 1);
        buffer_byte(&expected, '"');
        for (int i = 0; i < 130; i++) {
            bool low = (c * 7 + i * 13) % (c % 50 + 1) == 0;
            struct answer a = {.code = low ? 1 : 5};
            cases_set(w.cases, (uint32_t)i, (uint32_t)c, &a);
            char digits[16];
            snprintf(digits, sizeof digits, ",0.%d0", 100 + i);
            buffer_c(&expected, low ? digits : ",");
        }
    }
    buffer_c(&expected, "\n");
    buffer_byte(&expected, '\0');
    assert_text(expected.at, csv(&w, COLUMNS_CERTAINTY));
    world_close(&w);
    buffer_deinit(&questions);
    buffer_deinit(&rules);
    buffer_deinit(&expected);
}

static void write_all(struct world *w, struct reporting *r)
{
    buffer_clear(&r->out);
    world_run(w, report_look, r);
}

static void test_allocates_nothing_once_warm(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    static const struct report_options OPTIONS[] = {
        {.format = REPORT_CSV, .columns = COLUMNS_CERTAINTY},
        {.format = REPORT_CSV, .columns = COLUMNS_SUMMARY},
        {.format = REPORT_JSONL},
    };
    for (size_t i = 0; i < sizeof OPTIONS / sizeof OPTIONS[0]; i++) {
        struct reporting r = {.block = {.cases = w.cases}};
        buffer_init(&r.out);
        r.report = report_new(w.program, NULL, &OPTIONS[i], w.problems);
        r.pen = report_pen_new(r.report, w.problems);
        write_all(&w, &r);
        write_all(&w, &r);
        test_fail_allocation(1, true);
        write_all(&w, &r);
        assert_int_equal(test_failed_allocations(), 0);
        test_fail_allocation(0, false);
        assert_false(r.out.failed);
        report_pen_free(r.pen);
        report_free(r.report);
        buffer_deinit(&r.out);
    }
    world_close(&w);
}

struct failing {
    struct world *w;
    struct report_options options;
    struct text expected; /* without the head */
};

static void write_once(void *ctx)
{
    struct failing *f = ctx;
    struct reporting r = {.block = {.cases = f->w->cases}};
    buffer_init(&r.out);
    r.report = report_new(f->w->program, NULL, &f->options, f->w->problems);
    r.pen = r.report ? report_pen_new(r.report, f->w->problems) : NULL;
    struct world_run run = {f->w, report_look, &r};
    bool ok = r.pen && infer_run(f->w->infer, f->w->cases, world_tile, &run, f->w->problems);
    if (test_failed_allocations() == 0)
        assert_true(ok && !r.out.failed);
    if (ok && !r.out.failed) /* then nothing is missing */
        assert_text(f->expected.at, buffer_view(&r.out));
    report_pen_free(r.pen);
    report_free(r.report);
    buffer_deinit(&r.out);
}

static void test_survives_failed_allocations(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    for (int f = 0; f < REPORT_COUNT; f++) {
        struct failing failing = {&w, {.format = (enum report_format)f, .findings = true}, {0}};
        struct text whole = report_of(&w, &failing.options);
        size_t head = f == REPORT_CSV
                          ? (size_t)((char *)memchr(whole.at, '\n', whole.size) + 1 - whole.at)
                          : 0;
        failing.expected = (struct text){whole.at + head, whole.size - head};
        test_each_allocation(write_once, &failing);
    }
    world_close(&w);
}

static void test_formats_by_name(void **state)
{
    (void)state;
    enum report_format f;
    assert_true(report_format_find(TEXT("jsonl"), &f));
    assert_int_equal(f, REPORT_JSONL);
    assert_false(report_format_find(TEXT("xlsx"), &f));
    assert_true(report_format_of_file(TEXT("a.b/out.md"), &f));
    assert_int_equal(f, REPORT_MARKDOWN);
    assert_true(report_format_of_file(TEXT("out.csv"), &f));
    assert_int_equal(f, REPORT_CSV);
    assert_false(report_format_of_file(TEXT("out"), &f));
    assert_string_equal(report_format_name(REPORT_MARKDOWN), "md");
    struct report_options o = {.format = REPORT_CSV, .columns = COLUMNS_CERTAINTY};
    assert_int_equal(report_needs(&o), PROGRAM_CERTAINTY);
    o.format = REPORT_JSONL;
    assert_int_equal(report_needs(&o), PROGRAM_REPORT);
}

TEST_MAIN(12, cmocka_unit_test(test_certainty), cmocka_unit_test(test_summary),
          cmocka_unit_test(test_bounds), cmocka_unit_test(test_kept_columns_of_a_file),
          cmocka_unit_test(test_formula_cells_are_made_safe), cmocka_unit_test(test_kept_cells),
          cmocka_unit_test(test_plain_cells_agree),
          cmocka_unit_test(test_certainties_are_rounded_half_up),
          cmocka_unit_test(test_many_columns_and_tiles),
          cmocka_unit_test(test_allocates_nothing_once_warm),
          cmocka_unit_test(test_survives_failed_allocations),
          cmocka_unit_test(test_formats_by_name))
