import Disk
import Glibc
import JSON
import MCP
import Packing
import Primitives
import TestSupport
import Testing

/// The tools over a small tree, in this process.
@Suite struct ToolTests {
  let client: TestClient

  init() async throws {
    client = try TestClient()
    try client.write(
      "src/dates.py",
      """
      import re


      # Parse a date from an email header.
      def parse_email_date(header):
          fields = header.split(" ")
          return tuple(int(field) for field in fields)


      class Calendar:
          \"\"\"Days, months and years.\"\"\"

          def leap_year(self, year):
              return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)

          def days(self, year):
              return 366 if self.leap_year(year) else 365

      """)
    try client.write(
      "src/server.js",
      """
      // Sessions expire after an hour without a request.
      function expireSessions(sessions, now) {
        return sessions.filter((session) => now - session.lastSeen < 3600);
      }

      """)
    try client.write(
      "lib/big.c",
      (0..<60).map { "/* Thing \($0). */\nint thing_\($0)(int n) {\n  int total = n + \($0);\n  return total;\n}\n\n" }
        .joined())
    try client.write(".gitignore", "ignored.py\n")
    try client.write("ignored.py", "def hidden_thing():\n    pass\n")
    try client.write("keys/id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n")
    await client.waitForIndex()
  }

  private func facts(_ answer: JSONValue?) -> JSONValue? { answer?["_meta"]?["cairn/answer"] }

  @Test func `a search says what it searched, and shows the lines under their symbol`() async throws {
    let answer = try #require(await client.call("search", ["query": "leap_year"]))
    let text = try #require(answer["content"]?[0]?["text"]?.string)
    #expect(text.hasPrefix("searched 3 of 3 files, complete"), "\(text)")
    #expect(text.contains("confidence: exact") && text.contains("src/dates.py:"), "\(text)")
    #expect(text.contains("method Calendar.leap_year") && text.contains("return year % 4 == 0"), "\(text)")
    #expect(facts(answer)?["complete"]?.boolean == true && facts(answer)?["searched"]?.integer == 3)
    #expect(facts(answer)?["confidence"]?.string == "exact" && facts(answer)?["as_of"]?["time"] != nil)
    #expect(answer["isError"] == nil)
  }

  @Test func `several queries are answered in one call, each with its confidence`() async {
    let text = await client.text("search", ["queries": ["when do sessions expire", "zqNowhereName"]])
    #expect(text.contains("# when do sessions expire") && text.contains("expireSessions"), "\(text)")
    #expect(text.contains("# zqNowhereName: ") && text.contains("not here: name zqNowhereName"), "\(text)")
  }

  @Test func `the name of one place is answered with that place, and shortly`() async {
    let text = await client.text("search", ["query": "thing_41"])
    #expect(text.contains("lib/big.c:") && text.contains("function thing_41"), "\(text)")
    #expect(text.contains("/* Thing 41. */\nint thing_41(int n) {") && !text.contains("thing_42"), "\(text)")
    #expect(!text.contains("thing_7(") && !text.contains("dates.py") && TokenBudget.estimate(text) <= 200, "\(text)")
    let file = await client.text("search", ["query": "lib/big.c"])
    #expect(file.contains("lib/big.c:") && TokenBudget.estimate(file) <= 900, "\(file)")
    let words = await client.text("search", ["query": "thing total"])
    #expect(TokenBudget.estimate(words) > 900, "\(words)")
    let asked = await client.text("search", ["query": "lib/big.c", "tokens": 2_000])
    #expect(TokenBudget.estimate(asked) > 900, "\(asked)")
  }

  @Test func `what is nowhere is said to be, with names like it`() async throws {
    let answer = try #require(await client.call("search", ["query": "parse_email_dat"]))
    let text = try #require(answer["content"]?[0]?["text"]?.string)
    #expect(text.contains("not here: name parse_email_dat") && text.contains("near: parse_email_date"), "\(text)")
    #expect(facts(answer)?["confidence"]?.string != "exact")
    let none = await client.text("search", ["query": "\"no such words anywhere\""])
    #expect(none.contains("not here: phrase") && none.contains("not searched: "), "\(none)")
  }

  @Test func `filters, places and mistakes`() async {
    #expect(await client.text("search", ["query": "leap year", "path": "lib/**"]).contains("src/dates.py:") == false)
    #expect(await client.text("search", ["query": "leap year", "lang": "python"]).contains("src/dates.py:"))
    #expect(
      await client.text("search", ["query": "total", "kind": ["function"], "lang": ["c"]]).contains("lib/big.c:"))
    #expect(await client.text("search", ["like": "src/dates.py:13"]).hasPrefix("searched"))
    for (arguments, words) in [
      (["query": "x", "lang": "pyton"] as JSONValue, "pyton"), (["query": "x", "kind": "clas"], "clas"),
      (["qery": "x"], "did you mean \"query\"?"), ([:], "nothing to search for"), (["query": "\"\""], "quotation"),
      (["query": 5, "tokens": "many"], "must be a number"), (["queries": .array(Array(repeating: "a", count: 9))], "8"),
      (["query": "x", "root": "/no/such/place"], "/no/such/place"), (["like": "src/dates.py"], "no line"),
      (["query": "x", "like": "src/dates.py:1"], "not both"), (["query": ["a": 1]], "must be a string"),
      (["query": "x", "at": "HEAD"], "repository"),
    ] as [(JSONValue, String)] {
      let answer = await client.call("search", arguments)
      let text = answer?["content"]?[0]?["text"]?.string ?? ""
      #expect(answer?["isError"]?.boolean == true && text.contains(words), "\(arguments): \(text)")
    }
  }

  @Test func `lines and symbols are read with what they stand in and beside`() async {
    let symbol = await client.text("read", ["path": "src/dates.py", "symbol": "Calendar.leap_year"])
    #expect(symbol.contains("src/dates.py:13-14 method Calendar.leap_year of "), "\(symbol)")
    #expect(symbol.contains("in type Calendar:10") && symbol.contains("beside method Calendar.days:16"), "\(symbol)")
    #expect(symbol.contains("return year % 4 == 0") && !symbol.contains("366"), "\(symbol)")
    let comment = await client.text("read", ["symbol": "parse_email_date"])
    #expect(comment.contains("src/dates.py:4-7") && comment.contains("# Parse a date"), "\(comment)")
    let lines = await client.text("read", ["path": "src/dates.py", "lines": "10-13"])
    #expect(lines.contains("class Calendar:") && lines.contains("def leap_year") && !lines.contains("import re"))
    let whole = await client.text("read", ["path": "lib/big.c", "tokens": 300])
    #expect(whole.contains("follow: read \"lines\": \""), "\(whole)")
    #expect(await client.text("read", ["symbol": "no_such_symbol"]).contains("not here"))
    #expect(
      await client.text("read", ["path": "src/dates.py", "symbol": "leap_yer"]).contains("did you mean leap_year?"))
    #expect(await client.text("read", ["path": "src/dates.py", "lines": "9-1"]).hasPrefix("error:"))
    #expect(await client.text("read", ["path": "src/dates.py", "lines": "5000"]).contains("src/dates.py:"))
  }

  @Test func `only files of the index are read, and why not is said`() async throws {
    makeLink(client.tree.root.appending("out.py"), to: "/etc/passwd")
    try client.write("late.py", "def came_late():\n    return 1\n")
    #expect(await client.text("read", ["path": "late.py"]).contains("def came_late"))
    for (path, words) in [
      ("ignored.py", "ignored"), ("keys/id_rsa", "secret"), ("../../etc/passwd", "not inside"),
      ("/etc/passwd", "not inside"), ("out.py", ""), ("src", "indexed"), ("nothing.py", "not in the tree"),
      (".cairn/catalog", ""), (".gitignore", ""),
    ] {
      let answer = await client.call("read", ["path": .string(path)])
      let text = answer?["content"]?[0]?["text"]?.string ?? ""
      #expect(!text.contains("root:") && !text.contains("hidden_thing") && !text.contains("PRIVATE KEY"), "\(text)")
      if path != ".gitignore" {
        #expect(answer?["isError"]?.boolean == true && text.contains(words), "\(path): \(text)")
      }
    }
    // A file that is replaced by a link after it was indexed.
    try client.tree.remove("src/server.js")
    makeLink(client.tree.root.appending("src/server.js"), to: "/etc/passwd")
    #expect(await !client.text("read", ["path": "src/server.js"]).contains("root:"))
    // One that got a secret.
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n"
    try client.write("src/dates.py", key)
    #expect(await !client.text("read", ["path": "src/dates.py"]).contains("MIIE"))
  }

  @Test func `an outline has lines, and a directory its files and what they define`() async {
    let file = await client.text("outline", ["path": "src/dates.py"])
    #expect(
      file.contains("5-7 function parse_email_date\n10-17 type Calendar\n 13-14 method leap_year\n 16-17 method days"),
      "\(file)")
    let root = await client.text("outline", [:])
    #expect(root.contains("lib/ 1 files") && root.contains("src/ 2 files"), "\(root)")
    let directory = await client.text("outline", ["path": "src/"])
    #expect(directory.contains("src/dates.py: parse_email_date, Calendar"), "\(directory)")
    let big = await client.text("outline", ["path": "lib/big.c", "tokens": 200])
    #expect(big.contains("more symbols: raise \"tokens\""), "\(big)")
    #expect(await client.text("outline", ["path": "nowhere"]).hasPrefix("error:"))
  }

  @Test(arguments: 0..<12)
  func `no answer takes more than its budget`(seed: Int) async throws {
    var random = SeededRandom(seed: UInt64(seed) &+ 31)
    let words = ["leap", "thing_7", "total", "sessions", "\"return total\"", "zqNowhere", "parse date", "int n"]
    for _ in 0..<12 {
      let tokens = [200, 300, 500, 1_000, 2_000, 4_000, 20_000][Int(random.next() % 7)]
      let queries = (0...Int(random.next() % 4)).map { _ in
        JSONValue.string(words[Int(random.next() % 8)] + " " + words[Int(random.next() % 8)])
      }
      for (tool, arguments) in [
        ("search", ["queries": .array(queries), "tokens": .integer(tokens)] as JSONValue),
        ("read", ["path": "lib/big.c", "tokens": .integer(tokens)]),
        ("read", ["symbol": "thing_3", "tokens": .integer(tokens)]),
        ("outline", ["path": "lib/big.c", "tokens": .integer(tokens)]),
        ("outline", ["tokens": .integer(tokens)]),
      ] {
        let text = await client.text(tool, arguments)
        // What shows a file as it is says so only where something is missing.
        let isOfFile = text.hasPrefix("lib/big.c:")
        #expect(text.hasPrefix("searched ") || isOfFile && tool != "search", "\(text)")
        #expect(TokenBudget.estimate(text) <= tokens, "\(tool) \(arguments): \(TokenBudget.estimate(text))")
      }
    }
  }

  @Test func `pieces of a file are joined where they meet, and each line is shown once`() async {
    let text = await client.text("search", ["query": "thing total", "path": "lib/**", "tokens": 8_000])
    let lines = text.split(separator: "\n").filter { $0.contains("int thing_") }
    #expect(Set(lines).count == lines.count && lines.count > 10, "\(text)")
  }
}
