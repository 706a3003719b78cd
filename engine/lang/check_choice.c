/* check_choice: comparisons of questions with choices, of texts and of the partner's name.
 * In: a comparison whose left side is one of these. Out: CHOICE_IN, INCLUDES, TEXT_IS, PARTNER_IS,
 * MATCHES. Next: check.c. The one idea: = != and in on choices are one thing, a set of codes. */
#include "lang/check.h"

#include "lang/pattern.h"

enum { CHOICES_NAMED = 8 }; /* in a help text */

static const struct text YES = {"yes", 3}, NO = {"no", 2};

static uint32_t choice_count(const struct name *name)
{
    return name->answer == KIND_YESNO ? 2 : name->choice_count;
}

static struct text choice_id(const struct name *name, uint32_t code)
{
    if (name->answer == KIND_YESNO)
        return code == YESNO_YES ? YES : NO;
    return name->choices[code - 1];
}

bool check_is_choice(const struct name *name, struct text id, uint32_t *code)
{
    for (*code = 1; *code <= choice_count(name); ++*code)
        if (text_equal(choice_id(name, *code), id))
            return true;
    return false;
}

/* "did you mean", else the choices there are. */
static void propose_choice(struct checker *k, const struct name *name, struct text written)
{
    struct context *c = k->context;
    struct problems *ps = c->problems;
    struct suggest nearest;
    uint32_t n = choice_count(name);
    if (context_is_full(c))
        return;
    suggest_init(&nearest, written);
    for (uint32_t code = 1; code <= n; code++)
        suggest_offer(&nearest, choice_id(name, code));
    const char *meant = word_translated(written);
    if (nearest.best.size == 0 && meant && name->answer == KIND_YESNO)
        nearest.best = text_from_c(meant);
    if (nearest.best.size) {
        problem_help(ps, problem_format(ps, "did you mean %s?", problem_quote(ps, nearest.best)));
        return;
    }
    const char *list = "";
    uint32_t named = n > CHOICES_NAMED ? CHOICES_NAMED : n;
    for (uint32_t code = 1; code <= named; code++)
        list = problem_format(ps, "%s%s%s", list, code == 1 ? "" : ", ",
                              context_plain(c, choice_id(name, code)));
    if (name->answer == KIND_YESNO)
        list = "yes and no";
    if (named < n)
        list = problem_format(ps, "%s and %s more", list, problem_count_text(ps, n - named));
    problem_help(ps, problem_format(ps, "its choices are %s", list));
}

/* The code of the choice written as `item`; 0 and a problem where it is none. */
static uint32_t check_choice(struct checker *k, const struct syntax *left, const struct meaning *l,
                             const struct syntax *item)
{
    struct context *c = k->context;
    uint32_t code;
    if (item->kind == SYNTAX_BAD)
        return 0;
    bool word = item->kind == SYNTAX_NAME || item->kind == SYNTAX_TEXT;
    if (word && check_is_choice(&l->name, item->text, &code))
        return code;
    struct meaning m = check_meaning(k, item);
    if (!word || m.kind == MEANS_NUMBER) {
        context_error(
            c, PROBLEM_CONDITION_MISMATCH, item->start, item->end, check_quote(k, left),
            check_described(l->kind),
            problem_format(c->problems, "%s is %s", check_quote(k, item), check_described(m.kind)));
        return 0;
    }
    context_error(c, PROBLEM_CHOICE_UNKNOWN, item->start, item->end, check_quote(k, left),
                  problem_quote(c->problems, item->text), NULL);
    propose_choice(k, &l->name, item->text);
    return 0;
}

static struct node *no_order(struct checker *k, const struct syntax *s, const struct meaning *l)
{
    struct context *c = k->context;
    const struct syntax *left = s->args[0];
    context_error(c, PROBLEM_CONDITION_ORDER, left->start, left->end, check_quote(k, left),
                  check_described(l->kind), NULL);
    problem_help(c->problems, "it is compared with =, != and in (...)");
    return NULL;
}

static struct node *new_choice_in(struct checker *k, const struct syntax *s,
                                  const struct name *name)
{
    struct node *n = check_new_node(k, NODE_CHOICE_IN, s, 0);
    n->ref = name->index;
    n->set_size = choice_count(name) + 1;
    n->yesno = name->answer == KIND_YESNO;
    n->set = arena_alloc(k->context->arena, n->set_size);
    return n;
}

struct node *check_choice_compare(struct checker *k, const struct syntax *s,
                                  const struct meaning *left)
{
    if (s->op != NODE_EQUAL && s->op != NODE_NOT_EQUAL)
        return no_order(k, s, left);
    uint32_t code = check_choice(k, s->args[0], left, s->args[1]);
    if (code == 0 || !check_readable(k, s->args[0], &left->name))
        return NULL;
    struct node *n = new_choice_in(k, s, &left->name);
    for (uint32_t i = 1; i < n->set_size; i++)
        n->set[i] = (i == code) == (s->op == NODE_EQUAL);
    return n;
}

struct node *check_choice_in(struct checker *k, const struct syntax *s, const struct meaning *left)
{
    struct context *c = k->context;
    bool whole = check_readable(k, s->args[0], &left->name);
    struct node *n = new_choice_in(k, s, &left->name);
    for (size_t i = 1; i < s->count; i++) {
        const struct syntax *item = s->args[i];
        uint32_t code = check_choice(k, s->args[0], left, item);
        whole = whole && code;
        if (code && n->set[code])
            context_warning(c, PROBLEM_CONDITION_TWICE, item->start, item->end,
                            check_quote(k, item), NULL, NULL);
        n->set[code] = code > 0;
    }
    return whole ? n : NULL;
}

/* partner is a fact, a text question is a question. */
static bool check_text_readable(struct checker *k, const struct syntax *left,
                                const struct meaning *l)
{
    return l->kind == MEANS_PARTNER ? check_fact(k, left, l->word)
                                    : check_readable(k, left, &l->name);
}

static bool check_literal(struct checker *k, const struct syntax *left, const struct meaning *l,
                          const struct syntax *item)
{
    struct context *c = k->context;
    struct meaning m = check_meaning(k, item);
    if (item->kind == SYNTAX_TEXT)
        return true;
    if (item->kind == SYNTAX_BAD)
        return false;
    if (item->kind == SYNTAX_NAME) {
        context_error(c, PROBLEM_CONDITION_NEEDED, item->start, item->end, check_quote(k, item),
                      check_described(m.kind), "a text between quotes");
        problem_help(c->problems,
                     problem_format(c->problems, "write \"%s\"", check_plain(k, item)));
        return false;
    }
    context_error(
        c, PROBLEM_CONDITION_MISMATCH, item->start, item->end, check_quote(k, left),
        check_described(l->kind),
        problem_format(c->problems, "%s is %s", check_quote(k, item), check_described(m.kind)));
    return false;
}

static struct node *new_text_is(struct checker *k, const struct syntax *s, const struct meaning *l,
                                const struct syntax *item)
{
    struct node *n =
        check_new_node(k, l->kind == MEANS_PARTNER ? NODE_PARTNER_IS : NODE_TEXT_IS, s, 0);
    n->ref = l->kind == MEANS_PARTNER ? 0 : l->name.index;
    n->text = pattern_fold(k->context->arena, item->text);
    return n;
}

struct node *check_text_compare(struct checker *k, const struct syntax *s,
                                const struct meaning *left)
{
    if (s->op != NODE_EQUAL && s->op != NODE_NOT_EQUAL)
        return no_order(k, s, left);
    bool literal = check_literal(k, s->args[0], left, s->args[1]);
    if (!check_text_readable(k, s->args[0], left) || !literal)
        return NULL;
    struct node *is = new_text_is(k, s, left, s->args[1]);
    if (s->op == NODE_EQUAL)
        return is;
    struct node *n = check_new_node(k, NODE_NOT, s, 1);
    n->args[0] = is;
    return n;
}

/* A list of texts is an `or` of equalities. */
struct node *check_text_in(struct checker *k, const struct syntax *s, const struct meaning *left)
{
    struct node **parts = arena_array(k->context->scratch, s->count, sizeof *parts);
    bool whole = check_text_readable(k, s->args[0], left);
    for (size_t i = 1; i < s->count; i++)
        if (check_literal(k, s->args[0], left, s->args[i]))
            parts[i - 1] = new_text_is(k, s, left, s->args[i]);
        else
            whole = false;
    return whole ? check_join(k, NODE_OR, s, parts, (uint32_t)(s->count - 1)) : NULL;
}

struct node *check_matches(struct checker *k, const struct syntax *s)
{
    struct meaning l = check_meaning(k, s->args[0]);
    if (l.kind != MEANS_WRITING && l.kind != MEANS_PARTNER)
        return check_needed(k, s->args[0], &l, "a text question");
    if (!check_text_readable(k, s->args[0], &l) || s->args[1]->compiled == NULL)
        return NULL;
    struct node *n =
        check_new_node(k, l.kind == MEANS_PARTNER ? NODE_PARTNER_MATCHES : NODE_MATCHES, s, 0);
    n->ref = l.kind == MEANS_PARTNER ? 0 : l.name.index;
    n->pattern = s->args[1]->compiled;
    return n;
}

struct node *check_includes(struct checker *k, const struct syntax *s)
{
    struct meaning l = check_meaning(k, s->args[0]);
    if (l.kind != MEANS_CHOICES) {
        check_needed(k, s->args[0], &l, "a question with several choices");
        if (l.kind == MEANS_CHOICE || l.kind == MEANS_YESNO)
            problem_help(k->context->problems,
                         problem_format(k->context->problems, "write %s = %s",
                                        check_plain(k, s->args[0]), check_plain(k, s->args[1])));
        return NULL;
    }
    uint32_t code = check_choice(k, s->args[0], &l, s->args[1]);
    if (!check_readable(k, s->args[0], &l.name) || code == 0)
        return NULL;
    struct node *n = check_new_node(k, NODE_INCLUDES, s, 0);
    n->ref = l.name.index;
    n->code = code;
    return n;
}
