"""How time, memory and size grow with the corpus: whole folders of the kernel in a seeded order up to 78,000 files, and
beyond that the kernel with Go, OpenJDK and GCC."""
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
    source_bytes,
    spread,
    warm,
)


def add_arguments(parser):
    parser.add_argument("--sizes", default="1000,10000,78000,150000", help="numbers of files, comma by comma")


def run(options):
    need_programs()
    clock = Clock()
    points = []
    for count in map(int, options.sizes.split(",")):
        tree = trees.tree(f"files-{count}")
        clock.step(f"{count} files: index")
        with Scratch("growth") as scratch:
            index = scratch / "index"
            run, report = index_from_nothing(tree, index)
            clock.step(f"{count} files: searches")
            source, size, held = source_bytes(tree, index), size_of(index), warm(tree, index, rounds=5)
            unchanged = [cairn("index", tree, index).wall for _ in range(3)]
            cold = [cairn("search", tree, index, q, options=["--no-update"]).wall for q in QUESTIONS]
            updated = [cairn("search", tree, index, q).wall for q in QUESTIONS[:5]]
            points.append({
                "files_in_tree": count, "files": report["files"], "chunks": report["chunks"], "source_bytes": source,
                "index_seconds": run.wall, "index_processor_seconds": run.cpu, "own_bytes": run.own_bytes,
                "resident_bytes": run.resident_bytes, "index_bytes": size, "index_by_source": size / source,
                "unchanged_seconds": spread(unchanged), "cold_search_seconds": spread(cold),
                "cold_search_with_update_seconds": spread(updated), "warm_search_seconds": held["seconds"],
                "warm_own_bytes": held["own_bytes"], "stages": report["stages"],
            })
    save("growth", {"commands": {
        "index": "cairn index --json --timings --root TREE --index-dir INDEX",
        "cold search": "cairn search --json --no-update --root TREE --index-dir INDEX QUESTION",
        "warm search": "cairn-benchmarks warm TREE INDEX --rounds 5 < QUESTIONS",
        "trees": "Benchmarks/harness/trees.py, files-COUNT"}, "points": points}, not options.dry)
