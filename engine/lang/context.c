/* context: how the passes over a condition report.
 * In: byte offsets in the value. Out: problems with spans of the pack file. Next: everyone in lang.
 * The one idea: only here do offsets become spans, through the scalar's origins. */
#include "lang/context.h"

void context_error(struct context *c, enum problem_code code, size_t start, size_t end,
                   const char *a, const char *b, const char *d)
{
    c->failed = true;
    problem_add(c->problems, code, scalar_span(c->scalar, start, end), a, b, d);
}

void context_warning(struct context *c, enum problem_code code, size_t start, size_t end,
                     const char *a, const char *b, const char *d)
{
    problem_add(c->problems, code, scalar_span(c->scalar, start, end), a, b, d);
}

struct text context_slice(const struct context *c, size_t start, size_t end)
{
    return (struct text){c->scalar.value.at + start, end - start};
}

const char *context_quote(const struct context *c, size_t start, size_t end)
{
    return problem_quote(c->problems, context_slice(c, start, end));
}

const char *context_plain(const struct context *c, struct text t)
{
    const char *quoted = problem_quote(c->problems, t);
    size_t size = text_from_c(quoted).size;
    if (size < 2)
        return quoted;
    return problem_format(c->problems, "%.*s", (int)(size - 2), quoted + 1);
}

const char *context_code_point(const struct context *c, uint32_t code_point)
{
    return problem_format(c->problems, "U+%04X", (unsigned)code_point);
}

bool context_is_full(const struct context *c)
{
    return problems_kept(c->problems) >= LIMIT_PROBLEMS;
}
