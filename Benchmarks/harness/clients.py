"""Ten clients of `cairn mcp` on one tree: first answers, memory, watchers, and what is left when they go.

DIRECTORY is searched by its own index where it has one, else by one that is made beside the trees; without a name it is
the kernel. The first answers of single clients come first, each from a process of its own; then ten start at once and
ask at once. Memory is each process' own: private pages, clean or dirty, from smaps_rollup, once all have answered and
one of them watches. Then the one that watches is killed, and it is counted how long the tree is unwatched; then half of
the clients close standard input, and the others are killed with SIGKILL; no server may be left."""
import os
import pathlib
import signal
import subprocess
import sys
import time

import trees
from common import (
    CAIRN,
    QUESTIONS,
    Clock,
    Scratch,
    cairn,
    fail,
    index_from_nothing,
    middle,
    need_programs,
    save,
    spread,
)
from mcp_client import Server

COUNT = 10
# A process that is killed with its client in between: reads and writes through, and starts the server.
CLIENT = """
import subprocess, sys
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(server.pid, flush=True)
server.wait()
"""


def add_arguments(parser):
    parser.add_argument("directory", nargs="?", type=pathlib.Path)
    parser.add_argument("--edit", action="store_true", help="also write a file into the tree, and have all find it")


def own_bytes(pid):
    """Private pages of one process."""
    total = 0
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
        for line in rollup:
            if line.startswith(("Private_Clean:", "Private_Dirty:")):
                total += int(line.split()[1]) << 10
    return total


def watch_count(pid):
    """How many directories a process watches."""
    count = 0
    try:
        for entry in os.listdir(f"/proc/{pid}/fdinfo"):
            with open(f"/proc/{pid}/fdinfo/{entry}", encoding="ascii") as info:
                count += sum(line.startswith("inotify") for line in info)
    except OSError:
        return 0
    return count


def watchers(servers):
    return [server for server in servers if watch_count(server.pid) > 0]


def wait_until(condition, limit, what):
    began = time.perf_counter()
    while not condition():
        if time.perf_counter() - began > limit:
            fail(f"{what} took more than {limit} s")
        time.sleep(0.01)
    return time.perf_counter() - began


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as text:
            return text.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def first_answers(tree, options, count):
    """Seconds from the start of a process to its first answer, and of the call alone."""
    whole, call = [], []
    for number in range(count):
        with Server(tree, *options) as server:
            _, facts, seconds = server.call("search", query=QUESTIONS[number % len(QUESTIONS)])
            whole.append(time.perf_counter() - server.began)
            call.append(seconds)
            if facts["searched"] == 0:
                fail("nothing was searched")
    return {"start_to_answer": spread(whole), "call": spread(call)}


def edited(servers, tree):
    """Seconds until all find what was just written, each asked after it."""
    path = tree / "cairn_bench_clients.c"
    path.write_text("int cairn_bench_clients_marker(void) { return 4711; }\n", encoding="utf-8")
    try:
        seconds = []
        for server in servers:
            text, _, taken = server.call("search", query="cairn_bench_clients_marker")
            if "cairn_bench_clients.c" not in text:
                fail("what was written before a call is not in its answer")
            seconds.append(taken)
        return spread(seconds)
    finally:
        path.unlink()


def left_after_kill(tree, options):
    """Kills a client, in a process of its own, while its server runs; seconds until that is gone."""
    command = [sys.executable, "-c", CLIENT, str(CAIRN), "mcp", *map(str, options), str(tree)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as client:
        pid = int(client.stdout.readline())
        client.send_signal(signal.SIGKILL)
        client.wait()
    return wait_until(lambda: not is_alive(pid), 10, "the end of a server whose client was killed")


def run(arguments):
    need_programs(CAIRN)
    clock = Clock()
    tree = (arguments.directory or trees.tree("kernel")).resolve()
    with Scratch("clients") as scratch:
        options = []
        if not (tree / ".cairn").is_dir():
            clock.step("indexing")
            options = ["--index-dir", scratch / "index"]
            index_from_nothing(tree, scratch / "index")
        # What the last run left is read once, as after an hour of work.
        measure = cairn("search", tree, scratch / "index" if options else tree / ".cairn", "-n", "1", "open a file")
        clock.step(f"first answers of single clients (a search by itself: {measure.wall:.2f} s)")
        figures = {"tree": tree.name, "first": first_answers(tree, options, COUNT)}
        clock.step("ten clients")
        servers = [Server(tree, *options) for _ in range(COUNT)]
        try:
            began = time.perf_counter()
            numbers = [server.send("search", {"query": QUESTIONS[i]}) for i, server in enumerate(servers)]
            facts = []
            for server, number in zip(servers, numbers, strict=True):
                facts.append(server.receive(number)["_meta"]["cairn/answer"])
            figures["ten_at_once_seconds"] = time.perf_counter() - began
            figures["files"] = facts[0]["of"]
            # Those that say that changes may be missing.
            figures["incomplete_answers"] = sum(not fact["complete"] for fact in facts)
            figures["seconds_to_watcher"] = wait_until(lambda: len(watchers(servers)) == 1, 120, "a watcher")
            # The watcher may still be adding directories, and what it read at the start is let go.
            counts = [0, 1]
            while counts[-1] != counts[-2] or counts[-1] == 0:
                time.sleep(1)
                counts.append(sum(watch_count(server.pid) for server in servers))
            warm = []
            for question in QUESTIONS:
                warm += [server.call("search", query=question)[2] for server in servers]
            figures["warm_call"] = spread(warm)
            if arguments.edit:
                figures["call_after_edit"] = edited(servers, tree)
            own = [own_bytes(server.pid) for server in servers]
            wait_until(lambda: watchers(servers), 120, "a watcher")
            holder = watchers(servers)
            figures["watchers"] = len(holder)
            figures["watched_directories"] = watch_count(holder[0].pid)
            figures["own_bytes"] = {"all": sum(own), "most": max(own), "middle": middle(own)}
            clock.step("killing the one that watches")
            os.kill(holder[0].pid, signal.SIGKILL)
            rest = [server for server in servers if server is not holder[0]]
            figures["seconds_to_next_watcher"] = wait_until(lambda: len(watchers(rest)) == 1, 120, "the next watcher")
            figures["answers_after_it"] = spread([server.call("search", query="timeout")[2] for server in rest])
            clock.step("the end")
            figures["seconds_to_end"] = spread([server.close() for server in rest])
            figures["seconds_to_end_after_kill"] = left_after_kill(tree, options)
            figures["left"] = sum(is_alive(server.pid) for server in servers)
        finally:
            for server in servers:
                if server.process.poll() is None:
                    server.process.kill()
    save("clients", figures, keep=not arguments.dry)
