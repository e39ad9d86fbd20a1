"""The programs that Cairn is measured beside: whether each is here, which version it is, and which files it would have
somebody open for a query."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import semble_rival as semble
from common import CAIRN, ROOT, cairn, fail, measure, measure_with_input, say

# The one that `cairn grep` is compared with.
RIPGREP = ROOT / ".deps/tools/rg"

# What a person would grep for: the words of a query with more than three letters.
LEAST_LETTERS = 4


def words(query):
    return [w for w in re.findall(r"\w+", query) if len(w) >= LEAST_LETTERS] or re.findall(r"\w+", query)


def alternation(query):
    return "|".join(words(query))


def missing_programs(*names):
    """Why a contender cannot be measured here; None where it can."""
    absent = [name for name in names if shutil.which(name) is None]
    return f"{', '.join(absent)} not installed" if absent else None


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout or done.stderr).splitlines()
    return lines[0] if lines else "unknown"


def debian_version(package):
    return first_line("dpkg-query", "-W", "-f", "${Version}", package)


class Contender:
    """A program in the arena. `index` is run before the queries of a tree, where it has an index."""

    name = ""
    indexes = False

    def missing(self):
        return None

    def version(self):
        return "unknown"

    def index(self, tree, scratch):
        """Makes the index anew; gives how it went, and the file or directory that it is in."""
        raise NotImplementedError

    def search(self, tree, query):
        """How the search went, with its output."""
        raise NotImplementedError

    def files(self, tree, result, query):
        """The files of a search's output, best first, relative to the tree."""
        raise NotImplementedError


class Cairn(Contender):
    name, indexes = "cairn", True

    def missing(self):
        return None if CAIRN.exists() else "cairn is not built; run Scripts/bench build"

    def version(self):
        return first_line(str(CAIRN), "--version")

    def index(self, tree, scratch):
        self.place = scratch / "cairn"
        shutil.rmtree(self.place, ignore_errors=True)
        return cairn("index", tree, self.place, samples_memory=True), self.place

    def search(self, tree, query):
        return cairn("search", tree, self.place, "--", query, options=["--no-update", "--files-only", "-n", "20"])

    def files(self, tree, result, query):
        found = [json.loads(line) for line in result.output.splitlines()]
        return distinct(hit["path"] for hit in found if hit["type"] == "file")


class Semble(Contender):
    """Asked in one process for all queries of a tree, as its index is opened by each; its command is timed apart."""

    name, indexes = "semble", True

    def missing(self):
        try:
            semble.set_up()
        except SystemExit as error:
            return str(error)
        return None

    def version(self):
        return semble.VERSION

    def index(self, tree, scratch):
        self.cache = scratch / "semble-cache"
        shutil.rmtree(self.cache, ignore_errors=True)
        # Its index command is the first search.
        command = [semble.PROGRAM, "search", "warm", tree, "-k", "1"]
        return measure(command, semble.environment(self.cache), samples_memory=True), self.cache

    def search(self, tree, query):
        return measure([semble.PROGRAM, "search", query, tree, "-k", "10"], semble.environment(self.cache))

    def all_files(self, tree, queries):
        """The files of every query, in one process."""
        output = measure_with_input([semble.PYTHON, semble.HERE / "semble_asked.py", tree], "\n".join(queries),
                                    environment=semble.environment(self.cache))
        return [distinct(relative(tree, path) for path in found) for found in json.loads(output)]


class Counting(Contender):
    """A grep: files by how many of their lines have one of the words, as `sort -t: -k2 -nr` puts them."""

    command: tuple = ()
    program = ""

    def missing(self):
        return missing_programs(self.program)

    def version(self):
        return first_line(self.program, "--version")

    def search(self, tree, query):
        return measure([*self.command, alternation(query), "."], cwd=tree)

    def files(self, tree, result, query):
        counts = []
        for line in result.output.decode(errors="replace").splitlines():
            path, _, count = line.rpartition(":")
            # csearch has a space behind the colon.
            if path and count.strip().isdigit() and int(count):
                counts.append((-int(count), relative(tree, path)))
        return [path for _, path in sorted(counts)]


class Ripgrep(Counting):
    name, program, command = "ripgrep 13", "rg", ("rg", "--threads", "2", "-i", "-c", "-e")


class NewRipgrep(Counting):
    name, program = "ripgrep 15", str(RIPGREP)
    command = (str(RIPGREP), "--threads", "2", "-i", "-c", "-e")

    def missing(self):
        return None if RIPGREP.exists() else "run Scripts/setup --checks"


class GitGrep(Counting):
    name, program = "git grep", "git"
    command = ("git", "-c", "grep.threads=2", "grep", "--no-index", "--threads", "2", "-i", "-c", "-E", "-e")


class Ugrep(Counting):
    name, program, command = "ugrep", "ugrep", ("ugrep", "-J2", "-r", "-I", "-i", "-c", "-E", "-e")


class SilverSearcher(Counting):
    name, program, command = "ag", "ag", ("ag", "--workers", "2", "--nocolor", "-i", "-c", "--")


class CodeSearch(Counting):
    name, indexes = "codesearch", True
    command = ("csearch", "-i", "-c")

    def missing(self):
        return missing_programs("cindex", "csearch")

    def version(self):
        return debian_version("codesearch")

    def index(self, tree, scratch):
        place = scratch / "csearchindex"
        place.unlink(missing_ok=True)
        self.environment = {**os.environ, "CSEARCHINDEX": str(place)}
        return measure(["cindex", tree], self.environment, samples_memory=True), place

    def search(self, tree, query):
        return measure([*self.command, alternation(query)], self.environment)


class Ctags(Contender):
    """Files by how many definitions in them have a name that begins with one of the words."""

    name, indexes = "ctags", True

    def missing(self):
        return missing_programs("ctags", "readtags")

    def version(self):
        return first_line("ctags", "--version")

    def index(self, tree, scratch):
        self.place = scratch / "tags"
        self.place.unlink(missing_ok=True)
        return measure(["ctags", "-R", "-f", self.place, tree], samples_memory=True), self.place

    def search(self, tree, query):
        return measure(["readtags", "-t", self.place, "-i", "-p", "-", words(query)[-1]])

    def files(self, tree, result, query):
        counts = {}
        for word in words(query):
            output = measure(["readtags", "-t", self.place, "-i", "-p", "-", word]).output
            for line in output.decode(errors="replace").splitlines():
                columns = line.split("\t")
                if len(columns) > 1:
                    path = relative(tree, columns[1])
                    counts[path] = counts.get(path, 0) + 1
        return sorted(counts, key=lambda path: (-counts[path], path))


ALL = [Cairn, Semble, Ripgrep, NewRipgrep, GitGrep, Ugrep, SilverSearcher, CodeSearch, Ctags]


def present():
    """The contenders that can be measured here, and why each of the others cannot."""
    there, absent = [], {}
    for contender in (kind() for kind in ALL):
        why = contender.missing()
        if why is None:
            there.append(contender)
        else:
            absent[contender.name] = why
            say(f"without {contender.name}: {why}")
    if not any(c.name == "cairn" for c in there):
        fail(absent["cairn"])
    return there, absent


def relative(tree, path):
    path = pathlib.PurePosixPath(path)
    return str(path.relative_to(tree) if path.is_absolute() else path).removeprefix("./")


def distinct(paths):
    return list(dict.fromkeys(paths))
