/* In: the cell in which a tool says what became of a row. Out: whether the person did not finish,
 * or was none. Next: cell marks the row. */
#include "survey/mapped.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* In capitals or not; words are ended by NULL. */
static bool is_one_of(struct text t, const char *const *words)
{
    t = text_trim(t);
    for (; *words; words++) {
        size_t i = 0;
        while (i < t.size && (*words)[i] && lower(t.at[i]) == (*words)[i])
            i++;
        if (i == t.size && !(*words)[i])
            return true;
    }
    return false;
}

bool status_is_abandoned(unsigned status, struct text value)
{
    static const char *const no[] = {"0", "false", "no", "faux", "non", "falsch", "nein", NULL};
    if (status == STATUS_SUBMITTED)
        return text_trim(value).size == 0;
    return status == STATUS_FINISHED && is_one_of(value, no);
}

/* Qualtrics: 1 is a preview, 17 one offline. 2, answers made up by the tool, is asked for. */
bool status_is_preview(unsigned status, struct text value)
{
    static const char *const previews[] = {"1", "17", "survey preview", "offline survey preview",
                                           NULL};
    return status == STATUS_KIND && is_one_of(value, previews);
}
