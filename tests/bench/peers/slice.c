/* slice.c - bit-sliced C: 64 rows at a time, every comparison of an answer is one 64-bit word, a
   rule is an AND of words.
   usage: slice in.csv out.csv                 built with -DRULES (tables) and -DBODY (the rules)
          slicei rules.plan in.csv out.csv     without -DBODY: the rules are read at run time
   (patterns and header are compiled in either way) */
#include "peer.h"
#include <immintrin.h>
#include RULES

enum { PER_QUESTION = 18, PATTERN_AT = QUESTIONS * PER_QUESTION, ID_WORDS = (ND + 63) / 64 };

static uint8_t answer[QUESTIONS][64] __attribute__((aligned(64)));
/* word[q * 18 + v] is q = v; + 6: q <= v; + 12: q >= v; from PATTERN_AT on, the patterns */
static uint64_t word[PATTERN_AT + NRX + 1];
static uint64_t fired[ND];
static double certainty[ND][64];
static const char *id[64];
static unsigned id_len[64];
static uint64_t printed_bits[64][ID_WORDS];

static inline void fire(int d, uint64_t rows, double factor)
{
    fired[d] |= rows;
    for (; rows; rows &= rows - 1) {
        double *c = &certainty[d][__builtin_ctzll(rows)];
        *c += factor * (1 - *c);
    }
}

#ifdef BODY
#include BODY
#else
struct rule {
    char kind; /* B: base, C: chained */
    int then, count, at;
    double factor;
};
static struct rule *rule_list;
static int rule_count;
static int *term;       /* words of a base rule; conclusions of a chained one, -1 - d negated */
static double *minimum; /* of the premise at the same place */

static void chained(const struct rule *r)
{
    const int *t = term + r->at;
    const double *least = minimum + r->at;
    uint64_t rows = ~0ull;
    for (int i = 0; i < r->count; i++)
        if (t[i] >= 0)
            rows &= fired[t[i]];
    for (; rows; rows &= rows - 1) {
        int b = __builtin_ctzll(rows), holds = 1;
        double strength = 2;
        for (int i = 0; i < r->count && holds; i++) {
            if (t[i] >= 0) {
                double c = certainty[t[i]][b];
                holds = c >= least[i];
                strength = MIN(strength, c);
            } else {
                holds = certainty[-1 - t[i]][b] < least[i];
            }
        }
        if (holds) {
            double *c = &certainty[r->then][b];
            *c += strength * r->factor * (1 - *c);
            fired[r->then] |= rows & -rows;
        }
    }
}

static void rules(void)
{
    for (int j = 0; j < rule_count; j++) {
        const struct rule *r = &rule_list[j];
        const int *t = term + r->at;
        if (r->kind == 'C') {
            chained(r);
            continue;
        }
        uint64_t rows = word[t[0]];
        for (int i = 1; i < r->count; i++)
            rows &= word[t[i]];
        if (rows)
            fire(r->then, rows, r->factor);
    }
}

static void load(const char *path)
{
    enum { RULES_MAX = 100000, TERMS_MAX = 1000000 };
    FILE *f = fopen(path, "r");
    rule_list = malloc(sizeof *rule_list * RULES_MAX);
    term = malloc(sizeof *term * TERMS_MAX);
    minimum = malloc(sizeof *minimum * TERMS_MAX);
    if (!f || !rule_list || !term || !minimum)
        exit(1);
    struct rule r;
    int at = 0;
    while (fscanf(f, " %c %d %lf %d", &r.kind, &r.then, &r.factor, &r.count) == 4) {
        r.at = at;
        for (int i = 0; i < r.count; i++, at++) {
            if (fscanf(f, "%d", &term[at]) != 1)
                exit(2);
            if (r.kind == 'C' && fscanf(f, "%lf", &minimum[at]) != 1)
                exit(2);
        }
        rule_list[rule_count++] = r;
    }
    fclose(f);
}
#endif

static inline uint64_t equal64(const uint8_t *p, int v)
{
    const __m128i value = _mm_set1_epi8((char)v);
    uint64_t bits = 0;
    for (int j = 0; j < 4; j++) {
        __m128i bytes = _mm_load_si128((const __m128i *)(p + 16 * j));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, value)) << (16 * j);
    }
    return bits;
}

static void compare_answers(void)
{
    for (int k = 0; k < QUESTIONS; k++) {
        uint64_t *eq = word + k * PER_QUESTION, *le = eq + 6, *ge = eq + 12;
        for (int v = 1; v < 6; v++)
            eq[v] = equal64(answer[k], v);
        le[1] = eq[1];
        for (int v = 2; v < 6; v++)
            le[v] = le[v - 1] | eq[v];
        ge[5] = eq[5];
        for (int v = 4; v > 0; v--)
            ge[v] = ge[v + 1] | eq[v];
    }
}

static inline char *put_commas(char *o, int n)
{
    const __m256i commas = _mm256_set1_epi8(',');
    for (int k = 0; k < n; k += 32)
        _mm256_storeu_si256((__m256i *)(o + k), commas);
    return o + n;
}

/* Diagnoses and prints the n rows gathered. */
static void block(int n)
{
    compare_answers();
    memset(fired, 0, sizeof fired);
    memset(certainty, 0, sizeof certainty);
    rules();
    memset(printed_bits, 0, sizeof printed_bits);
    for (int d = 0; d < ND; d++)
        for (uint64_t m = fired[d]; m; m &= m - 1)
            printed_bits[__builtin_ctzll(m)][d >> 6] |= 1ull << (d & 63);
    for (int i = 0; i < n; i++) {
        char *o = out_buf + out_len;
        _mm_storeu_si128((__m128i *)o, _mm_loadu_si128((const __m128i *)id[i]));
        if (id_len[i] > 16)
            memcpy(o, id[i], id_len[i]);
        o += id_len[i];
        int at = 0; /* conclusions already separated */
        for (int w = 0; w < ID_WORDS; w++)
            for (uint64_t m = printed_bits[i][w]; m; m &= m - 1) {
                int d = w * 64 + __builtin_ctzll(m);
                o = put_commas(o, d + 1 - at);
                at = d + 1;
                o = put_certainty(o, certainty[d][i]);
            }
        o = put_commas(o, ND - at);
        *o++ = '\n';
        out_len = (size_t)(o - out_buf);
    }
    memset(word + PATTERN_AT, 0, sizeof *word * (NRX + 1));
    peer_write(0);
}

/* Gathers the row at p as the nth of the block; returns the start of the next. */
static inline char *gather(char *p, char *end, int n)
{
    char *s = p;
    id[n] = s;
    p = s + __builtin_ctzll(commas64(s)) + 3;
    id_len[n] = (unsigned)(p - 1 - s);
    /* 40 one-character fields need at most 80 bytes */
    uint64_t m0 = commas64(p), m1 = commas64(p + 64);
    const char *b = p;
    int k = 0, pos = 0;
    for (; m0 && k < QUESTIONS; m0 &= m0 - 1, k++) {
        pos = __builtin_ctzll(m0);
        uint8_t ch = (uint8_t)(b[pos - 1] - '0');
        answer[k][n] = ch < 6 ? ch : 0;
    }
    for (; k < QUESTIONS; m1 &= m1 - 1, k++) {
        pos = 64 + __builtin_ctzll(m1);
        uint8_t ch = (uint8_t)(b[pos - 1] - '0');
        answer[k][n] = ch < 6 ? ch : 0;
    }
    p += pos + 1;
    if (*p != '\n') {
        char *e = comment_end(p, end);
        unsigned state = 0;
        for (; p < e; p++) {
            state = DFA_NEXT[state][(uint8_t)*p];
            unsigned accept = DFA_ACCEPT[state];
            if (accept)
                for (int w = 0; w < RW; w++)
                    for (uint64_t m = DFA_MASK[accept][w]; m; m &= m - 1)
                        word[PATTERN_AT + w * 64 + __builtin_ctzll(m)] |= 1ull << n;
        }
    }
    return p + 1;
}

int main(int argc, char **argv)
{
#ifndef BODY
    if (argc > 1)
        load(argv[1]);
    argv++;
    argc--;
#endif
    if (argc < 3)
        return 1;
    peer_open(argv[1], argv[2], 64 * ((size_t)ND * 7 + 1024) + sizeof HEAD + 64);
    memcpy(out_buf, HEAD, sizeof HEAD - 1);
    out_len = sizeof HEAD - 1;
    size_t have = 0;
    int first = 1, n = 0;
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
        while (p < end && (!got || whole_record(p, end))) {
            p = gather(p, end, n);
            if (++n == 64) {
                block(64);
                n = 0;
            }
        }
        /* ids point into the buffer: a partial block is printed before the buffer moves */
        if (n) {
            for (int k = 0; k < QUESTIONS; k++)
                memset(answer[k] + n, 0, (size_t)(64 - n));
            block(n);
            n = 0;
        }
        if (!got)
            break;
        have = (size_t)(end - p);
        memmove(in_buf, p, have);
    }
    peer_write(1);
    return close(out_fd);
}
