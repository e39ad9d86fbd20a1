"""The tarball: the release as it is unpacked anywhere, below one folder."""

import io
import lzma
import pathlib
import tarfile

import contents
import project


def name() -> str:
    return f"cairn-{project.version()}-linux-{project.machine()}"


def write(files: dict[str, contents.File], folder: pathlib.Path) -> pathlib.Path:
    """Sorted, of root, with the time of the commit: the same files make the same bytes."""
    target = folder / f"{name()}.tar.xz"
    with (
        lzma.open(target, "wb", format=lzma.FORMAT_XZ, preset=6, check=lzma.CHECK_CRC64) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        folders = sorted({str(parent) for path in files for parent in pathlib.PurePosixPath(path).parents})
        for path in folders:
            entry = tarfile.TarInfo(name() if path == "." else f"{name()}/{path}")
            entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, project.moment()
            archive.addfile(entry)
        for path, file in sorted(files.items()):
            entry = tarfile.TarInfo(f"{name()}/{path}")
            entry.size, entry.mode, entry.mtime = len(file.data), file.mode, project.moment()
            archive.addfile(entry, io.BytesIO(file.data))
    return target
