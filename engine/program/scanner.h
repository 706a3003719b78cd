/* scanner: all patterns of one text question at once, where Hyperscan is there and the batch is
 * long. PCRE2 says what a pattern means; Hyperscan only finds faster. What it cannot take exactly
 * is left to PCRE2: its supersets of such patterns were measured to compile for minutes. */
#ifndef ENTENTE_SCANNER_H
#define ENTENTE_SCANNER_H

#include "program/code.h"

struct scanner {
    uint32_t question;
    void *database;    /* hs_database_t * */
    uint32_t *slot_of; /* by pattern index: place among `count`, or NONE */
    uint32_t count;
};

/* NULL where there is no Hyperscan, or nothing for it to do. In the program's arena, inside
 * arena_run. */
struct scanner *scanner_of(struct program *p, uint32_t question);

#endif
