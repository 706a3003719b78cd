/* In: a block of one case. Out: the same, inferred, and what explain says of it. Next: result.c and
 * pack_tests.c. The registers of infer stay as they are after the last tile, so what explain gave
 * lives on with them. */
#include "api/api.h"

#include <stdlib.h>

struct looking {
    struct inference *i;
    struct problems *problems;
};

static void look(void *ctx)
{
    struct inference *i = ctx;
    explain_case(&i->arena, i->infer, &i->tile, 0, EXPLAIN_FINDINGS, &i->view);
}

static bool on_tile(const struct infer *in, const struct tile *t, void *ctx)
{
    struct looking *l = ctx;
    (void)in;
    l->i->tile = *t;
    return arena_run(&l->i->arena, look, l->i) || api_no_memory(l->problems);
}

struct inference *inference_new(const struct kb *kb, const struct put *put, struct cases *cases,
                                struct problems *problems)
{
    struct inference *i = calloc(1, sizeof *i);
    if (!i) {
        api_no_memory(problems);
        return NULL;
    }
    i->kb = kb;
    i->cases = cases;
    arena_init(&i->arena, 0);
    i->program = program_new(kb, put, PROGRAM_REPORT | PROGRAM_TRACE, problems);
    i->infer = i->program ? infer_new(i->program, problems) : NULL;
    struct looking l = {i, problems};
    if (i->infer && infer_run(i->infer, cases, on_tile, &l, problems))
        return i;
    inference_free(i);
    return NULL;
}

void inference_free(struct inference *i)
{
    if (!i)
        return;
    infer_free(i->infer);
    program_free(i->program);
    arena_deinit(&i->arena);
    free(i);
}

const struct finding *inference_finding(const struct inference *i, uint32_t conclusion)
{
    for (uint32_t k = 0; k < i->view.finding_count; k++)
        if (i->view.findings[k].conclusion == conclusion)
            return &i->view.findings[k];
    return NULL;
}

uint32_t inference_partner(const struct inference *i, struct text name)
{
    for (uint32_t p = 0; p < i->cases->partner_count; p++)
        if (text_equal(i->cases->partner_names[p], name))
            return p;
    return NONE;
}
