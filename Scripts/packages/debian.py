"""The package for Debian, Ubuntu and their kin: `apt install ./cairn-search_*.deb`."""

import gzip
import hashlib
import os
import pathlib
import subprocess
import tempfile

import contents
import project

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
DOCUMENTS = f"usr/share/doc/{project.PACKAGE}"
MOVED = {
    "share/zsh/site-functions/": "usr/share/zsh/vendor-completions/",
    contents.DOCUMENTS + "/": DOCUMENTS + "/",
}
COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: cairn
Comment: The program has libraries and grammars inside; their licences are in licenses/ beside this file, and
 cairn.cdx.json lists them with their versions.

Files: *
Copyright: 2026 the Cairn authors
License: Apache-2.0
 On Debian systems, the text of this licence is in /usr/share/common-licenses/Apache-2.0.
"""


def packed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def installed(files: dict[str, contents.File]) -> dict[str, contents.File]:
    """Where Debian has each file: manual pages and the list of changes are compressed."""
    out = {f"{DOCUMENTS}/copyright": contents.File(COPYRIGHT.encode())}
    for path, file in files.items():
        target = f"usr/{path}"
        for prefix, moved in MOVED.items():
            if path.startswith(prefix):
                target = moved + path.removeprefix(prefix)
        data = file.data
        if target == f"{DOCUMENTS}/LICENSE":
            continue
        if target.startswith("usr/share/man/"):
            target, data = target + ".gz", packed(data)
        elif target == f"{DOCUMENTS}/CHANGELOG.md":
            target, data = f"{DOCUMENTS}/CHANGELOG.md.gz", packed(data)
        out[target] = contents.File(data, file.mode)
    return out


def c_library(program: pathlib.Path) -> str:
    """The version of glibc whose symbols the program asks for."""
    said = subprocess.run(
        [project.ROOT / "Scripts/portable/check", program], check=True, stdout=subprocess.PIPE, text=True
    )
    return said.stdout.split("glibc ")[1].split(",")[0]


def control(files: dict[str, contents.File], glibc: str) -> str:
    kilobytes = sum(-(-len(file.data) // 1024) for file in files.values())
    return f"""Package: {project.PACKAGE}
Version: {project.version()}
Architecture: {ARCHITECTURES[project.machine()]}
Maintainer: {project.MAINTAINER}
Homepage: {project.HOME}
Installed-Size: {kilobytes}
Depends: libc6 (>= {glibc})
Recommends: ca-certificates, git, libcurl4t64 | libcurl4 | libcurl3-gnutls
Section: utils
Priority: optional
Description: {project.SUMMARY}
 Cairn takes a query in plain words, an identifier, a path, an error message or
 a pasted line of code, and returns the few places a person would have opened.
 It needs no network, key, server or GPU. The command is cairn; with "cairn mcp"
 coding agents use it.
"""


def write(files: dict[str, contents.File], folder: pathlib.Path) -> pathlib.Path:
    architecture = ARCHITECTURES[project.machine()]
    target = folder / f"{project.PACKAGE}_{project.version()}_{architecture}.deb"
    tree = installed(files)
    sums = "".join(
        f"{hashlib.md5(file.data, usedforsecurity=False).hexdigest()}  {path}\n" for path, file in sorted(tree.items())
    )
    tree["DEBIAN/md5sums"] = contents.File(sums.encode())
    with tempfile.TemporaryDirectory() as work:
        stage = pathlib.Path(work, "stage")
        for path, file in tree.items():
            place = stage / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.data)
            place.chmod(file.mode)
        needed = c_library(stage / "usr" / contents.PROGRAM)
        (stage / "DEBIAN/control").write_text(control(tree, needed), encoding="utf-8")
        # Whatever the umask is.
        (stage / "DEBIAN/control").chmod(0o644)
        for place in [stage, *stage.rglob("*")]:
            if place.is_dir():
                place.chmod(0o755)
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--threads-max=1", "--build", str(stage), str(target)],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(project.moment())},
        )
    return target
