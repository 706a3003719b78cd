/* packed: a row of answers as bytes, which may lie in memory or in a file.
 *
 *     | struct packed_row | codes: a byte a slot | wave, behind its size | sizes | numbers | ticked
 * | | partner | respondent | texts | padded to 4 |
 *
 * The sizes are those of partner, respondent and each text. A size is a byte, or 255 and four. No
 * pointer is in it, and nothing that can be left out: what is written to a file costs time. */
#ifndef ENTENTE_PACKED_H
#define ENTENTE_PACKED_H

#include "survey/rowstore.h"

struct packed_row {
    uint32_t size;     /* of all of it */
    uint32_t of_case;  /* casebook.h */
    uint32_t where[2]; /* packed_where */
};

/* Appends a row that stood in a line of a table; a failed growth is in out->failed. Its case is not
 * known yet. */
void packed_write(struct buffer *out, const struct layout *l, const struct new_row *n,
                  uint32_t table, uint64_t line);

/* Where it stood. */
void packed_where(const struct packed_row *p, uint32_t *table, uint64_t *line);

/* Its wave, where waves are compared. */
struct text packed_wave(const struct packed_row *p, const struct layout *l);

/* Wave, partner and respondent, and the answers into n->block; texts are views of the bytes. */
void packed_read(const struct packed_row *p, const struct layout *l, struct new_row *n);

/* Asks for a row that will be read soon: mostly two cache lines. */
static inline void packed_expect(const struct packed_row *p)
{
    __builtin_prefetch(p);
    __builtin_prefetch((const char *)p + 64);
}

static inline const struct packed_row *packed_next(const struct packed_row *p)
{
    return (const struct packed_row *)(const void *)((const char *)p + p->size);
}

#endif
