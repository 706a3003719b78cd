/* cells: libcyaml loads the values, the tree says where they stand.
 * In: the bytes of a file and its table. Out: structs whose cells hold value, number and place.
 * The idea: one walk over (table, struct, tree) at once; no code for any single key. What a value
 * is, libcyaml and the tree must agree on; where they do not, that is a bug, not a pack's fault. */
#include "pack/cells.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libcyaml's memory. Small pieces come from the arena and are never freed; a list, which libcyaml
 * lets grow an entry at a time, moves to the heap when it is big, so that it can be moved cheaply.
 * The loan notes those pieces until the arena is reset. Nothing here may jump. */
struct loan {
    struct arena *arena;
    struct big *bigs;
    char log[160];
};

struct big {
    struct big *next;
    void *at;
};

struct piece {
    size_t capacity;
    struct big *big; /* NULL: in the arena */
};

enum { PIECE_BIG = 1 << 10 };

_Static_assert(sizeof(struct piece) == 16, "what follows a piece is aligned to 16");

static void return_loan(void *p)
{
    struct loan *loan = p;
    for (struct big *b = loan->bigs; b; b = b->next)
        free(b->at);
    loan->bigs = NULL;
}

static struct piece *new_piece(struct loan *loan, size_t size)
{
    if (size < PIECE_BIG)
        return arena_try(loan->arena, sizeof(struct piece) + size);
    struct big *big = arena_try(loan->arena, sizeof *big);
    if (!big)
        return NULL;
    big->at = malloc(sizeof(struct piece) + size);
    if (!big->at)
        return NULL;
    big->next = loan->bigs;
    loan->bigs = big;
    struct piece *piece = big->at;
    piece->big = big;
    return piece;
}

static struct piece *grow_big(struct piece *piece, size_t size)
{
    struct big *big = piece->big;
    void *moved = realloc(piece, sizeof(struct piece) + size);
    if (!moved)
        return NULL;
    big->at = moved;
    return moved;
}

static void *lend(void *ctx, void *ptr, size_t size)
{
    struct loan *loan = ctx;
    struct piece *old = ptr ? (struct piece *)ptr - 1 : NULL;
    if (size == 0)
        return NULL;
    if (old && size <= old->capacity)
        return ptr;
    size_t capacity =
        old && size < old->capacity + old->capacity / 2 ? old->capacity + old->capacity / 2 : size;
    bool stays = old && old->big;
    struct piece *piece = stays ? grow_big(old, capacity) : new_piece(loan, capacity);
    if (!piece)
        return NULL;
    if (old && !stays)
        memcpy(piece + 1, ptr, old->capacity);
    piece->capacity = capacity;
    return piece + 1;
}

__attribute__((format(printf, 3, 0))) static void keep_log(cyaml_log_t level, void *ctx,
                                                           const char *format, va_list args)
{
    struct loan *loan = ctx;
    if (level == CYAML_LOG_ERROR && loan->log[0] == '\0')
        vsnprintf(loan->log, sizeof loan->log, format, args);
}

struct walk {
    struct ground ground;
    struct arena *arena;
    bool differs;
};

static void fill_cell(struct walk *w, const cyaml_schema_value_t *schema, struct cell *cell,
                      const struct tree *t)
{
    struct scalar s = tree_scalar(w->arena, w->ground.source, w->ground.bytes, t,
                                  table_type(schema) == CELL_CONDITION);
    if (!cell->value || strlen(cell->value) != t->value.size ||
        memcmp(cell->value, t->value.at, t->value.size) != 0) {
        w->differs = true;
        return;
    }
    cell->size = (uint32_t)t->value.size;
    cell->span = s.span;
    cell->origin = s.origin;
    cell->number = scalar_number(schema, t->value);
}

static void fill_cells(struct walk *w, const cyaml_schema_value_t *schema, struct cells *cells,
                       const struct tree *t)
{
    if (cells->count != t->count) {
        w->differs = true;
        return;
    }
    cells->at = arena_array(w->arena, t->count + 1, sizeof *cells->at);
    uint32_t i = 0;
    for (const struct tree *entry = t->child; entry; entry = entry->next, i++) {
        cells->at[i].value = cells->values[i];
        fill_cell(w, schema->sequence.entry, &cells->at[i], entry);
    }
}

static void fill_free(struct walk *w, struct cell *cell, const struct tree *t)
{
    struct scalar s = tree_scalar(w->arena, w->ground.source, w->ground.bytes, t, false);
    bool null = t->style == STYLE_PLAIN && (text_is(t->value, "~") || text_is(t->value, "null"));
    struct text value = null ? (struct text){"", 0} : t->value;
    cell->value = arena_c(w->arena, value);
    cell->size = (uint32_t)value.size;
    cell->span = s.span;
}

static void fill_entries(struct walk *w, struct entries *entries, const struct tree *t)
{
    entries->count = t->count;
    entries->at = arena_array(w->arena, t->count + 1, sizeof *entries->at);
    struct entry *e = entries->at;
    for (const struct tree *key = t->child; key; key = key->next->next, e++) {
        const struct tree *value = key->next;
        fill_free(w, &e->key, key);
        e->is_list = value->kind == TREE_LIST;
        e->is_quoted = !e->is_list && value->style != STYLE_PLAIN;
        e->count = e->is_list ? value->count : 1;
        e->values = arena_array(w->arena, e->count + 1, sizeof *e->values);
        struct cell *cell = e->values;
        for (const struct tree *v = e->is_list ? value->child : value; v; v = v->next) {
            fill_free(w, cell++, v);
            if (!e->is_list)
                break;
        }
    }
}

static void fill_mapping(struct walk *w, const cyaml_schema_field_t *fields, char *base,
                         const struct tree *t);

static unsigned count_of(const cyaml_schema_field_t *field, const char *base)
{
    unsigned count;
    memcpy(&count, base + field->count_offset, sizeof count);
    return count;
}

static void fill_list(struct walk *w, const cyaml_schema_value_t *schema, char *at, unsigned count,
                      const struct tree *t)
{
    if (count != t->count) {
        w->differs = true;
        return;
    }
    const cyaml_schema_value_t *entry = schema->sequence.entry;
    for (const struct tree *e = t->child; e; e = e->next, at += entry->data_size)
        fill_mapping(w, entry->mapping.fields, at, e);
}

static void fill_field(struct walk *w, const cyaml_schema_field_t *field, char *base,
                       const struct tree *t)
{
    const cyaml_schema_value_t *schema = &field->value;
    void *at = base + field->data_offset;
    char *pointer;
    memcpy(&pointer, at, sizeof pointer);
    if (schema->type == CYAML_STRING)
        fill_cell(w, schema, at, t);
    else if (schema->type == CYAML_IGNORE)
        fill_entries(w, at, t);
    else if (schema->type == CYAML_SEQUENCE && schema->sequence.entry->type == CYAML_STRING)
        fill_cells(w, schema, at, t);
    else if (schema->type == CYAML_SEQUENCE)
        fill_list(w, schema, pointer, count_of(field, base), t);
    else if (pointer)
        fill_mapping(w, schema->mapping.fields, pointer, t);
    else if (t->count > 0)
        w->differs = true;
}

static void fill_mapping(struct walk *w, const cyaml_schema_field_t *fields, char *base,
                         const struct tree *t)
{
    struct position *position = (void *)base;
    *position = (struct position){tree_span(w->ground.source, t), t->line, t->column};
    for (const struct tree *key = t->child; key; key = key->next->next)
        fill_field(w, table_field(fields, key->value), base, key->next);
}

/* The second pass. What can fail in it is memory, or a bug: the tree has passed the same table. */
static bool load(struct walk *w, const cyaml_schema_value_t *schema, const struct tree *tree,
                 struct loaded *out)
{
    struct loan *loan = arena_alloc(w->arena, sizeof *loan);
    loan->arena = w->arena;
    arena_defer(w->arena, return_loan, loan);
    cyaml_config_t config = {.log_fn = keep_log,
                             .log_ctx = loan,
                             .mem_fn = lend,
                             .mem_ctx = loan,
                             .log_level = CYAML_LOG_ERROR,
                             .flags = CYAML_CFG_NO_ALIAS};
    size_t mark = text_starts(w->ground.bytes, "\xEF\xBB\xBF") ? 3 : 0;
    bool is_list = schema->type == CYAML_SEQUENCE;
    cyaml_err_t err =
        cyaml_load_data((const uint8_t *)w->ground.bytes.at + mark, w->ground.bytes.size - mark,
                        &config, schema, &out->at, is_list ? &out->count : NULL);
    struct problems *problems = w->ground.problems;
    if (err == CYAML_ERR_OOM || err == CYAML_ERR_LIBYAML_PARSER ||
        err == CYAML_ERR_LIBYAML_PARSER_INIT || err == CYAML_ERR_LIBYAML_EVENT_INIT) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return false;
    }
    if (err == CYAML_OK && is_list && out->at)
        fill_list(w, schema, out->at, out->count, tree);
    else if (err == CYAML_OK && out->at)
        fill_mapping(w, schema->mapping.fields, out->at, tree);
    if (err == CYAML_OK && !w->differs)
        return true;
    problem_add(problems, PROBLEM_BUG, tree_span(w->ground.source, tree),
                problem_format(problems, "a file is read in two ways (%s; %s)", cyaml_strerror(err),
                               loan->log),
                NULL, NULL);
    return false;
}

bool cells_load(struct arena *a, struct arena *scratch, source_id source, struct text bytes,
                enum table table, const char *what, struct loaded *out, struct problems *problems)
{
    *out = (struct loaded){NULL, 0};
    struct walk w = {.ground = {scratch, source, bytes, problems}, .arena = a};
    const struct tree *tree = tree_new(scratch, source, w.ground.bytes, what, problems);
    const cyaml_schema_value_t *schema = table_schema(table);
    return tree && shape_check(&w.ground, schema, tree) && load(&w, schema, tree, out);
}

struct text cell_text(const struct cell *c)
{
    return (struct text){c->value ? c->value : "", c->size};
}

struct scalar cell_scalar(const struct cell *c)
{
    return (struct scalar){cell_text(c), c->span, c->origin};
}

bool cell_given(const struct cell *c)
{
    return c->value != NULL;
}

bool cell_true(const struct cell *c)
{
    return c->value != NULL && c->number != 0;
}
