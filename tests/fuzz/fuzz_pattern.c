/* In: a condition in which `comment matches /.../` stands, once or often, and below it a text. Out:
 * the automaton of all its patterns finds in the text what PCRE2 finds, pattern by pattern, or says
 * that PCRE2 must be asked. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "fuzz.h"

#include "program/automaton.h"
#include "program/program.h"
#include "unit/lang_names.h"

#include <pcre2.h>

enum { LONGEST_TRY = 200000, MOST = 64 };

struct round {
    struct program p;
    struct arena arena;
    struct text written, text;
    const struct node *matches[MOST];
    size_t count;
    struct scanner *scanner;
};

static void take_node(const struct node *n, void *ctx)
{
    struct round *r = ctx;
    if (n->kind == NODE_MATCHES && r->count < MOST)
        r->matches[r->count++] = n;
}

/* What a program for one question would hold. */
static void make_program(struct round *r, size_t patterns)
{
    struct instr *code = arena_array(&r->arena, r->count, sizeof *code);
    for (size_t i = 0; i < r->count; i++)
        code[i] = (struct instr){.op = OP_MATCHES, .node = (struct node *)r->matches[i]};
    r->p.code = code;
    r->p.code_count = r->count;
    r->p.pattern_count = (uint32_t)patterns;
}

static void make_scanner(void *ctx)
{
    struct round *r = ctx;
    r->p.scanners = &r->scanner;
    scanners_make(&r->p);
}

static void compare(const struct round *r, const uint64_t *planes)
{
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(limits, LONGEST_TRY);
    for (size_t i = 0; i < r->count; i++) {
        const struct pattern *p = r->matches[i]->pattern;
        const struct scan_slot *slot = scanner_find(r->scanner, p);
        if (!slot)
            continue;
        const uint64_t *plane = planes + 2 * (slot - r->scanner->slots);
        if (plane[1])
            continue;
        int rc = pcre2_match(p->code, (PCRE2_SPTR)r->text.at, r->text.size, 0, 0, data, limits);
        bool gave_up = rc < 0 && rc != PCRE2_ERROR_NOMATCH;
        FUZZ_CHECK(gave_up || (rc >= 0) == (plane[0] != 0), p->source, r->text);
    }
    pcre2_match_context_free(limits);
    pcre2_match_data_free(data);
}

static void run_round(void *ctx)
{
    struct round *r = ctx;
    struct pattern_set patterns;
    struct problems *problems = problems_new();
    struct scalar scalar = {.value = r->written, .span = {0, 0, (uint32_t)r->written.size}};
    pattern_set_init(&patterns, &r->arena);
    const struct node *n =
        condition_new(&r->arena, scalar, SCOPE_PARTNER, &FIXTURE_NAMES, &patterns, problems);
    problems_free(problems);
    if (n == NULL)
        return;
    node_walk(n, take_node, r);
    make_program(r, patterns.count);
    FUZZ_CHECK(arena_run(&r->p.arena, make_scanner, r), r->written, FUZZ_NOTHING);
    if (r->scanner == NULL)
        return;
    uint64_t planes[2 * MOST] = {0};
    scanner_scan(r->scanner, &(struct scan_text){r->text, 0}, 1, planes, 1);
    compare(r, planes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct round r = {.count = 0};
    r.text = (struct text){(const char *)data, size};
    r.written = fuzz_line(&r.text);
    r.text.size = utf8_valid(r.text);
    arena_init(&r.arena, 0);
    arena_init(&r.p.arena, 0);
    FUZZ_CHECK(arena_run(&r.arena, run_round, &r), r.written, FUZZ_NOTHING);
    arena_deinit(&r.p.arena);
    arena_deinit(&r.arena);
    return 0;
}
