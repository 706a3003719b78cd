/* The tools whose header is one row of names: KoboToolbox and ODK (and perhaps a row of tags),
 * REDCap, Typeform, Microsoft Forms, Google Forms. */
#include "survey/dialect.h"

/* --- KoboToolbox, ODK ------------------------------------------------------------------------- */

static const char *const KOBO[] = {
    "_uuid", "_submission_time", "_id", "_index", "_validation_status", "_submitted_by", NULL};

unsigned kobo_recognise(const struct first_rows *r, const char **because)
{
    if (first_names(r, KOBO) >= 2) {
        *because = "columns such as _uuid and _submission_time";
        return 95;
    }
    if (first_named(r, "SubmissionDate") == NONE || first_named(r, "KEY") == NONE)
        return 0;
    *because = "columns SubmissionDate and KEY";
    return 95;
}

/* A second row of HXL tags: every cell that holds something begins with #. */
size_t kobo_header_rows(const struct first_rows *r)
{
    uint32_t tags = 0;
    for (uint32_t i = 0; r->count > 1 && i < r->at[1].count; i++) {
        struct text cell = text_trim(r->at[1].names[i]);
        if (cell.size && cell.at[0] != '#')
            return 1;
        tags += cell.size > 0;
    }
    return tags > 0 ? 2 : 1;
}

/* group/question/choice */
void kobo_headings(const struct first_rows *r, size_t header_rows, struct heading *out)
{
    plain_headings(r, header_rows, out);
    for (uint32_t i = 0; i < r->at[0].count; i++)
        for (size_t k = out[i].text.size; k-- > 0;)
            if (out[i].text.at[k] == '/') {
                out[i].item = (struct text){out[i].text.at + k + 1, out[i].text.size - k - 1};
                break;
            }
}

/* --- REDCap ----------------------------------------------------------------------------------- */

unsigned redcap_recognise(const struct first_rows *r, const char **because)
{
    static const char *const names[] = {"redcap_event_name", "redcap_repeat_instrument",
                                        "redcap_survey_identifier", "redcap_data_access_group",
                                        NULL};
    struct text complete = {NULL, 0}, box = {NULL, 0};
    if (first_names(r, names) > 0) {
        *because = "columns such as redcap_event_name";
        return 100;
    }
    for (uint32_t i = 0; r->count && i < r->at[0].count; i++) {
        struct text name = r->at[0].names[i];
        if (text_ends(name, "_complete"))
            complete = name;
        if (memmem(name.at, name.size, "___", 3))
            box = name;
    }
    if (!complete.at || (first_named(r, "record_id") == NONE && !box.at))
        return 0;
    *because = because_column(r, "columns such as ", box.at ? box : complete);
    return 90;
}

/* The export with labels: "Question (choice=label)". */
void redcap_headings(const struct first_rows *r, size_t header_rows, struct heading *out)
{
    plain_headings(r, header_rows, out);
    for (uint32_t i = 0; i < r->at[0].count; i++) {
        struct text t = out[i].text;
        const char *at = memmem(t.at, t.size, "(choice=", 8);
        if (at && text_ends(t, ")"))
            out[i].item = (struct text){at + 8, (size_t)(t.at + t.size - at) - 9};
    }
}

/* --- Typeform, Microsoft Forms, Google Forms -------------------------------------------------- */

unsigned typeform_recognise(const struct first_rows *r, const char **because)
{
    static const char *const names[] = {
        "Start Date (UTC)", "Submit Date (UTC)", "Network ID", "Submitted At", "Token", NULL};
    if (!text_is(first_cell(r, 0, 0), "#") || first_names(r, names) == 0)
        return 0;
    *because = "its first column is #, and it has dates of submission";
    return 90;
}

unsigned msforms_recognise(const struct first_rows *r, const char **because)
{
    static const char *const names[][4] = {
        {"Start time", "Completion time", NULL},
        {"Heure de d\xC3\xA9"
         "but",
         "Heure de fin", NULL},
        {"Startzeit", "Fertigstellungszeit", NULL},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (first_names(r, names[i]) < 2)
            continue;
        *because = because_column(r, "columns such as ", text_from_c(names[i][1]));
        return 90;
    }
    return 0;
}

/* It is the first column, unless somebody put one in front. */
unsigned google_recognise(const struct first_rows *r, const char **because)
{
    static const char *const names[] = {"Timestamp", "Horodateur", "Zeitstempel", "Marca temporal"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint32_t at = first_named(r, names[i]);
        if (at > 2)
            continue;
        *because = because_column(r, "it has a column ", first_cell(r, 0, at));
        return at == 0 ? 70 : 50;
    }
    return 0;
}
