"""One core against two: the same index run and the same searches, held to one core and to two by `taskset`. Thread
seconds by stage say where the rest goes; instructions by stage come from the part benchmarks (perf, or callgrind where
the machine does not count)."""
import os

import parts
import trees
from common import QUESTIONS, Clock, Scratch, cairn, fail, index_from_nothing, need_programs, save, spread, warm


def add_arguments(parser):
    parser.add_argument("--tree", default="kernel", help="another of the trees")


def run(options):
    need_programs()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        fail("this machine has one core: there is nothing to compare")
    tree = trees.tree(options.tree)
    clock = Clock()
    found = {}
    for count in (1, 2):
        prefix = ["taskset", "-c", ",".join(map(str, cores[:count]))]
        with Scratch("cores") as scratch:
            index = scratch / "index"
            clock.step(f"{count} core{'s' if count > 1 else ''}: index")
            run, report = index_from_nothing(tree, index, prefix=prefix)
            clock.step(f"{count} core{'s' if count > 1 else ''}: searches")
            found[count] = {
                "index_seconds": run.wall, "index_processor_seconds": run.cpu, "own_bytes": run.own_bytes,
                "stages": report["stages"],
                "warm_search_seconds": warm(tree, index, rounds=5, prefix=prefix)["seconds"],
                "cold_search_seconds": spread(
                    [cairn("search", tree, index, q, options=["--no-update"], prefix=prefix).wall for q in QUESTIONS]),
                "cold_search_with_update_seconds": spread(
                    [cairn("search", tree, index, q, prefix=prefix).wall for q in QUESTIONS[:5]]),
            }
    one, two = found[1], found[2]
    busy = two["index_processor_seconds"] / two["index_seconds"]
    save("cores", {"commands": {
        "index": "taskset -c CORES cairn index --json --timings --root TREE --index-dir INDEX",
        "warm search": "taskset -c CORES cairn-benchmarks warm TREE INDEX --rounds 5 < QUESTIONS",
        "instructions": parts.COMMAND},
        "tree": options.tree, "one_core": one, "two_cores": two,
        "index_speed_up": one["index_seconds"] / two["index_seconds"],
        "cores_busy_with_two": busy,
        # What two cores cost in processor time more than one: waiting for memory that they share, and for each other.
        "processor_seconds_added_by_the_second": two["index_processor_seconds"] - one["index_processor_seconds"],
        "idle_core_seconds_with_two": 2 * two["index_seconds"] - two["index_processor_seconds"],
        "instructions": parts.instructions(),
    }, not options.dry)
