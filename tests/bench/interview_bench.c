/* interview_bench PACK [COUNT]: how many questions an interview asks of simulated respondents,
 * beside two baselines; every interview's end is compared with that of the whole questionnaire. And
 * how long the next question takes, and an answer to --clear, in processor time. In: a pack. Out:
 * quartiles, times; exit code 1 where an end differs. The profiles are in README.md beside this. */
#include "interview/interview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WAYS = 3, PROFILES = 3, MOST_PARTNERS = 2, MOST_PEOPLE = 6, MOST_TIMES = 65536 };

static const char *const WAY_NAMES[WAYS] = {"interview", "relevance only", "fixed order"};
static const enum choosing WAY[WAYS] = {CHOOSING_BEST, CHOOSING_RELEVANT, CHOOSING_IN_ORDER};
static const char *const PROFILE_NAMES[PROFILES] = {"healthy", "one pitfall", "mixed"};

static const struct kb *kb;
static struct problems *problems;
static uint64_t state = 1;

static double draw(void) /* SplitMix64 (Steele, Lea, Flood 2014) */
{
    uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

static void die(void)
{
    struct buffer b;
    buffer_init(&b);
    problems_print(problems, false, &b);
    fprintf(stderr, "%.*s", (int)b.size, b.at ? b.at : "");
    exit(2);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others work on the machine too */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Times of one kind of thing. */
struct times {
    double at[MOST_TIMES];
    uint32_t count;
};

static void times_add(struct times *t, double x)
{
    if (t->count < MOST_TIMES)
        t->at[t->count++] = x;
}

static int by_number(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static void times_print(const char *what, struct times *t)
{
    qsort(t->at, t->count, sizeof t->at[0], by_number);
    if (t->count)
        printf("%s: median %.1f ms, 95%% %.1f ms, most %.1f ms (%u times)\n", what,
               t->at[t->count / 2] * 1e3, t->at[(size_t)t->count * 95 / 100] * 1e3,
               t->at[t->count - 1] * 1e3, t->count);
}

/* --- what follows from a sheet -------------------------------------------------------------------
 */

struct outcome {
    enum verdict *verdict;
    enum level *level;
    double *certainty;
    uint32_t *plan, plan_count;
};

static struct outcome outcome_new(void)
{
    size_t n = kb->conclusion_count + (size_t)1;
    return (struct outcome){calloc(n, sizeof(enum verdict)), calloc(n, sizeof(enum level)),
                            calloc(n, sizeof(double)), calloc(kb->remedy_count + (size_t)1, 4), 0};
}

struct looking {
    struct arena arena;
    const struct infer *in;
    const struct tile *tile;
    struct outcome *to;
    const struct interview *iv;
};

static void look(void *ctx)
{
    struct looking *l = ctx;
    struct case_view v;
    explain_case(&l->arena, l->in, l->tile, 0, EXPLAIN_PLAN | EXPLAIN_NO_PROFILE, &v);
    l->to->plan_count = 0;
    memset(l->to->level, 0, kb->conclusion_count * sizeof *l->to->level);
    for (uint32_t c = 0; c < kb->conclusion_count; c++) {
        l->to->verdict[c] = infer_verdict(l->in, c, SCOPE_PARTNERSHIP, 0);
        l->to->certainty[c] = infer_certainty(l->in, c, SCOPE_PARTNERSHIP, 0).lo;
    }
    for (uint32_t i = 0; i < v.finding_count; i++)
        if (v.findings[i].verdict == VERDICT_PRESENT)
            l->to->level[v.findings[i].conclusion] = v.findings[i].level;
    for (uint32_t i = 0; i < v.plan_count; i++) {
        bool wanted = false;
        for (uint32_t k = 0; k < v.plan[i].treat_count; k++)
            wanted |= interview_is_target(l->iv, v.plan[i].treats[k]);
        if (wanted)
            l->to->plan[l->to->plan_count++] = v.plan[i].remedy;
    }
}

static bool on_tile(const struct infer *in, const struct tile *t, void *ctx)
{
    struct looking *l = ctx;
    l->in = in;
    l->tile = t;
    return arena_run(&l->arena, look, l);
}

/* All questions are put, so one program does for all. */
static void conclude(const struct interview *iv, const struct cases *block, struct outcome *to)
{
    static struct infer *in;
    static bool *all;
    struct looking l = {.to = to, .iv = iv};
    if (!in) {
        all = malloc(kb->question_count + (size_t)1);
        struct put put = {.questions = all};
        for (uint32_t q = 0; q < kb->question_count; q++) {
            all[q] = true;
            put.count += kb->questions[q].kind != KIND_TEXT;
        }
        struct program *p = program_new(kb, &put, PROGRAM_REPORT, problems);
        in = p ? infer_new(p, problems) : NULL;
    }
    arena_init(&l.arena, 0);
    if (!in || !infer_run(in, block, on_tile, &l, problems))
        die();
    arena_deinit(&l.arena);
}

static bool same(const struct interview *iv, const struct outcome *a, const struct outcome *b)
{
    for (uint32_t c = 0; c < kb->conclusion_count; c++)
        if (interview_is_target(iv, c) &&
            (a->verdict[c] != b->verdict[c] ||
             (a->verdict[c] == VERDICT_PRESENT && a->level[c] != b->level[c])))
            return false;
    return a->plan_count == b->plan_count &&
           memcmp(a->plan, b->plan, a->plan_count * sizeof *a->plan) == 0;
}

/* --- respondents --------------------------------------------------------------------------------
 */

/* By question: what a healthy partnership answers; by diagnosis and question: its symptom, or
 * blank. */
static struct answer *healthy, *symptoms;
static uint32_t *pitfalls, pitfall_count;

static struct cases *block_of(const struct answer *const *rows, uint32_t partners)
{
    static const struct text NAMES[MOST_PARTNERS] = {{"a", 1}, {"b", 1}};
    bool *all = malloc(kb->question_count + (size_t)1);
    memset(all, 1, kb->question_count + (size_t)1);
    struct put put = {.questions = all};
    struct cases *b = cases_new(kb, &put);
    if (!b || !cases_add_case(b, TEXT("x"), false))
        die();
    for (uint32_t p = 0; p < partners; p++) {
        if (!cases_add_partner(b, NAMES[p]) || !cases_add_respondent(b))
            die();
        for (uint32_t q = 0; q < kb->question_count; q++) {
            struct answer skipped = {.code = CODE_SKIPPED, .text = {"", 0}};
            bool other = kb->questions[q].about_partnership && p > 0;
            cases_set(b, q, p, other ? &skipped : &rows[p][q]);
        }
    }
    free(all);
    return b;
}

static void judge(struct interview *iv, const struct answer *row, struct outcome *to)
{
    struct cases *b = block_of(&row, 1);
    conclude(iv, b, to);
    cases_free(b);
}

static uint32_t choices_of(const struct question *q)
{
    return q->kind == KIND_YESNO ? 2 : q->kind == KIND_NUMBER ? 5 : q->choice_count;
}

static struct answer choice(const struct question *q, uint32_t i)
{
    struct answer a = {.code = 1, .text = {"", 0}};
    if (q->kind == KIND_NUMBER)
        a.number = q->lo + (q->hi - q->lo) * i / 4;
    else if (q->kind == KIND_MANY_OF)
        a.ticked = UINT64_C(1) << i;
    else
        a.code = (uint8_t)(i + 1);
    return a;
}

static double badness(const struct outcome *o)
{
    double sum = 0;
    for (uint32_t i = 0; i < pitfall_count; i++)
        sum += o->certainty[pitfalls[i]] > 0 ? o->certainty[pitfalls[i]] : 0;
    return sum;
}

/* Statements: one step from the good end; the rest: whatever speaks least for any pitfall. */
static void find_healthy(struct interview *iv, struct outcome *o)
{
    for (uint32_t q = 0; q < kb->question_count; q++) {
        const struct question *qu = &kb->questions[q];
        healthy[q] = (struct answer){.code = 1, .text = {"", 0}};
        if (qu->kind == KIND_SCALE)
            healthy[q].code = (uint8_t)(qu->dimension == NONE ? 2
                                        : qu->best_low        ? 2
                                                              : qu->choice_count - 1);
        else if (qu->kind != KIND_TEXT)
            healthy[q] = choice(qu, 0);
    }
    for (uint32_t q = 0; q < kb->question_count; q++) {
        const struct question *qu = &kb->questions[q];
        double least = 1e9;
        struct answer best = healthy[q];
        if (qu->kind == KIND_TEXT || (qu->kind == KIND_SCALE && qu->dimension != NONE))
            continue;
        for (uint32_t i = 0; i < choices_of(qu); i++) {
            healthy[q] = choice(qu, i);
            judge(iv, healthy, o);
            if (badness(o) < least) {
                least = badness(o);
                best = healthy[q];
            }
        }
        healthy[q] = best;
    }
}

/* The answers that make a pitfall surer, found one after another. */
static void find_symptoms(struct interview *iv, uint32_t pitfall, struct answer *to,
                          struct outcome *o)
{
    struct answer *row = malloc(kb->question_count * sizeof *row);
    memcpy(row, healthy, kb->question_count * sizeof *row);
    judge(iv, row, o);
    double now = o->certainty[pitfall];
    for (uint32_t q = 0; q < kb->question_count; q++) {
        const struct question *qu = &kb->questions[q];
        struct answer best = row[q];
        to[q] = (struct answer){.code = CODE_BLANK, .text = {"", 0}};
        for (uint32_t i = 0; qu->kind != KIND_TEXT && i < choices_of(qu); i++) {
            row[q] = choice(qu, i);
            judge(iv, row, o);
            if (o->certainty[pitfall] > now + 0.02) {
                now = o->certainty[pitfall];
                best = to[q] = row[q];
            }
        }
        row[q] = best;
    }
    free(row);
}

static void add_noise(struct answer *a, const struct question *q)
{
    double r = draw();
    if (q->kind == KIND_SCALE && draw() < 0.35) {
        int code = a->code + (draw() < 0.5 ? -1 : 1);
        a->code = (uint8_t)(code < 1                      ? 1
                            : code > (int)q->choice_count ? (int)q->choice_count
                                                          : code);
    } else if (q->kind != KIND_SCALE && q->kind != KIND_TEXT && draw() < 0.15)
        *a = choice(q, (uint32_t)(draw() * choices_of(q)));
    if (r < 0.03)
        *a = (struct answer){.code = CODE_UNSURE, .text = {"", 0}};
    else if (r < 0.04)
        *a = (struct answer){.code = CODE_NA, .text = {"", 0}};
}

static void draw_respondent(const uint32_t *has, uint32_t count, struct answer *row)
{
    memcpy(row, healthy, kb->question_count * sizeof *row);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t q = 0; q < kb->question_count; q++) {
            const struct answer *s = &symptoms[(size_t)has[i] * kb->question_count + q];
            if (s->code != CODE_BLANK && draw() < 0.75)
                row[q] = *s;
        }
    for (uint32_t q = 0; q < kb->question_count; q++)
        add_noise(&row[q], &kb->questions[q]);
}

/* --- holding interviews -------------------------------------------------------------------------
 */

static struct interview *new_interview(uint32_t partners)
{
    const struct text names[MOST_PARTNERS] = {{"a", 1}, {"b", 1}};
    struct interview_options o = {.title = TEXT("x"), .partners = names, .partner_count = partners};
    struct interview *iv = interview_new(kb, &o, problems);
    if (!iv)
        die();
    return iv;
}

struct sheeting {
    struct interview *iv;
    struct sheet_case sheet;
    struct arena arena;
};

static void take_sheet(void *ctx)
{
    struct sheeting *s = ctx;
    interview_sheet(s->iv, &s->sheet, &s->arena);
}

static struct times next_times, clear_times;

/* How many were asked; false in *right where the end is another. */
static uint32_t hold(uint32_t way, struct answer *const *rows, uint32_t partners, bool *right,
                     double *time)
{
    static struct outcome early, whole;
    struct interview *iv = new_interview(partners);
    struct cell_at at;
    struct sheeting s = {.iv = iv};
    uint32_t asked = 0;
    interview_set_choosing(iv, WAY[way]);
    for (;; asked++) {
        double from = seconds();
        bool more = interview_now(iv, &at, problems);
        double took = seconds() - from;
        *time += took;
        if (way == 0 && more)
            times_add(&next_times, took);
        if (!more)
            break;
        uint32_t row = at.row == NONE ? 0 : at.row;
        if (!interview_set(iv, at, &rows[row][at.question], problems))
            die();
    }
    if (!early.verdict) {
        early = outcome_new();
        whole = outcome_new();
    }
    arena_init(&s.arena, 0);
    if (problems_has_error(problems) || !arena_run(&s.arena, take_sheet, &s))
        die();
    struct cases *open = sheet_block_new(&s.sheet, TEXT("x"), true, problems);
    struct cases *closed = block_of((const struct answer *const *)rows, partners);
    if (!open)
        die();
    conclude(iv, open, &early);
    conclude(iv, closed, &whole);
    *right &= same(iv, &early, &whole);
    cases_free(open);
    cases_free(closed);
    arena_deinit(&s.arena);
    interview_free(iv);
    return asked;
}

/* --- with many people, and clearing -------------------------------------------------------------
 */

/* Everybody of a partner says nearly the same. */
static void hold_with_many(uint32_t people, struct answer *const *rows)
{
    const struct text names[MOST_PARTNERS] = {{"a", 1}, {"b", 1}};
    const uint32_t counts[MOST_PARTNERS] = {people, people};
    struct interview_options o = {
        .title = TEXT("x"), .partners = names, .people = counts, .partner_count = MOST_PARTNERS};
    static struct times times;
    struct interview *iv = interview_new(kb, &o, problems);
    struct cell_at at;
    times.count = 0;
    for (;;) {
        double from = seconds();
        if (!iv || !interview_now(iv, &at, problems))
            break;
        times_add(&times, seconds() - from);
        uint32_t p = at.row == NONE ? 0 : interview_row_partner(iv, at.row);
        struct answer a = rows[p][at.question];
        add_noise(&a, &kb->questions[at.question]);
        if (!interview_set(iv, at, &a, problems))
            die();
    }
    if (!iv || problems_has_error(problems))
        die();
    interview_free(iv);
    times_print("next question, 2 partners with 6 people each", &times);
}

struct clearing {
    struct arena arena;
    const struct infer *in;
    const struct tile *tile;
    uint32_t conclusion;
    struct buffer out;
    bool present, ok;
};

static void clear_one(void *ctx)
{
    struct clearing *k = ctx;
    struct case_view v;
    explain_case(&k->arena, k->in, k->tile, 0, 0, &v);
    double from = seconds();
    k->ok = explain_clear(&k->arena, &v, k->conclusion, kb->language, false, &k->out, problems);
    times_add(&clear_times, seconds() - from);
}

static bool clear_on_tile(const struct infer *in, const struct tile *t, void *ctx)
{
    struct clearing *k = ctx;
    k->in = in;
    k->tile = t;
    for (uint32_t i = 0; i < pitfall_count; i++) {
        k->conclusion = pitfalls[i];
        if (infer_verdict(in, pitfalls[i], SCOPE_PARTNERSHIP, 0) != VERDICT_PRESENT)
            continue;
        buffer_clear(&k->out);
        if (!arena_run(&k->arena, clear_one, k) || !k->ok)
            die();
        arena_reset(&k->arena);
    }
    return true;
}

/* Clears everything that is present in a case. */
static void clear_everything(struct infer *in, struct answer *const *rows)
{
    struct cases *b = block_of((const struct answer *const *)rows, MOST_PARTNERS);
    struct clearing k = {.ok = true};
    arena_init(&k.arena, 0);
    buffer_init(&k.out);
    if (!infer_run(in, b, clear_on_tile, &k, problems))
        die();
    buffer_deinit(&k.out);
    arena_deinit(&k.arena);
    cases_free(b);
}

static void time_others(int count)
{
    bool *all = malloc(kb->question_count + (size_t)1);
    memset(all, 1, kb->question_count + (size_t)1);
    struct put put = {.questions = all};
    for (uint32_t q = 0; q < kb->question_count; q++)
        put.count += kb->questions[q].kind != KIND_TEXT;
    struct program *p = program_new(kb, &put, PROGRAM_REPORT | PROGRAM_TRACE, problems);
    struct infer *in = p ? infer_new(p, problems) : NULL;
    struct answer *rows[MOST_PARTNERS];
    if (!in)
        die();
    for (uint32_t i = 0; i < MOST_PARTNERS; i++)
        rows[i] = malloc(kb->question_count * sizeof **rows);
    for (int i = 0; i < count; i++) {
        uint32_t has[4];
        for (uint32_t k = 0; k < 4; k++)
            has[k] = (uint32_t)(draw() * pitfall_count);
        for (uint32_t k = 0; k < MOST_PARTNERS; k++)
            draw_respondent(has, 2 + (uint32_t)(draw() * 3), rows[k]);
        if (i == 0)
            hold_with_many(MOST_PEOPLE, rows);
        clear_everything(in, rows);
    }
    for (uint32_t i = 0; i < MOST_PARTNERS; i++)
        free(rows[i]);
    times_print("an answer to --clear", &clear_times);
    infer_free(in);
    program_free(p);
    free(all);
}

static int by_size(const void *a, const void *b)
{
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static void print_quartiles(const char *name, const char *what, int *asked, int count, uint32_t of,
                            double time)
{
    qsort(asked, (size_t)count, sizeof *asked, by_size);
    printf("  %-12s %-15s %5d %5d %5d %5d %5d   of %3u %5.0f%% %8.1f\n", name, what, asked[0],
           asked[count / 4], asked[count / 2], asked[count * 3 / 4], asked[count - 1], of,
           100.0 * asked[count / 2] / of, time);
}

static void prepare(void)
{
    struct interview *iv = new_interview(1);
    struct outcome o = outcome_new();
    healthy = calloc(kb->question_count + (size_t)1, sizeof *healthy);
    pitfalls = calloc(kb->conclusion_count + (size_t)1, sizeof *pitfalls);
    for (uint32_t c = 0; c < kb->conclusion_count; c++)
        if (interview_is_target(iv, c))
            pitfalls[pitfall_count++] = c;
    symptoms = calloc((size_t)(pitfall_count + 1) * kb->question_count, sizeof *symptoms);
    find_healthy(iv, &o);
    for (uint32_t i = 0; i < pitfall_count; i++)
        find_symptoms(iv, pitfalls[i], &symptoms[(size_t)i * kb->question_count], &o);
    interview_free(iv);
}

static bool run(uint32_t partners, int count)
{
    struct answer *rows[MOST_PARTNERS];
    int *asked[PROFILES + 1][WAYS];
    double time[PROFILES + 1][WAYS] = {{0}};
    bool right = true;
    uint32_t of = 0;
    for (uint32_t q = 0; q < kb->question_count; q++)
        of += kb->questions[q].about_partnership ? 1 : partners;
    for (uint32_t p = 0; p < MOST_PARTNERS; p++)
        rows[p] = malloc(kb->question_count * sizeof **rows);
    for (int f = 0; f <= PROFILES; f++)
        for (int w = 0; w < WAYS; w++)
            asked[f][w] = malloc((size_t)count * PROFILES * sizeof(int));
    for (int i = 0; i < count * PROFILES; i++) {
        int profile = i % PROFILES;
        uint32_t has[4], n = profile == 0 ? 0 : profile == 1 ? 1 : 2 + (uint32_t)(draw() * 3);
        for (uint32_t k = 0; k < n; k++)
            has[k] = profile == 1 ? (uint32_t)(i / PROFILES) % pitfall_count
                                  : (uint32_t)(draw() * pitfall_count);
        for (uint32_t p = 0; p < partners; p++)
            draw_respondent(has, p == 0 || draw() < 0.5 ? n : 0, rows[p]);
        for (uint32_t w = 0; w < WAYS; w++) {
            double took = 0;
            int k = (int)hold(w, rows, partners, &right, &took);
            asked[profile][w][i / PROFILES] = asked[PROFILES][w][i] = k;
            time[profile][w] += took;
            time[PROFILES][w] += took;
        }
    }
    printf("%u partner%s: questions asked%14s least    q1 median    q3  most          median  ms "
           "each\n",
           partners, partners > 1 ? "s" : "", "");
    for (int f = PROFILES; f >= 0; f--)
        for (int w = 0; w < WAYS; w++) {
            int n = f == PROFILES ? count * PROFILES : count;
            print_quartiles(f == PROFILES ? "all" : PROFILE_NAMES[f], WAY_NAMES[w], asked[f][w], n,
                            of, time[f][w] * 1e3 / n);
        }
    printf("  every end equals the whole questionnaire's: %s\n", right ? "yes" : "NO");
    printf("  median of all: %d of %u: %s\n", asked[PROFILES][0][count * PROFILES / 2], of,
           2 * asked[PROFILES][0][count * PROFILES / 2] <= (int)of ? "PASS (at most half)"
                                                                   : "MISSED");
    for (uint32_t p = 0; p < MOST_PARTNERS; p++)
        free(rows[p]);
    for (int f = 0; f <= PROFILES; f++)
        for (int w = 0; w < WAYS; w++)
            free(asked[f][w]);
    return right;
}

int main(int argc, char **argv)
{
    const char *packs[] = {argc > 1 ? argv[1] : "rules/core"};
    struct kb_options o = {.packs = packs, .pack_count = 1};
    double count = 60;
    problems = problems_new();
    struct kb *loaded = kb_new(&o, problems);
    if (!loaded || (argc > 2 && number_parse(text_from_c(argv[2]), &count) != NUMBER_OK))
        die();
    kb = loaded;
    prepare();
    bool right = run(1, (int)count);
    right &= run(2, (int)count / 2);
    times_print("next question", &next_times);
    time_others((int)count / 2);
    return right ? 0 : 1;
}
