/* Cells of a workbook to lines of CSV: every kind of cell, numbers as spreadsheets store them, and
 * what is not as it should be. The archive around it is tested in survey_archive_test.c. */
#include "test.h"

#include "survey/workbook.h"

struct piece {
    const char *at;
    size_t left, step;
};

static enum part read_piece(void *ctx, char *at, size_t size, size_t *got)
{
    struct piece *p = ctx;
    *got = p->left < p->step ? p->left : p->step;
    *got = *got < size ? *got : size;
    memcpy(at, p->at, *got);
    p->at += *got;
    p->left -= *got;
    return PART_READ;
}

static enum part cells(const char *rows, size_t step, struct buffer *out, bool *is_table)
{
    char xml[4000];
    struct strings_of shared;
    int n = snprintf(xml, sizeof xml, "<worksheet><sheetData>%s</sheetData></worksheet>", rows);
    struct piece piece = {xml, (size_t)n, step};
    struct part_reader r = {read_piece, &piece, 1 << 20};
    strings_init(&shared);
    strings_add(&shared, TEXT("first"));
    strings_add(&shared, TEXT(""));
    strings_add(&shared, TEXT("a, \"b\"\n"));
    bool is_short = shared.bytes.failed || shared.ends.failed;
    enum part result = is_short ? PART_NO_MEMORY : workbook_cells(&r, &shared, out, is_table);
    strings_deinit(&shared);
    return result;
}

static void assert_csv(const char *rows, const char *csv)
{
    static const size_t STEPS[] = {1, 7, 4000};
    for (size_t i = 0; i < 3; i++) {
        struct buffer out;
        bool is_table;
        buffer_init(&out);
        assert_int_equal(cells(rows, STEPS[i], &out, &is_table), PART_READ);
        assert_text(csv, buffer_view(&out));
        buffer_deinit(&out);
    }
}

static void assert_part(const char *rows, enum part expected)
{
    struct buffer out;
    bool is_table;
    buffer_init(&out);
    assert_int_equal(cells(rows, 4000, &out, &is_table), expected);
    buffer_deinit(&out);
}

static void test_cells(void **state)
{
    (void)state;
    assert_csv(
        "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' t='s'><v>2</v></c></row>"
        "<row r='2'><c r='B2' t='inlineStr'><is><r><t>x&amp;</t></r><r><t>y</t></r></is></c></row>",
        "first,,\"a, \"\"b\"\" \"\n,x&y,\n");
    assert_csv("<row><c t='b'><v>1</v></c><c t='b'><v>0</v></c><c t='e'><v>#N/A</v></c>"
               "<c t='str'><f>A1</f><v>s</v></c></row>",
               "TRUE,FALSE,#N/A,s\n");
    /* Rows that are not there keep their lines; cells behind the header stay where they hold
     * something. */
    assert_csv("<row r='2'><c r='A2'><v>1</v></c><c r='B2'><v>2</v></c></row>"
               "<row r='3'/><row r='5'><c r='A5'><v>3</v></c><c r='D5'/></row>"
               "<row r='6'><c r='D6'><v>4</v></c></row>",
               "\n1,2\n\n\n3,\n,,,4\n");
    assert_csv("<x:row xmlns:x='u'><x:c><x:v>1</x:v></x:c></x:row>", "1\n");
}

static void test_numbers(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"7.0999999999999996", "7.1"},
                                           {"0.29999999999999999", "0.3"},
                                           {"1.2E1", "12"},
                                           {"4.0000000000000001E-2", "0.04"},
                                           {"-3.5", "-3.5"},
                                           {"0", "0"},
                                           {"-0", "0"},
                                           {"0.0", "0"},
                                           {"100", "100"},
                                           {"999999999999999.9", "1000000000000000"},
                                           {"0.00000000000000099", "0.00000000000000099"},
                                           {"1E300", "1E300"},
                                           {"1E-300", "1E-300"},
                                           {"abc", "abc"},
                                           {"007", "7"},
                                           {"46083.379629629629", "46083.3796296296"},
                                           {"9.9999999999999995E-1", "1"},
                                           {"1.5E+3", "1500"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char row[200], csv[200];
        snprintf(row, sizeof row, "<row><c><v>%s</v></c></row>", pairs[i][0]);
        snprintf(csv, sizeof csv, "%s\n", pairs[i][1]);
        assert_csv(row, csv);
    }
}

static void test_what_is_wrong(void **state)
{
    (void)state;
    assert_part("<row><c t='s'><v>3</v></c></row>", PART_BROKEN);
    assert_part("<row r='2'/><row r='2'/>", PART_BROKEN);
    assert_part("<row r='2000000'/>", PART_LARGE);
    assert_part("<row><c r='B1'/><c r='A1'/></row>", PART_BROKEN);
    assert_part("<row><c r='ZZZZ1'/></row>", PART_LARGE);
    assert_part("<row><c></row>", PART_BROKEN);
    assert_part("<row r='x'><c><v>1</v></c></row>", PART_READ);
}

static enum part names(const char *one, int count,
                       enum part (*read)(struct part_reader *, struct strings_of *))
{
    struct buffer xml;
    struct strings_of out;
    buffer_init(&xml);
    strings_init(&out);
    buffer_c(&xml, "<names xmlns:r='u'>");
    while (count--)
        buffer_c(&xml, one);
    buffer_c(&xml, "</names>");
    struct piece piece = {xml.at, xml.size, xml.size};
    struct part_reader r = {read_piece, &piece, 1 << 24};
    enum part result = read(&r, &out);
    strings_deinit(&out);
    buffer_deinit(&xml);
    return result;
}

/* A small file with very many sheets would take very long. */
static void test_64_many_names(void **state)
{
    (void)state;
    static const char sheet[] = "<sheet name='a' r:id='b'/>",
                      link[] = "<Relationship Id='b' Target='c'/>";
    const int sheets = LIMIT_WORKBOOK_SHEETS, links = LIMIT_WORKBOOK_PARTS;
    assert_int_equal(names(sheet, sheets, workbook_sheets), PART_READ);
    assert_int_equal(names(sheet, sheets + 1, workbook_sheets), PART_LARGE);
    assert_int_equal(names(link, links, workbook_relations), PART_READ);
    assert_int_equal(names(link, links + 1, workbook_relations), PART_LARGE);
}

static void cells_once(void *ctx)
{
    struct buffer out;
    bool is_table;
    buffer_init(&out);
    enum part result = cells(ctx, 4000, &out, &is_table);
    assert_true(result == PART_READ || result == PART_NO_MEMORY);
    if (result == PART_READ && !out.failed)
        assert_text("first,,,a very long text of a cell\n", buffer_view(&out));
    buffer_deinit(&out);
}

/* Cells that are missing are many, and none of them is added where memory is short. */
static void test_101_memory(void **state)
{
    (void)state;
    test_each_allocation(cells_once, "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='D1' t='str'>"
                                     "<v>a very long text of a cell</v></c></row>");
}

/* Broken in any way, it ends, and within the bounds. */
static void test_mutations(void **state)
{
    (void)state;
    static const char rows[] =
        "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1'><v>1.5E3</v></c></row>"
        "<row r='4'><c t='inlineStr'><is><t>x</t></is></c></row>";
    uint64_t random = 7;
    for (int i = 0; i < 20000; i++) {
        char broken[sizeof rows];
        struct buffer out;
        bool is_table;
        memcpy(broken, rows, sizeof rows);
        for (int k = 0; k < 1 + i % 3; k++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            broken[(random >> 33) % (sizeof rows - 1)] =
                "<>'/=rctv19AZE-.\0 &;"[(random >> 20) % 20];
        }
        buffer_init(&out);
        cells(broken, 4000, &out, &is_table);
        assert_true(out.size < 2000000);
        buffer_deinit(&out);
    }
}

TEST_MAIN(6, cmocka_unit_test(test_cells), cmocka_unit_test(test_numbers),
          cmocka_unit_test(test_what_is_wrong), cmocka_unit_test(test_64_many_names),
          cmocka_unit_test(test_101_memory), cmocka_unit_test(test_mutations))
