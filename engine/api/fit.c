/* In: an export and a pack. Out: how they fit: rows, answers to each question, columns nobody
 * reads, values that do not fit, diagnoses that cannot be decided. Nothing is diagnosed. Next: the
 * cli. */
#include "api/api.h"

#include <stdlib.h>

enum { MISFITS_TOLD = 50 };

struct answers {
    uint64_t given, unsure, not_applicable, blank;
};

struct fitting {
    const struct kb *kb;
    const struct entente_input *input;
    struct survey *survey;
    struct survey_parser *parser;
    struct survey_tally *tally;
    struct program *program;
    struct answers *answers; /* by question */
    struct survey_counts counts;
    uint64_t cases;
    struct buffer out;
    struct problems *problems;
};

static void count_block(struct fitting *f, const struct cases *c)
{
    f->cases += c->case_count;
    for (uint32_t q = 0; q < f->kb->question_count; q++) {
        const struct column *col = &c->columns[q];
        struct answers *a = &f->answers[q];
        for (uint32_t r = 0; col->put && r < c->respondent_count; r++) {
            uint8_t code = col->code[r];
            a->blank += code == CODE_BLANK || code == CODE_SKIPPED;
            a->unsure += code == CODE_UNSURE;
            a->not_applicable += code == CODE_NA;
            a->given += code != CODE_BLANK && code < CODE_SKIPPED;
        }
    }
}

static bool read_chunk(struct fitting *f, struct survey_chunk *c)
{
    struct survey_block block;
    struct survey_counts counts;
    bool ok;
    survey_parser_start(f->parser, c);
    while ((ok = survey_parse(f->parser, &block, f->problems)) && block.cases)
        count_block(f, block.cases);
    survey_parser_counts(f->parser, &counts);
    survey_counts_add(&f->counts, &counts);
    return ok;
}

static bool read_all(struct fitting *f)
{
    struct survey_options o = api_survey_options(f->input);
    struct survey_chunk *c;
    bool ok = true;
    f->tally = survey_tally_new();
    f->answers = calloc(f->kb->question_count + 1, sizeof *f->answers);
    if (!f->tally || !f->answers)
        return api_no_memory(f->problems);
    o.tally = f->tally;
    f->survey = survey_new(f->kb, &o, f->problems);
    f->parser = f->survey ? survey_parser_new(f->survey, f->problems) : NULL;
    if (!f->parser)
        return false;
    f->program = program_new(f->kb, survey_put(f->survey), PROGRAM_REPORT, f->problems);
    while (ok && f->program && (ok = survey_read(f->survey, &c, f->problems)) && c) {
        ok = read_chunk(f, c);
        ok = survey_done(f->survey, f->parser, c, f->problems) && ok;
    }
    return ok && f->program;
}

/* --- the report ------------------------------------------------------------------------------- */

static void add_count(struct buffer *b, uint64_t n, const char *what)
{
    buffer_unsigned(b, n);
    buffer_c(b, what);
}

static void add_rows_of(struct buffer *b, uint64_t n, const char *one, const char *many)
{
    if (n)
        add_count(b, n, n == 1 ? one : many);
}

static void add_name(struct buffer *b, struct text t)
{
    buffer_c(b, "'");
    size_t size = t.size < LIMIT_QUOTED ? t.size : LIMIT_QUOTED;
    while (size > 0 && size < t.size && ((unsigned char)t.at[size] & 0xC0) == 0x80)
        size--;
    buffer_visible(b, (struct text){t.at, size});
    buffer_c(b, size < t.size ? "\xE2\x80\xA6'" : "'");
}

static void add_rows(struct fitting *f)
{
    struct buffer *b = &f->out;
    const struct survey_counts *n = &f->counts;
    add_count(b, n->read, n->read == 1 ? " row read: " : " rows read: ");
    add_count(b, n->used, " used, ");
    add_count(b, n->rejected, " rejected, ");
    add_count(b, n->left_out, " left out\n");
    add_count(b, f->cases, f->cases == 1 ? " case\n" : " cases\n");
    add_rows_of(b, n->abandoned, " row of a person who did not finish\n",
                " rows of people who did not finish\n");
    add_rows_of(b, n->previews, " row that is a preview\n", " rows that are previews\n");
    add_rows_of(b, n->repeated_respondents, " row that repeats a respondent\n",
                " rows that repeat a respondent\n");
}

static void add_answers(struct fitting *f)
{
    struct buffer *b = &f->out;
    bool any = false;
    buffer_c(b, "\nanswers, by question:\n");
    for (uint32_t q = 0; q < f->kb->question_count; q++) {
        const struct answers *a = &f->answers[q];
        if (!survey_put(f->survey)->questions[q])
            continue;
        buffer_c(b, "  ");
        buffer_text(b, f->kb->questions[q].id);
        buffer_c(b, ": ");
        add_count(b, a->given, " given, ");
        add_count(b, a->unsure, " don't know, ");
        add_count(b, a->not_applicable, " not applicable, ");
        add_count(b, a->blank, a->given ? " blank\n" : " blank: nobody answered it\n");
    }
    for (uint32_t q = 0; q < f->kb->question_count; q++) {
        if (survey_put(f->survey)->questions[q])
            continue;
        buffer_c(b, any ? ", " : "\nquestions without a column: ");
        any = true;
        buffer_text(b, f->kb->questions[q].id);
    }
    buffer_c(b, any ? "\n" : "");
}

static void add_ignored(struct fitting *f)
{
    size_t count = survey_ignored_count(f->survey);
    for (size_t i = 0; i < count; i++) {
        buffer_c(&f->out, i ? ", " : "\ncolumns nobody reads: ");
        add_name(&f->out, survey_ignored(f->survey, i));
    }
    buffer_c(&f->out, count ? "\n" : "");
}

static bool add_misfits(struct fitting *f)
{
    const struct survey_misfit *list;
    size_t count;
    uint64_t others;
    bool ok = survey_tally_list(f->tally, &list, &count, &others);
    buffer_c(&f->out, count ? "\nvalues that do not fit:\n" : "");
    for (size_t i = 0; i < count; i++) {
        if (i >= MISFITS_TOLD) {
            others += list[i].rows;
            continue;
        }
        buffer_c(&f->out, "  ");
        add_count(&f->out, list[i].rows, list[i].rows == 1 ? " row: " : " rows: ");
        add_name(&f->out, list[i].value);
        buffer_c(&f->out, " in ");
        add_name(&f->out, list[i].column);
        buffer_c(&f->out, ", ");
        buffer_c(&f->out, list[i].cause);
        buffer_c(&f->out, "\n");
    }
    if (others)
        add_count(&f->out, others, " rows with other values\n");
    return ok;
}

static void add_undecided(struct fitting *f)
{
    bool any = false;
    for (uint32_t c = 0; c < f->kb->conclusion_count; c++) {
        if (f->kb->conclusions[c].kind == CONCLUSION_FINDING || program_is_assessed(f->program, c))
            continue;
        buffer_c(&f->out,
                 any ? ", "
                     : "\ndiagnoses and strengths that cannot be decided for lack of a column: ");
        any = true;
        buffer_text(&f->out, f->kb->conclusions[c].id);
    }
    buffer_c(&f->out, any ? "\n" : "");
}

static bool tell(struct fitting *f)
{
    add_rows(f);
    add_answers(f);
    add_ignored(f);
    bool ok = add_misfits(f);
    add_undecided(f);
    return ok || api_no_memory(f->problems);
}

bool entente_fit(const struct entente_kb *kb, const struct entente_input *input,
                 entente_write write, void *ctx, uint64_t *rejected,
                 struct entente_problems *problems)
{
    struct fitting f = {.kb = kb_inside(kb), .input = input, .problems = problems_inside(problems)};
    buffer_init(&f.out);
    bool ok = read_all(&f) && tell(&f) && api_write(&f.out, write, ctx, f.problems);
    *rejected = f.counts.rejected;
    buffer_deinit(&f.out);
    free(f.answers);
    program_free(f.program);
    survey_parser_free(f.parser);
    survey_free(f.survey);
    survey_tally_free(f.tally);
    return ok;
}
