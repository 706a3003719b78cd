/* api: the public interface over the stages: handles, the batch, the packs' own tests.
 *
 * Takes what include/entente/entente.h says; gives the same. Its handles are the stages' structures
 * under other names, so nothing is copied on the way in. Threads: the batch alone makes any. */
#ifndef ENTENTE_API_H
#define ENTENTE_API_H

#include "report/report.h"
#include <entente/entente.h>

static inline const struct kb *kb_inside(const struct entente_kb *kb)
{
    return (const struct kb *)kb;
}

static inline struct problems *problems_inside(struct entente_problems *ps)
{
    return (struct problems *)ps;
}

static inline struct entente_text text_outside(struct text t)
{
    return (struct entente_text){t.at, t.size};
}

/* Hands a buffer to the caller's write; false where memory was short (a problem) or write said so. */
bool write_out(struct buffer *b, entente_write write, void *ctx, struct problems *problems);

/* A block of one case, inferred, and everything that was said of it. */
struct inference {
    const struct kb *kb;
    struct arena arena;
    struct cases *cases; /* not owned */
    struct program *program;
    struct infer *infer;
    struct tile tile;
    struct case_view view;
};

/* NULL and a problem when memory is short. cases holds one case and must outlive it. */
struct inference *inference_new(const struct kb *kb, const struct put *put, struct cases *cases,
                                struct problems *problems);
void inference_free(struct inference *i);

void summary_fill(struct entente_summary *s, const struct kb *kb, const struct survey *survey,
                  const struct program *program, const struct survey_counts *counts, uint64_t cases,
                  struct infer_counts patterns);

#endif
