"""How soon a change can be found while a tree is watched, what an idle watcher costs, and what a storm does to it.

On a copy of each tree, `cairn watch` runs, and beside it:

- latency: a file is written, and the time is taken until the new generation that has it is committed, which the watcher
  says, and until a search that is started then has answered;
- a search beside the watcher, and the same search without one, which looks at the tree first;
- idle: processor time and memory of the watcher while nothing happens;
- a storm: thousands of files written at once; every one must be found after it, and none that is gone.
"""
import json
import random
import shutil
import signal
import subprocess
import time

import trees
from common import CAIRN, Clock, Scratch, cairn, fail, memory_of, need_programs, processor_seconds, save, spread


def add_arguments(parser):
    parser.add_argument("--sizes", default="2000,10000,78000", help="numbers of files, comma by comma")
    parser.add_argument("--edits", type=int, default=200, help="edits whose latency is taken")
    parser.add_argument("--idle", type=float, default=60, help="seconds of idleness that are watched")
    parser.add_argument("--storm", type=int, default=10_000, help="files that are written at once")


def run(options):
    need_programs(CAIRN)
    clock = Clock()
    points = []
    for count in map(int, options.sizes.split(",")):
        source = trees.tree("kernel" if count >= 78_000 else f"files-{count}")
        clock.step(f"{count} files: copying and indexing")
        with Scratch("watching") as scratch:
            tree, index = scratch / "tree", scratch / "index"
            shutil.copytree(source, tree, symlinks=True, ignore=shutil.ignore_patterns(".git", ".cairn"))
            cairn("index", tree, index)
            unwatched = [cairn("search", tree, index, "schedule").wall for _ in range(10)]
            with Watcher(tree, index) as watcher:
                clock.step(f"{count} files: {options.edits} edits")
                latency, found = edits(tree, index, watcher, options.edits)
                watched = [cairn("search", tree, index, "schedule").wall for _ in range(10)]
                clock.step(f"{count} files: idle for {options.idle:g} s")
                idle = idleness(watcher, options.idle)
                clock.step(f"{count} files: a storm of {options.storm}")
                storm = storms(tree, index, watcher, options.storm)
            points.append({
                "files": count, "directories": watcher.directories, "edit_to_commit_seconds": spread(latency),
                "edit_to_answer_seconds": spread(found), "search_seconds": spread(watched),
                "search_seconds_without_watcher": spread(unwatched), "idle": idle, "storm": storm,
            })
    save("watching", {"commands": {
        "watcher": "cairn watch --json --root TREE --index-dir INDEX",
        "search": "cairn search --json --root TREE --index-dir INDEX QUESTION"}, "points": points}, not options.dry)
    bad = [p for p in points if p["storm"]["missed"] or p["storm"]["ghosts"]]
    if bad:
        fail(f"a storm left {bad[0]['storm']['missed']} files unfound and {bad[0]['storm']['ghosts']} ghosts")


class Watcher:
    """`cairn watch` from when it has seen the whole tree on."""

    def __init__(self, tree, index, *words):
        self.process = subprocess.Popen(
            [CAIRN, "watch", "--json", "--root", tree, "--index-dir", index, *words], stdout=subprocess.PIPE, text=True)
        self.drain = None
        event = self.next("watching")
        self.directories = event["watcher"]["directories"]
        if event["watcher"]["sees"] != "events":
            fail("the system has too few watches for this tree: raise fs.inotify.max_user_watches")

    def next(self, wanted):
        for line in self.process.stdout:
            event = json.loads(line)
            if event["event"] == wanted:
                return event
            if event["event"] == "failed":
                fail(f"the watcher failed: {event['failure']['message']}")
        return fail("the watcher ended")

    def ignore(self):
        """From now on nobody asks for what it tells: it is read, so that the watcher need not wait for a reader."""
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=subprocess.DEVNULL)

    def processor_seconds(self):
        return processor_seconds(self.process.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.close()
        self.process.wait()
        if self.drain:
            self.drain.wait()


def edits(tree, index, watcher, count):
    """Changes one file after the other, each by a line that is nowhere else."""
    choice = random.Random(3)
    files = sorted(p for p in tree.rglob("*.[ch]") if p.is_file() and p.stat().st_size < 100_000)
    if not files:
        files = sorted(p for p in tree.rglob("*.go") if p.is_file() and p.stat().st_size < 100_000)
    latency, found = [], []
    for number in range(count):
        file = choice.choice(files)
        word = f"edit_{number}_{choice.randrange(1 << 40):010x}"
        began = time.perf_counter()
        with file.open("a", encoding="utf-8") as text:
            text.write(f"\n/* {word} */\n")
        watcher.next("updated")
        latency.append(time.perf_counter() - began)
        if number % 4 == 0:
            answer = cairn("search", tree, index, "-l", word)
            found.append(time.perf_counter() - began)
            if file.relative_to(tree).as_posix().encode() not in answer.output:
                fail(f"{word} was not found after it was committed")
    return latency, found


def idleness(watcher, seconds):
    before = watcher.processor_seconds()
    time.sleep(seconds)
    own, resident = memory_of(watcher.process.pid)
    return {"seconds": seconds, "processor_seconds": watcher.processor_seconds() - before, "own_bytes": own,
            "resident_bytes": resident}


def storms(tree, index, watcher, count):
    """Writes `count` files, a tenth of which is removed again, and asks at once."""
    place = tree / "storm"
    began = time.perf_counter()
    for number in range(count):
        folder = place / str(number % 97)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"f{number}.c").write_text(f"int storm_word_{number}(void) {{ return {number}; }}\n")
    for number in range(0, count, 10):
        (place / str(number % 97) / f"f{number}.c").unlink()
    written = time.perf_counter() - began
    watcher.ignore()
    while b'"kind":"watched"' not in cairn("search", tree, index, "storm_word_1").output:
        if time.perf_counter() - began > 600:
            fail("the watcher did not come to rest after a storm")
    quiet = time.perf_counter() - began - written
    missed = ghosts = 0
    for number in random.Random(5).sample(range(count), min(count, 200)):
        is_there = cairn("search", tree, index, "-l", "--no-update", f"storm_word_{number}").code == 0
        missed += number % 10 != 0 and not is_there
        ghosts += number % 10 == 0 and is_there
    return {"files": count, "written_seconds": written, "seconds_to_quiet": quiet, "missed": missed, "ghosts": ghosts}
