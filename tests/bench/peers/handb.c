/* handb.c - straight-line C for workload B: one pass, sums, minima and maxima for each side of the
   current case.
   usage: handb in.csv out.csv */
#include "peer.h"

enum { SUMMED = 15, ID_MAX = 64 };

static struct {
    uint8_t sum[16], count[16], low[16], high[16];
} side[2];
static unsigned rows_of[2];
static char current[ID_MAX];
static unsigned current_len;

/* |mean of A - mean of B| / 4 where it is at least 1.5 / 4, else 0 */
static double gap_of(int q)
{
    if (!side[0].count[q] || !side[1].count[q])
        return 0;
    double gap =
        fabs((double)side[0].sum[q] / side[0].count[q] - (double)side[1].sum[q] / side[1].count[q]);
    return gap >= 1.5 ? gap / 4 : 0;
}

static char *put_if(char *o, int holds, double certainty)
{
    *o++ = ',';
    return holds ? put_certainty(o, certainty) : o;
}

/* Diagnoses and prints the case gathered. */
static void finish(void)
{
    if (!current_len)
        return;
    char *o = out_buf + out_len;
    memcpy(o, current, 16);
    if (current_len > 16)
        memcpy(o, current, current_len);
    o += current_len;
    *o++ = ',';
    *o++ = (char)('0' + rows_of[0]);
    *o++ = ',';
    *o++ = (char)('0' + rows_of[1]);
    double gap[10];
    int spread[10];
    int both = rows_of[0] >= 2 && rows_of[1] >= 2;
    for (int i = 0; i < 10; i++) {
        gap[i] = gap_of(i);
        o = put_if(o, gap[i] > 0, gap[i]);
    }
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < 5; i++) {
            int q = 10 + i;
            int holds =
                rows_of[s] >= 2 && side[s].count[q] && side[s].high[q] - side[s].low[q] >= 3;
            spread[s * 5 + i] = holds;
            o = put_if(o, holds, .5);
        }
    o = put_if(o, both, .8);
    o = put_if(o, gap[0] > 0 && gap[1] > 0, .8 * fmin(gap[0], gap[1]));
    o = put_if(o, gap[2] > 0 && both, .9 * fmin(gap[2], .8));
    o = put_if(o, gap[4] > 0 && !spread[0], .6 * gap[4]);
    o = put_if(o, gap[6] > 0 && gap[7] > 0 && !spread[6], .7 * fmin(gap[6], gap[7]));
    *o++ = '\n';
    out_len = (size_t)(o - out_buf);
    peer_write(0);
}

static void start(const char *key, unsigned len)
{
    finish();
    memcpy(current, key, len);
    current_len = len;
    rows_of[0] = rows_of[1] = 0;
    for (int s = 0; s < 2; s++) {
        memset(&side[s], 0, sizeof side[s]);
        memset(side[s].low, 9, sizeof side[s].low);
    }
}

/* The place of the nth comma (from 1) in the 128 bits. */
static inline int nth_comma(uint64_t m0, uint64_t m1, int n)
{
    int before = __builtin_popcountll(m0), at = 0;
    if (before < n) {
        m0 = m1;
        n -= before;
        at = 64;
    }
    while (--n)
        m0 &= m0 - 1;
    return at + __builtin_ctzll(m0);
}

/* Adds the row at p to its case; returns the start of the next. */
static char *row(char *p, char *end)
{
    unsigned len = (unsigned)__builtin_ctzll(commas64(p));
    if (len != current_len || memcmp(p, current, len))
        start(p, len);
    int s = p[len + 1] == 'B';
    rows_of[s]++;
    p += len + 3;
    uint64_t m0 = commas64(p), m1 = commas64(p + 64);
    uint8_t value[16];
    uint64_t rest = m0;
    for (int k = 0; k < SUMMED; k++, rest &= rest - 1) {
        uint8_t ch = (uint8_t)(p[__builtin_ctzll(rest) - 1] - '0');
        value[k] = ch < 6 ? ch : 0;
    }
    for (int k = 0; k < SUMMED; k++) {
        uint8_t v = value[k], low = v ? v : 9;
        side[s].sum[k] += v;
        side[s].count[k] += v != 0;
        side[s].high[k] = v > side[s].high[k] ? v : side[s].high[k];
        side[s].low[k] = low < side[s].low[k] ? low : side[s].low[k];
    }
    p += nth_comma(m0, m1, QUESTIONS) + 1;
    if (*p != '\n')
        p = comment_end(p, end);
    return p + 1;
}

static void put_header(void)
{
    char *o = out_buf;
    o += snprintf(o, 64, "case_id,nA,nB");
    for (int i = 1; i <= 10; i++)
        o += snprintf(o, 16, ",GAP%02d", i);
    for (int s = 0; s < 2; s++)
        for (int i = 1; i <= 5; i++)
            o += snprintf(o, 16, ",SP%c%02d", "AB"[s], i);
    o += snprintf(o, 64, ",BOTH,X01,X02,X03,X04\n");
    out_len = (size_t)(o - out_buf);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 1;
    peer_open(argv[1], argv[2], LINE_MAX_SIZE);
    put_header();
    size_t have = 0;
    int first = 1;
    for (;;) {
        ssize_t got = read(in_fd, in_buf + have, IN_SIZE);
        if (got < 0)
            return 1;
        have += (size_t)got;
        char *p = in_buf, *end = in_buf + have;
        *end = '\n';
        if (first)
            p = (char *)memchr(p, '\n', have) + 1;
        first = 0;
        while (p < end && (!got || whole_record(p, end)))
            p = row(p, end);
        if (!got)
            break;
        have = (size_t)(end - p);
        memmove(in_buf, p, have);
    }
    finish();
    peer_write(1);
    return close(out_fd);
}
