"""What every package says of Cairn, each from the one place where it stands."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = "cairn-search"
SUMMARY = "Code search on your machine: by meaning, by identifier, by pattern"
LICENSE = "Apache-2.0"
# Nobody publishes Cairn yet. Who does puts here where it is found, who answers for the packages, and a name in the
# registry of MCP servers that is theirs; a release says so as long as these are placeholders.
HOME = "https://example.invalid/cairn"
MAINTAINER = "The Cairn authors <cairn@example.invalid>"
SERVER = "invalid.example/cairn"


def output(*words: str) -> str:
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout.strip()


def version() -> str:
    """That of Sources/Cairn/Version.swift, which `cairn --version` prints."""
    text = (ROOT / "Sources/Cairn/Version.swift").read_text(encoding="utf-8")
    match = re.search(r'let version = "([0-9]+\.[0-9]+\.[0-9]+[^"]*)"', text)
    if not match:
        raise SystemExit("release: Sources/Cairn/Version.swift names no version")
    return match[1]


def moment() -> int:
    """The seconds that stand in every archive: SOURCE_DATE_EPOCH, or those of the commit."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or output("git", "log", "-1", "--format=%ct"))


def commit() -> str:
    return output("git", "rev-parse", "HEAD")


def machine() -> str:
    return os.uname().machine


def text(path: str) -> bytes:
    return (ROOT / path).read_bytes()
