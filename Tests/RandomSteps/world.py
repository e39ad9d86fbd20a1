"""A small repository with its work trees, the watchers beside them, and what was ever written there."""
import shutil
import subprocess
import time

import oracle
from programs import Broken, Programs

NAMES = ["parse", "date", "session", "matrix", "token", "cache", "field", "query", "batch", "retry", "header", "row"]
FOLDERS = ["", "", "src", "src/core", "src/core/deep", "lib", "docs", "two words", "größe", ".config", "node_modules/x",
           "build"]
ENDINGS = [".py", ".py", ".c", ".md", ".txt", ".rs", ".skip", ""]


class World:
    def __init__(self, cairn, listing, directory):
        self.directory, self.home = directory, directory / "home"
        self.home.mkdir(parents=True)
        self.programs = Programs(cairn, listing, self.home, directory)
        self.programs.compile_faults()
        self.main = directory / "main"
        self.main.mkdir()
        self.trees = [self.main]
        self.watchers = {}
        # Watchers whose tree went away under them.
        self.left_over = []
        # Tokens by age, and those that the newest step has written or taken away.
        self.tokens, self.recent = [], []
        self.counts = {}
        self.programs.git(self.main, "init", "-q", "-b", "main", ".", must=True)

    def close(self):
        for process in [*self.watchers.values(), *self.left_over]:
            self.programs.stop(process)
        self.watchers, self.left_over = {}, []

    def count(self, name, number=1):
        self.counts[name] = self.counts.get(name, 0) + number

    def expect(self, is_so, why):
        if not is_so:
            raise Broken(why)

    # MARK: Files

    def files(self, tree):
        """Every regular file of a tree but for git's and Cairn's own, in order, whether it belongs or not."""
        return [path for path in sorted(tree.rglob("*"))
                if not {".git", ".cairn"} & set(path.relative_to(tree).parts) and not path.is_symlink()
                and path.is_file() and path.name not in (".gitignore", ".cairnignore")]

    def directories(self, tree):
        return [path for path in sorted(tree.rglob("*"))
                if not {".git", ".cairn"} & set(path.relative_to(tree).parts) and not path.is_symlink()
                and path.is_dir()]

    def new_path(self, tree, chance):
        folder, name = chance.choice(FOLDERS), chance.choice(NAMES)
        return tree / folder / (name + chance.choice(["", "_two", ""]) + chance.choice(ENDINGS))

    def token(self, chance):
        token = f"tok_{chance.randrange(1 << 32):08x}"
        self.tokens.append(token)
        self.touch([token])
        return token

    def touch(self, tokens):
        self.recent += [token for token in tokens if token not in self.recent]

    def touch_file(self, path):
        """What is in a file is about to move or go: it is worth asking for."""
        self.touch([token.decode() for token in oracle.TOKEN.findall(path.read_bytes())][-3:])

    def line(self, chance):
        """One line with a token of its own, or, rarely, with one that other lines have too."""
        token = chance.choice(self.tokens) if self.tokens and chance.random() < 0.08 else self.token(chance)
        return chance.choice([
            f"{chance.choice(NAMES)}_{chance.randrange(100)} = {token}({chance.randrange(1000)})",
            f"    # {chance.choice(NAMES)} {chance.choice(NAMES)} {token}",
            f"def {chance.choice(NAMES)}_{token}(value):" if chance.random() < 0.3 else f"def {token}(value):",
            f"    return {token}.{chance.choice(NAMES)} + {chance.randrange(1000)}",
            f"static int {token}(void) {{ return {chance.randrange(9)}; }}",
            "",
        ])

    def text(self, chance):
        return "".join(self.line(chance) + "\n" for _ in range(chance.choice([1, 3, 8, 20, 60])))

    def write(self, path, text):
        """Makes the folders above, unless something else has their name."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Opening a pipe would wait for a reader.
            if path.exists() and not path.is_file():
                return False
            path.write_text(text)
        except (FileExistsError, NotADirectoryError, IsADirectoryError, FileNotFoundError):
            return False
        return True

    # MARK: Trees and watchers

    def other_trees(self):
        return [tree for tree in self.trees if tree != self.main]

    def start_watcher(self, tree, *options):
        self.watchers[tree] = subprocess.Popen(
            [str(self.programs.binary), "watch", "--quiet", *options, "--root", str(tree)], cwd=self.directory,
            env=self.programs.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True)

    def wait_for_watcher(self, tree):
        """Until it says that it watches; one that waits for its turn never says so."""
        end = time.monotonic() + 20
        while time.monotonic() < end and self.watchers[tree].poll() is None:
            status = self.programs.cairn(tree, "status", "--json", codes=(0, 1, 2)).objects()
            if status and status[0].get("watcher"):
                return
            time.sleep(0.01)
        raise Broken(f"a watcher of {tree.name} did not begin to watch within 20 s")

    def check_watchers(self):
        """A watcher ends only where it was told to, or where its tree went."""
        for tree, process in list(self.watchers.items()):
            if process.poll() is not None:
                said = process.stderr.read().decode(errors="replace")
                del self.watchers[tree]
                raise Broken(f"the watcher of {tree.name} ended by itself with {process.returncode}: {said[-500:]}")

    def forget_tree(self, tree, keeps_watcher):
        process = self.watchers.pop(tree, None)
        self.trees.remove(tree)
        if process and keeps_watcher:
            self.left_over.append(process)
        elif process:
            self.programs.stop(process)
        shutil.rmtree(tree, ignore_errors=True)
        self.programs.git(self.main, "worktree", "prune")
