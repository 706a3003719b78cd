/* node: what all trees have: kinds, equality, a hash, a walk.
 * In: nodes. Out: answers about them. Next: kb, program, print.c.
 * The one idea: what a node means is in few fields, and equality and hash look at those and at no
 * span or static range. */
#include "lang/lang.h"

#include <string.h>

static const struct {
    enum node_type type;
    const char *spelling;
} NODES[NODE_COUNT_] = {
#define NODE_ROW(name, type, spelling) [NODE_##name] = {type, spelling},
    NODE_LIST(NODE_ROW)
#undef NODE_ROW
};

enum node_type node_type(enum node_kind kind)
{
    return NODES[kind].type;
}

const char *node_spelling(enum node_kind kind)
{
    return NODES[kind].spelling;
}

static bool patterns_equal(const struct pattern *a, const struct pattern *b)
{
    if (a == b || a == NULL || b == NULL)
        return a == b;
    return a->ignore_case == b->ignore_case && text_equal(a->source, b->source);
}

static bool leaves_equal(const struct node *a, const struct node *b)
{
    if (a->kind != b->kind || a->negated != b->negated || a->scope != b->scope ||
        a->ref != b->ref || a->code != b->code || a->count != b->count ||
        a->set_size != b->set_size)
        return false;
    if (a->set_size && memcmp(a->set, b->set, a->set_size) != 0)
        return false;
    if (a->kind == NODE_NUMBER && a->number != b->number)
        return false;
    if (a->kind == NODE_GRADE && (a->lo != b->lo || a->hi != b->hi))
        return false;
    return text_equal(a->text, b->text) && patterns_equal(a->pattern, b->pattern);
}

bool node_equal(const struct node *a, const struct node *b)
{
    if (a == b)
        return true;
    if (!leaves_equal(a, b))
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!node_equal(a->args[i], b->args[i]))
            return false;
    return true;
}

/* splitmix64's finaliser (Steele, Lea and Flood 2014). */
static uint64_t mix(uint64_t h, uint64_t x)
{
    h += x + 0x9E3779B97F4A7C15u;
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9u;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBu;
    return h ^ (h >> 31);
}

static uint64_t mix_number(uint64_t h, double x)
{
    uint64_t bits;
    x = x == 0 ? 0 : x; /* -0 equals 0 */
    memcpy(&bits, &x, sizeof bits);
    return mix(h, bits);
}

uint64_t node_hash(const struct node *n)
{
    uint64_t h = mix((uint64_t)n->kind, (uint64_t)n->negated << 8 | (uint64_t)n->scope);
    h = mix(h, (uint64_t)n->ref << 32 | n->code);
    if (n->set_size)
        h = mix(h, text_hash((struct text){(const char *)n->set, n->set_size}));
    if (n->text.size)
        h = mix(h, text_hash(n->text));
    if (n->pattern)
        h = mix(h, text_hash(n->pattern->source) + n->pattern->ignore_case);
    if (n->kind == NODE_NUMBER)
        h = mix_number(h, n->number);
    if (n->kind == NODE_GRADE)
        h = mix_number(mix_number(h, n->lo), n->hi);
    for (uint32_t i = 0; i < n->count; i++)
        h = mix(h, node_hash(n->args[i]));
    return h;
}

void node_walk(const struct node *n, void (*visit)(const struct node *, void *), void *ctx)
{
    visit(n, ctx);
    for (uint32_t i = 0; i < n->count; i++)
        node_walk(n->args[i], visit, ctx);
}

enum node_reads node_reads(enum node_kind kind)
{
    switch (kind) {
    case NODE_CHOICE_IN:
    case NODE_INCLUDES:
    case NODE_MATCHES:
    case NODE_TEXT_IS:
    case NODE_ANSWERED:
    case NODE_UNKNOWN:
    case NODE_DISAGREE:
    case NODE_QUESTION:
    case NODE_MEAN:
    case NODE_MIN:
    case NODE_MAX:
    case NODE_SPREAD:
    case NODE_GAP: return READS_QUESTION;
    case NODE_PREMISE:
    case NODE_PRESENT:
    case NODE_CERTAINTY: return READS_CONCLUSION;
    default: return READS_NOTHING;
    }
}
