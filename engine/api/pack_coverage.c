/* In: cases that pack_tests.c has inferred. Out: what a pack's own tests do not reach. Next: the
 * cli. The one idea: whatever is covered has two sides, on (a rule fired, a diagnosis expected to
 * be present came out present) and off, and a byte of bits; it only reads what the evaluation left
 * behind. An undetermined verdict is neither side, nor is a rule out of play. */
#include "api/api.h"

#include <stdlib.h>

enum side { ON = 1, OFF = 2, BOTH = ON | OFF }; /* bits 0 and 1 */

struct entente_coverage {
    const struct kb *kb;
    uint8_t *conclusions; /* behind those of the rules */
    uint8_t rules[];
};

struct entente_coverage *entente_coverage_new(const struct entente_kb *kb,
                                              struct entente_problems *problems)
{
    const struct kb *k = kb_inside(kb);
    struct entente_coverage *c = calloc(1, sizeof *c + k->rule_count + k->conclusion_count);
    if (!c) {
        api_no_memory(problems_inside(problems));
        return NULL;
    }
    c->kb = k;
    c->conclusions = c->rules + k->rule_count;
    return c;
}

void entente_coverage_free(struct entente_coverage *c)
{
    free(c);
}

/* --- noting ---------------------------------------------------------------------------------- */

static uint8_t side_of(enum rule_state s)
{
    return s == RULE_FIRED ? ON : s == RULE_IDLE ? OFF : 0;
}

void coverage_note(struct entente_coverage *c, const struct case_view *v)
{
    for (uint32_t r = 0; c && r < c->kb->rule_count; r++) {
        bool whole = c->kb->rules[r].each_partnership;
        for (uint32_t i = 0; i < (whole ? 1 : v->partners); i++)
            c->rules[r] |= side_of(explain_rule_state(v, r, whole ? NONE : i));
    }
}

void coverage_note_expected(struct entente_coverage *c, uint32_t conclusion, enum verdict verdict)
{
    if (c && (verdict == VERDICT_PRESENT || verdict == VERDICT_ABSENT))
        c->conclusions[conclusion] |= verdict == VERDICT_PRESENT ? ON : OFF;
}

/* --- telling --------------------------------------------------------------------------------- */

static bool counts_rule(const struct entente_coverage *c, uint32_t rule)
{
    return model_is_own(c->kb->model, &c->kb->model->rules[rule]->item);
}

static bool counts_conclusion(const struct entente_coverage *c, uint32_t conclusion)
{
    return c->kb->conclusions[conclusion].kind == CONCLUSION_DIAGNOSIS &&
           model_is_own(c->kb->model, &c->kb->model->conclusions[conclusion]->item);
}

struct entente_coverage_counts entente_coverage_counts(const struct entente_coverage *c)
{
    struct entente_coverage_counts n = {0};
    for (uint32_t r = 0; r < c->kb->rule_count; r++) {
        if (!counts_rule(c, r))
            continue;
        n.rules++;
        n.fired += (c->rules[r] & ON) != 0;
        n.silent += (c->rules[r] & OFF) != 0;
    }
    for (uint32_t k = 0; k < c->kb->conclusion_count; k++) {
        if (!counts_conclusion(c, k))
            continue;
        n.diagnoses++;
        n.present += (c->conclusions[k] & ON) != 0;
        n.absent += (c->conclusions[k] & OFF) != 0;
    }
    return n;
}

/* What can be covered: how its sides are called, for programs and for people. */
struct sort {
    const char *kind, *words[2], *phrases[2];
};
static const struct sort RULE = {"rule", {"fired", "silent"}, {"never fired", "never silent"}};
static const struct sort DIAGNOSIS = {
    "diagnosis", {"present", "absent"}, {"never expected present", "never expected absent"}};

/* One that lacks a side. */
struct gap {
    const struct sort *sort;
    struct text id;
    const struct place *place;
    uint8_t sides;
};

static void tell(struct buffer *b, const struct gap *g)
{
    buffer_visible(b, g->place->file);
    buffer_c(b, ":");
    buffer_unsigned(b, g->place->line);
    buffer_c(b, ": ");
    buffer_c(b, g->sort->kind);
    buffer_c(b, " ");
    buffer_text(b, g->id);
    for (int i = 0; i < 2; i++)
        if (!(g->sides >> i & 1)) {
            buffer_c(b, i && g->sides == 0 ? ", " : ": ");
            buffer_c(b, g->sort->phrases[i]);
        }
    buffer_c(b, "\n");
}

static void tell_json(struct buffer *b, const struct gap *g)
{
    buffer_c(b, "{\"kind\":");
    buffer_json(b, text_from_c(g->sort->kind));
    buffer_c(b, ",\"id\":");
    buffer_json(b, g->id);
    buffer_c(b, ",\"file\":");
    buffer_json(b, g->place->file);
    buffer_c(b, ",\"line\":");
    buffer_unsigned(b, g->place->line);
    buffer_c(b, ",\"never\":[");
    for (int i = 0; i < 2; i++)
        if (!(g->sides >> i & 1)) {
            buffer_c(b, i && g->sides == 0 ? "," : "");
            buffer_json(b, text_from_c(g->sort->words[i]));
        }
    buffer_c(b, "]}");
}

struct telling {
    struct buffer out;
    bool json, any;
};

static void tell_gap(struct telling *t, const struct gap *g)
{
    if (g->sides == BOTH)
        return;
    if (t->json) {
        buffer_c(&t->out, t->any ? ",\n " : "");
        tell_json(&t->out, g);
    } else {
        tell(&t->out, g);
    }
    t->any = true;
}

static void tell_gaps(const struct entente_coverage *c, struct telling *t)
{
    for (uint32_t r = 0; r < c->kb->rule_count; r++) {
        const struct rule *rule = &c->kb->rules[r];
        struct gap g = {&RULE, rule->id, &rule->place, c->rules[r]};
        if (counts_rule(c, r))
            tell_gap(t, &g);
    }
    for (uint32_t k = 0; k < c->kb->conclusion_count; k++) {
        const struct conclusion *d = &c->kb->conclusions[k];
        struct gap g = {&DIAGNOSIS, d->id, &d->place, c->conclusions[k]};
        if (counts_conclusion(c, k))
            tell_gap(t, &g);
    }
}

static void tell_counts(const struct entente_coverage *c, struct buffer *b)
{
    struct entente_coverage_counts n = entente_coverage_counts(c);
    const char *names[] = {"rules", "fired", "silent", "diagnoses", "present", "absent"};
    size_t counts[] = {n.rules, n.fired, n.silent, n.diagnoses, n.present, n.absent};
    for (int i = 0; i < 6; i++) {
        buffer_c(b, i ? "," : "");
        buffer_json(b, text_from_c(names[i]));
        buffer_c(b, ":");
        buffer_unsigned(b, counts[i]);
    }
}

bool entente_coverage_write(const struct entente_coverage *c, bool json, entente_write write,
                            void *ctx, struct entente_problems *problems)
{
    struct telling t = {.json = json};
    buffer_init(&t.out);
    if (json) {
        buffer_c(&t.out, "{");
        tell_counts(c, &t.out);
        buffer_c(&t.out, ",\"gaps\":[");
    }
    tell_gaps(c, &t);
    buffer_c(&t.out, json ? "]}" : "");
    bool ok = api_write(&t.out, write, ctx, problems_inside(problems));
    buffer_deinit(&t.out);
    return ok;
}
