/* parser: from tokens to a tree of what was written.
 * In: the lexer. Out: struct syntax. Next: check.c finds out what the names mean.
 * The one idea: top down operator precedence (Pratt 1973): one loop, and a number for how strongly
 * each operator binds. The first syntax error ends the parse: what follows it would be guessed. */
#include "lang/parser.h"

#include "lang/lexer.h"
#include "lang/words.h"

/* How strongly what stands between two operands binds; higher binds first. */
enum binding {
    BIND_NONE = 0,
    BIND_OR = 10,
    BIND_AND = 20,
    BIND_NOT = 30,
    BIND_COMPARE = 40,
    BIND_SUM = 50,
    BIND_PRODUCT = 60,
    BIND_NEGATE = 70
};

struct parser {
    struct context *context;
    struct lexer lexer;
    struct token token; /* the next one */
    struct token last;  /* the one before it */
    uint32_t depth;
    bool stopped; /* a syntax error was reported: unwind */
    struct syntax *patterns;
};

static enum binding binding_of(enum token_kind kind);
static const char AFTER_OPERAND[] = "'and', 'or' or a comparison";

static struct syntax *parse(struct parser *p, enum binding least);

static void advance(struct parser *p)
{
    p->last = p->token;
    lexer_next(&p->lexer, &p->token);
}

static struct syntax *stop(struct parser *p)
{
    p->stopped = true;
    return NULL;
}

static struct syntax *new_syntax(struct parser *p, enum syntax_kind kind, uint32_t start)
{
    struct syntax *s = arena_alloc(p->context->scratch, sizeof *s);
    s->kind = kind;
    s->start = start;
    s->end = p->last.end;
    s->height = 1;
    return s;
}

static struct syntax *too_deep(struct parser *p, uint32_t start, uint32_t end)
{
    context_error(p->context, PROBLEM_CONDITION_DEEP, start, end,
                  problem_count_text(p->context->problems, LIMIT_CONDITION_DEPTH), NULL, NULL);
    return stop(p);
}

/* Appends an argument; NULL arguments pass on that the parse has stopped. */
static struct syntax *push(struct parser *p, struct syntax *s, struct syntax *arg)
{
    if (p->stopped || s == NULL || arg == NULL)
        return NULL;
    s->args = arena_grow(p->context->scratch, s->args, s->count, &s->capacity, sizeof *s->args);
    s->args[s->count++] = arg;
    s->end = p->last.end;
    if (arg->height >= s->height)
        s->height = arg->height + 1;
    return s->height > LIMIT_CONDITION_DEPTH ? too_deep(p, arg->start, arg->end) : s;
}

/* The token as messages call it: its own text, or its kind where there is none. */
static const char *called(struct parser *p)
{
    if (p->token.kind == TOKEN_END)
        return token_called(TOKEN_END);
    return context_quote(p->context, p->token.start, p->token.end);
}

/* Marks the token; at the end, the place behind the last one. */
static struct syntax *expected(struct parser *p, const char *what)
{
    if (p->token.kind == TOKEN_BAD || p->last.kind == TOKEN_BAD)
        return stop(p);
    uint32_t start = p->token.start, end = p->token.end;
    if (p->token.kind == TOKEN_END)
        start = end = p->last.end;
    context_error(p->context, PROBLEM_CONDITION_EXPECTED, start, end, what, called(p), NULL);
    return stop(p);
}

static bool is_comma_of_number(const struct parser *p)
{
    const struct text v = p->context->scalar.value;
    return p->token.kind == TOKEN_COMMA && p->last.kind == TOKEN_NUMBER &&
           p->last.end == p->token.start && p->token.end < v.size && v.at[p->token.end] >= '0' &&
           v.at[p->token.end] <= '9';
}

/* 0,05: no list has 05 in it. */
static bool is_comma_before_zero(const struct parser *p)
{
    const struct text v = p->context->scalar.value;
    size_t at = p->token.end;
    return is_comma_of_number(p) && v.at[at] == '0' && at + 1 < v.size && v.at[at + 1] >= '0' &&
           v.at[at + 1] <= '9';
}

/* 0,7 outside a list can only be a decimal comma. */
static struct syntax *decimal_comma(struct parser *p)
{
    const struct text v = p->context->scalar.value;
    struct token whole = p->last;
    size_t end = p->token.end;
    while (end < v.size && v.at[end] >= '0' && v.at[end] <= '9')
        end++;
    struct context *c = p->context;
    context_error(c, PROBLEM_CONDITION_NUMBER, whole.start, end, context_quote(c, whole.start, end),
                  "a number takes a point, not a comma", NULL);
    struct text decimals = context_slice(c, p->token.end, end);
    problem_help(c->problems,
                 problem_format(c->problems, "write %s.%s", context_plain(c, whole.text),
                                context_plain(c, decimals)));
    return stop(p);
}

/* At the end, the bracket that was opened last is the one that is open. */
static bool is_unclosed(struct parser *p, struct token open)
{
    if (p->token.kind != TOKEN_END)
        return false;
    if (p->last.kind != TOKEN_BAD)
        context_error(p->context, PROBLEM_CONDITION_UNCLOSED, open.start, open.end, NULL, NULL,
                      NULL);
    stop(p);
    return true;
}

static const char *sign_word(enum token_kind kind)
{
    switch (kind) {
    case TOKEN_BETWEEN: return "between";
    case TOKEN_IN: return "in";
    case TOKEN_MATCHES: return "matches";
    case TOKEN_INCLUDES: return "includes";
    default: return token_called(kind);
    }
}

/* `x not in (..)`, `x is not 3`: the not stands at the wrong place. */
static struct syntax *misplaced_not(struct parser *p, const struct syntax *left)
{
    struct context *c = p->context;
    struct token not_token = p->token;
    advance(p);
    if (binding_of(p->token.kind) != BIND_COMPARE) {
        context_error(c, PROBLEM_CONDITION_EXPECTED, not_token.start, not_token.end, AFTER_OPERAND,
                      context_quote(c, not_token.start, not_token.end), NULL);
        problem_help(c->problems, "conditions are joined by 'and not' or 'or not'");
        return stop(p);
    }
    context_error(c, PROBLEM_CONDITION_NOT_PLACE, not_token.start, not_token.end, NULL, NULL, NULL);
    problem_help(c->problems,
                 problem_format(c->problems, "write not %s %s ...",
                                context_plain(c, context_slice(c, left->start, left->end)),
                                sign_word(p->token.kind)));
    return stop(p);
}

/* `trust est 3`, `role is not leader`: the word of the language in its place. */
static struct syntax *translated(struct parser *p, const char *meant)
{
    struct context *c = p->context;
    struct token word = p->token;
    advance(p);
    if (text_is(text_from_c(meant), "=") && p->token.kind == TOKEN_NOT) {
        word.end = p->token.end;
        meant = "!=";
    }
    context_error(c, PROBLEM_CONDITION_SPELLING, word.start, word.end,
                  context_quote(c, word.start, word.end),
                  problem_quote(c->problems, text_from_c(meant)), NULL);
    return stop(p);
}

/* `mean trust`: the brackets are missing. */
static bool is_bare_function(struct parser *p, const struct syntax *left)
{
    const struct word *w = left->kind == SYNTAX_NAME ? word_find(left->text) : NULL;
    return w && w->class == WORD_FUNCTION && p->token.kind == TOKEN_NAME &&
           p->last.end == left->end;
}

/* What follows a whole operand and is no operator. */
static struct syntax *unexpected(struct parser *p, const struct syntax *left, const char *what)
{
    struct context *c = p->context;
    const char *meant = p->token.kind == TOKEN_NAME ? word_translated(p->token.text) : NULL;
    if (p->token.kind == TOKEN_BAD || p->last.kind == TOKEN_BAD)
        return stop(p);
    if (is_comma_of_number(p))
        return decimal_comma(p);
    if (p->token.kind == TOKEN_NOT)
        return misplaced_not(p, left);
    if (meant)
        return translated(p, meant);
    if (p->token.kind == TOKEN_CLOSE) {
        context_error(c, PROBLEM_CONDITION_UNOPENED, p->token.start, p->token.end, NULL, NULL,
                      NULL);
        return stop(p);
    }
    expected(p, what);
    if (is_bare_function(p, left))
        problem_help(c->problems,
                     problem_format(c->problems, "a function has brackets: %s(%s)",
                                    context_plain(c, left->text), context_plain(c, p->token.text)));
    return NULL;
}

static struct syntax *parse_group(struct parser *p)
{
    struct token open = p->token;
    advance(p);
    struct syntax *inner = parse(p, BIND_NONE);
    if (p->stopped || inner == NULL)
        return NULL;
    if (p->token.kind != TOKEN_CLOSE)
        return is_unclosed(p, open) ? NULL : unexpected(p, inner, AFTER_OPERAND);
    advance(p);
    return inner;
}

/* The arguments behind an opening bracket, up to and with the closing one. */
static struct syntax *parse_list(struct parser *p, struct syntax *into, enum binding least)
{
    struct token open = p->token;
    advance(p);
    if (p->token.kind == TOKEN_CLOSE && into->kind == SYNTAX_CALL) {
        advance(p);
        into->end = p->last.end;
        return into;
    }
    for (;;) {
        struct syntax *item = parse(p, least);
        if (push(p, into, item) == NULL)
            return NULL;
        if (p->token.kind == TOKEN_CLOSE)
            break;
        if (p->token.kind != TOKEN_COMMA)
            return is_unclosed(p, open) ? NULL : unexpected(p, item, "a comma or )");
        if (is_comma_before_zero(p))
            return decimal_comma(p);
        advance(p);
    }
    advance(p);
    into->end = p->last.end;
    return into;
}

static struct syntax *parse_word(struct parser *p)
{
    struct token name = p->token;
    advance(p);
    struct syntax *s = new_syntax(p, SYNTAX_NAME, name.start);
    s->text = name.text;
    if (p->token.kind != TOKEN_OPEN)
        return s;
    s->kind = SYNTAX_CALL;
    return parse_list(p, s, BIND_NONE);
}

static struct syntax *parse_leaf(struct parser *p, enum syntax_kind kind)
{
    struct token t = p->token;
    advance(p);
    struct syntax *s = new_syntax(p, kind, t.start);
    s->text = t.text;
    s->number = t.number;
    s->ignore_case = t.ignore_case;
    if (kind == SYNTAX_PATTERN) {
        s->next_pattern = p->patterns;
        p->patterns = s;
    }
    return s;
}

static struct syntax *parse_prefixed(struct parser *p, enum syntax_kind kind, enum binding binding)
{
    uint32_t start = p->token.start;
    advance(p);
    struct syntax *s = new_syntax(p, kind, start);
    return push(p, s, parse(p, binding));
}

/* A minus before a number belongs to the number. */
static struct syntax *parse_minus(struct parser *p)
{
    struct syntax *s = parse_prefixed(p, SYNTAX_NEGATE, BIND_NEGATE);
    if (s == NULL || s->args[0]->kind != SYNTAX_NUMBER)
        return s;
    struct syntax *number = s->args[0];
    number->number = number->number == 0 ? 0 : -number->number; /* never -0 */
    number->start = s->start;
    return number;
}

static struct syntax *parse_operand(struct parser *p)
{
    switch (p->token.kind) {
    case TOKEN_NUMBER: return parse_leaf(p, SYNTAX_NUMBER);
    case TOKEN_TEXT: return parse_leaf(p, SYNTAX_TEXT);
    case TOKEN_BAD: return parse_leaf(p, SYNTAX_BAD);
    case TOKEN_NAME: return parse_word(p);
    case TOKEN_OPEN: return parse_group(p);
    case TOKEN_NOT: return parse_prefixed(p, SYNTAX_NOT, BIND_NOT);
    case TOKEN_MINUS: return parse_minus(p);
    default: return expected(p, "a name, a number or (");
    }
}

static enum binding binding_of(enum token_kind kind)
{
    switch (kind) {
    case TOKEN_OR: return BIND_OR;
    case TOKEN_AND: return BIND_AND;
    case TOKEN_LESS:
    case TOKEN_LESS_EQUAL:
    case TOKEN_GREATER:
    case TOKEN_GREATER_EQUAL:
    case TOKEN_EQUAL:
    case TOKEN_NOT_EQUAL:
    case TOKEN_BETWEEN:
    case TOKEN_IN:
    case TOKEN_MATCHES:
    case TOKEN_INCLUDES: return BIND_COMPARE;
    case TOKEN_PLUS:
    case TOKEN_MINUS: return BIND_SUM;
    case TOKEN_STAR:
    case TOKEN_SLASH: return BIND_PRODUCT;
    default: return BIND_NONE;
    }
}

static enum node_kind op_of(enum token_kind kind)
{
    switch (kind) {
    case TOKEN_LESS: return NODE_LESS;
    case TOKEN_LESS_EQUAL: return NODE_LESS_EQUAL;
    case TOKEN_GREATER: return NODE_GREATER;
    case TOKEN_GREATER_EQUAL: return NODE_GREATER_EQUAL;
    case TOKEN_EQUAL: return NODE_EQUAL;
    case TOKEN_NOT_EQUAL: return NODE_NOT_EQUAL;
    case TOKEN_PLUS: return NODE_ADD;
    case TOKEN_MINUS: return NODE_SUBTRACT;
    case TOKEN_STAR: return NODE_MULTIPLY;
    default: return NODE_DIVIDE;
    }
}

static struct syntax *no_upper_end(struct parser *p, const struct syntax *s)
{
    const struct syntax *written = s->args[1];
    expected(p, "'and' with the upper end");
    if (written->kind == SYNTAX_AND)
        problem_help(p->context->problems, "no brackets stand around the two ends");
    return NULL;
}

static struct syntax *parse_between(struct parser *p, struct syntax *left)
{
    struct syntax *s = push(p, new_syntax(p, SYNTAX_BETWEEN, left->start), left);
    s = s ? push(p, s, parse(p, BIND_SUM)) : NULL;
    if (s == NULL)
        return NULL;
    if (p->token.kind != TOKEN_AND)
        return is_comma_of_number(p) ? decimal_comma(p) : no_upper_end(p, s);
    advance(p);
    return push(p, s, parse(p, BIND_SUM));
}

static struct syntax *parse_in(struct parser *p, struct syntax *left)
{
    struct syntax *s = push(p, new_syntax(p, SYNTAX_IN, left->start), left);
    if (s == NULL)
        return NULL;
    if (p->token.kind != TOKEN_OPEN)
        return expected(p, "a list in round brackets, such as (a, b),");
    return parse_list(p, s, BIND_SUM);
}

static struct syntax *parse_matches(struct parser *p, struct syntax *left)
{
    struct syntax *s = push(p, new_syntax(p, SYNTAX_MATCHES, left->start), left);
    if (s == NULL)
        return NULL;
    if (p->token.kind == TOKEN_BAD)
        return push(p, s, parse_leaf(p, SYNTAX_BAD));
    if (p->token.kind != TOKEN_PATTERN)
        return expected(p, "a pattern between slashes, such as /delay/i,");
    return push(p, s, parse_leaf(p, SYNTAX_PATTERN));
}

static struct syntax *parse_includes(struct parser *p, struct syntax *left)
{
    struct syntax *s = push(p, new_syntax(p, SYNTAX_INCLUDES, left->start), left);
    if (s == NULL)
        return NULL;
    switch (p->token.kind) {
    case TOKEN_NAME: return push(p, s, parse_leaf(p, SYNTAX_NAME));
    case TOKEN_TEXT: return push(p, s, parse_leaf(p, SYNTAX_TEXT));
    case TOKEN_BAD: return push(p, s, parse_leaf(p, SYNTAX_BAD));
    default: break;
    }
    expected(p, "a choice");
    if (p->token.kind == TOKEN_OPEN)
        problem_help(p->context->problems, "one choice at a time, joined by 'and' or 'or'");
    return NULL;
}

/* `a and b and c` is one AND of three, so that length costs no depth. */
static struct syntax *parse_joined(struct parser *p, struct syntax *left, enum syntax_kind kind,
                                   enum binding binding)
{
    struct syntax *right = parse(p, (enum binding)(binding + 1));
    if (p->stopped || right == NULL)
        return NULL;
    struct syntax *s = left->kind == kind ? left : NULL;
    if (s == NULL)
        s = push(p, new_syntax(p, kind, left->start), left);
    if (s && right->kind == kind) {
        for (size_t i = 0; s && i < right->count; i++)
            s = push(p, s, right->args[i]);
        return s;
    }
    return s ? push(p, s, right) : NULL;
}

static struct syntax *parse_infix(struct parser *p, struct syntax *left)
{
    enum token_kind kind = p->token.kind;
    enum binding binding = binding_of(kind);
    advance(p);
    switch (kind) {
    case TOKEN_OR: return parse_joined(p, left, SYNTAX_OR, binding);
    case TOKEN_AND: return parse_joined(p, left, SYNTAX_AND, binding);
    case TOKEN_BETWEEN: return parse_between(p, left);
    case TOKEN_IN: return parse_in(p, left);
    case TOKEN_MATCHES: return parse_matches(p, left);
    case TOKEN_INCLUDES: return parse_includes(p, left);
    default: break;
    }
    struct syntax *s =
        new_syntax(p, binding == BIND_COMPARE ? SYNTAX_COMPARE : SYNTAX_ARITHMETIC, left->start);
    s->op = op_of(kind);
    s = push(p, s, left);
    return s ? push(p, s, parse(p, (enum binding)(binding + 1))) : NULL;
}

/* 1 < x < 3: proposes the range, or the two comparisons, in the writer's own words. */
static struct syntax *chained(struct parser *p, const struct syntax *first)
{
    struct context *c = p->context;
    struct token second = p->token;
    context_error(c, PROBLEM_CONDITION_CHAIN, second.start, second.end, NULL, NULL, NULL);
    advance(p);
    if (first->kind == SYNTAX_COMPARE && first->count == 2 && p->token.kind == TOKEN_NUMBER &&
        (second.kind == TOKEN_LESS || second.kind == TOKEN_LESS_EQUAL) &&
        (first->op == NODE_LESS || first->op == NODE_LESS_EQUAL)) {
        const struct syntax *low = first->args[0], *x = first->args[1];
        const char *name = context_plain(c, context_slice(c, x->start, x->end));
        const char *from = context_plain(c, context_slice(c, low->start, low->end));
        const char *to = context_plain(c, p->token.text);
        problem_help(c->problems,
                     problem_format(c->problems,
                                    "write %s between %s and %s, which includes both ends, or "
                                    "%s %s %s and %s %s %s",
                                    name, from, to, from, node_spelling(first->op), name, name,
                                    token_called(second.kind), to));
    } else {
        problem_help(c->problems, "join two comparisons with 'and', or write x between a and b");
    }
    return stop(p);
}

static struct syntax *parse(struct parser *p, enum binding least)
{
    if (p->stopped)
        return NULL;
    if (p->depth >= LIMIT_CONDITION_DEPTH)
        return too_deep(p, p->token.start, p->token.end);
    p->depth++;
    uint32_t start = p->token.start;
    struct syntax *left = parse_operand(p);
    bool compared = false; /* what stands on the left is a comparison without brackets */
    while (left && !p->stopped) {
        enum binding binding = binding_of(p->token.kind);
        if (binding == BIND_NONE || binding < least)
            break;
        if (binding == BIND_COMPARE && compared) {
            left = chained(p, left);
            break;
        }
        compared = binding == BIND_COMPARE;
        left = parse_infix(p, left);
        if (left)
            left->start = start;
    }
    p->depth--;
    return p->stopped ? NULL : left;
}

struct parsed syntax_parse(struct context *c)
{
    struct parser p = {.context = c};
    lexer_init(&p.lexer, c);
    advance(&p);
    p.last = (struct token){.kind = TOKEN_END};
    if (p.token.kind == TOKEN_END) {
        if (!c->failed)
            context_error(c, PROBLEM_CONDITION_EMPTY, 0, c->scalar.value.size, NULL, NULL, NULL);
        return (struct parsed){NULL, NULL};
    }
    struct syntax *root = parse(&p, BIND_NONE);
    if (!p.stopped && root && p.token.kind != TOKEN_END)
        root = unexpected(&p, root, AFTER_OPERAND);
    return (struct parsed){p.stopped ? NULL : root, p.patterns};
}
