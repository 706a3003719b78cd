/* compare: an export with several waves, or one file a wave, in; what opened, closed, worsened and
 * eased, and what cannot be told, out. */
#include "cli/cli.h"

#include <unistd.h>

int cmd_compare(struct cli *cli)
{
    if (cli->options.arguments.count == 0 && (cli->stdin_closed || isatty(STDIN_FILENO)))
        return cli_usage(cli);
    return cli_batch(cli, true);
}
