/* In: why a row is rejected. Out: a line for the rejects file that makes sense alone. Next: the
 * caller's file. The place is the line where the cell begins and the name of its column. */
#include "survey/rejects.h"
#include "survey/mapping.h"
#include "survey/personal.h"

enum { LABELS_TOLD = 160 }; /* bytes of the labels of a column, in a reason */

static const char *const NAMES[] = {
#define CAUSE(name, spelling) [CAUSE_##name] = spelling,
#include "survey/causes.def"
#undef CAUSE
};

_Static_assert(sizeof NAMES / sizeof NAMES[0] == CAUSE_COUNT, "a cause without a name");

const char *survey_cause_name(unsigned cause)
{
    return cause < CAUSE_COUNT ? NAMES[cause] : NULL;
}

static const struct question *question_of(const struct columns *c, const struct table *t,
                                          uint32_t column)
{
    if (column >= t->column_count)
        return NULL;
    uint32_t q = t->uses[column].question;
    return q == NONE ? NULL : &c->kb->questions[q];
}

/* 1,234 with neither sign declared. */
static bool is_ambiguous(const struct fault *f)
{
    char plain[40];
    return f->cause == CAUSE_NOT_A_NUMBER && number_plain(f->value, NUMBER_SIGN_ANY, plain) == 0 &&
           number_plain(f->value, NUMBER_SIGN_COMMA, plain) > 0 &&
           number_plain(f->value, NUMBER_SIGN_POINT, plain) > 0;
}

/* The column's own scale, where a mapping tells it. */
static void add_range(struct buffer *out, const struct reading *r)
{
    char digits[32];
    buffer_c(out, "write a number from ");
    buffer_text(out, (struct text){digits, number_short(digits, r->from_lo)});
    buffer_c(out, " to ");
    buffer_text(out, (struct text){digits, number_short(digits, r->from_hi)});
    buffer_c(out, "; or dk, na or nothing");
}

static void add_answer_reason(struct buffer *out, const struct columns *c, const struct table *t,
                              const struct fault *f)
{
    const struct question *q = question_of(c, t, f->column);
    if (!q)
        return;
    const struct reading *r = t->uses[f->column].reading;
    if (r && r->has_from && f->cause == CAUSE_OUTSIDE) {
        add_range(out, r);
        return;
    }
    char plain[40];
    struct text value = f->value;
    if (is_ambiguous(f)) {
        buffer_c(out, "the mark could stand between thousands or before decimals; --decimal says "
                      "which; ");
        value = TEXT("0");
    } else if (f->cause != CAUSE_NOT_A_NUMBER && number_plain(value, NUMBER_SIGN_ANY, plain)) {
        value = TEXT("0"); /* it was read as a number: how it is written is not what is wrong */
    }
    answer_allowed(out, q, value);
}

/* The labels of the column, as many as fit. */
static void add_labels(struct buffer *out, const struct table *t, const struct fault *f)
{
    const struct reading *r = f->column < t->column_count ? t->uses[f->column].reading : NULL;
    size_t from = out->size, told = 0;
    if (!r)
        return;
    buffer_c(out, "no label of ");
    buffer_text(out, r->of->id);
    buffer_c(out, " in the mapping; known are ");
    for (uint32_t i = 0; i < r->label_count && out->size - from < LABELS_TOLD; i++) {
        buffer_c(out, told++ ? ", " : "");
        buffer_text(out, r->labels[i].loose);
    }
    buffer_c(out, told < r->label_count ? ", ..." : "");
}

static void add_bytes(struct buffer *out, const char *before, size_t bytes, const char *behind)
{
    buffer_c(out, before);
    buffer_unsigned(out, bytes);
    buffer_c(out, behind);
}

/* Where a cell begins on its line, in characters from 1. */
static size_t character_of(const char *place)
{
    size_t n = 1;
    for (const char *p = place; !scan_is_line_end(p[-1]); p--)
        n += ((unsigned char)p[-1] & 0xC0) != 0x80;
    return n;
}

static void add_reason(struct buffer *out, const struct columns *c, const struct table *t,
                       const struct fault *f, size_t max_field)
{
    buffer_c(out, NAMES[f->cause]);
    buffer_c(out, ": ");
    switch (f->cause) {
    case CAUSE_TOO_FEW_FIELDS:
    case CAUSE_TOO_MANY_FIELDS:
        add_bytes(out, "the row has ", f->cells, " fields, ");
        add_bytes(out, "the header ", t->column_count, "");
        break;
    case CAUSE_UNQUOTED_VALUE:
        buffer_c(out, "a quote in a field that does not begin with one, or text behind a closing "
                      "quote; put the whole field in quotes and double the quotes in it");
        break;
    case CAUSE_UNCLOSED_QUOTE:
        add_bytes(out, "the quote opened at character ", character_of(f->place),
                  " of this line is not closed; rows are read again from the next line on");
        break;
    case CAUSE_FIELD_TOO_LONG:
        add_bytes(out, "a field may have ", max_field, " bytes (--max-field)");
        break;
    case CAUSE_ROW_TOO_LONG:
        add_bytes(out, "a row may have ", columns_max_record(max_field),
                  " bytes; look whether its line ends are missing");
        break;
    case CAUSE_NOT_UTF8:
        add_bytes(out, "byte ", f->offset + 1,
                  " of the field is not UTF-8; say --encoding, or correct the field");
        break;
    case CAUSE_NUL_BYTE:
        add_bytes(out, "byte ", f->offset + 1, " of the field is NUL, which no text holds");
        break;
    case CAUSE_UNKNOWN_LABEL: add_labels(out, t, f); break;
    case CAUSE_NO_CASE: buffer_c(out, "the field that names the case is blank"); break;
    case CAUSE_TOO_MANY_PARTNERS:
        add_bytes(out, "a case may have ", LIMIT_PARTNERS,
                  " partners; look whether the column holds organisations, not people");
        break;
    default: add_answer_reason(out, c, t, f); break;
    }
}

static struct text shortened(struct text t)
{
    if (t.size <= LIMIT_QUOTED)
        return t;
    size_t n = LIMIT_QUOTED;
    while (n > LIMIT_QUOTED - 3 && ((unsigned char)t.at[n] & 0xC0) == 0x80)
        n--;
    return (struct text){t.at, n};
}

/* A spreadsheet would compute it. A plain number stays one. */
static bool is_formula(struct text t)
{
    double x;
    return t.size > 0 && strchr("=+-@", t.at[0]) && number_parse(t, &x) != NUMBER_OK;
}

/* A CSV cell: visible, formula-safe, in quotes where it needs them. */
static void add_cell(struct buffer *out, struct text t, bool cut)
{
    struct buffer cell;
    buffer_init(&cell);
    buffer_visible(&cell, t);
    buffer_c(&cell, cut ? "\xE2\x80\xA6" : "");
    struct text shown = buffer_view(&cell);
    out->failed |= cell.failed;
    if (is_formula(shown))
        buffer_byte(out, '\'');
    bool quoted = false;
    for (size_t i = 0; i < shown.size && !quoted; i++)
        quoted = strchr(",;\"", shown.at[i]) != NULL;
    if (quoted) {
        buffer_byte(out, '"');
        for (size_t i = 0; i < shown.size; i++)
            buffer_c(out, (char[3]){shown.at[i], shown.at[i] == '"' ? '"' : '\0', '\0'});
        buffer_byte(out, '"');
    } else {
        buffer_text(out, shown);
    }
    buffer_deinit(&cell);
}

/* What is wrong with the row as a whole may have any cell in it. */
struct text reject_value(const struct columns *c, const struct table *t, const struct fault *f)
{
    bool is_row = f->cause == CAUSE_UNQUOTED_VALUE || f->cause == CAUSE_UNCLOSED_QUOTE ||
                  f->cause == CAUSE_ROW_TOO_LONG || f->cause == CAUSE_FIELD_TOO_LONG;
    return personal_shown(c, t, f->column, is_row, f->value);
}

void reject_write(struct buffer *out, const struct columns *c, const struct table *t,
                  const struct fault *f, uint64_t line, uint64_t byte, size_t max_field)
{
    struct buffer reason;
    buffer_init(&reason);
    add_reason(&reason, c, t, f, max_field);
    add_cell(out, t->source.name, false);
    buffer_byte(out, ',');
    buffer_unsigned(out, line);
    buffer_byte(out, ',');
    if (byte)
        buffer_unsigned(out, byte);
    buffer_byte(out, ',');
    if (f->column < t->column_count && f->cause != CAUSE_ROW_TOO_LONG)
        add_cell(out, shortened(t->names[f->column]), false);
    buffer_byte(out, ',');
    struct text value = reject_value(c, t, f);
    add_cell(out, shortened(value), value.size > LIMIT_QUOTED);
    buffer_byte(out, ',');
    add_cell(out, buffer_view(&reason), false);
    buffer_byte(out, '\n');
    out->failed |= reason.failed;
    buffer_deinit(&reason);
}
