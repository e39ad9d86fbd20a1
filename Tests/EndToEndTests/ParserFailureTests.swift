import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// Files at which a parser fails: each ends for itself, is cut by its looks and is told of; all others are as ever.
@Suite struct ParserFailureTests {
  let cairn: CairnProgram
  init() throws { cairn = try CairnProgram(inMemory: true) }

  /// Text whose grammar's scanner ended the process, or could, by a name with the extension that chooses the grammar.
  /// `landmark_odd` stands in each.
  static let killers: [(name: String, text: String)] = {
    func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }
    func ladder(_ count: Int, _ line: String) -> String {
      (0..<count).map { times($0, " ") + line }.joined()
    }
    let long = times(300, "W")
    var killers: [(name: String, text: String)] = []
    func add(_ name: String, _ text: String) { killers.append((name, text)) }
    add(
      "heredoc.rb", "def usage(out)\n  out << <<\"\(times(8, "Usage: deploy [options]\n\n  --target NAME\n"))\"\nend\n")
    add("heredocs.rb", (0..<400).map { "<<-W\($0), " }.joined() + "\n")
    add("words.rb", "a = <<~\(long)\nx\n\(long)\nb = %w[\(times(2000, "[") )\n")
    add("quotes.md", times(300, ">"))
    add("quotes2.md", times(300, "> ") + "x")
    add("lists.md", ladder(300, "- a\n"))
    add("fences.md", times(300, "> ```") + "\n")
    add("deep.md", times(70_000, ">"))
    add("dashes.yaml", times(300, "- ") + "x")
    add("maps.yaml", ladder(400, "a:\n"))
    add("flow.yaml", times(3000, "[{a: "))
    add("anchors.yaml", "a: &\(times(5000, "b")) c\n")
    add("indents.py", ladder(511, "if 1:\n") + times(511, " ") + "'a'")
    add("strings.py", times(800, "f\"{f'{") + "1")
    add("tabs.py", ladder(900, "if 1:\n\t"))
    add("indents.star", ladder(511, "if 1:\n") + times(511, " ") + "'a'")
    add("heredocs.sh", (0..<500).map { "cat <<W\($0) " }.joined() + "\n")
    add("word.sh", "cat <<\(times(5000, "W"))\nx\n")
    add("heredoc.php", "<?php\n$a = <<<\(times(5000, "W"))\nx\n\(times(5000, "W"));\n")
    add("raw.cpp", "auto a = R\"\(times(2000, "d"))(x)\(times(2000, "d"))\";\n")
    add("raw.cu", "auto a = R\"\(times(2000, "d"))(x)\(times(2000, "d"))\";\n")
    add("raw.rs", "let a = r\(times(70_000, "#"))\"x\"\(times(70_000, "#"));\n")
    add("long.lua", "a = [\(times(70_000, "="))[x]\(times(70_000, "="))]\n")
    add("deep.html", times(5000, "<div>"))
    add("tag.html", "<\(times(70_000, "t"))>x")
    add("tags.html", (0..<3000).map { "<custom-\($0)>" }.joined())
    add("deep.vue", times(5000, "<div>"))
    add("tags.svelte", (0..<3000).map { "<custom-\($0)>" }.joined())
    add("tags.xml", (0..<3000).map { "<t\($0)>" }.joined())
    add("tags.astro", (0..<3000).map { "<custom-\($0)>" }.joined())
    add("template.js", times(3000, "`${"))
    add("template.ts", times(3000, "`${"))
    add("layout.hs", "f = do\n" + ladder(600, "let x = do\n"))
    add("layout.elm", ladder(600, "let x =\n"))
    add("indents.scala", "object A:\n" + ladder(600, "def f =\n"))
    add("strings.scala", times(600, "s\"${"))
    add("strings.kt", times(2000, "\"${"))
    add("strings.swift", times(300, "\"\\("))
    add("raw.swift", "let a = \(times(70_000, "#"))\"x\"\n")
    add("comments.swift", times(3000, "/*"))
    add("sigils.ex", times(2000, "~S\"\"\"\n"))
    add("quoted.ml", "let a = {\(times(3000, "q"))|x|\(times(3000, "q"))}\n")
    add("comments.ml", times(3000, "(*"))
    add("nested.d", times(3000, "/+"))
    add("heredoc.d", "string a = q\"\(times(1000, "W"))\nx\n\(times(1000, "W"))\";\n")
    add("raw.cs", times(3000, "$\"{"))
    add("quotes.cs", "var a = \(times(5000, "\""))x\n")
    add("templates.tf", times(600, "\"${"))
    add("heredoc.tf", "a = <<\(times(5000, "W"))\nx\n")
    add("heredoc.pl", "my $a = <<\"\(times(5000, "W"))\";\nx\n")
    add("raw.r", "a <- r\"\(times(5000, "-"))(x)\"\n")
    add("brackets.r", times(2000, "{("))
    add("indents.gd", ladder(600, "if 1:\n"))
    add("headings.typ", ladder(600, "- a\n"))
    add("long.cmake", "set(a [\(times(70_000, "="))[x])\n")
    add("heredoc.rkt", "#<<\(times(5000, "W"))\nx\n")
    add("dollar.sql", "select $\(times(5000, "t"))$x$\(times(5000, "t"))$;\n")
    add("Dockerfile", "RUN <<\(times(5000, "W"))\nx\n")
    add("heredoc.vim", "let a =<< \(times(5000, "W"))\nx\n")
    return killers
  }()

  @Test func `no file that broke a scanner takes a run down, and each is found by its text`() throws {
    try cairn.write("good.rb", "def landmark_good\n  1\nend\n")
    for killer in Self.killers {
      // Ordinary lines, so that none is left out for its long ones.
      let ordinary = String(repeating: "some more words\n", count: killer.text.utf8.count / 8)
      try cairn.write(FilePath("odd/\(killer.name)"), killer.text + "\n\nlandmark_odd\n" + ordinary)
    }
    let index = try cairn.run("index", "--json")
    #expect(index.code == 0, "\(index.errorText)")
    let report = try #require(try index.objects("index").first ?? index.objects().first)
    #expect(report.number("files_indexed") == Self.killers.count + 1, "\(report)")
    #expect(try cairn.run("search", "--json", "-n1", "landmark_good").paths() == ["good.rb"])
    let found = Set(try cairn.run("search", "--json", "-n100", "landmark_odd").paths())
    let missing = Self.killers.map { "odd/\($0.name)" }.filter { !found.contains($0) }
    #expect(missing.isEmpty, "\(missing)")
  }

  @Test func `where a parser failed the report says so, in words and as JSON`() throws {
    try cairn.write("good.py", "def landmark_good():\n    pass\n")
    try cairn.write("odd.md", String(repeating: ">", count: 2000) + " landmark_odd\n")
    let text = try cairn.run("index")
    #expect(text.code == 0)
    #expect(
      text.errorText.contains("odd.md") && text.errorText.contains("the parser of its language (markdown) failed"),
      "\(text.errorText)")
    let again = try cairn.run("index", "--rebuild", "--json")
    #expect(again.outputText.contains("\"parser-failed\""), "\(again.outputText)")
    #expect(try cairn.run("search", "--json", "-n1", "landmark_odd").paths() == ["odd.md"])
  }

  @Test(arguments: ["memory", "stack", "division", "abort"])
  func `a parser that faults is left, and the run goes on`(how: String) throws {
    var cairn = cairn
    try cairn.prepareFault(how)
    let index = try cairn.run("index", "--json")
    #expect(index.code == 0, "\(how): \(index.errorText)")
    #expect(index.outputText.contains("\"parser-failed\""), "\(index.outputText)")
    #expect(try cairn.run("search", "--json", "-n1", "landmark_odd").paths() == ["odd.js"])
    #expect(try cairn.run("search", "--json", "-n1", "landmark_good").paths().first?.hasPrefix("good") == true)
    #expect(!fileExists(cairn.tree.root.appending(".cairn/underway")))
  }

  @Test(arguments: ["1", "2"])
  func `a file that ends two runs is passed over by the third, which says which it is`(threads: String) throws {
    var cairn = cairn
    try cairn.prepareFault("kill")
    let command = ["index", "--json", "--threads", threads]
    #expect(try cairn.start(command).wait().code == 128 + SIGKILL)
    #expect(try cairn.start(command).wait().code == 128 + SIGKILL)
    let third = try cairn.start(command).wait()
    #expect(third.code == 0, "\(third.errorText)")
    let report = try #require(try third.objects().first)
    let failures = try #require(report["failures"] as? [[String: Any]])
    #expect(
      failures.map { $0.text("code") } == ["ended-a-run"] && failures.first?.text("path") == "odd.js", "\(failures)")
    #expect(try cairn.run("search", "--json", "-n1", "landmark_odd").paths() == ["odd.js"])
    // It stays so, without a word more, and is tried again when it changes.
    #expect(try cairn.start(command).wait().code == 0)
    try cairn.write("odd.js", "let landmark_odd = 2\n")
    let changed = try cairn.start(command).wait()
    #expect(changed.code == 0 && !changed.outputText.contains("ended-a-run"), "\(changed.outputText)")
  }

  @Test func `a run that somebody killed blames no file`() throws {
    var cairn = cairn
    try cairn.prepareFault("kill")
    #expect(try cairn.run("index", "--quiet").code == 128 + SIGKILL)
    cairn.environment["CAIRN_PARSING_FAULT"] = nil
    let next = try cairn.run("index", "--json")
    #expect(next.code == 0 && next.errorText.isEmpty, "\(next.errorText)")
    #expect(!next.outputText.contains("ended-a-run"), "\(next.outputText)")
    #expect(!fileExists(cairn.tree.root.appending(".cairn/underway")))
  }

  @Test func `a rebuild tries what is passed over again`() throws {
    var cairn = cairn
    try cairn.prepareFault("kill")
    for _ in 0..<2 { #expect(try cairn.run("index", "--quiet").code == 128 + SIGKILL) }
    #expect(try cairn.run("index", "--quiet").code == 0)
    cairn.environment["CAIRN_PARSING_FAULT"] = nil
    let rebuilt = try cairn.run("index", "--rebuild", "--json")
    #expect(rebuilt.code == 0 && !rebuilt.outputText.contains("ended-a-run"))
    #expect(!fileExists(cairn.tree.root.appending(".cairn/underway")))
  }

  @Test(arguments: ["garbage", "a link", "a directory", "a hole"])
  func `whatever stands in the place of the journal, the run goes on and nothing behind it is touched`(form: String)
    throws
  {
    try cairn.write("good.py", "def landmark_good():\n    pass\n")
    #expect(try cairn.run("index", "--quiet").code == 0)
    let canary = cairn.home.root.appending("canary")
    try cairn.home.write("canary", "precious")
    let make =
      switch form {
      case "garbage": "head -c 20000 /dev/urandom > .cairn/underway"
      case "a link": "ln -s \(canary) .cairn/underway"
      case "a directory": "mkdir .cairn/underway"
      default: "truncate -s 1T .cairn/underway"
      }
    #expect(try cairn.shell(make + "; echo 'def landmark_new(): pass' > new.py").code == 0)
    let index = try cairn.run("index")
    #expect(index.code == 0, "\(index.errorText)")
    #expect(try cairn.run("search", "--json", "-n1", "landmark_new").paths() == ["new.py"])
    #expect(try readFileBytes(canary) == Array("precious".utf8))
  }

  /// A few files of every language that were broken by chance, as `Scripts/fuzz-grammars` does by the thousand.
  @Test func `broken files of every language are all indexed`() throws {
    let folder = repository.appending("Tests/Fixtures/chunking")
    var count = 0
    for entry in try listDirectory(folder) where entry.name.fileExtension != "symbols" {
      let mutator = SourceMutator(seeds: [try readFileBytes(folder.appending(entry.name))], tokens: [])
      for number in 0..<12 {
        try cairn.write(
          FilePath("\(number)/").appending(entry.name), String(decoding: mutator.file(number), as: UTF8.self))
        count += 1
      }
    }
    #expect(count > 700)
    let index = try cairn.run("index", "--json")
    #expect(index.code == 0, "\(index.errorText)")
    let report = try #require(try index.objects().first)
    let skipped = (report["skipped"] as? [String: Any])?.values.compactMap { ($0 as? NSNumber)?.intValue }.reduce(0, +)
    #expect((report.number("files_indexed") ?? 0) + (skipped ?? 0) >= count, "\(report)")
  }
}

extension CairnProgram {
  /// A tree in which the parser of `odd.js` goes wrong.
  fileprivate mutating func prepareFault(_ how: String) throws(Failure) {
    try write("odd.js", "let landmark_odd = 1\n\u{E0F1}\n")
    for number in 0..<8 {
      try write(FilePath("good\(number).py"), "def landmark_good\(number)():\n    return \(number)\n")
    }
    let library = try FaultLibrary.compile("parsing", into: home)
    environment["LD_PRELOAD"] = library.description
    environment["CAIRN_PARSING_FAULT"] = how
  }
}
