/* shape: a tree against a table. Private to pack. */
#ifndef ENTENTE_SHAPE_H
#define ENTENTE_SHAPE_H

#include "pack/tables.h"

/* Where a tree stands. */
struct ground {
    struct arena *arena; /* for what lives as long as the tree */
    source_id source;
    struct text bytes;
    struct problems *problems;
};

/* Checks everything a table says of a tree, and every scalar's spelling; false where a problem was
 * added. All of them are. */
bool shape_check(const struct ground *g, const cyaml_schema_value_t *schema,
                 const struct tree *tree);

/* The value of a scalar that shape_check has passed: numbers, booleans, words; else 0. */
double scalar_number(const cyaml_schema_value_t *schema, struct text value);

/* A pack version: three numbers below 10,000 with dots between. */
bool version_parse(struct text t, unsigned out[3]);

#endif
