/* In: a command that asks for an explanation, or for a file. Out: it, about the answers so far.
 * Next: ask_turn.c, cmd_ask.c. The same explanations that `entente explain` gives. */
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

/* --- files -------------------------------------------------------------------------------------
 */

/* The answers where the suffix is a sheet's, else the diagnosis. */
static bool write_into(struct asking *a, struct outfile *out, bool sheet,
                       enum entente_format format, struct problems *problems)
{
    struct cli to = {.out = out, .usage = problems};
    struct entente_look look = {.whole_plan = a->cli->options.given[OPTION_WHOLE_PLAN]};
    if (sheet)
        return entente_interview_sheet(a->iv, out_write, &to, a->cli->problems);
    struct entente_result *r = ask_result(a);
    bool ok = r && entente_result_write(r, format, &look, out_write, &to, a->cli->problems);
    entente_result_free(r);
    return ok;
}

void ask_write(struct asking *a, struct text path)
{
    struct problems *problems = problems_new();
    struct buffer said;
    enum entente_format format = ENTENTE_TEXT;
    const char *file = arena_c(&a->cli->arena, path);
    bool sheet = text_ends(path, ".yaml") || text_ends(path, ".yml");
    if (!problems)
        return;
    buffer_init(&said);
    if (!sheet && !entente_format_of_file(file, &format)) {
        talk_text(&a->talk, say_text(a->talk.french, SAY_WRITE_WHAT), 0, 0);
    } else {
        bool force = a->cli->options.given[OPTION_FORCE];
        struct outfile *out = outfile_new(file, force, problems);
        bool ok = out && write_into(a, out, sheet, format, problems);
        if (ok && outfile_commit(out, problems))
            talk_say(&a->talk, SAY_WRITTEN,
                     talk_visible(&a->scratch[0], (struct entente_text){path.at, path.size}),
                     TEXT(""), TEXT(""));
        else if (out && !ok)
            outfile_free(out);
        ask_tell_problems(a);
        problems_print(problems, a->talk.color, &said);
        talk_raw(&a->talk, buffer_view(&said));
    }
    buffer_deinit(&said);
    problems_free(problems);
}

/* --- explanations ------------------------------------------------------------------------------
 */

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
