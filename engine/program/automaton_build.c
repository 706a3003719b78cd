/* In: the steps of patterns. Out: the tables of one automaton. Next: automaton.c, which reads them.
 * The one idea: in every state every pattern also begins anew, and what has begun later is what
 * another state is about. So a state stands upon one below it, down to a base, which depends on the
 * last character only, and says but where threads of its own go: a few, where hundreds begin. */
#include "program/automaton.h"
#include "program/program.h"

#include <string.h>

/* A thread: its step, and in the lowest bits what it asks of the next character. */
enum {
    ASKS_WORD = 1,
    ASKS_NO_WORD = 2,  /* another one, or the end */
    ASKS_LINE_END = 4, /* a line feed, or the end */
    ASKS_LAST = 8,     /* the end, or a line feed and then the end */
    ASKS_END = 16,
    ASKS_MORE = 32, /* not the end */
    ASKED_BITS = 6,
    ASKED = (1 << ASKED_BITS) - 1
};

/* What the last character was. Each but the last has a base. */
enum last {
    LAST_NONE,
    LAST_OTHER,
    LAST_WORD,
    LAST_NEWLINE,
    LAST_BEYOND,
    BASES,
    LAST_ENDED = BASES
};

enum { CLASS_REST, CLASS_BEYOND, CLASSES_FIXED, MOST_CLASSES = 255 };

/* To move a thread takes as long as to look at so many characters of sets, or at so many sets. */
enum { THREAD_LOOKS = 8 };

struct threads {
    uint32_t *at; /* ascending where kept */
    size_t count, capacity;
};

struct state {
    enum last base;
    uint32_t below;      /* a state of the same base with a part of `more`; NONE: the base itself */
    struct threads more; /* than those of the base */
    uint32_t *row;       /* by class and for the end: states */
};

struct maker {
    struct arena *arena;
    const struct charset *sets;
    struct step *steps; /* of all routes */
    uint32_t *unsure;   /* by step: the mark of its route for "not to be decided" */
    uint32_t *starts;   /* by route: a step */
    uint32_t start_count;
    size_t step_count, set_count;

    uint8_t class_of[POSITIONS];
    uint32_t classes; /* the class behind them is the end */
    enum last *last;  /* by class */
    struct classes {
        uint8_t *at;
        uint32_t count;
    } * in; /* by set, that of BEYOND left out */

    uint64_t *seen;                /* by step: a bit for what a thread there asks */
    struct threads walk;           /* those of `seen`, in order of arrival */
    struct threads *moved;         /* by class: where threads come to with it */
    uint64_t *base_has[BASES + 1]; /* as `seen` */
    struct threads base[BASES + 1], base_marks[BASES + 1];
    uint32_t base_state[BASES + 1]; /* that of an equal base is the same */

    struct state *states;
    size_t state_count, state_capacity;
    struct idmap by_threads;
    struct threads key, own, more;
    struct budget *budget;
};

static void spend(struct maker *m, size_t threads)
{
    m->budget->threads -= threads < m->budget->threads ? threads : m->budget->threads;
}

static bool is_mark(const struct maker *m, uint32_t thread)
{
    return m->steps[thread >> ASKED_BITS].kind == STEP_FOUND && (thread & ASKED) == 0;
}

static void push(struct maker *m, struct threads *t, uint32_t thread)
{
    if (t->count == t->capacity)
        t->at = arena_grow(m->arena, t->at, t->count, &t->capacity, sizeof *t->at);
    t->at[t->count++] = thread;
}

static uint32_t thread_of(size_t step, uint32_t asks)
{
    return (uint32_t)step << ASKED_BITS | asks;
}

static bool has(const uint64_t *set, uint32_t thread)
{
    return set[thread >> ASKED_BITS] >> (thread & ASKED) & 1;
}

/* --- classes: characters that no set tells apart ---------------------------------------------- */

/* Members of the set get classes of their own where their class has others too. False where there
 * are more classes than a byte counts. */
static bool refine(struct maker *m, const struct charset *s, uint32_t *size)
{
    uint32_t inside[MOST_CLASSES] = {0}, renamed[MOST_CLASSES] = {0};
    for (uint32_t r = 0; r < s->run_count; r++)
        for (uint32_t p = s->runs[r][0]; p < s->runs[r][1]; p++)
            inside[m->class_of[p]]++;
    const uint32_t before = m->classes;
    for (uint32_t c = 0; c < before; c++) {
        if (inside[c] == 0 || inside[c] == size[c])
            continue;
        if (m->classes == MOST_CLASSES)
            return false;
        renamed[c] = m->classes;
        size[m->classes++] = inside[c];
        size[c] -= inside[c];
    }
    for (uint32_t r = 0; r < s->run_count; r++)
        for (uint32_t p = s->runs[r][0]; p < s->runs[r][1]; p++)
            if (renamed[m->class_of[p]])
                m->class_of[p] = (uint8_t)renamed[m->class_of[p]];
    return true;
}

static void list_classes(struct maker *m, uint32_t set)
{
    const struct charset *s = &m->sets[set];
    bool listed[MOST_CLASSES] = {false};
    struct classes *in = &m->in[set];
    in->at = arena_alloc(m->arena, m->classes);
    for (uint32_t r = 0; r < s->run_count; r++)
        for (uint32_t p = s->runs[r][0]; p < s->runs[r][1]; p++)
            if (!listed[m->class_of[p]]) {
                listed[m->class_of[p]] = true;
                in->at[in->count++] = m->class_of[p];
            }
}

static bool make_classes(struct maker *m)
{
    uint32_t size[MOST_CLASSES] = {BEYOND, 1};
    bool *used = arena_array(m->arena, m->set_count, sizeof *used);
    m->class_of[BEYOND] = CLASS_BEYOND;
    m->classes = CLASSES_FIXED;
    used[CHARSET_WORD] = used[CHARSET_NEWLINE] = true;
    for (size_t k = 0; k < m->step_count; k++)
        if (m->steps[k].kind == STEP_TAKE)
            used[m->steps[k].what] = true;
    spend(m, m->set_count / THREAD_LOOKS);
    for (size_t s = 0; s < m->set_count; s++) {
        if (!used[s])
            continue;
        spend(m, (MOST_CLASSES + m->sets[s].size) / THREAD_LOOKS);
        if (!refine(m, &m->sets[s], size))
            return false;
    }
    m->in = arena_array(m->arena, m->set_count, sizeof *m->in);
    for (uint32_t s = 0; s < m->set_count; s++)
        if (used[s])
            list_classes(m, s);
    m->last = arena_array(m->arena, m->classes + 1, sizeof *m->last);
    for (uint32_t c = 0; c < m->classes; c++)
        m->last[c] = LAST_OTHER;
    for (uint32_t k = 0; k < m->in[CHARSET_WORD].count; k++)
        m->last[m->in[CHARSET_WORD].at[k]] = LAST_WORD;
    m->last[m->in[CHARSET_NEWLINE].at[0]] = LAST_NEWLINE;
    m->last[CLASS_BEYOND] = LAST_BEYOND;
    m->last[m->classes] = LAST_ENDED;
    return true;
}

/* --- threads ---------------------------------------------------------------------------------- */

static void reach(struct maker *m, uint32_t thread)
{
    if (has(m->seen, thread))
        return;
    m->seen[thread >> ASKED_BITS] |= UINT64_C(1) << (thread & ASKED);
    push(m, &m->walk, thread);
}

static void look(struct maker *m, uint32_t thread, enum last last)
{
    const uint32_t step = thread >> ASKED_BITS, asks = thread & ASKED;
    const enum look l = (enum look)m->steps[step].what;
    uint32_t more = 0;
    switch (l) {
    case LOOK_START:
        if (last != LAST_NONE)
            return;
        break;
    case LOOK_LINE_START:
        if (last != LAST_NONE && last != LAST_NEWLINE)
            return;
        more = last == LAST_NEWLINE ? ASKS_MORE : 0;
        break;
    case LOOK_END: more = ASKS_END; break;
    case LOOK_LAST: more = ASKS_LAST; break;
    case LOOK_LINE_END: more = ASKS_LINE_END; break;
    case LOOK_EDGE:
    case LOOK_INSIDE:
        if (last == LAST_BEYOND) {
            reach(m, thread_of(m->unsure[step], 0));
            return;
        }
        more = (last == LAST_WORD) == (l == LOOK_INSIDE) ? ASKS_WORD : ASKS_NO_WORD;
        break;
    }
    reach(m, thread_of(step + 1, asks | more));
}

/* Walks all threads of `walk` to where they must wait. */
static void close_threads(struct maker *m, enum last last)
{
    for (size_t k = 0; k < m->walk.count; k++) {
        const uint32_t thread = m->walk.at[k], step = thread >> ASKED_BITS, asks = thread & ASKED;
        const struct step *s = &m->steps[step];
        const size_t to = (size_t)((int32_t)step + s->to);
        switch (s->kind) {
        case STEP_TAKE:
        case STEP_FOUND: break;
        case STEP_LOOK: look(m, thread, last); break;
        case STEP_FORK: reach(m, thread_of(step + 1, asks)); /* fall through */
        case STEP_JUMP: reach(m, thread_of(to, asks)); break;
        }
    }
}

/* Threads come nearly in order: then this is quick. */
static void sort(struct threads *t)
{
    for (size_t k = 1; k < t->count; k++) {
        const uint32_t thread = t->at[k];
        size_t at = k;
        for (; at > 0 && t->at[at - 1] > thread; at--)
            t->at[at] = t->at[at - 1];
        t->at[at] = thread;
    }
}

/* Those of `walk` that wait and are not in the base go to `out`, in order; `walk` is empty then. */
static void collect(struct maker *m, enum last base, struct threads *out)
{
    out->count = 0;
    for (size_t k = 0; k < m->walk.count; k++) {
        const uint32_t thread = m->walk.at[k];
        const enum step_kind kind = m->steps[thread >> ASKED_BITS].kind;
        m->seen[thread >> ASKED_BITS] = 0;
        if ((kind == STEP_TAKE || kind == STEP_FOUND) && !has(m->base_has[base], thread))
            push(m, out, thread);
    }
    m->walk.count = 0;
    sort(out);
}

/* Whether the next character, of this class or the end, is what the thread asks for. */
static enum holds answers(const struct maker *m, uint32_t asks, uint32_t class)
{
    const enum last is = m->last[class];
    if (is == LAST_ENDED)
        return asks & (ASKS_WORD | ASKS_MORE) ? HOLDS_NO : HOLDS_YES;
    if (asks & ASKS_END || (asks & (ASKS_LINE_END | ASKS_LAST) && is != LAST_NEWLINE))
        return HOLDS_NO;
    if (asks & (ASKS_WORD | ASKS_NO_WORD) && is == LAST_BEYOND)
        return HOLDS_UNSURE;
    return (asks & ASKS_WORD && is != LAST_WORD) || (asks & ASKS_NO_WORD && is == LAST_WORD)
               ? HOLDS_NO
               : HOLDS_YES;
}

/* `goes`: to that thread's place, with this class; unless the thread asks for something else. */
static void move(struct maker *m, uint32_t thread, uint32_t class, enum holds goes, size_t to)
{
    const uint32_t step = thread >> ASKED_BITS, asks = thread & ASKED;
    const enum holds answer = asks ? answers(m, asks, class) : HOLDS_YES;
    if (answer < goes)
        goes = answer;
    if (goes == HOLDS_YES)
        push(m, &m->moved[class],
             thread_of(to, asks & ASKS_LAST && m->last[class] == LAST_NEWLINE ? ASKS_END : 0));
    else if (goes == HOLDS_UNSURE)
        push(m, &m->moved[class], thread_of(m->unsure[step], 0));
}

/* Into `moved`, by class, where the threads come to. */
static void move_all(struct maker *m, const struct threads *threads)
{
    for (uint32_t c = 0; c <= m->classes; c++)
        m->moved[c].count = 0;
    for (size_t k = 0; k < threads->count; k++) {
        const uint32_t thread = threads->at[k], step = thread >> ASKED_BITS;
        const struct step *s = &m->steps[step];
        if (s->kind == STEP_TAKE) {
            const struct classes *in = &m->in[s->what];
            for (uint32_t c = 0; c < in->count; c++)
                move(m, thread, in->at[c], HOLDS_YES, step + 1);
            move(m, thread, CLASS_BEYOND, m->sets[s->what].beyond, step + 1);
        } else if (thread & ASKED)
            for (uint32_t c = 0; c <= m->classes; c++)
                move(m, thread, c, HOLDS_YES, step);
    }
}

/* --- states ----------------------------------------------------------------------------------- */

static uint32_t state_of(struct maker *m, enum last base, uint32_t below,
                         const struct threads *more)
{
    m->key.count = 0;
    push(m, &m->key, base);
    for (size_t k = 0; k < more->count; k++)
        push(m, &m->key, more->at[k]);
    struct text key = {(const char *)m->key.at, m->key.count * sizeof *m->key.at};
    const uint32_t known = idmap_get(&m->by_threads, key);
    if (known != IDMAP_NONE)
        return known;
    char *kept = arena_c(m->arena, key);
    key.at = kept;
    m->states =
        arena_grow(m->arena, m->states, m->state_count, &m->state_capacity, sizeof *m->states);
    m->states[m->state_count] = (struct state){
        .base = base, .below = below, .more = {(uint32_t *)(void *)kept + 1, more->count, 0}};
    return idmap_put(&m->by_threads, key, (uint32_t)m->state_count++);
}

static bool is_equal(const struct threads *a, const struct threads *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->at, b->at, a->count * sizeof *a->at) == 0);
}

static void make_base(struct maker *m, enum last b)
{
    struct threads *base = &m->base[b];
    m->base_has[b] = arena_array(m->arena, m->step_count, sizeof **m->base_has);
    for (uint32_t r = 0; b != LAST_ENDED && r < m->start_count; r++)
        reach(m, thread_of(m->starts[r], 0));
    close_threads(m, b);
    collect(m, b, base);
    for (enum last o = LAST_NONE; o < b; o++)
        if (b != LAST_ENDED && is_equal(&m->base[o], base)) {
            m->base_state[b] = m->base_state[o];
            return;
        }
    static const struct threads NOTHING;
    m->base_state[b] = state_of(m, b, NONE, &NOTHING);
    for (size_t k = 0; k < base->count; k++) {
        m->base_has[b][base->at[k] >> ASKED_BITS] |= UINT64_C(1) << (base->at[k] & ASKED);
        if (is_mark(m, base->at[k]))
            push(m, &m->base_marks[b], base->at[k]);
    }
}

/* Those of a state that the state below has not; a base has its own. */
static void list_own(struct maker *m, const struct state *s, struct threads *own)
{
    const struct threads *all = s->below == NONE ? &m->base[s->base] : &s->more, none = {0};
    const struct threads *below = s->below == NONE ? &none : &m->states[s->below].more;
    own->count = 0;
    for (size_t i = 0, k = 0; i < all->count; i++) {
        while (k < below->count && below->at[k] < all->at[i])
            k++;
        if (k == below->count || below->at[k] != all->at[i])
            push(m, own, all->at[i]);
    }
}

/* In order, so that little is left to sort. */
static void reach_both(struct maker *m, const struct threads *a, const struct threads *b)
{
    for (size_t i = 0, k = 0; i < a->count || k < b->count;)
        if (k == b->count || (i < a->count && a->at[i] < b->at[k]))
            reach(m, a->at[i++]);
        else
            reach(m, b->at[k++]);
}

/* Where no thread of its own goes on, a state comes to where the one below it comes to. */
static void make_row(struct maker *m, uint32_t state)
{
    const struct state s = m->states[state];
    uint32_t *row = arena_array(m->arena, m->classes + 1, sizeof *row);
    m->states[state].row = row;
    for (uint32_t c = 0; c <= m->classes; c++)
        row[c] = s.below == NONE ? m->base_state[m->last[c]] : m->states[s.below].row[c];
    list_own(m, &s, &m->own);
    move_all(m, &m->own);
    for (uint32_t c = 0; c <= m->classes; c++) {
        if (m->moved[c].count == 0)
            continue;
        const uint32_t below = row[c];
        const enum last base = m->states[below].base;
        reach_both(m, &m->states[below].more, &m->moved[c]);
        close_threads(m, m->last[c]);
        spend(m, m->walk.count);
        collect(m, base, &m->more);
        row[c] = state_of(m, base, below, &m->more);
    }
}

/* --- tables ----------------------------------------------------------------------------------- */

/* Their number; `out`, where they go, may be NULL. */
static size_t marks_of(const struct maker *m, const struct state *s, uint32_t *out)
{
    const struct threads *const both[] = {&s->more, &m->base_marks[s->base]};
    size_t n = 0;
    for (int i = 0; i < 2; i++)
        for (size_t k = 0; k < both[i]->count; k++) {
            if (!is_mark(m, both[i]->at[k]))
                continue;
            if (out)
                out[n] = m->steps[both[i]->at[k] >> ASKED_BITS].what;
            n++;
        }
    return n;
}

/* States with marks come last. NULL where memory is short. */
static struct automaton *lay_out(struct maker *m, struct arena *a)
{
    const size_t width = m->classes + 2;
    uint32_t *place = arena_array(m->arena, m->state_count, sizeof *place);
    size_t marks = 1, laid = 0;
    struct automaton *out = arena_try(a, sizeof *out);
    if (!out)
        return NULL;
    for (int marked = 0; marked < 2; marked++) {
        for (size_t k = 0; k < m->state_count; k++) {
            const size_t n = marks_of(m, &m->states[k], NULL);
            if ((n > 0) != marked)
                continue;
            place[k] = (uint32_t)(laid++ * width);
            marks += n ? n + 1 : 0;
        }
        if (!marked)
            out->first_marked = (uint32_t)(laid * width);
    }
    uint32_t *next = arena_try(a, laid * width * sizeof *next);
    uint32_t *list = arena_try(a, marks * sizeof *list);
    if (!next || !list)
        return NULL;
    m->budget->cells -= laid * width;
    marks = 1;
    for (size_t k = 0; k < m->state_count; k++) {
        uint32_t *row = next + place[k];
        for (uint32_t c = 0; c <= m->classes; c++)
            row[c] = place[m->states[k].row[c]];
        const size_t n = marks_of(m, &m->states[k], list + marks + 1);
        if (n == 0)
            continue;
        row[m->classes + 1] = (uint32_t)marks;
        list[marks] = (uint32_t)n;
        marks += n + 1;
    }
    out->next = next;
    out->marks = list;
    out->classes = m->classes;
    out->start = place[m->base_state[LAST_NONE]];
    memcpy(out->class_of, m->class_of, sizeof out->class_of);
    return out;
}

static bool join(struct maker *m, const struct route *const *routes, uint32_t count)
{
    for (uint32_t r = 0; r < count; r++)
        m->step_count += routes[r]->count;
    if (count > 1 && m->step_count > LIMIT_AUTOMATON_STEPS)
        return false;
    m->steps = arena_array(m->arena, m->step_count, sizeof *m->steps);
    m->unsure = arena_array(m->arena, m->step_count, sizeof *m->unsure);
    m->starts = arena_array(m->arena, count, sizeof *m->starts);
    m->start_count = count;
    uint32_t at = 0;
    for (uint32_t r = 0; r < count; r++) {
        m->starts[r] = at;
        memcpy(m->steps + at, routes[r]->steps, routes[r]->count * sizeof *m->steps);
        for (uint32_t end = at + routes[r]->count; at < end; at++)
            m->unsure[at] = end - 1;
    }
    return true;
}

/* Patterns make about as many states as they have steps, and fewer where they share beginnings;
 * wide ones, a few times as many. More are a sign of multiplying: these do not go together. */
static size_t most_states(const struct maker *m, const struct route *route)
{
    const size_t cells = m->budget->cells < LIMIT_AUTOMATON_CELLS ? m->budget->cells
                                                                  : LIMIT_AUTOMATON_CELLS,
                 most = cells / (m->classes + 2),
                 expected = 64 + (route->wide ? 16 : 4) * m->step_count;
    return expected < most ? expected : most;
}

struct automaton *automaton_build(struct arena *a, struct arena *work, const struct charsets *sets,
                                  const struct route *const *routes, uint32_t count,
                                  struct budget *budget, bool *too_large)
{
    struct maker *m = arena_alloc(work, sizeof *m);
    m->arena = work;
    m->sets = sets->sets;
    m->set_count = sets->count;
    m->budget = budget;
    idmap_init(&m->by_threads, work);
    *too_large = true;
    if (!join(m, routes, count) || !make_classes(m))
        return NULL;
    m->seen = arena_array(work, m->step_count, sizeof *m->seen);
    m->moved = arena_array(work, m->classes + 1, sizeof *m->moved);
    for (enum last b = LAST_NONE; b <= BASES; b++)
        make_base(m, b);
    const size_t most = most_states(m, routes[0]);
    for (uint32_t k = 0; k < m->state_count; k++) {
        if (m->state_count > most || budget->threads == 0)
            return NULL;
        make_row(m, k);
    }
    *too_large = false;
    return lay_out(m, a);
}
