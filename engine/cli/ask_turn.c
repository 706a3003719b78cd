/* In: a question, lines. Out: its answer, or where to go instead. Next: cmd_ask.c. What is typed is
 * first looked at as a command; a text that is one stands behind an equals sign. */
#include "cli/ask.h"

#include <string.h>

static struct text take_word(struct text *line)
{
    size_t n = 0;
    while (n < line->size && line->at[n] != ' ')
        n++;
    struct text word = {line->at, n};
    *line = text_trim((struct text){line->at + n, line->size - n});
    return word;
}

static bool is_ours(struct asking *a)
{
    struct stat now;
    if (!a->seen.st_ino || stat(a->path, &now) != 0)
        return true;
    return now.st_ino == a->seen.st_ino && now.st_mtim.tv_sec == a->seen.st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == a->seen.st_mtim.tv_nsec;
}

bool ask_save(struct asking *a)
{
    if (!a->path)
        return true;
    if (!is_ours(a)) {
        problem_add(a->cli->usage, PROBLEM_SESSION_CHANGED, SPAN_NONE, NULL, NULL, NULL);
        return false;
    }
    if (entente_interview_save(a->iv, a->path, a->cli->problems)) {
        a->unsaved = stat(a->path, &a->seen) != 0;
        return true;
    }
    if (!a->unsaved)
        ask_tell_problems(a);
    else
        entente_problems_free(a->cli->problems);
    if (a->unsaved)
        a->cli->problems = entente_problems_new();
    a->unsaved = true;
    return true;
}

/* --- commands ----------------------------------------------------------------------------------
 */

static bool read_place(struct text t, size_t most, size_t *out)
{
    double x;
    if (number_parse(t, &x) != NUMBER_OK || x < 1 || x > (double)most || x != (double)(size_t)x)
        return false;
    *out = (size_t)x;
    return true;
}

static void switch_language(struct asking *a, struct text language)
{
    char wanted[3] = {0};
    if (language.size != 2)
        return;
    memcpy(wanted, language.at, 2);
    struct entente_kb *kb = cli_load(a->cli, NULL, false, false, wanted, a->cli->problems);
    struct entente_interview *iv = kb ? entente_interview_over(a->iv, kb, a->cli->problems) : NULL;
    if (!iv) {
        entente_kb_free(kb);
        ask_tell_problems(a);
        return;
    }
    entente_interview_free(a->iv);
    entente_kb_free(a->kb);
    a->iv = iv;
    a->kb = kb;
    a->talk.french = strcmp(wanted, "fr") == 0;
    ask_farewell(a);
    struct entente_text got = entente_kb_language(kb);
    if (!text_is(inside(got), wanted))
        talk_say(&a->talk, SAY_HAS_LANGUAGE, text_from_c(wanted), TEXT(""), TEXT(""));
}

bool ask_command(struct asking *a, struct text line, enum after *after)
{
    struct text rest = line, word = take_word(&rest);
    size_t place;
    *after = AFTER_GO_ON;
    if (rest.size == 0 && (text_is(word, "q") || text_is(word, "quit")))
        *after = AFTER_QUIT;
    else if (rest.size == 0 && text_is(word, "l"))
        show_answers(a);
    else if (rest.size == 0 && text_is(word, "d"))
        show_known(a);
    else if (rest.size == 0 && text_is(word, "report")) {
        if (!ask_report(a, ENTENTE_TEXT, true))
            ask_tell_problems(a);
    } else if (rest.size == 0 && (text_is(word, "h") || text_is(word, "help")))
        show_help(a);
    else if (text_is(word, "lang") && (text_is(rest, "fr") || text_is(rest, "en"))) {
        switch_language(a, rest);
        *after = AFTER_AGAIN;
    } else if (rest.size && text_is(word, "write"))
        ask_write(a, rest);
    else if (text_is(word, "c") && read_place(rest, entente_interview_count(a->iv), &place)) {
        entente_interview_go(a->iv, place - 1);
        *after = AFTER_AGAIN;
    } else
        return ask_explain(a, word, rest);
    return true;
}

/* --- answers -----------------------------------------------------------------------------------
 */

static bool is_one(struct text t, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (text_is(t, words[i]))
            return true;
    return false;
}

/* What was typed as a place in the list of choices, or a label, as its id. */
static void put_choice(struct asking *a, const struct entente_asking *q, struct text word,
                       struct buffer *out)
{
    struct entente_text label;
    size_t i;
    if (read_place(word, q->choice_count, &i)) {
        buffer_text(out, inside(entente_interview_choice(a->iv, i - 1, &label)));
        return;
    }
    for (i = 0; i < q->choice_count; i++) {
        struct entente_text id = entente_interview_choice(a->iv, i, &label);
        if (text_equal(inside(label), word)) {
            buffer_text(out, inside(id));
            return;
        }
    }
    buffer_text(out, word);
}

static void put_answer(struct asking *a, const struct entente_asking *q, struct text line,
                       struct buffer *out)
{
    static const char *const YES[] = {"y", "yes", "o", "oui", NULL};
    static const char *const NO[] = {"n", "no", "non", NULL};
    struct text kind = inside(q->kind);
    char plain[40];
    size_t plain_size = text_is(kind, "number") ? number_plain(line, NUMBER_SIGN_ANY, plain) : 0;
    if (plain_size)
        buffer_text(out, (struct text){plain, plain_size}); /* 2,5 */
    else if (text_is(kind, "yesno") && (is_one(line, YES) || is_one(line, NO)))
        buffer_c(out, is_one(line, YES) ? "yes" : "no");
    else if (text_is(kind, "one_of"))
        put_choice(a, q, line, out);
    else if (text_is(kind, "many_of") && text_is(line, "0"))
        buffer_byte(out, ',');
    else if (text_is(kind, "many_of"))
        for (struct text rest = line; rest.size;) {
            struct text word = take_word(&rest);
            while (word.size && word.at[word.size - 1] == ',')
                word.size--;
            put_choice(a, q, word, out);
            buffer_byte(out, ' ');
        }
    else
        buffer_text(out, line);
    buffer_byte(out, '\0');
}

/* What does not fit is no mistake that ends anything: it is said, and asked again. */
static enum after refuse(struct asking *a, const struct entente_asking *q, struct text line)
{
    bool ends = entente_problems_exit(a->cli->problems) == EXIT_LIMIT;
    struct entente_problems *fresh = ends ? NULL : entente_problems_new();
    if (!fresh)
        return AFTER_FAILED;
    entente_problems_free(a->cli->problems);
    a->cli->problems = fresh;
    enum { SHOWN = 40 };
    size_t size = line.size < SHOWN ? line.size : SHOWN;
    talk_say(&a->talk, SAY_NOT_ANSWER,
             talk_visible(&a->scratch[0], (struct entente_text){line.at, size}), TEXT(""),
             TEXT(""));
    show_allowed(a, q);
    return AFTER_GO_ON;
}

static enum after answer(struct asking *a, const struct entente_asking *q, const char *value,
                         struct text line)
{
    signals_hold(true);
    bool ok = entente_interview_answer(a->iv, value, a->cli->problems);
    bool saved = !ok || ask_save(a);
    signals_hold(false);
    return !ok ? refuse(a, q, line) : saved ? AFTER_AGAIN : AFTER_FAILED;
}

static enum after answer_line(struct asking *a, const struct entente_asking *q, struct text line)
{
    struct buffer value;
    buffer_init(&value);
    put_answer(a, q, line, &value);
    enum after after = value.failed ? AFTER_FAILED : answer(a, q, value.at, line);
    buffer_deinit(&value);
    return after;
}

static enum after react(struct asking *a, const struct entente_asking *q, struct text line)
{
    enum after after;
    bool is_text = text_is(inside(q->kind), "text");
    if (line.size == 0 && q->value.size) {
        entente_interview_go(a->iv, q->place);
        return AFTER_AGAIN;
    }
    if (line.size == 0) {
        talk_text(&a->talk, say_text(a->talk.french, SAY_NEEDS_ANSWER), 0, 0);
        return AFTER_GO_ON;
    }
    if (line.at[0] == '=' && is_text)
        return answer_line(a, q, (struct text){line.at + 1, line.size - 1});
    if (text_is(line, "?")) {
        show_why(a);
        return AFTER_GO_ON;
    }
    if (text_is(line, "b")) {
        if (entente_interview_back(a->iv))
            return AFTER_AGAIN;
        talk_text(&a->talk, say_text(a->talk.french, SAY_FIRST_ALREADY), 0, 0);
        return AFTER_GO_ON;
    }
    if (text_is(line, "s") || text_is(line, "skip"))
        return answer(a, q, "skip", line);
    if (ask_command(a, line, &after))
        return after;
    return answer_line(a, q, line);
}

enum after ask_turn(struct asking *a, const struct entente_asking *q)
{
    show_question(a, q);
    for (;;) {
        if (!talk_read(&a->talk, &a->line))
            return AFTER_QUIT;
        enum after after = react(a, q, text_trim(buffer_view(&a->line)));
        if (after != AFTER_GO_ON)
            return after;
    }
}
