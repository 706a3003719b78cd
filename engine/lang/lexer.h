/* lexer: tokens of a condition, one at a time. Private to lang. */
#ifndef ENTENTE_LANG_LEXER_H
#define ENTENTE_LANG_LEXER_H

#include "lang/context.h"

/* Every kind of token and how it is called in messages. */
#define TOKEN_LIST(X)                                      \
    X(END, "the end of the condition")                     \
    X(BAD, "") /* reported already; stands for anything */ \
    X(NUMBER, "a number")                                  \
    X(NAME, "a name")                                      \
    X(TEXT, "a text")                                      \
    X(PATTERN, "a pattern")                                \
    X(OPEN, "(")                                           \
    X(CLOSE, ")")                                          \
    X(COMMA, "a comma")                                    \
    X(PLUS, "+")                                           \
    X(MINUS, "-")                                          \
    X(STAR, "*")                                           \
    X(SLASH, "/")                                          \
    X(LESS, "<")                                           \
    X(LESS_EQUAL, "<=")                                    \
    X(GREATER, ">")                                        \
    X(GREATER_EQUAL, ">=")                                 \
    X(EQUAL, "=")                                          \
    X(NOT_EQUAL, "!=")                                     \
    X(OR, "or")                                            \
    X(AND, "and")                                          \
    X(NOT, "not")                                          \
    X(BETWEEN, "between")                                  \
    X(IN, "in")                                            \
    X(MATCHES, "matches")                                  \
    X(INCLUDES, "includes")

enum token_kind {
#define TOKEN_ENUM(name, called) TOKEN_##name,
    TOKEN_LIST(TOKEN_ENUM)
#undef TOKEN_ENUM
        TOKEN_COUNT
};

struct token {
    enum token_kind kind;
    uint32_t start, end;
    double number;    /* NUMBER */
    struct text text; /* NAME, TEXT (without quotes), PATTERN (between the slashes) */
    bool ignore_case; /* PATTERN */
};

struct lexer {
    struct context *context;
    struct text value;
    size_t at;
    size_t count;         /* tokens so far */
    enum token_kind last; /* behind `matches` a slash opens a pattern */
};

/* The value must be valid UTF-8 and shorter than 4 GiB. */
void lexer_init(struct lexer *lx, struct context *c);

/* The next token; END again and again at the end. What is wrong is reported once, and the token is
 * what was surely meant (AND is `and`), or BAD. */
void lexer_next(struct lexer *lx, struct token *out);

const char *token_called(enum token_kind kind);

#endif
