/* In: why rows are rejected. Out: each value once, with how many rows it cost. Next: the fit
 * report. For one thread: it is asked for where nothing is diagnosed. */
#include "survey/survey_state.h"

#include <stdlib.h>

enum { TALLY_VALUES = 500 }; /* different ones kept; the rest are counted together */

struct survey_tally {
    struct arena arena;
    struct idmap by_key;
    struct survey_misfit *at;
    size_t count, capacity;
    uint64_t others;
    bool failed;
    /* of the call that goes on */
    struct text column, value;
    unsigned cause;
};

struct survey_tally *survey_tally_new(void)
{
    struct survey_tally *t = calloc(1, sizeof *t);
    if (t) {
        arena_init(&t->arena, 0);
        idmap_init(&t->by_key, &t->arena);
    }
    return t;
}

void survey_tally_free(struct survey_tally *t)
{
    if (!t)
        return;
    arena_deinit(&t->arena);
    free(t);
}

/* Column, cause and value in one. */
static struct text key_of(struct survey_tally *t)
{
    char *at = arena_alloc(&t->arena, t->column.size + t->value.size + 2);
    memcpy(at, t->column.at, t->column.size);
    at[t->column.size] = '\0';
    at[t->column.size + 1] = (char)t->cause;
    memcpy(at + t->column.size + 2, t->value.at, t->value.size);
    return (struct text){at, t->column.size + t->value.size + 2};
}

static void add(void *ctx)
{
    struct survey_tally *t = ctx;
    struct text key = key_of(t);
    uint32_t i = idmap_get(&t->by_key, key);
    if (i != IDMAP_NONE) {
        t->at[i].rows++;
        return;
    }
    if (t->count == TALLY_VALUES) {
        t->others++;
        return;
    }
    t->at = arena_grow(&t->arena, t->at, t->count, &t->capacity, sizeof *t->at);
    t->at[t->count] =
        (struct survey_misfit){arena_text(&t->arena, t->column), arena_text(&t->arena, t->value),
                               survey_cause_name(t->cause), 1};
    idmap_put(&t->by_key, key, (uint32_t)t->count++);
}

void tally_note(struct survey_tally *t, struct text column, struct text value, unsigned cause)
{
    static const struct text nothing = {"", 0};
    t->column = column.at ? column : nothing;
    t->value = value.at ? value : nothing;
    if (t->value.size > LIMIT_QUOTED) {
        t->value.size = LIMIT_QUOTED;
        while (t->value.size > 0 && ((unsigned char)t->value.at[t->value.size] & 0xC0) == 0x80)
            t->value.size--;
    }
    t->cause = cause;
    t->failed |= !arena_run(&t->arena, add, t);
}

static int by_rows(const void *a, const void *b)
{
    const struct survey_misfit *x = a, *y = b;
    if (x->rows != y->rows)
        return x->rows > y->rows ? -1 : 1;
    int order = text_compare(x->column, y->column);
    return order ? order : text_compare(x->value, y->value);
}

bool survey_tally_list(struct survey_tally *t, const struct survey_misfit **list, size_t *count,
                       uint64_t *others)
{
    if (t->count)
        qsort(t->at, t->count, sizeof *t->at, by_rows);
    *list = t->at;
    *count = t->count;
    *others = t->others;
    return !t->failed;
}
