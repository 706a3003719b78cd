/* In: chunks of an export that is not sorted. Out: all its rows in the store, then chunks of cases.
 * Next: parser fills blocks from the store. Rejected rows are handed out on the way. */
#include "survey/survey_state.h"

#include <stdlib.h>

/* A chunk that holds no bytes: cases of the store, and what was rejected since the last one. */
static struct survey_chunk *make_cases(struct survey *s, uint32_t to)
{
    struct survey_chunk *c = s->free_chunks;
    if (c)
        s->free_chunks = c->next_free;
    else
        c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    struct buffer empty = c->rejects;
    c->next_free = NULL;
    c->table = NULL;
    c->size = c->record_count = 0;
    c->case_from = s->next_case;
    c->case_to = s->next_case = to;
    c->rejects = s->intake.rejects;
    c->counts = s->intake.counts;
    s->intake.rejects = empty;
    s->intake.counts = (struct survey_counts){0};
    buffer_clear(&s->intake.rejects);
    return c;
}

static bool store_row(struct survey *s, uint32_t row, struct problems *problems)
{
    struct intake *in = &s->intake;
    if (batch_is_out(&in->batch, row)) {
        intake_out(in, row);
        return true;
    }
    struct new_row n = intake_new_row(in, row, false);
    switch (rowstore_add(&s->store, &n)) {
    case ADDED_AGAIN:
        in->counts.repeated_respondents++;
        intake_used(in, row);
        return true;
    case ADDED: intake_used(in, row); return true;
    case NOT_ADDED_PARTNERS:
        batch_fail(&in->batch, row, CAUSE_TOO_MANY_PARTNERS, in->batch.table->partner_column,
                   in->batch.partner[row], in->batch.start[row]);
        intake_rejected(in, row);
        return true;
    case NOT_ADDED_LIMIT: return survey_over_limit(s, "the rows", problems);
    default: return survey_no_memory(problems);
    }
}

static bool store_chunk(struct survey *s, const struct survey_chunk *c, struct problems *problems)
{
    struct intake *in = &s->intake;
    intake_start(in, c);
    for (;;) {
        arena_reset(&in->scratch);
        if (!intake_read(in))
            return survey_no_memory(problems);
        if (in->batch.count == 0)
            return !in->rejects.failed || survey_no_memory(problems);
        for (uint32_t i = 0; i < in->batch.count; i++)
            if (!store_row(s, i, problems))
                return false;
        in->next += in->batch.count;
    }
}

/* Until everything is stored, or enough was rejected to hand it out. */
static bool store_all(struct survey *s, struct problems *problems)
{
    while (s->intake.rejects.size < REJECTS_BYTES) {
        struct survey_chunk *c;
        if (!reader_next(s, &c, problems))
            return false;
        if (!c) {
            s->is_stored = true;
            return rowstore_arrange(&s->store) || survey_no_memory(problems);
        }
        bool ok = store_chunk(s, c, problems);
        survey_chunk_recycle(s, c);
        if (!ok)
            return false;
    }
    return true;
}

bool stored_next(struct survey *s, struct survey_chunk **chunk, struct problems *problems)
{
    *chunk = NULL;
    if (!s->is_stored && !store_all(s, problems))
        return false;
    uint32_t to = s->next_case;
    if (s->is_stored)
        to += s->store.case_count - to < CHUNK_CASES ? s->store.case_count - to : CHUNK_CASES;
    if (to == s->next_case && s->intake.counts.read == 0)
        return true;
    *chunk = make_cases(s, to);
    return *chunk || survey_no_memory(problems);
}
