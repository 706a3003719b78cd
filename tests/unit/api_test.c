/* The public interface: handles, cases, results, the batch. The pack is that of tests/cli. */
#include "test.h"

#include <entente/entente.h>
#include <sys/stat.h>

#define PACK "tests/cli/common/small"
#define PEOPLE "tests/cli/common/people.csv"
#define SHEET "tests/cli/common/sheet.yaml"

struct out {
    struct buffer b;
    size_t stop_at; /* fail once so much was written; 0: never */
};

static bool write_to(void *ctx, const char *at, size_t size)
{
    struct out *o = ctx;
    buffer_text(&o->b, (struct text){at, size});
    return o->stop_at == 0 || o->b.size < o->stop_at;
}

static bool holds(const struct out *o, const char *part)
{
    return o->b.size && memmem(o->b.at, o->b.size, part, strlen(part)) != NULL;
}

static struct entente_kb *load(struct entente_problems *ps, const char *pack)
{
    struct entente_load l = {.packs = &pack, .pack_count = 1, .with_tests = true};
    return entente_kb_load(&l, ps);
}

/* north says 1 and 2, south 4 and 4; the partnership is 6 months old. */
static struct entente_case *make_case(const struct entente_kb *kb, struct entente_problems *ps)
{
    static const char *const said[2][3] = {{"north", "1", "2"}, {"south", "4", "4"}};
    struct entente_case *c = entente_case_new(kb, "calls", ENTENTE_FORM_GIVEN, ps);
    bool ok = c != NULL;
    for (int i = 0; ok && i < 2; i++) {
        int who = entente_case_respondent(c, said[i][0], ps);
        ok = who >= 0 && entente_case_answer(c, who, "load_balanced", said[i][1], ps) &&
             entente_case_answer(c, who, "trust", said[i][2], ps) &&
             entente_case_answer(c, who, "comment", "Ce n’est pas unfair.", ps);
    }
    if (ok && entente_case_fact(c, "age_months", "6", ps))
        return c;
    entente_case_free(c);
    return NULL;
}

static void assert_name(const char *expected, struct entente_text t)
{
    struct text actual = {t.at, t.size};
    assert_text(expected, actual);
}

static void test_codes_are_found(void **state)
{
    struct entente_code c;
    (void)state;
    assert_true(entente_code_find("E0001", &c));
    assert_string_equal("E0001", c.label);
    assert_non_null(c.message);
    assert_false(entente_code_find("E9999", &c));
    for (size_t i = 0; i < entente_code_count(); i++) {
        assert_true(entente_code_find(entente_code_at(i).label, &c));
        assert_string_equal(c.message, entente_code_at(i).message);
    }
    assert_string_equal("", entente_code_at(entente_code_count()).label);
}

static void test_kb_says_what_it_is(void **state)
{
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct out o = {0};
    (void)state;
    assert_non_null(kb);
    assert_name("small 1.2.0", entente_kb_name(kb));
    assert_name("en", entente_kb_language(kb));
    assert_int_equal(7, entente_kb_counts(kb).questions);
    assert_int_equal(4, entente_kb_counts(kb).conclusions);
    assert_true(entente_kb_dump_program(kb, write_to, &o, ps));
    assert_true(holds(&o, "program small 1.2.0"));
    buffer_deinit(&o.b);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

static void test_missing_pack_is_a_problem(void **state)
{
    struct entente_problems *ps = entente_problems_new();
    struct out o = {0};
    (void)state;
    assert_null(load(ps, "tests/nowhere"));
    assert_int_equal(2, entente_problems_exit(ps));
    assert_int_equal(1, entente_problems_count(ps, ENTENTE_ERROR));
    assert_true(entente_problems_print(ps, false, write_to, &o));
    assert_true(holds(&o, "error[E1020]: there is no pack"));
    buffer_clear(&o.b);
    assert_true(entente_problems_json(ps, write_to, &o));
    assert_true(holds(&o, "[{\"code\":\"E1020\""));
    buffer_deinit(&o.b);
    entente_problems_free(ps);
}

static void test_result_of_calls(void **state)
{
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct entente_case *c = make_case(kb, ps);
    struct entente_result *r = entente_case_infer(c, ps);
    struct entente_conclusion imbalance;
    (void)state;
    entente_case_free(c); /* the result holds what it needs */
    assert_non_null(r);
    assert_name("calls", entente_result_case(r));
    assert_int_equal(4, entente_result_count(r));
    assert_name("low_trust", entente_result_at(r, 0).id);
    assert_int_equal(ENTENTE_PRESENT, entente_result_at(r, 0).verdict);
    assert_name("closeness", entente_result_at(r, 3).id);
    assert_int_equal(ENTENTE_NOT_ASSESSED, entente_result_at(r, 3).verdict);
    assert_int_equal(ENTENTE_NOT_ASSESSED, entente_result_at(r, 99).verdict);
    assert_true(entente_result_find(r, "imbalance", &imbalance));
    assert_name("Imbalance", imbalance.label);
    assert_name("diagnosis", imbalance.kind);
    assert_name("high", imbalance.severity);
    assert_true(imbalance.certainty.lo > 0.84 && imbalance.certainty.lo < 0.86);
    assert_false(entente_result_find(r, "nothing", &imbalance));
    assert_int_equal(2, entente_result_partner_count(r));
    assert_name("south", entente_result_partner(r, 1));
    assert_name("", entente_result_partner(r, 2));
    assert_true(entente_result_of_partner(r, "imbalance", 1).hi < 0.51);
    assert_true(entente_result_of_partner(r, "early_end", 1).lo > 0.5);
    assert_true(entente_result_of_partner(r, "nothing", 0).hi == 0);
    assert_int_equal(2, entente_result_remedy_count(r));
    assert_name("R1", entente_result_remedy(r, 0).id);
    assert_name("", entente_result_remedy(r, 2).id);
    entente_result_free(r);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

static void test_result_is_written_and_proved(void **state)
{
    static const char *const parts[] = {"Imbalance", "Imbalance", "calls,2,2,",
                                        "{\"case\":\"calls\""};
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct entente_case *c = make_case(kb, ps);
    struct entente_result *r = entente_case_infer(c, ps);
    (void)state;
    for (int f = 0; f < ENTENTE_FORMAT_COUNT; f++) {
        struct out o = {0}, cut = {.stop_at = 1};
        assert_true(entente_result_write(r, (enum entente_format)f, NULL, write_to, &o, ps));
        assert_true(holds(&o, parts[f]));
        assert_false(entente_result_write(r, (enum entente_format)f, NULL, write_to, &cut, ps));
        buffer_deinit(&o.b);
        buffer_deinit(&cut.b);
    }
    for (int json = 0; json < 2; json++) {
        struct out o = {0};
        assert_true(entente_result_how(r, "low_trust", json, write_to, &o, ps));
        assert_true(holds(&o, "imbalance_wears"));
        assert_int_equal(0, entente_problems_count(ps, ENTENTE_WARNING));
        buffer_deinit(&o.b);
    }
    assert_false(entente_result_how(r, "low_trus", false, write_to, NULL, ps));
    assert_int_equal(1, entente_problems_count(ps, ENTENTE_ERROR));
    entente_result_free(r);
    entente_case_free(c);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

static void test_formats_have_names(void **state)
{
    enum entente_format f;
    (void)state;
    assert_string_equal("md", entente_format_name(ENTENTE_MARKDOWN));
    assert_true(entente_format_of_file("a/b.jsonl", &f));
    assert_int_equal(ENTENTE_JSONL, f);
    assert_false(entente_format_of_file("a/b.xlsx", &f));
}

static void test_wrong_answers_are_refused(void **state)
{
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct entente_case *c = entente_case_new(kb, "wrong", ENTENTE_FORM_SHORT, ps);
    struct out o = {0};
    (void)state;
    int who = entente_case_respondent(c, "a", ps);
    assert_int_equal(0, who);
    assert_false(entente_case_answer(c, 1, "trust", "3", ps));
    assert_false(entente_case_answer(c, -1, "trust", "3", ps));
    assert_false(entente_case_answer(c, who, "trust", "9", ps));
    assert_false(entente_case_answer(c, who, "trus", "3", ps));
    assert_false(entente_case_answer(c, who, "age_months", "3", ps));
    assert_false(entente_case_fact(c, "trust", "3", ps));
    assert_false(entente_case_answer(c, who, "comment", "\xFF", ps));
    assert_true(entente_problems_print(ps, false, write_to, &o));
    assert_true(holds(&o, "E2109")); /* no such respondent */
    assert_true(holds(&o, "'9' is no answer to 'trust': write a whole number from 1 to 5"));
    assert_true(holds(&o, "did you mean 'trust'?"));
    assert_true(holds(&o, "E2104"));
    assert_true(holds(&o, "E2105"));
    assert_int_equal(7, entente_problems_count(ps, ENTENTE_ERROR));
    buffer_deinit(&o.b);
    entente_case_free(c);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

/* Of an answer that comes twice the last one counts; an open case may still be answered. */
static void test_open_case(void **state)
{
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct entente_case *c = entente_case_new(kb, "open", ENTENTE_FORM_SHORT, ps);
    struct entente_conclusion k;
    (void)state;
    int who = entente_case_respondent(c, "a", ps);
    assert_true(entente_case_answer(c, who, "load_balanced", "1", ps));
    assert_true(entente_case_answer(c, who, "load_balanced", "3", ps));
    entente_case_set_open(c, true);
    struct entente_result *r = entente_case_infer(c, ps);
    assert_true(entente_result_find(r, "low_trust", &k));
    assert_int_equal(ENTENTE_UNDETERMINED, k.verdict);
    assert_true(entente_result_find(r, "imbalance", &k)); /* the comment may still come */
    assert_int_equal(ENTENTE_UNDETERMINED, k.verdict);
    entente_result_free(r);
    assert_true(entente_case_answer(c, who, "comment", "nothing", ps));
    r = entente_case_infer(c, ps);
    assert_true(entente_result_find(r, "imbalance", &k));
    assert_int_equal(ENTENTE_ABSENT, k.verdict);
    entente_result_free(r);
    entente_case_free(c);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

static void test_partners_come_together(void **state)
{
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct entente_case *c = entente_case_new(kb, "mixed", ENTENTE_FORM_GIVEN, ps);
    static const char *const partners[] = {"a", "b", "a"}, *const load_said[] = {"1", "4", "2"};
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(entente_case_answer(c, entente_case_respondent(c, partners[i], ps),
                                        "load_balanced", load_said[i], ps));
    struct entente_result *r = entente_case_infer(c, ps);
    assert_int_equal(2, entente_result_partner_count(r));
    assert_true(entente_result_of_partner(r, "imbalance", 0).lo > 0.69);
    assert_true(entente_result_of_partner(r, "imbalance", 1).hi == 0);
    entente_result_free(r);
    entente_case_free(c);
    /* nobody at all: still a case */
    c = entente_case_new(kb, "empty", ENTENTE_FORM_LONG, ps);
    r = entente_case_infer(c, ps);
    assert_int_equal(1, entente_result_partner_count(r));
    entente_result_free(r);
    entente_case_free(c);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

static void test_case_of_a_file(void **state)
{
    static const char *const sheet[] = {SHEET}, *const export[] = {PEOPLE};
    struct entente_input in = {.files = sheet, .file_count = 1};
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct entente_case *c = entente_case_load(kb, &in, NULL, ps);
    struct entente_result *r = entente_case_infer(c, ps);
    (void)state;
    assert_name("delta", entente_result_case(r));
    assert_name("low_trust", entente_result_at(r, 0).id);
    entente_result_free(r);
    entente_case_free(c);
    in.files = export;
    assert_null(entente_case_load(kb, &in, NULL, ps));
    assert_null(entente_case_load(kb, &in, "alpa", ps));
    c = entente_case_load(kb, &in, "alpha", ps);
    r = entente_case_infer(c, ps);
    assert_name("alpha", entente_result_case(r));
    assert_name("closeness", entente_result_at(r, 0).id);
    assert_int_equal(2, entente_problems_count(ps, ENTENTE_ERROR));
    entente_result_free(r);
    entente_case_free(c);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

static void test_packs_test_themselves(void **state)
{
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct entente_test_counts n;
    struct out o = {0};
    (void)state;
    assert_true(entente_kb_test(kb, false, NULL, write_to, &o, &n, ps));
    assert_int_equal(2, n.passed);
    assert_int_equal(0, n.failed);
    assert_int_equal(0, o.b.size);
    buffer_deinit(&o.b);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

static void test_coverage_is_read_from_tests(void **state)
{
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct entente_coverage *c = entente_coverage_new(kb, ps);
    struct entente_coverage_counts n = entente_coverage_counts(c);
    struct entente_test_counts tests;
    struct out o = {0};
    (void)state;
    assert_int_equal(7, n.rules);
    assert_int_equal(0, n.fired + n.silent + n.present + n.absent);
    assert_true(entente_kb_test(kb, false, c, write_to, &o, &tests, ps));
    n = entente_coverage_counts(c);
    assert_int_equal(7, n.rules);
    assert_int_equal(4, n.fired);
    assert_int_equal(6, n.silent); /* shares_much is out of play: nobody is asked what they share */
    assert_int_equal(3, n.diagnoses);
    assert_int_equal(2, n.present);
    assert_int_equal(2, n.absent);
    assert_int_equal(0, o.b.size);
    assert_true(entente_coverage_write(c, false, write_to, &o, ps));
    assert_true(o.b.size > 0);
    buffer_deinit(&o.b);
    entente_coverage_free(c);
    entente_coverage_free(NULL);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

/* --- the batch ------------------------------------------------------------------------------- */

struct batch_world {
    char *folder, path[4200];
    size_t told;
    size_t stop_after;
};

static void on_progress(void *ctx, const struct entente_progress *p)
{
    ((struct batch_world *)ctx)->told++;
    assert_true(p->bytes <= p->bytes_all);
}

static bool on_stop(void *ctx)
{
    struct batch_world *w = ctx;
    return w->stop_after && w->told >= w->stop_after;
}

static void test_batch_writes_and_sums_up(void **state)
{
    static const char *const files[] = {PEOPLE};
    struct batch_world w = {.folder = test_folder_new()};
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct entente_batch b = {.input = {.files = files, .file_count = 1},
                              .format = ENTENTE_JSONL,
                              .output = w.path,
                              .progress = on_progress,
                              .ctx = &w};
    struct entente_summary s;
    struct stat st;
    (void)state;
    snprintf(w.path, sizeof w.path, "%s/out.jsonl", w.folder);
    assert_true(entente_batch_run(kb, &b, &s, ps));
    assert_int_equal(5, s.read);
    assert_int_equal(5, s.used);
    assert_int_equal(3, s.cases);
    assert_int_equal(0, s.rejected);
    assert_int_equal(0, s.ignored_count);
    assert_name("", entente_summary_ignored(&s, 0));
    assert_true(w.told > 0);
    assert_int_equal(0, stat(w.path, &st));
    entente_summary_deinit(&s);
    entente_summary_deinit(&s);
    assert_false(entente_batch_run(kb, &b, &s, ps)); /* it exists */
    assert_int_equal(2, entente_problems_exit(ps));
    entente_summary_deinit(&s);
    entente_kb_free(kb);
    entente_problems_free(ps);
    test_folder_free(w.folder);
}

static void test_batch_can_be_stopped(void **state)
{
    static const char *files[1];
    struct batch_world w = {.folder = test_folder_new(), .stop_after = 2};
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    char input[4200];
    struct entente_summary s;
    (void)state;
    snprintf(input, sizeof input, "%s/in.csv", w.folder);
    snprintf(w.path, sizeof w.path, "%s/out.csv", w.folder);
    FILE *f = fopen(input, "wb");
    fputs("trust,load_balanced\n", f);
    for (int i = 0; i < 800000; i++)
        fputs("3,4\n", f);
    assert_int_equal(0, fclose(f));
    files[0] = input;
    struct entente_batch b = {.input = {.files = files, .file_count = 1},
                              .format = ENTENTE_CSV,
                              .columns = ENTENTE_CERTAINTY,
                              .output = w.path,
                              .jobs = 2,
                              .progress = on_progress,
                              .stop = on_stop,
                              .ctx = &w};
    assert_false(entente_batch_run(kb, &b, &s, ps));
    assert_true(s.stopped);
    assert_true(s.read > 0 && s.read < 800000);
    assert_int_equal(s.read, s.used + s.rejected);
    struct stat st;
    assert_int_not_equal(0, stat(w.path, &st));
    assert_int_equal(0, entente_problems_count(ps, ENTENTE_ERROR));
    entente_summary_deinit(&s);
    entente_kb_free(kb);
    entente_problems_free(ps);
    test_folder_free(w.folder);
}

/* --- memory ---------------------------------------------------------------------------------- */

/* It was done, or memory was short and the problems say so. */
static void check_end(bool ok, struct entente_problems *ps)
{
    struct out o = {0};
    if (ok || entente_problems_exit(ps) == 5)
        return;
    entente_problems_print(ps, false, write_to, &o);
    print_error("%.*s\n", (int)o.b.size, o.b.size ? o.b.at : "nothing is said");
    buffer_deinit(&o.b);
    fail();
}

static void ask_everything(void *ctx)
{
    (void)ctx;
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    struct entente_case *c = kb ? make_case(kb, ps) : NULL;
    struct entente_result *r = c ? entente_case_infer(c, ps) : NULL;
    struct entente_coverage *cover = r ? entente_coverage_new(kb, ps) : NULL;
    struct out o = {0};
    struct entente_test_counts n;
    bool ok = cover && entente_result_write(r, ENTENTE_TEXT, NULL, write_to, &o, ps) &&
              entente_result_how(r, "low_trust", false, write_to, &o, ps) &&
              entente_result_how(r, "low_trust", true, write_to, &o, ps) &&
              entente_kb_test(kb, true, cover, write_to, &o, &n, ps) &&
              entente_coverage_write(cover, true, write_to, &o, ps);
    check_end(ok || o.b.failed, ps);
    buffer_deinit(&o.b);
    entente_coverage_free(cover);
    entente_result_free(r);
    entente_case_free(c);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    test_each_allocation(ask_everything, NULL);
}

static void load_a_case(void *kb)
{
    static const char *const files[] = {PEOPLE};
    struct entente_input in = {.files = files, .file_count = 1};
    struct entente_problems *ps = entente_problems_new();
    struct entente_case *c = entente_case_load(kb, &in, "beta", ps);
    check_end(c != NULL, ps);
    entente_case_free(c);
    entente_problems_free(ps);
}

static void run_a_batch(void *kb)
{
    static const char *const files[] = {PEOPLE};
    struct entente_batch b = {.input = {.files = files, .file_count = 1},
                              .output = "/dev/null",
                              .format = ENTENTE_CSV,
                              .jobs = 1};
    struct entente_problems *ps = entente_problems_new();
    struct entente_summary s;
    bool ok = entente_batch_run(kb, &b, &s, ps);
    check_end(ok, ps);
    entente_summary_deinit(&s);
    entente_problems_free(ps);
}

static void test_memory_may_end_in_files(void **state)
{
    struct entente_problems *ps = entente_problems_new();
    struct entente_kb *kb = load(ps, PACK);
    (void)state;
    test_each_allocation(load_a_case, kb);
    test_each_allocation(run_a_batch, kb);
    entente_kb_free(kb);
    entente_problems_free(ps);
}

TEST_MAIN(16, cmocka_unit_test(test_codes_are_found), cmocka_unit_test(test_kb_says_what_it_is),
          cmocka_unit_test(test_missing_pack_is_a_problem), cmocka_unit_test(test_result_of_calls),
          cmocka_unit_test(test_result_is_written_and_proved),
          cmocka_unit_test(test_formats_have_names),
          cmocka_unit_test(test_wrong_answers_are_refused), cmocka_unit_test(test_open_case),
          cmocka_unit_test(test_partners_come_together), cmocka_unit_test(test_case_of_a_file),
          cmocka_unit_test(test_packs_test_themselves),
          cmocka_unit_test(test_coverage_is_read_from_tests),
          cmocka_unit_test(test_batch_writes_and_sums_up),
          cmocka_unit_test(test_batch_can_be_stopped),
          cmocka_unit_test(test_memory_may_end_anywhere),
          cmocka_unit_test(test_memory_may_end_in_files))
