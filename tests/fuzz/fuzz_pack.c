/* In: the files of packs in one text: behind a line "@rules.yaml" or "@over/rules.yaml" the bytes
 * of that file, behind "@load over lang=en" nothing: what is loaded. Out: what is said about them
 * must be text and JSON; what loads must compile, and everything said of a case of it be JSON too.
 * Next: only what the public header offers. */
#include "fuzz.h"

#include <entente/entente.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 24, PACKS = 4, NAME = 40 };

struct input {
    char written[FILES][NAME];
    size_t count;
    char packs[PACKS][512];
    size_t pack_count;
    char language[16];
    struct entente_load load;
};

/* Names that stay inside the folder. */
static bool is_name(struct text t)
{
    bool good = t.size > 0 && t.size < NAME && t.at[0] >= 'a' && t.at[0] <= 'z';
    size_t slashes = 0;
    for (size_t i = 0; i < t.size; i++) {
        good &= (t.at[i] >= 'a' && t.at[i] <= 'z') || t.at[i] == '-' || t.at[i] == '_' ||
                t.at[i] == '/' || (t.at[i] == '.' && (i == 0 || t.at[i - 1] != '.'));
        slashes += t.at[i] == '/';
    }
    return good && slashes <= 1;
}

static bool is_file_name(struct text t)
{
    return is_name(t) && text_ends(t, ".yaml");
}

static void take_word(struct input *in, struct text word)
{
    char name[NAME + 1];
    if (text_is(word, "texts"))
        in->load.all_texts = true;
    else if (text_is(word, "tests"))
        in->load.with_tests = true;
    else if (text_starts(word, "lang=") && word.size - 5 < sizeof in->language)
        memcpy(in->language, word.at + 5, word.size - 5);
    else if ((is_name(word) || text_is(word, ".")) && in->pack_count < PACKS) {
        snprintf(name, sizeof name, "%.*s", (int)word.size, word.at);
        fuzz_path(in->packs[in->pack_count++], name);
    }
}

static void take_load(struct input *in, struct text line)
{
    while (line.size > 0) {
        const char *space = memchr(line.at, ' ', line.size);
        size_t n = space ? (size_t)(space - line.at) : line.size;
        take_word(in, (struct text){line.at, n});
        n += space != NULL;
        line = (struct text){line.at + n, line.size - n};
    }
}

static void write_file(struct input *in, struct text name, struct text content)
{
    char path[512], *file = in->written[in->count];
    if (in->count == FILES)
        return;
    in->count++;
    snprintf(file, NAME, "%.*s", (int)name.size, name.at);
    fuzz_path(path, file);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
    FILE *f = fopen(path, "wb");
    if (!f) /* a folder has that name */
        return;
    fwrite(content.at, 1, content.size, f);
    fclose(f);
}

static void read_input(struct input *in, struct text t)
{
    struct text name = TEXT("pack.yaml");
    const char *from = t.at;
    while (t.size > 0) {
        const char *start = t.at;
        struct text line = fuzz_line(&t);
        struct text behind = {line.at + 1, line.size - 1};
        if (line.size < 2 || line.at[0] != '@')
            continue;
        if (text_starts(behind, "load "))
            take_load(in, (struct text){behind.at + 5, behind.size - 5});
        else if (!is_file_name(behind))
            continue;
        if (start > from)
            write_file(in, name, (struct text){from, (size_t)(start - from)});
        if (!text_starts(behind, "load "))
            name = behind;
        from = t.at;
    }
    if (t.at > from)
        write_file(in, name, (struct text){from, (size_t)(t.at - from)});
}

static void remove_files(const struct input *in)
{
    char path[512];
    for (size_t i = 0; i < in->count; i++) {
        fuzz_path(path, in->written[i]);
        unlink(path);
    }
}

static void check_problems(const struct entente_problems *problems, struct buffer *out)
{
    buffer_clear(out);
    FUZZ_CHECK(entente_problems_print(problems, false, fuzz_append, out), FUZZ_NOTHING,
               FUZZ_NOTHING);
    FUZZ_CHECK(utf8_valid(buffer_view(out)) == out->size, buffer_view(out), FUZZ_NOTHING);
    for (size_t i = 0; i < out->size; i++)
        FUZZ_CHECK((unsigned char)out->at[i] >= ' ' || out->at[i] == '\n', buffer_view(out),
                   FUZZ_NOTHING);
    buffer_clear(out);
    FUZZ_CHECK(entente_problems_json(problems, fuzz_append, out), FUZZ_NOTHING, FUZZ_NOTHING);
    fuzz_check_json(buffer_view(out));
}

/* The most certain conclusions' proofs; all would take long. */
static void check_proofs(const struct entente_result *r, struct buffer *out,
                         struct entente_problems *problems)
{
    for (size_t i = 0; i < entente_result_count(r) && i < 8; i++) {
        struct entente_text id = entente_result_at(r, i).id;
        char name[LIMIT_ID + 1];
        snprintf(name, sizeof name, "%.*s", (int)id.size, id.at);
        buffer_clear(out);
        FUZZ_CHECK(entente_result_how(r, name, false, fuzz_append, out, problems),
                   text_from_c(name), FUZZ_NOTHING);
        buffer_clear(out);
        FUZZ_CHECK(entente_result_how(r, name, true, fuzz_append, out, problems),
                   text_from_c(name), FUZZ_NOTHING);
        fuzz_check_json(buffer_view(out));
    }
}

/* Nobody has answered anything yet. */
static void check_case(const struct entente_kb *kb, struct buffer *out,
                       struct entente_problems *problems)
{
    struct entente_case *c = entente_case_new(kb, "c", ENTENTE_FORM_LONG, problems);
    FUZZ_CHECK(c && entente_case_respondent(c, "p", problems) == 0, FUZZ_NOTHING, FUZZ_NOTHING);
    entente_case_set_open(c, true);
    struct entente_result *r = entente_case_infer(c, problems);
    FUZZ_CHECK(r != NULL, FUZZ_NOTHING, FUZZ_NOTHING);
    for (int f = 0; f < ENTENTE_FORMAT_COUNT; f++) {
        buffer_clear(out);
        FUZZ_CHECK(entente_result_write(r, (enum entente_format)f, false, 0, fuzz_append, out,
                                        problems),
                   FUZZ_NOTHING, FUZZ_NOTHING);
        if (f == ENTENTE_JSONL)
            fuzz_check_json(buffer_view(out));
    }
    check_proofs(r, out, problems);
    entente_result_free(r);
    entente_case_free(c);
}

static void check_kb(const struct entente_kb *kb, struct buffer *out,
                     struct entente_problems *problems)
{
    struct entente_test_counts counts;
    FUZZ_CHECK(entente_kb_dump_program(kb, fuzz_append, out, problems), FUZZ_NOTHING, FUZZ_NOTHING);
    buffer_clear(out);
    if (entente_kb_test(kb, true, NULL, fuzz_append, out, &counts, problems))
        fuzz_check_json(buffer_view(out));
    check_case(kb, out, problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct input in;
    struct buffer out;
    in = (struct input){.count = 0};
    struct text t = {(const char *)data, size};
    buffer_init(&out);
    read_input(&in, t);
    if (in.pack_count == 0)
        fuzz_path(in.packs[in.pack_count++], ".");
    const char *packs[PACKS] = {in.packs[0], in.packs[1], in.packs[2], in.packs[3]};
    in.load.packs = packs;
    in.load.pack_count = in.pack_count;
    in.load.language = in.language[0] ? in.language : NULL;
    struct entente_problems *problems = entente_problems_new();
    struct entente_kb *kb = entente_kb_load(&in.load, problems);
    FUZZ_CHECK((kb == NULL) == (entente_problems_count(problems, ENTENTE_ERROR) > 0), t,
               FUZZ_NOTHING);
    check_problems(problems, &out);
    if (kb)
        check_kb(kb, &out, problems);
    entente_kb_free(kb);
    entente_problems_free(problems);
    remove_files(&in);
    buffer_deinit(&out);
    return 0;
}
