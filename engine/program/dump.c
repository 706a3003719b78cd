/* In: a program. Out: a listing for people: one instruction a line, registers named by what they
 * hold (p planes, n numbers, c codes, e value planes), ids where there are ids. */
#include "program/program.h"

static void reg(struct buffer *out, char kind, uint32_t r)
{
    buffer_byte(out, ' ');
    if (kind == 'p' && r < PLANES_FIXED) {
        buffer_c(out, r == PLANE_TRUE ? "true" : "false");
        return;
    }
    buffer_byte(out, kind);
    buffer_unsigned(out, r);
}

static void number(struct buffer *out, double x)
{
    char text[32];
    buffer_byte(out, ' ');
    buffer_text(out, (struct text){text, number_short(text, x)});
}

static void id(struct buffer *out, struct text t)
{
    buffer_byte(out, ' ');
    buffer_text(out, t);
}

static char kind_of_result(enum op op)
{
    switch (op_result(op)) {
    case 'P': return 'p';
    case 'N': return 'n';
    case 'C': return 'c';
    case 'E': return 'e';
    default: return 0;
    }
}

static char kind_of_a(const struct program *p, const struct instr *i)
{
    enum answer_kind asked;
    switch ((enum op)i->op) {
    case OP_AND:
    case OP_OR:
    case OP_BOUND:
    case OP_INVERT:
    case OP_ANY:
    case OP_ALL:
    case OP_SPREAD_PLANES:
    case OP_APPLIES:
    case OP_APPLIES_ANY:
    case OP_ANY_NUMBER:
    case OP_ALL_NUMBER: return 'p';
    case OP_CODES:
    case OP_EQUALS: return 'c';
    case OP_UNKNOWN:
    case OP_DISAGREE:
        asked = p->kb->questions[i->question].kind;
        return asked == KIND_SCALE || asked == KIND_NUMBER ? 'n' : 'c';
    default: return 'n';
    }
}

static char kind_of_b(enum op op)
{
    switch (op) {
    case OP_SET:
    case OP_SCALE: return 'e';
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_COMPARE:
    case OP_ANY_NUMBER:
    case OP_ALL_NUMBER: return 'n';
    default: return 'p';
    }
}

static void strengths(const struct program *p, const struct instr *i, struct buffer *out)
{
    const uint32_t *args = p->args + i->from;
    for (uint32_t k = 0; k < i->count; k += 2) {
        reg(out, 'p', args[k]);
        if (args[k + 1] != NONE) {
            buffer_c(out, " *");
            reg(out, 'n', args[k + 1]);
        }
    }
}

static void operands(const struct program *p, const struct instr *i, struct buffer *out)
{
    switch ((enum op)i->op) {
    case OP_FIRE:
        id(out, p->kb->rules[i->question].id);
        number(out, i->x);
        buffer_c(out, " if");
        for (uint32_t k = 0; k < i->count; k++)
            reg(out, 'p', p->args[i->from + k]);
        for (uint32_t k = 0; k < i->a; k++)
            reg(out, 'n', p->args[i->from + fire_planes(i) + k]);
        return;
    case OP_CONCLUDE:
        id(out, p->kb->conclusions[i->question].id);
        buffer_c(out, " from");
        number(out, i->x);
        if (i->a != NONE) {
            buffer_c(out, " needs");
            reg(out, 'p', i->a);
        }
        return;
    case OP_LOWEST:
    case OP_HIGHEST: strengths(p, i, out); return;
    case OP_COUNT:
    case OP_SHARE:
        reg(out, 'p', i->a);
        buffer_c(out, " over respondents, inner");
        number(out, i->b);
        buffer_c(out, " to");
        number(out, i->b + i->count);
        return;
    default: break;
    }
    if (i->question != NONE)
        id(out, p->kb->questions[i->question].id);
    if (i->a != NONE)
        reg(out, kind_of_a(p, i), i->a);
    if (i->b != NONE && i->op != OP_GRADE) /* a gap's question */
        reg(out, kind_of_b((enum op)i->op), i->b);
}

static void constants(const struct program *p, const struct instr *i, struct buffer *out)
{
    switch ((enum op)i->op) {
    case OP_CONSTANT: number(out, i->x); break;
    case OP_SCALE:
    case OP_COMPARE_TO:
        id(out, text_from_c(relation_spelling((enum relation)i->relation)));
        number(out, i->x);
        break;
    case OP_COMPARE: id(out, text_from_c(relation_spelling((enum relation)i->relation))); break;
    case OP_GRADE:
        number(out, i->x);
        number(out, i->y);
        break;
    case OP_SET:
        for (uint32_t k = 0; k < i->count; k++)
            number(out, p->args[i->from + k]);
        break;
    case OP_AND:
    case OP_OR:
    case OP_BOUND:
        for (uint32_t k = 0; k < i->count; k++)
            reg(out, 'p', p->args[i->from + k]);
        break;
    case OP_GROUP:
        buffer_c(out, " of");
        number(out, i->count);
        break;
    case OP_INCLUDES: id(out, p->kb->questions[i->question].choices[i->node->code - 1].id); break;
    case OP_MATCHES:
    case OP_PARTNER_MATCHES:
        buffer_c(out, " /");
        buffer_visible(out, i->node->pattern->source);
        buffer_c(out, i->node->pattern->ignore_case ? "/i" : "/");
        break;
    case OP_TEXT_IS:
    case OP_PARTNER_IS:
        buffer_c(out, " \"");
        buffer_visible(out, i->node->text);
        buffer_byte(out, '"');
        break;
    default: break;
    }
}

static void line(const struct program *p, const struct instr *i, size_t at, struct buffer *out)
{
    static const char *const scopes[] = {"partner     ", "partnership ", "respondent  "};
    buffer_unsigned(out, at);
    buffer_c(out, "\t");
    buffer_c(out, scopes[i->scope]);
    if (kind_of_result((enum op)i->op)) {
        reg(out, kind_of_result((enum op)i->op), i->dst);
        buffer_c(out, " = ");
    } else if (i->op == OP_CONCLUDE) {
        reg(out, 'p', i->b);
        reg(out, 'n', i->dst);
        buffer_c(out, " = ");
    } else
        buffer_byte(out, ' ');
    buffer_c(out, op_name((enum op)i->op));
    operands(p, i, out);
    constants(p, i, out);
    buffer_byte(out, '\n');
}

void program_dump(const struct program *p, struct buffer *out)
{
    buffer_c(out, "program ");
    buffer_text(out, p->kb->name);
    buffer_c(out, ": ");
    buffer_unsigned(out, p->code_count);
    buffer_c(out, " instructions, ");
    buffer_unsigned(out, p->plane_count);
    buffer_c(out, " planes, ");
    buffer_unsigned(out, p->number_count);
    buffer_c(out, " numbers\n");
    for (size_t k = 0; k < p->code_count; k++)
        line(p, &p->code[k], k, out);
    if (p->inner_count)
        buffer_c(out, "inner\n");
    for (size_t k = 0; k < p->inner_count; k++)
        line(p, &p->inner[k], k, out);
    for (uint32_t r = 0; r < p->kb->rule_count; r++)
        if (!p->in_play[r]) {
            buffer_c(out, "out of play: ");
            buffer_text(out, p->kb->rules[r].id);
            buffer_byte(out, '\n');
        }
}
