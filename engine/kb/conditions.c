/* In: cells that hold conditions. Out: checked trees in normal form. Next: items.c.
 * What names something disabled is not compiled: its owner goes too. */
#include "kb/build.h"

const struct node *build_condition(struct build *b, const struct cell *c, enum scope scope,
                                   const struct node **written)
{
    if (!cell_given(c))
        return NULL;
    struct node *n = condition_new(b->kb->arena, cell_scalar(c), scope, &b->kb->names,
                                   &b->kb->patterns, b->problems);
    if (!n)
        return NULL;
    if (written)
        *written = n;
    return condition_normal(b->kb->arena, n);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Behind a pattern or a quoted text that starts at i; i itself elsewhere. A slash opens a pattern
 * only behind `matches`. */
static size_t skip_literal(struct text t, size_t i, bool after_matches)
{
    char quote = t.at[i];
    if (quote != '"' && quote != '\'' && !(quote == '/' && after_matches))
        return i;
    for (size_t k = i + 1; k < t.size; k++) {
        if (t.at[k] == '\\' && quote == '/')
            k++;
        else if (t.at[k] == quote)
            return k + 1;
    }
    return t.size;
}

bool rests_on_disabled(const struct build *b, const struct cell *c, struct text *which)
{
    struct text t = cell_text(c);
    bool after_matches = false;
    if (b->disabled.count == 0)
        return false;
    for (size_t i = 0; i < t.size;) {
        size_t behind = skip_literal(t, i, after_matches);
        if (behind > i) {
            i = behind;
            after_matches = false;
            continue;
        }
        size_t start = i;
        while (i < t.size && is_word(t.at[i]))
            i++;
        if (i == start) {
            after_matches = after_matches && (t.at[i] == ' ' || t.at[i] == '\n');
            i++;
            continue;
        }
        struct text word = {t.at + start, i - start};
        after_matches = text_is(word, "matches");
        if (idmap_get(&b->disabled, word) != IDMAP_NONE) {
            *which = word;
            return true;
        }
    }
    return false;
}
