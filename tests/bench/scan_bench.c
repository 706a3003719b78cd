/* scan_bench FILE [PACK [MODE [ROUNDS [MAP]]]]: how fast rows become columns, on one thread, and
 * what each part of it takes, beside a look at every byte with memchr. MODE: rows (every row a
 * case, the default), sorted, stored. PACK asks the columns of FILE (tests/bench/packwriter.py
 * writes one for workload A), maybe through the mapping MAP. Processor time, so that others on the
 * machine count little. */
#include "survey/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void show(struct problems *ps)
{
    struct buffer b;
    buffer_init(&b);
    problems_print(ps, false, &b);
    fwrite(b.at, 1, b.size, stderr);
    buffer_deinit(&b);
}

struct result {
    double seconds;
    uint64_t bytes, cases, rows;
    struct survey_counts counts;
};

/* One pass; without `parse` the chunks are thrown away. */
static bool pass(const struct kb *kb, const struct survey_options *o, bool parse, struct result *r,
                 struct problems *ps)
{
    double start = now();
    struct survey_chunk *c = NULL;
    struct survey_block block;
    struct survey_counts counts;
    struct survey *s = survey_new(kb, o, ps);
    struct survey_parser *p = s ? survey_parser_new(s, ps) : NULL;
    bool ok = p != NULL;
    *r = (struct result){0};
    while (ok && survey_read(s, &c, ps) && c) {
        if (parse) {
            survey_parser_start(p, c);
            while ((ok = survey_parse(p, &block, ps)) && block.cases) {
                r->cases += block.cases->case_count;
                r->rows += block.cases->respondent_count;
            }
            survey_parser_counts(p, &counts);
            survey_counts_add(&r->counts, &counts);
        }
        ok = survey_done(s, p, c, ps) && ok;
    }
    uint64_t total;
    if (s)
        survey_progress(s, &r->bytes, &total);
    survey_parser_free(p);
    survey_free(s);
    r->seconds = now() - start;
    return ok && !problems_has_error(ps);
}

/* The peer: reads the file in pieces as large as a chunk and counts its line ends. */
static bool look(const char *path, struct result *r)
{
    enum { PIECE = 256 << 10 };
    double start = now();
    char *piece = malloc(PIECE);
    FILE *f = fopen(path, "rb");
    *r = (struct result){0};
    if (f)
        setvbuf(f, NULL, _IONBF, 0);
    for (size_t n; f && piece && (n = fread(piece, 1, PIECE, f)) > 0;) {
        r->bytes += n;
        for (const char *p = piece; (p = memchr(p, '\n', (size_t)(piece + n - p))) != NULL; p++)
            r->rows++;
    }
    bool ok = f && piece;
    if (f)
        fclose(f);
    free(piece);
    r->seconds = now() - start;
    return ok;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: scan_bench FILE [PACK [rows|sorted|stored [ROUNDS [MAP]]]]\n");
        return 2;
    }
    const char *mode = argc > 3 ? argv[3] : "rows";
    const char *const packs[] = {argc > 2 ? argv[2] : "build/bench/pack"};
    const char *const files[] = {argv[1]}, *const keep[] = {"case_id", "partner"};
    int rounds = 3;
    if (argc > 4)
        rounds = argv[4][0] - '0';
    struct problems *ps = problems_new();
    struct kb_options ko = {.packs = packs, .pack_count = 1};
    struct kb *kb = kb_new(&ko, ps);
    struct survey_options o = {.files = files,
                               .file_count = 1,
                               .case_column = "case_id",
                               .map = argc > 5 ? argv[5] : NULL,
                               .each_row = strcmp(mode, "rows") == 0,
                               .sorted = strcmp(mode, "sorted") == 0,
                               .keep = keep,
                               .keep_count = strcmp(mode, "rows") == 0 ? 2 : 0};
    struct result r = {0};
    bool ok = kb != NULL;
    for (int i = 0; ok && i < rounds; i++) {
        ok = look(argv[1], &r);
        printf("memchr           %7.0f MB/s  %6.1f ms\n", (double)r.bytes / r.seconds * 1e-6,
               r.seconds * 1e3);
        if (ok && strcmp(mode, "stored") != 0) {
            ok = pass(kb, &o, false, &r, ps);
            printf("read and split   %7.0f MB/s  %6.1f ms\n", (double)r.bytes / r.seconds * 1e-6,
                   r.seconds * 1e3);
        }
        ok = ok && pass(kb, &o, true, &r, ps);
        printf("rows to columns  %7.0f MB/s  %6.1f ms  %5.2f M rows/s  %5.1f ns/row  "
               "(%llu rows, %llu cases, %llu rejected)\n",
               (double)r.bytes / r.seconds * 1e-6, r.seconds * 1e3,
               (double)r.counts.read / r.seconds * 1e-6,
               r.seconds * 1e9 / (double)(r.counts.read ? r.counts.read : 1),
               (unsigned long long)r.rows, (unsigned long long)r.cases,
               (unsigned long long)r.counts.rejected);
    }
    show(ps);
    kb_free(kb);
    problems_free(ps);
    return ok ? 0 : 1;
}
