"""The trees that are measured: source code that Debian ships, unpacked into .deps/bench/trees without being installed.

    kernel    linux-source-6.1, 78,000 files
    go        golang-1.19-src, 10,000 files
    jdk       openjdk-17-source, 15,000 files
    gcc       gcc-12-source, 110,000 files

and what is made of them by hard links, which cost no room: `net` (the kernel's folder of that name, 1,700 files),
samples of 1,000 and 10,000 files, 150,000 files of all four, and all of the four together (`million`: more than
1,000,000 chunks). A folder or a link of that name that is there already is taken as it is.
"""
import os
import random
import shutil
import subprocess
import zipfile

from common import WORK, fail, say

TREES = WORK / "trees"
PACKAGES = {
    "kernel": "linux-source-6.1", "go": "golang-1.19-src", "jdk": "openjdk-17-source", "gcc": "gcc-12-source",
}


def tree(name):
    """The folder of a tree, made when it is missing."""
    place = TREES / name
    if place.exists():
        return place.resolve()
    TREES.mkdir(parents=True, exist_ok=True)
    if name in PACKAGES:
        download(name, place)
    elif name == "net":
        link(tree("kernel"), sorted(files_below(tree("kernel") / "net", "net")), place)
    elif name == "million":
        for part in PACKAGES:
            link(tree(part), files_below(tree(part)), TREES / ".million" / part)
        os.rename(TREES / ".million", place)
    elif name.startswith("files-"):
        sample(int(name.removeprefix("files-")), place)
    else:
        fail(f"there is no tree called {name}; there are {', '.join([*PACKAGES, 'net', 'million', 'files-COUNT'])}")
    return place


def download(name, place):
    package = PACKAGES[name]
    work = TREES / f".{name}-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    say(f"downloading the Debian package {package}")

    def run(*command):
        subprocess.run(command, cwd=work, check=True, capture_output=True)

    try:
        run("apt-get", "download", "-qq", package)
        (archive,) = work.glob("*.deb")
        run("dpkg-deb", "-x", str(archive), "unpacked")
        found = work / "tree"
        if name == "go":
            (go,) = (work / "unpacked/usr/share").glob("go-*")
            go.rename(found)
        elif name == "jdk":
            with zipfile.ZipFile(next((work / "unpacked").rglob("src.zip"))) as sources:
                sources.extractall(found)
        else:
            say(f"unpacking {package}")
            found.mkdir()
            tarballs = [t for t in (work / "unpacked").rglob("*.tar.xz") if not t.is_symlink()]
            tarball = max(tarballs, key=lambda t: t.stat().st_size)
            run("tar", "-xf", str(tarball), "--strip-components", "1", "-C", str(found))
        found.rename(place)
    except (subprocess.CalledProcessError, ValueError, StopIteration) as error:
        said = getattr(error, "stderr", b"") or b""
        fail(f"{package} could not be downloaded and unpacked ({said.decode(errors='replace').strip() or error}): "
             f"run apt-get update, or put the tree into {place.relative_to(WORK.parent.parent)} yourself")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def files_below(folder, prefix=""):
    """Paths of regular files, relative, each behind `prefix`. Without the ignore file at the top: the one that Debian
    ships with the kernel hides everything, and Cairn disregards that at the root of what it indexes only."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f not in (".git", ".cairn")]
        below = os.path.join(prefix, os.path.relpath(parent, folder))
        kept = [n for n in names if n != ".gitignore" or parent != str(folder)]
        found += [os.path.normpath(os.path.join(below, n)) for n in kept if not os.path.islink(os.path.join(parent, n))]
    return found


def link(source, paths, place):
    """Hard links to files of `source`; copies where the file system does not take them."""
    work = place.parent / f".{place.name}.part"
    shutil.rmtree(work, ignore_errors=True)
    made = set()
    for path in paths:
        target = work / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        try:
            os.link(source / path, target)
        except OSError:
            shutil.copy2(source / path, target)
    place.parent.mkdir(parents=True, exist_ok=True)
    work.rename(place)


def sample(count, place):
    """`count` files: whole folders of the kernel in a seeded order, so that every size is the same mix of code; where
    the kernel has not so many, all of it and whole folders of the others."""
    say(f"putting together a tree of {count} files")
    staging = TREES / f".{place.name}-{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    left = count
    for name in ("kernel", "go", "jdk", "gcc"):
        if left <= 0:
            break
        source = tree(name)
        folders = {}
        for path in files_below(source):
            folders.setdefault(os.path.dirname(path), []).append(path)
        order = sorted(folders)
        random.Random(1).shuffle(order)
        paths = []
        for folder in order:
            paths += sorted(folders[folder])[:left - len(paths)]
            if len(paths) == left:
                break
        left -= len(paths)
        link(source, paths, staging / name)
    staging.rename(place)
