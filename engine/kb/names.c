/* In: ids. Out: what a condition may name, for lang; ids back for printing. Next: build.c.
 * One map from id to question or conclusion serves both ways of asking. */
#include "kb/build.h"

static bool find(const void *ctx, struct text id, struct name *out)
{
    const struct kb *kb = ctx;
    uint32_t at = idmap_get(&kb->ids, id);
    if (at == IDMAP_NONE)
        return false;
    if (at & IS_CONCLUSION) {
        const struct conclusion *c = &kb->conclusions[at & ~IS_CONCLUSION];
        *out = (struct name){.kind = NAME_CONCLUSION,
                             .index = at & ~IS_CONCLUSION,
                             .about_partnership = c->about_partnership};
        return true;
    }
    const struct question *q = &kb->questions[at];
    *out = (struct name){.kind = NAME_QUESTION,
                         .index = at,
                         .about_partnership = q->about_partnership,
                         .answer = q->kind,
                         .lo = q->lo,
                         .hi = q->hi,
                         .choices = q->choice_ids,
                         .choice_count = q->choice_ids ? q->choice_count : 0};
    return true;
}

static struct text list(const void *ctx, size_t i)
{
    const struct kb *kb = ctx;
    if (i < kb->question_count)
        return kb->questions[i].id;
    i -= kb->question_count;
    return i < kb->conclusion_count ? kb->conclusions[i].id : (struct text){NULL, 0};
}

static struct text question_id(const void *ctx, uint32_t index)
{
    return ((const struct kb *)ctx)->questions[index].id;
}

static struct text conclusion_id(const void *ctx, uint32_t index)
{
    return ((const struct kb *)ctx)->conclusions[index].id;
}

static struct text choice_id(const void *ctx, uint32_t question, uint32_t code)
{
    const struct question *q = &((const struct kb *)ctx)->questions[question];
    if (q->kind == KIND_YESNO)
        return code == YESNO_YES ? TEXT("yes") : TEXT("no");
    return q->choices[code - 1].id;
}

void names_init(struct kb *kb)
{
    kb->names = (struct names){kb, find, list};
    kb->names_of = (struct names_of){kb, question_id, conclusion_id, choice_id};
}

uint32_t kb_question(const struct kb *kb, struct text id)
{
    uint32_t at = idmap_get(&kb->ids, id);
    return at == IDMAP_NONE || at & IS_CONCLUSION ? NONE : at;
}

uint32_t kb_conclusion(const struct kb *kb, struct text id)
{
    uint32_t at = idmap_get(&kb->ids, id);
    return at == IDMAP_NONE || !(at & IS_CONCLUSION) ? NONE : at & ~IS_CONCLUSION;
}
