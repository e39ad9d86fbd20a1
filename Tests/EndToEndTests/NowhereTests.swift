import Foundation
import Primitives
import TestSupport
import Testing

/// Notes and exit codes of what is nowhere: in the words of the query, and the same for every form of the output.
@Suite struct NowhereTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    try cairn.write("names.py", "DEDENTs = 4\nLeapLedger = DEDENTs\n")
    _ = try cairn.run("index", "-q")
  }

  private static let forms: [[String]] = [[], ["-q"], ["--json"], ["-l"], ["--vimgrep"], ["-q", "-l"]]

  @Test(arguments: [
    ("FooBarZork", 1), ("zork nork", 1), ("how is the zork of nork", 1), ("FooZork BarNork", 1), ("zork parse", 0),
    ("zork 100", 0), ("\"Parse a Zork\"", 1), ("-x -N 2 -C 0", 1), ("Łódźka", 1), ("Łódźka Wrzuć", 1),
    ("multiply matrices", 0), ("FooZork.py:12", 1), (String(repeating: "FooBar", count: 200), 1),
    ((0..<55).map { "zork" + String(repeating: "q", count: $0) }.joined(separator: " "), 1),
    ((0..<55).map { "zork" + String(repeating: "q", count: $0) }.joined(separator: " ") + " parse", 0),
  ])
  func `every form of an answer ends with the same code`(question: String, code: Int) throws {
    for form in Self.forms {
      let result = try cairn.start(["search"] + form + ["--", question]).wait()
      #expect(result.code == code, "\(form) \(question.prefix(60)): \(result.code) \(result.errorText.prefix(300))")
      if code == 1, form.contains("-q") { #expect(result.outputText.isEmpty && result.errorText.isEmpty) }
      if code == 1, form.isEmpty { #expect(result.errorText.contains("no indexed file "), "\(result.errorText)") }
      if code == 1, form == ["--json"] {
        #expect(try result.objects("summary").first?["nowhere"] as? Bool == true)
      }
    }
  }

  @Test(arguments: [
    "FooBarZork", "\"Foo BarZork\"", "FooZork.py:12", "Dir/FooZork.py", "FooZork.py", "Łódźka", "\"Łódźka i Zork\"",
    "dates.FooZork", "Foo::BarZork", "Zork_Ünicode", "=> ZzZ =>", "-N 2 -X", "Dir/Foo.py:3: LeapLedger is bad",
    "ΖΟΡΚΑΣ", "Dir/ŁódźKa.py:3: LeapLedger is bad", "Parse/FooZork/",
  ])
  func `a note has what was typed`(question: String) throws {
    let result = try cairn.run("search", "--", question)
    let notes = result.errorText
    let typed = question.split { " \".:/=".contains($0) }.filter { $0 != $0.lowercased() && $0 != "LeapLedger" }
    #expect(notes.contains("no indexed file"), "\(question): \(notes)")
    #expect(typed.contains { notes.contains($0) }, "\(question): \(notes)")
    for word in typed where notes.lowercased().contains(word.lowercased()) {
      #expect(!notes.contains(word.lowercased()), "\(question): \(notes)")
    }
  }

  @Test func `a note is not longer than a few lines`() throws {
    let long = try cairn.run("search", "--", String(repeating: "FooBar", count: 4000)).errorText
    #expect(long.utf8.count < 1000 && long.contains("24000 bytes"), "\(long.utf8.count)")
    let many = (0..<40).map { "zork" + String(repeating: "q", count: $0) }.joined(separator: " ")
    let notes = try cairn.run("search", "--", many).errorText.split(separator: "\n")
    #expect(notes.count < 12 && notes.contains { $0.contains("32 more") }, "\(notes)")
  }

  @Test func `near names stand in a file as whole words`() throws {
    let part = try #require(try cairn.run("search", "--json", "dedem").objects("summary").first)
    #expect(((part["absent"] as? [[String: Any]])?.first?["near"] as? [String]) == [], "\(part)")
    let whole = try #require(try cairn.run("search", "--json", "leapledgre").objects("summary").first)
    #expect(((whole["absent"] as? [[String: Any]])?.first?["near"] as? [String]) == ["LeapLedger"], "\(whole)")
  }

  @Test(arguments: [
    (["path:lib", "LeapLedger"], "names.py"), (["--lang", "c", "\"leap ledger\""], ""),
    (["path:lib", "\"leapledger = dedents\""], "names.py"), (["--lang", "c", "parse_email_date"], "src/dates.py"),
  ])
  func `what the filters leave out is said with a file that holds it`(arguments: [String], path: String) throws {
    let json = try cairn.start(["search", "--json"] + arguments).wait()
    let absent = try #require((try json.objects("summary").first?["absent"] as? [[String: Any]])?.first)
    #expect(json.code == 1 && absent.text("elsewhere_path") ?? "" == path, "\(absent)")
    let shown = try cairn.start(["search"] + arguments).wait().errorText
    #expect(path.isEmpty || shown.contains(", which is elsewhere, as in \(path)"), "\(shown)")
  }

  @Test func `text that is no word is of a kind of its own`() throws {
    for question in ["-x -N 2 -C 0", "<=>", "--no-such-zork", "CVE-2023-24329"] {
      let summary = try #require(try cairn.run("search", "--json", "--", question).objects("summary").first)
      let absent = try #require((summary["absent"] as? [[String: Any]])?.first)
      #expect(absent.text("kind") == "text" || absent.text("kind") == "word", "\(absent)")
      if question.first == "-" || question == "<=>" { #expect(summary["nowhere"] as? Bool == true) }
      if question.count < 13, !question.contains("zork") {
        #expect(absent.text("kind") == "text" && absent.text("text") == question, "\(absent)")
      }
    }
  }
}
