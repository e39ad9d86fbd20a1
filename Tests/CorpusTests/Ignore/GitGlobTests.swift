import Corpus
import Primitives
import TestSupport
import Testing

@Suite struct GitGlobTests {
  private func matches(_ pattern: String, _ text: String, isForPaths: Bool = true, foldsCase: Bool = false) -> Bool {
    GitGlob(Array(pattern.utf8).span, isForPaths: isForPaths, foldsCase: foldsCase)?.matches(Array(text.utf8).span)
      ?? false
  }

  @Test(arguments: [
    ("*.c", "a.c", true), ("*.c", "d/a.c", false), ("a?c", "abc", true), ("a?c", "a/c", false), ("[a-c]", "b", true),
    ("[!a-c]", "b", false), ("[^a-c]", "d", true), ("[!a]", "/", false), ("[]x]", "]", true), ("[a-]", "-", true),
    ("[[:digit:]]", "7", true), ("[[:digit:]]", "x", false), ("\\*", "*", true), ("\\*", "a", false),
    ("[\\]]", "]", true),
    ("**/a", "a", true), ("**/a", "x/y/a", true), ("**/a", "xa", false), ("a/**", "a/b/c", true), ("a/**", "a", false),
    ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true), ("a/**/b", "axb", false), ("a**b", "axb", true),
    ("a**b", "a/b", false), ("**", "a/b", true), ("*", "a/b", false), ("*/b", "a/b", true), ("*/b", "x/a/b", false),
    ("", "", true), ("", "a", false), ("*", "", true), ("?", "", false),
  ])
  func `a pattern matches what the dialect says`(pattern: String, text: String, isMatch: Bool) {
    #expect(matches(pattern, text) == isMatch)
  }

  @Test(arguments: ["[", "[a", "[!", "[a-", "a\\", "[[:what:]]", "[\\"])
  func `a malformed pattern is refused`(pattern: String) {
    let glob = GitGlob(Array(pattern.utf8).span, isForPaths: true, foldsCase: false)
    #expect(glob == nil)
  }

  @Test func `for names alone every star crosses slashes`() {
    #expect(matches("a*b", "a/x/b", isForPaths: false))
    #expect(matches("?", "/", isForPaths: false))
  }

  @Test func `case is folded for literals but not for what is escaped`() {
    #expect(matches("aB*", "AbC", foldsCase: true))
    #expect(matches("[[:upper:]]", "a", foldsCase: true))
    #expect(!matches("\\A", "A", foldsCase: true))
    #expect(!matches("aB", "ab"))
  }

  @Test func `the backtracking matcher agrees with the exhaustive one`() {
    var random = SeededRandom(seed: 7)
    let pieces = ["a", "b", "/", "*", "**", "?", "**/", "/**/", "[ab]", "[!a]", "\\a", "*/"]
    var matchCount = 0
    for _ in 0..<40_000 {
      let pattern = (0..<(1 + random.next(upTo: 8))).map { _ in pieces[random.next(upTo: pieces.count)] }.joined()
      let text = String((0..<random.next(upTo: 12)).map { _ in Array("aab/")[random.next(upTo: 4)] })
      let isForPaths = random.next(upTo: 4) > 0
      guard let glob = GitGlob(Array(pattern.utf8).span, isForPaths: isForPaths, foldsCase: false) else { continue }
      let bytes = Array(text.utf8)
      let slow = glob.exhaustiveMatch(bytes.span)
      let fast = glob.backtrackingMatch(bytes.span, stepLimit: .max)
      #expect(fast == slow, "\(pattern) on \(text)")
      if slow { matchCount += 1 }
    }
    #expect(matchCount > 2_000)
  }

  @Test func `a class is read once, however many brackets are open in it`() {
    let pattern = Array(("[" + String(repeating: "[:a", count: 200_000) + "]").utf8)
    let time = ContinuousClock().measure {
      let glob = GitGlob(pattern.span, isForPaths: true, foldsCase: false)
      #expect(glob != nil)
    }
    // Squared, that takes hours.
    #expect(time < .seconds(10))
  }

  @Test func `hostile patterns take steps in proportion to the lengths and need no deep stack`() {
    let text = String(repeating: "a", count: 4_000)
    let directories = String(repeating: "a/", count: 1_000) + "c"
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(!matches(String(repeating: "a*", count: 1_000) + "b", text))
      #expect(!matches(String(repeating: "*a", count: 1_000) + "b", text))
      #expect(!matches(String(repeating: "**/", count: 100_000) + "b", directories))
      #expect(!matches(String(repeating: "**/*a*/", count: 300) + "b", directories))
      #expect(!matches(String(repeating: "*", count: 1_000_000) + "b", text))
      #expect(!matches(String(repeating: "a*", count: 500_000), text))
    }
    // Exponential or cubic work would take hours.
    #expect(time < .seconds(20))
  }
}
