import Patterns
import Testing

/// Classes of Unicode, by the names that ripgrep takes, and with case that does not count.
@Suite struct UnicodeClassTests {
  /// Whether the pattern matches in each of the scalars of `text`, alone, and again in lines that are long.
  private static func members(_ source: String, _ text: String, folds: Pattern.CaseFolding = .none) throws -> String {
    var pattern = Pattern(source)
    pattern.caseFolding = folds
    let matcher = LineMatcher(try CompiledPattern(pattern))
    let long = Array(repeating: UInt8(ascii: "\n"), count: 1) + Array(repeating: UInt8(ascii: " "), count: 20_000)
    var found = ""
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      let isFound = [bytes, long + bytes].map { text in
        var count = 0
        _ = matcher.forEachMatchedLine(in: (text + [10]).span) { _ in
          count += 1; return true
        }
        return count == 1
      }
      #expect(isFound[0] == isFound[1], "\(source) \(scalar)")
      if isFound[0] { found.unicodeScalars.append(scalar) }
    }
    return found
  }

  private static let text = "aAéÉßẞσςΣǅ0_٣中\u{212A}\u{17F}\u{345}𐵐𐵰"

  @Test(arguments: [
    ("\\p{Lu}", "AÉẞΣ\u{212A}𐵐", "aAéÉßẞσςΣǅ\u{212A}\u{17F}\u{345}𐵐𐵰"),
    ("\\p{Ll}", "aéßσς\u{17F}𐵰", "aAéÉßẞσςΣǅ\u{212A}\u{17F}\u{345}𐵐𐵰"),
    ("\\p{Lt}", "ǅ", "ǅ"),
    ("[\\p{Lu}0]", "AÉẞΣ0\u{212A}𐵐", "aAéÉßẞσςΣǅ0\u{212A}\u{17F}\u{345}𐵐𐵰"),
    ("[[:upper:]]", "A", "aA\u{212A}\u{17F}"), ("\\P{Lu}", "aéßσςǅ0_٣中\u{17F}\u{345}𐵰", "0_٣中"),
    ("\\p{Greek}", "σςΣ", "σςΣ\u{345}"),
    ("\\pL", "aAéÉßẞσςΣǅ中\u{212A}\u{17F}𐵐𐵰", "aAéÉßẞσςΣǅ中\u{212A}\u{17F}\u{345}𐵐𐵰"),
    ("[\\p{L}--\\p{Latin}]", "σςΣ中𐵐𐵰", "σςΣ中\u{345}𐵐𐵰"), ("[\\w&&\\p{Nd}]", "0٣", "0٣"),
    ("𐵐", "𐵐", "𐵐𐵰"),
  ])
  func `a class is closed under case where case does not count`(
    source: String, plain: String, folded: String
  ) throws {
    let spaced = "(?:^|[ ])(?:\(source))$"
    #expect(try Array(Self.members(spaced, Self.text).unicodeScalars) == Array(plain.unicodeScalars), "\(source)")
    let found = try Self.members(spaced, Self.text, folds: .ignored)
    #expect(Array(found.unicodeScalars) == Array(folded.unicodeScalars), "\(source)")
  }

  @Test(arguments: [
    ("[\\w--[0-9]]{2,}", true), ("[a-z&&[^f]]", true), ("[\\W--\\n]", true), ("\\p{Lu}", true), ("\\P{Lu}", false),
    ("[a~~\\s]", false), ("(?-u:[^a])", false), ("(?-u:\\w)", true),
  ])
  func `matches over lines stay in one where no class holds a line break`(source: String, isOneLine: Bool) throws {
    var pattern = Pattern(source)
    pattern.isMultiline = true
    #expect(try CompiledPattern(pattern).staysInLines == isOneLine)
  }

  @Test(arguments: [
    ("Any", "aΣ中0"), ("ASCII", "a0"), ("Assigned", "aΣ中0"), ("Alphabetic", "aΣ中"), ("sc=Greek", "Σ"),
    ("scx:Greek", "Σ"), ("gc!=Lu", "a中0"), ("isGreek", "Σ"), ("Is_Lu", "Σ"), ("Age=1.1", "aΣ中0"),
    ("Age=V6_0", "aΣ中0"),
    ("Ideo", "中"), ("AHex", "a0"), ("White_Space", ""), ("Emoji", "0"), ("lc", "aΣ"), ("Script=Kawi", ""),
    ("OUpper", ""), ("General_Category:Decimal Number", "0"),
  ])
  func `the names of ripgrep are known`(name: String, expected: String) throws {
    #expect(try Self.members("^ *\\p{\(name)}$", "aΣ中0") == expected)
    let others = String("aΣ中0".filter { !expected.contains($0) })
    #expect(try Self.members("^ *\\P{\(name)}$", "aΣ中0") == others)
  }

  @Test(arguments: ["Nonsense", "Age=17.0", "Greek=1", "^L", "blk=Greek", "Cs", "gcb=Extend", "wb:ALetter", "sc=No"])
  func `a name that is none, or of which there is no table, is refused`(name: String) {
    #expect(throws: PatternError.self) { try CompiledPattern(Pattern("\\p{\(name)}")) }
  }

  @Test(arguments: [
    ("a", "A", true), ("[A-Z]", "a", false), ("[a-z]", "A", true), ("\\p{Lu}", "a", false), ("\\p{Lu}x", "aX", true),
    ("[[:upper:]]", "a", false), ("[[:upper:]]x", "aX", true), ("\\W\\p{Lu}", " a", false), ("\\x41", "a", false),
    ("\\.a", ".A", true), ("(?i)A", "a", true), ("[^A]x", "bX", false),
  ])
  func `a smart case asks the characters, not the classes`(source: String, text: String, isFound: Bool) throws {
    #expect(try Self.matches(source, text, isPerl: false) == isFound)
  }

  @Test(arguments: [("\\Wa", " A", true), ("\\p{Lu}", "a", false), ("aB", "ab", false), ("\\d", "1", true)])
  func `a smart case of Perl's patterns passes over what is escaped`(
    source: String, text: String, isFound: Bool
  ) throws {
    #expect(try Self.matches(source, text, isPerl: true) == isFound)
  }

  private static func matches(_ source: String, _ text: String, isPerl: Bool) throws -> Bool {
    var pattern = Pattern(source)
    pattern.caseFolding = .smart
    pattern.isPerl = isPerl
    return !LineMatcher(try CompiledPattern(pattern)).matches(in: Array(text.utf8).span).isEmpty
  }
}
