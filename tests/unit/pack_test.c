/* pack_test: what packs may do to us that cannot stand in a folder of files: sizes, pipes, links,
 * chains, memory that comes to its end, a small stack. The numbers are those of the list of faults
 * that the folders of tests/packs bear in their names too. */
#include "pack_render.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define HEAD "id: t\nversion: 1.0.0\nlanguage: fr\ntitle: T\n"

/* Times are those of an instrumented build on a busy machine: far above what a release takes, far
 * below what the fault would. */
enum { SOON = 1000 };

struct place_of_test {
    char *folder;
    char before[4096];
};

static void enter(struct place_of_test *p)
{
    assert_non_null(getcwd(p->before, sizeof p->before));
    p->folder = test_folder_new();
    assert_int_equal(0, chdir(p->folder));
    setenv("ENTENTE_RULES", "installed", 1);
}

static void leave(struct place_of_test *p)
{
    assert_int_equal(0, chdir(p->before));
    test_folder_free(p->folder);
}

static void put(const char *path, struct text bytes)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(bytes.size, fwrite(bytes.at, 1, bytes.size, f));
    assert_int_equal(0, fclose(f));
}

static void put_c(const char *path, const char *c)
{
    put(path, text_from_c(c));
}

static void repeat(struct buffer *b, const char *c, size_t n)
{
    while (n-- > 0)
        buffer_c(b, c);
}

static long now_ms(void)
{
    return (long)(test_seconds() * 1000);
}

/* Loads, compares what is printed, gives the milliseconds it took. */
static long expect(const char *line, const char *expected)
{
    struct buffer out;
    buffer_init(&out);
    long start = now_ms();
    pack_render(text_from_c(line), &out);
    long took = now_ms() - start;
    assert_text(expected, buffer_view(&out));
    buffer_deinit(&out);
    return took;
}

/* Loads; what is printed must begin so. */
static long expect_start(const char *line, const char *start)
{
    struct buffer out;
    buffer_init(&out);
    long began = now_ms();
    pack_render(text_from_c(line), &out);
    long took = now_ms() - began;
    if (!text_starts(buffer_view(&out), start))
        fail_msg("%.*s", (int)(out.size < 2000 ? out.size : 2000), out.at);
    buffer_deinit(&out);
    return took;
}

static void test_fault_04_big_scalar_aliased(void **state)
{
    (void)state;
    struct place_of_test place;
    struct buffer b;
    enter(&place);
    buffer_init(&b);
    buffer_c(&b, "a: &a ");
    repeat(&b, "x", 1000000);
    buffer_c(&b, "\nb: [");
    repeat(&b, "*a, ", 1000);
    buffer_c(&b, "]\n");
    put("pack.yaml", buffer_view(&b));
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    long took =
        expect_start(".", "pack.yaml:1:4: error[E1112]: anchors and aliases are not allowed");
    getrusage(RUSAGE_SELF, &after);
    assert_true(took < SOON);
    assert_true(after.ru_maxrss - before.ru_maxrss < 32 * 1024);
    buffer_deinit(&b);
    leave(&place);
}

static void test_fault_06_nested_brackets(void **state)
{
    (void)state;
    static const char *const kinds[] = {"[", "{", "[\n", "- ", "? "};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct place_of_test place;
        struct buffer b;
        enter(&place);
        buffer_init(&b);
        repeat(&b, kinds[i], 50000);
        put("pack.yaml", buffer_view(&b));
        struct buffer out;
        buffer_init(&out);
        long start = now_ms();
        pack_render(TEXT("."), &out);
        assert_true(now_ms() - start < SOON);
        struct text t = buffer_view(&out);
        if (!memmem(t.at, t.size, "nested more than 64 deep", 24))
            fail_msg("%s: %.*s", kinds[i], (int)(t.size < 500 ? t.size : 500), t.at);
        /* Where a key is a list, that comes first. */
        assert_true(
            text_ends(t, kinds[i][0] == '{' || kinds[i][0] == '?' ? "exit 2\n" : "exit 5\n"));
        buffer_deinit(&out);
        buffer_deinit(&b);
        leave(&place);
    }
}

static void test_fault_07_nested_mappings(void **state)
{
    (void)state;
    struct place_of_test place;
    struct buffer b;
    enter(&place);
    buffer_init(&b);
    for (size_t i = 0; i < 3000; i++) {
        repeat(&b, " ", i);
        buffer_c(&b, "a:\n");
    }
    put("pack.yaml", buffer_view(&b));
    assert_true(expect_start(".", "pack.yaml:65:65: error[E1117]") < SOON);
    buffer_deinit(&b);
    leave(&place);
}

static void test_fault_08_big_files(void **state)
{
    (void)state;
    struct place_of_test place;
    enter(&place);
    put_c("pack.yaml", HEAD);
    put_c("rules.yaml", "");
    assert_int_equal(0, truncate("rules.yaml", 100 << 20));
    long took = expect(".", "error[E1026]: 'rules.yaml' is larger than 16 MiB\n"
                            "  help: split it: rules may stand in rules-*.yaml\n"
                            "exit 5\n");
    assert_true(took < SOON);
    leave(&place);
    expect("/dev/zero", "error[E1021]: '/dev/zero' is not a folder\n"
                        "  help: name the folder that holds pack.yaml\n"
                        "exit 2\n");
}

static void test_fault_21_links(void **state)
{
    (void)state;
    struct place_of_test place;
    enter(&place);
    assert_int_equal(0, mkdir("mine", 0700));
    assert_int_equal(0, mkdir("hidden", 0700));
    put_c("hidden/pack.yaml", "id: secret\npassword: hunter2\n");
    put_c("mine/pack.yaml", HEAD "extends: [away]\n");
    assert_int_equal(0, symlink("hidden", "away"));
    expect("mine",
           "mine/pack.yaml:5:11: error[E1023]: 'away' is not a folder, or is a symbolic link, "
           "which is not followed\n"
           "   5 | extends: [away]\n"
           "     |           ^~~~\n"
           "  help: put the pack's own folder there\n"
           "exit 2\n");
    put_c("mine/pack.yaml", HEAD);
    assert_int_equal(0, symlink("../hidden/pack.yaml", "mine/rules.yaml"));
    assert_int_equal(0, symlink("/proc/self/environ", "mine/questions.yaml"));
    expect("mine", "error[E1024]: 'mine/questions.yaml' is a symbolic link, which is not followed\n"
                   "  help: put the file itself there\n"
                   "error[E1024]: 'mine/rules.yaml' is a symbolic link, which is not followed\n"
                   "  help: put the file itself there\n"
                   "exit 2\n");
    leave(&place);
}

static void make_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_true(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(0, bind(fd, (struct sockaddr *)&address, sizeof address));
    close(fd);
}

static void test_fault_22_special_files(void **state)
{
    (void)state;
    struct place_of_test place;
    enter(&place);
    put_c("pack.yaml", HEAD "extends: [pipe]\n");
    assert_int_equal(0, mkdir("mine", 0700));
    assert_int_equal(0, mkfifo("pipe", 0600));
    put_c("mine/pack.yaml", HEAD "extends: [pipe]\n");
    expect_start("mine", "mine/pack.yaml:5:11: error[E1023]: 'pipe' is not a folder");
    put_c("mine/pack.yaml", HEAD);
    assert_int_equal(0, mkfifo("mine/questions.yaml", 0600));
    assert_int_equal(0, mkdir("mine/rules.yaml", 0700));
    make_socket("mine/remedies.yaml");
    long took = expect("mine", "error[E1025]: 'mine/questions.yaml' is not a regular file\n"
                               "  help: a pack holds plain files only; remove it\n"
                               "error[E1025]: 'mine/rules.yaml' is not a regular file\n"
                               "  help: a pack holds plain files only; remove it\n"
                               "error[E1025]: 'mine/remedies.yaml' is not a regular file\n"
                               "  help: a pack holds plain files only; remove it\n"
                               "exit 2\n");
    assert_true(took < SOON);
    leave(&place);
}

static void test_no_permission(void **state)
{
    (void)state;
    if (geteuid() == 0)
        return; /* everything may be read */
    struct place_of_test place;
    enter(&place);
    put_c("pack.yaml", HEAD);
    assert_int_equal(0, chmod("pack.yaml", 0));
    expect_start(".", "error[E0003]: 'pack.yaml' cannot be read: Permission denied");
    leave(&place);
}

static void test_fault_23_chain(void **state)
{
    (void)state;
    struct place_of_test place;
    enter(&place);
    for (int i = 0; i < 300; i++) {
        char path[40], bytes[120];
        snprintf(path, sizeof path, "p%03d", i);
        assert_int_equal(0, mkdir(path, 0700));
        snprintf(path, sizeof path, "p%03d/pack.yaml", i);
        snprintf(bytes, sizeof bytes,
                 "id: p%03d\nversion: 1.0.0\nlanguage: fr\ntitle: T\nextends: [p%03d]\n", i, i + 1);
        put_c(path, bytes);
    }
    expect("p000",
           "p015/pack.yaml:5:11: error[E1037]: packs extend each other more than 16 deep: p000 -> "
           "p001 -> p002 -> p003 -> ... -> p013 -> p014 -> p015\n"
           "   5 | extends: [p016]\n"
           "     |           ^~~~\n"
           "  help: let the pack extend fewer packs\n"
           "exit 5\n");
    leave(&place);
}

static void test_too_many_packs(void **state)
{
    (void)state;
    struct place_of_test place;
    struct buffer line;
    enter(&place);
    buffer_init(&line);
    for (int i = 0; i < 65; i++) {
        char path[40], bytes[120];
        snprintf(path, sizeof path, "p%03d", i);
        assert_int_equal(0, mkdir(path, 0700));
        buffer_c(&line, path);
        buffer_byte(&line, ' ');
        snprintf(bytes, sizeof bytes, "id: p%03d\nversion: 1.0.0\nlanguage: fr\ntitle: T\n", i);
        snprintf(path, sizeof path, "p%03d/pack.yaml", i);
        put_c(path, bytes);
    }
    struct buffer out;
    buffer_init(&out);
    pack_render(buffer_view(&line), &out);
    assert_true(text_starts(buffer_view(&out), "error[E1033]: more than 64 packs"));
    assert_true(text_ends(buffer_view(&out), "exit 5\n"));
    buffer_deinit(&out);
    buffer_deinit(&line);
    leave(&place);
}

static void test_too_many_rule_files(void **state)
{
    (void)state;
    struct place_of_test place;
    enter(&place);
    put_c("pack.yaml", HEAD);
    for (int i = 0; i < 1001; i++) {
        char path[40];
        snprintf(path, sizeof path, "rules-%d.yaml", i);
        put_c(path, "rules: []\n");
    }
    expect_start(".", "error[E1028]: '.' holds more than 1000 files rules-*");
    leave(&place);
}

/* A pack of that many rules; gives the milliseconds it takes to load. */
static long load_rules(unsigned rules, unsigned questions)
{
    struct place_of_test place;
    struct buffer b;
    char row[200];
    enter(&place);
    put_c("pack.yaml", HEAD);
    buffer_init(&b);
    for (unsigned i = 0; i < questions; i++) {
        snprintf(row, sizeof row, "- {id: q%u, kind: yesno, text: Q}\n", i);
        buffer_c(&b, row);
    }
    put("questions.yaml", buffer_view(&b));
    buffer_clear(&b);
    buffer_c(&b, "conclusions: [{id: c, kind: diagnosis, label: C}]\nrules:\n");
    for (unsigned i = 0; i < rules; i++) {
        snprintf(row, sizeof row, "- {id: r%u, when: q%u, conclude: c, certainty: 0.1}\n", i,
                 i % questions);
        buffer_c(&b, row);
    }
    put("rules.yaml", buffer_view(&b));
    snprintf(row, sizeof row,
             "t 1.0.0: %u questions, 1 conclusions, %u rules, 0 remedies in 1 layers\n", questions,
             rules);
    long took = expect(".", row);
    buffer_deinit(&b);
    leave(&place);
    return took;
}

static void test_fault_26_many_rules(void **state)
{
    (void)state;
    long small = load_rules(10000, 1000), large = load_rules(100000, 10000);
    if (large > 20 * small + SOON)
        fail_msg("10,000 rules took %ld ms, 100,000 took %ld ms", small, large);
}

static void test_fault_26_too_many_questions(void **state)
{
    (void)state;
    struct place_of_test place;
    struct buffer b;
    char row[80];
    enter(&place);
    put_c("pack.yaml", HEAD);
    buffer_init(&b);
    for (unsigned i = 0; i < LIMIT_QUESTIONS + 5; i++) {
        snprintf(row, sizeof row, "- {id: q%u, kind: yesno, text: Q}\n", i);
        buffer_c(&b, row);
    }
    put("questions.yaml", buffer_view(&b));
    expect_start(".",
                 "questions.yaml:10001:8: error[E1044]: there are more than 10000 items of the "
                 "kind question");
    buffer_deinit(&b);
    leave(&place);
}

static void test_fault_26_long_text(void **state)
{
    (void)state;
    struct place_of_test place;
    struct buffer b;
    enter(&place);
    buffer_init(&b);
    buffer_c(&b, "id: t\nversion: 1.0.0\nlanguage: fr\ntitle: ");
    repeat(&b, "x", LIMIT_TEXT);
    put("pack.yaml", buffer_view(&b));
    expect(".", "t 1.0.0: 0 questions, 0 conclusions, 0 rules, 0 remedies in 0 layers\n");
    buffer_c(&b, "x");
    put("pack.yaml", buffer_view(&b));
    expect_start(".",
                 "pack.yaml:4:8: error[E1119]: this text has 1048577 bytes, more than the 1048576 "
                 "allowed");
    buffer_deinit(&b);
    leave(&place);
}

static void test_too_many_values(void **state)
{
    (void)state;
    struct place_of_test place;
    struct buffer b;
    enter(&place);
    buffer_init(&b);
    buffer_c(&b, HEAD "disable: [");
    repeat(&b, "a,", LIMIT_YAML_NODES);
    buffer_c(&b, "a]\n");
    put("pack.yaml", buffer_view(&b));
    struct buffer out;
    buffer_init(&out);
    pack_render(TEXT("."), &out);
    assert_true(text_starts(
        buffer_view(&out), "pack.yaml:1:1: error[E1118]: the file holds more than 4000000 values"));
    assert_true(text_ends(buffer_view(&out), "exit 5\n"));
    buffer_deinit(&out);
    buffer_deinit(&b);
    leave(&place);
}

/* Thousands of mistakes: some are told, all are counted, and it takes no time. */
static void test_many_mistakes(void **state)
{
    (void)state;
    struct place_of_test place;
    struct buffer b;
    char row[120];
    enter(&place);
    put_c("pack.yaml", HEAD);
    buffer_init(&b);
    buffer_c(&b, "conclusions: [{id: c, kind: diagnosis, label: C}]\nrules:\n");
    for (unsigned i = 0; i < 20000; i++) {
        snprintf(row, sizeof row, "- {id: r%u, when: nobody, conclude: d, certainty: 7}\n", i);
        buffer_c(&b, row);
    }
    put("rules.yaml", buffer_view(&b));
    assert_true(expect_start(".", "rules.yaml:3:18: error[E1218]") < 10 * SOON);
    buffer_deinit(&b);
    leave(&place);
}

static const char SMALL_RULES[] = "conclusions:\n"
                                  "  - id: low\n"
                                  "    kind: diagnosis\n"
                                  "    label: \"Confiance \\\n"
                                  "      basse\"\n"
                                  "    severity: {high_when: trust = 1}\n"
                                  "rules:\n"
                                  "  - id: r\n"
                                  "    when: >\n"
                                  "      not (trust > 2\n"
                                  "      or comment matches /d.lai/i)\n"
                                  "    conclude: low\n"
                                  "    certainty: 0.7\n"
                                  "    source: [K1, K2]\n";

static void put_small(const char *when)
{
    assert_int_equal(0, mkdir("base", 0700));
    assert_int_equal(0, mkdir("mine", 0700));
    put_c("base/pack.yaml", "id: base\nversion: 1.0.0\nlanguage: fr\ntitle: T\n"
                            "scales: [{id: s, range: [1, 5], ends: [a, b]}]\n");
    put_c("base/questions.yaml", "- {id: trust, kind: scale, text: T, scale: s}\n"
                                 "- {id: comment, kind: text, text: C}\n");
    put_c("base/rules.yaml", SMALL_RULES);
    put_c("base/text.en.yaml", "- {of: low, label: Low trust}\n");
    put_c("base/tests.yaml", "nonsense");
    put_c("mine/pack.yaml", HEAD "extends: [base]\ndisable: [comment]\n");
    struct buffer b;
    buffer_init(&b);
    buffer_c(&b, "rules: [{id: r, override: true, certainty: 0.4, when: ");
    buffer_c(&b, when);
    buffer_c(&b, "}]\n");
    put("mine/rules.yaml", buffer_view(&b));
    buffer_deinit(&b);
}

static void load_small(void *ctx)
{
    struct kb_options options = {.packs = (const char *const[]){"mine"},
                                 .pack_count = 1,
                                 .language = TEXT("en"),
                                 .all_texts = true};
    struct problems *problems = problems_new();
    struct kb *kb = kb_new(&options, problems);
    if (!kb && test_failed_allocations() == 0)
        *(bool *)ctx = true;
    if (!kb)
        assert_true(problems_has_error(problems));
    kb_free(kb);
    problems_free(problems);
}

/* libyaml's memory fails too. */
void *yaml_malloc(size_t size);
void *yaml_realloc(void *p, size_t size);
char *yaml_strdup(const char *c);

void *yaml_malloc(size_t size)
{
    return malloc(size ? size : 1);
}

void *yaml_realloc(void *p, size_t size)
{
    return p ? realloc(p, size ? size : 1) : malloc(size ? size : 1);
}

char *yaml_strdup(const char *c)
{
    size_t size = c ? strlen(c) + 1 : 0;
    char *copy = c ? malloc(size) : NULL;
    if (copy)
        memcpy(copy, c, size);
    return copy;
}

static void test_fault_101_allocations(void **state)
{
    (void)state;
    struct place_of_test place;
    bool refused = false;
    enter(&place);
    put_small("trust <= 2");
    test_each_allocation(load_small, &refused);
    assert_false(refused);
    leave(&place);
}

/* With problems to report. */
static void test_fault_101_allocations_of_errors(void **state)
{
    (void)state;
    struct place_of_test place;
    bool refused = false;
    enter(&place);
    put_small("trst <= 2");
    put_c("mine/remedies.yaml", "- {id: R, &a title: *a}\n");
    test_each_allocation(load_small, &refused);
    assert_true(refused);
    put_c("mine/remedies.yaml", "- {id: R, titel: t, override: Non}\n");
    test_each_allocation(load_small, &refused);
    leave(&place);
}

static void *load_there(void *ctx)
{
    struct buffer *out = ctx;
    pack_render(TEXT("mine lang=en texts"), out);
    return NULL;
}

static void test_fault_104_small_stack(void **state)
{
    (void)state;
    struct place_of_test place;
    struct buffer out;
    pthread_attr_t attributes;
    pthread_t thread;
    enter(&place);
    put_small("trust <= 2");
    buffer_init(&out);
    pthread_attr_init(&attributes);
    assert_int_equal(0, pthread_attr_setstacksize(&attributes, 64 << 10));
    assert_int_equal(0, pthread_create(&thread, &attributes, load_there, &out));
    assert_int_equal(0, pthread_join(thread, NULL));
    pthread_attr_destroy(&attributes);
    assert_text(
        "base/pack.yaml:5:40: warning[W1055]: texts without a translation into 'en': 2\n"
        "   5 | scales: [{id: s, range: [1, 5], ends: [a, b]}]\n"
        "     |                                        ^\n"
        "base/questions.yaml:1:34: note: this one too\n"
        "   1 | - {id: trust, kind: scale, text: T, scale: s}\n"
        "     |                                  ^\n"
        "  help: add them to text.en.yaml\n"
        "base 1.0.0 + t 1.0.0: 1 questions, 1 conclusions, 1 rules, 0 remedies in 1 layers\n",
        buffer_view(&out));
    buffer_deinit(&out);
    leave(&place);
}

TEST_MAIN(18, cmocka_unit_test(test_fault_04_big_scalar_aliased),
          cmocka_unit_test(test_fault_06_nested_brackets),
          cmocka_unit_test(test_fault_07_nested_mappings),
          cmocka_unit_test(test_fault_08_big_files), cmocka_unit_test(test_fault_21_links),
          cmocka_unit_test(test_fault_22_special_files), cmocka_unit_test(test_no_permission),
          cmocka_unit_test(test_fault_23_chain), cmocka_unit_test(test_too_many_packs),
          cmocka_unit_test(test_too_many_rule_files), cmocka_unit_test(test_fault_26_many_rules),
          cmocka_unit_test(test_fault_26_too_many_questions),
          cmocka_unit_test(test_fault_26_long_text), cmocka_unit_test(test_too_many_values),
          cmocka_unit_test(test_many_mistakes), cmocka_unit_test(test_fault_101_allocations),
          cmocka_unit_test(test_fault_101_allocations_of_errors),
          cmocka_unit_test(test_fault_104_small_stack))
