/* explain: what follows for one case, and the proof of each conclusion that is asked for. */
#include "cli/cli.h"

#include <unistd.h>

static const char *const VERDICTS[] = {"present", "undetermined", "absent", "not assessed"};
static const char *const VERDICTS_JSON[] = {"present", "undetermined", "absent", "not_assessed"};

static void put_text(struct buffer *b, struct entente_text t)
{
    buffer_visible(b, (struct text){t.at, t.size});
}

static void put_padded(struct buffer *b, struct text t, size_t width)
{
    size_t before = b->size;
    buffer_visible(b, t);
    size_t used = b->failed ? 0 : utf8_width((struct text){b->at + before, b->size - before});
    buffer_repeat(b, ' ', used < width ? width - used : 1);
}

static void put_conclusion(struct buffer *b, const struct entente_conclusion *c)
{
    struct buffer certainty;
    buffer_init(&certainty);
    if (c->verdict != ENTENTE_NOT_ASSESSED) {
        buffer_fixed(&certainty, c->certainty.lo, 4);
        if (c->certainty.hi > c->certainty.lo) {
            buffer_c(&certainty, " to ");
            buffer_fixed(&certainty, c->certainty.hi, 4);
        }
    }
    buffer_c(b, "  ");
    put_padded(b, (struct text){c->id.at, c->id.size}, 26);
    put_padded(b, buffer_view(&certainty), 19);
    put_padded(b, (struct text){c->severity.at, c->severity.size}, 8);
    put_text(b, c->label);
    buffer_byte(b, '\n');
    b->failed |= certainty.failed;
    buffer_deinit(&certainty);
}

static void list_as_text(const struct entente_result *r, struct buffer *b)
{
    int last = -1;
    put_text(b, entente_result_case(r));
    buffer_byte(b, '\n');
    for (size_t i = 0; i < entente_result_count(r); i++) {
        struct entente_conclusion c = entente_result_at(r, i);
        if ((int)c.verdict != last) {
            buffer_c(b, "\n");
            buffer_c(b, VERDICTS[c.verdict]);
            buffer_c(b, "\n");
        }
        last = (int)c.verdict;
        put_conclusion(b, &c);
    }
}

static void put_member(struct buffer *b, const char *key, struct entente_text value)
{
    buffer_c(b, ",\"");
    buffer_c(b, key);
    buffer_c(b, "\":");
    if (value.size)
        buffer_json(b, (struct text){value.at, value.size});
    else
        buffer_c(b, "null");
}

static void list_as_json(const struct entente_result *r, struct buffer *b)
{
    struct entente_text name = entente_result_case(r);
    buffer_c(b, "{\"case\":");
    buffer_json(b, (struct text){name.at, name.size});
    buffer_c(b, ",\"conclusions\":[");
    for (size_t i = 0; i < entente_result_count(r); i++) {
        struct entente_conclusion c = entente_result_at(r, i);
        buffer_c(b, i ? ",{\"id\":" : "{\"id\":");
        buffer_json(b, (struct text){c.id.at, c.id.size});
        put_member(b, "kind", c.kind);
        buffer_c(b, ",\"verdict\":\"");
        buffer_c(b, VERDICTS_JSON[c.verdict]);
        if (c.verdict == ENTENTE_NOT_ASSESSED) {
            buffer_c(b, "\",\"certainty\":null");
        } else {
            buffer_c(b, "\",\"certainty\":[");
            buffer_fixed(b, c.certainty.lo, 4);
            buffer_byte(b, ',');
            buffer_fixed(b, c.certainty.hi, 4);
            buffer_byte(b, ']');
        }
        put_member(b, "severity", c.severity);
        buffer_byte(b, '}');
    }
    buffer_c(b, "]}\n");
}

static void list_all(struct cli *cli, const struct entente_result *r)
{
    struct buffer b;
    buffer_init(&b);
    if (cli->options.given[OPTION_JSON])
        list_as_json(r, &b);
    else
        list_as_text(r, &b);
    out_buffer(cli, &b);
}

/* --- explanations ----------------------------------------------------------------------------- */

typedef bool (*explain_one)(const struct entente_result *r, const char *about, bool json,
                            entente_write write, void *ctx, struct entente_problems *problems);

static bool explain_all_ways(const struct entente_result *r, const char *about, bool json,
                             entente_write write, void *ctx, struct entente_problems *problems)
{
    (void)about;
    return entente_result_ways(r, json, write, ctx, problems);
}

/* In the order in which they are told. */
static const struct {
    enum option option;
    explain_one explain;
    bool of_ids; /* conclusions, whose names are looked up before anything is written */
} KINDS[] = {{OPTION_HOW, entente_result_how, true},
             {OPTION_WHY_NOT, entente_result_why_not, true},
             {OPTION_WHAT_IF, entente_result_what_if, false},
             {OPTION_CLEAR, entente_result_clear, true},
             {OPTION_PLAN, explain_all_ways, false}};
enum { KIND_COUNT_ = sizeof KINDS / sizeof KINDS[0] };

/* JSON: an object a line; text: a blank line between. */
static bool explain_about(struct cli *cli, const struct entente_result *r, explain_one explain,
                          const char *about, bool *is_first)
{
    bool json = cli->options.given[OPTION_JSON];
    if (!json && !*is_first && !out_write(cli, "\n", 1))
        return false;
    *is_first = false;
    return explain(r, about, json, out_write, cli, cli->problems) &&
           (!json || out_write(cli, "\n", 1));
}

/* All names are looked up before the first explanation is written. */
static bool names_are_known(struct cli *cli, const struct entente_result *r)
{
    struct entente_conclusion c;
    bool ok = true;
    for (int k = 0; k < KIND_COUNT_; k++) {
        const struct strings *ids = &cli->options.list[KINDS[k].option];
        for (size_t i = 0; KINDS[k].of_ids && i < ids->count; i++)
            if (!entente_result_find(r, ids->at[i], &c))
                ok = entente_result_how(r, ids->at[i], true, out_write, cli, cli->problems);
    }
    return ok;
}

/* What is explained shows what single sides answered; the list of conclusions does not. */
static bool sides_are_large(struct cli *cli, const struct entente_result *r, unsigned least)
{
    for (int k = 0; k < KIND_COUNT_; k++)
        if (cli->options.given[KINDS[k].option])
            return entente_result_has_respondents(r, least, cli->problems);
    return true;
}

static void explain(struct cli *cli, const struct entente_result *r, unsigned least)
{
    bool any = false, is_first = true;
    bool ok = names_are_known(cli, r) && sides_are_large(cli, r, least);
    for (int k = 0; ok && k < KIND_COUNT_; k++) {
        const struct strings *list = &cli->options.list[KINDS[k].option];
        if (!cli->options.given[KINDS[k].option])
            continue;
        any = true;
        if (!KINDS[k].of_ids)
            ok = explain_about(cli, r, KINDS[k].explain, cli->options.value[KINDS[k].option],
                               &is_first);
        for (size_t i = 0; ok && KINDS[k].of_ids && i < list->count; i++)
            ok = explain_about(cli, r, KINDS[k].explain, list->at[i], &is_first);
    }
    if (ok && !any)
        list_all(cli, r);
}

static bool read_options(struct cli *cli, struct entente_input *in, uint64_t *least)
{
    const struct strings *files = &cli->options.arguments;
    if (files->count > 1) {
        problem_add(cli->usage, PROBLEM_ARGUMENT_MORE, SPAN_NONE, "entente explain", "one file",
                    problem_quote(cli->usage, text_from_c(files->at[1])));
        return false;
    }
    in->keep_personal = true; /* who asks about one case knows whose it is */
    return cli_input(cli, in) &&
           option_number(cli, OPTION_MIN_RESPONDENTS, false, 1, MOST_RESPONDENTS, least);
}

int cmd_explain(struct cli *cli)
{
    struct entente_input in = {0};
    uint64_t least = 1;
    if (cli->options.arguments.count == 0 && (cli->stdin_closed || isatty(STDIN_FILENO)))
        return cli_usage(cli);
    if (!read_options(cli, &in, &least))
        return EXIT_USAGE;
    if (!out_open(cli))
        return cli_exit(cli);
    const char *language = cli_language(cli, cli->options.given[OPTION_JSON]);
    struct entente_kb *kb = cli_load_quietly(cli, language);
    struct entente_case *c =
        kb ? entente_case_load(kb, &in, cli->options.value[OPTION_CASE_KEY], cli->problems) : NULL;
    struct entente_result *r = c ? entente_case_infer(c, cli->problems) : NULL;
    if (r)
        explain(cli, r, (unsigned)least);
    int code = out_end(cli, EXIT_DONE);
    entente_result_free(r);
    entente_case_free(c);
    entente_kb_free(kb);
    return code;
}
