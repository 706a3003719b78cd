/* In: the answers of one case. Out: what they come to, per respondent, partner, partnership.
 * Next: oracle_condition.c. What is asked often is found once a case and kept. Numbers in
 * brackets are those of docs/decisions/0001. */
#include "oracle/oracle.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

static const struct question *question_at(const struct oracle *o, uint32_t q)
{
    return &o->kb->questions[q];
}

uint32_t oracle_rows(const struct oracle *o, uint32_t subject, uint32_t *from)
{
    const uint32_t *rows = o->block->respondent_from;
    uint32_t first = o->partner_from, behind = o->partner_from + o->partners;
    if (subject != WHOLE) {
        first = o->partner_from + subject;
        behind = first + 1;
    }
    *from = rows[first];
    return rows[behind] - rows[first];
}

/* --- one respondent --------------------------------------------------------------------------- */

enum said oracle_said(const struct oracle *o, uint32_t q, uint32_t row)
{
    uint8_t code = o->block->columns[q].code[row];
    if (code == CODE_NA)
        return SAID_NA;
    if (code == CODE_SKIPPED || code == CODE_UNSURE)
        return SAID_DECLINED;
    if (code != CODE_BLANK)
        return SAID_VALUE;
    if (o->open)
        return SAID_TO_COME;
    /* A blank text is known to be empty (1). */
    return question_at(o, q)->kind == KIND_TEXT ? SAID_VALUE : SAID_DECLINED;
}

double oracle_said_number(const struct oracle *o, uint32_t q, uint32_t row)
{
    const struct column *column = &o->block->columns[q];
    if (question_at(o, q)->kind == KIND_NUMBER)
        return column->number[row];
    return question_at(o, q)->lo + (double)column->code[row] - 1;
}

struct interval oracle_pattern(const struct pattern *p, struct text t)
{
    pcre2_match_context_8 *limits = pcre2_match_context_create_8(NULL);
    pcre2_match_data_8 *data = pcre2_match_data_create_8(1, NULL);
    if (!limits || !data)
        abort();
    pcre2_set_match_limit_8(limits, LIMIT_PATTERN_MATCH);
    int found = pcre2_match_8(p->code, (PCRE2_SPTR8)t.at, t.size, 0, 0, data, limits);
    pcre2_match_data_free_8(data);
    pcre2_match_context_free_8(limits);
    if (found >= 0)
        return INTERVAL(1, 1);
    return found == PCRE2_ERROR_NOMATCH ? INTERVAL(0, 0) : MAYBE;
}

struct interval oracle_said_text(const struct oracle *o, const struct node *n, uint32_t row)
{
    if (oracle_said(o, n->ref, row) != SAID_VALUE)
        return MAYBE;
    const struct column *column = &o->block->columns[n->ref];
    bool blank = column->code[row] == CODE_BLANK;
    bool cut = column->code[row] == TEXT_CUT;
    struct text said = blank ? TEXT("") : column->texts[row];
    if (n->kind == NODE_TEXT_IS)
        return cut ? MAYBE : text_equal(said, n->text) ? INTERVAL(1, 1) : INTERVAL(0, 0);
    struct interval found = oracle_pattern(n->pattern, said);
    /* A cut text goes on: it is not known to be equal to anything. */
    return cut && (found.lo == 0 || n->kind != NODE_MATCHES) ? MAYBE : found;
}

/* --- some respondents ------------------------------------------------------------------------- */

struct tally {
    uint32_t respondents;
    uint32_t values, na, declined, to_come;
    double sum, min, max; /* of the values of a scale or number, added in respondent order */
};

static void tally_rows(const struct oracle *o, uint32_t q, uint32_t subject, struct tally *t)
{
    enum answer_kind kind = question_at(o, q)->kind;
    uint32_t from, count = oracle_rows(o, subject, &from);
    double sum = 0;
    for (uint32_t row = from; row < from + count; row++) {
        t->respondents++;
        switch (oracle_said(o, q, row)) {
        case SAID_NA: t->na++; continue;
        case SAID_DECLINED: t->declined++; continue;
        case SAID_TO_COME: t->to_come++; continue;
        case SAID_VALUE: break;
        }
        t->values++;
        if (kind != KIND_SCALE && kind != KIND_NUMBER)
            continue;
        double x = oracle_said_number(o, q, row);
        sum += x;
        t->min = t->values == 1 || x < t->min ? x : t->min;
        t->max = t->values == 1 || x > t->max ? x : t->max;
    }
    t->sum += sum;
}

/* The respondents a question of the subject is consolidated over (2). */
static struct tally tally(const struct oracle *o, uint32_t q, uint32_t subject)
{
    struct tally t = {0};
    tally_rows(o, q, question_at(o, q)->about_partnership ? WHOLE : subject, &t);
    return t;
}

/* What oracle_learn found out about a question and a subject; a fact is the case's. */
static struct known *known(const struct oracle *o, uint32_t q, uint32_t subject)
{
    uint32_t s = subject == WHOLE || question_at(o, q)->about_partnership ? o->partners : subject;
    return &o->known[(size_t)q * (o->partners + 1) + s];
}

struct interval oracle_ask(const struct oracle *o, uint32_t q, uint32_t subject)
{
    return known(o, q, subject)->ask;
}

enum standing oracle_standing(const struct oracle *o, uint32_t q, uint32_t subject)
{
    return known(o, q, subject)->standing;
}

struct interval oracle_value(const struct oracle *o, uint32_t q, uint32_t subject)
{
    return known(o, q, subject)->value;
}

uint32_t oracle_code(const struct oracle *o, uint32_t q, uint32_t subject)
{
    return known(o, q, subject)->code;
}

struct interval oracle_gap(const struct oracle *o, uint32_t q)
{
    return known(o, q, WHOLE)->gap;
}

struct interval oracle_disagree(const struct oracle *o, uint32_t q)
{
    return known(o, q, WHOLE)->disagree;
}

/* Of a partner question and WHOLE: the best standing of a partner (7, 11). */
static enum standing find_standing(const struct oracle *o, uint32_t q, uint32_t subject)
{
    if (subject == WHOLE && !question_at(o, q)->about_partnership) {
        enum standing best = STANDING_OUT;
        for (uint32_t p = 0; p < o->partners; p++) {
            enum standing s = oracle_standing(o, q, p);
            best = s > best ? s : best;
        }
        return best;
    }
    struct interval ask = oracle_ask(o, q, subject);
    struct tally t = tally(o, q, subject);
    if (ask.hi == 0 || (t.respondents > 0 && t.na == t.respondents))
        return STANDING_OUT;
    if (t.to_come > 0 && t.na + t.to_come == t.respondents) /* (11a) */
        return STANDING_UNSURE;
    return ask.lo > 0 ? STANDING_SURE : STANDING_UNSURE;
}

/* A partner question read for the whole partnership while it is open for whom it is asked (11). */
static bool has_unsure_partner(const struct oracle *o, uint32_t q)
{
    for (uint32_t p = 0; p < o->partners; p++)
        if (oracle_standing(o, q, p) == STANDING_UNSURE)
            return true;
    return false;
}

static bool is_over_partners(const struct oracle *o, uint32_t q, uint32_t subject)
{
    return subject == WHOLE && !question_at(o, q)->about_partnership;
}

/* --- scale and number ------------------------------------------------------------------------- */

static struct interval pooled(enum node_kind kind, const struct tally *t, double lo, double hi)
{
    double k = (double)t->values, n = (double)t->to_come;
    if (t->values == 0)
        return kind == NODE_SPREAD ? INTERVAL(0, hi - lo) : INTERVAL(lo, hi);
    bool more = t->to_come > 0;
    switch (kind) {
    case NODE_MIN: return INTERVAL(more && lo < t->min ? lo : t->min, t->min);
    case NODE_MAX: return INTERVAL(t->max, more && hi > t->max ? hi : t->max);
    case NODE_SPREAD: return INTERVAL(t->max - t->min, more ? hi - lo : t->max - t->min);
    default: return INTERVAL((t->sum + n * lo) / (k + n), (t->sum + n * hi) / (k + n));
    }
}

static struct interval find_value(const struct oracle *o, uint32_t q, uint32_t subject)
{
    const struct question *question = question_at(o, q);
    if (!is_over_partners(o, q, subject)) {
        struct tally t = tally(o, q, subject);
        return pooled(NODE_MEAN, &t, question->lo, question->hi);
    }
    if (has_unsure_partner(o, q))
        return INTERVAL(question->lo, question->hi);
    double lo = 0, hi = 0;
    uint32_t count = 0;
    for (uint32_t p = 0; p < o->partners; p++) {
        if (oracle_standing(o, q, p) == STANDING_OUT)
            continue;
        struct interval x = oracle_value(o, q, p);
        lo += x.lo;
        hi += x.hi;
        count++;
    }
    if (count == 0)
        return INTERVAL(question->lo, question->hi);
    return INTERVAL(lo / (double)count, hi / (double)count);
}

struct interval oracle_pooled(const struct oracle *o, enum node_kind kind, uint32_t q,
                              uint32_t subject)
{
    const struct question *question = question_at(o, q);
    struct tally t = {0};
    if (!is_over_partners(o, q, subject)) {
        t = tally(o, q, subject);
    } else if (!has_unsure_partner(o, q)) {
        for (uint32_t p = 0; p < o->partners; p++)
            if (oracle_standing(o, q, p) != STANDING_OUT)
                tally_rows(o, q, p, &t);
    }
    return pooled(kind, &t, question->lo, question->hi);
}

/* --- votes ------------------------------------------------------------------------------------ */

/* Who leads by more than the undetermined could make up for (3); 0: no one. */
static uint32_t elect(const uint32_t *votes, uint32_t codes, uint32_t undetermined)
{
    uint32_t leader = 1, second = 0;
    for (uint32_t c = 2; c <= codes; c++)
        if (votes[c] > votes[leader])
            leader = c;
    for (uint32_t c = 1; c <= codes; c++)
        if (c != leader && votes[c] > second)
            second = votes[c];
    return votes[leader] - second > undetermined ? leader : 0;
}

static uint32_t find_code(const struct oracle *o, uint32_t q, uint32_t subject)
{
    const struct question *question = question_at(o, q);
    uint32_t votes[256] = {0}, undetermined = 0;
    if (is_over_partners(o, q, subject)) {
        for (uint32_t p = 0; p < o->partners; p++) {
            enum standing s = oracle_standing(o, q, p);
            uint32_t code = oracle_code(o, q, p);
            if (s == STANDING_OUT)
                continue;
            if (s == STANDING_UNSURE || code == 0)
                undetermined++;
            else
                votes[code]++;
        }
    } else {
        uint32_t from;
        uint32_t count = oracle_rows(o, question->about_partnership ? WHOLE : subject, &from);
        for (uint32_t row = from; row < from + count; row++) {
            enum said said = oracle_said(o, q, row);
            if (said == SAID_VALUE)
                votes[o->block->columns[q].code[row]]++;
            else if (said == SAID_TO_COME)
                undetermined++;
        }
    }
    return elect(votes, question->choice_count, undetermined);
}

/* One choice of many: yes and no are its two candidates (4). */
struct interval oracle_includes(const struct oracle *o, uint32_t q, uint32_t code, uint32_t subject)
{
    uint32_t votes[3] = {0}, undetermined = 0;
    if (is_over_partners(o, q, subject)) {
        for (uint32_t p = 0; p < o->partners; p++) {
            enum standing s = oracle_standing(o, q, p);
            struct interval ticked = oracle_includes(o, q, code, p);
            if (s == STANDING_OUT)
                continue;
            if (s == STANDING_UNSURE || ticked.lo != ticked.hi)
                undetermined++;
            else
                votes[ticked.lo == 1 ? YESNO_YES : YESNO_NO]++;
        }
    } else {
        uint32_t from;
        uint32_t count =
            oracle_rows(o, question_at(o, q)->about_partnership ? WHOLE : subject, &from);
        for (uint32_t row = from; row < from + count; row++) {
            enum said said = oracle_said(o, q, row);
            bool ticked =
                said == SAID_VALUE && (o->block->columns[q].ticked[row] >> (code - 1) & 1) != 0;
            if (said == SAID_VALUE)
                votes[ticked ? YESNO_YES : YESNO_NO]++;
            else if (said == SAID_TO_COME)
                undetermined++;
        }
    }
    switch (elect(votes, 2, undetermined)) {
    case YESNO_YES: return INTERVAL(1, 1);
    case YESNO_NO: return INTERVAL(0, 0);
    default: return MAYBE;
    }
}

/* --- text ------------------------------------------------------------------------------------- */

static void widen(struct interval *x, struct interval other) /* or */
{
    x->lo = other.lo > x->lo ? other.lo : x->lo;
    x->hi = other.hi > x->hi ? other.hi : x->hi;
}

struct interval oracle_text(const struct oracle *o, const struct node *n, uint32_t subject)
{
    struct interval any = {0, 0};
    if (is_over_partners(o, n->ref, subject)) {
        for (uint32_t p = 0; p < o->partners; p++) {
            enum standing s = oracle_standing(o, n->ref, p);
            if (s == STANDING_OUT)
                continue;
            struct interval x = oracle_text(o, n, p);
            /* A partner who may not be asked may not have said it. */
            if (s == STANDING_UNSURE)
                x.lo = 0;
            widen(&any, x);
        }
        return any;
    }
    struct tally t = tally(o, n->ref, subject);
    if (t.values + t.to_come == 0)
        return MAYBE;
    uint32_t from;
    uint32_t count =
        oracle_rows(o, question_at(o, n->ref)->about_partnership ? WHOLE : subject, &from);
    for (uint32_t row = from; row < from + count; row++) {
        enum said said = oracle_said(o, n->ref, row);
        if (said == SAID_VALUE || said == SAID_TO_COME)
            widen(&any, oracle_said_text(o, n, row));
    }
    return any;
}

/* --- answered, unknown (16) ------------------------------------------------------------------- */

struct interval oracle_answered(const struct oracle *o, uint32_t q, uint32_t subject)
{
    struct interval any = {0, 0};
    if (is_over_partners(o, q, subject)) {
        for (uint32_t p = 0; p < o->partners; p++) {
            enum standing s = oracle_standing(o, q, p);
            if (s == STANDING_OUT)
                continue;
            struct interval x = oracle_answered(o, q, p);
            if (s == STANDING_UNSURE)
                x.lo = 0;
            widen(&any, x);
        }
        return any;
    }
    uint32_t from;
    uint32_t count = oracle_rows(o, question_at(o, q)->about_partnership ? WHOLE : subject, &from);
    for (uint32_t row = from; row < from + count; row++) {
        enum said said = oracle_said(o, q, row);
        bool blank = o->block->columns[q].code[row] == CODE_BLANK;
        if (said == SAID_VALUE && !blank)
            widen(&any, INTERVAL(1, 1));
        else if (said == SAID_TO_COME)
            widen(&any, MAYBE);
    }
    return any;
}

static bool is_unknown(const struct oracle *o, uint32_t q, uint32_t subject, uint32_t values)
{
    struct interval x;
    switch (question_at(o, q)->kind) {
    case KIND_SCALE:
    case KIND_NUMBER: x = oracle_value(o, q, subject); return x.lo < x.hi;
    case KIND_YESNO:
    case KIND_ONE_OF: return oracle_code(o, q, subject) == 0;
    case KIND_MANY_OF:
        for (uint32_t c = 1; c <= question_at(o, q)->choice_count; c++) {
            x = oracle_includes(o, q, c, subject);
            if (x.lo != x.hi)
                return true;
        }
        return false;
    default: return values == 0;
    }
}

struct interval oracle_unknown(const struct oracle *o, uint32_t q, uint32_t subject)
{
    struct tally t = {0};
    bool over = is_over_partners(o, q, subject);
    if (!over)
        t = tally(o, q, subject);
    for (uint32_t p = 0; over && p < o->partners; p++)
        if (oracle_standing(o, q, p) != STANDING_OUT)
            tally_rows(o, q, p, &t);
    /* With a partner who may not be asked nobody can tell yet. */
    if (t.to_come > 0 || (over && has_unsure_partner(o, q)))
        return MAYBE;
    return is_unknown(o, q, subject, t.values) ? INTERVAL(1, 1) : INTERVAL(0, 0);
}

/* --- over partners (8) ------------------------------------------------------------------------ */

/* Highest minus lowest, over partners at least as sure as `least`. */
static struct interval gap_of(const struct oracle *o, uint32_t q, enum standing least,
                              uint32_t *counted)
{
    double lo = 0, hi = 0;
    *counted = 0;
    for (uint32_t i = 0; i < o->partners; i++) {
        if (oracle_standing(o, q, i) < least)
            continue;
        ++*counted;
        struct interval a = oracle_value(o, q, i);
        for (uint32_t j = 0; j < o->partners; j++) {
            if (i == j || oracle_standing(o, q, j) < least)
                continue;
            struct interval b = oracle_value(o, q, j);
            lo = a.lo - b.hi > lo ? a.lo - b.hi : lo;
            hi = a.hi - b.lo > hi ? a.hi - b.lo : hi;
        }
    }
    return INTERVAL(lo, hi);
}

static struct interval find_gap(const struct oracle *o, uint32_t q)
{
    uint32_t sure, all;
    double lo = gap_of(o, q, STANDING_SURE, &sure).lo;
    double hi = gap_of(o, q, STANDING_UNSURE, &all).hi;
    const struct question *question = question_at(o, q);
    return sure < 2 ? INTERVAL(0, question->hi - question->lo) : INTERVAL(lo, hi);
}

/* Do two partners surely differ (lo), may they (hi)? */
static struct interval differ(const struct oracle *o, uint32_t q, uint32_t i, uint32_t j)
{
    enum answer_kind kind = question_at(o, q)->kind;
    if (kind == KIND_YESNO || kind == KIND_ONE_OF) {
        uint32_t a = oracle_code(o, q, i), b = oracle_code(o, q, j);
        if (a == 0 || b == 0)
            return MAYBE;
        return a == b ? INTERVAL(0, 0) : INTERVAL(1, 1);
    }
    struct interval a = oracle_value(o, q, i), b = oracle_value(o, q, j);
    if (a.lo > b.hi || b.lo > a.hi)
        return INTERVAL(1, 1);
    return a.lo == a.hi && b.lo == b.hi ? INTERVAL(0, 0) : MAYBE;
}

static struct interval find_disagree(const struct oracle *o, uint32_t q)
{
    uint32_t sure = 0;
    struct interval any = {0, 0};
    for (uint32_t i = 0; i < o->partners; i++) {
        enum standing a = oracle_standing(o, q, i);
        sure += a == STANDING_SURE;
        for (uint32_t j = 0; j < i; j++) {
            enum standing b = oracle_standing(o, q, j);
            if (a == STANDING_OUT || b == STANDING_OUT)
                continue;
            struct interval x = differ(o, q, i, j);
            if (a == STANDING_UNSURE || b == STANDING_UNSURE)
                x.lo = 0;
            widen(&any, x);
        }
    }
    return sure < 2 ? MAYBE : any;
}

static void learn(const struct oracle *o, uint32_t q, uint32_t subject, struct interval ask)
{
    enum answer_kind kind = question_at(o, q)->kind;
    struct known *k = known(o, q, subject);
    k->ask = ask;
    k->standing = find_standing(o, q, subject);
    if (kind == KIND_SCALE || kind == KIND_NUMBER)
        k->value = find_value(o, q, subject);
    if (kind == KIND_YESNO || kind == KIND_ONE_OF)
        k->code = find_code(o, q, subject);
}

void oracle_learn(const struct oracle *o, uint32_t q)
{
    const struct question *question = question_at(o, q);
    enum answer_kind kind = question->kind;
    const struct node *ask_if = question->ask_if;
    if (ask_if && oracle_is_out(o, ask_if)) /* (12) */
        ask_if = NULL;
    for (uint32_t p = 0; p < o->partners && !question->about_partnership; p++)
        learn(o, q, p, ask_if ? oracle_strength(o, ask_if, p) : INTERVAL(1, 1));
    bool fact = question->about_partnership;
    learn(o, q, WHOLE, fact && ask_if ? oracle_strength(o, ask_if, WHOLE) : INTERVAL(1, 1));
    if (fact || kind == KIND_MANY_OF || kind == KIND_TEXT)
        return;
    if (kind == KIND_SCALE || kind == KIND_NUMBER)
        known(o, q, WHOLE)->gap = find_gap(o, q);
    known(o, q, WHOLE)->disagree = find_disagree(o, q);
}

/* --- facts every subject has (13, 14) --------------------------------------------------------- */

struct share {
    double answered_lo, open_lo; /* counted for the lower end */
    double answered_hi, open_hi; /* for the upper end */
};

static void count_cell(struct share *c, enum said said, bool sure)
{
    bool to_come = said == SAID_TO_COME;
    if (said == SAID_VALUE) {
        c->answered_lo += sure;
        c->answered_hi += 1;
        return;
    }
    c->open_lo += 1;
    if (to_come)
        c->answered_hi += 1;
    else
        c->open_hi += sure;
}

/* A fact of the partnership is one cell, whoever answered it. */
static enum said said_by_anyone(const struct oracle *o, uint32_t q)
{
    struct tally t = tally(o, q, WHOLE);
    if (t.values > 0)
        return SAID_VALUE;
    return t.to_come > 0 ? SAID_TO_COME : SAID_DECLINED;
}

static void count_question(const struct oracle *o, uint32_t q, uint32_t partner, struct share *c)
{
    struct interval ask = oracle_ask(o, q, partner);
    uint32_t from, count = oracle_rows(o, partner, &from);
    if (ask.hi == 0)
        return;
    for (uint32_t row = from; row < from + count; row++) {
        enum said said = oracle_said(o, q, row);
        if (said != SAID_NA)
            count_cell(c, said, ask.lo > 0);
    }
}

static struct interval find_answered_share(const struct oracle *o, uint32_t subject)
{
    struct share c = {0, 0, 0, 0};
    for (uint32_t q = 0; q < o->kb->question_count; q++) {
        const struct question *question = question_at(o, q);
        if (!o->put->questions[q] || question->kind == KIND_TEXT)
            continue;
        if (question->about_partnership) {
            enum standing s = oracle_standing(o, q, WHOLE);
            if (s != STANDING_OUT)
                count_cell(&c, said_by_anyone(o, q), s == STANDING_SURE);
            continue;
        }
        for (uint32_t p = 0; p < o->partners; p++)
            if (subject == WHOLE || subject == p)
                count_question(o, q, p, &c);
    }
    double lo = c.answered_lo + c.open_lo, hi = c.answered_hi + c.open_hi;
    return INTERVAL(lo == 0 ? 0 : c.answered_lo / lo, hi == 0 ? 1 : c.answered_hi / hi);
}

static struct interval is_straight(const struct oracle *o, uint32_t row)
{
    uint32_t answers = 0, blanks = 0;
    bool differs = false;
    double first = 0;
    for (uint32_t q = 0; q < o->kb->question_count; q++) {
        const struct question *question = question_at(o, q);
        if (!o->put->questions[q] || question->kind != KIND_SCALE || question->about_partnership)
            continue;
        enum said said = oracle_said(o, q, row);
        blanks += said == SAID_TO_COME;
        if (said != SAID_VALUE)
            continue;
        double x = oracle_said_number(o, q, row);
        first = answers == 0 ? x : first;
        differs = differs || x != first;
        answers++;
    }
    if (differs || answers + blanks < 8)
        return INTERVAL(0, 0);
    return blanks > 0 ? MAYBE : INTERVAL(1, 1);
}

static struct interval find_straight_lined(const struct oracle *o, uint32_t subject)
{
    uint32_t from, count = oracle_rows(o, subject, &from);
    if (count == 0)
        return MAYBE;
    double lo = 0, hi = 0;
    for (uint32_t row = from; row < from + count; row++) {
        struct interval x = is_straight(o, row);
        lo += x.lo;
        hi += x.hi;
    }
    return INTERVAL(lo / (double)count, hi / (double)count);
}

void oracle_learn_facts(const struct oracle *o)
{
    for (uint32_t s = 0; s <= o->partners; s++) {
        uint32_t subject = s == o->partners ? WHOLE : s;
        o->answered_share[s] = find_answered_share(o, subject);
        o->straight_lined[s] = find_straight_lined(o, subject);
    }
}

struct interval oracle_answered_share(const struct oracle *o, uint32_t subject)
{
    return o->answered_share[subject == WHOLE ? o->partners : subject];
}

struct interval oracle_straight_lined(const struct oracle *o, uint32_t subject)
{
    return o->straight_lined[subject == WHOLE ? o->partners : subject];
}
