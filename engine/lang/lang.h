/* lang: the condition language, from a YAML scalar to a checked tree.
 *
 *     scalar ──lexer──▶ tokens ──parser (Pratt)──▶ nodes ──check (names, types, ranges)──▶ nodes
 *
 * Takes a scalar and the names it may use; gives a tree of typed nodes, each with its span; owns
 * nothing (everything is in the caller's arena, inside arena_run). Nesting is bounded by
 * LIMIT_CONDITION_DEPTH, so walks over a tree may recurse; and/or are n-ary, so width costs no
 * depth. The tree is immutable after condition_new. Threads may share it. */
#ifndef ENTENTE_LANG_H
#define ENTENTE_LANG_H

#include "base/base.h"

enum answer_kind {
    KIND_SCALE,
    KIND_NUMBER,
    KIND_YESNO,
    KIND_ONE_OF,
    KIND_MANY_OF,
    KIND_TEXT,
    KIND_COUNT
};

/* Codes of choices count from 1; those of yes/no are these. */
enum { YESNO_NO = 1, YESNO_YES = 2 };

/* What an id stands for. */
enum name_kind { NAME_QUESTION, NAME_CONCLUSION };

struct name {
    enum name_kind kind;
    uint32_t index; /* of the question or the conclusion */
    bool about_partnership;
    enum answer_kind answer;    /* questions */
    double lo, hi;              /* scale and number: the declared range */
    const struct text *choices; /* one_of, many_of: ids; code c is choices[c - 1] */
    uint32_t choice_count;
};

/* The names a condition may use, given by the caller (kb). */
struct names {
    const void *ctx;
    bool (*find)(const void *ctx, struct text id, struct name *out);
    struct text (*list)(const void *ctx, size_t i); /* the i-th id; empty behind the last */
};

/* Where a condition is evaluated: bare names read there what docs/language.md says. */
enum scope { SCOPE_PARTNER, SCOPE_PARTNERSHIP, SCOPE_RESPONDENT };

/* A pattern of PCRE2, compiled once, shared by all nodes that use it and by threads. */
struct pattern {
    struct text source; /* between the slashes, in normalisation form C */
    bool ignore_case;
    void *code;     /* pcre2_code_8 *, released with the arena; not yet JIT-compiled */
    uint32_t index; /* in the set */
};

struct pattern_set {
    struct arena *arena;
    struct pattern **patterns;
    size_t count, capacity;
    struct idmap by_source;
};

void pattern_set_init(struct pattern_set *set, struct arena *a);

enum node_type { TYPE_CONDITION, TYPE_NUMBER, TYPE_CHOICE, TYPE_TEXT };

/* Every kind of node: name, type it has, how it is written. NODE_(name, type, spelling).
 * Conditions have a strength in [0, 1]; numbers are intervals. */
#define NODE_LIST(X)                                                                           \
    X(OR, TYPE_CONDITION, "or")                                                                \
    X(AND, TYPE_CONDITION, "and")                                                              \
    X(NOT, TYPE_CONDITION, "not")                                                              \
    /* comparisons: the leaves of a condition that are 1, 0 or [0, 1] */                       \
    X(LESS, TYPE_CONDITION, "<")                                                               \
    X(LESS_EQUAL, TYPE_CONDITION, "<=")                                                        \
    X(GREATER, TYPE_CONDITION, ">")                                                            \
    X(GREATER_EQUAL, TYPE_CONDITION, ">=")                                                     \
    X(EQUAL, TYPE_CONDITION, "=")                                                              \
    X(NOT_EQUAL, TYPE_CONDITION, "!=")                                                         \
    X(BETWEEN, TYPE_CONDITION, "between")         /* args: x, a, b; a <= x and x <= b */       \
    X(IN, TYPE_CONDITION, "in")                   /* args: x, then constants */                \
    X(CHOICE_IN, TYPE_CONDITION, "in")            /* ref question (yesno, one_of); set */      \
    X(INCLUDES, TYPE_CONDITION, "includes")       /* ref question (many_of); code */           \
    X(MATCHES, TYPE_CONDITION, "matches")         /* ref question (text); pattern */           \
    X(TEXT_IS, TYPE_CONDITION, "=")               /* ref question (text); text */              \
    X(PARTNER_IS, TYPE_CONDITION, "=")            /* the partner's name; text */               \
    X(PARTNER_MATCHES, TYPE_CONDITION, "matches") /* the partner's name; pattern */            \
    X(ANSWERED, TYPE_CONDITION, "answered")       /* ref question */                           \
    X(UNKNOWN, TYPE_CONDITION, "unknown")         /* ref question */                           \
    X(DISAGREE, TYPE_CONDITION, "disagree")       /* ref question */                           \
    X(PRESENT, TYPE_CONDITION, "present")         /* ref conclusion */                         \
    /* graded leaves */                                                                        \
    X(PREMISE, TYPE_CONDITION, "")    /* ref conclusion, bare */                               \
    X(GRADE, TYPE_CONDITION, "grade") /* args: x; a and b in lo, hi (constants, a != b) */     \
    /* over the partners of the case; the argument has partner scope */                        \
    X(ANY, TYPE_CONDITION, "any")                                                              \
    X(ALL, TYPE_CONDITION, "all")                                                              \
    /* numbers */                                                                              \
    X(NUMBER, TYPE_NUMBER, "")                                                                 \
    X(QUESTION, TYPE_NUMBER, "")           /* ref question (scale, number), bare */            \
    X(CERTAINTY, TYPE_NUMBER, "certainty") /* ref conclusion */                                \
    X(MEAN, TYPE_NUMBER, "mean")           /* ref question; over respondents of the subject */ \
    X(MIN, TYPE_NUMBER, "min")                                                                 \
    X(MAX, TYPE_NUMBER, "max")                                                                 \
    X(SPREAD, TYPE_NUMBER, "spread")                                                           \
    X(COUNT, TYPE_NUMBER, "count") /* args: a condition of respondent scope */                 \
    X(SHARE, TYPE_NUMBER, "share")                                                             \
    X(GAP, TYPE_NUMBER, "gap") /* ref question; over partners */                               \
    X(RESPONDENTS, TYPE_NUMBER, "respondents")                                                 \
    X(PARTNERS, TYPE_NUMBER, "partners")                                                       \
    X(ANSWERED_SHARE, TYPE_NUMBER, "answered_share")                                           \
    X(STRAIGHT_LINED, TYPE_NUMBER, "straight_lined")                                           \
    X(ADD, TYPE_NUMBER, "+")                                                                   \
    X(SUBTRACT, TYPE_NUMBER, "-")                                                              \
    X(MULTIPLY, TYPE_NUMBER, "*")                                                              \
    X(DIVIDE, TYPE_NUMBER, "/")                                                                \
    X(NEGATE, TYPE_NUMBER, "-")

enum node_kind {
#define NODE_ENUM(name, type, spelling) NODE_##name,
    NODE_LIST(NODE_ENUM)
#undef NODE_ENUM
        NODE_COUNT_
};

struct node {
    enum node_kind kind;
    bool negated; /* leaves after condition_normal; CHOICE_IN never (its set is turned round) */
    struct span span;
    uint32_t ref;  /* question or conclusion */
    uint32_t code; /* INCLUDES: the choice */
    uint8_t *set;  /* CHOICE_IN: set[c] is 1 where code c (1..choices) is in; choices + 1 bytes */
    uint32_t set_size; /* bytes of set: choices + 1 */
    bool yesno;        /* CHOICE_IN: of a yes/no question (for printing) */
    const struct pattern *pattern;
    struct text text; /* TEXT_IS, PARTNER_IS: in normalisation form C */
    double number;    /* NUMBER */
    double lo, hi;    /* numbers: the static range; GRADE: a and b */
    enum scope scope; /* where this node is evaluated */
    uint32_t count;
    struct node **args;
};

/* For printing: back from indices to ids. `choice` is asked for one_of and many_of only. */
struct names_of {
    const void *ctx;
    struct text (*question)(const void *ctx, uint32_t index);
    struct text (*conclusion)(const void *ctx, uint32_t index);
    struct text (*choice)(const void *ctx, uint32_t question, uint32_t code);
};

/* Parses and checks. NULL and problems where it is not a condition; `names` is asked for every id.
 * Problems carry spans of the scalar's source; warnings may stand beside a tree. The set's arena is
 * `a`, or one that is inside arena_run too. */
struct node *condition_new(struct arena *a, struct scalar s, enum scope scope,
                           const struct names *names, struct pattern_set *patterns,
                           struct problems *problems);

/* The same condition with `not` pushed down to the leaves (De Morgan; not any(x) is all(not x)),
 * nested and/or of one kind merged, and NODE_NOT gone: a leaf that is negated says so. A new tree;
 * leaves are copies. Inside count and share too. */
struct node *condition_normal(struct arena *a, const struct node *n);

/* The canonical text: least parentheses, one spelling a construct; parses to an equal tree. */
void condition_print(const struct node *n, const struct names_of *names, struct buffer *out);
/* For people: patterns are cut to so many characters, with "…"; 0: they are whole. */
void condition_print_short(const struct node *n, const struct names_of *names,
                           size_t longest_pattern, struct buffer *out);

bool node_equal(const struct node *a, const struct node *b); /* same meaning, spans aside */
uint64_t node_hash(const struct node *n);
enum node_type node_type(enum node_kind kind);
const char *node_spelling(enum node_kind kind);

/* What `ref` of a node stands for. The one list of nodes that read something: to add one, see
 * there. */
enum node_reads { READS_NOTHING, READS_QUESTION, READS_CONCLUSION };
enum node_reads node_reads(enum node_kind kind);

/* Calls visit for n and everything below it, parents first. */
void node_walk(const struct node *n, void (*visit)(const struct node *, void *), void *ctx);

/* A word of the language, which no id may be. */
bool lang_is_reserved(struct text word);

#endif
