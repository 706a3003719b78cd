/* In: the patterns a program matches against one question. Out: a database that finds them all in
 * one pass over a text. Next: infer/match.c. */
#include "program/scanner.h"

#ifdef ENTENTE_HYPERSCAN
#include "program/program.h"

#include <hs/hs.h>
#include <stdlib.h>

struct patterns {
    const struct pattern **of; /* by slot */
    bool *left_out;
    uint32_t count;
};

static void gather_patterns(struct program *p, uint32_t question, struct patterns *list)
{
    list->of = arena_array(&p->arena, p->pattern_count, sizeof(void *));
    list->left_out = arena_array(&p->arena, p->pattern_count, sizeof *list->left_out);
    bool *seen = arena_array(&p->arena, p->pattern_count, sizeof *seen);
    for (size_t k = 0; k < p->code_count; k++) {
        const struct instr *i = &p->code[k];
        if (i->op != OP_MATCHES || i->question != question || seen[i->node->pattern->index])
            continue;
        seen[i->node->pattern->index] = true;
        list->of[list->count++] = i->node->pattern;
    }
}

static unsigned flags_of(const struct pattern *pattern)
{
    return HS_FLAG_UTF8 | HS_FLAG_UCP | HS_FLAG_SINGLEMATCH | HS_FLAG_ALLOWEMPTY |
           (pattern->ignore_case ? HS_FLAG_CASELESS : 0);
}

/* One attempt with what is not left out; the pattern that was in the way is left out of the next.
 */
static hs_database_t *attempt(struct program *p, struct patterns *list, bool *again)
{
    const char **text = arena_array(&p->arena, list->count, sizeof *text);
    unsigned *flags = arena_array(&p->arena, list->count, sizeof *flags);
    unsigned *ids = arena_array(&p->arena, list->count, sizeof *ids);
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    unsigned n = 0;
    *again = false;
    for (uint32_t s = 0; s < list->count; s++) {
        if (list->left_out[s])
            continue;
        text[n] = arena_c(&p->arena, list->of[s]->source);
        flags[n] = flags_of(list->of[s]);
        ids[n++] = s;
    }
    if (n == 0)
        return NULL;
    if (hs_compile_multi(text, flags, ids, n, HS_MODE_BLOCK, NULL, &database, &error) == HS_SUCCESS)
        return database;
    if (error && error->expression >= 0 && (unsigned)error->expression < n) {
        list->left_out[ids[error->expression]] = true;
        *again = true;
    }
    hs_free_compile_error(error);
    return NULL;
}

static void release(void *database)
{
    hs_free_database(database);
}

struct scanner *scanner_of(struct program *p, uint32_t question)
{
    struct patterns list = {0};
    gather_patterns(p, question, &list);
    hs_database_t *database = NULL;
    bool again = list.count > 0;
    while (again)
        database = attempt(p, &list, &again);
    if (!database)
        return NULL;
    arena_defer(&p->arena, release, database);
    struct scanner *s = arena_alloc(&p->arena, sizeof *s);
    s->question = question;
    s->database = database;
    s->count = list.count;
    s->slot_of = arena_array(&p->arena, p->pattern_count, sizeof *s->slot_of);
    for (size_t k = 0; k < p->pattern_count; k++)
        s->slot_of[k] = NONE;
    for (uint32_t k = 0; k < list.count; k++)
        if (!list.left_out[k])
            s->slot_of[list.of[k]->index] = k;
    return s;
}

#else

struct scanner *scanner_of(struct program *p, uint32_t question)
{
    (void)p;
    (void)question;
    return NULL;
}

#endif
