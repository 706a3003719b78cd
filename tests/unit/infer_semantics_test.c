/* infer_semantics_test: the sentences of docs/decisions/0001-semantics-made-precise.md, by number,
 * each on one case and computed by hand. To add an example: a row.
 *
 * Questions of a partner: s, t, u scales 1 to 5, n a number 0 to 100, y, z yesno, o one_of a b c,
 * m many_of a b c, x a text; of the partnership: fs, fn, fy, fo. A row's `when` is the condition of
 * one rule with certainty 1 that concludes c; `pack` stands before or instead of it. */
#include "unit/explain_world.h"

struct example {
    const char *point; /* of the decision */
    const char
        *when; /* a partner rule; "case: ..." a partnership rule that concludes `c` about it */
    const char *pack;    /* conclusions and rules of one's own, or NULL */
    const char *answers; /* a|b: respondents; a||b: partners; "open " in front: an open case */
    double lo, hi;       /* of the partnership; of NOT_ASSESSED: lo 9 */
    const char *ask_if;  /* of s and t, or NULL */
    const char *not_put;
};

#define NOT_ASSESSED 9, 9

static const char QUESTIONS[] =
    "- {id: s, kind: scale, scale: agreement, text: T%s}\n"
    "- {id: t, kind: scale, scale: agreement, text: T}\n"
    "- {id: u, kind: scale, scale: agreement, text: T}\n"
    "- {id: n, kind: number, range: [0, 100], text: T}\n"
    "- {id: y, kind: yesno, text: T}\n"
    "- {id: z, kind: yesno, text: T}\n"
    "- {id: o, kind: one_of, text: T, choices: [{id: a, label: A}, {id: b, label: B}, {id: c1, "
    "label: C}]}\n"
    "- {id: m, kind: many_of, text: T, choices: [{id: a, label: A}, {id: b, label: B}, {id: c1, "
    "label: C}]}\n"
    "- {id: x, kind: text, text: T}\n"
    "- {id: fs, kind: scale, about: partnership, scale: agreement, text: T}\n"
    "- {id: fn, kind: number, about: partnership, range: [0, 100], text: T}\n"
    "- {id: fy, kind: yesno, about: partnership, text: T}\n"
    "- {id: fo, kind: one_of, about: partnership, text: T, choices: [{id: a, label: A}, {id: b, "
    "label: B}]}\n";

struct answer_at {
    bool seen, assessed;
    struct interval certainty;
};

static bool read_first(const struct infer *in, const struct tile *t, void *ctx)
{
    struct answer_at *a = ctx;
    uint32_t c = kb_conclusion(t->block->kb, TEXT("c"));
    a->seen = true;
    a->assessed = infer_verdict(in, c, SCOPE_PARTNERSHIP, 0) != VERDICT_NOT_ASSESSED;
    a->certainty = infer_certainty(in, c, SCOPE_PARTNERSHIP, 0);
    return true;
}

static void add_answers(struct world *w, const char *answers)
{
    bool open = strncmp(answers, "open ", 5) == 0;
    answers += open ? 5 : 0;
    world_case(w, "case", open);
    world_partner(w, "p1");
    for (;;) {
        size_t size = strcspn(answers, "|");
        world_respondent(w, arena_c(&w->arena, (struct text){answers, size}));
        answers += size;
        if (!*answers)
            return;
        if (answers[1] == '|') {
            world_partner(w, "p2");
            answers++;
        }
        answers++;
    }
}

static void open_example(struct world *w, const struct example *e)
{
    char questions[4000], ask_if[200], rules[4000];
    snprintf(ask_if, sizeof ask_if, "%s%s%s", e->ask_if ? ", ask_if: \"" : "",
             e->ask_if ? e->ask_if : "", e->ask_if ? "\"" : "");
    snprintf(questions, sizeof questions, QUESTIONS, ask_if);
    const char *when = e->when;
    bool whole = when && strncmp(when, "case: ", 6) == 0;
    if (when)
        snprintf(rules, sizeof rules,
                 "conclusions:\n  - {id: c, kind: finding, label: C%s}\n%s"
                 "rules:\n  - id: r\n    conclude: c\n    certainty: 1\n    each: %s\n"
                 "    when: |-\n      %s\n",
                 whole ? ", about: partnership" : "", e->pack ? e->pack : "",
                 whole ? "partnership" : "partner", when + (whole ? 6 : 0));
    else
        snprintf(rules, sizeof rules, "%s", e->pack);
    const struct world_file files[] = {
        WORLD_PACK, {"questions.yaml", questions}, {"rules.yaml", rules}};
    world_open(w, files, 3, e->not_put);
    add_answers(w, e->answers);
}

static bool near(double a, double b)
{
    double d = a - b;
    return d < 1e-12 && d > -1e-12;
}

/* With all that a program can have, and with the least. */
static bool holds(const struct example *e)
{
    struct world w;
    bool ok = true;
    open_example(&w, e);
    for (int k = 0; k < 2; k++) {
        struct answer_at a = {0};
        struct program *p =
            program_new(w.kb, &w.put, k ? PROGRAM_CERTAINTY : PROGRAM_BATCH, w.problems);
        assert_non_null(p);
        struct infer *in = infer_new(k ? p : w.program, w.problems);
        assert_non_null(in);
        assert_true(infer_run(in, w.cases, read_first, &a, w.problems));
        bool good =
            a.seen &&
            (a.assessed ? near(a.certainty.lo, e->lo) && near(a.certainty.hi, e->hi) : e->lo > 1);
        if (!good)
            print_error("%s: %s%s: %s\n  expected [%g, %g], got [%g, %g]%s\n", e->point,
                        e->when ? e->when : "", e->pack ? e->pack : "", e->answers, e->lo, e->hi,
                        a.certainty.lo, a.certainty.hi, a.assessed ? "" : " not assessed");
        ok &= good;
        infer_free(in);
        program_free(p);
    }
    world_close(&w);
    return ok;
}

static void run_all(const struct example *examples, size_t count)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++)
        ok &= holds(&examples[i]);
    assert_true(ok);
}

#define RUN_ALL(examples) run_all(examples, sizeof examples / sizeof examples[0])

static const struct example CONSOLIDATION[] = {
    {"1", "s <= 3", NULL, "s=1|s=5|s=dk|s=", 1, 1, NULL, NULL},
    {"1", "s < 3", NULL, "s=1|s=5", 0, 0, NULL, NULL},
    {"1 nothing left", "s <= 2", NULL, "s=dk|s=", 0, 1, NULL, NULL},
    {"1 all na", "s <= 2", NULL, "s=na|s=na", 0, 0, NULL, NULL},
    {"1 all na, negated", "not s <= 2", NULL, "s=na|s=na", 0, 0, NULL, NULL},
    {"1 na beside dk", "s <= 2", NULL, "s=na|s=dk", 0, 1, NULL, NULL},
    {"1 na left out", "s <= 2", NULL, "s=na|s=2", 1, 1, NULL, NULL},
    {"1 blank text", "x matches /^$/", NULL, "x=", 1, 1, NULL, NULL},
    {"1 blank text", "x matches /a/", NULL, "x=", 0, 0, NULL, NULL},
    {"1 declined text", "x matches /a/", NULL, "x=dk", 0, 1, NULL, NULL},
    {"2 fact of all", "fn = 20", NULL, "fn=10||fn=30", 1, 1, NULL, NULL},
    {"3 majority", "o = a", NULL, "o=a|o=a|o=b", 1, 1, NULL, NULL},
    {"3 tie", "o = a", NULL, "o=a|o=b", 0, 1, NULL, NULL},
    {"3 tie of others", "o = a", NULL, "o=a|o=b|o=b|o=c1|o=c1", 0, 1, NULL, NULL},
    {"3 to come, lead 1", "o = a", NULL, "open o=a|s=1", 0, 1, NULL, NULL},
    {"3 to come, lead 2", "o = a", NULL, "open o=a|o=a|s=1", 1, 1, NULL, NULL},
    {"3 declined is not to come", "o = a", NULL, "open o=a|o=dk", 1, 1, NULL, NULL},
    {"3 closed blank", "o = a", NULL, "o=a|s=1", 1, 1, NULL, NULL},
    {"3 partners", "case: y", NULL, "y=yes||y=no", 0, 1, NULL, NULL},
    {"3 na does not vote", "case: y", NULL, "y=yes||y=na", 1, 1, NULL, NULL},
    {"3 unknown partner", "case: y", NULL, "y=yes||y=dk", 0, 1, NULL, NULL},
    {"4 ticked", "m includes a", NULL, "m=a|m=a,b|m=b", 1, 1, NULL, NULL},
    {"4 tie", "m includes a", NULL, "m=a|m=b", 0, 1, NULL, NULL},
    {"4 not ticked", "m includes c1", NULL, "m=a|m=b", 0, 0, NULL, NULL},
    {"4 partners", "case: m includes a", NULL, "m=a||m=dk", 0, 1, NULL, NULL},
    {"5 mean", "s >= 3", NULL, "open s=5|t=1", 1, 1, NULL, NULL},
    {"5 mean", "s > 3", NULL, "open s=5|t=1", 0, 1, NULL, NULL},
    {"5 min", "min(s) <= 3", NULL, "open s=3|t=1", 1, 1, NULL, NULL},
    {"5 max", "max(s) >= 4", NULL, "open s=3|t=1", 0, 1, NULL, NULL},
    {"5 spread", "spread(s) >= 2", NULL, "open s=1|s=3|t=1", 1, 1, NULL, NULL},
    {"5 spread of one", "spread(s) = 0", NULL, "s=3", 1, 1, NULL, NULL},
    {"5 spread of one, one to come", "spread(s) = 0", NULL, "open s=3|t=1", 0, 1, NULL, NULL},
    {"5 none", "spread(s) <= 3", NULL, "s=dk", 0, 1, NULL, NULL},
    {"6 text to come", "x matches /a/", NULL, "open x=", 0, 1, NULL, NULL},
    {"6 found already", "x matches /a/", NULL, "open x=a|x=", 1, 1, NULL, NULL},
    {"7 mean of partners", "case: s = 2.5", NULL, "s=1|s=1|s=1||s=4", 1, 1, NULL, NULL},
    {"7 pooled", "case: mean(s) = 1.75", NULL, "s=1|s=1|s=1||s=4", 1, 1, NULL, NULL},
    {"7 unknown partner", "case: s <= 3", NULL, "s=1||s=dk", 1, 1, NULL, NULL},
    {"7 na partner", "case: s = 1", NULL, "s=1||s=na", 1, 1, NULL, NULL},
    {"7 all na", "case: not s = 1", NULL, "s=na||s=na", 0, 0, NULL, NULL},
    {"8 gap", "gap(s) = 3", NULL, "s=1||s=4", 1, 1, NULL, NULL},
    {"8 gap, one unknown", "gap(s) <= 3", NULL, "s=2||s=dk", 1, 1, NULL, NULL},
    {"8 gap, one unknown", "gap(s) >= 1", NULL, "s=2||s=dk", 0, 1, NULL, NULL},
    {"8 gap of one", "gap(s) >= 1", NULL, "s=2", 0, 1, NULL, NULL},
    {"8 gap, one left", "gap(s) >= 1", NULL, "s=2||s=na", 0, 1, NULL, NULL},
    {"8 disagree", "disagree(y)", NULL, "y=yes||y=no", 1, 1, NULL, NULL},
    {"8 agree", "disagree(y)", NULL, "y=yes||y=yes", 0, 0, NULL, NULL},
    {"8 unknown", "disagree(y)", NULL, "y=yes||y=dk", 0, 1, NULL, NULL},
    {"8 one", "disagree(s)", NULL, "s=1", 0, 1, NULL, NULL},
};

static void test_consolidation(void **state)
{
    (void)state;
    RUN_ALL(CONSOLIDATION);
}

static const char TWO[] = "conclusions:\n  - {id: c, kind: finding, label: C}\n"
                          "  - {id: d, kind: finding, label: D}\n"
                          "rules:\n"
                          "  - {id: a, when: t <= 2, conclude: d, certainty: 0.8}\n"
                          "  - {id: b, when: not d, conclude: c, certainty: 0.5}\n"
                          "  - {id: e, when: s <= 2, conclude: c, certainty: 0.5}\n";

static const struct example PLAY[] = {
    {"9 not put", "s <= 2", NULL, "t=1", NOT_ASSESSED, NULL, "s"},
    {"9 negated", "not s <= 2", NULL, "t=1", NOT_ASSESSED, NULL, "s"},
    {"9 or", "s <= 2 or t <= 2", NULL, "t=1", 1, 1, NULL, "s"},
    {"9 and", "s <= 2 and t <= 2", NULL, "t=1", NOT_ASSESSED, NULL, "s"},
    {"9 arithmetic", "s + t <= 9 or u = 1", NULL, "t=1 u=2", 0, 0, NULL, "s"},
    {"9 answered", "not answered(s) or u = 1", NULL, "u=2", 0, 0, NULL, "s"},
    {"9 unknown", "unknown(s) or u = 1", NULL, "u=2", 0, 0, NULL, "s"},
    {"9 count", "count(s <= 2) <= 5 or u = 1", NULL, "u=2", 0, 0, NULL, "s"},
    {"9 gap", "gap(s) <= 3 or u = 1", NULL, "u=2||u=2", 0, 0, NULL, "s"},
    {"9 grade", "not grade(s, 1, 5) or u = 1", NULL, "u=2", 0, 0, NULL, "s"},
    {"9 any", "any(s <= 2 or t <= 2)", NULL, "t=1||t=4", 1, 1, NULL, "s"},
    {"9 not assessed premise", NULL, TWO, "s=1", 0.5, 0.5, NULL, "t"},
    {"9 assessed premise", NULL, TWO, "s=1 t=4", 0.75, 0.75, NULL, NULL},
    {"10 one partner na", "case: s = 2", NULL, "s=na||s=2", 1, 1, NULL, NULL},
    {"10 pooled na", "case: not mean(s) = 2", NULL, "s=na||s=na", 0, 0, NULL, NULL},
    {"10 gap never", "gap(s) >= 1", NULL, "s=na||s=na", 0, 1, NULL, NULL},
    {"10 count of na", "count(not s <= 2) = 0", NULL, "s=na|s=1", 1, 1, NULL, NULL},
    {"10 count, all na", "count(s <= 2) = 0", NULL, "s=na|s=na", 0, 0, NULL, NULL},
    {"11 applies", "s <= 2", NULL, "s=1 y=yes", 1, 1, "y", NULL},
    {"11 applies not", "s <= 2", NULL, "s=1 y=no", 0, 0, "y", NULL},
    {"11 applies not, negated", "not s <= 2", NULL, "s=4 y=no", 0, 0, "y", NULL},
    {"11 unsure", "s <= 2", NULL, "s=1 y=dk", 0, 1, "y", NULL},
    {"11 unsure, negated", "not s <= 2", NULL, "s=1 y=dk", 0, 0, "y", NULL},
    {"11 partner left out", "case: s = 1", NULL, "s=1 y=yes||s=5 y=no", 1, 1, "y", NULL},
    {"11 respondents left out", "case: mean(s) = 1", NULL, "s=1 y=yes||s=5 y=no", 1, 1, "y", NULL},
    {"11 unsure partner", "case: s <= 2", NULL, "s=1 y=yes||s=1 y=dk", 0, 1, "y", NULL},
    {"11 none may", "case: s <= 2", NULL, "s=1 y=no||s=1 y=no", 0, 0, "y", NULL},
    {"11 gap, one sure", "gap(s) >= 1", NULL, "s=1 y=yes||s=5 y=dk", 0, 1, "y", NULL},
    {"11 count of unsure", "case: count(s <= 2) >= 1", NULL, "s=1 y=dk||s=1 y=dk", 0, 1, "y", NULL},
    {"11 count of unsure", "case: count(s <= 2) >= 1", NULL, "s=1 y=yes||s=1 y=dk", 1, 1, "y",
     NULL},
    {"11 count of unsure", "case: count(s <= 2) >= 2", NULL, "s=1 y=yes||s=1 y=dk", 0, 1, "y",
     NULL},
    {"12 ask_if out of play", "s <= 2", NULL, "s=1", 1, 1, "y", "y"},
    {"12 none in favour", NULL,
     "conclusions:\n  - {id: c, kind: finding, label: C}\n"
     "rules:\n  - {id: r, when: s <= 2, conclude: c, certainty: 0.5}\n"
     "  - {id: q, when: t <= 2, conclude: c, certainty: -0.5}\n",
     "t=1", NOT_ASSESSED, NULL, "s"},
};

static void test_in_play(void **state)
{
    (void)state;
    RUN_ALL(PLAY);
}

static const struct example FACTS[] = {
    {"13 of two partners' cells", "answered_share = 1", NULL,
     "s=1 t=1 u=1 n=1 y=yes z=no o=a m=a "
     "fs=1 fn=1 fy=no fo=a",
     1, 1, NULL, NULL},
    {"13 text is no cell", "answered_share = 0", NULL, "x=hello", 1, 1, NULL, NULL},
    {"13 a fact is one cell", "answered_share = 0.25", NULL, "s=1|s=dk", 0, 0, NULL,
     "t u n y z o m x fs fn fy"},
    {"13 a fact is one cell", "case: answered_share = 0.5", NULL, "s=1|fo=a|s=dk", 1, 1, NULL,
     "t u n y z o m x fs fn fy"},
    {"13 na is no cell", "answered_share = 1", NULL, "s=1 t=na", 1, 1, NULL,
     "u n y z o m x fs fn fy fo"},
    {"13 ask_if fails", "answered_share = 1", NULL, "y=no", 1, 1, "y", "t u n z o m x fs fn fy fo"},
    {"13 to come", "answered_share >= 0.5", NULL, "open s=1", 1, 1, NULL,
     "u n y z o m x fs fn fy fo"},
    {"13 to come", "answered_share = 1", NULL, "open s=1", 0, 1, NULL, "u n y z o m x fs fn fy fo"},
    {"13 declined", "answered_share = 0.5", NULL, "open s=1 t=dk", 1, 1, NULL,
     "u n y z o m x fs fn fy fo"},
    {"13 no cell", "answered_share >= 0.5", NULL, "s=na", 0, 1, NULL,
     "t u n y z o m x fs fn fy fo"},
    {"14 three are too few", "straight_lined = 0", NULL, "s=1 t=1 u=1", 1, 1, NULL, NULL},
    {"15 respondents", "respondents = 2", NULL, "s=1|s=1||s=1", 1, 1, NULL, NULL},
    {"15 respondents", "case: respondents = 3", NULL, "s=1|s=1||s=1", 1, 1, NULL, NULL},
    {"15 partners", "partners = 2", NULL, "s=1|s=1||s=1", 1, 1, NULL, NULL},
    {"16 answered", "answered(s)", NULL, "s=dk|s=1", 1, 1, NULL, NULL},
    {"16 not answered", "answered(s)", NULL, "s=dk|s=", 0, 0, NULL, NULL},
    {"16 blank text", "answered(x)", NULL, "x=", 0, 0, NULL, NULL},
    {"16 to come", "answered(s)", NULL, "open s=", 0, 1, NULL, NULL},
    {"16 answered already", "answered(s)", NULL, "open s=1|s=", 1, 1, NULL, NULL},
    {"16 unknown", "unknown(s)", NULL, "s=dk", 1, 1, NULL, NULL},
    {"16 known", "unknown(s)", NULL, "s=dk|s=3", 0, 0, NULL, NULL},
    {"16 tie", "unknown(y)", NULL, "y=yes|y=no", 1, 1, NULL, NULL},
    {"16 one choice tied", "unknown(m)", NULL, "m=a|m=a,b", 1, 1, NULL, NULL},
    {"16 all choices known", "unknown(m)", NULL, "m=a|m=a", 0, 0, NULL, NULL},
    {"16 declined text", "unknown(x)", NULL, "x=dk", 1, 1, NULL, NULL},
    {"16 blank text", "unknown(x)", NULL, "x=", 0, 0, NULL, NULL},
    {"16 to come", "unknown(s)", NULL, "open s=", 0, 1, NULL, NULL},
};

static void test_facts(void **state)
{
    (void)state;
    RUN_ALL(FACTS);
}

static const struct example STRENGTHS[] = {
    {"17 all choices", "o in (a, b, c1)", NULL, "o=dk", 1, 1, NULL, NULL},
    {"17 some choices", "o in (a, b)", NULL, "o=dk", 0, 1, NULL, NULL},
    {"17 some choices", "not o in (a, b)", NULL, "o=a", 0, 0, NULL, NULL},
    {"17 equal", "s = t", NULL, "s=2 t=2", 1, 1, NULL, NULL},
    {"17 equal, unknown", "s = t", NULL, "s=2 t=dk", 0, 1, NULL, NULL},
    {"17 equal, unknown twice", "s = s", NULL, "s=dk", 0, 1, NULL, NULL},
    {"17 intervals apart", "s = t + 5", NULL, "s=dk t=1", 0, 0, NULL, NULL},
    {"17 between", "s between 2 and 4", NULL, "s=4", 1, 1, NULL, NULL},
    {"17 between", "s between 2 and 4", NULL, "s=dk", 0, 1, NULL, NULL},
    {"17 between a mean", "s between 2 and 4", NULL, "s=1|s=2", 0, 0, NULL, NULL},
    {"17 in", "s in (1, 4)", NULL, "s=4", 1, 1, NULL, NULL},
    {"17 in a mean", "s in (1, 2)", NULL, "s=1|s=2", 0, 0, NULL, NULL},
    {"17 arithmetic", "s - t <= 4", NULL, "s=dk t=dk", 1, 1, NULL, NULL},
    {"17 arithmetic", "s - t <= 3", NULL, "s=dk t=dk", 0, 1, NULL, NULL},
    {"17 product", "(s - 3) * (t - 3) >= -4", NULL, "s=dk t=dk", 1, 1, NULL, NULL},
    {"17 product", "(s - 3) * (t - 3) > -4", NULL, "s=dk t=dk", 0, 1, NULL, NULL},
    {"17 minus", "-s <= -1", NULL, "s=dk", 1, 1, NULL, NULL},
    {"17 divide", "s / t = 2", NULL, "s=4 t=2", 1, 1, NULL, NULL},
    {"17 divide", "s / t <= 5", NULL, "s=dk t=dk", 1, 1, NULL, NULL},
    {"17 division by 0", "s / n > 1", NULL, "s=4 n=0", 0, 1, NULL, NULL},
    {"17 division by 0", "not s / n > 1", NULL, "s=4 n=0", 0, 1, NULL, NULL},
    {"17 divisor holds 0", "s / n > 1000000", NULL, "s=4 n=dk", 0, 1, NULL, NULL},
    {"17 deep in a sum", "t + s / n > 1000", NULL, "s=4 n=0 t=1", 0, 1, NULL, NULL},
    {"17 zero over zero", "n / (n - n) <= 3", NULL, "n=0", 0, 1, NULL, NULL},
    {"17 times zero", "(n - n) * (s / n) <= 3", NULL, "s=4 n=0", 0, 1, NULL, NULL},
    {"18 grade", "grade(s, 1, 5)", NULL, "s=2", 0.25, 0.25, NULL, NULL},
    {"18 falls", "grade(s, 4, 2)", NULL, "s=3", 0.5, 0.5, NULL, NULL},
    {"18 below", "grade(s, 2, 4)", NULL, "s=1", 0, 0, NULL, NULL},
    {"18 above", "grade(s, 2, 4)", NULL, "s=5", 1, 1, NULL, NULL},
    {"18 unknown", "grade(s, 0, 10)", NULL, "s=dk", 0.1, 0.5, NULL, NULL},
    {"18 unknown, falls", "grade(s, 10, 0)", NULL, "s=dk", 0.5, 0.9, NULL, NULL},
    {"18 division", "grade(s / n, 0, 10)", NULL, "s=4 n=0", 0, 1, NULL, NULL},
    {"18 negated", "not grade(s, 2, 4)", NULL, "s=3", 0, 0, NULL, NULL},
    {"18 negated", "not grade(s, 2, 4)", NULL, "s=2", 1, 1, NULL, NULL},
    {"18 negated", "not grade(s, 2, 4)", NULL, "s=dk", 0, 1, NULL, NULL},
    {"24 and", "grade(s, 1, 5) and grade(t, 1, 5)", NULL, "s=2 t=4", 0.25, 0.25, NULL, NULL},
    {"24 or", "grade(s, 1, 5) or grade(t, 1, 5)", NULL, "s=2 t=4", 0.75, 0.75, NULL, NULL},
    {"24 any", "any(grade(s, 1, 5))", NULL, "s=2||s=4", 0.75, 0.75, NULL, NULL},
    {"24 all", "all(grade(s, 1, 5))", NULL, "s=2||s=4", 0.25, 0.25, NULL, NULL},
    {"24 kleene", "s <= 2 and y", NULL, "s=dk y=no", 0, 0, NULL, NULL},
    {"24 kleene", "s <= 2 or y", NULL, "s=dk y=yes", 1, 1, NULL, NULL},
    {"count", "count(s <= 2) = 2", NULL, "s=1|s=2|s=3", 1, 1, NULL, NULL},
    {"count", "count(s <= 2) between 1 and 2", NULL, "s=1|s=4|s=dk", 1, 1, NULL, NULL},
    {"count", "count(s <= 2) = 1", NULL, "s=1|s=4|s=dk", 0, 1, NULL, NULL},
    {"share", "share(s <= 2) = 0.5", NULL, "s=1|s=4", 1, 1, NULL, NULL},
    {"share", "share(s <= 2) >= 0.6", NULL, "s=1|s=4|s=dk", 0, 1, NULL, NULL},
    {"share pooled", "case: share(s <= 2) = 0.25", NULL, "s=1|s=4|s=4||s=4", 1, 1, NULL, NULL},
    {"partner", "partner = \"p2\"", NULL, "s=1||s=1", 1, 1, NULL, NULL},
    {"partner", "all(partner matches /^p\\d$/)", NULL, "s=1||s=1", 1, 1, NULL, NULL},
};

static void test_strengths(void **state)
{
    (void)state;
    RUN_ALL(STRENGTHS);
}

#define C_OF(more) "conclusions:\n  - {id: c, kind: finding, label: C" more "}\n"
#define RULE(id, when, certainty, more) \
    "  - {id: " id ", when: \"" when "\", conclude: c, certainty: " certainty more "}\n"

static const char FOR_AGAINST[] = C_OF("") "rules:\n" RULE("a", "s <= 2", "0.6", "")
    RULE("b", "t <= 2", "0.5", "") RULE("d", "y", "-0.4", "");
static const char GROUPED[] = C_OF("") "rules:\n" RULE("a", "s <= 2", "0.6", ", group: g")
    RULE("b", "t <= 2", "0.5", ", group: g") RULE("d", "u <= 2", "0.5", "")
        RULE("e", "y", "-0.4", ", group: g") RULE("f", "z", "-0.3", ", group: g");
static const char ABOUT_CASE[] =
    C_OF(", about: partnership") "rules:\n" RULE("a", "grade(s, 1, 5)", "0.8", "")
        RULE("b", "grade(t, 1, 5)", "-0.8", "");
static const char CASE_GROUP[] =
    C_OF(", about: partnership") "rules:\n" RULE("a", "s <= 2", "0.6", ", group: g")
        RULE("b", "t <= 2", "0.5", ", group: g");
static const char CERTAIN[] =
    C_OF("") "rules:\n" RULE("a", "s <= 2", "1", "") RULE("b", "t <= 2", "-1", "");
static const char NEEDS[] = C_OF(", needs: fy") "rules:\n" RULE("a", "s <= 2", "0.6", "");
static const char PREMISE[] =
    "conclusions:\n  - {id: c, kind: finding, label: C}\n"
    "  - {id: d, kind: finding, label: D, holds_from: 0.5}\n"
    "rules:\n  - {id: a, when: s <= 2, conclude: d, certainty: 0.3}\n"
    "  - {id: b, when: t <= 2, conclude: d, certainty: 0.5}\n" RULE("e", "d", "1", "");
static const char PRESENT[] =
    "conclusions:\n  - {id: c, kind: finding, label: C}\n"
    "  - {id: d, kind: finding, label: D, holds_from: 0.5}\n"
    "rules:\n  - {id: a, when: s <= 2, conclude: d, certainty: 0.3}\n"
    "  - {id: b, when: t <= 2, conclude: d, certainty: 0.5}\n" RULE("e", "present(d)", "0.8", "");
static const char CERTAINTY_OF[] =
    "conclusions:\n  - {id: c, kind: finding, label: C}\n"
    "  - {id: d, kind: finding, label: D, holds_from: 0.5}\n"
    "rules:\n  - {id: a, when: s <= 2, conclude: d, certainty: 0.3}\n"
    "  - {id: b, when: t <= 2, conclude: d, certainty: -0.5}\n" RULE("e", "certainty(d) < 0", "0.8",
                                                                     "");
static const char PARTNER_PREMISE[] =
    "conclusions:\n  - {id: c, kind: finding, about: partnership, label: C}\n"
    "  - {id: d, kind: finding, label: D, holds_from: 0.2}\n"
    "rules:\n  - {id: a, when: s <= 2, conclude: d, certainty: 0.6}\n"
    "  - {id: b, when: t <= 2, conclude: d, certainty: -0.5}\n" RULE("e", "d", "1",
                                                                     ", each: partnership");

static const struct example EVIDENCE[] = {
    {"20 for", NULL, FOR_AGAINST, "s=1 t=1 y=no", 0.8, 0.8, NULL, NULL},
    {"20 none", NULL, FOR_AGAINST, "s=5 t=5 y=no", 0, 0, NULL, NULL},
    {"20 both", NULL, FOR_AGAINST, "s=1 t=1 y=yes", 1 - 0.2 / 0.6, 1 - 0.2 / 0.6, NULL, NULL},
    {"20 against", NULL, FOR_AGAINST, "s=5 t=5 y=yes", -0.4, -0.4, NULL, NULL},
    {"20 ends", NULL, FOR_AGAINST, "s=1 t=1 y=dk", 1 - 0.2 / 0.6, 0.8, NULL, NULL},
    {"20 ends", NULL, FOR_AGAINST, "s=dk t=5 y=yes", -0.4, 1 - 0.4 / 0.6, NULL, NULL},
    {"20 equal", NULL, CERTAIN, "s=1 t=1", 0, 0, NULL, NULL},
    {"21 certain or not", NULL, CERTAIN, "s=1 t=dk", 0, 1, NULL, NULL},
    {"21 certain or not", NULL, CERTAIN, "s=dk t=dk", -1, 1, NULL, NULL},
    {"19 group", NULL, GROUPED, "s=1 t=1 u=1 y=no z=no", 0.8, 0.8, NULL, NULL},
    {"19 group, lower", NULL, GROUPED, "s=5 t=1 u=1 y=no z=no", 0.75, 0.75, NULL, NULL},
    {"19 group ends", NULL, GROUPED, "s=dk t=1 u=5 y=no z=no", 0.5, 0.6, NULL, NULL},
    {"19 group against", NULL, GROUPED, "s=5 t=5 u=5 y=yes z=yes", -0.4, -0.4, NULL, NULL},
    {"19 over partners", NULL, ABOUT_CASE, "s=3 t=1||s=5 t=1", 0.8, 0.8, NULL, NULL},
    {"19 lowest against", NULL, ABOUT_CASE, "s=1 t=5||s=1 t=3", -0.4, -0.4, NULL, NULL},
    {"19 none of one", NULL, ABOUT_CASE, "s=1 t=5||s=1 t=1", 0, 0, NULL, NULL},
    {"19 na of one", NULL, ABOUT_CASE, "s=1 t=5||s=1 t=na", 0, 0, NULL, NULL},
    {"19 reduced, then grouped", NULL, CASE_GROUP, "s=5 t=1||s=1 t=5", 0.6, 0.6, NULL, NULL},
    {"22 needs", NULL, NEEDS, "s=1 fy=yes", 0.6, 0.6, NULL, NULL},
    {"22 needs", NULL, NEEDS, "s=1 fy=no", -1, 1, NULL, NULL},
    {"22 needs unknown", NULL, NEEDS, "s=1 fy=dk", -1, 1, NULL, NULL},
    {"22 needs not put", NULL, NEEDS, "s=1", -1, 1, NULL, "fy"},
    {"23 highest of partners", NULL, FOR_AGAINST, "s=1 t=5 y=no||s=5 t=1 y=no", 0.6, 0.6, NULL,
     NULL},
    {"23 each end", NULL, FOR_AGAINST, "s=1 t=5 y=no||s=dk t=dk y=no", 0.6, 0.8, NULL, NULL},
    {"premise", NULL, PREMISE, "s=1 t=1", 0.65, 0.65, NULL, NULL},
    {"premise below", NULL, PREMISE, "s=1 t=5", 0, 0, NULL, NULL},
    {"premise at its threshold", NULL, PREMISE, "s=5 t=1", 0.5, 0.5, NULL, NULL},
    {"premise, each end", NULL, PREMISE, "s=1 t=dk", 0, 0.65, NULL, NULL},
    {"present", NULL, PRESENT, "s=1 t=1", 0.8, 0.8, NULL, NULL},
    {"present", NULL, PRESENT, "s=1 t=dk", 0, 0.8, NULL, NULL},
    {"certainty", NULL, CERTAINTY_OF, "s=5 t=1", 0.8, 0.8, NULL, NULL},
    {"certainty", NULL, CERTAINTY_OF, "s=5 t=dk", 0, 0.8, NULL, NULL},
    {"highest, signed, as a premise", NULL, PARTNER_PREMISE, "s=1 t=5||s=5 t=1", 0.6, 0.6, NULL,
     NULL},
};

static void test_evidence(void **state)
{
    (void)state;
    RUN_ALL(EVIDENCE);
}

/* 14: eight scale questions and more. */
static void test_straight_lines(void **state)
{
    (void)state;
    static const struct {
        const char *answers;
        double lo, hi;
    } rows[] = {
        {"q0=3 q1=3 q2=3 q3=3 q4=3 q5=3 q6=3 q7=3", 1, 1},
        {"q0=3 q1=3 q2=3 q3=3 q4=3 q5=3 q6=3", 0, 0},
        {"q0=3 q1=3 q2=3 q3=3 q4=3 q5=3 q6=3 q7=dk", 0, 0},
        {"q0=3 q1=3 q2=3 q3=3 q4=3 q5=3 q6=3 q7=4", 0, 0},
        {"q0=3 q1=3 q2=3 q3=3 q4=3 q5=3 q6=3 q7=3 q8=dk", 1, 1},
        {"open q0=3 q1=3 q2=3 q3=3 q4=3 q5=3 q6=3 q7=3", 0, 1},
        {"open q0=3 q1=3 q2=3 q3=3 q4=3 q5=3 q6=3 q7=3 q8=dk", 1, 1},
        {"open q0=3 q1=4", 0, 0},
        {"open q0=dk q1=dk", 0, 0},
        {"open q0=dk", 0, 1},
    };
    char questions[1000] = "";
    for (int i = 0; i < 9; i++)
        snprintf(questions + strlen(questions), sizeof questions - strlen(questions),
                 "- {id: q%d, kind: scale, scale: agreement, text: T}\n", i);
    const struct world_file files[] = {
        WORLD_PACK,
        {"questions.yaml", questions},
        {"rules.yaml", C_OF("") "rules:\n" RULE("a", "straight_lined >= 1", "1", "")}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer_at a = {0};
        struct world w;
        world_open(&w, files, 3, NULL);
        add_answers(&w, rows[i].answers);
        assert_true(infer_run(w.infer, w.cases, read_first, &a, w.problems));
        if (a.certainty.lo != rows[i].lo || a.certainty.hi != rows[i].hi)
            fail_msg("%s: got [%g, %g]", rows[i].answers, a.certainty.lo, a.certainty.hi);
        world_close(&w);
    }
}

/* 25, and 8 of the verdicts: present, absent and between. */
static bool read_level(const struct infer *in, const struct tile *t, void *ctx)
{
    char *out = ctx;
    uint32_t c = kb_conclusion(t->block->kb, TEXT("c"));
    for (uint32_t p = 0; p < t->partner_count; p++)
        snprintf(out + strlen(out), 60 - strlen(out), "%d%s ",
                 (int)infer_verdict(in, c, SCOPE_PARTNER, p), level_name(infer_level(in, c, p)));
    return true;
}

static void test_severity(void **state)
{
    (void)state;
    static const struct {
        const char *answers, *expected;
    } rows[] = {
        {"s=1 t=3 u=3", "0medium "},
        {"s=1 t=1 u=3", "0high "},
        {"s=1 t=3 u=1", "0low "},
        {"s=1 t=1 u=1", "0high "},
        {"s=1 t=dk u=1", "0low "},
        {"s=1 t=dk u=dk", "0medium "},
        {"s=5 t=1 u=1", "2high "},
        {"s=dk t=3 u=3", "1medium "},
        {"s=1 t=1 u=3||s=5 t=3 u=1", "0high 2low "},
    };
    char questions[2000];
    snprintf(questions, sizeof questions, QUESTIONS, "");
    const struct world_file files[] = {
        WORLD_PACK,
        {"questions.yaml", questions},
        {"rules.yaml",
         "conclusions:\n  - {id: c, kind: diagnosis, label: C, summary: S, severity: {level: "
         "medium, high_when: t <= 2, low_when: u <= 2}}\n"
         "rules:\n" RULE("a", "s <= 2", "0.4", "")}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[60] = "";
        struct world w;
        world_open(&w, files, 3, NULL);
        add_answers(&w, rows[i].answers);
        assert_true(infer_run(w.infer, w.cases, read_level, out, w.problems));
        assert_string_equal(rows[i].expected, out);
        world_close(&w);
    }
}

/* 19: to the last bit, whether the first rule of the group is in play or not. */
static void test_place_of_a_group(void **state)
{
    (void)state;
    char questions[2000];
    snprintf(questions, sizeof questions, QUESTIONS, "");
    const struct world_file files[] = {
        WORLD_PACK,
        {"questions.yaml", questions},
        {"rules.yaml",
         "conclusions:\n  - {id: c, kind: finding, label: C}\n"
         "rules:\n" RULE("a", "t <= 2", "0.1", ", group: g") RULE("b", "s <= 2", "0.1", "")
             RULE("d", "s <= 2", "0.3", "") RULE("e", "s <= 2", "0.1", ", group: g")}};
    for (int put = 0; put < 2; put++) {
        struct answer_at a = {0};
        struct world w;
        world_open(&w, files, 3, put ? NULL : "t");
        add_answers(&w, put ? "s=1 t=5" : "s=1");
        assert_true(infer_run(w.infer, w.cases, read_first, &a, w.problems));
        assert_true(a.certainty.lo == 1 - 0.9 * 0.9 * 0.7 && a.certainty.hi == a.certainty.lo);
        assert_true(a.certainty.lo != 1 - 0.9 * 0.7 * 0.9);
        world_close(&w);
    }
}

TEST_MAIN(8, cmocka_unit_test(test_consolidation), cmocka_unit_test(test_in_play),
          cmocka_unit_test(test_facts), cmocka_unit_test(test_strengths),
          cmocka_unit_test(test_evidence), cmocka_unit_test(test_straight_lines),
          cmocka_unit_test(test_severity), cmocka_unit_test(test_place_of_a_group))
