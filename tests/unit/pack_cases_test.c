/* pack_cases_test: folders under tests/packs, each loaded and compared with its file `expected`.
 *
 *     tests/packs/<case>/pack.yaml ...       one pack, or
 *     tests/packs/<case>/<pack>/pack.yaml    several, and the file `load` that says what is loaded:
 *                                            names of packs and the words lang=xx, texts, tests
 *
 * `expected` is what is printed about it, and a last line: what was loaded, or the exit code.
 * Installed packs are those of tests/packs/<case>/installed. ACCEPT=1 rewrites `expected`. */
#include "pack_render.h"
#include <dirent.h>
#include <unistd.h>

static bool read_file(const char *path, struct buffer *out)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buffer_text(out, (struct text){piece, n});
    fclose(f);
    return true;
}

static void write_expected(struct text t)
{
    FILE *f = fopen("expected", "wb");
    assert_non_null(f);
    fwrite(t.at, 1, t.size, f);
    assert_int_equal(0, fclose(f));
}

static bool run_case(const char *name)
{
    struct buffer line, expected, actual;
    buffer_init(&line);
    buffer_init(&expected);
    buffer_init(&actual);
    assert_int_equal(0, chdir(name));
    if (!read_file("load", &line))
        buffer_c(&line, ".");
    pack_render(buffer_view(&line), &actual);
    read_file("expected", &expected);
    bool same = text_equal(buffer_view(&expected), buffer_view(&actual));
    if (!same && getenv("ACCEPT")) {
        write_expected(buffer_view(&actual));
        same = true;
    }
    if (!same)
        printf("%s: expected\n%.*s-- but got\n%.*s--\n", name, (int)expected.size, expected.at,
               (int)actual.size, actual.at);
    assert_int_equal(0, chdir(".."));
    buffer_deinit(&line);
    buffer_deinit(&expected);
    buffer_deinit(&actual);
    return same;
}

static int is_case(const struct dirent *e)
{
    return e->d_name[0] != '.' && e->d_type == DT_DIR;
}

static size_t run_all(size_t *passed)
{
    struct dirent **names;
    size_t failed = 0;
    *passed = 0;
    assert_int_equal(0, chdir("tests/packs"));
    setenv("ENTENTE_RULES", "installed", 1);
    int count = scandir(".", &names, is_case, alphasort);
    for (int i = 0; i < count; i++) {
        if (run_case(names[i]->d_name))
            ++*passed;
        else
            failed++;
        free(names[i]);
    }
    free(names);
    assert_int_equal(0, chdir("../.."));
    return failed;
}

static void test_all_cases(void **state)
{
    (void)state;
    size_t passed;
    assert_int_equal(0, run_all(&passed));
    assert_true(passed > 100);
}

/* With the argument `cases`, as tests/packs/run calls it, the folders are counted. */
int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "cases") == 0) {
        size_t passed, failed = run_all(&passed);
        printf("%zu passed, %zu failed\n", passed, failed);
        return failed != 0;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_cases)};
    return test_main(tests, 1, 1);
}
