/* In: a line of letters (how to read), then an export, or several behind lines "@next"; behind
 * "@map" a mapping. Out: the same cases, rejected rows and counts whether the bytes come as a file
 * in one chunk, in chunks of a few rows, by way of a temporary file, or through standard input; a
 * mapping that is proposed for it is one that is taken. The kit's pack: a question of every kind.
 */
#include "fuzz.h"

#include "unit/survey_kit.h"
#include <sys/socket.h>

enum {
    TABLES = 3,
    PIECES = 100,
    LITTLE_MEMORY = 16 << 10 /* some fifty rows; the others go to a file */
};

struct input {
    struct survey_options options;
    struct text tables[TABLES];
    size_t count;
    char map_path[512];
    uint64_t random; /* from the bytes, so that the same input is cut in the same way */
};

/* What a letter of the first line switches on. To add one: a row, or a case. */
static const struct {
    char letter;
    const char *encoding, *dialect, *decimal;
} WORDS[] = {
    {'u', "utf-16le", NULL, NULL},     {'U', "utf-16be", NULL, NULL},
    {'w', "windows-1252", NULL, NULL}, {'8', "utf-8", NULL, NULL},
    {'q', NULL, "qualtrics", NULL},    {'l', NULL, "limesurvey", NULL},
    {'m', NULL, "surveymonkey", NULL}, {'o', NULL, "kobo", NULL},
    {'r', NULL, "redcap", NULL},       {'t', NULL, "typeform", NULL},
    {'M', NULL, "msforms", NULL},      {'g', NULL, "google", NULL},
    {'P', NULL, "plain", NULL},        {'d', NULL, NULL, "comma"},
    {'D', NULL, NULL, "point"},
};

static void take_letter(struct survey_options *o, char c)
{
    static const char *const KEEP[] = {"comment", "q1", "case"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (WORDS[i].letter != c)
            continue;
        o->encoding = WORDS[i].encoding ? WORDS[i].encoding : o->encoding;
        o->dialect = WORDS[i].dialect ? WORDS[i].dialect : o->dialect;
        o->decimal = WORDS[i].decimal ? WORDS[i].decimal : o->decimal;
    }
    switch (c) {
    case 's': o->sorted = true; break;
    case 'e': o->each_row = true; break;
    case 'k':
        o->keep = KEEP;
        o->keep_count = 1;
        break;
    case 'K':
        o->keep = KEEP;
        o->keep_count = 3;
        break;
    case 'f': o->max_field = 30; break;
    case 'h': kit_hides = true; break;
    case 'c': o->case_column = "comment"; break;
    case 'p': o->partner_column = "q2"; break;
    case 'x': o->drop_abandoned = true; break;
    case 'v': o->keep_previews = true; break;
    case 'F': o->duplicates = DUPLICATES_FIRST; break;
    case 'A': o->duplicates = DUPLICATES_ALL; break;
    case '1':
    case '2':
    case '3': o->skip_rows = (size_t)(c - '0'); break;
    case ';':
    case '\t':
    case '|': o->separator = c; break;
    default: break;
    }
}

/* The bytes up to a line that says so, or all of them; true where it does. */
static bool take_until(struct text *t, const char *line, struct text *out)
{
    const char *from = t->at;
    while (t->size > 0) {
        const char *start = t->at;
        if (!text_is(fuzz_line(t), line))
            continue;
        *out = (struct text){from, (size_t)(start - from)};
        return true;
    }
    *out = (struct text){from, (size_t)(t->at - from)};
    return false;
}

static void read_input(struct input *in, struct text t)
{
    kit_hides = false;
    *in = (struct input){.random = t.size};
    for (size_t i = 0; i < t.size; i++)
        in->random = in->random * 31 + (uint8_t)t.at[i];
    struct text letters = fuzz_line(&t);
    for (size_t i = 0; i < letters.size; i++)
        take_letter(&in->options, letters.at[i]);
    struct text tables;
    if (take_until(&t, "@map", &tables)) {
        fuzz_path(in->map_path, "map.yaml");
        fuzz_write(in->map_path, t);
        in->options.map = in->map_path;
    }
    while (take_until(&tables, "@next", &in->tables[in->count++]) && in->count < TABLES)
        ;
}

/* What one run said in all, but for the names of files. */
static void check_same(const struct run *a, const struct run *b, bool same_chunks)
{
    FUZZ_CHECK(a->exit == b->exit && a->opened == b->opened, buffer_view(&a->problems),
               buffer_view(&b->problems));
    FUZZ_CHECK(a->put == b->put && a->ignored == b->ignored && a->separator == b->separator,
               FUZZ_NOTHING, FUZZ_NOTHING);
    if (a->exit != 0 && !same_chunks) /* of what failed later, more was there already */
        return;
    FUZZ_CHECK(text_equal(buffer_view(&a->problems), buffer_view(&b->problems)),
               buffer_view(&a->problems), buffer_view(&b->problems));
    FUZZ_CHECK(text_equal(buffer_view(&a->cases), buffer_view(&b->cases)), buffer_view(&a->cases),
               buffer_view(&b->cases));
    FUZZ_CHECK(text_equal(buffer_view(&a->kept), buffer_view(&b->kept)), buffer_view(&a->kept),
               buffer_view(&b->kept));
    FUZZ_CHECK(text_equal(buffer_view(&a->rejects), buffer_view(&b->rejects)),
               buffer_view(&a->rejects), buffer_view(&b->rejects));
    FUZZ_CHECK(memcmp(&a->counts, &b->counts, sizeof a->counts) == 0, FUZZ_NOTHING, FUZZ_NOTHING);
}

/* Standard input that gives a packet a read: a pipe whose writer is slow, without a second thread.
 */
static void run_input(struct run *r, const struct input *in)
{
    static const char *const FILES[] = {"-"};
    struct survey_options o = in->options;
    struct text t = in->tables[0];
    uint64_t random = in->random;
    int ends[2];
    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0, FUZZ_NOTHING, FUZZ_NOTHING);
    for (size_t i = 0; t.size > 0; i++) {
        size_t n = i < PIECES ? 1 + kit_random(&random) % 60 : t.size;
        n = n < t.size ? n : t.size;
        FUZZ_CHECK(write(ends[1], t.at, n) == (ssize_t)n, FUZZ_NOTHING, FUZZ_NOTHING);
        t = (struct text){t.at + n, t.size - n};
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    o.files = FILES;
    o.file_count = 1;
    o.quote_text = o.keep_personal = !kit_hides;
    run_survey(r, &o);
    dup2(STDERR_FILENO, STDIN_FILENO);
}

static void run_named(struct run *r, const struct input *in, size_t chunk, uint64_t memory)
{
    struct survey_options o = in->options;
    o.chunk = chunk;
    o.memory = memory;
    run_texts(r, in->tables, in->count, o);
}

/* In both, as any name may also stand in a cell; problems also give other advice for a file. */
static void forget_names(struct run *r)
{
    struct kit_file same = kit_open(FUZZ_NOTHING); /* as that of the file was called */
    kit_rename(&r->rejects, same.path, 1);
    kit_rename(&r->rejects, "standard input", 1);
    kit_close(&same);
    buffer_clear(&r->problems);
}

/* What is proposed is YAML that a mapping may be, whatever the columns are called. */
static void check_proposal(const struct input *in)
{
    struct survey_options o = in->options;
    struct problems *problems = problems_new();
    struct kit_file file = kit_open(in->tables[0]);
    const char *const files[] = {file.path};
    struct buffer proposal;
    char path[512];
    buffer_init(&proposal);
    o.files = files;
    o.file_count = 1;
    o.map = NULL;
    if (survey_propose(kit_kb(), &o, NULL, NULL, &proposal, problems)) {
        struct problems *again = problems_new();
        fuzz_path(path, "proposal.yaml");
        fuzz_write(path, buffer_view(&proposal));
        o.map = path;
        struct survey *s = survey_new(kit_kb(), &o, again);
        for (size_t i = 0; i < problems_kept(again); i++) {
            const struct problem *p = problems_at(again, i);
            char label[8]; /* E10, E11: what is wrong with YAML, or its keys */
            bool is_yaml = strncmp(problem_code_label(p->code, label), "E1", 2) == 0;
            FUZZ_CHECK(!is_yaml, buffer_view(&proposal), text_from_c(p->message));
        }
        survey_free(s);
        problems_free(again);
    }
    kit_close(&file);
    buffer_deinit(&proposal);
    problems_free(problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;
    struct run whole, cut, spilled, piped;
    read_input(&in, (struct text){(const char *)data, size});
    uint64_t random = in.random;
    run_named(&whole, &in, 0, 0);
    run_named(&cut, &in, 1 + kit_random(&random) % 300, 0);
    check_same(&whole, &cut, false);
    run_named(&spilled, &in, 1 + kit_random(&random) % 300, LITTLE_MEMORY);
    if (spilled.exit != EXIT_LIMIT)
        check_same(&whole, &spilled, false);
    run_deinit(&spilled);
    check_proposal(&in);
    if (in.count == 1) {
        run_input(&piped, &in);
        forget_names(&piped);
        forget_names(&whole);
        check_same(&whole, &piped, true);
        run_deinit(&piped);
    }
    run_deinit(&whole);
    run_deinit(&cut);
    return 0;
}
