/* In: the block's answers. Out: respondents, partners, answered_share, straight_lined; count,
 * share. Next: compare.c. Cells that may be answered, or may not count, make intervals. */
#include "infer/state.h"

/* --- answered_share (docs/semantics.md)
 * ----------------------------------------------------------- */

struct tally {
    uint32_t answered_lo, all_lo; /* of the lower end */
    uint32_t answered_hi, all_hi; /* of the upper end */
};

enum reply { ANSWERED, UNANSWERED, TO_COME };

static void count_cell(struct tally *c, enum reply s, bool surely_applies)
{
    bool low = s == ANSWERED ? surely_applies : true;
    bool high = s == UNANSWERED ? surely_applies : true;
    c->all_lo += low;
    c->answered_lo += low && s == ANSWERED;
    c->all_hi += high;
    c->answered_hi += high && s != UNANSWERED;
}

static void count_rows(const struct infer *in, uint32_t question, struct rows rows, bool open,
                       bool surely_applies, struct tally *c)
{
    const uint8_t *code = in->block->columns[question].code;
    for (uint32_t r = rows.from; r < rows.to; r++)
        if (code[r] != CODE_NA || SEEDED(SHARE_COUNTS_NA))
            count_cell(c,
                       is_value(code[r])               ? ANSWERED
                       : code[r] == CODE_BLANK && open ? TO_COME
                                                       : UNANSWERED,
                       surely_applies);
}

/* A partnership fact is one cell, answered if anyone of the case answered it. */
static void count_fact(const struct infer *in, uint32_t question, uint32_t tile_case, bool open,
                       bool surely_applies, struct tally *c)
{
    struct gathered g;
    gather(in, question, rows_of(in, SCOPE_PARTNERSHIP, tile_case), open, &g);
    if (g.na && !g.answered && !g.to_come && !g.declined)
        return;
    count_cell(c, g.answered ? ANSWERED : g.to_come ? TO_COME : UNANSWERED, surely_applies);
}

static void count_partner(const struct infer *in, uint32_t partner, bool open, struct tally *c)
{
    struct rows rows = rows_of(in, SCOPE_PARTNER, partner);
    for (uint32_t q = 0; q < in->kb->question_count; q++) {
        const struct question *qu = &in->kb->questions[q];
        uint32_t applies = in->p->applies_of[SCOPE_PARTNER][q];
        bool has_ask = qu->ask_if && applies != NONE;
        if (!in->p->put_questions[q] || qu->kind == KIND_TEXT || qu->about_partnership)
            continue;
        if (has_ask && !bit(planes_at(in, applies), partner, 1))
            continue;
        count_rows(in, q, rows, open, !has_ask || bit(planes_at(in, applies), partner, 0), c);
    }
}

struct interval answered_share(const struct infer *in, enum scope scope, uint32_t subject)
{
    struct tally c = {0};
    bool open = is_open(in, scope, subject);
    uint32_t tile_case = scope == SCOPE_PARTNER ? in->case_of[subject] : subject;
    struct rows partners =
        scope == SCOPE_PARTNER ? (struct rows){subject, subject + 1} : partners_of(in, subject);
    for (uint32_t p = partners.from; p < partners.to; p++)
        count_partner(in, p, open, &c);
    for (uint32_t q = 0; q < in->kb->question_count; q++) {
        const struct question *qu = &in->kb->questions[q];
        uint32_t applies = in->p->applies_of[SCOPE_PARTNERSHIP][q];
        bool has_ask = qu->ask_if && applies != NONE;
        if (!in->p->put_questions[q] || qu->kind == KIND_TEXT || !qu->about_partnership)
            continue;
        if (has_ask && !bit(planes_at(in, applies), tile_case, 1))
            continue;
        count_fact(in, q, tile_case, open, !has_ask || bit(planes_at(in, applies), tile_case, 0),
                   &c);
    }
    return (struct interval){c.all_lo ? (double)c.answered_lo / c.all_lo : 0,
                             c.all_hi ? (double)c.answered_hi / c.all_hi : 1};
}

/* One respondent a subject: 64 of them together. A count of each is kept in bits, the lowest of all
 * in the first word: adding a bit to each carries from word to word. */
enum { COUNT_BITS = 14 };
_Static_assert(LIMIT_QUESTIONS < 1 << COUNT_BITS, "every question can be counted");

static void add_bits(uint64_t count[COUNT_BITS], uint64_t bits)
{
    for (int b = 0; bits; b++) {
        uint64_t carry = count[b] & bits;
        count[b] ^= bits;
        bits = carry;
    }
}

static uint32_t count_of(const uint64_t count[COUNT_BITS], int bits, uint32_t subject)
{
    uint32_t n = 0;
    for (int b = 0; b < bits; b++)
        n |= (uint32_t)(count[b] >> subject & 1) << b;
    return n;
}

static void share_single(const struct infer *in, struct column_pair out)
{
    uint64_t answered[COUNT_BITS] = {0}, all[COUNT_BITS] = {0}; /* of questions for everybody */
    uint64_t answered_lo[COUNT_BITS] = {0}, all_lo[COUNT_BITS] = {0};
    uint64_t answered_hi[COUNT_BITS] = {0}, all_hi[COUNT_BITS] = {0};
    bool conditional = false;
    for (uint32_t q = 0; q < in->kb->question_count; q++) {
        const struct question *qu = &in->kb->questions[q];
        if (!in->p->put_questions[q] || qu->kind == KIND_TEXT)
            continue;
        uint32_t reg = in->p->applies_of[qu->about_partnership][q];
        const uint8_t *code = in->block->columns[q].code + partner_row(in, 0);
        uint64_t is = values_of(in, code), na = in->kernels->equal_bytes(code, CODE_NA);
        uint64_t counts = SEEDED(SHARE_COUNTS_NA) ? ~UINT64_C(0) : ~na;
        if (!qu->ask_if || reg == NONE) {
            add_bits(answered, counts & is);
            add_bits(all, counts);
            continue;
        }
        const uint64_t *ask = planes_at(in, reg);
        conditional = true;
        counts &= ask[1];
        add_bits(answered_lo, counts & is & ask[0]);
        add_bits(all_lo, counts & (~is | ask[0]));
        add_bits(answered_hi, counts & is);
        add_bits(all_hi, counts & (is | ask[0]));
    }
    int bits = 0; /* that any count has */
    while (in->kb->question_count >> bits)
        bits++;
    for (uint32_t k = 0; k < in->count[SCOPE_PARTNER]; k++) {
        uint32_t lo = count_of(all, bits, k), hi = lo, is_lo = count_of(answered, bits, k);
        uint32_t is_hi = is_lo;
        if (conditional) {
            lo += count_of(all_lo, bits, k);
            hi += count_of(all_hi, bits, k);
            is_lo += count_of(answered_lo, bits, k);
            is_hi += count_of(answered_hi, bits, k);
        }
        out.lo[k] = lo ? (double)is_lo / lo : 0;
        out.hi[k] = hi ? (double)is_hi / hi : 1;
    }
}

/* --- straight_lined (14.) -----------------------------------------------------------------------
 */

enum { STRAIGHT_FROM = 8 };

static void straight(const struct infer *in, uint32_t row, bool open, uint32_t *surely,
                     uint32_t *maybe)
{
    uint32_t answers = 0, to_come = 0;
    double first = 0;
    bool differ = false;
    for (uint32_t q = 0; q < in->kb->question_count && !differ; q++) {
        const struct question *qu = &in->kb->questions[q];
        if (!in->p->put_questions[q] || qu->kind != KIND_SCALE || qu->about_partnership)
            continue;
        uint8_t code = in->block->columns[q].code[row];
        if (is_value(code)) {
            double v = qu->lo + code - 1;
            if (answers++ == 0)
                first = v;
            differ = v != first;
        } else if (code == CODE_BLANK && open)
            to_come++;
    }
    uint32_t least = STRAIGHT_FROM - SEEDED(STRAIGHT_FROM_SEVEN);
    *surely += !differ && to_come == 0 && answers >= least;
    *maybe += !differ && answers + to_come >= least;
}

struct interval straight_lined(const struct infer *in, enum scope scope, uint32_t subject)
{
    struct rows rows = rows_of(in, scope, subject);
    uint32_t surely = 0, maybe = 0;
    bool open = is_open(in, scope, subject);
    for (uint32_t r = rows.from; r < rows.to; r++)
        straight(in, r, open, &surely, &maybe);
    double n = rows.to - rows.from;
    return n == 0 ? (struct interval){0, 1} : (struct interval){surely / n, maybe / n};
}

enum { FEW_CODES = 8 };

/* One respondent a subject: 64 of them together. Whose answers to the first scale and those like it
 * are not the same is no straight line; the others are looked at one by one. */
static uint64_t may_be_straight(const struct infer *in)
{
    const struct question *like = NULL;
    uint64_t is[FEW_CODES], same[FEW_CODES], any = 0;
    for (uint32_t q = 0; q < in->kb->question_count; q++) {
        const struct question *qu = &in->kb->questions[q];
        if (!in->p->put_questions[q] || qu->kind != KIND_SCALE || qu->about_partnership ||
            qu->choice_count > FEW_CODES ||
            (like && (qu->lo != like->lo || qu->choice_count != like->choice_count)))
            continue;
        const uint8_t *code = in->block->columns[q].code + partner_row(in, 0);
        uint64_t none = in->kernels->codes(code, qu->choice_count, is, 1);
        for (uint32_t c = 0; c < qu->choice_count; c++)
            same[c] = (like ? same[c] : ~UINT64_C(0)) & (is[c] | none);
        like = qu;
    }
    for (uint32_t c = 0; like && c < like->choice_count; c++)
        any |= same[c];
    return like ? any : ~UINT64_C(0);
}

static void straight_single(const struct infer *in, struct column_pair out)
{
    uint64_t may = may_be_straight(in);
    for (uint32_t k = 0; k < in->count[SCOPE_PARTNER]; k++) {
        struct interval v = {0, 0};
        if (may >> k & 1)
            v = straight_lined(in, SCOPE_PARTNER, k);
        out.lo[k] = v.lo;
        out.hi[k] = v.hi;
    }
}

static struct interval fact_of(const struct infer *in, const struct instr *i, uint32_t subject)
{
    enum scope scope = (enum scope)i->scope;
    struct rows r = i->op == OP_PARTNERS ? partners_of(in, subject) : rows_of(in, scope, subject);
    switch (i->op) {
    case OP_ANSWERED_SHARE: return answered_share(in, scope, subject);
    case OP_STRAIGHT_LINED: return straight_lined(in, scope, subject);
    default: return (struct interval){r.to - r.from, r.to - r.from};
    }
}

void run_fact(struct infer *in, const struct instr *i)
{
    struct column_pair out = own(in, i->dst);
    if (i->op == OP_ANSWERED_SHARE && in->single) {
        share_single(in, out);
        return;
    }
    if (i->op == OP_STRAIGHT_LINED && in->single) {
        straight_single(in, out);
        return;
    }
    for (uint32_t k = 0; k < in->count[i->scope]; k++) {
        struct interval v = fact_of(in, i, k);
        out.lo[k] = v.lo;
        out.hi[k] = v.hi;
    }
}

/* --- count and share -----------------------------------------------------------------------------
 */

/* The respondents of all subjects of the tile are contiguous rows: taken 64 at a time through the
 * inner instructions, then added to the subject each row is of. */
static void count_chunk(struct infer *in, const struct instr *i, uint32_t *subject,
                        struct column_pair out)
{
    enum scope scope = (enum scope)i->scope;
    run_code(in, in->p->inner + i->b, i->count);
    const uint64_t *planes = planes_at(in, i->a);
    for (uint32_t k = 0; k < in->count[SCOPE_RESPONDENT]; k++) {
        while (rows_of(in, scope, *subject).to <= in->chunk_row + k)
            ++*subject;
        out.lo[*subject] += bit(planes, k, 0);
        out.hi[*subject] += bit(planes, k, SEEDED(COUNT_SURE_ONLY) ? 0 : 1);
    }
}

void run_count(struct infer *in, const struct instr *i)
{
    enum scope scope = (enum scope)i->scope;
    struct column_pair out = own(in, i->dst);
    uint32_t n = in->count[scope], subject = 0;
    for (uint32_t k = 0; k < n; k++)
        out.lo[k] = out.hi[k] = 0;
    uint32_t to = n ? rows_of(in, scope, n - 1).to : 0;
    for (uint32_t row = n ? rows_of(in, scope, 0).from : 0; row < to; row += 64) {
        in->chunk_row = row;
        in->count[SCOPE_RESPONDENT] = to - row < 64 ? to - row : 64;
        count_chunk(in, i, &subject, out);
    }
    for (uint32_t k = 0; i->op == OP_SHARE && k < n; k++) {
        struct rows r = rows_of(in, scope, k);
        double of = r.to - r.from;
        out.lo[k] = of == 0 ? 0 : out.lo[k] / of;
        out.hi[k] = of == 0 ? 1 : out.hi[k] / of;
    }
}
