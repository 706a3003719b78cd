/* In: an interview, or the bytes of a session file. Out: the other one. Next: the cli keeps the
 * files. A line a thing, a last line that counts and sums up the others: what is cut off or changed
 * by hand is noticed before anything of it is used.
 *
 *     entente session 1
 *     pack "core 1.0.0" 89ab...        form short|long      asks some|all
 *     title "..."                      partner 2 "..."      only 1
 *     answer 0 trust "4"               answer - age_months dk
 *     end 27 0123456789abcdef */
#include "interview/asking.h"

#include <string.h>

static const char FIRST_LINE[] = "entente session 1\n";
static const char FIRST_WORDS[] = "entente session ";

/* --- one answer ------------------------------------------------------------------------------- */

enum answer_fault answer_read(const struct question *q, struct text t, struct arena *scratch,
                              struct answer *out)
{
    char digits[32];
    struct answer nothing = {.code = CODE_SKIPPED, .text = {"", 0}};
    if (text_is(text_trim(t), "skip")) {
        *out = nothing;
        return ANSWER_OK;
    }
    enum answer_fault f = answer_parse(q, t, scratch, out);
    /* as it will be read back */
    if (f == ANSWER_OK && q->kind == KIND_NUMBER && out->code < CODE_SKIPPED)
        number_parse((struct text){digits, number_short(digits, out->number)}, &out->number);
    if (f == ANSWER_OK && out->code == CODE_BLANK)
        *out = nothing;
    return f;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void put_hash(struct buffer *out, uint64_t hash)
{
    for (int i = 60; i >= 0; i -= 4)
        buffer_byte(out, "0123456789abcdef"[hash >> i & 15]);
}

static void put_line(struct buffer *out, const char *key, struct text value)
{
    buffer_c(out, key);
    buffer_byte(out, ' ');
    buffer_json(out, value);
    buffer_byte(out, '\n');
}

static void put_answer(struct buffer *out, const struct interview *iv, uint32_t cell)
{
    const struct question *q = &iv->kb->questions[cell_question(iv, cell)];
    const struct answer *a = &iv->answers[cell];
    buffer_c(out, "answer ");
    if (cell_row(iv, cell) == NONE)
        buffer_byte(out, '-');
    else
        buffer_unsigned(out, cell_row(iv, cell));
    buffer_byte(out, ' ');
    buffer_text(out, q->id);
    buffer_byte(out, ' ');
    if (a->code >= CODE_SKIPPED)
        answer_write(q, a, out); /* a state, not words */
    else {
        struct buffer value;
        buffer_init(&value);
        answer_write(q, a, &value);
        out->failed |= value.failed;
        buffer_json(out, buffer_view(&value));
        buffer_deinit(&value);
    }
    buffer_byte(out, '\n');
}

void session_write(const struct interview *iv, struct buffer *out)
{
    size_t from = out->size;
    buffer_c(out, FIRST_LINE);
    buffer_c(out, "pack ");
    buffer_json(out, iv->kb->name);
    buffer_byte(out, ' ');
    put_hash(out, iv->kb->digest);
    buffer_c(out, iv->short_form ? "\nform short\n" : "\nform long\n");
    buffer_c(out, iv->all ? "asks all\n" : "asks some\n");
    put_line(out, "title", iv->title);
    for (uint32_t p = 0; p < iv->partner_count; p++) {
        buffer_c(out, "partner ");
        buffer_unsigned(out, iv->first_row[p + 1] - iv->first_row[p]);
        put_line(out, "", iv->partners[p]);
    }
    if (iv->only != NONE) {
        buffer_c(out, "only ");
        buffer_unsigned(out, iv->only);
        buffer_byte(out, '\n');
    }
    for (uint32_t i = 0; i < iv->asked_count; i++)
        put_answer(out, iv, iv->asked[i]);
    uint64_t hash = out->failed ? 0 : text_hash((struct text){out->at + from, out->size - from});
    buffer_c(out, "end ");
    buffer_unsigned(out, iv->asked_count);
    buffer_byte(out, ' ');
    put_hash(out, hash);
    buffer_byte(out, '\n');
}

/* --- reading ---------------------------------------------------------------------------------- */

static struct text take_line(struct text *bytes)
{
    const char *end = bytes->size ? memchr(bytes->at, '\n', bytes->size) : NULL;
    size_t size = end ? (size_t)(end - bytes->at) : bytes->size, past = size + (end != NULL);
    struct text line = {bytes->at, size};
    *bytes = (struct text){bytes->at + past, bytes->size - past};
    return line;
}

/* The word up to a space. */
static struct text take_word(struct text *line)
{
    size_t n = 0;
    while (n < line->size && line->at[n] != ' ')
        n++;
    struct text word = {line->at, n};
    size_t past = n + (n < line->size);
    *line = (struct text){line->at + past, line->size - past};
    return word;
}

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool read_hash(struct text t, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < t.size; i++) {
        if (hex_of(t.at[i]) < 0)
            return false;
        *out = *out << 4 | (uint64_t)hex_of(t.at[i]);
    }
    return t.size == 16;
}

static bool read_count(struct text t, uint32_t most, uint32_t *out)
{
    uint64_t n = 0;
    for (size_t i = 0; i < t.size && n <= most; i++) {
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
        n = n * 10 + (uint64_t)(t.at[i] - '0');
    }
    *out = (uint32_t)n;
    return t.size > 0 && n <= most;
}

/* The last line fits the others. */
static bool is_whole(struct text bytes, uint32_t *answers)
{
    size_t from = bytes.size;
    if (from == 0 || bytes.at[from - 1] != '\n')
        return false;
    for (from--; from > 0 && bytes.at[from - 1] != '\n'; from--)
        ;
    struct text last = {bytes.at + from, bytes.size - from - 1};
    uint64_t hash;
    if (!text_is(take_word(&last), "end") || !read_count(take_word(&last), UINT32_MAX, answers) ||
        !read_hash(last, &hash))
        return false;
    return hash == text_hash((struct text){bytes.at, from});
}

struct loading {
    const struct kb *kb;
    struct text name, bytes; /* of the file */
    struct problems *problems;
    struct arena arena;
    bool other_pack;
    struct session_head head;
    struct text partners[LIMIT_PARTNERS];
    uint32_t people[LIMIT_PARTNERS];
    uint32_t rows, only, lost;
    bool all;
    struct interview *iv;
    bool ok;
};

static bool damaged(struct loading *l)
{
    if (l->ok)
        problem_add(l->problems, PROBLEM_SESSION_DAMAGED, SPAN_NONE,
                    problem_quote(l->problems, l->name), NULL, NULL);
    l->ok = false;
    return false;
}

/* Behind a backslash; only control characters are written as \u. Returns the bytes read, 0: none
 * of ours. */
static size_t read_escape(struct text t, char *out)
{
    static const char letters[] = "bfnrt\"\\/", means[] = "\b\f\n\r\t\"\\/";
    int code = 0;
    for (size_t i = 0; t.size && letters[i]; i++)
        if (letters[i] == t.at[0]) {
            *out = means[i];
            return 1;
        }
    if (t.size < 5 || t.at[0] != 'u')
        return 0;
    for (int k = 1; k < 5; k++) {
        int digit = hex_of(t.at[k]);
        if (digit < 0)
            return 0;
        code = code * 16 + digit;
    }
    *out = (char)code;
    return code < 0x80 ? 5 : 0;
}

/* What buffer_json wrote; the rest of the line is behind it. */
static bool take_string(struct arena *a, struct text *line, struct text *out)
{
    char *copy = arena_alloc(a, line->size + 1);
    size_t n = 0, i = 1;
    if (line->size < 2 || line->at[0] != '"')
        return false;
    while (i < line->size && line->at[i] != '"') {
        size_t escaped = 0;
        copy[n] = line->at[i++];
        if (copy[n] == '\\') {
            escaped = read_escape((struct text){line->at + i, line->size - i}, &copy[n]);
            if (escaped == 0)
                return false;
        }
        n++;
        i += escaped;
    }
    if (i >= line->size || utf8_valid((struct text){copy, n}) != n)
        return false;
    *out = (struct text){copy, n};
    i++;
    i += i < line->size && line->at[i] == ' ';
    *line = (struct text){line->at + i, line->size - i};
    return true;
}

static bool read_head(struct loading *l, struct text key, struct text line)
{
    struct text name;
    uint32_t n;
    uint64_t digest;
    if (text_is(key, "pack")) {
        if (!take_string(&l->arena, &line, &l->head.pack) || !read_hash(line, &digest))
            return false;
        l->other_pack = l->kb && digest != l->kb->digest;
        return true;
    }
    if (text_is(key, "form")) {
        l->head.is_short = text_is(line, "short");
        return l->head.is_short || text_is(line, "long");
    }
    if (text_is(key, "asks")) {
        l->all = text_is(line, "all");
        return l->all || text_is(line, "some");
    }
    if (text_is(key, "title"))
        return take_string(&l->arena, &line, &l->head.title);
    if (text_is(key, "only"))
        return read_count(line, l->head.partners ? l->head.partners - 1 : 0, &l->only);
    if (!text_is(key, "partner") || l->head.partners == LIMIT_PARTNERS)
        return false;
    if (!read_count(take_word(&line), LIMIT_PEOPLE, &n) || n == 0)
        return false;
    while (line.size && line.at[0] == ' ')
        line = (struct text){line.at + 1, line.size - 1};
    if (!take_string(&l->arena, &line, &name))
        return false;
    l->partners[l->head.partners] = name;
    l->people[l->head.partners++] = n;
    l->rows += n;
    return true;
}

static void lose(struct loading *l, struct text id, const char *why)
{
    l->lost++;
    problem_add(l->problems, PROBLEM_SESSION_LOST, SPAN_NONE, problem_quote(l->problems, id), why,
                NULL);
}

static bool read_answer(struct loading *l, struct text line)
{
    struct text row_word = take_word(&line), id = take_word(&line), value = line;
    uint32_t row = NONE, q = kb_question(l->kb, id);
    if (!text_is(row_word, "-") && !read_count(row_word, l->rows ? l->rows - 1 : 0, &row))
        return false;
    bool is_state = value.size == 0 || value.at[0] != '"';
    if (!is_state && !take_string(&l->arena, &line, &value))
        return false;
    if (q == NONE) {
        if (l->other_pack)
            lose(l, id, "there is no such question any more");
        return l->other_pack;
    }
    const struct question *qu = &l->kb->questions[q];
    struct answer a = {.code = CODE_SKIPPED, .text = {"", 0}};
    enum answer_fault f =
        is_state && text_is(value, "skip") ? ANSWER_OK : answer_read(qu, value, &l->arena, &a);
    bool fits =
        f == ANSWER_OK && qu->about_partnership == (row == NONE) && interview_is_put(l->iv, q);
    if (!fits) {
        if (l->other_pack)
            lose(l, id, "its answer does not fit any more");
        return l->other_pack;
    }
    /* what is quoted was a text, whatever it says */
    if (!is_state && qu->kind == KIND_TEXT && a.code >= CODE_SKIPPED)
        a = (struct answer){.code = 1, .text = value};
    if (interview_answer(l->iv, (struct cell_at){q, row}))
        return false;
    return interview_set(l->iv, (struct cell_at){q, row}, &a, l->problems);
}

static bool start(struct loading *l)
{
    struct interview_options o = {.title = l->head.title,
                                  .partners = l->partners,
                                  .people = l->people,
                                  .partner_count = l->head.partners,
                                  .short_form = l->head.is_short,
                                  .all = l->all};
    if (l->head.partners == 0)
        return false;
    if (l->other_pack)
        problem_add(l->problems, PROBLEM_SESSION_OTHER_PACK, SPAN_NONE,
                    problem_quote(l->problems, l->head.pack),
                    problem_quote(l->problems, l->kb->name), NULL);
    l->iv = interview_new(l->kb, &o, l->problems);
    if (l->iv && l->only != NONE)
        interview_only(l->iv, l->only);
    return l->iv != NULL;
}

static void read_lines(void *ctx)
{
    struct loading *l = ctx;
    struct text rest = l->bytes;
    uint32_t answers = 0, read = 0;
    l->ok = true;
    if (!text_starts(rest, FIRST_WORDS)) {
        problem_add(l->problems, PROBLEM_SESSION_NOT_ONE, SPAN_NONE,
                    problem_quote(l->problems, l->name), NULL, NULL);
        l->ok = false;
        return;
    }
    if (!text_starts(rest, FIRST_LINE)) {
        problem_add(l->problems, PROBLEM_SESSION_NEWER, SPAN_NONE,
                    problem_quote(l->problems, l->name), NULL, NULL);
        l->ok = false;
        return;
    }
    if (!is_whole(l->bytes, &answers)) {
        damaged(l);
        return;
    }
    take_line(&rest);
    while (rest.size && l->ok) {
        struct text line = take_line(&rest), key = take_word(&line);
        bool is_answer = text_is(key, "answer"), is_end = text_is(key, "end");
        read += is_answer;
        if (l->kb && (is_answer || is_end) && !l->iv && !start(l))
            damaged(l);
        else if (is_answer ? l->kb && !read_answer(l, line)
                           : !is_end && (l->iv || !read_head(l, key, line)))
            damaged(l); /* once answers began, who answers is settled */
    }
    if (l->ok && read != answers)
        damaged(l);
    l->head.answers = answers;
}

struct interview *session_read(const struct kb *kb, struct text name, struct text bytes,
                               struct problems *problems)
{
    struct arena room;
    arena_init(&room, 0);
    struct loading *l = arena_alloc(&room, sizeof *l);
    struct interview *iv = NULL;
    if (l) {
        *l = (struct loading){
            .kb = kb, .name = name, .bytes = bytes, .problems = problems, .only = NONE};
        arena_init(&l->arena, 0);
        if (arena_run(&l->arena, read_lines, l) && l->ok) {
            iv = l->iv;
        } else {
            interview_free(l->iv);
            l->ok = false;
        }
        arena_deinit(&l->arena);
    }
    if (!iv && (!l || !problems_has_error(problems)))
        problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    arena_deinit(&room);
    return iv;
}

bool session_peek(struct text name, struct text bytes, struct arena *a, struct session_head *out,
                  struct problems *problems)
{
    struct loading *l = arena_alloc(a, sizeof *l);
    if (!l)
        return false;
    *l = (struct loading){.name = name, .bytes = bytes, .problems = problems, .only = NONE};
    arena_init(&l->arena, 0);
    bool ok = arena_run(&l->arena, read_lines, l) && l->ok;
    *out = l->head;
    if (ok) {
        out->title = arena_text(a, out->title);
        out->pack = arena_text(a, out->pack);
    }
    arena_deinit(&l->arena);
    return ok;
}
