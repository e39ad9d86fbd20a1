"""What watchers cost while nothing happens: processor time and memory of one for each tree, all at once, for minutes.

On a copy of each tree `cairn watch` runs; an edit is found first, so that each has done what it does. Processor time is
that of the processes alone, so that a machine that is busy elsewhere does not matter.
"""
import contextlib
import shutil
import time

import trees
from common import CAIRN, Clock, Scratch, cairn, fail, memory_of, need_programs, save
from watching import Watcher


def add_arguments(parser):
    parser.add_argument("--sizes", default="2000,10000", help="numbers of files, comma by comma")
    parser.add_argument("--minutes", type=float, default=10)


def run(options):
    need_programs(CAIRN)
    clock = Clock()
    sizes = [int(size) for size in options.sizes.split(",")]
    with Scratch("idle") as scratch, contextlib.ExitStack() as watchers:
        held = []
        for count in sizes:
            source = trees.tree("kernel" if count >= 78_000 else f"files-{count}")
            clock.step(f"{count} files: copying and indexing")
            tree, index = scratch / f"tree{count}", scratch / f"index{count}"
            shutil.copytree(source, tree, symlinks=True, ignore=shutil.ignore_patterns(".git", ".cairn"))
            cairn("index", tree, index)
            watcher = watchers.enter_context(Watcher(tree, index))
            (tree / "idle_word.c").write_text("int idle_word(void) { return 1; }\n")
            watcher.next("updated")
            held.append((count, watcher))
        # Merges that waited for a quiet tree are done.
        time.sleep(5)
        before = [watcher.processor_seconds() for _, watcher in held]
        memory = [memory_of(watcher.process.pid) for _, watcher in held]
        clock.step(f"idle for {options.minutes:g} minutes")
        time.sleep(options.minutes * 60)
        points = []
        for (count, watcher), seconds, (own, _) in zip(held, before, memory, strict=True):
            if watcher.process.poll() is not None:
                fail(f"the watcher of {count} files ended with {watcher.process.returncode}")
            own_after, resident = memory_of(watcher.process.pid)
            points.append({
                "files": count, "directories": watcher.directories,
                "processor_seconds": watcher.processor_seconds() - seconds, "own_bytes_before": own,
                "own_bytes": own_after, "resident_bytes": resident,
            })
    save("idle", {"commands": {"watcher": "cairn watch --json --root TREE --index-dir INDEX"},
                  "minutes": options.minutes, "points": points}, not options.dry)
