/* In: a kb, the questions put, a case. Out: certainties, verdicts, severities, remedies. Next:
 * compare.c, oracle_plan.c. The one idea: layer after layer, conclusion after conclusion, subject
 * after subject, each by the sentence that says what it is. Numbers in brackets are those of
 * docs/decisions/0001. */
#include "oracle/oracle.h"

#include <stdlib.h>

static void *need(void *p)
{
    if (!p)
        abort();
    return p;
}

/* --- what can be said at all (9, 12) ---------------------------------------------------------- */

static bool reads_other_than_text(const struct oracle *o, const struct node *n)
{
    enum node_reads what = node_reads(n->kind);
    if (what == READS_CONCLUSION ||
        (what == READS_QUESTION && o->kb->questions[n->ref].kind != KIND_TEXT))
        return true;
    for (uint32_t i = 0; i < n->count; i++)
        if (reads_other_than_text(o, n->args[i]))
            return true;
    return false;
}

static bool reads_text(const struct oracle *o, const struct node *n)
{
    if (node_reads(n->kind) == READS_QUESTION && o->kb->questions[n->ref].kind == KIND_TEXT)
        return true;
    for (uint32_t i = 0; i < n->count; i++)
        if (reads_text(o, n->args[i]))
            return true;
    return false;
}

/* Of texts alone: what they do not mention may be all the same. */
static bool is_of_texts(const struct oracle *o, const struct rule *rule)
{
    return reads_text(o, rule->written) && !reads_other_than_text(o, rule->written);
}

static void judge_layer(struct oracle *o, uint32_t layer)
{
    for (uint32_t c = 0; c < o->kb->conclusion_count; c++) {
        bool asked = false, could_be_asked = false;
        if (o->kb->conclusions[c].layer != layer)
            continue;
        for (uint32_t i = 0; i < o->kb->rule_count; i++) {
            const struct rule *rule = &o->kb->rules[i];
            if (rule->conclusion != c)
                continue;
            o->in_play[i] = !oracle_is_out(o, rule->written);
            if (rule->certainty < 0)
                continue;
            if (o->in_play[i])
                o->assessed[c] = true;
            if (!is_of_texts(o, rule)) {
                could_be_asked = true;
                asked |= o->in_play[i];
            }
        }
        if (could_be_asked && !asked)
            o->assessed[c] = false;
    }
}

struct oracle *oracle_new(const struct kb *kb, const struct put *put)
{
    struct oracle *o = need(calloc(1, sizeof *o));
    o->kb = kb;
    o->put = put;
    o->assessed = need(calloc(kb->conclusion_count + 1, sizeof *o->assessed));
    o->in_play = need(calloc(kb->rule_count + 1, sizeof *o->in_play));
    o->arena = need(calloc(1, sizeof *o->arena));
    arena_init(o->arena, 0);
    for (uint32_t layer = 0; layer < kb->layer_count; layer++)
        judge_layer(o, layer);
    return o;
}

void oracle_free(struct oracle *o)
{
    arena_deinit(o->arena);
    free(o->arena);
    free(o->assessed);
    free(o->in_play);
    free(o);
}

/* --- evidence (19, 20) ------------------------------------------------------------------------ */

struct evidence {
    struct interval with, against;
};

static void raise(struct interval *x, struct interval other)
{
    x->lo = other.lo > x->lo ? other.lo : x->lo;
    x->hi = other.hi > x->hi ? other.hi : x->hi;
}

static struct evidence evidence_of(const struct rule *rule, struct interval strength)
{
    struct evidence e = {{0, 0}, {0, 0}};
    if (rule->certainty > 0)
        e.with = INTERVAL(rule->certainty * strength.lo, rule->certainty * strength.hi);
    else
        e.against = INTERVAL(-rule->certainty * strength.lo, -rule->certainty * strength.hi);
    return e;
}

/* What one rule says about the subject of its conclusion. A partner rule about the partnership:
 * the highest over partners for, the lowest against. */
static struct evidence say(const struct oracle *o, uint32_t rule_index, uint32_t subject)
{
    const struct rule *rule = &o->kb->rules[rule_index];
    if (subject != WHOLE || rule->each_partnership)
        return evidence_of(rule, oracle_rule(o, rule_index, subject));
    struct evidence all = {{0, 0}, {0, 0}};
    for (uint32_t p = 0; p < o->partners; p++) {
        struct evidence e = evidence_of(rule, oracle_rule(o, rule_index, p));
        raise(&all.with, e.with);
        if (p == 0)
            all.against = e.against;
        if (e.against.lo < all.against.lo)
            all.against.lo = e.against.lo;
        if (e.against.hi < all.against.hi)
            all.against.hi = e.against.hi;
    }
    return all;
}

static double combine(double p, double n)
{
    if (p < n)
        return 1 - p / n;
    if (p > n)
        return n / p - 1;
    return 0;
}

static bool is_first_of_group(const struct kb *kb, uint32_t rule)
{
    for (uint32_t i = 0; i < rule; i++)
        if (kb->rules[i].conclusion == kb->rules[rule].conclusion &&
            text_equal(kb->rules[i].group, kb->rules[rule].group))
            return false;
    return true;
}

/* kb->rules are in the order of their ids (bytes). */
static struct interval conclude(const struct oracle *o, uint32_t c, uint32_t subject)
{
    const struct kb *kb = o->kb;
    struct interval p = {1, 1}, n = {1, 1}; /* lo: of the lowest evidence, hi: of the highest */
    for (uint32_t i = 0; i < kb->rule_count; i++) {
        if (kb->rules[i].conclusion != c)
            continue;
        struct evidence e = say(o, i, subject);
        if (kb->rules[i].group.size > 0) {
            if (!is_first_of_group(kb, i))
                continue;
            for (uint32_t j = i + 1; j < kb->rule_count; j++) {
                if (kb->rules[j].conclusion != c ||
                    !text_equal(kb->rules[i].group, kb->rules[j].group))
                    continue;
                struct evidence other = say(o, j, subject);
                raise(&e.with, other.with);
                raise(&e.against, other.against);
            }
        }
        p.lo *= 1 - e.with.lo;
        p.hi *= 1 - e.with.hi;
        n.lo *= 1 - e.against.lo;
        n.hi *= 1 - e.against.hi;
    }
    return INTERVAL(combine(p.lo, n.hi), combine(p.hi, n.lo));
}

/* --- the case, layer by layer ----------------------------------------------------------------- */

static size_t at(const struct oracle *o, uint32_t item, uint32_t subject)
{
    return (size_t)item * (o->partners + 1) + (subject == WHOLE ? o->partners : subject);
}

static void run_rules(struct oracle *o, uint32_t c)
{
    for (uint32_t i = 0; i < o->kb->rule_count; i++) {
        const struct rule *rule = &o->kb->rules[i];
        if (rule->conclusion != c)
            continue;
        for (uint32_t p = 0; p < o->partners && !rule->each_partnership; p++)
            o->rule[at(o, i, p)] = oracle_strength(o, rule->written, p);
        if (rule->each_partnership)
            o->rule[at(o, i, WHOLE)] = oracle_strength(o, rule->written, WHOLE);
    }
}

static void run_conclusion(struct oracle *o, uint32_t c)
{
    run_rules(o, c);
    if (!o->assessed[c])
        return;
    const struct node *needs = o->kb->conclusions[c].needs;
    bool lacks_needs = needs && oracle_strength(o, needs, WHOLE).lo == 0; /* (22) */
    struct interval *whole = &o->certainty[at(o, c, WHOLE)];
    if (o->kb->conclusions[c].about_partnership) {
        *whole = lacks_needs ? INTERVAL(-1, 1) : conclude(o, c, WHOLE);
        return;
    }
    for (uint32_t p = 0; p < o->partners; p++) {
        struct interval x = lacks_needs ? INTERVAL(-1, 1) : conclude(o, c, p);
        o->certainty[at(o, c, p)] = x;
        if (p == 0)
            *whole = x;
        raise(whole, x);
    }
}

static enum level level_of(const struct oracle *o, const struct conclusion *c, uint32_t subject)
{
    if (c->level == LEVEL_NONE)
        return LEVEL_NONE;
    if (c->high_when && oracle_strength(o, c->high_when, subject).lo > 0)
        return LEVEL_HIGH;
    if (c->low_when && oracle_strength(o, c->low_when, subject).lo > 0)
        return LEVEL_LOW;
    return c->level;
}

/* (25) */
static void run_level(struct oracle *o, uint32_t index)
{
    const struct conclusion *c = &o->kb->conclusions[index];
    enum level *whole = &o->level[at(o, index, WHOLE)];
    if (c->about_partnership) {
        *whole = level_of(o, c, WHOLE);
        return;
    }
    bool present = false;
    for (uint32_t p = 0; p < o->partners; p++) {
        enum level level = level_of(o, c, p);
        o->level[at(o, index, p)] = level;
        bool is_present = oracle_verdict(o, index, p) == VERDICT_PRESENT;
        if (p == 0 || (is_present && (!present || level > *whole)))
            *whole = level;
        present = present || is_present;
    }
}

void oracle_run(struct oracle *o, const struct cases *block, uint32_t index)
{
    const struct kb *kb = o->kb;
    arena_reset(o->arena);
    o->block = block;
    o->index = index;
    o->open = block->open[index];
    o->partner_from = block->partner_from[index];
    o->partners = block->partner_from[index + 1] - o->partner_from;
    size_t subjects = o->partners + 1;
    o->kept = need(arena_alloc(o->arena, sizeof *o->kept));
    o->known = need(arena_array(o->arena, subjects * (kb->question_count + 1), sizeof *o->known));
    o->answered_share = need(arena_array(o->arena, subjects, sizeof *o->answered_share));
    o->straight_lined = need(arena_array(o->arena, subjects, sizeof *o->straight_lined));
    o->rule = need(arena_array(o->arena, subjects * (kb->rule_count + 1), sizeof *o->rule));
    o->certainty =
        need(arena_array(o->arena, subjects * (kb->conclusion_count + 1), sizeof *o->certainty));
    o->level = need(arena_array(o->arena, subjects * (kb->conclusion_count + 1), sizeof *o->level));
    for (uint32_t i = 0; i < kb->question_count; i++)
        if (o->put->questions[kb->question_order[i]])
            oracle_learn(o, kb->question_order[i]);
    oracle_learn_facts(o);
    for (uint32_t layer = 0; layer < kb->layer_count; layer++)
        for (uint32_t c = 0; c < kb->conclusion_count; c++)
            if (kb->conclusions[c].layer == layer)
                run_conclusion(o, c);
    for (uint32_t c = 0; c < kb->conclusion_count; c++)
        run_level(o, c);
}

/* --- results ---------------------------------------------------------------------------------- */

bool oracle_reaches(double certainty, double threshold)
{
    return certainty >= threshold - 1e-9;
}

struct interval oracle_certainty(const struct oracle *o, uint32_t c, uint32_t subject)
{
    return o->certainty[at(o, c, o->kb->conclusions[c].about_partnership ? WHOLE : subject)];
}

enum verdict oracle_verdict(const struct oracle *o, uint32_t c, uint32_t subject)
{
    double threshold = o->kb->conclusions[c].threshold;
    struct interval x = oracle_certainty(o, c, subject);
    if (!o->assessed[c])
        return VERDICT_NOT_ASSESSED;
    if (oracle_reaches(x.lo, threshold))
        return VERDICT_PRESENT;
    return oracle_reaches(x.hi, threshold) ? VERDICT_UNDETERMINED : VERDICT_ABSENT;
}

enum level oracle_level(const struct oracle *o, uint32_t c, uint32_t subject)
{
    return o->level[at(o, c, o->kb->conclusions[c].about_partnership ? WHOLE : subject)];
}

struct interval oracle_rule(const struct oracle *o, uint32_t rule, uint32_t subject)
{
    return o->rule[at(o, rule, o->kb->rules[rule].each_partnership ? WHOLE : subject)];
}

bool oracle_remedy_fits(const struct oracle *o, uint32_t remedy)
{
    const struct node *when = o->kb->remedies[remedy].when;
    return !when || oracle_strength(o, when, WHOLE).hi > 0;
}
