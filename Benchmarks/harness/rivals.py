"""Cairn and its rivals on the same trees in the same run."""
import json
import os
import sys

import semble_rival as semble
import trees
from common import (
    QUESTIONS,
    Clock,
    Scratch,
    cairn,
    index_from_nothing,
    measure,
    measure_with_input,
    need_programs,
    save,
    say,
    size_of,
    source_bytes,
    spread,
    warm,
)
from contenders import alternation, debian_version, first_line, missing_programs

COMMANDS = {
    "cairn": {
        "index": "cairn index --json --timings --root TREE --index-dir INDEX",
        "first search": "cairn search --json --root TREE --index-dir INDEX QUESTION   (no index yet)",
        "cold search": "cairn search --json --no-update --root TREE --index-dir INDEX QUESTION",
        "cold search with update": "cairn search --json --root TREE --index-dir INDEX QUESTION",
        "warm search": "cairn-benchmarks warm TREE INDEX --rounds N < QUESTIONS",
    },
    "semble": {
        "index": "SembleIndex.from_path(TREE) and .save(FOLDER) in one process, imports and model not counted",
        "first search": "semble search QUESTION TREE -k 10   (no cache yet)",
        "cold search": "semble search QUESTION TREE -k 10   (index in its cache)",
        "warm search": "SembleIndex.search(QUESTION, top_k=10) in one process",
    },
    "ripgrep": {"search": "rg --threads 2 -i -c -e WORDS TREE"},
    "git grep": {"search": "git grep --no-index --threads 2 -i -c -E -e WORDS   (in TREE)"},
    "codesearch": {"index": "cindex TREE", "search": "csearch -i -c WORDS"},
    "ctags": {"index": "ctags -R -f TAGS TREE", "search": "readtags -t TAGS -i -p - WORD"},
}


def add_arguments(parser):
    parser.add_argument("trees", nargs="*", default=["net", "go"],
                        help="trees to measure on; net and go if none is named")
    parser.add_argument("--rounds", type=int, default=3,
                        help="index runs of Cairn, and of the others where they are short")
    parser.add_argument("--questions", type=int, default=len(QUESTIONS), help="how many of the questions are asked")


def run(options):
    need_programs()
    semble.set_up()
    clock = Clock()
    figures, absent = {}, {}
    for name in options.trees:
        place = trees.tree(name)
        questions = QUESTIONS[:options.questions]
        with Scratch("rivals") as scratch:
            result = {}
            for rival, body, needed in (("cairn", ours, []), ("semble", theirs, []), ("ripgrep", ripgrep, ["rg"]),
                                        ("git grep", git_grep, ["git"]), ("codesearch", codesearch, ["cindex"]),
                                        ("ctags", ctags, ["ctags", "readtags"])):
                why = missing_programs(*needed)
                if why:
                    say(f"without {rival}: {why}")
                    absent[rival] = why
                    continue
                clock.step(f"{name}: {rival}")
                result[rival] = body(place, scratch, questions, options.rounds)
            result["ratios"] = ratios(result)
            figures[name] = result
    save("rivals", {"commands": COMMANDS, "versions": versions(), "missing": absent, "trees": figures}, not options.dry)


def ratios(result):
    """How many times Cairn's time or memory the rival's is, for what semble and Cairn both do."""
    us, them = result["cairn"], result["semble"]
    return {
        "index": them["index_seconds"]["p50"] / us["index_seconds"]["p50"],
        "first_search": them["first_search_seconds"] / us["first_search_seconds"],
        "cold_search": them["cold_search_seconds"]["p50"] / us["cold_search_seconds"]["p50"],
        "cold_search_with_update": them["cold_search_seconds"]["p50"] / us["cold_search_with_update_seconds"]["p50"],
        "warm_search": them["warm_search_seconds"]["p50"] / us["warm_search_seconds"]["p50"],
        "own_memory_to_index": them["index_own_bytes"] / us["index_own_bytes"],
        "resident_memory_to_index": them["index_resident_bytes"] / us["index_resident_bytes"],
    }


def ours(tree, scratch, questions, rounds):
    index = scratch / "cairn"
    first = cairn("search", tree, index, questions[0], samples_memory=True)
    runs = [index_from_nothing(tree, index) for _ in range(rounds)]
    report = runs[-1][1]
    held = warm(tree, index, questions)
    return {
        "files": report["files"], "chunks": report["chunks"], "source_bytes": source_bytes(tree, index),
        "first_search_seconds": first.wall,
        "index_seconds": spread([r.wall for r, _ in runs]), "index_own_bytes": max(r.own_bytes for r, _ in runs),
        "index_resident_bytes": max(r.resident_bytes for r, _ in runs), "index_bytes": size_of(index),
        "cold_search_seconds": spread(
            [cairn("search", tree, index, q, options=["--no-update"]).wall for q in questions]),
        "cold_search_with_update_seconds": spread([cairn("search", tree, index, q).wall for q in questions]),
        "warm_search_seconds": held["seconds"], "warm_own_bytes": held["own_bytes"],
        "warm_resident_bytes": held["resident_bytes"],
    }


def theirs(tree, scratch, questions, rounds):
    environment = semble.environment(scratch / "semble-cache")

    def command(question):
        return [semble.PROGRAM, "search", question, tree, "-k", "10"]

    first = measure(command(questions[0]), environment, samples_memory=True)
    cold = [measure(command(q), environment).wall for q in questions]
    worker = [semble.PYTHON, semble.WORKER, tree, scratch / "semble-index", str(rounds)]
    # What takes long is not repeated: its spread is far below the difference that is looked for.
    runs = []
    for number in range(1 if first.wall > 20 else rounds):
        lines, alone = "\n".join(questions), semble.environment(scratch / f"semble-cache-{number}")
        runs.append(json.loads(measure_with_input([sys.executable, semble.WATCH, *worker], lines, environment=alone)))
    return {
        "files": runs[-1]["files"], "chunks": runs[-1]["chunks"], "first_search_seconds": first.wall,
        "first_search_own_bytes": first.own_bytes, "first_search_resident_bytes": first.resident_bytes,
        "index_seconds": spread([r["index_seconds"] for r in runs]),
        "index_own_bytes": max(r["own_bytes"] for r in runs),
        "index_resident_bytes": max(r["resident_bytes"] for r in runs),
        "index_bytes": size_of(scratch / "semble-cache"), "cold_search_seconds": spread(cold),
        "warm_search_seconds": spread([s for r in runs for s in r["search_seconds"]]),
    }


def ripgrep(tree, scratch, questions, rounds):
    runs = [measure(["rg", "--threads", "2", "-i", "-c", "-e", alternation(q), tree]) for q in questions]
    return {"search_seconds": spread([r.wall for r in runs])}


def git_grep(tree, scratch, questions, rounds):
    command = ["git", "-c", "grep.threads=2", "grep", "--no-index", "--threads", "2", "-i", "-c", "-E", "-e"]
    runs = [measure([*command, alternation(q)], cwd=tree) for q in questions]
    return {"search_seconds": spread([r.wall for r in runs])}


def codesearch(tree, scratch, questions, rounds):
    index = scratch / "csearchindex"
    environment = {**os.environ, "CSEARCHINDEX": str(index)}
    runs = []
    for _ in range(rounds):
        index.unlink(missing_ok=True)
        runs.append(measure(["cindex", tree], environment, samples_memory=True))
    searches = [measure(["csearch", "-i", "-c", alternation(q)], environment).wall for q in questions]
    return {
        "index_seconds": spread([r.wall for r in runs]), "index_own_bytes": max(r.own_bytes for r in runs),
        "index_resident_bytes": max(r.resident_bytes for r in runs), "index_bytes": size_of(index),
        "search_seconds": spread(searches),
    }


def ctags(tree, scratch, questions, rounds):
    tags = scratch / "tags"
    runs = []
    for _ in range(rounds):
        tags.unlink(missing_ok=True)
        runs.append(measure(["ctags", "-R", "-f", tags, tree], samples_memory=True))
    searches = [measure(["readtags", "-t", tags, "-i", "-p", "-", q.split()[-1]]).wall for q in questions]
    return {
        "index_seconds": spread([r.wall for r in runs]), "index_own_bytes": max(r.own_bytes for r in runs),
        "index_resident_bytes": max(r.resident_bytes for r in runs), "index_bytes": size_of(tags),
        "search_seconds": spread(searches),
    }


def versions():
    found = {"semble": semble.VERSION}
    for name, program in (("ripgrep", "rg"), ("git", "git"), ("ctags", "ctags")):
        if missing_programs(program) is None:
            found[name] = first_line(program, "--version")
    if missing_programs("cindex") is None:
        found["codesearch"] = debian_version("codesearch")
    return found
