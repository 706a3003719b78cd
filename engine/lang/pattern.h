/* pattern: regular expressions, checked and compiled once. Private to lang (pattern_set_init is in
 * lang.h). */
#ifndef ENTENTE_LANG_PATTERN_H
#define ENTENTE_LANG_PATTERN_H

#include "lang/parser.h"

/* Fills s->compiled of a SYNTAX_PATTERN from the set, or reports. */
void pattern_compile(struct context *c, struct syntax *s);

/* t in normalisation form C, in the arena. t must be valid UTF-8. */
struct text pattern_fold(struct arena *a, struct text t);

#endif
