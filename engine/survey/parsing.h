/* parsing: private to this folder. What a thread needs to make blocks of chunks. */
#ifndef ENTENTE_PARSING_H
#define ENTENTE_PARSING_H

#include "survey/survey_state.h"

enum { NAME_BYTES = 32 }; /* "row " and 20 digits */

struct survey_parser {
    const struct survey *survey;
    struct intake intake;
    struct cases *block;
    struct rowstore store;    /* the cases of one block, unless every row is one */
    struct survey_rows rows;  /* MODE_STORED: of a chunk, to be stored */
    struct gathered gathered; /* MODE_STORED: the rows of the chunk's cases */
    size_t next_row;          /* of those */
    bool is_gathered;
    struct waves sorting;      /* where waves are compared */
    struct survey_wave *waves; /* [BLOCK_CASES], likewise */
    struct text last_key;      /* MODE_SORTED: of the chunk */
    bool has_last_key;
    struct text *kept; /* [BLOCK_CASES][keep_count] */
    uint64_t *rows_of; /* [BLOCK_CASES] */
    char (*names)[NAME_BYTES];
    char prefix[NAME_BYTES]; /* of the names of rows hundred * 100 and on */
    size_t prefix_size;
    uint64_t hundred;
};

/* The store holds as much as a block takes; asked between two cases. */
static inline bool parser_is_full(const struct survey_parser *p)
{
    const struct rowstore *s = &p->store;
    return s->case_count == BLOCK_CASES || (s->case_count > 0 && s->row_count >= BLOCK_ROWS);
}

/* scattered.c, for MODE_STORED: a chunk of bytes, whose rows are to be stored; a chunk of cases, of
 * which the next ones go into the parser's store, none at the end. False and a problem. */
bool scattered_pack(struct survey_parser *p, struct problems *problems);
bool scattered_parse(struct survey_parser *p, struct problems *problems);

#endif
