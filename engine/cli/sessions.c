/* In: the environment, titles. Out: a folder that can be written, paths in it. Next: ask.c. The
 * file of a session follows from its title alone, so that a title finds its session again. */
#include "cli/sessions.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char SUFFIX[] = ".session";

static const char *join(struct cli *cli, const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    char *out = arena_alloc(&cli->arena, n + m + 1);
    memcpy(out, a, n);
    memcpy(out + n, b, m);
    return out;
}

/* --- the folder ------------------------------------------------------------------------------- */

/* Makes it with all above it, for the owner only. 0, or errno. */
static int make_folder(struct cli *cli, const char *path)
{
    char *copy = arena_c(&cli->arena, text_from_c(path));
    struct stat s;
    for (char *p = copy + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            return errno;
        *p = '/';
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return errno;
    if (stat(path, &s) != 0)
        return errno;
    if (!S_ISDIR(s.st_mode))
        return ENOTDIR;
    return access(path, W_OK | X_OK) == 0 ? 0 : errno;
}

/* A folder of ours in a place where others write too must be ours, and closed to them. */
static int make_private(struct cli *cli, const char *path)
{
    struct stat s;
    int e = make_folder(cli, path);
    if (e)
        return e;
    if (lstat(path, &s) != 0)
        return errno;
    bool closed = S_ISDIR(s.st_mode) && s.st_uid == geteuid() && (s.st_mode & 077) == 0;
    return closed ? 0 : EPERM;
}

static const char *wanted_folder(struct cli *cli)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && state[0] == '/') /* a relative one is to be ignored, says the specification */
        return join(cli, state, "/entente");
    if (home && home[0] == '/')
        return join(cli, home, "/.local/state/entente");
    return NULL;
}

static const char *spare_folder(struct cli *cli)
{
    const char *tmp = getenv("TMPDIR");
    return join(cli, tmp && tmp[0] == '/' ? tmp : "/tmp",
                problem_format(cli->usage, "/entente-%lu", (unsigned long)geteuid()));
}

const char *sessions_folder(struct cli *cli)
{
    const char *wanted = wanted_folder(cli), *spare;
    int e = wanted ? make_folder(cli, wanted) : ENOENT;
    if (!e)
        return wanted;
    const char *why = wanted ? strerror(e) : "HOME is not set";
    const char *named = wanted ? problem_quote(cli->usage, text_from_c(wanted)) : "the home folder";
    spare = spare_folder(cli);
    int again = make_private(cli, spare);
    if (again) {
        problem_add(cli->usage, PROBLEM_SESSION_NOWHERE, SPAN_NONE,
                    problem_format(cli->usage, "%s: %s; %s: %s", named, why,
                                   problem_quote(cli->usage, text_from_c(spare)), strerror(again)),
                    NULL, NULL);
        return NULL;
    }
    problem_add(cli->usage, PROBLEM_SESSION_FOLDER, SPAN_NONE, named, why,
                problem_quote(cli->usage, text_from_c(spare)));
    return spare;
}

/* --- files ------------------------------------------------------------------------------------ */

const char *session_path(struct cli *cli, const char *folder, struct text title)
{
    enum { SHOWN = 40 };
    char slug[SHOWN + 1];
    size_t n = 0;
    for (size_t i = 0; i < title.size && n < SHOWN; i++) {
        char c = title.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain || (n > 0 && slug[n - 1] != '-'))
            slug[n++] = plain ? c : '-';
    }
    slug[n] = '\0';
    return join(cli, folder,
                problem_format(cli->usage, "/%s%s%08llx%s", slug,
                               n && slug[n - 1] != '-' ? "-" : "",
                               (unsigned long long)(text_hash(title) & 0xFFFFFFFFu), SUFFIX));
}

bool session_exists(const char *path)
{
    struct stat s;
    return lstat(path, &s) == 0;
}

static int is_session(const struct dirent *d)
{
    return d->d_name[0] != '.' && text_ends(text_from_c(d->d_name), SUFFIX);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

void sessions_each(struct cli *cli, const char *folder, void (*each)(void *ctx, const char *path),
                   void *ctx)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_session, by_bytes);
    size_t room = count > 0 ? (size_t)count : 0;
    const char **paths = room ? calloc(room, sizeof *paths) : NULL;
    for (size_t i = 0; i < room; i++) {
        if (paths)
            paths[i] = problem_format(cli->usage, "%s/%s", folder, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    for (size_t i = 0; paths && i < room; i++)
        if (paths[i][0])
            each(ctx, paths[i]);
    free(paths);
}

struct nearest {
    struct cli *cli;
    struct suggest near;
};

static void offer(void *ctx, const char *path)
{
    struct nearest *n = ctx;
    struct entente_session s;
    struct entente_problems *quiet = entente_problems_new();
    if (quiet && entente_session_read(path, &s, quiet)) {
        suggest_offer(&n->near,
                      arena_text(&n->cli->arena, (struct text){s.title.at, s.title.size}));
        entente_session_deinit(&s);
    } else if (quiet) {
        entente_session_deinit(&s);
    }
    entente_problems_free(quiet);
}

const char *session_named(struct cli *cli, const char *folder, const char *name)
{
    const char *path = strchr(name, '/') ? name
                       : folder          ? session_path(cli, folder, text_from_c(name))
                                         : NULL;
    if (path && session_exists(path))
        return path;
    struct nearest n = {.cli = cli};
    suggest_init(&n.near, text_from_c(name));
    if (folder)
        sessions_each(cli, folder, offer, &n);
    problem_add(cli->usage, PROBLEM_SESSION_NONE, SPAN_NONE,
                problem_quote(cli->usage, text_from_c(name)), NULL, NULL);
    if (n.near.best.size)
        problem_help(cli->usage, problem_format(cli->usage, "did you mean %s?",
                                                problem_quote(cli->usage, n.near.best)));
    return NULL;
}
