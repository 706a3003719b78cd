/* idmap: from a text to a number, open addressing. Keys are views: they must outlive the map.
 * Memory from an arena. */
#ifndef ENTENTE_IDMAP_H
#define ENTENTE_IDMAP_H

#include "base/arena.h"

struct idmap_slot;

struct idmap {
    struct arena *arena;
    struct idmap_slot *slots;
    size_t capacity, count;
};

#define IDMAP_NONE UINT32_MAX

void idmap_init(struct idmap *m, struct arena *a);
uint32_t idmap_get(const struct idmap *m, struct text key); /* IDMAP_NONE where it is not */
/* Gives the value that stands for key; puts `value` (not IDMAP_NONE) first where there is none.
 * Outside arena_run: IDMAP_NONE when memory is short. */
uint32_t idmap_put(struct idmap *m, struct text key, uint32_t value);
void idmap_set(struct idmap *m, struct text key, uint32_t value); /* puts or replaces */
uint64_t text_hash(struct text t); /* unseeded: the same everywhere, and not against attackers */

#endif
