/* map: an export nobody has mapped in, a proposal of a mapping out. */
#include "cli/cli.h"

#include <unistd.h>

int cmd_map(struct cli *cli)
{
    const struct strings *files = &cli->options.arguments;
    struct entente_input in = {0};
    if (files->count == 0 && (cli->stdin_closed || isatty(STDIN_FILENO)))
        return cli_usage(cli);
    if (files->count > 1) {
        problem_add(cli->usage, PROBLEM_ARGUMENT_MORE, SPAN_NONE, "entente map", "one file",
                    problem_quote(cli->usage, text_from_c(files->at[1])));
        return EXIT_USAGE;
    }
    if (!cli_input(cli, &in))
        return EXIT_USAGE;
    if (!out_open(cli))
        return cli_exit(cli);
    struct entente_kb *kb = cli_load_quietly(cli, cli_language(cli, false));
    if (kb)
        entente_map_propose(kb, &in, out_write, cli, cli->problems);
    int code = out_end(cli, EXIT_DONE);
    entente_kb_free(kb);
    return code;
}
