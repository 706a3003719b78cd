/* The names that conditions in tests/lang and tests/unit/lang_*.c may use. To add one: a row. */
#ifndef ENTENTE_TESTS_LANG_NAMES_H
#define ENTENTE_TESTS_LANG_NAMES_H

#include "lang/lang.h"

struct fixture_question {
    const char *id;
    enum answer_kind kind;
    bool about_partnership;
    double lo, hi;
    uint32_t choice_count;
    struct text choices[12];
};

#define T(literal)                   \
    {                                \
        literal, sizeof(literal) - 1 \
    }

static const struct fixture_question FIXTURE_QUESTIONS[] = {
    {"trust", KIND_SCALE, false, 1, 5, 0, {{0}}},
    {"load_balanced", KIND_SCALE, false, 1, 5, 0, {{0}}},
    {"recognition", KIND_SCALE, false, 1, 5, 0, {{0}}},
    {"context_change", KIND_SCALE, false, 0, 10, 0, {{0}}},
    {"budget", KIND_NUMBER, false, -100, 1000, 0, {{0}}},
    {"charter", KIND_YESNO, false, 0, 0, 0, {{0}}},
    {"role", KIND_ONE_OF, false, 0, 0, 3, {T("leader"), T("follower"), T("equal")}},
    {"pair", KIND_ONE_OF, false, 0, 0, 2, {T("first"), T("second")}},
    {"odd", KIND_ONE_OF, false, 0, 0, 4, {T("all"), T("in"), T("partner"), T("yes")}},
    {"wishes", KIND_MANY_OF, false, 0, 0, 3, {T("training"), T("money"), T("time")}},
    {"comment", KIND_TEXT, false, 0, 0, 0, {{0}}},
    {"age_months", KIND_NUMBER, true, 0, 600, 0, {{0}}},
    {"contract_years", KIND_SCALE, true, 1, 9, 0, {{0}}},
    {"signed", KIND_YESNO, true, 0, 0, 0, {{0}}},
    {"sector",
     KIND_ONE_OF,
     true,
     0,
     0,
     4,
     {T("automobile"), T("health"), T("retail"), T("energy")}},
    {"remark", KIND_TEXT, true, 0, 0, 0, {{0}}},
    {"goals", KIND_MANY_OF, true, 0, 0, 2, {T("growth"), T("safety")}},
    {"letters",
     KIND_ONE_OF,
     false,
     0,
     0,
     10,
     {T("a1"), T("b1"), T("c1"), T("d1"), T("e1"), T("f1"), T("g1"), T("h1"), T("i1"), T("j1")}},
};

struct fixture_conclusion {
    const char *id;
    bool about_partnership;
};

static const struct fixture_conclusion FIXTURE_CONCLUSIONS[] = {
    {"imbalance", false},
    {"rigidity", false},
    {"low_trust", false},
    {"fragile", true},
};

#undef T

enum {
    FIXTURE_QUESTION_COUNT = sizeof FIXTURE_QUESTIONS / sizeof FIXTURE_QUESTIONS[0],
    FIXTURE_CONCLUSION_COUNT = sizeof FIXTURE_CONCLUSIONS / sizeof FIXTURE_CONCLUSIONS[0]
};

static inline bool fixture_find(const void *ctx, struct text id, struct name *out)
{
    (void)ctx;
    for (uint32_t i = 0; i < FIXTURE_QUESTION_COUNT; i++) {
        const struct fixture_question *q = &FIXTURE_QUESTIONS[i];
        if (!text_is(id, q->id))
            continue;
        *out = (struct name){.kind = NAME_QUESTION,
                             .index = i,
                             .about_partnership = q->about_partnership,
                             .answer = q->kind,
                             .lo = q->lo,
                             .hi = q->hi,
                             .choices = q->choices,
                             .choice_count = q->choice_count};
        return true;
    }
    for (uint32_t i = 0; i < FIXTURE_CONCLUSION_COUNT; i++) {
        if (!text_is(id, FIXTURE_CONCLUSIONS[i].id))
            continue;
        *out = (struct name){.kind = NAME_CONCLUSION,
                             .index = i,
                             .about_partnership = FIXTURE_CONCLUSIONS[i].about_partnership};
        return true;
    }
    return false;
}

static inline struct text fixture_list(const void *ctx, size_t i)
{
    (void)ctx;
    if (i < FIXTURE_QUESTION_COUNT)
        return text_from_c(FIXTURE_QUESTIONS[i].id);
    i -= FIXTURE_QUESTION_COUNT;
    return i < FIXTURE_CONCLUSION_COUNT ? text_from_c(FIXTURE_CONCLUSIONS[i].id)
                                        : (struct text){NULL, 0};
}

static inline struct text fixture_question_id(const void *ctx, uint32_t index)
{
    (void)ctx;
    return text_from_c(FIXTURE_QUESTIONS[index].id);
}

static inline struct text fixture_conclusion_id(const void *ctx, uint32_t index)
{
    (void)ctx;
    return text_from_c(FIXTURE_CONCLUSIONS[index].id);
}

static inline struct text fixture_choice_id(const void *ctx, uint32_t question, uint32_t code)
{
    (void)ctx;
    return FIXTURE_QUESTIONS[question].choices[code - 1];
}

static const struct names FIXTURE_NAMES = {NULL, fixture_find, fixture_list};
static const struct names_of FIXTURE_NAMES_OF = {NULL, fixture_question_id, fixture_conclusion_id,
                                                 fixture_choice_id};

#endif
