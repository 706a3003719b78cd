/* bytescan: the bytes of a YAML file, before libyaml sees them.
 * In: bytes. Out: the offset behind a byte order mark, or a problem at the first bad byte.
 * The idea: libyaml takes UTF-16 and reports bad bytes at line 0; so everything that is not plain
 * UTF-8 text stops here, with its offset. Next: tree.c. */
#include "pack/tree.h"

static struct span byte_span(source_id source, size_t at)
{
    return (struct span){source, (uint32_t)at, (uint32_t)at + 1};
}

static bool looks_utf16(struct text t)
{
    if (t.size < 2)
        return false;
    unsigned char a = (unsigned char)t.at[0], b = (unsigned char)t.at[1];
    return (a == 0xFF && b == 0xFE) || (a == 0xFE && b == 0xFF) || (a == 0 && b != 0) ||
           (a != 0 && b == 0);
}

/* Size of the control character at t.at[i], or 0: C0 without tab and line ends, DEL, C1 without
 * NEL, and U+FEFF, U+FFFE, U+FFFF, which YAML does not allow inside a text. */
static size_t control_at(struct text t, size_t i)
{
    const unsigned char *p = (const unsigned char *)t.at + i;
    if (*p < 0x20)
        return *p != '\t' && *p != '\n' && *p != '\r';
    if (*p == 0x7F)
        return 1;
    if (*p == 0xC2 && p[1] < 0xA0 && p[1] != 0x85)
        return 2;
    if (*p == 0xEF && ((p[1] == 0xBB && p[2] == 0xBF) || (p[1] == 0xBF && p[2] >= 0xBE)))
        return 3;
    return 0;
}

bool bytes_check(source_id source, struct text bytes, size_t *start, struct problems *problems)
{
    *start = 0;
    if (looks_utf16(bytes)) {
        problem_add(problems, PROBLEM_YAML_UTF16, byte_span(source, 0), NULL, NULL, NULL);
        problem_help(problems, "save the file as UTF-8");
        return false;
    }
    if (text_starts(bytes, "\xEF\xBB\xBF"))
        *start = 3;
    size_t good = utf8_valid(bytes);
    for (size_t i = *start; i < good; i++) {
        unsigned char c = (unsigned char)bytes.at[i];
        if (c >= 0x20 && c < 0x7F)
            continue;
        size_t size = control_at(bytes, i);
        if (size == 0)
            continue;
        const char *offset = problem_count_text(problems, i);
        problem_add(problems, c == 0 ? PROBLEM_YAML_NUL : PROBLEM_YAML_CONTROL,
                    byte_span(source, i), offset,
                    problem_quote(problems, (struct text){bytes.at + i, size}), NULL);
        problem_help(problems, c == 0 ? "this is perhaps not a text file; remove the zero bytes"
                                      : "remove the character; in a quoted text \\t and \\n stand "
                                        "for a tab and a line end");
        return false;
    }
    if (good == bytes.size)
        return true;
    char byte[8];
    static const char hex[] = "0123456789ABCDEF";
    unsigned char bad = (unsigned char)bytes.at[good];
    byte[0] = hex[bad >> 4];
    byte[1] = hex[bad & 15];
    byte[2] = '\0';
    problem_add(problems, PROBLEM_YAML_UTF8, byte_span(source, good), byte,
                problem_count_text(problems, good), NULL);
    problem_help(problems, "save the file as UTF-8");
    return false;
}
