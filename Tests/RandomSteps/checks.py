"""What Cairn answers, beside what the oracle reads in the tree."""
import shutil
import time

import oracle
from programs import Broken

# Somebody else is at work on the index: the answer may lack changes where it stands on what was committed, and whoever
# asks again has them.
WAITING_NOTES = {"locked"}


class Answer:
    """What a search printed, and where it says that one token stands: as a whole word, where it was quoted."""

    def __init__(self, ended, query):
        token = query.strip('"')
        self.ended = ended
        objects = ended.objects()
        self.summary = objects[-1] if objects and objects[-1].get("type") == "summary" else None
        self.results = [thing for thing in objects if thing.get("type") in ("result", "file")]
        self.places = set()
        for result in self.results:
            for match in result.get("matches", []):
                line = result["snippet"][match["line"] - result["snippet_start_line"]].encode()
                start, end = match["start_column"] - 1, match["end_column"] - 1
                if line[start:end].decode(errors="replace") == token and not (
                        query != token and oracle.WORD_BEFORE.search(line[:start])):
                    self.places.add((result["path"], match["line"]))

    def must_wait(self):
        """Not where it stands on a look at the tree, or on a watcher's word, whatever a note says of a watcher."""
        if self.summary["freshness"]["kind"] != "committed":
            return False
        return any(note.get("code") in WAITING_NOTES for note in self.summary.get("note_details", []))


def ask(world, tree, query, *options):
    """The answer of a search that was not told to wait for somebody else."""
    for attempt in range(60):
        ended = world.programs.cairn(tree, "search", "--json", *options, "--", query, codes=(0, 1))
        answer = Answer(ended, query)
        if answer.summary is None:
            raise Broken(f"a search without a summary: {ended}")
        world.count("searches")
        world.count(f"answers {answer.summary['freshness']['kind']}")
        if not answer.must_wait():
            return answer
        world.count("answers to ask again for")
        time.sleep(0.02 * (attempt + 1))
    raise Broken(f"another process was at work on the index for a minute: {ended}")


def check_token(world, tree, token, chance, held, *options):
    """One search for one token, in one of the ways in which it can be asked for. A quotation is whole words."""
    way = chance.randrange(4)
    expected = (held.as_word if way > 1 else held.anywhere).get(token, set())
    world.count("tokens that are there" if expected else "tokens that are nowhere")
    if way == 3:
        answer = ask(world, tree, f'"{token}"', "--files-only", "-n", "200", *options)
        # Of what is nowhere, what is listed is only near it.
        found = set() if answer.summary["nowhere"] else {result["path"] for result in answer.results}
        wanted = {path for path, _ in expected}
    else:
        query = f'"{token}"' if way == 2 else token
        # Chunks that hold it as it is written come first; those that have it in a longer name, somewhere.
        whole = held.as_word.get(token, set())
        limit = 400 if expected - whole else max(6, len(expected))
        answer = ask(world, tree, query, "--context", "all", "-n", str(limit), *options)
        found, wanted = answer.places, expected
    what = f"{token} in {tree.name} ({' '.join(map(str, answer.ended.words[4:]))})"
    if found != wanted:
        raise Broken(f"{what}: missed {sorted(wanted - found)}, and found in vain {sorted(found - wanted)}; "
                     f"{answer.ended.output[-600:]}")
    if (answer.ended.code == 0) != bool(wanted) or answer.summary["nowhere"] == bool(wanted):
        raise Broken(f"{what}: is {'there' if wanted else 'nowhere'}, but the exit code is {answer.ended.code} and "
                     f"`nowhere` {answer.summary['nowhere']}")
    if not answer.summary["complete"] or answer.summary["failures"] or answer.summary["vanished"]:
        raise Broken(f"{what}: incomplete, or with failures: {answer.ended.output[-600:]}")
    check_lines(tree, answer.results, what)


def check_lines(tree, results, what):
    """Every line that is shown is the line of that number in the file."""
    for result in results:
        if "snippet" not in result:
            continue
        lines = (tree / result["path"]).read_text(errors="replace").split("\n")
        first = result["snippet_start_line"]
        if lines[first - 1:first - 1 + len(result["snippet"])] != result["snippet"]:
            raise Broken(f"{what}: the lines from {first} on of {result['path']} are not those that are shown")


def check_tree(world, tree, chance, count=3):
    """Some tokens: those that the newest step has written or moved, and others that are there or are gone."""
    held = oracle.Held(tree, world.programs.environment)
    chosen = chance.sample(world.recent, min(len(world.recent), count))
    if held.anywhere and chance.random() < 0.5:
        chosen.append(chance.choice(sorted(held.anywhere)))
    if len(chosen) < count and world.tokens:
        chosen.append(chance.choice(world.tokens))
    for token in dict.fromkeys(chosen):
        check_token(world, tree, token, chance, held)
        if chance.random() < 0.15:
            check_token(world, tree, token, chance, held, "--no-update")


def check_fresh(world, tree):
    """The index holds what one holds that is made from nothing in another place."""
    for attempt in range(60):
        ended = world.programs.cairn(tree, "index", "--json", codes=(0, 2))
        if ended.code == 0:
            break
        if "another process" not in ended.errors:
            raise Broken(f"an index run failed: {ended}")
        time.sleep(0.02 * (attempt + 1))
    own = world.programs.listing(world.programs.index_directory(tree))
    fresh = world.directory / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    # What another work tree has is not taken over by a rebuild.
    world.programs.cairn(tree, "index", "--rebuild", "-q", "--index-dir", fresh)
    other = world.programs.listing(fresh)
    shutil.rmtree(fresh)
    world.count("indexes compared with new ones")
    if own != other:
        only_own, only_other = sorted(set(own) - set(other)), sorted(set(other) - set(own))
        raise Broken(f"the index of {tree.name} is not what a new one is: it alone has {only_own[:5]}, the new one "
                     f"alone {only_other[:5]} ({len(only_own)} and {len(only_other)} lines)")
