/* report_world: a report over the cases of a world, into one buffer. */
#ifndef ENTENTE_REPORT_WORLD_H
#define ENTENTE_REPORT_WORLD_H

#include "unit/explain_pack.h"

#include "report/report.h"

struct reporting {
    struct report *report;
    struct report_pen *pen;
    struct survey_block block;
    struct buffer out;
};

__attribute__((unused)) static void report_look(struct world *w, const struct infer *in,
                                                const struct tile *t, void *ctx)
{
    struct reporting *r = ctx;
    (void)w;
    report_tile(r->pen, in, t, &r->block, &r->out);
}

/* The whole report of the world's cases, head and all; it lives in the world's arena. */
__attribute__((unused)) static struct text report_of(struct world *w,
                                                     const struct report_options *o)
{
    struct reporting r = {.block = {.cases = w->cases}};
    buffer_init(&r.out);
    r.report = report_new(w->program, NULL, o, w->problems);
    assert_non_null(r.report);
    r.pen = report_pen_new(r.report, w->problems);
    assert_non_null(r.pen);
    report_head(r.report, &r.out);
    world_run(w, report_look, &r);
    assert_false(r.out.failed);
    struct text t = arena_text(&w->arena, buffer_view(&r.out));
    report_pen_free(r.pen);
    report_free(r.report);
    buffer_deinit(&r.out);
    return t;
}

__attribute__((unused)) static bool text_holds(struct text t, const char *part)
{
    return t.size > 0 && memmem(t.at, t.size, part, strlen(part)) != NULL;
}

/* A rich case, one with blanks, one where nothing is wrong. */
__attribute__((unused)) static void three_cases(struct world *w)
{
    two_sides(w);
    world_case(w, "V3", false);
    world_partner(w, "");
    world_respondent(w, "load_balanced=dk risk_shared=dk trust=2 charter=no");
    world_case(w, "V4", false);
    world_partner(w, "");
    world_respondent(w, "load_balanced=4 risk_shared=5 trust=5 suspicion=1 charter=yes");
}

#endif
