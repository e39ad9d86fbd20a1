"""Each part by itself: time, instructions, allocations, bytes; on synthetic input and, where one is named, on a
directory."""
import json
import pathlib
import shutil
import subprocess

from common import PARTS, Clock, Scratch, fail, measure, need_programs, save, say

COMMAND = "valgrind --tool=callgrind --instr-atstart=no cairn-benchmarks parts --quick"


def add_arguments(parser):
    parser.add_argument("directory", nargs="?", type=pathlib.Path)


def run(options):
    need_programs()
    clock = Clock()
    clock.step("synthetic input")
    figures = {"synthetic": json.loads(measure([PARTS, "parts"]).output)}
    if options.directory:
        clock.step(f"up to 16 MB of {options.directory.name}")
        figures["directory"] = json.loads(measure([PARTS, "parts", options.directory.resolve()]).output)
    clock.step("instructions")
    figures["instructions"] = instructions()
    save("parts", {"commands": {"parts": "cairn-benchmarks parts [DIRECTORY]", "instructions": COMMAND}, **figures},
         not options.dry)


def instructions():
    """Instructions for each item of each part: what the machine counts, or else what callgrind does."""
    quick = json.loads(measure([PARTS, "parts", "--quick"]).output)
    if quick["instructions_from"] == "perf":
        return {"from": "perf", "features": quick["features"],
                "per_item": {p["part"]: p["instructions_per_item"] for p in quick["parts"]}}
    if not shutil.which("valgrind") or not shutil.which("objcopy"):
        say("instructions are not counted: neither the kernel nor valgrind does it here")
        return {"from": "none"}
    with Scratch("parts") as scratch:
        # Debug information costs valgrind a while, and some of Swift's stops it.
        subprocess.run(["objcopy", "--strip-debug", str(PARTS), str(scratch / "program")], check=True)
        done = measure(["valgrind", "--quiet", "--tool=callgrind", "--instr-atstart=no",
                        f"--callgrind-out-file={scratch}/counts", scratch / "program", "parts", "--quick"],
                       {"SWIFT_DETERMINISTIC_HASHING": "1", "PATH": "/usr/bin:/bin"})
        report = json.loads(done.output)
        sums = {}
        for file in scratch.glob("counts.*"):
            lines = file.read_text().splitlines()
            part = next((x.rsplit(": ", 1)[1] for x in lines if x.startswith("desc: Trigger: Client Request")), None)
            total = next((int(x.split()[1]) for x in lines if x.startswith("summary: ")), None)
            if part:
                sums[part] = total
    if not sums:
        fail("callgrind counted nothing")
    return {"from": "callgrind", "features": report["features"],
            "per_item": {p["part"]: sums[p["part"]] / p["items"] for p in report["parts"] if p["part"] in sums}}
