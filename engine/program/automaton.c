/* In: the tables of an automaton, texts. Out: bits in planes where patterns are found. Next:
 * infer/match.c, through scanner.c.
 * The one idea: from a character to the next only one look-up waits for another, and nothing is
 * decided; states that have marks are noted down, and looked at afterwards. */
#include "program/automaton.h"
#include "program/program.h"

static void mark(const struct automaton *a, const uint32_t *reached, uint32_t count,
                 uint64_t *planes, size_t words, uint64_t bit)
{
    for (uint32_t r = 0; r < count; r++) {
        const uint32_t *list = a->marks + a->next[reached[r] + a->classes + 1];
        for (uint32_t k = 1; k <= list[0]; k++)
            planes[list[k] * words] |= bit;
    }
}

/* In any case written, and kept where it has marks. */
static inline uint32_t note(uint32_t *reached, uint32_t count, uint32_t state, uint32_t first)
{
    reached[count] = state;
    return count + (state >= first);
}

void automaton_scan(const struct automaton *a, struct text t, uint64_t *planes, size_t words,
                    uint32_t row)
{
    enum { STRETCH = 254 }; /* bytes between two looks at the notes */
    const uint32_t *const next = a->next, first = a->first_marked;
    const uint64_t bit = UINT64_C(1) << (row % 64);
    uint32_t reached[STRETCH + 2], state = a->start;
    uint32_t count = note(reached, 0, state, first);
    planes += row / 64;
    for (size_t i = 0; i < t.size;) {
        const size_t end = t.size - i > STRETCH ? i + STRETCH : t.size;
        while (i < end) {
            uint32_t c = (unsigned char)t.at[i];
            if (c < 0x80)
                i++;
            else {
                i += utf8_next((struct text){t.at + i, t.size - i}, &c);
                c = position_of(c);
            }
            state = next[state + a->class_of[c]];
            count = note(reached, count, state, first);
        }
        mark(a, reached, count, planes, words, bit);
        count = 0;
    }
    count = note(reached, count, next[state + a->classes], first);
    mark(a, reached, count, planes, words, bit);
}
