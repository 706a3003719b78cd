"""Turns the rules' patterns into one table-driven automaton for the C peers.

What it reads: letters and spaces, `|`, brackets and `+`; whatever the case, anywhere in the text.
"""


class _Builder:
    """A non-deterministic automaton of numbered states, grown from patterns."""

    def __init__(self):
        self.free = []   # state -> states reached without a character
        self.moves = []  # state -> {character code: [states]}

    def state(self):
        """A new state."""
        self.free.append([])
        self.moves.append({})
        return len(self.free) - 1

    def alternatives(self, text, at):
        """Reads `a|b|...` from `at`; returns its first and last state and where it ends."""
        first, last = self.state(), self.state()
        while True:
            begin, end, at = self.sequence(text, at)
            self.free[first].append(begin)
            self.free[end].append(last)
            if at >= len(text) or text[at] != "|":
                return first, last, at
            at += 1

    def sequence(self, text, at):
        """Reads characters and brackets, each with an optional `+`."""
        first = last = self.state()
        while at < len(text) and text[at] not in "|)":
            if text[at] == "(":
                begin, end, at = self.alternatives(text, at + 1)
            else:
                begin, end = self.state(), self.state()
                for letter in {text[at].lower(), text[at].upper()}:
                    self.moves[begin].setdefault(ord(letter), []).append(end)
            at += 1
            if at < len(text) and text[at] == "+":
                self.free[end].append(begin)
                at += 1
            self.free[last].append(begin)
            last = end
        return first, last, at

    def closure(self, states):
        """The states with all that are reached from them without a character."""
        seen, todo = set(states), list(states)
        while todo:
            for state in self.free[todo.pop()]:
                if state not in seen:
                    seen.add(state)
                    todo.append(state)
        return frozenset(seen)


def build(patterns):
    """(next, accepted): for each state a {code: state} (0 where none), and the patterns it ends."""
    builder = _Builder()
    root = builder.state()
    ends = {}
    for index, pattern in enumerate(patterns):
        first, last, _ = builder.alternatives(pattern, 0)
        builder.free[root].append(first)
        ends[last] = index
    start = builder.closure([root])
    numbers, order = {start: 0}, [start]
    table, accepted = [], []
    for subset in order:  # grows while it is read
        moves = {}
        for state in subset:
            for code, targets in builder.moves[state].items():
                moves.setdefault(code, set()).update(targets)
        row = {}
        for code, targets in sorted(moves.items()):
            reached = builder.closure(targets) | start
            if reached not in numbers:
                numbers[reached] = len(order)
                order.append(reached)
            row[code] = numbers[reached]
        table.append(row)
        accepted.append(sorted(ends[state] for state in subset if state in ends))
    return table, accepted
