/* In: parts of a workbook, as XML. Out: the texts in them; cells as lines of CSV. Next: workbook.
 * The one idea: expat calls back for every element; what stands in a cell is kept until its row
 * ends, because only then it is known which cells are missing. */
#include "survey/workbook.h"

#include <expat.h>
#include <string.h>

/* --- texts ------------------------------------------------------------------------------------ */

void strings_init(struct strings_of *s)
{
    buffer_init(&s->bytes);
    buffer_init(&s->ends);
}

void strings_deinit(struct strings_of *s)
{
    buffer_deinit(&s->bytes);
    buffer_deinit(&s->ends);
}

static void strings_clear(struct strings_of *s)
{
    buffer_clear(&s->bytes);
    buffer_clear(&s->ends);
}

size_t strings_count(const struct strings_of *s)
{
    return s->ends.size / sizeof(size_t);
}

static size_t end_of(const struct strings_of *s, size_t i)
{
    size_t end;
    memcpy(&end, s->ends.at + i * sizeof end, sizeof end);
    return end;
}

struct text strings_at(const struct strings_of *s, size_t i)
{
    size_t from = i ? end_of(s, i - 1) : 0;
    return (struct text){s->bytes.at ? s->bytes.at + from : "", end_of(s, i) - from};
}

static void strings_end(struct strings_of *s)
{
    size_t end = s->bytes.size;
    buffer_text(&s->ends, (struct text){(const char *)&end, sizeof end});
}

void strings_add(struct strings_of *s, struct text t)
{
    buffer_text(&s->bytes, t);
    strings_end(s);
}

static bool strings_failed(const struct strings_of *s)
{
    return s->bytes.failed || s->ends.failed;
}

/* --- one part --------------------------------------------------------------------------------- */

enum cell_kind { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_TRUTH };

struct reading_part {
    XML_Parser parser;
    enum part result;
    struct strings_of *out; /* sheets, relations, strings */
    unsigned phonetic;      /* inside what is only there to be pronounced */
    bool in_text;           /* what is read now is content */
    /* cells */
    const struct strings_of *shared;
    struct buffer *csv;
    struct strings_of row;
    struct buffer value;
    enum cell_kind kind;
    uint32_t line, rows, column; /* of the cell, from 0; rows that hold something */
    uint32_t width;              /* of the first row */
    bool *is_table;
};

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static bool is(const char *name, const char *what)
{
    return strcmp(local(name), what) == 0;
}

static struct text attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (is(attributes[0], name))
            return text_from_c(attributes[1]);
    return TEXT("");
}

static void give_up(struct reading_part *p, enum part result)
{
    if (p->result == PART_READ)
        p->result = result;
    XML_StopParser(p->parser, XML_FALSE);
}

/* No workbook has one, and it is where XML becomes dangerous. */
static void on_doctype(void *ctx, const char *name, const char *system, const char *public_id,
                       int has_internal)
{
    (void)name, (void)system, (void)public_id, (void)has_internal;
    give_up(ctx, PART_BROKEN);
}

static enum part read_part(struct part_reader *r, struct reading_part *p,
                           XML_StartElementHandler start, XML_EndElementHandler end,
                           XML_CharacterDataHandler characters)
{
    enum { BYTES = 64 << 10 };
    bool last = false;
    p->parser = XML_ParserCreate(NULL);
    if (!p->parser)
        return PART_NO_MEMORY;
    XML_SetUserData(p->parser, p);
    XML_SetElementHandler(p->parser, start, end);
    XML_SetCharacterDataHandler(p->parser, characters);
    XML_SetStartDoctypeDeclHandler(p->parser, on_doctype);
    while (!last && p->result == PART_READ) {
        size_t got = 0;
        char *at = XML_GetBuffer(p->parser, BYTES);
        if (!at) {
            p->result = PART_NO_MEMORY;
            break;
        }
        p->result = r->read(r->ctx, at, BYTES, &got);
        if (p->result != PART_READ)
            break;
        last = got == 0;
        if (got > r->budget) {
            p->result = PART_LARGE;
            break;
        }
        r->budget -= got;
        if (XML_ParseBuffer(p->parser, (int)got, last) != XML_STATUS_OK && p->result == PART_READ)
            p->result =
                XML_GetErrorCode(p->parser) == XML_ERROR_NO_MEMORY ? PART_NO_MEMORY : PART_BROKEN;
    }
    XML_ParserFree(p->parser);
    return p->result;
}

static void no_end(void *ctx, const char *name)
{
    (void)ctx, (void)name;
}

static void no_characters(void *ctx, const char *at, int size)
{
    (void)ctx, (void)at, (void)size;
}

/* --- sheets, relations, strings --------------------------------------------------------------- */

static void on_sheet(void *ctx, const char *name, const char **attributes)
{
    struct reading_part *p = ctx;
    if (!is(name, "sheet"))
        return;
    if (strings_count(p->out) >= 3 * LIMIT_WORKBOOK_SHEETS)
        give_up(p, PART_LARGE);
    strings_add(p->out, attribute(attributes, "name"));
    struct text id = TEXT("");
    for (const char **a = attributes; *a; a += 2)
        if (is(a[0], "id") && strchr(a[0], ':'))
            id = text_from_c(a[1]);
    strings_add(p->out, id);
    strings_add(p->out, attribute(attributes, "state"));
}

static void on_relation(void *ctx, const char *name, const char **attributes)
{
    struct reading_part *p = ctx;
    if (!is(name, "Relationship"))
        return;
    if (strings_count(p->out) >= 2 * LIMIT_WORKBOOK_PARTS)
        give_up(p, PART_LARGE);
    strings_add(p->out, attribute(attributes, "Id"));
    strings_add(p->out, attribute(attributes, "Target"));
}

static enum part read_names(struct part_reader *r, struct strings_of *out,
                            XML_StartElementHandler start)
{
    struct reading_part p = {.out = out};
    enum part result = read_part(r, &p, start, no_end, no_characters);
    return strings_failed(out) ? PART_NO_MEMORY : result;
}

enum part workbook_sheets(struct part_reader *r, struct strings_of *out)
{
    return read_names(r, out, on_sheet);
}

enum part workbook_relations(struct part_reader *r, struct strings_of *out)
{
    return read_names(r, out, on_relation);
}

static void on_string(void *ctx, const char *name, const char **attributes)
{
    struct reading_part *p = ctx;
    (void)attributes;
    p->phonetic += is(name, "rPh");
    p->in_text = is(name, "t") && !p->phonetic;
}

static void on_string_end(void *ctx, const char *name)
{
    struct reading_part *p = ctx;
    p->in_text = false;
    p->phonetic -= is(name, "rPh");
    if (is(name, "si"))
        strings_end(p->out);
}

static void on_string_text(void *ctx, const char *at, int size)
{
    struct reading_part *p = ctx;
    if (p->in_text)
        buffer_text(&p->out->bytes, (struct text){at, (size_t)size});
}

enum part workbook_strings(struct part_reader *r, struct strings_of *out)
{
    struct reading_part p = {.out = out};
    enum part result = read_part(r, &p, on_string, on_string_end, on_string_text);
    return strings_failed(out) ? PART_NO_MEMORY : result;
}

/* --- cells ------------------------------------------------------------------------------------ */

/* B12 is column 1; NONE where there is no letter or too many. */
static uint32_t column_of(struct text reference, uint32_t otherwise)
{
    uint32_t column = 0, letters = 0;
    while (letters < reference.size && reference.at[letters] >= 'A' &&
           reference.at[letters] <= 'Z' && letters < 4)
        column = column * 26 + (uint32_t)(reference.at[letters++] - 'A') + 1;
    return letters ? column - 1 : otherwise;
}

static uint32_t number_of(struct text digits, uint32_t otherwise)
{
    uint32_t n = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9' || n > 100000000)
            return otherwise;
        n = n * 10 + (uint32_t)(digits.at[i] - '0');
    }
    return digits.size ? n : otherwise;
}

static void start_cell(struct reading_part *p, const char **attributes)
{
    struct text type = attribute(attributes, "t");
    uint32_t column = column_of(attribute(attributes, "r"), (uint32_t)strings_count(&p->row));
    if (column > LIMIT_COLUMNS || column < strings_count(&p->row)) {
        give_up(p, column > LIMIT_COLUMNS ? PART_LARGE : PART_BROKEN);
        return;
    }
    while (strings_count(&p->row) < column && !strings_failed(&p->row))
        strings_end(&p->row);
    buffer_clear(&p->value);
    p->kind = text_is(type, "s")                     ? CELL_SHARED
              : text_is(type, "b")                   ? CELL_TRUTH
              : text_is(type, "n") || type.size == 0 ? CELL_NUMBER
                                                     : CELL_TEXT;
}

static void on_cell(void *ctx, const char *name, const char **attributes)
{
    struct reading_part *p = ctx;
    if (is(name, "row")) {
        uint32_t line = number_of(attribute(attributes, "r"), p->line + 1);
        if (line <= p->line || line > LIMIT_SHEET_ROWS) {
            give_up(p, line > LIMIT_SHEET_ROWS ? PART_LARGE : PART_BROKEN);
            return;
        }
        buffer_repeat(p->csv, '\n', line - p->line - 1);
        p->line = line;
        strings_clear(&p->row);
    } else if (is(name, "c")) {
        start_cell(p, attributes);
    }
    p->phonetic += is(name, "rPh");
    p->in_text = is(name, "v") || (is(name, "t") && !p->phonetic);
}

/* A stored number to 15 digits, without an exponent where that is short: 7.0999999999999996 is
 * 7.1. What is no number stays as it is. */
static void add_number(struct buffer *out, struct text t)
{
    char digits[24] = {0};
    int count = 0, point = 0, exponent = 0, sign = 1;
    bool seen_point = false;
    size_t i = t.size && t.at[0] == '-' ? 1 : 0;
    for (; i < t.size && ((t.at[i] >= '0' && t.at[i] <= '9') || t.at[i] == '.'); i++) {
        if (t.at[i] == '.') {
            seen_point = true;
            continue;
        }
        if (count == 0 && t.at[i] == '0') {
            point -= seen_point;
            continue;
        }
        if (count < 20)
            digits[count++] = (char)(t.at[i] - '0');
        point += !seen_point;
    }
    if (i + 1 < t.size && (t.at[i] == 'E' || t.at[i] == 'e')) {
        i++;
        sign = t.at[i] == '-' ? -1 : 1;
        i += t.at[i] == '-' || t.at[i] == '+';
        for (; i < t.size && t.at[i] >= '0' && t.at[i] <= '9' && exponent < 1000; i++)
            exponent = exponent * 10 + (t.at[i] - '0');
    }
    point += sign * exponent;
    if (i < t.size || t.size == 0 || point > 15 || point < -15) {
        buffer_text(out, t);
        return;
    }
    if (count > 15) {
        bool up = digits[15] >= 5;
        count = 15;
        while (up && count > 0 && ++digits[count - 1] == 10)
            count--;
        if (up && count == 0) {
            digits[count++] = 1;
            point++;
        }
    }
    while (count > 0 && digits[count - 1] == 0)
        count--;
    if (count == 0) {
        buffer_byte(out, '0');
        return;
    }
    if (t.at[0] == '-')
        buffer_byte(out, '-');
    for (int k = point < 1 ? point - 1 : 0; k < (count > point ? count : point); k++) {
        if (k == point)
            buffer_byte(out, '.');
        buffer_byte(out, k >= 0 && k < count ? (char)('0' + digits[k]) : '0');
    }
}

static void end_cell(struct reading_part *p)
{
    struct text value = buffer_view(&p->value);
    uint32_t index;
    if (p->value.failed) { /* before the next cell forgets it */
        give_up(p, PART_NO_MEMORY);
        return;
    }
    switch (p->kind) {
    case CELL_SHARED:
        index = number_of(text_trim(value), UINT32_MAX);
        if (index < strings_count(p->shared))
            buffer_text(&p->row.bytes, strings_at(p->shared, index));
        else if (value.size)
            give_up(p, PART_BROKEN);
        break;
    case CELL_TRUTH: buffer_c(&p->row.bytes, text_is(value, "1") ? "TRUE" : "FALSE"); break;
    case CELL_NUMBER:
        if (value.size)
            add_number(&p->row.bytes, text_trim(value));
        break;
    default: buffer_text(&p->row.bytes, value); break;
    }
    strings_end(&p->row);
}

static void add_csv_cell(struct buffer *out, struct text t)
{
    bool quoted = false;
    for (size_t i = 0; i < t.size && !quoted; i++)
        quoted = t.at[i] == ',' || t.at[i] == '"';
    if (quoted)
        buffer_byte(out, '"');
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        if (c == '"')
            buffer_byte(out, '"');
        buffer_byte(out, c == '\n' || c == '\r' || c == '\0' ? ' ' : c);
    }
    if (quoted)
        buffer_byte(out, '"');
}

static void end_row(struct reading_part *p)
{
    uint32_t cells = (uint32_t)strings_count(&p->row);
    while (cells > 0 && strings_at(&p->row, cells - 1).size == 0)
        cells--;
    if (cells > 0) {
        p->rows++;
        if (p->rows == 1)
            p->width = cells;
        uint32_t width = cells > p->width ? cells : p->width;
        for (uint32_t i = 0; i < width; i++) {
            if (i)
                buffer_byte(p->csv, ',');
            if (i < cells)
                add_csv_cell(p->csv, strings_at(&p->row, i));
        }
    }
    buffer_byte(p->csv, '\n');
    if (p->csv->failed || strings_failed(&p->row) || p->value.failed)
        give_up(p, PART_NO_MEMORY);
    else if (p->csv->size > LIMIT_WORKBOOK_XML)
        give_up(p, PART_LARGE);
}

static void on_cell_end(void *ctx, const char *name)
{
    struct reading_part *p = ctx;
    p->in_text = false;
    p->phonetic -= is(name, "rPh");
    if (is(name, "c"))
        end_cell(p);
    else if (is(name, "row"))
        end_row(p);
}

static void on_cell_text(void *ctx, const char *at, int size)
{
    struct reading_part *p = ctx;
    if (p->in_text && p->value.size + (size_t)size > LIMIT_FIELD)
        give_up(p, PART_LARGE);
    else if (p->in_text)
        buffer_text(&p->value, (struct text){at, (size_t)size});
}

enum part workbook_cells(struct part_reader *r, const struct strings_of *shared, struct buffer *out,
                         bool *is_table)
{
    struct reading_part p = {.shared = shared, .csv = out};
    strings_init(&p.row);
    buffer_init(&p.value);
    enum part result = read_part(r, &p, on_cell, on_cell_end, on_cell_text);
    *is_table = p.width >= 2 && p.rows >= 2;
    strings_deinit(&p.row);
    buffer_deinit(&p.value);
    return result;
}
