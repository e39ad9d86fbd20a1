"""What a program that is typed into notices of a run in the background, and what giving way costs that run.

A probe imitates typing: it wakes every 10 ms, does 1 ms of work, and takes down how late it began and how late it was
done. It runs alone, beside `cairn index`, beside `cairn index --nice`, and beside `cairn watch` while a storm of files
is written, with and without its giving way. Then two programs that compute want the cores in the middle of a run with
`--nice`: how soon it gives way, what it leaves them, and how soon it takes the cores back.
"""
import multiprocessing
import os
import shutil
import statistics
import subprocess
import time

import trees
from common import CAIRN, Clock, Scratch, cairn, fail, need_programs, processor_seconds, save, spread
from watching import Watcher

PERIOD, WORK = 0.010, 0.001


def add_arguments(parser):
    parser.add_argument("--tree", default="files-10000", help="another of the trees")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each kind")
    parser.add_argument("--alone", type=float, default=10, help="seconds for which the probe runs alone")
    parser.add_argument("--storm", type=int, default=4000, help="files that are written while a watcher runs")


def run(options):
    need_programs(CAIRN)
    clock = Clock()
    source = trees.tree(options.tree)
    with Scratch("background") as scratch:
        index = scratch / "index"
        clock.step("alone")
        found = {"alone": figures(Probe().during(lambda: time.sleep(options.alone)))}
        runs = {"index": [], "index_nice": []}
        late = {"index": [], "index_nice": []}
        # Turn by turn, since the speed of a machine changes; each without the probe and with it.
        for number in range(options.rounds):
            for name, words in (("index", []), ("index_nice", ["--nice"])):
                clock.step(f"{name}, round {number + 1}")
                without = indexing(source, index, words)
                probe = Probe()
                beside = probe.during(lambda words=words: indexing(source, index, words))
                runs[name].append({"seconds": without, "seconds_beside_probe": probe.result})
                late[name] += beside
        for name, samples in late.items():
            found[name] = {**figures(samples), "run_seconds": statistics.median(r["seconds"] for r in runs[name]),
                           "run_seconds_beside_probe":
                               statistics.median(r["seconds_beside_probe"] for r in runs[name])}
        tree = scratch / "tree"
        for name, words in (("watch", []), ("watch_no_nice", ["--no-nice"])):
            clock.step(f"{name}: a storm of {options.storm}")
            shutil.rmtree(tree, ignore_errors=True)
            (tree / "small").mkdir(parents=True)
            found[name] = storm(tree, index, words, options.storm)
        clock.step("giving way")
        found["giving_way"] = giving_way(source, index)
    save("background", {"commands": {
        "index": "cairn index --root TREE --index-dir INDEX, and the same with --nice",
        "watch": "cairn watch --root TREE --index-dir INDEX, and the same with --no-nice"},
        "tree": options.tree, "period_seconds": PERIOD, "work_seconds": WORK, **found}, not options.dry)


# MARK: The probe


class Probe:
    """A process that wakes, works and notes how late it was, for as long as something else is done."""

    def during(self, body):
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=type_along, args=(theirs,), daemon=True)
        process.start()
        ours.recv()
        self.result = body()
        ours.send("stop")
        samples = ours.recv()
        process.join()
        return samples


def type_along(pipe):
    samples = []
    pipe.send("ready")
    wanted = time.perf_counter()
    while not pipe.poll():
        wanted += PERIOD
        pause = wanted - time.perf_counter()
        if pause < 0:
            # What was missed is not caught up with: a key is struck when it is.
            wanted = time.perf_counter()
        else:
            time.sleep(pause)
        began = time.perf_counter()
        done = time.thread_time() + WORK
        while time.thread_time() < done:
            pass
        samples.append((began - wanted, time.perf_counter() - wanted))
    pipe.send(samples)


def figures(samples):
    """How late each began, and how late it was done beside the time that its work takes."""
    return {"began_late_seconds": spread([a for a, _ in samples]),
            "done_late_seconds": spread([max(0.0, b - WORK) for _, b in samples])}


# MARK: What runs beside it


def indexing(tree, index, words):
    shutil.rmtree(index, ignore_errors=True)
    return cairn("index", tree, index, options=["--quiet", *words]).wall


def storm(tree, index, words, count):
    """Writes `count` files of some kilobytes, and waits until a search beside the watcher has them."""
    def write():
        began = time.perf_counter()
        for number in range(count):
            folder = tree / str(number % 97)
            folder.mkdir(exist_ok=True)
            lines = [f"int storm_{number}_{line}(int a) {{ return a + {line}; }}" for line in range(60)]
            (folder / f"f{number}.c").write_text("\n".join(lines) + "\n")
        while b'"kind":"watched"' not in cairn("search", tree, index, f"storm_{count - 1}_1").output:
            if time.perf_counter() - began > 120:
                fail("the watcher did not come to rest after a storm")
        return time.perf_counter() - began

    shutil.rmtree(index, ignore_errors=True)
    with Watcher(tree, index, *words) as watcher:
        watcher.ignore()
        probe = Probe()
        samples = probe.during(write)
    return {**figures(samples), "files": count, "seconds_to_quiet": probe.result}


# MARK: Giving way


def compute(seconds, pipe):
    """Wants a core for so long, and tells how much of it it was given."""
    end = time.perf_counter() + seconds
    before = time.thread_time()
    while time.perf_counter() < end:
        pass
    pipe.send(time.thread_time() - before)


def giving_way(tree, index, calm=2.0, wanted=3.0, slot=0.1):
    """Cores that a run with --nice used in each tenth of a second: before, while and after two others want them."""
    shutil.rmtree(index, ignore_errors=True)
    command = [CAIRN, "index", "--quiet", "--nice", "--root", tree, "--index-dir", index]
    process = subprocess.Popen(command)
    cores = len(os.sched_getaffinity(0))
    others, pipes, used, began = [], [], [], time.perf_counter()
    before = processor_seconds(process.pid)
    while process.poll() is None:
        time.sleep(max(0.0, began + slot * (len(used) + 1) - time.perf_counter()))
        now = processor_seconds(process.pid)
        if now is None:
            break
        used.append((now - before) / slot)
        before = now
        if not others and len(used) * slot >= calm:
            for _ in range(cores):
                ours, theirs = multiprocessing.Pipe()
                others.append(multiprocessing.Process(target=compute, args=(wanted, theirs)))
                pipes.append(ours)
                others[-1].start()
    process.wait()
    given = [pipe.recv() for pipe in pipes]
    for other in others:
        other.join()
    first, last = int(calm / slot), int((calm + wanted) / slot)
    during, after = used[first:last], used[last:]
    # The first tenth from which on it used less than half of what it had used, and more than half again.
    usual = statistics.median(used[2:first]) if first > 2 else 0
    gave = next((i for i, value in enumerate(during) if value < usual / 2), None)
    took = next((i for i, value in enumerate(after) if value > usual * 0.75), None)
    return {"cores": cores, "cores_used_before": usual, "cores_used_meanwhile": statistics.mean(during or [0]),
            "cores_given_to_others": sum(given) / wanted,
            "seconds_to_give_way": None if gave is None else (gave + 1) * slot,
            "seconds_to_take_back": None if took is None else (took + 1) * slot,
            "cores_used": [round(value, 2) for value in used]}
