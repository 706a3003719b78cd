/* In: an interview. Out: its answers as a sheet in YAML. Next: diagnose and ask read it. The sheet
 * is open where something was not asked: what is missing then is still to come, not unanswered. */
#include "interview/asking.h"

/* Written as YAML's double-quoted scalars, of which JSON's strings are some. */
static void put_value(struct buffer *out, const struct interview *iv, uint32_t cell)
{
    const struct question *q = &iv->kb->questions[cell_question(iv, cell)];
    const struct answer *a = &iv->answers[cell];
    bool is_text = q->kind == KIND_TEXT && a->code < CODE_SKIPPED;
    struct buffer value;
    if (a->code == CODE_SKIPPED) { /* not said, and not to come */
        buffer_c(out, "dk");
        return;
    }
    buffer_init(&value);
    answer_write(q, a, &value);
    if (q->kind == KIND_MANY_OF && a->code < CODE_SKIPPED && a->ticked) {
        buffer_byte(out, '[');
        for (size_t i = 0; i < value.size; i++)
            buffer_c(out, value.at[i] == ' ' ? ", " : (char[2]){value.at[i], '\0'});
        buffer_byte(out, ']');
    } else if (is_text || q->kind == KIND_MANY_OF)
        buffer_yaml(out, buffer_view(&value));
    else
        buffer_text(out, buffer_view(&value));
    out->failed |= value.failed;
    buffer_deinit(&value);
}

static void put_answers(struct buffer *out, const struct interview *iv, uint32_t row,
                        const char *indent)
{
    for (uint32_t q = 0; q < iv->kb->question_count; q++) {
        uint32_t cell = cell_of(iv, q, row);
        if (!iv->given[cell])
            continue;
        buffer_c(out, indent);
        buffer_text(out, iv->kb->questions[q].id);
        buffer_c(out, ": ");
        put_value(out, iv, cell);
        buffer_byte(out, '\n');
    }
}

static bool has_answers(const struct interview *iv, uint32_t row)
{
    for (uint32_t q = 0; q < iv->kb->question_count; q++)
        if (iv->given[cell_of(iv, q, row)])
            return true;
    return false;
}

void sheet_partner_write(struct text partner, struct buffer *out)
{
    buffer_c(out, "  - ");
    if (partner.size == 0)
        return;
    buffer_c(out, "partner: ");
    buffer_yaml(out, partner);
    buffer_c(out, "\n    ");
}

void sheet_write(const struct interview *iv, struct buffer *out)
{
    if (iv->title.size) {
        buffer_c(out, "case: ");
        buffer_yaml(out, iv->title);
        buffer_byte(out, '\n');
    }
    buffer_c(out, iv->short_form ? "form: short\nopen: true\n" : "form: long\nopen: true\n");
    if (has_answers(iv, NONE)) {
        buffer_c(out, "facts:\n");
        put_answers(out, iv, NONE, "  ");
    }
    buffer_c(out, "respondents:\n");
    for (uint32_t r = 0; r < iv->row_count; r++) {
        sheet_partner_write(iv->partners[iv->rows[r].partner], out);
        buffer_c(out, has_answers(iv, r) ? "answers:\n" : "answers: {}\n");
        put_answers(out, iv, r, "      ");
    }
}
