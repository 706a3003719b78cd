/* In: a kb, partners, answers. Out: an interview, and its cells one after another. Next: settle.c,
 * choose.c. What follows from the answers is worked out when it is asked for, once a change. */
#include "interview/asking.h"

#include <stdlib.h>
#include <string.h>

/* --- making one --------------------------------------------------------------------------------
 */

struct making {
    struct interview *iv;
    const struct interview_options *o;
};

static void lay_rows(struct interview *iv, const struct interview_options *o)
{
    uint32_t partners = o->partner_count ? o->partner_count : 1, rows = 0;
    iv->partners = arena_array(&iv->arena, partners, sizeof *iv->partners);
    iv->first_row = arena_array(&iv->arena, (size_t)partners + 1, sizeof *iv->first_row);
    iv->partner_count = partners;
    for (uint32_t p = 0; p < partners; p++) {
        iv->partners[p] =
            o->partner_count ? arena_text(&iv->arena, o->partners[p]) : (struct text){"", 0};
        iv->first_row[p] = rows;
        rows += o->people && o->people[p] ? o->people[p] : 1;
    }
    iv->first_row[partners] = iv->row_count = rows;
    iv->rows = arena_array(&iv->arena, rows, sizeof *iv->rows);
    for (uint32_t p = 0; p < partners; p++)
        for (uint32_t r = iv->first_row[p]; r < iv->first_row[p + 1]; r++)
            iv->rows[r].partner = p;
}

static void put_premise(const struct node *n, void *ctx)
{
    struct interview *iv = ctx;
    if (node_reads(n->kind) == READS_CONCLUSION)
        iv->target[n->ref] = true;
}

/* Diagnoses with a severity, and statements about the answers on which one of them rests. */
static void find_targets(struct interview *iv)
{
    const struct kb *kb = iv->kb;
    struct interview rests = {.target =
                                  arena_array(&iv->arena, kb->conclusion_count + (size_t)1, 1)};
    iv->target = arena_array(&iv->arena, kb->conclusion_count + (size_t)1, 1);
    for (uint32_t c = 0; c < kb->conclusion_count; c++)
        iv->target[c] = rests.target[c] = kb->conclusions[c].kind == CONCLUSION_DIAGNOSIS &&
                                          kb->conclusions[c].level != LEVEL_NONE;
    for (uint32_t layer = kb->layer_count; layer-- > 0;)
        for (uint32_t r = 0; r < kb->rule_count; r++)
            if (kb->conclusions[kb->rules[r].conclusion].layer == layer &&
                rests.target[kb->rules[r].conclusion])
                node_walk(kb->rules[r].when, put_premise, &rests);
    for (uint32_t c = 0; c < kb->conclusion_count; c++)
        iv->target[c] |= rests.target[c] && kb->conclusions[c].kind == CONCLUSION_DIAGNOSIS;
}

static void make(void *ctx)
{
    struct making *m = ctx;
    struct interview *iv = m->iv;
    struct arena *a = &iv->arena;
    size_t n = iv->kb->conclusion_count + (size_t)1;
    iv->title = arena_text(a, m->o->title);
    lay_rows(iv, m->o);
    iv->is_put = arena_array(a, iv->kb->question_count + (size_t)1, 1);
    iv->put.questions = iv->is_put;
    for (uint32_t q = 0; q < iv->kb->question_count; q++) {
        iv->is_put[q] = !iv->short_form || iv->kb->questions[q].in_short_form;
        iv->put.count += iv->is_put[q] && iv->kb->questions[q].kind != KIND_TEXT;
    }
    iv->cell_count = (iv->row_count + 1) * iv->kb->question_count;
    iv->answers = arena_array(a, iv->cell_count, sizeof *iv->answers);
    iv->given = arena_array(a, iv->cell_count, 1);
    iv->asked = arena_array(a, iv->cell_count, sizeof *iv->asked);
    iv->marks = arena_array(a, iv->cell_count, 1);
    iv->settled = arena_array(a, n, sizeof *iv->settled);
    iv->seen = arena_array(a, n * (iv->partner_count + 1), 1);
    iv->trials = arena_array(a, BLOCK_CASES, sizeof *iv->trials);
    iv->score = arena_array(a, iv->cell_count, sizeof *iv->score);
    iv->tries = arena_array(a, iv->cell_count, sizeof *iv->tries);
    iv->lower = arena_array(a, n, sizeof *iv->lower);
    iv->taken = arena_array(a, n, sizeof *iv->taken);
    iv->possibly = arena_array(a, n * n, sizeof *iv->possibly);
    iv->surely = arena_array(a, n * n, sizeof *iv->surely);
    iv->present = arena_array(a, n, sizeof *iv->present);
    find_targets(iv);
}

/* As a sheet will have them. */
static bool check_name(const char *what, struct text name, struct problems *problems)
{
    if (name.size <= LIMIT_NAME && !(name.size && memchr(name.at, '\n', name.size)))
        return true;
    problem_add(problems, PROBLEM_NAME_LONG, SPAN_NONE, what, problem_quote(problems, name),
                problem_count_text(problems, LIMIT_NAME));
    return false;
}

static bool prepare(struct interview *iv, const struct interview_options *o)
{
    struct making m = {iv, o};
    bool fits = check_name("case", o->title, iv->problems);
    for (uint32_t p = 0; p < o->partner_count; p++)
        fits &= check_name("partner", o->partners[p], iv->problems);
    if (!fits)
        return false;
    if (!arena_run(&iv->arena, make, &m)) {
        problem_add(iv->problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return false;
    }
    iv->base_program = program_new(iv->kb, &iv->put, PROGRAM_REPORT | PROGRAM_TRACE, iv->problems);
    iv->base = iv->base_program ? infer_new(iv->base_program, iv->problems) : NULL;
    return iv->base && base_start(iv);
}

struct interview *interview_new(const struct kb *kb, const struct interview_options *o,
                                struct problems *problems)
{
    struct interview *iv = calloc(1, sizeof *iv);
    if (!iv) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return NULL;
    }
    arena_init(&iv->arena, 0);
    arena_init(&iv->scratch, 0);
    iv->kb = kb;
    iv->short_form = o->short_form;
    iv->all = o->all;
    iv->only = NONE;
    iv->problems = problems;
    if (prepare(iv, o))
        return iv;
    interview_free(iv);
    return NULL;
}

void interview_free(struct interview *iv)
{
    if (!iv)
        return;
    infer_free(iv->base);
    infer_free(iv->what);
    program_free(iv->base_program);
    program_free(iv->what_program);
    cases_free(iv->base_block);
    cases_free(iv->what_block);
    arena_deinit(&iv->scratch);
    arena_deinit(&iv->arena);
    free(iv);
}

void interview_only(struct interview *iv, uint32_t partner)
{
    iv->only = partner;
    iv->fresh = false;
}

void interview_set_all(struct interview *iv, bool all)
{
    iv->all = all;
    iv->fresh = false;
}

void interview_set_choosing(struct interview *iv, enum choosing how)
{
    iv->choosing = how;
    iv->fresh = false;
}

/* --- what it is made of --------------------------------------------------------------------------
 */

const struct kb *interview_kb(const struct interview *iv)
{
    return iv->kb;
}

struct text interview_title(const struct interview *iv)
{
    return iv->title;
}

bool interview_is_short(const struct interview *iv)
{
    return iv->short_form;
}

bool interview_asks_all(const struct interview *iv)
{
    return iv->all;
}

uint32_t interview_partner_count(const struct interview *iv)
{
    return iv->partner_count;
}

struct text interview_partner(const struct interview *iv, uint32_t partner)
{
    return iv->partners[partner];
}

uint32_t interview_only_partner(const struct interview *iv)
{
    return iv->only;
}

uint32_t interview_row_count(const struct interview *iv)
{
    return iv->row_count;
}

uint32_t interview_row_partner(const struct interview *iv, uint32_t row)
{
    return iv->rows[row].partner;
}

uint32_t interview_row_of(const struct interview *iv, uint32_t partner, uint32_t person)
{
    return iv->first_row[partner] + person;
}

bool interview_is_put(const struct interview *iv, uint32_t question)
{
    return iv->is_put[question];
}

bool cell_is_asked_here(const struct interview *iv, uint32_t cell)
{
    uint32_t q = cell_question(iv, cell), row = cell_row(iv, cell);
    if (!iv->is_put[q] || iv->kb->questions[q].about_partnership != (row == NONE))
        return false;
    return row == NONE || iv->only == NONE || iv->rows[row].partner == iv->only;
}

bool cell_applies(const struct interview *iv, uint32_t cell, bool *surely)
{
    const struct node *ask_if = iv->kb->questions[cell_question(iv, cell)].ask_if;
    uint32_t row = cell_row(iv, cell);
    struct interval s = {1, 1};
    *surely = true;
    if (!ask_if || !infer_node(iv->base, ask_if, row == NONE ? 0 : iv->rows[row].partner, &s))
        return true;
    *surely = s.lo > 0;
    return s.hi > 0;
}

struct gate {
    const struct interview *iv;
    uint32_t partner;
    uint8_t mark;
    bool open;
};

static void look_at_gate(const struct node *n, void *ctx)
{
    struct gate *g = ctx;
    const struct interview *iv = g->iv;
    if (node_reads(n->kind) != READS_QUESTION)
        return;
    bool fact = iv->kb->questions[n->ref].about_partnership, surely;
    for (uint32_t r = 0; r < (fact ? 1 : iv->row_count); r++) {
        uint32_t cell = cell_of(iv, n->ref, fact ? NONE : r);
        if (fact || g->partner == NONE || iv->rows[r].partner == g->partner)
            g->open |= !iv->given[cell] && (!g->mark || (iv->marks[cell] & g->mark)) &&
                       cell_is_asked_here(iv, cell) && cell_applies(iv, cell, &surely);
    }
}

bool gate_is_open(const struct interview *iv, uint32_t cell, uint8_t mark)
{
    uint32_t row = cell_row(iv, cell);
    struct gate g = {iv, row == NONE ? NONE : iv->rows[row].partner, mark, false};
    node_walk(iv->kb->questions[cell_question(iv, cell)].ask_if, look_at_gate, &g);
    return g.open;
}

/* --- asking ------------------------------------------------------------------------------------
 */

/* What was asked once and has ceased to apply is passed over. */
static void pass_over(struct interview *iv)
{
    bool surely;
    while (iv->at < iv->asked_count && !cell_applies(iv, iv->asked[iv->at], &surely))
        iv->at++;
}

static bool work_out(struct interview *iv)
{
    if (iv->fresh)
        return true;
    if (!base_run(iv))
        return false;
    settle_all(iv);
    iv->next = iv->all                             ? choose_in_order(iv)
               : iv->choosing == CHOOSING_BEST     ? choose_next(iv)
               : iv->choosing == CHOOSING_RELEVANT ? choose_relevant(iv)
               : choose_relevant(iv) != NONE       ? choose_in_order(iv)
                                                   : NONE;
    iv->fresh = !iv->failed;
    return iv->fresh;
}

bool interview_now(struct interview *iv, struct cell_at *out, struct problems *problems)
{
    iv->problems = problems;
    if (!work_out(iv))
        return false;
    pass_over(iv);
    uint32_t cell = iv->at < iv->asked_count ? iv->asked[iv->at] : iv->next;
    if (cell == NONE)
        return false;
    *out = (struct cell_at){cell_question(iv, cell), cell_row(iv, cell)};
    return true;
}

uint32_t interview_asked(const struct interview *iv)
{
    return iv->asked_count;
}

uint32_t interview_left(const struct interview *iv)
{
    return iv->next == NONE ? 0 : iv->left;
}

struct copying {
    struct interview *iv;
    struct answer *a;
};

static void copy_text(void *ctx)
{
    struct copying *c = ctx;
    c->a->text = arena_text(&c->iv->arena, c->a->text);
}

bool interview_set(struct interview *iv, struct cell_at at, const struct answer *a,
                   struct problems *problems)
{
    uint32_t cell = cell_of(iv, at.question, at.row), i = 0;
    struct answer copy = *a;
    struct copying c = {iv, &copy};
    iv->problems = problems;
    if (!arena_run(&iv->arena, copy_text, &c)) {
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return false;
    }
    while (i < iv->asked_count && iv->asked[i] != cell)
        i++;
    if (i == iv->asked_count)
        iv->asked[iv->asked_count++] = cell;
    iv->at = i + 1;
    iv->answers[cell] = copy;
    iv->given[cell] = 1;
    base_set(iv, cell);
    iv->fresh = false;
    return true;
}

const struct answer *interview_answer(const struct interview *iv, struct cell_at at)
{
    uint32_t cell = cell_of(iv, at.question, at.row);
    return iv->given[cell] ? &iv->answers[cell] : NULL;
}

bool interview_back(struct interview *iv)
{
    bool surely;
    for (uint32_t i = iv->at; i-- > 0;)
        if (cell_applies(iv, iv->asked[i], &surely)) {
            iv->at = i;
            return true;
        }
    return false;
}

void interview_go(struct interview *iv, uint32_t i)
{
    iv->at = i < iv->asked_count ? i : iv->asked_count;
}

uint32_t interview_place(const struct interview *iv)
{
    return iv->at;
}

struct cell_at interview_asked_at(const struct interview *iv, uint32_t i)
{
    return (struct cell_at){cell_question(iv, iv->asked[i]), cell_row(iv, iv->asked[i])};
}

/* --- what is known -----------------------------------------------------------------------------
 */

enum settled interview_settled(const struct interview *iv, uint32_t conclusion)
{
    return iv->settled[conclusion];
}

enum verdict interview_verdict(const struct interview *iv, uint32_t conclusion)
{
    return base_verdict(iv, conclusion, NONE);
}

bool interview_is_target(const struct interview *iv, uint32_t conclusion)
{
    return iv->target[conclusion];
}

uint32_t interview_hangs_on(struct interview *iv, uint32_t conclusion, uint32_t *questions)
{
    uint32_t n = 0;
    hang_clear(iv, MARK_ONE);
    hang_start(iv);
    iv->needs_aside = true;
    if (iv->kb->conclusions[conclusion].about_partnership)
        hang_conclusion(iv, MARK_ONE, conclusion, NONE);
    for (uint32_t p = 0; p < iv->partner_count; p++)
        if (base_verdict(iv, conclusion, p) == VERDICT_UNDETERMINED)
            hang_conclusion(iv, MARK_ONE, conclusion, p);
    iv->needs_aside = false;
    for (uint32_t q = 0; q < iv->kb->question_count; q++) {
        bool any = false;
        for (uint32_t row = 0; row <= iv->row_count; row++)
            any |= (iv->marks[row * iv->kb->question_count + q] & MARK_ONE) != 0;
        if (any)
            questions[n++] = q;
    }
    return n;
}

bool interview_is_early(const struct interview *iv)
{
    struct interval s;
    for (uint32_t c = 0; c < iv->kb->conclusion_count; c++) {
        const struct node *needs = iv->kb->conclusions[c].needs;
        if (iv->target[c] && needs && infer_node(iv->base, needs, 0, &s) && s.lo <= 0)
            return true;
    }
    return false;
}

static void set_row(struct sheet_case *s, const struct interview *iv, uint32_t row)
{
    for (uint32_t q = 0; q < iv->kb->question_count; q++) {
        uint32_t cell = cell_of(iv, q, row);
        if (iv->given[cell])
            sheet_set(s, row == NONE ? &s->facts : &s->rows[row], q, &iv->answers[cell]);
    }
}

void interview_sheet(const struct interview *iv, struct sheet_case *out, struct arena *a)
{
    sheet_init(out, iv->kb, iv->short_form ? FORM_SHORT : FORM_LONG, a);
    for (uint32_t r = 0; r < iv->row_count; r++) {
        sheet_respondent(out, iv->partners[iv->rows[r].partner], SPAN_NONE, iv->problems);
        set_row(out, iv, r);
    }
    set_row(out, iv, NONE);
}
