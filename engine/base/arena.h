/* arena: memory that lives and dies together.
 *
 *     block ── block ── block      bump allocation, blocks double up to 1 MiB
 *
 * Inside arena_run(a, body, ctx) an allocation from `a` never returns NULL: when memory (or the
 * arena's limit) is at its end, control returns from arena_run with false, at once. So code that
 * works in an arena checks nothing and cannot leak: what must be released by a call (a pattern of
 * PCRE2, a parser) is handed to arena_defer as soon as it exists. Never call arena_alloc from a
 * callback of a foreign library, whose frames must not be skipped: there arena_try gives NULL. */
#ifndef ENTENTE_ARENA_H
#define ENTENTE_ARENA_H

#include "base/text.h"
#include <setjmp.h>

struct arena_block;
struct arena_deferred;

struct arena {
    struct arena_block *blocks; /* newest first */
    struct arena_deferred *deferred;
    size_t used;         /* bytes handed out */
    size_t limit;        /* 0: none */
    jmp_buf *on_failure; /* innermost arena_run, NULL outside */
};

void arena_init(struct arena *a, size_t limit);
void arena_reset(struct arena *a); /* runs the deferred calls, last first; keeps one block, as large
                                    as all before (up to 64 MiB) */
void arena_deinit(struct arena *a); /* the same, and gives all memory back */

/* Runs body(ctx); false if memory came to its end in it. May be nested. */
bool arena_run(struct arena *a, void (*body)(void *), void *ctx);

/* Zeroed, aligned to 16. Outside arena_run: NULL when memory is short. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t count, size_t size);
void *arena_try(struct arena *a, size_t size);          /* never jumps: NULL when memory is short */
struct text arena_text(struct arena *a, struct text t); /* a copy, with a NUL behind it */
char *arena_c(struct arena *a, struct text t);          /* the same, as a C string */

/* Calls release(p) when the arena is reset. If it cannot be noted, calls it at once and fails as
 * arena_alloc does. */
void arena_defer(struct arena *a, void (*release)(void *), void *p);

/* Grows an array in the arena: if count == *capacity, moves it to one twice as large (the old one
 * stays until the reset). Returns the array. */
void *arena_grow(struct arena *a, void *array, size_t count, size_t *capacity, size_t size);

#endif
