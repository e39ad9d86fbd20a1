"""A client of `cairn mcp` that only benchmarks need: one process, one call at a time."""
import itertools
import json
import subprocess
import time

from common import CAIRN, fail

VERSION = "2026-07-28"


class Server:
    """One `cairn mcp` on a tree, as a client starts it."""

    def __init__(self, tree, *options):
        self.began = time.perf_counter()
        self.process = subprocess.Popen([str(CAIRN), "mcp", *map(str, options), str(tree)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.ids = itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def pid(self):
        return self.process.pid

    def send(self, tool, arguments):
        """Sends a call and gives its id."""
        return self.request("tools/call", {"name": tool, "arguments": arguments})

    def request(self, method, params=None):
        """Sends a request and gives its id."""
        number = next(self.ids)
        meta = {"io.modelcontextprotocol/protocolVersion": VERSION, "io.modelcontextprotocol/clientCapabilities": {}}
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": {**(params or {}), "_meta": meta}}
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()
        return number

    def receive(self, number):
        for line in self.process.stdout:
            message = json.loads(line)
            if message.get("id") != number:
                continue
            if "error" in message:
                fail(f"cairn mcp answered with an error: {message['error']}")
            return message["result"]
        fail("cairn mcp has ended")

    def call(self, tool, **arguments):
        """The text of an answer, its facts, and the seconds that it took."""
        began = time.perf_counter()
        result = self.receive(self.send(tool, arguments))
        seconds = time.perf_counter() - began
        return result["content"][0]["text"], result.get("_meta", {}).get("cairn/answer", {}), seconds

    def close(self):
        """Closes standard input and waits for the end; gives the seconds that it took."""
        began = time.perf_counter()
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait(timeout=60)
        return time.perf_counter() - began
