/* Sessions: what is written is read back; what was cut off, changed, or is something else is
 * refused before anything of it is used; another version of the pack is migrated, and said. */
#include "unit/interview_world.h"

static void answer_all(struct inquiry *i)
{
    static const char *const ANSWERS[][2] = {{"meets", "yes"},
                                             {"useful", "2"},
                                             {"trust", "3"},
                                             {"mood", "skip"},
                                             {"tools", "mail phone"},
                                             {"age", "12.5"},
                                             {"words", "a \"b\"\n\tc \\ é"},
                                             {"idle", "na"}};
    struct cell_at at;
    for (const char *id = inquiry_now(i, &at); id[0]; id = inquiry_now(i, &at))
        for (size_t k = 0; k < sizeof ANSWERS / sizeof ANSWERS[0]; k++)
            if (strcmp(ANSWERS[k][0], id) == 0)
                inquiry_say(i, at, ANSWERS[k][1]);
}

static void open_answered(struct inquiry *i, struct buffer *b)
{
    inquiry_open(i, NULL, 2, 1, true);
    answer_all(i);
    buffer_init(b);
    session_write(i->iv, b);
    assert_false(b->failed);
}

static bool is_refused(const struct inquiry *i, struct text bytes, enum problem_code code)
{
    struct problems *ps = problems_new();
    struct interview *iv = session_read(i->kb, TEXT("file"), bytes, ps);
    bool refused = iv == NULL && problems_has(ps, code);
    interview_free(iv);
    problems_free(ps);
    return refused;
}

static void test_what_is_written_is_read(void **state)
{
    struct inquiry i;
    struct buffer b, again;
    (void)state;
    open_answered(&i, &b);
    struct interview *iv = session_read(i.kb, TEXT("file"), buffer_view(&b), i.problems);
    assert_non_null(iv);
    assert_int_equal(problems_count(i.problems, SEVERITY_WARNING), 0);
    buffer_init(&again);
    session_write(iv, &again);
    assert_true(text_equal(buffer_view(&b), buffer_view(&again)));
    const struct answer *words = interview_answer(iv, (struct cell_at){6, 0});
    assert_non_null(words);
    assert_text("a \"b\"\n\tc \\ é", words->text);
    buffer_deinit(&again);
    buffer_deinit(&b);
    interview_free(iv);
    inquiry_close(&i);
}

static void test_cut_anywhere_is_refused(void **state)
{
    struct inquiry i;
    struct buffer b;
    (void)state;
    open_answered(&i, &b);
    for (size_t n = 18; n < b.size; n++)
        assert_true(is_refused(&i, (struct text){b.at, n}, PROBLEM_SESSION_DAMAGED));
    for (size_t n = 0; n < 16; n++)
        assert_true(is_refused(&i, (struct text){b.at, n}, PROBLEM_SESSION_NOT_ONE));
    buffer_deinit(&b);
    inquiry_close(&i);
}

static void test_any_changed_byte_is_refused(void **state)
{
    struct inquiry i;
    struct buffer b;
    (void)state;
    open_answered(&i, &b);
    for (size_t n = 18; n < b.size; n++) {
        char kept = b.at[n];
        b.at[n] = kept == '1' ? '2' : '1';
        assert_true(is_refused(&i, buffer_view(&b), PROBLEM_SESSION_DAMAGED));
        b.at[n] = kept;
    }
    buffer_deinit(&b);
    inquiry_close(&i);
}

static void test_something_else_is_refused(void **state)
{
    struct inquiry i;
    (void)state;
    inquiry_open(&i, NULL, 1, 1, false);
    assert_true(is_refused(&i, TEXT("case,partner\n1,2\n"), PROBLEM_SESSION_NOT_ONE));
    assert_true(is_refused(&i, TEXT(""), PROBLEM_SESSION_NOT_ONE));
    assert_true(is_refused(&i, TEXT("entente session 2\n"), PROBLEM_SESSION_NEWER));
    inquiry_close(&i);
}

/* Sums up what was changed, as a program that writes such files would. */
static void sign(struct buffer *b)
{
    size_t from = b->size - 1;
    while (from > 0 && b->at[from - 1] != '\n')
        from--;
    uint64_t hash = text_hash((struct text){b->at, from});
    for (int k = 0; k < 16; k++)
        b->at[b->size - 17 + (size_t)k] = "0123456789abcdef"[hash >> (60 - 4 * k) & 15];
}

static void replace(struct buffer *b, const char *what, const char *by)
{
    assert_int_equal(strlen(what), strlen(by));
    for (size_t n = 0; n + strlen(what) <= b->size; n++)
        if (memcmp(b->at + n, what, strlen(what)) == 0)
            memcpy(b->at + n, by, strlen(by));
    sign(b);
}

static void test_well_signed_nonsense_is_refused(void **state)
{
    static const char *const WRONG[][2] = {{"answer 0 trust \"3\"", "answer 7 trust \"3\""},
                                           {"answer 0 trust \"3\"", "answer 0 trusk \"3\""},
                                           {"answer 0 trust \"3\"", "answer 0 trust \"9\""},
                                           {"answer 0 trust \"3\"", "answer 0 trust \"3 "},
                                           {"answer - age \"12.5", "answer 0 age \"12.5"},
                                           {"form long", "form lang"},
                                           {"asks all", "asks ale"},
                                           {"partner 1", "partner 0"},
                                           {"title", "titel"},
                                           {"answer 1 trust", "answer 0 trust"}};
    (void)state;
    for (size_t k = 0; k < sizeof WRONG / sizeof WRONG[0]; k++) {
        struct inquiry i;
        struct buffer b;
        open_answered(&i, &b);
        if (strlen(WRONG[k][0]) == strlen(WRONG[k][1]))
            replace(&b, WRONG[k][0], WRONG[k][1]);
        else
            sign(&b), b.at[30] ^= 1;
        assert_true(is_refused(&i, buffer_view(&b), PROBLEM_SESSION_DAMAGED));
        buffer_deinit(&b);
        inquiry_close(&i);
    }
}

static void test_another_version_is_migrated(void **state)
{
    static const struct world_file PACK = GATED_PACK, RULES = GATED_RULES;
    struct inquiry i;
    struct buffer b;
    struct cell_at meets = {0, 0};
    (void)state;
    open_answered(&i, &b);
    world_write(i.folder, PACK);
    world_write(i.folder, RULES);
    world_write(i.folder,
                (struct world_file){"questions.yaml",
                                    "- id: meets\n  kind: yesno\n  text: Do you meet?\n"
                                    "- id: useful\n  kind: scale\n  scale: agreement\n"
                                    "  ask_if: meets\n  text: Is it useful?\n"
                                    "- id: trust\n  kind: yesno\n  text: Do you trust them?\n"
                                    "- id: mood\n  kind: one_of\n  text: How is it?\n  choices:\n"
                                    "    - {id: good, label: good}\n    - {id: bad, label: bad}\n"
                                    "- id: age\n  kind: number\n  about: partnership\n"
                                    "  range: [0, 100]\n  text: How old is it?\n"
                                    "- id: added\n  kind: yesno\n  text: A new one?\n"});
    world_write(i.folder, (struct world_file){
                              "rules.yaml", "conclusions:\n  - id: distrust\n    kind: diagnosis\n"
                                            "    label: D\n    holds_from: 0.5\nrules:\n"
                                            "  - id: r\n    when: not trust\n"
                                            "    conclude: distrust\n    certainty: 0.7\n"});
    world_write(i.folder, (struct world_file){"remedies.yaml", "[]\n"});
    struct kb *kb = inquiry_load(&i, i.folder);
    struct interview *iv = session_read(kb, TEXT("file"), buffer_view(&b), i.problems);
    assert_non_null(iv);
    assert_true(problems_has(i.problems, PROBLEM_SESSION_OTHER_PACK));
    assert_true(problems_has(i.problems, PROBLEM_SESSION_LOST));
    assert_int_equal(interview_answer(iv, meets)->code, YESNO_YES);
    assert_null(interview_answer(iv, (struct cell_at){2, 0})); /* trust is yes or no now */
    interview_free(iv);
    kb_free(kb);
    buffer_deinit(&b);
    inquiry_close(&i);
}

static void test_a_list_shows_without_a_pack(void **state)
{
    struct inquiry i;
    struct buffer b;
    struct arena a;
    struct session_head head;
    (void)state;
    open_answered(&i, &b);
    arena_init(&a, 0);
    assert_true(session_peek(TEXT("file"), buffer_view(&b), &a, &head, i.problems));
    assert_text("a case", head.title);
    assert_text("gated 1.0.0", head.pack);
    assert_int_equal(head.partners, 2);
    assert_int_equal(head.answers, interview_asked(i.iv));
    b.at[40] ^= 1;
    struct problems *quiet = problems_new();
    assert_false(session_peek(TEXT("file"), buffer_view(&b), &a, &head, quiet));
    problems_free(quiet);
    arena_deinit(&a);
    buffer_deinit(&b);
    inquiry_close(&i);
}

static void read_it(void *ctx)
{
    struct inquiry *i = ctx;
    struct buffer b;
    struct problems *ps = problems_new();
    buffer_init(&b);
    session_write(i->iv, &b);
    struct interview *iv = b.failed ? NULL : session_read(i->kb, TEXT("file"), buffer_view(&b), ps);
    interview_free(iv);
    buffer_deinit(&b);
    problems_free(ps);
}

static void test_memory_may_fail_anywhere(void **state)
{
    struct inquiry i;
    struct buffer b;
    (void)state;
    open_answered(&i, &b);
    test_each_allocation(read_it, &i);
    buffer_deinit(&b);
    inquiry_close(&i);
}

TEST_MAIN(8, cmocka_unit_test(test_what_is_written_is_read),
          cmocka_unit_test(test_cut_anywhere_is_refused),
          cmocka_unit_test(test_any_changed_byte_is_refused),
          cmocka_unit_test(test_something_else_is_refused),
          cmocka_unit_test(test_well_signed_nonsense_is_refused),
          cmocka_unit_test(test_another_version_is_migrated),
          cmocka_unit_test(test_a_list_shows_without_a_pack),
          cmocka_unit_test(test_memory_may_fail_anywhere))
