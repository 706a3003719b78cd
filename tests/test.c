/* test: the main of a unit test, failing allocations, temporary folders. See test.h. */
#include "test.h"

#include <ftw.h>
#include <time.h>
#include <unistd.h>

static unsigned long fail_at, allocations, failed;
static bool fail_ever;

int test_main(const struct CMUnitTest *tests, size_t count, size_t expected)
{
    printf("expected %zu tests\n", expected);
    fflush(stdout);
    int failures = _cmocka_run_group_tests("unit", tests, count, NULL, NULL);
    if (count != expected)
        fprintf(stderr, "%zu tests are listed, %zu were expected\n", count, expected);
    return failures != 0 || count != expected;
}

void test_fail_allocation(unsigned long n, bool ever)
{
    fail_at = n;
    fail_ever = ever;
    allocations = failed = 0;
}

unsigned long test_failed_allocations(void)
{
    return failed;
}

static bool is_to_fail(void)
{
    if (fail_at == 0)
        return false;
    allocations++;
    bool fails = fail_ever ? allocations >= fail_at : allocations == fail_at;
    failed += fails;
    return fails;
}

void test_each_allocation(void (*body)(void *), void *ctx)
{
    for (unsigned long n = 1;; n++) {
        test_fail_allocation(n, false);
        body(ctx);
        bool done = test_failed_allocations() == 0;
        test_fail_allocation(n, true);
        body(ctx);
        test_fail_allocation(0, false);
        if (done)
            return;
    }
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);

void *__wrap_malloc(size_t size)
{
    return is_to_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_to_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return is_to_fail() ? NULL : __real_realloc(p, size);
}

static double slower(void)
{
    const char *factor = getenv("TEST_SLOWER");
    double x = 1;
    if (factor)
        number_parse(text_from_c(factor), &x);
    return x;
}

double test_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return ((double)t.tv_sec + (double)t.tv_nsec * 1e-9) / slower();
}

size_t test_times(size_t n)
{
    size_t fewer = (size_t)((double)n / slower());
    return fewer ? fewer : 1;
}

int __real_pcre2_jit_compile_8(void *code, uint32_t options);
int __wrap_pcre2_jit_compile_8(void *code, uint32_t options);

int __wrap_pcre2_jit_compile_8(void *code, uint32_t options)
{
    enum { JIT_BADOPTION = -45 }; /* as pcre2.h has it: there is none */
    return slower() > 1 ? JIT_BADOPTION : __real_pcre2_jit_compile_8(code, options);
}

uint64_t test_random(void)
{
    static uint64_t seed = 0x9E3779B97F4A7C15u;
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

uint32_t test_below(uint32_t n)
{
    return (uint32_t)(test_random() >> 33) % n;
}

void test_assert_text(const char *expected, struct text actual, const char *file, int line)
{
    if (text_is(actual, expected))
        return;
    print_error("expected [%s]\n  actual [%.*s]\n", expected, (int)actual.size,
                actual.at ? actual.at : "");
    _fail(file, line);
}

char *test_folder_new(void)
{
    const char *root = getenv("TMPDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/entente-test-XXXXXX", root ? root : "/tmp");
    assert_non_null(mkdtemp(path));
    char *folder = strdup(path);
    assert_non_null(folder);
    return folder;
}

static int unlink_one(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)s;
    (void)type;
    (void)walk;
    return remove(path);
}

void test_folder_free(char *folder)
{
    nftw(folder, unlink_one, 16, FTW_DEPTH | FTW_PHYS);
    free(folder);
}
