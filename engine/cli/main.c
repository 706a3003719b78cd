/* In: the arguments of the process. Out: its exit code. The frame around every command: descriptors
 * and signals first, then the command, then what is wrong on standard error, then everything is
 * given back. */
#include "cli/cli.h"

#include <string.h>

static const struct command COMMANDS[] = {
#define COMMAND(name, word, function, letter, takes, help, more) \
    {word, function, letter, takes, help, more},
#include "cli/commands.def"
#undef COMMAND
    {NULL, NULL, '\0', NULL, NULL, NULL},
};

const struct command *command_at(size_t i)
{
    return &COMMANDS[i];
}

const struct command *command_wanted(struct cli *cli, const char *word)
{
    struct suggest near;
    suggest_init(&near, text_from_c(word));
    for (const struct command *c = COMMANDS; c->word; c++) {
        if (strcmp(c->word, word) == 0)
            return c;
        suggest_offer(&near, text_from_c(c->word));
    }
    problem_add(cli->usage, PROBLEM_COMMAND_UNKNOWN, SPAN_NONE,
                problem_quote(cli->usage, text_from_c(word)), NULL, NULL);
    struct buffer all;
    buffer_init(&all);
    for (const struct command *c = COMMANDS; c->word; c++) {
        buffer_c(&all, c == COMMANDS ? "" : ", ");
        buffer_c(&all, c->word);
    }
    problem_help(cli->usage, near.best.size
                                 ? problem_format(cli->usage, "did you mean %.*s?",
                                                  (int)near.best.size, near.best.at)
                                 : problem_format(cli->usage, "the commands are %.*s",
                                                  (int)all.size, all.size ? all.at : ""));
    buffer_deinit(&all);
    return NULL;
}

static int say_version(struct cli *cli)
{
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, "entente ");
    buffer_c(&b, entente_version());
    buffer_byte(&b, '\n');
    out_buffer(cli, &b);
    return out_end(cli, EXIT_DONE);
}

struct start {
    struct cli *cli;
    int count;
    char **arguments;
    int code;
    bool go_on;
};

/* Without a command: --help, --version, or a mistake. */
static void start_alone(struct start *s)
{
    struct cli *cli = s->cli;
    const char *word = s->count > 1 ? s->arguments[1] : "";
    s->code = EXIT_USAGE;
    if (s->count < 2)
        cli_usage(cli);
    else if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
        s->code = cli_help(cli, NULL);
    else if (strcmp(word, "--version") == 0)
        s->code = say_version(cli);
    else if (word[0] == '-') {
        problem_add(cli->usage, PROBLEM_OPTION_UNKNOWN, SPAN_NONE,
                    problem_quote(cli->usage, text_from_c(word)), "entente", NULL);
        problem_help(cli->usage, "options stand behind the command: entente COMMAND --option");
    } else {
        command_wanted(cli, word);
    }
}

static void start(void *ctx)
{
    struct start *s = ctx;
    struct cli *cli = s->cli;
    for (const struct command *c = COMMANDS; c->word && s->count > 1; c++)
        if (strcmp(c->word, s->arguments[1]) == 0)
            cli->command = c;
    if (!cli->command) {
        start_alone(s);
        return;
    }
    s->code = EXIT_USAGE;
    if (!options_parse(cli, s->count - 2, s->arguments + 2))
        return;
    if (cli->options.given[OPTION_HELP])
        s->code = cli_help(cli, cli->command);
    else if (cli->options.given[OPTION_VERSION])
        s->code = say_version(cli);
    else
        s->go_on = true;
}

static int run(struct cli *cli, int count, char **arguments)
{
    struct start s = {.cli = cli, .count = count, .arguments = arguments};
    if (!arena_run(&cli->arena, start, &s)) {
        problem_add(cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return EXIT_LIMIT;
    }
    return s.go_on ? cli->command->run(cli) : s.code;
}

int main(int count, char **arguments)
{
    struct cli cli = {0};
    cli.stdin_closed = !descriptors_open();
    signals_install();
    arena_init(&cli.arena, 0);
    cli.usage = problems_new();
    cli.problems = entente_problems_new();
    int code = EXIT_LIMIT;
    if (cli.usage && cli.problems) {
        code = run(&cli, count, arguments);
        cli_show_problems(&cli);
    } else {
        err_text(TEXT("error[E0001]: there is not enough memory to go on\n"));
    }
    outfile_free(cli.out);
    problems_free(cli.usage);
    entente_problems_free(cli.problems);
    arena_deinit(&cli.arena);
    return code;
}
