/* In: answer sheets, as the pack stage reads them. Out: their cases in the store, and which
 * questions are put: those of the form, or those that occur. Next: parser, as for any stored case.
 * A fact stands in the row of the first respondent; the others have skipped it. */
#include "survey/survey_state.h"

struct sheet {
    struct source source;
    source_id id;
    struct text name; /* of the case */
    struct pack_sheet read;
    struct sheet_case said;
};

struct sheets {
    struct survey *survey;
    struct sheet *list;
    size_t count;
    struct survey_rows rows;
    struct problems *problems;
    bool ok;
};

bool sheet_is_name(const char *path)
{
    struct text t = text_from_c(path);
    return text_ends(t, ".yaml") || text_ends(t, ".yml");
}

/* --- reading --------------------------------------------------------------------------------- */

static bool read_bytes(struct arena *a, struct source *s, struct text *out,
                       struct problems *problems)
{
    size_t room = LIMIT_SHEET + 1, got;
    if (s->is_regular && (uint64_t)s->first.st_size < LIMIT_SHEET)
        room = (size_t)s->first.st_size + 1;
    char *bytes = arena_alloc(a, room);
    bool ok = source_read(s, bytes, room, &got, problems);
    *out = (struct text){bytes, got};
    if (!ok || got <= LIMIT_SHEET)
        return ok;
    problem_add(problems, PROBLEM_SHEET_LONG, SPAN_NONE, problem_quote(problems, s->name),
                problem_count_text(problems, LIMIT_SHEET), NULL);
    return false;
}

/* Without a case key: the file's name without folder and suffix. */
static struct text name_of_file(const char *path)
{
    struct text t = text_from_c(path);
    for (size_t i = t.size; i-- > 0;)
        if (t.at[i] == '/') {
            t = (struct text){t.at + i + 1, t.size - i - 1};
            break;
        }
    t.size -= text_ends(t, ".yaml") ? 5 : 4;
    return t;
}

static bool read_sheet(struct sheets *m, const char *path)
{
    struct arena *a = &m->survey->arena;
    struct sheet *s = &m->list[m->count++];
    struct text bytes;
    if (!source_open(&s->source, path, m->problems))
        return false;
    bool ok = read_bytes(a, &s->source, &bytes, m->problems);
    source_close(&s->source);
    if (!ok)
        return false;
    m->survey->total_bytes += bytes.size;
    s->id = problems_source(m->problems, s->source.name, bytes);
    if (s->id == 0)
        return survey_no_memory(m->problems);
    if (!pack_sheet_load(a, s->id, bytes, &s->read, m->problems))
        return false;
    s->name = cell_given(&s->read.name) ? cell_text(&s->read.name) : name_of_file(path);
    for (size_t i = 0; i + 1 < m->count && !m->survey->options.compare; i++) {
        if (!text_equal(m->list[i].name, s->name))
            continue;
        problem_add(m->problems, PROBLEM_SHEET_TWICE, s->read.name.span,
                    problem_quote(m->problems, m->list[i].source.name),
                    problem_quote(m->problems, s->source.name),
                    problem_quote(m->problems, s->name));
        return false;
    }
    return true;
}

/* --- answers --------------------------------------------------------------------------------- */

static bool read_answers(struct sheets *m, struct sheet *s)
{
    const struct pack_sheet *r = &s->read;
    sheet_init(&s->said, m->survey->kb,
               cell_given(&r->form) ? (enum pack_form)r->form.number : FORM_GIVEN,
               &m->survey->arena);
    bool ok = sheet_read(&s->said, &r->facts, r->respondents, r->respondents_count, r->at.span,
                         m->problems);
    for (uint32_t q = 0; q < m->survey->kb->question_count; q++)
        m->survey->columns.put[q] |= s->said.put[q];
    return ok;
}

static void make_layout(struct survey *s)
{
    uint32_t *order = arena_array(&s->arena, s->kb->question_count, sizeof *order);
    uint32_t n = 0;
    for (uint32_t q = 0; q < s->kb->question_count; q++)
        if (s->columns.put[q])
            order[n++] = q;
    layout_make(&s->arena, &s->columns.layout, s->kb, order, n);
}

static void set_answers(const struct layout *l, const struct sheet_row *row, uint8_t *block)
{
    for (size_t i = 0; i < row->count; i++)
        layout_set(l, l->slot_of[row->answers[i].question], block, &row->answers[i].answer);
}

/* A row with nothing in it: what the sheet does not put, and facts of all but the first, skipped.
 */
static uint8_t *blank_row(struct sheets *m, const struct sheet *s, bool is_first)
{
    const struct layout *l = &m->survey->columns.layout;
    uint8_t *row = arena_alloc(&m->survey->arena, l->stride + 16);
    for (uint32_t i = 0; i < l->slot_count; i++) {
        bool asked = s->said.put[l->slots[i].question] && (is_first || !l->slots[i].is_fact);
        struct answer answer = {.code = asked ? CODE_BLANK : CODE_SKIPPED, .text = {"", 0}};
        layout_set(l, i, row, &answer);
    }
    return row;
}

/* row NULL: nobody in particular, who knows the facts. */
/* Of two sheets that are compared, both are about the case of the first. */
static struct text name_of(const struct sheets *m, const struct sheet *s)
{
    return m->survey->options.compare && m->count == 2 ? m->list[0].name : s->name;
}

static void add_row(struct sheets *m, const struct sheet *s, const struct sheet_row *row,
                    uint64_t number)
{
    const struct layout *l = &m->survey->columns.layout;
    bool is_first = row == NULL || row == s->said.rows;
    uint8_t *block = blank_row(m, s, is_first);
    if (is_first)
        set_answers(l, &s->said.facts, block);
    if (row)
        set_answers(l, row, block);
    bool compare = m->survey->options.compare;
    struct new_row n = {.name = name_of(m, s),
                        .wave = compare ? s->source.name : (struct text){"", 0},
                        .partner = row ? s->said.partners[row->partner] : (struct text){"", 0},
                        .respondent = {"", 0},
                        .row = number,
                        .open = cell_true(&s->read.open),
                        .block = block};
    survey_rows_add(&m->rows, m->survey, &n, (uint32_t)(s - m->list), 0);
}

static void read_all(void *ctx)
{
    struct sheets *m = ctx;
    struct survey *s = m->survey;
    const struct survey_options *o = &s->options;
    uint64_t rows = 0;
    m->list = arena_array(&s->arena, o->file_count, sizeof *m->list);
    for (size_t i = 0; i < o->file_count; i++)
        m->ok &= read_sheet(m, o->files[i]);
    for (size_t i = 0; m->ok && i < m->count; i++)
        m->ok &= read_answers(m, &m->list[i]);
    if (!m->ok)
        return;
    make_layout(s);
    for (size_t i = 0; i < m->count; i++) {
        const struct sheet_case *said = &m->list[i].said;
        if (said->row_count == 0)
            add_row(m, &m->list[i], NULL, ++rows);
        for (uint32_t j = 0; j < said->row_count; j++)
            add_row(m, &m->list[i], &said->rows[j], ++rows);
    }
}

bool sheets_read(struct survey *s, struct problems *problems)
{
    struct sheets m = {.survey = s, .problems = problems, .ok = true};
    struct survey_spill *spill = NULL;
    survey_rows_init(&m.rows);
    if (!arena_run(&s->arena, read_all, &m))
        m.ok = survey_no_memory(problems);
    for (size_t i = 0; i < m.count; i++)
        source_close(&m.list[i].source);
    s->stored.is_read = true;
    s->stored.pending = 1; /* all rows at once */
    m.ok = m.ok && survey_store(s, &m.rows, &spill, problems) && survey_spill(s, spill, problems);
    survey_rows_deinit(&m.rows);
    return m.ok;
}
