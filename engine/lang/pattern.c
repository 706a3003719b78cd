/* pattern: regular expressions of a pack, which may come from a stranger.
 * In: what stands between the slashes. Out: code of PCRE2, one for equal patterns. Next: infer
 * makes it faster (JIT) and runs it with limits. The one idea: what is dangerous is refused by a
 * scan that knows escapes and nothing else, so it may refuse too much (`[(?R]`) and never too
 * little: outside a backslash pair PCRE2 sees every bracket that the scan sees. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "lang/pattern.h"

#include <pcre2.h>
#include <string.h>

/* Groups within groups: bounds the stack of pcre2_compile. */
enum {
    NESTED_GROUPS = 30,
    MESSAGE = 160,
    /* The machine code of PCRE2 10.42 misses matches with its start optimisation: /(a|)a+?a/ on
     * "aa". Without it both ways of matching give the same. */
    OPTIONS = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_START_OPTIMIZE
};

void pattern_set_init(struct pattern_set *set, struct arena *a)
{
    *set = (struct pattern_set){.arena = a};
    idmap_init(&set->by_source, a);
}

static void release_buffer(void *p)
{
    buffer_deinit(p);
}

static void release_code(void *p)
{
    pcre2_code_free(p);
}

struct text pattern_fold(struct arena *a, struct text t)
{
    if (utf8_is_ascii(t))
        return arena_text(a, t);
    struct buffer *folded = arena_alloc(a, sizeof *folded);
    buffer_init(folded);
    arena_defer(a, release_buffer, folded);
    if (!utf8_fold(t, folded) || folded->failed)
        arena_alloc(a, SIZE_MAX); /* no memory: leaves the run */
    return buffer_view(folded);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char byte_at(struct text t, size_t i)
{
    return i < t.size ? t.at[i] : '\0';
}

/* The size of what is refused at an opening bracket, or 0. */
static size_t refused_group(struct text t, size_t at)
{
    const char a = byte_at(t, at + 1), b = byte_at(t, at + 2), d = byte_at(t, at + 3);
    if (a == '*')
        return 2;
    if (a != '?')
        return 0;
    if (b == 'R' || b == 'C' || b == '&' || is_digit(b))
        return 3;
    if ((b == '+' || b == '-') && is_digit(d))
        return 4;
    return b == 'P' && d == '>' ? 4 : 0;
}

/* The same at a backslash: \C, \g<..>, \g'..'. */
static size_t refused_escape(struct text t, size_t at)
{
    const char a = byte_at(t, at + 1), b = byte_at(t, at + 2);
    if (a == 'C')
        return 2;
    return a == 'g' && (b == '<' || b == '\'') ? 3 : 0;
}

/* Looks for what is refused and counts brackets. False and a problem where it may not be. */
static bool is_harmless(struct context *c, const struct syntax *s)
{
    const struct text t = s->text;
    const size_t body = s->start + 1;
    size_t groups = 0;
    for (size_t i = 0; i < t.size; i++) {
        size_t refused = t.at[i] == '\\'  ? refused_escape(t, i)
                         : t.at[i] == '(' ? refused_group(t, i)
                                          : 0;
        if (refused) {
            context_error(c, PROBLEM_PATTERN_REFUSED, body + i, body + i + refused,
                          context_quote(c, body + i, body + i + refused), NULL, NULL);
            return false;
        }
        groups += t.at[i] == '(';
        /* \c takes the byte behind it, even a backslash. */
        if (t.at[i] == '\\')
            i += byte_at(t, i + 1) == 'c' ? 2 : 1;
    }
    if (groups <= LIMIT_PATTERN_GROUPS)
        return true;
    context_error(c, PROBLEM_PATTERN_GROUPS, s->start, s->end,
                  problem_count_text(c->problems, LIMIT_PATTERN_GROUPS), NULL, NULL);
    return false;
}

/* NULL, an error number and the byte where it is where it does not compile. No jump may leave this
 * function: what it makes is handed over at once. */
static pcre2_code *compile(struct text t, bool ignore_case, int *error, size_t *offset)
{
    pcre2_compile_context *limits = pcre2_compile_context_create(NULL);
    *error = PCRE2_ERROR_NOMEMORY;
    *offset = 0;
    if (limits == NULL)
        return NULL;
    pcre2_set_parens_nest_limit(limits, NESTED_GROUPS);
    pcre2_set_newline(limits, PCRE2_NEWLINE_LF); /* whatever PCRE2 was built with */
    PCRE2_SIZE at = 0;
    uint32_t options = (uint32_t)OPTIONS | (ignore_case ? PCRE2_CASELESS : 0);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)t.at, t.size, options, error, &at, limits);
    pcre2_compile_context_free(limits);
    *offset = at < t.size ? at : t.size;
    return code;
}

static void report(struct context *c, const struct syntax *s, struct text folded, int error,
                   size_t offset)
{
    if (error == PCRE2_ERROR_NOMEMORY || error == PCRE2_ERROR_HEAP_FAILED) {
        context_error(c, PROBLEM_NO_MEMORY, s->start, s->end, NULL, NULL, NULL);
        return;
    }
    /* Offsets in the folded text are not those in the pack: ask once more about the latter. */
    if (!text_equal(folded, s->text)) {
        int again;
        pcre2_code_free(compile(s->text, s->ignore_case, &again, &offset));
    }
    PCRE2_UCHAR message[MESSAGE];
    if (pcre2_get_error_message(error, message, sizeof message) < 0)
        message[0] = '\0';
    context_error(c, PROBLEM_PATTERN_SYNTAX, s->start + 1 + offset, s->start + 1 + offset + 1,
                  (const char *)message, NULL, NULL);
}

/* A pattern that is found in an empty text and in an odd one says nothing about an answer. */
static bool matches_everything(const pcre2_code *code)
{
    uint32_t may_be_empty = 0;
    static const char *const PROBES[] = {"", "\x01", "\x01\n\x01"};
    pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &may_be_empty);
    if (!may_be_empty)
        return false;
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    bool all = data && limits;
    if (limits)
        pcre2_set_match_limit(limits, LIMIT_PATTERN_MATCH);
    for (size_t i = 0; all && i < sizeof PROBES / sizeof PROBES[0]; i++)
        all = pcre2_match(code, (PCRE2_SPTR)PROBES[i], strlen(PROBES[i]), 0, 0, data, limits) >= 0;
    pcre2_match_context_free(limits);
    pcre2_match_data_free(data);
    return all;
}

/* In the set's arena, which lives as long as the set does. */
static struct pattern *add(struct pattern_set *set, struct text key, pcre2_code *code)
{
    struct arena *a = set->arena;
    arena_defer(a, release_code, code);
    struct pattern *p = arena_alloc(a, sizeof *p);
    p->ignore_case = key.at[0] == 'i';
    p->source = (struct text){key.at + 1, key.size - 1};
    p->code = code;
    p->index = (uint32_t)set->count;
    set->patterns =
        arena_grow(a, set->patterns, set->count, &set->capacity, sizeof(struct pattern *));
    set->patterns[set->count++] = p;
    idmap_put(&set->by_source, key, p->index);
    return p;
}

/* The flag and the source: what makes two patterns one. */
static struct text key_of(struct arena *a, struct text folded, bool ignore_case)
{
    char *key = arena_alloc(a, folded.size + 1);
    key[0] = ignore_case ? 'i' : '-';
    memcpy(key + 1, folded.at, folded.size);
    return (struct text){key, folded.size + 1};
}

void pattern_compile(struct context *c, struct syntax *s)
{
    if (s->text.size == 0) {
        context_error(c, PROBLEM_PATTERN_EMPTY, s->start, s->end, NULL, NULL, NULL);
        return;
    }
    if (s->text.size > LIMIT_PATTERN) {
        context_error(c, PROBLEM_PATTERN_LONG, s->start, s->end,
                      problem_count_text(c->problems, LIMIT_PATTERN), NULL, NULL);
        return;
    }
    if (!is_harmless(c, s))
        return;
    struct text folded = pattern_fold(c->scratch, s->text);
    struct text key = key_of(c->scratch, folded, s->ignore_case);
    uint32_t known = idmap_get(&c->patterns->by_source, key);
    if (known != IDMAP_NONE) {
        s->compiled = c->patterns->patterns[known];
        return;
    }
    struct text kept = arena_text(c->patterns->arena, key);
    int error;
    size_t offset;
    pcre2_code *code = compile(folded, s->ignore_case, &error, &offset);
    if (code == NULL) {
        report(c, s, folded, error, offset);
        return;
    }
    s->compiled = add(c->patterns, kept, code);
    if (matches_everything(code))
        context_warning(c, PROBLEM_PATTERN_ALL, s->start, s->end, NULL, NULL, NULL);
}
