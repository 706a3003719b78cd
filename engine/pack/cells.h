/* cells: a checked file from bytes to structs with places. Private to pack. */
#ifndef ENTENTE_CELLS_H
#define ENTENTE_CELLS_H

#include "pack/shape.h"

struct loaded {
    void *at;       /* the struct, or the array of a list */
    unsigned count; /* of a list */
};

/* Parses, checks and loads a file. What is loaded is in `a`; `scratch` may be reset afterwards.
 * `what` as for tree_new. False where a problem was added. */
bool cells_load(struct arena *a, struct arena *scratch, source_id source, struct text bytes,
                enum table table, const char *what, struct loaded *out, struct problems *problems);

#endif
