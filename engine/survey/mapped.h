/* mapped: cells that are read through a mapping; private to the survey. */
#ifndef ENTENTE_MAPPED_H
#define ENTENTE_MAPPED_H

#include "survey/batch.h"
#include "survey/mapping.h"
#include "survey/spellings.h"

/* What a batch knows of spellings. False when memory is short. */
bool mapped_init(struct batch *b);
void mapped_deinit(struct batch *b);

enum mapped {
    MAPPED_DONE,  /* *a is the answer, or *cause why there is none */
    MAPPED_PLAIN, /* it is for the plain layout's reader: a number, a text */
    MAPPED_STANDS /* the row's block is as it is to be, or *cause */
};
/* `value` is valid UTF-8, without quotes. *a is blank before. */
enum mapped mapped_read(struct batch *b, const struct reading *r, uint32_t slot, uint32_t row,
                        struct text value, struct answer *a, enum cause *cause);
/* Whether all that a cell of the reading says is one code. */
bool mapped_is_code(const struct reading *r);
/* One option of a multiple choice is ticked, not ticked, or nothing is said. */
void mapped_option(const struct batch *b, const struct reading *r, uint32_t slot, uint32_t row,
                   uint8_t said);
/* What the cell of a status column says (enum status). */
bool status_is_abandoned(unsigned status, struct text value);
bool status_is_preview(unsigned status, struct text value);
/* What stands for a key. */
struct text mapped_key(struct batch *b, const struct reading *r, struct text value);
/* Once all cells of the rows are read. */
void mapped_close(struct batch *b);

#endif
