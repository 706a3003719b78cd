/* casebook: the cases of an export whose rows stand anywhere, numbered in the order of their first
 * rows.
 *
 *     struct named | name | kept cells, each behind its size | padded to 8
 *
 * A row comes with the name of its case so packed. All names stay in memory: about 80 bytes a case
 * and what its name takes, which is what bounds how many cases an export may have. */
#ifndef ENTENTE_CASEBOOK_H
#define ENTENTE_CASEBOOK_H

#include "base/base.h"
#include "survey/index.h"

struct named {
    uint32_t hash, size; /* size: of all of it */
    uint32_t name_size;
    uint32_t is_open; /* what is missing is still to come */
    uint64_t row;     /* number of the row, from 1 */
};

enum { NAME_NEAR = 16 };

struct booked {                     /* half a cache line: short names stand in it */
    uint64_t row : 63, is_open : 1; /* as its first row says; so for the kept cells */
    uint32_t size;                  /* of its rows, packed: in units of BOOKED_UNIT bytes */
    uint32_t name_size;
    union {
        char near[NAME_NEAR];
        const char *far;
    } name;
};

enum { BOOKED_UNIT = 4 };

struct casebook {
    struct booked *cases;
    struct text *kept; /* [case][keep_count] */
    uint32_t count, capacity, keep_count;
    uint32_t last, last_hash; /* of the row put last: the next one is often of the same case */
    struct index index;
    struct arena texts;
};

void casebook_init(struct casebook *b, uint32_t keep_count);
void casebook_deinit(struct casebook *b);
uint64_t casebook_size(const struct casebook *b); /* bytes */

/* Packs what casebook_put needs. */
void named_write(struct buffer *out, struct text name, uint64_t row, bool is_open,
                 const struct text *kept, uint32_t keep_count);

/* The numbers of the cases of `count` rows, whose names stand one behind the other. False when
 * memory is short. */
bool casebook_put(struct casebook *b, const char *names, uint32_t count, uint32_t *ids);

/* A view that lives until the next casebook_put. */
static inline struct text casebook_name(const struct casebook *b, uint32_t id)
{
    const struct booked *c = &b->cases[id];
    return (struct text){c->name_size <= NAME_NEAR ? c->name.near : c->name.far, c->name_size};
}

/* Two cases whose names differ in capitals, accents, spaces and punctuation only. */
struct alike {
    uint32_t first, second;
};
/* A row of so many bytes is of the case. */
static inline void casebook_note(struct casebook *b, uint32_t id, uint32_t size)
{
    uint32_t before = b->cases[id].size, sum = before + size / BOOKED_UNIT;
    b->cases[id].size = sum < before ? UINT32_MAX : sum;
}

static inline uint64_t casebook_bytes(const struct casebook *b, uint32_t id)
{
    return (uint64_t)b->cases[id].size * BOOKED_UNIT;
}

/* Up to `room` of them, in the order of cases; *count: how many there are. False when memory is
 * short. */
bool casebook_alike(const struct casebook *b, struct alike *out, size_t room, size_t *count);

#endif
