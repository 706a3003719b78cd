/* rowstore: rows of the cases of one block, grouped. One a parser.
 *
 *     rows   a copy of the block of bytes each (columns.h), in segments, in the order they came
 *     seats  a partner of a case; each row has one
 *     cases  in the order they came; the rows of a case come together
 *     order  the rows by case, by partner in the order of first rows, as they came
 *
 * Texts are views. Cleared block by block: once it is warm nothing is allocated any more. */
#ifndef ENTENTE_ROWSTORE_H
#define ENTENTE_ROWSTORE_H

#include "survey/batch.h"
#include "survey/index.h"

enum { SEATS_WALKED = 8 };

struct seat {
    struct text partner;
    uint32_t of_case;
    uint32_t before;              /* the seat of the same case made before it, or NONE */
    uint32_t row_from, row_count; /* in `order`, after rowstore_arrange */
};

struct stored_case {
    struct text name, wave;
    uint64_t row; /* number of its first data row */
    bool open;
    uint32_t seat_count;
    uint32_t last_seat;
    uint32_t seat_from; /* in seat_order, after rowstore_arrange */
};

struct rowstore {
    const struct layout *layout;
    uint32_t keep_count;
    bool has_respondent;
    bool keeps_first; /* of a respondent's rows the first counts, not the last */
    uint8_t **segments;
    size_t segment_count, segment_capacity;
    uint32_t *row_seat;
    struct text *row_respondent; /* has_respondent */
    uint32_t row_count, row_capacity;
    struct seat *seats;
    uint32_t seat_count, seat_capacity;
    struct stored_case *cases;
    struct text *kept; /* [case][keep_count] */
    uint32_t case_count, case_capacity;
    uint32_t *seat_order, *order; /* after rowstore_arrange */
    uint32_t seat_order_capacity, order_capacity;
    struct index by_respondent;
    struct index by_seat; /* of cases with more than SEATS_WALKED partners */
};

enum added {
    ADDED,
    ADDED_AGAIN,        /* in the place of an earlier row of the same respondent */
    NOT_ADDED_PARTNERS, /* the case has LIMIT_PARTNERS partners already */
    NOT_ADDED_MEMORY
};

/* What is to be added. */
struct new_row {
    struct text name, partner, respondent; /* respondent empty: nobody in particular */
    struct text wave; /* where waves are compared: each of them is a case of the same name */
    uint64_t row;
    uint8_t *block;
    const struct text *kept; /* [keep_count]; of the case's first row they stay */
    bool open; /* of the case's first row it stays: what is missing is still to come */
};

void rowstore_init(struct rowstore *s, const struct layout *l, uint32_t keep_count,
                   bool has_respondent);
void rowstore_deinit(struct rowstore *s);
void rowstore_clear(struct rowstore *s);

enum added rowstore_add(struct rowstore *s, const struct new_row *n);

/* Brings rows into their order. False when memory is short. */
bool rowstore_arrange(struct rowstore *s);

static inline uint8_t *rowstore_block(const struct rowstore *s, uint32_t row)
{
    return s->segments[row >> 10] + (row & 1023) * s->layout->stride;
}

static inline const struct seat *rowstore_seat(const struct rowstore *s, uint32_t of_case,
                                               uint32_t i)
{
    return &s->seats[s->seat_order[s->cases[of_case].seat_from + i]];
}

/* Rows of a case, in all. */
uint32_t rowstore_case_rows(const struct rowstore *s, uint32_t of_case);

/* Whether rows of a case give different answers to a question about the partnership. */
bool rowstore_facts_differ(const struct rowstore *s, uint32_t of_case);

#endif
