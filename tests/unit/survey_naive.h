/* A reading of records and cells that a child could check: a byte at a time, after split.h. What
 * the scanner is compared with, in tests and in fuzzing. */
#ifndef ENTENTE_TESTS_SURVEY_NAIVE_H
#define ENTENTE_TESTS_SURVEY_NAIVE_H

#include "test.h"

#include "survey/survey_state.h"

struct naive {
    const char *b;
    size_t n, max_field, max_record;
    char separator;
    uint32_t starts[4096];
    size_t ends[4096]; /* without the line end */
    size_t count;
    uint64_t lines;
};

static inline bool is_end(char c)
{
    return c == '\n' || c == '\r';
}

/* The closing quote of the one at `open`, or n where the cell is broken. */
static inline size_t naive_close(const struct naive *v, size_t open)
{
    size_t q = open + 1;
    while (q < v->n && q - (open + 1) <= v->max_field) {
        if (v->b[q] != '"') {
            q++;
        } else if (q + 1 < v->n && v->b[q + 1] == '"') {
            q += 2;
        } else {
            bool good = q + 1 == v->n || v->b[q + 1] == v->separator || is_end(v->b[q + 1]);
            return good ? q : v->n;
        }
    }
    return v->n;
}

/* Where the record that begins at `start` ends. */
static inline size_t naive_end(const struct naive *v, size_t start)
{
    bool cell_begins = true;
    for (size_t p = start; p < v->n; p++) {
        char c = v->b[p];
        if (is_end(c))
            return p;
        if (c == '"' && cell_begins) {
            size_t close = naive_close(v, p);
            size_t x = p;
            if (close == v->n) {
                while (x < v->n && !is_end(v->b[x]))
                    x++;
                return x;
            }
            for (; x < close; x++)
                if (is_end(v->b[x]) && x - start >= v->max_record)
                    return x;
            p = close;
            cell_begins = false;
            continue;
        }
        cell_begins = c == v->separator;
    }
    return v->n;
}

static inline void naive_read(struct naive *v)
{
    v->count = 0;
    v->lines = 0;
    for (size_t p = 0; p < v->n;) {
        if (is_end(v->b[p])) {
            p++;
            continue;
        }
        size_t end = naive_end(v, p);
        v->starts[v->count] = (uint32_t)p;
        v->ends[v->count++] = end;
        p = end;
    }
    for (size_t p = 0; p < v->n; p++)
        if (v->b[p] == '\r' || (v->b[p] == '\n' && (p == 0 || v->b[p - 1] != '\r')))
            v->lines++;
}

/* Gives split the bytes in pieces of random sizes, as a pipe might. */
static inline void naive_check_split(struct split *s, const struct naive *v, char *padded,
                                     uint64_t *random)
{
    size_t given = 0;
    split_restart(s);
    do {
        given += 1 + kit_random(random) % 40;
        if (given > v->n)
            given = v->n;
        memset(padded, '\n', SCAN_PAD);
        memcpy(padded + SCAN_PAD, v->b, given);
        memset(padded + SCAN_PAD + given, '"', SCAN_PAD); /* must not matter */
        assert_true(split_run(s, padded + SCAN_PAD, given, given == v->n));
    } while (given < v->n);
    if (s->count != v->count)
        print_error("max_field %zu, max_record %zu, of [%.*s]\n", v->max_field, v->max_record,
                    (int)v->n, v->b);
    assert_int_equal(s->count, v->count);
    for (size_t i = 0; i < v->count; i++)
        assert_int_equal(s->starts[i], v->starts[i]);
    assert_int_equal(s->lines + s->quoted_lines, v->lines);
    memset(padded + SCAN_PAD + given, '\n', SCAN_PAD);
    assert_int_equal(scan_count_lines(padded + SCAN_PAD, v->n), v->lines);
}

/* One cell from *p on; false where the row is structurally wrong. */
static inline bool naive_cell(const struct naive *v, size_t *p, size_t end, char *value,
                              size_t *size)
{
    *size = 0;
    if (*p < end && v->b[*p] == '"') {
        struct naive row = *v;
        row.n = end;
        size_t close = naive_close(&row, *p);
        if (close == end)
            return false;
        for (size_t q = *p + 1; q < close; q++) {
            value[(*size)++] = v->b[q];
            q += v->b[q] == '"';
        }
        *p = close + 1;
        return true;
    }
    while (*p < end && v->b[*p] != v->separator) {
        if (v->b[*p] == '"')
            return false;
        value[(*size)++] = v->b[(*p)++];
    }
    return true;
}

#endif
