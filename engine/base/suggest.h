/* suggest: "did you mean". */
#ifndef ENTENTE_SUGGEST_H
#define ENTENTE_SUGGEST_H

#include "base/text.h"

/* Keeps the nearest of the candidates offered, by edit distance with transpositions (Damerau 1964,
 * restricted), within a third of the word's length and at most 3; the first of equals. */
struct suggest {
    struct text word;
    struct text best; /* size 0: none near enough */
    unsigned distance;
};

void suggest_init(struct suggest *s, struct text word);
void suggest_offer(struct suggest *s, struct text candidate);

#endif
