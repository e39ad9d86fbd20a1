"""The wheel: the program and nothing else, as `uvx cairn-search` and `pipx install cairn-search` install it.

It has no Python in it. Its second command, of the package's name, is a line that starts the program: `uvx NAME` runs
the command that is called as the package is, and so do clients that read the registry of MCP servers. The tag says
which C library the program runs on, which Scripts/portable/check has checked.
"""

import base64
import hashlib
import pathlib

import archive
import contents
import project

MOST_MEGABYTES = 25
SAME_NAME = b"""#!/bin/sh
# The program beside this file, whatever links lead here.
self="$(readlink -f -- "$0")" && exec "${self%/*}/cairn" "$@"
"""


def metadata() -> str:
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project.PACKAGE}",
        f"Version: {project.version()}",
        f"Summary: {project.SUMMARY}",
        "Keywords: code search,semantic search,grep,mcp,embeddings",
        f"License-Expression: {project.LICENSE}",
        "License-File: LICENSE",
        "Author: The Cairn authors",
        f"Project-URL: Homepage, {project.HOME}",
        "Requires-Python: >=3.8",
        "Classifier: Environment :: Console",
        "Classifier: Intended Audience :: Developers",
        "Classifier: Operating System :: POSIX :: Linux",
        "Classifier: Topic :: Software Development",
        "Classifier: Topic :: Text Processing :: Indexing",
        "Description-Content-Type: text/markdown",
        "",
        f"<!-- mcp-name: {project.SERVER} -->",
        "",
    ]
    return "\n".join(lines) + project.text("README.md").decode()


def entries(files: dict[str, contents.File], stem: str, tag: str) -> dict[str, contents.File]:
    about = f"{stem}.dist-info"
    out = {
        f"{stem}.data/scripts/cairn": files[contents.PROGRAM],
        f"{stem}.data/scripts/{project.PACKAGE}": contents.File(SAME_NAME, 0o755),
    }
    out[f"{about}/METADATA"] = contents.File(metadata().encode())
    out[f"{about}/WHEEL"] = contents.File(
        f"Wheel-Version: 1.0\nGenerator: Scripts/release\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()
    )
    documents = contents.DOCUMENTS + "/"
    for path, file in files.items():
        name = path.removeprefix(documents)
        if name == "LICENSE" or name.startswith("licenses/"):
            out[f"{about}/licenses/{name.removeprefix('licenses/')}"] = file
        elif name == "cairn.cdx.json":
            out[f"{about}/sboms/{name}"] = file
    lines = []
    for path, file in sorted(out.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(file.data).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(file.data)}\n")
    out[f"{about}/RECORD"] = contents.File(("".join(lines) + f"{about}/RECORD,,\n").encode())
    return out


def write(files: dict[str, contents.File], folder: pathlib.Path) -> pathlib.Path:
    stem = f"{project.PACKAGE.replace('-', '_')}-{project.version()}"
    tag = f"py3-none-manylinux_2_28_{project.machine()}"
    target = folder / f"{stem}-{tag}.whl"
    packed = entries(files, stem, tag)
    # The record comes last, as the format would have it.
    order = sorted(packed, key=lambda path: (".dist-info" in path, path.endswith("/RECORD"), path))
    target.write_bytes(archive.of([(path, packed[path].data, packed[path].mode) for path in order]))
    size = target.stat().st_size
    if size > MOST_MEGABYTES * 1e6:
        raise SystemExit(f"release: {target.name} is of {size / 1e6:.1f} MB, and {MOST_MEGABYTES} are the most")
    return target
