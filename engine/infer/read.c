/* In: the registers as a tile left them. Out: what others ask of them. Next: explain, report. */
#include "infer/state.h"

#include <string.h>

const struct program *infer_program(const struct infer *in)
{
    return in->p;
}

void infer_packed(const struct infer *in, const uint32_t *conclusions, uint32_t count,
                  struct packed *out)
{
    const uint32_t *numbers = in->p->lo_hi[SCOPE_PARTNERSHIP];
    for (uint32_t k = 0; k < count; k++) {
        const struct column_pair *v = &in->numbers[numbers[conclusions[k]]];
        out[k] = (struct packed){v->lo, v->some[0]};
    }
}

void infer_steps(const struct infer *in, const double *certainties, uint16_t steps[64])
{
    in->kernels->steps(certainties, steps);
}

struct interval infer_certainty(const struct infer *in, uint32_t conclusion, enum scope scope,
                                uint32_t subject)
{
    return number_at(in->numbers[in->p->lo_hi[scope][conclusion]], subject);
}

enum verdict infer_verdict(const struct infer *in, uint32_t conclusion, enum scope scope,
                           uint32_t subject)
{
    if (!in->p->assessed[conclusion])
        return VERDICT_NOT_ASSESSED;
    struct interval v = number_at(in->numbers[in->p->lo_hi[scope][conclusion]], subject);
    double threshold = in->kb->conclusions[conclusion].threshold - CERTAINTY_REACH;
    return v.lo >= threshold   ? VERDICT_PRESENT
           : v.hi >= threshold ? VERDICT_UNDETERMINED
                               : VERDICT_ABSENT;
}

static bool surely(const struct infer *in, struct strength s, uint32_t subject)
{
    return s.planes != NONE && bit(planes_at(in, s.planes), subject, 0);
}

int infer_level_by(const struct infer *in, uint32_t conclusion, uint32_t subject)
{
    if (surely(in, in->p->high_when[conclusion], subject))
        return 1;
    return surely(in, in->p->low_when[conclusion], subject) ? -1 : 0;
}

enum level infer_level(const struct infer *in, uint32_t conclusion, uint32_t subject)
{
    enum level level = in->kb->conclusions[conclusion].level;
    if (level == LEVEL_NONE)
        return LEVEL_NONE;
    int by = infer_level_by(in, conclusion, subject);
    return by > 0 ? LEVEL_HIGH : by < 0 ? LEVEL_LOW : level;
}

static bool maybe(const struct infer *in, struct strength s, uint32_t subject)
{
    return s.planes != NONE && bit(planes_at(in, s.planes), subject, 1);
}

void infer_levels(const struct infer *in, uint32_t conclusion, uint32_t subject, enum level *lowest,
                  enum level *highest)
{
    struct strength high = in->p->high_when[conclusion], low = in->p->low_when[conclusion];
    enum level level = in->kb->conclusions[conclusion].level;
    *lowest = *highest = infer_level(in, conclusion, subject);
    if (level == LEVEL_NONE || surely(in, high, subject))
        return;
    if (maybe(in, low, subject) && *lowest > LEVEL_LOW)
        *lowest = LEVEL_LOW;
    if (maybe(in, high, subject))
        *highest = LEVEL_HIGH;
}

bool infer_remedy_is_open(const struct infer *in, uint32_t remedy, uint32_t tile_case)
{
    struct strength s = in->p->remedy_when[remedy];
    return maybe(in, s, tile_case) && !surely(in, s, tile_case);
}

bool infer_remedy_fits(const struct infer *in, uint32_t remedy, uint32_t tile_case)
{
    struct strength s = in->p->remedy_when[remedy];
    return s.planes == NONE || bit(planes_at(in, s.planes), tile_case, 1);
}

static struct interval strength(const struct infer *in, uint32_t planes, uint32_t number,
                                uint32_t subject)
{
    const uint64_t *b = planes_at(in, planes);
    struct interval s = {bit(b, subject, 0), bit(b, subject, 1)};
    if (number != NONE) {
        struct interval v = number_at(in->numbers[number], subject);
        s.lo = s.lo > 0 ? v.lo : 0;
        s.hi = s.hi > 0 ? v.hi : 0;
    }
    return s;
}

struct interval infer_rule(const struct infer *in, uint32_t rule, uint32_t subject)
{
    if (!in->p->in_play[rule] || !in->p->assessed[in->kb->rules[rule].conclusion])
        return (struct interval){0, 0};
    struct strength s = in->p->rule_strength[rule];
    return strength(in, s.planes, s.number, subject);
}

struct interval infer_answered_share(const struct infer *in, enum scope scope, uint32_t subject)
{
    return answered_share(in, scope, subject);
}

bool infer_node(const struct infer *in, const struct node *n, uint32_t subject,
                struct interval *out)
{
    uint32_t at = idmap_get(&in->p->traced, (struct text){(const char *)&n, sizeof n});
    if (at == IDMAP_NONE)
        return false;
    const struct trace *t = &in->p->traces[at];
    if (t->planes == NONE)
        *out = number_at(in->numbers[t->number], subject);
    else
        *out = strength(in, t->planes, t->number, subject);
    return true;
}

static bool applies(const struct infer *in, uint32_t question, enum scope scope, uint32_t subject)
{
    uint32_t reg = in->p->applies_of[scope][question];
    struct gathered g;
    if (reg != NONE)
        return bit(planes_at(in, reg), subject, 1);
    gather(in, question, rows_of(in, scope, subject), false, &g);
    return !(g.na && !g.answered && !g.declined);
}

/* The mean over the partners the question applies to, each one voice; anything while it may apply.
 */
static void value_of_case(const struct infer *in, uint32_t question, uint32_t tile_case,
                          struct interval *out, bool *applicable)
{
    const struct question *q = &in->kb->questions[question];
    uint32_t reg = in->p->applies_of[SCOPE_PARTNER][question];
    struct rows partners = partners_of(in, tile_case);
    struct interval sum = {0, 0}, v;
    double voices = 0;
    bool unsure = false;
    for (uint32_t p = partners.from; p < partners.to; p++) {
        bool one;
        infer_value(in, question, SCOPE_PARTNER, p, &v, &one);
        if (!one)
            continue;
        unsure |= (reg != NONE && !bit(planes_at(in, reg), p, 0)) ||
                  (in->block->any_open && may_be_na(in, question, SCOPE_PARTNER, p));
        sum.lo += v.lo;
        sum.hi += v.hi;
        voices++;
    }
    *applicable = voices > 0;
    *out = voices > 0 && !unsure ? (struct interval){sum.lo / voices, sum.hi / voices}
                                 : (struct interval){q->lo, q->hi};
}

bool infer_value(const struct infer *in, uint32_t question, enum scope scope, uint32_t subject,
                 struct interval *out, bool *applicable)
{
    const struct question *q = &in->kb->questions[question];
    struct gathered g;
    if (!in->p->put_questions[question] || (q->kind != KIND_SCALE && q->kind != KIND_NUMBER))
        return false;
    if (scope == SCOPE_PARTNERSHIP && !q->about_partnership) {
        value_of_case(in, question, subject, out, applicable);
        return true;
    }
    enum scope home = scope;
    if (scope == SCOPE_PARTNER && q->about_partnership) {
        home = SCOPE_PARTNERSHIP;
        subject = in->case_of[subject];
    }
    gather(in, question, rows_of(in, home, subject), is_open(in, home, subject), &g);
    double all = g.answered + g.to_come;
    *applicable = applies(in, question, home, subject);
    *out = all == 0 ? (struct interval){q->lo, q->hi}
                    : (struct interval){(g.sum + g.to_come * q->lo) / all,
                                        (g.sum + g.to_come * q->hi) / all};
    return true;
}

uint8_t infer_code(const struct infer *in, uint32_t question, enum scope scope, uint32_t subject)
{
    const struct question *q = &in->kb->questions[question];
    uint32_t of_partner = in->p->applies_of[SCOPE_PARTNER][question];
    if (!in->p->put_questions[question] || (q->kind != KIND_YESNO && q->kind != KIND_ONE_OF))
        return CODE_BLANK;
    if (scope == SCOPE_PARTNERSHIP && !q->about_partnership)
        return majority_of_partners(in, question, subject,
                                    of_partner == NONE ? NULL : planes_at(in, of_partner));
    enum scope home = q->about_partnership ? SCOPE_PARTNERSHIP : scope;
    if (home != scope)
        subject = in->case_of[subject];
    return applies(in, question, home, subject) ? majority(in, question, home, subject) : CODE_NA;
}

uint32_t infer_answers(const struct infer *in, uint32_t question, uint32_t tile_partner)
{
    struct gathered g;
    if (!in->p->put_questions[question])
        return 0;
    gather(in, question, rows_of(in, SCOPE_PARTNER, tile_partner), false, &g);
    return g.answered;
}

struct infer_counts infer_counts(const struct infer *in)
{
    return in->counts;
}
