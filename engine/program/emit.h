/* emit: how the compiler appends instructions; one copy of equal ones. */
#ifndef ENTENTE_EMIT_H
#define ENTENTE_EMIT_H

#include "program/program.h"

struct compiler {
    const bool *wanted; /* [conclusion], or NULL: all */
    struct program *p;
    const struct kb *kb;
    uint32_t owner;     /* who is being compiled, where nobody may need it (SKIP), or NONE */
    bool in_respondent; /* emits into inner */
    struct idmap seen;  /* key bytes -> index, for code */
    struct idmap seen_inner;
    struct buffer key;
};

struct instr instr_new(enum op op, enum scope scope);
/* The register of an equal instruction, or of this one, appended. */
uint32_t emit(struct compiler *c, struct instr i, const void *extra, size_t extra_size);
/* Appends an instruction that has its result already, unless an equal one is there. */
void emit_once(struct compiler *c, struct instr i, const void *extra, size_t extra_size);
uint32_t emit_list(struct compiler *c, const uint32_t *args, size_t count); /* index into args */

/* Strength of a condition in normal form; planes PLANE_FALSE where it is 0 for every case. */
struct strength compile_condition(struct compiler *c, const struct node *n);
/* Whole program parts. */
void compile_rules(struct compiler *c);
void compile_report(struct compiler *c);

/* What a question needs, made once (inputs.c). */
const struct question *question_of(const struct compiler *c, uint32_t q);
enum scope question_home(const struct compiler *c, uint32_t q, enum scope scope);
uint32_t question_codes(struct compiler *c, uint32_t q, enum scope scope);
uint32_t question_equals(struct compiler *c, uint32_t q, enum scope scope);
uint32_t question_value(struct compiler *c, uint32_t q, enum scope scope);
uint32_t planes_to_partners(struct compiler *c, uint32_t planes);
void note_trace(struct compiler *c, const struct node *n, uint32_t planes, uint32_t number);
uint32_t question_applies(struct compiler *c, uint32_t question, enum scope scope);
/* docs/semantics.md, "In play". */
bool condition_in_play(const struct compiler *c, const struct node *n);
/* It reads free texts, and no other question and no conclusion. */
bool condition_is_text(const struct compiler *c, const struct node *n);
uint32_t compile_number(struct compiler *c, const struct node *n);
struct strength strength_and(struct compiler *c, enum op planes, enum op numbers,
                             const struct strength *parts, size_t count, enum scope scope);
struct strength strength_to_partners(struct compiler *c, struct strength s);
struct strength strength_over_partners(struct compiler *c, struct strength s, bool any);

#endif
