"""The workload: a synthetic survey export, the same bytes for the same rows and seed.

Columns: case_id, partner, q01..q40 (answers 1..5, about 3% empty), comment (on one row in five,
French and English words, some quoted). The rows of a case stand together, two to six of them; about
three cases in a hundred have answers from one partner only. Rows are made 50,000 at a time, so a
file whose rows are a multiple of that is the beginning of every longer one.
"""

import os
import random

QUESTION_COUNT = 40
BATCH = 50000
SCATTER_PARTS = 200
WORDS = (
    "le la les de des un une nous vous ils notre votre et mais pas plus moins tres bien mal "
    "retard confiance projet equipe reunion qualité délai clair decision partage risque accord "
    "the a our their we they not more less very well badly late delay trust confidence project "
    "team meeting quality clear decision share risk agreement partner supplier goals cost often "
    "never"
).split()


NAMES = ["q%02d" % (i + 1) for i in range(QUESTION_COUNT)]


def header(names):
    """The first line of the file, without its end."""
    return ",".join(["case_id", "partner"] + names + ["comment"])


def answer_tables(rnd, count, empty_cells):
    """For each question 256 characters, one a byte value: a skewed law over 1..5, '0' for empty."""
    tables = []
    for _ in range(count):
        weights = [0.5 + rnd.random() for _ in range(5)]
        table = ["0"] * (8 if empty_cells else 0)
        answered = 256 - len(table)
        left = answered
        for value in range(1, 6):
            share = round(answered * weights[value - 1] / sum(weights)) if value < 5 else left
            table += [str(value)] * share
            left -= share
        tables.append("".join((table + ["5"] * 256)[:256]).encode())
    return tables


def comment(rnd):
    """One comment, quoted for CSV where it has to be."""
    words = [rnd.choice(WORDS) for _ in range(rnd.randint(8, 20))]
    shape = rnd.random()
    if shape < 0.30:
        words[0] = words[0].capitalize()
    elif shape < 0.35:
        words[rnd.randrange(len(words))] = words[rnd.randrange(len(words))].upper()
    if rnd.random() >= 0.4:
        return " ".join(words)
    words[rnd.randrange(1, len(words)) - 1] += ","
    text = " ".join(words)
    if rnd.random() < 0.1:
        text = text.replace(words[-1], '""' + words[-1] + '""', 1)
    return '"' + text + '"'


def rows(count, questions, seed, empty_cells, labels=None):
    """Yields the data rows, with their line ends, in batches joined to one text; `labels` are what
    stands for the answers 1 to 5."""
    rnd = random.Random(seed)
    tables = answer_tables(rnd, questions, empty_cells)
    case, left, nth, only = 0, 0, 0, None
    done = 0
    while done < count:
        batch = min(BATCH, count - done)
        columns = [rnd.randbytes(batch).translate(table).decode() for table in tables]
        lines = []
        for answers in zip(*columns):
            if left == 0:
                case += 1
                left = rnd.randint(2, 6)
                nth = 0
                only = rnd.choice("AB") if rnd.random() < 0.03 else None
            partner = only or ("A" if nth == 0 else "B" if nth == 1 else rnd.choice("AB"))
            nth += 1
            left -= 1
            cells = ",".join(answers).replace("0", "")
            for value, label in enumerate(labels or (), 1):
                cells = cells.replace(str(value), label)
            text = comment(rnd) if rnd.random() < 0.2 else ""
            lines.append("P%07d,%s,%s,%s\n" % (case, partner, cells, text))
        yield "".join(lines)
        done += batch


def write_csv(path, count, seed=42, empty_cells=True, names=None, labels=None):
    """Writes `count` rows behind a header line; the answers are to the questions `names`."""
    names = names or NAMES
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write(header(names) + "\n")
        for text in rows(count, len(names), seed, empty_cells, labels):
            out.write(text)


def write_cases(path, count, rows_a_case, seed=42):
    """The same rows, so many of them a case, in the order of cases."""
    done = 0
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write(header(NAMES) + "\n")
        for text in rows(count, QUESTION_COUNT, seed, True):
            for line in text.splitlines(True):
                out.write("P%07d%s" % (done // rows_a_case, line[line.index(","):]))
                done += 1


def scatter(source, path, seed=7):
    """The rows of an export in an order that keeps no two rows of a case together, but by chance."""
    rnd = random.Random(seed)
    with open(source, encoding="utf-8", newline="\n") as lines:
        head = lines.readline()
        parts = [open("%s.%d" % (path, i), "w", encoding="utf-8", newline="\n")
                 for i in range(SCATTER_PARTS)]
        for line in lines:
            parts[rnd.randrange(SCATTER_PARTS)].write(line)
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write(head)
        for part in parts:
            part.close()
            with open(part.name, encoding="utf-8", newline="\n") as lines:
                mixed = lines.readlines()
            rnd.shuffle(mixed)
            out.writelines(mixed)
            os.remove(part.name)
