/* In: a kb, the questions put, blocks. Out: the first thing the engine and the oracle say
 * differently. Next: oracle_main.c, shrink.c. Numbers must be equal as they are printed, with four
 * decimals; how many differ in a later digit is counted. */
#include "oracle/twins.h"

#include "explain/explain.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned FLAGS[TWINS_COUNT] = {
    [TWINS_PLAIN] = PROGRAM_CERTAINTY,
    [TWINS_FULL] = PROGRAM_REPORT | PROGRAM_TRACE,
    [TWINS_BATCH] = PROGRAM_REPORT | PROGRAM_BATCH,
};
static const char *const NAMES[TWINS_COUNT] = {"certainty", "report, trace", "report, batch"};

/* A tile, one case of it, and the program that ran. */
struct view {
    struct twins *twins;
    const struct infer *in;
    const struct tile *tile;
    unsigned program;
    uint32_t tile_case, partner_from, partners; /* partner_from: of the tile */
    struct arena arena;                         /* for explain */
};

struct twins *twins_new(const struct kb *kb, const struct put *put, struct problems *problems)
{
    struct twins *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->kb = kb;
    t->put = *put;
    t->oracle = oracle_new(kb, &t->put);
    for (unsigned i = 0; i < TWINS_COUNT; i++) {
        t->programs[i] = program_new(kb, &t->put, FLAGS[i], problems);
        t->infers[i] = t->programs[i] ? infer_new(t->programs[i], problems) : NULL;
        if (!t->infers[i]) {
            twins_free(t);
            return NULL;
        }
    }
    return t;
}

void twins_free(struct twins *t)
{
    if (!t)
        return;
    for (unsigned i = 0; i < TWINS_COUNT; i++) {
        infer_free(t->infers[i]);
        program_free(t->programs[i]);
    }
    oracle_free(t->oracle);
    free(t);
}

/* --- saying what differs ---------------------------------------------------------------------- */

/* What is compared: "lower end of c03, partner 1". */
struct place_of {
    const char *what;
    struct text id;
    uint32_t subject;
};

static void describe(const struct view *v, struct place_of at, char *out, size_t size,
                     const char *engine, const char *oracle)
{
    char subject[40] = "the partnership";
    if (at.subject != WHOLE)
        snprintf(subject, sizeof subject, "partner %u", at.subject);
    snprintf(out, size, "%s of %.*s, %s: engine %s, oracle %s (program: %s)", at.what,
             (int)at.id.size, at.id.at, subject, engine, oracle, NAMES[v->program]);
}

static void differ(const struct view *v, struct place_of at, const char *engine, const char *oracle)
{
    struct twins *t = v->twins;
    if (t->differs)
        return;
    t->differs = true;
    t->case_index = v->tile->case_from + v->tile_case;
    snprintf(t->kind, sizeof t->kind, "%s", at.what);
    describe(v, at, t->what, sizeof t->what, engine, oracle);
}

static void same_integer(const struct view *v, struct place_of at, long engine, long oracle)
{
    char a[32], b[32];
    if (engine == oracle)
        return;
    snprintf(a, sizeof a, "%ld", engine);
    snprintf(b, sizeof b, "%ld", oracle);
    differ(v, at, a, b);
}

static void same_number(const struct view *v, struct place_of at, double engine, double oracle)
{
    char a[64], b[64];
    v->twins->numbers++;
    if (engine == oracle)
        return;
    snprintf(a, sizeof a, "%.17g", engine);
    snprintf(b, sizeof b, "%.17g", oracle);
    differ(v, at, a, b);
}

static void same_interval(const struct view *v, const char *what, struct text id, uint32_t subject,
                          struct interval engine, struct interval oracle)
{
    char end[80];
    if (engine.lo == oracle.lo && engine.hi == oracle.hi) {
        v->twins->numbers += 2;
        return;
    }
    snprintf(end, sizeof end, "lower end of the %s", what);
    same_number(v, (struct place_of){end, id, subject}, engine.lo, oracle.lo);
    snprintf(end, sizeof end, "upper end of the %s", what);
    same_number(v, (struct place_of){end, id, subject}, engine.hi, oracle.hi);
}

/* The subjects of a scope: partners from 0, then WHOLE; as the tile counts them. */
static uint32_t in_tile(const struct view *v, uint32_t subject)
{
    return subject == WHOLE ? v->tile_case : v->partner_from + subject;
}

static enum scope scope_of(uint32_t subject)
{
    return subject == WHOLE ? SCOPE_PARTNERSHIP : SCOPE_PARTNER;
}

/* --- conclusions ------------------------------------------------------------------------------ */

static void compare_subject(const struct view *v, uint32_t c, uint32_t subject)
{
    const struct twins *t = v->twins;
    struct text id = t->kb->conclusions[c].id;
    enum scope scope = scope_of(subject);
    uint32_t i = in_tile(v, subject);
    struct interval oracle = oracle_certainty(t->oracle, c, subject);
    same_interval(v, "certainty", id, subject, infer_certainty(v->in, c, scope, i), oracle);
    same_integer(v, (struct place_of){"verdict", id, subject}, infer_verdict(v->in, c, scope, i),
                 oracle_verdict(t->oracle, c, subject));
    bool about = (scope == SCOPE_PARTNERSHIP) == t->kb->conclusions[c].about_partnership;
    if (v->program != TWINS_PLAIN && about && t->oracle->assessed[c])
        same_integer(v, (struct place_of){"level", id, subject}, infer_level(v->in, c, i),
                     oracle_level(t->oracle, c, subject));
}

static void compare_conclusion(const struct view *v, uint32_t c)
{
    const struct twins *t = v->twins;
    const struct conclusion *conclusion = &t->kb->conclusions[c];
    const struct program *program = t->programs[v->program];
    same_integer(v, (struct place_of){"being assessed", conclusion->id, WHOLE},
                 program_is_assessed(program, c), t->oracle->assessed[c]);
    compare_subject(v, c, WHOLE);
    for (uint32_t p = 0; p < v->partners && !conclusion->about_partnership; p++)
        compare_subject(v, c, p);
    struct packed packed;
    infer_packed(v->in, &c, 1, &packed);
    uint64_t at = UINT64_C(1) << v->tile_case;
    double lo = packed.some & at ? packed.lo[__builtin_popcountll(packed.some & (at - 1))] : 0;
    same_interval(v, "packed certainty", conclusion->id, WHOLE, (struct interval){lo, lo},
                  (struct interval){oracle_certainty(t->oracle, c, WHOLE).lo,
                                    oracle_certainty(t->oracle, c, WHOLE).lo});
}

/* --- rules, conditions ------------------------------------------------------------------------ */

/* Names the node behind the difference. */
static void add_condition(struct twins *t, const struct node *n)
{
    struct buffer printed;
    size_t at = strlen(t->what);
    buffer_init(&printed);
    buffer_c(&printed, n->scope == SCOPE_PARTNER ? "; partner node " : "; node ");
    condition_print(n, &t->kb->names_of, &printed);
    snprintf(t->what + at, sizeof t->what - at, "%.*s", (int)printed.size, printed.at);
    buffer_deinit(&printed);
}

/* Every condition below n, that one included, in the scopes where it stands. */
static void compare_nodes(const struct view *v, const char *what, struct text id,
                          const struct node *n, uint32_t subject, bool must)
{
    const struct twins *t = v->twins;
    struct interval x = {0, 0};
    if (node_type(n->kind) != TYPE_CONDITION)
        return;
    bool known = infer_node(v->in, n, in_tile(v, subject), &x);
    bool differed = t->differs;
    if (known)
        same_interval(v, what, id, subject, x, oracle_strength(t->oracle, n, subject));
    else if (must)
        differ(v, (struct place_of){what, id, subject}, "has none", "has one");
    if (t->differs && !differed)
        add_condition(v->twins, n);
    /* What is inside says the same wherever this stands: once is enough. */
    bool first = subject == WHOLE || subject == 0;
    bool over_partners = (n->kind == NODE_ANY || n->kind == NODE_ALL) && first;
    bool joins = n->kind == NODE_AND || n->kind == NODE_OR;
    for (uint32_t p = 0; p < v->partners && over_partners; p++)
        compare_nodes(v, what, id, n->args[0], p, false);
    for (uint32_t i = 0; i < n->count && joins; i++)
        compare_nodes(v, what, id, n->args[i], subject, false);
}

static void compare_rule(const struct view *v, uint32_t r)
{
    const struct twins *t = v->twins;
    const struct rule *rule = &t->kb->rules[r];
    same_integer(v, (struct place_of){"being in play", rule->id, WHOLE},
                 program_is_in_play(t->programs[v->program], r), t->oracle->in_play[r]);
    /* A rule of a conclusion that is not assessed is not evaluated. */
    if (!program_is_assessed(t->programs[v->program], rule->conclusion))
        return;
    for (uint32_t p = 0; p < v->partners && t->oracle->assessed[rule->conclusion]; p++) {
        uint32_t subject = rule->each_partnership ? WHOLE : p;
        if (subject == WHOLE && p > 0)
            break;
        same_interval(v, "strength", rule->id, subject, infer_rule(v->in, r, in_tile(v, subject)),
                      oracle_rule(t->oracle, r, subject));
        if (v->program == TWINS_FULL)
            compare_nodes(v, "node", rule->id, rule->when, subject, t->oracle->in_play[r]);
    }
}

static void compare_other_nodes(const struct view *v)
{
    const struct kb *kb = v->twins->kb;
    for (uint32_t c = 0; c < kb->conclusion_count; c++) {
        const struct conclusion *x = &kb->conclusions[c];
        if (x->needs)
            compare_nodes(v, "node of `needs`", x->id, x->needs, WHOLE, false);
        for (uint32_t p = 0; p < v->partners; p++) {
            uint32_t subject = x->about_partnership ? WHOLE : p;
            if (x->high_when)
                compare_nodes(v, "node of `high_when`", x->id, x->high_when, subject, false);
            if (x->low_when)
                compare_nodes(v, "node of `low_when`", x->id, x->low_when, subject, false);
        }
    }
    for (uint32_t r = 0; r < kb->remedy_count; r++)
        if (kb->remedies[r].when)
            compare_nodes(v, "node of a remedy's `when`", kb->remedies[r].id, kb->remedies[r].when,
                          WHOLE, false);
}

/* --- answers and facts ------------------------------------------------------------------------ */

static void compare_answer(const struct view *v, uint32_t q, uint32_t subject)
{
    const struct twins *t = v->twins;
    const struct question *question = &t->kb->questions[q];
    uint32_t i = in_tile(v, subject);
    bool applies = oracle_standing(t->oracle, q, subject) != STANDING_OUT;
    if (question->kind == KIND_SCALE || question->kind == KIND_NUMBER) {
        struct interval x = {0, 0};
        bool applicable = false;
        bool put = infer_value(v->in, q, scope_of(subject), i, &x, &applicable);
        same_integer(v, (struct place_of){"being put", question->id, subject}, put,
                     t->put.questions[q]);
        if (!put)
            return;
        same_integer(v, (struct place_of){"being applicable", question->id, subject}, applicable,
                     applies);
        if (applies)
            same_interval(v, "value", question->id, subject, x,
                          oracle_value(t->oracle, q, subject));
    } else if (question->kind == KIND_YESNO || question->kind == KIND_ONE_OF) {
        same_integer(v, (struct place_of){"code", question->id, subject},
                     infer_code(v->in, q, scope_of(subject), i),
                     applies ? (long)oracle_code(t->oracle, q, subject) : CODE_NA);
    }
}

static void compare_answers(const struct view *v)
{
    const struct twins *t = v->twins;
    for (uint32_t q = 0; q < t->kb->question_count; q++) {
        if (!t->put.questions[q])
            continue;
        compare_answer(v, q, WHOLE);
        for (uint32_t p = 0; p < v->partners; p++) {
            uint32_t from, rows = oracle_rows(t->oracle, p, &from), answers = 0;
            if (!t->kb->questions[q].about_partnership)
                compare_answer(v, q, p);
            for (uint32_t row = from; row < from + rows; row++)
                answers += oracle_said(t->oracle, q, row) == SAID_VALUE &&
                           v->tile->block->columns[q].code[row] != CODE_BLANK;
            same_integer(v, (struct place_of){"answers", t->kb->questions[q].id, p},
                         infer_answers(v->in, q, v->partner_from + p), answers);
        }
    }
    struct text id = TEXT("answered_share");
    same_interval(v, "fact", id, WHOLE,
                  infer_answered_share(v->in, SCOPE_PARTNERSHIP, v->tile_case),
                  oracle_answered_share(t->oracle, WHOLE));
    for (uint32_t p = 0; p < v->partners; p++)
        same_interval(v, "fact", id, p,
                      infer_answered_share(v->in, SCOPE_PARTNER, v->partner_from + p),
                      oracle_answered_share(t->oracle, p));
}

/* --- the plan and the profile ----------------------------------------------------------------- */

static void compare_plan(const struct view *v, const struct case_view *view)
{
    const struct twins *t = v->twins;
    uint32_t *plan = calloc(t->kb->remedy_count + 1, sizeof *plan);
    if (!plan)
        abort();
    uint32_t count = oracle_plan(t->oracle, plan);
    same_integer(v, (struct place_of){"length", TEXT("the plan"), WHOLE}, view->plan_count, count);
    for (uint32_t i = 0; i < count && i < view->plan_count; i++)
        same_integer(v, (struct place_of){"remedy", TEXT("the plan"), WHOLE}, view->plan[i].remedy,
                     plan[i]);
    free(plan);
}

static void compare_profile(const struct view *v, const struct case_view *view)
{
    const struct twins *t = v->twins;
    /* While answers may still come the profile is of those that are there; the oracle has none. */
    if (view->tile->block->open[view->tile->case_from + view->tile_case])
        return;
    for (uint32_t i = 0; i < view->profile_count; i++) {
        const struct profile_entry *entry = &view->profile[i];
        for (uint32_t p = 0; p < v->partners; p++) {
            struct text id = t->kb->dimensions[entry->dimension].id;
            uint32_t answered;
            double score = oracle_profile(t->oracle, entry->dimension, p, &answered);
            same_integer(v, (struct place_of){"answers", id, p}, entry->answers[p], answered);
            /* Its operations have no order of their own. */
            if (answered > 0 && fabs(entry->score[p] - score) > 1e-9)
                same_number(v, (struct place_of){"score", id, p}, entry->score[p], score);
        }
    }
}

static void explain(void *ctx)
{
    struct view *v = ctx;
    struct twins *t = v->twins;
    struct case_view view;
    explain_case(&v->arena, v->in, v->tile, v->tile_case, EXPLAIN_FINDINGS, &view);
    for (uint32_t i = 0; i < view.finding_count; i++) {
        const struct finding *f = &view.findings[i];
        struct text id = t->kb->conclusions[f->conclusion].id;
        same_integer(v, (struct place_of){"level of the case", id, WHOLE}, f->level,
                     oracle_level(t->oracle, f->conclusion, WHOLE));
        same_integer(v, (struct place_of){"verdict of the case", id, WHOLE}, f->verdict,
                     oracle_verdict(t->oracle, f->conclusion, WHOLE));
    }
    compare_plan(v, &view);
    compare_profile(v, &view);
}

/* --- cases ------------------------------------------------------------------------------------ */

static void compare_case(struct view *v)
{
    struct twins *t = v->twins;
    uint32_t index = v->tile->case_from + v->tile_case;
    const uint32_t *from = v->tile->block->partner_from;
    v->partner_from = from[index] - v->tile->partner_from;
    v->partners = from[index + 1] - from[index];
    oracle_run(t->oracle, v->tile->block, index);
    for (uint32_t c = 0; c < t->kb->conclusion_count && !t->differs; c++)
        compare_conclusion(v, c);
    if (v->program == TWINS_PLAIN || t->differs)
        return;
    for (uint32_t r = 0; r < t->kb->rule_count; r++)
        compare_rule(v, r);
    for (uint32_t r = 0; r < t->kb->remedy_count; r++)
        same_integer(v, (struct place_of){"fitting", t->kb->remedies[r].id, WHOLE},
                     infer_remedy_fits(v->in, r, v->tile_case), oracle_remedy_fits(t->oracle, r));
    if (v->program != TWINS_FULL)
        return;
    compare_other_nodes(v);
    compare_answers(v);
    arena_init(&v->arena, 0);
    if (!arena_run(&v->arena, explain, v))
        abort();
    arena_deinit(&v->arena);
}

static bool compare_tile(const struct infer *in, const struct tile *tile, void *ctx)
{
    struct view *v = ctx;
    v->in = in;
    v->tile = tile;
    for (v->tile_case = 0; v->tile_case < tile->case_count; v->tile_case++)
        if (!v->twins->differs)
            compare_case(v);
    return true;
}

bool twins_compare(struct twins *t, const struct cases *block, struct problems *problems)
{
    t->differs = false;
    for (unsigned i = 0; i < TWINS_COUNT && !t->differs; i++) {
        struct view v = {.twins = t, .program = i};
        if (!infer_run(t->infers[i], block, compare_tile, &v, problems)) {
            t->differs = true;
            t->case_index = 0;
            snprintf(t->kind, sizeof t->kind, "running");
            snprintf(t->what, sizeof t->what, "the engine gave up");
        }
    }
    return !t->differs;
}
