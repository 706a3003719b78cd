/* In: packed rows of an export whose cases are scattered. Out: all of them by case, and chunks that
 * say which cases come next. Next: gather brings the rows of a chunk's cases together. */
#include "survey/survey_state.h"

#include <stdlib.h>

enum {
    CHUNK_CASES = 8 * BLOCK_CASES, /* in one chunk */
    CHUNK_ROWS_BYTES = 512 << 10,  /* of rows, from which a chunk takes no more cases */
    ALIKE_SHOWN = 5
};

void stored_init(struct stored *s, uint32_t keep_count, uint64_t memory)
{
    *s = (struct stored){.memory = memory};
    casebook_init(&s->book, keep_count);
}

void stored_deinit(struct stored *s)
{
    casebook_deinit(&s->book);
    pile_deinit(&s->pile);
    pile_deinit(&s->spare);
    for (size_t i = 0; i < s->run_count; i++)
        sorted_run_deinit(&s->runs[i]);
    free(s->runs);
    spool_free(s->spool);
    free(s->ids);
}

/* --- rows of a chunk -------------------------------------------------------------------------- */

void survey_rows_init(struct survey_rows *r)
{
    *r = (struct survey_rows){0};
    buffer_init(&r->rows);
    buffer_init(&r->names);
}

void survey_rows_deinit(struct survey_rows *r)
{
    buffer_deinit(&r->rows);
    buffer_deinit(&r->names);
}

void survey_rows_add(struct survey_rows *r, const struct survey *s, const struct new_row *n,
                     uint32_t table, uint64_t line)
{
    packed_write(&r->rows, &s->columns.layout, n, table, line);
    named_write(&r->names, n->name, n->row, n->open, n->kept, (uint32_t)s->options.keep_count);
    r->count++;
}

/* --- taking in -------------------------------------------------------------------------------- */

static bool room_for_ids(struct stored *s, size_t count)
{
    if (count <= s->id_capacity)
        return true;
    uint32_t *ids = realloc(s->ids, 2 * count * sizeof *ids);
    if (!ids)
        return false;
    s->ids = ids;
    s->id_capacity = 2 * count;
    return true;
}

/* The rows learn which case they are of. */
static bool take_in(struct stored *s, struct survey_rows *r)
{
    if (r->rows.failed || r->names.failed || !room_for_ids(s, r->count) ||
        !casebook_put(&s->book, r->names.at, r->count, s->ids))
        return false;
    char *at = r->rows.at;
    for (uint32_t i = 0; i < r->count; i++) {
        struct packed_row *row = (struct packed_row *)(void *)at;
        row->of_case = s->ids[i];
        casebook_note(&s->book, s->ids[i], row->size);
        if (!pile_add(&s->pile, row))
            return false;
        at += row->size;
    }
    return true;
}

bool survey_is_full(const struct survey *s)
{
    const struct stored *t = &s->stored;
    uint64_t names = casebook_size(&t->book) + atomic_load(&t->run_memory);
    uint64_t left = names < t->memory ? t->memory - names : 0;
    return pile_memory(&t->pile) > left / 2;
}

bool survey_store(struct survey *s, struct survey_rows *rows, struct survey_spill **spill,
                  struct problems *problems)
{
    struct stored *t = &s->stored;
    if (spill)
        *spill = NULL;
    if (s->mode != MODE_STORED || t->is_grouped)
        return true;
    if (!take_in(t, rows))
        return survey_no_memory(problems);
    buffer_clear(&rows->rows);
    buffer_clear(&rows->names);
    rows->count = 0;
    if (casebook_size(&t->book) + atomic_load(&t->run_memory) > t->memory / 4 * 3)
        return survey_over_limit(s, "the names of the cases",
                                 "allow more memory, or sort the rows by case and say --sorted",
                                 problems);
    if (!spill || !survey_is_full(s)) {
        atomic_fetch_sub(&t->pending, 1);
        return true;
    }
    struct survey_spill *full = malloc(sizeof *full);
    if (!full)
        return survey_no_memory(problems);
    *full = (struct survey_spill){.pile = t->pile, .case_count = t->book.count};
    t->pile = t->spare;
    t->spare = (struct pile){0};
    *spill = full;
    return true;
}

static bool new_run(struct stored *s)
{
    if (s->run_count < s->run_capacity)
        return true;
    size_t larger = s->run_capacity ? 2 * s->run_capacity : 16;
    struct sorted_run *runs = realloc(s->runs, larger * sizeof *runs);
    if (!runs)
        return false;
    s->runs = runs;
    s->run_capacity = larger;
    return true;
}

void survey_spill_free(struct survey_spill *spill)
{
    if (spill)
        pile_deinit(&spill->pile);
    free(spill);
}

bool survey_spill(struct survey *s, struct survey_spill *spill, struct problems *problems)
{
    struct stored *t = &s->stored;
    if (!spill)
        return true;
    bool ok = t->spool || (t->spool = spool_new(problems));
    if (ok && (!new_run(t) || !pile_sort(&spill->pile, spill->case_count)))
        ok = survey_no_memory(problems);
    if (ok) {
        struct sorted_run *r = &t->runs[t->run_count++];
        *r = (struct sorted_run){0};
        ok = sorted_run_write(r, &spill->pile, t->spool, problems);
        atomic_fetch_add(&t->run_memory, (r->count + (uint64_t)1) * sizeof *r->at);
    }
    if (ok) {
        pile_clear(&spill->pile);
        t->spare = spill->pile; /* no other spill is made before this one is reported done */
        spill->pile = (struct pile){0};
        atomic_fetch_sub(&t->pending, 1);
    }
    survey_spill_free(spill);
    return ok;
}

bool survey_done(struct survey *s, struct survey_parser *p, struct survey_chunk *c,
                 struct problems *problems)
{
    struct survey_rows rows;
    struct survey_spill *spill = NULL;
    survey_rows_init(&rows);
    survey_parser_rows(p, &rows);
    bool ok = survey_store(s, &rows, &spill, problems) && survey_spill(s, spill, problems);
    survey_rows_deinit(&rows);
    survey_chunk_recycle(s, c);
    return ok;
}

/* --- handing out ------------------------------------------------------------------------------ */

/* Two spellings of one name are two cases; whoever wrote them may not know. */
static bool tell_alike(const struct stored *s, bool shows, struct problems *problems)
{
    struct alike alike[ALIKE_SHOWN];
    size_t count;
    if (!casebook_alike(&s->book, alike, ALIKE_SHOWN, &count))
        return survey_no_memory(problems);
    size_t shown = !shows ? 0 : count < ALIKE_SHOWN ? count : ALIKE_SHOWN;
    for (size_t i = 0; i < shown; i++)
        problem_add(problems, PROBLEM_CASES_ALIKE, SPAN_NONE,
                    problem_quote(problems, casebook_name(&s->book, alike[i].first)),
                    problem_quote(problems, casebook_name(&s->book, alike[i].second)), NULL);
    if (count > shown)
        problem_add(problems, PROBLEM_CASES_ALIKE_MORE, SPAN_NONE,
                    problem_count_text(problems, count - shown), NULL, NULL);
    return true;
}

static bool group(struct survey *s, struct problems *problems)
{
    struct stored *t = &s->stored;
    for (uint32_t c = 0; c < t->book.count; c++)
        if (casebook_bytes(&t->book, c) > t->memory)
            return survey_over_limit(
                s, "the rows of one case",
                "allow more memory, or look whether the case column is the right one", problems);
    if (!pile_sort(&t->pile, t->book.count))
        return survey_no_memory(problems);
    t->is_grouped = true;
    return tell_alike(t, !s->columns.hides_cases, problems);
}

/* A chunk that holds no bytes: cases of the store. */
static struct survey_chunk *next_cases(struct survey *s)
{
    struct stored *t = &s->stored;
    struct survey_chunk *c = chunk_take(s);
    if (!c)
        return NULL;
    c->case_from = t->next_case;
    for (uint64_t bytes = 0; t->next_case < t->book.count && bytes < CHUNK_ROWS_BYTES &&
                             t->next_case - c->case_from < CHUNK_CASES;)
        bytes += casebook_bytes(&t->book, t->next_case++);
    c->case_to = t->next_case;
    return c;
}

bool survey_is_waiting(const struct survey *s)
{
    return s->mode == MODE_STORED && s->stored.is_read && !s->stored.is_grouped;
}

bool stored_next(struct survey *s, struct survey_chunk **chunk, struct problems *problems)
{
    struct stored *t = &s->stored;
    *chunk = NULL;
    if (!t->is_read) {
        if (!reader_next(s, chunk, problems))
            return false;
        if (*chunk) {
            atomic_fetch_add(&t->pending, 1);
            return true;
        }
        t->is_read = true;
    }
    if (!t->is_grouped && atomic_load(&t->pending) > 0)
        return true;
    if (!t->is_grouped && !group(s, problems))
        return false;
    if (t->next_case == t->book.count)
        return true;
    *chunk = next_cases(s);
    return *chunk || survey_no_memory(problems);
}
