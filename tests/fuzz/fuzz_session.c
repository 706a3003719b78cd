/* In: the inside of a session, behind a line "same" or "other" (which pack it is of), or behind
 * "raw" a whole one. Out: one that is taken comes back as what was written of it, and can go on;
 * its answers as a sheet are taken by diagnose, as a case with nothing rejected. */
#include "fuzz.h"

#include "interview/interview.h"
#include "survey/survey.h"

static struct kb *kb;

static void free_kb(void)
{
    kb_free(kb);
}

static void load_kb(void)
{
    static const char *const PACKS[] = {"tests/cli/common/small"};
    struct kb_options options = {.packs = PACKS, .pack_count = 1};
    struct problems *problems = problems_new();
    kb = kb_new(&options, problems);
    FUZZ_CHECK(kb != NULL, TEXT("run it from the root of the repository"), FUZZ_NOTHING);
    problems_free(problems);
    atexit(free_kb);
}

static void put_hash(struct buffer *b, uint64_t hash)
{
    for (int i = 60; i >= 0; i -= 4)
        buffer_byte(b, "0123456789abcdef"[hash >> i & 15]);
}

/* With its first lines and its last, which is right. */
static void put_whole(struct buffer *b, struct text kind, struct text inside)
{
    uint64_t answers = 0;
    buffer_c(b, "entente session 1\npack ");
    buffer_json(b, kb->name);
    buffer_byte(b, ' ');
    put_hash(b, text_is(kind, "same") ? kb->digest : 0);
    buffer_byte(b, '\n');
    buffer_text(b, inside);
    if (inside.size && inside.at[inside.size - 1] != '\n')
        buffer_byte(b, '\n');
    while (inside.size > 0)
        answers += text_starts(fuzz_line(&inside), "answer ");
    uint64_t hash = text_hash(buffer_view(b));
    buffer_c(b, "end ");
    buffer_unsigned(b, answers);
    buffer_byte(b, ' ');
    put_hash(b, hash);
    buffer_byte(b, '\n');
}

static struct interview *read_session(struct text t, bool must)
{
    struct problems *problems = problems_new();
    struct interview *iv = session_read(kb, TEXT("session"), t, problems);
    FUZZ_CHECK((iv == NULL) == problems_has_error(problems), t, FUZZ_NOTHING);
    FUZZ_CHECK(iv || !must, t, FUZZ_NOTHING);
    problems_free(problems);
    return iv;
}

static void check_back(const struct interview *iv)
{
    struct buffer once, twice;
    buffer_init(&once);
    buffer_init(&twice);
    session_write(iv, &once);
    struct interview *again = read_session(buffer_view(&once), true);
    session_write(again, &twice);
    FUZZ_CHECK(text_equal(buffer_view(&once), buffer_view(&twice)), buffer_view(&once),
               buffer_view(&twice));
    interview_free(again);
    buffer_deinit(&once);
    buffer_deinit(&twice);
}

static void check_sheet(const struct interview *iv)
{
    struct buffer b;
    char path[512];
    struct problems *problems = problems_new();
    buffer_init(&b);
    sheet_write(iv, &b);
    fuzz_path(path, "sheet.yaml");
    fuzz_write(path, buffer_view(&b));
    const char *const files[] = {path};
    struct survey_options o = {.files = files, .file_count = 1};
    struct survey *s = survey_new(kb, &o, problems);
    FUZZ_CHECK(s != NULL, buffer_view(&b), text_from_c(s ? "" : problems_at(problems, 0)->message));
    survey_free(s);
    problems_free(problems);
    buffer_deinit(&b);
}

/* Don't know, to whatever is asked, as long as something is. */
static void go_on(struct interview *iv)
{
    static const struct answer UNSURE = {.code = CODE_UNSURE, .text = {"", 0}};
    struct problems *problems = problems_new();
    struct cell_at at;
    for (int i = 0; i < 40 && interview_now(iv, &at, problems); i++)
        FUZZ_CHECK(interview_set(iv, at, &UNSURE, problems), FUZZ_NOTHING, FUZZ_NOTHING);
    FUZZ_CHECK(!problems_has_error(problems), FUZZ_NOTHING, FUZZ_NOTHING);
    problems_free(problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text t = {(const char *)data, size};
    struct buffer whole;
    if (!kb)
        load_kb();
    struct text kind = fuzz_line(&t);
    buffer_init(&whole);
    if (!text_is(kind, "raw")) {
        put_whole(&whole, kind, t);
        t = buffer_view(&whole);
    }
    struct interview *iv = read_session(t, false);
    if (iv && interview_row_count(iv) <= 12) { /* of thousands each step takes long */
        check_back(iv);
        check_sheet(iv);
        go_on(iv);
        check_back(iv);
    }
    interview_free(iv);
    buffer_deinit(&whole);
    return 0;
}
