/* alloc_shim: memory that runs out.
 * In: FAULT_ONCE=n fails the n-th allocation of main, FAULT_FROM=n that and every later one.
 * Out: NULL and ENOMEM there; a report of `calls`, the allocations asked for, `failed` ones, and
 * `live`, the blocks got in main and not given back. FAULT_SITES=file: of every way
 * that leads to an allocation, by its innermost frames, the first call's number; so each can be made to fail without failing all of them. libc's own (strdup, opendir, qsort, threads)
 * and those of C++ libraries come by here as well: they all call malloc by its name. */
#include "shim.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *p);
void *memalign(size_t alignment, size_t size);

enum { FRAMES = 15, SITES = 1 << 16 };

static unsigned long once, from;
/* By the hash of their frames, 0: free. Only a run on one thread notes them. */
static uint64_t sites[SITES];
static long sites_file = -1;
static atomic_ulong calls, failed;
static atomic_long live;

void shim_begin(void)
{
    once = shim_number("FAULT_ONCE");
    from = shim_number("FAULT_FROM");
    const char *path = getenv("FAULT_SITES");
    void *frames[1];
    backtrace(frames, 1); /* loads what it needs */
    if (path)
        sites_file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
}

static uint64_t hash_of_frames(void)
{
    void *frames[FRAMES];
    int count = backtrace(frames, FRAMES);
    uint64_t hash = 14695981039346656037u;
    for (int i = 0; i < count; i++)
        hash = (hash ^ (uintptr_t)frames[i]) * 1099511628211u;
    return hash | 1;
}

static void note_site(unsigned long n)
{
    static _Thread_local bool inside;
    if (inside || sites_file < 0)
        return;
    inside = true;
    uint64_t hash = hash_of_frames();
    size_t at = (size_t)(hash >> 20) % SITES;
    for (size_t i = 0; i < SITES && sites[at] && sites[at] != hash; i++)
        at = (at + 1) % SITES;
    if (sites[at] == 0) {
        char line[24];
        int size = snprintf(line, sizeof line, "%lu\n", n);
        sites[at] = hash;
        syscall(SYS_write, sites_file, line, (size_t)size);
    }
    inside = false;
}

void shim_end(int report)
{
    shim_report(report, "calls", (long)atomic_load(&calls));
    shim_report(report, "failed", (long)atomic_load(&failed));
    shim_report(report, "live", atomic_load(&live));
}

/* Whether this allocation is to be had. */
static bool granted(void)
{
    if (!atomic_load(&shim_on))
        return true;
    unsigned long n = atomic_fetch_add(&calls, 1) + 1;
    note_site(n);
    if (n != once && (from == 0 || n < from))
        return true;
    atomic_fetch_add(&failed, 1);
    errno = ENOMEM;
    return false;
}

static void *counted(void *p)
{
    if (p && atomic_load(&shim_on))
        atomic_fetch_add(&live, 1);
    return p;
}

void *malloc(size_t size)
{
    return granted() ? counted(__libc_malloc(size)) : NULL;
}

void *calloc(size_t count, size_t size)
{
    return granted() ? counted(__libc_calloc(count, size)) : NULL;
}

void free(void *p)
{
    if (p && atomic_load(&shim_on))
        atomic_fetch_sub(&live, 1);
    __libc_free(p);
}

void *realloc(void *p, size_t size)
{
    if (p == NULL)
        return malloc(size);
    if (size == 0) {
        free(p);
        return NULL;
    }
    return granted() ? __libc_realloc(p, size) : NULL;
}

void *reallocarray(void *p, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(p, count * size);
}

void *memalign(size_t alignment, size_t size)
{
    return granted() ? counted(__libc_memalign(alignment, size)) : NULL;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *p = memalign(alignment, size);
    if (p == NULL)
        return ENOMEM;
    *out = p;
    return 0;
}
