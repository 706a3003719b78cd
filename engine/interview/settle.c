/* In: the open case, inferred. Out: which diagnoses are settled with severity and place in the
 * plan, and the cells on which the others hang. Next: choose.c. Everything is judged by bounds that
 * hold whatever the remaining answers are, so what is settled once stays so. */
#include "interview/asking.h"

#include <string.h>

static bool is_marked(const struct interview *iv, uint8_t mark)
{
    for (uint32_t i = 0; i < iv->cell_count; i++)
        if (iv->marks[i] & mark)
            return true;
    return false;
}

/* --- severity --------------------------------------------------------------------------------- */

/* Over the partners where it is present: the lowest and highest it may come to. */
static bool level_is_settled(const struct interview *iv, uint32_t c)
{
    enum level lowest = LEVEL_NONE, highest = LEVEL_NONE, lo, hi;
    if (iv->kb->conclusions[c].about_partnership) {
        infer_levels(iv->base, c, 0, &lowest, &highest);
        return lowest == highest;
    }
    for (uint32_t p = 0; p < iv->partner_count; p++) {
        enum verdict v = base_verdict(iv, c, p);
        if (v != VERDICT_PRESENT && v != VERDICT_UNDETERMINED)
            continue;
        infer_levels(iv->base, c, p, &lo, &hi);
        if (v == VERDICT_PRESENT && lo > lowest)
            lowest = lo;
        if (hi > highest)
            highest = hi;
    }
    return lowest == highest;
}

static void hang_level(struct interview *iv, uint8_t mark, uint32_t c)
{
    const struct conclusion *co = &iv->kb->conclusions[c];
    const struct node *when[] = {co->high_when, co->low_when};
    for (int i = 0; i < 2; i++) {
        if (!when[i])
            continue;
        if (co->about_partnership)
            hang_condition(iv, mark, when[i], NONE);
        for (uint32_t p = 0; !co->about_partnership && p < iv->partner_count; p++)
            if (base_verdict(iv, c, p) != VERDICT_ABSENT)
                hang_condition(iv, mark, when[i], p);
    }
    for (uint32_t p = 0; !co->about_partnership && p < iv->partner_count; p++)
        if (base_verdict(iv, c, p) == VERDICT_UNDETERMINED)
            hang_conclusion(iv, mark, c, p);
}

/* --- causes ----------------------------------------------------------------------------------- */

struct causing {
    struct interview *iv;
    uint32_t of; /* the conclusion caused */
    bool fired;  /* the rule surely did */
};

static bool *pair(const struct interview *iv, bool *of, uint32_t cause, uint32_t effect)
{
    return &of[(size_t)cause * iv->kb->conclusion_count + effect];
}

/* No answer to come can move it: what its bounds leave open stays open. */
static bool is_final(struct interview *iv, const struct node *when, uint32_t conclusion,
                     uint32_t partner)
{
    hang_clear(iv, MARK_ONE);
    hang_start(iv);
    if (when)
        hang_condition(iv, MARK_ONE, when, partner);
    else
        hang_conclusion(iv, MARK_ONE, conclusion, partner);
    return !is_marked(iv, MARK_ONE);
}

static void note_causes(struct causing *k, const struct node *n, uint32_t partner)
{
    struct interview *iv = k->iv;
    if (n->kind == NODE_ANY || n->kind == NODE_ALL) {
        for (uint32_t p = 0; p < iv->partner_count; p++)
            note_causes(k, n->args[0], p);
        return;
    }
    if (n->kind == NODE_AND || n->kind == NODE_OR) {
        for (uint32_t i = 0; i < n->count; i++)
            note_causes(k, n->args[i], partner);
        return;
    }
    if ((n->kind != NODE_PREMISE && n->kind != NODE_PRESENT) || n->negated)
        return;
    enum verdict v = base_verdict(iv, n->ref, partner);
    if (v == VERDICT_PRESENT && k->fired)
        *pair(iv, iv->surely, n->ref, k->of) = true;
    if (v == VERDICT_PRESENT || (v == VERDICT_UNDETERMINED && !is_final(iv, NULL, n->ref, partner)))
        *pair(iv, iv->possibly, n->ref, k->of) = true;
}

static void find_causes(struct interview *iv)
{
    size_t n = (size_t)iv->kb->conclusion_count * iv->kb->conclusion_count;
    memset(iv->surely, 0, n);
    memset(iv->possibly, 0, n);
    for (uint32_t i = 0; i < iv->present_count; i++) {
        const struct conclusion *co = &iv->kb->conclusions[iv->present[i]];
        for (uint32_t k = 0; k < co->rule_count; k++) {
            const struct rule *r = &iv->kb->rules[co->rules[k]];
            uint32_t subjects = r->each_partnership ? 1 : iv->partner_count;
            for (uint32_t s = 0; r->certainty > 0 && s < subjects; s++) {
                struct interval strength = infer_rule(iv->base, co->rules[k], s);
                struct causing c = {iv, iv->present[i], strength.lo > 0};
                uint32_t partner = r->each_partnership ? NONE : s;
                if (strength.lo > 0 || (strength.hi > 0 && !is_final(iv, r->when, NONE, partner)))
                    note_causes(&c, r->when, partner);
            }
        }
    }
}

/* --- the plan --------------------------------------------------------------------------------- */

static enum level level_of(const struct interview *iv, uint32_t c)
{
    enum level highest = LEVEL_NONE;
    if (iv->kb->conclusions[c].about_partnership)
        return infer_level(iv->base, c, 0);
    for (uint32_t p = 0; p < iv->partner_count; p++)
        if (base_verdict(iv, c, p) == VERDICT_PRESENT && infer_level(iv->base, c, p) > highest)
            highest = infer_level(iv->base, c, p);
    return highest;
}

/* a is taken before b, whatever the remaining answers are: severity, lower certainty, id. */
static bool surely_before(const struct interview *iv, uint32_t a, uint32_t b)
{
    enum level la = level_of(iv, a), lb = level_of(iv, b);
    if (la != lb)
        return la > lb;
    struct interval x = iv->lower[a], y = iv->lower[b];
    if (x.lo > y.hi)
        return true;
    return x.lo == x.hi && y.lo == y.hi && x.lo == y.lo &&
           text_compare(iv->kb->conclusions[a].id, iv->kb->conclusions[b].id) < 0;
}

static bool waits(const struct interview *iv, bool *causes, const bool *taken, uint32_t c)
{
    for (uint32_t i = 0; i < iv->present_count; i++)
        if (!taken[i] && iv->present[i] != c && *pair(iv, causes, iv->present[i], c))
            return true;
    return false;
}

static bool is_first(const struct interview *iv, const bool *taken, uint32_t c)
{
    if (waits(iv, iv->possibly, taken, c))
        return false;
    for (uint32_t i = 0; i < iv->present_count; i++)
        if (!taken[i] && iv->present[i] != c && !waits(iv, iv->surely, taken, iv->present[i]) &&
            !surely_before(iv, c, iv->present[i]))
            return false;
    return true;
}

/* Takes the present diagnoses in the order of the plan as far as it is the same for all answers to
 * come; those among which it is not are not settled. */
static void settle_order(struct interview *iv)
{
    bool *taken = iv->taken;
    memset(taken, 0, iv->present_count);
    for (uint32_t i = 0; i < iv->present_count; i++) {
        uint32_t c = iv->present[i];
        iv->lower[c] = base_certainty(iv, c, NONE);
        if (is_final(iv, NULL, c, NONE))
            iv->lower[c].hi = iv->lower[c].lo;
    }
    for (uint32_t left = iv->present_count; left > 0; left--) {
        uint32_t i = 0;
        while (i < iv->present_count && (taken[i] || !is_first(iv, taken, iv->present[i])))
            i++;
        if (i == iv->present_count)
            break;
        taken[i] = true;
    }
    for (uint32_t i = 0; i < iv->present_count; i++)
        if (!taken[i] && !waits(iv, iv->surely, taken, iv->present[i]))
            iv->settled[iv->present[i]] = SETTLED_ORDER_NOT;
}

static void hang_order(struct interview *iv, uint8_t mark, uint32_t c)
{
    const struct conclusion *co = &iv->kb->conclusions[c];
    hang_conclusion(iv, mark, c, NONE);
    for (uint32_t k = 0; k < co->rule_count; k++) {
        const struct rule *r = &iv->kb->rules[co->rules[k]];
        uint32_t subjects = r->each_partnership ? 1 : iv->partner_count;
        for (uint32_t s = 0; r->certainty > 0 && s < subjects; s++)
            hang_premises(iv, mark, co->rules[k], r->when, r->each_partnership ? NONE : s);
    }
}

/* A remedy of something that is, or with `maybe` that may be, present. */
static void hang_remedies(struct interview *iv, uint8_t mark, bool maybe)
{
    for (uint32_t r = 0; r < iv->kb->remedy_count; r++) {
        const struct remedy *re = &iv->kb->remedies[r];
        bool wanted = false;
        for (uint32_t i = 0; re->when && i < re->treat_count; i++) {
            enum verdict v = base_verdict(iv, re->treats[i], NONE);
            wanted |= iv->target[re->treats[i]] &&
                      (v == VERDICT_PRESENT || (maybe && v == VERDICT_UNDETERMINED));
        }
        if (wanted && infer_remedy_is_open(iv->base, r, 0))
            hang_condition(iv, mark, re->when, NONE);
    }
}

/* --- all of it -------------------------------------------------------------------------------- */

/* What may still have to be asked, as a bound: whatever is not absent, in every respect. What is
 * not marked now is never marked later, since bounds only narrow. */
static void mark_left(struct interview *iv)
{
    hang_clear(iv, MARK_LEFT);
    hang_start(iv);
    for (uint32_t c = 0; c < iv->kb->conclusion_count; c++) {
        enum verdict v = base_verdict(iv, c, NONE);
        if (!iv->target[c] || v == VERDICT_ABSENT || v == VERDICT_NOT_ASSESSED)
            continue;
        hang_order(iv, MARK_LEFT, c);
        hang_level(iv, MARK_LEFT, c);
    }
    hang_remedies(iv, MARK_LEFT, true);
    iv->left = 0;
    for (uint32_t i = 0; i < iv->cell_count; i++)
        iv->left += (iv->marks[i] & MARK_LEFT) != 0;
}

/* Verdicts of the partners that are open, and severities. */
static void mark_verdicts(struct interview *iv)
{
    for (uint32_t c = 0; c < iv->kb->conclusion_count; c++) {
        if (iv->settled[c] == SETTLED_LEVEL_NOT)
            hang_level(iv, MARK_OPEN, c);
        if (iv->settled[c] != SETTLED_NOT)
            continue;
        if (iv->kb->conclusions[c].about_partnership)
            hang_conclusion(iv, MARK_OPEN, c, NONE);
        for (uint32_t p = 0; p < iv->partner_count; p++)
            if (base_verdict(iv, c, p) == VERDICT_UNDETERMINED)
                hang_conclusion(iv, MARK_OPEN, c, p);
    }
}

/* Once no answer can move a verdict or a severity, what is undetermined stays so, and the order of
 * the remedies is all that is left. */
static void mark_plan(struct interview *iv)
{
    find_causes(iv);
    settle_order(iv);
    hang_start(iv);
    for (uint32_t i = 0; i < iv->present_count; i++)
        if (iv->settled[iv->present[i]] == SETTLED_ORDER_NOT)
            hang_order(iv, MARK_OPEN, iv->present[i]);
    hang_remedies(iv, MARK_OPEN, false);
}

void settle_all(struct interview *iv)
{
    iv->present_count = 0;
    for (uint32_t c = 0; c < iv->kb->conclusion_count; c++) {
        enum verdict v = base_verdict(iv, c, NONE);
        iv->settled[c] = SETTLED;
        if (!iv->target[c])
            continue;
        if (v == VERDICT_UNDETERMINED)
            iv->settled[c] = SETTLED_NOT;
        if (v != VERDICT_PRESENT)
            continue;
        iv->present[iv->present_count++] = c;
        if (!level_is_settled(iv, c))
            iv->settled[c] = SETTLED_LEVEL_NOT;
    }
    mark_left(iv);
    hang_clear(iv, MARK_OPEN);
    hang_start(iv);
    mark_verdicts(iv);
    if (!is_marked(iv, MARK_OPEN))
        mark_plan(iv);
}
