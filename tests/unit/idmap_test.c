/* idmap: against a plain list; growth; keys that are empty or alike; failing allocations. */
#include "test.h"

static void test_put_get_set(void **state)
{
    (void)state;
    struct arena a;
    struct idmap m;
    arena_init(&a, 0);
    idmap_init(&m, &a);
    assert_int_equal(IDMAP_NONE, idmap_get(&m, TEXT("trust")));
    assert_int_equal(7, idmap_put(&m, TEXT("trust"), 7));
    assert_int_equal(7, idmap_put(&m, TEXT("trust"), 8));
    assert_int_equal(1, m.count);
    idmap_set(&m, TEXT("trust"), 9);
    idmap_set(&m, TEXT("load"), 0);
    assert_int_equal(9, idmap_get(&m, TEXT("trust")));
    assert_int_equal(0, idmap_get(&m, TEXT("load")));
    assert_int_equal(IDMAP_NONE, idmap_get(&m, TEXT("trus")));
    assert_int_equal(2, m.count);
    arena_deinit(&a);
}

static void test_odd_keys(void **state)
{
    (void)state;
    struct arena a;
    struct idmap m;
    arena_init(&a, 0);
    idmap_init(&m, &a);
    idmap_put(&m, (struct text){NULL, 0}, 1);
    assert_int_equal(1, idmap_get(&m, TEXT("")));
    static const char zeros[32];
    for (uint32_t size = 1; size <= 32; size++) /* differ in length alone */
        assert_int_equal(size, idmap_put(&m, (struct text){zeros, size}, size));
    for (uint32_t size = 1; size <= 32; size++)
        assert_int_equal(size, idmap_get(&m, (struct text){zeros, size}));
    arena_deinit(&a);
}

static void fill(struct idmap *m, char names[][16], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        snprintf(names[i], 16, "q%u", i * 7919u % 1000003u);
        assert_int_equal(i, idmap_put(m, text_from_c(names[i]), i));
    }
}

static void test_many_keys(void **state)
{
    (void)state;
    enum { MANY = 50000 };
    static char names[MANY][16];
    struct arena a;
    struct idmap m;
    arena_init(&a, 0);
    idmap_init(&m, &a);
    fill(&m, names, MANY);
    assert_int_equal(MANY, m.count);
    assert_true(m.count <= m.capacity / 4 * 3);
    for (uint32_t i = 0; i < MANY; i++)
        assert_int_equal(i, idmap_get(&m, text_from_c(names[i])));
    assert_int_equal(IDMAP_NONE, idmap_get(&m, TEXT("q")));
    arena_deinit(&a);
}

static void test_hash_spreads(void **state)
{
    (void)state;
    enum { BUCKETS = 4096 };
    static unsigned char used[BUCKETS];
    unsigned worst = 0;
    for (unsigned i = 0; i < BUCKETS; i++) {
        char name[16];
        snprintf(name, sizeof name, "case_%u", i);
        unsigned n = ++used[text_hash(text_from_c(name)) % BUCKETS];
        worst = n > worst ? n : worst;
    }
    assert_true(worst <= 10); /* Poisson with mean 1: more than 10 is once in 10^8 buckets */
    assert_true(text_hash(TEXT("ab")) != text_hash(TEXT("ba")));
    assert_true(text_hash(TEXT("abcdefgh")) != text_hash(TEXT("abcdefgh\0")));
}

static void put_some(void *ctx)
{
    (void)ctx;
    static char names[1000][16];
    struct arena a;
    struct idmap m;
    arena_init(&a, 0);
    idmap_init(&m, &a);
    for (uint32_t i = 0; i < 1000; i++) {
        snprintf(names[i], 16, "k%u", i);
        uint32_t got = idmap_put(&m, text_from_c(names[i]), i);
        assert_true(got == i || (got == IDMAP_NONE && test_failed_allocations() > 0));
        assert_int_equal(got, idmap_get(&m, text_from_c(names[i])));
    }
    arena_deinit(&a);
}

static void test_without_memory(void **state)
{
    (void)state;
    test_each_allocation(put_some, NULL);
}

TEST_MAIN(5, cmocka_unit_test(test_put_get_set), cmocka_unit_test(test_odd_keys),
          cmocka_unit_test(test_many_keys), cmocka_unit_test(test_hash_spreads),
          cmocka_unit_test(test_without_memory))
