/* number: decimals in and out, the same under every locale. */
#ifndef ENTENTE_NUMBER_H
#define ENTENTE_NUMBER_H

#include "base/text.h"

enum number_fault {
    NUMBER_OK,
    NUMBER_EMPTY,
    NUMBER_COMMA,         /* 0,7 */
    NUMBER_LEADING_ZERO,  /* 010 */
    NUMBER_EXPONENT,      /* 1e3 */
    NUMBER_SPECIAL,       /* nan, inf, .inf */
    NUMBER_HEX,           /* 0x10 */
    NUMBER_NEGATIVE_ZERO, /* -0 */
    NUMBER_TOO_LONG,      /* over 15 digits: would not be exact */
    NUMBER_NOT_DECIMAL,   /* anything else */
    NUMBER_FAULT_COUNT
};

/* -?digits(.digits)?, at most 15 significant digits, correctly rounded (integer and power of ten
 * are both exact doubles, so one division rounds once: Clinger 1990, the fast path).
 * *out is written only on NUMBER_OK. */
enum number_fault number_parse(struct text t, double *out);
/* What the decimal sign is said to be. */
enum number_sign { NUMBER_SIGN_ANY, NUMBER_SIGN_POINT, NUMBER_SIGN_COMMA };

/* A number as people write it in the form number_parse reads: 3,5 and 1 234,5 and 1.234,5 (and
 * their narrow and no-break spaces). Its size; 0: it is none, or could be two (1,234, unless the
 * sign is declared). */
size_t number_plain(struct text t, enum number_sign declared, char out[40]);

/* What stands there and what to write instead: "a comma; the decimal sign is a point". */
const char *number_fault_text(enum number_fault f);

/* Writes x with `decimals` (0..9) places, round half up: floor(x * 10^d + 0.5). Never "-0.00".
 * Where the product passes 2^52, the whole part is split off first. Outside |x| < 1e15, and for
 * NaN, "?". Returns the length; room for 32 bytes. */
size_t number_fixed(char *out, double x, int decimals);
/* number_fixed(x, 9) without the zeros at its end: for messages. */
size_t number_short(char *out, double x);
size_t number_unsigned(char *out, uint64_t n);

#endif
