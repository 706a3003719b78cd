/* rejects: rejected rows as CSV lines: file,line,byte,column,value,reason.
 *
 * Safe to print and to open in a spreadsheet: control characters written out, at most LIMIT_QUOTED
 * bytes of the value, what looks like a formula has a ' in front. */
#ifndef ENTENTE_REJECTS_H
#define ENTENTE_REJECTS_H

#include "survey/batch.h"

/* The value, or what stands for one that may not leave. */
struct text reject_value(const struct columns *c, const struct table *t, const struct fault *f);

/* Appends the line; byte 0: it is not known. A failed growth is in out->failed. */
void reject_write(struct buffer *out, const struct columns *c, const struct table *t,
                  const struct fault *f, uint64_t line, uint64_t byte, size_t max_field);

#endif
