/* context: what the passes over one condition share, and how they report. Private to lang.
 *
 * Nodes of the result come from `arena`; tokens, the syntax tree and other things that are not
 * needed afterwards from `scratch`. Positions are byte offsets in the scalar's value. */
#ifndef ENTENTE_LANG_CONTEXT_H
#define ENTENTE_LANG_CONTEXT_H

#include "lang/lang.h"

struct context {
    struct arena *arena, *scratch;
    struct scalar scalar;
    const struct names *names;
    struct pattern_set *patterns;
    struct problems *problems;
    bool failed; /* an error was reported */
};

/* problem_add with a span of the value; remembers that it failed. */
void context_error(struct context *c, enum problem_code code, size_t start, size_t end,
                   const char *a, const char *b, const char *d);
void context_warning(struct context *c, enum problem_code code, size_t start, size_t end,
                     const char *a, const char *b, const char *d);
struct text context_slice(const struct context *c, size_t start, size_t end);
const char *context_quote(const struct context *c, size_t start, size_t end); /* problem_quote */

/* Written in help texts without quotes: cut like a quoted text, visible. */
const char *context_plain(const struct context *c, struct text t);

/* "U+200B", owned by the problem list. */
const char *context_code_point(const struct context *c, uint32_t code_point);

/* Once this many are kept, the list keeps no more and "did you mean" would be work for nothing. */
bool context_is_full(const struct context *c);

#endif
