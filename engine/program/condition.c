/* In: conditions in normal form. Out: instructions that give their strength. Next: rules.c.
 * A leaf becomes planes; what is graded gets a number register besides; and, or stay lists. */
#include "program/emit.h"

#include <string.h>

static struct strength planes_only(uint32_t planes)
{
    return (struct strength){planes, NONE};
}

/* --- bounds of what may not be applicable ----------------------------------------------------- */

struct bounding {
    struct compiler *c;
    enum scope scope;
    uint32_t *applies;
    size_t count, capacity;
};

static void note_reading(const struct node *n, void *ctx)
{
    struct bounding *b = ctx;
    if (node_reads(n->kind) != READS_QUESTION || n->kind == NODE_GAP || n->kind == NODE_DISAGREE)
        return;
    enum scope at = question_home(b->c, n->ref, b->scope);
    uint32_t applies = question_applies(b->c, n->ref, at);
    if (at != b->scope)
        applies = planes_to_partners(b->c, applies);
    for (size_t i = 0; i < b->count; i++)
        if (b->applies[i] == applies)
            return;
    if (b->count == b->capacity)
        b->applies =
            arena_grow(&b->c->p->arena, b->applies, b->count, &b->capacity, sizeof *b->applies);
    b->applies[b->count++] = applies;
}

static uint32_t bound_by(struct compiler *c, uint32_t planes, struct bounding *b)
{
    if (b->count == 0 || planes < PLANES_FIXED)
        return planes;
    struct instr i = instr_new(OP_BOUND, b->scope);
    i.a = planes;
    i.count = (uint32_t)b->count;
    return emit(c, i, b->applies, b->count * sizeof *b->applies);
}

static uint32_t bound(struct compiler *c, const struct node *n, uint32_t planes)
{
    struct bounding b = {.c = c, .scope = n->scope};
    node_walk(n, note_reading, &b);
    return bound_by(c, planes, &b);
}

/* What SET or SCALE gave is never wanted without its bound, so it is bounded in place; where every
 * case has one respondent the value planes know who said `na`, and nothing is left to do. */
static uint32_t bound_in_place(struct compiler *c, uint32_t q, enum scope scope, uint32_t planes)
{
    struct instr i = instr_new(OP_BOUND, scope);
    uint32_t applies = question_applies(c, q, scope);
    i.a = i.dst = planes;
    i.count = 1;
    i.idle_single = question_of(c, q)->ask_if == NULL;
    emit_once(c, i, &applies, sizeof applies);
    return planes;
}

/* --- leaves ----------------------------------------------------------------------------------- */

static bool holds(double a, enum relation r, double b)
{
    switch (r) {
    case LESS: return a < b;
    case LESS_EQUAL: return a <= b;
    case GREATER: return a > b;
    case GREATER_EQUAL: return a >= b;
    case EQUAL: return a == b;
    default: return a != b;
    }
}

static enum relation inverse(enum relation r)
{
    static const enum relation of[] = {GREATER_EQUAL, GREATER, LESS_EQUAL, LESS, NOT_EQUAL, EQUAL};
    return of[r];
}

static enum relation mirrored(enum relation r)
{
    static const enum relation of[] = {GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, EQUAL, NOT_EQUAL};
    return of[r];
}

/* What an unknown answer makes of `[lo, hi] r x`: 1 surely, 2 maybe. */
static uint8_t edge(double lo, double hi, enum relation r, double x)
{
    bool surely, maybe;
    switch (r) {
    case LESS:
    case LESS_EQUAL:
        surely = holds(hi, r, x);
        maybe = holds(lo, r, x);
        break;
    case GREATER:
    case GREATER_EQUAL:
        surely = holds(lo, r, x);
        maybe = holds(hi, r, x);
        break;
    case EQUAL:
        surely = lo == hi && lo == x;
        maybe = lo <= x && x <= hi;
        break;
    default:
        surely = x < lo || x > hi;
        maybe = !(lo == hi && lo == x);
        break;
    }
    return (uint8_t)((surely ? 1 : 0) | (maybe ? 2 : 0));
}

static uint32_t set_instr(struct compiler *c, struct instr i, const uint8_t *set, uint32_t size)
{
    uint32_t at[256];
    uint32_t count = 0;
    for (uint32_t code = 1; code < size; code++)
        if (set[code])
            at[count++] = code;
    i.b = question_equals(c, i.question, (enum scope)i.scope);
    i.count = count;
    i.from = emit_list(c, at, count);
    return emit(c, i, set, size);
}

static uint32_t scale_of_case(struct compiler *c, uint32_t q, enum relation r, double x)
{
    struct instr i = instr_new(OP_COMPARE_TO, SCOPE_PARTNERSHIP);
    uint32_t applies = question_applies(c, q, SCOPE_PARTNERSHIP);
    struct bounding b = {
        .c = c, .scope = SCOPE_PARTNERSHIP, .applies = &applies, .count = 1, .capacity = 1};
    i.relation = (uint8_t)r;
    i.a = question_value(c, q, SCOPE_PARTNERSHIP);
    i.x = x;
    return bound_by(c, emit(c, i, NULL, 0), &b);
}

/* A scale question against a constant. */
static uint32_t scale(struct compiler *c, uint32_t q, enum relation r, double x, enum scope scope)
{
    const struct question *qu = question_of(c, q);
    uint8_t set[256] = {0};
    for (uint32_t code = 1; code <= qu->choice_count; code++)
        set[code] = holds(qu->lo + code - 1, r, x);
    enum scope at = question_home(c, q, scope);
    /* a partner who may not be asked leaves the partnership's value open: codes would not show it
     */
    if (at == SCOPE_PARTNERSHIP && !qu->about_partnership && qu->ask_if)
        return scale_of_case(c, q, r, x);
    struct instr i = instr_new(OP_SCALE, at);
    i.question = q;
    i.relation = (uint8_t)r;
    i.x = x;
    i.edge = edge(qu->lo, qu->hi, r, x);
    if (at != SCOPE_RESPONDENT)
        i.a = question_value(c, q, at);
    uint32_t planes = set_instr(c, i, set, qu->choice_count + 1);
    bound_in_place(c, q, at, planes);
    return at == scope ? planes : planes_to_partners(c, planes);
}

static bool constant(const struct node *n, double *x)
{
    if (n->kind == NODE_NUMBER)
        *x = n->number;
    else if (n->kind == NODE_NEGATE && n->args[0]->kind == NODE_NUMBER)
        *x = -n->args[0]->number;
    else
        return false;
    return true;
}

/* COMPARE_TO looks for NaN only where a division may have left one. */
static void look_for_division(const struct node *n, void *ctx)
{
    uint8_t *edge = ctx;
    if (n->kind == NODE_DIVIDE || n->kind == NODE_MULTIPLY)
        *edge = 1;
}

static uint32_t compare(struct compiler *c, const struct node *a, enum relation r,
                        const struct node *b, enum scope scope)
{
    double x;
    if (constant(a, &x) && !constant(b, &x))
        return compare(c, b, mirrored(r), a, scope);
    bool to_constant = constant(b, &x);
    if (to_constant && a->kind == NODE_QUESTION && question_of(c, a->ref)->kind == KIND_SCALE) {
        if (c->p->flags & PROGRAM_TRACE)
            compile_number(c, a);
        return scale(c, a->ref, r, x, scope);
    }
    struct instr i = instr_new(to_constant ? OP_COMPARE_TO : OP_COMPARE, scope);
    i.relation = (uint8_t)r;
    i.a = compile_number(c, a);
    node_walk(a, look_for_division, &i.edge);
    if (to_constant)
        i.x = x;
    else
        i.b = compile_number(c, b);
    return emit(c, i, NULL, 0);
}

static uint32_t join(struct compiler *c, enum op op, const uint32_t *planes, size_t count,
                     enum scope scope)
{
    if (count == 1)
        return planes[0];
    struct instr i = instr_new(op, scope);
    i.count = (uint32_t)count;
    return emit(c, i, planes, count * sizeof *planes);
}

static uint32_t between(struct compiler *c, const struct node *n)
{
    enum relation low = n->negated ? LESS : GREATER_EQUAL;
    enum relation high = n->negated ? GREATER : LESS_EQUAL;
    uint32_t both[2];
    both[0] = compare(c, n->args[0], low, n->args[1], n->scope);
    both[1] = compare(c, n->args[0], high, n->args[2], n->scope);
    return join(c, n->negated ? OP_OR : OP_AND, both, 2, n->scope);
}

static uint32_t in_list(struct compiler *c, const struct node *n)
{
    uint32_t *each = arena_array(&c->p->arena, n->count, sizeof *each);
    for (uint32_t k = 1; k < n->count; k++)
        each[k - 1] = compare(c, n->args[0], n->negated ? NOT_EQUAL : EQUAL, n->args[k], n->scope);
    return join(c, n->negated ? OP_AND : OP_OR, each, n->count - 1, n->scope);
}

static uint32_t choice_in(struct compiler *c, const struct node *n)
{
    enum scope at = question_home(c, n->ref, n->scope);
    struct instr i = instr_new(OP_SET, at);
    uint32_t in = 0;
    for (uint32_t code = 1; code < n->set_size; code++)
        in += n->set[code];
    i.question = n->ref;
    i.edge = (uint8_t)((in + 1 == n->set_size ? 1 : 0) | (in > 0 ? 2 : 0));
    uint32_t planes = set_instr(c, i, n->set, n->set_size);
    bound_in_place(c, n->ref, at, planes);
    return at == n->scope ? planes : planes_to_partners(c, planes);
}

/* Leaves about a question that need no number: op(q), with what identifies it in `extra`. */
static uint32_t about_question(struct compiler *c, const struct node *n, enum op op,
                               const void *extra, size_t size)
{
    enum scope at = question_home(c, n->ref, n->scope);
    struct instr i = instr_new(op, at);
    const struct question *q = question_of(c, n->ref);
    bool is_number = q->kind == KIND_SCALE || q->kind == KIND_NUMBER;
    bool is_code = q->kind == KIND_YESNO || q->kind == KIND_ONE_OF;
    i.question = n->ref;
    i.node = n;
    i.x = n->code;
    if (op == OP_DISAGREE) {
        i.scope = at = SCOPE_PARTNERSHIP;
        i.a = is_number ? question_value(c, n->ref, SCOPE_PARTNER)
                        : question_codes(c, n->ref, SCOPE_PARTNER);
        i.b = question_applies(c, n->ref, SCOPE_PARTNER);
    } else if (at != SCOPE_RESPONDENT) {
        if (op == OP_UNKNOWN && is_number)
            i.a = question_value(c, n->ref, at);
        if (op == OP_UNKNOWN && is_code)
            i.a = question_codes(c, n->ref, at);
        if (at == SCOPE_PARTNERSHIP && !q->about_partnership)
            i.b = question_applies(c, n->ref, SCOPE_PARTNER);
    }
    uint32_t planes = emit(c, i, extra, size);
    if (n->negated) {
        struct instr inverted = instr_new(OP_INVERT, at);
        inverted.a = planes;
        planes = emit(c, inverted, NULL, 0);
    }
    return at == n->scope ? planes : planes_to_partners(c, planes);
}

static uint32_t about_partner(struct compiler *c, const struct node *n, enum op op,
                              const void *extra, size_t size)
{
    struct instr i = instr_new(op, n->scope);
    i.node = n;
    uint32_t planes = emit(c, i, extra, size);
    if (!n->negated)
        return planes;
    struct instr inverted = instr_new(OP_INVERT, n->scope);
    inverted.a = planes;
    return emit(c, inverted, NULL, 0);
}

static uint32_t leaf_planes(struct compiler *c, const struct node *n)
{
    static const enum relation of[] = {
        [NODE_LESS] = LESS,       [NODE_LESS_EQUAL] = LESS_EQUAL,
        [NODE_GREATER] = GREATER, [NODE_GREATER_EQUAL] = GREATER_EQUAL,
        [NODE_EQUAL] = EQUAL,     [NODE_NOT_EQUAL] = NOT_EQUAL,
    };
    switch (n->kind) {
    case NODE_BETWEEN: return between(c, n);
    case NODE_IN: return in_list(c, n);
    case NODE_CHOICE_IN: return choice_in(c, n);
    case NODE_INCLUDES: return about_question(c, n, OP_INCLUDES, &n->code, sizeof n->code);
    case NODE_MATCHES: return about_question(c, n, OP_MATCHES, &n->pattern, sizeof n->pattern);
    case NODE_TEXT_IS: return about_question(c, n, OP_TEXT_IS, n->text.at, n->text.size);
    case NODE_PARTNER_IS: return about_partner(c, n, OP_PARTNER_IS, n->text.at, n->text.size);
    case NODE_PARTNER_MATCHES:
        return about_partner(c, n, OP_PARTNER_MATCHES, &n->pattern, sizeof n->pattern);
    case NODE_ANSWERED: return about_question(c, n, OP_ANSWERED, NULL, 0);
    case NODE_UNKNOWN: return about_question(c, n, OP_UNKNOWN, NULL, 0);
    case NODE_DISAGREE: return about_question(c, n, OP_DISAGREE, NULL, 0);
    default: {
        enum relation r = of[n->kind];
        return compare(c, n->args[0], n->negated ? inverse(r) : r, n->args[1], n->scope);
    }
    }
}

/* --- strengths -------------------------------------------------------------------------------- */

static struct strength invert(struct compiler *c, struct strength s, enum scope scope)
{
    struct instr i = instr_new(OP_INVERT, scope);
    i.a = s.planes;
    return planes_only(emit(c, i, NULL, 0));
}

static struct strength premise(struct compiler *c, const struct node *n)
{
    const struct conclusion *co = &c->kb->conclusions[n->ref];
    enum scope at =
        n->scope == SCOPE_PARTNER && co->about_partnership ? SCOPE_PARTNERSHIP : n->scope;
    c->p->read[n->ref] = true;
    struct strength s = {c->p->verdicts[at][n->ref],
                         n->kind == NODE_PREMISE && !n->negated ? c->p->lo_hi[at][n->ref] : NONE};
    if (at != n->scope)
        s = strength_to_partners(c, s);
    return n->negated ? invert(c, s, n->scope) : s;
}

/* A scale that is read where it is asked: then its codes can be looked up. */
static bool is_scale_at_home(const struct compiler *c, const struct node *n)
{
    return n->kind == NODE_QUESTION && c->kb->questions[n->ref].kind == KIND_SCALE &&
           question_home(c, n->ref, n->scope) == n->scope &&
           (n->scope != SCOPE_PARTNERSHIP || c->kb->questions[n->ref].about_partnership);
}

static struct strength graded(struct compiler *c, const struct node *n)
{
    struct instr g = instr_new(OP_GRADE, n->scope);
    g.a = compile_number(c, n->args[0]);
    if (is_scale_at_home(c, n->args[0]))
        g.question = n->args[0]->ref;
    if (n->args[0]->kind == NODE_GAP && n->scope == SCOPE_PARTNERSHIP)
        g.b = n->args[0]->ref;
    g.x = n->lo;
    g.y = n->hi;
    struct strength s = {NONE, emit(c, g, NULL, 0)};
    struct instr p = instr_new(OP_COMPARE_TO, n->scope);
    p.a = s.number;
    p.relation = GREATER;
    s.planes = emit(c, p, NULL, 0);
    if (n->negated)
        s = invert(c, s, n->scope);
    s.planes = bound(c, n, s.planes);
    return s;
}

struct strength strength_and(struct compiler *c, enum op planes_op, enum op numbers_op,
                             const struct strength *parts, size_t count, enum scope scope)
{
    if (count == 1)
        return parts[0];
    uint32_t *planes = arena_array(&c->p->arena, count, sizeof *planes);
    uint32_t *both = arena_array(&c->p->arena, 2 * count, sizeof *both);
    bool any_number = false;
    for (size_t i = 0; i < count; i++) {
        planes[i] = parts[i].planes;
        both[2 * i] = parts[i].planes;
        both[2 * i + 1] = parts[i].number;
        any_number |= parts[i].number != NONE;
    }
    struct strength s = planes_only(join(c, planes_op, planes, count, scope));
    if (any_number) {
        struct instr i = instr_new(numbers_op, scope);
        i.count = (uint32_t)(2 * count);
        s.number = emit(c, i, both, 2 * count * sizeof *both);
    }
    return s;
}

static struct strength list(struct compiler *c, const struct node *n)
{
    struct strength *parts = arena_array(&c->p->arena, n->count, sizeof *parts);
    size_t count = 0;
    for (uint32_t i = 0; i < n->count; i++) {
        if (!condition_in_play(c, n->args[i]))
            continue;
        parts[count] = compile_condition(c, n->args[i]);
        count++;
    }
    return n->kind == NODE_AND ? strength_and(c, OP_AND, OP_LOWEST, parts, count, n->scope)
                               : strength_and(c, OP_OR, OP_HIGHEST, parts, count, n->scope);
}

static struct strength over_partners(struct compiler *c, const struct node *n)
{
    bool any = n->kind == NODE_ANY;
    struct strength s = strength_over_partners(c, compile_condition(c, n->args[0]), any);
    return n->scope == SCOPE_PARTNER ? strength_to_partners(c, s) : s;
}

/* Made of SET and SCALE alone: bounded where they stand. */
static bool is_bounded(const struct compiler *c, const struct node *n)
{
    if (n->kind == NODE_CHOICE_IN)
        return true;
    double x;
    if (n->count < 2)
        return false;
    const struct node *a = n->args[0];
    if (n->count == 2 && constant(a, &x))
        return n->args[1]->kind == NODE_QUESTION &&
               question_of(c, n->args[1]->ref)->kind == KIND_SCALE;
    if (a->kind != NODE_QUESTION || question_of(c, a->ref)->kind != KIND_SCALE)
        return false;
    for (uint32_t i = 1; i < n->count; i++)
        if (!constant(n->args[i], &x))
            return false;
    return true;
}

struct strength compile_condition(struct compiler *c, const struct node *n)
{
    struct strength s;
    if (!condition_in_play(c, n))
        return planes_only(PLANE_FALSE);
    switch (n->kind) {
    case NODE_AND:
    case NODE_OR: s = list(c, n); break;
    case NODE_ANY:
    case NODE_ALL: s = over_partners(c, n); break;
    case NODE_PREMISE:
    case NODE_PRESENT: s = premise(c, n); break;
    case NODE_GRADE: s = graded(c, n); break;
    default:
        s = planes_only(leaf_planes(c, n));
        if (!is_bounded(c, n))
            s.planes = bound(c, n, s.planes);
        break;
    }
    note_trace(c, n, s.planes, s.number);
    return s;
}
