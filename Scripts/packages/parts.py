"""What is inside the program besides Cairn's own code: libraries, grammars, the runtime of Swift, the model.

A library is listed here once; one whose symbol the program does not have is left out.
"""

import functools
import json
import pathlib
import re
import shutil
import subprocess
import tarfile
from typing import NamedTuple

import project

DOWNLOADS = project.ROOT / ".deps/downloads"
PACK = "tree_sitter_language_pack-0.13.0"


class Part(NamedTuple):
    name: str
    version: str
    # An SPDX expression.
    license: str
    text: bytes
    source: str


# Name, Debian package of its development files, licence, where it comes from, and a symbol by which it is known to be
# inside (none: always).
LIBRARIES = [
    ("sqlite", "libsqlite3-dev", "blessing", "https://www.sqlite.org", "sqlite3_open_v2"),
    ("jansson", "libjansson-dev", "MIT", "https://github.com/akheron/jansson", "json_loadb"),
    ("libyaml", "libyaml-dev", "MIT", "https://github.com/yaml/libyaml", "yaml_parser_parse"),
    ("xxhash", "libxxhash-dev", "BSD-2-Clause", "https://github.com/Cyan4973/xxHash", ""),
    ("tomlplusplus", "libtomlplusplus-dev", "MIT", "https://github.com/marzer/tomlplusplus", ""),
    ("libstdc++", "libstdc++-12-dev", "GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org", ""),
    ("pcre2", "libpcre2-dev", "BSD-3-Clause", "https://github.com/PCRE2Project/pcre2", "pcre2_match_8"),
    ("re2", "libre2-dev", "BSD-3-Clause", "https://github.com/google/re2", "_ZN3re23RE2C1"),
]


def debian_version(package: str) -> str:
    words = ["dpkg-query", "--show", "--showformat", "${Version}", package]
    query = subprocess.run(words, check=False, stdout=subprocess.PIPE, text=True)
    return re.sub(r"^\d+:|-[^-]*$", "", query.stdout) if query.returncode == 0 else ""


def libraries(symbols: str) -> list[Part]:
    out = []
    for name, package, license_name, source, symbol in LIBRARIES:
        if symbol and f" {symbol}" not in symbols:
            continue
        text = pathlib.Path("/usr/share/doc", package, "copyright")
        if not text.exists():
            raise SystemExit(f"release: {text}, which has the licence of {name}, is not there: use Debian")
        out.append(Part(name, debian_version(package), license_name, text.read_bytes(), source))
    return out


def swift() -> Part:
    compiler = shutil.which("swiftc")
    usr = pathlib.Path(compiler).resolve().parents[1] if compiler else pathlib.Path("/")
    text = next((path for path in (usr / "share/swift/LICENSE.txt", usr.parent / "LICENSE.txt") if path.exists()), None)
    if text is None:
        raise SystemExit("release: the Swift toolchain has no LICENSE.txt")
    version = re.search(r"Swift version (\S+)", project.output("swiftc", "--version"))
    return Part(
        "swift-runtime",
        version[1] if version else "",
        "Apache-2.0 WITH Swift-exception",
        text.read_bytes(),
        "https://github.com/swiftlang/swift",
    )


@functools.cache
def members(archive: str, *names: str) -> dict[str, bytes]:
    """Files of a download, read in one pass that ends at the last of them."""
    out: dict[str, bytes] = {}
    with tarfile.open(DOWNLOADS / archive, "r|gz") as file:
        for entry in file:
            found = file.extractfile(entry) if entry.name in names else None
            if found is not None:
                out[entry.name] = found.read()
            if len(out) == len(names):
                return out
    raise SystemExit(f"release: {archive} has not all of {', '.join(names)}")


def tree_sitter() -> Part:
    names = ("tree_sitter-0.26.1/LICENSE", "tree_sitter-0.26.1/tree_sitter/core/lib/src/unicode/LICENSE")
    both = b"\n\nThe tables of Unicode inside it:\n\n".join(
        members("tree_sitter-0.26.1.tar.gz", *names)[name] for name in names
    )
    return Part("tree-sitter", "0.26.1", "MIT AND Unicode-DFS-2016", both, "https://github.com/tree-sitter/tree-sitter")


def license_text(name: str, known: dict[str, list[str]]) -> str:
    """Of an SPDX identifier."""
    if name in known:
        return "\n".join(known[name])
    if name == project.LICENSE:
        return project.text("LICENSE").decode()
    return pathlib.Path("/usr/share/common-licenses", name).read_text(encoding="utf-8")


def grammars() -> list[Part]:
    """Each grammar with its repository and commit, and its licence as Packaging/grammars.json has it."""
    known = json.loads(project.text("Packaging/grammars.json"))
    names = (project.ROOT / ".deps/grammars.txt").read_text(encoding="utf-8").split("\n")
    definitions = f"{PACK}/sources/language_definitions.json"
    files = [path for entry in known["grammars"].values() for path in entry.get("notices", {}).values()]
    sources = members(f"{PACK}.tar.gz", definitions, *(f"{PACK}/parsers/{path}" for path in files))
    repositories = json.loads(sources[definitions])
    out = []
    for name in sorted(line.split(" ")[0] for line in names if line):
        entry = known["grammars"].get(name)
        if entry is None:
            raise SystemExit(f"release: Packaging/grammars.json does not say the licence of the grammar {name}")
        place = repositories.get(name, {})
        source = place.get("repo") or entry["source"]
        version = entry.get("version") or place["rev"]
        license_name = entry["license"]
        text = [f"The tree-sitter grammar {name}\n{source}\nat {version}\nLicence: {license_name}\n"]
        text += entry["copyright"]
        for part in license_name.split(" AND "):
            path = entry.get("notices", {}).get(part)
            if path is None:
                text += ["", license_text(part, known["texts"])]
            else:
                text += ["", f"{path}:\n{sources[f'{PACK}/parsers/{path}'].decode().split('*/')[0]}*/"]
        out.append(Part(f"tree-sitter-{name}", version, license_name, "\n".join(text).encode(), source))
    return out


def all_of(program: pathlib.Path) -> list[Part]:
    """`program` is the one that still has its symbols."""
    symbols = subprocess.run(["nm", program], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [*libraries(symbols), swift(), tree_sitter(), *grammars()]
