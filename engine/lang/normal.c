/* normal: `not` pushed down to the leaves.
 * In: a checked tree. Out: a new one without NODE_NOT, and/or merged. Next: program.
 * The one idea: one walk that carries whether it stands under an odd number of nots. */
#include "lang/lang.h"

#include <string.h>

static struct node *normal(struct arena *a, const struct node *n, bool negate);

static struct node *copy(struct arena *a, const struct node *n)
{
    struct node *out = arena_alloc(a, sizeof *out);
    *out = *n;
    out->args = n->count ? arena_array(a, n->count, sizeof(struct node *)) : NULL;
    return out;
}

/* Numbers hold conditions only in count and share: those are not under the nots outside. */
static struct node *copy_leaf(struct arena *a, const struct node *n)
{
    struct node *out = copy(a, n);
    for (uint32_t i = 0; i < n->count; i++)
        out->args[i] = node_type(n->args[i]->kind) == TYPE_CONDITION ? normal(a, n->args[i], false)
                                                                     : copy_leaf(a, n->args[i]);
    return out;
}

static struct node *normal_choices(struct arena *a, const struct node *n, bool negate)
{
    struct node *out = copy(a, n);
    out->set = arena_alloc(a, n->set_size);
    memcpy(out->set, n->set, n->set_size);
    for (uint32_t c = 1; negate && c < n->set_size; c++)
        out->set[c] = !n->set[c];
    return out;
}

static struct node *normal_joined(struct arena *a, const struct node *n, bool negate)
{
    struct node *out = copy(a, n);
    if (negate)
        out->kind = n->kind == NODE_AND ? NODE_OR : NODE_AND;
    uint32_t total = 0;
    for (uint32_t i = 0; i < n->count; i++) {
        out->args[i] = normal(a, n->args[i], negate);
        total += out->args[i]->kind == out->kind ? out->args[i]->count : 1;
    }
    if (total == n->count)
        return out;
    struct node **merged = arena_array(a, total, sizeof(struct node *));
    uint32_t at = 0;
    for (uint32_t i = 0; i < n->count; i++) {
        const struct node *part = out->args[i];
        if (part->kind != out->kind) {
            merged[at++] = out->args[i];
            continue;
        }
        memcpy(merged + at, part->args, part->count * sizeof(struct node *));
        at += part->count;
    }
    out->args = merged;
    out->count = total;
    return out;
}

static struct node *normal_partners(struct arena *a, const struct node *n, bool negate)
{
    struct node *out = copy(a, n);
    if (negate)
        out->kind = n->kind == NODE_ANY ? NODE_ALL : NODE_ANY;
    out->args[0] = normal(a, n->args[0], negate);
    return out;
}

static struct node *normal(struct arena *a, const struct node *n, bool negate)
{
    switch (n->kind) {
    case NODE_OR:
    case NODE_AND: return normal_joined(a, n, negate);
    case NODE_NOT: return normal(a, n->args[0], !negate);
    case NODE_ANY:
    case NODE_ALL: return normal_partners(a, n, negate);
    case NODE_CHOICE_IN: return normal_choices(a, n, negate);
    default: break;
    }
    struct node *out = copy_leaf(a, n);
    out->negated = n->negated != negate;
    return out;
}

struct node *condition_normal(struct arena *a, const struct node *n)
{
    return normal(a, n, false);
}
