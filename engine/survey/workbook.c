/* In: the bytes of a workbook. Out: one of its sheets as CSV. Next: header reads it as any table.
 * The one idea: of sheets that nobody named, the first that is a table counts, for the first of a
 * workbook is often a page of notes. */
#include "survey/workbook.h"

#include <stdio.h>
#include <string.h>

struct workbook {
    struct archive archive;
    struct text name;
    struct strings_of sheets, relations, strings;
    uint64_t budget;
    struct problems *problems;
};

bool workbook_is(struct text head)
{
    return head.size >= 4 && memcmp(head.at, "PK\3\4", 4) == 0 &&
           (memmem(head.at, head.size, "xl/", 3) ||
            memmem(head.at, head.size, "[Content_Types].xml", 19)) &&
           !memmem(head.at, head.size, "opendocument", 12);
}

static bool fail(struct workbook *w, const char *part, enum part result)
{
    if (result == PART_NO_MEMORY)
        problem_add(w->problems, PROBLEM_NO_MEMORY, SPAN_NONE, NULL, NULL, NULL);
    else if (result == PART_LARGE)
        problem_add(w->problems, PROBLEM_WORKBOOK_LARGE, SPAN_NONE,
                    problem_quote(w->problems, w->name), part, NULL);
    else {
        problem_add(w->problems, PROBLEM_WORKBOOK_BROKEN, SPAN_NONE,
                    problem_quote(w->problems, w->name),
                    problem_format(w->problems, "its part %s", part), NULL);
        problem_help(w->problems, "save it again from the spreadsheet, or the sheet as CSV");
    }
    return false;
}

static enum part open_part(struct workbook *w, const char *part, struct archive_part *p,
                           struct part_reader *r)
{
    *r = (struct part_reader){archive_part_read, p, w->budget};
    return archive_part_open(&w->archive, text_from_c(part), p);
}

static bool close_part(struct workbook *w, const char *part, struct part_reader *r,
                       enum part result)
{
    archive_part_close(r->ctx);
    w->budget = r->budget;
    return result == PART_READ || fail(w, part, result);
}

static bool read_one(struct workbook *w, const char *part, bool may_lack, struct strings_of *out,
                     enum part (*read)(struct part_reader *, struct strings_of *))
{
    struct archive_part p;
    struct part_reader r;
    enum part result = open_part(w, part, &p, &r);
    if (result != PART_READ)
        return (may_lack && result == PART_ABSENT) || fail(w, part, result);
    return close_part(w, part, &r, read(&r, out));
}

/* Where the sheet of a relation stands, as a path in the archive; empty where it does not. */
static struct text target_of(const struct workbook *w, struct text id, char path[256])
{
    for (size_t i = 0; i + 1 < strings_count(&w->relations); i += 2) {
        struct text target = strings_at(&w->relations, i + 1);
        if (!text_equal(strings_at(&w->relations, i), id) || target.size == 0 || target.size > 200)
            continue;
        bool absolute = target.at[0] == '/';
        int n = snprintf(path, 256, "%s%.*s", absolute ? "" : "xl/", (int)(target.size - absolute),
                         target.at + absolute);
        return (struct text){path, (size_t)n};
    }
    return TEXT("");
}

static bool read_sheet(struct workbook *w, size_t sheet, struct buffer *out, bool *is_table)
{
    char path[256];
    struct archive_part p;
    struct part_reader r;
    struct text part = target_of(w, strings_at(&w->sheets, sheet + 1), path);
    *is_table = false;
    if (part.size == 0)
        return fail(w, "of a sheet", PART_ABSENT);
    enum part result = open_part(w, path, &p, &r);
    if (result != PART_READ)
        return fail(w, path, result);
    return close_part(w, path, &r, workbook_cells(&r, &w->strings, out, is_table));
}

static void note_sheet(struct workbook *w, size_t sheet)
{
    problem_add(w->problems, PROBLEM_WORKBOOK_SHEET, SPAN_NONE, problem_quote(w->problems, w->name),
                problem_quote(w->problems, strings_at(&w->sheets, sheet)), NULL);
    problem_help(w->problems, "--sheet says otherwise");
}

static bool refuse_name(struct workbook *w, const char *sheet)
{
    problem_add(w->problems, sheet ? PROBLEM_WORKBOOK_NO_SHEET : PROBLEM_WORKBOOK_NO_TABLE,
                SPAN_NONE, problem_quote(w->problems, w->name),
                sheet ? problem_quote(w->problems, text_from_c(sheet)) : NULL, NULL);
    struct buffer names;
    buffer_init(&names);
    for (size_t i = 0; i + 2 < strings_count(&w->sheets) && names.size < 300; i += 3) {
        buffer_c(&names, i ? ", " : "");
        buffer_c(&names, problem_quote(w->problems, strings_at(&w->sheets, i)));
    }
    if (names.size)
        problem_help(w->problems,
                     problem_format(w->problems, "its sheets are %.*s", (int)names.size, names.at));
    buffer_deinit(&names);
    return false;
}

static bool find_sheet(struct workbook *w, const char *sheet, struct buffer *out)
{
    for (size_t i = 0; i + 2 < strings_count(&w->sheets); i += 3) {
        bool is_table, named = sheet && text_is(strings_at(&w->sheets, i), sheet);
        if (sheet ? !named
                  : strings_at(&w->sheets, i + 2).size > 0 &&
                        !text_is(strings_at(&w->sheets, i + 2), "visible"))
            continue;
        buffer_clear(out);
        if (!read_sheet(w, i, out, &is_table))
            return false;
        if (named || is_table) {
            note_sheet(w, i);
            return true;
        }
    }
    return refuse_name(w, sheet);
}

static bool read_all(struct workbook *w, const char *sheet, struct buffer *out)
{
    return read_one(w, "xl/workbook.xml", false, &w->sheets, workbook_sheets) &&
           read_one(w, "xl/_rels/workbook.xml.rels", false, &w->relations, workbook_relations) &&
           read_one(w, "xl/sharedStrings.xml", true, &w->strings, workbook_strings) &&
           find_sheet(w, sheet, out);
}

bool workbook_read(struct text bytes, struct text name, const char *sheet, struct buffer *out,
                   struct problems *problems)
{
    struct workbook w = {.name = name, .budget = LIMIT_WORKBOOK_XML, .problems = problems};
    enum part result = archive_open(&w.archive, bytes);
    if (result != PART_READ)
        return fail(&w, "that lists the others", result);
    strings_init(&w.sheets);
    strings_init(&w.relations);
    strings_init(&w.strings);
    bool ok = read_all(&w, sheet, out);
    strings_deinit(&w.sheets);
    strings_deinit(&w.relations);
    strings_deinit(&w.strings);
    return ok;
}
