import Patterns
import Testing

/// Patterns that switch Unicode off match bytes, of valid characters and of others.
@Suite struct BytePatternTests {
  private static let lines: [[UInt8]] = [
    [0x61, 0xFF, 0x62], Array("é".utf8), [0x78, 0x61, 0xA9], Array("k".utf8), Array("\u{212A}".utf8),
    [0xED, 0xA0, 0x80], Array("aé".utf8), [0xC3], Array("σ b".utf8),
  ]

  /// The numbers of the lines that match: each alone in its text, all in one, and behind one that is long.
  private static func matched(_ pattern: Pattern) throws -> Set<[Int]> {
    let matcher = LineMatcher(try CompiledPattern(pattern))
    func numbers(_ text: [UInt8]) -> [Int] {
      var found: [Int] = []
      #expect(
        matcher.forEachMatchedLine(in: text.span) { match in
          found.append(text[..<match.lowerBound].count { $0 == 10 })
          return true
        })
      return found
    }
    let alone = lines.indices.filter { !numbers(lines[$0] + [10]).isEmpty }
    let whole = Array(lines.joined(separator: [10])) + [10]
    let long = Array(repeating: UInt8(ascii: "-"), count: 20_000)
    let inLong = lines.indices.filter { !numbers([0x0A] + long + [0x20] + lines[$0] + [0x20] + long + [10]).isEmpty }
    return pattern.boundary == .line ? [alone, numbers(whole)] : [alone, numbers(whole), inLong]
  }

  @Test(arguments: [
    ("(?-u:\\xFF)", [0]), ("a(?-u:.)b", [0]), ("(?-u:[^a-z\\s\\x80-\\xBF\\xC3\\xCF\\xE2-\\xEF-])", [0]),
    ("(?-u:\\xA9)", [1, 2, 6]), ("a(?-u:\\W)[bx]", [0]), ("(?-u:[\\x80-\\xBF]{2})", [4, 5]), ("(?-u:é)", [1, 6]),
    ("(?-u:\\x{e9})", [1, 6]), ("(?i-u:K)", [3]), ("(?i)(?-u:\\b)K", [3]), ("\\w(?-u:\\xC3)", [6]),
    ("a\\w|(?-u:\\xED)", [5, 6]), ("(?-u:\\xFF)|\\p{Greek}", [0, 8]), ("(?i)Σ(?-u:\\s)", [8]),
    ("(?-u:\\b)b", [0, 8]), ("(?-u:[^\\x00-\\x7F]{3})", [4, 5]),
  ])
  func `bytes that are no UTF-8 are found by what stands for bytes`(source: String, expected: [Int]) throws {
    #expect(try Self.matched(Pattern(source)) == [expected], "\(source)")
  }

  @Test func `bytes are found as whole lines, as words and over lines`() throws {
    var pattern = Pattern("(?-u:[\\x80-\\xFF])+")
    pattern.boundary = .line
    #expect(try Self.matched(pattern) == [[1, 4, 5, 7]])
    pattern = Pattern("(?-u:\\W)")
    pattern.isMultiline = true
    #expect(try Self.matched(pattern).contains(Array(Self.lines.indices)))
  }

  @Test(arguments: [false, true])
  func `bytes that only go on with a character count to the one before them, as in Rust`(isOfMany: Bool) throws {
    let lines: [(line: [UInt8], isWord: Bool, isBoundary: Bool)] = [
      ([0x20, 0xB0, 0x43], true, true), ([0x30, 0xB0, 0x43], false, false),
      (Array("é".utf8) + [0xB0, 0x43], false, false),
      (Array("\u{2003}".utf8) + [0xBC, 0x43], true, true), ([0xFF, 0x43], false, true), ([0x43, 0xFF], false, true),
      ([0x20, 0x43, 0x20, 0xFF], true, true), ([0x0A, 0xB0, 0x43], false, true),
    ]
    let others = isOfMany ? (0..<30).map { "|other\($0)" }.joined() : ""
    var word = Pattern("C" + others)
    word.boundary = .word
    let patterns = [word, Pattern("\\bC\\b" + others)].map { try? CompiledPattern($0) }
    for (line, isWord, isBoundary) in lines {
      let found = patterns.compactMap(\.self).map { !LineMatcher($0).matches(in: line.span).isEmpty }
      #expect(found == [isWord, isBoundary], "\(line)")
    }
  }

  @Test(arguments: ["(?-u:[é])", "(?-u:[\\x{e9}])", "(?-u:[\\x{100}])", "(?-u:\\pL)", "(?-u:[a-é])"])
  func `a class of bytes holds no characters beyond ASCII`(source: String) {
    #expect(throws: PatternError.self) { try CompiledPattern(Pattern(source)) }
  }

  @Test(arguments: [".", "[^a]", "\\W", "\\P{L}"])
  func `an encoded surrogate is no character in a line of any length`(source: String) throws {
    let surrogate: [UInt8] = [0xED, 0xA0, 0x80]
    for filling in [0, 10_000] {
      let line = Array(repeating: UInt8(ascii: "a"), count: filling) + surrogate
      let matcher = LineMatcher(try CompiledPattern(Pattern("^a*\(source)$")))
      var count = 0
      #expect(
        matcher.forEachMatchedLine(in: (line + [10]).span) { _ in
          count += 1; return true
        })
      #expect(count == 0, "\(source) \(filling)")
    }
  }
}
