/* In: the rows of a case as they came. Out: the same, wave by wave. Next: the parser makes a case
 * of each wave. */
#include "survey/waves.h"

#include <stdlib.h>

struct waved {
    const struct packed_row *row;
    struct text wave;
    uint32_t table;
    size_t place; /* among the rows of the case as they came */
};

void waves_deinit(struct waves *w)
{
    free(w->list);
    w->list = NULL;
}

static bool is_digit(struct text t, size_t i)
{
    return i < t.size && t.at[i] >= '0' && t.at[i] <= '9';
}

/* The run of digits at t.at + *i, without leading zeros. */
static struct text digits_at(struct text t, size_t *i)
{
    while (is_digit(t, *i) && t.at[*i] == '0')
        ++*i;
    size_t from = *i;
    while (is_digit(t, *i))
        ++*i;
    return (struct text){t.at + from, *i - from};
}

/* By bytes, runs of digits by their value; what is equal so, by bytes. */
static int compare_names(struct text a, struct text b)
{
    size_t i = 0, j = 0;
    while (i < a.size && j < b.size) {
        if (is_digit(a, i) && is_digit(b, j)) {
            struct text x = digits_at(a, &i), y = digits_at(b, &j);
            int order = x.size != y.size ? (x.size < y.size ? -1 : 1) : text_compare(x, y);
            if (order)
                return order;
        } else if (a.at[i] != b.at[j]) {
            return (unsigned char)a.at[i] < (unsigned char)b.at[j] ? -1 : 1;
        } else {
            i++;
            j++;
        }
    }
    if (i < a.size || j < b.size)
        return i < a.size ? 1 : -1;
    return text_compare(a, b);
}

static int compare(const void *a, const void *b, void *ctx)
{
    const struct waved *x = a, *y = b;
    const struct waves *w = ctx;
    int order = w->by_file ? (x->table > y->table) - (x->table < y->table)
                           : compare_names(x->wave, y->wave);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static struct waved look_at(const struct layout *l, const struct packed_row *row, size_t place)
{
    struct waved v = {.row = row, .wave = packed_wave(row, l), .place = place};
    uint64_t line;
    packed_where(row, &v.table, &line);
    return v;
}

bool waves_differ(const struct waves *w, const struct layout *l, const struct packed_row *a,
                  const struct packed_row *b)
{
    struct waved x = look_at(l, a, 0), y = look_at(l, b, 0);
    return w->by_file ? x.table != y.table : !text_equal(x.wave, y.wave);
}

bool waves_sort(struct waves *w, const struct layout *l, const struct packed_row **rows,
                size_t count)
{
    if (count > w->capacity) {
        struct waved *list = realloc(w->list, 2 * count * sizeof *list);
        if (!list)
            return false;
        w->list = list;
        w->capacity = 2 * count;
    }
    for (size_t i = 0; i < count; i++)
        w->list[i] = look_at(l, rows[i], i);
    qsort_r(w->list, count, sizeof *w->list, compare, w);
    for (size_t i = 0; i < count; i++)
        rows[i] = w->list[i].row;
    return true;
}
