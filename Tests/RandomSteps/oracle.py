"""What a tree holds, told without Cairn: git says which files belong to it, and each of them is read from its beginning
to its end.

A line carries tokens such as `tok_8f31c2d4`, some as part of a longer name. `Held` gives the places of each; what
Docs/FILES.md leaves out beyond git's own rules is left out here by rules that are as plain as can be.
"""
import os
import pathlib
import re
import subprocess

TOKEN = re.compile(rb"tok_[0-9a-f]{8}")
WORD_BEFORE = re.compile(rb"[A-Za-z0-9_]$")
VENDORED = {"node_modules"}


def belonging(tree, environment):
    """The paths that git lists: those it tracks, and the others that no rule ignores."""
    command = ["git", "ls-files", "-z", "-t", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=tree, env=environment, check=True, capture_output=True).stdout
    paths = {}
    for entry in filter(None, listed.split(b"\0")):
        tag, path = entry[:1], os.fsdecode(entry[2:])
        paths[path] = paths.get(path, False) or tag != b"?"
    return paths


def is_left_out(tree, path, is_tracked, ignored):
    """Whether Cairn's own rules leave out what git lists."""
    parts = pathlib.PurePosixPath(path).parts
    if ".cairn" in parts or VENDORED & set(parts[:-1]):
        return True
    if not is_tracked and any(part.startswith(".") for part in parts):
        return True
    # The patterns that steps write into .cairnignore: a directory's name with a slash, or a name's ending, which a
    # directory may have too.
    if any(pattern[:-1] in parts[:-1] if pattern.endswith("/") else any(part.endswith(pattern[1:]) for part in parts)
           for pattern in ignored):
        return True
    place = tree
    for part in parts:
        place = place / part
        if place.is_symlink():
            return True
    return not place.is_file()


class Held:
    """The places of each token: sets of (path, line)."""

    def __init__(self, tree, environment):
        self.anywhere, self.as_word = {}, {}
        own = tree / ".cairnignore"
        ignored = own.read_text().split() if own.is_file() and not own.is_symlink() else []
        for path, is_tracked in belonging(tree, environment).items():
            if is_left_out(tree, path, is_tracked, ignored):
                continue
            content = (tree / path).read_bytes()
            if b"\0" in content:
                continue
            for number, line in enumerate(content.split(b"\n"), 1):
                for match in TOKEN.finditer(line):
                    place, token = (path, number), match.group().decode()
                    self.anywhere.setdefault(token, set()).add(place)
                    if not WORD_BEFORE.search(line[:match.start()]):
                        self.as_word.setdefault(token, set()).add(place)
