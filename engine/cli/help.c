/* In: a command, or none. Out: its help page. Everything stands in commands.def and options.def. */
#include "cli/cli.h"

#include <string.h>

static void page_of_all(struct buffer *out)
{
    buffer_c(out,
             "Entente " ENTENTE_VERSION ": what goes wrong between partners, and what to do\n\n"
             "Usage: entente COMMAND [OPTION...] [ARGUMENT...]\n\nCommands:\n");
    for (size_t i = 0; command_at(i)->word; i++) {
        const struct command *c = command_at(i);
        buffer_c(out, "  ");
        buffer_c(out, c->word);
        buffer_repeat(out, ' ', 14 - strlen(c->word));
        buffer_c(out, c->help);
        buffer_byte(out, '\n');
    }
    buffer_c(out,
             "\nentente COMMAND --help says more about a command; entente --version prints the "
             "version.\n"
             "Installed packs are looked for in the folder that ENTENTE_RULES names.\n\n"
             "Exit codes: 0 done, 1 findings (check, test), 2 usage or a pack that does not "
             "load,\n3 done but rows were rejected, 4 input or output, 5 a limit or memory, "
             "70 a mistake in\nEntente, 141 the reader of the output went away.\n");
}

static void page_of(const struct command *c, struct buffer *out)
{
    buffer_c(out, "Usage: entente ");
    buffer_c(out, c->word);
    buffer_c(out, " [OPTION...] ");
    buffer_c(out, c->takes);
    buffer_c(out, "\n\n");
    buffer_byte(out, (char)(c->help[0] - 'a' + 'A')); /* a sentence: it begins with a capital */
    buffer_c(out, c->help + 1);
    buffer_c(out, ".\n");
    if (c->more[0]) {
        buffer_byte(out, '\n');
        buffer_c(out, c->more);
    }
    options_help(c, out);
}

static void page(const struct command *c, struct buffer *out)
{
    buffer_init(out);
    if (c)
        page_of(c, out);
    else
        page_of_all(out);
}

int cli_usage(struct cli *cli)
{
    struct buffer b;
    page(cli->command, &b);
    err_buffer(&b);
    return EXIT_USAGE;
}

int cli_help(struct cli *cli, const struct command *c)
{
    struct buffer b;
    page(c, &b);
    out_buffer(cli, &b);
    return out_end(cli, EXIT_DONE);
}

int cmd_help(struct cli *cli)
{
    const struct strings *words = &cli->options.arguments;
    const struct command *c = NULL;
    if (words->count > 1) {
        problem_add(cli->usage, PROBLEM_ARGUMENT_MORE, SPAN_NONE, "entente help", "one command",
                    problem_quote(cli->usage, text_from_c(words->at[1])));
        return EXIT_USAGE;
    }
    if (words->count == 1 && !(c = command_wanted(cli, words->at[0])))
        return EXIT_USAGE;
    return cli_help(cli, c);
}
