"""The arrows between the folders of a target, read from the names they declare and use; no circle may be among them.

The reading is textual. A folder declares its types, type aliases, functions and constants, at the top level or as
members of types; what is private or local to a function is not counted, and neither is a name that several folders of
the target, or a target below, declare as well, since a use of it tells nothing. Another folder uses a name where it
stands in its code: a type anywhere, a function where it is called. The count of an arrow is that of pairs of a file and
a name it uses.
"""

import collections
import functools
import re

from house import House, SourceFile, Target
from limits import ARROWS_BACK

ROOT_FOLDER = "(root)"

# What opens a scope, or declares a name. `class func` and `class var` declare members, not types.
DECLARATION = re.compile(
    r"[{}]"
    r"|\b(?:(?P<type>struct|enum|actor|protocol|typealias|class(?!\s+(?:func|var|let|subscript)\b))\s+(?P<name>\w+)"
    r"|(?P<extension>extension)\s+(?:\w+\.)*(?P<extended>\w+)"
    r"|func\s+(?P<func>\w+)"
    r"|(?P<value>var|let)\s+(?P<constant>\w+)"
    r"|(?:init|subscript|deinit)\b)"
)
MODIFIERS = re.compile(r"(?:^|[\n{};])([^\n{};]*)$")
WORD = re.compile(r"\b[A-Za-z_]\w*")
VALUE = re.compile(r"\b(?:let|var)\s+([a-z]\w*)|\b([a-z]\w*): (?:@\w+\s+)*\(")
CALL = re.compile(r"(?<!\bfunc )\b([a-z]\w*)(?=\()|(?<=\.)([a-z]\w*)(?= \{)")

# Names of the standard library that members of ours share: a call of one tells nothing.
COMMON = {
    "append", "begin", "close", "contains", "count", "decode", "drop", "dropFirst", "encode", "enumerated", "filter",
    "find", "finish", "first", "forEach", "hash", "index", "insert", "isEmpty", "joined", "last", "load", "lock",
    "makeIterator", "map", "max", "min", "move", "next", "open", "pop", "prefix", "print", "read", "remove",
    "removeAll", "removeLast", "reserveCapacity", "reset", "reversed", "run", "search", "sort", "sorted", "split",
    "start", "stop", "store", "suffix", "sum", "swap", "swapAt", "text", "update", "wait", "withLock", "write",
}


def folder_of(file: SourceFile, target: Target) -> str:
    """The folder of the target that the file is in. What is in a folder of that belongs to it as well."""
    inside = file.path.removeprefix(target.folder + "/")
    return inside.partition("/")[0] if "/" in inside else ROOT_FOLDER


class Names:
    """What a file declares and what it uses."""

    def __init__(self, file: SourceFile):
        self.types: dict[str, set[str]] = {}  # Of each type or constant for others: the types around it, if any.
        self.functions: set[str] = set()
        self.others: set[str] = set()  # Functions that nobody else can call.
        self.code = file.code
        self.read(file.code)

    @functools.cached_property
    def words(self) -> set[str]:
        return set(WORD.findall(self.code))

    @functools.cached_property
    def calls(self) -> set[str]:
        """The functions that are called. A parameter or a variable that is called is none."""
        values = {name for pair in VALUE.findall(self.code) for name in pair}
        return {name for pair in CALL.findall(self.code) for name in pair} - values

    def read(self, code: str) -> None:
        scopes: list[str | None] = []  # Of each open brace the type it belongs to, or nothing.
        pending: str | None = None
        for match in DECLARATION.finditer(code):
            if match[0] == "{":
                scopes.append(pending)
                pending = None
            elif match[0] == "}":
                if scopes:
                    scopes.pop()
                pending = None
            elif match["extension"]:
                pending = match["extended"]
            elif match["type"] or match["func"] or (match["value"] and not scopes):
                name = match["name"] or match["func"] or match["constant"]
                pending = name if match["type"] and match["type"] != "typealias" else None
                if None in scopes or is_private(code, match.start()):
                    self.others |= {match["func"]} - {None}
                elif match["func"]:
                    self.functions.add(name)
                else:
                    self.types.setdefault(name, set()).update(scopes[-1:])
            elif not match["value"]:
                pending = None


def is_private(code: str, offset: int) -> bool:
    modifiers = MODIFIERS.search(code, max(0, offset - 200), offset)
    return bool(modifiers) and "private" in modifiers[1]


class Arrows:
    """Of each pair of folders of a target, the names by which the first uses the second, and in how many files."""

    def __init__(self, target: Target, names: dict[str, Names], foreign: set[str]):
        self.target = target
        self.folders = sorted({folder_of(file, target) for file in target.files})
        self.uses: dict[tuple[str, str], collections.Counter] = collections.defaultdict(collections.Counter)
        if len(self.folders) == 1:
            return
        owners: dict[str, set[str]] = collections.defaultdict(set)
        outer: dict[str, set[str]] = collections.defaultdict(set)
        functions: set[str] = set()
        for file in target.files:
            own = names[file.path]
            for name in own.types.keys() | own.functions | own.others:
                owners[name].add(folder_of(file, target))
            for name, around in own.types.items():
                outer[name] |= around
            functions |= own.functions | own.others
        functions -= outer.keys()
        home = {name: next(iter(folders)) for name, folders in owners.items()
                if len(folders) == 1 and not (name in functions and (name in foreign or name in COMMON))}
        for file in target.files:
            folder, own = folder_of(file, target), names[file.path]
            for name in own.words & home.keys():
                if home[name] == folder or (name in functions and name not in own.calls):
                    continue
                # A type inside another is named with it, or in an extension of it.
                if not outer[name] or outer[name] & own.words:
                    self.uses[folder, home[name]][name] += 1

    def count(self, user: str, used: str) -> int:
        return self.uses[user, used].total() if (user, used) in self.uses else 0

    def names(self, user: str, used: str, limit: int = 6) -> str:
        """The names of an arrow, those of most files first."""
        counted = sorted(self.uses[user, used].items(), key=lambda pair: (-pair[1], pair[0]))
        shown = [name if count == 1 else f"{name} {count}" for name, count in counted[:limit]]
        return ", ".join(shown) + (f" and {len(counted) - limit} more" if len(counted) > limit else "")

    def circles(self, without: set[tuple[str, str]]) -> list[list[str]]:
        """The groups of folders of which each leads to each other, when some arrows are left out."""
        siblings = [folder for folder in self.folders if folder != ROOT_FOLDER]
        leads = {folder: {used for used in siblings if (folder, used) in self.uses and (folder, used) not in without}
                 for folder in siblings}
        reaches = {folder: reachable(leads, folder) for folder in leads}
        groups = {frozenset({folder} | {other for other in reaches[folder] if folder in reaches[other]})
                  for folder in leads if folder in reaches[folder]}
        return sorted(sorted(group) for group in groups)


def reachable(leads: dict[str, set[str]], start: str) -> set[str]:
    found, waiting = set(), list(leads[start])
    while waiting:
        folder = waiting.pop()
        if folder not in found:
            found.add(folder)
            waiting += leads[folder]
    return found


def arrows(house: House) -> list[Arrows]:
    """Of each target of several folders, bottom floor first."""
    found, below = [], set()
    for target in house.rooms:
        names = {file.path: Names(file) for file in target.files}
        own = Arrows(target, names, below)
        if len(own.folders) > 1:
            found.append(own)
        below |= {name for own_names in names.values() for name in own_names.functions}
    return found


def back(target: Target) -> dict[tuple[str, str], str]:
    """The arrows of ARROWS_BACK in this target, with their reasons."""
    return {tuple(arrow.split(" -> ")): reason for arrow, reason in ARROWS_BACK.get(target.name, {}).items()}


def findings(all_arrows: list[Arrows]) -> list[str]:
    found = []
    for own in all_arrows:
        for group in own.circles(set(back(own.target))):
            inside = [(user, used) for user, used in own.uses if user in group and used in group]
            found.append(f"{own.target.folder}: {', '.join(group)} are a circle: move what the lesser arrows name")
            found += ["  " + line(own, user, used).removeprefix("- ") for user, used in sorted(inside)]
    return found


def unused(all_arrows: list[Arrows]) -> list[str]:
    """The arrows of ARROWS_BACK that are not there, or that no circle needs any more."""
    found = []
    for own in all_arrows:
        named = set(back(own.target))
        found += [f"{own.target.name}: {user} -> {used}" for user, used in sorted(named)
                  if not own.circles(named - {(user, used)})]
    return found


def tables(all_arrows: list[Arrows]) -> list[str]:
    """Of each target of several folders, how often each folder (row) uses each other (column), and the arrows back."""
    rows = []
    for own in all_arrows:
        rows += ["", f"| {own.target.name} | " + " | ".join(own.folders) + " |", "|---|" + "--:|" * len(own.folders)]
        for user in own.folders:
            counts = [own.count(user, used) for used in own.folders]
            rows.append(f"| {user} | " + " | ".join(str(count) if count else "" for count in counts) + " |")
        rows += ["", *(line(own, user, used) for user, used in sorted(own.uses))]
    return [*rows, "", *(f"- no longer a circle, take it out of ARROWS_BACK: {arrow}" for arrow in unused(all_arrows))]


def line(own: Arrows, user: str, used: str) -> str:
    """An arrow with its count, that of the arrow back, and its names."""
    other = own.count(used, user)
    reason = back(own.target).get((user, used))
    return (f"- {user} -> {used} {own.count(user, used)}{f' (<- {other})' if other else ''}: {own.names(user, used)}"
            + (f" (a circle, {reason})" if reason else ""))
