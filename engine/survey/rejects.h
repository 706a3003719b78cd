/* rejects: rejected rows as CSV lines: file,line,column,value,reason.
 *
 * Safe to print and to open in a spreadsheet: control characters written out, at most LIMIT_QUOTED
 * bytes of the value, what looks like a formula has a ' in front. */
#ifndef ENTENTE_REJECTS_H
#define ENTENTE_REJECTS_H

#include "survey/batch.h"

/* Appends the line; a failed growth is in out->failed. */
void reject_write(struct buffer *out, const struct columns *c, const struct table *t,
                  const struct fault *f, uint64_t line, size_t max_field);

/* What may be said to a question, as a sentence: "write a whole number from 1 to 5, ..." */
void reject_allowed(struct buffer *out, const struct question *q);
/* In front of that: why a text is no number, where one is asked for and there is more to say. */
void reject_number_fault(struct buffer *out, const struct question *q, struct text value);

#endif
