/* alloc: a shim (LD_PRELOAD) that makes allocations fail and knows which are still there at the
 * end.
 *
 *     FAULT_ALLOC=n       the n-th allocation fails (1: the first); 0 or unset: none
 *     FAULT_EVER=1        and all after it
 *     FAULT_REPORT=FILE   at exit one line: allocations, failed ones, live blocks; then a line for
 *                         each live block: its size, and the address that asked for it
 *
 * Counts from the start of main on: what the loader and constructors take is not ours, nor what the
 * loader keeps for threads. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *p);

enum { BLOCKS = 1 << 20 };

static struct block {
    void *at, *caller;
    size_t size;
} blocks[BLOCKS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool on, ever;
static unsigned long fail_at, asked, failed, live;

static size_t place_of(const void *p)
{
    return ((uintptr_t)p >> 4) * 0x9E3779B97F4A7C15u >> 44;
}

static void add(void *p, size_t size, void *caller)
{
    size_t i = place_of(p);
    while (blocks[i].at)
        i = (i + 1) % BLOCKS;
    blocks[i] = (struct block){p, caller, size};
    if (++live > BLOCKS / 2)
        abort();
}

static void take_out(void *p)
{
    size_t i = place_of(p);
    while (blocks[i].at && blocks[i].at != p)
        i = (i + 1) % BLOCKS;
    if (!blocks[i].at)
        return; /* from before main */
    live--;
    blocks[i].at = NULL;
    /* what was pushed on by this one moves up */
    for (size_t k = (i + 1) % BLOCKS; blocks[k].at; k = (k + 1) % BLOCKS) {
        struct block b = blocks[k];
        blocks[k].at = NULL;
        size_t to = place_of(b.at);
        while (blocks[to].at)
            to = (to + 1) % BLOCKS;
        blocks[to] = b;
    }
}

static bool is_to_fail(void)
{
    if (!on)
        return false;
    asked++;
    bool fails = fail_at && (ever ? asked >= fail_at : asked == fail_at);
    failed += fails;
    if (fails)
        errno = ENOMEM;
    return fails;
}

static void *note(void *p, size_t size, void *caller)
{
    if (p && on)
        add(p, size, caller);
    return p;
}

void *malloc(size_t size)
{
    pthread_mutex_lock(&lock);
    void *p = is_to_fail() ? NULL : note(__libc_malloc(size), size, __builtin_return_address(0));
    pthread_mutex_unlock(&lock);
    return p;
}

void *calloc(size_t count, size_t size)
{
    pthread_mutex_lock(&lock);
    void *p = is_to_fail()
                  ? NULL
                  : note(__libc_calloc(count, size), count * size, __builtin_return_address(0));
    pthread_mutex_unlock(&lock);
    return p;
}

void *realloc(void *old, size_t size)
{
    pthread_mutex_lock(&lock);
    void *p = NULL;
    if (!is_to_fail()) {
        if (old)
            take_out(old);
        p = note(__libc_realloc(old, size), size, __builtin_return_address(0));
    }
    pthread_mutex_unlock(&lock);
    return p;
}

void *aligned_alloc(size_t align, size_t size)
{
    pthread_mutex_lock(&lock);
    void *p =
        is_to_fail() ? NULL : note(__libc_memalign(align, size), size, __builtin_return_address(0));
    pthread_mutex_unlock(&lock);
    return p;
}

int posix_memalign(void **out, size_t align, size_t size)
{
    *out = aligned_alloc(align, size);
    return *out ? 0 : ENOMEM;
}

void free(void *p)
{
    int error = errno;
    if (!p)
        return;
    pthread_mutex_lock(&lock);
    take_out(p);
    __libc_free(p);
    pthread_mutex_unlock(&lock);
    errno = error;
}

static unsigned long number(const char *variable)
{
    unsigned long n = 0;
    for (const char *p = getenv(variable); p && *p >= '0' && *p <= '9'; p++)
        n = n * 10 + (unsigned long)(*p - '0');
    return n;
}

__attribute__((constructor)) static void start(void)
{
    fail_at = number("FAULT_ALLOC");
    ever = number("FAULT_EVER") > 0;
    on = true;
}

/* Not ours: what the loader keeps. */
static bool is_others(void *caller)
{
    Dl_info where;
    return dladdr(caller, &where) && where.dli_fname && strstr(where.dli_fname, "/ld-linux");
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("FAULT_REPORT");
    char line[100];
    on = false;
    int file = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (file < 0)
        return;
    for (size_t i = 0; i < BLOCKS; i++)
        if (blocks[i].at && is_others(blocks[i].caller)) {
            blocks[i].at = NULL;
            live--;
        }
    int n = snprintf(line, sizeof line, "%lu %lu %lu\n", asked, failed, live);
    if (write(file, line, (size_t)n) != n)
        abort();
    for (size_t i = 0; i < BLOCKS; i++)
        if (blocks[i].at) {
            n = snprintf(line, sizeof line, "%zu bytes by %p\n", blocks[i].size, blocks[i].caller);
            if (write(file, line, (size_t)n) != n)
                abort();
        }
    close(file);
}
