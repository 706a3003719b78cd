/* packed: a row of answers as bytes, which may lie in memory or in a file.
 *
 *     | struct packed_row | block of the row (columns.h) | partner | respondent | texts | padded to 16 |
 *
 * Texts of the block say how far from the row's begin they stand, until packed_settle. */
#ifndef ENTENTE_PACKED_H
#define ENTENTE_PACKED_H

#include "survey/columns.h"
#include "survey/rowstore.h"

struct packed_row {
    uint32_t size;    /* of all of it */
    uint32_t of_case; /* casebook.h */
    uint64_t line;    /* where it stood */
    uint32_t table;
    uint32_t partner_size, respondent_size;
    uint32_t spare;
};

/* Appends a row; a failed growth is in out->failed. Its case is not known yet. */
void packed_write(struct buffer *out, const struct layout *l, const struct new_row *n,
                  uint32_t table, uint64_t line);

static inline uint8_t *packed_block(struct packed_row *p)
{
    return (uint8_t *)(p + 1);
}

static inline struct text packed_partner(const struct layout *l, const struct packed_row *p)
{
    return (struct text){(const char *)(p + 1) + l->stride, p->partner_size};
}

static inline struct text packed_respondent(const struct layout *l, const struct packed_row *p)
{
    return (struct text){(const char *)(p + 1) + l->stride + p->partner_size, p->respondent_size};
}

/* Makes views of its texts; once, where it will stay. */
void packed_settle(const struct layout *l, struct packed_row *p);

#endif
