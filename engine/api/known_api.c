/* In: an interview. Out: how the diagnoses stand, on what they hang, and what each answer would do.
 * Next: the cli. Everything is read from the interview stage; here it only gets words. */
#include "api/api.h"

static enum entente_verdict verdict_of(const struct conclusion *c, struct interval v)
{
    double threshold = c->threshold - 1e-9;
    return v.lo >= threshold   ? ENTENTE_PRESENT
           : v.hi >= threshold ? ENTENTE_UNDETERMINED
                               : ENTENTE_ABSENT;
}

/* --- how they stand ------------------------------------------------------------------------------
 */

struct making_room {
    struct entente_interview *iv;
    struct interval *certainty;
};

static void make_room(void *ctx)
{
    struct making_room *m = ctx;
    const struct kb *kb = m->iv->kb;
    m->certainty =
        arena_array(&m->iv->texts, kb->conclusion_count + (size_t)1, sizeof *m->certainty);
    m->iv->known =
        arena_array(&m->iv->texts, kb->conclusion_count + (size_t)1, sizeof *m->iv->known);
    m->iv->open = arena_array(&m->iv->texts, kb->question_count + (size_t)1, sizeof *m->iv->open);
}

/* Present, open, absent; each by lower, then upper certainty. */
static bool comes_before(const struct entente_standing *a, const struct entente_standing *b)
{
    if (a->verdict != b->verdict)
        return a->verdict < b->verdict;
    if (a->certainty.lo != b->certainty.lo)
        return a->certainty.lo > b->certainty.lo;
    return a->certainty.hi > b->certainty.hi;
}

bool entente_interview_known(struct entente_interview *iv, size_t *count, bool *early,
                             struct entente_problems *problems)
{
    struct problems *ps = problems_inside(problems);
    struct making_room m = {iv, NULL};
    *count = 0;
    *early = interview_is_early(iv->iv);
    arena_reset(&iv->texts);
    if (!arena_run(&iv->texts, make_room, &m))
        return api_no_memory(ps);
    if (!interview_standing(iv->iv, m.certainty, ps))
        return false;
    for (uint32_t c = 0; c < iv->kb->conclusion_count; c++) {
        const struct conclusion *co = &iv->kb->conclusions[c];
        struct entente_standing s = {.id = text_outside(co->id),
                                     .label = text_outside(co->label),
                                     .verdict = (enum entente_verdict)interview_verdict(iv->iv, c),
                                     .certainty = {m.certainty[c].lo, m.certainty[c].hi},
                                     .unsettled =
                                         (enum entente_unsettled)interview_settled(iv->iv, c)};
        if (co->kind != CONCLUSION_DIAGNOSIS)
            continue;
        size_t at = (*count)++;
        for (; at > 0 && comes_before(&s, &iv->known[at - 1]); at--)
            iv->known[at] = iv->known[at - 1];
        iv->known[at] = s;
    }
    iv->known_count = *count;
    return true;
}

struct entente_standing entente_interview_standing(struct entente_interview *iv, size_t i)
{
    if (i >= iv->known_count)
        return (struct entente_standing){.verdict = ENTENTE_NOT_ASSESSED};
    struct entente_standing s = iv->known[i];
    uint32_t c = kb_conclusion(iv->kb, (struct text){s.id.at, s.id.size});
    iv->open_count = interview_hangs_on(iv->iv, c, iv->open);
    s.open_count = iv->open_count;
    return s;
}

struct entente_text entente_interview_open(const struct entente_interview *iv, size_t i)
{
    return i < iv->open_count ? text_outside(iv->kb->questions[iv->open[i]].id)
                              : (struct entente_text){"", 0};
}

_Static_assert(ENTENTE_SETTLED == (int)SETTLED && ENTENTE_VERDICT == (int)SETTLED_NOT &&
                   ENTENTE_SEVERITY == (int)SETTLED_LEVEL_NOT &&
                   ENTENTE_ORDER == (int)SETTLED_ORDER_NOT,
               "what is settled inside and outside is the same");

/* --- why -----------------------------------------------------------------------------------------
 */

bool entente_interview_why(struct entente_interview *iv, struct entente_why *out,
                           struct entente_problems *problems)
{
    bool ok = interview_why(iv->iv, iv->now, &iv->reasons, problems_inside(problems));
    *out = (struct entente_why){iv->reasons.value_count, iv->reasons.effect_count};
    return ok;
}

struct entente_text entente_interview_why_value(struct entente_interview *iv, size_t value)
{
    const struct reasons *r = &iv->reasons;
    if (value >= r->value_count)
        return (struct entente_text){"", 0};
    return api_answer_words(&iv->texts, &iv->kb->questions[iv->now.question], &r->values[value]);
}

struct entente_effect entente_interview_why_effect(const struct entente_interview *iv,
                                                   size_t effect)
{
    struct entente_effect out = {.now = ENTENTE_NOT_ASSESSED};
    if (effect >= iv->reasons.effect_count)
        return out;
    const struct effect *e = &iv->reasons.effects[effect];
    const struct conclusion *c = &iv->kb->conclusions[e->conclusion];
    out.id = text_outside(c->id);
    out.label = text_outside(c->label);
    if (e->partner != NONE)
        out.partner = text_outside(interview_partner(iv->iv, e->partner));
    out.now = verdict_of(c, e->now);
    out.certainty = (struct entente_interval){e->now.lo, e->now.hi};
    return out;
}

enum entente_verdict entente_interview_why_then(const struct entente_interview *iv, size_t effect,
                                                size_t value, struct entente_interval *certainty)
{
    *certainty = (struct entente_interval){0, 0};
    if (effect >= iv->reasons.effect_count || value >= iv->reasons.value_count)
        return ENTENTE_NOT_ASSESSED;
    const struct effect *e = &iv->reasons.effects[effect];
    *certainty = (struct entente_interval){e->then[value].lo, e->then[value].hi};
    return verdict_of(&iv->kb->conclusions[e->conclusion], e->then[value]);
}
