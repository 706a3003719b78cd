/* interview_world: a pack with a gate and every kind of question, and what the tests of interviews
 * share. */
#ifndef ENTENTE_INTERVIEW_WORLD_H
#define ENTENTE_INTERVIEW_WORLD_H

#include "unit/explain_world.h"

#include "interview/interview.h"

#define GATED_PACK                                                  \
    {                                                               \
        "pack.yaml", "id: gated\nversion: 1.0.0\nlanguage: en\n"    \
                     "title: Gated\nscales:\n  - id: agreement\n"   \
                     "    range: [1, 5]\n    ends: [low, high]\n"   \
                     "dimensions:\n  - id: life\n    label: Life\n" \
    }
#define GATED_QUESTIONS                                                                       \
    {                                                                                         \
        "questions.yaml", "- id: meets\n  kind: yesno\n  form: short\n  text: Do you meet?\n" \
                          "- id: useful\n  kind: scale\n  scale: agreement\n"                 \
                          "  dimension: life\n  ask_if: meets\n  text: Is it useful?\n"       \
                          "- id: trust\n  kind: scale\n  scale: agreement\n  form: short\n"   \
                          "  dimension: life\n  text: Do you trust them?\n"                   \
                          "- id: mood\n  kind: one_of\n  text: How is it?\n  choices:\n"      \
                          "    - {id: good, label: good}\n    - {id: bad, label: bad}\n"      \
                          "- id: tools\n  kind: many_of\n  text: What do you use?\n"          \
                          "  choices:\n    - {id: mail, label: mail}\n"                       \
                          "    - {id: phone, label: phone}\n"                                 \
                          "- id: age\n  kind: number\n  about: partnership\n"                 \
                          "  range: [0, 100]\n  text: How old is it?\n"                       \
                          "- id: words\n  kind: text\n  text: Anything else?\n"               \
                          "- id: idle\n  kind: yesno\n  text: Does no rule read this?\n"      \
    }
#define GATED_RULES                                                                            \
    {                                                                                          \
        "rules.yaml", "conclusions:\n"                                                         \
                      "  - id: empty_meetings\n    kind: diagnosis\n    label: Empty\n"        \
                      "    holds_from: 0.5\n    severity: {high_when: age > 50}\n"             \
                      "  - id: distrust\n    kind: diagnosis\n    label: Distrust\n"           \
                      "    holds_from: 0.5\n"                                                  \
                      "rules:\n"                                                               \
                      "  - id: r1\n    when: useful <= 2\n    conclude: empty_meetings\n"      \
                      "    certainty: 0.8\n    because: Nobody gains by them.\n"               \
                      "  - id: r2\n    when: trust <= 2\n    conclude: distrust\n"             \
                      "    certainty: 0.6\n"                                                   \
                      "  - id: r3\n    when: mood = bad or tools includes phone\n"             \
                      "    conclude: distrust\n    certainty: 0.4\n"                           \
                      "  - id: r4\n    when: words matches /never/i\n    conclude: distrust\n" \
                      "    certainty: 0.2\n"                                                   \
                      "  - id: r5\n    when: trust >= 4\n    conclude: distrust\n"             \
                      "    certainty: -0.9\n"                                                  \
    }
#define GATED_REMEDIES                                                                       \
    {                                                                                        \
        "remedies.yaml", "- id: R1\n  title: Meet less\n  treats: [empty_meetings]\n"        \
                         "  steps:\n    - {who: all, what: do}\n  sign: it is so\n"          \
                         "  effort: 1\n  impact: 2\n  horizon: weeks\n"                      \
                         "- id: R2\n  title: Talk\n  treats: [distrust]\n  when: age > 10\n" \
                         "  steps:\n    - {who: all, what: do}\n  sign: it is so\n"          \
                         "  effort: 1\n  impact: 2\n  horizon: weeks\n"                      \
    }

struct inquiry {
    char *folder;
    struct problems *problems;
    struct kb *kb;
    struct interview *iv;
};

__attribute__((unused)) static struct kb *inquiry_load(struct inquiry *i, const char *path)
{
    const char *packs[] = {path};
    struct kb_options o = {.packs = packs, .pack_count = 1};
    struct kb *kb = kb_new(&o, i->problems);
    if (!kb) {
        struct buffer b;
        buffer_init(&b);
        problems_print(i->problems, false, &b);
        print_error("%.*s\n", (int)b.size, b.at ? b.at : "");
        fail();
    }
    return kb;
}

/* Over the gated pack, or the pack at `path`; partners called a, b, ... with so many people each.
 */
__attribute__((unused)) static void inquiry_open(struct inquiry *i, const char *path,
                                                 uint32_t partners, uint32_t people, bool all)
{
    static const struct world_file files[] = {GATED_PACK, GATED_QUESTIONS, GATED_RULES,
                                              GATED_REMEDIES};
    const struct text names[] = {TEXT("a"), TEXT("b"), TEXT("c")};
    const uint32_t counts[] = {people, people, people};
    *i = (struct inquiry){.problems = problems_new()};
    if (!path) {
        i->folder = test_folder_new();
        for (size_t f = 0; f < 4; f++)
            world_write(i->folder, files[f]);
    }
    i->kb = inquiry_load(i, path ? path : i->folder);
    struct interview_options o = {.title = TEXT("a case"),
                                  .partners = names,
                                  .people = counts,
                                  .partner_count = partners,
                                  .all = all};
    i->iv = interview_new(i->kb, &o, i->problems);
    assert_non_null(i->iv);
}

__attribute__((unused)) static void inquiry_close(struct inquiry *i)
{
    assert_false(problems_has_error(i->problems));
    interview_free(i->iv);
    kb_free(i->kb);
    problems_free(i->problems);
    if (i->folder)
        test_folder_free(i->folder);
}

/* The id of the question asked now, or "" at the end. */
__attribute__((unused)) static const char *inquiry_now(struct inquiry *i, struct cell_at *at)
{
    static char id[LIMIT_ID + 1];
    if (!interview_now(i->iv, at, i->problems))
        return "";
    struct text t = i->kb->questions[at->question].id;
    snprintf(id, sizeof id, "%.*s", (int)t.size, t.at);
    return id;
}

__attribute__((unused)) static void inquiry_say(struct inquiry *i, struct cell_at at,
                                                const char *value)
{
    struct answer a;
    struct arena arena;
    arena_init(&arena, 0);
    assert_int_equal(answer_read(&i->kb->questions[at.question], text_from_c(value), &arena, &a),
                     ANSWER_OK);
    assert_true(interview_set(i->iv, at, &a, i->problems));
    arena_deinit(&arena);
}

#endif
