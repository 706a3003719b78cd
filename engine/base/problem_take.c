/* problem_take: one list behind another.
 * In: a thread's own list. Out: its problems behind those of another list, messages copied, and its
 * counts. Places do not come along: what threads meet are rows, whose places their messages name.
 */
#include "base/problem_list.h"

static const char *copied(struct problems *to, const char *text)
{
    return text ? arena_c(&to->arena, text_from_c(text)) : NULL;
}

/* What `from` counted without keeping it counts here too, and decides the exit as well. */
static void take_counts(struct problems *to, const struct problems *from)
{
    for (unsigned s = 0; s < SEVERITY_COUNT; s++)
        to->total[s] += from->total[s];
    for (size_t i = 0; i < from->kept; i++)
        to->total[from->list[i].severity]--;
    for (unsigned code = 0; code < PROBLEM_COUNT; code++)
        to->seen[code] = to->seen[code] || from->seen[code];
    if (from->has_error && !to->has_error) {
        to->has_error = true;
        to->exit = from->exit;
    }
}

void problems_take(struct problems *to, const struct problems *from)
{
    if (to == NULL)
        return;
    if (from == NULL) {
        problem_add(to, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
        return;
    }
    for (size_t i = 0; i < from->kept; i++) {
        const struct problem *p = &from->list[i];
        problem_add(to, p->code, SPAN_NONE, NULL, NULL, NULL);
        const char *message = copied(to, p->message);
        if (to->last && message)
            to->last->message = message;
        for (size_t n = 0; n < p->note_count; n++)
            problem_note(to, SPAN_NONE, p->notes[n].text);
        if (p->help)
            problem_help(to, p->help);
    }
    take_counts(to, from);
}
