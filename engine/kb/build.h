/* build: what the parts of kb share while a knowledge base is made. Private to kb. */
#ifndef ENTENTE_BUILD_H
#define ENTENTE_BUILD_H

#include "kb/kb.h"

struct build {
    struct kb *kb;
    struct model *model;
    const struct kb_options *options;
    struct problems *problems;
    struct idmap disabled; /* ids that a pack disables */
    struct idmap rules, remedies, scales, dimensions;
    /* by index in kb, where each came from */
    struct pack_question **questions;
    struct pack_conclusion **conclusions;
    struct pack_rule **rules_by_id;
    struct pack_remedy **remedies_of;
    source_id place_source; /* of the last place, and its name */
    struct text place_file;
};

#define IS_CONCLUSION 0x80000000u /* in kb.ids */

void build_questions(struct build *b);
void build_conclusions(struct build *b);
void build_rules(struct build *b);
void build_conditions(struct build *b); /* ask_if, needs, severities */
void build_remedies(struct build *b);
void build_texts(struct build *b);
void build_layers(struct build *b);
void build_question_order(struct build *b);
void names_init(struct kb *kb);

/* A condition, in normal form; NULL where not given, or not right (with problems). */
const struct node *build_condition(struct build *b, const struct cell *c, enum scope scope,
                                   const struct node **written);
/* Whether a condition names something that is disabled: *which is that id. */
bool rests_on_disabled(const struct build *b, const struct cell *c, struct text *which);

#endif
