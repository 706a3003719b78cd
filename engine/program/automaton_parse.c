/* In: a pattern that PCRE2 has compiled. Out: its steps. Next: automaton_build.c.
 * The one idea: only where an item begins and ends is read here; what it stands for PCRE2 is asked
 * (charset). Of what an automaton cannot do, some is left out so that more is found, never less:
 * then PCRE2 must say of what was found whether it is. That is what is loose: a lookbehind and what
 * must not follow are nothing, what must follow is the end, possessive and atomic give back.
 * Anything else leaves the whole pattern to PCRE2: references, names, \Q, \R, \X, \K. */
#include "program/automaton.h"
#include "program/program.h"

#include <string.h>

enum {
    WIDE = 16,      /* characters of a set from which on repeating it is wide, if without end */
    WIDE_TIMES = 8, /* ... or more often than this */
    NO_END = UINT16_MAX,
    MOST_TIMES = 1000,
    FORK_WIDE = 1 /* the `what` of a fork in a wide repetition */
};

struct flags {
    bool ignore_case, lines, newline_too, spaced; /* i m s x */
};

struct parser {
    struct charsets *sets;
    struct arena *arena;
    struct text t;
    size_t at;
    struct flags flags;
    struct step *steps;
    size_t count, capacity;
    uint32_t slot;
    bool stretch; /* many times is any number of times */
    bool loose;   /* something was left out */
};

static bool alternatives(struct parser *p);

static char peek(const struct parser *p, size_t ahead)
{
    return p->at + ahead < p->t.size ? p->t.at[p->at + ahead] : '\0';
}

static bool is_at_end(const struct parser *p)
{
    return p->at >= p->t.size;
}

static bool is_in(char c, const char *list)
{
    return c != '\0' && strchr(list, c) != NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* --- steps ------------------------------------------------------------------------------------ */

static void emit(struct parser *p, enum step_kind kind, uint32_t what, size_t to)
{
    p->steps = arena_grow(p->arena, p->steps, p->count, &p->capacity, sizeof *p->steps);
    const int32_t by = (int32_t)to - (int32_t)p->count;
    p->steps[p->count++] = (struct step){kind, what, by};
}

/* A fork before the steps from `at` on: to them, and behind them and one more. Steps say how far,
 * not where to, so they move as they are. */
static void fork_before(struct parser *p, size_t at)
{
    emit(p, STEP_FORK, 0, 0);
    memmove(p->steps + at + 1, p->steps + at, (p->count - at - 1) * sizeof *p->steps);
    p->steps[at] = (struct step){STEP_FORK, 0, (int32_t)(p->count + 1 - at)};
}

static bool take(struct parser *p, uint32_t set)
{
    if (set != NONE)
        emit(p, STEP_TAKE, set, 0);
    return set != NONE;
}

static bool look(struct parser *p, enum look l)
{
    emit(p, STEP_LOOK, l, 0);
    return true;
}

/* More than a few times, what stands for many characters. */
static bool is_wide_repetition(const struct parser *p, size_t from, uint32_t most)
{
    for (size_t k = from; k < p->count && most > WIDE_TIMES; k++)
        if (p->steps[k].kind == STEP_FORK ||
            (p->steps[k].kind == STEP_TAKE && p->sets->sets[p->steps[k].what].size >= WIDE))
            return true;
    return false;
}

static void repeat(struct parser *p, size_t from, uint32_t least, uint32_t most)
{
    const bool wide = is_wide_repetition(p, from, most);
    if (wide && p->stretch && (most != NO_END || least > 1)) {
        p->loose = true;
        least = least > 0;
        most = NO_END;
    }
    const size_t size = p->count - from;
    struct step *once = arena_array(p->arena, size, sizeof *once);
    if (size)
        memcpy(once, p->steps + from, size * sizeof *once);
    p->count = from;
    const uint32_t written = most == NO_END ? (least ? least : 1) : most;
    const size_t end = from + least * size + (written - least) * (size + 1);
    for (uint32_t n = 0; n < written && p->count <= LIMIT_PATTERN_STEPS; n++) {
        if (n >= least)
            emit(p, STEP_FORK, 0, most == NO_END ? p->count + size + 2 : end);
        for (size_t k = 0; k < size; k++)
            emit(p, once[k].kind, once[k].what, p->count + (size_t)once[k].to);
    }
    if (most == NO_END && least)
        emit(p, STEP_FORK, 0, p->count - size);
    else if (most == NO_END)
        emit(p, STEP_JUMP, 0, p->count - size - 1);
    for (size_t k = from; wide && k < p->count; k++)
        if (p->steps[k].kind == STEP_FORK)
            p->steps[k].what = FORK_WIDE;
}

/* --- items ------------------------------------------------------------------------------------ */

/* What a class says of characters beyond: of one without names and escapes that stand for many it
 * is plain to see. `inner`: without the brackets and the ^. */
static enum holds class_beyond(const struct parser *p, struct text inner, bool negated)
{
    bool high = false, range = false;
    for (size_t i = 0; i < inner.size;) {
        uint32_t c;
        const char next = i + 1 < inner.size ? inner.at[i + 1] : '\0';
        if ((inner.at[i] == '\\' && (is_letter(next) || is_digit(next)) && !is_in(next, "nrt")) ||
            (inner.at[i] == '[' && next == ':'))
            return HOLDS_UNSURE;
        range |= inner.at[i] == '-';
        i += utf8_next((struct text){inner.at + i, inner.size - i}, &c);
        if ((c >= 0x80 && p->flags.ignore_case) || position_of(c) == BEYOND)
            return HOLDS_UNSURE;
        high |= c >= LOW_END;
    }
    if (high && range)
        return HOLDS_UNSURE;
    return negated ? HOLDS_YES : HOLDS_NO;
}

/* [:name:], the brackets of which end no class. False where it is another [: */
static bool skip_name(struct parser *p)
{
    size_t i = 2 + (peek(p, 2) == '^');
    while (is_letter(peek(p, i)))
        i++;
    if (peek(p, 1) != ':' || peek(p, i) != ':' || peek(p, i + 1) != ']')
        return false;
    p->at += i + 2;
    return true;
}

static bool class(struct parser *p)
{
    const size_t start = p->at++;
    const bool negated = peek(p, 0) == '^';
    p->at += negated;
    const size_t inner = p->at;
    for (bool first = true; first || peek(p, 0) != ']'; first = false) {
        if (is_at_end(p) || (peek(p, 0) == '\\' && is_in(peek(p, 1), "QEcN")))
            return false;
        if (peek(p, 0) == '[' && is_in(peek(p, 1), ":.=")) {
            if (!skip_name(p))
                return false;
            continue;
        }
        p->at += peek(p, 0) == '\\' ? 2 : 1;
    }
    const struct text within = {p->t.at + inner, p->at - inner};
    p->at++;
    return take(p, charset_of(p->sets, (struct text){p->t.at + start, p->at - start},
                              p->flags.ignore_case, class_beyond(p, within, negated)));
}

static bool character(struct parser *p, uint32_t c)
{
    return take(p, charset_of_character(p->sets, c, p->flags.ignore_case));
}

/* An escape of `size` bytes that stands for one of many characters. */
static bool escaped_set(struct parser *p, size_t size)
{
    const struct text item = {p->t.at + p->at, size};
    p->at += size;
    return take(p, charset_of(p->sets, item, p->flags.ignore_case, HOLDS_UNSURE));
}

/* The bytes of \p{..}, \x{..} and the like at p->at, or 0. */
static size_t braced(const struct parser *p, bool hex)
{
    size_t i = 3;
    while (hex ? is_hex(peek(p, i)) : is_letter(peek(p, i)) || is_in(peek(p, i), "_&"))
        i++;
    return i > 3 && peek(p, i) == '}' ? i + 1 : 0;
}

static bool escape(struct parser *p)
{
    static const char CONTROLS[] = "aefnrt", CONTROL[] = "\a\x1B\f\n\r\t";
    const char c = peek(p, 1);
    size_t size;
    switch (c) {
    case 'd':
    case 'D':
    case 's':
    case 'S':
    case 'w':
    case 'W':
    case 'h':
    case 'H':
    case 'v':
    case 'V': return escaped_set(p, 2);
    case 'p': /* not \P: PCRE2 10.42 itself misses `.` in /\D{1,3}\P{Ll}/ (it holds on to the dot)
               */
        size = peek(p, 2) == '{' ? braced(p, false) : is_letter(peek(p, 2)) ? 3 : 0;
        return size && escaped_set(p, size);
    case 'x':
        size = peek(p, 2) == '{'                          ? braced(p, true)
               : is_hex(peek(p, 2)) && is_hex(peek(p, 3)) ? 4
                                                          : 0;
        return size && escaped_set(p, size);
    default: break;
    }
    p->at += 2;
    switch (c) {
    case 'A': return look(p, LOOK_START);
    case 'z': return look(p, LOOK_END);
    case 'Z': return look(p, LOOK_LAST);
    case 'b': return look(p, LOOK_EDGE);
    case 'B': return look(p, LOOK_INSIDE);
    case 'N': return peek(p, 0) != '{' && take(p, charset_of_any(p->sets, false));
    default: break;
    }
    if (is_in(c, CONTROLS))
        return character(p, (uint32_t)CONTROL[strchr(CONTROLS, c) - CONTROLS]);
    /* Punctuation stands for itself. */
    return c >= ' ' && c < 0x7F && !is_letter(c) && !is_digit(c) && character(p, (uint32_t)c);
}

/* Behind `(?`: flags, then `)`, for what follows in this group, or `:`, for a group of its own. */
static bool set_flags(struct parser *p)
{
    struct flags *f = &p->flags;
    bool on = true;
    for (; !is_in(peek(p, 0), "):"); p->at++) {
        const char c = peek(p, 0);
        if (c == '-' && on)
            on = false;
        else if (c == 'i')
            f->ignore_case = on;
        else if (c == 'm')
            f->lines = on;
        else if (c == 's')
            f->newline_too = on;
        else if (c == 'x' && peek(p, 1) != 'x')
            f->spaced = on;
        else
            return false;
    }
    return true;
}

/* Behind `(`: (?=, (?!, (?<=, (?<!. What must follow is looked for here and now, and then the
 * pattern may match; the others ask for nothing. */
static bool lookaround(struct parser *p)
{
    const bool follows = peek(p, 1) == '=';
    const size_t from = p->count;
    const struct flags outside = p->flags;
    p->at += peek(p, 1) == '<' ? 3 : 2;
    if (!alternatives(p) || peek(p, 0) != ')')
        return false;
    p->at++;
    p->flags = outside;
    p->loose = true;
    if (follows)
        emit(p, STEP_FOUND, 2 * p->slot + 1, 0);
    else
        p->count = from;
    return true;
}

/* *item: it is a group that may be repeated, not only flags or a lookaround. */
static bool group(struct parser *p, bool *item)
{
    const struct flags outside = p->flags;
    p->at++;
    if (peek(p, 0) == '*')
        return false;
    if (peek(p, 0) == '?' &&
        (is_in(peek(p, 1), "=!") || (peek(p, 1) == '<' && is_in(peek(p, 2), "=!")))) {
        *item = false;
        return lookaround(p);
    }
    if (peek(p, 0) == '?' && peek(p, 1) == '>') {
        p->loose = true;
        p->at += 2;
    } else if (peek(p, 0) == '?') {
        p->at++;
        if (!set_flags(p))
            return false;
        if (peek(p, 0) == ')') {
            p->at++;
            *item = false;
            return true;
        }
        p->at++;
    }
    if (!alternatives(p) || peek(p, 0) != ')')
        return false;
    p->at++;
    p->flags = outside;
    return true;
}

/* --- sequences -------------------------------------------------------------------------------- */

/* In (?x) blanks and comments are nothing. */
static void skip_spaces(struct parser *p)
{
    while (p->flags.spaced && !is_at_end(p)) {
        if (peek(p, 0) == '#')
            while (!is_at_end(p) && peek(p, 0) != '\n')
                p->at++;
        else if (!is_in(peek(p, 0), " \t\n\v\f\r"))
            return;
        p->at += !is_at_end(p);
    }
}

static bool times(struct parser *p, uint32_t *n)
{
    *n = 0;
    for (; is_digit(peek(p, 0)) && *n <= MOST_TIMES; p->at++)
        *n = *n * 10 + (uint32_t)(peek(p, 0) - '0');
    return *n <= MOST_TIMES;
}

/* {m}, {m,} or {m,n}; other braces mean different things in different versions of PCRE2. */
static bool braces(struct parser *p, uint32_t *least, uint32_t *most)
{
    p->at++;
    if (!is_digit(peek(p, 0)) || !times(p, least))
        return false;
    *most = *least;
    if (peek(p, 0) == ',') {
        p->at++;
        *most = NO_END;
        if (peek(p, 0) != '}' && !(is_digit(peek(p, 0)) && times(p, most) && *least <= *most))
            return false;
    }
    /* {0} makes PCRE2 10.42 miss things: /(?:a|^b){0}c/ finds no c but at the beginning. */
    return peek(p, 0) == '}' && *most > 0;
}

/* What is behind an item whose steps stand from `from` on. Lazy or not: it is found all the same.
 */
static bool quantifier(struct parser *p, size_t from)
{
    uint32_t least = 0, most = NO_END;
    skip_spaces(p);
    switch (peek(p, 0)) {
    case '*': break;
    case '+': least = 1; break;
    case '?': most = 1; break;
    case '{':
        if (!braces(p, &least, &most))
            return false;
        break;
    default: return true;
    }
    p->at++;
    repeat(p, from, least, most);
    p->loose |= peek(p, 0) == '+';
    p->at += is_in(peek(p, 0), "?+");
    skip_spaces(p);
    return !is_in(peek(p, 0), "*+?{") && p->count <= LIMIT_PATTERN_STEPS;
}

/* The white space of (?x) that is not ASCII. */
static bool is_odd_space(uint32_t c)
{
    return c == 0x85 || c == 0x200E || c == 0x200F || c == 0x2028 || c == 0x2029;
}

static bool item(struct parser *p)
{
    const size_t from = p->count;
    const struct flags *f = &p->flags;
    bool repeatable = true;
    uint32_t c;
    switch (peek(p, 0)) {
    case '(':
        if (!group(p, &repeatable))
            return false;
        break;
    case '[':
        if (!class(p))
            return false;
        break;
    case '\\':
        if (!escape(p))
            return false;
        repeatable = p->steps[from].kind == STEP_TAKE;
        break;
    case '^':
    case '$':
        p->at++;
        repeatable = false;
        look(p, p->t.at[p->at - 1] == '^' ? (f->lines ? LOOK_LINE_START : LOOK_START)
                                          : (f->lines ? LOOK_LINE_END : LOOK_LAST));
        break;
    case '.':
        p->at++;
        take(p, charset_of_any(p->sets, f->newline_too));
        break;
    case '*':
    case '+':
    case '?':
    case '{': return false;
    default:
        p->at += utf8_next((struct text){p->t.at + p->at, p->t.size - p->at}, &c);
        if ((f->spaced && is_odd_space(c)) || !character(p, c))
            return false;
        break;
    }
    if (repeatable)
        return quantifier(p, from);
    skip_spaces(p);
    return !is_in(peek(p, 0), "*+?{");
}

/* a|b|c: a fork before each but the last, a jump to the end behind it. */
static bool alternatives(struct parser *p)
{
    size_t jumps = SIZE_MAX; /* the last of them; each knows the one before, by `what` */
    for (;;) {
        const size_t from = p->count;
        for (skip_spaces(p); !is_at_end(p) && !is_in(peek(p, 0), "|)"); skip_spaces(p))
            if (!item(p) || p->count > LIMIT_PATTERN_STEPS)
                return false;
        if (peek(p, 0) != '|')
            break;
        p->at++;
        fork_before(p, from);
        emit(p, STEP_JUMP, (uint32_t)jumps, 0);
        jumps = p->count - 1;
    }
    while (jumps != SIZE_MAX) {
        const uint32_t before = p->steps[jumps].what;
        p->steps[jumps].to = (int32_t)(p->count - jumps);
        jumps = before == UINT32_MAX ? SIZE_MAX : before;
    }
    return true;
}

/* Where nothing more is asked for, it is found: what could go on from there would tell nothing new.
 */
static void end_early(struct parser *p)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t k = p->count; k-- > 0;) {
            struct step *s = &p->steps[k];
            const struct step *to = s + s->to, *next = s + 1;
            if (s->kind != STEP_FORK && s->kind != STEP_JUMP)
                continue;
            if (to->kind != STEP_FOUND && !(s->kind == STEP_FORK && next->kind == STEP_FOUND))
                continue;
            *s = to->kind == STEP_FOUND ? *to : *next;
            changed = true;
        }
    }
}

static bool is_wide(const struct parser *p)
{
    for (size_t k = 0; k < p->count; k++)
        if (p->steps[k].kind == STEP_FORK && p->steps[k].what == FORK_WIDE)
            return true;
    return false;
}

bool automaton_parse(struct charsets *sets, struct arena *a, const struct pattern *pattern,
                     uint32_t slot, bool stretch, struct route *out)
{
    struct parser p = {
        .sets = sets, .arena = a, .t = pattern->source, .slot = slot, .stretch = stretch};
    p.flags.ignore_case = pattern->ignore_case;
    if (memchr(p.t.at, '\0', p.t.size) || !alternatives(&p) || !is_at_end(&p))
        return false;
    emit(&p, STEP_FOUND, 2 * slot + p.loose, 0);
    emit(&p, STEP_FOUND, 2 * slot + 1, 0);
    end_early(&p);
    *out = (struct route){p.steps, (uint32_t)p.count, p.loose, is_wide(&p)};
    return true;
}
