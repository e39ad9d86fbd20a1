"""What every benchmark of this folder shares: running programs and measuring them, the trees, keeping the figures."""
import datetime
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RUNS = ROOT / "Benchmarks/runs"
WORK = ROOT / ".deps/bench"
CAIRN = pathlib.Path(os.environ.get("CAIRN_BINARY", ROOT / ".build/cairn"))
PARTS = CAIRN.parent / "cairn-benchmarks"

# Nobody's name, and no collection of garbage that would begin in the middle of a benchmark.
GIT_SETTINGS = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0"]

# Asked of every program on every tree: words, identifiers and questions that fit any source code.
QUESTIONS = [
    "parse a date from an email header", "where are retries handled", "open a file and read all lines",
    "compare two version numbers", "allocate memory for a buffer", "close the connection when the peer hangs up",
    "walk a directory tree", "decode base64", "lock acquired with a time limit", "format an error message",
    "read_config", "hash table lookup", "signal handler", "write log record", "parse command line arguments",
    "checksum of a block", "start a thread", "convert bytes to text", "timeout", "sort by key",
]


def fail(message):
    sys.exit(f"bench: {message}")


def say(message):
    print(f"bench: {message}", file=sys.stderr, flush=True)


def need_programs(*programs):
    for program in programs or (CAIRN, PARTS):
        if not program.exists():
            fail(f"{program.name} is not built; run Scripts/bench build")


# MARK: Measuring


class Measured:
    """One run of one command: seconds, processor seconds, peaks in bytes, exit code, output."""

    def __init__(self, wall, cpu, code, output, errors, peaks):
        self.wall, self.cpu, self.code, self.output, self.errors = wall, cpu, code, output, errors
        self.own_bytes, self.resident_bytes = peaks
        # Pages that the disk had to be waited for, and what was read from it.
        self.major_faults = self.disk_bytes = 0


def memory_of(process):
    """(own, resident) bytes of a process and all it started: anonymous pages, and all pages, each page divided by the
    number of processes that share it (Pss), so that forked workers are not counted twice."""
    own = resident = 0
    waiting = [process]
    while waiting:
        pid = waiting.pop()
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
                for line in rollup:
                    if line.startswith("Pss:"):
                        resident += int(line.split()[1]) << 10
                    elif line.startswith("Pss_Anon:"):
                        own += int(line.split()[1]) << 10
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as children:
                    waiting += map(int, children.read().split())
        except (OSError, ValueError):
            continue
    return own, resident


class Sampler:
    """Looks at a process' memory now and then, from a thread of its own, and keeps the peaks."""

    def __init__(self, pid, interval=0.02):
        self.peaks, self.done = (0, 0), threading.Event()
        self.thread = threading.Thread(target=self.watch, args=(pid, interval), daemon=True)
        self.thread.start()

    def watch(self, pid, interval):
        while not self.done.is_set():
            began = time.perf_counter()
            self.peaks = tuple(map(max, self.peaks, memory_of(pid)))
            # Looking at a large process takes the kernel a while: never more than a twentieth of the time.
            self.done.wait(max(interval, 20 * (time.perf_counter() - began)))

    def finish(self):
        self.done.set()
        self.thread.join()
        return self.peaks


def measure(command, environment=None, samples_memory=False, check=True, cwd=None, prefix=()):
    """Runs a command to its end. Its memory is looked at only where asked for: that costs it a little."""
    command = [str(word) for word in [*prefix, *command]]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=environment,
                                   cwd=cwd)
        sampler = Sampler(process.pid) if samples_memory else None
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        peaks = sampler.finish() if sampler else (0, 0)
        output.seek(0)
        errors.seek(0)
        result = Measured(wall, usage.ru_utime + usage.ru_stime, process.returncode, output.read(), errors.read(),
                          peaks)
        result.major_faults, result.disk_bytes = usage.ru_majflt, usage.ru_inblock * 512
    if check and result.code not in (0, 1):
        said = result.errors.decode(errors="replace").strip()
        words = f"{pathlib.Path(command[0]).name} {command[1] if len(command) > 1 else ''}"
        fail(f"{words} failed with {result.code}: {said[-2000:]}")
    return result


def git(tree, *words, must=True):
    """Runs git in a directory; it has to succeed, unless told otherwise. Gives how it ended, with its output as text in
    which bytes that are no UTF-8 stand as they do in Python's paths."""
    done = subprocess.run(["git", "-C", str(tree), *GIT_SETTINGS, *map(str, words)], capture_output=True, check=False,
                          encoding="utf-8", errors="surrogateescape")
    if must and done.returncode != 0:
        fail(f"git {words[0]} failed: {done.stderr.strip()[-1000:]}")
    return done


def processor_seconds(pid):
    """What a process has used so far; None where it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as text:
            fields = text.read().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spread(seconds):
    """The middle and the slow ends, by nearest rank: each is one of the measurements."""
    ordered = sorted(seconds)
    if not ordered:
        return None

    def rank(share):
        return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]

    return {"p50": rank(0.5), "p95": rank(0.95), "p99": rank(0.99), "min": ordered[0], "max": ordered[-1],
            "count": len(ordered)}


def middle(values):
    return spread(values)["p50"]


# MARK: Cairn


def cairn(command, tree, index, *words, options=(), **how):
    """Runs a command of Cairn's on a tree with an index of its own."""
    return measure([CAIRN, command, "--json", *options, "--root", tree, "--index-dir", index, *words], **how)


def index_from_nothing(tree, index, extra=(), **how):
    """A complete index, and the program's own report of the run without the paths in it."""
    shutil.rmtree(index, ignore_errors=True)
    run = cairn("index", tree, index, options=["--timings", *extra], samples_memory=True, **how)
    report = json.loads(run.output.splitlines()[-1])
    for name in ("root", "index_dir", "root_base64", "index_dir_base64"):
        report.pop(name, None)
    # A few hundred lines of what could not be read say no more than their number.
    report["failures"] = len(report.get("failures", []))
    return run, report


def warm(tree, index, questions=QUESTIONS, rounds=20, prefix=()):
    """Searches in one process that holds the index open, in seconds; with its memory."""
    return warm_joined([(tree, index)], questions, rounds, prefix)


def warm_joined(pairs, questions=QUESTIONS, rounds=20, prefix=()):
    """The same over several trees, each with its index, searched as one."""
    words = [word for pair in pairs for word in pair]
    return json.loads(measure_with_input([PARTS, "warm", *words, "--rounds", rounds], "\n".join(questions), prefix))


def measure_with_input(command, text, prefix=(), environment=None):
    command = [str(word) for word in [*prefix, *command]]
    process = subprocess.run(command, input=text.encode(), capture_output=True, env=environment, check=False)
    if process.returncode != 0:
        said = process.stderr.decode(errors="replace")[-2000:]
        fail(f"{pathlib.Path(command[0]).name} failed with {process.returncode}: {said}")
    return process.stdout


def source_bytes(tree, index):
    return json.loads(cairn("status", tree, index).output)["source_bytes"]


def size_of(directory):
    path = pathlib.Path(directory)
    if path.is_file():
        return path.stat().st_size
    return sum(f.stat().st_size for f in path.rglob("*") if f.is_file() and not f.is_symlink())


# MARK: Keeping figures


def machine():
    model = platform.processor()
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {"processor": model, "cores": os.cpu_count(), "memory_bytes": pages, "system": platform.system()}


def revision():
    """The commit that was measured, with a `+` where files differ from it."""
    differs = git(ROOT, "status", "--porcelain", "Sources", "Package.swift", must=False).stdout.strip()
    return git(ROOT, "rev-parse", "--short=12", "HEAD", must=False).stdout.strip() + ("+" if differs else "")


def load():
    return os.getloadavg()[0]


def save(name, figures, keep=True):
    """Writes the figures of a run as Benchmarks/runs/DATE-NAME.json and prints them. Nothing of where this machine
    keeps its files belongs into them."""
    date = datetime.date.today().isoformat()
    document = {"name": name, "date": date, "revision": revision(), "machine": machine(), "load_at_end": load(),
                **figures}
    text = json.dumps(document, indent=1) + "\n"
    for place in {str(ROOT), str(WORK), str(pathlib.Path.home()), tempfile.gettempdir()}:
        if len(place) > 4 and place in text:
            fail(f"the figures hold a path of this machine ({place}): a mistake in the benchmark {name}")
    print(text, end="")
    if keep:
        RUNS.mkdir(parents=True, exist_ok=True)
        target = RUNS / f"{date}-{name}.json"
        target.write_text(text, encoding="utf-8")
        say(f"kept as {target.relative_to(ROOT)}")
    return document


class Scratch:
    """A directory for indexes, beside the trees so that it lies on a disk and not in memory; empty at the end."""

    def __init__(self, name):
        self.path = WORK / "scratch" / f"{name}-{os.getpid()}"

    def __enter__(self):
        self.path.mkdir(parents=True, exist_ok=True)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


class Clock:
    """Says how long the steps of a benchmark take."""

    def __init__(self):
        self.began = time.perf_counter()

    def step(self, message):
        say(f"[{time.perf_counter() - self.began:5.0f} s] {message}")
