/* In: the arguments behind the command. Out: which options are given, with what; the other
 * arguments. Next: the command. One table for all commands; a word that is no option of this
 * command is never taken for a file. */
#include "cli/cli.h"

#include <string.h>

enum times { ONCE, MANY, PACKS };

static const struct row {
    const char *word;
    char letter;
    const char *value;
    enum times times;
    const char *commands, *help;
} ROWS[OPTION_COUNT] = {
#define OPTION(name, word, letter, value, times, commands, help) \
    {word, letter, value, times, commands, help},
#include "cli/options.def"
#undef OPTION
};

bool option_belongs(enum option o, const struct command *c)
{
    return strchr(ROWS[o].commands, c->letter) != NULL;
}

static enum option find_word(const struct command *c, struct text word)
{
    for (int o = 0; o < OPTION_COUNT; o++)
        if (option_belongs((enum option)o, c) && text_is(word, ROWS[o].word))
            return (enum option)o;
    return OPTION_COUNT;
}

static enum option find_letter(const struct command *c, char letter)
{
    for (int o = 0; o < OPTION_COUNT; o++)
        if (letter && option_belongs((enum option)o, c) && ROWS[o].letter == letter)
            return (enum option)o;
    return OPTION_COUNT;
}

/* --- what is wrong --------------------------------------------------------------------------- */

static const char *spelled(struct cli *cli, enum option o)
{
    return problem_format(cli->usage, "--%s", ROWS[o].word);
}

static bool refuse_unknown(struct cli *cli, struct text word)
{
    struct suggest near;
    size_t dashes = word.size > 1 && word.at[1] == '-' ? 2 : 1;
    suggest_init(&near, (struct text){word.at + dashes, word.size - dashes});
    for (int o = 0; o < OPTION_COUNT; o++)
        if (option_belongs((enum option)o, cli->command))
            suggest_offer(&near, text_from_c(ROWS[o].word));
    problem_add(cli->usage, PROBLEM_OPTION_UNKNOWN, SPAN_NONE, problem_quote(cli->usage, word),
                problem_format(cli->usage, "entente %s", cli->command->word), NULL);
    problem_help(cli->usage, near.best.size
                                 ? problem_format(cli->usage, "did you mean --%.*s?",
                                                  (int)near.best.size, near.best.at)
                                 : problem_format(cli->usage,
                                                  "entente %s --help lists the options; a file "
                                                  "whose name begins with a dash stands behind --",
                                                  cli->command->word));
    return false;
}

bool options_apart(struct cli *cli, const char *a, const char *b, const char *help)
{
    problem_add(cli->usage, PROBLEM_OPTIONS_APART, SPAN_NONE, a, b, NULL);
    problem_help(cli->usage, help);
    return false;
}

/* --- reading --------------------------------------------------------------------------------- */

static void append(struct cli *cli, struct strings *list, const char *value)
{
    list->at = arena_grow(&cli->arena, list->at, list->count, &list->capacity, sizeof *list->at);
    list->at[list->count++] = value;
}

/* "a,b": two values; empty ones are left out. */
static void append_each(struct cli *cli, struct strings *list, const char *value)
{
    for (const char *from = value; *from;) {
        size_t size = strcspn(from, ",");
        if (size > 0)
            append(cli, list, arena_c(&cli->arena, (struct text){from, size}));
        from += size + (from[size] == ',');
    }
}

static bool set(struct cli *cli, enum option o, const char *value)
{
    struct options *all = &cli->options;
    if (all->given[o] && ROWS[o].times == ONCE) {
        problem_add(cli->usage, PROBLEM_OPTION_TWICE, SPAN_NONE, spelled(cli, o), NULL, NULL);
        return false;
    }
    if (ROWS[o].value && !value[0]) {
        problem_add(cli->usage, PROBLEM_OPTION_NEEDS_VALUE, SPAN_NONE, spelled(cli, o),
                    ROWS[o].value, NULL);
        return false;
    }
    all->given[o] = true;
    all->value[o] = value;
    if (ROWS[o].times == PACKS)
        append(cli, &all->list[o], value);
    else if (ROWS[o].times == MANY)
        append_each(cli, &all->list[o], value);
    return true;
}

struct reader {
    struct cli *cli;
    char **at; /* the next argument; NULL behind the last */
};

/* The argument behind an option, where it is not another option. */
static bool take_value(struct reader *r, enum option o)
{
    const char *value = *r->at;
    if (!value || (value[0] == '-' && value[1])) {
        problem_add(r->cli->usage, PROBLEM_OPTION_NEEDS_VALUE, SPAN_NONE, spelled(r->cli, o),
                    ROWS[o].value, NULL);
        if (value)
            problem_help(r->cli->usage,
                         problem_format(r->cli->usage,
                                        "--%s=%s gives a value that begins with a dash",
                                        ROWS[o].word, ROWS[o].value));
        return false;
    }
    r->at++;
    return set(r->cli, o, value);
}

/* --word, --word=value */
static bool read_word(struct reader *r, const char *argument)
{
    const char *word = argument + 2, *equals = strchr(word, '=');
    size_t size = equals ? (size_t)(equals - word) : strlen(word);
    enum option o = find_word(r->cli->command, (struct text){word, size});
    if (o == OPTION_COUNT)
        return refuse_unknown(r->cli, (struct text){argument, size + 2});
    if (equals && !ROWS[o].value) {
        problem_add(r->cli->usage, PROBLEM_OPTION_TAKES_NONE, SPAN_NONE, spelled(r->cli, o), NULL,
                    NULL);
        return false;
    }
    if (equals || !ROWS[o].value)
        return set(r->cli, o, equals ? equals + 1 : "");
    return take_value(r, o);
}

/* -q, -qv, -p core, -pcore */
static bool read_letters(struct reader *r, const char *argument)
{
    for (const char *c = argument + 1; *c; c++) {
        enum option o = find_letter(r->cli->command, *c);
        if (o == OPTION_COUNT)
            return refuse_unknown(r->cli, text_from_c(argument));
        if (ROWS[o].value)
            return c[1] ? set(r->cli, o, c + 1) : take_value(r, o);
        if (!set(r->cli, o, ""))
            return false;
    }
    return true;
}

bool options_parse(struct cli *cli, int count, char **arguments)
{
    struct reader r = {cli, arguments};
    struct options *all = &cli->options;
    bool ok = true, only_files = false;
    while (r.at < arguments + count) {
        const char *a = *r.at++;
        if (only_files || a[0] != '-' || !a[1])
            append(cli, &all->arguments, a);
        else if (strcmp(a, "--") == 0)
            only_files = true;
        else if (a[1] == '-')
            ok &= read_word(&r, a);
        else
            ok &= read_letters(&r, a);
    }
    if (all->given[OPTION_QUIET] && all->given[OPTION_VERBOSE])
        ok = options_apart(cli, "--quiet", "--verbose", "leave one of them out");
    static const char *const when[] = {"auto", "always", "never", NULL};
    return option_word(cli, OPTION_COLOR, when, 0) >= 0 && ok;
}

/* --- values ---------------------------------------------------------------------------------- */

int option_word(struct cli *cli, enum option o, const char *const *words, int otherwise)
{
    const char *value = cli->options.value[o];
    struct suggest near;
    struct buffer all;
    if (!cli->options.given[o])
        return otherwise;
    suggest_init(&near, text_from_c(value));
    buffer_init(&all);
    for (int i = 0; words[i]; i++) {
        if (strcmp(value, words[i]) == 0) {
            buffer_deinit(&all);
            return i;
        }
        suggest_offer(&near, text_from_c(words[i]));
        buffer_c(&all, i ? ", " : "");
        buffer_c(&all, words[i]);
    }
    problem_add(cli->usage, PROBLEM_OPTION_WORD, SPAN_NONE, spelled(cli, o),
                problem_quote(cli->usage, text_from_c(value)),
                problem_format(cli->usage, "%.*s", (int)all.size, all.size ? all.at : ""));
    if (near.best.size)
        problem_help(cli->usage, problem_format(cli->usage, "did you mean %.*s?",
                                                (int)near.best.size, near.best.at));
    buffer_deinit(&all);
    return -1;
}

static unsigned shift_of(char c)
{
    switch (c) {
    case 'k':
    case 'K': return 10;
    case 'm':
    case 'M': return 20;
    case 'g':
    case 'G': return 30;
    default: return 0;
    }
}

bool option_number(struct cli *cli, enum option o, bool bytes, uint64_t lo, uint64_t hi,
                   uint64_t *out)
{
    struct text t = text_from_c(cli->options.value[o]);
    double x = -1;
    if (!cli->options.given[o])
        return true;
    unsigned shift = bytes && t.size ? shift_of(t.at[t.size - 1]) : 0;
    struct text digits = {t.at, t.size - (shift > 0)};
    if (number_parse(digits, &x) == NUMBER_OK && x >= 0 && x <= 1e15 && x == (double)(uint64_t)x &&
        (uint64_t)x <= hi >> shift && (uint64_t)x << shift >= lo) {
        *out = (uint64_t)x << shift;
        return true;
    }
    problem_add(
        cli->usage, PROBLEM_OPTION_VALUE, SPAN_NONE, spelled(cli, o), problem_quote(cli->usage, t),
        problem_format(cli->usage, "a whole number%s from %llu to %llu", bytes ? " of bytes" : "",
                       (unsigned long long)lo, (unsigned long long)hi));
    return false;
}

bool option_amount(struct cli *cli, enum option o, double lo, double hi, bool *percent, double *out)
{
    struct text t = text_from_c(cli->options.value[o]);
    double x = -1;
    if (!cli->options.given[o])
        return true;
    bool is_share = percent && text_ends(t, "%");
    struct text digits = {t.at, t.size - is_share};
    if (number_parse(digits, &x) == NUMBER_OK && x >= lo && x <= (is_share ? 100 : hi) &&
        (is_share || !percent || x == (double)(uint64_t)x)) {
        *out = x;
        if (percent)
            *percent = is_share;
        return true;
    }
    problem_add(cli->usage, PROBLEM_OPTION_VALUE, SPAN_NONE, spelled(cli, o),
                problem_quote(cli->usage, t),
                percent ? "a whole number, or a share such as 5%"
                        : problem_format(cli->usage, "a number from %s to %s",
                                         problem_number(cli->usage, lo),
                                         problem_number(cli->usage, hi)));
    return false;
}

/* --- help ------------------------------------------------------------------------------------ */

static size_t put_name(const struct row *row, struct buffer *out)
{
    size_t before = out->size;
    buffer_c(out, "  ");
    if (row->letter) {
        buffer_byte(out, '-');
        buffer_byte(out, row->letter);
        buffer_c(out, ", ");
    } else {
        buffer_c(out, "    ");
    }
    buffer_c(out, "--");
    buffer_c(out, row->word);
    if (row->value) {
        buffer_byte(out, ' ');
        buffer_c(out, row->value);
    }
    return out->size - before;
}

void options_help(const struct command *c, struct buffer *out)
{
    enum { HELP_COLUMN = 28 };
    buffer_c(out, "\nOptions:\n");
    for (int o = 0; o < OPTION_COUNT; o++) {
        if (!option_belongs((enum option)o, c))
            continue;
        size_t width = put_name(&ROWS[o], out);
        buffer_repeat(out, ' ', width < HELP_COLUMN ? HELP_COLUMN - width : 1);
        for (const char *p = ROWS[o].help; *p; p++) {
            buffer_byte(out, *p);
            if (*p == '\n')
                buffer_repeat(out, ' ', HELP_COLUMN);
        }
        buffer_byte(out, '\n');
    }
}
