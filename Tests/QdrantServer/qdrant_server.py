#!/usr/bin/env python3
"""A server with the REST interface of Qdrant over Qdrant's own engine, for the tests.

It answers as a server of --version would, keeps every request and every answer to what the descriptions of that version
say, and does on demand what servers do on bad days. It is the engine, not the server: of shards, replicas, roles and
what a real server does in the background there is nothing.

    PUT /test/faults    [{"at": "PUT /collections/", "do": "429", "times": 2, "seconds": 1}]
    GET /test/report    {"requests": 12, "wrong": [], "judges": ["models"]}

`do` is a status, `hang`, `half` (of the answer), `lost` (done, but not answered), `text` (no JSON), or `shape` (JSON of
something else).
"""

import argparse
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from description import descriptions
from engine import Collection, Refused


class State:
    def __init__(self, arguments):
        self.version = arguments.version
        self.judges = descriptions(arguments.version, arguments.models, arguments.descriptions)
        self.key = arguments.key
        self.collections = {}
        self.aliases = {}
        self.faults = []
        self.requests = 0
        self.wrong = []
        self.lock = threading.Lock()
        self.folder = arguments.data
        self.made = 0

    def collection(self, name):
        found = self.collections.get(self.aliases.get(name, name))
        if found is None:
            raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")
        return found

    def fault(self, line):
        for fault in self.faults:
            if line.startswith(fault["at"]) and fault.get("times", 1) > 0:
                fault["times"] = fault.get("times", 1) - 1
                return fault
        return {}

    # What each operation does, under the lock.

    def answer(self, method, path, parameters, body):
        steps = path.strip("/").split("/")
        if path == "/":
            return None
        if path == "/collections":
            return {"collections": [{"name": name} for name in self.collections]}
        if path == "/aliases":
            return {"aliases": [{"alias_name": a, "collection_name": c} for a, c in self.aliases.items()]}
        if path == "/collections/aliases":
            return self.change_aliases(body["actions"])
        if len(steps) == 2:
            return self.of_collection(method, steps[1], body)
        name, rest = steps[1], steps[2:]
        if rest == ["exists"]:
            return {"exists": self.aliases.get(name, name) in self.collections}
        collection = self.collection(name)
        return self.below_collection(collection, method, rest, parameters, body)

    def of_collection(self, method, name, body):
        if method == "PUT":
            if name in self.collections or name in self.aliases:
                raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
            self.made += 1
            self.collections[name] = Collection(f"{self.folder}/{self.made}", body)
            return True
        if method == "DELETE":
            if name not in self.collections:
                return False
            self.collections.pop(name).close()
            self.aliases = {a: c for a, c in self.aliases.items() if c != name}
            return True
        collection = self.collection(name)
        if method == "PATCH":
            collection.shard.optimize()
            return True
        return collection.info()

    def change_aliases(self, actions):
        aliases = dict(self.aliases)
        for action in actions:
            ((kind, words),) = action.items()
            if kind == "create_alias":
                if words["collection_name"] not in self.collections:
                    raise Refused(404, f"Not found: Collection `{words['collection_name']}` doesn't exist!")
                if words["alias_name"] in self.collections:
                    raise Refused(409, f"Wrong input: Collection `{words['alias_name']}` already exists!")
                aliases[words["alias_name"]] = words["collection_name"]
            elif aliases.pop(words["alias_name"], None) is None:
                raise Refused(404, f"Not found: Alias {words['alias_name']} does not exists!")
        self.aliases = aliases
        return True

    def below_collection(self, collection, method, rest, parameters, body):
        done = {"operation_id": collection.version, "status": "completed"}
        match method, rest:
            case "PUT", ["points"]:
                collection.upsert(body["points"])
                return done if "true" in parameters.get("wait", []) else {**done, "status": "acknowledged"}
            case "POST", ["points"]:
                return collection.retrieve(body)
            case "POST", ["points", "delete"]:
                collection.delete(body)
                return done
            case "POST", ["points", "scroll"]:
                return collection.scroll(body)
            case "POST", ["points", "count"]:
                return collection.count(body)
            case "POST", ["points", "query", "batch"]:
                return [collection.query(search) for search in body["searches"]]
            case "PUT", ["index"]:
                collection.index(body["field_name"], body["field_schema"])
                return done
            case "DELETE", ["index", _]:
                return done
            case "GET", ["snapshots"]:
                return list(collection.snapshots.values())
            case "POST", ["snapshots"]:
                return collection.snapshot()
            case "DELETE", ["snapshots", name]:
                if collection.snapshots.pop(name, None) is None:
                    raise Refused(404, f"Not found: Snapshot {name} not found")
                return True
        raise Refused(404, "")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: State

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.handle_request("GET")

    def do_PUT(self):
        self.handle_request("PUT")

    def do_POST(self):
        self.handle_request("POST")

    def do_PATCH(self):
        self.handle_request("PATCH")

    def do_DELETE(self):
        self.handle_request("DELETE")

    def handle_request(self, method):
        parts = urlsplit(self.path)
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        state = self.state
        if parts.path == "/test/faults":
            state.faults = json.loads(text)
            return self.reply(200, {})
        if parts.path == "/test/report":
            judges = [name for name, _ in state.judges]
            return self.reply(200, {"requests": state.requests, "wrong": state.wrong[:20], "judges": judges})
        with state.lock:
            state.requests += 1
            fault = state.fault(f"{method} {parts.path}")
        if fault and fault["do"] not in ("half", "lost"):
            return self.misbehave(fault)
        if state.key and self.headers.get("Authorization") != f"Bearer {state.key}":
            # Two forms of one refusal; a server says the same of a wrong key and of none.
            return self.reply(401, "Must provide an API key or an Authorization bearer token", plain=True)
        status, document = self.work(method, parts, text)
        if fault.get("do") == "lost":
            self.close_connection = True
            return None
        return self.reply(status, document, half=fault.get("do") == "half")

    def work(self, method, parts, text):
        state = self.state
        started = time.perf_counter()
        body = None
        with state.lock:
            try:
                body = json.loads(text) if text else None
                self.judge("request", [judge.request(method, parts.path, body) for _, judge in state.judges], parts)
                result = state.answer(method, parts.path, parse_qs(parts.query), body)
                status, document = 200, {"result": result, "status": "ok", "time": time.perf_counter() - started}
                if parts.path == "/":
                    document = {"title": "qdrant - vector search engine", "version": f"{state.version}.0"}
            except Refused as refusal:
                status = refusal.status
                document = {"status": {"error": str(refusal)}, "time": time.perf_counter() - started}
            except Exception as error:
                state.wrong.append(f"{method} {parts.path}: {type(error).__name__}: {error}")
                status, document = 500, {"status": {"error": str(error)}, "time": 0.0}
            if status != 500:
                answers = [judge.answer(method, parts.path, status, document) for _, judge in state.judges]
                self.judge("answer", answers, parts)
        return status, document

    def judge(self, what, problems, parts):
        for (name, _), problem in zip(self.state.judges, problems, strict=True):
            if problem:
                self.state.wrong.append(f"{self.command} {parts.path} ({what}, {name}): {problem}")

    def misbehave(self, fault):
        kind = fault["do"]
        if kind == "hang":
            time.sleep(fault.get("seconds", 5))
            self.close_connection = True
        elif kind == "text":
            self.reply(200, "<html>a portal</html>", plain=True)
        elif kind == "shape":
            self.reply(200, fault.get("document", {"result": {"surprise": 1}, "status": "ok", "time": 0.0}))
        else:
            headers = {"Retry-After": str(fault["seconds"])} if "seconds" in fault else {}
            self.reply(int(kind), {"status": {"error": "a fault that was asked for"}, "time": 0.0}, headers)

    def reply(self, status, document, headers=None, plain=False, half=False):
        text = (document if plain else json.dumps(document)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if plain else "application/json")
        self.send_header("Content-Length", str(len(text)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text[: len(text) // 2] if half else text)
        if half:
            self.close_connection = True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="the folder of the collections")
    parser.add_argument("--version", default="1.20")
    parser.add_argument("--key", default="")
    parser.add_argument("--models", help="the folder with qdrant-client, a folder for each version")
    parser.add_argument("--descriptions", help="a folder with official descriptions: 1.12.json and so on")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    if not re.fullmatch(r"1\.\d+", arguments.version):
        parser.error("the version is one such as 1.16")
    Handler.state = State(arguments)
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
