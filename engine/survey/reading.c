/* In: an entry of a mapping. Out: a reading: every label with its code, scales brought to the
 * question's. Next: mapped reads cells through it. The one idea: what is declared first counts:
 * missing codes, then the mapping's labels, then what is built in. */
#include "survey/dialect.h"
#include "survey/mapping.h"

#include <math.h>
#include <stdlib.h>

enum label_set {
#define LABEL_SET(name, word, points) SET_##name,
#include "survey/labels.def"
    SET_COUNT
};

static const struct {
    const char *word;
    unsigned points;
} SETS[] = {
#define LABEL_SET(name, word, points) [SET_##name] = {word, points},
#include "survey/labels.def"
};

static const struct {
    enum label_set set;
    unsigned position;
    const char *label;
} LABELS[] = {
#define LABEL(name, position, label) {SET_##name, position, label},
#include "survey/labels.def"
};

static const struct {
    uint8_t code;
    const char *label;
} STATES[] = {
#define LABEL_STATE(code, label) {code, label},
#include "survey/labels.def"
};

static void add(struct arena *a, struct reading *r, struct text is_loose, uint8_t code,
                struct text is)
{
    if (idmap_get(&r->by_label, is_loose) != IDMAP_NONE)
        return;
    r->labels = arena_grow(a, r->labels, r->label_count, &r->label_capacity, sizeof *r->labels);
    r->labels[r->label_count] = (struct label){.loose = is_loose, .is = is, .code = code};
    idmap_put(&r->by_label, is_loose, r->label_count++);
}

static void add_missing(struct arena *a, struct reading *r, const struct cells *missing)
{
    for (unsigned i = 0; i < missing->count; i++)
        add(a, r, heading_loose(a, cell_text(&missing->at[i])), CODE_BLANK, TEXT(""));
}

static void add_states(struct arena *a, struct reading *r)
{
    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++)
        add(a, r, text_from_c(STATES[i].label), STATES[i].code, TEXT(""));
}

/* --- scales ----------------------------------------------------------------------------------- */

/* To the nearest point; what lies between two goes towards the middle, so that a reversed scale is
 * the mirror of the other. */
static double nearest(const struct question *q, double y)
{
    double below = floor(y), middle = (q->lo + q->hi) / 2;
    if (fabs(y - below - 0.5) > 1e-9)
        return floor(y + 0.5);
    return y < middle ? below + 1 : below;
}

static uint8_t brought(const struct reading *r, double x, double lo, double hi)
{
    const struct question *q = r->of;
    double y = q->lo + (x - lo) * (q->hi - q->lo) / (hi - lo);
    if (r->reversed)
        y = q->lo + q->hi - y;
    return (uint8_t)(nearest(q, y) - q->lo + 1);
}

uint8_t reading_scale(const struct reading *r, double x)
{
    double lo = r->has_from ? r->from_lo : r->of->lo, hi = r->has_from ? r->from_hi : r->of->hi;
    return x < lo || x > hi ? 0 : brought(r, x, lo, hi);
}

/* The middle of the column's scale is a point, and the question has none there. */
static bool has_no_middle(const struct question *q, double lo, double hi)
{
    double middle = (lo + hi) / 2, own = (q->lo + q->hi) / 2;
    return middle == floor(middle) && own != floor(own) && lo == floor(lo);
}

static bool set_scale(struct reading *r, const struct map_question *q, struct problems *problems)
{
    r->from_lo = r->of->lo;
    r->from_hi = r->of->hi;
    r->reversed = cell_given(&q->best) && (q->best.number != 0) != r->of->best_low;
    if (q->from.count == 2) {
        r->has_from = true;
        r->from_lo = q->from.at[0].number;
        r->from_hi = q->from.at[1].number;
        if (r->from_lo >= r->from_hi || has_no_middle(r->of, r->from_lo, r->from_hi)) {
            problem_add(problems, PROBLEM_MAP_SCALE, q->from.at[0].span,
                        problem_quote(problems, r->of->id),
                        r->from_lo >= r->from_hi ? "the lower end stands first"
                                                 : "its middle falls between two points",
                        NULL);
            return false;
        }
    }
    return true;
}

/* Single digits, which most scales are: as the labels have it, else as the scale. */
static void set_digits(struct reading *r)
{
    for (int d = 0; d < 10; d++) {
        char digit = (char)('0' + d);
        uint32_t label = idmap_get(&r->by_label, (struct text){&digit, 1});
        r->digit[d] = label == IDMAP_NONE ? reading_scale(r, d) : r->labels[label].code;
    }
}

/* --- labels ----------------------------------------------------------------------------------- */

static uint8_t choice_of(const struct question *q, struct text id)
{
    for (uint32_t i = 0; i < q->choice_count; i++)
        if (text_equal(q->choices[i].id, id))
            return (uint8_t)(i + 1);
    return 0;
}

/* What stands behind `is`; false: it is no answer to the question. */
static bool code_of(const struct reading *r, struct text is, uint8_t *code)
{
    double x;
    is = text_trim(is);
    *code = CODE_BLANK;
    if (is.size == 0)
        return true;
    if (text_is(is, "dk") || text_is(is, "na")) {
        *code = is.at[0] == 'd' ? CODE_UNSURE : CODE_NA;
        return true;
    }
    switch (r->of->kind) {
    case KIND_SCALE:
        *code = number_parse(is, &x) == NUMBER_OK ? reading_scale(r, x) : 0;
        return *code != 0;
    case KIND_NUMBER:
        *code = number_parse(is, &x) == NUMBER_OK && x >= r->of->lo && x <= r->of->hi;
        return *code != 0;
    case KIND_YESNO:
        *code = text_is(is, "yes") ? YESNO_YES : text_is(is, "no") ? YESNO_NO : 0;
        return *code != 0;
    case KIND_ONE_OF:
    case KIND_MANY_OF: *code = choice_of(r->of, is); return *code != 0;
    default: return false;
    }
}

/* A label that stands for a number: "less than a year". */
static void set_number(struct arena *a, struct reading *r, const struct map_value *v)
{
    uint32_t label = idmap_get(&r->by_label, heading_loose(a, cell_text(&v->label)));
    if (label != IDMAP_NONE && r->labels[label].code == 1)
        number_parse(text_trim(cell_text(&v->is)), &r->labels[label].number);
}

static bool add_values(struct arena *a, struct reading *r, const struct map_value *values,
                       unsigned count, struct problems *problems)
{
    bool ok = true;
    for (unsigned i = 0; i < count; i++) {
        struct text is = cell_text(&values[i].is);
        uint8_t code = 0;
        if (r->of && !code_of(r, is, &code)) {
            problem_add(problems, PROBLEM_MAP_VALUE, values[i].is.span, problem_quote(problems, is),
                        problem_quote(problems, r->of->id), NULL);
            ok = false;
        }
        add(a, r, heading_loose(a, cell_text(&values[i].label)), code, is);
        if (r->of && r->of->kind == KIND_NUMBER && code == 1 && r->label_count)
            set_number(a, r, &values[i]);
    }
    return ok;
}

static uint8_t built_in_code(const struct reading *r, enum label_set set, unsigned position)
{
    if (set == SET_YESNO)
        return position == 2 ? YESNO_YES : YESNO_NO;
    return brought(r, position, 1, SETS[set].points);
}

static void add_set(struct arena *a, struct reading *r, enum label_set set)
{
    for (size_t i = 0; i < sizeof LABELS / sizeof LABELS[0]; i++)
        if (LABELS[i].set == set)
            add(a, r, text_from_c(LABELS[i].label), built_in_code(r, set, LABELS[i].position),
                TEXT(""));
}

static void refuse_labels(const struct cell *labels, const char *why, struct problems *problems)
{
    struct buffer all;
    buffer_init(&all);
    for (int s = 0; s < SET_COUNT; s++) {
        buffer_c(&all, s ? ", " : "");
        buffer_c(&all, SETS[s].word);
    }
    problem_add(problems, PROBLEM_MAP_LABELS, labels->span,
                problem_quote(problems, cell_text(labels)), why, NULL);
    problem_help(problems, problem_format(problems, "built in are %.*s", (int)all.size,
                                          all.size ? all.at : ""));
    buffer_deinit(&all);
}

/* The mapping's own table, else one that is built in. */
static bool add_labels(struct arena *a, struct reading *r, const struct mapping *m,
                       const struct cell *labels, struct problems *problems)
{
    struct text name = cell_text(labels);
    if (!cell_given(labels))
        return true;
    r->set = arena_c(a, name);
    for (unsigned i = 0; i < m->read.labels_count; i++)
        if (text_equal(cell_text(&m->read.labels[i].id), name))
            return add_values(a, r, m->read.labels[i].values, m->read.labels[i].values_count,
                              problems);
    for (int s = 0; s < SET_COUNT; s++) {
        if (!text_is(name, SETS[s].word))
            continue;
        bool fits =
            r->of && (s == SET_YESNO ? r->of->kind == KIND_YESNO : r->of->kind == KIND_SCALE);
        if (!fits) {
            refuse_labels(labels,
                          s == SET_YESNO ? "it is for yes/no questions" : "it is for scales",
                          problems);
            return false;
        }
        if (s != SET_YESNO && SETS[s].points % 2 == 1 && has_no_middle(r->of, 1, SETS[s].points)) {
            refuse_labels(labels, "its middle falls between two points of the question", problems);
            return false;
        }
        add_set(a, r, (enum label_set)s);
        return true;
    }
    refuse_labels(labels, "there is no such table of labels", problems);
    return false;
}

static void add_choices(struct arena *a, struct reading *r)
{
    const struct question *q = r->of;
    for (uint32_t i = 0; i < q->choice_count; i++) {
        add(a, r, heading_loose(a, q->choices[i].label), (uint8_t)(i + 1), TEXT(""));
        add(a, r, heading_loose(a, q->choices[i].id), (uint8_t)(i + 1), TEXT(""));
    }
}

static int by_length(const void *a, const void *b)
{
    const struct label *x = a, *y = b;
    if (x->loose.size != y->loose.size)
        return x->loose.size > y->loose.size ? -1 : 1;
    return text_compare(x->loose, y->loose);
}

/* Choices in one cell: the longest label that fits counts, for one may hold the separator. */
static void sort_labels(struct arena *a, struct reading *r)
{
    qsort(r->labels, r->label_count, sizeof *r->labels, by_length);
    idmap_init(&r->by_label, a);
    for (uint32_t i = 0; i < r->label_count; i++)
        idmap_put(&r->by_label, r->labels[i].loose, i);
}

static struct reading *begin(struct arena *a, const struct question *of)
{
    struct reading *r = arena_alloc(a, sizeof *r);
    r->of = of;
    idmap_init(&r->by_label, a);
    return r;
}

static bool set_other(struct reading *r, const struct map_question *q, struct problems *problems)
{
    if (!cell_given(&q->other))
        return true;
    if (r->of->kind == KIND_ONE_OF || r->of->kind == KIND_MANY_OF)
        r->other = choice_of(r->of, cell_text(&q->other));
    if (r->other)
        return true;
    problem_add(problems, PROBLEM_MAP_VALUE, q->other.span,
                problem_quote(problems, cell_text(&q->other)), problem_quote(problems, r->of->id),
                NULL);
    return false;
}

struct reading *reading_new(struct arena *a, const struct mapping *m, const struct map_question *q,
                            const struct question *of, struct problems *problems)
{
    struct reading *r = begin(a, of);
    bool ok = of->kind != KIND_SCALE || set_scale(r, q, problems);
    add_missing(a, r, &q->missing);
    add_missing(a, r, &m->read.missing);
    ok = ok && add_values(a, r, q->values, q->values_count, problems);
    ok = ok && add_labels(a, r, m, &q->labels, problems) && set_other(r, q, problems);
    if (of->kind == KIND_YESNO)
        add_set(a, r, SET_YESNO);
    if (of->kind == KIND_ONE_OF || of->kind == KIND_MANY_OF)
        add_choices(a, r);
    if (of->kind != KIND_TEXT)
        add_states(a, r);
    r->joined = cell_given(&q->joined) ? arena_text(a, cell_text(&q->joined)) : TEXT(";,");
    if (of->kind == KIND_SCALE && ok)
        set_digits(r);
    if (of->kind == KIND_MANY_OF)
        sort_labels(a, r);
    return ok ? r : NULL;
}

struct reading *reading_new_key(struct arena *a, const struct mapping *m, const struct map_key *k,
                                bool *ok, struct problems *problems)
{
    if (k->values_count == 0 && !cell_given(&k->labels))
        return NULL;
    struct reading *r = begin(a, NULL);
    *ok &= add_values(a, r, k->values, k->values_count, problems) &&
           add_labels(a, r, m, &k->labels, problems);
    return r;
}

/* An option of a multiple choice says whether it is ticked; of a single choice, that it is the
 * answer, or nothing. */
struct reading *reading_new_option(struct arena *a, const struct mapping *m,
                                   const struct map_question *q, const struct question *of,
                                   uint8_t choice, struct text item)
{
    struct reading *r = begin(a, of);
    bool many = of->kind == KIND_MANY_OF;
    uint8_t ticked = many ? OPTION_TICKED : choice, not_ticked = many ? OPTION_NOT_TICKED : 0;
    r->option = many ? choice : 0;
    add_missing(a, r, &q->missing);
    add_missing(a, r, &m->read.missing);
    add(a, r, heading_loose(a, item), ticked, TEXT(""));
    add(a, r, heading_loose(a, of->choices[choice - 1].label), ticked, TEXT(""));
    add(a, r, heading_loose(a, of->choices[choice - 1].id), ticked, TEXT(""));
    for (size_t i = 0; i < sizeof LABELS / sizeof LABELS[0]; i++)
        if (LABELS[i].set == SET_YESNO)
            add(a, r, text_from_c(LABELS[i].label), LABELS[i].position == 2 ? ticked : not_ticked,
                TEXT(""));
    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++)
        add(a, r, text_from_c(STATES[i].label), CODE_BLANK, TEXT(""));
    return r;
}

const char *reading_set(size_t i)
{
    return i < SET_COUNT ? SETS[i].word : NULL;
}

bool reading_is_state(struct text loose)
{
    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++)
        if (text_is(loose, STATES[i].label))
            return true;
    return false;
}

bool reading_knows(size_t set, struct text loose)
{
    for (size_t i = 0; i < sizeof LABELS / sizeof LABELS[0]; i++)
        if (LABELS[i].set == set && text_is(loose, LABELS[i].label))
            return true;
    return reading_is_state(loose);
}
