/* layout: private to report. What is the same for every case, made ready once. */
#ifndef ENTENTE_LAYOUT_H
#define ENTENTE_LAYOUT_H

#include "report/report.h"

enum { CERTAINTY_STEPS = 10000, CERTAINTY_ROOM = 8 };

/* A certainty of a case that is not 0, in one number: whose column, and how many steps over -1. */
enum { CELL_BITS = 16, CELL_STEPS = (1 << CELL_BITS) - 1 };
_Static_assert(LIMIT_CONCLUSIONS <= UINT16_MAX, "a column's number fits a cell");

enum became {
#define CHANGE(name, word, phrase, mark) CHANGE_##name,
#include "report/between.def"
#undef CHANGE
    CHANGE_COUNT
};

/* A certainty in writing, "-1.0000" to "1.0000". */
struct digits {
    char at[CERTAINTY_ROOM];
};

struct report {
    struct arena arena;
    const struct program *program;
    const struct kb *kb;
    const struct survey *survey; /* or NULL */
    struct report_options options;
    enum tongue tongue;
    size_t keep_count;
    bool hides_cases, hides_partners; /* their names are personal data */
    bool incomplete;         /* memory was short while it was laid out */
    const struct digits *digits; /* [2 * CERTAINTY_STEPS + 1], by steps over -1 */
    /* csv */
    struct text head;
    uint32_t *columns; /* conclusions that have a column: diagnoses and strengths */
    uint32_t column_count;
    /* jsonl: pieces that are written as they stand */
    struct text pack;                        /* "core 1.0.0" */
    struct text *conclusion_ids;             /* by conclusion: "imbalance" */
    struct text *conclusion_heads;           /* {"id":"imbalance","kind":"diagnosis","verdict":" */
    struct text *high_because, *low_because; /* by conclusion: "context_change >= 4"; or empty */
    struct text *rule_ids;
    struct text *because;         /* by rule: "..."; empty where it gives none */
    struct text *remedy_heads;    /* {"id":"R05","treats":[ */
    struct text *dimension_heads; /* {"dimension":"balance","by_partner":{ */
};

struct report_pen {
    const struct report *r;
    struct arena arena; /* reset per case */
    struct buffer line; /* text, Markdown: the paragraph being made; jsonl: partner names */
    struct buffer scratch;
    struct report_counts counts;
    /* certainty: what the cases of a tile have that is not 0 */
    uint32_t *cells; /* [case][column_count]: column << CELL_BITS | steps */
    uint32_t *behind[64];
    struct packed *packed; /* [column_count] */
    /* where waves are compared: the wave before, of the same case, and what was counted */
    struct state *before; /* [conclusion_count] */
    struct text wave;
    uint64_t changes[CHANGE_COUNT], pairs, single;
};

/* x in [-1, 1] to 4 decimals: floor(x * 10000 + 0.5), so halves go up. */
static inline uint32_t certainty_steps(double x)
{
    double scaled = x * CERTAINTY_STEPS + 0.5;
    int n = (int)scaled;
    n -= (double)n > scaled;
    return (uint32_t)(n + CERTAINTY_STEPS);
}

/* Room for CERTAINTY_ROOM bytes. Returns the place behind. */
static inline char *put_steps(const struct digits *digits, char *o, uint32_t steps)
{
    __builtin_memcpy(o, &digits[steps], sizeof digits[steps]);
    return o + 6 + ((steps - CERTAINTY_STEPS) >> 31); /* 1 more with a sign, and no branch */
}

static inline char *put_certainty(const struct digits *digits, char *o, double x)
{
    return put_steps(digits, o, certainty_steps(x));
}

/* One case on its way to a writer. */
struct one_case {
    struct report_pen *pen;
    const struct infer *in;
    const struct tile *tile;
    const struct survey_block *block;
    struct buffer *out;
    uint32_t tile_case;
    const struct case_view *view;
    const uint8_t *sides; /* enum hiding, by partner; NULL: all are shown */
};

static inline bool is_side_hidden(const struct one_case *c, uint32_t partner)
{
    return c->sides && c->sides[partner] != SIDE_SHOWN;
}

/* report.c: names of a case and of a partner as they may leave; `room` is for what is made. */
enum { MADE_NAME = 40 };
struct text report_case_name(const struct report *r, const struct survey_block *b,
                             const struct tile *t, uint32_t c, char room[MADE_NAME]);
/* Empty where the partner has no name. */
struct text report_partner_name(const struct one_case *c, uint32_t partner);

/* report.c: what b holds, for good; notes a failed growth. In arena_run. */
struct text layout_piece(struct report *r, const struct buffer *b);

/* csv_cell.c */
/* A text as a cell: quoted where it must be, made safe unless `raw`. */
void csv_text(struct buffer *out, struct text t, bool raw);
/* A cell as it stood in a file (with its quotes, whatever its separator was). */
void csv_kept(struct buffer *out, struct text t, bool raw);
/* The same where it is plain; NULL and nothing written where it must be looked at (csv_kept).
 * Room for t.size + 16 bytes. */
char *csv_kept_plain(char *o, struct text t, bool raw);

/* write_csv.c */
void layout_csv(struct report *r, struct buffer *scratch); /* in arena_run */
void write_certainties(struct report_pen *pen, const struct infer *in, const struct tile *t,
                       const struct survey_block *block, struct buffer *out);
void write_csv_case(const struct one_case *c);

/* write_jsonl.c */
void layout_jsonl(struct report *r, struct buffer *scratch); /* in arena_run */
void write_jsonl_case(const struct one_case *c);

/* between.c: a wave of a case, against the one before */
void write_changes(struct report_pen *pen, const struct case_view *v,
                   const struct survey_block *block, struct buffer *out);

/* write_page.c: text and Markdown */
void write_page(const struct one_case *c);

#endif
