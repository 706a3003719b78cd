/* report: results as csv, jsonl, text, Markdown.
 *
 *     tile + kept cells ──explain_case──▶ struct case_view ──writer of the format──▶ buffer
 *            └──────────── csv, certainty columns: straight from the columns ──────────▲
 *
 * Takes a tile of infer and the survey block it belongs to; appends to a buffer; owns the layout of
 * the columns (struct report, immutable, shared by threads) and a thread's scratch (struct
 * report_pen). Certainties have 4 decimals, rounded half up. After the largest case nothing is
 * allocated but the buffer's growth. */
#ifndef ENTENTE_REPORT_H
#define ENTENTE_REPORT_H

#include "explain/explain.h"
#include "survey/survey.h"

enum report_format {
#define REPORT(name, word, suffix, suffix2, needs) REPORT_##name,
#include "report/formats.def"
#undef REPORT
    REPORT_COUNT
};

enum report_columns { COLUMNS_SUMMARY, COLUMNS_BOUNDS, COLUMNS_CERTAINTY };

struct report_options {
    enum report_format format;
    enum report_columns columns; /* csv */
    bool findings;               /* jsonl, text: findings too */
    bool whole_plan;             /* text: every remedy with its steps, not only the first */
    bool compare;                /* what changed between waves, instead of each case */
    bool raw_csv;                /* cells a spreadsheet would take for a formula stay as they are */
    bool color;                  /* text */
    unsigned width;              /* text: columns of the terminal, 0: 80 */
    uint32_t min_respondents;    /* sides with fewer are not shown by themselves; 0, 1: all are */
};

bool report_format_find(struct text name, enum report_format *out);    /* "jsonl" */
bool report_format_of_file(struct text path, enum report_format *out); /* by suffix */
const char *report_format_name(enum report_format f);

/* PROGRAM_ flags that a report needs from the program. */
unsigned report_needs(const struct report_options *o);

struct report;
struct report_pen;

/* Both refer to the program and the survey, which must outlive them; survey NULL: no kept cells.
 * NULL and a problem when memory is short. */
struct report *report_new(const struct program *p, const struct survey *s,
                          const struct report_options *o, struct problems *problems);
void report_free(struct report *r);
struct report_pen *report_pen_new(const struct report *r, struct problems *problems);
void report_pen_free(struct report_pen *pen);

/* Sides not shown so far: with too few respondents; so that these cannot be computed. */
struct report_counts {
    uint64_t few, beside;
};
struct report_counts report_counts(const struct report_pen *pen);

void report_head(const struct report *r, struct buffer *out); /* the csv header; else nothing */
/* One tile's cases; where waves are compared, all tiles of a chunk by one pen. A failed growth is
 * in out->failed. */
void report_tile(struct report_pen *pen, const struct infer *in, const struct tile *t,
                 const struct survey_block *block, struct buffer *out);

/* Where waves are compared: how many pairs of waves were, partnerships with one wave only, and what
 * became of diagnoses and strengths, in the order of between.def. */
enum { REPORT_CHANGES = 10 };
struct report_changes {
    uint64_t pairs, single, changes[REPORT_CHANGES];
};
const char *report_change_name(unsigned change); /* "opened" */
/* Since the last call; *before is what was counted then, zero at first. */
struct report_changes report_changes_since(const struct report_pen *pen,
                                           struct report_changes *before);

#endif
