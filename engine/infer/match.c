/* In: patterns, text columns, partner names. Out: planes of matches and equalities. Next: planes.c.
 * Any respondent's match counts. A pattern that hits a limit, or finds nothing in a text that was
 * cut, leaves it unknown. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "infer/state.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum found { FOUND_NO, FOUND_YES, FOUND_UNKNOWN };

/* Rows of a tile whose texts a scanner has gone through. */
struct scan {
    uint64_t *planes; /* [slot][2][words], a bit a row: found; PCRE2 must say */
    size_t words, room; /* room: words there is memory for */
    const struct cases *block;
    uint32_t from, to; /* rows of the block */
};

struct matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    uint8_t *empty;     /* by pattern: enum found of the empty text + 1; 0 not looked at yet */
    struct scan *scans; /* by question */
    uint32_t question_count;
    bool is_short; /* of memory, since it was asked last */
};

/* Rows of a tile: as many as 64 partners, or one case with more, have respondents. */
static bool reserve(struct scan *scan, const struct scanner *s, size_t words)
{
    if (words <= scan->room)
        return true;
    uint64_t *planes = realloc(scan->planes, s->count * 2 * words * sizeof *planes);
    if (!planes)
        return false;
    scan->planes = planes;
    scan->room = words;
    return true;
}

static bool prepare_scans(struct matcher *m, const struct program *p)
{
    m->question_count = p->kb->question_count;
    m->scans = calloc(m->question_count ? m->question_count : 1, sizeof *m->scans);
    for (uint32_t q = 0; m->scans && q < m->question_count; q++)
        if (p->scanners[q] && !reserve(&m->scans[q], p->scanners[q], 1))
            return false;
    return m->scans != NULL;
}

static void release_scans(struct matcher *m)
{
    for (uint32_t q = 0; m->scans && q < m->question_count; q++)
        free(m->scans[q].planes);
    free(m->scans);
}

/* Goes through the tile's texts of a question, once. NULL where memory is short. */
static const struct scan *scan_tile(struct infer *in, const struct scanner *s)
{
    struct scan *scan = &in->matcher->scans[s->question];
    const struct column *col = &in->block->columns[s->question];
    uint32_t from = partner_row(in, 0), to = partner_row(in, in->count[SCOPE_PARTNER]);
    const size_t words = (to - from + 63) / 64;
    if (scan->block == in->block && scan->from == from && scan->to == to)
        return scan;
    if (!reserve(scan, s, words)) {
        in->matcher->is_short = true;
        return NULL;
    }
    *scan = (struct scan){scan->planes, words, scan->room, in->block, from, to};
    memset(scan->planes, 0, s->count * 2 * scan->words * sizeof *scan->planes);
    struct scan_text texts[64];
    uint32_t count = 0;
    for (uint32_t r = from; r < to; r++) {
        if (is_value(col->code[r]))
            texts[count++] = (struct scan_text){col->texts[r], r - from};
        if (count == 64 || r + 1 == to) {
            scanner_scan(s, texts, count, scan->planes, scan->words);
            count = 0;
        }
    }
    return scan;
}

/* The words of found rows and, behind them, of those PCRE2 must say; NULL: it must say everything.
 */
static const uint64_t *scanned(struct infer *in, const struct instr *i, const struct scan **scan)
{
    *scan =
        i->op == OP_MATCHES && i->from != NONE ? scan_tile(in, in->p->scanners[i->question]) : NULL;
    return *scan ? (*scan)->planes + (size_t)i->from * 2 * (*scan)->words : NULL;
}

/* FOUND_UNKNOWN: PCRE2 must say. */
static enum found scanned_row(struct infer *in, const struct instr *i, uint32_t row)
{
    const struct scan *scan;
    const uint64_t *planes = scanned(in, i, &scan);
    if (!planes)
        return FOUND_UNKNOWN;
    const uint32_t at = row - scan->from;
    if (planes[at / 64] >> (at % 64) & 1)
        return FOUND_YES;
    return planes[scan->words + at / 64] >> (at % 64) & 1 ? FOUND_UNKNOWN : FOUND_NO;
}

/* A block's memory is used again for the next: what was scanned is not that any more. */
void matcher_forget(struct matcher *m)
{
    for (uint32_t q = 0; q < m->question_count; q++)
        m->scans[q].block = NULL;
}

struct matcher *matcher_new(const struct program *p)
{
    struct matcher *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->data = pcre2_match_data_create(1, NULL);
    m->context = pcre2_match_context_create(NULL);
    m->empty = calloc(p->pattern_count ? p->pattern_count : 1, 1);
    if (!m->data || !m->context || !m->empty || !prepare_scans(m, p)) {
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
    release_scans(m);
    free(m->empty);
    pcre2_jit_stack_free(m->stack);
    pcre2_match_context_free(m->context);
    pcre2_match_data_free(m->data);
    free(m);
}

bool matcher_was_short(struct matcher *m)
{
    const bool was = m->is_short;
    m->is_short = false;
    return was;
}

static enum found match(struct infer *in, const struct pattern *pattern, struct text t, bool cut)
{
    struct matcher *m = in->matcher;
    const pcre2_code *code = in->p->pattern_code[pattern->index];
    int rc = pcre2_match(code, (PCRE2_SPTR)t.at, t.size, 0, 0, m->data, m->context);
    if (rc >= 0)
        return FOUND_YES;
    if (rc == PCRE2_ERROR_NOMEMORY)
        m->is_short = true;
    if (rc != PCRE2_ERROR_NOMATCH) {
        in->counts.pattern_limits++;
        return FOUND_UNKNOWN;
    }
    return cut ? FOUND_UNKNOWN : FOUND_NO;
}

#define NO_ROW UINT32_MAX

static enum found look(struct infer *in, const struct instr *i, uint32_t row, struct text t,
                       bool cut)
{
    enum found f = row != NO_ROW ? scanned_row(in, i, row) : FOUND_UNKNOWN;
    if (f == FOUND_YES || (f == FOUND_NO && !cut))
        return f;
    if (i->op == OP_MATCHES || i->op == OP_PARTNER_MATCHES)
        return match(in, i->node->pattern, t, cut);
    return cut ? FOUND_UNKNOWN : text_equal(t, i->node->text) ? FOUND_YES : FOUND_NO;
}

/* The empty text is looked at once. */
static enum found look_at_empty(struct infer *in, const struct instr *i)
{
    uint8_t *known = i->op == OP_MATCHES ? &in->matcher->empty[i->count] : NULL;
    if (known && *known)
        return (enum found)(*known - 1);
    enum found f = look(in, i, NO_ROW, (struct text){"", 0}, false);
    if (known)
        *known = (uint8_t)(f + 1);
    return f;
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
        if (code == CODE_BLANK && SEEDED(BLANK_TEXT_UNKNOWN)) {
            *maybe = *left = true;
            continue;
        }
        enum found f = code == CODE_BLANK ? look_at_empty(in, i)
                                          : look(in, i, r, col->texts[r], code == TEXT_CUT);
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
        *surely |= s && bit(applies, p, 0);
        *maybe |= m || !l; /* nobody left: this partner's text is unknown */
    }
}

/* Where every case has one respondent most texts are blank: an empty text is looked at once. What a
 * scanner found is there as bits already; only texts that were cut and answers that are no text are
 * gone through one by one. */
static void look_at_single(struct infer *in, const struct instr *i)
{
    const uint8_t *code = in->block->columns[i->question].code + partner_row(in, 0);
    uint64_t *out = planes_at(in, i->dst);
    bool empty = look_at_empty(in, i) != FOUND_NO;
    const struct scan *scan;
    const uint64_t *found = scanned(in, i, &scan);
    for (uint32_t w = 0; w < words_of(in, (enum scope)i->scope); w++) {
        uint64_t blank = in->kernels->equal_bytes(code + 64 * w, CODE_BLANK), one_by_one = ~blank;
        out[2 * w] = empty ? blank : 0;
        if (found) {
            const uint64_t whole = in->kernels->equal_bytes(code + 64 * w, 1);
            one_by_one &= ~(whole & (found[w] | ~found[scan->words + w]));
            out[2 * w] |= found[w];
        }
        out[2 * w + 1] = out[2 * w];
        for (uint64_t m = one_by_one & in->live[i->scope][w]; m; m &= m - 1) {
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
        enum found f = look(in, i, NO_ROW, name, false);
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
