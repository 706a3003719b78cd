/* page_changes: what changed between two waves of a partnership, for people.
 * In: a pair. Out: paragraphs on a page (terminal or Markdown). What went badly comes first, then
 * what went well, then what cannot be told; each line says what was, and what is. */
#include "report/between.h"
#include "report/page.h"

static const struct {
    enum phrase heading;
    enum mark mark;
} SHOWN[CHANGE_COUNT] = {
#define CHANGE(name, word, phrase, mark) {phrase, mark},
#include "report/between.def"
#undef CHANGE
};

static void wave(struct page *p, struct text name)
{
    if (name.size)
        page_text(p, name);
    else
        page_phrase(p, PHRASE_NO_WAVE);
}

static void state(struct page *p, const struct state *s)
{
    static const enum phrase LEVELS[LEVEL_COUNT] = {
        [LEVEL_LOW] = PHRASE_LEVEL_LOW,
        [LEVEL_MEDIUM] = PHRASE_LEVEL_MEDIUM,
        [LEVEL_HIGH] = PHRASE_LEVEL_HIGH,
    };
    static const enum phrase VERDICTS[] = {
        [VERDICT_PRESENT] = PHRASE_PRESENT,
        [VERDICT_UNDETERMINED] = PHRASE_UNDETERMINED,
        [VERDICT_ABSENT] = PHRASE_ABSENT,
        [VERDICT_NOT_ASSESSED] = PHRASE_NOT_ASSESSED,
    };
    page_phrase(p, VERDICTS[s->verdict]);
    if (s->verdict != VERDICT_PRESENT)
        return;
    page_c(p, " (");
    page_certainty(p, s->certainty.lo);
    if (certainty_steps(s->certainty.lo) != certainty_steps(s->certainty.hi)) {
        page_phrase(p, PHRASE_TO);
        page_certainty(p, s->certainty.hi);
    }
    page_c(p, ")");
    if (s->level != LEVEL_NONE) {
        page_c(p, ", ");
        page_phrase(p, LEVELS[s->level]);
    }
}

static void head(struct page *p, const struct pair *pair)
{
    page_text(p, pair->name);
    page_phrase(p, PHRASE_COLON);
    wave(p, pair->from);
    if (pair->to.at) {
        page_c(p, " \xE2\x86\x92 ");
        wave(p, pair->to);
    }
    page_title(p);
}

static void lines(struct page *p, const struct kb *kb, const struct pair *pair)
{
    for (uint32_t i = 0; i < pair->told; i++) {
        const struct changed *c = &pair->changes[i];
        const struct conclusion *of = &kb->conclusions[c->conclusion];
        if (i == 0 || c->change != pair->changes[i - 1].change)
            page_heading(p, SHOWN[c->change].heading);
        page_strong(p, of->label.size ? of->label : of->id);
        page_phrase(p, PHRASE_COLON);
        state(p, &c->before);
        page_c(p, " \xE2\x86\x92 ");
        state(p, &c->after);
        page_end(p, 1, SHOWN[c->change].mark);
    }
}

/* How much of it moved. */
static void counts(struct page *p, const struct pair *pair)
{
    char moved[32], rest[32];
    page_phrase_with(p, PHRASE_COMPARED, (struct text){moved, number_unsigned(moved, pair->told)},
                     (struct text){rest, number_unsigned(rest, pair->count - pair->told)});
    page_end(p, 0, MARK_NONE);
}

void write_changes_page(struct report_pen *pen, const struct pair *pair, struct buffer *out)
{
    const struct report *r = pen->r;
    struct page p = {.out = out,
                     .line = &pen->line,
                     .scratch = &pen->scratch,
                     .tongue = r->tongue,
                     .markdown = r->options.format == REPORT_MARKDOWN,
                     .color = r->options.color && r->options.format == REPORT_TEXT,
                     .width = r->options.width ? r->options.width : 80};
    buffer_clear(&pen->line);
    head(&p, pair);
    if (pair->to.at) {
        counts(&p, pair);
        lines(&p, r->kb, pair);
    } else {
        page_phrase(&p, PHRASE_ONE_WAVE);
        page_end(&p, 0, MARK_NONE);
    }
    page_close(&p);
}
