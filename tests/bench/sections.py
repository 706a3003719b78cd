"""The sections of the benchmark: what is run, what is printed, what the targets are."""

import filecmp
import os
import re
import statistics
import subprocess
import tempfile
import time

import comparison
import workload
from harness import (MIB, ROOT, Contender, NotHere, best, count_lines, last_lines, median, progress,
                     read_through)
from peercode import clips_names, sql_b
from reference import B_CONCLUSIONS

TWO_THREADS_TARGET = 1.8
LIMIT_TARGET = 1.5
MEMORY_TARGET_MIB = 32
FLAT = 1.15  # peaks that lie this close together are flat
B_TARGET_ROWS = 3e6
ONE_CASE_TARGET_MS = 10
LOAD_TARGET_MS = 150
NEXT_TARGET_MS = 50
CLEAR_TARGET_MS = 200
FIRST_TARGET_MS = 100

# size: rows compared, rows timed, runs, how many times fewer rows CLIPS gets; full, then quick
A_ROUNDS = {
    75: ((20000, 1000000, 9, 10), (20000, 300000, 3, 30)),
    750: ((20000, 1000000, 7, 50), (4000, 100000, 3, 20)),
    7500: ((2000, 1000000, 3, 500), (400, 20000, 3, 20)),
}
B_ROUND = ((20000, 1000000, 9, 10), (20000, 300000, 3, 30))
MEMORY_ROWS = ((100000, 1000000, 4000000), (50000, 200000, 800000))
ONE_CASE_RUNS = (50, 15)
LOAD_RUNS = (15, 5)
LOAD_RULES = 10000
SCATTERED_ROUND = ((10000000, 5), (1000000, 3))  # rows, runs
SCATTERED_ROWS_A_CASE = 40
SCATTERED_TARGET = 2.0  # times the time of the same rows sorted
SCATTERED_TARGET_MIB = 512
CORE_TARGET_ROWS = 2e6
CORE_ROUND = ((1000000, 7), (100000, 3))  # rows, runs
SCAN_TARGET_GB = 1
SCAN_ROUND = ((1000000, 9), (300000, 5))  # rows, runs
LABELS_TARGET = 1.5
LABELS_ROUND = ((250000, 9), (50000, 5))  # rows, runs
LABELS = ("Pas du tout d'accord", "Plutôt pas d'accord", "Ni d'accord ni pas d'accord",
          "Plutôt d'accord", "Tout à fait d'accord")
PACK_TARGET_MS = 30
PACK_RUNS = (15, 5)


def round_of(bench, pair):
    """The full or the quick one of a pair."""
    return pair[1] if bench.quick else pair[0]


# ---- contenders

def built(name, make, **options):
    """A contender whose command `make` returns, or one that says why it is not here."""
    try:
        return Contender(name, make(), **options)
    except NotHere as reason:
        return Contender(name, missing=str(reason), **options)


def peers_a(bench, size, slow):
    """The peers of workload A; the bit-sliced C, which all are measured by, comes first."""
    _, folder = bench.rule_set(size)

    def in_folder(name):
        return os.path.join(folder, name)

    def duck(threads):
        return ["node", bench.duckdb(), threads, in_folder("rules.sql"), "{in}", "{out}"]

    return [
        built("bit-sliced C", lambda: [bench.peer_c("slice", "slice.c", size, "slice-body.h"),
                                       "{in}", "{out}"]),
        built("the same, rules at run time",
              lambda: [bench.peer_c("slicei", "slice.c", size, None), in_folder("rules.plan"),
                       "{in}", "{out}"]),
        built("straight-line C", lambda: [bench.peer_c("hand", "hand.c", size, "hand-body.h"),
                                          "{in}", "{out}"]),
        built("DuckDB, 1 thread", lambda: duck("1"), slow=4 if size > 75 else 1),
        built("DuckDB, 2 threads", lambda: duck("2"), slow=4 if size > 75 else 1),
        built("CLIPS 6.30", lambda: [bench.clips(), "row", in_folder("rules.clp"),
                                     in_folder("names.txt"), "{in}", "{out}"], slow=slow),
    ]


def peers_b(bench, slow):
    """The peers of workload B."""
    folder = bench.path("rules-b")
    os.makedirs(folder, exist_ok=True)
    for name, text in (("b.sql", sql_b()), ("names.txt", clips_names([], B_CONCLUSIONS))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(text)
    here = os.path.dirname(os.path.abspath(__file__))
    source = os.path.join(here, "peers", "handb.c")

    def duck(threads):
        return ["node", bench.duckdb(), threads, os.path.join(folder, "b.sql"), "{in}", "{out}"]

    return [
        built("straight-line C", lambda: [bench.compiled("handb", source, [], ["-lm"]),
                                          "{in}", "{out}"]),
        built("DuckDB, 1 thread", lambda: duck("1")),
        built("DuckDB, 2 threads", lambda: duck("2")),
        built("CLIPS 6.30", lambda: [bench.clips(), "case", os.path.join(here, "peers", "b.clp"),
                                     os.path.join(folder, "names.txt"), "{in}", "{out}"],
              slow=slow),
    ]


def diagnose(bench, pack, jobs, extra, to_file=False):
    """Entente's command line; to its standard output like the peers' plain files, or with -o."""
    output = ["-o", "{out}", "--force"] if to_file else []
    return ([bench.entente, "diagnose", "-p", pack, "--columns", "certainty", "--format", "csv",
             "--jobs", str(jobs)] + extra + output + ["{in}"])


EACH_ROW = ["--each-row", "--keep", "case_id,partner"]
SORTED = ["--case", "case_id", "--partner", "partner", "--sorted"]


def entente(bench, pack, extra):
    """Entente on one thread and on two; none where only the peers are run."""
    if not bench.entente:
        return []
    return [Contender("Entente, 1 thread", diagnose(bench, pack, 1, extra), ours=True),
            Contender("Entente, 2 threads", diagnose(bench, pack, 2, extra), ours=True)]


# ---- results first

def check(bench, title, contenders, export, expected, keys_of):
    """Compares every contender's output with the reference's; says what it found."""
    print("%s: results against the reference, %s lines without empty cells"
          % (title, thousands(count_lines(expected) - 1)))
    out = bench.path("out", "check.csv")
    for contender in contenders:
        if contender.missing:
            print("  %-28s not here: %s" % (contender.name, contender.missing))
            continue
        progress("checking " + contender.name)
        run = bench.run_contender(contender, export, out)
        progress("")
        if run.code != 0:
            if not contender.ours:
                print("  %-28s failed, exit code %d%s"
                      % (contender.name, run.code, last_lines(run.errors)))
            continue
        outcome = comparison.compare(expected, out, keys_of(contender))
        print("  %-28s %s cells, %s differ in the last digit, %s wrong"
              % (contender.name, thousands(outcome.cells), thousands(outcome.last_digit),
                 thousands(outcome.wrong)), flush=True)
        if outcome.wrong:
            bench.fault("%s, %s: %d cells wrong%s" % (title, contender.name, outcome.wrong,
                                                     last_lines("\n".join(outcome.notes))))
        os.remove(out)
    print()


def check_a(bench, size):
    """Workload A's results with so many rules."""
    rows, _, _, slow = round_of(bench, A_ROUNDS[size])
    pack = bench.pack_a(size)
    contenders = peers_a(bench, size, slow) + entente(bench, pack, EACH_ROW)
    if bench.entente:
        contenders.append(Contender("Entente, -o", diagnose(bench, pack, 1, EACH_ROW, True),
                                    ours=True))
    check(bench, "A, %d rules" % size, contenders, bench.export(rows, empty_cells=False),
          bench.reference_a(size, rows), lambda contender: (2, 2, 2))


def check_b(bench):
    """Workload B's results. The reference has case_id, nA, nB in front; Entente the case alone."""
    rows, _, _, slow = round_of(bench, B_ROUND)
    pack = bench.pack_b()
    contenders = peers_b(bench, slow) + entente(bench, pack, SORTED)
    if bench.entente:
        unsorted = [word for word in SORTED if word != "--sorted"]
        contenders.append(Contender("Entente, not --sorted", diagnose(bench, pack, 1, unsorted),
                                    ours=True))
    check(bench, "B, two sides", contenders, bench.export(rows, empty_cells=False),
          bench.reference_b(rows),
          lambda contender: (3, 1, 1) if contender.ours else (3, 3, 3))


def check_all(bench):
    """Only the results, of everything."""
    for size in A_ROUNDS:
        check_a(bench, size)
    check_b(bench)


# ---- races

def race(bench, key, title, contenders, rows, runs, lines, to_null=False):
    """Times contenders on an export of so many rows and prints the table.

    `lines`: how many lines Entente's output must have.
    """
    def rows_of(contender):
        return rows // contender.slow

    def whole(contender):
        if to_null or not contender.ours:
            return
        found = count_lines(out)
        if found != lines:
            bench.fault("%s, %s: %d lines of output, not %d" % (title, contender.name, found,
                                                               lines))

    out = os.devnull if to_null else bench.path("out", "race.csv")
    times = bench.race(contenders, lambda c: bench.export(rows_of(c)), runs, out, whole)
    size = os.path.getsize(bench.export(rows)) / MIB
    print("%s: %s rows (%.0f MiB), %d runs in turn, output to %s"
          % (title, thousands(rows), size, runs, "/dev/null" if to_null else "a file"))
    print_table(contenders, times, rows_of)
    bench.results[key] = {
        c.name: {"rows": rows_of(c), "wall_s": [round(run.wall_s, 5) for run in times[c.name]],
                 "peak_mib": round(max(run.peak_mib for run in times[c.name]), 2)}
        for c in contenders if finished(times, c)}
    return times


def finished(times, contender):
    """Whether a contender has run, and never failed."""
    runs = times.get(contender.name)
    return bool(runs) and not any(run.code for run in runs)


def print_table(contenders, times, rows_of):
    """One line a contender; the ratios are to the first of them."""
    first = contenders[0]
    base = times.get(first.name) if finished(times, first) else None
    print("  %-28s %11s  %-15s %8s %8s %7s %9s %9s"
          % ("who", "rows/s", "of the first", "best s", "median", "spread", "peak MiB", "rows"))
    print("  %-28s %11s  %-7s %-7s" % ("", "best", "best", "median"))
    for contender in contenders:
        if contender.missing:
            print("  %-28s not here: %s" % (contender.name, contender.missing))
            continue
        runs = times[contender.name]
        if not finished(times, contender):
            print("  %-28s failed, exit code %d%s" % (contender.name, runs[-1].code,
                                                     last_lines(runs[-1].errors)))
            continue
        rows = rows_of(contender)
        ratios = ("", "")
        if base:
            ratios = ["%.3f" % ((rows / of(runs)) / (rows_of(first) / of(base)))
                      for of in (best, median)]
        print("  %-28s %11s  %-7s %-7s %8.3f %8.3f %6.0f%% %9.1f %9s"
              % (contender.name, thousands(rows / best(runs)), *ratios, best(runs), median(runs),
                 100 * (median(runs) / best(runs) - 1), max(run.peak_mib for run in runs),
                 thousands(rows)), flush=True)


def against_limit(bench, what, times):
    """The target for one thread: so many times the time of the bit-sliced C."""
    limit, one = times.get("bit-sliced C"), times.get("Entente, 1 thread")
    if not limit or not one or any(run.code for run in limit + one):
        return
    ratio = best(one) / best(limit)
    bench.target("%s, against the bit-sliced C" % what,
                 "%.2f times its time (by medians %.2f)" % (ratio, median(one) / median(limit)),
                 "at most %.1f" % LIMIT_TARGET, ratio <= LIMIT_TARGET)


def two_threads(bench, what, times):
    """The target for a second thread."""
    one, two = times.get("Entente, 1 thread"), times.get("Entente, 2 threads")
    if not one or not two or any(run.code for run in one + two):
        return
    if (os.cpu_count() or 1) < 2:
        print("  two threads need two processors: not here")
        return
    ratio = best(one) / best(two)
    bench.target("%s, two threads" % what,
                 "%.2f times one (by medians %.2f)" % (ratio, median(one) / median(two)),
                 "at least %.1f" % TWO_THREADS_TARGET, ratio >= TWO_THREADS_TARGET)


def time_a(bench, size):
    """Workload A with so many rules: results, then times."""
    check_a(bench, size)
    _, rows, runs, slow = round_of(bench, A_ROUNDS[size])
    pack = bench.pack_a(size)
    contenders = peers_a(bench, size, slow) + entente(bench, pack, EACH_ROW)
    if bench.entente and size == 75:
        contenders.append(Contender("Entente, 1 thread, -o", diagnose(bench, pack, 1, EACH_ROW,
                                                                      True), ours=True))
    title = "A, %d rules" % size
    # With 7500 rules a row gets 3,000 cells, a gigabyte in all: nobody has to store that.
    times = race(bench, "a%d" % size, title, contenders, rows, runs, rows + 1, size == 7500)
    against_limit(bench, title, times)
    two_threads(bench, title, times)
    print()


def cases_of(export):
    """How many cases an export has: they are numbered, so its last line says it."""
    with open(export, "rb") as data:
        data.seek(-min(os.path.getsize(export), 4096), os.SEEK_END)
        last = data.read().splitlines()[-1]
    return int(last.split(b",", 1)[0][1:])


def time_b(bench):
    """Workload B: results, then times."""
    check_b(bench)
    _, rows, runs, slow = round_of(bench, B_ROUND)
    contenders = peers_b(bench, slow) + entente(bench, bench.pack_b(), SORTED)
    times = race(bench, "b", "B, two sides", contenders, rows, runs,
                 1 + cases_of(bench.export(rows)))
    one = times.get("Entente, 1 thread")
    if one and not any(run.code for run in one):
        rate = rows / best(one)
        bench.target("B, one thread", "%s rows/s (median %s)"
                     % (thousands(rate), thousands(rows / median(one))),
                     "over %s" % thousands(B_TARGET_ROWS), rate > B_TARGET_ROWS)
    two_threads(bench, "B", times)
    print()


# ---- memory, one case, load

def memory(bench):
    """Peak memory must not grow with the rows."""
    if not bench.entente:
        return
    sizes = round_of(bench, MEMORY_ROWS)
    print("Peak memory, MiB, by rows")
    print("  %-28s %s" % ("", "".join("%12s" % thousands(rows) for rows in sizes)))
    found = []
    for name, pack, extra in (("--each-row", bench.pack_a(75), EACH_ROW),
                              ("--sorted", bench.pack_b(), SORTED)):
        for jobs in (1, 2):
            contender = Contender("Entente %s --jobs %d" % (name, jobs),
                                  diagnose(bench, pack, jobs, extra), ours=True)
            runs = []
            for rows in sizes:
                progress("memory of %s, %d rows" % (contender.name, rows))
                runs.append(bench.run_contender(contender, bench.export(rows), os.devnull))
            progress("")
            if any(run.code for run in runs):
                continue
            print("  %-28s %s" % ("%s --jobs %d" % (name, jobs),
                                  "".join("%12.1f" % run.peak_mib for run in runs)))
            found.append((name, jobs, [run.peak_mib for run in runs]))
    for name, jobs, peaks in found:
        flat = max(peaks) <= FLAT * min(peaks)
        bench.target("memory, %s --jobs %d" % (name, jobs),
                     "%.1f to %.1f MiB" % (min(peaks), max(peaks)),
                     "flat, under %d MiB" % MEMORY_TARGET_MIB,
                     flat and max(peaks) < MEMORY_TARGET_MIB)
    bench.results["memory"] = {"%s --jobs %d" % found_[:2]: found_[2] for found_ in found}
    print()


def core_questions(pack):
    """(id, kind, form) of a pack's questions, read by these keys' lines alone."""
    with open(os.path.join(pack, "questions.yaml"), encoding="utf-8") as text:
        items = re.split(r"^\s*- ", text.read(), flags=re.M)
    for item in items[1:]:
        name = re.match(r"id:\s*(\w+)", item)
        kind = re.search(r"^\s+kind:\s*(\w+)", item, re.M)
        form = re.search(r"^\s+form:\s*(\w+)", item, re.M)
        if name and kind:
            yield name.group(1), kind.group(1), form.group(1) if form else "long"


CORE = os.path.join(ROOT, "rules", "core")


def core_exports(bench, rows):
    """Exports like workload A's over the core pack's statements: the short form, all of them."""
    scales = [(name, form) for name, kind, form in core_questions(CORE) if kind == "scale"]
    for title, names in (("short form", [name for name, form in scales if form == "short"]),
                         ("all statements", [name for name, _ in scales])):
        path = bench.path("data", "core-%d-%d.csv" % (len(names), rows))
        workload.write_csv(path, rows, names=names)
        yield "%s, %d columns and a comment" % (title, len(names)), path


def core(bench):
    """The core pack over data like workload A's."""
    if not bench.entente:
        return
    rows, runs = round_of(bench, CORE_ROUND)
    print("The core pack, %s rows, each a case, one thread, %d runs, output to /dev/null"
          % (thousands(rows), runs))
    for title, export in core_exports(bench, rows):
        read_through(export)
        command = [word.replace("{in}", export) for word in diagnose(bench, CORE, 1, EACH_ROW)]
        walls = start_to_exit(bench, command, runs)
        if not walls:
            continue
        print_walls(title, walls)
        rate = 1000 * rows / walls[0]
        bench.results["core, " + title] = {"rows": rows, "wall_ms": [round(w, 1) for w in walls]}
        bench.target("core pack, " + title, "%s rows/s" % thousands(rate),
                     "over %s" % thousands(CORE_TARGET_ROWS), rate > CORE_TARGET_ROWS)
    print()


def scan(bench):
    """The scanner alone, on workload A's file, beside a look at every byte with memchr."""
    program = os.path.join(os.environ.get("BUILD", ""), "scan_bench")
    if not os.access(program, os.X_OK):
        print("The scanner: not here: make bench builds scan_bench\n")
        return
    rows, runs = round_of(bench, SCAN_ROUND)
    export = bench.export(rows)
    read_through(export)
    print("The scanner, workload A, %s rows (%.0f MiB), one thread, %d runs, processor time"
          % (thousands(rows), os.path.getsize(export) / MIB, runs))
    done = subprocess.run([program, export, bench.pack_a(75), "rows", str(runs)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        bench.fault("scan_bench: exit code %d%s" % (done.returncode, last_lines(done.stderr)))
        return
    rates = {}
    for what in ("memchr", "read and split", "rows to columns"):
        found = re.findall(r"^%s +(\d+) MB/s" % what, done.stdout, re.M)
        rates[what] = max(int(rate) for rate in found) / 1000
        print("  %-16s %6.2f GB/s, %.2f of memchr's" % (what, rates[what],
                                                        rates[what] / rates["memchr"]))
    bench.results["scan"] = rates
    bench.target("scanner alone", "%.2f GB/s" % rates["read and split"],
                 "over %.1f GB/s" % SCAN_TARGET_GB, rates["read and split"] > SCAN_TARGET_GB)
    print()


def write_mapping(path, names):
    """The mapping of an export whose answers are labels."""
    with open(path, "w", encoding="utf-8") as out:
        out.write("questions:\n")
        for name in names:
            out.write("  - {question: %s, column: %s, labels: agreement}\n" % (name, name))


def labels(bench):
    """The same rows as digits and as labels, read through a mapping: what labels cost in processor
    time, of which a noisy machine takes less than of the clock's."""
    if not bench.entente:
        return
    rows, runs = round_of(bench, LABELS_ROUND)
    print("Labels, %s rows, each a case, one thread, %d runs in turn, output to a file"
          % (thousands(rows), runs))
    statements = [name for name, kind, _ in core_questions(CORE) if kind == "scale"]
    for title, pack, names in (("workload A, 75 rules", bench.pack_a(75), workload.NAMES),
                               ("core pack, all statements", CORE, statements)):
        stem = bench.path("data", "labels-%d-%d" % (len(names), rows))
        digits, words, mapping = stem + "-digits.csv", stem + "-words.csv", stem + ".yaml"
        workload.write_csv(digits, rows, names=names)
        workload.write_csv(words, rows, names=names, labels=LABELS)
        write_mapping(mapping, names)
        plain = Contender("digits", diagnose(bench, pack, 1, EACH_ROW), ours=True)
        mapped = Contender("labels", diagnose(bench, pack, 1, EACH_ROW + ["--map", mapping]),
                           ours=True)
        outputs = [bench.path("out", name) for name in ("digits.csv", "words.csv")]
        for contender, export, out in zip((plain, mapped), (digits, words), outputs):
            bench.run_contender(contender, export, out)
        if not filecmp.cmp(*outputs, shallow=False):
            bench.fault("labels, %s: another output than from digits" % title)
        for out in outputs:
            os.remove(out)
        times = bench.race([plain, mapped], lambda c: digits if c is plain else words, runs,
                           bench.path("out", "race.csv"))
        print("  " + title)
        least = {name: min(run.cpu_s for run in done) for name, done in times.items()}
        sizes = {plain.name: os.path.getsize(digits), mapped.name: os.path.getsize(words)}
        for contender in (plain, mapped):
            cpu, size = least[contender.name], sizes[contender.name]
            print("    %-8s %6.1f ns a row, %5.2f ns a byte (%.0f MiB)"
                  % (contender.name, 1e9 * cpu / rows, 1e9 * cpu / size, size / MIB))
        ratio = least[mapped.name] / least[plain.name]
        bench.results["labels, " + title] = {
            c.name: [round(run.cpu_s, 5) for run in times[c.name]] for c in (plain, mapped)}
        bench.target("labels, " + title, "%.2f times the digits' time a row, %.2f a byte"
                     % (ratio, ratio * sizes[plain.name] / sizes[mapped.name]),
                     "at most %.1f a row" % LABELS_TARGET, ratio <= LABELS_TARGET)
    print()


def packs(bench):
    """How long each pack of rules/ takes to load: its check, start to exit."""
    if not bench.entente:
        return
    runs = round_of(bench, PACK_RUNS)
    folder = os.path.join(ROOT, "rules")
    print("Load of the packs, `entente check`, start to exit, %d runs" % runs)
    for name in sorted(os.listdir(folder)):
        walls = start_to_exit(bench, [bench.entente, "check", os.path.join(folder, name)], runs)
        if walls:
            print_walls(name, walls)
            middle = statistics.median(walls)
            bench.results["pack, " + name] = {"median_ms": round(middle, 3)}
            bench.target("load of " + name, "%.1f ms (median)" % middle,
                         "under %d ms" % PACK_TARGET_MS, middle < PACK_TARGET_MS)
    print()


def one_case_export(bench, pack):
    """A file of one case with one respondent a partner, who answered every scale question."""
    names = [name for name, kind, _ in core_questions(pack) if kind == "scale"]
    if not names:
        raise NotHere("no scale questions in %s" % os.path.relpath(pack, ROOT))
    path = bench.path("data", "one-case.csv")
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write("case,partner," + ",".join(names) + "\n")
        for partner, answers in (("north", "2415"), ("south", "4352")):
            cells = [answers[i % len(answers)] for i in range(len(names))]
            out.write("one,%s,%s\n" % (partner, ",".join(cells)))
    return path


def start_to_exit(bench, command, runs, allowed=(0,)):
    """Runs a command so many times; the walls in milliseconds, sorted, or None where it fails."""
    walls = []
    for _ in range(runs):
        run = bench.run(command, os.devnull)
        if run.code not in allowed:
            bench.fault("%s: exit code %d%s" % (" ".join(command[1:3]), run.code,
                                               last_lines(run.errors)))
            return None
        walls.append(1000 * run.wall_s)
    return sorted(walls)


def print_walls(name, walls):
    """Median and best of some milliseconds."""
    print("  %-44s median %7.2f ms, best %7.2f ms" % (name, statistics.median(walls), walls[0]))


def one_case(bench):
    """From start to exit for one case, with the core pack."""
    if not bench.entente:
        return
    runs = round_of(bench, ONE_CASE_RUNS)
    pack = os.path.join(ROOT, "rules", "core")
    print("One case, start to exit, %d runs" % runs)
    try:
        export = one_case_export(bench, pack)
    except (NotHere, OSError) as reason:
        print("  not here: %s\n" % reason)
        return
    read_through(export)
    nothing = start_to_exit(bench, ["true"], runs)
    walls = start_to_exit(bench, [bench.entente, "diagnose", "-p", pack, "--format", "jsonl",
                                  export], runs)
    if nothing:
        print_walls("a program that does nothing", nothing)
    if walls:
        print_walls("entente diagnose, core pack", walls)
        middle = statistics.median(walls)
        bench.results["onecase"] = {"median_ms": round(middle, 3)}
        bench.target("one case", "%.1f ms (median)" % middle, "under %d ms" % ONE_CASE_TARGET_MS,
                     middle < ONE_CASE_TARGET_MS)
    print()


def load(bench):
    """How long a pack of 10,000 rules takes to load: a diagnosis of one row, start to exit."""
    if not bench.entente:
        return
    runs = round_of(bench, LOAD_RUNS)
    rules, _ = bench.rule_set(LOAD_RULES)
    pack = bench.pack_a(LOAD_RULES)
    size = sum(entry.stat().st_size for entry in os.scandir(pack)) / MIB
    print("Load of %s rules (%s conclusions, %d patterns, %.1f MiB of YAML), start to exit, %d runs"
          % (thousands(len(rules)), thousands(len(rules.conclusions)), len(rules.patterns), size,
             runs))
    export = bench.export(1)
    command = [word.replace("{in}", export) for word in diagnose(bench, pack, 1, EACH_ROW)]
    walls = start_to_exit(bench, command, runs)
    checked = start_to_exit(bench, [bench.entente, "check", pack], min(runs, 5), allowed=(0, 1))
    if checked:
        print_walls("entente check", checked)
    if walls:
        print_walls("entente diagnose, one row", walls)
        middle = statistics.median(walls)
        bench.results["load"] = {"median_ms": round(middle, 3)}
        bench.target("load of %s rules" % thousands(LOAD_RULES), "%.0f ms (median)" % middle,
                     "under %d ms" % LOAD_TARGET_MS, middle < LOAD_TARGET_MS)
    print()


def thousands(number):
    """1234567.8 -> 1,234,568."""
    return format(round(number), ",d")


def interview(bench):
    """Questions asked of simulated respondents, beside the two baselines."""
    program = os.path.join(os.environ.get("BUILD", ""), "interview_bench")
    print("Interviews with simulated respondents, the core pack\n")
    if not os.access(program, os.X_OK):
        print("  not here: make bench builds interview_bench\n")
        return
    done = subprocess.run([program, os.path.join(ROOT, "rules", "core"), "20" if bench.quick else "100"],
                          capture_output=True, text=True)
    print(done.stdout + done.stderr)
    if done.returncode != 0:
        bench.fault("interview: an end differs from the whole questionnaire's")
    medians = re.findall(r"median of all: (\d+) of (\d+)", done.stdout)
    for partners, (asked, of) in enumerate(medians, 1):
        bench.target("interview, %d partner(s)" % partners, "%s of %s questions" % (asked, of),
                     "at most half", 2 * int(asked) <= int(of))
    times = re.findall(r"^(.+): median [0-9.]+ ms, 95% ([0-9.]+) ms, most ([0-9.]+) ms", done.stdout, re.M)
    for what, nearly_all, most in times:
        limit = CLEAR_TARGET_MS if "--clear" in what else NEXT_TARGET_MS
        bench.target("interview, " + what, "95%% %s ms, most %s ms" % (nearly_all, most), "under %d ms" % limit,
                     float(most) < limit)
    if not bench.entente:
        return
    walls = sorted(first_question(bench) for _ in range(11))
    bench.results["first_question"] = {"best_ms": round(walls[0], 3), "median_ms": round(walls[5], 3)}
    bench.target("interview, first question", "best %.0f ms from the start, median %.0f ms" % (walls[0], walls[5]),
                 "under %d ms" % FIRST_TARGET_MS, walls[0] < FIRST_TARGET_MS)


def first_question(bench):
    """Milliseconds from the start of `entente ask` until the prompt of its first question."""
    command = [bench.entente, "ask", "-p", os.path.join(ROOT, "rules", "core"), "bench", "--partners", "a,b"]
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        asking = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  env=dict(os.environ, XDG_STATE_HOME=folder))
        seen = b""
        while not seen.endswith(b"> "):
            piece = os.read(asking.stdout.fileno(), 65536)
            if not piece:
                break
            seen += piece
        wall = (time.monotonic() - start) * 1000
        asking.communicate()
    if asking.returncode != 0 or b"Question 1" not in seen:
        bench.fault("interview: the first question does not come")
    return wall


def same_rows(one, other):
    """Whether two reports have the same rows, in whatever order."""
    with open(one, encoding="utf-8") as a, open(other, encoding="utf-8") as b:
        return sorted(a) == sorted(b)


def scattered(bench):
    """Rows of cases that stand anywhere, against the same rows sorted by case."""
    if not bench.entente:
        return
    count, runs = round_of(bench, SCATTERED_ROUND)
    pack = bench.pack_b()
    in_order, mixed = bench.cases(count, SCATTERED_ROWS_A_CASE)
    print("%s rows in %s cases: scattered against sorted"
          % (thousands(count), thousands(count // SCATTERED_ROWS_A_CASE)))
    ratios, peaks = {}, {}
    for jobs in (1, 2):
        contenders = [
            Contender("--sorted --jobs %d" % jobs, diagnose(bench, pack, jobs, SORTED), ours=True),
            Contender("scattered --jobs %d" % jobs, diagnose(bench, pack, jobs, SORTED[:-1]),
                      ours=True)]
        files = {contenders[0].name: in_order, contenders[1].name: mixed}
        outs = [bench.path("out", "sorted.csv"), bench.path("out", "scattered.csv")]
        for contender, out in zip(contenders, outs):
            bench.run_contender(contender, files[contender.name], out)
        if not same_rows(*outs):
            bench.fault("scattered --jobs %d: other results than --sorted" % jobs)
        times = bench.race(contenders, lambda c: files[c.name], runs, os.devnull)
        fast, slow = (times[c.name] for c in contenders)
        if any(run.code for run in fast + slow):
            return
        ratios[jobs] = best(slow) / best(fast)
        peaks[jobs] = max(run.peak_mib for run in slow)
        print("  --jobs %d: %.2f s against %.2f s, peak %.0f MiB"
              % (jobs, best(slow), best(fast), peaks[jobs]))
        bench.target("scattered cases, --jobs %d, time" % jobs, "%.2f times" % ratios[jobs],
                     "at most %.1f times --sorted" % SCATTERED_TARGET,
                     ratios[jobs] <= SCATTERED_TARGET)
        bench.target("scattered cases, --jobs %d, memory" % jobs, "%.0f MiB" % peaks[jobs],
                     "under %d MiB" % SCATTERED_TARGET_MIB, peaks[jobs] < SCATTERED_TARGET_MIB)
    bench.results["scattered"] = {"ratios": ratios, "peaks_mib": peaks}
    print()


# What `run` knows by name; `check` is part of the others, so it is not among the default.
SECTIONS = {
    "check": check_all,
    "a75": lambda bench: time_a(bench, 75),
    "a750": lambda bench: time_a(bench, 750),
    "a7500": lambda bench: time_a(bench, 7500),
    "b": time_b,
    "memory": memory,
    "scattered": scattered,
    "onecase": one_case,
    "load": load,
    "core": core,
    "scan": scan,
    "labels": labels,
    "packs": packs,
    "interview": interview,
}
DEFAULT = [name for name in SECTIONS if name != "check"]
