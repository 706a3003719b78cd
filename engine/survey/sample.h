/* sample: what stands in the columns of an export, from its first rows; private to the survey. */
#ifndef ENTENTE_SAMPLE_H
#define ENTENTE_SAMPLE_H

#include "survey/mapping.h"
#include "survey/survey_state.h"

enum { SAMPLE_VALUES = 40, SAMPLE_ROWS = 2000, SAMPLE_CELLS = 2000000 };

/* One spelling, as it compares loosely. */
struct sample_value {
    struct text shown, loose;
    uint32_t count;
};

struct sample_column {
    struct sample_value values[SAMPLE_VALUES]; /* the most frequent of the first that came */
    uint32_t value_count;
    bool has_more; /* other values came */
    uint32_t filled, numbers;
    double lo, hi; /* of the numbers */
};

struct sample {
    struct sample_column *columns;
    uint32_t rows;
};

/* Reads the first rows of the survey's first table. False and problems. */
bool sample_read(struct arena *a, struct survey *s, struct sample *out, struct problems *problems);

#endif
