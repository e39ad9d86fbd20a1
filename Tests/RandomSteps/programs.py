"""The programs that are driven: cairn, git, and the one that lists what an index holds."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 120


class Broken(Exception):
    """A promise that was not kept: the sentence says which."""


class Ended:
    """A command that came to its end."""

    def __init__(self, words, code, output, errors):
        self.words, self.code = words, code
        self.output = output.decode(errors="replace")
        self.errors = errors.decode(errors="replace")

    def objects(self):
        found = []
        for line in self.output.splitlines():
            with contextlib.suppress(ValueError):
                found.append(json.loads(line))
        return found

    def __str__(self):
        return f"`{' '.join(map(str, self.words))}` ended with {self.code}: {self.errors[-600:]}{self.output[-3000:]}"


class Programs:
    """Runs commands with an environment and a home of their own."""

    def __init__(self, cairn, listing, home, scratch):
        self.binary, self.listing_binary = cairn, listing
        self.faults, self.counts = scratch / "faults.so", scratch / "counts"
        self.environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_EDITOR": "true", **{f"GIT_{who}_NAME": "A" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "a@example.org" for who in ("AUTHOR", "COMMITTER")},
        }
        # What a sanitizer wants to be told.
        self.environment |= {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}

    def start(self, words, tree, **more):
        return subprocess.Popen(
            [str(word) for word in words], cwd=tree, env={**self.environment, **more}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def run(self, words, tree, **more):
        process = self.start(words, tree, **more)
        try:
            output, errors = process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise Broken(f"`{' '.join(map(str, words))}` did not end in {PATIENCE_SECONDS} s") from None
        return Ended(words, process.returncode, output, errors)

    def cairn(self, tree, command, *words, codes=(0,), **more):
        """Runs cairn, which must end with one of these codes."""
        ended = self.run([self.binary, command, "--root", tree, *words], tree, **more)
        if ended.code not in codes:
            raise Broken(f"not one of the codes {codes}: {ended}")
        return ended

    def git(self, tree, *words, must=False):
        """Whether git did it: many steps ask for what cannot be."""
        ended = self.run(["git", *words], tree)
        if must and ended.code != 0:
            raise RuntimeError(f"git failed: {ended}")
        return ended.code == 0

    def stop(self, process, number=signal.SIGKILL):
        """Sends a signal, and gives the exit code."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        try:
            process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise Broken(f"a process did not end in {PATIENCE_SECONDS} s after signal {number}") from None
        return process.returncode

    # MARK: What fails

    def compile_faults(self):
        source = ROOT / "Tests/FaultInjection/faults.c"
        options = ["-shared", "-fPIC", "-O1", "-fno-builtin", "-o", str(self.faults)]
        subprocess.run(["cc", *options, str(source), "-ldl"], check=True)

    def fault(self, kind, error, how, number):
        """The environment in which the call `number` of a kind fails, and the file of counts set to zero."""
        self.counts.write_bytes(bytes(34 * 8 + 512))
        return {"LD_PRELOAD": str(self.faults), "CAIRN_FAULT_COUNTS": str(self.counts), "CAIRN_FAULT_KIND": kind,
                "CAIRN_FAULT_AT": str(number), "CAIRN_FAULT_ERROR": error, "CAIRN_FAULT_HOW": how}

    def was_faulted(self):
        return int.from_bytes(self.counts.read_bytes()[33 * 8:34 * 8], "little") > 0

    # MARK: What an index holds

    def listing(self, directory):
        ended = self.run([self.listing_binary, directory], "/")
        if ended.code != 0:
            raise Broken(f"the index cannot be listed: {ended}")
        return ended.output.splitlines()

    def index_directory(self, tree):
        return pathlib.Path(self.cairn(tree, "status", "--json").objects()[0]["index_dir"])
