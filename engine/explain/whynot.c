/* In: a conclusion that is not present. Out: its near misses, ranked. Next: the api. A rule lacks
 * as many conditions as would have to hold besides: of `and` the sum, of `or` the least, down to
 * the leaves. */
#include "explain/tell.h"

enum { MISSES_SHOWN = 5 };

struct lack {
    const struct node *leaf;
    uint32_t partner;
};

struct miss {
    uint32_t rule, partner; /* NONE: the partnership */
    struct lack *lacks;
    uint32_t count;
};

struct missing {
    const struct case_view *v;
    struct arena *arena;
    struct lack *at;
    size_t count, capacity;
};

static bool holds(const struct missing *m, const struct node *n, uint32_t partner)
{
    struct interval s;
    return infer_node(m->v->in, n, subject_of(m->v, partner), &s) && s.lo > 0;
}

static uint32_t count_lacks(const struct missing *m, const struct node *n, uint32_t partner)
{
    uint32_t sum = 0, least = UINT32_MAX;
    if (n->scope == SCOPE_PARTNERSHIP)
        partner = NONE;
    if (holds(m, n, partner))
        return 0;
    bool over = n->kind == NODE_ANY || n->kind == NODE_ALL;
    if (n->kind != NODE_AND && n->kind != NODE_OR && !over)
        return 1;
    uint32_t parts = over ? m->v->partners : n->count;
    for (uint32_t i = 0; i < parts; i++) {
        uint32_t k = over ? count_lacks(m, n->args[0], i) : count_lacks(m, n->args[i], partner);
        sum += k;
        least = k < least ? k : least;
    }
    return n->kind == NODE_AND || n->kind == NODE_ALL ? sum : least == UINT32_MAX ? 1 : least;
}

static void add_lacks(struct missing *m, const struct node *n, uint32_t partner)
{
    if (n->scope == SCOPE_PARTNERSHIP)
        partner = NONE;
    if (holds(m, n, partner))
        return;
    bool over = n->kind == NODE_ANY || n->kind == NODE_ALL;
    if (n->kind != NODE_AND && n->kind != NODE_OR && !over) {
        m->at = arena_grow(m->arena, m->at, m->count, &m->capacity, sizeof *m->at);
        m->at[m->count++] = (struct lack){n, partner};
        return;
    }
    uint32_t parts = over ? m->v->partners : n->count, best = 0, least = UINT32_MAX;
    bool all = n->kind == NODE_AND || n->kind == NODE_ALL;
    for (uint32_t i = 0; i < parts; i++) {
        const struct node *part = over ? n->args[0] : n->args[i];
        uint32_t of = over ? i : partner, k = count_lacks(m, part, of);
        if (all)
            add_lacks(m, part, of);
        else if (k < least) {
            least = k;
            best = i;
        }
    }
    if (!all && least != UINT32_MAX)
        add_lacks(m, over ? n->args[0] : n->args[best], over ? best : partner);
}

/* Fewest conditions missing, then the strongest rule, then id and partner. */
static bool nearer(const struct kb *kb, const struct miss *a, const struct miss *b)
{
    if (a->count != b->count)
        return a->count < b->count;
    double x = kb->rules[a->rule].certainty, y = kb->rules[b->rule].certainty;
    return x != y ? x > y : a->rule != b->rule ? a->rule < b->rule : a->partner < b->partner;
}

static uint32_t find_misses(struct arena *a, const struct case_view *v, uint32_t conclusion,
                            struct miss **out)
{
    const struct kb *kb = kb_of(v);
    const struct conclusion *co = &kb->conclusions[conclusion];
    struct miss *list = arena_array(a, (size_t)co->rule_count * (v->partners + 1), sizeof *list);
    uint32_t n = 0;
    for (uint32_t k = 0; k < co->rule_count; k++) {
        const struct rule *r = &kb->rules[co->rules[k]];
        uint32_t subjects = r->each_partnership ? 1 : v->partners;
        for (uint32_t s = 0; r->certainty > 0 && s < subjects; s++) {
            struct miss m = {.rule = co->rules[k], .partner = r->each_partnership ? NONE : s};
            if (explain_rule_state(v, m.rule, m.partner) == RULE_OUT_OF_PLAY)
                continue;
            struct missing missing = {.v = v, .arena = a};
            add_lacks(&missing, r->when, m.partner);
            m.lacks = missing.at;
            m.count = (uint32_t)missing.count;
            uint32_t at = n++;
            for (; at > 0 && nearer(kb, &m, &list[at - 1]); at--)
                list[at] = list[at - 1];
            list[at] = m;
        }
    }
    *out = list;
    return n;
}

/* --- text ---------------------------------------------------------------------------------------
 */

static bool is_unanswered(const struct leaf *l)
{
    for (uint32_t i = 0; i < l->read_count; i++)
        if (l->reads[i].state == READ_UNANSWERED || l->reads[i].state == READ_UNSETTLED)
            return true;
    return false;
}

/* What would hold, as a condition: where the leaf itself does not say it in numbers. */
static bool put_needed(const struct case_view *v, const struct node *n, struct buffer *out)
{
    char digits[32];
    bool graded = n->kind == NODE_GRADE && !n->negated;
    bool premise = (n->kind == NODE_PREMISE || n->kind == NODE_PRESENT) && !n->negated;
    double from = graded ? n->lo : premise ? kb_of(v)->conclusions[n->ref].threshold : 0;
    if (graded)
        condition_print(n->args[0], &kb_of(v)->names_of, out);
    else if (premise)
        buffer_text(out, kb_of(v)->conclusions[n->ref].id);
    else
        return false;
    buffer_c(out, premise ? " >= " : n->lo > n->hi ? " < " : " > ");
    buffer_text(out, (struct text){digits, number_short(digits, from)});
    return true;
}

static void tell_needed(struct writer *w, const struct node *n)
{
    struct buffer needed;
    buffer_init(&needed);
    if (put_needed(w->v, n, &needed)) {
        tell(w, PHRASE_NEEDED);
        buffer_flowing(w->out, buffer_view(&needed));
    }
    w->out->failed |= needed.failed;
    buffer_deinit(&needed);
}

static void tell_lack(struct writer *w, struct arena *a, const struct lack *lack)
{
    uint32_t count;
    struct leaf *l = leaves_of(a, w->v, lack->leaf, lack->partner, &count);
    for (uint32_t i = 0; i < count; i++) {
        tell_indent(w);
        tell_condition(w, l[i].node);
        tell(w, PHRASE_COLON);
        tell(w, is_unanswered(&l[i]) ? PHRASE_NOT_ANSWERED : PHRASE_ANSWERED_OTHERWISE);
        tell(w, PHRASE_SEMICOLON);
        tell_reads(w, &l[i]);
        tell_needed(w, l[i].node);
        tell_end(w);
    }
}

static void tell_miss(struct writer *w, struct arena *a, const struct miss *m, double from)
{
    const struct rule *r = &kb_of(w->v)->rules[m->rule];
    char a_digits[32], b_digits[32];
    struct text gives = phrase_number(w->tongue, a_digits, r->certainty, 4);
    struct text needed = phrase_number(w->tongue, b_digits, from, 4);
    tell_indent(w);
    buffer_text(w->out, r->id);
    buffer_c(w->out, " (");
    tell_partner(w, m->partner);
    buffer_byte(w->out, ')');
    tell(w, PHRASE_COLON);
    if (m->count)
        phrase_counted(w->out, w->tongue, PHRASE_MISSING_ONE, PHRASE_MISSING_MANY, m->count);
    else
        phrase_put(w->out, w->tongue, PHRASE_MISSING_NONE, needed, TEXT(""));
    tell(w, PHRASE_SEMICOLON);
    phrase_put(w->out, w->tongue, PHRASE_GIVES_ALONE, gives, needed);
    tell_end(w);
    w->indent += TELL_STEP;
    for (uint32_t i = 0; i < m->count; i++)
        tell_lack(w, a, &m->lacks[i]);
    w->indent -= TELL_STEP;
}

static void tell_misses(struct writer *w, struct arena *a, uint32_t conclusion,
                        const struct miss *list, uint32_t count)
{
    const struct conclusion *co = &kb_of(w->v)->conclusions[conclusion];
    buffer_flowing(w->out, co->label);
    buffer_c(w->out, " (");
    buffer_text(w->out, co->id);
    buffer_byte(w->out, ')');
    tell_verdict(w, verdict_of(w->v, conclusion, NONE), explain_certainty(w->v, conclusion, NONE));
    tell_end(w);
    if (verdict_of(w->v, conclusion, NONE) == VERDICT_PRESENT) {
        tell(w, PHRASE_IT_IS_PRESENT);
        tell_end(w);
        return;
    }
    if (!explain_needs_met(w->v, conclusion)) {
        tell(w, PHRASE_NEEDS_NOT_MET);
        tell_condition(w, co->needs);
        tell_end(w);
    }
    tell(w, count ? PHRASE_NEAR_MISSES : PHRASE_NO_RULE_IN_PLAY);
    tell_end(w);
    w->indent = TELL_STEP;
    for (uint32_t i = 0; i < count && i < MISSES_SHOWN; i++)
        tell_miss(w, a, &list[i], co->threshold);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void put_leaf(const struct case_view *v, struct arena *a, const struct lack *lack,
                     struct buffer *scratch, struct buffer *out)
{
    uint32_t count;
    struct leaf *l = leaves_of(a, v, lack->leaf, lack->partner, &count);
    for (uint32_t i = 0; i < count; i++) {
        buffer_clear(scratch);
        condition_print(l[i].node, &kb_of(v)->names_of, scratch);
        buffer_c(out, i ? ",{\"condition\":" : "{\"condition\":");
        buffer_json(out, buffer_view(scratch));
        buffer_clear(scratch);
        if (!put_needed(v, l[i].node, scratch))
            condition_print(l[i].node, &kb_of(v)->names_of, scratch);
        buffer_c(out, ",\"needed\":");
        buffer_json(out, buffer_view(scratch));
        buffer_c(out, is_unanswered(&l[i]) ? ",\"answered\":false" : ",\"answered\":true");
        for (uint32_t k = 0; k < l[i].read_count; k++)
            if (l[i].reads[k].is_number) {
                buffer_c(out, ",\"read\":[");
                buffer_fixed(out, l[i].reads[k].value.lo, 4);
                buffer_byte(out, ',');
                buffer_fixed(out, l[i].reads[k].value.hi, 4);
                buffer_byte(out, ']');
                break;
            }
        buffer_byte(out, '}');
    }
}

static void put_misses(const struct case_view *v, struct arena *a, uint32_t conclusion,
                       const struct miss *list, uint32_t count, struct buffer *out)
{
    struct buffer scratch;
    buffer_init(&scratch);
    buffer_c(out, "{\"id\":");
    buffer_json(out, kb_of(v)->conclusions[conclusion].id);
    buffer_c(out, ",\"verdict\":\"");
    buffer_c(out, verdict_name(verdict_of(v, conclusion, NONE)));
    buffer_c(out, "\",\"misses\":[");
    for (uint32_t i = 0; i < count; i++) {
        const struct rule *r = &kb_of(v)->rules[list[i].rule];
        buffer_c(out, i ? ",{\"rule\":" : "{\"rule\":");
        buffer_json(out, r->id);
        buffer_c(out, ",\"partner\":");
        if (list[i].partner == NONE)
            buffer_c(out, "null");
        else
            buffer_json(out, partner_name(v, list[i].partner));
        buffer_c(out, ",\"certainty\":");
        buffer_fixed(out, r->certainty, 4);
        buffer_c(out, ",\"missing\":[");
        for (uint32_t k = 0; k < list[i].count; k++) {
            buffer_c(out, k ? "," : "");
            put_leaf(v, a, &list[i].lacks[k], &scratch, out);
        }
        buffer_c(out, "]}");
    }
    buffer_c(out, "]}");
    out->failed |= scratch.failed;
    buffer_deinit(&scratch);
}

void explain_why_not(struct arena *a, const struct case_view *v, uint32_t conclusion,
                     struct text language, bool json, struct buffer *out)
{
    struct miss *list;
    uint32_t count = find_misses(a, v, conclusion, &list);
    if (json) {
        put_misses(v, a, conclusion, list, count, out);
        return;
    }
    struct writer w = {.v = v, .tongue = tongue_find(language), .out = out};
    buffer_init(&w.scratch);
    tell_misses(&w, a, conclusion, list, count);
    buffer_deinit(&w.scratch);
}
