/* In: inputs that are known. Out: one more, a few changes away from one of them. Next: driver runs
 * it. Changes of bytes for what reads bytes; of words, numbers and lines for what reads text. */
#include "driver.h"

struct draft {
    const struct corpus *corpus;
    uint64_t *random;
    uint8_t *at;
    size_t size, longest;
};

static size_t pick(struct draft *d, size_t n)
{
    return driver_pick(d->random, n);
}

/* What breaks readers: signs of the formats, ends of ranges, halves of characters. */
static const char *const PIECES[] = {"\n",
                                     "\r",
                                     "\r\n",
                                     "\"",
                                     "\"\"",
                                     ",",
                                     ";",
                                     "\t",
                                     " ",
                                     "|",
                                     "\x7F",
                                     "\x80",
                                     "\xFF",
                                     "\xC3",
                                     "\xE2",
                                     "(",
                                     ")",
                                     "[",
                                     "]",
                                     "{",
                                     "}",
                                     "&a",
                                     "*a",
                                     "!",
                                     "#",
                                     ":",
                                     ": ",
                                     "- ",
                                     "/",
                                     "\\",
                                     "%",
                                     "@",
                                     "=",
                                     "'",
                                     "\xEF\xBB\xBF",
                                     "\xE2\x80\xAE",
                                     "\xE2\x80\xA8",
                                     "\xC2\x85",
                                     "e\xCC\x81",
                                     "\xC0\x80",
                                     "\xED\xA0\x80",
                                     "\xF4\x90\x80\x80",
                                     "\xF0\x9F\x98\x80",
                                     "\x1B[31m",
                                     "<b>",
                                     "sep=;\n",
                                     "not ",
                                     " and ",
                                     " or "};
static const char *const NUMBERS[] = {"0",
                                      "1",
                                      "-1",
                                      "5",
                                      "010",
                                      "-0",
                                      ".5",
                                      "5.",
                                      "1e309",
                                      "0x10",
                                      "nan",
                                      "65536",
                                      "2147483648",
                                      "4294967296",
                                      "18446744073709551616",
                                      "999999999999999",
                                      "9999999999999999",
                                      "0.1",
                                      "0.123456789012345",
                                      "1000000000",
                                      "3,5"};

#define COUNT_OF(list) (sizeof(list) / sizeof(list)[0])

/* Puts `t` in the place of `gone` bytes at `at`, as far as there is room. */
static void replace(struct draft *d, size_t at, size_t gone, struct text t)
{
    size_t behind = d->size - at - gone;
    if (d->size - gone + t.size > d->longest)
        t.size = d->longest - (d->size - gone);
    memmove(d->at + at + t.size, d->at + at + gone, behind);
    if (t.size)
        memcpy(d->at + at, t.at, t.size);
    d->size = at + t.size + behind;
}

static bool is_word(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c >= 0x80;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_in_line(uint8_t c)
{
    return c != '\n';
}

/* The longest run of such bytes around a random place. */
static struct text run_of(struct text t, size_t at, bool (*fits)(uint8_t))
{
    size_t from = at, to = at;
    while (from > 0 && fits((uint8_t)t.at[from - 1]))
        from--;
    while (to < t.size && fits((uint8_t)t.at[to]))
        to++;
    return (struct text){t.at + from, to - from};
}

static struct text other(struct draft *d)
{
    return corpus_at(d->corpus, pick(d, d->corpus->count));
}

/* A part of an input of the corpus: bytes, a word, a line with its end. */
static struct text borrowed(struct draft *d)
{
    struct text t = other(d);
    size_t at = pick(d, t.size + 1);
    switch (pick(d, 3)) {
    case 0: return (struct text){t.at + at, pick(d, t.size - at + 1)};
    case 1: return run_of(t, at, is_word);
    default: {
        struct text line = run_of(t, at, is_in_line);
        line.size += line.at + line.size < t.at + t.size;
        return line;
    }
    }
}

static struct text from_list(struct draft *d, const char *const *list, size_t count)
{
    return text_from_c(list[pick(d, count)]);
}

/* A copy: parts of the draft cannot be put into it while they move. */
static void insert_own(struct draft *d, size_t at, size_t gone, struct text part)
{
    static char copy[1 << 20];
    if (part.size > sizeof copy)
        part.size = sizeof copy;
    memcpy(copy, part.at, part.size);
    replace(d, at, gone, (struct text){copy, part.size});
}

static void change(struct draft *d)
{
    struct text own = {(const char *)d->at, d->size};
    size_t at = pick(d, d->size + 1), gone = pick(d, d->size - at + 1);
    if (pick(d, 4))
        gone = gone % 9;
    struct text word = run_of(own, at, is_word), number = run_of(own, at, is_digit);
    struct text line = run_of(own, at, is_in_line);
    switch (pick(d, 12)) {
    case 0:
        if (at < d->size)
            d->at[at] ^= (uint8_t)(1u << pick(d, 8));
        break;
    case 1:
        if (at < d->size)
            d->at[at] = (uint8_t)pick(d, 256);
        break;
    case 2: replace(d, at, 0, from_list(d, PIECES, COUNT_OF(PIECES))); break;
    case 3: replace(d, at, gone, from_list(d, PIECES, COUNT_OF(PIECES))); break;
    case 4: replace(d, at, gone, FUZZ_NOTHING); break;
    case 5: insert_own(d, at, 0, (struct text){own.at + at, gone}); break;
    case 6: {
        static char same[1 << 13];
        memset(same, at < d->size ? d->at[at] : ' ', sizeof same);
        replace(d, at, 0, (struct text){same, 1 + pick(d, pick(d, 20) ? 20 : sizeof same)});
        break;
    }
    case 7: replace(d, at, gone, borrowed(d)); break;
    case 8: replace(d, (size_t)(word.at - own.at), word.size, run_of(other(d), 0, is_word)); break;
    case 9:
        replace(d, (size_t)(number.at - own.at), number.size,
                from_list(d, NUMBERS, COUNT_OF(NUMBERS)));
        break;
    case 10: replace(d, (size_t)(word.at - own.at), word.size, borrowed(d)); break;
    default: {
        size_t from = (size_t)(line.at - own.at);
        line.size += from + line.size < d->size;
        if (pick(d, 2))
            replace(d, from, line.size, pick(d, 2) ? borrowed(d) : FUZZ_NOTHING);
        else
            insert_own(d, from, 0, line);
    }
    }
}

size_t mutate(const struct corpus *c, uint64_t *random, uint8_t *out, size_t longest)
{
    struct draft d = {.corpus = c, .random = random, .at = out, .longest = longest};
    /* Half of the time one of the inputs that were found last. */
    size_t last = c->count / 8 + 1;
    struct text from =
        corpus_at(c, pick(&d, 2) ? pick(&d, c->count) : c->count - 1 - pick(&d, last));
    replace(&d, 0, 0, from);
    if (pick(&d, 8) == 0 && d.size) { /* the head of one and the tail of another */
        struct text tail = other(&d);
        size_t cut = pick(&d, tail.size + 1), at = pick(&d, d.size);
        replace(&d, at, d.size - at, (struct text){tail.at + cut, tail.size - cut});
    }
    for (size_t n = (size_t)1 << pick(&d, 5); n > 0; n--)
        change(&d);
    return d.size;
}
