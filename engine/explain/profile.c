/* profile: how each partner sees each dimension, from 0 to 100 (docs/semantics.md, "The profile").
 * In: the answers of a case. Out: the profile of its view. The one idea: every question that was
 * answered has one voice, turned round where low is best; a partner's blanks have none. */
#include "explain/parts.h"

#include "explain/reads.h"

static bool counts(const struct case_view *v, uint32_t question)
{
    const struct question *q = &kb_of(v)->questions[question];
    return q->dimension != NONE && q->kind == KIND_SCALE && !q->about_partnership &&
           v->tile->block->columns[question].put;
}

/* 0..100 for one question and partner, direction applied; false where nobody answered. */
static bool score_of(const struct case_view *v, uint32_t question, uint32_t partner, double *out)
{
    const struct cases *block = v->tile->block;
    const struct question *q = &kb_of(v)->questions[question];
    const uint8_t *code = block->columns[question].code;
    uint32_t row = v->tile->partner_from + v->partner_from + partner;
    double sum = 0;
    uint32_t answers = 0;
    for (uint32_t i = block->respondent_from[row]; i < block->respondent_from[row + 1]; i++)
        if (code[i] != CODE_BLANK && code[i] < CODE_SKIPPED) {
            sum += code[i] - 1;
            answers++;
        }
    struct interval value;
    bool applies = true;
    if (answers == 0 || q->hi <= q->lo)
        return false;
    if (q->ask_if &&
        (!infer_value(v->in, question, SCOPE_PARTNER, subject_of(v, partner), &value, &applies) ||
         !applies))
        return false;
    double share = sum / answers / (q->hi - q->lo);
    *out = 100 * (q->best_low ? 1 - share : share);
    return true;
}

static void add_score(const struct case_view *v, uint32_t question, struct profile_entry *e)
{
    for (uint32_t p = 0; p < v->partners; p++) {
        double score;
        if (!score_of(v, question, p, &score))
            continue;
        e->score[p] += score;
        e->answers[p]++;
    }
}

void make_profile(struct arena *a, struct case_view *v)
{
    const struct kb *kb = kb_of(v);
    uint32_t *entry = arena_array(a, kb->dimension_count, sizeof *entry); /* 1 + place, or 0 */
    for (uint32_t q = 0; q < kb->question_count; q++)
        if (counts(v, q))
            entry[kb->questions[q].dimension] = 1;
    for (uint32_t d = 0; d < kb->dimension_count; d++)
        if (entry[d])
            entry[d] = ++v->profile_count;
    v->profile = arena_array(a, v->profile_count, sizeof *v->profile);
    for (uint32_t d = 0; d < kb->dimension_count; d++)
        if (entry[d])
            v->profile[entry[d] - 1] =
                (struct profile_entry){d, arena_array(a, v->partners, sizeof(double)),
                                       arena_array(a, v->partners, sizeof(uint32_t))};
    for (uint32_t q = 0; q < kb->question_count; q++)
        if (counts(v, q))
            add_score(v, q, &v->profile[entry[kb->questions[q].dimension] - 1]);
    for (uint32_t i = 0; i < v->profile_count; i++)
        for (uint32_t p = 0; p < v->partners; p++)
            if (v->profile[i].answers[p])
                v->profile[i].score[p] /= v->profile[i].answers[p];
}
