/* between: private to report. What became of diagnoses and strengths from one wave to the next. */
#ifndef ENTENTE_BETWEEN_H
#define ENTENTE_BETWEEN_H

#include "report/layout.h"

/* A diagnosis or strength in one wave. */
struct state {
    enum verdict verdict;
    struct interval certainty;
    /* where it is present: the severity, and those that unknown answers leave possible */
    enum level level, lowest, highest;
};

struct changed {
    uint32_t conclusion;
    enum became change;
    struct state before, after;
};

/* A case with what was there a wave before. */
struct pair {
    struct text name, from, to; /* to at NULL: there is one wave only, and nothing to compare */
    struct changed *changes;    /* by the order of between.def, then of the pack; UNCHANGED last */
    uint32_t count, told;       /* `told` of them are not UNCHANGED */
    uint32_t *not_assessed;     /* in neither wave */
    uint32_t not_assessed_count;
};

/* write_changes.c */
void layout_changes(struct report *r, struct buffer *scratch); /* the csv header; in arena_run */
void write_changes_csv(struct report_pen *pen, const struct pair *p, struct buffer *out);
void write_changes_jsonl(struct report_pen *pen, const struct pair *p, struct buffer *out);
/* page_changes.c */
void write_changes_page(struct report_pen *pen, const struct pair *p, struct buffer *out);

#endif
