/* In: sentences; keys. Out: wrapped lines; lines of input. Next: the ask files. libedit edits where
 * standard input is a terminal that can be drawn on; otherwise lines are read as they come, so
 * pipes and screen readers get nothing but lines. */
#include "cli/talk.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { PIECE = 4096, WIDTH = 80, WIDEST = 100, NARROWEST = 10 };

/* --- lines out ---------------------------------------------------------------------------------
 */

void talk_raw(struct talk *t, struct text s)
{
    while (s.size > 0 && !t->mute) {
        ssize_t n = write(t->out, s.at, s.size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* nobody listens */
        s = (struct text){s.at + n, s.size - (size_t)n};
    }
}

bool talk_write(void *talk, const char *at, size_t size)
{
    talk_raw(talk, (struct text){at, size});
    return true;
}

static unsigned width_of(const struct talk *t)
{
    unsigned width = terminal_width(t->out);
    if (width == 0)
        width = WIDTH;
    return width > WIDEST ? WIDEST : width < NARROWEST ? NARROWEST : width;
}

/* Up to the next space; of a word that is wider than the line, up to its first no-break space. */
static struct text next_word(struct text rest, unsigned width)
{
    size_t n = 0;
    while (n < rest.size && rest.at[n] != ' ' && rest.at[n] != '\n')
        n++;
    struct text word = {rest.at, n};
    for (size_t i = 0; i + 1 < n && utf8_width(word) > width; i++)
        if (rest.at[i] == '\xC2' && rest.at[i + 1] == '\xA0')
            word.size = n = i;
    return word;
}

void talk_text(struct talk *t, struct text s, unsigned indent, unsigned hang)
{
    unsigned width = width_of(t), at = 0;
    struct buffer b;
    buffer_init(&b);
    if (indent + hang + NARROWEST > width)
        indent = hang = 0;
    size_t i = 0;
    while (i < s.size) {
        struct text word = next_word((struct text){s.at + i, s.size - i}, width);
        i += word.size;
        unsigned wide = (unsigned)utf8_width(word);
        bool fits = at == 0 || at + 1 + wide <= width;
        if (!fits)
            buffer_byte(&b, '\n');
        if (at == 0 || !fits) {
            at = at == 0 ? indent : indent + hang;
            buffer_repeat(&b, ' ', at);
        } else {
            buffer_byte(&b, ' ');
            at++;
        }
        buffer_text(&b, word);
        at += wide;
        if (i < s.size && s.at[i] == '\xC2') /* cut there */
            i += 2;
        while (i < s.size && (s.at[i] == ' ' || s.at[i] == '\n'))
            i++;
    }
    buffer_byte(&b, '\n');
    talk_raw(t, buffer_view(&b));
    buffer_deinit(&b);
}

void talk_row(struct talk *t, struct text s)
{
    if (utf8_width(s) + 2 > width_of(t)) {
        talk_text(t, s, 2, 4);
        return;
    }
    talk_raw(t, TEXT("  "));
    talk_raw(t, s);
    talk_line(t);
}

static void wrap_begun(struct talk *t)
{
    struct text s = buffer_view(&t->begun);
    size_t spaces = 0;
    while (spaces < s.size && s.at[spaces] == ' ')
        spaces++;
    talk_text(t, (struct text){s.at + spaces, s.size - spaces}, (unsigned)spaces, 2);
    buffer_clear(&t->begun);
}

bool talk_wrap(void *talk, const char *at, size_t size)
{
    struct talk *t = talk;
    for (size_t i = 0; i < size; i++)
        if (at[i] == '\n')
            wrap_begun(t);
        else
            buffer_byte(&t->begun, at[i]);
    if (size == 0 && t->begun.size)
        wrap_begun(t);
    return !t->begun.failed;
}

void talk_line(struct talk *t)
{
    talk_raw(t, TEXT("\n"));
}

void talk_bold(struct talk *t, struct text s)
{
    if (t->color)
        talk_raw(t, TEXT("\033[1m"));
    talk_text(t, s, 0, 0);
    if (t->color)
        talk_raw(t, TEXT("\033[0m"));
}

void talk_say(struct talk *t, enum say s, struct text a, struct text b, struct text c)
{
    struct buffer out;
    buffer_init(&out);
    say_put(&out, t->french, s, a, b, c);
    talk_text(t, buffer_view(&out), 0, 2);
    buffer_deinit(&out);
}

struct text talk_visible(struct buffer *b, struct entente_text t)
{
    buffer_clear(b);
    buffer_visible(b, (struct text){t.at, t.size});
    return buffer_view(b);
}

struct text talk_number(struct buffer *b, uint64_t n)
{
    buffer_clear(b);
    buffer_unsigned(b, n);
    return buffer_view(b);
}

/* --- lines in ----------------------------------------------------------------------------------
 */

static const char PROMPT[] = "> ";

static const char *prompt_of(EditLine *editor)
{
    (void)editor;
    return PROMPT;
}

static bool start_editor(struct talk *t)
{
    HistEvent event;
    if (!setlocale(LC_CTYPE, "") || MB_CUR_MAX == 1)
        setlocale(LC_CTYPE, "C.UTF-8");
    EditLine *e = el_init("entente", stdin, t->out == STDERR_FILENO ? stderr : stdout, stderr);
    t->editor = e;
    t->history = history_init();
    if (!e || !t->history)
        return false;
    history(t->history, &event, H_SETSIZE, 100);
    el_set(e, EL_PROMPT, prompt_of);
    el_set(e, EL_EDITOR, "emacs");
    el_set(e, EL_SIGNAL, 0);
    el_set(e, EL_HIST, history, t->history);
    return true;
}

bool talk_start(struct talk *t, struct cli *cli, bool french, bool plain)
{
    const char *terminal = getenv("TERM");
    bool on_terminal = isatty(STDIN_FILENO);
    *t = (struct talk){.cli = cli, .french = french};
    buffer_init(&t->begun);
    t->out = on_terminal && !isatty(STDOUT_FILENO) ? STDERR_FILENO : STDOUT_FILENO;
    t->mute = cli->options.given[OPTION_NO_INPUT] || cli->options.given[OPTION_PRINT_FORM];
    t->piece = malloc(PIECE);
    t->plain = plain || !terminal || !terminal[0] || strcmp(terminal, "dumb") == 0;
    t->color = !t->plain && color_on(cli, t->out);
    t->edited = on_terminal && isatty(t->out) && !t->plain && !t->mute;
    if (t->edited && !start_editor(t))
        return false;
    return t->piece != NULL;
}

void talk_end(struct talk *t)
{
    if (t->editor)
        el_end(t->editor);
    if (t->history)
        history_end(t->history);
    buffer_deinit(&t->begun);
    free(t->piece);
    *t = (struct talk){.cli = t->cli};
}

/* The next byte of plain input, or -1. */
static int next_byte(struct talk *t)
{
    while (t->piece_at == t->piece_size && !t->ended) {
        ssize_t n = read(STDIN_FILENO, t->piece, PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        t->ended = n <= 0;
        t->piece_at = 0;
        t->piece_size = n > 0 ? (size_t)n : 0;
    }
    return t->ended ? -1 : (unsigned char)t->piece[t->piece_at++];
}

/* False: the line was longer than may be. */
static bool add_byte(struct buffer *line, int c)
{
    if (c == '\t')
        c = ' ';
    if (c < ' ' || c == 0x7F)
        return true;
    if (line->size >= LIMIT_LINE)
        return false;
    buffer_byte(line, (char)c);
    return true;
}

static bool read_plainly(struct talk *t, struct buffer *line, bool *cut)
{
    int c = next_byte(t);
    if (c < 0)
        return false;
    for (; c >= 0 && c != '\n'; c = next_byte(t))
        *cut |= !add_byte(line, c);
    return true;
}

static bool read_edited(struct talk *t, struct buffer *line, bool *cut)
{
    HistEvent event;
    int size = 0;
    signals_on_terminal(PROMPT);
    el_resize(t->editor);
    const char *got = el_gets(t->editor, &size);
    signals_on_terminal(NULL);
    if (!got || size <= 0) {
        talk_line(t);
        return false;
    }
    for (int i = 0; i < size && got[i] != '\n'; i++)
        *cut |= !add_byte(line, (unsigned char)got[i]);
    if (line->size && line->size < 200)
        history(t->history, &event, H_ENTER, got);
    return true;
}

/* Not in the middle of a character. */
static void trim_cut(struct buffer *line)
{
    size_t valid = utf8_valid(buffer_view(line));
    if (valid < line->size && line->size - valid < 4)
        line->size = valid;
}

bool talk_read(struct talk *t, struct buffer *line)
{
    bool cut = false, got;
    buffer_clear(line);
    if (t->edited) {
        got = read_edited(t, line, &cut);
    } else {
        talk_raw(t, text_from_c(PROMPT));
        got = read_plainly(t, line, &cut);
        if (!isatty(STDIN_FILENO))
            talk_line(t);
    }
    if (cut) {
        struct buffer n;
        buffer_init(&n);
        trim_cut(line);
        talk_say(t, SAY_TOO_LONG, talk_number(&n, LIMIT_LINE), TEXT(""), TEXT(""));
        buffer_deinit(&n);
    }
    return got && !line->failed;
}

bool talk_ask(struct talk *t, struct text question, struct buffer *line)
{
    talk_text(t, question, 0, 0);
    return talk_read(t, line);
}
