"""What work trees and branches of one repository cost: the second work tree of the kernel, a checkout between two
revisions that differ in 3,000 files, and many work trees of a repository of 2,400 files."""
import json
import os
import pathlib
import random
import shutil

import trees
from common import CAIRN, Clock, Scratch, git, measure, need_programs, save


def add_arguments(parser):
    parser.add_argument("--tree", default="kernel", help="the large tree (default: kernel)")
    parser.add_argument("--changed", type=int, default=3000, help="files in which the two revisions differ")
    parser.add_argument("--count", type=int, default=379, help="work trees of the small repository")


def repository(source, place):
    """The tree as a repository of one commit, without what would keep its files out of one."""
    shutil.copytree(source, place, symlinks=True, ignore=shutil.ignore_patterns(".git", ".cairn"))
    ignoring = place / ".gitignore"
    if ignoring.exists():
        lines = ignoring.read_text(encoding="utf-8").splitlines(keepends=True)
        ignoring.write_text("".join(line for line in lines if not line.startswith("/*")), encoding="utf-8")
    git(place, "init", "-q", "-b", "main", ".")
    git(place, "add", "-A")
    git(place, "commit", "-q", "-m", "one")


def commit_far(tree, count):
    """A revision that changes, renames, deletes and adds files; the work tree stays at the first one."""
    chance = random.Random(7)
    names = git(tree, "ls-files", "-z").stdout.split("\0")
    names = [n for n in names if n.endswith((".c", ".h", ".py", ".rst", ".S")) and (tree / n).is_file()]
    names = chance.sample(names, min(count, len(names)))
    git(tree, "checkout", "-q", "-b", "far")
    for number, name in enumerate(names):
        path, part = tree / name, number * 15 // len(names)
        if part < 11:
            lines = path.read_bytes().split(b"\n")
            lines.insert(chance.randrange(len(lines)), b"/* far revision %d */" % number)
            path.write_bytes(b"\n".join(lines))
        elif part < 13:
            path.rename(path.with_name("moved_" + path.name))
        elif part < 14:
            path.unlink()
        else:
            path.with_name("new_" + path.name).write_bytes(path.read_bytes()[:4000] + b"\n/* new */\n")
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "-m", "far")
    git(tree, "checkout", "-q", "main")


def index(tree):
    """Seconds and the report of an index run in the tree itself, where its siblings are found."""
    run = measure([CAIRN, "index", "--json", tree])
    report = json.loads(run.output.splitlines()[-1])
    names = ("files", "chunks", "files_indexed", "files_unchanged", "chunks_added", "reused")
    return {"seconds": run.wall, "processor_seconds": run.cpu, **{name: report.get(name) for name in names}}


def disk_bytes(*indexes):
    """Bytes that the files of these indexes occupy, each file once however many names it has."""
    seen, total = set(), 0
    for place in indexes:
        for folder, _, names in os.walk(place):
            for name in [".", *names]:
                status = os.lstat(os.path.join(folder, name))
                if status.st_ino not in seen:
                    seen.add(status.st_ino)
                    total += status.st_blocks * 512
    return total


def large(options, place, clock):
    main, other = place / "main", place / "other"
    clock.step("a repository of the large tree")
    repository(trees.tree(options.tree), main)
    commit_far(main, options.changed)
    clock.step("index")
    figures = {"first": index(main)}
    figures["index_bytes"] = disk_bytes(main / ".cairn")
    clock.step("second work tree")
    git(main, "worktree", "add", "-q", "-b", "second", other)
    figures["second"] = index(other)
    both = disk_bytes(main / ".cairn", other / ".cairn")
    figures["second_bytes"] = both - figures["index_bytes"]
    for step in ("far", "back", "far again", "back again"):
        git(main, "checkout", "-q", "far" if step.startswith("far") else "main")
        clock.step(step)
        figures[step] = index(main)
        figures[step]["index_bytes"] = disk_bytes(main / ".cairn")
    return figures


def many(options, place, clock):
    main = place / "small"
    repository(trees.tree("files-2400"), main)
    figures = {"first": index(main)}
    one = disk_bytes(main / ".cairn")
    clock.step(f"{options.count} work trees")
    tops, seconds = [main], []
    for number in range(options.count - 1):
        top = place / f"tree{number}"
        git(main, "worktree", "add", "-q", "--detach", top)
        seconds.append(index(top)["seconds"])
        tops.append(top)
        # Its files are not needed any more.
        for entry in pathlib.Path(top).iterdir():
            if entry.name not in (".git", ".cairn"):
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    total = disk_bytes(*(top / ".cairn" for top in tops))
    figures |= {"index_bytes": one, "all_bytes": total, "by_one_index": total / one,
                "bytes_of_each": (total - one) / max(1, options.count - 1),
                "seconds_of_the_last": seconds[-1] if seconds else None}
    return figures


def run(options):
    need_programs(CAIRN)
    clock = Clock()
    with Scratch("worktrees") as scratch:
        figures = {"large": large(options, scratch, clock), "many": many(options, scratch, clock)}
    save("worktrees", {"commands": {
        "index": "cairn index --json TREE", "far, back": "git checkout far or main, then index",
        "trees": "Benchmarks/harness/worktrees.py"}, **figures}, not options.dry)
