/* In: a question, the answers so far. Out: lines. Next: talk.c. Linear always: what is said once
 * stays where it was said. */
#include "cli/ask.h"

#include <string.h>

/* An end of a range. */
static struct text number(const struct asking *a, struct buffer *b, double x)
{
    char digits[32];
    struct text t = {digits, number_short(digits, x)};
    for (size_t i = 0; a->talk.french && i < t.size; i++)
        digits[i] = digits[i] == '.' ? ',' : digits[i];
    buffer_clear(b);
    buffer_text(b, t);
    return buffer_view(b);
}

struct text shown_value(const struct asking *a, struct entente_text value)
{
    static const struct {
        const char *word;
        enum say say;
    } STATES[] = {{"skip", SAY_SKIPPED}, {"dk", SAY_DONT_KNOW}, {"na", SAY_NOT_APPLICABLE},
                  {"yes", SAY_YES},      {"no", SAY_NO},        {",", SAY_NONE_OF_THEM}};
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
        talk_say(&a->talk, SAY_PERSON_OF, talk_visible(&b[0], q->partner),
                 talk_number(&b[1], q->person), talk_number(&b[2], q->people));
    else if (q->partner.size)
        talk_say(&a->talk, SAY_PERSON, talk_visible(&b[0], q->partner), TEXT(""), TEXT(""));
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
            say_put(&out, a->talk.french, SAY_END_IS, number(a, &b[0], i ? q->hi : q->lo),
                    talk_visible(&text, q->ends[i]), TEXT(""));
        }
    } else {
        say_put(&out, a->talk.french, whole ? SAY_WHOLE_FROM : SAY_NUMBER_FROM,
                number(a, &b[0], q->lo), number(a, &b[1], q->hi), TEXT(""));
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
        struct text v = shown_value(a, q->words);
        talk_say(&a->talk, SAY_KEEPS,
                 talk_visible(&a->scratch[0], (struct entente_text){v.at, v.size}), TEXT(""),
                 TEXT(""));
    }
}

/* "3. buyer: 4 · The question [id]" */
static void show_answer(struct asking *a, size_t i, struct buffer *out)
{
    struct entente_asking q;
    entente_interview_at(a->iv, i, &q);
    buffer_clear(out);
    buffer_unsigned(out, i + 1);
    buffer_c(out, ". ");
    buffer_visible(out, inside(q.partner));
    if (q.people > 1) {
        buffer_byte(out, ' ');
        buffer_unsigned(out, q.person);
    }
    if (q.partner.size)
        buffer_text(out, say_text(a->talk.french, SAY_COLON));
    struct text value = shown_value(a, q.words);
    buffer_visible(out, value);
    buffer_c(out, " · ");
    buffer_visible(out, inside(q.text));
    buffer_c(out, " [");
    buffer_visible(out, inside(q.id));
    buffer_byte(out, ']');
    talk_text(&a->talk, buffer_view(out), 0, 3);
}

void show_answers(struct asking *a)
{
    struct buffer out;
    size_t count = entente_interview_count(a->iv);
    buffer_init(&out);
    if (count == 0)
        talk_text(&a->talk, say_text(a->talk.french, SAY_NO_ANSWERS), 0, 0);
    for (size_t i = 0; i < count; i++)
        show_answer(a, i, &out);
    buffer_deinit(&out);
}

/* --- help
 * -----------------------------------------------------------------------------------------
 */

void show_help(struct asking *a)
{
    static const enum say LINES[] = {
        SAY_HELP_WHY,    SAY_HELP_BACK,     SAY_HELP_STATES,  SAY_HELP_LIST,  SAY_HELP_KNOWN,
        SAY_HELP_HOW,    SAY_HELP_WHY_NOT,  SAY_HELP_WHAT_IF, SAY_HELP_CLEAR, SAY_HELP_PLAN,
        SAY_HELP_REPORT, SAY_HELP_WRITE, SAY_HELP_LANGUAGE, SAY_HELP_QUIT,    SAY_HELP_IDS};
    talk_bold(&a->talk, say_text(a->talk.french, SAY_HELP_TITLE));
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++)
        talk_row(&a->talk, say_text(a->talk.french, LINES[i]));
}
