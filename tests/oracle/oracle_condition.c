/* In: a condition, with or without `not` pushed down, and a subject. Out: its strength, an
 * interval. Next: oracle.c. The one idea: one walk that carries whether it stands under an odd
 * number of nots; leaves are judged in play, read, turned round if need be, and bounded by their
 * ask_if. Numbers in brackets are those of docs/decisions/0001. */
#include "oracle/oracle.h"

#include <stdlib.h>

/* Where a leaf is read: for a subject, or (in count and share) for one respondent of a partner. */
struct reader {
    const struct oracle *o;
    uint32_t subject;
    uint32_t row; /* NONE outside count and share */
};

static bool reads_question(const struct node *n)
{
    return node_reads(n->kind) == READS_QUESTION;
}

static bool reads_conclusion(const struct node *n)
{
    return node_reads(n->kind) == READS_CONCLUSION;
}

static bool is_leaf(const struct node *n)
{
    switch (n->kind) {
    case NODE_OR:
    case NODE_AND:
    case NODE_NOT:
    case NODE_ANY:
    case NODE_ALL: return false;
    default: return true;
    }
}

/* --- in play, whatever is answered (9, 12) ---------------------------------------------------- */

/* Anything in it that is not there to be read. */
static bool reads_nothing(const struct oracle *o, const struct node *n)
{
    if (reads_question(n) && !o->put->questions[n->ref])
        return true;
    if (reads_conclusion(n) && !o->assessed[n->ref])
        return true;
    for (uint32_t i = 0; i < n->count; i++)
        if (reads_nothing(o, n->args[i]))
            return true;
    return false;
}

static bool is_out(const struct oracle *o, const struct node *n, bool under_not)
{
    if (is_leaf(n))
        return reads_nothing(o, n);
    if (n->kind == NODE_NOT)
        return is_out(o, n->args[0], !under_not);
    bool every =
        n->kind == NODE_OR || n->kind == NODE_AND ? (n->kind == NODE_OR) != under_not : false;
    for (uint32_t i = 0; i < n->count; i++)
        if (is_out(o, n->args[i], under_not) != every)
            return !every;
    return every;
}

bool oracle_is_out(const struct oracle *o, const struct node *n)
{
    return is_out(o, n, false);
}

/* --- numbers (17) ----------------------------------------------------------------------------- */

/* A number, and whether some divisor in it may be 0: then it is anything. */
struct number {
    struct interval at;
    bool anything;
};

static struct interval strength(const struct reader *r, const struct node *n, bool under_not);
static struct number number(const struct reader *r, const struct node *n);

static struct interval of_ends(double a, double b, double c, double d)
{
    struct interval x = {a, a};
    const double ends[] = {b, c, d};
    for (size_t i = 0; i < 3; i++) {
        x.lo = ends[i] < x.lo ? ends[i] : x.lo;
        x.hi = ends[i] > x.hi ? ends[i] : x.hi;
    }
    return x;
}

static struct number calculate(const struct reader *r, const struct node *n)
{
    struct number a = number(r, n->args[0]);
    if (n->kind == NODE_NEGATE) {
        a.at = INTERVAL(-a.at.hi, -a.at.lo);
        return a;
    }
    struct number b = number(r, n->args[1]);
    struct interval x = a.at, y = b.at;
    struct number out = {.anything = a.anything || b.anything};
    switch (n->kind) {
    case NODE_ADD: out.at = INTERVAL(x.lo + y.lo, x.hi + y.hi); break;
    case NODE_SUBTRACT: out.at = INTERVAL(x.lo - y.hi, x.hi - y.lo); break;
    case NODE_MULTIPLY: out.at = of_ends(x.lo * y.lo, x.lo * y.hi, x.hi * y.lo, x.hi * y.hi); break;
    default:
        if (y.lo <= 0 && y.hi >= 0)
            out.anything = true;
        else
            out.at = of_ends(x.lo / y.lo, x.lo / y.hi, x.hi / y.lo, x.hi / y.hi);
        break;
    }
    return out;
}

/* count and share: for how many respondents it surely holds, for how many it may. */
static struct interval over_respondents(const struct reader *r, const struct node *n)
{
    const struct oracle *o = r->o;
    double lo = 0, hi = 0, respondents = 0;
    for (uint32_t p = 0; p < o->partners; p++) {
        uint32_t from, count = oracle_rows(o, p, &from);
        for (uint32_t row = from; row < from + count && (r->subject == WHOLE || r->subject == p);
             row++) {
            struct reader one = {o, p, row};
            struct interval x = strength(&one, n->args[0], false);
            respondents += 1;
            lo += x.lo > 0;
            hi += x.hi > 0;
        }
    }
    if (n->kind == NODE_COUNT)
        return INTERVAL(lo, hi);
    return respondents == 0 ? MAYBE : INTERVAL(lo / respondents, hi / respondents);
}

static struct interval said_number(const struct reader *r, uint32_t q)
{
    if (oracle_said(r->o, q, r->row) != SAID_VALUE)
        return INTERVAL(r->o->kb->questions[q].lo, r->o->kb->questions[q].hi);
    double x = oracle_said_number(r->o, q, r->row);
    return INTERVAL(x, x);
}

static struct number number(const struct reader *r, const struct node *n)
{
    const struct oracle *o = r->o;
    struct number out = {.anything = false};
    uint32_t from;
    double count;
    switch (n->kind) {
    case NODE_NUMBER: out.at = INTERVAL(n->number, n->number); return out;
    case NODE_QUESTION:
        out.at = r->row != NONE ? said_number(r, n->ref) : oracle_value(o, n->ref, r->subject);
        return out;
    case NODE_CERTAINTY: out.at = oracle_certainty(o, n->ref, r->subject); return out;
    case NODE_MEAN:
    case NODE_MIN:
    case NODE_MAX:
    case NODE_SPREAD: out.at = oracle_pooled(o, n->kind, n->ref, r->subject); return out;
    case NODE_COUNT:
    case NODE_SHARE: out.at = over_respondents(r, n); return out;
    case NODE_GAP: out.at = oracle_gap(o, n->ref); return out;
    case NODE_RESPONDENTS:
        count = oracle_rows(o, r->subject, &from);
        out.at = INTERVAL(count, count);
        return out;
    case NODE_PARTNERS: out.at = INTERVAL(o->partners, o->partners); return out;
    case NODE_ANSWERED_SHARE: out.at = oracle_answered_share(o, r->subject); return out;
    case NODE_STRAIGHT_LINED: out.at = oracle_straight_lined(o, r->subject); return out;
    case NODE_ADD:
    case NODE_SUBTRACT:
    case NODE_MULTIPLY:
    case NODE_DIVIDE:
    case NODE_NEGATE: return calculate(r, n);
    default: abort();
    }
}

/* --- leaves ----------------------------------------------------------------------------------- */

static struct interval sure_or_not(bool surely, bool surely_not)
{
    return surely ? INTERVAL(1, 1) : surely_not ? INTERVAL(0, 0) : MAYBE;
}

/* not x: 1 where x is 0, 0 where x is over 0, else [0, 1]. */
static struct interval negated(struct interval x)
{
    return sure_or_not(x.hi == 0, x.lo > 0);
}

static struct interval at_most(struct interval a, struct interval b)
{
    return sure_or_not(a.hi <= b.lo, a.lo > b.hi);
}

static struct interval equal(struct interval a, struct interval b)
{
    bool points = a.lo == a.hi && b.lo == b.hi;
    return sure_or_not(points && a.lo == b.lo, a.hi < b.lo || b.hi < a.lo);
}

static struct interval compare(const struct reader *r, const struct node *n)
{
    struct interval x[3] = {{0, 0}};
    for (uint32_t i = 0; i < n->count && i < 3; i++) {
        struct number number_i = number(r, n->args[i]);
        if (number_i.anything)
            return MAYBE;
        x[i] = number_i.at;
    }
    struct interval low, high;
    switch (n->kind) {
    case NODE_LESS: return negated(at_most(x[1], x[0]));
    case NODE_LESS_EQUAL: return at_most(x[0], x[1]);
    case NODE_GREATER: return negated(at_most(x[0], x[1]));
    case NODE_GREATER_EQUAL: return at_most(x[1], x[0]);
    case NODE_EQUAL: return equal(x[0], x[1]);
    case NODE_NOT_EQUAL: return negated(equal(x[0], x[1]));
    default: /* between */
        low = at_most(x[1], x[0]);
        high = at_most(x[0], x[2]);
        return INTERVAL(low.lo < high.lo ? low.lo : high.lo, low.hi < high.hi ? low.hi : high.hi);
    }
}

static struct interval in_numbers(const struct reader *r, const struct node *n)
{
    struct number x = number(r, n->args[0]);
    struct interval any = {0, 0};
    if (x.anything)
        return MAYBE;
    for (uint32_t i = 1; i < n->count; i++) {
        struct interval is = equal(x.at, number(r, n->args[i]).at);
        any.lo = is.lo > any.lo ? is.lo : any.lo;
        any.hi = is.hi > any.hi ? is.hi : any.hi;
    }
    return any;
}

/* An unknown choice may be any of them (17). */
static struct interval in_choices(const struct node *n, uint32_t code)
{
    if (code != 0)
        return n->set[code] ? INTERVAL(1, 1) : INTERVAL(0, 0);
    uint32_t in = 0;
    for (uint32_t c = 1; c < n->set_size; c++)
        in += n->set[c] != 0;
    return sure_or_not(in == n->set_size - 1, in == 0);
}

static double graded(const struct node *n, double x)
{
    double g = (x - n->lo) / (n->hi - n->lo);
    return g < 0 ? 0 : g > 1 ? 1 : g;
}

static struct interval grade(const struct reader *r, const struct node *n)
{
    struct number x = number(r, n->args[0]);
    if (x.anything)
        return MAYBE;
    double a = graded(n, x.at.lo), b = graded(n, x.at.hi);
    return a < b ? INTERVAL(a, b) : INTERVAL(b, a);
}

static struct interval conclusion(const struct reader *r, const struct node *n)
{
    double threshold = r->o->kb->conclusions[n->ref].threshold;
    struct interval x = oracle_certainty(r->o, n->ref, r->subject);
    bool lo = oracle_reaches(x.lo, threshold), hi = oracle_reaches(x.hi, threshold);
    if (n->kind == NODE_PRESENT)
        return sure_or_not(lo, !hi);
    return INTERVAL(lo ? x.lo : 0, hi ? x.hi : 0);
}

/* Choices, ticks, texts, answered and unknown of one respondent. */
static struct interval said(const struct reader *r, const struct node *n)
{
    const struct column *column = &r->o->block->columns[n->ref];
    enum said said = oracle_said(r->o, n->ref, r->row);
    bool value = said == SAID_VALUE;
    switch (n->kind) {
    case NODE_CHOICE_IN: return in_choices(n, value ? column->code[r->row] : 0);
    case NODE_INCLUDES:
        if (!value)
            return MAYBE;
        return column->ticked[r->row] >> (n->code - 1) & 1 ? INTERVAL(1, 1) : INTERVAL(0, 0);
    case NODE_ANSWERED:
        if (said == SAID_TO_COME)
            return MAYBE;
        return value && column->code[r->row] != CODE_BLANK ? INTERVAL(1, 1) : INTERVAL(0, 0);
    case NODE_UNKNOWN:
        return said == SAID_TO_COME ? MAYBE : value ? INTERVAL(0, 0) : INTERVAL(1, 1);
    default: return oracle_said_text(r->o, n, r->row);
    }
}

static struct interval name(const struct reader *r, const struct node *n)
{
    struct text partner = r->o->block->partner_names[r->o->partner_from + r->subject];
    if (n->kind == NODE_PARTNER_MATCHES)
        return oracle_pattern(n->pattern, partner);
    return text_equal(partner, n->text) ? INTERVAL(1, 1) : INTERVAL(0, 0);
}

static struct interval leaf(const struct reader *r, const struct node *n)
{
    bool one = r->row != NONE;
    switch (n->kind) {
    case NODE_IN: return in_numbers(r, n);
    case NODE_CHOICE_IN:
        return one ? said(r, n) : in_choices(n, oracle_code(r->o, n->ref, r->subject));
    case NODE_INCLUDES:
        return one ? said(r, n) : oracle_includes(r->o, n->ref, n->code, r->subject);
    case NODE_MATCHES:
    case NODE_TEXT_IS: return one ? said(r, n) : oracle_text(r->o, n, r->subject);
    case NODE_ANSWERED: return one ? said(r, n) : oracle_answered(r->o, n->ref, r->subject);
    case NODE_UNKNOWN: return one ? said(r, n) : oracle_unknown(r->o, n->ref, r->subject);
    case NODE_DISAGREE: return oracle_disagree(r->o, n->ref);
    case NODE_PRESENT:
    case NODE_PREMISE: return conclusion(r, n);
    case NODE_PARTNER_IS:
    case NODE_PARTNER_MATCHES: return name(r, n);
    case NODE_GRADE: return grade(r, n);
    default: return compare(r, n);
    }
}

/* --- conditions ------------------------------------------------------------------------------- */

/* What the questions that a leaf reads leave of it (10, 11): the worst of them. For a respondent it
 * is the ask_if of their partner, and their own answer. */
static enum standing standing(const struct reader *r, const struct node *n)
{
    enum standing worst = STANDING_SURE;
    if (n->kind == NODE_GAP || n->kind == NODE_DISAGREE)
        return worst;
    if (reads_question(n)) {
        worst = oracle_standing(r->o, n->ref, r->subject);
        if (r->row != NONE && oracle_said(r->o, n->ref, r->row) == SAID_NA)
            worst = STANDING_OUT;
        if (r->row != NONE && oracle_said(r->o, n->ref, r->row) == SAID_TO_COME &&
            worst == STANDING_SURE) /* (11a) */
            worst = STANDING_UNSURE;
    }
    for (uint32_t i = 0; i < n->count; i++) {
        enum standing s = standing(r, n->args[i]);
        worst = s < worst ? s : worst;
    }
    return worst;
}

static struct interval leaf_strength(const struct reader *r, const struct node *n, bool under_not)
{
    struct interval x = {0, 0};
    if (reads_nothing(r->o, n))
        return x;
    enum standing s = standing(r, n);
    if (s == STANDING_OUT)
        return x;
    x = leaf(r, n);
    if (under_not)
        x = negated(x);
    if (s == STANDING_UNSURE)
        x.lo = 0;
    return x;
}

static void join(struct interval *x, struct interval other, bool highest)
{
    if ((other.lo > x->lo) == highest)
        x->lo = other.lo;
    if ((other.hi > x->hi) == highest)
        x->hi = other.hi;
}

static struct interval joined(const struct reader *r, const struct node *n, bool under_not)
{
    bool highest = (n->kind == NODE_OR) != under_not;
    struct interval x = highest ? INTERVAL(0, 0) : INTERVAL(1, 1);
    for (uint32_t i = 0; i < n->count; i++)
        join(&x, strength(r, n->args[i], under_not), highest);
    return x;
}

/* any and all say the same for every subject: so much is kept, or nests of them never end. */
static struct interval over_partners(const struct oracle *o, const struct node *n, bool under_not)
{
    bool highest = (n->kind == NODE_ANY) != under_not;
    struct interval x = highest ? INTERVAL(0, 0) : INTERVAL(1, 1);
    for (const struct kept *k = *o->kept; k; k = k->next)
        if (k->node == n && k->under_not == under_not)
            return k->strength;
    for (uint32_t p = 0; p < o->partners; p++) {
        struct reader partner = {o, p, NONE};
        join(&x, strength(&partner, n->args[0], under_not), highest);
    }
    struct kept *k = arena_alloc(o->arena, sizeof *k);
    if (!k)
        abort();
    *k = (struct kept){*o->kept, n, under_not, x};
    *o->kept = k;
    return x;
}

static struct interval strength(const struct reader *r, const struct node *n, bool under_not)
{
    if (is_leaf(n))
        return leaf_strength(r, n, under_not != n->negated);
    if (n->kind == NODE_NOT)
        return strength(r, n->args[0], !under_not);
    if (n->kind == NODE_ANY || n->kind == NODE_ALL)
        return over_partners(r->o, n, under_not);
    return joined(r, n, under_not);
}

struct interval oracle_strength(const struct oracle *o, const struct node *n, uint32_t subject)
{
    struct reader r = {o, subject, NONE};
    return strength(&r, n, false);
}
