"""Recall within so many tokens: of the files that answer our own questions, how many an answer shows within 500, 1,000,
2,000 and 4,000 tokens. Beside semble 0.7.0, which embeds with the same model.

The questions are those of Tests/RankingTests/questions over the corpora of Scripts/ranking-corpora; the main files of a
question (grade 2) are looked for. Cairn is asked through `cairn mcp` with the budget as "tokens"; what its text has
beyond the budget is cut off, and a file counts once a line of its code is shown. Semble's results are taken
as its tool prints them, whole ones while they fit, 50 of them: with the 10 lines that are its default, with all lines,
and with none (the place alone). Tokens are those of a real tokenizer (tokenizer.py). Weights of Cairn were set with
every other question of a file, from the first on: "held_out" has the others alone."""
import json
import re
import shutil

import semble_rival
import tokenizer
from arena import CORPORA, JUDGED, judged
from common import CAIRN, Clock, Scratch, cairn, fail, measure_with_input, need_programs, save
from mcp_client import Server

BUDGETS = (500, 1000, 2000, 4000)
LINES = (10, None, 0)
# The first piece of a file is under its path, further ones are under a colon; a single line is behind `path:line:`.
HEAD = re.compile(r"^(\S[^:\n]*)?:(\d+)(?:-(\d+))?(: |[ ]|$)")


def add_arguments(parser):
    parser.add_argument("--corpora", help="some of them, with commas between")
    parser.add_argument("--misses", action="store_true", help="name the questions whose files are not reached")
    parser.add_argument("--alone", action="store_true", help="Cairn without semble")


def questions_of(name):
    return [{"text": text, "main": [file for file, grade in grades.items() if grade == 2]}
            for _, text, grades in judged(name)]


def files_shown(text, known):
    """The files of which a line of code is in the text."""
    shown, current = set(), None
    for line in text.split("\n"):
        head = HEAD.match(line)
        if head and (head[1] is None or head[1] in known):
            current = head[1] or current
            if current and head[4] == ": ":
                shown.add(current)
        elif current and line.strip():
            shown.add(current)
    return shown


def worker(job):
    command = [semble_rival.PYTHON, semble_rival.HERE / "tokens_worker.py", tokenizer.set_up()]
    environment = semble_rival.environment(semble_rival.WORK / "semble-cache")
    return json.loads(measure_with_input(command, json.dumps(job), environment=environment))


def ask_cairn(tree, index, questions):
    """Of each question and budget: tokens, and the files that are shown."""
    cairn("index", tree, index)
    known = {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()}
    texts = []
    with Server(tree, "--index-dir", index) as server:
        for question in questions:
            texts += [[server.call("search", query=question["text"], tokens=budget)[0], budget] for budget in BUDGETS]
    counted = worker({"texts": texts})
    answers = []
    for first in range(0, len(counted), len(BUDGETS)):
        cuts = counted[first:first + len(BUDGETS)]
        answers.append([{"tokens": cut["tokens"], "files": files_shown(cut["text"], known)} for cut in cuts])
    return answers


def recall(reached):
    """The mean over questions of the share of the main files that were reached."""
    return round(sum(reached) / max(1, len(reached)), 4)


def run(arguments):
    need_programs(CAIRN)
    semble_rival.set_up()
    clock = Clock()
    names = arguments.corpora.split(",") if arguments.corpora else sorted(p.stem for p in JUDGED.glob("*.tsv"))
    # Each name of a system to a list for each budget of (share reached, whether the question is held out).
    reached, over, used = {}, 0, [[] for _ in BUDGETS]
    with Scratch("tokens") as scratch:
        for name in names:
            if not (CORPORA / name).is_dir():
                fail("the corpora are missing; run Scripts/ranking-corpora")
            clock.step(name)
            # Outside of a repository whose rules would leave it out, and not below a name that tools skip.
            tree = scratch / name
            shutil.copytree(CORPORA / name, tree, symlinks=True)
            (tree / ".git").mkdir()
            questions = questions_of(name)
            answers = {"cairn": []}
            for number, row in enumerate(ask_cairn(tree, scratch / f"{name}-index", questions)):
                answers["cairn"].append([answer["files"] for answer in row])
                for place, answer in enumerate(row):
                    used[place].append(answer["tokens"])
                    over += answer["tokens"] > BUDGETS[place]
                    if arguments.misses and not set(questions[number]["main"]) <= answer["files"]:
                        left = sorted(set(questions[number]["main"]) - answer["files"])
                        print(f"{BUDGETS[place]:5} {name}: {questions[number]['text']}: {' '.join(left)}")
            if not arguments.alone:
                job = {"tree": str(tree), "questions": [q["text"] for q in questions], "lines": LINES}
                for lines, found in worker(job).items():
                    label = {"None": "semble, all lines", "0": "semble, no lines"}.get(lines, f"semble, {lines} lines")
                    answers[label] = [[{file for file, end in files if end <= budget} for budget in BUDGETS]
                                      for files in found]
            for label, rows in answers.items():
                table = reached.setdefault(label, [[] for _ in BUDGETS])
                for number, row in enumerate(rows):
                    main = questions[number]["main"]
                    for place, files in enumerate(row):
                        table[place].append((sum(f in files for f in main) / len(main), number % 2 == 1))
            shutil.rmtree(tree)
    figures = {
        "budgets": BUDGETS, "corpora": names, "questions": len(used[0]), "tokenizer": tokenizer.PACKAGE,
        "recall": {label: [recall([share for share, _ in column]) for column in table]
                   for label, table in reached.items()},
        "held_out": {label: [recall([share for share, held in column if held]) for column in table]
                     for label, table in reached.items()},
        "any_main_file": {label: [recall([float(share > 0) for share, _ in column]) for column in table]
                          for label, table in reached.items()},
        "tokens_of_cairn_mean": [round(sum(column) / len(column)) for column in used],
        "answers_over_budget": over,
    }
    save("tokens", figures, keep=not arguments.dry)
