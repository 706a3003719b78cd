/* In: a line of letters (the separator, small limits), then the bytes of a table, given in pieces
 * of any size. Out: the records and cells that a naive reading finds, a byte at a time. */
#include "fuzz.h"

#include "unit/survey_kit.h"
#include "unit/survey_naive.h"

enum { LONGEST = 4096 };

static void take_letters(struct naive *v, struct text letters)
{
    *v = (struct naive){.separator = ',', .max_field = LIMIT_FIELD, .max_record = LIMIT_RECORD};
    for (size_t i = 0; i < letters.size; i++) {
        char c = letters.at[i];
        if (c == ';' || c == '\t' || c == '|' || c == 'a')
            v->separator = c;
        else if (c >= '1' && c <= '9')
            v->max_field = (size_t)(c - '0') * (size_t)(c - '0');
        else if (c == 'r')
            v->max_record = 2 * v->max_field;
    }
}

/* The cells of every record, where no limit is in the way. */
static void check_cells(const struct naive *v, const char *bytes)
{
    static char value[LONGEST];
    for (size_t i = 0; i < v->count; i++) {
        size_t p = v->starts[i], end = v->ends[i], size;
        uint32_t cells = 0;
        bool whole = true;
        for (; whole && (cells == 0 || p <= end); cells++, p++)
            whole = naive_cell(v, &p, end, value, &size) && (p == end || v->b[p] == v->separator);
        struct table t = {.separator = v->separator, .column_count = cells};
        struct shape shape;
        row_shape(&t, bytes + v->starts[i], bytes + end, v->max_field, NONE, &shape);
        FUZZ_CHECK(whole == (shape.fault.cause == CAUSE_NONE),
                   ((struct text){v->b + v->starts[i], end - v->starts[i]}), FUZZ_NOTHING);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char padded[LONGEST + 2 * SCAN_PAD];
    struct text t = {(const char *)data, size};
    struct naive v;
    struct split s;
    uint64_t random = size;
    take_letters(&v, fuzz_line(&t));
    if (t.size > LONGEST)
        return 0;
    v.b = t.at;
    v.n = t.size;
    split_init(&s, v.separator, v.max_field, v.max_record);
    naive_read(&v);
    naive_check_split(&s, &v, padded, &random);
    split_deinit(&s);
    if (v.max_field == LIMIT_FIELD)
        check_cells(&v, padded + SCAN_PAD);
    return 0;
}
