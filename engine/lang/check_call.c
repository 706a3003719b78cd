/* check_call: functions and their arguments.
 * In: a call as written. Out: its node, with its range. Next: check.c.
 * The one idea: words.def says what every function takes, so a new one needs no code here unless
 * it takes something new. */
#include "lang/check.h"

static const char *const TAKES[] = {
    [ARGUMENT_NONE] = "nothing",
    [ARGUMENT_ANSWERS] = "the id of a question",
    [ARGUMENT_MEASURE] = "the id of a scale or number question",
    [ARGUMENT_VARIED] = "the id of a scale, number, yes/no or one-of question",
    [ARGUMENT_CONCLUSION] = "the id of a conclusion",
    [ARGUMENT_RESPONDENT] = "a condition about one respondent",
    [ARGUMENT_PARTNER] = "a condition about one partner",
    [ARGUMENT_GRADED] = "a number and two plain numbers",
};

static struct node *no_function(struct checker *k, const struct syntax *s)
{
    struct context *c = k->context;
    const char *quoted = problem_quote(c->problems, s->text);
    const char *meant = word_translated(s->text);
    const struct word *w = word_find(s->text);
    struct name name;
    context_error(c, PROBLEM_FUNCTION_UNKNOWN, s->start, s->start + s->text.size, quoted, NULL,
                  NULL);
    if (w && w->class == WORD_FACT)
        problem_help(c->problems,
                     problem_format(c->problems, "%s is written without brackets", quoted));
    else if (c->names->find(c->names->ctx, s->text, &name))
        problem_help(c->problems,
                     problem_format(c->problems, "%s is a %s; it is written without brackets",
                                    quoted,
                                    name.kind == NAME_QUESTION ? "question" : "conclusion"));
    else if (meant && word_find(text_from_c(meant)))
        problem_help(c->problems, problem_format(c->problems, "did you mean '%s'?", meant));
    else
        word_propose(c, s->text, PLACE_FUNCTION);
    return NULL;
}

static bool check_count(struct checker *k, const struct syntax *s, const struct word *w)
{
    struct context *c = k->context;
    size_t wanted = w->argument == ARGUMENT_GRADED ? 3 : 1;
    if (s->count == wanted)
        return true;
    context_error(c, PROBLEM_CONDITION_ARGUMENTS, s->start, s->end,
                  problem_quote(c->problems, s->text), TAKES[w->argument],
                  s->count == 0   ? "nothing"
                  : s->count == 1 ? "one thing"
                                  : problem_format(c->problems, "%s things",
                                                   problem_count_text(c->problems, s->count)));
    for (size_t i = 1; i < s->count && !check_comma(k, s->args[i - 1], s->args[i]); i++)
        continue;
    return false;
}

static bool fits(enum argument argument, const struct meaning *m)
{
    bool question = m->kind == MEANS_YESNO || m->kind == MEANS_CHOICE || m->kind == MEANS_CHOICES ||
                    m->kind == MEANS_WRITING || (m->kind == MEANS_NUMBER && m->word == NULL);
    switch (argument) {
    case ARGUMENT_ANSWERS: return question;
    case ARGUMENT_MEASURE: return m->kind == MEANS_NUMBER && m->word == NULL;
    case ARGUMENT_VARIED: return question && m->kind != MEANS_CHOICES && m->kind != MEANS_WRITING;
    case ARGUMENT_CONCLUSION: return m->kind == MEANS_CONCLUSION;
    default: return false;
    }
}

/* An argument that is an id. */
static bool check_id(struct checker *k, const struct syntax *s, const struct word *w,
                     struct meaning *m)
{
    struct context *c = k->context;
    const struct syntax *arg = s->args[0];
    *m = check_meaning(k, arg);
    if (m->kind == MEANS_NOTHING)
        return false;
    if (m->kind == MEANS_UNKNOWN && arg->kind == SYNTAX_NAME) {
        check_unknown(k, arg,
                      w->argument == ARGUMENT_CONCLUSION ? PLACE_CONCLUSION : PLACE_QUESTION);
        return false;
    }
    if (arg->kind != SYNTAX_NAME || !fits(w->argument, m)) {
        bool calculated = arg->kind == SYNTAX_ARITHMETIC || arg->kind == SYNTAX_NEGATE;
        context_error(c, PROBLEM_CONDITION_ARGUMENT, arg->start, arg->end,
                      problem_quote(c->problems, s->text), TAKES[w->argument],
                      problem_format(c->problems, "%s is %s", check_quote(k, arg),
                                     calculated ? "a calculation" : check_described(m->kind)));
        return false;
    }
    if (m->name.kind == NAME_QUESTION && m->name.about_partnership &&
        w->argument != ARGUMENT_ANSWERS) {
        context_error(c, PROBLEM_CONDITION_PARTNERSHIP, arg->start, arg->end, check_quote(k, arg),
                      problem_quote(c->problems, s->text), NULL);
        problem_help(c->problems, problem_format(c->problems,
                                                 "it has one value: compare %s as it "
                                                 "stands",
                                                 check_quote(k, arg)));
        return false;
    }
    return check_readable(k, arg, &m->name);
}

static struct node *check_about(struct checker *k, const struct syntax *s, const struct word *w)
{
    struct meaning m;
    if (!check_id(k, s, w, &m))
        return NULL;
    struct node *n = check_new_node(k, w->node, s, 0);
    n->ref = m.name.index;
    if (w->node == NODE_CERTAINTY) {
        n->lo = -1;
        n->hi = 1;
    } else if (w->node == NODE_SPREAD || w->node == NODE_GAP) {
        n->hi = m.name.hi - m.name.lo;
    } else if (w->argument == ARGUMENT_MEASURE) {
        n->lo = m.name.lo;
        n->hi = m.name.hi;
    }
    return n;
}

/* count, share, any, all: the condition inside has a scope of its own. */
static struct node *check_over(struct checker *k, const struct syntax *s, const struct word *w)
{
    struct checker inner = {.context = k->context, .scope = SCOPE_PARTNER, .inside = k->inside};
    if (w->argument == ARGUMENT_RESPONDENT) {
        inner.scope = SCOPE_RESPONDENT;
        inner.inside = w->spelling;
    }
    struct node *condition = check_condition(&inner, s->args[0]);
    if (condition == NULL)
        return NULL;
    struct node *n = check_new_node(k, w->node, s, 1);
    n->args[0] = condition;
    if (w->node == NODE_COUNT)
        n->hi = RANGE_OPEN;
    else if (w->node == NODE_SHARE)
        n->hi = 1;
    return n;
}

/* Both ends on one side of the range, or at its end: the strength is the same for every answer. */
static bool check_grade_range(struct checker *k, const struct syntax *s, const struct node *x,
                              double a, double b)
{
    bool below = a < x->lo && b<x->lo, above = a> x->hi && b > x->hi;
    if (range_is_constant(x) || (!below && !above))
        return true;
    return range_check_constant(k, x, s->args[0], a, s->args[1]);
}

static struct node *check_grade(struct checker *k, const struct syntax *s)
{
    struct context *c = k->context;
    struct node *x = check_number(k, s->args[0]);
    bool whole = x != NULL;
    for (size_t i = 1; i < 3; i++) {
        const struct syntax *arg = s->args[i];
        if (arg->kind == SYNTAX_NUMBER || arg->kind == SYNTAX_BAD)
            continue;
        struct meaning m = check_meaning(k, arg);
        if (m.kind == MEANS_UNKNOWN && arg->kind == SYNTAX_NAME)
            check_unknown(k, arg, PLACE_NAME);
        else
            context_error(c, PROBLEM_CONDITION_CONSTANT, arg->start, arg->end, check_quote(k, arg),
                          NULL, NULL);
        whole = false;
    }
    if (!whole || s->args[1]->kind == SYNTAX_BAD || s->args[2]->kind == SYNTAX_BAD)
        return NULL;
    double a = s->args[1]->number, b = s->args[2]->number;
    if (a == b) {
        context_error(c, PROBLEM_CONDITION_GRADE, s->args[1]->start, s->args[2]->end,
                      problem_number(c->problems, a), NULL, NULL);
        return NULL;
    }
    if (!check_grade_range(k, s, x, a, b))
        return NULL;
    struct node *n = check_new_node(k, NODE_GRADE, s, 1);
    n->args[0] = x;
    n->lo = a;
    n->hi = b;
    return n;
}

struct node *check_call(struct checker *k, const struct syntax *s)
{
    struct context *c = k->context;
    const struct word *w = word_find(s->text);
    if (w == NULL || w->class != WORD_FUNCTION)
        return no_function(k, s);
    if (k->scope == SCOPE_RESPONDENT && w->argument != ARGUMENT_ANSWERS) {
        context_error(c, PROBLEM_CONDITION_RESPONDENT, s->start, s->end,
                      problem_quote(c->problems, s->text), k->inside, NULL);
        return NULL;
    }
    if (!check_count(k, s, w))
        return NULL;
    switch (w->argument) {
    case ARGUMENT_RESPONDENT:
    case ARGUMENT_PARTNER: return check_over(k, s, w);
    case ARGUMENT_GRADED: return check_grade(k, s);
    default: return check_about(k, s, w);
    }
}
