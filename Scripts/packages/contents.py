"""The files of a release, by where they stand below a prefix, made once for every package."""

import pathlib
import subprocess
import tempfile
from typing import NamedTuple

import parts
import project
import sbom

SHELLS = {
    "bash": "share/bash-completion/completions/cairn",
    "zsh": "share/zsh/site-functions/_cairn",
    "fish": "share/fish/vendor_completions.d/cairn.fish",
}
PROGRAM = "bin/cairn"
DOCUMENTS = "share/doc/cairn"


class File(NamedTuple):
    data: bytes
    mode: int = 0o644


def said_by(program: pathlib.Path, *words: str) -> bytes:
    said = subprocess.run([program, *words], check=False, stdout=subprocess.PIPE)
    if said.returncode != 0:
        raise SystemExit(f"release: cairn {' '.join(words)} failed, and packages have what it says")
    return said.stdout


def of(program: pathlib.Path, inside: list[parts.Part]) -> dict[str, File]:
    """All that is installed. Completions and manual pages are what the program itself writes."""
    files = {PROGRAM: File(program.read_bytes(), 0o755)}
    for shell, path in SHELLS.items():
        files[path] = File(said_by(program, "completions", shell))
    with tempfile.TemporaryDirectory() as folder:
        said_by(program, "man", "--directory", folder)
        for page in sorted(pathlib.Path(folder).rglob("*.[1-8]")):
            files[f"share/man/{page.relative_to(folder)}"] = File(page.read_bytes())
    for name in ("README.md", "CHANGELOG.md", "LICENSE"):
        files[f"{DOCUMENTS}/{name}"] = File(project.text(name))
    for name in ("README.md", "provenance.csv"):
        files[f"{DOCUMENTS}/model/{name}"] = File(project.text(f"Models/{name}"))
    for part in inside:
        files[f"{DOCUMENTS}/licenses/{part.name}.txt"] = File(part.text)
    files[f"{DOCUMENTS}/cairn.cdx.json"] = File(sbom.document(files[PROGRAM].data, inside))
    return files
