/* ask: private to cli. An interview at the terminal: what the files of `ask` share. */
#ifndef ENTENTE_ASK_H
#define ENTENTE_ASK_H

#include "cli/sessions.h"
#include "cli/talk.h"
#include <sys/stat.h>

struct asking {
    struct cli *cli;
    struct talk talk;
    struct entente_kb *kb;
    struct entente_interview *iv;
    const char *path; /* of the session; NULL: nowhere */
    bool unsaved;     /* saving failed, and it was said */
    struct stat seen; /* the file as it was last saved or read; st_ino 0: not yet */
    struct buffer line, scratch[3];
};

enum after { AFTER_GO_ON, AFTER_AGAIN, AFTER_QUIT, AFTER_FAILED };

/* ask_begin.c: false: a problem, or the input ended. */
bool ask_start(struct asking *a, const char *folder);  /* a new one */
bool ask_resume(struct asking *a, const char *folder); /* the one named */
bool ask_form_fits(struct cli *cli);

/* ask_turn.c: one question until it has an answer, or a command that leads elsewhere. */
enum after ask_turn(struct asking *a, const struct entente_asking *q);
/* A command that may stand anywhere; false: it is none. */
bool ask_command(struct asking *a, struct text line, enum after *after);
/* Saved, unless that fails: then it is said, once. False and a problem where another run has
 * changed the session. */
bool ask_save(struct asking *a);

/* ask_show.c */
void show_question(struct asking *a, const struct entente_asking *q);
void show_allowed(struct asking *a, const struct entente_asking *q); /* what may be answered */
void show_answers(struct asking *a);
void show_why(struct asking *a);
void show_known(struct asking *a);
void show_help(struct asking *a);
struct text shown_value(const struct asking *a, struct entente_text value); /* dk: "don't know" */

/* ask_after.c: explanations as commands; false: it is none. */
bool ask_explain(struct asking *a, struct text word, struct text rest);

/* What is known now, over the answers so far. NULL and a problem. */
struct entente_result *ask_result(struct asking *a);

/* A problem of the library that ends nothing: its message is said, and the list is new. */
void ask_tell_problems(struct asking *a);

static inline struct text inside(struct entente_text t)
{
    return (struct text){t.at, t.size};
}

#endif
