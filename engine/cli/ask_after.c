/* In: a command that asks for an explanation. Out: it, about the answers so far. Next: ask_turn.c,
 * cmd_ask.c. The same explanations that `entente explain` gives. */
#include "cli/ask.h"

void ask_tell_problems(struct asking *a)
{
    struct entente_problems *fresh = a->talk.mute ? NULL : entente_problems_new();
    if (!fresh)
        return; /* told at the end */
    entente_problems_print(a->cli->problems, a->talk.color, talk_write, &a->talk);
    entente_problems_free(a->cli->problems);
    a->cli->problems = fresh;
}

/* Calls explain with the result and the rest of the line as a C string. */
static void with_result(struct asking *a, struct text rest,
                        bool (*explain)(struct asking *a, const struct entente_result *r,
                                        const char *rest))
{
    struct entente_result *r = ask_result(a);
    char *c = arena_try(&a->cli->arena, rest.size + 1);
    for (size_t i = 0; c && i < rest.size; i++)
        c[i] = rest.at[i];
    if (!r || (c && !explain(a, r, c)))
        ask_tell_problems(a);
    talk_wrap(&a->talk, "", 0);
    entente_result_free(r);
}

static bool how(struct asking *a, const struct entente_result *r, const char *rest)
{
    return entente_result_how(r, rest, false, talk_wrap, &a->talk, a->cli->problems);
}

static bool why_not(struct asking *a, const struct entente_result *r, const char *rest)
{
    return entente_result_why_not(r, rest, false, talk_wrap, &a->talk, a->cli->problems);
}

static bool what_if(struct asking *a, const struct entente_result *r, const char *rest)
{
    return entente_result_what_if(r, rest, false, talk_wrap, &a->talk, a->cli->problems);
}

static bool clear(struct asking *a, const struct entente_result *r, const char *rest)
{
    return entente_result_clear(r, rest, false, talk_wrap, &a->talk, a->cli->problems);
}

static bool plan(struct asking *a, const struct entente_result *r, const char *rest)
{
    (void)rest;
    return entente_result_ways(r, false, talk_wrap, &a->talk, a->cli->problems);
}

bool ask_explain(struct asking *a, struct text word, struct text rest)
{
    static const struct {
        const char *word;
        bool takes;
        bool (*explain)(struct asking *a, const struct entente_result *r, const char *rest);
    } WORDS[] = {{"how", true, how},
                 {"whynot", true, why_not},
                 {"whatif", true, what_if},
                 {"clear", true, clear},
                 {"plan", false, plan}};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (text_is(word, WORDS[i].word) && (rest.size > 0) == WORDS[i].takes) {
            with_result(a, rest, WORDS[i].explain);
            return true;
        }
    return false;
}
