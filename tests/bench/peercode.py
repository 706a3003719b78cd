"""The neutral rules in the peers' languages: C, the run-time plan, CLIPS and SQL."""

import os

import dfa
from neutral import QUESTIONS

FUNCTION_RULES = 400  # rules in one C function: compilers are slow on very long ones
EQUAL, AT_MOST, AT_LEAST, PER_QUESTION = 0, 6, 12, 18  # places of slice.c's words
PLACE = {"=": EQUAL, "<=": AT_MOST, ">=": AT_LEAST}
PATTERN_AT = len(QUESTIONS) * PER_QUESTION


def write_all(rules, folder):
    """Writes every peer's program for workload A into `folder`."""
    os.makedirs(folder, exist_ok=True)
    for name, text in (("tables.h", c_tables(rules)), ("hand-body.h", hand_body(rules)),
                       ("slice-body.h", slice_body(rules)), ("rules.plan", plan(rules)),
                       ("rules.clp", clips(rules)),
                       ("names.txt", clips_names(rules.patterns, rules.conclusions)),
                       ("rules.sql", sql_a(rules))):
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as out:
            out.write(text)


# ---- C

def c_tables(rules):
    """The header line, and the automaton with, for each accepting state, a mask of patterns."""
    table, accepted = dfa.build(rules.patterns)
    words = max(1, (len(rules.patterns) + 63) // 64)
    masks, accept = [[0] * words], []
    for patterns in accepted:
        mask = [0] * words
        for index in patterns:
            mask[index // 64] |= 1 << (index % 64)
        if mask not in masks:
            masks.append(mask)
        accept.append(masks.index(mask))
    rows = ",\n".join("{" + ",".join("[%d]=%d" % move for move in row.items()) + "}"
                      for row in table)
    return (
        "#define ND %d\n#define NRX %d\n#define RW %d\n"
        "static const char HEAD[] = \"case_id,partner,%s\\n\";\n"
        "static const uint16_t DFA_NEXT[%d][256] = {%s};\n"
        "static const uint16_t DFA_ACCEPT[] = {%s};\n"
        "static const uint64_t DFA_MASK[][RW] = {%s};\n"
    ) % (len(rules.conclusions), len(rules.patterns), words, ",".join(rules.conclusions),
         len(table), rows, ",".join(map(str, accept)),
         ",\n".join("{" + ",".join(map(hex, mask)) + "}" for mask in masks))


def c_functions(statements, parameters, arguments):
    """The statements in functions of bounded length, and `rules` that calls them in order."""
    text, calls = [], []
    for i in range(0, len(statements), FUNCTION_RULES):
        name = "part%d" % (i // FUNCTION_RULES)
        text.append("static void %s(%s)\n{\n%s\n}\n"
                    % (name, parameters, "\n".join(statements[i:i + FUNCTION_RULES])))
        calls.append("    %s(%s);\n" % (name, arguments))
    text.append("static void rules(%s)\n{\n%s}\n" % (parameters, "".join(calls)))
    return "".join(text)


def places(rules):
    """Conclusion -> its column."""
    return {name: i for i, name in enumerate(rules.conclusions)}


def hand_body(rules):
    """For hand.c: an `if` a rule, over answers q (0 = none), pattern bits m, certainties c."""
    place = places(rules)

    def compare(test):
        cell = "q[%d]" % QUESTIONS.index(test.question)
        if test.op == "<=":
            return "(uint8_t)(%s - 1) < %d" % (cell, test.value)
        return "%s %s %d" % (cell, "==" if test.op == "=" else test.op, test.value)

    lines = []
    for rule in rules.base:
        tests = [compare(test) for test in rule.comparisons]
        tests += ["(m[%d] >> %d & 1)" % (match.index // 64, match.index % 64)
                  for match in rule.matches]
        at = place[rule.then]
        lines.append("if (%s) c[%d] += %s * (1 - c[%d]);"
                     % (" && ".join(tests), at, rule.factor, at))
    for rule in rules.chained:
        tests = ["c[%d] %s %s" % (place[p.conclusion], "<" if p.negated else ">=", p.minimum)
                 for p in rule.premises]
        at = place[rule.then]
        lines.append("if (%s) c[%d] += %s * %s * (1 - c[%d]);"
                     % (" && ".join(tests), at, c_minimum(rule, "c[%d]", place), rule.factor, at))
    return c_functions(lines, "const uint8_t *restrict q, const uint64_t *restrict m, "
                              "double *restrict c", "q, m, c")


def c_minimum(rule, cell, place):
    """The lowest certainty among a chained rule's premises, as a C expression."""
    values = [cell % place[p.conclusion] for p in rule.premises if not p.negated]
    text = values[0]
    for value in values[1:]:
        text = "MIN(%s, %s)" % (text, value)
    return text


def word_of(test):
    """Which of slice.c's words is a comparison."""
    return (QUESTIONS.index(test.question) * PER_QUESTION + PLACE[test.op] + test.value)


def words_of(rule):
    """The words that a base rule is the AND of."""
    return ([word_of(test) for test in rule.comparisons]
            + [PATTERN_AT + match.index for match in rule.matches])


def slice_body(rules):
    """For slice.c with the rules compiled in."""
    place = places(rules)
    lines = []
    for rule in rules.base:
        words = " & ".join("word[%d]" % word for word in words_of(rule))
        lines.append("fire(%d, %s, %s);" % (place[rule.then], words, rule.factor))
    for rule in rules.chained:
        fired = " & ".join("fired[%d]" % place[p.conclusion]
                           for p in rule.premises if not p.negated)
        tests = ["certainty[%d][i] %s %s"
                 % (place[p.conclusion], "<" if p.negated else ">=", p.minimum)
                 for p in sorted(rule.premises, key=lambda p: p.negated)]
        at = place[rule.then]
        lines.append(
            "for (uint64_t m = %s; m; m &= m - 1) { int i = __builtin_ctzll(m); if (%s) { "
            "double x = %s; certainty[%d][i] += x * %s * (1 - certainty[%d][i]); "
            "fired[%d] |= m & -m; } }"
            % (fired, " && ".join(tests), c_minimum(rule, "certainty[%d][i]", place), at,
               rule.factor, at, at))
    return c_functions(lines, "void", "")


def plan(rules):
    """For slicei: a line a rule, kind, conclusion, factor, number of terms, terms."""
    place = places(rules)
    lines = []
    for rule in rules.base:
        words = words_of(rule)
        lines.append("B %d %s %d %s" % (place[rule.then], rule.factor, len(words),
                                        " ".join(map(str, words))))
    for rule in rules.chained:
        terms = []
        for p in rule.premises:
            at = place[p.conclusion]
            terms.append("%d %s" % (-1 - at if p.negated else at, p.minimum))
        lines.append("C %d %s %d %s" % (place[rule.then], rule.factor, len(terms),
                                        " ".join(terms)))
    return "\n".join(lines) + "\n"


# ---- CLIPS

COMBINE = """(deftemplate diag (slot name) (slot cf))
(defrule combine (declare (salience 1000))
  ?first <- (diag (name ?n) (cf ?a))
  ?second <- (diag (name ?n) (cf ?b))
  (test (< (fact-index ?first) (fact-index ?second)))
  =>
  (retract ?first)
  (modify ?second (cf (- (+ ?a ?b) (* ?a ?b)))))
"""
VALUES = {"<=": lambda v: range(1, v + 1), ">=": lambda v: range(v, 6), "=": lambda v: [v]}


def clips(rules):
    """A CLIPS rule a rule: answers as literal alternatives, layers as salience."""
    text = ["(deftemplate answers (slot id) (slot partner) %s (slot comment))\n"
            % " ".join("(slot %s)" % question for question in QUESTIONS), COMBINE]
    for rule in rules.base:
        slots = sorted((test.question, "|".join(map(str, VALUES[test.op](test.value))))
                       for test in rule.comparisons)
        slots += [("comment", "?c&:(comment-match %d ?c)" % match.index)
                  for match in rule.matches]
        text.append("(defrule %s (answers %s) => (assert (diag (name %s) (cf %s))))\n"
                    % (rule.id, " ".join("(%s %s)" % slot for slot in slots), rule.then,
                       rule.factor))
    for rule in rules.chained:
        text.append(clips_chained(rule))
    return "".join(text)


def clips_chained(rule):
    """A chained rule: premises as facts, a negated one as the absence of a fact."""
    patterns, values = [], []
    for i, p in enumerate(rule.premises):
        fact = "(diag (name %s) (cf ?x%d&:(>= ?x%d %s)))" % (p.conclusion, i, i, p.minimum)
        if p.negated:
            patterns.append("(not %s)" % fact)
        else:
            patterns.append(fact)
            values.append("?x%d" % i)
    strength = "(min %s)" % " ".join(values) if len(values) > 1 else values[0]
    return ("(defrule %s (declare (salience %d)) %s => (assert (diag (name %s) (cf (* %s %s)))))\n"
            % (rule.id, -10 * rule.layer, " ".join(patterns), rule.then, strength, rule.factor))


def clips_names(patterns, conclusions):
    """What clips.c reads beside the rules."""
    return "".join("%s\n" % line for line in
                   [len(patterns)] + list(patterns) + [len(conclusions)] + list(conclusions))


# ---- SQL

def sql_input():
    """The read_csv call; all types are given, so that nothing is guessed."""
    columns = (["'case_id':'VARCHAR'", "'partner':'VARCHAR'"]
               + ["'%s':'TINYINT'" % question for question in QUESTIONS]
               + ["'comment':'VARCHAR'"])
    return ("read_csv('@IN@', header=true, delim=',', quote='\"', escape='\"', "
            "auto_detect=false, columns={%s})" % ",".join(columns))


# Without USE_TMP_FILE false an existing output, be it /dev/null, might be replaced by a new file.
SQL_OUTPUT = "TO '@OUT@' (HEADER, DELIMITER ',', USE_TMP_FILE false);\n"


def sql_a(rules):
    """One COPY statement: a common table expression a layer, an expression a conclusion."""
    direct, layers = {}, {1: {}, 2: {}}
    for rule in rules.base:
        direct.setdefault(rule.then, []).append(sql_base(rule))
    for rule in rules.chained:
        layers[rule.layer].setdefault(rule.then, []).append(sql_chained(rule))

    def columns(conclusions):
        return ",\n".join("1 - %s AS %s" % (" * ".join(factors), name)
                          for name, factors in conclusions.items())

    certainties = ",\n".join("CASE WHEN %s > 0 THEN %s::DECIMAL(5,4) END AS %s" % (c, c, c)
                             for c in rules.conclusions)
    return ("COPY (WITH answers AS (SELECT * FROM %s),\n"
            "direct AS (SELECT case_id, partner,\n%s\nFROM answers),\n"
            "layer1 AS (SELECT *,\n%s\nFROM direct),\n"
            "layer2 AS (SELECT *,\n%s\nFROM layer1)\n"
            "SELECT case_id, partner,\n%s\nFROM layer2) %s"
            % (sql_input(), columns(direct), columns(layers[1]), columns(layers[2]), certainties,
               SQL_OUTPUT))


def sql_base(rule):
    """What remains of disbelief after a base rule."""
    tests = ["%s %s %d" % (test.question, test.op, test.value) for test in rule.comparisons]
    tests += ["regexp_matches(comment, '%s', 'i')" % match.pattern for match in rule.matches]
    return ("CASE WHEN %s THEN %.1f::DOUBLE ELSE 1.0::DOUBLE END"
            % (" AND ".join(tests), 1 - rule.factor))


def sql_chained(rule):
    """What remains of disbelief after a chained rule."""
    tests = ["%s %s %s" % (p.conclusion, "<" if p.negated else ">=", p.minimum)
             for p in rule.premises]
    values = [p.conclusion for p in rule.premises if not p.negated]
    strength = "least(%s)" % ", ".join(values) if len(values) > 1 else values[0]
    return ("CASE WHEN %s THEN 1 - %s * %s ELSE 1.0 END"
            % (" AND ".join(tests), strength, rule.factor))


def sql_b():
    """Workload B: one aggregation a case, then gaps, spreads and what is chained to them."""
    sums = ["count(*) FILTER (partner = '%s') AS rows_%s" % (side, side.lower()) for side in "AB"]
    for question in QUESTIONS[:10]:
        sums += ["avg(%s) FILTER (partner = '%s') AS %s_%s" % (question, side, question,
                                                               side.lower()) for side in "AB"]
    spreads = []
    for side in "AB":
        for i, question in enumerate(QUESTIONS[10:15], 1):
            column = "range_%s%02d" % (side.lower(), i)
            sums.append("max(%s) FILTER (partner = '%s') - min(%s) FILTER (partner = '%s') AS %s"
                        % (question, side, question, side, column))
            spreads.append("CASE WHEN rows_%s >= 2 AND %s >= 3 THEN 0.5::DOUBLE END AS SP%s%02d"
                           % (side.lower(), column, side, i))
    gaps = ["CASE WHEN abs(%s_a - %s_b) >= 1.5 THEN abs(%s_a - %s_b) / 4 END AS GAP%02d"
            % (q, q, q, q, i) for i, q in enumerate(QUESTIONS[:10], 1)]
    both = "CASE WHEN rows_a >= 2 AND rows_b >= 2 THEN 0.8::DOUBLE END AS BOTH_SIDES"
    chained = [
        "CASE WHEN GAP01 > 0 AND GAP02 > 0 THEN 0.8 * least(GAP01, GAP02) END AS X01",
        "CASE WHEN GAP03 > 0 AND BOTH_SIDES > 0 THEN 0.9 * least(GAP03, BOTH_SIDES) END AS X02",
        "CASE WHEN GAP05 > 0 AND SPA01 IS NULL THEN 0.6 * GAP05 END AS X03",
        "CASE WHEN GAP07 > 0 AND GAP08 > 0 AND SPB02 IS NULL "
        "THEN 0.7 * least(GAP07, GAP08) END AS X04"]
    names = (["GAP%02d" % i for i in range(1, 11)] + ["SPA%02d" % i for i in range(1, 6)]
             + ["SPB%02d" % i for i in range(1, 6)])
    printed = ["%s::DECIMAL(5,4) AS %s" % (name, name) for name in names]
    printed.append('BOTH_SIDES::DECIMAL(5,4) AS "BOTH"')
    printed += ["X%02d::DECIMAL(5,4) AS X%02d" % (i, i) for i in range(1, 5)]
    return ("COPY (WITH sums AS (SELECT case_id,\n%s\nFROM %s GROUP BY case_id),\n"
            "direct AS (SELECT case_id, rows_a, rows_b,\n%s\nFROM sums),\n"
            "chained AS (SELECT *,\n%s\nFROM direct)\n"
            "SELECT case_id, rows_a AS nA, rows_b AS nB,\n%s\nFROM chained ORDER BY case_id) %s"
            % (",\n".join(sums), sql_input(), ",\n".join(gaps + spreads + [both]),
               ",\n".join(chained), ",\n".join(printed), SQL_OUTPUT))
