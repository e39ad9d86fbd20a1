import Chunking
import Foundation
import Inspection
import Primitives
import Testing
import TreeSitterChunking

/// `Tests/Fixtures/skimming` holds files with what could lead a skimmer astray. What the whole parse finds is the
/// reference.
@Suite struct SkimmingTests {
  private static let folder = GoldenOutlineTests.folder.replacing("/chunking", with: "/skimming")
  private static let fixtures = ["c.c", "cpp.cpp", "go.go", "java.java", "rust.rs"]

  private static func read(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: folder + "/" + name).map { Array($0) } ?? []
  }

  private static func outline(_ bytes: [UInt8], _ language: String, skims: Bool = true) throws -> SyntaxOutline {
    let outline = TreeSitterParser(skims: skims).outline(of: bytes.span, in: Language(name: language, kind: .code))
    return try #require(outline)
  }

  private static func names(_ outline: SyntaxOutline) -> [String] {
    outline.nodes.compactMap(\.symbol).map { "\($0.line) \($0.kind) \($0.qualifiedName)" }
  }

  @Test(arguments: fixtures) func `skimming finds the symbols of a whole parse, on the same lines`(fixture: String)
    throws
  {
    let language = GoldenOutlineTests.language(of: fixture).name
    let bytes = Self.read(fixture)
    let skimmed = Self.names(try Self.outline(bytes, language))
    let whole = Self.names(try Self.outline(bytes, language, skims: false))
    #expect(whole.count > 10)
    #expect(skimmed == whole)
  }

  @Test(arguments: fixtures) func `definitions span the same bytes as in a whole parse`(fixture: String) throws {
    let language = GoldenOutlineTests.language(of: fixture).name
    let bytes = Self.read(fixture)
    func definitions(_ outline: SyntaxOutline) -> [SyntaxOutline.Node] { outline.nodes.filter { $0.symbol != nil } }
    let skimmed = definitions(try Self.outline(bytes, language))
    let whole = definitions(try Self.outline(bytes, language, skims: false))
    #expect(skimmed.map(\.bytes) == whole.map(\.bytes))
    #expect(skimmed.map(\.isContainer) == whole.map(\.isContainer))
  }

  @Test func `statements of a function that was passed over are parts of it, nested as they are written`() throws {
    var lines = ["int f(int a)", "{"]
    for index in 0..<10 {
      lines += ["\t/* step \(index) */", "\tif (a > \(index)) {", "\t\tuse(\"\(String(repeating: "x", count: 80))\");"]
      lines += ["\t} else", "\t\treturn \(index);", "", "\ta +=", "\t\t\(index);"]
    }
    lines += ["\treturn a;", "}", ""]
    let bytes = Array(lines.joined(separator: "\n").utf8)
    let skimmed = try Self.outline(bytes, "c")
    let whole = try Self.outline(bytes, "c", skims: false)
    // The tree has one more: the type of the function, which begins a line.
    #expect(skimmed.nodes == whole.nodes.filter { $0.bytes != 0..<3 })
    #expect(skimmed.nodes.count == 22)
  }

  @Test func `a function whose braces depend on the preprocessor is found, though the grammar loses it`() throws {
    let text = """
      int before(void);
      int choose(int a)
      {
      #if defined(ONE)
        if (a > 1000) {
          a += 1000000000;
      #else
        if (a > 2000) {
          a += 2000000000;
      #endif
          a *= 3; a *= 4; a *= 5; a *= 6; a *= 7; a *= 8; a *= 9; a *= 10; a *= 11;
          a *= 3; a *= 4; a *= 5; a *= 6; a *= 7; a *= 8; a *= 9; a *= 10; a *= 11;
          a *= 3; a *= 4; a *= 5; a *= 6; a *= 7; a *= 8; a *= 9; a *= 10; a *= 11;
        }
        return a;
      }
      int after(void) { return 0; }
      """
    let names = Self.names(try Self.outline(Array(text.utf8), "c"))
    #expect(names == ["1 other before", "2 function choose", "17 function after"])
  }

  @Test func `words that only annotate are not taken for names`() throws {
    let body = "\n{\n" + String(repeating: "\tcall_something(with_an_argument);\n", count: 12) + "\treturn 0;\n}\n"
    let text = """
      static int __init setup_things(void)\(body)
      static __printf(2, 3) void tell(struct device *dev, const char __user *format, ...)\(body)
      int limit __read_mostly = 3;
      static void __releases(&lock) __acquires(&lock) swap_locks(void)\(body)
      """
    let names = Self.names(try Self.outline(Array(text.utf8), "c"))
    #expect(
      names.map { $0.split(separator: " ", maxSplits: 1)[1] } == [
        "function setup_things", "function tell", "variable limit", "function swap_locks",
      ])
  }

  @Test func `each of a run of macros is a symbol on its own line`() throws {
    var text = "/* Registers. */\n"
    for index in 0..<40 { text += "#define REGISTER_\(index)\t0x\(index)\n" + (index % 7 == 0 ? "\n" : "") }
    text += "int after;\n"
    let bytes = Array(text.utf8)
    let skimmed = try Self.outline(bytes, "c")
    #expect(Self.names(skimmed) == Self.names(try Self.outline(bytes, "c", skims: false)))
    #expect(skimmed.nodes.count == 41)
    for node in skimmed.nodes.dropFirst() {
      #expect(Array("#i".utf8).contains(bytes[node.bytes.lowerBound]))
      #expect(bytes[node.bytes].count(where: { $0 == 10 }) <= 1)
    }
  }

  @Test(arguments: fixtures) func `nodes stay in order and inside the text, whatever is done to it`(fixture: String)
    throws
  {
    let language = GoldenOutlineTests.language(of: fixture)
    let original = Self.read(fixture)
    let chunker = Chunker(parser: TreeSitterParser(), targetByteCount: 300)
    for seed in 0..<150 {
      var random = SeededRandom(seed: UInt64(seed))
      var bytes = original
      for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[at] = Array("{}()'\"`#/*;,\n\\=".utf8).randomElement(using: &random)!
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...60, using: &random)))
        case 2: bytes.insert(contentsOf: Array(original.dropFirst(at).prefix(200)), at: at)
        default: bytes.removeSubrange(max(at, bytes.count - 300)...)
        }
      }
      if let outline = TreeSitterParser().outline(of: bytes.span, in: language) {
        var start = 0
        for node in outline.nodes {
          #expect(node.bytes.lowerBound >= 0 && node.bytes.upperBound <= bytes.count, "seed \(seed)")
          #expect(node.bytes.lowerBound >= start || node.symbol != nil, "seed \(seed)")
          start = max(start, node.bytes.lowerBound)
        }
      }
      #expect(isWhole(chunker.chunks(of: bytes.span, in: language), of: bytes), "seed \(seed)")
    }
  }

  @Test(arguments: [
    "f(){", "f(){#\n", "f(){\n#if x\n", "if (x) {\n}\n", "= {\n", "#define x\n", "r\"", "/*", "'", "func f(){",
  ])
  func `the cost follows the size, whatever is repeated`(piece: String) {
    let bytes = Array(String(repeating: piece, count: 1_000_000 / piece.utf8.count).utf8)
    for language in ["c", "cpp", "go", "java", "rust"] {
      var chunks: [Chunk] = []
      let duration = ContinuousClock().measure {
        chunks = Chunker(parser: TreeSitterParser()).chunks(of: bytes.span, in: Language(name: language, kind: .code))
      }
      #expect(isWhole(chunks, of: bytes))
      #expect(duration < .seconds(20), "\(language)")
    }
  }
}
