/* In: what was counted, the survey, the program. Out: what the caller may want to say at the end.
 * Next: the cli prints it. Names are copied: survey and program are gone by then. */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

struct details {
    struct arena arena;
    struct text *ignored, *undecided;
    struct entente_reject rejects[SUMMARY_REJECTS];
    size_t reject_count;
};

_Static_assert(sizeof(((struct entente_summary *)0)->causes) / sizeof(struct entente_cause) ==
                   SUMMARY_CAUSES,
               "a summary has room for the causes that are told");

/* The most frequent first; of equals the first in the list of causes. */
size_t summary_causes(const struct survey_counts *counts, struct entente_cause out[SUMMARY_CAUSES])
{
    bool told[SURVEY_CAUSES] = {false};
    for (size_t n = 0; n < SUMMARY_CAUSES; n++) {
        unsigned best = SURVEY_CAUSES;
        for (unsigned i = 0; i < SURVEY_CAUSES; i++)
            if (!told[i] && counts->causes[i] > 0 &&
                (best == SURVEY_CAUSES || counts->causes[i] > counts->causes[best]))
                best = i;
        if (best == SURVEY_CAUSES)
            return n;
        told[best] = true;
        out[n] = (struct entente_cause){survey_cause_name(best), counts->causes[best]};
    }
    return SUMMARY_CAUSES;
}

/* "OUTSIDE THE RANGE 3000, NOT A NUMBER 200" */
static const char *name_causes(const struct survey_counts *counts, struct problems *problems)
{
    struct entente_cause causes[SUMMARY_CAUSES];
    size_t count = summary_causes(counts, causes);
    const char *all = "";
    for (size_t i = 0; i < count; i++)
        all = problem_format(problems, "%s%s%s %llu", all, i ? ", " : "", causes[i].name,
                             (unsigned long long)causes[i].rows);
    return all;
}

/* A share is known at the end; a number as soon as it is passed, chunk by chunk in order, so that
 * it is the same for any number of threads. */
bool rejects_are_few(const struct entente_batch *b, const struct survey_counts *counts, bool at_end,
                     struct problems *problems)
{
    uint64_t rejected = counts->rejected, read = counts->read;
    if (!b->limits_rejects || (b->max_rejects_share && !at_end))
        return true;
    if (b->max_rejects_share ? (double)rejected * 100 <= b->max_rejects * (double)read
                             : (double)rejected <= b->max_rejects)
        return true;
    problem_add(problems, PROBLEM_REJECTS_MANY, SPAN_NONE,
                problem_format(problems, "%llu of %llu rows", (unsigned long long)rejected,
                               (unsigned long long)read),
                problem_format(problems, "%s%s", problem_number(problems, b->max_rejects),
                               b->max_rejects_share ? "%" : ""),
                name_causes(counts, problems));
    problem_help(problems, b->rejects ? "the file of rejected rows says which and why"
                                      : "--rejects FILE says which and why");
    return false;
}

_Static_assert(REPORT_CHANGES == (int)ENTENTE_CHANGE_COUNT, "the header names every change");

const char *entente_change_name(enum entente_change change)
{
    return report_change_name(change);
}

void tally_add(struct tally *to, const struct tally *from)
{
    survey_counts_add(&to->rows, &from->rows);
    to->patterns.pattern_limits += from->patterns.pattern_limits;
    to->patterns.texts_cut += from->patterns.texts_cut;
    to->sides.few += from->sides.few;
    to->sides.beside += from->sides.beside;
    to->changes.pairs += from->changes.pairs;
    to->changes.single += from->changes.single;
    for (int i = 0; i < REPORT_CHANGES; i++)
        to->changes.changes[i] += from->changes.changes[i];
    to->cases += from->cases;
}

struct telling {
    struct entente_summary *summary;
    struct details *details;
    const struct kb *kb;
    const struct survey *survey;
    const struct program *program;
    struct text examples; /* lines of the rejects file */
};

/* --- the first rejected rows -------------------------------------------------------------------
 */

/* A cell of a line that rejects.c has written. */
static struct entente_text next_cell(struct arena *a, struct text *line)
{
    bool quoted = line->size && line->at[0] == '"';
    char *cell = arena_alloc(a, line->size + 1);
    size_t n = 0, i = quoted;
    for (; i < line->size; i++) {
        char c = line->at[i];
        if (c == (quoted ? '"' : ',') && !(quoted && i + 1 < line->size && line->at[i + 1] == '"'))
            break;
        cell[n++] = c;
        i += quoted && c == '"';
    }
    i += quoted;
    i += i < line->size;
    *line = (struct text){line->at + i, line->size - i};
    return (struct entente_text){cell, n};
}

static void tell_reject(struct arena *a, struct text line, struct entente_reject *out)
{
    out->file = next_cell(a, &line);
    out->line = next_cell(a, &line);
    out->byte = next_cell(a, &line);
    out->column = next_cell(a, &line);
    out->value = next_cell(a, &line);
    out->reason = next_cell(a, &line);
}

static void tell_rejects(struct telling *t)
{
    struct details *d = t->details;
    struct text rest = t->examples;
    while (rest.size && d->reject_count < SUMMARY_REJECTS) {
        size_t n = 0;
        while (n < rest.size && rest.at[n] != '\n')
            n++;
        tell_reject(&d->arena, (struct text){rest.at, n}, &d->rejects[d->reject_count]);
        d->reject_count++;
        n += n < rest.size;
        rest = (struct text){rest.at + n, rest.size - n};
    }
}

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
    tell_rejects(t);
    t->summary->ignored_count = ignored;
    t->summary->undecided_count = undecided;
}

void summary_fill(struct entente_summary *s, const struct kb *kb, const struct survey *survey,
                  const struct program *program, const struct tally *tally, struct text examples)
{
    const struct survey_counts *counts = &tally->rows;
    s->read = counts->read;
    s->used = counts->used;
    s->rejected = counts->rejected;
    s->left_out = counts->left_out;
    s->abandoned = counts->abandoned;
    s->previews = counts->previews;
    s->cases = tally->cases;
    s->repeated_respondents = counts->repeated_respondents;
    s->fact_conflicts = counts->fact_conflicts;
    s->sides_few = tally->sides.few;
    s->sides_beside = tally->sides.beside;
    s->pairs = tally->changes.pairs;
    s->single = tally->changes.single;
    memcpy(s->changes, tally->changes.changes, sizeof s->changes);
    s->texts_cut = counts->texts_cut;
    s->pattern_limits = tally->patterns.pattern_limits;
    s->cause_count = summary_causes(counts, s->causes);
    struct details *d = calloc(1, sizeof *d);
    if (!d)
        return;
    arena_init(&d->arena, 0);
    s->details = d;
    struct telling t = {s, d, kb, survey, program, examples};
    if (!arena_run(&d->arena, tell_names, &t))
        s->ignored_count = s->undecided_count = d->reject_count = 0;
}

bool entente_summary_reject(const struct entente_summary *s, size_t i, struct entente_reject *out)
{
    const struct details *d = s->details;
    if (!d || i >= d->reject_count)
        return false;
    *out = d->rejects[i];
    return true;
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
