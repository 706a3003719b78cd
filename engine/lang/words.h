/* words: the words of the language, from the one list in words.def, and what to propose for a word
 * that is not one. Private to lang. */
#ifndef ENTENTE_LANG_WORDS_H
#define ENTENTE_LANG_WORDS_H

#include "lang/context.h"

enum word_class { WORD_OPERATOR, WORD_FUNCTION, WORD_FACT, WORD_CHOICE };

enum argument {
    ARGUMENT_NONE,
    ARGUMENT_ANSWERS,
    ARGUMENT_MEASURE,
    ARGUMENT_VARIED,
    ARGUMENT_CONCLUSION,
    ARGUMENT_RESPONDENT,
    ARGUMENT_PARTNER,
    ARGUMENT_GRADED
};

enum word_id {
#define WORD(name, spelling, class, node, argument) WORD_IS_##name,
#include "lang/words.def"
#undef WORD
    WORD_COUNT
};

struct word {
    const char *spelling;
    uint8_t size; /* of the spelling */
    enum word_class class;
    enum node_kind node;
    enum argument argument;
};

const struct word *word_find(struct text t);          /* NULL where it is no word of the language */
const struct word *word_find_any_case(struct text t); /* AND is `and` */

/* The word of the language that people mean who write `ou`, `et`, `equals`; NULL for others. */
const char *word_translated(struct text t);

/* What stands in the place of a word that is not known. */
enum word_place { PLACE_NAME, PLACE_FUNCTION, PLACE_QUESTION, PLACE_CONCLUSION };

/* Adds "did you mean" with the nearest as help of the problem added last, where there is one. */
bool word_propose(struct context *c, struct text t, enum word_place place);

#endif
