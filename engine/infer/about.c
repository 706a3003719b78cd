/* In: answer columns, values, codes. Out: planes of includes, answered, unknown, disagree.
 * Next: planes.c. What is open may still be answered; what is pooled leaves out partners to whom
 * the question does not apply, and is unsure of those to whom it may not. */
#include "infer/state.h"

struct truth {
    bool surely, maybe;
};

static const struct truth unknown = {false, true};

static struct truth known(bool is)
{
    return (struct truth){is, is};
}

/* --- many_of, one choice ---------------------------------------------------------------------- */

struct votes {
    uint32_t yes, no, undetermined, na, rows;
};

static struct votes tick_votes(const struct infer *in, const struct instr *i, struct rows rows,
                               bool open)
{
    const struct column *col = &in->block->columns[i->question];
    uint64_t choice = UINT64_C(1) << ((uint32_t)i->x - 1);
    struct votes v = {.rows = rows.to - rows.from};
    for (uint32_t r = rows.from; r < rows.to; r++) {
        uint8_t code = col->code[r];
        if (is_value(code)) {
            v.yes += (col->ticked[r] & choice) != 0;
            v.no += (col->ticked[r] & choice) == 0;
        } else if (code == CODE_NA)
            v.na++;
        else if (code == CODE_BLANK && open)
            v.undetermined++;
    }
    return v;
}

static struct truth decided(struct votes v)
{
    uint32_t lead = v.yes > v.no ? v.yes - v.no : v.no - v.yes;
    return lead > v.undetermined ? known(v.yes > v.no) : unknown;
}

static struct truth includes(const struct infer *in, const struct instr *i, uint32_t subject)
{
    enum scope scope = (enum scope)i->scope;
    bool open = open_at(in, scope, subject);
    if (scope == SCOPE_RESPONDENT || i->b == NONE)
        return decided(tick_votes(in, i, rows_of(in, scope, subject), open));
    const uint64_t *applies = planes_at(in, i->b);
    struct rows partners = partners_of(in, subject);
    struct votes all = {0};
    for (uint32_t p = partners.from; p < partners.to; p++) {
        if (!bit(applies, p, 1))
            continue;
        struct truth t = decided(tick_votes(in, i, rows_of(in, SCOPE_PARTNER, p), open));
        bool sure = bit(applies, p, 0) && t.surely == t.maybe;
        all.undetermined += !sure;
        all.yes += sure && t.surely;
        all.no += sure && !t.surely;
    }
    return decided(all);
}

/* --- answered, unknown --------------------------------------------------------------------------
 */

/* How many respondents answered, may answer yet, declined; of a text, blank is an answer but not
 * one that answered() counts. */
struct standing {
    uint32_t answered, to_come, blank, declined, na, rows, partners;
};

static void stand(const struct infer *in, uint32_t question, struct rows rows, bool open,
                  struct standing *s)
{
    const struct column *col = &in->block->columns[question];
    bool text = in->kb->questions[question].kind == KIND_TEXT;
    s->rows += rows.to - rows.from;
    s->partners++;
    for (uint32_t r = rows.from; r < rows.to; r++) {
        uint8_t code = col->code[r];
        bool blank = code == CODE_BLANK;
        s->answered += is_value(code);
        s->to_come += blank && open;
        s->blank += blank && !open && text;
        s->na += code == CODE_NA;
        s->declined += (blank && !open && !text) || code == CODE_SKIPPED || code == CODE_UNSURE;
    }
}

/* Over the respondents of all partners it applies to; `unsure` of those to whom it may apply. */
static void stand_of(const struct infer *in, const struct instr *i, uint32_t subject,
                     struct standing *sure, struct standing *unsure)
{
    enum scope scope = (enum scope)i->scope;
    bool open = open_at(in, scope, subject);
    if (i->b == NONE) {
        stand(in, i->question, rows_of(in, scope, subject), open, sure);
        return;
    }
    const uint64_t *applies = planes_at(in, i->b);
    struct rows partners = partners_of(in, subject);
    for (uint32_t p = partners.from; p < partners.to; p++)
        if (bit(applies, p, 1))
            stand(in, i->question, rows_of(in, SCOPE_PARTNER, p), open,
                  bit(applies, p, 0) ? sure : unsure);
}

static struct truth answered(const struct infer *in, const struct instr *i, uint32_t subject)
{
    struct standing sure = {0}, unsure = {0};
    stand_of(in, i, subject, &sure, &unsure);
    return (struct truth){sure.answered > 0,
                          sure.answered || sure.to_come || unsure.answered || unsure.to_come};
}

/* many_of: some choice is neither surely ticked nor surely not. */
static bool some_choice_open(const struct infer *in, const struct instr *i, uint32_t subject)
{
    struct instr one = *i;
    for (uint32_t c = 1; c <= in->kb->questions[i->question].choice_count; c++) {
        one.x = c;
        struct truth t = includes(in, &one, subject);
        if (t.surely != t.maybe)
            return true;
    }
    return false;
}

static struct truth is_unknown(const struct infer *in, const struct instr *i, uint32_t subject)
{
    struct standing sure = {0}, unsure = {0};
    const struct column *col = &in->block->columns[i->question];
    stand_of(in, i, subject, &sure, &unsure);
    if (sure.to_come || unsure.to_come || unsure.partners)
        return unknown;
    if (i->scope == SCOPE_RESPONDENT)
        return known(!is_value(col->code[in->chunk_row + subject]) && !sure.blank);
    switch (in->kb->questions[i->question].kind) {
    case KIND_SCALE:
    case KIND_NUMBER: return known(in->numbers[i->a].lo[subject] < in->numbers[i->a].hi[subject]);
    case KIND_YESNO:
    case KIND_ONE_OF:
        return known(
            in->codes[i->a][subject] == CODE_BLANK ||
            (in->codes[i->a][subject] >= CODE_SKIPPED && in->codes[i->a][subject] != CODE_NA));
    case KIND_MANY_OF: return known(some_choice_open(in, i, subject));
    default: return known(!sure.answered && !sure.blank);
    }
}

/* --- disagree -----------------------------------------------------------------------------------
 */

static struct interval held(const struct infer *in, const struct instr *i, uint32_t partner)
{
    const struct question *q = &in->kb->questions[i->question];
    if (q->kind == KIND_SCALE || q->kind == KIND_NUMBER)
        return (struct interval){in->numbers[i->a].lo[partner], in->numbers[i->a].hi[partner]};
    uint8_t code = in->codes[i->a][partner];
    return is_value(code) ? (struct interval){code, code} : (struct interval){1, q->choice_count};
}

static struct truth disagree(const struct infer *in, const struct instr *i, uint32_t subject)
{
    const uint64_t *applies = planes_at(in, i->b);
    struct rows partners = partners_of(in, subject);
    uint32_t sure = 0;
    bool differ = false, may_differ = false;
    for (uint32_t p = partners.from; p < partners.to; p++) {
        if (!bit(applies, p, 1))
            continue;
        struct interval a = held(in, i, p);
        sure += bit(applies, p, 0);
        for (uint32_t r = p + 1; r < partners.to; r++) {
            if (!bit(applies, r, 1))
                continue;
            struct interval b = held(in, i, r);
            bool apart = a.hi < b.lo || b.hi < a.lo;
            differ |= apart && bit(applies, p, 0) && bit(applies, r, 0);
            may_differ |= apart || a.lo < a.hi || b.lo < b.hi;
        }
    }
    return sure < 2 ? unknown : (struct truth){differ, may_differ};
}

void run_about(struct infer *in, const struct instr *i)
{
    uint64_t *out = planes_at(in, i->dst);
    if (i->op == OP_ANSWERED && in->single && !in->block->any_open && i->b == NONE &&
        i->scope != SCOPE_RESPONDENT) {
        out[0] = out[1] = values_of(in, in->block->columns[i->question].code + partner_row(in, 0));
        return;
    }
    for (uint32_t k = 0; k < in->count[i->scope]; k++) {
        struct truth t = i->op == OP_INCLUDES   ? includes(in, i, k)
                         : i->op == OP_ANSWERED ? answered(in, i, k)
                         : i->op == OP_UNKNOWN  ? is_unknown(in, i, k)
                                                : disagree(in, i, k);
        put_bits(out, k, t.surely, t.maybe);
    }
}
