"""Many repositories searched as one, beside one index of the same files: the files of a tree, cut into so many
directories, each a repository of a list. Searches in a warm process, from cold ones, and with the look at what has
changed; each as a ratio to the single index."""
import os

import trees
from common import (
    CAIRN,
    QUESTIONS,
    Clock,
    Scratch,
    cairn,
    index_from_nothing,
    measure,
    middle,
    need_programs,
    save,
    size_of,
    spread,
    warm,
    warm_joined,
)


def add_arguments(parser):
    parser.add_argument("--tree", default="million", help="the tree whose files are cut up")
    parser.add_argument("--count", type=int, default=50, help="how many repositories")
    parser.add_argument("--rounds", type=int, default=20, help="how often each query is asked in the warm process")
    parser.add_argument("--pairs", type=int, default=5, help="how often both are asked in turn")


def cut(tree, count, target):
    """The tree's files in `count` directories of `target`, by hard links, in the order of their paths: neighbours stay
    together, as in repositories."""
    files = sorted(trees.files_below(tree))
    roots = []
    for number in range(count):
        root = target / f"part{number:03}"
        trees.link(tree, files[number * len(files) // count:(number + 1) * len(files) // count], root)
        roots.append(root)
    return roots


def run(options):
    need_programs()
    tree = trees.tree(options.tree)
    clock = Clock()
    with Scratch("repositories") as scratch:
        clock.step(f"{options.count} repositories")
        roots = cut(tree, options.count, scratch / "files")
        home = scratch / "home"
        home.mkdir()
        environment = {**os.environ, "HOME": str(home), "XDG_STATE_HOME": str(home / "state"),
                       "XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "config")}
        for root in roots:
            measure([CAIRN, "add", "-q", root], environment=environment)
        clock.step("one index of the same files")
        whole = scratch / "whole"
        _, report = index_from_nothing(scratch / "files", whole)

        clock.step("searches in a warm process")
        several = [(root, root / ".cairn") for root in roots]
        # In turns: what the machine does meanwhile meets both.
        pairs = [(warm(scratch / "files", whole, rounds=options.rounds), warm_joined(several, rounds=options.rounds))
                 for _ in range(options.pairs)]
        single, joined = min(pairs, key=lambda pair: pair[0]["seconds"]["p50"])
        ratios = [several["seconds"]["p50"] / one["seconds"]["p50"] for one, several in pairs]

        clock.step("searches from cold processes")

        def cold(*words):
            return spread([
                measure([CAIRN, "search", "--json", *words, question], environment=environment).wall
                for _ in range(3) for question in QUESTIONS])

        figures = {
            "repositories": options.count, "files": report["files"], "chunks": report["chunks"],
            "index_bytes": {"one": size_of(whole), "several": sum(size_of(root / ".cairn") for root in roots)},
            "warm": {"one": single, "several": joined,
                     "ratio_of_p50": middle(ratios), "ratios_of_p50": ratios},
        }
        for name, words in (("cold", ["--no-update"]), ("cold_with_update", [])):
            one = spread([
                cairn("search", scratch / "files", whole, question, options=words).wall
                for _ in range(3) for question in QUESTIONS])
            all_of_them = cold("--all", *words)
            figures[name] = {"one": one, "several": all_of_them, "ratio_of_p50": all_of_them["p50"] / one["p50"]}
    save("repositories", {"tree": options.tree, "commands": {
        "list": "cairn add DIRECTORY, for each",
        "warm": "cairn-benchmarks warm ROOT INDEX [ROOT INDEX]... < QUESTIONS",
        "cold": "cairn search --json --all --no-update QUESTION",
        "cold_with_update": "cairn search --json --all QUESTION"}, **figures}, not options.dry)
