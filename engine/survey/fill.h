/* fill: row blocks into the columns of a block of cases. */
#ifndef ENTENTE_FILL_H
#define ENTENTE_FILL_H

#include "survey/rowstore.h"

enum { BLOCK_ROWS = 16384 }; /* of cases with very many rows, about so many make a block */

/* Puts count <= 64 rows behind the respondents the block has; the levels above them, and the
 * counts, are the caller's. Room has been reserved. */
void fill_rows(struct cases *block, const struct layout *l, uint8_t *const *rows, uint32_t count);

/* The cases of an arranged store, into a block that was cleared. False when memory is short. */
bool fill_cases(struct cases *block, const struct rowstore *s);

#endif
