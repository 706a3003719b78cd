/* Qualtrics: names, then texts, then import ids: in JSON, in 2016 with single quotes, before that
 * not at all (two rows, V1 to V10 first). Names are codes; texts of grids are "stem - item". */
#include "survey/dialect.h"

static const char *const NAMES[] = {"StartDate", "EndDate",      "ResponseId",   "Finished",
                                    "Status",    "RecordedDate", "UserLanguage", NULL};

static bool has_import_ids(const struct first_rows *r)
{
    struct text cell = text_trim(first_cell(r, 2, 0));
    return text_starts(cell, "{\"ImportId\"") || text_starts(cell, "{'ImportId'");
}

/* V1 to V5 above ResponseID, or the names of today above their texts. */
static bool is_legacy(const struct first_rows *r)
{
    return (text_is(first_cell(r, 0, 0), "V1") && text_is(first_cell(r, 0, 1), "V2") &&
            text_is(first_cell(r, 1, 0), "ResponseID"));
}

unsigned qualtrics_recognise(const struct first_rows *r, const char **because)
{
    if (has_import_ids(r)) {
        *because = "its third row holds import ids";
        return 100;
    }
    if (is_legacy(r)) {
        *because = "columns V1, V2, ... stand above ResponseID";
        return 100;
    }
    if (first_names(r, NAMES) < 4)
        return 0;
    *because = "columns such as StartDate, EndDate and Finished";
    return 85;
}

/* Without import ids a second row is a header where it does not begin with a date. */
size_t qualtrics_header_rows(const struct first_rows *r)
{
    if (has_import_ids(r))
        return 3;
    struct text cell = first_cell(r, 1, first_named(r, "StartDate"));
    bool is_date = cell.size > 0 && cell.at[0] >= '0' && cell.at[0] <= '9';
    return is_legacy(r) || (r->count > 1 && cell.size > 0 && !is_date) ? 2 : 1;
}

/* Behind the last " - "; what names the kind of the column is no item. */
static struct text item_of(struct text *t)
{
    static const char *const kinds[] = {" - Selected Choice", " - Choix s\xC3\xA9lectionn\xC3\xA9"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (text_ends(*t, kinds[i]))
            t->size -= strlen(kinds[i]);
    for (size_t i = t->size; i-- > 2;)
        if (memcmp(t->at + i - 2, " - ", 3) == 0)
            return (struct text){t->at + i + 1, t->size - i - 1};
    return TEXT("");
}

void qualtrics_headings(const struct first_rows *r, size_t header_rows, struct heading *out)
{
    for (uint32_t i = 0; i < r->at[0].count; i++) {
        struct text name = first_cell(r, 0, i);
        struct text text = header_rows > 1 ? first_cell(r, 1, i) : name;
        out[i].shown = out[i].code = name;
        out[i].status = text_is(name, "Finished") ? STATUS_FINISHED
                        : text_is(name, "Status") ? STATUS_KIND
                                                  : STATUS_NONE;
        out[i].text = heading_plain(r->arena, text);
        out[i].item = header_rows > 1 ? item_of(&out[i].text) : TEXT("");
    }
}
