/* scanner: all patterns of one text question at once, where the batch is long. PCRE2 says what a
 * pattern means; an automaton only finds faster, and what it does not take is left to PCRE2. */
#ifndef ENTENTE_SCANNER_H
#define ENTENTE_SCANNER_H

#include "program/code.h"

struct automaton;

struct scanner {
    uint32_t question;
    uint32_t *slot_of; /* by pattern index: place among `count`, or NONE */
    bool *decides;     /* by pattern index: nearly always; PCRE2 is seldom asked */
    uint32_t count;
    struct automaton **automata; /* mostly one */
    uint32_t automaton_count;
};

/* NULL where there is nothing for it to do. In the program's arena, inside arena_run. */
struct scanner *scanner_of(struct program *p, uint32_t question);

/* planes: [slot][2][words], a bit a row: the pattern is found in t; PCRE2 must say whether it is,
 * if it is not found. t is valid UTF-8. */
void scanner_scan(const struct scanner *s, struct text t, uint64_t *planes, size_t words,
                  uint32_t row);

#endif
