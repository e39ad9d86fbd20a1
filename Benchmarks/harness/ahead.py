"""What it would gain to read ahead what a session is likely to ask for next, with the page cache as it is after a start
of the machine.

A session is a list of queries, each asked by a process of its own, as from a terminal: a question, the same narrowed to
a language, to its last words, and the code beside the first result (`related`). Before each session the index and the
tree are taken out of the page cache (posix_fadvise). Measured are

- each query of the session as it is, so that what the ones before have read is there;
- the same with all of the index, and with the whole tree as well, read before it: the most that reading ahead can gain;
- the same with the index asked for when the first process starts (POSIX_FADV_WILLNEED), and with single sections;
- which bytes of which section are in memory after the first query, and after the session (mincore);
- how many of the files that a query reads are among those shown before in the session, or beside them: the hit rate of
  reading ahead the neighbourhood of the last results.
"""
import ctypes
import json
import mmap
import os
import pathlib
import random
import statistics
import struct

import trees
from common import CAIRN, QUESTIONS, Clock, Scratch, index_from_nothing, measure, need_programs, save, size_of

SECTIONS = {1: "chunks", 2: "paths", 3: "files", 4: "lengths", 5: "terms", 6: "term index", 11: "vectors",
            12: "sign bits", 10: "counts"}
LEXICAL, SIGNS = (4, 6), (12,)
LIBRARY = ctypes.CDLL(None, use_errno=True)


def add_arguments(parser):
    parser.add_argument("--tree", default="files-10000", help="another of the trees, or a directory")
    parser.add_argument("--place", help="a directory for the index, such as one on another disk")
    parser.add_argument("--language", default="c", help="to which the second query of a session is narrowed")
    parser.add_argument("--sessions", type=int, default=len(QUESTIONS), help="how many sessions are asked")


def run(options):
    need_programs(CAIRN)
    clock = Clock()
    tree = trees.tree(options.tree)
    with Scratch("ahead") as scratch:
        index = pathlib.Path(options.place or scratch) / "index"
        clock.step("index")
        _, report = index_from_nothing(tree, index)
        asked = [session(question, options.language) for question in QUESTIONS[:options.sessions]]
        find = Finder(tree, index)
        clock.step("recording the sessions")
        asked = [[*queries, ("related", find.first(queries[0]))] for queries in asked]
        segments = sorted((index / "segments").glob("*.segment"))
        figures = {"files": report["files"], "chunks": report["chunks"], "index_bytes": size_of(index),
                   "read_ahead_bytes": read_ahead(index),
                   "section_bytes": total_sections(segments)}
        # Each asks for what is named and has the queries begin at once, or waits until it is read.
        ways = {
            "nothing read ahead": lambda: None,
            "lexical sections asked for at the start": lambda: ask_for(segments, LEXICAL),
            "sign bits asked for at the start": lambda: ask_for(segments, SIGNS),
            "lexical sections and sign bits asked for": lambda: ask_for(segments, LEXICAL + SIGNS),
            "all of the index asked for at the start": lambda: ask_for(segments, tuple(SECTIONS)),
            "all of the index read before": lambda: load(segments),
            "index and tree read before": lambda: load([*segments, *find.files()]),
        }
        times = {name: [] for name in ways}
        # Session by session in every way, since the speed of a machine changes.
        for number, queries in enumerate(asked):
            clock.step(f"session {number + 1} of {len(asked)}")
            for name, ahead in random.Random(number).sample(sorted(ways.items()), len(ways)):
                find.evict()
                ahead()
                times[name].append([find.measured(query) for query in queries])
        figures["ways"] = {name: {what: table([[query[what] for query in queries] for queries in found])
                                  for what in ("seconds", "major_faults", "disk_bytes")}
                           for name, found in times.items()}
        clock.step("what is read")
        figures["read"] = reads(find, asked, segments)
        figures["hit_rate"] = hit_rate(find, asked)
    save("ahead", {"commands": {
        "search": "cairn search --json --no-update --root TREE --index-dir INDEX QUERY",
        "related": "cairn related --json --no-update --root TREE --index-dir INDEX FILE:LINE"},
        "tree": pathlib.Path(options.tree).name, "sessions": len(asked), **figures}, not options.dry)


def session(question, language):
    """A question, and how it is asked again by somebody who is not content."""
    words = question.split()
    return [("search", question), ("search", f"lang:{language} {question}"), ("search", " ".join(words[-2:]))]


def table(sessions):
    """The median of each query by its place in the session, and of a whole session."""
    return {"first": statistics.median(s[0] for s in sessions), "second": statistics.median(s[1] for s in sessions),
            "third": statistics.median(s[2] for s in sessions), "related": statistics.median(s[3] for s in sessions),
            "session": statistics.median(sum(s) for s in sessions)}


class Finder:
    def __init__(self, tree, index):
        self.tree, self.index = tree, index
        self.known = None

    def run(self, query):
        kind, text = query
        return measure([CAIRN, kind, "--json", "--no-update", "--root", self.tree, "--index-dir", self.index, text])

    def measured(self, query):
        done = self.run(query)
        return {"seconds": done.wall, "major_faults": done.major_faults, "disk_bytes": done.disk_bytes}

    def ask(self, query):
        """The paths and lines of the results."""
        lines = map(json.loads, self.run(query).output.splitlines())
        return [(r["path"], r["start_line"]) for r in lines if r["type"] == "result"]

    def first(self, query):
        path, line = (self.ask(query) or [(self.files()[0].relative_to(self.tree), 1)])[0]
        return f"{path}:{line}"

    def files(self):
        if self.known is None:
            self.known = sorted(p for p in self.tree.rglob("*") if p.is_file() and not p.is_symlink())
        return self.known

    def evict(self):
        """Takes the index and the tree out of the page cache."""
        for file in [*self.index.rglob("*"), *self.files()]:
            if file.is_file():
                advise(file, 0, 0, os.POSIX_FADV_DONTNEED, syncs=self.index in file.parents)


# MARK: The page cache


def read_ahead(place):
    """How much the system reads where a page is touched that it does not have, on the disk of that directory."""
    device = os.stat(place).st_dev
    kilobytes = pathlib.Path(f"/sys/class/bdi/{os.major(device)}:{os.minor(device)}/read_ahead_kb")
    try:
        return int(kilobytes.read_text()) << 10
    except OSError:
        return None


def advise(file, start, count, advice, syncs=False):
    descriptor = os.open(file, os.O_RDONLY)
    if syncs:
        os.fsync(descriptor)
    os.posix_fadvise(descriptor, start, count, advice)
    os.close(descriptor)


def ask_for(segments, wanted):
    """Has the system read sections, and does not wait for it."""
    for segment in segments:
        for identifier, start, count in sections(segment):
            if identifier in wanted:
                advise(segment, start, count, os.POSIX_FADV_WILLNEED)


def load(files):
    for file in files:
        with open(file, "rb") as source:
            while source.read(1 << 20):
                pass


def sections(segment):
    """(identifier, offset, bytes) of each section: the table before the footer's end (Docs/FORMAT.md)."""
    size = segment.stat().st_size
    with open(segment, "rb") as file:
        file.seek(size - 32)
        count = struct.unpack("<I", file.read(4))[0]
        file.seek(size - 32 - 24 * count)
        return [(identifier, offset, length) for identifier, _, offset, length in
                struct.iter_unpack("<IIQQ", file.read(24 * count))]


def total_sections(segments):
    total = dict.fromkeys(SECTIONS.values(), 0)
    for segment in segments:
        for identifier, _, count in sections(segment):
            total[SECTIONS[identifier]] += count
    return total


def resident(segment):
    """The pages of a file that are in memory."""
    size = segment.stat().st_size
    pages = (size + mmap.PAGESIZE - 1) // mmap.PAGESIZE
    with open(segment, "r+b") as file, mmap.mmap(file.fileno(), size) as held:
        found = (ctypes.c_ubyte * pages)()
        address = ctypes.addressof(ctypes.c_char.from_buffer(held))
        if LIBRARY.mincore(ctypes.c_void_p(address), ctypes.c_size_t(size), found) != 0:
            raise OSError(ctypes.get_errno(), "mincore")
        return {page for page in range(pages) if found[page] & 1}


def reads(find, asked, segments):
    """Bytes in memory by section after the first query, and after the session. The system reads more than it is asked
    for, which counts."""
    after_first, after_all = [], []
    for queries in asked[:8]:
        find.evict()
        for place, query in enumerate(queries):
            find.ask(query)
            if place == 0:
                after_first.append(by_section(segments))
        after_all.append(by_section(segments))
    middle = {name: statistics.median(f[name] for f in after_first) for name in SECTIONS.values()}
    whole = {name: statistics.median(f[name] for f in after_all) for name in SECTIONS.values()}
    return {"bytes_after_first_query": middle, "bytes_after_session": whole}


def by_section(segments):
    total = dict.fromkeys(SECTIONS.values(), 0)
    for segment in segments:
        pages = resident(segment)
        for identifier, offset, count in sections(segment):
            first, last = offset // mmap.PAGESIZE, (offset + max(count, 1) - 1) // mmap.PAGESIZE
            total[SECTIONS[identifier]] += sum(mmap.PAGESIZE for page in range(first, last + 1) if page in pages)
    return total


# MARK: What could be foreseen


def hit_rate(find, asked):
    """Of the files that the later queries of a session show: how many were shown before, how many lie in a directory of
    one that was; and how many files would be read ahead for it."""
    shown_before = beside = total = 0
    ahead = []
    for queries in asked:
        seen, folders = set(), set()
        for place, query in enumerate(queries):
            paths = {path for path, _ in find.ask(query)}
            if place > 0:
                total += len(paths)
                shown_before += len(paths & seen)
                beside += sum(os.path.dirname(path) in folders for path in paths)
                ahead.append(sum(len(os.listdir(find.tree / folder)) for folder in folders))
            seen |= paths
            folders |= {os.path.dirname(path) for path in paths}
    return {"files_shown": total, "shown_before": shown_before / max(1, total),
            "beside_one_shown_before": beside / max(1, total),
            "files_to_read_ahead": statistics.median(ahead) if ahead else 0}
