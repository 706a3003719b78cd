/* In: names of packs, lists of problems. Out: handles, texts, codes. Next: case.c, batch.c. The
 * handles are the inner structures; what is here only hands things through. */
#include "api/api.h"

#include <stdlib.h>

/* --- what the other files of this folder share ----------------------------------------------- */

bool api_no_memory(struct problems *problems)
{
    problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    return false;
}

bool api_write(const struct buffer *b, entente_write write, void *ctx, struct problems *problems)
{
    if (b->failed)
        return api_no_memory(problems);
    return b->size == 0 || write(ctx, b->at, b->size);
}

uint32_t api_find_conclusion(const struct kb *kb, struct text id, enum problem_code code,
                             struct span at, struct problems *problems)
{
    uint32_t c = kb_conclusion(kb, id);
    if (c != NONE)
        return c;
    struct suggest near;
    suggest_init(&near, id);
    for (uint32_t i = 0; i < kb->conclusion_count; i++)
        suggest_offer(&near, kb->conclusions[i].id);
    problem_add(problems, code, at, problem_quote(problems, id), NULL, NULL);
    for (uint32_t i = 0; i < kb->rule_count; i++) {
        if (!text_equal(kb->rules[i].id, id))
            continue;
        struct text of = kb->conclusions[kb->rules[i].conclusion].id;
        problem_help(problems, problem_format(problems, "it is a rule, for the conclusion %s",
                                              problem_quote(problems, of)));
        return NONE;
    }
    if (near.best.size)
        problem_help(problems, problem_format(problems, "did you mean %s?",
                                              problem_quote(problems, near.best)));
    return NONE;
}

/* --- problems -------------------------------------------------------------------------------- */

const char *entente_version(void)
{
    return ENTENTE_VERSION;
}

struct entente_problems *entente_problems_new(void)
{
    return (struct entente_problems *)problems_new();
}

void entente_problems_free(struct entente_problems *problems)
{
    if (problems)
        problems_free(problems_inside(problems));
}

static const struct problems *problems_of(const struct entente_problems *problems)
{
    return (const struct problems *)problems;
}

_Static_assert(ENTENTE_NOTE == (int)SEVERITY_NOTE && ENTENTE_WARNING == (int)SEVERITY_WARNING &&
                   ENTENTE_ERROR == (int)SEVERITY_ERROR,
               "severities inside and outside are the same");

size_t entente_problems_count(const struct entente_problems *problems,
                              enum entente_severity at_least)
{
    return problems_count(problems_of(problems), (enum severity)at_least);
}

bool entente_problems_print(const struct entente_problems *problems, bool color,
                            entente_write write, void *ctx)
{
    struct buffer b;
    buffer_init(&b);
    problems_print(problems_of(problems), color, &b);
    bool ok = !b.failed && (b.size == 0 || write(ctx, b.at, b.size));
    buffer_deinit(&b);
    return ok;
}

bool entente_problems_json(const struct entente_problems *problems, entente_write write, void *ctx)
{
    struct buffer b;
    buffer_init(&b);
    problems_json(problems_of(problems), &b);
    bool ok = !b.failed && write(ctx, b.at, b.size);
    buffer_deinit(&b);
    return ok;
}

int entente_problems_exit(const struct entente_problems *problems)
{
    return problems_exit(problems_of(problems));
}

size_t entente_code_count(void)
{
    return PROBLEM_COUNT;
}

struct entente_code entente_code_at(size_t i)
{
    struct entente_code c = {.label = ""};
    if (i >= PROBLEM_COUNT)
        return c;
    problem_code_label((enum problem_code)i, c.label);
    c.message = problem_code_text((enum problem_code)i);
    c.more = problem_code_more((enum problem_code)i);
    return c;
}

bool entente_code_find(const char *label, struct entente_code *out)
{
    enum problem_code code;
    if (!problem_code_find(text_from_c(label), &code))
        return false;
    *out = entente_code_at(code);
    return true;
}

/* --- the knowledge base ---------------------------------------------------------------------- */

struct entente_kb *entente_kb_load(const struct entente_load *options,
                                   struct entente_problems *problems)
{
    struct kb_options o = {.packs = options->packs,
                           .pack_count = options->pack_count,
                           .language = text_from_c(options->language),
                           .with_tests = options->with_tests,
                           .all_texts = options->all_texts};
    struct kb *kb = kb_new(&o, problems_inside(problems));
    if (kb && options->with_tests && !pack_tests_check(kb, problems_inside(problems))) {
        kb_free(kb);
        return NULL;
    }
    return (struct entente_kb *)kb;
}

void entente_kb_free(struct entente_kb *kb)
{
    kb_free((struct kb *)kb);
}

struct entente_text entente_kb_name(const struct entente_kb *kb)
{
    return text_outside(kb_inside(kb)->name);
}

struct entente_text entente_kb_language(const struct entente_kb *kb)
{
    return text_outside(kb_inside(kb)->language);
}

struct entente_kb_counts entente_kb_counts(const struct entente_kb *kb)
{
    const struct kb *k = kb_inside(kb);
    return (struct entente_kb_counts){k->question_count, k->conclusion_count, k->rule_count,
                                      k->remedy_count, k->layer_count};
}

bool entente_kb_dump_program(const struct entente_kb *kb, entente_write write, void *ctx,
                             struct entente_problems *problems)
{
    const struct kb *k = kb_inside(kb);
    struct problems *ps = problems_inside(problems);
    bool *all = malloc(k->question_count + (size_t)1);
    if (!all)
        return api_no_memory(ps);
    struct put put = {.questions = all};
    for (uint32_t q = 0; q < k->question_count; q++) {
        all[q] = true;
        put.count += k->questions[q].kind != KIND_TEXT;
    }
    struct program *program = program_new(k, &put, PROGRAM_REPORT, ps);
    free(all);
    if (!program)
        return false;
    struct buffer b;
    buffer_init(&b);
    program_dump(program, &b);
    program_free(program);
    bool ok = api_write(&b, write, ctx, ps);
    buffer_deinit(&b);
    return ok;
}

/* --- formats --------------------------------------------------------------------------------- */

_Static_assert(ENTENTE_TEXT == (int)REPORT_TEXT && ENTENTE_MARKDOWN == (int)REPORT_MARKDOWN &&
                   ENTENTE_CSV == (int)REPORT_CSV && ENTENTE_JSONL == (int)REPORT_JSONL &&
                   ENTENTE_FORMAT_COUNT == (int)REPORT_COUNT,
               "formats inside and outside are the same");
_Static_assert(ENTENTE_SUMMARY == (int)COLUMNS_SUMMARY && ENTENTE_BOUNDS == (int)COLUMNS_BOUNDS &&
                   ENTENTE_CERTAINTY == (int)COLUMNS_CERTAINTY,
               "columns inside and outside are the same");

const char *entente_format_name(enum entente_format format)
{
    return report_format_name((enum report_format)format);
}

bool entente_format_of_file(const char *path, enum entente_format *out)
{
    enum report_format f;
    if (!report_format_of_file(text_from_c(path), &f))
        return false;
    *out = (enum entente_format)f;
    return true;
}

struct survey_options api_survey_options(const struct entente_input *in)
{
    return (struct survey_options){.files = in->files,
                                   .file_count = in->file_count,
                                   .case_column = in->case_column,
                                   .partner_column = in->partner_column,
                                   .respondent_column = in->respondent_column,
                                   .wave_column = in->wave_column,
                                   .each_row = in->each_row,
                                   .sorted = in->sorted,
                                   .keep = in->keep,
                                   .keep_count = in->keep_count,
                                   .memory = in->memory,
                                   .max_field = in->max_field,
                                   .separator = in->separator,
                                   .encoding = in->encoding,
                                   .dialect = in->dialect,
                                   .map = in->map,
                                   .sheet = in->sheet,
                                   .skip_rows = in->skip_rows,
                                   .drop_abandoned = in->drop_abandoned,
                                   .keep_previews = in->keep_previews,
                                   .keep_personal = in->keep_personal,
                                   .quote_text = in->quote_text,
                                   .duplicates = (int)in->duplicates,
                                   .decimal = in->decimal};
}
