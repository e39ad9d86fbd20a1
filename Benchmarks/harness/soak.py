"""Searchers and a writer at once: 8 processes that search without pause, and one that changes files and indexes without
pause, on a copy of the directory. No search and no index run may fail; the slow end of the searches is shown beside
that of the same searches with nothing else going on.

Searches are processes of their own, as a person or an agent starts them: no update, since the writer does that.
"""
import json
import pathlib
import random
import shutil
import threading

import trees
from common import CAIRN, QUESTIONS, Clock, Scratch, cairn, fail, measure, need_programs, save, spread


def add_arguments(parser):
    parser.add_argument("directory", nargs="?", type=pathlib.Path,
                        help="copied, never written; the tree `go` if none is named")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--searchers", type=int, default=8)


def run(options):
    need_programs(CAIRN)
    source = options.directory.resolve() if options.directory else trees.tree("go")
    clock = Clock()
    with Scratch("soak") as scratch:
        tree, index = scratch / "tree", scratch / "index"
        clock.step(f"copying and indexing {source.name}")
        shutil.copytree(source, tree, symlinks=True, ignore=shutil.ignore_patterns(".git", ".cairn"))
        report = json.loads(cairn("index", tree, index).output.splitlines()[-1])
        idle = [cairn("search", tree, index, q, options=["--no-update"]).wall for _ in range(10) for q in QUESTIONS]
        alone = searchers(tree, index, options.searchers, 10, None)
        clock.step(f"{options.searchers} searchers and a writer for {options.minutes:g} minutes")
        writer = Writer(tree, index)
        busy = searchers(tree, index, options.searchers, options.minutes * 60, writer)
        clock.step("checking the index that is left")
        checked = check(tree, index, scratch / "fresh")
        sample = random.Random(1).sample(busy["seconds"], min(len(busy["seconds"]), 2000))
        figures = {
            "files": report["files"], "chunks": report["chunks"], "minutes": options.minutes,
            "searchers": options.searchers, "idle_search_seconds": spread(idle),
            "search_seconds_of_all_searchers_without_writer": spread(alone["seconds"]),
            "search_seconds": spread(busy["seconds"]), "searches": len(busy["seconds"]), "errors": busy["errors"],
            "index_errors": writer.errors, "error_examples": busy["examples"] + writer.examples,
            "index_runs": writer.runs, "index_seconds": spread(writer.seconds),
            "files_changed": writer.changed, "left_index": checked, "sample_seconds": sample,
        }
    save("soak", {"commands": {
        "searcher": "cairn search --json --no-update --root TREE --index-dir INDEX QUESTION",
        "writer": "change, add, remove files; cairn index --json --root TREE --index-dir INDEX"},
        **figures}, not options.dry)
    if busy["errors"] or writer.errors or not checked["same_files_and_chunks"]:
        fail(f"{busy['errors']} searches and {writer.errors} index runs failed; the index that is left "
             f"{'holds' if checked['same_files_and_chunks'] else 'does not hold'} what a fresh one does")


class Writer:
    """Changes about ten files, indexes, and again."""

    def __init__(self, tree, index):
        self.tree, self.index, self.random = tree, index, random.Random(7)
        self.files = sorted(p for p in tree.rglob("*") if p.is_file() and not p.is_symlink()
                            and p.stat().st_size < 100_000)
        self.runs = self.changed = self.errors = 0
        self.seconds, self.examples = [], []

    def work(self, over):
        while not over.is_set():
            self.change()
            done = measure([CAIRN, "index", "--json", "--root", self.tree, "--index-dir", self.index], check=False)
            self.runs += 1
            self.seconds.append(done.wall)
            if done.code != 0:
                self.errors += 1
                self.examples.append(f"index: exit code {done.code}")

    def change(self):
        for _ in range(10):
            file = self.random.choice(self.files)
            kind = self.random.random()
            self.changed += 1
            if kind < 0.15 and file.exists():
                file.unlink()
            elif kind < 0.3:
                (file.parent / f"added_{self.changed}{file.suffix}").write_text(
                    f"added_{self.changed} = {self.changed}\n")
            elif file.exists():
                with open(file, "a", encoding="utf-8") as text:
                    text.write(f"\n// change {self.changed}\n")
            else:
                file.write_text(f"back_{self.changed} = {self.changed}\n")


def searchers(tree, index, count, seconds, writer):
    """Runs `count` searchers, and the writer where there is one, for so long."""
    over, lock = threading.Event(), threading.Lock()
    found = {"seconds": [], "errors": 0, "examples": []}

    def work(seed):
        chance = random.Random(seed)
        while not over.is_set():
            question = chance.choice(QUESTIONS)
            done = measure([CAIRN, "search", "--json", "--no-update", "--root", tree, "--index-dir", index, question],
                           check=False)
            with lock:
                found["seconds"].append(done.wall)
                if done.code != 0 or b'"type":"summary"' not in done.output:
                    found["errors"] += 1
                    if len(found["examples"]) < 5:
                        # What was wrong, without where it was.
                        said = done.errors.decode(errors="replace")
                        said = said.replace(str(tree), "TREE").replace(str(index), "INDEX")
                        found["examples"].append(f"exit code {done.code}: {said[:300]}")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(count)]
    if writer:
        threads.append(threading.Thread(target=writer.work, args=(over,)))
    for thread in threads:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()
    return found


def check(tree, index, fresh):
    """The index, brought up to date, beside one that is built anew: whether it holds the same files and as many chunks,
    and for how many questions it gives the same first result and the same ten. (Candidates are chosen segment by
    segment, so that an index of several segments may differ from one of a single segment near the end of a page.)"""
    cairn("index", tree, index)
    cairn("index", tree, fresh)

    def held(place):
        status = json.loads(cairn("status", tree, place).output)
        return [status[name] for name in ("files", "chunks", "source_bytes", "complete")]

    def answers(place):
        found = []
        for question in QUESTIONS:
            lines = map(json.loads, cairn("search", tree, place, question, options=["--no-update"]).output.splitlines())
            found.append([(r["path"], r["start_line"]) for r in lines if r["type"] == "result"])
        return found

    pairs = list(zip(answers(index), answers(fresh), strict=True))
    return {"same_files_and_chunks": held(index) == held(fresh), "questions": len(pairs),
            "same_first_result": sum(a[:1] == b[:1] for a, b in pairs), "same_results": sum(a == b for a, b in pairs)}
