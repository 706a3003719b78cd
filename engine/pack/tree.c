/* tree: from bytes to nodes with places, through libyaml's events.
 * In: checked bytes. Out: the tree, or problems. Next: shape.c, which knows the keys.
 * The idea: libyaml counts characters, we count bytes; marks grow, so two cursors that move
 * forward turn one into the other. Depth is bounded while the events come, so libyaml never gets
 * to the depths where it takes quadratic time. */
#include "pack/tree.h"
#include "pack/misread.h"
#include <string.h>
#include <yaml.h>

struct cursor {
    size_t offset, index; /* byte, code point */
    uint32_t line, column;
    size_t line_offset; /* how far line and column have been counted */
};

struct level {
    struct tree *node, *last;
};

struct builder {
    struct arena *arena;
    source_id source;
    struct text bytes;
    size_t start; /* behind the byte order mark */
    bool ascii;
    struct problems *problems;
    yaml_parser_t parser;
    yaml_event_t event;
    bool parser_lives, event_lives;
    struct cursor cursor;
    struct level levels[LIMIT_YAML_DEPTH + 1];
    size_t depth;
    struct tree *root;
    const struct tree *last_scalar;
    size_t nodes, anchors, tags, bad_keys;
    bool failed, stopped;
};

static void release(void *p)
{
    struct builder *b = p;
    if (b->event_lives)
        yaml_event_delete(&b->event);
    if (b->parser_lives)
        yaml_parser_delete(&b->parser);
    b->event_lives = b->parser_lives = false;
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The byte at which the index-th code point behind the byte order mark starts. */
static size_t byte_of(struct builder *b, size_t index)
{
    if (b->ascii) {
        size_t at = b->start + index;
        return at < b->bytes.size ? at : b->bytes.size;
    }
    struct cursor *c = &b->cursor;
    while (c->index > index) {
        do
            c->offset--;
        while (continues(b->bytes.at[c->offset]));
        c->index--;
    }
    while (c->index < index && c->offset < b->bytes.size) {
        do
            c->offset++;
        while (c->offset < b->bytes.size && continues(b->bytes.at[c->offset]));
        c->index++;
    }
    return c->offset;
}

/* Line and column of a byte, counted on from the last one asked for. */
static void place_node(struct builder *b, struct tree *t)
{
    struct cursor *c = &b->cursor;
    if (t->start < c->line_offset) {
        c->line_offset = b->start;
        c->line = c->column = 1;
    }
    const char *at = b->bytes.at;
    for (size_t i = c->line_offset; i < t->start; i++) {
        if (at[i] == '\n' || (at[i] == '\r' && !(i + 1 < b->bytes.size && at[i + 1] == '\n'))) {
            c->line++;
            c->column = 1;
        } else if (!continues(at[i]) && at[i] != '\r') {
            c->column++;
        }
    }
    c->line_offset = t->start;
    t->line = c->line;
    t->column = c->column;
}

static struct span span_of(struct builder *b, size_t start, size_t end)
{
    return (struct span){b->source, (uint32_t)start, (uint32_t)(end > start ? end : start)};
}

static void fail(struct builder *b, enum problem_code code, struct span span, const char *help)
{
    problem_add(b->problems, code, span, NULL, NULL, NULL);
    if (help)
        problem_help(b->problems, help);
    b->failed = true;
}

static struct tree *add_node(struct builder *b, enum tree_kind kind)
{
    if (++b->nodes > LIMIT_YAML_NODES) {
        if (!b->stopped)
            problem_add(b->problems, PROBLEM_YAML_TOO_MANY, span_of(b, 0, 0),
                        problem_count_text(b->problems, LIMIT_YAML_NODES), NULL, NULL);
        b->failed = b->stopped = true;
    }
    struct tree *t = arena_alloc(b->arena, sizeof *t);
    t->kind = (uint8_t)kind;
    t->start = (uint32_t)byte_of(b, b->event.start_mark.index);
    t->end = (uint32_t)byte_of(b, b->event.end_mark.index);
    if (kind != TREE_SCALAR)
        place_node(b, t);
    if (b->depth == 0) {
        b->root = t;
        return t;
    }
    struct level *level = &b->levels[b->depth - 1];
    bool is_key = level->node->kind == TREE_MAPPING && level->node->count % 2 == 0;
    if (is_key && kind != TREE_SCALAR && b->bad_keys++ == 0)
        fail(b, PROBLEM_YAML_KEY_SHAPE, span_of(b, t->start, t->start + 1),
             "quote the text if it begins with a bracket");
    if (level->last)
        level->last->next = t;
    else
        level->node->child = t;
    level->last = t;
    level->node->count++;
    return t;
}

/* Anchors, aliases and tags are counted, and told once a file: a bomb holds thousands. So are keys
 * that are no scalars. */
static void refuse_anchor(struct builder *b, const yaml_char_t *name, char sign)
{
    if (!name || b->anchors++ > 0)
        return;
    size_t at = byte_of(b, b->event.start_mark.index);
    while (at < b->bytes.size && b->bytes.at[at] != sign && b->bytes.at[at] != '\n')
        at++;
    size_t end = at + 1 + strlen((const char *)name);
    problem_add(b->problems, PROBLEM_YAML_ALIAS, span_of(b, at, end),
                problem_quote(b->problems, (struct text){b->bytes.at + at, end - at}), NULL, NULL);
    problem_help(b->problems, "write the value out where it is needed, or quote it if the sign is "
                              "part of a text");
    b->failed = true;
}

static void refuse_tag(struct builder *b, const yaml_char_t *tag)
{
    if (!tag || b->tags++ > 0)
        return;
    size_t at = byte_of(b, b->event.start_mark.index), end = at;
    while (at < b->bytes.size && b->bytes.at[at] != '!' && b->bytes.at[at] != '\n')
        at++;
    for (end = at; end < b->bytes.size && (unsigned char)b->bytes.at[end] > ' ';)
        end++;
    problem_add(b->problems, PROBLEM_YAML_TAG, span_of(b, at, end),
                problem_quote(b->problems, (struct text){b->bytes.at + at, end - at}), NULL, NULL);
    problem_help(b->problems, "remove the tag, or quote the text if the sign is part of it");
    b->failed = true;
}

/* Values may hold what bytes_check refuses, written as an escape. */
static void check_escapes(struct builder *b, const struct tree *t)
{
    for (size_t i = 0; i < t->value.size; i++) {
        unsigned char c = (unsigned char)t->value.at[i];
        if ((c >= 0x20 && c != 0x7F) || c == '\t' || c == '\n')
            continue;
        fail(b, c == 0 ? PROBLEM_YAML_NUL_ESCAPE : PROBLEM_YAML_CONTROL_ESCAPE,
             span_of(b, t->start, t->end), "remove the escape");
        return;
    }
}

static enum tree_style style_of(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return STYLE_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return STYLE_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE: return STYLE_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE: return STYLE_FOLDED;
    default: return STYLE_PLAIN;
    }
}

static void add_scalar(struct builder *b)
{
    struct tree *t = add_node(b, TREE_SCALAR);
    struct text value = {(const char *)b->event.data.scalar.value, b->event.data.scalar.length};
    t->style = (uint8_t)style_of(b->event.data.scalar.style);
    refuse_anchor(b, b->event.data.scalar.anchor, '&');
    refuse_tag(b, b->event.data.scalar.tag);
    size_t quotes = t->style == STYLE_SINGLE || t->style == STYLE_DOUBLE;
    const char *written = b->bytes.at + t->start + quotes;
    bool is_view = t->end - t->start == value.size + 2 * quotes &&
                   (value.size == 0 || memcmp(written, value.at, value.size) == 0);
    if (value.size > LIMIT_TEXT) {
        problem_add(b->problems, PROBLEM_YAML_TEXT_TOO_LONG, span_of(b, t->start, t->start + 1),
                    problem_count_text(b->problems, value.size),
                    problem_count_text(b->problems, LIMIT_TEXT), NULL);
        b->failed = true;
        value.size = 0;
    }
    t->value = is_view ? (struct text){written, value.size} : arena_text(b->arena, value);
    if (!is_view)
        check_escapes(b, t);
    b->last_scalar = t;
}

static void add_alias(struct builder *b)
{
    struct tree *t = add_node(b, TREE_SCALAR);
    t->value = (struct text){b->bytes.at + t->start, 0};
    refuse_anchor(b, b->event.data.alias.anchor, '*');
}

static void open_level(struct builder *b, enum tree_kind kind, const yaml_char_t *anchor,
                       const yaml_char_t *tag)
{
    if (b->depth == LIMIT_YAML_DEPTH) {
        size_t at = byte_of(b, b->event.start_mark.index);
        problem_add(b->problems, PROBLEM_YAML_TOO_DEEP, span_of(b, at, at + 1),
                    problem_count_text(b->problems, LIMIT_YAML_DEPTH), NULL, NULL);
        b->failed = b->stopped = true;
        return;
    }
    struct tree *t = add_node(b, kind);
    refuse_anchor(b, anchor, '&');
    refuse_tag(b, tag);
    b->levels[b->depth++] = (struct level){t, NULL};
}

static void report_duplicate(struct builder *b, const struct tree *key, const struct tree *first)
{
    problem_add(b->problems, PROBLEM_YAML_DUPLICATE_KEY, span_of(b, key->start, key->end),
                problem_quote(b->problems, key->value), NULL, NULL);
    problem_note(b->problems, span_of(b, first->start, first->end), "it stands here already");
    problem_help(b->problems, "keep one of the two");
    b->failed = true;
}

static bool key_equal(const struct tree *a, const struct tree *b)
{
    return a->kind == TREE_SCALAR && b->kind == TREE_SCALAR && text_equal(a->value, b->value);
}

static void check_keys(struct builder *b, const struct tree *mapping)
{
    if (mapping->count <= 16) {
        for (const struct tree *key = mapping->child; key; key = key->next->next)
            for (const struct tree *first = mapping->child; first != key; first = first->next->next)
                if (key_equal(first, key)) {
                    report_duplicate(b, key, first);
                    break;
                }
        return;
    }
    const struct tree **keys = arena_array(b->arena, mapping->count, sizeof *keys);
    struct idmap seen;
    idmap_init(&seen, b->arena);
    uint32_t i = 0;
    for (const struct tree *key = mapping->child; key; key = key->next->next, i++) {
        keys[i] = key;
        uint32_t first = key->kind == TREE_SCALAR ? idmap_put(&seen, key->value, i) : i;
        if (first != i)
            report_duplicate(b, key, keys[first]);
    }
}

static void close_level(struct builder *b, bool is_block)
{
    struct level *level = &b->levels[--b->depth];
    struct tree *t = level->node;
    t->end =
        is_block && level->last ? level->last->end : (uint32_t)byte_of(b, b->event.end_mark.index);
    if (t->kind == TREE_MAPPING) {
        t->count /= 2;
        check_keys(b, t);
    }
}

static void take_event(struct builder *b, bool *had_document)
{
    yaml_event_t *e = &b->event;
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (*had_document) {
            size_t at = byte_of(b, e->start_mark.index);
            fail(b, PROBLEM_YAML_DOCUMENTS, span_of(b, at, at + 3),
                 "keep one document in a file; remove the line `---`");
            b->stopped = true;
        }
        *had_document = true;
        break;
    case YAML_SCALAR_EVENT: add_scalar(b); break;
    case YAML_ALIAS_EVENT: add_alias(b); break;
    case YAML_MAPPING_START_EVENT:
        open_level(b, TREE_MAPPING, e->data.mapping_start.anchor, e->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_START_EVENT:
        open_level(b, TREE_LIST, e->data.sequence_start.anchor, e->data.sequence_start.tag);
        break;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        /* A block ends where the next token stands, a flow collection behind its bracket. */
        close_level(b, e->start_mark.index == e->end_mark.index);
        break;
    default: break;
    }
}

/* Turns libyaml's failure into a problem. */
static void report_misread(struct builder *b)
{
    const yaml_parser_t *p = &b->parser;
    b->failed = true;
    if (p->error == YAML_MEMORY_ERROR) {
        problem_add(b->problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return;
    }
    struct misread error = {
        .source = b->source,
        .bytes = b->bytes,
        .problem = p->problem,
        .at = p->error == YAML_READER_ERROR ? p->problem_offset : byte_of(b, p->problem_mark.index),
        .context = p->context,
        .context_at = p->context ? byte_of(b, p->context_mark.index) : 0,
        .last = b->last_scalar,
    };
    misread_report(&error, b->problems);
}

static void run(struct builder *b)
{
    bool had_document = false;
    yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b->parser, (const unsigned char *)b->bytes.at + b->start,
                                 b->bytes.size - b->start);
    for (bool more = true; more && !b->stopped;) {
        if (!yaml_parser_parse(&b->parser, &b->event)) {
            report_misread(b);
            return;
        }
        b->event_lives = true;
        more = b->event.type != YAML_STREAM_END_EVENT;
        take_event(b, &had_document);
        yaml_event_delete(&b->event);
        b->event_lives = false;
    }
}

struct tree *tree_new(struct arena *a, source_id source, struct text bytes, const char *what,
                      struct problems *problems)
{
    size_t start;
    if (!bytes_check(source, bytes, &start, problems))
        return NULL;
    struct builder *b = arena_alloc(a, sizeof *b);
    *b = (struct builder){
        .arena = a,
        .source = source,
        .bytes = bytes,
        .start = start,
        .ascii = utf8_is_ascii((struct text){bytes.at + start, bytes.size - start}),
        .problems = problems,
        .cursor = {.offset = start, .line = 1, .column = 1, .line_offset = start}};
    arena_defer(a, release, b);
    if (!yaml_parser_initialize(&b->parser)) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return NULL;
    }
    b->parser_lives = true;
    run(b);
    release(b);
    if (b->failed)
        return NULL;
    bool is_empty = !b->root || (b->root->kind == TREE_SCALAR && b->root->value.size == 0);
    if (is_empty) {
        problem_add(problems, PROBLEM_YAML_EMPTY, span_of(b, start, start), what, NULL, NULL);
        problem_help(problems, "write what belongs into it, or remove it if it is not needed");
        return NULL;
    }
    return b->root;
}

struct tree *tree_get(const struct tree *mapping, const char *key)
{
    if (!mapping || mapping->kind != TREE_MAPPING)
        return NULL;
    for (struct tree *k = mapping->child; k; k = k->next->next)
        if (k->kind == TREE_SCALAR && text_is(k->value, key))
            return k->next;
    return NULL;
}

struct span tree_span(source_id source, const struct tree *t)
{
    return (struct span){source, t->start, t->end};
}
