/* index: from hashes to ids, open addressing, at most half full. What an id stands for is the
 * owner's: it says whether an id is what is looked for. */
#ifndef ENTENTE_INDEX_H
#define ENTENTE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct index_slot {
    uint32_t hash; /* 0: free */
    uint32_t id;
};

struct index { /* zero: empty */
    struct index_slot *slots;
    size_t capacity, count;
};

typedef bool index_same(const void *owner, uint32_t id, const void *wanted);

/* Of any 64 bits; never 0. */
static inline uint32_t index_hash(uint64_t h)
{
    return (uint32_t)(h >> 32) | 1u;
}

void index_deinit(struct index *x);
void index_clear(struct index *x);
/* Room for one more; false when memory is short. To be called before index_find. */
bool index_grow(struct index *x);
/* The slot of what is wanted, or the free one where it goes. */
struct index_slot *index_find(const struct index *x, uint32_t hash, index_same *is_same,
                              const void *owner, const void *wanted);
void index_put(struct index *x, struct index_slot *slot, uint32_t hash, uint32_t id);

/* Where a hash is looked for first; its lowest bit is the same in all. */
static inline size_t index_home(const struct index *x, uint32_t hash)
{
    return (hash >> 1) & (x->capacity - 1);
}

#endif
