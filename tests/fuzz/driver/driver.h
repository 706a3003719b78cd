/* driver: runs a fuzz target where libFuzzer is not at hand; understands the options of libFuzzer
 * that `run` uses. Private to this folder. */
#ifndef ENTENTE_DRIVER_H
#define ENTENTE_DRIVER_H

#include "fuzz/fuzz.h"

/* The inputs known so far, in memory that children share with their parent. */
struct corpus {
    size_t count, used; /* used: bytes of `bytes` */
    struct {
        size_t at, size;
    } inputs[1 << 16];
    uint8_t bytes[256u << 20];
};

static inline struct text corpus_at(const struct corpus *c, size_t i)
{
    return (struct text){(const char *)c->bytes + c->inputs[i].at, c->inputs[i].size};
}

/* A step of xorshift: the same inputs for the same seed, everywhere. */
static inline uint32_t driver_pick(uint64_t *random, size_t n)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return n ? (uint32_t)((*random >> 33) % n) : 0;
}

/* Makes another input of one in the corpus, in `out`; returns its size, at most `longest`. */
size_t mutate(const struct corpus *c, uint64_t *random, uint8_t *out, size_t longest);

/* Which branches the last run took (variant fuzz only): coverage_new is how many of them were taken
 * by none before, as often as now. */
void coverage_start(void);
size_t coverage_new(uint8_t *seen);
enum { COVERAGE_SIZE = 1 << 16 };

#endif
