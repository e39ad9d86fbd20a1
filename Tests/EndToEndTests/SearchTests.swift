import Foundation
import Primitives
import TestSupport
import Testing

@Suite struct SearchTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  @Test func `the first search builds the index and answers`() throws {
    let result = try cairn.run("search", "parse", "a", "date", "from", "an", "email", "header")
    #expect(result.code == 0)
    // The line that answers is the one that says it in these words.
    #expect(result.outputLines.first?.hasPrefix("src/dates.py:2  parse_email_date") == true, "\(result.outputText)")
    #expect(result.outputText.contains("1  def parse_email_date(header):"))
    #expect(try cairn.run("status").code == 0)
  }

  @Test func `nothing found is exit code 1 and no output`() throws {
    let result = try cairn.run("search", "--lang", "cobol", "date")
    #expect(
      result.code == 1 && result.output.isEmpty && result.errorText.hasPrefix("cairn: note: no indexed file is in"),
      "\(result.errorText)")
  }

  @Test func `errors are exit code 2 and one line that says what to do`() throws {
    #expect(try cairn.run("search", "--no-update", "x").code == 2)
    #expect(try cairn.run("search", "--no-update", "x").errorText.contains("run `cairn index`"))
    #expect(try cairn.run("search", "--root", "/nowhere/at/all", "x").code == 2)
    #expect(try cairn.run("search", "").errorText == "cairn: the query is empty\n")
    #expect(try cairn.run("search", "--kind", "functon", "x").errorText.contains("did you mean \"function\"?"))
    #expect(try cairn.run("search", "-n", "0", "x").errorText.contains("-n takes a whole number from 1 to 10000"))
    #expect(try cairn.run("search", "--frobnicate", "x").code == 2)
  }

  @Test func `a page is a prefix of a longer page`() throws {
    let question = ["search", "--json", "parse multiply listen sessions"]
    let long = try cairn.start(question + ["-n", "50"]).wait().paths()
    #expect(long.count >= 4)
    for limit in 1...long.count {
      let page = try cairn.start(question + ["-n", "\(limit)"]).wait().paths()
      #expect(page == Array(long.prefix(limit)))
    }
  }

  @Test func `filters hold as options and inside the question`() throws {
    #expect(Set(try cairn.run("search", "--json", "--lang", "c", "multiply parse").paths()) == ["lib/matrix.c"])
    #expect(Set(try cairn.run("search", "--json", "multiply parse lang:c").paths()) == ["lib/matrix.c"])
    let both = try cairn.run("search", "--json", "--path", "src/**", "--path", "lib/**", "multiply parse listen")
      .paths()
    #expect(Set(both) == ["src/dates.py", "src/server.js", "lib/matrix.c"])
    let kinds = try cairn.run("search", "--json", "--kind", "function", "multiply parse listen").objects("result")
    #expect(!kinds.isEmpty)
    for hit in kinds {
      let symbols = hit["symbols"] as? [[String: Any]] ?? []
      #expect(symbols.contains { $0.text("kind") == "function" })
    }
  }

  @Test func `only files, one a line, for other programs`() throws {
    let result = try cairn.run("search", "-l", "expireSessions listen")
    #expect(result.outputLines.first == "src/server.js")
    #expect(Set(result.outputLines).count == result.outputLines.count)
    let null = try cairn.run("search", "-l0", "-n1", "expireSessions")
    #expect(null.output == Array("src/server.js\0".utf8))
  }

  @Test func `paths are those of the directory one stands in`() throws {
    _ = try cairn.run("index")
    let inside = try cairn.run("search", "-l", "-n1", "multiply_matrices", in: cairn.tree.root.appending("src"))
    #expect(inside.outputLines == ["../lib/matrix.c"], "\(inside.errorText)")
    let outside = try cairn.run("search", "--root", cairn.tree.root.description, "-l", "-n1", "leap_year", in: "/")
    #expect(outside.outputLines == [String(cairn.tree.root.description.dropFirst()) + "/src/dates.py"])
  }

  @Test func `an explanation names the signals and their parts`() throws {
    let plain = try cairn.run("search", "-n1", "leap_year")
    let explained = try cairn.run("search", "-n1", "--explain", "leap_year")
    #expect(explained.outputLines.count > plain.outputLines.count)
    let hit = try #require(try cairn.run("search", "-n1", "--json", "--explain", "leap_year").objects("result").first)
    let parts = try #require(hit["explanation"] as? [[String: Any]])
    #expect(parts.allSatisfy { $0.text("signal") != nil && $0["value"] is NSNumber && $0.text("note") != nil })
    #expect(!parts.isEmpty)
  }

  @Test func `places like the code at a line are found, and the place itself is not among them`() throws {
    let result = try cairn.run("related", "src/dates.py:2", "--json")
    #expect(result.code == 0, "\(result.errorText)")
    for hit in try result.objects("result") {
      let lines = (hit.number("start_line") ?? 0)...(hit.number("end_line") ?? 0)
      #expect(hit.text("path") != "src/dates.py" || !lines.contains(2))
    }
    #expect(try cairn.run("related", "src/dates.py").code == 2)
    #expect(try cairn.run("related", "src/none.py:1").code == 2)
    #expect(try cairn.run("related", "/etc/passwd:1").code == 2)
  }

  @Test func `the context is as wide as was asked`() throws {
    let whole = try cairn.run("search", "-n1", "--json", "-C", "all", "multiply_matrices").objects("result")
    let narrow = try cairn.run("search", "-n1", "--json", "-C", "0", "multiply_matrices").objects("result")
    let wholeLines = whole.first?["snippet"] as? [String] ?? []
    let narrowLines = narrow.first?["snippet"] as? [String] ?? []
    #expect(wholeLines.count == (whole[0].number("end_line") ?? 0) - (whole[0].number("start_line") ?? 0) + 1)
    #expect(!narrowLines.isEmpty && narrowLines.count < wholeLines.count)
  }

  @Test func `lines that moved after the index was built are found where they are now`() throws {
    _ = try cairn.run("index")
    let before = try #require(try cairn.run("search", "--json", "-n1", "leap_year").objects("result").first)
    let file = try readFileBytes(cairn.tree.root.appending("src/dates.py"))
    try cairn.tree.write("src/dates.py", Array("# one\n# two\n# three\n".utf8) + file)
    let after = try #require(
      try cairn.run("search", "--json", "-n1", "--no-update", "leap_year").objects("result").first)
    #expect(after["moved"] as? Bool == true)
    #expect(after.number("start_line") == before.number("start_line").map { $0 + 3 })
    #expect(after["snippet"] as? [String] == before["snippet"] as? [String])
  }

  @Test func `code that vanished after the index was built is dropped and counted`() throws {
    _ = try cairn.run("index")
    try cairn.write("lib/matrix.c", "int nothing_here;\n")
    try cairn.tree.remove("src/dates.py")
    let result = try cairn.run("search", "--json", "--no-update", "multiply_matrices leap_year")
    #expect(!(try result.paths()).contains { $0 == "lib/matrix.c" || $0 == "src/dates.py" })
    #expect(try result.objects("summary").first?.number("vanished") ?? 0 >= 2)
    let text = try cairn.run("search", "--no-update", "multiply_matrices leap_year")
    #expect(text.errorText.contains("left out because the code is no longer in its file"))
  }

  @Test func `a file that cannot be read while answering is named, and not said to have lost its code`() throws {
    _ = try cairn.run("index")
    // As a repository could have it done between indexing and answering; the disk holds none of it.
    #expect(try cairn.shell("truncate -s 10G src/dates.py && rm lib/matrix.c && mkfifo lib/matrix.c").code == 0)
    let question = "multiply_matrices leap_year"
    let summary = try #require(
      try cairn.run("search", "--json", "--no-update", question).objects("summary").first)
    #expect((summary.number("vanished") ?? 0) >= 1 && (summary.number("unreadable") ?? 0) >= 1)
    let failures = try #require(summary["failures"] as? [[String: Any]])
    #expect(failures.map { $0["path"] as? String } == ["src/dates.py"])
    #expect(failures.first?["code"] as? String == "too-large")
    let text = try cairn.run("search", "--no-update", question)
    #expect(text.errorText.contains("left out because a file could not be read"), "\(text.errorText)")
    #expect(text.errorText.contains("cairn: unreadable: src/dates.py: it has 10737418240 bytes"), "\(text.errorText)")
    #expect(text.errorText.contains("left out because the code is no longer in its file"))
    let related = try cairn.run("related", "--no-update", "src/dates.py:1")
    #expect(related.code == 2 && related.errorText.contains("it has 10737418240 bytes"), "\(related.errorText)")
    // Nothing else is said where nothing else is true.
    let ask = try cairn.run("ask", "--no-update", "--context-only", question)
    #expect(ask.errorText.contains("cairn: unreadable: src/dates.py"), "\(ask.errorText)")
  }

  @Test func `what is found and cannot be read is an error, not an empty answer`() throws {
    let single = try CairnProgram()
    try single.write("only.py", "def landmark():\n    return 1\n")
    _ = try single.run("index")
    #expect(try single.shell("truncate -s 10G only.py").code == 0)
    for options in [[], ["--json"], ["-q"], ["-l"]] {
      let result = try single.start(["search", "--no-update"] + options + ["landmark"]).wait()
      #expect(result.code == 2 && result.errorText.contains("only.py: it has"), "\(options): \(result.errorText)")
    }
    try single.write("only.py", "something else\n")
    #expect(try single.run("search", "--no-update", "landmark").code == 1)
  }

  /// Several commits, files that went and came, and one index that never saw any of it.
  @Test func `an index that was brought up to date answers as a new one, in every byte of every result`() throws {
    for i in 0..<30 {
      try cairn.write(FilePath("old/file\(i).py"), "def parse_\(i)(date):\n    return leap_year(date)\n")
    }
    _ = try cairn.run("index")
    _ = try cairn.shell("rm old/file1.py old/file3.py && mv old/file5.py old/renamed.py && cp src/dates.py src/copy.py")
    _ = try cairn.run("index")
    try cairn.write("lib/matrix.c", "/* Multiply and listen. */\nint multiply(int a, int b) { return a * b; }\n")
    _ = try cairn.shell("rm old/file7.py")
    _ = try cairn.run("index")
    let status = try #require(try cairn.run("status", "--json").objects("status").first)
    #expect((status.number("segments") ?? 0) > 1 && (status.number("retired_files") ?? 0) > 0, "\(status)")
    let elsewhere = cairn.home.root.appending("fresh").description
    _ = try cairn.run("index", "--index-dir", elsewhere)
    let questions = [
      ["search", "parse a date"], ["search", "leap_year"], ["search", "\"return\" parse"],
      ["search", "lang:python listen"],
      ["search", "old/file2.py"], ["search", "kind:function multiply matrices"], ["related", "src/dates.py:1"],
    ]
    for question in questions {
      let options = ["--json", "--explain", "-n", "100", "--no-update"]
      let updated = try cairn.start(question.prefix(1) + options + question.dropFirst()).wait().outputLines
      let fresh = try cairn.start(
        question.prefix(1) + options + ["--index-dir", elsewhere] + question.dropFirst()
      ).wait().outputLines
      // The last line is the summary, with a time.
      #expect(updated.count > 1 && updated.dropLast() == fresh.dropLast(), "\(question)")
    }
  }

  @Test func `a search sees what changed since the last one`() throws {
    _ = try cairn.run("search", "x")
    try cairn.write("src/new.py", "def brand_new_thing():\n    return 1\n")
    #expect(try cairn.run("search", "-l", "-n1", "brand_new_thing").outputLines == ["src/new.py"])
    try cairn.tree.remove("src/new.py")
    #expect(!(try cairn.run("search", "-l", "brand_new_thing").outputLines.contains("src/new.py")))
  }
}
