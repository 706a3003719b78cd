/* In: what was counted, the survey, the program. Out: what the caller may want to say at the end.
 * Next: the cli prints it. Names are copied: survey and program are gone by then. */
#include "api/api.h"

#include <stdlib.h>

struct details {
    struct arena arena;
    struct text *ignored, *undecided;
};

enum { CAUSES_TOLD = sizeof(((struct entente_summary *)0)->causes) / sizeof(struct entente_cause) };

/* The most frequent first; of equals the first in the list of causes. */
static void tell_causes(struct entente_summary *s, const struct survey_counts *counts)
{
    bool told[SURVEY_CAUSES] = {false};
    while (s->cause_count < CAUSES_TOLD) {
        unsigned best = SURVEY_CAUSES;
        for (unsigned i = 0; i < SURVEY_CAUSES; i++)
            if (!told[i] && counts->causes[i] > 0 &&
                (best == SURVEY_CAUSES || counts->causes[i] > counts->causes[best]))
                best = i;
        if (best == SURVEY_CAUSES)
            return;
        told[best] = true;
        s->causes[s->cause_count++] =
            (struct entente_cause){survey_cause_name(best), counts->causes[best]};
    }
}

struct telling {
    struct entente_summary *summary;
    struct details *details;
    const struct kb *kb;
    const struct survey *survey;
    const struct program *program;
};

static void tell_names(void *ctx)
{
    struct telling *t = ctx;
    struct arena *a = &t->details->arena;
    size_t ignored = survey_ignored_count(t->survey), undecided = 0;
    t->details->ignored = arena_array(a, ignored, sizeof *t->details->ignored);
    for (size_t i = 0; i < ignored; i++)
        t->details->ignored[i] = arena_text(a, survey_ignored(t->survey, i));
    t->details->undecided = arena_array(a, t->kb->conclusion_count, sizeof(struct text));
    for (uint32_t c = 0; c < t->kb->conclusion_count; c++)
        if (t->kb->conclusions[c].kind != CONCLUSION_FINDING && !program_is_assessed(t->program, c))
            t->details->undecided[undecided++] = arena_text(a, t->kb->conclusions[c].id);
    t->summary->ignored_count = ignored;
    t->summary->undecided_count = undecided;
}

void summary_fill(struct entente_summary *s, const struct kb *kb, const struct survey *survey,
                  const struct program *program, const struct survey_counts *counts, uint64_t cases,
                  struct infer_counts patterns)
{
    s->read = counts->read;
    s->used = counts->used;
    s->rejected = counts->rejected;
    s->left_out = counts->left_out;
    s->abandoned = counts->abandoned;
    s->previews = counts->previews;
    s->cases = cases;
    s->repeated_respondents = counts->repeated_respondents;
    s->fact_conflicts = counts->fact_conflicts;
    s->texts_cut = counts->texts_cut;
    s->pattern_limits = patterns.pattern_limits;
    tell_causes(s, counts);
    struct details *d = calloc(1, sizeof *d);
    if (!d)
        return;
    arena_init(&d->arena, 0);
    s->details = d;
    struct telling t = {s, d, kb, survey, program};
    if (!arena_run(&d->arena, tell_names, &t))
        s->ignored_count = s->undecided_count = 0;
}

struct entente_text entente_summary_ignored(const struct entente_summary *s, size_t i)
{
    const struct details *d = s->details;
    return i < s->ignored_count ? text_outside(d->ignored[i]) : (struct entente_text){"", 0};
}

struct entente_text entente_summary_undecided(const struct entente_summary *s, size_t i)
{
    const struct details *d = s->details;
    return i < s->undecided_count ? text_outside(d->undecided[i]) : (struct entente_text){"", 0};
}

void entente_summary_deinit(struct entente_summary *s)
{
    struct details *d = s->details;
    if (d)
        arena_deinit(&d->arena);
    free(d);
    s->details = NULL;
    s->ignored_count = s->undecided_count = 0;
}
