/* In: a kb, partners. Out: the questionnaire with nothing answered: a header of an export, a sheet
 * to fill in, a page to read. Next: diagnose reads the first two. What may be answered stands
 * beside each question, so that nobody needs the pack. */
#include "interview/asking.h"

struct blank_writer {
    const struct kb *kb;
    const struct interview_options *o;
    enum tongue tongue;
    struct buffer *out;
};

static bool is_put(const struct blank_writer *w, uint32_t q)
{
    return !w->o->short_form || w->kb->questions[q].in_short_form;
}

static void put_phrase(struct blank_writer *w, enum phrase p)
{
    buffer_text(w->out, phrase_text(w->tongue, p));
}

static void put_number(struct blank_writer *w, double x)
{
    char digits[32];
    struct text t = {digits, number_short(digits, x)};
    for (size_t i = 0; w->tongue == TONGUE_FRENCH && i < t.size; i++)
        digits[i] = digits[i] == '.' ? ',' : digits[i];
    buffer_text(w->out, t);
}

/* "1 = strongly disagree, 5 = strongly agree"; "0 to 600 months" */
static void put_range(struct blank_writer *w, const struct question *q)
{
    bool named = q->kind == KIND_SCALE && q->ends[0].size > 0;
    put_number(w, q->lo);
    if (named) {
        buffer_c(w->out, " = ");
        buffer_flowing(w->out, q->ends[0]);
        buffer_c(w->out, ", ");
    } else
        put_phrase(w, PHRASE_TO);
    put_number(w, q->hi);
    buffer_c(w->out, named ? " = " : q->unit.size ? " " : "");
    buffer_flowing(w->out, named ? q->ends[1] : q->unit);
}

/* --- csv ---------------------------------------------------------------------------------------
 */

static void write_header(struct blank_writer *w)
{
    buffer_c(w->out, "case,partner,respondent");
    for (uint32_t q = 0; q < w->kb->question_count; q++) {
        if (!is_put(w, q))
            continue;
        buffer_byte(w->out, ',');
        buffer_text(w->out, w->kb->questions[q].id);
    }
    buffer_byte(w->out, '\n');
}

/* --- yaml --------------------------------------------------------------------------------------
 */

static void comment(struct blank_writer *w, const char *indent)
{
    buffer_c(w->out, indent);
    buffer_c(w->out, "# ");
}

static void put_choices(struct blank_writer *w, const struct question *q, const char *indent)
{
    for (uint32_t i = 0; i < q->choice_count; i++) {
        comment(w, indent);
        buffer_c(w->out, "  ");
        buffer_text(w->out, q->choices[i].id);
        put_phrase(w, PHRASE_COLON);
        buffer_flowing(w->out, q->choices[i].label);
        buffer_byte(w->out, '\n');
    }
}

static void put_cell(struct blank_writer *w, const struct question *q, const char *indent)
{
    comment(w, indent);
    buffer_flowing(w->out, q->text.size ? q->text : q->id);
    buffer_c(w->out, " (");
    switch (q->kind) {
    case KIND_SCALE:
    case KIND_NUMBER: put_range(w, q); break;
    case KIND_YESNO: buffer_c(w->out, "yes, no"); break;
    case KIND_ONE_OF: put_phrase(w, PHRASE_ONE_OF); break;
    case KIND_MANY_OF: put_phrase(w, PHRASE_MANY_OF); break;
    default: put_phrase(w, PHRASE_OWN_WORDS); break;
    }
    buffer_c(w->out, ")\n");
    if (q->kind == KIND_ONE_OF || q->kind == KIND_MANY_OF)
        put_choices(w, q, indent);
    buffer_c(w->out, indent);
    buffer_text(w->out, q->id);
    buffer_c(w->out, ":\n");
}

static void put_cells(struct blank_writer *w, bool facts, const char *head, const char *indent)
{
    bool any = false;
    for (uint32_t q = 0; q < w->kb->question_count; q++) {
        if (!is_put(w, q) || w->kb->questions[q].about_partnership != facts)
            continue;
        buffer_c(w->out, any ? "" : head);
        any = true;
        put_cell(w, &w->kb->questions[q], indent);
    }
}

static void put_person(struct blank_writer *w, struct text partner)
{
    sheet_partner_write(partner, w->out);
    put_cells(w, false, "answers:\n", "      ");
}

static void write_sheet(struct blank_writer *w)
{
    comment(w, "");
    buffer_flowing(w->out, w->kb->name);
    put_phrase(w, PHRASE_COLON);
    put_phrase(w, PHRASE_FILL_IN);
    buffer_c(w->out, "\ncase: ");
    buffer_yaml(w->out, w->o->title);
    buffer_c(w->out, w->o->short_form ? "\nform: short\n" : "\nform: long\n");
    put_cells(w, true, "facts:\n", "  ");
    buffer_c(w->out, "respondents:\n");
    for (uint32_t p = 0; p < w->o->partner_count; p++)
        for (uint32_t i = 0; i < (w->o->people ? w->o->people[p] : 1); i++)
            put_person(w, w->o->partners[p]);
    if (w->o->partner_count == 0)
        put_person(w, TEXT(""));
}

/* --- Markdown ------------------------------------------------------------------------------------
 */

static const struct text BOX = {"☐ ", sizeof "☐ " - 1};

static void put_boxes(struct blank_writer *w, const struct question *q)
{
    for (uint32_t i = 0; i < q->choice_count; i++) {
        buffer_c(w->out, "- ");
        buffer_text(w->out, BOX);
        buffer_flowing(w->out, q->choices[i].label.size ? q->choices[i].label : q->choices[i].id);
        buffer_byte(w->out, '\n');
    }
}

static void put_scale(struct blank_writer *w, const struct question *q)
{
    for (uint32_t i = 0; i < q->choice_count && i < 12; i++) {
        buffer_c(w->out, i ? " " : "");
        buffer_text(w->out, BOX);
        put_number(w, q->lo + i);
    }
    buffer_c(w->out, " (");
    put_range(w, q);
    buffer_c(w->out, ")\n");
}

static void put_question(struct blank_writer *w, const struct question *q, unsigned number)
{
    buffer_c(w->out, "\n**");
    buffer_unsigned(w->out, number);
    buffer_c(w->out, ". ");
    buffer_flowing(w->out, q->text.size ? q->text : q->id);
    buffer_c(w->out, "** `");
    buffer_text(w->out, q->id);
    buffer_c(w->out, "`\n\n");
    if (q->help.size) {
        buffer_flowing(w->out, q->help);
        buffer_c(w->out, "\n\n");
    }
    switch (q->kind) {
    case KIND_SCALE: put_scale(w, q); break;
    case KIND_NUMBER:
        buffer_c(w->out, "______ (");
        put_range(w, q);
        buffer_c(w->out, ")\n");
        break;
    case KIND_YESNO: put_phrase(w, PHRASE_BOX_YES_NO); break;
    case KIND_MANY_OF:
        put_phrase(w, PHRASE_ALL_THAT_APPLY);
        buffer_c(w->out, "\n\n");
        put_boxes(w, q);
        break;
    case KIND_ONE_OF: put_boxes(w, q); break;
    default: buffer_c(w->out, "______\n"); break;
    }
    buffer_c(w->out, q->kind == KIND_YESNO ? "\n" : "");
}

/* dimension NONE: those of no section; facts stand by themselves. */
static void put_section(struct blank_writer *w, bool facts, uint32_t dimension, struct text heading,
                        unsigned *number)
{
    bool any = false;
    for (uint32_t q = 0; q < w->kb->question_count; q++) {
        const struct question *qu = &w->kb->questions[q];
        if (!is_put(w, q) || qu->about_partnership != facts ||
            (!facts && qu->dimension != dimension))
            continue;
        if (!any) {
            buffer_c(w->out, "\n## ");
            buffer_flowing(w->out, heading);
            buffer_byte(w->out, '\n');
        }
        any = true;
        put_question(w, qu, ++*number);
    }
}

static void write_page(struct blank_writer *w)
{
    unsigned number = 0;
    buffer_c(w->out, "# ");
    buffer_flowing(w->out, w->o->title.size ? w->o->title : w->kb->name);
    buffer_c(w->out, "\n\n");
    put_phrase(w, PHRASE_READ_FORM);
    buffer_byte(w->out, '\n');
    put_section(w, true, NONE, phrase_text(w->tongue, PHRASE_ABOUT_PARTNERSHIP), &number);
    for (uint32_t d = 0; d < w->kb->dimension_count; d++)
        put_section(w, false, d,
                    w->kb->dimensions[d].label.size ? w->kb->dimensions[d].label
                                                    : w->kb->dimensions[d].id,
                    &number);
    put_section(w, false, NONE, phrase_text(w->tongue, PHRASE_FURTHER_QUESTIONS), &number);
}

void blank_write(const struct kb *kb, enum blank kind, const struct interview_options *o,
                 struct buffer *out)
{
    struct blank_writer w = {kb, o, tongue_find(kb->language), out};
    switch (kind) {
    case BLANK_CSV: write_header(&w); break;
    case BLANK_YAML: write_sheet(&w); break;
    case BLANK_MARKDOWN: write_page(&w); break;
    }
}
