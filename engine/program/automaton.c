/* In: the tables of an automaton, texts. Out: bits in planes where patterns are found. Next:
 * infer/match.c, through scanner.c.
 * The one idea: from a character to the next only one look-up waits for another, and nothing is
 * decided; several texts are read at once, so that while one look-up waits those of the others do
 * too. States that have marks are noted down, and looked at afterwards. */
#include "program/automaton.h"
#include "program/program.h"

enum { LANES = 4, STRETCH = 254 }; /* characters of a text between two looks at its notes */

/* A text that is being read. */
struct lane {
    struct text left; /* what is not in classes yet */
    uint32_t row;
    uint8_t classes[STRETCH]; /* of the characters that come next */
    uint32_t at, count;       /* of them */
    uint32_t state, note_count;
    uint32_t notes[STRETCH + 2];
};

struct scanning {
    const struct automaton *a;
    const struct scan_text *next, *end; /* texts nobody reads yet */
    uint64_t *planes;
    size_t words;
};

/* In any case written, and kept where it has marks. */
static inline void note(const struct automaton *a, struct lane *l)
{
    l->notes[l->note_count] = l->state;
    l->note_count += l->state >= a->first_marked;
}

static void mark(const struct scanning *s, struct lane *l)
{
    const struct automaton *a = s->a;
    uint64_t *planes = s->planes + l->row / 64, bit = UINT64_C(1) << (l->row % 64);
    for (uint32_t n = 0; n < l->note_count; n++) {
        const uint32_t *list = a->marks + a->next[l->notes[n] + a->classes + 1];
        for (uint32_t k = 1; k <= list[0]; k++)
            planes[list[k] * s->words] |= bit;
    }
    l->note_count = 0;
}

static void classify(const struct automaton *a, struct lane *l)
{
    const struct text t = l->left;
    size_t i = 0;
    uint32_t n = 0;
    while (i < t.size && n < STRETCH) {
        uint32_t c = (unsigned char)t.at[i];
        if (c < 0x80)
            i++;
        else {
            i += utf8_next((struct text){t.at + i, t.size - i}, &c);
            c = position_of(c);
        }
        l->classes[n++] = a->class_of[c];
    }
    l->left = (struct text){t.at + i, t.size - i};
    l->at = 0;
    l->count = n;
}

static bool begin(struct scanning *s, struct lane *l)
{
    if (s->next == s->end)
        return false;
    l->left = s->next->text;
    l->row = s->next++->row;
    l->state = s->a->start;
    note(s->a, l);
    classify(s->a, l);
    return true;
}

/* Characters to read: of the lane's text, or of the next one that has some. */
static bool refill(struct scanning *s, struct lane *l)
{
    while (l->at == l->count) {
        if (l->left.size > 0) {
            mark(s, l);
            classify(s->a, l);
            continue;
        }
        l->state = s->a->next[l->state + s->a->classes];
        note(s->a, l);
        mark(s, l);
        if (!begin(s, l))
            return false;
    }
    return true;
}

/* As many characters of each lane. */
static inline void read_on(const struct automaton *a, struct lane **lanes, uint32_t width,
                           uint32_t characters)
{
    const uint32_t *const next = a->next, first = a->first_marked;
    const uint8_t *classes[LANES];
    uint32_t state[LANES], *notes[LANES];
    for (uint32_t k = 0; k < width; k++) {
        classes[k] = lanes[k]->classes + lanes[k]->at;
        state[k] = lanes[k]->state;
        notes[k] = lanes[k]->notes + lanes[k]->note_count;
    }
    for (uint32_t i = 0; i < characters; i++)
        for (uint32_t k = 0; k < width; k++) {
            state[k] = next[state[k] + classes[k][i]];
            *notes[k] = state[k];
            notes[k] += state[k] >= first;
        }
    for (uint32_t k = 0; k < width; k++) {
        lanes[k]->at += characters;
        lanes[k]->state = state[k];
        lanes[k]->note_count = (uint32_t)(notes[k] - lanes[k]->notes);
    }
}

void automaton_scan(const struct automaton *a, const struct scan_text *texts, uint32_t count,
                    uint64_t *planes, size_t words)
{
    struct scanning s = {a, texts, texts + count, planes, words};
    struct lane room[LANES], *lanes[LANES];
    uint32_t width = 0;
    for (struct lane *l = room; l < room + LANES; l++) {
        l->note_count = 0;
        if (begin(&s, l) && refill(&s, l))
            lanes[width++] = l;
    }
    while (width > 0) {
        uint32_t most = STRETCH;
        for (uint32_t k = 0; k < width; k++) {
            uint32_t left = lanes[k]->count - lanes[k]->at;
            most = left < most ? left : most;
        }
        if (width == LANES)
            read_on(a, lanes, LANES, most);
        else
            read_on(a, lanes, width, most);
        for (uint32_t k = width; k-- > 0;)
            if (!refill(&s, lanes[k]))
                lanes[k] = lanes[--width];
    }
}
