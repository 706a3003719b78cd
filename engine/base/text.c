/* text: the small questions one asks of a view of bytes.
 * In: views, which may be empty with at == NULL (so memcmp is never given NULL). Out: answers and
 * narrower views of the same bytes. Nothing is allocated. */
#include "base/text.h"

#include "base/limits.h"
#include <string.h>

struct text text_from_c(const char *c)
{
    return (struct text){c, c ? strlen(c) : 0};
}

bool text_equal(struct text a, struct text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

bool text_is(struct text a, const char *c)
{
    if (c && a.size && a.at[0] != c[0]) /* nearly always */
        return false;
    return text_equal(a, text_from_c(c));
}

int text_compare(struct text a, struct text b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.at, b.at, common) : 0;
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

bool text_starts(struct text a, const char *prefix)
{
    if (a.size && prefix[0] && a.at[0] != prefix[0])
        return false;
    size_t n = strlen(prefix);
    return a.size >= n && text_equal((struct text){a.at, n}, (struct text){prefix, n});
}

bool text_ends(struct text a, const char *suffix)
{
    size_t n = strlen(suffix);
    if (n == 0)
        return true;
    return a.size >= n && memcmp(a.at + (a.size - n), suffix, n) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct text text_trim(struct text a)
{
    while (a.size > 0 && is_blank(a.at[0])) {
        a.at++;
        a.size--;
    }
    while (a.size > 0 && is_blank(a.at[a.size - 1]))
        a.size--;
    return a;
}

bool text_is_id(struct text a)
{
    if (a.size == 0 || a.size > LIMIT_ID || a.at[0] < 'a' || a.at[0] > 'z')
        return false;
    for (size_t i = 1; i < a.size; i++) {
        char c = a.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}
