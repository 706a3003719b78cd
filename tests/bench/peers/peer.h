/* peer.h - what the C peers share: buffers, the table of printed certainties, the CSV steps.
   Measuring sticks, not models of style: they trust the workload's own layout (one-character
   answers, lines under 4 KiB, one-letter partners) and check nothing. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <emmintrin.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MIN(a, b) ((a) < (b) ? (a) : (b))

enum { IN_SIZE = 1 << 18, OUT_SIZE = 1 << 18, LINE_MAX_SIZE = 4096, QUESTIONS = 40 };

static char in_buf[IN_SIZE + LINE_MAX_SIZE + 256];
static char *out_buf;
static size_t out_len;
static int in_fd, out_fd;
static char printed[10001][8]; /* "0.0000" .. "1.0000" */

static void peer_open(const char *in, const char *out, size_t room)
{
    in_fd = open(in, O_RDONLY);
    out_fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    out_buf = malloc(OUT_SIZE + room);
    if (in_fd < 0 || out_fd < 0 || !out_buf)
        exit(1);
    for (int i = 0; i <= 10000; i++) {
        char text[32];
        snprintf(text, sizeof text, "%d.%04d", i / 10000, i % 10000);
        memcpy(printed[i], text, 8);
    }
}

/* Writes what has been gathered once it fills the buffer, or whatever there is at the end. */
static void peer_write(int at_end)
{
    if (out_len < OUT_SIZE && !at_end)
        return;
    for (size_t done = 0; done < out_len;) {
        ssize_t n = write(out_fd, out_buf + done, out_len - done);
        if (n < 0)
            exit(1);
        done += (size_t)n;
    }
    out_len = 0;
}

static inline char *put_certainty(char *o, double c)
{
    memcpy(o, printed[(int)(c * 10000 + .5)], 8);
    return o + 6;
}

/* One bit for each comma among the 64 bytes from p. */
static inline uint64_t commas64(const char *p)
{
    const __m128i comma = _mm_set1_epi8(',');
    uint64_t bits = 0;
    for (int j = 0; j < 4; j++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(p + 16 * j));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, comma)) << (16 * j);
    }
    return bits;
}

/* Whether a whole record stands between p and end. */
static inline int whole_record(const char *p, const char *end)
{
    if (end - p >= LINE_MAX_SIZE)
        return 1;
    int quoted = 0;
    for (; p < end && (quoted || *p != '\n'); p++)
        if (*p == '"')
            quoted ^= 1;
    return p < end;
}

/* The line end behind the comment at p; end[0] is a '\n'. */
static inline char *comment_end(char *p, char *end)
{
    if (*p != '"')
        return memchr(p, '\n', (size_t)(end - p + 1));
    char *e = p + 1;
    for (;;) {
        e = memchr(e, '"', (size_t)(end - e));
        if (e[1] != '"')
            return e + 1;
        e += 2;
    }
}

#endif
