/* scan: the bytes of a table, 16 or 64 at a time; SSE2, with a portable twin of every function, and
 * with an AVX2 twin of those that look at every byte of a file.
 *
 * All of them read whole steps: up to 64 bytes behind what they are asked about must be readable,
 * and one byte in front. Results do not depend on which twin is compiled in (SCAN_PORTABLE chooses
 * the portable one, for tests), nor on which the processor has. */
#ifndef ENTENTE_SCAN_H
#define ENTENTE_SCAN_H

#include "base/base.h"
#include <string.h>

#if defined(__SSE2__) && !defined(SCAN_PORTABLE)
#define SCAN_SSE2 1
#include <immintrin.h>
#else
#define SCAN_SSE2 0
#endif

enum { SCAN_PAD = 64 }; /* readable bytes in front of and behind a chunk */

/* Eight cells of scale questions that follow one another: at most one digit each. */
struct piece {
    uint8_t least[8]; /* the smallest digit allowed, as a character */
    uint8_t width[8]; /* the largest minus the smallest; 255 behind the last cell */
    uint8_t code[8];  /* the code of the smallest */
    uint32_t cells;   /* 1..8 */
};

static inline bool scan_is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

#if SCAN_SSE2

static inline __m128i scan_load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline uint64_t scan_bits(__m128i equal)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(equal);
}

/* Bits of LF, CR and quote among 64 bytes. */
static inline uint64_t scan_ends(const char *p)
{
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r'), quote = _mm_set1_epi8('"');
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++) {
        __m128i x = scan_load(p + 16 * i);
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, lf), _mm_cmpeq_epi8(x, cr)),
                                   _mm_cmpeq_epi8(x, quote));
        bits |= scan_bits(hit) << (16 * i);
    }
    return bits;
}

/* Bits of one byte among 64. */
static inline uint64_t scan_byte(const char *p, char c)
{
    const __m128i k = _mm_set1_epi8(c);
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits |= scan_bits(_mm_cmpeq_epi8(scan_load(p + 16 * i), k)) << (16 * i);
    return bits;
}

/* Among 16 bytes: bits of the separator, the quote and bytes up to CR (so LF, CR, NUL); *high gets
 * those that are not ASCII. */
static inline uint32_t scan_stops(const char *p, char separator, uint32_t *high)
{
    __m128i x = scan_load(p);
    const __m128i cr = _mm_set1_epi8('\r');
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(separator)),
                               _mm_cmpeq_epi8(x, _mm_set1_epi8('"')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(_mm_min_epu8(x, cr), x));
    *high = (uint32_t)_mm_movemask_epi8(x);
    return (uint32_t)_mm_movemask_epi8(hit);
}

/* Whether one of size bytes is at least `least`. Steps of 16 inside the bytes only. */
static inline bool scan_reaches(const char *p, size_t size, unsigned char least)
{
    const __m128i k = _mm_set1_epi8((char)least);
    __m128i hit = _mm_setzero_si128();
    size_t i = 0;
    for (; i + 16 <= size; i += 16) {
        __m128i x = scan_load(p + i);
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(_mm_max_epu8(x, k), x));
    }
    bool found = _mm_movemask_epi8(hit) != 0;
    for (; i < size; i++)
        found |= (unsigned char)p[i] >= least;
    return found;
}

/* Whether 32 bytes are those of `bytes`; where `behind` has a bit it does not matter. */
static inline bool scan_same(const uint8_t *p, const uint8_t *bytes, uint32_t behind)
{
    uint64_t same = behind;
    for (size_t i = 0; i < 32; i += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i y = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
        same |= scan_bits(_mm_cmpeq_epi8(x, y)) << i;
    }
    return same == UINT32_MAX;
}

/* scan_stops for the inside of a quoted cell: bits of the quote and NUL. */
static inline uint32_t scan_quotes(const char *p, uint32_t *high)
{
    __m128i x = scan_load(p);
    __m128i hit =
        _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('"')), _mm_cmpeq_epi8(x, _mm_setzero_si128()));
    *high = (uint32_t)_mm_movemask_epi8(x);
    return (uint32_t)_mm_movemask_epi8(hit);
}

/* Of the functions below that say avx2: to be called where scan_is_wide, from functions marked so
 * too. A loop that calls either twin is written once, inline, and gets the twin as an argument. */
#define SCAN_AVX2 __attribute__((target("avx2,bmi,bmi2")))
#define SCAN_LOOP static inline __attribute__((always_inline))

static inline bool scan_is_wide(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

/* The lowest four bits of LF, CR and quote differ: a table says for each which byte it would be. */
SCAN_AVX2 static inline uint64_t scan_ends_half_avx2(const char *p)
{
    const __m256i byte = _mm256_setr_epi8(
        1, 0, '"', 0, 0, 0, 0, 0, 0, 0, '\n', 0, 0, '\r', 0, 0, /* 1: not by 0 */
        1, 0, '"', 0, 0, 0, 0, 0, 0, 0, '\n', 0, 0, '\r', 0, 0);
    __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i hit = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(byte, x), x);
    return (uint32_t)_mm256_movemask_epi8(hit);
}

SCAN_AVX2 static inline uint64_t scan_ends_avx2(const char *p)
{
    return scan_ends_half_avx2(p) | scan_ends_half_avx2(p + 32) << 32;
}

SCAN_AVX2 static inline bool scan_same_avx2(const uint8_t *p, const uint8_t *bytes,
                                            uint32_t behind)
{
    __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i y = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    return ((uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, y)) | behind) == UINT32_MAX;
}

#else

#define SCAN_LOOP static inline

static inline bool scan_same(const uint8_t *p, const uint8_t *bytes, uint32_t behind)
{
    bool same = true;
    for (size_t i = 0; i < 32; i++)
        same &= p[i] == bytes[i] || (behind >> i & 1);
    return same;
}

static inline bool scan_reaches(const char *p, size_t size, unsigned char least)
{
    bool found = false;
    for (size_t i = 0; i < size; i++)
        found |= (unsigned char)p[i] >= least;
    return found;
}

static inline uint64_t scan_ends(const char *p)
{
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++)
        bits |= (uint64_t)(scan_is_line_end(p[i]) || p[i] == '"') << i;
    return bits;
}

static inline uint64_t scan_byte(const char *p, char c)
{
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++)
        bits |= (uint64_t)(p[i] == c) << i;
    return bits;
}

static inline uint32_t scan_stops(const char *p, char separator, uint32_t *high)
{
    uint32_t bits = 0, not_ascii = 0;
    for (int i = 0; i < 16; i++) {
        unsigned char c = (unsigned char)p[i];
        bits |= (uint32_t)(p[i] == separator || c == '"' || c <= '\r') << i;
        not_ascii |= (uint32_t)(c >> 7) << i;
    }
    *high = not_ascii;
    return bits;
}

static inline uint32_t scan_quotes(const char *p, uint32_t *high)
{
    uint32_t bits = 0, not_ascii = 0;
    for (int i = 0; i < 16; i++) {
        bits |= (uint32_t)(p[i] == '"' || p[i] == '\0') << i;
        not_ascii |= (uint32_t)((unsigned char)p[i] >> 7) << i;
    }
    *high = not_ascii;
    return bits;
}

#endif

/* A separator, spread over a register where there are such. */
#if SCAN_SSE2
typedef __m128i scan_wide;
static inline scan_wide scan_spread(char c)
{
    return _mm_set1_epi8(c);
}
#else
typedef char scan_wide;
static inline scan_wide scan_spread(char c)
{
    return c;
}
#endif

/* Reads the cells of a piece, each with its separator behind it, if no cell is longer than one
 * digit in its range; `separator` is the one of k, spread. Gives the codes (0: empty; out[cells..]
 * is arbitrary) and the number of bytes, or 0 where the cells are not that simple. `cells` is
 * k->cells, a constant for the compiler to know. The byte in front of p is a separator or a line
 * end. Two functions: at most one cell is empty; any may be. */
static inline size_t scan_piece(const char *p, const struct piece *k, uint32_t cells,
                                scan_wide separator, uint8_t out[8]);
static inline size_t scan_piece_gaps(const char *p, const struct piece *k, uint32_t cells,
                                     char separator, uint8_t out[8]);

/* The portable twin of both, compiled everywhere. */
static inline size_t scan_piece_portable(const char *p, const struct piece *k, uint32_t cells,
                                         char separator, unsigned most_empty, uint8_t out[8])
{
    const char *start = p;
    unsigned empty = 0;
    for (uint32_t i = 0; i < cells; i++) {
        if (*p == separator) {
            out[i] = 0;
            p++;
            if (++empty > most_empty)
                return 0;
            continue;
        }
        unsigned above = ((unsigned)(unsigned char)*p - k->least[i]) & 255u;
        if (above > k->width[i] || p[1] != separator)
            return 0;
        out[i] = (uint8_t)(above + k->code[i]);
        p += 2;
    }
    return (size_t)(p - start);
}

#if SCAN_SSE2

/* For an empty cell at place e (8: none): digits in front of it stand at even bytes of a load from
 * p, digits behind it at even bytes of a load from p - 1. */
struct scan_select {
    uint8_t before[9][16], behind[9][16], empty[9][16];
};

extern const struct scan_select SCAN_SELECT;

static inline __m128i scan_aligned(const uint8_t *p)
{
    return _mm_load_si128((const __m128i *)(const void *)p);
}

static inline __m128i scan_eight(const uint8_t *p)
{
    return _mm_loadl_epi64((const __m128i *)(const void *)p);
}

static inline size_t scan_piece(const char *p, const struct piece *k, uint32_t cells,
                                scan_wide separator, uint8_t out[8])
{
    const uint32_t ends = 0xAAAAu; /* a separator behind every digit */
    const uint32_t all = 2 * cells, wanted = (1u << all) - 1;
    __m128i x = scan_load(p), y = scan_load(p - 1);
    uint32_t found = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, separator));
    uint32_t odd_one = (uint32_t)__builtin_ctz(((found ^ ends) & wanted) | 1u << all);
    /* Behind an empty cell everything stands one byte earlier. */
    uint32_t shifted = (((found << 1) ^ ends) & wanted) >> odd_one >> 1;
    uint32_t e = odd_one / 2;
    __m128i empty = scan_aligned(SCAN_SELECT.empty[e]);
    __m128i digits = _mm_or_si128(_mm_and_si128(x, scan_aligned(SCAN_SELECT.before[e])),
                                  _mm_and_si128(y, scan_aligned(SCAN_SELECT.behind[e])));
    digits = _mm_packus_epi16(digits, digits);
    __m128i above = _mm_sub_epi8(digits, scan_eight(k->least));
    __m128i good =
        _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(above, scan_eight(k->width)), above), empty);
    uint32_t bad = ((uint32_t)_mm_movemask_epi8(good) & 0xFF) ^ 0xFF;
    if ((odd_one & 1) | shifted | bad)
        return 0;
    __m128i codes = _mm_add_epi8(above, scan_eight(k->code));
    _mm_storel_epi64((__m128i *)(void *)out, _mm_andnot_si128(empty, codes));
    return all - (odd_one < all);
}

static inline size_t scan_piece_gaps(const char *p, const struct piece *k, uint32_t cells,
                                     char separator, uint8_t out[8])
{
    uint32_t found =
        (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(scan_load(p), _mm_set1_epi8(separator)));
    uint32_t left = found | 0xFF0000u, bad = 0, at = 0;
    for (uint32_t i = 0; i < cells; i++) {
        at = (uint32_t)__builtin_ctz(left);
        left &= left - 1;
        /* Of an empty cell this is the separator in front. */
        uint32_t c = (unsigned char)p[(int)at - 1];
        uint32_t empty = at == 0 || (found << 1 >> at & 1);
        uint32_t above = (c - k->least[i]) & 255u;
        bad |= (above > k->width[i]) & (empty ^ 1);
        out[i] = (uint8_t)((above + k->code[i]) * (empty ^ 1));
    }
    /* No two bytes in one cell. */
    uint32_t longer = ~found & ~(found << 1 | 1u) & ((1u << at) - 1);
    return (bad | longer | (at >= 16)) ? 0 : at + 1;
}

#else

static inline size_t scan_piece(const char *p, const struct piece *k, uint32_t cells,
                                scan_wide separator, uint8_t out[8])
{
    return scan_piece_portable(p, k, cells, separator, 1, out);
}

static inline size_t scan_piece_gaps(const char *p, const struct piece *k, uint32_t cells,
                                     char separator, uint8_t out[8])
{
    return scan_piece_portable(p, k, cells, separator, 8, out);
}

#endif

/* Line ends (LF, CR, CRLF as one) in [p, p + size); a LF that follows a CR in front of p is not
 * one. */
uint64_t scan_count_lines(const char *p, size_t size);

/* The first LF or CR in [p, end), or end. */
const char *scan_line_end(const char *p, const char *end);

/* out[j][at..at+15] = rows[0..15][slot + j] for j in 0..15: a tile of bytes turned round.
 * `seen_255` gets a bit where a byte is 255. */
void scan_turn(const uint8_t *const rows[16], size_t slot, uint8_t *const out[16], size_t at,
               uint8_t seen_255[16]);

#endif
