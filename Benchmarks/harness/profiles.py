"""Each profile on its own ground beside the sizes that are derived when nobody sets any: the same tree, one run after
the other in turn."""
import os
import re

import trees
from common import CAIRN, Clock, Scratch, fail, index_from_nothing, measure, middle, need_programs, save

# The profile, the tree of the size that it is for, and how often the two are run.
GROUNDS = {"small": ("files-1000", 7), "medium": ("files-10000", 5), "large": ("files-78000", 1),
           "huge": ("files-150000", 1)}


def add_arguments(parser):
    parser.add_argument("--profiles", default=",".join(GROUNDS), help="which of them, comma by comma")


def run(options):
    need_programs(CAIRN)
    clock = Clock()
    found = {}
    for profile in options.profiles.split(","):
        name, rounds = GROUNDS[profile]
        tree = trees.tree(name)
        settings = settings_of(profile)
        environment = os.environ | {f"CAIRN_{key.upper()}": value for key, value in settings.items()}
        runs = {"profile": [], "derived": []}
        with Scratch("profiles") as scratch:
            for turn in range(rounds):
                # Who comes first changes from turn to turn.
                for side in sorted(runs, reverse=turn % 2 == 0):
                    clock.step(f"{profile}: {side}, {turn + 1} of {rounds}")
                    measured, report = index_from_nothing(tree, scratch / "index",
                                                          environment=environment if side == "profile" else None)
                    runs[side].append((measured, report))
        found[profile] = {"settings": settings, "files": runs["derived"][0][1]["files"],
                          **{side: figures(measured) for side, measured in runs.items()}}
        derived, ours = found[profile]["derived"], found[profile]["profile"]
        found[profile]["time_of_derived"] = derived["index_seconds"] / ours["index_seconds"]
    save("profiles", {"commands": {
        "profile": "cairn index --json --timings --root TREE --index-dir INDEX   "
                   "(what `cairn config profile NAME` prints in the environment)",
        "derived": "cairn index --json --timings --root TREE --index-dir INDEX"}, "profiles": found}, not options.dry)


def figures(runs):
    return {"index_seconds": middle([run.wall for run, _ in runs]),
            "processor_seconds": middle([run.cpu for run, _ in runs]),
            "own_bytes": max(run.own_bytes for run, _ in runs),
            "resident_bytes": max(run.resident_bytes for run, _ in runs),
            "rounds": len(runs)}


def settings_of(profile):
    """What `cairn config profile` prints, as a table of keys and values."""
    text = measure([CAIRN, "config", "profile", profile]).output.decode()
    settings = dict(re.findall(r"^(\w+) = (\S+)$", text, re.MULTILINE))
    if not settings:
        fail(f"`cairn config profile {profile}` printed no settings")
    return settings
