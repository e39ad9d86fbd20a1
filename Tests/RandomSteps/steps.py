"""What may happen to a tree, to its index and to the processes at work on them. Each step is a function of the world, a
work tree and a source of random numbers; it gives `IDLE` where what it needs is not there, and another is drawn."""
import contextlib
import os
import shutil
import signal
import time

import checks

STEPS = []
IDLE = "idle"


def step(weight):
    def add(function):
        STEPS.append((function, weight))
        return function

    return add


# MARK: Files


@step(6)
def write(world, tree, chance):
    path = world.new_path(tree, chance)
    if path.is_file():
        world.touch_file(path)
    world.write(path, world.text(chance))


@step(4)
def append(world, tree, chance):
    files = world.files(tree)
    if files:
        with chance.choice(files).open("a") as text:
            text.write(world.line(chance) + "\n")


@step(4)
def insert_above(world, tree, chance):
    """Every line below has another number then."""
    files = world.files(tree)
    if files:
        path = chance.choice(files)
        world.touch_file(path)
        path.write_bytes((world.line(chance) + "\n").encode() + path.read_bytes())


@step(5)
def exchange_in_place(world, tree, chance):
    """Other bytes of the same size in the same file, and the time of before put back."""
    files = [path for path in world.files(tree) if b"tok_" in path.read_bytes()]
    if not files:
        return
    path = chance.choice(files)
    status, content = path.stat(), path.read_bytes()
    old = chance.choice(sorted(set(content.split(b"tok_")[1:])))[:8]
    new = world.token(chance)[4:].encode()
    world.touch(["tok_" + old.decode(errors="replace")])
    with path.open("r+b") as file:
        file.write(content.replace(b"tok_" + old, b"tok_" + new))
    if chance.random() < 0.8:
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@step(3)
def twice_in_one_tick(world, tree, chance):
    """Written, searched and written again at once, of the same size: the clock of the file system may not have moved
    on in between."""
    path = tree / "racy.py"
    first, second = world.token(chance), world.token(chance)
    if world.write(path, f"x = {first}\n"):
        if chance.random() < 0.7:
            world.programs.cairn(tree, "index", "-q", codes=(0, 2))
        path.write_text(f"x = {second}\n")


@step(4)
def rename(world, tree, chance):
    files = world.files(tree)
    if files:
        path, target = chance.choice(files), world.new_path(tree, chance)
        world.touch_file(path)
        with contextlib.suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_file():
                world.touch_file(target)
            path.rename(target)


@step(2)
def exchange_names(world, tree, chance):
    files = world.files(tree)
    if len(files) > 1:
        first, second = chance.sample(files, 2)
        between = tree / "between.tmp"
        world.touch_file(first)
        first.rename(between)
        second.rename(first)
        between.rename(second)


@step(2)
def rename_directory(world, tree, chance):
    directories = world.directories(tree)
    if directories:
        path = chance.choice(directories)
        target = tree / chance.choice(["src", "lib", "moved", "moved/there", "node_modules", ".hidden", "build"])
        for file in sorted(path.rglob("*"))[:3]:
            if file.is_file() and not file.is_symlink():
                world.touch_file(file)
        with contextlib.suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


@step(4)
def remove(world, tree, chance):
    files = world.files(tree)
    for path in chance.sample(files, min(len(files), 1 + len(files) // 25)):
        world.touch_file(path)
        path.unlink()


@step(1)
def remove_directory(world, tree, chance):
    directories = world.directories(tree)
    if directories:
        shutil.rmtree(chance.choice(directories))


@step(2)
def copy(world, tree, chance):
    files = world.files(tree)
    if files:
        path, target = chance.choice(files), world.new_path(tree, chance)
        world.touch_file(path)
        with contextlib.suppress(OSError, shutil.SameFileError):
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copy2 if chance.random() < 0.5 else shutil.copyfile)(path, target)


@step(1)
def copy_from_other_tree(world, tree, chance):
    other = chance.choice(world.trees)
    files = world.files(other)
    if other != tree and files:
        path = chance.choice(files)
        with contextlib.suppress(OSError):
            target = tree / path.relative_to(other)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
            world.touch_file(path)


@step(1)
def put_in_its_place(world, tree, chance):
    """Something that is no source file, under the name of one: a link, nothing, bytes, a directory."""
    files = world.files(tree)
    if not files:
        return
    path = chance.choice(files)
    world.touch_file(path)
    path.unlink()
    kind = chance.randrange(5)
    if kind == 0:
        path.symlink_to(chance.choice(files).relative_to(tree).as_posix())
    elif kind == 1:
        path.write_bytes(b"")
    elif kind == 2:
        path.write_bytes(b"\0\1\2" + world.text(chance).encode())
    elif kind == 3:
        os.mkfifo(path)
    else:
        path.mkdir()
        world.write(path / "inside.py", world.text(chance))


@step(1)
def link_outside(world, tree, chance):
    """A directory that is one no more, but leads to another tree."""
    directories = world.directories(tree)
    if directories:
        path = chance.choice(directories)
        shutil.rmtree(path)
        path.symlink_to(chance.choice([world.home, *world.trees]), target_is_directory=True)


@step(2)
def ignore(world, tree, chance):
    rules = ["", "lib/\n", "*.txt\n", "src/core/\n!src/core/deep\n", "/build\n", "*\n!*.py\n!*/\n", "token*\n"]
    place = chance.choice([".gitignore", ".gitignore", "src/.gitignore", ".git/info/exclude", ".cairnignore"])
    if place == ".cairnignore":
        world.write(tree / place, chance.choice(["", "*.skip\n", "docs/\n", "*.skip\nlib/\n"]))
    elif place == ".git/info/exclude":
        world.write(world.main / place, chance.choice(rules))
    elif chance.random() < 0.2:
        (tree / place).unlink(missing_ok=True)
    else:
        world.write(tree / place, chance.choice(rules))


@step(1)
def many_at_once(world, tree, chance):
    for _ in range(chance.choice([10, 40])):
        world.write(world.new_path(tree, chance), world.text(chance))
    for path in chance.sample(files := world.files(tree), len(files) // 4):
        path.unlink()


# MARK: git


@step(4)
def commit(world, tree, chance):
    if chance.random() < 0.8:
        # With what rules leave out, now and then; an index that git tracks would be another place's.
        words = ["-f", "--", ".", ":!.cairn"] if chance.random() < 0.1 else []
        world.programs.git(tree, "add", "-A", *words)
    world.programs.git(tree, "commit", "-q", "-a", "-m", "step", "--allow-empty")


@step(1)
def stage(world, tree, chance):
    """A hidden file belongs to the tree from when git tracks it."""
    files = world.files(tree)
    if files:
        path = chance.choice(files).relative_to(tree)
        world.touch_file(tree / path)
        words = chance.choice([["add", "-f"], ["rm", "-q", "--cached"], ["add", "-f", "-N"]])
        world.programs.git(tree, *words, "--", str(path))


@step(3)
def checkout(world, tree, chance):
    for path in world.files(tree)[:3]:
        world.touch_file(path)
    kind = chance.randrange(5)
    if kind == 0:
        world.programs.git(tree, "checkout", "-q", "-b", f"b{chance.randrange(1 << 32):08x}")
    elif kind == 1:
        world.programs.git(tree, "checkout", "-q", "-f", "--detach", f"HEAD~{chance.randrange(1, 4)}")
    elif kind == 2:
        world.programs.git(tree, "checkout", "-q", "--", ".")
    else:
        names = branches(world, tree)
        if names:
            world.programs.git(tree, "checkout", "-q", *(["-f"] if kind == 3 else []), chance.choice(names))


def branches(world, tree):
    ended = world.programs.run(["git", "for-each-ref", "--format=%(refname:short)", "refs/heads"], tree)
    return ended.output.split()


@step(2)
def rebase(world, tree, chance):
    names = branches(world, tree)
    if not names:
        return
    if chance.random() < 0.5:
        commit(world, tree, chance)
    words = ["-X", "theirs"] if chance.random() < 0.5 else []
    verb = chance.choice(["rebase", "rebase", "merge"])
    if not world.programs.git(tree, verb, "-q", *words, chance.choice(names)) and chance.random() < 0.7:
        # The rest of the time what is half done stays, conflicts and all, until some later step.
        world.programs.git(tree, verb, "--abort")


@step(1)
def end_conflict(world, tree, chance):
    for verb in ("rebase", "merge", "cherry-pick"):
        world.programs.git(tree, verb, "--abort")
    world.programs.git(tree, "reset", "-q", "--hard")


@step(2)
def stash(world, tree, chance):
    for path in world.files(tree)[:3]:
        world.touch_file(path)
    words = chance.choice([["push", "-q"], ["push", "-q", "-u"], ["pop", "-q"], ["pop", "-q"]])
    world.programs.git(tree, "stash", *words)


@step(1)
def clean(world, tree, chance):
    world.programs.git(tree, *chance.choice([["clean", "-q", "-fd"], ["reset", "-q", "--hard"], ["gc", "-q"]]))


@step(2)
def add_tree(world, tree, chance):
    new = world.directory / chance.choice(["one", "two"])
    if new in world.trees:
        return IDLE
    words = ["--detach"] if chance.random() < 0.3 else ["-b", f"w{chance.randrange(1 << 32):08x}"]
    if world.programs.git(tree, "worktree", "add", "-q", *words, str(new)):
        world.trees.append(new)
    return None


@step(1)
def remove_tree(world, tree, chance):
    others = world.other_trees()
    if not others:
        return IDLE
    gone = chance.choice(others)
    world.programs.git(world.main, "worktree", "remove", "--force", str(gone))
    world.forget_tree(gone, keeps_watcher=chance.random() < 0.5)
    for process in world.left_over:
        if chance.random() < 0.7:
            world.programs.stop(process)
    world.left_over = [process for process in world.left_over if process.poll() is None]
    return None


# MARK: Index runs


def die(world, process, chance):
    """Waits for a moment, short ones more often, and kills."""
    time.sleep(min(0.4, chance.expovariate(1 / 0.04)))
    world.count("killed while at work", process.poll() is None)
    world.programs.stop(process)


@step(4)
def kill_run(world, tree, chance):
    words = chance.choice([["index", "-q"], ["index", "-q", "--rebuild"], ["search", "-q", "value"],
                           ["index", "-q", "--max-memory-mb", "1"]])
    die(world, world.programs.start([world.programs.binary, words[0], "--root", tree, *words[1:]], tree), chance)


@step(2)
def change_during_run(world, tree, chance):
    """An index run that sees some of what is written and not the rest; killed or not."""
    process = world.programs.start([world.programs.binary, "index", "-q", "--root", tree], tree)
    for _ in range(chance.choice([2, 10])):
        chance.choice([write, append, rename, remove, exchange_in_place])(world, tree, chance)
        time.sleep(chance.random() * 0.01)
    if chance.random() < 0.3:
        die(world, process, chance)
        return
    errors = process.communicate(timeout=120)[1]
    world.expect(process.returncode in (0, 2) and (process.returncode == 0 or b"another process" in errors),
                 f"an index run while files changed ended with {process.returncode}: {errors.decode()}")


FAULTS = [
    ("open", "EMFILE", "error"), ("open", "EIO", "error"), ("read", "EIO", "error"), ("read", "", "short"),
    ("write", "ENOSPC", "error"), ("write", "", "short"), ("write", "ENOSPC", "stay"), ("sync", "EIO", "error"),
    ("sync", "EIO", "stay"), ("rename", "EIO", "error"), ("rename", "ENOSPC", "stay"), ("map", "ENOMEM", "error"),
    ("lock", "EIO", "error"), ("stat", "EIO", "error"), ("list", "EIO", "error"), ("make", "ENOSPC", "error"),
    ("remove", "EIO", "error"), ("resize", "ENOSPC", "error"), ("close", "EIO", "error"), ("thread", "EAGAIN", "error"),
]


@step(4)
def fault(world, tree, chance):
    """A call of the system fails in an index run or in a search, which must end as ever and say so."""
    kind, error, how = chance.choice(FAULTS)
    number = 1 + int(chance.expovariate(1 / {"read": 25, "open": 40, "stat": 40}.get(kind, 5)))
    variables = world.programs.fault(kind, error, how, number)
    if chance.random() < 0.6:
        world.programs.cairn(tree, "index", codes=(0, 1, 2), **variables)
    else:
        token = chance.choice(world.tokens[-50:] or ["value"])
        ended = world.programs.cairn(tree, "search", "--json", token, codes=(0, 1, 2), **variables)
        world.expect(ended.code != 2 or ended.errors, f"an error without a word: {ended}")
    world.count("faults that were met", world.programs.was_faulted())


@step(1)
def remove_index(world, tree, chance):
    world.programs.cairn(tree, "remove", codes=(0, 1, 2))


@step(1)
def vacuum(world, tree, chance):
    world.programs.cairn(tree, "vacuum", "-q", codes=(0, 2))


@step(1)
def rebuild(world, tree, chance):
    ended = world.programs.cairn(tree, "index", "--rebuild", "-q", codes=(0, 2))
    world.expect(ended.code == 0 or "another process" in ended.errors, f"a rebuild failed: {ended}")


@step(2)
def flip_and_repair(world, tree, chance):
    """One bit of one file of the index, which `cairn doctor --repair` mends."""
    index = tree / ".cairn"
    # Without its tag an index is not the user's, and is not touched.
    files = [path for path in sorted(index.rglob("*"))
             if path.is_file() and path.name != "cairn.tag" and path.stat().st_size > 0]
    if not files:
        return IDLE
    if tree in world.watchers:
        stop_watcher(world, tree, chance)
    path = chance.choice(files)
    with path.open("r+b") as file:
        place = chance.randrange(path.stat().st_size)
        file.seek(place)
        old = file.read(1)[0]
        file.seek(place)
        file.write(bytes([old ^ (1 << chance.randrange(8))]))
    ended = world.programs.cairn(tree, "doctor", "--repair", codes=(0, 2))
    world.expect(ended.code == 0, f"byte {place} of {path.name} was flipped, and not mended: {ended}")
    world.count("flipped bytes mended", "repaired" in ended.output or "mended" in ended.output)
    return None


# MARK: Watchers


@step(4)
def watch(world, tree, chance):
    if tree in world.watchers:
        return IDLE
    world.start_watcher(tree, *(["--poll"] if chance.random() < 0.1 else []))
    if chance.random() < 0.7:
        world.wait_for_watcher(tree)
    return None


@step(1)
def stop_watcher(world, tree, chance):
    if tree not in world.watchers:
        return IDLE
    code = world.programs.stop(world.watchers.pop(tree), signal.SIGTERM)
    world.expect(code in (-signal.SIGTERM, 128 + signal.SIGTERM), f"a watcher that was stopped ended with {code}")
    return None


@step(2)
def kill_watcher(world, tree, chance):
    """While it is at work, half of the time."""
    if tree not in world.watchers:
        return IDLE
    if chance.random() < 0.5:
        many_at_once(world, tree, chance)
        time.sleep(min(0.1, chance.expovariate(1 / 0.02)))
    world.programs.stop(world.watchers.pop(tree))
    return None


@step(1)
def pause_watcher(world, tree, chance):
    """One that does not come to anything, as on a machine that is busy elsewhere: searches do without it."""
    if tree not in world.watchers:
        return IDLE
    os.killpg(world.watchers[tree].pid, signal.SIGSTOP)
    append(world, tree, chance)
    try:
        checks.check_tree(world, tree, chance, count=1)
    finally:
        os.killpg(world.watchers[tree].pid, signal.SIGCONT)
    return None
