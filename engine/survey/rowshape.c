/* In: a row. Out: whether its structure is right, and its key cell. Next: reader (where cases end),
 * rejects. The slow and complete walk, for rows that are in doubt. */
#include "survey/batch.h"

/* The end of a cell without quotes, or the quote that stands in it. */
static const char *plain_end(const char *p, const char *end, char separator)
{
    for (;; p += 16) {
        uint32_t high, stops = scan_stops(p, separator, &high);
        for (; stops; stops &= stops - 1) {
            const char *stop = p + __builtin_ctz(stops);
            if (stop >= end)
                return end;
            if (*stop == separator || *stop == '"')
                return stop;
        }
        if (p + 16 >= end)
            return end;
    }
}

enum cause row_cell(const char *p, const char *end, char separator, size_t max_field,
                    const char **stop)
{
    const char *close = p;
    if (p == end || *p != '"') {
        *stop = plain_end(p, end, separator);
        if (*stop < end && **stop == '"') {
            while (*stop < end && **stop != separator)
                ++*stop;
            return CAUSE_UNQUOTED_VALUE;
        }
        return (size_t)(*stop - p) > max_field ? CAUSE_FIELD_TOO_LONG : CAUSE_NONE;
    }
    *stop = end;
    switch (split_quoted(p, end, true, separator, max_field, &close)) {
    case QUOTED_WHOLE: *stop = close + 1; return CAUSE_NONE;
    case QUOTED_TEXT_BEHIND: return CAUSE_UNQUOTED_VALUE;
    case QUOTED_LONG: return CAUSE_FIELD_TOO_LONG;
    default: return CAUSE_UNCLOSED_QUOTE;
    }
}

/* The first fault counts. A broken quoted cell ends the walk: what follows it is in doubt. */
static void note(struct shape *out, enum cause cause, uint32_t column, const char *p,
                 const char *stop)
{
    if (out->fault.cause != CAUSE_NONE)
        return;
    out->fault.cause = cause;
    out->fault.column = column;
    out->fault.value = (struct text){p, (size_t)(stop - p)};
    out->fault.place = p;
}

void row_shape(const struct table *t, const char *start, const char *end, size_t max_field,
               uint32_t key_column, struct shape *out)
{
    *out = (struct shape){.fault = {.cause = CAUSE_NONE}};
    const char *p = start, *stop = start, *extra = NULL;
    uint32_t cells = 0;
    for (;; p = stop + 1) {
        enum cause cause = row_cell(p, end, t->separator, max_field, &stop);
        bool is_broken = p < end && *p == '"' && cause != CAUSE_NONE;
        if (cause != CAUSE_NONE)
            note(out, cause, cells, p, stop);
        else if (cells == key_column)
            out->key = (struct text){p, (size_t)(stop - p)};
        if (cells == t->column_count)
            extra = p;
        cells++;
        if (is_broken)
            break;
        if (stop == end) {
            if ((size_t)(end - start) > columns_max_record(max_field))
                note(out, CAUSE_ROW_TOO_LONG, 0, start, end);
            if (cells < t->column_count)
                note(out, CAUSE_TOO_FEW_FIELDS, cells, end, end);
            if (cells > t->column_count)
                note(out, CAUSE_TOO_MANY_FIELDS, t->column_count, extra, end);
            break;
        }
    }
    if ((size_t)(end - start) > columns_max_record(max_field))
        note(out, CAUSE_ROW_TOO_LONG, 0, start, end);
    out->fault.cells = cells;
}
