/* test: runs the tests of packs, each pack with what it extends. */
#include "cli/cli.h"

struct testing {
    struct cli *cli;
    bool json;
    size_t done, passed, failed;
};

static bool test_kb(struct testing *t, const struct entente_kb *kb, const char *name)
{
    struct cli *cli = t->cli;
    struct entente_test_counts counts;
    struct buffer b;
    buffer_init(&b);
    if (t->json) {
        buffer_c(&b, t->done ? ",\n{\"pack\":" : "{\"pack\":");
        buffer_json(&b, text_from_c(name));
        buffer_c(&b, ",\"tests\":");
    }
    bool ok = out_buffer(cli, &b) &&
              entente_kb_test(kb, t->json, out_write, cli, &counts, cli->problems) &&
              (!t->json || out_write(cli, "}", 1));
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

static void tell(struct testing *t)
{
    struct buffer b;
    buffer_init(&b);
    buffer_unsigned(&b, t->passed);
    buffer_c(&b, " passed, ");
    buffer_unsigned(&b, t->failed);
    buffer_c(&b, " failed\n");
    out_buffer(t->cli, &b);
}

int cmd_test(struct cli *cli)
{
    const struct strings *packs = &cli->options.arguments;
    struct testing t = {.cli = cli, .json = cli->options.given[OPTION_JSON]};
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
    return out_end(cli, t.failed ? EXIT_FINDINGS : EXIT_DONE);
}
