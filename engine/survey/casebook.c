/* In: rows with the names of their cases. Out: a number a case, in the order of first rows. Next:
 * stored. The one idea: names are looked up 64 at a time, so that the waits for memory overlap. */
#include "survey/casebook.h"

#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 64, FEWEST = 256 };

void casebook_init(struct casebook *b, uint32_t keep_count)
{
    *b = (struct casebook){.keep_count = keep_count};
    arena_init(&b->texts, 0);
}

void casebook_deinit(struct casebook *b)
{
    free(b->cases);
    free(b->kept);
    index_deinit(&b->index);
    arena_deinit(&b->texts);
    *b = (struct casebook){0};
}

uint64_t casebook_size(const struct casebook *b)
{
    size_t a_case = sizeof *b->cases + b->keep_count * sizeof *b->kept;
    return b->capacity * a_case + b->index.capacity * sizeof *b->index.slots + b->texts.used;
}

void named_write(struct buffer *out, struct text name, uint64_t row, bool is_open,
                 const struct text *kept, uint32_t keep_count)
{
    size_t size = sizeof(struct named) + name.size;
    for (uint32_t i = 0; i < keep_count; i++)
        size += sizeof(uint32_t) + kept[i].size;
    size = (size + 7) & ~(size_t)7;
    if (size > UINT32_MAX || !buffer_reserve(out, size)) {
        out->failed = true;
        return;
    }
    struct named n = {.hash = index_hash(text_hash(name)),
                      .size = (uint32_t)size,
                      .name_size = (uint32_t)name.size,
                      .is_open = is_open,
                      .row = row};
    char *at = out->at + out->size;
    memset(at + size - 8, 0, 8);
    memcpy(at, &n, sizeof n);
    at += sizeof n;
    memcpy(at, name.at, name.size);
    at += name.size;
    for (uint32_t i = 0; i < keep_count; i++) {
        uint32_t bytes = (uint32_t)kept[i].size;
        memcpy(at, &bytes, sizeof bytes);
        memcpy(at + sizeof bytes, kept[i].at, bytes);
        at += sizeof bytes + bytes;
    }
    out->size += size;
}

static bool is_same(const void *owner, uint32_t id, const void *wanted)
{
    const struct named *n = wanted;
    struct text name = casebook_name(owner, id);
    return name.size == n->name_size && memcmp(name.at, n + 1, name.size) == 0;
}

static bool grow(struct casebook *b)
{
    if (b->count < b->capacity)
        return true;
    uint32_t larger = b->capacity ? 2 * b->capacity : FEWEST;
    if (b->capacity > UINT32_MAX / 2 - 1)
        return false;
    struct booked *cases = realloc(b->cases, larger * sizeof *cases);
    if (!cases)
        return false;
    b->cases = cases;
    if (b->keep_count) {
        struct text *kept = realloc(b->kept, (size_t)larger * b->keep_count * sizeof *kept);
        if (!kept)
            return false;
        b->kept = kept;
    }
    b->capacity = larger;
    return true;
}

static bool copy(struct casebook *b, const char *at, uint32_t size, const char **out)
{
    *out = "";
    if (size == 0)
        return true;
    char *to = arena_try(&b->texts, size);
    if (!to)
        return false;
    memcpy(to, at, size);
    *out = to;
    return true;
}

static bool add(struct casebook *b, const struct named *n)
{
    struct booked *c = &b->cases[b->count];
    *c = (struct booked){
        .name_size = n->name_size, .is_open = n->is_open & 1, .row = n->row & (UINT64_MAX >> 1)};
    const char *at = (const char *)(n + 1);
    if (n->name_size <= NAME_NEAR)
        memcpy(c->name.near, at, n->name_size);
    else if (!copy(b, at, n->name_size, &c->name.far))
        return false;
    at += n->name_size;
    for (uint32_t i = 0; i < b->keep_count; i++) {
        struct text *kept = &b->kept[(size_t)b->count * b->keep_count + i];
        uint32_t size;
        memcpy(&size, at, sizeof size);
        kept->size = size;
        if (!copy(b, at + sizeof size, size, &kept->at))
            return false;
        at += sizeof size + size;
    }
    b->count++;
    return true;
}

static bool put(struct casebook *b, const struct named *n, uint32_t *id)
{
    *id = b->last;
    if (b->count && n->hash == b->last_hash && is_same(b, b->last, n))
        return true;
    if (!index_grow(&b->index) || !grow(b))
        return false;
    struct index_slot *slot = index_find(&b->index, n->hash, is_same, b, n);
    *id = slot->hash ? slot->id : b->count;
    if (slot->hash == 0) {
        if (!add(b, n))
            return false;
        index_put(&b->index, slot, n->hash, *id);
    }
    b->last = *id;
    b->last_hash = n->hash;
    return true;
}

/* The case a hash most likely stands for; it may lie across two cache lines. */
static void expect(const struct casebook *b, uint32_t hash)
{
    const struct index *x = &b->index;
    size_t i = index_home(x, hash);
    while (x->slots[i].hash && x->slots[i].hash != hash)
        i = (i + 1) & (x->capacity - 1);
    if (x->slots[i].hash) {
        const char *at = (const char *)&b->cases[x->slots[i].id];
        __builtin_prefetch(at);
        __builtin_prefetch(at + sizeof *b->cases - 1);
    }
}

bool casebook_put(struct casebook *b, const char *names, uint32_t count, uint32_t *ids)
{
    for (uint32_t from = 0; from < count; from += AT_ONCE) {
        const struct named *n[AT_ONCE];
        uint32_t some = count - from < AT_ONCE ? count - from : AT_ONCE;
        for (uint32_t i = 0; i < some; i++) {
            n[i] = (const struct named *)(const void *)names;
            names += n[i]->size;
            if (b->index.capacity)
                __builtin_prefetch(&b->index.slots[index_home(&b->index, n[i]->hash)]);
        }
        for (uint32_t i = 0; i < some && b->index.capacity; i++)
            expect(b, n[i]->hash);
        for (uint32_t i = 0; i < some; i++)
            if (!put(b, n[i], &ids[from + i]))
                return false;
    }
    return true;
}

/* --- names that are nearly equal ----------------------------------------------------------------
 */

struct comparing {
    const struct casebook *book;
    struct buffer loose, other;
};

static bool is_digit(const struct buffer *b, size_t i)
{
    return i < b->size && b->at[i] >= '0' && b->at[i] <= '9';
}

static bool is_mark(char c)
{
    return (unsigned char)c < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
}

/* Leaves letters and digits; what stands between two digits stays: 1.2 is not 12. */
static void drop_marks(struct buffer *b)
{
    size_t to = 0;
    for (size_t i = 0; i < b->size; i++)
        if (!is_mark(b->at[i]) || (i > 0 && is_digit(b, i + 1) && to > 0 && is_digit(b, to - 1)))
            b->at[to++] = b->at[i];
    if (to > 0)
        b->size = to;
}

/* The name as it compares loosely, in `out`. */
static bool loosen(const struct comparing *c, uint32_t id, struct buffer *out)
{
    buffer_clear(out);
    if (!utf8_loose(casebook_name(c->book, id), out))
        return false;
    drop_marks(out);
    return true;
}

static bool is_alike(const void *owner, uint32_t id, const void *wanted)
{
    struct comparing *c = (struct comparing *)(uintptr_t)owner;
    (void)wanted; /* it is in c->loose */
    return loosen(c, id, &c->other) && text_equal(buffer_view(&c->loose), buffer_view(&c->other));
}

bool casebook_alike(const struct casebook *b, struct alike *out, size_t room, size_t *count)
{
    struct comparing c = {.book = b};
    struct index seen = {0};
    bool ok = true;
    *count = 0;
    for (uint32_t id = 0; ok && id < b->count; id++) {
        ok = index_grow(&seen) && loosen(&c, id, &c.loose);
        if (!ok)
            break;
        uint32_t hash = index_hash(text_hash(buffer_view(&c.loose)));
        struct index_slot *slot = index_find(&seen, hash, is_alike, &c, NULL);
        if (slot->hash == 0)
            index_put(&seen, slot, hash, id);
        else if ((*count)++ < room)
            out[*count - 1] = (struct alike){slot->id, id};
    }
    ok = ok && !c.other.failed;
    index_deinit(&seen);
    buffer_deinit(&c.loose);
    buffer_deinit(&c.other);
    return ok;
}
