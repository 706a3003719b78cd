/* check_compare: <= < >= > = !=, between and in, on numbers; on choices and texts it passes on.
 * In: a comparison as written. Out: a leaf. Next: check_choice.c for choices and texts, range.c.
 * The one idea: the left side decides what is compared. */
#include "lang/check.h"

enum { LIST_COMPARED = 100 }; /* values of a list that are looked at for repetitions */

static bool is_choice_like(enum meaning_kind kind)
{
    return kind == MEANS_YESNO || kind == MEANS_CHOICE;
}

static bool is_text_like(enum meaning_kind kind)
{
    return kind == MEANS_WRITING || kind == MEANS_PARTNER;
}

static bool is_bare_unknown(const struct syntax *s, const struct meaning *m)
{
    return m->kind == MEANS_UNKNOWN && s->kind == SYNTAX_NAME;
}

static struct node *mismatch(struct checker *k, const struct syntax *s, const struct syntax *left,
                             const struct meaning *l, const struct syntax *right,
                             const struct meaning *r)
{
    struct context *c = k->context;
    context_error(
        c, PROBLEM_CONDITION_MISMATCH, s->start, s->end, check_quote(k, left),
        check_described(l->kind),
        problem_format(c->problems, "%s is %s", check_quote(k, right), check_described(r->kind)));
    return NULL;
}

/* automobile = sector: the question belongs on the left. */
static bool is_turned(const struct syntax *left, const struct meaning *l, const struct meaning *r)
{
    uint32_t code;
    if (is_text_like(r->kind))
        return l->kind == MEANS_TEXT;
    if (!is_choice_like(r->kind))
        return false;
    if (l->kind == MEANS_TEXT || l->kind == MEANS_WORD)
        return true;
    return is_bare_unknown(left, l) && check_is_choice(&r->name, left->text, &code);
}

static void report_turned(struct checker *k, const struct syntax *s)
{
    struct problems *ps = k->context->problems;
    const char *op = node_spelling(s->op);
    context_error(k->context, PROBLEM_CONDITION_TURNED, s->start, s->end,
                  problem_quote(ps, text_from_c(op)), NULL, NULL);
    problem_help(ps, problem_format(ps, "write %s %s %s", check_plain(k, s->args[1]), op,
                                    check_plain(k, s->args[0])));
}

/* The left side has a problem of its own. A bare word on the right may be a choice of what it
 * should have been: there is nothing to say about it. */
static void report_left(struct checker *k, const struct syntax *s, const struct meaning *l,
                        const struct meaning *r)
{
    if (is_bare_unknown(s->args[0], l))
        check_unknown(k, s->args[0], PLACE_NAME);
    if (r->kind == MEANS_NUMBER || (r->kind == MEANS_UNKNOWN && s->args[1]->kind == SYNTAX_CALL))
        check_number(k, s->args[1]);
}

/* What is wrong with the kinds of the sides; true where something was reported. */
static bool report_sides(struct checker *k, const struct syntax *s, const struct meaning *l,
                         const struct meaning *r)
{
    const struct syntax *left = s->args[0], *right = s->args[1];
    if (is_turned(left, l, r)) {
        report_turned(k, s);
        return true;
    }
    if (l->kind == MEANS_NOTHING || is_bare_unknown(left, l)) {
        report_left(k, s, l, r);
        return true;
    }
    if (l->kind == MEANS_CONDITION || l->kind == MEANS_CONCLUSION) {
        if (check_number(k, left) == NULL && r->kind == MEANS_WORD)
            problem_help(k->context->problems,
                         problem_format(k->context->problems, "write %s, or not %s",
                                        check_plain(k, left), check_plain(k, left)));
        return true;
    }
    bool other = r->kind == MEANS_TEXT || r->kind == MEANS_WORD || r->kind == MEANS_CHOICES ||
                 is_choice_like(r->kind) || is_text_like(r->kind);
    if (l->kind != MEANS_NUMBER || !other)
        return false;
    if (check_number(k, left))
        mismatch(k, s, left, l, right, r);
    return true;
}

/* Choices that several people may tick are looked at one by one. */
static struct node *needs_includes(struct checker *k, const struct syntax *left,
                                   const struct meaning *l)
{
    struct context *c = k->context;
    context_error(c, PROBLEM_CONDITION_NEEDED, left->start, left->end, check_quote(k, left),
                  check_described(l->kind), "a single value");
    if (l->name.choice_count)
        problem_help(c->problems,
                     problem_format(c->problems, "write, for example, %s includes %s",
                                    check_plain(k, left), context_plain(c, l->name.choices[0])));
    return NULL;
}

struct node *check_compare(struct checker *k, const struct syntax *s)
{
    struct meaning l = check_meaning(k, s->args[0]), r = check_meaning(k, s->args[1]);
    if (is_choice_like(l.kind))
        return check_choice_compare(k, s, &l);
    if (is_text_like(l.kind))
        return check_text_compare(k, s, &l);
    if (l.kind == MEANS_CHOICES)
        return needs_includes(k, s->args[0], &l);
    if (report_sides(k, s, &l, &r))
        return NULL;
    struct node *x = check_number(k, s->args[0]);
    struct node *y = check_number(k, s->args[1]);
    if (x == NULL || y == NULL || !range_check(k, s, s->op, x, s->args[0], y, s->args[1]))
        return NULL;
    struct node *n = check_new_node(k, s->op, s, 2);
    n->args[0] = x;
    n->args[1] = y;
    return n;
}

static struct node *no_order(struct checker *k, const struct syntax *left, const struct meaning *l)
{
    context_error(k->context, PROBLEM_CONDITION_ORDER, left->start, left->end, check_quote(k, left),
                  check_described(l->kind), NULL);
    return NULL;
}

static bool check_bounds(struct checker *k, const struct syntax *s, struct node *const v[3])
{
    struct context *c = k->context;
    bool fits = true;
    if (range_is_constant(v[1]) && range_is_constant(v[2]) && v[1]->lo > v[2]->lo) {
        context_error(c, PROBLEM_CONDITION_BOUNDS, s->args[1]->start, s->args[2]->end,
                      problem_number(c->problems, v[1]->lo), problem_number(c->problems, v[2]->lo),
                      NULL);
        problem_help(c->problems, "the smaller number comes first");
        return false;
    }
    for (size_t i = 1; i < 3; i++)
        if (range_is_constant(v[i]) && !range_is_constant(v[0]))
            fits = range_check_constant(k, v[0], s->args[0], v[i]->lo, s->args[i]) && fits;
    if (fits && v[0]->lo >= v[1]->hi && v[0]->hi <= v[2]->lo)
        range_settled(k, s, true);
    else if (fits && (v[0]->hi < v[1]->lo || v[0]->lo > v[2]->hi))
        range_settled(k, s, false);
    return fits;
}

struct node *check_between(struct checker *k, const struct syntax *s)
{
    struct meaning l = check_meaning(k, s->args[0]);
    if (is_choice_like(l.kind) || is_text_like(l.kind) || l.kind == MEANS_CHOICES)
        return no_order(k, s->args[0], &l);
    struct node *v[3];
    bool whole = true;
    for (size_t i = 0; i < 3; i++) {
        v[i] = check_number(k, s->args[i]);
        whole = whole && v[i];
    }
    if (!whole || !check_bounds(k, s, v))
        return NULL;
    struct node *n = check_new_node(k, NODE_BETWEEN, s, 3);
    for (size_t i = 0; i < 3; i++)
        n->args[i] = v[i];
    return n;
}

/* One value of a list of numbers; NULL where it is none. */
static struct node *check_constant(struct checker *k, const struct syntax *left,
                                   const struct meaning *l, const struct syntax *item)
{
    struct meaning m = check_meaning(k, item);
    if (item->kind == SYNTAX_NUMBER)
        return check_number(k, item);
    if (m.kind == MEANS_NUMBER)
        context_error(k->context, PROBLEM_CONDITION_CONSTANT, item->start, item->end,
                      check_quote(k, item), NULL, NULL);
    else if (m.kind == MEANS_TEXT || m.kind == MEANS_WORD)
        mismatch(k, item, left, l, item, &m);
    else
        check_needed(k, item, &m, "a number");
    return NULL;
}

/* An item outside the range that looks like a half of 0,75. */
static bool is_part_of_number(struct checker *k, const struct syntax *s, size_t i)
{
    return (i + 1 < s->count && check_comma(k, s->args[i], s->args[i + 1])) ||
           (i > 1 && check_comma(k, s->args[i - 1], s->args[i]));
}

static struct node *check_number_in(struct checker *k, const struct syntax *s,
                                    const struct meaning *l)
{
    struct context *c = k->context;
    struct node *x = check_number(k, s->args[0]);
    if (x == NULL)
        return NULL;
    struct node *n = check_new_node(k, NODE_IN, s, (uint32_t)s->count);
    bool whole = true, hinted = false;
    n->args[0] = x;
    for (size_t i = 1; i < s->count; i++) {
        const struct syntax *item = s->args[i];
        n->args[i] = check_constant(k, s->args[0], l, item);
        if (n->args[i] && !range_is_constant(x) &&
            !range_check_constant(k, x, s->args[0], n->args[i]->lo, item)) {
            whole = false;
            hinted = hinted || is_part_of_number(k, s, i);
        }
        whole = whole && n->args[i];
        for (size_t j = 1; n->args[i] && j < i && j < LIST_COMPARED; j++)
            if (n->args[j] && n->args[j]->number == n->args[i]->number) {
                context_warning(c, PROBLEM_CONDITION_TWICE, item->start, item->end,
                                check_quote(k, item), NULL, NULL);
                break;
            }
    }
    return whole ? n : NULL;
}

struct node *check_in(struct checker *k, const struct syntax *s)
{
    struct meaning l = check_meaning(k, s->args[0]);
    if (is_choice_like(l.kind))
        return check_choice_in(k, s, &l);
    if (is_text_like(l.kind))
        return check_text_in(k, s, &l);
    if (l.kind == MEANS_CHOICES)
        return needs_includes(k, s->args[0], &l);
    return check_number_in(k, s, &l);
}
