/* check_name: what a part of a condition is, and how to say that something else was needed.
 * In: a name, or any other part. Out: its meaning; problems with help. Next: the other check_*.c.
 * The one idea: the kinds have the names a pack author uses, and help shows what could be written
 * instead with the author's own words. */
#include "lang/check.h"

#include <string.h>

static const char *const DESCRIBED[MEANS_COUNT] = {
    [MEANS_NOTHING] = "",
    [MEANS_UNKNOWN] = "a name",
    [MEANS_CONDITION] = "a condition",
    [MEANS_NUMBER] = "a number",
    [MEANS_YESNO] = "a yes/no question",
    [MEANS_CHOICE] = "a choice",
    [MEANS_CHOICES] = "a question with several choices",
    [MEANS_WRITING] = "a text",
    [MEANS_PARTNER] = "the partner's name",
    [MEANS_CONCLUSION] = "a conclusion",
    [MEANS_TEXT] = "a text",
    [MEANS_WORD] = "a choice",
    [MEANS_FUNCTION] = "a function",
};

const char *check_described(enum meaning_kind kind)
{
    return DESCRIBED[kind];
}

const char *check_quote(struct checker *k, const struct syntax *s)
{
    return context_quote(k->context, s->start, s->end);
}

const char *check_plain(struct checker *k, const struct syntax *s)
{
    return context_plain(k->context, context_slice(k->context, s->start, s->end));
}

static enum meaning_kind meaning_of_question(enum answer_kind kind)
{
    switch (kind) {
    case KIND_YESNO: return MEANS_YESNO;
    case KIND_ONE_OF: return MEANS_CHOICE;
    case KIND_MANY_OF: return MEANS_CHOICES;
    case KIND_TEXT: return MEANS_WRITING;
    default: return MEANS_NUMBER;
    }
}

static struct meaning meaning_of_word(const struct word *w)
{
    struct meaning m = {.word = w};
    switch (w->class) {
    case WORD_FACT: m.kind = w->node == NODE_PARTNER_IS ? MEANS_PARTNER : MEANS_NUMBER; break;
    case WORD_CHOICE: m.kind = MEANS_WORD; break;
    default: m.kind = MEANS_FUNCTION; break;
    }
    return m;
}

static struct meaning meaning_of_name(struct checker *k, const struct syntax *s)
{
    const struct names *names = k->context->names;
    struct meaning m = {.kind = MEANS_UNKNOWN};
    const struct word *w = word_find(s->text);
    if (w)
        return meaning_of_word(w);
    if (!names->find(names->ctx, s->text, &m.name))
        return m;
    m.kind = m.name.kind == NAME_CONCLUSION ? MEANS_CONCLUSION : meaning_of_question(m.name.answer);
    return m;
}

struct meaning check_meaning(struct checker *k, const struct syntax *s)
{
    struct meaning m = {.kind = MEANS_CONDITION};
    switch (s->kind) {
    case SYNTAX_BAD: m.kind = MEANS_NOTHING; break;
    case SYNTAX_NAME: return meaning_of_name(k, s);
    case SYNTAX_TEXT:
    case SYNTAX_PATTERN: m.kind = MEANS_TEXT; break;
    case SYNTAX_NUMBER:
    case SYNTAX_ARITHMETIC:
    case SYNTAX_NEGATE: m.kind = MEANS_NUMBER; break;
    case SYNTAX_CALL:
        m.word = word_find(s->text);
        if (m.word == NULL || m.word->class != WORD_FUNCTION)
            m.kind = MEANS_UNKNOWN;
        else if (node_type(m.word->node) == TYPE_NUMBER)
            m.kind = MEANS_NUMBER;
        break;
    default: break;
    }
    return m;
}

/* A value on the low side of a range, for examples. */
static double example_value(double lo, double hi)
{
    double x = lo + (hi - lo) / 4;
    double whole = (double)(int64_t)x;
    return x > -1e9 && x < 1e9 && whole > lo ? whole : x;
}

static bool is_part_of_one(const struct word *w)
{
    return w->node == NODE_SHARE || w->node == NODE_CERTAINTY || w->node == NODE_ANSWERED_SHARE ||
           w->node == NODE_STRAIGHT_LINED;
}

/* What could be written where a condition is needed. */
static void help_to_condition(struct checker *k, const struct syntax *s, const struct meaning *m)
{
    struct problems *ps = k->context->problems;
    const char *plain = check_plain(k, s);
    switch (m->kind) {
    case MEANS_NUMBER:
        if (s->kind == SYNTAX_NAME && m->word == NULL)
            problem_help(ps,
                         problem_format(ps, "compare it, for example %s <= %s", plain,
                                        problem_number(ps, example_value(m->name.lo, m->name.hi))));
        else if (m->word)
            problem_help(ps, problem_format(ps, "compare it, for example %s >= %s", plain,
                                            is_part_of_one(m->word) ? "0.5" : "1"));
        else if (s->kind != SYNTAX_NUMBER)
            problem_help(ps, "compare it with a number");
        break;
    case MEANS_CHOICE:
    case MEANS_CHOICES:
        if (m->name.choice_count)
            problem_help(ps, problem_format(ps,
                                            m->kind == MEANS_CHOICE
                                                ? "write, for example, %s = %s"
                                                : "write, for example, %s includes %s",
                                            plain, context_plain(k->context, m->name.choices[0])));
        break;
    case MEANS_WRITING:
        problem_help(ps, problem_format(ps, "write, for example, %s matches /delay/i", plain));
        break;
    case MEANS_PARTNER: problem_help(ps, "write, for example, partner = \"pme\""); break;
    default: break;
    }
}

static void help_to_number(struct checker *k, const struct syntax *s, const struct meaning *m)
{
    struct problems *ps = k->context->problems;
    if (m->kind == MEANS_CONCLUSION)
        problem_help(
            ps, problem_format(ps, "its certainty is written certainty(%s)", check_plain(k, s)));
    else if (m->kind == MEANS_YESNO)
        problem_help(
            ps, problem_format(ps, "write %s, or %s = no", check_plain(k, s), check_plain(k, s)));
    else if (m->kind == MEANS_CONDITION && s->kind != SYNTAX_CALL)
        problem_help(ps, "conditions are joined by 'and' and 'or'");
}

struct node *check_needed(struct checker *k, const struct syntax *s, const struct meaning *m,
                          const char *needed)
{
    if (m->kind == MEANS_NOTHING)
        return NULL;
    if (m->kind == MEANS_UNKNOWN && s->kind == SYNTAX_NAME)
        return check_unknown(k, s, PLACE_NAME);
    context_error(k->context, PROBLEM_CONDITION_NEEDED, s->start, s->end, check_quote(k, s),
                  check_described(m->kind), needed);
    if (m->kind == MEANS_FUNCTION)
        problem_help(k->context->problems,
                     problem_format(k->context->problems, "a function has brackets: %s(...)",
                                    check_plain(k, s)));
    else if (strcmp(needed, "a condition") == 0)
        help_to_condition(k, s, m);
    else if (strcmp(needed, "a number") == 0)
        help_to_number(k, s, m);
    return NULL;
}

struct node *check_unknown(struct checker *k, const struct syntax *s, enum word_place place)
{
    struct context *c = k->context;
    const char *meant = word_translated(s->text);
    context_error(c, PROBLEM_NAME_UNKNOWN, s->start, s->end, check_quote(k, s), NULL, NULL);
    if (!word_propose(c, s->text, place) && meant)
        problem_help(c->problems, problem_format(c->problems, "did you mean '%s'?", meant));
    return NULL;
}

bool check_readable(struct checker *k, const struct syntax *s, const struct name *name)
{
    struct context *c = k->context;
    if (k->scope != SCOPE_RESPONDENT)
        return true;
    if (name->kind == NAME_CONCLUSION) {
        context_error(c, PROBLEM_CONDITION_RESPONDENT, s->start, s->end,
                      problem_format(c->problems, "the conclusion %s", check_quote(k, s)),
                      k->inside, NULL);
        return false;
    }
    if (name->about_partnership) {
        context_error(c, PROBLEM_CONDITION_PARTNERSHIP, s->start, s->end, check_quote(k, s),
                      k->inside, NULL);
        problem_help(c->problems,
                     problem_format(c->problems, "put it outside %s, joined by 'and'", k->inside));
        return false;
    }
    return true;
}

bool check_fact(struct checker *k, const struct syntax *s, const struct word *w)
{
    struct context *c = k->context;
    if (k->scope == SCOPE_RESPONDENT) {
        context_error(c, PROBLEM_CONDITION_RESPONDENT, s->start, s->end, check_quote(k, s),
                      k->inside, NULL);
        return false;
    }
    if (w->node == NODE_PARTNER_IS && k->scope == SCOPE_PARTNERSHIP) {
        context_error(c, PROBLEM_CONDITION_PARTNER_ONLY, s->start, s->end, NULL, NULL, NULL);
        problem_help(c->problems, "write any(partner = \"...\" and ...)");
        return false;
    }
    return true;
}

bool check_comma(struct checker *k, const struct syntax *a, const struct syntax *b)
{
    struct problems *ps = k->context->problems;
    if (a->kind != SYNTAX_NUMBER || b->kind != SYNTAX_NUMBER || a->end + 1 != b->start ||
        !text_is(context_slice(k->context, a->end, b->start), ","))
        return false;
    problem_help(ps, problem_format(ps, "write %s.%s for %s,%s", check_plain(k, a),
                                    check_plain(k, b), check_plain(k, a), check_plain(k, b)));
    return true;
}

/* load-balanced, where load_balanced was meant. */
bool check_hyphenated(struct checker *k, const struct syntax *s)
{
    struct context *c = k->context;
    if (s->kind != SYNTAX_ARITHMETIC || s->op != NODE_SUBTRACT || s->args[0]->kind != SYNTAX_NAME ||
        s->args[1]->kind != SYNTAX_NAME || s->args[0]->end + 1 != s->args[1]->start ||
        s->end - s->start > LIMIT_ID)
        return false;
    char joined[LIMIT_ID];
    struct text written = context_slice(c, s->args[0]->start, s->args[1]->end);
    memcpy(joined, written.at, written.size);
    joined[s->args[0]->end - s->args[0]->start] = '_';
    struct text id = {joined, written.size};
    struct name name;
    if (!c->names->find(c->names->ctx, id, &name))
        return false;
    context_error(c, PROBLEM_NAME_UNKNOWN, s->start, s->end, check_quote(k, s), NULL, NULL);
    problem_help(c->problems,
                 problem_format(c->problems, "did you mean %s?", problem_quote(c->problems, id)));
    return true;
}
