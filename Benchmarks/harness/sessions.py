"""Replays what agents do to get to a place: with grep and cat, and with Cairn. Calls, tokens, and whether the place was
reached.

The tasks are data (Benchmarks/sessions): 50 that ask where something is or how it works, in words, and 50 edits at a
place that the agent knows. An agent is a fixed rule here, so that anyone gets the same figures; it stops when the line
that answers was shown, and after ten calls.

With grep, exploring: the patterns of the task, one after the other, over the tree (100 lines at most, cut to 200
characters, as tools cut them). Where a line of the output is the one that answers, 100 lines around it are read;
else the first 400 lines of the three files with the most matches, one after the other. A known place: grep in its file,
and 50 lines around the match.

With Cairn, exploring: `search` for the task's words within 2,000 tokens, which shows the line or not; then 100 lines
around it by `read`, as with grep, or else the outline of the first two files that are named, and what the line's symbol
is; a second search for the task's first pattern; then as with grep. A known place: `read` of the symbol in the file,
or, where that has no such name, `search` in the file and `read`. The list of tools, which a model has in its context
from the start, is counted with each session.

Tokens are those of a real tokenizer (tokenizer.py), of each call and its output."""
import json
import re
import shutil
import subprocess
import time

import semble_rival
import tokenizer
from common import CAIRN, ROOT, Clock, Scratch, cairn, fail, need_programs, save
from mcp_client import Server
from tokens import CORPORA, HEAD, worker

DATA = ROOT / "Benchmarks/sessions"
CALL_LIMIT = 10
LINE_LIMIT, COLUMN_LIMIT = 100, 200


def add_arguments(parser):
    parser.add_argument("--each", action="store_true", help="print a line for each task")


def tasks_of(name):
    tasks = []
    for line in (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            fields = line.split("\t")
            patterns = fields[2].split(" ;; ") if len(fields) == 5 else [fields[3]]
            tasks.append({"kind": name, "corpus": fields[0], "text": fields[1], "patterns": patterns,
                          "files": fields[-2].split("|"), "line": re.compile(fields[-1])})
    return tasks


class Session:
    """One agent at one task: what it has called and read."""

    def __init__(self, tree, task, server=None):
        self.tree, self.task, self.server = tree, task, server
        self.texts, self.is_reached = [], False

    @property
    def is_over(self):
        return self.is_reached or len(self.texts) >= CALL_LIMIT

    def shell(self, words):
        """A command of the shell; its output as a tool gives it."""
        done = subprocess.run(words, cwd=self.tree, capture_output=True, check=False)
        lines = done.stdout.decode(errors="replace").splitlines()
        lines = [line[:COLUMN_LIMIT] for line in lines[:LINE_LIMIT if words[0] == "grep" else None]]
        self.texts.append(" ".join(words) + "\n" + "\n".join(lines))
        return lines

    def call(self, tool, **arguments):
        text = self.server.call(tool, **arguments)[0]
        self.texts.append(json.dumps({"name": tool, "arguments": arguments}) + "\n" + text)
        return text

    def number(self, file):
        """The number of the line that answers, in a file of the task; None in others."""
        if file in self.task["files"]:
            content = (self.tree / file).read_text(encoding="utf-8", errors="replace")
            for number, line in enumerate(content.splitlines(), 1):
                if self.task["line"].search(line):
                    return number
        return None

    def read(self, file, first, last):
        for line in self.shell(["sed", "-n", f"{max(1, first)},{last}p", file]):
            if file in self.task["files"] and self.task["line"].search(line):
                self.is_reached = True

    # MARK: With grep

    def explore(self):
        seen = set()
        for pattern in self.task["patterns"]:
            if self.is_over:
                return
            counts, target = {}, None
            for line in self.shell(["grep", "-rniE", "--", pattern, "."]):
                file, _, rest = line.removeprefix("./").partition(":")
                number, _, text = rest.partition(":")
                counts[file] = counts.get(file, 0) + 1
                if target is None and file in self.task["files"] and self.task["line"].search(text):
                    target = (file, int(number))
            if target:
                self.read(target[0], target[1] - 20, target[1] + 80)
                return
            for file in [f for f in sorted(counts, key=lambda f: (-counts[f], f)) if f not in seen][:3]:
                if self.is_over:
                    return
                seen.add(file)
                self.read(file, 1, 400)

    def edit(self):
        file = self.task["files"][0]
        found = self.shell(["grep", "-nE", "--", self.task["patterns"][0], file])
        number = int(found[0].partition(":")[0])
        self.read(file, number - 10, number + 40)

    # MARK: With Cairn

    def shown(self, text):
        """The files that an answer names, in their order, and where the line that answers is shown."""
        files, current, place = [], None, None
        for line in text.split("\n"):
            head = HEAD.match(line)
            if head and (head[1] is None or (self.tree / head[1]).is_file()):
                current = head[1] or current
                if current not in files:
                    files.append(current)
            code = line[head.end():] if head and head[1] else line
            if current in self.task["files"] and self.task["line"].search(code):
                place = place or current
        return files, place

    def explore_with_cairn(self):
        for query in [self.task["text"], self.task["patterns"][0].replace("|", " ").replace("\\", "")]:
            files, place = self.shown(self.call("search", query=query))
            if place:
                number = self.number(place)
                text = self.call("read", path=place, lines=f"{max(1, number - 20)}-{number + 80}")
                self.is_reached = self.shown(text)[1] is not None
                return
            for file in files[:2]:
                if self.is_over:
                    return
                outline = self.call("outline", path=file)
                number = self.number(file)
                # The outline names what the line defines, and on which line.
                if number and re.search(rf"(?m)^ *{number}(-\d+)? ", outline):
                    text = self.call("read", path=file, lines=f"{max(1, number - 20)}-{number + 80}")
                    self.is_reached = self.shown(text)[1] is not None
                    return
        self.explore()

    def edit_with_cairn(self):
        file, pattern = self.task["files"][0], self.task["patterns"][0]
        name = re.findall(r"\w+", pattern)[-1]
        if self.shown(self.call("read", path=file, symbol=name))[1]:
            self.is_reached = True
            return
        self.call("search", query=pattern.replace("\\", ""), path=[file], tokens=500)
        number = self.number(file)
        text = self.call("read", path=file, lines=f"{max(1, number - 10)}-{number + 40}")
        self.is_reached = self.shown(text)[1] is not None


def count_tokens(texts):
    return [cut["tokens"] for cut in worker({"texts": [[text, 1 << 30] for text in texts]})]


def tool_list(server):
    """What a model has of the server in its context: the tools and the instructions."""
    results = [server.receive(server.request(method)) for method in ("tools/list", "server/discover")]
    return "\n".join(json.dumps(result.get("tools") or result.get("instructions")) for result in results)


def summary(rows):
    count = len(rows)
    return {"calls": round(sum(row["calls"] for row in rows) / count, 2),
            "tokens": round(sum(row["tokens"] for row in rows) / count),
            "tokens_middle": sorted(row["tokens"] for row in rows)[count // 2],
            "reached": sum(row["reached"] for row in rows), "tasks": count}


def run(arguments):
    need_programs(CAIRN)
    semble_rival.set_up()
    clock = Clock()
    tasks = tasks_of("exploratory") + tasks_of("trivial")
    rows, listed = [], None
    with Scratch("sessions") as scratch:
        for corpus in sorted({task["corpus"] for task in tasks}):
            if not (CORPORA / corpus).is_dir():
                fail("the corpora are missing; run Scripts/ranking-corpora")
            clock.step(corpus)
            # Outside of a repository whose rules would leave it out.
            tree = scratch / corpus
            shutil.copytree(CORPORA / corpus, tree, symlinks=True)
            cairn("index", tree, scratch / f"{corpus}-index")
            with Server(tree, "--index-dir", scratch / f"{corpus}-index") as server:
                listed = listed or tool_list(server)
                # The tree is watched from here on.
                server.call("outline")
                time.sleep(0.5)
                for task in [task for task in tasks if task["corpus"] == corpus]:
                    for way in ["grep", "cairn"]:
                        session = Session(tree, task, server)
                        rule = "explore" if task["kind"] == "exploratory" else "edit"
                        getattr(session, rule if way == "grep" else f"{rule}_with_cairn")()
                        rows.append({"way": way, "kind": task["kind"], "task": f"{corpus}: {task['text']}",
                                     "calls": len(session.texts), "reached": session.is_reached,
                                     "texts": session.texts})
    counts = iter(count_tokens([text for row in rows for text in row["texts"]] + [listed]))
    for row in rows:
        row["tokens"] = sum(next(counts) for _ in row.pop("texts"))
    tools = next(counts)
    figures = {"tokenizer": tokenizer.PACKAGE, "tool_list_tokens": tools, "tasks": {}}
    for kind in ["exploratory", "trivial"]:
        ways = {way: [row for row in rows if row["kind"] == kind and row["way"] == way] for way in ["grep", "cairn"]}
        table = {way: summary(chosen) for way, chosen in ways.items()}
        table["cairn"]["tokens_with_tool_list"] = table["cairn"]["tokens"] + tools
        pairs = list(zip(ways["grep"], ways["cairn"], strict=True))
        table["cairn_took_fewer_tokens"] = sum(b["tokens"] + tools < a["tokens"] for a, b in pairs)
        figures["tasks"][kind] = table
        if arguments.each:
            for a, b in pairs:
                print(f"{a['calls']:3} {a['tokens']:6} {'+' if a['reached'] else '-'}  "
                      f"{b['calls']:3} {b['tokens']:6} {'+' if b['reached'] else '-'}  {a['task']}")
    save("sessions", figures, keep=not arguments.dry)
