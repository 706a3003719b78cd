/* What the tests of the survey stage share: a pack that asks one question of every kind, inputs
 * that are files in memory, and a whole survey run written down as text.
 *
 *     row 1[: 1 5 . dk] row 2[pme: 3 | eq: 2]       a case, its partners, their respondents'
 * answers
 *
 * Answers stand in the order of `show`: a number as it is, choices by id, a text in <>, `.` blank,
 * `-` skipped, dk, na; respondents of one partner are separated by a comma. */
#ifndef ENTENTE_TESTS_SURVEY_KIT_H
#define ENTENTE_TESTS_SURVEY_KIT_H

#include "test.h"

#include "survey/survey.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char KIT_PACK[] = "id: kit\nversion: 1.0.0\nlanguage: en\ntitle: Kit\n"
                               "scales:\n"
                               "  - {id: five, range: [1, 5], ends: [low, high]}\n"
                               "  - {id: ten, range: [0, 10], ends: [low, high]}\n"
                               "  - {id: around, range: [-3, 3], ends: [low, high]}\n";

static const char KIT_QUESTIONS[] =
    "- {id: q1, kind: scale, scale: five, form: short, text: One.}\n"
    "- {id: q2, kind: scale, scale: five, form: short, text: Two.}\n"
    "- {id: q3, kind: scale, scale: five, text: Three.}\n"
    "- {id: q4, kind: scale, scale: five, text: Four.}\n"
    "- {id: q5, kind: scale, scale: five, text: Five.}\n"
    "- {id: q6, kind: scale, scale: five, text: Six.}\n"
    "- {id: q7, kind: scale, scale: five, text: Seven.}\n"
    "- {id: q8, kind: scale, scale: five, text: Eight.}\n"
    "- {id: q9, kind: scale, scale: five, text: Nine.}\n"
    "- {id: ten, kind: scale, scale: ten, text: Ten.}\n"
    "- {id: around, kind: scale, scale: around, text: Around.}\n"
    "- {id: age, kind: number, about: partnership, range: [0, 600], text: Age.}\n"
    "- {id: budget, kind: number, range: [-1000, 1000000], text: Budget.}\n"
    "- {id: ready, kind: yesno, text: Ready.}\n"
    "- id: sector\n  kind: one_of\n  about: partnership\n  text: Sector.\n  choices:\n"
    "    - {id: automobile, label: A}\n    - {id: health, label: H}\n    - {id: other, label: O}\n"
    "- id: tools\n  kind: many_of\n  text: Tools.\n  choices:\n"
    "    - {id: mail, label: M}\n    - {id: phone, label: P}\n    - {id: portal, label: O}\n"
    "- {id: comment, kind: text, text: Comment.}\n";

static inline void kit_write(const char *folder, const char *name, const char *content)
{
    char path[512];
    assert_true(snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(content, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* Loaded once, freed at the end of the process. */
static struct kb *kit_kb_loaded;

static inline void kit_kb_free(void)
{
    kb_free(kit_kb_loaded);
}

static inline const struct kb *kit_kb(void)
{
    if (kit_kb_loaded)
        return kit_kb_loaded;
    char *folder = test_folder_new(), path[400];
    struct problems *ps = problems_new();
    assert_true(snprintf(path, sizeof path, "%s/kit", folder) < (int)sizeof path);
    assert_int_equal(mkdir(path, 0700), 0);
    kit_write(path, "pack.yaml", KIT_PACK);
    kit_write(path, "questions.yaml", KIT_QUESTIONS);
    const char *const packs[] = {path};
    struct kb_options o = {.packs = packs, .pack_count = 1};
    kit_kb_loaded = kb_new(&o, ps);
    if (!kit_kb_loaded) {
        struct buffer b;
        buffer_init(&b);
        problems_print(ps, false, &b);
        fwrite(b.at, 1, b.size, stderr);
        buffer_deinit(&b);
    }
    assert_non_null(kit_kb_loaded);
    problems_free(ps);
    test_folder_free(folder);
    atexit(kit_kb_free);
    return kit_kb_loaded;
}

/* A file in memory; its path stays valid until kit_close. */
struct kit_file {
    int fd;
    char path[64];
};

static inline struct kit_file kit_open(struct text content)
{
    struct kit_file f = {.fd = memfd_create("kit", MFD_CLOEXEC)};
    assert_true(f.fd >= 0);
    size_t at = 0;
    while (at < content.size) {
        ssize_t n = write(f.fd, content.at + at, content.size - at);
        assert_true(n > 0);
        at += (size_t)n;
    }
    snprintf(f.path, sizeof f.path, "/proc/self/fd/%d", f.fd);
    return f;
}

static inline void kit_close(struct kit_file *f)
{
    close(f->fd);
}

#define NO_OPTIONS ((struct survey_options){.case_column = NULL})

/* A whole run. */
struct run {
    struct buffer cases, rejects, problems, kept;
    struct survey_counts counts;
    int exit;    /* of the first problem that is an error */
    bool opened; /* survey_new gave a survey */
    uint64_t case_count;
    size_t put, ignored, chunks;
    char separator;
};

static inline void run_init(struct run *r)
{
    memset(r, 0, sizeof *r);
    buffer_init(&r->cases);
    buffer_init(&r->rejects);
    buffer_init(&r->problems);
    buffer_init(&r->kept);
}

static inline void run_deinit(struct run *r)
{
    buffer_deinit(&r->cases);
    buffer_deinit(&r->rejects);
    buffer_deinit(&r->problems);
    buffer_deinit(&r->kept);
}

static inline void show_number(struct buffer *out, double x)
{
    char digits[32];
    buffer_text(out, (struct text){digits, number_short(digits, x)});
}

static inline void show_choices(struct buffer *out, const struct question *q, uint64_t ticked)
{
    buffer_byte(out, '{');
    for (uint32_t i = 0, n = 0; i < q->choice_count; i++)
        if (ticked >> i & 1) {
            buffer_c(out, n++ ? " " : "");
            buffer_text(out, q->choices[i].id);
        }
    buffer_byte(out, '}');
}

static inline void show_answer(struct buffer *out, const struct cases *c, uint32_t question,
                               uint32_t row)
{
    const struct question *q = &c->kb->questions[question];
    const struct column *col = &c->columns[question];
    uint8_t code = col->code[row];
    assert_true(code != CODE_NA || col->has_na);
    if (code == CODE_BLANK || code >= CODE_SKIPPED) {
        buffer_c(out, code == CODE_BLANK     ? "."
                      : code == CODE_SKIPPED ? "-"
                      : code == CODE_UNSURE  ? "dk"
                                             : "na");
        return;
    }
    switch (q->kind) {
    case KIND_SCALE: show_number(out, q->lo + code - 1); break;
    case KIND_NUMBER: show_number(out, col->number[row]); break;
    case KIND_YESNO: buffer_c(out, code == YESNO_YES ? "yes" : "no"); break;
    case KIND_ONE_OF: buffer_text(out, q->choices[code - 1].id); break;
    case KIND_MANY_OF: show_choices(out, q, col->ticked[row]); break;
    default:
        buffer_byte(out, '<');
        buffer_text(out, col->texts[row]);
        buffer_c(out, code == TEXT_CUT ? "...>" : ">");
        break;
    }
}

static inline void show_block(struct run *r, const struct cases *c)
{
    struct buffer *out = &r->cases;
    for (uint32_t i = 0; i < c->case_count; i++) {
        buffer_text(out, c->case_names[i]);
        buffer_byte(out, '[');
        for (uint32_t p = c->partner_from[i]; p < c->partner_from[i + 1]; p++) {
            buffer_c(out, p > c->partner_from[i] ? " | " : "");
            buffer_text(out, c->partner_names[p]);
            for (uint32_t row = c->respondent_from[p]; row < c->respondent_from[p + 1]; row++) {
                buffer_c(out, row > c->respondent_from[p] ? "," : ":");
                for (uint32_t q = 0; q < c->kb->question_count; q++)
                    if (c->columns[q].put) {
                        buffer_byte(out, ' ');
                        show_answer(out, c, q, row);
                    }
            }
        }
        buffer_c(out, "]\n");
    }
}

/* What must hold of every block. */
static inline void check_block(const struct survey_block *b)
{
    const struct cases *c = b->cases;
    assert_true(c->case_count > 0 && c->case_count <= BLOCK_CASES);
    assert_int_equal(c->partner_from[0], 0);
    assert_int_equal(c->respondent_from[0], 0);
    assert_int_equal(c->partner_from[c->case_count], c->partner_count);
    assert_int_equal(c->respondent_from[c->partner_count], c->respondent_count);
    bool single = true;
    for (uint32_t i = 0; i < c->case_count; i++) {
        assert_true(c->partner_from[i] < c->partner_from[i + 1]);
        assert_false(c->open[i]);
        assert_true(b->rows[i] > 0);
        single &= c->partner_from[i] + 1 == c->partner_from[i + 1];
    }
    for (uint32_t i = 0; i < c->partner_count; i++) {
        assert_true(c->respondent_from[i] < c->respondent_from[i + 1]);
        single &= c->respondent_from[i] + 1 == c->respondent_from[i + 1];
    }
    assert_int_equal(single, cases_is_single(c));
}

static inline void show_kept(struct run *r, const struct survey *s, const struct survey_block *b)
{
    size_t keep = survey_keep_count(s);
    for (size_t i = 0; keep && i < b->cases->case_count; i++)
        for (size_t j = 0; j < keep; j++) {
            buffer_text(&r->kept, b->kept[i * keep + j]);
            buffer_byte(&r->kept, j + 1 < keep ? ',' : '\n');
        }
}

/* What most tests do not look at: where in the file a rejected cell stands; hidden values. */
static bool kit_shows_bytes, kit_hides;

/* file,line,byte,...: without the byte. */
static inline void kit_add_rejects(struct buffer *to, struct text lines)
{
    unsigned commas = 0;
    for (size_t i = 0; i < lines.size; i++) {
        commas = lines.at[i] == '\n' ? 0 : commas + (lines.at[i] == ',');
        if (commas != 2 || lines.at[i] == '\n')
            buffer_byte(to, lines.at[i]);
    }
}

static inline bool run_chunk(struct run *r, struct survey *s, struct survey_parser *p,
                             struct survey_chunk *c, struct problems *ps)
{
    struct survey_block block;
    struct survey_counts counts;
    bool ok;
    survey_parser_start(p, c);
    while ((ok = survey_parse(p, &block, ps)) && block.cases) {
        check_block(&block);
        show_block(r, block.cases);
        show_kept(r, s, &block);
        r->case_count += block.cases->case_count;
    }
    survey_parser_counts(p, &counts);
    survey_counts_add(&r->counts, &counts);
    if (kit_shows_bytes)
        buffer_text(&r->rejects, survey_parser_rejects(p));
    else
        kit_add_rejects(&r->rejects, survey_parser_rejects(p));
    return ok;
}

/* Runs a survey over named files; a failure is in r->problems and r->exit. */
static inline void run_survey(struct run *r, const struct survey_options *o)
{
    struct problems *ps = problems_new();
    struct survey *s = ps ? survey_new(kit_kb(), o, ps) : NULL;
    struct survey_parser *p = s ? survey_parser_new(s, ps) : NULL;
    struct survey_chunk *c = NULL;
    bool ok = p != NULL;
    run_init(r);
    r->opened = s != NULL;
    while (ok && (ok = survey_read(s, &c, ps)) && c) {
        r->chunks++;
        ok = run_chunk(r, s, p, c, ps);
        ok = survey_done(s, p, c, ps) && ok;
    }
    if (s) {
        r->put = survey_put(s)->count;
        r->ignored = survey_ignored_count(s);
        r->separator = survey_separator(s, 0);
    }
    if (ps) {
        assert_true(ok || problems_has_error(ps));
        r->exit = problems_exit(ps);
        problems_print(ps, false, &r->problems);
    }
    if (ok)
        assert_int_equal(r->counts.read, r->counts.used + r->counts.rejected + r->counts.left_out);
    survey_parser_free(p);
    survey_free(s);
    problems_free(ps);
}

/* Over contents; "/proc/self/fd/N" in what is said becomes "fN", N from 1. */
static inline void kit_rename(struct buffer *b, const char *path, size_t n)
{
    char name[32];
    size_t size = strlen(path), to = 0;
    size_t short_size = (size_t)snprintf(name, sizeof name, "f%zu", n);
    for (size_t i = 0; i < b->size;) {
        if (i + size <= b->size && memcmp(b->at + i, path, size) == 0) {
            memcpy(b->at + to, name, short_size);
            to += short_size;
            i += size;
        } else {
            b->at[to++] = b->at[i++];
        }
    }
    b->size = to;
}

static inline void run_texts(struct run *r, const struct text *contents, size_t count,
                             struct survey_options o)
{
    struct kit_file files[8];
    const char *paths[8];
    for (size_t i = 0; i < count; i++) {
        files[i] = kit_open(contents[i]);
        paths[i] = files[i].path;
    }
    o.files = paths;
    o.file_count = count;
    o.quote_text = o.keep_personal = !kit_hides;
    run_survey(r, &o);
    for (size_t i = 0; i < count; i++) {
        kit_rename(&r->rejects, files[i].path, i + 1);
        kit_rename(&r->problems, files[i].path, i + 1);
        kit_close(&files[i]);
    }
}

static inline void run_c(struct run *r, const char *content, struct survey_options o)
{
    struct text t = text_from_c(content);
    run_texts(r, &t, 1, o);
}

/* The whole of it in one line of a test: cases and rejects. */
static inline void assert_run(const char *content, struct survey_options o, const char *cases,
                              const char *rejects)
{
    struct run r;
    run_c(&r, content, o);
    if (!r.opened)
        print_error("%.*s\n", (int)r.problems.size, r.problems.at);
    assert_true(r.opened);
    assert_text(cases, buffer_view(&r.cases));
    assert_text(rejects, buffer_view(&r.rejects));
    run_deinit(&r);
}

static inline bool buffer_holds(const struct buffer *b, const char *part)
{
    return b->size && memmem(b->at, b->size, part, strlen(part)) != NULL;
}

#define assert_holds(buffer, part)                                                             \
    do {                                                                                       \
        if (!buffer_holds((buffer), (part)))                                                   \
            print_error("[%s] is not in [%.*s]\n", (part), (int)(buffer)->size, (buffer)->at); \
        assert_true(buffer_holds((buffer), (part)));                                           \
    } while (0)

static inline void assert_refused_bytes(struct text content, int status, const char *what)
{
    struct run r;
    run_texts(&r, &content, 1, NO_OPTIONS);
    assert_false(r.opened);
    assert_int_equal(r.exit, status);
    assert_holds(&r.problems, what);
    run_deinit(&r);
}

/* Numbers at random, the same in every run. */
static inline uint32_t kit_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

#endif
