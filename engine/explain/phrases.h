/* phrases: what the engine itself says to people in reports and proofs, in each language. The texts
 * of packs are elsewhere (text.<lang>.yaml); what the interview says, in cli/say.def. */
#ifndef ENTENTE_PHRASES_H
#define ENTENTE_PHRASES_H

#include "base/base.h"

enum phrase {
#define PHRASE(name, english, french) PHRASE_##name,
#include "explain/phrases.def"
#undef PHRASE
    PHRASE_COUNT
};

enum tongue { TONGUE_ENGLISH, TONGUE_FRENCH, TONGUE_COUNT };

enum tongue tongue_find(struct text language); /* "fr", "fr-CA": French; else English */
struct text phrase_text(enum tongue t, enum phrase p);
/* Appends p with {0} and {1} replaced by a and b, which are safe to write already. */
void phrase_put(struct buffer *out, enum tongue t, enum phrase p, struct text a, struct text b);
/* one where n counts as singular (French: 0 too), else many; {0} is n. */
void phrase_counted(struct buffer *out, enum tongue t, enum phrase one, enum phrase many,
                    uint64_t n);

/* A number as the language writes it, in the room of `out`. */
struct text phrase_number(enum tongue t, char out[32], double x, int decimals);

/* A text of people: line ends and tabs become one space, the rest as buffer_visible. */
void buffer_flowing(struct buffer *out, struct text t);

#endif
