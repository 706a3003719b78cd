/* diagnose: exports or answer sheets in, diagnoses out; or a look at how the export fits. */
#include "cli/cli.h"

#include <unistd.h>

/* --fit: a look before the run. */
static int fit(struct cli *cli)
{
    struct entente_input in = {0};
    uint64_t rejected = 0;
    if (cli->options.given[OPTION_REJECTS])
        return options_apart(cli, "--fit", "--rejects", "--fit names each value that does not fit"),
               EXIT_USAGE;
    if (!cli_input(cli, &in))
        return EXIT_USAGE;
    if (!out_open(cli))
        return cli_exit(cli);
    struct entente_kb *kb = cli_load_quietly(cli, cli_language(cli, true));
    if (kb)
        entente_fit(kb, &in, out_write, cli, &rejected, cli->problems);
    int code = out_end(cli, rejected ? EXIT_REJECTED : EXIT_DONE);
    entente_kb_free(kb);
    return code;
}

int cmd_diagnose(struct cli *cli)
{
    if (cli->options.arguments.count == 0 && (cli->stdin_closed || isatty(STDIN_FILENO)))
        return cli_usage(cli);
    return cli->options.given[OPTION_FIT] ? fit(cli) : cli_batch(cli, false);
}
