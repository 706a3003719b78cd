/* report, text and Markdown: whole pages, widths, and nothing in them that a terminal obeys. */
#include "unit/report_world.h"

static struct text page(struct world *w, struct report_options o)
{
    return report_of(w, &o);
}

static void test_text_in_french(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    world_golden(&w, "report.fr.txt", page(&w, (struct report_options){.format = REPORT_TEXT}));
    world_golden(&w, "report.md",
                 page(&w, (struct report_options){.format = REPORT_MARKDOWN, .findings = true}));
    world_close(&w);
}

static void test_text_in_english(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    w.kb->language = TEXT("en");
    three_cases(&w);
    world_golden(&w, "report.en.txt",
                 page(&w, (struct report_options){.format = REPORT_TEXT, .findings = true}));
    world_close(&w);
}

/* The fourth remedy is a line; with the whole plan it has its steps. */
static void test_the_whole_plan(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    for (int markdown = 0; markdown < 2; markdown++)
        for (int whole = 0; whole < 2; whole++) {
            struct report_options o = {.format = markdown ? REPORT_MARKDOWN : REPORT_TEXT,
                                       .whole_plan = whole};
            struct text t = page(&w, o);
            assert_true(text_holds(t, "Assouplir"));
            assert_int_equal(text_holds(t, "Revoir la charte"), whole);
            assert_int_equal(text_holds(t, "--whole-plan"), !whole);
        }
    world_close(&w);
}

/* The longest line, in code points, leaving out lines of one word. */
static size_t longest_line(struct text t)
{
    size_t longest = 0, length = 0;
    bool space = false, begun = false;
    for (size_t i = 0; i < t.size; i++) {
        if (t.at[i] == '\n') {
            longest = space && length > longest ? length : longest;
            length = 0;
            space = begun = false;
            continue;
        }
        space = space || (begun && t.at[i] == ' ');
        begun = begun || (t.at[i] != ' ' && t.at[i] != '-');
        length += ((unsigned char)t.at[i] & 0xC0) != 0x80;
    }
    return longest;
}

static void test_width(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    for (unsigned width = 10; width <= 120; width += 10) {
        struct text t = page(&w, (struct report_options){.format = REPORT_TEXT, .width = width});
        size_t longest = longest_line(t);
        if (width >= 30)
            assert_in_range(longest, 1, width);
    }
    world_golden(&w, "report.narrow.txt",
                 page(&w, (struct report_options){.format = REPORT_TEXT, .width = 10}));
    world_close(&w);
}

static void test_color_only_where_asked(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    assert_false(text_holds(page(&w, (struct report_options){.format = REPORT_TEXT}), "\033"));
    assert_true(text_holds(page(&w, (struct report_options){.format = REPORT_TEXT, .color = true}),
                           "\033[1m"));
    assert_false(text_holds(
        page(&w, (struct report_options){.format = REPORT_MARKDOWN, .color = true}), "\033"));
    world_close(&w);
}

/* Case 96 of the faults. */
static void test_hostile_names_are_made_visible(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    world_case(&w, "\033]0;pwned\a \033]52;c;AA==\a \xE2\x80\xAE <script> # **x** [y](z)", false);
    world_partner(&w, "- \xC2\x9B"
                      "31m");
    world_respondent(&w, "load_balanced=1 charter=no");
    world_partner(&w, "1. `b`");
    world_respondent(&w, "load_balanced=dk");
    struct text t = page(&w, (struct report_options){.format = REPORT_TEXT, .color = false});
    assert_false(text_holds(t, "\033"));
    assert_false(text_holds(t, "\xC2\x9B"));
    assert_false(text_holds(t, "\xE2\x80\xAE"));
    assert_true(text_holds(t, "\\x1B]0;pwned\\x07 \\x1B]52;c;AA==\\x07 \\u{202E} <script>"));
    t = page(&w, (struct report_options){.format = REPORT_MARKDOWN});
    assert_true(text_holds(t, "\\<script\\> \\# \\*\\*x\\*\\* \\[y\\](z)"));
    assert_true(text_holds(t, "\\- \\\\u\\{9B\\}31m et 1\\. \\`b\\`"));
    world_close(&w);
}

#define QUESTION(id)                   \
    "- id: " id "\n"                   \
    "  kind: scale\n"                  \
    "  scale: agreement\n"             \
    "  text: >\n"                      \
    "    Une question sur plusieurs\n" \
    "    lignes, " id "\n"

static const struct world_file LACKING[] = {
    WORLD_PACK,
    {"questions.yaml", QUESTION("q1") QUESTION("q2") QUESTION("q3") QUESTION("q4") QUESTION("q5")
                           QUESTION("q6") QUESTION("q7") QUESTION("q8")},
    {"rules.yaml", "conclusions:\n"
                   "  - {id: wide, kind: diagnosis, label: Large}\n"
                   "  - {id: deep, kind: diagnosis, label: Profond, needs: partners >= 2}\n"
                   "  - {id: dark, kind: diagnosis, label: Sombre, needs: partners >= 2}\n"
                   "  - {id: slow, kind: strength, label: Lent, needs: q1 >= 2}\n"
                   "rules:\n"
                   "  - id: a\n"
                   "    when: q1 <= 2 or q2 <= 2 or q3 <= 2 or q4 <= 2 or q5 <= 2 or q6 <= 2 or"
                   " q7 <= 2 or q8 <= 2\n"
                   "    conclude: wide\n"
                   "    certainty: 0.9\n"
                   "  - {id: b, when: q1 <= 2, conclude: deep, certainty: 0.9}\n"
                   "  - {id: c, when: q2 <= 2, conclude: dark, certainty: 0.9}\n"
                   "  - {id: d, when: q2 <= 2, conclude: slow, certainty: 0.9}\n"},
};

/* What cannot be said for one reason stands on one line; long lists of questions are cut. */
static void test_what_is_lacking(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, LACKING, sizeof LACKING / sizeof LACKING[0], NULL);
    world_case(&w, "a", false);
    world_partner(&w, "p");
    world_respondent(&w, "q3=3");
    world_golden(&w, "report.lacking.fr.txt",
                 page(&w, (struct report_options){.format = REPORT_TEXT}));
    world_close(&w);
}

TEST_MAIN(7, cmocka_unit_test(test_the_whole_plan), cmocka_unit_test(test_text_in_french),
          cmocka_unit_test(test_text_in_english), cmocka_unit_test(test_width),
          cmocka_unit_test(test_color_only_where_asked),
          cmocka_unit_test(test_hostile_names_are_made_visible),
          cmocka_unit_test(test_what_is_lacking))
