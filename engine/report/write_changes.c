/* write_changes: what changed between waves as CSV, a row a change, or as JSON, an object a pair.
 * In: pairs. Out: bytes in a buffer. Every pair is there, also where nothing changed and where
 * there is nothing to compare it with. */
#include "report/between.h"

static const struct interval NOTHING = {0, 0};

/* --- csv -------------------------------------------------------------------------------------- */

void layout_changes(struct report *r, struct buffer *b)
{
    buffer_clear(b);
    buffer_c(b, "case,from,to,id,kind,change,verdict_before,verdict_after,certainty_before,"
                "certainty_before_max,certainty_after,certainty_after_max,severity_before,"
                "severity_after\n");
    r->head = layout_piece(r, b);
}

static void first_cells(struct report_pen *pen, const struct pair *p, struct buffer *out)
{
    bool raw = pen->r->options.raw_csv;
    csv_text(out, p->name, raw);
    buffer_byte(out, ',');
    csv_text(out, p->from, raw);
    buffer_byte(out, ',');
    if (p->to.at)
        csv_text(out, p->to, raw);
    buffer_byte(out, ',');
}

static void certainty_cells(struct buffer *out, const struct state *s)
{
    bool has = s->verdict != VERDICT_NOT_ASSESSED;
    if (has)
        buffer_fixed(out, s->certainty.lo, 4);
    buffer_byte(out, ',');
    if (has)
        buffer_fixed(out, s->certainty.hi, 4);
    buffer_byte(out, ',');
}

static void level_cell(struct buffer *out, const struct state *s)
{
    if (s->level != LEVEL_NONE)
        buffer_c(out, level_name(s->level));
}

void write_changes_csv(struct report_pen *pen, const struct pair *p, struct buffer *out)
{
    for (uint32_t i = 0; i < p->told; i++) {
        const struct changed *c = &p->changes[i];
        const struct conclusion *of = &pen->r->kb->conclusions[c->conclusion];
        first_cells(pen, p, out);
        buffer_text(out, of->id);
        buffer_byte(out, ',');
        buffer_c(out, conclusion_kind_name(of->kind));
        buffer_byte(out, ',');
        buffer_c(out, report_change_name(c->change));
        buffer_byte(out, ',');
        buffer_c(out, verdict_name(c->before.verdict));
        buffer_byte(out, ',');
        buffer_c(out, verdict_name(c->after.verdict));
        buffer_byte(out, ',');
        certainty_cells(out, &c->before);
        certainty_cells(out, &c->after);
        level_cell(out, &c->before);
        buffer_byte(out, ',');
        level_cell(out, &c->after);
        buffer_byte(out, '\n');
    }
    if (p->told)
        return;
    first_cells(pen, p, out);
    buffer_c(out, ",,");
    buffer_c(out, p->to.at ? report_change_name(CHANGE_UNCHANGED) : "one_wave");
    buffer_c(out, ",,,,,,,,\n");
}

/* --- jsonl ------------------------------------------------------------------------------------ */

static void interval(struct buffer *out, struct interval x)
{
    buffer_byte(out, '[');
    buffer_fixed(out, x.lo, 4);
    buffer_byte(out, ',');
    buffer_fixed(out, x.hi, 4);
    buffer_byte(out, ']');
}

static void level(struct buffer *out, const struct state *s)
{
    if (s->level == LEVEL_NONE) {
        buffer_c(out, "null");
        return;
    }
    buffer_byte(out, '"');
    buffer_c(out, level_name(s->level));
    buffer_byte(out, '"');
}

static void change(const struct kb *kb, const struct changed *c, struct buffer *out)
{
    const struct conclusion *of = &kb->conclusions[c->conclusion];
    buffer_c(out, "{\"id\":");
    buffer_json(out, of->id);
    buffer_c(out, ",\"kind\":\"");
    buffer_c(out, conclusion_kind_name(of->kind));
    buffer_c(out, "\",\"change\":\"");
    buffer_c(out, report_change_name(c->change));
    buffer_c(out, "\",\"verdict\":[\"");
    buffer_c(out, verdict_name(c->before.verdict));
    buffer_c(out, "\",\"");
    buffer_c(out, verdict_name(c->after.verdict));
    buffer_c(out, "\"],\"certainty\":[");
    interval(out, c->before.verdict == VERDICT_NOT_ASSESSED ? NOTHING : c->before.certainty);
    buffer_byte(out, ',');
    interval(out, c->after.verdict == VERDICT_NOT_ASSESSED ? NOTHING : c->after.certainty);
    buffer_c(out, "],\"severity\":[");
    level(out, &c->before);
    buffer_byte(out, ',');
    level(out, &c->after);
    buffer_c(out, "]}");
}

void write_changes_jsonl(struct report_pen *pen, const struct pair *p, struct buffer *out)
{
    const struct kb *kb = pen->r->kb;
    buffer_c(out, "{\"case\":");
    buffer_json(out, p->name);
    buffer_c(out, ",\"pack\":");
    buffer_json(out, kb->name);
    buffer_c(out, ",\"from\":");
    buffer_json(out, p->from);
    buffer_c(out, ",\"to\":");
    if (p->to.at)
        buffer_json(out, p->to);
    else
        buffer_c(out, "null");
    buffer_c(out, ",\"changes\":[");
    for (uint32_t i = 0; i < p->told; i++) {
        buffer_c(out, i ? "," : "");
        change(kb, &p->changes[i], out);
    }
    buffer_c(out, "],\"unchanged\":[");
    for (uint32_t i = p->told; i < p->count; i++) {
        buffer_c(out, i > p->told ? "," : "");
        buffer_json(out, kb->conclusions[p->changes[i].conclusion].id);
    }
    buffer_c(out, "],\"not_assessed\":[");
    for (uint32_t i = 0; i < p->not_assessed_count; i++) {
        buffer_c(out, i ? "," : "");
        buffer_json(out, kb->conclusions[p->not_assessed[i]].id);
    }
    buffer_c(out, "]}\n");
}
