/* merge: items of several packs become one list of each kind. Private to pack. */
#ifndef ENTENTE_MERGE_H
#define ENTENTE_MERGE_H

#include "pack/tables.h"

/* A run of items of one kind, as loaded from one file of one pack. */
struct part {
    enum item_kind kind;
    uint32_t pack;
    char *items; /* item_size(kind) apart */
    unsigned count;
};

/* Parts stand in the order of model->packs. Fills the item lists of the model. Both arenas are
 * inside arena_run; `scratch` may be reset afterwards. */
void merge_parts(struct model *model, struct arena *scratch, const struct part *parts,
                 size_t part_count, struct problems *problems);

#endif
