"""Who may use what: floors, C modules, Foundation, `public`, unsafe memory."""

import re

from house import House, SourceFile, Target
from limits import LIBRARY, OWNERS, UNSAFE_ROOMS

UNSAFE = re.compile(
    r"\b(withUnsafe\w*|Unsafe(?:Mutable)?(?:Raw)?(?:Buffer)?Pointer|OpaquePointer|Unmanaged|unsafeBitCast"
    r"|withMemoryRebound)\b"
)
IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\(\w+\))?\s+)*(?:\w+\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)",
    re.MULTILINE,
)
PUBLIC = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:public\b(?!\s+import\b)|open\s+(?:class|func|var|subscript)\b)", re.MULTILINE)
TYPE = r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:\w+(?:\(\w+\))?[ \t]+)*?(?:struct|class|enum|actor|protocol|typealias)\s+{}\b"


def findings(house: House) -> list[str]:
    found = []
    for target in house.targets:
        found += package_findings(house, target)
        if target.is_in_sources:
            for file in target.files:
                found += file_findings(house, target, file)
    return found


def package_findings(house: House, target: Target) -> list[str]:
    found = []
    for used in target.uses:
        if house.floor.get(used, -1) >= house.floor[target.name]:
            found.append(f"Package.swift: {target.name} depends on {used}, which stands above it")
        if used in house.cellar and not target.is_test and target.name not in OWNERS.get(used, set()):
            found.append(f"Package.swift: {target.name} depends on {used}, which belongs to {owner(used)}")
    return found


def file_findings(house: House, target: Target, file: SourceFile) -> list[str]:
    found = []
    is_below_library = house.floor[target.name] < house.floor.get(LIBRARY, len(house.targets))
    for match in IMPORT.finditer(file.code):
        module, at = match[1], file.at(match.start())
        if module in house.cellar and target.name not in OWNERS.get(module, set()):
            found.append(f"{at}: imports {module}, which belongs to {owner(module)}")
        if module.startswith("Foundation") and is_below_library:
            found.append(f"{at}: imports {module}, which nothing below {LIBRARY} may")
    if target.name != LIBRARY and (match := PUBLIC.search(file.code)):
        found.append(f"{file.at(match.start())}: `public` outside {LIBRARY}: write `package`")
    if match := re.search(TYPE.format(re.escape(target.name)), file.code, re.MULTILINE):
        found.append(f"{file.at(match.start())}: a type named as its module, {target.name}: rename one of them")
    place = file.path.removeprefix("Sources/")
    is_unsafe_room = any(place.startswith(allowed + "/") for allowed in UNSAFE_ROOMS)
    if not is_unsafe_room and (match := UNSAFE.search(file.code)):
        found.append(
            f"{file.at(match.start())}: {match[1]} outside the rooms for unsafe memory (UNSAFE_ROOMS in limits.py)")
    if "@unchecked Sendable" in file.code:
        for number, line in enumerate(file.code.splitlines()):
            if "@unchecked Sendable" in line and not is_explained(file.lines, number):
                found.append(
                    f"{file.path}:{number + 1}: `@unchecked Sendable` without a comment that says why it is true")
    return found


def is_explained(lines: list[str], number: int) -> bool:
    """Whether a comment stands on that line or directly above it, attributes aside."""
    if "//" in lines[number]:
        return True
    while number > 0 and lines[number - 1].lstrip().startswith("@"):
        number -= 1
    return number > 0 and lines[number - 1].lstrip().startswith("//")


def owner(module: str) -> str:
    return " and ".join(sorted(OWNERS.get(module, set()))) or "nobody yet (OWNERS in limits.py)"
