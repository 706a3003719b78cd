/* In: a sentence and what goes into its holes. Out: bytes. Next: talk.c. A sentence is one entry
 * with holes, so each language keeps its own order. */
#include "cli/say.h"

static const struct text SENTENCES[SAY_COUNT][2] = {
#define SAY(name, english, french) \
    [SAY_##name] = {{(english), sizeof(english) - 1}, {(french), sizeof(french) - 1}},
#include "cli/say.def"
#undef SAY
};

struct text say_text(bool french, enum say s)
{
    return SENTENCES[s][french];
}

void say_put(struct buffer *out, bool french, enum say s, struct text a, struct text b,
             struct text c)
{
    const struct text holes[] = {a, b, c};
    struct text t = SENTENCES[s][french];
    size_t written = 0;
    for (size_t i = 0; i + 2 < t.size; i++) {
        if (t.at[i] != '{' || t.at[i + 2] != '}')
            continue;
        buffer_text(out, (struct text){t.at + written, i - written});
        buffer_text(out, holes[t.at[i + 1] - '0']);
        written = i + 3;
    }
    buffer_text(out, (struct text){t.at + written, t.size - written});
}

struct text say_number(bool french, char out[32], double x, int decimals)
{
    struct text number = {out, number_fixed(out, x, decimals)};
    for (size_t i = 0; french && i < number.size; i++)
        out[i] = out[i] == '.' ? ',' : out[i];
    return number;
}
