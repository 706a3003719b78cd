/* In: an item of a pattern that takes one character. Out: the set of those it takes. Next:
 * automaton_parse.c.
 * The one idea: no table of cases, classes or properties is ours. PCRE2, which says what a pattern
 * means, goes through a text of all the characters in question, with the item alone. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "program/charset.h"
#include "program/program.h"

#include <pcre2.h>
#include <stdio.h>
#include <string.h>

enum { ITEM = 64, ASCII_END = 0x80, LOW_BYTES = ASCII_END + 2 * (LOW_END - ASCII_END) };

static size_t encode(uint32_t c, char *out)
{
    if (c < ASCII_END) {
        out[0] = (char)c;
        return 1;
    }
    if (c < LOW_END) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
}

/* The position of the character that starts at this byte of the probe. */
static size_t position_at(size_t byte)
{
    if (byte < ASCII_END)
        return byte;
    return byte < LOW_BYTES ? ASCII_END + (byte - ASCII_END) / 2 : LOW_END + (byte - LOW_BYTES) / 3;
}

static uint32_t add_set(struct charsets *c, const uint16_t (*runs)[2], uint32_t count,
                        enum holds beyond)
{
    c->sets = arena_grow(c->arena, c->sets, c->count, &c->capacity, sizeof *c->sets);
    struct charset *s = &c->sets[c->count];
    *s = (struct charset){.run_count = count, .beyond = beyond};
    s->runs = arena_array(c->arena, count, sizeof *s->runs);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(s->runs[i], runs[i], sizeof runs[i]);
        s->size += (uint32_t)(runs[i][1] - runs[i][0]);
    }
    return (uint32_t)c->count++;
}

enum asked { ASKED, NOT_TAKEN, NO_MEMORY };

/* No jump may leave this function, which holds what is PCRE2's. */
static enum asked ask(struct text probe, const char *pattern, uint32_t options, uint16_t (*runs)[2],
                      uint32_t *count)
{
    int error;
    PCRE2_SIZE at;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &error, &at, NULL);
    if (!code)
        return error == PCRE2_ERROR_HEAP_FAILED || error == PCRE2_ERROR_NOMEMORY ? NO_MEMORY
                                                                                 : NOT_TAKEN;
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    *count = 0;
    int rc = data ? 0 : PCRE2_ERROR_NOMEMORY;
    const PCRE2_SIZE *span = data ? pcre2_get_ovector_pointer(data) : NULL;
    for (size_t from = 0; rc >= 0 && from < probe.size; from = span[1]) {
        rc = pcre2_match(code, (PCRE2_SPTR)probe.at, probe.size, from, PCRE2_NO_UTF_CHECK, data,
                         NULL);
        if (rc < 0)
            break;
        runs[*count][0] = (uint16_t)position_at(span[0]);
        runs[(*count)++][1] = (uint16_t)position_at(span[1]);
    }
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return rc >= 0 || rc == PCRE2_ERROR_NOMATCH ? ASKED : NO_MEMORY;
}

uint32_t charset_of(struct charsets *c, struct text item, bool ignore_case, enum holds beyond)
{
    static const char OPEN[] = "(?:", CLOSE[] = ")++";
    char *pattern = arena_alloc(c->arena, item.size + sizeof OPEN + sizeof CLOSE);
    size_t size = sizeof OPEN - 1;
    memcpy(pattern, OPEN, size);
    memcpy(pattern + size, item.at, item.size);
    memcpy(pattern + size + item.size, CLOSE, sizeof CLOSE);
    pattern[0] = ignore_case ? 'i' : '-'; /* for the key only */
    const struct text key = {pattern, size + item.size};
    const uint32_t known = idmap_get(&c->by_item, key);
    if (known != IDMAP_NONE)
        return known;
    const struct text kept = arena_text(c->arena, key);
    pattern[0] = '(';
    uint16_t runs[POSITIONS / 2 + 1][2];
    uint32_t count;
    switch (ask(c->probe, pattern, PCRE2_UTF | PCRE2_UCP | (ignore_case ? PCRE2_CASELESS : 0), runs,
                &count)) {
    case NOT_TAKEN: return NONE;
    case NO_MEMORY: arena_alloc(c->arena, SIZE_MAX); return NONE; /* leaves the run */
    case ASKED: break;
    }
    return idmap_put(&c->by_item, kept, add_set(c, (const uint16_t(*)[2])runs, count, beyond));
}

uint32_t charset_of_character(struct charsets *c, uint32_t code_point, bool ignore_case)
{
    char item[ITEM];
    const int size = snprintf(item, sizeof item, "\\x{%x}", code_point);
    /* The other case of an ASCII letter is never beyond (automaton_test looks at all of them). */
    const bool near = code_point < ASCII_END || (!ignore_case && position_of(code_point) != BEYOND);
    return charset_of(c, (struct text){item, (size_t)size}, ignore_case,
                      near ? HOLDS_NO : HOLDS_UNSURE);
}

uint32_t charset_of_any(struct charsets *c, bool newline_too)
{
    return charset_of(c, newline_too ? TEXT("(?s:.)") : TEXT("[^\\n]"), false, HOLDS_YES);
}

void charsets_init(struct charsets *c, struct arena *a)
{
    *c = (struct charsets){.arena = a};
    idmap_init(&c->by_item, a);
    char *probe = arena_alloc(a, LOW_BYTES + 3 * (HIGH_END - HIGH_FROM));
    size_t size = 0;
    for (uint32_t p = 0; p < BEYOND; p++)
        size += encode(p < LOW_END ? p : p - LOW_END + HIGH_FROM, probe + size);
    c->probe = (struct text){probe, size};
    charset_of(c, TEXT("\\w"), false, HOLDS_UNSURE);
    charset_of(c, TEXT("\\n"), false, HOLDS_NO);
}
