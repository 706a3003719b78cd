/* In: texts. Out: standard error, standard output or the file of -o. Nothing here looks at what it
 * writes: who makes a text makes user data visible (buffer_visible). */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void err_text(struct text t)
{
    while (t.size > 0) {
        ssize_t n = write(STDERR_FILENO, t.at, t.size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* nobody to tell */
        t.at += n;
        t.size -= (size_t)n;
    }
}

void err_buffer(struct buffer *b)
{
    err_text(buffer_view(b));
    buffer_deinit(b);
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && value[0];
}

bool color_on(const struct cli *cli, int descriptor)
{
    const char *when = cli->options.value[OPTION_COLOR];
    const char *terminal = getenv("TERM");
    if (when && strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    return isatty(descriptor) && !is_set("NO_COLOR") && terminal && terminal[0] &&
           strcmp(terminal, "dumb") != 0;
}

unsigned terminal_width(int descriptor)
{
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

bool out_open(struct cli *cli)
{
    const struct options *o = &cli->options;
    if (!cli->out)
        cli->out = outfile_new(o->value[OPTION_OUTPUT], o->given[OPTION_FORCE], cli->usage);
    return cli->out != NULL;
}

bool out_write(void *ctx, const char *at, size_t size)
{
    struct cli *cli = ctx;
    if (!out_open(cli) || cli->wrote_badly)
        return false;
    if (outfile_write(cli->out, (struct text){at, size}, cli->usage))
        return true;
    cli->wrote_badly = true;
    cli->closed_pipe = outfile_is_closed_pipe(cli->out);
    return false;
}

bool out_buffer(struct cli *cli, struct buffer *b)
{
    bool ok = !b->failed;
    if (!ok)
        problem_add(cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    ok = ok && (b->size == 0 || out_write(cli, b->at, b->size));
    buffer_deinit(b);
    return ok;
}

bool out_close(struct cli *cli, bool keep)
{
    struct outfile *out = cli->out;
    cli->out = NULL;
    if (keep && out && !cli->wrote_badly)
        return outfile_commit(out, cli->usage);
    outfile_free(out);
    return !cli->wrote_badly;
}

int out_end(struct cli *cli, int code)
{
    bool ok = out_close(cli, true);
    if (cli->closed_pipe)
        return EXIT_CLOSED_PIPE;
    if (cli_has_error(cli))
        return cli_exit(cli);
    return ok ? code : EXIT_IO;
}
