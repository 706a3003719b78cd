/* Mappings: how columns are found, what labels, scales, missing codes and multiple choices become,
 * faults 56 (codes for missing) and what is wrong with a mapping itself. */
#include "survey_kit.h"

#include "cases/cases.h"

/* A run through a mapping; both are files in memory. */
static void run_mapped(struct run *r, const char *map, const char *content, struct survey_options o)
{
    struct kit_file f = kit_open(text_from_c(map));
    o.map = f.path;
    run_c(r, content, o);
    kit_rename(&r->problems, f.path, 9);
    kit_close(&f);
}

static void assert_mapped(const char *map, const char *content, const char *cases,
                          const char *rejects)
{
    struct run r;
    run_mapped(&r, map, content, NO_OPTIONS);
    if (!r.opened)
        print_error("%.*s\n", (int)r.problems.size, r.problems.at);
    assert_text(cases, buffer_view(&r.cases));
    if (rejects)
        assert_holds(&r.rejects, rejects);
    else
        assert_text("", buffer_view(&r.rejects));
    run_deinit(&r);
}

static void assert_bad_map(const char *map, const char *what)
{
    struct run r;
    run_mapped(&r, map, "A,B,B\n1,2,3\n", NO_OPTIONS);
    assert_false(r.opened);
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, what);
    run_deinit(&r);
}

static void test_columns_are_found(void **state)
{
    (void)state;
    static const char EXPORT[] = "Nr,\"Faites-vous confiance&nbsp;? [L\xE2\x80\x99"
                                 "autre]\",Q3_1,\"Le \xC5\x93uvre\xC2\xA0"
                                 "commun\",q5\n"
                                 "1,4,5,3,2\n";
    assert_mapped("questions:\n"
                  "  - {question: q1, header: \"l'autre\"}\n"
                  "  - {question: q2, column: Q3_1}\n"
                  "  - {question: q3, header: LE OEUVRE COMMUN}\n",
                  EXPORT, "row 1[: 4 5 3 2]\n", NULL);
    assert_mapped("questions: [{question: q1, header: \"FAITES-VOUS CONFIANCE ? [l'autre]\"},\n"
                  "            {question: q2, pattern: '^Q\\d_1$'}]\n",
                  EXPORT, "row 1[: 4 5 2]\n", NULL);
    /* A question that is mapped is not read from the column of its name as well. */
    assert_mapped("questions: [{question: q5, column: Q3_1}]\n", EXPORT, "row 1[: 5]\n", NULL);
}

static void test_labels(void **state)
{
    (void)state;
    assert_mapped("questions: [{question: q1, column: a, labels: agreement}]\n",
                  "a\nTout \xC3\xA0 fait d\xE2\x80\x99"
                  "accord\nD'ACCORD\n  Pas  d'accord\n"
                  "Ni d\xE2\x80\x99"
                  "accord ni pas d\xE2\x80\x99"
                  "accord\npas du tout d`accord\n"
                  "Strongly agree\nNe sait pas\nSans objet\nPas de r\xC3\xA9ponse\n\n2\n"
                  "4 - Plut\xC3\xB4t\n",
                  "row 1[: 5]\nrow 2[: 4]\nrow 3[: 2]\nrow 4[: 3]\nrow 5[: 1]\nrow 6[: 5]\n"
                  "row 7[: dk]\nrow 8[: na]\nrow 9[: .]\nrow 10[: 2]\nrow 11[: 4]\n",
                  NULL);
    assert_mapped(
        "questions: [{question: q1, column: a, labels: agreement}]\n", "a\nun peu d'accord\n", "",
        "f1,2,a,un peu d'accord,\"UNKNOWN LABEL: no label of q1 in the mapping; known are "
        "pas du tout d'accord, ");
    assert_mapped("labels:\n  - id: ours\n    values:\n"
                  "      - {label: \"\xC3\x80 revoir\", is: 2}\n      - {label: Parfait, is: 5}\n"
                  "      - {label: \"?\", is: dk}\n"
                  "questions: [{question: q1, column: a, labels: ours},\n"
                  "  {question: sector, column: b, values: [{label: Sant\xC3\xA9, is: health}],\n"
                  "   other: other},\n"
                  "  {question: ready, column: c}]\n",
                  "a,b,c\na revoir,SANTE,Oui\nParfait,A,non\n?,theatre,TRUE\n,,\n",
                  "row 1[: 2 yes health]\nrow 2[: 5 no automobile]\nrow 3[: dk yes other]\n"
                  "row 4[: . . .]\n",
                  NULL);
    assert_mapped("questions: [{question: ready, column: c}]\n", "c\nmaybe\n", "",
                  "UNKNOWN LABEL: no label of ready");
}

static void test_scales(void **state)
{
    (void)state;
    assert_mapped(
        "questions: [{question: q1, column: a, from: [0, 10]},\n"
        "  {question: q2, column: b, from: [1, 7]}, {question: q3, column: c, from: [1, 4]},\n"
        "  {question: ten, column: d, from: [0, 100]}]\n",
        "a,b,c,d\n0,1,1,0\n10,7,4,100\n5,4,2,54\n7,6,3,55\n1,2,,56\n",
        "row 1[: 1 1 1 0]\nrow 2[: 5 5 5 10]\nrow 3[: 3 3 2 5]\nrow 4[: 4 4 4 5]\n"
        "row 5[: 1 2 . 6]\n",
        NULL);
    /* Where 1 is best; and a label says the same in both directions. */
    assert_mapped("questions: [{question: q1, column: a, best: low},\n"
                  "  {question: q2, column: b, best: low, from: [1, 7]},\n"
                  "  {question: q3, column: c, best: low, labels: agreement_4}]\n",
                  "a,b,c\n1,1,Strongly agree\n2,6,Disagree\n5,7,strongly disagree\n",
                  "row 1[: 5 5 1]\nrow 2[: 4 2 4]\nrow 3[: 1 1 5]\n", NULL);
    assert_mapped("questions: [{question: q1, column: a, from: [0, 10]}]\n", "a\n11\n", "",
                  "OUTSIDE THE RANGE: write a number from 0 to 10");
    assert_mapped("questions: [{question: q1, column: a}]\n", "a\n2.5\n", "", "NOT A WHOLE NUMBER");
    assert_mapped("questions: [{question: q1, column: a, from: [0, 10]}]\n",
                  "a\n\"7,5\"\n0 - Pas du tout\n10 (all my time)\n\xEF\xBB\xBF"
                  "0 (none)\n"
                  "5 \xE2\x80\x93 so so\n\xEF\xBB\xBF"
                  "10\n",
                  "row 1[: 4]\nrow 2[: 1]\nrow 3[: 5]\nrow 4[: 1]\nrow 5[: 3]\nrow 6[: 5]\n", NULL);
    assert_mapped("questions: [{question: q1, column: a}]\n", "a\n4 people\n", "", "NOT A NUMBER");
}

/* Numbers asked for by their ranges. */
static void test_labels_of_numbers(void **state)
{
    (void)state;
    assert_mapped("questions: [{question: budget, column: a, missing: [Secret], values: "
                  "[{label: Less than 100, is: 50}, {label: Ne sait plus, is: dk}]}]\n",
                  "a\nless than 100\n250\nsecret\nNe sait plus\nN/A\n",
                  "row 1[: 50]\nrow 2[: 250]\nrow 3[: .]\nrow 4[: dk]\nrow 5[: na]\n", NULL);
    assert_bad_map("questions: [{question: budget, column: A, values: [{label: x, is: -5000}]}]\n",
                   "error[E2032]: '-5000' is no answer to 'budget'");
}

static void test_56_missing(void **state)
{
    (void)state;
    assert_mapped("missing: [\"-99\", N/C]\n"
                  "questions: [{question: q1, column: a, missing: [\"9\"]},\n"
                  "  {question: budget, column: b, missing: [\"999\"]},\n"
                  "  {question: comment, column: c, missing: [RAS]}]\n",
                  "a,b,c\n9,999,RAS\n-99,-99,n/c\n4,\"3,5\",text\n#N/A,-,-\n",
                  "row 1[: . . .]\nrow 2[: . . .]\nrow 3[: 4 3.5 <text>]\nrow 4[: . . <->]\n",
                  NULL);
}

static void test_multiple_choice_split(void **state)
{
    (void)state;
    static const char MAP[] =
        "questions:\n  - question: tools\n    options:\n"
        "      - {choice: mail, column: t_1}\n      - {choice: phone, column: t_2}\n"
        "      - {choice: portal, column: t_3}\n";
    assert_mapped(MAP,
                  "t_1,t_2,t_3,q1\n1,0,0,4\nYes,No,Oui,4\n,,,4\nM,,O,4\nN,N,N,4\nN/A,N/A,N/A,\n"
                  "Checked,Unchecked,,\n",
                  "row 1[: 4 {mail}]\nrow 2[: 4 {mail portal}]\nrow 3[: 4 .]\n"
                  "row 4[: 4 {mail portal}]\nrow 5[: 4 {}]\nrow 6[: . .]\nrow 7[: . {mail}]\n",
                  NULL);
    assert_mapped(MAP, "t_1,t_2,t_3\nperhaps,,\n", "", "UNKNOWN LABEL: no label of tools");
    /* Nothing ticked means none where something behind it was answered. */
    assert_mapped("questions:\n  - question: tools\n    blank: none\n    options:\n"
                  "      - {choice: mail, column: t_1}\n      - {choice: phone, column: t_2}\n"
                  "  - {question: q1, column: x}\n",
                  "t_1,t_2,x\n,,3\n,,\n1,,\n", "row 1[: 3 {}]\nrow 2[: . .]\nrow 3[: . {mail}]\n",
                  NULL);
}

/* A single choice, a column an option, as SurveyMonkey's expanded export has it. */
static void test_single_choice_split(void **state)
{
    (void)state;
    assert_mapped(
        "questions:\n  - question: sector\n    options:\n"
        "      - {choice: automobile, header: Cars}\n      - {choice: health, header: Care}\n",
        "Respondent ID,What?,\n,Cars,Care\n1,Cars,\n2,,Care\n3,,\n4,0,1\n",
        "row 1[: automobile]\nrow 2[: health]\nrow 3[: .]\nrow 4[: health]\n", NULL);
}

static void test_multiple_choice_joined(void **state)
{
    (void)state;
    static const char VALUES[] = "questions: [{question: tools, column: t, %s values: [{label: "
                                 "\"Mail, lettres\", is: mail},\n"
                                 "  {label: Mail, is: phone}, {label: Portail, is: portal}]}]\n";
    char map[400];
    snprintf(map, sizeof map, VALUES, "");
    assert_mapped(
        map, "t\n\"Mail, lettres, Portail\"\n\"mail;portail;\"\nportail\n\"Mail, Mail, lettres\"\n",
        "row 1[: {mail portal}]\nrow 2[: {phone portal}]\nrow 3[: {portal}]\n"
        "row 4[: {mail phone}]\n",
        NULL);
    assert_mapped(map, "t\n\"Portail, fax\"\n", "", "UNKNOWN LABEL");
    snprintf(map, sizeof map, VALUES, "other: mail, joined: '|',");
    assert_mapped(map, "t\n\"Portail | fax, machine\"\n", "row 1[: {mail portal}]\n", NULL);
    assert_mapped("questions: [{question: tools, column: t, joined: ' '}]\n",
                  "t\nmail portal\nphone\n\nNe sait pas\n",
                  "row 1[: {mail portal}]\nrow 2[: {phone}]\nrow 3[: dk]\n", NULL);
}

static void test_keys(void **state)
{
    (void)state;
    assert_mapped("case: {column: Dossier}\npartner: {header: \"Qui \xC3\xAAtes-vous ?\", values: "
                  "[{label: \"1\", is: Alpha}, {label: \"2\", is: B\xC3\xAAta}]}\n"
                  "respondent: {pattern: '^Id'}\nquestions: [{question: q1, column: x}]\n",
                  "Id,Dossier,Qui etes-vous ?,x\n7,d1,1,4\n8,d1,2,2\n8,d1,2,3\n9,d2,3,5\n",
                  "d1[Alpha: 4 | B\xC3\xAAta: 3]\nd2[3: 5]\n", NULL);
    assert_mapped("case: {value: all of it}\nquestions: [{question: q1, column: x}]\n", "x\n1\n2\n",
                  "all of it[: 1, 2]\n", NULL);
    assert_mapped("case: {column: c}\nwave: {column: w}\nquestions: [{question: q1, column: x}]\n",
                  "c,w,x\na,1,4\nb,1,3\na,2,2\na,1,5\nb,,1\n",
                  "a \xC2\xB7 1[: 4, 5]\nb \xC2\xB7 1[: 3]\na \xC2\xB7 2[: 2]\nb[: 1]\n", NULL);
    assert_mapped("wave: {column: w}\nquestions: [{question: q1, column: x}]\n", "w,x\n1,4\n,2\n",
                  "1[: 4]\n", "f1,3,w,,NO CASE");
    struct run r;
    run_mapped(&r, "case: {value: one}\nquestions: [{question: q1, column: x}]\n", "x\n1\n2\n",
               (struct survey_options){.each_row = true});
    assert_text("row 1[: 1]\nrow 2[: 2]\n", buffer_view(&r.cases));
    run_deinit(&r);
    run_mapped(&r, "case: {value: one}\nquestions: [{question: q1, column: x}]\n", "x\n1\n",
               (struct survey_options){.sorted = true});
    assert_holds(&r.problems, "error[E2037]: --sorted cannot be used");
    run_deinit(&r);
}

/* A second column fills in where the first is blank. */
static void test_columns_that_fill_in(void **state)
{
    (void)state;
    assert_mapped("questions: [{question: sector, column: a}, {question: sector, column: b, other: "
                  "other}]\n",
                  "a,b\nH,\n,theatre\nA,x\n,\n",
                  "row 1[: health]\nrow 2[: other]\nrow 3[: automobile]\nrow 4[: .]\n", NULL);
}

static void test_file_is_described(void **state)
{
    (void)state;
    assert_mapped("dialect: surveymonkey\nencoding: windows-1252\nseparator: ';'\ndecimal: comma\n"
                  "questions: [{question: budget, header: \"Co\xC3\xBBt\"}]\n",
                  "Id;Co\xFBt\n;\n1;1,234\n2;5\n", "row 1[: 1.234]\nrow 2[: 5]\n", NULL);
    struct run r;
    run_mapped(&r, "questions: [{question: q1, column: A}, {question: q2, column: X}]\n", "A\n1\n",
               NO_OPTIONS);
    assert_text("row 1[: 1]\n", buffer_view(&r.cases));
    assert_holds(&r.problems, "W2028");
    assert_holds(&r.problems, "'f1' has no column for 'q2': it is not put");
    run_deinit(&r);
}

static void test_bad_mappings(void **state)
{
    (void)state;
    assert_bad_map("questions: [{question: q1}]\n", "error[E2026]");
    assert_bad_map("questions: [{question: q1, column: A, header: A}]\n", "error[E2026]");
    assert_bad_map("questions: [{question: q1, column: B}]\n",
                   "error[E2027]: several columns of 'f1' are meant for 'q1'");
    assert_bad_map("case: {column: C}\nquestions: [{question: q1, column: A}]\n",
                   "error[E2029]: 'f1' has no column for the key case");
    assert_bad_map("questions: [{question: q1, column: A}, {question: q2, column: A}]\n",
                   "error[E2030]: the column 'A' answers 'q1' already");
    assert_bad_map("questions: [{question: q11, column: A}]\n",
                   "error[E2031]: there is no question called 'q11'");
    assert_bad_map("questions: [{question: q1, column: A, values: [{label: x, is: 6}]}]\n",
                   "error[E2032]: '6' is no answer to 'q1'");
    assert_bad_map("questions: [{question: tools, options: [{choice: fax, column: A}]}]\n",
                   "E2032");
    assert_bad_map("questions: [{question: sector, column: A, other: fax}]\n", "E2032");
    assert_bad_map("questions: [{question: q1, column: A, labels: nosuch}]\n",
                   "error[E2033]: the labels 'nosuch' cannot be used here: there is no such");
    assert_bad_map("questions: [{question: sector, column: A, labels: agreement}]\n",
                   "it is for scales");
    assert_bad_map("questions: [{question: q1, column: A, from: [5, 1]}]\n", "error[E2034]");
    assert_bad_map("questions: [{question: q1, column: A, pattern: x}]\n", "E2026");
    assert_bad_map("questions: [{question: q1, pattern: '(A'}]\n",
                   "error[E2035]: '(A' is not a regular expression");
    assert_bad_map("dialect: sphinx\n", "E2025");
    assert_bad_map("encoding: ebcdic\n", "E2023");
    assert_bad_map("questions: [{question: q1, colum: A}]\n", "error[E1001]");
    struct buffer b;
    buffer_init(&b);
    buffer_repeat(&b, '#', LIMIT_SHEET + 1);
    buffer_byte(&b, '\0');
    assert_bad_map(b.at, "error[E2036]");
    buffer_deinit(&b);
    struct run r;
    run_c(&r, "q1\n1\n", (struct survey_options){.map = "/nowhere/map.yaml"});
    assert_int_equal(r.exit, EXIT_IO);
    run_deinit(&r);
}

/* The built-in tables: every label as utf8_loose leaves it, once in its set. */
static void test_built_in_labels(void **state)
{
    (void)state;
    static const struct {
        int set;
        const char *label;
    } all[] = {
#define LABEL_SET(name, word, points)
#define LABEL(name, position, label) {SET_##name, label},
#define LABEL_STATE(code, label) {-1, label},
#define SET_AGREEMENT 1
#define SET_AGREEMENT_4 2
#define SET_AGREEMENT_7 3
#define SET_FREQUENCY 4
#define SET_FREQUENCY_4 5
#define SET_SATISFACTION 6
#define SET_SATISFACTION_4 7
#define SET_YESNO 8
#include "survey/labels.def"
    };
    size_t n = sizeof all / sizeof all[0];
    for (size_t i = 0; i < n; i++) {
        struct buffer b;
        buffer_init(&b);
        assert_true(utf8_loose(text_from_c(all[i].label), &b));
        assert_text(all[i].label, buffer_view(&b));
        buffer_deinit(&b);
        for (size_t k = 0; k < i; k++)
            assert_false(all[i].set == all[k].set && strcmp(all[i].label, all[k].label) == 0);
    }
}

/* --- spellings: what was read before changes nothing -------------------------------------------
 */

static const char SPELLING_MAP[] =
    "case: {column: k}\n"
    "questions:\n"
    "  - {question: q1, column: a, labels: agreement, missing: [\"9\"]}\n"
    "  - {question: tools, blank: none,\n"
    "     options: [{choice: mail, column: o1}, {choice: phone, column: o2}]}\n"
    "  - {question: sector, column: s, other: other}\n"
    "  - {question: ready, column: r}\n"
    "  - {question: q2, column: z, from: [0, 10]}\n"
    "  - {question: q3, column: f1, labels: agreement}\n"
    "  - {question: q3, column: f2}\n";

static const char *const SPELLED[] = {"Plut\xC3\xB4t d'accord",
                                      "Plut\xC3\xB4t pas d'accord",
                                      "pas d'accord",
                                      "Pas d'accord du tout",
                                      "\"Plut\xC3\xB4t d'accord\"",
                                      "\"Plut\xC3\xB4t d'accord\"x",
                                      "",
                                      "\"\"",
                                      " ",
                                      "1",
                                      "5",
                                      "9",
                                      "\"3\"",
                                      "10",
                                      "3.0",
                                      "7 - presque",
                                      "dk",
                                      "Ne sait pas",
                                      "\"ni d'accord, ni pas d'accord\"",
                                      "\"Ni d'accord\nni pas d'accord\"",
                                      "ni d'accord ni pas d'accord",
                                      "Strongly agree",
                                      "Strongly disagree",
                                      "\"Str\"\"ongly\"",
                                      "Ni d\xE2\x80\x99"
                                      "accord",
                                      "tout \xC3\xA0 fait d'accord",
                                      "oui",
                                      "Non",
                                      "OUI",
                                      "\"oui\"",
                                      "x",
                                      "0",
                                      "automobile",
                                      "H",
                                      "h",
                                      "something else",
                                      "\xC3(",
                                      "                                        plut\xC3\xB4t "
                                      "d'accord                                 "};

/* Mostly of a few, as people answer, and mostly such that the row is right. */
static size_t spelled_row(char *at, int number, bool crlf, uint64_t *random)
{
    static const struct {
        size_t from, usual;
    } columns[] = {{0, 5}, {26, 6}, {26, 6}, {32, 4}, {26, 4}, {9, 6}, {0, 5}, {6, 6}};
    size_t size = (size_t)snprintf(at, 16, "c%d", number);
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++) {
        bool any = kit_random(random) % 24 == 0;
        size_t pick = any ? kit_random(random) % (sizeof SPELLED / sizeof *SPELLED)
                          : columns[c].from + kit_random(random) % columns[c].usual;
        at[size++] = ',';
        size_t n = strlen(SPELLED[pick]);
        memcpy(at + size, SPELLED[pick], n);
        char *other = n ? at + size + kit_random(random) % n : NULL;
        if (other && *other != '"' && kit_random(random) % 40 == 0)
            *other ^= 1;
        size += n;
    }
    if (crlf)
        at[size++] = '\r';
    at[size++] = '\n';
    return size;
}

static void test_spellings_change_nothing(void **state)
{
    (void)state;
    static const char HEAD[] = "k,a,o1,o2,s,r,z,f1,f2\n";
    uint64_t random = 8;
    char row[4096];
    struct buffer all, cases;
    struct survey_counts sum = {0};
    buffer_init(&all);
    buffer_init(&cases);
    buffer_c(&all, HEAD);
    for (int i = 0; i < 700; i++) {
        struct buffer alone;
        struct run one;
        size_t size = spelled_row(row, i, i % 5 == 0, &random);
        buffer_text(&all, (struct text){row, size});
        buffer_init(&alone);
        buffer_c(&alone, HEAD);
        buffer_text(&alone, (struct text){row, size});
        buffer_byte(&alone, '\0');
        run_mapped(&one, SPELLING_MAP, alone.at, NO_OPTIONS);
        buffer_text(&cases, buffer_view(&one.cases));
        survey_counts_add(&sum, &one.counts);
        buffer_deinit(&alone);
        run_deinit(&one);
    }
    buffer_byte(&all, '\0');
    struct run whole;
    run_mapped(&whole, SPELLING_MAP, all.at, NO_OPTIONS);
    assert_true(whole.counts.used > 150 && whole.counts.rejected > 100);
    assert_int_equal(cases.size, whole.cases.size);
    assert_memory_equal(cases.at, whole.cases.at, cases.size);
    assert_memory_equal(sum.causes, whole.counts.causes, sizeof sum.causes);
    run_deinit(&whole);
    buffer_deinit(&cases);
    buffer_deinit(&all);
}

TEST_MAIN(14, cmocka_unit_test(test_columns_are_found), cmocka_unit_test(test_labels),
          cmocka_unit_test(test_scales), cmocka_unit_test(test_labels_of_numbers),
          cmocka_unit_test(test_56_missing), cmocka_unit_test(test_multiple_choice_split),
          cmocka_unit_test(test_single_choice_split), cmocka_unit_test(test_multiple_choice_joined),
          cmocka_unit_test(test_keys), cmocka_unit_test(test_columns_that_fill_in),
          cmocka_unit_test(test_file_is_described), cmocka_unit_test(test_bad_mappings),
          cmocka_unit_test(test_built_in_labels), cmocka_unit_test(test_spellings_change_nothing))
