/* automaton: many patterns found in one pass over a text, a table look-up a character. Private to
 * program; infer asks the scanner.
 *
 *     pattern ──automaton_parse──▶ steps ──automaton_build──▶ tables ──automaton_scan──▶ marks
 *
 * A thread stands before a step. Steps that take no character are walked through at once; at FORK a
 * thread becomes two. Repetitions are steps written down several times. */
#ifndef ENTENTE_AUTOMATON_H
#define ENTENTE_AUTOMATON_H

#include "program/charset.h"
#include "program/scanner.h"

enum step_kind {
    STEP_TAKE,  /* a character of the set `what` */
    STEP_LOOK,  /* goes on where the look `what` holds */
    STEP_FORK,  /* goes on behind it, and `to` steps from it */
    STEP_JUMP,  /* goes on `to` steps from it */
    STEP_FOUND, /* the mark `what` */
};

enum look {
    LOOK_START,      /* \A, ^ */
    LOOK_END,        /* \z */
    LOOK_LAST,       /* \Z, $: the end, or a last line feed */
    LOOK_LINE_START, /* ^ in (?m) */
    LOOK_LINE_END,   /* $ in (?m) */
    LOOK_EDGE,       /* \b */
    LOOK_INSIDE      /* \B */
};

struct step {
    enum step_kind kind;
    uint32_t what;
    int32_t to;
};

/* One pattern; at its end stand two STEP_FOUND: it is found; it was not to be decided. */
struct route {
    struct step *steps;
    uint32_t count;
    bool loose; /* what is found was not to be decided: more is looked for than the pattern says */
    bool wide;  /* repeats many characters, as `a.*b` does: such make many states together */
};

/* False where the pattern has something this does not know for certain to mean the same as for
 * PCRE2; memory from `a`, inside arena_run. The marks are `slot` twice and that plus one.
 * `stretch`: what is repeated many times may be repeated any number of times, which makes fewer
 * states. */
bool automaton_parse(struct charsets *sets, struct arena *a, const struct pattern *pattern,
                     uint32_t slot, bool stretch, struct route *out);

struct automaton {
    /* [state][width]: by class of the character, the next state's place in here; by `classes`, the
     * place after the end; behind that, where its marks stand: 0, or their number, then they. */
    const uint32_t *next;
    const uint32_t *marks;
    uint32_t classes;
    uint32_t start, first_marked; /* places; states with marks stand last */
    uint8_t class_of[POSITIONS];
};

/* What making automata may still cost. */
struct budget {
    size_t threads; /* moved, or as much work as that */
    size_t cells;   /* of tables, 4 bytes each */
};

/* Memory from `a` by arena_try, which needs no run; NULL and *too_large or not. `work`, inside
 * arena_run, is for what may go afterwards. */
struct automaton *automaton_build(struct arena *a, struct arena *work, const struct charsets *sets,
                                  const struct route *const *routes, uint32_t count,
                                  struct budget *budget, bool *too_large);

/* Sets bit `row` of the `words` words of every mark that its text reaches. */
void automaton_scan(const struct automaton *a, const struct scan_text *texts, uint32_t count,
                    uint64_t *planes, size_t words);

#endif
