/* spellings: cells of a column whose answer is a code, known by their bytes alone; private to the
 * survey.
 *
 * A cell is kept with the byte behind it, a separator or a line end, and holds no line end itself:
 * so what has these bytes is this cell, wherever it stands, and ends its row where this one did.
 * Two of its bytes tell which of the cells kept it may be:
 *
 *     p[first] ──second[]──▶ p[second] ──which[]──▶ one of bytes[] ──compare──▶ code, size
 */
#ifndef ENTENTE_SPELLINGS_H
#define ENTENTE_SPELLINGS_H

#include "survey/scan.h"

enum {
    SPELLINGS = 16, /* of a column; the first that come are the usual ones */
    SPELLING_HALF = 32,
    SPELLING_BYTES = 64, /* of the longest, with what ends it */
    SPELLING_BITS = 32   /* of a byte the lowest five count: letters differ there */
};

struct spelling {
    uint8_t bytes[SPELLING_BYTES];
    uint64_t behind; /* a bit for every byte that is no part of it */
    uint8_t size, code;
    uint8_t room[54]; /* so that it is found by a shift */
};

/* Where two bytes are those of no spelling, `which` says 0, whose bytes then differ. */
struct spellings {
    struct spelling known[SPELLINGS];
    uint8_t count;
    bool is_long; /* one of them has over 32 bytes */
    uint8_t first, second[SPELLING_BITS];
    uint8_t which[SPELLING_BITS * SPELLING_BITS];
};

/* The cells at at[r] for every bit r of `rows`: codes go to to[r * stride], the places behind the
 * cells to `at`. Returns the rows whose spelling is not known. 64 bytes behind a place are
 * readable.
 */
uint64_t spellings_read(const struct spellings *s, const char **at, uint64_t rows, uint8_t *to,
                        size_t stride);

/* The spelling of the cell at p, whichever it meets on the way; NULL: it is not known. */
const struct spelling *spellings_find(const struct spellings *s, const char *p);

/* Keeps a cell, with what ends it, that is not known. Some cannot be kept: too long, too many. */
void spellings_learn(struct spellings *s, struct text cell, uint8_t code);

#endif
