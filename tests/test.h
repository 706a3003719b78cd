/* test: what a unit test includes, and its main.
 *
 *     static void test_sum_is_zero(void **state) { (void)state; assert_int_equal(0, sum()); }
 *     TEST_MAIN(1, cmocka_unit_test(test_sum_is_zero))
 *
 * The first argument is the number of tests, written by hand: tests/run notices a lost one.
 * Links against libentente.a; malloc, calloc and realloc called by the engine or the test (not by
 * other libraries) pass through here and can be made to fail. */
#ifndef ENTENTE_TEST_H
#define ENTENTE_TEST_H

/* cmocka wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEST_MAIN(expected, ...)                                           \
    int main(void)                                                         \
    {                                                                      \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                   \
        return test_main(tests, sizeof tests / sizeof tests[0], expected); \
    }

int test_main(const struct CMUnitTest *tests, size_t count, size_t expected);

/* The n-th allocation from now (1: the next) fails, and all after it if `ever`. 0: none. */
void test_fail_allocation(unsigned long n, bool ever);
unsigned long test_failed_allocations(void); /* since the last test_fail_allocation */
/* Runs body(ctx) with the first allocation failing, then the second ... until nothing fails; each
 * n twice: once alone, once with all after it. For "reports or succeeds, never leaks or crashes".
 */
void test_each_allocation(void (*body)(void *), void *ctx);

/* Seconds of processor time so far, for what must end soon. Where TEST_SLOWER=50 says that the test
 * runs in a tool that makes it so much slower (tests/run does, for valgrind), so much fewer. There
 * PCRE2 makes no machine code either: it reads ahead, where it may, and valgrind does not know. */
double test_seconds(void);
/* How often to do what is done n times, at random: n, or fewer in a slow tool. */
size_t test_times(size_t n);

/* The same numbers in every run: any 64 bits; one under n. */
uint64_t test_random(void);
uint32_t test_below(uint32_t n);

/* A buffer's bytes are exactly `expected`; shows both where not. */
#define assert_text(expected, actual) test_assert_text((expected), (actual), __FILE__, __LINE__)
void test_assert_text(const char *expected, struct text actual, const char *file, int line);

/* A fresh folder under TMPDIR, and its removal with all that is in it. */
char *test_folder_new(void);
void test_folder_free(char *folder);

#endif
