/* report: results as csv, jsonl, text, Markdown.
 *
 * Takes a tile of infer and the survey block it belongs to; appends to a buffer; owns the layout of
 * the columns (struct report, immutable, shared by threads) and a thread's scratch (struct
 * report_pen). Certainties have 4 decimals, rounded half up. */
#ifndef ENTENTE_REPORT_H
#define ENTENTE_REPORT_H

#include "explain/explain.h"
#include "survey/survey.h"

enum report_format { REPORT_TEXT, REPORT_MARKDOWN, REPORT_CSV, REPORT_JSONL, REPORT_COUNT };
enum report_columns { COLUMNS_SUMMARY, COLUMNS_BOUNDS, COLUMNS_CERTAINTY };

struct report_options {
    enum report_format format;
    enum report_columns columns; /* csv */
    bool findings;               /* jsonl, text: findings too */
    bool raw_csv;                /* cells a spreadsheet would take for a formula stay as they are */
    bool color;                  /* text */
    unsigned width;              /* text: columns of the terminal, 0: 80 */
};

bool report_format_find(struct text name, enum report_format *out);        /* "jsonl" */
bool report_format_of_file(struct text path, enum report_format *out);     /* by suffix */

/* PROGRAM_ flags that a report needs from the program. */
unsigned report_needs(const struct report_options *o);

struct report;
struct report_pen;

struct report *report_new(const struct program *p, const struct survey *s,
                          const struct report_options *o, struct problems *problems);
void report_free(struct report *r);
struct report_pen *report_pen_new(const struct report *r, struct problems *problems);
void report_pen_free(struct report_pen *pen);

void report_head(const struct report *r, struct buffer *out); /* the csv header; else nothing */
/* One tile's cases. A failed growth is in out->failed. */
void report_tile(struct report_pen *pen, const struct infer *in, const struct tile *t,
                 const struct survey_block *block, struct buffer *out);

#endif
