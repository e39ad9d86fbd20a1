import Chunking
import Disk
import Foundation
import Inspection
import Primitives
import Testing
import TreeSitterChunking

/// `Tests/Fixtures/chunking/<language>.<extension>` is a small file in that language, `<language>.symbols` beside it
/// what should be found in it. After a wanted change, `CAIRN_RECORD=1 swift test --filter GoldenOutlineTests` writes
/// the lists anew, and the change is read as a diff.
@Suite struct GoldenOutlineTests {
  static let folder: String = {
    var parts = #filePath.split(separator: "/").dropLast(2)
    parts += ["Fixtures", "chunking"]
    return "/" + parts.joined(separator: "/")
  }()

  static let fixtures: [String] =
    (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { !$0.hasSuffix(".symbols") }.sorted() ?? []

  static func read(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: folder + "/" + name).map { Array($0) } ?? []
  }

  static func language(of fixture: String) -> Language {
    Language(name: String(fixture.prefix { $0 != "." }), kind: .code)
  }

  @Test func `there are fixtures for more than 60 languages`() {
    #expect(GoldenOutlineTests.fixtures.count > 60)
  }

  @Test(arguments: fixtures) func `the symbols of a fixture are those listed beside it`(fixture: String) throws {
    let language = GoldenOutlineTests.language(of: fixture)
    let source = GoldenOutlineTests.read(fixture)
    let outline = TreeSitterParser().outline(of: source.span, in: language)
    let found = try #require(outline).nodes.compactMap(\.symbol)
      .map { "\($0.line) \($0.kind) \($0.qualifiedName)\n" }.joined()
    let path = GoldenOutlineTests.folder + "/" + language.name + ".symbols"
    if ProcessInfo.processInfo.environment["CAIRN_RECORD"] != nil {
      try found.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOfFile: path, encoding: .utf8)
    #expect(found == expected)
  }

  @Test func `every definition spans its doc comment`() throws {
    let cases: [(String, String, String)] = [
      ("python", "# about f\n@dec\ndef f():\n  pass\n", "# about f"),
      ("c", "/* f */\nint f(void) { return 0; }\n", "/* f */"),
      ("rust", "/// f\n#[inline]\nfn f() {}\n", "/// f"), ("java", "/** C */\n@X\nclass C {}\n", "/** C */"),
      ("typescript", "/** f */\nexport const f = () => 1;\n", "/** f */"),
      ("zig", "/// f\npub fn f() void {}\n", "/// f"),
      ("elixir", "@doc \"f\"\ndef f, do: 1\n", "@doc"), ("haskell", "-- | f\nf :: Int\nf = 1\n", "-- | f"),
    ]
    for (name, text, _) in cases {
      let bytes = Array(text.utf8)
      let outline = TreeSitterParser().outline(of: bytes.span, in: Language(name: name, kind: .code))
      let node = try #require(outline?.nodes.first { $0.symbol != nil }, "\(name)")
      #expect(node.bytes.lowerBound == 0, "\(name)")
    }
  }
}
