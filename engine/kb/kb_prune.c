/* kb_prune: what a pack disables goes, and what rests on it.
 * In: a kb with everything in it. Out: the model without it, one note for each thing disabled.
 * The idea: "goes" spreads along what reads what, in an order in which that is known; each item
 * remembers which disabled one took it along. Next: the kb is built anew from the model. */
#include "kb/kb_build.h"
#include <string.h>

/* By index: 0 stays, else the number + 1 of the disabled item it goes with. */
struct prune {
    struct kb_build *b;
    uint32_t *questions, *conclusions, *rules, *remedies;
    const struct item **disabled;
    size_t disabled_count, disabled_capacity;
    uint32_t found; /* while a condition is read */
};

static void start(struct prune *p, const struct item *item, uint32_t *mark)
{
    if (item->disabled.source == 0)
        return;
    p->disabled = arena_grow(p->b->arena, p->disabled, p->disabled_count, &p->disabled_capacity,
                             sizeof *p->disabled);
    p->disabled[p->disabled_count++] = item;
    *mark = (uint32_t)p->disabled_count;
}

static void read_node(const struct node *n, void *ctx)
{
    struct prune *p = ctx;
    enum node_reads what = node_reads(n->kind);
    if (!p->found && what != READS_NOTHING)
        p->found = (what == READS_QUESTION ? p->questions : p->conclusions)[n->ref];
}

static uint32_t reads(struct prune *p, const struct node *condition)
{
    p->found = 0;
    if (condition)
        node_walk(condition, read_node, p);
    return p->found;
}

/* Questions whose ask_if reads one that goes, go too: in an order in which that one is known. */
static void spread_questions(struct prune *p)
{
    const struct kb *kb = p->b->kb;
    for (uint32_t k = 0; k < kb->question_count; k++) {
        uint32_t i = kb->question_order[k];
        if (!p->questions[i])
            p->questions[i] = reads(p, kb->questions[i].ask_if);
    }
}

static uint32_t treats_only(const struct prune *p, const struct remedy *r)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i < r->treat_count; i++) {
        uint32_t gone = p->conclusions[r->treats[i]];
        if (!gone)
            return 0;
        if (!first)
            first = gone;
    }
    return first;
}

static void spread(struct prune *p)
{
    const struct kb *kb = p->b->kb;
    spread_questions(p);
    for (uint32_t i = 0; i < kb->rule_count; i++) {
        if (!p->rules[i])
            p->rules[i] = p->conclusions[kb->rules[i].conclusion];
        if (!p->rules[i])
            p->rules[i] = reads(p, kb->rules[i].when);
    }
    for (uint32_t i = 0; i < kb->remedy_count; i++) {
        if (!p->remedies[i])
            p->remedies[i] = treats_only(p, &kb->remedies[i]);
        if (!p->remedies[i])
            p->remedies[i] = reads(p, kb->remedies[i].when);
    }
}

/* Conditions of conclusions that stay are dropped; `needs` becomes `nothing`. */
static void drop_conditions(struct prune *p, size_t *dropped)
{
    static char nothing[] = "nothing";
    for (uint32_t i = 0; i < p->b->kb->conclusion_count; i++) {
        const struct conclusion *c = &p->b->kb->conclusions[i];
        struct pack_conclusion *from = p->b->model->conclusions[i];
        uint32_t by;
        if (p->conclusions[i])
            continue;
        from->bereft = c->rule_count > 0;
        if ((by = reads(p, c->needs)) != 0) {
            from->needs = (struct cell){.value = nothing, .size = 7, .span = from->item.id.span};
            dropped[by - 1]++;
        }
        if ((by = reads(p, c->high_when)) != 0) {
            from->severity->high_when = (struct cell){0};
            dropped[by - 1]++;
        }
        if ((by = reads(p, c->low_when)) != 0) {
            from->severity->low_when = (struct cell){0};
            dropped[by - 1]++;
        }
    }
}

/* Something that goes with a disabled item. */
struct gone {
    const char *kind;
    const struct item *item;
};

/* What goes, sorted by what it goes with: of[from[by]] up to of[from[by + 1]]. */
struct gone_list {
    struct gone *of;
    size_t *from;
};

/* The i-th of a list of pointers to items, whatever they are items of. */
static const struct item *item_at(const void *items, uint32_t i)
{
    const struct item *item;
    memcpy(&item, (const char *)items + i * sizeof item, sizeof item);
    return item;
}

static struct gone_list sort_gone(struct prune *p)
{
    const struct kb *kb = p->b->kb;
    const struct model *m = p->b->model;
    const struct {
        const char *kind;
        const uint32_t *marks;
        uint32_t count;
        const void *items;
    } lists[] = {{"questions ", p->questions, kb->question_count, m->questions},
                 {"rules ", p->rules, kb->rule_count, m->rules},
                 {"remedies ", p->remedies, kb->remedy_count, m->remedies}};
    /* Counted one place too far to the right, so that filling brings from[by] to its place. */
    size_t total = 0;
    size_t *from = arena_array(p->b->arena, p->disabled_count + 3, sizeof *from);
    for (int k = 0; k < 3; k++)
        for (uint32_t i = 0; i < lists[k].count; i++)
            from[lists[k].marks[i] + 2]++;
    from[2] = 0; /* mark 0 stays, and is not listed */
    for (size_t i = 2; i < p->disabled_count + 3; i++) {
        total += from[i];
        from[i] = total;
    }
    struct gone *of = arena_array(p->b->arena, total, sizeof *of);
    for (int k = 0; k < 3; k++)
        for (uint32_t i = 0; i < lists[k].count; i++)
            if (lists[k].marks[i] != 0)
                of[from[lists[k].marks[i] + 1]++] =
                    (struct gone){lists[k].kind, item_at(lists[k].items, i)};
    return (struct gone_list){of, from};
}

enum { GONE_SHOWN = 6 };

/* "questions a, b; rules c, d, e and 4 more" */
static const char *tell(struct prune *p, const struct gone *g, size_t count, size_t dropped)
{
    struct problems *problems = p->b->problems;
    const char *text = "", *kind = NULL;
    size_t of_kind = 0;
    for (size_t i = 0; i <= count; i++) {
        bool another = i == count || g[i].kind != kind;
        if (another && of_kind > GONE_SHOWN)
            text = problem_format(problems, "%s and %zu more", text, of_kind - GONE_SHOWN);
        if (i == count)
            break;
        of_kind = another ? 0 : of_kind;
        if (of_kind++ < GONE_SHOWN)
            text = problem_format(problems, "%s%s%s%s", text,
                                  !another ? ", "
                                  : kind   ? "; "
                                           : "",
                                  another ? g[i].kind : "", g[i].item->id.value);
        kind = g[i].kind;
    }
    if (dropped > 0)
        text = problem_format(problems, "%s%s%zu condition%s of conclusions", text,
                              count > 0 ? "; " : "", dropped, dropped == 1 ? "" : "s");
    return text;
}

static void report(struct prune *p, const size_t *dropped)
{
    struct gone_list list = sort_gone(p);
    for (uint32_t by = 1; by <= p->disabled_count; by++) {
        const struct item *item = p->disabled[by - 1];
        const struct gone *first = list.of + list.from[by];
        size_t count = list.from[by + 1] - list.from[by];
        struct gone *others = arena_array(p->b->arena, count, sizeof *others);
        size_t other_count = 0;
        for (size_t i = 0; i < count; i++)
            if (first[i].item != item)
                others[other_count++] = first[i];
        if (other_count + dropped[by - 1] > 0)
            problem_add(p->b->problems, PROBLEM_DISABLED_WITH, item->disabled,
                        problem_quote(p->b->problems, cell_text(&item->id)),
                        tell(p, others, other_count, dropped[by - 1]), NULL);
    }
}

static uint32_t keep(void *items, const uint32_t *marks, uint32_t count)
{
    const size_t size = sizeof(struct item *);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!marks[i])
            memmove((char *)items + kept++ * size, (char *)items + i * size, size);
    return kept;
}

/* A remedy that stays treats only what stays. */
static void drop_treats(struct prune *p)
{
    for (uint32_t i = 0; i < p->b->kb->remedy_count; i++) {
        struct cells *treats = &p->b->model->remedies[i]->treats;
        unsigned kept = 0;
        for (unsigned k = 0; k < treats->count; k++) {
            uint32_t c = kb_conclusion(p->b->kb, cell_text(&treats->at[k]));
            if (!p->conclusions[c])
                treats->at[kept++] = treats->at[k];
        }
        if (!p->remedies[i])
            treats->count = kept;
    }
}

bool kb_prune(struct kb_build *b)
{
    const struct kb *kb = b->kb;
    struct model *m = b->model;
    struct prune p = {.b = b,
                      .questions = arena_array(b->arena, kb->question_count, sizeof(uint32_t)),
                      .conclusions = arena_array(b->arena, kb->conclusion_count, sizeof(uint32_t)),
                      .rules = arena_array(b->arena, kb->rule_count, sizeof(uint32_t)),
                      .remedies = arena_array(b->arena, kb->remedy_count, sizeof(uint32_t))};
    for (uint32_t i = 0; i < kb->question_count; i++)
        start(&p, &m->questions[i]->item, &p.questions[i]);
    for (uint32_t i = 0; i < kb->conclusion_count; i++)
        start(&p, &m->conclusions[i]->item, &p.conclusions[i]);
    for (uint32_t i = 0; i < kb->rule_count; i++)
        start(&p, &m->rules[i]->item, &p.rules[i]);
    for (uint32_t i = 0; i < kb->remedy_count; i++)
        start(&p, &m->remedies[i]->item, &p.remedies[i]);
    if (p.disabled_count == 0)
        return false;
    spread(&p);
    size_t *dropped = arena_array(b->arena, p.disabled_count, sizeof *dropped);
    drop_conditions(&p, dropped);
    report(&p, dropped);
    drop_treats(&p);
    m->question_count = keep(m->questions, p.questions, kb->question_count);
    m->conclusion_count = keep(m->conclusions, p.conclusions, kb->conclusion_count);
    m->rule_count = keep(m->rules, p.rules, kb->rule_count);
    m->remedy_count = keep(m->remedies, p.remedies, kb->remedy_count);
    return true;
}
