"""The neutral rules, and workload B, as Entente packs (docs/pack-format.md)."""

import os

from neutral import QUESTIONS


def write_pack_a(rules, folder, pack_id):
    """Workload A: every conclusion speaks about a partner, of which each row has one."""
    conclusions = [(name.lower(), "partner") for name in rules.conclusions]
    written = [(rule.id.lower(), base_condition(rule), "partner", rule.then.lower(), rule.factor)
               for rule in rules.base]
    written += [(rule.id.lower(), chained_condition(rule), "partner", rule.then.lower(),
                 rule.factor) for rule in rules.chained]
    write_pack(folder, pack_id, "Benchmark, %d rules" % len(rules), conclusions, written)


def write_pack_b(folder, pack_id):
    """Workload B: gaps between two sides, spreads within one; all about the partnership."""
    written = []
    for i in range(1, 11):
        gap = "gap(%s)" % QUESTIONS[i - 1]
        written.append(("r_gap%02d" % i, "%s >= 1.5 and grade(%s, 0, 4)" % (gap, gap),
                        "partnership", "gap%02d" % i, 1))
    for side in "AB":
        for i in range(1, 6):
            when = 'partner = "%s" and respondents >= 2 and spread(%s) >= 3' % (side,
                                                                               QUESTIONS[9 + i])
            name = "sp%s%02d" % (side.lower(), i)
            written.append(("r_" + name, when, "partner", name, 0.5))
    for name, when, factor in (
            ("both", "partners = 2 and all(respondents >= 2)", 0.8),
            ("x01", "gap01 and gap02", 0.8),
            ("x02", "gap03 and both", 0.9),
            ("x03", "gap05 and not spa01", 0.6),
            ("x04", "gap07 and gap08 and not spb02", 0.7)):
        written.append(("r_" + name, when, "partnership", name, factor))
    conclusions = [(rule[3], "partnership") for rule in written]
    write_pack(folder, pack_id, "Benchmark, two sides", conclusions, written)


def base_condition(rule):
    """`q01 <= 2 and comment matches /late|delay/i`."""
    terms = ["%s %s %d" % (test.question, test.op, test.value) for test in rule.comparisons]
    terms += ["comment matches /%s/i" % match.pattern for match in rule.matches]
    return " and ".join(terms)


def chained_condition(rule):
    """`d01 and certainty(d01) >= 0.2507`: the strength is d01's certainty, the bound its gate."""
    terms = []
    for premise in rule.premises:
        name = premise.conclusion.lower()
        if premise.negated:
            terms.append("certainty(%s) < %s" % (name, premise.minimum))
        else:
            terms.append("%s and certainty(%s) >= %s" % (name, name, premise.minimum))
    return " and ".join(terms)


def quoted(text):
    """A YAML scalar in single quotes: patterns may hold what YAML would take for its own."""
    return "'%s'" % text.replace("'", "''")


def write_pack(folder, pack_id, title, conclusions, rules):
    """Writes pack.yaml, questions.yaml and rules.yaml.

    conclusions: (id, about); rules: (id, condition, each, conclusion, certainty).
    """
    os.makedirs(folder, exist_ok=True)
    pack = ("id: %s\nversion: 1.0.0\nlanguage: en\ntitle: %s\n"
            "scales:\n  - id: five\n    range: [1, 5]\n    ends: [not at all, entirely]\n"
            % (pack_id, title))
    questions = ["- id: %s\n  kind: scale\n  scale: five\n  text: Question %s\n" % (q, q[1:])
                 for q in QUESTIONS]
    questions.append("- id: comment\n  kind: text\n  text: Comment\n")
    lines = ["conclusions:\n"]
    lines += ["  - id: %s\n    kind: diagnosis\n    about: %s\n    label: Conclusion %s\n"
              "    holds_from: 0.0001\n    severity:\n      level: none\n    needs: nothing\n"
              % (name, about, name) for name, about in conclusions]
    lines.append("rules:\n")
    lines += ["  - id: %s\n    when: %s\n    each: %s\n    conclude: %s\n    certainty: %s\n"
              % (name, quoted(when), each, then, certainty)
              for name, when, each, then, certainty in rules]
    for name, text in (("pack.yaml", pack), ("questions.yaml", "".join(questions)),
                       ("rules.yaml", "".join(lines))):
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
