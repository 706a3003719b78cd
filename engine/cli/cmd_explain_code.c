/* explain-code: what stands behind the code of a message. */
#include "cli/cli.h"

#include <string.h>

/* {0} {1} {2} stand for data. */
static void put_message(struct buffer *b, const char *message)
{
    for (const char *p = message; *p; p++) {
        if (p[0] == '{' && p[1] >= '0' && p[1] <= '2' && p[2] == '}') {
            buffer_c(b, "\xE2\x80\xA6");
            p += 2;
        } else {
            buffer_byte(b, *p);
        }
    }
}

static void put_json(struct buffer *b, const struct entente_code *c, bool is_first)
{
    buffer_c(b, is_first ? "{\"code\":" : ",\n{\"code\":");
    buffer_json(b, text_from_c(c->label));
    struct buffer message;
    buffer_init(&message);
    put_message(&message, c->message);
    buffer_c(b, ",\"message\":");
    buffer_json(b, buffer_view(&message));
    b->failed |= message.failed;
    buffer_deinit(&message);
    buffer_c(b, ",\"more\":");
    if (c->more)
        buffer_json(b, text_from_c(c->more));
    else
        buffer_c(b, "null");
    buffer_byte(b, '}');
}

/* Lines of at most 80 columns; the texts are ASCII. */
static void put_wrapped(struct buffer *b, const char *text)
{
    size_t column = 0;
    for (const char *p = text; *p;) {
        size_t size = 0;
        while (p[size] && p[size] != ' ')
            size++;
        if (column > 0 && column + 1 + size > 80) {
            buffer_byte(b, '\n');
            column = 0;
        } else if (column > 0) {
            buffer_byte(b, ' ');
            column++;
        }
        buffer_text(b, (struct text){p, size});
        column += size;
        p += size + (p[size] == ' ');
    }
    buffer_byte(b, '\n');
}

static void put_text(struct buffer *b, const struct entente_code *c, bool is_first)
{
    buffer_c(b, is_first ? "" : "\n");
    buffer_c(b, c->label);
    buffer_c(b, ": ");
    put_message(b, c->message);
    buffer_byte(b, '\n');
    buffer_byte(b, '\n');
    put_wrapped(b, c->more ? c->more : "There is no more to say about it.");
}

static bool find(struct cli *cli, const char *label, struct entente_code *out)
{
    if (entente_code_find(label, out))
        return true;
    struct suggest near;
    suggest_init(&near, text_from_c(label));
    char best[8] = "";
    for (size_t i = 0; i < entente_code_count(); i++) {
        struct entente_code c = entente_code_at(i);
        unsigned before = near.best.size ? near.distance : ~0u;
        suggest_offer(&near, text_from_c(c.label));
        if (near.best.size && near.distance < before)
            memcpy(best, c.label, sizeof best);
    }
    problem_add(cli->usage, PROBLEM_CODE_UNKNOWN, SPAN_NONE,
                problem_quote(cli->usage, text_from_c(label)), NULL, NULL);
    if (best[0])
        problem_help(cli->usage, problem_format(cli->usage, "did you mean %s?", best));
    else
        problem_help(cli->usage, "a code looks like E1204; entente explain-code lists them all");
    return false;
}

static bool list(struct cli *cli, bool json, struct buffer *b)
{
    (void)cli;
    for (size_t i = 0; i < entente_code_count(); i++) {
        struct entente_code c = entente_code_at(i);
        if (json) {
            put_json(b, &c, i == 0);
            continue;
        }
        buffer_c(b, c.label);
        buffer_c(b, "  ");
        put_message(b, c.message);
        buffer_byte(b, '\n');
    }
    return true;
}

int cmd_explain_code(struct cli *cli)
{
    const struct strings *labels = &cli->options.arguments;
    bool json = cli->options.given[OPTION_JSON], ok = true;
    struct entente_code c;
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, json ? "[" : "");
    if (labels->count == 0)
        list(cli, json, &b);
    for (size_t i = 0; i < labels->count; i++) {
        if (!find(cli, labels->at[i], &c))
            ok = false;
        else if (json)
            put_json(&b, &c, i == 0);
        else
            put_text(&b, &c, i == 0);
    }
    buffer_c(&b, json ? "]\n" : "");
    if (!ok) {
        buffer_deinit(&b);
        return EXIT_USAGE;
    }
    out_buffer(cli, &b);
    return out_end(cli, EXIT_DONE);
}
