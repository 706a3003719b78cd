/* tree: what a YAML file says and where, before anything is known about its keys.
 *
 *     mapping   child = key, value, key, value, ...     count = pairs
 *     list      child = entries                         count = entries
 *     scalar    value; style says how it was written
 *
 * Nodes are in the arena given; values are views into the bytes where they stand there as they
 * are, else copies. What no file of ours may hold is refused here: anchors, aliases, tags, second
 * documents, duplicate keys, keys that are no scalars, nesting over LIMIT_YAML_DEPTH. */
#ifndef ENTENTE_TREE_H
#define ENTENTE_TREE_H

#include "base/base.h"

enum tree_kind { TREE_SCALAR, TREE_MAPPING, TREE_LIST };
enum tree_style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_LITERAL, STYLE_FOLDED };

struct tree {
    union {
        struct text value; /* scalars */
        struct {           /* mappings and lists */
            struct tree *child;
            uint32_t line, column; /* of its start, from 1 */
        };
    };
    struct tree *next;
    uint32_t start, end; /* bytes of the source */
    uint32_t count;
    uint8_t kind, style;
};

/* NULL and problems where it is not YAML as we take it. `bytes` are those of the source, and must
 * outlive the tree. `what` names the thing in messages: "'rules.yaml'", "the answer sheet". Inside
 * arena_run. */
struct tree *tree_new(struct arena *a, source_id source, struct text bytes, const char *what,
                      struct problems *problems);

/* For mappings: the value of a key, or NULL. */
struct tree *tree_get(const struct tree *mapping, const char *key);
struct span tree_span(source_id source, const struct tree *t);

/* The value of a scalar with its place: what a cell or a condition is made of. Where the value
 * stands in the bytes as it is, span is the value alone (quotes left out) and origin NULL; else
 * origin is computed if `with_origin`, in the arena. */
struct scalar tree_scalar(struct arena *a, source_id source, struct text bytes,
                          const struct tree *t, bool with_origin);

/* Private to pack: false and a problem where the bytes are no text that YAML may hold (NUL, UTF-16,
 * bad UTF-8, control characters). Gives the offset behind a byte order mark. */
bool bytes_check(source_id source, struct text bytes, size_t *start, struct problems *problems);

#endif
