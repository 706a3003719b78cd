/* arena: alignment, zeroing, limits, jumps, deferred calls, growth, failing allocations. */
#include "test.h"

static bool is_zero(const unsigned char *p, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (p[i])
            return false;
    return true;
}

static void test_memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    for (int round = 0; round < 3; round++) {
        unsigned char *before = NULL;
        for (size_t size = 0; size < 3000; size += 7) {
            unsigned char *p = arena_alloc(&a, size);
            assert_non_null(p);
            assert_ptr_not_equal(before, p);
            assert_int_equal(0, (uintptr_t)p % 16);
            assert_true(is_zero(p, size));
            memset(p, 0xAA, size);
            before = p;
        }
        arena_reset(&a);
        assert_int_equal(0, a.used);
    }
    arena_deinit(&a);
    assert_null(a.blocks);
    assert_non_null(arena_alloc(&a, 1)); /* still good for use */
    arena_deinit(&a);
}

static void test_large_allocations_keep_the_small_block(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    char *first = arena_alloc(&a, 16);
    char *large = arena_alloc(&a, 3u << 20);
    char *second = arena_alloc(&a, 16);
    assert_ptr_equal(first + 16, second);
    large[(3u << 20) - 1] = 1;
    arena_deinit(&a);
}

static void test_a_warm_arena_allocates_nothing(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    for (int i = 0; i < 3000; i++)
        arena_alloc(&a, 1000);
    arena_reset(&a);
    test_fail_allocation(1, true);
    for (int i = 0; i < 3000; i++)
        assert_non_null(arena_alloc(&a, 1000));
    test_fail_allocation(0, false);
    arena_deinit(&a);
}

static void test_a_reset_survives_without_memory(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    for (int i = 0; i < 100; i++)
        arena_alloc(&a, 1000);
    test_fail_allocation(1, true);
    arena_reset(&a);
    assert_null(arena_try(&a, 1));
    test_fail_allocation(0, false);
    assert_non_null(arena_try(&a, 1));
    arena_deinit(&a);
}

static void test_the_limit(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64);
    assert_non_null(arena_alloc(&a, 48));
    assert_null(arena_alloc(&a, 17));
    assert_non_null(arena_alloc(&a, 16));
    assert_null(arena_alloc(&a, 0));
    arena_reset(&a);
    assert_non_null(arena_alloc(&a, 64));
    arena_deinit(&a);
}

static void test_sizes_that_overflow(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    assert_null(arena_alloc(&a, SIZE_MAX));
    assert_null(arena_alloc(&a, SIZE_MAX - 15));
    assert_null(arena_array(&a, SIZE_MAX / 2, 3));
    assert_null(arena_array(&a, (size_t)1 << 33, (size_t)1 << 33));
    assert_non_null(arena_array(&a, SIZE_MAX, 0));
    size_t capacity = SIZE_MAX - 1;
    assert_null(arena_grow(&a, NULL, SIZE_MAX - 1, &capacity, 1));
    arena_deinit(&a);
}

struct run {
    struct arena *arena;
    struct run *inner;
    size_t size;
    bool inner_succeeded, came_back;
};

static void allocate(void *ctx)
{
    struct run *r = ctx;
    if (r->inner)
        r->inner_succeeded = arena_run(r->arena, allocate, r->inner);
    char *p = arena_alloc(r->arena, r->size);
    p[0] = 1; /* never NULL in here */
    r->came_back = true;
}

static void test_run_leaves_at_once(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1024);
    struct run r = {.arena = &a, .size = 2048};
    assert_false(arena_run(&a, allocate, &r));
    assert_false(r.came_back);
    assert_null(a.on_failure);
    r.size = 512;
    assert_true(arena_run(&a, allocate, &r));
    assert_true(r.came_back);
    assert_null(a.on_failure);
    assert_null(arena_alloc(&a, 2048)); /* outside again */
    arena_deinit(&a);
}

static void test_runs_nest(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1024);
    struct run inner = {.arena = &a, .size = 2048};
    struct run outer = {.arena = &a, .size = 512, .inner = &inner};
    assert_true(arena_run(&a, allocate, &outer));
    assert_false(outer.inner_succeeded);
    assert_true(outer.came_back);
    outer.size = 2048;
    inner.size = 16;
    assert_false(arena_run(&a, allocate, &outer));
    assert_true(outer.inner_succeeded);
    arena_deinit(&a);
}

static void try_in_run(void *ctx)
{
    struct run *r = ctx;
    r->came_back = arena_try(r->arena, r->size) == NULL;
}

static void test_try_never_jumps(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1024);
    struct run r = {.arena = &a, .size = 2048};
    assert_true(arena_run(&a, try_in_run, &r));
    assert_true(r.came_back);
    arena_deinit(&a);
}

static char order[8];
static size_t released;

static void release(void *p)
{
    order[released++] = *(const char *)p;
}

static void test_deferred_calls_run_last_first(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    released = 0;
    arena_defer(&a, release, "a");
    arena_defer(&a, release, "b");
    arena_reset(&a);
    assert_memory_equal("ba", order, 2);
    assert_int_equal(2, released);
    arena_defer(&a, release, "c");
    arena_deinit(&a);
    assert_int_equal(3, released);
    assert_int_equal('c', order[2]);
}

static void defer_in_run(void *ctx)
{
    struct run *r = ctx;
    arena_defer(r->arena, release, "x");
    r->came_back = true;
}

static void test_defer_without_memory_releases_at_once(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 8);
    struct run r = {.arena = &a};
    released = 0;
    assert_false(arena_run(&a, defer_in_run, &r));
    assert_int_equal(1, released);
    assert_false(r.came_back);
    arena_defer(&a, release, "y");
    assert_int_equal(2, released);
    arena_deinit(&a);
    assert_int_equal(2, released);
}

static void test_texts_end_in_nul(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    struct text t = arena_text(&a, TEXT("a\0b"));
    assert_int_equal(3, t.size);
    assert_memory_equal("a\0b\0", t.at, 4);
    assert_string_equal("", arena_c(&a, (struct text){NULL, 0}));
    arena_deinit(&a);
}

static void test_arrays_grow(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    uint32_t *numbers = NULL;
    size_t capacity = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        numbers = arena_grow(&a, numbers, i, &capacity, sizeof *numbers);
        numbers[i] = i;
    }
    assert_int_equal(1024, capacity);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(i, numbers[i]);
    arena_deinit(&a);
}

static void grow_much(void *ctx)
{
    struct arena *a = ctx;
    size_t capacity = 0;
    uint64_t *numbers = NULL;
    for (size_t i = 0; i < 5000; i++) {
        numbers = arena_grow(a, numbers, i, &capacity, sizeof *numbers);
        numbers[i] = i;
        arena_defer(a, free, i % 1000 ? NULL : malloc(10));
    }
}

static void run_without_memory(void *ctx)
{
    (void)ctx;
    struct arena a;
    arena_init(&a, 0);
    bool done = arena_run(&a, grow_much, &a);
    /* The 5 small allocations are the test's own; a NULL from them is passed on, not a failure. */
    assert_true(done || test_failed_allocations() > 0);
    arena_deinit(&a);
}

static void test_each_failing_allocation(void **state)
{
    (void)state;
    test_each_allocation(run_without_memory, NULL);
}

TEST_MAIN(14, cmocka_unit_test(test_memory_is_zeroed_and_aligned),
          cmocka_unit_test(test_large_allocations_keep_the_small_block),
          cmocka_unit_test(test_a_warm_arena_allocates_nothing),
          cmocka_unit_test(test_a_reset_survives_without_memory), cmocka_unit_test(test_the_limit),
          cmocka_unit_test(test_sizes_that_overflow), cmocka_unit_test(test_run_leaves_at_once),
          cmocka_unit_test(test_runs_nest), cmocka_unit_test(test_try_never_jumps),
          cmocka_unit_test(test_deferred_calls_run_last_first),
          cmocka_unit_test(test_defer_without_memory_releases_at_once),
          cmocka_unit_test(test_texts_end_in_nul), cmocka_unit_test(test_arrays_grow),
          cmocka_unit_test(test_each_failing_allocation))
