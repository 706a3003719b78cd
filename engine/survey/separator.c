/* In: the first records of a table under every separator. Out: the one that fits. Next: header.
 * The one idea: a separator makes rows of one length. Characters are not counted: under the wrong
 * separator quotes do not close where cells end, and rows differ. */
#include "survey/batch.h"
#include "survey/head.h"

enum { ROWS_LOOKED_AT = 64 };

static const char SEPARATORS[] = {',', ';', '\t', '|'};

bool separator_is_usable(char c)
{
    return c != '"' && !scan_is_line_end(c) && (unsigned char)c < 0x80;
}

static bool is_name(struct text t, const char *option, const char *usual)
{
    return text_is(t, option ? option : usual);
}

static bool is_known(const struct columns *c, struct text name)
{
    const struct survey_options *o = c->options;
    if (is_name(name, o->case_column, "case") || is_name(name, o->partner_column, "partner") ||
        is_name(name, o->respondent_column, "respondent"))
        return true;
    for (size_t i = 0; i < o->keep_count; i++)
        if (text_is(name, o->keep[i]))
            return true;
    return kb_question(c->kb, name) != NONE;
}

/* 0: it is broken under this separator. */
static uint32_t cell_count(struct text record, char separator)
{
    const char *p = record.at, *end = p + record.size, *stop;
    for (uint32_t n = 1;; n++) {
        if (row_cell(p, end, separator, LIMIT_FIELD, &stop) != CAUSE_NONE)
            return 0;
        if (stop == end)
            return n;
        p = stop + 1;
    }
}

/* How many of the rows are as long as the header, of 255. */
static uint64_t evenness(const struct split *s, const struct head *h, size_t records)
{
    if (records > ROWS_LOOKED_AT)
        records = ROWS_LOOKED_AT;
    uint32_t wanted = cell_count(head_record(s, h, 0), s->separator);
    size_t even = 0;
    if (wanted < 2)
        return 0;
    for (size_t i = 0; i < records; i++)
        even += cell_count(head_record(s, h, i), s->separator) == wanted;
    return even * 255 / records;
}

static uint64_t fitness(struct arena *a, const struct columns *c, const struct split *s,
                        const struct head *h, size_t records)
{
    struct head_cells cells;
    uint64_t known = 0;
    head_cells(a, head_record(s, h, 0), s->separator, LIMIT_FIELD, &cells);
    uint32_t kept = cells.count < LIMIT_COLUMNS ? cells.count : LIMIT_COLUMNS;
    for (uint32_t i = 0; i < kept; i++)
        known += is_known(c, cells.names[i]);
    return known << 40 | evenness(s, h, records) << 32 | cells.count;
}

char separator_choose(struct arena *a, const struct columns *c, struct split *s,
                      const struct head *h, size_t size, bool *no_memory)
{
    uint64_t best = 0;
    char chosen = ',';
    for (size_t i = 0; i < sizeof SEPARATORS && !*no_memory; i++) {
        s->separator = SEPARATORS[i];
        if (!head_split(s, h, size)) {
            *no_memory = true;
            break;
        }
        uint64_t fit = s->count ? fitness(a, c, s, h, s->count) : 0;
        if (fit > best) {
            best = fit;
            chosen = SEPARATORS[i];
        }
    }
    return chosen;
}
