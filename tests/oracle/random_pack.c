/* random_pack: the conditions of a random pack; its files are laid out in random_case.c.
 * In: a plan (what there is to read), a scope, a depth. Out: the text of a condition. Next: kb_new.
 * The one idea: a grammar with weights; every form says in which scopes it may stand, and gives up
 * where the plan has nothing to put into it. Ranges are followed, because a constant outside one
 * is an error. */
#include "oracle/random_pack.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    struct random *r;
    const struct random_plan *plan;
    struct buffer out;
    enum scope scope;          /* of the part that is being written */
    struct random_range range; /* of the number that was written last */
};

static const char *const PATTERNS[] = {
    "late",
    "retard|délai",
    "\\bd[ée]lais?\\b",
    "^ok$",
    "^un",
    "it.s",
    "and\\/or",
    "\\(ok\\)",
    "(?<!aucun )retard",
    "[A-Z]{2}",
    "été",
    "p[sm]",
    "pme",
    "groupe$",
    "^.{1,2}$",
    "\\d",
    "(late |)\\w+ again(?!x)",
    "(un |)\\w+lai",
    "(?<!mais )(des |)d\\w+",
};

#define COUNT_OF(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

/* --- writing */

static void put(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct writer *w, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (size < 0 || (size_t)size >= sizeof line)
        abort();
    buffer_text(&w->out, (struct text){line, (size_t)size});
}

static void put_number(struct writer *w, double x)
{
    char digits[32];
    buffer_text(&w->out, (struct text){digits, number_short(digits, x)});
}

static const char *question_id(const struct writer *w, uint32_t q)
{
    return w->plan->questions[q].id;
}

/* A text between quotes of the language: the other kind where it holds one. */
static void put_text(struct writer *w, const char *t)
{
    char quote = strchr(t, '"') || (!strchr(t, '\'') && random_chance(w->r, 0.3)) ? '\'' : '"';
    put(w, "%c%s%c", quote, t, quote);
}

/* --- picking */

/* Kinds as bits. */
#define KIND(k) (1u << KIND_##k)
#define MEASURES (KIND(SCALE) | KIND(NUMBER))
#define VARIED (MEASURES | KIND(YESNO) | KIND(ONE_OF))

/* A question of one of these kinds that may be read here, or NONE. */
static uint32_t pick_question(struct writer *w, uint32_t kinds, bool partner_only)
{
    uint32_t fitting[RANDOM_QUESTIONS], count = 0;
    partner_only |= w->scope == SCOPE_RESPONDENT;
    for (uint32_t q = 0; q < w->plan->questions_below; q++)
        if ((kinds >> w->plan->questions[q].kind & 1) &&
            !(partner_only && w->plan->questions[q].about_partnership))
            fitting[count++] = q;
    if (count == 0)
        return NONE;
    /* so that the ask_if of one question often rests on that of the one before */
    if (w->plan->in_ask_if && random_chance(w->r, 0.5))
        return fitting[count - 1];
    return fitting[random_below(w->r, count)];
}

/* A number in the range that is short to write: halves and whole numbers before finer ones. */
static bool pick_constant(struct writer *w, struct random_range range, double *out)
{
    static const double STEPS[] = {1, 2, 10, 100, 10000};
    const double far = 12;
    double lo = isinf(range.lo) ? (isinf(range.hi) ? -far : range.hi - far) : range.lo;
    double hi = isinf(range.hi) ? lo + far : range.hi;
    if (fabs(lo) > 1e6 || fabs(hi) > 1e6)
        return false;
    double x = lo + (hi - lo) * (0.1 + 0.8 * random_below(w->r, 1001) / 1000);
    if (random_chance(w->r, 0.1))
        x = random_chance(w->r, 0.5) ? lo : hi;
    for (uint32_t i = random_chance(w->r, 0.7) ? 0 : 1; i < COUNT_OF(STEPS); i++) {
        *out = floor(x * STEPS[i] + 0.5) / STEPS[i];
        if (*out >= range.lo && *out <= range.hi)
            return true;
    }
    return false;
}

/* --- forms: what stands where, how often */

/* Scopes as bits; READS: not in an ask_if. */
enum {
    AT_PARTNER = 1 << SCOPE_PARTNER,
    AT_WHOLE = 1 << SCOPE_PARTNERSHIP,
    AT_RESPONDENT = 1 << SCOPE_RESPONDENT,
    AT_SUBJECT = AT_PARTNER | AT_WHOLE,
    AT_ALL = AT_SUBJECT | AT_RESPONDENT,
    READS = 1 << 8
};

struct form {
    unsigned weight, where;
    /* Writes itself; false where the pack has nothing for it. Numbers leave their range. */
    bool (*write)(struct writer *w, const struct form *form);
    const char *word;
    uint32_t kinds;
};

static void condition(struct writer *w, unsigned depth);
static struct random_range number(struct writer *w, unsigned depth);

static bool fits(const struct writer *w, const struct form *f)
{
    return (f->where >> w->scope & 1) && !(w->plan->in_ask_if && (f->where & READS));
}

/* One of the forms that fit; false where the one that was drawn had nothing to say. */
static bool write_form(struct writer *w, const struct form *forms, uint32_t count)
{
    uint32_t total = 0, at = 0;
    for (uint32_t i = 0; i < count; i++)
        total += fits(w, &forms[i]) ? forms[i].weight : 0;
    for (uint32_t drawn = random_below(w->r, total);; at++) {
        uint32_t weight = fits(w, &forms[at]) ? forms[at].weight : 0;
        if (drawn < weight)
            break;
        drawn -= weight;
    }
    size_t before = w->out.size;
    bool written = forms[at].write(w, &forms[at]);
    if (!written)
        w->out.size = before;
    return written;
}

/* --- numbers */

static bool bare_number(struct writer *w, const struct form *f)
{
    uint32_t q = pick_question(w, f->kinds, false);
    if (q == NONE)
        return false;
    put(w, "%s", question_id(w, q));
    w->range = w->plan->questions[q].range;
    return true;
}

/* mean(q), gap(q) and the like. */
static bool measure(struct writer *w, const struct form *f)
{
    uint32_t q = pick_question(w, f->kinds, true);
    if (q == NONE)
        return false;
    put(w, "%s(%s)", f->word, question_id(w, q));
    w->range = w->plan->questions[q].range;
    if (text_is(text_from_c(f->word), "gap") || text_is(text_from_c(f->word), "spread"))
        w->range = (struct random_range){0, w->range.hi - w->range.lo};
    return true;
}

/* count and share: over respondents, without facts, conclusions or other functions. */
static bool over_respondents(struct writer *w, const struct form *f)
{
    enum scope outer = w->scope;
    w->scope = SCOPE_RESPONDENT;
    put(w, "%s(", f->word);
    condition(w, random_chance(w->r, 0.6) ? 0 : 2);
    put(w, ")");
    w->scope = outer;
    w->range =
        (struct random_range){0, text_is(text_from_c(f->word), "count") ? (double)INFINITY : 1};
    return true;
}

static bool certainty(struct writer *w, const struct form *f)
{
    if (w->plan->conclusions_below == 0)
        return false;
    put(w, "%s(c%02u)", f->word, random_below(w->r, w->plan->conclusions_below));
    w->range = (struct random_range){-1, 1};
    return true;
}

static bool fact(struct writer *w, const struct form *f)
{
    put(w, "%s", f->word);
    w->range = (struct random_range){0, 1};
    if (text_is(text_from_c(f->word), "respondents"))
        w->range.hi = INFINITY;
    else if (text_is(text_from_c(f->word), "partners"))
        w->range.hi = LIMIT_PARTNERS;
    return true;
}

static const struct form NUMBERS[] = {
    {24, AT_ALL, bare_number, NULL, MEASURES},
    {3, AT_SUBJECT, measure, "mean", MEASURES},
    {3, AT_SUBJECT, measure, "min", MEASURES},
    {3, AT_SUBJECT, measure, "max", MEASURES},
    {3, AT_SUBJECT, measure, "spread", MEASURES},
    {3, AT_SUBJECT, measure, "gap", MEASURES},
    {3, AT_SUBJECT, over_respondents, "count", 0},
    {3, AT_SUBJECT, over_respondents, "share", 0},
    {4, AT_SUBJECT | READS, certainty, "certainty", 0},
    {2, AT_SUBJECT, fact, "respondents", 0},
    {2, AT_SUBJECT, fact, "partners", 0},
    {2, AT_SUBJECT | READS, fact, "answered_share", 0},
    {3, AT_SUBJECT | READS, fact, "straight_lined", 0},
};

static double times(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

static bool may_be_zero(struct random_range x)
{
    return x.lo <= 0 && x.hi >= 0;
}

/* The language's own interval arithmetic, so that constants stay inside. */
static struct random_range combined(char op, struct random_range a, struct random_range b)
{
    struct random_range all = {-INFINITY, INFINITY}, x = all;
    if (op == '+')
        x = (struct random_range){a.lo + b.lo, a.hi + b.hi};
    else if (op == '-')
        x = (struct random_range){a.lo - b.hi, a.hi - b.lo};
    else if (op == '*' || !may_be_zero(b)) {
        const double left[2] = {a.lo, a.hi}, right[2] = {b.lo, b.hi};
        x = (struct random_range){INFINITY, -INFINITY};
        for (int i = 0; i < 4; i++) {
            double end = op == '*' ? times(left[i / 2], right[i % 2]) : left[i / 2] / right[i % 2];
            if (isnan(end))
                return all;
            x = (struct random_range){end < x.lo ? end : x.lo, end > x.hi ? end : x.hi};
        }
    }
    return isnan(x.lo) || isnan(x.hi) ? all : x;
}

/* An operand of a calculation: a number without a sign, or one that stands in brackets. */
static struct random_range operand(struct writer *w, unsigned depth, char op)
{
    static const double PLAIN[] = {2, 0.5, 1, 3, 10, 0.25};
    if (op != 0 && random_chance(w->r, 0.35)) {
        double x = PLAIN[random_below(w->r, COUNT_OF(PLAIN))];
        put_number(w, x);
        return (struct random_range){x, x};
    }
    if (depth == 0)
        return number(w, 0);
    put(w, "(");
    struct random_range x = number(w, depth);
    put(w, ")");
    return x;
}

static struct random_range calculation(struct writer *w, unsigned depth)
{
    char op = "+-*/"[random_below(w->r, 4)];
    struct random_range left = operand(w, random_below(w->r, depth), 0);
    put(w, " %c ", op);
    size_t before = w->out.size;
    struct random_range right = operand(w, random_below(w->r, depth), op);
    if (op == '/' &&
        ((right.lo >= 0 && right.hi <= 0) || (may_be_zero(right) && random_chance(w->r, 0.7)))) {
        w->out.size = before;
        put(w, "4");
        right = (struct random_range){4, 4};
    }
    return combined(op, left, right);
}

/* Never a constant alone. */
static struct random_range number(struct writer *w, unsigned depth)
{
    struct random_range x;
    if (depth > 0 && random_chance(w->r, 0.15)) {
        put(w, "-");
        x = operand(w, depth - 1, 0);
        return (struct random_range){0 - x.hi, 0 - x.lo};
    }
    if (depth > 0 && random_chance(w->r, 0.8))
        return calculation(w, depth);
    while (!write_form(w, NUMBERS, COUNT_OF(NUMBERS))) {
    }
    return w->range;
}

/* --- leaves of a condition */

static const char *const TURNED[][2] = {
    {"<", ">"}, {"<=", ">="}, {">", "<"}, {">=", "<="}, {"=", "="}, {"!=", "!="},
};

/* x <= 2, 2 >= x, x <= y */
static bool compare(struct writer *w, const struct form *f)
{
    (void)f;
    const char *const *op = TURNED[random_below(w->r, COUNT_OF(TURNED))];
    double constant;
    size_t from = w->out.size;
    struct random_range x = number(w, random_chance(w->r, 0.7) ? 0 : random_between(w->r, 1, 2));
    if (random_chance(w->r, 0.3)) {
        put(w, " %s ", op[0]);
        number(w, random_chance(w->r, 0.7) ? 0 : 1);
        return true;
    }
    if (!pick_constant(w, x, &constant))
        return false;
    if (random_chance(w->r, 0.8)) {
        put(w, " %s ", op[0]);
        put_number(w, constant);
        return true;
    }
    struct buffer left;
    buffer_init(&left);
    buffer_text(&left, (struct text){w->out.at + from, w->out.size - from});
    w->out.size = from;
    put_number(w, constant);
    put(w, " %s ", op[1]);
    buffer_text(&w->out, buffer_view(&left));
    w->out.failed |= left.failed;
    buffer_deinit(&left);
    return true;
}

static bool between(struct writer *w, const struct form *f)
{
    double a, b;
    struct random_range x = number(w, random_chance(w->r, 0.7) ? 0 : 1);
    bool open_end = random_chance(w->r, 0.2); /* another number stands there */
    if (!pick_constant(w, x, &a) || !pick_constant(w, x, &b))
        return false;
    put(w, " %s ", f->word);
    put_number(w, a < b || open_end ? a : b);
    put(w, " and ");
    if (open_end)
        number(w, 0);
    else
        put_number(w, a < b ? b : a);
    return true;
}

static bool one_of_numbers(struct writer *w, const struct form *f)
{
    double a;
    struct random_range x = number(w, random_chance(w->r, 0.8) ? 0 : 1);
    for (uint32_t i = 0, count = random_between(w->r, 1, 3); i < count; i++) {
        if (!pick_constant(w, x, &a))
            return false;
        put(w, "%s", i == 0 ? f->word : ", ");
        put_number(w, a);
    }
    put(w, ")");
    return true;
}

static bool grade(struct writer *w, const struct form *f)
{
    double a, b;
    put(w, "%s(", f->word);
    struct random_range x = number(w, random_chance(w->r, 0.75) ? 0 : 1);
    if (!pick_constant(w, x, &a) || !pick_constant(w, x, &b))
        return false;
    if (random_chance(w->r, 0.1)) /* one end may stand outside */
        b += b > a ? 3 : -3;
    if (a == b)
        return false;
    put(w, ", ");
    put_number(w, a);
    put(w, ", ");
    put_number(w, b);
    put(w, ")");
    return true;
}

static void put_choice(struct writer *w, uint32_t q, uint32_t choice)
{
    if (w->plan->questions[q].kind == KIND_YESNO)
        put(w, "%s", choice == 0 ? "no" : "yes");
    else
        put(w, random_chance(w->r, 0.1) ? "\"k%u\"" : "k%u", choice + 1);
}

static bool choice(struct writer *w, const struct form *f)
{
    uint32_t q = pick_question(w, f->kinds, false);
    if (q == NONE)
        return false;
    uint32_t choices = w->plan->questions[q].choices, first = random_below(w->r, choices);
    put(w, "%s", question_id(w, q));
    if (w->plan->questions[q].kind == KIND_YESNO && random_chance(w->r, 0.5))
        return true;
    if (random_chance(w->r, 0.6)) {
        put(w, random_chance(w->r, 0.7) ? " = " : " != ");
        put_choice(w, q, first);
        return true;
    }
    for (uint32_t i = 0, count = random_between(w->r, 1, choices); i < count; i++) {
        put(w, i == 0 ? " in (" : ", ");
        put_choice(w, q, (first + i) % choices);
    }
    put(w, ")");
    return true;
}

static bool includes(struct writer *w, const struct form *f)
{
    uint32_t q = pick_question(w, f->kinds, false);
    if (q == NONE)
        return false;
    put(w, "%s %s ", question_id(w, q), f->word);
    put_choice(w, q, random_below(w->r, w->plan->questions[q].choices));
    return true;
}

/* Of a text question, or (without kinds) of the partner's name. */
static bool text_name(struct writer *w, const struct form *f)
{
    uint32_t q = f->kinds ? pick_question(w, f->kinds, false) : 0;
    if (q == NONE)
        return false;
    put(w, "%s", f->kinds ? question_id(w, q) : "partner");
    return true;
}

static bool matches(struct writer *w, const struct form *f)
{
    if (!text_name(w, f))
        return false;
    put(w, " %s /%s/%s", f->word, PATTERNS[random_below(w->r, COUNT_OF(PATTERNS))],
        random_chance(w->r, 0.4) ? "i" : "");
    return true;
}

static const char *some_text(struct writer *w, const struct form *f)
{
    return f->kinds == 0              ? random_names[random_below(w->r, RANDOM_NAMES)]
           : random_chance(w->r, 0.1) ? ""
                                      : random_texts[random_below(w->r, RANDOM_TEXTS)];
}

static bool text_is_one(struct writer *w, const struct form *f)
{
    if (!text_name(w, f))
        return false;
    if (random_chance(w->r, 0.7)) {
        put(w, random_chance(w->r, 0.7) ? " = " : " != ");
        put_text(w, some_text(w, f));
        return true;
    }
    for (uint32_t i = 0, count = random_between(w->r, 1, 4); i < count; i++) {
        put(w, i == 0 ? " in (" : ", ");
        put_text(w, some_text(w, f));
    }
    put(w, ")");
    return true;
}

/* answered(q), unknown(q), disagree(q) */
static bool about_question(struct writer *w, const struct form *f)
{
    uint32_t q = pick_question(w, f->kinds, f->kinds == VARIED);
    if (q == NONE)
        return false;
    put(w, "%s(%s)", f->word, question_id(w, q));
    return true;
}

/* present(c), and c alone */
static bool about_conclusion(struct writer *w, const struct form *f)
{
    if (w->plan->conclusions_below == 0)
        return false;
    put(w, f->word ? "%s(c%02u)" : "%sc%02u", f->word ? f->word : "",
        random_below(w->r, w->plan->conclusions_below));
    return true;
}

static bool over_partners(struct writer *w, const struct form *f)
{
    enum scope outer = w->scope;
    w->scope = SCOPE_PARTNER;
    put(w, "%s(", f->word);
    condition(w, random_below(w->r, 3));
    put(w, ")");
    w->scope = outer;
    return true;
}

static const struct form LEAVES[] = {
    {30, AT_ALL, compare, NULL, 0},
    {5, AT_ALL, between, "between", 0},
    {5, AT_ALL, one_of_numbers, " in (", 0},
    {10, AT_SUBJECT, grade, "grade", 0},
    {12, AT_ALL, choice, NULL, KIND(YESNO) | KIND(ONE_OF)},
    {7, AT_ALL, includes, "includes", KIND(MANY_OF)},
    {8, AT_ALL, matches, "matches", KIND(TEXT)},
    {5, AT_ALL, text_is_one, NULL, KIND(TEXT)},
    {3, AT_PARTNER, text_is_one, NULL, 0},
    {3, AT_PARTNER, matches, "matches", 0},
    {4, AT_ALL, about_question, "answered", (1u << KIND_COUNT) - 1},
    {4, AT_ALL, about_question, "unknown", (1u << KIND_COUNT) - 1},
    {4, AT_SUBJECT, about_question, "disagree", VARIED},
    {5, AT_SUBJECT | READS, about_conclusion, "present", 0},
    {14, AT_SUBJECT | READS, about_conclusion, NULL, 0},
    {4, AT_SUBJECT, over_partners, "any", 0},
    {4, AT_SUBJECT, over_partners, "all", 0},
};

/* --- conditions */

static void bracketed(struct writer *w, unsigned depth)
{
    bool brackets = depth > 0 || random_chance(w->r, 0.05);
    put(w, brackets ? "(" : "");
    condition(w, depth);
    put(w, brackets ? ")" : "");
}

/* A tree at most `depth` deep, its leaves aside. */
static void condition(struct writer *w, unsigned depth)
{
    uint32_t drawn = random_below(w->r, 10);
    if (depth > 0 && drawn < 2) {
        put(w, "not ");
        bracketed(w, depth - 1);
    } else if (depth > 0 && drawn < 8) {
        const char *word = random_chance(w->r, 0.5) ? "and" : "or";
        for (uint32_t i = 0, count = random_chance(w->r, 0.75) ? 2 : 3; i < count; i++) {
            put(w, i == 0 ? "" : " %s ", word);
            bracketed(w, random_below(w->r, depth));
        }
    } else {
        while (!write_form(w, LEAVES, COUNT_OF(LEAVES))) {
        }
    }
}

void random_condition(struct random *r, const struct random_plan *plan, enum scope scope,
                      unsigned depth, struct buffer *out)
{
    struct writer w = {.r = r, .plan = plan, .scope = scope};
    buffer_init(&w.out);
    condition(&w, depth);
    for (size_t i = 0; i < w.out.size; i++) {
        buffer_byte(out, w.out.at[i]);
        if (w.out.at[i] == '\'')
            buffer_byte(out, '\'');
    }
    out->failed |= w.out.failed;
    buffer_deinit(&w.out);
}
