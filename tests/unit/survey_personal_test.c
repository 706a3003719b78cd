/* What is about people: by what values look like, by headers, and by what looks so and is not. */
#include "survey_kit.h"

#include "survey/personal.h"

static void test_values(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        enum personal kind;
    } VALUES[] = {
        {"ann@example.org", PERSONAL_EMAIL},
        {"Ann <ann.b-c@mail.example.co.uk>", PERSONAL_EMAIL},
        {"write to ann@example.fr, please", PERSONAL_EMAIL},
        {"ann@home", PERSONAL_NONE},
        {"@work", PERSONAL_NONE},
        {"a @ b.c", PERSONAL_NONE},
        {"3@5.0", PERSONAL_NONE},
        {"192.0.2.1", PERSONAL_IP},
        {" 10.0.0.255 ", PERSONAL_IP},
        {"256.0.0.1", PERSONAL_NONE},
        {"1.2.3", PERSONAL_NONE},
        {"1.2.3.4.5", PERSONAL_NONE},
        {"2001:db8::1", PERSONAL_IP},
        {"::ffff:192.0.2.1", PERSONAL_IP},
        {"fe80:0:0:0:1:2:3:4", PERSONAL_IP},
        {"12:30:45", PERSONAL_NONE},
        {"06 12 34 56 78", PERSONAL_PHONE},
        {"06.12.34.56.78", PERSONAL_PHONE},
        {"0612345678", PERSONAL_PHONE},
        {"06\xC2\xA0"
         "12\xC2\xA0"
         "34\xC2\xA0"
         "56\xC2\xA0"
         "78",
         PERSONAL_PHONE},
        {"+33 1 23 45 67 89", PERSONAL_PHONE},
        {"+1 (555) 123-4567", PERSONAL_PHONE},
        {"(555) 123-4567", PERSONAL_PHONE},
        {"0.123456789", PERSONAL_NONE},
        {"01-02-2024", PERSONAL_NONE},
        {"2024-01-02", PERSONAL_NONE},
        {"0000012345", PERSONAL_NONE},
        {"1234567890", PERSONAL_NONE},
        {"-5", PERSONAL_NONE},
        {"", PERSONAL_NONE},
        {"4", PERSONAL_NONE},
    };
    for (size_t i = 0; i < sizeof VALUES / sizeof VALUES[0]; i++)
        if (personal_value(text_from_c(VALUES[i].value)) != VALUES[i].kind)
            fail_msg("'%s' is taken for kind %d", VALUES[i].value,
                     (int)personal_value(text_from_c(VALUES[i].value)));
}

/* What is kept of a column called so; kept cells of one row, or none. */
static bool is_kept(const char *header, const char *value)
{
    char content[400];
    const char *const keep[] = {header};
    struct run r;
    snprintf(content, sizeof content, "\"%s\",q1\n\"%s\",3\n", header, value);
    kit_hides = true;
    run_c(&r, content, (struct survey_options){.keep = keep, .keep_count = 1});
    kit_hides = false;
    assert_int_equal(r.exit, 0);
    buffer_byte(&r.problems, '\0');
    bool kept = r.kept.size > 0;
    assert_true(kept || strstr(r.problems.at, "W2045"));
    run_deinit(&r);
    return kept;
}

static void test_headers(void **state)
{
    (void)state;
    static const char *const PERSONAL_HEADERS[] = {"E-mail",
                                                   "Email Address",
                                                   "Adresse e-mail",
                                                   "Adresse de messagerie",
                                                   "courriel",
                                                   "ipaddr",
                                                   "IP Address",
                                                   "Adresse IP",
                                                   "IPAddress",
                                                   "Téléphone",
                                                   "Tel.",
                                                   "N° de portable",
                                                   "Nom",
                                                   "NOM",
                                                   "Prénom",
                                                   "Name",
                                                   "First Name",
                                                   "Last name",
                                                   "RecipientLastName",
                                                   "Nom et prénom",
                                                   "_submitted_by",
                                                   "Nom de famille"};
    static const char *const OTHERS[] = {"Nom de l'entreprise",
                                         "Company name",
                                         "Nom du projet",
                                         "partner name",
                                         "id",
                                         "date",
                                         "wave",
                                         "Équipe",
                                         "shipment",
                                         "hotel",
                                         "nominal",
                                         "unnamed",
                                         "Il répond aux mails de l'autre partenaire vite"};
    for (size_t i = 0; i < sizeof PERSONAL_HEADERS / sizeof *PERSONAL_HEADERS; i++)
        if (is_kept(PERSONAL_HEADERS[i], "x"))
            fail_msg("'%s' is taken for nobody's", PERSONAL_HEADERS[i]);
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
        if (!is_kept(OTHERS[i], "x"))
            fail_msg("'%s' is taken for personal", OTHERS[i]);
    assert_false(is_kept("remark", "what somebody has written here, with care"));
    assert_true(is_kept("remark", "two words"));
}

/* A question's column is what the question is; its texts are somebody's words. */
static void test_questions(void **state)
{
    (void)state;
    const char *const keep[] = {"comment", "q1"};
    struct run r;
    kit_hides = true;
    run_c(&r, "q1,comment\n3,x\n", (struct survey_options){.keep = keep, .keep_count = 2});
    kit_hides = false;
    assert_holds(&r.problems, "the column 'comment' is left out: it holds free text");
    assert_holds(&r.problems, "--quote-text lets it out");
    buffer_byte(&r.problems, '\0');
    assert_null(strstr(r.problems.at, "'q1'"));
    run_deinit(&r);
}

TEST_MAIN(3, cmocka_unit_test(test_values), cmocka_unit_test(test_headers),
          cmocka_unit_test(test_questions))
