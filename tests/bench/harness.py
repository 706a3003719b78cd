"""What every section of the benchmark uses: where things are, how they are built, run and timed."""

import hashlib
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

import neutral
import packwriter
import peercode
import reference
import workload

SOURCE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(SOURCE))
CFLAGS = ["-std=gnu11", "-O3", "-march=native", "-w"]
RUN_LIMIT_S = 300  # a contender that takes longer is stopped, and said to have been
INSTALL_LIMIT_S = 300
MIB = 1 << 20


@dataclass
class Contender:
    """A program in a race. `{in}` and `{out}` in its command stand for its files; without `{out}`
    it writes to its standard output. `missing` says why it cannot run here."""

    name: str
    command: list = field(default_factory=list)
    missing: str = ""
    ours: bool = False
    slow: int = 1  # gets its rows divided by this, and two runs only, where over 1


@dataclass
class Run:
    """What one process took."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    code: int
    errors: str = ""  # the end of what it wrote on standard error


class NotHere(Exception):
    """A peer, or a file, that cannot be had on this machine; the text says why."""


class Bench:
    """One round of the benchmark: its folder, its contenders, and what it has found so far."""

    def __init__(self, work, entente, quick):
        self.work = work
        self.entente = entente
        self.quick = quick
        self.faults = []
        self.targets = []
        self.results = {}
        self.rule_sets = {}
        self.absent = {}  # what cannot be had: why, so that it is tried once only
        for name in ("bin", "data", "out"):
            os.makedirs(self.path(name), exist_ok=True)
        self.measure = self.compiled("measure", os.path.join(SOURCE, "measure.c"), [])

    def path(self, *parts):
        """A path in the benchmark's own folder."""
        return os.path.join(self.work, *parts)

    def fault(self, text):
        """Something is wrong, not slow: the benchmark will exit 1."""
        self.faults.append(text)
        print("  WRONG: " + text, flush=True)

    def target(self, what, figure, wanted, met):
        """Says whether a target is met; a missed one changes no exit code."""
        line = "%-6s %s: %s (target: %s)" % ("PASS" if met else "MISSED", what, figure, wanted)
        self.targets.append(line)
        print("  " + line, flush=True)

    # ---- files, made once

    def made(self, name, makers, make):
        """data/NAME, made by `make(path)` unless it is there from the same source (`makers`)."""
        stem, suffix = os.path.splitext(name)
        sources = [os.path.join(SOURCE, maker + ".py") for maker in makers]
        path = self.path("data", "%s-%s%s" % (stem, digest(sources, []), suffix))
        if not os.path.exists(path):
            progress("making " + os.path.relpath(path, self.work))
            remove_older(path, stem)
            make(path + ".part")
            os.replace(path + ".part", path)
        return path

    def export(self, rows, empty_cells=True):
        """A survey export of so many rows."""
        name = "export-%d%s.csv" % (rows, "" if empty_cells else "-full")
        return self.made(name, ["workload"],
                         lambda path: workload.write_csv(path, rows, empty_cells=empty_cells))

    def cases(self, rows, rows_a_case):
        """(sorted, scattered): an export with so many rows a case, in two orders."""
        name = "cases-%d-%d" % (rows, rows_a_case)
        in_order = self.made(name + ".csv", ["workload"],
                             lambda path: workload.write_cases(path, rows, rows_a_case))
        return in_order, self.made(name + "-scattered.csv", ["workload"],
                                   lambda path: workload.scatter(in_order, path))

    def rule_set(self, size):
        """(rules, folder): the neutral rules with the peers' programs and the pack written."""
        if size not in self.rule_sets:
            rules = neutral.make(size)
            folder = self.path("rules-%d" % size)
            peercode.write_all(rules, folder)
            neutral.write_json(rules, os.path.join(folder, "rules.json"))
            packwriter.write_pack_a(rules, self.path("packs", "bench_%d" % size),
                                    "bench_%d" % size)
            self.rule_sets[size] = (rules, folder)
        return self.rule_sets[size]

    def pack_a(self, size):
        """The Entente pack of so many rules."""
        self.rule_set(size)
        return self.path("packs", "bench_%d" % size)

    def pack_b(self):
        """The Entente pack of workload B."""
        packwriter.write_pack_b(self.path("packs", "bench_b"), "bench_b")
        return self.path("packs", "bench_b")

    def reference_a(self, size, rows):
        """The reference's output on a full export (no empty cells)."""
        rules, _ = self.rule_set(size)
        export = self.export(rows, empty_cells=False)
        return self.made("reference-%d-%d.csv" % (size, rows),
                         ["workload", "neutral", "reference"],
                         lambda path: reference.write_a(rules, export, path))

    def reference_b(self, rows):
        """The same for workload B."""
        export = self.export(rows, empty_cells=False)
        return self.made("reference-b-%d.csv" % rows, ["workload", "reference"],
                         lambda path: reference.write_b(export, path))

    # ---- programs, built once

    def compiled(self, name, source, flags, libraries=(), reads=()):
        """The path of a C program, compiled unless one from the same files and flags is there."""
        header = os.path.join(SOURCE, "peers", "peer.h")
        stamp = digest([source, header, *reads], CFLAGS + flags)
        path = self.path("bin", "%s-%s" % (name, stamp))
        if os.path.exists(path):
            return path
        if path in self.absent:
            raise NotHere(self.absent[path])
        compiler = os.environ.get("CC", "cc").split()
        if not shutil.which(compiler[0]):
            raise NotHere("no C compiler")
        progress("compiling %s" % name)
        remove_older(path, name)
        command = compiler + CFLAGS + flags + ["-o", path + ".part", source] + list(libraries)
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if "error" in line]
            self.absent[path] = (lines or ["it does not compile"])[0].strip()
            raise NotHere(self.absent[path])
        os.replace(path + ".part", path)
        return path

    def peer_c(self, name, source, size, with_body):
        """A C peer with the tables, and maybe the rules, of a rule set compiled in."""
        _, folder = self.rule_set(size)
        tables = os.path.join(folder, "tables.h")
        flags, reads = ['-DRULES="%s"' % tables], [tables]
        if with_body:
            body = os.path.join(folder, with_body)
            flags.append('-DBODY="%s"' % body)
            reads.append(body)
        return self.compiled("%s-%d" % (name, size), os.path.join(SOURCE, "peers", source),
                             flags, ["-lm"], reads)

    def clips(self):
        """CLIPS, embedded."""
        if not any(os.path.exists(os.path.join(folder, "clips", "clips.h"))
                   for folder in ("/usr/include", "/usr/local/include")):
            raise NotHere("clips/clips.h is not installed (Debian: libclips-dev)")
        return self.compiled("clips", os.path.join(SOURCE, "peers", "clips.c"),
                             ["-I/usr/include/clips", "-I/usr/local/include/clips"],
                             ["-lclips", "-lm"])

    def duckdb(self):
        """The Node program that runs DuckDB, its package installed beside it."""
        for tool in ("node", "npm"):
            if not shutil.which(tool):
                raise NotHere("%s is not installed" % tool)
        if "duckdb" in self.absent:
            raise NotHere(self.absent["duckdb"])
        folder = self.path("node")
        os.makedirs(folder, exist_ok=True)
        for name in ("duck.mjs", "package.json"):
            shutil.copy(os.path.join(SOURCE, "peers", name), os.path.join(folder, name))
        if not os.path.exists(os.path.join(folder, "node_modules", "@duckdb", "node-api")):
            progress("installing DuckDB's Node package")
            if not npm_install(folder):
                self.absent["duckdb"] = "npm could not install @duckdb/node-api"
                raise NotHere(self.absent["duckdb"])
        return os.path.join(folder, "duck.mjs")

    # ---- running

    def run(self, command, out):
        """Runs a command once through the measuring starter, its output to `out`."""
        errors = self.path("out", "stderr.txt")
        starter = subprocess.Popen([self.measure, out, errors] + [str(c) for c in command],
                                   stdout=subprocess.PIPE, text=True, start_new_session=True)
        try:
            line = starter.communicate(timeout=RUN_LIMIT_S)[0]
        except subprocess.TimeoutExpired:
            os.killpg(starter.pid, signal.SIGKILL)
            starter.communicate()
            return Run(RUN_LIMIT_S, 0, 0, -1, "stopped after %d s" % RUN_LIMIT_S)
        wall, user, system, peak, code = (int(word) for word in line.split())
        with open(errors, encoding="utf-8", errors="replace") as text:
            tail = text.read()[-2000:].strip()
        return Run(wall / 1e9, (user + system) / 1e6, peak / 1024, code, tail)

    def run_contender(self, contender, export, out):
        """Runs a contender on an export with its output to `out`, which is removed before."""
        if out != os.devnull and os.path.exists(out):
            os.remove(out)
        names_out = any("{out}" in word for word in contender.command)
        command = [word.replace("{in}", export).replace("{out}", out)
                   for word in contender.command]
        run = self.run(command, self.path("out", "stdout.txt") if names_out else out)
        if contender.ours and run.code != 0:
            self.fault("%s: exit code %d%s" % (contender.name, run.code, last_lines(run.errors)))
        return run

    def race(self, contenders, export_of, runs, out, after=None):
        """Runs the contenders in turn, `runs` times, each turn beginning with another one, so that
        a noisy moment hits them all. Returns {name: [Run]}; who fails once is out of the race.
        export_of(contender) is the file it reads; after(contender) is called behind its first run.
        """
        field_ = [c for c in contenders if not c.missing]
        times = {c.name: [] for c in field_}
        for export in {export_of(c) for c in field_}:
            read_through(export)
        for turn in range(runs):
            shift = turn % len(field_)
            for contender in field_[shift:] + field_[:shift]:
                done = times[contender.name]
                if any(run.code for run in done) or (contender.slow > 1 and len(done) == 2):
                    continue
                progress("run %d of %d: %s" % (turn + 1, runs, contender.name))
                done.append(self.run_contender(contender, export_of(contender), out))
                if after and len(done) == 1 and done[0].code == 0:
                    after(contender)
        if out != os.devnull and os.path.exists(out):
            os.remove(out)
        progress("")
        return times


def remove_older(path, stem):
    """Removes what stands beside `path` under the same name with another digest."""
    folder, name = os.path.split(path)
    suffix = os.path.splitext(name)[1]
    for entry in os.listdir(folder):
        if re.fullmatch(re.escape(stem) + "-[0-9a-f]{8}" + re.escape(suffix), entry):
            os.remove(os.path.join(folder, entry))


def npm_install(folder):
    """Whether npm could install what a folder's package.json names."""
    try:
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"],
                              cwd=folder, capture_output=True, timeout=INSTALL_LIMIT_S)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def digest(paths, words):
    """Eight hexadecimal digits that change with the content of the files or with the words."""
    total = hashlib.sha256(json.dumps(list(words)).encode())
    for path in paths:
        with open(path, "rb") as data:
            total.update(data.read())
    return total.hexdigest()[:8]


def read_through(path):
    """Reads a file, so that it is in memory for everybody."""
    with open(path, "rb") as data:
        while data.read(MIB):
            pass


def count_lines(path):
    """How many lines a file has."""
    with open(path, "rb") as data:
        return sum(block.count(b"\n") for block in iter(lambda: data.read(MIB), b""))


def last_lines(errors):
    """The end of a program's complaint, on lines of its own."""
    return "".join("\n    " + line for line in errors.splitlines()[-5:])


def best(runs):
    """The shortest wall time."""
    return min(run.wall_s for run in runs)


def median(runs):
    """The median wall time."""
    return statistics.median(run.wall_s for run in runs)


def progress(text):
    """Says what goes on, on a terminal only; an empty text wipes it."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + text)
        sys.stderr.flush()
