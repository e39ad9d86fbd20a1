import Chunking
import Glibc
import Inspection
import Primitives
import Testing
import TreeSitterChunking

/// What a file may cost is bounded by its size, in counts: the same file is left on every machine, and it is told why.
@Suite struct ParseWorkTests {
  /// Text that sent a scanner or the parser over all that is left, from each of its tokens.
  static let costly: [(language: String, unit: String)] = [
    ("lua", "--[[ \" ] "), ("lua", "[[ ( "), ("lua", "[=[ "), ("bicep", "' \\ ${"), ("bicep", "'''("), ("c", "f("),
    ("javascript", "`${"), ("bash", "case x in "), ("cuda", "a<b<"), ("java", "a < "), ("html", "<a <a "),
    ("rst", "::__"),
  ]

  private func language(_ name: String) -> Language { Language(name: name, kind: .code) }

  private func text(_ unit: String, _ count: Int) -> [UInt8] {
    Array(String(repeating: unit, count: count / unit.utf8.count).utf8)
  }

  @Test func `no file of 180 kB takes more than a bound, and one that was left says why`() {
    let chunker = Chunker(parser: TreeSitterParser())
    var left = 0
    for (name, unit) in Self.costly {
      let bytes = text(unit, 180_000)
      let before = processorSeconds()
      let (chunks, _, failure) = chunker.cut(bytes.span, in: language(name), memoryLimit: .max)
      // Ten times what it takes on the machine that the units were measured on.
      #expect(processorSeconds() - before < 6, "\(name) \(unit)")
      #expect(chunks.last?.bytes.upperBound == bytes.count, "\(name) \(unit)")
      if failure == .work { left += 1 }
    }
    #expect(left >= 1, "the samples are not costly any more")
  }

  @Test func `soup of the tokens of every language is bounded`() {
    let chunker = Chunker(parser: TreeSitterParser())
    for (number, name) in TreeSitterParser.grammarNames.enumerated() {
      var random = SeededRandom(seed: UInt64(number + 41))
      let tokens = TreeSitterParser.tokens(of: language(name)) + ["(", "\"", "'", "\n", "a", "1"]
      var unit = ""
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        unit += tokens.randomElement(using: &random)! + (Bool.random(using: &random) ? " " : "")
      }
      let bytes = text(unit, 30_000)
      let before = processorSeconds()
      _ = chunker.cut(bytes.span, in: language(name), memoryLimit: .max)
      #expect(processorSeconds() - before < 5, "\(name): \(unit)")
    }
  }

  @Test func `what one file is given is shared by all its parts`() throws {
    // Each script takes a good part of what the whole file is given.
    let script = "<script>\n" + String(repeating: "case x in `${ f( ", count: 400) + "\n</script>\n"
    let bytes = Array(String(repeating: script, count: 60).utf8)
    let before = processorSeconds()
    let found = TreeSitterParser().outline(of: bytes.span, in: language("html"))
    let outline = try #require(found)
    #expect(processorSeconds() - before < 15)
    #expect(outline.failure?.isBound != false)
  }

  @Test func `what one file is given is shared by all its fences`() throws {
    let fence = "```rst\n" + String(repeating: "::__", count: 6000) + "\n```\n\n"
    let bytes = Array(String(repeating: fence, count: 40).utf8)
    let before = processorSeconds()
    let chunks = Chunker(parser: TreeSitterParser()).chunks(of: bytes.span, in: language("markdown"))
    #expect(processorSeconds() - before < 20, "each alone may take a quarter of a second and more")
    #expect(chunks.last?.bytes.upperBound == bytes.count)
  }

  @Test func `the next file has all that it is worth, whatever the one before took`() throws {
    let parser = TreeSitterParser()
    for (name, unit) in Self.costly.prefix(4) {
      _ = parser.outline(of: text(unit, 180_000).span, in: language(name))
      let found = parser.outline(of: Array("def f():\n  pass\n".utf8).span, in: language("python"))
      let outline = try #require(found)
      #expect(outline.failure == nil && !outline.nodes.isEmpty)
    }
  }

  @Test func `a bound is met by the same file each time`() {
    let parser = TreeSitterParser()
    for (name, unit) in Self.costly {
      let bytes = text(unit, 60_000)
      let first = parser.outline(of: bytes.span, in: language(name))
      let second = parser.outline(of: bytes.span, in: language(name))
      #expect(first?.failure == second?.failure && first?.nodes == second?.nodes, "\(name) \(unit)")
    }
  }

  private func processorSeconds() -> Double {
    var time = timespec()
    unsafe _ = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
