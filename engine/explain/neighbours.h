/* neighbours: private to explain. A case with some answers changed, many times over in one block.
 *
 *     case of a view + changes ──▶ block of neighbours ──infer──▶ certainties, verdicts of each
 *
 * A change is what all respondents of a partner would answer to a question. */
#ifndef ENTENTE_NEIGHBOURS_H
#define ENTENTE_NEIGHBOURS_H

#include "explain/explain.h"

struct neighbours {
    const struct case_view *v;
    const struct cases *base; /* of the view's tile */
    uint32_t base_case;
    struct program *program;
    struct infer *infer;
    struct cases *block; /* copies of the case, each with its changes: laid once, used again */
    uint32_t laid, used;
    bool laid_open;
    struct touched {
        uint32_t neighbour, question, partner;
    } * touched; /* what is to be put back */
    size_t touched_count, touched_capacity;
    struct problems *problems;
};

/* Over conclusions `wanted` with all they read, NULL: all of them, severities and remedies too.
 * False: memory, said. */
bool neighbours_init(struct neighbours *n, const struct case_view *v, const bool *wanted,
                     struct problems *problems);
void neighbours_deinit(struct neighbours *n);
void neighbours_clear(struct neighbours *n);
/* One more case, BLOCK_CASES at most, all of a block with the same `open`: instead of what they say
 * the changes are answers to come, so bounds are over all values they may have. */
bool neighbours_add(struct neighbours *n, const struct change *changes, size_t count, bool open);
/* each(ctx, index, infer, tile, case of the tile) */
bool neighbours_run(struct neighbours *n,
                    void (*each)(void *ctx, uint32_t index, const struct infer *in,
                                 const struct tile *t, uint32_t tile_case),
                    void *ctx);

/* How far a conclusion stands above its threshold, over the partners it is present for; with
 * `surely` by the lower ends. 0: it is absent everywhere (surely: not surely present). */
double neighbour_above(const struct case_view *v, const struct infer *in, const struct tile *t,
                       uint32_t tile_case, uint32_t conclusion, bool surely);

/* --- changes.c ----------------------------------------------------------------------------------
 */

/* wanted, closed under what rules and needs read. In arena_run. */
bool *conclusions_read(struct arena *a, const struct kb *kb, uint32_t conclusion);

/* Answers that can be acted on: about a partner, with choices or a scale, and given. In the order
 * of the questions; of those that `wanted` conclusions read. */
size_t actionable(struct arena *a, const struct case_view *v, const bool *wanted,
                  struct change **out);
/* The i-th other value of what a change is about; false behind the last. */
bool other_value(const struct case_view *v, const struct change *c, uint32_t i, struct answer *out);
uint32_t distance_of(const struct case_view *v, const struct change *c); /* steps from what is */

/* "buyer: on_time 2 → 4" and so on, for people; and as JSON. */
void put_changes(const struct case_view *v, enum tongue t, const struct change *changes,
                 size_t count, struct buffer *out);
void put_changes_json(const struct case_view *v, const struct change *changes, size_t count,
                      struct buffer *out);

/* searching.c: changes that clear a conclusion, each of them needed; *size 0: none were found. With
 * `surely` it is enough that it is not surely present any more. `list` is what may be changed,
 * `wanted` what the conclusion reads. In arena_run. False: memory. */
enum { SEARCH_UP_TO = 24 };
bool clear_by_search(struct arena *a, struct neighbours *n, uint32_t conclusion, const bool *wanted,
                     bool surely, const struct change *list, size_t count,
                     struct change set[SEARCH_UP_TO], uint32_t *size);

/* What changes do to everything else: a line each, or members of a JSON object. */
bool put_consequences(const struct case_view *v, enum tongue t, const struct change *changes,
                      size_t count, uint32_t besides, unsigned indent, bool json,
                      struct buffer *out, struct problems *problems);

#endif
