/* batch: up to 64 rows of a table, read a column after another.
 *
 *     places in the bytes ──steps of the table──▶ 64 row blocks (columns.h) + keys + kept cells
 *
 * Row by row a reader waits for every cell to know where the next begins; column by column the
 * rows do not wait for each other. A row with a fault is dead: its bit is set, its fault says why.
 * Views point into the bytes and into the scratch arena. */
#ifndef ENTENTE_BATCH_H
#define ENTENTE_BATCH_H

#include "survey/columns.h"
#include "survey/split.h"

enum { BATCH_ROWS = 64 };

enum cause {
#define CAUSE(name, spelling) CAUSE_##name,
#include "survey/causes.def"
#undef CAUSE
    CAUSE_COUNT,
    CAUSE_NONE = CAUSE_COUNT
};

_Static_assert(CAUSE_COUNT <= (int)SURVEY_CAUSES, "survey_counts has no room for every cause");

struct fault {
    enum cause cause;
    uint32_t column;   /* of the table; column_count where a row has too many */
    struct text value; /* what stands there */
    size_t offset;     /* of the bad byte in it */
    const char *place; /* where the cell begins: for the line */
    uint32_t cells;    /* how many the row has */
};

struct batch {
    const struct columns *columns;
    const struct table *table;
    size_t max_field, keep_count;
    struct arena *scratch;
    uint32_t count;
    uint64_t dead;
    uint64_t abandoned, previews; /* rows of people who did not finish; of nobody */
    uint64_t left_out;            /* those of them that are not wanted */
    bool no_memory;
    const char *start[BATCH_ROWS], *end[BATCH_ROWS]; /* without its line end */
    const char *at[BATCH_ROWS];                      /* the next cell */
    struct text key[BATCH_ROWS], partner[BATCH_ROWS], respondent[BATCH_ROWS], wave[BATCH_ROWS];
    uint32_t reached[BATCH_ROWS]; /* the last column answered through a mapping */
    struct spellings *spellings;  /* a reading each; NULL: there is no mapping */
    bool is_said;                 /* the cell read last said `said`, where a code is all it says */
    uint8_t said;
    struct fault fault[BATCH_ROWS];
    uint16_t cut[BATCH_ROWS]; /* texts longer than a pattern reads */
    struct text *kept;        /* [BATCH_ROWS][keep_count], raw */
    uint8_t *rows;            /* [BATCH_ROWS] blocks of layout.stride, aligned to 16 */
};

/* False when memory is short. */
bool batch_init(struct batch *b, const struct columns *c, size_t max_field, struct arena *scratch);
void batch_deinit(struct batch *b);

/* Reads rows that begin at bytes + starts[0..count), count <= BATCH_ROWS; `behind` is where the
 * record after the last begins, or the bytes end. False when memory is short. */
bool batch_read(struct batch *b, const struct table *t, const char *bytes, const uint32_t *starts,
                uint32_t count, size_t behind);

static inline uint8_t *batch_row(const struct batch *b, uint32_t row)
{
    return b->rows + row * b->columns->layout.stride;
}

/* Not to be used: wrong, or not wanted. */
static inline bool batch_is_out(const struct batch *b, uint32_t row)
{
    return (b->dead | b->left_out) >> row & 1;
}

static inline bool batch_is_dead(const struct batch *b, uint32_t row)
{
    return b->dead >> row & 1;
}

/* The plain structure of one row: quotes, lengths, number of cells; no answers. */
struct shape {
    struct fault fault; /* CAUSE_NONE where the structure is right */
    struct text key;    /* raw cell of `key_column`; at NULL where the row has none */
};
void row_shape(const struct table *t, const char *start, const char *end, size_t max_field,
               uint32_t key_column, struct shape *out);

/* One cell from p: its end (a separator or `end`) in *stop, or why it is none. */
enum cause row_cell(const char *p, const char *end, char separator, size_t max_field,
                    const char **stop);

/* Takes the quotes off a raw cell. Doubled quotes are undone in the arena: at NULL when memory is
 * short. */
struct text cell_plain(struct text raw, struct arena *scratch);

/* A name of a case, partner, respondent or wave as it is compared: without the spaces around it, in
 * normalisation form C; made in the arena where it differs. at NULL when memory is short. */
struct text key_plain(struct text value, struct arena *scratch);

/* Reads the cell every living row is at, which `s` describes, and steps over it. */
void cells_read(struct batch *b, const struct step *s);
/* The i-th cell of a run. */
void cell_read_scale(struct batch *b, const struct step *run, uint32_t i, uint32_t row);
/* Marks a row dead. */
void batch_fail(struct batch *b, uint32_t row, enum cause cause, uint32_t column, struct text value,
                const char *place);

#endif
