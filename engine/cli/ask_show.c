/* In: a question, or what is known. Out: lines. Next: talk.c. Linear always: what is said once
 * stays where it was said. */
#include "cli/ask.h"

#include <string.h>

enum { EFFECTS_SHOWN = 4, KNOWN_SHOWN = 12, REASONS_SHOWN = 2, WIDE = 400 };

static void say(struct asking *a, enum say s, struct text x, struct text y, struct text z)
{
    talk_say(&a->talk, s, x, y, z);
}

static struct text number(struct buffer *b, double x)
{
    char digits[32];
    buffer_clear(b);
    buffer_text(b, (struct text){digits, number_short(digits, x)});
    return buffer_view(b);
}

struct text shown_value(const struct asking *a, struct entente_text value)
{
    static const struct {
        const char *word;
        enum say say;
    } STATES[] = {{"skip", SAY_SKIPPED}, {"dk", SAY_DONT_KNOW}, {"na", SAY_NOT_APPLICABLE},
                  {"yes", SAY_YES},      {"no", SAY_NO},        {",", SAY_NO}};
    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++)
        if (text_is(inside(value), STATES[i].word))
            return say_text(a->talk.french, STATES[i].say);
    return inside(value);
}

/* --- a question --------------------------------------------------------------------------------
 */

static void show_place(struct asking *a, const struct entente_asking *q)
{
    struct buffer *b = a->scratch, out;
    bool again = q->value.size > 0;
    struct text place = talk_number(&b[0], q->place);
    struct text left = talk_number(&b[1], q->left ? q->left - 1 : 0);
    buffer_init(&out);
    say_put(&out, a->talk.french,
            again          ? SAY_PLACE_AGAIN
            : q->left <= 1 ? SAY_PLACE_LAST
                           : SAY_PLACE,
            place, left, TEXT(""));
    if (q->section.size) {
        buffer_c(&out, " · ");
        buffer_visible(&out, inside(q->section));
    }
    talk_line(&a->talk);
    talk_text(&a->talk, buffer_view(&out), 0, 0);
    buffer_deinit(&out);
}

static void show_person(struct asking *a, const struct entente_asking *q)
{
    struct buffer *b = a->scratch;
    if (q->person == 0)
        talk_text(&a->talk, say_text(a->talk.french, SAY_WHOLE), 0, 0);
    else if (q->people > 1)
        say(a, SAY_PERSON_OF, talk_visible(&b[0], q->partner), talk_number(&b[1], q->person),
            talk_number(&b[2], q->people));
    else if (q->partner.size)
        talk_text(&a->talk, talk_visible(&b[0], q->partner), 0, 0);
}

static void show_choices(struct asking *a, const struct entente_asking *q)
{
    struct buffer out;
    buffer_init(&out);
    for (size_t i = 0; i < q->choice_count; i++) {
        struct entente_text label;
        entente_interview_choice(a->iv, i, &label);
        buffer_clear(&out);
        buffer_unsigned(&out, i + 1);
        buffer_c(&out, "  ");
        buffer_visible(&out, inside(label));
        talk_text(&a->talk, buffer_view(&out), 2, 3);
    }
    buffer_deinit(&out);
    talk_text(&a->talk,
              say_text(a->talk.french,
                       text_is(inside(q->kind), "one_of") ? SAY_CHOOSE_ONE : SAY_CHOOSE_MANY),
              2, 0);
}

static void show_range(struct asking *a, const struct entente_asking *q)
{
    struct buffer *b = a->scratch, out, text;
    bool whole = text_is(inside(q->kind), "scale");
    buffer_init(&out);
    buffer_init(&text);
    if (whole && q->ends[0].size) {
        for (int i = 0; i < 2; i++) {
            buffer_c(&out, i ? " · " : "");
            say_put(&out, a->talk.french, SAY_END_IS, number(&b[0], i ? q->hi : q->lo),
                    talk_visible(&text, q->ends[i]), TEXT(""));
        }
    } else {
        say_put(&out, a->talk.french, whole ? SAY_WHOLE_FROM : SAY_NUMBER_FROM,
                number(&b[0], q->lo), number(&b[1], q->hi), TEXT(""));
        if (q->unit.size) {
            buffer_c(&out, " (");
            buffer_visible(&out, inside(q->unit));
            buffer_byte(&out, ')');
        }
    }
    talk_text(&a->talk, buffer_view(&out), 2, 2);
    buffer_deinit(&out);
    buffer_deinit(&text);
}

void show_allowed(struct asking *a, const struct entente_asking *q)
{
    if (q->choice_count)
        show_choices(a, q);
    else if (text_is(inside(q->kind), "yesno"))
        talk_text(&a->talk, say_text(a->talk.french, SAY_YES_OR_NO), 2, 0);
    else if (text_is(inside(q->kind), "text"))
        talk_text(&a->talk, say_text(a->talk.french, SAY_FREE_TEXT), 2, 0);
    else
        show_range(a, q);
}

void show_question(struct asking *a, const struct entente_asking *q)
{
    show_place(a, q);
    show_person(a, q);
    talk_bold(&a->talk, talk_visible(&a->scratch[0], q->text));
    if (q->help.size)
        talk_text(&a->talk, talk_visible(&a->scratch[0], q->help), 2, 0);
    show_allowed(a, q);
    if (q->value.size) {
        struct text v = shown_value(a, q->value);
        say(a, SAY_KEEPS, talk_visible(&a->scratch[0], (struct entente_text){v.at, v.size}),
            TEXT(""), TEXT(""));
    }
}

void show_answers(struct asking *a)
{
    struct entente_asking q;
    struct buffer out;
    buffer_init(&out);
    if (entente_interview_count(a->iv) == 0)
        talk_text(&a->talk, say_text(a->talk.french, SAY_NO_ANSWERS), 0, 0);
    for (size_t i = 0; i < entente_interview_count(a->iv); i++) {
        entente_interview_at(a->iv, i, &q);
        buffer_clear(&out);
        buffer_unsigned(&out, i + 1);
        buffer_c(&out, ". ");
        if (q.partner.size) {
            buffer_visible(&out, inside(q.partner));
            if (q.people > 1) {
                buffer_byte(&out, ' ');
                buffer_unsigned(&out, q.person);
            }
            buffer_c(&out, ", ");
        }
        buffer_visible(&out, inside(q.id));
        buffer_text(&out, say_text(a->talk.french, SAY_COLON));
        buffer_visible(&out, shown_value(a, q.value));
        talk_text(&a->talk, buffer_view(&out), 0, 3);
    }
    buffer_deinit(&out);
}

/* --- why ---------------------------------------------------------------------------------------
 */

static enum say word_of(enum entente_verdict v)
{
    static const enum say WORDS[] = {SAY_PRESENT, SAY_UNDETERMINED, SAY_ABSENT, SAY_NOT_ASSESSED};
    return WORDS[v];
}

/* "open, 0.12 to 0.80" */
static void put_standing(struct asking *a, struct buffer *out, enum entente_verdict v,
                         struct entente_interval c)
{
    buffer_text(out, say_text(a->talk.french, word_of(v)));
    buffer_c(out, ", ");
    buffer_fixed(out, c.lo, 2);
    if (c.hi - c.lo >= 0.005) {
        buffer_c(out, "–");
        buffer_fixed(out, c.hi, 2);
    }
}

static void show_effect(struct asking *a, const struct entente_why *why, size_t i)
{
    struct entente_effect e = entente_interview_why_effect(a->iv, i);
    struct buffer out;
    buffer_init(&out);
    buffer_visible(&out, inside(e.label));
    if (e.partner.size) {
        buffer_c(&out, " (");
        buffer_visible(&out, inside(e.partner));
        buffer_byte(&out, ')');
    }
    buffer_text(&out, say_text(a->talk.french, SAY_COLON));
    put_standing(a, &out, e.now, e.certainty);
    talk_text(&a->talk, buffer_view(&out), 0, 2);
    for (size_t v = 0; v < why->value_count; v++) {
        struct entente_interval c;
        enum entente_verdict then = entente_interview_why_then(a->iv, i, v, &c);
        struct entente_text value = entente_interview_why_value(a->iv, v);
        buffer_clear(&out);
        buffer_visible(&out, value.size ? shown_value(a, value) : TEXT("\"\""));
        buffer_c(&out, " → ");
        put_standing(a, &out, then, c);
        talk_text(&a->talk, buffer_view(&out), 4, 2);
    }
    buffer_deinit(&out);
}

void show_why(struct asking *a)
{
    struct entente_why why;
    if (!entente_interview_why(a->iv, &why, a->cli->problems)) {
        ask_tell_problems(a);
        return;
    }
    if (why.effect_count == 0) {
        talk_text(&a->talk, say_text(a->talk.french, SAY_WHY_NOTHING), 0, 0);
        return;
    }
    talk_text(&a->talk, say_text(a->talk.french, SAY_WHY_HANGS), 0, 0);
    for (size_t i = 0; i < why.effect_count && i < EFFECTS_SHOWN; i++)
        show_effect(a, &why, i);
}

/* --- what we know ------------------------------------------------------------------------------
 */

struct entente_result *ask_result(struct asking *a)
{
    struct entente_case *c = entente_interview_case(a->iv, a->cli->problems);
    struct entente_result *r = c ? entente_case_infer(c, a->cli->problems) : NULL;
    entente_case_free(c);
    return r;
}

static const char *as_c(struct entente_text t, char id[LIMIT_ID + 1])
{
    size_t n = t.size < LIMIT_ID ? t.size : LIMIT_ID;
    memcpy(id, t.at, n);
    id[n] = '\0';
    return id;
}

static void show_reasons(struct asking *a, const struct entente_result *r, const char *id,
                         bool against)
{
    for (size_t i = 0; i < REASONS_SHOWN; i++) {
        struct entente_text t = entente_result_reason(r, id, against, i);
        struct buffer out, visible;
        if (!t.size)
            return;
        buffer_init(&out);
        buffer_init(&visible);
        say_put(&out, a->talk.french, against ? SAY_KNOWN_AGAINST : SAY_KNOWN_FOR,
                talk_visible(&visible, t), TEXT(""), TEXT(""));
        talk_text(&a->talk, buffer_view(&out), 4, 2);
        buffer_deinit(&out);
        buffer_deinit(&visible);
    }
}

static void show_conclusion(struct asking *a, const struct entente_result *r,
                            const struct entente_conclusion *c)
{
    char id[LIMIT_ID + 1];
    struct buffer out;
    size_t left = entente_interview_open(a->iv, as_c(c->id, id));
    enum entente_unsettled u = entente_interview_unsettled(a->iv, id);
    buffer_init(&out);
    buffer_visible(&out, inside(c->label));
    buffer_c(&out, " [");
    buffer_visible(&out, inside(c->id));
    buffer_c(&out, "]");
    buffer_text(&out, say_text(a->talk.french, SAY_COLON));
    put_standing(a, &out, c->verdict, c->certainty);
    if (u == ENTENTE_SEVERITY || u == ENTENTE_ORDER) {
        buffer_c(&out, "; ");
        buffer_text(&out, say_text(a->talk.french,
                                   u == ENTENTE_SEVERITY ? SAY_SEVERITY_OPEN : SAY_ORDER_OPEN));
    }
    talk_text(&a->talk, buffer_view(&out), 2, 2);
    show_reasons(a, r, id, false);
    show_reasons(a, r, id, true);
    if (c->verdict == ENTENTE_UNDETERMINED && left) {
        struct buffer n;
        buffer_init(&n);
        buffer_clear(&out);
        say_put(&out, a->talk.french, SAY_KNOWN_LEFT, talk_number(&n, left), TEXT(""), TEXT(""));
        talk_text(&a->talk, buffer_view(&out), 4, 2);
        buffer_deinit(&n);
    }
    buffer_deinit(&out);
}

void show_known(struct asking *a)
{
    struct entente_result *r = ask_result(a);
    size_t shown = 0, absent = 0;
    int last = -1;
    for (size_t i = 0; r && i < entente_result_count(r); i++) {
        struct entente_conclusion c = entente_result_at(r, i);
        if (!text_is(inside(c.kind), "diagnosis"))
            continue;
        absent += c.verdict == ENTENTE_ABSENT;
        if (c.verdict > ENTENTE_UNDETERMINED)
            continue;
        if ((int)c.verdict != last)
            talk_bold(&a->talk,
                      say_text(a->talk.french,
                               c.verdict == ENTENTE_PRESENT ? SAY_KNOWN_PRESENT : SAY_KNOWN_OPEN));
        last = (int)c.verdict;
        if (c.verdict == ENTENTE_PRESENT || shown++ < KNOWN_SHOWN)
            show_conclusion(a, r, &c);
    }
    if (!r)
        ask_tell_problems(a);
    else
        say(a, SAY_KNOWN_ABSENT, talk_number(&a->scratch[0], absent), TEXT(""), TEXT(""));
    entente_result_free(r);
}

void show_help(struct asking *a)
{
    static const enum say LINES[] = {SAY_HELP_WHY,     SAY_HELP_BACK,     SAY_HELP_STATES,
                                     SAY_HELP_LIST,    SAY_HELP_KNOWN,    SAY_HELP_HOW,
                                     SAY_HELP_WHY_NOT, SAY_HELP_WHAT_IF,  SAY_HELP_CLEAR,
                                     SAY_HELP_PLAN,    SAY_HELP_LANGUAGE, SAY_HELP_QUIT};
    talk_bold(&a->talk, say_text(a->talk.french, SAY_HELP_TITLE));
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++)
        talk_row(&a->talk, say_text(a->talk.french, LINES[i]));
}
