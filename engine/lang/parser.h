/* parser: what was written, before anyone asks what the names mean. Private to lang.
 *
 *     trust <= 2 and not charter
 *
 *             AND
 *            /   \
 *     COMPARE <=  NOT
 *       /    \      \
 *     NAME NUMBER  NAME
 *
 * Lives in the scratch arena of one condition_new. Its height is at most LIMIT_CONDITION_DEPTH. */
#ifndef ENTENTE_LANG_PARSER_H
#define ENTENTE_LANG_PARSER_H

#include "lang/context.h"

enum syntax_kind {
    SYNTAX_BAD, /* reported already */
    SYNTAX_NUMBER,
    SYNTAX_NAME,
    SYNTAX_TEXT,
    SYNTAX_PATTERN,
    SYNTAX_CALL, /* text: the function; args */
    SYNTAX_OR,   /* args, two or more, none of them an OR */
    SYNTAX_AND,  /* likewise */
    SYNTAX_NOT,
    SYNTAX_COMPARE,    /* op; two args */
    SYNTAX_BETWEEN,    /* x, a, b */
    SYNTAX_IN,         /* x, then the list */
    SYNTAX_MATCHES,    /* x, a PATTERN */
    SYNTAX_INCLUDES,   /* x, a NAME or TEXT */
    SYNTAX_ARITHMETIC, /* op; two args */
    SYNTAX_NEGATE
};

struct syntax {
    enum syntax_kind kind;
    enum node_kind op;        /* COMPARE: NODE_LESS ..; ARITHMETIC: NODE_ADD .. */
    uint32_t start, end;      /* bytes of the value */
    uint32_t height;          /* 1: a leaf */
    bool ignore_case;         /* PATTERN */
    double number;            /* NUMBER */
    struct text text;         /* NAME, TEXT, PATTERN, CALL */
    struct pattern *compiled; /* PATTERN: NULL where it has a problem */
    struct syntax **args;
    size_t count, capacity;
    struct syntax *next_pattern;
};

struct parsed {
    struct syntax *root;     /* NULL where it is no condition; then a problem was added */
    struct syntax *patterns; /* all of them, linked by next_pattern */
};

struct parsed syntax_parse(struct context *c);

#endif
