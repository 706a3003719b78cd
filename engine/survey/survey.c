/* In: names of files and options. Out: an open survey: what is put, how it is read. Next: reader
 * and parser. Everything that is known before the first row is settled here. */
#include "survey/dialect.h"
#include "survey/mapping.h"
#include "survey/survey_state.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_MEMORY (UINT64_C(256) << 20)

bool survey_no_memory(struct problems *problems)
{
    problem_add(problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    return false;
}

bool survey_over_limit(const struct survey *s, const char *what, const char *help,
                       struct problems *problems)
{
    problem_add(problems, PROBLEM_SURVEY_MEMORY, SPAN_NONE, what,
                problem_count_text(problems, s->options.memory >> 20), NULL);
    problem_help(problems, help);
    return false;
}

static const char *copy_c(struct arena *a, const char *c)
{
    return c ? arena_c(a, text_from_c(c)) : NULL;
}

static const char *const *copy_list(struct arena *a, const char *const *list, size_t count)
{
    const char **copy = arena_array(a, count, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = copy_c(a, list[i]);
    return copy;
}

static void copy_options(struct survey *s, const struct survey_options *o)
{
    struct arena *a = &s->arena;
    s->options = *o;
    s->options.files = copy_list(a, o->files, o->file_count);
    s->options.keep = copy_list(a, o->keep, o->keep_count);
    s->options.case_column = copy_c(a, o->case_column);
    s->options.partner_column = copy_c(a, o->partner_column);
    s->options.respondent_column = copy_c(a, o->respondent_column);
    s->options.wave_column = copy_c(a, o->wave_column);
    s->options.encoding = copy_c(a, o->encoding);
    s->options.dialect = copy_c(a, o->dialect);
    s->options.map = copy_c(a, o->map);
    s->options.sheet = copy_c(a, o->sheet);
    s->options.decimal = copy_c(a, o->decimal);
    s->options.memory = o->memory ? o->memory : DEFAULT_MEMORY;
    s->options.chunk = o->chunk ? o->chunk : CHUNK_BYTES;
    s->options.max_field = s->max_field = o->max_field ? o->max_field : LIMIT_FIELD;
}

static bool check_separator(char c, struct problems *problems)
{
    if (separator_is_usable(c))
        return true;
    problem_add(problems, PROBLEM_SEPARATOR_UNUSABLE, SPAN_NONE,
                problem_quote(problems, (struct text){&c, 1}), NULL, NULL);
    return false;
}

/* What options, and else a mapping, say about how the file is written, in words. */
static bool read_words(struct survey *s, const struct mapping *m, struct problems *problems)
{
    static const struct cell none;
    const struct survey_options *o = &s->options;
    const struct cell *encoding = m ? &m->read.encoding : &none,
                      *said = m ? &m->read.decimal : &none;
    const struct cell *dialect = m ? &m->read.dialect : &none;
    struct text decimal = o->decimal ? text_from_c(o->decimal) : cell_text(said);
    s->columns.encoding = ENCODING_COUNT;
    s->columns.dialect = DIALECT_COUNT;
    if (o->encoding || cell_given(encoding)) {
        struct text word = o->encoding ? text_from_c(o->encoding) : cell_text(encoding);
        s->columns.encoding = encoding_find(word);
        if (s->columns.encoding == ENCODING_COUNT)
            return encoding_unknown(word, o->encoding ? SPAN_NONE : encoding->span, problems);
    }
    if (o->dialect || cell_given(dialect)) {
        struct text word = o->dialect ? text_from_c(o->dialect) : cell_text(dialect);
        s->columns.dialect = dialect_find(word, o->dialect ? SPAN_NONE : dialect->span, problems);
        if (s->columns.dialect == DIALECT_COUNT)
            return false;
    }
    s->columns.decimal = text_is(decimal, "comma")   ? NUMBER_SIGN_COMMA
                         : text_is(decimal, "point") ? NUMBER_SIGN_POINT
                                                     : NUMBER_SIGN_ANY;
    struct text separator = m ? cell_text(&m->read.separator) : TEXT("");
    if (!o->separator && separator.size)
        s->options.separator =
            text_is(separator, "tab") || separator.size > 1 ? '\t' : separator.at[0];
    return check_separator(s->options.separator, problems);
}

/* The order of keys is that of the bytes in the file: what a mapping makes of them is another. */
static bool check_sorted(const struct survey *s, struct problems *problems)
{
    const struct columns *c = &s->columns;
    bool made = c->constant_case.size > 0 || c->has_key[KEY_WAVE];
    for (size_t i = 0; i < s->table_count; i++)
        made |= s->tables[i].keys[KEY_CASE] != NONE &&
                s->tables[i].uses[s->tables[i].keys[KEY_CASE]].reading != NULL;
    if (!s->options.sorted || !made)
        return true;
    problem_add(problems, PROBLEM_MAP_SORTED, SPAN_NONE, NULL, NULL, NULL);
    return false;
}

static bool check_inputs(const struct survey *s, struct problems *problems)
{
    const struct survey_options *o = &s->options;
    size_t inputs = 0, sheets = 0;
    const char *a_sheet = NULL, *a_table = NULL;
    for (size_t i = 0; i < o->file_count; i++) {
        bool is_sheet = sheet_is_name(o->files[i]);
        inputs += strcmp(o->files[i], "-") == 0;
        sheets += is_sheet;
        *(is_sheet ? &a_sheet : &a_table) = o->files[i];
    }
    if (o->file_count == 0)
        problem_add(problems, PROBLEM_INPUT_MISSING, SPAN_NONE, NULL, NULL, NULL);
    else if (inputs > 1)
        problem_add(problems, PROBLEM_INPUT_TWICE, SPAN_NONE, NULL, NULL, NULL);
    else if (sheets > 0 && sheets < o->file_count)
        problem_add(problems, PROBLEM_INPUTS_MIXED, SPAN_NONE,
                    problem_quote(problems, text_from_c(a_sheet)),
                    problem_quote(problems, text_from_c(a_table)), NULL);
    else
        return check_separator(o->separator, problems);
    return false;
}

static bool open_tables(struct survey *s, struct problems *problems)
{
    bool ok = true, all_regular = true;
    s->tables = arena_array(&s->arena, s->options.file_count, sizeof *s->tables);
    for (size_t i = 0; i < s->options.file_count; i++) {
        struct table *t = &s->tables[s->table_count++];
        t->separator = s->options.separator;
        t->source.fd = -1;
        for (int k = 0; k < KEY_COUNT; k++)
            t->keys[k] = NONE;
        if (!source_open(&t->source, s->options.files[i], problems)) {
            ok = false;
            continue;
        }
        t->source.waiting = s->options.waiting;
        t->source.ctx = s->options.ctx;
        ok &= columns_read_header(&s->arena, &s->columns, t, problems);
        source_pause(&t->source);
        all_regular &= t->source.is_regular;
        s->total_bytes += (uint64_t)t->source.first.st_size;
    }
    if (!all_regular)
        s->total_bytes = 0;
    return ok;
}

static void count_put(struct survey *s)
{
    s->put.questions = s->columns.put;
    s->put.count = 0;
    for (uint32_t q = 0; q < s->kb->question_count; q++)
        s->put.count += s->columns.put[q] && s->kb->questions[q].kind != KIND_TEXT;
}

struct making {
    struct survey *s;
    const struct survey_options *options;
    struct problems *problems;
    bool ok, is_sheets;
    bool only_headers;
};

static void make(void *ctx)
{
    struct making *m = ctx;
    struct survey *s = m->s;
    copy_options(s, m->options);
    s->columns.kb = s->kb;
    s->columns.drops_abandoned = s->options.drop_abandoned;
    s->columns.drops_previews = !s->options.keep_previews;
    s->columns.options = &s->options;
    s->columns.put = arena_array(&s->arena, s->kb->question_count + 1, sizeof *s->columns.put);
    struct mapping *mapping = NULL;
    if (s->options.map && !(mapping = mapping_load(&s->arena, s->options.map, m->problems)))
        return;
    if (!check_inputs(s, m->problems) || !read_words(s, mapping, m->problems))
        return;
    m->is_sheets = sheet_is_name(s->options.files[0]);
    if (m->is_sheets) {
        s->mode = MODE_STORED;
        s->columns.has_partner = s->columns.has_respondent = s->columns.has_case = true;
        s->columns.wave_by_file = true;
        s->options.keep_count = 0;
        m->ok = true;
        return;
    }
    if (m->only_headers) {
        m->ok = open_tables(s, m->problems);
        return;
    }
    m->ok = open_tables(s, m->problems) &&
            (!mapping || mapping_bind(&s->arena, &s->columns, mapping, s->tables, s->table_count,
                                      m->problems)) &&
            columns_settle(&s->arena, &s->columns, &s->options, s->tables, s->table_count,
                           m->problems) &&
            check_sorted(s, m->problems);
    if (!s->columns.has_case)
        s->mode = MODE_SINGLE;
    else
        s->mode = s->options.sorted ? MODE_SORTED : MODE_STORED;
}

static bool finish(struct survey *s, bool is_sheets, struct problems *problems)
{
    stored_init(&s->stored, (uint32_t)s->options.keep_count, s->options.memory);
    if (is_sheets && !sheets_read(s, problems))
        return false;
    count_put(s);
    return true;
}

static struct survey *open_survey(const struct kb *kb, const struct survey_options *o,
                                  bool only_headers, struct problems *problems)
{
    struct survey *s = calloc(1, sizeof *s);
    if (!s) {
        survey_no_memory(problems);
        return NULL;
    }
    s->kb = kb;
    arena_init(&s->arena, 0);
    reader_init(s);
    struct making m = {.s = s, .options = o, .problems = problems, .only_headers = only_headers};
    if (!arena_run(&s->arena, make, &m))
        m.ok = survey_no_memory(problems);
    if (m.ok && (only_headers || finish(s, m.is_sheets, problems)))
        return s;
    survey_free(s);
    return NULL;
}

struct survey *survey_new(const struct kb *kb, const struct survey_options *o,
                          struct problems *problems)
{
    return open_survey(kb, o, false, problems);
}

struct survey *survey_new_headers(const struct kb *kb, const struct survey_options *o,
                                  struct problems *problems)
{
    return open_survey(kb, o, true, problems);
}

void survey_free(struct survey *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->table_count; i++) {
        source_close(&s->tables[i].source);
        free(s->tables[i].carry);
        buffer_deinit(&s->tables[i].last_key);
    }
    while (s->free_chunks) {
        struct survey_chunk *c = s->free_chunks;
        s->free_chunks = c->next_free;
        survey_chunk_free(c);
    }
    stored_deinit(&s->stored);
    reader_deinit(s);
    arena_deinit(&s->arena);
    free(s);
}

const struct put *survey_put(const struct survey *s)
{
    return &s->put;
}

bool survey_is_grouped(const struct survey *s)
{
    return s->mode != MODE_SINGLE;
}

bool survey_has_cases(const struct survey *s)
{
    return s->columns.has_case;
}

bool survey_hides_cases(const struct survey *s)
{
    return s->columns.hides_cases;
}

bool survey_has_personal_cases(const struct survey *s)
{
    return s->columns.personal_cases;
}

bool survey_hides_partners(const struct survey *s)
{
    return s->columns.hides_partners;
}

size_t survey_keep_count(const struct survey *s)
{
    return s->options.keep_count;
}

struct text survey_keep_name(const struct survey *s, size_t i)
{
    return text_from_c(s->options.keep[i]);
}

char survey_separator(const struct survey *s, size_t file)
{
    return file < s->table_count ? s->tables[file].separator : '\0';
}

bool survey_is_input(const struct survey *s, const char *path)
{
    struct stat st, input;
    if (stat(path, &st) != 0)
        return false;
    for (size_t i = 0; i < s->options.file_count; i++) {
        const char *file = s->options.files[i];
        int status = strcmp(file, "-") == 0 ? fstat(0, &input) : stat(file, &input);
        if (status == 0 && input.st_dev == st.st_dev && input.st_ino == st.st_ino)
            return true;
    }
    return false;
}

bool survey_read(struct survey *s, struct survey_chunk **chunk, struct problems *problems)
{
    bool ok = s->mode == MODE_STORED ? stored_next(s, chunk, problems)
                                     : reader_next(s, chunk, problems);
    s->chunks += ok && *chunk;
    return ok;
}

void survey_counts_add(struct survey_counts *to, const struct survey_counts *from)
{
    to->read += from->read;
    to->used += from->used;
    to->rejected += from->rejected;
    to->left_out += from->left_out;
    to->abandoned += from->abandoned;
    to->previews += from->previews;
    for (unsigned i = 0; i < SURVEY_CAUSES; i++)
        to->causes[i] += from->causes[i];
    to->repeated_respondents += from->repeated_respondents;
    to->texts_cut += from->texts_cut;
    to->fact_conflicts += from->fact_conflicts;
}

size_t survey_ignored_count(const struct survey *s)
{
    return s->columns.ignored_count;
}

struct text survey_ignored(const struct survey *s, size_t i)
{
    return s->columns.ignored[i];
}

void survey_progress(const struct survey *s, uint64_t *done, uint64_t *total)
{
    *done = 0;
    *total = s->total_bytes;
    for (size_t i = 0; i < s->table_count; i++)
        if (i < s->reader.table || (i == s->reader.table && s->reader.is_open))
            *done += s->tables[i].source.offset;
}
