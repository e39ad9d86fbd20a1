import Patterns
import Testing

/// What is no pattern, and what to do about it.
@Suite struct PatternErrorTests {
  @Test(arguments: [
    ("foo(?=bar)", PatternError.Advice.perl), ("(?<!x)y", .perl), ("(a)\\1", .perl), ("foo{", .fixed), ("*x", .fixed),
    ("a[", .fixed), ("(x", .fixed), ("a\\nb", .multiline), ("x\\", .fixed),
  ])
  func `what cannot be read comes with what to do`(source: String, advice: PatternError.Advice) {
    #expect { try CompiledPattern(Pattern(source)) } throws: { ($0 as? PatternError)?.advice == advice }
  }

  @Test(arguments: ["\\p{Nonsense}", "[z-a]", "a{3,2}", "(?<1a>x)", "(?z)x", ")"])
  func `what means nothing is refused`(source: String) {
    #expect(throws: PatternError.self) { try CompiledPattern(Pattern(source)) }
  }

  @Test func `groups that are nested too deep are refused before the stack is full`() {
    let source = String(repeating: "(", count: 100_000) + "x" + String(repeating: ")", count: 100_000)
    #expect(throws: PatternError.self) { try CompiledPattern(Pattern(source)) }
  }

  @Test func `a list of words of a hundred kilobytes is matched`() throws {
    let words = (0..<12_000).map { "word\($0)x" }
    let pattern = try CompiledPattern(Pattern(words.joined(separator: "|")))
    let text = Array("a line\nand word11999x here\n".utf8)
    let matcher = LineMatcher(pattern)
    let found = try unsafe text.withUnsafeBufferPointer { bytes in
      unsafe matcher.begin(bytes.baseAddress!, bytes.count)
      return try matcher.firstMatch(from: 0)
    }
    #expect(found == 11..<21)
  }
}
