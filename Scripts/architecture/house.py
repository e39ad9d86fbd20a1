"""What the rules look at: the targets in the order of Package.swift, and each file's text, code and literals."""

import collections
import functools
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

Literal = collections.namedtuple("Literal", ["offset", "text"])


class SourceFile:
    """A file of the project."""

    def __init__(self, path: str):
        self.path = path
        self.text = (ROOT / path).read_text(encoding="utf-8")

    @functools.cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @functools.cached_property
    def is_generated(self) -> bool:
        """Written by a script: tables in base 64, and what the pages of settings are made of."""
        return self.text.startswith("// Made by Scripts/")

    def read_parts(self) -> None:
        """Sets, of a Swift file, `code` (every character in its place, comments and the texts of literals blank),
        `literals` (their texts without the code that is interpolated in them) and `literal_spans` (where the texts
        are).
        """
        self.code, self.literals, self.literal_spans = split_swift(self.text)

    def at(self, offset: int) -> str:
        """Where an offset of the text is, as compilers write it."""
        return f"{self.path}:{self.text.count(chr(10), 0, offset) + 1}"


class Target:
    """A target of Package.swift with its Swift files."""

    def __init__(self, description: dict, files: list[SourceFile]):
        self.name = description["name"]
        self.is_test = description["type"] == "test"
        self.folder = folder_of(description)
        names = [(entry.get("byName") or entry.get("target") or [None])[0] for entry in description["dependencies"]]
        self.uses = [name for name in names if name]
        self.files = files

    @property
    def is_in_sources(self) -> bool:
        return self.folder.startswith("Sources/")

    @property
    def line_count(self) -> int:
        return sum(len(file.lines) for file in self.files)


class House:
    """All targets, bottom floor first, and the pages and scripts beside them."""

    def __init__(self):
        # SwiftPM takes longest, and reading goes on beside it.
        package = subprocess.Popen(
            ["swift", "package", "dump-package"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        swift = swift_files()
        for file in swift:
            file.read_parts()
        output, errors = package.communicate()
        if package.returncode != 0:
            sys.exit(f"check-architecture: Package.swift cannot be read:\n{errors.strip()}")
        self.targets = []
        for description in json.loads(output)["targets"]:
            folder = folder_of(description) + "/"
            self.targets.append(Target(description, [file for file in swift if file.path.startswith(folder)]))
        self.swift_files = swift
        self.floor = {target.name: index for index, target in enumerate(self.targets)}
        self.cellar = {target.name for target in self.targets if not target.files and not target.is_test}
        self.rooms = [target for target in self.targets if target.is_in_sources and target.files]

    @functools.cached_property
    def pages(self) -> list[SourceFile]:
        """The Markdown pages, without those that are corpora of the tests."""
        found = list(ROOT.glob("*.md"))
        for folder in ("Docs", "Benchmarks", "Models", "Scripts", "Examples"):
            found += (ROOT / folder).rglob("*.md")
        return [SourceFile(page.relative_to(ROOT).as_posix()) for page in sorted(found)]

    @functools.cached_property
    def scripts(self) -> list[SourceFile]:
        """What Scripts/check-scripts checks: files that name bash or Python in their first line, or end with .py."""
        candidates = list((ROOT / "Tests/Fixtures").rglob("make"))
        for folder in (".ci", "Scripts", "Benchmarks", "Models"):
            candidates += (ROOT / folder).rglob("*")
        found = [path for path in candidates if path.is_file() and (path.suffix == ".py" or is_program(path))]
        return [SourceFile(path.relative_to(ROOT).as_posix()) for path in sorted(found)]


def is_program(path: pathlib.Path) -> bool:
    if path.suffix:
        return False
    with path.open("rb") as file:
        first = file.readline(100)
    return first.startswith(b"#!") and (b"bash" in first or b"python" in first)


def folder_of(description: dict) -> str:
    return description.get("path") or ("Tests/" if description["type"] == "test" else "Sources/") + description["name"]


def swift_files() -> list[SourceFile]:
    found = [ROOT / "Package.swift"]
    for folder in ("Sources", "Tests", "Benchmarks", "Examples"):
        found += sorted((ROOT / folder).rglob("*.swift"))
    paths = [path.relative_to(ROOT).as_posix() for path in found]
    return [SourceFile(path) for path in paths if not path.startswith("Tests/Fixtures/") and "/.build/" not in path]


# Where code is left: a comment, a literal, or, inside an interpolation, a parenthesis.
CODE = re.compile(r'//[^\n]*|/\*|(#*)("""|")')
INTERPOLATED_CODE = re.compile(r'//[^\n]*|/\*|(#*)("""|")|[()]')


@functools.cache
def literal_pattern(pounds: str, quote: str) -> re.Pattern:
    """Where the text of a literal is left: its end, an interpolation, or an escaped character, which is text."""
    return re.compile(rf"(?P<end>{quote}{pounds})|(?P<code>\\{pounds}\()|\\{pounds}.", re.DOTALL)


def blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def split_swift(source: str) -> tuple[str, list[Literal], list[tuple[int, int]]]:
    """The code with comments and literals blanked, the literals, and the spans of their texts."""
    code, literals, spans = [], [], []
    open_literals: list[list] = []  # Of each: the pattern, where it began, its texts, the parentheses open in its code.
    position = 0
    while True:
        match = (INTERPOLATED_CODE if open_literals else CODE).search(source, position)
        code.append(source[position:match.start() if match else len(source)])
        if not match:
            break
        position = match.end()
        if match[2]:
            code.append(match[0])
            open_literals.append([literal_pattern(match[1], match[2]), position, [], 0])
        elif match[0] == "/*":
            end = source.find("*/", position)
            position = len(source) if end < 0 else end + 2
            code.append(blank(source[match.start():position]))
            continue
        elif match[0] in "()":
            code.append(match[0])
            open_literals[-1][3] += 1 if match[0] == "(" else -1
            if open_literals[-1][3] > 0:
                continue
        else:
            code.append(" " * len(match[0]))
            continue
        # In the text of the innermost literal, up to its end or to code in it.
        pattern, start, texts, _ = open_literals[-1]
        text_start = position
        while True:
            match = pattern.search(source, position)
            position = match.end() if match else len(source)
            if not match or match["end"] or match["code"]:
                break
        text_end = match.start() if match else len(source)
        texts.append(source[text_start:text_end])
        spans.append((text_start, text_end))
        code.append(blank(source[text_start:text_end]))
        code.append(source[text_end:position])
        if match and match["code"]:
            open_literals[-1][3] = 1
        else:
            literals.append(Literal(start, "\\()".join(texts)))
            open_literals.pop()
    return "".join(code), literals, spans
