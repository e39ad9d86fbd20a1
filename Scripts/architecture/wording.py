"""How lines, messages, comments and pages are worded: widths, shell words, the field's words."""

import collections
import pathlib
import re

from allowances import Allowances
from house import House, SourceFile
from idioms import NAMES, PHRASES
from limits import FIRST_DOOR, LINE_WIDTH, OPTIONS_OF_OTHERS, WIDE_FILES

SHOWN = 12


def room_of(path: str) -> str:
    """What the counts of a file are added to: a target, or a folder at the top."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in ("Sources", "Tests") and len(parts) > 2 else parts[0]


def over(rule: str, hits: dict[str, list[str]], allowances: Allowances, reason: str) -> list[str]:
    """The findings of the places that have more hits than are let pass. Which of them is new cannot be told."""
    found = []
    allowed = allowances.allowed.get(rule, {})
    for place in allowances.exceeded(rule, {place: len(lines) for place, lines in hits.items()}):
        if allowed.get(place):
            found.append(f"{place}: {len(hits[place])} {rule}, {allowed[place]} are let pass: {reason}")
        found += hits[place][:SHOWN]
        if len(hits[place]) > SHOWN:
            found.append(f"  and {len(hits[place]) - SHOWN} more in {place}")
    return found


def findings(house: House, allowances: Allowances) -> list[str]:
    return [
        *over("wide lines", wide_lines(house), allowances, f"at most {LINE_WIDTH} columns"),
        *over("shell words", shell_words(house), allowances, "a door words the remedy for its users"),
        *over("idioms", idioms(house), allowances, "the field's word is the one that readers look for"),
    ]


# MARK: Widths

# A line that holds an address or a hash cannot be broken.
UNBREAKABLE = re.compile(r"://|\b[0-9a-f]{64}\b")


def wide_lines(house: House) -> dict[str, list[str]]:
    hits = collections.defaultdict(list)

    def note(file: SourceFile, number: int, width: int) -> None:
        where = f"{file.path}:{number + 1}"
        hits[room_of(file.path)].append(f"{where}: {width} columns, more than {LINE_WIDTH}: break the line")

    for file in house.swift_files:
        if not file.is_generated and file.path not in WIDE_FILES and may_be_wide(file):
            for number, width in swift_widths(file):
                note(file, number, width)
    for file in house.scripts:
        for number, line in enumerate(file.lines):
            if len(line) > LINE_WIDTH and not UNBREAKABLE.search(line):
                note(file, number, len(line))
    for file in house.pages:
        is_code = False
        for number, line in enumerate(file.lines):
            if line.lstrip().startswith("```"):
                is_code = not is_code
            is_prose = not is_code and not line.startswith(("|", "    "))
            if is_prose and len(line) > LINE_WIDTH and not UNBREAKABLE.search(line):
                note(file, number, len(line))
    return hits


def may_be_wide(file: SourceFile) -> bool:
    return any(len(line) > LINE_WIDTH for line in file.lines)


def swift_widths(file: SourceFile) -> list[tuple[int, int]]:
    """The lines that are too wide. In tests the texts of literals are data of the test and do not count."""
    found = []
    offset = 0
    spans = file.literal_spans if file.path.startswith("Tests/") else []
    for number, line in enumerate(file.text.split("\n")):
        end = offset + len(line)
        if len(line) > LINE_WIDTH and not UNBREAKABLE.search(line):
            width = len(line) - sum(max(0, min(end, last) - max(offset, first)) for first, last in spans)
            if width > LINE_WIDTH:
                found.append((number, len(line)))
        offset = end + 1
    return found


# MARK: Shell words

SHELL = re.compile(r"`cairn\b[^`]*`|(?<![\w-])--[a-z][a-z-]+")


def shell_words(house: House) -> dict[str, list[str]]:
    """Commands and options of the terminal in literals below the doors: wrong advice through any other door. By the
    names of files alone, so that a file can move.
    """
    hits = collections.defaultdict(list)
    for room in house.rooms:
        if house.floor[room.name] >= house.floor.get(FIRST_DOOR, len(house.targets)):
            continue
        for file in room.files:
            if file.path in OPTIONS_OF_OTHERS:
                continue
            for offset, text in file.literals:
                words = [match[0] for match in SHELL.finditer(text) if match[0] != text]
                hits[pathlib.PurePath(file.path).name] += [
                    f"{file.at(offset)}: {word} in a message below {FIRST_DOOR}: give the failure a remedy, which each "
                    "door words" for word in words]
    return {name: lines for name, lines in hits.items() if lines}


# MARK: The field's words

# Between two lines: the signs of a comment where the second begins. Between two words: that, or blanks.
LINE_END = r"[ \t]*\n[ \t]*(?:///?|#|\*|>)?[ \t]*"
GAP = rf"(?:{LINE_END}|[ \t]+)"
JOIN = re.compile(LINE_END)


def keys(phrase: str) -> list[list[str]]:
    """Of each alternative of a phrase the plain words that are in whatever it matches: few files have them."""
    alternatives = re.split(r"\|(?![^(]*\))", phrase)
    plain = [re.sub(r"\((?:[^()]|\([^()]*\))*\)[?*]?|.\?|\[[^]]*\]\??", "\n", alternative)
             for alternative in alternatives]
    return [sorted((words.strip() for words in text.split("\n") if words.strip()), key=len, reverse=True)
            for text in plain]


def pattern(phrase: str) -> re.Pattern:
    return re.compile(rf"\b(?:{phrase.replace(' ', GAP)})\b", re.IGNORECASE)


PATTERNS = [(keys(phrase), pattern(phrase), instead) for phrase, instead in PHRASES]
NAME = re.compile(r"\b(?:" + "|".join(NAMES) + r")\b")


def idioms(house: House) -> dict[str, list[str]]:
    hits = collections.defaultdict(list)
    sources = [file for room in house.rooms for file in room.files if not file.is_generated]
    pages = [page for page in house.pages if page.path == "README.md" or page.path.startswith("Docs/")]
    for file in sources + pages:
        joined = JOIN.sub(" ", file.text.lower())
        found = [(match.start(), match[0], instead) for needed, phrase, instead in PATTERNS
                 if any(all(words in joined for words in alternative) for alternative in needed)
                 for match in phrase.finditer(file.text)]
        if any(name in file.text for name in NAMES):
            found += [(match.start(), match[0], NAMES[match[0]]) for match in NAME.finditer(file.text)]
        for offset, words, instead in sorted(found):
            said = " ".join(words.split())
            hits[room_of(file.path)].append(f'{file.at(offset)}: "{said}": the field says {instead}')
    return hits
