/* kb_build: a knowledge base while it is made. Private to kb. */
#ifndef ENTENTE_KB_BUILD_H
#define ENTENTE_KB_BUILD_H

#include "kb/kb.h"

struct kb_build {
    struct kb *kb;
    struct model *model;
    struct arena *arena; /* the kb's */
    struct problems *problems;
    struct idmap scales, dimensions;
    const struct node **needs; /* by pack: its default `needs`, compiled */
    bool *needs_known;         /* by pack */
    struct text *files;        /* by source_id: its name */
    size_t file_count;
    uint32_t *treated_by; /* by conclusion: the last remedy that treats it, + 1 */
    unsigned suggestions;
    size_t errors; /* in the list before this load */
};

bool kb_has_failed(const struct kb_build *b);

/* In this order; each adds problems, and goes on where it can. */
void kb_add_dimensions(struct kb_build *b);
void kb_add_questions(struct kb_build *b);
void kb_add_conclusions(struct kb_build *b);
void kb_compile_questions(struct kb_build *b);
void kb_compile_conclusions(struct kb_build *b);
void kb_add_rules(struct kb_build *b);
void kb_add_remedies(struct kb_build *b);
void kb_find_layers(struct kb_build *b);     /* needs rules; problems for cycles */
void kb_order_questions(struct kb_build *b); /* likewise for ask_if */

/* Removes from the model what is disabled and what rests on it, with a note for each thing
 * disabled. Needs a kb built with everything in it. False where nothing is disabled. */
bool kb_prune(struct kb_build *b);
/* Warns of what loads but cannot be meant. */
void kb_warn(struct kb_build *b);

struct place kb_place(struct kb_build *b, const struct item *item);
/* Normal form of a condition, or NULL and problems; NULL and none where it is not given.
 * `written`, unless NULL, gets it as written. */
const struct node *kb_condition(struct kb_build *b, const struct cell *c, enum scope scope,
                                const struct node **written);
/* The index of a conclusion that must exist; NONE and a problem where it does not. */
uint32_t kb_named_conclusion(struct kb_build *b, const struct cell *id, const char *key);
/* False and a problem where a number that is given is not within [lo, hi] (or whole). */
bool kb_in_range(struct kb_build *b, const struct cell *c, const char *key, double lo, double hi,
                 bool whole);
struct text *kb_texts(struct kb_build *b, const struct cells *cells);
/* Whether the id of an item may stand in conditions. */
void kb_check_id(struct kb_build *b, const struct cell *id, const char *kind);

#endif
