"""The Linux kernel, Debian's linux-source-6.1: 78,000 files, 1.3 GB.

An index from nothing with the default ceiling of memory and with 128 MB, reading and parsing alone in the same run, the
size of the index, searches from cold processes and in a warm one, ripgrep beside them.
"""

import rivals
import trees
from common import (
    QUESTIONS,
    Clock,
    Scratch,
    cairn,
    index_from_nothing,
    need_programs,
    save,
    size_of,
    spread,
    warm,
)
from directory import bench


def add_arguments(parser):
    parser.add_argument("--tree", default="kernel", help="another of the trees, to try the benchmark")


def run(options):
    need_programs()
    tree = trees.tree(options.tree)
    clock = Clock()
    clock.step("cairn bench: index, read and parse alone, searches")
    report = bench(tree, 1)
    with Scratch("kernel") as scratch:
        index = scratch / "index"
        clock.step("an index with --max-memory-mb 128")
        small, small_report = index_from_nothing(tree, index, extra=["--max-memory-mb", "128"])
        figures = {
            "bench": report,
            "small_memory": {
                "max_memory_mb": 128, "seconds": small.wall, "own_bytes": small.own_bytes,
                "resident_bytes": small.resident_bytes, "index_bytes": size_of(index), "report": small_report},
        }
        clock.step("searches with 20 fixed questions, and ripgrep for their words")
        held = warm(tree, index)
        figures["fixed_questions"] = {
            "cold_search_seconds": spread(
                [cairn("search", tree, index, q, options=["--no-update"]).wall for q in QUESTIONS]),
            "cold_search_with_update_seconds": spread([cairn("search", tree, index, q).wall for q in QUESTIONS]),
            "warm_search": held, "ripgrep": rivals.ripgrep(tree, scratch, QUESTIONS, 1),
        }
    clock.step("done")
    save("kernel", {"commands": {
        "bench": "cairn bench --json --rounds 1 TREE",
        "small_memory": "cairn index --json --timings --max-memory-mb 128 --root TREE --index-dir INDEX",
        "cold_search": "cairn search --json --no-update --root TREE --index-dir INDEX QUESTION",
        "warm_search": "cairn-benchmarks warm TREE INDEX --rounds 20 < QUESTIONS",
        **rivals.COMMANDS["ripgrep"]}, **figures}, not options.dry)
