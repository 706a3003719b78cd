/* words: which words the language has, and the nearest to one it has not.
 * In: a word. Out: its row of words.def, or a proposal. Next: lexer.c and check.c ask.
 * The one idea: one list, words.def; what it proposes for a misspelt name is what could really
 * stand in its place. */
#include "lang/words.h"

#include <string.h>

static const struct word WORDS[WORD_COUNT] = {
#define WORD(name, spelling, class, node, argument) \
    [WORD_IS_##name] = {spelling, sizeof spelling - 1, WORD_##class, node, ARGUMENT_##argument},
#include "lang/words.def"
#undef WORD
};

struct translation {
    const char *written, *means;
};

/* What people write who think in French, SQL or spreadsheets. */
static const struct translation TRANSLATIONS[] = {
    {"et", "and"},
    {"ou", "or"},
    {"non", "not"},
    {"sauf", "and not"},
    {"entre", "between"},
    {"dans", "in"},
    {"contient", "includes"},
    {"is", "="},
    {"est", "="},
    {"equals", "="},
    {"eq", "="},
    {"like", "matches"},
    {"contains", "includes"},
    {"oui", "yes"},
    {"true", "yes"},
    {"false", "no"},
    {"vrai", "yes"},
    {"faux", "no"},
    {"xor", "!="},
    {"div", "/"},
    {"avg", "mean"},
    {"average", "mean"},
    {"moyenne", "mean"},
    {"minimum", "min"},
    {"maximum", "max"},
    {"exists", "any"},
    {"forall", "all"},
    {"range", "spread"},
};

const struct word *word_find(struct text t)
{
    for (const struct word *w = WORDS; w < WORDS + WORD_COUNT && t.size; w++)
        if (w->size == t.size && w->spelling[0] == t.at[0] &&
            memcmp(w->spelling, t.at, t.size) == 0)
            return w;
    return NULL;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

const struct word *word_find_any_case(struct text t)
{
    char small[32];
    if (t.size > sizeof small)
        return NULL;
    for (size_t i = 0; i < t.size; i++)
        small[i] = lower(t.at[i]);
    return word_find((struct text){small, t.size});
}

const char *word_translated(struct text t)
{
    for (size_t i = 0; i < sizeof TRANSLATIONS / sizeof TRANSLATIONS[0]; i++)
        if (text_is(t, TRANSLATIONS[i].written))
            return TRANSLATIONS[i].means;
    return NULL;
}

bool lang_is_reserved(struct text word)
{
    return word_find(word) != NULL;
}

static bool fits(const struct context *c, struct text id, enum word_place place)
{
    struct name name;
    if (place == PLACE_NAME)
        return true;
    if (place == PLACE_FUNCTION || !c->names->find(c->names->ctx, id, &name))
        return false;
    return (name.kind == NAME_QUESTION) == (place == PLACE_QUESTION);
}

static struct text nearest_to(struct context *c, struct text t, enum word_place place)
{
    struct suggest nearest;
    if (context_is_full(c) || t.size > LIMIT_ID)
        return (struct text){NULL, 0};
    char small[LIMIT_ID];
    for (size_t i = 0; i < t.size; i++)
        small[i] = lower(t.at[i]);
    suggest_init(&nearest, (struct text){small, t.size});
    if (place != PLACE_FUNCTION)
        for (size_t i = 0;; i++) {
            struct text id = c->names->list(c->names->ctx, i);
            if (id.size == 0)
                break;
            if (fits(c, id, place))
                suggest_offer(&nearest, id);
        }
    for (size_t i = 0; i < WORD_COUNT; i++)
        if ((place == PLACE_NAME && WORDS[i].class == WORD_FACT) ||
            (place == PLACE_FUNCTION && WORDS[i].class == WORD_FUNCTION))
            suggest_offer(&nearest, text_from_c(WORDS[i].spelling));
    return nearest.best;
}

bool word_propose(struct context *c, struct text t, enum word_place place)
{
    struct text nearest = nearest_to(c, t, place);
    if (nearest.size == 0)
        return false;
    problem_help(c->problems, problem_format(c->problems, "did you mean %s?",
                                             problem_quote(c->problems, nearest)));
    return true;
}
