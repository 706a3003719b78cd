/* text: a view of bytes, pointer and length, never assumed to end in NUL. Views do not own. */
#ifndef ENTENTE_TEXT_H
#define ENTENTE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *at;
    size_t size;
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

struct text text_from_c(const char *c); /* NULL gives the empty text */
bool text_equal(struct text a, struct text b);
bool text_is(struct text a, const char *c);
int text_compare(struct text a, struct text b); /* by bytes, a prefix first: <0, 0, >0 */
bool text_starts(struct text a, const char *prefix);
bool text_ends(struct text a, const char *suffix);
struct text text_trim(struct text a); /* without spaces and tabs at both ends */

/* An id of the language: [a-z][a-z0-9_]*, at most LIMIT_ID bytes. */
bool text_is_id(struct text a);

#endif
