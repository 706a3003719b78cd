/* The cases of tests/lang: what a condition becomes, or what is said about it.
 *
 *     partner                                <- context: partner or partnership; then `normal` for
 *     trust <= 2 AND charter                    the normal form, `escaped` for \u{N}, \n, \\
 *                ^^^ E1205: 'AND' is ...     <- every problem under its place, `help:` below it
 *     trust <= 2 and charter                 <- the canonical text, where it is a condition
 *
 * Groups are separated by blank lines; a line that starts with # is a comment. ACCEPT=1 in the
 * environment rewrites the files with what came out: read the difference before you believe it. */
#include "test.h"

#include "unit/lang_names.h"
#include <dirent.h>

struct group {
    struct text lines[64];
    size_t count;
    size_t number; /* line of the file */
};

struct run {
    struct arena *arena;
    struct scalar scalar;
    enum scope scope;
    bool normal, escaped;
    struct problems *problems;
    struct buffer *out;
};

static struct text next_line(struct text *rest)
{
    const char *end = memchr(rest->at, '\n', rest->size);
    size_t size = end ? (size_t)(end - rest->at) : rest->size;
    struct text line = {rest->at, size};
    size_t used = end ? size + 1 : size;
    *rest = (struct text){rest->at + used, rest->size - used};
    return line;
}

static bool has_word(struct text line, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= line.size; i++)
        if (memcmp(line.at + i, word, n) == 0)
            return true;
    return false;
}

static void put_code_point(struct buffer *out, uint32_t u)
{
    if (u < 0x80) {
        buffer_byte(out, (char)u);
    } else if (u < 0x800) {
        buffer_byte(out, (char)(0xC0 | u >> 6));
        buffer_byte(out, (char)(0x80 | (u & 0x3F)));
    } else if (u < 0x10000) {
        buffer_byte(out, (char)(0xE0 | u >> 12));
        buffer_byte(out, (char)(0x80 | (u >> 6 & 0x3F)));
        buffer_byte(out, (char)(0x80 | (u & 0x3F)));
    } else {
        buffer_byte(out, (char)(0xF0 | u >> 18));
        buffer_byte(out, (char)(0x80 | (u >> 12 & 0x3F)));
        buffer_byte(out, (char)(0x80 | (u >> 6 & 0x3F)));
        buffer_byte(out, (char)(0x80 | (u & 0x3F)));
    }
}

static uint32_t hex(char c)
{
    return (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* \u{N} is a code point, \xNN a byte, \n a line end, anything else itself. */
static void unescape(struct text t, struct buffer *out)
{
    for (size_t i = 0; i < t.size; i++) {
        if (t.at[i] != '\\' || i + 1 >= t.size) {
            buffer_byte(out, t.at[i]);
            continue;
        }
        const char c = t.at[++i];
        uint32_t u = 0;
        if (c == 'u') {
            for (i += 2; t.at[i] != '}'; i++)
                u = u << 4 | hex(t.at[i]);
            put_code_point(out, u);
        } else if (c == 'x') {
            u = hex(t.at[i + 1]) << 4 | hex(t.at[i + 2]);
            buffer_byte(out, (char)u);
            i += 2;
        } else {
            buffer_byte(out, c == 'n' ? '\n' : c);
        }
    }
}

/* What is not plain ASCII as \u{N}. */
static void escape(struct text t, struct buffer *out)
{
    for (size_t i = 0; i < t.size;) {
        uint32_t u;
        char shown[16];
        i += utf8_next((struct text){t.at + i, t.size - i}, &u);
        if (u >= 0x20 && u < 0x7F)
            buffer_byte(out, (char)u);
        else
            buffer_text(out, (struct text){shown, (size_t)snprintf(shown, sizeof shown, "\\u{%X}",
                                                                   (unsigned)u)});
    }
}

static size_t code_points(struct text t)
{
    size_t n = 0;
    for (size_t i = 0; i < t.size; i++)
        n += ((unsigned char)t.at[i] & 0xC0) != 0x80;
    return n;
}

static void show_problem(struct run *r, const struct problem *p)
{
    char label[8];
    struct text value = r->scalar.value;
    if (r->escaped) {
        buffer_c(r->out, "  at ");
        buffer_unsigned(r->out, p->span.start);
        buffer_c(r->out, "..");
        buffer_unsigned(r->out, p->span.end);
    } else {
        size_t size =
            code_points((struct text){value.at + p->span.start, p->span.end - p->span.start});
        buffer_repeat(r->out, ' ', code_points((struct text){value.at, p->span.start}));
        buffer_repeat(r->out, '^', size ? size : 1);
    }
    buffer_byte(r->out, ' ');
    buffer_c(r->out, problem_code_label(p->code, label));
    buffer_c(r->out, ": ");
    buffer_c(r->out, p->message);
    buffer_byte(r->out, '\n');
    for (size_t i = 0; i < p->note_count; i++) {
        buffer_c(r->out, "    note: ");
        buffer_c(r->out, p->notes[i].text);
        buffer_byte(r->out, '\n');
    }
    if (p->help) {
        buffer_c(r->out, "    help: ");
        buffer_c(r->out, p->help);
        buffer_byte(r->out, '\n');
    }
}

static void run_condition(void *ctx)
{
    struct run *r = ctx;
    struct pattern_set patterns;
    pattern_set_init(&patterns, r->arena);
    const struct node *n =
        condition_new(r->arena, r->scalar, r->scope, &FIXTURE_NAMES, &patterns, r->problems);
    assert_int_equal(n == NULL, problems_has_error(r->problems));
    problems_sort(r->problems);
    for (size_t i = 0; i < problems_kept(r->problems); i++)
        show_problem(r, problems_at(r->problems, i));
    if (n == NULL)
        return;
    if (r->normal)
        n = condition_normal(r->arena, n);
    struct buffer text;
    buffer_init(&text);
    condition_print(n, &FIXTURE_NAMES_OF, &text);
    if (r->escaped)
        escape(buffer_view(&text), r->out);
    else
        buffer_text(r->out, buffer_view(&text));
    buffer_byte(r->out, '\n');
    buffer_deinit(&text);
}

/* Appends the group as it should stand in the file. */
static void run_group(const struct group *g, struct buffer *out)
{
    struct arena arena;
    struct buffer value;
    arena_init(&arena, 0);
    buffer_init(&value);
    struct run r = {.arena = &arena,
                    .problems = problems_new(),
                    .out = out,
                    .normal = has_word(g->lines[0], "normal"),
                    .escaped = has_word(g->lines[0], "escaped"),
                    .scope =
                        has_word(g->lines[0], "partnership") ? SCOPE_PARTNERSHIP : SCOPE_PARTNER};
    if (r.escaped)
        unescape(g->lines[1], &value);
    else
        buffer_text(&value, g->lines[1]);
    r.scalar.value = buffer_view(&value);
    r.scalar.span.end = (uint32_t)value.size;
    for (size_t i = 0; i < 2; i++) {
        buffer_text(out, g->lines[i]);
        buffer_byte(out, '\n');
    }
    assert_true(arena_run(&arena, run_condition, &r));
    problems_free(r.problems);
    arena_deinit(&arena);
    buffer_deinit(&value);
}

static bool is_as_expected(const char *file, const struct group *g, struct text actual)
{
    struct buffer expected;
    buffer_init(&expected);
    for (size_t i = 0; i < g->count; i++) {
        buffer_text(&expected, g->lines[i]);
        buffer_byte(&expected, '\n');
    }
    bool same = text_equal(buffer_view(&expected), actual);
    if (!same)
        fprintf(stderr, "%s:%zu: expected\n%.*sbut got\n%.*s\n", file, g->number,
                (int)expected.size, expected.at, (int)actual.size, actual.at);
    buffer_deinit(&expected);
    return same;
}

static void finish_group(const char *file, struct group *g, struct buffer *accepted, size_t *passed,
                         size_t *failed)
{
    if (g->count == 0)
        return;
    struct buffer actual;
    buffer_init(&actual);
    if (g->count < 2)
        fail_msg("%s:%zu: a group has a context and a condition", file, g->number);
    run_group(g, &actual);
    if (is_as_expected(file, g, buffer_view(&actual)))
        ++*passed;
    else
        ++*failed;
    buffer_text(accepted, buffer_view(&actual));
    buffer_deinit(&actual);
    g->count = 0;
}

static void read_whole(const char *path, struct buffer *out)
{
    char chunk[4096];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buffer_text(out, (struct text){chunk, n});
    fclose(f);
}

static void run_file(const char *path, size_t *passed, size_t *failed)
{
    struct buffer bytes, accepted;
    struct group g = {.count = 0};
    size_t number = 0;
    buffer_init(&bytes);
    buffer_init(&accepted);
    read_whole(path, &bytes);
    for (struct text rest = buffer_view(&bytes); rest.size > 0;) {
        struct text line = next_line(&rest);
        number++;
        if (line.size > 0 && (line.at[0] != '#' || g.count > 0)) {
            if (g.count == 0)
                g.number = number;
            assert_true(g.count < sizeof g.lines / sizeof g.lines[0]);
            g.lines[g.count++] = line;
            continue;
        }
        finish_group(path, &g, &accepted, passed, failed);
        buffer_text(&accepted, line);
        buffer_byte(&accepted, '\n');
    }
    finish_group(path, &g, &accepted, passed, failed);
    if (getenv("ACCEPT")) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        fwrite(accepted.at, 1, accepted.size, f);
        fclose(f);
    }
    buffer_deinit(&bytes);
    buffer_deinit(&accepted);
}

/* Runs every file; gives how many groups failed. */
static size_t run_all(size_t *passed)
{
    struct dirent **entries;
    size_t failed = 0;
    *passed = 0;
    int n = scandir("tests/lang", &entries, NULL, alphasort);
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        char path[512];
        if (text_ends(text_from_c(entries[i]->d_name), ".test")) {
            snprintf(path, sizeof path, "tests/lang/%s", entries[i]->d_name);
            run_file(path, passed, &failed);
        }
        free(entries[i]);
    }
    free(entries);
    return failed;
}

static void test_all_cases(void **state)
{
    (void)state;
    size_t passed, failed = run_all(&passed);
    assert_true(passed + failed > 150);
    if (!getenv("ACCEPT"))
        assert_int_equal(failed, 0);
}

struct example {
    struct arena *arena;
    struct problems *problems;
    struct text condition;
    bool right;
};

static void run_example(void *ctx)
{
    struct example *e = ctx;
    struct pattern_set patterns;
    pattern_set_init(&patterns, e->arena);
    struct scalar s = {.value = e->condition, .span = {0, 0, (uint32_t)e->condition.size}};
    const struct node *n =
        condition_new(e->arena, s, SCOPE_PARTNER, &FIXTURE_NAMES, &patterns, e->problems);
    if ((n != NULL && problems_kept(e->problems) == 0) != e->right)
        fail_msg("docs/language.md is wrong about %.*s: %s", (int)s.value.size, s.value.at,
                 problems_kept(e->problems) ? problems_at(e->problems, 0)->message : "no problem");
}

/* Every line of the blocks ```condition and ```wrong in the manual. */
static void test_examples_of_the_manual(void **state)
{
    (void)state;
    struct buffer bytes;
    buffer_init(&bytes);
    read_whole("docs/language.md", &bytes);
    bool inside = false;
    size_t count = 0;
    struct example e = {.right = true};
    for (struct text rest = buffer_view(&bytes); rest.size > 0;) {
        e.condition = next_line(&rest);
        if (text_starts(e.condition, "```")) {
            inside = text_is(e.condition, "```condition") || text_is(e.condition, "```wrong");
            e.right = text_is(e.condition, "```condition");
        } else if (inside) {
            struct arena arena;
            arena_init(&arena, 0);
            e.arena = &arena;
            e.problems = problems_new();
            assert_true(arena_run(&arena, run_example, &e));
            problems_free(e.problems);
            arena_deinit(&arena);
            count++;
        }
    }
    assert_true(count > 50);
    buffer_deinit(&bytes);
}

/* With the argument `cases`, as tests/lang/run calls it, the groups are counted. */
int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "cases") == 0) {
        size_t passed, failed = run_all(&passed);
        printf("%zu passed, %zu failed\n", passed, failed);
        return failed != 0;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_cases),
                                       cmocka_unit_test(test_examples_of_the_manual)};
    return test_main(tests, 2, 2);
}
