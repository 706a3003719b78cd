/* report, jsonl: every line is JSON with the keys of the interface, in their order. */
#include "unit/report_world.h"

#include <jansson.h>

static struct text jsonl(struct world *w, bool findings)
{
    struct report_options o = {.format = REPORT_JSONL, .findings = findings};
    return report_of(w, &o);
}

static void test_golden(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    world_golden(&w, "report.jsonl", jsonl(&w, false));
    world_close(&w);
}

/* The n-th line as JSON; the caller gives it back. */
static json_t *line(struct text t, unsigned n)
{
    for (; n > 0; n--) {
        const char *end = memchr(t.at, '\n', t.size);
        assert_non_null(end);
        t = (struct text){end + 1, t.size - (size_t)(end + 1 - t.at)};
    }
    const char *end = memchr(t.at, '\n', t.size);
    assert_non_null(end);
    json_error_t error;
    json_t *j = json_loadb(t.at, (size_t)(end - t.at), JSON_REJECT_DUPLICATES, &error);
    if (j == NULL)
        print_error("%s at %d\n", error.text, error.position);
    assert_non_null(j);
    return j;
}

static void check_keys(json_t *object, const char *const *keys, size_t count)
{
    assert_int_equal(json_object_size(object), count);
    size_t i = 0;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        assert_string_equal(key, keys[i]);
        i++;
    }
}

static void test_keys_and_values(void **state)
{
    (void)state;
    static const char *const KEYS[] = {"case",         "pack",     "partners",    "respondents",
                                       "put",          "answered", "conclusions", "absent",
                                       "not_assessed", "remedies", "profile"};
    static const char *const CONCLUSION[] = {
        "id",         "kind",  "verdict",       "certainty", "severity", "severity_because",
        "by_partner", "rules", "rules_against", "causes",    "because"};
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    struct text t = jsonl(&w, false);
    json_t *j = line(t, 0);
    check_keys(j, KEYS, 11);
    assert_string_equal(json_string_value(json_object_get(j, "pack")), "small 1.2.0");
    assert_int_equal(json_integer_value(json_object_get(j, "put")), 5);
    json_t *c = json_array_get(json_object_get(j, "conclusions"), 0);
    check_keys(c, CONCLUSION, 11);
    assert_string_equal(json_string_value(json_object_get(c, "severity")), "high");
    assert_string_equal(json_string_value(json_object_get(c, "severity_because")),
                        "load_balanced <= 1");
    c = json_array_get(json_object_get(j, "conclusions"), 2);
    assert_string_equal(json_string_value(json_object_get(c, "id")), "shared_ground");
    assert_true(json_is_null(json_object_get(c, "severity")));
    json_decref(j);
    world_close(&w);
}

/* Names of people are escaped; bad bytes become U+FFFD. */
static void test_hostile_names(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    world_case(&w, "a\"\\\n\033]0;x\a\xFF</script>", false);
    world_partner(&w, "\"},{");
    world_respondent(&w, "load_balanced=1 charter=no");
    json_t *j = line(jsonl(&w, true), 0);
    assert_string_equal(json_string_value(json_object_get(j, "case")),
                        "a\"\\\n\033]0;x\a\xEF\xBF\xBD</script>");
    assert_string_equal(json_string_value(json_array_get(json_object_get(j, "partners"), 0)),
                        "\"},{");
    json_decref(j);
    world_close(&w);
}

static void test_findings(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, "outlook");
    three_cases(&w);
    assert_false(text_holds(jsonl(&w, false), "\"finding\""));
    assert_true(text_holds(jsonl(&w, true), "{\"id\":\"role_ambiguity\",\"kind\":\"finding\""));
    world_close(&w);
}

/* Nobody answered a question of the dimension: no score. */
static void test_profile_without_answers(void **state)
{
    (void)state;
    struct world w;
    small_open(&w, NULL);
    world_case(&w, "a", false);
    world_partner(&w, "p");
    world_respondent(&w, "load_balanced=2");
    struct text t = jsonl(&w, false);
    assert_true(text_holds(t, "{\"dimension\":\"balance\",\"by_partner\":{\"p\":[25.0,1]}}"));
    assert_true(text_holds(t, "{\"dimension\":\"unused\",\"by_partner\":{\"p\":[null,0]}}"));
    json_decref(line(t, 0));
    world_close(&w);
}

TEST_MAIN(5, cmocka_unit_test(test_golden), cmocka_unit_test(test_keys_and_values),
          cmocka_unit_test(test_hostile_names), cmocka_unit_test(test_findings),
          cmocka_unit_test(test_profile_without_answers))
