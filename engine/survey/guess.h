/* guess: which column of an export may answer which question; private to the survey. */
#ifndef ENTENTE_GUESS_H
#define ENTENTE_GUESS_H

#include "survey/sample.h"

/* Of 100. */
enum {
    CERTAIN = 80, /* nobody is asked */
    SURE = 60,    /* a line of the mapping */
    MAYBE = 30,   /* a comment */
    OFFERED = 20  /* to who is asked */
};

struct guess {
    uint32_t question; /* NONE */
    unsigned sure;
    const char *why;
};

struct guesses {
    struct arena *arena;
    const struct kb *kb;
    const struct table *table; /* mapping_loosen has been there */
    struct guess *of;          /* a column each */
    bool *is_key;              /* a column each: it is for something else */
    struct text *loose_questions; /* at NULL: the question is placed already */
    uint8_t *sure; /* [column][question]; NULL where there are too many */
    survey_ask *ask; /* or NULL */
    void *ctx;
};

/* All inside arena_run. */
struct guesses guesses_new(struct arena *a, const struct kb *kb, const struct table *t);
void guesses_pair(struct guesses *g);
/* Has those that are in doubt decided. */
void guesses_ask(struct guesses *g, const struct sample *sample);

#endif
