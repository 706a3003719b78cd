/* charset: which characters one item of a pattern (`é`, `[^a-z]`, `\w`) stands for: PCRE2 is asked.
 *
 *     position   0 .. 0x7FF       U+0000 .. U+07FF    Latin, Greek, Cyrillic, Hebrew, Arabic
 *                0x800 .. 0x13FF  U+2000 .. U+2BFF    punctuation, currencies, symbols
 *                BEYOND           every other character
 *
 * What an item says of the characters beyond is no, yes, or not asked: then a text that has one
 * where the item stands is left to PCRE2. */
#ifndef ENTENTE_CHARSET_H
#define ENTENTE_CHARSET_H

#include "program/code.h"

enum {
    LOW_END = 0x800,
    HIGH_FROM = 0x2000,
    HIGH_END = 0x2C00,
    BEYOND = LOW_END + HIGH_END - HIGH_FROM,
    POSITIONS
};

static inline uint32_t position_of(uint32_t code_point)
{
    if (code_point < LOW_END)
        return code_point;
    return code_point - HIGH_FROM < HIGH_END - HIGH_FROM ? code_point - HIGH_FROM + LOW_END
                                                         : (uint32_t)BEYOND;
}

/* In this order: of two that must both hold, the lesser one counts. */
enum holds { HOLDS_NO, HOLDS_UNSURE, HOLDS_YES };

struct charset {
    uint16_t (*runs)[2]; /* positions from, to (exclusive), ascending */
    uint32_t run_count;
    uint32_t size; /* positions in all */
    enum holds beyond;
};

/* Equal items are asked about once. CHARSET_WORD is `\w`, CHARSET_NEWLINE the line feed. */
enum { CHARSET_WORD, CHARSET_NEWLINE, CHARSETS_FIXED };

struct charsets {
    struct arena *arena;
    struct charset *sets;
    size_t count, capacity;
    struct idmap by_item;
    struct text probe; /* the characters of all positions, in order */
};

/* In an arena, inside arena_run; so are the others. */
void charsets_init(struct charsets *c, struct arena *a);
/* An index of `sets`, or NONE where PCRE2 does not take the item alone. `beyond` is the caller's to
 * know. */
uint32_t charset_of(struct charsets *c, struct text item, bool ignore_case, enum holds beyond);
uint32_t charset_of_character(struct charsets *c, uint32_t code_point, bool ignore_case);
uint32_t charset_of_any(struct charsets *c, bool newline_too); /* `.` */

#endif
