/* Fault 55: headers as survey tools write them, small and invented, in the shapes of real exports.
 * Which tool it is, why, which rows are header, what columns are called. Codes that are ids of
 * questions are read without a mapping, which shows what became of the header. */
#include "survey_kit.h"

static void assert_dialect(const char *content, const char *said, const char *cases)
{
    struct run r;
    run_c(&r, content, NO_OPTIONS);
    if (!r.opened)
        print_error("%.*s\n", (int)r.problems.size, r.problems.at);
    if (said)
        assert_holds(&r.problems, said);
    else
        assert_false(buffer_holds(&r.problems, "N2024"));
    assert_text(cases, buffer_view(&r.cases));
    assert_text("", buffer_view(&r.rejects));
    run_deinit(&r);
}

static void test_limesurvey(void **state)
{
    (void)state;
    assert_dialect(
        "\xEF\xBB\xBF\"id\",\"submitdate\",\"lastpage\",\"startlanguage\",\"q1\",\"q2\"\r\n"
        "\"1\",\"2026-01-02 10:00:00\",\"2\",\"fr\",\"4\",\"\"\r\n\r\n",
        "note[N2024]: 'f1' is read as an export of LimeSurvey: columns such as "
        "submitdate and lastpage",
        "row 1[: 4 .]\n");
    assert_dialect("id. Response ID,q1. How well?,likert[SQ1]. Grid [a],\"likert[SQ2]. Grid [b]\"\n"
                   "1,4,A1,A2\n",
                   "codes of arrays, such as 'likert[SQ2]'", "row 1[: 4]\n");
    assert_dialect("Antwort ID;Datum Abgeschickt;Letzte Seite;Start-Sprache;q2\n1;;1;de;5\n",
                   "LimeSurvey: columns such as 'Letzte Seite'", "row 1[: 5]\n");
    assert_dialect("q1._.How well,a[1]._.x,a[2]._.y\n3,,\n", "LimeSurvey", "row 1[: 3]\n");
}

static void test_qualtrics(void **state)
{
    (void)state;
    assert_dialect("StartDate,Status,q1,q3\n"
                   "Date de d\xC3\xA9"
                   "but,Type,\"Two\nlines - a\",Three\n"
                   "\"{\"\"ImportId\"\":\"\"startDate\"\"}\",\"{\"\"ImportId\"\":\"\"status\"\"}\","
                   "\"{\"\"ImportId\"\":\"\"QID1\"\"}\",\"{\"\"ImportId\"\":\"\"QID3\"\"}\"\n"
                   "2026-01-02 10:00:00,0,2,5\n",
                   "Qualtrics: its third row holds import ids", "row 1[: 2 5]\n");
    assert_dialect(
        "ResponseID,Status,q1\nResponseID,Status,One\n"
        "{'ImportId': 'responseId'},{'ImportId': 'status'},{'ImportId': 'QID1'}\nR_1,0,3\n",
        "Qualtrics: its third row holds import ids", "row 1[: 3]\n");
    assert_dialect("\xEF\xBB\xBFV1,V2,V3,q1,\nResponseID,ResponseSet,Name,One,\nR_1,Default,,4,\n",
                   "Qualtrics: columns V1, V2", "row 1[: 4]\n");
    assert_dialect("StartDate,EndDate,Finished,Status,q1\n2026-01-02,2026-01-02,1,0,4\n",
                   "Qualtrics: columns such as StartDate", "row 1[: 4]\n");
}

static void test_surveymonkey(void **state)
{
    (void)state;
    assert_dialect("RespondentID,q1,Which of these?,,q2\n,Response,Mail,Phone,Open-Ended Response\n"
                   "11,4,Mail,,5\n12,,,Phone,\n",
                   "SurveyMonkey: its first column is 'RespondentID'",
                   "row 1[: 4 5]\nrow 2[: . .]\n");
    assert_dialect("Name,q1,q2\n,Response,Response\nx,4,5\n",
                   "SurveyMonkey: its second row says Response", "row 1[: 4 5]\n");
    assert_dialect("Name,q1,Which?,\n,Response,a,b\nx,4,,\n", "SurveyMonkey", "row 1[: 4]\n");
    /* What a person answered is no header. */
    assert_dialect("partner,comment,q1\n,Response,4\n", NULL, "row 1[: 4 <Response>]\n");
}

static void test_kobo_and_odk(void **state)
{
    (void)state;
    assert_dialect("\"start\";\"end\";\"q1\";\"g/q2\";\"_id\";\"_uuid\";\"_index\"\r\n"
                   "\"#date\";\"\";\"#q +one\";\"\";\"\";\"\";\"\"\r\n"
                   "\"2026-01-02T10:00:00.000+01:00\";\"\";\"4\";\"x\";\"1\";\"u\";\"1\"\r\n",
                   "KoboToolbox or ODK: columns such as _uuid", "row 1[: 4]\n");
    assert_dialect("SubmissionDate,q1,KEY\nJan 2,4,uuid:1\n", "columns SubmissionDate and KEY",
                   "row 1[: 4]\n");
}

static void test_other_tools(void **state)
{
    (void)state;
    assert_dialect("record_id,q1,box___1,box___2,form_complete\n1,4,1,0,2\n",
                   "REDCap: columns such as 'box___2'", "row 1[: 4]\n");
    assert_dialect("record_id,redcap_event_name,q1\n1,baseline,4\n",
                   "REDCap: columns such as redcap_event_name", "row 1[: 4]\n");
    assert_dialect("#,q1,Start Date (UTC),Submit Date (UTC),Network ID\nab,4,x,y,z\n",
                   "Typeform: its first column is #", "row 1[: 4]\n");
    assert_dialect("ID,Heure de d\xC3\xA9"
                   "but,Heure de fin,Adresse de messagerie,q1\n1,a,b,c,4\n",
                   "Microsoft Forms: columns such as 'Heure de fin'", "row 1[: 4]\n");
    assert_dialect("\"Horodateur\",\"q1\"\n\"2026/03/02 9:06:40 AM UTC+1\",\"4\"\n",
                   "Google Forms: it has a column 'Horodateur'", "row 1[: 4]\n");
    assert_dialect("Wave,Timestamp,q1\n1,x,4\n", "Google Forms", "row 1[: 4]\n");
    assert_dialect("case,partner,q1\na,b,4\n", NULL, "a[b: 4]\n");
}

/* Header text as it is found: with HTML, entities, no-break spaces and line ends. */
static void test_headers_are_made_plain(void **state)
{
    (void)state;
    assert_dialect("<b>q1</b>,\"\xC2\xA0q2 \",\"q3\n\",&#113;4,<span class=\"x\">q5</span>&nbsp;\n"
                   "1,2,3,4,5\n",
                   NULL, "row 1[: 1 2 3 4 5]\n");
    struct run r;
    run_c(&r, "q1,a &amp;<br> b < c,x&#0;&#xD800;&nosuch;\n9,,\n", NO_OPTIONS);
    assert_holds(&r.rejects, "f1,2,q1,9");
    assert_int_equal(r.ignored, 2);
    run_deinit(&r);
}

static void test_forced_and_unknown(void **state)
{
    (void)state;
    static const char TWO[] = "RespondentID,q1\n,Response\n11,4\n";
    assert_run(TWO, (struct survey_options){.dialect = "plain"}, "row 2[: 4]\n",
               "f1,2,q1,Response,\"NOT A NUMBER: write a whole number from 1 to 5; or dk, na or "
               "nothing\"\n");
    assert_run("a,q1\n,\n1,4\n", (struct survey_options){.dialect = "surveymonkey"}, "row 1[: 4]\n",
               "");
    struct run r;
    run_c(&r, TWO, (struct survey_options){.dialect = "sphinx"});
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, "error[E2025]: there is no dialect called 'sphinx'");
    assert_holds(&r.problems, "qualtrics, limesurvey");
    run_deinit(&r);
}

/* A header longer than the first look, a file that is header only, one that ends within it. */
static void test_odd_headers(void **state)
{
    (void)state;
    struct buffer b;
    struct run r;
    buffer_init(&b);
    buffer_c(&b, "RespondentID,q1,\"");
    buffer_repeat(&b, 'x', 700000);
    buffer_c(&b, "\"\n,Response,Response\n1,4,\n");
    struct text t = buffer_view(&b);
    run_texts(&r, &t, 1, NO_OPTIONS);
    assert_text("row 1[: 4]\n", buffer_view(&r.cases));
    run_deinit(&r);
    buffer_deinit(&b);
    assert_dialect("StartDate,EndDate,Finished,Status,q1\n", "Qualtrics", "");
    assert_dialect("RespondentID,q1\n,Response\n", "SurveyMonkey", "");
    assert_refused_bytes(TEXT("RespondentID,q1\n,\"Response\n"), EXIT_USAGE, "E2008");
    /* The second row is shorter, and longer, than the first. */
    assert_dialect("RespondentID,q1,q2\n,Response\n1,4,5\n", "SurveyMonkey", "row 1[: 4 5]\n");
    assert_dialect("RespondentID,q1\n,Response,more\n1,4\n", "SurveyMonkey", "row 1[: 4]\n");
}

/* Abandoned answers and previews, where the tool tells them; and a respondent who answers twice. */
static void test_rows_that_are_not_wanted(void **state)
{
    (void)state;
    static const char LIME[] = "id,submitdate,lastpage,q1\n1,2026-01-02,1,4\n2,,1,5\n3, ,1,9\n";
    static const char QUAL[] = "StartDate,Status,Finished,EndDate,q1\n7,0,1,b,1\n7,1,1,b,2\n"
                               "7,0,False,b,3\n7,Survey Preview,1,b,9\n";
    struct run r;
    run_c(&r, LIME, NO_OPTIONS);
    assert_text("row 1[: 4]\nrow 2[: 5]\n", buffer_view(&r.cases));
    assert_int_equal(r.counts.abandoned, 1);
    assert_int_equal(r.counts.rejected, 1);
    run_deinit(&r);
    run_c(&r, LIME, (struct survey_options){.drop_abandoned = true});
    assert_text("row 1[: 4]\n", buffer_view(&r.cases));
    assert_int_equal(r.counts.left_out, 2);
    assert_int_equal(r.counts.rejected, 0);
    run_deinit(&r);
    run_c(&r, QUAL, (struct survey_options){.chunk = 1});
    assert_text("row 1[: 1]\nrow 3[: 3]\n", buffer_view(&r.cases));
    assert_int_equal(r.counts.previews, 2);
    assert_int_equal(r.counts.left_out, 2);
    run_deinit(&r);
    run_c(&r, QUAL, (struct survey_options){.keep_previews = true, .drop_abandoned = true});
    assert_text("row 1[: 1]\nrow 2[: 2]\n", buffer_view(&r.cases));
    run_deinit(&r);
    static const char TWICE[] = "case,respondent,q1\na,x,1\na,y,2\na,x,3\n";
    assert_run(TWICE, NO_OPTIONS, "a[: 3, 2]\n", "");
    assert_run(TWICE, (struct survey_options){.duplicates = DUPLICATES_FIRST}, "a[: 1, 2]\n", "");
    assert_run(TWICE, (struct survey_options){.duplicates = DUPLICATES_FIRST, .sorted = true},
               "a[: 1, 2]\n", "");
    assert_run(TWICE, (struct survey_options){.duplicates = DUPLICATES_ALL}, "a[: 1, 2, 3]\n", "");
    /* With cases in a store too. */
    run_c(&r, "StartDate,Status,Finished,EndDate,case,q1\n7,0,1,b,k,1\n7,1,1,b,k,2\n", NO_OPTIONS);
    assert_text("k[: 1]\n", buffer_view(&r.cases));
    assert_int_equal(r.counts.left_out, 1);
    run_deinit(&r);
}

/* Lines of somebody above the table. */
static void test_rows_above_the_header(void **state)
{
    (void)state;
    static const char ABOVE[] = "Export of May\r\n\r\nq1,q2\r\n1,9\r\n4,5\r\n";
    struct run r;
    run_c(&r, ABOVE, NO_OPTIONS);
    assert_int_equal(r.exit, EXIT_USAGE);
    assert_holds(&r.problems, "warning[W2043]: 'f1' begins with lines of one cell (1)");
    assert_holds(&r.problems, "--skip-rows 1");
    run_deinit(&r);
    for (size_t skip = 1; skip <= 2; skip++)
        assert_run(ABOVE, (struct survey_options){.skip_rows = skip}, "row 2[: 4 5]\n",
                   "f1,4,q2,9,\"OUTSIDE THE RANGE: write a whole number from 1 to 5; or dk, na or "
                   "nothing\"\n");
    assert_run("\xEF\xBB\xBF"
               "title\nq1;q2\n1;2\n",
               (struct survey_options){.skip_rows = 1}, "row 1[: 1 2]\n", "");
    run_c(&r, ABOVE, (struct survey_options){.skip_rows = 100});
    assert_int_equal(r.case_count, 0);
    assert_holds(&r.problems, "is empty");
    run_deinit(&r);
}

static void test_lines_behind_headers(void **state)
{
    (void)state;
    struct run r;
    run_c(&r, "RespondentID,\"q1\"\n,\"Response\"\n1,9\n", NO_OPTIONS);
    assert_holds(&r.rejects, "f1,3,q1,9");
    run_deinit(&r);
    run_c(&r, "StartDate,q1\nDate,\"a\nb\"\n\"{\"\"ImportId\"\":\"\"x\"\"}\",y\nd,9\n", NO_OPTIONS);
    assert_holds(&r.rejects, "f1,5,q1,9");
    run_deinit(&r);
}

TEST_MAIN(11, cmocka_unit_test(test_limesurvey), cmocka_unit_test(test_qualtrics),
          cmocka_unit_test(test_surveymonkey), cmocka_unit_test(test_kobo_and_odk),
          cmocka_unit_test(test_other_tools), cmocka_unit_test(test_headers_are_made_plain),
          cmocka_unit_test(test_forced_and_unknown), cmocka_unit_test(test_odd_headers),
          cmocka_unit_test(test_rows_above_the_header),
          cmocka_unit_test(test_rows_that_are_not_wanted),
          cmocka_unit_test(test_lines_behind_headers))
