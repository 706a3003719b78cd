/* In: a chunk of records. Out: batches of rows read, rejects as text, counts. Next: parser puts
 * them into blocks, stored into the store. */
#include "survey/survey_state.h"

bool intake_init(struct intake *in, const struct survey *s)
{
    *in = (struct intake){.survey = s};
    arena_init(&in->scratch, 0);
    buffer_init(&in->rejects);
    return batch_init(&in->batch, &s->columns, s->max_field, &in->scratch);
}

void intake_deinit(struct intake *in)
{
    batch_deinit(&in->batch);
    buffer_deinit(&in->rejects);
    arena_deinit(&in->scratch);
}

void intake_start(struct intake *in, const struct survey_chunk *c)
{
    in->chunk = c;
    in->next = 0;
    in->line_at = c->bytes;
    in->line = c->first_line;
}

bool intake_read(struct intake *in)
{
    const struct survey_chunk *c = in->chunk;
    size_t left = c->record_count - in->next;
    uint32_t n = left < BATCH_ROWS ? (uint32_t)left : BATCH_ROWS;
    in->batch.count = 0;
    if (n == 0)
        return true;
    size_t behind = in->next + n < c->record_count ? c->starts[in->next + n] : c->size;
    return batch_read(&in->batch, c->table, c->bytes, c->starts + in->next, n, behind);
}

uint64_t intake_row(const struct intake *in, uint32_t row)
{
    return in->chunk->first_row + in->next + row + 1;
}

/* Places are asked for nearly in order; behind the last one counting starts again. */
uint64_t intake_line(struct intake *in, const char *place)
{
    if (place < in->line_at) {
        in->line_at = in->chunk->bytes;
        in->line = in->chunk->first_line;
    }
    in->line += scan_count_lines(in->line_at, (size_t)(place - in->line_at));
    in->line_at = place;
    return in->line;
}

uint64_t intake_row_line(struct intake *in, uint32_t row)
{
    return in->chunk->is_line_each ? in->chunk->first_line + in->next + row
                                   : intake_line(in, in->batch.start[row]);
}

static void count_status(struct intake *in, uint32_t row)
{
    in->counts.abandoned += in->batch.abandoned >> row & 1;
    in->counts.previews += in->batch.previews >> row & 1;
}

void intake_taken(struct intake *in, uint32_t row)
{
    in->counts.read++;
    in->counts.texts_cut += in->batch.cut[row];
    if (in->batch.abandoned | in->batch.previews)
        count_status(in, row);
}

/* Who is not wanted need not be right. */
void intake_out(struct intake *in, uint32_t row)
{
    if ((in->batch.left_out >> row & 1) == 0) {
        intake_rejected(in, row);
        return;
    }
    in->counts.read++;
    in->counts.left_out++;
    count_status(in, row);
}

void intake_reject(struct intake *in, const struct table *t, const struct fault *f, uint64_t line,
                   uint64_t byte)
{
    in->counts.rejected++;
    in->counts.causes[f->cause]++;
    if (in->survey->options.tally)
        tally_note(in->survey->options.tally,
                   f->column < t->column_count ? t->names[f->column] : TEXT(""),
                   reject_value(&in->survey->columns, t, f), f->cause);
    reject_write(&in->rejects, &in->survey->columns, t, f, line, byte, in->survey->max_field);
}

/* What is wrong with the structure of a row tells more than what one cell then seems to say. */
void intake_rejected(struct intake *in, uint32_t row)
{
    struct batch *b = &in->batch;
    struct shape shape;
    row_shape(b->table, b->start[row], b->end[row], b->max_field, NONE, &shape);
    const struct fault *f = shape.fault.cause == CAUSE_NONE ? &b->fault[row] : &shape.fault;
    in->counts.read++;
    intake_reject(in, b->table, f, intake_line(in, f->place), chunk_byte(in->chunk, f->place));
}

struct new_row intake_new_row(const struct intake *in, uint32_t row)
{
    const struct batch *b = &in->batch;
    struct new_row n = {.name = b->key[row],
                        .partner = {"", 0},
                        .respondent = {"", 0},
                        .wave = {"", 0},
                        .row = intake_row(in, row),
                        .block = batch_row(b, row),
                        .kept = b->kept + row * b->keep_count};
    if (b->columns->options->compare)
        n.wave = b->columns->wave_by_file ? b->table->source.name : b->wave[row];
    if (b->columns->has_partner)
        n.partner = b->partner[row];
    if (b->columns->has_respondent)
        n.respondent = b->respondent[row];
    return n;
}
