/* In: how far a batch is. Out: one line on a terminal, overwritten, gone at the end; and the
 * summary behind it. No escape sequences: a carriage return and blanks do. */
#include "cli/cli.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 100 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void progress_start(struct progress *p, bool on)
{
    *p = (struct progress){.on = on, .started = now()};
    p->last = p->started;
    p->width = on ? terminal_width(STDERR_FILENO) : 0;
    p->width = p->width == 0 || p->width > LINE ? LINE : p->width;
}

double progress_seconds(const struct progress *p)
{
    return now() - p->started;
}

/* 12,345 as 12 345: grouped, for reading. */
static void put_grouped(struct buffer *b, uint64_t n)
{
    char digits[32];
    size_t size = number_unsigned(digits, n);
    for (size_t i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            buffer_byte(b, ' ');
        buffer_byte(b, digits[i]);
    }
}

static void put_time(struct buffer *b, double seconds)
{
    uint64_t s = seconds > 0 ? (uint64_t)(seconds + 0.5) : 0;
    if (s >= 3600) {
        buffer_unsigned(b, s / 3600);
        buffer_c(b, " h ");
    }
    if (s >= 60) {
        buffer_unsigned(b, s / 60 % 60);
        buffer_c(b, " min ");
    }
    if (s < 3600) {
        buffer_unsigned(b, s % 60);
        buffer_c(b, " s ");
    }
}

static void put_line(struct progress *p, const char *at, size_t size)
{
    char line[LINE + 2];
    size_t width = p->width - 1;
    size = size < width ? size : width;
    line[0] = '\r';
    memset(line + 1, ' ', width);
    if (size > 0)
        memcpy(line + 1, at, size);
    line[1 + width] = '\r';
    err_text((struct text){line, width + 2});
}

/* ASCII only, so a cut is no half character. */
void progress_tell(struct progress *p, const struct entente_progress *e)
{
    double t = now(), seconds = t - p->started;
    if (!p->on || (!e->waiting && t - p->last < 0.2))
        return;
    p->last = t;
    struct buffer b;
    buffer_init(&b);
    put_grouped(&b, e->rows);
    buffer_c(&b, " rows");
    if (e->waiting) {
        buffer_c(&b, ", waiting for input");
    } else if (seconds > 0) {
        buffer_c(&b, ", ");
        put_grouped(&b, (uint64_t)((double)e->rows / seconds));
        buffer_c(&b, " a second");
    }
    if (!e->waiting && e->bytes > 0 && e->bytes_all >= e->bytes) {
        double done = (double)e->bytes / (double)e->bytes_all;
        buffer_c(&b, ", ");
        buffer_unsigned(&b, (uint64_t)(done * 100));
        buffer_c(&b, " %, ");
        put_time(&b, seconds / done - seconds);
        buffer_c(&b, "left");
    }
    if (!b.failed)
        put_line(p, b.at, b.size);
    p->shown = true;
    buffer_deinit(&b);
}

void progress_clear(struct progress *p)
{
    if (p->shown)
        put_line(p, "", 0);
    p->shown = false;
}

/* --- the summary ----------------------------------------------------------------------------- */

static void put_count(struct buffer *b, uint64_t n, const char *one, const char *many)
{
    put_grouped(b, n);
    buffer_byte(b, ' ');
    buffer_c(b, n == 1 ? one : many);
}

typedef struct entente_text (*name_at)(const struct entente_summary *s, size_t i);

/* An id as it is; anything else in quotes, so that its spaces are seen. */
static void put_name(struct buffer *b, struct text t)
{
    size_t size = t.size <= LIMIT_QUOTED ? t.size : LIMIT_QUOTED;
    while (size > 0 && size < t.size && (t.at[size] & 0xC0) == 0x80)
        size--;
    const char *quote = text_is_id(t) ? "" : "'";
    buffer_c(b, quote);
    buffer_visible(b, (struct text){t.at, size});
    buffer_c(b, size < t.size ? "\xE2\x80\xA6" : "");
    buffer_c(b, quote);
}

/* At most a dozen names; the rest are counted. */
static void put_names(struct buffer *b, const struct entente_summary *s, name_at name, size_t count,
                      bool all)
{
    size_t shown = all || count <= 12 ? count : 10;
    for (size_t i = 0; i < shown; i++) {
        struct entente_text t = name(s, i);
        buffer_c(b, i ? ", " : ": ");
        put_name(b, (struct text){t.at, t.size});
    }
    if (shown < count) {
        buffer_c(b, " and ");
        put_grouped(b, count - shown);
        buffer_c(b, " more (-v)");
    }
    buffer_byte(b, '\n');
}

static void put_cut(struct buffer *b, struct entente_text t)
{
    size_t size = t.size <= LIMIT_QUOTED ? t.size : LIMIT_QUOTED;
    while (size > 0 && size < t.size && (t.at[size] & 0xC0) == 0x80)
        size--;
    buffer_visible(b, (struct text){t.at, size});
    buffer_c(b, size < t.size ? "\xE2\x80\xA6" : "");
}

/* survey.csv:3: warned '7': OUTSIDE THE RANGE: ... */
static void put_examples(struct buffer *b, const struct entente_summary *s)
{
    struct entente_reject r;
    for (size_t i = 0; entente_summary_reject(s, i, &r); i++) {
        buffer_visible(b, (struct text){r.file.at, r.file.size});
        buffer_byte(b, ':');
        buffer_text(b, (struct text){r.line.at, r.line.size});
        buffer_c(b, ": ");
        if (r.column.size) {
            put_cut(b, r.column);
            buffer_c(b, " '");
            put_cut(b, r.value);
            buffer_c(b, "': ");
        }
        buffer_visible(b, (struct text){r.reason.at, r.reason.size});
        buffer_byte(b, '\n');
    }
}

static void put_rejected(struct buffer *b, const struct entente_summary *s, bool has_rejects)
{
    uint64_t told = 0;
    put_examples(b, s);
    put_count(b, s->rejected, "row rejected", "rows rejected");
    for (size_t i = 0; i < s->cause_count; i++) {
        buffer_c(b, i ? ", " : ": ");
        buffer_c(b, s->causes[i].name);
        buffer_byte(b, ' ');
        put_grouped(b, s->causes[i].rows);
        told += s->causes[i].rows;
    }
    if (told < s->rejected) {
        buffer_c(b, ", other causes ");
        put_grouped(b, s->rejected - told);
    }
    buffer_c(b, has_rejects ? "\n" : "; --rejects FILE says which and why\n");
}

static void put_status(struct buffer *b, const struct entente_summary *s)
{
    if (s->previews) {
        put_count(b, s->previews, "row is a preview", "rows are previews");
        buffer_c(b, s->previews_kept ? ": kept (--previews drop leaves them out)\n"
                                     : ": left out (--previews keep takes them)\n");
    }
    if (s->abandoned) {
        put_count(b, s->abandoned, "row is of a person who did not finish",
                  "rows are of people who did not finish");
        buffer_c(b, s->abandoned_dropped ? ": left out\n"
                                         : ": kept (--incomplete drop leaves them out)\n");
    }
}

/* "3 opened, 1 closed": what there is of each. */
static void put_changes(struct buffer *b, const struct entente_summary *s)
{
    put_count(b, s->pairs, "pair of waves compared", "pairs of waves compared");
    const char *between = ": ";
    for (int i = 0; i < ENTENTE_CHANGE_COUNT; i++) {
        if (s->changes[i] == 0)
            continue;
        buffer_c(b, between);
        put_grouped(b, s->changes[i]);
        buffer_byte(b, ' ');
        for (const char *c = entente_change_name((enum entente_change)i); *c; c++)
            buffer_byte(b, *c == '_' ? ' ' : *c);
        between = ", ";
    }
    buffer_byte(b, '\n');
    if (s->single) {
        put_count(b, s->single, "partnership answered", "partnerships answered");
        buffer_c(b, " in one wave only\n");
    }
}

static void put_sides(struct buffer *b, const struct entente_summary *s, const struct told *how)
{
    if (how->min_respondents < 2)
        return;
    if (!how->has_sides) {
        buffer_c(b, "csv has no figures of single sides: --min-respondents has nothing to hide\n");
        return;
    }
    buffer_c(b, "figures of ");
    put_count(b, s->sides_few, "side", "sides");
    buffer_c(b, " with fewer than ");
    put_grouped(b, how->min_respondents);
    buffer_c(b, " respondents are not shown");
    if (s->sides_beside) {
        buffer_c(b, ", nor of ");
        put_count(b, s->sides_beside, "other", "others");
        buffer_c(b, " from which they would follow");
    }
    buffer_byte(b, '\n');
}

void summary_tell(const struct entente_summary *s, const struct told *how, struct buffer *out)
{
    bool verbose = how->verbose;
    put_count(out, s->read, "row read, ", "rows read, ");
    put_count(out, s->cases, "case diagnosed in ", "cases diagnosed in ");
    buffer_fixed(out, how->seconds, 2);
    buffer_c(out, " s");
    if (verbose) {
        buffer_c(out, " by ");
        put_count(out, s->jobs, "thread", "threads");
    }
    buffer_byte(out, '\n');
    if (s->pairs + s->single)
        put_changes(out, s);
    if (s->rejected)
        put_rejected(out, s, how->has_rejects);
    put_sides(out, s, how);
    put_status(out, s);
    if (s->repeated_respondents) {
        put_count(out, s->repeated_respondents, "row repeats a respondent of its case",
                  "rows repeat a respondent of their case");
        buffer_c(out,
                 s->first_counts ? ": the first answers count\n" : ": the last answers count\n");
    }
    if (s->fact_conflicts) {
        put_count(out, s->fact_conflicts, "case has", "cases have");
        buffer_c(out, " rows that differ about the partnership: their mean or majority counts\n");
    }
    if (s->texts_cut) {
        put_count(out, s->texts_cut, "text was", "texts were");
        buffer_c(out, " cut for patterns: what they do not find there is unknown\n");
    }
    if (s->pattern_limits) {
        put_count(out, s->pattern_limits, "pattern match was", "pattern matches were");
        buffer_c(out, " given up at the limit: unknown\n");
    }
    if (s->ignored_count) {
        put_count(out, s->ignored_count, "column is no question and was ignored",
                  "columns are no questions and were ignored");
        put_names(out, s, entente_summary_ignored, s->ignored_count, verbose);
    }
    if (s->undecided_count && s->read > 0) {
        put_count(out, s->undecided_count,
                  "diagnosis or strength was not assessed for lack of a column",
                  "diagnoses and strengths were not assessed for lack of a column");
        put_names(out, s, entente_summary_undecided, s->undecided_count, verbose);
    }
}
