/* print: from a tree to its one text.
 * In: nodes and the ids behind their numbers. Out: text that parses to an equal tree. Next: people,
 * in explanations. The one idea: a part stands in brackets only where it binds
 * less than its place asks for. */
#include "lang/lang.h"

#include "lang/words.h"
#include <math.h>

/* How strongly a part binds, and what its place asks for: the levels of parser.c. */
enum level_of_binding {
    LEVEL_OR,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_COMPARE,
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_NEGATE,
    LEVEL_ATOM
};

struct printer {
    const struct names_of *names;
    struct buffer *out;
    size_t longest_pattern; /* characters; 0: whole */
    bool under_not;         /* `not x != y` would be hard to read: the list is written out */
};

static void print(struct printer *p, const struct node *n, enum level_of_binding place);

static uint32_t members(const struct node *n)
{
    uint32_t count = 0;
    for (uint32_t c = 1; c < n->set_size; c++)
        count += n->set[c];
    return count;
}

static bool is_text_leaf(const struct node *n)
{
    return n->kind == NODE_TEXT_IS || n->kind == NODE_PARTNER_IS;
}

/* Whether it is written with `not` in front: `!=` says it shorter for texts. */
static bool has_not(const struct node *n)
{
    if (n->kind == NODE_CHOICE_IN)
        return n->set_size > 2 && members(n) == 0;
    if (n->kind == NODE_NOT)
        return !is_text_leaf(n->args[0]) || n->args[0]->negated;
    return n->negated && !is_text_leaf(n);
}

static enum level_of_binding level(const struct node *n)
{
    if (has_not(n))
        return LEVEL_NOT;
    switch (n->kind) {
    case NODE_OR: return LEVEL_OR;
    case NODE_AND: return LEVEL_AND;
    case NODE_NOT: return LEVEL_COMPARE;
    case NODE_CHOICE_IN:
        return n->yesno && n->set[YESNO_YES] && !n->set[YESNO_NO] ? LEVEL_ATOM : LEVEL_COMPARE;
    case NODE_LESS:
    case NODE_LESS_EQUAL:
    case NODE_GREATER:
    case NODE_GREATER_EQUAL:
    case NODE_EQUAL:
    case NODE_NOT_EQUAL:
    case NODE_BETWEEN:
    case NODE_IN:
    case NODE_INCLUDES:
    case NODE_MATCHES:
    case NODE_TEXT_IS:
    case NODE_PARTNER_IS:
    case NODE_PARTNER_MATCHES: return LEVEL_COMPARE;
    case NODE_ADD:
    case NODE_SUBTRACT: return LEVEL_SUM;
    case NODE_MULTIPLY:
    case NODE_DIVIDE: return LEVEL_PRODUCT;
    case NODE_NEGATE: return LEVEL_NEGATE;
    case NODE_NUMBER: return n->number < 0 ? LEVEL_NEGATE : LEVEL_ATOM;
    default: return LEVEL_ATOM;
    }
}

/* A literal has at most 15 digits, so scaled by the right power of ten it is a whole number below
 * 1e15, and dividing that again is how number_parse made it. */
static void print_number(struct printer *p, double x)
{
    static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const size_t last = sizeof POWERS / sizeof POWERS[0] - 1;
    if (x < 0) {
        buffer_byte(p->out, '-');
        x = -x;
    }
    size_t decimals = 0;
    double whole = floor(x + 0.5);
    while (decimals < last && whole / POWERS[decimals] != x) {
        double next = floor(x * POWERS[decimals + 1] + 0.5);
        if (next >= 1e15)
            break;
        whole = next;
        decimals++;
    }
    char digits[32];
    size_t size = number_unsigned(digits, (uint64_t)whole);
    size_t ahead = size > decimals ? size - decimals : 0;
    buffer_text(p->out, ahead ? (struct text){digits, ahead} : TEXT("0"));
    if (decimals == 0)
        return;
    buffer_byte(p->out, '.');
    buffer_repeat(p->out, '0', decimals - (size - ahead));
    buffer_text(p->out, (struct text){digits + ahead, size - ahead});
}

/* In the quotes that do not occur in it; else the same quote is doubled. */
static void print_text(struct printer *p, struct text t)
{
    bool has_double = false, has_single = false;
    for (size_t i = 0; i < t.size; i++) {
        has_double = has_double || t.at[i] == '"';
        has_single = has_single || t.at[i] == '\'';
    }
    const char quote = has_double && !has_single ? '\'' : '"';
    buffer_byte(p->out, quote);
    for (size_t i = 0; i < t.size; i++) {
        if (t.at[i] == quote)
            buffer_byte(p->out, quote);
        buffer_byte(p->out, t.at[i]);
    }
    buffer_byte(p->out, quote);
}

static void print_choice(struct printer *p, const struct node *n, uint32_t code)
{
    if (n->kind == NODE_CHOICE_IN && n->yesno) {
        buffer_c(p->out, code == YESNO_YES ? "yes" : "no");
        return;
    }
    struct text id = p->names->choice(p->names->ctx, n->ref, code);
    const struct word *w = word_find(id);
    if (text_is_id(id) && (w == NULL || w->class != WORD_OPERATOR))
        buffer_text(p->out, id);
    else
        print_text(p, id);
}

static uint32_t first_code(const struct node *n, uint8_t in)
{
    for (uint32_t c = 1; c < n->set_size; c++)
        if (n->set[c] == in)
            return c;
    return 0;
}

/* All choices where the set is empty: has_not has put a `not` in front. */
static void print_choice_list(struct printer *p, const struct node *n, bool all)
{
    const char *between = "(";
    buffer_c(p->out, " in ");
    for (uint32_t c = 1; c < n->set_size; c++)
        if (all || n->set[c]) {
            buffer_c(p->out, between);
            print_choice(p, n, c);
            between = ", ";
        }
    buffer_byte(p->out, ')');
}

static void print_choice_in(struct printer *p, const struct node *n)
{
    uint32_t in = members(n), all = n->set_size - 1;
    buffer_text(p->out, p->names->question(p->names->ctx, n->ref));
    if (level(n) == LEVEL_ATOM)
        return;
    if (in == 1 || (in + 1 == all && !p->under_not)) {
        buffer_c(p->out, in == 1 ? " = " : " != ");
        print_choice(p, n, first_code(n, in == 1));
    } else {
        print_choice_list(p, n, in == 0);
    }
}

static void print_pattern(struct printer *p, const struct pattern *pattern)
{
    buffer_c(p->out, " matches /");
    struct text source = pattern->source;
    size_t end = 0;
    for (size_t n = 0; end < source.size && (p->longest_pattern == 0 || n < p->longest_pattern);
         n++)
        do
            end++;
        while (end < source.size && ((unsigned char)source.at[end] & 0xC0) == 0x80);
    buffer_text(p->out, (struct text){source.at, end});
    buffer_c(p->out, end < source.size ? "…" : "");
    buffer_c(p->out, pattern->ignore_case ? "/i" : "/");
}

static void print_joined(struct printer *p, const struct node *n, const char *by,
                         enum level_of_binding place)
{
    for (uint32_t i = 0; i < n->count; i++) {
        if (i)
            buffer_c(p->out, by);
        print(p, n->args[i], place);
    }
}

static void print_infix(struct printer *p, const struct node *n, enum level_of_binding left,
                        enum level_of_binding right)
{
    print(p, n->args[0], left);
    buffer_byte(p->out, ' ');
    buffer_c(p->out, node_spelling(n->kind));
    buffer_byte(p->out, ' ');
    print(p, n->args[1], right);
}

static void print_call(struct printer *p, const struct node *n)
{
    bool of_conclusion = n->kind == NODE_CERTAINTY || n->kind == NODE_PRESENT;
    buffer_c(p->out, node_spelling(n->kind));
    buffer_byte(p->out, '(');
    if (n->count)
        print(p, n->args[0], LEVEL_OR);
    else
        buffer_text(p->out, of_conclusion ? p->names->conclusion(p->names->ctx, n->ref)
                                          : p->names->question(p->names->ctx, n->ref));
    if (n->kind == NODE_GRADE) {
        buffer_c(p->out, ", ");
        print_number(p, n->lo);
        buffer_c(p->out, ", ");
        print_number(p, n->hi);
    }
    buffer_byte(p->out, ')');
}

/* Leaves that name a question or the partner, with something behind it. */
static void print_leaf(struct printer *p, const struct node *n, bool negated)
{
    bool of_partner = n->kind == NODE_PARTNER_IS || n->kind == NODE_PARTNER_MATCHES;
    buffer_text(p->out, of_partner ? TEXT("partner") : p->names->question(p->names->ctx, n->ref));
    if (is_text_leaf(n)) {
        buffer_c(p->out, negated ? " != " : " = ");
        print_text(p, n->text);
    } else if (n->kind == NODE_INCLUDES) {
        buffer_c(p->out, " includes ");
        print_choice(p, n, n->code);
    } else {
        print_pattern(p, n->pattern);
    }
}

static void print_comparison(struct printer *p, const struct node *n)
{
    print(p, n->args[0], LEVEL_SUM);
    if (n->kind == NODE_BETWEEN) {
        buffer_c(p->out, " between ");
        print(p, n->args[1], LEVEL_SUM);
        buffer_c(p->out, " and ");
        print(p, n->args[2], LEVEL_SUM);
        return;
    }
    buffer_c(p->out, " in (");
    for (uint32_t i = 1; i < n->count; i++) {
        if (i > 1)
            buffer_c(p->out, ", ");
        print(p, n->args[i], LEVEL_SUM);
    }
    buffer_byte(p->out, ')');
}

static void print_plain(struct printer *p, const struct node *n)
{
    switch (n->kind) {
    case NODE_OR: print_joined(p, n, " or ", LEVEL_AND); break;
    case NODE_AND: print_joined(p, n, " and ", LEVEL_NOT); break;
    case NODE_NOT: print_leaf(p, n->args[0], true); break;
    case NODE_LESS:
    case NODE_LESS_EQUAL:
    case NODE_GREATER:
    case NODE_GREATER_EQUAL:
    case NODE_EQUAL:
    case NODE_NOT_EQUAL: print_infix(p, n, LEVEL_SUM, LEVEL_SUM); break;
    case NODE_ADD:
    case NODE_SUBTRACT: print_infix(p, n, LEVEL_SUM, LEVEL_PRODUCT); break;
    case NODE_MULTIPLY:
    case NODE_DIVIDE: print_infix(p, n, LEVEL_PRODUCT, LEVEL_NEGATE); break;
    case NODE_BETWEEN:
    case NODE_IN: print_comparison(p, n); break;
    case NODE_CHOICE_IN: print_choice_in(p, n); break;
    case NODE_INCLUDES:
    case NODE_MATCHES:
    case NODE_TEXT_IS:
    case NODE_PARTNER_IS:
    case NODE_PARTNER_MATCHES: print_leaf(p, n, n->negated); break;
    case NODE_PREMISE: buffer_text(p->out, p->names->conclusion(p->names->ctx, n->ref)); break;
    case NODE_QUESTION: buffer_text(p->out, p->names->question(p->names->ctx, n->ref)); break;
    case NODE_NUMBER: print_number(p, n->number); break;
    case NODE_NEGATE:
        buffer_byte(p->out, '-');
        print(p, n->args[0], LEVEL_NEGATE);
        break;
    case NODE_RESPONDENTS:
    case NODE_PARTNERS:
    case NODE_ANSWERED_SHARE:
    case NODE_STRAIGHT_LINED: buffer_c(p->out, node_spelling(n->kind)); break;
    default: print_call(p, n); break;
    }
}

static void print(struct printer *p, const struct node *n, enum level_of_binding place)
{
    bool brackets = level(n) < place;
    if (brackets)
        buffer_byte(p->out, '(');
    if (has_not(n)) {
        buffer_c(p->out, "not ");
        if (n->kind != NODE_NOT) {
            print_plain(p, n);
        } else {
            p->under_not = n->args[0]->kind == NODE_CHOICE_IN;
            print(p, n->args[0], LEVEL_NOT);
            p->under_not = false;
        }
    } else {
        print_plain(p, n);
    }
    if (brackets)
        buffer_byte(p->out, ')');
}

void condition_print(const struct node *n, const struct names_of *names, struct buffer *out)
{
    condition_print_short(n, names, 0, out);
}

void condition_print_short(const struct node *n, const struct names_of *names,
                           size_t longest_pattern, struct buffer *out)
{
    struct printer p = {.names = names, .out = out, .longest_pattern = longest_pattern};
    print(&p, n, LEVEL_OR);
}
