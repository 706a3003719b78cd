/* In: an export nobody has mapped, and a pack. Out: a mapping with comments, to be read by a
 * person. Next: the cli writes it. The one idea: every line says how sure it is; what is not sure
 * enough is a comment. Which column is meant for which question is found in guess.c. */
#include "survey/guess.h"

#include <math.h>

enum { LISTED = 200 /* columns that could not be placed and are listed */ };

struct proposal {
    struct guesses guesses;
    struct arena *arena;
    const struct kb *kb;
    const struct table *table;
    struct sample sample;
    struct buffer *out;
};

/* --- writing ---------------------------------------------------------------------------------- */

static void add_string(struct proposal *p, const char *key, struct text value)
{
    buffer_c(p->out, key);
    buffer_yaml(p->out, value);
}

/* A comment is one line, whatever is in it. */
static void add_shown(struct proposal *p, struct text t)
{
    if (t.size > LIMIT_QUOTED) {
        t.size = LIMIT_QUOTED;
        while (t.size > 0 && ((unsigned char)t.at[t.size] & 0xC0) == 0x80)
            t.size--;
    }
    buffer_visible(p->out, t);
}

/* How a column is found again: by its code where it has one of its own, else by its text. */
static bool add_finder(struct proposal *p, uint32_t column)
{
    const struct table *t = p->table;
    const struct heading *h = &t->headings[column];
    bool by_code = h->code.size > 0 && h->code.size <= LIMIT_ID;
    for (size_t i = 0; i < h->code.size; i++)
        by_code &= h->code.at[i] > ' ' && h->code.at[i] < 0x7F;
    uint32_t same = 0;
    for (uint32_t i = 0; i < t->column_count; i++)
        same += by_code ? column_is(t, i, h->code)
                        : text_equal(t->headings[i].loose_text, h->loose_text) ||
                              text_equal(t->headings[i].loose_shown, h->loose_text);
    add_string(p, by_code ? "column: " : "header: ", by_code ? h->code : h->text);
    return same == 1;
}

/* --- values ----------------------------------------------------------------------------------- */

/* The built-in table that knows all labels of a column; NULL where none does. */
static const char *labels_for(const struct sample_column *c)
{
    for (size_t s = 0; reading_set(s); s++) {
        if (strcmp(reading_set(s), "yesno") == 0)
            continue;
        uint32_t known = 0;
        for (uint32_t i = 0; i < c->value_count; i++)
            known += reading_knows(s, c->values[i].loose);
        if (known == c->value_count && c->value_count > 0)
            return reading_set(s);
    }
    return NULL;
}

static bool is_choice(const struct question *q, struct arena *a, struct text loose)
{
    for (uint32_t i = 0; i < q->choice_count; i++)
        if (text_equal(heading_loose(a, q->choices[i].label), loose) ||
            text_equal(q->choices[i].id, loose))
            return true;
    return false;
}

/* Labels nobody knows, to be filled in. */
static void add_values(struct proposal *p, const struct question *q, const struct sample_column *c,
                       bool is_personal)
{
    bool any = false;
    for (uint32_t i = 0; i < c->value_count && !c->has_more && !is_personal; i++) {
        double x;
        struct text loose = c->values[i].loose;
        bool is_scale = q->kind == KIND_SCALE;
        if (reading_is_state(loose) || (is_scale && number_parse(loose, &x) == NUMBER_OK) ||
            (!is_scale && is_choice(q, p->arena, loose)))
            continue;
        buffer_c(p->out, any ? ""
                             : "    # labels that are not known: what is each of them?\n"
                               "    # values:\n");
        any = true;
        add_string(p, "    #   - {label: ", c->values[i].shown);
        buffer_c(p->out, ", is: }  # ");
        buffer_unsigned(p->out, c->values[i].count);
        buffer_c(p->out, c->values[i].count == 1 ? " row\n" : " rows\n");
    }
}

static void add_range(struct proposal *p, double lo, double hi)
{
    char digits[32];
    buffer_c(p->out, "    from: [");
    buffer_text(p->out, (struct text){digits, number_short(digits, lo)});
    buffer_c(p->out, ", ");
    buffer_text(p->out, (struct text){digits, number_short(digits, hi)});
    buffer_c(p->out,
             "]  # the numbers found do not fit the question's own: look which scale it was\n");
}

/* A scale that is usual and holds the numbers found. */
static void add_scale(struct proposal *p, const struct question *q, const struct sample_column *c)
{
    static const double usual[][2] = {{1, 4}, {1, 5}, {1, 7}, {0, 10}, {1, 10}, {0, 100}};
    if (c->numbers == 0 || (c->lo >= q->lo && c->hi <= q->hi))
        return;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (c->lo >= usual[i][0] && c->hi <= usual[i][1]) {
            add_range(p, usual[i][0], usual[i][1]);
            return;
        }
    add_range(p, floor(c->lo), ceil(c->hi));
}

static void add_details(struct proposal *p, uint32_t column, const struct question *q)
{
    const struct sample_column *c = &p->sample.columns[column];
    const char *set = NULL;
    if (q->kind == KIND_SCALE && c->numbers < c->filled)
        set = labels_for(c);
    if (set) {
        buffer_c(p->out, "    labels: ");
        buffer_c(p->out, set);
        buffer_c(p->out, "\n");
    } else if (q->kind == KIND_SCALE || q->kind == KIND_ONE_OF) {
        if (q->kind == KIND_SCALE)
            add_scale(p, q, c);
        add_values(p, q, c, p->table->headings[column].personal != 0);
    }
    if (q->kind == KIND_SCALE)
        buffer_c(p->out, "    # best: low  # if the lowest answer of the column is the best one\n");
}

static void add_confidence(struct proposal *p, const struct guess *g)
{
    buffer_c(p->out, "# ");
    buffer_unsigned(p->out, g->sure);
    buffer_c(p->out, " %, ");
    buffer_c(p->out, g->why);
    buffer_c(p->out, ": ");
}

static void add_question(struct proposal *p, uint32_t column)
{
    const struct guess *g = &p->guesses.of[column];
    const struct question *q = &p->kb->questions[g->question];
    buffer_c(p->out, "  ");
    add_confidence(p, g);
    add_shown(p, p->table->names[column]);
    buffer_c(p->out, "\n  - question: ");
    buffer_text(p->out, q->id);
    buffer_c(p->out, "\n    ");
    buffer_c(p->out,
             add_finder(p, column) ? "\n" : "  # several columns are called so: say which\n");
    add_details(p, column, q);
}

/* A multiple choice with a column an option: those whose item is the label of a choice. */
static bool add_options(struct proposal *p, uint32_t question)
{
    const struct question *q = &p->kb->questions[question];
    bool any = false;
    for (uint32_t k = 0; k < q->choice_count; k++) {
        struct text label = heading_loose(p->arena, q->choices[k].label);
        for (uint32_t i = 0; i < p->table->column_count; i++) {
            const struct heading *h = &p->table->headings[i];
            if (!h->item.size || !text_equal(h->loose_item, label) || p->guesses.is_key[i] ||
                (p->guesses.of[i].question != NONE && p->guesses.of[i].sure >= 98))
                continue;
            if (!any) {
                buffer_c(p->out,
                         "  # 95 %, its columns are called like the choices\n  - question: ");
                buffer_text(p->out, q->id);
                buffer_c(p->out, "\n    blank: none  # nothing ticked means none\n    options:\n");
            }
            any = true;
            buffer_c(p->out, "      - {choice: ");
            buffer_text(p->out, q->choices[k].id);
            buffer_c(p->out, ", ");
            add_finder(p, i);
            buffer_c(p->out, "}\n");
            p->guesses.is_key[i] = true;
            p->guesses.of[i].question = NONE;
            break;
        }
    }
    return any;
}

/* --- keys ------------------------------------------------------------------------------------- */

static const struct {
    const char *key, *names[12];
} KEYS[] = {
    {"case", {"case", "case id", "dossier", "cas", "partenariat", "partnership", "partnership id"}},
    {"partner",
     {"partner", "partenaire", "organisation", "organization", "entreprise", "company", "structure",
      "cote", "side"}},
    {"respondent",
     {"respondent", "respondent id", "respondentid", "responseid", "response id",
      "id de la reponse", "record_id", "_uuid", "#", "token"}},
    {"wave", {"wave", "vague"}},
};

static void add_keys(struct proposal *p)
{
    for (size_t k = 0; k < sizeof KEYS / sizeof KEYS[0]; k++) {
        bool found = false;
        for (uint32_t i = 0; !found && i < p->table->column_count; i++)
            for (size_t n = 0; !found && n < 12 && KEYS[k].names[n]; n++) {
                if (p->guesses.is_key[i] ||
                    !text_is(p->table->headings[i].loose_shown, KEYS[k].names[n]))
                    continue;
                found = p->guesses.is_key[i] = true;
                buffer_c(p->out, KEYS[k].key);
                buffer_c(p->out, ": {");
                add_finder(p, i);
                buffer_c(p->out, "}  # 80 %, by its name\n");
            }
        if (found || k == 2 || k == 3)
            continue;
        buffer_c(p->out, "# ");
        buffer_c(p->out, KEYS[k].key);
        buffer_c(p->out,
                 k == 0 ? ": {header: }  # no column was recognised: without it every row is a "
                          "case of its own\n"
                        : ": {header: }  # no column was recognised: without it a case has one "
                          "partner\n");
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static void add_unplaced(struct proposal *p)
{
    bool any = false;
    for (uint32_t q = 0; q < p->kb->question_count; q++) {
        bool placed = p->guesses.loose_questions[q].at == NULL;
        for (uint32_t i = 0; !placed && i < p->table->column_count; i++)
            placed = p->guesses.of[i].question == q && p->guesses.of[i].sure >= SURE;
        if (placed)
            continue;
        buffer_c(p->out, any ? "" : "\n# Questions without a column: they will not be put.\n");
        any = true;
        buffer_c(p->out, "#   ");
        buffer_text(p->out, p->kb->questions[q].id);
        buffer_c(p->out, ": ");
        add_shown(p, p->kb->questions[q].text);
        buffer_c(p->out, "\n");
    }
    any = false;
    for (uint32_t i = 0, n = 0; i < p->table->column_count && n <= LISTED; i++) {
        const struct guess *g = &p->guesses.of[i];
        if (p->guesses.is_key[i] || (g->question != NONE && g->sure >= SURE))
            continue;
        buffer_c(p->out,
                 any ? "" : "\n# Columns that could not be placed: they will be ignored.\n");
        any = true;
        if (n++ == LISTED) {
            buffer_c(p->out, "#   ...\n");
            break;
        }
        buffer_c(p->out, "#   ");
        buffer_unsigned(p->out, i + 1);
        buffer_c(p->out, ", ");
        add_shown(p, p->table->headings[i].item.size ? p->table->headings[i].item
                                                     : p->table->names[i]);
        if (g->question != NONE && g->sure >= MAYBE) {
            buffer_c(p->out, ": perhaps ");
            buffer_text(p->out, p->kb->questions[g->question].id);
            buffer_c(p->out, ", ");
            buffer_unsigned(p->out, g->sure);
            buffer_c(p->out, " %");
        }
        buffer_c(p->out, "\n");
    }
}

static void write_all(struct proposal *p)
{
    const struct table *t = p->table;
    bool any = false;
    buffer_c(p->out, "# A proposal from the header of ");
    add_shown(p, t->source.name);
    buffer_c(p->out, " and its first ");
    buffer_unsigned(p->out, p->sample.rows);
    buffer_c(p->out, p->sample.rows == 1 ? " row.\n" : " rows.\n");
    buffer_c(p->out, "# Read every line before it is used; a percentage is how sure it is.\n");
    buffer_c(p->out, "dialect: ");
    buffer_c(p->out, dialect_word((enum dialect)t->dialect));
    buffer_c(p->out, "\n");
    add_keys(p);
    guesses_pair(&p->guesses);
    buffer_c(p->out, "questions:\n");
    for (uint32_t q = 0; q < p->kb->question_count; q++)
        if (p->kb->questions[q].kind == KIND_MANY_OF && add_options(p, q)) {
            p->guesses.loose_questions[q] = (struct text){NULL, 0}; /* it is placed */
            any = true;
        }
    guesses_ask(&p->guesses, &p->sample);
    for (uint32_t i = 0; i < t->column_count; i++)
        if (p->guesses.of[i].question != NONE && p->guesses.of[i].sure >= SURE &&
            p->guesses.loose_questions[p->guesses.of[i].question].at) {
            add_question(p, i);
            any = true;
        }
    if (!any)
        buffer_c(p->out, "  []\n");
    add_unplaced(p);
}

struct proposing {
    struct survey *survey;
    struct buffer *out;
    struct sample sample;
    survey_ask *ask;
    void *ctx;
};

static void propose(void *ctx)
{
    struct proposing *m = ctx;
    struct survey *s = m->survey;
    struct arena *a = &s->arena;
    struct table *t = &s->tables[0];
    struct proposal p = {.arena = a, .kb = s->kb, .table = t, .sample = m->sample, .out = m->out};
    mapping_loosen(a, t);
    p.guesses = guesses_new(a, s->kb, t);
    p.guesses.ask = m->ask;
    p.guesses.ctx = m->ctx;
    write_all(&p);
}

bool survey_propose(const struct kb *kb, const struct survey_options *o, survey_ask *ask, void *ctx,
                    struct buffer *out, struct problems *problems)
{
    struct survey *s = survey_new_headers(kb, o, problems);
    if (!s)
        return false;
    struct proposing m = {.survey = s, .out = out, .ask = ask, .ctx = ctx};
    if (s->table_count == 0) {
        problem_add(problems, PROBLEM_SURVEY_NOT_TABLE, SPAN_NONE,
                    problem_quote(problems, text_from_c(o->files[0])), "an answer sheet", NULL);
        survey_free(s);
        return false;
    }
    bool ok = sample_read(&s->arena, s, &m.sample, problems);
    if (ok)
        ok = (arena_run(&s->arena, propose, &m) && !out->failed) || survey_no_memory(problems);
    survey_free(s);
    return ok;
}
