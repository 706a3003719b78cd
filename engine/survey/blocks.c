/* In: chunks. Out: blocks of cases, kept cells, rejects, counts. Next: infer runs over the block,
 * report reads names and kept cells. One a thread; all of a block lives until the next. */
#include "survey/parsing.h"

#include <stdlib.h>

struct survey_parser *survey_parser_new(const struct survey *s, struct problems *problems)
{
    struct survey_parser *p = calloc(1, sizeof *p);
    size_t keep = s->options.keep_count ? s->options.keep_count : 1;
    if (!p) {
        survey_no_memory(problems);
        return NULL;
    }
    p->survey = s;
    survey_rows_init(&p->rows);
    rowstore_init(&p->store, &s->columns.layout, (uint32_t)s->options.keep_count,
                  s->columns.has_respondent);
    p->store.keeps_first = s->options.duplicates == DUPLICATES_FIRST;
    bool ok = intake_init(&p->intake, s);
    p->block = cases_new(s->kb, &s->put);
    p->kept = calloc(BLOCK_CASES * keep, sizeof *p->kept);
    p->rows_of = calloc(BLOCK_CASES, sizeof *p->rows_of);
    p->sorting.by_file = s->columns.wave_by_file;
    p->waves = s->options.compare ? calloc(BLOCK_CASES, sizeof *p->waves) : NULL;
    p->names = s->mode == MODE_SINGLE ? calloc(BLOCK_CASES, sizeof *p->names) : NULL;
    ok = ok && (p->waves || !s->options.compare) && (p->names || s->mode != MODE_SINGLE);
    if (ok && p->block && p->kept && p->rows_of)
        return p;
    survey_no_memory(problems);
    survey_parser_free(p);
    return NULL;
}

void survey_parser_free(struct survey_parser *p)
{
    if (!p)
        return;
    intake_deinit(&p->intake);
    rowstore_deinit(&p->store);
    survey_rows_deinit(&p->rows);
    gathered_deinit(&p->gathered);
    waves_deinit(&p->sorting);
    free(p->waves);
    cases_free(p->block);
    free(p->kept);
    free(p->rows_of);
    free(p->names);
    free(p);
}

void survey_parser_start(struct survey_parser *p, struct survey_chunk *c)
{
    intake_start(&p->intake, c);
    buffer_clear(&p->intake.rejects);
    p->intake.counts = (struct survey_counts){0};
    p->is_gathered = p->has_last_key = false;
}

struct text survey_parser_rejects(const struct survey_parser *p)
{
    return buffer_view(&p->intake.rejects);
}

void survey_parser_counts(struct survey_parser *p, struct survey_counts *since_start)
{
    *since_start = p->intake.counts;
}

/* --- every row a case ---------------------------------------------------------------------------
 */

/* `row N`: all but the last two digits stay the same for a hundred rows. */
static size_t name_row(struct survey_parser *p, uint64_t row, char name[NAME_BYTES])
{
    uint64_t hundred = row / 100;
    if (hundred != p->hundred || p->prefix_size == 0) {
        memcpy(p->prefix, "row ", 4);
        p->prefix_size = 4 + (hundred ? number_unsigned(p->prefix + 4, hundred) : 0);
        p->hundred = hundred;
    }
    memcpy(name, p->prefix, NAME_BYTES);
    size_t n = p->prefix_size;
    unsigned last = (unsigned)(row - hundred * 100);
    if (hundred || last >= 10)
        name[n++] = (char)('0' + last / 10);
    name[n++] = (char)('0' + last % 10);
    return n;
}

static void add_single(struct survey_parser *p, uint32_t row)
{
    const struct intake *in = &p->intake;
    struct cases *b = p->block;
    uint32_t n = b->case_count++;
    uint64_t number = intake_row(in, row);
    b->case_names[n] = (struct text){p->names[n], name_row(p, number, p->names[n])};
    b->partner_names[n] =
        p->survey->columns.has_partner ? in->batch.partner[row] : (struct text){"", 0};
    b->open[n] = false;
    b->partner_from[n + 1] = b->respondent_from[n + 1] = n + 1;
    p->rows_of[n] = number;
    size_t keep = p->survey->options.keep_count;
    for (size_t i = 0; i < keep; i++)
        p->kept[n * keep + i] = in->batch.kept[row * keep + i];
}

static bool parse_single(struct survey_parser *p, struct problems *problems)
{
    struct intake *in = &p->intake;
    struct cases *b = p->block;
    if (!cases_reserve(b, BLOCK_CASES, BLOCK_CASES, BLOCK_CASES))
        return survey_no_memory(problems);
    while (b->case_count + BATCH_ROWS <= BLOCK_CASES) {
        uint8_t *rows[BATCH_ROWS];
        uint32_t n = 0;
        if (!intake_read(in))
            return survey_no_memory(problems);
        if (in->batch.count == 0)
            break;
        for (uint32_t i = 0; i < in->batch.count; i++) {
            if (batch_is_out(&in->batch, i)) {
                intake_out(in, i);
                continue;
            }
            intake_taken(in, i);
            in->counts.used++;
            add_single(p, i);
            rows[n++] = batch_row(&in->batch, i);
        }
        fill_rows(b, &p->survey->columns.layout, rows, n);
        b->partner_count = b->case_count;
        in->next += in->batch.count;
    }
    return true;
}

/* --- the rows of a case stand together -----------------------------------------------------------
 */

/* Adds a row to the store; false when memory is short. */
static bool add_sorted(struct survey_parser *p, uint32_t row)
{
    struct intake *in = &p->intake;
    struct new_row n = intake_new_row(in, row);
    enum added r = rowstore_add(&p->store, &n);
    if (r == NOT_ADDED_PARTNERS) {
        batch_fail(&in->batch, row, CAUSE_TOO_MANY_PARTNERS, in->batch.table->partner_column,
                   in->batch.partner[row], in->batch.start[row]);
        intake_rejected(in, row);
        return true;
    }
    if (r == NOT_ADDED_MEMORY)
        return false;
    in->counts.repeated_respondents += r == ADDED_AGAIN;
    in->counts.used++;
    intake_taken(in, row);
    return true;
}

/* What a row's key does to the block: false where the block ends in front of the row. */
static bool take_key(struct survey_parser *p, uint32_t row, bool *ok, struct problems *problems)
{
    struct intake *in = &p->intake;
    struct batch *b = &in->batch;
    struct text key = b->key[row];
    bool no_memory = false;
    if (batch_is_dead(b, row) && !reader_key(p->survey, b->table, b->start[row], b->end[row],
                                             &in->scratch, &key, &no_memory)) {
        *ok = !no_memory || survey_no_memory(problems);
        return *ok;
    }
    int order = p->has_last_key ? text_compare(p->last_key, key) : -1;
    if (order > 0) {
        *ok =
            key_order_problem(p->survey, b->table, intake_line(in, b->start[row]), key,
                              p->last_key, problems);
        return false;
    }
    if (order < 0 && parser_is_full(p))
        return false;
    p->last_key = key;
    p->has_last_key = true;
    return true;
}

static bool parse_sorted(struct survey_parser *p, struct problems *problems)
{
    struct intake *in = &p->intake;
    bool ok = true, full = false;
    rowstore_clear(&p->store);
    while (ok && !full) {
        if (!intake_read(in))
            return survey_no_memory(problems);
        if (in->batch.count == 0)
            break;
        uint32_t i = 0;
        for (; i < in->batch.count; i++) {
            if (!take_key(p, i, &ok, problems)) {
                full = true;
                break;
            }
            if (batch_is_out(&in->batch, i))
                intake_out(in, i);
            else if (!add_sorted(p, i))
                return survey_no_memory(problems);
        }
        in->next += i;
    }
    p->has_last_key = false; /* it may be in the scratch; the next block begins behind it */
    if (ok && !rowstore_arrange(&p->store))
        return survey_no_memory(problems);
    return ok;
}

/* --- blocks ----------------------------------------------------------------------------------- */

static bool fill_block(struct survey_parser *p, struct problems *problems)
{
    const struct rowstore *s = &p->store;
    size_t keep = p->survey->options.keep_count;
    if (!fill_cases(p->block, s))
        return survey_no_memory(problems);
    for (uint32_t c = 0; c < s->case_count; c++)
        p->rows_of[c] = s->cases[c].row;
    if (keep && s->case_count)
        memcpy(p->kept, s->kept, s->case_count * keep * sizeof *p->kept);
    if (s->layout->fact_count)
        for (uint32_t c = 0; c < s->case_count; c++)
            p->intake.counts.fact_conflicts += rowstore_facts_differ(s, c);
    return true;
}

bool survey_parse(struct survey_parser *p, struct survey_block *block, struct problems *problems)
{
    bool ok;
    *block = (struct survey_block){0};
    cases_clear(p->block);
    arena_reset(&p->intake.scratch);
    if (p->survey->mode == MODE_SINGLE)
        ok = parse_single(p, problems);
    else if (p->survey->mode == MODE_SORTED)
        ok = parse_sorted(p, problems) && fill_block(p, problems);
    else if (p->intake.chunk->table)
        ok = scattered_pack(p, problems);
    else
        ok = scattered_parse(p, problems) && fill_block(p, problems);
    if (!ok)
        return false;
    if (p->intake.rejects.failed)
        return survey_no_memory(problems);
    if (p->block->case_count > 0)
        *block = (struct survey_block){
            .cases = p->block, .waves = p->waves, .kept = p->kept, .rows = p->rows_of};
    return true;
}
