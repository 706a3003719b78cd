/* survey_state: what a survey, a chunk and an intake are made of; private to this folder. */
#ifndef ENTENTE_SURVEY_STATE_H
#define ENTENTE_SURVEY_STATE_H

#include "survey/fill.h"
#include "survey/gather.h"
#include "survey/rejects.h"
#include "survey/stored.h"
#include "survey/waves.h"

enum survey_mode {
    MODE_SINGLE, /* every row is a case */
    MODE_SORTED, /* the rows of a case stand together, cases ascend */
    MODE_STORED  /* all rows are stored and grouped before the first case is handed out */
};

enum {
    CHUNK_BYTES = 256 << 10 /* aimed at: fits the second cache with what is made of it */
};

/* Bytes of a row that is too long, and were not kept. */
struct gap {
    size_t at; /* in the chunk: they would stand in front of this byte */
    uint64_t bytes;
};

struct survey_chunk {
    struct survey_chunk *next_free;
    const struct table *table; /* NULL: cases of the store */
    char *memory, *bytes;      /* bytes has SCAN_PAD around */
    size_t size, capacity;
    size_t aim; /* filled so far before it is cut; not the capacity, which depends on the past */
    uint32_t *starts; /* of its records */
    size_t record_count, start_capacity;
    uint64_t first_row;          /* number of its first record, from 0 */
    uint64_t first_line;         /* number of its first line, from 1 */
    bool is_line_each;           /* every record is one line, and nothing is between them */
    uint64_t first_byte;         /* of the table, in front of it: header and data */
    struct gap *gaps;
    size_t gap_count, gap_capacity;
    uint32_t case_from, case_to; /* of the store */
};

/* Reads the rows of chunks batch by batch, and writes down what is rejected. */
struct intake {
    const struct survey *survey;
    struct arena scratch;
    struct batch batch;
    struct buffer rejects;
    struct survey_counts counts;
    const struct survey_chunk *chunk;
    size_t next;         /* record */
    const char *line_at; /* `line` is the number of the line this stands on */
    uint64_t line;
};

bool intake_init(struct intake *in, const struct survey *s);
void intake_deinit(struct intake *in);
void intake_start(struct intake *in, const struct survey_chunk *c);
/* Reads the next rows, at most BATCH_ROWS, from record `next` on; does not move `next`. False when
 * memory is short. batch.count 0: the chunk is at its end. */
bool intake_read(struct intake *in);
/* Row `row` of the batch was read; and then used, or stored to be used later. */
void intake_taken(struct intake *in, uint32_t row);
void intake_out(struct intake *in, uint32_t row); /* read, and rejected or not wanted */
void intake_rejected(struct intake *in, uint32_t row);
/* A row that was read, of a table, is rejected for what stands in a cell. */
void intake_reject(struct intake *in, const struct table *t, const struct fault *f, uint64_t line,
                   uint64_t byte); /* 0: it is not known */
/* Number of a row of the batch among all data rows, from 1. */
uint64_t intake_row(const struct intake *in, uint32_t row);
uint64_t intake_line(struct intake *in, const char *place);
uint64_t intake_row_line(struct intake *in, uint32_t row); /* where the row begins */
/* What rowstore_add needs. */
struct new_row intake_new_row(const struct intake *in, uint32_t row);

/* The open table and what of it has not gone into a chunk yet. */
struct reader {
    size_t table;
    bool is_open;
    char *carry;
    size_t carry_size, carry_capacity;
    uint64_t rows, line; /* the next row's number from 0, the next line's from 1 */
    uint64_t data;       /* bytes of the table's data in front of the carry */
    struct gap *gaps;    /* of the carry */
    size_t gap_count, gap_capacity;
    struct split split;
    bool table_begins;      /* sorted: the first key of this table is still to come */
    struct text last_key; /* sorted: of the tables before; at NULL where there is none */
    struct arena scratch;
};

struct survey {
    const struct kb *kb;
    struct arena arena;
    struct survey_options options; /* strings in the arena */
    size_t max_field;
    enum survey_mode mode;
    struct columns columns;
    struct table *tables;
    size_t table_count;
    struct put put;
    struct reader reader;
    struct survey_chunk *free_chunks;
    struct stored stored; /* MODE_STORED */
    uint64_t total_bytes;
    uint64_t chunks; /* handed out */
};

/* A survey whose tables are open and whose columns are for nothing yet; NULL and problems. */
struct survey *survey_new_headers(const struct kb *kb, const struct survey_options *o,
                                  struct problems *problems);

void tally_note(struct survey_tally *t, struct text column, struct text value, unsigned cause);

bool survey_no_memory(struct problems *problems); /* adds the problem, gives false */
bool survey_over_limit(const struct survey *s, const char *what, const char *help,
                       struct problems *problems);

/* An empty chunk, one given back if there is one; NULL when memory is short. */
struct survey_chunk *chunk_take(struct survey *s);
/* The next chunk of bytes; *chunk NULL at the end. */
bool reader_next(struct survey *s, struct survey_chunk **chunk, struct problems *problems);
void reader_init(struct survey *s);
void reader_deinit(struct survey *s);

/* Whether a row takes part in the order of keys, and its key, without quotes. In *no_memory whether
 * it could not be told. */
bool reader_key(const struct survey *s, const struct table *t, const char *start, const char *end,
                struct arena *scratch, struct text *key, bool *no_memory);
bool key_order_problem(const struct survey *s, const struct table *t, uint64_t line,
                       struct text key, struct text before, struct problems *problems);

/* Where a byte of a chunk stands in the file, from 1; 0 where the file was decoded. */
uint64_t chunk_byte(const struct survey_chunk *c, const char *place);

/* Opens a table of the reader behind the first `data` bytes of its rows. */
bool reader_open(struct survey *s, uint64_t data, struct problems *problems);

/* A row for survey_store. A failed growth is remembered in the buffers. */
void survey_rows_add(struct survey_rows *r, const struct survey *s, const struct new_row *n,
                     uint32_t table, uint64_t line);
/* The next chunk in MODE_STORED. */
bool stored_next(struct survey *s, struct survey_chunk **chunk, struct problems *problems);

/* Answer sheets into the store. Inside no arena_run. */
bool sheets_read(struct survey *s, struct problems *problems);
bool sheet_is_name(const char *path);

#endif
