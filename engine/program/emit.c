/* In: instructions, one by one. Out: the program's code, equal ones once. Next: infer runs it.
 * Two instructions are equal when everything but their result and their place in the source is. */
#include "program/emit.h"

#include <string.h>

struct instr instr_new(enum op op, enum scope scope)
{
    struct instr i;
    memset(&i, 0, sizeof i);
    i.op = (uint8_t)op;
    i.scope = (uint8_t)scope;
    i.question = i.a = i.b = i.owner = NONE;
    return i;
}

const char *op_name(enum op op)
{
    static const char *const names[] = {
#define OP(name, result, print) print,
#include "program/ops.def"
#undef OP
    };
    return names[op];
}

char op_result(enum op op)
{
    static const char results[] = {
#define OP(name, result, print) #result[0],
#include "program/ops.def"
#undef OP
    };
    return results[op];
}

bool op_gives_planes(enum op op)
{
    return op_result(op) == 'P';
}

const char *relation_spelling(enum relation r)
{
    static const char *const spellings[] = {"<", "<=", ">", ">=", "=", "!="};
    return spellings[r];
}

uint32_t emit_list(struct compiler *c, const uint32_t *args, size_t count)
{
    struct program *p = c->p;
    uint32_t from = (uint32_t)p->args_count;
    for (size_t i = 0; i < count; i++) {
        p->args = arena_grow(&p->arena, p->args, p->args_count, &p->args_capacity, sizeof *p->args);
        p->args[p->args_count++] = args[i];
    }
    return from;
}

static struct text key_of(struct compiler *c, const struct instr *i, const void *extra, size_t size)
{
    struct instr k = *i;
    k.dst = k.from = k.owner = 0;
    k.node = NULL;
    k.idle_single = false;
    buffer_clear(&c->key);
    buffer_text(&c->key, (struct text){(const char *)&k, sizeof k});
    buffer_text(&c->key, (struct text){extra, size});
    return buffer_view(&c->key);
}

/* The code that is being written, and how much of it there is. */
static struct instr *code_of(const struct compiler *c, size_t *count)
{
    *count = c->in_respondent ? c->p->inner_count : c->p->code_count;
    return c->in_respondent ? c->p->inner : c->p->code;
}

/* The instruction that has this key; who asks again reads it too, and so nobody owns it. */
static struct instr *seen_before(struct compiler *c, struct text key)
{
    uint32_t at = c->key.failed ? IDMAP_NONE
                                : idmap_get(c->in_respondent ? &c->seen_inner : &c->seen, key);
    size_t count;
    if (at == IDMAP_NONE)
        return NULL;
    struct instr *i = &code_of(c, &count)[at];
    if (i->owner != c->owner)
        i->owner = NONE;
    return i;
}

static void remember(struct compiler *c, struct text key)
{
    size_t count;
    code_of(c, &count);
    if (!c->key.failed)
        idmap_put(c->in_respondent ? &c->seen_inner : &c->seen, arena_text(&c->p->arena, key),
                  (uint32_t)count - 1);
}

static void append(struct compiler *c, const struct instr *i)
{
    struct program *p = c->p;
    if (c->in_respondent) {
        p->inner =
            arena_grow(&p->arena, p->inner, p->inner_count, &p->inner_capacity, sizeof *p->inner);
        p->inner[p->inner_count++] = *i;
    } else {
        p->code = arena_grow(&p->arena, p->code, p->code_count, &p->code_capacity, sizeof *p->code);
        p->code[p->code_count++] = *i;
    }
}

uint32_t emit(struct compiler *c, struct instr i, const void *extra, size_t extra_size)
{
    struct program *p = c->p;
    char result = op_result((enum op)i.op);
    if (result == '-') {
        append(c, &i);
        return NONE;
    }
    struct text key = key_of(c, &i, extra, extra_size);
    const struct instr *same = seen_before(c, key);
    if (same)
        return same->dst;
    if (extra_size && (i.op == OP_AND || i.op == OP_OR || i.op == OP_BOUND || i.op == OP_LOWEST ||
                       i.op == OP_HIGHEST))
        i.from = emit_list(c, extra, i.count);
    if (result == 'P')
        i.dst = p->plane_count++;
    else if (result == 'N')
        i.dst = p->number_count++;
    else if (result == 'E') {
        i.dst = p->equals_count;
        p->equals_count += i.count + 1;
    } else
        i.dst = p->code_slots++;
    i.owner = c->owner;
    append(c, &i);
    remember(c, key);
    return i.dst;
}

void emit_once(struct compiler *c, struct instr i, const void *extra, size_t extra_size)
{
    struct text key = key_of(c, &i, extra, extra_size);
    if (seen_before(c, key))
        return;
    i.from = emit_list(c, extra, i.count);
    i.owner = c->owner;
    append(c, &i);
    remember(c, key);
}
