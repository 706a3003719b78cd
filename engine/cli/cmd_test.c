/* test: runs the tests of packs, each pack with what it extends; with --coverage, tells what they
 * do not reach. */
#include "cli/cli.h"

struct testing {
    struct cli *cli;
    bool json, coverage;
    size_t done, passed, failed;
    struct entente_coverage_counts reached; /* of all packs */
};

static void add(struct entente_coverage_counts *to, struct entente_coverage_counts n)
{
    to->rules += n.rules;
    to->fired += n.fired;
    to->silent += n.silent;
    to->diagnoses += n.diagnoses;
    to->present += n.present;
    to->absent += n.absent;
}

static bool run(struct testing *t, const struct entente_kb *kb, struct entente_coverage *coverage,
                struct entente_test_counts *counts)
{
    struct cli *cli = t->cli;
    bool ok = entente_kb_test(kb, t->json, coverage, out_write, cli, counts, cli->problems);
    if (!ok || !coverage || counts->passed + counts->failed == 0)
        return ok;
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, t->json ? ",\n \"coverage\":" : "");
    add(&t->reached, entente_coverage_counts(coverage));
    return out_buffer(cli, &b) &&
           entente_coverage_write(coverage, t->json, out_write, cli, cli->problems);
}

static bool test_kb(struct testing *t, const struct entente_kb *kb, const char *name)
{
    struct cli *cli = t->cli;
    struct entente_test_counts counts;
    struct entente_coverage *coverage =
        t->coverage ? entente_coverage_new(kb, cli->problems) : NULL;
    struct buffer b;
    buffer_init(&b);
    if (t->json) {
        buffer_c(&b, t->done ? ",\n{\"pack\":" : "{\"pack\":");
        buffer_json(&b, text_from_c(name));
        buffer_c(&b, ",\"tests\":");
    }
    bool ok = out_buffer(cli, &b) && (coverage || !t->coverage) && run(t, kb, coverage, &counts) &&
              (!t->json || out_write(cli, "}", 1));
    entente_coverage_free(coverage);
    if (ok) {
        t->passed += counts.passed;
        t->failed += counts.failed;
    }
    if (ok && counts.passed + counts.failed == 0) {
        problem_add(cli->usage, PROBLEM_TESTS_NONE, SPAN_NONE,
                    problem_quote(cli->usage, text_from_c(name)), NULL, NULL);
        ok = false;
    }
    t->done++;
    return ok;
}

/* pack NULL: those of --pack, together. */
static bool test(struct testing *t, const char *pack, const char *name)
{
    struct cli *cli = t->cli;
    struct entente_kb *kb =
        cli_load(cli, pack, true, false, cli_language(cli, t->json), cli->problems);
    bool ok = kb && test_kb(t, kb, name);
    entente_kb_free(kb);
    return ok;
}

static void put(struct buffer *b, const char *before, size_t n)
{
    buffer_c(b, before);
    buffer_unsigned(b, n);
}

static void tell_reached(struct buffer *b, const struct entente_coverage_counts *n)
{
    put(b, "rules ", n->rules);
    put(b, ": fired in a test ", n->fired);
    put(b, ", silent in a test ", n->silent);
    put(b, "\ndiagnoses ", n->diagnoses);
    put(b, ": expected present ", n->present);
    put(b, ", expected absent ", n->absent);
    buffer_byte(b, '\n');
}

static void tell(struct testing *t)
{
    struct buffer b;
    buffer_init(&b);
    if (t->coverage)
        tell_reached(&b, &t->reached);
    buffer_unsigned(&b, t->passed);
    buffer_c(&b, " passed, ");
    buffer_unsigned(&b, t->failed);
    buffer_c(&b, " failed\n");
    out_buffer(t->cli, &b);
}

int cmd_test(struct cli *cli)
{
    const struct strings *packs = &cli->options.arguments;
    struct testing t = {.cli = cli,
                        .json = cli->options.given[OPTION_JSON],
                        .coverage = cli->options.given[OPTION_COVERAGE]};
    bool ok = true;
    if (!cli_packs(cli))
        return EXIT_USAGE;
    if (!out_open(cli))
        return cli_exit(cli);
    if (t.json)
        out_write(cli, "[", 1);
    for (size_t i = 0; ok && i < packs->count; i++)
        ok = test(&t, packs->at[i], packs->at[i]);
    if (packs->count == 0)
        ok = test(&t, NULL, cli->options.list[OPTION_PACK].at[0]);
    if (t.json)
        out_write(cli, "]\n", 2);
    else if (ok)
        tell(&t);
    bool gaps = t.reached.fired < t.reached.rules || t.reached.silent < t.reached.rules;
    return out_end(cli, t.failed || gaps ? EXIT_FINDINGS : EXIT_DONE);
}
