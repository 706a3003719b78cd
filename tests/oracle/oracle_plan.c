/* In: what oracle.c found out about a case. Out: the plan and the profile (docs/semantics.md).
 * Next: compare.c. The one idea: step by step as the text says, looking for causes each time. */
#include "oracle/oracle.h"

#include <stdlib.h>

/* --- causes ----------------------------------------------------------------------------------- */

/* Whether it could be, for whatever subject. */
static bool mentions(const struct node *n, uint32_t c, bool under_not)
{
    if (n->kind == NODE_PREMISE || n->kind == NODE_PRESENT)
        return n->ref == c && under_not == n->negated;
    for (uint32_t i = 0; i < n->count; i++)
        if (mentions(n->args[i], c, under_not != (n->kind == NODE_NOT)))
            return true;
    return false;
}

/* Is conclusion c, present for the subject, a premise that is not negated? */
static bool rests_on(const struct oracle *o, const struct node *n, uint32_t c, uint32_t subject,
                     bool under_not)
{
    if (n->kind == NODE_NOT)
        return rests_on(o, n->args[0], c, subject, !under_not);
    if (n->kind == NODE_PREMISE || n->kind == NODE_PRESENT)
        return n->ref == c && under_not == n->negated &&
               oracle_verdict(o, c, subject) == VERDICT_PRESENT;
    if (n->kind == NODE_ANY || n->kind == NODE_ALL) {
        for (uint32_t p = 0; p < o->partners; p++)
            if (rests_on(o, n->args[0], c, p, under_not))
                return true;
        return false;
    }
    if (n->kind != NODE_AND && n->kind != NODE_OR)
        return false;
    for (uint32_t i = 0; i < n->count; i++)
        if (rests_on(o, n->args[i], c, subject, under_not))
            return true;
    return false;
}

static bool is_diagnosis(const struct oracle *o, uint32_t c)
{
    return o->kb->conclusions[c].kind == CONCLUSION_DIAGNOSIS;
}

static bool causes(const struct oracle *o, uint32_t a, uint32_t b)
{
    if (!is_diagnosis(o, a) || !is_diagnosis(o, b))
        return false;
    for (uint32_t i = 0; i < o->kb->rule_count; i++) {
        const struct rule *rule = &o->kb->rules[i];
        if (rule->conclusion != b || rule->certainty < 0 || !mentions(rule->written, a, false))
            continue;
        for (uint32_t p = 0; p < o->partners; p++) {
            uint32_t subject = rule->each_partnership ? WHOLE : p;
            if (oracle_rule(o, i, subject).lo > 0 && rests_on(o, rule->written, a, subject, false))
                return true;
        }
    }
    return false;
}

/* --- the plan --------------------------------------------------------------------------------- */

static bool is_waiting(const struct oracle *o, const bool *taken, uint32_t c)
{
    return o->kb->conclusions[c].kind != CONCLUSION_FINDING && !taken[c] &&
           oracle_verdict(o, c, WHOLE) == VERDICT_PRESENT;
}

static bool is_before(const struct oracle *o, uint32_t a, uint32_t b)
{
    enum level x = oracle_level(o, a, WHOLE), y = oracle_level(o, b, WHOLE);
    double p = oracle_certainty(o, a, WHOLE).lo, q = oracle_certainty(o, b, WHOLE).lo;
    if (is_diagnosis(o, a) != is_diagnosis(o, b))
        return is_diagnosis(o, a);
    if (x != y)
        return x > y;
    if (p != q)
        return p > q;
    return text_compare(o->kb->conclusions[a].id, o->kb->conclusions[b].id) < 0;
}

static uint32_t next_diagnosis(const struct oracle *o, const bool *taken)
{
    uint32_t next = NONE;
    for (uint32_t b = 0; b < o->kb->conclusion_count; b++) {
        if (!is_waiting(o, taken, b))
            continue;
        bool has_cause = false;
        for (uint32_t a = 0; a < o->kb->conclusion_count && !has_cause; a++)
            has_cause = is_waiting(o, taken, a) && causes(o, a, b);
        if (!has_cause && (next == NONE || is_before(o, b, next)))
            next = b;
    }
    return next;
}

static bool is_remedy_before(const struct remedy *a, const struct remedy *b)
{
    if (a->impact != b->impact)
        return a->impact > b->impact;
    if (a->effort != b->effort)
        return a->effort < b->effort;
    return text_compare(a->id, b->id) < 0;
}

static bool treats(const struct remedy *r, uint32_t c)
{
    for (uint32_t i = 0; i < r->treat_count; i++)
        if (r->treats[i] == c)
            return true;
    return false;
}

static uint32_t next_remedy(const struct oracle *o, const bool *added, uint32_t c)
{
    const struct remedy *remedies = o->kb->remedies;
    uint32_t next = NONE;
    for (uint32_t r = 0; r < o->kb->remedy_count; r++)
        if (!added[r] && treats(&remedies[r], c) && oracle_remedy_fits(o, r) &&
            (next == NONE || is_remedy_before(&remedies[r], &remedies[next])))
            next = r;
    return next;
}

uint32_t oracle_plan(const struct oracle *o, uint32_t *remedies)
{
    bool *taken = calloc(o->kb->conclusion_count + 1, sizeof *taken);
    bool *added = calloc(o->kb->remedy_count + 1, sizeof *added);
    uint32_t count = 0, c, r;
    if (!taken || !added)
        abort();
    while ((c = next_diagnosis(o, taken)) != NONE) {
        taken[c] = true;
        while ((r = next_remedy(o, added, c)) != NONE) {
            added[r] = true;
            remedies[count++] = r;
        }
    }
    free(taken);
    free(added);
    return count;
}

/* --- the profile ------------------------------------------------------------------------------ */

/* Of 0..1, what the respondents who answered say in the mean; false where nobody did. */
static bool part_of(const struct oracle *o, uint32_t q, uint32_t partner, double *part)
{
    const struct question *question = &o->kb->questions[q];
    uint32_t from, rows = oracle_rows(o, partner, &from), answers = 0;
    double sum = 0;
    for (uint32_t row = from; row < from + rows; row++)
        if (oracle_said(o, q, row) == SAID_VALUE) {
            sum += oracle_said_number(o, q, row);
            answers++;
        }
    if (answers == 0)
        return false;
    *part = (sum / answers - question->lo) / (question->hi - question->lo);
    return true;
}

/* The mean over the questions that somebody of the partner answered. */
double oracle_profile(const struct oracle *o, uint32_t dimension, uint32_t partner,
                      uint32_t *answered)
{
    double sum = 0, part;
    *answered = 0;
    for (uint32_t q = 0; q < o->kb->question_count; q++) {
        const struct question *question = &o->kb->questions[q];
        if (question->kind != KIND_SCALE || question->dimension != dimension ||
            !o->put->questions[q] || question->about_partnership ||
            oracle_standing(o, q, partner) == STANDING_OUT || !part_of(o, q, partner, &part))
            continue;
        sum += 100 * (question->best_low ? 1 - part : part);
        ++*answered;
    }
    return *answered ? sum / *answered : 0;
}
