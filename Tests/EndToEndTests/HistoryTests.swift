import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// `cairn search --history`: code that is gone, with the commit that removed it.
@Suite struct HistoryTests {
  private let kept = pythonFunction("stays_here", "remaining")

  @Test func `a function that was removed is found with the commit that removed it`() throws {
    var tree = try HistoryTree()
    try tree.commit("Add", ["src/stats.py": kept + pythonFunction("median_of", "ordered")])
    let removal = try tree.commit("Drop the median", ["src/stats.py": kept], author: "Bob Brown <bob@example.org>")
    try tree.commit("Later", ["README.md": "# Statistics\n\nNothing more.\n"])
    let hits = try tree.hits("median_of")
    let hit = try #require(hits.first)
    #expect(hits.count == 1 && hit.path == "src/stats.py" && hit.commit == removal)
    #expect(hit.revision == removal + "^" && hit.text.contains("def median_of") && !hit.text.contains("stays_here"))
    // The lines are those of that revision.
    let before = try tree.git("show", "\(hit.revision):\(hit.path)").split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(before[hit.lines.lowerBound - 1] == "def median_of(values):")

    let shown = try tree.cairn.run("search", "--history", "median_of")
    #expect(shown.code == 0)
    #expect(shown.outputText.contains("src/stats.py:"), "\(shown.outputText)")
    #expect(
      shown.outputText.contains("removed by \(removal.prefix(10))  2026-01-03  Bob Brown  Drop the median"),
      "\(shown.outputText)")
    #expect(try tree.cairn.run("search", "--history", "-l", "median_of").outputText == "src/stats.py\n")
    // The search of the tree does not know it.
    #expect(try tree.cairn.run("search", "median_of").code == 1)
  }

  @Test func `what was moved, renamed, indented or came back is not gone`() throws {
    var tree = try HistoryTree()
    let moved = pythonFunction("moved_away", "travelling")
    let back = pythonFunction("came_back", "returning")
    let inner = pythonFunction("moved_inside", "nested")
    try tree.commit("Add", ["a.py": kept + moved + back + inner, "b.py": "import os\n"])
    let indented = inner.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }
    try tree.commit(
      "Move",
      ["a.py": kept + back + "class Box:\n" + indented.joined(separator: "\n"), "b.py": "import os\n\n\n" + moved])
    try tree.git("mv", "b.py", "c.py")
    try tree.commit("Rename")
    try tree.commit("Remove", ["a.py": kept + "class Box:\n" + indented.joined(separator: "\n")])
    #expect(try tree.removals(of: "came_back").count == 1)
    // In another file, and cut in another way.
    try tree.commit("Bring it back", ["d.py": "import sys\n\n\n" + back + pythonFunction("unrelated", "fresh")])
    for name in ["moved_away", "came_back", "moved_inside"] {
      let result = try tree.cairn.run("search", "-q", "--history", name)
      #expect(result.code == 1 && result.outputText.isEmpty, "\(name): \(result.outputText)")
    }
  }

  @Test func `of a function that was changed the lines that went are found`() throws {
    var tree = try HistoryTree()
    let function = (0..<30).map { "    step_\($0) = compute(step_\($0))\n" }
    func text(_ middle: String) -> String {
      "def long_one():\n" + function[..<15].joined() + middle + function[15...].joined() + "    return step_29\n"
    }
    try tree.commit("Add", ["long.py": text("    frobnicate(step_14, deeply=True)\n")])
    let change = try tree.commit("Change", ["long.py": text("    polish(step_14)\n")])
    let hits = try tree.hits("frobnicate")
    #expect(hits.map(\.commit) == [change] && hits.first?.lines == 17...17)
    // What stayed is no part of it.
    #expect(try tree.hits("\"step_3 = compute(step_3)\"").isEmpty)
  }

  @Test func `a file that was deleted is found, and filters hold for its path`() throws {
    var tree = try HistoryTree()
    try tree.commit("Add", ["lib/old.py": pythonFunction("ancient_way", "relic"), "lib/new.go": "package lib\n"])
    let removal = try tree.commit("Delete", ["lib/old.py": nil])
    for filter in ["lang:python", "path:lib/", "path:/lib", "ext:py", "-path:tests", "path:old.py", "kind:function"] {
      #expect(try tree.hits("ancient_way", filter).map(\.commit) == [removal], "\(filter)")
    }
    for filter in ["lang:go", "path:/src", "ext:go", "-path:lib"] {
      #expect(try tree.hits("ancient_way", filter).isEmpty, "\(filter)")
    }
  }

  @Test func `a rename without change removes nothing`() throws {
    var tree = try HistoryTree()
    try tree.commit("Add", ["old_name.py": pythonFunction("same_as_ever", "constant")])
    try tree.git("mv", "old_name.py", "new_name.py")
    try tree.commit("Rename")
    let result = try tree.cairn.run("search", "--history", "same_as_ever")
    #expect(result.code == 1)
    #expect(result.errorText.contains("2 commits back to 2026-01-02"), "\(result.errorText)")
  }

  @Test func `a merge removes what it took away itself, and not what a side had removed`() throws {
    var tree = try HistoryTree()
    let sides = pythonFunction("base_version", "common")
    try tree.commit("Base", ["m.py": sides + kept, "n.py": pythonFunction("removed_on_side", "aside") + kept])
    try tree.git("checkout", "-q", "-b", "topic")
    let side = try tree.commit("Side", ["m.py": pythonFunction("theirs_only", "foreign") + kept, "n.py": kept])
    try tree.git("checkout", "-q", "main")
    let ours = try tree.commit("Ours", ["m.py": pythonFunction("ours_only", "domestic") + kept])
    _ = try tree.cairn.shell("git -c user.name=A -c user.email=a@b merge -q topic")
    let merge = try tree.commit("Merge", ["m.py": pythonFunction("ours_only", "domestic") + kept])
    #expect(try tree.git("rev-list", "--parents", "-1", "HEAD").split(separator: " ").count == 3)
    #expect(try tree.removals(of: "removed_on_side") == [side])
    #expect(Set(try tree.removals(of: "base_version")).isSubset(of: [side, ours]))
    #expect(try tree.removals(of: "ours_only").isEmpty)
    let both = try tree.commit("Resolve again", [:])
    #expect(both != merge)
  }

  @Test func `what a merge dropped of both sides is found with the merge`() throws {
    var tree = try HistoryTree()
    try tree.commit("Base", ["m.py": kept])
    try tree.git("checkout", "-q", "-b", "topic")
    try tree.commit("Side", ["m.py": pythonFunction("theirs_only", "foreign") + kept])
    try tree.git("checkout", "-q", "main")
    try tree.commit("Ours", ["m.py": pythonFunction("ours_only", "domestic") + kept])
    _ = try tree.cairn.shell("git -c user.name=A -c user.email=a@b merge -q topic")
    let merge = try tree.commit("Merge", ["m.py": pythonFunction("neither", "compromise") + kept])
    func revisions(_ name: String) throws -> [String] {
      try tree.hits(name).filter { $0.text.contains(name) }.map(\.revision)
    }
    #expect(try revisions("theirs_only") == [merge + "^2"])
    #expect(try revisions("ours_only") == [merge + "^"])
  }

  @Test func `a new commit adds what it removed, and a rewritten history drops what is not reached any more`() throws {
    var tree = try HistoryTree()
    try tree.commit(
      "Add", ["a.py": kept + pythonFunction("first_gone", "alpha") + pythonFunction("second_gone", "beta")])
    let first = try tree.commit("First", ["a.py": kept + pythonFunction("second_gone", "beta")])
    #expect(try tree.removals(of: "first_gone") == [first])
    let second = try tree.commit("Second", ["a.py": kept])
    let report = try tree.cairn.run("index", "--history", "--json")
    let object = try #require(try report.objects("history_report").first)
    #expect(object["new_commits"] as? Int == 1 && object["commits"] as? Int == 3, "\(object)")
    #expect(try tree.removals(of: "first_gone") == [first])
    #expect(try tree.removals(of: "second_gone") == [second])
    // As a rebase does: the same changes in other commits.
    try tree.git("reset", "-q", "--hard", "HEAD~2")
    let other = try tree.commit("First and second", ["a.py": kept])
    #expect(try tree.removals(of: "first_gone") == [other])
    #expect(try tree.removals(of: "second_gone") == [other])
    #expect(try tree.cairn.run("verify").code == 0)
  }

  @Test func `author, before and after hold for the commit`() throws {
    var tree = try HistoryTree()
    let one = pythonFunction("helper_one", "shared_word")
    let two = pythonFunction("helper_two", "shared_word")
    try tree.commit("Add", ["a.py": kept + one + two])
    let first = try tree.commit("One", ["a.py": kept + two], author: "Bob Brown <bob@example.org>")
    let second = try tree.commit("Two", ["a.py": kept], author: "Zoë Müller <zoe@example.net>")
    for (filter, expected) in [
      ("author:bob", [first]), ("author:BROWN", [first]), ("author:\"bob brown\"", [first]),
      ("author:example.net", [second]), ("author:müller", [second]), ("author:bob author:zoë", [first, second]),
      ("-author:bob", [second]), ("before:2026-01-04", [first]), ("after:2026-01-04", [second]),
      ("after:2026-01-03 before:2026-01-04", [first]), ("after:2026", [first, second]), ("before:2026", []),
      ("until:2026-01-04", [first]), ("since:2026-01-04", [second]), ("after:1day", []), ("author:nobody", []),
      ("AND (author:bob OR author:zoë)", [first, second]), ("AND NOT author:bob", [second]),
    ] {
      #expect(Set(try tree.hits("shared_word \(filter)").map(\.commit)) == Set(expected), "\(filter)")
    }
    let outside = try tree.cairn.run("search", "stays_here author:bob")
    #expect(outside.code == 0 && outside.errorText.contains("author:bob filtered nothing"), "\(outside.errorText)")
    #expect(outside.errorText.contains("--history"))
    for filter in ["after:content", "before:2026/01/31"] {
      let unclear = try tree.cairn.run("search", "--history", "shared_word", filter)
      #expect(unclear.errorText.contains("\"\(filter)\" names no time"), "\(unclear.errorText)")
    }
    #expect(!(try tree.cairn.run("search", "stays_here", "after:content").errorText.contains("names no time")))
    #expect(try tree.cairn.run("search", "--history", "author:bob").code == 2)
  }

  @Test func `a shallow clone says so`() throws {
    var tree = try HistoryTree()
    try tree.commit("Add", ["a.py": kept + pythonFunction("early", "dawn") + pythonFunction("late", "dusk")])
    try tree.commit("One", ["a.py": kept + pythonFunction("late", "dusk")])
    let second = try tree.commit("Two", ["a.py": kept])
    let clone = tree.cairn.home.root.appending("clone")
    try tree.git("clone", "-q", "--depth", "2", "file://\(tree.cairn.tree.root)", clone.description)
    let late = try tree.cairn.run("search", "--history", "--root", clone.description, "late")
    #expect(late.code == 0 && late.outputText.contains(second.prefix(10)), "\(late.outputText)")
    #expect(late.errorText.contains("shallow"), "\(late.errorText)")
    #expect(try tree.cairn.run("search", "--history", "--root", clone.description, "early").code == 1)
  }

  @Test func `a limit says where it ends`() throws {
    var tree = try HistoryTree()
    try tree.commit("Add", ["a.py": kept + pythonFunction("early", "dawn") + pythonFunction("late", "dusk")])
    let first = try tree.commit("One", ["a.py": kept + pythonFunction("late", "dusk")])
    try tree.commit("Two", ["a.py": kept])
    let limited = try tree.cairn.run("search", "--history", "--history-limit", "1", "early")
    #expect(limited.code == 1 && limited.errorText.contains("history_limit"), "\(limited.errorText)")
    #expect(try tree.removals(of: "early") == [first])
    #expect(try tree.cairn.run("search", "--history", "--history-limit", "1", "early").code == 1)
  }

  @Test func `a search of few commits leaves the index of more as it is`() throws {
    var tree = try HistoryTree()
    try tree.commit("Add", ["a.py": kept + pythonFunction("early", "dawn") + pythonFunction("late", "dusk")])
    let first = try tree.commit("One", ["a.py": kept + pythonFunction("late", "dusk")])
    let second = try tree.commit("Two", ["a.py": kept])
    func commitCount() throws -> Int? {
      let status = try tree.cairn.run("status", "--json").objects("status").first
      return (status?["history"] as? [String: Any])?["commits"] as? Int
    }
    #expect(try tree.removals(of: "early") == [first])
    for arguments in [["early"], ["early", "lang:python"], ["early", "author:ann"], ["--no-update", "early"]] {
      let limited = try tree.cairn.start(["search", "--history", "--history-limit", "1"] + arguments).wait()
      #expect(limited.code == 1 && limited.errorText.contains("history_limit"), "\(arguments): \(limited.errorText)")
    }
    let limited = try tree.cairn.run("search", "--history", "--history-limit", "1", "late")
    #expect(limited.code == 0 && limited.outputText.contains(second.prefix(10)), "\(limited.outputText)")
    #expect(try commitCount() == 3)
    // What a commit adds meanwhile does not take away what is older.
    try tree.commit("Three", ["b.py": pythonFunction("other", "noon")])
    #expect(try tree.cairn.run("search", "--history", "--history-limit", "2", "late").code == 0)
    #expect(try commitCount() == 4)
    // Who indexes so few wants no more.
    #expect(try tree.cairn.run("index", "--history", "--history-limit", "1").code == 0)
    #expect(try commitCount() == 1)
  }

  @Test func `without a repository, or without a commit, it says so`() throws {
    let cairn = try CairnProgram()
    try cairn.write("a.py", kept)
    let result = try cairn.run("search", "--history", "anything")
    #expect(result.code == 2 && result.errorText.contains("no git repository"), "\(result.errorText)")
    let tree = try HistoryTree()
    try tree.cairn.write("a.py", kept)
    let empty = try tree.cairn.run("search", "--history", "anything")
    #expect(empty.code == 1 && empty.errorText.contains("no commit here yet"), "\(empty.errorText)")
    #expect(
      try tree.cairn.run("search", "--history", "--no-update", "--root", cairn.tree.root.description, "x").code == 2)
  }

  @Test func `status, verify, doctor, vacuum and remove know the folder`() throws {
    var tree = try HistoryTree()
    try tree.commit("Add", ["a.py": kept + pythonFunction("early", "dawn")])
    try tree.commit("One", ["a.py": kept])
    #expect(try tree.cairn.run("index", "--history").outputText.contains("history: 2 commits read"))
    let status = try tree.cairn.run("status")
    #expect(status.outputText.contains("history      2 commits back to 2026-01-02"), "\(status.outputText)")
    let history = try tree.cairn.run("status", "--json").objects("status").first?["history"] as? [String: Any]
    #expect(history?["commits"] as? Int == 2 && history?["shallow"] as? Bool == false)
    #expect(try tree.cairn.run("verify").code == 0)
    let doctor = try tree.cairn.run("doctor")
    #expect(doctor.code == 0 && !doctor.outputText.contains("did not make"), "\(doctor.outputText)")
    #expect(try tree.cairn.run("vacuum").code == 0)
    #expect(try tree.hits("early").count == 1)
    let removal = try tree.cairn.run("remove")
    #expect(removal.code == 0 && !fileExists(tree.cairn.tree.root.appending(".cairn")), "\(removal.errorText)")
  }

  @Test func `a history may be all that is indexed`() throws {
    var tree = try HistoryTree()
    try tree.commit("Add", ["a.py": kept + pythonFunction("early", "dawn")])
    try tree.commit("One", ["a.py": kept])
    #expect(try tree.cairn.run("index", "--history").code == 0)
    for command in ["verify", "vacuum"] {
      let result = try tree.cairn.run(command)
      #expect(result.code == 0, "\(command): \(result.errorText)")
    }
    #expect(try tree.git("status", "--porcelain").isEmpty, "git is told to leave the directory out")
    let place = tree.cairn.tree.root.appending(".cairn/history")
    let line = "for f in \(place)/segments/*.segment; do printf bad | dd of=$f conv=notrunc seek=100 bs=1; done"
    #expect(try tree.cairn.shell(line).code == 0)
    let doctor = try tree.cairn.run("doctor")
    #expect(doctor.code == 2 && doctor.outputText.contains("cairn index --history"), "\(doctor.outputText)")
    let verification = try tree.cairn.run("verify")
    #expect(verification.code == 2 && verification.outputText.contains("cairn index --history"))
    #expect(try tree.cairn.run("index", "--history").code == 0)
    #expect(try tree.cairn.run("verify").code == 0)
    #expect(try tree.hits("early").count == 1)
    // A repair leaves nothing damaged: what can be made again is removed.
    #expect(try tree.cairn.shell(line).code == 0)
    let repair = try tree.cairn.run("doctor", "--repair")
    #expect(repair.code == 0 && repair.outputText.contains("removed "), "\(repair.outputText)\(repair.errorText)")
    #expect(!fileExists(place))
    #expect(try tree.hits("early").count == 1)
  }

  @Test func `a quoted text that still stands beside what is gone is not said to be gone`() throws {
    var tree = try HistoryTree()
    let stays = "def alpha_keep(a):\n    return a\n"
    try tree.commit("Add", ["m.py": stays + "\n\ndef beta_gone(b):\n    return b * 3\n"])
    let second = try tree.commit("Cut", ["m.py": stays])
    #expect(try tree.cairn.run("search", "--history", "\"alpha_keep\"").code == 1)
    #expect(try tree.hits("\"beta_gone\"").map(\.commit) == [second])
  }

  @Test func `hostile names, subjects and paths are shown safely`() throws {
    var tree = try HistoryTree()
    let path: FilePath = "we\nird \u{1B}[31m.py"
    try tree.commit(
      "Add", [path: kept + pythonFunction("odd_one", "strange"), "b.py": pythonFunction("even_one", "plain")])
    try tree.commit(
      "\u{1B}]0;title\u{7} \u{202E}subject", [path: kept, "b.py": nil],
      author: "\u{1B}[2J Mallory\u{85} <m@example.org>")
    let shown = try tree.cairn.run("search", "--history", "even_one")
    #expect(shown.code == 0 && !shown.outputText.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
    let hits = try tree.hits("even_one")
    #expect(hits.count == 1)
    // Whatever git makes of a path with a line break, nothing else suffers.
    let odd = try tree.cairn.run("search", "--history", "odd_one")
    #expect(!odd.outputText.contains("\u{1B}") && !odd.errorText.contains("\u{1B}"))
  }

  @Test func `a part of a repository has the history of that part`() throws {
    var tree = try HistoryTree()
    try tree.commit(
      "Add",
      ["part/a.py": kept + pythonFunction("in_part", "inner"), "b.py": kept + pythonFunction("outside", "outer")])
    let removal = try tree.commit("Remove", ["part/a.py": kept, "b.py": kept])
    let part = tree.cairn.tree.root.appending("part").description
    let found = try tree.cairn.run("search", "--history", "--json", "--root", part, "in_part")
    let hit = try #require(try found.objects("result").first)
    #expect(hit["path"] as? String == "a.py")
    #expect((hit["removed_by"] as? [String: Any])?["commit"] as? String == removal)
    #expect(try tree.cairn.run("search", "--history", "--root", part, "outside").code == 1)
  }
}
