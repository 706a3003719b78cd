/* In: an export. Out: a mapping proposed for it, and questions about columns in doubt. Next: the
 * program shows them. */
#include "api/api.h"

struct asker {
    entente_map_ask ask;
    void *ctx;
};

static struct entente_text outside(struct text t)
{
    return (struct entente_text){t.at, t.size};
}

static int pass_on(void *ctx, const struct survey_doubt *d)
{
    const struct asker *a = ctx;
    struct entente_map_doubt out = {.number = d->number,
                                    .column = outside(d->column),
                                    .value_count = d->value_count,
                                    .candidate_count = d->candidate_count};
    for (size_t i = 0; i < d->value_count; i++)
        out.values[i] = outside(d->values[i]);
    for (size_t i = 0; i < d->candidate_count; i++)
        out.candidates[i] = (struct entente_map_candidate){
            .text = outside(d->candidates[i].text), .sure = d->candidates[i].sure};
    int chosen = a->ask(a->ctx, &out);
    return chosen > (int)d->candidate_count ? 0 : chosen;
}

bool entente_map_propose(const struct entente_kb *kb, const struct entente_input *input,
                         entente_map_ask ask, void *ask_ctx, entente_write write, void *ctx,
                         struct entente_problems *problems)
{
    struct survey_options o = api_survey_options(input);
    struct asker asker = {ask, ask_ctx};
    struct buffer b;
    buffer_init(&b);
    bool ok = survey_propose(kb_inside(kb), &o, ask ? pass_on : NULL, &asker, &b,
                             problems_inside(problems)) &&
              api_write(&b, write, ctx, problems_inside(problems));
    buffer_deinit(&b);
    return ok;
}
