/* random_case: chance, the files of a random pack, and cases for it.
 * In: a seed; a folder; a kb. Out: YAML files; a block with every state an answer can have. Next:
 * compare with the oracle. The one idea of the cases: a mood is drawn for every question and
 * partner (mixed, all not applicable, all silent), since what everybody does is rare where each
 * draws alone. */
#include "oracle/random_pack.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const random_names[RANDOM_NAMES] = {"a",   "b",   "pme",   "grand groupe",
                                                "PME", "psa", "école", "l'usine"};

const char *const random_texts[RANDOM_TEXTS] = {"late",
                                                "LATE again",
                                                "un délai",
                                                "Des DÉLAIS, encore",
                                                "retard",
                                                "rien",
                                                "it's fine",
                                                "ok",
                                                "OK",
                                                "été",
                                                "aucun retard mais des délais",
                                                "and/or (ok)"};

static uint64_t rotated(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

/* SplitMix64 spreads the seed, as the authors of xoshiro advise. */
void random_seed(struct random *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        r->state[i] = z ^ (z >> 31);
    }
}

uint64_t random_next(struct random *r)
{
    uint64_t *s = r->state;
    uint64_t result = rotated(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return result;
}

uint32_t random_below(struct random *r, uint32_t n)
{
    return (uint32_t)(((random_next(r) >> 32) * n) >> 32);
}

bool random_chance(struct random *r, double p)
{
    return (double)(random_next(r) >> 11) * 0x1p-53 < p;
}

uint32_t random_between(struct random *r, uint32_t least, uint32_t most)
{
    return least + random_below(r, most - least + 1);
}

/* --- the files of a pack */

#define COUNT_OF(array) ((uint32_t)(sizeof(array) / sizeof *(array)))
#define PICK(r, array) ((array)[random_below(r, COUNT_OF(array))])

static const struct {
    const char *id;
    struct random_range range;
} SCALES[] = {
    {"agreement", {1, 5}}, {"ten", {0, 10}}, {"seven", {1, 7}}, {"two", {1, 2}}, {"tilt", {-2, 2}},
};

static const struct random_range NUMBER_RANGES[] = {
    {0, 600}, {-10, 10}, {-2.5, 2.5}, {0, 1}, {0.5, 8}, {1, 100}, {-30, -0.25}, {0, 0.75},
};

static const double THRESHOLDS[] = {0.2, 0.25, 0.3, 0.4, 0.4, 0.5, 0.5, 0.6, 0.0001, 1};
static const double CERTAINTIES[] = {0.1, 0.2, 0.25, 0.3, 0.4, 0.5,  0.5,
                                     0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 1};

struct pack_file {
    struct random *r;
    struct random_plan *plan;
    struct buffer out;
};

static void line(struct pack_file *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void line(struct pack_file *f, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (size < 0 || (size_t)size >= sizeof text)
        abort();
    buffer_text(&f->out, (struct text){text, (size_t)size});
    buffer_byte(&f->out, '\n');
}

/* Reading the first conclusions only. */
static void condition_line(struct pack_file *f, const char *key, enum scope scope, unsigned depth,
                           uint32_t conclusions_below)
{
    f->plan->conclusions_below = conclusions_below;
    buffer_c(&f->out, key);
    buffer_c(&f->out, ": '");
    random_condition(f->r, f->plan, scope, depth, &f->out);
    buffer_c(&f->out, "'\n");
}

static enum scope scope_of(bool about_partnership)
{
    return about_partnership ? SCOPE_PARTNERSHIP : SCOPE_PARTNER;
}

static void write_pack(struct pack_file *f)
{
    line(f, "id: random\nversion: 1.0.0\nlanguage: en\ntitle: Random\nscales:");
    for (uint32_t i = 0; i < COUNT_OF(SCALES); i++)
        line(f, "  - id: %s\n    range: [%g, %g]\n    ends: [low, high]", SCALES[i].id,
             SCALES[i].range.lo, SCALES[i].range.hi);
    line(f, "dimensions:\n  - {id: d0, label: D0}\n  - {id: d1, label: D1}");
    if (random_chance(f->r, 0.5))
        return;
    line(f, "defaults:\n  holds_from: %g", PICK(f->r, THRESHOLDS));
    if (random_chance(f->r, 0.3))
        condition_line(f, "  needs", SCOPE_PARTNERSHIP, 1, 0);
    else
        line(f, "  needs: answered_share >= 0.%u", random_between(f->r, 1, 5));
}

static void plan_question(struct pack_file *f, uint32_t i, bool scale_of_partner)
{
    struct random_question *q = &f->plan->questions[i];
    *q = (struct random_question){.kind = KIND_SCALE, .choices = 2};
    if (!scale_of_partner) {
        q->kind = (enum answer_kind)random_below(f->r, KIND_COUNT);
        q->about_partnership = random_chance(f->r, 0.3);
    }
    if (q->kind == KIND_ONE_OF)
        q->choices = random_between(f->r, 2, 5);
    if (q->kind == KIND_MANY_OF)
        q->choices = random_between(f->r, 2, 4);
    snprintf(q->id, sizeof q->id, "%s_%u", answer_kind_name(q->kind), i);
}

static void write_question(struct pack_file *f, uint32_t i)
{
    struct random_question *q = &f->plan->questions[i];
    line(f, "- id: %s\n  kind: %s\n  text: Question %u", q->id, answer_kind_name(q->kind), i);
    if (q->about_partnership || random_chance(f->r, 0.1))
        line(f, "  about: %s", q->about_partnership ? "partnership" : "partner");
    if (random_chance(f->r, 0.5))
        line(f, "  form: %s", random_chance(f->r, 0.7) ? "short" : "long");
    if (q->kind == KIND_SCALE) {
        uint32_t scale = random_chance(f->r, 0.5) ? 0 : random_below(f->r, COUNT_OF(SCALES));
        q->range = SCALES[scale].range;
        line(f, "  scale: %s", SCALES[scale].id);
        if (random_chance(f->r, 0.6))
            line(f, "  dimension: d%u", random_below(f->r, 2));
        if (random_chance(f->r, 0.4))
            line(f, "  best: %s", random_chance(f->r, 0.7) ? "low" : "high");
    }
    if (q->kind == KIND_NUMBER) {
        q->range = PICK(f->r, NUMBER_RANGES);
        line(f, "  range: [%g, %g]", q->range.lo, q->range.hi);
    }
    if (q->kind == KIND_ONE_OF || q->kind == KIND_MANY_OF) {
        line(f, "  choices:");
        for (uint32_t k = 1; k <= q->choices; k++)
            line(f, "    - {id: k%u, label: Choice %u}", k, k);
    }
    if (random_chance(f->r, 0.3))
        line(f, "  effort: %u", random_between(f->r, 1, 3));
    f->plan->questions_below = i;
    if (i > 0 && random_chance(f->r, 0.3))
        condition_line(f, "  ask_if", scope_of(q->about_partnership), random_below(f->r, 3), 0);
}

/* Earlier questions only, so that none waits for itself. */
static void write_questions(struct pack_file *f)
{
    struct random_plan *plan = f->plan;
    bool straight = random_chance(f->r, 0.25); /* enough scales for straight_lined */
    plan->question_count = random_between(f->r, straight ? 9 : 3, RANDOM_QUESTIONS);
    for (uint32_t i = 0; i < plan->question_count; i++)
        plan_question(f, i, i == 0 || (straight && i < 9));
    plan->in_ask_if = true;
    for (uint32_t i = 0; i < plan->question_count; i++)
        write_question(f, i);
    plan->in_ask_if = false;
    plan->questions_below = plan->question_count;
}

static void write_conclusion(struct pack_file *f, uint32_t i)
{
    static const char *const KINDS[] = {"diagnosis", "diagnosis", "finding", "strength"};
    static const char *const LEVELS[] = {"low", "medium", "high", "none"};
    struct random_plan *plan = f->plan;
    const char *kind = PICK(f->r, KINDS);
    enum scope scope = scope_of(plan->about_partnership[i]);
    line(f, "  - id: c%02u\n    kind: %s\n    label: Conclusion %u", i, kind, i);
    if (scope == SCOPE_PARTNERSHIP)
        line(f, "    about: partnership");
    if (random_chance(f->r, 0.7))
        line(f, "    holds_from: %g", PICK(f->r, THRESHOLDS));
    if (random_chance(f->r, 0.2))
        line(f, "    needs: nothing");
    else if (random_chance(f->r, 0.25))
        condition_line(f, "    needs", SCOPE_PARTNERSHIP, random_below(f->r, 3), i);
    if (kind != KINDS[0] || random_chance(f->r, 0.4))
        return;
    line(f, "    severity:\n      level: %s", PICK(f->r, LEVELS));
    if (random_chance(f->r, 0.6))
        condition_line(f, "      high_when", scope, random_below(f->r, 3), plan->conclusion_count);
    if (random_chance(f->r, 0.6))
        condition_line(f, "      low_when", scope, random_below(f->r, 3), plan->conclusion_count);
}

/* Reads conclusions with lower numbers only. Groups are small and shared with other conclusions. */
static void write_rule(struct pack_file *f, uint32_t id, uint32_t conclusion)
{
    bool whole = f->plan->about_partnership[conclusion] && random_chance(f->r, 0.6);
    double certainty = PICK(f->r, CERTAINTIES);
    line(f, "  - id: r%02u", id);
    condition_line(f, "    when", scope_of(whole), random_below(f->r, 5), conclusion);
    if (whole || random_chance(f->r, 0.1))
        line(f, "    each: %s", whole ? "partnership" : "partner");
    line(f, "    conclude: c%02u\n    certainty: %g", conclusion,
         random_chance(f->r, 0.25) ? -certainty : certainty);
    if (random_chance(f->r, 0.4))
        line(f, "    group: g%u", random_chance(f->r, 0.25));
    if (random_chance(f->r, 0.3))
        line(f, "    because: For reason %u.", id);
}

/* Ids are dealt out of order: evidence combines by id, whatever the file says. */
static void write_rules(struct pack_file *f)
{
    struct random_plan *plan = f->plan;
    uint32_t ids[RANDOM_RULES], count = random_between(f->r, 5, RANDOM_RULES);
    plan->conclusion_count = random_between(f->r, 3, RANDOM_CONCLUSIONS);
    for (uint32_t i = 0; i < plan->conclusion_count; i++)
        plan->about_partnership[i] = random_chance(f->r, 0.4);
    line(f, "conclusions:");
    for (uint32_t i = 0; i < plan->conclusion_count; i++)
        write_conclusion(f, i);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t j = random_below(f->r, i + 1);
        ids[i] = ids[j];
        ids[j] = i;
    }
    line(f, "rules:");
    for (uint32_t i = 0; i < count; i++)
        write_rule(f, ids[i],
                   i < plan->conclusion_count && random_chance(f->r, 0.9)
                       ? i
                       : random_below(f->r, plan->conclusion_count));
}

static void write_remedies(struct pack_file *f)
{
    static const char *const HORIZONS[] = {"weeks", "months", "years"};
    uint32_t count = random_below(f->r, 5);
    if (count == 0)
        line(f, "[]");
    for (uint32_t i = 0; i < count; i++) {
        uint32_t first = random_below(f->r, f->plan->conclusion_count - 2);
        line(f, "- id: R%02u\n  title: Remedy %u\n  treats: [c%02u%s]", i, i, first,
             random_chance(f->r, 0.3) ? ", c02" : "");
        if (random_chance(f->r, 0.6))
            condition_line(f, "  when", SCOPE_PARTNERSHIP, random_below(f->r, 3),
                           f->plan->conclusion_count);
        line(f, "  steps:\n    - {who: Everybody, what: Do it.}\n  effort: %u\n  impact: %u",
             random_between(f->r, 1, 3), random_between(f->r, 1, 3));
        line(f, "  horizon: %s", PICK(f->r, HORIZONS));
    }
}

static bool save(const struct buffer *b, const char *folder, const char *name)
{
    char path[4096];
    int size = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (size < 0 || (size_t)size >= sizeof path || b->failed)
        return false;
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    bool written = b->size == 0 || fwrite(b->at, b->size, 1, file) == 1;
    return (fclose(file) == 0) & written;
}

bool random_pack_write(struct random *r, const char *folder)
{
    /* In this order, as the later ones read what the earlier ones planned. */
    static const struct {
        const char *name;
        void (*write)(struct pack_file *f);
    } FILES[] = {{"questions.yaml", write_questions},
                 {"pack.yaml", write_pack},
                 {"rules.yaml", write_rules},
                 {"remedies.yaml", write_remedies}};
    struct random_plan plan = {.question_count = 0};
    struct pack_file f = {.r = r, .plan = &plan};
    bool ok = true;
    buffer_init(&f.out);
    for (uint32_t i = 0; i < COUNT_OF(FILES) && ok; i++) {
        buffer_clear(&f.out);
        FILES[i].write(&f);
        ok = save(&f.out, folder, FILES[i].name);
    }
    buffer_deinit(&f.out);
    return ok;
}

/* --- cases */

void random_put(struct random *r, const struct kb *kb, bool *questions, struct put *put)
{
    bool all = random_chance(r, 0.8);
    *put = (struct put){.questions = questions};
    for (uint32_t q = 0; q < kb->question_count; q++) {
        questions[q] = all || random_chance(r, 0.8);
        put->count += questions[q] && kb->questions[q].kind != KIND_TEXT;
    }
}

/* --- answers */

/* The states an answer without a value can have, and how often they are drawn. */
static const struct {
    uint8_t code;
    uint32_t weight;
} STATES[] = {{CODE_BLANK, 9}, {CODE_SKIPPED, 2}, {CODE_UNSURE, 2}, {CODE_NA, 3}};

enum mood { MOOD_MIXED, MOOD_NA, MOOD_SILENT, MOOD_FULL };

struct filler {
    struct random *r;
    struct cases *cases;
    struct arena *arena;
    double silence; /* how many answers of a mixed mood are without a value */
    enum mood partner_mood;
    enum mood *moods; /* by question, of the partner that is filled */
};

static uint8_t some_state(struct random *r, bool declined_only)
{
    uint32_t total = 0, states = COUNT_OF(STATES) - (declined_only ? 1 : 0);
    for (uint32_t i = 0; i < states; i++)
        total += STATES[i].weight;
    uint32_t drawn = random_below(r, total), at = 0;
    while (drawn >= STATES[at].weight)
        drawn -= STATES[at++].weight;
    return STATES[at].code;
}

/* With few decimals, so that means and comparisons meet; the ends come up often. */
static double some_number(struct random *r, double lo, double hi)
{
    static const double STEPS[] = {1, 2, 10};
    double step = PICK(r, STEPS);
    if (random_chance(r, 0.15))
        return random_chance(r, 0.5) ? lo : hi;
    double x = lo + (hi - lo) * random_below(r, 1001) / 1000;
    x = floor(x * step + 0.5) / step + 0.0;
    return x < lo ? lo : x > hi ? hi : x;
}

static struct text some_text(struct random *r, struct arena *a)
{
    struct text word = text_from_c(random_texts[random_below(r, RANDOM_TEXTS)]);
    if (!random_chance(r, 0.2))
        return word;
    struct text other = text_from_c(random_texts[random_below(r, RANDOM_TEXTS)]);
    char *joined = arena_alloc(a, word.size + other.size + 1);
    memcpy(joined, word.at, word.size);
    joined[word.size] = random_chance(r, 0.5) ? ' ' : '\n';
    memcpy(joined + word.size + 1, other.at, other.size);
    return (struct text){joined, word.size + other.size + 1};
}

static struct answer some_value(struct filler *f, const struct question *q)
{
    struct random *r = f->r;
    struct answer a = {.code = 1, .text = {"", 0}};
    switch (q->kind) {
    case KIND_NUMBER: a.number = some_number(r, q->lo, q->hi); break;
    case KIND_MANY_OF: /* none ticked is an answer too */
        a.ticked = random_next(r) & ((UINT64_C(1) << q->choice_count) - 1);
        break;
    case KIND_TEXT:
        a.text = some_text(r, f->arena);
        a.code = random_chance(r, 0.05) ? TEXT_CUT : 1;
        break;
    default: a.code = (uint8_t)random_between(r, 1, q->choice_count); break;
    }
    return a;
}

static enum mood some_mood(struct random *r)
{
    uint32_t drawn = random_below(r, 20);
    return drawn == 0 ? MOOD_NA : drawn == 1 ? MOOD_SILENT : drawn < 6 ? MOOD_FULL : MOOD_MIXED;
}

static struct answer some_answer(struct filler *f, const struct question *q, enum mood mood)
{
    bool value = mood == MOOD_FULL || (mood == MOOD_MIXED && !random_chance(f->r, f->silence));
    struct answer a = some_value(f, q);
    if (value)
        return a;
    a.code = mood == MOOD_NA ? CODE_NA : some_state(f->r, mood == MOOD_SILENT);
    a.text = (struct text){"", 0};
    return a; /* number and ticks stay, as what an earlier row left behind: nobody may read them */
}

/* --- respondents and facts */

static bool is_scale_of_partner(const struct question *q)
{
    return q->kind == KIND_SCALE && !q->about_partnership;
}

/* One number on all scales, as far as they have it; sometimes one is off, or one is left out. */
static void straighten(struct filler *f, uint32_t row)
{
    const struct kb *kb = f->cases->kb;
    double number = (double)random_between(f->r, 1, 2);
    uint32_t off = random_chance(f->r, 0.3) ? random_below(f->r, kb->question_count) : NONE;
    for (uint32_t i = 0; i < kb->question_count; i++) {
        const struct question *q = &kb->questions[i];
        if (!is_scale_of_partner(q))
            continue;
        struct answer a = some_answer(f, q, MOOD_FULL);
        if (i == off && random_chance(f->r, 0.5))
            a.code = some_state(f->r, false);
        else if (i != off && number >= q->lo && number <= q->hi)
            a.code = (uint8_t)(number - q->lo + 1);
        cases_set(f->cases, i, row, &a);
    }
}

static void add_respondent(struct filler *f)
{
    const struct kb *kb = f->cases->kb;
    if (!cases_add_respondent(f->cases))
        abort();
    uint32_t row = f->cases->respondent_count - 1;
    for (uint32_t i = 0; i < kb->question_count; i++) {
        if (kb->questions[i].about_partnership)
            continue;
        enum mood mood = f->partner_mood == MOOD_MIXED ? f->moods[i] : f->partner_mood;
        struct answer a = some_answer(f, &kb->questions[i], mood);
        cases_set(f->cases, i, row, &a);
    }
    if (f->partner_mood == MOOD_MIXED && random_chance(f->r, 0.15))
        straighten(f, row);
}

/* Mostly one respondent knows and the others skip; sometimes everybody has something to say. */
static void add_fact(struct filler *f, uint32_t question, uint32_t from, uint32_t to)
{
    const struct question *q = &f->cases->kb->questions[question];
    enum mood mood = some_mood(f->r);
    bool everybody = random_chance(f->r, 0.25);
    uint32_t knows = from + random_below(f->r, to - from);
    for (uint32_t row = from; row < to; row++) {
        struct answer a = some_answer(f, q, mood);
        if (!everybody && row != knows) {
            a.code = CODE_SKIPPED;
            a.text = (struct text){"", 0};
        }
        cases_set(f->cases, question, row, &a);
    }
}

static void add_partner(struct filler *f, struct text name, uint32_t respondents)
{
    const struct kb *kb = f->cases->kb;
    if (!cases_add_partner(f->cases, name))
        abort();
    f->partner_mood = random_chance(f->r, 0.1) ? some_mood(f->r) : MOOD_MIXED;
    for (uint32_t i = 0; i < kb->question_count; i++)
        f->moods[i] = some_mood(f->r);
    for (uint32_t i = 0; i < respondents; i++)
        add_respondent(f);
}

static struct text printed(struct arena *a, const char *prefix, uint32_t number)
{
    char name[32];
    int size = snprintf(name, sizeof name, "%s%u", prefix, number);
    return arena_text(a, (struct text){name, (size_t)size});
}

/* The names of the list come first, in an order of the case's own; behind them numbered ones. */
static void add_case(struct filler *f, bool open, uint32_t partners, uint32_t least, uint32_t most)
{
    uint32_t order[RANDOM_NAMES];
    uint32_t first_row = f->cases->respondent_count;
    if (!cases_add_case(f->cases, printed(f->arena, "case ", f->cases->case_count), open))
        abort();
    for (uint32_t i = 0; i < RANDOM_NAMES; i++) {
        uint32_t j = random_below(f->r, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    f->silence = random_chance(f->r, 0.2) ? 0 : 0.1 + 0.4 * random_below(f->r, 101) / 100;
    for (uint32_t i = 0; i < partners; i++)
        add_partner(f,
                    i < RANDOM_NAMES ? text_from_c(random_names[order[i]])
                                     : printed(f->arena, "partner ", i),
                    random_between(f->r, least, most));
    for (uint32_t q = 0; q < f->cases->kb->question_count; q++)
        if (f->cases->kb->questions[q].about_partnership && f->cases->respondent_count > first_row)
            add_fact(f, q, first_row, f->cases->respondent_count);
}

void random_cases(struct random *r, struct cases *c, struct arena *a, enum random_shape shape,
                  uint32_t count)
{
    static const double OPEN[] = {0, 0, 0.3, 0.5, 1};
    static const uint32_t MOST[] = {1, 2, 3, 5, 9};
    double open = PICK(r, OPEN);
    uint32_t crowd = shape == SHAPE_CROWD && count ? random_below(r, count) : NONE;
    struct filler f = {.r = r, .cases = c, .arena = a};
    f.moods = arena_array(a, c->kb->question_count, sizeof *f.moods);
    for (uint32_t i = 0; i < count; i++) {
        bool is_open = random_chance(r, open);
        uint32_t least = random_chance(r, 0.7), most = PICK(r, MOST);
        if (shape == SHAPE_SINGLE)
            add_case(&f, is_open, 1, 1, 1);
        else if (i == crowd)
            add_case(&f, is_open, random_between(r, 65, 200), 0, 3);
        else
            add_case(&f, is_open, random_between(r, 1, 4), least, most);
    }
}
