/* arena: bump allocation in blocks, freed together.
 * In: sizes. Out: zeroed memory, or a jump to the innermost arena_run. The one idea: a failed
 * allocation leaves the whole computation, so no caller has to unwind by hand. After a reset one
 * block as large as all before remains: a loop that resets allocates nothing once it is warm.
 * Under ASan what was not handed out is poisoned. */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
/* As in <sanitizer/asan_interface.h>, but not const: gcc takes const for a read of the bytes. */
void __asan_poison_memory_region(void volatile *at, size_t size);
void __asan_unpoison_memory_region(void volatile *at, size_t size);
#define POISON(at, size) __asan_poison_memory_region((at), (size))
#define UNPOISON(at, size) __asan_unpoison_memory_region((at), (size))
#else
#define POISON(at, size) ((void)(at), (void)(size))
#define UNPOISON(at, size) ((void)(at), (void)(size))
#endif

enum { ALIGNMENT = 16, SMALLEST_BLOCK = 4 << 10, LARGEST_BLOCK = 1 << 20 };
#define LARGEST_KEPT ((size_t)64 << 20) /* a reset keeps no more: one giant case is not forever */

struct arena_block {
    struct arena_block *older;
    size_t capacity, used;
    size_t padding; /* bytes[] starts at a multiple of ALIGNMENT */
    char bytes[];
};

struct arena_deferred {
    struct arena_deferred *earlier;
    void (*release)(void *);
    void *p;
};

_Static_assert(sizeof(struct arena_block) % ALIGNMENT == 0, "blocks must keep alignment");

void arena_init(struct arena *a, size_t limit)
{
    *a = (struct arena){.limit = limit};
}

static struct arena_block *new_block(size_t capacity)
{
    struct arena_block *b = malloc(sizeof *b + capacity);
    if (b == NULL)
        return NULL;
    *b = (struct arena_block){.capacity = capacity};
    POISON(b->bytes, capacity);
    return b;
}

static void free_block(struct arena_block *b)
{
    UNPOISON(b->bytes, b->capacity);
    free(b);
}

static void run_deferred(struct arena *a)
{
    while (a->deferred) {
        struct arena_deferred *d = a->deferred;
        a->deferred = d->earlier;
        d->release(d->p);
    }
}

static size_t free_blocks(struct arena *a)
{
    size_t capacity = 0;
    while (a->blocks) {
        struct arena_block *b = a->blocks;
        a->blocks = b->older;
        capacity += b->capacity;
        free_block(b);
    }
    return capacity;
}

void arena_reset(struct arena *a)
{
    run_deferred(a);
    a->used = 0;
    if (a->blocks == NULL)
        return;
    if (a->blocks->older == NULL && a->blocks->capacity <= LARGEST_KEPT) {
        a->blocks->used = 0;
        POISON(a->blocks->bytes, a->blocks->capacity);
        return;
    }
    size_t capacity = free_blocks(a);
    a->blocks = new_block(capacity < LARGEST_KEPT ? capacity : LARGEST_KEPT);
}

void arena_deinit(struct arena *a)
{
    run_deferred(a);
    free_blocks(a);
    *a = (struct arena){.limit = a->limit, .on_failure = a->on_failure};
}

bool arena_run(struct arena *a, void (*body)(void *), void *ctx)
{
    jmp_buf here;
    jmp_buf *const outer = a->on_failure;
    if (setjmp(here) != 0) {
        a->on_failure = outer;
        return false;
    }
    a->on_failure = &here;
    body(ctx);
    a->on_failure = outer;
    return true;
}

static void *fail(struct arena *a)
{
    if (a->on_failure)
        longjmp(*a->on_failure, 1);
    return NULL;
}

/* A block of its own for what is larger than a usual block goes behind the newest, whose room is
 * still good for small things. */
static struct arena_block *block_with(struct arena *a, size_t size)
{
    struct arena_block *newest = a->blocks;
    if (newest && newest->capacity - newest->used >= size)
        return newest;
    size_t usual = newest ? newest->capacity * 2 : (size_t)SMALLEST_BLOCK;
    if (usual > LARGEST_BLOCK)
        usual = LARGEST_BLOCK;
    struct arena_block *b = new_block(size > usual ? size : usual);
    if (b == NULL)
        return NULL;
    if (size > usual && newest) {
        b->older = newest->older;
        newest->older = b;
    } else {
        b->older = newest;
        a->blocks = b;
    }
    return b;
}

void *arena_try(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size_t whole = ((size ? size : 1) + (ALIGNMENT - 1)) & ~(size_t)(ALIGNMENT - 1);
    if (a->limit && (a->used >= a->limit || whole > a->limit - a->used))
        return NULL;
    struct arena_block *b = block_with(a, whole);
    if (b == NULL)
        return NULL;
    char *p = b->bytes + b->used;
    b->used += whole;
    a->used += whole;
    UNPOISON(p, size);
    if (size)
        memset(p, 0, size);
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *p = arena_try(a, size);
    return p ? p : fail(a);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return fail(a);
    return arena_alloc(a, count * size);
}

char *arena_c(struct arena *a, struct text t)
{
    char *copy = t.size < SIZE_MAX ? arena_alloc(a, t.size + 1) : fail(a);
    if (copy && t.size)
        memcpy(copy, t.at, t.size);
    return copy;
}

struct text arena_text(struct arena *a, struct text t)
{
    const char *copy = arena_c(a, t);
    return (struct text){copy, copy ? t.size : 0};
}

void arena_defer(struct arena *a, void (*release)(void *), void *p)
{
    struct arena_deferred *d = arena_try(a, sizeof *d);
    if (d == NULL) {
        release(p);
        fail(a);
        return;
    }
    *d = (struct arena_deferred){a->deferred, release, p};
    a->deferred = d;
}

void *arena_grow(struct arena *a, void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    if (*capacity > SIZE_MAX / 2)
        return fail(a);
    size_t larger = *capacity ? *capacity * 2 : 8;
    void *moved = arena_array(a, larger, size);
    if (moved == NULL)
        return NULL;
    if (count)
        memcpy(moved, array, count * size);
    *capacity = larger;
    return moved;
}
