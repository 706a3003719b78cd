/* talk: private to cli. A conversation: lines out, wrapped to the terminal; lines in, edited where
 * there is a terminal that can, plainly read where not. Nothing is ever redrawn but the line that
 * is being edited. Text of others is made visible before it is printed. */
#ifndef ENTENTE_TALK_H
#define ENTENTE_TALK_H

#include "cli/cli.h"
#include "cli/say.h"

struct talk {
    struct cli *cli;
    bool french;
    bool edited; /* libedit reads */
    bool plain;  /* for a screen reader: nothing drawn, in the report neither */
    bool mute;   /* nothing is said (--no-input) */
    bool color;
    int out;     /* descriptor */
    char *piece; /* what was read and not yet taken, of plain reading */
    size_t piece_size, piece_at;
    bool ended;
    void *editor, *history;
    struct buffer begun; /* of talk_wrap: a line without its end */
};

bool talk_start(struct talk *t, struct cli *cli, bool french, bool plain); /* false: no memory */
void talk_end(struct talk *t);

/* Appends to nothing: prints a paragraph, wrapped, behind `indent` spaces; later lines `hang` more.
 */
void talk_text(struct talk *t, struct text s, unsigned indent, unsigned hang);
/* A line in columns, behind two spaces; wrapped where it is too long. */
void talk_row(struct talk *t, struct text s);
void talk_say(struct talk *t, enum say s, struct text a, struct text b, struct text c);
void talk_line(struct talk *t); /* an empty line */
void talk_bold(struct talk *t, struct text s);
void talk_raw(struct talk *t, struct text s);             /* as it is */
bool talk_write(void *talk, const char *at, size_t size); /* talk_raw as an entente_write */

/* talk_write for text in lines of any length: wrapped, each behind its own indentation. Ends with a
 * line of size 0. */
bool talk_wrap(void *talk, const char *at, size_t size);

/* Says something and reads the line that answers it. */
bool talk_ask(struct talk *t, struct text question, struct buffer *line);
/* One line of input into `line`, without its end, control characters gone, at most LIMIT_LINE
 * bytes. False at the end of input. */
bool talk_read(struct talk *t, struct buffer *line);

/* Text of others, as a view into `b`, which is cleared first. */
struct text talk_visible(struct buffer *b, struct entente_text t);
struct text talk_number(struct buffer *b, uint64_t n);

#endif
