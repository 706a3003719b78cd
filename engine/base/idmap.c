/* idmap: open addressing with linear probing, at most three quarters full.
 * In: texts. Out: the numbers that stand for them. The one idea: a slot keeps 32 bits of the hash,
 * so a probe compares bytes only where they will be equal. Deterministic: no seed. */
#include "base/idmap.h"

#include <string.h>

struct idmap_slot {
    struct text key;
    uint32_t hash; /* 0: empty */
    uint32_t value;
};

void idmap_init(struct idmap *m, struct arena *a)
{
    *m = (struct idmap){.arena = a};
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Multiply and fold, 8 bytes a step (the construction of wyhash, public domain). */
uint64_t text_hash(struct text t)
{
    const uint64_t k0 = 0x9E3779B97F4A7C15u, k1 = 0xBF58476D1CE4E5B9u;
    uint64_t h = t.size * k0 ^ k1;
    uint64_t word;
    size_t i = 0;
    for (; i + 8 <= t.size; i += 8) {
        memcpy(&word, t.at + i, 8);
        h = mix(h ^ word, k0);
    }
    word = 0;
    if (i < t.size)
        memcpy(&word, t.at + i, t.size - i);
    return mix(h ^ word, k1);
}

static uint32_t slot_hash(uint64_t h)
{
    return (uint32_t)(h >> 32) | 1u;
}

/* The slot of key, or the empty one where it would go. */
static struct idmap_slot *find(const struct idmap *m, struct text key, uint64_t h)
{
    size_t mask = m->capacity - 1;
    for (size_t i = (size_t)h & mask;; i = (i + 1) & mask) {
        struct idmap_slot *s = &m->slots[i];
        if (s->hash == 0 || (s->hash == slot_hash(h) && text_equal(s->key, key)))
            return s;
    }
}

static bool grow(struct idmap *m)
{
    struct idmap larger = {.arena = m->arena, .capacity = m->capacity ? m->capacity * 2 : 16};
    larger.slots = arena_array(m->arena, larger.capacity, sizeof *larger.slots);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < m->capacity; i++) {
        const struct idmap_slot *old = &m->slots[i];
        if (old->hash)
            *find(&larger, old->key, text_hash(old->key)) = *old;
    }
    larger.count = m->count;
    *m = larger;
    return true;
}

uint32_t idmap_get(const struct idmap *m, struct text key)
{
    if (m->capacity == 0)
        return IDMAP_NONE;
    const struct idmap_slot *s = find(m, key, text_hash(key));
    return s->hash ? s->value : IDMAP_NONE;
}

static struct idmap_slot *claim(struct idmap *m, struct text key, bool *is_new)
{
    uint64_t h = text_hash(key);
    *is_new = false;
    if (m->capacity) {
        struct idmap_slot *s = find(m, key, h);
        if (s->hash)
            return s;
    }
    if (m->count >= m->capacity / 4 * 3 && !grow(m))
        return NULL;
    struct idmap_slot *s = find(m, key, h);
    s->key = key;
    s->hash = slot_hash(h);
    m->count++;
    *is_new = true;
    return s;
}

uint32_t idmap_put(struct idmap *m, struct text key, uint32_t value)
{
    bool is_new;
    struct idmap_slot *s = claim(m, key, &is_new);
    if (s == NULL)
        return IDMAP_NONE;
    if (is_new)
        s->value = value;
    return s->value;
}

void idmap_set(struct idmap *m, struct text key, uint32_t value)
{
    bool is_new;
    struct idmap_slot *s = claim(m, key, &is_new);
    if (s)
        s->value = value;
}
