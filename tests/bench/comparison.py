"""Compares a contender's CSV with the reference's, cell by cell.

Columns are paired by name, whatever the case of its letters; the key columns in front by place. Two
cells are equal as text, or differ by one in the last digit (a certainty that lies on the border
between two roundings: the order of the operations decides); everything else is wrong.
"""

import csv
from dataclasses import dataclass, field

LAST_DIGIT = 1.01e-4
NOTES_KEPT = 3


@dataclass
class Outcome:
    """What a comparison found; `wrong` counts cells, and 1 for each missing line or column."""

    lines: int = 0
    cells: int = 0
    last_digit: int = 0
    wrong: int = 0
    notes: list = field(default_factory=list)

    def note(self, text):
        """Counts a fault and keeps the first few to be shown."""
        self.wrong += 1
        if len(self.notes) < NOTES_KEPT:
            self.notes.append(text)


def same_but_rounding(left, right):
    """Whether two cells are numbers that differ by no more than one in the fourth decimal."""
    try:
        return abs(float(left) - float(right)) < LAST_DIGIT
    except ValueError:
        return False


def pair_columns(outcome, expected, found, keys):
    """(name, place in the reference, place in the output) of every column to be compared.

    `keys` is (key columns of the reference, of the output, how many of them are compared).
    """
    expected_keys, found_keys, compared = keys
    pairs = [(expected[i], i, i) for i in range(compared)]
    places = {name.lower(): i for i, name in enumerate(found) if i >= found_keys}
    for i, name in enumerate(expected):
        if i < expected_keys:
            continue
        if name.lower() in places:
            pairs.append((name, i, places.pop(name.lower())))
        else:
            outcome.note("column %s is missing" % name)
    for name in places:
        outcome.note("column %s is not in the reference" % name)
    return pairs


def compare(reference_path, output_path, keys=(2, 2, 2)):
    """Reads both files through and returns the Outcome."""
    outcome = Outcome()
    with open(reference_path, encoding="utf-8", newline="") as left, \
            open(output_path, encoding="utf-8", newline="") as right:
        reference, output = csv.reader(left), csv.reader(right)
        header = next(output, [])
        pairs = pair_columns(outcome, next(reference, []), header, keys)
        for expected in reference:
            found = next(output, None)
            outcome.lines += 1
            if found is None:
                outcome.note("the output ends before line %d" % (outcome.lines + 1))
                break
            compare_line(outcome, pairs, expected, found)
            if len(found) != len(header):
                outcome.note("line %d has %d cells, the header %d"
                             % (outcome.lines + 1, len(found), len(header)))
        if next(output, None) is not None:
            outcome.note("the output goes on behind the reference's last line")
    return outcome


def compare_line(outcome, pairs, expected, found):
    """Compares the cells of one line."""
    for name, at, there in pairs:
        outcome.cells += 1
        left = expected[at]
        right = found[there] if there < len(found) else None
        if left == right:
            continue
        if right is not None and same_but_rounding(left, right):
            outcome.last_digit += 1
        else:
            outcome.note("line %d, %s: %r, the reference has %r"
                         % (outcome.lines + 1, name, right, left))
