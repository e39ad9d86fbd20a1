"""The tables of Docs/BENCHMARKS.md, written between its marks from the newest kept runs, so that no figure is copied by
hand."""
import re
import textwrap

from common import ROOT
from svg import bytes_text, seconds_text

PAGE = ROOT / "Docs/BENCHMARKS.md"


def write(runs):
    """Replaces the part between the marks of each benchmark that has a run and marks in the page. Gives the names that
    were written."""
    text = PAGE.read_text(encoding="utf-8")
    written = []
    for name, table in TABLES.items():
        kept = runs(name)
        if kept is None:
            continue
        mark = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        when = (f"{kept['machine']['processor']}, {kept['machine']['cores']} cores, {kept['date']}, "
                f"commit {kept['revision']}; raw figures in "
                f"[{kept['date']}-{name}.json](../Benchmarks/runs/{kept['date']}-{name}.json).")
        body = "\n".join(row(cells) for cells in table(kept))
        text, count = mark.subn(as_it_is(f"\n{body}\n\n{prose(when)}\n\n"), text)
        if count:
            written.append(name)
    PAGE.write_text(text, encoding="utf-8")
    return written


def as_it_is(content):
    """What puts a text between two marks, whatever backslashes are in it."""
    return lambda match: match[1] + content + match[2]


def row(cells):
    """A row of a table; what is one string is a rule or prose."""
    if not isinstance(cells, str):
        return "| " + " | ".join(str(c) for c in cells) + " |"
    return cells if cells.startswith("|") else prose(cells)


def prose(text):
    """A paragraph in lines as wide as those of all pages."""
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def rule(count):
    return "|" + "---|" * count


def times(spread):
    return [seconds_text(spread[k]) for k in ("p50", "p95", "p99")] if spread else ["", "", ""]


def kernel(kept):
    bench, small, fixed = kept["bench"], kept["small_memory"], kept["fixed_questions"]
    seconds = bench["index"]["seconds"]["p50"]
    parse = bench["read_and_parse_seconds"]
    yield ["", ""]
    yield rule(2)
    yield ["files, source, chunks", f"{bench['files']:,}, {bytes_text(bench['source_bytes'])}, {bench['chunks']:,}"]
    yield ["index from nothing", f"{seconds_text(seconds)} ({bytes_text(bench['index']['bytes_per_second'])}/s, "
                                 f"{bench['index']['files_per_second']:,.0f} files/s)"]
    if parse:
        yield ["reading and parsing alone, same run", seconds_text(parse["p50"])]
        yield ["ratio", f"{bench['parse_ratio']:.2f}"]
    yield ["private / resident memory, at the peak", memory(bench["index"]["memory"])]
    yield [f"the same with `--max-memory-mb {small['max_memory_mb']}`",
           f"{memory(small)}, {seconds_text(small['seconds'])}"]
    yield ["index on disk",
           f"{bytes_text(bench['size']['index_bytes'])}, {bench['size']['ratio']:.2f} times the source"]
    yield ["nothing changed", seconds_text(bench["unchanged_seconds"]["p50"])]
    yield ["one file changed, then a search", seconds_text(bench["changed_file_then_search_seconds"]["p50"])]
    for label, spread in (("search, cold process", fixed["cold_search_seconds"]),
                          ("the same with its update", fixed["cold_search_with_update_seconds"]),
                          ("search, warm process", fixed["warm_search"]["seconds"]),
                          ("`ripgrep` for the words", fixed["ripgrep"]["search_seconds"])):
        yield [label + ", p50 / p95 / p99", " / ".join(times(spread))]


def memory(figures):
    return f"{bytes_text(figures['own_bytes'])} / {bytes_text(figures['resident_bytes'])}"


def rivals(kept):
    for tree, result in kept["trees"].items():
        us, them, ratio = result["cairn"], result["semble"], result["ratios"]
        yield ""
        yield (f"`{tree}`: {us['files']:,} files, {bytes_text(us['source_bytes'])}; Cairn cuts them into "
               f"{us['chunks']:,} chunks, semble {them['files']:,} of them into {them['chunks']:,}.")
        yield ""
        yield ["", "Cairn", "semble", "times"]
        yield rule(4)
        for label, key, name in (("index", "index_seconds", "index"),
                                 ("search, cold process, with update", None, "cold_search_with_update"),
                                 ("search, cold process, index as it is", "cold_search_seconds", "cold_search"),
                                 ("search, warm process", "warm_search_seconds", "warm_search")):
            ours = us[key or "cold_search_with_update_seconds"]["p50"]
            theirs = them[key or "cold_search_seconds"]["p50"]
            yield [label, seconds_text(ours), seconds_text(theirs), f"{ratio[name]:.1f}"]
        for label, kind in (("private memory to index", "own"), ("resident memory to index", "resident")):
            yield [label, bytes_text(us[f"index_{kind}_bytes"]), bytes_text(them[f"index_{kind}_bytes"]),
                   f"{ratio[f'{kind}_memory_to_index']:.1f}"]
        yield ["index on disk", bytes_text(us["index_bytes"]), bytes_text(them["index_bytes"]),
               f"{them['index_bytes'] / us['index_bytes']:.1f}"]
        yield ""
        yield ["", "index", "index on disk", "search, p50 / p95 / p99"]
        yield rule(4)
        for program in ("ripgrep", "git grep", "codesearch", "ctags"):
            found = result.get(program)
            if found is None:
                continue
            index = found.get("index_seconds")
            yield [f"`{program}`", seconds_text(index["p50"]) if index else "",
                   bytes_text(found["index_bytes"]) if index else "",
                   " / ".join(times(found["search_seconds"]))]


def arena(kept):
    queries = kept["quality"]["cairn"]["all"]["queries"]
    names = {"index_seconds": "time to index", "index_own_bytes": "memory", "index_bytes": "index on disk",
             "search_seconds": "search, cold"}
    yield ["", "NDCG@10", "first right", "one of ten", *(f"{title}, times" for title in names.values())]
    yield rule(8)
    (ratios,) = list(kept["ratios"].values())[:1]
    for name, figures in sorted(kept["quality"].items(), key=lambda f: -f[1]["all"]["ndcg"]):
        mean, of = figures["all"], ratios.get(name, dict.fromkeys(names, 1))
        yield [name, f"{mean['ndcg']:.3f}", f"{mean['first']:.0%}", f"{mean['in_ten']:.0%}",
               *(f"{of[key]:.3g}" if key in of else "" for key in names)]
    yield ""
    yield (f"Quality is of files, on {queries} queries over nine corpora; a grep's files are ordered by how many of "
           "their lines have a word of the query, and `ctags`' by their names. The times are those of Cairn, on "
           f"`{next(iter(kept['ratios']))}`: 2 is twice as long or large. Semble's index is its first search, "
           "imports and model included. Where Cairn loses:")
    yield ""
    for line in kept["losses"]:
        yield f"- {line}"


def growth(kept):
    yield ["files", "chunks", "source", "index", "own / resident", "on disk", "nothing changed", "cold",
           "warm p50 / p99"]
    yield rule(9)
    for p in kept["points"]:
        warm = p["warm_search_seconds"]
        yield [f"{p['files']:,}", f"{p['chunks']:,}", bytes_text(p["source_bytes"]), seconds_text(p["index_seconds"]),
               memory(p), f"{bytes_text(p['index_bytes'])} ({p['index_by_source']:.2f})",
               seconds_text(p["unchanged_seconds"]["p50"]),
               seconds_text(p["cold_search_seconds"]["p50"]),
               f"{seconds_text(warm['p50'])} / {seconds_text(warm['p99'])}"]


def soak(kept):
    yield ["searches", "p50", "p95", "p99", "how many"]
    yield rule(5)
    for label, key in (("one after the other, nothing else", "idle_search_seconds"),
                       (f"{kept['searchers']} at once, no writer", "search_seconds_of_all_searchers_without_writer"),
                       (f"{kept['searchers']} at once, and a writer", "search_seconds")):
        yield [label, *times(kept[key]), f"{kept[key]['count']:,}"]
    yield ""
    left = kept["left_index"]
    holds = "the same files and as many chunks as" if left["same_files_and_chunks"] else "NOT what"
    yield (f"{kept['minutes']:g} minutes on {kept['files']:,} files: {kept['searches']:,} searches with "
           f"{kept['errors']} errors, {kept['index_runs']:,} index runs after {kept['files_changed']:,} changes with "
           f"{kept['index_errors']}. The index that was left holds {holds} a fresh one does, and gives the same first "
           f"result for {left['same_first_result']} of {left['questions']} queries, the same ten for "
           f"{left['same_results']}.")


def crowd(kept):
    life = max(kept["own_bytes_of_watchers"], key=lambda life: life["looks"])
    yield [f"{kept['minutes']:g} minutes, {kept['files']:,} files in each of {kept['trees']} work trees", ""]
    yield rule(2)
    yield ["searches; judged; errors; wrong answers", f"{kept['searches']:,}; {kept['judged']:,}; {kept['errors']}; "
                                                      f"{kept['wrong_answers']}"]
    yield ["not judged: changed while it was asked for; told that another process is at work",
           f"{kept['changed_while_asked']:,}; {kept['told_of_another_process']:,}"]
    yield ["answered with the watcher's help", f"{kept['freshness'].get('watched', 0):,}"]
    yield [f"search, {kept['searchers']} at once, p50 / p95 / p99", " / ".join(times(kept["search_seconds"]))]
    yield ["edits; rebases and checkouts; watchers killed",
           f"{kept['edits']:,}; {kept['rebases']:,}; {kept['watchers_killed']:,}"]
    yield ["most holders of a tree at once; looks; of them without a holder",
           f"{kept['most_holders_of_a_tree']}; {kept['looks_at_holders']:,}; {kept['looks_without_holder']:,}"]
    yield ["private memory of the longest watcher: second quarter / last quarter / peak",
           f"{bytes_text(life['second_quarter'])} / {bytes_text(life['last_quarter'])} / {bytes_text(life['peak'])}"]
    yield ["indexes that are as new ones in the end", f"{kept['left_indexes_as_fresh_ones']} of {kept['trees']}"]


def watching(kept):
    yield ["files, directories", "edit to commit, p50 / p95 / p99", "edit to answer, p50", "search: beside / without",
           "idle", "storm: files, seconds to quiet, missed, ghosts"]
    yield rule(6)
    for point in kept["points"]:
        idle, storm = point["idle"], point["storm"]
        yield [f"{point['files']:,}, {point['directories']:,}", " / ".join(times(point["edit_to_commit_seconds"])),
               seconds_text(point["edit_to_answer_seconds"]["p50"]),
               " / ".join(seconds_text(point[name]["p50"])
                          for name in ("search_seconds", "search_seconds_without_watcher")),
               f"{idle['processor_seconds']:.2f} s of a core in {idle['seconds']:g} s, "
               f"{bytes_text(idle['own_bytes'])} of its own",
               f"{storm['files']:,}, {seconds_text(storm['seconds_to_quiet'])}, {storm['missed']}, {storm['ghosts']}"]


def idle(kept):
    yield [f"{kept['minutes']:g} minutes: files, directories", "processor time", "private memory: before / after",
           "resident"]
    yield rule(4)
    for point in kept["points"]:
        yield [f"{point['files']:,}, {point['directories']:,}", f"{point['processor_seconds']:.2f} s",
               f"{bytes_text(point['own_bytes_before'])} / {bytes_text(point['own_bytes'])}",
               bytes_text(point["resident_bytes"])]


def million(kept):
    warm = kept["warm_search"]["seconds"]
    yield ["", ""]
    yield rule(2)
    yield ["files, source, chunks", f"{kept['files']:,}, {bytes_text(kept['source_bytes'])}, {kept['chunks']:,}"]
    yield ["index from nothing", f"{seconds_text(kept['index_seconds'])}, {memory(kept)}"]
    yield ["search, warm process, p50 / p95 / p99", " / ".join(times(warm))]
    yield ["search, cold process, p50 / p95 / p99", " / ".join(times(kept["cold_search_seconds"]))]
    yield ["memory of a process that searches, own / resident", memory(kept["warm_search"])]
    for scan in kept["scans"]:
        yield [f"`{scan['part']}` of 1,000,000 vectors",
               f"{seconds_text(scan['nanoseconds_per_item'] * 1e-3)}, {scan['times_a_plain_read']:.2f} "
               "times the memory-bandwidth baseline"]


def cores(kept):
    one, two = kept["one_core"], kept["two_cores"]
    yield ["", "one core", "two cores", "times"]
    yield rule(4)
    rows = [("index", "index_seconds", None), ("processor seconds", "index_processor_seconds", None),
            ("cold search with update", "cold_search_with_update_seconds", "p50"),
            ("cold search", "cold_search_seconds", "p50"),
            ("warm search", "warm_search_seconds", "p50")]
    for label, key, rank in rows:
        a, b = (one[key][rank], two[key][rank]) if rank else (one[key], two[key])
        yield [label, seconds_text(a), seconds_text(b), f"{a / b:.2f}"]
    yield ""
    yield (f"With two cores {kept['cores_busy_with_two']:.2f} are busy; {kept['idle_core_seconds_with_two']:.1f} core "
           f"seconds are idle, and processor time is {kept['processor_seconds_added_by_the_second']:+.1f} s beside "
           "that of one. Thread seconds by stage:")
    yield ""
    yield ["stage", "one core", "two cores"]
    yield rule(3)
    later = {s["stage"]: s["seconds"] for s in two["stages"]}
    for stage in one["stages"]:
        yield [stage["stage"], f"{stage['seconds']:.2f} s", f"{later.get(stage['stage'], 0):.2f} s"]


def lowmemory(kept):
    yield ["limit", "peak of the group", "cold search, p50 / p99", "warm search, p50 / p99", "same answers"]
    yield rule(5)
    free = kept["without_limit_cold_search_seconds"]
    yield ["none", "", f"{seconds_text(free['p50'])} / {seconds_text(free['p99'])}", "", ""]
    for limit in kept["limits"]:
        cold, warm = limit["cold_search_seconds"], limit["warm_search"].get("seconds")
        yield [bytes_text(limit["limit_bytes"]), bytes_text(limit["peak_bytes"]) if limit["peak_bytes"] else "",
               f"{seconds_text(cold['p50'])} / {seconds_text(cold['p99'])}",
               f"{seconds_text(warm['p50'])} / {seconds_text(warm['p99'])}" if warm else "given up",
               "yes" if limit["same_answers"] else f"no, {limit['killed']} killed"]
    yield ""
    yield f"The index has {bytes_text(kept['index_bytes'])}; limited by: {kept['limited_by']}."


def profiles(kept):
    yield ["profile", "files", "index: profile / derived", "private memory: profile / derived",
           "time of derived sizes, by the profile's"]
    yield rule(5)
    for name, found in kept["profiles"].items():
        a, b = found["profile"], found["derived"]
        yield [f"`{name}`", f"{found['files']:,}",
               f"{seconds_text(a['index_seconds'])} / {seconds_text(b['index_seconds'])}",
               f"{bytes_text(a['own_bytes'])} / {bytes_text(b['own_bytes'])}", f"{found['time_of_derived']:.2f}"]


def parts(kept):
    instructions = kept["instructions"].get("per_item", {})
    yield ["part", "time", "rate", "instructions", "allocations", "the memory-bandwidth baseline is"]
    yield rule(6)
    for p in kept["synthetic"]["parts"]:
        rate = f"{bytes_text(p['bytes_per_second'])}/s" if p.get("bytes_per_second") else ""
        count = instructions.get(p["part"])
        yield [p["part"], f"{p['nanoseconds_per_item']:,.4g} ns a {p['unit']}", rate, f"{count:,.4g}" if count else "",
               f"{p['allocations_per_item']:.3g}",
               f"{p['times_a_plain_read']:.2f} times faster" if p.get("times_a_plain_read") else ""]
    yield ""
    yield f"Instructions are for each item, by {kept['instructions'].get('from', 'nobody')} on smaller input" \
          f"{' with ' + kept['instructions']['features'] if kept['instructions'].get('features') else ''}."


TABLES = {"kernel": kernel, "rivals": rivals, "arena": arena, "growth": growth, "soak": soak, "crowd": crowd,
          "watching": watching, "idle": idle, "million": million, "cores": cores, "lowmemory": lowmemory,
          "profiles": profiles, "parts": parts}
