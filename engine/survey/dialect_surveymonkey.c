/* SurveyMonkey: a row of questions, each over the first of its columns, and a row of options and
 * rows of grids. Condensed or expanded makes no difference here: a column is an option or is not.
 */
#include "survey/dialect.h"

/* What the second row says where the column is the whole answer. */
static const char *const WHOLE[] = {"",
                                    "Response",
                                    "Open-Ended Response",
                                    "R\xC3\xA9ponse",
                                    "R\xC3\xA9ponse ouverte",
                                    "R\xC3\xA9ponse libre"};

static bool is_whole(struct text t)
{
    for (size_t i = 0; i < sizeof WHOLE / sizeof WHOLE[0]; i++)
        if (text_is(t, WHOLE[i]))
            return true;
    return false;
}

/* Two columns that are whole answers, or one beside a question that stands over several: one cell
 * alone may be what somebody answered. */
static bool has_responses(const struct first_rows *r)
{
    unsigned whole = 0, over = 0;
    for (uint32_t i = 0; r->count > 1 && i < r->at[1].count; i++) {
        whole += r->at[1].names[i].size && is_whole(r->at[1].names[i]);
        over += i > 0 && text_trim(first_cell(r, 0, i)).size == 0;
    }
    return whole >= 2 || (whole == 1 && over > 0);
}

unsigned surveymonkey_recognise(const struct first_rows *r, const char **because)
{
    struct text first = first_cell(r, 0, 0);
    bool is_id = text_is(first, "RespondentID") || text_is(first, "Respondent ID") ||
                 text_is(first, "respondent_id");
    bool below = r->count > 1 && first_cell(r, 1, 0).size == 0 && has_responses(r);
    if (!is_id && !below)
        return 0;
    *because =
        is_id ? because_column(r, "its first column is ", first) : "its second row says Response";
    return is_id && below ? 95 : is_id ? 75 : 60;
}

size_t surveymonkey_header_rows(const struct first_rows *r)
{
    return r->count > 1 && first_cell(r, 1, 0).size == 0 ? 2 : 1;
}

static struct text joined(struct arena *a, struct text stem, struct text item)
{
    char *at = arena_alloc(a, stem.size + item.size + 4);
    memcpy(at, stem.at, stem.size);
    memcpy(at + stem.size, " [", 2);
    memcpy(at + stem.size + 2, item.at, item.size);
    at[stem.size + item.size + 2] = ']';
    return (struct text){at, stem.size + item.size + 3};
}

void surveymonkey_headings(const struct first_rows *r, size_t header_rows, struct heading *out)
{
    struct text stem = TEXT("");
    for (uint32_t i = 0; i < r->at[0].count; i++) {
        struct text above = first_cell(r, 0, i);
        struct text below = header_rows > 1 ? first_cell(r, 1, i) : TEXT("");
        if (text_trim(above).size)
            stem = above;
        struct heading *h = &out[i];
        if (is_whole(below)) {
            h->shown = stem;
            h->text = heading_plain(r->arena, stem);
            continue;
        }
        h->shown = joined(r->arena, stem, below);
        h->text = heading_plain(r->arena, h->shown);
        h->item = heading_plain(r->arena, below);
    }
}
