/* In: hashes. Out: the ids that were put for them. Next: rowstore, casebook. Linear probing; 32
 * bits of the hash stand in the slot, so the owner is asked only where it will nearly surely say
 * yes. */
#include "survey/index.h"

#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 256 };

void index_deinit(struct index *x)
{
    free(x->slots);
    *x = (struct index){0};
}

void index_clear(struct index *x)
{
    if (x->count)
        memset(x->slots, 0, x->capacity * sizeof *x->slots);
    x->count = 0;
}

bool index_grow(struct index *x)
{
    if (2 * (x->count + 1) <= x->capacity)
        return true;
    size_t larger = x->capacity ? 2 * x->capacity : SMALLEST;
    struct index new = {.slots = calloc(larger, sizeof *new.slots), .capacity = larger};
    if (!new.slots)
        return false;
    for (size_t i = 0; i < x->capacity; i++) {
        if (x->slots[i].hash == 0)
            continue;
        size_t at = index_home(&new, x->slots[i].hash);
        while (new.slots[at].hash)
            at = (at + 1) & (larger - 1);
        new.slots[at] = x->slots[i];
    }
    new.count = x->count;
    free(x->slots);
    *x = new;
    return true;
}

struct index_slot *index_find(const struct index *x, uint32_t hash, index_same *is_same,
                              const void *owner, const void *wanted)
{
    size_t mask = x->capacity - 1;
    for (size_t i = index_home(x, hash);; i = (i + 1) & mask) {
        struct index_slot *slot = &x->slots[i];
        if (slot->hash == 0 || (slot->hash == hash && is_same(owner, slot->id, wanted)))
            return slot;
    }
}

void index_put(struct index *x, struct index_slot *slot, uint32_t hash, uint32_t id)
{
    *slot = (struct index_slot){hash, id};
    x->count++;
}
