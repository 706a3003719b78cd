/* In: a program, blocks. Out: tiles, one after another, for the callback. Next: explain, report.
 * A tile is as many cases as fit 64 partners; registers grow only for a case with more. */
#include "infer/state.h"

#include <stdlib.h>
#include <string.h>

#ifdef ENTENTE_SEEDED_BUGS
int infer_seeded_bug; /* for the oracle's self-test alone */
#endif

static void release(struct infer *in)
{
    free(in->planes);
    free(in->numbers);
    free(in->columns);
    free(in->packed);
    free(in->some);
    free(in->fired);
    free(in->strengths);
    free(in->parts);
    free(in->equals);
    free(in->codes);
    free(in->code_memory);
    free(in->case_of);
    for (int s = 0; s < 3; s++)
        free(in->live[s]);
}

static void *room(bool *ok, size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);
    *ok &= p != NULL;
    return p;
}

static bool grow(struct infer *in, uint32_t words)
{
    const struct program *p = in->p;
    bool ok = true;
    size_t n = 64 * (size_t)words;
    release(in);
    in->capacity = words;
    in->words = 0;
    in->planes = room(&ok, (size_t)p->plane_count * 2 * words, sizeof *in->planes);
    in->numbers = room(&ok, p->number_count, sizeof *in->numbers);
    in->columns = room(&ok, p->number_count * 2 * n, sizeof *in->columns);
    in->packed = room(&ok, p->number_count * 2 * n + 8, sizeof *in->packed);
    in->some = room(&ok, (size_t)p->number_count * words, sizeof *in->some);
    in->fired = room(&ok, p->most_rules, sizeof *in->fired);
    in->strengths = room(&ok, (size_t)p->most_rules * 128, sizeof *in->strengths);
    in->parts = room(&ok, p->most_parts, sizeof *in->parts);
    in->equals = room(&ok, (size_t)p->equals_count * words, sizeof *in->equals);
    in->codes = room(&ok, p->code_slots, sizeof *in->codes);
    in->code_memory = room(&ok, p->code_slots * n + 64, 1);
    in->case_of = room(&ok, n, sizeof *in->case_of);
    for (int s = 0; s < 3; s++)
        in->live[s] = room(&ok, words, sizeof *in->live[s]);
    if (!ok)
        in->capacity = 0; /* the next run makes room anew */
    return ok;
}

/* Registers of tiles of so many words, in the memory there is: after a large case the next tiles
 * are as small, and as quick, as ever. */
static void lay_registers(struct infer *in, uint32_t words)
{
    in->words = words;
    memset(planes_at(in, PLANE_FALSE), 0, 2 * words * sizeof *in->planes);
    memset(planes_at(in, PLANE_TRUE), 0xFF, 2 * words * sizeof *in->planes);
    memset(in->some, 0, words * sizeof *in->some); /* number 0: zero */
    for (uint32_t r = 0; r < in->p->number_count; r++)
        in->numbers[r] = (struct column_pair){in->packed, in->packed, in->some};
}

struct infer *infer_new(const struct program *p, struct problems *problems)
{
    struct infer *in = calloc(1, sizeof *in);
    if (in) {
        in->p = p;
        in->kb = p->kb;
        in->kernels = kernels_best();
        in->matcher = matcher_new(p);
        for (int k = 0; k < 64; k++) {
            in->withheld[0][k] = -1;
            in->withheld[1][k] = 1;
        }
        if (in->matcher && prepare_grades(in) && grow(in, 1))
            return in;
    }
    infer_free(in);
    problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    return NULL;
}

void infer_free(struct infer *in)
{
    if (!in)
        return;
    release(in);
    matcher_free(in->matcher);
    free(in->grades);
    free(in->grade_memory);
    free(in);
}

/* Where nobody surely meets the needs, nobody looks at the rules. */
static bool is_needed(const struct infer *in, const struct instr *i)
{
    uint64_t met = 0;
    for (uint32_t w = 0; w < words_of(in, (enum scope)i->scope); w++)
        met |= planes_at(in, i->a)[2 * w] & in->live[i->scope][w];
    return met != 0 || SEEDED(NEEDS_IGNORED);
}

void run_code(struct infer *in, const struct instr *code, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        const struct instr *i = &code[k];
        switch ((enum op)i->op) {
        case OP_CODES:
        case OP_EQUALS:
        case OP_APPLIES:
        case OP_APPLIES_ANY: run_consolidate(in, i); break;
        case OP_VALUE:
        case OP_MEAN:
        case OP_MIN:
        case OP_MAX:
        case OP_SPREAD:
        case OP_GAP: run_value(in, i); break;
        case OP_COUNT:
        case OP_SHARE: run_count(in, i); break;
        case OP_RESPONDENTS:
        case OP_PARTNERS:
        case OP_ANSWERED_SHARE:
        case OP_STRAIGHT_LINED: run_fact(in, i); break;
        case OP_CONSTANT:
        case OP_ADD:
        case OP_SUBTRACT:
        case OP_MULTIPLY:
        case OP_DIVIDE:
        case OP_NEGATE:
        case OP_SPREAD_NUMBER:
        case OP_GRADE:
        case OP_LOWEST:
        case OP_HIGHEST:
        case OP_ANY_NUMBER:
        case OP_ALL_NUMBER: run_arithmetic(in, i); break;
        case OP_SET:
        case OP_SCALE:
        case OP_COMPARE:
        case OP_COMPARE_TO: run_compare(in, i); break;
        case OP_MATCHES:
        case OP_TEXT_IS:
        case OP_PARTNER_MATCHES:
        case OP_PARTNER_IS: run_text(in, i); break;
        case OP_INCLUDES:
        case OP_ANSWERED:
        case OP_UNKNOWN:
        case OP_DISAGREE: run_about(in, i); break;
        case OP_INVERT:
        case OP_BOUND:
        case OP_AND:
        case OP_OR:
        case OP_ANY:
        case OP_ALL:
        case OP_SPREAD_PLANES: run_planes(in, i); break;
        case OP_CONCLUDE: run_conclude(in, i); break;
        case OP_SKIP: k += is_needed(in, i) ? 0 : i->count; break;
        case OP_FIRE: /* CONCLUDE looks at these */
        case OP_GROUP:
        case OP_COUNT_: break;
        }
    }
}

static void set_live(struct infer *in, enum scope scope, uint32_t count)
{
    in->count[scope] = count;
    for (uint32_t w = 0; w < in->words; w++) {
        uint32_t left = count > 64 * w ? count - 64 * w : 0;
        in->live[scope][w] = left >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << left) - 1;
    }
}

/* The tile that begins at case `from`. False when memory for a large case is short. */
static bool lay_tile(struct infer *in, const struct cases *b, uint32_t from)
{
    uint32_t to = from + 1, first = b->partner_from[from];
    while (to < b->case_count && to - from < 64 && b->partner_from[to + 1] - first <= 64)
        to++;
    uint32_t partners = b->partner_from[to] - first;
    uint32_t words = partners > 64 ? (partners + 63) / 64 : 1;
    if (words > in->capacity && !grow(in, words))
        return false;
    if (words != in->words)
        lay_registers(in, words);
    in->tile = (struct tile){b, from, to - from, first, partners};
    for (uint32_t c = from; c < to; c++)
        for (uint32_t p = b->partner_from[c]; p < b->partner_from[c + 1]; p++)
            in->case_of[p - first] = SEEDED(CASE_OF_FIRST) ? 0 : c - from;
    in->packed_next = in->packed;
    set_live(in, SCOPE_PARTNER, partners);
    set_live(in, SCOPE_PARTNERSHIP, to - from);
    return true;
}

bool infer_run(struct infer *in, const struct cases *block,
               bool (*tile)(const struct infer *in, const struct tile *t, void *ctx), void *ctx,
               struct problems *problems)
{
    in->block = block;
    in->single = cases_is_single(block) && !block->any_open;
    matcher_forget(in->matcher);
    for (uint32_t from = 0; from < block->case_count; from += in->tile.case_count) {
        if (!lay_tile(in, block, from)) {
            problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
            return false;
        }
        if (in->single)
            run_code(in, in->p->single_code, in->p->single_count);
        else
            run_code(in, in->p->code, in->p->code_count);
        if (matcher_was_short(in->matcher)) {
            problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
            return false;
        }
        if (!tile(in, &in->tile, ctx))
            return false;
    }
    return true;
}
