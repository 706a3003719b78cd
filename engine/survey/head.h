/* head: the first bytes of a table, its first records and their cells; private to the survey.
 * What recognises separators and dialects looks at records, not at lines: a cell may hold a line
 * end. */
#ifndef ENTENTE_HEAD_H
#define ENTENTE_HEAD_H

#include "survey/columns.h"
#include "survey/split.h"

struct head {
    char *memory, *bytes; /* bytes has SCAN_PAD around */
    size_t size, capacity;
    bool ends;   /* nothing follows */
    size_t from; /* where the header begins: behind a byte order mark and "sep=" */
};

/* Cells of a record, copied into the arena with their quotes undone. */
struct head_cells {
    struct text *names; /* at most LIMIT_COLUMNS + 1 of them */
    uint32_t count;
    const char *fault; /* NULL, or what is wrong */
    uint32_t fault_at; /* with which, from 0 */
};

/* Finds the records that are whole among the first `size` bytes: s->count of them, from `from` on.
 * False when memory is short. */
bool head_split(struct split *s, const struct head *h, size_t size);
/* The i-th, without its line end. */
struct text head_record(const struct split *s, const struct head *h, size_t i);
/* Inside arena_run. */
void head_cells(struct arena *a, struct text record, char separator, size_t max_field,
                struct head_cells *out);

/* Whether rows can be told apart by it; '\0' stands for none. */
bool separator_is_usable(char c);
/* The separator under which most names of the header are known; then under which most records have
 * as many cells as the header; then most columns. */
char separator_choose(struct arena *a, const struct columns *c, struct split *s,
                      const struct head *h, size_t size, bool *no_memory);

#endif
