/* In: the beginning of an export of any tool. Out: what is found out about it, told again by
 * options, gives the same names of columns; texts are UTF-8; nothing is made of it that --fit could
 * not read. */
#include "fuzz.h"

#include "survey/dialect.h"
#include "survey/survey_state.h"
#include "unit/survey_kit.h"

/* Every column as it is called, with its parts. */
static void show_headings(const struct table *t, struct buffer *out)
{
    for (uint32_t i = 0; i < t->column_count; i++) {
        const struct heading *h = &t->headings[i];
        const struct text parts[] = {t->names[i], h->shown, h->code, h->text, h->item};
        for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
            FUZZ_CHECK(utf8_valid(parts[k]) == parts[k].size, parts[k], FUZZ_NOTHING);
            buffer_text(out, parts[k]);
            buffer_byte(out, '\n');
        }
        buffer_unsigned(out, h->status);
        buffer_byte(out, '\n');
    }
}

static void check_told(const struct survey_options *o, const struct table *first,
                       struct buffer *names)
{
    struct survey_options told = *o;
    struct buffer again;
    struct problems *problems = problems_new();
    told.dialect = dialect_word((enum dialect)first->dialect);
    told.separator = first->separator;
    struct survey *s = survey_new_headers(kit_kb(), &told, problems);
    FUZZ_CHECK(s && s->table_count == 1, buffer_view(names), FUZZ_NOTHING);
    const struct table *t = &s->tables[0];
    FUZZ_CHECK(t->header_rows == first->header_rows && t->column_count == first->column_count,
               buffer_view(names), FUZZ_NOTHING);
    buffer_init(&again);
    show_headings(t, &again);
    FUZZ_CHECK(text_equal(buffer_view(names), buffer_view(&again)), buffer_view(names),
               buffer_view(&again));
    buffer_deinit(&again);
    survey_free(s);
    problems_free(problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kit_file f = kit_open((struct text){(const char *)data, size});
    const char *const files[] = {f.path};
    struct survey_options o = {.files = files, .file_count = 1};
    struct problems *problems = problems_new();
    struct survey *s = survey_new_headers(kit_kb(), &o, problems);
    FUZZ_CHECK((s == NULL) == problems_has_error(problems), FUZZ_NOTHING, FUZZ_NOTHING);
    if (s && s->table_count == 1 && s->tables[0].column_count > 0) {
        struct buffer names;
        buffer_init(&names);
        show_headings(&s->tables[0], &names);
        check_told(&o, &s->tables[0], &names);
        buffer_deinit(&names);
    }
    survey_free(s);
    problems_free(problems);
    kit_close(&f);
    return 0;
}
