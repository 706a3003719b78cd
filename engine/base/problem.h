/* problem: what is wrong, where, and what would help; a list that is passed in.
 *
 * A function that fails returns false or NULL and has added at least one problem. A list keeps the
 * first LIMIT_PROBLEMS (an error takes the place of a warning once it is full) and counts the rest.
 * When memory is short the list says so itself (PROBLEM_NO_MEMORY needs none) and never fails; a
 * NULL list stands for one that holds just that. Positions are byte spans; lines and columns are
 * computed when printed. The list owns copies of the sources it can point into. */
#ifndef ENTENTE_PROBLEM_H
#define ENTENTE_PROBLEM_H

#include "base/buffer.h"
#include "base/text.h"

typedef uint32_t source_id; /* 0: nowhere */

struct span {
    source_id source;
    uint32_t start, end; /* bytes; end is behind the last */
};

#define SPAN_NONE ((struct span){0, 0, 0})

/* Where a span stands, for people. Lines and columns count from 1, columns in code points.
 * Line ends are LF, CRLF and CR. line 0: the span points nowhere. */
struct place {
    struct text file;
    uint32_t line, column;
};

/* A scalar of a source and where each of its bytes came from: value byte i stands at
 * origin ? origin[i] : span.start + i. */
struct scalar {
    struct text value;
    struct span span;
    const uint32_t *origin;
};

struct span scalar_span(struct scalar s, size_t start, size_t end); /* of value bytes */

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_COUNT };

/* What the process exits with when this problem stops it (docs/manual.md: exit codes). */
enum problem_exit { EXIT_USAGE = 2, EXIT_REJECTED = 3, EXIT_IO = 4, EXIT_LIMIT = 5, EXIT_BUG = 70 };

enum problem_code {
#define PROBLEM(name, number, severity, exit, text, more) PROBLEM_##name,
#include "base/problems.def"
#undef PROBLEM
    PROBLEM_COUNT
};

struct problem_note {
    struct span span; /* SPAN_NONE: about the whole */
    const char *text;
};

struct problem {
    enum problem_code code;
    enum severity severity;
    struct span span;
    const char *message;
    const char *help; /* what would mend it, or NULL */
    const struct problem_note *notes;
    size_t note_count;
};

struct problems;

struct problems *problems_new(void); /* NULL when memory is short */
void problems_free(struct problems *ps);
/* Copies both; 0 when memory is short. */
source_id problems_source(struct problems *ps, struct text name, struct text bytes);
struct text problems_source_bytes(const struct problems *ps, source_id id);
struct place problems_place(const struct problems *ps, struct span span);

/* Adds a problem. {0} {1} {2} in the code's text are replaced by a, b, c (NULL where unused).
 * Arguments that hold user data come from problem_quote. */
void problem_add(struct problems *ps, enum problem_code code, struct span span, const char *a,
                 const char *b, const char *c);
/* About the problem added last: a second place, and what would mend it. Texts are copied. */
void problem_note(struct problems *ps, struct span span, const char *text);
void problem_help(struct problems *ps, const char *text);

/* Strings for arguments, owned by the list; "" when memory is short. Quoted: visible, in quotes '',
 * at most LIMIT_QUOTED bytes of t, a cut said with "…". */
const char *problem_quote(struct problems *ps, struct text t);
const char *problem_number(struct problems *ps, double x);
const char *problem_count_text(struct problems *ps, uint64_t n);
const char *problem_format(struct problems *ps, const char *format, ...)
    __attribute__((format(printf, 2, 3))); /* for help and note texts */

/* Copies what another list holds behind this one's; places are left behind. A NULL
 * `from` is one that holds NO_MEMORY. */
void problems_take(struct problems *to, const struct problems *from);

size_t problems_count(const struct problems *ps, enum severity at_least); /* kept and not kept */
bool problems_has_error(const struct problems *ps);
bool problems_has(const struct problems *ps, enum problem_code code);
int problems_exit(const struct problems *ps); /* of the first error; 0 where there is none */
/* By source in the order added, then start, then as added. */
void problems_sort(struct problems *ps);
size_t problems_kept(const struct problems *ps);
const struct problem *problems_at(const struct problems *ps, size_t i);

/* E1204, W1310, N0002 for people and for explain-code. */
const char *problem_code_label(enum problem_code code, char out[8]);
const char *problem_code_text(enum problem_code code); /* with {0} {1} {2} where data goes */
const char *problem_code_more(enum problem_code code); /* the longer explanation, or NULL */
bool problem_code_find(struct text label, enum problem_code *out);

/* file:line:column: error[E1204]: message, the line, a caret, notes, help; or one JSON object a
 * problem. Control characters are visible. */
void problems_print(const struct problems *ps, bool color, struct buffer *out);
void problems_json(const struct problems *ps, struct buffer *out); /* a JSON array */

#endif
