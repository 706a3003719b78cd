/* In: changes of answers. Out: what opens, closes, moves; which remedies come and go. Next: the
 * api. One neighbour of the case, looked at as a whole. */
#include "explain/neighbours.h"

#include "explain/reads.h"

#include <math.h>

static const double SHOWN_FROM = 0.00005; /* what four decimals show */

struct comparing {
    const struct case_view *v;
    enum tongue tongue;
    uint32_t besides;
    unsigned indent;
    bool json;
    struct buffer *out;
    struct arena arena;
    struct case_view then;
    const struct infer *in;
    const struct tile *tile;
    uint32_t tile_case;
    size_t told;
};

static void put_verdict(struct comparing *k, enum verdict v, struct interval c)
{
    static const enum phrase WORDS[] = {PHRASE_PRESENT, PHRASE_UNDETERMINED, PHRASE_ABSENT,
                                        PHRASE_NOT_ASSESSED};
    buffer_text(k->out, phrase_text(k->tongue, WORDS[v]));
    char digits[32];
    buffer_byte(k->out, ' ');
    buffer_text(k->out, phrase_number(k->tongue, digits, c.lo, 4));
    if (c.lo != c.hi) {
        buffer_text(k->out, phrase_text(k->tongue, PHRASE_TO));
        buffer_text(k->out, phrase_number(k->tongue, digits, c.hi, 4));
    }
}

static void put_interval(struct buffer *out, struct interval c)
{
    buffer_byte(out, '[');
    buffer_fixed(out, c.lo, 4);
    buffer_byte(out, ',');
    buffer_fixed(out, c.hi, 4);
    buffer_byte(out, ']');
}

static void tell_one(struct comparing *k, uint32_t c)
{
    const struct conclusion *co = &kb_of(k->v)->conclusions[c];
    enum verdict before = verdict_of(k->v, c, NONE);
    enum verdict after = infer_verdict(k->in, c, SCOPE_PARTNERSHIP, k->tile_case);
    struct interval was = explain_certainty(k->v, c, NONE);
    struct interval is = infer_certainty(k->in, c, SCOPE_PARTNERSHIP, k->tile_case);
    bool moved = fabs(was.lo - is.lo) >= SHOWN_FROM || fabs(was.hi - is.hi) >= SHOWN_FROM;
    if (co->kind == CONCLUSION_FINDING || c == k->besides || (before == after && !moved))
        return;
    bool opens = after == VERDICT_PRESENT && before != VERDICT_PRESENT;
    bool closes = before == VERDICT_PRESENT && after != VERDICT_PRESENT;
    if (k->json) {
        buffer_c(k->out, k->told++ ? ",{\"id\":" : "{\"id\":");
        buffer_json(k->out, co->id);
        buffer_c(k->out, ",\"was\":\"");
        buffer_c(k->out, verdict_name(before));
        buffer_c(k->out, "\",\"is\":\"");
        buffer_c(k->out, verdict_name(after));
        buffer_c(k->out, "\",\"certainty_was\":");
        put_interval(k->out, was);
        buffer_c(k->out, ",\"certainty\":");
        put_interval(k->out, is);
        buffer_byte(k->out, '}');
        return;
    }
    k->told++;
    buffer_repeat(k->out, ' ', k->indent);
    buffer_c(k->out, opens ? "+ " : closes ? "- " : "~ ");
    buffer_flowing(k->out, co->label);
    buffer_c(k->out, " (");
    buffer_text(k->out, co->id);
    buffer_c(k->out, ") ");
    buffer_text(k->out, phrase_text(k->tongue, opens    ? PHRASE_OPENS
                                               : closes ? PHRASE_CLOSES
                                                        : PHRASE_MOVES));
    buffer_text(k->out, phrase_text(k->tongue, PHRASE_COLON));
    put_verdict(k, before, was);
    buffer_c(k->out, " → ");
    put_verdict(k, after, is);
    buffer_byte(k->out, '\n');
}

static bool is_planned(const struct case_view *v, uint32_t remedy)
{
    for (uint32_t i = 0; i < v->plan_count; i++)
        if (v->plan[i].remedy == remedy)
            return true;
    return false;
}

/* The remedies of one plan that are not in the other. */
static void tell_remedies(struct comparing *k, const struct case_view *in,
                          const struct case_view *not_in, enum phrase head, const char *key)
{
    size_t n = 0;
    if (k->json) {
        buffer_c(k->out, ",\"");
        buffer_c(k->out, key);
        buffer_c(k->out, "\":[");
    }
    for (uint32_t i = 0; i < in->plan_count; i++) {
        struct text id = kb_of(k->v)->remedies[in->plan[i].remedy].id;
        if (is_planned(not_in, in->plan[i].remedy))
            continue;
        if (n == 0 && !k->json) {
            buffer_repeat(k->out, ' ', k->indent);
            buffer_text(k->out, phrase_text(k->tongue, head));
        }
        buffer_c(k->out, n++ ? (k->json ? "," : ", ") : "");
        if (k->json)
            buffer_json(k->out, id);
        else
            buffer_text(k->out, id);
    }
    buffer_c(k->out, k->json ? "]" : n ? "\n" : "");
}

static void tell_all(void *ctx)
{
    struct comparing *k = ctx;
    explain_case(&k->arena, k->in, k->tile, k->tile_case, EXPLAIN_PLAN | EXPLAIN_NO_PROFILE,
                 &k->then);
    if (k->json)
        buffer_c(k->out, ",\"moves\":[");
    for (uint32_t c = 0; c < kb_of(k->v)->conclusion_count; c++)
        tell_one(k, c);
    if (k->json)
        buffer_byte(k->out, ']');
    tell_remedies(k, &k->then, k->v, PHRASE_REMEDIES_COME, "remedies_come");
    tell_remedies(k, k->v, &k->then, PHRASE_REMEDIES_GO, "remedies_go");
}

static void compare(void *ctx, uint32_t index, const struct infer *in, const struct tile *t,
                    uint32_t tile_case)
{
    struct comparing *k = ctx;
    (void)index;
    k->in = in;
    k->tile = t;
    k->tile_case = tile_case;
    if (!arena_run(&k->arena, tell_all, k))
        k->out->failed = true;
}

bool put_consequences(const struct case_view *v, enum tongue t, const struct change *changes,
                      size_t count, uint32_t besides, unsigned indent, bool json,
                      struct buffer *out, struct problems *problems)
{
    struct neighbours n;
    struct comparing k = {
        .v = v, .tongue = t, .besides = besides, .indent = indent, .json = json, .out = out};
    size_t before = out->size;
    if (!neighbours_init(&n, v, NULL, problems))
        return false;
    arena_init(&k.arena, 0);
    bool ok = neighbours_add(&n, changes, count, false) && neighbours_run(&n, compare, &k);
    if (ok && out->size == before && !json) {
        buffer_repeat(out, ' ', indent);
        buffer_text(out, phrase_text(t, PHRASE_NOTHING_MOVES));
        buffer_byte(out, '\n');
    }
    arena_deinit(&k.arena);
    neighbours_deinit(&n);
    return ok;
}

bool explain_what_if(const struct case_view *v, const struct change *changes, size_t count,
                     struct text language, bool json, struct buffer *out, struct problems *problems)
{
    enum tongue t = tongue_find(language);
    if (json) {
        buffer_byte(out, '{');
        put_changes_json(v, changes, count, out);
    } else {
        buffer_text(out, phrase_text(t, PHRASE_CHANGES));
        buffer_byte(out, ' ');
        put_changes(v, t, changes, count, out);
        buffer_byte(out, '\n');
    }
    bool ok = put_consequences(v, t, changes, count, NONE, 2, json, out, problems);
    if (json)
        buffer_byte(out, '}');
    return ok;
}
