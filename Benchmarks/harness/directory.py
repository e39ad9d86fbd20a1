"""Runs `cairn bench` on a directory and keeps what it says. Without a directory: on the kernel."""
import json
import pathlib

import trees
from common import CAIRN, Clock, measure, need_programs, save


def add_arguments(parser):
    parser.add_argument("directory", nargs="?", type=pathlib.Path)
    parser.add_argument("--name", help="under which the run is kept; the directory's name if not said")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--questions", type=pathlib.Path, help="a file of questions for `cairn bench`")


def run(options):
    need_programs(CAIRN)
    directory = options.directory.resolve() if options.directory else trees.tree("kernel")
    Clock().step(f"cairn bench on {directory.name}")
    save(f"bench-{options.name or directory.name}", {
        "command": f"cairn bench --json --rounds {options.rounds} DIRECTORY",
        "bench": bench(directory, options.rounds, options.questions)}, not options.dry)


def bench(directory, rounds, questions=None):
    """The report of `cairn bench`, without the path of the directory."""
    extra = ["--questions", questions] if questions else []
    done = measure([CAIRN, "bench", "--json", "--rounds", rounds, *extra, directory])
    report = json.loads(done.output.splitlines()[-1])
    for name in ("root", "root_base64"):
        report.pop(name, None)
    return report
