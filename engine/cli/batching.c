/* batching: exports or answer sheets in, a report out: of every case, or of what changed between
 * waves. What can be wrong with options is said before anything is read; then the batch runs, and
 * what it was is told on standard error. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Sooner done again than gone on with; and no more often than a disk can bear. */
enum { CHECKPOINT_SECONDS = 5 };

struct batching {
    struct cli *cli;
    struct entente_batch batch;
    struct progress progress;
};

/* --- options --------------------------------------------------------------------------------- */

static const char *suffix_of(const char *path)
{
    const char *name = strrchr(path, '/'), *dot;
    name = name ? name + 1 : path;
    dot = strrchr(name, '.');
    return dot && dot != name ? dot : "";
}

static bool refuse_suffix(struct cli *cli, const char *suffix)
{
    struct buffer all;
    buffer_init(&all);
    for (int f = 0; f < ENTENTE_FORMAT_COUNT; f++) {
        buffer_c(&all, f ? ", " : "");
        buffer_c(&all, entente_format_name((enum entente_format)f));
    }
    problem_add(
        cli->usage, PROBLEM_OPTION_VALUE, SPAN_NONE, "--output",
        problem_format(cli->usage, "the suffix %s", problem_quote(cli->usage, text_from_c(suffix))),
        "that of a format");
    problem_help(cli->usage, problem_format(cli->usage, "say the format: --format with one of %.*s",
                                            (int)all.size, all.size ? all.at : ""));
    buffer_deinit(&all);
    return false;
}

static bool needs_csv(const struct options *o)
{
    return o->given[OPTION_COLUMNS] || o->given[OPTION_RAW_CSV] || o->given[OPTION_KEEP];
}

static bool read_format(struct cli *cli, enum entente_format *out)
{
    const struct options *o = &cli->options;
    const char *names[ENTENTE_FORMAT_COUNT + 1] = {NULL}, *file = o->value[OPTION_OUTPUT];
    bool to_screen = !file || strcmp(file, "-") == 0;
    for (int f = 0; f < ENTENTE_FORMAT_COUNT; f++)
        names[f] = entente_format_name((enum entente_format)f);
    if (o->given[OPTION_FORMAT]) {
        int f = option_word(cli, OPTION_FORMAT, names, -1);
        *out = f < 0 ? ENTENTE_CSV : (enum entente_format)f;
        return f >= 0;
    }
    if (to_screen)
        *out = !needs_csv(o) && isatty(STDOUT_FILENO) ? ENTENTE_TEXT : ENTENTE_CSV;
    else if (!suffix_of(file)[0])
        *out = ENTENTE_CSV;
    else if (!entente_format_of_file(file, out))
        return refuse_suffix(cli, suffix_of(file));
    return true;
}

/* Options that would change nothing are a misunderstanding. */
static bool check_format(struct cli *cli, enum entente_format format)
{
    static const enum option of_csv[] = {OPTION_COLUMNS, OPTION_RAW_CSV, OPTION_KEEP};
    static const char *const names[] = {"--columns", "--raw-csv", "--keep"};
    const struct options *o = &cli->options;
    const char *spelled = problem_format(cli->usage, "--format %s", entente_format_name(format));
    for (int i = 0; i < 3 && format != ENTENTE_CSV; i++)
        if (o->given[of_csv[i]])
            return options_apart(cli, names[i], spelled, "it is for --format csv");
    if (o->given[OPTION_FINDINGS] && format == ENTENTE_CSV)
        return options_apart(cli, "--findings", spelled, "it is for --format jsonl, text, md");
    if (o->given[OPTION_WHOLE_PLAN] && format != ENTENTE_TEXT && format != ENTENTE_MARKDOWN)
        return options_apart(cli, "--whole-plan", spelled, "it is for --format text, md");
    return true;
}

/* How often a run is noted, and whether one is gone on with. */
static bool read_resume(struct cli *cli, struct entente_batch *b)
{
    const struct options *o = &cli->options;
    const char *file = o->value[OPTION_OUTPUT], *every = o->value[OPTION_CHECKPOINT];
    bool never = o->given[OPTION_CHECKPOINT] && strcmp(every, "never") == 0;
    b->resume = o->given[OPTION_GO_ON];
    b->checkpoint = never ? 0 : CHECKPOINT_SECONDS;
    if (!never && !option_amount(cli, OPTION_CHECKPOINT, 0, 86400, NULL, &b->checkpoint))
        return false;
    if (!never && b->checkpoint == 0)
        b->checkpoint = 1e-9; /* after each piece of input */
    if (!b->resume || (file && strcmp(file, "-") != 0))
        return true;
    return options_apart(cli, "--resume", "a report on standard output",
                         "how far a run is stands beside its output: -o FILE");
}

static bool read_options(struct batching *d)
{
    static const char *const columns[] = {"summary", "bounds", "certainty", NULL};
    struct cli *cli = d->cli;
    const struct options *o = &cli->options;
    struct entente_batch *b = &d->batch;
    uint64_t jobs = 0, least = 1;
    int which = option_word(cli, OPTION_COLUMNS, columns, ENTENTE_SUMMARY);
    bool ok = cli_input(cli, &b->input) && which >= 0 && read_format(cli, &b->format) &&
              check_format(cli, b->format) &&
              option_number(cli, OPTION_JOBS, false, 1, LIMIT_JOBS, &jobs) &&
              option_amount(cli, OPTION_MAX_REJECTS, 0, 1e15, &b->max_rejects_share,
                            &b->max_rejects) &&
              option_number(cli, OPTION_MIN_RESPONDENTS, false, 1, MOST_RESPONDENTS, &least) &&
              read_resume(cli, b);
    b->min_respondents = (unsigned)least;
    b->limits_rejects = o->given[OPTION_MAX_REJECTS];
    b->columns = (enum entente_columns)which;
    b->jobs = (unsigned)jobs;
    b->output = o->value[OPTION_OUTPUT];
    b->rejects = o->value[OPTION_REJECTS];
    b->force = o->given[OPTION_FORCE];
    b->findings = o->given[OPTION_FINDINGS];
    b->raw_csv = o->given[OPTION_RAW_CSV];
    bool to_screen = !b->output || strcmp(b->output, "-") == 0;
    b->look.color =
        b->format == ENTENTE_TEXT &&
        (to_screen ? color_on(cli, STDOUT_FILENO)
                   : o->value[OPTION_COLOR] && strcmp(o->value[OPTION_COLOR], "always") == 0);
    b->look.whole_plan = o->given[OPTION_WHOLE_PLAN];
    b->look.width = to_screen ? terminal_width(STDOUT_FILENO) : 0;
    return ok;
}

/* --- the run --------------------------------------------------------------------------------- */

static void on_progress(void *ctx, const struct entente_progress *p)
{
    struct batching *d = ctx;
    progress_tell(&d->progress, p);
}

static bool on_stop(void *ctx)
{
    (void)ctx;
    return signals_seen() != 0;
}

static void tell(struct batching *d, const struct entente_summary *s, double seconds)
{
    const struct options *o = &d->cli->options;
    struct buffer b;
    if (o->given[OPTION_QUIET])
        return;
    buffer_init(&b);
    struct told how = {.seconds = seconds,
                       .min_respondents = d->batch.min_respondents,
                       .has_sides = d->batch.format != ENTENTE_CSV,
                       .has_rejects = d->batch.rejects != NULL,
                       .verbose = o->given[OPTION_VERBOSE]};
    summary_tell(s, &how, &b);
    err_buffer(&b);
}

static int run(struct batching *d, const struct entente_kb *kb)
{
    struct cli *cli = d->cli;
    bool shows = !cli->options.given[OPTION_QUIET] && isatty(STDERR_FILENO);
    struct entente_summary summary;
    d->batch.progress = on_progress;
    d->batch.stop = on_stop;
    d->batch.ctx = d;
    progress_start(&d->progress, shows);
    signals_defer(true);
    bool ok = entente_batch_run(kb, &d->batch, &summary, cli->problems);
    signals_defer(false);
    progress_clear(&d->progress);
    cli_show_problems(cli); /* notes on how the input was read stand before the summary */
    int code =
        ok ? (summary.rejected ? EXIT_REJECTED : EXIT_DONE) : entente_problems_exit(cli->problems);
    if (ok)
        tell(d, &summary, progress_seconds(&d->progress));
    else if (summary.closed_pipe)
        code = EXIT_CLOSED_PIPE;
    else if (signals_seen() && code == 0)
        code = 128 + signals_seen();
    entente_summary_deinit(&summary);
    return ok || code ? code : EXIT_BUG;
}

int cli_batch(struct cli *cli, bool compare)
{
    struct batching d = {.cli = cli, .batch = {.compare = compare}};
    if (!read_options(&d))
        return EXIT_USAGE;
    bool is_data = d.batch.format == ENTENTE_CSV || d.batch.format == ENTENTE_JSONL;
    struct entente_kb *kb = cli_load_quietly(cli, cli_language(cli, is_data));
    if (!kb)
        return cli_exit(cli);
    int code = run(&d, kb);
    entente_kb_free(kb);
    return code;
}
