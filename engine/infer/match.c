/* In: patterns, text columns, partner names. Out: planes of matches and equalities. Next: planes.c.
 * Any respondent's match counts. A pattern that hits a limit, or finds nothing in a text that was
 * cut, leaves it unknown. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "infer/state.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum found { FOUND_NO, FOUND_YES, FOUND_UNKNOWN };

struct matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

struct matcher *matcher_new(const struct program *p)
{
    (void)p;
    struct matcher *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->data = pcre2_match_data_create(1, NULL);
    m->context = pcre2_match_context_create(NULL);
    if (!m->data || !m->context) {
        matcher_free(m);
        return NULL;
    }
    pcre2_set_match_limit(m->context, LIMIT_PATTERN_MATCH);
    pcre2_set_depth_limit(m->context, LIMIT_PATTERN_MATCH);
    m->stack = pcre2_jit_stack_create(32 << 10, 512 << 10, NULL);
    if (m->stack)
        pcre2_jit_stack_assign(m->context, NULL, m->stack);
    return m;
}

void matcher_free(struct matcher *m)
{
    if (!m)
        return;
    pcre2_jit_stack_free(m->stack);
    pcre2_match_context_free(m->context);
    pcre2_match_data_free(m->data);
    free(m);
}

static enum found match(struct infer *in, const struct pattern *pattern, struct text t, bool cut)
{
    struct matcher *m = in->matcher;
    const pcre2_code *code = in->p->pattern_code[pattern->index];
    int rc = pcre2_match(code, (PCRE2_SPTR)t.at, t.size, 0, 0, m->data, m->context);
    if (rc >= 0)
        return FOUND_YES;
    if (rc != PCRE2_ERROR_NOMATCH) {
        in->counts.pattern_limits++;
        return FOUND_UNKNOWN;
    }
    return cut ? FOUND_UNKNOWN : FOUND_NO;
}

static enum found look(struct infer *in, const struct instr *i, struct text t, bool cut)
{
    if (i->op == OP_MATCHES || i->op == OP_PARTNER_MATCHES)
        return match(in, i->node->pattern, t, cut);
    bool is = text_equal(t, i->node->text);
    return is && !cut ? FOUND_YES : is ? FOUND_UNKNOWN : FOUND_NO;
}

/* What the rows of one subject come to; `left`: someone was not left out. */
static void look_at_rows(struct infer *in, const struct instr *i, struct rows rows, bool open,
                         bool *surely, bool *maybe, bool *left)
{
    const struct column *col = &in->block->columns[i->question];
    for (uint32_t r = rows.from; r < rows.to && !*surely; r++) {
        uint8_t code = col->code[r];
        if (code == CODE_BLANK && open) {
            *maybe = *left = true;
            continue;
        }
        if (code >= CODE_SKIPPED)
            continue;
        struct text t = code == CODE_BLANK ? (struct text){"", 0} : col->texts[r];
        enum found f = look(in, i, t, code == TEXT_CUT);
        in->counts.texts_cut += code == TEXT_CUT;
        *left = true;
        *surely |= f == FOUND_YES;
        *maybe |= f != FOUND_NO;
    }
}

static void look_at_subject(struct infer *in, const struct instr *i, uint32_t k, bool *surely,
                            bool *maybe)
{
    bool open = open_at(in, (enum scope)i->scope, k), left = false;
    if (i->b == NONE) {
        look_at_rows(in, i, rows_of(in, (enum scope)i->scope, k), open, surely, maybe, &left);
        *maybe |= !left;
        return;
    }
    const uint64_t *applies = planes_at(in, i->b);
    struct rows partners = partners_of(in, k);
    for (uint32_t p = partners.from; p < partners.to; p++) {
        bool s = false, m = false, l = false;
        if (!bit(applies, p, 1))
            continue;
        look_at_rows(in, i, rows_of(in, SCOPE_PARTNER, p), open, &s, &m, &l);
        bool sure = bit(applies, p, 0);
        *surely |= s && sure;
        *maybe |= m;
        left |= l && sure;
    }
    *maybe |= !left;
}

/* Where every case has one respondent most texts are blank: an empty text is looked at once. */
static void look_at_single(struct infer *in, const struct instr *i)
{
    const struct column *col = &in->block->columns[i->question];
    uint64_t *out = planes_at(in, i->dst);
    uint32_t row = partner_row(in, 0);
    for (uint32_t w = 0; w < words_of(in, (enum scope)i->scope); w++) {
        uint64_t blank = bits_equal_bytes(col->code + row + 64 * w, CODE_BLANK);
        bool empty = look(in, i, (struct text){"", 0}, false) != FOUND_NO;
        out[2 * w] = out[2 * w + 1] = empty ? blank : 0;
        for (uint64_t m = ~blank & in->live[i->scope][w]; m; m &= m - 1) {
            uint32_t k = 64 * w + (uint32_t)__builtin_ctzll(m);
            bool surely = false, maybe = false;
            look_at_subject(in, i, k, &surely, &maybe);
            put_bits(out, k, surely, maybe);
        }
    }
}

static void look_at_names(struct infer *in, const struct instr *i)
{
    uint64_t *out = planes_at(in, i->dst);
    for (uint32_t k = 0; k < in->count[SCOPE_PARTNER]; k++) {
        struct text name = in->block->partner_names[in->tile.partner_from + k];
        enum found f = look(in, i, name, false);
        put_bits(out, k, f == FOUND_YES, f != FOUND_NO);
    }
}

void run_text(struct infer *in, const struct instr *i)
{
    uint64_t *out = planes_at(in, i->dst);
    if (i->op == OP_PARTNER_IS || i->op == OP_PARTNER_MATCHES) {
        look_at_names(in, i);
        return;
    }
    if (in->single && !in->block->any_open && i->scope != SCOPE_RESPONDENT && i->b == NONE) {
        look_at_single(in, i);
        return;
    }
    for (uint32_t k = 0; k < in->count[i->scope]; k++) {
        bool surely = false, maybe = false;
        look_at_subject(in, i, k, &surely, &maybe);
        put_bits(out, k, surely, maybe);
    }
}
