/* infer_patterns_test: patterns mean the same however they are looked for: by PCRE2's interpreter
 * (no PROGRAM_BATCH), its machine code or a scanner of all patterns at once (PROGRAM_BATCH). */
#include "unit/explain_world.h"

#include <pthread.h>

enum { MAX_PATTERNS = 64, MAX_CASES = 1024, THREADS = 8 };

struct pattern_row {
    const char *pattern, *flag;
};

/* Results of one run: by conclusion and case. */
struct table {
    uint32_t conclusions, cases;
    double lo[MAX_PATTERNS][MAX_CASES], hi[MAX_PATTERNS][MAX_CASES];
};

#define ONE_OF(list) list[test_below(sizeof list / sizeof list[0])]

/* Rule p00 concludes c00 from the first pattern, p01 ... */
static void open_patterns(struct world *w, const struct pattern_row *rows, uint32_t count)
{
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, "conclusions:\n");
    for (uint32_t i = 0; i < count; i++) {
        char line[80];
        snprintf(line, sizeof line, "  - {id: c%02u, kind: finding, label: L}\n", i);
        buffer_c(&b, line);
    }
    buffer_c(&b, "rules:\n");
    for (uint32_t i = 0; i < count; i++) {
        char line[80];
        snprintf(line, sizeof line, "  - id: p%02u\n    conclude: c%02u\n    certainty: 0.5\n", i,
                 i);
        buffer_c(&b, line);
        buffer_c(&b, "    when: |-\n      comment matches /");
        buffer_c(&b, rows[i].pattern);
        buffer_c(&b, "/");
        buffer_c(&b, rows[i].flag);
        buffer_c(&b, "\n");
    }
    buffer_byte(&b, '\0');
    assert_false(b.failed);
    const struct world_file files[] = {WORLD_PACK,
                                       {"questions.yaml", "- {id: comment, kind: text, text: T}\n"},
                                       {"rules.yaml", b.at}};
    world_open(w, files, 3, NULL);
    buffer_deinit(&b);
}

static bool read_tile(const struct infer *in, const struct tile *t, void *ctx)
{
    struct table *table = ctx;
    for (uint32_t c = 0; c < table->conclusions; c++)
        for (uint32_t k = 0; k < t->case_count; k++) {
            struct interval v = infer_certainty(in, c, SCOPE_PARTNERSHIP, k);
            table->lo[c][t->case_from + k] = v.lo;
            table->hi[c][t->case_from + k] = v.hi;
        }
    table->cases += t->case_count;
    return true;
}

static struct infer_counts run_program(struct world *w, const struct program *p, struct table *out)
{
    struct infer *in = infer_new(p, w->problems);
    assert_non_null(in);
    memset(out, 0, sizeof *out);
    out->conclusions = w->kb->conclusion_count;
    assert_true(infer_run(in, w->cases, read_tile, out, w->problems));
    struct infer_counts counts = infer_counts(in);
    infer_free(in);
    return counts;
}

static struct program *program_of(struct world *w, unsigned flags)
{
    struct program *p = program_new(w->kb, &w->put, flags, w->problems);
    world_check(w, p != NULL);
    return p;
}

static struct infer_counts run_flags(struct world *w, unsigned flags, struct table *out)
{
    struct program *p = program_of(w, flags);
    struct infer_counts counts = run_program(w, p, out);
    program_free(p);
    return counts;
}

static void assert_tables(const struct world *w, const struct pattern_row *rows,
                          const struct table *a, const struct table *b)
{
    assert_int_equal(a->cases, b->cases);
    bool equal = true;
    for (uint32_t c = 0; c < a->conclusions; c++)
        for (uint32_t k = 0; k < a->cases; k++) {
            if (a->lo[c][k] == b->lo[c][k] && a->hi[c][k] == b->hi[c][k])
                continue;
            const struct column *col = &w->cases->columns[0];
            struct text t = col->texts[w->cases->respondent_from[w->cases->partner_from[k]]];
            print_error("/%s/%s, case %u: [%g, %g], [%g, %g]\n  %zu bytes: %.*s\n", rows[c].pattern,
                        rows[c].flag, k, a->lo[c][k], a->hi[c][k], b->lo[c][k], b->hi[c][k], t.size,
                        t.size < 200 ? (int)t.size : 200, t.at);
            equal = false;
            k = a->cases;
        }
    assert_true(equal);
}

static void assert_certainty(const struct table *t, uint32_t pattern, uint32_t at, double lo,
                             double hi)
{
    assert_true(t->lo[pattern][at] == lo && t->hi[pattern][at] == hi);
}

static void compare(struct world *w, const struct pattern_row *rows)
{
    static struct table plain, batch;
    run_flags(w, PROGRAM_CERTAINTY, &plain);
    run_flags(w, PROGRAM_BATCH, &batch);
    assert_tables(w, rows, &plain, &batch);
}

/* --- texts ------------------------------------------------------------------------------------ */

static void answer(struct world *w, struct text t)
{
    struct answer a;
    t = arena_text(&w->arena, t);
    assert_true(cases_add_respondent(w->cases));
    assert_int_equal(ANSWER_OK, answer_parse(&w->kb->questions[0], t, &w->answers, &a));
    cases_set(w->cases, 0, w->cases->respondent_count - 1, &a);
}

static void one_case(struct world *w, struct text t, bool open)
{
    assert_true(cases_add_case(w->cases, TEXT("c"), open));
    assert_true(cases_add_partner(w->cases, TEXT("")));
    answer(w, t);
}

static void random_words(struct buffer *b)
{
    static const char *const WORDS[] = {"retard",
                                        "RETARD",
                                        "retards",
                                        "délai",
                                        "DÉLAI",
                                        "délais",
                                        "de\xCC\x81lai",
                                        "late",
                                        "Late",
                                        "LATER",
                                        "delay",
                                        "translate",
                                        "wait",
                                        "and/or",
                                        "café",
                                        "naïve",
                                        "Œuvre",
                                        "œuvre",
                                        "ça",
                                        "ÇA",
                                        "été",
                                        "ÉTÉ",
                                        "aaa",
                                        "aaaa!",
                                        "abc",
                                        "ab",
                                        "b",
                                        "cab",
                                        "3",
                                        "42",
                                        "1 234,5",
                                        "\xD9\xA3",
                                        "_",
                                        "a_b",
                                        "x\xCC\x82",
                                        "ſ",
                                        "\xE2\x84\xAA",
                                        "k",
                                        "K",
                                        "µ",
                                        "μ",
                                        "ς",
                                        "σ",
                                        "Σ",
                                        "ß",
                                        "ẞ",
                                        "İ",
                                        "ı",
                                        "i",
                                        "I",
                                        "ﬁ",
                                        "日本",
                                        "\xF0\x9F\x98\x80",
                                        "‿",
                                        "trust",
                                        "Vertrauen",
                                        "confiance",
                                        "CONFIANCE",
                                        "l’accord",
                                        "l'accord",
                                        "-",
                                        "ꙋ",
                                        "ǅ",
                                        "\xCD\x85",
                                        "\xE1\xBE\xB3",
                                        "Ω"};
    static const char *const BETWEEN[] = {" ",  " ",  " ",        "\n",           "  ",
                                          ", ", ".",  "",         "\r\n",         "\t",
                                          "\v", "\f", "\xC2\xA0", "\xE2\x80\xA8", "\xC2\x85"};
    for (uint32_t n = test_below(9); n > 0; n--) {
        buffer_c(b, ONE_OF(WORDS));
        if (n > 1 || test_below(4) == 0)
            buffer_c(b, ONE_OF(BETWEEN));
    }
}

/* Over the window: a word in its middle, before its end, over its end, or behind it. */
static void long_text(struct buffer *b)
{
    static const uint32_t PLACES[] = {0,
                                      8000,
                                      LIMIT_PATTERN_TEXT - 12,
                                      LIMIT_PATTERN_TEXT - 3,
                                      LIMIT_PATTERN_TEXT,
                                      LIMIT_PATTERN_TEXT + 1};
    uint32_t place = ONE_OF(PLACES);
    while (b->size < place)
        buffer_byte(b, ". \n,"[test_below(4)]);
    random_words(b);
    while (b->size < LIMIT_PATTERN_TEXT + 1)
        buffer_c(b, test_below(3) ? ". " : "é");
}

static void random_text(struct buffer *b)
{
    buffer_clear(b);
    switch (test_below(20)) {
    case 0: break;
    case 1: buffer_c(b, "dk"); break;
    case 2: buffer_c(b, "na"); break;
    case 3:
        if (test_below(8) == 0)
            long_text(b);
        break;
    default: random_words(b); break;
    }
}

/* One respondent a case (single), or some; some blocks with open cases. */
static void random_block(struct world *w, bool single, bool open)
{
    struct buffer b;
    buffer_init(&b);
    cases_clear(w->cases);
    arena_reset(&w->answers);
    for (uint32_t k = 100 + test_below(100); k > 0; k--) {
        assert_true(cases_add_case(w->cases, TEXT("c"), open && test_below(2)));
        for (uint32_t p = single ? 1 : 1 + test_below(3); p > 0; p--) {
            assert_true(cases_add_partner(w->cases, TEXT("")));
            for (uint32_t r = single ? 1 : 1 + test_below(3); r > 0; r--) {
                random_text(&b);
                answer(w, buffer_view(&b));
            }
        }
    }
    buffer_deinit(&b);
}

static void compare_blocks(const struct pattern_row *rows, uint32_t count, int blocks)
{
    static struct table plain, batch;
    struct world w;
    open_patterns(&w, rows, count);
    struct program *p = program_of(&w, PROGRAM_CERTAINTY), *b = program_of(&w, PROGRAM_BATCH);
    const int turns = (int)test_times((size_t)blocks);
    for (int k = 0; k < turns; k++) {
        random_block(&w, k % 3 != 2, k % 4 == 3);
        run_program(&w, p, &plain);
        run_program(&w, b, &batch);
        assert_tables(&w, rows, &plain, &batch);
    }
    program_free(p);
    program_free(b);
    world_close(&w);
}

/* --- patterns --------------------------------------------------------------------------------- */

static const struct pattern_row PATTERNS[] = {
    {"retard", ""},
    {"délai|late|wait", "i"},
    {"\\b(retard|délai)s?\\b", "i"},
    {"and\\/or", ""},
    {"^retard", ""},
    {"late$", ""},
    {"^late$", "i"},
    {"(?m)^late$", "i"},
    {"(?x) re tard # a comment", ""},
    {"(?x) dé \\s* lai | late", "i"},
    {"late(?!r)", "i"},
    {"late(?=r)", "i"},
    {"(?<!trans)late", ""},
    {"(?<=trans)late", ""},
    {"a++a", ""},
    {"a++!", ""},
    {"(?>a+)b", ""},
    {"[^a-z]", ""},
    {"[[:upper:]][[:lower:]]", ""},
    {"[éèê]t[éè]", "i"},
    {"\\w+\\W\\w+", ""},
    {"\\d", ""},
    {"^\\d+$", ""},
    {"\\s\\s", ""},
    {"re.*late", ""},
    {"(?s)re.*late", ""},
    {".", ""},
    {"^$", ""},
    {"\\A\\z", ""},
    {"late\\Z", ""},
    {"\\p{Lu}", ""},
    {"\\p{L}\\p{M}", ""},
    {"k", "i"},
    {"s", "i"},
    {"µ", "i"},
    {"σ", "i"},
    {"ß", "i"},
    {"i", "i"},
    {"ω", "i"},
    {"ǆ", "i"},
    {"[a-z]+ſ", "i"},
    {"[k-l]", "i"},
    {"(a)\\1", ""},
    {"(\\w)\\1", "i"},
    {"a{2,3}!", ""},
    {"(?i)LATE(?-i)r", ""},
    {"\\x{e9}", "i"},
    {"\\h", ""},
    {"\\R", ""},
    {"\\X\\X", ""},
    {"x\\W", ""},
    {"[\\w]\\b", ""},
    {"(?:)", ""},
    {"a*", ""},
    {"(a|ab)(c|bcd)?$", ""},
    {"\\Qand\\E\\/or", ""},
    {"в", "i"},
    {"l[’']accord", "i"},
    {"(late |)\\w+ later(?!x)", "i"},
    {"(very |)\\w+ late", ""},
    {"(retard|)\\w+?d", "i"},
    {"(a|)a+?a", ""},
};
enum { PATTERN_COUNT = sizeof PATTERNS / sizeof PATTERNS[0], TOGETHER = 8 };

static void test_fault_39_without_machine_code(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < PATTERN_COUNT; i += TOGETHER)
        compare_blocks(PATTERNS + i, PATTERN_COUNT - i < TOGETHER ? PATTERN_COUNT - i : TOGETHER,
                       8);
}

/* One pattern alone may be one that a scanner takes or leaves by itself. */
static void test_one_by_one(void **state)
{
    (void)state;
    for (int i = 0; i < PATTERN_COUNT; i++)
        compare_blocks(PATTERNS + i, 1, 1);
}

static void random_pattern(struct buffer *b, int depth)
{
    static const char *const ATOMS[] = {"a",   "b",      "é",     "late", "[a-c]", "[^a]", "\\w",
                                        "\\s", "\\d",    ".",     "k",    "ſ",     "\\W",  "ta",
                                        "É",   "\\p{L}", "[é-ï]", "s",    "\\S",   "i",    "!"};
    static const char *const AROUND[] = {"\\b", "^", "$", "(?=a)", "(?!b)", "(?<=a)", "\\B"};
    static const char *const TIMES[] = {"*", "+", "?", "{1,3}", "*?", "++", "{2}", "+?"};
    for (uint32_t n = 1 + test_below(3); n > 0; n--) {
        if (test_below(8) == 0)
            buffer_c(b, ONE_OF(AROUND));
        if (depth < 2 && test_below(4) == 0) {
            buffer_c(b, "(");
            random_pattern(b, depth + 1);
            if (test_below(2)) {
                buffer_c(b, "|");
                random_pattern(b, depth + 1);
            }
            buffer_c(b, ")");
        } else
            buffer_c(b, ONE_OF(ATOMS));
        if (test_below(3) == 0)
            buffer_c(b, ONE_OF(TIMES));
    }
}

static void test_random_patterns(void **state)
{
    (void)state;
    enum { COUNT = 6 };
    for (int turn = 0; turn < 5; turn++) {
        struct buffer texts[COUNT];
        struct pattern_row rows[COUNT];
        for (int i = 0; i < COUNT; i++) {
            buffer_init(&texts[i]);
            random_pattern(&texts[i], 0);
            buffer_byte(&texts[i], '\0');
            rows[i] = (struct pattern_row){texts[i].at, test_below(2) ? "i" : ""};
        }
        compare_blocks(rows, COUNT, 4);
        for (int i = 0; i < COUNT; i++)
            buffer_deinit(&texts[i]);
    }
}

/* What machine code of PCRE2 10.42 misses with its start optimisation (lang/pattern.c). */
static void test_empty_alternatives(void **state)
{
    (void)state;
    static const struct pattern_row rows[] = {
        {"(late |)\\w+ again(?!x)", ""}, {"(very |)\\w+ late", ""}, {"(a|)a+?a", ""}};
    static const char *const TEXTS[] = {"late again", "very late", "aa"};
    static struct table t;
    struct world w;
    open_patterns(&w, rows, 3);
    for (uint32_t k = 0; k < 3; k++)
        one_case(&w, text_from_c(TEXTS[k]), false);
    for (int batch = 0; batch < 2; batch++) {
        run_flags(&w, batch ? PROGRAM_BATCH : PROGRAM_CERTAINTY, &t);
        for (uint32_t k = 0; k < 3; k++)
            assert_true(t.lo[k][k] == 0.5 && t.hi[k][k] == 0.5);
    }
    world_close(&w);
}

/* A case may have as many rows as it likes: all are scanned. The scanner knows of the last one what
 * PCRE2 would give up. */
static void test_many_rows(void **state)
{
    (void)state;
    enum { ROWS = 1300 };
    static const struct pattern_row rows[] = {{"(a+)+$", ""}, {"late(?!r)", ""}};
    static struct table t;
    struct world w;
    open_patterns(&w, rows, 2);
    for (uint32_t k = 0; k < 3; k++) {
        assert_true(cases_add_case(w.cases, TEXT("c"), false));
        for (uint32_t p = 0; p < 2; p++) {
            assert_true(cases_add_partner(w.cases, TEXT("")));
            for (uint32_t r = 0; r < ROWS; r++)
                answer(&w, k == 1 && p == 1 && r + 1 == ROWS ? TEXT("so late") : TEXT("later"));
        }
        answer(&w, TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"));
    }
    run_flags(&w, PROGRAM_CERTAINTY, &t);
    assert_certainty(&t, 0, 0, 0, 0.5);
    run_flags(&w, PROGRAM_BATCH, &t);
    for (uint32_t k = 0; k < 3; k++) {
        assert_certainty(&t, 0, k, 0, 0);
        assert_certainty(&t, 1, k, k == 1 ? 0.5 : 0, k == 1 ? 0.5 : 0);
    }
    world_close(&w);
}

/* --- limits ----------------------------------------------------------------------------------- */

/* A pattern that would take for ever is given up: unknown, counted, and what follows is looked at.
 */
static void test_fault_34_limit(void **state)
{
    (void)state;
    static const struct pattern_row rows[] = {{"(a+)+$", ""}};
    static struct table t;
    struct world w;
    open_patterns(&w, rows, 1);
    one_case(&w, TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"), false);
    one_case(&w, TEXT("aaa"), false);
    one_case(&w, TEXT("b"), false);
    double start = test_seconds();
    struct infer_counts counts = run_flags(&w, PROGRAM_CERTAINTY, &t);
    double took = test_seconds() - start;
    assert_certainty(&t, 0, 0, 0, 0.5);
    assert_certainty(&t, 0, 1, 0.5, 0.5);
    assert_certainty(&t, 0, 2, 0, 0);
    assert_int_equal(1, counts.pattern_limits);
    assert_int_equal(0, counts.texts_cut);
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
    assert_true(took < 0.005);
#else
    (void)took;
#endif
    world_close(&w);
}

/* An automaton gives up nothing: it knows what PCRE2 leaves open. It does not take the second,
 * where machine code goes further before it gives up. */
static void test_fault_34_limit_in_a_batch(void **state)
{
    (void)state;
    static const struct pattern_row rows[] = {{"(a+)+$", ""}, {"(a+)+(?<!b)$", ""}};
    static struct table plain, batch;
    struct world w;
    open_patterns(&w, rows, 2);
    for (size_t n = 1; n <= 40; n++) {
        char *t = arena_alloc(&w.arena, n + 1);
        memset(t, 'a', n);
        t[n] = '!';
        one_case(&w, (struct text){t, n + 1}, false);
    }
    run_flags(&w, PROGRAM_CERTAINTY, &plain);
    run_flags(&w, PROGRAM_BATCH, &batch);
    for (uint32_t c = 0; c < 2; c++)
        for (uint32_t k = 0; k < 40; k++) {
            assert_true(plain.lo[c][k] == 0 && batch.lo[c][k] == 0);
            assert_true(batch.hi[c][k] <= (c == 0 ? 0 : plain.hi[c][k]));
        }
    world_close(&w);
}

/* The first 16 KiB are looked at; what is not found there may stand behind. */
static void test_fault_35_window(void **state)
{
    (void)state;
    static const struct pattern_row rows[] = {{"a+[bc]", ""}, {"zz$", ""}, {"a{9}", ""}};
    static struct table t;
    struct world w;
    open_patterns(&w, rows, 3);
    struct buffer b;
    buffer_init(&b);
    for (size_t i = 0; i < LIMIT_PATTERN_TEXT + 1; i++)
        buffer_byte(&b, 'a');
    one_case(&w, (struct text){b.at, LIMIT_PATTERN_TEXT}, false);
    one_case(&w, buffer_view(&b), false);
    for (size_t i = 0; i < (200 << 10); i++)
        buffer_byte(&b, i % 2 ? 'b' : 'z');
    one_case(&w, buffer_view(&b), false);
    for (int batch = 0; batch < 2; batch++) {
        struct infer_counts counts = run_flags(&w, batch ? PROGRAM_BATCH : PROGRAM_CERTAINTY, &t);
        for (uint32_t k = 0; k < 3; k++) {
            assert_certainty(&t, 1, k, 0, k ? 0.5 : 0);
            assert_certainty(&t, 2, k, 0.5, 0.5);
        }
        assert_true(t.lo[0][1] == 0 && t.hi[0][1] == 0.5 && t.hi[0][2] == 0.5);
        assert_true(counts.texts_cut > 0);
    }
    compare(&w, rows);
    world_close(&w);
    buffer_deinit(&b);
}

/* What matches the empty text matches everything, once; a blank is an empty text, dk is not. */
static void test_fault_40_empty_match(void **state)
{
    (void)state;
    static const struct pattern_row rows[] = {
        {"(a*)*", ""}, {"^$", ""}, {"(?:|x)+", ""}, {"x|$", ""}};
    static struct table t;
    struct world w;
    open_patterns(&w, rows, 4);
    one_case(&w, TEXT("bbb"), false);
    one_case(&w, TEXT(""), false);
    one_case(&w, TEXT("dk"), false);
    one_case(&w, TEXT("na"), false);
    run_flags(&w, PROGRAM_CERTAINTY, &t);
    for (uint32_t c = 0; c < 4; c++) {
        assert_certainty(&t, c, 0, c == 1 ? 0 : 0.5, c == 1 ? 0 : 0.5);
        assert_certainty(&t, c, 1, 0.5, 0.5);
        assert_certainty(&t, c, 2, 0, 0.5);
        assert_certainty(&t, c, 3, 0, 0);
    }
    compare(&w, rows);
    world_close(&w);
}

/* A letter and its accent, apart or as one, in the text or in the pattern. */
static void test_fault_42_forms(void **state)
{
    (void)state;
    static const struct pattern_row rows[] = {{"^d\xC3\xA9lai$", "i"},
                                              {"^de\xCC\x81lai$", "i"},
                                              {"^d.lai$", ""},
                                              {"^d[\xC3\xA9]lai$", ""}};
    static struct table t;
    struct world w;
    open_patterns(&w, rows, 4);
    one_case(&w, TEXT("d\xC3\xA9lai"), false);
    one_case(&w, TEXT("de\xCC\x81lai"), false);
    one_case(&w, TEXT("DE\xCC\x81LAI"), false);
    for (int batch = 0; batch < 2; batch++) {
        run_flags(&w, batch ? PROGRAM_BATCH : PROGRAM_CERTAINTY, &t);
        for (uint32_t c = 0; c < 4; c++)
            for (uint32_t k = 0; k < 3; k++) {
                double x = k < 2 || c < 2 ? 0.5 : 0;
                assert_certainty(&t, c, k, x, x);
            }
    }
    world_close(&w);
}

struct thread {
    pthread_t id;
    const struct world *w;
    const struct program *program;
    struct infer *infer;
    struct table table;
    bool done;
};

static void *run_thread(void *ctx)
{
    struct thread *t = ctx;
    struct problems *problems = problems_new();
    t->infer = infer_new(t->program, problems);
    t->done = t->infer != NULL;
    t->table.conclusions = t->w->kb->conclusion_count;
    for (int turn = 0; t->done && turn < 3; turn++) {
        t->table.cases = 0;
        t->done = infer_run(t->infer, t->w->cases, read_tile, &t->table, problems);
    }
    infer_free(t->infer);
    problems_free(problems);
    return NULL;
}

/* One program, eight threads, each with its own infer. */
static void test_fault_41_threads(void **state)
{
    (void)state;
    static struct thread threads[THREADS];
    static struct table alone;
    struct world w;
    open_patterns(&w, PATTERNS, 2 * TOGETHER);
    random_block(&w, true, false);
    run_flags(&w, PROGRAM_CERTAINTY, &alone);
    struct program *p = program_new(w.kb, &w.put, PROGRAM_BATCH, w.problems);
    assert_non_null(p);
    for (int i = 0; i < THREADS; i++) {
        threads[i].w = &w;
        threads[i].program = p;
        assert_int_equal(0, pthread_create(&threads[i].id, NULL, run_thread, &threads[i]));
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(0, pthread_join(threads[i].id, NULL));
        assert_true(threads[i].done);
        assert_tables(&w, PATTERNS, &alone, &threads[i].table);
    }
    program_free(p);
    world_close(&w);
}

TEST_MAIN(11, cmocka_unit_test(test_fault_39_without_machine_code),
          cmocka_unit_test(test_one_by_one), cmocka_unit_test(test_random_patterns),
          cmocka_unit_test(test_empty_alternatives), cmocka_unit_test(test_many_rows),
          cmocka_unit_test(test_fault_34_limit), cmocka_unit_test(test_fault_34_limit_in_a_batch),
          cmocka_unit_test(test_fault_35_window), cmocka_unit_test(test_fault_40_empty_match),
          cmocka_unit_test(test_fault_42_forms), cmocka_unit_test(test_fault_41_threads))
