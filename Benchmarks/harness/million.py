"""More than 1,000,000 chunks: the kernel, Go, OpenJDK and GCC in one tree. Index, searches in a warm process and from
cold ones, and the scan of a million vectors beside the memory-bandwidth baseline."""
import json

import trees
from common import (
    PARTS,
    QUESTIONS,
    Clock,
    Scratch,
    cairn,
    index_from_nothing,
    measure,
    need_programs,
    save,
    size_of,
    source_bytes,
    spread,
    warm,
)


def add_arguments(parser):
    parser.add_argument("--tree", default="million", help="another of the trees, to try the benchmark")


def run(options):
    need_programs()
    tree = trees.tree(options.tree)
    clock = Clock()
    with Scratch("million") as scratch:
        index = scratch / "index"
        clock.step("index")
        run, report = index_from_nothing(tree, index)
        clock.step(f"{report['chunks']} chunks: searches in a warm process")
        held = warm(tree, index, rounds=20)
        clock.step("searches from cold processes")
        cold = spread(
            [cairn("search", tree, index, q, options=["--no-update"]).wall for _ in range(3) for q in QUESTIONS])
        figures = {
            "files": report["files"], "chunks": report["chunks"], "source_bytes": source_bytes(tree, index),
            "index_seconds": run.wall, "own_bytes": run.own_bytes, "resident_bytes": run.resident_bytes,
            "index_bytes": size_of(index), "warm_search": held, "cold_search_seconds": cold, "stages": report["stages"],
        }
    clock.step("a scan of 1,000,000 vectors beside the memory-bandwidth baseline")
    scans = [json.loads(measure([PARTS, "parts", "--only", name]).output)["parts"][0]
             for name in ("scan-rows", "scan-signs", "best-by-signs")]
    save("million", {"commands": {
        "index": "cairn index --json --timings --root TREE --index-dir INDEX",
        "warm search": "cairn-benchmarks warm TREE INDEX --rounds 20 < QUESTIONS",
        "cold search": "cairn search --json --no-update --root TREE --index-dir INDEX QUESTION",
        "scans": "cairn-benchmarks parts --only scan-rows|scan-signs|best-by-signs"},
        **figures, "scans": scans}, not options.dry)
