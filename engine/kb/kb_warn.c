/* kb_warn: what loads, but is perhaps not meant.
 * In: a finished kb. Out: warnings. The idea: cheap checks that need no cases; what needs
 * generated cases belongs to the explain stage. */
#include "kb/kb_build.h"

static void warn_no_rule(struct kb_build *b)
{
    for (uint32_t i = 0; i < b->kb->conclusion_count; i++) {
        const struct conclusion *c = &b->kb->conclusions[i];
        if (c->rule_count > 0 || b->model->conclusions[i]->bereft)
            continue;
        problem_add(b->problems, PROBLEM_CONCLUSION_UNREACHED,
                    b->model->conclusions[i]->item.id.span, problem_quote(b->problems, c->id), NULL,
                    NULL);
        problem_help(b->problems, "write a rule that concludes it, or remove it");
    }
}

void kb_warn(struct kb_build *b)
{
    warn_no_rule(b);
}
