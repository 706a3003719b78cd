/* In: bytes. Out: a number that differs where they do. Next: checkpoints compare it. Four sums side
 * by side, since one would wait for its own multiplication: it runs over everything a long batch
 * writes, and must cost next to nothing. */
#include "base/digest.h"

#include <string.h>

static inline uint64_t mix(uint64_t state, uint64_t word)
{
    uint64_t h = (state ^ word) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 32;
}

void digest_init(struct digest *d)
{
    *d = (struct digest){.lane = {0x243F6A8885A308D3u, 0x13198A2E03707344u, 0xA4093822299F31D0u,
                                  0x082EFA98EC4E6C89u}};
}

static inline uint64_t word_at(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap64(w);
#endif
    return w;
}

static void add_blocks(struct digest *d, const char *p, size_t count)
{
    uint64_t a = d->lane[0], b = d->lane[1], c = d->lane[2], e = d->lane[3];
    for (; count > 0; count--, p += DIGEST_BLOCK) {
        a = mix(a, word_at(p));
        b = mix(b, word_at(p + 8));
        c = mix(c, word_at(p + 16));
        e = mix(e, word_at(p + 24));
    }
    d->lane[0] = a;
    d->lane[1] = b;
    d->lane[2] = c;
    d->lane[3] = e;
}

void digest_text(struct digest *d, struct text t)
{
    size_t held = d->size % DIGEST_BLOCK;
    if (t.size == 0) /* of no bytes, `at` may be NULL */
        return;
    d->size += t.size;
    if (held) {
        size_t n = DIGEST_BLOCK - held < t.size ? DIGEST_BLOCK - held : t.size;
        memcpy(d->rest + held, t.at, n);
        t = (struct text){t.at + n, t.size - n};
        if (held + n < DIGEST_BLOCK)
            return;
        add_blocks(d, d->rest, 1);
    }
    size_t blocks = t.size / DIGEST_BLOCK;
    add_blocks(d, t.at, blocks);
    if (t.size % DIGEST_BLOCK)
        memcpy(d->rest, t.at + blocks * DIGEST_BLOCK, t.size % DIGEST_BLOCK);
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
    struct digest end = *d;
    size_t held = d->size % DIGEST_BLOCK;
    if (held) {
        memset(end.rest + held, 0, DIGEST_BLOCK - held);
        add_blocks(&end, end.rest, 1);
    }
    uint64_t h = d->size;
    for (int i = 0; i < DIGEST_LANES; i++)
        h = mix(h, end.lane[i]);
    return h;
}
