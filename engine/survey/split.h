/* split: where the records of a table begin and end, quotes taken exactly.
 *
 * A quote opens only where a cell begins; a quote elsewhere in a cell does nothing here (the batch
 * rejects the row). A closing quote is one that is not doubled, and behind it stands a separator or
 * a line end. A quoted cell that is not closed so within the longest field allowed is broken: its
 * record ends with the line the quote opened on, and the lines below are read as records again. A
 * record longer than max_record ends at the first line end of any kind behind that length. Lines
 * with nothing in them are no records. All of this depends on the bytes alone, never on how they
 * were cut into buffers. */
#ifndef ENTENTE_SPLIT_H
#define ENTENTE_SPLIT_H

#include "survey/scan.h"

/* Over one buffer, whose bytes are bytes[0..size) with SCAN_PAD around; bytes[-1] is the byte in
 * front, a line end where there is none. */
struct split {
    char separator;
    size_t max_field, max_record;
    uint32_t *starts; /* of the records found, ascending; owned */
    size_t count, capacity;
    size_t at;      /* looked at so far: outside quotes, or at an opening quote not yet decided */
    size_t start;   /* of the record `at` stands in; behind the last line end */
    bool undecided; /* `at` is an opening quote whose end is not in the buffer yet */
    bool is_broken; /* the record at `start` has a broken cell: it ends at the next line end */
    uint64_t lines; /* line ends in front of `start` */
    uint64_t quoted_lines; /* of them inside quotes, of the record at `start` so far */
};

void split_init(struct split *s, char separator, size_t max_field, size_t max_record);
void split_deinit(struct split *s);
void split_restart(struct split *s); /* a new buffer; keeps the memory */

/* Goes on from where it stood, the buffer now having `size` bytes; with `last` nothing follows.
 * False when memory is short. */
bool split_run(struct split *s, const char *bytes, size_t size, bool last);

/* Why a quoted cell is broken. */
enum quoted { QUOTED_WHOLE, QUOTED_OPEN, QUOTED_LONG, QUOTED_TEXT_BEHIND, QUOTED_UNDECIDED };

/* The closing quote of the cell that opens at `open`, in *close (QUOTED_TEXT_BEHIND: the quote
 * that would have closed). `end` is where the bytes, or the record, end. */
enum quoted split_quoted(const char *open, const char *end, bool last, char separator,
                         size_t max_field, const char **close);

#endif
