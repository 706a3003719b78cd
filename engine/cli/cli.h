/* cli: the command line over the public interface.
 *
 *     arguments ──options──▶ command (cmd_*.c) ──entente.h──▶ standard output, or -o FILE
 *                                └────────────────────────────▶ standard error: problems, summary
 *
 * Takes the arguments; gives an exit code. Includes the public header and base only. Options and
 * commands are tables (options.def, commands.def). One thread, but for the batch's callbacks.
 * Exit codes: 0 done; 1 findings (check, test); 2 usage, or a pack does not load; 3 done, some rows
 * rejected; 4 input/output; 5 a limit or memory; 70 a mistake of ours; 129, 130, 143 after SIGHUP,
 * SIGINT, SIGTERM; 141 where the reader of the output went away, quietly. */
#ifndef ENTENTE_CLI_H
#define ENTENTE_CLI_H

#include "base/base.h"
#include <entente/entente.h>

enum { MOST_RESPONDENTS = 1000000 }; /* that --min-respondents may ask for */
enum { EXIT_DONE = 0, EXIT_FINDINGS = 1, EXIT_CLOSED_PIPE = 141 };

enum option {
#define OPTION(name, word, letter, value, times, commands, help) OPTION_##name,
#include "cli/options.def"
#undef OPTION
    OPTION_COUNT
};

struct strings {
    const char **at;
    size_t count, capacity;
};

struct options {
    bool given[OPTION_COUNT];
    const char *value[OPTION_COUNT];
    struct strings list[OPTION_COUNT]; /* of options that may be repeated */
    struct strings arguments;
};

struct cli;

struct command {
    const char *word;
    int (*run)(struct cli *cli);
    char letter; /* in options.def */
    const char *takes, *help, *more;
};

struct cli {
    const struct command *command; /* NULL: none named */
    struct options options;
    struct arena arena;                /* what the options point to */
    struct problems *usage;            /* of the command line and of outputs */
    struct entente_problems *problems; /* of the library */
    struct outfile *out;               /* see out_open */
    int load_code;                     /* why the packs do not load, which was said; else 0 */
    bool stdin_closed, wrote_badly, closed_pipe;
    bool told; /* the problems have been shown */
};

#define COMMAND(name, word, function, letter, takes, help, more) int function(struct cli *cli);
#include "cli/commands.def"
#undef COMMAND

/* main.c: the commands, NULL behind the last word. */
const struct command *command_at(size_t i);
const struct command *command_wanted(struct cli *cli, const char *word); /* NULL and a problem */

/* options.c: false and problems in cli->usage. Inside arena_run of cli->arena. */
bool options_parse(struct cli *cli, int count, char **arguments);
bool option_belongs(enum option o, const struct command *c);
/* One of `words` ("a", "b", NULL): its index; `otherwise` where the option is not given; -1 and a
 * problem. */
int option_word(struct cli *cli, enum option o, const char *const *words, int otherwise);
/* A whole number from lo to hi, of bytes where `bytes` (K, M, G behind it); false and a problem. */
bool option_number(struct cli *cli, enum option o, bool bytes, uint64_t lo, uint64_t hi,
                   uint64_t *out);
/* Any number from lo to hi, with `percent` behind it where that may be; false and a problem. */
bool option_amount(struct cli *cli, enum option o, double lo, double hi, bool *percent,
                   double *out);
bool options_apart(struct cli *cli, const char *a, const char *b, const char *help); /* false */
void options_help(const struct command *c, struct buffer *out);

/* common.c: what several commands read from the options. */
/* pack NULL: those of --pack. */
struct entente_kb *cli_load(struct cli *cli, const char *pack, bool with_tests, bool all_texts,
                            const char *language, struct entente_problems *problems);
struct entente_kb *cli_load_quietly(struct cli *cli, const char *language);
bool cli_packs(struct cli *cli); /* packs are named: as arguments, or by --pack; false: a problem */
const char *cli_language(const struct cli *cli, bool is_data);
bool cli_input(struct cli *cli, struct entente_input *in); /* files and columns */
bool cli_has_error(const struct cli *cli);
int cli_exit(const struct cli *cli);     /* of what went wrong */
void cli_show_problems(struct cli *cli); /* once, on standard error */

/* batching.c: the whole of diagnose, or of compare; an exit code. */
int cli_batch(struct cli *cli, bool compare);

/* help.c */
int cli_usage(struct cli *cli); /* the command's help on standard error; 2 */
int cli_help(struct cli *cli, const struct command *c); /* on standard output; c NULL: of all */

/* terminal.c: standard error, standard output, colours. */
void err_text(struct text t);
void err_buffer(struct buffer *b); /* and frees it */
bool color_on(const struct cli *cli, int descriptor);
unsigned terminal_width(int descriptor); /* 0: not known */
/* Standard output, or -o FILE. False and a problem. */
bool out_open(struct cli *cli);
bool out_write(void *cli, const char *at, size_t size); /* an entente_write */
bool out_buffer(struct cli *cli, struct buffer *b);     /* and frees it */
bool out_close(struct cli *cli, bool keep);             /* makes the file appear if `keep` */
/* An exit code once everything is written: the one given, or what writing came to. */
int out_end(struct cli *cli, int code);

/* signals.c */
bool descriptors_open(void); /* 0 to 2 are open after it; false: standard input was closed */
void signals_install(void);
void signals_defer(bool on); /* while on, the first signal only asks to stop (for two seconds) */
int signals_seen(void);      /* its number, or 0 */
/* An interview: what a signal that ends it prints, and a stop (Ctrl-Z) is followed by a way back.
 * words live as long as the process. */
void signals_farewell(const char *words, int to);
void signals_hold(bool on); /* while on, signals wait: an answer is being saved */
void signals_on_terminal(const char *prompt); /* a line is edited behind it; NULL: no longer */

/* progress.c */
struct progress {
    bool shown, on;
    double started, last;
    unsigned width;
};
void progress_start(struct progress *p, bool on);
void progress_tell(struct progress *p, const struct entente_progress *e);
void progress_clear(struct progress *p);
double progress_seconds(const struct progress *p);
/* What is said at the end of a batch. */
struct told {
    double seconds;
    unsigned min_respondents;
    bool has_sides; /* the report has figures of single partners */
    bool has_rejects, verbose;
};
void summary_tell(const struct entente_summary *s, const struct told *how, struct buffer *out);

#endif
