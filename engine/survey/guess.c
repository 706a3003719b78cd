/* In: the columns of an export, the questions of a pack. Out: which goes to which, and how sure
 * that is. Next: propose writes it. The one idea: a column goes to the question whose text shares
 * most words with its header; where that is not sure, and somebody is there, they are asked. */
#include "survey/guess.h"

enum {
    PAIRS = 4000000, /* columns times questions that are compared */
    WORDS = 64       /* of a header that are compared */
};

static size_t words_of(struct text t, struct text words[WORDS])
{
    size_t n = 0;
    for (size_t i = 0; i < t.size && n < WORDS;) {
        size_t start = i;
        while (i < t.size && ((t.at[i] >= 'a' && t.at[i] <= 'z') ||
                              (unsigned char)t.at[i] >= 0x80 || (t.at[i] >= '0' && t.at[i] <= '9')))
            i++;
        if (i - start >= 3)
            words[n++] = (struct text){t.at + start, i - start};
        i += i == start;
        while (i > start && i < t.size && t.at[i] == ' ')
            i++;
    }
    return n;
}

/* Words in common, twice, of all words: 0 to 90. */
static unsigned likeness(struct text a, struct text b)
{
    struct text x[WORDS], y[WORDS];
    size_t n = words_of(a, x), m = words_of(b, y), common = 0;
    bool used[WORDS] = {false};
    if (n == 0 || m == 0)
        return 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++)
            if (!used[k] && text_equal(x[i], y[k])) {
                used[k] = true;
                common++;
                break;
            }
    return (unsigned)(180 * common / (n + m));
}

static struct guess judge(const struct guesses *p, uint32_t column, uint32_t question)
{
    const struct heading *h = &p->table->headings[column];
    const struct question *q = &p->kb->questions[question];
    struct text wanted = p->loose_questions[question];
    if (column_is(p->table, column, q->id) || text_equal(h->text, q->id))
        return (struct guess){question, 100, "it is called so"};
    if (text_equal(h->loose_text, wanted) || text_equal(h->loose_item, wanted))
        return (struct guess){question, 98, "the same text"};
    unsigned by_item = h->item.size ? likeness(h->loose_item, wanted) : 0;
    unsigned by_text = likeness(h->loose_text, wanted);
    return (struct guess){question, by_item > by_text ? by_item : by_text, "words in common"};
}

struct guesses guesses_new(struct arena *a, const struct kb *kb, const struct table *t)
{
    struct guesses g = {.arena = a, .kb = kb, .table = t};
    g.of = arena_array(a, t->column_count + 1, sizeof *g.of);
    g.is_key = arena_array(a, t->column_count + 1, sizeof *g.is_key);
    g.loose_questions = arena_array(a, kb->question_count + 1, sizeof *g.loose_questions);
    for (uint32_t i = 0; i < t->column_count; i++)
        g.of[i] = (struct guess){NONE, 0, NULL};
    for (uint32_t q = 0; q < kb->question_count; q++)
        g.loose_questions[q] = heading_loose(a, kb->questions[q].text);
    return g;
}

/* The surest pair first; of equals the column further left. A question is taken once. */
void guesses_pair(struct guesses *g)
{
    uint32_t columns = g->table->column_count, questions = g->kb->question_count;
    bool *taken = arena_array(g->arena, questions + 1, sizeof *taken);
    if ((uint64_t)columns * questions > PAIRS)
        return;
    g->sure = arena_array(g->arena, (size_t)columns * questions + 1, 1);
    for (uint32_t i = 0; i < columns; i++)
        for (uint32_t q = 0; q < questions && !g->is_key[i]; q++)
            g->sure[(size_t)i * questions + q] = (uint8_t)judge(g, i, q).sure;
    for (unsigned level = 100; level >= MAYBE; level--)
        for (uint32_t i = 0; i < columns; i++)
            for (uint32_t q = 0; q < questions && g->of[i].question == NONE; q++) {
                if (taken[q] || g->sure[(size_t)i * questions + q] != level)
                    continue;
                g->of[i] = judge(g, i, q);
                taken[q] = level >= SURE;
            }
}

/* --- asking ----------------------------------------------------------------------------------- */

/* Placed by its choices, or by another column that nobody doubts. */
static bool is_taken(const struct guesses *g, uint32_t question)
{
    if (g->loose_questions[question].at == NULL)
        return true;
    for (uint32_t i = 0; i < g->table->column_count; i++)
        if (g->of[i].question == question && g->of[i].sure >= CERTAIN)
            return true;
    return false;
}

/* The best first; of equals the question that comes first. */
static void add_candidate(const struct guesses *g, struct survey_doubt *d, uint32_t question,
                          unsigned sure)
{
    size_t at = d->candidate_count;
    while (at > 0 && d->candidates[at - 1].sure < sure)
        at--;
    if (at == SURVEY_CANDIDATES)
        return;
    d->candidate_count += d->candidate_count < SURVEY_CANDIDATES;
    for (size_t i = d->candidate_count - 1; i > at; i--)
        d->candidates[i] = d->candidates[i - 1];
    d->candidates[at] = (struct survey_candidate){
        .question = question, .text = g->kb->questions[question].text, .sure = sure};
}

static void find_candidates(const struct guesses *g, uint32_t column, struct survey_doubt *d)
{
    for (uint32_t q = 0; q < g->kb->question_count; q++) {
        unsigned sure = g->sure[(size_t)column * g->kb->question_count + q];
        if (sure >= OFFERED && !is_taken(g, q))
            add_candidate(g, d, q, sure);
    }
}

static void settle(struct guesses *g, uint32_t column, uint32_t question)
{
    for (uint32_t i = 0; i < g->table->column_count && question != NONE; i++)
        if (g->of[i].question == question)
            g->of[i] = (struct guess){NONE, 0, NULL};
    g->of[column] = (struct guess){question, question == NONE ? 0 : 100, "you said so"};
}

void guesses_ask(struct guesses *g, const struct sample *sample)
{
    bool goes_on = g->ask && g->sure;
    for (uint32_t i = 0; goes_on && i < g->table->column_count; i++) {
        const struct sample_column *c = &sample->columns[i];
        struct survey_doubt d = {.column = g->table->names[i], .number = i + 1};
        if (g->is_key[i] || g->of[i].sure >= CERTAIN)
            continue;
        find_candidates(g, i, &d);
        if (d.candidate_count == 0)
            continue;
        while (d.value_count < SURVEY_EXAMPLES && d.value_count < c->value_count) {
            d.values[d.value_count] = c->values[d.value_count].shown;
            d.value_count++;
        }
        int chosen = g->ask(g->ctx, &d);
        goes_on = chosen >= 0;
        if (goes_on)
            settle(g, i, chosen ? d.candidates[chosen - 1].question : NONE);
    }
}
