/* In: an export in the plain layout; behind "@map" a mapping. Out: every row says what it says when
 * it is the only one, so that nothing depends on which spellings came before. */
#include "fuzz.h"

#include "unit/survey_kit.h"
#include "unit/survey_naive.h"

enum { ROWS = 12 };

/* Rows are numbered; here the numbers do not count. */
static void drop_numbers(struct buffer *b)
{
    size_t to = 0;
    for (size_t i = 0; i < b->size;) {
        size_t n = i;
        if (b->size - i > 4 && memcmp(b->at + i, "row ", 4) == 0)
            for (n = i + 4; n < b->size && b->at[n] >= '0' && b->at[n] <= '9'; n++)
                ;
        i = n < b->size && b->at[n] == '[' ? n : i;
        b->at[to++] = b->at[i++];
    }
    b->size = to;
}

static void run_rows(struct run *r, const char *map, struct text head, struct text rows)
{
    struct buffer all;
    buffer_init(&all);
    buffer_text(&all, head);
    buffer_text(&all, rows);
    struct text t = buffer_view(&all);
    run_texts(r, &t, 1,
              (struct survey_options){.map = map, .dialect = "plain", .encoding = "utf-8",
                                      .separator = ',', .each_row = true});
    drop_numbers(&r->cases);
    buffer_deinit(&all);
}

static void check_rows(const struct run *whole, const char *map, const struct naive *v)
{
    struct survey_counts sum = {0};
    struct buffer cases;
    struct text head = {v->b, v->starts[1]};
    buffer_init(&cases);
    for (size_t i = 1; i < v->count; i++) {
        struct run one;
        run_rows(&one, map, head, (struct text){v->b + v->starts[i], v->ends[i] - v->starts[i]});
        FUZZ_CHECK(one.opened && one.exit == 0, buffer_view(&one.problems), FUZZ_NOTHING);
        survey_counts_add(&sum, &one.counts);
        buffer_text(&cases, buffer_view(&one.cases));
        run_deinit(&one);
    }
    FUZZ_CHECK(text_equal(buffer_view(&cases), buffer_view(&whole->cases)), buffer_view(&cases),
               buffer_view(&whole->cases));
    FUZZ_CHECK(memcmp(&sum, &whole->counts, sizeof sum) == 0, buffer_view(&cases), FUZZ_NOTHING);
    buffer_deinit(&cases);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char MARK[] = "@map\n";
    const char *mark = size ? memmem(data, size, MARK, sizeof MARK - 1) : NULL;
    if (!mark)
        return 0;
    struct naive v = {.b = (const char *)data, .n = (size_t)(mark - (const char *)data),
                      .separator = ',', .max_field = LIMIT_FIELD, .max_record = LIMIT_RECORD};
    const char *map_at = mark + sizeof MARK - 1;
    char map[512];
    fuzz_path(map, "map.yaml");
    fuzz_write(map, (struct text){map_at, (size_t)((const char *)data + size - map_at)});
    naive_read(&v);
    if (v.count < 2 || v.count > ROWS + 1)
        return 0;
    struct run whole;
    run_rows(&whole, map, (struct text){v.b, v.n}, FUZZ_NOTHING);
    if (whole.opened && whole.exit == 0)
        check_rows(&whole, map, &v);
    run_deinit(&whole);
    return 0;
}
