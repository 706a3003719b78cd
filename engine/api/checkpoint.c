/* In: how far a batch is. Out: bytes, and back. Next: outputs keeps them beside the report. */
#include "api/checkpoint.h"

#include <string.h>

static const char HEAD[] = "entente checkpoint ";

_Static_assert(sizeof(struct tally) % sizeof(uint64_t) == 0, "a tally is numbers of 64 bits");
enum { TALLY_NUMBERS = sizeof(struct tally) / sizeof(uint64_t) };

static const char *const OUTPUT_WORDS[OUTPUTS] = {"report", "rejects"};

static void add_number(struct buffer *out, uint64_t n)
{
    buffer_byte(out, ' ');
    buffer_unsigned(out, n);
}

/* Hexadecimal, since a key or a name may hold anything; "-" stands for none, "" for the empty one.
 */
static void add_bytes(struct buffer *out, struct text t)
{
    static const char digits[] = "0123456789abcdef";
    buffer_byte(out, ' ');
    if (!t.at)
        buffer_byte(out, '-');
    for (size_t i = 0; t.at && i < t.size; i++) {
        buffer_byte(out, digits[(unsigned char)t.at[i] >> 4]);
        buffer_byte(out, digits[(unsigned char)t.at[i] & 15]);
    }
}

static void add_place(const struct survey_place *p, struct buffer *out)
{
    buffer_c(out, "\nplace");
    add_number(out, p->chunks);
    add_number(out, p->table);
    add_number(out, p->data);
    add_number(out, p->rows);
    add_number(out, p->line);
    add_number(out, p->table_begins);
    buffer_c(out, "\nkey");
    add_bytes(out, p->last_key);
}

void checkpoint_write(const struct checkpoint *c, struct buffer *out)
{
    uint64_t numbers[TALLY_NUMBERS];
    struct digest sum;
    memcpy(numbers, &c->tally, sizeof numbers);
    buffer_c(out, HEAD);
    buffer_text(out, c->version);
    buffer_c(out, "\npack");
    add_number(out, c->pack);
    buffer_c(out, "\noptions");
    add_number(out, c->options);
    buffer_c(out, "\ninputs");
    add_number(out, c->inputs);
    buffer_c(out, "\ncomplete");
    add_number(out, c->complete);
    add_place(&c->place, out);
    buffer_c(out, "\ncounts");
    for (int i = 0; i < TALLY_NUMBERS; i++)
        add_number(out, numbers[i]);
    for (int i = 0; i < OUTPUTS; i++) {
        buffer_byte(out, '\n');
        buffer_c(out, OUTPUT_WORDS[i]);
        add_bytes(out, c->outputs[i].part);
        add_number(out, c->outputs[i].size);
        add_number(out, c->outputs[i].digest);
    }
    digest_init(&sum);
    digest_text(&sum, buffer_view(out));
    buffer_c(out, "\nsum");
    add_number(out, digest_value(&sum));
    buffer_byte(out, '\n');
}

/* --- and back: leniently, the comparison is strict ----------------------------------------------
 */

struct reading_note {
    struct arena *arena;
    struct text rest;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n';
}

static struct text next(struct reading_note *s)
{
    size_t n = 0;
    while (n < s->rest.size && !is_space(s->rest.at[n]))
        n++;
    struct text word = {s->rest.at, n};
    n += n < s->rest.size;
    s->rest = (struct text){s->rest.at + n, s->rest.size - n};
    return word;
}

static uint64_t next_number(struct reading_note *s)
{
    struct text word = next(s);
    uint64_t n = 0;
    for (size_t i = 0; i < word.size; i++)
        n = n * 10 + (uint64_t)(unsigned char)(word.at[i] - '0');
    return n;
}

static unsigned nibble(char c)
{
    return (unsigned char)(c <= '9' ? c - '0' : c - 'a' + 10) & 15;
}

static struct text next_bytes(struct reading_note *s)
{
    struct text word = next(s);
    if (text_is(word, "-"))
        return (struct text){NULL, 0};
    char *at = arena_alloc(s->arena, word.size / 2 + 1);
    for (size_t i = 0; i + 1 < word.size; i += 2)
        at[i / 2] = (char)(nibble(word.at[i]) << 4 | nibble(word.at[i + 1]));
    return (struct text){at, word.size / 2};
}

static void read_place(struct reading_note *s, struct survey_place *p)
{
    next(s);
    p->chunks = next_number(s);
    p->table = next_number(s);
    p->data = next_number(s);
    p->rows = next_number(s);
    p->line = next_number(s);
    p->table_begins = next_number(s) != 0;
    next(s);
    p->last_key = next_bytes(s);
}

static void read_all(struct reading_note *s, struct checkpoint *c)
{
    uint64_t numbers[TALLY_NUMBERS];
    uint64_t *const first[] = {&c->pack, &c->options, &c->inputs, &c->complete};
    c->version = next(s);
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        next(s);
        *first[i] = next_number(s);
    }
    read_place(s, &c->place);
    next(s);
    for (int i = 0; i < TALLY_NUMBERS; i++)
        numbers[i] = next_number(s);
    memcpy(&c->tally, numbers, sizeof numbers);
    for (int i = 0; i < OUTPUTS; i++) {
        next(s);
        c->outputs[i].part = next_bytes(s);
        c->outputs[i].size = next_number(s);
        c->outputs[i].digest = next_number(s);
    }
}

bool checkpoint_read(struct arena *a, struct text bytes, struct checkpoint *c, bool *other_version)
{
    *c = (struct checkpoint){.complete = 0};
    *other_version = false;
    if (!text_starts(bytes, HEAD))
        return false;
    struct reading_note s = {a, {bytes.at + sizeof HEAD - 1, bytes.size - (sizeof HEAD - 1)}};
    read_all(&s, c);
    *other_version = !text_is(c->version, ENTENTE_VERSION);
    struct buffer again;
    buffer_init(&again);
    checkpoint_write(c, &again);
    bool same = !again.failed && text_equal(buffer_view(&again), bytes);
    buffer_deinit(&again);
    return same && !*other_version;
}
