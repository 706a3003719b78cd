/* In: answer columns of a block. Out: one value, or one code, a subject. Next: compare.c.
 * Who declined is left out; who may still answer is the whole scale. */
#include "infer/state.h"

#include <math.h>
#include <string.h>

static double value_at(const struct question *q, const struct column *col, uint32_t row)
{
    return q->kind == KIND_NUMBER ? col->number[row] : q->lo + col->code[row] - 1;
}

void gather(const struct infer *in, uint32_t question, struct rows rows, bool open,
            struct gathered *g)
{
    const struct question *q = &in->kb->questions[question];
    const struct column *col = &in->block->columns[question];
    bool has_value = q->kind == KIND_SCALE || q->kind == KIND_NUMBER;
    *g = (struct gathered){.min = INFINITY, .max = -INFINITY};
    for (uint32_t r = rows.from; r < rows.to; r++) {
        uint8_t code = col->code[r];
        if (is_value(code)) {
            g->answered++;
            if (has_value) {
                double v = value_at(q, col, r);
                g->sum += v;
                g->min = v < g->min ? v : g->min;
                g->max = v > g->max ? v : g->max;
            }
        } else if (code == CODE_NA)
            g->na++;
        else if (code == CODE_BLANK && open)
            g->to_come++;
        else {
            g->declined++;
            if (SEEDED(DECLINED_COUNT_LOW) && has_value) {
                g->answered++;
                g->sum += q->lo;
            }
        }
    }
}

static struct interval mean_of(const struct question *q, const struct gathered *g)
{
    double all = g->answered + g->to_come;
    if (all == 0)
        return (struct interval){q->lo, q->hi};
    if (SEEDED(TO_COME_LEFT_OUT) && g->answered)
        return (struct interval){g->sum / g->answered, g->sum / g->answered};
    if (g->to_come == 0)
        return (struct interval){g->sum / all, g->sum / all};
    return (struct interval){(g->sum + g->to_come * q->lo) / all,
                             (g->sum + g->to_come * q->hi) / all};
}

static struct interval extreme_of(enum op op, const struct question *q, const struct gathered *g)
{
    bool none = g->answered == 0;
    if (op == OP_MIN)
        return (struct interval){none || g->to_come ? q->lo : g->min, none ? q->hi : g->min};
    if (op == OP_MAX)
        return (struct interval){none ? q->lo : g->max, none || g->to_come ? q->hi : g->max};
    if (SEEDED(SPREAD_IS_MAX) && !none)
        return (struct interval){g->max, g->max};
    return (struct interval){none ? 0 : g->max - g->min,
                             none || g->to_come ? q->hi - q->lo : g->max - g->min};
}

static struct interval reduced(enum op op, const struct question *q, const struct gathered *g)
{
    return op == OP_VALUE || op == OP_MEAN ? mean_of(q, g) : extreme_of(op, q, g);
}

static struct interval whole(enum op op, const struct question *q)
{
    return op == OP_SPREAD ? (struct interval){0, q->hi - q->lo} : (struct interval){q->lo, q->hi};
}

/* Pooled over the respondents of a case, without those of partners the question does not apply to.
 */
static struct interval pooled(const struct infer *in, const struct instr *i, uint32_t tile_case)
{
    const struct question *q = &in->kb->questions[i->question];
    const uint64_t *applies = planes_at(in, i->b);
    struct rows partners = partners_of(in, tile_case);
    struct gathered sum = {.min = INFINITY, .max = -INFINITY};
    for (uint32_t k = partners.from; k < partners.to; k++) {
        struct gathered g;
        if (!bit(applies, k, 1))
            continue;
        if (!bit(applies, k, 0))
            return whole((enum op)i->op, q);
        gather(in, i->question, rows_of(in, SCOPE_PARTNER, k),
               is_open(in, SCOPE_PARTNERSHIP, tile_case), &g);
        sum.answered += g.answered;
        sum.to_come += g.to_come;
        sum.declined += g.declined;
        sum.sum += g.sum;
        sum.min = g.min < sum.min ? g.min : sum.min;
        sum.max = g.max > sum.max ? g.max : sum.max;
    }
    return reduced((enum op)i->op, q, &sum);
}

/* The mean of the partners' values, each partner one voice. */
static struct interval of_partners(const struct infer *in, const struct instr *i,
                                   uint32_t tile_case)
{
    const struct question *q = &in->kb->questions[i->question];
    const uint64_t *applies = planes_at(in, i->b);
    struct column_pair v = in->numbers[i->a];
    struct rows partners = partners_of(in, tile_case);
    struct interval sum = {0, 0};
    double voices = 0;
    for (uint32_t k = partners.from; k < partners.to; k++) {
        if (!bit(applies, k, 1))
            continue;
        if (!bit(applies, k, 0))
            return (struct interval){q->lo, q->hi};
        sum.lo += v.lo[k];
        sum.hi += v.hi[k];
        voices++;
    }
    if (voices == 0)
        return (struct interval){q->lo, q->hi};
    return (struct interval){sum.lo / voices, sum.hi / voices};
}

static struct interval gap_of(const struct infer *in, const struct instr *i, uint32_t tile_case)
{
    const struct question *q = &in->kb->questions[i->question];
    const uint64_t *applies = planes_at(in, i->b);
    struct column_pair v = in->numbers[i->a];
    struct rows partners = partners_of(in, tile_case);
    if (SEEDED(GAP_OF_FIRST_TWO) && partners.to > partners.from + 2)
        partners.to = partners.from + 2;
    double most_lo = -INFINITY, least_hi = INFINITY, widest = 0;
    uint32_t sure = 0;
    for (uint32_t k = partners.from; k < partners.to; k++) {
        if (bit(applies, k, 0)) {
            sure++;
            most_lo = v.lo[k] > most_lo ? v.lo[k] : most_lo;
            least_hi = v.hi[k] < least_hi ? v.hi[k] : least_hi;
        }
        for (uint32_t m = partners.from; m < partners.to; m++)
            if (m != k && bit(applies, k, 1) && bit(applies, m, 1) && v.hi[k] - v.lo[m] > widest)
                widest = v.hi[k] - v.lo[m];
    }
    if (sure < 2)
        return (struct interval){0, q->hi - q->lo};
    double least = most_lo - least_hi;
    return (struct interval){least > 0 ? least : 0, widest};
}

/* One respondent a subject: the code is the answer. */
static void value_single(const struct infer *in, const struct instr *i, struct column_pair out,
                         uint32_t row)
{
    const struct question *q = &in->kb->questions[i->question];
    const struct column *col = &in->block->columns[i->question];
    uint32_t n = in->count[i->scope];
    for (uint32_t k = 0; k < n; k++) {
        bool known = is_value(col->code[row + k]);
        if (i->op == OP_SPREAD) {
            out.lo[k] = 0;
            out.hi[k] = known ? 0 : q->hi - q->lo;
            continue;
        }
        double v = known ? value_at(q, col, row + k) : 0;
        out.lo[k] = known ? v : q->lo;
        out.hi[k] = known ? v : q->hi;
    }
}

static struct interval value_of(const struct infer *in, const struct instr *i, uint32_t subject)
{
    const struct question *q = &in->kb->questions[i->question];
    struct gathered g;
    if (i->op == OP_GAP)
        return gap_of(in, i, subject);
    if (i->scope == SCOPE_PARTNERSHIP && !q->about_partnership)
        return i->op == OP_VALUE ? of_partners(in, i, subject) : pooled(in, i, subject);
    gather(in, i->question, rows_of(in, (enum scope)i->scope, subject),
           is_open(in, (enum scope)i->scope, subject), &g);
    return reduced((enum op)i->op, q, &g);
}

void run_value(struct infer *in, const struct instr *i)
{
    struct column_pair out = own(in, i->dst);
    const struct question *q = &in->kb->questions[i->question];
    bool chunk = i->scope == SCOPE_RESPONDENT;
    bool pooled = i->scope == SCOPE_PARTNERSHIP && !q->about_partnership;
    if (chunk || (in->single && !pooled)) {
        value_single(in, i, out, chunk ? in->chunk_row : partner_row(in, 0));
        return;
    }
    if (i->op == OP_GAP && in->single) { /* with one side there is no knowing */
        for (uint32_t k = 0; k < in->count[i->scope]; k++) {
            out.lo[k] = 0;
            out.hi[k] = q->hi - q->lo;
        }
        return;
    }
    for (uint32_t k = 0; k < in->count[i->scope]; k++) {
        struct interval v = value_of(in, i, k);
        out.lo[k] = v.lo;
        out.hi[k] = v.hi;
    }
}

/* The leader wins only where its lead is greater than the voters who may still go either way. */
static uint8_t leader(const uint32_t *votes, uint32_t codes, uint32_t undetermined)
{
    uint32_t best = 0, first = 0, second = 0;
    for (uint32_t c = 1; c <= codes; c++) {
        if (votes[c] > first) {
            second = first;
            first = votes[c];
            best = c;
        } else if (votes[c] > second)
            second = votes[c];
    }
    if (SEEDED(TIE_GOES_FIRST) && first)
        return (uint8_t)best;
    return first - second > undetermined ? (uint8_t)best : CODE_BLANK;
}

uint8_t majority(const struct infer *in, uint32_t question, enum scope scope, uint32_t subject)
{
    const struct column *col = &in->block->columns[question];
    struct rows rows = rows_of(in, scope, subject);
    bool open = is_open(in, scope, subject);
    uint32_t votes[LIMIT_CHOICES + 1] = {0}, to_come = 0, na = 0;
    for (uint32_t r = rows.from; r < rows.to; r++) {
        uint8_t code = col->code[r];
        if (is_value(code))
            votes[code]++;
        to_come += open && code == CODE_BLANK;
        na += code == CODE_NA;
    }
    if (na && na == rows.to - rows.from)
        return CODE_NA;
    return leader(votes, in->kb->questions[question].choice_count, to_come);
}

uint8_t majority_of_partners(const struct infer *in, uint32_t question, uint32_t tile_case,
                             const uint64_t *applies)
{
    struct rows partners = partners_of(in, tile_case);
    uint32_t votes[LIMIT_CHOICES + 1] = {0}, undetermined = 0, voters = 0;
    for (uint32_t k = partners.from; k < partners.to; k++) {
        uint8_t code = majority(in, question, SCOPE_PARTNER, k);
        if (applies ? !bit(applies, k, 1) : code == CODE_NA)
            continue;
        voters++;
        if ((!applies || bit(applies, k, 0)) && is_value(code))
            votes[code]++;
        else
            undetermined++;
    }
    if (voters == 0)
        return CODE_NA;
    return leader(votes, in->kb->questions[question].choice_count, undetermined);
}

static void run_codes(struct infer *in, const struct instr *i)
{
    bool partners = i->a != NONE;
    if (in->single && !partners) {
        in->codes[i->dst] = in->block->columns[i->question].code + partner_row(in, 0);
        return;
    }
    uint8_t *out = in->code_memory + (size_t)i->dst * 64 * in->words;
    in->codes[i->dst] = out;
    for (uint32_t k = 0; k < in->count[i->scope]; k++)
        out[k] = partners ? majority_of_partners(in, i->question, k, planes_at(in, i->b))
                          : majority(in, i->question, (enum scope)i->scope, k);
}

static void run_equals(struct infer *in, const struct instr *i)
{
    const struct column *col = &in->block->columns[i->question];
    bool chunk = i->scope == SCOPE_RESPONDENT;
    const uint8_t *codes;
    if (i->a != NONE)
        codes = in->codes[i->a];
    else if (in->single || chunk)
        codes = col->code + (chunk ? in->chunk_row : partner_row(in, 0));
    else
        return;
    uint32_t words = words_of(in, (enum scope)i->scope);
    for (uint32_t w = 0; w < words; w++) {
        uint64_t *out = in->equals + (size_t)i->dst * in->words + w;
        uint64_t none = in->kernels->codes(codes + 64 * w, i->count, out, in->words);
        if (col->has_na)
            none &= ~in->kernels->equal_bytes(codes + 64 * w, CODE_NA);
        out[(size_t)i->count * in->words] = none;
    }
}

static bool all_na(const struct infer *in, const struct instr *i, uint32_t subject)
{
    const struct column *col = &in->block->columns[i->question];
    struct rows rows = rows_of(in, (enum scope)i->scope, subject);
    for (uint32_t r = rows.from; r < rows.to; r++)
        if (col->code[r] != CODE_NA)
            return false;
    return rows.to > rows.from && !SEEDED(NA_IS_UNKNOWN);
}

bool may_be_na(const struct infer *in, uint32_t question, enum scope scope, uint32_t subject)
{
    const struct column *col = &in->block->columns[question];
    struct rows rows = rows_of(in, scope, subject);
    bool to_come = false;
    for (uint32_t r = rows.from; r < rows.to; r++) {
        if (col->code[r] != CODE_NA && col->code[r] != CODE_BLANK)
            return false;
        to_come |= col->code[r] == CODE_BLANK;
    }
    return to_come && open_at(in, scope, subject) && !SEEDED(OPEN_SURELY_APPLIES);
}

static void run_applies(struct infer *in, const struct instr *i)
{
    uint64_t *out = planes_at(in, i->dst);
    const uint64_t *ask = planes_at(in, i->a == NONE || SEEDED(ASK_IF_IGNORED) ? PLANE_TRUE : i->a);
    uint32_t words = words_of(in, (enum scope)i->scope);
    bool has_na = in->block->columns[i->question].has_na;
    if (i->scope != SCOPE_RESPONDENT)
        memcpy(out, ask, 2 * words * sizeof *out);
    else {
        uint32_t k = 0;
        for (uint32_t p = 0; p < in->count[SCOPE_PARTNER]; p++) {
            struct rows rows = rows_of(in, SCOPE_PARTNER, p);
            for (uint32_t r = rows.from; r < rows.to; r++)
                if (r >= in->chunk_row && r < in->chunk_row + in->count[SCOPE_RESPONDENT]) {
                    k = r - in->chunk_row;
                    put_bits(out, k, bit(ask, p, 0), bit(ask, p, 1));
                }
        }
    }
    for (uint32_t k = 0; has_na && k < in->count[i->scope]; k++)
        if (all_na(in, i, k))
            put_bits(out, k, false, false);
    for (uint32_t k = 0; in->block->any_open && k < in->count[i->scope]; k++)
        if (bit(out, k, 0) && may_be_na(in, i->question, (enum scope)i->scope, k))
            put_bits(out, k, false, true);
}

static void run_applies_any(struct infer *in, const struct instr *i)
{
    uint64_t *out = planes_at(in, i->dst);
    const uint64_t *each = planes_at(in, i->a);
    for (uint32_t k = 0; k < in->count[SCOPE_PARTNERSHIP]; k++) {
        struct rows partners = partners_of(in, k);
        bool surely = false, maybe = false;
        for (uint32_t p = partners.from; p < partners.to; p++) {
            surely |= bit(each, p, 0);
            maybe |= bit(each, p, 1);
        }
        put_bits(out, k, surely, maybe);
    }
}

void run_consolidate(struct infer *in, const struct instr *i)
{
    switch (i->op) {
    case OP_CODES: run_codes(in, i); break;
    case OP_EQUALS: run_equals(in, i); break;
    case OP_APPLIES: run_applies(in, i); break;
    default:
        if (in->single)
            memcpy(planes_at(in, i->dst), planes_at(in, i->a),
                   2 * words_of(in, SCOPE_PARTNERSHIP) * sizeof(uint64_t));
        else
            run_applies_any(in, i);
        break;
    }
}
