/* hand.c - straight-line C: one row at a time, the rules compiled in as plain ifs.
   usage: hand in.csv out.csv      built with -DRULES (tables) and -DBODY (the rules) */
#include "peer.h"
#include RULES
#include BODY

static double certainty[ND];

/* Sets the bits of the patterns that match the comment. */
static void match_comment(const char *p, const char *e, uint64_t *m)
{
    unsigned state = 0;
    for (; p < e; p++) {
        state = DFA_NEXT[state][(uint8_t)*p];
        unsigned accept = DFA_ACCEPT[state];
        if (accept)
            for (int w = 0; w < RW; w++)
                m[w] |= DFA_MASK[accept][w];
    }
}

/* Reads the row at p, diagnoses and prints it; returns the start of the next. */
static char *row(char *p, char *end)
{
    char *id = p;
    p = (char *)memchr(p, ',', (size_t)(end - p)) + 3;
    size_t id_len = (size_t)(p - 1 - id); /* id,partner */
    uint8_t q[QUESTIONS];
    for (int i = 0; i < QUESTIONS; i++) {
        unsigned ch = *(uint8_t *)p;
        unsigned answered = ch != ',';
        q[i] = answered ? (uint8_t)(ch - '0') : 0;
        p += 1 + answered;
    }
    uint64_t m[RW] = {0};
    if (*p != '\n') {
        char *e = comment_end(p, end);
        match_comment(p, e, m);
        p = e;
    }
    memset(certainty, 0, sizeof certainty);
    rules(q, m, certainty);
    char *o = out_buf + out_len;
    memcpy(o, id, id_len);
    o += id_len;
    for (int d = 0; d < ND; d++) {
        *o++ = ',';
        if (certainty[d] > 0)
            o = put_certainty(o, certainty[d]);
    }
    *o++ = '\n';
    out_len = (size_t)(o - out_buf);
    peer_write(0);
    return p + 1;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 1;
    peer_open(argv[1], argv[2], sizeof HEAD + ND * 7 + LINE_MAX_SIZE);
    memcpy(out_buf, HEAD, sizeof HEAD - 1);
    out_len = sizeof HEAD - 1;
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
    peer_write(1);
    return close(out_fd);
}
