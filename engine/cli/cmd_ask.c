/* ask: an interview at the terminal, from a pipe or from sheets. In: options, lines. Out: answers
 * saved one by one, then the diagnosis. The frame is here; one question is ask_turn.c. */
#include "cli/ask.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool failed(const struct asking *a)
{
    return cli_has_error(a->cli);
}

/* --- ending ------------------------------------------------------------------------------------
 */

void ask_farewell(struct asking *a)
{
    struct buffer b, quoted, plain;
    if (!a->path)
        return;
    buffer_init(&b);
    buffer_init(&quoted);
    buffer_init(&plain);
    struct text title = talk_visible(&plain, entente_interview_title(a->iv));
    buffer_byte(&quoted, '\'');
    for (size_t i = 0; i < title.size; i++)
        if (title.at[i] == '\'')
            buffer_c(&quoted, "'\\''");
        else
            buffer_byte(&quoted, title.at[i]);
    buffer_byte(&quoted, '\'');
    say_put(&b, a->talk.french, SAY_SAVED, buffer_view(&quoted), TEXT(""), TEXT(""));
    buffer_byte(&b, '\n');
    a->farewell = arena_c(&a->cli->arena, buffer_view(&b));
    signals_farewell(a->farewell, a->talk.out);
    buffer_deinit(&b);
    buffer_deinit(&quoted);
    buffer_deinit(&plain);
}

static bool write_sheet(struct asking *a)
{
    struct cli *cli = a->cli;
    const char *file = cli->options.value[OPTION_ANSWER_SHEET];
    struct outfile *out =
        file ? outfile_new(file, cli->options.given[OPTION_FORCE], cli->usage) : NULL;
    struct cli other = {.out = out, .usage = cli->usage};
    if (!file)
        return true;
    if (out && entente_interview_sheet(a->iv, out_write, &other, cli->problems))
        return outfile_commit(out, cli->usage);
    outfile_free(out);
    return false;
}

/* text where nothing else is asked for: the report is for who was asked. */
static bool report_format(struct cli *cli, enum entente_format *out)
{
    const char *names[ENTENTE_FORMAT_COUNT + 1] = {NULL}, *file = cli->options.value[OPTION_OUTPUT];
    for (int f = 0; f < ENTENTE_FORMAT_COUNT; f++)
        names[f] = entente_format_name((enum entente_format)f);
    *out = ENTENTE_TEXT;
    if (cli->options.given[OPTION_FORMAT]) {
        int f = option_word(cli, OPTION_FORMAT, names, -1);
        *out = f < 0 ? ENTENTE_TEXT : (enum entente_format)f;
        return f >= 0;
    }
    if (file)
        entente_format_of_file(file, out);
    return true;
}

bool ask_report(struct asking *a, enum entente_format format, bool whole)
{
    const struct options *o = &a->cli->options;
    struct entente_look look = {.color = a->talk.color,
                                .whole_plan = whole || o->given[OPTION_WHOLE_PLAN],
                                .width = terminal_width(a->talk.out)};
    struct entente_result *r = ask_result(a);
    if (format == ENTENTE_TEXT && a->talk.plain)
        format = ENTENTE_MARKDOWN;
    bool ok = r && entente_result_write(r, format, &look, talk_write, &a->talk, a->cli->problems);
    entente_result_free(r);
    return ok;
}

/* To the file or the output that was asked for. */
static bool write_report(struct asking *a, enum entente_format format)
{
    struct cli *cli = a->cli;
    bool to_file = cli->options.given[OPTION_OUTPUT];
    struct entente_look look = {.color = !to_file && color_on(cli, STDOUT_FILENO),
                                .whole_plan = cli->options.given[OPTION_WHOLE_PLAN],
                                .width = to_file ? 0 : terminal_width(STDOUT_FILENO)};
    struct entente_result *r = ask_result(a);
    bool ok =
        r && out_open(cli) && entente_result_write(r, format, &look, out_write, cli, cli->problems);
    entente_result_free(r);
    return ok;
}

/* To the conversation, and where it was asked for, to a file. */
static bool report(struct asking *a, enum entente_format format)
{
    bool to_file = a->cli->options.given[OPTION_OUTPUT];
    if (!a->talk.mute && !ask_report(a, to_file ? ENTENTE_TEXT : format, false))
        return false;
    return !(a->talk.mute || to_file) || write_report(a, format);
}

/* --- the conversation --------------------------------------------------------------------------
 */

/* Questions until none is left. */
static enum after ask_all(struct asking *a)
{
    struct entente_asking q;
    enum after after = AFTER_AGAIN;
    while (after == AFTER_AGAIN && entente_interview_now(a->iv, &q, a->cli->problems))
        after = ask_turn(a, &q);
    return failed(a) ? AFTER_FAILED : after == AFTER_AGAIN ? AFTER_GO_ON : after;
}

/* A prompt that takes commands; Enter goes on where `enter`. */
static enum after ask_commands(struct asking *a, enum say prompt, bool enter)
{
    enum after after = AFTER_GO_ON;
    while (after == AFTER_GO_ON) {
        talk_line(&a->talk);
        if (!talk_ask(&a->talk, say_text(a->talk.french, prompt), &a->line))
            return AFTER_QUIT;
        struct text line = text_trim(buffer_view(&a->line));
        if (line.size == 0 && enter)
            return AFTER_GO_ON;
        if (line.size && !ask_command(a, line, &after))
            talk_say(&a->talk, SAY_NOT_COMMAND,
                     talk_visible(&a->scratch[0], (struct entente_text){line.at, line.size}),
                     TEXT(""), TEXT(""));
    }
    return after;
}

static size_t all_cells(struct asking *a)
{
    return entente_interview_put(a->iv);
}

/* Asks, lets everything be checked, says what it comes to; again where something was changed. */
static enum after converse(struct asking *a, enum entente_format format)
{
    for (;;) {
        enum after after = ask_all(a);
        if (after != AFTER_GO_ON)
            return after;
        talk_line(&a->talk);
        talk_say(&a->talk, SAY_DONE, talk_number(&a->scratch[0], entente_interview_count(a->iv)),
                 talk_number(&a->scratch[1], all_cells(a)), TEXT(""));
        after = ask_commands(a, SAY_CHECK, true);
        if (after == AFTER_AGAIN)
            continue;
        if (after == AFTER_QUIT && !a->talk.ended)
            return after;
        talk_line(&a->talk);
        if (!report(a, format))
            return AFTER_FAILED;
        after = ask_commands(a, SAY_AFTERWARDS, false);
        if (after != AFTER_AGAIN)
            return AFTER_GO_ON;
        if (!out_close(a->cli, false))
            return AFTER_FAILED;
    }
}

static int end(struct asking *a, enum after after)
{
    bool kept = after == AFTER_GO_ON && !failed(a);
    if (a->iv && !failed(a))
        kept &= write_sheet(a);
    if (a->unsaved)
        talk_text(&a->talk, say_text(a->talk.french, SAY_NOT_SAVED), 0, 0);
    else if (a->farewell)
        talk_raw(&a->talk, text_from_c(a->farewell));
    if (!kept)
        out_close(a->cli, false);
    return failed(a) ? cli_exit(a->cli) : out_end(a->cli, EXIT_DONE);
}

/* Nothing is asked: what the answers so far come to. */
static int tell_only(struct asking *a, enum entente_format format)
{
    struct entente_asking q;
    bool left = entente_interview_now(a->iv, &q, a->cli->problems);
    if (!failed(a) && report(a, format) && write_sheet(a) && left) {
        struct buffer b;
        buffer_init(&b);
        say_put(&b, a->talk.french, SAY_LEFT_OPEN, talk_number(&a->scratch[0], q.left), TEXT(""),
                TEXT(""));
        buffer_byte(&b, '\n');
        if (!a->cli->options.given[OPTION_QUIET])
            err_text(buffer_view(&b));
        buffer_deinit(&b);
        return out_end(a->cli, EXIT_FINDINGS);
    }
    return out_end(a->cli, EXIT_DONE);
}

static int run(struct asking *a, const char *folder)
{
    const struct options *o = &a->cli->options;
    enum entente_format format;
    if (o->given[OPTION_PRINT_FORM])
        return ask_print_form(a) ? out_end(a->cli, EXIT_DONE) : cli_exit(a->cli);
    bool ready = report_format(a->cli, &format);
    ready = ready && (o->given[OPTION_RESUME] ? ask_resume(a, folder) : ask_start(a, folder));
    ready = ready && (!o->given[OPTION_WHO] ||
                      entente_interview_only(a->iv, o->value[OPTION_WHO], a->cli->problems));
    if (!ready)
        return failed(a) ? cli_exit(a->cli) : EXIT_DONE; /* the input ended before the beginning */
    if (a->talk.mute)
        return tell_only(a, format);
    if (!ask_save(a))
        return cli_exit(a->cli);
    ask_farewell(a);
    talk_text(&a->talk, say_text(a->talk.french, SAY_HINT), 0, 0);
    return end(a, converse(a, format));
}

/* --- sessions ----------------------------------------------------------------------------------
 */

struct listing {
    struct cli *cli;
    struct buffer out;
    bool french;
    size_t count;
};

static void list_one(void *ctx, const char *path)
{
    struct listing *l = ctx;
    struct entente_session s;
    struct entente_problems *quiet = entente_problems_new();
    char digits[32];
    bool ok = quiet && entente_session_read(path, &s, quiet);
    l->count++;
    if (ok) {
        buffer_visible(&l->out, inside(s.title));
        buffer_c(&l->out, ": ");
        say_put(&l->out, l->french, s.answers == 1 ? SAY_ONE_ANSWER : SAY_ANSWERS,
                (struct text){digits, number_unsigned(digits, s.answers)}, TEXT(""), TEXT(""));
        buffer_c(&l->out, ", ");
        buffer_visible(&l->out, inside(s.pack));
    } else {
        buffer_visible(&l->out, text_from_c(path));
        buffer_c(&l->out, ": ");
        buffer_text(&l->out, say_text(l->french, SAY_SESSION_BROKEN));
    }
    buffer_byte(&l->out, '\n');
    if (quiet)
        entente_session_deinit(&s);
    entente_problems_free(quiet);
}

static int list_sessions(struct cli *cli, const char *folder, bool french)
{
    struct listing l = {.cli = cli, .french = french};
    buffer_init(&l.out);
    if (folder)
        sessions_each(cli, folder, list_one, &l);
    if (l.count == 0) {
        buffer_text(&l.out, say_text(french, SAY_SESSIONS_NONE));
        buffer_byte(&l.out, '\n');
    }
    out_buffer(cli, &l.out);
    return out_end(cli, EXIT_DONE);
}

static int forget(struct cli *cli, const char *folder, bool french)
{
    struct buffer b, visible;
    const char *title = cli->options.arguments.at[0];
    const char *path = session_named(cli, folder, title);
    if (!path || unlink(path) != 0) {
        if (path)
            problem_add(cli->usage, PROBLEM_CANNOT_WRITE, SPAN_NONE,
                        problem_quote(cli->usage, text_from_c(path)), "it cannot be removed", NULL);
        return cli_exit(cli);
    }
    buffer_init(&b);
    buffer_init(&visible);
    say_put(&b, french, SAY_FORGOTTEN,
            talk_visible(&visible, (struct entente_text){title, strlen(title)}), TEXT(""),
            TEXT(""));
    buffer_byte(&b, '\n');
    out_buffer(cli, &b);
    buffer_deinit(&visible);
    return out_end(cli, EXIT_DONE);
}

/* --- the command -------------------------------------------------------------------------------
 */

static bool options_fit(struct cli *cli)
{
    const struct options *o = &cli->options;
    if (!ask_form_fits(cli))
        return false;
    if (o->arguments.count > 1) {
        problem_add(cli->usage, PROBLEM_ARGUMENT_MORE, SPAN_NONE, "entente ask", "one title",
                    problem_quote(cli->usage, text_from_c(o->arguments.at[1])));
        return false;
    }
    if (o->given[OPTION_RESUME] && o->given[OPTION_FORGET])
        return options_apart(cli, "--resume", "--forget", "leave one of them out");
    if (o->given[OPTION_FORGET] && o->arguments.count == 0) {
        problem_add(cli->usage, PROBLEM_ARGUMENT_MISSING, SPAN_NONE, "entente ask --forget",
                    "the title of a session", NULL);
        return false;
    }
    return true;
}

struct command_run {
    struct cli *cli;
    int code;
};

static void run_command(void *ctx)
{
    struct command_run *c = ctx;
    struct cli *cli = c->cli;
    const struct options *o = &cli->options;
    const char *language = cli_language(cli, false);
    bool french = language && strcmp(language, "fr") == 0;
    bool mute =
        (o->given[OPTION_NO_INPUT] && !o->given[OPTION_RESUME]) || o->given[OPTION_PRINT_FORM];
    c->code = EXIT_USAGE;
    if (!options_fit(cli))
        return;
    const char *folder = mute ? NULL : sessions_folder(cli);
    if (o->given[OPTION_RESUME] && o->arguments.count == 0) {
        c->code = list_sessions(cli, folder, french);
        return;
    }
    if (o->given[OPTION_FORGET]) {
        c->code = forget(cli, folder, french);
        return;
    }
    struct asking a = {.cli = cli};
    buffer_init(&a.line);
    for (int i = 0; i < 3; i++)
        buffer_init(&a.scratch[i]);
    a.kb = cli_load_quietly(cli, language);
    if (a.kb) {
        struct entente_text got = entente_kb_language(a.kb);
        french = text_starts(inside(got), "fr");
    }
    if (a.kb && talk_start(&a.talk, cli, french, o->given[OPTION_ACCESSIBLE])) {
        c->code = run(&a, folder);
    } else {
        if (a.kb)
            problem_add(cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        c->code = cli_exit(cli);
    }
    talk_end(&a.talk);
    entente_interview_free(a.iv);
    entente_kb_free(a.kb);
    buffer_deinit(&a.line);
    for (int i = 0; i < 3; i++)
        buffer_deinit(&a.scratch[i]);
}

int cmd_ask(struct cli *cli)
{
    struct command_run c = {.cli = cli};
    if (arena_run(&cli->arena, run_command, &c))
        return c.code;
    problem_add(cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    return EXIT_LIMIT;
}
