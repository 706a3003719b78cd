/* api: the public interface over the stages: handles, the batch, the packs' own tests.
 *
 *     entente_kb ─┬─▶ entente_case ──▶ inference (a block of one) ──▶ entente_result
 *                 ├─▶ tests.yaml ────▶ inference ──▶ expected against actual
 *                 └─▶ batch: survey ─▶ infer ─▶ report, in threads
 *
 * Takes what include/entente/entente.h says; gives the same. Its handles are the stages' structures
 * under other names, so nothing is copied on the way in. Threads: the batch alone makes any. */
#ifndef ENTENTE_API_H
#define ENTENTE_API_H

#include "interview/interview.h"
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

/* Adds NO_MEMORY; false. */
bool api_no_memory(struct problems *problems);
/* Hands a buffer to the caller's write; false: memory is short (a problem), or write says so. */
bool api_write(const struct buffer *b, entente_write write, void *ctx, struct problems *problems);
struct survey_options api_survey_options(const struct entente_input *in);
/* The conclusion called id, or NONE and a problem with the one that may be meant. */
uint32_t api_find_conclusion(const struct kb *kb, struct text id, enum problem_code code,
                             struct span at, struct problems *problems);

/* A block of one case, inferred, and everything that was said of it. */
struct inference {
    const struct kb *kb;
    struct arena arena;
    struct cases *cases; /* not owned */
    struct program *program;
    struct infer *infer;
    struct tile tile;
    struct case_view view; /* findings included */
};

/* NULL and a problem when memory is short. cases holds one case and must outlive it. */
struct inference *inference_new(const struct kb *kb, const struct put *put, struct cases *cases,
                                struct problems *problems);
void inference_free(struct inference *i);
/* What was said of a conclusion that is present or undetermined, else NULL. */
const struct finding *inference_finding(const struct inference *i, uint32_t conclusion);
/* The number of a partner in the case, or NONE. */
uint32_t inference_partner(const struct inference *i, struct text name);

/* What result.c makes and explaining.c reads. */
struct entente_result {
    const struct kb *kb;
    struct arena arena; /* names and texts of the block */
    struct cases *cases;
    struct inference *inference;
    uint32_t *order; /* [conclusion_count]: present, undetermined, absent, not assessed */
};

/* What case.c keeps and result.c reads. */
struct entente_case {
    const struct kb *kb;
    struct arena arena;
    struct text name;
    struct sheet_case sheet;
    bool open;
};

/* A case with nothing in it. */
struct entente_case *api_case_new(const struct kb *kb, struct text name, enum pack_form form,
                                  struct problems *problems);

/* What asking.c keeps of an interview. */
struct entente_interview {
    struct interview *iv;
    const struct kb *kb;
    struct arena texts; /* of the question shown */
    struct cell_at now;
    struct reasons reasons;
    struct entente_standing *known; /* in texts, as open is */
    size_t known_count;
    uint32_t *open, open_count; /* questions, of the standing asked for last */
};

/* Takes inner; NULL where that is, or where memory is short. */
struct entente_interview *api_interview(const struct kb *kb, struct interview *inner,
                                        struct problems *problems);

/* asking_api.c: an answer as in an export, or for people; in the arena. */
struct entente_text api_answer(struct arena *a, const struct question *q,
                               const struct answer *answer);
struct entente_text api_answer_words(struct arena *a, const struct question *q,
                                     const struct answer *answer);

/* tests.yaml: every id and every answer. False and problems. */
bool pack_tests_check(const struct kb *kb, struct problems *problems);

/* pack_coverage.c: what tests reach; c NULL notes nothing. */
void coverage_note(struct entente_coverage *c, const struct case_view *v); /* the rules of a case */
void coverage_note_expected(struct entente_coverage *c, uint32_t conclusion, enum verdict verdict);

/* What was counted of a batch: numbers of 64 bits and nothing else. */
struct tally {
    struct survey_counts rows;
    struct infer_counts patterns;
    struct report_counts sides;
    struct report_changes changes;
    uint64_t cases;
};

/* summary.c: what the run was, from the survey and what was counted; examples: the first lines of
 * the rejects. */
enum { SUMMARY_CAUSES = 5, SUMMARY_REJECTS = 3 };
void summary_fill(struct entente_summary *s, const struct kb *kb, const struct survey *survey,
                  const struct program *program, const struct tally *tally, struct text examples);
void tally_add(struct tally *to, const struct tally *from);
/* As the batch limits them; false and a problem with the causes. */
bool rejects_are_few(const struct entente_batch *b, const struct survey_counts *counts, bool at_end,
                     struct problems *problems);
/* The most frequent causes of rejection; how many. */
size_t summary_causes(const struct survey_counts *counts, struct entente_cause out[SUMMARY_CAUSES]);

#endif
