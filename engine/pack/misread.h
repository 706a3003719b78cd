/* misread: what libyaml could not read, in words for people who do not know YAML. Private. */
#ifndef ENTENTE_MISREAD_H
#define ENTENTE_MISREAD_H

#include "pack/tree.h"

struct misread {
    source_id source;
    struct text bytes;
    const char *problem; /* libyaml's words */
    size_t at;
    const char *context; /* or NULL */
    size_t context_at;
    const struct tree *last; /* the scalar read last, or NULL */
};

void misread_report(const struct misread *error, struct problems *problems);

/* Behind an unquoted scalar, on its last line: where a comment starts, and its end. */
bool comment_behind(struct text bytes, size_t end, size_t *start, size_t *stop);

#endif
