/* number: decimals in and out without stdio, so no locale can touch them.
 * In: text or a double. Out: the double, correctly rounded, or what is wrong with the text; digits.
 * The one idea: up to 15 digits and a power of ten to 10^22 are exact doubles, so one division (or
 * one product) rounds once. */
#include "base/number.h"

#include <string.h>

enum { LONGEST_EXACT = 15, LARGEST_POWER = 22 };

static const double POWERS[LARGEST_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const char *const FAULTS[NUMBER_FAULT_COUNT] = {
    [NUMBER_OK] = "a decimal number",
    [NUMBER_EMPTY] = "nothing; write a decimal number such as 0.75",
    [NUMBER_COMMA] = "a comma; the decimal sign is a point",
    [NUMBER_LEADING_ZERO] = "a leading zero, which some read as octal; write 10, not 010",
    [NUMBER_EXPONENT] = "an exponent; write 1000, not 1e3",
    [NUMBER_SPECIAL] = "not a finite number; write a decimal number such as 0.75",
    [NUMBER_HEX] = "hexadecimal; write 16, not 0x10",
    [NUMBER_NEGATIVE_ZERO] = "a negative zero; write 0",
    [NUMBER_TOO_LONG] = "more than 15 digits, which cannot be kept exactly; write fewer",
    [NUMBER_NOT_DECIMAL] = "not a decimal number; write one such as 3, -2 or 0.75",
};

const char *number_fault_text(enum number_fault f)
{
    return (unsigned)f < NUMBER_FAULT_COUNT ? FAULTS[f] : FAULTS[NUMBER_NOT_DECIMAL];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word(struct text t, const char *word)
{
    size_t n = strlen(word);
    if (t.size != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(t.at[i]) != word[i])
            return false;
    return true;
}

static size_t digits(struct text t, size_t from)
{
    size_t i = from;
    while (i < t.size && is_digit(t.at[i]))
        i++;
    return i - from;
}

static struct text without_sign(struct text t)
{
    if (t.size > 0 && (t.at[0] == '-' || t.at[0] == '+'))
        return (struct text){t.at + 1, t.size - 1};
    return t;
}

static bool is_special(struct text t)
{
    if (t.size > 0 && t.at[0] == '.')
        t = (struct text){t.at + 1, t.size - 1};
    return is_word(t, "nan") || is_word(t, "inf") || is_word(t, "infinity");
}

static bool is_exponent(struct text t)
{
    size_t i = digits(t, 0);
    size_t mantissa = i;
    if (i < t.size && t.at[i] == '.') {
        size_t more = digits(t, i + 1);
        mantissa += more;
        i += 1 + more;
    }
    if (mantissa == 0 || i >= t.size || lower(t.at[i]) != 'e')
        return false;
    i++;
    if (i < t.size && (t.at[i] == '-' || t.at[i] == '+'))
        i++;
    size_t exponent = digits(t, i);
    return exponent > 0 && i + exponent == t.size;
}

/* Digits and points, and a comma among them: 0,7 1.234,5 1,234 */
static bool is_comma(struct text t)
{
    bool comma = false, digit = false;
    for (size_t i = 0; i < t.size; i++) {
        if (t.at[i] == ',')
            comma = true;
        else if (is_digit(t.at[i]))
            digit = true;
        else if (t.at[i] != '.')
            return false;
    }
    return comma && digit;
}

/* What kind of thing stands there that is not -?digits(.digits)? */
static enum number_fault name_fault(struct text t)
{
    t = without_sign(t);
    if (is_special(t))
        return NUMBER_SPECIAL;
    if (is_comma(t))
        return NUMBER_COMMA;
    if (t.size > 2 && t.at[0] == '0' && lower(t.at[1]) == 'x')
        return NUMBER_HEX;
    if (is_exponent(t))
        return NUMBER_EXPONENT;
    return NUMBER_NOT_DECIMAL;
}

/* Reads the digits of t (one point allowed, already checked); false if there are too many. */
static bool gather(struct text t, int64_t *integer, size_t *places)
{
    int64_t n = 0;
    size_t significant = 0, after_point = 0;
    bool point = false;
    for (size_t i = 0; i < t.size; i++) {
        if (t.at[i] == '.') {
            point = true;
            continue;
        }
        if (significant > 0 || t.at[i] != '0')
            significant++;
        after_point += point;
        if (significant > LONGEST_EXACT || after_point > LARGEST_POWER)
            return false;
        n = n * 10 + (t.at[i] - '0');
    }
    *integer = n;
    *places = after_point;
    return true;
}

enum number_fault number_parse(struct text t, double *out)
{
    if (t.size == 0)
        return NUMBER_EMPTY;
    bool negative = t.at[0] == '-';
    struct text body = negative ? (struct text){t.at + 1, t.size - 1} : t;
    size_t whole = digits(body, 0), end = whole;
    if (whole > 0 && end < body.size && body.at[end] == '.') {
        size_t fraction = digits(body, end + 1);
        end = fraction > 0 ? end + 1 + fraction : end;
    }
    if (whole == 0 || end != body.size)
        return name_fault(t);
    if (whole > 1 && body.at[0] == '0')
        return NUMBER_LEADING_ZERO;
    int64_t integer;
    size_t places;
    if (!gather(body, &integer, &places))
        return NUMBER_TOO_LONG;
    if (negative && integer == 0)
        return NUMBER_NEGATIVE_ZERO;
    double x = (double)integer / POWERS[places];
    *out = negative ? -x : x;
    return NUMBER_OK;
}

size_t number_unsigned(char *out, uint64_t n)
{
    char reversed[20];
    size_t size = 0;
    do {
        reversed[size++] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    for (size_t i = 0; i < size; i++)
        out[i] = reversed[size - 1 - i];
    return size;
}

static int64_t floor_int(double x)
{
    int64_t n = (int64_t)x;
    return n - ((double)n > x);
}

/* x * 10^decimals, rounded half up, as whole and fraction. Where the product would pass 2^52 it
 * could not carry the half: then the whole part, which is exact, is split off first. */
static void split(double x, int decimals, int64_t *whole, uint64_t *fraction, bool *negative)
{
    uint64_t power = 1;
    for (int i = 0; i < decimals; i++)
        power *= 10;
    double scaled = x * POWERS[decimals];
    if (scaled < 4.5e15 && scaled > -4.5e15) {
        int64_t n = floor_int(scaled + 0.5);
        *negative = n < 0;
        uint64_t size = n < 0 ? (uint64_t)-n : (uint64_t)n;
        *whole = (int64_t)(size / power);
        *fraction = size % power;
        return;
    }
    *negative = x < 0;
    double size = x < 0 ? -x : x;
    *whole = (int64_t)size;
    double rest = (size - (double)*whole) * POWERS[decimals];
    /* Half up means towards +infinity: a negative half goes to the smaller size. */
    *fraction = (uint64_t)(*negative ? -floor_int(-rest + 0.5) : floor_int(rest + 0.5));
    if (*fraction >= power) {
        *fraction -= power;
        ++*whole;
    }
}

size_t number_fixed(char *out, double x, int decimals)
{
    if (!(x < 1e15 && x > -1e15)) {
        out[0] = '?';
        return 1;
    }
    if (decimals < 0)
        decimals = 0;
    if (decimals > 9)
        decimals = 9;
    int64_t whole;
    uint64_t fraction;
    bool negative;
    split(x, decimals, &whole, &fraction, &negative);
    size_t size = 0;
    if (negative)
        out[size++] = '-';
    size += number_unsigned(out + size, (uint64_t)whole);
    if (decimals == 0)
        return size;
    out[size++] = '.';
    for (int i = decimals; i-- > 0; fraction /= 10)
        out[size + (size_t)i] = (char)('0' + fraction % 10);
    return size + (size_t)decimals;
}

size_t number_short(char *out, double x)
{
    size_t size = number_fixed(out, x, 9);
    if (memchr(out, '.', size) == NULL)
        return size;
    while (out[size - 1] == '0')
        size--;
    return out[size - 1] == '.' ? size - 1 : size;
}
