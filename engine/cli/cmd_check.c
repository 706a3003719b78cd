/* check: loads packs with everything in them, and reports what is wrong. The report is what is
 * asked for, so it goes to standard output. */
#include "cli/cli.h"

#include <string.h>
#include <unistd.h>

struct checking {
    struct cli *cli;
    bool json, color, dump;
    size_t done;
    int code;
};

static void put_counts(struct buffer *b, const struct entente_kb *kb)
{
    struct entente_kb_counts n = entente_kb_counts(kb);
    const size_t counts[] = {n.questions, n.conclusions, n.rules, n.remedies, n.layers};
    static const char *const names[] = {"questions", "conclusions", "rules", "remedies", "layers"};
    for (int i = 0; i < 5; i++) {
        buffer_c(b, i ? ", " : "");
        buffer_unsigned(b, counts[i]);
        buffer_byte(b, ' ');
        buffer_text(b, (struct text){names[i], strlen(names[i]) - (counts[i] == 1)});
    }
}

static void put_count(struct buffer *b, size_t n, const char *what)
{
    if (n == 0)
        return;
    buffer_c(b, "; ");
    buffer_unsigned(b, n);
    buffer_byte(b, ' ');
    buffer_c(b, what);
    buffer_c(b, n == 1 ? "" : "s");
}

static void report_text(struct checking *k, const char *pack, const struct entente_kb *kb,
                        const struct entente_problems *problems)
{
    size_t errors = entente_problems_count(problems, ENTENTE_ERROR);
    size_t warnings = entente_problems_count(problems, ENTENTE_WARNING) - errors;
    size_t notes = entente_problems_count(problems, ENTENTE_NOTE) - warnings - errors;
    struct buffer b;
    if (!entente_problems_print(problems, k->color, out_write, k->cli) && !k->cli->wrote_badly)
        problem_add(k->cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    buffer_init(&b);
    if (k->dump && kb) { /* the listing is the report */
        buffer_deinit(&b);
        return;
    }
    buffer_visible(&b, text_from_c(pack));
    buffer_c(&b, ": ");
    if (kb) {
        struct entente_text name = entente_kb_name(kb);
        buffer_visible(&b, (struct text){name.at, name.size});
        buffer_c(&b, ": ");
        put_counts(&b, kb);
    } else {
        buffer_c(&b, "does not load");
    }
    put_count(&b, errors, "error");
    put_count(&b, warnings, "warning");
    put_count(&b, notes, "note");
    buffer_c(&b, errors + warnings + notes ? "\n" : "; nothing is wrong\n");
    out_buffer(k->cli, &b);
}

static void report_json(struct checking *k, const char *pack, const struct entente_kb *kb,
                        const struct entente_problems *problems)
{
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, k->done ? ",\n{\"pack\":" : "{\"pack\":");
    buffer_json(&b, text_from_c(pack));
    buffer_c(&b, ",\"name\":");
    if (kb) {
        struct entente_text name = entente_kb_name(kb);
        struct entente_kb_counts n = entente_kb_counts(kb);
        const size_t counts[] = {n.questions, n.conclusions, n.rules, n.remedies, n.layers};
        static const char *const names[] = {",\"questions\":", ",\"conclusions\":", ",\"rules\":",
                                            ",\"remedies\":", ",\"layers\":"};
        buffer_json(&b, (struct text){name.at, name.size});
        for (int i = 0; i < 5; i++) {
            buffer_c(&b, names[i]);
            buffer_unsigned(&b, counts[i]);
        }
    } else {
        buffer_c(&b, "null");
    }
    buffer_c(&b, ",\"problems\":");
    out_buffer(k->cli, &b);
    if (!entente_problems_json(problems, out_write, k->cli) && !k->cli->wrote_badly)
        problem_add(k->cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    out_write(k->cli, "}", 1);
}

static int code_of(const struct entente_kb *kb, const struct entente_problems *problems)
{
    int code = entente_problems_exit(problems);
    if (code == 0 && !kb)
        return EXIT_BUG;
    return code == 0 && entente_problems_count(problems, ENTENTE_WARNING) > 0 ? EXIT_FINDINGS
                                                                              : code;
}

/* pack NULL: those of --pack, together. */
static void check(struct checking *k, const char *pack, const char *name)
{
    struct cli *cli = k->cli;
    struct entente_problems *problems = entente_problems_new();
    if (!problems) {
        problem_add(cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return;
    }
    struct entente_kb *kb = cli_load(cli, pack, true, true, cli_language(cli, k->json), problems);
    if (k->json)
        report_json(k, name, kb, problems);
    else
        report_text(k, name, kb, problems);
    if (kb && k->dump && !entente_kb_dump_program(kb, out_write, cli, problems) &&
        !cli->wrote_badly)
        problem_add(cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    int code = code_of(kb, problems);
    if (code > k->code)
        k->code = code;
    k->done++;
    entente_kb_free(kb);
    entente_problems_free(problems);
}

int cmd_check(struct cli *cli)
{
    static const char *const dumps[] = {"program", NULL};
    const struct strings *packs = &cli->options.arguments;
    struct checking k = {.cli = cli,
                         .json = cli->options.given[OPTION_JSON],
                         .color =
                             color_on(cli, STDOUT_FILENO) && !cli->options.given[OPTION_OUTPUT],
                         .dump = cli->options.given[OPTION_DUMP]};
    if (option_word(cli, OPTION_DUMP, dumps, 0) < 0)
        return EXIT_USAGE;
    if (k.json && k.dump) {
        options_apart(cli, "--json", "--dump", "the listing is text; leave --json out");
        return EXIT_USAGE;
    }
    if (!cli_packs(cli))
        return EXIT_USAGE;
    if (!out_open(cli))
        return cli_exit(cli);
    if (k.json)
        out_write(cli, "[", 1);
    for (size_t i = 0; i < packs->count; i++)
        check(&k, packs->at[i], packs->at[i]);
    if (packs->count == 0)
        check(&k, NULL, cli->options.list[OPTION_PACK].at[0]);
    if (k.json)
        out_write(cli, "]\n", 2);
    return out_end(cli, k.code);
}
