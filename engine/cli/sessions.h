/* sessions: private to cli. Where saved interviews are, by title. */
#ifndef ENTENTE_SESSIONS_H
#define ENTENTE_SESSIONS_H

#include "cli/cli.h"

/* The folder, made where it is not there; NULL and a warning where nowhere can be written. In the
 * cli's arena (inside arena_run, as all here). */
const char *sessions_folder(struct cli *cli);
/* DIR/name-of-the-title-HASH.session; the same title is the same file. */
const char *session_path(struct cli *cli, const char *folder, struct text title);
bool session_exists(const char *path);

/* Calls each(ctx, path) for every session of the folder, in the order of their names. */
void sessions_each(struct cli *cli, const char *folder, void (*each)(void *ctx, const char *path),
                   void *ctx);

/* What a user wrote behind --resume or --forget: a title, or the path of a file. NULL and a problem
 * with the one that may be meant. */
const char *session_named(struct cli *cli, const char *folder, const char *name);

#endif
