"""The obviously right, slow reading of both workloads, for data without empty cells.

Here a missing answer would make a test false; Entente reads it as unknown. So results are compared
on data in which every question is answered.
"""

import csv
import re
from itertools import groupby

from neutral import Match

B_CONCLUSIONS = (["GAP%02d" % i for i in range(1, 11)] + ["SPA%02d" % i for i in range(1, 6)]
                 + ["SPB%02d" % i for i in range(1, 6)] + ["BOTH", "X01", "X02", "X03", "X04"])


def holds(test, row, compiled):
    """Whether one test of a base rule holds for a row."""
    if isinstance(test, Match):
        return compiled[test.pattern].search(row["comment"]) is not None
    if row[test.question] == "":
        return False
    answer = int(row[test.question])
    if test.op == "<=":
        return answer <= test.value
    if test.op == ">=":
        return answer >= test.value
    return answer == test.value


def diagnose_row(rules, row, compiled):
    """The certainty of every conclusion some rule speaks for, by id."""
    certainty = {}

    def add(conclusion, evidence):
        before = certainty.get(conclusion, 0.0)
        certainty[conclusion] = before + evidence - before * evidence

    for rule in rules.base:
        if all(holds(test, row, compiled) for test in rule.comparisons + rule.matches):
            add(rule.then, rule.factor)
    for rule in rules.chained:
        strength = 1.0
        for premise in rule.premises:
            value = certainty.get(premise.conclusion, 0.0)
            if premise.negated:
                if value >= premise.minimum:
                    break
            elif value < premise.minimum:
                break
            else:
                strength = min(strength, value)
        else:
            add(rule.then, strength * rule.factor)
    return certainty


def write_line(out, keys, certainty, names):
    """One line of output: the keys, then a cell a name, empty where nothing speaks for it."""
    cells = ["%.4f" % certainty[name] if name in certainty else "" for name in names]
    out.write(",".join(keys + cells) + "\n")


def write_a(rules, in_path, out_path):
    """Workload A: every row is a case of its own."""
    compiled = {pattern: re.compile(pattern, re.I) for pattern in rules.patterns}
    with open(in_path, encoding="utf-8", newline="") as rows, open(out_path, "w") as out:
        out.write(",".join(["case_id", "partner"] + rules.conclusions) + "\n")
        for row in csv.DictReader(rows):
            write_line(out, [row["case_id"], row["partner"]], diagnose_row(rules, row, compiled),
                       rules.conclusions)


def diagnose_case(side_a, side_b):
    """The certainties of workload B for one partnership, from the rows of its two sides."""
    certainty = {}

    def answers(side, number):
        values = [row["q%02d" % number] for row in side]
        return [int(value) for value in values if value != ""]

    for i in range(1, 11):
        of_a, of_b = answers(side_a, i), answers(side_b, i)
        if of_a and of_b:
            gap = abs(sum(of_a) / len(of_a) - sum(of_b) / len(of_b))
            if gap >= 1.5:
                certainty["GAP%02d" % i] = gap / 4
    for name, side in (("A", side_a), ("B", side_b)):
        for i in range(1, 6):
            values = answers(side, 10 + i)
            if len(side) >= 2 and values and max(values) - min(values) >= 3:
                certainty["SP%s%02d" % (name, i)] = 0.5
    if len(side_a) >= 2 and len(side_b) >= 2:
        certainty["BOTH"] = 0.8
    chain_b(certainty)
    return certainty


def chain_b(certainty):
    """Adds the chained conclusions of workload B."""
    has = certainty.__contains__
    if has("GAP01") and has("GAP02"):
        certainty["X01"] = 0.8 * min(certainty["GAP01"], certainty["GAP02"])
    if has("GAP03") and has("BOTH"):
        certainty["X02"] = 0.9 * min(certainty["GAP03"], certainty["BOTH"])
    if has("GAP05") and not has("SPA01"):
        certainty["X03"] = 0.6 * certainty["GAP05"]
    if has("GAP07") and has("GAP08") and not has("SPB02"):
        certainty["X04"] = 0.7 * min(certainty["GAP07"], certainty["GAP08"])


def write_b(in_path, out_path):
    """Workload B: the rows of one case_id are one partnership with the sides A and B."""
    with open(in_path, encoding="utf-8", newline="") as rows, open(out_path, "w") as out:
        out.write(",".join(["case_id", "nA", "nB"] + B_CONCLUSIONS) + "\n")
        for case, group in groupby(csv.DictReader(rows), key=lambda row: row["case_id"]):
            group = list(group)
            side_a = [row for row in group if row["partner"] == "A"]
            side_b = [row for row in group if row["partner"] == "B"]
            write_line(out, [case, str(len(side_a)), str(len(side_b))],
                       diagnose_case(side_a, side_b), B_CONCLUSIONS)
