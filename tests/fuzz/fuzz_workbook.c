/* In: a line that says which part of a workbook follows, "cells", "strings", "sheets" or
 * "relations", and its XML; behind "zip" a whole workbook. Out: the same texts whether the XML
 * comes at once or in pieces of any size; lines of CSV in UTF-8. */
#include "fuzz.h"

#include "survey/workbook.h"

struct piece {
    struct text left;
    size_t step;
};

static enum part read_piece(void *ctx, char *at, size_t size, size_t *got)
{
    struct piece *p = ctx;
    *got = p->left.size < p->step ? p->left.size : p->step;
    *got = *got < size ? *got : size;
    if (*got)
        memcpy(at, p->left.at, *got);
    p->left = (struct text){p->left.at + *got, p->left.size - *got};
    return PART_READ;
}

/* What a part says, one text a line. */
static enum part read_part(struct text kind, struct text xml, size_t step, struct buffer *out)
{
    struct piece piece = {xml, step};
    struct part_reader r = {read_piece, &piece, 1 << 20};
    struct strings_of strings;
    enum part result;
    bool is_table = false;
    strings_init(&strings);
    if (text_is(kind, "strings"))
        result = workbook_strings(&r, &strings);
    else if (text_is(kind, "sheets"))
        result = workbook_sheets(&r, &strings);
    else if (text_is(kind, "relations"))
        result = workbook_relations(&r, &strings);
    else {
        strings_add(&strings, TEXT("first"));
        strings_add(&strings, TEXT("a, \"b\"\n"));
        result = workbook_cells(&r, &strings, out, &is_table);
    }
    for (size_t i = 0; i < strings_count(&strings); i++) {
        buffer_text(out, strings_at(&strings, i));
        buffer_byte(out, '\n');
    }
    buffer_byte(out, is_table ? 'T' : '-');
    strings_deinit(&strings);
    return result;
}

static void check_part(struct text kind, struct text xml)
{
    struct buffer whole, cut;
    buffer_init(&whole);
    buffer_init(&cut);
    enum part result = read_part(kind, xml, SIZE_MAX, &whole);
    FUZZ_CHECK(result == read_part(kind, xml, 1 + xml.size % 7, &cut), xml, FUZZ_NOTHING);
    FUZZ_CHECK(result != PART_NO_MEMORY, xml, FUZZ_NOTHING);
    FUZZ_CHECK(result != PART_READ || text_equal(buffer_view(&whole), buffer_view(&cut)),
               buffer_view(&whole), buffer_view(&cut));
    FUZZ_CHECK(utf8_valid(buffer_view(&whole)) == whole.size, buffer_view(&whole), FUZZ_NOTHING);
    buffer_deinit(&whole);
    buffer_deinit(&cut);
}

static void check_zip(struct text bytes)
{
    struct buffer out;
    struct problems *problems = problems_new();
    buffer_init(&out);
    bool ok = workbook_read(bytes, TEXT("book.xlsx"), NULL, &out, problems);
    FUZZ_CHECK(ok != problems_has_error(problems), buffer_view(&out), FUZZ_NOTHING);
    FUZZ_CHECK(utf8_valid(buffer_view(&out)) == out.size, buffer_view(&out), FUZZ_NOTHING);
    problems_free(problems);
    buffer_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text t = {(const char *)data, size};
    struct text kind = fuzz_line(&t);
    if (text_is(kind, "zip"))
        check_zip(t);
    else
        check_part(kind, t);
    return 0;
}
