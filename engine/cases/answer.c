/* In: one answer as text. Out: its code and value, or why it does not fit its question; and back.
 * Next: cases_set. What may be said is the question's; the states dk and na go with every kind. */
#include "cases/cases.h"

#include <math.h>
#include <string.h>

static enum answer_fault parse_scale(const struct question *q, struct text t, struct answer *out)
{
    double x;
    if (number_parse(t, &x) != NUMBER_OK)
        return ANSWER_NOT_NUMBER;
    if (x < q->lo || x > q->hi)
        return ANSWER_OUTSIDE;
    if (x != floor(x))
        return ANSWER_NOT_WHOLE;
    out->code = (uint8_t)(x - q->lo + 1);
    return ANSWER_OK;
}

static enum answer_fault parse_number(const struct question *q, struct text t, struct answer *out)
{
    double x;
    if (number_parse(t, &x) != NUMBER_OK)
        return ANSWER_NOT_NUMBER;
    if (x < q->lo || x > q->hi)
        return ANSWER_OUTSIDE;
    out->code = 1;
    out->number = x;
    return ANSWER_OK;
}

static uint32_t find_choice(const struct question *q, struct text t)
{
    for (uint32_t i = 0; i < q->choice_count; i++)
        if (text_equal(q->choices[i].id, t))
            return i + 1;
    return 0;
}

static bool is_between_choices(char c)
{
    return c == ' ' || c == ',' || c == ';';
}

static enum answer_fault parse_many(const struct question *q, struct text t, struct answer *out)
{
    size_t i = 0;
    while (i < t.size) {
        size_t start = i;
        while (i < t.size && !is_between_choices(t.at[i]))
            i++;
        if (i > start) {
            uint32_t code = find_choice(q, (struct text){t.at + start, i - start});
            if (!code)
                return ANSWER_NOT_CHOICE;
            out->ticked |= UINT64_C(1) << (code - 1);
        }
        while (i < t.size && is_between_choices(t.at[i]))
            i++;
    }
    out->code = 1;
    return ANSWER_OK;
}

static enum answer_fault fold(struct text t, struct arena *scratch, struct text *out)
{
    struct buffer folded;
    buffer_init(&folded);
    bool ok = utf8_fold(t, &folded) && !folded.failed;
    char *copy = ok ? arena_try(scratch, folded.size + 1) : NULL; /* no jump past the buffer */
    if (copy && folded.size)
        memcpy(copy, folded.at, folded.size);
    *out = (struct text){copy, copy ? folded.size : 0};
    buffer_deinit(&folded);
    return copy ? ANSWER_OK : ANSWER_NO_MEMORY;
}

/* Cut at a character's border, so that what is left is still UTF-8. */
static void cut(struct answer *out)
{
    if (out->text.size <= LIMIT_PATTERN_TEXT)
        return;
    size_t n = LIMIT_PATTERN_TEXT;
    while (n > 0 && ((unsigned char)out->text.at[n] & 0xC0) == 0x80)
        n--;
    out->text.size = n;
    out->code = TEXT_CUT;
}

static enum answer_fault parse_text(struct text t, struct arena *scratch, struct answer *out)
{
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] == '\0')
            return ANSWER_NOT_TEXT;
    if (utf8_valid(t) != t.size)
        return ANSWER_NOT_TEXT;
    out->code = 1;
    out->text = t;
    if (scratch && !utf8_is_ascii(t)) {
        enum answer_fault f = fold(t, scratch, &out->text);
        if (f != ANSWER_OK)
            return f;
    }
    cut(out);
    return ANSWER_OK;
}

enum answer_fault answer_parse(const struct question *q, struct text t, struct arena *scratch,
                               struct answer *out)
{
    *out = (struct answer){.code = CODE_BLANK, .text = {"", 0}};
    struct text word = text_trim(t);
    if (word.size == 0)
        return ANSWER_OK;
    if (text_is(word, "dk") || text_is(word, "na")) {
        out->code = word.at[0] == 'd' ? CODE_UNSURE : CODE_NA;
        return ANSWER_OK;
    }
    switch (q->kind) {
    case KIND_SCALE: return parse_scale(q, word, out);
    case KIND_NUMBER: return parse_number(q, word, out);
    case KIND_YESNO:
        if (!text_is(word, "yes") && !text_is(word, "no"))
            return ANSWER_NOT_YESNO;
        out->code = word.at[0] == 'y' ? YESNO_YES : YESNO_NO;
        return ANSWER_OK;
    case KIND_ONE_OF:
        out->code = (uint8_t)find_choice(q, word);
        return out->code ? ANSWER_OK : ANSWER_NOT_CHOICE;
    case KIND_MANY_OF: return parse_many(q, word, out);
    default: return parse_text(t, scratch, out);
    }
}

static const char *state_of(uint8_t code)
{
    return code == CODE_UNSURE    ? "dk"
           : code == CODE_NA      ? "na"
           : code == CODE_SKIPPED ? "skip"
                                  : NULL;
}

void answer_write(const struct question *q, const struct answer *a, struct buffer *out)
{
    char digits[32];
    const char *state = state_of(a->code), *between = "";
    if (state) {
        buffer_c(out, state);
        return;
    }
    switch (q->kind) {
    case KIND_SCALE:
        buffer_text(out, (struct text){digits, number_short(digits, q->lo + a->code - 1)});
        return;
    case KIND_NUMBER:
        buffer_text(out, (struct text){digits, number_short(digits, a->number)});
        return;
    case KIND_YESNO: buffer_c(out, a->code == YESNO_YES ? "yes" : "no"); return;
    case KIND_ONE_OF: buffer_text(out, q->choices[a->code - 1].id); return;
    case KIND_MANY_OF:
        buffer_c(out, a->ticked ? "" : ","); /* none of them, which is not nothing said */
        for (uint32_t i = 0; i < q->choice_count; i++)
            if (a->ticked >> i & 1) {
                buffer_c(out, between);
                buffer_text(out, q->choices[i].id);
                between = " ";
            }
        return;
    default: buffer_text(out, a->text); return;
    }
}
