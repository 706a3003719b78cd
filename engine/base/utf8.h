/* utf8: validity, and the one form in which texts are compared (utf8proc does the work). */
#ifndef ENTENTE_UTF8_H
#define ENTENTE_UTF8_H

#include "base/buffer.h"
#include "base/text.h"

/* The offset of the first byte that is not UTF-8 (overlong forms, surrogates and values over
 * U+10FFFF included), or t.size. Fast on ASCII. */
size_t utf8_valid(struct text t);
bool utf8_is_ascii(struct text t);
/* In normalisation form C for certain, t being valid: French and English nearly always are. */
bool utf8_is_composed(struct text t);
/* Appends t in normalisation form C; t must be valid. False when memory is short. */
bool utf8_fold(struct text t, struct buffer *out);
/* Appends t as it compares loosely: without capitals, accents, kinds of apostrophes, dashes and
 * spaces; t must be valid. False when memory is short. */
bool utf8_loose(struct text t, struct buffer *out);
/* Decodes one code point at t.at (t.size > 0, valid); returns its size in bytes. */
size_t utf8_next(struct text t, uint32_t *code_point);
size_t utf8_width(struct text t); /* terminal columns */

#endif
