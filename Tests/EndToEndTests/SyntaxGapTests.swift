import Disk
import Foundation
import Primitives
import TestSupport
import Testing

/// Files that are indexed without their syntax: a run that has the memory for it makes that good, and until then each
/// says so.
@Suite struct SyntaxGapTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram(inMemory: true)
    try cairn.write("a.py", "def leap_year(): pass\n")
    // Its tree takes more than the 4 MB that a file gets at the least.
    try cairn.write("big.py", (0..<30_000).map { "def reckon_\($0)(a, b): return a + b\n" }.joined())
  }

  private func index(_ arguments: String..., in program: CairnProgram? = nil) throws -> [String: Any] {
    let result = try (program ?? cairn).start(["index", "--json"] + arguments).wait()
    return try #require(try result.objects("report").first, "\(result.errorText)")
  }
  private func failures(_ report: [String: Any]) -> [String] {
    (report["failures"] as? [[String: Any]] ?? []).map { "\($0["path"] ?? "") \($0["code"] ?? "")" }
  }
  private func status() throws -> [String: Any] {
    try #require(try cairn.run("status", "--json").objects("status").first)
  }
  /// Everything that an answer says, with its scores.
  private func answers(_ arguments: String...) throws -> [String] {
    try ["reckon_17", "leap_year", "\"reckon_29999\"", "kind:function reckon"].flatMap { query in
      try cairn.start(["search", "--json", "--no-update", "-n5", query] + arguments).wait().outputLines.dropLast()
    }
  }

  @Test func `a file cut for lack of memory gets its syntax when there is more`() throws {
    let small = try index("--max-memory-mb", "16")
    #expect(failures(small) == ["big.py out-of-memory"], "\(small)")
    // The same memory again: it stays, and is told of.
    let again = try index("--max-memory-mb", "16")
    #expect(again.number("files_unchanged") == 2 && failures(again) == ["big.py without-syntax"], "\(again)")
    // What a parse is given differs a little from run to run, so that it may have been tried once more.
    #expect(again.number("files_indexed") == 0)
    let cut = try status()
    #expect(cut["without_syntax"] as? [String: Int] == ["memory-limit": 1], "\(cut)")
    #expect((cut["cut_for_memory"] as? [[String: Any]])?.first?["path"] as? String == "big.py")
    let text = try cairn.run("status").outputText
    #expect(text.contains("1 file (1 memory-limit)") && text.contains("big.py: its syntax takes more"), "\(text)")
    // A search says it no more than once.
    #expect(try cairn.shell("CAIRN_MAX_MEMORY_MB=16 $CAIRN search -l leap_year").errors.isEmpty)

    let large = try index("--max-memory-mb", "1024")
    #expect(large.number("files_indexed") == 1 && large.number("files_unchanged") == 1, "\(large)")
    #expect(failures(large).isEmpty)
    #expect(try status()["without_syntax"] as? [String: Int] == [:])
    #expect(try index("--max-memory-mb", "1024").number("files_unchanged") == 2)
    // As if it had been so from the start.
    let place = cairn.home.root.appending("fresh").description
    #expect(try cairn.run("index", "-q", "--max-memory-mb", "1024", "--index-dir", place).code == 0)
    #expect(try answers() == answers("--index-dir", place))
    #expect(try cairn.run("verify").code == 0)
  }

  @Test func `what was cut without its syntax does not come back so`() throws {
    // So much beside it that what it leaves in the segment stays there.
    for number in 0..<160 {
      try cairn.write(
        FilePath("fill/f\(number).py"), (0..<500).map { "def fill_\(number)_\($0)(a, b): return a + b\n" }.joined())
    }
    let big = String(decoding: try readFile(cairn.tree.root.appending("big.py")).bytes, as: UTF8.self)
    #expect(failures(try index("--max-memory-mb", "16")) == ["big.py out-of-memory"])
    try cairn.write("big.py", "def small(): pass\n")
    #expect(failures(try index("--max-memory-mb", "1024")).isEmpty)
    try cairn.write("big.py", big)
    // And the same content elsewhere.
    try cairn.write("copy.py", big)
    let report = try index("--max-memory-mb", "1024")
    #expect(report.number("files_indexed") == 2 && failures(report).isEmpty, "\(report)")
    #expect((report["reused"] as? [String: Int])?.isEmpty == true, "\(report)")
    let place = cairn.home.root.appending("fresh").description
    #expect(try cairn.run("index", "-q", "--max-memory-mb", "1024", "--index-dir", place).code == 0)
    #expect(try answers() == answers("--index-dir", place))
  }

  @Test func `more memory that is still too little changes nothing but what is known of it`() throws {
    _ = try index("--max-memory-mb", "16")
    // Large enough to be given more than the least, and not enough.
    let more = try index("--max-memory-mb", "32")
    #expect(more.number("files_indexed") == 0 && more.number("files_unchanged") == 2, "\(more)")
    #expect(failures(more) == ["big.py out-of-memory"], "\(more)")
    #expect(failures(try index("--max-memory-mb", "32")) == ["big.py without-syntax"])
    try cairn.write("big.py", "def reckon(): pass\n")
    #expect(failures(try index("--max-memory-mb", "32")).isEmpty)
    #expect(try status()["without_syntax"] as? [String: Int] == [:])
    try cairn.tree.remove("big.py")
    #expect(try index().number("files_removed") == 1)
  }

  @Test func `a file whose syntax the system had no memory for is tried again where there is more, and not before`()
    throws
  {
    let library = try FaultLibrary()
    // So much that the syntax has room, and so little that a machine has more.
    let limit = "ulimit -v $((700 << 10)); exec"
    var cutCount = 0
    for number in 4...9 {
      removeTree(cairn.tree.root.appending(".cairn"))
      var fault = Fault("anonymous", "ENOMEM")
      fault.number = number
      let variables = try library.environment(fault).map { "'\($0)=\($1)'" }.joined(separator: " ")
      #expect(try cairn.shell("\(limit) env \(variables) $CAIRN index -q").code == 0)
      guard let counts = try status()["without_syntax"] as? [String: Int], !counts.isEmpty else { continue }
      #expect(counts == ["no-memory": 1], "\(counts)")
      cutCount += 1
      let same = try #require(try cairn.shell("\(limit) $CAIRN index --json").objects("report").first)
      let told = failures(same)
      #expect(same.number("files_indexed") == 0 && told.count == 1, "map \(number): \(same)")
      #expect(told.allSatisfy { $0.hasSuffix(" without-syntax") }, "map \(number): \(told)")
      let report = try index()
      #expect(report.number("files_indexed") == 1 && failures(report).isEmpty, "map \(number): \(report)")
      #expect(try status()["without_syntax"] as? [String: Int] == [:])
    }
    #expect(cutCount > 0)
  }

  @Test func `what is past a bound on every machine is counted and not tried again`() throws {
    try cairn.tree.remove("big.py")
    try cairn.write("deep.js", String(repeating: "[\n", count: 20_000))
    #expect(failures(try index()) == ["deep.js parser-failed"])
    let again = try index()
    #expect(failures(again).isEmpty && again.number("files_unchanged") == 2, "\(again)")
    let counted = try status()
    #expect(counted["without_syntax"] as? [String: Int] == ["parser-nesting": 1], "\(counted)")
    #expect((counted["cut_for_memory"] as? [Any])?.isEmpty == true)
    #expect(failures(try index("--rebuild")) == ["deep.js parser-failed"])
    #expect(try status()["without_syntax"] as? [String: Int] == ["parser-nesting": 1])
    try cairn.tree.remove("deep.js")
    _ = try index()
    #expect(try status()["without_syntax"] as? [String: Int] == [:])
  }
}
