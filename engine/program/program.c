/* In: a kb and what is put. Out: the program. Next: infer.
 * Everything of a program lives in its arena; only machine code of patterns is PCRE2's. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "program/emit.h"
#include "program/scanner.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

static void *uint_array(struct compiler *c, size_t count)
{
    uint32_t *a = arena_array(&c->p->arena, count, sizeof *a);
    for (size_t i = 0; i < count; i++)
        a[i] = NONE;
    return a;
}

static void allocate(struct compiler *c)
{
    struct program *p = c->p;
    struct arena *a = &p->arena;
    const struct kb *kb = c->kb;
    p->assessed = arena_array(a, kb->conclusion_count, sizeof *p->assessed);
    p->read = arena_array(a, kb->conclusion_count, sizeof *p->read);
    p->high_when = arena_array(a, kb->conclusion_count, sizeof *p->high_when);
    p->low_when = arena_array(a, kb->conclusion_count, sizeof *p->low_when);
    p->in_play = arena_array(a, kb->rule_count, sizeof *p->in_play);
    p->rule_strength = arena_array(a, kb->rule_count, sizeof *p->rule_strength);
    p->remedy_when = arena_array(a, kb->remedy_count, sizeof *p->remedy_when);
    for (int s = 0; s < 2; s++) {
        p->lo_hi[s] = uint_array(c, kb->conclusion_count);
        p->verdicts[s] = uint_array(c, kb->conclusion_count);
        p->applies_of[s] = uint_array(c, kb->question_count);
    }
    p->put_questions = arena_array(a, kb->question_count, sizeof *p->put_questions);
    p->plane_count = PLANES_FIXED;
    p->number_count = 1; /* number 0: zero, for what is not assessed */
    idmap_init(&p->traced, a);
    idmap_init(&c->seen, a);
    idmap_init(&c->seen_inner, a);
}

static void release_pattern(void *code)
{
    pcre2_code_free(code);
}

/* Copies of the kb's patterns: compiling to machine code writes into a pattern, and the kb is
 * shared. */
static void take_patterns(struct compiler *c)
{
    struct program *p = c->p;
    p->pattern_count = c->kb->patterns.count;
    p->pattern_code = arena_array(&p->arena, p->pattern_count, sizeof *p->pattern_code);
    for (size_t i = 0; i < p->pattern_count; i++) {
        pcre2_code *code = pcre2_code_copy(c->kb->patterns.patterns[i]->code);
        if (!code) {
            arena_alloc(&p->arena,
                        SIZE_MAX / 2); /* memory is at its end: leave as arena_alloc does */
            return;
        }
        arena_defer(&p->arena, release_pattern, code);
        p->pattern_code[i] = code;
    }
}

/* What nobody reads where every case has one respondent is left out there: scale comparisons look
 * at the value planes instead. From the end backwards, who is read by whom. */
static void mark_idle(struct program *p)
{
    bool *used = arena_array(&p->arena, p->number_count, sizeof *used);
    for (size_t k = p->code_count; k-- > 0;) {
        struct instr *i = &p->code[k];
        if (i->op == OP_VALUE && !(p->flags & PROGRAM_TRACE) && !used[i->dst]) {
            i->idle_single = true;
            continue;
        }
        switch (i->op) {
        case OP_VALUE:
        case OP_ADD:
        case OP_SUBTRACT:
        case OP_MULTIPLY:
        case OP_DIVIDE:
        case OP_NEGATE:
        case OP_SPREAD_NUMBER:
        case OP_COMPARE:
        case OP_COMPARE_TO:
        case OP_UNKNOWN:
        case OP_DISAGREE:
        case OP_GRADE:
            if (i->op == OP_GRADE && i->question != NONE)
                break; /* looks codes up; a gap looks at nothing */
            if (i->a != NONE && i->a < p->number_count)
                used[i->a] = true;
            if ((i->op == OP_ADD || i->op == OP_SUBTRACT || i->op == OP_MULTIPLY ||
                 i->op == OP_DIVIDE || i->op == OP_COMPARE) &&
                i->b != NONE)
                used[i->b] = true;
            break;
        case OP_ANY_NUMBER:
        case OP_ALL_NUMBER: used[i->b] = true; break;
        default: break;
        }
    }
}

/* What reads answers only, and may therefore stand before everything else: 0 and 1; the rest: 2.
 * CONCLUDE finds in `code` what fires. */
enum { TURNS = 3 };
static int turn_of(const struct instr *i)
{
    if (i->op == OP_FIRE || i->op == OP_GROUP)
        return TURNS;
    if (i->op == OP_EQUALS && i->a == NONE)
        return 0;
    return i->op == OP_SCALE ? 1 : 2;
}

/* Comparisons with a certainty, by its register: first, then from one to the next. */
struct readers {
    size_t *first, *next;
};
static const size_t NOBODY = SIZE_MAX;

static struct readers readers_of(struct program *p)
{
    struct readers r = {arena_array(&p->arena, p->number_count, sizeof *r.first),
                        arena_array(&p->arena, p->code_count, sizeof *r.next)};
    bool *concluded = arena_array(&p->arena, p->number_count, sizeof *concluded);
    for (uint32_t n = 0; n < p->number_count; n++)
        r.first[n] = NOBODY;
    for (size_t k = 0; k < p->code_count; k++)
        if (p->code[k].op == OP_CONCLUDE)
            concluded[p->code[k].dst] = true;
    for (size_t k = p->code_count; k-- > 0;) {
        const struct instr *i = &p->code[k];
        if (i->op != OP_COMPARE_TO || !concluded[i->a])
            continue;
        r.next[k] = r.first[i->a];
        r.first[i->a] = k;
    }
    return r;
}

/* What a conclusion alone reads stands before it, and is skipped where nobody meets its needs.
 * `from`: where the code for it begins. */
static void lay_owned(struct program *p, size_t from, size_t conclude)
{
    const struct instr *to = &p->code[conclude];
    struct instr skip = instr_new(OP_SKIP, (enum scope)to->scope);
    skip.a = to->a;
    size_t at = p->single_count++;
    for (size_t k = from; k < conclude; k++)
        if (p->code[k].owner == to->question && !p->code[k].idle_single)
            p->single_code[p->single_count++] = p->code[k];
    skip.count = (uint32_t)(p->single_count - at - 1);
    p->single_code[at] = skip;
    if (skip.count == 0)
        p->single_count = at;
}

/* Like beside like: a long run of one operation is what a processor foresees best. And what is
 * compared stands behind what it came from, which is at hand then. */
static void lay_single(struct program *p)
{
    struct readers r = readers_of(p);
    bool *laid = arena_array(&p->arena, p->code_count, sizeof *laid);
    size_t begun = 0; /* of the code for the next conclusion */
    p->single_code =
        arena_array(&p->arena, p->code_count + p->kb->conclusion_count, sizeof *p->single_code);
    for (int turn = 0; turn < TURNS; turn++)
        for (size_t k = 0; k < p->code_count; k++) {
            const struct instr *i = &p->code[k];
            if (i->idle_single || laid[k] || i->owner != NONE || turn_of(i) != turn)
                continue;
            if (i->op == OP_CONCLUDE && i->a != NONE)
                lay_owned(p, begun, k);
            p->single_code[p->single_count++] = *i;
            if (i->op != OP_CONCLUDE)
                continue;
            begun = k + 1;
            for (size_t c = r.first[i->dst]; c != NOBODY; c = r.next[c]) {
                if (p->code[c].owner != NONE)
                    continue;
                p->single_code[p->single_count++] = p->code[c];
                laid[c] = true;
            }
        }
}

/* Patterns that PCRE2 will be asked for get machine code; without it the same result, slower. */
static void find_slots(const struct program *p, struct instr *code, size_t count)
{
    const bool batch = (p->flags & PROGRAM_BATCH) != 0;
    for (size_t k = 0; k < count; k++) {
        struct instr *i = &code[k];
        const struct scan_slot *slot = NULL;
        if (i->op != OP_MATCHES && i->op != OP_PARTNER_MATCHES)
            continue;
        if (i->op == OP_MATCHES) {
            const struct scanner *s = p->scanners[i->question];
            slot = s ? scanner_find(s, i->node->pattern) : NULL;
            i->count = i->node->pattern->index;
            i->from = slot ? (uint32_t)(slot - s->slots) : NONE;
        }
        if (batch && !(slot && slot->decides))
            pcre2_jit_compile(p->pattern_code[i->node->pattern->index], PCRE2_JIT_COMPLETE);
    }
}

static void compile(void *ctx)
{
    struct compiler *c = ctx;
    struct program *p = c->p;
    const bool *put = p->put.questions;
    allocate(c);
    memcpy(p->put_questions, put, c->kb->question_count * sizeof *put);
    p->put.questions = p->put_questions;
    take_patterns(c);
    for (uint32_t q = 0; q < c->kb->question_count; q++)
        if (p->put_questions[q] && c->kb->questions[q].ask_if)
            question_applies(
                c, q, c->kb->questions[q].about_partnership ? SCOPE_PARTNERSHIP : SCOPE_PARTNER);
    compile_rules(c);
    if (p->flags & (PROGRAM_REPORT | PROGRAM_TRACE))
        compile_report(c);
    mark_idle(p);
    for (size_t k = 0; k < p->code_count; k++)
        if (p->code[k].op == OP_CONCLUDE)
            p->code[k].edge = p->read[p->code[k].question];
    p->scanners = arena_array(&p->arena, c->kb->question_count, sizeof(void *));
    if (p->flags & PROGRAM_BATCH)
        scanners_make(p);
    find_slots(p, p->code, p->code_count);
    find_slots(p, p->inner, p->inner_count);
    lay_single(p);
}

struct program *program_new_for(const struct kb *kb, const struct put *put, unsigned flags,
                                const bool *wanted, struct problems *problems)
{
    struct program *p = calloc(1, sizeof *p);
    struct compiler c = {.p = p, .kb = kb, .wanted = wanted, .owner = NONE};
    bool done = false;
    if (p) {
        p->kb = kb;
        p->flags = flags;
        p->put = *put;
        arena_init(&p->arena, 0);
        buffer_init(&c.key);
        done = arena_run(&p->arena, compile, &c) && !c.key.failed;
        buffer_deinit(&c.key);
    }
    if (!done) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        program_free(p);
        return NULL;
    }
    return p;
}

struct program *program_new(const struct kb *kb, const struct put *put, unsigned flags,
                            struct problems *problems)
{
    return program_new_for(kb, put, flags, NULL, problems);
}

void program_free(struct program *p)
{
    if (!p)
        return;
    arena_deinit(&p->arena);
    free(p);
}

const struct kb *program_kb(const struct program *p)
{
    return p->kb;
}

unsigned program_flags(const struct program *p)
{
    return p->flags;
}

const struct put *program_put(const struct program *p)
{
    return &p->put;
}

bool program_is_assessed(const struct program *p, uint32_t conclusion)
{
    return p->assessed[conclusion];
}

bool program_is_in_play(const struct program *p, uint32_t rule)
{
    return p->in_play[rule];
}
