import Foundation
import Primitives
import TestSupport
import Testing

/// Exact text through the real binary: what stands somewhere is found there, and what is nowhere is said to be nowhere.
@Suite struct ExactSearchTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  @Test func `a quoted phrase and a name that are nowhere are said to be, with exit code 1`() throws {
    let phrase = try cairn.run("search", "\"an email from the moon\"")
    #expect(phrase.code == 1)
    #expect(phrase.errorText.contains("no indexed file holds the quoted text an email from the moon"))
    let name = try cairn.run("search", "multiply_matrixes")
    #expect(name.code == 1)
    #expect(name.errorText.contains("no indexed file holds the name multiply_matrixes; there is multiply_matrices"))
    let summary = try #require(try cairn.run("search", "--json", "multiply_matrixes").objects("summary").first)
    #expect(summary["nowhere"] as? Bool == true)
    let absent = try #require((summary["absent"] as? [[String: Any]])?.first)
    #expect(absent.text("kind") == "name" && absent.text("text") == "multiply_matrixes")
    #expect(absent["near"] as? [String] == ["multiply_matrices"])
  }

  @Test func `words that stand side by side in other signs are a phrase`() throws {
    let held = try cairn.run("search", "\"parse a date from an email header\"")
    #expect(held.code == 0 && held.outputText.hasPrefix("src/dates.py:"), "\(held.outputText)\(held.errorText)")
    #expect(held.errorText.isEmpty)
  }

  @Test func `a question with an unknown word is answered, with a note`() throws {
    let result = try cairn.run("search", "sessions", "expire", "quuxly")
    #expect(result.code == 0 && result.outputText.hasPrefix("src/server.js:"))
    #expect(result.errorText.contains("no indexed file holds the word quuxly"))
    let summary = try #require(
      try cairn.run("search", "--json", "sessions expire quuxly").objects("summary").first)
    #expect(summary["nowhere"] as? Bool == false)
  }

  @Test func `a file with a line leads to the chunk that holds it`() throws {
    for query in ["src/server.js:6", "at listen (/home/me/src/server.js:6:10)", "server.js:6:3: error: x"] {
      let hit = try #require(try cairn.run("search", "--json", "-n1", query).objects("result").first)
      #expect(hit.text("path") == "src/server.js")
      #expect((hit.number("start_line") ?? 99) <= 6 && (hit.number("end_line") ?? 0) >= 6, "\(query): \(hit)")
    }
  }

  @Test func `the answer of a file with a line is that line`() throws {
    try cairn.write("tools/Makefile", "all: one two\n\none:\n\techo one\n\ntwo:\n\techo two\n")
    for (query, line) in [("src/server.js:7", 7), ("tools/Makefile:6", 6), ("Makefile:4: *** error", 4)] {
      let hit = try #require(try cairn.run("search", "--json", "-n1", query).objects("result").first)
      #expect(hit.number("answer_line") == line, "\(query): \(hit)")
    }
  }

  @Test func `code for those who write tests is no test, whatever its name begins with`() throws {
    try cairn.write("lib/test_client.py", "class Client:\n    def open_session(self, quota_limit):\n        pass\n")
    try cairn.write("lib/test_quota.py", "def test_quota_limit():\n    assert open_session(quota_limit)\n")
    let hits = try cairn.run("search", "--json", "--explain", "quota_limit").objects("result")
    func isTest(_ path: String) -> Bool {
      let parts = hits.first { $0.text("path") == path }?["explanation"] as? [[String: Any]] ?? []
      return parts.contains { $0.text("signal") == "file kind" }
    }
    #expect(!isTest("lib/test_client.py") && isTest("lib/test_quota.py"), "\(hits)")
  }

  @Test func `a pasted log of any length leads to its paths and names`() throws {
    var log = ""
    for i in 0..<3000 { log += "2026-03-01 12:00:\(i % 60) INFO [worker-\(i % 7)] handled the request in \(i) ms\n" }
    log += "TypeError: cannot read\n    at expireSessions (/srv/app/src/server.js:3:47)\n"
    try cairn.home.write("log", log)
    let result = try cairn.shell("\"$CAIRN\" search --json - <\"$HOME/log\"")
    let hit = try #require(try result.objects("result").first)
    #expect(hit.text("path") == "src/server.js")
  }

  @Test func `a page has as many results as are asked for`() throws {
    for i in 0..<160 {
      try cairn.write(FilePath("many/file\(i).py"), "def common_helper_\(i)():\n    return shared_thing\n")
    }
    let long = try cairn.run("search", "--json", "-n", "150", "shared_thing").paths()
    #expect(long.count == 150)
    #expect(try cairn.run("search", "--json", "-n", "20", "shared_thing").paths() == Array(long.prefix(20)))
  }

  @Test(arguments: [["-l"], []]) func `a page of a thousand files has each of them`(options: [String]) throws {
    for i in 0..<900 { try cairn.write(FilePath("many/file\(i).py"), "def helper_\(i)():\n    return far_thing\n") }
    func found(_ count: Int, _ text: String) throws -> [String] {
      try cairn.start(["search", "-n", "\(count)", text] + (options.isEmpty ? ["--vimgrep"] : options)).wait()
        .outputLines
        .map { String($0.prefix { $0 != ":" }) }
    }
    let long = try found(1000, "far_thing")
    #expect(Set(long.filter { $0.hasPrefix("many/") }).count == 900)
    #expect(try found(450, "far_thing") == Array(long.prefix(450)))
    #expect(Set(try found(1000, "\"return far_thing\"")).count >= 900)
  }

  @Test(arguments: [
    "JSONDecoder decoder", "HTTPError error http", "json.Decoder decoder", "members member", "decoder JSONDecoder",
  ])
  func `a word that is a form or a part of another one is not said to be nowhere`(text: String) throws {
    try cairn.write("decode.py", "class JSONDecoder:\n    decoder = json.Decoder()\n    member = members = None\n")
    try cairn.write("web.py", "class HTTPError(Exception):\n    error = http = 1\n")
    let result = try cairn.run("search", text)
    #expect(result.code == 0 && !result.errorText.contains("no indexed file holds"), "\(result.errorText)")
  }

  @Test(arguments: ["./lib/clock.tcl:3", "lib/clock.tcl:3", "../lib/clock.tcl:3: error: bad", "clock.tcl:3"])
  func `a line of a file with any ending is found as tools print it`(text: String) throws {
    try cairn.write("lib/clock.tcl", "proc one {} {}\n\nproc three {} {}\n")
    try cairn.write("lib/other.py", "clock = tcl = error = bad = lib = 3\n")
    let hit = try #require(try cairn.run("search", "--json", text).objects("result").first)
    #expect(hit.text("path") == "lib/clock.tcl")
    #expect(hit.number("answer_line") == 3)
  }

  @Test func `a qualified name is defined in the module that it names`() throws {
    try cairn.write("launcher.py", "class Popen:\n    def wait(self):\n        return 0\n")
    try cairn.write("boot.py", "class Popen:\n    pass\n")
    try cairn.write("win/utils.py", "import launcher\n\nclass Popen(launcher.Popen):\n    # launcher.Popen\n    pass\n")
    #expect(try cairn.run("search", "--json", "launcher.Popen").paths().first == "launcher.py")
  }

  @Test func `a traceback is no quotation that must stand in a file`() throws {
    try cairn.write("pkg/m.py", "def load(x):\n    return x[key]\n")
    for text in [
      "Traceback (most recent call last):\n  File \"pkg/m.py\", line 2, in load\n    return x[key]\nKeyError: \"user 17\"",
      "File \"pkg/m.py\", line 2",
    ] {
      let result = try cairn.run("search", "--json", text)
      #expect(result.code == 0, "\(result.errorText)")
      #expect(try result.paths().first == "pkg/m.py")
      #expect(!result.errorText.contains("quoted text pkg/m.py"))
    }
  }

  @Test func `of words that begin alike for long the one that was asked for comes first`() throws {
    for count in [32, 33, 64, 100, 300] {
      try cairn.write(FilePath("long/f\(count).py"), "def \(String(repeating: "zq", count: count))(): pass\n")
    }
    for count in [32, 33, 64, 100, 300] {
      let result = try cairn.run("search", "--json", String(repeating: "zq", count: count))
      #expect(result.code == 0)
      #expect(try result.paths().first == "long/f\(count).py", "\(count)")
    }
    let absent = try cairn.run("search", String(repeating: "zq", count: 70))
    #expect(absent.code == 1)
    #expect(absent.errorText.contains("no indexed file holds"))
  }

  @Test func `the type comes before a function of the same name in other letters, and the word before its like`() throws
  {
    try cairn.write("a/use.py", "def logger():\n    return Logger()\n")
    try cairn.write("b/kind.py", "class Logger:\n    pass\n")
    try cairn.write("c/data.yml", "limits:\n  WORKER_QUOTA_X: 4\n")
    #expect(try cairn.run("search", "--json", "Logger").paths().first == "b/kind.py")
    #expect(try cairn.run("search", "--json", "logger").paths().first == "a/use.py")
    #expect(try cairn.run("search", "--json", "WORKER_QUOTA_X").paths().first == "c/data.yml")
  }
}
