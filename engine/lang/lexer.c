/* lexer: from the bytes of a condition to tokens, one at a time.
 * In: a scalar's value. Out: tokens with their bytes. Next: parser.c.
 * The one idea: whoever writes ==, && or AND is told the right spelling and understood at once, so
 * that the passes behind find the other mistakes in the same run. */
#include "lang/lexer.h"

#include "lang/words.h"
#include <string.h>

struct spelled {
    const char *written; /* longer ones before their beginnings */
    enum token_kind kind;
    const char *right; /* NULL: this is the right spelling */
};

/* Signs, right and wrong. BAD: what follows cannot be guessed. */
static const struct spelled SIGNS[] = {
    {"===", TOKEN_EQUAL, "="},
    {"!==", TOKEN_NOT_EQUAL, "!="},
    {"==", TOKEN_EQUAL, "="},
    {"=<", TOKEN_LESS_EQUAL, "<="},
    {"=>", TOKEN_GREATER_EQUAL, ">="},
    {"=~", TOKEN_BAD, "matches"},
    {"=", TOKEN_EQUAL, NULL},
    {"<>", TOKEN_NOT_EQUAL, "!="},
    {"<=", TOKEN_LESS_EQUAL, NULL},
    {"<", TOKEN_LESS, NULL},
    {">=", TOKEN_GREATER_EQUAL, NULL},
    {">", TOKEN_GREATER, NULL},
    {"!=", TOKEN_NOT_EQUAL, NULL},
    {"!", TOKEN_NOT, "not"},
    {"&&", TOKEN_AND, "and"},
    {"&", TOKEN_AND, "and"},
    {"||", TOKEN_OR, "or"},
    {"|", TOKEN_OR, "or"},
    {"(", TOKEN_OPEN, NULL},
    {")", TOKEN_CLOSE, NULL},
    {",", TOKEN_COMMA, NULL},
    {"+", TOKEN_PLUS, NULL},
    {"-", TOKEN_MINUS, NULL},
    {"**", TOKEN_BAD, "x * x"},
    {"*", TOKEN_STAR, NULL},
    {"/", TOKEN_SLASH, NULL},
    {"\xE2\x89\xA4", TOKEN_LESS_EQUAL, "<="},    /* U+2264 */
    {"\xE2\x89\xA5", TOKEN_GREATER_EQUAL, ">="}, /* U+2265 */
    {"\xE2\x89\xA0", TOKEN_NOT_EQUAL, "!="},     /* U+2260 */
    {"\xC3\x97", TOKEN_STAR, "*"},               /* U+00D7 */
    {"\xC3\xB7", TOKEN_SLASH, "/"},              /* U+00F7 */
    {"\xE2\x88\x92", TOKEN_MINUS, "-"},          /* U+2212, minus */
    {"\xE2\x80\x93", TOKEN_MINUS, "-"},          /* U+2013, en dash */
    {"\xE2\x80\x94", TOKEN_MINUS, "-"},          /* U+2014, em dash */
    {"\xE2\x88\xA7", TOKEN_AND, "and"},          /* U+2227 */
    {"\xE2\x88\xA8", TOKEN_OR, "or"},            /* U+2228 */
    {"\xC2\xAC", TOKEN_NOT, "not"},              /* U+00AC */
};

/* Typographic quotes: what opens, what may close. */
struct quote {
    const char *open, *close;
};
static const struct quote QUOTES[] = {
    {"\xE2\x80\x9C", "\xE2\x80\x9D"}, /* U+201C, U+201D */
    {"\xE2\x80\x9E", "\xE2\x80\x9C"}, /* U+201E, U+201C */
    {"\xE2\x80\x9D", "\xE2\x80\x9D"}, /* U+201D twice */
    {"\xC2\xAB", "\xC2\xBB"},         /* U+00AB, U+00BB */
    {"\xE2\x80\x98", "\xE2\x80\x99"}, /* U+2018, U+2019 */
    {"\xE2\x80\x99", "\xE2\x80\x99"}, /* U+2019 twice */
};

static const char *const CALLED[TOKEN_COUNT] = {
#define TOKEN_NAME_(name, called) [TOKEN_##name] = called,
    TOKEN_LIST(TOKEN_NAME_)
#undef TOKEN_NAME_
};

const char *token_called(enum token_kind kind)
{
    return CALLED[kind];
}

void lexer_init(struct lexer *lx, struct context *c)
{
    *lx = (struct lexer){.context = c, .value = c->scalar.value, .last = TOKEN_END};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Neither texts nor patterns reach over one: the quote that was forgotten is on this line. */
static bool is_control(char c)
{
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7F;
}

/* White_Space of Unicode outside ASCII. */
static bool is_odd_space(uint32_t u)
{
    return u == 0x85 || u == 0xA0 || u == 0x1680 || (u >= 0x2000 && u <= 0x200A) || u == 0x2028 ||
           u == 0x2029 || u == 0x202F || u == 0x205F || u == 0x3000;
}

/* Zero-width, bidirectional and filler characters. */
static bool is_invisible(uint32_t u)
{
    return u == 0xAD || u == 0x34F || u == 0x61C || u == 0x115F || u == 0x1160 || u == 0x17B4 ||
           u == 0x17B5 || (u >= 0x180B && u <= 0x180F) || (u >= 0x200B && u <= 0x200F) ||
           (u >= 0x202A && u <= 0x202E) || (u >= 0x2060 && u <= 0x206F) || u == 0x3164 ||
           (u >= 0xFE00 && u <= 0xFE0F) || u == 0xFEFF || u == 0xFFA0 ||
           (u >= 0xE0000 && u <= 0xE0FFF);
}

static struct text rest(const struct lexer *lx, size_t from)
{
    return (struct text){lx->value.at + from, lx->value.size - from};
}

static const struct spelled *sign_at(const struct lexer *lx, size_t at)
{
    for (size_t i = 0; i < sizeof SIGNS / sizeof SIGNS[0]; i++)
        if (text_starts(rest(lx, at), SIGNS[i].written))
            return &SIGNS[i];
    return NULL;
}

static const struct quote *quote_at(const struct lexer *lx, size_t at)
{
    for (size_t i = 0; i < sizeof QUOTES / sizeof QUOTES[0]; i++)
        if (text_starts(rest(lx, at), QUOTES[i].open))
            return &QUOTES[i];
    return NULL;
}

/* Jumps over white space; a space that is none of ours is reported and taken as one. */
static void skip_blanks(struct lexer *lx)
{
    while (lx->at < lx->value.size) {
        if (is_blank(lx->value.at[lx->at])) {
            lx->at++;
            continue;
        }
        if ((unsigned char)lx->value.at[lx->at] < 0x80)
            return;
        uint32_t u;
        size_t size = utf8_next(rest(lx, lx->at), &u);
        if (!is_odd_space(u) && !is_invisible(u))
            return;
        context_error(lx->context,
                      is_odd_space(u) ? PROBLEM_CONDITION_SPACE : PROBLEM_CONDITION_HIDDEN, lx->at,
                      lx->at + size, context_code_point(lx->context, u), NULL, NULL);
        lx->at += size;
    }
}

/* The end of the word that starts at `at`: letters of any alphabet, digits, underscores. */
static size_t word_end(const struct lexer *lx, size_t at, bool *plain)
{
    *plain = true;
    while (at < lx->value.size) {
        const char c = lx->value.at[at];
        if (is_letter(c) || is_digit(c)) {
            at++;
            continue;
        }
        if ((unsigned char)c < 0x80)
            break;
        uint32_t u;
        size_t size = utf8_next(rest(lx, at), &u);
        if (is_odd_space(u) || sign_at(lx, at) || quote_at(lx, at))
            break;
        *plain = false;
        at += size;
    }
    return at;
}

/* One problem a word, at its first letter that is not ours. */
static void report_letter(struct lexer *lx, size_t start, size_t end)
{
    struct context *c = lx->context;
    size_t at = start;
    while ((unsigned char)lx->value.at[at] < 0x80)
        at++;
    uint32_t u;
    size_t size = utf8_next(rest(lx, at), &u);
    if (is_invisible(u))
        context_error(c, PROBLEM_CONDITION_HIDDEN, at, at + size, context_code_point(c, u), NULL,
                      NULL);
    else
        context_error(c, PROBLEM_CONDITION_LETTER, at, at + size, context_quote(c, at, at + size),
                      context_code_point(c, u), NULL);
    word_propose(c, context_slice(c, start, end), PLACE_NAME);
}

static enum token_kind operator_kind(const struct word *w)
{
    switch (w->node) {
    case NODE_OR: return TOKEN_OR;
    case NODE_AND: return TOKEN_AND;
    case NODE_NOT: return TOKEN_NOT;
    case NODE_BETWEEN: return TOKEN_BETWEEN;
    case NODE_IN: return TOKEN_IN;
    case NODE_MATCHES: return TOKEN_MATCHES;
    default: return TOKEN_INCLUDES;
    }
}

static void read_word(struct lexer *lx, struct token *out)
{
    struct context *c = lx->context;
    bool plain;
    lx->at = word_end(lx, lx->at, &plain);
    out->end = (uint32_t)lx->at;
    out->text = context_slice(c, out->start, out->end);
    out->kind = TOKEN_NAME;
    if (!plain) {
        report_letter(lx, out->start, out->end);
        out->kind = TOKEN_BAD;
        return;
    }
    const struct word *w = word_find(out->text);
    if (w == NULL && (w = word_find_any_case(out->text)) != NULL) {
        context_error(c, PROBLEM_CONDITION_SPELLING, out->start, out->end,
                      context_quote(c, out->start, out->end),
                      problem_quote(c->problems, text_from_c(w->spelling)), NULL);
        out->text = text_from_c(w->spelling);
    }
    if (w && w->class == WORD_OPERATOR)
        out->kind = operator_kind(w);
}

static void read_number(struct lexer *lx, struct token *out)
{
    struct context *c = lx->context;
    while (lx->at < lx->value.size &&
           (is_letter(lx->value.at[lx->at]) || is_digit(lx->value.at[lx->at]) ||
            lx->value.at[lx->at] == '.'))
        lx->at++;
    out->end = (uint32_t)lx->at;
    out->text = context_slice(c, out->start, out->end);
    out->kind = TOKEN_NUMBER;
    enum number_fault fault = number_parse(out->text, &out->number);
    if (fault == NUMBER_OK)
        return;
    out->kind = TOKEN_BAD;
    context_error(c, PROBLEM_CONDITION_NUMBER, out->start, out->end,
                  context_quote(c, out->start, out->end), number_fault_text(fault), NULL);
    if (out->text.at[0] == '.')
        problem_help(c->problems,
                     problem_format(c->problems, "write 0%s", context_plain(c, out->text)));
}

/* Text and patterns may hold any character, but one that nobody sees is worth a warning. */
static void look_for_invisible(struct lexer *lx, size_t start, size_t end)
{
    struct context *c = lx->context;
    for (size_t at = start; at < end;) {
        if ((unsigned char)lx->value.at[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t u;
        size_t size = utf8_next(rest(lx, at), &u);
        if (is_invisible(u)) {
            context_warning(c, PROBLEM_CONDITION_HIDDEN_IN_TEXT, at, at + size,
                            context_code_point(c, u), NULL, NULL);
            return;
        }
        at += size;
    }
}

/* A doubled quote inside is one quote. */
static struct text without_doubles(struct context *c, struct text t, char quote)
{
    if (t.size == 0 || memchr(t.at, quote, t.size) == NULL)
        return t;
    char *copy = arena_alloc(c->scratch, t.size);
    size_t n = 0;
    for (size_t i = 0; i < t.size; i++) {
        copy[n++] = t.at[i];
        if (t.at[i] == quote)
            i++;
    }
    return (struct text){copy, n};
}

/* Behind an unclosed text or pattern: what it may not reach over. */
static void say_what_ends(struct lexer *lx, size_t at)
{
    struct context *c = lx->context;
    if (at >= lx->value.size)
        return;
    const char sign = lx->value.at[at];
    if (sign == '\n' || sign == '\r')
        problem_note(c->problems, scalar_span(c->scalar, at, at + 1), "the line ends here");
    else
        problem_note(c->problems, scalar_span(c->scalar, at, at + 1),
                     "a control character stands here");
}

static void read_text(struct lexer *lx, struct token *out)
{
    struct context *c = lx->context;
    const char quote = lx->value.at[lx->at];
    size_t at = lx->at + 1;
    while (at < lx->value.size && !is_control(lx->value.at[at])) {
        if (lx->value.at[at] != quote) {
            at++;
        } else if (at + 1 < lx->value.size && lx->value.at[at + 1] == quote) {
            at += 2;
        } else {
            out->kind = TOKEN_TEXT;
            out->end = (uint32_t)(at + 1);
            out->text = without_doubles(c, context_slice(c, out->start + 1, at), quote);
            lx->at = at + 1;
            look_for_invisible(lx, out->start, at);
            return;
        }
    }
    context_error(c, PROBLEM_CONDITION_UNCLOSED_TEXT, lx->at, lx->at + 1, quote == '"' ? "\"" : "'",
                  NULL, NULL);
    say_what_ends(lx, at);
    lx->at = lx->value.size;
    out->kind = TOKEN_BAD;
    out->end = (uint32_t)lx->at;
}

/* Flags behind the closing slash: every letter that stands there. */
static void read_flags(struct lexer *lx, struct token *out)
{
    struct context *c = lx->context;
    size_t start = lx->at;
    while (lx->at < lx->value.size &&
           (is_letter(lx->value.at[lx->at]) || is_digit(lx->value.at[lx->at])))
        lx->at++;
    struct text flags = context_slice(c, start, lx->at);
    out->ignore_case = flags.size > 0;
    if (flags.size == 0 || text_is(flags, "i"))
        return;
    context_error(c, PROBLEM_PATTERN_FLAG, start, lx->at, context_quote(c, start, lx->at), NULL,
                  NULL);
}

static void read_pattern(struct lexer *lx, struct token *out)
{
    struct context *c = lx->context;
    size_t at = lx->at + 1;
    while (at < lx->value.size && lx->value.at[at] != '/' && !is_control(lx->value.at[at]))
        at +=
            lx->value.at[at] == '\\' && at + 1 < lx->value.size && !is_control(lx->value.at[at + 1])
                ? 2
                : 1;
    if (at >= lx->value.size || lx->value.at[at] != '/') {
        context_error(c, PROBLEM_CONDITION_UNCLOSED_PATTERN, lx->at, lx->at + 1, NULL, NULL, NULL);
        say_what_ends(lx, at);
        lx->at = lx->value.size;
        out->kind = TOKEN_BAD;
        out->end = (uint32_t)lx->at;
        return;
    }
    out->kind = TOKEN_PATTERN;
    out->text = context_slice(c, out->start + 1, at);
    look_for_invisible(lx, out->start, at);
    lx->at = at + 1;
    read_flags(lx, out);
    out->end = (uint32_t)lx->at;
}

/* “pme” is read as far as its closing quote, so that one mistake is one problem. */
static void read_quoted(struct lexer *lx, const struct quote *q, struct token *out)
{
    struct context *c = lx->context;
    size_t size = strlen(q->open);
    context_error(c, PROBLEM_CONDITION_SPELLING, lx->at, lx->at + size,
                  context_quote(c, lx->at, lx->at + size), "\"", NULL);
    lx->at += size;
    size_t start = lx->at;
    while (lx->at < lx->value.size && !text_starts(rest(lx, lx->at), q->close))
        lx->at++;
    out->kind = TOKEN_TEXT;
    out->text = context_slice(c, start, lx->at);
    if (lx->at < lx->value.size)
        lx->at += strlen(q->close);
    out->end = (uint32_t)lx->at;
}

static void read_sign(struct lexer *lx, struct token *out)
{
    struct context *c = lx->context;
    const struct spelled *s = sign_at(lx, lx->at);
    size_t size = s ? strlen(s->written) : 1;
    lx->at += size;
    out->end = (uint32_t)lx->at;
    out->kind = s ? s->kind : TOKEN_BAD;
    if (s && s->right) {
        context_error(c, PROBLEM_CONDITION_SPELLING, out->start, out->end,
                      context_quote(c, out->start, out->end),
                      problem_quote(c->problems, text_from_c(s->right)), NULL);
    } else if (s == NULL) {
        const char sign = lx->value.at[out->start];
        context_error(c, PROBLEM_CONDITION_SIGN, out->start, out->end,
                      context_quote(c, out->start, out->end), NULL, NULL);
        if (sign == '%')
            problem_help(c->problems, "write 50 % as 0.5");
        else if (sign == '[' || sign == '{')
            problem_help(c->problems, "lists stand in round brackets");
    }
}

void lexer_next(struct lexer *lx, struct token *out)
{
    struct context *c = lx->context;
    skip_blanks(lx);
    *out = (struct token){.kind = TOKEN_END, .start = (uint32_t)lx->at, .end = (uint32_t)lx->at};
    if (lx->at >= lx->value.size)
        return;
    if (lx->count++ == LIMIT_CONDITION_TOKENS) {
        context_error(c, PROBLEM_CONDITION_LONG, lx->at, lx->at + 1,
                      problem_count_text(c->problems, LIMIT_CONDITION_TOKENS), NULL, NULL);
        lx->at = lx->value.size;
        out->kind = TOKEN_BAD;
        return;
    }
    const char first = lx->value.at[lx->at];
    const struct quote *q;
    if (is_digit(first) ||
        (first == '.' && lx->at + 1 < lx->value.size && is_digit(lx->value.at[lx->at + 1])))
        read_number(lx, out);
    else if (is_letter(first))
        read_word(lx, out);
    else if (first == '"' || first == '\'')
        read_text(lx, out);
    else if (first == '/' && lx->last == TOKEN_MATCHES)
        read_pattern(lx, out);
    else if ((q = quote_at(lx, lx->at)) != NULL)
        read_quoted(lx, q, out);
    else if ((unsigned char)first >= 0x80 && sign_at(lx, lx->at) == NULL)
        read_word(lx, out);
    else
        read_sign(lx, out);
    lx->last = out->kind;
}
