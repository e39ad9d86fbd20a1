import Patterns
import Testing

/// What takes one engine long is given to the other.
@Suite struct EngineChoiceTests {
  /// Lines of words, of which every `distance`-th has `mark` in it.
  private static func text(_ mark: String, every distance: Int, count: Int, in filling: String) -> [UInt8] {
    (0..<count).flatMap { Array("\(filling) \($0 % distance == 7 ? mark : "") \(filling)\n".utf8) }
  }

  @Test(arguments: [
    ("[a-e]{3} .{20,40}Q", "e e QQ"), ("(\\w+\\s+){5}Q", "Q"), ("(.*)*(.*)*Q", "Q"), ("\\w+\\w+\\w+Q", "wwwQ"),
    ("(?:x|\\w)*\\w*Q$|Q", "Q"), ("\\p{Lu}[^a]*Q", "Q é Q"), ("(?-u:\\xC3\\xA9).*Q", "é Q"),
  ])
  func `lines are the same whichever engine goes on`(source: String, mark: String) throws {
    let text = Self.text(mark, every: 50, count: 20_000, in: "abcde fghij klmno pqrst uvwxy")
    let matcher = LineMatcher(try CompiledPattern(Pattern(source)))
    var found: [Int] = []
    var (number, position) = (0, 0)
    #expect(
      matcher.forEachMatchedLine(in: text.span) { match in
        number += text[position..<match.lowerBound].count { $0 == 10 }
        position = match.lowerBound
        found.append(number)
        return true
      })
    let expected = (0..<20_000).filter { $0 % 50 == 7 }
    #expect(found == expected, "\(source): \(found.count) of \(expected.count)")
  }

  @Test func `a pattern that explodes in every line does not take its time in each`() throws {
    var pattern = Pattern("(?=a)(a+)+$")
    pattern.isPerl = true
    let matcher = LineMatcher(try CompiledPattern(pattern))
    func time(_ lines: Int) -> Duration {
      let text = Array(String(repeating: String(repeating: "a", count: 40) + "!\n", count: lines).utf8)
      let began = ContinuousClock.now
      #expect(!matcher.forEachMatchedLine(in: text.span) { _ in true })
      return ContinuousClock.now - began
    }
    let first = time(500)
    _ = time(10_000)
    #expect(time(500) < first / 4)
  }

  @Test func `a text of a mebibyte is a pattern, and so are thousands of groups`() throws {
    let long = String(repeating: "abcdefghij", count: 100_000)
    var pattern = Pattern(long)
    pattern.isFixed = true
    #expect(!LineMatcher(try CompiledPattern(pattern)).matches(in: Array((" " + long).utf8).span).isEmpty)
    let groups = try CompiledPattern(Pattern(String(repeating: "(a?)", count: 3_000) + "b"))
    let matcher = LineMatcher(groups)
    let text = Array((String(repeating: "c\n", count: 20_000) + "b\n").utf8)
    var found: [Range<Int>] = []
    #expect(
      matcher.forEachMatchedLine(in: text.span) {
        found.append($0); return true
      })
    #expect(found == [40_000..<40_001])
  }
}
