/* automaton_test: one pass of an automaton finds what PCRE2 finds, pattern by pattern. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "test.h"

#include "program/automaton.h"
#include "program/program.h"

#include <pcre2.h>

enum { MOST = 400, TEXTS = 64, LETTER = 8, QUESTIONS = 40 };

/* A program of patterns, each for every question, as far as a scanner looks at one. */
struct bench {
    struct program p;
    struct arena arena;
    struct pattern *patterns;
    pcre2_code *code[MOST];
    pcre2_match_data *data;
    struct scanner *scanners[QUESTIONS];
    uint32_t questions, count;
};

#define ONE_OF(list) list[test_below(sizeof list / sizeof list[0])]

/* As lang/pattern.c compiles; NULL where it is no pattern. */
static pcre2_code *compile(struct text t, bool ignore_case)
{
    int error;
    PCRE2_SIZE at;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)t.at, t.size,
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_NO_START_OPTIMIZE |
                                         (ignore_case ? PCRE2_CASELESS : 0),
                                     &error, &at, context);
    pcre2_compile_context_free(context);
    if (code)
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

static void bench_init(struct bench *b)
{
    *b = (struct bench){.data = pcre2_match_data_create(1, NULL), .questions = 1};
    arena_init(&b->arena, 0);
    arena_init(&b->p.arena, 0);
    b->patterns = arena_array(&b->arena, MOST, sizeof *b->patterns);
}

static bool bench_add(struct bench *b, struct text source, bool ignore_case)
{
    const uint32_t n = b->count;
    assert_true(n < MOST);
    b->code[n] = compile(source, ignore_case);
    if (!b->code[n])
        return false;
    b->patterns[n] = (struct pattern){arena_text(&b->arena, source), ignore_case, b->code[n], n};
    b->count++;
    return true;
}

static void scan_body(void *ctx)
{
    struct bench *b = ctx;
    b->p.scanners = b->scanners;
    scanners_make(&b->p);
}

static bool bench_build(struct bench *b)
{
    b->p.pattern_count = b->count;
    b->p.code_count = (size_t)b->count * b->questions;
    b->p.code = arena_array(&b->arena, b->p.code_count, sizeof *b->p.code);
    for (uint32_t i = 0; i < b->count; i++) {
        struct node *n = arena_alloc(&b->arena, sizeof *n);
        n->pattern = &b->patterns[i];
        for (uint32_t q = 0; q < b->questions; q++)
            b->p.code[i * b->questions + q] =
                (struct instr){.op = OP_MATCHES, .node = n, .question = q};
    }
    return arena_run(&b->p.arena, scan_body, b);
}

static void bench_deinit(struct bench *b)
{
    for (uint32_t i = 0; i < b->count; i++)
        pcre2_code_free(b->code[i]);
    pcre2_match_data_free(b->data);
    arena_deinit(&b->p.arena);
    arena_deinit(&b->arena);
}

static const struct scan_slot *slot_of(const struct bench *b, uint32_t pattern)
{
    return b->scanners[0] ? scanner_find(b->scanners[0], &b->patterns[pattern]) : NULL;
}

static bool has_slot(const struct bench *b, uint32_t pattern)
{
    return slot_of(b, pattern) != NULL;
}

static bool has_beyond(struct text t)
{
    for (uint32_t c; t.size > 0;) {
        const size_t n = utf8_next(t, &c);
        if (position_of(c) == BEYOND)
            return true;
        t = (struct text){t.at + n, t.size - n};
    }
    return false;
}

static void show(const struct bench *b, uint32_t i, struct text t, const char *what)
{
    print_error("/%.*s/%s %s:", (int)b->patterns[i].source.size, b->patterns[i].source.at,
                b->patterns[i].ignore_case ? "i" : "", what);
    for (size_t k = 0; k < t.size; k++)
        print_error(t.at[k] > ' ' ? " %c" : " %02X", (unsigned char)t.at[k]);
    print_error("\n");
}

static int match(const struct bench *b, uint32_t i, struct text t, uint32_t options)
{
    return pcre2_match(b->code[i], (PCRE2_SPTR)t.at, t.size, 0, options, b->data, NULL);
}

static void scan(const struct scanner *s, const struct text *texts, uint32_t count,
                 uint64_t *planes)
{
    struct scan_text rows[64];
    for (uint32_t t = 0; t < count; t++)
        rows[t] = (struct scan_text){texts[t], t};
    scanner_scan(s, rows, count, planes, 1);
}

/* What is marked is what PCRE2 says, with machine code and without. Number of pairs compared. */
static size_t compare(struct bench *b, const struct text *texts, uint32_t count, size_t *unsure)
{
    size_t compared = 0, wrong = 0;
    if (!b->scanners[0])
        return 0;
    uint64_t planes[MOST * 2] = {0};
    scan(b->scanners[0], texts, count, planes);
    for (uint32_t i = 0; i < b->count; i++) {
        const struct scan_slot *slot = slot_of(b, i);
        if (!slot)
            continue;
        const uint64_t *plane = planes + 2 * (slot - b->scanners[0]->slots);
        const bool loose = !slot->decides;
        for (uint32_t t = 0; t < count; t++) {
            const int rc = match(b, i, texts[t], 0), plain = match(b, i, texts[t], PCRE2_NO_JIT);
            const bool found = plane[0] >> t & 1, open = plane[1] >> t & 1;
            if (rc < 0 && rc != PCRE2_ERROR_NOMATCH)
                continue; /* a limit */
            compared++;
            *unsure += !found && open;
            const char *what = (plain < 0) != (rc < 0) && plain >= PCRE2_ERROR_NOMATCH
                                   ? "is something else for machine code"
                               : found && rc < 0                         ? "is not there"
                               : !found && !open && rc >= 0              ? "is not found"
                               : open && !loose && !has_beyond(texts[t]) ? "is open"
                                                                         : NULL;
            if (what && ++wrong < 10)
                show(b, i, texts[t], what);
        }
    }
    assert_int_equal(0, wrong);
    return compared;
}

/* --- random patterns, random texts ------------------------------------------------------------ */

static bool loosely; /* random patterns may have what is looked for loosely */

static void random_pattern(struct buffer *b, int depth);

static void random_lookaround(struct buffer *b, int depth)
{
    static const char *const BEHIND[] = {"(?<=a)", "(?<!b)", "(?<!\\bé|ab)", "(?<=[^a]k)"};
    if (test_below(2)) {
        buffer_c(b, ONE_OF(BEHIND));
        return;
    }
    static const char *const OPEN[] = {"(?=", "(?!"};
    buffer_c(b, ONE_OF(OPEN));
    random_pattern(b, depth + 1);
    buffer_c(b, ")");
}

static void random_pattern(struct buffer *b, int depth)
{
    static const char *const ATOMS[] = {"a",
                                        "b",
                                        "c",
                                        "é",
                                        "É",
                                        "k",
                                        "s",
                                        "ß",
                                        "’",
                                        "日",
                                        "_",
                                        "!",
                                        "-",
                                        "]",
                                        "}",
                                        ",",
                                        "ab",
                                        "aé",
                                        "a.b",
                                        "[ab]",
                                        "[^ab]",
                                        "[^é]",
                                        "[é-ï]",
                                        "[a-c’]",
                                        "[^\\n]",
                                        "[k-s]",
                                        "[]a]",
                                        "[^]a]",
                                        "[\\]a]",
                                        "[a\\-b]",
                                        "[\\wé]",
                                        "[^\\W_]",
                                        "[[:alpha:]b]",
                                        "[^[:space:]]",
                                        "[\\x{e9}k]",
                                        "[日é]",
                                        "\\w",
                                        "\\W",
                                        "\\d",
                                        "\\D",
                                        "\\s",
                                        "\\S",
                                        "\\h",
                                        "\\v",
                                        "\\N",
                                        "\\n",
                                        "\\t",
                                        "\\.",
                                        "\\x{e9}",
                                        "\\x4b",
                                        "\\p{L}",
                                        "\\p{Lu}",
                                        "\\pN",
                                        ".",
                                        ".",
                                        "İ",
                                        "ſ",
                                        "K",
                                        "\xCC\x81",
                                        "(?i)a",
                                        "(?-i)k",
                                        "(?i:é)",
                                        "(?s).",
                                        "(?s:.)",
                                        "(?m)a",
                                        "(?x) a b # c\n",
                                        "(?x: a é )",
                                        "(?:)"};
    static const char *const AROUND[] = {"\\b", "\\b", "\\B",   "^",     "$",      "\\A",
                                         "\\z", "\\Z", "(?m)^", "(?m)$", "(?m:^)", "(?m:$)"};
    static const char *const TIMES[] = {"*",    "+",  "?",  "{2}", "{1,3}", "{0,2}",
                                        "{2,}", "*?", "+?", "??",  "{1,2}?"};
    for (uint32_t n = test_below(5) ? 1 + test_below(4) : 0; n > 0; n--) {
        if (test_below(4) == 0)
            buffer_c(b, ONE_OF(AROUND));
        if (loosely && test_below(4) == 0)
            random_lookaround(b, depth);
        if (depth < 3 && test_below(4) == 0) {
            buffer_c(b, loosely && test_below(4) == 0 ? "(?>" : test_below(2) ? "(" : "(?:");
            random_pattern(b, depth + 1);
            for (uint32_t more = test_below(3); more > 0; more--) {
                buffer_c(b, "|");
                random_pattern(b, depth + 1);
            }
            buffer_c(b, ")");
        } else
            buffer_c(b, ONE_OF(ATOMS));
        if (test_below(3) == 0) {
            const char *times = ONE_OF(TIMES);
            buffer_c(b, times);
            if (loosely && test_below(3) == 0 && !strchr(times + 1, '?'))
                buffer_c(b, "+");
        }
    }
    if (depth == 0 && test_below(4) == 0) {
        buffer_c(b, "|");
        random_pattern(b, 1);
    }
}

static struct text random_text(struct arena *a)
{
    static const char *const LETTERS[] = {"a",
                                          "a",
                                          "a",
                                          "b",
                                          "b",
                                          "c",
                                          "A",
                                          "B",
                                          "é",
                                          "é",
                                          "É",
                                          "e",
                                          "k",
                                          "K",
                                          "s",
                                          "S",
                                          "ï",
                                          "_",
                                          " ",
                                          " ",
                                          " ",
                                          "\n",
                                          "\n",
                                          "\r",
                                          "\t",
                                          "!",
                                          "-",
                                          ".",
                                          ",",
                                          "]",
                                          "3",
                                          "’",
                                          "ß",
                                          "œ",
                                          "Œ",
                                          "ſ",
                                          "K",
                                          "İ",
                                          "ı",
                                          "i",
                                          "µ",
                                          "Å",
                                          "\xC2\xA0",
                                          "\xC2\x85",
                                          "\xE2\x80\xA8",
                                          "\xCC\x81",
                                          "\xD9\xA3",
                                          "٣",
                                          "Σ",
                                          "ς",
                                          "日",
                                          "ẞ",
                                          "\xF0\x9F\x98\x80",
                                          "\xE3\x80\x80",
                                          "ꙋ"};
    /* The last few are beyond: in one text of four. */
    const uint32_t choice = (uint32_t)(sizeof LETTERS / sizeof *LETTERS) - (test_below(4) ? 5 : 0);
    char t[TEXTS * 4];
    size_t size = 0;
    for (uint32_t n = test_below(test_below(8) ? 12 : 50); n > 0; n--) {
        const char *letter = LETTERS[test_below(choice)];
        memcpy(t + size, letter, strlen(letter));
        size += strlen(letter);
    }
    return arena_text(a, (struct text){t, size});
}

static void compare_random(void)
{
    enum { TOGETHER = 6 };
    const size_t turns = test_times(getenv("LONG") ? 5000 : 400);
    size_t compared = 0, unsure = 0, patterns = 0, slots = 0;
    for (size_t turn = 0; turn < turns; turn++) {
        struct bench b;
        struct buffer source;
        struct text texts[TEXTS];
        bench_init(&b);
        buffer_init(&source);
        while (b.count < TOGETHER) {
            buffer_clear(&source);
            random_pattern(&source, 0);
            bench_add(&b, buffer_view(&source), test_below(2));
        }
        for (int t = 0; t < TEXTS; t++)
            texts[t] = random_text(&b.arena);
        assert_true(bench_build(&b));
        compared += compare(&b, texts, TEXTS, &unsure);
        patterns += b.count;
        for (uint32_t i = 0; i < b.count; i++)
            slots += has_slot(&b, i);
        buffer_deinit(&source);
        bench_deinit(&b);
    }
    assert_true(compared > test_times(100000));
    assert_true(unsure < compared / (loosely ? 2 : 8));
    assert_true(slots * 10 > patterns * 8);
    if (getenv("SHOW"))
        print_message("%zu pairs, %zu of them open; %zu of %zu patterns\n", compared, unsure, slots,
                      patterns);
}

static void test_random_patterns(void **state)
{
    (void)state;
    loosely = false;
    compare_random();
}

/* What is found of these may be nothing, but nothing is missed. */
static void test_random_loose(void **state)
{
    (void)state;
    loosely = true;
    compare_random();
}

/* --- every character -------------------------------------------------------------------------- */

static size_t encode(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    const size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)(0xF00 >> size | c);
    return size;
}

/* Items that take one character, each against all characters to U+2FFF and one in 61 of the others.
 */
static void test_every_character(void **state)
{
    (void)state;
    static const char *const ITEMS[] = {
        "a",      "k",         "s",      "i",           "é",
        "ß",      "µ",         "ÿ",      "ſ",           "σ",
        "ж",      "ǆ",         "ɐ",      "ꙋ",           "’",
        "Å",      ".",         "(?s).",  "\\N",         "\\w",
        "\\W",    "\\d",       "\\s",    "\\S",         "\\h",
        "\\v",    "\\p{L}",    "\\p{N}", "[a-z]",       "[^a-z]",
        "[é-ï]",  "[^é]",      "[k-sé]", "[^\\W\\d]",   "[’'-]",
        "[é-’]",  "[^a-…]",    "[^–-—]", "[[:upper:]]", "[^[:punct:]]",
        "[α-ωa]", "^\\W*\\bx", "x\\b.",  "\\Bx",        "x\\B",
        "^.$",    "(?m)^x",    "x$",     "^x.?$",       "\\x{2019}"};
    enum { ITEM_COUNT = sizeof ITEMS / sizeof *ITEMS };
    struct bench b;
    struct text texts[TEXTS];
    size_t unsure = 0, compared = 0;
    bench_init(&b);
    for (int i = 0; i < ITEM_COUNT; i++)
        assert_true(bench_add(&b, text_from_c(ITEMS[i]), false) &&
                    bench_add(&b, text_from_c(ITEMS[i]), true));
    assert_true(bench_build(&b));
    for (uint32_t i = 0; i < b.count; i++)
        assert_true(has_slot(&b, i));
    char letters[TEXTS][LETTER];
    uint32_t filled = 0;
    const uint32_t step = test_times(100) < 100 ? 61 : 1;
    for (uint32_t c = 0; c < 0x110000; c += c < 0x3000 ? step : 61) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        char *letter = letters[filled];
        size_t size = test_below(2) ? encode('x', letter) : 0;
        size += encode(c, letter + size);
        if (test_below(2))
            size += encode('x', letter + size);
        texts[filled++] = (struct text){letter, size};
        if (filled < TEXTS)
            continue;
        compared += compare(&b, texts, filled, &unsure);
        filled = 0;
    }
    assert_true(compared > 2000000 / step);
    bench_deinit(&b);
}

/* What charset_of_character takes for granted: no character beyond is the other case of an ASCII
 * one. */
static void test_cases_of_ascii(void **state)
{
    (void)state;
    pcre2_code *code = compile(TEXT("[\\x{0}-\\x{7f}]"), true);
    struct buffer b;
    buffer_init(&b);
    for (uint32_t c = 0; c < 0x110000; c++) {
        char letter[4];
        if (position_of(c) == BEYOND && !(c >= 0xD800 && c < 0xE000))
            buffer_text(&b, (struct text){letter, encode(c, letter)});
    }
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    assert_int_equal(PCRE2_ERROR_NOMATCH,
                     pcre2_match(code, (PCRE2_SPTR)b.at, b.size, 0, 0, data, NULL));
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    buffer_deinit(&b);
}

/* --- what is taken, what is not --------------------------------------------------------------- */

/* Each pattern alone has a slot, or none has. */
static void assert_taken(const char *const *patterns, uint32_t count, bool taken)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct bench b;
        bench_init(&b);
        const bool compiles = bench_add(&b, text_from_c(patterns[i]), false);
        assert_true(bench_build(&b));
        if (!compiles || has_slot(&b, 0) != taken) {
            print_error("/%s/ is %s\n", patterns[i],
                        compiles ? taken ? "left" : "taken" : "no pattern for PCRE2");
            wrong++;
        }
        bench_deinit(&b);
    }
    assert_int_equal(0, wrong);
}

static void test_taken(void **state)
{
    (void)state;
    static const char *const PATTERNS[] = {"retard|late|delay",
                                           "conf(iance|idence)|trust",
                                           "(pas|not) +(clair|clear)",
                                           "\\b(retard|délai)s?\\b",
                                           "and\\/or",
                                           "(?m)^late$",
                                           "(?x) dé \\s* lai | late # a comment",
                                           "(?x) a + ( b ) {2}? c",
                                           "[éèê]t[éè]",
                                           "l[’']accord",
                                           "\\A\\d{1,3}(?:\\h\\d{3})*\\Z",
                                           "(?i)LATE(?-i)r",
                                           "(?i:a(?-i)b|c)",
                                           "a*?b+?c??d{2,}?",
                                           "(|a)(b|)",
                                           "日本",
                                           "#",
                                           "\\#\\ \\-",
                                           "[]]|[^]]|[[]|[a[:alpha:]]"};
    assert_taken(PATTERNS, sizeof PATTERNS / sizeof *PATTERNS, true);
}

static void test_taken_loosely(void **state)
{
    (void)state;
    static const char *const PATTERNS[] = {"late(?=r)",
                                           "late(?!r)",
                                           "(?<=a)b",
                                           "(?<!a)b",
                                           "(?>a+)b",
                                           "a++b",
                                           "a*+b",
                                           "a?+b",
                                           "a{2}+b",
                                           "(?=a(?!b)\\w*+)c",
                                           "(?:(?<!x)a|b)++",
                                           "(?=(?=a)b|c)d"};
    assert_taken(PATTERNS, sizeof PATTERNS / sizeof *PATTERNS, true);
}

static void test_left_to_pcre2(void **state)
{
    (void)state;
    static const char *const PATTERNS[] = {"(a)\\1",        "(?=(a)\\1)b",
                                           "(?x) a+ +b",    "(?<n>a)",
                                           "(?P<n>a)",      "(?'n'a)",
                                           "(?|a|b)",       "(?(?=a)b|c)",
                                           "(?#a)b",        "(?^)a",
                                           "(?xx)a",        "(?J)a",
                                           "(?U)a+",        "(?n)(a)",
                                           "\\Qa\\E",       "[\\Qa\\E]",
                                           "\\R",           "\\X",
                                           "a\\Kb",         "\\Ga",
                                           "\\cA",          "[\\cA]",
                                           "\\o{101}",      "\\101",
                                           "\\0",           "\\x4",
                                           "\\N{U+e9}",     "a{,2}",
                                           "a{0}b",         "a{0,0}b",
                                           "a{x",           "{a",
                                           "a{1001}",       "(((a{20}){20}){20})",
                                           "(?x)a\xC2\x85", "[[:<:]]a",
                                           "\\é",           "(?x)a + ?",
                                           "\\g{1}(a)",     "\\P{L}",
                                           "\\p{^L}",       "\\k{n}(?<n>a)"};
    assert_taken(PATTERNS, sizeof PATTERNS / sizeof *PATTERNS, false);
}

/* --- size ------------------------------------------------------------------------------------- */

static void test_one_too_large(void **state)
{
    (void)state;
    struct bench b;
    struct text texts[TEXTS];
    size_t unsure = 0;
    bench_init(&b);
    bench_add(&b, TEXT("late"), false);
    bench_add(&b, TEXT("a[ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab]c"), false);
    bench_add(&b, TEXT("ab|ba"), true);
    for (int t = 0; t < TEXTS; t++)
        texts[t] = random_text(&b.arena);
    assert_true(bench_build(&b));
    assert_true(has_slot(&b, 0) && !has_slot(&b, 1) && has_slot(&b, 2));
    assert_int_equal(2 * TEXTS, compare(&b, texts, TEXTS, &unsure));
    bench_deinit(&b);
}

/* What is repeated many times is looked for any number of times, where that makes it small enough.
 */
static void test_stretched(void **state)
{
    (void)state;
    struct bench b;
    struct text texts[] = {TEXT("aaaaaaaaaaaaaac"), TEXT("ac"), TEXT("ab c"), TEXT("abbbac")};
    uint64_t planes[2] = {0};
    bench_init(&b);
    bench_add(&b, TEXT("a(a|b){13}c"), false);
    assert_true(bench_build(&b));
    assert_true(has_slot(&b, 0) && !slot_of(&b, 0)->decides);
    scan(b.scanners[0], texts, 4, planes);
    assert_int_equal(0, planes[0]);
    assert_int_equal(1 | 8, planes[1]);
    bench_deinit(&b);
}

/* Patterns that would multiply each other's states, and more characters than there are classes. */
static void test_shared_out(void **state)
{
    (void)state;
    struct bench b;
    struct text texts[TEXTS];
    char source[40];
    size_t unsure = 0;
    bench_init(&b);
    for (uint32_t i = 0; i < 30; i++) {
        snprintf(source, sizeof source, "%c%c.*%c", "abcéks"[i % 3], "abc"[i / 3 % 3],
                 'a' + (int)i / 9);
        assert_true(bench_add(&b, text_from_c(source), i % 2));
    }
    for (uint32_t c = 0x100; c < 0x230; c++) {
        char letter[LETTER] = {0};
        encode(c, letter);
        assert_true(bench_add(&b, text_from_c(letter), false));
    }
    for (int t = 0; t < TEXTS; t++)
        texts[t] = random_text(&b.arena);
    assert_true(bench_build(&b));
    assert_true(b.scanners[0]->automaton_count > 2);
    for (uint32_t i = 0; i < b.count; i++)
        assert_true(has_slot(&b, i));
    assert_int_equal(b.count * TEXTS, compare(&b, texts, TEXTS, &unsure));
    assert_int_equal(0, unsure);
    bench_deinit(&b);
}

/* 400 patterns that do not go together, and hardly alone. */
static void add_hard(struct bench *b)
{
    char source[60];
    for (uint32_t i = 0; i < MOST; i++) {
        snprintf(source, sizeof source, "%c(a|b|%c){%u}c", 'a' + (int)(i % 2), 'c' + (int)(i % 7),
                 9 + i % 5);
        assert_true(bench_add(b, text_from_c(source), i % 2));
    }
}

static uint32_t slots_of(const struct scanner *s)
{
    uint32_t scanned = 0;
    for (uint32_t k = 0; s && k < s->count; k++)
        scanned += s->slots[k].scanned;
    return scanned;
}

/* Hundreds of patterns that do not go together cost no more than is allowed. */
static void test_work_is_bounded(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    add_hard(&b);
    assert_true(bench_build(&b));
    assert_true(slots_of(b.scanners[0]) < b.count);
    bench_deinit(&b);
}

/* Of what the first questions spent nothing is left for the last: PCRE2 alone looks there. */
static void assert_bounded(struct bench *b)
{
    b->questions = QUESTIONS;
    assert_true(bench_build(b));
    const size_t tables = LIMIT_SCANNER_CELLS * sizeof(uint32_t), beside = 1 << 20;
    assert_true(b->p.arena.used < tables + beside);
    assert_true(slots_of(b->scanners[0]) > 0);
    assert_null(b->scanners[QUESTIONS - 1]);
    bench_deinit(b);
}

static void test_work_is_bounded_for_all_questions(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    add_hard(&b);
    assert_bounded(&b);
}

/* Nothing hard about them, but their tables would take 100 MB. */
static void test_tables_are_bounded_for_all_questions(void **state)
{
    (void)state;
    struct bench b;
    char source[60];
    bench_init(&b);
    for (uint32_t i = 0; i < MOST; i++) {
        snprintf(source, sizeof source, "%u[bdfhjlnprtvxz]abcdefghijklmnopqrstuvwxyz%u", i, i);
        assert_true(bench_add(&b, text_from_c(source), true));
    }
    assert_bounded(&b);
}

/* Ordinary patterns are far from the bounds. */
static void test_many_questions(void **state)
{
    (void)state;
    struct bench b;
    char source[60];
    bench_init(&b);
    for (uint32_t i = 0; i < MOST / 4; i++) {
        snprintf(source, sizeof source, "\\b(not? |never )?w%u?rd%us?\\b(?! at all)", i % 7, i);
        assert_true(bench_add(&b, text_from_c(source), true));
    }
    b.questions = QUESTIONS;
    assert_true(bench_build(&b));
    for (uint32_t q = 0; q < QUESTIONS; q++)
        assert_int_equal(b.count, slots_of(b.scanners[q]));
    bench_deinit(&b);
}

static void build_anew(void *ctx)
{
    struct bench *b = ctx;
    arena_deinit(&b->p.arena);
    b->scanners[0] = NULL;
    const bool built = arena_run(&b->p.arena, scan_body, b);
    assert_true(!built || b->scanners[0] != NULL);
    if (built)
        assert_true(has_slot(b, 0));
}

static void test_each_failed_allocation(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    bench_add(&b, TEXT("\\b(late|été)s?\\b"), true);
    bench_add(&b, TEXT("[^a-z]+$"), false);
    assert_true(bench_build(&b));
    test_each_allocation(build_anew, &b);
    bench_deinit(&b);
}

TEST_MAIN(15, cmocka_unit_test(test_random_patterns), cmocka_unit_test(test_random_loose),
          cmocka_unit_test(test_every_character), cmocka_unit_test(test_cases_of_ascii),
          cmocka_unit_test(test_taken), cmocka_unit_test(test_taken_loosely),
          cmocka_unit_test(test_left_to_pcre2), cmocka_unit_test(test_one_too_large),
          cmocka_unit_test(test_stretched), cmocka_unit_test(test_shared_out),
          cmocka_unit_test(test_work_is_bounded),
          cmocka_unit_test(test_work_is_bounded_for_all_questions),
          cmocka_unit_test(test_tables_are_bounded_for_all_questions),
          cmocka_unit_test(test_many_questions), cmocka_unit_test(test_each_failed_allocation))
