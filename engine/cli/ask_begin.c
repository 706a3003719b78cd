/* In: options, sheets, what is typed. Out: an interview, new or gone on with, and where it is kept.
 * Next: cmd_ask.c. What an option says is not asked. */
#include "cli/ask.h"

#include <string.h>

static const char *const FORMS[] = {"long", "short", NULL};

static const char *chosen_title(struct asking *a)
{
    struct cli *cli = a->cli;
    const struct strings *words = &cli->options.arguments;
    struct text otherwise = say_text(a->talk.french, SAY_DEFAULT_TITLE);
    struct buffer prompt;
    if (cli->options.given[OPTION_TITLE])
        return cli->options.value[OPTION_TITLE];
    if (words->count)
        return words->at[0];
    if (a->talk.mute)
        return arena_c(&cli->arena, otherwise);
    buffer_init(&prompt);
    say_put(&prompt, a->talk.french, SAY_ASK_TITLE, otherwise, TEXT(""), TEXT(""));
    bool got = talk_ask(&a->talk, buffer_view(&prompt), &a->line);
    buffer_deinit(&prompt);
    struct text t = text_trim(buffer_view(&a->line));
    if (got && t.size && utf8_valid(t) == t.size)
        return arena_c(&cli->arena, t);
    return got ? arena_c(&cli->arena, otherwise) : NULL;
}

static bool ask_partners(struct asking *a, struct strings *out)
{
    struct arena *arena = &a->cli->arena;
    if (!talk_ask(&a->talk, say_text(a->talk.french, SAY_ASK_PARTNERS), &a->line))
        return false;
    struct text rest = arena_text(arena, buffer_view(&a->line));
    if (utf8_valid(rest) != rest.size)
        return true;
    while (rest.size) {
        size_t n = 0;
        while (n < rest.size && rest.at[n] != ',')
            n++;
        struct text name = text_trim((struct text){rest.at, n});
        rest = (struct text){rest.at + n + (n < rest.size), rest.size - n - (n < rest.size)};
        if (!name.size)
            continue;
        out->at = arena_grow(arena, out->at, out->count, &out->capacity, sizeof *out->at);
        out->at[out->count++] = arena_c(arena, name);
    }
    return true;
}

static bool read_people(struct text t, unsigned *out)
{
    double x;
    if (number_parse(t, &x) != NUMBER_OK || x < 1 || x > LIMIT_PEOPLE || x != (double)(unsigned)x)
        return false;
    *out = (unsigned)x;
    return true;
}

static bool ask_people(struct asking *a, const struct strings *partners, unsigned *people)
{
    for (size_t p = 0; p < partners->count; p++) {
        struct buffer prompt;
        bool got, right = false;
        people[p] = 1;
        do {
            buffer_init(&prompt);
            say_put(&prompt, a->talk.french, SAY_ASK_PEOPLE,
                    talk_visible(&a->scratch[0],
                                 (struct entente_text){partners->at[p], strlen(partners->at[p])}),
                    TEXT(""), TEXT(""));
            got = talk_ask(&a->talk, buffer_view(&prompt), &a->line);
            buffer_deinit(&prompt);
            struct text t = text_trim(buffer_view(&a->line));
            right = got && (t.size == 0 || read_people(t, &people[p]));
            if (got && !right)
                talk_say(&a->talk, SAY_NOT_PEOPLE, talk_number(&a->scratch[0], LIMIT_PEOPLE),
                         TEXT(""), TEXT(""));
        } while (got && !right);
        if (!got)
            return false;
    }
    return true;
}

static bool given_people(struct asking *a, size_t partners, unsigned *people)
{
    struct cli *cli = a->cli;
    const struct strings *given = &cli->options.list[OPTION_PEOPLE];
    if (given->count != 1 && given->count != partners) {
        problem_add(cli->usage, PROBLEM_INTERVIEW_PEOPLE, SPAN_NONE,
                    problem_count_text(cli->usage, partners),
                    problem_count_text(cli->usage, given->count), NULL);
        return false;
    }
    for (size_t p = 0; p < partners; p++) {
        struct text t = text_from_c(given->at[given->count == 1 ? 0 : p]);
        if (read_people(t, &people[p]))
            continue;
        problem_add(cli->usage, PROBLEM_OPTION_VALUE, SPAN_NONE, "--people",
                    problem_quote(cli->usage, t), "a number from 1 to 1000");
        return false;
    }
    return true;
}

/* --- nothing is asked ----------------------------------------------------------------------------
 */

bool ask_print_form(struct asking *a)
{
    static const char *const KINDS[] = {"csv", "yaml", "md", NULL};
    struct cli *cli = a->cli;
    const struct options *o = &cli->options;
    int kind = option_word(cli, OPTION_PRINT_FORM, KINDS, -1);
    const struct strings *partners = &o->list[OPTION_PARTNERS];
    unsigned people[LIMIT_PARTNERS] = {0};
    size_t count = partners->count < LIMIT_PARTNERS ? partners->count : LIMIT_PARTNERS;
    if (kind < 0 || (o->given[OPTION_PEOPLE] && !given_people(a, count ? count : 1, people)))
        return false;
    struct entente_interview_options form = {.title = chosen_title(a),
                                             .partners = partners->at,
                                             .people = o->given[OPTION_PEOPLE] ? people : NULL,
                                             .partner_count = count,
                                             .short_form =
                                                 option_word(cli, OPTION_FORM, FORMS, 0) == 1};
    return out_open(cli) && entente_blank_write(a->kb, (enum entente_blank)kind, &form, out_write,
                                                cli, cli->problems);
}

/* --- sheets ------------------------------------------------------------------------------------
 */

struct sheets {
    struct entente_case **cases;
    size_t count;
    struct strings partners;
    unsigned people[LIMIT_PARTNERS];
};

static bool load_sheets(struct asking *a, struct sheets *s)
{
    const struct strings *files = &a->cli->options.list[OPTION_ANSWERS];
    s->cases = arena_array(&a->cli->arena, files->count + 1, sizeof(void *));
    for (; s->count < files->count; s->count++) {
        struct entente_input in = {.files = &files->at[s->count], .file_count = 1};
        s->cases[s->count] = entente_case_load(a->kb, &in, NULL, a->cli->problems);
        if (!s->cases[s->count])
            return false;
    }
    return true;
}

/* The partners of all sheets, each with as many people as the sheet that has most of them. */
static void add_partners(struct asking *a, struct sheets *s)
{
    struct arena *arena = &a->cli->arena;
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < entente_case_partner_count(s->cases[i]); k++) {
            unsigned people;
            struct text name = inside(entente_case_partner(s->cases[i], k, &people));
            size_t at = 0;
            while (at < s->partners.count && !text_is(name, s->partners.at[at]))
                at++;
            if (at == LIMIT_PARTNERS)
                continue;
            if (at == s->partners.count) {
                s->partners.at = arena_grow(arena, s->partners.at, at, &s->partners.capacity,
                                            sizeof *s->partners.at);
                s->partners.at[s->partners.count++] = arena_c(arena, name);
            }
            s->people[at] = people > s->people[at] ? people : s->people[at];
        }
}

static bool take_sheets(struct asking *a, const struct sheets *s)
{
    bool ok = true;
    for (size_t i = 0; ok && i < s->count; i++)
        ok = entente_interview_take(a->iv, s->cases[i], a->cli->problems);
    return ok;
}

/* --- a new session, or an old one ------------------------------------------------------------- */

static bool open_session(struct asking *a, const char *title, const char *folder)
{
    struct cli *cli = a->cli;
    a->path = folder ? session_path(cli, folder, text_from_c(title)) : NULL;
    if (!a->path || !session_exists(a->path))
        return true;
    problem_add(cli->usage, PROBLEM_SESSION_EXISTS, SPAN_NONE,
                problem_quote(cli->usage, text_from_c(title)), NULL, NULL);
    problem_help(cli->usage, problem_format(cli->usage, "go on with it: entente ask --resume %s",
                                            problem_quote(cli->usage, text_from_c(title))));
    return false;
}

static bool name_people(struct asking *a, struct sheets *s)
{
    const struct options *o = &a->cli->options;
    if (o->list[OPTION_PARTNERS].count)
        s->partners = o->list[OPTION_PARTNERS];
    else if (s->count)
        add_partners(a, s);
    else if (!a->talk.mute && !ask_partners(a, &s->partners))
        return false;
    if (s->partners.count > LIMIT_PARTNERS)
        s->partners.count = LIMIT_PARTNERS;
    if (o->given[OPTION_PEOPLE])
        return given_people(a, s->partners.count ? s->partners.count : 1, s->people);
    if (o->list[OPTION_PARTNERS].count || s->count || a->talk.mute) {
        for (size_t p = 0; p < s->partners.count; p++)
            s->people[p] = s->people[p] ? s->people[p] : 1;
        if (s->count && o->list[OPTION_PARTNERS].count)
            add_partners(a, s);
        return true;
    }
    return ask_people(a, &s->partners, s->people);
}

bool ask_start(struct asking *a, const char *folder)
{
    struct cli *cli = a->cli;
    struct sheets *s = arena_alloc(&cli->arena, sizeof *s);
    bool short_form = option_word(cli, OPTION_FORM, FORMS, 0) == 1, ok = false;
    if (!a->talk.mute)
        talk_text(&a->talk, say_text(a->talk.french, SAY_WELCOME), 0, 0);
    const char *title = load_sheets(a, s) ? chosen_title(a) : NULL;
    if (title && open_session(a, title, folder) && name_people(a, s)) {
        struct entente_interview_options o = {.title = title,
                                              .partners = s->partners.at,
                                              .people = s->people,
                                              .partner_count = s->partners.count,
                                              .short_form = short_form,
                                              .all = cli->options.given[OPTION_ALL]};
        a->iv = entente_interview_new(a->kb, &o, cli->problems);
        ok = a->iv && take_sheets(a, s);
    }
    for (size_t i = 0; i < s->count; i++)
        entente_case_free(s->cases[i]);
    return ok;
}

bool ask_resume(struct asking *a, const char *folder)
{
    struct cli *cli = a->cli;
    struct sheets *s = arena_alloc(&cli->arena, sizeof *s);
    struct buffer *b = a->scratch, count;
    a->path = session_named(cli, folder, cli->options.arguments.at[0]);
    if (!a->path)
        return false;
    a->iv = entente_interview_load(a->kb, a->path, cli->problems);
    if (!a->iv || !load_sheets(a, s) || !take_sheets(a, s))
        return false;
    ask_tell_problems(a);
    size_t n = entente_interview_count(a->iv);
    entente_interview_go(a->iv, n);
    buffer_init(&count);
    say_put(&count, a->talk.french, n == 1 ? SAY_ONE_ANSWER : SAY_ANSWERS, talk_number(&b[0], n),
            TEXT(""), TEXT(""));
    talk_say(&a->talk, SAY_RESUMED, talk_visible(&b[1], entente_interview_title(a->iv)),
             buffer_view(&count), TEXT(""));
    buffer_deinit(&count);
    for (size_t i = 0; i < s->count; i++)
        entente_case_free(s->cases[i]);
    return true;
}

bool ask_form_fits(struct cli *cli)
{
    return option_word(cli, OPTION_FORM, FORMS, 0) >= 0;
}
