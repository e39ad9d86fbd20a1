"""How large files and rooms may be, and the table of their sizes."""

import math
import statistics

from allowances import Allowances
from house import House, Target
from limits import FILE_LINES, LONG_TABLES, ROOM_SHARE, SMALL_FILE, SMALL_FILE_SHARE, TARGET_LINES


def findings(house: House, allowances: Allowances) -> list[str]:
    found = [f"{file.path}: {len(file.lines)} lines, more than {FILE_LINES}: split it by concern"
             for file in house.swift_files if len(file.lines) > FILE_LINES and file.path not in LONG_TABLES]

    all_lines = sum(room.line_count for room in house.rooms)
    shares = {room.name: math.ceil(percent(room.line_count, all_lines)) for room in house.rooms}
    found += [
        f"Sources/{name}: {shares[name]} % of the Swift lines of Sources, more than {ROOM_SHARE}: it holds several "
              "trades, give one a room of its own"
              for name in allowances.exceeded("share of a room, percent", shares, ROOM_SHARE)]

    counts = {room.name: room.line_count for room in house.rooms}
    for name, (limit, reason) in TARGET_LINES.items():
        if allowances.exceeded("lines of a target", {name: counts.get(name, 0)}, limit):
            found.append(f"Sources/{name}: {counts[name]} lines, more than {limit}: {reason}")

    files = [file for room in house.rooms for file in room.files]
    small = [file for file in files if len(file.lines) < SMALL_FILE]
    share = math.ceil(percent(len(small), len(files)))
    if allowances.exceeded("small files, percent", {"Sources": share}, SMALL_FILE_SHARE):
        found.append(
            f"Sources: {len(small)} of {len(files)} files ({percent(len(small), len(files)):.1f} %) have fewer "
                     f"than {SMALL_FILE} lines, more than {SMALL_FILE_SHARE} %: move a type with one user into its "
                     "neighbour")
    return found


def percent(part: int, whole: int) -> float:
    return 100 * part / max(1, whole)


def table(house: House) -> list[str]:
    """A row for each room of Sources, the largest first, and one for all of them."""
    all_lines = sum(room.line_count for room in house.rooms)
    return [
        f"| room | lines | share, % | files | < {SMALL_FILE} lines | median | p90 | max |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(row(room.name, [room], all_lines) for room in sorted(house.rooms, key=lambda room: -room.line_count)),
        row("all", house.rooms, all_lines),
    ]


def row(name: str, rooms: list[Target], all_lines: int) -> str:
    lengths = sorted(len(file.lines) for room in rooms for file in room.files)
    small = sum(length < SMALL_FILE for length in lengths)
    total = sum(lengths)
    p90 = lengths[max(0, math.ceil(0.9 * len(lengths)) - 1)]
    return (f"| {name} | {total:,} | {percent(total, all_lines):.1f} | {len(lengths)} | {small} "
            f"({percent(small, len(lengths)):.0f} %) | {statistics.median(lengths):g} | {p90} | {lengths[-1]} |")
