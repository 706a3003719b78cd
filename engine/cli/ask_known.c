/* In: an interview. Out: how the diagnoses stand, and what each answer would do to them. Next:
 * talk.c. Diagnoses are shown with their id, which the explanations take. */
#include "cli/ask.h"

#include <string.h>

enum { EFFECTS_SHOWN = 4, OPEN_SHOWN = 8, REASONS_SHOWN = 2, QUESTIONS_SHOWN = 3 };

static enum say word_of(enum entente_verdict v)
{
    static const enum say WORDS[] = {SAY_PRESENT, SAY_UNDETERMINED, SAY_ABSENT, SAY_NOT_ASSESSED};
    return WORDS[v];
}

/* "open, 0.12 to 0.80" */
static void put_standing(struct asking *a, struct buffer *out, enum entente_verdict v,
                         struct entente_interval c)
{
    char lo[32], hi[32];
    struct text from = say_number(a->talk.french, lo, c.lo, 2);
    struct text to = say_number(a->talk.french, hi, c.hi, 2);
    bool one = text_equal(from, to);
    say_put(out, a->talk.french, one ? SAY_STANDING : SAY_STANDING_BETWEEN,
            say_text(a->talk.french, word_of(v)), from, to);
}

static void put_label(struct buffer *out, struct entente_text label, struct entente_text id)
{
    buffer_visible(out, inside(label.size ? label : id));
    buffer_c(out, " [");
    buffer_visible(out, inside(id));
    buffer_byte(out, ']');
}

/* "and 3 more", as a line */
static void show_more(struct asking *a, size_t more, unsigned indent)
{
    struct buffer out;
    if (more == 0)
        return;
    buffer_init(&out);
    say_put(&out, a->talk.french, more == 1 ? SAY_ONE_MORE : SAY_MORE,
            talk_number(&a->scratch[0], more), TEXT(""), TEXT(""));
    talk_text(&a->talk, buffer_view(&out), indent, 0);
    buffer_deinit(&out);
}

/* --- why ---------------------------------------------------------------------------------------
 */

static void show_effect(struct asking *a, const struct entente_why *why, size_t i)
{
    struct entente_effect e = entente_interview_why_effect(a->iv, i);
    struct buffer out;
    buffer_init(&out);
    put_label(&out, e.label, e.id);
    if (e.partner.size) {
        buffer_c(&out, ", ");
        buffer_visible(&out, inside(e.partner));
    }
    buffer_text(&out, say_text(a->talk.french, SAY_COLON));
    put_standing(a, &out, e.now, e.certainty);
    talk_text(&a->talk, buffer_view(&out), 2, 2);
    for (size_t v = 0; v < why->value_count; v++) {
        struct entente_interval c;
        enum entente_verdict then = entente_interview_why_then(a->iv, i, v, &c);
        struct entente_text value = entente_interview_why_value(a->iv, v);
        buffer_clear(&out);
        buffer_visible(&out, value.size ? shown_value(a, value)
                                        : say_text(a->talk.french, SAY_EMPTY_TEXT));
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
    talk_text(&a->talk,
              say_text(a->talk.french, why.effect_count ? SAY_WHY_HANGS : SAY_WHY_NOTHING), 0, 0);
    for (size_t i = 0; i < why.effect_count && i < EFFECTS_SHOWN; i++)
        show_effect(a, &why, i);
    if (why.effect_count > EFFECTS_SHOWN)
        show_more(a, why.effect_count - EFFECTS_SHOWN, 2);
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

static void show_reasons(struct asking *a, const struct entente_result *r, struct entente_text id,
                         bool against)
{
    char name[LIMIT_ID + 1];
    size_t n = id.size < LIMIT_ID ? id.size : LIMIT_ID;
    memcpy(name, id.at, n);
    name[n] = '\0';
    for (size_t i = 0; i < REASONS_SHOWN; i++) {
        struct entente_text t = entente_result_reason(r, name, against, i);
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

/* "still to ask: goals_shared, trust, ... (12 questions)" */
static void show_open(struct asking *a, const struct entente_standing *s, bool early)
{
    struct buffer names, out;
    size_t shown = s->open_count < QUESTIONS_SHOWN ? s->open_count : QUESTIONS_SHOWN;
    buffer_init(&names);
    buffer_init(&out);
    for (size_t i = 0; i < shown; i++) {
        buffer_c(&names, i ? ", " : "");
        buffer_visible(&names, inside(entente_interview_open(a->iv, i)));
    }
    size_t more = s->open_count - shown;
    enum say line = s->open_count == 0 ? (early ? SAY_KNOWN_LEFT_OTHERS : SAY_KNOWN_LEFT_NOTHING)
                    : more == 0        ? SAY_KNOWN_LEFT
                    : more == 1        ? SAY_KNOWN_LEFT_ONE_MORE
                                       : SAY_KNOWN_LEFT_MORE;
    say_put(&out, a->talk.french, line, buffer_view(&names), talk_number(&a->scratch[0], more),
            TEXT(""));
    talk_text(&a->talk, buffer_view(&out), 4, 2);
    buffer_deinit(&names);
    buffer_deinit(&out);
}

static void show_standing(struct asking *a, const struct entente_result *r,
                          const struct entente_standing *s, bool early)
{
    struct buffer out;
    buffer_init(&out);
    put_label(&out, s->label, s->id);
    buffer_text(&out, say_text(a->talk.french, SAY_COLON));
    put_standing(a, &out, s->verdict, s->certainty);
    if (s->unsettled == ENTENTE_SEVERITY || s->unsettled == ENTENTE_ORDER) {
        buffer_text(&out, say_text(a->talk.french, SAY_SEMICOLON));
        buffer_text(&out,
                    say_text(a->talk.french, s->unsettled == ENTENTE_SEVERITY ? SAY_SEVERITY_OPEN
                                                                              : SAY_ORDER_OPEN));
    }
    talk_text(&a->talk, buffer_view(&out), 2, 2);
    buffer_deinit(&out);
    show_reasons(a, r, s->id, false);
    show_reasons(a, r, s->id, true);
    if (s->verdict == ENTENTE_UNDETERMINED)
        show_open(a, s, early);
}

static void show_absent(struct asking *a, size_t count)
{
    struct buffer names;
    bool any = false;
    buffer_init(&names);
    for (size_t i = 0; i < count; i++) {
        struct entente_standing s = entente_interview_standing(a->iv, i);
        if (s.verdict != ENTENTE_ABSENT)
            continue;
        buffer_c(&names, any ? ", " : "");
        put_label(&names, s.label, s.id);
        any = true;
    }
    if (any)
        talk_say(&a->talk, SAY_KNOWN_ABSENT, buffer_view(&names), TEXT(""), TEXT(""));
    buffer_deinit(&names);
}

static void show_standings(struct asking *a, const struct entente_result *r, size_t count,
                           bool early)
{
    size_t open = 0;
    int last = -1;
    for (size_t i = 0; i < count; i++) {
        struct entente_standing s = entente_interview_standing(a->iv, i);
        if (s.verdict > ENTENTE_UNDETERMINED)
            break;
        if ((int)s.verdict != last)
            talk_bold(&a->talk,
                      say_text(a->talk.french,
                               s.verdict == ENTENTE_PRESENT ? SAY_KNOWN_PRESENT : SAY_KNOWN_OPEN));
        last = (int)s.verdict;
        if (s.verdict == ENTENTE_PRESENT || open++ < OPEN_SHOWN)
            show_standing(a, r, &s, early);
    }
    if (open > OPEN_SHOWN)
        show_more(a, open - OPEN_SHOWN, 2);
    show_absent(a, count);
}

void show_known(struct asking *a)
{
    struct entente_result *r = ask_result(a);
    size_t count;
    bool early;
    if (!r || !entente_interview_known(a->iv, &count, &early, a->cli->problems)) {
        ask_tell_problems(a);
    } else {
        if (early)
            talk_text(&a->talk, say_text(a->talk.french, SAY_KNOWN_EARLY), 0, 0);
        show_standings(a, r, count, early);
    }
    entente_result_free(r);
}
