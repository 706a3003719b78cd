/* between: from a wave to the next, what opened, closed, worsened, eased, and what cannot be told.
 * In: the cases of a tile, those of one partnership behind each other. Out: pairs. Next: the writer
 * of the format. The one idea: only what is sure in both waves is a change. */
#include "report/between.h"

static const char *const WORDS[CHANGE_COUNT] = {
#define CHANGE(name, word, phrase, mark) word,
#include "report/between.def"
#undef CHANGE
};

const char *report_change_name(unsigned change)
{
    return WORDS[change];
}

/* --- the state of a wave ---------------------------------------------------------------------- */

static void widen(const struct case_view *v, uint32_t conclusion, uint32_t subject, bool is_sure,
                  struct state *s)
{
    enum level lowest, highest;
    infer_levels(v->in, conclusion, subject, &lowest, &highest);
    if (is_sure && lowest > s->lowest)
        s->lowest = lowest;
    if (highest > s->highest)
        s->highest = highest;
}

/* The severity is the highest among the partners where it is present; it may come to that of those
 * where it is undetermined. */
static void find_levels(const struct case_view *v, uint32_t conclusion, struct state *s)
{
    if (program_kb(infer_program(v->in))->conclusions[conclusion].about_partnership) {
        widen(v, conclusion, v->tile_case, true, s);
        return;
    }
    for (uint32_t p = v->partner_from; p < v->partner_from + v->partners; p++) {
        enum verdict verdict = infer_verdict(v->in, conclusion, SCOPE_PARTNER, p);
        if (verdict == VERDICT_PRESENT || verdict == VERDICT_UNDETERMINED)
            widen(v, conclusion, p, verdict == VERDICT_PRESENT, s);
    }
}

/* Of every conclusion that is no inner finding. */
static void look_at(const struct report *r, const struct case_view *v, struct state *out)
{
    for (uint32_t c = 0; c < r->kb->conclusion_count; c++)
        out[c] =
            (struct state){.verdict = infer_verdict(v->in, c, SCOPE_PARTNERSHIP, v->tile_case),
                           .certainty = infer_certainty(v->in, c, SCOPE_PARTNERSHIP, v->tile_case)};
    for (uint32_t i = 0; i < v->finding_count; i++)
        if (v->findings[i].verdict == VERDICT_PRESENT) {
            struct state *s = &out[v->findings[i].conclusion];
            s->level = v->findings[i].level;
            find_levels(v, v->findings[i].conclusion, s);
        }
}

/* --- two of them ------------------------------------------------------------------------------ */

/* From [a, b] to [c, d]: 1 surely more, -1 surely less, 0 surely the same, 2 cannot be told. */
static int moved(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return c > b ? 1 : d < a ? -1 : a == b && c == d ? 0 : 2;
}

/* First by severity; certainties in the steps that are shown. */
static int moved_present(const struct state *before, const struct state *after)
{
    int by = moved(before->lowest, before->highest, after->lowest, after->highest);
    return by ? by
              : moved(certainty_steps(before->certainty.lo), certainty_steps(before->certainty.hi),
                      certainty_steps(after->certainty.lo), certainty_steps(after->certainty.hi));
}

static bool is_known(const struct state *s)
{
    return s->verdict == VERDICT_PRESENT || s->verdict == VERDICT_ABSENT;
}

static enum became change_of(enum conclusion_kind kind, const struct state *before,
                             const struct state *after)
{
    bool strength = kind == CONCLUSION_STRENGTH;
    if (!is_known(before) || !is_known(after))
        return CHANGE_NOT_COMPARABLE;
    if (before->verdict != after->verdict) {
        bool opens = after->verdict == VERDICT_PRESENT;
        return opens ? (strength ? CHANGE_GAINED : CHANGE_OPENED)
                     : (strength ? CHANGE_LOST : CHANGE_CLOSED);
    }
    if (after->verdict == VERDICT_ABSENT)
        return CHANGE_UNCHANGED;
    int more = moved_present(before, after);
    return more == 2  ? CHANGE_NOT_COMPARABLE
           : more > 0 ? (strength ? CHANGE_STRONGER : CHANGE_WORSENED)
           : more < 0 ? (strength ? CHANGE_WEAKER : CHANGE_EASED)
                      : CHANGE_UNCHANGED;
}

static void compare(struct report_pen *pen, const struct state *after, struct pair *p)
{
    const struct kb *kb = pen->r->kb;
    uint32_t from[CHANGE_COUNT + 1] = {0};
    struct changed *all = arena_array(&pen->arena, kb->conclusion_count, sizeof *all);
    p->changes = arena_array(&pen->arena, kb->conclusion_count, sizeof *all);
    p->not_assessed = arena_array(&pen->arena, kb->conclusion_count, sizeof *p->not_assessed);
    for (uint32_t c = 0; c < kb->conclusion_count; c++) {
        const struct state *before = &pen->before[c];
        if (kb->conclusions[c].kind == CONCLUSION_FINDING)
            continue;
        if (before->verdict == VERDICT_NOT_ASSESSED && after[c].verdict == VERDICT_NOT_ASSESSED) {
            p->not_assessed[p->not_assessed_count++] = c;
            continue;
        }
        enum became change = change_of(kb->conclusions[c].kind, before, &after[c]);
        all[p->count++] = (struct changed){c, change, *before, after[c]};
        from[change + 1]++;
        pen->changes[change]++;
    }
    p->told = p->count - from[CHANGE_UNCHANGED + 1];
    for (int i = 0; i < CHANGE_COUNT; i++)
        from[i + 1] += from[i];
    for (uint32_t i = 0; i < p->count; i++)
        p->changes[from[all[i].change]++] = all[i];
}

static void write(struct report_pen *pen, const struct pair *p, struct buffer *out)
{
    switch (pen->r->options.format) {
    case REPORT_CSV: write_changes_csv(pen, p, out); break;
    case REPORT_JSONL: write_changes_jsonl(pen, p, out); break;
    case REPORT_TEXT:
    case REPORT_MARKDOWN: write_changes_page(pen, p, out); break;
    case REPORT_COUNT: break;
    }
}

void write_changes(struct report_pen *pen, const struct case_view *v,
                   const struct survey_block *block, struct buffer *out)
{
    const struct survey_wave *wave = &block->waves[v->tile->case_from + v->tile_case];
    char *room = arena_alloc(&pen->arena, MADE_NAME);
    const struct kb *kb = pen->r->kb;
    struct state *now = arena_array(&pen->arena, kb->conclusion_count, sizeof *now);
    struct pair p = {.name = report_case_name(pen->r, block, v->tile, v->tile_case, room),
                     .from = wave->is_first ? wave->name : pen->wave,
                     .to = wave->is_first ? (struct text){NULL, 0} : wave->name};
    look_at(pen->r, v, now);
    if (!wave->is_first)
        compare(pen, now, &p);
    pen->pairs += !wave->is_first;
    pen->single += wave->is_first && wave->is_last;
    if (!wave->is_first || wave->is_last)
        write(pen, &p, out);
    for (uint32_t c = 0; c < kb->conclusion_count; c++)
        pen->before[c] = now[c];
    pen->wave = wave->name; /* as long-lived as the chunk, which holds all waves of a case */
}
