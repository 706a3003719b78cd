/* suggest: the nearest of the words offered.
 * In: a word, then candidates one by one. Out: the best so far. The one idea: restricted
 * Damerau-Levenshtein in three rows on the stack, over bytes (ids are ASCII); a row whose least
 * entry is no better than the best ends the comparison. */
#include "base/suggest.h"

#include <string.h>

enum { LONGEST = 128 }; /* bytes compared; LIMIT_ID is half of it */

void suggest_init(struct suggest *s, struct text word)
{
    size_t third = word.size / 3;
    *s = (struct suggest){.word = word, .distance = (unsigned)(third < 3 ? third : 3) + 1};
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The distance, or `bound` where it is not smaller. */
static unsigned distance(struct text a, struct text b, unsigned bound)
{
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    for (unsigned j = 0; j <= b.size; j++)
        above[j] = j;
    for (unsigned i = 1; i <= a.size; i++) {
        unsigned smallest = row[0] = i;
        for (unsigned j = 1; j <= b.size; j++) {
            unsigned cost = a.at[i - 1] != b.at[j - 1];
            unsigned d = least(above[j - 1] + cost, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1])
                d = least(d, before[j - 2] + 1);
            row[j] = d;
            smallest = least(smallest, d);
        }
        /* A transposition reaches back two rows, so one row alone proves nothing below bound - 1.
         */
        if (smallest > bound)
            return bound;
        unsigned *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return least(above[b.size], bound);
}

void suggest_offer(struct suggest *s, struct text candidate)
{
    if (s->word.size == 0 || s->word.size > LONGEST || candidate.size > LONGEST ||
        candidate.size == 0)
        return;
    size_t gap = s->word.size > candidate.size ? s->word.size - candidate.size
                                               : candidate.size - s->word.size;
    if (gap >= s->distance)
        return;
    unsigned d = distance(s->word, candidate, s->distance);
    if (d < s->distance) {
        s->distance = d;
        s->best = candidate;
    }
}
