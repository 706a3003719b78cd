"""The neutral rules: one rule set, made from a seed, that every contender gets in its own language.

A base rule tests answers (and, one in twenty, the comment); a chained rule rests on conclusions.
Certainties combine as a + x - a * x; a chained rule gives its factor times the lowest premise.
"""

import json
import random
from dataclasses import asdict, dataclass, field

QUESTIONS = ["q%02d" % (i + 1) for i in range(40)]
FACTORS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
# Off the values that products of one-decimal factors can take, so that no contender's last bit
# decides whether a premise holds.
MINIMA = [0.2507, 0.2507, 0.3511, 0.4517]
COMPARISONS = [("<=", 1), ("<=", 2), ("<=", 3), (">=", 3), (">=", 4), (">=", 5),
               ("=", 1), ("=", 2), ("=", 3), ("=", 4), ("=", 5)]
COMPARISON_WEIGHTS = [2, 6, 2, 2, 6, 2, 1, 1, 1, 1, 1]
FIRST_PATTERNS = ["retard|late|delay", "conf(iance|idence)|trust", "(pas|not) +(clair|clear)"]
PATTERN_WORDS = (
    "retard confiance projet equipe reunion clair decision partage risque accord late delay trust "
    "project team meeting quality clear share risk agreement partner supplier goals cost often "
    "never"
).split()


@dataclass
class Comparison:
    """An answer compared with a value: `q07 >= 4`."""

    question: str
    op: str
    value: int


@dataclass
class Match:
    """The comment matches a pattern, whatever the case; `index` counts the distinct patterns."""

    pattern: str
    index: int = -1


@dataclass
class Base:
    """A rule over answers."""

    id: str
    comparisons: list
    matches: list
    then: str
    factor: float


@dataclass
class Premise:
    """A conclusion at `minimum` or more, or, negated, below it."""

    conclusion: str
    minimum: float
    negated: bool = False


@dataclass
class Chained:
    """A rule over conclusions of lower layers; the first premise is never negated."""

    id: str
    layer: int
    premises: list
    then: str
    factor: float


@dataclass
class RuleSet:
    """Conclusions in output order, rules in the order in which they are tried."""

    conclusions: list
    base: list
    chained: list
    patterns: list = field(default_factory=list)

    def __len__(self):
        return len(self.base) + len(self.chained)


def make(size, seed=7):
    """The rule set of `size` rules; 75, 750 and 7500 are those of the published figures.

    Four rules in five are base rules. A size that is no multiple of 75 gets the next multiple's
    rules without the last chained ones.
    """
    factor = (size + 74) // 75
    rnd = random.Random(seed)
    width = 3 if factor < 10 else 4 if factor < 100 else 5
    direct = ["D%0*d" % (width, i + 1) for i in range(20 * factor)]
    inner = ["C%0*d" % (width, i + 1) for i in range(10 * factor)]
    first, second = inner[:7 * factor], inner[7 * factor:]
    base = _base_rules(rnd, 60 * factor, direct, width)
    chained = []
    _first_layer(rnd, chained, 10 * factor, direct, first, width)
    _second_layer(rnd, chained, 5 * factor, direct, first, second, width)
    rules = RuleSet(direct + inner, base, chained[:size - len(base)])
    _number_patterns(rules)
    return rules


def _base_rules(rnd, count, targets, width):
    """The rules over answers; every twentieth matches the comment too."""
    rules = []
    for i in range(count):
        comparisons, matches = [], []
        tests = rnd.choice([2, 3, 3, 4])
        with_comment = i % 20 == 19
        if with_comment:
            tests = rnd.choice([1, 2])
        for question in rnd.sample(QUESTIONS, tests):
            op, value = rnd.choices(COMPARISONS, COMPARISON_WEIGHTS)[0]
            comparisons.append(Comparison(question, op, value))
        if with_comment:
            matches.append(Match(_pattern(rnd, i // 20)))
        then = targets[i % len(targets)] if i < len(targets) else rnd.choice(targets)
        rules.append(Base("R%0*d" % (width, i + 1), comparisons, matches, then,
                          rnd.choice(FACTORS)))
    return rules


def _pattern(rnd, nth):
    """The nth pattern: three fixed ones, then made from the workload's own words."""
    if nth < len(FIRST_PATTERNS):
        return FIRST_PATTERNS[nth]
    return rnd.choice(["%s|%s|%s" % tuple(rnd.sample(PATTERN_WORDS, 3)),
                       "(%s|%s) +(%s|%s)" % tuple(rnd.sample(PATTERN_WORDS, 4))])


def _first_layer(rnd, rules, count, direct, targets, width):
    """Appends the rules that rest on directly concluded ids; three in ten end with a `not`."""
    for i in range(count):
        chosen = rnd.sample(direct, rnd.choice([2, 2, 3]))
        _append(rnd, rules, 1, chosen, i % 10 in (2, 5, 8), targets[i % len(targets)], width)


def _second_layer(rnd, rules, count, direct, first, targets, width):
    """Appends the rules that rest on the first layer too; one in five ends with a `not`."""
    for i in range(count):
        rnd.sample(first + direct, 2)  # unused: keeps the rules of the published figures
        chosen = [first[(i * 3) % len(first)], rnd.choice(direct)]
        _append(rnd, rules, 2, chosen, i % 5 == 3, targets[i % len(targets)], width)


def _append(rnd, rules, layer, chosen, ends_with_not, then, width):
    """Appends one chained rule with minima and a factor of its own."""
    premises = [Premise(conclusion, rnd.choice(MINIMA)) for conclusion in chosen]
    premises[-1].negated = ends_with_not
    rules.append(Chained("K%0*d" % (width, len(rules) + 1), layer, premises, then,
                         rnd.choice(FACTORS)))


def _number_patterns(rules):
    """Lists the distinct patterns and gives each match its place among them."""
    for rule in rules.base:
        for match in rule.matches:
            if match.pattern not in rules.patterns:
                rules.patterns.append(match.pattern)
            match.index = rules.patterns.index(match.pattern)


def write_json(rules, path):
    """The rule set as JSON, for whoever wants to bring a further contender."""
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        json.dump(asdict(rules), out, indent=1)
        out.write("\n")
