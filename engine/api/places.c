/* In: the names of inputs and outputs. Out: whether they are apart from each other. Next: outputs
 * opens them. An output that is an input would be gone before it was read. */
#include "api/outputs.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a name stands for; "-" is a descriptor. */
static bool look_at(const char *name, int descriptor, struct stat *out)
{
    return (strcmp(name, "-") == 0 ? fstat(descriptor, out) : stat(name, out)) == 0;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return S_ISREG(a->st_mode) && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_read(const struct entente_input *in, const struct stat *output)
{
    struct stat st;
    for (size_t i = 0; i < in->file_count; i++)
        if (look_at(in->files[i], STDIN_FILENO, &st) && is_same_file(output, &st))
            return true;
    return false;
}

static bool look_at_folder(const char *path, size_t size, struct stat *out)
{
    char folder[PATH_MAX];
    if (size >= sizeof folder)
        return false;
    memcpy(folder, path, size);
    folder[size] = '\0';
    return stat(size ? folder : ".", out) == 0;
}

/* Two names of which one at least is of no file yet: the same name in the same folder. */
static bool is_same_place(const char *a, const char *b)
{
    const char *x = strrchr(a, '/'), *y = strrchr(b, '/');
    struct stat s, t;
    x = x ? x + 1 : a;
    y = y ? y + 1 : b;
    return strcmp(x, y) == 0 && look_at_folder(a, (size_t)(x - a), &s) &&
           look_at_folder(b, (size_t)(y - b), &t) && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

bool outputs_are_apart(const struct entente_batch *b, struct problems *problems)
{
    const char *outputs[] = {b->output ? b->output : "-", b->rejects};
    struct stat st[2];
    bool known[2] = {false, false};
    for (size_t o = 0; o < 2 && outputs[o]; o++) {
        known[o] = look_at(outputs[o], STDOUT_FILENO, &st[o]);
        if (!known[o] || !is_read(&b->input, &st[o]))
            continue;
        problem_add(problems, PROBLEM_OUTPUT_IS_INPUT, SPAN_NONE,
                    problem_quote(problems, text_from_c(outputs[o])), NULL, NULL);
        problem_help(problems, "give the output another name");
        return false;
    }
    if (!b->rejects || !(known[0] && known[1] ? is_same_file(&st[0], &st[1])
                                              : is_same_place(outputs[0], b->rejects)))
        return true;
    problem_add(problems, PROBLEM_OUTPUTS_EQUAL, SPAN_NONE,
                problem_quote(problems, text_from_c(b->rejects)), NULL, NULL);
    problem_help(problems, "give one of them another name");
    return false;
}
