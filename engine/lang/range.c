/* range: what values a number can have before anyone answers, and what that says about comparing
 * it. In: number nodes. Out: lo and hi of arithmetic; problems. Next: check_compare.c. The one
 * idea: interval arithmetic (Moore 1966), with the whole line where anything goes. */
#include "lang/check.h"

#include <math.h>

static void set_range(struct node *n, double lo, double hi)
{
    bool whole = isnan(lo) || isnan(hi);
    n->lo = whole ? -INFINITY : lo;
    n->hi = whole ? INFINITY : hi;
}

/* Anything goes: a divisor may be 0. That is more than open ends, which counts have: 0 times it is
 * not 0. */
static bool is_whole(const struct node *n)
{
    return isinf(n->lo) && isinf(n->hi);
}

/* 0 times any number is 0, an open end too. */
static double times(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

static void widen(struct node *n, double x)
{
    if (isnan(x)) {
        set_range(n, x, x);
        return;
    }
    n->lo = x < n->lo ? x : n->lo;
    n->hi = x > n->hi ? x : n->hi;
}

/* Of the four products, or quotients, of the ends. */
static void set_from_ends(struct node *n, const struct node *a, const struct node *b, bool divide)
{
    const double left[2] = {a->lo, a->hi}, right[2] = {b->lo, b->hi};
    n->lo = INFINITY;
    n->hi = -INFINITY;
    for (size_t i = 0; i < 4; i++) {
        double x = left[i / 2], y = right[i % 2];
        widen(n, divide ? x / y : times(x, y));
    }
}

void range_of_arithmetic(struct node *n)
{
    const struct node *a = n->args[0], *b = n->count == 2 ? n->args[1] : NULL;
    switch (n->kind) {
    case NODE_ADD: set_range(n, a->lo + b->lo, a->hi + b->hi); break;
    case NODE_SUBTRACT: set_range(n, a->lo - b->hi, a->hi - b->lo); break;
    case NODE_MULTIPLY:
        if (is_whole(a) || is_whole(b))
            set_range(n, -INFINITY, INFINITY);
        else
            set_from_ends(n, a, b, false);
        break;
    case NODE_DIVIDE:
        if (b->lo <= 0 && b->hi >= 0)
            set_range(n, -INFINITY, INFINITY);
        else
            set_from_ends(n, a, b, true);
        break;
    case NODE_NEGATE: set_range(n, 0 - a->hi, 0 - a->lo); break;
    default: break;
    }
}

bool range_is_constant(const struct node *n)
{
    switch (n->kind) {
    case NODE_NUMBER: return true;
    case NODE_ADD:
    case NODE_SUBTRACT:
    case NODE_MULTIPLY:
    case NODE_DIVIDE: return range_is_constant(n->args[0]) && range_is_constant(n->args[1]);
    case NODE_NEGATE: return range_is_constant(n->args[0]);
    default: return false;
    }
}

static const char *range_text(struct context *c, const struct node *x)
{
    struct problems *ps = c->problems;
    if (isinf(x->hi))
        return problem_format(ps, "%s and more", problem_number(ps, x->lo));
    if (isinf(x->lo))
        return problem_format(ps, "%s and less", problem_number(ps, x->hi));
    return problem_format(ps, "%s to %s", problem_number(ps, x->lo), problem_number(ps, x->hi));
}

bool range_check_constant(struct checker *k, const struct node *x, const struct syntax *x_syntax,
                          double constant, const struct syntax *constant_syntax)
{
    if (constant >= x->lo && constant <= x->hi)
        return true;
    context_error(k->context, PROBLEM_CONDITION_RANGE, constant_syntax->start, constant_syntax->end,
                  problem_number(k->context->problems, constant), check_quote(k, x_syntax),
                  range_text(k->context, x));
    return false;
}

void range_settled(struct checker *k, const struct syntax *s, bool holds)
{
    context_warning(k->context, PROBLEM_CONDITION_SETTLED, s->start, s->end,
                    holds ? "always holds" : "never holds", NULL, NULL);
}

/* 1: x op y for all values, -1: for none, 0: it depends. */
static int settled(enum node_kind op, const struct node *x, const struct node *y)
{
    bool point = x->lo == x->hi && y->lo == y->hi && x->lo == y->lo;
    bool apart = x->hi < y->lo || x->lo > y->hi;
    switch (op) {
    case NODE_LESS: return x->hi < y->lo ? 1 : x->lo >= y->hi ? -1 : 0;
    case NODE_LESS_EQUAL: return x->hi <= y->lo ? 1 : x->lo > y->hi ? -1 : 0;
    case NODE_GREATER: return x->lo > y->hi ? 1 : x->hi <= y->lo ? -1 : 0;
    case NODE_GREATER_EQUAL: return x->lo >= y->hi ? 1 : x->hi < y->lo ? -1 : 0;
    case NODE_EQUAL: return point ? 1 : apart ? -1 : 0;
    case NODE_NOT_EQUAL: return apart ? 1 : point ? -1 : 0;
    default: return 0;
    }
}

bool range_check(struct checker *k, const struct syntax *s, enum node_kind op, const struct node *x,
                 const struct syntax *x_syntax, const struct node *y, const struct syntax *y_syntax)
{
    bool x_fixed = range_is_constant(x), y_fixed = range_is_constant(y);
    if (y_fixed && !x_fixed && !range_check_constant(k, x, x_syntax, y->lo, y_syntax))
        return false;
    if (x_fixed && !y_fixed && !range_check_constant(k, y, y_syntax, x->lo, x_syntax))
        return false;
    int always = settled(op, x, y);
    if (always)
        range_settled(k, s, always > 0);
    return true;
}
