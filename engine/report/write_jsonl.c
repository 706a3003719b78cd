/* write_jsonl: one JSON object a case, by hand: this is the batch writer.
 * In: a case view. Out: a line. The one idea: whatever does not depend on the case (ids, texts,
 * conditions) was escaped once, so a case copies ready pieces and formats only its numbers. */
#include "report/layout.h"

#include <string.h>

/* --- pieces made once ------------------------------------------------------------------------- */

static struct text json_of(struct report *r, struct buffer *b, struct text t)
{
    buffer_clear(b);
    buffer_json(b, t);
    return layout_piece(r, b);
}

static struct text condition_of(struct report *r, struct buffer *b, const struct node *n)
{
    if (n == NULL)
        return TEXT("");
    struct buffer text;
    buffer_init(&text);
    condition_print(n, &r->kb->names_of, &text);
    buffer_clear(b);
    buffer_json(b, buffer_view(&text));
    b->failed = b->failed || text.failed;
    buffer_deinit(&text);
    return layout_piece(r, b);
}

/* {"NAME":VALUE and what follows */
static struct text head_of(struct report *r, struct buffer *b, const char *before, struct text id,
                           const char *after)
{
    buffer_clear(b);
    buffer_c(b, before);
    buffer_json(b, id);
    buffer_c(b, after);
    return layout_piece(r, b);
}

static struct text conclusion_head(struct report *r, struct buffer *b, const struct conclusion *c)
{
    buffer_clear(b);
    buffer_c(b, "{\"id\":");
    buffer_json(b, c->id);
    buffer_c(b, ",\"kind\":\"");
    buffer_c(b, conclusion_kind_name(c->kind));
    buffer_c(b, "\",\"verdict\":\"");
    return layout_piece(r, b);
}

static void layout_conclusions(struct report *r, struct buffer *b)
{
    const struct kb *kb = r->kb;
    uint32_t n = kb->conclusion_count;
    r->conclusion_ids = arena_array(&r->arena, n, sizeof(struct text));
    r->conclusion_heads = arena_array(&r->arena, n, sizeof(struct text));
    r->high_because = arena_array(&r->arena, n, sizeof(struct text));
    r->low_because = arena_array(&r->arena, n, sizeof(struct text));
    for (uint32_t i = 0; i < n; i++) {
        const struct conclusion *c = &kb->conclusions[i];
        r->conclusion_ids[i] = json_of(r, b, c->id);
        r->conclusion_heads[i] = conclusion_head(r, b, c);
        r->high_because[i] = condition_of(r, b, c->high_when);
        r->low_because[i] = condition_of(r, b, c->low_when);
    }
}

void layout_jsonl(struct report *r, struct buffer *b)
{
    const struct kb *kb = r->kb;
    r->pack = json_of(r, b, kb->name);
    layout_conclusions(r, b);
    r->rule_ids = arena_array(&r->arena, kb->rule_count, sizeof(struct text));
    r->because = arena_array(&r->arena, kb->rule_count, sizeof(struct text));
    for (uint32_t i = 0; i < kb->rule_count; i++) {
        r->rule_ids[i] = json_of(r, b, kb->rules[i].id);
        if (kb->rules[i].because.size > 0)
            r->because[i] = json_of(r, b, kb->rules[i].because);
    }
    r->remedy_heads = arena_array(&r->arena, kb->remedy_count, sizeof(struct text));
    for (uint32_t i = 0; i < kb->remedy_count; i++)
        r->remedy_heads[i] = head_of(r, b, "{\"id\":", kb->remedies[i].id, ",\"treats\":[");
    r->dimension_heads = arena_array(&r->arena, kb->dimension_count, sizeof(struct text));
    for (uint32_t i = 0; i < kb->dimension_count; i++)
        r->dimension_heads[i] =
            head_of(r, b, "{\"dimension\":", kb->dimensions[i].id, ",\"by_partner\":{");
}

/* --- one case --------------------------------------------------------------------------------- */

struct writer {
    const struct one_case *c;
    struct report_pen *pen;
    const struct report *r;
    const struct case_view *v;
    struct buffer *out;
    size_t *name_ends; /* of the partners' names, as JSON, in pen->line */
};

#define LITERAL(w, s) buffer_text((w)->out, TEXT(s))

static void interval(struct writer *w, struct interval x)
{
    struct buffer *b = w->out;
    if (!buffer_reserve(b, 2 * CERTAINTY_ROOM + 3))
        return;
    char *o = b->at + b->size;
    *o++ = '[';
    o = put_certainty(w->r->digits, o, x.lo);
    *o++ = ',';
    o = put_certainty(w->r->digits, o, x.hi);
    *o++ = ']';
    b->size = (size_t)(o - b->at);
}

static void escape_names(struct writer *w)
{
    const struct case_view *v = w->v;
    buffer_clear(&w->pen->line);
    for (uint32_t p = 0; p < v->partners; p++) {
        char made[MADE_NAME] = "partner ";
        struct text name = report_partner_name(w->c, p);
        if (w->r->hides_partners)
            name = (struct text){made, 8 + number_unsigned(made + 8, p + 1)};
        buffer_json(&w->pen->line, name);
        w->name_ends[p] = w->pen->line.size;
    }
    if (w->pen->line.failed)
        w->out->failed = true;
}

static void partner_name(struct writer *w, uint32_t p)
{
    size_t from = p ? w->name_ends[p - 1] : 0;
    buffer_text(w->out, (struct text){w->pen->line.at + from, w->name_ends[p] - from});
}

static void separator(struct writer *w, uint32_t i)
{
    if (i > 0)
        buffer_byte(w->out, ',');
}

static void pieces(struct writer *w, const struct text *pieces, const uint32_t *of, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        separator(w, i);
        buffer_text(w->out, pieces[of[i]]);
    }
}

static void head(struct writer *w)
{
    const struct case_view *v = w->v;
    char room[MADE_NAME];
    LITERAL(w, "{\"case\":");
    buffer_json(w->out, report_case_name(w->r, w->c->block, v->tile, v->tile_case, room));
    LITERAL(w, ",\"pack\":");
    buffer_text(w->out, w->r->pack);
    LITERAL(w, ",\"partners\":[");
    for (uint32_t p = 0; p < v->partners; p++) {
        separator(w, p);
        partner_name(w, p);
    }
    LITERAL(w, "],\"respondents\":");
    buffer_unsigned(w->out, v->respondents);
    LITERAL(w, ",\"put\":");
    buffer_unsigned(w->out, program_put(w->r->program)->count);
    LITERAL(w, ",\"answered\":");
    buffer_fixed(w->out, v->answered.lo, 4);
}

/* Who is not shown alone, and why. */
static void hidden(struct writer *w)
{
    static const char *const WHY[] = {NULL, "\"few_respondents\"", "\"secondary\""};
    uint32_t least = w->r->options.min_respondents, count = 0;
    if (least < 2)
        return;
    LITERAL(w, ",\"min_respondents\":");
    buffer_unsigned(w->out, least);
    LITERAL(w, ",\"hidden\":{");
    for (uint32_t p = 0; p < w->v->partners; p++) {
        if (!is_side_hidden(w->c, p))
            continue;
        separator(w, count++);
        partner_name(w, p);
        buffer_byte(w->out, ':');
        buffer_c(w->out, WHY[w->c->sides[p]]);
    }
    buffer_byte(w->out, '}');
}

static void severity(struct writer *w, const struct finding *f)
{
    const char *name = level_name(f->level);
    LITERAL(w, ",\"severity\":");
    if (name == NULL || f->level == LEVEL_NONE) {
        LITERAL(w, "null,\"severity_because\":null");
        return;
    }
    buffer_byte(w->out, '"');
    buffer_c(w->out, name);
    LITERAL(w, "\",\"severity_because\":");
    const struct conclusion *c = &w->r->kb->conclusions[f->conclusion];
    if (f->level_because == NULL)
        LITERAL(w, "null");
    else
        buffer_text(w->out, f->level_because == c->high_when ? w->r->high_because[f->conclusion]
                                                             : w->r->low_because[f->conclusion]);
}

static void by_partner(struct writer *w, const struct finding *f)
{
    LITERAL(w, ",\"by_partner\":{");
    bool about_partnership = w->r->kb->conclusions[f->conclusion].about_partnership;
    for (uint32_t p = 0; p < w->v->partners && !about_partnership; p++) {
        separator(w, p);
        partner_name(w, p);
        buffer_byte(w->out, ':');
        if (is_side_hidden(w->c, p))
            LITERAL(w, "null");
        else
            interval(w, explain_certainty(w->v, f->conclusion, p));
    }
    buffer_byte(w->out, '}');
}

static void because(struct writer *w, const struct finding *f)
{
    uint32_t count = 0;
    LITERAL(w, ",\"because\":[");
    for (uint32_t i = 0; i < f->rule_count; i++) {
        struct text t = w->r->because[f->rules[i]];
        if (t.size == 0)
            continue;
        separator(w, count++);
        buffer_text(w->out, t);
    }
    buffer_byte(w->out, ']');
}

static void conclusion(struct writer *w, const struct finding *f)
{
    buffer_text(w->out, w->r->conclusion_heads[f->conclusion]);
    buffer_c(w->out, verdict_name(f->verdict));
    LITERAL(w, "\",\"certainty\":");
    interval(w, f->certainty);
    severity(w, f);
    by_partner(w, f);
    LITERAL(w, ",\"rules\":[");
    pieces(w, w->r->rule_ids, f->rules, f->rule_count);
    LITERAL(w, "],\"rules_against\":[");
    pieces(w, w->r->rule_ids, f->rules_against, f->rule_against_count);
    LITERAL(w, "],\"causes\":[");
    pieces(w, w->r->conclusion_ids, f->causes, f->cause_count);
    buffer_byte(w->out, ']');
    because(w, f);
    buffer_byte(w->out, '}');
}

static void remedies(struct writer *w)
{
    for (uint32_t i = 0; i < w->v->plan_count; i++) {
        const struct planned *p = &w->v->plan[i];
        separator(w, i);
        buffer_text(w->out, w->r->remedy_heads[p->remedy]);
        pieces(w, w->r->conclusion_ids, p->treats, p->treat_count);
        LITERAL(w, "]}");
    }
}

static void profile(struct writer *w)
{
    for (uint32_t i = 0; i < w->v->profile_count; i++) {
        const struct profile_entry *e = &w->v->profile[i];
        separator(w, i);
        buffer_text(w->out, w->r->dimension_heads[e->dimension]);
        for (uint32_t p = 0; p < w->v->partners; p++) {
            separator(w, p);
            partner_name(w, p);
            if (is_side_hidden(w->c, p)) {
                LITERAL(w, ":null");
                continue;
            }
            LITERAL(w, ":[");
            if (e->answers[p] > 0)
                buffer_fixed(w->out, e->score[p], 1);
            else
                LITERAL(w, "null");
            buffer_byte(w->out, ',');
            buffer_unsigned(w->out, e->answers[p]);
            buffer_byte(w->out, ']');
        }
        LITERAL(w, "}}");
    }
}

void write_jsonl_case(const struct one_case *c)
{
    const struct case_view *v = c->view;
    struct writer w = {.c = c, .pen = c->pen, .r = c->pen->r, .v = v, .out = c->out};
    w.name_ends = arena_array(&c->pen->arena, v->partners, sizeof *w.name_ends);
    escape_names(&w);
    if (c->out->failed)
        return;
    head(&w);
    hidden(&w);
    LITERAL(&w, ",\"conclusions\":[");
    for (uint32_t i = 0; i < v->finding_count; i++) {
        separator(&w, i);
        conclusion(&w, &v->findings[i]);
    }
    LITERAL(&w, "],\"absent\":[");
    pieces(&w, w.r->conclusion_ids, v->absent, v->absent_count);
    LITERAL(&w, "],\"not_assessed\":[");
    pieces(&w, w.r->conclusion_ids, v->not_assessed, v->not_assessed_count);
    LITERAL(&w, "],\"remedies\":[");
    remedies(&w);
    LITERAL(&w, "],\"profile\":[");
    profile(&w);
    LITERAL(&w, "]}\n");
}
