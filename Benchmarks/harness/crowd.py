"""A crowd over one repository: 8 searchers, 3 work trees, each with an editor that also commits and rebases, and two
watchers a tree, of which one is killed now and then.

Every search is a process of its own and brings the index up to date, or has it from the watcher. It asks for a token
that stands on one known line, or that was taken away; where the line was neither written, moved nor taken away while
the search ran, the answer must name it, or say that it is nowhere. No search may fail, one process may hold the watch
of a tree, and the memory of a watcher must be flat: the middle of the last quarter of its life beside that of the
second.
"""
import collections
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import threading
import time

import trees
from common import CAIRN, Clock, Scratch, fail, git, measure, memory_of, middle, need_programs, save, spread

TOKEN = re.compile(r"crowd_[0-9a-f]{10}")
LIVE_TOKENS = 200


def add_arguments(parser):
    parser.add_argument("directory", nargs="?", type=pathlib.Path,
                        help="copied, never written; the tree `net` if none is named")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--searchers", type=int, default=8)
    parser.add_argument("--edit-seconds", type=float, default=0.2, help="between two edits of one tree, on average")
    parser.add_argument("--kill-seconds", type=float, default=60, help="between two kills of watchers, on average")


def run(options):
    need_programs(CAIRN)
    source = options.directory.resolve() if options.directory else trees.tree("net")
    clock = Clock()
    with Scratch("crowd") as scratch:
        clock.step(f"copying {source.name}, and two work trees of it")
        main = scratch / "main"
        shutil.copytree(source, main, symlinks=True, ignore=shutil.ignore_patterns(".git", ".cairn"))
        git(main, "init", "-q", "-b", "b0", ".")
        git(main, "add", "-A")
        git(main, "commit", "-q", "-m", "first")
        crowd = [Tree(main, 0, options)]
        for number in (1, 2):
            git(main, "worktree", "add", "-q", "-b", f"b{number}", str(scratch / f"tree{number}"))
            crowd.append(Tree(scratch / f"tree{number}", number, options))
        files = sum(1 for _ in trees.files_below(main))
        for tree in crowd:
            tree.start_watchers()
        clock.step(f"{options.searchers} searchers and {len(crowd)} editors for {options.minutes:g} minutes")
        figures = live(options, crowd)
        for tree in crowd:
            tree.stop_watchers()
        clock.step("checking the indexes that are left")
        left = [tree.is_as_fresh(scratch / "fresh") for tree in crowd]
    watching = {"trees": len(crowd), "watchers_killed": sum(tree.killed for tree in crowd),
                "most_holders_of_a_tree": max(tree.most_holders for tree in crowd),
                "looks_at_holders": sum(tree.looks for tree in crowd),
                "looks_without_holder": sum(tree.empty_looks for tree in crowd),
                "own_bytes_of_watchers": [tree.memory.figures() for tree in crowd]}
    save("crowd", {"commands": {
        "searcher": "cairn search --json --root TREE TOKEN", "watcher": "cairn watch --quiet --root TREE",
        "editor": "insert, remove, rename; git commit, rebase, checkout"},
        "files": files, "minutes": options.minutes, "searchers": options.searchers, **figures, **watching,
        "edits": sum(tree.edits for tree in crowd), "rebases": sum(tree.rebases for tree in crowd),
        "left_indexes_as_fresh_ones": sum(left)}, not options.dry)
    broken = (figures["errors"] or figures["wrong_answers"] or watching["most_holders_of_a_tree"] > 1
              or not all(left) or any(not tree.memory.is_flat() for tree in crowd))
    if broken:
        fail("a promise was broken: an error, a wrong answer, two holders of a tree, memory that grows, or an index "
             "that is not what a fresh one is; the figures say which")


class Memory:
    """Private memory of the watcher that holds a tree, now and then; each life by itself."""

    def __init__(self):
        self.lives = collections.defaultdict(list)

    def look(self, process):
        own, _ = memory_of(process)
        if own:
            self.lives[process].append(own)

    def longest(self):
        return max(self.lives.values(), key=len, default=[])

    def is_flat(self):
        figures = self.figures()
        return figures["last_quarter"] <= figures["second_quarter"] * 1.25 + (4 << 20)

    def figures(self):
        life = self.longest()
        quarter = max(1, len(life) // 4)
        return {"looks": len(life), "second_quarter": middle(life[quarter:2 * quarter] or life or [0]),
                "last_quarter": middle(life[-quarter:] or [0]), "peak": max(life, default=0),
                "series": life[::max(1, len(life) // 60)]}


class Tree:
    """A work tree, what its editor knows of it, and its watchers."""

    def __init__(self, place, number, options):
        self.place, self.branch, self.options = place, f"b{number}", options
        self.chance, self.lock = random.Random(number), threading.Lock()
        # Where each token stands, (path, line, turn), and the turn of its end where it was taken away. One that is in
        # neither is just being changed. A turn is an edit: what has another one was changed meanwhile.
        self.places, self.gone, self.turn = {}, {}, 0
        self.files = self.sources()
        self.edits = self.rebases = self.killed = self.looks = self.empty_looks = self.most_holders = 0
        self.watchers, self.memory = [], Memory()

    # MARK: Editing

    def sources(self):
        return [path for path in trees.files_below(self.place) if path.endswith((".c", ".h", ".py", ".go", ".md"))]

    def edit(self):
        kind = self.chance.random()
        if kind < 0.02:
            self.rebase()
        elif kind < 0.3 and self.places:
            self.remove(self.chance.choice(sorted(self.places)))
        elif kind < 0.4:
            self.rename()
        elif len(self.places) < LIVE_TOKENS:
            self.insert()
        else:
            self.remove(self.chance.choice(sorted(self.places)))
        self.edits += 1

    def change(self, paths, action):
        """Does something to files. What is known of their tokens does not hold while it is done."""
        with self.lock:
            known = {token for token, place in self.places.items() if place[0] in paths}
            for token in known:
                del self.places[token]
        action()
        found = {}
        for path in paths:
            file = self.place / path
            if file.is_file():
                for number, line in enumerate(file.read_text(errors="replace").split("\n"), 1):
                    found |= dict.fromkeys(TOKEN.findall(line), (path, number))
        self.know(found, known)

    def know(self, found, known):
        """What stands where after an edit, of tokens that were known before it."""
        with self.lock:
            self.turn += 1
            self.places |= {token: (*place, self.turn) for token, place in found.items()}
            self.gone |= {token: self.turn for token in known if token not in found}
            for token in [token for token in self.gone if token in self.places] + list(self.gone)[:-100]:
                self.gone.pop(token, None)

    def insert(self):
        path = self.chance.choice(self.files)
        token = f"crowd_{self.chance.randrange(1 << 40):010x}"
        file = self.place / path

        def action():
            if file.is_file():
                lines = file.read_text(errors="surrogateescape").split("\n")
                lines.insert(self.chance.randrange(len(lines)), f"/* {token} */")
                file.write_text("\n".join(lines), errors="surrogateescape")

        self.change([path], action)

    def remove(self, token):
        path, line, _ = self.places[token]
        file = self.place / path

        def action():
            lines = file.read_text(errors="surrogateescape").split("\n")
            del lines[line - 1]
            file.write_text("\n".join(lines), errors="surrogateescape")

        self.change([path], action)

    def rename(self):
        path = self.places[self.chance.choice(sorted(self.places))][0] if self.places else self.files[0]
        target = str(pathlib.PurePosixPath(path).with_stem(f"renamed{self.chance.randrange(40)}"))
        file, other = self.place / path, self.place / target
        if file.is_file() and not other.exists():
            self.change([path, target], lambda: file.rename(other))

    def rebase(self):
        """The whole tree may change: what it holds then, git is asked for."""
        with self.lock:
            known, self.places, self.gone = {*self.places, *self.gone}, {}, {}
        git(self.place, "add", "-A")
        git(self.place, "commit", "-q", "-m", "edits", "--allow-empty")
        other = f"b{self.chance.randrange(3)}"
        if self.chance.random() < 0.3:
            git(self.place, "reset", "-q", "--hard", other)
        elif git(self.place, "rebase", "-q", "-X", "theirs", other, must=False).returncode != 0:
            git(self.place, "rebase", "--abort", must=False)
            git(self.place, "reset", "-q", "--hard", other)
        listed = git(self.place, "grep", "-n", "-z", "-E", "--untracked", TOKEN.pattern, must=False).stdout
        found = {}
        for line in filter(None, listed.split("\n")):
            path, number, text = line.split("\0", 2)
            found |= dict.fromkeys(TOKEN.findall(text), (path, int(number)))
        self.know(found, known)
        self.files = self.sources()
        self.rebases += 1

    # MARK: Asking

    def pick(self, chance):
        """A token and what is known of it; None while all is being changed."""
        with self.lock:
            known = self.gone if self.gone and chance.random() < 0.3 else self.places
            token = chance.choice(list(known)) if known else None
            return (token, known[token]) if token else None

    def still(self, token, known):
        with self.lock:
            return self.places.get(token, self.gone.get(token)) == known

    # MARK: Watching

    def start_watchers(self):
        while len(self.watchers) < 2:
            self.watchers.append(subprocess.Popen(
                [str(CAIRN), "watch", "--quiet", "--root", str(self.place)], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def stop_watchers(self):
        for process in self.watchers:
            process.send_signal(signal.SIGTERM)
            process.wait()

    def holders(self):
        """The processes that hold the lock of the watch, by the kernel's list."""
        try:
            lock = os.stat(self.place / ".cairn/watch.lock")
        except FileNotFoundError:
            return []
        # Files of other file systems may have the same number.
        name = f"{os.major(lock.st_dev):02x}:{os.minor(lock.st_dev):02x}:{lock.st_ino}"
        with open("/proc/locks", encoding="ascii") as lines:
            held = [line.split() for line in lines if " -> " not in line]
        return [int(fields[4]) for fields in held if fields[1] == "FLOCK" and fields[5] == name]

    def look(self):
        held = self.holders()
        self.looks += 1
        self.empty_looks += not held
        self.most_holders = max(self.most_holders, len(held))
        for process in held:
            self.memory.look(process)

    def kill_one(self):
        """Kills the holder, or else the one that waits; another takes its turn."""
        held = self.holders()
        victim = next((process for process in self.watchers if process.pid in held), self.watchers[0])
        victim.kill()
        victim.wait()
        self.watchers.remove(victim)
        self.killed += 1
        self.start_watchers()

    def ended_watchers(self):
        return [process.returncode for process in self.watchers if process.poll() is not None]

    def is_as_fresh(self, fresh):
        """Whether the index holds as many files, chunks and bytes as one that is made from nothing."""
        def held(*place):
            measure([CAIRN, "index", "-q", *(["--rebuild"] if place else []), "--root", self.place, *place])
            status = json.loads(measure([CAIRN, "status", "--json", "--root", self.place, *place]).output)
            return [status[name] for name in ("files", "chunks", "source_bytes", "complete")]

        shutil.rmtree(fresh, ignore_errors=True)
        return held() == held("--index-dir", fresh)


def matched(hit, match):
    """What stands where a match is: not only the token, in what is only near it."""
    line = hit["snippet"][match["line"] - hit["snippet_start_line"]]
    return line.encode()[match["start_column"] - 1:match["end_column"] - 1]


def live(options, crowd):
    """All of them at once, for so long."""
    over, lock = threading.Event(), threading.Lock()
    seconds, kinds, counts, examples = [], collections.Counter(), collections.Counter(), []

    def note(kind, example):
        with lock:
            counts[kind] += 1
            if len(examples) < 10:
                for tree in crowd:
                    example = example.replace(str(tree.place), f"TREE{tree.branch[1:]}")
                examples.append(example[:500])

    def guarded(work):
        def inner(*words):
            try:
                work(*words)
            except Exception as error:  # a thread that ended unseen would prove nothing
                note("errors", f"{type(error).__name__}: {error}")
                raise

        return inner

    @guarded
    def search(seed):
        chance = random.Random(1000 + seed)
        while not over.is_set():
            tree = chance.choice(crowd)
            picked = tree.pick(chance)
            if picked is None:
                over.wait(0.01)
                continue
            token, known = picked
            done = measure([CAIRN, "search", "--json", "-n", "3", "--root", tree.place, token], check=False)
            was_still = tree.still(token, known)
            lines = [json.loads(line) for line in done.output.splitlines()]
            with lock:
                seconds.append(done.wall)
            if done.code not in (0, 1) or not lines or lines[-1].get("type") != "summary":
                note("errors", f"{token}: exit code {done.code}: {done.errors.decode(errors='replace')}")
                continue
            summary = lines[-1]
            kinds[summary["freshness"]["kind"]] += 1
            if not was_still:
                counts["changed_while_asked"] += 1
            elif any(detail.get("code") == "locked" for detail in summary["note_details"]):
                # It was said that another process is at work and changes may be missing.
                counts["told_of_another_process"] += 1
            else:
                counts["judged"] += 1
                found = [(line["path"], match["line"]) for line in lines[:-1] for match in line["matches"]
                         if matched(line, match) == token.encode()]
                place = None if isinstance(known, int) else known[:2]
                if set(found) != ({place} if place else set()) or summary["nowhere"] != (place is None):
                    note("wrong_answers", f"{token} stands at {place}, and was found at {found}: {summary}")

    @guarded
    def edit(tree):
        while not over.is_set():
            tree.edit()
            over.wait(tree.chance.expovariate(1 / options.edit_seconds))

    @guarded
    def look_after():
        chance, next_kill = random.Random(5), time.monotonic() + options.kill_seconds
        while not over.wait(1):
            for tree in crowd:
                tree.look()
                if ended := tree.ended_watchers():
                    note("errors", f"a watcher ended by itself with {ended}")
                    tree.watchers = [process for process in tree.watchers if process.poll() is None]
                    tree.start_watchers()
            # The first tree keeps its watcher, so that there is one whose memory is seen for the whole time.
            if time.monotonic() > next_kill:
                chance.choice(crowd[1:]).kill_one()
                next_kill = time.monotonic() + chance.expovariate(1 / options.kill_seconds)

    threads = [threading.Thread(target=search, args=(n,)) for n in range(options.searchers)]
    threads += [threading.Thread(target=edit, args=(tree,)) for tree in crowd]
    threads.append(threading.Thread(target=look_after))
    for thread in threads:
        thread.start()
    over.wait(options.minutes * 60)
    over.set()
    for thread in threads:
        thread.join()
    return {"searches": len(seconds), "search_seconds": spread(seconds), "errors": counts["errors"],
            "wrong_answers": counts["wrong_answers"], "judged": counts["judged"],
            "changed_while_asked": counts["changed_while_asked"],
            "told_of_another_process": counts["told_of_another_process"], "freshness": dict(kinds),
            "examples": examples}
