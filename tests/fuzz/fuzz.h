/* fuzz: what a fuzz target includes. A target is one file beside this one: bytes come in, and
 * whatever they are, nothing may crash, leak, take over a second, or break a property it checks.
 *
 *     bytes ──▶ LLVMFuzzerTestOneInput ──▶ 0, or FUZZ_CHECK ends the process
 *
 * driver/ calls it (gcc, everywhere), or clang's libFuzzer does (make fuzz CC=clang). To add a
 * target: a file fuzz_NAME.c, a few inputs in seeds/NAME or a line in `seed` that makes some. An
 * input that once broke something stays in found/NAME. */
#ifndef ENTENTE_FUZZ_H
#define ENTENTE_FUZZ_H

#include "base/base.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold; `a` and `b` are shown where it does not. */
#define FUZZ_CHECK(holds, a, b)                                \
    do {                                                       \
        if (!(holds))                                          \
            fuzz_broken(__FILE__, __LINE__, #holds, (a), (b)); \
    } while (0)

static inline void fuzz_broken(const char *file, int line, const char *what, struct text a,
                               struct text b)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n[%.*s]\n[%.*s]\n", file, line, what, (int)a.size,
            a.size ? a.at : "", (int)b.size, b.size ? b.at : "");
    abort();
}

#define FUZZ_NOTHING ((struct text){"", 0})

/* The first line, which is taken off `t`. */
static inline struct text fuzz_line(struct text *t)
{
    const char *end = t->size ? memchr(t->at, '\n', t->size) : NULL;
    struct text line = {t->at, end ? (size_t)(end - t->at) : t->size};
    size_t gone = line.size + (end != NULL);
    *t = (struct text){t->at + gone, t->size - gone};
    return line;
}

/* A path in the folder of this process under TMPDIR (which `run` makes and removes). */
void fuzz_path(char out[512], const char *name);
/* Writes a file there; false where it cannot be. */
void fuzz_write(const char *path, struct text content);
/* What `write` of entente.h appends to: ctx is a buffer. */
bool fuzz_append(void *ctx, const char *at, size_t size);
/* Must be JSON, says jansson. */
void fuzz_check_json(struct text t);

#endif
