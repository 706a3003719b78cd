/* explain_world: a small pack, written to a folder, and cases of it, evaluated: what the tests of
 * explain and report stand on. */
#ifndef ENTENTE_EXPLAIN_WORLD_H
#define ENTENTE_EXPLAIN_WORLD_H

#include "test.h"

#include "explain/explain.h"

struct world {
    char *folder;
    struct problems *problems;
    struct kb *kb;
    bool *put_questions;
    struct put put;
    struct program *program;
    struct cases *cases;
    struct infer *infer;
    struct arena arena;   /* of the test: texts, views */
    struct arena answers; /* texts of answers */
};

struct world_file {
    const char *name, *text;
};

#define WORLD_PACK                              \
    {                                           \
        "pack.yaml", "id: small\n"              \
                     "version: 1.2.0\n"         \
                     "language: fr\n"           \
                     "title: Un petit paquet\n" \
                     "scales:\n"                \
                     "  - id: agreement\n"      \
                     "    range: [1, 5]\n"      \
                     "    ends: [non, oui]\n"   \
                     "dimensions:\n"            \
                     "  - id: balance\n"        \
                     "    label: Équilibre\n"  \
                     "  - id: trust_respect\n"  \
                     "    label: Confiance\n"   \
                     "  - id: unused\n"         \
                     "    label: Rien\n"        \
                     "defaults:\n"              \
                     "  holds_from: 0.4\n"      \
    }

__attribute__((unused)) static void world_write(const char *folder, struct world_file f)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", folder, f.name);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(f.text, 1, strlen(f.text), out), strlen(f.text));
    assert_int_equal(fclose(out), 0);
}

__attribute__((unused)) static void world_check(struct world *w, bool ok)
{
    if (ok)
        return;
    struct buffer b;
    buffer_init(&b);
    problems_print(w->problems, false, &b);
    print_error("%.*s\n", (int)b.size, b.at ? b.at : "");
    buffer_deinit(&b);
    fail();
}

/* The pack at `path`. `not_put`: ids of the questions left out, separated by spaces; NULL: all are
 * put. */
__attribute__((unused)) static void world_load(struct world *w, const char *path,
                                               const char *not_put)
{
    arena_init(&w->arena, 0);
    arena_init(&w->answers, 0);
    const char *packs[] = {path};
    struct kb_options o = {.packs = packs, .pack_count = 1};
    w->kb = kb_new(&o, w->problems);
    world_check(w, w->kb != NULL);
    w->put_questions = calloc(w->kb->question_count + 1, 1);
    for (uint32_t q = 0; q < w->kb->question_count; q++) {
        char id[80], all[1000];
        snprintf(id, sizeof id, " %.*s ", (int)w->kb->questions[q].id.size,
                 w->kb->questions[q].id.at);
        snprintf(all, sizeof all, " %s ", not_put ? not_put : "");
        w->put_questions[q] = strstr(all, id) == NULL;
        w->put.count += w->put_questions[q] && w->kb->questions[q].kind != KIND_TEXT;
    }
    w->put.questions = w->put_questions;
    w->program = program_new(w->kb, &w->put, PROGRAM_REPORT | PROGRAM_TRACE, w->problems);
    world_check(w, w->program != NULL);
    w->cases = cases_new(w->kb, &w->put);
    w->infer = infer_new(w->program, w->problems);
    world_check(w, w->cases && w->infer);
}

/* A pack of these files. */
__attribute__((unused)) static void world_open(struct world *w, const struct world_file *files,
                                               size_t count, const char *not_put)
{
    *w = (struct world){.folder = test_folder_new(), .problems = problems_new()};
    for (size_t i = 0; i < count; i++)
        world_write(w->folder, files[i]);
    world_load(w, w->folder, not_put);
}

__attribute__((unused)) static void world_close(struct world *w)
{
    infer_free(w->infer);
    cases_free(w->cases);
    program_free(w->program);
    free(w->put_questions);
    kb_free(w->kb);
    problems_free(w->problems);
    arena_deinit(&w->arena);
    arena_deinit(&w->answers);
    if (w->folder)
        test_folder_free(w->folder);
}

__attribute__((unused)) static void world_case(struct world *w, const char *name, bool open)
{
    assert_true(cases_add_case(w->cases, text_from_c(name), open));
}

__attribute__((unused)) static void world_partner(struct world *w, const char *name)
{
    assert_true(cases_add_partner(w->cases, text_from_c(name)));
}

/* "load_balanced=1 trust=dk": one respondent of the last partner. */
__attribute__((unused)) static void world_respondent(struct world *w, const char *answers)
{
    assert_true(cases_add_respondent(w->cases));
    uint32_t row = w->cases->respondent_count - 1;
    while (*answers) {
        size_t size = strcspn(answers, " ");
        const char *equal = memchr(answers, '=', size);
        assert_non_null(equal);
        uint32_t q = kb_question(w->kb, (struct text){answers, (size_t)(equal - answers)});
        assert_int_not_equal(q, NONE);
        struct text value = {equal + 1, (size_t)(answers + size - equal - 1)};
        struct answer a;
        assert_int_equal(answer_parse(&w->kb->questions[q], value, &w->answers, &a), ANSWER_OK);
        cases_set(w->cases, q, row, &a);
        answers += size;
        answers += strspn(answers, " ");
    }
}

struct world_run {
    struct world *w;
    void (*look)(struct world *w, const struct infer *in, const struct tile *t, void *ctx);
    void *ctx;
};

__attribute__((unused)) static bool world_tile(const struct infer *in, const struct tile *t,
                                               void *ctx)
{
    struct world_run *r = ctx;
    r->look(r->w, in, t, r->ctx);
    return true;
}

/* Calls look for every tile. */
__attribute__((unused)) static void world_run(struct world *w,
                                              void (*look)(struct world *, const struct infer *,
                                                           const struct tile *, void *),
                                              void *ctx)
{
    struct world_run r = {w, look, ctx};
    world_check(w, infer_run(w->infer, w->cases, world_tile, &r, w->problems));
}

__attribute__((unused)) static uint32_t world_conclusion(const struct world *w, const char *id)
{
    uint32_t c = kb_conclusion(w->kb, text_from_c(id));
    assert_int_not_equal(c, NONE);
    return c;
}

/* Ids of conclusions, separated by spaces. */
__attribute__((unused)) static struct text world_ids(struct world *w, const uint32_t *conclusions,
                                                     uint32_t count)
{
    struct buffer b;
    buffer_init(&b);
    for (uint32_t i = 0; i < count; i++) {
        buffer_c(&b, i ? " " : "");
        buffer_text(&b, w->kb->conclusions[conclusions[i]].id);
    }
    struct text t = arena_text(&w->arena, buffer_view(&b));
    buffer_deinit(&b);
    return t;
}

__attribute__((unused)) static struct text world_rules(struct world *w, const uint32_t *rules,
                                                       uint32_t count)
{
    struct buffer b;
    buffer_init(&b);
    for (uint32_t i = 0; i < count; i++) {
        buffer_c(&b, i ? " " : "");
        buffer_text(&b, w->kb->rules[rules[i]].id);
    }
    struct text t = arena_text(&w->arena, buffer_view(&b));
    buffer_deinit(&b);
    return t;
}

/* t with the folder of the pack written as PACK. */
__attribute__((unused)) static struct text world_portable(struct world *w, struct text t)
{
    struct buffer b;
    buffer_init(&b);
    size_t size = strlen(w->folder), written = 0;
    for (size_t i = 0; i + size <= t.size; i++) {
        if (memcmp(t.at + i, w->folder, size) != 0)
            continue;
        buffer_text(&b, (struct text){t.at + written, i - written});
        buffer_c(&b, "PACK");
        written = i + size;
        i = written - 1;
    }
    buffer_text(&b, (struct text){t.at + written, t.size - written});
    struct text out = arena_text(&w->arena, buffer_view(&b));
    buffer_deinit(&b);
    return out;
}

/* t is what tests/unit/golden/NAME holds; with ACCEPT=1 it becomes so. */
__attribute__((unused)) static void world_golden(struct world *w, const char *name, struct text t)
{
    char path[300];
    snprintf(path, sizeof path, "tests/unit/golden/%s", name);
    t = world_portable(w, t);
    if (getenv("ACCEPT")) {
        world_write("tests/unit/golden", (struct world_file){name, arena_c(&w->arena, t)});
        return;
    }
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    char *expected = arena_alloc(&w->arena, 1 << 20);
    size_t size = fread(expected, 1, (1 << 20) - 1, in);
    assert_int_equal(fclose(in), 0);
    expected[size] = '\0';
    assert_text(expected, t);
}

#endif
