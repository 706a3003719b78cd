/* scanner: all patterns of one text question at once, where the batch is long. PCRE2 says what a
 * pattern means; an automaton only finds faster, and what it does not take is left to PCRE2. */
#ifndef ENTENTE_SCANNER_H
#define ENTENTE_SCANNER_H

#include "program/code.h"

struct automaton;

struct scan_slot {
    const struct pattern *pattern;
    bool scanned; /* an automaton looks for it */
    bool decides; /* and nearly always finds out by itself; PCRE2 is seldom asked */
};

struct scanner {
    uint32_t question;
    struct scan_slot *slots; /* ascending by pattern index */
    uint32_t count;
    struct automaton **automata; /* mostly one */
    uint32_t automaton_count;
};

/* Fills p->scanners, which is there and NULL: it stays so where there is nothing for one to do. In
 * the program's arena, inside arena_run. What they cost together is bounded, whatever the pack. */
void scanners_make(struct program *p);

/* NULL where no automaton looks for it. */
const struct scan_slot *scanner_find(const struct scanner *s, const struct pattern *pattern);

/* Valid UTF-8, and whose it is. */
struct scan_text {
    struct text text;
    uint32_t row;
};

/* planes: [slot][2][words], a bit a row: the pattern is found in its text; PCRE2 must say whether
 * it is, if it is not found. Several texts at once are the faster. */
void scanner_scan(const struct scanner *s, const struct scan_text *texts, uint32_t count,
                  uint64_t *planes, size_t words);

#endif
