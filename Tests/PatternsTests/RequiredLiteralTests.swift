import Patterns
import Primitives
import TestSupport
import Testing

/// What a line must hold, beside what matches.
@Suite struct RequiredLiteralTests {
  private static func required(_ source: String) throws -> RequiredLiterals {
    try CompiledPattern(Pattern(source)).required
  }

  private static func holds(_ required: RequiredLiterals, _ line: [UInt8]) -> Bool {
    switch required {
    case .everything: true
    case .nothing: false
    case .literal(let literal):
      line.count >= literal.bytes.count
        && (0...(line.count - literal.bytes.count)).contains { start in
          zip(literal.bytes, line[start...]).allSatisfy { wanted, byte in
            wanted == byte || (literal.foldsCase && byte >= 0x41 && byte <= 0x5A && byte | 0x20 == wanted)
          }
        }
    case .and(let parts): parts.allSatisfy { holds($0, line) }
    case .or(let parts): parts.contains { holds($0, line) }
    }
  }

  /// The lines of `text` in which `source` matches.
  private static func matches(_ source: String, _ text: [UInt8]) throws -> [[UInt8]] {
    try matches(Pattern(source), text)
  }

  private static func matches(_ pattern: Pattern, _ text: [UInt8]) throws -> [[UInt8]] {
    let matcher = LineMatcher(try CompiledPattern(pattern))
    var lines: [[UInt8]] = []
    try unsafe text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe matcher.begin(base, bytes.count)
      var position = 0
      while let match = try matcher.firstMatch(from: position) {
        let end = matcher.lineEnd(around: match.lowerBound)
        lines.append(Array(text[matcher.lineStart(around: match.lowerBound)..<end]))
        position = end + 1
      }
    }
    return lines
  }

  @Test(arguments: [
    ("foo", "foo"), ("foo|bar", "bar or foo"), ("foo.*bar", "foo and bar"), ("(?i)Lock", "loc~"), ("x?", "all"),
    ("[Ff]oo", "Foo or foo"), ("a(b|c)d", "abd or acd"), ("(abc)+", "abc"), ("ab{2}c", "abbc"), ("\\w+", "all"),
    ("foo\\b", "foo"), ("(?i)[a-c]x", "ax~ or bx~ or cx~"),
  ])
  func `literals are those that each match holds`(source: String, expected: String) throws {
    func words(_ required: RequiredLiterals) -> String {
      switch required {
      case .everything: "all"
      case .nothing: "none"
      case .literal(let literal): String(decoding: literal.bytes, as: UTF8.self) + (literal.foldsCase ? "~" : "")
      case .and(let parts): parts.map(words).joined(separator: " and ")
      case .or(let parts): parts.map(words).sorted().joined(separator: " or ")
      }
    }
    #expect(words(try Self.required(source)) == expected)
  }

  @Test func `a literal that folds into ASCII from beyond it matches whole`() throws {
    for (source, text, lines) in [
      ("mi\u{17F}t", "mi\nmist\nMIST\n", ["mist", "MIST"]), ("\u{212A}elvin", "kelvin\nelvin\n", ["kelvin"]),
      ("\u{17F}t", "t\nist\n", ["ist"]), ("ss\u{17F}", "s\nsss\n", ["sss"]),
    ] {
      var pattern = Pattern(source)
      pattern.caseFolding = .ignored
      #expect(try Self.matches(pattern, Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } == lines)
    }
  }

  @Test(arguments: [
    ("Foo(?i)BAR", [1, 2]), ("(?i)foo(?-i)bar", [0, 2]), ("F(?i)oo(?-i)BAR", [1, 3]),
    ("(?i)f(?-i)oo(?i)bar", [0, 1, 2, 4]),
    ("(?i)foobar", [0, 1, 2, 3, 4]), ("Foo(?i)_1", []), ("(?i)1(?-i)FooBAR", []), ("Foo(?i)", [1, 2]),
    ("(?-u)Foo(?i)BAR", [1, 2]),
  ])
  func `a flag in the middle of a pattern counts from there on`(source: String, expected: [Int]) throws {
    let lines = ["foobar", "FooBAR", "Foobar", "FOOBAR", "fooBAR"]
    for other in ["", "é\n"] {
      let text = other + lines.map { $0 + "\n" }.joined()
      let found = try Self.matches(source, Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
      #expect(found == expected.map { lines[$0] }, "\(source)")
    }
  }

  @Test func `a whole word is found in a line of any length`() throws {
    let long = Array(repeating: UInt8(ascii: "x"), count: 2_000_000)
    var pattern = Pattern("zebra_lock")
    pattern.boundary = .word
    for (line, isFound) in [(" zebra_lock z", true), (" zebra_locks azebra_lock", false), ("é zebra_lock", true)] {
      let text = long + Array(line.utf8) + Array("\nzebra_lock\n".utf8)
      #expect(try Self.matches(pattern, text).count == (isFound ? 2 : 1), "\(line)")
    }
  }

  @Test(arguments: 1...200)
  func `a line that matches holds what is required`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let atoms = [
      "foo", "b", "a", "k", "s", "(?i:lock)", "[ab]", "[^a]", "(foo|ba)", "(a|b|)", "\\w", "o?", ".", "é", "x{2}",
    ]
    var source = ""
    for _ in 0..<(1 + Int(random.next() % 5)) {
      source +=
        atoms[Int(random.next() % UInt64(atoms.count))]
        + ["", "", "", "+", "*", "?"][Int(random.next() % 6)]
        .replacing("+", with: source.hasSuffix("?") ? "" : "+")
    }
    let required: RequiredLiterals
    do { required = try Self.required(source) } catch { return }
    let words = ["foo", "ba", "LOCK", "loc\u{212A}", "lock", "a", "b", "ſ", "k", "xx", "é", " ", "o"]
    var text: [UInt8] = []
    for _ in 0..<60 {
      for _ in 0..<Int(random.next() % 5) { text += words[Int(random.next() % UInt64(words.count))].utf8 }
      text.append(10)
    }
    for line in try Self.matches(source, text) {
      #expect(Self.holds(required, line), "\(source): \(String(decoding: line, as: UTF8.self))")
    }
  }
}
