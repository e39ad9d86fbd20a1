"""Lines that match 200 patterns (Benchmarks/patterns.txt) in a tree, warm: `cairn grep` beside ripgrep 15 (the one of
Scripts/setup --checks), Debian's ripgrep and codesearch.

Each pattern is timed by each program in turn, `--rounds` times, and the least time counts; the number of lines must be
the same. Without --index the tree has no index, and all files are read; with it a watcher runs beside (`cairn watch`),
as a server of an agent is one, and has had the time to learn of the files that are not in the index. codesearch counts
where it has the pattern's syntax; its index is made before.
"""
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import time

import trees
from common import CAIRN, ROOT, Scratch, fail, need_programs, save
from contenders import RIPGREP


def add_arguments(parser):
    parser.add_argument("--tree", default="kernel", help="another of the trees, or a directory")
    parser.add_argument("--rounds", type=int, default=2, help="how often each program is timed")
    parser.add_argument("--count", type=int, default=200, help="how many of the patterns")
    parser.add_argument("--index", action="store_true", help="with an index, which is made first, and a watcher")


def run(options):
    need_programs(CAIRN)
    tree = trees.tree(options.tree)
    programs = {"cairn": [str(CAIRN), "grep", "--root", "."], "ripgrep 15": [str(RIPGREP), "--no-config"],
                "ripgrep": ["rg", "--no-config"]}
    programs = {name: command for name, command in programs.items() if shutil.which(command[0])}
    if len(programs) == 1:
        fail("there is no ripgrep to measure beside: run Scripts/setup --checks")
    patterns = [line.partition("\t")[::2] for line in (ROOT / "Benchmarks/patterns.txt").read_text().splitlines()
                if line and not line.startswith("#")][:options.count]
    with Scratch("patterns") as scratch:
        environment = {**os.environ, "CAIRN_INDEX_DIR": str(scratch / "index"),
                       "CSEARCHINDEX": str(scratch / "csearch")}
        if options.index:
            subprocess.run([str(CAIRN), "index", "-q", "--no-obey-gitignore", str(tree)], env=environment, check=True)
        if shutil.which("cindex"):
            subprocess.run(["cindex", str(tree)], env=environment, check=True, stderr=subprocess.DEVNULL)
            programs["codesearch"] = ["csearch"]
        with watched(tree, environment) if options.index else contextlib.nullcontext():
            rows = [row(flags.split(), pattern, programs, tree, environment, options.rounds)
                    for flags, pattern in patterns]
    others = [name for name in programs if name.startswith("ripgrep")]
    for name in others:
        ratios = [row["seconds"][name] / row["seconds"]["cairn"] for row in rows]
        means = [statistics.mean(row["seconds"][who] for row in rows) for who in (name, "cairn")]
        print(f"{name}: mean {means[0]:.3f} s, cairn {means[1]:.3f} s, {means[0] / means[1]:.2f} times as fast; "
              f"of single patterns median {statistics.median(ratios):.2f}, worst {min(ratios):.2f}")
    wrong = [row for row in rows if len({row["lines"][name] for name in ["cairn", *others]}) > 1]
    print(f"{len(rows)} patterns, {len(wrong)} with other lines")
    few = [row["seconds"]["cairn"] for row in rows if row["lines"]["cairn"] <= 100]
    print(f"of at most 100 lines: {len(few)}, cairn {statistics.median(few) * 1000:.1f} ms in the median, "
          f"{min(few) * 1000:.1f} at least")

    def advantage(row):
        return min(row["seconds"][name] for name in others) / row["seconds"]["cairn"]

    for least in sorted(rows, key=advantage)[:5]:
        print("slowest beside ripgrep:", least["flags"], least["pattern"], least["seconds"])
    if not options.dry:
        save("patterns", {"tree": str(options.tree), "index": options.index, "rows": rows})


@contextlib.contextmanager
def watched(tree, environment):
    """A watcher, once it reads no more of a pattern that is nowhere than it did a while before."""
    watcher = subprocess.Popen([str(CAIRN), "watch", "-q", str(tree)], env=environment)
    try:
        before, read = -1, -2
        while read != before:
            time.sleep(15)
            done = subprocess.run([str(CAIRN), "grep", "--root", ".", "--no-ignore", "--stats", "zqxjkvbnmw", "."],
                                  cwd=tree, env=environment, capture_output=True, check=False)
            before, read = read, int(re.search(rb"(\d+) bytes searched", done.stdout)[1])
        yield
    finally:
        watcher.terminate()
        watcher.wait()


def row(flags, pattern, programs, tree, environment, rounds):
    seconds, lines = {}, {}
    for _ in range(rounds):
        for name, command in programs.items():
            if name == "codesearch":
                kept = ["-i"] if "-i" in flags else []
                if set(flags) - {"-i"}:
                    continue
                arguments = [*command, "-h", *kept, pattern]
            else:
                arguments = [*command, "--no-ignore", "-I", *flags, "-e", pattern, "."]
            began = time.monotonic()
            done = subprocess.run(arguments, cwd=tree, env=environment, capture_output=True, check=False)
            took = time.monotonic() - began
            seconds[name] = min(took, seconds.get(name, took))
            lines[name] = done.stdout.count(b"\n")
    return {"flags": flags, "pattern": pattern, "seconds": seconds, "lines": lines}
