"""Commits of a repository with a history, indexed one after the other from git's objects: seconds of each run, and the
bytes that each adds to the disk. The clone's own tree is indexed first, then HEAD, then commits further and further
back; what they have in common is shared. A fresh clone shows what a first commit costs where nothing is indexed.
"""
import json
import os
import pathlib

from common import CAIRN, QUESTIONS, ROOT, Clock, Scratch, git, measure, need_programs, save, spread


def add_arguments(parser):
    parser.add_argument("repository", nargs="?", type=pathlib.Path, default=ROOT,
                        help="cloned, never written; this one if none is named")
    parser.add_argument("--commits", type=int, default=10)
    parser.add_argument("--step", type=int, default=10, help="how many commits lie between two of them")


def run(options):
    need_programs(CAIRN)
    clock = Clock()
    with Scratch("revisions") as scratch:
        clock.step("cloning")
        fresh, tree = scratch / "fresh", scratch / "tree"
        for clone in (fresh, tree):
            git(scratch, "clone", "-q", options.repository.resolve(), clone)
        commits = git(tree, "rev-list", "--first-parent", f"--max-count={options.commits * options.step}",
                      "HEAD").stdout.split()[::options.step]
        clock.step("a first commit where nothing is indexed")
        alone = index(fresh, commits[0])
        clock.step("the tree, then commits")
        figures = {"commits_in_history": int(git(tree, "rev-list", "--count", "HEAD").stdout),
                   "alone": alone, "tree": index(tree, None)}
        figures["revisions"] = [index(tree, commit) for commit in commits]
        # Where nothing is to be done: what finding the commit costs.
        figures["again"] = index(tree, commits[-1])
        clock.step("searches")
        figures["search_seconds_of_the_tree"] = searches(tree, [])
        figures["search_seconds_of_a_commit"] = searches(tree, ["--at", commits[-1]])
    save("revisions", {"commands": {"index": "cairn index --json --at REV", "search": "cairn search --json --at REV"},
                       "repository": options.repository.resolve().name, "step": options.step, **figures},
         not options.dry)


def index(tree, commit):
    """One run; `added_bytes` is what the disk has more of after it, files with several names counted once."""
    before = bytes_below(tree / ".cairn")
    done = measure([CAIRN, "index", "--json", "--root", tree, *(["--at", commit] if commit else [])])
    report = json.loads(done.output.splitlines()[-1])
    return {"seconds": done.wall, "processor_seconds": done.cpu, "files": report["files"],
            "files_indexed": report["files_indexed"], "files_unchanged": report["files_unchanged"],
            "added_bytes": bytes_below(tree / ".cairn") - before}


def bytes_below(directory):
    sizes = {}
    for path, _, names in os.walk(directory):
        for name in names:
            status = os.lstat(os.path.join(path, name))
            sizes[status.st_ino] = status.st_size
    return sum(sizes.values())


def searches(tree, words):
    return spread([measure([CAIRN, "search", "--json", "--root", tree, *words, question]).wall
                   for _ in range(5) for question in QUESTIONS])
