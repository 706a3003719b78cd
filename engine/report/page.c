/* page: paragraphs for a terminal (wrapped, coloured) and for Markdown (escaped).
 * In: pieces of text. Out: lines. The one idea: what packs and people wrote passes through one
 * function, page_text, which leaves nothing in it that a terminal or a Markdown reader would obey.
 */
#include "report/page.h"

#include <string.h>

enum { NARROWEST = 24, INDENT = 2 };

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

static const struct {
    const char *sign, *color;
} MARKS[MARK_COUNT] = {
    [MARK_NONE] = {"", ""},           [MARK_BULLET] = {"- ", ""},
    [MARK_GOOD] = {"+ ", "\033[32m"}, [MARK_BAD] = {"! ", "\033[31m"},
    [MARK_OPEN] = {"? ", "\033[33m"}, [MARK_NUMBER] = {"", "\033[36m"},
};

/* --- pieces ----------------------------------------------------------------------------------- */

void page_phrase(struct page *p, enum phrase phrase)
{
    buffer_text(p->line, phrase_text(p->tongue, phrase));
}

void page_phrase_with(struct page *p, enum phrase phrase, struct text a, struct text b)
{
    phrase_put(p->line, p->tongue, phrase, a, b);
}

void page_counted(struct page *p, enum phrase one, enum phrase many, uint64_t n)
{
    phrase_counted(p->line, p->tongue, one, many, n);
}

void page_c(struct page *p, const char *c)
{
    buffer_c(p->line, c);
}

static bool is_markup(char c)
{
    return c != '\0' && strchr("\\`*_{}[]<>#|~&", c) != NULL;
}

/* At the start of a piece also what would begin a list or underline a heading. */
static void escape(struct buffer *out, struct text t)
{
    size_t digits = 0;
    while (digits < t.size && t.at[digits] >= '0' && t.at[digits] <= '9')
        digits++;
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        bool starts = (i == 0 && (c == '-' || c == '+' || c == '=')) ||
                      (i > 0 && i == digits && (c == '.' || c == ')'));
        if (is_markup(c) || starts)
            buffer_byte(out, '\\');
        buffer_byte(out, c);
    }
}

void page_text(struct page *p, struct text t)
{
    if (!p->markdown) {
        buffer_flowing(p->line, t);
        return;
    }
    buffer_clear(p->scratch);
    buffer_flowing(p->scratch, t);
    escape(p->line, buffer_view(p->scratch));
    p->line->failed = p->line->failed || p->scratch->failed;
}

void page_strong(struct page *p, struct text t)
{
    page_c(p, p->markdown ? "**" : p->color ? BOLD : "");
    page_text(p, t);
    page_c(p, p->markdown ? "**" : p->color ? PLAIN : "");
}

void page_certainty(struct page *p, double x)
{
    page_number(p, x, 4);
}

void page_number(struct page *p, double x, int decimals)
{
    char digits[32];
    buffer_text(p->line, phrase_number(p->tongue, digits, x, decimals));
}

/* --- lines ------------------------------------------------------------------------------------ */

/* Terminal columns; our own escape sequences (ESC [ ... m) have none. */
static size_t width_of(struct text t)
{
    size_t width = 0, from = 0;
    for (size_t i = 0; i < t.size;) {
        if (t.at[i] != '\033') {
            i++;
            continue;
        }
        width += utf8_width((struct text){t.at + from, i - from});
        while (i < t.size && t.at[i] != 'm')
            i++;
        from = i < t.size ? ++i : i;
    }
    return width + utf8_width((struct text){t.at + from, t.size - from});
}

static struct text next_word(struct text *rest)
{
    size_t i = 0;
    while (i < rest->size && rest->at[i] == ' ')
        i++;
    size_t from = i;
    while (i < rest->size && rest->at[i] != ' ')
        i++;
    struct text word = {rest->at + from, i - from};
    *rest = (struct text){rest->at + i, rest->size - i};
    return word;
}

/* The first line stands behind what is written already, `indent` columns in. */
static void wrap(struct page *p, struct text t, unsigned indent)
{
    size_t column = indent;
    bool first = true;
    for (struct text word; (word = next_word(&t)).size > 0;) {
        size_t width = width_of(word);
        if (!first && column + 1 + width > p->width) {
            buffer_byte(p->out, '\n');
            buffer_repeat(p->out, ' ', indent);
            column = indent;
        } else if (!first) {
            buffer_byte(p->out, ' ');
            column++;
        }
        buffer_text(p->out, word);
        column += width;
        first = false;
    }
    buffer_byte(p->out, '\n');
}

static void take_line(struct page *p)
{
    p->out->failed = p->out->failed || p->line->failed;
    buffer_clear(p->line);
}

void page_title(struct page *p)
{
    struct text t = buffer_view(p->line);
    if (p->markdown) {
        buffer_c(p->out, "# ");
        buffer_text(p->out, t);
        buffer_c(p->out, "\n\n");
    } else {
        size_t width = width_of(t);
        buffer_c(p->out, p->color ? BOLD : "");
        buffer_text(p->out, t);
        buffer_c(p->out, p->color ? PLAIN "\n" : "\n");
        for (size_t i = 0; i < width && i < p->width; i++)
            buffer_c(p->out, "═");
        buffer_byte(p->out, '\n');
    }
    take_line(p);
}

void page_heading(struct page *p, enum phrase phrase)
{
    p->number = 0;
    buffer_c(p->out, p->markdown ? "\n## " : p->color ? "\n" BOLD : "\n");
    if (p->markdown)
        buffer_text(p->out, phrase_text(p->tongue, phrase));
    else
        wrap(p, phrase_text(p->tongue, phrase), 0);
    if (p->markdown)
        buffer_c(p->out, "\n\n");
    else if (p->color)
        buffer_c(p->out, PLAIN);
}

void page_paragraph(struct page *p, enum phrase phrase)
{
    buffer_byte(p->out, '\n');
    if (p->markdown)
        buffer_text(p->out, phrase_text(p->tongue, phrase));
    else {
        buffer_repeat(p->out, ' ', INDENT);
        wrap(p, phrase_text(p->tongue, phrase), INDENT);
    }
    buffer_c(p->out, p->markdown ? "\n\n" : "");
}

/* "3. " */
static struct text number_sign(struct page *p, char out[16])
{
    size_t size = number_unsigned(out, ++p->number);
    out[size++] = '.';
    out[size++] = ' ';
    return (struct text){out, size};
}

static void end_markdown(struct page *p, unsigned depth, enum mark mark)
{
    char digits[16];
    if (depth == 0) {
        buffer_text(p->out, buffer_view(p->line));
        buffer_byte(p->out, '\n');
        take_line(p);
        return;
    }
    buffer_repeat(p->out, ' ', (size_t)(depth - 1) * 3);
    if (mark == MARK_NUMBER)
        buffer_text(p->out, number_sign(p, digits));
    else
        buffer_c(p->out, "- ");
    buffer_text(p->out, buffer_view(p->line));
    buffer_byte(p->out, '\n');
    take_line(p);
}

void page_end(struct page *p, unsigned depth, enum mark mark)
{
    if (p->markdown) {
        end_markdown(p, depth, mark);
        return;
    }
    char digits[16];
    struct text sign = mark == MARK_NUMBER ? number_sign(p, digits) : text_from_c(MARKS[mark].sign);
    bool narrow = p->width < NARROWEST;
    unsigned indent = narrow ? 0 : depth * INDENT;
    buffer_repeat(p->out, ' ', indent);
    bool colored = p->color && MARKS[mark].color[0];
    buffer_c(p->out, colored ? MARKS[mark].color : "");
    buffer_text(p->out, sign);
    buffer_c(p->out, colored ? PLAIN : "");
    wrap(p, buffer_view(p->line), narrow ? 0 : indent + (unsigned)sign.size);
    take_line(p);
}

void page_close(struct page *p)
{
    buffer_byte(p->out, '\n');
}
