"""Draws Benchmarks/plots/*.svg and writes the tables of Docs/BENCHMARKS.md, from the newest kept run of each
benchmark."""
import json

import page
import svg
from common import ROOT, RUNS, say

PLOTS = ROOT / "Benchmarks/plots"


def add_arguments(parser):
    pass


def run(options):
    PLOTS.mkdir(parents=True, exist_ok=True)
    for benchmark, draw in (("growth", growth), ("rivals", rivals), ("kernel", kernel), ("cores", cores),
                            ("soak", soak), ("parts", parts)):
        kept = newest(benchmark)
        if kept is None:
            say(f"no run of {benchmark} is kept: its plots stay as they are")
            continue
        for name, drawing in draw(kept):
            if drawing is None:
                continue
            target = PLOTS / f"{name}.svg"
            if options.dry:
                say(f"would draw {target.relative_to(ROOT)}")
            else:
                target.write_text(drawing, encoding="utf-8")
                say(f"drew {target.relative_to(ROOT)} from {kept['date']}-{benchmark}.json")
    if not options.dry:
        say(f"wrote the tables of {page.PAGE.relative_to(ROOT)}: {', '.join(page.write(newest))}")


def newest(benchmark):
    runs = sorted(RUNS.glob(f"????-??-??-{benchmark}.json"))
    return json.loads(runs[-1].read_text(encoding="utf-8")) if runs else None


def source(kept):
    cores = kept["machine"]["cores"]
    return f"{kept['machine']['processor']}, {cores} cores, {kept['date']}"


def growth(kept):
    points = kept["points"]

    def series(name, value):
        return name, [(p["files"], value(p)) for p in points]

    note = source(kept)
    yield "growth-time", svg.lines("Time against the number of files", note, "files indexed", [
        series("index", lambda p: p["index_seconds"]),
        series("nothing changed", lambda p: p["unchanged_seconds"]["p50"]),
        series("cold, with update", lambda p: p["cold_search_with_update_seconds"]["p50"]),
        series("cold search", lambda p: p["cold_search_seconds"]["p50"]),
        series("warm search", lambda p: p["warm_search_seconds"]["p50"]),
    ], svg.seconds_text)
    yield "growth-memory", svg.lines("Memory and size against the number of files", note, "files indexed", [
        series("source", lambda p: p["source_bytes"]), series("index on disk", lambda p: p["index_bytes"]),
        series("resident", lambda p: p["resident_bytes"]), series("its own", lambda p: p["own_bytes"]),
    ], svg.bytes_text)


# One colour for each program in every plot.
PROGRAMS = ["cairn", "semble", "ripgrep", "git grep", "codesearch", "ctags"]


def p50(result, program, key):
    return (result.get(program, {}).get(key) or {}).get("p50")


def rivals(kept):
    note = source(kept)
    groups = {"rivals-index": [], "rivals-search": [], "rivals-memory": [], "rivals-size": []}
    for tree, result in kept["trees"].items():
        name = f"{tree}: {result['cairn']['files']:,} files"
        colour = PROGRAMS.index
        index = {p: p50(result, p, "index_seconds") for p in PROGRAMS}
        groups["rivals-index"].append((name, [(p, index[p], colour(p)) for p in PROGRAMS if index[p]]))
        groups["rivals-search"].append((name, [
            ("cairn, warm", p50(result, "cairn", "warm_search_seconds"), 0),
            ("semble, warm", p50(result, "semble", "warm_search_seconds"), 1),
            ("cairn, cold", p50(result, "cairn", "cold_search_seconds"), 0),
            ("cairn, cold with update", p50(result, "cairn", "cold_search_with_update_seconds"), 0),
            ("semble, cold", p50(result, "semble", "cold_search_seconds"), 1),
            *[(f"{p}, lines with the words", p50(result, p, "search_seconds"), colour(p))
              for p in ("ripgrep", "git grep", "codesearch")],
            ("ctags, one name", p50(result, "ctags", "search_seconds"), colour("ctags"))]))
        for group, key in (("rivals-memory", "index_own_bytes"), ("rivals-size", "index_bytes")):
            values = {p: result.get(p, {}).get(key) for p in PROGRAMS}
            groups[group].append((name, [(p, value, colour(p)) for p, value in values.items() if value]))
    for plot, title, text in (
            ("rivals-index", "Time to an index", svg.seconds_text),
            ("rivals-search", "Time of a search, the middle of 20 questions", svg.seconds_text),
            ("rivals-memory", "Private memory to index, at the peak", svg.bytes_text),
            ("rivals-size", "Index on disk", svg.bytes_text)):
        yield plot, svg.bars(title, note, groups[plot], text)


def kernel(kept):
    bench = kept["bench"]
    parse = (bench["read_and_parse_seconds"] or {}).get("p50")
    bars = [("read and parse alone", parse, 1)] if parse else []
    stages = [(s["stage"], s["seconds"], 2) for s in bench["index"]["stages"] if s["seconds"] > 0]
    yield "kernel-time", svg.bars("The Linux kernel: an index, and where its time goes", source(kept), [
        ("on a clock", [*bars, ("index from nothing", bench["index"]["seconds"]["p50"], 0)]),
        ("seconds of all threads, by stage", stages)], svg.seconds_text, logarithmic=False)


def cores(kept):
    one, two = kept["one_core"], kept["two_cores"]
    yield "cores", svg.bars(f"One core and two: an index {kept['index_speed_up']:.2f} times as fast", source(kept), [
        ("index", [("one core", one["index_seconds"], 1), ("two cores", two["index_seconds"], 0)]),
        ("seconds of all threads",
         [("one core", one["index_processor_seconds"], 1), ("two cores", two["index_processor_seconds"], 0)]),
    ], svg.seconds_text, logarithmic=False)


def soak(kept):
    groups = [(name, [(rank, kept[key][rank], colour) for rank in ("p50", "p95", "p99")]) for name, key, colour in (
        ("one searcher, nothing else", "idle_search_seconds", 0),
        (f"{kept['searchers']} searchers, no writer", "search_seconds_of_all_searchers_without_writer", 2),
        (f"{kept['searchers']} searchers and a writer", "search_seconds", 1))]
    yield "soak", svg.bars(f"Searches while the index changes: {kept['searches']:,} searches, {kept['errors']} errors",
                           source(kept), groups, svg.seconds_text, logarithmic=False)


def parts(kept):
    rates = [(p["part"], p["bytes_per_second"], 0) for p in kept["synthetic"]["parts"] if p.get("bytes_per_second")]
    yield "parts", svg.bars("Bytes a second through each part, one thread", source(kept), [("", rates)],
                            lambda v: svg.bytes_text(v) + "/s")
