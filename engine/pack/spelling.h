/* spelling: how a single value must be written. Private to pack. */
#ifndef ENTENTE_SPELLING_H
#define ENTENTE_SPELLING_H

#include "pack/shape.h"

/* False and a problem where a scalar is not what its table says: an id, a number, a word ... */
bool spelling_check(const struct ground *g, const cyaml_schema_value_t *schema, const char *key,
                    const struct tree *t);

#endif
