/* In: bytes. Out: a number that differs where they do. Next: checkpoints compare it. Eight bytes a
 * step: it runs over everything a batch writes, and must cost next to nothing. */
#include "base/digest.h"

#include <string.h>

static uint64_t mix(uint64_t state, uint64_t word)
{
    uint64_t h = (state ^ word) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 32;
}

void digest_init(struct digest *d)
{
    *d = (struct digest){.state = 0x243F6A8885A308D3u};
}

static void add_byte(struct digest *d, char c)
{
    d->rest |= (uint64_t)(unsigned char)c << 8 * (d->size++ % 8);
    if (d->size % 8)
        return;
    d->state = mix(d->state, d->rest);
    d->rest = 0;
}

static uint64_t word_at(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap64(w);
#endif
    return w;
}

void digest_text(struct digest *d, struct text t)
{
    size_t i = 0;
    while (i < t.size && d->size % 8)
        add_byte(d, t.at[i++]);
    for (; i + 8 <= t.size; i += 8, d->size += 8)
        d->state = mix(d->state, word_at(t.at + i));
    while (i < t.size)
        add_byte(d, t.at[i++]);
}

void digest_number(struct digest *d, uint64_t n)
{
    char bytes[8];
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (char)(n >> 8 * i & 0xFF);
    digest_text(d, (struct text){bytes, sizeof bytes});
}

void digest_string(struct digest *d, const char *c)
{
    digest_number(d, c ? strlen(c) + 1 : 0);
    digest_text(d, text_from_c(c));
}

uint64_t digest_value(const struct digest *d)
{
    return mix(mix(d->state, d->rest), d->size);
}
