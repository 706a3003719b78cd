/* problem_list: what a list of problems is made of; for problem.c and problem_print.c alone. */
#ifndef ENTENTE_PROBLEM_LIST_H
#define ENTENTE_PROBLEM_LIST_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/problem.h"

#define PROBLEM_CHUNK ((size_t)64 << 10)

struct problem_line {
    uint32_t line, start;
};

struct problem_source {
    struct text name, bytes;
    uint32_t line, line_start; /* what was sought last, see problem_print.c */
    struct problem_line
        *marks; /* the line at every PROBLEM_CHUNK bytes, found when first asked for */
    size_t marked;
};

struct problems {
    struct arena arena; /* never inside arena_run: allocations give NULL */
    struct problem_source *sources;
    size_t source_count, source_capacity;
    struct problem *last; /* the one added last, or NULL if it was not kept */
    size_t kept;
    size_t total[SEVERITY_COUNT];
    bool seen[PROBLEM_COUNT];
    bool has_error;
    int exit; /* of the first error */
    struct problem list[LIMIT_PROBLEMS];
};

/* Appends the text of a code with its arguments put in. */
void problem_message(enum problem_code code, const char *const arguments[3], struct buffer *out);
struct problem_source *problems_find_source(const struct problems *ps, source_id id);

#endif
