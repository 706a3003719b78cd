/* check: what a condition means: names, kinds, ranges, scopes. Private to lang. */
#ifndef ENTENTE_LANG_CHECK_H
#define ENTENTE_LANG_CHECK_H

#include "lang/parser.h"
#include "lang/words.h"
#include <math.h>

/* The upper end of a count: it has none. */
#define RANGE_OPEN ((double)INFINITY)

struct checker {
    struct context *context;
    enum scope scope;
    const char *inside; /* SCOPE_RESPONDENT: "count" or "share" */
};

/* What a part of a condition is, in the eyes of who reads it. */
enum meaning_kind {
    MEANS_NOTHING, /* reported already */
    MEANS_UNKNOWN, /* a name that nothing has */
    MEANS_CONDITION,
    MEANS_NUMBER,
    MEANS_YESNO,   /* a question */
    MEANS_CHOICE,  /* a one_of question */
    MEANS_CHOICES, /* a many_of question */
    MEANS_WRITING, /* a text question */
    MEANS_PARTNER, /* the partner's name */
    MEANS_CONCLUSION,
    MEANS_TEXT,     /* between quotes */
    MEANS_WORD,     /* yes, no */
    MEANS_FUNCTION, /* without brackets */
    MEANS_COUNT
};

struct meaning {
    enum meaning_kind kind;
    struct name name;        /* questions and conclusions */
    const struct word *word; /* words of the language */
};

/* check.c: both report and return NULL where it is none. */
struct node *check_condition(struct checker *k, const struct syntax *s);
struct node *check_number(struct checker *k, const struct syntax *s);
struct node *check_new_node(struct checker *k, enum node_kind kind, const struct syntax *s,
                            uint32_t count);
/* An and/or of what is in `parts`; parts of the same kind are taken apart. */
struct node *check_join(struct checker *k, enum node_kind kind, const struct syntax *s,
                        struct node **parts, uint32_t count);

/* check_name.c */
struct meaning check_meaning(struct checker *k, const struct syntax *s);
const char *check_described(enum meaning_kind kind); /* "a number" */
const char *check_quote(struct checker *k, const struct syntax *s);
const char *check_plain(struct checker *k, const struct syntax *s);
/* Reports that `s` is `m` where `needed` is wanted. Always NULL. */
struct node *check_needed(struct checker *k, const struct syntax *s, const struct meaning *m,
                          const char *needed);
struct node *check_unknown(struct checker *k, const struct syntax *s, enum word_place place);
/* Whether a question or conclusion may be read in this scope; else reports. */
bool check_readable(struct checker *k, const struct syntax *s, const struct name *name);
bool check_fact(struct checker *k, const struct syntax *s, const struct word *w);
bool check_hyphenated(struct checker *k, const struct syntax *s);
/* Two numbers beside each other in a list look like one with a decimal comma: help for the problem
 * added last. False where they do not. */
bool check_comma(struct checker *k, const struct syntax *a, const struct syntax *b);

/* check_compare.c */
struct node *check_compare(struct checker *k, const struct syntax *s);
struct node *check_between(struct checker *k, const struct syntax *s);
struct node *check_in(struct checker *k, const struct syntax *s);

/* check_choice.c: left is a question with choices, or a text. */
struct node *check_choice_compare(struct checker *k, const struct syntax *s,
                                  const struct meaning *left);
struct node *check_choice_in(struct checker *k, const struct syntax *s, const struct meaning *left);
struct node *check_text_compare(struct checker *k, const struct syntax *s,
                                const struct meaning *left);
struct node *check_text_in(struct checker *k, const struct syntax *s, const struct meaning *left);
struct node *check_matches(struct checker *k, const struct syntax *s);
struct node *check_includes(struct checker *k, const struct syntax *s);
bool check_is_choice(const struct name *name, struct text id, uint32_t *code);

/* check_call.c */
struct node *check_call(struct checker *k, const struct syntax *s);

/* range.c: static ranges. */
void range_of_arithmetic(struct node *n); /* fills lo, hi from those of the arguments */
bool range_is_constant(const struct node *n);
/* RANGE where a constant lies outside; a warning where the ranges settle it. False on an error. */
bool range_check(struct checker *k, const struct syntax *s, enum node_kind op, const struct node *x,
                 const struct syntax *x_syntax, const struct node *y,
                 const struct syntax *y_syntax);
bool range_check_constant(struct checker *k, const struct node *x, const struct syntax *x_syntax,
                          double constant, const struct syntax *constant_syntax);
void range_settled(struct checker *k, const struct syntax *s, bool holds);

#endif
