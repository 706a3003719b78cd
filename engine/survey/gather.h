/* gather: the rows of some cases from wherever they are stored, by case, each case's as they came.
 */
#ifndef ENTENTE_GATHER_H
#define ENTENTE_GATHER_H

#include "survey/stored.h"

struct gathered {        /* zero: empty; used again and again */
    struct buffer bytes; /* of rows that were in the spool */
    const struct packed_row **rows;
    uint32_t *from; /* where in `rows` the next row of a case goes */
    size_t row_count, row_capacity, from_capacity;
};

void gathered_deinit(struct gathered *g);
/* Of cases [from, to). Several threads may gather, each for itself. False and a problem. */
bool gather_rows(struct gathered *g, const struct stored *s, uint32_t from, uint32_t to,
                 struct problems *problems);

#endif
