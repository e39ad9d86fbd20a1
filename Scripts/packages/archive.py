"""A zip archive, packed harder than Python's own module packs, in the two methods that every installer reads.

The deflating is libdeflate's (Debian's libdeflate0) at its highest level, 3 % less than zlib's highest.
"""

import ctypes
import ctypes.util
import struct
import time
import zlib

import project

LEVEL = 12
DEFLATED = 8


def deflate(data: bytes) -> bytes:
    try:
        library = ctypes.CDLL("libdeflate.so.0")
    except OSError:
        raise SystemExit("release: libdeflate is not here: apt-get install libdeflate0") from None
    library.libdeflate_alloc_compressor.restype = ctypes.c_void_p
    library.libdeflate_alloc_compressor.argtypes = [ctypes.c_int]
    library.libdeflate_deflate_compress_bound.restype = ctypes.c_size_t
    library.libdeflate_deflate_compress_bound.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    library.libdeflate_deflate_compress.restype = ctypes.c_size_t
    library.libdeflate_deflate_compress.argtypes = [
        ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t,
    ]
    library.libdeflate_free_compressor.argtypes = [ctypes.c_void_p]
    compressor = library.libdeflate_alloc_compressor(LEVEL)
    room = library.libdeflate_deflate_compress_bound(compressor, len(data))
    out = ctypes.create_string_buffer(room)
    count = library.libdeflate_deflate_compress(compressor, data, len(data), out, room)
    library.libdeflate_free_compressor(compressor)
    packed = out.raw[:count]
    if zlib.decompress(packed, -15) != data:
        raise SystemExit("release: libdeflate did not pack what it was given")
    return packed


def of(files: list[tuple[str, bytes, int]]) -> bytes:
    """Names, contents and modes, in the order in which they stand, all with the time of the commit."""
    year, month, day, hour, minute, second = time.gmtime(max(project.moment(), 315532800))[:6]
    date, clock = (year - 1980) << 9 | month << 5 | day, hour << 11 | minute << 5 | second // 2
    body, directory = bytearray(), bytearray()
    for path, data, mode in files:
        name, packed = path.encode("ascii"), deflate(data)
        # Version 2.0 of the format; no flags.
        head = struct.pack(
            "<HHHHHIIIHH", 20, 0, DEFLATED, clock, date, zlib.crc32(data), len(packed), len(data), len(name), 0
        )
        # Made on Unix (3), so that the mode of each file is kept.
        directory += b"PK\1\2" + struct.pack("<H", 3 << 8 | 20) + head
        directory += struct.pack("<HHHII", 0, 0, 0, (0o100000 | mode) << 16, len(body)) + name
        body += b"PK\3\4" + head + name + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return bytes(body + directory + b"PK\5\6" + end)
