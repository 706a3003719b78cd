/* In: cases, partners, respondents and answers, one after another. Out: the block's columns.
 * Next: infer. Everything grows by doubling and is kept by cases_clear. */
#include "cases/cases.h"

#include <stdlib.h>
#include <string.h>

struct cases *cases_new(const struct kb *kb, const struct put *put)
{
    struct cases *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->kb = kb;
    c->columns = calloc(kb->question_count ? kb->question_count : 1, sizeof *c->columns);
    for (uint32_t q = 0; c->columns && q < kb->question_count; q++)
        c->columns[q].put = put->questions[q];
    if (!c->columns || !cases_reserve(c, 1, 1, 1)) {
        cases_free(c);
        return NULL;
    }
    cases_clear(c);
    return c;
}

void cases_free(struct cases *c)
{
    if (!c)
        return;
    for (uint32_t q = 0; c->columns && q < c->kb->question_count; q++) {
        free(c->columns[q].code);
        free(c->columns[q].number);
        free(c->columns[q].ticked);
        free(c->columns[q].texts);
    }
    free(c->columns);
    free(c->partner_from);
    free(c->respondent_from);
    free(c->open);
    free(c->case_names);
    free(c->partner_names);
    free(c);
}

void cases_clear(struct cases *c)
{
    c->case_count = c->partner_count = c->respondent_count = 0;
    c->partner_from[0] = 0;
    c->respondent_from[0] = 0;
    c->single = true;
    c->any_open = false;
    for (uint32_t q = 0; q < c->kb->question_count; q++)
        c->columns[q].has_na = false;
}

/* array = the address of a pointer, of whatever type: copied out and in, never read as void *. */
static bool grow(void *array, size_t count, size_t size)
{
    void *p;
    memcpy(&p, array, sizeof p);
    p = realloc(p, count * size);
    if (p)
        memcpy(array, &p, sizeof p);
    return p != NULL;
}

static uint32_t doubled(uint32_t capacity, uint32_t wanted)
{
    uint32_t n = capacity ? capacity : 16;
    while (n < wanted)
        n *= 2;
    return n;
}

/* Columns keep 64 spare rows, so that a reader of 64 at a time may look past the last. */
static bool grow_rows(struct cases *c, uint32_t wanted)
{
    size_t n = doubled(c->respondent_capacity, wanted);
    for (uint32_t q = 0; q < c->kb->question_count; q++) {
        struct column *col = &c->columns[q];
        enum answer_kind kind = c->kb->questions[q].kind;
        if (!col->put || c->respondent_capacity >= n)
            continue;
        if (!grow(&col->code, n + 64, 1))
            return false;
        memset(col->code + c->respondent_capacity, CODE_BLANK, n + 64 - c->respondent_capacity);
        if (kind == KIND_NUMBER && !grow(&col->number, n + 64, sizeof *col->number))
            return false;
        if (kind == KIND_MANY_OF && !grow(&col->ticked, n + 64, sizeof *col->ticked))
            return false;
        if (kind == KIND_TEXT && !grow(&col->texts, n + 64, sizeof *col->texts))
            return false;
    }
    c->respondent_capacity = (uint32_t)n;
    return true;
}

bool cases_reserve(struct cases *c, uint32_t cases, uint32_t partners, uint32_t respondents)
{
    if (cases > c->case_capacity) {
        uint32_t n = doubled(c->case_capacity, cases);
        if (!grow(&c->partner_from, n + 1, sizeof *c->partner_from) ||
            !grow(&c->open, n, sizeof *c->open) || !grow(&c->case_names, n, sizeof *c->case_names))
            return false;
        c->case_capacity = n;
    }
    if (partners > c->partner_capacity) {
        uint32_t n = doubled(c->partner_capacity, partners);
        if (!grow(&c->respondent_from, n + 1, sizeof *c->respondent_from) ||
            !grow(&c->partner_names, n, sizeof *c->partner_names))
            return false;
        c->partner_capacity = n;
    }
    return respondents <= c->respondent_capacity || grow_rows(c, respondents);
}

bool cases_add_case(struct cases *c, struct text name, bool open)
{
    if (!cases_reserve(c, c->case_count + 1, 0, 0))
        return false;
    c->case_names[c->case_count] = name;
    c->open[c->case_count] = open;
    c->any_open |= open;
    c->case_count++;
    c->partner_from[c->case_count] = c->partner_count;
    return true;
}

bool cases_add_partner(struct cases *c, struct text name)
{
    if (!cases_reserve(c, 0, c->partner_count + 1, 0))
        return false;
    c->partner_names[c->partner_count] = name;
    c->partner_count++;
    c->respondent_from[c->partner_count] = c->respondent_count;
    c->partner_from[c->case_count] = c->partner_count;
    if (c->partner_count != c->case_count)
        c->single = false;
    return true;
}

bool cases_add_respondent(struct cases *c)
{
    if (!cases_reserve(c, 0, 0, c->respondent_count + 1))
        return false;
    uint32_t row = c->respondent_count++;
    for (uint32_t q = 0; q < c->kb->question_count; q++) {
        struct column *col = &c->columns[q];
        if (!col->put)
            continue;
        col->code[row] = CODE_BLANK;
        if (col->texts)
            col->texts[row] = (struct text){"", 0};
    }
    c->respondent_from[c->partner_count] = c->respondent_count;
    if (c->respondent_count != c->partner_count)
        c->single = false;
    return true;
}

/* A case without a partner, or a partner without a respondent, is not single either. */
bool cases_is_single(const struct cases *c)
{
    return c->single && c->partner_count == c->case_count && c->respondent_count == c->case_count;
}

void cases_set(struct cases *c, uint32_t question, uint32_t row, const struct answer *a)
{
    struct column *col = &c->columns[question];
    if (!col->put)
        return;
    col->code[row] = a->code;
    if (a->code == CODE_NA)
        col->has_na = true;
    if (col->number)
        col->number[row] = a->number;
    if (col->ticked)
        col->ticked[row] = a->ticked;
    if (col->texts)
        col->texts[row] = a->text;
}
