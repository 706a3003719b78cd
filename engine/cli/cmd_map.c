/* map: an export nobody has mapped in, a proposal of a mapping out. On a terminal it asks about
 * columns in doubt; what is answered stands in the mapping. */
#include "cli/talk.h"

#include <unistd.h>

struct mapping_talk {
    struct talk talk;
    struct buffer line, text, shown;
    bool has_begun;
};

static void say_column(struct mapping_talk *m, const struct entente_map_doubt *d)
{
    struct buffer number;
    buffer_init(&number);
    talk_line(&m->talk);
    talk_say(&m->talk, SAY_MAP_COLUMN, talk_number(&number, d->number),
             talk_visible(&m->shown, d->column), TEXT(""));
    buffer_clear(&m->text);
    for (size_t i = 0; i < d->value_count; i++) {
        buffer_c(&m->text, i ? " · " : "");
        buffer_text(&m->text, talk_visible(&m->shown, d->values[i]));
    }
    if (m->text.size)
        talk_say(&m->talk, SAY_MAP_VALUES, buffer_view(&m->text), TEXT(""), TEXT(""));
    for (size_t i = 0; i < d->candidate_count; i++) {
        buffer_clear(&m->text);
        buffer_unsigned(&m->text, i + 1);
        buffer_c(&m->text, "  ");
        buffer_text(&m->text, talk_visible(&m->shown, d->candidates[i].text));
        say_put(&m->text, m->talk.french, SAY_MAP_SURE, talk_number(&number, d->candidates[i].sure),
                TEXT(""), TEXT(""));
        talk_row(&m->talk, buffer_view(&m->text));
    }
    buffer_deinit(&number);
}

/* The number in a line of one digit, or a number below 0. */
static int read_choice(struct text line)
{
    return line.size == 1 && line.at[0] >= '1' && line.at[0] <= '9' ? line.at[0] - '0' : -1;
}

static int ask(void *ctx, const struct entente_map_doubt *d)
{
    struct mapping_talk *m = ctx;
    struct buffer number;
    if (!m->has_begun)
        talk_say(&m->talk, SAY_MAP_BEGIN, TEXT(""), TEXT(""), TEXT(""));
    m->has_begun = true;
    say_column(m, d);
    while (talk_read(&m->talk, &m->line)) {
        struct text line = text_trim(buffer_view(&m->line));
        int chosen = read_choice(line);
        if (line.size == 0)
            return 0;
        if (text_is(line, "q"))
            return -1;
        if (chosen > 0 && (size_t)chosen <= d->candidate_count)
            return chosen;
        buffer_init(&number);
        talk_say(&m->talk, SAY_MAP_NOT_ONE, talk_number(&number, d->candidate_count), TEXT(""),
                 TEXT(""));
        buffer_deinit(&number);
    }
    return -1;
}

/* Somebody is there: at both ends, and the export does not come from there. */
static bool can_ask(const struct cli *cli, const struct entente_input *in)
{
    return !cli->options.given[OPTION_NO_INPUT] && !cli->stdin_closed && isatty(STDIN_FILENO) &&
           (isatty(STDOUT_FILENO) || isatty(STDERR_FILENO)) &&
           !text_is(text_from_c(in->files[0]), "-");
}

static void propose(struct cli *cli, const struct entente_kb *kb, const struct entente_input *in)
{
    struct mapping_talk m = {.has_begun = false};
    struct entente_text language = entente_kb_language(kb);
    if (!can_ask(cli, in)) {
        entente_map_propose(kb, in, NULL, NULL, out_write, cli, cli->problems);
        return;
    }
    buffer_init(&m.line);
    buffer_init(&m.text);
    buffer_init(&m.shown);
    bool french = text_starts((struct text){language.at, language.size}, "fr");
    if (talk_start(&m.talk, cli, french, false))
        entente_map_propose(kb, in, ask, &m, out_write, cli, cli->problems);
    else
        problem_add(cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    if (m.has_begun)
        talk_line(&m.talk);
    talk_end(&m.talk);
    buffer_deinit(&m.line);
    buffer_deinit(&m.text);
    buffer_deinit(&m.shown);
}

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
        propose(cli, kb, &in);
    int code = out_end(cli, EXIT_DONE);
    entente_kb_free(kb);
    return code;
}
