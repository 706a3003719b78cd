/* pack_render: what a person is told when packs are loaded, as text for goldens. */
#ifndef ENTENTE_PACK_RENDER_H
#define ENTENTE_PACK_RENDER_H

#include "kb/kb.h"
#include "test.h"

struct pack_line {
    const char *packs[LIMIT_PACKS + 8];
    struct kb_options options;
    char *words; /* the line, cut */
};

static inline void pack_line_init(struct pack_line *l, struct text line)
{
    memset(l, 0, sizeof *l);
    l->words = malloc(line.size + 1);
    assert_non_null(l->words);
    memcpy(l->words, line.at, line.size);
    l->words[line.size] = '\0';
    l->options.packs = l->packs;
    char *rest = l->words;
    for (char *word; (word = strsep(&rest, " \n")) != NULL;) {
        if (strncmp(word, "lang=", 5) == 0)
            l->options.language = text_from_c(word + 5);
        else if (strcmp(word, "texts") == 0)
            l->options.all_texts = true;
        else if (strcmp(word, "tests") == 0)
            l->options.with_tests = true;
        else if (*word && l->options.pack_count < sizeof l->packs / sizeof l->packs[0])
            l->packs[l->options.pack_count++] = word;
    }
}

/* Loads the packs named in a line (see pack_cases_test.c) from the folder one is in, and appends
 * what is printed: the problems, then what was loaded or the exit code. */
static inline void pack_render(struct text line, struct buffer *out)
{
    struct pack_line l;
    pack_line_init(&l, line);
    struct problems *problems = problems_new();
    struct kb *kb = kb_new(&l.options, problems);
    problems_print(problems, false, out);
    char last[200];
    if (kb)
        snprintf(last, sizeof last,
                 "%u questions, %u conclusions, %u rules, %u remedies in %u layers",
                 kb->question_count, kb->conclusion_count, kb->rule_count, kb->remedy_count,
                 kb->layer_count);
    else
        snprintf(last, sizeof last, "exit %d", problems_exit(problems));
    if (kb) {
        buffer_text(out, kb->name);
        buffer_c(out, ": ");
    }
    buffer_c(out, last);
    buffer_byte(out, '\n');
    kb_free(kb);
    problems_free(problems);
    free(l.words);
}

#endif
