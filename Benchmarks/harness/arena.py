"""Cairn and every rival on this machine, on the same trees and the same queries: what each finds, how fast, with how
much memory and disk, and where Cairn loses. A rival that is not here is named, with the reason.

Quality is that of files: the judged queries of Tests/RankingTests/questions on their corpora (Scripts/ranking-corpora
fetches them). A grep's files are put in order by how many of their lines have a word of the query. Speed is that of the
queries of all benchmarks on a larger tree, each in a process of its own.

Our questions are ours: what Cairn's ranking is on repositories and questions that nobody here has seen is in
Docs/RANKING.md.
"""
import math

import contenders
import trees
from common import QUESTIONS, ROOT, Clock, Scratch, fail, save, size_of, spread

CORPORA = ROOT / ".deps/corpora"
JUDGED = ROOT / "Tests/RankingTests/questions"
DEPTH = 10


def add_arguments(parser):
    parser.add_argument("trees", nargs="*", default=["net"], help="trees to time; net if none is named")
    parser.add_argument("--corpora", default="", help="names of corpora with commas between them; all if not said")
    parser.add_argument("--questions", type=int, default=10, help="how many queries are timed")


def run(options):
    there, absent = contenders.present()
    clock = Clock()
    quality, speed = {}, {}
    with Scratch("arena") as scratch:
        for corpus in options.corpora.split(",") if options.corpora else sorted(p.stem for p in JUDGED.glob("*.tsv")):
            tree = CORPORA / corpus
            if not tree.is_dir():
                fail(f"the corpus {corpus} is not here; Scripts/ranking-corpora fetches it")
            quality[corpus] = {}
            for contender in there:
                clock.step(f"{corpus}: {contender.name}")
                quality[corpus][contender.name] = judge(contender, tree.resolve(), judged(corpus), scratch)
        for name in options.trees:
            tree = trees.tree(name)
            speed[name] = {}
            for contender in there:
                clock.step(f"{name}: {contender.name}")
                speed[name][contender.name] = timed(contender, tree, QUESTIONS[:options.questions], scratch)
    figures = {
        "versions": {c.name: c.version() for c in there}, "missing": absent, "quality": summary(quality),
        "ratios": {name: ratios(result) for name, result in speed.items()},
        "speed": speed,
    }
    figures["losses"] = losses(figures)
    document = save("arena", figures, not options.dry)
    print("\n".join(report(document)))


# MARK: Quality


def judged(corpus):
    """(kind, query, {file: grade}) of each line."""
    found = []
    for line in (JUDGED / f"{corpus}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, query, best, right = [*line.split("\t"), "", ""][:4]
            found.append((kind, query, {**dict.fromkeys(right.split(), 1), **dict.fromkeys(best.split(), 2)}))
    return found


def judge(contender, tree, queries, scratch):
    """By kind of query: [NDCG@10, whether the first is right, whether one of ten is] of each."""
    if contender.indexes:
        contender.index(tree, scratch)
    if hasattr(contender, "all_files"):
        lists = contender.all_files(tree, [query for _, query, _ in queries])
    else:
        lists = [contender.files(tree, contender.search(tree, query), query) for _, query, _ in queries]
    figures = {}
    for (kind, _, grades), files in zip(queries, lists, strict=True):
        gains = [2 ** grades.get(f, 0) - 1 for f in files[:DEPTH]]
        ideal = sorted((2 ** g - 1 for g in grades.values()), reverse=True)[:DEPTH]
        figures.setdefault(kind, []).append([discounted(gains) / discounted(ideal), bool(gains and gains[0]),
                                             any(gains)])
    return figures


def discounted(gains):
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))


def summary(quality):
    """The means over all queries, over those of each kind, and over those of each corpus."""
    names = list(next(iter(quality.values())))
    kinds = sorted({kind for result in quality.values() for figures in result.values() for kind in figures})

    def means(rows):
        return {"queries": len(rows), **{key: sum(float(row[i]) for row in rows) / len(rows)
                                         for i, key in enumerate(("ndcg", "first", "in_ten"))}}

    def of(name, kind=None, corpus=None):
        return means([row for c, result in quality.items() if corpus in (None, c)
                      for k, rows in result[name].items() if kind in (None, k) for row in rows])

    return {name: {"all": of(name), "kinds": {k: of(name, kind=k) for k in kinds},
                   "corpora": {c: of(name, corpus=c) for c in quality}} for name in names}


# MARK: Speed


def timed(contender, tree, queries, scratch):
    figures = {}
    if contender.indexes:
        made, place = contender.index(tree, scratch)
        figures |= {"index_seconds": made.wall, "index_own_bytes": made.own_bytes, "index_bytes": size_of(place)}
    figures["search_seconds"] = spread([contender.search(tree, query).wall for query in queries])
    return figures


# How many times as much of each the rival takes.
MEASURES = {"index_seconds": "time to index", "index_own_bytes": "memory to index", "index_bytes": "index on disk",
            "search_seconds": "search, cold process"}


def ratios(result):
    def value(name, key):
        found = result[name].get(key)
        return found["p50"] if isinstance(found, dict) else found

    return {name: {key: value(name, key) / value("cairn", key) for key in MEASURES if value(name, key)}
            for name in result if name != "cairn"}


# MARK: Where Cairn loses


def losses(figures):
    """A line for each figure in which a rival is ahead."""
    found = []
    ours = figures["quality"]["cairn"]
    for name, theirs in figures["quality"].items():
        for group, label in (("kinds", "queries of the kind"), ("corpora", "the corpus")):
            for key, there in theirs[group].items():
                if there["ndcg"] > ours[group][key]["ndcg"]:
                    found.append(f"{name} ranks better on {label} {key}: NDCG@10 {there['ndcg']:.3f} against "
                                 f"{ours[group][key]['ndcg']:.3f} ({there['queries']} queries)")
        if theirs["all"]["ndcg"] > ours["all"]["ndcg"]:
            found.append(f"{name} ranks better: {theirs['all']['ndcg']:.3f} against {ours['all']['ndcg']:.3f}")
    for tree, result in figures["ratios"].items():
        for name, of in result.items():
            for key, ratio in of.items():
                if ratio < 1:
                    found.append(f"{name} needs {ratio:.2f} times ours on {tree}: {MEASURES[key]}")
    without = sorted({name for of in figures["ratios"].values() for name in of if "index_seconds" not in of[name]})
    if without:
        found.append(f"{', '.join(without)} need no index at all")
    return found


def report(document):
    yield ""
    yield f"{'':12} {'NDCG@10':>8} {'first':>7} {'in ten':>7}   of {document['quality']['cairn']['all']['queries']}"
    for name, figures in sorted(document["quality"].items(), key=lambda f: -f[1]["all"]["ndcg"]):
        mean = figures["all"]
        yield f"{name:12} {mean['ndcg']:8.3f} {mean['first']:7.1%} {mean['in_ten']:7.1%}"
    for tree, result in document["ratios"].items():
        yield ""
        yield f"{tree}, times Cairn's:  " + ", ".join(MEASURES.values())
        for name, of in result.items():
            cells = [f"{of[key]:8.2f}" if key in of else "       -" for key in MEASURES]
            yield f"{name:12} " + " ".join(cells)
    for name, why in document["missing"].items():
        yield f"not here: {name} ({why})"
    yield ""
    yield "Where Cairn loses:"
    yield from (f"  {line}" for line in document["losses"] or ["nowhere in this run"])
