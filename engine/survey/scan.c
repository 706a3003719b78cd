/* In: bytes. Out: counts, places, tiles turned round. Next: split, batch.
 * What of scan.h is too large to be inline. */
#include "survey/scan.h"

#if SCAN_SSE2

#define EVEN(a, b, c, d, e, f, g, h)                   \
    {                                                  \
        a, 0, b, 0, c, 0, d, 0, e, 0, f, 0, g, 0, h, 0 \
    }

const struct scan_select SCAN_SELECT __attribute__((aligned(16))) = {
    .before = {EVEN(0, 0, 0, 0, 0, 0, 0, 0), EVEN(255, 0, 0, 0, 0, 0, 0, 0),
               EVEN(255, 255, 0, 0, 0, 0, 0, 0), EVEN(255, 255, 255, 0, 0, 0, 0, 0),
               EVEN(255, 255, 255, 255, 0, 0, 0, 0), EVEN(255, 255, 255, 255, 255, 0, 0, 0),
               EVEN(255, 255, 255, 255, 255, 255, 0, 0), EVEN(255, 255, 255, 255, 255, 255, 255, 0),
               EVEN(255, 255, 255, 255, 255, 255, 255, 255)},
    .behind = {EVEN(0, 255, 255, 255, 255, 255, 255, 255), EVEN(0, 0, 255, 255, 255, 255, 255, 255),
               EVEN(0, 0, 0, 255, 255, 255, 255, 255), EVEN(0, 0, 0, 0, 255, 255, 255, 255),
               EVEN(0, 0, 0, 0, 0, 255, 255, 255), EVEN(0, 0, 0, 0, 0, 0, 255, 255),
               EVEN(0, 0, 0, 0, 0, 0, 0, 255), EVEN(0, 0, 0, 0, 0, 0, 0, 0),
               EVEN(0, 0, 0, 0, 0, 0, 0, 0)},
    .empty = {{255},
              {0, 255},
              {0, 0, 255},
              {0, 0, 0, 255},
              {0, 0, 0, 0, 255},
              {0, 0, 0, 0, 0, 255},
              {0, 0, 0, 0, 0, 0, 255},
              {0, 0, 0, 0, 0, 0, 0, 255},
              {0}},
};

/* Interleaves register i with register i + 8; four times over, rows have become columns. */
static void interleave(const __m128i in[16], __m128i out[16])
{
    for (int i = 0; i < 8; i++) {
        out[2 * i] = _mm_unpacklo_epi8(in[i], in[i + 8]);
        out[2 * i + 1] = _mm_unpackhi_epi8(in[i], in[i + 8]);
    }
}

void scan_turn(const uint8_t *const rows[16], size_t slot, uint8_t *const out[16], size_t at,
               uint8_t seen_255[16])
{
    const __m128i ones = _mm_set1_epi8(-1);
    __m128i a[16], b[16], seen = _mm_loadu_si128((const __m128i *)(const void *)seen_255);
    for (int i = 0; i < 16; i++)
        a[i] = _mm_loadu_si128((const __m128i *)(const void *)(rows[i] + slot));
    interleave(a, b);
    interleave(b, a);
    interleave(a, b);
    interleave(b, a);
    for (int j = 0; j < 16; j++) {
        _mm_storeu_si128((__m128i *)(void *)(out[j] + at), a[j]);
        seen = _mm_or_si128(seen, _mm_cmpeq_epi8(a[j], ones));
    }
    _mm_storeu_si128((__m128i *)(void *)seen_255, seen);
}

#else

void scan_turn(const uint8_t *const rows[16], size_t slot, uint8_t *const out[16], size_t at,
               uint8_t seen_255[16])
{
    for (size_t j = 0; j < 16; j++)
        for (size_t i = 0; i < 16; i++) {
            out[j][at + i] = rows[i][slot + j];
            if (rows[i][slot + j] == 255)
                seen_255[i] = 255;
        }
}

#endif

const char *scan_line_end(const char *p, const char *end)
{
    for (; p < end; p += 64) {
        uint64_t bits = scan_byte(p, '\n') | scan_byte(p, '\r');
        if (bits) {
            p += __builtin_ctzll(bits);
            return p < end ? p : end;
        }
    }
    return end;
}

uint64_t scan_count_lines(const char *p, size_t size)
{
    uint64_t lines = 0;
    const char *end = p + size;
    while ((p = scan_line_end(p, end)) < end) {
        if (!(*p == '\n' && p[-1] == '\r'))
            lines++;
        p++;
    }
    return lines;
}
