/* In: options. Out: a knowledge base, an input, an exit code: what several commands need. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const DEFAULT_PACKS[] = {"core"};

/* The first two letters of the first of these that is set, where they are a language of ours. */
static const char *environment_language(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    static const char *const languages[] = {"fr", "en"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        if (!value || !value[0])
            continue;
        for (size_t k = 0; k < sizeof languages / sizeof languages[0]; k++)
            if (strncmp(value, languages[k], 2) == 0 && strchr("_.@", value[2]))
                return languages[k];
        return NULL;
    }
    return NULL;
}

/* What programs read is the same in every environment. */
const char *cli_language(const struct cli *cli, bool is_data)
{
    if (cli->options.given[OPTION_LANG])
        return cli->options.value[OPTION_LANG];
    return is_data ? NULL : environment_language();
}

struct entente_kb *cli_load(struct cli *cli, const char *pack, bool with_tests, bool all_texts,
                            const char *language, struct entente_problems *problems)
{
    const struct strings *packs = &cli->options.list[OPTION_PACK];
    struct entente_load load = {.packs = packs->count ? packs->at : DEFAULT_PACKS,
                                .pack_count = packs->count ? packs->count : 1,
                                .language = language,
                                .with_tests = with_tests,
                                .all_texts = all_texts};
    if (pack) {
        load.packs = &pack;
        load.pack_count = 1;
    }
    return entente_kb_load(&load, problems);
}

static bool show(void *ctx, const char *at, size_t size)
{
    (void)ctx;
    err_text((struct text){at, size});
    return true;
}

/* A language that was asked for, and is not there, is not passed over. */
static void compare_language(struct cli *cli, const struct entente_kb *kb)
{
    const char *asked = cli->options.value[OPTION_LANG];
    struct entente_text t = entente_kb_language(kb);
    struct text got = {t.at, t.size};
    if (!cli->options.given[OPTION_LANG] || text_is(got, asked))
        return;
    problem_add(cli->usage, PROBLEM_LANGUAGE_NONE, SPAN_NONE,
                problem_quote(cli->usage, text_from_c(asked)), problem_quote(cli->usage, got),
                NULL);
}

/* For who uses a pack, not for who writes it: its warnings are told on --verbose. */
struct entente_kb *cli_load_quietly(struct cli *cli, const char *language)
{
    struct entente_problems *problems = entente_problems_new();
    if (!problems) {
        problem_add(cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return NULL;
    }
    struct entente_kb *kb = cli_load(cli, NULL, false, false, language, problems);
    if ((!kb || cli->options.given[OPTION_VERBOSE]) &&
        !entente_problems_print(problems, color_on(cli, STDERR_FILENO), show, NULL))
        problem_add(cli->usage, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    if (kb)
        compare_language(cli, kb);
    cli->load_code = kb ? 0 : entente_problems_exit(problems);
    entente_problems_free(problems);
    return kb;
}

bool cli_packs(struct cli *cli)
{
    const struct options *o = &cli->options;
    if (o->arguments.count > 0 && o->given[OPTION_PACK])
        return options_apart(cli, "--pack", "a pack named without it",
                             "packs of --pack are loaded together, others each by itself");
    if (o->arguments.count > 0 || o->given[OPTION_PACK])
        return true;
    problem_add(cli->usage, PROBLEM_ARGUMENT_MISSING, SPAN_NONE,
                problem_format(cli->usage, "entente %s", cli->command->word),
                "the name of a pack, or its folder", NULL);
    problem_help(cli->usage, problem_format(cli->usage, "for example: entente %s rules/core",
                                            cli->command->word));
    return false;
}

static bool read_separator(struct cli *cli, char *out)
{
    const char *value = cli->options.value[OPTION_SEPARATOR];
    if (!cli->options.given[OPTION_SEPARATOR])
        return true;
    if (strcmp(value, "tab") == 0 || strcmp(value, "\\t") == 0)
        *out = '\t';
    else if (value[0] && !value[1])
        *out = value[0];
    if (*out)
        return true;
    problem_add(cli->usage, PROBLEM_OPTION_VALUE, SPAN_NONE, "--separator",
                problem_quote(cli->usage, text_from_c(value)), "one character, or the word tab");
    return false;
}

static bool read_files(struct cli *cli, struct entente_input *in)
{
    static const char *const standard_input[] = {"-"};
    const struct strings *files = &cli->options.arguments;
    in->files = files->count ? files->at : standard_input;
    in->file_count = files->count ? files->count : 1;
    for (size_t i = 0; i < in->file_count; i++) {
        if (strcmp(in->files[i], "-") != 0 || !cli->stdin_closed)
            continue;
        problem_add(cli->usage, PROBLEM_INPUT_CLOSED, SPAN_NONE, NULL, NULL, NULL);
        problem_help(cli->usage, problem_format(cli->usage,
                                                "name a file, or pipe one in: entente "
                                                "%s - < FILE",
                                                cli->command->word));
        return false;
    }
    return true;
}

bool cli_input(struct cli *cli, struct entente_input *in)
{
    static const char *const signs[] = {"point", "comma", NULL};
    const struct options *o = &cli->options;
    static const char *const keep_or_drop[] = {"keep", "drop", NULL};
    static const char *const which[] = {"last", "first", "all", NULL};
    uint64_t max_field = 0, skip_rows = 0;
    int incomplete = option_word(cli, OPTION_INCOMPLETE, keep_or_drop, 0);
    int previews = option_word(cli, OPTION_PREVIEWS, keep_or_drop, 1);
    int personal = option_word(cli, OPTION_PERSONAL, keep_or_drop, 1);
    int duplicates = option_word(cli, OPTION_DUPLICATES, which, ENTENTE_LAST);
    bool ok = read_files(cli, in) && read_separator(cli, &in->separator) &&
              option_word(cli, OPTION_DECIMAL, signs, 0) >= 0 && incomplete >= 0 && previews >= 0 &&
              personal >= 0 &&
              duplicates >= 0 &&
              option_number(cli, OPTION_SKIP_ROWS, false, 0, 1000, &skip_rows) &&
              option_number(cli, OPTION_MEMORY, true, 1 << 20, UINT64_C(1) << 46, &in->memory) &&
              option_number(cli, OPTION_MAX_FIELD, true, 64, 1 << 30, &max_field);
    in->case_column = o->value[OPTION_CASE] ? o->value[OPTION_CASE] : o->value[OPTION_CASE_COLUMN];
    in->partner_column = o->value[OPTION_PARTNER];
    in->respondent_column = o->value[OPTION_RESPONDENT];
    in->wave_column = o->value[OPTION_WAVE];
    in->encoding = o->value[OPTION_ENCODING];
    in->dialect = o->value[OPTION_DIALECT];
    in->map = o->value[OPTION_MAP];
    in->drop_abandoned = incomplete == 1;
    in->keep_previews = previews == 0;
    in->keep_personal |= personal == 0;
    in->quote_text = o->given[OPTION_QUOTE_TEXT];
    in->duplicates = (enum entente_duplicates)duplicates;
    in->skip_rows = (size_t)skip_rows;
    in->sheet = o->value[OPTION_SHEET];
    in->decimal = o->value[OPTION_DECIMAL];
    in->each_row = o->given[OPTION_EACH_ROW];
    in->sorted = o->given[OPTION_SORTED];
    in->keep = o->list[OPTION_KEEP].at;
    in->keep_count = o->list[OPTION_KEEP].count;
    in->max_field = (size_t)max_field;
    if (ok && in->each_row && (in->sorted || in->case_column))
        ok = options_apart(cli, "--each-row", in->sorted ? "--sorted" : "the column of a case",
                           "where every row is a case, no rows belong together");
    return ok;
}

bool cli_has_error(const struct cli *cli)
{
    return cli->load_code || problems_has_error(cli->usage) ||
           entente_problems_count(cli->problems, ENTENTE_ERROR) > 0;
}

int cli_exit(const struct cli *cli)
{
    int code = cli->load_code ? cli->load_code : problems_exit(cli->usage);
    return code ? code : entente_problems_exit(cli->problems);
}

void cli_show_problems(struct cli *cli)
{
    bool color = color_on(cli, STDERR_FILENO);
    struct buffer b;
    if (cli->told || (cli->options.given[OPTION_QUIET] && !cli_has_error(cli)))
        return;
    cli->told = true;
    buffer_init(&b);
    problems_print(cli->usage, color, &b);
    bool is_short = b.failed;
    err_buffer(&b);
    is_short |= !entente_problems_print(cli->problems, color, show, NULL);
    if (is_short)
        err_text(TEXT("error[E0001]: there is not enough memory to go on\n"));
}
