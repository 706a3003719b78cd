/* In: a pack in a folder and a block that show a difference. Out: the least of both that still
 * does, for people. The one idea: greedily, one thing after another, until nothing more can go;
 * the files are lines, and a pack that does not load without a line keeps it. */
#include "oracle/shrink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const pack_files[PACK_FILES] = {"pack.yaml", "questions.yaml", "rules.yaml",
                                            "remedies.yaml"};

struct line {
    char *text; /* NULL: dropped */
};

struct lines {
    struct line *at;
    size_t count, capacity;
};

struct shrinker {
    const char *folder;
    struct lines files[PACK_FILES];
    const struct kb *kb; /* the block's, as it was */
    const struct put *put;
    const struct cases *block;
    bool *no_case, *no_partner, *no_row;
    bool *no_answer; /* by row and question */
    shows_difference shows;
    void *ctx;
    char what[512]; /* of the last candidate that showed it */
};

static void *need(void *p)
{
    if (!p)
        abort();
    return p;
}

/* --- files ------------------------------------------------------------------------------------ */

static FILE *open_file(const char *folder, const char *name, const char *mode)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return need(fopen(path, mode));
}

static void read_lines(const char *folder, const char *name, struct lines *lines)
{
    FILE *f = open_file(folder, name, "rb");
    char *text = NULL;
    size_t room = 0;
    while (getline(&text, &room, f) > 0) {
        if (lines->count == lines->capacity) {
            lines->capacity = lines->capacity ? lines->capacity * 2 : 64;
            lines->at = need(realloc(lines->at, lines->capacity * sizeof *lines->at));
        }
        lines->at[lines->count++].text = need(strdup(text));
    }
    free(text);
    fclose(f);
}

static void write_lines(const struct shrinker *s)
{
    for (int i = 0; i < PACK_FILES; i++) {
        FILE *f = open_file(s->folder, pack_files[i], "wb");
        for (size_t j = 0; j < s->files[i].count; j++)
            if (s->files[i].at[j].text)
                fputs(s->files[i].at[j].text, f);
        fclose(f);
    }
}

struct kb *pack_load_folder(const char *folder, struct problems *problems)
{
    struct kb_options options = {.packs = &folder, .pack_count = 1};
    return kb_new(&options, problems);
}

/* --- candidates ------------------------------------------------------------------------------- */

static void copy_row(const struct shrinker *s, const struct kb *kb, uint32_t row, struct cases *to)
{
    for (uint32_t q = 0; q < s->kb->question_count; q++) {
        const struct column *column = &s->block->columns[q];
        uint32_t found = kb_question(kb, s->kb->questions[q].id);
        if (!column->put || found == NONE || s->no_answer[row * s->kb->question_count + q])
            continue;
        struct answer a = {.code = column->code[row], .text = {"", 0}};
        if (column->number)
            a.number = column->number[row];
        if (column->ticked)
            a.ticked = column->ticked[row];
        if (column->texts && (a.code == 1 || a.code == TEXT_CUT))
            a.text = column->texts[row];
        cases_set(to, found, to->respondent_count - 1, &a);
    }
}

static struct cases *copy_block(const struct shrinker *s, const struct kb *kb,
                                const struct put *put)
{
    const struct cases *from = s->block;
    struct cases *to = need(cases_new(kb, put));
    for (uint32_t c = 0; c < from->case_count; c++) {
        if (s->no_case[c])
            continue;
        bool ok = cases_add_case(to, from->case_names[c], from->open[c]);
        for (uint32_t p = from->partner_from[c]; p < from->partner_from[c + 1]; p++) {
            if (s->no_partner[p])
                continue;
            ok = ok && cases_add_partner(to, from->partner_names[p]);
            for (uint32_t r = from->respondent_from[p]; r < from->respondent_from[p + 1]; r++) {
                if (s->no_row[r])
                    continue;
                ok = ok && cases_add_respondent(to);
                copy_row(s, kb, r, to);
            }
        }
        if (!ok)
            abort();
    }
    return to;
}

/* Calls use(kb, put, block) on what is left; false where the pack does not load. */
static bool with_rest(struct shrinker *s,
                      bool (*use)(struct shrinker *s, const struct kb *kb, const struct put *put,
                                  const struct cases *block, void *more),
                      void *more)
{
    struct problems *problems = need(problems_new());
    write_lines(s);
    struct kb *kb = pack_load_folder(s->folder, problems);
    bool result = false;
    if (kb) {
        bool *questions = need(calloc(kb->question_count + 1, sizeof *questions));
        struct put put = {.questions = questions};
        for (uint32_t q = 0; q < kb->question_count; q++) {
            questions[q] = s->put->questions[kb_question(s->kb, kb->questions[q].id)];
            put.count += questions[q] && kb->questions[q].kind != KIND_TEXT;
        }
        struct cases *block = copy_block(s, kb, &put);
        result = use(s, kb, &put, block, more);
        cases_free(block);
        free(questions);
        kb_free(kb);
    }
    problems_free(problems);
    return result;
}

static bool ask(struct shrinker *s, const struct kb *kb, const struct put *put,
                const struct cases *block, void *more)
{
    (void)more;
    char what[512];
    for (uint32_t c = 0; c < block->case_count; c++)
        if (block->partner_from[c] == block->partner_from[c + 1])
            return false; /* every case has a partner */
    if (block->case_count == 0 || !s->shows(kb, put, block, s->ctx, what))
        return false;
    memcpy(s->what, what, sizeof s->what);
    return true;
}

static bool still_shows(struct shrinker *s)
{
    return with_rest(s, ask, NULL);
}

/* --- dropping --------------------------------------------------------------------------------- */

/* Sets flags in runs of falling length, and takes back what did not work. */
static bool drop_flags(struct shrinker *s, bool *flags, size_t count)
{
    bool any = false;
    for (size_t run = count; run > 0; run /= 2)
        for (size_t i = 0; i < count; i += run) {
            size_t end = i + run < count ? i + run : count, fresh = 0;
            bool *before = need(malloc(end - i + 1));
            memcpy(before, flags + i, end - i);
            for (size_t j = i; j < end; j++) {
                fresh += !flags[j];
                flags[j] = true;
            }
            if (fresh > 0 && still_shows(s))
                any = true;
            else
                memcpy(flags + i, before, end - i);
            free(before);
        }
    return any;
}

static size_t indent(const char *text)
{
    return strspn(text, " ");
}

static bool is_item(const char *text)
{
    return strncmp(text + indent(text), "- id:", 5) == 0;
}

/* Lines from..to as one. */
static bool drop_lines(struct shrinker *s, struct lines *f, size_t from, size_t to)
{
    bool any = false;
    struct line *before = need(calloc(to - from, sizeof *before));
    memcpy(before, f->at + from, (to - from) * sizeof *before);
    for (size_t i = from; i < to; i++) {
        any = any || f->at[i].text;
        f->at[i].text = NULL;
    }
    bool dropped = any && still_shows(s);
    for (size_t i = 0; i < to - from; i++) {
        if (dropped)
            free(before[i].text);
        else
            f->at[from + i] = before[i];
    }
    free(before);
    return dropped;
}

/* Items, then lines. */
static bool drop_text(struct shrinker *s)
{
    bool any = false;
    for (int i = PACK_FILES - 1; i >= 0; i--) {
        struct lines *f = &s->files[i];
        for (size_t from = f->count; from-- > 0;) {
            if (!f->at[from].text || !is_item(f->at[from].text))
                continue;
            size_t to = from + 1, depth = indent(f->at[from].text);
            while (to < f->count && (!f->at[to].text || indent(f->at[to].text) > depth))
                to++;
            any |= drop_lines(s, f, from, to);
        }
        for (size_t j = f->count; j-- > 0;)
            any |= f->at[j].text && !is_item(f->at[j].text) && drop_lines(s, f, j, j + 1);
    }
    return any;
}

/* --- conditions ------------------------------------------------------------------------------- */

/* The condition that stands in a line of the item `id`. */
static const struct node *find_condition(const struct kb *kb, struct text id, const char *key)
{
    for (uint32_t i = 0; i < kb->rule_count; i++)
        if (text_equal(kb->rules[i].id, id))
            return strncmp(key, "when:", 5) == 0 ? kb->rules[i].written : NULL;
    for (uint32_t i = 0; i < kb->remedy_count; i++)
        if (text_equal(kb->remedies[i].id, id))
            return strncmp(key, "when:", 5) == 0 ? kb->remedies[i].when : NULL;
    for (uint32_t i = 0; i < kb->question_count; i++)
        if (text_equal(kb->questions[i].id, id))
            return strncmp(key, "ask_if:", 7) == 0 ? kb->questions[i].ask_if : NULL;
    for (uint32_t i = 0; i < kb->conclusion_count; i++) {
        const struct conclusion *c = &kb->conclusions[i];
        if (!text_equal(c->id, id))
            continue;
        return strncmp(key, "needs:", 6) == 0        ? c->needs
               : strncmp(key, "high_when:", 10) == 0 ? c->high_when
               : strncmp(key, "low_when:", 9) == 0   ? c->low_when
                                                     : NULL;
    }
    return NULL;
}

struct part {
    struct text id;
    char *line; /* as it is */
    uint32_t wanted;
    char *out; /* with that part alone; NULL: there are no more */
};

/* "    when: '...'" with the n-th argument alone. */
static bool find_part(struct shrinker *s, const struct kb *kb, const struct put *put,
                      const struct cases *block, void *more)
{
    struct part *p = more;
    (void)s, (void)put, (void)block;
    char *key = p->line + indent(p->line);
    const struct node *n = find_condition(kb, p->id, key);
    if (!n || p->wanted >= n->count || node_type(n->args[p->wanted]->kind) != TYPE_CONDITION)
        return false;
    struct buffer printed, line;
    buffer_init(&printed);
    buffer_init(&line);
    condition_print(n->args[p->wanted], &kb->names_of, &printed);
    buffer_text(&line, (struct text){p->line, (size_t)(strchr(key, ':') - p->line)});
    buffer_c(&line, ": '");
    for (size_t i = 0; i < printed.size; i++) {
        buffer_byte(&line, printed.at[i]);
        if (printed.at[i] == '\'')
            buffer_byte(&line, '\'');
    }
    buffer_c(&line, "'\n");
    buffer_byte(&line, 0);
    p->out = need(strdup(line.at));
    buffer_deinit(&printed);
    buffer_deinit(&line);
    return true;
}

static bool simplify_line(struct shrinker *s, struct line *line, struct text id)
{
    for (uint32_t wanted = 0;; wanted++) {
        struct part p = {.id = id, .line = line->text, .wanted = wanted};
        if (!with_rest(s, find_part, &p))
            return false;
        line->text = p.out;
        if (still_shows(s)) {
            free(p.line);
            return true;
        }
        line->text = p.line;
        free(p.out);
    }
}

static bool simplify_conditions(struct shrinker *s)
{
    bool any = false;
    for (int i = 0; i < PACK_FILES; i++) {
        struct text id = {NULL, 0};
        for (size_t j = 0; j < s->files[i].count; j++) {
            struct line *line = &s->files[i].at[j];
            if (!line->text)
                continue;
            if (is_item(line->text)) {
                const char *at = line->text + indent(line->text) + 6;
                id = (struct text){at, strcspn(at, "\n")};
            }
            while (id.at && simplify_line(s, line, id))
                any = true;
        }
    }
    return any;
}

/* --- showing what is left --------------------------------------------------------------------- */

static void print_answer(const struct cases *c, uint32_t q, uint32_t row, struct buffer *out)
{
    const struct question *question = &c->kb->questions[q];
    const struct column *column = &c->columns[q];
    uint8_t code = column->code[row];
    if (code == CODE_BLANK)
        return;
    buffer_c(out, " ");
    buffer_text(out, question->id);
    buffer_c(out, "=");
    if (code >= CODE_SKIPPED) {
        buffer_c(out, code == CODE_NA ? "na" : code == CODE_UNSURE ? "dk" : "skipped");
        return;
    }
    switch (question->kind) {
    case KIND_SCALE: buffer_fixed(out, question->lo + code - 1, 0); break;
    case KIND_NUMBER: buffer_fixed(out, column->number[row], 4); break;
    case KIND_YESNO: buffer_c(out, code == YESNO_YES ? "yes" : "no"); break;
    case KIND_TEXT:
        buffer_json(out, column->texts[row]);
        buffer_c(out, code == TEXT_CUT ? " (cut)" : "");
        break;
    case KIND_MANY_OF: buffer_unsigned(out, column->ticked[row]); break;
    default: buffer_text(out, question->choices[code - 1].id); break;
    }
}

void shrink_print_cases(const struct cases *c, struct buffer *out)
{
    for (uint32_t i = 0; i < c->case_count; i++) {
        buffer_c(out, c->open[i] ? "--- a case, open\n" : "--- a case, closed\n");
        for (uint32_t p = c->partner_from[i]; p < c->partner_from[i + 1]; p++) {
            buffer_c(out, "partner ");
            buffer_json(out, c->partner_names[p]);
            buffer_c(out, "\n");
            for (uint32_t r = c->respondent_from[p]; r < c->respondent_from[p + 1]; r++) {
                buffer_c(out, "  respondent");
                for (uint32_t q = 0; q < c->kb->question_count; q++)
                    if (c->columns[q].put)
                        print_answer(c, q, r, out);
                buffer_c(out, "\n");
            }
        }
    }
}

static bool print_rest(struct shrinker *s, const struct kb *kb, const struct put *put,
                       const struct cases *block, void *more)
{
    struct buffer *out = more;
    for (int i = 0; i < PACK_FILES; i++) {
        buffer_c(out, "--- ");
        buffer_c(out, pack_files[i]);
        buffer_c(out, "\n");
        for (size_t j = 0; j < s->files[i].count; j++)
            if (s->files[i].at[j].text)
                buffer_c(out, s->files[i].at[j].text);
    }
    buffer_c(out, "--- the conditions, canonical\n");
    for (uint32_t i = 0; i < kb->rule_count; i++) {
        buffer_text(out, kb->rules[i].id);
        buffer_c(out, ": ");
        condition_print(kb->rules[i].written, &kb->names_of, out);
        buffer_c(out, "\n");
    }
    for (uint32_t q = 0; q < kb->question_count; q++)
        if (!put->questions[q]) {
            buffer_c(out, "not put: ");
            buffer_text(out, kb->questions[q].id);
            buffer_c(out, "\n");
        }
    shrink_print_cases(block, out);
    return true;
}

void shrink(const char *folder, const struct kb *kb, const struct put *put,
            const struct cases *block, shows_difference shows, void *ctx, struct buffer *out)
{
    struct shrinker s = {.folder = folder, .kb = kb, .put = put, .block = block};
    size_t answers = (size_t)block->respondent_count * kb->question_count;
    s.shows = shows;
    s.ctx = ctx;
    s.no_case = need(calloc(block->case_count + 1, 1));
    s.no_partner = need(calloc(block->partner_count + 1, 1));
    s.no_row = need(calloc(block->respondent_count + 1, 1));
    s.no_answer = need(calloc(answers + 1, 1));
    for (int i = 0; i < PACK_FILES; i++)
        read_lines(folder, pack_files[i], &s.files[i]);
    bool any = still_shows(&s);
    if (!any)
        buffer_c(out, "it does not show a second time\n");
    while (any) {
        any = drop_flags(&s, s.no_case, block->case_count);
        any |= drop_flags(&s, s.no_partner, block->partner_count);
        any |= drop_flags(&s, s.no_row, block->respondent_count);
        any |= drop_text(&s);
        any |= simplify_conditions(&s);
        any |= drop_flags(&s, s.no_answer, answers);
    }
    buffer_c(out, s.what);
    buffer_c(out, "\n");
    with_rest(&s, print_rest, out);
    for (int i = 0; i < PACK_FILES; i++) {
        for (size_t j = 0; j < s.files[i].count; j++)
            free(s.files[i].at[j].text);
        free(s.files[i].at);
    }
    free(s.no_case);
    free(s.no_partner);
    free(s.no_row);
    free(s.no_answer);
}
