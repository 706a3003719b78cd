/* In: a number as people write it: 3,5 or 1 234,5 or 1.234,5. Out: the one form number_parse reads.
 * The one idea: the last mark is the decimal sign and the others stand between groups of three;
 * where one mark could be either, what was declared decides, and nothing was declared refuses. */
#include "base/number.h"

#include <string.h>

struct marks {
    char digits[32]; /* of the whole number, then the decimals; longer numbers are not exact */
    size_t count, before;
    size_t last_mark; /* digits in front of the mark passed last */
    char mark;        /* of groups: a space, comma or point; 0: none yet */
    char decimal;     /* 0: none */
    bool grouped, bad;
};

/* A space of any width between groups. */
static size_t space_size(struct text t)
{
    if (text_starts(t, " "))
        return 1;
    if (text_starts(t, "\xC2\xA0"))
        return 2;
    return text_starts(t, "\xE2\x80\xAF") || text_starts(t, "\xE2\x80\x89") ? 3 : 0;
}

/* Groups are of three, but for the first. */
static void pass_group(struct marks *m, char mark)
{
    size_t size = m->count - m->last_mark;
    m->bad |= m->decimal != 0 || (m->mark && m->mark != mark);
    m->bad |= m->grouped ? size != 3 : size < 1 || size > 3;
    m->grouped = true;
    m->mark = mark;
    m->last_mark = m->count;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How often a mark stands in t, and the last place. */
static size_t times(struct text t, char c, size_t *last)
{
    size_t n = 0;
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] == c) {
            n++;
            *last = i;
        }
    return n;
}

/* A mark that stands once, three digits behind it, one to three in front: 1,234. */
static bool may_be_group(struct text t, size_t at)
{
    size_t front = 0;
    for (size_t i = 0; i < at; i++) {
        if (!is_digit(t.at[i]))
            return false;
        front++;
    }
    return t.size - at - 1 == 3 && front >= 1 && front <= 3 && t.at[0] != '0';
}

/* Which byte is the decimal sign: its place, or t.size for none; false: it cannot be told. */
static bool find_decimal(struct text t, enum number_sign declared, size_t *at)
{
    size_t comma = 0, point = 0;
    size_t commas = times(t, ',', &comma), points = times(t, '.', &point);
    char sign = 0;
    *at = t.size;
    if (commas + points == 0)
        return true;
    if (commas && points)
        sign = comma > point ? ',' : '.';
    else if (commas + points > 1)
        sign = commas ? '.' : ','; /* there is none: what stands several times groups */
    else if (declared == NUMBER_SIGN_ANY && commas && may_be_group(t, comma))
        return false;
    else if (declared == NUMBER_SIGN_COMMA && points && may_be_group(t, point))
        return false;
    else if (declared == NUMBER_SIGN_POINT && commas)
        sign = '.';
    else
        sign = commas ? ',' : '.';
    if (commas + points > 1 && declared != NUMBER_SIGN_ANY &&
        sign != (declared == NUMBER_SIGN_COMMA ? ',' : '.'))
        return false;
    if (sign == ',' && commas)
        *at = comma;
    if (sign == '.' && points)
        *at = point;
    return (sign == ',' ? commas : points) <= 1;
}

size_t number_plain(struct text t, enum number_sign declared, char out[40])
{
    struct marks m = {.count = 0};
    size_t n = 0, decimal, step;
    t = text_trim(t);
    if (text_starts(t, "-") || text_starts(t, "\xE2\x88\x92")) {
        step = t.at[0] == '-' ? 1 : 3;
        t = (struct text){t.at + step, t.size - step};
        out[n++] = '-';
    }
    if (t.size == 0 || !find_decimal(t, declared, &decimal))
        return 0;
    for (size_t i = 0; i < t.size && !m.bad; i += step) {
        char c = t.at[i];
        step = 1;
        if (is_digit(c) && m.count < sizeof m.digits)
            m.digits[m.count++] = c;
        else if (i == decimal) {
            m.bad = m.count == 0 || (m.grouped && m.count - m.last_mark != 3);
            m.decimal = c;
            m.before = m.count;
        } else if (c == ',' || c == '.')
            pass_group(&m, c);
        else if ((step = space_size((struct text){t.at + i, t.size - i})) > 0)
            pass_group(&m, ' ');
        else
            m.bad = true, step = 1;
    }
    if (!m.decimal)
        m.before = m.count;
    m.bad |= !m.decimal && m.grouped && m.count - m.last_mark != 3;
    if (m.bad || m.count == 0 || (m.decimal && m.count == m.before))
        return 0;
    memcpy(out + n, m.digits, m.before);
    n += m.before;
    if (m.decimal) {
        out[n++] = '.';
        memcpy(out + n, m.digits + m.before, m.count - m.before);
        n += m.count - m.before;
    }
    return n;
}
