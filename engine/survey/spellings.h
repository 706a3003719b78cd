/* spellings: cells of a column whose answer is a code, known by their bytes alone; private to the
 * survey.
 *
 * A cell is kept with the byte behind it, a separator or a line end, and holds no line end itself:
 * so what has these bytes is this cell, wherever it stands, and ends its row where this one did. Two
 * of its bytes tell which of the cells kept it may be:
 *
 *     p[first] ──second[]──▶ p[second] ──which[]──▶ one of bytes[] ──compare──▶ code, size
 */
#ifndef ENTENTE_SPELLINGS_H
#define ENTENTE_SPELLINGS_H

#include "survey/scan.h"

enum {
    SPELLINGS = 16,      /* of a column; the first that come are the usual ones */
    SPELLING_BYTES = 64, /* of the longest, with what ends it */
    SPELLING_BITS = 32   /* of a byte the lowest five count: letters differ there */
};

/* Number 0 is none: its bytes are never found. */
struct spellings {
    uint8_t bytes[SPELLINGS + 1][SPELLING_BYTES], mask[SPELLINGS + 1][SPELLING_BYTES];
    uint8_t size[SPELLINGS + 1], code[SPELLINGS + 1];
    uint8_t count;
    bool is_long; /* one of them has over 32 bytes */
    uint8_t first, second[SPELLING_BITS];
    uint8_t which[SPELLING_BITS * SPELLING_BITS];
};

/* The cells at at[0..count), those of `skip` left out: codes go to `to`, `stride` bytes apart, and
 * the places behind the cells to `at`. Returns the rows whose spelling is not known: their code is
 * arbitrary. 64 bytes behind a place are readable. */
uint64_t spellings_read(const struct spellings *s, const char **at, uint32_t count, uint64_t skip,
                        uint8_t *to, size_t stride);

/* Whether a cell is known, slowly. */
bool spellings_know(const struct spellings *s, const char *p, uint8_t *code, size_t *size);

/* Keeps a cell, with what ends it, that is not known. Some cannot be kept: too long, too many. */
void spellings_learn(struct spellings *s, struct text cell, uint8_t code);

void spellings_init(struct spellings *s);

#endif
