"""What the look for changes costs a search that no watcher serves.

On a copy of each tree and its index, the same search in a new process, in turns:

- without a look: `--no-update`, which answers from the index as it is;
- with a look at the whole tree: what the run before has listed (the file `tree` of the index) is taken away first;
- with a look at what may have changed: nothing has;
- after one file was written in place, after one was put in another's place as editors do it, and after one came and
  one went.

With --baseline PROGRAM that program searches in the same turns, with an index of its own.
"""
import os
import pathlib
import shutil
import time

import trees
from common import CAIRN, Clock, Scratch, measure, need_programs, save, size_of, spread


def add_arguments(parser):
    parser.add_argument("--sizes", default="2000,10000,78000", help="numbers of files, comma by comma")
    parser.add_argument("--rounds", type=int, default=20, help="searches of each kind")
    parser.add_argument("--baseline", type=pathlib.Path, help="another build of the program")


def run(options):
    need_programs(CAIRN)
    clock = Clock()
    points = []
    for count in map(int, options.sizes.split(",")):
        source = trees.tree("kernel" if count >= 78_000 else f"files-{count}")
        with Scratch("changes") as scratch:
            tree = scratch / "tree"
            clock.step(f"{count} files: copying and indexing")
            shutil.copytree(source, tree, symlinks=True, ignore=shutil.ignore_patterns(".git", ".cairn"))
            searcher = Searcher(CAIRN, tree, scratch / "index")
            baseline = Searcher(options.baseline, tree, scratch / "baseline") if options.baseline else None
            clock.step(f"{count} files: {options.rounds} rounds")
            points.append({"files": count, **point(tree, searcher, baseline, options.rounds)})
    save("changes", {"commands": {
        "search": "cairn search --json --root TREE --index-dir INDEX schedule",
        "without a look": "the same with --no-update",
        "whole tree": "the same after rm INDEX/tree"}, "points": points}, not options.dry)


class Searcher:
    """A program and its index of a tree."""

    def __init__(self, program, tree, index):
        self.program, self.tree, self.index = program, tree, index
        self.measure("index")
        # Until it has seen that nothing is too young, a look has more to do.
        for _ in range(2):
            time.sleep(0.1)
            self.search()

    def measure(self, command, *words):
        return measure([self.program, command, "--json", "--root", self.tree, "--index-dir", self.index, *words])

    def search(self, *options):
        return self.measure("search", *options, "schedule")


def point(tree, searcher, baseline, rounds):
    kept = searcher.index / "tree"
    files = sorted(path for path in tree.rglob("*.[ch]") if path.is_file() and not path.is_symlink())
    kinds = {
        "without_a_look": lambda number: searcher.search("--no-update"),
        "whole_tree": lambda number: after(kept.unlink, searcher),
        "nothing_changed": lambda number: searcher.search(),
        "written_in_place": lambda number: after(lambda: write(files[number % len(files)], number), searcher),
        "replaced": lambda number: after(lambda: replace(files[-1 - number % len(files)], number), searcher),
        "came_and_went": lambda number: after(lambda: come_and_go(files[len(files) // 2].parent, number), searcher),
    }
    if baseline:
        kinds["baseline_nothing_changed"] = lambda number: baseline.search()
    seconds = {kind: [] for kind in kinds}
    processor = {kind: [] for kind in kinds}
    for number in range(rounds):
        for kind, search in kinds.items():
            # What was changed is old enough for its times to tell, in this index and in the other.
            time.sleep(0.05)
            if kind in ("nothing_changed", "baseline_nothing_changed"):
                (baseline if kind.startswith("baseline") else searcher).search()
                time.sleep(0.05)
                (baseline if kind.startswith("baseline") else searcher).search()
            result = search(number)
            seconds[kind].append(result.wall)
            processor[kind].append(result.cpu)
    return {
        "search_seconds": {kind: spread(values) for kind, values in seconds.items()},
        "processor_seconds": {kind: spread(values) for kind, values in processor.items()},
        "kept_bytes": size_of(kept), "index_bytes": size_of(searcher.index),
    }


def after(change, searcher):
    change()
    return searcher.search()


def write(path, number):
    with open(path, "r+b") as file:
        file.seek(0, os.SEEK_END)
        file.write(b"\n/* %d */\n" % number)


def replace(path, number):
    new = path.with_name(path.name + ".new")
    new.write_bytes(path.read_bytes() + b"\n/* %d */\n" % number)
    new.rename(path)


def come_and_go(directory, number):
    before = directory / f"came_{number - 1}.c"
    before.unlink(missing_ok=True)
    (directory / f"came_{number}.c").write_text(f"int came_{number};\n", encoding="utf-8")
