"""Searching with less memory than the index: `cairn search` in a memory cgroup (version 1 or 2, as root), of half the
size of the index and less; without cgroups, with the address space held (`prlimit --rss` is not obeyed by Linux, so
that is said and only the program's own memory is shown)."""
import json
import os
import pathlib
import subprocess

import trees
from common import (
    CAIRN,
    PARTS,
    QUESTIONS,
    Clock,
    Scratch,
    index_from_nothing,
    measure,
    need_programs,
    save,
    say,
    size_of,
    spread,
)

V1 = pathlib.Path("/sys/fs/cgroup/memory")
V2 = pathlib.Path("/sys/fs/cgroup")


def add_arguments(parser):
    parser.add_argument("--tree", default="kernel", help="another of the trees")
    parser.add_argument("--megabytes", default="",
                        help="limits to try, comma by comma; a half, a quarter and an eighth of the index if not said")


class Group:
    """A memory cgroup of this version's own."""

    def __init__(self, limit):
        self.limit = limit
        self.is_v1 = (V1 / "memory.limit_in_bytes").exists() or (V1 / "cgroup.procs").exists()
        self.path = (V1 if self.is_v1 else V2) / f"cairn-bench-{os.getpid()}"

    def __enter__(self):
        self.path.mkdir()
        (self.path / ("memory.limit_in_bytes" if self.is_v1 else "memory.max")).write_text(str(self.limit))
        return self

    def command(self, command):
        """The command, which joins the group before it begins."""
        return ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(self.path), *map(str, command)]

    def peak(self):
        name = "memory.max_usage_in_bytes" if self.is_v1 else "memory.peak"
        file = self.path / name
        return int(file.read_text()) if file.exists() else None

    def __exit__(self, *_):
        try:
            self.path.rmdir()
        except OSError:
            say(f"the cgroup {self.path.name} could not be removed")


def evict(index):
    """Takes the index out of the page cache: pages that are there already cost a group nothing, and nothing would be
    measured."""
    for file in index.rglob("*"):
        if file.is_file():
            descriptor = os.open(file, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def has_cgroups():
    try:
        with Group(1 << 30):
            return True
    except OSError:
        return False


def run(options):
    need_programs()
    tree = trees.tree(options.tree)
    clock = Clock()
    with Scratch("lowmemory") as scratch:
        index = scratch / "index"
        clock.step("index")
        _, report = index_from_nothing(tree, index)
        size = size_of(index)
        free = answers(tree, index, lambda command: command)
        # The program alone needs some megabytes, whatever it searches.
        limits = [int(m) << 20 for m in options.megabytes.split(",")] if options.megabytes else \
            sorted({max(size // share, 24 << 20) for share in (2, 4, 8)}, reverse=True)
        found = []
        grouped = has_cgroups()
        if not grouped:
            say("there are no memory cgroups that this user may make: the limit is on the data segment, without mapped "
                "files")
        for limit in limits:
            clock.step(f"a limit of {limit >> 20} MB; the index has {size >> 20} MB")
            evict(index)
            if grouped:
                with Group(limit) as group:
                    held = answers(tree, index, group.command)
                    warmed = warm_in(group.command, tree, index)
                    peak = group.peak()
            else:
                command = data_limit(limit)
                held, warmed, peak = answers(tree, index, command), warm_in(command, tree, index), None
            found.append({"limit_bytes": limit, "peak_bytes": peak, "cold_search_seconds": spread(held["seconds"]),
                          "killed": held["killed"], "same_answers": held["answers"] == free["answers"],
                          "warm_search": warmed})
        figures = {"files": report["files"], "chunks": report["chunks"], "index_bytes": size,
                   "limited_by": "memory cgroup" if grouped else "prlimit --data",
                   "without_limit_cold_search_seconds": spread(free["seconds"]), "limits": found}
    save("lowmemory", {"commands": {
        "search": "sh -c 'echo $$ > GROUP/cgroup.procs && exec \"$@\"' GROUP "
                  "cairn search --json --no-update --root TREE --index-dir INDEX QUESTION",
        "warm search": "the same with cairn-benchmarks warm TREE INDEX --rounds 3 < QUESTIONS"},
        "tree": options.tree, **figures}, not options.dry)


def data_limit(limit):
    """What makes of a command the same command with a limit on its data segment."""
    return lambda words: ["prlimit", f"--data={limit}", *map(str, words)]


def answers(tree, index, within):
    """Each question by a process of its own: seconds, what it found, and how many were killed for want of memory."""
    seconds, found, killed = [], [], 0
    for question in QUESTIONS:
        command = [CAIRN, "search", "--json", "--no-update", "--root", tree, "--index-dir", index, question]
        done = measure(within(command), check=False)
        seconds.append(done.wall)
        killed += done.code not in (0, 1)
        lines = map(json.loads, done.output.splitlines())
        found.append([(r["path"], r["start_line"], r["score"]) for r in lines if r["type"] == "result"])
    return {"seconds": seconds, "answers": found, "killed": killed}


def warm_in(within, tree, index):
    try:
        done = subprocess.run(within([PARTS, "warm", tree, index, "--rounds", "3"]),
                              input="\n".join(QUESTIONS).encode(),
                              capture_output=True, check=False, timeout=90)
    except subprocess.TimeoutExpired:
        return {"gave_up_after_seconds": 90}
    return json.loads(done.stdout) if done.returncode == 0 else {"failed_with": done.returncode}
