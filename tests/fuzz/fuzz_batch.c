/* In: an export for the pack of tests/cli. Out: every report of it: lines of JSON are JSON, rows of
 * CSV are whole and hold no formula, no bytes of a terminal's language get through, the summary
 * adds up, and two threads write what one does. Only what the public header offers; from the root
 * of the repository. */
#include "fuzz.h"

#include <entente/entente.h>
#include <unistd.h>

static struct entente_kb *kb;

static void free_kb(void)
{
    entente_kb_free(kb);
}

static void load_kb(void)
{
    static const char *const PACKS[] = {"tests/cli/common/small"};
    struct entente_load load = {.packs = PACKS, .pack_count = 1};
    struct entente_problems *problems = entente_problems_new();
    kb = entente_kb_load(&load, problems);
    FUZZ_CHECK(kb != NULL, TEXT("run it from the root of the repository"), FUZZ_NOTHING);
    entente_problems_free(problems);
    atexit(free_kb);
}

static void read_file(const char *path, struct buffer *out)
{
    static char piece[1 << 16];
    buffer_clear(out);
    FILE *f = fopen(path, "rb");
    if (!f)
        return;
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buffer_text(out, (struct text){piece, n});
    fclose(f);
}

static void check_json_lines(struct text t)
{
    while (t.size > 0)
        fuzz_check_json(fuzz_line(&t));
}

/* A cell that a spreadsheet would take for a formula: only numbers begin with a sign. */
static bool is_formula(struct text cell)
{
    double x;
    if (cell.size == 0 || !strchr("=+-@\t\r", cell.at[0]))
        return false;
    return cell.at[0] != '-' || number_parse(cell, &x) != NUMBER_OK;
}

/* The cell at the front of t, which is taken off with what ends it; true where that ends the row.
 */
static bool take_cell(struct text *t, struct text *cell)
{
    size_t n = 0;
    bool quoted = t->size > 0 && t->at[0] == '"';
    if (quoted)
        for (n = 1; n < t->size && (t->at[n] != '"' || (n + 1 < t->size && t->at[n + 1] == '"'));
             n++)
            n += t->at[n] == '"';
    *cell = (struct text){t->at + quoted, n - quoted};
    for (n += quoted; n < t->size && t->at[n] != ',' && t->at[n] != '\n'; n++)
        cell->size += !quoted;
    bool ends = n >= t->size || t->at[n] == '\n';
    n += n < t->size;
    *t = (struct text){t->at + n, t->size - n};
    return ends;
}

/* As many cells in every row as in the first, and no formula. */
static void check_csv(struct text t)
{
    const struct text all = t;
    size_t columns = 0, cells = 0;
    while (t.size > 0) {
        struct text cell;
        bool ends = take_cell(&t, &cell);
        FUZZ_CHECK(!is_formula(cell), all, cell);
        cells++;
        if (!ends)
            continue;
        columns = columns ? columns : cells;
        FUZZ_CHECK(cells == columns, all, cell);
        cells = 0;
    }
    FUZZ_CHECK(cells == 0, all, FUZZ_NOTHING);
}

/* Texts of answers stand in these reports; what a terminal would obey is made visible. */
static void check_page(struct text t)
{
    FUZZ_CHECK(utf8_valid(t) == t.size, t, FUZZ_NOTHING);
    for (size_t i = 0; i < t.size; i++)
        FUZZ_CHECK((unsigned char)t.at[i] >= ' ' || t.at[i] == '\n', t, FUZZ_NOTHING);
}

/* A format of a batch; what it wrote is in `out`. */
static bool run(struct entente_batch *b, const char *in, const char *path, struct buffer *out)
{
    const char *const files[] = {in};
    struct entente_summary sum;
    struct entente_problems *problems = entente_problems_new();
    unlink(path);
    b->input.files = files;
    b->input.file_count = 1;
    b->output = path;
    bool ok = entente_batch_run(kb, b, &sum, problems);
    FUZZ_CHECK(ok || entente_problems_count(problems, ENTENTE_ERROR) > 0, FUZZ_NOTHING,
               FUZZ_NOTHING);
    FUZZ_CHECK(!ok || sum.read == sum.used + sum.rejected, FUZZ_NOTHING, FUZZ_NOTHING);
    read_file(path, out);
    FUZZ_CHECK(ok || out->size == 0, buffer_view(out), FUZZ_NOTHING);
    entente_summary_deinit(&sum);
    entente_problems_free(problems);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char in[512], path[512];
    struct buffer one, two;
    if (!kb)
        load_kb();
    struct text t = {(const char *)data, size};
    struct text letters = fuzz_line(&t);
    bool sorted = letters.size && memchr(letters.at, 's', letters.size);
    bool each_row = letters.size && memchr(letters.at, 'e', letters.size);
    fuzz_path(in, "in.csv");
    fuzz_path(path, "out");
    fuzz_write(in, t);
    buffer_init(&one);
    buffer_init(&two);
    for (int f = 0; f < ENTENTE_FORMAT_COUNT; f++) {
        struct entente_batch b = {.format = (enum entente_format)f, .findings = true, .jobs = 1};
        b.input.sorted = sorted;
        b.input.each_row = each_row;
        if (!run(&b, in, path, &one))
            break;
        if (f == ENTENTE_JSONL)
            check_json_lines(buffer_view(&one));
        if (f == ENTENTE_TEXT || f == ENTENTE_MARKDOWN)
            check_page(buffer_view(&one));
        b.jobs = 2;
        if (f == ENTENTE_CSV) {
            check_csv(buffer_view(&one));
            FUZZ_CHECK(run(&b, in, path, &two), FUZZ_NOTHING, FUZZ_NOTHING);
            FUZZ_CHECK(text_equal(buffer_view(&one), buffer_view(&two)), buffer_view(&one),
                       buffer_view(&two));
        }
    }
    unlink(path);
    buffer_deinit(&one);
    buffer_deinit(&two);
    return 0;
}
